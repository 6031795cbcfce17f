//! What a killed run left behind is finished or taken back before the next one begins. Nothing needs repair by hand.
//!
//! Announced files get their name if their bytes are whole, else they are wanted again. Announced moves to trash and
//! announced links are settled by looking at the disk. Temporary files are removed only when their name says that this
//! library made them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use photokeep_model::Result;

use crate::catalog::{EntryKind, FileRow, FileState, RunEntry, TrashRow};
use crate::flush;
use crate::folder::{Library, STATE_FOLDER};
use crate::placing::{is_whole_target, make_folders, remove_temporary, rename_new};
use crate::target::{self, target_error};

/// What was found and settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recovered {
    /// Files whose placing was finished.
    pub finished: u64,
    /// Files whose placing was taken back; they are fetched again.
    pub taken_back: u64,
    /// Temporary files removed.
    pub swept: u64,
}

impl Library {
    /// Settles whatever an interrupted run left. Call it once, before a run changes anything.
    ///
    /// # Errors
    /// When disk or catalog cannot be read or written.
    pub fn recover(&mut self, run: i64) -> Result<Recovered> {
        let mut recovered = Recovered::default();
        self.settle_trash()?;
        self.catalog.forget_unfetched_of_folders()?;
        loop {
            let placing = self.catalog.files_in_state(FileState::Placing, 0, 500)?;
            if placing.is_empty() {
                break;
            }
            for row in placing {
                let finished = match self.finish_placing(run, &row) {
                    Ok(finished) => finished,
                    // One file that the disk does not let go on must not keep the library shut.
                    Err(error) => {
                        let error = self.narrowed(error);
                        if is_whole_target(&error) {
                            return Err(error);
                        }
                        tracing::warn!(path = row.path, %error, "an announced file could not be finished");
                        self.take_back(&row)?;
                        false
                    }
                };
                if finished {
                    recovered.finished += 1;
                } else {
                    recovered.taken_back += 1;
                }
            }
        }
        self.settle_links()?;
        recovered.swept = self.sweep()?;
        Ok(recovered)
    }

    /// Finishes an announced file if its bytes are whole under either name; true when it is stored now.
    fn finish_placing(&mut self, run: i64, row: &FileRow) -> Result<bool> {
        let temp = self.temporary(row.id);
        let Some(path) = row.path.clone() else {
            self.take_back(row)?;
            return Ok(false);
        };
        let full = target::join(self.root(), &path)?;
        let mut touched = BTreeSet::new();
        if !is_whole(&full, row) {
            if !is_whole(&temp, row) || fs::symlink_metadata(&full).is_ok() {
                self.take_back(row)?;
                return Ok(false);
            }
            if let Some(parent) = full.parent() {
                make_folders(self.root(), parent, &mut touched).map_err(|error| target_error(error, parent))?;
            }
            rename_new(&temp, &full).map_err(|error| target_error(error, &full))?;
        }
        flush::files(std::slice::from_ref(&full)).map_err(|error| target_error(error, &full))?;
        touched.extend(full.parent().map(Path::to_owned));
        flush::folders(&touched)?;
        let mtime = self.set_time_if_possible(&full, row.taken)?;
        self.catalog.transaction(|catalog| {
            catalog.mark_stored(row.id, run, mtime, false)?;
            catalog.forget_link_targets(&path)?;
            catalog.add_entry(
                run,
                &RunEntry {
                    what: EntryKind::Added,
                    item: Some(row.item),
                    path: Some(&path),
                    reason: Some("finished after an interruption"),
                },
            )
        })?;
        Ok(true)
    }

    /// An announced file is to be fetched again: its bytes were lost with the power, or an older version still holds the name.
    fn take_back(&self, row: &FileRow) -> Result<()> {
        let held = match &row.path {
            Some(path) => fs::symlink_metadata(target::join(self.root(), path)?).is_ok(),
            None => false,
        };
        if held { self.catalog.mark_superseded(row.id) } else { self.catalog.set_file_state(row.id, FileState::Wanted) }
    }

    /// Settles moves into and out of the trash that a killed run announced and did not record: done, or never happened.
    ///
    /// # Errors
    /// When disk or catalog cannot be read or written.
    pub fn settle_trash(&mut self) -> Result<()> {
        for entry in self.catalog.trash()? {
            let in_trash = fs::symlink_metadata(target::join(self.root(), &entry.trash_path)?).is_ok();
            match (entry.moved, in_trash) {
                (true, true) => {}
                (false, false) => self.catalog.drop_trash(entry.id)?,
                (false, true) => self.catalog.transaction(|catalog| {
                    catalog.mark_trashed(entry.id)?;
                    if let Some(file) = entry.file {
                        catalog.set_file_state(file, FileState::Trashed)?;
                        catalog.set_removed(entry.item, Some(entry.removed_at))?;
                    }
                    Ok(())
                })?,
                // Put back, or deleted by somebody else: the file's own place tells.
                (true, false) => {
                    self.finish_restoring(&entry)?;
                }
            }
        }
        Ok(())
    }

    /// Takes note that a file of the trash lies in its place again. Gives that place; nothing when it is not there.
    pub(crate) fn finish_restoring(&mut self, entry: &TrashRow) -> Result<Option<String>> {
        let Some(row) = entry.file.map(|file| self.catalog.file(file)).transpose()?.flatten() else { return Ok(None) };
        let Some(path) = row.path.clone().filter(|_| row.state == FileState::Trashed) else { return Ok(None) };
        let full = target::join(self.root(), &path)?;
        if !is_whole(&full, &row) {
            return Ok(None);
        }
        if let Some(folder) = full.parent() {
            flush::folder(folder).map_err(|error| target_error(error, folder))?;
        }
        self.catalog.transaction(|catalog| {
            catalog.set_file_state(row.id, FileState::Stored)?;
            catalog.set_removed(entry.item, None)?;
            catalog.drop_trash(entry.id)
        })?;
        Ok(Some(path))
    }

    /// Removes temporary files of ours that no download can go on with, and probe folders that a kill left.
    fn sweep(&mut self) -> Result<u64> {
        let state = self.root().join(STATE_FOLDER);
        let mut swept = 0;
        let tmp = state.join("tmp");
        if !tmp.exists() {
            return Ok(swept);
        }
        let prefix = self.temporary_prefix();
        for entry in fs::read_dir(&tmp).map_err(|error| target_error(error, &tmp))?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let ours = name.starts_with(&prefix) && name.ends_with(".part");
            let of_catalog = name.starts_with("catalog-") && name.contains(".sqlite");
            if !ours && !of_catalog {
                continue;
            }
            let file = name
                .strip_prefix(&prefix)
                .and_then(|rest| rest.strip_suffix(".part"))
                .and_then(|number| number.parse::<i64>().ok());
            if let Some(file) = file
                && self.catalog.has_partial(file)?
            {
                continue;
            }
            remove_temporary(&entry.path())?;
            swept += 1;
        }
        swept += u64::from(remove_temporary_if_there(&state.join("library.writing"))?);
        remove_empty_folders(&state.join("trash"));
        for entry in fs::read_dir(&state).map_err(|error| target_error(error, &state))?.flatten() {
            if entry.file_name().to_string_lossy().starts_with("probe-") && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                // Made by a probe of ours that was killed; a failure to remove it is found again by the next start.
                let _ = fs::remove_dir_all(entry.path());
                swept += 1;
            }
        }
        Ok(swept)
    }
}

/// What an interrupted writing of the library's mark left. True when there was something.
fn remove_temporary_if_there(path: &Path) -> Result<bool> {
    // Asked first: a disk that can only be read refuses to remove even what is not there.
    if fs::symlink_metadata(path).is_err() {
        return Ok(false);
    }
    remove_temporary(path).map(|()| true)
}

/// Folders of the trash, all of them ours, from which everything was put back or deleted.
fn remove_empty_folders(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_empty_folders(&entry.path());
        }
    }
    // Not empty is the usual reason to stay.
    let _ = fs::remove_dir(folder);
}

/// Whether a path holds just the bytes that were announced.
fn is_whole(path: &Path, row: &FileRow) -> bool {
    let size_fits = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file() && Some(metadata.len()) == row.size);
    size_fits && photokeep_media::hash_file(path).is_ok_and(|(hash, _)| Some(hash.0) == row.hash)
}
