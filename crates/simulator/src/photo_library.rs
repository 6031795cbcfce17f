//! What the simulated Google Photos holds: items, albums and where their bytes come from.
//!
//! Plain data. The generator (`generate`) and the folder reader (`photos_folder`) fill it, the server reads it, the
//! faults change it.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

/// Where an item's bytes come from.
#[derive(Debug, Clone)]
pub enum Content {
    /// A painted picture with real EXIF; made when first asked for.
    Picture(crate::generate::PictureRecipe),
    /// A painted short film (MP4, H.264); made when first asked for.
    Film(crate::generate::FilmRecipe),
    /// A valid JPEG of exactly `size` bytes that costs next to nothing to make, for benchmarks.
    Filler {
        /// Decides the bytes.
        seed: u64,
        /// Length in bytes (at least 1,000).
        size: u64,
    },
    /// A real file, read for every request.
    File(PathBuf),
    /// Bytes as they are.
    Bytes(Arc<[u8]>),
}

/// Processing state of a video (`google-apis.md` 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VideoStatus {
    /// Still being processed: `=dv` fails.
    Processing,
    /// Can be downloaded.
    Ready,
    /// Processing failed for good.
    Failed,
}

/// One photo or video at the simulated Google.
#[derive(Debug, Clone)]
pub struct SimItem {
    /// Item id, about 98 characters as the real ones.
    pub id: String,
    /// Name; real items can lack it.
    pub filename: Option<String>,
    /// Declared media type.
    pub mime_type: String,
    /// Capture time in UTC; real items can lack it.
    pub creation_time: Option<DateTime<Utc>>,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// The user's text.
    pub description: Option<String>,
    /// Camera maker.
    pub camera_make: Option<String>,
    /// Camera model.
    pub camera_model: Option<String>,
    /// For videos.
    pub video: Option<VideoStatus>,
    /// In the favourites.
    pub favorite: bool,
    /// In the archive: not listed unless asked for, but present in albums.
    pub archived: bool,
    /// Content categories, for example `LANDSCAPES` (`google-apis.md` 2.2).
    pub categories: Vec<&'static str>,
    /// In the user's own library. Items of shared albums may be reachable only through their album.
    pub in_library: bool,
    /// Uploaded by the client that asks (all that the policy after 31 March 2025 shows).
    pub app_created: bool,
    /// The bytes.
    pub content: Content,
}

/// One album at the simulated Google.
#[derive(Debug, Clone)]
pub struct SimAlbum {
    /// Album id.
    pub id: String,
    /// Title; may be missing, empty or repeated.
    pub title: Option<String>,
    /// Ids of its items, in album order.
    pub items: Vec<String>,
    /// Listed under `albums` (the user's own).
    pub own: bool,
    /// Listed under `sharedAlbums`.
    pub shared: bool,
    /// Made by the client that asks.
    pub app_created: bool,
}

/// Everything one account has. Items in listing order: newest first.
#[derive(Debug, Clone, Default)]
pub struct PhotoLibrary {
    /// All items, newest first, those that are only in shared albums included.
    pub items: Vec<SimItem>,
    /// All albums.
    pub albums: Vec<SimAlbum>,
}
