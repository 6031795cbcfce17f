//! The files of the folder as lists: by verdict, narrowed to what the person wants to see, a page at a time; and what they chose
//! in them.

use std::path::PathBuf;

use photokeep_model::Result;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params, params_from_iter};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::better::{Better, Quality};
use crate::narrowing::Narrowing;
use crate::path_bytes::{path_of, shown};
use crate::stages::Evidence;
use crate::store::{Comparison, Verdict, store_error};
use crate::trouble::Trouble;

/// Which files.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
pub struct FileList {
    /// With this verdict.
    pub verdict: Verdict,
    /// Of those, what is wanted.
    #[serde(flatten)]
    #[ts(flatten)]
    pub narrowing: Narrowing,
}

/// What a file is, by its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// A photo.
    Photo,
    /// A video.
    Video,
}

impl FileKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Video => "video",
        }
    }

    pub(crate) fn of(word: &str) -> Option<Self> {
        [Self::Photo, Self::Video].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A file of the folder and its verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FileResult {
    /// Its number in the comparison.
    pub id: i64,
    /// Below the folder.
    pub path: String,
    /// The same as the system knows it, also where it is no text.
    #[serde(skip)]
    pub location: PathBuf,
    /// Bytes.
    pub bytes: u64,
    /// BLAKE3 of its bytes, where they were read.
    #[serde(skip)]
    pub hash: Option<[u8; 32]>,
    /// What it is; `None` where it was not looked into.
    pub kind: Option<FileKind>,
    /// Its media type, by its bytes.
    #[serde(skip)]
    pub mime_type: Option<String>,
    /// Whether there can be a small picture of it.
    pub shows: bool,
    /// When it was taken, in seconds since 1970 on the clock where it was taken.
    pub taken: Option<i64>,
    /// Width in pixels, as it is stored.
    pub width: Option<u32>,
    /// Height in pixels, as it is stored.
    pub height: Option<u32>,
    /// Why it is held to be one that the library has; with `name-only` it is still missing.
    pub evidence: Option<Evidence>,
    /// In how many bits both look otherwise, where they were found to look alike.
    pub distance: Option<u32>,
    /// What it belongs to.
    pub kept: Option<KeptFile>,
    /// Why it cannot be read.
    pub trouble: Option<Trouble>,
    /// Whether it ends before its structure does: a copy that was broken off, perhaps.
    pub cut_short: bool,
    /// Of a photo that the library has in other bytes: which of both is the better one.
    pub better: Option<Better>,
    /// Whether the person chose it.
    pub chosen: bool,
}

/// What the library has of a file of the folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct KeptFile {
    /// Number of the item.
    pub item: i64,
    /// Number of the file in the catalog; `None` where the item is known and not on the disk.
    pub file: Option<i64>,
    /// Whether there can be a small picture of it.
    pub shows: bool,
    /// Below the library.
    pub path: Option<String>,
    /// Bytes.
    pub bytes: Option<u64>,
    /// When it was taken, in seconds since 1970 on the clock where it was taken.
    pub taken: Option<i64>,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
}

/// Which files of a list are chosen, or no longer.
#[derive(Debug, Clone, Copy)]
pub enum Choice<'a> {
    /// All of them.
    All,
    /// Those with these numbers.
    These(&'a [i64]),
    /// So many in the order of the list, from this one.
    Stretch {
        /// The first, counted from nought.
        first: u64,
        /// How many.
        count: u64,
    },
}

/// A file of the folder as it lay there, to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileToShow {
    /// Below the folder.
    pub location: PathBuf,
    /// Its media type, by its bytes.
    pub mime_type: Option<String>,
    /// Stands for its bytes: their BLAKE3 where they were read, else that of where it lies, how large it is and when it was written.
    pub mark: [u8; 32],
}

impl FileList {
    /// All files with a verdict.
    pub fn of(verdict: Verdict) -> Self {
        Self { verdict, narrowing: Narrowing::default() }
    }

    fn condition(&self) -> (String, Vec<Value>) {
        let (conditions, mut values) = self.narrowing.conditions(self.verdict.into());
        values.insert(0, self.verdict.as_str().to_owned().into());
        (format!("f.verdict = ?{conditions}"), values)
    }
}

impl Comparison {
    /// Up to `limit` files of a list, in the order of their paths, from `offset`.
    ///
    /// # Errors
    /// When the notes about the comparison cannot be read.
    pub fn files(&self, list: &FileList, offset: u64, limit: u32) -> Result<Vec<FileResult>> {
        let (condition, mut values) = list.condition();
        values.extend([i64::from(limit).into(), offset.cast_signed().into()]);
        self.connection
            .prepare_cached(&format!(
                "SELECT f.id, f.path, f.size, f.kind, f.mime_type, f.taken, f.width, f.height, f.evidence, f.distance, f.trouble, f.chosen,
                     k.item, k.file, k.path, k.size, coalesce(e.taken, k.taken + coalesce(k.taken_offset, 0)), coalesce(e.width, k.width),
                     coalesce(e.height, k.height), e.taken IS NOT NULL, k.mime_type, f.trouble_more, f.cut_short, coalesce(e.cut_short, 0),
                     f.placed, coalesce(e.placed, 0), coalesce(f.behind, 0), coalesce(e.behind, 0), f.hash
                 FROM files f LEFT JOIN kept k ON k.id = f.kept LEFT JOIN kept_facts e ON e.hash = k.hash
                 WHERE {condition} ORDER BY f.path LIMIT ? OFFSET ?"
            ))
            .and_then(|mut statement| statement.query_map(params_from_iter(values), |row| result(list.verdict, row))?.collect())
            .map_err(store_error)
    }

    /// Chooses files of a list, or takes the choice back. What was chosen stays so until the file is another one.
    ///
    /// # Errors
    /// When the notes about the comparison cannot be written.
    pub fn choose(&self, list: &FileList, which: Choice<'_>, chosen: bool) -> Result<()> {
        let (condition, mut values) = list.condition();
        let which = match which {
            Choice::All => String::new(),
            Choice::These(these) => {
                values.extend(these.iter().map(|id| Value::from(*id)));
                let marks = vec!["?"; these.len()].join(", ");
                format!(" AND f.id IN ({marks})")
            }
            Choice::Stretch { first, count } => {
                values.extend([count.cast_signed().into(), first.cast_signed().into()]);
                " ORDER BY f.path LIMIT ? OFFSET ?".to_owned()
            }
        };
        let statement = format!(
            "UPDATE files SET chosen = {} WHERE id IN (SELECT f.id FROM files f WHERE {condition}{which})",
            i64::from(chosen)
        );
        self.connection.execute(&statement, params_from_iter(values)).map_err(store_error)?;
        Ok(())
    }

    /// A file by its number, to be shown; `None` where there is none.
    ///
    /// # Errors
    /// When the notes about the comparison cannot be read.
    pub fn file_to_show(&self, id: i64) -> Result<Option<FileToShow>> {
        self.connection
            .prepare_cached("SELECT path, mime_type, hash, size, modified FROM files WHERE id = ?1")
            .and_then(|mut statement| {
                let file = |row: &Row<'_>| {
                    let path: Vec<u8> = row.get(0)?;
                    let hash: Option<[u8; 32]> = row.get(2)?;
                    let (size, modified): (i64, i64) = (row.get(3)?, row.get(4)?);
                    let mark = hash.unwrap_or_else(|| {
                        let mut hasher = blake3::Hasher::new();
                        hasher.update(&size.to_le_bytes()).update(&modified.to_le_bytes()).update(&path);
                        *hasher.finalize().as_bytes()
                    });
                    Ok(FileToShow { location: path_of(&path), mime_type: row.get(1)?, mark })
                };
                statement.query_row(params![id], file).optional()
            })
            .map_err(store_error)
    }
}

/// Whether there can be a small picture of a file of this type.
pub(crate) fn shows(mime_type: Option<&str>) -> bool {
    mime_type.is_some_and(photokeep_media::can_be_shown)
}

fn result(verdict: Verdict, row: &Row<'_>) -> rusqlite::Result<FileResult> {
    let location = path_of(&row.get::<_, Vec<u8>>(1)?);
    let evidence = row.get::<_, Option<String>>(8)?.and_then(|word| Evidence::of(&word));
    let kept = match row.get::<_, Option<i64>>(12)? {
        None => None,
        Some(item) => Some(KeptFile {
            item,
            file: row.get(13)?,
            shows: shows(row.get::<_, Option<String>>(20)?.as_deref()),
            path: row.get(14)?,
            bytes: row.get(15)?,
            taken: row.get(16)?,
            width: row.get(17)?,
            height: row.get(18)?,
        }),
    };
    let mime_type: Option<String> = row.get(4)?;
    let is_heif = |mime_type: Option<&str>| matches!(mime_type, Some("image/heic" | "image/heif"));
    let (there_is_heif, kept_is_heif) = (is_heif(mime_type.as_deref()), is_heif(row.get::<_, Option<String>>(20)?.as_deref()));
    let mut file = FileResult {
        id: row.get(0)?,
        shows: shows(mime_type.as_deref()),
        path: shown(&location),
        location,
        bytes: row.get(2)?,
        hash: row.get(28)?,
        kind: row.get::<_, Option<String>>(3)?.and_then(|word| FileKind::of(&word)),
        mime_type,
        taken: row.get(5)?,
        width: row.get(6)?,
        height: row.get(7)?,
        evidence,
        distance: row.get(9)?,
        kept,
        trouble: match row.get::<_, Option<String>>(10)? {
            Some(word) => Some(Trouble::of(&word, row.get(21)?)),
            None => None,
        },
        cut_short: row.get(22)?,
        better: None,
        chosen: row.get(11)?,
    };
    if verdict == Verdict::Different && file.kept.as_ref().is_some_and(|kept| kept.path.is_none()) {
        file.better = Some(Better::ONLY_HERE);
    } else if verdict == Verdict::Different
        && let Some(KeptFile { bytes: Some(bytes), width, height, .. }) = file.kept
    {
        let pixels = |width: Option<u32>, height: Option<u32>| {
            width.zip(height).map(|(width, height)| u64::from(width) * u64::from(height))
        };
        let there = Quality {
            pixels: pixels(file.width, file.height),
            is_dated: file.taken.is_some(),
            is_placed: row.get(24)?,
            behind: row.get::<_, i64>(26)?.cast_unsigned(),
            bytes: file.bytes,
            is_heif: there_is_heif,
            cut_short: file.cut_short,
        };
        let kept = Quality {
            pixels: pixels(width, height),
            is_dated: row.get(19)?,
            is_placed: row.get(25)?,
            behind: row.get::<_, i64>(27)?.cast_unsigned(),
            bytes,
            is_heif: kept_is_heif,
            cut_short: row.get(23)?,
        };
        file.better = Some(Better::of(&there, &kept, evidence == Some(Evidence::SamePicture)));
    }
    Ok(file)
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::results::Numbers;

    /// Files with what is known of them: where they lie, kind, year (0: nobody knows), verdict, evidence.
    const FILES: [(&str, &str, i64, &str, Option<&str>); 6] = [
        ("a.jpg", "photo", 2019, "missing", None),
        ("trip/b.jpg", "photo", 2019, "missing", Some("name-only")),
        ("trip/day 1/c.mp4", "video", 2020, "missing", None),
        ("trip/day 1/d.jpg", "photo", 0, "missing", None),
        ("trips/e.jpg", "photo", 2020, "missing", None),
        ("trip/f.jpg", "photo", 2020, "found", Some("same-bytes")),
    ];

    pub(crate) fn filled(folder: &std::path::Path) -> Comparison {
        let comparison = Comparison::open(&folder.join("notes.sqlite")).unwrap();
        for (number, (path, kind, year, verdict, evidence)) in FILES.into_iter().enumerate() {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let taken = (year != 0).then(|| (year - 1970) * 31_556_952 + 15_000_000);
            comparison
                .connection
                .execute(
                    "INSERT INTO files (id, path, folder, name, stem, size, modified, inode, scan, kind, taken, verdict, evidence)
                     VALUES (?1, ?2, ?3, '', '', 10, 0, 0, 1, ?4, ?5, ?6, ?7)",
                    params![number as i64 + 1, path.as_bytes(), folder, kind, taken, verdict, evidence],
                )
                .unwrap();
        }
        comparison
    }

    fn of_missing(narrowing: Narrowing) -> FileList {
        FileList { verdict: Verdict::Missing, narrowing }
    }

    fn paths(comparison: &Comparison, list: &FileList) -> Vec<String> {
        let files = comparison.files(list, 0, 100).unwrap();
        assert_eq!(
            comparison.numbers_of(list.verdict.into(), &list.narrowing).unwrap(),
            Numbers { count: files.len() as u64, bytes: 10 * files.len() as u64 }
        );
        files.into_iter().map(|file| file.path).collect()
    }

    #[test]
    fn a_list_is_narrowed_by_each_and_by_all() {
        let folder = tempfile::tempdir().unwrap();
        let comparison = filled(folder.path());
        let missing = || FileList::of(Verdict::Missing);
        let of = |list: FileList| paths(&comparison, &list);
        assert_eq!(of(missing()).len(), 5);
        // A folder of a longer name is another folder.
        let below = of(of_missing(Narrowing { folder: Some("trip".into()), ..Narrowing::default() }));
        assert_eq!(below, ["trip/b.jpg", "trip/day 1/c.mp4", "trip/day 1/d.jpg"]);
        assert_eq!(of(of_missing(Narrowing { folder: Some(String::new()), ..Narrowing::default() })), ["a.jpg"]);
        assert_eq!(of(of_missing(Narrowing { year: Some(2020), ..Narrowing::default() })), ["trip/day 1/c.mp4", "trips/e.jpg"]);
        assert_eq!(of(of_missing(Narrowing { undated: true, ..Narrowing::default() })), ["trip/day 1/d.jpg"]);
        assert_eq!(of(of_missing(Narrowing { kind: Some(FileKind::Video), ..Narrowing::default() })), ["trip/day 1/c.mp4"]);
        assert_eq!(of(of_missing(Narrowing { evidence: Some(Evidence::NameOnly), ..Narrowing::default() })), ["trip/b.jpg"]);
        let both = of_missing(Narrowing { year: Some(2020), folder: Some("trip".into()), ..Narrowing::default() });
        assert_eq!(of(both), ["trip/day 1/c.mp4"]);
        assert_eq!(comparison.files(&missing(), 4, 2).unwrap().len(), 1, "the last page");
    }

    #[test]
    fn what_is_chosen_stays_so_until_it_is_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let missing = || FileList::of(Verdict::Missing);
        let chosen = || of_missing(Narrowing { chosen: true, ..Narrowing::default() });
        let comparison = filled(folder.path());
        comparison.choose(&missing(), Choice::These(&[2, 5, 6]), true).unwrap();
        assert_eq!(paths(&comparison, &chosen()), ["trip/b.jpg", "trips/e.jpg"], "the found one is of another list");
        drop(comparison);
        let again = Comparison::existing(&folder.path().join("notes.sqlite")).unwrap().unwrap();
        again.choose(&of_missing(Narrowing { folder: Some("trip".into()), ..Narrowing::default() }), Choice::All, true).unwrap();
        assert_eq!(paths(&again, &chosen()).len(), 4);
        again.choose(&chosen(), Choice::These(&[5]), false).unwrap();
        assert_eq!(paths(&again, &chosen()).len(), 3);
        again.choose(&missing(), Choice::All, false).unwrap();
        assert!(paths(&again, &chosen()).is_empty());
        again.choose(&missing(), Choice::Stretch { first: 1, count: 3 }, true).unwrap();
        assert_eq!(paths(&again, &chosen()), ["trip/b.jpg", "trip/day 1/c.mp4", "trip/day 1/d.jpg"]);
    }
}
