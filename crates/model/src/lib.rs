//! The nouns of Photokeep: what an item, a file, an album, a run and an error are.
//!
//! This crate does no input or output and knows no other crate of the workspace. The words are those of the
//! glossary in `ARCHITECTURE.md`; they mean the same in Rust, SQL, JSON and the texts people read.

mod capture_time;
mod error;
mod filter;
mod item;
mod left_behind;
mod options;
mod plan;
mod progress;
mod receipt;

pub use capture_time::CaptureTime;
pub use error::{Code, Error, Result, Retry, Severity};
pub use filter::{AlbumChoice, Filter};
pub use item::{FileRole, ItemId, MediaKind, Metadata, SourceKind};
pub use left_behind::{is_system_file, is_system_folder};
pub use options::{Layout, LibraryOptions, LinkChoice, LinkKind, MonthZone, PathOptions};
pub use plan::{Plan, PlannedAlbums};
pub use progress::{Event, Meter, Phase, Progress, Silent, Wait, WaitReason};
pub use receipt::{Account, Counted, Outcome, Receipt, RunKind};
