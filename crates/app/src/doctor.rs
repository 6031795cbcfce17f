//! A check-up: the disk, the catalog, the sign-in, in sentences.

use std::path::Path;

use chrono::Utc;
use photokeep_library::{Glance, Library};
use photokeep_model::{Code, Error, Result, Silent};
use photokeep_sync::{Control, Source};
use serde::Serialize;
use std::sync::Arc;
use ts_rs::TS;

use crate::account::nobody;
use crate::app::App;
use crate::verify::open;

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// As it should be.
    Good,
    /// Worth knowing.
    Note,
    /// Worth thinking about before going on.
    Warning,
    /// Needs doing something.
    Bad,
}

/// One sentence of a check-up.
#[derive(Debug, Serialize)]
pub struct Finding {
    /// How it went.
    pub grade: Grade,
    /// The sentence.
    pub sentence: String,
    /// What to do.
    pub hint: Option<String>,
}

/// A check-up.
#[derive(Debug, Serialize)]
pub struct DoctorReport {
    /// Its sentences, in order.
    pub findings: Vec<Finding>,
    /// The code of the first finding that needs doing something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Code>,
}

impl DoctorReport {
    fn say(&mut self, grade: Grade, sentence: impl Into<String>) {
        self.findings.push(Finding { grade, sentence: sentence.into(), hint: None });
    }

    fn trouble(&mut self, error: Error) {
        self.trouble.get_or_insert(error.code);
        self.findings.push(Finding { grade: Grade::Bad, sentence: error.message, hint: error.hint });
    }
}

impl App {
    /// Checks disk, catalog and sign-in for real: the disk is probed anew, Google is asked for one page.
    ///
    /// # Errors
    /// When there is no library at all. Everything else is a finding.
    pub async fn doctor(&self, library: &Path) -> Result<DoctorReport> {
        let mut report = DoctorReport { findings: Vec::new(), trouble: None };
        let id = match open(self, library) {
            Ok(mut library) => {
                report.say(
                    Grade::Good,
                    format!("The library in {} is there and nobody else works on it.", library.root().display()),
                );
                for note in library.notes().to_vec() {
                    report.say(Grade::Note, note);
                }
                match library.catalog.check_integrity() {
                    Ok(()) if !library.has_lost_catalog().unwrap_or(false) => report.say(Grade::Good, "The catalog is sound."),
                    Ok(()) => {}
                    Err(error) => report.trouble(error),
                }
                match library.probe_again().map(|facts| facts.sentences()) {
                    Ok(sentences) => sentences.into_iter().for_each(|sentence| report.say(Grade::Note, sentence)),
                    Err(error) => report.trouble(error),
                }
                match library.link_kind() {
                    Ok(Some(kind)) => {
                        report.say(Grade::Good, format!("Album folders are made of this kind of entry: {}.", kind.as_str()))
                    }
                    Ok(None) => report.say(Grade::Note, "Album folders are switched off for this library."),
                    Err(error) => report.trouble(error),
                }
                library.id().to_owned()
            }
            Err(error) if error.code == Code::NoLibrary => return Err(error),
            Err(error) => {
                let id = self.look(library).map(|(id, _)| id);
                report.trouble(error);
                id?
            }
        };
        self.check_sign_in(&id, library, &mut report).await;
        examine(self, library, &mut report);
        Ok(report)
    }

    async fn check_sign_in(&self, id: &str, library: &Path, report: &mut DoctorReport) {
        match self.tokens(id).load() {
            Ok(Some((sign_in, place))) => {
                let account = sign_in.account.as_deref().unwrap_or("an account whose name Google did not tell");
                report.say(Grade::Good, format!("Signed in as {account} since {}.", sign_in.signed_in_at.format("%Y-%m-%d")));
                report.say(Grade::Note, place.sentence());
                if let Some(ends) = sign_in.refresh_expires_at {
                    let days = (ends - Utc::now()).num_days();
                    report.say(Grade::Note, format!("The sign-in ends in {days} days because the Google Cloud project is in \"Testing\"; publishing it ends that."));
                }
            }
            Ok(None) if self.is_fed_by_takeout_alone(library) => {
                return report
                    .say(Grade::Note, "Nobody is signed in, and this library needs no sign-in: it is made from Google Takeout.");
            }
            Ok(None) => return report.trouble(nobody(library)),
            Err(error) => return report.trouble(error),
        }
        let source = match self.source(id) {
            Ok(source) => source,
            Err(error) => return report.trouble(error),
        };
        let gate = self.gate(Arc::new(Silent), Control::default());
        match source.greet(&gate).await {
            Ok(()) => report.say(Grade::Good, format!("Google answers and accepts the sign-in ({}).", source.kind().as_str())),
            Err(error) => report.trouble(error),
        }
    }

    fn is_fed_by_takeout_alone(&self, library: &Path) -> bool {
        self.look(library).and_then(|(_, catalog)| catalog.is_fed_by_takeout_alone()).unwrap_or(false)
    }
}

/// Adds to a check-up what can be examined without writing to the library's disk: the catalog where the library could not be
/// opened for a run, its copy, a glance at the files.
fn examine(app: &App, library: &Path, report: &mut DoctorReport) {
    let inspection = match Library::inspect(library, app.home()) {
        Ok(inspection) => inspection,
        Err(error) => return report.trouble(error),
    };
    // Opened for a run, its catalog has been examined, and the first sentence is a good one.
    let opened = report.findings.first().is_some_and(|finding| finding.grade == Grade::Good);
    match inspection.catalog {
        _ if opened => {}
        Ok(()) => report.say(Grade::Good, "The catalog is sound."),
        Err(error) => report.trouble(error),
    }
    match inspection.copy {
        Some(Ok(made)) => {
            let made = made.map(|made| made.format(", made %Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default();
            report.say(Grade::Good, format!("The library carries a sound copy of the catalog{made}."));
        }
        Some(Err(error)) => report.findings.push(Finding {
            grade: Grade::Warning,
            sentence: format!("The copy of the catalog inside the library cannot be used: {}", error.message),
            hint: Some("The next sync that can write to the disk makes a new one.".into()),
        }),
        None if inspection.glance.there => {
            report.say(Grade::Note, "The library carries no copy of its catalog yet; the next sync puts one there.");
        }
        // Its disk is away; that has been said.
        None => {}
    }
    glanced(report, inspection.glance, library);
}

fn glanced(report: &mut DoctorReport, glance: Glance, library: &Path) {
    match glance {
        Glance { there: false, .. } => {}
        Glance { looked_at: 0, .. } => report.say(Grade::Note, "No file is stored here yet."),
        Glance { missing: 0, looked_at, .. } => {
            let files = if looked_at == 1 { "1 stored file was".to_owned() } else { format!("{looked_at} stored files were") };
            report.say(Grade::Good, format!("{files} glanced at; nothing is missing."));
        }
        Glance { missing, looked_at, .. } => {
            let message = format!("Of {looked_at} stored files that were glanced at, {missing} are not there any more.");
            let hint = format!(
                "`photokeep sync {0}` fetches them again; `photokeep verify {0}` looks at every file.",
                library.display()
            );
            report.trouble(Error::new(Code::ItemFailed, message).hint(hint));
        }
    }
}
