//! One file a group of commands. Each asks the app, shows the answer, and says with which code to end.

mod account;
mod adopt;
mod compare;
#[cfg(feature = "demo")]
mod demo;
mod import;
mod inbox;
mod look;
mod man;
mod removal;
mod schedule;
mod serve;
mod sync;
mod updates;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::CommandFactory;
use photokeep_app::Control;
use photokeep_app::model::Result;

use crate::arguments::{Arguments, Command};
use crate::output::complain;
use crate::{environment, exit};

/// Runs a command.
pub async fn run(mut command: Command) -> ExitCode {
    let json = wants_json(&command);
    if let Some(library) = library_of(&mut command) {
        follow(library, json);
    }
    match dispatch(command).await {
        Ok(code) => code,
        Err(error) => exit::tell(&error, json),
    }
}

async fn dispatch(command: Command) -> Result<ExitCode> {
    match command {
        Command::SignIn(arguments) => account::sign_in(arguments).await,
        Command::SignOut(arguments) => account::sign_out(arguments).await,
        Command::Sync(arguments) => sync::sync(arguments).await,
        Command::Retry(arguments) => sync::retry(arguments).await,
        Command::Import(arguments) => import::import(arguments).await,
        Command::Inbox(arguments) => inbox::inbox(arguments).await,
        Command::Adopt(arguments) => adopt::adopt(arguments).await,
        Command::Compare(arguments) => compare::compare(arguments).await,
        Command::Schedule(arguments) => schedule::schedule(arguments),
        Command::Daemon(arguments) => schedule::daemon(arguments).await,
        Command::Status(arguments) => look::status(&arguments),
        Command::Verify(arguments) => look::verify(arguments).await,
        Command::Doctor(arguments) => look::doctor(&arguments).await,
        Command::List(arguments) => look::list(&arguments),
        Command::History(arguments) => look::history(&arguments),
        Command::Prune(arguments) => removal::prune(arguments).await,
        Command::Trash(arguments) => removal::trash(arguments),
        Command::Serve(arguments) => serve::serve(arguments).await,
        #[cfg(feature = "demo")]
        Command::Demo(arguments) => demo::demo(arguments).await,
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Arguments::command(), "photokeep", &mut std::io::stdout());
            Ok(ExitCode::SUCCESS)
        }
        Command::Updates(arguments) => updates::updates(&arguments).await,
        Command::Man { folder } => man::man(folder.as_deref()),
    }
}

/// Goes where the library's disk came back, if it was last seen here and its disk has another name now.
fn follow(library: &mut PathBuf, json: bool) {
    // Whatever is wrong with the environment, the command itself tells.
    let Ok(app) = environment::app(None) else { return };
    let place = app.home().place_of(library);
    if place != *library {
        if !json {
            complain!("The disk of {} has another name now: going on with {}.", library.display(), place.display());
        }
        *library = place;
    }
}

/// The library that a command is about.
fn library_of(command: &mut Command) -> Option<&mut PathBuf> {
    Some(match command {
        Command::SignIn(arguments) => &mut arguments.library,
        Command::SignOut(arguments) => &mut arguments.library,
        Command::Sync(arguments) => &mut arguments.library,
        Command::Retry(arguments) => &mut arguments.library,
        Command::Import(arguments) => &mut arguments.library,
        Command::Inbox(arguments) => &mut arguments.library,
        Command::Compare(arguments) => &mut arguments.library,
        Command::Daemon(arguments) => &mut arguments.library,
        Command::Status(arguments) => &mut arguments.looking.library,
        Command::Verify(arguments) => &mut arguments.library,
        Command::Doctor(arguments) | Command::List(arguments) => &mut arguments.library,
        Command::History(arguments) => &mut arguments.library,
        Command::Prune(arguments) => &mut arguments.library,
        Command::Trash(arguments) => &mut arguments.library,
        Command::Serve(arguments) => arguments.library.as_mut()?,
        // What a schedule is written for is named as it is; others have no library yet, or none at all.
        _ => return None,
    })
}

fn wants_json(command: &Command) -> bool {
    match command {
        Command::Sync(arguments) => arguments.json,
        Command::Retry(arguments) => arguments.json,
        Command::Import(arguments) => arguments.json,
        Command::Inbox(arguments) => arguments.json,
        Command::Daemon(arguments) => arguments.json,
        Command::Status(arguments) => arguments.looking.json,
        Command::Doctor(arguments) | Command::List(arguments) => arguments.json,
        Command::Adopt(arguments) => arguments.json,
        Command::Compare(arguments) => arguments.json,
        Command::Verify(arguments) => arguments.json,
        Command::History(arguments) => arguments.json,
        Command::Prune(arguments) => arguments.json,
        Command::Updates(arguments) => arguments.json,
        _ => false,
    }
}

/// Work that Ctrl-C (and SIGTERM) stop safely. A second Ctrl-C ends the program at once.
fn stop_on_signal() -> Control {
    let control = Control::default();
    let cancel = control.cancel.clone();
    tokio::spawn(async move {
        for round in 0..2 {
            if wait_for_signal().await.is_err() {
                return;
            }
            if round == 0 {
                complain!("Stopping safely … (press Ctrl-C again to stop at once)");
                cancel.cancel();
            } else {
                std::process::exit(1);
            }
        }
    });
    control
}

async fn wait_for_signal() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            result = tokio::signal::ctrl_c() => result,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

/// Asks a yes-or-no question; only a clear yes is one.
fn ask(question: &str) -> bool {
    use std::io::Write;
    crate::output::write_error(format_args!("{question} [y/N] "));
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).is_ok() && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "j" | "ja")
}
