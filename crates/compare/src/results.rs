//! What a comparison came to: numbers that add up, and the lists behind them, a page at a time.

use std::collections::BTreeMap;
use std::path::PathBuf;

use photokeep_model::Result;
use rusqlite::params;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::lists::{FileKind, shows};
use crate::path_bytes::{path_of, shown};
use crate::store::{Comparison, Verdict, store_error};

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
    /// The library does not have them.
    pub missing: Numbers,
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

/// Files of the folder that are there more than once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct Duplicates {
    /// Groups.
    pub groups: u64,
    /// Files in them beside the one to keep.
    pub count: u64,
    /// The bytes of those.
    pub bytes: u64,
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

/// Files of the folder with the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DuplicateGroup {
    /// Bytes of each.
    pub bytes: u64,
    /// Whether the library has them too.
    pub is_kept: bool,
    /// The first is proposed as the one to keep: its name carries no copy's number, it lies nearest to the top, it is the oldest.
    pub files: Vec<DuplicateFile>,
}

/// One of several files with the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DuplicateFile {
    /// Its number in the comparison.
    pub id: i64,
    /// What it is.
    pub kind: Option<FileKind>,
    /// Whether there can be a small picture of it.
    pub shows: bool,
    /// Below the folder.
    pub path: String,
    /// The same as the system knows it, also where it is no text.
    #[serde(skip)]
    pub location: PathBuf,
}

/// Something in the folder that has no verdict, because it was not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PassedOver {
    /// Below the folder.
    pub path: String,
    /// The word of a [`crate::LeftWhy`], or `unreadable`.
    pub why: String,
    /// What the system said, where it could not be opened.
    pub more: Option<String>,
}

/// One item's file that stands for it.
const EXTRA: &str = "FROM kept WHERE matched = 0 AND (role IS NULL OR role <> 'motion')
     AND id = (SELECT o.id FROM kept o WHERE o.item = kept.item ORDER BY o.role = 'original' DESC, o.id LIMIT 1)";

const GROUPS: &str =
    "FROM files WHERE hash IS NOT NULL AND verdict IN ('found', 'different', 'missing') GROUP BY hash HAVING count(*) > 1";

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
        for verdict in Verdict::ALL {
            *match verdict {
                Verdict::Found => &mut summary.found,
                Verdict::Different => &mut summary.different,
                Verdict::Missing => &mut summary.missing,
                Verdict::Unreadable => &mut summary.unreadable,
                Verdict::NotMedia => &mut summary.not_media,
            } = self
                .numbers(&format!("SELECT count(*), coalesce(sum(size), 0) FROM files WHERE verdict = '{}'", verdict.as_str()))?;
        }
        summary.extra = self.numbers(&format!("SELECT count(*), coalesce(sum(size), 0) {EXTRA}"))?;
        summary.duplicates = self
            .connection
            .query_row(
                &format!("SELECT count(*), coalesce(sum(n - 1), 0), coalesce(sum((n - 1) * size), 0) FROM (SELECT count(*) AS n, size {GROUPS})"),
                [],
                |row| Ok(Duplicates { groups: row.get(0)?, count: row.get(1)?, bytes: row.get(2)? }),
            )
            .map_err(store_error)?;
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
            .prepare_cached("SELECT path, why, more FROM passed_over ORDER BY path LIMIT ?1 OFFSET ?2")
            .and_then(|mut statement| {
                statement
                    .query_map(params![limit, offset.cast_signed()], |row| {
                        Ok(PassedOver { path: shown(&path_of(&row.get::<_, Vec<u8>>(0)?)), why: row.get(1)?, more: row.get(2)? })
                    })?
                    .collect()
            })
            .map_err(store_error)
    }

    /// What the library has and the folder has not, in the order of its paths.
    ///
    /// # Errors
    /// When the notes about it cannot be read.
    pub fn extra(&self, offset: u64, limit: u32) -> Result<Vec<Extra>> {
        self.connection
            .prepare_cached(&format!(
                "SELECT item, path, coalesce(size, 0), file, kind, mime_type {EXTRA} ORDER BY path LIMIT ?1 OFFSET ?2"
            ))
            .and_then(|mut statement| {
                statement
                    .query_map(params![limit, offset.cast_signed()], |row| {
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

    /// Groups of files with the same bytes, the ones with the most bytes to spare first.
    ///
    /// # Errors
    /// When the notes about it cannot be read.
    pub fn duplicates(&self, offset: u64, limit: u32) -> Result<Vec<DuplicateGroup>> {
        let groups: Vec<(Vec<u8>, u64, bool)> = self
            .connection
            .prepare_cached(&format!(
                "SELECT hash, size, max(verdict = 'found') {GROUPS} ORDER BY (count(*) - 1) * size DESC, min(path) LIMIT ?1 OFFSET ?2"
            ))
            .and_then(|mut statement| {
                statement
                    .query_map(params![limit, offset.cast_signed()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                    .collect()
            })
            .map_err(store_error)?;
        groups
            .into_iter()
            .map(|(hash, bytes, is_kept)| {
                let mut members: Vec<(i64, DuplicateFile)> = self
                    .connection
                    .prepare_cached("SELECT id, path, modified, kind, mime_type FROM files WHERE hash = ?1 ORDER BY path")
                    .and_then(|mut statement| statement.query_map([hash], member)?.collect())
                    .map_err(store_error)?;
                members.sort_by_cached_key(|(modified, file)| {
                    let stem = file.location.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                    let is_named_as_copy = stem.ends_with(')') || stem.ends_with("copy");
                    (is_named_as_copy, file.location.components().count(), *modified, file.location.clone())
                });
                let files = members.into_iter().map(|(_, file)| file);
                Ok(DuplicateGroup { bytes, is_kept, files: files.collect() })
            })
            .collect()
    }
}

fn member(row: &rusqlite::Row<'_>) -> rusqlite::Result<(i64, DuplicateFile)> {
    let location = path_of(&row.get::<_, Vec<u8>>(1)?);
    let kind: Option<String> = row.get(3)?;
    let mime_type: Option<String> = row.get(4)?;
    let file = DuplicateFile {
        id: row.get(0)?,
        kind: kind.and_then(|word| FileKind::of(&word)),
        shows: shows(mime_type.as_deref()),
        path: shown(&location),
        location,
    };
    Ok((row.get(2)?, file))
}
