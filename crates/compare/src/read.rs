//! Reads files of the folder, several at once: their bytes, their ends, or what they tell about themselves.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use photokeep_media::{
    Facts, Hasher, Kind, PictureShare, SNIFF_BYTES, ThumbnailError, Wholeness, inspect, looks, picture_data, sniff, wholeness,
};

use crate::trouble::{Trouble, TroubleWhy};
use crate::walk::modified;

/// What to read of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// All of it, unless its begin shows that it is no media.
    Whole,
    /// Its first and last bytes: enough to tell most files of one size apart.
    Ends,
    /// What it tells about itself, and the begin of its picture data.
    Facts,
    /// All of its picture data.
    Picture,
    /// What the picture looks like.
    Looks,
}

/// A file to read, as it was met.
#[derive(Debug, Clone)]
pub struct ToRead {
    /// Number in the store.
    pub id: i64,
    /// Below the folder.
    pub path: PathBuf,
    /// Bytes.
    pub size: u64,
    /// Nanoseconds since 1970.
    pub modified: i64,
}

/// What was read.
#[derive(Debug, Default)]
pub struct Reading {
    /// By content.
    pub kind: Option<Kind>,
    /// By content.
    pub mime_type: Option<&'static str>,
    /// BLAKE3 of the whole.
    pub hash: Option<[u8; 32]>,
    /// BLAKE3 of both ends.
    pub ends: Option<[u8; 32]>,
    /// What it tells about itself.
    pub facts: Option<Box<Facts>>,
    /// Hash of the begin of its picture data.
    pub begin: Option<[u8; 32]>,
    /// Hash of all of it.
    pub picture: Option<[u8; 32]>,
    /// Bytes behind a JPEG's picture.
    pub behind: Option<u64>,
    /// What it looks like; empty where there is nothing that could be compared, `None` where the disk did not give it.
    pub looks: Option<Vec<u8>>,
    /// Whether it ends before its structure does.
    pub cut_short: bool,
    /// Why it could not be read.
    pub trouble: Option<Trouble>,
    /// Bytes that were read.
    pub bytes: u64,
}

/// How much of each end is read.
const END: usize = 16 * 1024;
/// Bytes read at a time.
const BLOCK: usize = 256 * 1024;

/// Endings of photos and videos, in small letters: what is called so and is none is told, not passed over.
const MEDIA_ENDINGS: &[&str] = &[
    "jpg", "jpeg", "jpe", "png", "gif", "webp", "heic", "heif", "avif", "tif", "tiff", "bmp", "dng", "cr2", "cr3", "nef", "arw",
    "orf", "rw2", "raf", "pef", "srw", "mp4", "mov", "m4v", "avi", "mkv", "webm", "3gp", "mts", "m2ts", "wmv", "mpg", "mpeg",
];

/// Reads all of `files` below `folder` with some threads, in their order. `None` where `may_go_on` said no before.
pub fn read_all(
    folder: &Path,
    files: &[ToRead],
    want: Want,
    threads: usize,
    may_go_on: &(dyn Fn() -> bool + Sync),
) -> Vec<Option<Reading>> {
    let next = AtomicUsize::new(0);
    let done: Vec<Mutex<Option<Reading>>> = files.iter().map(|_| Mutex::new(None)).collect();
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                let mut block = vec![0; BLOCK];
                while may_go_on() {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let (Some(file), Some(slot)) = (files.get(index), done.get(index)) else { return };
                    let read = read_one(&folder.join(&file.path), file, want, &mut block);
                    if let Ok(mut slot) = slot.lock() {
                        *slot = Some(read);
                    }
                }
            });
        }
    });
    done.into_iter().map(|slot| slot.into_inner().ok().flatten()).collect()
}

fn read_one(path: &Path, file: &ToRead, want: Want, block: &mut [u8]) -> Reading {
    // Whatever took its place meanwhile is not opened: a pipe would be waited for without end.
    let trouble = match std::fs::symlink_metadata(path) {
        Ok(now) if now.is_file() => None,
        Ok(_) => Some(TroubleWhy::NoFile.into()),
        Err(error) => Some(error.into()),
    };
    if trouble.is_some() {
        return Reading { trouble, ..Reading::default() };
    }
    let read = match want {
        Want::Whole => whole(path, block),
        Want::Ends => ends(path, block),
        Want::Facts => facts(path),
        Want::Picture => picture_data(path, PictureShare::Whole).map(|data| Reading {
            picture: data.map(|data| data.hash.0),
            behind: data.and_then(|data| data.behind),
            bytes: file.size,
            ..Reading::default()
        }),
        Want::Looks => look_at(path, file.size),
    };
    let mut read = read.unwrap_or_else(|error| Reading { trouble: Some(error.into()), ..Reading::default() });
    if read.trouble.is_none() && !is_still(path, file) {
        return Reading { trouble: Some(TroubleWhy::Changed.into()), ..Reading::default() };
    }
    if read.kind == Some(Kind::NotMedia) && is_called_media(path) {
        let why = if file.size == 0 { TroubleWhy::Empty } else { TroubleWhy::NotAsCalled };
        read.trouble = Some(why.into());
    }
    read
}

fn is_still(path: &Path, file: &ToRead) -> bool {
    std::fs::metadata(path).is_ok_and(|now| now.len() == file.size && modified(&now) == file.modified)
}

fn is_called_media(path: &Path) -> bool {
    path.extension().is_some_and(|ending| MEDIA_ENDINGS.contains(&&*ending.to_string_lossy().to_lowercase()))
}

fn whole(path: &Path, block: &mut [u8]) -> io::Result<Reading> {
    let mut file = File::open(path)?;
    let mut read = Reading::default();
    let mut hasher = Hasher::new();
    loop {
        let count = fill(&mut file, block)?;
        read.bytes += count as u64;
        if hasher.length() == 0 {
            take_type(&mut read, &block[..count]);
            if read.kind == Some(Kind::NotMedia) {
                return Ok(read);
            }
        }
        hasher.update(&block[..count]);
        if count < block.len() {
            read.hash = Some(hasher.finish().0);
            return Ok(read);
        }
    }
}

fn ends(path: &Path, block: &mut [u8]) -> io::Result<Reading> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut read = Reading::default();
    let mut hasher = blake3::Hasher::new();
    let count = fill(&mut file, &mut block[..END])?;
    take_type(&mut read, &block[..count]);
    read.bytes = count as u64;
    if read.kind == Some(Kind::NotMedia) {
        return Ok(read);
    }
    hasher.update(&block[..count]);
    if length > 2 * END as u64 {
        file.seek(SeekFrom::End(-(END as i64)))?;
    }
    let count = fill(&mut file, &mut block[..END])?;
    read.bytes += count as u64;
    hasher.update(&block[..count]);
    read.ends = Some(*hasher.finalize().as_bytes());
    Ok(read)
}

fn facts(path: &Path) -> io::Result<Reading> {
    let facts = inspect(path)?;
    Ok(Reading {
        kind: Some(facts.file_type.kind),
        mime_type: Some(facts.file_type.mime),
        begin: picture_data(path, PictureShare::Begin)?.map(|data| data.hash.0),
        cut_short: matches!(wholeness(path, facts.file_type)?, Wholeness::CutShort { .. }),
        facts: Some(Box::new(facts)),
        ..Reading::default()
    })
}

fn look_at(path: &Path, size: u64) -> io::Result<Reading> {
    let looks = match looks(io::BufReader::new(File::open(path)?)) {
        Ok(looks) => looks.map(|looks| looks.0.to_vec()).unwrap_or_default(),
        Err(ThumbnailError::Disk(error)) => return Err(error),
        // Broken, or too large to be looked at here: nothing that could be compared.
        Err(_) => Vec::new(),
    };
    Ok(Reading { looks: Some(looks), bytes: size, ..Reading::default() })
}

fn take_type(read: &mut Reading, head: &[u8]) {
    let file_type = sniff(&head[..head.len().min(SNIFF_BYTES)]).file_type();
    (read.kind, read.mime_type) = (Some(file_type.kind), Some(file_type.mime));
}

/// Reads until the block is full or the file ends.
fn fill(file: &mut File, block: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < block.len() {
        match file.read(&mut block[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
