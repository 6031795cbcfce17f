//! `prune` and `trash`: what leaves the library, on the user's word.

use std::process::ExitCode;

use indicatif::HumanBytes;
use photokeep_app::model::Result;
use photokeep_app::{PruneRequest, PruneResponse, TrashAction};

use crate::arguments::{Prune, Trash, TrashCommand};
use crate::output::say;
use crate::words::{count, printable};
use crate::{environment, exit, progress};

use super::ask;

pub async fn prune(arguments: Prune) -> Result<ExitCode> {
    let app = environment::app(Some(arguments.endurance.into()))?;
    let request = PruneRequest { library: arguments.library, dry_run: arguments.dry_run };
    let show = |plan: &PruneResponse| {
        if !arguments.json {
            for file in &plan.files {
                say!("{}", printable(&file.path));
            }
            let size = HumanBytes(plan.bytes);
            match plan.files.len() {
                1 => say!("1 file ({size}) belongs to a photo that is no longer at Google."),
                files => say!("{files} files ({size}) belong to photos that are no longer at Google."),
            }
        }
    };
    let output = progress::for_output(arguments.json);
    let done = app
        .prune(&request, output.clone(), |plan| {
            show(plan);
            arguments.yes || ask("Move them to the library's trash?")
        })
        .await;
    drop(output);
    let done = done?;
    let code = if done.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(exit::SOME_FAILED) };
    if arguments.json {
        say!("{}", serde_json::json!(done));
        return Ok(code);
    }
    if request.dry_run && !done.files.is_empty() {
        show(&done);
    }
    for file in &done.changed {
        say!("Left alone, because it is not what Photokeep stored: {}", printable(&file.path));
    }
    for failed in &done.failed {
        say!("Not moved: {}", printable(&failed.reason));
    }
    if done.moved {
        say!("Moved to the trash. `photokeep trash LIBRARY restore` brings them back; they are not fetched again by themselves.");
    } else if !done.files.is_empty() {
        say!("Nothing was changed.");
    } else if done.changed.is_empty() {
        say!("Nothing to remove: everything kept here is still at Google.");
    }
    Ok(code)
}

pub fn trash(arguments: Trash) -> Result<ExitCode> {
    let app = environment::app(None)?;
    match arguments.action {
        TrashCommand::List { json } => {
            let trash = app.trash(&arguments.library, &TrashAction::List)?;
            if json {
                say!("{}", serde_json::json!(trash));
                return Ok(ExitCode::SUCCESS);
            }
            for file in &trash.files {
                say!(
                    "{}  {}  {}",
                    file.removed_at.map(|at| at.format("%Y-%m-%d").to_string()).unwrap_or_default(),
                    printable(&file.path),
                    printable(&file.reason)
                );
            }
            say!("{} in the trash, {}.", count(trash.files.len() as u64, "file", "files"), HumanBytes(trash.bytes));
        }
        TrashCommand::Restore { paths } => {
            let restored = app.trash(&arguments.library, &TrashAction::Restore(paths))?;
            for file in &restored.files {
                say!("{}", printable(file.now.as_deref().unwrap_or(&file.path)));
            }
            say!("{} put back.", count(restored.files.len() as u64, "file", "files"));
        }
        TrashCommand::Empty { yes } => {
            let trash = app.trash(&arguments.library, &TrashAction::List)?;
            if trash.files.is_empty() {
                say!("The trash is empty.");
            } else if yes
                || ask(&format!(
                    "Delete {} ({}) for good?",
                    count(trash.files.len() as u64, "file", "files"),
                    HumanBytes(trash.bytes)
                ))
            {
                let emptied = app.trash(&arguments.library, &TrashAction::Empty)?;
                say!("{} deleted.", count(emptied.files.len() as u64, "file", "files"));
            } else {
                say!("Nothing was changed.");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
