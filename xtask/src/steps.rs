//! Running a command as a step, and saying which one failed.

use std::path::PathBuf;
use std::process::Command;

/// What went wrong, as a sentence.
pub type Result<T> = std::result::Result<T, String>;

/// The root of the repository.
pub fn root() -> PathBuf {
    // Compiled in: xtask always runs from the checkout it was built from.
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().map(PathBuf::from).unwrap_or_default()
}

/// The cargo that runs us.
pub fn cargo_command() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs cargo as a step.
pub fn cargo(step: &str, arguments: &[&str], more: &[String]) -> Result<()> {
    let mut command = cargo_command();
    // The demo belongs into the folder the person stands in.
    if step == "demo" {
        command.current_dir(std::env::current_dir().unwrap_or_else(|_| root()));
        command.args(&arguments[..1]).arg("--manifest-path").arg(root().join("Cargo.toml")).args(&arguments[1..]);
    } else {
        println!("── {step}");
        command.args(arguments);
    }
    run(step, command.args(more))
}

/// Runs a command as a step.
pub fn run(step: &str, command: &mut Command) -> Result<()> {
    let status =
        command.status().map_err(|error| format!("{step}: {} could not be started: {error}", command.get_program().display()))?;
    if status.success() { Ok(()) } else { Err(format!("{step} failed")) }
}
