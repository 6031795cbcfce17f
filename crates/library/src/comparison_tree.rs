//! The folder `comparison/`: what a comparison found, as links that any file manager shows (design section 5).
//!
//! Which links are ours is written down before one of them is made (`.photokeep/comparison-links`), and only what still is such
//! a link is ever replaced or removed: somebody else's file in that folder stays, whatever its name. Folders are removed only when
//! they are empty and held a link of ours.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use photokeep_model::{LinkKind, Result};

use crate::album_links::shortcut;
use crate::flush::{self, write_atomically};
use crate::folder::{Library, STATE_FOLDER};
use crate::placing::make_folders;
use crate::platform;
use crate::target::safe_path::relative_link;
use crate::target::{self, NameRules, target_error};

/// The folder of the links, below the library.
pub const COMPARISON_FOLDER: &str = "comparison";

/// Where is written down which links are ours, in the library's own folder: a line each of path and target, with a tab between. What
/// is no text, or would end the line, stands there as `\x0A`.
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
        let wanted: Vec<(String, PathBuf)> = maker.named(links);
        let mut tree = ComparisonTree::default();
        let now: HashMap<&str, &Path> = wanted.iter().map(|(at, to)| (&**at, &**to)).collect();
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
        // A link of the person's that leads to the same place stays theirs.
        let ours: HashSet<(String, PathBuf)> = before.into_iter().collect();
        let is_new = |link: &&(String, PathBuf)| !maker.lies_there(&link.0, &link.1);
        write_record(&record, ours.iter().chain(wanted.iter().filter(is_new)).collect::<BTreeSet<_>>())?;
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
                    let link = (at.path, to);
                    if at.is_new || ours.contains(&link) {
                        made.push(link);
                    }
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
        write_record(&record, &made)?;
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
    fn named(&self, links: Vec<ComparisonLink>) -> Vec<(String, PathBuf)> {
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
                LinkTo::Library(inside) if self.kind == LinkKind::Symlink => relative_link(&path, &inside),
                LinkTo::Library(inside) => self.root.join(inside),
                LinkTo::Elsewhere(file) => file,
            };
            named.push((path, to));
        }
        named
    }

    fn fit(&self, name: &str) -> String {
        if self.rules.accepts(name) { name.to_owned() } else { self.rules.clean_file_name(name, "") }
    }

    /// Whether this very link lies there.
    fn is_there(&self, full: &Path, to: &Path) -> bool {
        let Ok(metadata) = fs::symlink_metadata(full) else { return false };
        if metadata.file_type().is_symlink() {
            return fs::read_link(full).is_ok_and(|leads_to| leads_to == to);
        }
        let Ok(own) = shortcut::bytes(full, to) else { return false };
        metadata.is_file() && metadata.len() == own.len() as u64 && fs::read(full).is_ok_and(|found| found == own)
    }

    /// Whether this very link lies at a path below the library.
    fn lies_there(&self, at: &str, to: &Path) -> bool {
        self.full(at).is_ok_and(|full| self.is_there(&full, to))
    }

    /// Removes a link of ours and gives its folder; `None` where something else lies there.
    fn remove(&self, at: &str, to: &Path) -> io::Result<Option<PathBuf>> {
        let full = self.full(at)?;
        fs::symlink_metadata(&full)?;
        if !self.is_there(&full, to) || self.on_the_way(&full).is_some() {
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
    fn make(&self, at: &str, to: &Path, folders: &mut BTreeSet<PathBuf>) -> io::Result<Made> {
        let (folder, name) = at.rsplit_once('/').unwrap_or((COMPARISON_FOLDER, at));
        let mut path = at.to_owned();
        for number in 2..1000 {
            let full = self.full(&path)?;
            if let Some(parent) = full.parent() {
                if !folders.contains(parent)
                    && let Some(why) = self.on_the_way(&full)
                {
                    return Err(io::Error::other(why));
                }
                make_folders(self.root, parent, folders)?;
            }
            if self.is_there(&full, to) {
                return Ok(Made { path, is_new: false });
            }
            let made = match self.kind {
                LinkKind::Symlink => platform::symlink(to, &full),
                _ => shortcut::write_new(&full, to),
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

    /// What between the library and a path in it is no folder, in words. Where it is a link, what that leads to is not the library's.
    fn on_the_way(&self, full: &Path) -> Option<String> {
        let mut folders: Vec<&Path> = full.ancestors().skip(1).take_while(|folder| *folder != self.root).collect();
        folders.reverse();
        folders.into_iter().find_map(|folder| {
            let there = fs::symlink_metadata(folder).ok().filter(|there| !there.is_dir())?;
            let name = folder.strip_prefix(self.root).unwrap_or(folder).display();
            Some(match there.is_symlink() {
                true => format!("`{name}` is a link to somewhere else; nothing is written there"),
                false => format!("`{name}` is a file and stays; a folder of that name is needed"),
            })
        })
    }

    fn full(&self, path: &str) -> io::Result<PathBuf> {
        target::join(self.root, path).map_err(|error| io::Error::other(error.to_string()))
    }
}

/// The links that were made, or announced.
fn read_record(record: &Path) -> Vec<(String, PathBuf)> {
    let text = fs::read_to_string(record).unwrap_or_default();
    let lines = text.lines().filter_map(|line| line.split_once('\t'));
    lines.filter_map(|(at, to)| Some((String::from_utf8(read_name(at)).ok()?, path_of(read_name(to))))).collect()
}

fn write_record<'a>(record: &Path, links: impl IntoIterator<Item = &'a (String, PathBuf)>) -> Result<()> {
    let links = links.into_iter();
    let text: String =
        links.map(|(at, to)| format!("{}\t{}\n", written(at.as_bytes()), written(to.as_os_str().as_encoded_bytes()))).collect();
    write_atomically(record, text.as_bytes()).map_err(|error| target_error(error, record))
}

/// A name for the record: what is no text, control characters and backslashes as `\xFF`.
fn written(name: &[u8]) -> String {
    let mut text = String::new();
    for chunk in name.utf8_chunks() {
        for character in chunk.valid().chars() {
            match u8::try_from(character) {
                Ok(byte) if byte.is_ascii_control() || byte == b'\\' => text.push_str(&format!("\\x{byte:02X}")),
                _ => text.push(character),
            }
        }
        chunk.invalid().iter().for_each(|byte| text.push_str(&format!("\\x{byte:02X}")));
    }
    text
}

/// The name that [`written`] wrote.
fn read_name(text: &str) -> Vec<u8> {
    let mut parts = text.split("\\x");
    let mut name = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let byte = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        name.extend(byte);
        name.extend_from_slice(part.get(2..).unwrap_or_default().as_bytes());
    }
    name
}

#[cfg(unix)]
fn path_of(name: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(name).into()
}

#[cfg(not(unix))]
fn path_of(name: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&name).into_owned().into()
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
    fn a_target_of_any_name_is_led_to_and_let_go() {
        use std::os::unix::ffi::OsStrExt;
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("library");
        let home = Home::at(place.path().join("home")).unwrap();
        let mut library = Library::open_or_create(&root, &home, OptionChanges::default(), false).unwrap();
        let names: [&[u8]; 5] = [b"\xFF\xFE.jpg", b"a\nb.jpg", b"tab\t.jpg", b"back\\x41.jpg", b"end\r"];
        let links: Vec<_> = names
            .iter()
            .enumerate()
            .map(|(number, name)| link(&format!("missing_files/{number}"), &place.path().join(std::ffi::OsStr::from_bytes(name))))
            .collect();
        assert_eq!(library.make_comparison_tree(links.clone()).unwrap().made, 5);
        for (number, name) in names.iter().enumerate() {
            let leads_to = fs::read_link(root.join("comparison/missing_files").join(number.to_string())).unwrap();
            assert_eq!(leads_to.file_name().unwrap().as_bytes(), *name);
        }
        assert_eq!(library.make_comparison_tree(links).unwrap().kept, 5);
        assert_eq!(library.make_comparison_tree(Vec::new()).unwrap().removed, 5);
        assert!(!root.join(COMPARISON_FOLDER).exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_of_the_persons_that_is_like_ours_stays_theirs_and_a_file_in_the_way_is_named() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("library");
        let home = Home::at(place.path().join("home")).unwrap();
        let mut library = Library::open_or_create(&root, &home, OptionChanges::default(), false).unwrap();
        let to = place.path().join("a.jpg");
        let theirs = root.join("comparison/missing_files/a.jpg");
        fs::create_dir_all(theirs.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(&to, &theirs).unwrap();
        assert_eq!(library.make_comparison_tree(vec![link("missing_files/a.jpg", &to)]).unwrap().kept, 1);
        assert_eq!(library.make_comparison_tree(Vec::new()).unwrap(), ComparisonTree::default());
        assert!(fs::symlink_metadata(&theirs).is_ok());
        fs::remove_dir_all(root.join(COMPARISON_FOLDER)).unwrap();
        fs::write(root.join(COMPARISON_FOLDER), "mine").unwrap();
        let tree = library.make_comparison_tree(vec![link("missing_files/a.jpg", &to)]).unwrap();
        assert!(tree.example.unwrap().contains("`comparison` is a file"));
        assert_eq!(fs::read_to_string(root.join(COMPARISON_FOLDER)).unwrap(), "mine");
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
