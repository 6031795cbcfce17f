//! The JSON files of an export (`takeout-format.md` 2): sidecars, album files, service files.

use chrono::DateTime;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::account::{Album, Item, Origin};
use super::chance::mix;
use super::spec::{ExportSpec, FolderForm, SidecarForm};

/// A time as Takeout writes it: seconds as text, and words for people.
#[derive(Debug, Serialize)]
struct Time {
    timestamp: String,
    formatted: String,
}

impl Time {
    fn at(seconds: i64) -> Self {
        let time = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
        // The space before UTC is a narrow one, as Google's.
        Self { timestamp: seconds.to_string(), formatted: time.format("%-d %b %Y, %H:%M:%S\u{202f}UTC").to_string() }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Geo {
    latitude: f64,
    longitude: f64,
    altitude: f64,
    latitude_span: f64,
    longitude_span: f64,
}

impl Geo {
    fn of(place: Option<(f64, f64)>) -> Self {
        let (latitude, longitude) = place.unwrap_or_default();
        Self { latitude, longitude, altitude: 0.0, latitude_span: 0.0, longitude_span: 0.0 }
    }
}

#[derive(Debug, Serialize)]
struct Person<'a> {
    name: &'a str,
}

/// Field by field in the order of real ones.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Sidecar<'a> {
    title: &'a str,
    description: &'a str,
    image_views: String,
    creation_time: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    modification_time: Option<Time>,
    photo_taken_time: Time,
    geo_data: Geo,
    #[serde(skip_serializing_if = "Option::is_none")]
    geo_data_exif: Option<Geo>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    people: Vec<Person<'a>>,
    #[serde(skip_serializing_if = "is_not")]
    favorited: bool,
    #[serde(skip_serializing_if = "is_not")]
    archived: bool,
    #[serde(skip_serializing_if = "is_not")]
    trashed: bool,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    google_photos_origin: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_source: Option<Value>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_not(flag: &bool) -> bool {
    !*flag
}

/// The sidecar of an item; `copy` varies what varies between the copies of one sidecar.
pub(super) fn item(spec: &ExportSpec, item: &Item, copy: u32) -> Vec<u8> {
    let scatter = mix(u64::from(item.number) << 20 ^ u64::from(copy));
    // New exports leave out the second place when the file has none, now and then.
    let exif = item.embedded_place.is_some() || !scatter.is_multiple_of(4) || spec.sidecars == SidecarForm::Old;
    let whatsapp = matches!(item.origin, Origin::Phone("WhatsApp Images", _));
    text(&Sidecar {
        title: &item.title,
        description: item.caption.as_deref().unwrap_or_default(),
        image_views: (scatter % 120).to_string(),
        creation_time: Time::at(item.created),
        modification_time: (spec.folders == FolderForm::Days).then(|| Time::at(item.created + 300)),
        photo_taken_time: Time::at(item.taken.unwrap_or(0)),
        geo_data: Geo::of(item.place),
        geo_data_exif: exif.then(|| Geo::of(item.embedded_place)),
        people: item.people.iter().map(|name| Person { name }).collect(),
        favorited: item.favourite,
        archived: item.archived,
        trashed: item.trashed,
        url: &item.url,
        google_photos_origin: origin(item.origin),
        app_source: whatsapp.then(|| json!({"androidPackageName": "com.whatsapp"})),
    })
}

fn origin(origin: Origin) -> Option<Value> {
    Some(match origin {
        Origin::Phone("-", device) => json!({"mobileUpload": {"deviceType": device}}),
        Origin::Phone(folder, device) => {
            json!({"mobileUpload": {"deviceFolder": {"localFolderName": folder}, "deviceType": device}})
        }
        Origin::Web => json!({"webUpload": {"computerUpload": {}}}),
        Origin::Desktop => json!({"photosDesktopUploader": {}}),
        Origin::Drive => json!({"driveSync": {}}),
        Origin::Partner => {
            json!({"fromPartnerSharing": {}, "deviceFolder": {"localFolderName": ""}, "deviceType": "ANDROID_PHONE"})
        }
        Origin::SharedAlbum => json!({"fromSharedAlbum": {}}),
        Origin::Composition(kind) => json!({"composition": {"type": kind}}),
        Origin::Absent => return None,
    })
}

/// The JSON of an album: wrapped in 2019, with all fields later, with its title alone now and then today.
pub(super) fn album_file(spec: &ExportSpec, album: &Album) -> Vec<u8> {
    let title = album.title.as_deref().unwrap_or_default();
    if spec.sidecars == SidecarForm::New && album.number % 5 == 3 && album.title.is_some() {
        return text(&json!({"title": title}));
    }
    let mut fields = Map::new();
    fields.insert("title".to_owned(), title.into());
    fields.insert("description".to_owned(), if album.number % 4 == 1 { "All of us, and the dog" } else { "" }.into());
    fields.insert("access".to_owned(), if album.shared { "shared" } else { "protected" }.into());
    fields.insert("date".to_owned(), json!(Time::at(1_502_439_626 + i64::from(album.number) * 8_000_000)));
    fields.insert("location".to_owned(), "".into());
    fields.insert("geoData".to_owned(), json!(Geo::of(None)));
    if album.title.is_none() {
        let said = json!({"text": "hello", "creationTime": Time::at(1_596_183_682), "contentOwnerName": "Person D"});
        fields.insert("sharedAlbumComments".to_owned(), json!([said]));
    } else if album.number % 6 == 2 {
        let place = json!({"name": "Pienza", "description": "Toscana", "latitudeE7": 430_770_000, "longitudeE7": 116_780_000});
        let cards = json!([
            {"narrativeEnrichment": {"text": "The second day"}},
            {"locationEnrichment": {"location": [place]}}
        ]);
        fields.insert("enrichments".to_owned(), cards);
    }
    if spec.folders == FolderForm::Days { text(&json!({"albumData": fields})) } else { text(&fields) }
}

/// The album file that a day folder had before December 2020.
pub(super) fn day_file(day: &str) -> Vec<u8> {
    text(&json!({"albumData": {"title": day, "description": "", "access": "protected", "location": ""}}))
}

/// Name and bytes of the files in the root of the photos that belong to no item.
pub(super) fn service_files(spec: &ExportSpec) -> Vec<(&'static str, Vec<u8>)> {
    let comment = json!({"text": "Schön!", "creationTime": Time::at(1_547_308_055), "contentUrl": "https://photos.google.com/x", "liked": true});
    let order = json!({
        "externalOrderId": "417796788285446498760", "type": "PURCHASED", "quantity": 1, "numPages": 142,
        "creationTime": {"formatted": "Dec 12, 2022, 5:51:01 AM UTC"}, "category": "SHIPPED_PRINTS"
    });
    let memories = if spec.language.code == "nl" {
        "door-gebruikers-gegenereerde-herinneringtitels.json"
    } else {
        "user-generated-memory-titles.json"
    };
    vec![
        ("shared_album_comments.json", text(&json!({"sharedAlbumComments": [comment]}))),
        (memories, text(&json!({"title": ["Together", "Spring"]}))),
        ("print-subscriptions.json", text(&json!({}))),
        ("order-1.json", text(&order)),
    ]
}

/// JSON with Google's escapes.
fn text(value: &impl Serialize) -> Vec<u8> {
    // Serialising strings, numbers and lists to memory cannot fail.
    let plain = serde_json::to_string_pretty(value).unwrap_or_default();
    let mut escaped = String::with_capacity(plain.len() + 32);
    for character in plain.chars() {
        match character {
            // These stand in strings only.
            '&' | '=' | '\'' | '<' | '>' => escaped.push_str(&format!("\\u{:04x}", character as u32)),
            other => escaped.push(other),
        }
    }
    escaped.into_bytes()
}
