//! Moving to trash what Google no longer has, on the user's word.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::Utc;
use photokeep_model::{Progress, Result};
use photokeep_sync::{plan_removal, remove};
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use crate::app::App;
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
        let source = self.source(library.id())?;
        let gate = self.gate(progress, CancellationToken::new());
        let plan = plan_removal(&mut library, source.as_ref(), &gate).await?;
        let files = plan
            .files
            .iter()
            .map(|file| PrunedFile { path: file.path.clone().unwrap_or_default(), size: file.size.unwrap_or(0) })
            .collect();
        let mut response = PruneResponse { files, bytes: plan.bytes, moved: false, back: plan.back };
        if request.dry_run || plan.files.is_empty() || !confirm(&response) {
            return Ok(response);
        }
        remove(&mut library, &plan, Utc::now())?;
        response.moved = true;
        Ok(response)
    }
}
