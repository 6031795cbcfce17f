//! One archive of an export, read in place: a zip, a tgz or tar, or an unpacked folder.
//!
//! Promises: nothing is unpacked to a temporary place; no name from an archive leaves it ([`safe_path`]); every entry is
//! either given, or refused with a [`Reason`] and a sentence; one bad entry stops no other; memory follows what is really
//! there, never what an archive claims. Which archives belong together is in [`crate::exports`].
//!
//! Zips are read with `rawzip`: it has no dependencies and no unsafe code, walks the directory without keeping it, and
//! leaves limits to us, where `zip` keeps several hundred bytes an entry. Tars are read with `tar`, deflate is `flate2`'s.

mod content;
mod folder;
mod gzip;
mod paths;
mod reader;
mod refusal;
mod table;
mod tarball;
mod zipped;

use std::fmt;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

pub(crate) use content::beginning;
pub use content::{Form, recognise};
pub use paths::{MAC_FOLDER, MAX_PATH_BYTES, is_left_behind, safe as safe_path};
pub use reader::EntryReader;
pub use refusal::{Reason, Refusal, Refused};
pub use table::MAX_ENTRIES;

use table::Table;
pub(crate) use tarball::first_path;
pub(crate) use zipped::peek_paths;

/// Largest size in bytes that an entry may declare: 100 GiB. Google Photos keeps photos up to 200 MB and videos up to 20 GB.
pub const MAX_ENTRY_BYTES: u64 = 100 << 30;

/// Entries that grow more than this on unpacking are looked at twice. Deflate can do 1,032 at most; a white scan can, a
/// photo or video cannot.
pub const HIGH_RATIO: u64 = 100;

/// Declared bytes from which on a single entry may not grow by more than [`HIGH_RATIO`]. Above the 200 MB that Google
/// Photos takes as a photo.
pub const HIGH_RATIO_ENTRY_BYTES: u64 = 256 << 20;

/// Bytes that all entries beyond [`HIGH_RATIO`] may declare together, in one archive.
pub const HIGH_RATIO_ARCHIVE_BYTES: u64 = 4 << 30;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryClass {
    /// A file of the export.
    File,
    /// What a system leaves beside real files (`__MACOSX/`, `._name`, `Thumbs.db`): counted, not looked at.
    LeftBehind,
}

/// One file in an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its place in the archive, counted from 0 over everything the archive holds, refused entries and folders too.
    /// The same at every opening of the same archive.
    pub index: u32,
    /// Its safe path (see [`safe_path`]), Unicode form as given.
    pub path: &'a str,
    /// Unpacked size in bytes, as declared; reading checks it.
    pub size: u64,
    /// CRC-32 of the unpacked bytes, if the archive has one (zip only); reading checks it.
    pub crc32: Option<u32>,
    /// Time of the entry, in seconds since 1970. In zips mostly without a zone, then as if it were UTC. Never a photo's date.
    pub modified: Option<i64>,
    /// Where its bytes begin, header included: reading in this order is fastest. In folders the index.
    pub offset: u64,
    /// What it is.
    pub class: EntryClass,
}

/// How a pass over an archive ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Everything was seen.
    Whole,
    /// The visitor stopped it.
    Stopped,
    /// The archive ends too early or its table of contents is damaged. What was given before is good.
    Cut(Refusal),
    /// The archive's own checksum is wrong or its compressed bytes are damaged (tgz): **nothing that was given is proven**,
    /// because a tgz has one checksum for all.
    Unproven(Refusal),
}

/// What a pass over an archive saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walked {
    /// Entries given to the visitor, macOS companions included.
    pub given: u32,
    /// Folders and headers that are no files.
    pub folders: u32,
    /// Entries that were not given, and given ones whose bytes turned out bad while the visitor read them.
    pub refused: Vec<Refused>,
    /// How it ended.
    pub end: End,
}

/// What [`Archive::walk`] calls for each entry. Bytes that are not read are skipped, and then not checked.
pub type Visit<'a> = dyn FnMut(&Entry<'_>, &mut dyn Read) -> ControlFlow<()> + 'a;

/// One archive, opened.
pub struct Archive {
    path: PathBuf,
    form: Form,
    store: Store,
    listing: Listing,
}

enum Store {
    Zip(zipped::Zip),
    Sequential,
    Folder(folder::Folder),
}

/// What is known of an archive before its entries are read.
#[derive(Default)]
struct Listing {
    table: Table,
    refused: Vec<Refused>,
    folders: u32,
    foreign_names: bool,
    trouble: Option<Refusal>,
}

impl Listing {
    fn refuse(&mut self, index: u32, name: &[u8], refusal: impl Into<Refusal>) {
        self.refused.push(Refused { index, name: refusal::shown(name), refusal: refusal.into() });
    }

    /// Refuses the second and later ones of equal paths.
    fn refuse_duplicates(&mut self) -> Vec<usize> {
        let duplicates = self.table.duplicates();
        for row in &duplicates {
            if let Some(entry) = self.table.at(*row) {
                let refusal = Reason::DuplicatePath.into();
                self.refused.push(Refused { index: entry.index, name: refusal::shown(entry.path.as_bytes()), refusal });
            }
        }
        duplicates
    }
}

impl Archive {
    /// Opens what lies at a path: looks at its bytes, and for zips and folders at the names in it.
    ///
    /// # Errors
    /// A refusal of the whole archive; see [`recognise`]. A zip without a table of contents is [`Reason::NotFinished`].
    pub fn open(path: &Path) -> Result<Self, Refusal> {
        if path.is_dir() {
            let (folder, listing) = folder::open(path)?;
            return Ok(Self { path: path.to_owned(), form: Form::Folder, store: Store::Folder(folder), listing });
        }
        let form = recognise(path)?;
        let (store, listing) = match form {
            Form::Zip => {
                let (zip, listing) = zipped::open(path)?;
                (Store::Zip(zip), listing)
            }
            _ => (Store::Sequential, Listing::default()),
        };
        Ok(Self { path: path.to_owned(), form, store, listing })
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How its bytes lie on the disk.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// Whether entries are known only from a pass over the whole archive ([`Archive::walk`]): tgz and tar.
    #[must_use]
    pub fn is_sequential(&self) -> bool {
        matches!(self.store, Store::Sequential)
    }

    /// The entries, in the order of their index. Empty for tgz and tar.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = Entry<'_>> + '_ {
        let empty = Entry { index: 0, path: "", size: 0, crc32: None, modified: None, offset: 0, class: EntryClass::File };
        (0..self.listing.table.len()).map(move |row| self.listing.table.at(row).unwrap_or(empty))
    }

    /// One entry.
    #[must_use]
    pub fn entry(&self, index: u32) -> Option<Entry<'_>> {
        self.listing.table.at(self.listing.table.row_of(index)?)
    }

    /// The indexes of all entries in the order in which their bytes lie in the archive.
    #[must_use]
    pub fn indexes_by_offset(&self) -> Vec<u32> {
        let rows = self.listing.table.rows_by_offset();
        rows.into_iter().filter_map(|row| self.listing.table.at(row as usize)).map(|entry| entry.index).collect()
    }

    /// Entries that are not taken, as far as it is known without reading them. Empty for tgz and tar.
    #[must_use]
    pub fn refused(&self) -> &[Refused] {
        &self.listing.refused
    }

    /// Number of folders in it. 0 for tgz and tar.
    #[must_use]
    pub fn folders(&self) -> u32 {
        self.listing.folders
    }

    /// Whether names are in neither UTF-8 nor ASCII: another program than Google's wrote this zip, and names may be wrong
    /// (format document, 1.7).
    #[must_use]
    pub fn has_foreign_names(&self) -> bool {
        self.listing.foreign_names
    }

    /// What is wrong with the archive as a whole although it can be read: a damaged table of contents, too many entries.
    #[must_use]
    pub fn trouble(&self) -> Option<&Refusal> {
        self.listing.trouble.as_ref()
    }

    /// Bytes of memory that the list of entries holds.
    #[must_use]
    pub fn memory(&self) -> usize {
        let places = if let Store::Zip(zip) = &self.store { zip.memory() } else { 0 };
        self.listing.table.memory() + places
    }

    /// A reader of one entry. It gives exactly the declared bytes; the last of them only if size and checksum are right.
    /// Several readers may be used at once.
    ///
    /// # Errors
    /// A refusal if the entry is unknown, lies behind the end, or (tgz, tar) can only be had from [`Archive::walk`].
    pub fn read(&self, index: u32) -> Result<EntryReader<'_>, Refusal> {
        let row = self.listing.table.row_of(index);
        let Some((row, entry)) = row.and_then(|row| Some((row, self.listing.table.at(row)?))) else {
            return Err(Refusal::with(Reason::NotAnArchive, format_args!("no entry {index}")));
        };
        match &self.store {
            Store::Zip(zip) => zip.read(row, &entry),
            Store::Folder(folder) => folder.read(&self.path, &entry),
            Store::Sequential => Err(Refusal::with(Reason::NotAnArchive, "a tgz is read from front to back")),
        }
    }

    /// Gives every entry once, with a reader at its beginning, in the order of the bytes. The only way into tgz and tar.
    pub fn walk(&self, visit: &mut Visit<'_>) -> Walked {
        if self.is_sequential() {
            return tarball::walk(&self.path, self.form, visit);
        }
        let mut walked = Walked {
            given: 0,
            folders: self.listing.folders,
            refused: self.listing.refused.clone(),
            end: self.listing.trouble.clone().map_or(End::Whole, End::Cut),
        };
        for row in self.listing.table.rows_by_offset() {
            let Some(entry) = self.listing.table.at(row as usize) else { continue };
            let refuse = |refusal| Refused { index: entry.index, name: refusal::shown(entry.path.as_bytes()), refusal };
            match self.read(entry.index) {
                Err(refusal) => walked.refused.push(refuse(refusal)),
                Ok(mut reader) => {
                    walked.given += 1;
                    let flow = visit(&entry, &mut reader);
                    walked.refused.extend(reader.failure().cloned().map(refuse));
                    if flow.is_break() {
                        walked.end = End::Stopped;
                        break;
                    }
                }
            }
        }
        walked
    }
}

impl fmt::Debug for Archive {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.listing.table.len();
        formatter.debug_struct("Archive").field("path", &self.path).field("form", &self.form).field("entries", &entries).finish()
    }
}
