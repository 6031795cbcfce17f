//! What a library's catalog remembers of inboxes: the folders, and the archives that need not be opened again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use chrono::{DateTime, Utc};
use photokeep_library::Catalog;
use photokeep_model::{Code, Error, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::found::Why;

/// What is done with an archive once everything in it is kept. Nothing is ever deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(rename = "ArchiveThen")]
pub enum Then {
    /// It stays where it is.
    #[default]
    Leave,
    /// It goes into the folder `imported` of the inbox.
    Move,
    /// It goes into the system's trash.
    Trash,
}

/// A watched folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Inbox {
    /// The folder.
    pub folder: PathBuf,
    /// What is done with an archive once everything in it is kept.
    pub then: Then,
}

/// What tells that a file is the one it was: it is opened again when one of these changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Bytes.
    pub size: u64,
    /// Modification time, in nanoseconds since 1970.
    pub modified: i64,
}

impl Facts {
    /// Facts of a file; `None` when it is none or cannot be asked.
    pub fn of(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
        let time = metadata.modified().ok()?;
        // A disk may hold times that no calendar knows.
        let modified = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |nanos| -nanos),
        };
        Some(Self { size: metadata.len(), modified })
    }

    /// When it was changed.
    pub fn time(self) -> DateTime<Utc> {
        DateTime::from_timestamp_nanos(self.modified)
    }
}

/// An archive that was looked at and is left where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookedAt {
    /// What it was then.
    pub facts: Facts,
    /// When.
    pub at: DateTime<Utc>,
    /// Why it was not taken whole, or not put away; `None`: everything in it is kept, and it was to be left.
    pub why: Option<Why>,
}

/// Archives that were looked at, by their path.
pub type Looked = BTreeMap<String, LookedAt>;

/// Keys in the catalog's `meta` table.
const INBOXES: &str = "inboxes";
const LOOKED: &str = "inbox_looked";

/// The inboxes of a library, in the order they were added.
///
/// # Errors
/// Catalog errors; [`Code::CatalogNewer`] when another version of Photokeep wrote them.
pub fn inboxes(catalog: &Catalog) -> Result<Vec<Inbox>> {
    read(catalog, INBOXES)
}

/// What was looked at.
///
/// # Errors
/// As [`inboxes`].
pub fn looked(catalog: &Catalog) -> Result<Looked> {
    read(catalog, LOOKED)
}

/// Changes the inboxes.
///
/// # Errors
/// As [`inboxes`], and those of `change`; nothing is changed then.
pub fn change_inboxes(catalog: &Catalog, change: impl FnOnce(&mut Vec<Inbox>) -> Result<()>) -> Result<()> {
    catalog.transaction(|catalog| {
        let mut list = inboxes(catalog)?;
        change(&mut list)?;
        write(catalog, INBOXES, &list)
    })
}

/// Changes what was looked at.
///
/// # Errors
/// As [`inboxes`].
pub fn change_looked(catalog: &Catalog, change: impl FnOnce(&mut Looked)) -> Result<()> {
    catalog.transaction(|catalog| {
        let before = looked(catalog)?;
        let mut after = before.clone();
        change(&mut after);
        if after == before { Ok(()) } else { write(catalog, LOOKED, &after) }
    })
}

/// An unreadable text must not read as "no inboxes": the next change would then forget them.
fn read<T: Default + for<'a> Deserialize<'a>>(catalog: &Catalog, key: &str) -> Result<T> {
    let Some(text) = catalog.meta(key)? else { return Ok(T::default()) };
    serde_json::from_str(&text).map_err(|error| {
        Error::new(Code::CatalogNewer, "What this library remembers of its inboxes cannot be read. Your photos are not affected.")
            .hint("Perhaps a newer Photokeep wrote it: use that version.")
            .source(error)
    })
}

fn write<T: Serialize>(catalog: &Catalog, key: &str, value: &T) -> Result<()> {
    let text = serde_json::to_string(value)
        .map_err(|error| Error::new(Code::Internal, "The inboxes could not be written down.").source(error))?;
    catalog.set_meta(key, &text)
}
