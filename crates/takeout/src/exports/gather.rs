//! Finding archives and unpacked folders in what a person gave.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::names::{has_archive_ending, is_takeout_root, is_unfinished_download};
use super::{ArchiveName, ExportId, Gathered, Part};
use crate::archive::{Form, MAC_FOLDER, Reason, Refusal, beginning, first_path, peek_paths, recognise};
use crate::naming::known_extension;

/// How deep a given folder is searched for folders that hold archives.
const DEPTH: usize = 2;

/// Entries of one folder that are looked at.
const MAX_CHILDREN: usize = 100_000;

/// Bytes at each end of two files that are compared to call one a copy.
const COMPARED: u64 = 64 << 10;

/// Looks at everything that was given; `named`: by a person, so that a folder without any sign is an unpacked export.
/// What `passed` says yes to is not touched.
pub(super) fn gather(paths: &[PathBuf], named: bool, passed: &dyn Fn(&Path) -> bool) -> Gathered {
    let mut search = Search { found: Gathered::default(), seen: BTreeSet::new(), met: 0, given: named, passed };
    for path in paths {
        if path.is_dir() && !is_unfinished_download(&name_of(path)) {
            search.folder(path, None, named, 0);
        } else {
            search.file(path, named);
        }
    }
    search.found
}

struct Search<'a> {
    found: Gathered,
    /// Real places, so that a folder and a file in it do not count twice.
    seen: BTreeSet<PathBuf>,
    /// How often something of an export was met, known ones too.
    met: usize,
    /// A person gave all of it; else it is what lies in a watched folder.
    given: bool,
    /// Files and folders that are not to be opened.
    passed: &'a dyn Fn(&Path) -> bool,
}

impl Search<'_> {
    fn is_new(&mut self, path: &Path) -> bool {
        self.seen.insert(fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()))
    }

    /// Looks at one file. `named`: the person gave this very file, not a folder around it.
    fn file(&mut self, path: &Path, named: bool) {
        let text = name_of(path);
        let name = ArchiveName::parse(&text);
        let unfinished = is_unfinished_download(&text);
        if !named && name.is_none() && !has_archive_ending(&text) {
            return;
        }
        if (self.passed)(path) || !self.is_new(path) {
            self.met += 1;
            return;
        }
        self.met += usize::from(name.is_some());
        if unfinished {
            return self.found.refuse_unfinished(path.to_owned(), name.as_ref());
        }
        match recognise(path) {
            Ok(form) => {
                if named || name.is_some() || is_export(path, form) || self.given && is_packed_anew(path, form) {
                    self.met += 1;
                    self.part(path, form, name, None);
                } else {
                    self.found.others.push(path.to_owned());
                }
            }
            // A foreign file in a folder is none of our business, unless it is called like a part.
            Err(_) if !named && name.is_none() => self.found.others.push(path.to_owned()),
            Err(refusal) => self.found.refuse(path.to_owned(), name.as_ref(), refusal),
        }
    }

    /// Looks at a folder. `inherited`: the name of the archive it was unpacked from.
    fn folder(&mut self, path: &Path, inherited: Option<&ArchiveName>, named: bool, depth: usize) {
        if (self.passed)(path) {
            return;
        }
        let own = ArchiveName::parse(&name_of(path));
        let archive = own.as_ref().or(inherited);
        let children = match children(path) {
            Ok(children) => children,
            Err(error) => {
                if named {
                    self.found.refuse(path.to_owned(), archive, Refusal::with(Reason::Unreadable, error));
                }
                return;
            }
        };
        let files: Vec<&PathBuf> = children.iter().filter(|(_, folder)| !folder).map(|(path, _)| path).collect();
        let folders: Vec<&PathBuf> = children.iter().filter(|(_, folder)| *folder).map(|(path, _)| path).collect();
        let (roots, plain): (Vec<&PathBuf>, Vec<&PathBuf>) = folders.into_iter().partition(|folder| is_root(folder));
        let archives: Vec<&PathBuf> = files.into_iter().filter(|file| may_be_archive(file)).collect();
        // Only who was found to be a root, or given, is one by the name `Takeout`: an album may be called so.
        let unpacked = own.is_some() || (named && is_takeout_root(&name_of(path)));
        // Archives of other programs may lie in an unpacked export; a cloud's `Takeout` folder has nothing but archives.
        let holds_archives =
            archives.iter().any(|file| is_called_like_a_part(file)) || (!archives.is_empty() && plain.is_empty());
        if unpacked && roots.is_empty() && !holds_archives {
            return self.unpacked(path, own, inherited);
        }
        let before = self.met;
        for file in archives {
            self.file(file, false);
        }
        for root in &roots {
            self.folder(root, archive, true, depth + 1);
        }
        // What macOS left beside an unpacked export came out of the same archive, and is accounted for with it.
        let unpacked_here = |part: &Part| part.form == Form::Folder && roots.contains(&&part.path);
        if self.found.parts.iter().any(|(_, part)| unpacked_here(part)) {
            for beside in plain.iter().filter(|folder| name_of(folder) == MAC_FOLDER) {
                self.unpacked(beside, None, archive);
            }
        }
        self.search_below(&plain, depth);
        // Nothing of Google's names in it, but a person gave it: an unpacked folder.
        if named && self.met == before {
            self.unpacked(path, own, inherited);
        }
    }

    fn unpacked(&mut self, path: &Path, own: Option<ArchiveName>, inherited: Option<&ArchiveName>) {
        self.met += 1;
        if self.is_new(path) {
            self.part(path, Form::Folder, own, inherited);
        }
    }

    /// Searches folders below a given one.
    fn search_below(&mut self, folders: &[&PathBuf], depth: usize) {
        if depth >= DEPTH {
            return;
        }
        for folder in folders {
            // What macOS leaves beside real files: it looks like an export of its own.
            if name_of(folder) == MAC_FOLDER {
                continue;
            }
            if is_unfinished_download(&name_of(folder)) {
                // Safari keeps a download under way as a folder.
                let Some(name) = ArchiveName::parse(&name_of(folder)) else { continue };
                self.met += 1;
                if self.is_new(folder) {
                    self.found.refuse_unfinished((*folder).clone(), Some(&name));
                }
                continue;
            }
            self.folder(folder, None, false, depth + 1);
        }
    }

    fn part(&mut self, path: &Path, form: Form, name: Option<ArchiveName>, inherited: Option<&ArchiveName>) {
        let name = name.as_ref().or(inherited);
        // A folder that is not called `Takeout` is an export of its own; `Takeout` and `Takeout 2` are one, and what macOS left
        // beside them is of it.
        let alone = form == Form::Folder && !is_takeout_root(&name_of(path)) && name_of(path) != MAC_FOLDER;
        let folder = if alone { path.to_owned() } else { path.parent().map(Path::to_owned).unwrap_or_default() };
        let id = name.map_or(ExportId::Unnamed { folder }, ArchiveName::export);
        let size = if form == Form::Folder { 0 } else { fs::metadata(path).map_or(0, |facts| facts.len()) };
        let part = Part {
            number: name.map(|name| name.part),
            path: path.to_owned(),
            form,
            size,
            renamed: name.is_some_and(|name| name.renamed),
            copies: Vec::new(),
        };
        self.found.parts.push((id, part));
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The children of a folder by name, each with whether it is a folder. Links to folders are not followed.
fn children(path: &Path) -> io::Result<Vec<(PathBuf, bool)>> {
    let mut children = Vec::new();
    for entry in fs::read_dir(path)?.take(MAX_CHILDREN) {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            children.push((entry.path(), true));
        } else if kind.is_file() || (kind.is_symlink() && entry.path().is_file()) {
            children.push((entry.path(), false));
        }
    }
    children.sort_unstable();
    Ok(children)
}

fn may_be_archive(path: &Path) -> bool {
    let name = name_of(path);
    has_archive_ending(&name) || is_called_like_a_part(path)
}

fn is_called_like_a_part(path: &Path) -> bool {
    ArchiveName::parse(&name_of(path)).is_some()
}

/// Whether a folder is an unpacked export, or holds archives as the folder `Takeout` in a cloud drive does. An album can be
/// called `Takeout` too; it holds files only.
fn is_root(path: &Path) -> bool {
    let name = name_of(path);
    if is_unfinished_download(&name) || !(is_takeout_root(&name) || ArchiveName::parse(&name).is_some()) {
        return false;
    }
    children(path).is_ok_and(|children| children.iter().any(|(child, folder)| *folder || may_be_archive(child)))
}

/// Whether an archive without Google's name holds a `Takeout` folder, at the top or below one folder around it.
fn is_export(path: &Path, form: Form) -> bool {
    let holds = |path: &str| path.split('/').take(2).any(is_takeout_root) && path.contains('/');
    match form {
        Form::Zip => {
            let (mut found, mut looked) = (false, 0);
            // A zip without a directory might be one, and cannot be told from any other broken download: left alone.
            let _ = peek_paths(path, |entry| {
                looked += 1;
                found = holds(entry);
                !found && looked < 100
            });
            found
        }
        Form::Tar | Form::TarGzip => first_path(path, form).is_some_and(|path| holds(&path)),
        Form::Folder => false,
    }
}

/// Whether an archive holds photos with their sidecars and no `Takeout` folder: somebody packed it anew.
fn is_packed_anew(path: &Path, form: Form) -> bool {
    let (mut found, mut looked) = (false, 0);
    if form == Form::Zip {
        let _ = peek_paths(path, |entry| {
            looked += 1;
            found = is_sidecar_of_media(entry);
            !found && looked < 1000
        });
    }
    found
}

/// `IMG_1.jpg.json`, `IMG_1.jpg.supplemental-metadata.json` and what is left of it where names are cut.
fn is_sidecar_of_media(path: &str) -> bool {
    let Some(stem) = path.rsplit('/').next().and_then(|name| name.strip_suffix(".json")) else { return false };
    let cut = stem.rsplit_once('.').filter(|(_, word)| !word.is_empty() && "supplemental-metadata".starts_with(word));
    known_extension(stem).is_some() || cut.is_some_and(|(media, _)| known_extension(media).is_some())
}

/// Whether two files are the same archive: same part, form and size, and equal bytes at both ends.
pub(super) fn is_copy(one: &Part, other: &Part) -> bool {
    one.form != Form::Folder
        && (one.number, one.form, one.size) == (other.number, other.form, other.size)
        && matches!((ends(&one.path, one.size), ends(&other.path, other.size)), (Ok(one), Ok(other)) if one == other)
}

fn ends(path: &Path, size: u64) -> io::Result<Vec<u8>> {
    let mut bytes = beginning(path, COMPARED)?;
    let mut file = fs::File::open(path)?;
    file.seek(SeekFrom::Start(size.saturating_sub(COMPARED)))?;
    file.take(COMPARED).read_to_end(&mut bytes)?;
    Ok(bytes)
}
