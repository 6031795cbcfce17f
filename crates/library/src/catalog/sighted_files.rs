//! Sightings of items that have several files, each known by where its bytes lie: those of Takeout.
//!
//! Which item a sighting means is found by its key; else by files that were taken from the same entries before (its sidecar
//! came in a later part); else it is new. Bytes decide the rest when they are placed (`placing.rs`).

use photokeep_model::{FileRole, ItemId, Metadata, Result, SourceKind};
use rusqlite::{OptionalExtension, params};

use super::{Catalog, EntryKey, Namer, Sighting, catalog_error};

/// One entry of an archive that has, or seems to have, the bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SightedEntry {
    /// Which.
    pub key: EntryKey,
    /// Bytes.
    pub size: u64,
    /// CRC-32, where the archive tells it.
    pub crc32: Option<u32>,
}

/// One file of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SightedFile {
    /// What it is to the item.
    pub role: FileRole,
    /// The name it is to have, where that is not the item's title.
    pub name: Option<String>,
    /// Where its bytes lie; the first is read, the others are compared with it.
    pub entries: Vec<SightedEntry>,
}

/// The pair of a file and its sidecar is exactly what the naming rule makes of the title.
pub(super) const CERTAIN: u8 = 3;
/// It is that but for the extension.
pub(super) const LIKELY: u8 = 2;

/// A file row as far as a sighting needs it.
struct Held {
    id: i64,
    item: i64,
    role: String,
}

impl Catalog {
    /// Finds or makes the item of a sighting with files.
    pub(super) fn home_of(&self, source: SourceKind, sighting: &Sighting) -> Result<Option<ItemId>> {
        for file in &sighting.files {
            for entry in &file.entries {
                let Some(held) = self.held_for(entry.key)? else { continue };
                // Only an item of which nothing but its file was known may turn out to be this one.
                if file.role == FileRole::Original && self.is_nameless(held.item, source)? {
                    return Ok(Some(ItemId(held.item)));
                }
            }
        }
        Ok(None)
    }

    /// The item of a file of which an export says nothing now, and that was known before: what was known of it stays. But where
    /// only this export said it, when less of it was here, it is taken back: more of the export showed that nobody can tell.
    /// `known`: the row of this very sighting, if the file was alone once before; then only what is taken back is answered.
    pub(super) fn described_before(&self, run: i64, known: Option<i64>, sighting: &Sighting) -> Result<Option<ItemId>> {
        if !sighting.key.starts_with("n-") {
            return Ok(None);
        }
        for file in &sighting.files {
            let mut held = None;
            for entry in &file.entries {
                held = held.or(self.held_for(entry.key)?);
            }
            let Some(held) = held else { continue };
            if self.was_said_by_this_alone(held.item, sighting)? {
                return self.taken_back(run, known, &held, file, sighting).map(Some);
            }
            if known.is_some() {
                return Ok(None);
            }
            for entry in &file.entries {
                if self.entry_file(entry.key)?.is_none() {
                    self.set_entry_file(entry.key, held.id)?;
                }
            }
            return Ok(Some(ItemId(held.item)));
        }
        Ok(None)
    }

    /// Whether all that is known of an item beside its file was said by the export that speaks now.
    fn was_said_by_this_alone(&self, item: i64, sighting: &Sighting) -> Result<bool> {
        self.connection
            .prepare_cached(
                "SELECT count(*) > 0 AND coalesce(min(source = 'takeout' AND export_id = ?2), 0) FROM sightings
                 WHERE item_id = ?1 AND NOT (source = 'takeout' AND substr(key, 1, 2) = 'n-')",
            )
            .and_then(|mut statement| statement.query_row(params![item, sighting.export], |row| row.get(0)))
            .map_err(catalog_error)
    }

    /// A file becomes an item of its own, of which nothing but the file is known. What described it stays with the item it was of,
    /// which finds its own file if that is here.
    fn taken_back(&self, run: i64, known: Option<i64>, held: &Held, file: &SightedFile, sighting: &Sighting) -> Result<ItemId> {
        let item = self.insert_item(run, &sighting.metadata)?;
        match known {
            None => self.add_sighting(SourceKind::Takeout, run, item, true, sighting)?,
            Some(known) => {
                self.connection
                    .execute(
                        "UPDATE sightings SET item_id = ?2, leads = 1, changed_run = ?3 WHERE id = ?1",
                        params![known, item.0, run],
                    )
                    .map_err(catalog_error)?;
                self.mark_seen(known)?;
            }
        }
        self.connection
            .execute(
                "UPDATE files SET item_id = ?2, role = ?3, mtime_seconds = NULL, mtime_nanos = NULL WHERE id = ?1",
                params![held.id, item.0, file.role.as_str()],
            )
            .map_err(catalog_error)?;
        self.bytes_told_of(held.item, item.0)?;
        self.connection
            .execute(
                "UPDATE items SET width = NULL, height = NULL, camera_make = NULL, camera_model = NULL, date_conflict = NULL
                 WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM files f WHERE f.item_id = ?1)",
                [held.item],
            )
            .map_err(catalog_error)?;
        for entry in &file.entries {
            if self.entry_file(entry.key)?.is_none() {
                self.set_entry_file(entry.key, held.id)?;
            }
        }
        Ok(item)
    }

    /// What the bytes told, and not the export, goes along with a file; their date is learnt anew from them.
    pub(super) fn bytes_told_of(&self, from: i64, to: i64) -> Result<()> {
        self.connection
            .execute(
                "UPDATE items SET width = o.width, height = o.height, camera_make = o.camera_make, camera_model = o.camera_model
                 FROM items o WHERE o.id = ?1 AND items.id = ?2",
                [from, to],
            )
            .map_err(catalog_error)?;
        Ok(())
    }

    /// The file that has or will have an entry's bytes.
    fn held_for(&self, entry: EntryKey) -> Result<Option<Held>> {
        self.connection
            .prepare_cached("SELECT f.id, f.item_id, f.role FROM entries e JOIN files f ON f.id = e.file_id WHERE e.part_id = ?1 AND e.entry = ?2")
            .and_then(|mut statement| {
                let held = |row: &rusqlite::Row<'_>| Ok(Held { id: row.get(0)?, item: row.get(1)?, role: row.get(2)? });
                statement.query_row(params![entry.part, entry.entry], held).optional()
            })
            .map_err(catalog_error)
    }

    /// Whether all that is known of an item is a file without a sidecar.
    pub(super) fn is_nameless(&self, item: i64, source: SourceKind) -> Result<bool> {
        self.connection
            .prepare_cached(
                "SELECT 1 FROM sightings WHERE item_id = ?1 AND (source <> ?2 OR substr(key, 1, 2) <> 'n-') UNION ALL
                 SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM sightings WHERE item_id = ?1)",
            )
            .and_then(|mut statement| statement.exists(params![item, source.as_str()]))
            .map(|otherwise| !otherwise)
            .map_err(catalog_error)
    }

    /// Brings the files of an item in line with a sighting: what is known is kept, what is not becomes wanted.
    pub(super) fn sight_files(&self, source: SourceKind, item: ItemId, sighting: &Sighting, namer: &dyn Namer) -> Result<()> {
        for file in &sighting.files {
            let mut here = None;
            let mut without = Vec::new();
            for entry in &file.entries {
                match self.held_for(entry.key)? {
                    Some(held) => here = here.or(Some(self.brought_home(source, item, file, held)?.id)),
                    None => without.push(entry.key),
                }
            }
            let known = match here {
                Some(file) => Some(file),
                None => self.same_as(item, file)?,
            };
            let id = match known {
                Some(id) => id,
                None => self.want_file(source, item, file, sighting, namer)?,
            };
            without.into_iter().try_for_each(|key| self.set_entry_file(key, id))?;
        }
        Ok(())
    }

    /// A file comes to the item that it belongs to: from one of its own, as long as nothing more was known, or from another one
    /// that it was taken for while parts were missing. An original whose bytes another source brought is the same photo, and that
    /// item becomes one with this one. A file that has the bytes of something else as well stays there.
    fn brought_home(&self, source: SourceKind, item: ItemId, file: &SightedFile, held: Held) -> Result<Held> {
        let role = file.role;
        if held.item == item.0 {
            if held.role != role.as_str() && held.role == FileRole::Original.as_str() && role != FileRole::Rendition {
                self.set_role(held.id, role)?;
            }
            return Ok(held);
        }
        let nameless = self.is_nameless(held.item, source)?;
        let surer = |entries: &[SightedEntry]| Ok(!self.is_known_elsewhere(held.item)? && self.is_surer(entries, held.id)?);
        if !nameless && self.has_other_entries(held.id, file)? && !surer(&file.entries)? {
            return Ok(held);
        }
        let of_another_source = !nameless && self.is_known_elsewhere_alone(held.item)?;
        if of_another_source && (role != FileRole::Original || self.is_removed(item)?) {
            return Ok(held);
        }
        self.connection
            .execute(
                // It has the date of the item from now on.
                "UPDATE files SET item_id = ?2, role = ?3, mtime_seconds = NULL, mtime_nanos = NULL WHERE id = ?1",
                params![held.id, item.0, role.as_str()],
            )
            .map_err(catalog_error)?;
        if !nameless && !of_another_source {
            self.has_an_original(held.item)?;
            return Ok(Held { item: item.0, ..held });
        }
        self.move_mentions(ItemId(held.item), item, role.as_str())?;
        Ok(Held { item: item.0, ..held })
    }

    /// Whether these entries say for certain what a file belongs to, and the others that have its bytes only guessed: they came with
    /// less of their export.
    pub(super) fn is_surer(&self, entries: &[SightedEntry], file: i64) -> Result<bool> {
        let mut ours = 0;
        for entry in entries {
            ours = ours.max(self.sureness_of("part_id = ?1 AND entry = ?2", params![entry.key.part, entry.key.entry])?);
        }
        let keys: Vec<EntryKey> = entries.iter().map(|entry| entry.key).collect();
        Ok(ours == CERTAIN && self.sureness_beside(file, &keys)? < CERTAIN)
    }

    /// How sure the surest of a file's entries is, but for these.
    pub(super) fn sureness_beside(&self, file: i64, but: &[EntryKey]) -> Result<u8> {
        let others: Vec<EntryKey> = self
            .connection
            .prepare_cached("SELECT part_id, entry FROM entries WHERE file_id = ?1")
            .and_then(|mut statement| {
                statement.query_map([file], |row| Ok(EntryKey { part: row.get(0)?, entry: row.get(1)? }))?.collect()
            })
            .map_err(catalog_error)?;
        let mut surest = 0;
        for key in others.iter().filter(|key| !but.contains(key)) {
            surest = surest.max(self.sureness_of("part_id = ?1 AND entry = ?2", params![key.part, key.entry])?);
        }
        Ok(surest)
    }

    /// How sure the pair of an entry is, by the rule that made it: see `evidence_words`, whose words the catalog keeps.
    pub(super) fn sureness_of(&self, which: &str, given: impl rusqlite::Params) -> Result<u8> {
        self.connection
            .prepare_cached(&format!(
                "SELECT coalesce(max(CASE WHEN reason LIKE 'exact name%' THEN {CERTAIN} WHEN reason LIKE 'name but for the extension%' THEN {LIKELY}
                     WHEN reason IS NULL OR reason IN ('no sidecar', 'it fits several descriptions; nothing was guessed') THEN 0 ELSE 1 END), 0) FROM entries WHERE {which}"
            ))
            .and_then(|mut statement| statement.query_row(given, |row| row.get(0)))
            .map_err(catalog_error)
    }

    /// An item that lost its original to another one: what was shown beside it is the original.
    pub(super) fn has_an_original(&self, item: i64) -> Result<()> {
        self.connection
            .execute(
                "UPDATE files SET role = 'original' WHERE id = (SELECT min(id) FROM files WHERE item_id = ?1 AND role = 'rendition'
                     AND source = 'takeout' AND state <> 'trashed')
                     AND NOT EXISTS (SELECT 1 FROM files WHERE item_id = ?1 AND role = 'original' AND state <> 'trashed')",
                [item],
            )
            .map_err(catalog_error)?;
        Ok(())
    }

    fn is_removed(&self, item: ItemId) -> Result<bool> {
        self.connection
            .query_row("SELECT removed_at IS NOT NULL FROM items WHERE id = ?1", [item.0], |row| row.get(0))
            .map_err(catalog_error)
    }

    /// Whether other entries than these have the bytes of a file, or another source.
    fn has_other_entries(&self, held: i64, file: &SightedFile) -> Result<bool> {
        let entries: Vec<(i64, u32)> = self
            .connection
            .prepare_cached("SELECT part_id, entry FROM entries WHERE file_id = ?1")
            .and_then(|mut statement| statement.query_map([held], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .map_err(catalog_error)?;
        let ours = |(part, entry): &(i64, u32)| {
            file.entries.iter().any(|sighted| sighted.key.part == *part && sighted.key.entry == *entry)
        };
        Ok(!entries.iter().all(ours))
    }

    pub(super) fn set_role(&self, file: i64, role: FileRole) -> Result<()> {
        self.connection
            .execute("UPDATE files SET role = ?2 WHERE id = ?1", params![file, role.as_str()])
            .map_err(catalog_error)?;
        Ok(())
    }

    /// A file of the item that has, as far as size and checksum tell, the same bytes.
    fn same_as(&self, item: ItemId, file: &SightedFile) -> Result<Option<i64>> {
        let Some(first) = file.entries.first() else { return Ok(None) };
        self.connection
            .prepare_cached(
                "SELECT f.id FROM files f WHERE f.item_id = ?1 AND (f.crc32 IS NULL OR ?3 IS NULL OR f.crc32 = ?3)
                     AND (f.role = ?4 OR f.crc32 = ?3)
                     AND (f.size = ?2 AND f.state IN ('stored', 'missing', 'damaged', 'stale')
                         OR f.state = 'wanted' AND EXISTS (SELECT 1 FROM entries e WHERE e.file_id = f.id AND e.size = ?2 AND e.crc32 = ?3))
                 ORDER BY f.crc32 IS NULL, f.id LIMIT 1",
            )
            .and_then(|mut statement| statement.query_row(params![item.0, first.size, first.crc32, file.role.as_str()], |row| row.get(0)).optional())
            .map_err(catalog_error)
    }

    fn want_file(
        &self,
        source: SourceKind,
        item: ItemId,
        file: &SightedFile,
        sighting: &Sighting,
        namer: &dyn Namer,
    ) -> Result<i64> {
        let mut role = file.role;
        if role == FileRole::Original && self.has_original_of(item, source)? {
            // Other bytes of a photo that is kept: both stay. The newest export says which one is current, if it says it for sure.
            if sighting.newest && self.is_told_for_sure(&file.entries)? {
                self.connection
                    .execute(
                        "UPDATE files SET role = 'rendition' WHERE item_id = ?1 AND role = 'original' AND source = ?2",
                        params![item.0, source.as_str()],
                    )
                    .map_err(catalog_error)?;
            } else {
                role = FileRole::Rendition;
            }
        }
        let metadata = match &file.name {
            Some(name) => &Metadata { title: name.clone(), ..sighting.metadata.clone() },
            None => &sighting.metadata,
        };
        // A date that Google may have made up decides no folder before the file was asked.
        let named = if metadata.date_may_be_invented() { None } else { namer.name(self, &sighting.key, metadata)? };
        self.connection
            .prepare_cached(
                "INSERT INTO files (item_id, role, source, state, path, collision_key, name, crc32) VALUES (?1, ?2, ?3, 'wanted', ?4, ?5, ?6, ?7)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    item.0,
                    role.as_str(),
                    source.as_str(),
                    named.as_ref().map(|(path, _)| path),
                    named.as_ref().map(|(_, key)| key),
                    file.name,
                    file.entries.first().and_then(|entry| entry.crc32)
                ])
            })
            .map_err(catalog_error)?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Whether the names themselves say what these bytes are.
    fn is_told_for_sure(&self, entries: &[SightedEntry]) -> Result<bool> {
        for entry in entries {
            if self.sureness_of("part_id = ?1 AND entry = ?2", params![entry.key.part, entry.key.entry])? >= LIKELY {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn has_original_of(&self, item: ItemId, source: SourceKind) -> Result<bool> {
        self.connection
            .prepare_cached("SELECT 1 FROM files WHERE item_id = ?1 AND role = 'original' AND source = ?2 AND state <> 'trashed'")
            .and_then(|mut statement| statement.exists(params![item.0, source.as_str()]))
            .map_err(catalog_error)
    }

    /// Everything that names one item names the other from now on; the first one goes when it has no files left. `role` is that of the file
    /// which told what is known of it.
    pub(super) fn move_mentions(&self, from: ItemId, into: ItemId, role: &str) -> Result<()> {
        self.move_pixels(from, into, role)?;
        for statement in [
            // What its bytes told is told once; nobody would find it out again.
            "UPDATE items SET taken_offset = coalesce(items.taken_offset, o.taken_offset), camera_make = coalesce(items.camera_make, o.camera_make),
                 camera_model = coalesce(items.camera_model, o.camera_model), latitude = coalesce(items.latitude, o.latitude),
                 longitude = coalesce(items.longitude, o.longitude), date_conflict = coalesce(items.date_conflict, o.date_conflict)
             FROM items o WHERE o.id = ?1 AND items.id = ?2",
            "UPDATE sightings SET item_id = ?2, leads = 0 WHERE item_id = ?1",
            "UPDATE album_items SET item_id = ?2 WHERE item_id = ?1",
            "UPDATE links SET item_id = ?2 WHERE item_id = ?1",
            "UPDATE run_entries SET item_id = ?2 WHERE item_id = ?1",
            "UPDATE sidecars SET item_id = ?2 WHERE item_id = ?1",
            "UPDATE files SET item_id = ?2 WHERE item_id = ?1",
        ] {
            self.connection.execute(statement, params![from.0, into.0]).map_err(catalog_error)?;
        }
        self.connection
            .execute("DELETE FROM items WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM files WHERE item_id = ?1)", [from.0])
            .map_err(catalog_error)?;
        Ok(())
    }
}
