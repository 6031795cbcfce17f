//! A file on its way to Google: what it is, and its bytes as a stream that notices when the file changes.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::UNIX_EPOCH;

use bytes::Bytes;
use photokeep_google::ITEMS_PER_CREATION;
use photokeep_library::catalog::UploadedFrom;
use photokeep_media::{ContentHash, Hasher, hash_file, inspect};
use photokeep_model::{Code, Error};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::sources::folder::{FolderFile, Unchanging, key_of};

/// Google takes photos up to this many bytes (`google-apis.md` 2.6).
const LARGEST_PHOTO: u64 = 200_000_000;
/// Google takes videos up to this many bytes (`google-apis.md` 2.6).
const LARGEST_VIDEO: u64 = 20_000_000_000;
/// What is sent at once.
const PIECE: usize = 256 << 10;
/// Bytes after which items are made of what has come: tokens last a day, whatever the line.
const BYTES_PER_CREATION: u64 = 256 << 20;

/// A file with what has to be known before it is sent.
#[derive(Debug, Clone)]
pub(super) struct Outgoing {
    /// Where it lies.
    pub path: PathBuf,
    /// As it is told to people: its path below the folder.
    pub shown: String,
    /// Its own name.
    pub name: String,
    /// Key of its path.
    pub place: String,
    /// Its media type, by its bytes.
    pub mime_type: String,
    /// Its length in bytes.
    pub size: u64,
    /// When it was last changed, in nanoseconds since 1970.
    pub modified: Option<i64>,
    /// Of its bytes, once they were read.
    pub hash: Option<[u8; 32]>,
    /// Width and height of a picture of a kind that Google tells the same of.
    pub pixels: Option<(u32, u32)>,
    /// Whether it has been in a batch before.
    pub again: bool,
}

impl Outgoing {
    /// Looks a file up.
    ///
    /// # Errors
    /// Those of the file system; what is no file any more is one.
    pub(super) fn look(root: &Path, file: &FolderFile) -> io::Result<Self> {
        let path = root.join(&file.path);
        // A link in the place of the file leads who knows where.
        let metadata = fs::symlink_metadata(&path)?;
        if !metadata.is_file() {
            return Err(io::Error::other("it is no file any more"));
        }
        let modified = metadata.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        Ok(Self {
            shown: shown(&file.path),
            name: file.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            place: key_of(root, &file.path),
            mime_type: file.mime_type.clone().unwrap_or_else(|| "application/octet-stream".into()),
            size: metadata.len(),
            modified: modified.and_then(|since| i64::try_from(since.as_nanos()).ok()),
            hash: None,
            pixels: None,
            again: false,
            path,
        })
    }

    /// Why Google would not take it, where that is known before.
    pub(super) fn is_too_large(&self) -> Option<&'static str> {
        match self.mime_type.starts_with("video/") {
            true if self.size > LARGEST_VIDEO => Some("larger than the 20 GB that Google takes of a video"),
            false if self.size > LARGEST_PHOTO => Some("larger than the 200 MB that Google takes of a photo"),
            _ if self.size == 0 => Some("the file is empty"),
            _ => None,
        }
    }

    /// Reads it once: its hash, and its pixels where Google tells them alike.
    ///
    /// # Errors
    /// Those of reading.
    pub(super) fn read(mut self) -> io::Result<Self> {
        let (hash, size) = hash_file(&self.path)?;
        if size != self.size {
            return Err(changed());
        }
        self.hash = Some(hash.0);
        // Of raw and HEIF pictures one side may count a border that the other does not.
        if matches!(self.mime_type.as_str(), "image/jpeg" | "image/png") {
            let facts = inspect(&self.path)?;
            self.pixels = facts.width.zip(facts.height);
        }
        Ok(self)
    }

    pub(super) fn from(&self) -> UploadedFrom<'_> {
        UploadedFrom { place: &self.place, size: self.size, modified: self.modified }
    }

    /// What its uploads under way are known by.
    pub(super) fn key(&self) -> String {
        ContentHash(self.hash.unwrap_or_default()).to_string()
    }
}

/// A path as it is told: with `/`, whatever the system.
fn shown(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// How many of these sizes make one batch.
pub(super) fn batch_of(sizes: impl Iterator<Item = u64>) -> usize {
    let mut bytes = 0u64;
    let fits = |size: &u64| {
        let is_first = bytes == 0;
        bytes = bytes.saturating_add(*size);
        is_first || bytes <= BYTES_PER_CREATION
    };
    sizes.take(ITEMS_PER_CREATION).take_while(fits).count()
}

/// The trouble of one file; or of the run, when the folder itself is away.
///
/// # Errors
/// The end of the run.
pub(super) fn trouble_of(root: &Path, error: &io::Error) -> Result<Error, Error> {
    if !root.is_dir() {
        let error = Error::new(Code::FolderGone, format!("The folder `{}` cannot be read any more.", root.display()));
        return Err(error.hint("Connect its disk and do it again; what was uploaded stays uploaded."));
    }
    Ok(Error::new(Code::ItemFailed, format!("This file cannot be read: {error}."))
        .hint("It is tried again with the next upload of this folder."))
}

fn changed() -> io::Error {
    io::Error::other("it changed while it was read")
}

/// The bytes of a file from an offset on, read by a thread of its own.
pub(super) struct Stream {
    pub body: reqwest::Body,
    /// Bytes taken by the network so far.
    pub taken: Arc<AtomicU64>,
    /// The hash of the whole file, once all of it was read and it is what it was at the begin.
    pub end: JoinHandle<io::Result<[u8; 32]>>,
}

/// Opens the stream. What lies before `offset` is read for the hash and not sent. `reached` hears up to which byte the network has
/// taken the file.
pub(super) fn stream(file: &Outgoing, offset: u64, reached: impl Fn(u64) + Send + Sync + 'static) -> Stream {
    let (pieces, taking) = mpsc::channel::<io::Result<Bytes>>(2);
    let taken = Arc::new(AtomicU64::new(0));
    let counted = taken.clone();
    let (path, size) = (file.path.clone(), file.size);
    let end = tokio::task::spawn_blocking(move || {
        let read = read_into(&path, size, offset, &pieces);
        if let Err(error) = &read {
            // The request must not end as if all had come.
            let _ = pieces.blocking_send(Err(io::Error::new(error.kind(), error.to_string())));
        }
        read
    });
    let blocks = futures_stream(taking, move |bytes| {
        reached(offset + counted.fetch_add(bytes, Ordering::Relaxed) + bytes);
    });
    Stream { body: reqwest::Body::wrap_stream(blocks), taken, end }
}

fn read_into(path: &Path, size: u64, offset: u64, pieces: &mpsc::Sender<io::Result<Bytes>>) -> io::Result<[u8; 32]> {
    let mut file = Unchanging::open(path)?;
    if file.size != size {
        return Err(changed());
    }
    let (mut hasher, mut at) = (Hasher::new(), 0);
    while at < size {
        let until = if at < offset { offset } else { size };
        let mut piece = vec![0; usize::try_from(until - at).unwrap_or(PIECE).min(PIECE)];
        file.read_exact(&mut piece)?;
        hasher.update(&piece);
        at += piece.len() as u64;
        if at > offset && pieces.blocking_send(Ok(piece.into())).is_err() {
            return Err(io::Error::from(io::ErrorKind::BrokenPipe));
        }
    }
    // Its end says whether it is still the file that it was.
    if file.read(&mut [0])? != 0 {
        return Err(changed());
    }
    Ok(hasher.finish().0)
}

fn futures_stream(
    taking: mpsc::Receiver<io::Result<Bytes>>,
    taken: impl Fn(u64) + Send + 'static,
) -> impl futures::Stream<Item = io::Result<Bytes>> + Send + 'static {
    futures::stream::unfold((taking, taken), |(mut taking, taken)| async move {
        let piece = taking.recv().await?;
        if let Ok(piece) = &piece {
            taken(piece.len() as u64);
        }
        Some((piece, (taking, taken)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_has_fifty_files_or_as_many_as_have_come_soon() {
        assert_eq!(batch_of([1; 80].into_iter()), 50);
        assert_eq!(batch_of([BYTES_PER_CREATION, 1].into_iter()), 1);
        assert_eq!(batch_of([LARGEST_VIDEO, 1].into_iter()), 1, "one that is larger is a batch of its own");
        assert_eq!(batch_of([100 << 20, 100 << 20, 100 << 20].into_iter()), 2);
        assert_eq!(batch_of(std::iter::empty()), 0);
    }
}
