//! The lists behind a receipt's numbers, a page at a time. Lines are written in `runs`.

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
}
