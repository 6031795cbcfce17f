//! What a run did. Every number can be opened as a list through the catalog.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Code;

/// What kind of run it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum RunKind {
    /// A sync with a source.
    Sync,
    /// Failed items tried again.
    Retry,
    /// Every file compared with the catalog.
    Verify,
    /// Items moved to trash on the user's word.
    Prune,
    /// Archives of Google Takeout taken in.
    Import,
    /// Files of a folder taken in.
    Add,
    /// Files of a folder uploaded to Google Photos.
    Upload,
    /// Files of another tool's folder taken into the catalog where they are.
    Adopt,
    /// A folder compared with the library. The catalog knows nothing of it.
    Compare,
}

impl RunKind {
    /// The word in the catalog and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Retry => "retry",
            Self::Verify => "verify",
            Self::Prune => "prune",
            Self::Import => "import",
            Self::Add => "add",
            Self::Upload => "upload",
            Self::Adopt => "adopt",
            Self::Compare => "compare",
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything asked for was done.
    Done,
    /// It went to its end, and some items failed.
    SomeFailed,
    /// It stopped before its end; what was done stays done.
    Stopped {
        /// Why.
        code: Code,
    },
}

/// A reason and how many items share it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Counted {
    /// The reason, in a few words.
    pub reason: String,
    /// How many.
    pub count: u64,
}

/// How every entry of the archives of an import ended. The numbers add up to `entries`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(rename = "ArchiveAccount")] // The account at Google has the name already.
pub struct Account {
    /// Files in the archives that were given; folders do not count.
    pub entries: u64,
    /// Photos and videos that are now in the library and were not before.
    pub stored: u64,
    /// Photos and videos whose very bytes the library has.
    pub already: u64,
    /// Sidecars: what Google says about photos and videos.
    pub sidecars: u64,
    /// Album files.
    pub albums: u64,
    /// Google's own lists and pages.
    pub service: u64,
    /// Files of other Google products.
    pub other: u64,
    /// What a Mac leaves beside files.
    pub companions: u64,
    /// Not taken, each with a reason.
    pub refused: u64,
    /// Not settled yet: the run stopped before. The next import of the same archives goes on there.
    pub open: u64,
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Receipt {
    /// Number of the run in the catalog.
    pub run: i64,
    /// Kind of run.
    pub kind: RunKind,
    /// When it began.
    pub started: DateTime<Utc>,
    /// When it ended.
    pub ended: DateTime<Utc>,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether, at its end, everything the source has was kept. Only ever true after a whole, unfiltered, undisturbed listing
    /// with nothing failed, missing or damaged.
    pub complete: bool,
    /// Whether everything the source has was fetched and nothing is amiss but files that look cut short (`doubtful`).
    #[serde(default)]
    pub all_fetched: bool,
    /// Files kept that look cut short, although the source sent them so twice. The next run compares them once more; only
    /// then can it be called complete.
    #[serde(default)]
    pub doubtful: u64,
    /// Items the source listed.
    pub listed: u64,
    /// Items fetched for the first time.
    pub added: u64,
    /// Bytes of those.
    pub added_bytes: u64,
    /// Items that were already kept.
    pub already: u64,
    /// Items whose name, date or description was taken over.
    pub updated: u64,
    /// Items that turned out to be a photo already kept under another key (same bytes).
    pub same_photo: u64,
    /// Files fetched again because they had vanished, were damaged or changed at the source.
    pub restored: u64,
    /// Items that were here before and that Google, asked by id, no longer has. Nothing was done about them.
    pub absent: u64,
    /// Items not fetched, by reason.
    pub skipped: Vec<Counted>,
    /// Items that failed, by reason; the next run tries them again.
    pub failed: Vec<Counted>,
    /// Albums listed.
    pub albums: u64,
    /// Of an import: how every entry of the archives ended.
    #[serde(default)]
    pub account: Option<Account>,
    /// Links made.
    pub links_made: u64,
    /// Links removed or renamed.
    pub links_removed: u64,
    /// Sentences worth reading.
    pub notes: Vec<String>,
}

impl Receipt {
    /// An empty receipt of a run that began now.
    pub fn begin(run: i64, kind: RunKind, started: DateTime<Utc>) -> Self {
        Self {
            run,
            kind,
            started,
            ended: started,
            outcome: Outcome::Done,
            complete: false,
            all_fetched: false,
            doubtful: 0,
            listed: 0,
            added: 0,
            added_bytes: 0,
            already: 0,
            updated: 0,
            same_photo: 0,
            restored: 0,
            absent: 0,
            skipped: Vec::new(),
            failed: Vec::new(),
            albums: 0,
            account: None,
            links_made: 0,
            links_removed: 0,
            notes: Vec::new(),
        }
    }

    /// How many items failed.
    pub fn failed_count(&self) -> u64 {
        self.failed.iter().map(|counted| counted.count).sum()
    }
}
