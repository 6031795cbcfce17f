//! A folder that gphotos-sync, gphotosync or rclone made becomes a library: its files are taken into the catalog where they are.
//!
//! Nothing is moved, renamed, written to or fetched; what Photokeep adds lies in `.photokeep`. How the tree is made is found out from
//! it ([`Survey`]), so that names go on in the same way. What does not fit is listed and left alone.
//!
//! `walk`: what is there. `index`: what `gphotos.sqlite` says. `scheme`: which tool, which folders and names. `album_folders`: albums
//! and the switches behind their names. `survey` puts these together, without reading a photo; `take` reads every file and writes it
//! down. How the next sync finds them again is in [`catalog`](crate::catalog) (`adopted`).

mod album_folders;
mod index;
mod scheme;
mod survey;
mod take;
mod walk;

use photokeep_model::{CaptureTime, LinkKind, Metadata};
use serde::Serialize;

pub use survey::{Survey, SurveyOptions, survey};
pub use take::{AdoptOptions, Adopted};

/// The tool that made a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Maker {
    /// gphotos-sync.
    GphotosSync,
    /// gphotosync.
    Gphotosync,
    /// rclone.
    Rclone,
}

impl Maker {
    /// Its name, as it calls itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::GphotosSync => "gphotos-sync",
            Self::Gphotosync => "gphotosync",
            Self::Rclone => "rclone",
        }
    }
}

/// Why something in the tree is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeftWhy {
    /// It lies where the tool puts no photos.
    Elsewhere,
    /// It is empty, or no photo or video by its bytes.
    NoMedia,
    /// A run of the tool that was killed left it.
    Leftover,
    /// Hidden, a system's own, or no file.
    Hidden,
    /// A link, or an entry of an album folder, that is none of the tool's albums.
    Link,
    /// An album's folder, or an entry of it, that is not named as the tool would.
    Album,
    /// It cannot be read.
    Unreadable,
    /// Its name is no text.
    NameNotText,
}

impl LeftWhy {
    /// A sentence for a person.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Elsewhere => "lies where the tool puts no photos",
            Self::NoMedia => "is empty, or no photo or video by its bytes",
            Self::Leftover => "a run of the tool that was cut off left it",
            Self::Hidden => "is hidden, a system's own, or no file",
            Self::Link => "is a link that belongs to no album of the tool",
            Self::Album => "is in an album folder that is not named as the others",
            Self::Unreadable => "cannot be read",
            Self::NameNotText => "has a name that is no text",
        }
    }
}

/// Something that is left alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftAlone {
    /// Below the folder.
    pub path: String,
    /// Why.
    pub why: LeftWhy,
}

impl LeftAlone {
    fn new(path: String, why: LeftWhy) -> Self {
        Self { path, why }
    }
}

/// A file to take in.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundFile {
    /// Below the folder, with `/`.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Its key at Google, where the index or its name tells it.
    pub key: Option<String>,
    /// What is known of it without looking into it.
    pub metadata: Metadata,
    /// Its number among those of the same name, by the way of gphotos-sync.
    number: Option<u32>,
    /// When it was taken, by what the tool did to the file's time; where nothing better tells it.
    by_file_time: Option<CaptureTime>,
}

/// An entry of an album folder.
#[derive(Debug, Clone, PartialEq, Eq)]
struct FoundEntry {
    path: String,
    kind: LinkKind,
    /// Which file it stands for.
    file: usize,
}

/// An album to take in.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundAlbum {
    key: Option<String>,
    /// Title.
    pub title: Option<String>,
    shared: bool,
    /// Which files are in it, in its order.
    members: Vec<usize>,
    /// Its folder, below the root.
    pub folder: Option<String>,
    date: Option<CaptureTime>,
    entries: Vec<FoundEntry>,
}
