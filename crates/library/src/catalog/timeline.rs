//! The timeline: everything that is shown, by month, newest first, without ever holding it all; and albums in their order.
//!
//! What is shown, and which file of an item, is decided by the view `showable` in `schema_2.sql` and kept ready in the table
//! `shown`; nothing here counts items. Months are those of the photo's local clock, UTC where its offset is unknown.

use std::ops::Range;

use chrono::NaiveDate;
use photokeep_model::{Code, Error, MediaKind, Result};
use rusqlite::{Params, params};

use super::Catalog;

/// The key of the bucket whose items have no date.
const UNDATED: &str = "undated";

/// Positions of an album that make one bucket.
const ALBUM_CHUNK: i64 = 100;

/// A part of a timeline, as much as a layout has to know before its items are asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Bucket {
    /// `YYYY-MM` or `undated`; in an album the number of the chunk, from 0.
    pub key: String,
    /// Items in it; never 0.
    pub count: u64,
    /// Sum of their ratios of width to height: how long a row they would make at height 1.
    pub ratio_sum: f64,
}

/// The items of a bucket in the order they are shown, one column a fact; all columns have the same length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ShownColumns {
    /// The items.
    pub id: Vec<i64>,
    /// The file that is shown for each.
    pub file: Vec<i64>,
    /// Width to height, to three decimals, from 0.4 to 3; 1.333 when unknown.
    pub ratio: Vec<f64>,
    /// Photo or video.
    pub kind: Vec<MediaKind>,
    /// When it was taken, in seconds of the local clock (UTC where the offset is unknown), since 1970 on that clock.
    pub taken: Vec<Option<i64>>,
    /// Type of the file shown, by its content.
    pub mime_type: Vec<Option<String>>,
    /// BLAKE3 of the file shown.
    pub hash: Vec<Option<[u8; 32]>>,
}

impl ShownColumns {
    /// How many items.
    pub fn len(&self) -> usize {
        self.id.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.id.is_empty()
    }
}

/// Numbers that move when what a window shows has changed. They are the same on every connection, and stay over restarts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Moves with everything that the timeline and the growth are made from.
    pub timeline: i64,
    /// Moves with the albums and what is in them. What an album shows depends on both numbers.
    pub albums: i64,
}

impl Catalog {
    /// The parts of the timeline, newest first, `undated` last; of an album with `album`, in album order.
    ///
    /// An album is cut by position, not by count, so that photos that arrive do not move others to another part: parts of an
    /// album that is not wholly here have fewer than a hundred items.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn timeline_buckets(&self, album: Option<i64>) -> Result<Vec<Bucket>> {
        let bucket = |key: String, row: &rusqlite::Row<'_>| {
            Ok(Bucket { key, count: row.get(1)?, ratio_sum: row.get::<_, i64>(2)? as f64 / 1000.0 })
        };
        let read = match album {
            None => self
                .connection
                .prepare_cached("SELECT month, items, ratio_sum FROM shown_months WHERE items > 0 ORDER BY month DESC")
                .and_then(|mut statement| statement.query_map([], |row| bucket(month_key(row.get(0)?), row))?.collect()),
            Some(album) => self
                .connection
                .prepare_cached(&format!(
                    "SELECT a.position / {ALBUM_CHUNK}, count(*), sum(s.ratio) FROM {ALBUM_SHOWN} GROUP BY 1 ORDER BY 1"
                ))
                .and_then(|mut statement| {
                    let chunk = |row: &rusqlite::Row<'_>| bucket(row.get::<_, i64>(0)?.to_string(), row);
                    statement.query_map(params![album, 0, i64::MAX], chunk)?.collect()
                }),
        };
        read.map_err(|error| self.browsing_error(error))
    }

    /// What a part of the timeline (or of an album) shows. A key that no part has any more gives no items.
    ///
    /// # Errors
    /// [`Code::Usage`] for what is no key at all; else when the catalog cannot be read.
    pub fn timeline_bucket(&self, album: Option<i64>, key: &str) -> Result<ShownColumns> {
        match album {
            Some(album) => {
                let chunk = key.parse::<u32>().map_err(|_| no_key(key))?;
                let first = i64::from(chunk) * ALBUM_CHUNK;
                let from = format!("{ALBUM_SHOWN} {FILES} ORDER BY a.position");
                self.shown_columns(&from, params![album, first, first + ALBUM_CHUNK])
            }
            None if key == UNDATED => self.shown_columns(&format!("{UNDATED_SHOWN} {NEWEST_FIRST}"), []),
            None => {
                let seconds = month_seconds(key).ok_or_else(|| no_key(key))?;
                self.shown_columns(&format!("{MONTH_SHOWN} {NEWEST_FIRST}"), params![seconds.start, seconds.end])
            }
        }
    }

    /// Numbers that move when what is shown has changed. Costs next to nothing.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn counts_stamp(&self) -> Result<Stamp> {
        self.connection
            .prepare_cached("SELECT timeline, albums FROM shown_changes")
            .and_then(|mut statement| statement.query_row([], |row| Ok(Stamp { timeline: row.get(0)?, albums: row.get(1)? })))
            .map_err(|error| self.browsing_error(error))
    }

    /// Reads columns of `s` (shown) and `f` (files) as they are named after FROM.
    fn shown_columns(&self, from: &str, parameters: impl Params) -> Result<ShownColumns> {
        let read = || -> rusqlite::Result<ShownColumns> {
            let mut columns = ShownColumns::default();
            let mut statement = self.connection.prepare_cached(&format!(
                "SELECT s.item_id, s.file_id, s.ratio, s.video, s.taken, f.mime_type, f.hash FROM {from}"
            ))?;
            let mut rows = statement.query(parameters)?;
            while let Some(row) = rows.next()? {
                columns.id.push(row.get(0)?);
                columns.file.push(row.get(1)?);
                columns.ratio.push(row.get::<_, i64>(2)? as f64 / 1000.0);
                columns.kind.push(if row.get(3)? { MediaKind::Video } else { MediaKind::Photo });
                columns.taken.push(row.get(4)?);
                columns.mime_type.push(row.get(5)?);
                columns.hash.push(row.get::<_, Option<Vec<u8>>>(6)?.and_then(|hash| hash.try_into().ok()));
            }
            Ok(columns)
        };
        read().map_err(|error| self.browsing_error(error))
    }
}

/// What an album (`?1`) shows from position `?2` to before `?3`. What is in it twice is shown where it comes first.
const ALBUM_SHOWN: &str = "album_items a CROSS JOIN shown s ON s.item_id = a.item_id AND a.album_id = ?1 AND a.position >= ?2 AND a.position < ?3
    AND NOT EXISTS (SELECT 1 FROM album_items e WHERE e.item_id = a.item_id AND e.album_id = a.album_id AND e.position < a.position)";

/// The file shown for each.
const FILES: &str = "CROSS JOIN files f ON f.id = s.file_id";

/// What was taken from second `?1` to before `?2`.
const MONTH_SHOWN: &str = "shown s CROSS JOIN files f ON f.id = s.file_id WHERE s.taken >= ?1 AND s.taken < ?2";

/// What nobody knows the date of.
const UNDATED_SHOWN: &str = "shown s CROSS JOIN files f ON f.id = s.file_id WHERE s.taken IS NULL";

/// Within a second the first found comes first: Google lists the newest first. The index has them so.
const NEWEST_FIRST: &str = "ORDER BY s.taken DESC, s.item_id";

/// A month of the table `shown` (year * 100 + month, 0 for none) as a key.
fn month_key(month: i64) -> String {
    if month == 0 { UNDATED.to_owned() } else { format!("{:04}-{:02}", month / 100, month % 100) }
}

/// The seconds of a month on a clock without offset; `None` for what is no month.
fn month_seconds(key: &str) -> Option<Range<i64>> {
    let (year, month) = key.split_once('-')?;
    if year.len() != 4 || month.len() != 2 || !key.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return None;
    }
    let (year, month) = (year.parse::<i32>().ok()?, month.parse::<u32>().ok()?);
    let begin = |year, month| Some(NaiveDate::from_ymd_opt(year, month, 1)?.and_hms_opt(0, 0, 0)?.and_utc().timestamp());
    let next = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    Some(begin(year, month)?..begin(next.0, next.1)?)
}

fn no_key(key: &str) -> Error {
    Error::new(Code::Usage, "There is no such part of the timeline.").detail("key", key.chars().take(40).collect::<String>())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_month_is_its_seconds_and_nothing_else_is_a_month() {
        assert_eq!(month_seconds("1970-01").unwrap(), 0..31 * 86_400);
        assert_eq!(month_seconds("2024-02").unwrap().end - month_seconds("2024-02").unwrap().start, 29 * 86_400);
        assert_eq!(month_seconds("0000-01").unwrap().start, -62_167_219_200, "the first second the table can hold");
        assert_eq!(month_seconds("9999-12").unwrap().end, 253_402_300_800, "after the last second the table can hold");
        for key in [
            "",
            "2019",
            "2019-13",
            "2019-00",
            "19-01",
            "2019-1",
            "2019-010",
            "+019-01",
            "-019-01",
            "2019-01-01",
            "２０１９-01",
            "0",
        ] {
            assert_eq!(month_seconds(key), None, "{key}");
        }
    }

    #[test]
    fn no_part_is_sorted_or_searched_for() {
        let catalog = Catalog::in_memory().unwrap();
        let steps = |from: &str, parameters: &[&dyn rusqlite::ToSql]| -> String {
            let question = format!("EXPLAIN QUERY PLAN SELECT s.item_id, f.hash FROM {from}");
            let mut statement = catalog.connection.prepare(&question).unwrap();
            statement
                .query_map(parameters, |row| row.get::<_, String>(3))
                .unwrap()
                .collect::<rusqlite::Result<Vec<_>>>()
                .unwrap()
                .join("; ")
        };
        let month = steps(&format!("{MONTH_SHOWN} {NEWEST_FIRST}"), &[&1, &2]);
        assert!(month.starts_with("SEARCH s USING INDEX shown_taken (taken>? AND taken<?)"), "{month}");
        let undated = steps(&format!("{UNDATED_SHOWN} {NEWEST_FIRST}"), &[]);
        assert!(undated.starts_with("SEARCH s USING INDEX shown_taken (taken=?)"), "{undated}");
        let album = steps(&format!("{ALBUM_SHOWN} {FILES} ORDER BY a.position"), &[&1, &2, &3]);
        assert!(album.starts_with("SEARCH a USING PRIMARY KEY (album_id=? AND position>? AND position<?)"), "{album}");
        for steps in [month, undated, album] {
            assert!(!steps.contains("TEMP B-TREE") && !steps.contains("SCAN"), "{steps}");
        }
    }

    #[test]
    fn months_and_keys_are_the_same_thing() {
        for key in ["0000-01", "0001-12", "1907-05", "2019-05", "9999-12"] {
            let digits: i64 = key.replace('-', "").parse().unwrap();
            assert_eq!(month_key(digits), key);
        }
        assert_eq!(month_key(0), "undated");
    }
}
