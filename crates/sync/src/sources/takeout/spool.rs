//! Photos of a tgz between the one pass over it and their place in the library: under temporary names on the library's
//! disk, so that placing them is a rename. The same bytes wait once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use photokeep_library::TemporaryNames;
use photokeep_library::catalog::EntryKey;
use photokeep_media::Hasher;

use crate::source::AtHand;

/// What waits.
pub(super) struct Spool {
    names: Option<TemporaryNames>,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    entries: HashMap<EntryKey, (u64, [u8; 32])>,
    files: HashMap<[u8; 32], PathBuf>,
}

impl Spool {
    pub fn new(names: Option<TemporaryNames>) -> Self {
        Self { names, waiting: Mutex::default() }
    }

    /// The folder of the library that is imported into, where there is one.
    pub fn library(&self) -> Option<&Path> {
        self.names.as_ref()?.library()
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads an entry's bytes to their end and keeps them, if anything is to be kept. Returns their CRC-32.
    pub fn take(&self, key: EntryKey, reader: &mut dyn Read) -> Result<u32, Trouble> {
        let mut hasher = Hasher::new();
        let mut checksum = crc32fast::Hasher::new();
        let mut piece = vec![0; 256 << 10];
        let path = self.names.as_ref().map(|names| names.of_entry(key));
        let mut file = path.as_ref().map(File::create).transpose().map_err(|error| self.disk(error))?;
        let mut size = 0u64;
        loop {
            let length = match reader.read(&mut piece) {
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    if let Some(path) = &path {
                        let _ = std::fs::remove_file(path);
                    }
                    return Err(Trouble::Entry(error));
                }
            };
            if length == 0 {
                break;
            }
            hasher.update(&piece[..length]);
            checksum.update(&piece[..length]);
            size += length as u64;
            if let Some(file) = &mut file {
                file.write_all(&piece[..length]).map_err(|error| self.disk(error))?;
            }
        }
        drop(file);
        let hash = hasher.finish().0;
        let mut waiting = self.waiting();
        waiting.entries.insert(key, (size, hash));
        if let Some(path) = path {
            match waiting.files.entry(hash) {
                Entry::Occupied(_) => drop(std::fs::remove_file(&path)),
                Entry::Vacant(place) => {
                    place.insert(path);
                }
            }
        }
        Ok(checksum.finalize())
    }

    fn disk(&self, error: io::Error) -> Trouble {
        Trouble::Disk(error, self.names.as_ref().map(|names| names.folder().to_owned()).unwrap_or_default())
    }

    /// Forgets everything of a part whose bytes turned out unproven.
    pub fn drop_part(&self, part: i64) {
        let mut waiting = self.waiting();
        let of_part: Vec<[u8; 32]> =
            waiting.entries.iter().filter(|(key, _)| key.part == part).map(|(_, (_, hash))| *hash).collect();
        waiting.entries.retain(|key, _| key.part != part);
        for hash in of_part {
            let elsewhere = waiting.entries.values().any(|(_, other)| *other == hash);
            if !elsewhere && let Some(path) = waiting.files.remove(&hash) {
                let _ = std::fs::remove_file(path);
            }
        }
    }

    /// An entry's bytes, if the entry was read in one pass.
    pub fn at_hand(&self, key: EntryKey) -> Option<AtHand> {
        let waiting = self.waiting();
        let (size, hash) = *waiting.entries.get(&key)?;
        let path = waiting.files.get(&hash).cloned().unwrap_or_default();
        Some(AtHand { path, size, hash })
    }

    /// Where an entry's bytes lie, for a look into them.
    pub fn path_of(&self, key: EntryKey) -> Option<PathBuf> {
        self.at_hand(key).map(|at_hand| at_hand.path).filter(|path| path.exists())
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        for path in self.waiting().files.values() {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Why an entry's bytes could not be taken.
pub(super) enum Trouble {
    /// The entry is damaged.
    Entry(io::Error),
    /// The library's disk does not take them; in this folder.
    Disk(io::Error, PathBuf),
}
