//! Album folders: one entry for each item of an album, in album order.
//!
//! Only the difference between what should be there and what Photokeep made is touched: a run that changes one photo
//! touches one link (the predecessor rebuilt every link, `predecessors.md` 4.3). Links are announced in the catalog
//! before they are made and removed only when they still are what was made. Folders are removed only when they are
//! empty and Photokeep made them.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use photokeep_model::{CaptureTime, ItemId, LinkChoice, LinkKind, Result};

use crate::catalog::{AlbumMember, AlbumRow, LinkRow};
use crate::file_times::modified;
use crate::flush;
use crate::folder::{Library, STATE_FOLDER};
use crate::placing::{is_whole_target, make_folders, rename_new};
use crate::target::layout::album_entry;
use crate::target::safe_path::relative_link;
use crate::target::{self, target_error};

pub(crate) mod shortcut;

/// What bringing album folders up to date did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LinkReport {
    /// Albums with a folder.
    pub albums: u64,
    /// Links made.
    pub made: u64,
    /// Links removed, those included that only changed their number.
    pub removed: u64,
    /// Links that were already right.
    pub kept: u64,
    /// Sentences: entries that somebody else changed and that were left alone, links that could not be made.
    pub notes: Vec<String>,
}

/// Sentences that one run tells about album entries; more would only repeat them.
const NOTES: usize = 20;

impl LinkReport {
    fn note(&mut self, sentence: String) {
        if self.notes.len() < NOTES {
            self.notes.push(sentence);
        }
    }
}

/// An entry an album should have.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wanted {
    path: String,
    key: String,
    item: ItemId,
    target: String,
}

/// A link to make.
struct NewLink {
    album: i64,
    entry: Wanted,
}

/// Between what an album's folder should hold and what was made in it.
struct Difference {
    /// Its folder below the library; `None` when it has nothing to show.
    folder: Option<String>,
    missing: Vec<NewLink>,
    superfluous: Vec<LinkRow>,
    /// The folder it had before.
    left: Option<String>,
}

impl Difference {
    fn loses_something(&self) -> bool {
        !self.superfluous.is_empty() || self.left.is_some()
    }
}

/// Links made or removed between two commits.
const BATCH: usize = 2000;

impl Library {
    /// Brings every album folder up to date. `done` is called now and then with how many are done and in all.
    ///
    /// # Errors
    /// When the library's disk is full, read-only or gone. A single link that cannot be made is a note, and so is an album whose
    /// folder cannot be read.
    pub fn update_album_links(&mut self, mut done: impl FnMut(u64, u64)) -> Result<LinkReport> {
        let mut report = LinkReport::default();
        let albums = self.catalog.albums()?;
        if !albums.is_empty() {
            self.check_links()?;
        }
        let kind = self.link_kind()?;
        let mut updated = 0;
        while updated < albums.len() {
            // Without the disk every link looks removed, and the catalog would forget what it made.
            self.check_still_there()?;
            updated += self.update_some(&albums[updated..], kind, &mut report)?;
            done(updated as u64, albums.len() as u64);
        }
        Ok(report)
    }

    /// Brings the next albums up to date and returns how many: as many as a batch of new links comes from, because commits and
    /// flushes cost more than links; up to the first one that also has to lose something.
    fn update_some(&self, albums: &[AlbumRow], kind: Option<LinkKind>, report: &mut LinkReport) -> Result<usize> {
        let mut differences = Vec::new();
        let mut links = 0;
        self.catalog.transaction(|_| {
            for album in albums {
                let difference = match self.difference(album, kind, report).map_err(|error| self.narrowed(error)) {
                    Ok(difference) => difference,
                    // The albums beside it have no part in its trouble; the next run looks again.
                    Err(error) if !is_whole_target(&error) => {
                        let (title, why) = (album.title.as_deref().unwrap_or_default(), &error.message);
                        report.note(format!("The folder of the album `{title}` was left as it is: {why}"));
                        Difference { folder: album.folder.clone(), missing: Vec::new(), superfluous: Vec::new(), left: None }
                    }
                    // What the albums before it lack can still be made; the next look comes upon it again.
                    Err(_) if !differences.is_empty() => break,
                    Err(error) => return Err(error),
                };
                links += difference.missing.len();
                let loses = difference.loses_something();
                differences.push(difference);
                if loses || links.max(differences.len()) >= BATCH {
                    break;
                }
            }
            Ok(())
        })?;
        let updated = differences.len();
        // Names that are to be made may still be held by links that have to go.
        let removed = match differences.last_mut().filter(|last| last.loses_something()) {
            Some(last) => {
                let removed = self
                    .remove_links(&last.superfluous, last.folder.as_deref(), report)
                    .and_then(|()| if last.folder.is_none() { self.leave_folder(&albums[updated - 1]) } else { Ok(()) });
                if removed.is_err() {
                    last.missing.clear();
                }
                removed
            }
            None => Ok(()),
        };
        let missing: Vec<NewLink> = differences.iter_mut().flat_map(|difference| difference.missing.drain(..)).collect();
        if let Some(kind) = kind {
            self.make_links(kind, &missing, report)?;
        }
        removed?;
        for left in differences.iter().filter_map(|difference| difference.left.as_deref()) {
            self.remove_made_folder(left);
        }
        Ok(updated)
    }

    /// What an album's folder lacks and what is too much in it. An album that was never shown is given its folder's name.
    fn difference(&self, album: &AlbumRow, kind: Option<LinkKind>, report: &mut LinkReport) -> Result<Difference> {
        let current = self.catalog.links(album.id)?;
        let members = if album.gone || kind.is_none() { Vec::new() } else { self.catalog.album_members(album.id)? };
        let (Some(kind), false) = (kind, members.is_empty()) else {
            let left = album.folder.clone();
            return Ok(Difference { folder: None, missing: Vec::new(), superfluous: current, left });
        };
        report.albums += 1;
        let folder = self.settle_folder(album, kind, &members)?;
        let rules = self.rules();
        let wanted = self.entries(album, kind, &folder, &members)?;
        // By key: some disks give names back in another form of Unicode or case than they were given.
        let on_disk: HashSet<String> =
            entries_of(&target::join(self.root(), &folder)?)?.iter().map(|name| rules.collision_key(name)).collect();
        let right: HashMap<&str, &Wanted> = wanted.iter().map(|entry| (entry.path.as_str(), entry)).collect();
        let (kept, superfluous): (Vec<_>, Vec<_>) = current.into_iter().partition(|link| {
            let name = link.path.rsplit('/').next().unwrap_or_default();
            right.get(link.path.as_str()).is_some_and(|entry| {
                entry.item == link.item
                    && entry.target == link.target
                    && (link.kind == kind || self.is_still_good(link.kind, kind))
                    && link.made
                    && on_disk.contains(&rules.collision_key(name))
            })
        });
        report.kept += kept.len() as u64;
        let kept: HashSet<&str> = kept.iter().map(|link| link.path.as_str()).collect();
        let missing = wanted.into_iter().filter(|entry| !kept.contains(entry.path.as_str()));
        let missing = missing.map(|entry| NewLink { album: album.id, entry }).collect();
        let left = album.folder.clone().filter(|old| *old != folder);
        Ok(Difference { folder: Some(folder), missing, superfluous, left })
    }

    /// Whether an entry of another kind than is made now stays: a symbolic link from before this disk refused new ones.
    fn is_still_good(&self, had: LinkKind, kind: LinkKind) -> bool {
        self.options().links == LinkChoice::Auto && had == LinkKind::Symlink && kind != LinkKind::Symlink
    }

    /// The entries of an album in its folder: numbered, unless the person wants bare names; then a second one of a name gets
    /// ` (2)`.
    fn entries(&self, album: &AlbumRow, kind: LinkKind, folder: &str, members: &[AlbumMember]) -> Result<Vec<Wanted>> {
        let (rules, places) = (self.rules(), self.places());
        let last = if places.inverts_albums() { self.catalog.album_length(album.id)?.checked_sub(1) } else { None };
        let mut names: Vec<(u32, &AlbumMember)> = members
            .iter()
            .map(|member| (last.map_or(member.position, |last| last.saturating_sub(member.position)), member))
            .collect();
        names.sort_by_key(|(position, _)| *position);
        let mut taken = HashSet::new();
        let mut wanted = Vec::with_capacity(names.len());
        for (position, member) in names {
            let mut file_name = member.path.rsplit('/').next().unwrap_or(&member.path).to_owned();
            if kind == LinkKind::Shortcut {
                file_name = format!("{file_name}.{}", shortcut::EXTENSION);
            }
            let plain = if places.numbers_entries() { album_entry(&rules, position as usize, &file_name) } else { file_name };
            let candidates = std::iter::once(plain.clone()).chain((2..=u32::MAX).map(|number| rules.numbered(&plain, number)));
            for name in candidates {
                let path = format!("{folder}/{name}");
                let key = rules.collision_key(&path);
                if taken.insert(key.clone()) {
                    wanted.push(Wanted { path, key, item: member.item, target: member.path.clone() });
                    break;
                }
            }
        }
        Ok(wanted)
    }

    /// The album's folder: its date part is kept for life, its title follows the album. Same titles get ` (n)`.
    fn settle_folder(&self, album: &AlbumRow, kind: LinkKind, members: &[AlbumMember]) -> Result<String> {
        let rules = self.rules();
        let date = match album.date_folder.as_deref().map(CaptureTime::parse_google) {
            Some(date) => date,
            None => self.catalog.album_date(album.id, self.places().dates_by_first())?,
        };
        let plain = self.places().album_folder(&rules, album.title.as_deref(), !album.own, date);
        // The folder it has is right as long as it is the plain one or a numbered form of it, to the disk: where case makes
        // no difference, a title that changed in case only has its folder already.
        if let Some(folder) = &album.folder
            && (rules.collision_key(folder) == rules.collision_key(&plain) || self.is_numbered_form(folder, &plain))
        {
            return Ok(folder.clone());
        }
        let (parent, name) = plain.rsplit_once('/').unwrap_or(("", &plain));
        let mut folder = plain.clone();
        let mut number = 2;
        loop {
            let key = rules.collision_key(&folder);
            let full = target::join(self.root(), &folder)?;
            // A folder that is there already was made by somebody else: ours would be in the catalog. Unless that was lost:
            // then the folder holds just our links, which need no change to be ours again.
            let free = |library: &Self| {
                fs::symlink_metadata(&full).is_err() || library.holds_just_its_links(album, &folder, kind, members)
            };
            if !self.catalog.folder_taken(&key, album.id)? && free(self) {
                if let Some(old) = &album.folder {
                    // Without entries nothing would lead back to it once the new one is remembered.
                    self.remove_made_folder(old);
                }
                let remembered = date.map(|date| date.to_rfc3339()).unwrap_or_default();
                self.catalog.set_album_folder(album.id, Some(&remembered), Some((&folder, &key)))?;
                return Ok(folder);
            }
            folder = format!("{parent}/{}", rules.numbered_folder(name, number));
            number += 1;
        }
    }

    /// Whether a folder holds links of this album and nothing else, each exactly as it would be made now.
    fn holds_just_its_links(&self, album: &AlbumRow, folder: &str, kind: LinkKind, members: &[AlbumMember]) -> bool {
        let Ok(full) = target::join(self.root(), folder) else { return false };
        let Ok(entries) = entries_of(&full) else { return false };
        if kind != LinkKind::Symlink || entries.is_empty() {
            return false;
        }
        let Ok(wanted) = self.entries(album, kind, folder, members) else { return false };
        let rules = self.rules();
        let ours: HashMap<&str, &Wanted> = wanted.iter().map(|entry| (entry.key.as_str(), entry)).collect();
        entries.iter().all(|name| {
            let entry = ours.get(rules.collision_key(&format!("{folder}/{name}")).as_str());
            entry.is_some_and(|entry| is_link_to(&full.join(name), &entry.path, &entry.target))
        })
    }

    fn is_numbered_form(&self, folder: &str, plain: &str) -> bool {
        let (parent, name) = plain.rsplit_once('/').unwrap_or(("", plain));
        let number =
            folder.strip_suffix(')').and_then(|rest| rest.rsplit_once(" (")).and_then(|(_, number)| number.parse::<u32>().ok());
        let rules = self.rules();
        number.is_some_and(|number| {
            rules.collision_key(folder) == rules.collision_key(&format!("{parent}/{}", rules.numbered_folder(name, number)))
        })
    }

    fn leave_folder(&self, album: &AlbumRow) -> Result<()> {
        if let Some(folder) = &album.folder
            && self.catalog.links(album.id)?.is_empty()
        {
            self.remove_made_folder(folder);
            self.catalog.set_album_folder(album.id, None, None)?;
        }
        Ok(())
    }

    /// Removes an album folder of ours and its parents of ours, as far as they are empty. A folder with anything in it stays.
    fn remove_made_folder(&self, folder: &str) {
        let mut folder = Some(folder);
        while let Some(path) = folder.filter(|path| path.contains('/')) {
            let Ok(full) = target::join(self.root(), path) else { return };
            match fs::remove_dir(&full) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return,
                _ => {}
            }
            folder = path.rsplit_once('/').map(|(parent, _)| parent);
        }
    }

    /// Removes links, and folders that become empty by it unless they are the one to keep.
    fn remove_links(&self, links: &[LinkRow], keep: Option<&str>, report: &mut LinkReport) -> Result<()> {
        for batch in links.chunks(BATCH) {
            for link in batch {
                if self.remove_link_from_disk(link)? {
                    report.removed += 1;
                } else {
                    report.note(format!("`{}` is no longer what Photokeep made and was left alone.", link.path));
                }
            }
            // While the catalog still knows the links, so that a kill in between loses no folder.
            let folders: BTreeSet<&str> = batch.iter().filter_map(|link| parent_of(&link.path)).collect();
            for folder in folders.into_iter().filter(|folder| keep != Some(folder)) {
                self.remove_made_folder(folder);
            }
            // On a disk that went away every link looks removed.
            self.check_still_there()?;
            self.catalog.transaction(|catalog| batch.iter().try_for_each(|link| catalog.drop_link(link.id)))?;
        }
        Ok(())
    }

    /// Removes a link if it still is what was made; true when it is not on the disk any more.
    fn remove_link_from_disk(&self, link: &LinkRow) -> Result<bool> {
        let full = target::join(self.root(), &link.path)?;
        let metadata = match fs::symlink_metadata(&full) {
            Ok(metadata) => metadata,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(true),
            // What cannot be looked at is left alone.
            Err(_) => {
                self.check_still_there()?;
                return Ok(false);
            }
        };
        if !self.is_what_was_made(link, &full, &metadata) {
            return Ok(false);
        }
        fs::remove_file(&full).map_err(|error| target_error(error, &full))?;
        Ok(true)
    }

    fn is_what_was_made(&self, link: &LinkRow, full: &Path, metadata: &fs::Metadata) -> bool {
        match link.kind {
            LinkKind::Symlink => {
                metadata.file_type().is_symlink()
                    && fs::read_link(full)
                        .is_ok_and(|leads_to| link.target.is_empty() || leads_to == relative_link(&link.path, &link.target))
            }
            // Announced and never seen since: only what holds the file's own bytes can be ours.
            LinkKind::Hardlink | LinkKind::Copy | LinkKind::Shortcut if !link.made => {
                metadata.is_file() && self.leads_to_its_file(link, full)
            }
            LinkKind::Hardlink | LinkKind::Copy | LinkKind::Shortcut => {
                let as_made = link.size == Some(metadata.len()) && link.mtime == Some(modified(metadata));
                metadata.is_file() && (as_made || (link.kind == LinkKind::Hardlink && self.is_second_name(link, full)))
            }
        }
    }

    /// Whether an entry is a second name of its file: the file's time may have changed since, and the entry's with it.
    fn is_second_name(&self, link: &LinkRow, full: &Path) -> bool {
        let file = target::join(self.root(), &link.target).ok();
        file.is_some_and(|file| same_file::is_same_file(file, full).unwrap_or(false))
    }

    fn make_links(&self, kind: LinkKind, links: &[NewLink], report: &mut LinkReport) -> Result<()> {
        for batch in links.chunks(BATCH) {
            let mut announced = Vec::with_capacity(batch.len());
            self.catalog.transaction(|catalog| {
                for NewLink { album, entry } in batch {
                    announced.push(catalog.announce_link(*album, entry.item, &entry.path, &entry.key, kind, &entry.target)?);
                }
                Ok(())
            })?;
            let mut folders = BTreeSet::new();
            let mut made = Vec::with_capacity(batch.len());
            let mut failed = Vec::new();
            for (NewLink { entry, .. }, id) in batch.iter().zip(announced) {
                match self.make_link(kind, entry, id, &mut folders) {
                    Ok(recognisable) => made.push((id, recognisable)),
                    Err(error) if is_link_trouble(&error) => {
                        // A disk that went away makes every file vanish; that is no trouble of one link.
                        self.check_still_there()?;
                        report.note(format!("The album entry `{}` could not be made: {error}.", entry.path));
                        failed.push(id);
                    }
                    Err(error) => return Err(target_error(error, &self.root().join(&entry.path))),
                }
            }
            flush::folders(&folders)?;
            report.made += made.len() as u64;
            self.catalog.transaction(|catalog| {
                for (id, recognisable) in &made {
                    catalog.mark_link_made(*id, recognisable.map(|(size, _)| size), recognisable.map(|(_, mtime)| mtime))?;
                }
                failed.iter().try_for_each(|id| catalog.drop_link(*id))
            })?;
        }
        Ok(())
    }

    /// Makes one link. Returns size and time by which it can be recognised, for links that are files.
    fn make_link(
        &self,
        kind: LinkKind,
        entry: &Wanted,
        id: i64,
        folders: &mut BTreeSet<PathBuf>,
    ) -> io::Result<Option<(u64, (i64, u32))>> {
        let join = |path: &str| target::join(self.root(), path).map_err(|error| io::Error::other(error.to_string()));
        let (at, to) = (join(&entry.path)?, join(&entry.target)?);
        if let Some(parent) = at.parent() {
            make_folders(self.root(), parent, folders)?;
        }
        let through_temporary = |write: &dyn Fn(&Path) -> io::Result<()>| -> io::Result<()> {
            let temporary = self.root().join(STATE_FOLDER).join("tmp").join(format!("{}link-{id}.part", self.temporary_prefix()));
            write(&temporary)?;
            rename_new(&temporary, &at)
        };
        match kind {
            LinkKind::Symlink => {
                return match self.links.make(&relative_link(&entry.path, &entry.target), &at) {
                    // The very link: the catalog that knew it was lost.
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists && is_link_to(&at, &entry.path, &entry.target) => {
                        Ok(None)
                    }
                    made => made.map(|()| None),
                };
            }
            LinkKind::Hardlink => fs::hard_link(&to, &at)?,
            LinkKind::Copy => through_temporary(&|temporary| {
                fs::copy(&to, temporary)?;
                let file = fs::File::options().write(true).open(temporary)?;
                file.set_modified(fs::metadata(&to)?.modified()?)?;
                file.sync_all()
            })?,
            LinkKind::Shortcut => through_temporary(&|temporary| shortcut::write(temporary, &at, &to))?,
        }
        let metadata = fs::symlink_metadata(&at)?;
        Ok(Some((metadata.len(), modified(&metadata))))
    }

    /// Links that a killed run announced: there as announced, or forgotten.
    pub(crate) fn settle_links(&mut self) -> Result<()> {
        for album in self.catalog.albums()? {
            for link in self.catalog.links(album.id)?.iter().filter(|link| !link.made) {
                let full = target::join(self.root(), &link.path)?;
                match fs::symlink_metadata(&full) {
                    Ok(metadata) if self.is_what_was_made(link, &full, &metadata) && self.leads_to_its_file(link, &full) => {
                        let own = (link.kind != LinkKind::Symlink).then(|| (metadata.len(), modified(&metadata)));
                        self.catalog.mark_link_made(link.id, own.map(|own| own.0), own.map(|own| own.1))?;
                    }
                    _ => {
                        // Its folder may have been made already; as long as it is empty it can go.
                        if let Some(folder) = parent_of(&link.path) {
                            self.remove_made_folder(folder);
                        }
                        self.catalog.drop_link(link.id)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether a link that was announced, but never recognised since, holds its file's bytes.
    fn leads_to_its_file(&self, link: &LinkRow, full: &Path) -> bool {
        let Ok(to) = target::join(self.root(), &link.target) else { return false };
        match link.kind {
            LinkKind::Symlink => true,
            LinkKind::Shortcut => {
                fs::read(full).ok().is_some_and(|bytes| shortcut::bytes(full, &to).is_ok_and(|own| own == bytes))
            }
            LinkKind::Hardlink | LinkKind::Copy => match (fs::metadata(&to), fs::metadata(full)) {
                (Ok(file), Ok(copy)) => file.len() == copy.len() && modified(&file) == modified(&copy),
                _ => false,
            },
        }
    }

    /// Links that are not on the disk or lead elsewhere.
    pub(crate) fn count_broken_links(&self) -> Result<u64> {
        let mut broken = 0;
        for album in self.catalog.albums()? {
            for link in self.catalog.links(album.id)? {
                let full = target::join(self.root(), &link.path)?;
                let sound = fs::symlink_metadata(&full).is_ok_and(|metadata| self.is_what_was_made(&link, &full, &metadata))
                    && fs::metadata(&full).is_ok();
                broken += u64::from(!sound);
            }
        }
        Ok(broken)
    }
}

/// Whether `full`, which is `path` below the library, is the relative link to `target`.
pub(crate) fn is_link_to(full: &Path, path: &str, target: &str) -> bool {
    fs::read_link(full).is_ok_and(|leads_to| leads_to == relative_link(path, target))
}

fn parent_of(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(parent, _)| parent)
}

/// Names in a folder; empty when it is not there.
fn entries_of(folder: &Path) -> Result<HashSet<String>> {
    match fs::read_dir(folder) {
        Ok(entries) => Ok(entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(HashSet::new()),
        Err(error) => Err(target_error(error, folder)),
    }
}

/// Trouble of one link, not of the whole disk: somebody else's entry holds the name, or the file it should lead to is away.
fn is_link_trouble(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound | io::ErrorKind::TooManyLinks | io::ErrorKind::InvalidFilename
    )
}

#[cfg(test)]
mod tests;
