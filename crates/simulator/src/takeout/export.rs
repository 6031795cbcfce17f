//! Writes a listing into parts and notes the truth about every entry as it goes out.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::account::{Account, Item};
use super::archive::Archive;
use super::chance::Chance;
use super::hostile;
use super::listing::{Body, Listing, Planned};
use super::page::{Totals, page};
use super::sidecar;
use super::spec::{Container, ExportSpec, Parts};
use super::truth::{EntryKind, EntryTruth, Role};

/// What came out.
#[derive(Debug, Default)]
pub(super) struct Exported {
    pub(super) parts: Vec<String>,
    pub(super) false_parts: Vec<String>,
    pub(super) entries: Vec<EntryTruth>,
}

/// Gives the bytes of an item's file by its role; `true` for those that an album has instead of the year folder's.
pub(super) type Media<'a> = dyn FnMut(&Item, Role, bool) -> io::Result<Vec<u8>> + 'a;

struct Writer<'a> {
    spec: &'a ExportSpec,
    account: &'a Account,
    listing: &'a Listing,
    folder: &'a Path,
    export: &'a str,
    stamp: i64,
    media: &'a mut Media<'a>,
    out: Exported,
    bytes: u64,
}

/// Writes all of `listing` below `folder` as the export of that name.
pub(super) fn write<'a>(
    spec: &'a ExportSpec,
    account: &'a Account,
    listing: &'a Listing,
    folder: &'a Path,
    (export, stamp): (&'a str, i64),
    media: &'a mut Media<'a>,
) -> io::Result<Exported> {
    std::fs::create_dir_all(folder)?;
    Writer { spec, account, listing, folder, export, stamp, media, out: Exported::default(), bytes: 0 }.run()
}

impl Writer<'_> {
    fn run(mut self) -> io::Result<Exported> {
        // The first part stays open: its archive page tells sizes that are known last.
        let mut first = None;
        let order = self.order();
        match self.spec.parts {
            Parts::Count(_) => {
                for entries in order {
                    let mut archive = self.begin()?;
                    for index in entries {
                        let bytes = self.make(index)?;
                        self.put(&mut archive, index, &bytes)?;
                    }
                    self.keep_first_open(&mut first, archive)?;
                }
            }
            Parts::Bytes(limit) => {
                let mut archive = self.begin()?;
                let mut inside = 0;
                for index in order.into_iter().flatten() {
                    let bytes = self.make(index)?;
                    let size = bytes.len() as u64;
                    if inside > 0 && inside + size > limit {
                        let full = std::mem::replace(&mut archive, self.begin()?);
                        self.keep_first_open(&mut first, full)?;
                        inside = 0;
                    }
                    inside += size;
                    self.put(&mut archive, index, &bytes)?;
                }
                self.keep_first_open(&mut first, archive)?;
            }
        }
        if let Some(mut archive) = first {
            self.close_first(&mut archive)?;
            archive.finish()?;
        }
        if self.spec.hostile && self.spec.container != Container::Folder {
            if self.spec.container != Container::Tgz
                && let Some(part) = self.out.parts.first()
            {
                hostile::damage(&self.folder.join(part))?;
            }
            self.out.false_parts = hostile::false_parts(self.folder, self.export, &self.out.parts)?;
        }
        Ok(self.out)
    }

    /// The entries of each part; for parts by size, all in one.
    fn order(&self) -> Vec<Vec<usize>> {
        let mut chance = Chance::part(self.spec.seed, self.stamp as u64 ^ 0x6f72_6465);
        let mut all: Vec<usize> =
            (0..self.listing.entries.len()).filter(|&index| self.listing.entries[index].body != Body::Page).collect();
        chance.shuffle(&mut all);
        let Parts::Count(count) = self.spec.parts else { return vec![all] };
        let count = if self.spec.container == Container::Folder { 1 } else { count.max(1) };
        let length = all.len().div_ceil(count).max(1);
        let mut parts: Vec<Vec<usize>> = all.chunks(length).map(<[usize]>::to_vec).collect();
        parts.resize(count, Vec::new());
        if self.spec.variants.repeated_entries && count > 1 {
            // One in two hundred is in the next part as well.
            for part in 0..count {
                let again: Vec<usize> = parts[part].iter().copied().take(length.div_ceil(200)).collect();
                parts[(part + 1) % count].extend(again);
            }
            for part in &mut parts {
                part.sort_unstable();
                part.dedup();
            }
        }
        for part in &mut parts {
            // Folder by folder, as Google lists them.
            part.sort_by(|&a, &b| self.key(a).cmp(&self.key(b)));
        }
        parts
    }

    fn key(&self, index: usize) -> (usize, &str) {
        let entry = &self.listing.entries[index];
        (entry.folder, &entry.name)
    }

    fn begin(&mut self) -> io::Result<Archive> {
        if self.spec.container == Container::Folder {
            if self.out.parts.is_empty() {
                self.out.parts.push("Takeout".to_owned());
            }
            return Archive::create(Container::Folder, self.folder, self.stamp);
        }
        let extension = if self.spec.container == Container::Tgz { "tgz" } else { "zip" };
        let name = format!("{}-{:03}.{extension}", self.export, self.out.parts.len() + 1);
        let archive = Archive::create(self.spec.container, &self.folder.join(&name), self.stamp);
        self.out.parts.push(name);
        archive
    }

    fn keep_first_open(&self, first: &mut Option<Archive>, archive: Archive) -> io::Result<()> {
        if first.is_none() {
            *first = Some(archive);
            return Ok(());
        }
        archive.finish()
    }

    fn make(&mut self, index: usize) -> io::Result<Vec<u8>> {
        let entry = &self.listing.entries[index];
        let item = entry.item.and_then(|number| self.account.items.get(number as usize));
        Ok(match (&entry.body, item) {
            (Body::Media { rendition }, Some(item)) => (self.media)(item, entry.role.unwrap_or(Role::Primary), *rendition)?,
            (Body::Sidecar { broken, copy }, Some(item)) => {
                let mut json = sidecar::item(self.spec, item, *copy);
                if *broken {
                    // Cut before the first time: not even a lenient reader finds a date.
                    json.truncate(json.len().min(item.title.len() + 40).max(20));
                }
                json
            }
            (Body::Bytes(bytes), _) => bytes.clone(),
            _ => Vec::new(),
        })
    }

    fn put(&mut self, archive: &mut Archive, index: usize, bytes: &[u8]) -> io::Result<()> {
        let entry = &self.listing.entries[index];
        let path = self.listing.path(entry);
        archive.add(&path, bytes)?;
        self.bytes += bytes.len() as u64;
        let path_of = |at: Option<usize>| at.map(|at| self.listing.path(&self.listing.entries[at]));
        let part = self.out.parts.len().saturating_sub(1);
        let truth = EntryTruth {
            part,
            path,
            kind: entry.kind,
            item: entry.item,
            role: entry.role,
            sidecar: path_of(entry.sidecar),
            media: path_of(entry.media),
            album: entry.album,
            names_decide: entry.names_decide,
            size: bytes.len() as u64,
            hash: (entry.kind == EntryKind::Media).then(|| blake3::hash(bytes).to_hex().to_string()),
            harm: None,
        };
        self.out.entries.push(truth);
        Ok(())
    }

    /// The archive page and what is hostile go into the first part, last.
    fn close_first(&mut self, archive: &mut Archive) -> io::Result<()> {
        let totals = Totals { files: self.listing.entries.len(), bytes: self.bytes };
        let pages: Vec<&Planned> = self.listing.entries.iter().filter(|entry| entry.body == Body::Page).collect();
        for entry in pages {
            let bytes = page(self.spec, self.listing, totals, self.stamp);
            let path = self.listing.path(entry);
            archive.add(&path, &bytes)?;
            self.note(path, EntryKind::ArchivePage, bytes.len() as u64, None);
        }
        if self.spec.hostile {
            for written in hostile::add(self.spec, archive)? {
                self.note(written.path, EntryKind::Hostile, written.size, Some(written.harm.to_owned()));
            }
        }
        Ok(())
    }

    fn note(&mut self, path: String, kind: EntryKind, size: u64, harm: Option<String>) {
        self.out.entries.push(EntryTruth {
            part: 0,
            path,
            kind,
            item: None,
            role: None,
            sidecar: None,
            media: None,
            album: None,
            names_decide: true,
            size,
            hash: None,
            harm,
        });
    }
}

/// Albums by item, from the members of all albums.
pub(super) fn albums_of(listing: &Listing) -> BTreeMap<u32, Vec<u32>> {
    let mut albums: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for album in &listing.albums {
        for &item in &album.members {
            albums.entry(item).or_default().push(album.number);
        }
    }
    albums.values_mut().for_each(|numbers| numbers.sort_unstable());
    albums
}
