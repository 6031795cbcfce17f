//! The lists behind a receipt's numbers, a page at a time. A listing's lines are written here, single ones in `runs`.

use photokeep_model::{ItemId, Result};
use rusqlite::params;

use super::{Catalog, EntryKind, catalog_error};

/// A line of a run's list, for reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRow {
    /// The item, where the line is about one that the catalog still has.
    pub item: Option<ItemId>,
    /// The file's path below the library, as it was then; of what an import did not take, its path in the archive.
    pub path: Option<String>,
    /// The item's title now.
    pub title: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

impl Catalog {
    /// How many lines of a kind a run has, and `limit` of them from `offset`, in the order they were written.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn run_entries_page(&self, run: i64, what: EntryKind, offset: u64, limit: u32) -> Result<(u64, Vec<EntryRow>)> {
        let total = self.entry_count(run, what)?;
        if offset >= total {
            return Ok((total, Vec::new()));
        }
        // The inner query skips along the index alone, so that the last page costs little more than the first.
        let rows = self
            .connection
            .prepare_cached(
                "SELECT i.id, e.path, i.title, e.reason
                 FROM (SELECT rowid AS line FROM run_entries WHERE run_id = ?1 AND what = ?2 ORDER BY rowid LIMIT ?4 OFFSET ?3) p
                     CROSS JOIN run_entries e ON e.rowid = p.line LEFT JOIN items i ON i.id = e.item_id ORDER BY p.line",
            )
            .and_then(|mut statement| {
                statement
                    .query_map(params![run, what.as_str(), offset, limit], |row| {
                        Ok(EntryRow {
                            item: row.get::<_, Option<i64>>(0)?.map(ItemId),
                            path: row.get(1)?,
                            title: row.get(2)?,
                            reason: row.get(3)?,
                        })
                    })?
                    .collect()
            })
            .map_err(catalog_error)?;
        Ok((total, rows))
    }

    /// Items of this run with changed name, date or description, for the receipt's list.
    pub fn list_changed(&self, run: i64) -> Result<u64> {
        let added = self
            .connection
            .execute(
                &format!(
                    "INSERT INTO run_entries (run_id, what, item_id, path, reason)
                     SELECT DISTINCT ?1, 'updated', s.item_id, (SELECT path FROM files f WHERE f.item_id = s.item_id LIMIT 1), 'name, date or description changed'
                     FROM sightings s JOIN items i ON i.id = s.item_id WHERE {}",
                    says_something_new("?1")
                ),
                [run],
            )
            .map_err(catalog_error)?;
        Ok(added as u64)
    }

    /// Items that are gone at the source since this run, for the receipt's list; and how many are gone in all and still kept here.
    pub fn list_gone(&self, run: i64) -> Result<u64> {
        self.connection
            .execute(
                "INSERT INTO run_entries (run_id, what, item_id, path, reason)
                 SELECT ?1, 'absent', s.item_id, (SELECT path FROM files f WHERE f.item_id = s.item_id LIMIT 1), 'no longer in Google Photos'
                 FROM sightings s WHERE s.gone_run = ?1",
                [run],
            )
            .map_err(catalog_error)?;
        Ok(self.standing()?.absent)
    }
}

/// The condition that a sighting `s` says in a run something new of an item `i` that was known before.
pub(super) fn says_something_new(run: &str) -> String {
    format!("s.changed_run = {run} AND (s.first_run < {run} OR s.leads AND i.first_run < {run})")
}
