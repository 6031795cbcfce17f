//! What a library has, as another place is compared with it.

use photokeep_model::Result;

use super::{Catalog, catalog_error};

/// A file that is kept, or an item of which none is.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptRow {
    /// Number of the item.
    pub item: i64,
    /// Number of the file; `None` for an item of which no file is kept: it is known by what a source said of it.
    pub file: Option<i64>,
    /// Path of the file below the library.
    pub path: Option<String>,
    /// The name at the source.
    pub title: String,
    /// Bytes.
    pub size: Option<u64>,
    /// BLAKE3 of the bytes, from when they were stored.
    pub hash: Option<[u8; 32]>,
    /// When the file was last written as far as the catalog knows: seconds since 1970, and nanoseconds.
    pub modified: Option<(i64, u32)>,
    /// Media type: the file's by content, else the source's word.
    pub mime_type: Option<String>,
    /// `original`, `edited`, `motion` or `rendition`.
    pub role: Option<String>,
    /// Whether it is a video.
    pub is_video: bool,
    /// When it was taken: seconds since 1970.
    pub taken: Option<i64>,
    /// Seconds east of UTC of the clock where it was taken.
    pub taken_offset: Option<i32>,
    /// Pixels across, as the source or the file told them.
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
    /// Whether Google shows it: a sync can fetch it again.
    pub is_at_google: bool,
    /// Maker of the camera, as the source or the file told it.
    pub camera_make: Option<String>,
    /// Its model.
    pub camera_model: Option<String>,
}

impl Catalog {
    /// Hands out every file that is kept, and every item of which none is and that the person did not remove. None is held in
    /// memory longer than `each` takes.
    ///
    /// # Errors
    /// When the catalog cannot be read, and those of `each`.
    pub fn for_each_kept(&self, mut each: impl FnMut(KeptRow) -> Result<()>) -> Result<()> {
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT i.id, f.id, f.path, i.title, f.size, f.hash, f.mtime_seconds, f.mtime_nanos, coalesce(f.mime_type, i.mime_type), f.role,
                     i.kind = 'video', i.taken_seconds, i.taken_offset, i.width, i.height,
                     EXISTS (SELECT 1 FROM sightings s WHERE s.item_id = i.id AND s.source = 'library-api'), i.camera_make, i.camera_model
                 FROM items i LEFT JOIN files f ON f.item_id = i.id AND f.state = 'stored' WHERE i.removed_at IS NULL
                     AND (f.id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM files w WHERE w.item_id = i.id AND w.source = 'folder' AND w.state = 'wanted'))
                 ORDER BY i.id",
            )
            .map_err(catalog_error)?;
        let mut rows = statement.query([]).map_err(catalog_error)?;
        while let Some(row) = rows.next().map_err(catalog_error)? {
            let read = || -> rusqlite::Result<KeptRow> {
                let seconds: Option<i64> = row.get(6)?;
                let nanos: Option<u32> = row.get(7)?;
                Ok(KeptRow {
                    item: row.get(0)?,
                    file: row.get(1)?,
                    path: row.get(2)?,
                    title: row.get(3)?,
                    size: row.get(4)?,
                    hash: row.get::<_, Option<Vec<u8>>>(5)?.and_then(|hash| hash.try_into().ok()),
                    modified: seconds.zip(nanos),
                    mime_type: row.get(8)?,
                    role: row.get(9)?,
                    is_video: row.get(10)?,
                    taken: row.get(11)?,
                    taken_offset: row.get(12)?,
                    width: row.get(13)?,
                    height: row.get(14)?,
                    is_at_google: row.get(15)?,
                    camera_make: row.get(16)?,
                    camera_model: row.get(17)?,
                })
            };
            each(read().map_err(catalog_error)?)?;
        }
        Ok(())
    }
}
