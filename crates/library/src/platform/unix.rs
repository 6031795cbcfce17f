//! Linux, macOS and their like.

use std::fs::{File, FileTimes};
use std::io;
use std::path::Path;
use std::time::SystemTime;

use rustix::io::Errno;

use super::Trouble;

/// Makes a symbolic link.
pub(crate) fn symlink(to: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(to, at)
}

/// There is none here.
pub(crate) fn developer_mode() -> Option<bool> {
    None
}

/// Renames, unless the new name exists: `renameat2` with `RENAME_NOREPLACE`, on macOS `renameatx_np` with `RENAME_EXCL`.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`]; [`io::ErrorKind::Unsupported`] where the system or the disk cannot be asked so.
pub(crate) fn rename_exclusively(from: &Path, to: &Path) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE).map_err(|error| match error {
            Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP => io::ErrorKind::Unsupported.into(),
            error => error.into(),
        })
    }
    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    {
        let _ = (from, to);
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// macOS has one, and Finder sorts by it; Linux lets nobody set it.
pub(crate) fn with_creation(times: FileTimes, time: SystemTime) -> FileTimes {
    #[cfg(target_vendor = "apple")]
    let times = std::os::darwin::fs::FileTimesExt::set_created(times, time);
    let _ = time;
    times
}

/// Flushes a folder, so that names made, changed or removed in it survive a power cut.
pub(crate) fn flush_folder(path: &Path) -> io::Result<()> {
    match File::open(path)?.sync_all() {
        // FUSE and some shares do not know how to flush a folder.
        Err(error) if matches!(Errno::from_io_error(&error), Some(Errno::INVAL | Errno::OPNOTSUPP)) => Ok(()),
        other => other,
    }
}

/// Nothing here promises that for a whole disk.
#[cfg(not(target_os = "linux"))]
pub(crate) fn flush_disk(_: &Path) -> io::Result<bool> {
    Ok(false)
}

/// What tells one volume from another of the same kind.
pub(crate) fn volume_mark(folder: &Path) -> Option<String> {
    let stats = rustix::fs::statvfs(folder).ok()?;
    Some(format!("{:x} {}", stats.f_fsid, stats.f_namemax))
}

/// The codes for which `ErrorKind` has no word, or too wide a one.
pub(crate) fn trouble_of(code: i32) -> Option<Trouble> {
    Some(match Errno::from_raw_os_error(code) {
        Errno::IO => Trouble::Failing,
        Errno::NODEV | Errno::NXIO => Trouble::Unplugged,
        Errno::STALE | Errno::NOTCONN | Errno::HOSTDOWN | Errno::CONNABORTED | Errno::CONNRESET => Trouble::Unreachable,
        Errno::NAMETOOLONG => Trouble::NameTooLong,
        Errno::ILSEQ => Trouble::NameRefused,
        _ => return None,
    })
}
