//! Everything that is known about one item, for the view of a single photo.

use photokeep_model::{CaptureTime, FileRole, ItemId, MediaKind, Result};
use rusqlite::{OptionalExtension, Row};

use super::{Catalog, FileState, catalog_error, taken_from};

/// An item with its albums and files.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemShown {
    /// Its number.
    pub id: ItemId,
    /// Title at the source; any text, of any length.
    pub title: String,
    /// Photo or video.
    pub kind: MediaKind,
    /// When it was taken.
    pub taken: Option<CaptureTime>,
    /// The user's text; any text, of any length.
    pub description: Option<String>,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
    /// Camera maker.
    pub camera_make: Option<String>,
    /// Camera model.
    pub camera_model: Option<String>,
    /// Degrees.
    pub latitude: Option<f64>,
    /// Degrees.
    pub longitude: Option<f64>,
    /// Names of people.
    pub people: Vec<String>,
    /// Favourite; `None` when no source told.
    pub favorite: Option<bool>,
    /// Archived; `None` when no source told.
    pub archived: Option<bool>,
    /// Web address at the source.
    pub product_url: Option<String>,
    /// The user removed it here.
    pub removed: bool,
    /// Albums it is in, each once, in the order they were found.
    pub albums: Vec<ItemAlbum>,
    /// Its files, the one that is shown first; without those in the trash.
    pub files: Vec<ItemFile>,
}

/// An album that an item is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemAlbum {
    /// Its number.
    pub id: i64,
    /// Title.
    pub title: Option<String>,
    /// No longer at the source.
    pub gone: bool,
}

/// A file of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemFile {
    /// Its number.
    pub id: i64,
    /// What it is to its item.
    pub role: FileRole,
    /// Where it stands.
    pub state: FileState,
    /// Path below the library; also of a file that is still to come, once its name is decided.
    pub path: Option<String>,
    /// Bytes, once they were here.
    pub size: Option<u64>,
    /// Type by content, once the bytes were here.
    pub mime_type: Option<String>,
}

impl Catalog {
    /// Everything that is known about an item; `None` when there is no such item.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn item_shown(&self, item: ItemId) -> Result<Option<ItemShown>> {
        let Some(mut shown) = self
            .connection
            .prepare_cached(
                "SELECT id, title, kind, taken_seconds, taken_nanos, taken_offset, description, width, height, camera_make, camera_model,
                     latitude, longitude, people, favorite, archived, product_url, removed_at IS NOT NULL FROM items WHERE id = ?1",
            )
            .and_then(|mut statement| statement.query_row([item.0], item_row).optional())
            .map_err(catalog_error)?
        else {
            return Ok(None);
        };
        shown.albums = self
            .connection
            .prepare_cached(
                "SELECT id, title, gone_run IS NOT NULL FROM albums WHERE id IN (SELECT album_id FROM album_items WHERE item_id = ?1) ORDER BY id",
            )
            .and_then(|mut statement| {
                statement
                    .query_map([item.0], |row| Ok(ItemAlbum { id: row.get(0)?, title: row.get(1)?, gone: row.get(2)? }))?
                    .collect()
            })
            .map_err(catalog_error)?;
        shown.files = self
            .connection
            .prepare_cached(
                "SELECT id, role, state, path, size, mime_type FROM files WHERE item_id = ?1 AND state <> 'trashed' ORDER BY
                     CASE state WHEN 'stored' THEN 0 WHEN 'stale' THEN 0 WHEN 'damaged' THEN 1 ELSE 2 END,
                     CASE role WHEN 'edited' THEN 0 WHEN 'original' THEN 1 WHEN 'rendition' THEN 2 ELSE 3 END, id",
            )
            .and_then(|mut statement| statement.query_map([item.0], file_row)?.collect())
            .map_err(catalog_error)?;
        Ok(Some(shown))
    }
}

fn item_row(row: &Row<'_>) -> rusqlite::Result<ItemShown> {
    let people: Option<String> = row.get(13)?;
    Ok(ItemShown {
        id: ItemId(row.get(0)?),
        title: row.get(1)?,
        kind: if row.get::<_, String>(2)? == "video" { MediaKind::Video } else { MediaKind::Photo },
        taken: taken_from(row, 3)?,
        description: row.get(6)?,
        width: row.get(7)?,
        height: row.get(8)?,
        camera_make: row.get(9)?,
        camera_model: row.get(10)?,
        latitude: row.get(11)?,
        longitude: row.get(12)?,
        people: people.and_then(|names| serde_json::from_str(&names).ok()).unwrap_or_default(),
        favorite: row.get(14)?,
        archived: row.get(15)?,
        product_url: row.get(16)?,
        removed: row.get(17)?,
        albums: Vec::new(),
        files: Vec::new(),
    })
}

fn file_row(row: &Row<'_>) -> rusqlite::Result<ItemFile> {
    Ok(ItemFile {
        id: row.get(0)?,
        role: match row.get::<_, String>(1)?.as_str() {
            "original" => FileRole::Original,
            "edited" => FileRole::Edited,
            "motion" => FileRole::Motion,
            _ => FileRole::Rendition,
        },
        state: FileState::from_word(&row.get::<_, String>(2)?),
        path: row.get(3)?,
        size: row.get(4)?,
        mime_type: row.get(5)?,
    })
}
