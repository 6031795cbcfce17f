//! What a comparison came to: numbers that add up, and the lists behind them, a page at a time.

use std::collections::BTreeMap;
use std::path::PathBuf;

use photokeep_model::Result;
use rusqlite::params;
use serde::Serialize;

use crate::better::{Better, Quality};
use crate::path_bytes::path_of;
use crate::stages::Evidence;
use crate::store::{Comparison, Verdict, store_error};

/// So many files, and their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Numbers {
    /// Files.
    pub count: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Everything in numbers. `found`, `different`, `missing`, `unreadable` and `not_media` add up to `files`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Duplicates {
    /// Groups.
    pub groups: u64,
    /// Files in them beside the one to keep.
    pub count: u64,
    /// The bytes of those.
    pub bytes: u64,
}

/// A file of the folder and its verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileResult {
    /// Below the folder.
    pub path: String,
    /// The same as the system knows it, also where it is no text.
    #[serde(skip)]
    pub location: PathBuf,
    /// Bytes.
    pub bytes: u64,
    /// Why it is held to be one that the library has; with `name-only` it is still missing.
    pub evidence: Option<String>,
    /// In how many bits both look otherwise, where they were found to look alike.
    pub distance: Option<u32>,
    /// The file in the library, below its folder.
    pub kept: Option<String>,
    /// Its media type, by its bytes.
    #[serde(skip)]
    pub mime_type: Option<String>,
    /// Why it cannot be read.
    pub trouble: Option<String>,
    /// Of a photo that the library has in other bytes: which of both is the better one.
    pub better: Option<Better>,
}

/// Something the library has and the folder has not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Extra {
    /// Number of the item.
    pub item: i64,
    /// Below the library; `None` where it is known and not on the disk.
    pub path: Option<String>,
    /// Bytes.
    pub bytes: u64,
}

/// Files of the folder with the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DuplicateGroup {
    /// Bytes of each.
    pub bytes: u64,
    /// Whether the library has them too.
    pub is_kept: bool,
    /// Below the folder. The first is proposed as the one to keep: its name carries no copy's number, it lies nearest to the top,
    /// it is the oldest.
    pub paths: Vec<String>,
    /// The same as the system knows them, also where they are no text.
    #[serde(skip)]
    pub locations: Vec<PathBuf>,
}

/// Something in the folder that has no verdict, because it was not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
        let mut summary =
            Summary { files: self.numbers("SELECT count(*), coalesce(sum(size), 0) FROM files")?, ..Summary::default() };
        summary.similar = self.meta("similar")?.and_then(|threshold| threshold.parse().ok());
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
        Ok(Some(summary))
    }

    fn numbers(&self, statement: &str) -> Result<Numbers> {
        self.connection
            .query_row(statement, [], |row| Ok(Numbers { count: row.get(0)?, bytes: row.get(1)? }))
            .map_err(store_error)
    }

    /// Up to `limit` files with a verdict, in the order of their paths, from `offset`.
    ///
    /// # Errors
    /// When the notes about it cannot be read.
    pub fn files(&self, verdict: Verdict, offset: u64, limit: u32) -> Result<Vec<FileResult>> {
        self.connection
            .prepare_cached(
                "SELECT f.path, f.size, f.evidence, k.path, f.trouble, f.verdict = 'different' AND k.size IS NOT NULL,
                     f.width * f.height, f.taken IS NOT NULL, coalesce(e.width, k.width) * coalesce(e.height, k.height), e.taken IS NOT NULL, k.size, f.distance, f.mime_type
                 FROM files f LEFT JOIN kept k ON k.id = f.kept LEFT JOIN kept_facts e ON e.hash = k.hash
                 WHERE f.verdict = ?1 ORDER BY f.path LIMIT ?2 OFFSET ?3",
            )
            .and_then(|mut statement| {
                statement
                    .query_map(params![verdict.as_str(), limit, offset.cast_signed()], |row| {
                        let path: Vec<u8> = row.get(0)?;
                        let evidence: Option<String> = row.get(2)?;
                        let same_picture = evidence.as_deref() == Some(Evidence::SamePicture.as_str());
                        let better = if row.get(5)? {
                            let there = Quality { pixels: row.get(6)?, is_dated: row.get(7)?, bytes: row.get(1)? };
                            let kept = Quality { pixels: row.get(8)?, is_dated: row.get(9)?, bytes: row.get(10)? };
                            Some(Better::of(&there, &kept, same_picture))
                        } else {
                            None
                        };
                        Ok(FileResult {
                            path: shown(&path),
                            location: path_of(&path),
                            bytes: row.get(1)?,
                            evidence,
                            distance: row.get(11)?,
                            mime_type: row.get(12)?,
                            better,
                            kept: row.get(3)?,
                            trouble: row.get(4)?,
                        })
                    })?
                    .collect()
            })
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
                        Ok(PassedOver { path: shown(&row.get::<_, Vec<u8>>(0)?), why: row.get(1)?, more: row.get(2)? })
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
            .prepare_cached(&format!("SELECT item, path, coalesce(size, 0) {EXTRA} ORDER BY path LIMIT ?1 OFFSET ?2"))
            .and_then(|mut statement| {
                statement
                    .query_map(params![limit, offset.cast_signed()], |row| {
                        Ok(Extra { item: row.get(0)?, path: row.get(1)?, bytes: row.get(2)? })
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
                let mut members: Vec<(Vec<u8>, i64)> = self
                    .connection
                    .prepare_cached("SELECT path, modified FROM files WHERE hash = ?1 ORDER BY path")
                    .and_then(|mut statement| statement.query_map([hash], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
                    .map_err(store_error)?;
                members.sort_by_cached_key(|(path, modified)| {
                    let path = path_of(path);
                    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                    (stem.ends_with(')') || stem.ends_with("copy"), path.components().count(), *modified, path)
                });
                let paths = members.iter().map(|(path, _)| shown(path)).collect();
                Ok(DuplicateGroup { bytes, is_kept, paths, locations: members.iter().map(|(path, _)| path_of(path)).collect() })
            })
            .collect()
    }
}

fn shown(path: &[u8]) -> String {
    String::from_utf8_lossy(path).into_owned()
}
