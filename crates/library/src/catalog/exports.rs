//! Takeout exports: their parts, and how every entry of them ended.
//!
//! Promises: an entry is written before its bytes are touched and settled in the transaction that says "stored", so a kill
//! leaves either both or neither; what was settled once is not read again; an account adds up to the number of entries.

use photokeep_model::{ItemId, Result, SourceKind};
use rusqlite::{OptionalExtension, params};

use super::kept_json::unpacked;
use super::{Catalog, Namer, Sighting, catalog_error};

/// How an entry of an archive ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ended {
    /// Not settled yet.
    Open,
    /// Its bytes are in the library since then.
    Stored,
    /// Its very bytes were in the library.
    Already,
    /// A sidecar.
    Sidecar,
    /// An album file.
    Album,
    /// One of Google's own lists and pages.
    Service,
    /// Of another product.
    Other,
    /// Left by a system beside the photos.
    Companion,
    /// Not taken, for a reason.
    Refused,
}

impl Ended {
    /// All, in the order of an account.
    pub const ALL: [Self; 9] = [
        Self::Stored,
        Self::Already,
        Self::Sidecar,
        Self::Album,
        Self::Service,
        Self::Other,
        Self::Companion,
        Self::Refused,
        Self::Open,
    ];

    /// The word in the catalog and in lists.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Stored => "stored",
            Self::Already => "already",
            Self::Sidecar => "sidecar",
            Self::Album => "album",
            Self::Service => "service",
            Self::Other => "other",
            Self::Companion => "companion",
            Self::Refused => "refused",
        }
    }

    pub(super) fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|ended| ended.as_str() == word).unwrap_or(Self::Open)
    }
}

/// What tells an entry apart in one catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryKey {
    /// Number of its part.
    pub part: i64,
    /// Its place in the part.
    pub entry: u32,
}

impl EntryKey {
    /// As a source's key: `part/entry`.
    pub fn to_text(self) -> String {
        format!("{}/{}", self.part, self.entry)
    }

    /// Reads what [`EntryKey::to_text`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let (part, entry) = text.split_once('/')?;
        Some(Self { part: part.parse().ok()?, entry: entry.parse().ok()? })
    }
}

/// An entry as it is written down.
#[derive(Debug, Clone)]
pub struct EntryNote<'a> {
    /// Which.
    pub key: EntryKey,
    /// Its path below the Takeout folder.
    pub path: &'a str,
    /// Bytes, unpacked.
    pub size: u64,
    /// CRC-32, where the archive tells it.
    pub crc32: Option<u32>,
    /// How it ended.
    pub ended: Ended,
    /// Why.
    pub reason: Option<&'a str>,
}

/// An entry as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryLine {
    /// Name of its archive.
    pub part: String,
    /// Its path below the Takeout folder.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// How it ended.
    pub ended: Ended,
    /// Why, or what speaks for its pair.
    pub reason: Option<String>,
    /// Path of the file that has its bytes, below the library.
    pub file: Option<String>,
}

/// An entry whose bytes are to be compared with a file that is stored.
#[derive(Debug, Clone)]
pub struct ToCompare {
    /// Which.
    pub key: EntryKey,
    /// Bytes.
    pub size: u64,
    /// The stored file.
    pub file: i64,
    /// Its hash.
    pub hash: [u8; 32],
}

/// An entry of a part that is not here now, as the catalog remembers it.
#[derive(Debug, Clone)]
pub struct KnownEntry {
    /// Which.
    pub key: EntryKey,
    /// Its path below the Takeout folder.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// CRC-32, where the archive told it.
    pub crc32: Option<u32>,
    /// How it ended.
    pub ended: Ended,
    /// Its text, of JSON files.
    pub json: Option<Vec<u8>>,
    /// The file that has its bytes, below the library.
    pub stored: Option<String>,
}

/// How much of a part is in the library.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PartTaken {
    /// Entries written down.
    pub entries: u64,
    /// Entries that are open: photos not stored yet.
    pub open: u64,
    /// Entries that were not taken, whatever the reason.
    pub refused: u64,
    /// Entries of other Google products: Photokeep does not keep them.
    pub other: u64,
    /// Entries that were stored once and whose file is not stored now.
    pub not_stored: u64,
}

/// A stored file that holds the bytes of some entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFile {
    /// Its path below the library.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Its hash.
    pub hash: [u8; 32],
}

/// An export as the catalog knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportRow {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// When Google made it, in Unix seconds.
    pub made_at: Option<i64>,
    /// First, full, increment or partial.
    pub kind: String,
    /// Items in the parts that were seen.
    pub items: u64,
    /// The run that saw it first.
    pub first_run: i64,
    /// What its last listing found out, as JSON.
    pub told: Option<String>,
}

impl Catalog {
    /// The number of an export, made when it is new.
    pub fn sight_export(&self, name: &str, made_at: Option<i64>, run: i64) -> Result<i64> {
        self.connection
            .query_row(
                "INSERT INTO exports (name, made_at, kind, items, first_run, last_run) VALUES (?1, ?2, 'partial', 0, ?3, ?3)
                 ON CONFLICT (name) DO UPDATE SET last_run = excluded.last_run RETURNING id",
                params![name, made_at, run],
                |row| row.get(0),
            )
            .map_err(catalog_error)
    }

    /// Says what an export turned out to be.
    pub fn describe_export(&self, export: i64, kind: &str, account: Option<&str>, items: u64, told: &str) -> Result<()> {
        self.connection
            .execute(
                "UPDATE exports SET kind = ?2, account = coalesce(?3, account), items = max(items, ?4), told = ?5 WHERE id = ?1",
                params![export, kind, account, items, told],
            )
            .map_err(catalog_error)?;
        Ok(())
    }

    /// All exports, oldest first.
    pub fn exports(&self) -> Result<Vec<ExportRow>> {
        self.connection
            .prepare_cached(
                "SELECT id, name, made_at, kind, items, first_run, told FROM exports ORDER BY made_at IS NULL, made_at, id",
            )
            .and_then(|mut statement| {
                let row = |row: &rusqlite::Row<'_>| {
                    Ok(ExportRow {
                        id: row.get(0)?,
                        name: row.get(1)?,
                        made_at: row.get(2)?,
                        kind: row.get(3)?,
                        items: row.get(4)?,
                        first_run: row.get(5)?,
                        told: row.get(6)?,
                    })
                };
                statement.query_map([], row)?.collect()
            })
            .map_err(catalog_error)
    }

    /// The number of a part by its mark, and the number of its export; `None` if it was never seen.
    pub fn part_by_mark(&self, mark: &[u8; 32]) -> Result<Option<(i64, i64)>> {
        self.connection
            .query_row("SELECT id, export_id FROM parts WHERE mark = ?1 ORDER BY id LIMIT 1", [&mark[..]], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()
            .map_err(catalog_error)
    }

    /// Notes that a part was given to a run, and that its entries can be read now. Makes it known when it is new.
    pub fn sight_part(&self, export: i64, number: Option<u32>, name: &str, mark: &[u8; 32], run: i64) -> Result<i64> {
        let part: i64 = self
            .connection
            .query_row(
                "INSERT INTO parts (export_id, number, name, mark, first_run) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (export_id, mark) DO UPDATE SET number = coalesce(number, excluded.number) RETURNING id",
                params![export, number, name, &mark[..], run],
                |row| row.get(0),
            )
            .map_err(catalog_error)?;
        self.connection.execute("INSERT OR IGNORE INTO run_parts VALUES (?1, ?2)", [run, part]).map_err(catalog_error)?;
        self.connection.execute("INSERT OR IGNORE INTO temp.parts_here VALUES (?1)", [part]).map_err(catalog_error)?;
        Ok(part)
    }

    /// Forgets which parts can be read now.
    pub fn no_parts_here(&self) -> Result<()> {
        self.connection.execute_batch("DELETE FROM temp.parts_here").map_err(catalog_error)
    }

    /// Numbers and names of all parts of an export that were ever seen, in order.
    pub fn parts_of(&self, export: i64) -> Result<Vec<(i64, Option<u32>, String)>> {
        self.connection
            .prepare_cached("SELECT id, number, name FROM parts WHERE export_id = ?1 ORDER BY number IS NULL, number, id")
            .and_then(|mut statement| statement.query_map([export], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect())
            .map_err(catalog_error)
    }

    /// How many entries of a part are written down.
    pub fn entries_of(&self, part: i64) -> Result<u64> {
        self.connection
            .prepare_cached("SELECT count(*) FROM entries WHERE part_id = ?1")
            .and_then(|mut statement| statement.query_row([part], |row| row.get(0)))
            .map_err(catalog_error)
    }

    /// How much of a part is in the library, as the catalog knows it. Whether the files are still there, [`Catalog::files_of_part`]
    /// tells whom to ask.
    pub fn part_taken(&self, part: i64) -> Result<PartTaken> {
        self.connection
            .prepare_cached(
                "SELECT count(*), coalesce(sum(e.ended = 'open'), 0), coalesce(sum(e.ended = 'refused'), 0), coalesce(sum(e.ended = 'other'), 0),
                     coalesce(sum(e.ended IN ('stored', 'already') AND (f.state IS NOT 'stored' OR f.path IS NULL OR f.size IS NULL OR f.hash IS NULL)), 0)
                 FROM entries e LEFT JOIN files f ON f.id = e.file_id WHERE e.part_id = ?1",
            )
            .and_then(|mut statement| {
                statement.query_row([part], |row| {
                    Ok(PartTaken {
                        entries: row.get(0)?,
                        open: row.get(1)?,
                        refused: row.get(2)?,
                        other: row.get(3)?,
                        not_stored: row.get(4)?,
                    })
                })
            })
            .map_err(catalog_error)
    }

    /// Calls `each` with every stored file that holds bytes of a part, until it says no.
    pub fn files_of_part(&self, part: i64, mut each: impl FnMut(KeptFile) -> bool) -> Result<()> {
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT f.path, f.size, f.hash FROM files f WHERE f.state = 'stored' AND f.path IS NOT NULL AND f.size IS NOT NULL AND f.hash IS NOT NULL
                     AND f.id IN (SELECT file_id FROM entries WHERE part_id = ?1 AND ended IN ('stored', 'already')) ORDER BY f.id",
            )
            .map_err(catalog_error)?;
        let mut rows = statement.query([part]).map_err(catalog_error)?;
        while let Some(row) = rows.next().map_err(catalog_error)? {
            let file = (|| {
                let hash: Vec<u8> = row.get(2)?;
                Ok::<_, rusqlite::Error>(KeptFile {
                    path: row.get(0)?,
                    size: row.get(1)?,
                    hash: hash.try_into().unwrap_or_default(),
                })
            })();
            if !each(file.map_err(catalog_error)?) {
                break;
            }
        }
        Ok(())
    }

    /// Whether something of a part may end better when it is read once more.
    pub fn is_unsettled(&self, part: i64) -> Result<bool> {
        self.connection
            .prepare_cached(
                "SELECT 1 FROM parts WHERE id = ?1 AND listed = 0
                 UNION ALL
                 SELECT 1 FROM entries WHERE part_id = ?1 AND ended IN ('open', 'refused') AND (ended = 'open' OR file_id IS NOT NULL)
                 UNION ALL
                 SELECT 1 FROM files f JOIN entries e ON e.file_id = f.id WHERE e.part_id = ?1 AND f.state IN ('missing', 'damaged')
                 LIMIT 1",
            )
            .and_then(|mut statement| statement.exists([part]))
            .map_err(catalog_error)
    }

    /// Writes entries down, those that are known too: what was settled by bytes stays so. Call inside a transaction.
    pub fn note_entries<'a>(&self, run: i64, notes: impl IntoIterator<Item = EntryNote<'a>>) -> Result<()> {
        for note in notes {
            self.connection
                .prepare_cached(
                    "INSERT INTO entries (part_id, entry, path, size, crc32, ended, reason, run_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                     ON CONFLICT (part_id, entry) DO UPDATE SET
                         ended = CASE WHEN ended IN ('stored', 'already') THEN ended ELSE excluded.ended END,
                         run_id = CASE WHEN ended IN ('stored', 'already') THEN run_id ELSE excluded.run_id END,
                         reason = excluded.reason
                     WHERE ended IN ('stored', 'already') AND excluded.ended = 'open' AND reason IS NOT excluded.reason
                         OR ended NOT IN ('stored', 'already') AND (ended <> excluded.ended OR reason IS NOT excluded.reason)",
                )
                .and_then(|mut statement| {
                    statement.execute(params![
                        note.key.part,
                        note.key.entry,
                        note.path,
                        note.size,
                        note.crc32,
                        note.ended.as_str(),
                        note.reason,
                        run
                    ])
                })
                .map_err(catalog_error)?;
        }
        Ok(())
    }

    /// The file that has or will have an entry's bytes, if the entry is known.
    pub(super) fn entry_file(&self, key: EntryKey) -> Result<Option<i64>> {
        self.connection
            .prepare_cached("SELECT file_id FROM entries WHERE part_id = ?1 AND entry = ?2")
            .and_then(|mut statement| statement.query_row(params![key.part, key.entry], |row| row.get(0)).optional())
            .map(Option::flatten)
            .map_err(catalog_error)
    }

    /// Says which file an entry's bytes are for.
    pub(super) fn set_entry_file(&self, key: EntryKey, file: i64) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE entries SET file_id = ?3 WHERE part_id = ?1 AND entry = ?2 AND file_id IS NOT ?3")
            .and_then(|mut statement| statement.execute(params![key.part, key.entry, file]))
            .map_err(catalog_error)?;
        Ok(())
    }

    /// Settles an entry. Call it in the transaction that makes it true.
    pub fn settle_entry(&self, run: i64, key: EntryKey, ended: Ended, reason: Option<&str>) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE entries SET ended = ?3, reason = coalesce(?4, reason), run_id = ?5 WHERE part_id = ?1 AND entry = ?2
                     AND (ended <> ?3 OR reason IS NOT coalesce(?4, reason))",
            )
            .and_then(|mut statement| statement.execute(params![key.part, key.entry, ended.as_str(), reason, run]))
            .map_err(catalog_error)?;
        Ok(())
    }

    /// Open entries that can be read now and whose file is stored: their bytes are to be compared with it. After `after`, in
    /// the order of the archives.
    pub fn entries_to_compare(&self, after: Option<EntryKey>, limit: u32) -> Result<Vec<ToCompare>> {
        let after = after.unwrap_or(EntryKey { part: i64::MIN, entry: 0 });
        self.connection
            .prepare_cached(
                "SELECT e.part_id, e.entry, e.size, f.id, f.hash FROM entries e JOIN files f ON f.id = e.file_id
                 WHERE e.ended = 'open' AND (e.part_id, e.entry) > (?1, ?2) AND +e.part_id IN (SELECT part_id FROM temp.parts_here)
                     AND f.state = 'stored' AND f.hash IS NOT NULL
                 ORDER BY e.part_id, e.entry LIMIT ?3",
            )
            .and_then(|mut statement| {
                statement
                    .query_map(params![after.part, after.entry, limit], |row| {
                        let hash: Vec<u8> = row.get(4)?;
                        Ok(ToCompare {
                            key: EntryKey { part: row.get(0)?, entry: row.get(1)? },
                            size: row.get(2)?,
                            file: row.get(3)?,
                            hash: hash.try_into().unwrap_or_default(),
                        })
                    })?
                    .collect()
            })
            .map_err(catalog_error)
    }

    /// An entry that looked like a copy has other bytes: it gets a file of its own, a rendition of the same item.
    pub fn want_other_bytes(&self, key: EntryKey, like: i64) -> Result<()> {
        self.connection
            .execute(
                "INSERT INTO files (item_id, role, source, state, name)
                 SELECT item_id, CASE role WHEN 'original' THEN 'rendition' ELSE role END, 'takeout', 'wanted', name FROM files WHERE id = ?1",
                [like],
            )
            .map_err(catalog_error)?;
        self.set_entry_file(key, self.connection.last_insert_rowid())
    }

    /// Says that parts were read to their end and everything in them taken in; or that they were not, after all.
    pub fn set_listed(&self, parts: &[i64], listed: bool) -> Result<()> {
        for part in parts {
            self.connection
                .execute("UPDATE parts SET listed = ?2 WHERE id = ?1 AND listed <> ?2", params![part, listed])
                .map_err(catalog_error)?;
        }
        Ok(())
    }

    /// An entry whose bytes are proven and are no photo or video is refused for good: nothing is wanted of it.
    pub fn refuse_for_good(&self, run: i64, key: EntryKey, reason: &str) -> Result<()> {
        let file = self.entry_file(key)?;
        self.settle_entry(run, key, Ended::Refused, Some(reason))?;
        let Some(file) = file else { return Ok(()) };
        self.connection
            .execute("UPDATE entries SET file_id = NULL WHERE part_id = ?1 AND entry = ?2", params![key.part, key.entry])
            .map_err(catalog_error)?;
        self.connection
            .execute(
                "DELETE FROM files WHERE id = ?1 AND state = 'wanted' AND NOT EXISTS (SELECT 1 FROM entries WHERE file_id = ?1)",
                [file],
            )
            .map_err(catalog_error)?;
        Ok(())
    }

    /// Entries that are still open and whose file could not be stored in this run end as refused. They are tried again when
    /// the archive is given again.
    pub fn refuse_failed_entries(&self, run: i64) -> Result<()> {
        self.connection
            .execute(
                "UPDATE entries SET ended = 'refused', run_id = ?1,
                     reason = (SELECT message FROM failures x WHERE x.file_id = entries.file_id)
                 WHERE ended = 'open' AND part_id IN (SELECT part_id FROM run_parts WHERE run_id = ?1)
                     AND file_id IN (SELECT file_id FROM failures WHERE last_run = ?1)",
                [run],
            )
            .map_err(catalog_error)?;
        Ok(())
    }

    /// What could not be read and is kept all the same, from another copy of the archive: nobody waits for it any more. Its entries
    /// have the file that is kept.
    pub fn drop_damaged_copies(&self) -> Result<()> {
        self.connection
            .execute_batch(
                "CREATE TEMP TABLE damaged_copies AS
                     SELECT w.id AS copy, s.id AS kept FROM files w JOIN failures x ON x.file_id = w.id JOIN entries e ON e.file_id = w.id
                         JOIN files s ON s.item_id = w.item_id AND s.id <> w.id AND s.state = 'stored' AND s.size = e.size
                     WHERE w.source = 'takeout' AND w.state = 'wanted'
                         AND NOT EXISTS (SELECT 1 FROM entries o WHERE o.file_id = w.id AND o.ended <> 'refused') GROUP BY w.id;
                 UPDATE entries SET file_id = (SELECT kept FROM damaged_copies WHERE copy = file_id)
                     WHERE file_id IN (SELECT copy FROM damaged_copies);
                 DELETE FROM files WHERE id IN (SELECT copy FROM damaged_copies);
                 DROP TABLE damaged_copies;",
            )
            .map_err(catalog_error)
    }

    /// Entries of items that the user removed here end as refused: a tombstone keeps them away.
    pub fn refuse_removed_entries(&self, run: i64) -> Result<()> {
        self.connection
            .execute(
                "UPDATE entries SET ended = 'refused', run_id = ?1, reason = 'You removed this here; it is not brought back by itself.'
                 WHERE ended = 'open' AND part_id IN (SELECT part_id FROM run_parts WHERE run_id = ?1)
                     AND file_id IN (SELECT f.id FROM files f JOIN items i ON i.id = f.item_id WHERE i.removed_at IS NOT NULL)",
                [run],
            )
            .map_err(catalog_error)?;
        Ok(())
    }

    /// The items that sidecars without a file mean, where they are known, with what they say taken over. `None` where no item
    /// has the key; nothing becomes wanted. Call inside a transaction.
    pub fn sight_known(&self, run: i64, sightings: &[Sighting], namer: &dyn Namer) -> Result<Vec<Option<ItemId>>> {
        let mut items = Vec::with_capacity(sightings.len());
        for sighting in sightings {
            let item = self.item_of(SourceKind::Takeout, &sighting.key)?;
            if item.is_some() {
                self.sight(SourceKind::Takeout, run, std::slice::from_ref(sighting), namer)?;
            }
            items.push(item);
        }
        Ok(items)
    }

    /// What the catalog remembers of a part that is not here, entry by entry.
    pub fn for_each_known_entry(&self, part: i64, mut each: impl FnMut(KnownEntry) -> Result<()>) -> Result<()> {
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT e.entry, e.path, e.size, e.crc32, e.ended, s.json, f.path FROM entries e
                     LEFT JOIN sidecars s ON s.part_id = e.part_id AND s.entry = e.entry
                     LEFT JOIN files f ON f.id = e.file_id AND f.state = 'stored' WHERE e.part_id = ?1 ORDER BY e.entry",
            )
            .map_err(catalog_error)?;
        let mut rows = statement.query([part]).map_err(catalog_error)?;
        while let Some(row) = rows.next().map_err(catalog_error)? {
            let known = (|| {
                Ok::<_, rusqlite::Error>(KnownEntry {
                    key: EntryKey { part, entry: row.get(0)? },
                    path: row.get(1)?,
                    size: row.get(2)?,
                    crc32: row.get(3)?,
                    ended: Ended::from_word(&row.get::<_, String>(4)?),
                    json: row.get::<_, Option<Vec<u8>>>(5)?.map(unpacked),
                    stored: row.get(6)?,
                })
            })();
            each(known.map_err(catalog_error)?)?;
        }
        Ok(())
    }

    /// Counts the items of parts that need no reading as seen in this run. Returns how many.
    pub fn see_items_of(&self, parts: &[i64]) -> Result<u64> {
        let mut seen = 0;
        for part in parts {
            seen += self
                .connection
                .execute(
                    "INSERT OR IGNORE INTO temp.seen SELECT s.id FROM sightings s WHERE s.source = 'takeout' AND s.item_id IN
                         (SELECT f.item_id FROM entries e JOIN files f ON f.id = e.file_id WHERE e.part_id = ?1)",
                    [part],
                )
                .map_err(catalog_error)? as u64;
        }
        Ok(seen)
    }
}
