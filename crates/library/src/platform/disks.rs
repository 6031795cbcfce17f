//! The disks of Windows, macOS and other systems but Linux.

use std::path::Path;

use sysinfo::{DiskRefreshKind, Disks};

use super::{Disk, Volume};

/// The disk under a folder, whose path has no links in it; `None` where the system does not tell (a network share under Windows).
pub(crate) fn disk_of(folder: &Path) -> Option<Disk> {
    // `\\?\C:\Photos` lies on `C:\`.
    let folder = plain(folder);
    let disks = all();
    let disks = disks.iter().flat_map(|disks| disks.iter()).filter(|disk| folder.starts_with(disk.mount_point()));
    let disk = disks.max_by_key(|disk| disk.mount_point().components().count())?;
    Some(Disk {
        point: disk.mount_point().to_owned(),
        kind: disk.file_system().to_string_lossy().into_owned(),
        options: if disk.is_read_only() { "ro" } else { "rw" }.to_owned(),
    })
}

/// The drives of Windows, by the serial numbers of their volumes.
#[cfg(windows)]
pub(crate) fn volumes() -> Vec<Volume> {
    let numbered = |point: &Path| match file_id::get_low_res_file_id(point) {
        Ok(file_id::FileId::LowRes { volume_serial_number, .. }) => Some(format!("{volume_serial_number:08x}")),
        _ => None,
    };
    all()
        .iter()
        .flat_map(|disks| disks.iter())
        .filter_map(|disk| Some(Volume { number: numbered(disk.mount_point())?, point: disk.mount_point().to_owned() }))
        .collect()
}

/// None: macOS mounts a disk under the disk's own name, so there is nothing to follow.
#[cfg(not(windows))]
pub(crate) fn volumes() -> Vec<Volume> {
    Vec::new()
}

/// Without the `\\?\` that long paths have under Windows, where that is possible.
pub(crate) fn plain(path: &Path) -> &Path {
    dunce::simplified(path)
}

fn all() -> Option<Disks> {
    Disks::new_with_refreshed_list_specifics(DiskRefreshKind::nothing().with_storage()).ok()
}
