//! Comparing a folder with the library from a window: the comparison, the lists it came to, what the person chose in them, and what
//! is done with that.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use photokeep_compare::{
    Choice, DuplicateGroup, Duplicates, Extra, FileList, FileResult, ListName, Narrowing, Narrowings, Numbers, PassedOver,
    Summary,
};
use photokeep_library::ComparisonTree;
use photokeep_model::{Code, Error, Result, RunKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Desk;
use super::activity::{Exported, ReportFormat};
use super::folders::must_be_a_path;
use super::place::{Place, blocking};
use super::run_desk::RunEnd;
use super::runs::after_run;
use crate::add::Which;
use crate::boundary::Nothing;
use crate::compare::{CompareRequest, Compared, PastComparison};
use crate::upload::UploadPlan;

/// Lines of a list at once.
const MOST: u32 = 1_000;

/// What to compare with the library.
#[derive(Debug, Deserialize, TS)]
pub struct StartCompare {
    /// The folder.
    pub folder: PathBuf,
    /// Also find pictures that look alike, and may differ in this many of 256 bits.
    #[serde(default)]
    #[ts(optional)]
    pub similar: Option<u32>,
}

/// A comparison that came to its end.
#[derive(Debug, Serialize, TS)]
pub struct ShownComparison {
    /// What it is known by.
    pub key: String,
    /// The folder that was compared.
    pub folder: PathBuf,
    /// Whether the folder is there now.
    pub is_there: bool,
    /// When it ended.
    pub ended: DateTime<Utc>,
    /// In numbers.
    pub summary: Summary,
    /// Files that are missing and that the person chose.
    pub chosen: Numbers,
}

/// Which comparison.
#[derive(Debug, Deserialize, TS)]
pub struct WhichComparison {
    /// What it is known by.
    pub key: String,
}

/// A page of a list of files.
#[derive(Debug, Deserialize, TS)]
pub struct ComparedFilesRequest {
    /// What the comparison is known by.
    pub key: String,
    /// Which files.
    pub list: FileList,
    /// How many to pass over.
    pub offset: u64,
    /// How many, at most 1,000.
    pub limit: u32,
}

/// A page of a list of files.
#[derive(Debug, Serialize, TS)]
pub struct ComparedFiles {
    /// The whole list; only with its first page.
    pub all: Option<Numbers>,
    /// This page, in the order of their paths.
    pub rows: Vec<FileResult>,
}

/// A page of what only the library has, or of what is there twice.
#[derive(Debug, Deserialize, TS)]
pub struct NarrowedPage {
    /// What the comparison is known by.
    pub key: String,
    /// What of the list is wanted.
    pub narrowing: Narrowing,
    /// How many to pass over.
    pub offset: u64,
    /// How many, at most 1,000.
    pub limit: u32,
}

/// A page of what only the library has.
#[derive(Debug, Serialize, TS)]
pub struct ComparedExtra {
    /// The whole list; only with its first page.
    pub all: Option<Numbers>,
    /// This page, in the order of their paths.
    pub rows: Vec<Extra>,
}

/// A page of what is there twice.
#[derive(Debug, Serialize, TS)]
pub struct ComparedDuplicates {
    /// The whole list; only with its first page.
    pub all: Option<Duplicates>,
    /// This page, the groups with the most to spare first.
    pub rows: Vec<DuplicateGroup>,
}

/// A page of what was passed over.
#[derive(Debug, Deserialize, TS)]
pub struct ComparedPage {
    /// What the comparison is known by.
    pub key: String,
    /// How many to pass over.
    pub offset: u64,
    /// How many, at most 1,000.
    pub limit: u32,
}

/// What a list can be narrowed to.
#[derive(Debug, Deserialize, TS)]
pub struct NarrowingsRequest {
    /// What the comparison is known by.
    pub key: String,
    /// Which list.
    pub list: ListName,
}

/// What is chosen from now on.
#[derive(Debug, Deserialize, TS)]
pub struct ChooseFiles {
    /// What the comparison is known by.
    pub key: String,
    /// The list the person looks at.
    pub list: FileList,
    /// These of it, at most 1,000.
    #[serde(default)]
    #[ts(optional)]
    pub files: Option<Vec<i64>>,
    /// Or a stretch of it: its first one, counted from nought, and how many. Without either all of it.
    #[serde(default)]
    #[ts(optional)]
    pub stretch: Option<(u64, u64)>,
    /// Whether they are chosen, or no longer.
    pub chosen: bool,
}

/// What to add to the library, or to upload.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AddMissing {
    /// What the comparison is known by.
    pub key: String,
    /// Only what the person chose.
    pub chosen: bool,
}

/// What to upload to Google Photos.
#[derive(Debug, Deserialize, TS)]
pub struct UploadMissing {
    /// What the comparison is known by.
    pub key: String,
    /// Only what the person chose.
    pub chosen: bool,
    /// Title of the album they are put into.
    #[serde(default)]
    #[ts(optional)]
    pub album: Option<String>,
}

/// Links that were made to what a comparison found.
#[derive(Debug, Serialize, TS)]
pub struct ComparisonLinks {
    /// Where they lie.
    pub folder: PathBuf,
    /// Links made.
    pub made: u64,
    /// Links that were there and are right.
    pub kept: u64,
    /// Links of an earlier comparison that were taken away.
    pub removed: u64,
    /// Links of an earlier comparison that are something else now, and stayed.
    pub left_alone: u64,
    /// Links that could not be made.
    pub failed: u64,
    /// Why one of them could not be made.
    pub example: Option<String>,
}

/// A report to be taken away.
#[derive(Debug, Deserialize, TS)]
pub struct CompareReport {
    /// What the comparison is known by.
    pub key: String,
    /// In which form.
    pub format: ReportFormat,
}

/// One file of the folder.
#[derive(Debug, Deserialize, TS)]
pub struct ComparedFileRequest {
    /// What the comparison is known by.
    pub key: String,
    /// Its number in the comparison.
    pub file: i64,
}

/// Compares a folder with the library.
pub(crate) async fn start(desk: &Arc<Desk>, start: StartCompare) -> Result<Nothing> {
    must_be_a_path(&start.folder)?;
    let place = desk.open_place()?;
    desk.run.start(
        RunKind::Compare,
        false,
        |progress, control, _| async move {
            let compared = blocking(move || {
                let request = CompareRequest { library: place.folder.clone(), folder: start.folder, similar: start.similar };
                place.app.compare(&request, progress.as_ref(), &control).map(drop)
            });
            RunEnd { receipt: None, error: compared.await.err() }
        },
        || {},
    )?;
    Ok(Nothing {})
}

/// All folders that were compared with this library, the latest first.
pub(crate) async fn list(desk: &Arc<Desk>, _: Nothing) -> Result<Vec<PastComparison>> {
    let place = desk.open_place()?;
    blocking(move || match place.app.past_comparisons(&place.folder) {
        Ok(all) => Ok(all),
        Err(error) if error.code == Code::NoLibrary => Ok(Vec::new()),
        Err(error) => Err(error),
    })
    .await
}

/// One comparison.
pub(crate) async fn show(desk: &Arc<Desk>, which: WhichComparison) -> Result<ShownComparison> {
    look(desk, which.key, shown).await
}

/// A page of the files with a verdict.
pub(crate) async fn files(desk: &Arc<Desk>, request: ComparedFilesRequest) -> Result<ComparedFiles> {
    look(desk, request.key, move |compared| {
        let all = if request.offset == 0 {
            Some(compared.comparison.numbers_of(request.list.verdict.into(), &request.list.narrowing)?)
        } else {
            None
        };
        let rows = compared.comparison.files(&request.list, request.offset, request.limit.clamp(1, MOST))?;
        Ok(ComparedFiles { all, rows })
    })
    .await
}

/// A page of what the library has and the folder has not.
pub(crate) async fn extra(desk: &Arc<Desk>, page: NarrowedPage) -> Result<ComparedExtra> {
    look(desk, page.key, move |compared| {
        let all = |narrowing| compared.comparison.numbers_of(ListName::Extra, narrowing);
        let all = (page.offset == 0).then(|| all(&page.narrowing)).transpose()?;
        Ok(ComparedExtra { all, rows: compared.comparison.extra(&page.narrowing, page.offset, page.limit.clamp(1, MOST))? })
    })
    .await
}

/// A page of the groups of files with the same bytes.
pub(crate) async fn duplicates(desk: &Arc<Desk>, page: NarrowedPage) -> Result<ComparedDuplicates> {
    look(desk, page.key, move |compared| {
        let all = (page.offset == 0).then(|| compared.comparison.duplicate_numbers(&page.narrowing)).transpose()?;
        let rows = compared.comparison.duplicates(&page.narrowing, page.offset, page.limit.clamp(1, MOST))?;
        Ok(ComparedDuplicates { all, rows })
    })
    .await
}

/// A page of what was passed over.
pub(crate) async fn passed_over(desk: &Arc<Desk>, page: ComparedPage) -> Result<Vec<PassedOver>> {
    look(desk, page.key, move |compared| compared.comparison.passed_over(page.offset, page.limit.clamp(1, MOST))).await
}

/// What a list can be narrowed to.
pub(crate) async fn narrowings(desk: &Arc<Desk>, request: NarrowingsRequest) -> Result<Narrowings> {
    look(desk, request.key, move |compared| compared.comparison.narrowings(request.list)).await
}

/// Chooses files, or takes the choice back; answers what is chosen of what is missing.
pub(crate) async fn choose(desk: &Arc<Desk>, request: ChooseFiles) -> Result<Numbers> {
    if request.files.as_ref().is_some_and(|files| files.len() > MOST as usize) {
        return Err(Error::new(Code::Usage, "At most 1,000 files can be named at once."));
    }
    look(desk, request.key, move |compared| {
        let which = match (&request.files, request.stretch) {
            (Some(files), _) => Choice::These(files),
            (None, Some((first, count))) => Choice::Stretch { first, count },
            (None, None) => Choice::All,
        };
        compared.comparison.choose(&request.list, which, request.chosen)?;
        chosen(&compared)
    })
    .await
}

/// Finds out what adding missing files to the library would do; the plan comes as part of the run's state.
pub(crate) async fn plan_add(desk: &Arc<Desk>, add: AddMissing) -> Result<Nothing> {
    let (place, which) = (desk.open_place()?, which(add.chosen));
    desk.run.start(
        RunKind::Add,
        true,
        |progress, control, taker| async move {
            taker.take_adding(&add);
            let planned = async {
                let missing = opened(&place, add.key, move |compared| compared.missing_files(which)).await?;
                place.app.plan_add(&missing, progress, control).await
            };
            match planned.await {
                Ok(plan) => {
                    taker.take(&plan);
                    RunEnd { receipt: None, error: None }
                }
                Err(error) => RunEnd { receipt: None, error: Some(error) },
            }
        },
        || {},
    )?;
    Ok(Nothing {})
}

/// Copies missing files into the library, then compares again: the lists are as true as before.
pub(crate) async fn add(desk: &Arc<Desk>, add: AddMissing) -> Result<Nothing> {
    let (place, which) = (desk.open_place()?, which(add.chosen));
    let after = after_run(desk);
    desk.run.start(
        RunKind::Add,
        false,
        |progress, control, taker| async move {
            taker.take_adding(&add);
            let added = async {
                let library = place.folder.clone();
                let (missing, request) = opened(&place, add.key, move |compared| {
                    let similar = compared.summary.similar;
                    let missing = compared.missing_files(which)?;
                    Ok((missing, CompareRequest { library, folder: compared.folder, similar }))
                })
                .await?;
                let end = place.app.add_missing(&missing, progress.clone(), control.clone()).await?;
                let again = blocking(move || place.app.compare(&request, progress.as_ref(), &control).map(drop)).await;
                if let Err(error) = again {
                    // What was added is in the receipt; the lists are made anew with the next comparison.
                    tracing::info!(%error, "the comparison after adding did not end");
                }
                Ok(end)
            };
            match added.await {
                Ok(end) => RunEnd { receipt: Some(end.receipt), error: end.error },
                Err(error) => RunEnd { receipt: None, error: Some(error) },
            }
        },
        after,
    )?;
    Ok(Nothing {})
}

/// Shows what uploading missing files to Google Photos would do.
pub(crate) async fn plan_upload(desk: &Arc<Desk>, add: AddMissing) -> Result<UploadPlan> {
    let place = desk.open_place()?;
    let app = place.app.clone();
    opened(&place, add.key, move |compared| app.plan_upload(&compared.missing_files(which(add.chosen))?)).await
}

/// Uploads missing files to Google Photos.
pub(crate) async fn upload(desk: &Arc<Desk>, upload: UploadMissing) -> Result<Nothing> {
    let (place, which) = (desk.open_place()?, which(upload.chosen));
    let after = after_run(desk);
    desk.run.start(
        RunKind::Upload,
        false,
        |progress, control, _| async move {
            let uploaded = async {
                let missing = opened(&place, upload.key, move |compared| compared.missing_files(which)).await?;
                place.app.upload_missing(&missing, upload.album.as_deref(), progress, control).await
            };
            match uploaded.await {
                Ok(end) => RunEnd { receipt: Some(end.receipt), error: end.error },
                Err(error) => RunEnd { receipt: None, error: Some(error) },
            }
        },
        after,
    )?;
    Ok(Nothing {})
}

/// Makes links to what a comparison found, in the library's folder `comparison`.
pub(crate) async fn links(desk: &Arc<Desk>, which: WhichComparison) -> Result<ComparisonLinks> {
    desk.must_be_idle()?;
    let place = desk.open_place()?;
    blocking(move || {
        let compared = place.app.compared(&place.folder, &which.key)?.ok_or_else(no_such_comparison)?;
        let ComparisonTree { made, kept, removed, left_alone, failed, example, .. } = compared.make_links(&place.app)?;
        let folder = place.folder.join(photokeep_library::COMPARISON_FOLDER);
        Ok(ComparisonLinks { folder, made, kept, removed, left_alone, failed, example })
    })
    .await
}

/// Makes the report of a comparison and lets the person choose where it is saved.
pub(crate) async fn report(desk: &Arc<Desk>, request: CompareReport) -> Result<Exported> {
    let ending = request.format.ending();
    let name = format!("photokeep-comparison.{ending}");
    let content = look(desk, request.key, move |compared| {
        let failed = |error| Error::new(Code::Internal, "The report could not be made.").source(error);
        // The report is written to a file by the engine; here it is wanted as text, so the file is a passing one.
        let folder = tempfile::tempdir().map_err(failed)?;
        let file = folder.path().join(format!("report.{ending}"));
        compared.write_report(&file)?;
        std::fs::read(&file).map_err(failed)
    })
    .await?;
    desk.export(name, content).await
}

/// Shows a file of the folder in the system's file manager.
pub(crate) async fn reveal(desk: &Arc<Desk>, request: ComparedFileRequest) -> Result<Nothing> {
    let path = look(desk, request.key, move |compared| {
        let file = compared.comparison.file_to_show(request.file)?.ok_or_else(no_such_file)?;
        Ok(compared.folder.join(file.location))
    })
    .await?;
    if !path.exists() {
        return Err(Error::new(Code::FolderGone, "The file is not there at the moment.")
            .hint("Connect the disk or the share it lies on, and compare again.")
            .detail("path", path.display()));
    }
    desk.host.reveal(&path)?;
    Ok(Nothing {})
}

fn which(chosen: bool) -> Which {
    if chosen { Which::Chosen } else { Which::All }
}

fn chosen(compared: &Compared) -> Result<Numbers> {
    compared.comparison.numbers_of(ListName::Missing, &Narrowing { chosen: true, ..Narrowing::default() })
}

fn shown(compared: Compared) -> Result<ShownComparison> {
    let chosen = chosen(&compared)?;
    let is_there = compared.folder.is_dir();
    Ok(ShownComparison {
        key: compared.key,
        folder: compared.folder,
        is_there,
        ended: compared.ended,
        summary: compared.summary,
        chosen,
    })
}

/// Looks at a comparison, on a thread that may wait for the disk.
async fn look<T: Send + 'static>(
    desk: &Arc<Desk>,
    key: String,
    work: impl FnOnce(Compared) -> Result<T> + Send + 'static,
) -> Result<T> {
    opened(&desk.open_place()?, key, work).await
}

async fn opened<T: Send + 'static>(
    place: &Arc<Place>,
    key: String,
    work: impl FnOnce(Compared) -> Result<T> + Send + 'static,
) -> Result<T> {
    let place = place.clone();
    blocking(move || work(place.app.compared(&place.folder, &key)?.ok_or_else(no_such_comparison)?)).await
}

fn no_such_comparison() -> Error {
    Error::new(Code::Usage, "This comparison is not there any more.").hint("Compare the folder again.")
}

fn no_such_file() -> Error {
    Error::new(Code::Usage, "This file is not in the comparison any more.").hint("Compare the folder again.")
}
