//! `POST /v1/uploads`: bytes to a token, in one piece or in a transfer that can be resumed (`google-apis.md` 2.6).
//!
//! Bytes of a transfer count as they arrive: what a client sent before it was killed, or before a fault broke the connection, is
//! there when it asks how far it came. Tokens become items in `upload`.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use futures::StreamExt;
use serde_json::json;

use crate::faults::{Fault, Fired, Place, Subject};
use crate::library_api::{authenticate, may_write, refusal};
use crate::lock::locked;
use crate::upload;
use crate::violations::ViolationKind;
use crate::wire::{ApiError, Reply, error_page, html, json_reply, reply, set_header};
use crate::world::{Visit, World};

/// Chunks but the last are a multiple of this.
const GRANULARITY: u64 = 256 << 10;
/// Largest body of an upload in one piece.
const LARGEST_RAW: usize = 256 << 20;

/// Transfers under way, by their numbers.
#[derive(Default)]
pub(crate) struct Transfers {
    under_way: HashMap<String, Transfer>,
    counter: u64,
}

struct Transfer {
    bytes: Vec<u8>,
    size: u64,
    over: bool,
}

/// Whether this request is for this room: its body is taken piece by piece.
pub(crate) fn is_meant(parts: &Parts) -> bool {
    parts.method == axum::http::Method::POST && parts.uri.path() == "/v1/uploads"
}

/// Answers `POST /v1/uploads`.
pub(crate) async fn answer(world: &Arc<World>, visit: &Visit, parts: &Parts, body: Body) -> Reply {
    world.counts.count(Place::Upload);
    let query: Vec<(String, String)> =
        url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    if !world.config.latency.is_zero() {
        tokio::time::sleep(world.config.latency).await;
    }
    let id = query.iter().find(|(key, _)| key == "upload_id").map(|(_, id)| id.as_str());
    let command = text(&parts.headers, "x-goog-upload-command").unwrap_or_default();
    // Two files may be begun at once: only what goes on with a transfer can be recognised as the same again.
    let target = id.map(|id| format!("uploads {id} {command}"));
    if let Some(target) = target.clone() {
        world.violations.asked(|| target, world.clock.now());
    }
    let fired = world.faults.strike(Subject { place: Place::Upload, ids: &[], filename: None, continues: id.is_some() });
    if fired.is_some_and(|fired| fired.what == Fault::TokenRejected) {
        locked(&world.tokens).reject_access_tokens();
    }
    let may = authenticate(world, &parts.headers, &query).and_then(|scopes| may_write(world, &scopes));
    if let Err(error) = may {
        return error.reply();
    }
    if let Some(refusal) = fired.and_then(refusal) {
        if let (Some(wait), Some(target)) = (world.wait_after(refusal.status(), fired), target) {
            world.violations.refused(target, world.clock.now(), wait);
        }
        return refusal;
    }
    let answer = match (command, id) {
        ("", _) => match axum::body::to_bytes(body, LARGEST_RAW).await {
            Ok(bytes) => upload::receive(world, bytes),
            Err(_) => return html(StatusCode::PAYLOAD_TOO_LARGE, error_page(413)),
        },
        ("start", None) => begin(world, &parts.headers),
        ("query", Some(id)) => reached(world, id),
        (command, Some(id)) if command.split(',').any(|word| word.trim() == "upload") => {
            let last = command.split(',').any(|word| word.trim() == "finalize");
            match pour(world, visit, id, &parts.headers, body, fired, last).await {
                Ok(()) if last => finish(world, id),
                Ok(()) => reached(world, id),
                Err(error) => Err(error),
            }
        }
        _ => Err(ApiError::invalid_argument("Invalid upload command.")),
    };
    answer.unwrap_or_else(|error| error.reply())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    text(headers, name)?.parse().ok()
}

fn begin(world: &World, headers: &HeaderMap) -> Result<Reply, ApiError> {
    if text(headers, "x-goog-upload-protocol") != Some("resumable") {
        return Err(ApiError::invalid_argument("Unknown upload protocol."));
    }
    let Some(size) = number(headers, "x-goog-upload-raw-size") else {
        return Err(ApiError::invalid_argument("The size of the upload is missing."));
    };
    if size == 0 {
        return Ok(json_reply(StatusCode::BAD_REQUEST, &json!({ "code": 3, "message": "Payload must not be empty" })));
    }
    let mut transfers = locked(&world.transfers);
    transfers.counter += 1;
    let id = URL_SAFE_NO_PAD.encode(blake3::hash(format!("transfer {}", transfers.counter).as_bytes()).as_bytes());
    let address = format!("{}?upload_id={id}&upload_protocol=resumable", world.endpoints.upload);
    transfers.under_way.insert(id, Transfer { bytes: Vec::new(), size, over: false });
    let mut answer = reply(StatusCode::OK, HeaderValue::from_static("text/plain; charset=utf-8"), Body::empty());
    tell(&mut answer, "x-goog-upload-status", "active");
    tell(&mut answer, "x-goog-upload-url", &address);
    tell(&mut answer, "x-goog-upload-chunk-granularity", &GRANULARITY.to_string());
    Ok(answer)
}

fn tell(answer: &mut Reply, name: &'static str, value: &str) {
    set_header(answer, HeaderName::from_static(name), value);
}

fn reached(world: &World, id: &str) -> Result<Reply, ApiError> {
    let transfers = locked(&world.transfers);
    let transfer = transfers.under_way.get(id).ok_or_else(ApiError::not_found)?;
    let mut answer = reply(StatusCode::OK, HeaderValue::from_static("text/plain; charset=utf-8"), Body::empty());
    tell(&mut answer, "x-goog-upload-status", if transfer.over { "final" } else { "active" });
    tell(&mut answer, "x-goog-upload-size-received", &transfer.bytes.len().to_string());
    Ok(answer)
}

/// Takes the bytes of a request, until it ends or a fault ends it.
async fn pour(
    world: &World,
    visit: &Visit,
    id: &str,
    headers: &HeaderMap,
    body: Body,
    fired: Option<Fired>,
    last: bool,
) -> Result<(), ApiError> {
    let refused = |detail: &str| {
        world.violations.add(ViolationKind::BadUpload, world.clock.now(), detail);
        Err(ApiError::invalid_argument("The bytes do not fit the upload."))
    };
    {
        let transfers = locked(&world.transfers);
        let transfer = transfers.under_way.get(id).ok_or_else(ApiError::not_found)?;
        if transfer.over || number(headers, "x-goog-upload-offset") != Some(transfer.bytes.len() as u64) {
            return refused("bytes sent for another place than what is waited for");
        }
    }
    let broken = fired.filter(|fired| matches!(fired.what, Fault::Reset | Fault::Truncate | Fault::Stall));
    let mut left = broken.map(|fired| fired.after_bytes.unwrap_or(0));
    let mut stream = body.into_data_stream();
    let mut taken = 0;
    loop {
        if left == Some(0) {
            break;
        }
        let Some(piece) = stream.next().await else { break };
        let Ok(mut piece) = piece else { return Err(ApiError::invalid_argument("The body ended too early.")) };
        if let Some(left) = &mut left {
            piece.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
            *left -= piece.len() as u64;
        }
        taken += piece.len() as u64;
        world.counts.took_upload(piece.len() as u64);
        let mut transfers = locked(&world.transfers);
        let transfer = transfers.under_way.get_mut(id).ok_or_else(ApiError::not_found)?;
        if transfer.bytes.len() as u64 + piece.len() as u64 > transfer.size {
            drop(transfers);
            return refused("more bytes than announced");
        }
        transfer.bytes.extend_from_slice(&piece);
    }
    if let Some(fired) = broken {
        if fired.what == Fault::Stall {
            std::future::pending::<()>().await;
        }
        visit.fuse.burn();
        return Err(ApiError::server(StatusCode::BAD_GATEWAY));
    }
    if !last && !taken.is_multiple_of(GRANULARITY) {
        return refused("a chunk that is no multiple of the granularity");
    }
    Ok(())
}

fn finish(world: &World, id: &str) -> Result<Reply, ApiError> {
    let bytes = {
        let mut transfers = locked(&world.transfers);
        let transfer = transfers.under_way.get_mut(id).ok_or_else(ApiError::not_found)?;
        transfer.over = true;
        if transfer.bytes.len() as u64 != transfer.size {
            drop(transfers);
            world.violations.add(ViolationKind::BadUpload, world.clock.now(), "ended with fewer bytes than announced");
            return Err(ApiError::invalid_argument("The bytes do not fit the upload."));
        }
        Bytes::from(std::mem::take(&mut transfer.bytes))
    };
    let mut answer = upload::receive(world, bytes)?;
    tell(&mut answer, "x-goog-upload-status", "final");
    Ok(answer)
}
