//! Files as a window shows them: one for the media addresses, and all of them, page by page, for whoever makes thumbnails.
//!
//! Only files that are on the disk as far as the catalog knows: what is wanted, missing or in the trash has no address.

use photokeep_model::{ItemId, Result};
use rusqlite::{OptionalExtension, Params, Row, params};

use super::{Catalog, FileState, catalog_error};

/// A file that can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileShown {
    /// Its number.
    pub file: i64,
    /// Its item.
    pub item: ItemId,
    /// Path below the library.
    pub path: String,
    /// Type by content.
    pub mime_type: Option<String>,
    /// Bytes, as stored.
    pub size: u64,
    /// BLAKE3 of the bytes, as stored.
    pub hash: Option<[u8; 32]>,
    /// Stored, stale or damaged.
    pub state: FileState,
}

/// Where a walk over all pictures stands. It stays good when items come and go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureCursor {
    taken: Option<i64>,
    item: i64,
}

/// A page of a walk over all pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PicturePage {
    /// The file shown for each item, newest taken first, undated last.
    pub files: Vec<FileShown>,
    /// Where to go on; `None` at the end.
    pub next: Option<PictureCursor>,
}

const COLUMNS: &str = "f.id, f.item_id, f.path, f.mime_type, f.size, f.hash, f.state";

fn file_shown(row: &Row<'_>) -> rusqlite::Result<FileShown> {
    Ok(FileShown {
        file: row.get(0)?,
        item: ItemId(row.get(1)?),
        path: row.get(2)?,
        mime_type: row.get(3)?,
        size: row.get::<_, Option<u64>>(4)?.unwrap_or(0),
        hash: row.get::<_, Option<Vec<u8>>>(5)?.and_then(|hash| hash.try_into().ok()),
        state: FileState::from_word(&row.get::<_, String>(6)?),
    })
}

impl Catalog {
    /// A file that is on the disk, for showing its bytes; `None` for every other number.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn file_shown(&self, file: i64) -> Result<Option<FileShown>> {
        self.connection
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM files f WHERE f.id = ?1 AND f.state IN ('stored', 'stale', 'damaged') AND f.path IS NOT NULL"
            ))
            .and_then(|mut statement| statement.query_row([file], file_shown).optional())
            .map_err(catalog_error)
    }

    /// The next page of the files that are shown, after `after`, in the timeline's order. Memory stays flat.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn pictures_page(&self, after: Option<PictureCursor>, limit: u32) -> Result<PicturePage> {
        let limit = limit.max(1) as usize;
        let mut page = PicturePage { files: Vec::new(), next: None };
        match after {
            None => {
                self.add_pictures("s.taken IS NOT NULL ORDER BY s.taken DESC, s.item_id LIMIT ?1", params![limit], &mut page)?
            }
            Some(PictureCursor { taken, item }) => {
                // First those of the same second (or without any), then what is older: both are one walk along the index.
                let same = "s.taken IS ?1 AND s.item_id > ?2 ORDER BY s.item_id LIMIT ?3";
                self.add_pictures(same, params![taken, item, limit], &mut page)?;
                let left = limit - page.files.len();
                if left > 0 && taken.is_some() {
                    let older = "s.taken < ?1 ORDER BY s.taken DESC, s.item_id LIMIT ?2";
                    self.add_pictures(older, params![taken, left], &mut page)?;
                }
            }
        }
        let left = limit - page.files.len();
        if left > 0 && after.is_none_or(|cursor| cursor.taken.is_some()) {
            self.add_pictures("s.taken IS NULL ORDER BY s.item_id LIMIT ?1", params![left], &mut page)?;
        }
        if page.files.len() < limit {
            page.next = None;
        }
        Ok(page)
    }

    /// Adds files to a page, and where the last of them stands.
    fn add_pictures(&self, which: &str, parameters: impl Params, page: &mut PicturePage) -> Result<()> {
        let read = |page: &mut PicturePage| -> rusqlite::Result<()> {
            let mut statement = self.connection.prepare_cached(&format!(
                "SELECT {COLUMNS}, s.taken FROM shown s CROSS JOIN files f ON f.id = s.file_id AND f.path IS NOT NULL WHERE {which}"
            ))?;
            let mut rows = statement.query(parameters)?;
            while let Some(row) = rows.next()? {
                let file = file_shown(row)?;
                page.next = Some(PictureCursor { taken: row.get(7)?, item: file.item.0 });
                page.files.push(file);
            }
            Ok(())
        };
        read(page).map_err(|error| self.browsing_error(error))
    }
}
