//! Taking into the library what a comparison found to be missing in it.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::Utc;
use photokeep_compare::{FileList, Narrowing, Verdict};
use photokeep_library::{Library, LibraryNamer, OptionChanges};
use photokeep_model::{Error, Filter, Plan, Progress, Receipt, Result, RunKind};
use photokeep_sync::sources::folder::{Folder, FolderFile};
use photokeep_sync::{Control, SyncOptions, dry_run, sync};

use crate::account::must_be_writable;
use crate::app::App;
use crate::compare::Compared;

/// Which of the missing files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// All.
    All,
    /// Those that the person chose in the list.
    Chosen,
}

/// Files of a folder that a comparison found missing in a library.
#[derive(Clone)]
pub struct MissingFiles {
    pub(crate) library: PathBuf,
    pub(crate) folder: PathBuf,
    pub(crate) files: Vec<FolderFile>,
    pub(crate) bytes: u64,
}

impl MissingFiles {
    fn source(&self) -> Folder {
        Folder::new(self.folder.clone(), self.files.clone())
    }
}

/// What adding or uploading came to.
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
    pub async fn plan_add(&self, files: &MissingFiles, progress: Arc<dyn Progress>, control: Control) -> Result<Plan> {
        let library = Library::open_existing(&files.library, &self.home)?;
        let namer = LibraryNamer::new(library.facts(), &library.options_with(&OptionChanges::default())?);
        let (scratch, free) = (library.scratch_catalog()?, library.free_bytes());
        let gate = self.gate(progress, control);
        let found = dry_run(scratch, &namer, &files.source(), &Filter::default(), &gate, Utc::now(), free).await?;
        Ok(Plan { estimated_bytes: Some(files.bytes), ..found.plan })
    }

    /// Copies the missing files of a comparison into the library, each content once. Nothing in the folder is changed. `control` pauses
    /// and stops it; what was copied is kept, and a later comparison does not find it missing any more.
    ///
    /// # Errors
    /// Trouble before anything could be done. Trouble after that is in [`AddEnd::error`], beside the receipt.
    pub async fn add_missing(&self, files: &MissingFiles, progress: Arc<dyn Progress>, control: Control) -> Result<AddEnd> {
        let library = Library::open_existing(&files.library, &self.home)?;
        must_be_writable(library.root())?;
        let gate = self.gate(progress, control);
        let options = SyncOptions { filter: Filter::default(), kind: RunKind::Add, now: Utc::now };
        let (library, outcome) = sync(library, &Arc::new(files.source()), &options, &gate, |_| {}).await;
        let forgotten = library.catalog.forget_unfetched_of_folders();
        let (receipt, error) = outcome?;
        // The receipt is worth more than the word that the next run has to tidy up.
        Ok(AddEnd { receipt, error: error.or(forgotten.err()) })
    }
}

impl Compared {
    /// The missing files. Of files with the same bytes the one that a group proposes to keep, or the first of those that are
    /// asked for.
    ///
    /// # Errors
    /// When the notes about the comparison cannot be read.
    pub fn missing_files(&self, which: Which) -> Result<MissingFiles> {
        let narrowing = Narrowing { chosen: which == Which::Chosen, ..Narrowing::default() };
        let list = FileList { verdict: Verdict::Missing, narrowing };
        let mut wanted = HashSet::new();
        if which == Which::Chosen {
            self.each_of(&list, |file| {
                wanted.insert(file.id);
                Ok(())
            })?;
        }
        let mut spared = HashSet::new();
        self.each_duplicate(|group| {
            let asked_for = group.files.iter().filter(|file| which == Which::All || wanted.contains(&file.id));
            spared.extend(asked_for.skip(1).map(|file| file.id));
            Ok(())
        })?;
        let (mut files, mut bytes) = (Vec::new(), 0);
        // Two names of one file on the disk are in no group.
        let mut met = HashSet::new();
        self.each_of(&list, |file| {
            if !spared.contains(&file.id) && file.hash.is_none_or(|hash| met.insert(hash)) {
                bytes += file.bytes;
                files.push(FolderFile { path: file.location, mime_type: file.mime_type });
            }
            Ok(())
        })?;
        Ok(MissingFiles { library: self.library().to_owned(), folder: self.folder.clone(), files, bytes })
    }
}
