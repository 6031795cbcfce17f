//! Files and albums of a tree that another tool made, taken in where they are; and how a source's listing finds them again.
//!
//! They count as the Library API's, because that is where those tools had them from. Until a source shows one itself, nothing is
//! concluded from its absence: with today's sign-ins Google shows an app only what that app uploaded.

use photokeep_model::{CaptureTime, FileRole, ItemId, LinkKind, MediaKind, Metadata, Result, SourceKind};
use rusqlite::params;

use super::{Catalog, Namer, Sighting, catalog_error};
use crate::target::never_in_a_name;

/// A source showed it, or it was never adopted.
pub(super) const SHOWN: u8 = 0;
/// Its key is known from the other tool's index, or from the file's name.
pub(super) const WITH_KEY: u8 = 1;
/// Its key is a stand-in.
pub(super) const WITHOUT_KEY: u8 = 2;
/// A source showed it, and it was recognised by name and time alone.
const RECOGNISED: u8 = 3;

/// The farthest that a file's time can be from the instant it was taken where the other tool took UTC for local time
/// (`predecessors.md` 1.6), in seconds.
const CLOCK_RANGE: u64 = 14 * 3600;

/// Clocks differ by multiples of this, in seconds.
const CLOCK_STEP: u64 = 900;

/// What coarse file systems do to a time, in seconds.
const COARSE: u64 = 2;

/// A file to take in where it is.
#[derive(Debug, Clone)]
pub struct AdoptedFile<'a> {
    /// Below the library.
    pub path: &'a str,
    /// What must be unique on the target.
    pub collision_key: &'a str,
    /// Bytes.
    pub size: u64,
    /// BLAKE3.
    pub hash: [u8; 32],
    /// Media type by content.
    pub mime_type: Option<&'a str>,
    /// As the disk has it: seconds, nanoseconds.
    pub mtime: (i64, u32),
    /// It looks cut short.
    pub doubtful: bool,
    /// The source's key, where it is known.
    pub key: Option<&'a str>,
    /// What the other tool was told by the source.
    pub told: &'a Metadata,
    /// The same, with what the file tells.
    pub item: &'a Metadata,
    /// The series that its name has a number of: folder, the name's collision key, number.
    pub number: Option<(&'a str, &'a str, u32)>,
}

/// An album to take in where it is.
#[derive(Debug, Clone)]
pub struct AdoptedAlbum<'a> {
    /// The source's key, where it is known.
    pub key: Option<&'a str>,
    /// A key that no source has, for when it is not.
    pub stand_in: &'a str,
    /// Title.
    pub title: Option<&'a str>,
    /// Whether it is a shared one.
    pub shared: bool,
    /// Its items in album order.
    pub items: &'a [ItemId],
    /// Its folder, the folder's collision key, and the date that it carries.
    pub folder: Option<(&'a str, &'a str, Option<CaptureTime>)>,
}

/// An entry of an album folder that the other tool made and that is from now on kept up to date.
#[derive(Debug, Clone)]
pub struct AdoptedLink<'a> {
    /// The item it stands for.
    pub item: ItemId,
    /// Below the library.
    pub path: &'a str,
    /// What must be unique on the target.
    pub collision_key: &'a str,
    /// Kind of link.
    pub kind: LinkKind,
    /// The file's path below the library.
    pub target: &'a str,
    /// Bytes and time, of a link that is a file.
    pub as_made: Option<(u64, (i64, u32))>,
}

impl Catalog {
    /// Takes a file in as an item of its own. Call inside a transaction.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn adopt_file(&self, run: i64, file: &AdoptedFile<'_>) -> Result<ItemId> {
        let source = SourceKind::LibraryApi;
        let item = self.insert_item(run, file.item)?;
        // Two files cannot both be what one key means; the second is found by name and time.
        let key = match file.key {
            Some(key) if self.item_of(source, key)?.is_none() => Some(key),
            _ => None,
        };
        let stand_in = format!("adopted {}", file.path);
        let sighting = Sighting::new(key.unwrap_or(&stand_in).to_owned(), file.told.clone(), true);
        self.add_sighting(source, run, item, true, &sighting)?;
        if let Some(id) = self.sighting_of(source, &sighting.key)? {
            self.set_adopted(id, if key.is_some() { WITH_KEY } else { WITHOUT_KEY })?;
        }
        self.connection
            .execute(
                "INSERT INTO files (item_id, role, source, state, path, collision_key, size, hash, mime_type, mtime_seconds, mtime_nanos, stored_run, doubtful)
                 VALUES (?1, ?2, ?3, 'stored', ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                params![
                    item.0,
                    FileRole::Rendition.as_str(),
                    source.as_str(),
                    file.path,
                    file.collision_key,
                    file.size,
                    file.hash.as_slice(),
                    file.mime_type,
                    file.mtime.0,
                    file.mtime.1,
                    run,
                    file.doubtful
                ],
            )
            .map_err(catalog_error)?;
        if let Some((folder, series, number)) = file.number {
            self.set_last_number(folder, series, number)?;
        }
        Ok(item)
    }

    /// Takes an album in, with its folder if it has one; its number, or `None` where it is known already. Call inside a transaction.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn adopt_album(&self, album: &AdoptedAlbum<'_>) -> Result<Option<i64>> {
        let source = if album.key.is_some() { SourceKind::LibraryApi } else { SourceKind::Folder };
        let key = album.key.unwrap_or(album.stand_in);
        let added = self
            .connection
            .execute(
                "INSERT OR IGNORE INTO albums (source, key, title, own, shared, adopted) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    source.as_str(),
                    key,
                    album.title,
                    !album.shared,
                    album.shared,
                    if album.key.is_some() { WITH_KEY } else { WITHOUT_KEY }
                ],
            )
            .map_err(catalog_error)?;
        if added == 0 {
            return Ok(None);
        }
        let id = self.connection.last_insert_rowid();
        self.write_album_items(id, album.items)?;
        if let Some((folder, folder_key, date)) = album.folder
            && !self.folder_taken(folder_key, id)?
        {
            let date = date.map(|date| date.to_rfc3339()).unwrap_or_default();
            self.set_album_folder(id, Some(&date), Some((folder, folder_key)))?;
        }
        Ok(Some(id))
    }

    /// Whether a folder is an album's.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn is_album_folder(&self, folder_key: &str) -> Result<bool> {
        // No album has this number.
        self.folder_taken(folder_key, 0)
    }

    /// Takes an entry of an album's folder in: it is one of ours from now on.
    ///
    /// # Errors
    /// When the catalog cannot be written, or the name is another link's.
    pub fn adopt_link(&self, album: i64, link: &AdoptedLink<'_>) -> Result<()> {
        let id = self.announce_link(album, link.item, link.path, link.collision_key, link.kind, link.target)?;
        self.mark_link_made(id, link.as_made.map(|(size, _)| size), link.as_made.map(|(_, mtime)| mtime))
    }

    /// Adopted items and albums that no source has shown yet.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn adopted_and_not_shown(&self) -> Result<u64> {
        self.connection
            .query_row("SELECT count(*) FROM sightings WHERE adopted IN (1, 2)", [], |row| row.get(0))
            .map_err(catalog_error)
    }

    pub(super) fn set_adopted(&self, sighting: i64, word: u8) -> Result<()> {
        self.connection
            .execute("UPDATE sightings SET adopted = ?2 WHERE id = ?1", params![sighting, word])
            .map_err(catalog_error)?;
        Ok(())
    }

    /// An item that the source shows under a key that is not known: where one adopted file, and only one, has its name and its
    /// time, that one has the key from now on, and true is returned.
    pub(super) fn adopted_takes_key(&self, source: SourceKind, sighting: &Sighting, namer: &dyn Namer) -> Result<bool> {
        let (SourceKind::LibraryApi, true, Some(taken)) = (source, sighting.files.is_empty(), sighting.metadata.taken) else {
            return Ok(false);
        };
        let metadata = &sighting.metadata;
        let Some(found) = self.adopted_like(metadata, &namer.plain_name(metadata), taken)? else {
            self.doubt_recognised(metadata, taken)?;
            return Ok(false);
        };
        self.connection
            .execute("UPDATE sightings SET key = ?2, adopted = ?3 WHERE id = ?1", params![found, sighting.key, RECOGNISED])
            .map_err(catalog_error)?;
        // Here, so that the files keep the times that the other tool gave them: nothing of theirs is touched.
        self.connection
            .execute(
                "UPDATE items SET taken_seconds = ?2, taken_nanos = ?3 WHERE id = (SELECT item_id FROM sightings WHERE id = ?1)",
                params![found, taken.unix_seconds(), taken.nanos()],
            )
            .map_err(catalog_error)?;
        Ok(true)
    }

    /// The one sighting of an adopted file whose name and time are an item's.
    fn adopted_like(&self, metadata: &Metadata, plain_name: &str, taken: CaptureTime) -> Result<Option<i64>> {
        struct Like {
            sighting: i64,
            /// As [`apart`] says.
            apart: u8,
        }
        let kind = metadata.mime_type.is_some().then(|| if metadata.kind() == MediaKind::Video { "video" } else { "photo" });
        let pixels = metadata.width.zip(metadata.height).filter(|_| kind == Some("photo"));
        let mut like = Vec::new();
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT s.id, f.mtime_seconds, i.taken_seconds, i.kind, i.width, i.height
                 FROM items i JOIN sightings s ON s.item_id = i.id AND s.source = 'library-api' AND s.adopted = 2
                     JOIN files f ON f.item_id = i.id AND f.source = 'library-api'
                 WHERE i.title IN (?1, ?2) AND i.removed_at IS NULL",
            )
            .map_err(catalog_error)?;
        let mut rows = statement.query(params![plain_name, metadata.title]).map_err(catalog_error)?;
        while let Some(row) = rows.next().map_err(catalog_error)? {
            let read = || -> rusqlite::Result<_> {
                Ok((
                    row.get::<_, i64>(0)?,
                    [row.get::<_, Option<i64>>(1)?, row.get(2)?],
                    row.get::<_, String>(3)?,
                    row.get::<_, Option<u32>>(4)?.zip(row.get::<_, Option<u32>>(5)?),
                ))
            };
            let (sighting, times, of_kind, size) = read().map_err(catalog_error)?;
            let in_order = |(width, height): (u32, u32)| (width.min(height), width.max(height));
            let other_kind = kind.is_some_and(|kind| kind != of_kind);
            let other_size = matches!((pixels, size), (Some(one), Some(other)) if in_order(one) != in_order(other));
            let apart = times.into_iter().flatten().filter_map(|time| apart(time, taken.unix_seconds())).min();
            if let (Some(apart), false, false) = (apart, other_kind, other_size) {
                like.push(Like { sighting, apart });
            }
        }
        let nearest = like.iter().map(|like| like.apart).min();
        let nearest: Vec<&Like> = like.iter().filter(|like| Some(like.apart) == nearest).collect();
        Ok(if let [one] = nearest[..] { Some(one.sighting) } else { None })
    }

    /// What the other tool was told of a photo's time had whole seconds, or a clock's: the source tells the same instant better, and that
    /// is no change of it. The file keeps its time.
    pub(super) fn adopted_learns_its_time(&self, item: ItemId, metadata: &Metadata) -> Result<()> {
        let Some((taken, known)) = metadata.taken.zip(self.taken_of(item)?) else { return Ok(()) };
        if apart(known.unix_seconds(), taken.unix_seconds()).is_none() {
            return Ok(());
        }
        self.connection
            .execute(
                "UPDATE items SET taken_seconds = ?2, taken_nanos = ?3 WHERE id = ?1",
                params![item.0, taken.unix_seconds(), taken.nanos()],
            )
            .map_err(catalog_error)?;
        Ok(())
    }

    /// The bytes of a file that was adopted and recognised by name and time alone came as those of another item of the source: then it
    /// is that one's, and whatever took it for its own gets a file of its own, to be fetched. Answers whether that was so.
    pub(super) fn recognised_wrongly(&self, run: i64, item: ItemId) -> Result<()> {
        let taken_for: Vec<(i64, String)> = self
            .connection
            .prepare_cached("SELECT id, metadata FROM sightings WHERE item_id = ?1 AND adopted = ?2")
            .and_then(|mut statement| {
                statement.query_map(params![item.0, RECOGNISED], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
            })
            .map_err(catalog_error)?;
        for (sighting, metadata) in taken_for {
            let metadata: Metadata = serde_json::from_str(&metadata).unwrap_or_default();
            let parted = self.insert_item(run, &metadata)?;
            self.connection
                .execute(
                    "UPDATE sightings SET item_id = ?2, leads = 1, adopted = ?3 WHERE id = ?1",
                    params![sighting, parted.0, SHOWN],
                )
                .map_err(catalog_error)?;
            // Named when its bytes are here, as any name that depends on what lies there by now.
            self.connection
                .execute(
                    "INSERT INTO files (item_id, role, source, state) VALUES (?1, ?2, ?3, 'wanted')",
                    params![parted.0, FileRole::Rendition.as_str(), SourceKind::LibraryApi.as_str()],
                )
                .map_err(catalog_error)?;
        }
        Ok(())
    }

    /// Another item has the name and the second of one that was recognised by these alone: which of the two the file is of, only
    /// its bytes can tell. It is fetched anew; where it was right, nothing changes.
    fn doubt_recognised(&self, metadata: &Metadata, taken: CaptureTime) -> Result<()> {
        self.connection
            .execute(
                "UPDATE files SET state = 'stale' WHERE state = 'stored' AND source = 'library-api' AND item_id IN (
                     SELECT i.id FROM items i JOIN sightings s ON s.item_id = i.id AND s.adopted = ?3
                     WHERE i.title = ?1 AND i.taken_seconds = ?2)",
                params![metadata.title, taken.unix_seconds(), RECOGNISED],
            )
            .map_err(catalog_error)?;
        Ok(())
    }

    /// An album that a source shows under a key that is not known: an adopted one of its title, whose key was not known either,
    /// is it from now on.
    pub(super) fn adopted_album_takes_key(&self, source: SourceKind, album: &super::AlbumSighting) -> Result<Option<i64>> {
        let plain = |title: Option<&str>| -> String {
            let replaced =
                |character: char| if never_in_a_name(character) || ",<>:\"/\\|?*".contains(character) { '_' } else { character };
            let title = title.unwrap_or_default().trim_end_matches([' ', '.', '\t']);
            // What the tools call an album without a title.
            if title.is_empty() { "none".to_owned() } else { title.chars().map(replaced).collect() }
        };
        let adopted: Vec<(i64, Option<String>)> = self
            .connection
            .prepare_cached("SELECT id, title FROM albums WHERE adopted = ?1 AND gone_run IS NULL ORDER BY shared <> ?2, id")
            .and_then(|mut statement| {
                statement
                    .query_map(params![WITHOUT_KEY, album.shared && !album.own], |row| Ok((row.get(0)?, row.get(1)?)))?
                    .collect()
            })
            .map_err(catalog_error)?;
        let wanted = plain(album.title.as_deref());
        let found = adopted.into_iter().find(|(_, title)| plain(title.as_deref()) == wanted).map(|(id, _)| id);
        if let Some(id) = found {
            self.connection
                .execute(
                    "UPDATE albums SET source = ?2, key = ?3, adopted = 0 WHERE id = ?1",
                    params![id, source.as_str(), album.key],
                )
                .map_err(catalog_error)?;
        }
        Ok(found)
    }
}

/// How far a time of an adopted file is from the instant that the source tells: 0 for the very second, 1 for what coarse disks do,
/// 2 for what zones do; `None` where it is another photo's.
fn apart(time: i64, taken: i64) -> Option<u8> {
    match time.abs_diff(taken) {
        0 => Some(0),
        apart if apart <= COARSE => Some(1),
        apart => (apart <= CLOCK_RANGE && apart % CLOCK_STEP == 0).then_some(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_the_same_to_the_second_or_by_a_zone() {
        assert_eq!(apart(1_000_000, 1_000_000), Some(0));
        assert_eq!(apart(1_000_002, 1_000_000), Some(1));
        assert_eq!(apart(1_000_000 + 5 * 3600 + 2700, 1_000_000), Some(2));
        assert_eq!(apart(1_000_000 - 14 * 3600, 1_000_000), Some(2));
        assert_eq!(apart(1_000_000 - 15 * 3600, 1_000_000), None);
        assert_eq!(apart(1_000_000 + 7, 1_000_000), None);
    }
}
