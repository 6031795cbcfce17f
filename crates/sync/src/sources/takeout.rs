//! Takeout as a source: archives and unpacked folders, read in place.
//!
//! A listing reads the tables of contents and the small JSON files of all parts, finds out what is in them
//! (`photokeep_takeout::contents`), and writes every entry down. Bytes are then read entry by entry. A tgz has no table
//! of contents: it is read once from front to back, and its photos wait under temporary names on the library's disk.
//!
//! Absence proves nothing here: an export may be an increment, or leave things out (format notes, 6.3).

mod gather;
mod listing;
mod looking;
mod parts;
mod sightings;
mod spool;

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use photokeep_google::Trouble;
use photokeep_library::TemporaryNames;
use photokeep_library::catalog::{EntryKey, KnownItems};
use photokeep_model::{Code, Error, Filter, Result, SourceKind};
use photokeep_takeout::archive::{Archive, Reason, Refusal};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::local_blocks;
use crate::gate::Gate;
use crate::source::{AtHand, Body, ListingEnd, ListingSink, Located, ResumeAt, Source, Unlocatable};

pub use parts::{CopyOf, Given, GivenExport, GivenPart, Refused};
use spool::Spool;

/// What is known of the exports after a listing: what a plan tells beside counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// One per export.
    pub exports: Vec<ToldExport>,
}

/// What a listing found out about one export.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldExport {
    /// Its name.
    pub name: String,
    /// When Google made it.
    pub made_at: Option<DateTime<Utc>>,
    /// First, full, increment or partial.
    pub kind: String,
    /// Parts that were given.
    pub parts: Vec<String>,
    /// Numbers of parts that are missing.
    pub missing: Vec<u32>,
    /// Items in it.
    pub items: u64,
    /// Albums in it.
    pub albums: u64,
    /// Files that Google's page lists and that no part has.
    pub not_delivered: Vec<String>,
    /// Photos whose sidecar could not be told.
    pub open_pairs: u64,
    /// Sidecars that fit several photos, in an album for example.
    #[serde(default)]
    pub open_sidecars: u64,
    /// Sidecars whose photo is in no part and not known from another export.
    pub without_photo: u64,
    /// Nothing of it needed reading: everything is known from before.
    pub known: bool,
    /// Items of Takeout that were known when it was listed first: what it is, is told by how many of them it holds.
    #[serde(default)]
    pub before: Option<KnownItems>,
    /// Parts of it that were seen before and were not here when it was listed.
    #[serde(default)]
    pub absent: u64,
}

/// Archives of Takeout that a person gave.
pub struct Takeout {
    given: Given,
    /// Parts, each with its copies, by their number in the catalog; known after a listing.
    here: Mutex<HashMap<i64, Vec<Arc<Archive>>>>,
    spool: Spool,
    told: Mutex<Told>,
    now: DateTime<Utc>,
}

/// What makes parts one export: the name without the part's number, and what a person said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grouping {
    /// Exports of one second are one, whatever number stands before the part's.
    pub by_second: bool,
    /// What was said before: the name of the export of a second (`20260101T080000Z`), whatever its parts are called.
    pub known: BTreeMap<String, String>,
}

impl Takeout {
    /// Looks at what was given: archives, folders with archives, unpacked folders, in any order. Only tables of contents are
    /// read. With `temporaries`, photos of a tgz are put there while it is listed; without, they are only counted.
    pub fn look(paths: &[PathBuf], grouping: Grouping, temporaries: Option<TemporaryNames>, now: DateTime<Utc>) -> Self {
        Self {
            given: parts::look(paths, &grouping),
            here: Mutex::default(),
            spool: Spool::new(temporaries),
            told: Mutex::default(),
            now,
        }
    }

    /// What was given: exports with their parts, and what cannot be read.
    pub fn given(&self) -> &Given {
        &self.given
    }

    /// What the last listing found out.
    pub fn told(&self) -> Told {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn here(&self) -> MutexGuard<'_, HashMap<i64, Vec<Arc<Archive>>>> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn archive(&self, part: i64) -> Option<Arc<Archive>> {
        self.here().get(&part)?.first().cloned()
    }

    /// The archive that an entry is read from: of several copies the first that has it whole. That takes reading it.
    fn archive_with_whole(&self, key: EntryKey) -> Option<Arc<Archive>> {
        let copies = self.here().get(&key.part)?.clone();
        if copies.len() > 1
            && let Some(whole) = copies.iter().find(|archive| is_whole(archive, key.entry))
        {
            return Some(whole.clone());
        }
        copies.first().cloned()
    }
}

impl Source for Takeout {
    fn kind(&self) -> SourceKind {
        SourceKind::Takeout
    }

    fn proves_absence(&self) -> bool {
        false
    }

    fn proves_bytes(&self) -> bool {
        true
    }

    fn is_local(&self) -> bool {
        true
    }

    fn at_hand(&self, key: &str) -> Option<AtHand> {
        self.spool.at_hand(EntryKey::parse(key)?)
    }

    async fn list(&self, _filter: &Filter, gate: &Gate, sink: &mut dyn ListingSink) -> Result<ListingEnd> {
        tokio::task::block_in_place(|| listing::list(self, gate, sink))
    }

    async fn locate(&self, keys: &[String], _gate: &Gate) -> Result<Vec<Result<Located, Unlocatable>>> {
        let since = Instant::now();
        let located = |key: &String| match EntryKey::parse(key).and_then(|key| self.archive(key.part)) {
            Some(_) => Ok(Located { key: key.clone(), address: String::new(), since, mime_type: None }),
            None => Err(Unlocatable::Item(
                Error::new(Code::ItemFailed, "The archive that has this photo is not here.")
                    .hint("Import it again together with that archive."),
            )),
        };
        Ok(keys.iter().map(located).collect())
    }

    async fn open(&self, located: &Located, _at: Option<&ResumeAt>) -> Result<Body, Trouble> {
        let not_here = || Trouble::Decided(Error::new(Code::ItemFailed, "The archive that has this photo is not here."));
        let key = EntryKey::parse(&located.key).ok_or_else(not_here)?;
        let archive = tokio::task::block_in_place(|| self.archive_with_whole(key)).ok_or_else(not_here)?;
        let entry = archive.entry(key.entry).ok_or_else(not_here)?;
        let size = entry.size;
        let blocks = if size <= local_blocks::IN_ONE_GO {
            local_blocks::one(tokio::task::block_in_place(|| read_whole(&archive, key.entry, size))?)
        } else {
            let (sender, blocks) = local_blocks::pieces();
            tokio::task::spawn_blocking(move || read_pieces(&archive, key.entry, &sender));
            blocks
        };
        Ok(Body { offset: 0, total: Some(size), etag: None, resumable: false, content_type: None, modified: None, blocks })
    }
}

/// A refusal as the trouble of one item; or of the run, when the archive cannot be read at all any more.
fn refused(archive: &Archive, refusal: &Refusal) -> Trouble {
    if refusal.reason == Reason::Unreadable && std::fs::symlink_metadata(archive.path()).is_err() {
        let error = Error::new(Code::Network, format!("`{}` cannot be read any more.", archive.path().display()));
        return Trouble::Decided(
            error.hint("Connect the disk with the archives and import them again; it goes on where it stopped."),
        );
    }
    let error = Error::new(Code::ItemFailed, refusal.to_string());
    Trouble::Decided(error.hint("Download the archive once more and import it again; everything else is kept."))
}

fn is_whole(archive: &Archive, entry: u32) -> bool {
    archive.read(entry).is_ok_and(|mut reader| std::io::copy(&mut reader, &mut std::io::sink()).is_ok())
}

fn read_whole(archive: &Archive, entry: u32, size: u64) -> Result<Vec<u8>, Trouble> {
    let mut reader = archive.read(entry).map_err(|refusal| refused(archive, &refusal))?;
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    match reader.read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(refused(archive, &reader.failure().cloned().unwrap_or_else(|| Refusal::of(&error)))),
    }
}

/// Reads an entry piece by piece until its end, its first trouble, or until nobody listens.
fn read_pieces(archive: &Archive, entry: u32, pieces: &mpsc::Sender<Result<Bytes, Trouble>>) {
    let mut reader = match archive.read(entry) {
        Ok(reader) => reader,
        Err(refusal) => return drop(pieces.blocking_send(Err(refused(archive, &refusal)))),
    };
    local_blocks::send_pieces(&mut reader, pieces, |reader, error| {
        refused(archive, &reader.failure().cloned().unwrap_or_else(|| Refusal::of(&error)))
    });
}
