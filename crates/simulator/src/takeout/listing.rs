//! From an account to the list of entries of one export: folders, names, and what belongs to what.
//!
//! Numbers depend on the order in which a folder is gone through; that differs from export to export.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::account::{Account, AlbumForm, Delivery, Extension, Item};
use super::chance::Chance;
use super::decide;
use super::naming::{
    Taken, edited_name, folded, folder_name, has_media_extension, media_name, numbered, safe, sidecar_name, split, with_extension,
};
use super::sidecar;
use super::spec::{ExportSpec, FolderForm};
use super::truth::{AlbumTruth, EntryKind, Role};

/// More pictures of one day than this go into a second day folder.
const DAY_FOLDER_ITEMS: usize = 6;

/// Where an entry's bytes come from when it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Body {
    /// A picture or film; `rendition` for other bytes than the year folder has.
    Media { rendition: bool },
    /// An item's JSON, cut short if `broken`; `copy` varies what varies between copies.
    Sidecar { broken: bool, copy: u32 },
    /// These bytes.
    Bytes(Vec<u8>),
    /// The archive page, which is known last.
    Page,
}

/// An entry to be written.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    /// Index into [`Listing::folders`].
    pub(super) folder: usize,
    pub(super) name: String,
    pub(super) kind: EntryKind,
    pub(super) body: Body,
    pub(super) item: Option<u32>,
    pub(super) role: Option<Role>,
    /// Index of the sidecar's entry.
    pub(super) sidecar: Option<usize>,
    /// Index of the media's entry.
    pub(super) media: Option<usize>,
    pub(super) album: Option<u32>,
    pub(super) names_decide: bool,
}

impl Planned {
    /// An entry that belongs to nothing.
    pub(super) fn plain(folder: usize, name: impl Into<String>, kind: EntryKind, body: Body) -> Self {
        Self {
            folder,
            name: name.into(),
            kind,
            body,
            item: None,
            role: None,
            sidecar: None,
            media: None,
            album: None,
            names_decide: true,
        }
    }
}

/// Everything one export will hold.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Paths of folders, without a slash at the end; the first is the root `Takeout`.
    pub(super) folders: Vec<String>,
    pub(super) entries: Vec<Planned>,
    pub(super) albums: Vec<AlbumTruth>,
}

impl Listing {
    pub(super) fn path(&self, entry: &Planned) -> String {
        format!("{}/{}", self.folders[entry.folder], entry.name)
    }

    pub(super) fn folder(&mut self, path: String) -> usize {
        self.folders.push(path);
        self.folders.len() - 1
    }
}

struct Shelf {
    name: String,
    album: Option<u32>,
    form: AlbumForm,
    items: Vec<u32>,
    day: Option<String>,
}

/// Lists what an export of the items that are `included` holds. `salt` decides the order, and with it the numbers.
pub(super) fn list(spec: &ExportSpec, account: &Account, salt: u64, included: impl Fn(&Item) -> bool) -> Listing {
    let mut chance = Chance::part(spec.seed, salt ^ 0x6c69_7374);
    let mut listing = Listing { folders: vec!["Takeout".to_owned()], ..Listing::default() };
    let root = format!("Takeout/{}", spec.language.photos);
    listing.folder(root.clone());
    for mut shelf in shelves(spec, account, &mut chance, included) {
        let folder = listing.folder(format!("{root}/{}", shelf.name));
        chance.shuffle(&mut shelf.items);
        let first = listing.entries.len();
        fill(spec, account, &shelf, folder, &mut listing.entries);
        decide::mark(spec, &account.items, &mut listing.entries, first);
        if let Some(day) = &shelf.day {
            let body = Body::Bytes(sidecar::day_file(day));
            listing.entries.push(Planned::plain(folder, &spec.language.album_file, EntryKind::DayFile, body));
        }
        if let Some(album) = shelf.album.and_then(|number| account.albums.get(number as usize)) {
            let has_file = shelf.form != AlbumForm::NoFile;
            if has_file {
                let body = Body::Bytes(sidecar::album_file(spec, album));
                let entry = Planned::plain(folder, &spec.language.album_file, EntryKind::AlbumFile, body);
                listing.entries.push(Planned { album: Some(album.number), ..entry });
            }
            let shown = |entry: &&Planned| matches!(entry.kind, EntryKind::Media | EntryKind::Sidecar);
            let mut members: Vec<u32> = listing.entries[first..].iter().filter(shown).filter_map(|entry| entry.item).collect();
            members.sort_unstable();
            members.dedup();
            let path = listing.folders[folder].clone();
            listing.albums.push(AlbumTruth { number: album.number, title: album.title.clone(), folder: path, has_file, members });
        }
    }
    decide::trust_in_invented_suffix(spec, &mut listing.entries);
    listing
}

/// The folders and what lies in each.
fn shelves(spec: &ExportSpec, account: &Account, chance: &mut Chance, included: impl Fn(&Item) -> bool) -> Vec<Shelf> {
    let mut years: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    let (mut archive, mut trash) = (Vec::new(), Vec::new());
    for item in account.items.iter().filter(|item| included(item) && item.own) {
        if item.trashed {
            trash.push(item.number);
        } else if item.archived {
            archive.push(item.number);
        } else {
            let date = item.local_date();
            let name = match spec.folders {
                FolderForm::Years => spec.language.year_folder(chrono::Datelike::year(&date)),
                FolderForm::EnglishYears => format!("Photos from {}", chrono::Datelike::year(&date)),
                FolderForm::Days => date.to_string(),
            };
            years.entry(name).or_default().push(item.number);
        }
    }
    let mut names = Taken::default();
    let mut shelves = Vec::new();
    let plain = |name: String, items, day| Shelf { name, album: None, form: AlbumForm::Whole, items, day };
    for (name, items) in years {
        if spec.folders == FolderForm::Days {
            for (nth, items) in items.chunks(DAY_FOLDER_ITEMS).enumerate() {
                let folder = if nth == 0 { name.clone() } else { format!("{name} #{}", nth + 1) };
                names.take(&folder, 0);
                shelves.push(plain(folder, items.to_vec(), Some(name.clone())));
            }
        } else {
            names.take(&name, 0);
            shelves.push(plain(name, items, None));
        }
    }
    for (name, items) in [(&spec.language.archive, archive), (&spec.language.trash, trash)] {
        names.take(name, 0);
        if !items.is_empty() {
            shelves.push(plain(name.clone(), items, None));
        }
    }
    // The number behind an album's folder depends on the order, as that of a file does.
    let mut order: Vec<usize> = (0..account.albums.len()).collect();
    chance.shuffle(&mut order);
    for album in order.into_iter().map(|index| &account.albums[index]) {
        let kept = |&number: &u32| account.items.get(number as usize).is_some_and(|item| included(item) && !item.trashed);
        let items: Vec<u32> = album.items.iter().copied().filter(kept).collect();
        if items.is_empty() && !album.items.is_empty() {
            continue;
        }
        let name = album.title.as_deref().map_or_else(|| spec.language.untitled.clone(), folder_name);
        let number = names.take(&name, 0);
        // A folder's number is at its end whatever dots it has.
        let name = if number == 0 { name } else { format!("{name}({number})") };
        shelves.push(Shelf { name, album: Some(album.number), form: album.form, items, day: None });
    }
    shelves
}

/// Un-numbered name of an item's media file.
fn base_name(spec: &ExportSpec, item: &Item) -> String {
    let title = safe(&item.title);
    match item.extension {
        Extension::Kept => media_name(&title, spec.limits),
        Extension::Added(extension) => with_extension(&title, extension, spec.limits),
        Extension::Replaced(extension) => with_extension(split(&title).0, extension, spec.limits),
    }
}

/// Names everything in one folder: first the items and their sidecars, then edited copies and films.
fn fill(spec: &ExportSpec, account: &Account, shelf: &Shelf, folder: usize, entries: &mut Vec<Planned>) {
    let first = entries.len();
    let (mut media, mut sidecars) = (Taken::default(), Taken::default());
    if let Some(file) = (shelf.album.is_some() || shelf.day.is_some()).then_some(&spec.language.album_file) {
        sidecars.take(file, 0);
    }
    let mut named = Vec::with_capacity(shelf.items.len());
    for item in shelf.items.iter().filter_map(|&number| account.items.get(number as usize)) {
        let base = base_name(spec, item);
        let number = media.take(&base, 0);
        let title = match item.extension {
            Extension::Added(extension) if item.sidecar_has_extension => format!("{}{extension}", item.title),
            _ => item.title.clone(),
        };
        let sidecar = sidecar_name(&title, spec.sidecars, spec.limits);
        let sidecar = numbered(&sidecar, sidecars.take(&sidecar, 0));
        named.push((item, base, number, sidecar));
    }
    for (item, base, number, sidecar) in named {
        let written = |name: String| if item.decomposed { name.nfd().collect() } else { name };
        let blank = |name: String, kind, body| Planned {
            item: Some(item.number),
            album: shelf.album,
            ..Planned::plain(folder, written(name), kind, body)
        };
        let with_media = shelf.form != AlbumForm::SidecarsOnly;
        let rendition = shelf.album.is_some() && item.other_rendition;
        let sidecar_at = (item.delivery != Delivery::NoSidecar).then(|| {
            let broken = item.delivery == Delivery::BrokenSidecar;
            let kind = if broken { EntryKind::BrokenSidecar } else { EntryKind::Sidecar };
            entries.push(blank(sidecar, kind, Body::Sidecar { broken, copy: folder as u32 }));
            (entries.len() - 1, broken)
        });
        if !with_media || item.delivery == Delivery::NoMedia {
            continue;
        }
        let readable = sidecar_at.filter(|(_, broken)| !broken).map(|(at, _)| at);
        let mut add = |name: String, role| {
            let entry = blank(name, EntryKind::Media, Body::Media { rendition });
            entries.push(Planned { role: Some(role), sidecar: readable, ..entry });
            entries.len() - 1
        };
        let primary = add(numbered(&base, number), Role::Primary);
        if let Some(extension) = item.edited {
            let title = safe(&item.title);
            let stem = if has_media_extension(&title) { split(&title).0 } else { &title };
            let name = edited_name(stem, &spec.language.edited, extension, spec.limits);
            let number = media.take(&name, number);
            add(numbered(&name, number), Role::Edited);
        }
        if let Some(motion) = item.motion {
            let name = format!("{}{}", split(&base).0, motion.extension);
            let number = media.take(&name, number);
            add(numbered(&name, number), Role::Motion);
        }
        if let Some((at, _)) = sidecar_at {
            entries[at].media = Some(primary);
        }
    }
    debug_assert!({
        let mut seen = std::collections::HashSet::new();
        entries[first..].iter().all(|entry| seen.insert(folded(&entry.name)))
    });
}
