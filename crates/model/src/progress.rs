//! How the engine tells what it is doing. It prints nothing itself: front ends implement [`Progress`].

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Error;

/// A named stretch of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Making sure of what an interrupted run left behind.
    Recovering,
    /// Asking the source what there is.
    Listing,
    /// Asking for albums and their items.
    ListingAlbums,
    /// Working out what to do.
    Planning,
    /// Fetching photos and videos.
    Fetching,
    /// Holding entries of archives against files that seem to be the same.
    Comparing,
    /// Sending files to Google Photos, and seeing that they are there.
    Uploading,
    /// Reading files of another tool's folder, to take them in where they are.
    Adopting,
    /// Bringing album folders up to date.
    Linking,
    /// Comparing files with what the catalog says.
    Verifying,
    /// Writing the receipt and the copy of the catalog.
    Finishing,
}

/// How far a phase is. All numbers count from the start of the phase.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
pub struct Meter {
    /// Which phase.
    pub phase: Phase,
    /// Things done (items, albums, files: whatever the phase works through).
    pub done: u64,
    /// Things in all, when known.
    pub total: Option<u64>,
    /// Bytes done.
    pub bytes: u64,
    /// Bytes a second, over the last few seconds.
    pub bytes_per_second: u64,
    /// Seconds left at this speed, when that can be said.
    pub seconds_left: Option<u64>,
    /// Items that failed so far.
    pub failed: u64,
}

/// Why a run is waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum WaitReason {
    /// Google asked to slow down.
    Throttled,
    /// The quota of the day is used up.
    DailyQuota,
    /// Google, or the way to it, does not answer.
    Network,
}

/// A pause of the whole run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct Wait {
    /// Why.
    pub reason: WaitReason,
    /// Until when.
    pub until: DateTime<Utc>,
}

/// Something worth telling. Meters come at most four times a second.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event<'a> {
    /// A phase begins.
    Phase {
        /// Which.
        phase: Phase,
    },
    /// How far it is.
    Meter(Meter),
    /// A photo or video is now kept.
    Stored {
        /// Number of the file in the catalog.
        file: i64,
        /// Path below the library, with `/`.
        path: &'a str,
        /// Size in bytes.
        bytes: u64,
    },
    /// An item could not be fetched.
    Failed {
        /// The item's title.
        title: &'a str,
        /// Why.
        error: &'a Error,
    },
    /// The run waits.
    Waiting(Wait),
    /// A sentence for the log.
    Note {
        /// The sentence.
        text: &'a str,
    },
}

/// Takes what the engine reports. Called from many threads; must return quickly.
pub trait Progress: Send + Sync {
    /// Takes one event.
    fn event(&self, event: &Event<'_>);
}

/// Reports to nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn event(&self, _: &Event<'_>) {}
}
