//! A library whose disk came back under another name: another drive letter under Windows, another mount point under Linux.
//!
//! Only the very disk is followed, known by the number that its file system was given when it was made. A copy of the library on
//! another disk carries the same mark, and is somebody's backup: nothing may ever be written to it by mistake.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::flush;
use crate::folder::{Home, Library};
use crate::mark::{absolute, read_mark};
use crate::platform::{self, Volume};

const FILE: &str = "disk.json";

/// Where a library lay when it was last open.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Lay {
    /// The number of its disk's file system.
    volume: String,
    /// Its folder on that disk.
    below: PathBuf,
}

impl Home {
    /// Where the library that was last seen at `root` is now: at `root`, unless its disk came back elsewhere.
    pub fn place_of(&self, root: &Path) -> PathBuf {
        let moved = || -> Option<PathBuf> {
            let full = absolute(root);
            // Also a disk that may not be looked at just now is no reason to look elsewhere.
            if read_mark(&full).ok()?.is_some() {
                return None;
            }
            let id = self.known_at(&full)?;
            let lay = serde_json::from_slice(&fs::read(self.library_folder(&id).join(FILE)).ok()?).ok()?;
            find(&lay, &id, platform::volumes())
        };
        moved()
            .inspect(|place| tracing::info!(place = %place.display(), "the library's disk came back elsewhere"))
            .unwrap_or_else(|| root.to_owned())
    }

    /// Remembers on which disk a library lies.
    pub(crate) fn remember_disk(&self, root: &Path, id: &str) {
        let Some(lay) = lay_of(root, platform::volumes()) else { return };
        let path = self.library_folder(id).join(FILE);
        let known = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Lay>(&bytes).ok());
        if known.as_ref() != Some(&lay)
            && let Err(error) = flush::write_atomically(&path, &serde_json::to_vec(&lay).unwrap_or_default())
        {
            tracing::warn!(%error, "not remembered on which disk the library lies");
        }
    }
}

/// The disk of a folder, and the folder on it.
fn lay_of(root: &Path, volumes: Vec<Volume>) -> Option<Lay> {
    let root = platform::plain(root);
    let volume = volumes
        .into_iter()
        .filter(|volume| root.starts_with(&volume.point))
        .max_by_key(|volume| volume.point.components().count())?;
    Some(Lay { below: root.strip_prefix(&volume.point).ok()?.to_owned(), volume: volume.number })
}

/// The one place where this disk is now with this library on it.
fn find(lay: &Lay, id: &str, volumes: Vec<Volume>) -> Option<PathBuf> {
    let mut places = volumes
        .into_iter()
        .filter(|volume| volume.number == lay.volume)
        .map(|volume| volume.point.join(&lay.below))
        .filter(|place| Library::is_library(place) && read_mark(place).ok().flatten().as_deref() == Some(id));
    let place = places.next()?;
    // Mounted twice, or cloned bit by bit: nobody can say which is meant.
    places.next().is_none().then_some(place)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::mark::create_mark;

    #[test]
    fn a_disk_is_followed_and_a_copy_on_another_disk_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let [before, now, backup] = ["E", "F", "G"].map(|letter| folder.path().join(letter));
        let id = uuid::Uuid::new_v4().to_string();
        for place in [&before, &now, &backup] {
            fs::create_dir_all(place.join("My photos")).unwrap();
        }
        let volume = |point: &Path, number: &str| Volume { point: point.to_owned(), number: number.to_owned() };
        let lay = lay_of(&before.join("My photos"), vec![volume(folder.path(), "system"), volume(&before, "stick")]).unwrap();
        assert_eq!(lay, Lay { volume: "stick".into(), below: "My photos".into() });

        create_mark(&backup.join("My photos"), &id).unwrap();
        let volumes = || vec![volume(folder.path(), "system"), volume(&now, "stick"), volume(&backup, "backup")];
        assert_eq!(find(&lay, &id, volumes()), None, "the stick is there, its library is not");
        create_mark(&now.join("My photos"), &id).unwrap();
        assert_eq!(find(&lay, &id, volumes()), Some(now.join("My photos")));
        assert_eq!(find(&lay, "another library", volumes()), None);
        assert_eq!(find(&lay, &id, vec![volume(&backup, "backup")]), None);
        assert_eq!(find(&lay, &id, vec![volume(&now, "stick"), volume(&backup, "stick")]), None, "which one is meant?");
    }

    #[test]
    fn a_library_that_is_where_it_was_is_not_looked_for() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path().join("home")).unwrap();
        assert_eq!(home.place_of(Path::new("/never/seen")), Path::new("/never/seen"));
        let root = folder.path().join("library");
        drop(Library::open_or_create(&root, &home, crate::OptionChanges::default(), false).unwrap());
        assert_eq!(home.place_of(&root), root);
    }
}
