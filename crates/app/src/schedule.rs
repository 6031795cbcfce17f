//! The schedule of a library: setting it, and keeping it (`photokeep daemon`). What is due when is decided in `photokeep-sync`.
//!
//! It lies beside the library's catalog in Photokeep's own folder, so that whoever keeps it (a daemon, later the window) finds the same
//! one; each change reads and writes it under a lock. One keeper at a time.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Local, Utc};
use photokeep_library::{Library, target};
use photokeep_model::{Code, Error, Outcome, Progress, Receipt, Result};
use photokeep_sync::Control;
use photokeep_sync::schedule::{Around, Decision, Ended, Every, Ledger, Schedule, WaitsFor};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::inbox::{ArchiveState, FoundArchive, Noticing, QUIET};
use crate::surroundings::on_power;
use crate::sync::SyncRequest;

/// What is kept of a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    schedule: Schedule,
    ledger: Ledger,
}

/// A schedule, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShownSchedule {
    /// What was chosen and drawn.
    pub schedule: Schedule,
    /// When the next run begins, if nothing keeps it back.
    pub next: DateTime<Utc>,
    /// What keeps it from beginning; `None` while nothing does.
    pub waits_for: Option<WaitsFor>,
    /// How the last scheduled run ended, and when.
    pub last: Option<(Ended, DateTime<Utc>)>,
    /// Until when no run begins, because the person said so.
    pub paused_until: Option<DateTime<Utc>>,
    /// Whether something keeps the schedule now: a daemon.
    pub kept: bool,
}

/// What a keeper tells.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Keeping<'a> {
    /// It waits.
    Waits {
        /// For what.
        what: WaitsFor,
        /// Until when at the longest.
        until: DateTime<Utc>,
    },
    /// A run begins.
    Begins {
        /// The slot it is for.
        slot: DateTime<Utc>,
    },
    /// A run did something.
    Receipt {
        /// What.
        receipt: &'a Receipt,
        /// Why it stopped before its end.
        error: Option<&'a Error>,
    },
    /// A run could not begin.
    Refused {
        /// Why.
        error: &'a Error,
    },
}

const NAME: &str = "schedule.json";

/// The longest between two looks at the clock: after a sleep the schedule is due at once.
const LONGEST_LOOK: Duration = Duration::from_secs(30);

/// Room that a disk that was full must have before it is tried again, in bytes.
const ROOM: u64 = 256 << 20;

impl App {
    /// The schedule of a library, if it has one.
    ///
    /// # Errors
    /// When there is no library, or its schedule cannot be read.
    pub fn schedule(&self, library: &Path) -> Result<Option<ShownSchedule>> {
        let folder = self.schedule_folder(library)?;
        let Some(mut kept) = read(&folder)? else { return Ok(None) };
        let now = Utc::now();
        let decision = kept.ledger.decide(&kept.schedule, &Local, now, self.around(library));
        let next = match decision {
            Decision::Run { .. } => now,
            Decision::Wait { what: WaitsFor::Time | WaitsFor::AnotherTry, until } => until,
            Decision::Wait { .. } => kept.schedule.begins(kept.schedule.next(&Local, now)),
        };
        let waits_for = match decision {
            Decision::Wait { what, .. } if what != WaitsFor::Time => Some(what),
            _ => None,
        };
        let held = File::open(folder.join(KEEPER)).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)));
        let (last, paused_until) = (kept.ledger.last(), kept.ledger.paused_until());
        Ok(Some(ShownSchedule { schedule: kept.schedule, next, waits_for, last, paused_until, kept: held }))
    }

    /// Sets the schedule of a library. The odd minute is drawn once and stays when something else is changed.
    ///
    /// # Errors
    /// When there is no library, or Photokeep's own folder cannot be written.
    pub fn set_schedule(&self, library: &Path, every: Every, hour: u8, only_on_power: bool) -> Result<()> {
        let folder = self.schedule_folder(library)?;
        let _guard = guard(&folder)?;
        let before = read(&folder)?;
        let drawn = match &before {
            Some(kept) => kept.schedule.seed,
            None => u32::from_le_bytes(uuid::Uuid::new_v4().as_bytes()[..4].try_into().unwrap_or_default()),
        };
        let schedule = Schedule::draw(every, hour, only_on_power, drawn);
        let ledger = before.map_or_else(|| Ledger::begin_at(Utc::now()), |kept| kept.ledger);
        write(&folder, &Kept { schedule, ledger })
    }

    /// Takes the schedule of a library away; false when it had none.
    ///
    /// # Errors
    /// When there is no library, or Photokeep's own folder cannot be written.
    pub fn remove_schedule(&self, library: &Path) -> Result<bool> {
        let folder = self.schedule_folder(library)?;
        let _guard = guard(&folder)?;
        let path = folder.join(NAME);
        match std::fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(target::target_error(error, &path)),
        }
    }

    /// Lets no scheduled run begin before `until`; `None` lets them begin again.
    ///
    /// # Errors
    /// [`Code::Usage`] when the library has no schedule.
    pub fn pause_schedule(&self, library: &Path, until: Option<DateTime<Utc>>) -> Result<()> {
        change(&self.schedule_folder(library)?, |kept| kept.ledger.pause(until))
    }

    /// Keeps the schedule of a library until `control` stops it: waits, runs, and waits again.
    ///
    /// # Errors
    /// [`Code::Usage`] when there is no schedule, [`Code::LibraryBusy`] when another keeper is there, and when Photokeep's own folder
    /// cannot be written. What goes wrong in a run ends nothing: it is told, and tried again when that makes sense.
    pub async fn keep_schedule(
        &self,
        library: &Path,
        progress: Arc<dyn Progress>,
        control: &Control,
        mut tell: impl FnMut(&Keeping<'_>),
    ) -> Result<()> {
        let folder = self.schedule_folder(library)?;
        let _keeper = keeper(&folder)?;
        change(&folder, |kept| kept.ledger.recover(Utc::now()))?;
        let mut told = None;
        while !control.cancel.is_cancelled() {
            let now = Utc::now();
            let mut decision = None;
            change(&folder, |kept| {
                let decided = kept.ledger.decide(&kept.schedule, &Local, now, self.around(library));
                if let Decision::Run { slot } = decided {
                    // Kept before it begins, so that no slot is served twice.
                    kept.ledger.begin(slot);
                }
                decision = Some(decided);
            })?;
            match decision {
                Some(Decision::Run { slot }) => {
                    told = None;
                    tell(&Keeping::Begins { slot });
                    let ended = self.scheduled_run(library, &progress, control, &mut tell).await;
                    change(&folder, |kept| kept.ledger.end(ended, Utc::now()))?;
                }
                Some(Decision::Wait { what, until }) => {
                    // What is looked at every minute is told once.
                    let news =
                        if matches!(what, WaitsFor::Time | WaitsFor::AnotherTry) { (what, Some(until)) } else { (what, None) };
                    if told != Some(news) {
                        tell(&Keeping::Waits { what, until });
                        told = Some(news);
                    }
                    let wait = (until - now).to_std().unwrap_or_default().clamp(Duration::from_millis(100), LONGEST_LOOK);
                    tokio::select! {
                        () = control.cancel.cancelled() => {}
                        () = tokio::time::sleep(wait) => {}
                    }
                }
                None => {}
            }
        }
        Ok(())
    }

    /// Archives that came are imported; then, where somebody is signed in, the library is synced.
    async fn scheduled_run(
        &self,
        library: &Path,
        progress: &Arc<dyn Progress>,
        control: &Control,
        tell: &mut impl FnMut(&Keeping<'_>),
    ) -> Ended {
        let mut ended = Ended::Well;
        let mut took_part = false;
        let mut take = |outcome: Result<(Receipt, Option<Error>)>| match outcome {
            Ok((receipt, error)) => {
                tell(&Keeping::Receipt { receipt: &receipt, error: error.as_ref() });
                if let Some(error) = error {
                    ended = ended_by(error.code);
                } else if let Outcome::Stopped { code } = receipt.outcome {
                    ended = ended_by(code);
                }
            }
            Err(error) => {
                tell(&Keeping::Refused { error: &error });
                ended = ended_by(error.code);
            }
        };
        match self.finished_archives(library).await {
            Ok(None) => {}
            Ok(Some(found)) => {
                took_part = true;
                if found.iter().any(|archive| archive.state == ArchiveState::Finished) {
                    let imported = self.import_from_inboxes(library, &found, progress.clone(), control.clone(), |_| {}).await;
                    take(imported.map(|done| (done.end.receipt, done.end.error)));
                }
            }
            Err(error) => take(Err(error)),
        }
        let signed_in = self.home.find(library).ok().flatten().is_some_and(|id| self.must_be_signed_in(&id, library).is_ok());
        if (signed_in || !took_part) && !control.cancel.is_cancelled() {
            let filter = crate::desk::Settings::of(&self.home).filters.get(library).cloned().unwrap_or_default();
            let request = SyncRequest { library: library.to_owned(), filter, ..SyncRequest::default() };
            let synced = self.sync(&request, progress.clone(), control.clone(), |_| {}).await;
            take(synced.map(|end| (end.receipt, end.error)));
        }
        ended
    }

    /// What lies in the inboxes, seen twice where it may still grow; `None` where no folder is watched.
    async fn finished_archives(&self, library: &Path) -> Result<Option<Vec<FoundArchive>>> {
        let mut noticing = Noticing::default();
        let mut shown = tokio::task::block_in_place(|| self.look_into_inboxes(library, &mut noticing, Utc::now()))?;
        if shown.inboxes.is_empty() {
            return Ok(None);
        }
        if shown.found.iter().any(FoundArchive::may_finish_soon) {
            tokio::time::sleep(QUIET.to_std().unwrap_or_default() + Duration::from_millis(100)).await;
            shown = tokio::task::block_in_place(|| self.look_into_inboxes(library, &mut noticing, Utc::now()))?;
        }
        Ok(Some(shown.found))
    }

    fn around(&self, library: &Path) -> Around {
        let room = target::free_bytes(library).ok().map(|free| free >= ROOM);
        Around { on_power: on_power(), disk: Library::is_library(library), room }
    }

    fn schedule_folder(&self, library: &Path) -> Result<PathBuf> {
        let (id, _) = self.look(library)?;
        Ok(self.home.library_folder(&id))
    }
}

fn ended_by(code: Code) -> Ended {
    match code {
        Code::Network | Code::Quota => Ended::Network,
        Code::TargetFull => Ended::Full,
        Code::TargetGone | Code::TargetReadOnly => Ended::DiskGone,
        Code::SignInNeeded | Code::AccessRefused => Ended::SignIn,
        Code::LibraryBusy => Ended::Busy,
        Code::Cancelled => Ended::Stopped,
        _ => Ended::Otherwise,
    }
}

/// Held by whoever keeps the schedule.
const KEEPER: &str = "schedule.keeper";

fn keeper(folder: &Path) -> Result<File> {
    let path = folder.join(KEEPER);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|error| target::target_error(error, &path))?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            Err(Error::new(Code::LibraryBusy, "Another Photokeep keeps the schedule of this library already.")
                .hint("One is enough. `photokeep schedule show LIBRARY` tells when its next run is."))
        }
        _ => Ok(file),
    }
}

/// Keeps changes of several programs apart.
fn guard(folder: &Path) -> Result<File> {
    let path = folder.join("schedule.lock");
    let lock = || -> std::io::Result<File> {
        let file = File::options().create(true).truncate(false).write(true).open(&path)?;
        file.lock()?;
        Ok(file)
    };
    lock().map_err(|error| target::target_error(error, &path))
}

fn read(folder: &Path) -> Result<Option<Kept>> {
    let path = folder.join(NAME);
    match std::fs::read(&path) {
        // One that cannot be read is none: it is set again in a moment, and no photo depends on it.
        Ok(text) => Ok(serde_json::from_slice(&text).ok()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(target::target_error(error, &path)),
    }
}

fn write(folder: &Path, kept: &Kept) -> Result<()> {
    let path = folder.join(NAME);
    photokeep_library::write_atomically(&path, &serde_json::to_vec_pretty(kept).unwrap_or_default())
        .map_err(|error| target::target_error(error, &path))
}

fn change(folder: &Path, change: impl FnOnce(&mut Kept)) -> Result<()> {
    let _guard = guard(folder)?;
    let mut kept = read(folder)?.ok_or_else(|| {
        Error::new(Code::Usage, "This library has no schedule.").hint("`photokeep schedule install LIBRARY` makes one.")
    })?;
    let before = kept.clone();
    change(&mut kept);
    if kept == before { Ok(()) } else { write(folder, &kept) }
}
