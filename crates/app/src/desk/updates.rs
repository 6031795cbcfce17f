//! Newer versions, for a window: what is known of them, and the look once a week that the person allowed.

use std::sync::{Arc, Weak};
use std::time::Duration;

use chrono::{DateTime, Utc};
use photokeep_model::{Code, Result};
use serde::Deserialize;
use ts_rs::TS;

use super::Desk;
use super::place::blocking;
use crate::boundary::{DeskEvent, Nothing};
use crate::updates::Updates;

/// Between two looks at the clock.
const EVERY: Duration = Duration::from_secs(15 * 60);
/// After the start, which has enough to do.
const FIRST: Duration = Duration::from_secs(60);

/// Whether Photokeep looks for newer versions by itself.
#[derive(Debug, Deserialize, TS)]
pub struct Automatic {
    /// Whether it does.
    pub on: bool,
}

pub(super) async fn watch(desk: Weak<Desk>) {
    let mut tick = tokio::time::interval_at(tokio::time::Instant::now() + FIRST, EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let Some(desk) = desk.upgrade() else { return };
        look_if_due(&desk, Utc::now()).await;
    }
}

/// Looks if it is wanted and time. That nobody answers is told only to those who ask.
async fn look_if_due(desk: &Arc<Desk>, now: DateTime<Utc>) {
    match desk.app.look_for_update_if_due(now).await {
        Ok(false) => {}
        Ok(true) => desk.tell(DeskEvent::Updates { updates: desk.app.updates() }),
        Err(error) => tracing::info!(code = ?error.code, "newer versions could not be looked for"),
    }
}

/// Shows what is known. Asks nobody.
pub(crate) async fn show(desk: &Arc<Desk>, _: Nothing) -> Result<Updates> {
    let app = desk.app.clone();
    blocking(move || Ok(app.updates())).await
}

/// Looks now. A site that does not answer is part of the answer: nothing of a person's photos hangs on it.
pub(crate) async fn look(desk: &Arc<Desk>, _: Nothing) -> Result<Updates> {
    match desk.app.look_for_update(Utc::now()).await {
        Err(error) if error.code != Code::Network => Err(error),
        _ => Ok(tell(desk)),
    }
}

/// Has Photokeep look by itself, or not. Whoever allows it has it looked for at once.
pub(crate) async fn set_automatic(desk: &Arc<Desk>, request: Automatic) -> Result<Updates> {
    let settings = desk.settings.change(|settings| settings.look_for_updates = Some(request.on))?;
    desk.tell(DeskEvent::Settings { settings });
    if request.on {
        look_if_due(desk, Utc::now()).await;
    }
    Ok(tell(desk))
}

/// Has the newer version told no more.
pub(crate) async fn put_away(desk: &Arc<Desk>, _: Nothing) -> Result<Updates> {
    desk.app.put_update_away();
    Ok(tell(desk))
}

fn tell(desk: &Arc<Desk>) -> Updates {
    let updates = desk.app.updates();
    desk.tell(DeskEvent::Updates { updates: updates.clone() });
    updates
}
