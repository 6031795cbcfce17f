//! Everything below a folder, by names and sizes: no bytes are read, no link is followed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use photokeep_model::{is_system_file, is_system_folder};

use super::{LeftAlone, LeftWhy};
use crate::file_times::modified;
use crate::folder::STATE_FOLDER;

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WalkedFile {
    /// Below the folder, with `/`.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Seconds and nanoseconds.
    pub mtime: (i64, u32),
    /// Which file of which disk it is, when it has more names than this one.
    pub twin: Option<(u64, u64)>,
}

/// A symbolic link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WalkedLink {
    /// Below the folder, with `/`.
    pub path: String,
    /// What it leads to, below the folder; `None` when that is elsewhere.
    pub leads_to: Option<String>,
}

/// What lies below a folder.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub files: Vec<WalkedFile>,
    pub links: Vec<WalkedLink>,
    /// Passed over, with the reason.
    pub left: Vec<LeftAlone>,
    /// Names of the predecessors' own files that lie at the top.
    pub tool_files: Vec<String>,
}

/// Files that the tools keep for themselves (`predecessors.md` 1.4, 2.1).
pub(super) fn is_tool_file(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "gphotos.sqlite",
        "gphotos.sqlite.previous",
        "gphotos.sqlite-journal",
        "gphotos.log",
        "gphotos.trace",
        "gphotos.lock",
        "gphotos.bad_ids.yaml",
        ".gphotos.token",
        ".client_secret.json",
        ".token.json",
    ];
    NAMES.contains(&name)
}

/// What gphotos-sync leaves when it is killed: Python's temporary names, without an ending (`predecessors.md` 1.10).
fn is_leftover(name: &str) -> bool {
    name.strip_prefix("tmp").is_some_and(|rest| {
        rest.len() == 8 && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    })
}

/// Walks through `root`.
///
/// # Errors
/// When `root` itself cannot be read. What cannot be read below it is passed over and listed.
pub(super) fn walk(root: &Path) -> io::Result<Walked> {
    let mut walked = Walked::default();
    let mut folders = vec![(root.to_owned(), String::new())];
    let mut first = true;
    while let Some((folder, below)) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if first => return Err(error),
            Err(_) => {
                walked.left.push(LeftAlone::new(below, LeftWhy::Unreadable));
                continue;
            }
        };
        let top = std::mem::take(&mut first);
        let mut entries: Vec<_> = entries.collect::<io::Result<_>>().unwrap_or_default();
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let Ok(name) = entry.file_name().into_string() else {
                let shown = format!("{below}{}", entry.file_name().to_string_lossy());
                walked.left.push(LeftAlone::new(shown, LeftWhy::NameNotText));
                continue;
            };
            let path = format!("{below}{name}");
            let Ok(metadata) = entry.metadata() else {
                walked.left.push(LeftAlone::new(path, LeftWhy::Unreadable));
                continue;
            };
            if metadata.is_dir() {
                if name == STATE_FOLDER {
                    continue;
                }
                if is_system_folder(&name) || name.starts_with('.') {
                    walked.left.push(LeftAlone::new(path, LeftWhy::Hidden));
                } else {
                    folders.push((entry.path(), format!("{path}/")));
                }
            } else if metadata.file_type().is_symlink() {
                let leads_to = fs::read_link(entry.path()).ok().and_then(|to| below_root(root, &folder, &to));
                walked.links.push(WalkedLink { path, leads_to });
            } else if top && is_tool_file(&name) {
                walked.tool_files.push(name);
            } else if !metadata.is_file() || is_system_file(&name) || name.starts_with('.') {
                walked.left.push(LeftAlone::new(path, LeftWhy::Hidden));
            } else if is_leftover(&name) {
                walked.left.push(LeftAlone::new(path, LeftWhy::Leftover));
            } else {
                walked.files.push(WalkedFile { path, size: metadata.len(), mtime: modified(&metadata), twin: twin(&metadata) });
            }
        }
    }
    Ok(walked)
}

/// Where a link leads, worked out from its words alone, as far as that is below the root.
fn below_root(root: &Path, folder: &Path, to: &Path) -> Option<String> {
    let mut full = PathBuf::new();
    for part in folder.join(to).components() {
        match part {
            std::path::Component::ParentDir => {
                full.pop();
            }
            std::path::Component::CurDir => {}
            part => full.push(part),
        }
    }
    let below = full.strip_prefix(root).ok()?;
    let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
    parts.map(|parts| parts.join("/"))
}

#[cfg(unix)]
fn twin(metadata: &fs::Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    (metadata.nlink() > 1).then(|| (metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn twin(_: &fs::Metadata) -> Option<(u64, u64)> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers_of_a_killed_run_are_told_from_photos() {
        assert!(is_leftover("tmpa1b2c3_d"));
        assert!(
            !is_leftover("tmpa1b2c3_d.jpg") && !is_leftover("tmp") && !is_leftover("tmpABCDEFGH") && !is_leftover("tmpfile12345")
        );
    }

    #[test]
    fn links_are_followed_by_their_words_alone() {
        let root = Path::new("/lib");
        let led = |to: &str| below_root(root, Path::new("/lib/albums/2023/0925 T"), Path::new(to));
        assert_eq!(led("../../../photos/2023/09/a.jpg").as_deref(), Some("photos/2023/09/a.jpg"));
        assert_eq!(led("/lib/photos/b.jpg").as_deref(), Some("photos/b.jpg"));
        assert_eq!(led("../../../../etc/passwd"), None);
    }
}
