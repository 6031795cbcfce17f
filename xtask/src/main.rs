//! The developer commands behind the README: `cargo xtask demo`, `cargo xtask test`, and what takes longer.

mod bench;
mod bench_thumbnails;
mod cross;
mod dependencies;
mod fuzz;
mod package;
mod package_trial;
mod prerequisites;
mod steps;
mod targets;
mod tests;
mod ui;
mod window;
mod windows;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Developer commands of Photokeep.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows it all with a made-up library; no account needed. Opens the window where there is a display.
    Demo {
        /// Stay in the terminal.
        #[arg(long)]
        terminal: bool,
        /// Passed on to `photokeep demo` in the terminal.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// The window, with hot reload of the user interface.
    Dev {
        /// Passed on to `tauri dev`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Writes the boundary between engine and user interface as TypeScript.
    Types,
    /// Everything CI runs.
    Test {
        /// Leave the desktop window out (it needs the system's web view).
        #[arg(long)]
        without_window: bool,
    },
    /// Holds the dependencies against `deny.toml`: licences, banned crates, sources. Part of `test`.
    Dependencies,
    /// The long form of the kill test: 200 kills.
    Torture {
        /// How many kills.
        #[arg(long, default_value_t = 200)]
        kills: u32,
    },
    /// Any bytes against everything that reads an export.
    Fuzz(fuzz::Options),
    /// Windows, from Linux: builds the whole app for it, runs the engine's tests under wine, makes the installer and tries it there.
    CheckWindows,
    /// Whether the whole app fits macOS: types only, from Linux.
    CheckMacos,
    /// Holds `docs/targets.md` against file systems in a virtual machine: FAT, case-folding ext4, shares.
    CheckTargets(targets::Options),
    /// Makes the installers of this system (.deb and .rpm); `--try` installs, runs and removes the .deb on a clean one.
    Package(package::Options),
    /// Measures against a plain parallel download, in one run. Builds in release mode.
    Bench(bench::Options),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Demo { terminal, rest } => demo(terminal, &rest),
        Command::Dev { rest } => prerequisites::for_window().and_then(|()| ui::dev(&rest)),
        Command::Types => ui::types(),
        Command::Test { without_window } => tests::all(without_window),
        Command::Dependencies => dependencies::check(),
        Command::Torture { kills } => tests::torture(kills),
        Command::Fuzz(options) => prerequisites::for_engine().and_then(|()| fuzz::fuzz(&options)),
        Command::CheckWindows => windows::check(),
        Command::CheckMacos => cross::check_macos(),
        Command::CheckTargets(options) => targets::check(&options),
        Command::Package(options) => package::package(&options),
        Command::Bench(options) => bench::run(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

/// In the window where there is a display, else in the terminal.
fn demo(terminal: bool, rest: &[String]) -> steps::Result<()> {
    prerequisites::for_engine()?;
    if terminal || !rest.is_empty() || !window::has_display() {
        return steps::cargo("demo", &["run", "--quiet", "--package", "photokeep-cli", "--", "demo"], rest);
    }
    prerequisites::for_node()?;
    prerequisites::for_window()?;
    ui::build()?;
    window::demo()
}
