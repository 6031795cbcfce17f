//! Noticing archives in inboxes: which are finished, which still grow, and which were looked at before.
//!
//! Promises: what still grows is not opened for its contents and never touched; an archive that was settled is not opened
//! again while its size and time stay the same. Time is given from outside.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use photokeep_model::Code;
use photokeep_takeout::archive::{Archive, Form, Reason, Refusal};
use photokeep_takeout::exports::{ArchiveName, ExportId, Given, is_unfinished_download};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::kept::{Facts, Inbox, Looked};

/// Folder of an inbox that takes what is kept, where the person chose so.
pub const IMPORTED: &str = "imported";

/// How long size and time of an archive must stay the same, and how old its last change must be. A zip shows its end; of a
/// tgz nothing else tells, and one that goes on growing later is another file to the next look.
pub const QUIET: TimeDelta = TimeDelta::seconds(10);

/// For how long parts wait for another part of their export that still grows: together they are one run. A download that
/// did not grow for longer than this has stopped, and the others need not wait.
const TOGETHER: TimeDelta = TimeDelta::minutes(10);

/// How an archive in an inbox stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ArchiveState {
    /// It is still being downloaded or copied.
    Growing,
    /// It seems finished; another look in a few seconds will tell.
    Settling,
    /// It is finished and waits for another part of its export that still grows.
    Waiting,
    /// It cannot be read now: a file of a cloud folder that is not on this computer, for example.
    NotHereYet,
    /// It is finished and about to be imported.
    Finished,
    /// Everything in it is kept; it stays where it is, as was chosen.
    Kept,
    /// It stays where it is, for a reason.
    Left,
    /// Everything in it is kept, and it was moved into the folder `imported`.
    Moved,
    /// Everything in it is kept, and it is in the system's trash.
    Trashed,
    /// It is no archive that can be imported.
    Refused,
}

/// Why an archive waits, or is left where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "code", rename_all = "kebab-case")]
#[ts(rename = "ArchiveReason")]
pub enum Why {
    /// Another part of its export still grows.
    OtherPart {
        /// Its name.
        name: String,
    },
    /// The system's own words about a file that cannot be read now.
    Unreadable {
        /// The words.
        sentence: String,
    },
    /// It is no archive that can be imported, in a sentence.
    Refused {
        /// The sentence.
        sentence: String,
    },
    /// An unpacked folder: nothing tells when it is whole.
    Unpacked,
    /// The same archive lies here under another name.
    Copy {
        /// That name.
        of: String,
    },
    /// Its name cannot be written down as text.
    NameNotText,
    /// Files in it are not in the library.
    NotTaken {
        /// How many.
        files: u64,
    },
    /// It holds files of other Google products, which Photokeep does not keep.
    OtherProducts {
        /// How many.
        files: u64,
    },
    /// A photo of it is not in the library the way it was stored.
    NotAsStored {
        /// Its path below the library.
        path: String,
    },
    /// What is in it does not agree with what was written down when it was read.
    Unproven,
    /// It could not be moved or put into the trash, in the system's words.
    NotPutAway {
        /// The words.
        sentence: String,
    },
}

/// An archive in an inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FoundArchive {
    /// Its name.
    pub name: String,
    /// Where it lies.
    #[serde(serialize_with = "as_text")]
    pub path: PathBuf,
    /// The inbox it lies in.
    #[serde(serialize_with = "as_text")]
    pub inbox: PathBuf,
    /// Bytes.
    pub size: u64,
    /// When it was changed last.
    pub modified: Option<DateTime<Utc>>,
    /// How it stands.
    pub state: ArchiveState,
    /// Why, where that needs telling.
    pub why: Option<Why>,
    /// What it was when it was looked at.
    #[serde(skip)]
    #[ts(skip)]
    pub(super) facts: Option<Facts>,
}

/// A path that is no text must not make the whole answer fail.
fn as_text<S: serde::Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

impl FoundArchive {
    pub(super) fn new(path: &Path, inbox: &Path, facts: Option<Facts>, state: ArchiveState, why: Option<Why>) -> Self {
        Self {
            name: file_name(path),
            path: path.to_owned(),
            inbox: inbox.to_owned(),
            size: facts.map_or(0, |facts| facts.size),
            modified: facts.map(Facts::time),
            state,
            why,
            facts,
        }
    }

    /// Whether another look may find it finished.
    pub fn may_finish_soon(&self) -> bool {
        self.state == ArchiveState::Settling
    }
}

/// After how long archives are tried again whose import broke off.
const AGAIN: TimeDelta = TimeDelta::hours(1);

/// What was noticed so far, from look to look.
#[derive(Debug, Default)]
pub struct Noticing {
    /// Since when each archive was seen as it is.
    since: HashMap<PathBuf, (Facts, DateTime<Utc>)>,
    /// Archives whose import broke off, and until when it is not begun again by itself; `None`: until somebody asks for it.
    broke_off: HashMap<PathBuf, (Facts, Option<DateTime<Utc>>)>,
    /// Archives that hold no export: nobody looks into them again at every look.
    others: HashMap<PathBuf, Facts>,
}

impl Noticing {
    /// Whether something is finished that is to be imported now. An import that broke off is not begun again at every look.
    pub fn is_worth_a_run(&self, found: &[FoundArchive], now: DateTime<Utc>) -> bool {
        found.iter().filter(|archive| archive.state == ArchiveState::Finished).any(|archive| {
            match (self.broke_off.get(&archive.path), archive.facts) {
                (Some((before, until)), Some(facts)) if *before == facts => until.is_some_and(|until| now >= until),
                _ => true,
            }
        })
    }

    /// Remembers that the import of these broke off. What a person stopped is not begun again by itself.
    pub fn broke_off(&mut self, found: &[FoundArchive], code: Code, now: DateTime<Utc>) {
        let until = match code {
            Code::Cancelled => None,
            Code::LibraryBusy => Some(now),
            _ => Some(now + AGAIN),
        };
        for archive in found.iter().filter(|archive| archive.state == ArchiveState::Finished) {
            if let Some(facts) = archive.facts {
                self.broke_off.insert(archive.path.clone(), (facts, until));
            }
        }
    }

    /// Looks into all inboxes that are there. `library` is never looked into.
    pub fn look(&mut self, inboxes: &[Inbox], looked: &Looked, library: &Path, now: DateTime<Utc>) -> Vec<FoundArchive> {
        let mut found = Vec::new();
        for inbox in inboxes {
            self.look_into(&inbox.folder, looked, library, now, &mut found);
        }
        let here: BTreeSet<PathBuf> = found.iter().map(|archive| archive.path.clone()).collect();
        self.since.retain(|path, _| here.contains(path));
        self.broke_off.retain(|path, _| here.contains(path));
        let mut met = BTreeSet::new();
        // Inboxes may lie in one another.
        found.retain(|archive| met.insert(archive.path.clone()));
        found
    }

    fn look_into(&mut self, folder: &Path, looked: &Looked, library: &Path, now: DateTime<Utc>, found: &mut Vec<FoundArchive>) {
        let imported = folder.join(IMPORTED);
        let settled = |path: &Path| {
            let before = looked.get(path.to_str()?)?;
            (Facts::of(path) == Some(before.facts)).then_some(before)
        };
        let not_here = RefCell::new(Vec::new());
        let passed = |path: &Path| {
            if path == imported || is_the_library(path, library) || settled(path).is_some() {
                return true;
            }
            if is_placeholder(path) {
                // Opening it would have the cloud's program fetch it.
                not_here.borrow_mut().push(path.to_owned());
                return true;
            }
            self.others.get(path).is_some_and(|before| Facts::of(path) == Some(*before))
        };
        let given = Given::watch_except(folder, &passed);
        let first = found.len();
        self.others.retain(|path, before| !path.starts_with(folder) || Facts::of(path) == Some(*before));
        self.others.extend(given.others.iter().filter_map(|path| Some((path.clone(), Facts::of(path)?))));
        for path in not_here.into_inner().iter().filter(|path| ArchiveName::parse(&file_name(path)).is_some()) {
            found.push(FoundArchive::new(path, folder, Facts::of(path), ArchiveState::NotHereYet, None));
        }
        let mut exports: Vec<(usize, ExportId)> = Vec::new();
        for export in &given.exports {
            for part in &export.parts {
                exports.push((found.len(), export.id.clone()));
                found.push(self.part(&part.path, part.form, folder, now));
                for copy in &part.copies {
                    let why = Why::Copy { of: file_name(&part.path) };
                    found.push(FoundArchive::new(copy, folder, Facts::of(copy), ArchiveState::Left, Some(why)));
                }
            }
        }
        for refused in &given.refused {
            if let Some(id) = &refused.export {
                exports.push((found.len(), id.clone()));
            }
            found.push(self.refused(&refused.path, &refused.refusal, folder, now));
        }
        wait_for_each_other(found, &exports, now);
        for path in looked.keys().map(Path::new).filter(|path| path.starts_with(folder)) {
            let Some(before) = settled(path) else { continue };
            let state = match &before.why {
                None => ArchiveState::Kept,
                Some(Why::Refused { .. }) => ArchiveState::Refused,
                Some(_) => ArchiveState::Left,
            };
            found.push(FoundArchive::new(path, folder, Some(before.facts), state, before.why.clone()));
        }
        found[first..].sort_by(|one, other| one.path.cmp(&other.path));
    }

    fn part(&mut self, path: &Path, form: Form, inbox: &Path, now: DateTime<Utc>) -> FoundArchive {
        let facts = Facts::of(path);
        let (state, why) = match facts {
            _ if form == Form::Folder => (ArchiveState::Left, Some(Why::Unpacked)),
            _ if path.to_str().is_none() => (ArchiveState::Left, Some(Why::NameNotText)),
            None => (ArchiveState::NotHereYet, None),
            Some(facts) => match self.stands(path, facts, now) {
                ArchiveState::Finished => finished(path),
                other => (other, None),
            },
        };
        FoundArchive::new(path, inbox, facts, state, why)
    }

    fn refused(&mut self, path: &Path, refusal: &Refusal, inbox: &Path, now: DateTime<Utc>) -> FoundArchive {
        let facts = Facts::of(path);
        let (state, why) = if is_unfinished_download(&file_name(path)) {
            (ArchiveState::Growing, None)
        } else {
            match facts.map(|facts| self.stands(path, facts, now)) {
                None | Some(ArchiveState::Finished) => said_of(refusal),
                // Nobody has written to it for long: what it is can be said at the first look.
                Some(ArchiveState::Settling) if facts.is_some_and(|facts| now - facts.time() >= TOGETHER) => said_of(refusal),
                Some(other) => (other, None),
            }
        };
        FoundArchive::new(path, inbox, facts, state, why)
    }

    /// Whether a file has been quiet for long enough.
    fn stands(&mut self, path: &Path, facts: Facts, now: DateTime<Utc>) -> ArchiveState {
        let before = self.since.get(path).copied();
        let since = match before {
            // A clock that was set back must not make it wait for ever.
            Some((same, since)) if same == facts && since <= now => since,
            _ => now,
        };
        self.since.insert(path.to_owned(), (facts, since));
        if before.is_some_and(|(other, _)| other != facts) || facts.size == 0 {
            return ArchiveState::Growing;
        }
        let age = now - facts.time();
        // A time to come says nothing about when it was written (another computer's clock); the two looks do.
        let old = age >= QUIET || age < TimeDelta::zero();
        if now - since >= QUIET && old { ArchiveState::Finished } else { ArchiveState::Settling }
    }
}

/// Whether a quiet file is an archive with its end.
fn finished(path: &Path) -> (ArchiveState, Option<Why>) {
    match Archive::open(path) {
        // Only something that can be read to its end is taken without anybody watching.
        Ok(archive) => archive.trouble().map_or((ArchiveState::Finished, None), said_of),
        Err(refusal) => said_of(&refusal),
    }
}

fn said_of(refusal: &Refusal) -> (ArchiveState, Option<Why>) {
    match refusal.reason {
        Reason::Unreadable => {
            let sentence = refusal.detail.clone().unwrap_or_else(|| refusal.to_string());
            (ArchiveState::NotHereYet, Some(Why::Unreadable { sentence }))
        }
        _ => (ArchiveState::Refused, Some(Why::Refused { sentence: refusal.to_string() })),
    }
}

/// Lets finished parts wait while another part of their export grows.
fn wait_for_each_other(found: &mut [FoundArchive], exports: &[(usize, ExportId)], now: DateTime<Utc>) {
    let growing: Vec<(usize, &ExportId)> = exports
        .iter()
        .filter(|(at, _)| {
            let archive = &found[*at];
            let fresh = archive.modified.is_some_and(|time| now - time < TOGETHER);
            matches!(archive.state, ArchiveState::Growing | ArchiveState::Settling) && fresh
        })
        .map(|(at, id)| (*at, id))
        .collect();
    for (at, id) in exports {
        let other = growing.iter().find(|(_, other)| *other == id).map(|(other, _)| found[*other].name.clone());
        if let Some(name) = other
            && found[*at].state == ArchiveState::Finished
            && matches!(id, ExportId::Named { .. })
        {
            found[*at].state = ArchiveState::Waiting;
            found[*at].why = Some(Why::OtherPart { name });
        }
    }
}

/// Whether this folder is the library, however it is written.
fn is_the_library(path: &Path, library: &Path) -> bool {
    path == library
        || (path.file_name() == library.file_name()
            && path.canonicalize().is_ok_and(|path| library.canonicalize().is_ok_and(|library| path == library)))
}

/// Whether a cloud's program keeps only the name of a file here.
#[cfg(windows)]
fn is_placeholder(path: &Path) -> bool {
    use std::os::windows::fs::MetadataExt;
    // FILE_ATTRIBUTE_OFFLINE, FILE_ATTRIBUTE_RECALL_ON_OPEN, FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS.
    const NOT_HERE: u32 = 0x1000 | 0x4_0000 | 0x40_0000;
    std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.file_attributes() & NOT_HERE != 0)
}

/// Whether a cloud's program keeps only the name of a file here.
#[cfg(target_os = "macos")]
fn is_placeholder(path: &Path) -> bool {
    use std::os::macos::fs::MetadataExt;
    // SF_DATALESS, <sys/stat.h>.
    const DATALESS: u32 = 0x4000_0000;
    std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.st_flags() & DATALESS != 0)
}

/// Whether a cloud's program keeps only the name of a file here. Linux has no sign for it: reading tells.
#[cfg(not(any(windows, target_os = "macos")))]
fn is_placeholder(_: &Path) -> bool {
    false
}

pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
