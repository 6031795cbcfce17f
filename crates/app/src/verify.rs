//! Every file against its hash.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::Utc;
use photokeep_library::{Library, VerifyOptions};
use photokeep_model::{Code, Counted, Error, Filter, Outcome, Progress, Receipt, Result, RunKind};
use photokeep_sync::Control;
use serde::Serialize;

use crate::app::App;
use crate::run_log::RunLogKeeper;

/// What to verify.
#[derive(Debug, Clone)]
pub struct VerifyRequest {
    /// The library's folder.
    pub library: PathBuf,
    /// Take files that differ as the ones to keep.
    pub accept: bool,
}

/// What verifying found.
#[derive(Debug, Serialize)]
pub struct VerifyResponse {
    /// Whether every file is what was stored, and the catalog knows them all.
    pub sound: bool,
    /// Files compared.
    pub files: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Files taken as they are now.
    pub accepted: u64,
    /// Album links that are not there or lead elsewhere.
    pub broken_links: u64,
    /// What is not as it should be.
    pub findings: Vec<VerifyFinding>,
    /// Sentences about opening the library: a catalog that was restored, a disk that is only read.
    pub notes: Vec<String>,
}

/// A file that is not as it should be.
#[derive(Debug, Serialize)]
pub struct VerifyFinding {
    /// Path below the library.
    pub path: String,
    /// `missing`, `damaged` or `unreadable`.
    pub kind: &'static str,
    /// More, in words.
    pub why: String,
}

impl App {
    /// Compares every stored file with the catalog, on this thread and a few more. `control` pauses and stops it.
    ///
    /// # Errors
    /// When the library is busy, its disk is away, or the catalog cannot be written; [`photokeep_model::Code::Cancelled`].
    pub fn verify(&self, request: &VerifyRequest, progress: &dyn Progress, control: &Control) -> Result<VerifyResponse> {
        let mut library = open(self, &request.library)?;
        if library.has_lost_catalog()? && !library.catalog.has_files()? {
            return Err(Error::new(
                Code::CatalogDamaged,
                "Nothing was compared: the catalog of this library was damaged or missing, and the new one knows no file yet.",
            )
            .hint("Run a sync, or import your Takeout archives again: files that lie where they belong are recognised by their bytes. Your photos are not affected."));
        }
        let now = Utc::now();
        let log = RunLogKeeper::begin(self, library.id(), library.root(), RunKind::Verify, control);
        let run = library.catalog.begin_run(RunKind::Verify, &Filter::default(), now)?;
        library.recover(run)?;
        let readers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get).min(4);
        let options = VerifyOptions { accept: request.accept, readers, may_go_on: &|| control.may_go_on() };
        let verified = library.verify(run, &options, &log.listen(progress));
        log.end(Some(run), verified.as_ref().err());
        let mut receipt = Receipt::begin(run, RunKind::Verify, now);
        receipt.ended = Utc::now();
        let report = match verified {
            Ok(report) => report,
            Err(error) => {
                receipt.outcome = Outcome::Stopped { code: error.code };
                library.catalog.end_run(&receipt)?;
                return Err(error);
            }
        };
        // What no catalog knows was not compared.
        let known = !library.has_lost_catalog()?;
        let sound = report.findings.is_empty() && report.broken_links == 0 && known;
        receipt.outcome = if report.findings.is_empty() { Outcome::Done } else { Outcome::SomeFailed };
        receipt.complete = sound;
        receipt.already = report.sound;
        receipt.notes = library.notes().to_vec();
        let mut kinds = BTreeMap::<&str, u64>::new();
        report.findings.iter().for_each(|finding| *kinds.entry(finding.kind.word()).or_default() += 1);
        receipt.failed = kinds.into_iter().map(|(reason, count)| Counted { reason: reason.into(), count }).collect();
        library.catalog.end_run(&receipt)?;
        match library.save_catalog_copy(receipt.ended) {
            // What was compared stands; the next run that can write renews the copy.
            Err(error) if matches!(error.code, Code::TargetReadOnly | Code::TargetFull) => {}
            saved => saved?,
        }
        Ok(VerifyResponse {
            notes: library.notes().to_vec(),
            sound,
            files: report.files,
            bytes: report.bytes,
            accepted: report.accepted,
            broken_links: report.broken_links,
            findings: report
                .findings
                .into_iter()
                .map(|finding| VerifyFinding { kind: finding.kind.word(), path: finding.path, why: finding.why })
                .collect(),
        })
    }
}

pub(crate) fn open(app: &App, library: &Path) -> Result<Library> {
    Library::open_existing(library, &app.home)
}
