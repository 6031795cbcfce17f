//! Any bytes as a tgz or tar.
//!
//! Input: a byte that says how, and bytes. 0: they are the file. 1: they are a tar, whose checksums are made right. 2 and 3:
//! the same, gzipped in one member or in two.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use photokeep_takeout::archive::{Archive, End};

use crate::archives::{put, walk};

/// Nothing leaves, nothing is called whole that is not, and what an entry is does not depend on what is read before it.
pub fn check(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else { return };
    let kind = kind % 4;
    let bytes = if kind == 0 { rest.to_vec() } else { packed(with_checksums(rest), kind) };
    let Ok(archive) = Archive::open(put(&bytes)) else { return };
    if !archive.is_sequential() {
        return;
    }
    let (read, walked) = walk(&archive, 4096, |_| true);
    let (skipped, _) = walk(&archive, 4096, |_| false);
    for (read, skipped) in read.iter().zip(&skipped) {
        assert_eq!(
            (read.index, &read.path, read.size),
            (skipped.index, &skipped.path, skipped.size),
            "skipping shows other entries"
        );
    }
    if walked.end == End::Whole {
        assert_eq!(read.len(), skipped.len());
        for entry in &read {
            assert!(entry.whole.is_some(), "whole, but without the bytes of {:?}", entry.path);
        }
    }
    let numbers = walked.given as usize + walked.folders as usize + walked.refused.len();
    let last = read.iter().map(|entry| entry.index).chain(walked.refused.iter().map(|refused| refused.index)).max();
    assert!(last.is_none_or(|last| numbers > last as usize), "an entry without an account: {numbers} and index {last:?}");
}

/// The bytes in blocks of 512, with right checksums wherever a header stands if the sizes are believed.
fn with_checksums(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    let mut at = 0;
    while let Some(block) = bytes.get_mut(at..at + 512) {
        let mut header = tar::Header::new_old();
        header.as_mut_bytes().copy_from_slice(block);
        if block.iter().any(|byte| *byte != 0) {
            header.set_cksum();
            block.copy_from_slice(header.as_bytes());
        }
        let size = header.entry_size().unwrap_or(0).min(1 << 20) as usize;
        at += 512 + size.next_multiple_of(512);
    }
    bytes
}

fn packed(bytes: Vec<u8>, kind: u8) -> Vec<u8> {
    let pieces = match kind {
        1 => return bytes,
        2 => vec![&bytes[..]],
        _ => bytes.chunks(bytes.len().div_ceil(2).max(1)).collect(),
    };
    let gzip = |piece: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(piece).and_then(|()| encoder.finish()).expect("memory can be written to")
    };
    pieces.into_iter().flat_map(gzip).collect()
}
