//! Every file below a folder, and what is passed over and why.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use photokeep_model::{is_system_file, is_system_folder};
use serde::Serialize;
use walkdir::{DirEntry, WalkDir};

use crate::trouble::{Trouble, TroubleWhy};

/// A file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Below the folder that is compared.
    pub path: PathBuf,
    /// Bytes.
    pub size: u64,
    /// When it was last written, in nanoseconds since 1970.
    pub modified: i64,
    /// The number of the file on its disk, where the system has one. Told apart and read in this order.
    pub inode: u64,
    /// The number of that disk, where the system has one.
    pub device: u64,
}

/// Why something was passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeftWhy {
    /// A link: what it leads to is looked at where it lies.
    Link,
    /// A file that a system or a program left for itself: `Thumbs.db`, `.DS_Store`.
    System,
    /// Hidden by a dot before its name: what programs keep for themselves, and what a person wanted out of sight.
    Hidden,
    /// The library that is compared with.
    Library,
    /// A folder that Photokeep made.
    Own,
    /// A device, a socket, a pipe.
    Special,
}

impl LeftWhy {
    /// The word in JSON and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::System => "system",
            Self::Hidden => "hidden",
            Self::Library => "library",
            Self::Own => "own",
            Self::Special => "special",
        }
    }
}

/// What a walk meets.
#[derive(Debug)]
pub enum Met {
    /// A file to compare.
    File(Found),
    /// Something that is passed over, with all that is in it.
    Left(PathBuf, LeftWhy),
    /// Something that cannot be read, and why.
    Trouble(PathBuf, Trouble),
}

/// Walks through `folder`, which is not left by any link, and so ends. `library` is passed over, wherever it lies in it.
pub fn walk<'a>(folder: &'a Path, library: &'a Path) -> impl Iterator<Item = Met> + 'a {
    let mut entries = WalkDir::new(folder).follow_links(false).min_depth(1).into_iter();
    std::iter::from_fn(move || {
        loop {
            let entry = match entries.next()? {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error.path().map(|path| below(folder, path)).unwrap_or_default();
                    return Some(Met::Trouble(path, trouble(error)));
                }
            };
            let path = below(folder, entry.path());
            let is_folder = entry.file_type().is_dir();
            if let Some(why) = passed_over(&entry, library) {
                if is_folder {
                    entries.skip_current_dir();
                }
                return Some(Met::Left(path, why));
            }
            if is_folder {
                continue;
            }
            return Some(match entry.metadata() {
                Ok(metadata) => Met::File(Found {
                    path,
                    size: metadata.len(),
                    modified: modified(&metadata),
                    inode: inode(&metadata),
                    device: device(&metadata),
                }),
                Err(error) => Met::Trouble(path, trouble(error)),
            });
        }
    })
}

fn trouble(error: walkdir::Error) -> Trouble {
    error.into_io_error().map_or_else(|| TroubleWhy::Disk.into(), Trouble::from)
}

fn below(folder: &Path, path: &Path) -> PathBuf {
    path.strip_prefix(folder).unwrap_or(path).to_owned()
}

fn passed_over(entry: &DirEntry, library: &Path) -> Option<LeftWhy> {
    let kind = entry.file_type();
    let name = entry.file_name().to_string_lossy().to_lowercase();
    if kind.is_symlink() {
        return Some(LeftWhy::Link);
    }
    if kind.is_dir() {
        if entry.path() == library {
            return Some(LeftWhy::Library);
        }
        // In another library: its catalog, its trash.
        if name == ".photokeep" {
            return Some(LeftWhy::Own);
        }
        return left_alone(&name, is_system_folder(&name));
    }
    if !kind.is_file() {
        return Some(LeftWhy::Special);
    }
    left_alone(&name, is_system_file(&name))
}

fn left_alone(name: &str, is_of_a_system: bool) -> Option<LeftWhy> {
    if is_of_a_system {
        return Some(LeftWhy::System);
    }
    name.starts_with('.').then_some(LeftWhy::Hidden)
}

/// Nanoseconds since 1970; before and after what fits, the nearest.
pub fn modified(metadata: &Metadata) -> i64 {
    let Ok(time) = metadata.modified() else { return 0 };
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |nanos| -nanos),
    }
}

#[cfg(unix)]
fn inode(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}

#[cfg(unix)]
fn device(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::dev(metadata)
}

#[cfg(not(unix))]
fn device(_: &Metadata) -> u64 {
    0
}
