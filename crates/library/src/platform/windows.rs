//! Windows. Paths need no care of ours for their length: the standard library turns long ones into their `\\?\` form, and a library's
//! folder has that form in any case ([`std::fs::canonicalize`]).

use std::fs::FileTimes;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use super::Trouble;

/// Makes a symbolic link to a file; in developer mode without the privilege (the standard library asks for that).
pub(crate) fn symlink(to: &Path, at: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_file(to, at)
}

/// Whether developer mode is on; `None` on a Windows that knows none (before 10).
pub(crate) fn developer_mode() -> Option<bool> {
    const KEY: &str = r"SOFTWARE\Microsoft\Windows\CurrentVersion\AppModelUnlock";
    // Only Windows 10 and later count builds there.
    windows_registry::LOCAL_MACHINE
        .open(r"SOFTWARE\Microsoft\Windows NT\CurrentVersion")
        .ok()?
        .get_u32("CurrentMajorVersionNumber")
        .ok()?;
    let on = windows_registry::LOCAL_MACHINE.open(KEY).and_then(|key| key.get_u32("AllowDevelopmentWithoutDevLicense"));
    Some(on.is_ok_and(|value| value != 0))
}

/// Renames, unless the new name exists.
pub(crate) fn rename_exclusively(from: &Path, to: &Path) -> io::Result<()> {
    renamore::rename_exclusive(from, to)
}

/// Explorer sorts by it as "Date created".
pub(crate) fn with_creation(times: FileTimes, time: SystemTime) -> FileTimes {
    std::os::windows::fs::FileTimesExt::set_created(times, time)
}

/// Windows lets nobody flush a folder; NTFS keeps names in its journal.
pub(crate) fn flush_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Nothing that an ordinary user may do.
pub(crate) fn flush_disk(_: &Path) -> io::Result<bool> {
    Ok(false)
}

/// What tells one volume from another of the same kind: the drive or share and its size, enough to notice another disk under the same
/// letter; and whether links could be made by everybody, as that may change.
pub(crate) fn volume_mark(folder: &Path) -> Option<String> {
    let drive = folder.components().next()?.as_os_str().to_string_lossy().into_owned();
    let drive = &blake3::hash(drive.as_bytes()).to_hex()[..16];
    Some(format!("{drive} {} {:?}", fs4::total_space(folder).ok()?, developer_mode()))
}

/// The codes of `winerror.h` for which `ErrorKind` has no word, or too wide a one.
pub(crate) fn trouble_of(code: i32) -> Option<Trouble> {
    Some(match code {
        19 => Trouble::ReadOnly,                              // ERROR_WRITE_PROTECT
        21 | 55 | 433 => Trouble::Unplugged,                  // ERROR_NOT_READY, ERROR_DEV_NOT_EXIST, ERROR_NO_SUCH_DEVICE
        23 | 1117 => Trouble::Failing,                        // ERROR_CRC, ERROR_IO_DEVICE
        32 | 33 => Trouble::InUse,                            // ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION
        39 | 112 => Trouble::Full,                            // ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL
        51 | 53 | 59 | 64 | 67 | 121 => Trouble::Unreachable, // ERROR_REM_NOT_LIST … ERROR_BAD_NET_NAME, ERROR_SEM_TIMEOUT
        123 => Trouble::NameRefused,                          // ERROR_INVALID_NAME
        206 => Trouble::NameTooLong,                          // ERROR_FILENAME_EXCED_RANGE
        223 => Trouble::FileTooLarge,                         // ERROR_FILE_TOO_LARGE
        1295 => Trouble::OverQuota,                           // ERROR_DISK_QUOTA_EXCEEDED
        _ => return None,
    })
}
