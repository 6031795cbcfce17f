//! Uploaded bytes and their tokens, tokens to items (`google-apis.md` 2.7), and making albums. How the bytes come is in `transfer`.

use std::collections::HashMap;
use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::lock::{locked, writing};
use crate::photo_library::{Content, SimAlbum, SimItem, VideoStatus};
use crate::violations::ViolationKind;
use crate::wire::{ApiError, Reply, json_reply, reply};
use crate::world::World;

/// An upload token works for one day (2.6).
const TOKEN_LIFETIME_MS: i64 = 86_400_000;
/// Items in one call (2.1).
const BATCH: usize = 50;

/// Bytes that wait to become items, by token.
#[derive(Default)]
pub(crate) struct Uploads {
    waiting: HashMap<String, (Bytes, i64)>,
    counter: u64,
}

/// The token for bytes that have all come.
pub(crate) fn receive(world: &World, bytes: Bytes) -> Result<Reply, ApiError> {
    if bytes.is_empty() {
        return Ok(json_reply(StatusCode::BAD_REQUEST, &json!({ "code": 3, "message": "Payload must not be empty" })));
    }
    let mut uploads = locked(&world.uploads);
    uploads.counter += 1;
    let token = format!("CAIS{}-{}", uploads.counter, URL_SAFE_NO_PAD.encode(blake3::hash(&bytes).as_bytes()));
    uploads.waiting.insert(token.clone(), (bytes, world.clock.now_ms()));
    Ok(reply(StatusCode::OK, HeaderValue::from_static("text/plain; charset=utf-8"), token))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreateBody {
    album_id: Option<String>,
    #[serde(default)]
    new_media_items: Vec<NewItem>,
    album_position: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewItem {
    description: Option<String>,
    simple_media_item: SimpleItem,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SimpleItem {
    upload_token: String,
    file_name: Option<String>,
}

/// What became of one upload token: an item's id, or what is wrong with it.
pub(crate) type Created = (String, Result<String, &'static str>);

/// `mediaItems.batchCreate`: one result for each token, in order.
///
/// # Errors
/// 400 as 2.7 says. Single items fail by themselves.
pub(crate) fn create(world: &World, body: &[u8]) -> Result<Vec<Created>, ApiError> {
    let body: CreateBody =
        serde_json::from_slice(body).map_err(|_| ApiError::invalid_argument("Invalid JSON payload received."))?;
    if body.new_media_items.is_empty() {
        return Err(ApiError::invalid_argument("Request must have at least one newMediaItem."));
    }
    if body.new_media_items.len() > BATCH {
        let found = format!("batchCreate with {} items", body.new_media_items.len());
        world.violations.add(ViolationKind::BatchTooLarge, world.clock.now(), found);
        return Err(ApiError::invalid_argument("Request must have at most 50 newMediaItems."));
    }
    let album = body.album_id.filter(|id| !id.is_empty());
    if album.is_none() && body.album_position.is_some() {
        return Err(ApiError::invalid_argument("Album position needs an album ID."));
    }
    let now = world.clock.now();
    let mut holdings = writing(&world.holdings);
    if let Some(id) = &album
        && !holdings.album(id).is_some_and(|album| album.app_created)
    {
        return Err(ApiError::invalid_argument("No permission to add media items to this album."));
    }
    let mut results = Vec::with_capacity(body.new_media_items.len());
    for new in body.new_media_items {
        let token = new.simple_media_item.upload_token;
        let waiting = locked(&world.uploads).waiting.remove(&token);
        let Some((bytes, at)) = waiting.filter(|(_, at)| now.timestamp_millis() - at <= TOKEN_LIFETIME_MS) else {
            results.push((token, Err("NOT_IMAGE")));
            continue;
        };
        let id = id_of("item", &bytes);
        // Identical bytes become one item that keeps its first name (2.7).
        if holdings.by_id(&id).is_none() {
            if photokeep_media::sniff(&bytes).media().is_none() {
                results.push((token, Err("Failed: There was an error while trying to create this media item.")));
                continue;
            }
            let item = new_item(&id, &bytes, new.simple_media_item.file_name, new.description, at);
            if holdings.add_item(item).is_err() {
                results.push((token, Err("Internal error")));
                continue;
            }
        }
        if let Some(album) = &album {
            let added = holdings.change_album(album, |album| {
                if !album.items.contains(&id) {
                    album.items.push(id.clone());
                }
            });
            if added.is_err() {
                results.push((token, Err("Internal error")));
                continue;
            }
        }
        results.push((token, Ok(id)));
    }
    Ok(results)
}

/// An id as long as the real ones, decided by the bytes.
pub(crate) fn id_of(kind: &str, bytes: &[u8]) -> String {
    let mut hash = [0u8; 71];
    blake3::Hasher::new().update(kind.as_bytes()).update(bytes).finalize_xof().fill(&mut hash);
    format!("AF1{}", URL_SAFE_NO_PAD.encode(hash))
}

fn new_item(id: &str, bytes: &Bytes, name: Option<String>, description: Option<String>, uploaded_ms: i64) -> SimItem {
    let facts = photokeep_media::inspect_bytes(bytes).ok();
    let kind = facts.as_ref().map_or("application/octet-stream", |facts| facts.file_type.mime);
    let pixels = facts.as_ref().and_then(|facts| Some((facts.width?, facts.height?)));
    // Google tells the size of the picture as it is looked at.
    let turned = facts.as_ref().and_then(|facts| facts.orientation).is_some_and(|orientation| orientation >= 5);
    let (width, height) = pixels.map_or((0, 0), |(width, height)| if turned { (height, width) } else { (width, height) });
    // When the item was created, not uploaded (2.3); a clock without its zone is taken for UTC.
    let taken = facts.as_ref().and_then(|facts| facts.taken);
    let taken = taken.map(|taken| taken.instant.unwrap_or_else(|| taken.local.and_utc()));
    SimItem {
        id: id.to_owned(),
        filename: name,
        mime_type: kind.to_owned(),
        creation_time: taken.or_else(|| chrono::DateTime::from_timestamp_millis(uploaded_ms)),
        width,
        height,
        description,
        camera_make: facts.as_ref().and_then(|facts| facts.camera_make.clone()),
        camera_model: facts.and_then(|facts| facts.camera_model),
        video: kind.starts_with("video/").then_some(VideoStatus::Ready),
        favorite: false,
        archived: false,
        categories: Vec::new(),
        in_library: true,
        app_created: true,
        content: Content::Bytes(Arc::from(bytes.as_ref())),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AddBody {
    #[serde(default)]
    media_item_ids: Vec<String>,
}

/// `albums.batchAddMediaItems`: all of them or none.
///
/// # Errors
/// 400 for too many ids, for items that are not there, and for albums that no app made.
pub(crate) fn add_to_album(world: &World, album: &str, body: &[u8]) -> Result<(), ApiError> {
    let body: AddBody = serde_json::from_slice(body).map_err(|_| ApiError::invalid_argument("Invalid JSON payload received."))?;
    if body.media_item_ids.len() > BATCH {
        let found = format!("batchAddMediaItems with {} items", body.media_item_ids.len());
        world.violations.add(ViolationKind::BatchTooLarge, world.clock.now(), found);
        return Err(ApiError::invalid_argument("Request must have at most 50 mediaItemIds."));
    }
    let mut holdings = writing(&world.holdings);
    if !holdings.album(album).is_some_and(|album| album.app_created) {
        return Err(ApiError::invalid_argument("No permission to add media items to this album."));
    }
    if !body.media_item_ids.iter().all(|id| holdings.by_id(id).is_some_and(|entry| entry.item.app_created)) {
        return Err(ApiError::invalid_argument("Request contains an invalid media item id."));
    }
    let added = holdings.change_album(album, |album| {
        for id in body.media_item_ids {
            if !album.items.contains(&id) {
                album.items.push(id);
            }
        }
    });
    added.map(drop).map_err(|_| ApiError::server(StatusCode::INTERNAL_SERVER_ERROR))
}

#[derive(Deserialize)]
struct AlbumBody {
    album: AlbumTitle,
}

#[derive(Deserialize)]
struct AlbumTitle {
    title: String,
}

/// `albums.create`: the new album's id.
///
/// # Errors
/// 400 without a title or with one over 500 characters.
pub(crate) fn create_album(world: &World, body: &[u8]) -> Result<String, ApiError> {
    let body: AlbumBody =
        serde_json::from_slice(body).map_err(|_| ApiError::invalid_argument("Invalid JSON payload received."))?;
    let title = body.album.title;
    if title.is_empty() || title.chars().count() > 500 {
        return Err(ApiError::invalid_argument("Album title must have 1 to 500 characters."));
    }
    let mut holdings = writing(&world.holdings);
    let id = id_of("album", format!("{title} {}", holdings.albums().len()).as_bytes());
    let album = SimAlbum { id: id.clone(), title: Some(title), items: Vec::new(), own: true, shared: false, app_created: true };
    holdings.add_album(album).map_err(|_| ApiError::server(StatusCode::INTERNAL_SERVER_ERROR))?;
    Ok(id)
}
