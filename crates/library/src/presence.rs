//! A quick look whether the stored files are still there: name and size, no bytes. Every run begins with it, because
//! "complete" must not be said of files that have vanished. For the same reason whoever asks how the library stands gets at
//! least a glance, and whoever examines it (`doctor`) what can be told without writing to its disk.

use std::fs;
use std::io;
use std::path::Path;

use chrono::{DateTime, Utc};
use photokeep_model::Result;

use crate::catalog::{Catalog, FileState};
use crate::folder::{Home, Library, STATE_FOLDER};
use crate::mark::CATALOG_COPY;
use crate::target;

/// What the look found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Presence {
    /// Files looked at.
    pub looked_at: u64,
    /// Files that are not there any more; they are fetched again.
    pub missing: u64,
    /// Files whose size is not what was stored; left as they are.
    pub changed: u64,
    /// The first of those, for the note.
    pub changed_example: Option<String>,
}

/// Rows read from the catalog at a time.
const PAGE: u32 = 2_000;

/// What a glance found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Glance {
    /// The library's folder is there, with its mark.
    pub there: bool,
    /// Files glanced at.
    pub looked_at: u64,
    /// Of those, the ones that are not there any more.
    pub missing: u64,
}

/// What can be told of a library without writing to its disk.
#[derive(Debug)]
pub struct Inspection {
    /// Whether the live catalog is sound.
    pub catalog: Result<()>,
    /// The copy of the catalog that the library carries: when it was made (where it says so), or what is wrong with it. None
    /// while there is none, or while the disk is away.
    pub copy: Option<Result<Option<DateTime<Utc>>>>,
    /// A glance at the stored files.
    pub glance: Glance,
}

/// Files glanced at: all of a small library, a spread over a large one. A few milliseconds on a local disk.
const GLANCED: u32 = 500;

impl Library {
    /// Glances at the library in `root`: is it there, and are some of its files? Marks nothing; for whoever says how it stands.
    ///
    /// # Errors
    /// Catalog errors.
    pub fn glance(root: &Path, catalog: &Catalog) -> Result<Glance> {
        if !Self::is_library(root) {
            return Ok(Glance::default());
        }
        let (mut looked_at, mut missing) = (0, 0);
        for path in catalog.stored_spread(GLANCED)? {
            looked_at += 1;
            let gone = target::join(root, &path).map(|full| {
                let looked = fs::symlink_metadata(full);
                looked.is_err_and(|error| matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory))
            });
            missing += u64::from(gone?);
        }
        // Pulled out in the middle, everything vanishes.
        Ok(if Self::is_library(root) { Glance { there: true, looked_at, missing } } else { Glance::default() })
    }

    /// Examines what can be examined without writing to the library's disk and without its lock: also on a disk that can only
    /// be read, and while a run is under way.
    ///
    /// # Errors
    /// When there is no library, or its catalog cannot be opened.
    pub fn inspect(root: &Path, home: &Home) -> Result<Inspection> {
        let (_, catalog) = Self::look(root, home)?;
        let copy = root.join(STATE_FOLDER).join(CATALOG_COPY);
        let copy = copy.exists().then(|| {
            let copy = Catalog::open_read_only(&copy)?;
            copy.check_integrity()?;
            let made = copy.meta("copied_at")?.and_then(|text| DateTime::parse_from_rfc3339(&text).ok());
            Ok(made.map(|made| made.with_timezone(&Utc)))
        });
        Ok(Inspection { catalog: catalog.check_integrity(), copy, glance: Self::glance(root, &catalog)? })
    }

    /// Looks at every stored file; marks vanished ones so that they are fetched again. Changed ones are only reported.
    ///
    /// # Errors
    /// When the library's disk is gone or cannot be read.
    pub fn look_for_files(&mut self) -> Result<Presence> {
        self.mark_vanished(&self.catalog)
    }

    /// The same, marked in this catalog: the library's, or a copy of it for a plan.
    pub(crate) fn mark_vanished(&self, catalog: &Catalog) -> Result<Presence> {
        self.check_still_there()?;
        let mut presence = Presence::default();
        let mut after = String::new();
        loop {
            let rows = catalog.stored_by_path(&after, PAGE)?;
            let Some(last) = rows.last() else { break };
            after.clone_from(&last.1);
            let mut vanished = Vec::new();
            for (row, _) in &rows {
                let Some(path) = &row.path else { continue };
                presence.looked_at += 1;
                let full = target::join(self.root(), path)?;
                match fs::symlink_metadata(&full) {
                    Ok(metadata) if metadata.is_file() && Some(metadata.len()) == row.size => {}
                    // Fetched again by this run in any case.
                    Ok(_) if row.state == FileState::Stale => {}
                    Ok(_) => {
                        presence.changed += 1;
                        presence.changed_example.get_or_insert_with(|| path.clone());
                    }
                    Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                        vanished.push(row.id)
                    }
                    // One folder that may not be read must not end the run; a disk that is away must.
                    Err(_) => {
                        self.check_still_there()?;
                        presence.changed += 1;
                        presence.changed_example.get_or_insert_with(|| path.clone());
                    }
                }
            }
            if !vanished.is_empty() {
                // A disk that is pulled out in the middle makes everything vanish; then the mark is gone as well.
                self.check_still_there()?;
                presence.missing += vanished.len() as u64;
                catalog.transaction(|catalog| {
                    vanished.iter().try_for_each(|file| catalog.set_file_state(*file, FileState::Missing))
                })?;
            }
        }
        Ok(presence)
    }
}
