//! The Library API (`google-apis.md` 2): who may call what, in which order things are checked, and the answers.
//!
//! Filters are in `search`, page tokens in `paging`, the JSON of an item in `holdings`, uploads in `upload`.

use std::collections::HashSet;
use std::sync::Arc;

use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::broken_body::break_body;
use crate::faults::{Fault, Fired, Place, Subject};
use crate::holdings::{Holdings, ItemContext, View};
use crate::lock::{locked, reading};
use crate::media_url::{MEDIA_PATH, MediaTicket};
use crate::paging::{Cursor, cut, fingerprint, page_size};
use crate::photo_library::SimAlbum;
use crate::search::{Query, SearchBody, Visible};
use crate::tokens::Scopes;
use crate::upload;
use crate::violations::ViolationKind;
use crate::wire::{ApiError, Reply, error_page, html, json_reply, json_text};
use crate::world::{Visit, World};

/// Page sizes of 2.1: default and maximum.
const ITEMS: (usize, usize) = (25, 100);
const ALBUMS: (usize, usize) = (20, 50);
/// Ids in one `batchGet` (2.1).
const BATCH: usize = 50;
/// What one item takes in JSON, roughly.
const ITEM_JSON: usize = 900;

/// The method a request means.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Call {
    List,
    Search,
    BatchGet,
    Get(String),
    Albums,
    Album(String),
    SharedAlbums,
    SharedAlbum(String),
    /// Share, unshare, join, leave.
    Sharing,
    BatchCreate,
    CreateAlbum,
    AddToAlbum(String),
    Unimplemented,
    Unknown,
}

impl Call {
    /// `path` is what follows `/v1/`.
    fn read(method: &Method, path: &str) -> Self {
        let path = percent_decoded(path);
        let (get, post) = (method == Method::GET, method == Method::POST);
        match path.split_once('/').map_or((path.as_str(), ""), |(collection, rest)| (collection, rest)) {
            ("mediaItems", "") if get => Self::List,
            ("mediaItems:search", "") if post => Self::Search,
            ("mediaItems:batchGet", "") if get => Self::BatchGet,
            ("mediaItems:batchCreate", "") if post => Self::BatchCreate,
            ("mediaItems", id) if get => Self::Get(id.to_owned()),
            ("mediaItems", _) if method == Method::PATCH => Self::Unimplemented,
            ("albums", "") if get => Self::Albums,
            ("albums", "") if post => Self::CreateAlbum,
            ("albums", id) if get => Self::Album(id.to_owned()),
            ("albums", id) if post && (id.ends_with(":share") || id.ends_with(":unshare")) => Self::Sharing,
            ("albums", id) if post && id.ends_with(":batchAddMediaItems") => {
                Self::AddToAlbum(id.trim_end_matches(":batchAddMediaItems").to_owned())
            }
            ("albums", _) if post || method == Method::PATCH => Self::Unimplemented,
            ("sharedAlbums", "") if get => Self::SharedAlbums,
            ("sharedAlbums", token) if get => Self::SharedAlbum(token.to_owned()),
            ("sharedAlbums:join" | "sharedAlbums:leave", "") if post => Self::Sharing,
            _ => Self::Unknown,
        }
    }

    fn place(&self) -> Place {
        match self {
            Self::List => Place::List,
            Self::Search => Place::Search,
            Self::BatchGet => Place::BatchGet,
            Self::Get(_) => Place::Get,
            Self::Albums | Self::Album(_) | Self::SharedAlbums | Self::SharedAlbum(_) => Place::Albums,
            Self::BatchCreate | Self::CreateAlbum | Self::AddToAlbum(_) => Place::Upload,
            Self::Sharing | Self::Unimplemented | Self::Unknown => Place::Api,
        }
    }

    fn is_listing(&self) -> bool {
        matches!(self, Self::List | Self::Search | Self::Albums | Self::SharedAlbums)
    }

    /// Query parameters of the method, besides Google's standard ones.
    fn parameters(&self) -> &'static [&'static str] {
        match self {
            Self::List => &["pageSize", "pageToken"],
            Self::BatchGet => &["mediaItemIds"],
            Self::Albums | Self::SharedAlbums => &["pageSize", "pageToken", "excludeNonAppCreatedData"],
            _ => &[],
        }
    }
}

fn percent_decoded(text: &str) -> String {
    // A plus is a plus in a path.
    let pair = format!("x={}", text.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// Everything about one request that the methods need.
struct Session<'a> {
    world: &'a Arc<World>,
    visit: &'a Visit,
    call: Call,
    query: Vec<(String, String)>,
    body: Bytes,
    scopes: Scopes,
    now_ms: i64,
    fault: Option<Fault>,
}

/// Answers a request below `/v1/`.
pub(crate) async fn answer(world: &Arc<World>, visit: &Visit, parts: &Parts, body: Bytes) -> Reply {
    let path = parts.uri.path().strip_prefix("/v1/").unwrap_or_default();
    let call = Call::read(&parts.method, path);
    let place = call.place();
    world.counts.count(place);
    let now = world.clock.now();
    let query: Vec<(String, String)> =
        url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let guard = call.is_listing().then(|| world.violations.listing(world.config.max_parallel_listings, now));
    if !world.config.latency.is_zero() {
        tokio::time::sleep(world.config.latency).await;
    }
    let target = || target(path, &query, &body);
    world.violations.asked(target, now);
    let fired = strike(world, &call, &query, &body);
    if fired.is_some_and(|fired| fired.what == Fault::TokenRejected) {
        locked(&world.tokens).reject_access_tokens();
    }
    let scopes = match authenticate(world, &parts.headers, &query) {
        Ok(scopes) => scopes,
        Err(error) => return error.reply(),
    };
    if let Some(refusal) = fired.and_then(refusal) {
        if let Some(wait) = world.wait_after(refusal.status(), fired) {
            world.violations.refused(target(), now, wait);
        }
        return refusal;
    }
    let session =
        Session { world, visit, call, query, body, scopes, now_ms: now.timestamp_millis(), fault: fired.map(|fired| fired.what) };
    let sound = session.answer().unwrap_or_else(|error| error.reply());
    drop(guard);
    match fired {
        Some(fired) if sound.status().is_success() && is_about_the_body(fired.what) => break_body(sound, fired, &visit.fuse),
        _ => sound,
    }
}

fn is_about_the_body(fault: Fault) -> bool {
    matches!(fault, Fault::Reset | Fault::Stall | Fault::Truncate | Fault::ShortBody)
}

/// What a request asks for, so that its repeat is recognised; without tokens.
fn target(path: &str, query: &[(String, String)], body: &[u8]) -> String {
    let mut target = path.to_owned();
    for (key, value) in query.iter().filter(|(key, _)| key != "access_token") {
        target.push_str(&format!(" {key}={:08x}", fingerprint(value) >> 32));
    }
    if !body.is_empty() {
        target.push_str(&format!(" body {:08x}", fingerprint(&body) >> 32));
    }
    target
}

fn strike(world: &World, call: &Call, query: &[(String, String)], body: &[u8]) -> Option<Fired> {
    if !world.faults.any() {
        return None;
    }
    let searched: Option<SearchBody> = (*call == Call::Search).then(|| serde_json::from_slice(body).ok()).flatten();
    let ids: Vec<&str> = match call {
        Call::Get(id) | Call::Album(id) | Call::SharedAlbum(id) => vec![id],
        Call::BatchGet => query.iter().filter(|(key, _)| key == "mediaItemIds").map(|(_, id)| id.as_str()).collect(),
        _ => searched.as_ref().and_then(|body| body.album_id.as_deref()).into_iter().collect(),
    };
    let entry = match call {
        Call::Get(id) => reading(&world.holdings).by_id(id).cloned(),
        _ => None,
    };
    let continues = query.iter().any(|(key, value)| key == "pageToken" && !value.is_empty())
        || searched.as_ref().and_then(|body| body.page_token.as_deref()).is_some_and(|token| !token.is_empty());
    let filename = entry.as_ref().and_then(|entry| entry.item.filename.as_deref());
    world.faults.strike(Subject { place: call.place(), ids: &ids, filename, continues })
}

/// The whole answer of faults that replace it.
pub(crate) fn refusal(fired: Fired) -> Option<Reply> {
    let server = |status| Some(ApiError::server(status).with_retry_after(fired.retry_after).reply());
    match fired.what {
        Fault::QuotaMinute | Fault::QuotaDay => Some(ApiError::quota(fired.what == Fault::QuotaDay, fired.retry_after).reply()),
        Fault::Internal => server(StatusCode::INTERNAL_SERVER_ERROR),
        Fault::BadGateway => server(StatusCode::BAD_GATEWAY),
        Fault::Unavailable => server(StatusCode::SERVICE_UNAVAILABLE),
        Fault::Html200 => Some(html(StatusCode::OK, error_page(200))),
        Fault::PageTokenExpired => Some(ApiError::invalid_argument("Invalid page token.").reply()),
        Fault::DeadUrl if fired.status == Some(404) => Some(ApiError::not_found().reply()),
        Fault::DeadUrl => Some(ApiError::permission_denied("The caller does not have permission").reply()),
        _ => None,
    }
}

/// The scopes of the token in the header, or in the query, which works but is a violation (0.2).
pub(crate) fn authenticate(world: &World, headers: &HeaderMap, query: &[(String, String)]) -> Result<Scopes, ApiError> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let in_query = query.iter().find(|(key, _)| key == "access_token").map(|(_, token)| token.as_str());
    if in_query.is_some() {
        world.violations.add(ViolationKind::TokenInQuery, world.clock.now(), "access_token in the address");
    }
    let token = bearer.or(in_query).ok_or_else(ApiError::unauthenticated)?;
    locked(&world.tokens).scopes_of(token, world.clock.now_ms()).ok_or_else(ApiError::unauthenticated)
}

/// What a token may see.
fn visible(world: &World, scopes: &Scopes) -> Result<Visible, ApiError> {
    use crate::config::Policy;
    let whole = world.config.policy == Policy::Before && (scopes.has("photoslibrary.readonly") || scopes.has("photoslibrary"));
    if whole {
        Ok(Visible::All)
    } else if scopes.has("photoslibrary.readonly.appcreateddata") {
        Ok(Visible::AppCreated)
    } else {
        Err(ApiError::insufficient_scopes())
    }
}

/// Whether a token may upload.
pub(crate) fn may_write(world: &World, scopes: &Scopes) -> Result<(), ApiError> {
    use crate::config::Policy;
    let old = world.config.policy == Policy::Before && scopes.has("photoslibrary");
    if old || scopes.has("photoslibrary.appendonly") { Ok(()) } else { Err(ApiError::insufficient_scopes()) }
}

impl Session<'_> {
    fn answer(&self) -> Result<Reply, ApiError> {
        self.check_parameters()?;
        match &self.call {
            Call::List => {
                let (size, token) = self.page_in_query()?;
                self.items(Query::List, size, token)
            }
            Call::Search => self.search(),
            Call::BatchGet => self.batch_get(),
            Call::Get(id) => self.get(id),
            Call::Albums => self.albums(false),
            Call::SharedAlbums => self.shared().and_then(|()| self.albums(true)),
            Call::Album(id) => self.album(id),
            Call::SharedAlbum(token) => self.shared().and_then(|()| self.album(token.strip_prefix(SHARE).unwrap_or_default())),
            Call::Sharing => self.shared().and_then(|()| Err(ApiError::unimplemented())),
            Call::BatchCreate => self.batch_create(),
            Call::CreateAlbum => self.create_album(),
            Call::AddToAlbum(album) => self.may_write().and_then(|()| {
                upload::add_to_album(self.world, album, &self.body).map(|()| json_reply(StatusCode::OK, &json!({})))
            }),
            Call::Unimplemented => Err(ApiError::unimplemented()),
            Call::Unknown => Ok(html(StatusCode::NOT_FOUND, error_page(404))),
        }
    }

    /// Refuses query parameters that the method does not have, as Google's JSON front end does.
    fn check_parameters(&self) -> Result<(), ApiError> {
        const STANDARD: [&str; 10] = [
            "access_token",
            "alt",
            "callback",
            "fields",
            "key",
            "oauth_token",
            "prettyPrint",
            "quotaUser",
            "upload_protocol",
            "uploadType",
        ];
        if self.call == Call::Unknown {
            return Ok(());
        }
        let own = self.call.parameters();
        match self.query.iter().find(|(key, _)| !own.contains(&key.as_str()) && !STANDARD.contains(&key.as_str())) {
            None => Ok(()),
            Some((key, _)) => Err(ApiError::invalid_argument(format!(
                "Invalid JSON payload received. Unknown name \"{key}\": Cannot bind query parameter."
            ))),
        }
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    fn page_in_query(&self) -> Result<(Option<i64>, Option<String>), ApiError> {
        let size = self.parameter("pageSize").map(str::parse).transpose();
        let size = size.map_err(|_| ApiError::invalid_argument("Invalid value at 'page_size' (TYPE_INT32)"))?;
        Ok((size, self.parameter("pageToken").map(str::to_owned)))
    }

    /// The page size in force; more than the maximum is coerced and written down.
    fn size(&self, asked: Option<i64>, (default, maximum): (usize, usize)) -> Result<usize, ApiError> {
        if asked.is_some_and(|size| size > i64::try_from(maximum).unwrap_or(i64::MAX)) {
            let detail = format!("{:?} with pageSize {}", self.call.place(), asked.unwrap_or_default());
            self.world.violations.add(ViolationKind::PageSizeOverMaximum, self.world.clock.now(), detail);
        }
        page_size(asked, default, maximum)
    }

    fn cursor(&self, token: Option<&str>, parameters: u64) -> Result<Option<Cursor>, ApiError> {
        let Some(token) = token else { return Ok(None) };
        let life = self.world.config.page_token_lifetime.map(|life| i64::try_from(life.as_millis()).unwrap_or(i64::MAX));
        let cursor = self.world.page_seal.open(token, parameters, self.now_ms, life);
        if let Err(error) = &cursor {
            let detail = error.body()["error"]["message"].to_string();
            self.world.violations.add(ViolationKind::BadPageToken, self.world.clock.now(), detail);
        }
        cursor.map(Some)
    }

    fn search(&self) -> Result<Reply, ApiError> {
        let mut body: SearchBody = if self.body.is_empty() {
            SearchBody::default()
        } else {
            serde_json::from_slice(&self.body)
                .map_err(|error| ApiError::invalid_argument(format!("Invalid JSON payload received. {error}")))?
        };
        let (size, token) = (body.page_size.take(), body.page_token.take().filter(|token| !token.is_empty()));
        self.items(body.query()?, size, token)
    }

    /// A page of items.
    fn items(&self, query: Query, asked: Option<i64>, token: Option<String>) -> Result<Reply, ApiError> {
        let visible = visible(self.world, &self.scopes)?;
        let size = self.size(asked, ITEMS)?;
        let parameters = fingerprint(&(&query, asked, visible));
        let cursor = self.cursor(token.as_deref(), parameters)?;
        let holdings = reading(&self.world.holdings);
        let album = match &query {
            Query::Album(id) => {
                let album = holdings.album(id).filter(|album| visible.shows(album.app_created));
                Some(album.ok_or_else(ApiError::not_found)?.id.clone())
            }
            Query::List | Query::Filtered(_) => None,
        };
        let view: View = holdings.view(&query, visible);
        drop(holdings);
        let page = cut(view.len(), |index| view[index].serial, cursor, size, self.fault);
        let context = ItemContext { album: album.as_deref(), ..self.context() };
        let mut out = String::with_capacity(page.entries.len() * ITEM_JSON + 200);
        out.push('{');
        for (index, entry) in view[page.entries].iter().enumerate() {
            out.push_str(if index == 0 { "\"mediaItems\":[" } else { "," });
            entry.push_json(&mut out, context);
        }
        if out.len() > 1 {
            out.push(']');
        }
        if let Some(next) = page.next {
            out.push_str(if out.len() > 1 { ",\"nextPageToken\":\"" } else { "\"nextPageToken\":\"" });
            out.push_str(&self.world.page_seal.seal(parameters, next, self.now_ms));
            out.push('"');
        }
        out.push('}');
        Ok(json_text(out))
    }

    fn context(&self) -> ItemContext<'_> {
        ItemContext {
            media_base: self.world.media_base(self.visit),
            seal: &self.world.media_seal,
            now_ms: self.now_ms,
            album: None,
            contributors: self.scopes.has("photoslibrary.sharing"),
        }
    }

    fn get(&self, id: &str) -> Result<Reply, ApiError> {
        let visible = visible(self.world, &self.scopes)?;
        let entry = reading(&self.world.holdings).by_id(id).cloned();
        let entry = entry.filter(|entry| visible.shows(entry.item.app_created)).ok_or_else(ApiError::not_found)?;
        let mut out = String::with_capacity(ITEM_JSON);
        entry.push_json(&mut out, self.context());
        Ok(json_text(out))
    }

    fn batch_get(&self) -> Result<Reply, ApiError> {
        let visible = visible(self.world, &self.scopes)?;
        let ids: Vec<&str> = self.query.iter().filter(|(key, _)| key == "mediaItemIds").map(|(_, id)| id.as_str()).collect();
        let mistake = |kind, message: &'static str| {
            self.world.violations.add(kind, self.world.clock.now(), format!("batchGet with {} ids", ids.len()));
            ApiError::invalid_argument(message)
        };
        if ids.is_empty() {
            return Err(mistake(ViolationKind::BatchEmpty, "Request must have at least one media item id."));
        }
        if ids.len() > BATCH {
            return Err(mistake(ViolationKind::BatchTooLarge, "Request must have at most 50 media item ids."));
        }
        if ids.iter().collect::<HashSet<_>>().len() < ids.len() {
            return Err(mistake(ViolationKind::BatchRepeatedIds, "Request must not contain duplicated ids."));
        }
        let holdings = reading(&self.world.holdings);
        let mut out = String::with_capacity(ids.len() * ITEM_JSON);
        for (index, id) in ids.iter().enumerate() {
            out.push_str(if index == 0 { "{\"mediaItemResults\":[" } else { "," });
            match holdings.by_id(id).filter(|entry| visible.shows(entry.item.app_created)) {
                Some(entry) => {
                    out.push_str("{\"mediaItem\":");
                    entry.push_json(&mut out, self.context());
                    out.push('}');
                }
                // As observed (2.8).
                None => out.push_str("{\"status\":{\"code\":3,\"message\":\"Invalid media item ID.\"}}"),
            }
        }
        out.push_str("]}");
        Ok(json_text(out))
    }

    /// Whether shared albums may be seen: not since 31 March 2025.
    fn shared(&self) -> Result<(), ApiError> {
        use crate::config::Policy;
        if self.world.config.policy == Policy::After {
            return Err(ApiError::insufficient_scopes());
        }
        if self.scopes.has("photoslibrary.sharing") {
            return Ok(());
        }
        visible(self.world, &self.scopes).map(|_| ())
    }

    fn albums(&self, shared: bool) -> Result<Reply, ApiError> {
        // The sharing scope alone is enough for shared albums.
        let visible = match visible(self.world, &self.scopes) {
            Err(_) if shared => Visible::All,
            other => other?,
        };
        let (asked, token) = self.page_in_query()?;
        let size = self.size(asked, ALBUMS)?;
        let only_own = self.parameter("excludeNonAppCreatedData") == Some("true");
        let parameters = fingerprint(&(shared, asked, only_own, visible));
        let cursor = self.cursor(token.as_deref(), parameters)?;
        let holdings = reading(&self.world.holdings);
        let albums: Vec<&Arc<SimAlbum>> = holdings
            .albums()
            .iter()
            .filter(|album| if shared { album.shared } else { album.own })
            .filter(|album| visible.shows(album.app_created) && (!only_own || album.app_created))
            .collect();
        let page = cut(albums.len(), |index| fingerprint(&albums[index].id), cursor, size, self.fault);
        let found: Vec<Value> = albums[page.entries].iter().map(|album| self.album_json(&holdings, album, visible)).collect();
        drop(albums);
        drop(holdings);
        let mut body = json!({});
        if !found.is_empty() {
            body[if shared { "sharedAlbums" } else { "albums" }] = Value::from(found);
        }
        if let Some(next) = page.next {
            body["nextPageToken"] = json!(self.world.page_seal.seal(parameters, next, self.now_ms));
        }
        Ok(json_reply(StatusCode::OK, &body))
    }

    fn album(&self, id: &str) -> Result<Reply, ApiError> {
        let visible = visible(self.world, &self.scopes)?;
        let holdings = reading(&self.world.holdings);
        let album = holdings.album(id).filter(|album| visible.shows(album.app_created)).ok_or_else(ApiError::not_found)?;
        Ok(json_reply(StatusCode::OK, &self.album_json(&holdings, album, visible)))
    }

    /// An album (2.4).
    fn album_json(&self, holdings: &Holdings, album: &SimAlbum, visible: Visible) -> Value {
        let mut members =
            album.items.iter().filter_map(|id| holdings.by_id(id)).filter(|entry| visible.shows(entry.item.app_created));
        let first = members.next();
        let count = first.map_or(0, |_| 1 + members.count());
        let mut json = json!({
            "id": album.id,
            "productUrl": format!("https://photos.google.com/lr/album/{}", album.id),
        });
        if let Some(title) = album.title.as_deref().filter(|title| !title.is_empty()) {
            json["title"] = json!(title);
        }
        let mut cover = String::new();
        match first {
            Some(entry) => {
                json["mediaItemsCount"] = json!(count.to_string());
                json["coverPhotoMediaItemId"] = json!(entry.item.id);
                entry.push_base_url(&mut cover, self.world.media_base(self.visit), &self.world.media_seal, self.now_ms);
            }
            None => {
                cover.push_str(self.world.media_base(self.visit));
                cover.push_str(MEDIA_PATH);
                self.world.media_seal.push_token(&mut cover, MediaTicket { serial: 0, issued_ms: self.now_ms });
            }
        }
        json["coverPhotoBaseUrl"] = json!(cover);
        if album.app_created && self.may_write().is_ok() {
            json["isWriteable"] = json!(true);
        }
        if album.shared && self.scopes.has("photoslibrary.sharing") {
            let mut share = json!({
                "sharedAlbumOptions": {},
                "shareableUrl": format!("https://photos.app.goo.gl/{}", album.id),
                "shareToken": format!("{SHARE}{}", album.id),
                "isJoined": true,
            });
            if album.own {
                share["isOwned"] = json!(true);
            }
            json["shareInfo"] = share;
        }
        json
    }

    fn may_write(&self) -> Result<(), ApiError> {
        may_write(self.world, &self.scopes)
    }

    fn batch_create(&self) -> Result<Reply, ApiError> {
        self.may_write()?;
        let results = upload::create(self.world, &self.body)?;
        let holdings = reading(&self.world.holdings);
        let results: Vec<Value> = results
            .into_iter()
            .map(|(token, result)| match result.map(|id| holdings.by_id(&id).cloned()) {
                Ok(Some(entry)) => {
                    let mut text = String::with_capacity(ITEM_JSON);
                    entry.push_json(&mut text, self.context());
                    let item: Value = serde_json::from_str(&text).unwrap_or_default();
                    json!({ "uploadToken": token, "status": { "message": "Success" }, "mediaItem": item })
                }
                Ok(None) => json!({ "uploadToken": token, "status": { "code": 13, "message": "Internal error" } }),
                Err(message) => json!({ "uploadToken": token, "status": { "code": 3, "message": message } }),
            })
            .collect();
        Ok(json_reply(StatusCode::OK, &json!({ "newMediaItemResults": results })))
    }

    fn create_album(&self) -> Result<Reply, ApiError> {
        self.may_write()?;
        let id = upload::create_album(self.world, &self.body)?;
        let holdings = reading(&self.world.holdings);
        let album = holdings.album(&id).ok_or_else(ApiError::not_found)?;
        Ok(json_reply(StatusCode::OK, &self.album_json(&holdings, album, Visible::AppCreated)))
    }
}

/// In front of an album id in its share token.
const SHARE: &str = "AOVP0r";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_mean_the_methods_of_section_2_1() {
        let read = Call::read;
        assert_eq!(read(&Method::GET, "mediaItems"), Call::List);
        assert_eq!(read(&Method::POST, "mediaItems:search"), Call::Search);
        assert_eq!(read(&Method::GET, "mediaItems%3AbatchGet"), Call::BatchGet);
        assert_eq!(read(&Method::GET, "mediaItems/a%2Db"), Call::Get("a-b".to_owned()));
        assert_eq!(read(&Method::GET, "mediaItems:search"), Call::Unknown);
        assert_eq!(read(&Method::DELETE, "mediaItems/a"), Call::Unknown, "there is no delete");
        assert_eq!(read(&Method::POST, "albums/x:share"), Call::Sharing);
        assert_eq!(read(&Method::POST, "albums/x:batchAddMediaItems"), Call::AddToAlbum("x".to_owned()));
        assert_eq!(read(&Method::POST, "albums/x:batchRemoveMediaItems"), Call::Unimplemented);
    }

    #[test]
    fn the_same_request_has_the_same_target_whatever_its_token() {
        let query = |token: &str| vec![("pageSize".to_owned(), "1".to_owned()), ("access_token".to_owned(), token.to_owned())];
        assert_eq!(target("mediaItems", &query("a"), b""), target("mediaItems", &query("b"), b""));
        assert_ne!(target("mediaItems:search", &[], b"{}"), target("mediaItems:search", &[], b"{\"pageSize\":1}"));
    }
}
