//! From archives to pieces: every entry with its path, and the small JSON files read and kept.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::io::Read;
use std::ops::ControlFlow;
use std::sync::Arc;

use photokeep_library::catalog::{Ended, EntryKey, EntryNote, JsonPacker, KnownEntry};
use photokeep_library::target::target_error;
use photokeep_model::{Code, Error, Result};
use photokeep_takeout::archive::{Archive, End, Entry, EntryClass, Refused};
use photokeep_takeout::contents::{Piece, What};
use photokeep_takeout::exports::below_takeout;
use photokeep_takeout::manifest::{Manifest, may_be_archive_page};
use photokeep_takeout::naming::known_extension;
use photokeep_takeout::sidecar::{self, Brief, Json};
use rayon::prelude::*;

use super::parts::{GivenPart, sentence};
use super::spool::{Spool, Trouble};
use crate::fetch::no_media;
use crate::gate::Gate;
use crate::source::ListingSink;

/// JSON files above this size are none of Google Photos' (they have a few kilobytes).
const MAX_JSON_BYTES: u64 = 16 << 20;

/// Bytes in which the type of a photo or film shows.
const SNIFFED: u64 = 4096;

/// Entries looked at, and their JSON kept, together.
const TOGETHER: usize = 1024;

/// Entries that one thread looks at in a row.
const IN_A_ROW: usize = 128;

/// From how many on sidecars are written into the catalog.
const KEPT_TOGETHER: usize = 4096;

thread_local! {
    /// One for each thread that looks at entries: a new one for every few entries would tear memory into pieces.
    static PACKER: RefCell<JsonPacker> = RefCell::default();
}

/// What was gathered of one export.
#[derive(Default)]
pub(super) struct Gathered<'a> {
    pub pieces: Vec<Piece<'a>>,
    pub page: Option<Manifest>,
    /// Sentences about parts that could not be read to their end.
    pub notes: Vec<String>,
    /// A part could not be read to its end, or not at all.
    pub cut: bool,
    /// Parts of which something could not be read: the disk may give it another time, or another copy of the archive.
    pub unread: HashSet<i64>,
    /// Entries of parts that are not here, taken for files of another product before.
    pub taken_for_other: HashSet<(i64, u32)>,
    /// Photos of parts that are not here, by where their bytes are kept in the library.
    pub stored: HashMap<EntryKey, String>,
    /// JSON files that are not in the catalog yet, packed.
    kept: Vec<(EntryKey, Vec<u8>)>,
    /// Sidecars by a hash of what they say: those of copies in albums say the same, and are held once.
    said: HashMap<u64, Arc<Brief>>,
}

impl<'a> Gathered<'a> {
    /// Takes every entry of a part that is here.
    pub fn part(
        &mut self,
        part: i64,
        given: &'a GivenPart,
        spool: &Spool,
        gate: &Gate,
        sink: &mut dyn ListingSink,
    ) -> Result<()> {
        if given.is_sequential() {
            self.walk(part, &given.name, &given.archive, spool, gate, sink)
        } else {
            self.read(part, given, gate, sink)
        }
    }

    fn read(&mut self, part: i64, given: &'a GivenPart, gate: &Gate, sink: &mut dyn ListingSink) -> Result<()> {
        let (name, archive) = (&given.name, &*given.archive);
        self.refuse(part, archive.refused(), sink)?;
        if let Some(trouble) = archive.trouble() {
            self.cut = true;
            self.unread.insert(part);
            self.notes.push(format!("{name}: {}", sentence(trouble)));
        }
        self.pieces.reserve_exact(archive.entries().len());
        for some in archive.indexes_by_offset().chunks(TOGETHER) {
            stop_if_wanted(gate)?;
            let looked: Vec<Vec<Looked>> = some
                .par_chunks(IN_A_ROW)
                .map(|row| row.iter().map(|index| look_at_a_whole_one(given, *index)).collect())
                .collect();
            for (index, looked) in some.iter().zip(looked.into_iter().flatten()) {
                let Some(entry) = archive.entry(*index) else { continue };
                let what = self.take(part, *index, looked);
                self.pieces.push(piece(part, &entry, below_takeout(entry.path).into(), entry.crc32, what));
            }
            if self.kept.len() >= KEPT_TOGETHER {
                self.keep_all(sink)?;
            }
        }
        self.keep_all(sink)?;
        sink.looked_at(archive.entries().len() as u64);
        Ok(())
    }

    /// One pass from front to back. Nothing of it counts before its end is proven.
    fn walk(
        &mut self,
        part: i64,
        name: &str,
        archive: &'a Archive,
        spool: &Spool,
        gate: &Gate,
        sink: &mut dyn ListingSink,
    ) -> Result<()> {
        let first = self.pieces.len();
        let mut trouble: Option<Error> = None;
        let mut damaged = Vec::new();
        let walked = archive.walk(&mut |entry, reader| {
            if let Err(error) = stop_if_wanted(gate) {
                trouble = Some(error);
                return ControlFlow::Break(());
            }
            let (what, crc32) = if is_small(entry) {
                let mut bytes = Vec::new();
                match reader.read_to_end(&mut bytes) {
                    Ok(_) => {
                        let looked = small(entry, &bytes);
                        (self.take(part, entry.index, looked), None)
                    }
                    Err(error) => {
                        self.unread.insert(part);
                        (What::Broken(sentence(&photokeep_takeout::archive::Refusal::of(&error))), None)
                    }
                }
            } else if entry.class == EntryClass::LeftBehind {
                (What::Companion, None)
            } else {
                match spool.take(EntryKey { part, entry: entry.index }, reader) {
                    Ok(crc32) => (What::Media, Some(crc32)),
                    Err(Trouble::Entry(error)) => {
                        damaged.push(Refused {
                            index: entry.index,
                            name: entry.path.to_owned(),
                            refusal: photokeep_takeout::archive::Refusal::of(&error),
                        });
                        return ControlFlow::Continue(());
                    }
                    Err(Trouble::Disk(error, folder)) => {
                        trouble = Some(target_error(error, &folder));
                        return ControlFlow::Break(());
                    }
                }
            };
            self.pieces.push(piece(part, entry, below_takeout(entry.path).to_owned().into(), crc32, what));
            sink.looked_at(1);
            ControlFlow::Continue(())
        });
        if let Some(error) = trouble {
            return Err(error);
        }
        damaged.retain(|one| walked.refused.iter().all(|other| other.index != one.index));
        let mut refused = walked.refused;
        refused.extend(damaged);
        match walked.end {
            End::Whole | End::Stopped => {}
            End::Cut(refusal) => {
                self.cut = true;
                self.unread.insert(part);
                self.notes.push(format!("{name}: {} What came before that is taken.", sentence(&refusal)));
            }
            End::Unproven(refusal) => {
                // One checksum covers all of it: nothing of it is proven, so nothing of it is kept.
                self.cut = true;
                self.unread.insert(part);
                self.notes.push(format!("{name}: {} Nothing of it is taken.", sentence(&refusal)));
                spool.drop_part(part);
                self.kept.clear();
                for piece in self.pieces.drain(first..) {
                    refused.push(Refused { index: piece.entry, name: piece.path.into_owned(), refusal: refusal.clone() });
                }
            }
        }
        refused.sort_by_key(|refused| refused.index);
        refused.dedup_by_key(|refused| refused.index);
        let here: HashSet<u32> = self.pieces[first..].iter().map(|piece| piece.entry).collect();
        refused.retain(|refused| !here.contains(&refused.index));
        self.refuse(part, &refused, sink)?;
        self.keep_all(sink)
    }

    /// Takes what the catalog remembers of a part that is not here now.
    pub fn known(&mut self, entry: KnownEntry) {
        let name = entry.path.rsplit('/').next().unwrap_or_default();
        let what = match (&entry.json, entry.ended) {
            (Some(json), _) => of_json(sidecar::read(name, json)),
            (None, Ended::Stored | Ended::Already | Ended::Open) => What::Media,
            (None, Ended::Companion) => What::Companion,
            (None, Ended::Other) if !has_ending(&entry.path, ".json") => {
                self.taken_for_other.insert((entry.key.part, entry.key.entry));
                What::Media
            }
            _ => return,
        };
        if let (What::Media, Some(stored)) = (&what, entry.stored) {
            self.stored.insert(entry.key, stored);
        }
        let EntryKey { part, entry: index } = entry.key;
        self.pieces.push(Piece { part, entry: index, path: entry.path.into(), size: entry.size, crc32: entry.crc32, what });
    }

    /// Takes what a look at an entry found.
    fn take(&mut self, part: i64, entry: u32, looked: Looked) -> What {
        if looked.unread {
            self.unread.insert(part);
        }
        // A page that was read to its end tells more than one that was not.
        if looked.page.is_some() && self.page.as_ref().is_none_or(|before| !before.whole) {
            self.page = looked.page;
        }
        self.kept.extend(looked.packed.map(|packed| (EntryKey { part, entry }, packed)));
        match looked.json {
            // Made here and not where it was read: what stays and what goes would tear each other's memory into pieces.
            Some(Json::Item(sidecar)) => {
                let brief = Brief::of(&sidecar);
                let hash = self.said.hasher().hash_one((brief.title(), brief.url(), brief.taken));
                let said = self.said.entry(hash).or_insert_with(|| brief.clone().into());
                What::Item(if **said == brief { said.clone() } else { brief.into() })
            }
            Some(json) => of_json(json),
            None => looked.what,
        }
    }

    /// Everything is gathered: what is only needed for that goes.
    pub fn end(&mut self) {
        self.said = HashMap::new();
        self.pieces.shrink_to_fit();
    }

    fn keep_all(&mut self, sink: &mut dyn ListingSink) -> Result<()> {
        if self.kept.is_empty() {
            return Ok(());
        }
        let kept = std::mem::take(&mut self.kept);
        sink.in_catalog(&mut |catalog, _| kept.iter().try_for_each(|(key, json)| catalog.keep_json(*key, json)))
    }

    fn refuse(&mut self, part: i64, refused: &[Refused], sink: &mut dyn ListingSink) -> Result<()> {
        if refused.is_empty() {
            return Ok(());
        }
        let sentences: Vec<String> = refused.iter().map(|refused| sentence(&refused.refusal)).collect();
        sink.in_catalog(&mut |catalog, run| {
            let notes = refused.iter().zip(&sentences).map(|(refused, why)| EntryNote {
                key: EntryKey { part, entry: refused.index },
                path: below_takeout(&refused.name),
                size: 0,
                crc32: None,
                ended: Ended::Refused,
                reason: Some(why),
            });
            catalog.note_entries(run, notes)
        })
    }
}

fn piece<'a>(part: i64, entry: &Entry<'_>, path: Cow<'a, str>, crc32: Option<u32>, what: What) -> Piece<'a> {
    Piece { part, entry: entry.index, path, size: entry.size, crc32, what }
}

/// What a look at an entry found.
struct Looked {
    /// What it is, unless its JSON tells.
    what: What,
    /// What was read of a JSON file.
    json: Option<Json>,
    /// Its text, packed: JSON of Photos is kept as it came.
    packed: Option<Vec<u8>>,
    /// Google's own page.
    page: Option<Manifest>,
    /// It could not be read.
    unread: bool,
}

impl Looked {
    fn plain(what: What) -> Self {
        Self { what, json: None, packed: None, page: None, unread: false }
    }
}

/// Looks at an entry in the archive, and where that is damaged in its copies.
fn look_at_a_whole_one(given: &GivenPart, index: u32) -> Looked {
    let looked = look_at(&given.archive, index);
    if !looked.unread {
        return looked;
    }
    given.twins.iter().map(|twin| look_at(twin, index)).find(|looked| !looked.unread).unwrap_or(looked)
}

fn look_at(archive: &Archive, index: u32) -> Looked {
    let Some(entry) = archive.entry(index) else { return Looked::plain(What::Media) };
    if !is_small(&entry) {
        return Looked::plain(plain(archive, &entry));
    }
    let mut bytes = Vec::new();
    let read = archive
        .read(index)
        .and_then(|mut reader| reader.read_to_end(&mut bytes).map_err(|error| photokeep_takeout::archive::Refusal::of(&error)));
    match read {
        Ok(_) => small(&entry, &bytes),
        Err(refusal) => Looked { unread: true, ..Looked::plain(What::Broken(sentence(&refusal))) },
    }
}

/// What a small file is.
fn small(entry: &Entry<'_>, bytes: &[u8]) -> Looked {
    let below = below_takeout(entry.path);
    if may_be_archive_page(below) {
        return match Manifest::read(bytes) {
            Ok(page) if page.is_archive_page() => Looked { page: Some(page), ..Looked::plain(What::Page) },
            _ => Looked::plain(What::Media),
        };
    }
    let json = sidecar::read(below.rsplit('/').next().unwrap_or_default(), bytes);
    let packed = matches!(json, Json::Item(_) | Json::Album(_)).then(|| PACKER.with_borrow_mut(|packer| packer.pack(bytes)));
    Looked { json: Some(json), packed, ..Looked::plain(What::Media) }
}

fn stop_if_wanted(gate: &Gate) -> Result<()> {
    if gate.cancel().is_cancelled() {
        return Err(Error::new(
            Code::Cancelled,
            "Stopped. Everything so far is kept, and the next import goes on where this one stopped.",
        ));
    }
    Ok(())
}

/// A file that is no JSON. Where its name does not tell that it is a photo or a film its first bytes do.
fn plain(archive: &Archive, entry: &Entry<'_>) -> What {
    if entry.class == EntryClass::LeftBehind {
        return What::Companion;
    }
    let name = entry.path.rsplit('/').next().unwrap_or_default();
    if known_extension(name).is_some() {
        return What::Media;
    }
    let mut head = Vec::new();
    let read = archive.read(entry.index).map(|reader| reader.take(SNIFFED).read_to_end(&mut head));
    match read {
        Ok(Ok(_)) => no_media(photokeep_media::sniff(&head)).map_or(What::Media, What::Strange),
        // Whoever reads all of it says why it cannot be read.
        _ => What::Media,
    }
}

fn has_ending(path: &str, ending: &str) -> bool {
    let last = path.len().checked_sub(ending.len()).and_then(|at| path.get(at..));
    last.is_some_and(|last| last.eq_ignore_ascii_case(ending))
}

/// Whether an entry is one of the small files that are read for the plan.
fn is_small(entry: &Entry<'_>) -> bool {
    let json = has_ending(entry.path, ".json");
    let page = may_be_archive_page(below_takeout(entry.path));
    entry.class == EntryClass::File && (json && entry.size <= MAX_JSON_BYTES || page && entry.size <= MAX_JSON_BYTES * 4)
}

fn of_json(json: Json) -> What {
    match json {
        Json::Item(item) => What::Item(Brief::of(&item).into()),
        Json::Album(album) => What::Album(album),
        Json::Service(_) => What::Service,
        Json::Broken(why) => What::Broken(why),
        Json::Foreign => What::Foreign,
    }
}
