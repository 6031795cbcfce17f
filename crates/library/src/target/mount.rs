//! What the system says about the disk under a folder: its space, and its file system's name.
//!
//! The name is for people only (`doctor`, bug reports): names lie (`fuseblk` may be NTFS or exFAT, a share may be anything), so every
//! decision goes by what the [probe](super::probe) tried.

use std::io;
use std::path::Path;

use photokeep_model::Result;

use super::error::target_error;
use crate::platform;

/// Room on a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// Bytes free for this user.
    pub free: u64,
    /// Bytes in all.
    pub total: u64,
}

/// Asks how much room there is on the disk of a folder. Cheap enough to ask before every batch.
///
/// # Errors
/// As [`target_error`], [`TargetGone`](photokeep_model::Code::TargetGone) when the folder is not there for example.
pub fn space(folder: &Path) -> Result<Space> {
    let stats = fs4::statvfs(folder).map_err(|io| target_error(io, folder))?;
    Ok(Space { free: stats.available_space(), total: stats.total_space() })
}

/// Bytes free for this user on the disk of a folder.
///
/// # Errors
/// As [`space`].
pub fn free_bytes(folder: &Path) -> Result<u64> {
    Ok(space(folder)?.free)
}

/// The name of the file system that holds a folder; `None` where the system has no list of mounts.
pub(super) fn file_system(folder: &Path) -> io::Result<Option<String>> {
    Ok(platform::disk_of(&folder.canonicalize()?).map(|disk| disk.kind))
}

/// A text that stays the same as long as a folder lies on the same file system, mounted in the same way; then its facts need not
/// be probed again. Says nothing about paths or users: options of the mount are in it as a hash. Empty when the system tells
/// nothing.
pub fn file_system_mark(folder: &Path) -> String {
    let Ok(folder) = folder.canonicalize() else { return String::new() };
    let disk = platform::disk_of(&folder);
    let options = disk.as_ref().map(|disk| blake3::hash(disk.options.as_bytes()).to_hex()[..16].to_owned());
    let kind = disk.map(|disk| disk.kind);
    let parts = [kind, options, platform::volume_mark(&folder)];
    if parts.iter().all(Option::is_none) { String::new() } else { parts.map(Option::unwrap_or_default).join(" ") }
}

/// What kind of file system a name stands for, as far as a sentence to a person needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// On a server: locks and speed are its business.
    Network,
    /// FAT: files end at 4 GiB.
    Fat,
    /// NTFS or exFAT, through a driver in the kernel or in user space.
    WindowsDisk,
    /// In memory: gone at the next start.
    Memory,
    /// Anything else.
    Ordinary,
}

/// Whether a file system of this name is on a server.
pub(crate) fn is_network(kind: &str) -> bool {
    family(kind) == Family::Network
}

/// Sorts the names that the systems give.
pub(super) fn family(kind: &str) -> Family {
    match kind.to_ascii_lowercase().as_str() {
        "cifs" | "smb3" | "smbfs" | "nfs" | "nfs4" | "afpfs" | "webdav" | "ceph" | "glusterfs" | "9p" | "fuse.sshfs"
        | "fuse.rclone" | "fuse.glusterfs" | "davfs" | "fuse.davfs" => Family::Network,
        "vfat" | "msdos" | "fat" | "fat32" => Family::Fat,
        "ntfs" | "ntfs3" | "exfat" | "fuseblk" | "fuse.exfat" => Family::WindowsDisk,
        "tmpfs" | "ramfs" => Family::Memory,
        _ => Family::Ordinary,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn names_are_sorted_for_people() {
        assert_eq!(family("fuseblk"), Family::WindowsDisk);
        assert_eq!(family("smb3"), Family::Network);
        assert_eq!(family("vfat"), Family::Fat);
        assert_eq!(family("FAT32"), Family::Fat);
        assert_eq!(family("NTFS"), Family::WindowsDisk);
        assert_eq!(family("tmpfs"), Family::Memory);
        assert_eq!(family("btrfs"), Family::Ordinary);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_machine_knows_its_own_disk() {
        let folder = tempfile::tempdir().unwrap();
        assert!(file_system(folder.path()).unwrap().is_some());
        let space = space(folder.path()).unwrap();
        assert!(space.total > 0 && space.free <= space.total);
        let mark = file_system_mark(folder.path());
        assert!(!mark.is_empty());
        assert_eq!(mark, file_system_mark(folder.path()));
        assert_ne!(mark, file_system_mark(Path::new("/proc")));
        assert_eq!(file_system_mark(&folder.path().join("absent")), "");
    }
}
