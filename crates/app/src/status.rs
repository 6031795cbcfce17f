//! Where a library stands: can its owner sleep well?

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use photokeep_library::Library;
use photokeep_library::catalog::{FailureRow, RunRow, code_word};
use photokeep_model::{Code, Counted, Outcome, Receipt, Result, RunKind};
use serde::Serialize;
use ts_rs::TS;

use crate::app::App;
use crate::desk::Settings;
use crate::signal::{BETWEEN_EXPORTS, Reason, SignInFacts, Signal, signal};

/// In a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// Everything the source has was kept at the end of the last run.
    Complete,
    /// Something is pending, failed or damaged.
    Attention,
    /// No run has ended yet.
    New,
}

/// Where a library stands.
#[derive(Debug, Serialize, TS)]
pub struct StatusResponse {
    /// Whether everything is kept, in a word.
    pub health: Health,
    /// What the tray shows: the same word for a person who only glances.
    pub signal: Signal,
    /// The weightiest reason for it.
    pub why: Reason,
    /// Whether the last good run is longer ago than the person wants it to be.
    pub stale: bool,
    /// When the sign-in ends, where Google said so.
    pub sign_in_ends: Option<DateTime<Utc>>,
    /// Whether the library's folder is there now; when it is not, the rest is how it stood when it was.
    pub folder_is_there: bool,
    /// When the last run ended at whose end everything was kept.
    pub last_complete: Option<DateTime<Utc>>,
    /// When the last run ended; `None` while it runs or when it was cut off.
    pub last_run: Option<DateTime<Utc>>,
    /// Whether the last run ended with everything kept.
    pub last_run_complete: bool,
    /// Whether a run is under way now.
    pub running: bool,
    /// Why the last run ended early: a machine-readable reason, `archives-gone`, or `cut-off` when it ended without a word. `None` when it came to
    /// its end, or is under way.
    pub stopped: Option<String>,
    /// What is to be known about the catalog, as a sentence.
    pub note: Option<String>,
    /// Items kept.
    pub items: u64,
    /// Photos among them.
    pub photos: u64,
    /// Videos among them.
    pub videos: u64,
    /// Files kept.
    pub files: u64,
    /// Bytes kept.
    pub bytes: u64,
    /// Files still to come, failed ones included.
    pub pending: u64,
    /// Files that failed in their last try.
    pub failed: u64,
    /// Files that vanished or are no longer what was stored: as the last run found, or as a glance at some of them shows now.
    pub damaged: u64,
    /// Items kept here that Google no longer has.
    pub absent: u64,
    /// Albums.
    pub albums: u64,
    /// Files in the trash.
    pub trash: u64,
    /// Files that vanished or were damaged here and that Google no longer has either.
    pub lost: u64,
    /// Files that look cut short although Google sent them so twice; the next sync compares them once more.
    pub doubtful: u64,
    /// What failed and why.
    pub failures: Vec<FailedItem>,
    /// Whether everything known came in Takeout archives, so that nobody needs to be signed in.
    pub takeout_alone: bool,
    /// Items that were taken over from another tool's folder and that no source has shown since.
    pub adopted: u64,
    /// What exports could not give so far, by reason, until it comes or is accepted.
    pub not_taken: Vec<Counted>,
    /// What else kept the last import from being complete, in sentences: parts that are missing, for example.
    pub not_taken_notes: Vec<String>,
}

/// An item that could not be fetched.
#[derive(Debug, Serialize, TS)]
pub struct FailedItem {
    /// Its title.
    pub title: String,
    /// Machine-readable reason.
    pub code: String,
    /// Why.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// How often it was tried.
    pub tries: u32,
    /// Last try.
    pub last_try: DateTime<Utc>,
}

impl From<FailureRow> for FailedItem {
    fn from(row: FailureRow) -> Self {
        Self { title: row.title, code: row.code, message: row.message, hint: row.hint, tries: row.tries, last_try: row.last_at }
    }
}

/// Why a run ended early, as [`StatusResponse::stopped`] tells it.
fn stopped_by(run: &RunRow) -> Option<String> {
    if run.ended.is_none() {
        return Some("cut-off".into());
    }
    match run.receipt.as_ref()?.outcome {
        // Archives that went away in the middle; no network has to do with it.
        Outcome::Stopped { code: Code::Network } if run.kind == RunKind::Import.as_str() => Some("archives-gone".into()),
        Outcome::Stopped { code } => Some(code_word(code)),
        _ => None,
    }
}

/// What an import says to be missing, in sentences; empty after one that was whole.
fn lacks(run: &RunRow) -> Vec<String> {
    // What an increment leaves out is not missing.
    let lacks = |note: &&String| !note.ends_with("Nothing is concluded from what it leaves out.");
    match &run.receipt {
        Some(receipt) if run.kind == RunKind::Import.as_str() && !receipt.all_fetched => {
            receipt.notes.iter().filter(lacks).cloned().collect()
        }
        _ => Vec::new(),
    }
}

/// Whether all that an import lacked is what it could not take. Whether that was accepted is asked elsewhere.
fn is_accepted(run: &RunRow) -> bool {
    let could_not = |receipt: &Receipt| {
        receipt.failed_count() > 0 && receipt.doubtful == 0 && !matches!(receipt.outcome, Outcome::Stopped { .. })
    };
    run.kind == RunKind::Import.as_str() && run.receipt.as_ref().is_some_and(could_not)
}

/// What somebody should know whose sign-in shows only own uploads.
pub const OWN_UPLOADS: &str = "Google shows this sign-in only what Photokeep itself uploaded. For photos uploaded in other ways use a Google Takeout export (takeout.google.com).";

impl App {
    /// Whether Google granted the library's sign-in no more than what Photokeep itself uploaded. False when nobody is signed in
    /// or that cannot be read: [`App::doctor`] tells those.
    pub fn own_uploads_only(&self, library: &Path) -> bool {
        let Ok((id, _)) = self.look(library) else { return false };
        self.tokens(&id).load().ok().flatten().is_some_and(|(sign_in, _)| sign_in.own_uploads_only())
    }

    /// The person has heard of what exports could not give so far: [`StatusResponse::not_taken`] tells it no more. Returns how many files
    /// that were.
    ///
    /// # Errors
    /// When there is no library, when a run holds it, and when its catalog cannot be written.
    pub fn accept_not_taken(&self, library: &Path) -> Result<u64> {
        let library = Library::open_existing(library, &self.home)?;
        let accepted = library.catalog.accept_not_taken()?;
        library.save_catalog_copy(Utc::now())?;
        Ok(accepted)
    }

    /// Where a library stands. Works while a run is under way and while the library's disk is away.
    ///
    /// # Errors
    /// When there is no library, or its catalog cannot be read.
    pub fn status(&self, library: &Path) -> Result<StatusResponse> {
        let (id, catalog) = self.look(library)?;
        let mut standing = catalog.standing()?;
        let glance = Library::glance(library, &catalog)?;
        standing.damaged += glance.missing;
        let last = catalog.runs(1)?.into_iter().next();
        let trouble = standing.lost > 0 || standing.pending > 0 || standing.failed > 0 || standing.damaged > 0 || !glance.there;
        // A verify or prune after a complete sync does not make it less complete.
        let running = last.as_ref().is_some_and(|run| run.ended.is_none()) && Library::is_busy(library, &self.home);
        let running_now = last.as_ref().filter(|_| running).map(|run| run.id);
        let last_whole = catalog.last_whole_run(running_now)?;
        let not_taken: Vec<Counted> = catalog.not_taken()?.into_iter().map(|(reason, count)| Counted { reason, count }).collect();
        let mut not_taken_notes = last_whole.as_ref().map(lacks).unwrap_or_default();
        let last_sync_complete = last_whole.as_ref().map(|run| run.complete || (not_taken_notes.is_empty() && is_accepted(run)));
        // What an earlier export lacks is not there because a later one was whole.
        for run in catalog.last_imports_of_exports(running_now)?.iter().rev() {
            not_taken_notes.extend(lacks(run).into_iter().filter(|note| !not_taken_notes.contains(note)).collect::<Vec<_>>());
        }
        let last_sync_complete = last_sync_complete.map(|complete| complete && not_taken_notes.is_empty());
        let last_ended = last_whole.as_ref().and_then(|run| run.ended);
        let stopped = last.as_ref().filter(|_| !running).and_then(stopped_by);
        let health = match last_sync_complete {
            None => Health::New,
            Some(true) if !trouble && not_taken.is_empty() => Health::Complete,
            Some(_) => Health::Attention,
        };
        let now = Utc::now();
        let takeout_alone = catalog.is_fed_by_takeout_alone()?;
        let last_complete = if health == Health::Complete { last_ended } else { catalog.last_complete()? };
        let sign_in = if takeout_alone || !catalog.was_synced()? { None } else { Some(self.sign_in_facts(&id)) };
        let mut status = StatusResponse {
            health,
            signal: Signal::Idle,
            why: Reason::Complete,
            stale: is_stale(last_complete, takeout_alone, Settings::of(&self.home).stale_after_days, now),
            sign_in_ends: sign_in.and_then(|sign_in| sign_in.ends),
            folder_is_there: glance.there,
            last_complete,
            last_run: last.as_ref().and_then(|run| run.ended),
            last_run_complete: last_sync_complete.unwrap_or(false),
            running,
            stopped,
            note: Library::note_of_lost_catalog(library, &catalog)?.map(str::to_owned),
            items: standing.items,
            photos: standing.photos,
            videos: standing.videos,
            files: standing.files,
            bytes: standing.bytes,
            pending: standing.pending,
            failed: standing.failed,
            damaged: standing.damaged,
            absent: standing.absent,
            albums: standing.albums,
            trash: standing.trash,
            lost: standing.lost,
            doubtful: standing.doubtful,
            failures: catalog.failures()?.into_iter().map(FailedItem::from).collect(),
            takeout_alone,
            adopted: catalog.adopted_and_not_shown()?,
            not_taken,
            not_taken_notes,
        };
        (status.signal, status.why) = signal(&status, sign_in, now);
        Ok(status)
    }

    /// A sign-in that cannot be read is none.
    fn sign_in_facts(&self, id: &str) -> SignInFacts {
        let times = self.tokens(id).times().ok().flatten();
        times.map_or_else(SignInFacts::default, |times| SignInFacts { since: Some(times.since), ends: times.ends })
    }
}

/// Whether the last good run is too long ago: by `days`, and for a library that lives on exports by the time between two of them more.
fn is_stale(last_complete: Option<DateTime<Utc>>, takeout_alone: bool, days: u16, now: DateTime<Utc>) -> bool {
    let limit = TimeDelta::days(days.into()) + if takeout_alone { BETWEEN_EXPORTS } else { TimeDelta::zero() };
    days > 0 && last_complete.is_some_and(|last| now - last > limit)
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A library in which everything is well.
    pub(crate) fn complete() -> StatusResponse {
        StatusResponse {
            health: Health::Complete,
            signal: Signal::Idle,
            why: Reason::Complete,
            stale: false,
            sign_in_ends: None,
            folder_is_there: true,
            last_complete: None,
            last_run: None,
            last_run_complete: true,
            running: false,
            stopped: None,
            note: None,
            items: 5,
            photos: 5,
            videos: 0,
            files: 5,
            bytes: 5000,
            pending: 0,
            failed: 0,
            damaged: 0,
            absent: 0,
            albums: 0,
            trash: 0,
            lost: 0,
            doubtful: 0,
            failures: Vec::new(),
            takeout_alone: false,
            adopted: 0,
            not_taken: Vec::new(),
            not_taken_notes: Vec::new(),
        }
    }

    #[test]
    fn a_library_on_exports_is_late_two_months_later() {
        let now: DateTime<Utc> = "2026-11-24T12:00:00Z".parse().unwrap();
        let ago = |days| Some(now - TimeDelta::days(days));
        assert!(!is_stale(ago(13), false, 14, now));
        assert!(is_stale(ago(15), false, 14, now));
        assert!(!is_stale(ago(70), true, 14, now));
        assert!(is_stale(ago(80), true, 14, now));
        assert!(!is_stale(ago(8000), false, 0, now), "never, if the person says so");
        assert!(!is_stale(None, false, 14, now), "that is another matter");
    }
}
