//! What a run will do, in counts and bytes, before it does it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The albums of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct PlannedAlbums {
    /// Albums the source has.
    pub listed: u64,
    /// Albums that are not on disk yet.
    pub new: u64,
}

/// What a run will do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct Plan {
    /// Items the source listed in this run.
    pub listed: u64,
    /// Items to fetch for the first time.
    pub to_fetch: u64,
    /// Photos among them.
    pub photos: u64,
    /// Videos among them.
    pub videos: u64,
    /// Items that failed before and are tried again.
    pub retried: u64,
    /// Items whose file has vanished or was found damaged, to be fetched again.
    pub restored: u64,
    /// Items whose name, date or description changed.
    pub updated: u64,
    /// Items that are already kept.
    pub already: u64,
    /// Files of an import to be read for which nothing will be stored: as size and checksum tell, their bytes are kept already, or
    /// come more than once. Not counted in `to_fetch`.
    #[serde(default)]
    pub same_bytes: u64,
    /// Items that were here and the source no longer has; shown, never acted on.
    pub absent: u64,
    /// Items left alone because the user removed them here.
    pub removed_here: u64,
    /// Estimated bytes to fetch, from the sizes of what is already kept; `None` without any experience.
    /// The Library API does not tell sizes (`google-apis.md` 2.3).
    pub estimated_bytes: Option<u64>,
    /// Bytes free on the library's disk.
    pub free_bytes: Option<u64>,
    /// Albums.
    pub albums: PlannedAlbums,
    /// Sentences worth reading before going on.
    pub notes: Vec<String>,
}

impl Plan {
    /// Files to be read, whatever comes of them.
    pub fn to_read(&self) -> u64 {
        self.to_fetch + self.same_bytes + self.restored
    }
}
