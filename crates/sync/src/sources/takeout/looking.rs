//! What an export's files say where names leave open whose they are: their dates and places, which bytes are the same, and what the
//! catalog knows of bytes that came before.

use std::collections::HashMap;
use std::io::Read;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use photokeep_library::catalog::{EntryKey, KnownBytes};
use photokeep_media::Hasher;
use photokeep_model::Result;
use photokeep_takeout::contents::{Files, Piece};
use photokeep_takeout::pairing::{Facts, ItemKey};

use super::Takeout;
use crate::source::ListingSink;

/// Files larger than this are not looked into for evidence: they are read into memory, one at a time.
const LOOK_INTO: u64 = 32 << 20;

/// As much of a JPEG as is read for what it tells: its tags are in segments of 64 KiB before the picture.
const HEAD: u64 = 512 << 10;

/// Whether a file of this name tells what it tells before its picture.
fn tells_at_its_begin(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("jpg") || ending.eq_ignore_ascii_case("jpeg"))
}

/// Looks into files where names do not decide.
pub(super) struct Looking<'a> {
    pub takeout: &'a Takeout,
    pub pieces: &'a [Piece<'a>],
    /// Photos of parts that are not here, below the library.
    pub stored: &'a HashMap<EntryKey, String>,
    /// What the catalog knows of pieces that are open without it; size and checksum are the same.
    pub before: HashMap<usize, KnownBytes>,
    /// Held while a file is in memory: folders are paired at the same time, and one file at a time is enough of them.
    pub in_memory: Mutex<()>,
}

/// What the catalog knows of these pieces, by their size and checksum.
pub(super) fn known_before(
    pieces: &[Piece<'_>],
    open: &[usize],
    sink: &mut dyn ListingSink,
) -> Result<HashMap<usize, KnownBytes>> {
    let mut known = HashMap::new();
    sink.in_catalog(&mut |catalog, _| {
        for &at in open {
            let Some(crc32) = pieces[at].crc32 else { continue };
            if let Some(before) = catalog.known_bytes(pieces[at].size, crc32)? {
                known.insert(at, before);
            }
        }
        Ok(())
    })?;
    Ok(known)
}

impl Looking<'_> {
    /// Where the bytes of an entry are kept whose archive is not here.
    fn kept_at(&self, key: EntryKey) -> Option<PathBuf> {
        Some(self.takeout.spool.library()?.join(self.stored.get(&key)?))
    }

    /// The hash of an entry that is here; in a tgz it was taken while the archive was read.
    fn hash_of(&self, piece: &Piece) -> Option<[u8; 32]> {
        let key = EntryKey { part: piece.part, entry: piece.entry };
        if let Some(at_hand) = self.takeout.spool.at_hand(key) {
            return Some(at_hand.hash);
        }
        if let Some(path) = self.kept_at(key) {
            return photokeep_media::hash_file(&path).ok().map(|(hash, _)| hash.0);
        }
        let archive = self.takeout.archive(piece.part).filter(|_| piece.size <= LOOK_INTO)?;
        let _one = self.in_memory.lock().unwrap_or_else(PoisonError::into_inner);
        let mut reader = archive.read(piece.entry).ok()?;
        let mut bytes = Vec::with_capacity(usize::try_from(piece.size).ok()?);
        reader.read_to_end(&mut bytes).ok()?;
        let mut hasher = Hasher::new();
        hasher.update(&bytes);
        Some(hasher.finish().0)
    }
}

impl Files for Looking<'_> {
    fn same_bytes(&self, one: usize, other: usize) -> Option<bool> {
        Some(self.hash_of(&self.pieces[one])? == self.hash_of(&self.pieces[other])?)
    }

    fn known_before(&self, piece: usize) -> Option<ItemKey<'_>> {
        let before = self.before.get(&piece)?;
        let same = self.hash_of(&self.pieces[piece]) == Some(before.hash);
        same.then(|| ItemKey { title: Some(&before.title), taken: before.taken, url: before.url.as_deref() })
    }

    fn facts(&self, piece: usize) -> Option<Facts> {
        let piece = &self.pieces[piece];
        if piece.size > LOOK_INTO {
            return None;
        }
        let key = EntryKey { part: piece.part, entry: piece.entry };
        let facts = match self.takeout.spool.path_of(key).or_else(|| self.kept_at(key)) {
            Some(path) => photokeep_media::inspect(&path).ok()?,
            None => {
                let archive = self.takeout.archive(piece.part)?;
                let _one = self.in_memory.lock().unwrap_or_else(PoisonError::into_inner);
                let mut reader = archive.read(piece.entry).ok()?;
                let wanted = if tells_at_its_begin(piece.name()) { piece.size.min(HEAD) } else { piece.size };
                let mut bytes = Vec::with_capacity(usize::try_from(wanted).ok()?);
                reader.by_ref().take(wanted).read_to_end(&mut bytes).ok()?;
                photokeep_media::inspect_bytes(&bytes).ok()?
            }
        };
        Some(Facts {
            local: facts.taken.as_ref().map(|taken| taken.local),
            instant: facts.taken.as_ref().and_then(|taken| taken.instant).map(|instant| instant.timestamp()),
            place: facts.latitude.zip(facts.longitude),
            content_id: None,
        })
    }
}
