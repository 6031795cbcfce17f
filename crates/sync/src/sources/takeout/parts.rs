//! The archives that were given: opened, marked so that they are known again, grouped by export.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, Utc};
use photokeep_takeout::archive::{Archive, Form, Reason, Refusal};
use photokeep_takeout::exports::{self, ExportId};

use super::Grouping;

/// What a person gave, opened.
#[derive(Debug, Default)]
pub struct Given {
    /// The exports, oldest first.
    pub exports: Vec<GivenExport>,
    /// Files that cannot be read as archives.
    pub refused: Vec<Refused>,
    /// Archives that hold no export; they were left alone.
    pub others: Vec<PathBuf>,
    /// Exports that may be one.
    pub offers: Vec<exports::JoinOffer>,
    /// Copies of archives: each file is read once.
    pub copies: Vec<CopyOf>,
    /// The exports that were taken as one, to be remembered: their names by the second in which Google made them.
    pub joined: BTreeMap<String, String>,
}

/// One export.
#[derive(Debug)]
pub struct GivenExport {
    /// Its name: the same for every part, whenever it comes.
    pub name: String,
    /// When Google made it.
    pub made_at: Option<DateTime<Utc>>,
    /// Its parts, in order.
    pub parts: Vec<GivenPart>,
    /// Numbers below the highest one given that are not there.
    pub missing: Vec<u32>,
}

impl GivenExport {
    /// What it is called where a person reads it: Google's name, or that of its first part.
    pub fn shown_name(&self) -> &str {
        let part = self.parts.first().filter(|_| self.name.starts_with(UNNAMED));
        part.map_or(&self.name, |part| &part.name)
    }
}

/// One archive or folder.
pub struct GivenPart {
    /// Its number, if its name tells.
    pub number: Option<u32>,
    /// Name of the file or folder.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// BLAKE3 over what it says of itself: the same under any name.
    pub mark: [u8; 32],
    pub(super) archive: Arc<Archive>,
    /// Copies with the same table of contents: what is damaged in one may be whole in another.
    pub(super) twins: Vec<Arc<Archive>>,
}

/// An archive that is a copy of another one that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyOf {
    /// Its name.
    pub name: String,
    /// The name of the other.
    pub of: String,
    /// Whether files that are damaged in the other are read from it.
    pub helps: bool,
}

impl std::fmt::Debug for GivenPart {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("GivenPart").field("number", &self.number).field("path", &self.path).finish_non_exhaustive()
    }
}

impl GivenPart {
    /// Whether it has to be read from front to back to know what is in it.
    pub fn is_sequential(&self) -> bool {
        self.archive.is_sequential()
    }

    /// The archive and its copies.
    pub(super) fn copies(&self) -> Vec<Arc<Archive>> {
        std::iter::once(&self.archive).chain(&self.twins).cloned().collect()
    }

    fn is_copy(&self, number: Option<u32>, mark: &[u8; 32]) -> bool {
        self.archive.form() == Form::Zip && (self.number, &self.mark) == (number, mark)
    }

    /// Files in it; `None` if only reading tells.
    pub fn entries(&self) -> Option<u64> {
        (!self.is_sequential()).then(|| (self.archive.entries().len() + self.archive.refused().len()) as u64)
    }
}

/// A file that is no readable archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Where it lies.
    pub path: PathBuf,
    /// Why, as a sentence.
    pub why: String,
}

/// Opens everything that was given.
pub(super) fn look(paths: &[PathBuf], grouping: &Grouping) -> Given {
    let mut looked = exports::Given::look(paths);
    let mut joined = grouping.known.clone();
    for offer in looked.offers.clone() {
        let Some(first) = offer.exports.first() else { continue };
        let ExportId::Named { stamp, .. } = first else { continue };
        // What is unpacked beside one export says nothing about others of its second.
        let key = match offer.exports.last() {
            Some(ExportId::Unnamed { .. }) => format!("{first} unpacked"),
            _ => stamp.clone(),
        };
        if grouping.by_second {
            joined.entry(key.clone()).or_insert_with(|| first.to_string());
        }
        if joined.contains_key(&key) {
            looked.join(&offer);
        }
    }
    let mut opened: Vec<(PathBuf, Copies)> = Vec::new();
    let all: Vec<(PathBuf, Vec<PathBuf>)> =
        looked.exports.iter().flat_map(|export| &export.parts).map(|part| (part.path.clone(), part.copies.clone())).collect();
    for (path, copies) in all {
        match Copies::open(&path, &copies) {
            Ok(copies) => opened.push((path, copies)),
            Err(refusal) => looked.refuse(&path, refusal),
        }
    }
    let mut given = Given {
        refused: looked
            .refused
            .iter()
            .map(|refused| Refused { path: refused.path.clone(), why: sentence(&refused.refusal) })
            .collect(),
        others: looked.others.clone(),
        offers: looked.offers.clone(),
        joined: BTreeMap::new(),
        ..Given::default()
    };
    for export in looked.exports {
        let mut parts: Vec<GivenPart> = Vec::with_capacity(export.parts.len());
        for part in &export.parts {
            let Some(place) = opened.iter().position(|(path, _)| *path == part.path) else { continue };
            let (_, copies) = opened.swap_remove(place);
            let same = parts.iter().position(|other| other.is_copy(part.number, &copies.mark));
            let Copies { archive, mark, mut twins, others } = copies;
            let at = if let Some(same) = same {
                // The same entries in other bytes at its ends: one of both is damaged there.
                twins.insert(0, archive);
                same
            } else {
                let path = archive.path().to_owned();
                let (name, archive) = (file_name(&path), Arc::new(archive));
                parts.push(GivenPart { number: part.number, name, path, mark, archive, twins: Vec::new() });
                parts.len() - 1
            };
            let part = &mut parts[at];
            let copy = |path: &Path, helps| CopyOf { name: file_name(path), of: part.name.clone(), helps };
            given.copies.extend(twins.iter().map(|twin| copy(twin.path(), true)));
            given.copies.extend(others.iter().map(|other| copy(other, false)));
            part.twins.extend(twins.into_iter().map(Arc::new));
        }
        if parts.is_empty() {
            continue;
        }
        let (name, made_at) = match &export.id {
            // A part that comes alone belongs to what it was joined with.
            ExportId::Named { stamp, .. } => {
                (joined.get(stamp).cloned().unwrap_or_else(|| export.id.to_string()), made_at(stamp))
            }
            // Nothing tells exports of other names apart but what is in them.
            ExportId::Unnamed { .. } => (unnamed(&parts), None),
        };
        given.exports.push(GivenExport { name, made_at, parts, missing: export.missing });
    }
    given.joined = joined;
    given
}

/// An archive with its copies, opened.
struct Copies {
    /// The one to read.
    archive: Archive,
    mark: [u8; 32],
    /// Those with the same table of contents.
    twins: Vec<Archive>,
    /// The others: what is in them is not known to be the same.
    others: Vec<PathBuf>,
}

impl Copies {
    /// Of equal files the one of which most can be read is the one to read.
    fn open(path: &Path, copies: &[PathBuf]) -> Result<Self, Refusal> {
        let open = |path: &Path| {
            let archive = Archive::open(path)?;
            Ok((mark(&archive).map_err(|error| Refusal::of(&error))?, archive))
        };
        let mut opened: Vec<([u8; 32], Archive)> = Vec::new();
        let (mut others, mut refusal) = (Vec::new(), None);
        for path in std::iter::once(path).chain(copies.iter().map(PathBuf::as_path)) {
            match open(path) {
                Ok(one) => opened.push(one),
                Err(why) => {
                    others.push(path.to_owned());
                    refusal.get_or_insert(why);
                }
            }
        }
        let lacks = |archive: &Archive| (archive.trouble().is_some(), archive.refused().len());
        let Some(best) = (0..opened.len()).min_by_key(|at| lacks(&opened[*at].1)) else {
            return Err(refusal.unwrap_or_else(|| Reason::Unreadable.into()));
        };
        let (mark, archive) = opened.swap_remove(best);
        let mut twins = Vec::new();
        for (other, twin) in opened {
            // One checksum covers a whole tgz: it is read once, from front to back.
            if other == mark && !archive.is_sequential() {
                twins.push(twin);
            } else {
                others.push(twin.path().to_owned());
            }
        }
        Ok(Self { archive, mark, twins, others })
    }
}

pub(super) fn sentence(refusal: &Refusal) -> String {
    match &refusal.detail {
        Some(detail) => format!("{refusal} ({detail})"),
        None => refusal.to_string(),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// `20240525T201456Z` as an instant.
fn made_at(stamp: &str) -> Option<DateTime<Utc>> {
    NaiveDateTime::parse_from_str(stamp, "%Y%m%dT%H%M%SZ").ok().map(|time| time.and_utc())
}

/// How the name of an export begins that nothing tells from others but what is in it.
const UNNAMED: &str = "unnamed-";

fn unnamed(parts: &[GivenPart]) -> String {
    let mut marks: Vec<&[u8; 32]> = parts.iter().map(|part| &part.mark).collect();
    marks.sort_unstable();
    let mut hasher = blake3::Hasher::new();
    for mark in marks {
        hasher.update(mark);
    }
    format!("{UNNAMED}{}", &hasher.finalize().to_hex()[..16])
}

/// What tells an archive apart without reading it whole: its table of contents; of a tgz its length and both ends.
fn mark(archive: &Archive) -> std::io::Result<[u8; 32]> {
    let mut hasher = blake3::Hasher::new();
    if archive.is_sequential() {
        hasher.update(b"ends");
        ends(archive.path(), &mut hasher)?;
        return Ok(*hasher.finalize().as_bytes());
    }
    let in_folder = archive.form() == Form::Folder;
    hasher.update(if in_folder { b"folder" } else { b"zip" });
    for entry in archive.entries() {
        hasher.update(&entry.index.to_le_bytes());
        hasher.update(entry.path.as_bytes());
        hasher.update(&entry.size.to_le_bytes());
        hasher.update(&entry.crc32.unwrap_or(0).to_le_bytes());
        if in_folder {
            // Nothing else tells that a file was replaced.
            hasher.update(&entry.modified.unwrap_or(0).to_le_bytes());
        }
    }
    // Archives may differ in nothing but what cannot be taken of them.
    for refused in archive.refused() {
        hasher.update(&refused.index.to_le_bytes());
        hasher.update(refused.name.as_bytes());
    }
    Ok(*hasher.finalize().as_bytes())
}

fn ends(path: &Path, hasher: &mut blake3::Hasher) -> std::io::Result<()> {
    use std::io::{Read, Seek, SeekFrom};
    const END: u64 = 64 << 10;
    let mut file = std::fs::File::open(path)?;
    let length = file.metadata()?.len();
    hasher.update(&length.to_le_bytes());
    let mut piece = Vec::new();
    file.by_ref().take(END).read_to_end(&mut piece)?;
    file.seek(SeekFrom::Start(length.saturating_sub(END)))?;
    file.take(END).read_to_end(&mut piece)?;
    hasher.update(&piece);
    Ok(())
}
