//! What leaves the library goes to its own trash, on the user's word; only emptying the trash deletes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use photokeep_model::{Code, Error, ItemId, Result};
use serde::Serialize;

use crate::catalog::{Catalog, EntryKind, FileRow, FileState, RunEntry, TrashRow};
use crate::file_times::modified;
use crate::flush;
use crate::folder::{Library, STATE_FOLDER};
use crate::placing::{make_folders, rename_new};
use crate::target::{self, target_error};

/// A file in the trash.
pub type TrashEntry = TrashRow;

/// What emptying the trash did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Emptied {
    /// Files deleted.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// What one run moved to the trash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct MovedToTrash {
    /// Files moved.
    pub files: u64,
    /// Their bytes; `None` for runs of before this was written down.
    pub bytes: Option<u64>,
}

/// Where the catalog remembers the bytes that a run moved to the trash. The trash itself forgets them when it is emptied.
fn moved_bytes_key(run: i64) -> String {
    format!("trashed_bytes/{run}")
}

impl Library {
    /// What a run moved to the trash, whatever became of it since.
    ///
    /// # Errors
    /// Catalog errors.
    pub fn moved_to_trash(catalog: &Catalog, run: i64) -> Result<MovedToTrash> {
        let files = catalog.entry_count(run, EntryKind::Removed)?;
        let bytes = catalog.meta(&moved_bytes_key(run))?.and_then(|text| text.parse().ok());
        Ok(MovedToTrash { files, bytes: bytes.or((files == 0).then_some(0)) })
    }

    /// Where a file goes in the trash: its own path below a folder of its own, so that equal names never meet.
    pub(crate) fn trash_path(&self, path: &str, file: i64) -> String {
        let stamp = Utc::now().format("%Y%m%d-%H%M%S%3f");
        format!("{STATE_FOLDER}/trash/{stamp}-{file}/{path}")
    }

    /// Whether a file on the disk is still what was stored: by size and time, and by its bytes where those differ. A file that
    /// is not there is nobody's change.
    ///
    /// # Errors
    /// When the library's disk is gone.
    pub fn is_as_stored(&self, file: &FileRow) -> Result<bool> {
        let Some(path) = &file.path else { return Ok(true) };
        let full = target::join(self.root(), path)?;
        let metadata = match fs::symlink_metadata(&full) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(true),
            Err(_) => return self.check_still_there().map(|()| false),
        };
        let looks_so = metadata.is_file() && file.size == Some(metadata.len()) && file.mtime == Some(modified(&metadata));
        if looks_so && file.state == FileState::Stored {
            return Ok(true);
        }
        Ok(metadata.is_file() && photokeep_media::hash_file(&full).is_ok_and(|(hash, _)| Some(hash.0) == file.hash))
    }

    /// Moves a stored file to the trash and remembers that the user removed its item here.
    ///
    /// # Errors
    /// When the disk or the catalog cannot be written. Then the file is still where it was, or is settled at the next start.
    pub fn move_to_trash(&mut self, run: i64, file: &FileRow, reason: &str, now: DateTime<Utc>) -> Result<()> {
        let path = file.path.clone().ok_or_else(|| Error::new(Code::Internal, "A stored file has no path."))?;
        let from = target::join(self.root(), &path)?;
        let trash_path = self.trash_path(&path, file.id);
        let to = target::join(self.root(), &trash_path)?;
        let id = self.catalog.announce_trash(
            file.item,
            Some(file.id),
            &path,
            &trash_path,
            file.size,
            file.hash,
            reason,
            now.timestamp(),
        )?;
        let mut touched = BTreeSet::new();
        if let Some(parent) = to.parent() {
            make_folders(self.root(), parent, &mut touched).map_err(|error| target_error(error, parent))?;
        }
        if let Err(error) = rename_new(&from, &to) {
            self.catalog.drop_trash(id)?;
            return Err(target_error(error, &from));
        }
        touched.extend(from.parent().map(Path::to_owned));
        flush::folders(&touched)?;
        self.catalog.transaction(|catalog| {
            catalog.mark_trashed(id)?;
            catalog.set_file_state(file.id, FileState::Trashed)?;
            catalog.set_removed(file.item, Some(now.timestamp()))?;
            let key = moved_bytes_key(run);
            let before = catalog.meta(&key)?.map_or(Some(0), |text| text.parse::<u64>().ok());
            // A size that is not known makes the sum unknown, not smaller.
            let sum = before.zip(file.size).map_or_else(|| "unknown".to_owned(), |(before, size)| (before + size).to_string());
            catalog.set_meta(&key, &sum)?;
            catalog.add_entry(
                run,
                &RunEntry { what: EntryKind::Removed, item: Some(file.item), path: Some(&path), reason: Some(reason) },
            )
        })
    }

    /// Puts files of the trash back. A file whose place is taken comes back under the next free name.
    /// Returns path in the trash's words and path now, for each.
    ///
    /// # Errors
    /// When the disk or the catalog cannot be written.
    pub fn restore_from_trash(&mut self, choose: impl Fn(&TrashEntry) -> bool) -> Result<Vec<(String, String)>> {
        self.settle_trash()?;
        let mut restored = Vec::new();
        for entry in self.catalog.trash()?.into_iter().filter(|entry| entry.moved && choose(entry)) {
            let from = target::join(self.root(), &entry.trash_path)?;
            if fs::symlink_metadata(&from).is_err() {
                self.catalog.drop_trash(entry.id)?;
                continue;
            }
            let path = self.free_path(&entry.path, entry.file)?;
            let to = target::join(self.root(), &path)?;
            let collision_key = self.rules().collision_key(&path);
            if let Some(file) = entry.file {
                // Announced first, so that a kill in between leaves a file that is found under its name.
                self.catalog.name_file(file, &path, &collision_key)?;
            }
            let mut touched = BTreeSet::new();
            if let Some(parent) = to.parent() {
                make_folders(self.root(), parent, &mut touched).map_err(|error| target_error(error, parent))?;
            }
            rename_new(&from, &to).map_err(|error| target_error(error, &from))?;
            flush::folders(&touched)?;
            self.catalog.transaction(|catalog| {
                if let Some(file) = entry.file {
                    catalog.set_file_state(file, FileState::Stored)?;
                    catalog.set_removed(entry.item, None)?;
                }
                catalog.drop_trash(entry.id)
            })?;
            self.remove_empty_trash_folders(&entry.trash_path);
            restored.push((entry.path, path));
        }
        Ok(restored)
    }

    fn free_path(&self, wanted: &str, file: Option<i64>) -> Result<String> {
        let rules = self.rules();
        let (folder, name) = wanted.rsplit_once('/').unwrap_or(("", wanted));
        let mut path = wanted.to_owned();
        for number in 2..u32::MAX {
            let free_on_disk = fs::symlink_metadata(target::join(self.root(), &path)?).is_err();
            let free_in_catalog = self.catalog.holder_of(&rules.collision_key(&path))?.is_none_or(|holder| Some(holder) == file);
            if free_on_disk && free_in_catalog {
                return Ok(path);
            }
            path = format!("{folder}/{}", rules.numbered(name, number));
        }
        Err(Error::new(Code::ItemFailed, "No free name is left for this file."))
    }

    /// Deletes what is in the trash for good. Tombstones stay: what was removed here is not brought back.
    ///
    /// # Errors
    /// When the disk or the catalog cannot be written; what was deleted until then is deleted.
    pub fn empty_trash(&mut self) -> Result<Emptied> {
        self.settle_trash()?;
        let mut emptied = Emptied::default();
        for entry in self.catalog.trash()?.into_iter().filter(|entry| entry.moved) {
            let full = target::join(self.root(), &entry.trash_path)?;
            match fs::remove_file(&full) {
                Ok(()) => {
                    emptied.files += 1;
                    emptied.bytes += entry.size.unwrap_or(0);
                }
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(target_error(error, &full)),
            }
            self.catalog.drop_trash(entry.id)?;
            self.remove_empty_trash_folders(&entry.trash_path);
        }
        Ok(emptied)
    }

    fn remove_empty_trash_folders(&self, trash_path: &str) {
        let mut path = trash_path;
        while let Some((parent, _)) = path.rsplit_once('/') {
            if parent == STATE_FOLDER {
                break;
            }
            let Ok(full) = target::join(self.root(), parent) else { break };
            // Not empty yet is the usual reason to stop.
            if fs::remove_dir(full).is_err() {
                break;
            }
            path = parent;
        }
    }

    /// What `prune` would remove: stored files that Google, asked by id, no longer has, with the key to ask by.
    ///
    /// # Errors
    /// Catalog errors.
    pub fn removal_candidates(&self) -> Result<Vec<(FileRow, String)>> {
        self.catalog.files_gone_at_source()
    }

    /// Every number and key an item has at a source.
    ///
    /// # Errors
    /// Catalog errors.
    pub fn keys_of(&self, item: ItemId, source: photokeep_model::SourceKind) -> Result<Vec<(i64, String)>> {
        self.catalog.keys_of(item, source)
    }
}
