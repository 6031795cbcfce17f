//! Albums of Takeout: folders without an id, and only a part of their items in an increment.
//!
//! Inside one export the folder is the album. From one export to the next an album is known by its title, and where
//! several have the same one, by the items they share; what cannot be told becomes an album of its own. Members are only
//! ever added, and stand in the order in which they were taken (format notes, 4 and 6.3).
//!
//! An album that the API shows as well is one with it (`one_album`): then title and order are the API's, and what Takeout
//! adds stands behind.

mod one_album;

use std::collections::HashSet;

use photokeep_model::{ItemId, Result, SourceKind};
use rusqlite::{OptionalExtension, params};

use super::{AlbumSighting, Catalog, catalog_error};

/// An album as an export shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportAlbum {
    /// Its folder below the photos folder.
    pub folder: String,
    /// Its title; `None` when it has none.
    pub title: Option<String>,
    /// Whether the title is only the folder's name, because its album file is missing.
    pub provisional: bool,
    /// Whether several folders of the export have this title.
    pub same_title: bool,
    /// Whether others see it.
    pub shared: bool,
    /// Its items in this export.
    pub items: Vec<ItemId>,
}

impl Catalog {
    /// Takes an album of an export; true when it is new. Call inside a transaction.
    pub fn sight_export_album(&self, export: i64, album: &ExportAlbum) -> Result<bool> {
        let known = match self.album_of_folder(export, &album.folder)? {
            Some(id) => Some(id),
            None => self.album_like(export, album)?,
        };
        if let Some(id) = known
            && self.is_led_by_another(id)?
        {
            self.connection.execute("INSERT OR IGNORE INTO temp.seen_albums VALUES (?1)", [id]).map_err(catalog_error)?;
            self.map_folder(export, &album.folder, id)?;
            self.join_behind(id, &album.items)?;
            return Ok(false);
        }
        if known.is_none() && album.items.is_empty() && self.is_shown_by_the_api(album.title.as_deref())? {
            return Ok(false);
        }
        let (key, title) = match known {
            Some(id) => {
                let (key, title): (String, Option<String>) = self
                    .connection
                    .query_row("SELECT key, title FROM albums WHERE id = ?1", [id], |row| Ok((row.get(0)?, row.get(1)?)))
                    .map_err(catalog_error)?;
                (key, if album.provisional { title } else { album.title.clone() })
            }
            None => (self.new_album_key(album.title.as_deref().unwrap_or_default())?, album.title.clone()),
        };
        let sighting = AlbumSighting { key, title, own: true, shared: album.shared, product_url: None };
        let (id, new) = self.sight_album(SourceKind::Takeout, &sighting)?;
        self.map_folder(export, &album.folder, id)?;
        self.join_album(id, &album.items)?;
        Ok(new)
    }

    fn map_folder(&self, export: i64, folder: &str, album: i64) -> Result<()> {
        self.connection
            .execute("INSERT OR REPLACE INTO album_folders VALUES (?1, ?2, ?3)", params![export, folder, album])
            .map_err(catalog_error)?;
        Ok(())
    }

    fn album_of_folder(&self, export: i64, folder: &str) -> Result<Option<i64>> {
        self.connection
            .query_row(
                "SELECT album_id FROM album_folders WHERE export_id = ?1 AND folder = ?2",
                params![export, folder],
                |row| row.get(0),
            )
            .optional()
            .map_err(catalog_error)
    }

    /// The album of an earlier export that this one continues.
    fn album_like(&self, export: i64, album: &ExportAlbum) -> Result<Option<i64>> {
        let candidates: Vec<i64> = self
            .connection
            .prepare_cached(
                "SELECT id FROM albums WHERE (source = 'takeout' OR id IN (SELECT album_id FROM album_folders)) AND title IS ?1
                     AND gone_run IS NULL AND id NOT IN (SELECT album_id FROM album_folders WHERE export_id = ?2) ORDER BY id",
            )
            .and_then(|mut statement| statement.query_map(params![album.title, export], |row| row.get(0))?.collect())
            .map_err(catalog_error)?;
        if candidates.is_empty() && album.provisional {
            return self.album_in_folder(export, &album.folder);
        }
        if album.title.is_some()
            && !album.same_title
            && let [only] = candidates[..]
        {
            return Ok(Some(only));
        }
        let mut shared: Vec<(u64, i64)> = Vec::new();
        for candidate in candidates {
            shared.push((self.shared_with(candidate, &album.items)?, candidate));
        }
        shared.sort_unstable();
        Ok(match shared[..] {
            [.., (second, _), (first, id)] if first > second => Some(id),
            [(first, id)] if first > 0 => Some(id),
            _ => None,
        })
    }

    /// The one titled album that lay in a folder of this name in earlier exports: a folder's name is cut and lacks what file names
    /// may not have, so that without its album file it is not the title.
    fn album_in_folder(&self, export: i64, folder: &str) -> Result<Option<i64>> {
        let candidates: Vec<i64> = self
            .connection
            .prepare_cached(
                "SELECT DISTINCT a.id FROM album_folders f JOIN albums a ON a.id = f.album_id
                 WHERE f.folder = ?1 AND f.export_id <> ?2 AND a.title IS NOT NULL AND a.gone_run IS NULL
                     AND a.id NOT IN (SELECT album_id FROM album_folders WHERE export_id = ?2)",
            )
            .and_then(|mut statement| statement.query_map(params![folder, export], |row| row.get(0))?.collect())
            .map_err(catalog_error)?;
        Ok(match candidates[..] {
            [only] => Some(only),
            _ => None,
        })
    }

    fn shared_with(&self, album: i64, items: &[ItemId]) -> Result<u64> {
        let mut count = 0;
        let mut statement = self
            .connection
            .prepare_cached("SELECT 1 FROM album_items WHERE item_id = ?1 AND album_id = ?2")
            .map_err(catalog_error)?;
        for item in items {
            count += u64::from(statement.exists(params![item.0, album]).map_err(catalog_error)?);
        }
        Ok(count)
    }

    /// A key that no album has: the title and a number of its own.
    fn new_album_key(&self, title: &str) -> Result<String> {
        let mut number = 1u32;
        loop {
            let key = format!("{title}\u{1f}{number}");
            let taken = self
                .connection
                .prepare_cached("SELECT 1 FROM albums WHERE source = 'takeout' AND key = ?1")
                .and_then(|mut statement| statement.exists([&key]))
                .map_err(catalog_error)?;
            if !taken {
                return Ok(key);
            }
            number += 1;
        }
    }

    /// Orders albums of Takeout anew that hold something of which this run stored the file: the file may have told the date.
    /// Call inside a transaction.
    pub fn order_albums_of(&self, run: i64) -> Result<()> {
        let albums: Vec<i64> = self
            .connection
            .prepare_cached(
                "SELECT DISTINCT m.album_id FROM run_entries e JOIN album_items m ON m.item_id = e.item_id JOIN albums a ON a.id = m.album_id
                 WHERE e.run_id = ?1 AND e.what IN ('added', 'restored', 'same-photo') AND a.source = 'takeout' AND a.gone_run IS NULL",
            )
            .and_then(|mut statement| statement.query_map([run], |row| row.get(0))?.collect())
            .map_err(catalog_error)?;
        for album in albums {
            let ordered = self.by_time_taken(self.album_item_ids(album)?)?;
            self.write_album_items(album, &ordered)?;
        }
        Ok(())
    }

    /// Adds members; all of them stand in the order in which they were taken.
    fn join_album(&self, album: i64, items: &[ItemId]) -> Result<()> {
        let mut all = self.album_item_ids(album)?;
        all.extend(items.iter().map(|item| item.0));
        let ordered = self.by_time_taken(all)?;
        self.write_album_items(album, &ordered).map(|_| ())
    }

    /// Adds members behind those that are there, in the order in which they were taken.
    fn join_behind(&self, album: i64, items: &[ItemId]) -> Result<()> {
        let mut all = self.album_item_ids(album)?;
        let there: HashSet<i64> = all.iter().copied().collect();
        let new = items.iter().map(|item| item.0).filter(|item| !there.contains(item)).collect();
        all.extend(self.by_time_taken(new)?.iter().map(|item| item.0));
        let all: Vec<ItemId> = all.into_iter().map(ItemId).collect();
        self.write_album_items(album, &all).map(|_| ())
    }

    /// Each item once, in the order in which they were taken; those without a date last.
    fn by_time_taken(&self, mut all: Vec<i64>) -> Result<Vec<ItemId>> {
        all.sort_unstable();
        all.dedup();
        let mut ordered = Vec::with_capacity(all.len());
        let mut statement = self
            .connection
            .prepare_cached("SELECT taken_seconds IS NULL, taken_seconds, taken_nanos, title FROM items WHERE id = ?1")
            .map_err(catalog_error)?;
        for item in all {
            type Taken = (bool, Option<i64>, Option<i64>, String);
            let taken: Option<Taken> = statement
                .query_row([item], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
                .optional()
                .map_err(catalog_error)?;
            if let Some(taken) = taken {
                ordered.push((taken, item));
            }
        }
        ordered.sort();
        Ok(ordered.into_iter().map(|(_, item)| ItemId(item)).collect())
    }
}
