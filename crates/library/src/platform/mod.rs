//! What the systems do differently about disks, in one room. Every system's module offers the same functions, and the rest of this crate
//! calls them by one name:
//!
//! | | |
//! |---|---|
//! | [`symlink`] | makes a symbolic link |
//! | [`rename_exclusively`] | renames, never over something, in one step |
//! | [`with_creation`] | adds a file's creation time, where there is one |
//! | [`flush_folder`], [`flush_disk`] | get names, and whole batches, onto the disk |
//! | [`trouble_of`] | what a system's error number means |
//! | [`disk_of`] | the disk under a folder |
//! | [`volumes`] | the disks that are mounted now, by the numbers of their file systems |
//! | [`plain`] | a path as people write it |
//! | [`SYSTEM`] | makes links and says why it cannot, as tests can pretend to |
//!
//! `unix.rs` is for Linux and macOS alike; what only Linux has is in `linux.rs`. Disks are found in `linux.rs`, or in `disks.rs` elsewhere.

#[cfg(not(target_os = "linux"))]
mod disks;
mod links;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(target_os = "linux"))]
pub(crate) use disks::{disk_of, plain, volumes};
#[cfg(test)]
pub(crate) use links::Refusing;
pub(crate) use links::{Links, SYSTEM};
#[cfg(target_os = "linux")]
pub(crate) use linux::{disk_of, flush_disk, plain, volumes};
#[cfg(unix)]
pub(crate) use unix::*;
#[cfg(windows)]
pub(crate) use windows::*;

/// The disk under a folder, as the system describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Disk {
    /// Where it begins among the folders.
    pub(crate) point: std::path::PathBuf,
    /// The file system's name, for people.
    pub(crate) kind: String,
    /// How it is mounted; what changes here may change what it can do.
    pub(crate) options: String,
}

/// A disk that is mounted now, with the number that its file system was given when it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Volume {
    /// Where it begins among the folders.
    pub(crate) point: std::path::PathBuf,
    /// The number, as text.
    pub(crate) number: String,
}

/// The kinds of trouble with a disk that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// No room.
    Full,
    /// No room for this user.
    OverQuota,
    /// It can only be read.
    ReadOnly,
    /// This user may not.
    Denied,
    /// It is not there.
    Missing,
    /// The disk is no longer connected.
    Unplugged,
    /// The disk reports an error.
    Failing,
    /// Its server does not answer.
    Unreachable,
    /// A path that is too long.
    NameTooLong,
    /// A name that it does not take.
    NameRefused,
    /// Larger than any file on it can be.
    FileTooLarge,
    /// A file where a folder is needed.
    NotAFolder,
    /// Another program holds it.
    InUse,
    /// Nothing that was foreseen.
    Other,
}
