//! Valid archives with random damage: no panic, no path outside, no memory by claim, and no wrong byte that is called right.

use std::ops::ControlFlow;

use photokeep_takeout::archive::{Archive, End, safe_path};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::build::{Desk, Raw, gzip, noise, tar, zip};

const FILES: [(&str, usize); 4] =
    [("Takeout/a.jpg", 3000), ("Takeout/a.jpg.json", 700), ("Takeout/Google Photos/b.mp4", 9000), ("Takeout/c", 0)];

fn contents() -> Vec<(&'static str, Vec<u8>)> {
    FILES.iter().zip(1..).map(|((name, length), seed)| (*name, noise(seed, *length))).collect()
}

fn valid_zip() -> Vec<u8> {
    let entry = |(place, (name, data)): (usize, (&str, Vec<u8>))| {
        if place % 2 == 0 { Raw::stored(name, &data) } else { Raw::deflated(name, &data) }
    };
    zip(&contents().into_iter().enumerate().map(entry).collect::<Vec<_>>())
}

fn valid_tar() -> Vec<u8> {
    let contents = contents();
    tar(&contents.iter().map(|(name, data)| (*name, data.as_slice())).collect::<Vec<_>>())
}

/// One change of an archive.
#[derive(Debug, Clone)]
enum Change {
    Set(Index, u8),
    Flip(Index, u8),
    Word(Index, u32),
    Cut(Index),
    Remove(Index, u8),
    Insert(Index, Vec<u8>),
    Repeat(Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    let place = any::<Index>;
    prop_oneof![
        4 => (place(), any::<u8>()).prop_map(|(place, byte)| Change::Set(place, byte)),
        4 => (place(), 0u8..8).prop_map(|(place, bit)| Change::Flip(place, bit)),
        2 => (place(), prop_oneof![Just(u32::MAX), Just(0), Just(1 << 31), any::<u32>()]).prop_map(|(place, word)| Change::Word(place, word)),
        1 => place().prop_map(Change::Cut),
        1 => (place(), any::<u8>()).prop_map(|(place, length)| Change::Remove(place, length)),
        1 => (place(), proptest::collection::vec(any::<u8>(), 1..20)).prop_map(|(place, bytes)| Change::Insert(place, bytes)),
        1 => (place(), place()).prop_map(|(from, to)| Change::Repeat(from, to)),
    ]
}

fn damage(bytes: &mut Vec<u8>, changes: &[Change], tail: bool) {
    for change in changes {
        if bytes.len() < 8 {
            return;
        }
        // The directory is at the end, and small: half of the changes go there.
        let length = bytes.len();
        let at = |index: &Index| if tail { length - 1 - index.index(length.min(400)) } else { index.index(length) };
        match change {
            Change::Set(place, byte) => bytes[at(place)] = *byte,
            Change::Flip(place, bit) => bytes[at(place)] ^= 1 << bit,
            Change::Word(place, word) => {
                let place = at(place).min(length - 4);
                bytes[place..place + 4].copy_from_slice(&word.to_le_bytes());
            }
            Change::Cut(place) => bytes.truncate(at(place)),
            Change::Remove(place, count) => {
                let place = at(place);
                bytes.drain(place..(place + usize::from(*count)).min(length));
            }
            Change::Insert(place, new) => {
                let place = at(place);
                bytes.splice(place..place, new.iter().copied());
            }
            Change::Repeat(from, to) => {
                let (from, to) = (at(from), at(to));
                let piece = bytes[from..(from + 100).min(length)].to_vec();
                bytes.splice(to..to, piece);
            }
        }
    }
}

/// Path, declared size, declared checksum, bytes.
type Proven = (String, u64, Option<u32>, Vec<u8>);

/// Reads everything that can be read; gives back the entries whose reading succeeded.
fn exhaust(bytes: &[u8]) -> Option<(Vec<Proven>, End)> {
    let desk = Desk::new();
    let archive = Archive::open(&desk.put("x", bytes)).ok()?;
    assert!(archive.memory() < 1 << 20, "memory follows what is there");
    for entry in archive.entries() {
        assert_eq!(safe_path(entry.path).unwrap(), entry.path);
        assert_eq!(archive.entry(entry.index), Some(entry));
    }
    let mut read = Vec::new();
    let walked = archive.walk(&mut |entry, reader| {
        assert_eq!(safe_path(entry.path).unwrap(), entry.path);
        let mut data = Vec::new();
        // What an entry of a few kilobytes can grow to before the limits are asked is bounded by its own bytes.
        if reader.read_to_end(&mut data).is_ok() {
            read.push((entry.path.to_owned(), entry.size, entry.crc32, data));
        } else {
            assert!(data.len() as u64 <= entry.size);
        }
        ControlFlow::Continue(())
    });
    Some((read, walked.end))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_damaged_zip_gives_only_proven_bytes(changes in proptest::collection::vec(change(), 1..6), tail in any::<bool>()) {
        let mut bytes = valid_zip();
        damage(&mut bytes, &changes, tail);
        for (path, size, crc, data) in exhaust(&bytes).into_iter().flat_map(|(read, _)| read) {
            prop_assert_eq!(data.len() as u64, size, "{}", path);
            prop_assert_eq!(Some(crc32fast::hash(&data)), crc, "{}", path);
        }
    }

    #[test]
    fn a_damaged_tar_gives_only_whole_entries(changes in proptest::collection::vec(change(), 1..6)) {
        let mut bytes = valid_tar();
        damage(&mut bytes, &changes, false);
        for (path, size, _, data) in exhaust(&bytes).into_iter().flat_map(|(read, _)| read) {
            prop_assert_eq!(data.len() as u64, size, "{}", path);
        }
    }

    #[test]
    fn a_damaged_tgz_is_never_called_whole_with_other_bytes(changes in proptest::collection::vec(change(), 1..4)) {
        let mut bytes = gzip(&valid_tar());
        damage(&mut bytes, &changes, false);
        if let Some((read, End::Whole)) = exhaust(&bytes) {
            let expected = contents();
            for (path, _, _, data) in read {
                prop_assert!(expected.iter().any(|(name, bytes)| *name == path && *bytes == data), "{}", path);
            }
        }
    }

    #[test]
    fn any_bytes_are_no_trouble(mut bytes in proptest::collection::vec(any::<u8>(), 0..2000), kind in 0..4u8) {
        let head: &[u8] = match kind { 0 => b"PK\x03\x04", 1 => b"\x1f\x8b\x08\0", 2 => b"PK\x05\x06", _ => b"" };
        bytes.splice(0..0, head.iter().copied());
        let _ = exhaust(&bytes);
    }
}
