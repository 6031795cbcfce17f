//! The schedule of a library: setting it, pausing it, showing it. It is kept in `keeping`; what is due when is decided in `photokeep-sync`.
//!
//! It lies beside the library's catalog in Photokeep's own folder, so that whoever keeps it (a daemon, or the window) finds the same
//! one; each change reads and writes it under a lock.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Local, Utc};
use photokeep_library::{Library, target};
use photokeep_model::{Code, Error, Result};
use photokeep_sync::schedule::{Around, Chosen, Decision, Ended, Ledger, Schedule, WaitsFor};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::app::App;
use crate::surroundings::{metered, on_power};

/// What is kept of a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) schedule: Schedule,
    pub(crate) ledger: Ledger,
}

/// A schedule, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
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

const NAME: &str = "schedule.json";

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

    /// The library's number; known also while its disk is away.
    ///
    /// # Errors
    /// When there is no library.
    pub fn library_number(&self, library: &Path) -> Result<String> {
        Ok(self.look(library)?.0)
    }

    /// Sets the schedule of a library. The odd minute is drawn once and stays when something else is changed.
    ///
    /// # Errors
    /// When there is no library, or Photokeep's own folder cannot be written.
    pub fn set_schedule(&self, library: &Path, chosen: Chosen) -> Result<()> {
        let folder = self.schedule_folder(library)?;
        let _guard = guard(&folder)?;
        // One that cannot be read is set anew.
        let before = read(&folder).ok().flatten();
        let drawn = match &before {
            Some(kept) => kept.schedule.seed,
            None => u32::from_le_bytes(uuid::Uuid::new_v4().as_bytes()[..4].try_into().unwrap_or_default()),
        };
        let schedule = Schedule::draw(chosen, drawn);
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

    pub(crate) fn around(&self, library: &Path) -> Around {
        let room = target::free_bytes(library).ok().map(|free| free >= ROOM);
        Around { on_power: on_power(), metered: metered(), disk: Library::is_library(library), room }
    }

    pub(crate) fn schedule_folder(&self, library: &Path) -> Result<PathBuf> {
        let (id, _) = self.look(library)?;
        Ok(self.home.library_folder(&id))
    }
}

/// Held by whoever keeps the schedule.
pub(crate) const KEEPER: &str = "schedule.keeper";

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
        Ok(text) => serde_json::from_slice(&text).map(Some).map_err(|error| {
            Error::new(Code::Internal, "The schedule of this library cannot be read. No photo depends on it, and nothing runs by itself until it is set again.")
                .hint("Set it again: `photokeep schedule install LIBRARY`.")
                .detail("file", path.display())
                .source(error)
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(target::target_error(error, &path)),
    }
}

fn write(folder: &Path, kept: &Kept) -> Result<()> {
    let path = folder.join(NAME);
    photokeep_library::write_atomically(&path, &serde_json::to_vec_pretty(kept).unwrap_or_default())
        .map_err(|error| target::target_error(error, &path))
}

pub(crate) fn change<T>(folder: &Path, change: impl FnOnce(&mut Kept) -> T) -> Result<T> {
    let _guard = guard(folder)?;
    let mut kept = read(folder)?.ok_or_else(|| {
        Error::new(Code::Usage, "This library has no schedule.").hint("`photokeep schedule install LIBRARY` makes one.")
    })?;
    let before = kept.clone();
    let answer = change(&mut kept);
    if kept != before {
        write(folder, &kept)?;
    }
    Ok(answer)
}
