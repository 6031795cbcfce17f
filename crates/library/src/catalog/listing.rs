//! What is kept, one stored file at a time, for `photokeep list` and reports.

use photokeep_model::{CaptureTime, Result};
use rusqlite::Row;

use super::{Catalog, catalog_error, taken_from};

/// A stored file with what is known about its item.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedFile {
    /// Path below the library.
    pub path: String,
    /// BLAKE3 of the bytes.
    pub hash: Option<[u8; 32]>,
    /// Bytes.
    pub size: u64,
    /// Title at the source.
    pub title: String,
    /// When it was taken.
    pub taken: Option<CaptureTime>,
    /// Degrees.
    pub latitude: Option<f64>,
    /// Degrees.
    pub longitude: Option<f64>,
    /// The user's text.
    pub description: Option<String>,
    /// Favourite; `None` when no source told.
    pub favorite: Option<bool>,
    /// Archived; `None` when no source told.
    pub archived: Option<bool>,
    /// In the source's trash; `None` when no source told.
    pub trashed: Option<bool>,
    /// Names of people, as JSON list.
    pub people: Option<String>,
    /// Titles of the albums it is in.
    pub albums: Vec<String>,
    /// `original`, `edited`, `motion` or `rendition`.
    pub role: String,
    /// Where the bytes came from.
    pub source: String,
}

impl Catalog {
    /// Calls `each` for every stored file, in path order. Memory stays flat.
    pub fn for_each_stored(&self, mut each: impl FnMut(ListedFile) -> Result<()>) -> Result<()> {
        let mut albums = self
            .connection
            .prepare("SELECT DISTINCT coalesce(a.title, '') FROM album_items m JOIN albums a ON a.id = m.album_id WHERE m.item_id = ?1 AND a.gone_run IS NULL ORDER BY a.id")
            .map_err(catalog_error)?;
        let mut statement = self
            .connection
            .prepare(
                "SELECT f.path, f.hash, f.size, i.title, i.taken_seconds, i.taken_nanos, i.taken_offset, i.latitude, i.longitude, i.description,
                     i.favorite, i.archived, i.trashed, i.people, f.role, f.source, i.id
                 FROM files f JOIN items i ON i.id = f.item_id WHERE f.state IN ('stored', 'stale') ORDER BY f.path",
            )
            .map_err(catalog_error)?;
        let mut rows = statement.query([]).map_err(catalog_error)?;
        while let Some(row) = rows.next().map_err(catalog_error)? {
            let (item, mut file) = listed(row).map_err(catalog_error)?;
            file.albums = albums.query_map([item], |row| row.get(0)).and_then(Iterator::collect).map_err(catalog_error)?;
            each(file)?;
        }
        Ok(())
    }
}

fn listed(row: &Row<'_>) -> rusqlite::Result<(i64, ListedFile)> {
    let hash: Option<Vec<u8>> = row.get(1)?;
    Ok((
        row.get(16)?,
        ListedFile {
            path: row.get(0)?,
            hash: hash.and_then(|bytes| bytes.try_into().ok()),
            size: row.get::<_, Option<u64>>(2)?.unwrap_or(0),
            title: row.get(3)?,
            taken: taken_from(row, 4)?,
            latitude: row.get(7)?,
            longitude: row.get(8)?,
            description: row.get(9)?,
            favorite: row.get(10)?,
            archived: row.get(11)?,
            trashed: row.get(12)?,
            people: row.get(13)?,
            albums: Vec::new(),
            role: row.get(14)?,
            source: row.get(15)?,
        },
    ))
}
