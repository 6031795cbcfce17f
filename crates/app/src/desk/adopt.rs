//! Taking over a folder that another tool made: what would be taken in, and doing it.

use std::path::PathBuf;
use std::sync::Arc;

use photokeep_model::{Result, RunKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Desk;
use super::folders::{OpenLibrary, describe, may_be_opened};
use super::place::{Place, blocking};
use super::run_desk::RunEnd;
use super::runs::after_run;
use crate::adopt::{AdoptRequest, LeftByReason};
use crate::boundary::{Sentences, sentences};

/// Which folder to take over.
#[derive(Debug, Deserialize, TS)]
pub struct AdoptFolder {
    /// The folder.
    pub folder: PathBuf,
}

/// What taking a folder over would do.
#[derive(Debug, Serialize, TS)]
pub struct Adoption {
    /// The tool that made it, as it calls itself.
    pub maker: &'static str,
    /// Photos and videos to take in.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Albums.
    pub albums: u64,
    /// What does not fit, by reason; a few examples of each.
    pub left: Vec<LeftByReason>,
    /// The reasons, for front ends in other languages.
    pub sentences: Sentences,
}

/// Finds out what taking a folder over would do. Nothing is changed.
pub(crate) async fn plan(desk: &Arc<Desk>, request: AdoptFolder) -> Result<Adoption> {
    may_be_opened(desk, &request.folder)?;
    let app = desk.app.clone();
    blocking(move || {
        let plan = app.plan_adopt(&AdoptRequest { folder: request.folder, index: None })?;
        let left = LeftByReason::of(&plan.left);
        Ok(Adoption {
            sentences: sentences(left.iter().map(|left| left.why)),
            maker: plan.maker.name(),
            files: plan.files,
            bytes: plan.bytes,
            albums: plan.albums,
            left,
        })
    })
    .await
}

/// Makes the folder a library, opens it, and begins to take its files in.
pub(crate) async fn adopt(desk: &Arc<Desk>, request: AdoptFolder) -> Result<OpenLibrary> {
    may_be_opened(desk, &request.folder)?;
    desk.must_be_idle()?;
    let (app, adopting) = (desk.app.clone(), AdoptRequest { folder: request.folder.clone(), index: None });
    let prepared = adopting.clone();
    blocking(move || app.prepare_adopt(&prepared)).await?;
    let place = Place::new(desk.app.clone(), request.folder.clone());
    desk.settings.change(|settings| settings.library = Some(request.folder))?;
    desk.set_place(place);
    let (place, after) = (desk.open_place()?, after_run(desk));
    let opened = describe(&place).await?;
    desk.run.start(
        RunKind::Adopt,
        false,
        |progress, control, _| async move {
            let app = place.app.clone();
            let adopted = tokio::task::spawn_blocking(move || match app.adopt(&adopting, progress.as_ref(), &control, |_| {}) {
                Ok(end) => RunEnd { receipt: Some(end.receipt), error: end.error },
                Err(error) => RunEnd { receipt: None, error: Some(error) },
            });
            adopted.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
        },
        after,
    )?;
    Ok(opened)
}
