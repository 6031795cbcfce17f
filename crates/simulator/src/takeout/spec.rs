//! What a made-up export is to be like. Plain data; equal specifications give equal exports.

use serde::{Deserialize, Serialize};

use super::language::Language;
use super::naming::Limits;

/// How sidecars are named (`takeout-format.md` 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SidecarForm {
    /// `IMG.jpg.json`, until the winter of 2024.
    Old,
    /// `IMG.jpg.supplemental-metadata.json`, since.
    New,
}

/// In which folders the library lies (`takeout-format.md` 1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FolderForm {
    /// Year folders in the account's language (since autumn 2025).
    Years,
    /// `Photos from 2019` in every language (December 2020 to autumn 2025).
    EnglishYears,
    /// `2019-07-13`, each with an album file (before December 2020).
    Days,
}

/// How an export is cut into archives. Cuts are anywhere: a picture and its sidecar need not be in one part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Parts {
    /// This many parts (at least one) of about as many entries.
    Count(usize),
    /// Parts of at most this many bytes of content; a single larger file makes a larger part.
    Bytes(u64),
}

/// What the parts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Container {
    /// Zip, nothing compressed.
    Stored,
    /// Zip, everything deflated.
    Deflated,
    /// Zip, nothing compressed, with the fields for sizes over 4 GB in every entry.
    Zip64,
    /// A gzipped tar.
    Tgz,
    /// Folders, as after unpacking all parts to one place.
    Folder,
}

/// The bytes of pictures and films.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pictures {
    /// Painted landscapes and short films. About a tenth of a second each.
    Painted,
    /// Valid files of a few kilobytes, all different. Tens of thousands in seconds.
    Small,
    /// Valid files of about this many bytes each, all different, for measuring throughput.
    Large(u64),
}

macro_rules! variants {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What an export holds beside ordinary pictures: one switch a corner case of the format.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Variants { $($(#[$doc])* pub $name: bool,)* }

        impl Variants {
            /// The names of all switches.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),*];

            /// Everything on. (Hostile entries are not a variant: [`ExportSpec::hostile`].)
            pub fn all() -> Self {
                Self { $($name: true),* }
            }

            /// Ordinary pictures in ordinary albums only.
            pub fn none() -> Self {
                Self { $($name: false),* }
            }

            /// Turns one switch by its name; `false` when there is none of that name.
            pub fn set(&mut self, name: &str, on: bool) -> bool {
                match name {
                    $(stringify!($name) => self.$name = on,)*
                    _ => return false,
                }
                true
            }
        }
    };
}

variants! {
    /// The same title several times in a folder.
    repeated_titles,
    /// Titles that differ behind unit 46 only, so that sidecars are numbered and media are not.
    sidecar_collisions,
    /// Titles of more than 51 units, alone and several that are equal after the cut.
    long_titles,
    /// Surrogate pairs across the cut.
    surrogates,
    /// Characters that file systems forbid.
    forbidden_characters,
    /// Titles without an extension.
    no_extension,
    /// Two extensions in the title, or a second one added because Google converted the file.
    double_extensions,
    /// Titles that differ in case only; extensions whose case changed.
    case_differences,
    /// Names in decomposed Unicode, as macOS writes them.
    decomposed_names,
    /// Edited copies, also of numbered items and with another extension.
    edited,
    /// Edited copies whose suffix is cut, partly or wholly.
    edited_at_the_limit,
    /// Films of live and motion photos.
    motion,
    /// Collages, animations and films that Google made.
    creations,
    /// Archived items.
    archived,
    /// Trashed items.
    trashed,
    /// Favourites.
    favourites,
    /// Names of people.
    people,
    /// Captions.
    captions,
    /// Places, also on the equator and the meridian of Greenwich.
    places,
    /// Dates before 1970.
    early_dates,
    /// The timestamp 0, which says that there is no date.
    no_date,
    /// Dates that the user corrected, so that file and sidecar differ.
    corrected_dates,
    /// Dates that Google took from the upload although the file has one.
    guessed_dates,
    /// Albums with the same title.
    same_title_albums,
    /// Albums whose folder holds sidecars only.
    sidecar_only_albums,
    /// Items of other people, which are in an album only.
    others_items,
    /// Shares without a title.
    untitled_albums,
    /// Album folders without their album file.
    missing_album_files,
    /// Album copies with other bytes than the copy of the year folder.
    album_renditions,
    /// Sidecars whose picture Google did not deliver.
    missing_media,
    /// Pictures whose sidecar Google did not deliver.
    missing_sidecars,
    /// Sidecars that are cut short.
    broken_sidecars,
    /// Other products beside the photos.
    other_products,
    /// `__MACOSX` and `._` companions.
    mac_companions,
    /// Comments, memories and print orders.
    service_files,
    /// The same entry in two parts.
    repeated_entries,
    /// Names that decide nothing, even in theory.
    undecidable,
}

impl Default for Variants {
    fn default() -> Self {
        Self::all()
    }
}

/// Everything that decides an export.
///
/// `seed`, `items`, the years, `albums`, `variants` and `pictures` decide what is in the account; the rest, how it is
/// exported. Later exports of one account must agree in the first group and may differ in the second.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExportSpec {
    /// Items in the account at its first export, those of others included.
    pub items: usize,
    /// Decides what is made up.
    pub seed: u64,
    /// Year of the oldest ordinary picture.
    pub first_year: i32,
    /// Year of the newest picture.
    pub last_year: i32,
    /// Albums, those of the variants included.
    pub albums: usize,
    /// Names of folders and files.
    pub language: Language,
    /// Names of sidecars.
    pub sidecars: SidecarForm,
    /// Folders of the library.
    pub folders: FolderForm,
    /// Longest names.
    pub limits: Limits,
    /// How it is cut.
    pub parts: Parts,
    /// What it is cut into.
    pub container: Container,
    /// The bytes of the media.
    pub pictures: Pictures,
    /// The corner cases.
    pub variants: Variants,
    /// Entries and files made to do harm, beside the others.
    pub hostile: bool,
    /// Time of the first export in seconds since 1970; later ones follow 61 days apart.
    pub stamp: i64,
    /// Number behind the stamp in the archives' names (since mid 2025).
    pub group: Option<u8>,
}

impl ExportSpec {
    /// What the names of the first export's archives begin with, for example `takeout-20260318T202441Z-3`.
    pub fn name(&self) -> String {
        self.name_at(self.stamp)
    }

    /// As [`Self::name`], of an export made at another time.
    pub(super) fn name_at(&self, stamp: i64) -> String {
        let time = chrono::DateTime::from_timestamp(stamp, 0).unwrap_or_default().format("%Y%m%dT%H%M%SZ");
        self.group.map_or_else(|| format!("takeout-{time}"), |group| format!("takeout-{time}-{group}"))
    }
}

impl Default for ExportSpec {
    fn default() -> Self {
        Self {
            items: 200,
            seed: 1,
            first_year: 2008,
            last_year: 2025,
            albums: 12,
            language: Language::default(),
            sidecars: SidecarForm::New,
            folders: FolderForm::Years,
            limits: Limits::default(),
            parts: Parts::Count(3),
            container: Container::Stored,
            pictures: Pictures::Small,
            variants: Variants::all(),
            hostile: false,
            stamp: 1_773_865_481, // 18 March 2026, 20:24:41 UTC
            group: Some(3),
        }
    }
}

/// What happened in the account between two exports. Counts are of items; as many as there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Change {
    /// New items.
    pub added: usize,
    /// Items that got an edited copy.
    pub edited: usize,
    /// Items whose caption changed.
    pub captioned: usize,
    /// Items in which a person was named.
    pub named: usize,
    /// Items whose date was corrected.
    pub corrected: usize,
    /// Old items that were put into an album they were not in.
    pub joined: usize,
    /// New albums, of new items.
    pub albums: usize,
}

impl Default for Change {
    fn default() -> Self {
        Self { added: 20, edited: 5, captioned: 8, named: 8, corrected: 3, joined: 6, albums: 1 }
    }
}
