//! What a comparison came to: numbers that add up, and the lists behind them, a page at a time.

use std::collections::BTreeMap;

use photokeep_model::Result;
use rusqlite::{params, params_from_iter};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::duplicates::Duplicates;
use crate::lists::{FileKind, shows};
use crate::narrowing::{ListName, Narrowing};
use crate::path_bytes::{path_of, shown};
use crate::store::{Comparison, Verdict, store_error};
use crate::trouble::Trouble;

/// So many files, and their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct Numbers {
    /// Files.
    pub count: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Everything in numbers. `found`, `different`, `missing`, `unreadable` and `not_media` add up to `files`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct Summary {
    /// Files of the folder.
    pub files: Numbers,
    /// The library has their very bytes.
    pub found: Numbers,
    /// The library has the same photo in other bytes.
    pub different: Numbers,
    /// Those of the different ones of which the library has no file on its disk: known, and not fetched.
    pub only_here: Numbers,
    /// The library does not have them.
    pub missing: Numbers,
    /// Those of the missing ones that end before their structure does.
    pub cut_short: Numbers,
    /// They cannot be read.
    pub unreadable: Numbers,
    /// Neither photo nor video.
    pub not_media: Numbers,
    /// Photos and videos that the library has and the folder has not.
    pub extra: Numbers,
    /// Files that are there more than once, each group's first one not counted: what could be spared.
    pub duplicates: Duplicates,
    /// What was passed over, by reason.
    pub passed_over: BTreeMap<String, u64>,
    /// In how many bits pictures might look otherwise and still be held to be the same; `None` where that was not asked.
    pub similar: Option<u32>,
    /// Whether the library's folder was there. When not, what its catalog says was believed without a look.
    pub library_is_there: bool,
}

/// Something the library has and the folder has not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Extra {
    /// Number of the item.
    pub item: i64,
    /// Number of its file in the catalog.
    pub file: Option<i64>,
    /// What it is.
    pub kind: Option<FileKind>,
    /// Whether there can be a small picture of it.
    pub shows: bool,
    /// Below the library; `None` where it is known and not on the disk.
    pub path: Option<String>,
    /// Bytes.
    pub bytes: u64,
}

/// Something in the folder that has no verdict, because it was not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PassedOver {
    /// Below the folder.
    pub path: String,
    /// The word of a [`crate::LeftWhy`], or `unreadable`.
    pub why: String,
    /// Why it could not be opened.
    pub trouble: Option<Trouble>,
}

/// What the library has and the folder has not, as `f`: of each item the file that stands for it.
pub(crate) const EXTRA: &str = "FROM kept f WHERE f.matched = 0 AND (f.role IS NULL OR f.role <> 'motion')
     AND f.id = (SELECT o.id FROM kept o WHERE o.item = f.item ORDER BY o.role = 'original' DESC, o.id LIMIT 1)";

impl Comparison {
    /// Everything in numbers; `None` where no comparison has come to its end.
    ///
    /// # Errors
    /// When the notes about it cannot be read.
    pub fn summary(&self) -> Result<Option<Summary>> {
        if self.meta("ended")?.as_deref() != Some("yes") {
            return Ok(None);
        }
        Ok(self.meta("summary")?.and_then(|summary| serde_json::from_str(&summary).ok()))
    }

    /// Within which threshold pictures that look alike were asked for, also by a comparison that did not end.
    ///
    /// # Errors
    /// When the notes cannot be read.
    pub fn similar(&self) -> Result<Option<u32>> {
        Ok(self.meta("similar")?.and_then(|threshold| threshold.parse().ok()))
    }

    /// Counts everything, once a comparison came to its end.
    pub(crate) fn sum_up(&self) -> Result<()> {
        let mut summary =
            Summary { files: self.numbers("SELECT count(*), coalesce(sum(size), 0) FROM files")?, ..Summary::default() };
        summary.similar = self.similar()?;
        summary.library_is_there = self.meta("library")?.as_deref() == Some("there");
        let all = Narrowing::default();
        for verdict in Verdict::ALL {
            *match verdict {
                Verdict::Found => &mut summary.found,
                Verdict::Different => &mut summary.different,
                Verdict::Missing => &mut summary.missing,
                Verdict::Unreadable => &mut summary.unreadable,
                Verdict::NotMedia => &mut summary.not_media,
            } = self.numbers_of(verdict.into(), &all)?;
        }
        summary.only_here = self.numbers(
            "SELECT count(*), coalesce(sum(f.size), 0) FROM files f JOIN kept k ON k.id = f.kept WHERE f.verdict = 'different' AND k.path IS NULL",
        )?;
        summary.cut_short = self.numbers_of(ListName::Missing, &Narrowing { cut_short: true, ..Narrowing::default() })?;
        summary.extra = self.numbers_of(ListName::Extra, &all)?;
        summary.duplicates = self.duplicate_numbers(&all)?;
        summary.passed_over = self
            .connection
            .prepare("SELECT why, count(*) FROM passed_over GROUP BY why")
            .and_then(|mut statement| statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .map_err(store_error)?;
        // A struct of numbers always serialises.
        self.set_meta("summary", &serde_json::to_string(&summary).unwrap_or_default())
    }

    fn numbers(&self, statement: &str) -> Result<Numbers> {
        self.connection
            .query_row(statement, [], |row| Ok(Numbers { count: row.get(0)?, bytes: row.get(1)? }))
            .map_err(store_error)
    }

    /// What was passed over, in the order of its paths.
    ///
    /// # Errors
    /// When the notes about it cannot be read.
    pub fn passed_over(&self, offset: u64, limit: u32) -> Result<Vec<PassedOver>> {
        self.connection
            .prepare_cached("SELECT path, why, trouble, more FROM passed_over ORDER BY path LIMIT ?1 OFFSET ?2")
            .and_then(|mut statement| {
                statement
                    .query_map(params![limit, offset.cast_signed()], |row| {
                        let word: Option<String> = row.get(2)?;
                        let more = row.get(3)?;
                        let trouble = word.map(|word| Trouble::of(&word, more));
                        Ok(PassedOver { path: shown(&path_of(&row.get::<_, Vec<u8>>(0)?)), why: row.get(1)?, trouble })
                    })?
                    .collect()
            })
            .map_err(store_error)
    }

    /// What the library has and the folder has not, in the order of its paths.
    ///
    /// # Errors
    /// When the notes about it cannot be read.
    pub fn extra(&self, narrowing: &Narrowing, offset: u64, limit: u32) -> Result<Vec<Extra>> {
        let (conditions, mut values) = narrowing.conditions(ListName::Extra);
        values.extend([i64::from(limit).into(), offset.cast_signed().into()]);
        self.connection
            .prepare_cached(&format!(
                "SELECT f.item, f.path, coalesce(f.size, 0), f.file, f.kind, f.mime_type {EXTRA}{conditions} ORDER BY f.path LIMIT ? OFFSET ?"
            ))
            .and_then(|mut statement| {
                statement
                    .query_map(params_from_iter(values), |row| {
                        Ok(Extra {
                            item: row.get(0)?,
                            file: row.get(3)?,
                            kind: FileKind::of(&row.get::<_, String>(4)?),
                            shows: shows(row.get::<_, Option<String>>(5)?.as_deref()),
                            path: row.get(1)?,
                            bytes: row.get(2)?,
                        })
                    })?
                    .collect()
            })
            .map_err(store_error)
    }
}
