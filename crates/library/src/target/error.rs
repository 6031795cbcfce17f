//! What a failed file operation means for the library: one mapping from the system's errors to sentences.
//!
//! Every room that touches the library's disk uses [`target_error`], so that the same trouble is always told in the same words.

use std::io::{self, ErrorKind};
use std::path::Path;

use photokeep_model::{Code, Error, Retry};

use crate::platform::{self, Trouble};

/// Says what an error of the library's disk means. `path` is what was being read or written.
///
/// The code is [`Code::TargetFull`], [`Code::TargetReadOnly`] or [`Code::TargetGone`] where the disk as a whole is meant. Where only
/// this file or folder is, and for what nobody foresaw, it is [`Code::ItemFailed`]: one item's failure never stops a run (design
/// section 3, rule 4).
pub fn target_error(io: io::Error, path: &Path) -> Error {
    let shown = path.display();
    let trouble = trouble(&io);
    let error = match &trouble {
        Trouble::Full => Error::new(Code::TargetFull, "The disk of the library is full. What is stored so far is safe.")
            .hint("Make room on the disk, then start again: the run goes on where it stopped."),
        Trouble::OverQuota => {
            Error::new(Code::TargetFull, "Your share of the library's disk is used up. What is stored so far is safe.")
                .hint("Make room, or ask who runs the disk for a larger share, then start again.")
        }
        Trouble::ReadOnly => Error::new(Code::TargetReadOnly, "The disk of the library can only be read, not written.")
            .hint("Check the disk's write switch, or how it is mounted, then start again."),
        Trouble::Denied => Error::new(Code::TargetReadOnly, format!("Photokeep is not allowed to write to {shown}."))
            .hint("Give your user the right to write to the library's folder, or choose another folder."),
        Trouble::Missing => Error::new(Code::TargetGone, format!("{shown} is not there."))
            .hint("Connect the disk of the library if it was unplugged, then start again. Nothing was removed."),
        Trouble::Unplugged => Error::new(Code::TargetGone, "The disk of the library is no longer connected.")
            .hint("Connect it again and start again: the run goes on where it stopped."),
        Trouble::Failing => {
            Error::new(Code::TargetGone, format!("The disk reports an error at {shown}: it failed or was unplugged.")).hint(
                "Check the cable and the disk's health, then start again. Photokeep marks nothing as removed because of this.",
            )
        }
        Trouble::Unreachable => Error::new(Code::TargetGone, "The network disk of the library does not answer.")
            .hint("Check that the server is on and the share is mounted, then start again."),
        Trouble::NameTooLong => Error::new(Code::ItemFailed, format!("The path {shown} is too long for this disk."))
            .hint("Choose a library folder nearer to the top of the disk."),
        Trouble::NameRefused => Error::new(Code::ItemFailed, format!("This disk refuses the name {shown}."))
            .hint("Run `photokeep doctor`: it tries again what names the disk takes."),
        Trouble::FileTooLarge => {
            Error::new(Code::ItemFailed, format!("This disk cannot hold a file as large as {shown}. Nothing else is affected."))
                .hint("FAT disks end at 4 GiB a file. Move the library to a disk with exFAT, NTFS, APFS or ext4.")
        }
        Trouble::NotAFolder => Error::new(Code::ItemFailed, format!("On the way to {shown} is a file where a folder is needed."))
            .hint("Move that file away, or choose another folder."),
        Trouble::InUse => Error::new(Code::ItemFailed, format!("Another program holds {shown} open."))
            .hint("Close the program that uses it; the next run tries again."),
        Trouble::Other => Error::new(Code::ItemFailed, format!("The disk of the library refused an operation on {shown}.")),
    };
    let mut error = error.detail("path", shown).source(io);
    if matches!(trouble, Trouble::NameTooLong | Trouble::NameRefused | Trouble::FileTooLarge | Trouble::NotAFolder) {
        error.retry = Retry::AfterAction; // the next run would meet the same
    }
    error
}

fn trouble(io: &io::Error) -> Trouble {
    if let Some(trouble) = io.raw_os_error().and_then(platform::trouble_of) {
        return trouble;
    }
    match io.kind() {
        ErrorKind::StorageFull | ErrorKind::WriteZero => Trouble::Full,
        ErrorKind::QuotaExceeded => Trouble::OverQuota,
        ErrorKind::ReadOnlyFilesystem => Trouble::ReadOnly,
        ErrorKind::PermissionDenied => Trouble::Denied,
        ErrorKind::NotFound => Trouble::Missing,
        ErrorKind::StaleNetworkFileHandle
        | ErrorKind::TimedOut
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::NetworkDown
        | ErrorKind::NotConnected => Trouble::Unreachable,
        ErrorKind::InvalidFilename | ErrorKind::InvalidInput => Trouble::NameRefused,
        ErrorKind::FileTooLarge => Trouble::FileTooLarge,
        ErrorKind::NotADirectory => Trouble::NotAFolder,
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => Trouble::InUse,
        _ => Trouble::Other,
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use rustix::io::Errno;

    fn code_of(errno: Errno) -> Code {
        target_error(errno.into(), Path::new("photos/2023/09/a.jpg")).code
    }

    #[test]
    fn every_foreseen_error_has_its_code() {
        for (errno, code) in [
            (Errno::NOSPC, Code::TargetFull),
            (Errno::DQUOT, Code::TargetFull),
            (Errno::ROFS, Code::TargetReadOnly),
            (Errno::ACCESS, Code::TargetReadOnly),
            (Errno::PERM, Code::TargetReadOnly),
            (Errno::NOENT, Code::TargetGone),
            (Errno::IO, Code::TargetGone),
            (Errno::NODEV, Code::TargetGone),
            (Errno::NXIO, Code::TargetGone),
            (Errno::STALE, Code::TargetGone),
            (Errno::NOTCONN, Code::TargetGone),
            (Errno::TIMEDOUT, Code::TargetGone),
            (Errno::HOSTDOWN, Code::TargetGone),
            (Errno::NAMETOOLONG, Code::ItemFailed),
            (Errno::ILSEQ, Code::ItemFailed),
            (Errno::INVAL, Code::ItemFailed),
            (Errno::NOTDIR, Code::ItemFailed),
            (Errno::FBIG, Code::ItemFailed),
            (Errno::BUSY, Code::ItemFailed),
            (Errno::DOM, Code::ItemFailed),
        ] {
            assert_eq!(code_of(errno), code, "{errno:?}");
        }
    }

    #[test]
    fn the_cause_and_the_path_are_kept_as_details() {
        let error = target_error(Errno::NOSPC.into(), Path::new("photos/a.jpg"));
        assert_eq!(error.details[0], ("path".to_owned(), "photos/a.jpg".to_owned()));
        assert_eq!(error.details[1].0, "cause");
        assert!(error.hint.is_some());
    }

    #[test]
    fn what_the_next_run_would_meet_again_waits_for_the_user() {
        assert_eq!(target_error(Errno::FBIG.into(), Path::new("photos/film.mp4")).retry, Retry::AfterAction);
        assert_eq!(target_error(Errno::BUSY.into(), Path::new("photos/film.mp4")).retry, Retry::NextRun);
    }
}
