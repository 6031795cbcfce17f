//! One photo by two routes, and two dates of one photo (design section 6; `takeout-format.md` 5.2).
//!
//! A photo that came by the API or the Picker and now comes by Takeout is recognised by title, instant and pixel size
//! together, and only when exactly one on either side fits: a missed match costs space, a wrong one costs a photo.

use photokeep_model::{CaptureTime, FileRole, ItemId, Metadata, Result, SourceKind};
use rusqlite::{OptionalExtension, params};
use serde::Serialize;

use super::sighted_files::{CERTAIN, LIKELY};
use super::{Catalog, catalog_error, taken_from};

/// The farthest that a local clock can be from UTC.
const CLOCK_RANGE_SECONDS: u64 = 14 * 3600;

/// Local clocks differ from UTC by multiples of this.
const CLOCK_STEP_SECONDS: u64 = 900;

/// Two dates of one photo that do not agree, as the catalog keeps them.
#[derive(Serialize)]
struct DateConflict {
    /// What Google says, in Unix seconds.
    google: i64,
    /// What the file says, in Unix seconds; the camera's clock as if it were UTC, where the file tells no zone.
    file: i64,
    /// Which one holds: `google`, or `file` where Google took the time of the upload.
    holds: &'static str,
}

impl Catalog {
    /// The rendition, got by another route, of the photo whose original this file is.
    pub(crate) fn rendition_of(&self, file: i64, pixels: (u32, u32), hash: Option<&[u8; 32]>) -> Result<Option<i64>> {
        if let Some(hash) = hash
            && let Some(rendition) = self.rendition_of_uploaded(hash)?
        {
            return Ok(Some(rendition));
        }
        let original: Option<(i64, String, i64, String)> = self
            .connection
            .prepare_cached(
                "SELECT i.id, i.title, i.taken_seconds, i.kind FROM files f JOIN items i ON i.id = f.item_id
                 WHERE f.id = ?1 AND f.role = 'original' AND f.source = 'takeout' AND i.taken_seconds IS NOT NULL",
            )
            .and_then(|mut statement| {
                statement.query_row([file], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).optional()
            })
            .map_err(catalog_error)?;
        let Some((item, title, taken, kind)) = original else { return Ok(None) };
        let found: Vec<i64> = self
            .connection
            .prepare_cached(
                "SELECT f.id FROM items i JOIN files f ON f.item_id = i.id
                 WHERE i.title = ?1 AND i.taken_seconds = ?2 AND i.kind = ?3 AND i.id <> ?4 AND i.removed_at IS NULL
                     AND f.role = 'rendition' AND f.source IN ('library-api', 'picker') AND f.state NOT IN ('placing', 'trashed')
                     AND min(i.width, i.height) = ?5 AND max(i.width, i.height) = ?6
                     AND NOT EXISTS (SELECT 1 FROM sightings s WHERE s.item_id = i.id AND s.source = 'takeout') LIMIT 2",
            )
            .and_then(|mut statement| {
                let (short, long) = (pixels.0.min(pixels.1), pixels.0.max(pixels.1));
                statement.query_map(params![title, taken, kind, item, short, long], |row| row.get(0))?.collect()
            })
            .map_err(catalog_error)?;
        let [rendition] = found[..] else { return Ok(None) };
        Ok(if self.like_it(&title, taken, ["takeout"; 2])? == 1 { Some(rendition) } else { None })
    }

    /// How many items of one of these sources have this title and second.
    fn like_it(&self, title: &str, taken: i64, sources: [&str; 2]) -> Result<u64> {
        self.connection
            .prepare_cached(
                "SELECT count(*) FROM items i WHERE i.title = ?1 AND i.taken_seconds = ?2
                     AND EXISTS (SELECT 1 FROM sightings s WHERE s.item_id = i.id AND s.source IN (?3, ?4))",
            )
            .and_then(|mut statement| statement.query_row(params![title, taken, sources[0], sources[1]], |row| row.get(0)))
            .map_err(catalog_error)
    }

    /// The bytes that were to become `file` replace those of a rendition: both items are one from now on, and the rendition's
    /// file, with its name, is the original's. Call inside the transaction that announces the bytes.
    pub(crate) fn replace_rendition(&self, file: i64, rendition: i64) -> Result<()> {
        let items = |id: i64| -> Result<i64> {
            self.connection.query_row("SELECT item_id FROM files WHERE id = ?1", [id], |row| row.get(0)).map_err(catalog_error)
        };
        let (from, into) = (ItemId(items(file)?), ItemId(items(rendition)?));
        let (source, crc32): (String, Option<u32>) = self
            .connection
            .query_row("SELECT source, crc32 FROM files WHERE id = ?1", [file], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(catalog_error)?;
        let said = self.said_by_takeout(from)?;
        self.connection
            .execute("UPDATE entries SET file_id = ?2 WHERE file_id = ?1", [file, rendition])
            .map_err(catalog_error)?;
        self.connection.execute("DELETE FROM files WHERE id = ?1", [file]).map_err(catalog_error)?;
        self.move_mentions(from, into, FileRole::Original.as_str())?;
        self.connection
            .execute(
                "UPDATE files SET role = 'original', source = ?3, crc32 = ?2,
                     state = CASE WHEN state IN ('stored', 'damaged') THEN 'stale' ELSE state END WHERE id = ?1",
                params![rendition, crc32, source],
            )
            .map_err(catalog_error)?;
        if let Some(metadata) = said {
            self.enrich(into, &metadata)?;
        }
        Ok(())
    }

    /// An item whose original was stored before its sidecar told title and instant: if another source gave a rendition of it
    /// meanwhile, both are one item now, and the one that stays is returned. Both files stay where they are, because nothing of
    /// a listing moves files.
    pub(super) fn joined_to_its_rendition(&self, item: ItemId) -> Result<ItemId> {
        let stored: Option<(i64, u32, u32)> = self
            .connection
            .prepare_cached(
                "SELECT f.id, i.width, i.height FROM files f JOIN items i ON i.id = f.item_id
                 WHERE i.id = ?1 AND f.role = 'original' AND f.source = 'takeout' AND f.state = 'stored'
                     AND i.width IS NOT NULL AND i.height IS NOT NULL LIMIT 1",
            )
            .and_then(|mut statement| statement.query_row([item.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional())
            .map_err(catalog_error)?;
        let Some((original, width, height)) = stored else { return Ok(item) };
        let Some(rendition) = self.rendition_of(original, (width, height), None)? else { return Ok(item) };
        let into = self
            .connection
            .query_row("SELECT item_id FROM files WHERE id = ?1", [rendition], |row| row.get(0).map(ItemId))
            .map_err(catalog_error)?;
        let said = self.said_by_takeout(item)?;
        self.move_mentions(item, into, FileRole::Original.as_str())?;
        if let Some(metadata) = said {
            self.enrich(into, &metadata)?;
        }
        Ok(into)
    }

    /// The item of which another source shows a rendition, when its original came by Takeout or from a folder.
    pub(super) fn original_of(&self, source: SourceKind, metadata: &Metadata) -> Result<Option<ItemId>> {
        let (Some(taken), Some(width), Some(height)) = (metadata.taken, metadata.width, metadata.height) else { return Ok(None) };
        let found: Vec<i64> = self
            .connection
            .prepare_cached(
                "SELECT DISTINCT i.id FROM items i JOIN files f ON f.item_id = i.id
                 WHERE i.title = ?1 AND i.taken_seconds = ?2 AND f.role = 'original' AND f.source IN ('takeout', 'folder')
                     AND f.state IN ('stored', 'missing', 'damaged', 'stale')
                     AND min(i.width, i.height) = ?3 AND max(i.width, i.height) = ?4
                     AND NOT EXISTS (SELECT 1 FROM sightings s WHERE s.item_id = i.id AND s.source = ?5) LIMIT 2",
            )
            .and_then(|mut statement| {
                let (short, long) = (width.min(height), width.max(height));
                statement
                    .query_map(params![metadata.title, taken.unix_seconds(), short, long, source.as_str()], |row| row.get(0))?
                    .collect()
            })
            .map_err(catalog_error)?;
        let [item] = found[..] else { return Ok(None) };
        let like_it = self.like_it(&metadata.title, taken.unix_seconds(), ["takeout", "folder"])?;
        Ok(if like_it == 1 { Some(ItemId(item)) } else { None })
    }

    /// A file's bytes turned out to be those of another file that is stored: nothing is written, and the entries it was wanted
    /// for have that one. Its item becomes one with the other's if this was all it had, or if it is the original of a photo
    /// that only another source knew: then edited copy and moving part come along. Two photos that Takeout describes apart stay
    /// apart while they have more than these bytes. Of two items the one of which more is known than its bytes stays.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn same_bytes_as(&self, run: i64, file: i64, twin: i64) -> Result<()> {
        let row = |id: i64| {
            self.connection
                .query_row("SELECT item_id, role FROM files WHERE id = ?1", [id], |row| {
                    Ok((ItemId(row.get(0)?), row.get::<_, String>(1)?))
                })
                .map_err(catalog_error)
        };
        let ((from, role), (into, twins_role)) = (row(file)?, row(twin)?);
        if from != into {
            self.recognised_wrongly(run, into)?;
        }
        let told = [self.sureness_beside(file, &[])?, self.sureness_beside(twin, &[])?];
        self.connection.execute("UPDATE entries SET file_id = ?2 WHERE file_id = ?1", [file, twin]).map_err(catalog_error)?;
        let said = self.said_by_takeout(from)?;
        self.connection.execute("DELETE FROM files WHERE id = ?1", [file]).map_err(catalog_error)?;
        let is_original = role == FileRole::Original.as_str();
        if is_original && twins_role == FileRole::Rendition.as_str() {
            // The same bytes by Takeout: it was the original all along.
            self.connection
                .execute("UPDATE files SET role = 'original', source = 'takeout' WHERE id = ?1", [twin])
                .map_err(catalog_error)?;
        }
        if from == into {
            return Ok(());
        }
        let both_described = self.is_described(from.0)? && self.is_described(into.0)? && !self.is_known_elsewhere(into.0)?;
        if both_described && told[0] == CERTAIN && told[1] < CERTAIN {
            // What it was taken for with less of an export at hand was a guess, and this is none.
            self.connection
                .execute(
                    "UPDATE files SET item_id = ?2, role = ?3, mtime_seconds = NULL, mtime_nanos = NULL WHERE id = ?1",
                    params![twin, from.0, role],
                )
                .map_err(catalog_error)?;
            self.bytes_told_of(into.0, from.0)?;
            return self.has_an_original(into.0);
        }
        if both_described && told[0] < LIKELY && told[1] == CERTAIN {
            // The other way round: what describes another photo finds its own file when that comes.
            return self.has_an_original(from.0);
        }
        if self.is_nameless(into.0, SourceKind::Takeout)? && !self.is_nameless(from.0, SourceKind::Takeout)? {
            self.connection
                .execute(
                    "UPDATE files SET role = ?2, mtime_seconds = NULL, mtime_nanos = NULL WHERE id = ?1",
                    params![twin, role],
                )
                .map_err(catalog_error)?;
            let in_file = self.taken_of(into)?;
            self.move_mentions(into, from, &role)?;
            self.settle_date_of_item(from, in_file)?;
            return self.joined_to_its_rendition(from).map(|_| ());
        }
        let a_part = role == FileRole::Edited.as_str() || role == FileRole::Motion.as_str();
        let has_more: bool = self
            .connection
            .query_row("SELECT EXISTS (SELECT 1 FROM files WHERE item_id = ?1)", [from.0], |row| row.get(0))
            .map_err(catalog_error)?;
        let as_a_picture = twins_role == FileRole::Original.as_str() || twins_role == FileRole::Rendition.as_str();
        let with_all_it_has =
            is_original && as_a_picture && (self.is_photo_of(from, into)? || (has_more && self.has_all_files_of(into, from)?));
        if a_part || (has_more && !with_all_it_has) {
            return self.has_an_original(from.0);
        }
        let known_to_takeout = self.said_by_takeout(into)?.is_some();
        self.move_mentions(from, into, &role)?;
        match said {
            Some(metadata) if !known_to_takeout => self.enrich(into, &metadata),
            _ => self.newest_export_leads(run, into),
        }
    }

    /// Whether an item has, as far as role, size and checksum tell, every file that another one still wants: then both are one
    /// photo that two exports know by different keys. One stored file of its own keeps the other apart.
    fn has_all_files_of(&self, into: ItemId, from: ItemId) -> Result<bool> {
        self.connection
            .prepare_cached(
                "SELECT NOT EXISTS (SELECT 1 FROM files w WHERE w.item_id = ?2 AND NOT (w.state = 'wanted' AND EXISTS (
                     SELECT 1 FROM entries e JOIN files f ON f.item_id = ?1 AND f.role = w.role AND f.size = e.size
                     WHERE e.file_id = w.id AND (f.crc32 = e.crc32 OR f.crc32 IS NULL OR e.crc32 IS NULL)
                         AND f.state IN ('stored', 'missing', 'damaged', 'stale'))))",
            )
            .and_then(|mut statement| statement.query_row([into.0, from.0], |row| row.get(0)))
            .map_err(catalog_error)
    }

    /// Whether an item that another source alone knows is the one of Takeout that has the same original: not while Takeout
    /// has another one that is named and dated as it is.
    fn is_photo_of(&self, by_takeout: ItemId, other: ItemId) -> Result<bool> {
        if !self.is_known_elsewhere_alone(other.0)? {
            return Ok(false);
        }
        let named = |item: ItemId| {
            self.connection
                .query_row("SELECT title, taken_seconds FROM items WHERE id = ?1", [item.0], |row| {
                    Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?))
                })
                .map_err(catalog_error)
        };
        let (ours, theirs) = (named(by_takeout)?, named(other)?);
        match &theirs {
            (title, Some(taken)) if ours != theirs => Ok(self.like_it(title, *taken, ["takeout"; 2])? == 0),
            _ => Ok(true),
        }
    }

    /// Whether another source than Takeout knows an item, and no sidecar of an export tells of it.
    pub(super) fn is_known_elsewhere_alone(&self, item: i64) -> Result<bool> {
        Ok(!self.is_described(item)? && self.is_known_elsewhere(item)?)
    }

    /// Whether a sidecar of an export tells of an item.
    fn is_described(&self, item: i64) -> Result<bool> {
        self.connection
            .prepare_cached("SELECT 1 FROM sightings WHERE item_id = ?1 AND source = 'takeout' AND substr(key, 1, 2) <> 'n-'")
            .and_then(|mut statement| statement.exists([item]))
            .map_err(catalog_error)
    }

    /// Whether another source than Takeout knows an item.
    pub(super) fn is_known_elsewhere(&self, item: i64) -> Result<bool> {
        self.connection
            .prepare_cached("SELECT 1 FROM sightings WHERE item_id = ?1 AND source <> 'takeout'")
            .and_then(|mut statement| statement.exists([item]))
            .map_err(catalog_error)
    }

    /// What Takeout said last about an item.
    fn said_by_takeout(&self, item: ItemId) -> Result<Option<Metadata>> {
        let said: Option<String> = self
            .connection
            .prepare_cached(
                "SELECT metadata FROM sightings WHERE item_id = ?1 AND source = 'takeout' ORDER BY leads DESC, id LIMIT 1",
            )
            .and_then(|mut statement| statement.query_row([item.0], |row| row.get(0)).optional())
            .map_err(catalog_error)?;
        Ok(said.and_then(|said| serde_json::from_str(&said).ok()))
    }

    /// The item that the user removed here and that the file is of, or that has these bytes, or is the same photo by title,
    /// instant and pixel size.
    pub(crate) fn removed_like(&self, file: i64, hash: &[u8; 32], pixels: Option<(u32, u32)>) -> Result<Option<ItemId>> {
        let by_bytes: Option<i64> = self
            .connection
            .prepare_cached(
                "SELECT i.id FROM files f JOIN items i ON i.id = f.item_id WHERE f.id = ?2 AND i.removed_at IS NOT NULL
                 UNION ALL
                 SELECT i.id FROM files f JOIN items i ON i.id = f.item_id
                 WHERE f.hash = ?1 AND f.id <> ?2 AND f.state = 'trashed' AND i.removed_at IS NOT NULL LIMIT 1",
            )
            .and_then(|mut statement| statement.query_row(params![&hash[..], file], |row| row.get(0)).optional())
            .map_err(catalog_error)?;
        if let Some(item) = by_bytes {
            return Ok(Some(ItemId(item)));
        }
        if let Some(item) = self.removed_with_its_original(file)? {
            return Ok(Some(item));
        }
        let Some((width, height)) = pixels else { return Ok(None) };
        let found: Vec<i64> = self
            .connection
            .prepare_cached(
                "SELECT r.id FROM files f JOIN items i ON i.id = f.item_id
                     JOIN items r ON r.title = i.title AND r.taken_seconds = i.taken_seconds AND r.kind = i.kind AND r.id <> i.id
                 WHERE f.id = ?1 AND f.role = 'original' AND r.removed_at IS NOT NULL
                     AND min(r.width, r.height) = ?2 AND max(r.width, r.height) = ?3 LIMIT 2",
            )
            .and_then(|mut statement| {
                statement.query_map(params![file, width.min(height), width.max(height)], |row| row.get(0))?.collect()
            })
            .map_err(catalog_error)?;
        Ok(if let [item] = found[..] { Some(ItemId(item)) } else { None })
    }

    /// The removed item of which an edited copy or a moving part is that came before its original: title, instant and the
    /// original's length are those of a file that came by another route. Were it another photo after all, then its original is
    /// stored, and the next import brings the rest.
    fn removed_with_its_original(&self, file: i64) -> Result<Option<ItemId>> {
        let found: Vec<i64> = self
            .connection
            .prepare_cached(
                "SELECT DISTINCT r.id FROM files f JOIN items i ON i.id = f.item_id
                     JOIN files o ON o.item_id = i.id AND o.role = 'original' AND o.state = 'wanted' JOIN entries e ON e.file_id = o.id
                     JOIN items r ON r.title = i.title AND r.taken_seconds = i.taken_seconds AND r.kind = i.kind AND r.id <> i.id
                     JOIN files t ON t.item_id = r.id AND t.state = 'trashed' AND t.size = e.size
                 WHERE f.id = ?1 AND f.role IN ('edited', 'motion') AND r.removed_at IS NOT NULL LIMIT 2",
            )
            .and_then(|mut statement| statement.query_map([file], |row| row.get(0))?.collect())
            .map_err(catalog_error)?;
        let [item] = found[..] else { return Ok(None) };
        Ok(if self.is_known_elsewhere_alone(item)? { Some(ItemId(item)) } else { None })
    }

    /// A wanted file turned out to be of an item that the user removed: it is not wanted, and its sightings are of that item.
    /// So are edited copy and moving part of an original that only another source knew. Of what is stored already nothing is
    /// taken away: it came before its original, stays an item, and true is returned.
    pub(crate) fn join_removed(&self, file: i64, removed: ItemId) -> Result<bool> {
        let (from, role): (i64, String) = self
            .connection
            .query_row("SELECT item_id, role FROM files WHERE id = ?1", [file], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(catalog_error)?;
        self.connection.execute("UPDATE entries SET file_id = NULL WHERE file_id = ?1", [file]).map_err(catalog_error)?;
        self.connection.execute("DELETE FROM files WHERE id = ?1", [file]).map_err(catalog_error)?;
        let has_more: bool = self
            .connection
            .query_row("SELECT EXISTS (SELECT 1 FROM files WHERE item_id = ?1)", [from], |row| row.get(0))
            .map_err(catalog_error)?;
        if from == removed.0 {
            return Ok(false);
        }
        let wanted_only: bool = self
            .connection
            .query_row("SELECT NOT EXISTS (SELECT 1 FROM files WHERE item_id = ?1 AND state <> 'wanted')", [from], |row| {
                row.get(0)
            })
            .map_err(catalog_error)?;
        let with_all_it_has = role == FileRole::Original.as_str() && wanted_only && self.is_photo_of(ItemId(from), removed)?;
        if !has_more || with_all_it_has {
            self.move_mentions(ItemId(from), removed, &role)?;
        }
        Ok(!wanted_only)
    }

    /// Holds the date that Google tells of a photo from Takeout against the one in its file. Where they cannot both be right,
    /// both are noted, and Google's holds, unless it is that of the upload. True when the item's date changed by that.
    pub(crate) fn settle_date(&self, file: i64, in_file: Option<CaptureTime>) -> Result<bool> {
        let Some(in_file) = in_file else { return Ok(false) };
        let said = self
            .connection
            .prepare_cached(
                "SELECT i.id, i.taken_seconds, i.taken_nanos, i.taken_offset, i.uploaded_at FROM files f JOIN items i ON i.id = f.item_id
                 WHERE f.id = ?1 AND f.role = 'original' AND f.source = 'takeout' AND i.taken_seconds IS NOT NULL",
            )
            .and_then(|mut statement| {
                statement
                    .query_row([file], |row| Ok((row.get::<_, i64>(0)?, taken_from(row, 1)?, row.get::<_, Option<i64>>(4)?)))
                    .optional()
            })
            .map_err(catalog_error)?;
        let Some((item, Some(google), uploaded)) = said else { return Ok(false) };
        self.hold_dates(item, google, uploaded, in_file)
    }

    /// An item of which only the file was known has a sidecar now: the date that the file told is held against Google's.
    pub(super) fn settle_date_of_item(&self, item: ItemId, in_file: Option<CaptureTime>) -> Result<()> {
        let Some(in_file) = in_file else { return Ok(()) };
        let (google, uploaded) = self
            .connection
            .query_row("SELECT taken_seconds, taken_nanos, taken_offset, uploaded_at FROM items WHERE id = ?1", [item.0], |row| {
                Ok((taken_from(row, 0)?, row.get(3)?))
            })
            .map_err(catalog_error)?;
        match google {
            Some(google) => self.hold_dates(item.0, google, uploaded, in_file).map(|_| ()),
            None => self.set_taken(item.0, in_file),
        }
    }

    fn set_taken(&self, item: i64, taken: CaptureTime) -> Result<()> {
        self.connection
            .execute(
                "UPDATE items SET taken_seconds = ?2, taken_nanos = ?3, taken_offset = ?4 WHERE id = ?1",
                params![item, taken.unix_seconds(), taken.nanos(), taken.offset_seconds],
            )
            .map_err(catalog_error)?;
        Ok(())
    }

    fn hold_dates(&self, item: i64, google: CaptureTime, uploaded: Option<i64>, in_file: CaptureTime) -> Result<bool> {
        let (google, in_seconds) = (google.unix_seconds(), in_file.unix_seconds());
        let apart = google.abs_diff(in_seconds);
        if apart <= CLOCK_RANGE_SECONDS && apart % CLOCK_STEP_SECONDS == 0 {
            return Ok(false);
        }
        let invented = uploaded.is_some_and(|uploaded| uploaded.abs_diff(google) <= 60);
        let conflict = DateConflict { google, file: in_seconds, holds: if invented { "file" } else { "google" } };
        let conflict = serde_json::to_string(&conflict).unwrap_or_default();
        self.connection
            .execute("UPDATE items SET date_conflict = ?2 WHERE id = ?1", params![item, conflict])
            .map_err(catalog_error)?;
        if invented {
            self.set_taken(item, in_file)?;
        }
        Ok(invented)
    }

    /// How many items have dates that do not agree, and how many of those follow the file.
    pub fn date_conflicts(&self) -> Result<(u64, u64)> {
        self.connection
            .query_row(
                "SELECT count(*), coalesce(sum(date_conflict LIKE '%\"holds\":\"file\"%'), 0) FROM items WHERE date_conflict IS NOT NULL",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .map_err(catalog_error)
    }
}
