//! What sources say: sightings become items, and wanted files with a name of their own.
//!
//! A run's listing is kept in the temporary table `seen`; nothing is written for an item that is unchanged, so a run
//! with nothing new costs reads only. Within one run the first sighting of a key wins: the library listing comes before
//! albums, whose answers differ in details (`google-apis.md` 2.3, productUrl).

use photokeep_model::{CaptureTime, FileRole, ItemId, Metadata, Result, SourceKind};
use rusqlite::{OptionalExtension, params};

use super::adopted::{SHOWN, WITH_KEY, WITHOUT_KEY};
use super::{Catalog, SightedFile, catalog_error};

/// One item as a source names it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighting {
    /// The source's own key, for example the media item id.
    pub key: String,
    /// What the source says about it.
    pub metadata: Metadata,
    /// Whether it is in the user's library itself, not only in an album.
    pub in_library: bool,
    /// Its files, where the source knows them apart; empty for one file that is known by the key.
    pub files: Vec<SightedFile>,
    /// Whether nothing newer is known about it: what an older export says does not replace what a newer one said.
    pub newest: bool,
    /// The number of the export that says it; `None` where a source is asked now.
    pub export: Option<i64>,
}

impl Sighting {
    /// A sighting of one file, by a source that is asked now.
    pub fn new(key: String, metadata: Metadata, in_library: bool) -> Self {
        Self { key, metadata, in_library, files: Vec::new(), newest: true, export: None }
    }
}

/// What became of the sightings of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SightingCounts {
    /// Never seen before.
    pub new: u64,
    /// Known, with other metadata than before.
    pub changed: u64,
    /// Known and unchanged.
    pub unchanged: u64,
    /// Already seen in this run.
    pub repeated: u64,
}

/// Gives a new item's file its place; `None` when that can only be decided once the bytes are here.
pub trait Namer {
    /// Decides path and collision key, recording numbers dealt in the catalog.
    fn name(&self, catalog: &Catalog, key: &str, metadata: &Metadata) -> Result<Option<(String, String)>>;

    /// The name before any number: what a file of that title is called where nothing else is.
    fn plain_name(&self, metadata: &Metadata) -> String {
        metadata.title.clone()
    }
}

impl Catalog {
    /// Forgets which items the current run has seen.
    pub fn begin_listing(&self) -> Result<()> {
        self.connection
            .execute_batch("DELETE FROM seen; DELETE FROM seen_albums; DELETE FROM seen_beside;")
            .map_err(catalog_error)
    }

    /// Takes a page of sightings. Call inside a transaction. Returns the counts and the items in the page's order.
    pub fn sight(
        &self,
        source: SourceKind,
        run: i64,
        page: &[Sighting],
        namer: &dyn Namer,
    ) -> Result<(SightingCounts, Vec<ItemId>)> {
        let mut counts = SightingCounts::default();
        let mut items = Vec::with_capacity(page.len());
        for sighting in page {
            items.push(self.sight_one(source, run, sighting, namer, &mut counts)?);
        }
        Ok((counts, items))
    }

    fn sight_one(
        &self,
        source: SourceKind,
        run: i64,
        sighting: &Sighting,
        namer: &dyn Namer,
        counts: &mut SightingCounts,
    ) -> Result<ItemId> {
        let known = self
            .connection
            .prepare_cached(
                "SELECT id, item_id, fingerprint, in_library, gone_run, export_id, leads, adopted FROM sightings WHERE source = ?1 AND key = ?2",
            )
            .and_then(|mut statement| {
                statement
                    .query_row(params![source.as_str(), sighting.key], |row| {
                        Ok((
                            row.get::<_, i64>(0)?,
                            row.get::<_, i64>(1)?,
                            row.get::<_, i64>(2)?,
                            row.get::<_, bool>(3)?,
                            row.get::<_, Option<i64>>(4)?,
                            row.get::<_, Option<i64>>(5)?,
                            row.get::<_, bool>(6)?,
                            row.get::<_, u8>(7)?,
                        ))
                    })
                    .optional()
            })
            .map_err(catalog_error)?;
        let Some((id, item, fingerprint, in_library, gone, said_by, leads, adopted)) = known else {
            if self.adopted_takes_key(source, sighting, namer)? {
                return self.sight_one(source, run, sighting, namer, counts);
            }
            if let Some(kept) = self.described_before(run, None, sighting)? {
                counts.unchanged += 1;
                return Ok(kept);
            }
            if let Some(home) = self.home_of(source, sighting)? {
                counts.changed += 1;
                self.add_sighting(source, run, home, true, sighting)?;
                self.connection
                    .execute("UPDATE sightings SET leads = 0 WHERE item_id = ?1 AND key <> ?2", params![home.0, sighting.key])
                    .map_err(catalog_error)?;
                let in_file = self.taken_of(home)?;
                self.follow(source, home, &sighting.metadata, false)?;
                self.enrich(home, &sighting.metadata)?;
                self.settle_date_of_item(home, in_file)?;
                // Whatever of it was stored before its date was known has it from now on.
                self.connection
                    .execute(
                        "UPDATE files SET mtime_seconds = NULL, mtime_nanos = NULL WHERE item_id = ?1 AND state = 'stored'",
                        [home.0],
                    )
                    .map_err(catalog_error)?;
                self.sight_files(source, home, sighting, namer)?;
                return self.joined_to_its_rendition(home);
            }
            if sighting.files.is_empty()
                && let Some(original) = self.kept_original_of(source, sighting)?
            {
                counts.new += 1;
                self.add_sighting(source, run, original, false, sighting)?;
                return Ok(original);
            }
            counts.new += 1;
            return self.insert_sighting(source, run, sighting, namer);
        };
        if adopted == WITH_KEY || adopted == WITHOUT_KEY {
            self.set_adopted(id, SHOWN)?;
            self.adopted_learns_its_time(ItemId(item), &sighting.metadata)?;
        }
        if !leads && let Some(apart) = self.described_before(run, Some(id), sighting)? {
            counts.changed += 1;
            return Ok(apart);
        }
        if !sighting.files.is_empty() {
            self.sight_files(source, ItemId(item), sighting, namer)?;
        }
        // Exports come oldest first, and a later one may say something else in the same run.
        if !self.mark_seen(id)? && sighting.files.is_empty() {
            counts.repeated += 1;
            return Ok(ItemId(item));
        }
        let newest = self.says_it_last(id, ItemId(item), sighting, said_by, leads)?;
        let now = if newest { fingerprint_of(source, &sighting.metadata) } else { fingerprint };
        if sighting.metadata.favorite == Some(true) && source != SourceKind::Takeout {
            self.connection
                .prepare_cached("UPDATE items SET favorite = 1 WHERE id = ?1 AND favorite IS NOT 1")
                .and_then(|mut statement| statement.execute([item]))
                .map_err(catalog_error)?;
        }
        // An album says nothing about the library, so it never takes this mark away.
        if gone.is_some() || (sighting.in_library && !in_library) {
            self.connection
                .execute(
                    "UPDATE sightings SET gone_run = NULL, in_library = max(in_library, ?2) WHERE id = ?1",
                    params![id, sighting.in_library],
                )
                .map_err(catalog_error)?;
        }
        if now == fingerprint {
            counts.unchanged += 1;
        } else {
            counts.changed += 1;
            return self.take_over(source, run, id, ItemId(item), now, sighting, namer);
        }
        Ok(ItemId(item))
    }

    /// Marks a sighting as seen in this run; false when it already was.
    pub(super) fn mark_seen(&self, sighting: i64) -> Result<bool> {
        let inserted = self
            .connection
            .prepare_cached("INSERT OR IGNORE INTO temp.seen VALUES (?1)")
            .and_then(|mut statement| statement.execute([sighting]))
            .map_err(catalog_error)?;
        Ok(inserted == 1)
    }

    fn insert_sighting(&self, source: SourceKind, run: i64, sighting: &Sighting, namer: &dyn Namer) -> Result<ItemId> {
        let item = self.insert_item(run, &sighting.metadata)?;
        self.add_sighting(source, run, item, true, sighting)?;
        if sighting.files.is_empty() {
            self.insert_wanted_file(source, item, sighting, namer)?;
        } else {
            self.sight_files(source, item, sighting, namer)?;
        }
        Ok(item)
    }

    pub(super) fn add_sighting(
        &self,
        source: SourceKind,
        run: i64,
        item: ItemId,
        leads: bool,
        sighting: &Sighting,
    ) -> Result<()> {
        let metadata = &sighting.metadata;
        self.connection
            .prepare_cached(
                "INSERT INTO sightings (source, key, item_id, leads, in_library, fingerprint, metadata, first_run, changed_run, export_id)
                 VALUES (?1, ?2, ?3, ?8, ?4, ?5, ?6, ?7, ?7, ?9)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    source.as_str(),
                    sighting.key,
                    item.0,
                    sighting.in_library,
                    fingerprint_of(source, metadata),
                    metadata_json(metadata),
                    run,
                    leads,
                    sighting.export
                ])
            })
            .map_err(catalog_error)?;
        self.mark_seen(self.connection.last_insert_rowid()).map(|_| ())
    }

    pub(super) fn insert_item(&self, run: i64, metadata: &Metadata) -> Result<ItemId> {
        let taken = metadata.taken;
        self.connection
            .prepare_cached(
                "INSERT INTO items (title, kind, taken_seconds, taken_nanos, taken_offset, description, mime_type, width, height,
                     camera_make, camera_model, product_url, favorite, archived, first_run,
                     trashed, latitude, longitude, altitude, people, uploaded_at, origin)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    metadata.title,
                    kind_word(metadata),
                    taken.map(|t| t.unix_seconds()),
                    taken.map(|t| t.nanos()),
                    taken.and_then(|t| t.offset_seconds),
                    metadata.description,
                    metadata.mime_type,
                    metadata.width,
                    metadata.height,
                    metadata.camera_make,
                    metadata.camera_model,
                    metadata.product_url,
                    metadata.favorite,
                    metadata.archived,
                    run,
                    metadata.trashed,
                    metadata.place.map(|(latitude, _)| latitude),
                    metadata.place.map(|(_, longitude)| longitude),
                    metadata.altitude,
                    people_json(&metadata.people),
                    metadata.uploaded,
                    metadata.origin
                ])
            })
            .map_err(catalog_error)?;
        Ok(ItemId(self.connection.last_insert_rowid()))
    }

    fn insert_wanted_file(&self, source: SourceKind, item: ItemId, sighting: &Sighting, namer: &dyn Namer) -> Result<()> {
        let named = namer.name(self, &sighting.key, &sighting.metadata)?;
        let role = if source == SourceKind::LibraryApi || source == SourceKind::Picker {
            FileRole::Rendition
        } else {
            FileRole::Original
        };
        self.connection
            .prepare_cached(
                "INSERT INTO files (item_id, role, source, state, path, collision_key) VALUES (?1, ?2, ?3, 'wanted', ?4, ?5)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    item.0,
                    role.as_str(),
                    source.as_str(),
                    named.as_ref().map(|(path, _)| path),
                    named.as_ref().map(|(_, key)| key)
                ])
            })
            .map_err(catalog_error)?;
        Ok(())
    }

    /// A known key with other metadata: the item follows when this sighting leads it. The file keeps its name; its time
    /// is set anew when the date changed, and its bytes are fetched anew when the picture itself changed. Returns the item
    /// that the key belongs to now.
    #[allow(clippy::too_many_arguments)]
    fn take_over(
        &self,
        source: SourceKind,
        run: i64,
        id: i64,
        item: ItemId,
        fingerprint: i64,
        sighting: &Sighting,
        namer: &dyn Namer,
    ) -> Result<ItemId> {
        let metadata = &sighting.metadata;
        let (leads, before): (bool, String) = self
            .connection
            .query_row("SELECT leads, metadata FROM sightings WHERE id = ?1", [id], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(catalog_error)?;
        self.connection
            .execute(
                "UPDATE sightings SET fingerprint = ?2, metadata = ?3, changed_run = ?4 WHERE id = ?1",
                params![id, fingerprint, metadata_json(metadata), run],
            )
            .map_err(catalog_error)?;
        let before: Metadata = serde_json::from_str(&before).unwrap_or_default();
        // Takeout tells no pixel size, and its type is a guess from a name.
        if source != SourceKind::Takeout
            && is_other_picture(before.width, before.height, before.mime_type.as_deref(), metadata)
            && let Some((other, of_other)) = self.another_sighting_of(source, item, id)?
        {
            // Two keys were one photo, and one of them is another picture now: it gets an item and a file of its own.
            let parted = self.insert_item(run, metadata)?;
            self.connection
                .execute("UPDATE sightings SET item_id = ?2, leads = 1 WHERE id = ?1", params![id, parted.0])
                .map_err(catalog_error)?;
            self.insert_wanted_file(source, parted, sighting, namer)?;
            if leads {
                self.connection.execute("UPDATE sightings SET leads = 1 WHERE id = ?1", [other]).map_err(catalog_error)?;
                self.follow(source, item, &of_other, false)?;
            }
            return Ok(parted);
        }
        if leads {
            // What the source said before, not what the file told: only the source knows that its picture changed.
            let other = is_other_picture(before.width, before.height, before.mime_type.as_deref(), metadata);
            self.follow(source, item, metadata, source != SourceKind::Takeout && other)?;
        }
        if source == SourceKind::Takeout && !self.another_leads(item, id)? {
            self.enrich(item, metadata)?;
        }
        Ok(item)
    }

    pub(super) fn taken_of(&self, item: ItemId) -> Result<Option<CaptureTime>> {
        self.connection
            .query_row("SELECT taken_seconds, taken_nanos, taken_offset FROM items WHERE id = ?1", [item.0], |row| {
                super::taken_from(row, 0)
            })
            .map_err(catalog_error)
    }

    /// Whether another sighting by Takeout leads the item: two uploads of the same bytes do not take turns.
    fn another_leads(&self, item: ItemId, than: i64) -> Result<bool> {
        self.connection
            .prepare_cached("SELECT 1 FROM sightings WHERE item_id = ?1 AND id <> ?2 AND source = 'takeout' AND leads = 1")
            .and_then(|mut statement| statement.exists(params![item.0, than]))
            .map_err(catalog_error)
    }

    /// What only Takeout tells follows it, whoever leads the item; so does a caption where there is none.
    pub(super) fn enrich(&self, item: ItemId, metadata: &Metadata) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE items SET latitude = coalesce(?2, latitude), longitude = coalesce(?3, longitude), altitude = coalesce(?4, altitude),
                     people = ?5, uploaded_at = coalesce(?6, uploaded_at), origin = coalesce(?7, origin), trashed = ?8, favorite = ?9, archived = ?10,
                     description = coalesce(description, ?11)
                 WHERE id = ?1",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    item.0,
                    metadata.place.map(|(latitude, _)| latitude),
                    metadata.place.map(|(_, longitude)| longitude),
                    metadata.altitude,
                    people_json(&metadata.people),
                    metadata.uploaded,
                    metadata.origin,
                    metadata.trashed,
                    metadata.favorite,
                    metadata.archived,
                    metadata.description
                ])
            })
            .map_err(catalog_error)?;
        Ok(())
    }

    /// Another key of the item that the source still has, with what it said last.
    fn another_sighting_of(&self, source: SourceKind, item: ItemId, than: i64) -> Result<Option<(i64, Metadata)>> {
        let found: Option<(i64, String)> = self
            .connection
            .prepare_cached("SELECT id, metadata FROM sightings WHERE item_id = ?1 AND id <> ?2 AND source = ?3 AND gone_run IS NULL ORDER BY leads DESC, id LIMIT 1")
            .and_then(|mut statement| statement.query_row(params![item.0, than, source.as_str()], |row| Ok((row.get(0)?, row.get(1)?))).optional())
            .map_err(catalog_error)?;
        Ok(found.map(|(id, metadata)| (id, serde_json::from_str(&metadata).unwrap_or_default())))
    }

    /// The item says from now on what this sighting says. With `fetch_anew` its bytes are fetched again.
    pub(super) fn follow(&self, source: SourceKind, item: ItemId, metadata: &Metadata, fetch_anew: bool) -> Result<()> {
        let (old_taken, follows_file) = self
            .connection
            .query_row(
                "SELECT taken_seconds, taken_nanos, taken_offset, date_conflict LIKE '%\"holds\":\"file\"%' FROM items WHERE id = ?1",
                [item.0],
                |row| Ok((super::taken_from(row, 0)?, row.get::<_, Option<bool>>(3)?.unwrap_or(false))),
            )
            .map_err(catalog_error)?;
        // A date that Google made up does not come back because something else changed.
        let made_up = follows_file && metadata.date_may_be_invented();
        // So does one that only the file knows: sidecars say nothing or 0 where Google has none.
        let taken = if made_up || (metadata.taken.is_none() && metadata.uploaded.is_some()) {
            old_taken
        } else {
            merge_taken(old_taken, metadata.taken)
        };
        self.connection
            .execute(
                "UPDATE items SET title = ?2, kind = ?3, taken_seconds = ?4, taken_nanos = ?5, taken_offset = ?6, description = ?7,
                     mime_type = CASE WHEN ?14 THEN coalesce(mime_type, ?8) ELSE coalesce(?8, mime_type) END, width = coalesce(?9, width), height = coalesce(?10, height), product_url = coalesce(?11, product_url),
                     favorite = coalesce(?12, favorite), archived = coalesce(?13, archived) WHERE id = ?1",
                params![
                    item.0,
                    metadata.title,
                    kind_word(metadata),
                    taken.map(|t| t.unix_seconds()),
                    taken.map(|t| t.nanos()),
                    taken.and_then(|t| t.offset_seconds),
                    metadata.description,
                    metadata.mime_type,
                    metadata.width,
                    metadata.height,
                    metadata.product_url,
                    metadata.favorite,
                    metadata.archived,
                    source == SourceKind::Takeout
                ],
            )
            .map_err(catalog_error)?;
        if taken.map(|t| t.instant) != old_taken.map(|t| t.instant) {
            self.connection
                .execute(
                    "UPDATE files SET mtime_seconds = NULL, mtime_nanos = NULL WHERE item_id = ?1 AND state = 'stored'",
                    [item.0],
                )
                .map_err(catalog_error)?;
        }
        if fetch_anew {
            self.connection
                .execute(
                    "UPDATE files SET state = 'stale' WHERE item_id = ?1 AND state = 'stored' AND source = ?2",
                    params![item.0, source.as_str()],
                )
                .map_err(catalog_error)?;
        }
        Ok(())
    }

    /// Keys of the source that are known and not known to be gone.
    pub fn known_count(&self, source: SourceKind) -> Result<u64> {
        self.connection
            .query_row(
                "SELECT count(*) FROM sightings WHERE source = ?1 AND gone_run IS NULL AND adopted NOT IN (1, 2)",
                [source.as_str()],
                |row| row.get(0),
            )
            .map_err(catalog_error)
    }

    /// Whether everything that is known came in Takeout archives, so that nobody needs to be signed in.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn is_fed_by_takeout_alone(&self) -> Result<bool> {
        let has = |source: SourceKind| -> Result<bool> {
            self.connection
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM sightings WHERE source = ?1)")
                .and_then(|mut statement| statement.query_row([source.as_str()], |row| row.get(0)))
                .map_err(catalog_error)
        };
        Ok(has(SourceKind::Takeout)? && !has(SourceKind::LibraryApi)?)
    }

    /// Items seen in this run.
    pub fn seen_count(&self) -> Result<u64> {
        self.connection.query_row("SELECT count(*) FROM temp.seen", [], |row| row.get(0)).map_err(catalog_error)
    }

    /// The item that a source's key belongs to, if it is known.
    pub fn item_of(&self, source: SourceKind, key: &str) -> Result<Option<ItemId>> {
        self.connection
            .prepare_cached("SELECT item_id FROM sightings WHERE source = ?1 AND key = ?2")
            .and_then(|mut statement| statement.query_row(params![source.as_str(), key], |row| row.get(0).map(ItemId)).optional())
            .map_err(catalog_error)
    }

    /// The sighting with this key, for marking it.
    pub fn sighting_of(&self, source: SourceKind, key: &str) -> Result<Option<i64>> {
        self.connection
            .query_row("SELECT id FROM sightings WHERE source = ?1 AND key = ?2", params![source.as_str(), key], |row| row.get(0))
            .optional()
            .map_err(catalog_error)
    }
}

/// Whether pixel size or type say that the picture itself changed; what either side does not tell says nothing.
fn is_other_picture(width: Option<u32>, height: Option<u32>, mime_type: Option<&str>, now: &Metadata) -> bool {
    let other = |old: Option<u32>, new: Option<u32>| matches!((old, new), (Some(old), Some(new)) if old != new);
    other(width, now.width)
        || other(height, now.height)
        || matches!((mime_type, now.mime_type.as_deref()), (Some(old), Some(new)) if old != new)
}

fn kind_word(metadata: &Metadata) -> &'static str {
    match metadata.kind() {
        photokeep_model::MediaKind::Photo => "photo",
        photokeep_model::MediaKind::Video => "video",
    }
}

/// An offset learnt from the file stays as long as the source names the same instant.
fn merge_taken(old: Option<CaptureTime>, new: Option<CaptureTime>) -> Option<CaptureTime> {
    match (old, new) {
        (Some(old), Some(new)) if old.instant == new.instant && new.offset_seconds.is_none() => Some(old),
        (_, new) => new,
    }
}

fn people_json(people: &[String]) -> Option<String> {
    if people.is_empty() { None } else { serde_json::to_string(people).ok() }
}

fn metadata_json(metadata: &Metadata) -> String {
    // A struct of strings and numbers always serialises.
    serde_json::to_string(metadata).unwrap_or_default()
}

/// A number that changes when anything the user could have changed does. The web address is left out: it differs between
/// a library listing and an album listing of the same item.
fn fingerprint_of(source: SourceKind, metadata: &Metadata) -> i64 {
    let mut plain = metadata.clone();
    plain.product_url = None;
    if source == SourceKind::Takeout {
        // Guessed from the name of whatever file was there.
        plain.mime_type = None;
    } else {
        // Told only by a listing of favourites; it is taken over beside, not as a change of the item.
        plain.favorite = None;
    }
    let hash = blake3::hash(metadata_json(&plain).as_bytes());
    let mut first = [0u8; 8];
    first.copy_from_slice(&hash.as_bytes()[..8]);
    i64::from_le_bytes(first)
}
