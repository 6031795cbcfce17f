//! The index of gphotos-sync, `gphotos.sqlite` (`predecessors.md` 1.7): which file is which item, and what is in which album.
//!
//! It comes from outside: it is read from a copy, every value may be missing or wrong, and columns that older versions lack are
//! taken as empty. Nothing is ever written to it.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use chrono::NaiveDateTime;
use photokeep_model::CaptureTime;
use rusqlite::{Connection, OpenFlags, Row};

use super::scheme::HIGHEST_NUMBER;

/// A row of `SyncFiles`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct IndexFile {
    /// The media item id.
    pub key: String,
    /// Below the root, with `/`.
    pub path: String,
    /// The name before it got a number.
    pub original_name: String,
    /// 0 for the first of a name, 1 for the one called ` (2)`.
    pub number: u32,
    /// As Google said.
    pub mime_type: Option<String>,
    /// The caption, cleaned like a file name.
    pub description: Option<String>,
    /// Web address.
    pub url: Option<String>,
    /// When it was taken, as Google said.
    pub taken: Option<CaptureTime>,
}

/// A row of `Albums`, with its items.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct IndexAlbum {
    /// The album's id.
    pub key: String,
    /// Title.
    pub title: Option<String>,
    /// Among the shared albums.
    pub shared: bool,
    /// Of its earliest item.
    pub first: Option<CaptureTime>,
    /// Of its latest item.
    pub last: Option<CaptureTime>,
    /// Ids of its items in album order.
    pub items: Vec<String>,
}

/// What the index knows.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub files: Vec<IndexFile>,
    pub albums: Vec<IndexAlbum>,
}

/// Reads an index.
///
/// # Errors
/// A sentence, when the file cannot be read or is no such index.
pub(super) fn read(path: &Path) -> Result<Index, String> {
    // A copy: a run that was killed leaves a journal, and recovering from it writes.
    let place = tempfile::tempdir().map_err(|error| error.to_string())?;
    let copy = place.path().join("index.sqlite");
    fs::copy(path, &copy).map_err(|error| error.to_string())?;
    let mut journal = path.as_os_str().to_owned();
    journal.push("-journal");
    if Path::new(&journal).is_file() {
        fs::copy(&journal, place.path().join("index.sqlite-journal")).map_err(|error| error.to_string())?;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(&copy, flags).map_err(|error| error.to_string())?;
    read_from(&connection).map_err(|error| error.to_string())
}

fn read_from(connection: &Connection) -> rusqlite::Result<Index> {
    let mut index = Index::default();
    let columns = columns(connection, "SyncFiles")?;
    let wanted = ["RemoteId", "Path", "FileName", "OrigFileName", "DuplicateNo", "MimeType", "Description", "Url", "CreateDate"];
    let mut statement = connection.prepare(&question("SyncFiles", &wanted, &columns, "Id"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if let Some(file) = file_of(row) {
            index.files.push(file);
        }
    }
    let columns = self::columns(connection, "Albums")?;
    let wanted = ["RemoteId", "AlbumName", "StartDate", "EndDate", "IsSharedAlbum"];
    let mut by_key = HashMap::new();
    let mut statement = connection.prepare(&question("Albums", &wanted, &columns, "RemoteId"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let Some(key) = text(row, 0) else { continue };
        by_key.insert(key.clone(), index.albums.len());
        index.albums.push(IndexAlbum {
            key,
            title: text(row, 1),
            shared: number(row, 4) != 0,
            first: date(row, 2),
            last: date(row, 3),
            items: Vec::new(),
        });
    }
    let columns = self::columns(connection, "AlbumFiles")?;
    let order = if columns.iter().any(|column| column == "Position") { "Position, Id" } else { "Id" };
    let mut statement = connection.prepare(&question("AlbumFiles", &["AlbumRec", "DriveRec"], &columns, order))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let album = text(row, 0).and_then(|album| by_key.get(&album));
        if let (Some(&album), Some(item)) = (album, text(row, 1)) {
            index.albums[album].items.push(item);
        }
    }
    Ok(index)
}

fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    connection.prepare(&format!("PRAGMA table_info({table})"))?.query_map([], |row| row.get(1))?.collect()
}

/// The columns asked for; in the place of those that this version does not have, nothing.
fn question(table: &str, wanted: &[&str], there: &[String], order: &str) -> String {
    let shown: Vec<&str> =
        wanted.iter().map(|column| if there.iter().any(|there| there == column) { *column } else { "NULL" }).collect();
    format!("SELECT {} FROM {table} ORDER BY {order}", shown.join(", "))
}

fn file_of(row: &Row<'_>) -> Option<IndexFile> {
    let (key, name) = (text(row, 0)?, text(row, 2)?);
    // Written by a Windows host with its own separator.
    let folder = text(row, 1).unwrap_or_default().replace('\\', "/");
    let folder = folder.trim_matches('/');
    let path = if folder.is_empty() || folder == "." { name.clone() } else { format!("{folder}/{name}") };
    Some(IndexFile {
        key,
        path,
        original_name: text(row, 3).unwrap_or(name),
        number: u32::try_from(number(row, 4)).ok().filter(|number| *number <= HIGHEST_NUMBER).unwrap_or(0),
        mime_type: text(row, 5),
        description: text(row, 6),
        url: text(row, 7),
        taken: date(row, 8),
    })
}

fn text(row: &Row<'_>, column: usize) -> Option<String> {
    row.get::<_, Option<String>>(column).ok().flatten().filter(|text| !text.is_empty())
}

fn number(row: &Row<'_>, column: usize) -> i64 {
    row.get::<_, Option<i64>>(column).ok().flatten().unwrap_or(0)
}

/// A date of the index: UTC, and none where it is the least that gphotos-sync writes (`predecessors.md` 1.6).
fn date(row: &Row<'_>, column: usize) -> Option<CaptureTime> {
    let text = text(row, column)?;
    let taken = NaiveDateTime::parse_from_str(text.get(..19)?, "%Y-%m-%d %H:%M:%S").ok()?;
    const LEAST: [i32; 6] = [1800, 1900, 1970, 1971, 1980, 1981];
    use chrono::{Datelike, Timelike};
    let least = (taken.month(), taken.day(), taken.num_seconds_from_midnight()) == (1, 1, 0) && LEAST.contains(&taken.year());
    (!least).then(|| CaptureTime::utc(taken.and_utc()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn made(sql: &str) -> Result<Index, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gphotos.sqlite");
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        read(&path)
    }

    #[test]
    fn an_old_index_without_later_columns_is_read() {
        let index = made(
            "CREATE TABLE SyncFiles (Id INTEGER PRIMARY KEY, RemoteId TEXT, Path TEXT, FileName TEXT, DuplicateNo INT, CreateDate INT);
             INSERT INTO SyncFiles VALUES (1, 'k1', 'photos\\2019\\05', 'a (2).jpg', 1, '2019-05-03 08:15:30'), (2, 'k2', 'photos/1970/01', 'b.jpg', 0, '1970-01-01 00:00:00'), (3, NULL, 'x', 'y', 0, 7);
             CREATE TABLE Albums (RemoteId TEXT, AlbumName TEXT, StartDate INT, EndDate INT);
             INSERT INTO Albums VALUES ('al', 'Trip', NULL, '2019-05-03 08:15:30');
             CREATE TABLE AlbumFiles (Id INTEGER PRIMARY KEY, AlbumRec TEXT, DriveRec TEXT);
             INSERT INTO AlbumFiles VALUES (1, 'al', 'k2'), (2, 'al', 'k1'), (3, 'nowhere', 'k1');",
        )
        .unwrap();
        assert_eq!(index.files.len(), 2, "a row without an id says nothing");
        assert_eq!((index.files[0].path.as_str(), index.files[0].number), ("photos/2019/05/a (2).jpg", 1));
        assert_eq!(index.files[0].taken.map(|taken| taken.to_rfc3339()).as_deref(), Some("2019-05-03T08:15:30Z"));
        assert_eq!(index.files[1].taken, None, "the least date is none");
        assert_eq!(index.albums[0].items, ["k2", "k1"]);
    }

    #[test]
    fn what_is_no_index_is_a_sentence() {
        assert!(made("CREATE TABLE other (x)").is_err());
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("gphotos.sqlite"), [7; 5000]).unwrap();
        assert!(read(&folder.path().join("gphotos.sqlite")).is_err());
    }
}
