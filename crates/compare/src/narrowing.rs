//! What the person wants to see of a list: one folder, one year, one kind, one evidence; and what there is to choose from.

use std::collections::BTreeMap;

use photokeep_model::Result;
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::duplicates::GROUPS;
use crate::lists::FileKind;
use crate::results::{EXTRA, Numbers};
use crate::stages::Evidence;
use crate::store::{Comparison, Verdict, store_error};

/// What a list can be narrowed to is told for so many folders, those nearest to the top.
const FOLDERS: usize = 500;

/// One of the lists that a comparison comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ListName {
    /// Files of the folder that the library has byte for byte.
    Found,
    /// Files of the folder that the library has in other bytes.
    Different,
    /// Files of the folder that the library does not have.
    Missing,
    /// Files of the folder that cannot be read.
    Unreadable,
    /// Files of the folder that are neither photo nor video.
    NotMedia,
    /// What only the library has.
    Extra,
    /// Files of the folder that are there more than once.
    Duplicates,
}

/// What of a list is wanted. Nothing named: all of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct Narrowing {
    /// In this folder or below it; empty: at the top, in no folder.
    pub folder: Option<String>,
    /// Taken in this year, by the clock where it was taken.
    pub year: Option<i32>,
    /// Of which nobody knows when they were taken.
    #[ts(optional = false)]
    pub undated: bool,
    /// Of this kind.
    pub kind: Option<FileKind>,
    /// With this evidence.
    pub evidence: Option<Evidence>,
    /// That end before their structure does.
    #[ts(optional = false)]
    pub cut_short: bool,
    /// That the person chose.
    #[ts(optional = false)]
    pub chosen: bool,
}

/// What a list can be narrowed to, each with the number of its files.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
pub struct Narrowings {
    /// Folders with the files in and below them, in the order of their paths; of more than 500, those nearest to the top. The
    /// empty one stands for the files that lie in no folder.
    pub folders: Vec<(String, u64)>,
    /// Years in which files were taken, the latest first.
    pub years: Vec<(i32, u64)>,
    /// Files of which nobody knows when they were taken.
    pub undated: u64,
    /// What files are.
    pub kinds: Vec<(FileKind, u64)>,
    /// Why files are held to be one that the library has.
    pub evidence: Vec<(Evidence, u64)>,
    /// Files that end before their structure does.
    pub cut_short: u64,
}

impl From<Verdict> for ListName {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Found => Self::Found,
            Verdict::Different => Self::Different,
            Verdict::Missing => Self::Missing,
            Verdict::Unreadable => Self::Unreadable,
            Verdict::NotMedia => Self::NotMedia,
        }
    }
}

impl ListName {
    /// Its rows, as `f`.
    pub(crate) fn rows(self) -> String {
        let with = |verdict: Verdict| format!("FROM files f WHERE f.verdict = '{}'", verdict.as_str());
        match self {
            Self::Found => with(Verdict::Found),
            Self::Different => with(Verdict::Different),
            Self::Missing => with(Verdict::Missing),
            Self::Unreadable => with(Verdict::Unreadable),
            Self::NotMedia => with(Verdict::NotMedia),
            Self::Extra => EXTRA.to_owned(),
            Self::Duplicates => format!("FROM files f WHERE f.hash IN (SELECT hash {GROUPS})"),
        }
    }

    /// Whether its rows are files of the folder.
    fn is_of_the_folder(self) -> bool {
        self != Self::Extra
    }

    /// When a row was taken, in seconds on the clock where it was taken.
    fn clock(self) -> &'static str {
        if self.is_of_the_folder() { "f.taken" } else { "(f.taken + coalesce(f.taken_offset, 0))" }
    }

    fn year(self) -> String {
        format!("CAST(strftime('%Y', {}, 'unixepoch') AS INTEGER)", self.clock())
    }
}

impl Narrowing {
    /// What rows `f` of a list have to fulfil, each condition after ` AND `, and the values of its marks.
    pub(crate) fn conditions(&self, list: ListName) -> (String, Vec<Value>) {
        let mut conditions = String::new();
        let mut values: Vec<Value> = Vec::new();
        let mut and = |text: &str, given: &[Value]| {
            conditions.push_str(" AND ");
            conditions.push_str(text);
            values.extend_from_slice(given);
        };
        if let Some(folder) = &self.folder {
            // "0" is the character after "/".
            let (below, end) = (format!("{folder}/"), format!("{folder}0"));
            and("(f.folder = ? OR f.folder >= ? AND f.folder < ?)", &[folder.clone().into(), below.into(), end.into()]);
        }
        if let Some(year) = self.year {
            and(&format!("{} = ?", list.year()), &[i64::from(year).into()]);
        }
        if self.undated {
            and("f.taken IS NULL", &[]);
        }
        if let Some(kind) = self.kind {
            and("f.kind = ?", &[kind.as_str().to_owned().into()]);
        }
        if list.is_of_the_folder() {
            if let Some(evidence) = self.evidence {
                and("f.evidence = ?", &[evidence.as_str().to_owned().into()]);
            }
            if self.cut_short {
                and("f.cut_short = 1", &[]);
            }
            if self.chosen {
                and("f.chosen = 1", &[]);
            }
        }
        (conditions, values)
    }
}

impl Comparison {
    /// How many files a list has, and their bytes.
    ///
    /// # Errors
    /// When the notes about the comparison cannot be read.
    pub fn numbers_of(&self, list: ListName, narrowing: &Narrowing) -> Result<Numbers> {
        let (conditions, values) = narrowing.conditions(list);
        self.connection
            .prepare_cached(&format!("SELECT count(*), coalesce(sum(f.size), 0) {}{conditions}", list.rows()))
            .and_then(|mut statement| {
                let numbers = |row: &Row<'_>| Ok(Numbers { count: row.get(0)?, bytes: row.get(1)? });
                statement.query_row(params_from_iter(values), numbers)
            })
            .map_err(store_error)
    }

    /// What a list can be narrowed to.
    ///
    /// # Errors
    /// When the notes about the comparison cannot be read.
    pub fn narrowings(&self, list: ListName) -> Result<Narrowings> {
        let rows = list.rows();
        let count = |what: &str, order: &str| {
            format!("SELECT {what}, count(*) {rows} AND {what} IS NOT NULL GROUP BY {what} ORDER BY {order}")
        };
        let words = |what: &str| -> Result<Vec<(String, u64)>> {
            self.connection
                .prepare_cached(&count(what, "1"))
                .and_then(|mut statement| statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
                .map_err(store_error)
        };
        let years = self
            .connection
            .prepare_cached(&count(&list.year(), "1 DESC"))
            .and_then(|mut statement| statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .map_err(store_error)?;
        let kinds = words("f.kind")?.into_iter().filter_map(|(word, count)| Some((FileKind::of(&word)?, count))).collect();
        let (mut evidence, mut cut_short) = (Vec::new(), 0);
        if list.is_of_the_folder() {
            evidence = words("f.evidence")?.into_iter().filter_map(|(word, count)| Some((Evidence::of(&word)?, count))).collect();
            cut_short = self.count(&format!("SELECT count(*) {rows} AND f.cut_short = 1"))?;
        }
        let undated = self.count(&format!("SELECT count(*) {rows} AND f.taken IS NULL"))?;
        Ok(Narrowings { folders: with_parents(words("f.folder")?), years, undated, kinds, evidence, cut_short })
    }
}

/// Each folder with everything below it, and the folders that hold nothing but folders.
fn with_parents(folders: Vec<(String, u64)>) -> Vec<(String, u64)> {
    let mut all: BTreeMap<String, u64> = BTreeMap::new();
    for (path, count) in folders {
        for (slash, _) in path.match_indices('/') {
            *all.entry(path[..slash].to_owned()).or_default() += count;
        }
        *all.entry(path).or_default() += count;
    }
    let mut all: Vec<(String, u64)> = all.into_iter().collect();
    if all.len() > FOLDERS {
        // What lies deeper is reached by the folder it lies in.
        all.sort_by_cached_key(|(path, _)| (path.matches('/').count(), path.clone()));
        all.truncate(FOLDERS);
        all.sort();
    }
    all
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::lists::tests::filled;

    #[test]
    fn what_a_list_can_be_narrowed_to_adds_up() {
        let folder = tempfile::tempdir().unwrap();
        let comparison = filled(folder.path());
        let found = comparison.narrowings(ListName::Missing).unwrap();
        let folders = [("", 1), ("trip", 3), ("trip/day 1", 2), ("trips", 1)];
        assert_eq!(found.folders, folders.map(|(path, count)| (path.to_owned(), count)));
        assert_eq!((found.years, found.undated), (vec![(2020, 2), (2019, 2)], 1));
        assert_eq!(found.kinds, [(FileKind::Photo, 4), (FileKind::Video, 1)]);
        assert_eq!(found.evidence, [(Evidence::NameOnly, 1)]);
        for (path, count) in found.folders {
            let narrowing = Narrowing { folder: Some(path), ..Narrowing::default() };
            assert_eq!(comparison.numbers_of(ListName::Missing, &narrowing).unwrap().count, count);
        }
    }

    #[test]
    fn of_too_many_folders_those_nearest_to_the_top_are_told() {
        let deep = (0..FOLDERS).map(|number| (format!("a/{number:03}/deep"), 1)).chain([("z".to_owned(), 2)]);
        let told = with_parents(deep.collect());
        assert_eq!(told.len(), FOLDERS);
        assert_eq!(told.first(), Some(&("a".to_owned(), FOLDERS as u64)));
        assert_eq!(told.last(), Some(&("z".to_owned(), 2)));
    }

    #[test]
    fn what_only_the_library_has_is_narrowed_by_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let comparison = filled(folder.path());
        // Taken at 23:30 UTC on the last of December 2019: 2020 where the clock ran an hour ahead.
        let new_year = 1_577_835_000;
        for (item, path, folder, kind, taken) in [
            (1, "2019/12/a.jpg", "2019/12", "photo", Some(new_year)),
            (2, "2018/b.mp4", "2018", "video", Some(new_year - 400 * 86_400)),
            (3, "undated/c.jpg", "undated", "photo", None),
        ] {
            comparison
                .connection
                .execute(
                    "INSERT INTO kept (item, file, path, folder, name, stem, size, kind, role, taken, taken_offset)
                     VALUES (?1, ?1, ?2, ?3, '', '', 10, ?4, 'original', ?5, 3600)",
                    rusqlite::params![item, path, folder, kind, taken],
                )
                .unwrap();
        }
        let told = comparison.narrowings(ListName::Extra).unwrap();
        assert_eq!((told.years, told.undated), (vec![(2020, 1), (2018, 1)], 1));
        assert_eq!(told.kinds, [(FileKind::Photo, 2), (FileKind::Video, 1)]);
        let paths = |narrowing: &Narrowing| -> Vec<String> {
            comparison.extra(narrowing, 0, 10).unwrap().into_iter().filter_map(|extra| extra.path).collect()
        };
        assert_eq!(paths(&Narrowing { year: Some(2020), ..Narrowing::default() }), ["2019/12/a.jpg"]);
        assert_eq!(paths(&Narrowing { folder: Some("2019".into()), ..Narrowing::default() }), ["2019/12/a.jpg"]);
        assert_eq!(paths(&Narrowing { kind: Some(FileKind::Video), ..Narrowing::default() }), ["2018/b.mp4"]);
        assert_eq!(paths(&Narrowing::default()).len(), 3);
    }
}
