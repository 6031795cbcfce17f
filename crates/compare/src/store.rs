//! The database of one comparison: what was found in the folder, what was read of it, and what came of it.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use photokeep_model::{Code, Error, Result};
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::path_bytes::{ComparedName, bytes_of, path_of, shown, stem_of};
use crate::trouble::Trouble;
use crate::walk::{Found, LeftWhy};

/// Moves with the meaning of what is stored, and with the rules by which pairs are found: an older store is thrown away and read anew.
const VERSION: i64 = 13;

/// What a file of the compared folder is to the library. Each has exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The library has its very bytes.
    Found,
    /// The library has the same photo in other bytes.
    Different,
    /// The library does not have it.
    Missing,
    /// It cannot be read, or is called like a photo and is none.
    Unreadable,
    /// It is neither photo nor video.
    NotMedia,
}

impl Verdict {
    /// All of them, in the order they are told.
    pub const ALL: [Self; 5] = [Self::Found, Self::Different, Self::Missing, Self::Unreadable, Self::NotMedia];

    /// The word in the store, in JSON and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Different => "different",
            Self::Missing => "missing",
            Self::Unreadable => "unreadable",
            Self::NotMedia => "not-media",
        }
    }
}

/// A folder compared with a library, as it stood when it was last compared.
#[derive(Debug)]
pub struct Comparison {
    pub(crate) connection: Connection,
}

pub(crate) fn store_error(error: rusqlite::Error) -> Error {
    if error.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted) {
        return stopped();
    }
    Error::new(Code::Internal, "Photokeep's notes about this comparison cannot be read or written.")
        .hint("Your photos are not affected. Compare again; if it stays so, look at the free space of the disk with your home folder.")
        .source(error)
}

/// What a comparison ends with where the person stopped it.
pub(crate) fn stopped() -> Error {
    Error::new(Code::Cancelled, "Stopped. What was read is remembered, and the next comparison goes on from there.")
}

impl Comparison {
    /// Opens the store in `file`, or begins one.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn open(file: &Path) -> Result<Self> {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).map_err(|error| no_place(file, error))?;
        }
        match Self::opened(file) {
            Ok(Some(comparison)) => Ok(comparison),
            // Nothing in it that could not be read again.
            Ok(None) | Err(_) => {
                remove(file).map_err(|error| no_place(file, error))?;
                let connection = connect(file).map_err(store_error)?;
                connection.execute_batch(include_str!("store.sql")).map_err(store_error)?;
                connection.pragma_update(None, "user_version", VERSION).map_err(store_error)?;
                Ok(Self { connection })
            }
        }
    }

    /// Begins a comparison in `next`, beside the last one that came to its end in `file`: what that knows is taken over, or what a
    /// comparison that was broken off left in `next`. Until [`Comparison::finish`], `file` tells what it told before.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(next: &Path, file: &Path) -> Result<Self> {
        if !next.is_file()
            && let Ok(Some(last)) = Self::existing(file)
        {
            // With nothing in its journal, and nobody who may write meanwhile, the file is all there is.
            let whole = last.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); BEGIN IMMEDIATE");
            let copied = whole.is_ok() && std::fs::copy(file, next).is_ok();
            if !copied {
                remove(next).map_err(|error| no_place(next, error))?;
            }
        }
        Self::open(next)
    }

    /// Puts a comparison that came to its end in `next` to its place in `file`. What was chosen there meanwhile stays chosen.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self, next: &Path, file: &Path) -> Result<Self> {
        let finished = Self::open(file)?;
        let choices = "SELECT path, size, modified, chosen FROM files";
        self.connection.execute("ATTACH ?1 AS last", [file.to_string_lossy()]).map_err(store_error)?;
        self.connection
            .execute_batch(&format!(
                "UPDATE files SET chosen = 1 WHERE chosen = 0 AND (path, size, modified, 1) IN ({} WHERE chosen = 1);
                 UPDATE files SET chosen = 0 WHERE chosen = 1 AND (path, size, modified, 0) IN ({} WHERE chosen = 0);
                 DETACH last",
                choices.replace("files", "last.files"),
                choices.replace("files", "last.files"),
            ))
            .map_err(store_error)?;
        // Where somebody looks at one of them, or files that are open cannot be replaced, it is written into the other.
        if is_alone(&finished.connection) && is_alone(&self.connection) {
            drop((self, finished));
            if std::fs::rename(next, file).is_ok() {
                return Self::open(file);
            }
            return Self::open(next)?.written_to(next, Self::open(file)?);
        }
        self.written_to(next, finished)
    }

    fn written_to(self, next: &Path, mut other: Self) -> Result<Self> {
        rusqlite::backup::Backup::new(&self.connection, &mut other.connection)
            .and_then(|copy| copy.run_to_completion(i32::MAX, std::time::Duration::from_millis(50), None))
            .map_err(store_error)?;
        drop(self);
        // What stays of it is taken for a comparison that was broken off, and goes on with nothing to read.
        let _ = remove(next);
        Ok(other)
    }

    /// Opens the store in `file`, if there is one of this version.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn existing(file: &Path) -> Result<Option<Self>> {
        if file.is_file() { Self::opened(file).map_err(store_error) } else { Ok(None) }
    }

    /// Whether the notes themselves are broken: a disk error, or a power cut that the disk did not keep its word in.
    pub fn is_damaged(&self) -> bool {
        let checked = self.connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
        checked.is_ok_and(|said| said != "ok") || self.connection.execute_batch("SELECT count(*) FROM files").is_err()
    }

    /// Throws the notes in `file` away.
    ///
    /// # Errors
    /// When the disk does not let them go.
    pub fn remove(file: &Path) -> Result<()> {
        remove(file).map_err(|error| no_place(file, error))
    }

    /// `None` for a store of another version.
    fn opened(file: &Path) -> rusqlite::Result<Option<Self>> {
        let connection = connect(file)?;
        let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        Ok((version == VERSION).then_some(Self { connection }))
    }

    pub(crate) fn meta(&self, key: &str) -> Result<Option<String>> {
        self.connection
            .query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0))
            .optional()
            .map_err(store_error)
    }

    pub(crate) fn set_meta(&self, key: &str, value: &str) -> Result<()> {
        self.connection
            .execute("INSERT INTO meta VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value", [key, value])
            .map_err(store_error)?;
        Ok(())
    }

    /// Which folder it is, and when its last comparison ended, or began where it did not end; `None` before the first.
    ///
    /// # Errors
    /// When the notes cannot be read.
    pub fn place(&self) -> Result<Option<(PathBuf, DateTime<Utc>)>> {
        let place = self
            .connection
            .query_row("SELECT folder, ended_at FROM place", [], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, i64>(1)?)))
            .optional()
            .map_err(store_error)?;
        Ok(place.map(|(folder, ended)| (path_of(&folder), DateTime::from_timestamp(ended, 0).unwrap_or_default())))
    }

    pub(crate) fn set_place(&self, folder: &Path) -> Result<()> {
        self.connection
            .execute_batch("DELETE FROM place")
            .and_then(|()| {
                self.connection.execute("INSERT INTO place VALUES (?1, ?2)", params![bytes_of(folder), Utc::now().timestamp()])
            })
            .map_err(store_error)?;
        Ok(())
    }

    /// Does `work` as one step.
    pub(crate) fn together<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.connection.execute_batch("BEGIN").map_err(store_error)?;
        match work() {
            Ok(done) => {
                self.connection.execute_batch("COMMIT").map_err(store_error)?;
                Ok(done)
            }
            Err(error) => {
                // The error that is told is the first one.
                let _ = self.connection.execute_batch("ROLLBACK");
                Err(error)
            }
        }
    }

    /// Notes that a file was met. What is known of it stays while it is the same; answers whether it is.
    pub(crate) fn met(&self, found: &Found, name: &ComparedName, scan: i64) -> Result<bool> {
        let path = bytes_of(&found.path);
        let folder = shown(found.path.parent().unwrap_or(Path::new("")));
        let (size, inode, device) = (number(found.size), found.inode.cast_signed(), found.device.cast_signed());
        let same = self
            .connection
            .prepare_cached(
                "UPDATE files SET scan = ?1, device = ?6 WHERE path = ?2 AND size = ?3 AND modified = ?4 AND inode = ?5",
            )
            .and_then(|mut statement| statement.execute(params![scan, path, size, found.modified, inode, device]))
            .map_err(store_error)?;
        if same == 0 {
            self.connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO files (path, folder, name, stem, size, modified, inode, scan, number, device) VALUES (?1, ?2, ?3, ?8, ?4, ?5, ?6, ?7, ?9, ?10)",
                )
                .and_then(|mut statement| statement.execute(params![path, folder, name.name, size, found.modified, inode, scan, stem_of(&name.name), name.number, device]))
                .map_err(store_error)?;
        }
        Ok(same > 0)
    }

    /// Notes what was passed over.
    pub(crate) fn left(&self, path: &Path, why: LeftWhy) -> Result<()> {
        self.note_passed_over(path, why.as_str(), None)
    }

    /// Notes a folder or file that could not even be met.
    pub(crate) fn not_met(&self, path: &Path, trouble: &Trouble) -> Result<()> {
        self.note_passed_over(path, "unreadable", Some(trouble))
    }

    fn note_passed_over(&self, path: &Path, why: &str, trouble: Option<&Trouble>) -> Result<()> {
        self.connection
            .prepare_cached("INSERT INTO passed_over VALUES (?1, ?2, ?3, ?4)")
            .and_then(|mut statement| {
                let (word, more) =
                    (trouble.map(|trouble| trouble.why.as_str()), trouble.and_then(|trouble| trouble.more.as_deref()));
                statement.execute(params![bytes_of(path), why, word, more])
            })
            .map_err(store_error)?;
        Ok(())
    }

    /// A whole number that one statement gives.
    pub(crate) fn count(&self, statement: &str) -> Result<u64> {
        self.connection.query_row(statement, [], |row| row.get(0)).map_err(store_error)
    }

    pub(crate) fn execute(&self, statement: &str) -> Result<usize> {
        self.connection.execute(statement, []).map_err(store_error)
    }
}

/// SQLite has no unsigned numbers; nothing on a disk is that large.
pub(crate) fn number(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

/// Whether nobody else has the database open; then it has no journal beside it from now on.
fn is_alone(connection: &Connection) -> bool {
    let at_once = connection.busy_timeout(std::time::Duration::ZERO);
    let mode = at_once.and_then(|()| connection.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get::<_, String>(0)));
    mode.is_ok_and(|mode| mode == "delete")
}

fn remove(file: &Path) -> std::io::Result<()> {
    for ending in ["", "-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        match std::fs::remove_file(PathBuf::from(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    // What is lost in a crash is read again.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -32000; PRAGMA temp_store = FILE",
    )?;
    Ok(connection)
}

fn no_place(file: &Path, error: std::io::Error) -> Error {
    Error::new(Code::Internal, format!("Photokeep cannot keep notes in `{}`.", file.display()))
        .hint("Look at the free space and the rights of the disk with your home folder. Your photos are not affected.")
        .source(error)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::{Choice, FileList, Numbers};

    fn with_files(comparison: &Comparison, names: &[&str]) {
        for name in names {
            comparison
                .connection
                .execute(
                    "INSERT INTO files (path, folder, name, stem, size, modified, inode, scan, verdict)
                     VALUES (?1, '', '', '', 10, 0, 0, 1, 'missing')",
                    [name.as_bytes()],
                )
                .unwrap();
        }
        comparison.sum_up().unwrap();
        comparison.set_meta("ended", "yes").unwrap();
    }

    fn chosen(comparison: &Comparison) -> Vec<String> {
        let mut list = FileList::of(Verdict::Missing);
        list.narrowing.chosen = true;
        comparison.files(&list, 0, 10).unwrap().into_iter().map(|file| file.path).collect()
    }

    #[test]
    fn the_last_result_stands_until_the_next_is_there_and_so_does_what_was_chosen() {
        let place = tempfile::tempdir().unwrap();
        let (next, file) = (place.path().join("one.next"), place.path().join("one.sqlite"));
        let first = Comparison::begin(&next, &file).unwrap();
        assert!(Comparison::existing(&file).unwrap().is_none());
        with_files(&first, &["a.jpg", "b.jpg", "c.jpg"]);
        let first = first.finish(&next, &file).unwrap();
        assert!(!next.exists());
        let all = FileList::of(Verdict::Missing);
        first.choose(&all, Choice::Stretch { first: 0, count: 1 }, true).unwrap();
        drop(first);
        // The next one begins with what is known, and is stopped.
        let second = Comparison::begin(&next, &file).unwrap();
        second.set_meta("ended", "").unwrap();
        with_files(&second, &["d.jpg"]);
        second.set_meta("ended", "").unwrap();
        assert_eq!(chosen(&second), ["a.jpg"]);
        drop(second);
        let shown = Comparison::existing(&file).unwrap().unwrap();
        assert_eq!(shown.summary().unwrap().unwrap().missing, Numbers { count: 3, bytes: 30 });
        // Another choice while it goes on.
        shown.choose(&all, Choice::Stretch { first: 0, count: 1 }, false).unwrap();
        shown.choose(&all, Choice::Stretch { first: 1, count: 1 }, true).unwrap();
        let second = Comparison::begin(&next, &file).unwrap();
        second.set_meta("ended", "yes").unwrap();
        let second = second.finish(&next, &file).unwrap();
        assert_eq!(second.summary().unwrap().unwrap().missing.count, 4);
        assert_eq!(chosen(&second), ["b.jpg"]);
        assert_eq!(shown.summary().unwrap().unwrap().missing.count, 4, "also for who had it open");
        assert!(!next.exists());
        // Nobody looks: the same.
        drop((second, shown));
        let third = Comparison::begin(&next, &file).unwrap();
        with_files(&third, &["e.jpg"]);
        drop(third);
        let third = Comparison::begin(&next, &file).unwrap().finish(&next, &file).unwrap();
        assert_eq!(third.summary().unwrap().unwrap().missing.count, 5);
        assert_eq!(chosen(&third), ["b.jpg"]);
        let left: Vec<_> = std::fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(!left.iter().any(|name| name.to_string_lossy().contains("next")), "{left:?}");
    }
}
