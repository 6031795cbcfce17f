//! Importing archives of Google Takeout from a window: choosing them, the plan, the import, and the lists behind its account.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use photokeep_library::catalog::Ended;
use photokeep_model::{Code, Error, Result, RunKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Desk;
use super::activity::Exported;
use super::folders::must_be_a_path;
use super::place::blocking;
use super::run_desk::RunEnd;
use super::runs::after_run;
use crate::boundary::{DeskEvent, Nothing, Sentences, sentences};
use crate::import::{ImportPlan, ImportRequest};

/// What to choose.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct PickArchives {
    /// A folder that holds archives or an unpacked export, instead of archives.
    pub folder: Option<bool>,
}

/// What was chosen.
#[derive(Debug, Serialize, TS)]
pub struct PickedArchives {
    /// Archives, or one folder; empty when nothing was chosen.
    pub paths: Vec<PathBuf>,
}

/// Of what to show a plan.
#[derive(Debug, Deserialize, TS)]
pub struct PlanImport {
    /// Archives, folders with archives, unpacked exports; in any order.
    pub paths: Vec<PathBuf>,
    /// Take exports that were made in the same second as one.
    #[serde(default)]
    #[ts(optional)]
    pub join: Option<bool>,
}

/// What to import.
#[derive(Debug, Deserialize, TS)]
pub struct StartImport {
    /// Archives, folders with archives, unpacked exports; in any order.
    pub paths: Vec<PathBuf>,
    /// Write what Google says beside the files, as XMP.
    pub xmp: bool,
    /// As it was planned.
    #[serde(default)]
    #[ts(optional)]
    pub join: Option<bool>,
}

/// How an entry of an archive ended: one for each number of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ArchiveEntryEnd {
    /// Its bytes are in the library since then.
    Stored,
    /// Its very bytes were in the library.
    Already,
    /// A sidecar.
    Sidecar,
    /// An album file.
    Album,
    /// One of Google's own lists and pages.
    Service,
    /// Of another product.
    Other,
    /// Left by a system beside the photos.
    Companion,
    /// Not taken, for a reason.
    Refused,
    /// Not settled yet.
    Open,
}

impl From<ArchiveEntryEnd> for Ended {
    fn from(end: ArchiveEntryEnd) -> Self {
        match end {
            ArchiveEntryEnd::Stored => Self::Stored,
            ArchiveEntryEnd::Already => Self::Already,
            ArchiveEntryEnd::Sidecar => Self::Sidecar,
            ArchiveEntryEnd::Album => Self::Album,
            ArchiveEntryEnd::Service => Self::Service,
            ArchiveEntryEnd::Other => Self::Other,
            ArchiveEntryEnd::Companion => Self::Companion,
            ArchiveEntryEnd::Refused => Self::Refused,
            ArchiveEntryEnd::Open => Self::Open,
        }
    }
}

/// Which list.
#[derive(Debug, Deserialize, TS)]
pub struct ArchiveEntriesRequest {
    /// The run.
    pub run: i64,
    /// How its entries ended.
    pub ended: ArchiveEntryEnd,
    /// How many to pass over.
    pub offset: u64,
    /// How many, at most 1,000.
    pub limit: u32,
}

/// A page of a list.
#[derive(Debug, Default, Serialize, TS)]
pub struct ArchiveEntries {
    /// Lines in all.
    pub total: u64,
    /// This page.
    pub rows: Vec<ArchiveEntry>,
    /// The reasons that have a code.
    pub sentences: Sentences,
}

/// An entry of an archive.
#[derive(Debug, Serialize, TS)]
pub struct ArchiveEntry {
    /// Name of the archive.
    pub archive: String,
    /// Path inside it.
    pub path: String,
    /// Bytes.
    pub bytes: u64,
    /// Why it ended so, if there is anything to say.
    pub reason: Option<String>,
    /// Path below the library of the file that has its bytes.
    pub file: Option<String>,
}

/// Of which import.
#[derive(Debug, Deserialize, TS)]
pub struct ImportReport {
    /// The run.
    pub run: i64,
}

/// Lets the person choose archives, or a folder with some.
pub(crate) async fn pick(desk: &Arc<Desk>, request: PickArchives) -> Result<PickedArchives> {
    let paths = if request.folder.unwrap_or(false) {
        desk.host.pick_folder(None).await?.into_iter().collect()
    } else {
        desk.host.pick_archives().await?
    };
    Ok(PickedArchives { paths })
}

/// Paths as a person may give them: whole ones, each once.
fn checked(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut given: Vec<PathBuf> = Vec::new();
    for path in paths {
        must_be_a_path(path)?;
        if !given.contains(path) {
            given.push(path.clone());
        }
    }
    if given.is_empty() {
        return Err(Error::new(Code::Usage, "No archive was named. Nothing was imported.")
            .hint("Give the archives that Google made (takeout-….zip or .tgz), or the folder they lie in."));
    }
    Ok(given)
}

fn request(folder: &Path, paths: &[PathBuf], xmp: bool, join: Option<bool>) -> Result<ImportRequest> {
    let join = join.unwrap_or_default();
    Ok(ImportRequest { library: folder.to_owned(), paths: checked(paths)?, xmp, join, ..ImportRequest::default() })
}

/// Finds out what an import would do; the plan comes as part of the run's state.
pub(crate) async fn plan(desk: &Arc<Desk>, plan: PlanImport) -> Result<Nothing> {
    let place = desk.open_place()?;
    let request = request(&place.folder, &plan.paths, false, plan.join)?;
    desk.run.start(
        RunKind::Import,
        true,
        |progress, control, taker| async move {
            match place.app.plan_import(&request, progress, control).await {
                Ok(plan) => {
                    taker.take_import(plan, request.paths);
                    RunEnd { receipt: None, error: None }
                }
                Err(error) => RunEnd { receipt: None, error: Some(error) },
            }
        },
        || {},
    )?;
    Ok(Nothing {})
}

/// Imports archives.
pub(crate) async fn start(desk: &Arc<Desk>, start: StartImport) -> Result<Nothing> {
    let place = desk.open_place()?;
    let request = request(&place.folder, &start.paths, start.xmp, start.join)?;
    let after = after_run(desk);
    desk.run.start(
        RunKind::Import,
        false,
        |progress, control, taker| async move {
            let plan_taker = taker.clone();
            match place.app.import(&request, progress, control, move |plan| plan_taker.take(plan)).await {
                Ok(end) => {
                    let plan = ImportPlan::at_the_end(taker.plan(), &end);
                    taker.take_import(plan, request.paths);
                    RunEnd { receipt: Some(end.receipt), error: end.error }
                }
                Err(error) => RunEnd { receipt: None, error: Some(error) },
            }
        },
        after,
    )?;
    Ok(Nothing {})
}

/// Opens the list behind a number of an account.
pub(crate) async fn entries(desk: &Arc<Desk>, request: ArchiveEntriesRequest) -> Result<ArchiveEntries> {
    let place = desk.open_place()?;
    let page = place.look(move |catalog, _| {
        let limit = request.limit.clamp(1, 1_000);
        let (total, lines) = catalog.entries_page(request.run, request.ended.into(), request.offset, limit)?;
        let rows: Vec<ArchiveEntry> = lines
            .into_iter()
            .map(|line| ArchiveEntry {
                archive: line.part,
                path: line.path,
                bytes: line.size,
                reason: line.reason,
                file: line.file,
            })
            .collect();
        let reasons = sentences(rows.iter().filter_map(|row| row.reason.as_deref()));
        Ok(ArchiveEntries { total, rows, sentences: reasons })
    });
    Ok(page.await?.unwrap_or_default())
}

/// The person has heard of what exports could not give so far.
pub(crate) async fn accept(desk: &Arc<Desk>, _: Nothing) -> Result<Nothing> {
    desk.must_be_idle()?;
    let place = desk.open_place()?;
    blocking(move || place.app.accept_not_taken(&place.folder)).await?;
    desk.tell(DeskEvent::Library);
    Ok(Nothing {})
}

/// Makes the report of an import, how every entry ended, and lets the person choose where it is saved.
pub(crate) async fn report(desk: &Arc<Desk>, request: ImportReport) -> Result<Exported> {
    let place = desk.open_place()?;
    let name = format!("photokeep-import-{}.csv", request.run);
    let content = blocking(move || {
        let failed = |error| Error::new(Code::Internal, "The report could not be made.").source(error);
        // The report is written to a file by the engine; here it is wanted as text, so the file is a passing one.
        let file = tempfile::NamedTempFile::new().map_err(failed)?;
        place.app.write_import_report(&place.folder, request.run, file.path())?;
        std::fs::read(file.path()).map_err(failed)
    })
    .await?;
    desk.export(name, content).await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn paths_are_whole_and_each_is_given_once() {
        let root = if cfg!(windows) { "C:\\" } else { "/" };
        let archive = Path::new(root).join("takeout-001.zip");
        assert_eq!(checked(&[archive.clone(), archive.clone()]).unwrap(), [archive]);
        assert_eq!(checked(&[PathBuf::from("takeout-001.zip")]).unwrap_err().code, Code::Usage);
        assert_eq!(checked(&[]).unwrap_err().code, Code::Usage);
    }

    #[test]
    fn every_end_of_an_entry_has_its_list() {
        let ends = [
            ArchiveEntryEnd::Stored,
            ArchiveEntryEnd::Already,
            ArchiveEntryEnd::Sidecar,
            ArchiveEntryEnd::Album,
            ArchiveEntryEnd::Service,
            ArchiveEntryEnd::Other,
            ArchiveEntryEnd::Companion,
            ArchiveEntryEnd::Refused,
            ArchiveEntryEnd::Open,
        ];
        assert_eq!(ends.map(Ended::from), Ended::ALL);
        for end in ends {
            assert_eq!(serde_json::to_value(end).unwrap(), Ended::from(end).as_str());
        }
    }
}
