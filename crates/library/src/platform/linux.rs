//! What only Linux has: its list of mounts, and one flush for a whole disk.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::{Disk, Volume};

/// Flushes the whole file system that holds `path`; false if that promises nothing there, and everything is still to be done.
///
/// File systems in user space and shares take part in `syncfs` as far as handing their pages over; what the other side does
/// with them, they ask only for single files (`fs/fuse/inode.c`, `fs/smb/client/cifsfs.c` of Linux 6). FAT, exFAT and NTFS do
/// not empty the disk's own cache then. Before 5.8 the kernel told nobody that writing had failed.
pub(crate) fn flush_disk(path: &Path) -> io::Result<bool> {
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
fn is_since_5_8(release: &str) -> bool {
    let mut numbers = release.split(['.', '-']).map(|number| number.trim().parse::<u32>());
    matches!((numbers.next(), numbers.next()), (Some(Ok(major)), Some(Ok(minor))) if (major, minor) >= (5, 8))
}

/// The disk under a folder, whose path has no links in it; `None` in a sandbox without `/proc`.
pub(crate) fn disk_of(folder: &Path) -> Option<Disk> {
    find_mount(&mounts()?, folder)
}

/// The disks that are mounted now and whose file systems have a UUID (a serial number on FAT); no shares.
pub(crate) fn volumes() -> Vec<Volume> {
    volumes_of(&mounts().unwrap_or_default(), Path::new("/dev/disk/by-uuid"))
}

/// As udev names them in a folder of links: each is called as a UUID and leads to the device that carries it.
fn volumes_of(mounts: &str, by_uuid: &Path) -> Vec<Volume> {
    let device = |path: &Path| fs::canonicalize(path).ok();
    let named: Vec<(PathBuf, String)> = fs::read_dir(by_uuid)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|link| Some((device(&link.path())?, link.file_name().into_string().ok()?)))
        .collect();
    let numbered = all_mounts(mounts).filter_map(|(disk, source)| {
        let source = device(Path::new(&source))?;
        let number = named.iter().find(|(device, _)| *device == source)?.1.clone();
        Some(Volume { point: disk.point, number })
    });
    numbered.collect()
}

/// Paths are written in one way only.
pub(crate) fn plain(path: &Path) -> &Path {
    path
}

fn mounts() -> Option<String> {
    fs::read_to_string("/proc/self/mountinfo").ok()
}

/// The mounts in the text of `/proc/self/mountinfo` (`man 5 proc`), each with its device.
fn all_mounts(mounts: &str) -> impl Iterator<Item = (Disk, String)> {
    mounts.lines().filter_map(|line| {
        // 36 35 98:0 /root /mount/point rw,noatime master:1 - ext3 /dev/root rw
        let (before, after) = line.split_once(" - ")?;
        let mut before = before.split(' ').skip(4);
        let point = PathBuf::from(unescape(before.next()?));
        let mut after = after.split(' ');
        let kind = after.next()?.to_owned();
        let source = unescape(after.next()?);
        let options = format!("{} {}", before.next()?, after.next().unwrap_or_default());
        Some((Disk { point, kind, options }, source))
    })
}

/// The longest mount point that is the folder or above it; of two on the same point the later, which hides the earlier.
fn find_mount(mounts: &str, folder: &Path) -> Option<Disk> {
    // `max_by_key` takes the last of equals.
    all_mounts(mounts)
        .map(|(disk, _)| disk)
        .filter(|disk| folder.starts_with(&disk.point))
        .max_by_key(|disk| disk.point.components().count())
}

/// Undoes the kernel's octal escapes for space, tab, newline and backslash.
fn unescape(point: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .iter()
        .fold(point.to_owned(), |text, (escape, character)| text.replace(escape, character))
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
        assert_eq!(disk.point, Path::new("/mnt/photo disk"));
    }

    #[test]
    fn disks_are_known_by_the_uuid_of_their_device() {
        let folder = tempfile::tempdir().unwrap();
        let (devices, by_uuid) = (folder.path().join("dev"), folder.path().join("by-uuid"));
        fs::create_dir(&devices).unwrap();
        fs::create_dir(&by_uuid).unwrap();
        for (device, uuid) in [("sda1", "5f0c-root"), ("sdb1", "1234-ABCD")] {
            fs::write(devices.join(device), "").unwrap();
            std::os::unix::fs::symlink(devices.join(device), by_uuid.join(uuid)).unwrap();
        }
        fs::write(devices.join("sdc1"), "").unwrap();
        let dev = devices.display();
        let mounts = format!(
            "1 0 8:1 / / rw - ext4 {dev}/sda1 rw\n2 1 8:17 / /media/me/PHOTO\\040DISK rw - vfat {dev}/sdb1 rw\n\
             3 1 8:33 / /mnt/unnumbered rw - ext4 {dev}/sdc1 rw\n4 1 0:9 / /mnt/nas rw - cifs //server/share rw\n"
        );
        let volume = |point: &str, number: &str| Volume { point: point.into(), number: number.into() };
        assert_eq!(volumes_of(&mounts, &by_uuid), [volume("/", "5f0c-root"), volume("/media/me/PHOTO DISK", "1234-ABCD")]);
        assert_eq!(volumes_of(&mounts, Path::new("/nowhere")), []);
    }

    #[test]
    fn kernels_that_told_nobody_of_failures_are_known() {
        for new in ["5.8.0", "5.10.0-28-amd64", "6.1.0", "6.18.44-fc-v657\n", "10.0"] {
            assert!(is_since_5_8(new), "{new}");
        }
        for old in ["5.7.19", "4.18.0-553.el8", "5.4.0-150-generic", "", "linux"] {
            assert!(!is_since_5_8(old), "{old}");
        }
    }
}
