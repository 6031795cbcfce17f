//! What the command line tells beyond the app's answers, from the library and the sign-in: only read, nothing decided.

use std::path::Path;

use photokeep_app::model::{Code, Error, Result};
use photokeep_app::{App, DoctorReport, Finding, Grade};
use photokeep_google::TokenStore;
use photokeep_library::{Glance, Library, MovedToTrash};

use crate::environment;
use crate::words::count;

/// What somebody should know whose sign-in shows only own uploads.
pub const OWN_UPLOADS: &str = "Google shows this sign-in only what Photokeep itself uploaded. For photos uploaded in other ways use a Google Takeout export (takeout.google.com).";

/// Whether Google granted the library's sign-in no more than what Photokeep itself uploaded. False when nobody is signed in or
/// that cannot be read: `doctor` tells those.
pub fn own_uploads_only(app: &App, library: &Path) -> bool {
    let Ok((id, _)) = Library::look(library, app.home()) else { return false };
    let kept = TokenStore::new(app.home().path(), &id, environment::keychain()).load();
    kept.ok().flatten().is_some_and(|(sign_in, _)| sign_in.own_uploads_only())
}

/// What a run moved to the trash.
///
/// # Errors
/// Catalog errors.
pub fn moved_to_trash(app: &App, library: &Path, run: i64) -> Result<MovedToTrash> {
    Library::moved_to_trash(&Library::look(library, app.home())?.1, run)
}

/// Adds to a check-up what can be examined without writing to the library's disk: the catalog where the library could not be
/// opened for a run, its copy, a glance at the files.
pub fn examine(app: &App, library: &Path, report: &mut DoctorReport) {
    let inspection = match Library::inspect(library, app.home()) {
        Ok(inspection) => inspection,
        Err(error) => return trouble(report, error),
    };
    // Opened for a run, its catalog has been examined, and the first sentence is a good one.
    let opened = report.findings.first().is_some_and(|finding| finding.grade == Grade::Good);
    match inspection.catalog {
        _ if opened => {}
        Ok(()) => say(report, Grade::Good, "The catalog is sound.", None),
        Err(error) => trouble(report, error),
    }
    match inspection.copy {
        Some(Ok(made)) => {
            let made = made.map(|made| made.format(", made %Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default();
            say(report, Grade::Good, format!("The library carries a sound copy of the catalog{made}."), None);
        }
        Some(Err(error)) => say(
            report,
            Grade::Warning,
            format!("The copy of the catalog inside the library cannot be used: {}", error.message),
            Some("The next sync that can write to the disk makes a new one.".into()),
        ),
        None if inspection.glance.there => {
            say(report, Grade::Note, "The library carries no copy of its catalog yet; the next sync puts one there.", None);
        }
        // Its disk is away; that has been said.
        None => {}
    }
    glanced(report, inspection.glance, library);
}

fn glanced(report: &mut DoctorReport, glance: Glance, library: &Path) {
    match glance {
        Glance { there: false, .. } => {}
        Glance { looked_at: 0, .. } => say(report, Grade::Note, "No file is stored here yet.", None),
        Glance { missing: 0, looked_at, .. } => {
            let files = count(looked_at, "stored file was", "stored files were");
            say(report, Grade::Good, format!("{files} glanced at; nothing is missing."), None);
        }
        Glance { missing, looked_at, .. } => {
            let message = format!("Of {looked_at} stored files that were glanced at, {missing} are not there any more.");
            let hint = format!(
                "`photokeep sync {0}` fetches them again; `photokeep verify {0}` looks at every file.",
                library.display()
            );
            trouble(report, Error::new(Code::ItemFailed, message).hint(hint));
        }
    }
}

fn say(report: &mut DoctorReport, grade: Grade, sentence: impl Into<String>, hint: Option<String>) {
    report.findings.push(Finding { grade, sentence: sentence.into(), hint });
}

fn trouble(report: &mut DoctorReport, error: Error) {
    report.trouble.get_or_insert(error.code);
    say(report, Grade::Bad, error.message, error.hint);
}
