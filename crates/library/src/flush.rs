//! Getting bytes and names onto the disk for good, one file or many at a time.
//!
//! Many small files are the slow case: a flush each costs a journal commit each. On Linux one `syncfs` flushes a whole
//! batch with a few commits; elsewhere the files of a batch are flushed one by one from a few threads.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// From this many files on, one flush of the file system costs less than one flush a file.
#[cfg(target_os = "linux")]
const FEW: usize = 4;

/// Flushes these files to the disk. When it returns, a power cut cannot take their bytes any more.
///
/// # Errors
/// The first error; then nothing is known about any of the files.
pub(crate) fn files(paths: &[std::path::PathBuf]) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    if paths.len() >= FEW {
        // A failed write-back is reported by syncfs since Linux 5.8; each handle is opened anew, so older kernels would
        // report it through the plain flush below. Files of a batch lie in one folder, so one handle speaks for all.
        let handle = File::open(&paths[0])?;
        return rustix::fs::syncfs(&handle).map_err(io::Error::from);
    }
    for path in paths {
        File::options().read(true).write(cfg!(windows)).open(path)?.sync_all()?;
    }
    Ok(())
}

/// Flushes a folder, so that names made, changed or removed in it survive a power cut. Does nothing where folders
/// cannot be flushed (Windows; file systems that refuse it).
///
/// # Errors
/// What the disk answers.
pub(crate) fn folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        match File::open(path)?.sync_all() {
            // FUSE and some shares do not know how to flush a folder.
            Err(error) if matches!(error.raw_os_error(), Some(22 | 95)) => Ok(()),
            other => other,
        }
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        Ok(())
    }
}

/// Writes a small file so that its name always holds either the old or the new text.
///
/// # Errors
/// What the disk answers.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
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
