//! What holds for archives of every kind.

use std::collections::HashSet;
use std::fs;
use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use photokeep_takeout::archive::{Archive, End, Entry, Refusal, Walked, safe_path};

/// Bytes that are read of all entries together. Deflate makes 1,032 bytes of one; more only makes the fuzzer slow.
const MOST: u64 = 8 << 20;

/// Writes bytes to the file that this process keeps for that.
pub fn put(bytes: &[u8]) -> &'static Path {
    static PLACE: OnceLock<PathBuf> = OnceLock::new();
    let path = PLACE.get_or_init(|| std::env::temp_dir().join(format!("photokeep-fuzz-{}", std::process::id())));
    fs::write(path, bytes).expect("the temporary folder can be written to");
    path
}

/// Everything that is known of an entry, and the checksum of its bytes if all of them came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub index: u32,
    pub path: String,
    pub size: u64,
    pub whole: Option<u32>,
}

/// Walks over an archive. Reads the entries that `wanted` says, piece by piece.
pub fn walk(archive: &Archive, piece: usize, wanted: impl Fn(u32) -> bool) -> (Vec<Seen>, Walked) {
    let mut seen = Vec::new();
    let mut indexes = HashSet::new();
    let mut paths = HashSet::new();
    let mut left = MOST;
    let mut buffer = vec![0; piece];
    let walked = archive.walk(&mut |entry, reader| {
        check_entry(entry);
        assert!(indexes.insert(entry.index), "an index twice");
        assert!(paths.insert(entry.path.to_owned()), "{:?} twice", entry.path);
        let mut whole = None;
        if wanted(entry.index) {
            let mut checksum = crc32fast::Hasher::new();
            let mut came = 0;
            loop {
                match reader.read(&mut buffer) {
                    Ok(0) => {
                        assert_eq!(came, entry.size, "an end that is not the declared one: {:?}", entry.path);
                        whole = Some(checksum.clone().finalize());
                        assert!(entry.crc32.is_none() || entry.crc32 == whole, "wrong bytes called right: {:?}", entry.path);
                        assert_eq!(reader.read(&mut buffer).ok(), Some(0), "bytes behind the end");
                        break;
                    }
                    Ok(length) => {
                        came += length as u64;
                        assert!(came <= entry.size, "more bytes than declared: {:?}", entry.path);
                        checksum.update(&buffer[..length]);
                        left = left.saturating_sub(length as u64);
                        if left == 0 {
                            return ControlFlow::Break(());
                        }
                    }
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    Err(error) => {
                        check_refusal(&Refusal::of(&error));
                        assert!(reader.read(&mut buffer).is_err(), "bytes after a failure: {:?}", entry.path);
                        break;
                    }
                }
            }
        }
        seen.push(Seen { index: entry.index, path: entry.path.to_owned(), size: entry.size, whole });
        ControlFlow::Continue(())
    });
    assert!(walked.given as usize >= seen.len(), "more entries than were given");
    for refused in &walked.refused {
        check_refusal(&refused.refusal);
        assert!(refused.name.chars().count() <= 201 && !refused.name.chars().any(char::is_control), "{:?}", refused.name);
    }
    match &walked.end {
        End::Cut(refusal) | End::Unproven(refusal) => check_refusal(refusal),
        End::Whole | End::Stopped => {}
    }
    (seen, walked)
}

/// An entry's path is safe.
pub fn check_entry(entry: &Entry<'_>) {
    assert_eq!(safe_path(entry.path).as_deref(), Ok(entry.path), "not a safe path");
}

fn check_refusal(refusal: &Refusal) {
    assert!(refusal.to_string().ends_with('.'));
}
