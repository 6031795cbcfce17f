//! What came of each thumbnail, in memory and in a file of its own: colours and sizes for the timeline, and what need not
//! be tried again.
//!
//! The file is a row of records that is only appended to. It may be lost, cut or damaged: each record says by itself
//! whether it is sound, and what is not known is made again.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError, RwLock};

use photokeep_media::{Color, ContentHash};

/// Begins the file. The number at the end is raised when thumbnails are made differently, or of more kinds of file: then
/// everything is tried anew.
const HEADER: &[u8; 16] = b"thumbnails  0001";
/// Key, kind, colour, width, height, check.
const RECORD: usize = 32;
/// So much of the hash is key enough: 128 bits.
const KEY: usize = 16;

/// What came of making a thumbnail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    Picture { color: Color, width: u32, height: u32 },
    NotShown(NotShown),
}

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotShown {
    /// Nobody here decodes that kind of file.
    Kind,
    /// It is damaged.
    Unreadable,
    /// It would take too much memory.
    TooLarge,
}

/// All that is known.
pub(super) struct Ledger {
    known: RwLock<HashMap<[u8; KEY], Entry>>,
    /// `None` if it cannot be written: then nothing outlives the process.
    file: Mutex<Option<File>>,
}

impl Ledger {
    /// Reads what was known, and begins a new file where there is no sound one. Never fails: without a file it only forgets.
    pub(super) fn open(path: &Path) -> Self {
        let mut bytes = Vec::new();
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path).ok();
        if let Some(open) = &mut file
            && open.read_to_end(&mut bytes).is_err()
        {
            bytes.clear();
        }
        let records = bytes.strip_prefix(HEADER).unwrap_or_default();
        let known = records.as_chunks::<RECORD>().0.iter().filter_map(parse).collect();
        let sound = match records.len() / RECORD {
            0 => 0,
            count => (HEADER.len() + count * RECORD) as u64,
        };
        // A torn record at the end would shift all that follow.
        let file = file.filter(|file| sound == bytes.len() as u64 || file.set_len(sound).is_ok());
        let file = file.and_then(|mut file| {
            let begun = if sound == 0 { file.write_all(HEADER) } else { Ok(()) };
            begun.ok().map(|()| file)
        });
        Self { known: RwLock::new(known), file: Mutex::new(file) }
    }

    pub(super) fn get(&self, hash: &ContentHash) -> Option<Entry> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).get(&key(hash)).copied()
    }

    pub(super) fn note(&self, hash: &ContentHash, entry: Entry) {
        let before = self.known.write().unwrap_or_else(PoisonError::into_inner).insert(key(hash), entry);
        if before == Some(entry) {
            return;
        }
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // One write for one record: other processes append to the same file.
        if file.as_mut().is_some_and(|file| file.write_all(&record(key(hash), entry)).is_err()) {
            *file = None;
        }
    }
}

fn key(hash: &ContentHash) -> [u8; KEY] {
    hash.0.first_chunk().copied().unwrap_or_default()
}

fn record(key: [u8; KEY], entry: Entry) -> [u8; RECORD] {
    let (kind, color, width, height) = match entry {
        Entry::Picture { color, width, height } => (1, [color.red, color.green, color.blue], width, height),
        Entry::NotShown(NotShown::Kind) => (2, [0; 3], 0, 0),
        Entry::NotShown(NotShown::Unreadable) => (3, [0; 3], 0, 0),
        Entry::NotShown(NotShown::TooLarge) => (4, [0; 3], 0, 0),
    };
    let mut record = [0; RECORD];
    let parts = key.into_iter().chain([kind]).chain(color).chain(width.to_le_bytes()).chain(height.to_le_bytes());
    record.iter_mut().zip(parts).for_each(|(to, from)| *to = from);
    let sum = check(&record);
    record[RECORD - 4..].copy_from_slice(&sum);
    record
}

fn parse(record: &[u8; RECORD]) -> Option<([u8; KEY], Entry)> {
    let (key, rest) = record.split_first_chunk::<KEY>()?;
    let [kind, red, green, blue, w0, w1, w2, w3, h0, h1, h2, h3, sum @ ..] = rest else { return None };
    if *sum != check(record) {
        return None;
    }
    let entry = match kind {
        1 => Entry::Picture {
            color: Color { red: *red, green: *green, blue: *blue },
            width: u32::from_le_bytes([*w0, *w1, *w2, *w3]),
            height: u32::from_le_bytes([*h0, *h1, *h2, *h3]),
        },
        2 => Entry::NotShown(NotShown::Kind),
        3 => Entry::NotShown(NotShown::Unreadable),
        4 => Entry::NotShown(NotShown::TooLarge),
        _ => return None,
    };
    Some((*key, entry))
}

/// FNV-1a of all but the last four bytes: against torn and zeroed records, not against malice.
fn check(record: &[u8; RECORD]) -> [u8; 4] {
    let sum = record[..RECORD - 4].iter().fold(0x811C_9DC5_u32, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    sum.to_le_bytes()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    const PICTURE: Entry = Entry::Picture { color: Color { red: 1, green: 2, blue: 3 }, width: 4032, height: 3024 };

    fn hash(number: u8) -> ContentHash {
        ContentHash([number; 32])
    }

    fn noted(path: &Path) -> Ledger {
        let ledger = Ledger::open(path);
        ledger.note(&hash(1), PICTURE);
        ledger.note(&hash(2), Entry::NotShown(NotShown::Kind));
        ledger.note(&hash(3), Entry::NotShown(NotShown::Unreadable));
        ledger.note(&hash(4), Entry::NotShown(NotShown::TooLarge));
        ledger
    }

    fn assert_all(ledger: &Ledger) {
        assert_eq!(ledger.get(&hash(1)), Some(PICTURE));
        assert_eq!(ledger.get(&hash(2)), Some(Entry::NotShown(NotShown::Kind)));
        assert_eq!(ledger.get(&hash(3)), Some(Entry::NotShown(NotShown::Unreadable)));
        assert_eq!(ledger.get(&hash(4)), Some(Entry::NotShown(NotShown::TooLarge)));
        assert_eq!(ledger.get(&hash(5)), None);
    }

    #[test]
    fn what_is_noted_is_known_later() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("known");
        assert_all(&noted(&path));
        assert_all(&Ledger::open(&path));
    }

    #[test]
    fn the_same_again_takes_no_room() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("known");
        let ledger = noted(&path);
        let length = std::fs::metadata(&path).unwrap().len();
        ledger.note(&hash(1), PICTURE);
        assert_eq!(std::fs::metadata(&path).unwrap().len(), length);
        ledger.note(&hash(1), Entry::NotShown(NotShown::Unreadable));
        assert_eq!(Ledger::open(&path).get(&hash(1)), Some(Entry::NotShown(NotShown::Unreadable)), "the later one counts");
    }

    #[test]
    fn a_torn_record_is_dropped_and_later_ones_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("known");
        drop(noted(&path));
        let file = OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(file.metadata().unwrap().len() - 5).unwrap();
        let ledger = Ledger::open(&path);
        assert_eq!((ledger.get(&hash(3)).is_some(), ledger.get(&hash(4))), (true, None));
        ledger.note(&hash(4), Entry::NotShown(NotShown::TooLarge));
        drop(ledger);
        assert_all(&Ledger::open(&path));
    }

    #[test]
    fn a_damaged_record_is_not_believed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("known");
        drop(noted(&path));
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[HEADER.len() + RECORD + KEY] = 1;
        std::fs::write(&path, &bytes).unwrap();
        let ledger = Ledger::open(&path);
        assert_eq!((ledger.get(&hash(1)), ledger.get(&hash(2))), (Some(PICTURE), None));
    }

    #[test]
    fn a_file_of_another_version_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("known");
        for before in [b"".as_slice(), b"short", b"thumbnails  0000 and records that were made otherwise"] {
            std::fs::write(&path, before).unwrap();
            assert_eq!(Ledger::open(&path).get(&hash(1)), None);
            assert_all(&noted(&path));
            assert_all(&Ledger::open(&path));
        }
    }

    #[test]
    fn without_a_file_it_lasts_as_long_as_the_process() {
        let folder = tempfile::tempdir().unwrap();
        assert_all(&noted(&folder.path().join("no/such/folder/known")));
    }

    #[test]
    fn two_that_write_at_once_keep_each_others_records() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("known");
        let (one, other) = (Ledger::open(&path), Ledger::open(&path));
        for number in 0..100 {
            if number % 2 == 0 { &one } else { &other }.note(&hash(number), PICTURE);
        }
        drop((one, other));
        let both = Ledger::open(&path);
        assert!((0..100).all(|number| both.get(&hash(number)) == Some(PICTURE)));
    }
}
