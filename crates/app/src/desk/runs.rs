//! Starting runs and having them paused, resumed and stopped.

use std::sync::Arc;

use photokeep_model::{Result, RunKind};
use serde::Deserialize;
use ts_rs::TS;

use super::Desk;
use super::run_desk::RunEnd;
use crate::boundary::{Nothing, RunState};
use crate::sync::SyncRequest;
use crate::verify::VerifyRequest;

/// How to sync.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct StartSync {
    /// Only another name in the history: failed items are tried again by every sync.
    pub retry: Option<bool>,
    /// Begin again although the folder was emptied.
    pub start_over: Option<bool>,
}

fn request(desk: &Desk, folder: &std::path::Path) -> SyncRequest {
    let filter = desk.settings.read().filters.get(folder).cloned().unwrap_or_default();
    SyncRequest { library: folder.to_owned(), filter, ..SyncRequest::default() }
}

/// Finds out what a sync would do; the plan comes as part of the run's state.
pub(crate) async fn plan(desk: &Arc<Desk>, _: Nothing) -> Result<Nothing> {
    let place = desk.open_place()?;
    let request = request(desk, &place.folder);
    desk.run.start(
        RunKind::Sync,
        true,
        |progress, control, taker| async move {
            match place.app.plan_sync(&request, progress, control).await {
                Ok(plan) => {
                    taker.take(&plan);
                    RunEnd { receipt: None, error: None }
                }
                Err(error) => RunEnd { receipt: None, error: Some(error) },
            }
        },
        || {},
    )?;
    Ok(Nothing {})
}

/// Syncs the library.
pub(crate) async fn sync(desk: &Arc<Desk>, start: StartSync) -> Result<Nothing> {
    let place = desk.open_place()?;
    let mut request = request(desk, &place.folder);
    request.retry = start.retry.unwrap_or(false);
    request.start_over = start.start_over.unwrap_or(false);
    let kind = if request.retry { RunKind::Retry } else { RunKind::Sync };
    let after = after_run(desk);
    desk.run.start(
        kind,
        false,
        |progress, control, taker| async move {
            match place.app.sync(&request, progress, control, |plan| taker.take(plan)).await {
                Ok(end) => RunEnd { receipt: Some(end.receipt), error: end.error },
                Err(error) => RunEnd { receipt: None, error: Some(error) },
            }
        },
        after,
    )?;
    Ok(Nothing {})
}

/// Compares every file with its hash.
pub(crate) async fn verify(desk: &Arc<Desk>, _: Nothing) -> Result<Nothing> {
    let place = desk.open_place()?;
    let after = after_run(desk);
    desk.run.start(
        RunKind::Verify,
        false,
        |progress, control, _| async move {
            let request = VerifyRequest { library: place.folder.clone(), accept: false };
            let verified = tokio::task::spawn_blocking(move || {
                let error = place.app.verify(&request, progress.as_ref(), &control).err();
                // What verify found is in the catalog, as the receipt of its run.
                let receipt = place.look_now(|catalog, _| catalog.runs(1)).ok().flatten();
                let receipt = receipt.and_then(|runs| runs.into_iter().next()).and_then(|run| run.receipt);
                RunEnd { receipt: receipt.filter(|receipt| error.is_none() && receipt.kind == RunKind::Verify), error }
            });
            verified.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
        },
        after,
    )?;
    Ok(Nothing {})
}

/// What every run leaves to be done: look at the catalog anew, and make pictures of what came.
pub(crate) fn after_run(desk: &Arc<Desk>) -> impl FnOnce() + Send + 'static {
    let desk = desk.clone();
    move || {
        if let Some(place) = desk.place() {
            place.forget_catalog();
        }
        desk.make_missing_thumbnails();
    }
}

/// Says how the run goes.
pub(crate) async fn show(desk: &Arc<Desk>, _: Nothing) -> Result<RunState> {
    Ok(desk.run.state())
}

/// Pauses the run; what is under way is finished.
pub(crate) async fn pause(desk: &Arc<Desk>, _: Nothing) -> Result<Nothing> {
    desk.run.pause();
    Ok(Nothing {})
}

/// Lets a paused run go on.
pub(crate) async fn resume(desk: &Arc<Desk>, _: Nothing) -> Result<Nothing> {
    desk.run.resume();
    Ok(Nothing {})
}

/// Stops the run; what it did stays done.
pub(crate) async fn cancel(desk: &Arc<Desk>, _: Nothing) -> Result<Nothing> {
    desk.run.cancel();
    Ok(Nothing {})
}

/// Puts the result of an ended run away.
pub(crate) async fn dismiss(desk: &Arc<Desk>, _: Nothing) -> Result<Nothing> {
    desk.run.dismiss();
    Ok(Nothing {})
}
