//! What a source is: it lists items and albums, says whether it still has an item, and hands out bytes.
//!
//! One conformance suite holds for all of them (`tests/engine/conformance.rs` of this crate).

use std::path::PathBuf;
use std::time::{Instant, SystemTime};

use bytes::Bytes;
use photokeep_library::catalog::{AlbumSighting, Catalog, ExportAlbum, Sighting};
use photokeep_model::{Code, Error, Filter, ItemId, Result, SourceKind};

use crate::gate::Gate;

/// Takes what a source lists, page by page, so that memory stays flat.
pub trait ListingSink: Send {
    /// Takes a page of items; returns their numbers in the same order.
    fn items(&mut self, page: Vec<Sighting>) -> Result<Vec<ItemId>>;

    /// Numbers of items that are already known; others are `None`. Nothing is taken in.
    fn known(&mut self, page: &[Sighting]) -> Result<Vec<Option<ItemId>>>;

    /// Takes an album. `items` are in album order. With `whole` they are all it has; else only additions.
    fn album(&mut self, album: &AlbumSighting, items: Vec<ItemId>, whole: bool) -> Result<()>;

    /// The listing begins again from its start; what was taken stays.
    fn restarted(&mut self) {}

    /// So many more things were looked at.
    fn looked_at(&mut self, _count: u64) {}

    /// Takes albums of an export (a number in the catalog), of which only a part of the items may be shown.
    fn export_albums(&mut self, _export: i64, _albums: &[ExportAlbum]) -> Result<()> {
        Err(no_catalog())
    }

    /// Takes what sidecars without a file say, where their item is known; `None` where it is not. Nothing becomes wanted.
    fn known_items(&mut self, _sightings: &[Sighting]) -> Result<Vec<Option<ItemId>>> {
        Err(no_catalog())
    }

    /// Lends the catalog and the number of the run, inside a transaction: for sources that keep more than items and albums.
    fn in_catalog(&mut self, _work: &mut dyn FnMut(&Catalog, i64) -> Result<()>) -> Result<()> {
        Err(no_catalog())
    }
}

fn no_catalog() -> Error {
    Error::new(Code::Internal, "This listing keeps nothing.")
}

/// How a listing ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListingEnd {
    /// It followed every page to the last one, of items and of albums.
    pub whole: bool,
    /// The list of albums was whole.
    pub albums_whole: bool,
    /// Sentences worth telling.
    pub notes: Vec<String>,
}

/// What a source says when asked for one item by its key.
#[derive(Debug)]
pub enum Asked {
    /// It has it; this is what it says about it now.
    There(Box<Sighting>),
    /// It does not have it any more.
    Gone,
    /// It cannot say for this one item. Nothing may be concluded.
    Unclear(Error),
}

/// Where an item's bytes can be had, for a while.
#[derive(Debug, Clone)]
pub struct Located {
    /// The source's key.
    pub key: String,
    /// Where. Secret: never stored, never logged.
    pub address: String,
    /// Since when it is known.
    pub since: Instant,
    /// What the item's type is said to be.
    pub mime_type: Option<String>,
}

/// Why an item's bytes cannot be had.
#[derive(Debug)]
pub enum Unlocatable {
    /// The source does not have it any more.
    Gone,
    /// This item has a problem of its own.
    Item(Error),
}

/// Where to go on with an interrupted download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResumeAt {
    /// First byte wanted.
    pub offset: u64,
    /// The server's name for the bytes, when it gave one.
    pub etag: Option<String>,
}

/// An answer with bytes.
pub struct Body {
    /// First byte that comes; 0 when the server begins at the start although asked otherwise.
    pub offset: u64,
    /// Length of the whole, when the server says it.
    pub total: Option<u64>,
    /// The server's name for these bytes.
    pub etag: Option<String>,
    /// Whether the server says that it can go on in the middle.
    pub resumable: bool,
    /// The type the server says.
    pub content_type: Option<String>,
    /// When the file was last changed, where it is one: the best that is known of an item that tells no time.
    pub modified: Option<SystemTime>,
    /// The bytes.
    pub blocks: Box<dyn Blocks>,
}

/// Bytes, block by block.
pub trait Blocks: Send {
    /// The next block; `None` at the end.
    fn next(&mut self) -> std::pin::Pin<Box<dyn Future<Output = Result<Option<Bytes>, photokeep_google::Trouble>> + Send + '_>>;
}

/// Bytes that the source has already put under a temporary name of the library, hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtHand {
    /// Where; nothing lies there when the same bytes were handed out before.
    pub path: PathBuf,
    /// Length.
    pub size: u64,
    /// BLAKE3.
    pub hash: [u8; 32],
}

/// Where items come from.
pub trait Source: Send + Sync + 'static {
    /// Which one.
    fn kind(&self) -> SourceKind;

    /// Whether what a whole listing does not show is missing at the source. False for exports: absence proves nothing.
    fn proves_absence(&self) -> bool {
        true
    }

    /// Whether the bytes that it hands out to their end are proven to be what it has, as by a checksum: then they are kept
    /// however they look.
    fn proves_bytes(&self) -> bool {
        false
    }

    /// Whether its bytes lie on disks of this computer, so that reading them blocks a thread instead of waiting for a network.
    fn is_local(&self) -> bool {
        false
    }

    /// An item's bytes, if they are at hand under a temporary name. The caller may take the file away.
    fn at_hand(&self, _key: &str) -> Option<AtHand> {
        None
    }

    /// With whose eyes the source is seen: account and rights. What another pair of eyes does not see is not gone. Empty where
    /// absence proves nothing.
    fn seen_as(&self) -> impl Future<Output = String> + Send {
        std::future::ready(String::new())
    }

    /// Lists what the filter lets through, into `sink`.
    fn list(&self, filter: &Filter, gate: &Gate, sink: &mut dyn ListingSink) -> impl Future<Output = Result<ListingEnd>> + Send;

    /// Asks for items by key; answers in the order asked. A source whose absence proves nothing cannot be asked.
    fn ask_for(&self, keys: &[String], _gate: &Gate) -> impl Future<Output = Result<Vec<Asked>>> + Send {
        let cannot = || Error::new(Code::Internal, "This source cannot be asked for one item.");
        std::future::ready(Ok(keys.iter().map(|_| Asked::Unclear(cannot())).collect()))
    }

    /// Whether albums by their keys are still there; answers in the order asked. Where absence proves nothing, all are.
    fn has_albums(&self, keys: &[String], _gate: &Gate) -> impl Future<Output = Result<Vec<bool>>> + Send {
        std::future::ready(Ok(vec![true; keys.len()]))
    }

    /// Finds where items' bytes can be had, by key; answers in the order asked.
    fn locate(&self, keys: &[String], gate: &Gate) -> impl Future<Output = Result<Vec<Result<Located, Unlocatable>>>> + Send;

    /// Begins to read an item's bytes, once. Retrying is the caller's.
    fn open(
        &self,
        located: &Located,
        at: Option<&ResumeAt>,
    ) -> impl Future<Output = Result<Body, photokeep_google::Trouble>> + Send;
}
