//! The times of files: the capture instant as far as the target can hold it.

use std::fs::{self, File, FileTimes};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use photokeep_model::{CaptureTime, Result};

use crate::catalog::FileRow;
use crate::folder::Library;
use crate::platform;
use crate::target::{self, target_error};

impl Library {
    /// Sets the modification time to the capture instant, as far as the target can hold it; creation time too where the
    /// system has one; access time is left alone. Returns the time as the target has it now.
    pub(crate) fn set_time(&self, path: &Path, taken: Option<CaptureTime>) -> Result<(i64, u32)> {
        let set = || -> io::Result<(i64, u32)> {
            let file = File::options().read(true).write(true).open(path)?;
            if let Some(taken) = taken {
                let (seconds, nanos) = match &self.facts().times {
                    Some(times) => times.storable(taken.unix_seconds(), taken.nanos()),
                    None => (taken.unix_seconds(), taken.nanos()),
                };
                let time = system_time(seconds, nanos);
                file.set_times(platform::with_creation(FileTimes::new().set_modified(time), time))?;
            }
            Ok(modified(&file.metadata()?))
        };
        set().map_err(|error| target_error(error, path))
    }

    /// As [`Library::set_time`], but a file whose time may not be set keeps the one it has: its bytes are what counts.
    pub(crate) fn set_time_if_possible(&self, path: &Path, taken: Option<CaptureTime>) -> Result<(i64, u32)> {
        self.set_time(path, taken).or_else(|_| {
            fs::symlink_metadata(path).map(|metadata| modified(&metadata)).map_err(|error| target_error(error, path))
        })
    }

    /// What to say of files that a run stored and whose dates this disk cannot hold; `None` where there are none.
    ///
    /// # Errors
    /// Catalog errors.
    pub fn note_of_unstorable_dates(&self, run: i64) -> Result<Option<String>> {
        let Some(times) = &self.facts().times else { return Ok(None) };
        let count = self.catalog.dates_outside(run, times.earliest, times.latest)?;
        Ok((count > 0).then(|| {
            format!(
                "Files with a date that this disk cannot hold: {count}. They carry the nearest one it can; the true date is kept in Photokeep's catalog, and the folder goes by it."
            )
        }))
    }

    /// Gives a stored file the time its item has now. Only when it still is what was stored.
    ///
    /// # Errors
    /// When the disk or the catalog cannot be written.
    pub fn retime(&mut self, file: &FileRow) -> Result<()> {
        let Some(path) = &file.path else { return Ok(()) };
        let full = target::join(self.root(), path)?;
        let still_ours =
            fs::symlink_metadata(&full).is_ok_and(|metadata| metadata.is_file() && Some(metadata.len()) == file.size);
        let taken = if still_ours && file.taken.is_none() { self.date_in(file, &full)? } else { file.taken };
        // A file whose time may not be set keeps its bytes; that is what counts.
        let mtime = if still_ours { self.set_time(&full, taken).unwrap_or((0, 0)) } else { (0, 0) };
        self.catalog.set_file_time(file.id, mtime)
    }

    /// The date that a stored file tells, learnt for its item, of which nobody else tells one any more.
    fn date_in(&self, file: &FileRow, full: &Path) -> Result<Option<CaptureTime>> {
        let told = photokeep_media::inspect(full).ok().and_then(|facts| facts.taken);
        let taken = told.map(|told| CaptureTime {
            instant: told.instant.unwrap_or_else(|| told.local.and_utc()),
            offset_seconds: told.offset_seconds,
        });
        if taken.is_some() {
            self.catalog.learn_from_file(file.item, taken, taken.and_then(|taken| taken.offset_seconds), None, (None, None))?;
        }
        Ok(taken)
    }
}

fn system_time(seconds: i64, nanos: u32) -> SystemTime {
    let whole = Duration::from_secs(seconds.unsigned_abs());
    let base = if seconds >= 0 { SystemTime::UNIX_EPOCH.checked_add(whole) } else { SystemTime::UNIX_EPOCH.checked_sub(whole) };
    base.and_then(|base| base.checked_add(Duration::from_nanos(u64::from(nanos)))).unwrap_or(SystemTime::UNIX_EPOCH)
}

/// Modification time as seconds and nanoseconds since 1970; seconds are negative before.
pub(crate) fn modified(metadata: &fs::Metadata) -> (i64, u32) {
    let time = filetime::FileTime::from_last_modification_time(metadata);
    (time.unix_seconds(), time.nanoseconds())
}
