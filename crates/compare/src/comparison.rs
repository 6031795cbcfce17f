//! One comparison from its begin to its end.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use photokeep_library::{Catalog, STATE_FOLDER};
use photokeep_model::{Code, Error, Event, Phase, Progress, Result};
use rusqlite::params;

use crate::path_bytes::{comparable_name, path_of};
use crate::read::{ToRead, Want, read_all};
use crate::side::{Of, Side};
use crate::store::{Comparison, stopped, store_error};
use crate::told::Told;
use crate::walk::{Met, walk};

/// What is compared, and how.
pub struct CompareOptions<'a> {
    /// The folder of the library.
    pub library: &'a Path,
    /// The folder that is compared with it.
    pub folder: &'a Path,
    /// In how many of [`photokeep_media::LOOKS_BITS`] bits pictures may look otherwise and still be held to be the same; `None`: what
    /// pictures look like is not asked.
    pub similar: Option<u32>,
    /// Threads that read.
    pub readers: usize,
    /// Asked before every file, from many threads: holds it up while paused, and says no when the person wants to stop.
    pub may_go_on: &'a (dyn Fn() -> bool + Sync),
}

/// How often a long step looks whether the person wants to stop.
const LOOK_EVERY: std::time::Duration = std::time::Duration::from_millis(100);

/// Files that are noted, or handed to the readers, at a time.
const PAGE: usize = 2048;

/// Files that may have the bytes of one that the library has, or of one that was uploaded.
const SIZE_IS_KEPT: &str = "hash IS NULL AND trouble IS NULL AND (kind IS NULL OR kind <> 'not-media') AND size > 0
     AND (EXISTS (SELECT 1 FROM kept k WHERE k.hash IS NOT NULL AND k.size = files.size)
         OR EXISTS (SELECT 1 FROM uploaded u WHERE u.size = files.size))";
/// Files that others of the folder may have the bytes of.
const SIZE_IS_THERE_TWICE: &str =
    "hash IS NULL AND ends IS NULL AND trouble IS NULL AND (kind IS NULL OR kind <> 'not-media') AND size > 0
     AND EXISTS (SELECT 1 FROM files o WHERE o.size = files.size AND o.id <> files.id)";
/// Of those, the ones with the same begin and end as another, or as large as one that was read whole.
const ENDS_ARE_THERE_TWICE: &str = "hash IS NULL AND trouble IS NULL AND kind <> 'not-media' AND ends IS NOT NULL
     AND (EXISTS (SELECT 1 FROM files o WHERE o.size = files.size AND o.ends = files.ends AND o.ends IS NOT NULL AND o.id <> files.id)
         OR EXISTS (SELECT 1 FROM files o WHERE o.size = files.size AND o.hash IS NOT NULL AND o.id <> files.id))";
/// Files of the library whose time is another one, where their bytes may be asked for.
const KEPT_IS_UNSURE: &str = "unsure = 1 AND hash IS NULL AND EXISTS (SELECT 1 FROM files f WHERE f.size = kept.size)";
/// Files whose bytes the library does not have.
const NOT_FOUND: &str = "looked = 0 AND trouble IS NULL AND (kind IS NULL OR kind <> 'not-media')
     AND NOT EXISTS (SELECT 1 FROM kept k WHERE k.hash IS NOT NULL AND k.hash = files.hash)";

// Every look into the other side names its index: without figures about the tables SQLite may take the one over all open files, for each
// row anew.

/// Files of the library, while there are files of their format or of their name in another format that belong to nothing: those that nothing belongs to either,
/// and those whose bytes are in the folder too and that an open file may show the same picture as (a copy with a comment, or
/// without its tags): by its name, its clock, or by its size in pixels where it tells no time.
const MAY_DECIDE: &str = "(mime_type IN (SELECT DISTINCT mime_type FROM files WHERE verdict IS NULL)
         OR EXISTS (SELECT 1 FROM files f INDEXED BY files_stem WHERE f.verdict IS NULL AND f.stem IN (kept.stem, kept.file_stem)))
     AND (taken_up = 0
         OR EXISTS (SELECT 1 FROM files f INDEXED BY files_name WHERE f.verdict IS NULL AND f.name IN (kept.name, kept.file_name))
         OR EXISTS (SELECT 1 FROM files f INDEXED BY files_clock WHERE f.verdict IS NULL AND f.taken % 900 = kept.taken % 900
             AND f.taken BETWEEN kept.taken - 50400 AND kept.taken + 50400)
         OR EXISTS (SELECT 1 FROM files f INDEXED BY files_undated WHERE f.verdict IS NULL AND f.taken IS NULL
             AND f.width = kept.width AND f.height = kept.height)
         OR kept.width IS NULL AND EXISTS (SELECT 1 FROM files WHERE verdict IS NULL AND taken IS NULL))";
const NOT_ASKED: &str = "hash IS NOT NULL AND NOT EXISTS (SELECT 1 FROM kept_facts e WHERE e.hash = kept.hash)";
/// Photos of another time: only their bytes tell whether they are what was stored. Films are too long for it.
const UNSURE: &str = "unsure = 1 AND hash IS NULL AND kind = 'photo'";
/// Of both sides, what begins like one of the other.
const BEGINS_LIKE_A_KEPT_ONE: &str = "verdict IS NULL AND picture IS NULL AND begin IN (SELECT begin FROM kept_facts)";
const BEGINS_LIKE_ONE_THERE: &str = "hash IN (SELECT e.hash FROM kept_facts e WHERE e.picture IS NULL AND e.trouble IS NULL
     AND EXISTS (SELECT 1 FROM files f INDEXED BY files_begin WHERE f.begin = e.begin AND f.verdict IS NULL))";

/// Pictures that nothing else told to be one of the library's, and those of the library.
const OPEN_PICTURES: &str = "verdict IS NULL AND trouble IS NULL AND looks IS NULL AND kind = 'photo'";
const KEPT_PICTURES: &str = "hash IS NOT NULL AND kind = 'photo' AND role IS NOT 'motion'
     AND EXISTS (SELECT 1 FROM files WHERE verdict IS NULL AND length(looks) > 0)
     AND NOT EXISTS (SELECT 1 FROM kept_looks l WHERE l.hash = kept.hash)";

/// The doubtful pairs, on both sides.
const DOUBTFUL_FILES: &str = "looks IS NULL AND trouble IS NULL AND id IN (SELECT file FROM doubtful)";
const DOUBTFUL_KEPT: &str =
    "id IN (SELECT kept FROM doubtful) AND hash IS NOT NULL AND NOT EXISTS (SELECT 1 FROM kept_looks l WHERE l.hash = kept.hash)";

const NOTHING_MATCHED: &str = "UPDATE kept SET matched = 0, taken_up = 0 WHERE matched = 1 OR taken_up = 1";

/// How often pairs are looked at. In each round but the last one is found out to be none.
const ROUNDS: u32 = 8;

/// Compares a folder with a library. What was known from the last time is used where the file is still the same.
///
/// # Errors
/// [`Code::Usage`] for a folder that is the library or in it; [`Code::FolderGone`] when the folder is not there or
/// cannot be opened, also in the middle; [`Code::TargetGone`] when the library's goes away; [`Code::Cancelled`]; when the catalog or the notes about the comparison cannot be read or written.
pub fn compare(comparison: &Comparison, catalog: &Catalog, options: &CompareOptions<'_>, progress: &dyn Progress) -> Result<()> {
    let folder = resolved(options.folder)?;
    let library = options.library.canonicalize().unwrap_or_else(|_| options.library.to_owned());
    if folder.starts_with(&library) {
        return Err(Error::new(Code::Usage, "This folder is the library itself, or lies in it.")
            .hint("Choose another place to compare with: an old backup, a camera card, a network share."));
    }
    let work = Work { comparison, folder: &folder, disk: disk_of(&folder), library: &library, options, progress };
    let asked = options.similar.map(|threshold| threshold.to_string()).unwrap_or_default();
    let has_ended = comparison.meta("ended")?.as_deref() == Some("yes") && comparison.meta("similar")?.as_ref() == Some(&asked);
    comparison.set_meta("ended", "")?;
    comparison.set_meta("similar", &asked)?;
    comparison.set_place(&folder)?;
    let folder_is_same = comparison.together(|| work.walk())?;
    // An empty folder at its place is a mount point, or another library's begin.
    let is_there = library.join(STATE_FOLDER).is_dir();
    comparison.set_meta("library", if is_there { "there" } else { "away" })?;
    let kept_is_same = work.think(|| comparison.take_kept(catalog, is_there.then_some(&*library)))?;
    if !(has_ended && folder_is_same && kept_is_same) {
        work.pair(is_there)?;
    }
    comparison.set_place(&folder)?;
    work.think(|| comparison.sum_up())?;
    comparison.set_meta("ended", "yes")
}

fn resolved(folder: &Path) -> Result<PathBuf> {
    let gone = |why: std::io::Error| gone(folder).source(why);
    let resolved = folder.canonicalize().map_err(gone)?;
    if !resolved.is_dir() {
        return Err(
            Error::new(Code::Usage, format!("`{}` is no folder.", folder.display())).hint("Name the folder to compare with.")
        );
    }
    match std::fs::read_dir(&resolved) {
        Ok(_) => Ok(resolved),
        Err(why) => Err(Error::new(Code::FolderGone, format!("The folder `{}` cannot be opened.", folder.display()))
            .hint("Make it readable for you, and compare again.")
            .source(why)),
    }
}

fn gone(folder: &Path) -> Error {
    Error::new(Code::FolderGone, format!("The folder `{}` is not there.", folder.display()))
        .hint("Was its disk unplugged, or the share disconnected? Connect it and compare again; what was read is remembered.")
}

fn library_gone() -> Error {
    Error::new(Code::TargetGone, "The library's folder went away while it was compared.")
        .hint("Connect its disk again and compare again; what was read is remembered.")
}

/// The disk and the number on it of what lies at a place, where the system tells them.
#[cfg(unix)]
fn disk_of(folder: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(folder).ok().map(|there| (there.dev(), there.ino()))
}

#[cfg(not(unix))]
fn disk_of(_: &Path) -> Option<(u64, u64)> {
    None
}

struct Work<'a> {
    comparison: &'a Comparison,
    folder: &'a Path,
    /// What lies at the folder's place, as it was at the begin.
    disk: Option<(u64, u64)>,
    library: &'a Path,
    options: &'a CompareOptions<'a>,
    progress: &'a dyn Progress,
}

impl Work<'_> {
    /// Does a step that is all in the database, and that the person can stop.
    fn think<T>(&self, step: impl FnOnce() -> Result<T>) -> Result<T> {
        let handle = self.comparison.connection.get_interrupt_handle();
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let watcher = scope.spawn(|| {
                while !done.load(Ordering::Acquire) {
                    if !(self.options.may_go_on)() {
                        handle.interrupt();
                    }
                    std::thread::park_timeout(LOOK_EVERY);
                }
            });
            let result = self.comparison.together(step);
            done.store(true, Ordering::Release);
            watcher.thread().unpark();
            result
        })
    }

    /// An error where the folder is not there any more: without its disk an empty mount point may lie in its place.
    fn must_be_there(&self) -> Result<()> {
        if self.folder.is_dir() && disk_of(self.folder) == self.disk { Ok(()) } else { Err(gone(self.folder)) }
    }

    /// Reads what may decide, and gives every file its verdict.
    fn pair(&self, is_there: bool) -> Result<()> {
        let comparison = self.comparison;
        // The library's side may be that of the last comparison.
        self.think(|| comparison.execute(NOTHING_MATCHED))?;
        comparison.execute("DELETE FROM parted")?;
        let (there, kept) = (Side { of: Of::Folder, root: self.folder }, Side { of: Of::Library, root: self.library });
        if is_there {
            self.read(&kept, KEPT_IS_UNSURE, Want::Whole)?;
        }
        self.read(&there, SIZE_IS_KEPT, Want::Whole)?;
        self.read(&there, SIZE_IS_THERE_TWICE, Want::Ends)?;
        self.read(&there, ENDS_ARE_THERE_TWICE, Want::Whole)?;
        self.read(&there, NOT_FOUND, Want::Facts)?;
        self.think(|| comparison.decide_by_bytes())?;
        if is_there {
            self.read(&kept, &format!("{UNSURE} AND {MAY_DECIDE}"), Want::Whole)?;
            self.read(&kept, &format!("{NOT_ASKED} AND {MAY_DECIDE}"), Want::Facts)?;
            self.read(&there, BEGINS_LIKE_A_KEPT_ONE, Want::Picture)?;
            self.read(&kept, BEGINS_LIKE_ONE_THERE, Want::Picture)?;
        }
        self.think(|| comparison.decide_by_evidence())?;
        if is_there {
            self.look_at_doubtful(&there, &kept)?;
        }
        if let Some(threshold) = self.options.similar {
            if is_there {
                self.read(&there, OPEN_PICTURES, Want::Looks)?;
                self.read(&kept, KEPT_PICTURES, Want::Looks)?;
            }
            self.think(|| comparison.decide_by_looks(threshold, self.options.readers, self.options.may_go_on))?;
        }
        self.think(|| comparison.decide_the_rest())
    }

    /// Looks at the pairs that rest on little. Where some are none, all are made anew without them: another one may be the only
    /// choice then.
    fn look_at_doubtful(&self, there: &Side<'_>, kept: &Side<'_>) -> Result<()> {
        let comparison = self.comparison;
        for _ in 0..ROUNDS {
            self.think(|| comparison.doubt())?;
            self.read(there, DOUBTFUL_FILES, Want::Looks)?;
            self.read(kept, DOUBTFUL_KEPT, Want::Looks)?;
            if !self.think(|| comparison.part())? {
                return Ok(());
            }
            self.think(|| {
                comparison.execute(NOTHING_MATCHED)?;
                comparison.decide_by_bytes()?;
                comparison.decide_by_evidence()
            })?;
        }
        Ok(())
    }

    /// Meets every file of the folder; answers whether all of them are what they were at the last comparison.
    fn walk(&self) -> Result<bool> {
        self.progress.event(&Event::Phase { phase: Phase::Listing });
        let comparison = self.comparison;
        let scan = comparison.meta("scan")?.and_then(|scan| scan.parse::<i64>().ok()).unwrap_or(0) + 1;
        comparison.execute("DELETE FROM passed_over")?;
        // What could not be read may be readable now.
        let tried_again = comparison
            .execute("UPDATE files SET trouble = NULL, trouble_more = NULL, kind = NULL, looked = 0 WHERE trouble IS NOT NULL")?;
        let tried_again = tried_again + comparison.execute("DELETE FROM kept_facts WHERE trouble IS NOT NULL")?;
        let mut all_same = tried_again == 0;
        let mut meter = Told::new(Phase::Listing, None);
        for met in walk(self.folder, self.library) {
            match met {
                Met::File(found) => {
                    let name = comparable_name(found.path.file_name().unwrap_or_default());
                    all_same &= comparison.met(&found, &name, scan)?;
                    meter.add(1, found.size);
                }
                Met::Left(path, why) => comparison.left(&path, why)?,
                Met::Trouble(path, why) => comparison.not_met(&path, &why)?,
            }
            if meter.is_due() {
                if !(self.options.may_go_on)() {
                    return Err(stopped());
                }
                meter.tell(self.progress);
            }
        }
        // A share that went away in the middle looks like an empty folder.
        self.must_be_there()?;
        meter.tell(self.progress);
        let gone = comparison.connection.execute("DELETE FROM files WHERE scan <> ?1", [scan]).map_err(store_error)?;
        comparison.set_meta("scan", &scan.to_string())?;
        Ok(all_same && gone == 0)
    }

    /// Reads what `which` says of one side, in the order in which it lies on the disk.
    fn read(&self, side: &Side<'_>, which: &str, want: Want) -> Result<()> {
        let comparison = self.comparison;
        let (root, (table, order)) = (side.root, side.table());
        // Chosen once: what is read changes what the condition says.
        let total = self.think(|| {
            let choose = format!(
                "CREATE TEMP TABLE IF NOT EXISTS to_read (number INTEGER PRIMARY KEY, file INTEGER NOT NULL); DELETE FROM to_read;
                 INSERT INTO to_read (file) SELECT id FROM {table} WHERE {which} ORDER BY {order}"
            );
            comparison.connection.execute_batch(&choose).map_err(store_error)?;
            comparison.count("SELECT count(*) FROM to_read")
        })?;
        if total == 0 {
            return Ok(());
        }
        self.progress.event(&Event::Phase { phase: Phase::Comparing });
        let mut meter = Told::new(Phase::Comparing, Some(total));
        let mut after = 0;
        loop {
            let files = self.page(table, &mut after)?;
            if files.is_empty() {
                break;
            }
            let readings = read_all(root, &files, want, self.options.readers, self.options.may_go_on);
            // What could not be read because of it is nobody's fault, and is read the next time.
            match side.of {
                Of::Folder => self.must_be_there()?,
                Of::Library if !root.is_dir() => return Err(library_gone()),
                Of::Library => {}
            }
            comparison.together(|| {
                for (file, reading) in files.iter().zip(&readings) {
                    let Some(reading) = reading else { continue };
                    side.take(comparison, file.id, reading, want)?;
                    meter.add(1, reading.bytes);
                    meter.failed += u64::from(reading.trouble.is_some());
                }
                Ok(())
            })?;
            if readings.iter().any(Option::is_none) {
                return Err(stopped());
            }
            if meter.is_due() {
                meter.tell(self.progress);
            }
        }
        meter.tell(self.progress);
        Ok(())
    }

    fn page(&self, table: &str, after: &mut i64) -> Result<Vec<ToRead>> {
        let mut statement = self
            .comparison
            .connection
            .prepare_cached(&format!(
                "SELECT r.number, f.id, CAST(f.path AS BLOB), f.size, f.modified FROM to_read r JOIN {table} f ON f.id = r.file
                 WHERE r.number > ?1 ORDER BY r.number LIMIT ?2"
            ))
            .map_err(store_error)?;
        let rows = statement.query_map(params![*after, PAGE as i64], |row| {
            let path: Vec<u8> = row.get(2)?;
            Ok((row.get(0)?, ToRead { id: row.get(1)?, path: path_of(&path), size: row.get(3)?, modified: row.get(4)? }))
        });
        let rows: Vec<(i64, ToRead)> = rows.and_then(Iterator::collect).map_err(store_error)?;
        if let Some((number, _)) = rows.last() {
            *after = *number;
        }
        Ok(rows.into_iter().map(|(_, file)| file).collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use photokeep_model::Silent;

    use super::*;

    /// A library and a folder with three files that only their bytes tell apart.
    fn two_places() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let place = tempfile::tempdir().unwrap();
        let (library, folder) = (place.path().join("library"), place.path().join("folder"));
        std::fs::create_dir_all(&library).unwrap();
        std::fs::create_dir_all(&folder).unwrap();
        for number in 0..3 {
            std::fs::write(folder.join(format!("{number}.jpg")), b"\xFF\xD8\xFF\xE0 as large as the others").unwrap();
        }
        (place, library, folder)
    }

    #[cfg(unix)]
    #[test]
    fn an_empty_folder_that_takes_the_folders_place_is_not_the_folder() {
        let (place, library, folder) = two_places();
        let comparison = Comparison::open(&place.path().join("notes.sqlite")).unwrap();
        let unplugged = std::sync::Once::new();
        let may_go_on = || {
            unplugged.call_once(|| {
                std::fs::rename(&folder, place.path().join("elsewhere")).unwrap();
                std::fs::create_dir(&folder).unwrap();
            });
            true
        };
        let options = CompareOptions { library: &library, folder: &folder, similar: None, readers: 1, may_go_on: &may_go_on };
        let error = super::compare(&comparison, &Catalog::in_memory().unwrap(), &options, &Silent).unwrap_err();
        assert_eq!(error.code, Code::FolderGone);
        assert!(comparison.summary().unwrap().is_none());
    }

    #[test]
    fn a_long_step_in_the_database_is_stopped_in_its_middle() {
        let (place, library, folder) = two_places();
        let comparison = Comparison::open(&place.path().join("notes.sqlite")).unwrap();
        let begun = std::time::Instant::now();
        let may_go_on = || begun.elapsed() < LOOK_EVERY;
        let options = CompareOptions { library: &library, folder: &folder, similar: None, readers: 1, may_go_on: &may_go_on };
        let work = Work {
            comparison: &comparison,
            folder: &folder,
            disk: None,
            library: &library,
            options: &options,
            progress: &Silent,
        };
        let endless = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";
        assert_eq!(work.think(|| comparison.count(endless)).unwrap_err().code, Code::Cancelled);
        // What comes after it is not stopped by it.
        assert_eq!(comparison.count("SELECT 7").unwrap(), 7);
    }

    #[test]
    fn a_comparison_that_was_stopped_is_known_by_its_folder_and_goes_on() {
        let (place, library, folder) = two_places();
        let comparison = Comparison::open(&place.path().join("notes.sqlite")).unwrap();
        let catalog = Catalog::in_memory().unwrap();
        let compare = |goes_on: bool| {
            let may_go_on = move || goes_on;
            let options =
                CompareOptions { library: &library, folder: &folder, similar: Some(8), readers: 1, may_go_on: &may_go_on };
            super::compare(&comparison, &catalog, &options, &Silent)
        };
        assert_eq!(compare(false).unwrap_err().code, Code::Cancelled);
        assert!(comparison.summary().unwrap().is_none(), "nothing is claimed");
        assert_eq!(comparison.place().unwrap().unwrap().0, folder.canonicalize().unwrap());
        assert_eq!(comparison.similar().unwrap(), Some(8));
        compare(true).unwrap();
        assert_eq!(comparison.summary().unwrap().unwrap().missing.count, 3);
    }
    #[test]
    fn what_is_the_same_as_last_time_is_not_decided_anew_and_every_change_is() {
        let (place, library, folder) = two_places();
        let comparison = Comparison::open(&place.path().join("notes.sqlite")).unwrap();
        let catalog = Catalog::in_memory().unwrap();
        let missing = |similar: Option<u32>| {
            let options = CompareOptions { library: &library, folder: &folder, similar, readers: 1, may_go_on: &|| true };
            super::compare(&comparison, &catalog, &options, &Silent).unwrap();
            comparison.summary().unwrap().unwrap().missing.count
        };
        assert_eq!(missing(None), 3);
        // A verdict that no comparison comes to shows whether it was decided.
        let spoil = || comparison.execute("UPDATE files SET verdict = 'found' WHERE name = '0.jpg'").unwrap();
        spoil();
        assert_eq!(missing(None), 2, "nothing was decided");
        assert_eq!(missing(Some(8)), 3, "asked for otherwise");
        spoil();
        std::fs::write(folder.join("3.jpg"), b"\xFF\xD8\xFF\xE0 one more").unwrap();
        assert_eq!(missing(Some(8)), 4, "a file more");
        spoil();
        std::fs::remove_file(folder.join("3.jpg")).unwrap();
        assert_eq!(missing(Some(8)), 3, "a file less");
        spoil();
        std::fs::create_dir(library.join(STATE_FOLDER)).unwrap();
        comparison.set_meta("kept", "of another library").unwrap();
        assert_eq!(missing(Some(8)), 3, "another library");
        spoil();
        comparison.set_meta("ended", "").unwrap();
        assert_eq!(missing(Some(8)), 3, "the last one did not end");
    }

    /// With many files on both sides a search over all of them for each row takes hours.
    #[test]
    fn no_question_looks_through_all_files_for_each_row() {
        let place = tempfile::tempdir().unwrap();
        let comparison = Comparison::open(&place.path().join("notes.sqlite")).unwrap();
        comparison.take_kept(&Catalog::in_memory().unwrap(), None).unwrap();
        for (table, which) in [
            ("files", SIZE_IS_KEPT),
            ("files", SIZE_IS_THERE_TWICE),
            ("files", ENDS_ARE_THERE_TWICE),
            ("kept", KEPT_IS_UNSURE),
            ("files", NOT_FOUND),
            ("kept", MAY_DECIDE),
            ("kept", NOT_ASKED),
            ("files", BEGINS_LIKE_A_KEPT_ONE),
            ("kept", BEGINS_LIKE_ONE_THERE),
            ("files", OPEN_PICTURES),
            ("kept", KEPT_PICTURES),
            ("files", DOUBTFUL_FILES),
            ("kept", DOUBTFUL_KEPT),
        ] {
            let mut statement =
                comparison.connection.prepare(&format!("EXPLAIN QUERY PLAN SELECT id FROM {table} WHERE {which}")).unwrap();
            let steps: Vec<(i64, i64, String)> =
                statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(3)?))).unwrap().map(Result::unwrap).collect();
            let is_for_each_row = |mut step: i64| loop {
                let Some((_, parent, what)) = steps.iter().find(|(id, ..)| *id == step) else { break false };
                if what.starts_with("CORRELATED") {
                    break true;
                }
                step = *parent;
            };
            for (id, _, what) in &steps {
                let looks_through_all = what.starts_with("SCAN") || what.contains("files_verdict");
                assert!(!(looks_through_all && is_for_each_row(*id)), "{which}: {steps:#?}");
            }
        }
    }
}
