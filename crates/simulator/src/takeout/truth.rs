//! What is true about a made-up export: what each entry is, what belongs to what, and what the names cannot tell.

use serde::{Deserialize, Serialize};

use super::spec::{Change, ExportSpec};

/// The truth about one export.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// What was asked for.
    pub spec: ExportSpec,
    /// What had happened in the account since its first export.
    pub changes: Vec<Change>,
    /// Only what is new or edited since the export before.
    pub increment: bool,
    /// Stamp and number that the names of its archives share, for example `takeout-20260318T202441Z-3`.
    pub export: String,
    /// File names of the parts, in order; for [`Container::Folder`](super::Container::Folder) the folder `Takeout`.
    pub parts: Vec<String>,
    /// Files beside the parts that look like parts and are none (hostile exports only).
    pub false_parts: Vec<String>,
    /// Items that have at least one entry in this export.
    pub items: Vec<ItemTruth>,
    /// Albums that have a folder in this export.
    pub albums: Vec<AlbumTruth>,
    /// Every entry of every part, each once, in the order in which they were written.
    pub entries: Vec<EntryTruth>,
}

/// One photo or video of the account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemTruth {
    /// Its identity; the same in every export of the account.
    pub number: u32,
    /// Name at upload, uncut.
    pub title: String,
    /// `photoTakenTime` in seconds since 1970; `None` where the sidecar says `"0"`.
    pub taken: Option<i64>,
    /// When it was taken in truth.
    pub instant: i64,
    /// Seconds east of UTC of the clock that the file's own date was written by.
    pub offset: i32,
    /// Instant that the file's own date means; `None` when it has none.
    pub embedded: Option<i64>,
    /// Why `taken` and `embedded` are as they are.
    pub dates: DateStory,
    /// Latitude and longitude that Google shows.
    pub place: Option<(f64, f64)>,
    /// Latitude and longitude in the file.
    pub embedded_place: Option<(f64, f64)>,
    /// The user's text.
    pub caption: Option<String>,
    /// Names of people.
    pub people: Vec<String>,
    /// In the favourites.
    pub favourite: bool,
    /// In the archive.
    pub archived: bool,
    /// In the trash.
    pub trashed: bool,
    /// In the user's own library; others' items are in albums only.
    pub own: bool,
    /// Made by Google or by the user out of other items.
    pub creation: bool,
    /// Address in Google Photos.
    pub url: String,
    /// Numbers of the albums that this export shows it in, ascending.
    pub albums: Vec<u32>,
}

/// How an item's dates came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateStory {
    /// File and sidecar mean one instant.
    Agree,
    /// The file has no date.
    SidecarOnly,
    /// The user corrected the date; the sidecar is right.
    Corrected,
    /// Google took the time of the upload; the file is right.
    Guessed,
    /// The sidecar says `"0"`; the file's date is all there is.
    NoneInSidecar,
}

/// One album.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlbumTruth {
    /// Its identity; the same in every export of the account.
    pub number: u32,
    /// True title; `None` for a share without one.
    pub title: Option<String>,
    /// Path of its folder below the root, for example `Takeout/Google Photos/Toskana(1)`.
    pub folder: String,
    /// Whether the album file is in this export: without it the title is known only as the folder's name.
    pub has_file: bool,
    /// Numbers of the items that this export shows in it, ascending.
    pub members: Vec<u32>,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    /// A picture or film of an item.
    Media,
    /// The JSON of an item.
    Sidecar,
    /// A sidecar that is no valid JSON.
    BrokenSidecar,
    /// The JSON of an album.
    AlbumFile,
    /// The album file of a day folder, which is no album.
    DayFile,
    /// Comments, memories, print orders.
    ServiceFile,
    /// The archive page.
    ArchivePage,
    /// Something that is not Google Photos'.
    OtherProduct,
    /// What macOS leaves beside files.
    MacCompanion,
    /// Made to do harm.
    Hostile,
}

/// What a media file is to its item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The item itself.
    Primary,
    /// The edited copy.
    Edited,
    /// The film of a live or motion photo.
    Motion,
}

/// One entry of one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryTruth {
    /// Index into [`Truth::parts`].
    pub part: usize,
    /// Its path in the archive, `/` between folders.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
    /// The item it belongs to (media and sidecars).
    pub item: Option<u32>,
    /// For media.
    pub role: Option<Role>,
    /// For media: path of the sidecar that describes it (for copies and films that of their item); `None` when there is
    /// none that can be read.
    pub sidecar: Option<String>,
    /// For sidecars: path of the item's own media file in the same folder; `None` when it is not in the export.
    pub media: Option<String>,
    /// The album whose folder it is in.
    pub album: Option<u32>,
    /// For media and sidecars: whether the names and titles of its folder alone say what it belongs to. Where not, a
    /// reader needs other evidence, or must leave it open.
    pub names_decide: bool,
    /// Length in bytes.
    pub size: u64,
    /// BLAKE3 of media, in hexadecimal.
    pub hash: Option<String>,
    /// What is wrong with it, for hostile entries.
    pub harm: Option<String>,
}

impl Truth {
    /// An item by its number.
    pub fn item(&self, number: u32) -> Option<&ItemTruth> {
        self.items.binary_search_by_key(&number, |item| item.number).ok().map(|at| &self.items[at])
    }

    /// An album by its number.
    pub fn album(&self, number: u32) -> Option<&AlbumTruth> {
        self.albums.iter().find(|album| album.number == number)
    }

    /// How many entries are of a kind.
    pub fn count(&self, kind: EntryKind) -> usize {
        self.entries.iter().filter(|entry| entry.kind == kind).count()
    }
}
