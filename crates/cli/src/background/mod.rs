//! Having the system start `photokeep daemon` at login: a systemd user unit, a launchd agent, a Windows scheduled task.
//!
//! Each is a text made here, for any system, so that it can be shown and tested on every one; only the system's own is put into its
//! place and handed to its program. A file is written over or removed only when it says that Photokeep made it.

mod launchd;
mod systemd;
mod task_scheduler;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use photokeep_app::model::{Code, Error, Result};

/// What is to be started.
#[derive(Debug, Clone)]
pub struct Daemon {
    /// The program.
    pub program: PathBuf,
    /// The library's folder.
    pub library: PathBuf,
    /// Tells libraries apart: the begin of the library's number.
    pub id: String,
    /// What the program is to find in its environment: where its state lies. Nothing secret.
    pub environment: Vec<(String, String)>,
}

/// A text for the system, and where it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Where it is put.
    pub path: PathBuf,
    /// What stands in it.
    pub text: String,
    /// The programs that make the system take it up, with their arguments.
    pub start: Vec<Vec<String>>,
    /// Those that make it let go.
    pub stop: Vec<Vec<String>>,
}

/// In every text that is made here.
const MADE_BY: &str = "Made by photokeep schedule install";

/// What putting a unit into its place came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Installed {
    /// The system starts it now and at every login.
    Running,
    /// It lies in its place, and the system did not take it up: what it said.
    NotTakenUp(String),
}

/// The unit of this system; `None` where none is known.
///
/// # Errors
/// [`Code::Usage`] when a path cannot be written into it.
pub fn unit_here(daemon: &Daemon) -> Result<Option<Unit>> {
    let home = || directories::BaseDirs::new().map(|folders| folders.home_dir().to_owned());
    let config = || directories::BaseDirs::new().map(|folders| folders.config_dir().to_owned());
    if cfg!(target_os = "linux") {
        return config().map(|config| systemd::unit(daemon, &config)).transpose();
    }
    if cfg!(target_vendor = "apple") {
        return home().map(|home| launchd::agent(daemon, &home)).transpose();
    }
    if cfg!(windows) {
        return directories::BaseDirs::new().map(|folders| task_scheduler::task(daemon, folders.data_local_dir())).transpose();
    }
    Ok(None)
}

/// Puts a unit into its place and has the system take it up.
///
/// # Errors
/// When its place cannot be written, or holds a file that somebody else made.
pub fn install(unit: &Unit) -> Result<Installed> {
    must_be_ours(&unit.path)?;
    if let Some(folder) = unit.path.parent() {
        fs::create_dir_all(folder).map_err(|error| not_written(&unit.path, error))?;
    }
    fs::write(&unit.path, &unit.text).map_err(|error| not_written(&unit.path, error))?;
    Ok(match run_all(&unit.start) {
        Ok(()) => Installed::Running,
        Err(said) => Installed::NotTakenUp(said),
    })
}

/// Has the system let a unit go, and removes it; false when it was not there.
///
/// # Errors
/// When it cannot be removed, or is a file that somebody else made.
pub fn remove(unit: &Unit) -> Result<bool> {
    if fs::symlink_metadata(&unit.path).is_err() {
        return Ok(false);
    }
    must_be_ours(&unit.path)?;
    // A system that does not know it has nothing to let go.
    let _ = run_all(&unit.stop);
    fs::remove_file(&unit.path).map_err(|error| not_written(&unit.path, error))?;
    Ok(true)
}

/// Whether a unit of ours is in its place; it may be of another version, or name another place of the program.
pub fn is_installed(unit: &Unit) -> bool {
    fs::read_to_string(&unit.path).is_ok_and(|text| text.contains(MADE_BY))
}

/// Makes sure that the place of a unit is free, or holds one that was made here.
///
/// # Errors
/// [`Code::Usage`] when somebody else made what is there.
pub fn must_be_ours(path: &Path) -> Result<()> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Ok(text) if text.contains(MADE_BY) => Ok(()),
        _ => Err(Error::new(
            Code::Usage,
            format!("`{}` is there and was not made by Photokeep. Nothing was changed.", path.display()),
        )
        .hint("Move it away, then do it again.")),
    }
}

fn not_written(path: &Path, error: io::Error) -> Error {
    Error::new(Code::TargetReadOnly, format!("`{}` cannot be written: {error}.", path.display()))
        .hint("`photokeep daemon LIBRARY` keeps the schedule as well, started by whatever starts your programs.")
}

fn run_all(commands: &[Vec<String>]) -> std::result::Result<(), String> {
    for command in commands {
        let [program, arguments @ ..] = command.as_slice() else { continue };
        let output = Command::new(program).args(arguments).output().map_err(|error| format!("{program}: {error}"))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(format!("{program}: {}", said.lines().next().unwrap_or("it failed without a word")));
        }
    }
    Ok(())
}

/// A path as text; units are texts.
fn text_of(path: &Path) -> Result<&str> {
    path.to_str().filter(|text| !text.contains(['\n', '\r', '\0'])).ok_or_else(|| {
        Error::new(Code::Usage, format!("The name `{}` cannot be written into a file of the system.", path.display()))
            .hint("Start `photokeep daemon LIBRARY` yourself, or give the folder another name.")
    })
}

#[cfg(test)]
pub(super) fn daemon_for_tests() -> Daemon {
    Daemon {
        program: "/opt/photo keep/photokeep".into(),
        library: "/media/anna/50% \"off\" $HOME & <more>".into(),
        id: "0a1b2c3d".into(),
        environment: vec![("PHOTOKEEP_HOME".into(), "/var/lib/p k".into())],
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_somebody_else_made_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let unit = Unit {
            path: folder.path().join("units/photokeep-1.service"),
            text: format!("# {MADE_BY}\n"),
            start: vec![vec!["true".into()]],
            stop: vec![],
        };
        assert!(!remove(&unit).unwrap());
        assert_eq!(install(&unit).unwrap(), Installed::Running);
        assert!(is_installed(&unit));
        assert!(remove(&unit).unwrap());
        fs::write(&unit.path, "mine").unwrap();
        assert!(install(&unit).is_err() && remove(&unit).is_err());
        assert_eq!(fs::read_to_string(&unit.path).unwrap(), "mine");
    }

    #[test]
    fn a_system_that_does_not_take_it_up_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let unit = Unit {
            path: folder.path().join("u"),
            text: MADE_BY.into(),
            start: vec![vec!["photokeep-no-such-program".into()]],
            stop: vec![],
        };
        assert!(matches!(install(&unit).unwrap(), Installed::NotTakenUp(said) if said.contains("photokeep-no-such-program")));
        assert!(is_installed(&unit));
    }
}
