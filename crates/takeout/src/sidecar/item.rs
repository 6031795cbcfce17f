//! The sidecar of one item.

use serde_json::{Map, Value};

use super::loose::{flag, object, objects, seconds, some_text, text, whole};
use super::place::Place;

/// Everything an item's sidecar says. All times are Unix seconds in UTC and may be negative.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sidecar {
    /// The file's name at upload: uncut, with any characters; may lack an extension.
    pub title: Option<String>,
    /// The caption.
    pub description: Option<String>,
    /// How often it was looked at; differs from export to export.
    pub image_views: Option<i64>,
    /// When it came to Google Photos. Never the time it was taken.
    pub creation_time: Option<i64>,
    /// When it was taken, as Google shows it, with the user's corrections. 0 may mean "not known" (format notes, "Dates").
    pub photo_taken_time: Option<i64>,
    /// When it was last changed; until about 2020.
    pub modification_time: Option<i64>,
    /// When it was last changed; 2020 to 2022.
    pub photo_last_modified_time: Option<i64>,
    /// The place Google shows: the user's correction, or an estimate.
    pub geo_data: Option<Place>,
    /// The place in the file.
    pub geo_data_exif: Option<Place>,
    /// Names of people, in their order.
    pub people: Vec<String>,
    /// The item's page in Google Photos.
    pub url: Option<String>,
    /// How it came into Google Photos.
    pub origin: Option<Origin>,
    /// The Android package of the app that made it.
    pub app_package: Option<String>,
    /// Marked as a favourite.
    pub favorited: bool,
    /// In the archive.
    pub archived: bool,
    /// In Google's trash.
    pub trashed: bool,
    /// Comments and likes on the item.
    pub comments: Vec<Comment>,
    /// Said to say why a file is missing; known from one tool's types only.
    pub remove_result_reason: Option<String>,
}

/// How an item came into Google Photos.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// The way; `None` if the object is empty.
    pub way: Option<Way>,
    /// `ANDROID_PHONE`, `IOS_PHONE`, `IOS_TABLET` and the like.
    pub device_type: Option<String>,
    /// The folder on the device; `""` is the camera's own.
    pub device_folder: Option<String>,
}

/// The ways into Google Photos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// From a phone or tablet.
    MobileUpload,
    /// In the browser.
    WebUpload,
    /// By the desktop uploader or Backup and Sync.
    DesktopUploader,
    /// From Google Drive.
    DriveSync,
    /// Saved from the partner's library.
    PartnerSharing,
    /// Saved from somebody's album, or lying in it.
    SharedAlbum,
    /// Made of other items: collage, animation, movie. With Google's type, `AUTO` or `MANUAL`.
    Composition(Option<String>),
    /// A way that is not known here, by its key.
    Other(String),
}

/// A comment or a like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// What was written; `None` for a like.
    pub text: Option<String>,
    /// When, in Unix seconds.
    pub time: Option<i64>,
    /// Who.
    pub author: Option<String>,
    /// Whether it is a like.
    pub liked: bool,
}

/// The place of an item and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EffectivePlace {
    /// The place.
    pub place: Place,
    /// Which field has it.
    pub source: PlaceSource,
}

/// Which field a place comes from. What the file itself says is asked elsewhere, when both are `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlaceSource {
    /// `geoData`: what Google shows.
    Shown,
    /// `geoDataExif`: what Google read from the file.
    FromFile,
}

impl Sidecar {
    pub(super) fn of(json: &Map<String, Value>) -> Self {
        Self {
            title: some_text(json, "title"),
            description: some_text(json, "description"),
            image_views: json.get("imageViews").and_then(whole),
            creation_time: seconds(json, "creationTime"),
            photo_taken_time: seconds(json, "photoTakenTime"),
            modification_time: seconds(json, "modificationTime"),
            photo_last_modified_time: seconds(json, "photoLastModifiedTime"),
            geo_data: object(json, "geoData").and_then(Place::of),
            geo_data_exif: object(json, "geoDataExif").and_then(Place::of),
            people: objects(json, "people").filter_map(|person| some_text(person, "name")).collect(),
            url: some_text(json, "url"),
            origin: object(json, "googlePhotosOrigin").map(Origin::of),
            app_package: object(json, "appSource").and_then(|app| some_text(app, "androidPackageName")),
            favorited: flag(json, "favorited"),
            archived: flag(json, "archived"),
            trashed: flag(json, "trashed"),
            comments: objects(json, "sharedAlbumComments").map(Comment::of).collect(),
            remove_result_reason: some_text(json, "removeResultReason"),
        }
    }

    /// The place Google shows, else the one from the file.
    pub fn place(&self) -> Option<EffectivePlace> {
        let shown = self.geo_data.map(|place| EffectivePlace { place, source: PlaceSource::Shown });
        shown.or_else(|| self.geo_data_exif.map(|place| EffectivePlace { place, source: PlaceSource::FromFile }))
    }
}

impl Origin {
    fn of(json: &Map<String, Value>) -> Self {
        // Device facts lie inside the upload, or (with partner sharing) beside the way.
        let inner = object(json, "mobileUpload").unwrap_or(json);
        Self {
            way: json.iter().find_map(|(key, value)| Way::of(key, value)),
            device_type: some_text(inner, "deviceType"),
            device_folder: object(inner, "deviceFolder").and_then(|folder| text(folder, "localFolderName")),
        }
    }
}

impl Way {
    fn of(key: &str, value: &Value) -> Option<Self> {
        Some(match key {
            "mobileUpload" => Self::MobileUpload,
            "webUpload" => Self::WebUpload,
            "photosDesktopUploader" => Self::DesktopUploader,
            "driveSync" => Self::DriveSync,
            "fromPartnerSharing" => Self::PartnerSharing,
            "fromSharedAlbum" => Self::SharedAlbum,
            "composition" => Self::Composition(value.as_object().and_then(|inner| some_text(inner, "type"))),
            "deviceType" | "deviceFolder" => return None,
            other => Self::Other(other.to_owned()),
        })
    }
}

impl Comment {
    pub(super) fn of(json: &Map<String, Value>) -> Self {
        Self {
            text: some_text(json, "text"),
            time: seconds(json, "creationTime"),
            author: some_text(json, "contentOwnerName"),
            liked: flag(json, "liked"),
        }
    }
}
