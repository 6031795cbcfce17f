//! Every stored file, one at a time.

use std::fmt::Write;
use std::path::Path;

use photokeep_model::Result;
use serde::Serialize;

use crate::app::App;

/// A stored file. Absent facts are `null`: nobody told.
#[derive(Debug, Serialize)]
pub struct ListedFile {
    /// Path below the library, with `/`.
    pub path: String,
    /// BLAKE3 of the bytes, in hexadecimal.
    pub blake3: Option<String>,
    /// Bytes.
    pub size: u64,
    /// Title at the source.
    pub title: String,
    /// When it was taken (RFC 3339, UTC).
    pub taken_at: Option<String>,
    /// Offset of the local clock from UTC, as `+HH:MM`.
    pub offset: Option<String>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// The user's text.
    pub description: Option<String>,
    /// Favourite.
    pub favorite: Option<bool>,
    /// Archived.
    pub archived: Option<bool>,
    /// In the source's trash.
    pub trashed: Option<bool>,
    /// People in it.
    pub people: Vec<String>,
    /// Titles of its albums.
    pub albums: Vec<String>,
    /// `original`, `edited`, `motion` or `rendition`.
    pub role: String,
    /// Where the bytes came from.
    pub source: String,
}

impl App {
    /// Calls `each` for every stored file in path order. Memory stays flat.
    ///
    /// # Errors
    /// When there is no library, its catalog cannot be read, or `each` fails.
    pub fn list(&self, library: &Path, mut each: impl FnMut(&ListedFile) -> Result<()>) -> Result<()> {
        let (_, catalog) = self.look(library)?;
        catalog.for_each_stored(|file| {
            each(&ListedFile {
                blake3: file.hash.map(|hash| {
                    hash.iter().fold(String::with_capacity(64), |mut text, byte| {
                        // Writing into a string cannot fail.
                        let _ = write!(text, "{byte:02x}");
                        text
                    })
                }),
                size: file.size,
                taken_at: file.taken.map(|taken| taken.to_rfc3339()),
                offset: file.taken.and_then(|taken| taken.offset_text()),
                latitude: file.latitude,
                longitude: file.longitude,
                description: file.description,
                favorite: file.favorite,
                archived: file.archived,
                trashed: file.trashed,
                people: file.people.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
                albums: file.albums,
                role: file.role,
                source: file.source,
                title: file.title,
                path: file.path,
            })
        })
    }
}
