//! Albums, what is in them, and the links on disk that Photokeep made for them.

use std::collections::HashSet;

use photokeep_model::{CaptureTime, ItemId, LinkKind, Result, SourceKind};
use rusqlite::{OptionalExtension, params};

use super::{Catalog, catalog_error, taken_from};

/// One album as a source names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlbumSighting {
    /// The source's own key.
    pub key: String,
    /// Title; may be absent, repeated or hostile.
    pub title: Option<String>,
    /// Among the user's own albums.
    pub own: bool,
    /// Among the shared albums.
    pub shared: bool,
    /// Web address.
    pub product_url: Option<String>,
}

/// A known album that a listing did not name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnseenAlbum {
    /// Its number.
    pub id: i64,
    /// The source's own key.
    pub key: String,
    /// Among the user's own albums.
    pub own: bool,
}

/// An album as the catalog has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlbumRow {
    /// Its number.
    pub id: i64,
    /// Title.
    pub title: Option<String>,
    /// Among the user's own albums.
    pub own: bool,
    /// Among the shared albums.
    pub shared: bool,
    /// The part of the folder that is kept for life: where albums lie, year and date.
    pub date_folder: Option<String>,
    /// Folder below the library, once it has one.
    pub folder: Option<String>,
    /// No longer at the source.
    pub gone: bool,
}

/// An entry in an album folder that Photokeep made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRow {
    /// Its number.
    pub id: i64,
    /// Its item.
    pub item: ItemId,
    /// Path below the library.
    pub path: String,
    /// Kind of link.
    pub kind: LinkKind,
    /// Path of the file below the library.
    pub target: String,
    /// Whether it is known to be on the disk.
    pub made: bool,
    /// Bytes, for links that are files of their own.
    pub size: Option<u64>,
    /// Modification time, for links that are files of their own.
    pub mtime: Option<(i64, u32)>,
}

/// What an album should show: the stored file of each item, in album order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlbumMember {
    /// Place in the album, from 0; items that are not stored leave gaps, those that are listed twice do not.
    pub position: u32,
    /// The item.
    pub item: ItemId,
    /// Its file's path below the library.
    pub path: String,
    /// When it was taken.
    pub taken: Option<CaptureTime>,
}

impl Catalog {
    /// Takes an album of a listing. Returns its number and whether it is new.
    pub fn sight_album(&self, source: SourceKind, album: &AlbumSighting) -> Result<(i64, bool)> {
        let known: Option<(i64, bool, bool)> = self
            .connection
            .prepare_cached("SELECT id, own, EXISTS (SELECT 1 FROM temp.seen_albums WHERE album_id = id) FROM albums WHERE source = ?1 AND key = ?2")
            .and_then(|mut statement| {
                statement.query_row(params![source.as_str(), album.key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()
            })
            .map_err(catalog_error)?;
        let known = match known {
            None => self.adopted_album_takes_key(source, album)?.map(|id| (id, album.own, false)),
            known => known,
        };
        let (id, new) = match known {
            Some((id, own, seen)) => {
                // An album in both lists is the user's own, on every run (`predecessors.md` 1.12 tells of the other way).
                let own = if seen { own || album.own } else { album.own };
                self.connection
                    .prepare_cached(
                        "UPDATE albums SET title = ?2, own = ?3, shared = ?4, product_url = ?5, gone_run = NULL, adopted = 0 WHERE id = ?1
                         AND (title IS NOT ?2 OR own <> ?3 OR shared <> ?4 OR product_url IS NOT ?5 OR gone_run IS NOT NULL OR adopted <> 0)",
                    )
                    .and_then(|mut statement| statement.execute(params![id, album.title, own, album.shared, album.product_url]))
                    .map_err(catalog_error)?;
                (id, false)
            }
            None => {
                self.connection
                    .execute(
                        "INSERT INTO albums (source, key, title, own, shared, product_url) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                        params![source.as_str(), album.key, album.title, album.own, album.shared, album.product_url],
                    )
                    .map_err(catalog_error)?;
                (self.connection.last_insert_rowid(), true)
            }
        };
        self.connection.execute("INSERT OR IGNORE INTO temp.seen_albums VALUES (?1)", [id]).map_err(catalog_error)?;
        Ok((id, new))
    }

    /// Replaces what is in an album by a listing that went to its end; what Takeout has in it as well stays, behind. Returns
    /// whether anything changed.
    pub fn set_album_items(&self, album: i64, items: &[ItemId]) -> Result<bool> {
        let mut all = items.to_vec();
        all.extend(self.members_by_takeout(album, items)?);
        self.write_album_items(album, &all)
    }

    /// Adds what a listing that did not come to its end showed; members it did not show stay, behind.
    pub fn add_album_items(&self, album: i64, items: &[ItemId]) -> Result<bool> {
        let mut all = items.to_vec();
        let listed: HashSet<i64> = items.iter().map(|item| item.0).collect();
        all.extend(self.album_item_ids(album)?.into_iter().filter(|item| !listed.contains(item)).map(ItemId));
        self.write_album_items(album, &all)
    }

    /// The members of an album in its order.
    pub(super) fn album_item_ids(&self, album: i64) -> Result<Vec<i64>> {
        self.connection
            .prepare_cached("SELECT item_id FROM album_items WHERE album_id = ?1 ORDER BY position")
            .and_then(|mut statement| statement.query_map([album], |row| row.get(0))?.collect())
            .map_err(catalog_error)
    }

    /// These are the members from now on. Returns whether anything changed.
    pub(super) fn write_album_items(&self, album: i64, items: &[ItemId]) -> Result<bool> {
        let current = self.album_item_ids(album)?;
        if current.len() == items.len() && current.iter().zip(items).all(|(old, new)| *old == new.0) {
            return Ok(false);
        }
        self.connection.execute("DELETE FROM album_items WHERE album_id = ?1", [album]).map_err(catalog_error)?;
        for (position, item) in items.iter().enumerate() {
            self.connection
                .prepare_cached("INSERT INTO album_items (album_id, position, item_id) VALUES (?1, ?2, ?3)")
                .and_then(|mut statement| statement.execute(params![album, position, item.0]))
                .map_err(catalog_error)?;
        }
        Ok(true)
    }

    /// Known albums of the source that are neither seen in this run nor already known to be gone.
    pub fn unseen_albums(&self, source: SourceKind) -> Result<Vec<UnseenAlbum>> {
        self.connection
            .prepare_cached(
                "SELECT id, key, own FROM albums WHERE source = ?1 AND gone_run IS NULL AND adopted = 0 AND id NOT IN (SELECT album_id FROM temp.seen_albums) ORDER BY id",
            )
            .and_then(|mut statement| {
                let unseen = |row: &rusqlite::Row<'_>| Ok(UnseenAlbum { id: row.get(0)?, key: row.get(1)?, own: row.get(2)? });
                statement.query_map([source.as_str()], unseen)?.collect()
            })
            .map_err(catalog_error)
    }

    /// Records that the source, asked by key, no longer has these albums.
    pub fn mark_albums_gone(&self, albums: &[i64], run: i64) -> Result<()> {
        for album in albums {
            self.connection
                .prepare_cached("UPDATE albums SET gone_run = ?2 WHERE id = ?1")
                .and_then(|mut statement| statement.execute(params![album, run]))
                .map_err(catalog_error)?;
        }
        Ok(())
    }

    /// Albums seen in this run.
    pub fn seen_albums(&self) -> Result<u64> {
        self.connection.query_row("SELECT count(*) FROM temp.seen_albums", [], |row| row.get(0)).map_err(catalog_error)
    }

    /// Every album, oldest number first.
    pub fn albums(&self) -> Result<Vec<AlbumRow>> {
        self.connection
            .prepare_cached("SELECT id, title, own, shared, date_folder, folder, gone_run IS NOT NULL FROM albums ORDER BY id")
            .and_then(|mut statement| {
                statement
                    .query_map([], |row| {
                        Ok(AlbumRow {
                            id: row.get(0)?,
                            title: row.get(1)?,
                            own: row.get(2)?,
                            shared: row.get(3)?,
                            date_folder: row.get(4)?,
                            folder: row.get(5)?,
                            gone: row.get(6)?,
                        })
                    })?
                    .collect()
            })
            .map_err(catalog_error)
    }

    /// What an album shows: items whose file is stored and that the user did not remove; each item once.
    pub fn album_members(&self, album: i64) -> Result<Vec<AlbumMember>> {
        self.connection
            .prepare_cached(
                "WITH places AS (SELECT item_id, row_number() OVER (ORDER BY min(position)) - 1 AS place
                     FROM album_items WHERE album_id = ?1 GROUP BY item_id)
                 SELECT a.place, a.item_id, f.path, i.taken_seconds, i.taken_nanos, i.taken_offset
                 FROM places a JOIN items i ON i.id = a.item_id
                     JOIN files f ON f.id = (SELECT c.id FROM files c WHERE c.item_id = i.id AND c.state IN ('stored', 'stale', 'damaged')
                         ORDER BY CASE c.role WHEN 'original' THEN 0 WHEN 'rendition' THEN 1 WHEN 'edited' THEN 2 ELSE 3 END, c.id LIMIT 1)
                 WHERE i.removed_at IS NULL ORDER BY 1",
            )
            .and_then(|mut statement| {
                statement
                    .query_map([album], |row| {
                        Ok(AlbumMember { position: row.get(0)?, item: ItemId(row.get(1)?), path: row.get(2)?, taken: taken_from(row, 3)? })
                    })?
                    .collect()
            })
            .map_err(catalog_error)
    }

    /// The date of an album: of its latest item, or of its `first`, stored or not.
    pub fn album_date(&self, album: i64, first: bool) -> Result<Option<CaptureTime>> {
        let order = if first { "ASC" } else { "DESC" };
        self.connection
            .query_row(
                &format!(
                    "SELECT i.taken_seconds, i.taken_nanos, i.taken_offset FROM album_items a JOIN items i ON i.id = a.item_id
                     WHERE a.album_id = ?1 AND i.taken_seconds IS NOT NULL ORDER BY i.taken_seconds {order}, i.taken_nanos {order} LIMIT 1"
                ),
                [album],
                |row| taken_from(row, 0),
            )
            .optional()
            .map(Option::flatten)
            .map_err(catalog_error)
    }

    /// How many places an album has, stored items or not.
    pub fn album_length(&self, album: i64) -> Result<u32> {
        self.connection
            .query_row("SELECT count(DISTINCT item_id) FROM album_items WHERE album_id = ?1", [album], |row| row.get(0))
            .map_err(catalog_error)
    }

    /// Whether an album folder is taken by another album.
    pub fn folder_taken(&self, folder_key: &str, by_other_than: i64) -> Result<bool> {
        self.connection
            .prepare_cached("SELECT 1 FROM albums WHERE folder_key = ?1 AND id <> ?2")
            .and_then(|mut statement| statement.exists(params![folder_key, by_other_than]))
            .map_err(catalog_error)
    }

    /// Gives an album its folder, or takes it away.
    pub fn set_album_folder(&self, album: i64, date_folder: Option<&str>, folder: Option<(&str, &str)>) -> Result<()> {
        self.connection
            .execute(
                "UPDATE albums SET date_folder = coalesce(?2, date_folder), folder = ?3, folder_key = ?4 WHERE id = ?1",
                params![album, date_folder, folder.map(|(path, _)| path), folder.map(|(_, key)| key)],
            )
            .map_err(catalog_error)?;
        Ok(())
    }

    /// Links made for an album.
    pub fn links(&self, album: i64) -> Result<Vec<LinkRow>> {
        self.connection
            .prepare_cached("SELECT id, item_id, path, kind, target, made, size, mtime_seconds, mtime_nanos FROM links WHERE album_id = ?1 ORDER BY path")
            .and_then(|mut statement| {
                statement
                    .query_map([album], |row| {
                        let seconds: Option<i64> = row.get(7)?;
                        let nanos: Option<u32> = row.get(8)?;
                        Ok(LinkRow {
                            id: row.get(0)?,
                            item: ItemId(row.get(1)?),
                            path: row.get(2)?,
                            kind: match row.get::<_, String>(3)?.as_str() {
                                "hardlink" => LinkKind::Hardlink,
                                "copy" => LinkKind::Copy,
                                "shortcut" => LinkKind::Shortcut,
                                _ => LinkKind::Symlink,
                            },
                            target: row.get(4)?,
                            made: row.get(5)?,
                            size: row.get(6)?,
                            mtime: seconds.map(|seconds| (seconds, nanos.unwrap_or(0))),
                        })
                    })?
                    .collect()
            })
            .map_err(catalog_error)
    }

    /// Announces a link that is about to be made. Fails when its name is taken by another link.
    pub fn announce_link(
        &self,
        album: i64,
        item: ItemId,
        path: &str,
        collision_key: &str,
        kind: LinkKind,
        target: &str,
    ) -> Result<i64> {
        self.connection
            .prepare_cached("INSERT INTO links (album_id, item_id, path, collision_key, kind, target, made) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)")
            .and_then(|mut statement| statement.execute(params![album, item.0, path, collision_key, kind.as_str(), target]))
            .map_err(catalog_error)?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Says that a link is on the disk, and how it can be recognised later.
    pub fn mark_link_made(&self, link: i64, size: Option<u64>, mtime: Option<(i64, u32)>) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE links SET made = 1, size = ?2, mtime_seconds = ?3, mtime_nanos = ?4 WHERE id = ?1")
            .and_then(|mut statement| statement.execute(params![link, size, mtime.map(|m| m.0), mtime.map(|m| m.1)]))
            .map_err(catalog_error)?;
        Ok(())
    }

    /// Forgets a link.
    pub fn drop_link(&self, link: i64) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM links WHERE id = ?1")
            .and_then(|mut statement| statement.execute([link]))
            .map_err(catalog_error)?;
        Ok(())
    }
}
