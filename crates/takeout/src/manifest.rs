//! Google's own table of contents of an export: the page `archive_browser.html` (its name is localised), in one part only
//! (format document, 1.6).
//!
//! It tells what Google meant to write, so it can prove an export complete or name what is missing, and it leads to the
//! photos folder in any language. It is made for people: markup may change, and nothing here is needed for an import.
//! The page is read as a stream; its list of 300,000 names takes about 20 MB. Tags are taken apart by `html5gum`; what
//! they mean on this page is in `page`.

mod page;

use std::io::{self, Read};

use serde::Serialize;

/// The English name of Google Photos on the page, in every language.
pub const PHOTOS: &str = "PHOTOS";

/// Bytes of a page that are read. A page has about 700 bytes an item: this is enough for 700,000.
pub const MAX_PAGE_BYTES: u64 = 512 << 20;

/// What the page says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Manifest {
    /// Id of the job that made the export.
    pub job: Option<String>,
    /// The account, mostly a mail address.
    pub account: Option<String>,
    /// When the export was made, as written: localised, in Pacific time. Not to be parsed.
    pub date: Option<String>,
    /// Size of all parts, as written: localised and rounded.
    pub size: Option<String>,
    /// The products in it.
    pub products: Vec<Product>,
    /// The files that Google lists for Photos, by folder.
    pub folders: Vec<ListedFolder>,
    /// What Google itself reports as failed.
    pub failures: Vec<Failure>,
    /// The page was read to its end. If not, the list is only a part.
    pub whole: bool,
}

/// One product of an export.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Product {
    /// Its name inside Google, the same in every language: `PHOTOS`, `DRIVE`.
    pub name: String,
    /// The name of its folder, localised.
    pub folder: Option<String>,
    /// Number of its files, as the page says.
    pub files: Option<u64>,
}

/// A folder below the photos folder, with the files in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ListedFolder {
    /// Its path below the photos folder; empty for the photos folder itself.
    pub path: String,
    /// One name a line: a name cannot hold a line break.
    names: String,
}

impl ListedFolder {
    /// The names of its files, in the order of the page.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.names.lines()
    }

    fn push(&mut self, name: &str) {
        if !self.names.is_empty() {
            self.names.push('\n');
        }
        self.names.push_str(name);
    }
}

/// Something that Google says it could not export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The product, if the page tells.
    pub product: Option<String>,
    /// The folder below the product's, if the page tells.
    pub folder: Option<String>,
    /// Google's words, localised.
    pub text: String,
}

impl Manifest {
    /// Reads a page. Anything may be missing afterwards; [`Manifest::is_archive_page`] says whether it was one at all.
    ///
    /// # Errors
    /// The error of the reader. A page that is too long or makes no sense is no error: then it is not [`Manifest::whole`].
    pub fn read(reader: impl Read) -> io::Result<Self> {
        page::read(reader)
    }

    /// Whether this was the page of an export and not another web page in it.
    #[must_use]
    pub fn is_archive_page(&self) -> bool {
        self.job.is_some() || !self.products.is_empty()
    }

    /// Google Photos, if it is in the export.
    #[must_use]
    pub fn photos(&self) -> Option<&Product> {
        self.products.iter().find(|product| product.name == PHOTOS)
    }

    /// Number of files that are listed for Photos.
    #[must_use]
    pub fn listed(&self) -> usize {
        self.folders.iter().map(|folder| folder.files().count()).sum()
    }
}

/// Whether a path below the `Takeout` folder can be that page: a web page beside the products' folders.
#[must_use]
pub fn may_be_archive_page(below_takeout: &str) -> bool {
    let lower = below_takeout.to_ascii_lowercase();
    !lower.contains('/') && (lower.ends_with(".html") || lower.ends_with(".htm"))
}
