//! The catalog: the SQLite database that knows every item, file, album and run of one library.
//!
//! Promises: migrations only go forward; every change that belongs together is one transaction; a commit is on the disk
//! when it returns (`synchronous = FULL`), because placing relies on its announcements surviving a power cut. The
//! catalog never says "stored" before the disk does; `placing.rs` keeps that order.
//!
//! One file a concept: `sightings` (what sources say), `absentees` (what a listing left out), `files`, `trash`, `albums`, `runs`, `listing` (what is kept, for output).
//! `exports` is Takeout: archives, and how every entry of them ended; `accounts` the sums and lists of it, `kept_json` what Google
//! said; `export_albums` its albums; `sighted_files` items with several files, `one_photo` what two routes
//! and two dates of one photo come to.
//! `adopted` is what another tool made and was taken in where it is. `comparing` is what another place is compared with.
//! For browsing, never holding more than is near the view: `timeline`, `pictures`, `item_shown`, `albums_shown`, `growth`,
//! `run_entries`. They read; what they read is kept ready by triggers (`schema_2.sql`, `schema_6.sql`).

mod absentees;
mod accounts;
mod adopted;
mod albums;
mod albums_shown;
mod comparing;
mod export_albums;
mod exports;
mod files;
mod growth;
mod item_shown;
mod kept_json;
mod known_bytes;
mod listing;
mod newest_export;
mod of_folders;
mod one_photo;
mod pictures;
mod pixels;
mod prepared;
mod run_entries;
mod runs;
mod sighted_files;
mod sightings;
mod timeline;
mod trash;
mod uploads;
mod xmp;

use std::path::{Path, PathBuf};

use photokeep_model::{CaptureTime, Code, Error, Result};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};
use rusqlite_migration::{M, Migrations};

pub use absentees::Absentee;
pub use adopted::{AdoptedAlbum, AdoptedFile, AdoptedLink};
pub use albums::{AlbumMember, AlbumRow, AlbumSighting, LinkRow, UnseenAlbum};
pub use albums_shown::{AlbumShown, Cover};
pub use comparing::KeptRow;
pub use export_albums::ExportAlbum;
pub use exports::{Ended, EntryKey, EntryLine, EntryNote, ExportRow, KeptFile, KnownEntry, PartTaken, ToCompare};
pub use files::{FileRow, FileState, OpenFile, Partial};
pub use growth::YearKept;
pub use item_shown::{ItemAlbum, ItemFile, ItemShown};
pub use kept_json::JsonPacker;
pub use known_bytes::KnownBytes;
pub use listing::ListedFile;
pub use newest_export::KnownItems;
pub use pictures::{FileShown, PictureCursor, PicturePage};
pub use run_entries::EntryRow;
pub use runs::{EntryKind, FailureRow, RunEntry, RunRow, Standing, code_word};
pub use sighted_files::{SightedEntry, SightedFile};
pub use sightings::{Namer, Sighting, SightingCounts};
pub use timeline::{Bucket, ShownColumns, Stamp};
pub use trash::TrashRow;
pub use uploads::{UploadRow, UploadedFrom};
pub use xmp::XmpSubject;

use prepared::Prepared;

/// Schema versions, oldest first. Released ones are never edited.
const MIGRATIONS: &[M<'static>] = &[
    M::up(include_str!("schema.sql")),
    M::up(include_str!("schema_2.sql")),
    M::up(include_str!("schema_3.sql")),
    M::up(include_str!("schema_4.sql")),
    M::up(include_str!("schema_5.sql")),
    M::up(include_str!("schema_6.sql")),
    M::up(include_str!("schema_7.sql")),
    M::up(include_str!("schema_8.sql")),
    M::up(include_str!("schema_9.sql")),
    M::up(include_str!("schema_10.sql")),
];

/// The database of one library. Not shared between threads by itself; callers put it behind a lock.
#[derive(Debug)]
pub struct Catalog {
    connection: Prepared,
    path: Option<PathBuf>,
}

impl Catalog {
    /// Opens the catalog at `path`, creating it when it is new, and brings its schema up to date.
    ///
    /// # Errors
    /// [`Code::CatalogNewer`], [`Code::CatalogDamaged`] or [`Code::CatalogLocked`], each with what to do.
    pub fn open(path: &Path) -> Result<Self> {
        let connection = Connection::open(path).map_err(catalog_error)?;
        // Every statement that sets off triggers keeps the pages it changes until its end: in a file it would write them all.
        connection.pragma_update(None, "temp_store", "MEMORY").map_err(catalog_error)?;
        Self::prepare(connection, Some(path.to_owned()))
    }

    /// As [`Catalog::open`], for one of several connections that are kept for looking: each keeps few pages of its own, and the
    /// system has the others in memory anyway.
    ///
    /// # Errors
    /// As [`Catalog::open`].
    pub fn open_to_look(path: &Path) -> Result<Self> {
        let catalog = Self::open(path)?;
        catalog.connection.pragma_update(None, "cache_size", -LOOKING_CACHE_KIB).map_err(catalog_error)?;
        Ok(catalog)
    }

    /// Opens an existing catalog for looking only. It never waits for a run that writes, and no run waits for it.
    ///
    /// Nothing is brought up to date here: a catalog of an older Photokeep opens, but cannot be browsed until it was opened
    /// for writing once ([`Catalog::open`], `Library::look`); [`Catalog::is_current`] tells.
    pub fn open_read_only(path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(catalog_error)?;
        connection.busy_timeout(BUSY_TIMEOUT).map_err(catalog_error)?;
        check_version(&connection)?;
        Ok(Self { connection: Prepared::new(connection), path: Some(path.to_owned()) })
    }

    /// A catalog in memory, for tests and as a stand-in.
    pub fn in_memory() -> Result<Self> {
        Self::prepare(Connection::open_in_memory().map_err(catalog_error)?, None)
    }

    /// A catalog that is gone when it is closed, for plans of libraries that do not exist yet. What memory should not hold goes
    /// to the system's folder for temporary files.
    pub fn temporary() -> Result<Self> {
        Self::prepare(Connection::open("").map_err(catalog_error)?, None)
    }

    fn prepare(mut connection: Connection, path: Option<PathBuf>) -> Result<Self> {
        connection.busy_timeout(BUSY_TIMEOUT).map_err(catalog_error)?;
        check_version(&connection)?;
        connection.pragma_update(None, "journal_mode", "WAL").map_err(catalog_error)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(catalog_error)?;
        connection.pragma_update(None, "foreign_keys", "ON").map_err(catalog_error)?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB).map_err(catalog_error)?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES).map_err(catalog_error)?;
        bring_up_to_date(&mut connection)?;
        connection
            .execute_batch("CREATE TEMP TABLE IF NOT EXISTS seen (sighting_id INTEGER PRIMARY KEY); CREATE TEMP TABLE IF NOT EXISTS seen_albums (album_id INTEGER PRIMARY KEY); CREATE TEMP TABLE IF NOT EXISTS parts_here (part_id INTEGER PRIMARY KEY); CREATE TEMP TABLE IF NOT EXISTS seen_beside (item_id INTEGER PRIMARY KEY);")
            .map_err(catalog_error)?;
        Ok(Self { connection: Prepared::new(connection), path })
    }

    /// Where the catalog lies, when it lies on a disk.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Whether the catalog has what this version of Photokeep browses by. False only for a catalog of an older version that
    /// was opened for looking.
    pub fn is_current(&self) -> Result<bool> {
        Ok(schema_version(&self.connection)? == MIGRATIONS.len())
    }

    /// What to say when browsing fails: on a catalog that was never brought up to date it cannot work.
    fn browsing_error(&self, error: rusqlite::Error) -> Error {
        if self.is_current().unwrap_or(true) {
            return catalog_error(error);
        }
        Error::new(Code::CatalogLocked, "This catalog was written by an older Photokeep and is not brought up to date yet.")
            .hint("Run a sync; it brings the catalog up to date. Your photos are plain files and are not affected.")
            .source(error)
    }

    /// A remembered value.
    pub fn meta(&self, key: &str) -> Result<Option<String>> {
        self.connection
            .query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0))
            .optional()
            .map_err(catalog_error)
    }

    /// Remembers a value.
    pub fn set_meta(&self, key: &str, value: &str) -> Result<()> {
        self.connection
            .execute(
                "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [key, value],
            )
            .map_err(catalog_error)?;
        Ok(())
    }

    /// Writes a consistent copy to `target`, which must not exist.
    pub fn copy_to(&self, target: &Path) -> Result<()> {
        self.connection.execute("VACUUM INTO ?1", params![target.to_string_lossy()]).map_err(catalog_error)?;
        Ok(())
    }

    /// Checks the whole database for damage. Costs a read of every page.
    pub fn check_integrity(&self) -> Result<()> {
        let verdict: String = self.connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(catalog_error)?;
        if verdict == "ok" { Ok(()) } else { Err(damaged().detail("check", verdict)) }
    }

    /// Runs `work` as one transaction. Transactions do not nest.
    pub fn transaction<T>(&self, work: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        self.connection.execute_batch("BEGIN IMMEDIATE").map_err(catalog_error)?;
        match work(self) {
            Ok(value) => {
                self.connection.execute_batch("COMMIT").map_err(catalog_error)?;
                Ok(value)
            }
            Err(error) => {
                // The first error is the one worth telling; a failed rollback leaves nothing committed either.
                let _ = self.connection.execute_batch("ROLLBACK");
                Err(error)
            }
        }
    }
}

/// Pages of the catalog that a connection which writes keeps in memory, in KiB. Indexes are written all over: with SQLite's
/// 2 MB most pages of a large catalog are read and written again for every batch.
const CACHE_KIB: i64 = 16 * 1024;

/// The same for a connection that is there for looking: SQLite's own measure.
const LOOKING_CACHE_KIB: i64 = 2 * 1024;

/// Pages in the log before they are taken over into the catalog (16 MB): the same pages are changed again and again.
const CHECKPOINT_PAGES: i64 = 4096;

/// How long a reader or writer waits for another process (a `status` while a sync runs).
const BUSY_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(10);

/// Runs the migrations that are missing. Programs may open a catalog of an older version at the same moment (a window and a
/// sync): whoever comes second finds the work done under their hands, or still going on. Neither is damage, and must not be
/// called so, because a damaged catalog is set aside.
fn bring_up_to_date(connection: &mut Connection) -> Result<()> {
    match Migrations::from_slice(MIGRATIONS).to_latest(connection) {
        Err(error) if schema_version(connection)? != MIGRATIONS.len() => Err(migration_error(error)),
        _ => Ok(()),
    }
}

/// Turns the failure of a migration into a sentence.
fn migration_error(error: rusqlite_migration::Error) -> Error {
    use rusqlite::ErrorCode as Sqlite;
    match error {
        rusqlite_migration::Error::RusqliteError { err, .. }
            if matches!(
                err.sqlite_error_code(),
                Some(
                    Sqlite::DatabaseBusy
                        | Sqlite::DatabaseLocked
                        | Sqlite::DiskFull
                        | Sqlite::ReadOnly
                        | Sqlite::CannotOpen
                        | Sqlite::PermissionDenied
                        | Sqlite::SystemIoFailure
                )
            ) =>
        {
            catalog_error(err)
        }
        error => Error::new(Code::CatalogDamaged, "The catalog could not be brought up to date.").source(error),
    }
}

fn schema_version(connection: &Connection) -> Result<usize> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(catalog_error)
}

fn check_version(connection: &Connection) -> Result<()> {
    let version = schema_version(connection)?;
    if version > MIGRATIONS.len() {
        return Err(Error::new(
            Code::CatalogNewer,
            "This library was last used by a newer version of Photokeep. Nothing was changed.",
        )
        .hint("Install the newest version of Photokeep and try again.")
        .detail("catalog version", version)
        .detail("known version", MIGRATIONS.len()));
    }
    Ok(())
}

fn damaged() -> Error {
    Error::new(Code::CatalogDamaged, "The catalog of this library is damaged. Your photos are plain files and are not affected.")
        .hint("Photokeep keeps a copy of the catalog in the library's .photokeep folder and goes back to it when the damaged one is out of the way.")
}

/// Turns a SQLite error into a sentence.
pub(crate) fn catalog_error(error: rusqlite::Error) -> Error {
    use rusqlite::ErrorCode as Sqlite;
    let described = match error.sqlite_error_code() {
        Some(Sqlite::DatabaseCorrupt | Sqlite::NotADatabase) => damaged(),
        Some(Sqlite::DatabaseBusy | Sqlite::DatabaseLocked) => {
            Error::new(Code::CatalogLocked, "Another program holds the catalog of this library.")
                .hint("Wait until the other Photokeep has finished, then try again.")
        }
        Some(Sqlite::DiskFull) => {
            Error::new(Code::TargetFull, "The disk that holds Photokeep's own data is full. Nothing was lost.")
                .hint("Free some space and run it again.")
        }
        Some(Sqlite::ReadOnly | Sqlite::CannotOpen | Sqlite::PermissionDenied) => {
            Error::new(Code::TargetReadOnly, "Photokeep cannot write its catalog.")
                .hint("Check the permissions of Photokeep's data folder, or point PHOTOKEEP_HOME somewhere writable.")
        }
        _ => Error::new(Code::Internal, "The catalog answered with an unexpected error."),
    };
    described.source(error)
}

/// Reads three columns (seconds, nanoseconds, offset) as a capture time.
fn taken_from(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<CaptureTime>> {
    let seconds: Option<i64> = row.get(first)?;
    let nanos: Option<u32> = row.get(first + 1)?;
    let offset: Option<i32> = row.get(first + 2)?;
    Ok(seconds.and_then(|seconds| CaptureTime::from_unix(seconds, nanos.unwrap_or(0), offset)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn migrations_are_valid_and_open_twice() {
        Migrations::from_slice(MIGRATIONS).validate().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("catalog.sqlite");
        Catalog::open(&path).unwrap().set_meta("a", "1").unwrap();
        assert_eq!(Catalog::open(&path).unwrap().meta("a").unwrap().as_deref(), Some("1"));
    }

    #[test]
    fn a_newer_catalog_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("catalog.sqlite");
        drop(Catalog::open(&path).unwrap());
        Connection::open(&path).unwrap().pragma_update(None, "user_version", 999).unwrap();
        assert_eq!(Catalog::open(&path).unwrap_err().code, Code::CatalogNewer);
    }

    #[test]
    fn a_damaged_catalog_is_named_as_such() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("catalog.sqlite");
        std::fs::write(&path, vec![7u8; 8192]).unwrap();
        assert_eq!(Catalog::open(&path).unwrap_err().code, Code::CatalogDamaged);
    }

    #[test]
    fn a_catalog_that_another_program_holds_is_not_called_damaged_when_it_cannot_be_brought_up_to_date() {
        let failed = |code: i32| {
            let err = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
            migration_error(rusqlite_migration::Error::RusqliteError { query: String::new(), err }).code
        };
        assert_eq!(failed(rusqlite::ffi::SQLITE_BUSY), Code::CatalogLocked);
        assert_eq!(failed(rusqlite::ffi::SQLITE_BUSY_SNAPSHOT), Code::CatalogLocked);
        assert_eq!(failed(rusqlite::ffi::SQLITE_FULL), Code::TargetFull);
        assert_ne!(failed(rusqlite::ffi::SQLITE_IOERR), Code::CatalogDamaged);
        assert_eq!(failed(rusqlite::ffi::SQLITE_CORRUPT), Code::CatalogDamaged);
        assert_eq!(migration_error(rusqlite_migration::Error::InvalidUserVersion).code, Code::CatalogDamaged);
    }

    #[test]
    fn a_failed_transaction_leaves_nothing() {
        let catalog = Catalog::in_memory().unwrap();
        let failed: Result<()> = catalog.transaction(|catalog| {
            catalog.set_meta("a", "1")?;
            Err(Error::new(Code::Internal, "no"))
        });
        assert!(failed.is_err());
        assert_eq!(catalog.meta("a").unwrap(), None);
    }
}
