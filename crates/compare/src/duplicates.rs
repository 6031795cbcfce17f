//! Files of the folder that are there more than once: groups with the same bytes, each with the one to keep proposed and why.
//!
//! Two names of one file on the disk (hard links) are no copies: nothing would be spared.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::path::PathBuf;

use photokeep_model::Result;
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::lists::{FileKind, shows};
use crate::narrowing::{ListName, Narrowing};
use crate::path_bytes::{path_of, shown};
use crate::store::{Comparison, store_error};

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

/// Why one of several files with the same bytes is proposed to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum KeepWhy {
    /// Its name is not that of a copy.
    OwnName,
    /// It lies nearer to the top.
    NearerTop,
    /// It was written first.
    Oldest,
    /// Nothing tells them apart; its path comes first.
    First,
}

/// Files of the folder with the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DuplicateGroup {
    /// Bytes of each.
    pub bytes: u64,
    /// Whether the library has them too.
    pub is_kept: bool,
    /// Why the first one is proposed as the one to keep.
    pub why: KeepWhy,
    /// The first is proposed as the one to keep.
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
    /// Whether it is another name of a file of the group that stands before it.
    pub is_same_file: bool,
    /// The same as the system knows it, also where it is no text.
    #[serde(skip)]
    pub location: PathBuf,
}

impl KeepWhy {
    /// The word in JSON and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OwnName => "own-name",
            Self::NearerTop => "nearer-top",
            Self::Oldest => "oldest",
            Self::First => "first",
        }
    }
}

/// What tells a file apart from others, where the system gives them and their disks numbers.
const ON_DISK: &str = "CASE inode WHEN 0 THEN id ELSE device || '/' || inode END";

/// Groups of files with the same bytes, by their hash.
pub(crate) const GROUPS: &str = "FROM files WHERE hash IS NOT NULL AND verdict IN ('found', 'different', 'missing') GROUP BY hash
     HAVING count(*) > 1 AND count(DISTINCT CASE inode WHEN 0 THEN id ELSE device || '/' || inode END) > 1";

/// A file as it is weighed.
struct Member {
    modified: i64,
    /// The disk and the number on it.
    on_disk: (i64, i64),
    file: DuplicateFile,
}

impl Member {
    /// The lesser one is kept.
    fn rank(&self) -> (bool, usize, i64) {
        let stem = self.file.location.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
        let is_named_as_copy = stem.ends_with(')') || stem.ends_with("copy") || stem.ends_with("kopie");
        (is_named_as_copy, self.file.location.components().count(), self.modified)
    }
}

impl Comparison {
    /// In how many groups files are there more than once, where one file of the group fits what is wanted.
    ///
    /// # Errors
    /// When the notes about it cannot be read.
    pub fn duplicate_numbers(&self, narrowing: &Narrowing) -> Result<Duplicates> {
        let (groups, values) = groups(narrowing);
        self.connection
            .prepare_cached(&format!(
                "SELECT count(*), coalesce(sum(n - 1), 0), coalesce(sum((n - 1) * size), 0)
                 FROM (SELECT count(DISTINCT {ON_DISK}) AS n, size {groups})"
            ))
            .and_then(|mut statement| {
                let numbers = |row: &Row<'_>| Ok(Duplicates { groups: row.get(0)?, count: row.get(1)?, bytes: row.get(2)? });
                statement.query_row(params_from_iter(values), numbers)
            })
            .map_err(store_error)
    }

    /// Groups of files with the same bytes where one fits what is wanted, the ones with the most bytes to spare first.
    ///
    /// # Errors
    /// When the notes about it cannot be read.
    pub fn duplicates(&self, narrowing: &Narrowing, offset: u64, limit: u32) -> Result<Vec<DuplicateGroup>> {
        let (groups, mut values) = groups(narrowing);
        values.extend([i64::from(limit).into(), offset.cast_signed().into()]);
        let groups: Vec<(Vec<u8>, u64, bool)> = self
            .connection
            .prepare_cached(&format!(
                "SELECT hash, size, max(verdict = 'found') {groups}
                 ORDER BY (count(DISTINCT {ON_DISK}) - 1) * size DESC, min(path) LIMIT ? OFFSET ?"
            ))
            .and_then(|mut statement| {
                let group = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
                statement.query_map(params_from_iter(values), group)?.collect()
            })
            .map_err(store_error)?;
        groups.into_iter().map(|(hash, bytes, is_kept)| self.group(&hash, bytes, is_kept)).collect()
    }

    fn group(&self, hash: &[u8], bytes: u64, is_kept: bool) -> Result<DuplicateGroup> {
        let mut members: Vec<Member> = self
            .connection
            .prepare_cached("SELECT id, path, modified, kind, mime_type, device, inode FROM files WHERE hash = ?1 ORDER BY path")
            .and_then(|mut statement| statement.query_map([hash], member)?.collect())
            .map_err(store_error)?;
        // Equal ones stay in the order of their paths.
        members.sort_by_cached_key(Member::rank);
        let mut met = HashSet::new();
        for member in &mut members {
            member.file.is_same_file = member.on_disk.1 != 0 && !met.insert(member.on_disk);
        }
        let why = why(&members);
        Ok(DuplicateGroup { bytes, is_kept, why, files: members.into_iter().map(|member| member.file).collect() })
    }
}

/// What the first one has over the next that is another file.
fn why(members: &[Member]) -> KeepWhy {
    let mut others = members.iter().filter(|member| !member.file.is_same_file);
    let (Some(first), Some(next)) = (others.next(), others.next()) else { return KeepWhy::First };
    let (one, other) = (first.rank(), next.rank());
    match (Reverse(one.0).cmp(&Reverse(other.0)).is_eq(), one.1 == other.1, one.2 == other.2) {
        (false, ..) => KeepWhy::OwnName,
        (true, false, _) => KeepWhy::NearerTop,
        (true, true, false) => KeepWhy::Oldest,
        (true, true, true) => KeepWhy::First,
    }
}

fn groups(narrowing: &Narrowing) -> (String, Vec<Value>) {
    let (conditions, values) = narrowing.conditions(ListName::Duplicates);
    if values.is_empty() && conditions.is_empty() {
        return (GROUPS.to_owned(), values);
    }
    let fits = format!("{GROUPS} AND hash IN (SELECT f.hash FROM files f WHERE f.hash IS NOT NULL{conditions})");
    (fits, values)
}

fn member(row: &Row<'_>) -> rusqlite::Result<Member> {
    let location = path_of(&row.get::<_, Vec<u8>>(1)?);
    let kind: Option<String> = row.get(3)?;
    let mime_type: Option<String> = row.get(4)?;
    let file = DuplicateFile {
        id: row.get(0)?,
        kind: kind.and_then(|word| FileKind::of(&word)),
        shows: shows(mime_type.as_deref()),
        path: shown(&location),
        is_same_file: false,
        location,
    };
    Ok(Member { modified: row.get(2)?, on_disk: (row.get(5)?, row.get(6)?), file })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use rusqlite::params;

    use super::*;

    fn with(folder: &std::path::Path, files: &[(&str, i64, i64)]) -> Comparison {
        let comparison = Comparison::open(&folder.join("notes.sqlite")).unwrap();
        for (path, modified, inode) in files {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            comparison
                .connection
                .execute(
                    "INSERT INTO files (path, folder, name, stem, size, modified, inode, scan, kind, hash, verdict)
                     VALUES (?1, ?2, '', '', 10, ?3, ?4, 1, 'photo', x'01', 'missing')",
                    params![path.as_bytes(), folder, modified, inode],
                )
                .unwrap();
        }
        comparison
    }

    #[test]
    fn the_one_to_keep_comes_first_and_it_is_said_why() {
        let judged = |files: &[(&str, i64, i64)]| {
            let folder = tempfile::tempdir().unwrap();
            let group = with(folder.path(), files).duplicates(&Narrowing::default(), 0, 10).unwrap().remove(0);
            (group.files[0].path.clone(), group.why)
        };
        assert_eq!(judged(&[("a (1).jpg", 1, 1), ("b/c/a.jpg", 9, 2)]), ("b/c/a.jpg".into(), KeepWhy::OwnName));
        assert_eq!(judged(&[("x/a.jpg", 1, 1), ("b.jpg", 9, 2)]), ("b.jpg".into(), KeepWhy::NearerTop));
        assert_eq!(judged(&[("a.jpg", 5, 1), ("b.jpg", 4, 2)]), ("b.jpg".into(), KeepWhy::Oldest));
        assert_eq!(judged(&[("b.jpg", 4, 1), ("a.jpg", 4, 2)]), ("a.jpg".into(), KeepWhy::First));
    }

    #[test]
    fn two_names_of_one_file_are_no_copies() {
        let folder = tempfile::tempdir().unwrap();
        let comparison = with(folder.path(), &[("a.jpg", 1, 7), ("b.jpg", 1, 7)]);
        assert_eq!(comparison.duplicate_numbers(&Narrowing::default()).unwrap(), Duplicates::default());
        let folder = tempfile::tempdir().unwrap();
        let comparison = with(folder.path(), &[("a.jpg", 1, 7), ("b.jpg", 1, 7), ("d/c.jpg", 1, 8)]);
        let one = Duplicates { groups: 1, count: 1, bytes: 10 };
        assert_eq!(comparison.duplicate_numbers(&Narrowing::default()).unwrap(), one);
        let group = comparison.duplicates(&Narrowing::default(), 0, 10).unwrap().remove(0);
        assert_eq!(group.files.iter().map(|file| file.is_same_file).collect::<Vec<_>>(), [false, true, false]);
        let of = |folder: &str| Narrowing { folder: Some(folder.into()), ..Narrowing::default() };
        assert_eq!(comparison.duplicate_numbers(&of("d")).unwrap(), one);
        assert_eq!(comparison.duplicates(&of("e"), 0, 10).unwrap(), []);
        // Another disk has a file of that number too.
        let folder = tempfile::tempdir().unwrap();
        let comparison = with(folder.path(), &[("a.jpg", 1, 7), ("disk/b.jpg", 1, 7)]);
        comparison.connection.execute("UPDATE files SET device = id", []).unwrap();
        assert_eq!(comparison.duplicate_numbers(&Narrowing::default()).unwrap(), one);
        // Where the system has no numbers, each name is a file.
        let folder = tempfile::tempdir().unwrap();
        let comparison = with(folder.path(), &[("a.jpg", 1, 0), ("b.jpg", 1, 0)]);
        assert_eq!(comparison.duplicate_numbers(&Narrowing::default()).unwrap(), one);
    }
}
