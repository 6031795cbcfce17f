//! A run: ask a source what there is, plan, perform.
//!
//! Knows sources only through the [`Source`] trait and the library only through its public face. Reports through the
//! progress trait; prints nothing and reads no environment. Waiting times are data ([`Patience`]), so tests own them.
//!
//! - [`source`]: what a source is. - [`sources`]: the Library API as one. Takeout, Picker and folders get their files there.
//! - `listing`: from the source's pages into the catalog, and the proof that nothing was left out.
//! - `run`: one sync from beginning to receipt. - `fetch`: one item's bytes; `part_file`: the temporary file for them. - `perform`: many at a time.
//! - `copies`: entries of
//!   archives that look like what is stored. - `control`: pause, resume, stop. - `gate`: when everybody has to wait. - `prune`: removal on the user's word.
//! - [`schedule`]: when runs are due.
//! - `upload`: files of a folder to Google Photos.

mod control;
mod copies;
mod fetch;
mod gate;
mod listing;
mod meter;
mod named_date;
mod part_file;
mod patience;
mod perform;
mod prune;
mod run;
pub mod schedule;
pub mod source;
pub mod sources;
mod upload;

pub use control::{Control, Pause};
pub use gate::Gate;
pub use listing::listed_account;
pub use patience::Patience;
pub use prune::{PrunePlan, Pruned, plan_removal, remove};
pub use run::{DryRun, SyncOptions, dry_run, sync};
pub use source::Source;
pub use upload::{ToUpload, Upload, to_upload, upload};
