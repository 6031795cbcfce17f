//! The library's trash, seen from a window.

use std::sync::Arc;

use photokeep_model::Result;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Desk;
use super::place::blocking;
use crate::boundary::{DeskEvent, Nothing, Sentences, sentences};
use crate::trash::{TrashAction, TrashResponse};

/// What to put back.
#[derive(Debug, Deserialize, TS)]
pub struct RestoreRequest {
    /// Former paths, as listed; none means everything.
    pub paths: Vec<String>,
}

/// What is in the trash.
#[derive(Debug, Serialize, TS)]
pub struct TrashList {
    /// The files and their bytes.
    #[serde(flatten)]
    pub trash: TrashResponse,
    /// The reasons that have a code.
    pub sentences: Sentences,
}

/// Lists the trash.
pub(crate) async fn list(desk: &Arc<Desk>, _: Nothing) -> Result<TrashList> {
    let place = desk.open_place()?;
    let trash = blocking(move || place.app.trash(&place.folder, &TrashAction::List)).await?;
    Ok(TrashList { sentences: sentences(trash.files.iter().map(|file| file.reason.as_str())), trash })
}

/// Puts files back.
pub(crate) async fn restore(desk: &Arc<Desk>, request: RestoreRequest) -> Result<TrashResponse> {
    change(desk, TrashAction::Restore(request.paths)).await
}

/// Deletes what is in the trash for good.
pub(crate) async fn empty(desk: &Arc<Desk>, _: Nothing) -> Result<TrashResponse> {
    change(desk, TrashAction::Empty).await
}

async fn change(desk: &Arc<Desk>, action: TrashAction) -> Result<TrashResponse> {
    desk.must_be_idle()?;
    let place = desk.open_place()?;
    let changed = blocking(move || {
        let changed = place.app.trash(&place.folder, &action);
        place.forget_catalog();
        changed
    })
    .await?;
    desk.tell(DeskEvent::Library);
    Ok(changed)
}
