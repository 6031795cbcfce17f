//! Taking into the library what a comparison found to be missing in it.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::Utc;
use photokeep_compare::Verdict;
use photokeep_library::{Library, LibraryNamer, OptionChanges};
use photokeep_model::{Error, Filter, Plan, Progress, Receipt, Result, RunKind};
use photokeep_sync::sources::folder::{Folder, FolderFile};
use photokeep_sync::{Control, SyncOptions, dry_run, sync};

use crate::account::must_be_writable;
use crate::app::App;
use crate::compare::{CompareRequest, Compared};

/// What adding came to.
#[derive(Debug)]
pub struct AddEnd {
    /// What was done.
    pub receipt: Receipt,
    /// Why it stopped before its end, if it did.
    pub error: Option<Error>,
}

impl App {
    /// Shows what adding the missing files of a comparison would do. Nothing is kept of it.
    ///
    /// # Errors
    /// When the library is worked on by somebody else, or cannot be read.
    pub async fn plan_add(
        &self,
        compared: &Compared,
        request: &CompareRequest,
        progress: Arc<dyn Progress>,
        control: Control,
    ) -> Result<Plan> {
        let library = Library::open_existing(&request.library, &self.home)?;
        let (source, bytes) = missing(compared, request)?;
        let namer = LibraryNamer::new(library.facts(), &library.options_with(&OptionChanges::default())?);
        let (scratch, free) = (library.scratch_catalog()?, library.free_bytes());
        let gate = self.gate(progress, control);
        let found = dry_run(scratch, &namer, &source, &Filter::default(), &gate, Utc::now(), free).await?;
        Ok(Plan { estimated_bytes: Some(bytes), ..found.plan })
    }

    /// Copies the missing files of a comparison into the library, each content once. Nothing in the folder is changed. `control` pauses
    /// and stops it; what was copied is kept, and a later comparison does not find it missing any more.
    ///
    /// # Errors
    /// Trouble before anything could be done. Trouble after that is in [`AddEnd::error`], beside the receipt.
    pub async fn add_missing(
        &self,
        compared: &Compared,
        request: &CompareRequest,
        progress: Arc<dyn Progress>,
        control: Control,
    ) -> Result<AddEnd> {
        let library = Library::open_existing(&request.library, &self.home)?;
        must_be_writable(library.root())?;
        let source = Arc::new(missing(compared, request)?.0);
        let gate = self.gate(progress, control);
        let options = SyncOptions { filter: Filter::default(), kind: RunKind::Add, now: Utc::now };
        let (library, outcome) = sync(library, &source, &options, &gate, |_| {}).await;
        library.catalog.forget_unfetched_of_folders()?;
        let (receipt, error) = outcome?;
        Ok(AddEnd { receipt, error })
    }
}

/// The missing files as a source, and their bytes. Of files with the same bytes the one that a group proposes to keep, or the first.
fn missing(compared: &Compared, request: &CompareRequest) -> Result<(Folder, u64)> {
    let mut spared = HashSet::new();
    compared.each_duplicate(|group| {
        spared.extend(group.locations.into_iter().skip(1));
        Ok(())
    })?;
    let (mut files, mut bytes) = (Vec::new(), 0);
    compared.each_file(Verdict::Missing, |file| {
        if !spared.contains(&file.location) {
            bytes += file.bytes;
            files.push(FolderFile { path: file.location, mime_type: file.mime_type });
        }
        Ok(())
    })?;
    let folder = request.folder.canonicalize().unwrap_or_else(|_| request.folder.clone());
    Ok((Folder::new(folder, files), bytes))
}
