//! An unpacked folder as an archive. Nothing in it is followed out of it: links are refused, wherever they point to.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::reader::{Bytes, EntryReader};
use super::refusal::{Reason, Refusal};
use super::{Entry, EntryClass, Listing, MAX_ENTRIES, paths};

/// Deepest folder that is looked at. Exports are four deep.
const MAX_DEPTH: usize = 64;

/// The names on disk that are no Unicode; all others are their path.
pub struct Folder {
    odd: BTreeMap<u32, PathBuf>,
}

/// Lists a folder, in the order of names, so that an index stays the same.
pub fn open(root: &Path) -> Result<(Folder, Listing), Refusal> {
    let of_mac = root.file_name().is_some_and(|name| name == paths::MAC_FOLDER);
    let mut lister = Lister { odd: BTreeMap::new(), listing: Listing::default(), next: 0, of_mac };
    lister.list(root, root, "", 0)?;
    let duplicates = lister.listing.refuse_duplicates();
    lister.listing.table.retain(|row| duplicates.binary_search(&row).is_err());
    lister.listing.table.shrink();
    Ok((Folder { odd: lister.odd }, lister.listing))
}

struct Lister {
    odd: BTreeMap<u32, PathBuf>,
    listing: Listing,
    next: u32,
    /// All of it is what macOS left.
    of_mac: bool,
}

impl Lister {
    /// Lists one folder; `path` is what its entries start with.
    fn list(&mut self, root: &Path, folder: &Path, path: &str, depth: usize) -> Result<(), Refusal> {
        let mut names: Vec<OsString> = Vec::new();
        for entry in fs::read_dir(folder).map_err(|error| Refusal::disk(&error))? {
            names.push(entry.map_err(|error| Refusal::disk(&error))?.file_name());
        }
        names.sort_unstable();
        for name in names {
            if self.next >= MAX_ENTRIES {
                self.listing.trouble = Some(Reason::TooManyEntries.into());
                return Ok(());
            }
            let index = self.next;
            self.next += 1;
            let place = folder.join(&name);
            let readable = name.to_string_lossy();
            let below = if path.is_empty() { readable.clone().into_owned() } else { format!("{path}/{readable}") };
            let shown = below.as_bytes();
            let facts = match fs::symlink_metadata(&place) {
                Ok(facts) => facts,
                Err(error) => {
                    self.listing.refuse(index, shown, Refusal::disk(&error));
                    continue;
                }
            };
            if facts.is_dir() {
                self.listing.folders += 1;
                let listed = match paths::safe(&below) {
                    Err(reason) => Err(reason.into()),
                    Ok(_) if depth >= MAX_DEPTH => Err(Refusal::with(Reason::NameTooLong, "folders too deep")),
                    Ok(_) => self.list(root, &place, &below, depth + 1),
                };
                if let Err(refusal) = listed {
                    self.listing.refuse(index, shown, refusal);
                }
                continue;
            }
            if facts.is_symlink() {
                self.listing.refuse(index, shown, Reason::Link);
                continue;
            }
            if !facts.is_file() {
                self.listing.refuse(index, shown, Reason::SpecialEntry);
                continue;
            }
            let safe = match paths::safe(&below) {
                Ok(safe) => safe,
                Err(reason) => {
                    self.listing.refuse(index, shown, reason);
                    continue;
                }
            };
            // A folder name that is no Unicode makes every path below it odd.
            if place.strip_prefix(root).ok().and_then(Path::to_str) != Some(&below) && Path::new(&below) != place {
                self.odd.insert(index, place.clone());
            }
            let since = facts.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            let entry = Entry {
                index,
                path: &safe,
                size: facts.len(),
                crc32: None,
                modified: since.and_then(|since| i64::try_from(since.as_secs()).ok()),
                offset: u64::from(index),
                class: if self.of_mac || paths::is_left_behind(&safe) { EntryClass::LeftBehind } else { EntryClass::File },
            };
            if !self.listing.table.push(&entry) {
                self.listing.trouble = Some(Reason::TooManyEntries.into());
                return Ok(());
            }
        }
        Ok(())
    }
}

impl Folder {
    /// Opens a file of the folder.
    pub fn read(&self, root: &Path, entry: &Entry<'_>) -> Result<EntryReader<'static>, Refusal> {
        let place = match self.odd.get(&entry.index) {
            Some(place) => place.clone(),
            None => root.join(entry.path),
        };
        // Looked at again: since the listing somebody may have put a link there.
        let facts = fs::symlink_metadata(&place).map_err(|error| Refusal::disk(&error))?;
        if !facts.is_file() {
            return Err(Reason::Link.into());
        }
        let file = File::open(&place).map_err(|error| Refusal::disk(&error))?;
        Ok(EntryReader::new(Bytes::File(file), entry.size, None))
    }
}
