//! One photo or video: everything that is known of it, and where it lies.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use photokeep_library::target;
use photokeep_model::{Code, Error, ItemId, MediaKind, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Desk;
use super::timeline::type_name;
use crate::boundary::Nothing;

/// Which item.
#[derive(Debug, Deserialize, TS)]
pub struct ItemRequest {
    /// Its number.
    pub id: i64,
}

/// Which file.
#[derive(Debug, Deserialize, TS)]
pub struct FileRequest {
    /// Its number.
    pub file: i64,
}

/// Everything that is known of an item.
#[derive(Debug, Serialize, TS)]
pub struct ItemDetails {
    /// Its number.
    pub id: i64,
    /// Title at the source. From outside: shown as text, never as anything else.
    pub title: String,
    /// Whether it is a video.
    pub video: bool,
    /// When it was taken.
    pub taken: Option<DateTime<Utc>>,
    /// The same on the clock where it was taken, as Unix seconds of that clock; UTC's where that is not known.
    pub taken_local: Option<i64>,
    /// That clock's distance from UTC in seconds.
    pub offset: Option<i32>,
    /// The person's own text.
    pub description: Option<String>,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
    /// Make and model.
    pub camera: Option<String>,
    /// Degrees.
    pub latitude: Option<f64>,
    /// Degrees.
    pub longitude: Option<f64>,
    /// Names of people in it.
    pub people: Vec<String>,
    /// Albums it is in.
    pub albums: Vec<AlbumOfItem>,
    /// Favourite; `None` when no source told.
    pub favorite: Option<bool>,
    /// Archived; `None` when no source told.
    pub archived: Option<bool>,
    /// Whether it can be opened in Google Photos.
    pub at_google: bool,
    /// Its files, the one that is shown first.
    pub files: Vec<FileOfItem>,
}

/// An album that an item is in.
#[derive(Debug, Serialize, TS)]
pub struct AlbumOfItem {
    /// Its number.
    pub id: i64,
    /// Its title.
    pub title: Option<String>,
}

/// A file of an item.
#[derive(Debug, Serialize, TS)]
pub struct FileOfItem {
    /// Its number.
    pub id: i64,
    /// `original`, `edited`, `motion` or `rendition`.
    pub role: String,
    /// Whether it is on the disk as it was stored.
    pub stored: bool,
    /// Path below the library.
    pub path: Option<String>,
    /// Bytes.
    pub size: Option<u64>,
    /// Type by content.
    pub mime_type: Option<String>,
    /// A word for the type.
    pub type_name: String,
}

/// Says everything that is known of an item.
pub(crate) async fn show(desk: &Arc<Desk>, request: ItemRequest) -> Result<ItemDetails> {
    let item = desk.open_place()?.look(move |catalog, _| catalog.item_shown(ItemId(request.id))).await?.flatten();
    let item = item.ok_or_else(no_such_item)?;
    let camera: Vec<String> = [item.camera_make, item.camera_model].into_iter().flatten().collect();
    Ok(ItemDetails {
        id: item.id.0,
        title: item.title,
        video: item.kind == MediaKind::Video,
        taken: item.taken.map(|taken| taken.instant),
        taken_local: item.taken.map(|taken| taken.unix_seconds() + i64::from(taken.offset_seconds.unwrap_or(0))),
        offset: item.taken.and_then(|taken| taken.offset_seconds),
        description: item.description,
        width: item.width,
        height: item.height,
        camera: (!camera.is_empty()).then(|| camera.join(" ")),
        latitude: item.latitude,
        longitude: item.longitude,
        people: item.people,
        albums: item.albums.into_iter().map(|album| AlbumOfItem { id: album.id, title: album.title }).collect(),
        favorite: item.favorite,
        archived: item.archived,
        at_google: item.product_url.as_deref().is_some_and(is_google_photos),
        files: item
            .files
            .into_iter()
            .map(|file| FileOfItem {
                id: file.id,
                role: file.role.as_str().into(),
                stored: matches!(file.state, photokeep_library::FileState::Stored | photokeep_library::FileState::Stale),
                path: file.path,
                size: file.size,
                type_name: type_name(file.mime_type.as_deref()),
                mime_type: file.mime_type,
            })
            .collect(),
    })
}

/// What a film's own tile says, where there is no picture of it.
#[derive(Debug, Serialize, TS)]
pub struct FilmFacts {
    /// Name of the file. From outside: shown as text, never as anything else.
    pub name: String,
    /// How long it is, where the file tells.
    pub seconds: Option<f64>,
}

/// Says what is known of a film without playing it.
pub(crate) async fn film(desk: &Arc<Desk>, request: FileRequest) -> Result<FilmFacts> {
    let path = path_of(desk, request.file).await?;
    super::place::blocking(move || {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        // A film that cannot be read now still has its name.
        let seconds = photokeep_media::inspect(&path).ok().and_then(|facts| facts.duration).map(|length| length.as_secs_f64());
        Ok(FilmFacts { name, seconds })
    })
    .await
}

async fn path_of(desk: &Desk, file: i64) -> Result<std::path::PathBuf> {
    let place = desk.open_place()?;
    let path = place.look(move |catalog, root| match catalog.file_shown(file)? {
        Some(file) => target::join(root, &file.path).map(Some),
        None => Ok(None),
    });
    path.await?.flatten().ok_or_else(no_such_item)
}

/// Shows a file in the system's file manager.
pub(crate) async fn reveal(desk: &Arc<Desk>, request: FileRequest) -> Result<Nothing> {
    let path = path_of(desk, request.file).await?;
    if !path.exists() {
        return Err(Error::new(Code::TargetGone, "The file is not there at the moment.")
            .hint("If the library lies on an external disk, connect it. `Verify` says what is missing.")
            .detail("path", path.display()));
    }
    desk.host.reveal(&path)?;
    Ok(Nothing {})
}

/// Opens an item in Google Photos.
pub(crate) async fn open_at_google(desk: &Arc<Desk>, request: ItemRequest) -> Result<super::start::PageAddress> {
    let item = desk.open_place()?.look(move |catalog, _| catalog.item_shown(ItemId(request.id))).await?.flatten();
    let address = item.and_then(|item| item.product_url).filter(|address| is_google_photos(address)).ok_or_else(no_such_item)?;
    let opened = desk.host.capabilities().open_address && desk.host.open_address(&address).is_ok();
    Ok(super::start::PageAddress { address, opened })
}

/// Addresses come from outside: only Google Photos' own are opened.
fn is_google_photos(address: &str) -> bool {
    url::Url::parse(address).is_ok_and(|address| address.scheme() == "https" && address.host_str() == Some("photos.google.com"))
}

fn no_such_item() -> Error {
    Error::new(Code::Usage, "This photo is not in the library any more.").hint("Reload the timeline.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_google_photos_are_opened() {
        assert!(is_google_photos("https://photos.google.com/lr/photo/AB-c"));
        for address in [
            "http://photos.google.com/x",
            "https://photos.google.com.evil.example/x",
            "https://evil.example/photos.google.com",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "",
        ] {
            assert!(!is_google_photos(address), "{address}");
        }
    }
}
