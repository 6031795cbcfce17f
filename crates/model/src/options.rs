//! What is decided once for a library and remembered in its catalog.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How folders and names are made. The presets of both predecessors are byte for byte theirs (`predecessors.md` 1.4-1.6, 2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
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
    /// As rclone copies `media/by-month`: `YYYY/YYYY-MM/name`, ` {id}` for repeated names. For trees that it made.
    RcloneByMonth,
    /// As rclone copies `media/by-year`: `YYYY/name`.
    RcloneByYear,
    /// As rclone copies `media/by-day`: `YYYY/YYYY-MM-DD/name`.
    RcloneByDay,
    /// As rclone copies `media/all`: every file in one folder.
    RcloneAll,
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
            Self::RcloneByMonth => "rclone-by-month",
            Self::RcloneByYear => "rclone-by-year",
            Self::RcloneByDay => "rclone-by-day",
            Self::RcloneAll => "rclone-all",
        }
    }

    /// Whether it is one of rclone's.
    pub fn is_rclone(self) -> bool {
        matches!(self, Self::RcloneByMonth | Self::RcloneByYear | Self::RcloneByDay | Self::RcloneAll)
    }

    /// Whether it is one of gphotos-sync's.
    pub fn is_gphotos_sync(self) -> bool {
        matches!(self, Self::GphotosSync | Self::GphotosSyncFlat)
    }
}

/// An album's entry on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum MonthZone {
    /// UTC, as in both predecessors.
    #[default]
    Utc,
    /// The local time of the photo, where it is known.
    Local,
}

/// Folders and names where they differ from what the layout has. The switches of gphotos-sync (`predecessors.md` 1.2).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct PathOptions {
    /// Where photos lie below the library, with `/`; `.` for its top.
    pub photos: Option<String>,
    /// Where albums lie below the library.
    pub albums: Option<String>,
    /// Where shared albums lie below the library.
    pub shared_albums: Option<String>,
    /// Album folders are named by their title alone. Wins over `path_format`.
    pub omit_album_date: Option<bool>,
    /// The date of an album folder is that of its earliest item instead of its latest.
    pub album_date_by_first_photo: Option<bool>,
    /// The date part of an album folder's name, in `strftime`'s words: `%m%d`.
    pub month_format: Option<String>,
    /// An album folder's name: `{0}` is the date part and `{1}` the title; in the flat layout `{0}` the year, `{1}` the date
    /// part and `{2}` the title.
    pub path_format: Option<String>,
    /// Album entries have no `NNNN_` in front.
    pub no_album_sorting: Option<bool>,
    /// Album entries are numbered from the last item to the first.
    pub album_invert: Option<bool>,
}

impl PathOptions {
    /// These, with what `changes` names in their place. An empty text means: as the layout has it.
    #[must_use]
    pub fn changed_by(&self, changes: &Self) -> Self {
        let text = |changed: &Option<String>, now: &Option<String>| match changed.as_deref() {
            None => now.clone(),
            Some("") => None,
            Some(text) => Some(text.to_owned()),
        };
        Self {
            photos: text(&changes.photos, &self.photos),
            albums: text(&changes.albums, &self.albums),
            shared_albums: text(&changes.shared_albums, &self.shared_albums),
            omit_album_date: changes.omit_album_date.or(self.omit_album_date),
            album_date_by_first_photo: changes.album_date_by_first_photo.or(self.album_date_by_first_photo),
            month_format: text(&changes.month_format, &self.month_format),
            path_format: text(&changes.path_format, &self.path_format),
            no_album_sorting: changes.no_album_sorting.or(self.no_album_sorting),
            album_invert: changes.album_invert.or(self.album_invert),
        }
    }
}

/// What is set once for a library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct LibraryOptions {
    /// Folders and names.
    pub layout: Layout,
    /// Album links.
    pub links: LinkChoice,
    /// Month folder by UTC or local time.
    pub month: MonthZone,
    /// Downloads at the same time.
    pub jobs: u16,
    /// Folders and names that differ from the layout's.
    pub paths: PathOptions,
    /// Shared albums are not asked for.
    pub skip_shared_albums: bool,
}

impl Default for LibraryOptions {
    fn default() -> Self {
        Self {
            layout: Layout::default(),
            links: LinkChoice::default(),
            month: MonthZone::default(),
            jobs: 16,
            paths: PathOptions::default(),
            skip_shared_albums: false,
        }
    }
}
