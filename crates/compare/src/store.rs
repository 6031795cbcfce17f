//! The database of one comparison: what was found in the folder, what was read of it, and what came of it.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use photokeep_model::{Code, Error, Result};
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::path_bytes::{bytes_of, path_of, shown, stem_of};
use crate::walk::{Found, LeftWhy};

/// Moves with the meaning of what is stored: an older store is thrown away and read anew.
const VERSION: i64 = 7;

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
    Error::new(Code::Internal, "Photokeep's notes about this comparison cannot be read or written.")
        .hint("Your photos are not affected. Compare again; if it stays so, look at the free space of the disk with your home folder.")
        .source(error)
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
                for ending in ["", "-wal", "-shm"] {
                    let mut name = file.as_os_str().to_owned();
                    name.push(ending);
                    match std::fs::remove_file(PathBuf::from(name)) {
                        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(no_place(file, error)),
                        _ => {}
                    }
                }
                let connection = connect(file).map_err(store_error)?;
                connection.execute_batch(include_str!("store.sql")).map_err(store_error)?;
                connection.pragma_update(None, "user_version", VERSION).map_err(store_error)?;
                Ok(Self { connection })
            }
        }
    }

    /// Opens the store in `file`, if there is one of this version.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn existing(file: &Path) -> Result<Option<Self>> {
        if file.is_file() { Self::opened(file).map_err(store_error) } else { Ok(None) }
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

    /// Notes that a file was met. What is known of it stays while it is the same.
    pub(crate) fn met(&self, found: &Found, name: &str, scan: i64) -> Result<()> {
        let path = bytes_of(&found.path);
        let folder = shown(found.path.parent().unwrap_or(Path::new("")));
        let (size, inode) = (number(found.size), found.inode.cast_signed());
        let same = self
            .connection
            .prepare_cached("UPDATE files SET scan = ?1 WHERE path = ?2 AND size = ?3 AND modified = ?4 AND inode = ?5")
            .and_then(|mut statement| statement.execute(params![scan, path, size, found.modified, inode]))
            .map_err(store_error)?;
        if same == 0 {
            self.connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO files (path, folder, name, stem, size, modified, inode, scan) VALUES (?1, ?2, ?3, ?8, ?4, ?5, ?6, ?7)",
                )
                .and_then(|mut statement| statement.execute(params![path, folder, name, size, found.modified, inode, scan, stem_of(name)]))
                .map_err(store_error)?;
        }
        Ok(())
    }

    /// Notes what was passed over.
    pub(crate) fn left(&self, path: &Path, why: LeftWhy) -> Result<()> {
        self.note_passed_over(path, why.as_str(), None)
    }

    /// Notes a folder or file that could not even be met.
    pub(crate) fn not_met(&self, path: &Path, why: &str) -> Result<()> {
        self.note_passed_over(path, "unreadable", Some(why))
    }

    fn note_passed_over(&self, path: &Path, why: &str, more: Option<&str>) -> Result<()> {
        self.connection
            .prepare_cached("INSERT INTO passed_over VALUES (?1, ?2, ?3)")
            .and_then(|mut statement| statement.execute(params![bytes_of(path), why, more]))
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
