//! What is decided once for a library and remembered in its catalog.

use serde::{Deserialize, Serialize};

/// How folders and names are made. The presets of both predecessors are byte for byte theirs (`predecessors.md` 1.4-1.6, 2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// `photos/YYYY/MM/name`, ` (n)` for repeated names, `albums/YYYY/MM TITLE/NNNN_name`.
    #[default]
    Photokeep,
    /// As gphotos-sync: `photos/YYYY/MM/name`, ` (n)`, `albums/YYYY/MMDD TITLE/NNNN_name`, `sharedAlbums/`.
    GphotosSync,
    /// As gphotos-sync with `--use-flat-path`: `photos/YYYY-MM/name`, `albums/YYYY-MMDD TITLE/NNNN_name`.
    GphotosSyncFlat,
    /// As gphotosync: `YYYY/MM/name` at the root, `-gphotosync-<hex>` for repeated names.
    Gphotosync,
    /// As gphotosync with `-strategy id`: `YYYY/MM/name` at the root, `-gphotosync-<id>` for repeated names.
    GphotosyncId,
}

impl Layout {
    /// The word on the command line and in the catalog.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Photokeep => "photokeep",
            Self::GphotosSync => "gphotos-sync",
            Self::GphotosSyncFlat => "gphotos-sync-flat",
            Self::Gphotosync => "gphotosync",
            Self::GphotosyncId => "gphotosync-id",
        }
    }
}

/// An album's entry on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkKind {
    /// A relative symbolic link.
    Symlink,
    /// A second name for the same bytes.
    Hardlink,
    /// The bytes once more.
    Copy,
    /// A small file that the desktop opens as a link (`.lnk`, `.desktop`, `.webloc`).
    Shortcut,
}

impl LinkKind {
    /// The word in the catalog and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Symlink => "symlink",
            Self::Hardlink => "hardlink",
            Self::Copy => "copy",
            Self::Shortcut => "shortcut",
        }
    }
}

/// Which kind of link the user wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkChoice {
    /// The best the target can: symbolic link, else hard link, else copy.
    #[default]
    Auto,
    /// Relative symbolic links.
    Symlink,
    /// Hard links.
    Hardlink,
    /// Copies.
    Copy,
    /// Shortcut files.
    Shortcut,
    /// No album folders.
    None,
}

/// Which clock decides the month folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MonthZone {
    /// UTC, as in both predecessors.
    #[default]
    Utc,
    /// The local time of the photo, where it is known.
    Local,
}

/// What is set once for a library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LibraryOptions {
    /// Folders and names.
    pub layout: Layout,
    /// Album links.
    pub links: LinkChoice,
    /// Month folder by UTC or local time.
    pub month: MonthZone,
    /// Downloads at the same time.
    pub jobs: u16,
}

impl Default for LibraryOptions {
    fn default() -> Self {
        Self { layout: Layout::default(), links: LinkChoice::default(), month: MonthZone::default(), jobs: 16 }
    }
}
