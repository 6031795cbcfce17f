//! Commands that look: `status`, `verify`, `doctor`, `list`, `history`.

use std::io::Write;
use std::process::ExitCode;

use photokeep_app::model::{Code, Outcome, Result};
use photokeep_app::{Grade, OWN_UPLOADS, VerifyRequest, code_word};

use crate::arguments::{History, Looking, Status, Verify};
use crate::output::say;
use crate::words::{count, printable};
use crate::{environment, exit, progress, words};

use super::stop_on_signal;

pub fn status(arguments: &Status) -> Result<ExitCode> {
    let (app, accept) = (environment::app(None)?, arguments.accept);
    let arguments = &arguments.looking;
    if accept {
        app.accept_not_taken(&arguments.library)?;
    }
    let status = app.status(&arguments.library)?;
    let own_uploads = app.own_uploads_only(&arguments.library);
    if arguments.json {
        let mut line = serde_json::json!(status);
        line["own_uploads_only"] = own_uploads.into();
        line["advice"] = own_uploads.then_some(OWN_UPLOADS).into();
        say!("{line}");
    } else {
        crate::output::write(format_args!("{}", words::status(&status)));
        if own_uploads {
            say!("{OWN_UPLOADS}");
        }
        let updates = app.updates();
        if let Some(newer) = updates.newer.filter(|_| !updates.put_away) {
            say!("{}", super::updates::newer(&newer));
        }
    }
    if !status.folder_is_there {
        return Ok(ExitCode::from(exit::code_of(Code::TargetGone)));
    }
    let not_taken = !status.not_taken.is_empty() || !status.not_taken_notes.is_empty();
    Ok(if not_taken || status.failed + status.damaged > 0 { ExitCode::from(exit::SOME_FAILED) } else { ExitCode::SUCCESS })
}

pub async fn verify(arguments: Verify) -> Result<ExitCode> {
    let app = environment::app(None)?;
    let output = progress::for_output(arguments.json);
    let request = VerifyRequest { library: arguments.library.clone(), accept: arguments.accept };
    let control = stop_on_signal();
    // Reading takes as long as the disk needs: this thread is lent for it.
    let report = tokio::task::block_in_place(|| app.verify(&request, output.as_ref(), &control));
    drop(output);
    let report = report?;
    let by_exports = app.status(&arguments.library)?.takeout_alone;
    if arguments.json {
        let mut line = serde_json::to_value(&report).unwrap_or_default();
        line["event"] = "verified".into();
        say!("{line}");
    } else {
        for note in &report.notes {
            say!("{}", printable(note));
        }
        for finding in &report.findings {
            say!("{}: {} ({})", finding.kind, printable(&finding.path), printable(&finding.why));
        }
        say!("{} compared, {}.", count(report.files, "file", "files"), indicatif::HumanBytes(report.bytes));
        match report.findings.len() as u64 {
            // Nothing was found, and yet it is not sound: the catalog was lost, and does not know all files again.
            0 if !report.sound && report.broken_links == 0 => {
                say!("Every file that the catalog knows is what was stored. The others could not be compared.")
            }
            0 => say!("Every file is what was stored."),
            wrong => say!(
                "{} not what was stored. {} and keeps the present ones in the trash.\n\
                 If you changed them yourself and want to keep them so: photokeep verify --accept",
                if wrong == 1 { "1 file is".to_owned() } else { format!("{wrong} files are") },
                if by_exports {
                    "Importing the archives that have them once more brings them back"
                } else {
                    "The next sync fetches them again"
                }
            ),
        }
        if report.accepted > 0 {
            say!("{} taken as they are now.", count(report.accepted, "file", "files"));
        }
        if report.broken_links > 0 {
            say!(
                "{} not there or leading elsewhere. To have them made again: photokeep {} {}{}",
                count(report.broken_links, "album entry is", "album entries are"),
                if by_exports { "import" } else { "sync" },
                arguments.library.display(),
                if by_exports { " ARCHIVES" } else { "" }
            );
        }
    }
    Ok(if report.sound { ExitCode::SUCCESS } else { ExitCode::from(exit::SOME_FAILED) })
}

pub async fn doctor(arguments: &Looking) -> Result<ExitCode> {
    let app = environment::app_for_check_up()?;
    let report = app.doctor(&arguments.library).await?;
    if arguments.json {
        say!("{}", serde_json::json!(report));
    } else {
        for finding in &report.findings {
            let mark = match finding.grade {
                Grade::Good => "ok  ",
                Grade::Note => "    ",
                Grade::Warning => "!   ",
                Grade::Bad => "!!  ",
            };
            say!("{mark}{}", printable(&finding.sentence));
            if let Some(hint) = &finding.hint {
                say!("      {}", printable(hint));
            }
        }
    }
    Ok(report.trouble.map_or(ExitCode::SUCCESS, |code| ExitCode::from(exit::code_of(code))))
}

pub fn list(arguments: &Looking) -> Result<ExitCode> {
    let output = std::io::stdout();
    let mut output = std::io::BufWriter::new(output.lock());
    let mut open = true;
    environment::app(None)?.list(&arguments.library, |file| {
        if open {
            let line = if arguments.json { serde_json::json!(file).to_string() } else { printable(&file.path) };
            // A pipe that was closed early (`| head`) ends the output, not in an error.
            open = writeln!(output, "{line}").is_ok();
        }
        Ok(())
    })?;
    let _ = output.flush();
    Ok(ExitCode::SUCCESS)
}

pub fn history(arguments: &History) -> Result<ExitCode> {
    let app = environment::app(None)?;
    let history = app.history(&arguments.library, arguments.limit)?;
    if arguments.json {
        say!("{}", serde_json::json!(history));
        return Ok(ExitCode::SUCCESS);
    }
    for run in history.runs {
        let began = run.started.format("%Y-%m-%d %H:%M");
        match run.receipt {
            Some(receipt) if run.kind == "verify" => say!(
                "{began}  {:<7} {:<9} {} sound, {} not",
                run.kind,
                if run.complete { "sound" } else { "" },
                receipt.already,
                receipt.failed_count()
            ),
            Some(receipt) if let Some(moved) = run.moved_to_trash => {
                let size = moved.bytes.map(|bytes| format!(" ({})", indicatif::HumanBytes(bytes))).unwrap_or_default();
                say!(
                    "{began}  {:<7} {:<9} {} moved to the trash{size}, {} not moved",
                    run.kind,
                    "",
                    count(moved.files, "file", "files"),
                    receipt.failed_count()
                );
            }
            Some(receipt) => say!(
                "{began}  {:<7} {:<9} {} added, {} already here, {}",
                run.kind,
                match receipt.outcome {
                    Outcome::Stopped { .. } => "stopped",
                    _ if run.complete => "complete",
                    _ => "",
                },
                receipt.added,
                receipt.already,
                match receipt.outcome {
                    Outcome::Stopped { code } => {
                        format!("{} failed. {}", receipt.failed_count(), words::stopped(&code_word(code)))
                    }
                    _ => format!("{} failed", receipt.failed_count()),
                }
            ),
            None => say!("{began}  {:<7} cut off or still running", run.kind),
        }
    }
    Ok(ExitCode::SUCCESS)
}
