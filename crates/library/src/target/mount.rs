//! What the system says about the disk under a folder: its space, and its file system's name.
//!
//! The name is for people only (`doctor`, bug reports): names lie (`fuseblk` may be NTFS or exFAT, a share may be anything), so every
//! decision goes by what the [probe](super::probe) tried.

use std::io;
use std::path::Path;

use photokeep_model::Result;

use super::error::target_error;

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
    Ok(mount_of(&folder.canonicalize()?).map(|mount| mount.kind))
}

/// A text that stays the same as long as a folder lies on the same file system, mounted in the same way; then its facts need not
/// be probed again. Says nothing about paths or users: options of the mount are in it as a hash. Empty when the system tells
/// nothing.
pub fn file_system_mark(folder: &Path) -> String {
    let Ok(folder) = folder.canonicalize() else { return String::new() };
    let mount = mount_of(&folder);
    let options = mount.as_ref().map(|mount| blake3::hash(mount.options.as_bytes()).to_hex()[..16].to_owned());
    let kind = mount.map(|mount| mount.kind);
    let parts = [kind, options, volume(&folder)];
    if parts.iter().all(Option::is_none) { String::new() } else { parts.map(Option::unwrap_or_default).join(" ") }
}

/// What tells one volume from another of the same kind.
#[cfg(unix)]
fn volume(folder: &Path) -> Option<String> {
    let stats = rustix::fs::statvfs(folder).ok()?;
    Some(format!("{:x} {}", stats.f_fsid, stats.f_namemax))
}

#[cfg(not(unix))]
fn volume(folder: &Path) -> Option<String> {
    // The drive or share, and its size: enough to notice another disk under the same letter.
    let drive = folder.components().next()?.as_os_str().to_string_lossy().into_owned();
    Some(format!("{} {}", &blake3::hash(drive.as_bytes()).to_hex()[..16], fs4::total_space(folder).ok()?))
}

/// One line of the list of mounts.
#[derive(Debug, PartialEq, Eq)]
struct Mount {
    kind: String,
    /// Options of the mount and of the file system.
    options: String,
}

fn mount_of(folder: &Path) -> Option<Mount> {
    // Not Linux, or a sandbox without /proc: the name is a courtesy.
    find_mount(&std::fs::read_to_string("/proc/self/mountinfo").ok()?, folder)
}

/// Finds the mount of `folder` in the text of `/proc/self/mountinfo` (`man 5 proc`): the longest mount point that is the folder or
/// above it; of two on the same point the later, which hides the earlier.
fn find_mount(mounts: &str, folder: &Path) -> Option<Mount> {
    mounts
        .lines()
        .filter_map(|line| {
            // 36 35 98:0 /root /mount/point rw,noatime master:1 - ext3 /dev/root rw
            let (before, after) = line.split_once(" - ")?;
            let mut before = before.split(' ').skip(4);
            let point = unescape(before.next()?);
            let mut after = after.split(' ');
            let kind = after.next()?.to_owned();
            let options = format!("{} {}", before.next()?, after.nth(1).unwrap_or_default());
            folder.starts_with(&point).then(|| (Path::new(&point).components().count(), Mount { kind, options }))
        })
        .max_by_key(|(depth, _)| *depth) // the last of equals
        .map(|(_, mount)| mount)
}

/// Undoes the kernel's octal escapes for space, tab, newline and backslash.
fn unescape(point: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .iter()
        .fold(point.to_owned(), |text, (escape, character)| text.replace(escape, character))
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

/// Sorts the names that Linux and macOS give.
pub(super) fn family(kind: &str) -> Family {
    match kind {
        "cifs" | "smb3" | "smbfs" | "nfs" | "nfs4" | "afpfs" | "webdav" | "ceph" | "glusterfs" | "9p" | "fuse.sshfs"
        | "fuse.rclone" | "fuse.glusterfs" | "davfs" | "fuse.davfs" => Family::Network,
        "vfat" | "msdos" => Family::Fat,
        "ntfs" | "ntfs3" | "exfat" | "fuseblk" | "fuse.exfat" => Family::WindowsDisk,
        "tmpfs" | "ramfs" => Family::Memory,
        _ => Family::Ordinary,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    const MOUNTS: &str = "\
22 1 254:0 / / rw,relatime - ext4 /dev/root rw
30 22 0:25 / /mnt rw shared:1 - tmpfs tmpfs rw
31 30 8:1 / /mnt/photo\\040disk rw - fuseblk /dev/sdb1 rw,user_id=0
32 30 0:40 / /mnt/nas rw - cifs //server/share rw
33 30 0:41 / /mnt/nas rw - nfs4 server:/share rw
a broken line
";

    #[test]
    fn the_longest_mount_point_counts() {
        for (folder, kind) in [
            ("/home/me/Photos", "ext4"),
            ("/mnt", "tmpfs"),
            ("/mnt/photo disk/library", "fuseblk"),
            ("/mnt/photo diskette", "tmpfs"), // a prefix of the text, not of the path
            ("/mnt/nas/library", "nfs4"),     // the later mount hides the earlier
        ] {
            assert_eq!(find_mount(MOUNTS, Path::new(folder)).expect(folder).kind, kind);
        }
        assert_eq!(find_mount("", Path::new("/")), None);
        let disk = find_mount(MOUNTS, Path::new("/mnt/photo disk")).expect("listed");
        assert_eq!(disk.options, "rw rw,user_id=0");
    }

    #[test]
    fn names_are_sorted_for_people() {
        assert_eq!(family("fuseblk"), Family::WindowsDisk);
        assert_eq!(family("smb3"), Family::Network);
        assert_eq!(family("vfat"), Family::Fat);
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
