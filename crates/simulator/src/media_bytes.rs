//! Answers to media addresses: what a suffix means, expiry, ranges, and the bytes going out (`google-apis.md` 2.5).
//!
//! Addresses are made and checked in `media_url`, bytes in `content`. No `Authorization` is needed or looked at.

use std::io::SeekFrom;
use std::ops::Range;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use crate::broken_body::break_body;
use crate::content::{Form, Source, small_picture};
use crate::faults::{Fault, Fired, Place, Subject};
use crate::holdings::Entry;
use crate::lock::reading;
use crate::media_url::{MEDIA_PATH, MediaTicket, VIDEO_PATH};
use crate::photo_library::VideoStatus;
use crate::violations::ViolationKind;
use crate::wire::{Reply, error_page, html, redirect, reply, set_header};
use crate::world::{Visit, World};

/// Read at once from a file.
const CHUNK: usize = 128 * 1024;
/// Side of the picture behind a bare address.
const BARE_SIDE: u32 = 512;
const JPEG: HeaderValue = HeaderValue::from_static("image/jpeg");

/// What stands behind the `=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Suffix {
    None,
    Download,
    Video,
    Scaled(Form),
    Unknown,
}

impl Suffix {
    fn read(text: Option<&str>) -> Self {
        match text {
            None | Some("") => Self::None,
            Some("d") => Self::Download,
            Some("dv" | "m18" | "m22" | "m37") => Self::Video,
            Some(options) => Self::read_size(options).map_or(Self::Unknown, Self::Scaled),
        }
    }

    fn read_size(options: &str) -> Option<Form> {
        let (mut width, mut height, mut crop) = (0, 0, false);
        for option in options.split('-') {
            match option.split_at_checked(1)? {
                ("w", pixels) => width = pixels.parse().ok()?,
                ("h", pixels) => height = pixels.parse().ok()?,
                ("s", pixels) => (width, height) = (pixels.parse().ok()?, pixels.parse().ok()?),
                ("c", "") => crop = true,
                ("n", "o") => {}
                _ => return None,
            }
        }
        (width > 0 || height > 0).then_some(Form::Scaled { width, height, crop })
    }
}

/// Answers a request for `/lr/TOKEN[=SUFFIX]` or `/videoplayback/TOKEN`.
pub(crate) async fn answer<B>(world: &Arc<World>, visit: &Visit, request: &Request<B>) -> Reply {
    let now = world.clock.now();
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return html(StatusCode::METHOD_NOT_ALLOWED, error_page(405));
    }
    if request.headers().contains_key(header::AUTHORIZATION) {
        world.violations.add(ViolationKind::TokenSentToMedia, now, "Authorization on a media request");
    }
    let path = request.uri().path();
    let (token, suffix) = match path.strip_prefix(VIDEO_PATH) {
        Some(token) => (token, Suffix::Video),
        None => {
            let rest = path.strip_prefix(MEDIA_PATH).unwrap_or_default();
            let (token, suffix) = rest.split_once('=').map_or((rest, None), |(token, suffix)| (token, Some(suffix)));
            (token, Suffix::read(suffix))
        }
    };
    let Some(ticket) = world.media_seal.open(token) else { return gone(StatusCode::NOT_FOUND) };
    if suffix == Suffix::Video && world.config.redirects && !path.starts_with(VIDEO_PATH) && is_ready_video(world, ticket) {
        world.counts.redirected();
        return redirect(StatusCode::FOUND, &format!("{}{VIDEO_PATH}{token}", world.video_base(visit)));
    }
    world.counts.count(Place::Media);
    if ticket.serial == 0 {
        return reply(StatusCode::OK, JPEG, small_picture());
    }
    let entry = reading(&world.holdings).by_serial(ticket.serial).cloned();
    let Some(entry) = entry else { return gone(StatusCode::NOT_FOUND) };
    let target = || format!("media {}", entry.item.id);
    world.violations.asked(target, now);
    let fired = world.faults.strike(Subject {
        place: Place::Media,
        ids: &[entry.item.id.as_str()],
        filename: entry.item.filename.as_deref(),
        continues: false,
    });
    if let Some(refusal) = fired.and_then(refusal) {
        if let Some(wait) = world.wait_after(refusal.status(), fired) {
            world.violations.refused(target(), now, wait);
        }
        return refusal;
    }
    let age = now.timestamp_millis().saturating_sub(ticket.issued_ms);
    if u128::try_from(age).is_ok_and(|age| age > world.config.url_lifetime.as_millis()) {
        world.violations.add(ViolationKind::ExpiredMediaUrl, now, target());
        return gone(StatusCode::FORBIDDEN);
    }
    let sound = send(world, &entry, suffix, request.headers()).await;
    match fired {
        Some(fired) if sound.status().is_success() => break_body(sound, fired, &visit.fuse),
        _ => sound,
    }
}

fn is_ready_video(world: &World, ticket: MediaTicket) -> bool {
    reading(&world.holdings).by_serial(ticket.serial).is_some_and(|entry| entry.item.video == Some(VideoStatus::Ready))
}

/// The whole answer of faults that replace it.
fn refusal(fired: Fired) -> Option<Reply> {
    let mut answer = match fired.what {
        Fault::QuotaMinute | Fault::QuotaDay => html(StatusCode::TOO_MANY_REQUESTS, error_page(429)),
        Fault::Internal => html(StatusCode::INTERNAL_SERVER_ERROR, error_page(500)),
        Fault::BadGateway => html(StatusCode::BAD_GATEWAY, error_page(502)),
        Fault::Unavailable => html(StatusCode::SERVICE_UNAVAILABLE, error_page(503)),
        Fault::Html200 => html(StatusCode::OK, error_page(200)),
        Fault::DeadUrl => {
            gone(fired.status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::FORBIDDEN))
        }
        _ => return None,
    };
    if let Some(seconds) = fired.retry_after {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Some(answer)
}

/// A dead address; a 404 carries a picture, as observed (`google-apis.md` 2.5).
fn gone(status: StatusCode) -> Reply {
    if status == StatusCode::NOT_FOUND {
        return reply(status, JPEG, small_picture());
    }
    html(status, error_page(status.as_u16()))
}

async fn send(world: &Arc<World>, entry: &Arc<Entry>, suffix: Suffix, headers: &HeaderMap) -> Reply {
    let mut content_type = JPEG;
    let form = match (suffix, entry.item.video) {
        (Suffix::None, _) => {
            world.violations.add(ViolationKind::BareMediaUrl, world.clock.now(), format!("media {}", entry.item.id));
            Form::Scaled { width: BARE_SIDE, height: BARE_SIDE, crop: false }
        }
        (Suffix::Scaled(form), _) => form,
        // The still of a video in its own size.
        (Suffix::Download, Some(_)) => Form::Scaled { width: 0, height: 0, crop: false },
        (Suffix::Download, None) => {
            content_type = HeaderValue::from_str(&entry.item.mime_type).unwrap_or(JPEG);
            Form::Whole
        }
        (Suffix::Video, Some(VideoStatus::Ready)) => {
            content_type = HeaderValue::from_str(&entry.item.mime_type).unwrap_or(HeaderValue::from_static("video/mp4"));
            Form::Whole
        }
        // Fails for good, as observed (`google-apis.md` 7.3).
        (Suffix::Video, Some(VideoStatus::Failed)) => return html(StatusCode::INTERNAL_SERVER_ERROR, error_page(500)),
        (Suffix::Video, Some(VideoStatus::Processing) | None) => return gone(StatusCode::NOT_FOUND),
        (Suffix::Unknown, _) => return html(StatusCode::BAD_REQUEST, error_page(400)),
    };
    let source = match world.content.ready(entry, form) {
        Some(source) => source,
        None => {
            let (world, entry) = (world.clone(), entry.clone());
            let made = tokio::task::spawn_blocking(move || world.content.make(&entry, form, world.config.strip_location));
            match made.await {
                Ok(Ok(source)) => source,
                Ok(Err(_)) | Err(_) => return html(StatusCode::INTERNAL_SERVER_ERROR, error_page(500)),
            }
        }
    };
    let answer = deliver(source, content_type, world.config.range.then_some((headers, etag(entry, form)))).await;
    let length = answer.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    world.counts.sent_media(length.unwrap_or(0));
    answer
}

fn etag(entry: &Entry, form: Form) -> String {
    let form = match form {
        Form::Whole => "d".to_owned(),
        Form::Scaled { width, height, crop } => format!("{width}x{height}{}", if crop { "c" } else { "" }),
    };
    format!("\"{:x}-{:x}-{form}\"", entry.serial, entry.revision)
}

/// Sends all of `source`, or the range asked for where ranges are honoured.
async fn deliver(source: Source, content_type: HeaderValue, ranges: Option<(&HeaderMap, String)>) -> Reply {
    let length = source.length();
    let mut status = StatusCode::OK;
    let mut part = 0..length;
    if let Some((headers, etag)) = &ranges {
        match asked_range(headers, etag, length) {
            Asked::All => {}
            Asked::Part(range) => {
                status = StatusCode::PARTIAL_CONTENT;
                part = range;
            }
            Asked::Impossible => {
                let mut answer = html(StatusCode::RANGE_NOT_SATISFIABLE, error_page(416));
                set_header(&mut answer, header::CONTENT_RANGE, &format!("bytes */{length}"));
                return answer;
            }
        }
    }
    let body = match open(source, part.clone()).await {
        Ok(body) => body,
        Err(_) => return html(StatusCode::INTERNAL_SERVER_ERROR, error_page(500)),
    };
    let mut answer = reply(status, content_type, body);
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(part.end - part.start));
    if let Some((_, etag)) = ranges {
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        set_header(&mut answer, header::ETAG, &etag);
        if status == StatusCode::PARTIAL_CONTENT {
            set_header(&mut answer, header::CONTENT_RANGE, &format!("bytes {}-{}/{length}", part.start, part.end - 1));
        }
    }
    answer
}

async fn open(source: Source, part: Range<u64>) -> std::io::Result<Body> {
    match source {
        Source::Memory(bytes) => {
            let (start, end) = (usize::try_from(part.start), usize::try_from(part.end));
            Ok(Body::from(bytes.slice(start.unwrap_or(0)..end.unwrap_or(0))))
        }
        Source::File(path, _) => {
            let mut file = tokio::fs::File::open(path).await?;
            file.set_max_buf_size(CHUNK);
            if part.start > 0 {
                file.seek(SeekFrom::Start(part.start)).await?;
            }
            Ok(Body::from_stream(ReaderStream::with_capacity(file.take(part.end - part.start), CHUNK)))
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    All,
    Part(Range<u64>),
    Impossible,
}

/// A single byte range; several at once, other units and a stale `If-Range` mean everything.
fn asked_range(headers: &HeaderMap, etag: &str, length: u64) -> Asked {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let Some(ranges) = text(header::RANGE).and_then(|range| range.strip_prefix("bytes=")) else { return Asked::All };
    if text(header::IF_RANGE).is_some_and(|validator| validator != etag) {
        return Asked::All;
    }
    let Some((start, end)) = ranges.split_once('-').filter(|(_, end)| !end.contains(',')) else { return Asked::All };
    match (start.trim(), end.trim()) {
        ("", last) => match last.parse::<u64>() {
            Ok(0) => Asked::Impossible,
            Ok(last) if length > 0 => Asked::Part(length.saturating_sub(last)..length),
            _ => Asked::All,
        },
        (start, end) => match (start.parse::<u64>(), end.parse::<u64>()) {
            (Ok(start), _) if start >= length => Asked::Impossible,
            (Ok(start), Ok(end)) if start <= end => Asked::Part(start..end.saturating_add(1).min(length)),
            (Ok(start), Err(_)) if end.is_empty() => Asked::Part(start..length),
            _ => Asked::All,
        },
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ask(range: &str, length: u64) -> Asked {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_str(range).unwrap());
        asked_range(&headers, "\"x\"", length)
    }

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        assert_eq!(ask("bytes=0-0", 10), Asked::Part(0..1));
        assert_eq!(ask("bytes=3-", 10), Asked::Part(3..10));
        assert_eq!(ask("bytes=3-100", 10), Asked::Part(3..10));
        assert_eq!(ask("bytes=-4", 10), Asked::Part(6..10));
        assert_eq!(ask("bytes=10-", 10), Asked::Impossible);
        assert_eq!(ask("bytes=0-1,4-5", 10), Asked::All);
        assert_eq!(ask("items=0-1", 10), Asked::All);
        assert_eq!(ask("bytes=5-3", 10), Asked::All);
    }

    #[test]
    fn a_stale_if_range_means_everything() {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_static("bytes=3-"));
        headers.insert(header::IF_RANGE, HeaderValue::from_static("\"old\""));
        assert_eq!(asked_range(&headers, "\"x\"", 10), Asked::All);
        assert_eq!(asked_range(&headers, "\"old\"", 10), Asked::Part(3..10));
    }

    #[test]
    fn suffixes_mean_what_section_2_5_says() {
        assert_eq!(Suffix::read(None), Suffix::None);
        assert_eq!(Suffix::read(Some("d")), Suffix::Download);
        assert_eq!(Suffix::read(Some("dv")), Suffix::Video);
        assert_eq!(Suffix::read(Some("w100-h50-c")), Suffix::Scaled(Form::Scaled { width: 100, height: 50, crop: true }));
        assert_eq!(Suffix::read(Some("w100-no")), Suffix::Scaled(Form::Scaled { width: 100, height: 0, crop: false }));
        assert_eq!(Suffix::read(Some("download")), Suffix::Unknown);
    }

    proptest! {
        #[test]
        fn no_suffix_and_no_range_breaks_it(suffix in ".{0,20}", range in "bytes=[0-9,-]{0,30}", length in 0u64..50) {
            let _ = Suffix::read(Some(&suffix));
            if let Asked::Part(part) = ask(&range, length) {
                prop_assert!(part.start < part.end && part.end <= length);
            }
        }
    }
}
