//! Any bytes as a zip, and zips whose every field may lie.
//!
//! Input: a byte that is even, and the bytes of a file. Or a byte that is odd, and entries: four bytes of switches, a byte
//! for the length of the name, two for that of the contents, the name, the contents; with some switches four more bytes
//! that stand where something true should.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use photokeep_takeout::archive::{Archive, End};

use crate::archives::{check_entry, put, walk};

/// Nothing leaves, nothing grows without bytes behind it, everything is accounted for, and wrong bytes are never called
/// right.
pub fn check(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else { return };
    let built;
    let bytes = if kind % 2 == 0 {
        rest
    } else {
        built = build(rest);
        &built
    };
    let Ok(archive) = Archive::open(put(bytes)) else { return };
    // A record of the directory has 46 bytes; what is kept of one is about as much.
    assert!(archive.memory() <= 4096 + bytes.len() * 4, "{} bytes of {}", archive.memory(), bytes.len());
    let mut declared = 0;
    for entry in archive.entries() {
        check_entry(&entry);
        assert_eq!(archive.entry(entry.index), Some(entry));
        assert!(entry.offset < bytes.len() as u64 || archive.is_sequential());
        declared += entry.size;
    }
    assert_eq!(archive.indexes_by_offset().len(), archive.entries().len());
    let (seen, walked) = walk(&archive, 4096, |_| true);
    assert!(
        seen.iter().filter(|entry| entry.whole.is_some()).map(|entry| entry.size).sum::<u64>() <= declared
            || archive.is_sequential()
    );
    if walked.end == End::Whole && !archive.is_sequential() {
        // What cannot be opened is refused instead of given, so each is one or the other.
        let opened =
            seen.len() + walked.refused.iter().filter(|refused| seen.iter().all(|seen| seen.index != refused.index)).count();
        assert_eq!(opened, archive.entries().len() + archive.refused().len(), "an entry without an account");
    }
    if !archive.is_sequential() {
        let (again, _) = walk(&archive, 61, |_| true);
        assert!(again.len() < seen.len() || again == seen, "other pieces, other bytes");
    }
}

/// Takes pieces from the front of the input.
struct Pieces<'a>(&'a [u8]);

impl<'a> Pieces<'a> {
    fn take(&mut self, length: usize) -> &'a [u8] {
        let (piece, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        piece
    }

    fn number(&mut self, length: usize) -> u64 {
        self.take(length).iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}

/// Local header and directory record share these fields.
struct Record {
    flags: u16,
    method: u16,
    checksum: u32,
    packed: u32,
    size: u32,
}

impl Record {
    fn write(&self, name: &[u8], extra: &[u8], out: &mut Vec<u8>) {
        out.extend(20u16.to_le_bytes());
        out.extend(self.flags.to_le_bytes());
        out.extend(self.method.to_le_bytes());
        out.extend([0, 0, 0x21, 0x58]);
        out.extend(self.checksum.to_le_bytes());
        out.extend(self.packed.to_le_bytes());
        out.extend(self.size.to_le_bytes());
        out.extend((name.len() as u16).to_le_bytes());
        out.extend((extra.len() as u16).to_le_bytes());
    }
}

/// A zip as the input says; without a switch every field is true.
fn build(input: &[u8]) -> Vec<u8> {
    let mut input = Pieces(input);
    let (mut bytes, mut directory, mut count) = (Vec::new(), Vec::new(), 0u16);
    while !input.0.is_empty() && count < 200 {
        let switches = input.number(4);
        let on = |bit: u32| switches >> bit & 1 == 1;
        let (name_length, length) = (input.number(1) as usize, input.number(2) as usize % 2048);
        let (name, contents) = (input.take(name_length), input.take(length));
        let lie = if switches & 0xff00 == 0 { 0 } else { input.number(4) as u32 };
        let packed = if on(0) { deflated(contents) } else { contents.to_vec() };
        let offset = bytes.len() as u32;
        let mut record = Record {
            flags: 0x800,
            method: if on(0) { 8 } else { 0 },
            checksum: crc32fast::hash(contents),
            packed: packed.len() as u32,
            size: contents.len() as u32,
        };
        bytes.extend(b"PK\x03\x04");
        record.write(name, &[], &mut bytes);
        bytes.extend(name);
        bytes.extend(&packed);
        if on(8) {
            record.size = lie;
        }
        if on(9) {
            record.packed = lie;
        }
        if on(10) {
            record.checksum = lie;
        }
        if on(11) {
            record.flags = lie as u16;
            record.method = (lie >> 16) as u16;
        }
        // Zip64: the true numbers in an extra field, or the lie four times.
        let extra: Vec<u8> = if on(1) || on(12) {
            let numbers = if on(12) {
                [u64::from(lie), u64::from(lie) << 16, u64::from(lie)]
            } else {
                [record.size.into(), record.packed.into(), offset.into()]
            };
            (record.size, record.packed) = (u32::MAX, u32::MAX);
            [&[1u8, 0, 24, 0][..], &numbers.map(u64::to_le_bytes).concat()].concat()
        } else if on(2) {
            let unicode = [&[1u8][..], &crc32fast::hash(name).to_le_bytes(), contents].concat();
            [&[0x75u8, 0x70][..], &(unicode.len() as u16).to_le_bytes(), &unicode].concat()
        } else {
            Vec::new()
        };
        directory.extend(b"PK\x01\x02");
        directory.extend([20, if on(3) { 3 } else { 0 }]);
        record.write(name, &extra, &mut directory);
        directory.extend([0; 6]);
        directory.extend(if on(13) { lie } else { 0 }.to_le_bytes());
        let place = if on(14) {
            lie
        } else if on(1) || on(12) {
            u32::MAX
        } else {
            offset
        };
        directory.extend(place.to_le_bytes());
        directory.extend(name);
        directory.extend(&extra);
        count += 1;
    }
    let start = bytes.len() as u32;
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(count.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

fn deflated(contents: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(contents).and_then(|()| encoder.finish()).expect("memory can be written to")
}
