//! Runs, their receipts, the lists behind the numbers, and where the library stands.

use chrono::{DateTime, Utc};
use photokeep_model::{Code, Error, Filter, ItemId, Plan, Receipt, Result, RunKind, SourceKind};
use rusqlite::{OptionalExtension, params};

use super::run_entries::says_something_new;
use super::{Catalog, catalog_error};

/// What a line in a run's list says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// Fetched for the first time.
    Added,
    /// Name, date or description taken over.
    Updated,
    /// The same bytes as a photo already kept.
    SamePhoto,
    /// Fetched again.
    Restored,
    /// Could not be fetched.
    Failed,
    /// Left out, with a reason.
    Skipped,
    /// No longer at the source.
    Absent,
    /// Moved to trash.
    Removed,
    /// Verify found it not to be what was stored.
    Damaged,
}

impl EntryKind {
    /// The word in the catalog.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Updated => "updated",
            Self::SamePhoto => "same-photo",
            Self::Restored => "restored",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Absent => "absent",
            Self::Removed => "removed",
            Self::Damaged => "damaged",
        }
    }
}

/// A line in a run's list.
#[derive(Debug, Clone)]
pub struct RunEntry<'a> {
    /// What happened.
    pub what: EntryKind,
    /// To which item.
    pub item: Option<ItemId>,
    /// To which file.
    pub path: Option<&'a str>,
    /// Why.
    pub reason: Option<&'a str>,
}

/// A past run.
#[derive(Debug, Clone)]
pub struct RunRow {
    /// Its number.
    pub id: i64,
    /// What kind.
    pub kind: String,
    /// When it began.
    pub started: DateTime<Utc>,
    /// When it ended; `None` when it was cut off.
    pub ended: Option<DateTime<Utc>>,
    /// Whether it was unfiltered.
    pub whole: bool,
    /// Whether everything was kept at its end.
    pub complete: bool,
    /// What it did; `None` when it was cut off.
    pub receipt: Option<Receipt>,
}

/// A file that could not be fetched so far.
#[derive(Debug, Clone)]
pub struct FailureRow {
    /// Its item's title.
    pub title: String,
    /// Machine-readable reason.
    pub code: String,
    /// Why.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// How often it was tried, over all runs.
    pub tries: u32,
    /// Last try.
    pub last_at: DateTime<Utc>,
}

/// Where the library stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Items kept.
    pub items: u64,
    /// Photos among them.
    pub photos: u64,
    /// Videos among them.
    pub videos: u64,
    /// Files stored.
    pub files: u64,
    /// Bytes stored.
    pub bytes: u64,
    /// Files wanted and not here yet, failures included; without those that the source no longer has.
    pub pending: u64,
    /// Files that failed in their last try.
    pub failed: u64,
    /// Files that have vanished or are no longer what was stored, and that the source still has.
    pub damaged: u64,
    /// Items kept here that the source, asked by id, no longer has.
    pub absent: u64,
    /// Albums at the source.
    pub albums: u64,
    /// Entries in the trash.
    pub trash: u64,
    /// Files that vanished or were damaged here and that the source no longer has either.
    pub lost: u64,
    /// Files that look cut short although the source sent them so twice; the next run compares them once more.
    pub doubtful: u64,
}

/// Kept sums, and questions that an index answers without passing what is well: a window asks this when it opens.
/// `state <> 'stored'` is said in these words because `files_open` is used for no others.
const STANDING: &str = "SELECT
        (SELECT coalesce(sum(kept), 0) FROM shown_months),
        (SELECT coalesce(sum(videos), 0) FROM shown_months),
        (SELECT coalesce(sum(files), 0) FROM shown_months),
        (SELECT coalesce(sum(bytes), 0) FROM shown_months),
        (SELECT count(*) FROM files f JOIN items i ON i.id = f.item_id WHERE f.state <> 'stored' AND f.state <> 'trashed' AND i.removed_at IS NULL
            AND NOT (f.source = 'folder' AND f.state = 'wanted')
            AND EXISTS (SELECT 1 FROM sightings s WHERE s.item_id = i.id AND s.gone_run IS NULL)),
        (SELECT count(*) FROM failures x CROSS JOIN files f ON f.id = x.file_id CROSS JOIN items i ON i.id = f.item_id
            WHERE f.state <> 'stored' AND i.removed_at IS NULL AND EXISTS (SELECT 1 FROM sightings s WHERE s.item_id = i.id AND s.gone_run IS NULL)),
        (SELECT count(*) FROM files f WHERE f.state <> 'stored' AND f.state IN ('missing', 'damaged')
            AND EXISTS (SELECT 1 FROM sightings s WHERE s.item_id = f.item_id AND s.gone_run IS NULL)),
        (SELECT count(DISTINCT g.item_id) FROM sightings g INDEXED BY sightings_gone CROSS JOIN items i ON i.id = g.item_id
            WHERE g.gone_run IS NOT NULL AND i.removed_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM sightings s WHERE s.item_id = i.id AND s.gone_run IS NULL)
            AND EXISTS (SELECT 1 FROM files f WHERE f.item_id = i.id AND f.state <> 'wanted')),
        (SELECT count(*) FROM albums WHERE gone_run IS NULL),
        (SELECT count(*) FROM trash),
        (SELECT count(*) FROM files f JOIN items i ON i.id = f.item_id WHERE f.state <> 'stored' AND f.state IN ('missing', 'damaged') AND i.removed_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM sightings s WHERE s.item_id = f.item_id AND s.gone_run IS NULL)),
        (SELECT count(*) FROM files WHERE doubtful = 1)";

impl Catalog {
    /// Begins a run.
    pub fn begin_run(&self, kind: RunKind, filter: &Filter, now: DateTime<Utc>) -> Result<i64> {
        self.connection
            .execute(
                "INSERT INTO runs (kind, started_at, whole, filter) VALUES (?1, ?2, ?3, ?4)",
                params![kind.as_str(), now.timestamp(), filter.is_whole(), serde_json::to_string(filter).unwrap_or_default()],
            )
            .map_err(catalog_error)?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Records that the run's listing went to its end and was checked.
    pub fn mark_listing_checked(&self, run: i64) -> Result<()> {
        self.connection.execute("UPDATE runs SET listing = 1 WHERE id = ?1", [run]).map_err(catalog_error)?;
        Ok(())
    }

    /// The last run, if its listing was whole, unfiltered and checked: the only ground for `prune`.
    pub fn last_sync_listing_checked(&self) -> Result<Option<bool>> {
        self.connection
            .query_row("SELECT whole AND listing FROM runs WHERE kind IN ('sync', 'retry') ORDER BY id DESC LIMIT 1", [], |row| {
                row.get(0)
            })
            .optional()
            .map_err(catalog_error)
    }

    /// Ends a run with its receipt.
    pub fn end_run(&self, receipt: &Receipt) -> Result<()> {
        self.connection
            .execute(
                "UPDATE runs SET ended_at = ?2, complete = ?3, receipt = ?4 WHERE id = ?1",
                params![
                    receipt.run,
                    receipt.ended.timestamp(),
                    receipt.complete,
                    serde_json::to_string(receipt).unwrap_or_default()
                ],
            )
            .map_err(catalog_error)?;
        Ok(())
    }

    /// Adds a line to a run's list.
    pub fn add_entry(&self, run: i64, entry: &RunEntry<'_>) -> Result<()> {
        self.connection
            .prepare_cached("INSERT INTO run_entries (run_id, what, item_id, path, reason) VALUES (?1, ?2, ?3, ?4, ?5)")
            .and_then(|mut statement| {
                statement.execute(params![run, entry.what.as_str(), entry.item.map(|item| item.0), entry.path, entry.reason])
            })
            .map_err(catalog_error)?;
        Ok(())
    }

    /// How many lines of a kind a run has.
    pub fn entry_count(&self, run: i64, what: EntryKind) -> Result<u64> {
        self.connection
            .query_row("SELECT count(*) FROM run_entries WHERE run_id = ?1 AND what = ?2", params![run, what.as_str()], |row| {
                row.get(0)
            })
            .map_err(catalog_error)
    }

    /// Lines of a kind of a run, grouped by reason, most first.
    pub fn entry_reasons(&self, run: i64, what: EntryKind) -> Result<Vec<(String, u64)>> {
        self.connection
            .prepare("SELECT coalesce(reason, ''), count(*) FROM run_entries WHERE run_id = ?1 AND what = ?2 GROUP BY 1 ORDER BY 2 DESC, 1")
            .and_then(|mut statement| {
                statement.query_map(params![run, what.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
            })
            .map_err(catalog_error)
    }

    /// Records that a file could not be fetched.
    pub fn record_failure(&self, file: i64, run: i64, error: &Error, now: DateTime<Utc>) -> Result<()> {
        let code = code_word(error.code);
        self.connection
            .execute(
                "INSERT INTO failures (file_id, code, message, hint, tries, first_at, last_at, last_run) VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5, ?6)
                 ON CONFLICT (file_id) DO UPDATE SET code = excluded.code, message = excluded.message, hint = excluded.hint,
                     tries = tries + 1, last_at = excluded.last_at, last_run = excluded.last_run",
                params![file, code, error.message, error.hint, now.timestamp(), run],
            )
            .map_err(catalog_error)?;
        Ok(())
    }

    /// Files that could not be fetched so far.
    pub fn failures(&self) -> Result<Vec<FailureRow>> {
        self.connection
            .prepare(
                "SELECT i.title, x.code, x.message, x.hint, x.tries, x.last_at FROM failures x JOIN files f ON f.id = x.file_id
                     JOIN items i ON i.id = f.item_id WHERE f.state <> 'stored' AND i.removed_at IS NULL ORDER BY x.last_at DESC, i.id",
            )
            .and_then(|mut statement| {
                statement
                    .query_map([], |row| {
                        Ok(FailureRow {
                            title: row.get(0)?,
                            code: row.get(1)?,
                            message: row.get(2)?,
                            hint: row.get(3)?,
                            tries: row.get(4)?,
                            last_at: DateTime::from_timestamp(row.get(5)?, 0).unwrap_or_default(),
                        })
                    })?
                    .collect()
            })
            .map_err(catalog_error)
    }

    /// Past runs, newest first.
    pub fn runs(&self, limit: u32) -> Result<Vec<RunRow>> {
        self.runs_before(None, limit)
    }

    /// Past runs with a lower number than `before`, newest first.
    pub fn runs_before(&self, before: Option<i64>, limit: u32) -> Result<Vec<RunRow>> {
        self.read_runs("id < ?1 ORDER BY id DESC LIMIT ?2", params![before.unwrap_or(i64::MAX), limit])
    }

    /// The last run that was to keep everything; the one that is `running` does not count, one that was cut off does.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn last_whole_run(&self, running: Option<i64>) -> Result<Option<RunRow>> {
        let which = "kind IN ('sync', 'retry', 'import') AND whole = 1 AND id IS NOT ?1 ORDER BY id DESC LIMIT 1";
        Ok(self.read_runs(which, params![running])?.pop())
    }

    /// The last imports of the exports that still count: an export counts until a later one that had everything, as far as its
    /// items tell, was taken in whole. The one that is `running` is none of them.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn last_imports_of_exports(&self, running: Option<i64>) -> Result<Vec<RunRow>> {
        let which = "kind = 'import' AND id IS NOT ?1 AND id IN (
                 SELECT e.last_run FROM exports e WHERE EXISTS (
                     SELECT 1 FROM parts p WHERE p.export_id = e.id AND NOT EXISTS (
                         SELECT 1 FROM parts q JOIN exports j ON j.id = q.export_id
                         WHERE q.mark = p.mark AND q.export_id <> e.id AND j.last_run > e.last_run))
                 AND NOT EXISTS (
                     SELECT 1 FROM exports l JOIN runs r ON r.id = l.last_run
                     WHERE l.kind = 'full' AND l.items >= e.items AND (l.made_at > e.made_at OR e.made_at IS NULL AND l.last_run > e.last_run) AND r.receipt ->> 'all_fetched' = 1))
             ORDER BY id";
        self.read_runs(which, params![running])
    }

    fn read_runs(&self, which: &str, params: impl rusqlite::Params) -> Result<Vec<RunRow>> {
        self.connection
            .prepare(&format!("SELECT id, kind, started_at, ended_at, complete, receipt, whole FROM runs WHERE {which}"))
            .and_then(|mut statement| {
                statement
                    .query_map(params, |row| {
                        let ended: Option<i64> = row.get(3)?;
                        let receipt: Option<String> = row.get(5)?;
                        Ok(RunRow {
                            id: row.get(0)?,
                            kind: row.get(1)?,
                            started: DateTime::from_timestamp(row.get(2)?, 0).unwrap_or_default(),
                            ended: ended.and_then(|ended| DateTime::from_timestamp(ended, 0)),
                            whole: row.get(6)?,
                            complete: row.get(4)?,
                            receipt: receipt.and_then(|text| serde_json::from_str(&text).ok()),
                        })
                    })?
                    .collect()
            })
            .map_err(catalog_error)
    }

    /// How many items that a run stored were taken before `earliest` or after `latest` (Unix seconds).
    pub fn dates_outside(&self, run: i64, earliest: i64, latest: i64) -> Result<u64> {
        self.connection
            .query_row(
                "SELECT count(DISTINCT i.id) FROM run_entries r JOIN items i ON i.id = r.item_id
                 WHERE r.run_id = ?1 AND r.what IN ('added', 'restored') AND i.taken_seconds NOT BETWEEN ?2 AND ?3",
                [run, earliest, latest],
                |row| row.get(0),
            )
            .map_err(catalog_error)
    }

    /// Whether a sync was ever begun, well or not.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn was_synced(&self) -> Result<bool> {
        self.connection
            .query_row("SELECT EXISTS (SELECT 1 FROM runs WHERE kind IN ('sync', 'retry'))", [], |row| row.get(0))
            .map_err(catalog_error)
    }

    /// Whether a sync of the whole library ever ended with everything kept.
    pub fn has_complete_sync(&self) -> Result<bool> {
        self.connection
            .query_row("SELECT EXISTS (SELECT 1 FROM runs WHERE complete = 1 AND kind IN ('sync', 'retry'))", [], |row| {
                row.get(0)
            })
            .map_err(catalog_error)
    }

    /// Whether a path below the library is one of a file or of an album entry.
    pub fn knows_path(&self, path: &str) -> Result<bool> {
        self.connection
            .query_row(
                "SELECT EXISTS (SELECT 1 FROM files WHERE path = ?1) OR EXISTS (SELECT 1 FROM links WHERE path = ?1)",
                [path],
                |row| row.get(0),
            )
            .map_err(catalog_error)
    }

    /// When the last run ended at whose end everything was kept.
    pub fn last_complete(&self) -> Result<Option<DateTime<Utc>>> {
        let at: Option<i64> = self
            .connection
            .query_row(
                "SELECT ended_at FROM runs WHERE complete = 1 AND kind IN ('sync', 'retry', 'import') ORDER BY id DESC LIMIT 1",
                [],
                |row| row.get(0),
            )
            .optional()
            .map_err(catalog_error)?
            .flatten();
        Ok(at.and_then(|at| DateTime::from_timestamp(at, 0)))
    }

    /// Where the library stands.
    pub fn standing(&self) -> Result<Standing> {
        self.connection
            .query_row(STANDING, [], |row| {
                let items: u64 = row.get(0)?;
                let videos: u64 = row.get(1)?;
                Ok(Standing {
                    items,
                    photos: items.saturating_sub(videos),
                    videos,
                    files: row.get(2)?,
                    bytes: row.get(3)?,
                    pending: row.get(4)?,
                    failed: row.get(5)?,
                    damaged: row.get(6)?,
                    absent: row.get(7)?,
                    albums: row.get(8)?,
                    trash: row.get(9)?,
                    lost: row.get(10)?,
                    doubtful: row.get(11)?,
                })
            })
            .map_err(|error| self.browsing_error(error))
    }

    /// The plan of a run, from what its listing has put into the catalog. Nothing is written.
    pub fn plan(&self, source: SourceKind, run: i64) -> Result<Plan> {
        let mut plan = self.plan_of(
            source,
            run,
            // The items of this run come first: there may be far more files that are open for other reasons.
            "SELECT DISTINCT f.id, f.state, i.kind FROM now JOIN files f ON f.item_id = now.item_id JOIN items i ON i.id = f.item_id
             WHERE f.source = ?1 AND f.state <> 'stored' AND f.state <> 'placing' AND f.state <> 'trashed' AND i.removed_at IS NULL",
        )?;
        plan.estimated_bytes = self.estimate(&plan)?;
        Ok(plan)
    }

    /// Counts what the items seen in this run and the files that are `open` (id, state, kind) come to. Source and run are ?1 and ?2.
    pub(super) fn plan_of(&self, source: SourceKind, run: i64, open: &str) -> Result<Plan> {
        self.connection
            .query_row(
                &format!(
                    "WITH now AS (SELECT s.item_id, s.changed_run, s.first_run, s.leads FROM temp.seen n JOIN sightings s ON s.id = n.sighting_id),
                          open AS ({open})
                     SELECT (SELECT count(*) FROM now),
                        (SELECT count(*) FROM open WHERE state = 'wanted'),
                        (SELECT count(*) FROM open WHERE state = 'wanted' AND kind = 'photo'),
                        (SELECT count(*) FROM open WHERE state = 'wanted' AND kind = 'video'),
                        (SELECT count(*) FROM open JOIN failures x ON x.file_id = open.id),
                        (SELECT count(*) FROM open WHERE state <> 'wanted'),
                        (SELECT count(DISTINCT s.item_id) FROM now s JOIN items i ON i.id = s.item_id WHERE {}),
                        (SELECT count(DISTINCT f.item_id) FROM now JOIN files f ON f.item_id = now.item_id WHERE f.state = 'stored'),
                        (SELECT count(DISTINCT now.item_id) FROM now JOIN items i ON i.id = now.item_id WHERE i.removed_at IS NOT NULL)",
                    says_something_new("?2")
                ),
                params![source.as_str(), run],
                |row| {
                    Ok(Plan {
                        listed: row.get(0)?,
                        to_fetch: row.get(1)?,
                        photos: row.get(2)?,
                        videos: row.get(3)?,
                        retried: row.get(4)?,
                        restored: row.get(5)?,
                        updated: row.get(6)?,
                        already: row.get(7)?,
                        removed_here: row.get(8)?,
                        ..Plan::default()
                    })
                },
            )
            .map_err(catalog_error)
    }

    /// Bytes to expect, from the mean size of photos and videos already kept; `None` without any.
    fn estimate(&self, plan: &Plan) -> Result<Option<u64>> {
        let mean = |kind: &str| -> Result<Option<f64>> {
            self.connection
                .query_row(
                    "SELECT avg(size) FROM (SELECT f.size FROM files f JOIN items i ON i.id = f.item_id WHERE f.state = 'stored' AND i.kind = ?1
                         ORDER BY f.id DESC LIMIT 1000)",
                    [kind],
                    |row| row.get(0),
                )
                .map_err(catalog_error)
        };
        let (photo, video) = (mean("photo")?, mean("video")?);
        let part = |count: u64, mean: Option<f64>| if count == 0 { Some(0.0) } else { mean.map(|mean| mean * count as f64) };
        Ok(match (part(plan.photos, photo), part(plan.videos, video)) {
            (Some(photos), Some(videos)) => Some((photos + videos) as u64),
            _ => None,
        })
    }
}

/// The code as front ends spell it.
pub fn code_word(code: Code) -> String {
    serde_json::to_value(code).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn where_the_library_stands_is_found_without_passing_what_is_well() {
        let catalog = Catalog::in_memory().unwrap();
        let mut statement = catalog.connection.prepare(&format!("EXPLAIN QUERY PLAN {STANDING}")).unwrap();
        let steps: Vec<String> = statement.query_map([], |row| row.get(3)).unwrap().collect::<Result<_, _>>().unwrap();
        let scans: Vec<&String> = steps.iter().filter(|step| step.starts_with("SCAN")).collect();
        // `x` is `failures`.
        let small = ["CONSTANT ROW", "shown_months", "albums", "trash", "SCAN x", "files_open", "files_doubtful"];
        assert!(scans.iter().all(|scan| small.iter().any(|table| scan.contains(table))), "{steps:#?}");
        assert!(scans.len() >= 4, "the words of SQLite have changed: {steps:#?}");
    }

    #[test]
    fn a_run_that_was_cut_off_counts_while_the_next_one_is_under_way() {
        let catalog = Catalog::in_memory().unwrap();
        let begin = || catalog.begin_run(RunKind::Sync, &Filter::default(), Utc::now()).unwrap();
        let last_complete = |running| catalog.last_whole_run(running).unwrap().map(|run| run.complete);
        let first = begin();
        assert_eq!(last_complete(Some(first)), None);
        catalog.end_run(&Receipt { complete: true, ..Receipt::begin(first, RunKind::Sync, Utc::now()) }).unwrap();
        assert_eq!(last_complete(None), Some(true));
        let cut_off = begin();
        assert_eq!(last_complete(Some(cut_off)), Some(true), "it may still end well");
        let next = begin();
        assert_eq!(last_complete(Some(next)), Some(false));
    }
}
