//! What an import will do and what it did: plans, accounts and the lists behind their numbers.
//!
//! Promise: an account adds up to the number of entries in the archives that a run was given.

use std::collections::HashSet;

use photokeep_model::{Account, Plan, Result, SourceKind};
use rusqlite::params;

use super::{Catalog, Ended, EntryLine, catalog_error};

/// How an entry `e` with its file `f` ended for run ?1: what an earlier run stored was there already, unless it was gone and is
/// stored anew; what is gone and not back is open.
const ENDED_FOR_RUN: &str = "CASE WHEN e.ended NOT IN ('stored', 'already') THEN e.ended
     WHEN f.state IN ('missing', 'damaged') THEN 'open'
     WHEN e.ended = 'already' OR e.run_id = ?1 OR f.stored_run = ?1 THEN e.ended ELSE 'already' END";

/// The entries of the parts that run ?1 was given.
const OF_RUN: &str = "FROM run_parts r JOIN parts p ON p.id = r.part_id JOIN entries e ON e.part_id = p.id
     LEFT JOIN files f ON f.id = e.file_id WHERE r.run_id = ?1";

/// Entries `e` that were not taken. The words about the end are those of the index of what is not settled.
const NOT_TAKEN: &str = "e.ended IN ('open', 'refused') AND e.ended = 'refused' AND e.accepted = 0
     AND coalesce(e.reason, '') NOT LIKE 'you removed this here%' AND NOT EXISTS (SELECT 1 FROM files f WHERE f.id = e.file_id)
     AND e.path NOT IN (SELECT o.path FROM entries o WHERE o.ended IN ('stored', 'already', 'sidecar')
         AND o.path IN (SELECT r.path FROM entries r WHERE r.ended IN ('open', 'refused') AND r.ended = 'refused' AND r.accepted = 0))";

impl Catalog {
    /// The plan of an import, from what its listing has put into the catalog. Nothing is written.
    pub fn plan_import(&self, run: i64) -> Result<Plan> {
        let mut plan = self.plan_of(
            SourceKind::Takeout,
            run,
            "SELECT f.id, f.state, i.kind FROM files f JOIN items i ON i.id = f.item_id
             WHERE f.source = ?1 AND f.state <> 'stored' AND f.state <> 'placing' AND f.state <> 'trashed' AND i.removed_at IS NULL
                 AND EXISTS (SELECT 1 FROM entries e WHERE e.file_id = f.id AND e.part_id IN (SELECT part_id FROM temp.parts_here))",
        )?;
        let open = self.open_bytes()?;
        plan.estimated_bytes = Some(open.bytes);
        plan.photos = plan.photos.saturating_sub(open.photos_there);
        plan.videos = plan.videos.saturating_sub(open.videos_there);
        plan.same_bytes = open.photos_there + open.videos_there;
        plan.to_fetch = plan.to_fetch.saturating_sub(plan.same_bytes);
        Ok(plan)
    }

    /// How every entry of a run's parts ended. What an earlier run stored was already there for this one.
    pub fn account(&self, run: i64) -> Result<Account> {
        let mut account = Account::default();
        let counts: Vec<(String, u64)> = self
            .connection
            .prepare_cached(&format!("SELECT {ENDED_FOR_RUN}, count(*) {OF_RUN} GROUP BY 1"))
            .and_then(|mut statement| statement.query_map([run], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .map_err(catalog_error)?;
        for (word, count) in counts {
            account.entries += count;
            *match Ended::from_word(&word) {
                Ended::Stored => &mut account.stored,
                Ended::Already => &mut account.already,
                Ended::Sidecar => &mut account.sidecars,
                Ended::Album => &mut account.albums,
                Ended::Service => &mut account.service,
                Ended::Other => &mut account.other,
                Ended::Companion => &mut account.companions,
                Ended::Refused => &mut account.refused,
                Ended::Open => &mut account.open,
            } += count;
        }
        Ok(account)
    }

    /// Makes the list of what failed in an import: every entry of its archives that was not taken, but for what the user removed
    /// here. It takes the place of what the run noted on its way: a photo that could not be read in one archive and was taken
    /// from another is no failure, and what was refused by an earlier import still is one. In these lines `path` is the one in
    /// the archive. Call inside a transaction, when the run came to its end.
    pub fn list_refused(&self, run: i64) -> Result<()> {
        self.connection.execute("DELETE FROM run_entries WHERE run_id = ?1 AND what = 'failed'", [run]).map_err(catalog_error)?;
        self.connection
            .execute(
                "INSERT INTO run_entries (run_id, what, item_id, path, reason)
                 SELECT ?1, 'failed', f.item_id, e.path, e.reason FROM run_parts r JOIN entries e ON e.part_id = r.part_id
                     LEFT JOIN files f ON f.id = e.file_id LEFT JOIN items i ON i.id = f.item_id
                 WHERE r.run_id = ?1 AND e.ended IN ('open', 'refused') AND e.ended = 'refused' AND f.state IS NOT 'stored'
                     AND i.removed_at IS NULL AND coalesce(e.reason, '') NOT LIKE 'you removed this here%'
                 ORDER BY e.part_id, e.entry",
                [run],
            )
            .map_err(catalog_error)?;
        Ok(())
    }

    /// What exports could not give so far, by reason: entries that were not taken and came with no other part or export since. Not what
    /// the user removed here, nor what waits to be read again (that is pending), nor what was accepted.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn not_taken(&self) -> Result<Vec<(String, u64)>> {
        self.connection
            .prepare(&format!("SELECT coalesce(reason, ''), count(*) AS n FROM entries e WHERE {NOT_TAKEN} GROUP BY reason ORDER BY n DESC, reason"))
            .and_then(|mut statement| statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .map_err(catalog_error)
    }

    /// The person has heard of what exports could not give so far.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn accept_not_taken(&self) -> Result<u64> {
        self.transaction(|catalog| {
            let accepted = format!("UPDATE entries AS e SET accepted = 1 WHERE {NOT_TAKEN}");
            catalog.connection.execute(&accepted, []).map(|count| count as u64).map_err(catalog_error)
        })
    }

    /// Files that were stored and are gone or no longer what was stored.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn gone_files(&self) -> Result<u64> {
        self.connection
            .query_row(
                "SELECT count(*) FROM files f JOIN items i ON i.id = f.item_id
                 WHERE f.state IN ('missing', 'damaged') AND f.state <> 'stored' AND i.removed_at IS NULL",
                [],
                |row| row.get(0),
            )
            .map_err(catalog_error)
    }

    /// How many entries of a run's parts ended in one way, and `limit` of them from `offset`, in the order of the archives.
    pub fn entries_page(&self, run: i64, ended: Ended, offset: u64, limit: u32) -> Result<(u64, Vec<EntryLine>)> {
        let total: u64 = self
            .connection
            .prepare_cached(&format!("SELECT count(*) {OF_RUN} AND {ENDED_FOR_RUN} = ?2"))
            .and_then(|mut statement| statement.query_row(params![run, ended.as_str()], |row| row.get(0)))
            .map_err(catalog_error)?;
        let lines = self
            .connection
            .prepare_cached(&format!(
                "SELECT p.name, e.path, e.size, e.reason, (SELECT f.path FROM files f WHERE f.id = e.file_id AND f.state = 'stored')
                 {OF_RUN} AND {ENDED_FOR_RUN} = ?2 ORDER BY e.part_id, e.entry LIMIT ?3 OFFSET ?4"
            ))
            .and_then(|mut statement| {
                statement
                    .query_map(params![run, ended.as_str(), limit, offset], |row| {
                        Ok(EntryLine {
                            part: row.get(0)?,
                            path: row.get(1)?,
                            size: row.get(2)?,
                            ended,
                            reason: row.get(3)?,
                            file: row.get(4)?,
                        })
                    })?
                    .collect()
            })
            .map_err(catalog_error)?;
        Ok((total, lines))
    }

    /// What the files come to that are not there and can be read now. Of what has the size and checksum of a file that is stored,
    /// or of one before it, no second copy will be stored; the bytes prove it when they are read. Files of an unpacked export have
    /// no checksum: there those of one size and one name, as the copies in albums have, count as the same.
    fn open_bytes(&self) -> Result<OpenBytes> {
        let mut open = OpenBytes::default();
        let mut coming = HashSet::new();
        let mut coming_unchecked = HashSet::new();
        let mut read = || -> rusqlite::Result<()> {
            let mut stored = self
                .connection
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM files WHERE state = 'stored' AND size = ?1 AND crc32 = ?2)")?;
            let mut files = self.connection.prepare_cached(
                "SELECT min(e.size), f.crc32, f.state = 'wanted', i.kind = 'video', coalesce(f.name, i.title) FROM entries e JOIN files f ON f.id = e.file_id
                     JOIN items i ON i.id = f.item_id
                 WHERE e.ended = 'open' AND e.part_id IN (SELECT part_id FROM temp.parts_here) AND i.removed_at IS NULL
                     AND f.state <> 'stored' AND f.state <> 'placing' AND f.state <> 'trashed' GROUP BY f.id",
            )?;
            let mut rows = files.query([])?;
            while let Some(row) = rows.next()? {
                let (size, crc32, is_wanted): (u64, Option<u32>, bool) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let is_there = match crc32 {
                    Some(crc32) if is_wanted => {
                        !coming.insert((size, crc32)) || stored.query_row(params![size, crc32], |row| row.get(0))?
                    }
                    None if is_wanted => !coming_unchecked.insert((size, row.get::<_, String>(4)?)),
                    _ => false,
                };
                if !is_there {
                    open.bytes += size;
                } else if row.get(3)? {
                    open.videos_there += 1;
                } else {
                    open.photos_there += 1;
                }
            }
            // What was stored and is gone is stored anew.
            open.bytes += self
                .connection
                .prepare_cached(
                    "SELECT coalesce(sum(size), 0) FROM files f WHERE state IN ('missing', 'damaged') AND state <> 'stored' AND source = 'takeout'
                         AND EXISTS (SELECT 1 FROM entries e WHERE e.file_id = f.id AND e.ended <> 'open' AND e.part_id IN (SELECT part_id FROM temp.parts_here))",
                )?
                .query_row([], |row| row.get::<_, u64>(0))?;
            Ok(())
        };
        read().map_err(catalog_error)?;
        Ok(open)
    }
}

/// What the files of an import come to that are not there yet.
#[derive(Default)]
struct OpenBytes {
    /// As the archives declare them, each content once.
    bytes: u64,
    /// Photos among the wanted whose content is stored already, or comes twice.
    photos_there: u64,
    /// Videos among them.
    videos_there: u64,
}
