//! Moving to trash what Google no longer has, on the user's word.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::Utc;
use photokeep_library::catalog::FileRow;
use photokeep_model::{Counted, Progress, Result, RunKind};
use photokeep_sync::{Control, plan_removal, remove};
use serde::Serialize;

use crate::app::App;
use crate::run_log::RunLogKeeper;
use crate::verify::open;

/// What to prune.
#[derive(Debug, Clone)]
pub struct PruneRequest {
    /// The library's folder.
    pub library: PathBuf,
    /// Only show.
    pub dry_run: bool,
}

/// What pruning would do, or did.
#[derive(Debug, Serialize)]
pub struct PruneResponse {
    /// The files.
    pub files: Vec<PrunedFile>,
    /// Their bytes.
    pub bytes: u64,
    /// Whether they were moved to the trash.
    pub moved: bool,
    /// Items that were thought to be gone and that Google has after all.
    pub back: u64,
    /// Files of `files` that could not be moved, by reason.
    pub failed: Vec<Counted>,
    /// Files whose items are gone too, but that are no longer what was stored: they stay where they are.
    pub changed: Vec<PrunedFile>,
}

/// A file to move to trash.
#[derive(Debug, Serialize)]
pub struct PrunedFile {
    /// Path below the library.
    pub path: String,
    /// Bytes.
    pub size: u64,
}

impl App {
    /// Works out what Google no longer has, shows it to `confirm`, and moves it to trash when that says yes.
    ///
    /// # Errors
    /// When the last sync was not whole, nobody is signed in, Google cannot be reached, or the disk cannot be written.
    pub async fn prune(
        &self,
        request: &PruneRequest,
        progress: Arc<dyn Progress>,
        confirm: impl FnOnce(&PruneResponse) -> bool,
    ) -> Result<PruneResponse> {
        let mut library = open(self, &request.library)?;
        // A file that a killed run moved already must not be planned again.
        library.settle_trash()?;
        self.must_be_signed_in(library.id(), &request.library)?;
        let source = self.source(library.id())?;
        let gate = self.gate(progress, Control::default());
        let plan = plan_removal(&mut library, source.as_ref(), &gate).await?;
        let shown = |files: &[FileRow]| -> Vec<PrunedFile> {
            let one = |file: &FileRow| PrunedFile { path: file.path.clone().unwrap_or_default(), size: file.size.unwrap_or(0) };
            files.iter().map(one).collect()
        };
        let mut response = PruneResponse {
            files: shown(&plan.files),
            bytes: plan.bytes,
            moved: false,
            back: plan.back,
            failed: Vec::new(),
            changed: shown(&plan.changed),
        };
        if request.dry_run || plan.files.is_empty() || !confirm(&response) {
            return Ok(response);
        }
        let log = RunLogKeeper::begin(self, library.id(), library.root(), RunKind::Prune, &Control::default());
        let removed = remove(&mut library, &plan, Utc::now());
        log.end(removed.as_ref().ok().map(|done| done.receipt.run), removed.as_ref().err());
        response.failed = removed?.receipt.failed;
        response.moved = true;
        Ok(response)
    }
}
