//! Symbolic links, and why a system makes none.

use std::io;
use std::path::Path;

use crate::target::facts::LinkRefusal;

/// Whoever makes symbolic links. [`SYSTEM`] is the real one; tests put a system in its place that refuses them in its way.
pub(crate) trait Links: std::fmt::Debug + Sync {
    /// Makes a link at `at` that leads to `to`, which may be relative to it.
    ///
    /// # Errors
    /// What the system says.
    fn make(&self, to: &Path, at: &Path) -> io::Result<()>;

    /// Why it refused, as far as can be told.
    fn refusal(&self, error: &io::Error, folder: &Path) -> LinkRefusal;
}

/// The system that Photokeep runs on.
#[derive(Debug)]
pub(crate) struct System;

/// The system that Photokeep runs on.
pub(crate) const SYSTEM: System = System;

impl Links for System {
    fn make(&self, to: &Path, at: &Path) -> io::Result<()> {
        super::symlink(to, at)
    }

    fn refusal(&self, error: &io::Error, folder: &Path) -> LinkRefusal {
        if cfg!(windows) {
            windows_refusal(error.raw_os_error(), super::developer_mode())
        } else {
            let network = super::disk_of(folder).is_some_and(|disk| crate::target::is_network(&disk.kind));
            unix_refusal(error.kind(), network)
        }
    }
}

/// Windows' reasons, by the numbers of `winerror.h`; `developer_mode` is `None` on a Windows without one.
pub(super) fn windows_refusal(code: Option<i32>, developer_mode: Option<bool>) -> LinkRefusal {
    match code {
        // ERROR_PRIVILEGE_NOT_HELD. In developer mode nobody needs the privilege, so more is in the way then.
        Some(1314) if developer_mode == Some(false) => LinkRefusal::DeveloperMode,
        Some(1314) => LinkRefusal::Privilege,
        // ERROR_SYMLINK_CLASS_DISABLED: made, but Windows does not follow it there (`fsutil behavior query SymlinkEvaluation`).
        Some(1463) => LinkRefusal::SharePolicy,
        // ERROR_INVALID_FUNCTION, ERROR_NOT_SUPPORTED, ERROR_SYMLINK_NOT_SUPPORTED: FAT, exFAT, many servers.
        Some(1 | 50 | 1464) => LinkRefusal::FileSystem,
        _ => LinkRefusal::Other,
    }
}

/// The reasons of Linux and macOS.
fn unix_refusal(kind: io::ErrorKind, network: bool) -> LinkRefusal {
    match kind {
        io::ErrorKind::PermissionDenied | io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput if network => {
            LinkRefusal::SharePolicy
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput => LinkRefusal::FileSystem,
        _ => LinkRefusal::Other,
    }
}

/// A system in tests that refuses links as Windows does outside of developer mode (`ERROR_PRIVILEGE_NOT_HELD`).
#[cfg(test)]
#[derive(Debug)]
pub(crate) struct Refusing;

#[cfg(test)]
impl Links for Refusing {
    fn make(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(io::Error::from_raw_os_error(1314))
    }

    fn refusal(&self, error: &io::Error, _: &Path) -> LinkRefusal {
        windows_refusal(error.raw_os_error(), Some(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_reasons_are_told_apart() {
        for (code, developer_mode, why) in [
            (1314, Some(false), LinkRefusal::DeveloperMode),
            (1314, Some(true), LinkRefusal::Privilege),
            (1314, None, LinkRefusal::Privilege),
            (1, Some(true), LinkRefusal::FileSystem),
            (50, None, LinkRefusal::FileSystem),
            (1464, None, LinkRefusal::FileSystem),
            (1463, Some(true), LinkRefusal::SharePolicy),
            (5, Some(true), LinkRefusal::Other),
        ] {
            assert_eq!(windows_refusal(Some(code), developer_mode), why, "{code} {developer_mode:?}");
        }
        assert_eq!(windows_refusal(None, None), LinkRefusal::Other);
    }

    #[test]
    fn a_share_without_links_is_told_from_a_disk_without() {
        assert_eq!(unix_refusal(io::ErrorKind::Unsupported, true), LinkRefusal::SharePolicy);
        assert_eq!(unix_refusal(io::ErrorKind::PermissionDenied, false), LinkRefusal::FileSystem);
        assert_eq!(unix_refusal(io::ErrorKind::NotFound, true), LinkRefusal::Other);
    }
}
