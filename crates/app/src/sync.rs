//! Syncing a library, or showing what a sync would do.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::Utc;
use photokeep_library::{Library, LibraryNamer, OptionChanges};
use photokeep_model::{Error, Filter, Plan, Progress, Receipt, Result, RunKind};
use photokeep_sync::sources::library_api::check_filter;
use photokeep_sync::{Control, SyncOptions, dry_run, sync};
use serde::Serialize;

use crate::account::{must_be_writable, must_not_be_a_file, nobody};
use crate::app::App;
use crate::run_log::RunLogKeeper;

/// What to sync.
#[derive(Debug, Clone, Default)]
pub struct SyncRequest {
    /// The library's folder; made when it is new.
    pub library: PathBuf,
    /// What to take in.
    pub filter: Filter,
    /// Options of the library to set.
    pub changes: OptionChanges,
    /// Begin again although the folder was emptied.
    pub start_over: bool,
    /// This is a `retry`: same run, other name in the history.
    pub retry: bool,
}

/// What a sync came to.
#[derive(Debug)]
pub struct SyncEnd {
    /// What was done.
    pub receipt: Receipt,
    /// Why it stopped before its end, if it did.
    pub error: Option<Error>,
    /// The library's folder.
    pub library: PathBuf,
}

/// What a front end gets.
#[derive(Debug, Serialize)]
pub struct SyncResponse<'a> {
    /// What was done.
    pub receipt: &'a Receipt,
    /// Why it stopped before its end.
    pub error: Option<&'a Error>,
}

impl App {
    /// Syncs a library with the Library API. `control` pauses and stops it.
    ///
    /// # Errors
    /// Trouble before anything could be done. Trouble after that is in [`SyncEnd::error`], beside the receipt.
    pub async fn sync(
        &self,
        request: &SyncRequest,
        progress: Arc<dyn Progress>,
        control: Control,
        on_plan: impl FnOnce(&Plan),
    ) -> Result<SyncEnd> {
        check_filter(&request.filter)?;
        // Whether somebody is signed in decides first: without, no folder is made.
        must_not_be_a_file(&request.library)?;
        if !request.start_over && self.home.find(&request.library)?.is_none() {
            return Err(nobody(&request.library));
        }
        let library = Library::open_or_create(&request.library, &self.home, request.changes.clone(), request.start_over)?;
        self.must_be_signed_in(library.id(), &request.library)?;
        must_be_writable(library.root())?;
        let source = self.source(library.id())?;
        let kind = if request.retry { RunKind::Retry } else { RunKind::Sync };
        let log = RunLogKeeper::begin(self, library.id(), library.root(), kind, &control);
        let gate = self.gate(Arc::new(log.listen(progress)), control);
        let options = SyncOptions { filter: request.filter.clone(), kind, now: Utc::now };
        let root = library.root().to_owned();
        let planned = |plan: &Plan| {
            log.planned(plan);
            on_plan(plan);
        };
        let (_library, outcome) = sync(library, &source, &options, &gate, planned).await;
        match &outcome {
            Ok((receipt, error)) => log.end(Some(receipt.run), error.as_ref()),
            Err(error) => log.end(None, Some(error)),
        }
        let (receipt, error) = outcome?;
        Ok(SyncEnd { receipt, error, library: root })
    }

    /// Shows what a sync would do. Nothing is kept of it.
    ///
    /// # Errors
    /// As [`App::sync`].
    pub async fn plan_sync(&self, request: &SyncRequest, progress: Arc<dyn Progress>, control: Control) -> Result<Plan> {
        check_filter(&request.filter)?;
        let id = self.home.find(&request.library)?.ok_or_else(|| nobody(&request.library))?;
        self.must_be_signed_in(&id, &request.library)?;
        let source = self.source(&id)?;
        let library = Library::open_existing(&request.library, &self.home)?;
        let gate = self.gate(progress, control);
        let options = library.options_with(&request.changes)?;
        let namer = LibraryNamer::new(library.facts(), &options);
        let scratch = library.scratch_catalog()?;
        let free = library.free_bytes();
        let mut filter = request.filter.clone();
        filter.skip_shared_albums |= options.skip_shared_albums;
        Ok(dry_run(scratch, &namer, source.as_ref(), &filter, &gate, Utc::now(), free).await?.plan)
    }
}
