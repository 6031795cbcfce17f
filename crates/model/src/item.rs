//! What a photo or video is, as the user and as a source see it.

use serde::{Deserialize, Serialize};

use crate::CaptureTime;

/// The number of an item in one library's catalog. Never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemId(pub i64);

/// Photo or video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaKind {
    /// A still picture, motion photos included.
    Photo,
    /// A film.
    Video,
}

/// What a file is to its item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileRole {
    /// The bytes as they were uploaded.
    Original,
    /// The picture as edited in Google Photos.
    Edited,
    /// The moving part of a motion photo.
    Motion,
    /// Bytes that Google re-encoded or stripped of their place (`=d`, `=dv`, Picker).
    Rendition,
}

impl FileRole {
    /// The word in the catalog and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Edited => "edited",
            Self::Motion => "motion",
            Self::Rendition => "rendition",
        }
    }
}

/// Where items come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// Archives made by Google Takeout.
    Takeout,
    /// The Google Photos Library API.
    LibraryApi,
    /// The Google Photos Picker API.
    Picker,
    /// A folder on disk.
    Folder,
}

impl SourceKind {
    /// The word in the catalog and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Takeout => "takeout",
            Self::LibraryApi => "library-api",
            Self::Picker => "picker",
            Self::Folder => "folder",
        }
    }
}

/// What one source says about one item, in one run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Metadata {
    /// The file name as the source gives it; may be empty, repeated or hostile. Never used as a path unchanged.
    pub title: String,
    /// When it was taken; `None` when the source does not know.
    pub taken: Option<CaptureTime>,
    /// The user's text.
    pub description: Option<String>,
    /// Media type as the source declares it, for example `image/jpeg`.
    pub mime_type: Option<String>,
    /// Width in pixels of the item at the source.
    pub width: Option<u32>,
    /// Height in pixels of the item at the source.
    pub height: Option<u32>,
    /// Camera maker.
    pub camera_make: Option<String>,
    /// Camera model.
    pub camera_model: Option<String>,
    /// Web address of the item in Google Photos.
    pub product_url: Option<String>,
    /// Marked as a favourite; `None` when the source does not tell.
    pub favorite: Option<bool>,
    /// In the archive; `None` when the source does not tell.
    pub archived: Option<bool>,
    /// In Google's trash; `None` when the source does not tell. It never leads to anything being deleted here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trashed: Option<bool>,
    /// Degrees north and east.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<(f64, f64)>,
    /// Metres above the sea.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub altitude: Option<f64>,
    /// Names of people, in the source's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    /// When it came to Google Photos, in Unix seconds. Never the time it was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uploaded: Option<i64>,
    /// How it came to Google Photos, in the source's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl Metadata {
    /// Photo or video, from the declared type; photos are the default, as `=d` works for both.
    pub fn kind(&self) -> MediaKind {
        match &self.mime_type {
            Some(mime) if mime.starts_with("video/") => MediaKind::Video,
            _ => MediaKind::Photo,
        }
    }

    /// Whether the source may have made the date up from the upload: both are within a minute (`takeout-format.md` 5.2,
    /// rule 5). A date in the file is better then.
    pub fn date_may_be_invented(&self) -> bool {
        self.taken.zip(self.uploaded).is_some_and(|(taken, uploaded)| taken.unix_seconds().abs_diff(uploaded) <= 60)
    }
}
