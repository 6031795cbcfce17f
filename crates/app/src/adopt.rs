//! Making a library of a folder that gphotos-sync, gphotosync or rclone made: a plan, then taking its files in where they are.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{Local, Utc};
use photokeep_library::adopting::{AdoptOptions, Adopted, LeftAlone, LeftWhy, Maker, Survey, SurveyOptions, survey};
use photokeep_library::catalog::{EntryKind, RunEntry};
use photokeep_library::{Library, OptionChanges};
use photokeep_model::{Code, Counted, Error, Filter, Outcome, PathOptions, Phase, Progress, Receipt, Result, RunKind};
use photokeep_sync::Control;
use serde::Serialize;
use ts_rs::TS;

use crate::account::must_be_writable;
use crate::app::App;
use crate::run_log::RunLogKeeper;

/// What to adopt.
#[derive(Debug, Clone)]
pub struct AdoptRequest {
    /// The folder; it becomes the library.
    pub folder: PathBuf,
    /// The index of gphotos-sync, when it lies elsewhere: the file, or its folder.
    pub index: Option<PathBuf>,
}

/// What adopting would do.
#[derive(Debug, Clone, Serialize)]
pub struct AdoptPlan {
    /// The tool that made the folder.
    pub maker: Maker,
    /// How folders and names are made, and go on.
    pub layout: &'static str,
    /// The switches that differ from the layout's own ways.
    pub paths: PathOptions,
    /// Whether the index of gphotos-sync was read.
    pub indexed: bool,
    /// Photos and videos to take in.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Those of which it is known which item of Google Photos they are; the next sync finds the others by name and time.
    pub with_key: u64,
    /// Albums.
    pub albums: u64,
    /// Entries of album folders that are kept up to date from then on.
    pub links: u64,
    /// Items that the index knows and of which no file is there.
    pub not_on_disk: u64,
    /// What does not fit and is left alone.
    pub left: Vec<LeftAlone>,
    /// Sentences worth reading.
    pub notes: Vec<String>,
}

/// Things that do not fit, for one reason.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LeftByReason {
    /// Why, in a sentence that begins with a verb.
    pub why: &'static str,
    /// How many.
    pub count: u64,
    /// The first of them.
    pub examples: Vec<String>,
}

/// Examples given of each reason.
const EXAMPLES: usize = 20;

impl LeftByReason {
    /// Sorts what does not fit by reason.
    pub fn of(left: &[LeftAlone]) -> Vec<Self> {
        let mut sorted = BTreeMap::<LeftWhy, Vec<&LeftAlone>>::new();
        left.iter().for_each(|left| sorted.entry(left.why).or_default().push(left));
        let one = |(why, of_it): (LeftWhy, Vec<&LeftAlone>)| Self {
            why: why.sentence(),
            count: of_it.len() as u64,
            examples: of_it.iter().take(EXAMPLES).map(|left| left.path.clone()).collect(),
        };
        sorted.into_iter().map(one).collect()
    }
}

/// What adopting came to.
#[derive(Debug)]
pub struct AdoptEnd {
    /// What was done.
    pub receipt: Receipt,
    /// Albums' entries that are kept up to date from now on.
    pub links: u64,
    /// What does not fit and was left alone.
    pub left: Vec<LeftAlone>,
    /// Why it stopped before its end, if it did.
    pub error: Option<Error>,
}

impl App {
    /// Shows what adopting a folder would do. Nothing is read but names, sizes and the index; nothing is written.
    ///
    /// # Errors
    /// When the folder is like none that the tools make, or cannot be read.
    pub fn plan_adopt(&self, request: &AdoptRequest) -> Result<AdoptPlan> {
        let survey = self.surveyed(request)?;
        self.can_be_adopted(request, &survey)?;
        must_be_writable(&request.folder)?;
        Ok(plan_of(&survey))
    }

    /// Adopts a folder, on this thread and a few more. `control` pauses and stops it; the next time goes on where it stopped.
    ///
    /// # Errors
    /// Trouble before anything could be done. Trouble after that is in [`AdoptEnd::error`], beside the receipt.
    pub fn adopt(
        &self,
        request: &AdoptRequest,
        progress: &dyn Progress,
        control: &Control,
        on_plan: impl FnOnce(&AdoptPlan),
    ) -> Result<AdoptEnd> {
        progress.event(&photokeep_model::Event::Phase { phase: Phase::Planning });
        let survey = self.surveyed(request)?;
        let mut library = self.open_to_adopt(request, &survey)?;
        must_be_writable(library.root())?;
        on_plan(&plan_of(&survey));
        let now = Utc::now();
        let log = RunLogKeeper::begin(self, library.id(), library.root(), RunKind::Adopt, control);
        let run = library.catalog.begin_run(RunKind::Adopt, &Filter::default(), now)?;
        let mut receipt = Receipt::begin(run, RunKind::Adopt, now);
        library.recover(run)?;
        let readers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get).min(4);
        let options = AdoptOptions { readers, may_go_on: &|| control.may_go_on() };
        let mut adopted = Adopted::default();
        let error = library.adopt(run, &survey, &options, &log.listen(progress), &mut adopted).err();
        log.end(Some(run), error.as_ref());
        let mut left = survey.left.clone();
        left.append(&mut adopted.left);
        receipt.listed = survey.files.len() as u64;
        (receipt.added, receipt.added_bytes, receipt.already) = (adopted.files, adopted.bytes, adopted.known);
        (receipt.albums, receipt.doubtful) = (adopted.albums, adopted.doubtful);
        receipt.skipped = counted(&left);
        receipt.notes = notes_of(&survey);
        receipt.notes.extend(library.notes().iter().cloned());
        receipt.outcome = error.as_ref().map_or(Outcome::Done, |error| Outcome::Stopped { code: error.code });
        receipt.ended = Utc::now();
        library.catalog.transaction(|catalog| {
            left.iter().try_for_each(|left| {
                let reason = Some(left.why.sentence());
                catalog.add_entry(run, &RunEntry { what: EntryKind::Skipped, item: None, path: Some(&left.path), reason })
            })
        })?;
        library.catalog.end_run(&receipt)?;
        let saved = library.save_catalog_copy(receipt.ended);
        Ok(AdoptEnd { receipt, links: adopted.links, left, error: error.or(saved.err()) })
    }

    /// Makes the folder a library, without taking anything in yet: for whoever wants to show it before.
    ///
    /// # Errors
    /// As [`App::adopt`].
    pub fn prepare_adopt(&self, request: &AdoptRequest) -> Result<()> {
        let survey = self.surveyed(request)?;
        must_be_writable(self.open_to_adopt(request, &survey)?.root())
    }

    fn surveyed(&self, request: &AdoptRequest) -> Result<Survey> {
        let wall_clock = |instant: chrono::DateTime<Utc>| instant.with_timezone(&Local).naive_local();
        survey(&request.folder, &SurveyOptions { index: request.index.clone(), wall_clock: &wall_clock })
    }

    /// Makes the folder a library with the tree's own layout; or opens the one that an adoption began.
    fn open_to_adopt(&self, request: &AdoptRequest, survey: &Survey) -> Result<Library> {
        if self.home.find(&request.folder)?.is_none() {
            Library::check_place(&request.folder)?;
            return Library::open_or_create(&request.folder, &self.home, survey.options.clone(), false);
        }
        let mut library = Library::open_existing(&request.folder, &self.home)?;
        if !library.catalog.has_files()? {
            drop(library);
            library = Library::open_or_create(&request.folder, &self.home, survey.options.clone(), false)?;
        }
        if Some(library.options().layout) != survey.options.layout {
            return Err(of_another_layout());
        }
        Ok(library)
    }

    /// Whether the folder can become a library, or is one that an adoption began.
    fn can_be_adopted(&self, request: &AdoptRequest, survey: &Survey) -> Result<()> {
        if self.home.find(&request.folder)?.is_none() {
            return Library::check_place(&request.folder);
        }
        let (_, catalog) = self.look(&request.folder)?;
        if catalog.has_files()? && Some(Library::options_of(&catalog)?.layout) != survey.options.layout {
            return Err(of_another_layout());
        }
        Ok(())
    }
}

fn of_another_layout() -> Error {
    Error::new(Code::Usage, "This folder is a library of Photokeep already, with another layout. Nothing was changed.").hint(
        "Adopting is for folders that another tool made. For what you put here yourself: photokeep compare LIBRARY FOLDER --add",
    )
}

fn plan_of(survey: &Survey) -> AdoptPlan {
    let OptionChanges { layout, paths, .. } = &survey.options;
    AdoptPlan {
        maker: survey.maker,
        layout: layout.unwrap_or_default().as_str(),
        paths: paths.clone(),
        indexed: survey.indexed,
        files: survey.files.len() as u64,
        bytes: survey.bytes(),
        with_key: survey.files.iter().filter(|file| file.key.is_some()).count() as u64,
        albums: survey.albums.len() as u64,
        links: survey.links(),
        not_on_disk: survey.not_on_disk,
        left: survey.left.clone(),
        notes: notes_of(survey),
    }
}

fn notes_of(survey: &Survey) -> Vec<String> {
    let mut notes = survey.notes.clone();
    if survey.not_on_disk > 0 {
        notes.push(format!(
            "Items that the index of gphotos-sync knows and of which no file is here: {}. A sync fetches those that Google shows.",
            survey.not_on_disk
        ));
    }
    notes
}

fn counted(left: &[LeftAlone]) -> Vec<Counted> {
    let one = |left: LeftByReason| Counted { reason: left.why.into(), count: left.count };
    LeftByReason::of(left).into_iter().map(one).collect()
}
