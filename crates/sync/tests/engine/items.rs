//! Items and albums to fill an account with.

use chrono::{DateTime, Utc};
use photokeep_simulator::generate::{FilmRecipe, PictureRecipe};
use photokeep_simulator::photo_library::{Content, PhotoLibrary, SimAlbum, SimItem, VideoStatus};

/// An instant, from its RFC 3339 text.
pub fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect(text).with_timezone(&Utc)
}

/// A number that differs from text to text, so that no two items have equal bytes by chance.
pub fn seed(text: &str) -> u64 {
    u64::from_le_bytes(blake3::hash(text.as_bytes()).as_bytes()[..8].try_into().unwrap())
}

/// A photo of about 4 kB that is valid and cheap.
pub fn photo(id: &str, filename: &str, taken: &str) -> SimItem {
    SimItem {
        id: id.to_owned(),
        filename: Some(filename.to_owned()),
        mime_type: "image/jpeg".to_owned(),
        creation_time: Some(at(taken)),
        width: 64,
        height: 48,
        description: None,
        camera_make: None,
        camera_model: None,
        video: None,
        favorite: false,
        archived: false,
        categories: Vec::new(),
        in_library: true,
        app_created: false,
        content: Content::Filler { seed: seed(id), size: 3_000 + seed(id) % 2_000 },
    }
}

/// A short film.
pub fn film(id: &str, filename: &str, taken: &str) -> SimItem {
    SimItem {
        mime_type: "video/mp4".to_owned(),
        video: Some(VideoStatus::Ready),
        content: Content::Film(FilmRecipe { seed: seed(id), width: 64, height: 48, taken: at(taken), frames: 2 }),
        ..photo(id, filename, taken)
    }
}

/// A picture with EXIF, taken by a camera whose clock is `offset_seconds` east of UTC.
pub fn camera_picture(id: &str, filename: &str, taken: &str, offset_seconds: i32) -> SimItem {
    let recipe = PictureRecipe {
        seed: seed(id),
        width: 64,
        height: 48,
        taken: at(taken),
        offset_seconds,
        place: None,
        camera: ("Canon", "PowerShot G2"),
        caption: None,
    };
    SimItem { content: Content::Picture(recipe), ..photo(id, filename, taken) }
}

/// Bytes as they are behind a photo.
pub fn with_bytes(item: SimItem, bytes: impl AsRef<[u8]>) -> SimItem {
    SimItem { content: Content::Bytes(bytes.as_ref().into()), ..item }
}

/// `count` photos `p000`, `p001` …, a day apart, the newest first.
pub fn photos(count: u32) -> Vec<SimItem> {
    let newest = at("2023-06-30T12:00:00.5Z");
    (0..count)
        .map(|number| SimItem {
            creation_time: Some(newest - chrono::TimeDelta::days(i64::from(number))),
            ..photo(&format!("p{number:03}"), &format!("IMG_{number:03}.jpg"), "2023-06-30T12:00:00Z")
        })
        .collect()
}

/// An album of the user's own.
pub fn album(id: &str, title: &str, items: &[&str]) -> SimAlbum {
    SimAlbum {
        id: id.to_owned(),
        title: Some(title.to_owned()),
        items: items.iter().map(|&item| item.to_owned()).collect(),
        own: true,
        shared: false,
        app_created: false,
    }
}

/// An album of somebody else that the user has joined.
pub fn shared_album(id: &str, title: &str, items: &[&str]) -> SimAlbum {
    SimAlbum { own: false, shared: true, ..album(id, title, items) }
}

/// An account with items and albums.
pub fn account(items: Vec<SimItem>, albums: Vec<SimAlbum>) -> PhotoLibrary {
    PhotoLibrary { items, albums }
}
