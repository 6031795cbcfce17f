//! Finds out what a disk can do, by doing it: every fact is tried in a scratch folder of its own, which is removed again.
//!
//! Promises: nothing outside `<folder>/.photokeep/probe-<random>/` is touched, and a `.photokeep` that was not there before is gone
//! afterwards; what a killed probe leaves is swept by the library's recovery. Trouble with the disk itself (full, read-only, unplugged) is an error, never a fact. Names are tried in
//! `probe_names.rs`, times in `probe_times.rs`; what the facts mean is in [`facts`](super::facts).

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use photokeep_model::{Code, Error, Result};
use tempfile::TempDir;

use super::error::target_error;
use super::facts::{Ability, TargetFacts};
use super::{mount, probe_names, probe_times};
use crate::platform::{self, Links, SYSTEM};

/// The library's private folder (design section 5).
const PRIVATE: &str = ".photokeep";

/// How scratch folders begin; random letters and digits follow.
const PREFIX: &str = "probe-";

/// Tries everything a library wants to know of the disk of a folder: about 150 small file operations, seconds on a slow share.
///
/// # Errors
/// As [`target_error`]: the folder is not there, cannot be written, or its disk is full.
pub fn probe(folder: &Path) -> Result<TargetFacts> {
    probe_with(folder, &SYSTEM)
}

/// As [`probe`], with links made by `links`.
pub(crate) fn probe_with(folder: &Path, links: &dyn Links) -> Result<TargetFacts> {
    in_scratch(folder, |scratch| try_all(folder, scratch, links))
}

/// Whether symbolic links work below a folder: made, read and removed.
///
/// # Errors
/// As [`probe`].
pub(crate) fn symlinks_work(folder: &Path, links: &dyn Links) -> Result<bool> {
    in_scratch(folder, |scratch| {
        fs::write(scratch.join("file"), b"photokeep")?;
        Ok(symlinks(scratch, links).works())
    })
}

/// Makes sure that files can be written below a folder, by writing one.
///
/// # Errors
/// As [`probe`].
pub fn check_writable(folder: &Path) -> Result<()> {
    in_scratch(folder, |scratch| fs::write(scratch.join("file"), b"photokeep"))
}

fn in_scratch<T>(folder: &Path, work: impl FnOnce(&Path) -> io::Result<T>) -> Result<T> {
    let metadata = fs::metadata(folder).map_err(|io| target_error(io, folder))?;
    if !metadata.is_dir() {
        return Err(Error::new(Code::Usage, format!("{} is not a folder.", folder.display())).hint("Choose a folder."));
    }
    let scratch = Scratch::new(folder).map_err(|io| target_error(io, folder))?;
    let result = work(scratch.path()).map_err(|io| target_error(io, folder));
    // Closed on every way out; a failure to remove counts only when nothing else failed.
    let closed = scratch.close().map_err(|io| target_error(io, folder));
    let result = result?;
    closed?;
    Ok(result)
}

fn try_all(folder: &Path, scratch: &Path, links: &dyn Links) -> io::Result<TargetFacts> {
    let file_system = mount::file_system(folder)?;
    let stats = fs4::statvfs(folder)?;
    // Before any fact: a disk that cannot take one small file is broken, not poor in abilities.
    let file = scratch.join("file");
    fs::write(&file, b"photokeep")?;
    let facts = TargetFacts {
        names: probe_names::names(scratch)?,
        times: probe_times::times(&file),
        file_system,
        free_bytes: stats.available_space(),
        total_bytes: stats.total_space(),
        symlinks: symlinks(scratch, links),
        hard_links: hard_links(scratch, &file),
        rename_replaces: rename_replaces(scratch),
        rename_keeps: rename_keeps(scratch),
        locks: locks(&file),
    };
    // An unplugged disk refuses everything: that must not pass for a poor one.
    match fs::read(&file) {
        Ok(bytes) if bytes == b"photokeep" => Ok(facts),
        Ok(_) => Err(io::Error::from(io::ErrorKind::InvalidData)),
        Err(io) => Err(io),
    }
}

/// Random characters in a scratch folder's name.
const RANDOM: usize = 12;

/// A folder of our own that goes away again, also when a probe panics.
struct Scratch {
    folder: Option<TempDir>,
    /// `.photokeep`, when it was made for this probe.
    made: Option<PathBuf>,
}

impl Scratch {
    fn new(library: &Path) -> io::Result<Self> {
        let private = library.join(PRIVATE);
        let made = match fs::create_dir(&private) {
            Ok(()) => Some(private.clone()),
            Err(io) if io.kind() == io::ErrorKind::AlreadyExists => None,
            Err(io) => return Err(io),
        };
        let mut scratch = Self { folder: None, made };
        scratch.folder = Some(tempfile::Builder::new().prefix(PREFIX).rand_bytes(RANDOM).tempdir_in(&private)?);
        Ok(scratch)
    }

    fn path(&self) -> &Path {
        self.folder.as_ref().map_or(Path::new(""), TempDir::path)
    }

    /// A share may hold for a moment what was removed; what stays for longer, the library's recovery sweeps.
    fn close(mut self) -> io::Result<()> {
        const TRIES: u32 = 6;
        let Some(folder) = self.folder.take().map(TempDir::keep) else { return Ok(()) };
        for _ in 0..TRIES {
            match fs::remove_dir_all(&folder) {
                Err(io) if io.kind() == io::ErrorKind::DirectoryNotEmpty => std::thread::sleep(Duration::from_millis(500)),
                removed => return removed,
            }
        }
        tracing::warn!(folder = %folder.display(), "a trial of this disk could not be removed yet");
        Ok(())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(self.folder.take());
        if let Some(made) = &self.made {
            // Fails when something else moved in meanwhile, and then it has to stay.
            let _ = fs::remove_dir(made);
        }
    }
}

/// The end of a sentence that says why something does not work here.
fn because(io: &io::Error) -> String {
    match io.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput => {
            "the file system does not have them".into()
        }
        _ => format!("the system says \"{io}\""),
    }
}

fn ability(tried: io::Result<bool>) -> Ability {
    match tried {
        Ok(true) => Ability::Works,
        Ok(false) => Ability::missing("the disk agrees but does something else"),
        Err(io) => Ability::missing(because(&io)),
    }
}

fn symlinks(scratch: &Path, links: &dyn Links) -> Ability {
    let (link, target) = (scratch.join("symlink"), Path::new("file"));
    let tried = || -> io::Result<bool> {
        links.make(target, &link)?;
        let right = fs::read_link(&link)? == target
            && fs::symlink_metadata(&link)?.file_type().is_symlink()
            && fs::read(&link)? == b"photokeep";
        fs::remove_file(&link)?;
        Ok(right)
    };
    match tried() {
        Err(io) => {
            let refusal = links.refusal(&io, scratch);
            let why = refusal.why().map_or_else(|| because(&io), str::to_owned);
            Ability::Missing { why, refusal: Some(refusal) }
        }
        tried => ability(tried),
    }
}

fn hard_links(scratch: &Path, file: &Path) -> Ability {
    let link = scratch.join("hardlink");
    ability((|| {
        fs::hard_link(file, &link)?;
        // A second name, not a copy: what is written through one is read through the other.
        fs::write(&link, b"both")?;
        let right = fs::read(file)? == b"both";
        fs::write(file, b"photokeep")?;
        fs::remove_file(&link)?;
        Ok(right && fs::read(file)? == b"photokeep")
    })())
}

fn rename_replaces(scratch: &Path) -> Ability {
    let (old, new) = (scratch.join("rename-old"), scratch.join("rename-new"));
    ability((|| {
        fs::write(&old, b"old")?;
        fs::write(&new, b"new")?;
        fs::rename(&new, &old)?;
        let right = fs::read(&old)? == b"new" && !new.try_exists()?;
        fs::remove_file(&old)?;
        Ok(right)
    })())
}

fn rename_keeps(scratch: &Path) -> Ability {
    let (taken, new, free) = (scratch.join("keep-taken"), scratch.join("keep-new"), scratch.join("keep-free"));
    ability((|| {
        fs::write(&taken, b"taken")?;
        fs::write(&new, b"new")?;
        let refused = match platform::rename_exclusively(&new, &taken) {
            Ok(()) => false,
            Err(io) if io.kind() == io::ErrorKind::AlreadyExists => true,
            Err(io) => return Err(io),
        };
        if !refused {
            return Ok(false);
        }
        let kept = fs::read(&taken)? == b"taken";
        platform::rename_exclusively(&new, &free)?;
        Ok(kept && fs::read(&free)? == b"new" && !new.try_exists()?)
    })())
}

fn locks(file: &Path) -> Ability {
    let open = || File::options().read(true).write(true).open(file);
    ability((|| {
        let (first, second) = (open()?, open()?);
        match first.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(io)) => return Err(io),
        }
        // A lock that lets a second one in is none: some servers and FUSE drivers agree to everything.
        let excludes = match second.try_lock() {
            Err(TryLockError::WouldBlock) => true,
            Ok(()) => false,
            Err(TryLockError::Error(io)) => return Err(io),
        };
        first.unlock()?;
        Ok(excludes)
    })())
}

#[cfg(test)]
#[path = "matrix_tests.rs"]
mod matrix_tests;

#[cfg(test)]
#[path = "probe_tests.rs"]
mod tests;
