//! Getting bytes and names onto the disk for good, one file or many at a time.
//!
//! Many small files are the slow case: a flush each costs a journal commit each. On Linux one `syncfs` flushes a whole
//! batch with a few commits, on file systems that keep what it promises; elsewhere the files of a batch are flushed one by one.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use photokeep_model::Result;

use crate::platform;
use crate::target::target_error;

/// From this many files on, one flush of the file system costs less than one flush a file.
const FEW: usize = 4;

/// Flushes these files to the disk. When it returns, a power cut cannot take their bytes any more.
///
/// # Errors
/// The first error; then nothing is known about any of the files.
pub(crate) fn files(paths: &[PathBuf]) -> io::Result<()> {
    // Files of a batch lie in one folder, so one handle speaks for all.
    if paths.len() >= FEW && platform::flush_disk(&paths[0])? {
        return Ok(());
    }
    for path in paths {
        File::options().read(true).write(cfg!(windows)).open(path)?.sync_all()?;
    }
    Ok(())
}

/// Flushes folders of one library, as [`folder`] does.
///
/// # Errors
/// The first error, with the folder it came from.
pub(crate) fn folders(paths: &BTreeSet<PathBuf>) -> Result<()> {
    if let (FEW.., Some(first)) = (paths.len(), paths.first())
        && platform::flush_disk(first).map_err(|error| target_error(error, first))?
    {
        return Ok(());
    }
    paths.iter().try_for_each(|path| folder(path).map_err(|error| target_error(error, path)))
}

/// Flushes a folder, so that names made, changed or removed in it survive a power cut. Does nothing where folders
/// cannot be flushed (Windows; file systems that refuse it).
///
/// # Errors
/// What the disk answers.
pub(crate) fn folder(path: &Path) -> io::Result<()> {
    platform::flush_folder(path)
}

/// Writes a small file so that its name always holds either the old or the new text.
///
/// # Errors
/// What the disk answers.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = path.with_extension("writing");
    let mut file = File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&temporary, path)?;
    match path.parent() {
        Some(parent) => folder(parent),
        None => Ok(()),
    }
}
