//! The thumbnails of all libraries: a cache that makes what is asked for, and the rest in the background.
//!
//! Promises: a picture is known by the hash of the file's content, so that it never goes stale; the same is never made twice
//! at once; what cannot be shown is remembered and not tried again; decoding is bounded in number (see `turns`) and memory
//! (see `photokeep_media`); a cache that cannot be written costs time, not pictures. The folder may be deleted whenever
//! nobody runs. All functions block.
//!
//! Elsewhere: making one (`photokeep_media::thumbnail`), which files there are (the catalog), addresses of pictures (`desk`).

mod background;
mod claims;
mod ledger;
mod store;
mod turns;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use photokeep_library::target::target_error;
use photokeep_media::{Bounds, Color, ContentHash, ThumbnailError, thumbnail};
use photokeep_model::Result;

pub use background::{BackgroundMaker, Made};
use claims::Claims;
use ledger::{Entry, Ledger, NotShown};
use store::Store;
use turns::Turns;

/// How large the cache may become, in bytes: room for some 150,000 pictures.
pub const DEFAULT_LIMIT: u64 = 4_000_000_000;

/// The thumbnails. A handle: clones are the same cache.
#[derive(Clone)]
pub struct Thumbnails(Arc<Shared>);

struct Shared {
    store: Store,
    ledger: Ledger,
    turns: Turns,
    claims: Claims<Shown>,
}

/// What there is to show for a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// A JPEG.
    Picture(Vec<u8>),
    /// Nothing: the front end draws something in its place.
    Placeholder,
}

/// What is known of a file from making its thumbnail, or trying to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Whether there is a picture to show.
    pub shows: bool,
    /// The average colour of the picture.
    pub color: Option<Color>,
    /// Width of the original in pixels, upright.
    pub width: Option<u32>,
    /// Height of the original in pixels, upright.
    pub height: Option<u32>,
}

impl Thumbnails {
    /// Opens the cache in `folder`, which is created if need be. It takes up to `limit` bytes on disk, and somewhat more
    /// before what was not looked at for longest is removed.
    ///
    /// # Errors
    /// When the folder cannot be created.
    pub fn open(folder: &Path, limit: u64) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(|error| target_error(error, folder))?;
        // One core stays free for whoever shows the pictures.
        let requests = std::thread::available_parallelism().map_or(1, |cores| cores.get() - 1).max(1);
        Ok(Self(Arc::new(Shared {
            store: Store::new(folder, limit),
            ledger: Ledger::open(&folder.join("known")),
            turns: Turns::new(requests),
            claims: Claims::default(),
        })))
    }

    /// The picture of the file at `path`, whose content has that hash: from the cache, or made now. Of many requests the
    /// newest goes first: that is where the person looks.
    ///
    /// # Errors
    /// When the file itself cannot be read. Nothing is remembered of it then.
    pub fn get(&self, hash: ContentHash, path: &Path) -> Result<Shown> {
        let shared = &self.0;
        loop {
            if let Some(shown) = shared.kept(hash) {
                return Ok(shown);
            }
            match shared.claims.claim(hash) {
                Ok(claim) => {
                    // Somebody may have made it between the look and the claim.
                    let shown = match shared.kept(hash) {
                        Some(shown) => shown,
                        None => {
                            let _turn = shared.turns.for_request();
                            shared.make(hash, path)?
                        }
                    };
                    claim.fulfil(shown.clone());
                    shared.store.shrink_if_far_too_large();
                    return Ok(shown);
                }
                // Somebody else makes it.
                Err(Some(shown)) => return Ok(shown),
                // Somebody else tried and could not read the file.
                Err(None) => {}
            }
        }
    }

    /// The picture from the cache, or that there is none; `None` when it would have to be made.
    pub fn kept(&self, hash: ContentHash) -> Option<Shown> {
        self.0.kept(hash)
    }

    /// What is known of the file with that hash; `None` if nobody has tried yet. Does not touch the disk.
    pub fn known(&self, hash: &ContentHash) -> Option<Known> {
        let entry = self.0.ledger.get(hash)?;
        Some(match entry {
            Entry::Picture { color, width, height } => {
                Known { shows: true, color: Some(color), width: Some(width), height: Some(height) }
            }
            Entry::NotShown(_) => Known { shows: false, color: None, width: None, height: None },
        })
    }

    /// Starts a thread that makes what is missing of `wanted`, one picture at a time, at low priority, and while nobody asks
    /// for any; until it is through, told to stop, or the cache is full.
    pub fn make_missing(&self, wanted: impl Iterator<Item = (ContentHash, PathBuf)> + Send + 'static) -> BackgroundMaker {
        BackgroundMaker::start(Arc::clone(&self.0), wanted)
    }
}

impl Shared {
    /// What is there without making anything.
    fn kept(&self, hash: ContentHash) -> Option<Shown> {
        if let Some(Entry::NotShown(_)) = self.ledger.get(&hash) {
            return Some(Shown::Placeholder);
        }
        self.store.read(hash).map(Shown::Picture)
    }

    /// Makes a picture and remembers what came of it.
    fn make(&self, hash: ContentHash, path: &Path) -> Result<Shown> {
        let file = File::open(path).map_err(|error| target_error(error, path))?;
        let why = match thumbnail(file, Bounds::default()) {
            Ok(Some(made)) => {
                self.store.write(hash, &made.jpeg);
                self.ledger.note(&hash, Entry::Picture { color: made.color, width: made.width, height: made.height });
                return Ok(Shown::Picture(made.jpeg));
            }
            Ok(None) => NotShown::Kind,
            Err(ThumbnailError::Unreadable) => NotShown::Unreadable,
            Err(ThumbnailError::TooLarge) => NotShown::TooLarge,
            Err(ThumbnailError::Disk(error)) => return Err(target_error(error, path)),
        };
        self.ledger.note(&hash, Entry::NotShown(why));
        Ok(Shown::Placeholder)
    }

    /// Whether there is nothing left to try.
    fn is_settled(&self, hash: ContentHash) -> bool {
        match self.ledger.get(&hash) {
            Some(Entry::NotShown(_)) => true,
            Some(Entry::Picture { .. }) => self.store.has(hash),
            None => false,
        }
    }
}

#[cfg(test)]
mod tests;
