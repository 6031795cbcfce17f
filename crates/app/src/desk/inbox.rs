//! Inboxes of the library that is open: shown, added, removed; and looked into by a quiet task, which has finished archives
//! imported while no other run is under way.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use photokeep_model::{Code, Error, Result, RunKind};
use serde::Deserialize;
use tokio::task::JoinHandle;
use ts_rs::TS;

use super::Desk;
use super::place::blocking;
use super::run_desk::RunEnd;
use super::runs::after_run;
use crate::boundary::{DeskEvent, Nothing, RunActivity};
use crate::inbox::{self, FoundArchive, InboxResponse, Noticing, Then};

/// Between two looks.
const EVERY: Duration = Duration::from_secs(30);

/// For how long a plan that a person asked for keeps the inboxes waiting: they may be about to perform it.
const PLAN_IN_SIGHT: TimeDelta = TimeDelta::minutes(30);

/// A folder to watch.
#[derive(Debug, Deserialize, TS)]
pub struct AddInbox {
    /// The folder in which archives arrive; a whole path.
    pub folder: PathBuf,
    /// What is done with an archive once everything in it is kept.
    pub then: Then,
}

/// A folder to watch no more.
#[derive(Debug, Deserialize, TS)]
pub struct RemoveInbox {
    /// The folder, as it is shown.
    pub folder: PathBuf,
}

/// What was noticed in the inboxes of the library that is open, and the task that looks.
#[derive(Default)]
pub(crate) struct InboxDesk {
    noticed: Arc<Mutex<Noticed>>,
    task: Mutex<Task>,
}

/// The task that looks.
#[derive(Default)]
struct Task {
    going: Option<JoinHandle<()>>,
    /// The desk is closed: nothing begins any more.
    over: bool,
}

/// What was noticed, of which library.
#[derive(Default)]
struct Noticed {
    library: PathBuf,
    noticing: Noticing,
    found: Vec<FoundArchive>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Plain values; whoever panicked left them usable.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl InboxDesk {
    /// Starts the task, once. Without a runtime it is left to a later call.
    pub(crate) fn begin(&self, desk: &Arc<Desk>) {
        let mut task = lock(&self.task);
        if task.going.is_none() && !task.over && tokio::runtime::Handle::try_current().is_ok() {
            task.going = Some(tokio::spawn(watch(Arc::downgrade(desk))));
        }
    }

    /// Ends the task. Whatever run it started goes on until it is stopped.
    pub(crate) async fn end(&self) {
        let going = {
            let mut task = lock(&self.task);
            task.over = true;
            task.going.take()
        };
        if let Some(going) = going {
            going.abort();
            // An error means that it was ended, which was wanted.
            let _ = going.await;
        }
    }
}

async fn watch(desk: Weak<Desk>) {
    loop {
        tokio::time::sleep(EVERY).await;
        let Some(desk) = desk.upgrade() else { return };
        if let Err(error) = look(&desk, Utc::now()).await {
            // A catalog that is busy or a disk that is away: the next look may do.
            tracing::debug!(code = ?error.code, "the inboxes could not be looked into");
        }
    }
}

/// Looks into the inboxes and starts an import when something is finished. Answers whether one was started.
pub(crate) async fn look(desk: &Arc<Desk>, now: DateTime<Utc>) -> Result<bool> {
    let Some(place) = desk.place() else { return Ok(false) };
    if desk.run.is_working() || lock(&desk.inbox.task).over {
        return Ok(false);
    }
    let before = lock(&desk.inbox.noticed).found.clone();
    let shown = seen(desk, now).await?;
    if shown.found != before {
        desk.tell(DeskEvent::Library);
    }
    let noticed = desk.inbox.noticed.clone();
    if !lock(&noticed).noticing.is_worth_a_run(&shown.found, now) || plan_in_sight(desk, now) {
        return Ok(false);
    }
    let after = after_run(desk);
    let found = shown.found;
    let started = desk.run.start(
        RunKind::Import,
        false,
        |progress, control, taker| async move {
            let end = place.app.import_from_inboxes(&place.folder, &found, progress, control, |plan| taker.take(plan)).await;
            let (receipt, error) = match end {
                Ok(end) => (Some(end.end.receipt), end.end.error),
                Err(error) => (None, Some(error)),
            };
            if let Some(error) = &error {
                lock(&noticed).noticing.broke_off(&found, error.code, now);
            }
            RunEnd { receipt, error }
        },
        after,
    );
    match started {
        // Somebody else was quicker; there is another look.
        Err(error) if error.code == Code::LibraryBusy => Ok(false),
        started => started.map(|()| true),
    }
}

/// Whether a person looks at the plan of something they may want to do next.
fn plan_in_sight(desk: &Desk, now: DateTime<Utc>) -> bool {
    let state = desk.run.state();
    state.activity == RunActivity::Ended && state.planning && state.started.is_some_and(|started| now - started < PLAN_IN_SIGHT)
}

/// Looks into the inboxes of the library that is open.
async fn seen(desk: &Arc<Desk>, now: DateTime<Utc>) -> Result<InboxResponse> {
    let place = desk.open_place()?;
    let noticed = desk.inbox.noticed.clone();
    blocking(move || {
        let mut noticed = lock(&noticed);
        if noticed.library != place.folder {
            *noticed = Noticed { library: place.folder.clone(), ..Noticed::default() };
        }
        let shown = place.look_now(|catalog, library| inbox::show(catalog, library, &mut noticed.noticing, now))?;
        let shown = shown.unwrap_or_else(|| InboxResponse {
            inboxes: Vec::new(),
            found: Vec::new(),
            calendar: inbox::calendar(&[], now),
        });
        noticed.found.clone_from(&shown.found);
        Ok(shown)
    })
    .await
}

/// Shows the inboxes, the archives in them, and when the next export is due.
pub(crate) async fn show(desk: &Arc<Desk>, _: Nothing) -> Result<InboxResponse> {
    seen(desk, Utc::now()).await
}

/// Watches a folder, or changes what is done with its archives.
pub(crate) async fn add(desk: &Arc<Desk>, request: AddInbox) -> Result<InboxResponse> {
    // A relative path means something else to every host.
    if !request.folder.is_absolute() {
        return Err(Error::new(Code::Usage, "This is not a whole path. No folder was added.")
            .hint("Write the folder from the beginning, for example /home/you/Downloads."));
    }
    let place = desk.open_place()?;
    blocking(move || place.app.add_inbox(&place.folder, &request.folder, request.then)).await?;
    desk.tell(DeskEvent::Library);
    show(desk, Nothing {}).await
}

/// Stops watching a folder. Nothing in it is touched.
pub(crate) async fn remove(desk: &Arc<Desk>, request: RemoveInbox) -> Result<InboxResponse> {
    let place = desk.open_place()?;
    blocking(move || place.app.remove_inbox(&place.folder, &request.folder)).await?;
    desk.tell(DeskEvent::Library);
    show(desk, Nothing {}).await
}
