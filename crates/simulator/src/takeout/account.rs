//! The account behind an export: its items and albums, and how they change from export to export.
//!
//! Decided by the specification's seed alone, so that every export of one account can be made without keeping it.

use chrono::{DateTime, Datelike, Duration};

use super::albums;
use super::chance::Chance;
use super::scenes;
use super::spec::{Change, ExportSpec};
use super::titles;
use super::truth::{DateStory, ItemTruth};

/// What the bytes of an item are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Jpeg,
    Heic,
    Png,
    Gif,
    Film,
}

/// How the extension of a media file comes from the title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extension {
    /// The title's own.
    Kept,
    /// Added, because the title has none (M2) or because the file was converted (M3).
    Added(&'static str),
    /// The title's, replaced.
    Replaced(&'static str),
}

/// The film of a live or motion photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Motion {
    /// Extension with its dot, empty for none.
    pub(super) extension: &'static str,
}

/// What Google delivered of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delivery {
    Whole,
    NoMedia,
    NoSidecar,
    BrokenSidecar,
}

/// How it came in (`googlePhotosOrigin`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Phone(&'static str, &'static str),
    Web,
    Desktop,
    Drive,
    Partner,
    SharedAlbum,
    Composition(&'static str),
    Absent,
}

/// One photo or video.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    pub(super) number: u32,
    pub(super) title: String,
    pub(super) format: Format,
    pub(super) extension: Extension,
    /// The sidecar is named after the title with the added extension.
    pub(super) sidecar_has_extension: bool,
    /// Names in the archive are decomposed; the title in the sidecar is not.
    pub(super) decomposed: bool,
    pub(super) instant: i64,
    pub(super) offset: i32,
    pub(super) taken: Option<i64>,
    pub(super) embedded: Option<i64>,
    pub(super) dates: DateStory,
    /// Seconds since 1970 of the upload.
    pub(super) created: i64,
    pub(super) place: Option<(f64, f64)>,
    pub(super) embedded_place: Option<(f64, f64)>,
    pub(super) caption: Option<String>,
    pub(super) people: Vec<String>,
    pub(super) favourite: bool,
    pub(super) archived: bool,
    pub(super) trashed: bool,
    pub(super) own: bool,
    pub(super) origin: Origin,
    /// Extension of the edited copy.
    pub(super) edited: Option<&'static str>,
    pub(super) motion: Option<Motion>,
    pub(super) delivery: Delivery,
    /// The copy in albums has other bytes.
    pub(super) other_rendition: bool,
    pub(super) url: String,
    /// Number of the export, from 0, in which it first appears.
    pub(super) since: usize,
    /// Number of the last export before which it was edited or corrected.
    pub(super) touched: usize,
}

impl Item {
    /// The title's stem as the naming of copies uses it.
    pub(super) fn is_film(&self) -> bool {
        self.format == Format::Film
    }

    /// What the export shows of it, without its albums.
    pub(super) fn truth(&self) -> ItemTruth {
        ItemTruth {
            number: self.number,
            title: self.title.clone(),
            taken: self.taken,
            instant: self.instant,
            offset: self.offset,
            embedded: self.embedded,
            dates: self.dates,
            place: self.place,
            embedded_place: self.embedded_place,
            caption: self.caption.clone(),
            people: self.people.clone(),
            favourite: self.favourite,
            archived: self.archived,
            trashed: self.trashed,
            own: self.own,
            creation: matches!(self.origin, Origin::Composition(_)),
            url: self.url.clone(),
            albums: Vec::new(),
        }
    }

    /// The date on the wall when it was taken by what Google knows.
    pub(super) fn local_date(&self) -> chrono::NaiveDate {
        let seconds = self.taken.unwrap_or(0);
        let local = DateTime::from_timestamp(seconds, 0).unwrap_or_default() + Duration::seconds(self.offset.into());
        if self.taken.is_none() { DateTime::from_timestamp(0, 0).unwrap_or_default().date_naive() } else { local.date_naive() }
    }
}

/// What an album's folder holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AlbumForm {
    /// Pictures and sidecars.
    Whole,
    /// Sidecars only.
    SidecarsOnly,
    /// Pictures and sidecars, no album file.
    NoFile,
}

/// One album.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Album {
    pub(super) number: u32,
    pub(super) title: Option<String>,
    pub(super) form: AlbumForm,
    pub(super) shared: bool,
    /// Item numbers, ascending.
    pub(super) items: Vec<u32>,
}

/// Items and albums of one account. An item's number is its index.
#[derive(Debug, Clone, Default)]
pub(super) struct Account {
    pub(super) items: Vec<Item>,
    pub(super) albums: Vec<Album>,
}

impl Account {
    /// The account after `changes`.
    pub(super) fn live(spec: &ExportSpec, changes: &[Change]) -> Self {
        let mut account = Self::default();
        let mut chance = Chance::part(spec.seed, 0x6974_656d);
        account.items = scenes::fill(spec, &mut chance, spec.items);
        albums::make(spec, &mut account);
        for (index, change) in changes.iter().enumerate() {
            account.change(spec, index + 1, *change);
        }
        account
    }

    fn change(&mut self, spec: &ExportSpec, export: usize, change: Change) {
        let mut chance = Chance::part(spec.seed, 0x6368_616e ^ (export as u64) << 32);
        let before = self.items.len();
        for _ in 0..change.added {
            let mut item = titles::ordinary(spec, &mut chance);
            item.number = self.items.len() as u32;
            item.since = export;
            item.touched = export;
            self.items.push(item);
        }
        for _ in 0..change.edited {
            if let Some(item) = self.some(&mut chance, before, |item| item.edited.is_none() && item.format == Format::Jpeg) {
                item.edited = Some(".jpg");
                item.touched = export;
            }
        }
        for _ in 0..change.captioned {
            if let Some(item) = self.some(&mut chance, before, |_| true) {
                item.caption = Some(format!("Caption of export {export}, {}", chance.text(6)));
            }
        }
        for _ in 0..change.named {
            if let Some(item) = self.some(&mut chance, before, |_| true) {
                item.people.push(format!("Person {}", item.people.len() + 7));
            }
        }
        for _ in 0..change.corrected {
            if let Some(item) = self.some(&mut chance, before, |item| item.dates == DateStory::Agree && item.taken > Some(0)) {
                let corrected = item.instant - 86_400 * 3;
                (item.instant, item.taken, item.dates, item.touched) = (corrected, Some(corrected), DateStory::Corrected, export);
            }
        }
        for _ in 0..change.joined {
            let (item, albums) = (chance.below(before) as u32, self.albums.len());
            let plain = self.items.get(item as usize).is_some_and(|item| item.delivery == Delivery::Whole && !item.trashed);
            if albums > 0 && plain {
                let album = &mut self.albums[chance.below(albums)];
                if let Err(at) = album.items.binary_search(&item) {
                    album.items.insert(at, item);
                }
            }
        }
        albums::add(self, before, change.albums, export);
    }

    /// One of the first `end` items that `fits`, by chance; gives up after a while.
    fn some(&mut self, chance: &mut Chance, end: usize, fits: impl Fn(&Item) -> bool) -> Option<&mut Item> {
        let found = (0..50).map(|_| chance.below(end)).find(|&at| {
            self.items.get(at).is_some_and(|item| item.delivery == Delivery::Whole && !item.trashed && item.own && fits(item))
        })?;
        self.items.get_mut(found)
    }
}

/// Years as the album titles need them.
pub(super) fn year_of(seconds: i64) -> i32 {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default().year()
}
