//! The catalog that a run works with: the one in Photokeep's home, the copy in the library, and what is done when neither can be
//! used.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::Utc;
use photokeep_model::{Code, Result};

use crate::catalog::Catalog;
use crate::folder::STATE_FOLDER;
use crate::mark::CATALOG_COPY;
use crate::target::target_error;

/// A copy that is older was left by a kill.
const OLD: Duration = Duration::from_secs(3600);

/// Opens the live catalog: the one in Photokeep's home, or the library's copy when that is newer, or when the live one
/// is missing or damaged. A replaced catalog is kept beside the new one.
pub(crate) fn open_live_catalog(root: &Path, folder: &Path, new: bool, notes: &mut Vec<String>) -> Result<Catalog> {
    let live = folder.join(CATALOG_COPY);
    let copy = root.join(STATE_FOLDER).join(CATALOG_COPY);
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // Somebody who only looks may be copying just now.
        let old = || {
            entry.metadata().and_then(|metadata| metadata.modified()).is_ok_and(|time| time.elapsed().is_ok_and(|age| age > OLD))
        };
        if name.starts_with("dry-run-") || name.contains(".taking-") && old() {
            let _ = fs::remove_file(entry.path());
        }
    }
    // A copy that a newer Photokeep wrote must neither be passed over nor written over.
    if has_content(&copy)?
        && let Err(error) = Catalog::open_read_only(&copy)
        && error.code == Code::CatalogNewer
    {
        return Err(error);
    }
    let found = if has_content(&live)? {
        Some(Catalog::open(&live).and_then(|catalog| catalog.check_integrity().map(|()| catalog)))
    } else {
        None
    };
    match found {
        Some(Ok(catalog)) => {
            let generation = |catalog: &Catalog| {
                catalog.meta("generation").ok().flatten().and_then(|text| text.parse::<u64>().ok()).unwrap_or(0)
            };
            let newer = has_content(&copy)?
                && Catalog::open_read_only(&copy).is_ok_and(|copied| generation(&copied) > generation(&catalog));
            if !newer {
                return Ok(catalog);
            }
            drop(catalog);
            set_aside(&live)?;
            take_copy(&copy, &live)?;
            notes.push("Another computer has worked on this library since; its catalog was taken over.".into());
            Catalog::open(&live)
        }
        Some(Err(error)) if error.code != Code::CatalogDamaged => Err(error),
        lost => {
            set_aside(&live)?;
            if has_content(&copy)? && take_usable_copy(&copy, &live)? {
                if lost.is_some() {
                    notes.push(
                        "The catalog was damaged; the copy inside the library took its place. Your photos are not affected."
                            .into(),
                    );
                } else {
                    notes.push("This library was taken over with the catalog it carries.".into());
                }
                return Catalog::open(&live);
            }
            let catalog = Catalog::open(&live)?;
            if lost.is_some() || !new && holds_more_than_its_state(root) {
                catalog.set_meta(LOST_AT, &Utc::now().to_rfc3339())?;
            }
            Ok(catalog)
        }
    }
}

/// Where a catalog that was begun anew keeps when that was.
const LOST_AT: &str = "lost_at";

/// What is said until everything is kept again.
pub(crate) const LOST_CATALOG: &str = "The catalog of this library was damaged or missing and the library carries no usable copy; a new one is being made. Your photos are not affected: the next sync or import recognises files that lie where they belong by their bytes. Until then they are not known.";

/// Whether the catalog was lost, and what the library holds is not known again: neither has a sync ended with everything kept, nor
/// does the catalog know every file that lies here.
pub(crate) fn has_lost_catalog(catalog: &Catalog, root: &Path) -> Result<bool> {
    if catalog.meta(LOST_AT)?.is_none() || catalog.has_complete_sync()? {
        return Ok(false);
    }
    Ok(catalog.last_complete()?.is_none() || holds_unknown_files(catalog, root)?)
}

/// Whether a file lies below a library that its catalog does not know; hidden ones and XMP files beside photos do not count.
/// Folders that cannot be read are passed over.
fn holds_unknown_files(catalog: &Catalog, root: &Path) -> Result<bool> {
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let Ok(kind) = entry.file_type() else { continue };
            let path = entry.path();
            if kind.is_dir() && path != root.join(STATE_FOLDER) {
                folders.push(path);
            } else if kind.is_file()
                && !is_beside(&entry.file_name().to_string_lossy())
                && let Ok(below) = path.strip_prefix(root)
                && !catalog.knows_path(&below.to_string_lossy().replace('\\', "/"))?
            {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn is_beside(name: &str) -> bool {
    name.starts_with('.') || name.to_lowercase().ends_with(".xmp")
}

/// Whether a file is there and not empty: a crash of the computer can leave an empty one.
pub(crate) fn has_content(path: &Path) -> Result<bool> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(metadata.len() > 0),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(target_error(error, path)),
    }
}

fn holds_more_than_its_state(root: &Path) -> bool {
    fs::read_dir(root).into_iter().flatten().flatten().any(|entry| entry.file_name() != STATE_FOLDER)
}

/// Copies a catalog beside the live one, under a name that nobody else uses. It is looked into there: shares break SQLite's locks.
fn fetch_copy(copy: &Path, live: &Path) -> Result<PathBuf> {
    let temporary = live.with_extension(format!("taking-{}", uuid::Uuid::new_v4()));
    let fetch = || -> std::io::Result<()> {
        fs::copy(copy, &temporary)?;
        File::options().write(true).open(&temporary)?.sync_all()
    };
    fetch().map_err(|error| target_error(error, live))?;
    Ok(temporary)
}

/// Puts the library's copy in the place of the live catalog if it is sound. A damaged one is set aside here, for whatever can still
/// be read out of it: a new one will be written over it in the library.
fn take_usable_copy(copy: &Path, live: &Path) -> Result<bool> {
    let temporary = fetch_copy(copy, live)?;
    let judged = Catalog::open(&temporary).and_then(|catalog| catalog.check_integrity());
    let moved = match judged {
        Ok(()) => fs::rename(&temporary, live).map_err(|error| target_error(error, live)).map(|()| true),
        Err(error) if error.code == Code::CatalogDamaged => set_aside_as(&temporary, live).map(|()| false),
        Err(error) => Err(error),
    };
    if moved.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    moved
}

fn take_copy(copy: &Path, live: &Path) -> Result<()> {
    let temporary = fetch_copy(copy, live)?;
    fs::rename(&temporary, live).map_err(|error| target_error(error, live))
}

/// As [`take_copy`], without a lock: whatever a run has put there meanwhile stays.
pub(crate) fn take_copy_for_looking(copy: &Path, live: &Path) -> Result<()> {
    let temporary = fetch_copy(copy, live)?;
    let taken = match fs::hard_link(&temporary, live) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(_) if !live.exists() => return fs::rename(&temporary, live).map_err(|error| target_error(error, live)),
        taken => taken,
    };
    let _ = fs::remove_file(&temporary);
    taken.map_err(|error| target_error(error, live))
}

/// Renames a catalog that is not used any more; nothing is deleted.
fn set_aside(live: &Path) -> Result<()> {
    set_aside_as(live, live)
}

/// Renames `catalog` to a name that tells that it once was `live`.
fn set_aside_as(catalog: &Path, live: &Path) -> Result<()> {
    let stamp = Utc::now().format("%Y%m%d-%H%M%S-%f");
    for suffix in ["", "-wal", "-shm"] {
        let from = PathBuf::from(format!("{}{suffix}", catalog.display()));
        if from.exists() {
            let to = PathBuf::from(format!("{}.set-aside-{stamp}{suffix}", live.display()));
            fs::rename(&from, &to).map_err(|error| target_error(error, &from))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use photokeep_model::{Filter, Receipt, RunKind};

    use super::*;

    #[test]
    fn an_import_of_a_part_does_not_make_a_lost_catalog_good() {
        let root = tempfile::tempdir().unwrap();
        let catalog = Catalog::in_memory().unwrap();
        let lost = || has_lost_catalog(&catalog, root.path()).unwrap();
        let complete = |kind| {
            let run = catalog.begin_run(kind, &Filter::default(), Utc::now()).unwrap();
            catalog.end_run(&Receipt { complete: true, ..Receipt::begin(run, kind, Utc::now()) }).unwrap();
        };
        assert!(!lost());
        catalog.set_meta(LOST_AT, "2026-11-22T12:00:00Z").unwrap();
        assert!(lost());
        let folder = root.path().join("photos/2020/01");
        fs::create_dir_all(&folder).unwrap();
        for name in ["a.jpg", "a.jpg.xmp", ".DS_Store"] {
            fs::write(folder.join(name), name).unwrap();
        }
        complete(RunKind::Import);
        assert!(lost(), "nobody knows a.jpg");
        fs::remove_file(folder.join("a.jpg")).unwrap();
        assert!(!lost(), "what is left is no photo");
        fs::write(folder.join("a.jpg"), "a").unwrap();
        complete(RunKind::Sync);
        assert!(!lost(), "all that Google has is kept");
    }

    #[test]
    fn a_copy_is_judged_beside_the_live_catalog_and_a_damaged_one_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let (copy, live) = (folder.path().join("copy"), folder.path().join("catalog.sqlite"));
        Catalog::open(&copy).unwrap().set_meta("library", "x").unwrap();
        assert!(take_usable_copy(&copy, &live).unwrap());
        assert_eq!(Catalog::open(&live).unwrap().meta("library").unwrap().as_deref(), Some("x"));
        fs::remove_file(&live).unwrap();
        fs::write(&copy, b"hello".repeat(3000)).unwrap();
        assert!(!take_usable_copy(&copy, &live).unwrap());
        let kept = fs::read_dir(folder.path()).unwrap().flatten().filter(|entry| entry.path() != copy);
        let kept: Vec<_> = kept.filter(|entry| fs::read(entry.path()).unwrap() == b"hello".repeat(3000)).collect();
        assert_eq!(kept.len(), 1, "{kept:?}");
        // A copy that cannot be read at all proves nothing.
        fs::remove_file(&copy).unwrap();
        fs::create_dir(&copy).unwrap();
        assert!(take_usable_copy(&copy, &live).is_err());
    }

    #[test]
    fn looking_never_replaces_what_a_run_made_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let (copy, live) = (folder.path().join("copy"), folder.path().join("catalog.sqlite"));
        fs::write(&copy, "copy").unwrap();
        take_copy_for_looking(&copy, &live).unwrap();
        assert_eq!(fs::read(&live).unwrap(), b"copy");
        fs::write(&live, "of a run").unwrap();
        take_copy_for_looking(&copy, &live).unwrap();
        assert_eq!(fs::read(&live).unwrap(), b"of a run");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing temporary is left");
    }
}
