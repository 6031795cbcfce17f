//! Getting bytes and names onto the disk for good, one file or many at a time.
//!
//! Many small files are the slow case: a flush each costs a journal commit each. On Linux one `syncfs` flushes a whole
//! batch with a few commits, on file systems that keep what it promises; elsewhere the files of a batch are flushed one by one.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
#[cfg(target_os = "linux")]
use std::sync::LazyLock;

use photokeep_model::Result;

use crate::target::target_error;

/// From this many files on, one flush of the file system costs less than one flush a file.
const FEW: usize = 4;

/// Flushes these files to the disk. When it returns, a power cut cannot take their bytes any more.
///
/// # Errors
/// The first error; then nothing is known about any of the files.
pub(crate) fn files(paths: &[PathBuf]) -> io::Result<()> {
    // Files of a batch lie in one folder, so one handle speaks for all.
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
/// with them, they ask only for single files (`fs/fuse/inode.c`, `fs/smb/client/cifsfs.c` of Linux 6). FAT, exFAT and NTFS do
/// not empty the disk's own cache then. Before 5.8 the kernel told nobody that writing had failed.
#[cfg(target_os = "linux")]
fn whole_file_system(path: &Path) -> io::Result<bool> {
    /// `linux/magic.h`: ext2 to ext4, XFS, Btrfs, F2FS, bcachefs, tmpfs.
    const KEEP_IT: [u64; 6] = [0xEF53, 0x5846_5342, 0x9123_683E, 0xF2F5_2010, 0xCA45_1A4E, 0x0102_1994];
    static TELLS_FAILURES: LazyLock<bool> =
        LazyLock::new(|| fs::read_to_string("/proc/sys/kernel/osrelease").is_ok_and(|release| is_since_5_8(&release)));
    if !*TELLS_FAILURES {
        return Ok(false);
    }
    // Opened anew: failures since then are told, and those that nobody was told of yet.
    let handle = File::open(path)?;
    let kind = rustix::fs::fstatfs(&handle)?.f_type;
    if !KEEP_IT.iter().any(|kept| u64::try_from(kind) == Ok(*kept)) {
        return Ok(false);
    }
    rustix::fs::syncfs(&handle)?;
    Ok(true)
}

/// Whether a kernel's release, like `6.1.0-13-amd64`, is 5.8 or newer.
#[cfg(target_os = "linux")]
fn is_since_5_8(release: &str) -> bool {
    let mut numbers = release.split(['.', '-']).map(|number| number.trim().parse::<u32>());
    matches!((numbers.next(), numbers.next()), (Some(Ok(major)), Some(Ok(minor))) if (major, minor) >= (5, 8))
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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::is_since_5_8;

    #[test]
    fn releases_are_told_apart() {
        for new in ["5.8.0", "5.10.0-28-amd64", "6.1.0", "6.18.44-fc-v657\n", "10.0"] {
            assert!(is_since_5_8(new), "{new}");
        }
        for old in ["5.7.19", "4.18.0-553.el8", "5.4.0-150-generic", "", "linux"] {
            assert!(!is_since_5_8(old), "{old}");
        }
    }
}
