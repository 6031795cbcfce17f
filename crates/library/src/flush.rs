//! Getting bytes and names onto the disk for good, one file or many at a time.
//!
//! Many small files are the slow case: a flush each costs a journal commit each. On Linux one `syncfs` flushes a whole
//! batch with a few commits, on file systems that keep what it promises; elsewhere the files of a batch are flushed one by one.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use photokeep_model::Result;

use crate::target::target_error;

/// From this many files on, one flush of the file system costs less than one flush a file.
const FEW: usize = 4;

/// Flushes these files to the disk. When it returns, a power cut cannot take their bytes any more.
///
/// # Errors
/// The first error; then nothing is known about any of the files.
pub(crate) fn files(paths: &[PathBuf]) -> io::Result<()> {
    // A failed write-back is reported by syncfs since Linux 5.8; the handle is opened anew, so older kernels would report it
    // through the plain flush below. Files of a batch lie in one folder, so one handle speaks for all.
    if paths.len() >= FEW && whole_file_system(&paths[0])? {
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
        && whole_file_system(first).map_err(|error| target_error(error, first))?
    {
        return Ok(());
    }
    paths.iter().try_for_each(|path| folder(path).map_err(|error| target_error(error, path)))
}

/// Flushes the whole file system that holds `path`; false if that promises nothing there, and everything is still to be done.
///
/// File systems in user space and shares take part in `syncfs` as far as handing their pages over; what the other side does
/// with them, they ask only for single files (`fs/fuse/inode.c`, `fs/smb/client/cifsfs.c` of Linux 6).
#[cfg(target_os = "linux")]
fn whole_file_system(path: &Path) -> io::Result<bool> {
    /// `linux/magic.h`: ext2 to ext4, XFS, Btrfs, F2FS, tmpfs, FAT, exFAT, NTFS of the kernel, bcachefs, overlayfs.
    const KEEP_IT: [u64; 10] =
        [0xEF53, 0x5846_5342, 0x9123_683E, 0xF2F5_2010, 0x0102_1994, 0x4D44, 0x2011_BAB0, 0x7366_746E, 0xCA45_1A4E, 0x794C_7630];
    let handle = File::open(path)?;
    let kind = rustix::fs::fstatfs(&handle)?.f_type;
    if !KEEP_IT.iter().any(|kept| u64::try_from(kind) == Ok(*kept)) {
        return Ok(false);
    }
    rustix::fs::syncfs(&handle)?;
    Ok(true)
}

#[cfg(not(target_os = "linux"))]
fn whole_file_system(_path: &Path) -> io::Result<bool> {
    Ok(false)
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
