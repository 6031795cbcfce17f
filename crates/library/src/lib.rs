//! The folder on disk that Photokeep keeps, and its catalog.
//!
//! Promises of this room (design section 3): a name in the library never holds half a file; nothing is touched that
//! Photokeep did not create; the catalog never runs ahead of the disk; whatever is killed at any moment resumes.
//! It asks no source for anything and prints nothing.
//!
//! - [`catalog`]: the database. - [`target`]: what the disk can hold, and how names are made for it.
//! - `folder`: opening, creating and locking a library. - `mark`: which folder is one. - `options`: what is decided once.
//! - `placing`: from a temporary name to a stored file.
//! - `recovery`: what a killed run left behind. - `album_links`: album folders. - `comparison_tree`: what a comparison found, as links. - `presence`, `verify`: disk against catalog.
//! - `trash`: what leaves the library. - [`adopting`]: a tree that another tool made becomes a library.

pub mod adopting;
pub mod album_links;
pub mod catalog;
mod comparison_tree;
mod file_times;
mod flush;
mod folder;
mod known_photo;
mod live_catalog;
mod looking;
mod mark;
mod moved;
mod naming;
mod options;
mod placing;
mod platform;
mod presence;
mod recovery;
pub mod target;
mod trash;
mod verify;
mod xmp_files;

pub use album_links::LinkReport;
pub use catalog::{Catalog, FileState, ListedFile, OpenFile, Partial, Sighting};
pub use comparison_tree::{COMPARISON_FOLDER, ComparisonLink, ComparisonTree, LinkTo};
pub use flush::write_atomically;
pub use folder::{Home, Library, LibraryLock, STATE_FOLDER};
pub use naming::LibraryNamer;
pub use options::OptionChanges;
pub use placing::{Arrival, Placed, PlacedAs, TemporaryNames, rename_new};
pub use presence::{Glance, Inspection, Presence};
pub use recovery::Recovered;
pub use trash::{Emptied, MovedToTrash, TrashEntry};
pub use verify::{Finding, FindingKind, VerifyOptions, VerifyReport};
pub use xmp_files::{XmpOf, XmpReport};
