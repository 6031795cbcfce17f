//! What was uploaded to Google Photos, by the hash of its bytes: it is not uploaded again, and when a sync lists it, it is known to
//! be the photo whose original lies here.

use photokeep_model::{ItemId, Result, SourceKind};
use rusqlite::{OptionalExtension, Row, params};

use super::{Catalog, Sighting, catalog_error};

/// A file that is an item at Google now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadRow {
    /// Of its bytes (BLAKE3).
    pub hash: [u8; 32],
    /// Google's key of the item.
    pub item_key: String,
    /// Whether Google showed it afterwards.
    pub verified: bool,
}

/// Where an uploaded file was read.
#[derive(Debug, Clone, Copy)]
pub struct UploadedFrom<'a> {
    /// Key of its path.
    pub place: &'a str,
    /// Length in bytes.
    pub size: u64,
    /// When it was last changed, in nanoseconds since 1970.
    pub modified: Option<i64>,
}

impl Catalog {
    /// What became of these bytes, if they were uploaded.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn upload_of(&self, hash: &[u8; 32]) -> Result<Option<UploadRow>> {
        self.connection
            .prepare_cached("SELECT hash, item_key, verified FROM uploads WHERE hash = ?1")
            .and_then(|mut statement| statement.query_row([hash], upload_row).optional())
            .map_err(catalog_error)
    }

    /// What became of the file at a place, if it was uploaded and has not changed since.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn uploaded_from(&self, from: UploadedFrom<'_>) -> Result<Option<UploadRow>> {
        self.connection
            .prepare_cached(
                "SELECT hash, item_key, verified FROM uploads WHERE place = ?1 AND size = ?2 AND modified IS NOT NULL AND modified = ?3 LIMIT 1",
            )
            .and_then(|mut statement| {
                statement.query_row(params![from.place, from.size, from.modified], upload_row).optional()
            })
            .map_err(catalog_error)
    }

    /// These bytes are an item at Google now.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn note_upload(&self, run: i64, hash: &[u8; 32], from: UploadedFrom<'_>, title: &str, item_key: &str) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO uploads (hash, size, title, place, modified, item_key, run_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )
            .and_then(|mut statement| {
                statement.execute(params![hash, from.size, title, from.place, from.modified, item_key, run])
            })
            .map(drop)
            .map_err(catalog_error)
    }

    /// Google showed it.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn upload_verified(&self, hash: &[u8; 32]) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE uploads SET verified = 1 WHERE hash = ?1")
            .and_then(|mut statement| statement.execute([hash]))
            .map(drop)
            .map_err(catalog_error)
    }

    /// Google has the item no more: the bytes can be uploaded again.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn upload_gone(&self, hash: &[u8; 32]) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM uploads WHERE hash = ?1")
            .and_then(|mut statement| statement.execute([hash]))
            .map(drop)
            .map_err(catalog_error)
    }

    /// Hands out what was uploaded and is shown by Google since: hash and size of the bytes that were sent, and the item that they are.
    ///
    /// # Errors
    /// When the catalog cannot be read, and those of `each`.
    pub fn for_each_shown_upload(&self, mut each: impl FnMut([u8; 32], u64, i64) -> Result<()>) -> Result<()> {
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT u.hash, u.size, s.item_id FROM uploads u JOIN sightings s ON s.source = 'library-api' AND s.key = u.item_key
                     JOIN items i ON i.id = s.item_id
                 WHERE i.removed_at IS NULL ORDER BY u.hash",
            )
            .map_err(catalog_error)?;
        let mut rows = statement.query([]).map_err(catalog_error)?;
        while let Some(row) = rows.next().map_err(catalog_error)? {
            let read = || Ok((row.get(0)?, row.get(1)?, row.get(2)?));
            let (hash, size, item) = read().map_err(catalog_error)?;
            each(hash, size, item)?;
        }
        Ok(())
    }

    /// The item whose original lies here and of which a source shows a rendition.
    pub(super) fn kept_original_of(&self, source: SourceKind, sighting: &Sighting) -> Result<Option<ItemId>> {
        let uploaded: Option<i64> = self
            .connection
            .prepare_cached(
                "SELECT f.item_id FROM uploads u JOIN files f ON f.hash = u.hash JOIN items i ON i.id = f.item_id
                 WHERE u.item_key = ?1 AND f.role = 'original' AND f.state IN ('stored', 'missing', 'damaged', 'stale')
                     AND i.removed_at IS NULL LIMIT 1",
            )
            .and_then(|mut statement| statement.query_row([&sighting.key], |row| row.get(0)).optional())
            .map_err(catalog_error)?;
        match uploaded {
            Some(item) => Ok(Some(ItemId(item))),
            None => self.original_of(source, &sighting.metadata),
        }
    }

    /// The rendition of a photo that was uploaded from these bytes.
    pub(super) fn rendition_of_uploaded(&self, hash: &[u8; 32]) -> Result<Option<i64>> {
        self.connection
            .prepare_cached(
                "SELECT f.id FROM uploads u JOIN sightings s ON s.source = 'library-api' AND s.key = u.item_key
                     JOIN files f ON f.item_id = s.item_id JOIN items i ON i.id = f.item_id
                 WHERE u.hash = ?1 AND f.role = 'rendition' AND f.state NOT IN ('placing', 'trashed') AND i.removed_at IS NULL LIMIT 1",
            )
            .and_then(|mut statement| statement.query_row([hash], |row| row.get(0)).optional())
            .map_err(catalog_error)
    }
}

fn upload_row(row: &Row<'_>) -> rusqlite::Result<UploadRow> {
    Ok(UploadRow { hash: row.get(0)?, item_key: row.get(1)?, verified: row.get(2)? })
}
