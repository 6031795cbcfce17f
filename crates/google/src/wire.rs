//! The Library API's JSON, as it is sent: fields with default values are absent, 64-bit numbers are strings, unknown
//! fields may come at any time (`google-apis.md` 0.2, 2.3, 2.4).

use photokeep_model::{CaptureTime, Metadata};
use serde::{Deserialize, Deserializer};

/// One media item.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MediaItem {
    /// Persistent id.
    pub id: String,
    /// The user's text.
    pub description: Option<String>,
    /// Web address.
    pub product_url: Option<String>,
    /// Address of the bytes, good for 60 minutes. Never stored, never logged.
    pub base_url: Option<String>,
    /// Media type.
    pub mime_type: Option<String>,
    /// Name; may be absent, empty, repeated, with `/`.
    pub filename: Option<String>,
    /// Time and size.
    #[serde(default)]
    pub media_metadata: MediaMetadata,
}

/// Time, size and camera of a media item.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MediaMetadata {
    /// Capture time.
    pub creation_time: Option<String>,
    /// Pixels.
    #[serde(default, deserialize_with = "number")]
    pub width: Option<u32>,
    /// Pixels.
    #[serde(default, deserialize_with = "number")]
    pub height: Option<u32>,
    /// For photos; may be `{}` or absent.
    pub photo: Option<Camera>,
    /// For videos.
    pub video: Option<Camera>,
}

/// The camera, and for videos whether they can be downloaded yet.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Camera {
    /// Maker.
    pub camera_make: Option<String>,
    /// Model.
    pub camera_model: Option<String>,
    /// For videos: UNSPECIFIED, PROCESSING, READY, FAILED.
    pub status: Option<String>,
}

impl MediaItem {
    /// Whether it is a video. The type decides, then the presence of video facts (`predecessors.md` 2.5).
    pub fn is_video(&self) -> bool {
        match &self.mime_type {
            Some(mime) => mime.starts_with("video/"),
            None => self.media_metadata.video.is_some() && self.media_metadata.photo.is_none(),
        }
    }

    /// Whether Google could not make it playable.
    pub fn is_failed(&self) -> bool {
        self.media_metadata.video.as_ref().and_then(|video| video.status.as_deref()) == Some("FAILED")
    }

    /// Whether it is a video that Google is still working on.
    pub fn is_processing(&self) -> bool {
        self.media_metadata.video.as_ref().and_then(|video| video.status.as_deref()) == Some("PROCESSING")
    }

    /// The address to download from: `=dv` for videos, `=d` for photos (`google-apis.md` 2.5).
    pub fn download_url(&self) -> Option<String> {
        self.base_url
            .as_ref()
            .filter(|url| !url.is_empty())
            .map(|url| format!("{url}{}", if self.is_video() { "=dv" } else { "=d" }))
    }

    /// What the item says about itself.
    pub fn metadata(&self) -> Metadata {
        let camera = self.media_metadata.photo.as_ref().or(self.media_metadata.video.as_ref());
        let mime_type = match &self.mime_type {
            Some(mime) => Some(mime.clone()),
            None if self.is_video() => Some("video/mp4".into()),
            None => None,
        };
        Metadata {
            title: self.filename.clone().unwrap_or_default(),
            taken: self.media_metadata.creation_time.as_deref().and_then(CaptureTime::parse_google),
            description: self.description.clone().filter(|text| !text.is_empty()),
            mime_type,
            width: self.media_metadata.width,
            height: self.media_metadata.height,
            camera_make: camera.and_then(|camera| camera.camera_make.clone()),
            camera_model: camera.and_then(|camera| camera.camera_model.clone()),
            product_url: self.product_url.clone(),
            ..Metadata::default()
        }
    }
}

/// One album.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Album {
    /// Persistent id.
    pub id: String,
    /// Title; may be absent, empty, repeated.
    pub title: Option<String>,
    /// Web address.
    pub product_url: Option<String>,
    /// How many items it has; absent on an empty album, and no proof of anything (`google-apis.md` 7.2).
    #[serde(default, deserialize_with = "number")]
    pub media_items_count: Option<u32>,
    /// Whether this client may put items into it; absent is no.
    #[serde(default)]
    pub is_writeable: bool,
}

/// Result for one id of a batch.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchResult {
    /// The item, if it is there.
    pub media_item: Option<MediaItem>,
    /// Why not, if it is not.
    pub status: Option<Status>,
}

/// A `google.rpc.Status`.
#[derive(Debug, Clone, Deserialize)]
pub struct Status {
    /// Numeric code (`google-apis.md` 0.3).
    #[serde(default)]
    pub code: i32,
    /// Google's words about it.
    pub message: Option<String>,
}

impl Status {
    /// 3 INVALID_ARGUMENT (observed for ids that are gone, `google-apis.md` 2.8) and 5 NOT_FOUND.
    pub fn says_gone(&self) -> bool {
        matches!(self.code, 3 | 5)
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ItemsAnswer {
    #[serde(default)]
    pub media_items: Vec<MediaItem>,
    pub next_page_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AlbumsAnswer {
    #[serde(default)]
    pub albums: Vec<Album>,
    #[serde(default)]
    pub shared_albums: Vec<Album>,
    pub next_page_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BatchAnswer {
    #[serde(default)]
    pub media_item_results: Vec<BatchResult>,
}

/// A number that Google sends as text, and that others send as number. Nonsense is no number, never an error.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    Ok(match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::String(text) => text.parse().ok(),
        serde_json::Value::Number(number) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_item_with_almost_nothing_is_read() {
        let item: MediaItem = serde_json::from_str(r#"{"id":"x","mediaMetadata":{"photo":{}},"news":[1]}"#).unwrap();
        assert_eq!(item.metadata(), Metadata::default());
        assert!(!item.is_video());
        assert_eq!(item.download_url(), None);
    }

    #[test]
    fn numbers_come_as_text_or_number() {
        let item: MediaItem = serde_json::from_str(r#"{"id":"x","mimeType":"video/mp4","baseUrl":"http://h/b","mediaMetadata":{"width":"4032","height":3024,"creationTime":"2020-01-02T03:04:05.6Z","video":{"status":"PROCESSING","fps":29.97}}}"#).unwrap();
        let metadata = item.metadata();
        assert_eq!((metadata.width, metadata.height), (Some(4032), Some(3024)));
        assert!(item.is_processing());
        assert_eq!(item.download_url().as_deref(), Some("http://h/b=dv"));
    }
}
