//! Makes Google Takeout exports of which the truth is known: any size, any language, every corner case of the format.
//!
//! [`generate`] writes a first export, [`increment`] and [`again`] later ones of the same account; each gives the
//! [`Truth`] about every entry it wrote. Equal specifications give equal exports. Media go to disk one by one, so memory
//! holds names only. [`of_library`] exports an account that the simulated Google serves as well, so that the same photo comes
//! by both ways. Names follow the rule of `takeout-format.md` 3.1, implemented here ([`naming`]) and not shared with
//! the reader in `crates/takeout`, because this is what that reader is tested against.

mod account;
mod albums;
mod archive;
mod chance;
mod content;
mod decide;
mod exif;
mod export;
mod extras;
mod heic;
mod hostile;
mod language;
mod listing;
pub mod naming;
mod of_library;
mod page;
mod scenes;
mod sidecar;
mod spec;
#[cfg(test)]
mod tests;
mod titles;
mod truth;

use std::collections::HashSet;
use std::io;
use std::path::Path;

pub use heic::heic_of;
pub use language::Language;
pub use naming::Limits;
pub use of_library::{demo_export, of_library, uploaded};
pub use spec::{Change, Container, ExportSpec, FolderForm, Parts, Pictures, SidecarForm, Variants};
pub use truth::{AlbumTruth, DateStory, EntryKind, EntryTruth, ItemTruth, Role, Truth};

/// Seconds between two exports: every two months (`takeout-format.md` 6.1).
const BETWEEN_EXPORTS: i64 = 61 * 86_400;

/// Writes the first export of an account into `folder`, which is made if it is not there.
///
/// # Errors
/// When the disk refuses.
pub fn generate(spec: &ExportSpec, folder: &Path) -> io::Result<Truth> {
    export(spec.clone(), Vec::new(), false, folder)
}

/// Writes what an incremental export holds after `change` happened since the export that `truth` is about: new and
/// edited items only, albums with those only, other numbers, other parts, a later stamp.
///
/// What is in the account comes from `truth`; how it is exported (language, forms, parts, container) from `spec`.
///
/// # Errors
/// When the disk refuses.
pub fn increment(spec: &ExportSpec, truth: &Truth, change: Change, folder: &Path) -> io::Result<Truth> {
    let (spec, changes) = later(spec, truth, change);
    export(spec, changes, true, folder)
}

/// Writes a full export of the account after `change` happened since the export that `truth` is about: the same bytes
/// under other numbers in other parts, with new captions and people, and what is new.
///
/// `spec` and `truth` as for [`increment`].
///
/// # Errors
/// When the disk refuses.
pub fn again(spec: &ExportSpec, truth: &Truth, change: Change, folder: &Path) -> io::Result<Truth> {
    let (spec, changes) = later(spec, truth, change);
    export(spec, changes, false, folder)
}

/// The account of `truth`, exported as `spec` says, after one more change.
fn later(spec: &ExportSpec, truth: &Truth, change: Change) -> (ExportSpec, Vec<Change>) {
    let before = &truth.spec;
    let spec = ExportSpec {
        items: before.items,
        seed: before.seed,
        first_year: before.first_year,
        last_year: before.last_year,
        albums: before.albums,
        variants: before.variants,
        pictures: before.pictures,
        stamp: before.stamp,
        ..spec.clone()
    };
    let mut changes = truth.changes.clone();
    changes.push(change);
    (spec, changes)
}

fn export(spec: ExportSpec, changes: Vec<Change>, increment: bool, folder: &Path) -> io::Result<Truth> {
    let account = account::Account::live(&spec, &changes);
    let nth = changes.len();
    let stamp = spec.stamp + nth as i64 * BETWEEN_EXPORTS + nth as i64 * 4_321;
    let salt = (nth as u64) << 8 | u64::from(increment);
    let mut listing = listing::list(&spec, &account, salt, |item| !increment || item.touched == nth);
    extras::add(&spec, &mut listing);
    let name = spec.name_at(stamp);
    let mut media = |item: &account::Item, role, rendition| Ok(content::bytes(&spec, item, role, rendition));
    let written = export::write(&spec, &account, &listing, folder, (&name, stamp), &mut media)?;
    Ok(truth(&spec, changes, increment, name, &account, listing, written))
}

/// The truth about what was written.
fn truth(
    spec: &ExportSpec,
    changes: Vec<Change>,
    increment: bool,
    export: String,
    account: &account::Account,
    listing: listing::Listing,
    written: export::Exported,
) -> Truth {
    let shown: HashSet<u32> = listing.entries.iter().filter_map(|entry| entry.item).collect();
    let mut albums = export::albums_of(&listing);
    let items = account
        .items
        .iter()
        .filter(|item| shown.contains(&item.number))
        .map(|item| ItemTruth { albums: albums.remove(&item.number).unwrap_or_default(), ..item.truth() })
        .collect();
    let export::Exported { parts, false_parts, entries } = written;
    let spec = spec.clone();
    Truth { spec, changes, increment, export, parts, false_parts, items, albums: listing.albums, entries }
}
