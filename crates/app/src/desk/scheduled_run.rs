//! A scheduled run at a desk: the runs that the window shows, one after the other, and how they went as far as the schedule goes.

use std::sync::Arc;

use photokeep_model::{Code, RunKind};
use photokeep_sync::schedule::Ended;

use super::place::blocking;
use super::{Desk, inbox, runs};
use crate::boundary::{Nothing, RunState};
use crate::keeping::{ended_by, ended_with};

/// Imports what came, then syncs where somebody is signed in. Each is a run that the window shows.
pub(super) async fn whole_run(desk: &Arc<Desk>) -> Ended {
    let mut ended = None;
    match inbox::import(desk, Nothing {}).await {
        Ok(_) => ended = Some(end_of_run(desk).await),
        // Nothing lies there; no inbox, or nothing finished.
        Err(error) if error.code == Code::Usage => {}
        Err(error) => ended = Some(ended_by(error.code)),
    }
    if desk.background.task.is_over() || ended == Some(Ended::Stopped) {
        return ended.unwrap_or(Ended::CutOff);
    }
    let Some(place) = desk.place() else { return Ended::Otherwise };
    let signed_in = blocking(move || {
        let id = place.app.home().find(&place.folder)?;
        Ok(id.map(|id| (place.app.must_be_signed_in(&id, &place.folder), place.look_now(|catalog, _| catalog.was_synced()))))
    })
    .await;
    match signed_in {
        Ok(Some((Ok(()), _))) => match runs::sync(desk, runs::StartSync::default()).await {
            Ok(_) => end_of_run(desk).await,
            Err(error) => ended_by(error.code),
        },
        // Who synced before is missed; a library that lives on exports needs nobody.
        Ok(Some((Err(error), Ok(Some(true))))) => ended_by(error.code),
        _ => ended.unwrap_or(Ended::Well),
    }
}

/// Whether the settings leave nothing of the open library out.
fn is_whole(desk: &Desk) -> bool {
    let settings = desk.settings();
    desk.place().and_then(|place| settings.filters.get(&place.folder).map(photokeep_model::Filter::is_whole)).unwrap_or(true)
}

/// Waits for the end of the run under way and says how it went.
async fn end_of_run(desk: &Arc<Desk>) -> Ended {
    desk.run.until_it_ends().await;
    let RunState { receipt, error, .. } = desk.run.state();
    let ended = match (error, receipt) {
        (Some(error), _) => ended_by(error.code),
        (None, Some(receipt)) => ended_with(&receipt, receipt.kind == RunKind::Import || is_whole(desk)),
        (None, None) => Ended::Otherwise,
    };
    // Photokeep ends, and nobody stopped the run.
    if ended == Ended::Stopped && desk.background.task.is_over() { Ended::CutOff } else { ended }
}
