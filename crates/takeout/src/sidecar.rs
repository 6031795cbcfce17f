//! The JSON files of an export, told apart and read by their content: item sidecars, album files, service files.
//!
//! Promises: names and languages decide nothing (with one exception, see [`read`]); every field may be missing, be of
//! another type, or be unknown; no input makes it fail other than as [`Json::Broken`] with a sentence. Numbers may come as
//! text or as numbers. The raw text is kept by the caller, so nothing that is not understood is lost.
//!
//! Format: `docs/formats/takeout.md`, "The JSON files".

mod album;
mod brief;
mod item;
mod loose;
mod place;

pub use album::{AlbumFile, Card, NamedPlace};
pub use brief::Brief;
pub use item::{Comment, EffectivePlace, Origin, PlaceSource, Sidecar, Way};
pub use place::Place;

use serde_json::{Map, Value};

use crate::naming::{Agreement, known_extension, read_sidecar_name};
use loose::has_any;

/// What a JSON file of an export is.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// The sidecar of an item.
    Item(Box<Sidecar>),
    /// The file that makes a folder an album.
    Album(Box<AlbumFile>),
    /// One of the files beside the folders; nothing of it is imported.
    Service(Service),
    /// No JSON, or cut short. The sentence says what is wrong.
    Broken(String),
    /// JSON that is none of Google Photos' files.
    Foreign,
}

/// Which service file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// `{}`: an account that has nothing of this kind.
    Empty,
    /// What the user wrote in albums of others.
    Comments,
    /// Titles of memories.
    MemoryTitles,
    /// An order of prints or books.
    PrintOrder,
}

/// Reads a JSON file and says what it is.
///
/// The content decides. `name` is only asked when an object has a title and nothing that only one of both has: that is an album file of 2025,
/// unless the file's name is the sidecar name of that very title and the title is a media name.
pub fn read(name: &str, bytes: &[u8]) -> Json {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return Json::Broken(format!("The file is not text: byte {} is no UTF-8.", error.valid_up_to())),
    };
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Json::Broken("The file is empty.".into());
    }
    let value = match serde_json::from_str::<Value>(text) {
        Ok(value) => value,
        // One half of a surrogate pair in a caption is no reason to lose the date and the place.
        Err(error) => match loose::without_lone_surrogates(text).and_then(|text| serde_json::from_str(&text).ok()) {
            Some(value) => value,
            None if error.is_eof() => return Json::Broken("The file is cut short: the JSON does not end.".into()),
            None => {
                return Json::Broken(format!("This is not valid JSON (line {}, column {}).", error.line(), error.column()));
            }
        },
    };
    match value {
        Value::Object(object) => of_object(name, &object),
        _ => Json::Foreign,
    }
}

fn of_object(name: &str, object: &Map<String, Value>) -> Json {
    if object.is_empty() {
        return Json::Service(Service::Empty);
    }
    if object.contains_key("externalOrderId") {
        return Json::Service(Service::PrintOrder);
    }
    if is_item(object) {
        return Json::Item(Box::new(Sidecar::of(object)));
    }
    if let Some(Value::Object(inner)) = object.get("albumData") {
        return Json::Album(Box::new(AlbumFile::of(inner)));
    }
    if object.get("title").is_some_and(Value::is_array) {
        return Json::Service(Service::MemoryTitles);
    }
    let titled = object.get("title").is_some_and(Value::is_string);
    if titled || has_any(object, &["access", "enrichments"]) {
        if titled && !has_any(object, &["access", "enrichments"]) && is_bare_sidecar(name, object) {
            return Json::Item(Box::new(Sidecar::of(object)));
        }
        return Json::Album(Box::new(AlbumFile::of(object)));
    }
    if object.contains_key("sharedAlbumComments") {
        return Json::Service(Service::Comments);
    }
    Json::Foreign
}

fn is_item(object: &Map<String, Value>) -> bool {
    let shown_at = |url: &str| url.contains("photos.google.com/");
    has_any(object, &["photoTakenTime", "googlePhotosOrigin"])
        || object.get("url").and_then(Value::as_str).is_some_and(shown_at)
        // Never seen in an album file, so a sidecar that lacks the three above is still known as one.
        || (object.contains_key("title") && has_any(object, &["geoDataExif", "imageViews", "people", "creationTime"]))
}

fn is_bare_sidecar(name: &str, object: &Map<String, Value>) -> bool {
    let title = object.get("title").and_then(Value::as_str).unwrap_or_default();
    known_extension(title).is_some()
        && read_sidecar_name(name, Some(title)).iter().any(|reading| reading.agreement != Agreement::NameOnly)
}

#[cfg(test)]
#[path = "sidecar/tests.rs"]
mod tests;
