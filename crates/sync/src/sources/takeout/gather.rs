//! From archives to pieces: every entry with its path, and the small JSON files read and kept.

use std::collections::HashSet;
use std::io::Read;
use std::ops::ControlFlow;

use photokeep_library::catalog::{Ended, EntryKey, EntryNote, JsonPacker, KnownEntry};
use photokeep_library::target::target_error;
use photokeep_model::{Code, Error, Result};
use photokeep_takeout::archive::{Archive, End, Entry, EntryClass, Refused};
use photokeep_takeout::contents::{Piece, What};
use photokeep_takeout::exports::below_takeout;
use photokeep_takeout::manifest::{Manifest, may_be_archive_page};
use photokeep_takeout::sidecar::{self, Json};

use super::parts::sentence;
use super::spool::{Spool, Trouble};
use crate::gate::Gate;
use crate::source::ListingSink;

/// JSON files above this size are none of Google Photos' (they have a few kilobytes).
const MAX_JSON_BYTES: u64 = 16 << 20;

/// JSON files kept in one transaction.
const KEPT_TOGETHER: usize = 1000;

/// What was gathered of one export.
#[derive(Default)]
pub(super) struct Gathered {
    pub pieces: Vec<Piece>,
    pub page: Option<Manifest>,
    /// Sentences about parts that could not be read to their end.
    pub notes: Vec<String>,
    /// A part could not be read to its end, or not at all.
    pub cut: bool,
    /// Parts of which something could not be read: the disk may give it another time, or another copy of the archive.
    pub unread: HashSet<i64>,
    /// Entries of parts that are not here, taken for files of another product before.
    pub taken_for_other: HashSet<(i64, u32)>,
    /// JSON files that are not in the catalog yet, packed.
    kept: Vec<(EntryKey, Vec<u8>)>,
    packer: JsonPacker,
}

impl Gathered {
    /// Takes every entry of a part that is here.
    pub fn part(
        &mut self,
        part: i64,
        name: &str,
        archive: &Archive,
        spool: &Spool,
        gate: &Gate,
        sink: &mut dyn ListingSink,
    ) -> Result<()> {
        if archive.is_sequential() {
            self.walk(part, name, archive, spool, gate, sink)
        } else {
            self.read(part, name, archive, gate, sink)
        }
    }

    fn read(&mut self, part: i64, name: &str, archive: &Archive, gate: &Gate, sink: &mut dyn ListingSink) -> Result<()> {
        self.refuse(part, archive.refused(), sink)?;
        if let Some(trouble) = archive.trouble() {
            self.cut = true;
            self.unread.insert(part);
            self.notes.push(format!("{name}: {}", sentence(trouble)));
        }
        self.pieces.reserve(archive.entries().len());
        for index in archive.indexes_by_offset() {
            let Some(entry) = archive.entry(index) else { continue };
            stop_if_wanted(gate)?;
            let what = if is_small(&entry) {
                let mut bytes = Vec::new();
                match archive.read(index).and_then(|mut reader| match reader.read_to_end(&mut bytes) {
                    Ok(_) => Ok(()),
                    Err(error) => Err(photokeep_takeout::archive::Refusal::of(&error)),
                }) {
                    Ok(()) => self.small(part, &entry, bytes),
                    Err(refusal) => {
                        self.unread.insert(part);
                        What::Broken(sentence(&refusal))
                    }
                }
            } else {
                plain(&entry)
            };
            self.push(part, &entry, entry.crc32, what);
            self.keep_some(sink)?;
        }
        sink.looked_at(archive.entries().len() as u64);
        self.keep_all(sink)
    }

    /// One pass from front to back. Nothing of it counts before its end is proven.
    fn walk(
        &mut self,
        part: i64,
        name: &str,
        archive: &Archive,
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
                    Ok(_) => (self.small(part, entry, bytes), None),
                    Err(error) => {
                        self.unread.insert(part);
                        (What::Broken(sentence(&photokeep_takeout::archive::Refusal::of(&error))), None)
                    }
                }
            } else if entry.class == EntryClass::MacCompanion {
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
            self.push(part, entry, crc32, what);
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
                    refused.push(Refused { index: piece.entry, name: piece.path, refusal: refusal.clone() });
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
        let EntryKey { part, entry: index } = entry.key;
        self.pieces.push(Piece { part, entry: index, path: entry.path, size: entry.size, crc32: entry.crc32, what });
    }

    fn push(&mut self, part: i64, entry: &Entry<'_>, crc32: Option<u32>, what: What) {
        let path = below_takeout(entry.path).to_owned();
        self.pieces.push(Piece { part, entry: entry.index, path, size: entry.size, crc32, what });
    }

    /// What a small file is; JSON of Photos is kept as it came.
    fn small(&mut self, part: i64, entry: &Entry<'_>, bytes: Vec<u8>) -> What {
        let below = below_takeout(entry.path);
        if may_be_archive_page(below) {
            return match Manifest::read(&bytes[..]) {
                Ok(page) if page.is_archive_page() => {
                    // A page that was read to its end tells more than one that was not.
                    if self.page.as_ref().is_none_or(|before| !before.whole) {
                        self.page = Some(page);
                    }
                    What::Page
                }
                _ => What::Media,
            };
        }
        let name = below.rsplit('/').next().unwrap_or_default();
        let what = of_json(sidecar::read(name, &bytes));
        if matches!(what, What::Item(_) | What::Album(_)) {
            let packed = self.packer.pack(&bytes);
            self.kept.push((EntryKey { part, entry: entry.index }, packed));
        }
        what
    }

    fn keep_some(&mut self, sink: &mut dyn ListingSink) -> Result<()> {
        if self.kept.len() >= KEPT_TOGETHER { self.keep_all(sink) } else { Ok(()) }
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
                path: &refused.name,
                size: 0,
                crc32: None,
                ended: Ended::Refused,
                reason: Some(why),
            });
            catalog.note_entries(run, notes)
        })
    }
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

fn plain(entry: &Entry<'_>) -> What {
    if entry.class == EntryClass::MacCompanion { What::Companion } else { What::Media }
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
        Json::Item(item) => What::Item(item),
        Json::Album(album) => What::Album(album),
        Json::Service(_) => What::Service,
        Json::Broken(why) => What::Broken(why),
        Json::Foreign => What::Foreign,
    }
}
