//! Which of several exports leads: per photo the newest one that tells of it, also where two exports know it by different keys
//! (Google's address of a photo changed, or there is none and its name or date did).
//!
//! Two uploads of the same bytes are two keys of one export: they do not take turns. The one that is neither in Google's trash nor in
//! its archive leads, else the one that was seen first.

use photokeep_model::{ItemId, Metadata, Result};
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::{Catalog, Sighting, catalog_error};

/// Items that were known at some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct KnownItems {
    /// How many.
    pub count: u64,
    /// The highest number among them: items that are new have higher ones.
    pub last: i64,
}

/// What a sighting says, as far as who leads depends on it.
struct Said {
    sighting: i64,
    leads: bool,
    fingerprint: i64,
    metadata: Metadata,
    export: Option<i64>,
}

impl Catalog {
    /// Items of Takeout that are known.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn known_items_of_takeout(&self) -> Result<KnownItems> {
        self.connection
            .query_row(
                "SELECT count(DISTINCT item_id), coalesce(max(item_id), 0) FROM sightings WHERE source = 'takeout' AND gone_run IS NULL",
                [],
                |row| Ok(KnownItems { count: row.get(0)?, last: row.get(1)? }),
            )
            .map_err(catalog_error)
    }

    /// Notes when the latest photo of an export was uploaded, in Unix seconds.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn set_latest_upload(&self, export: i64, latest: i64) -> Result<()> {
        self.connection
            .execute("UPDATE exports SET latest = max(coalesce(latest, ?2), ?2) WHERE id = ?1", [export, latest])
            .map_err(catalog_error)?;
        Ok(())
    }

    /// Whether no export that is newer than that of a sighting told of its key, which is noted then. An item that another key
    /// leads is looked at again when all of the export was seen.
    pub(super) fn says_it_last(
        &self,
        known: i64,
        item: ItemId,
        sighting: &Sighting,
        said_by: Option<i64>,
        leads: bool,
    ) -> Result<bool> {
        let Some(export) = sighting.export else { return Ok(sighting.newest) };
        if !leads {
            self.connection
                .prepare_cached("INSERT OR IGNORE INTO temp.seen_beside VALUES (?1)")
                .and_then(|mut statement| statement.execute([item.0]))
                .map_err(catalog_error)?;
        }
        if said_by == Some(export) {
            return Ok(true);
        }
        let last = sighting.newest || self.is_newer(export, said_by)?;
        if last {
            self.connection
                .prepare_cached("UPDATE sightings SET export_id = ?2 WHERE id = ?1")
                .and_then(|mut statement| statement.execute([known, export]))
                .map_err(catalog_error)?;
        }
        Ok(last)
    }

    fn is_newer(&self, export: i64, than: Option<i64>) -> Result<bool> {
        self.connection
            .prepare_cached(
                // By the time at which they were made, or at which the latest photo in them was uploaded; those of one time as they came.
                "SELECT 1 FROM exports a, exports b WHERE a.id = ?1 AND b.id = ?2 AND (coalesce(a.made_at, a.latest, 0), a.id) > (coalesce(b.made_at, b.latest, 0), b.id)",
            )
            .and_then(|mut statement| statement.exists(params![export, than]))
            .map_err(catalog_error)
    }

    /// Lets the newest export lead every item of which this listing saw a key that does not. Call it when an export was listed
    /// whole, inside a transaction.
    ///
    /// # Errors
    /// When the catalog cannot be read or written.
    pub fn newest_exports_lead(&self, run: i64) -> Result<()> {
        let items: Vec<i64> = self
            .connection
            .prepare("SELECT item_id FROM temp.seen_beside")
            .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect())
            .map_err(catalog_error)?;
        for item in items {
            self.newest_export_leads(run, ItemId(item))?;
        }
        self.connection.execute_batch("DELETE FROM temp.seen_beside").map_err(catalog_error)
    }

    /// Lets the newest export that tells of an item lead it. Where another source leads, the item follows in what only exports tell.
    pub(super) fn newest_export_leads(&self, run: i64, item: ItemId) -> Result<()> {
        let Some(newest) = self.said_about(item, "ORDER BY coalesce(e.made_at, e.latest, 0) DESC, e.id DESC, coalesce(s.metadata ->> 'trashed', 0), coalesce(s.metadata ->> 'archived', 0), s.id")? else {
            return Ok(());
        };
        if newest.leads {
            return Ok(());
        }
        let Some(leader) = self.said_about(item, "AND s.leads = 1 ORDER BY s.id")? else {
            if self.is_newer_than_the_last_sync(newest.export)? {
                self.follow(photokeep_model::SourceKind::Takeout, item, &newest.metadata, false)?;
            }
            return self.enrich(item, &newest.metadata);
        };
        if leader.fingerprint == newest.fingerprint {
            // Only the address is another one.
            self.connection
                .execute(
                    "UPDATE items SET product_url = coalesce(?2, product_url) WHERE id = ?1",
                    params![item.0, newest.metadata.product_url],
                )
                .map_err(catalog_error)?;
            return Ok(());
        }
        self.connection
            .execute("UPDATE sightings SET leads = 0 WHERE item_id = ?1 AND source = 'takeout'", [item.0])
            .map_err(catalog_error)?;
        self.connection
            .execute("UPDATE sightings SET leads = 1, changed_run = ?2 WHERE id = ?1", [newest.sighting, run])
            .map_err(catalog_error)?;
        self.follow(photokeep_model::SourceKind::Takeout, item, &newest.metadata, false)?;
        self.enrich(item, &newest.metadata)
    }

    /// Whether an export was made after all that the API told: what it says of name, date and caption is the later word then.
    fn is_newer_than_the_last_sync(&self, export: Option<i64>) -> Result<bool> {
        self.connection
            .prepare_cached(
                "SELECT 1 FROM exports e WHERE e.id = ?1 AND coalesce(e.made_at, e.latest, 0) >
                     (SELECT coalesce(max(ended_at), 0) FROM runs WHERE kind IN ('sync', 'retry'))",
            )
            .and_then(|mut statement| statement.exists([export]))
            .map_err(catalog_error)
    }

    /// The first thing that a sidecar of some export says about an item, as `further` chooses and orders.
    fn said_about(&self, item: ItemId, further: &str) -> Result<Option<Said>> {
        self.connection
            .prepare_cached(&format!(
                "SELECT s.id, s.leads, s.fingerprint, s.metadata, s.export_id FROM sightings s LEFT JOIN exports e ON e.id = s.export_id
                 WHERE s.item_id = ?1 AND s.source = 'takeout' AND substr(s.key, 1, 2) <> 'n-' {further} LIMIT 1"
            ))
            .and_then(|mut statement| {
                let said = |row: &rusqlite::Row<'_>| {
                    Ok(Said {
                        sighting: row.get(0)?,
                        leads: row.get(1)?,
                        fingerprint: row.get(2)?,
                        metadata: serde_json::from_str(&row.get::<_, String>(3)?).unwrap_or_default(),
                        export: row.get(4)?,
                    })
                };
                statement.query_row([item.0], said).optional()
            })
            .map_err(catalog_error)
    }
}
