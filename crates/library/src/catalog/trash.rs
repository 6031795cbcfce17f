//! What is in the trash, and what is on its way there.

use photokeep_model::{ItemId, Result};
use rusqlite::params;

use super::{Catalog, catalog_error};

/// A file in the trash.
#[derive(Debug, Clone)]
pub struct TrashRow {
    /// Its number.
    pub id: i64,
    /// Its item.
    pub item: ItemId,
    /// The file whose bytes it holds, while it can be restored.
    pub file: Option<i64>,
    /// Where it was, below the library.
    pub path: String,
    /// Where it is, below the library.
    pub trash_path: String,
    /// Bytes.
    pub size: Option<u64>,
    /// Why it is here.
    pub reason: String,
    /// When it came here (Unix seconds).
    pub removed_at: i64,
    /// Whether the move was finished.
    pub moved: bool,
}

impl Catalog {
    /// Announces a move to trash.
    #[allow(clippy::too_many_arguments)]
    pub fn announce_trash(
        &self,
        item: ItemId,
        file: Option<i64>,
        path: &str,
        trash_path: &str,
        size: Option<u64>,
        hash: Option<[u8; 32]>,
        reason: &str,
        now: i64,
    ) -> Result<i64> {
        self.connection
            .execute(
                "INSERT INTO trash (item_id, file_id, path, trash_path, size, hash, reason, removed_at, moved) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)",
                params![item.0, file, path, trash_path, size, hash.map(|hash| hash.to_vec()), reason, now],
            )
            .map_err(catalog_error)?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Says that a move to trash is done.
    pub fn mark_trashed(&self, trash: i64) -> Result<()> {
        self.connection.execute("UPDATE trash SET moved = 1 WHERE id = ?1", [trash]).map_err(catalog_error)?;
        Ok(())
    }

    /// Forgets a trash entry, because it was restored, emptied or never happened.
    pub fn drop_trash(&self, trash: i64) -> Result<()> {
        self.connection.execute("DELETE FROM trash WHERE id = ?1", [trash]).map_err(catalog_error)?;
        Ok(())
    }

    /// What is in the trash, oldest first.
    pub fn trash(&self) -> Result<Vec<TrashRow>> {
        self.connection
            .prepare("SELECT id, item_id, file_id, path, trash_path, size, reason, removed_at, moved FROM trash ORDER BY id")
            .and_then(|mut statement| {
                statement
                    .query_map([], |row| {
                        Ok(TrashRow {
                            id: row.get(0)?,
                            item: ItemId(row.get(1)?),
                            file: row.get(2)?,
                            path: row.get(3)?,
                            trash_path: row.get(4)?,
                            size: row.get(5)?,
                            reason: row.get(6)?,
                            removed_at: row.get(7)?,
                            moved: row.get(8)?,
                        })
                    })?
                    .collect()
            })
            .map_err(catalog_error)
    }
}
