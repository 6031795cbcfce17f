//! What an export holds, over all its parts: items with their files, albums, and what every single entry is.
//!
//! Pure: the caller gives the entries with the small JSON files read ([`Piece`]), and gets one [`Contents`]. Promises:
//! every piece ends in exactly one [`Use`]; names and languages of folders decide nothing where content can; parts are
//! merged before anything is paired; while parts are missing, only pairs that a missing file cannot make wrong are taken.
//!
//! The rules in words: `docs/formats/takeout.md`.

mod albums;
mod folders;
mod items;

use std::borrow::Cow;
use std::sync::Arc;

use photokeep_model::FileRole;

use crate::manifest::Manifest;
use crate::pairing::{Because, Confidence, Facts, ItemKey, Tier};
use crate::sidecar::{AlbumFile, Brief};

pub use folders::FolderKind;
pub use items::evidence_words;

/// What one entry is, as far as it alone tells.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// No JSON: a photo, a film, or something else that only its bytes can tell.
    Media,
    /// The sidecar of an item.
    Item(Arc<Brief>),
    /// The file that makes a folder an album.
    Album(Box<AlbumFile>),
    /// A service file of Google Photos.
    Service,
    /// The page with the table of contents.
    Page,
    /// JSON that cannot be read, with a sentence.
    Broken(String),
    /// JSON that is nothing of Google Photos.
    Foreign,
    /// What a system leaves beside real files.
    Companion,
    /// Neither photo nor video, as its first bytes show, with a sentence.
    Strange(&'static str),
}

/// One entry of one part.
#[derive(Debug, Clone)]
pub struct Piece<'a> {
    /// The part, by a number of the caller's.
    pub part: i64,
    /// Its index in the part.
    pub entry: u32,
    /// Its path below the `Takeout` folder.
    pub path: Cow<'a, str>,
    /// Bytes, unpacked.
    pub size: u64,
    /// CRC-32 of the bytes, where the archive tells it.
    pub crc32: Option<u32>,
    /// What it is.
    pub what: What,
}

impl Piece<'_> {
    /// The folder below `Takeout`, without a slash at its end.
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The name without folders.
    pub fn name(&self) -> &str {
        self.path.rsplit_once('/').map_or(&*self.path, |(_, name)| name)
    }

    /// Whether two entries can hold the same bytes, by size and, where both tell it, by checksum. Only reading proves it.
    pub fn may_equal(&self, other: &Self) -> bool {
        self.size == other.size && self.crc32.zip(other.crc32).is_none_or(|(one, other)| one == other)
    }
}

/// One media file of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemFile {
    /// The piece (a position).
    pub piece: usize,
    /// Original, edited, motion; or rendition: other bytes of the same photo, from an album folder.
    pub role: FileRole,
    /// The file of this item (a position in [`Item::files`]) that has the same size and checksum. Reading has to prove it.
    pub copy_of: Option<usize>,
    /// The rule that made the pair.
    pub tier: Tier,
    /// How sure it is; `None` without a pair.
    pub confidence: Option<Confidence>,
    /// What speaks for it.
    pub because: Vec<Because>,
}

/// One item of an export.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// Its sidecars (positions of pieces): the one that leads first, then those of copies in albums. Empty for a file of
    /// which the export says nothing.
    pub sidecars: Vec<usize>,
    /// Its files: the original first, if it is here.
    pub files: Vec<ItemFile>,
    /// Whether it lies in a year folder; else it is known from albums or other folders only.
    pub in_year_folder: bool,
    /// Whether it lies in the folder of Google's trash or archive. Its sidecar mostly says so as well.
    pub kind_of_folder: FolderKind,
}

impl Item {
    /// The original, if it is in the export.
    pub fn original(&self) -> Option<&ItemFile> {
        self.files.iter().find(|file| file.role == FileRole::Original)
    }
}

/// One album of an export.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Album {
    /// Its folder below the photos folder: its identity inside one export.
    pub folder: String,
    /// Its true title, or the folder's name while its album file is missing.
    pub title: String,
    /// Whether the title is only the folder's name.
    pub provisional: bool,
    /// Its album file (a position of a piece).
    pub file: Option<usize>,
    /// Its items (positions in [`Contents::items`]), each once.
    pub members: Vec<usize>,
    /// Sidecars in it whose item is not here or cannot be told (positions of pieces).
    pub unknown_members: Vec<usize>,
}

/// What an entry is in the whole of its export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// A file of an item.
    Media {
        /// Position in [`Contents::items`].
        item: usize,
        /// Position in [`Item::files`].
        file: usize,
    },
    /// The same path and, as it seems, the same bytes as another piece.
    Repeated {
        /// That piece.
        of: usize,
    },
    /// A sidecar whose item is here.
    Sidecar {
        /// Position in [`Contents::items`].
        item: usize,
    },
    /// A sidecar whose file is not here: its part is missing, or Google did not deliver it.
    SidecarAlone,
    /// A sidecar that fits several files or items; nothing is guessed.
    SidecarOpen,
    /// An album file.
    Album,
    /// A service file or Google's page.
    Service,
    /// Of another product.
    OtherProduct,
    /// Left by a system.
    Companion,
    /// Among the photos, and none.
    Strange,
    /// JSON that cannot be read.
    Broken,
}

/// Where pairing may look into files when names do not decide. Folders are paired at the same time.
pub trait Files: Sync {
    /// What a media file says about itself; `None` if it cannot be read now.
    fn facts(&self, piece: usize) -> Option<Facts>;

    /// Whether two pieces of one size and checksum have the same bytes, as reading them shows; `None` if they cannot be read
    /// now. Among very many files two checksums agree by chance.
    fn same_bytes(&self, one: usize, other: usize) -> Option<bool>;

    /// The item that the bytes of a piece were known to be before this export, as reading them shows.
    fn known_before(&self, _piece: usize) -> Option<ItemKey<'_>> {
        None
    }
}

/// No look into files.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFiles;

impl Files for NoFiles {
    fn facts(&self, _piece: usize) -> Option<Facts> {
        None
    }

    fn same_bytes(&self, _one: usize, _other: usize) -> Option<bool> {
        None
    }
}

/// What is known of the whole export.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// Google's page, if a part had it.
    pub page: Option<&'a Manifest>,
    /// Whether a part is known to be missing.
    pub parts_missing: bool,
}

/// What an export holds.
#[derive(Debug, Default)]
pub struct Contents {
    /// Its items.
    pub items: Vec<Item>,
    /// Its albums.
    pub albums: Vec<Album>,
    /// One per piece, in the caller's order.
    pub uses: Vec<Use>,
    /// Paths that Google's page lists and that are in no part (below the photos folder).
    pub not_delivered: Vec<String>,
    /// Edited words that were learned from this export.
    pub learned_words: Vec<String>,
    /// Media files that could not be paired because several sidecars fit.
    pub open_media: Vec<usize>,
}

/// Finds out what an export holds.
pub fn read(pieces: &[Piece<'_>], known: &Known<'_>, files: &dyn Files) -> Contents {
    let mut contents = Contents { uses: vec![Use::OtherProduct; pieces.len()], ..Contents::default() };
    let layout = folders::Layout::of(pieces, known.page);
    for (at, piece) in pieces.iter().enumerate() {
        contents.uses[at] = match &piece.what {
            What::Companion => Use::Companion,
            What::Page => Use::Service,
            What::Service if layout.is_photos(piece.folder()) => Use::Service,
            What::Strange(_) if layout.is_photos(piece.folder()) => Use::Strange,
            What::Broken(_) if layout.is_photos(piece.folder()) => Use::Broken,
            _ => Use::OtherProduct,
        };
    }
    let mut folders = layout.folders(pieces, &mut contents.uses);
    if let Some(page) = known.page {
        contents.not_delivered = layout.not_delivered(pieces, page);
    }
    let lacking = contents.not_delivered.iter().map(|path| path.rsplit_once('/').map_or("", |(folder, _)| folder));
    let lacking: std::collections::HashSet<&str> = lacking.collect();
    for folder in &mut folders {
        // A page that was read whole names every file; without one a missing part may hold anything.
        folder.lacks_files = match known.page {
            Some(page) if page.whole && !page.folders.is_empty() => lacking.contains(folder.path.as_str()),
            _ => known.parts_missing,
        };
    }
    items::find(pieces, &folders, files, &mut contents);
    albums::find(pieces, &folders, &mut contents);
    contents
}

#[cfg(test)]
mod tests;
