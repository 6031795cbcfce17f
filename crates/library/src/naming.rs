//! Which name a file gets: the layout's rules, held against what the catalog has already dealt.
//!
//! Numbers are tied to items through the catalog and never dealt anew; a file keeps its name for life. A name is decided
//! when the item is first sighted, in listing order, as both predecessors did; only where the bytes are needed to decide
//! (no date, or months by local time) when they arrive.

use photokeep_model::{CaptureTime, Code, Error, LibraryOptions, MediaKind, Metadata, MonthZone, Result};

use crate::catalog::{Catalog, Namer};
use crate::folder::Library;
use crate::target::layout::candidates;
use crate::target::{NameFacts, NameRules, Places, TargetFacts};

/// Names files of one library.
#[derive(Debug, Clone)]
pub struct LibraryNamer {
    rules: NameRules,
    places: Places,
}

impl Library {
    /// The namer for this library's layout and disk.
    pub fn namer(&self) -> LibraryNamer {
        LibraryNamer { rules: self.rules(), places: self.places() }
    }
}

impl LibraryNamer {
    /// A namer for a library with other options than it has.
    pub fn new(facts: &TargetFacts, options: &LibraryOptions) -> Self {
        Self { rules: NameRules::new(facts, options.layout), places: Places::new(options) }
    }

    /// A namer for a plan of a library that does not exist yet, on a disk that takes every name.
    pub fn unprobed(options: &LibraryOptions) -> Self {
        Self { rules: NameRules::from_names(NameFacts::permissive(), options.layout), places: Places::new(options) }
    }

    /// Deals the next name for an item: the plain one first, then the layout's numbering.
    fn deal(
        &self,
        catalog: &Catalog,
        key: &str,
        title: &str,
        kind: MediaKind,
        taken: Option<CaptureTime>,
    ) -> Result<(String, String)> {
        let extension = if kind == MediaKind::Video { "mp4" } else { "jpg" };
        let name = self.rules.clean_file_name(title, extension);
        let folder = self.places.month_folder(taken);
        let series = self.rules.collision_key(&name);
        let dealt = catalog.last_number(&folder, &series)?;
        // How many names of the series were dealt says where to go on; the check below has the last word.
        let first = dealt.map_or(0, |last| last.saturating_add(1));
        // Only there is every further name the same row of numbers, so that those dealt can be passed over; the second name
        // of the gphotosync layouts is the item's own, and gphotos-sync counts by itself.
        let skip = if self.rules.layout() == photokeep_model::Layout::Photokeep { first as usize } else { 0 };
        let counted =
            matches!(self.rules.layout(), photokeep_model::Layout::GphotosSync | photokeep_model::Layout::GphotosSyncFlat);
        let names = candidates(&self.rules, &name, key, taken, if counted { first } else { 0 }).skip(skip);
        for (candidate, number) in names.zip(first..) {
            let path = if folder.is_empty() { candidate } else { format!("{folder}/{candidate}") };
            let collision_key = self.rules.collision_key(&path);
            if !catalog.name_taken(&collision_key)? {
                catalog.set_last_number(&folder, &series, number)?;
                return Ok((path, collision_key));
            }
        }
        Err(Error::new(Code::ItemFailed, "No free name is left for this item.").detail("name", name))
    }
}

impl Namer for LibraryNamer {
    fn name(&self, catalog: &Catalog, key: &str, metadata: &Metadata) -> Result<Option<(String, String)>> {
        if metadata.taken.is_none() || self.places.zone() == MonthZone::Local {
            return Ok(None);
        }
        self.deal(catalog, key, &metadata.title, metadata.kind(), metadata.taken).map(Some)
    }

    fn plain_name(&self, metadata: &Metadata) -> String {
        self.rules.clean_file_name(&metadata.title, if metadata.kind() == MediaKind::Video { "mp4" } else { "jpg" })
    }
}

/// Names a file that could not be named before its bytes were here.
pub(crate) fn name_file(namer: &LibraryNamer, catalog: &Catalog, file: i64) -> Result<String> {
    next_name(namer, catalog, file)
}

/// Gives a file the next name of its series, because something foreign holds the one it had.
pub(crate) fn next_name(namer: &LibraryNamer, catalog: &Catalog, file: i64) -> Result<String> {
    let facts = catalog.naming_facts(file)?;
    let (path, collision_key) = namer.deal(catalog, &facts.key, &facts.title, facts.kind, facts.taken)?;
    catalog.name_file(file, &path, &collision_key)?;
    Ok(path)
}
