//! The library's trash: list, restore, empty.

use std::path::Path;

use chrono::{DateTime, Utc};
use photokeep_model::{Code, Error, Result};
use serde::Serialize;
use ts_rs::TS;

use crate::app::App;
use crate::verify::open;

/// What to do with the trash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrashAction {
    /// Show it.
    List,
    /// Put files back: those whose former path is given, or all.
    Restore(Vec<String>),
    /// Delete for good.
    Empty,
}

/// What is in the trash, or what was done.
#[derive(Debug, Serialize, TS)]
pub struct TrashResponse {
    /// Files in the trash, restored or deleted.
    pub files: Vec<TrashFile>,
    /// Bytes of those.
    pub bytes: u64,
}

/// A file in the trash, or one that was.
#[derive(Debug, Serialize, TS)]
pub struct TrashFile {
    /// Where it was, below the library.
    pub path: String,
    /// Where it is now, when it was restored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
    /// Bytes.
    pub size: u64,
    /// Why it went there.
    pub reason: String,
    /// When.
    pub removed_at: Option<DateTime<Utc>>,
}

impl App {
    /// Lists, restores or empties the trash.
    ///
    /// # Errors
    /// When the library is busy, its disk cannot be written, or a path to restore is not in the trash.
    pub fn trash(&self, library: &Path, action: &TrashAction) -> Result<TrashResponse> {
        if *action == TrashAction::List {
            let (_, catalog) = self.look(library)?;
            let files: Vec<TrashFile> = catalog.trash()?.into_iter().map(|entry| trash_file(&entry, None)).collect();
            let bytes = files.iter().map(|file| file.size).sum();
            return Ok(TrashResponse { files, bytes });
        }
        let mut library = open(self, library)?;
        let before: Vec<_> = library.catalog.trash()?;
        let mut files = Vec::new();
        match action {
            TrashAction::Restore(paths) => {
                if let Some(unknown) = paths.iter().find(|path| !before.iter().any(|entry| entry.path == **path)) {
                    return Err(Error::new(Code::Usage, format!("`{unknown}` is not in the trash. Nothing was changed."))
                        .hint("`photokeep trash LIBRARY list` shows what is in it, with the names to use."));
                }
                for (was, now) in library.restore_from_trash(|entry| paths.is_empty() || paths.contains(&entry.path))? {
                    if let Some(entry) = before.iter().find(|entry| entry.path == was) {
                        files.push(trash_file(entry, Some(now)));
                    }
                }
                library.update_album_links(|_, _| {})?;
            }
            TrashAction::Empty => {
                library.empty_trash()?;
                files = before.iter().map(|entry| trash_file(entry, None)).collect();
            }
            TrashAction::List => {}
        }
        library.save_catalog_copy(Utc::now())?;
        let bytes = files.iter().map(|file| file.size).sum();
        Ok(TrashResponse { files, bytes })
    }
}

fn trash_file(entry: &photokeep_library::TrashEntry, now: Option<String>) -> TrashFile {
    TrashFile {
        path: entry.path.clone(),
        now,
        size: entry.size.unwrap_or(0),
        reason: entry.reason.clone(),
        removed_at: DateTime::from_timestamp(entry.removed_at, 0),
    }
}
