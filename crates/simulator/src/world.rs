//! Everything the parts of one simulator share, and what a single request brings along.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, RwLock};
use std::time::Duration;

use axum::http::StatusCode;
use serde::Serialize;

use crate::clock::Clock;
use crate::config::{Endpoints, SimulatorConfig};
use crate::content::ContentCache;
use crate::faults::{FaultBook, Fired, Place};
use crate::holdings::Holdings;
use crate::media_url::MediaSeal;
use crate::paging::PageSeal;
use crate::photo_library::PhotoLibrary;
use crate::socket::Fuse;
use crate::tokens::TokenBook;
use crate::transfer::Transfers;
use crate::upload::Uploads;
use crate::violations::Violations;

/// One simulated Google with one account.
pub(crate) struct World {
    pub(crate) config: SimulatorConfig,
    pub(crate) clock: Clock,
    pub(crate) endpoints: Endpoints,
    /// Address of the plain server, such as `http://127.0.0.1:4321`.
    pub(crate) base: String,
    pub(crate) holdings: RwLock<Holdings>,
    pub(crate) tokens: Mutex<TokenBook>,
    pub(crate) faults: FaultBook,
    pub(crate) violations: Violations,
    pub(crate) counts: Counts,
    pub(crate) media_seal: MediaSeal,
    pub(crate) page_seal: PageSeal,
    pub(crate) content: ContentCache,
    pub(crate) uploads: Mutex<Uploads>,
    pub(crate) transfers: Mutex<Transfers>,
}

impl World {
    /// # Errors
    /// When the library contradicts itself or the system gives no randomness.
    pub(crate) fn new(config: SimulatorConfig, library: PhotoLibrary, base: String) -> io::Result<Self> {
        let endpoints = if config.tls { Endpoints::google() } else { Endpoints::on(&base) };
        Ok(Self {
            clock: Clock::default(),
            endpoints,
            base,
            holdings: RwLock::new(Holdings::new(library)?),
            tokens: Mutex::new(TokenBook::new(random_key()?)),
            faults: FaultBook::default(),
            violations: Violations::default(),
            counts: Counts::default(),
            media_seal: MediaSeal::new(random_key()?),
            page_seal: PageSeal::new(random_key()?),
            content: ContentCache::default(),
            uploads: Mutex::default(),
            transfers: Mutex::default(),
            config,
        })
    }

    /// What stands before the path of media addresses in an answer to `visit`.
    pub(crate) fn media_base(&self, visit: &Visit) -> &str {
        if visit.tls { "https://lh3.googleusercontent.com" } else { &self.base }
    }

    /// How long the client has to wait after a refusal (`google-apis.md` 2.9); none if the status is no reason to wait.
    pub(crate) fn wait_after(&self, status: StatusCode, fired: Option<Fired>) -> Option<Duration> {
        let least = if status == StatusCode::TOO_MANY_REQUESTS {
            self.config.patience_after_429
        } else if status.is_server_error() {
            self.config.patience_after_5xx
        } else {
            return None;
        };
        Some(fired.and_then(|fired| fired.retry_after).map_or(least, Duration::from_secs))
    }

    /// What stands before the path of video downloads in an answer to `visit`.
    pub(crate) fn video_base(&self, visit: &Visit) -> &str {
        if visit.tls { "https://video-downloads.googleusercontent.com" } else { &self.base }
    }
}

fn random_key() -> io::Result<[u8; 32]> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(io::Error::other)?;
    Ok(key)
}

/// The connection a request came over.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    /// Through the TLS proxy.
    pub(crate) tls: bool,
    pub(crate) fuse: Fuse,
}

/// Requests so far, by kind.
#[derive(Default)]
pub(crate) struct Counts {
    list: AtomicU64,
    search: AtomicU64,
    batch_get: AtomicU64,
    get: AtomicU64,
    albums: AtomicU64,
    upload: AtomicU64,
    media: AtomicU64,
    token: AtomicU64,
    other_api: AtomicU64,
    redirects: AtomicU64,
    refused: AtomicU64,
    media_bytes: AtomicU64,
    uploaded_bytes: AtomicU64,
}

/// How many requests there were, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct RequestCounts {
    /// `mediaItems.list`.
    pub list: u64,
    /// `mediaItems.search`.
    pub search: u64,
    /// `mediaItems.batchGet`.
    pub batch_get: u64,
    /// `mediaItems.get`.
    pub get: u64,
    /// Albums, own and shared.
    pub albums: u64,
    /// Uploads and creating.
    pub upload: u64,
    /// Bytes of photos and videos, without the redirects.
    pub media: u64,
    /// Code exchange and refresh.
    pub token: u64,
    /// Other requests to the Library API.
    pub other_api: u64,
    /// Redirects to the video host.
    pub redirects: u64,
    /// Requests that got a status of 400 or more.
    pub refused: u64,
    /// Bytes of media that answers announced.
    pub media_bytes: u64,
    /// Bytes of files that came in transfers.
    pub uploaded_bytes: u64,
}

impl RequestCounts {
    /// All requests to the Library API, as its daily quota counts them.
    pub fn api(&self) -> u64 {
        self.list + self.search + self.batch_get + self.get + self.albums + self.upload + self.other_api
    }
}

impl Counts {
    pub(crate) fn count(&self, place: Place) {
        let counter = match place {
            Place::List => &self.list,
            Place::Search => &self.search,
            Place::BatchGet => &self.batch_get,
            Place::Get => &self.get,
            Place::Albums => &self.albums,
            Place::Upload => &self.upload,
            Place::Media => &self.media,
            Place::Token => &self.token,
            Place::Api => &self.other_api,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn redirected(&self) {
        self.redirects.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn sent_media(&self, bytes: u64) {
        self.media_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn took_upload(&self, bytes: u64) {
        self.uploaded_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> RequestCounts {
        let value = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        RequestCounts {
            list: value(&self.list),
            search: value(&self.search),
            batch_get: value(&self.batch_get),
            get: value(&self.get),
            albums: value(&self.albums),
            upload: value(&self.upload),
            media: value(&self.media),
            token: value(&self.token),
            other_api: value(&self.other_api),
            redirects: value(&self.redirects),
            refused: value(&self.refused),
            media_bytes: value(&self.media_bytes),
            uploaded_bytes: value(&self.uploaded_bytes),
        }
    }
}

/// A query string or form, decoded; for a repeated key the first value counts.
pub(crate) fn parameters(encoded: &[u8]) -> BTreeMap<String, String> {
    let mut map = BTreeMap::new();
    for (key, value) in url::form_urlencoded::parse(encoded) {
        map.entry(key.into_owned()).or_insert_with(|| value.into_owned());
    }
    map
}
