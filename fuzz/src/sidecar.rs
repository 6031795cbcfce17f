//! Any bytes under any name, read as a JSON file of an export.
//!
//! Input: the file's name, a line break, the file's bytes.

use photokeep_takeout::naming::read_sidecar_name;
use photokeep_takeout::pairing::SidecarEntry;
use photokeep_takeout::sidecar::{Brief, Json, Place, Sidecar, read};

/// Reading never panics, gives the same at every reading, and the same for other spellings of the same JSON.
pub fn check(data: &[u8]) {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let name = String::from_utf8_lossy(&data[..end]);
    let bytes = data.get(end + 1..).unwrap_or_default();
    let found = read(&name, bytes);
    assert_eq!(read(&name, bytes), found, "reading again");
    match &found {
        Json::Item(item) => check_item(&name, item),
        Json::Album(album) => {
            album.geo_data.iter().for_each(check_place);
            assert_ne!(album.date, Some(0));
        }
        Json::Broken(sentence) => {
            assert!(sentence.ends_with('.') && !sentence.chars().any(char::is_control), "{sentence:?} is no sentence");
            return;
        }
        Json::Service(_) | Json::Foreign => {}
    }
    let mut text = bytes;
    while let Some(rest) = text.strip_prefix(b"\xef\xbb\xbf") {
        text = rest;
    }
    let marked = [b"\xef\xbb\xbf \r\n", text, b"\n\n"].concat();
    assert_eq!(read(&name, &marked), found, "with a byte order mark and empty lines");
    spelled_otherwise(&name, text, &found);
}

/// The same JSON without spaces and with its keys in another order.
fn spelled_otherwise(name: &str, text: &[u8], found: &Json) {
    // What only the reader's second try can read has no other spelling here.
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(text) else { return };
    let Ok(other) = serde_json::to_vec(&value) else { return };
    // Numbers with many digits may lose the last one on the way.
    if serde_json::from_slice::<serde_json::Value>(&other).is_ok_and(|again| again == value) {
        assert_eq!(read(name, &other), *found, "spelled otherwise");
    }
}

fn check_item(name: &str, item: &Sidecar) {
    item.geo_data.iter().chain(&item.geo_data_exif).for_each(check_place);
    if let Some(place) = item.place() {
        check_place(&place.place);
    }
    for text in [&item.title, &item.description, &item.url].into_iter().flatten().chain(&item.people) {
        assert!(!text.is_empty(), "an empty text is none");
    }
    let brief = Brief::of(item);
    assert_eq!(
        (brief.title(), brief.url(), brief.description(), brief.people()),
        (item.title.as_deref(), item.url.as_deref(), item.description.as_deref(), &item.people[..])
    );
    assert_eq!(brief.place(), item.place().map(|place| place.place));
    let entry = SidecarEntry::new(name, &brief);
    assert!(read_sidecar_name(entry.name, entry.title).len() <= 4, "too many readings");
}

fn check_place(place: &Place) {
    assert!(place.latitude.abs() <= 90.0 && place.longitude.abs() <= 180.0, "not on earth");
    assert!(place.latitude != 0.0 || place.longitude != 0.0, "0/0 is no place");
    assert!(place.altitude.is_none_or(|number| number.is_finite() && number != 0.0));
    let apart = place.metres_to(-place.latitude, 0.0);
    assert!((0.0..=20_100_000.0).contains(&apart), "{apart} metres");
}
