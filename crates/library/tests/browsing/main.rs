//! What a window reads from the catalog: the timeline, albums, one item, growth, runs, pictures; on odd data, while a run
//! writes, and on a catalog that an older Photokeep made.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod activity;
mod albums;
mod always_right;
mod growth;
mod item;
mod made;
mod migration;
mod pictures;
mod readers;
mod standing;
mod timeline;
