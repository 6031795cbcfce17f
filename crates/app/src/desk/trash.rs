//! The library's trash, seen from a window.

use std::sync::Arc;

use photokeep_model::Result;
use serde::Deserialize;
use ts_rs::TS;

use super::Desk;
use super::place::blocking;
use crate::boundary::{DeskEvent, Nothing};
use crate::trash::{TrashAction, TrashResponse};

/// What to put back.
#[derive(Debug, Deserialize, TS)]
pub struct RestoreRequest {
    /// Former paths, as listed; none means everything.
    pub paths: Vec<String>,
}

/// Lists the trash.
pub(crate) async fn list(desk: &Arc<Desk>, _: Nothing) -> Result<TrashResponse> {
    let place = desk.open_place()?;
    blocking(move || place.app.trash(&place.folder, &TrashAction::List)).await
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
