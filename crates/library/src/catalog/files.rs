//! Files of items: wanted, announced, stored, found missing or damaged, and moved to trash.

use photokeep_model::{CaptureTime, ItemId, MediaKind, Result, SourceKind};
use rusqlite::{OptionalExtension, Row, params};

use super::{Catalog, catalog_error, taken_from};

/// Where a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileState {
    /// To be fetched for the first time.
    Wanted,
    /// Announced: bytes are checked and about to get their name.
    Placing,
    /// On the disk, under its name.
    Stored,
    /// Was stored and has vanished from the disk.
    Missing,
    /// Was stored and is no longer what it was.
    Damaged,
    /// Stored, but the picture changed at the source.
    Stale,
    /// In the trash.
    Trashed,
}

impl FileState {
    /// The word in the catalog.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wanted => "wanted",
            Self::Placing => "placing",
            Self::Stored => "stored",
            Self::Missing => "missing",
            Self::Damaged => "damaged",
            Self::Stale => "stale",
            Self::Trashed => "trashed",
        }
    }

    pub(super) fn from_word(word: &str) -> Self {
        match word {
            "placing" => Self::Placing,
            "stored" => Self::Stored,
            "missing" => Self::Missing,
            "damaged" => Self::Damaged,
            "stale" => Self::Stale,
            "trashed" => Self::Trashed,
            _ => Self::Wanted,
        }
    }
}

/// A file as the catalog has it.
#[derive(Debug, Clone)]
pub struct FileRow {
    /// Its number.
    pub id: i64,
    /// Its item.
    pub item: ItemId,
    /// Where it stands.
    pub state: FileState,
    /// Path below the library.
    pub path: Option<String>,
    /// Temporary name while placing.
    pub temp: Option<String>,
    /// Bytes.
    pub size: Option<u64>,
    /// BLAKE3 of its bytes.
    pub hash: Option<[u8; 32]>,
    /// Modification time as the target gave it back (seconds, nanoseconds).
    pub mtime: Option<(i64, u32)>,
    /// When the item was taken.
    pub taken: Option<CaptureTime>,
}

/// A file to fetch.
#[derive(Debug, Clone)]
pub struct OpenFile {
    /// Its number.
    pub id: i64,
    /// Its item.
    pub item: ItemId,
    /// The source's key to ask by.
    pub key: String,
    /// Title, for reports.
    pub title: String,
    /// Photo or video.
    pub kind: MediaKind,
    /// Where it stands.
    pub state: FileState,
    /// When the item was taken.
    pub taken: Option<CaptureTime>,
    /// A download that can go on.
    pub partial: Option<Partial>,
    /// The bytes that are here and looked cut short.
    pub doubtful: Option<[u8; 32]>,
}

/// How far an interrupted download got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partial {
    /// Bytes known to be on the disk.
    pub flushed: u64,
    /// Length of the whole.
    pub total: u64,
    /// The server's name for these bytes, when it gave one.
    pub etag: Option<String>,
}

pub(super) const FILE_COLUMNS: &str = "f.id, f.item_id, f.state, f.path, f.temp, f.size, f.hash, f.mtime_seconds, f.mtime_nanos, i.taken_seconds, i.taken_nanos, i.taken_offset";

/// Files that are wanted, missing, damaged or stale. Answered by the index `files_fetch`, whose condition on `state` is word for
/// word this one.
const OPEN_FILES: &str = "SELECT f.id, f.item_id, (SELECT s.key FROM sightings s JOIN temp.seen n ON n.sighting_id = s.id
             WHERE s.item_id = f.item_id AND s.source = ?1 ORDER BY s.leads DESC, s.id LIMIT 1) AS key,
         i.title, i.kind, f.state, i.taken_seconds, i.taken_nanos, i.taken_offset, p.flushed, p.total, p.etag,
         CASE WHEN f.doubtful = 1 THEN f.hash END
     FROM files f JOIN items i ON i.id = f.item_id LEFT JOIN partials p ON p.file_id = f.id
     WHERE f.state <> 'stored' AND f.state <> 'placing' AND f.state <> 'trashed' AND f.source = ?1 AND f.id > ?2 AND i.removed_at IS NULL
         AND key IS NOT NULL
     ORDER BY f.id LIMIT ?3";

/// As [`OPEN_FILES`], for files that are known by where their bytes lie: the first entry that is here and was not refused.
const OPEN_ENTRIES: &str = "SELECT f.id, f.item_id, (SELECT e.part_id || '/' || e.entry FROM entries e
             WHERE e.file_id = f.id AND e.part_id IN (SELECT part_id FROM temp.parts_here) AND e.ended <> 'refused'
             ORDER BY e.part_id, e.entry LIMIT 1) AS key,
         coalesce(f.name, i.title), i.kind, f.state, i.taken_seconds, i.taken_nanos, i.taken_offset, p.flushed, p.total, p.etag,
         CASE WHEN f.doubtful = 1 THEN f.hash END
     FROM files f JOIN items i ON i.id = f.item_id LEFT JOIN partials p ON p.file_id = f.id
     WHERE f.state <> 'stored' AND f.state <> 'placing' AND f.state <> 'trashed' AND f.source = ?1 AND f.id > ?2 AND i.removed_at IS NULL
         AND key IS NOT NULL
     ORDER BY f.id LIMIT ?3";

/// The index `files_open` leaves out what is stored; it is used only by a question that does so in just these words.
fn in_state(state: FileState) -> String {
    let open = if state == FileState::Stored { "" } else { "AND f.state <> 'stored'" };
    format!(
        "SELECT {FILE_COLUMNS} FROM files f JOIN items i ON i.id = f.item_id WHERE f.state = ?1 {open} AND f.id > ?2 ORDER BY f.id LIMIT ?3"
    )
}

pub(super) fn file_row(row: &Row<'_>) -> rusqlite::Result<FileRow> {
    let hash: Option<Vec<u8>> = row.get(6)?;
    let seconds: Option<i64> = row.get(7)?;
    let nanos: Option<u32> = row.get(8)?;
    Ok(FileRow {
        id: row.get(0)?,
        item: ItemId(row.get(1)?),
        state: FileState::from_word(&row.get::<_, String>(2)?),
        path: row.get(3)?,
        temp: row.get(4)?,
        size: row.get(5)?,
        hash: hash.and_then(|bytes| bytes.try_into().ok()),
        mtime: seconds.map(|seconds| (seconds, nanos.unwrap_or(0))),
        taken: taken_from(row, 9)?,
    })
}

impl Catalog {
    /// Files to fetch in this run: open, seen in this run (of Takeout: in an archive that is here), not removed by the user;
    /// after `after`, in order.
    pub fn open_files(&self, source: SourceKind, after: i64, limit: u32) -> Result<Vec<OpenFile>> {
        self.connection
            .prepare_cached(if source == SourceKind::Takeout { OPEN_ENTRIES } else { OPEN_FILES })
            .and_then(|mut statement| {
                statement
                    .query_map(params![source.as_str(), after, limit], |row| {
                        let flushed: Option<u64> = row.get(9)?;
                        Ok(OpenFile {
                            id: row.get(0)?,
                            item: ItemId(row.get(1)?),
                            key: row.get(2)?,
                            title: row.get(3)?,
                            kind: if row.get::<_, String>(4)? == "video" { MediaKind::Video } else { MediaKind::Photo },
                            state: FileState::from_word(&row.get::<_, String>(5)?),
                            taken: taken_from(row, 6)?,
                            partial: match flushed {
                                Some(flushed) => Some(Partial { flushed, total: row.get(10)?, etag: row.get(11)? }),
                                None => None,
                            },
                            doubtful: row.get::<_, Option<Vec<u8>>>(12)?.and_then(|hash| hash.try_into().ok()),
                        })
                    })?
                    .collect()
            })
            .map_err(catalog_error)
    }

    /// One file.
    pub fn file(&self, id: i64) -> Result<Option<FileRow>> {
        self.connection
            .query_row(
                &format!("SELECT {FILE_COLUMNS} FROM files f JOIN items i ON i.id = f.item_id WHERE f.id = ?1"),
                [id],
                file_row,
            )
            .optional()
            .map_err(catalog_error)
    }

    /// Files in one state, after `after`, in order.
    pub fn files_in_state(&self, state: FileState, after: i64, limit: u32) -> Result<Vec<FileRow>> {
        self.connection
            .prepare_cached(&in_state(state))
            .and_then(|mut statement| statement.query_map(params![state.as_str(), after, limit], file_row)?.collect())
            .map_err(catalog_error)
    }

    /// Stored files by path, after `after`, in path order: what a walk of the disk is held against.
    /// With each its collision key, to go on after.
    pub fn stored_by_path(&self, after: &str, limit: u32) -> Result<Vec<(FileRow, String)>> {
        self.connection
            .prepare_cached(&format!(
                "SELECT {FILE_COLUMNS}, f.collision_key FROM files f JOIN items i ON i.id = f.item_id
                 WHERE f.state IN ('stored', 'stale') AND f.collision_key > ?1 ORDER BY f.collision_key LIMIT ?2"
            ))
            .and_then(|mut statement| {
                statement.query_map(params![after, limit], |row| Ok((file_row(row)?, row.get(12)?)))?.collect()
            })
            .map_err(catalog_error)
    }

    /// Paths of up to `count` stored files, spread evenly over all that ever were.
    pub fn stored_spread(&self, count: u32) -> Result<Vec<String>> {
        let last: i64 =
            self.connection.query_row("SELECT coalesce(max(id), 0) FROM files", [], |row| row.get(0)).map_err(catalog_error)?;
        let step = last / i64::from(count.max(1)) + 1;
        let mut statement = self
            .connection
            .prepare_cached("SELECT path FROM files WHERE id >= ?1 AND id < ?2 AND state = 'stored' ORDER BY id LIMIT 1")
            .map_err(catalog_error)?;
        let mut paths = Vec::new();
        for from in (1..=last).step_by(usize::try_from(step).unwrap_or(usize::MAX)) {
            let path = statement.query_row([from, from + step], |row| row.get(0)).optional().map_err(catalog_error)?;
            paths.extend(path);
        }
        Ok(paths)
    }

    /// Stored files whose date changed at the source, so that their modification time must follow.
    pub fn untimed_files(&self, limit: u32) -> Result<Vec<FileRow>> {
        self.connection
            .prepare_cached(&format!(
                "SELECT {FILE_COLUMNS} FROM files f JOIN items i ON i.id = f.item_id
                 WHERE f.state = 'stored' AND f.mtime_seconds IS NULL AND i.taken_seconds IS NOT NULL LIMIT ?1"
            ))
            .and_then(|mut statement| statement.query_map([limit], file_row)?.collect())
            .map_err(catalog_error)
    }

    /// A stored file with these bytes, if there is one.
    pub fn stored_with_hash(&self, hash: &[u8; 32]) -> Result<Option<FileRow>> {
        self.connection
            .prepare_cached(&format!(
                "SELECT {FILE_COLUMNS} FROM files f JOIN items i ON i.id = f.item_id WHERE f.hash = ?1 AND f.state = 'stored' ORDER BY f.id LIMIT 1"
            ))
            .and_then(|mut statement| statement.query_row([hash.as_slice()], file_row).optional())
            .map_err(catalog_error)
    }

    /// Whether a collision key is taken by a file.
    pub fn name_taken(&self, collision_key: &str) -> Result<bool> {
        self.connection
            .prepare_cached("SELECT 1 FROM files WHERE collision_key = ?1")
            .and_then(|mut statement| statement.exists([collision_key]))
            .map_err(catalog_error)
    }

    /// The file that holds a collision key.
    pub fn holder_of(&self, collision_key: &str) -> Result<Option<i64>> {
        self.connection
            .prepare_cached("SELECT id FROM files WHERE collision_key = ?1")
            .and_then(|mut statement| statement.query_row([collision_key], |row| row.get(0)).optional())
            .map_err(catalog_error)
    }

    /// The last number dealt for a name in a folder; 0 when the name was never used there.
    pub fn last_number(&self, folder: &str, name: &str) -> Result<Option<u32>> {
        self.connection
            .prepare_cached("SELECT last FROM name_series WHERE folder = ?1 AND name = ?2")
            .and_then(|mut statement| statement.query_row([folder, name], |row| row.get(0)).optional())
            .map_err(catalog_error)
    }

    /// Remembers the last number dealt for a name in a folder.
    pub fn set_last_number(&self, folder: &str, name: &str, last: u32) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO name_series (folder, name, last) VALUES (?1, ?2, ?3) ON CONFLICT (folder, name) DO UPDATE SET last = max(last, excluded.last)",
            )
            .and_then(|mut statement| statement.execute(params![folder, name, last]))
            .map_err(catalog_error)?;
        Ok(())
    }

    /// Gives a file its name.
    pub fn name_file(&self, file: i64, path: &str, collision_key: &str) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE files SET path = ?2, collision_key = ?3 WHERE id = ?1")
            .and_then(|mut statement| statement.execute(params![file, path, collision_key]))
            .map_err(catalog_error)?;
        Ok(())
    }

    /// Announces that checked bytes are about to get their name.
    pub fn announce(&self, file: i64, temp: &str, size: u64, hash: &[u8; 32], mime_type: Option<&str>) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE files SET state = 'placing', temp = ?2, size = ?3, hash = ?4, mime_type = ?5 WHERE id = ?1")
            .and_then(|mut statement| statement.execute(params![file, temp, size, hash.as_slice(), mime_type]))
            .map_err(catalog_error)?;
        Ok(())
    }

    /// Says that a file is stored: it is on the disk under its name, flushed, and so is its folder.
    /// With `doubtful` its bytes are compared once more by the next run.
    pub fn mark_stored(&self, file: i64, run: i64, mtime: (i64, u32), doubtful: bool) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE files SET state = 'stored', temp = NULL, stored_run = ?2, mtime_seconds = ?3, mtime_nanos = ?4, doubtful = ?5 WHERE id = ?1",
            )
            .and_then(|mut statement| statement.execute(params![file, run, mtime.0, mtime.1, doubtful]))
            .map_err(catalog_error)?;
        self.connection
            .prepare_cached("DELETE FROM failures WHERE file_id = ?1")
            .and_then(|mut statement| statement.execute([file]))
            .map_err(catalog_error)?;
        self.connection
            .prepare_cached("DELETE FROM partials WHERE file_id = ?1")
            .and_then(|mut statement| statement.execute([file]))
            .map_err(catalog_error)?;
        Ok(())
    }

    /// Records the modification time that a stored file has.
    pub fn set_file_time(&self, file: i64, mtime: (i64, u32)) -> Result<()> {
        self.connection
            .execute("UPDATE files SET mtime_seconds = ?2, mtime_nanos = ?3 WHERE id = ?1", params![file, mtime.0, mtime.1])
            .map_err(catalog_error)?;
        Ok(())
    }

    /// Takes the bytes that are on the disk now as the ones to keep: nothing is fetched in their place, whatever was pending
    /// for them.
    pub fn accept_bytes(&self, file: i64, size: u64, hash: &[u8; 32], mtime: (i64, u32)) -> Result<()> {
        self.connection
            .execute(
                "UPDATE files SET state = 'stored', doubtful = 0, size = ?2, hash = ?3, mtime_seconds = ?4, mtime_nanos = ?5 WHERE id = ?1",
                params![file, size, hash.as_slice(), mtime.0, mtime.1],
            )
            .and_then(|_| self.connection.execute("DELETE FROM failures WHERE file_id = ?1", [file]))
            .map_err(catalog_error)?;
        self.drop_partial(file)
    }

    /// An announced file was not placed, and something older still holds its name: it is to be fetched again, and nothing is
    /// known about the bytes that are there.
    pub fn mark_superseded(&self, file: i64) -> Result<()> {
        self.connection
            .execute("UPDATE files SET state = 'stale', temp = NULL, size = NULL, hash = NULL WHERE id = ?1", [file])
            .map_err(catalog_error)?;
        Ok(())
    }

    /// Moves a file to another state. Nothing on the disk changes by this.
    pub fn set_file_state(&self, file: i64, state: FileState) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE files SET state = ?2, temp = CASE WHEN ?2 = 'placing' THEN temp ELSE NULL END WHERE id = ?1")
            .and_then(|mut statement| statement.execute(params![file, state.as_str()]))
            .map_err(catalog_error)?;
        Ok(())
    }

    /// Remembers how far a download got.
    pub fn set_partial(&self, file: i64, partial: &Partial) -> Result<()> {
        self.connection
            .execute(
                "INSERT INTO partials (file_id, flushed, total, etag) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (file_id) DO UPDATE SET flushed = excluded.flushed, total = excluded.total, etag = excluded.etag",
                params![file, partial.flushed, partial.total, partial.etag],
            )
            .map_err(catalog_error)?;
        Ok(())
    }

    /// Whether an interrupted download of the file can go on; not when nobody wants it any more.
    pub fn has_partial(&self, file: i64) -> Result<bool> {
        self.connection
            .prepare_cached(
                "SELECT 1 FROM partials p JOIN files f ON f.id = p.file_id JOIN items i ON i.id = f.item_id
                 WHERE p.file_id = ?1 AND f.state <> 'stored' AND i.removed_at IS NULL
                     AND EXISTS (SELECT 1 FROM sightings s WHERE s.item_id = i.id AND s.gone_run IS NULL)",
            )
            .and_then(|mut statement| statement.exists([file]))
            .map_err(catalog_error)
    }

    /// Adds what the bytes themselves told: the offset of the clock, the place, the camera. (The pixels: [`Catalog::learn_pixels`].)
    pub fn learn_from_file(
        &self,
        item: ItemId,
        taken_if_unknown: Option<CaptureTime>,
        offset_seconds: Option<i32>,
        place: Option<(f64, f64)>,
        camera: (Option<&str>, Option<&str>),
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE items SET taken_offset = coalesce(taken_offset, ?2), latitude = coalesce(latitude, ?3), longitude = coalesce(longitude, ?4),
                     camera_make = coalesce(camera_make, ?5), camera_model = coalesce(camera_model, ?6)
                 WHERE id = ?1",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    item.0,
                    offset_seconds,
                    place.map(|(latitude, _)| latitude),
                    place.map(|(_, longitude)| longitude),
                    camera.0,
                    camera.1
                ])
            })
            .map_err(catalog_error)?;
        // By itself: an index goes by the date, and is written anew whenever a statement names it.
        if let Some(taken) = taken_if_unknown {
            self.connection
                .execute(
                    "UPDATE items SET taken_seconds = ?2, taken_nanos = ?3 WHERE id = ?1 AND taken_seconds IS NULL",
                    params![item.0, taken.unix_seconds(), taken.nanos()],
                )
                .map_err(catalog_error)?;
        }
        Ok(())
    }

    /// Whether a file is its item's original.
    pub fn is_original(&self, file: i64) -> Result<bool> {
        self.connection
            .prepare_cached("SELECT 1 FROM files WHERE id = ?1 AND role = 'original'")
            .and_then(|mut statement| statement.exists([file]))
            .map_err(catalog_error)
    }

    /// Sets or lifts an item's tombstone.
    pub fn set_removed(&self, item: ItemId, at: Option<i64>) -> Result<()> {
        self.connection.execute("UPDATE items SET removed_at = ?2 WHERE id = ?1", params![item.0, at]).map_err(catalog_error)?;
        Ok(())
    }

    /// Stored files of items that every source, asked by key, no longer has.
    pub fn files_gone_at_source(&self) -> Result<Vec<(FileRow, String)>> {
        self.connection
            .prepare(&format!(
                "SELECT {FILE_COLUMNS}, (SELECT key FROM sightings s WHERE s.item_id = i.id ORDER BY leads DESC, id LIMIT 1)
                 FROM files f JOIN items i ON i.id = f.item_id
                 WHERE f.state IN ('stored', 'stale', 'damaged') AND i.removed_at IS NULL
                     AND EXISTS (SELECT 1 FROM sightings s WHERE s.item_id = i.id AND s.gone_run IS NOT NULL)
                     AND NOT EXISTS (SELECT 1 FROM sightings s WHERE s.item_id = i.id AND s.gone_run IS NULL)
                 ORDER BY f.path"
            ))
            .and_then(|mut statement| statement.query_map([], |row| Ok((file_row(row)?, row.get(12)?)))?.collect())
            .map_err(catalog_error)
    }

    /// Every key an item has at a source.
    pub fn keys_of(&self, item: ItemId, source: SourceKind) -> Result<Vec<(i64, String)>> {
        self.connection
            .prepare_cached("SELECT id, key FROM sightings WHERE item_id = ?1 AND source = ?2 ORDER BY id")
            .and_then(|mut statement| {
                statement.query_map(params![item.0, source.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
            })
            .map_err(catalog_error)
    }
}

/// What a name is made from.
#[derive(Debug, Clone)]
pub struct NamingFacts {
    /// The source's key.
    pub key: String,
    /// Title at the source.
    pub title: String,
    /// Photo or video.
    pub kind: MediaKind,
    /// When it was taken.
    pub taken: Option<CaptureTime>,
}

impl Catalog {
    /// What a file's name is made from.
    pub fn naming_facts(&self, file: i64) -> Result<NamingFacts> {
        self.connection
            .query_row(
                "SELECT coalesce((SELECT key FROM sightings s WHERE s.item_id = i.id ORDER BY leads DESC, id LIMIT 1), ''), coalesce(f.name, i.title), i.kind,
                     i.taken_seconds, i.taken_nanos, i.taken_offset FROM files f JOIN items i ON i.id = f.item_id WHERE f.id = ?1",
                [file],
                |row| {
                    Ok(NamingFacts {
                        key: row.get(0)?,
                        title: row.get(1)?,
                        kind: if row.get::<_, String>(2)? == "video" { MediaKind::Video } else { MediaKind::Photo },
                        taken: taken_from(row, 3)?,
                    })
                },
            )
            .map_err(catalog_error)
    }

    /// Whether any file was ever wanted.
    pub fn has_files(&self) -> Result<bool> {
        self.connection
            .prepare_cached("SELECT 1 FROM files LIMIT 1")
            .and_then(|mut statement| statement.exists([]))
            .map_err(catalog_error)
    }

    /// A file's bytes were replaced: links that hold bytes of their own (hard links, copies) are made anew.
    pub fn forget_link_targets(&self, path: &str) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE links SET target = '' WHERE target = ?1 AND kind IN ('hardlink', 'copy')")
            .and_then(|mut statement| statement.execute([path]))
            .map_err(catalog_error)?;
        Ok(())
    }
}

impl Catalog {
    /// Makes every collision key anew, because the library lies on a disk with other rules now. Names that fall together
    /// there keep their old key; one of the two is missing on that disk then, which the next look finds.
    pub fn rekey(&self, key_of: impl Fn(&str) -> String) -> Result<()> {
        for (table, path, key) in
            [("files", "path", "collision_key"), ("links", "path", "collision_key"), ("albums", "folder", "folder_key")]
        {
            let rows: Vec<(i64, String)> = self
                .connection
                .prepare(&format!("SELECT id, {path} FROM {table} WHERE {path} IS NOT NULL"))
                .and_then(|mut statement| statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
                .map_err(catalog_error)?;
            for (id, path) in rows {
                self.connection
                    .prepare_cached(&format!("UPDATE OR IGNORE {table} SET {key} = ?2 WHERE id = ?1"))
                    .and_then(|mut statement| statement.execute(params![id, key_of(&path)]))
                    .map_err(catalog_error)?;
            }
        }
        Ok(())
    }

    /// Forgets how far a download got.
    pub fn drop_partial(&self, file: i64) -> Result<()> {
        self.connection.execute("DELETE FROM partials WHERE file_id = ?1", [file]).map_err(catalog_error)?;
        Ok(())
    }
}

impl Catalog {
    /// Files whose bytes looked cut short are to be fetched once more: another time the source may send them whole.
    pub fn doubt_again(&self) -> Result<u64> {
        let changed = self
            .connection
            .execute("UPDATE files SET state = 'stale' WHERE doubtful = 1 AND state = 'stored'", [])
            .map_err(catalog_error)?;
        Ok(changed as u64)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// How SQLite would answer, step by step.
    fn steps(question: &str) -> String {
        let catalog = Catalog::in_memory().unwrap();
        let mut statement = catalog.connection.prepare(&format!("EXPLAIN QUERY PLAN {question}")).unwrap();
        let steps: Vec<String> =
            statement.query_map(params!["x", 1, 1], |row| row.get(3)).unwrap().collect::<Result<_, _>>().unwrap();
        steps.join("; ")
    }

    #[test]
    fn files_to_fetch_are_found_without_passing_those_that_are_kept() {
        let steps = steps(OPEN_FILES);
        assert!(steps.starts_with("SEARCH f USING INDEX files_fetch"), "{steps}");
    }

    #[test]
    fn the_few_files_in_another_state_are_found_by_their_index() {
        assert!(steps(&in_state(FileState::Placing)).contains("files_open"));
        assert!(!steps(&in_state(FileState::Stored)).contains("TEMP B-TREE"));
    }
}
