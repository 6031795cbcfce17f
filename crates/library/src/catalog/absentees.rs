//! Known items that a listing did not show. Nothing is concluded here; files stay untouched.

use photokeep_model::{Result, SourceKind};
use rusqlite::params;

use super::{Catalog, catalog_error};

/// A known item that this run's listing did not show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absentee {
    /// Number of the sighting.
    pub sighting: i64,
    /// The source's key.
    pub key: String,
    /// Whether the library listing showed it before.
    pub was_listed: bool,
}

impl Catalog {
    /// Known items of the source that are neither seen in this run nor already known to be gone, after `after`, in order.
    pub fn absentees(&self, source: SourceKind, after: i64, limit: u32) -> Result<Vec<Absentee>> {
        self.connection
            .prepare_cached(
                "SELECT id, key, in_library FROM sightings WHERE +source = ?1 AND id > ?2 AND gone_run IS NULL AND adopted NOT IN (1, 2)
                     AND id NOT IN (SELECT sighting_id FROM temp.seen) ORDER BY id LIMIT ?3",
            )
            .and_then(|mut statement| {
                statement
                    .query_map(params![source.as_str(), after, limit], |row| {
                        Ok(Absentee { sighting: row.get(0)?, key: row.get(1)?, was_listed: row.get(2)? })
                    })?
                    .collect()
            })
            .map_err(catalog_error)
    }

    /// How many known items of the source this run has not seen.
    pub fn absentee_count(&self, source: SourceKind) -> Result<u64> {
        self.connection
            .query_row(
                "SELECT count(*) FROM sightings WHERE source = ?1 AND gone_run IS NULL AND adopted NOT IN (1, 2) AND id NOT IN (SELECT sighting_id FROM temp.seen)",
                [source.as_str()],
                |row| row.get(0),
            )
            .map_err(catalog_error)
    }

    /// Records that the source, asked by key, no longer has these. Files stay untouched.
    pub fn mark_gone(&self, sightings: &[i64], run: i64) -> Result<()> {
        for sighting in sightings {
            self.connection
                .prepare_cached("UPDATE sightings SET gone_run = ?2 WHERE id = ?1")
                .and_then(|mut statement| statement.execute(params![sighting, run]))
                .map_err(catalog_error)?;
        }
        Ok(())
    }

    /// Records that an item is at the source although its library listing does not show it: it is archived, or only in an album.
    pub fn mark_unlisted(&self, sightings: &[i64]) -> Result<()> {
        for sighting in sightings {
            self.connection
                .prepare_cached("UPDATE sightings SET in_library = 0 WHERE id = ?1")
                .and_then(|mut statement| statement.execute([sighting]))
                .map_err(catalog_error)?;
        }
        Ok(())
    }
}
