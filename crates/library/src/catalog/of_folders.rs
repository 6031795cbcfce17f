//! Files that come from folders which a person named.

use photokeep_model::Result;
use rusqlite::OptionalExtension;

use super::files::{FILE_COLUMNS, file_row};
use super::{Catalog, FileRow, catalog_error};

impl Catalog {
    /// Whether a file came, or is to come, from a folder that a person named.
    pub(crate) fn is_of_a_folder(&self, file: i64) -> Result<bool> {
        self.connection
            .prepare_cached("SELECT 1 FROM files WHERE id = ?1 AND source = 'folder'")
            .and_then(|mut statement| statement.exists([file]))
            .map_err(catalog_error)
    }

    /// A file that held just these bytes and is not there any more, or is damaged.
    pub fn lost_with_hash(&self, hash: &[u8; 32]) -> Result<Option<FileRow>> {
        self.connection
            .prepare_cached(&format!(
                "SELECT {FILE_COLUMNS} FROM files f JOIN items i ON i.id = f.item_id WHERE f.hash = ?1
                     AND f.state <> 'stored' AND f.state IN ('missing', 'damaged') AND i.removed_at IS NULL ORDER BY f.id LIMIT 1"
            ))
            .and_then(|mut statement| statement.query_row([hash.as_slice()], file_row).optional())
            .map_err(catalog_error)
    }

    /// Forgets what was to come from folders and did not: nobody waits for it, and the next comparison finds it missing again.
    ///
    /// The words about other states are those of the index that leaves out what is stored (`files.rs`).
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn forget_unfetched_of_folders(&self) -> Result<()> {
        self.transaction(|catalog| {
            catalog
                .connection
                .execute_batch(
                    "CREATE TEMP TABLE unfetched AS SELECT id, item_id FROM files WHERE source = 'folder' AND state = 'wanted'
                         AND state <> 'stored' AND state <> 'placing' AND state <> 'trashed';
                     DELETE FROM files WHERE id IN (SELECT id FROM unfetched);
                     DELETE FROM unfetched WHERE EXISTS (SELECT 1 FROM files f WHERE f.item_id = unfetched.item_id);
                     UPDATE run_entries SET item_id = NULL WHERE item_id IN (SELECT item_id FROM unfetched);
                     DELETE FROM sightings WHERE source = 'folder' AND item_id IN (SELECT item_id FROM unfetched);
                     DELETE FROM items WHERE id IN (SELECT item_id FROM unfetched)
                         AND NOT EXISTS (SELECT 1 FROM sightings s WHERE s.item_id = items.id)
                         AND NOT EXISTS (SELECT 1 FROM album_items a WHERE a.item_id = items.id);
                     DROP TABLE unfetched;",
                )
                .map_err(catalog_error)
        })
    }
}
