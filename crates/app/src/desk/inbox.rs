//! Inboxes of the library that is open: shown, added, removed; and looked into by a quiet task, which has finished archives
//! imported while no other run is under way. A person who does not want to wait for it has them imported at once.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use photokeep_model::{Code, Error, Result, RunKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Desk;
use super::place::{Place, blocking};
use super::quiet_task::{QuietTask, lock};
use super::run_desk::RunEnd;
use super::runs::after_run;
use crate::boundary::{DeskEvent, Nothing, RunActivity, Sentences, sentences};
use crate::import::ImportPlan;
use crate::inbox::{
    self, ArchiveState, CalendarNotice, ExportCalendar, FoundArchive, InboxResponse, Noticing, ShownInbox, Then, Why,
};

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

/// "Your year of exports is over" is not to be told any more.
#[derive(Debug, Deserialize, TS)]
pub struct PutYearAway {
    /// When that year ended; a later one is told again.
    pub year_ends: DateTime<Utc>,
}

/// The inboxes of the library that is open.
#[derive(Debug, Serialize, TS)]
pub struct Inboxes {
    /// The watched folders.
    pub inboxes: Vec<ShownInbox>,
    /// The archives in them.
    pub found: Vec<FoundArchive>,
    /// When exports came and when the next one is due.
    pub calendar: ExportCalendar,
    /// The reasons that have a code.
    pub sentences: Sentences,
}

impl From<InboxResponse> for Inboxes {
    fn from(shown: InboxResponse) -> Self {
        let sentences = sentences(shown.found.iter().filter_map(words_of));
        Self { inboxes: shown.inboxes, found: shown.found, calendar: shown.calendar, sentences }
    }
}

/// What is said about an archive in words.
pub(super) fn words_of(archive: &FoundArchive) -> Option<&str> {
    match archive.why.as_ref()? {
        Why::Unreadable { sentence } | Why::Refused { sentence } | Why::NotPutAway { sentence } => Some(sentence),
        _ => None,
    }
}

/// What was noticed in the inboxes of the library that is open, and the task that looks.
#[derive(Default)]
pub(crate) struct InboxDesk {
    noticed: Arc<Mutex<Noticed>>,
    pub(super) task: QuietTask,
}

/// What was noticed, of which library.
#[derive(Default)]
struct Noticed {
    library: PathBuf,
    noticing: Noticing,
    found: Vec<FoundArchive>,
}

pub(super) async fn watch(desk: Weak<Desk>) {
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
    if desk.run.is_working() || desk.inbox.task.is_over() || super::background::is_paused(desk, now) {
        return Ok(false);
    }
    let before = lock(&desk.inbox.noticed).found.clone();
    let shown = seen(desk, &place, now).await?;
    if shown.found != before {
        desk.tell(DeskEvent::Library);
    }
    if !lock(&desk.inbox.noticed).noticing.is_worth_a_run(&shown.found, now) || plan_in_sight(desk, now) {
        return Ok(false);
    }
    match start(desk, place, shown.found, now) {
        // Somebody else was quicker; there is another look.
        Err(error) if error.code == Code::LibraryBusy => Ok(false),
        started => started.map(|()| true),
    }
}

/// Starts the import of what is finished among these.
fn start(desk: &Arc<Desk>, place: Arc<Place>, found: Vec<FoundArchive>, now: DateTime<Utc>) -> Result<()> {
    let noticed = desk.inbox.noticed.clone();
    let after = after_run(desk);
    desk.run.start(
        RunKind::Import,
        false,
        move |progress, control, taker| async move {
            let plan_taker = taker.clone();
            let end =
                place.app.import_from_inboxes(&place.folder, &found, progress, control, move |plan| plan_taker.take(plan)).await;
            let (receipt, error) = match end {
                Ok(done) => {
                    taker.take_import(ImportPlan::at_the_end(taker.plan(), &done.end), Vec::new());
                    taker.take_inbox(done.archives);
                    (Some(done.end.receipt), done.end.error)
                }
                Err(error) => (None, Some(error)),
            };
            if let Some(error) = &error {
                lock(&noticed).noticing.broke_off(&found, error.code, now);
            }
            RunEnd { receipt, error }
        },
        after,
    )
}

/// Whether a person looks at the plan of something they may want to do next.
pub(crate) fn plan_in_sight(desk: &Desk, now: DateTime<Utc>) -> bool {
    let state = desk.run.state();
    state.activity == RunActivity::Ended && state.planning && state.started.is_some_and(|started| now - started < PLAN_IN_SIGHT)
}

/// Looks into the inboxes of the library that is open.
async fn seen(desk: &Arc<Desk>, place: &Arc<Place>, now: DateTime<Utc>) -> Result<InboxResponse> {
    let place = place.clone();
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
pub(crate) async fn show(desk: &Arc<Desk>, _: Nothing) -> Result<Inboxes> {
    Ok(seen(desk, &desk.open_place()?, Utc::now()).await?.into())
}

/// Imports what is finished now, also what a person stopped before.
pub(crate) async fn import(desk: &Arc<Desk>, _: Nothing) -> Result<Nothing> {
    let (place, now) = (desk.open_place()?, Utc::now());
    let found = seen(desk, &place, now).await?.found;
    if !found.iter().any(|archive| archive.state == ArchiveState::Finished) {
        return Err(Error::new(Code::Usage, "There is no finished archive in the inboxes. Nothing was imported.")
            .hint("An archive is finished when it has not changed for ten seconds."));
    }
    start(desk, place, found, now)?;
    Ok(Nothing {})
}

/// Watches a folder, or changes what is done with its archives.
pub(crate) async fn add(desk: &Arc<Desk>, request: AddInbox) -> Result<Inboxes> {
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
pub(crate) async fn remove(desk: &Arc<Desk>, request: RemoveInbox) -> Result<Inboxes> {
    let place = desk.open_place()?;
    blocking(move || place.app.remove_inbox(&place.folder, &request.folder)).await?;
    desk.tell(DeskEvent::Library);
    show(desk, Nothing {}).await
}

/// Tells no more that a year of exports is over.
pub(crate) async fn put_year_away(desk: &Arc<Desk>, request: PutYearAway) -> Result<Nothing> {
    let place = desk.open_place()?;
    desk.settings.change(|settings| {
        settings.years_put_away.insert(place.folder.clone(), request.year_ends);
    })?;
    desk.tell(DeskEvent::Library);
    Ok(Nothing {})
}

/// What is left to tell when the end of years up to `put_away` is not to be told.
pub(super) fn without_told(mut calendar: ExportCalendar, put_away: Option<DateTime<Utc>>) -> ExportCalendar {
    if calendar.notice == Some(CalendarNotice::YearEnded) && put_away >= calendar.year_ends {
        calendar.notice = None;
    }
    calendar
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_year_that_was_put_away_is_not_told_and_a_later_one_is() {
        let day = |text: &str| Some(format!("{text}T12:00:00Z").parse::<DateTime<Utc>>().unwrap());
        let told = |notice, put_away| {
            let calendar = ExportCalendar { year_ends: day("2026-11-02"), notice: Some(notice), ..ExportCalendar::default() };
            without_told(calendar, put_away).notice
        };
        use CalendarNotice::{Overdue, YearEnded, YearEndsSoon};
        assert_eq!(told(YearEnded, None), Some(YearEnded));
        assert_eq!(told(YearEnded, day("2026-11-02")), None);
        assert_eq!(told(YearEnded, day("2025-11-02")), Some(YearEnded), "that was the year before");
        // An export that is missing is another matter.
        assert_eq!(told(Overdue, day("2026-11-02")), Some(Overdue));
        assert_eq!(told(YearEndsSoon, day("2026-11-02")), Some(YearEndsSoon));
    }
}
