//! The folder `comparison/`: what a comparison found, as links that any file manager shows (design section 5).
//!
//! Which links are ours is written down before one of them is made (`.photokeep/comparison-links`), and only what still is such
//! a link is ever replaced or removed: somebody else's file in that folder stays, whatever its name. Folders are removed only when
//! they are empty and held a link of ours.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use photokeep_model::{LinkKind, Result};

use crate::album_links::{shortcut, symlink};
use crate::flush::{self, write_atomically};
use crate::folder::{Library, STATE_FOLDER};
use crate::placing::make_folders;
use crate::target::safe_path::relative_link;
use crate::target::{self, NameRules, target_error};

/// The folder of the links, below the library.
pub const COMPARISON_FOLDER: &str = "comparison";

/// Where is written down which links are ours, in the library's own folder: a line each of path and target, with tabs between.
const RECORD: &str = "comparison-links";

/// A link to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparisonLink {
    /// Its path below `comparison/`, as it would be without the target's rules for names.
    pub at: String,
    /// What it leads to.
    pub to: LinkTo,
}

/// What a link of the comparison leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTo {
    /// A file of the library, by its path below it: the link moves with the library.
    Library(String),
    /// A file somewhere else, by its whole path.
    Elsewhere(PathBuf),
}

/// What making the tree did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ComparisonTree {
    /// Links made.
    pub made: u64,
    /// Links that were there already.
    pub kept: u64,
    /// Links of an earlier comparison that were removed.
    pub removed: u64,
    /// Names of an earlier comparison that hold something else now; left alone.
    pub left_alone: u64,
    /// Links that could not be made.
    pub failed: u64,
    /// Why the first of them could not.
    pub example: Option<String>,
}

impl Library {
    /// Makes `comparison/` hold just these links, as symbolic links or, where the target holds none, as shortcuts.
    ///
    /// # Errors
    /// When the library's disk is full, read-only or gone.
    pub fn make_comparison_tree(&mut self, links: Vec<ComparisonLink>) -> Result<ComparisonTree> {
        let kind = if self.facts().symlinks.works() { LinkKind::Symlink } else { LinkKind::Shortcut };
        let maker = Maker { root: self.root(), rules: self.rules(), kind };
        let record = self.root().join(STATE_FOLDER).join(RECORD);
        let before = read_record(&record);
        let wanted: Vec<(String, String)> = maker.named(links);
        let mut tree = ComparisonTree::default();
        let now: HashMap<&str, &str> = wanted.iter().map(|(at, to)| (&**at, &**to)).collect();
        let mut left = BTreeSet::new();
        for (at, to) in &before {
            if now.get(&**at) == Some(&&**to) {
                continue;
            }
            match maker.remove(at, to) {
                Ok(Some(folder)) => {
                    tree.removed += 1;
                    left.insert(folder);
                }
                Ok(None) => tree.left_alone += 1,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(target_error(error, &self.root().join(at))),
            }
        }
        // A disk that went away looks like a folder in which nothing is left.
        self.check_still_there()?;
        maker.remove_empty(&left);
        write_record(&record, before.iter().chain(&wanted).collect::<BTreeSet<_>>())?;
        let mut folders = BTreeSet::new();
        let mut made = Vec::with_capacity(wanted.len());
        for (at, to) in wanted {
            match maker.make(&at, &to, &mut folders) {
                Ok(at) => {
                    if at.is_new {
                        tree.made += 1;
                    } else {
                        tree.kept += 1;
                    }
                    made.push((at.path, to));
                }
                Err(error) if is_of_the_target(&error) => return Err(target_error(error, &self.root().join(&at))),
                Err(error) => {
                    self.check_still_there()?;
                    tree.failed += 1;
                    tree.example.get_or_insert_with(|| format!("`{at}`: {error}"));
                }
            }
        }
        flush::folders(&folders)?;
        write_record(&record, made.iter().collect())?;
        Ok(tree)
    }
}

/// Trouble of the whole disk, not of one name.
fn is_of_the_target(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::PermissionDenied
    )
}

struct Made {
    path: String,
    is_new: bool,
}

struct Maker<'a> {
    root: &'a Path,
    rules: NameRules,
    kind: LinkKind,
}

impl Maker<'_> {
    /// Paths below the library and targets, with names that the target takes, each path once.
    fn named(&self, links: Vec<ComparisonLink>) -> Vec<(String, String)> {
        let mut taken = HashMap::new();
        let mut named = Vec::with_capacity(links.len());
        for ComparisonLink { at, to } in links {
            let mut parts: Vec<String> =
                at.split('/').filter(|part| !matches!(*part, "" | "." | "..")).map(|part| self.fit(part)).collect();
            let Some(mut name) = parts.pop() else { continue };
            if self.kind == LinkKind::Shortcut {
                name = self.rules.clean_file_name(&format!("{name}.{}", shortcut::EXTENSION), "");
            }
            let folder: String = parts.iter().map(|part| format!("/{part}")).collect();
            let plain = format!("{COMPARISON_FOLDER}{folder}/{name}");
            let number: &mut u32 = taken.entry(self.rules.collision_key(&plain)).or_default();
            *number += 1;
            let path =
                if *number == 1 { plain } else { format!("{COMPARISON_FOLDER}{folder}/{}", self.rules.numbered(&name, *number)) };
            let to = match to {
                LinkTo::Library(inside) if self.kind == LinkKind::Symlink => {
                    relative_link(&path, &inside).to_string_lossy().into_owned()
                }
                LinkTo::Library(inside) => self.root.join(inside).to_string_lossy().into_owned(),
                LinkTo::Elsewhere(file) => file.to_string_lossy().into_owned(),
            };
            named.push((path, to));
        }
        named
    }

    fn fit(&self, name: &str) -> String {
        if self.rules.accepts(name) { name.to_owned() } else { self.rules.clean_file_name(name, "") }
    }

    /// Whether this very link lies there.
    fn is_there(&self, full: &Path, to: &str) -> bool {
        let Ok(metadata) = fs::symlink_metadata(full) else { return false };
        if metadata.file_type().is_symlink() {
            return fs::read_link(full).is_ok_and(|leads_to| leads_to == Path::new(to));
        }
        let text = shortcut::text(Path::new(to));
        metadata.is_file() && metadata.len() == text.len() as u64 && fs::read(full).is_ok_and(|found| found == text.as_bytes())
    }

    /// Removes a link of ours and gives its folder; `None` where something else lies there.
    fn remove(&self, at: &str, to: &str) -> io::Result<Option<PathBuf>> {
        let full = self.full(at)?;
        fs::symlink_metadata(&full)?;
        if !self.is_there(&full, to) || self.link_on_the_way(&full).is_some() {
            return Ok(None);
        }
        fs::remove_file(&full)?;
        Ok(Some(full.parent().unwrap_or(self.root).to_owned()))
    }

    /// Removes folders in which nothing is left, up to and with `comparison`.
    fn remove_empty(&self, folders: &BTreeSet<PathBuf>) {
        let top = self.root.join(COMPARISON_FOLDER);
        // The deepest first.
        for folder in folders.iter().rev() {
            let mut folder = folder.as_path();
            while folder.starts_with(&top) && fs::remove_dir(folder).is_ok() {
                let Some(parent) = folder.parent() else { break };
                folder = parent;
            }
        }
    }

    /// Makes one link, under another number where something else has its name.
    fn make(&self, at: &str, to: &str, folders: &mut BTreeSet<PathBuf>) -> io::Result<Made> {
        let (folder, name) = at.rsplit_once('/').unwrap_or((COMPARISON_FOLDER, at));
        let mut path = at.to_owned();
        for number in 2..1000 {
            let full = self.full(&path)?;
            if let Some(parent) = full.parent() {
                if !folders.contains(parent)
                    && let Some(link) = self.link_on_the_way(&full)
                {
                    return Err(io::Error::other(format!(
                        "`{}` is a link to somewhere else; nothing is written there",
                        link.display()
                    )));
                }
                make_folders(self.root, parent, folders)?;
            }
            if self.is_there(&full, to) {
                return Ok(Made { path, is_new: false });
            }
            let made = match self.kind {
                LinkKind::Symlink => symlink(Path::new(to), &full),
                _ => shortcut::write_new(&full, Path::new(to)),
            };
            match made {
                Ok(()) => return Ok(Made { path, is_new: true }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    path = format!("{folder}/{}", self.rules.numbered(name, number));
                }
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::from(io::ErrorKind::AlreadyExists))
    }

    /// The first folder between the library and a path in it that is a link: what it leads to is not the library's.
    fn link_on_the_way(&self, full: &Path) -> Option<PathBuf> {
        let mut folders: Vec<&Path> = full.ancestors().skip(1).take_while(|folder| *folder != self.root).collect();
        folders.reverse();
        let link = folders.into_iter().find(|folder| fs::symlink_metadata(folder).is_ok_and(|there| there.is_symlink()))?;
        Some(link.strip_prefix(self.root).unwrap_or(link).to_owned())
    }

    fn full(&self, path: &str) -> io::Result<PathBuf> {
        target::join(self.root, path).map_err(|error| io::Error::other(error.to_string()))
    }
}

/// The links that were made, or announced.
fn read_record(record: &Path) -> Vec<(String, String)> {
    let text = fs::read_to_string(record).unwrap_or_default();
    text.lines().filter_map(|line| line.split_once('\t')).map(|(at, to)| (at.to_owned(), to.to_owned())).collect()
}

fn write_record(record: &Path, links: BTreeSet<&(String, String)>) -> Result<()> {
    // A target with a line break cannot be told again: such a link stays when it is no longer wanted.
    let text: String = links
        .iter()
        .filter(|(at, to)| !at.contains(['\n', '\t']) && !to.contains('\n'))
        .map(|(at, to)| format!("{at}\t{to}\n"))
        .collect();
    write_atomically(record, text.as_bytes()).map_err(|error| target_error(error, record))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::{Home, OptionChanges};

    fn link(at: &str, to: &Path) -> ComparisonLink {
        ComparisonLink { at: at.into(), to: LinkTo::Elsewhere(to.to_owned()) }
    }

    #[cfg(unix)]
    #[test]
    fn only_links_that_we_made_are_replaced_or_removed() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("library");
        let home = Home::at(place.path().join("home")).unwrap();
        let mut library = Library::open_or_create(&root, &home, OptionChanges::default(), false).unwrap();
        let folder = root.join(COMPARISON_FOLDER);
        let (one, two) = (place.path().join("one.jpg"), place.path().join("two.jpg"));
        let inside = ComparisonLink { at: "extra_files/photos/a.jpg".into(), to: LinkTo::Library("photos/a.jpg".into()) };
        let first = vec![link("missing_files/trip/one.jpg", &one), link("missing_files/two.jpg", &two), inside.clone()];
        let tree = library.make_comparison_tree(first.clone()).unwrap();
        assert_eq!((tree.made, tree.kept, tree.removed, tree.failed), (3, 0, 0, 0));
        assert_eq!(fs::read_link(folder.join("missing_files/trip/one.jpg")).unwrap(), one);
        assert_eq!(fs::read_link(folder.join("extra_files/photos/a.jpg")).unwrap(), Path::new("../../../photos/a.jpg"));
        assert_eq!(library.make_comparison_tree(first.clone()).unwrap(), ComparisonTree { kept: 3, ..ComparisonTree::default() });

        // A person puts a file in the place of one link, a link of their own in that of another, and a file beside them.
        fs::remove_file(folder.join("missing_files/two.jpg")).unwrap();
        fs::write(folder.join("missing_files/two.jpg"), "mine").unwrap();
        fs::remove_file(folder.join("missing_files/trip/one.jpg")).unwrap();
        std::os::unix::fs::symlink("/elsewhere", folder.join("missing_files/trip/one.jpg")).unwrap();
        fs::write(folder.join("extra_files/note.txt"), "mine").unwrap();
        let tree = library.make_comparison_tree(first).unwrap();
        assert_eq!((tree.made, tree.kept), (2, 1), "under other names");
        assert_eq!(fs::read_link(folder.join("missing_files/two (2).jpg")).unwrap(), two);
        let tree = library.make_comparison_tree(Vec::new()).unwrap();
        assert_eq!((tree.removed, tree.left_alone), (3, 0));
        assert_eq!(fs::read_to_string(folder.join("missing_files/two.jpg")).unwrap(), "mine");
        assert_eq!(fs::read_link(folder.join("missing_files/trip/one.jpg")).unwrap(), Path::new("/elsewhere"));
        assert!(folder.join("extra_files/note.txt").exists() && !folder.join("extra_files/photos").exists());
    }

    #[test]
    fn names_never_leave_the_folder_and_none_is_made_twice() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("library");
        let home = Home::at(place.path().join("home")).unwrap();
        let mut library = Library::open_or_create(&root, &home, OptionChanges::default(), false).unwrap();
        let to = place.path().join("x.jpg");
        let links = vec![
            link("missing_files/../../../out.jpg", &to),
            link("/missing_files//a.jpg", &to),
            link("missing_files/a.jpg", &place.path().join("y.jpg")),
        ];
        assert_eq!(library.make_comparison_tree(links.clone()).unwrap().made, 3);
        let mut found: Vec<String> = fs::read_dir(root.join("comparison/missing_files"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        found.sort();
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(!place.path().join("out.jpg").exists() && !root.join("out.jpg").exists());
        assert_eq!(library.make_comparison_tree(links).unwrap().kept, 3);
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_is_a_link_is_not_written_through() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("library");
        let home = Home::at(place.path().join("home")).unwrap();
        let mut library = Library::open_or_create(&root, &home, OptionChanges::default(), false).unwrap();
        let elsewhere = place.path().join("elsewhere");
        fs::create_dir_all(elsewhere.join("missing_files")).unwrap();
        std::os::unix::fs::symlink(&elsewhere, root.join(COMPARISON_FOLDER)).unwrap();
        let links = || vec![link("missing_files/a.jpg", &place.path().join("a.jpg"))];
        let tree = library.make_comparison_tree(links()).unwrap();
        assert_eq!((tree.made, tree.failed), (0, 1));
        assert!(tree.example.unwrap().contains("is a link to somewhere else"));
        assert_eq!(fs::read_dir(elsewhere.join("missing_files")).unwrap().count(), 0);
        fs::remove_file(root.join(COMPARISON_FOLDER)).unwrap();
        fs::create_dir(root.join(COMPARISON_FOLDER)).unwrap();
        std::os::unix::fs::symlink(elsewhere.join("missing_files"), root.join("comparison/missing_files")).unwrap();
        assert_eq!(library.make_comparison_tree(links()).unwrap().failed, 1);
        assert_eq!(fs::read_dir(elsewhere.join("missing_files")).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn what_was_announced_before_a_kill_is_ours() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("library");
        let home = Home::at(place.path().join("home")).unwrap();
        let mut library = Library::open_or_create(&root, &home, OptionChanges::default(), false).unwrap();
        let links = vec![link("missing_files/a.jpg", &place.path().join("a.jpg"))];
        library.make_comparison_tree(links).unwrap();
        // As it stands after a kill between the announcement and the end: more is announced than is there.
        let record = root.join(STATE_FOLDER).join(RECORD);
        let mut text = fs::read_to_string(&record).unwrap();
        text.push_str("comparison/missing_files/b.jpg\t/never/made\n");
        fs::write(&record, text).unwrap();
        let tree = library.make_comparison_tree(Vec::new()).unwrap();
        assert_eq!((tree.removed, tree.left_alone), (1, 0));
        assert!(!root.join(COMPARISON_FOLDER).exists());
    }
}
