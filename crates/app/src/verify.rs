//! Every file against its hash.

use std::path::{Path, PathBuf};

use chrono::Utc;
use photokeep_library::Library;
use photokeep_model::{Filter, Outcome, Progress, Receipt, Result, RunKind};
use serde::Serialize;

use crate::app::App;

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
    /// Whether every file is what was stored.
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
    /// Compares every stored file with the catalog.
    ///
    /// # Errors
    /// When the library is busy, its disk is away, or the catalog cannot be written.
    pub fn verify(&self, request: &VerifyRequest, progress: &dyn Progress) -> Result<VerifyResponse> {
        let mut library = open(self, &request.library)?;
        let now = Utc::now();
        let run = library.catalog.begin_run(RunKind::Verify, &Filter::default(), now)?;
        library.recover(run)?;
        let readers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get).min(4);
        let report = library.verify(run, request.accept, readers, progress)?;
        let mut receipt = Receipt::begin(run, RunKind::Verify, now);
        receipt.outcome = if report.findings.is_empty() { Outcome::Done } else { Outcome::SomeFailed };
        receipt.already = report.sound;
        receipt.ended = Utc::now();
        library.catalog.end_run(&receipt)?;
        library.save_catalog_copy(receipt.ended)?;
        Ok(VerifyResponse {
            sound: report.findings.is_empty() && report.broken_links == 0,
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
