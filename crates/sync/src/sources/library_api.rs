//! The Google Photos Library API as a source: paging with its traps, albums, filters, fresh addresses in batches.
//!
//! Paging (`google-apis.md` 7.1): only the absence of a token ends a list; empty pages are followed; a token that comes
//! again ends the list as not whole; a token that is too old makes it begin again; items may come twice.

use std::collections::HashSet;
use std::time::Instant;

use bytes::Bytes;
use photokeep_google::{Album, BatchResult, ITEMS_PER_PAGE, LibraryApi, ListRequest, MediaItem, Scopes, SearchFilters, Trouble};
use photokeep_library::catalog::{AlbumSighting, Sighting};
use photokeep_model::{AlbumChoice, Code, Error, Filter, ItemId, MediaKind, Result, SourceKind};
use regex::{Regex, RegexBuilder};
use reqwest::header;

use crate::gate::Gate;
use crate::source::{Asked, Blocks, Body, ListingEnd, ListingSink, Located, ResumeAt, Source, Unlocatable};

/// Ids asked for at once (`google-apis.md` 2.1).
pub const BATCH: usize = 50;

/// How often a listing begins again because its page token became too old.
const RESTARTS: u32 = 3;

/// Empty pages in a row that are followed; one user saw about 80 (`google-apis.md` 7.1).
const EMPTY_PAGES: u32 = 500;

/// So many ids in a row that Google's servers fail for are no broken ids: it is the servers.
const FAILING_IDS: u32 = 3;

/// The Library API with a sign-in, and a client for bytes.
#[derive(Debug, Clone)]
pub struct LibraryApiSource {
    api: LibraryApi,
    media: reqwest::Client,
}

impl LibraryApiSource {
    /// Uses this API. `idle` is how long a download may go without a byte.
    ///
    /// # Errors
    /// When the network library cannot be set up.
    pub fn new(api: LibraryApi, idle: std::time::Duration) -> Result<Self> {
        let media = reqwest::Client::builder()
            .user_agent(photokeep_google::USER_AGENT)
            .connect_timeout(std::time::Duration::from_secs(15))
            .read_timeout(idle)
            // Bytes must come as they are: lengths and ranges are those of the file.
            .no_gzip()
            .http1_only()
            .redirect(reqwest::redirect::Policy::limited(5))
            .build()
            .map_err(|error| Error::new(Code::Internal, "The network library could not be started.").source(error))?;
        Ok(Self { api, media })
    }

    /// Asks for one page, to see whether Google answers and accepts the sign-in.
    ///
    /// # Errors
    /// What a run would end with.
    pub async fn greet(&self, gate: &Gate) -> Result<()> {
        gate.ask(|| self.api.albums(false, None)).await?.map(|_| ()).map_err(Trouble::into_error)
    }

    /// Follows every page. `take` gets each page's new items; returns false to stop early. True when the list was whole.
    async fn follow(
        &self,
        what: &ListRequest,
        gate: &Gate,
        mut take: impl FnMut(Vec<MediaItem>) -> Result<()>,
        mut restarted: impl FnMut(),
    ) -> Result<Result<bool, Trouble>> {
        let mut restarts = 0;
        let mut token: Option<String> = None;
        let mut tokens = HashSet::new();
        let (mut empty, mut pages, mut asked_again) = (0, 0u32, false);
        loop {
            let page = match gate.ask(|| self.api.items(what, token.as_deref())).await? {
                Ok(page) => page,
                // What was listed until here can be kept; the rest is for another run.
                Err(Trouble::Server { .. }) if pages > 0 => return Ok(Ok(false)),
                // The token of a page became too old, or Google forgot it.
                Err(Trouble::BadRequest { .. } | Trouble::NotFound) if token.is_some() && restarts < RESTARTS => {
                    restarts += 1;
                    token = None;
                    tokens.clear();
                    restarted();
                    continue;
                }
                Err(trouble) => return Ok(Err(trouble)),
            };
            pages += 1;
            empty = if page.items.is_empty() { empty + 1 } else { 0 };
            let full = page.items.len() >= ITEMS_PER_PAGE;
            take(page.items)?;
            match page.next {
                // A full page without a successor is the end, or a listing cut short (google-apis.md 7.1): asked once more.
                None if full && !asked_again => asked_again = true,
                None => return Ok(Ok(true)),
                Some(next) if empty >= EMPTY_PAGES || !tokens.insert(next.clone()) => {
                    tracing::warn!("the listing goes round in circles");
                    return Ok(Ok(false));
                }
                next => token = next,
            }
        }
    }

    async fn follow_albums(&self, shared: bool, gate: &Gate) -> Result<Result<(Vec<Album>, bool), Trouble>> {
        let mut albums: Vec<Album> = Vec::new();
        let mut ids = HashSet::new();
        let mut tokens = HashSet::new();
        let mut token: Option<String> = None;
        let mut restarts = 0;
        loop {
            let page = match gate.ask(|| self.api.albums(shared, token.as_deref())).await? {
                Ok(page) => page,
                Err(Trouble::BadRequest { .. } | Trouble::NotFound) if token.is_some() && restarts < RESTARTS => {
                    restarts += 1;
                    token = None;
                    tokens.clear();
                    continue;
                }
                Err(trouble) => return Ok(Err(trouble)),
            };
            albums.extend(page.albums.into_iter().filter(|album| ids.insert(album.id.clone())));
            match page.next {
                None => return Ok(Ok((albums, true))),
                Some(next) if !tokens.insert(next.clone()) => return Ok(Ok((albums, false))),
                next => token = next,
            }
        }
    }

    /// Every album that the filter wants, shared ones first as in gphotos-sync.
    async fn albums(&self, filter: &Filter, gate: &Gate, end: &mut ListingEnd) -> Result<Vec<(AlbumSighting, Album)>> {
        let wanted = AlbumWish::new(filter)?;
        let mut shared = Vec::new();
        if !filter.skip_shared_albums && self.api.session().asked().await == Scopes::WholeLibrary {
            match self.follow_albums(true, gate).await? {
                Ok((albums, whole)) => {
                    end.albums_whole &= whole;
                    end.whole &= whole;
                    shared = albums;
                }
                Err(Trouble::Forbidden | Trouble::NotFound) => {
                    end.albums_whole = false;
                    end.notes
                        .push("Google does not show shared albums to apps any more, so they are not part of this run.".into());
                }
                Err(trouble) => return Err(trouble.into_error()),
            }
        }
        let (own, whole) = self.follow_albums(false, gate).await?.map_err(Trouble::into_error)?;
        end.albums_whole &= whole;
        end.whole &= whole;
        let own_ids: HashSet<String> = own.iter().map(|album| album.id.clone()).collect();
        let shared_ids: HashSet<String> = shared.iter().map(|album| album.id.clone()).collect();
        let all = shared.into_iter().filter(|album| !own_ids.contains(&album.id)).chain(own);
        Ok(all
            .filter(|album| wanted.wants(album.title.as_deref().unwrap_or_default()))
            .map(|album| {
                let sighting = AlbumSighting {
                    key: album.id.clone(),
                    title: album.title.clone().filter(|title| !title.is_empty()),
                    own: own_ids.contains(&album.id),
                    shared: shared_ids.contains(&album.id),
                    product_url: album.product_url.clone(),
                };
                (sighting, album)
            })
            .collect())
    }

    /// An album's items, in order. With `wanted` they are taken in; else only those already known count.
    async fn list_album(
        &self,
        sighting: &AlbumSighting,
        album: &Album,
        filter: &Filter,
        gate: &Gate,
        sink: &mut dyn ListingSink,
        end: &mut ListingEnd,
    ) -> Result<()> {
        let counted = album.media_items_count.unwrap_or(0);
        let (mut items, mut listed, mut outcome) = self.list_album_once(sighting, filter, gate, sink).await?;
        // Short listings pass; so may a count that is wrong, which a second listing of the same length confirms.
        if matches!(outcome, Ok(true)) && listed < counted {
            let again = self.list_album_once(sighting, filter, gate, sink).await?;
            if again.1 >= listed {
                (items, listed, outcome) = again;
            }
        }
        match outcome {
            Ok(whole) => {
                // The count proves nothing, but a list shorter than it is no ground for taking links away.
                end.whole &= whole;
                sink.album(sighting, items, whole && listed >= counted)
            }
            Err(Trouble::NotFound | Trouble::BadRequest { .. } | Trouble::Forbidden | Trouble::Server { .. }) => {
                end.whole = false;
                end.notes.push(format!(
                    "The album \"{}\" could not be read; it vanished while it was listed, or Google does not show it now.",
                    sighting.title.as_deref().unwrap_or("Untitled")
                ));
                sink.album(sighting, items, false)
            }
            Err(trouble) => Err(trouble.into_error()),
        }
    }

    /// What an album's list shows: items, how many in all, and how it ended.
    async fn list_album_once(
        &self,
        sighting: &AlbumSighting,
        filter: &Filter,
        gate: &Gate,
        sink: &mut dyn ListingSink,
    ) -> Result<(Vec<ItemId>, u32, Result<bool, Trouble>)> {
        let mut items: Vec<ItemId> = Vec::new();
        let mut keys = HashSet::new();
        let mut listed = 0u32;
        let outcome = {
            let take = |page: Vec<MediaItem>| {
                let fresh: Vec<MediaItem> = page.into_iter().filter(|item| keys.insert(item.id.clone())).collect();
                listed += u32::try_from(fresh.len()).unwrap_or(u32::MAX);
                let sightings: Vec<Sighting> =
                    fresh.iter().map(|item| Sighting::new(item.id.clone(), item.metadata(), false)).collect();
                // Items that the filter leaves out are members of the album only if they are kept already.
                let (inside, outside): (Vec<_>, Vec<_>) =
                    sightings.iter().enumerate().partition(|(_, sighting)| lets_through(filter, sighting));
                let mut numbers: Vec<(usize, ItemId)> = Vec::new();
                let (places, inside): (Vec<usize>, Vec<Sighting>) =
                    inside.into_iter().map(|(place, sighting)| (place, sighting.clone())).unzip();
                numbers.extend(places.into_iter().zip(sink.items(inside)?));
                let (places, outside): (Vec<usize>, Vec<Sighting>) =
                    outside.into_iter().map(|(place, sighting)| (place, sighting.clone())).unzip();
                numbers.extend(
                    places.into_iter().zip(sink.known(&outside)?).filter_map(|(place, item)| item.map(|item| (place, item))),
                );
                numbers.sort_by_key(|(place, _)| *place);
                items.extend(numbers.into_iter().map(|(_, item)| item));
                Ok(())
            };
            self.follow(&ListRequest::Album(sighting.key.clone()), gate, take, || {}).await?
        };
        Ok((items, listed, outcome))
    }

    /// One batch; where one broken id makes the whole batch fail, singly (`google-apis.md` 2.8).
    async fn batch(&self, keys: &[String], gate: &Gate) -> Result<Vec<(String, std::result::Result<MediaItem, Option<Error>>)>> {
        let ids: Vec<&str> = keys.iter().map(String::as_str).collect();
        let answers = match gate.ask(|| self.api.batch_get(&ids)).await? {
            Ok(answers) if answers.len() == keys.len() => answers,
            Ok(_) | Err(Trouble::Server { .. } | Trouble::BadRequest { .. } | Trouble::NotFound) => {
                let mut singly = Vec::with_capacity(keys.len());
                let mut failing = 0;
                for key in keys {
                    let result = self.single(key, gate).await?;
                    failing = if matches!(result, Err(Some(_))) { failing + 1 } else { 0 };
                    if failing >= FAILING_IDS {
                        return Err(Trouble::Server { status: 500, retry_after: None }.into_error());
                    }
                    singly.push((key.clone(), result));
                }
                return Ok(singly);
            }
            Err(trouble) => return Err(trouble.into_error()),
        };
        let mut results = Vec::with_capacity(keys.len());
        for (key, answer) in keys.iter().zip(answers) {
            let result = match answer {
                BatchResult { media_item: Some(item), .. } if item.id == *key => Ok(item),
                BatchResult { status: Some(status), .. } if status.says_gone() => Err(None),
                // Another item than asked, or a trouble of this one: ask for it alone.
                _ => self.single(key, gate).await?,
            };
            results.push((key.clone(), result));
        }
        Ok(results)
    }

    /// `Err(None)`: Google does not have it. `Err(Some)`: it has a problem of its own.
    async fn single(&self, key: &str, gate: &Gate) -> Result<std::result::Result<MediaItem, Option<Error>>> {
        Ok(match gate.ask(|| self.api.get(key)).await? {
            Ok(item) => Ok(item),
            Err(Trouble::NotFound | Trouble::BadRequest { says_gone: true, .. }) => Err(None),
            Err(Trouble::Forbidden | Trouble::BadRequest { .. }) => {
                Err(Some(Error::new(Code::ItemFailed, "Google refuses to say anything about this item.")))
            }
            Err(Trouble::Server { status, .. }) => Err(Some(
                Error::new(Code::ItemFailed, "Google fails again and again when asked for this item.").detail("status", status),
            )),
            Err(trouble) => return Err(trouble.into_error()),
        })
    }
}

impl Source for LibraryApiSource {
    fn kind(&self) -> SourceKind {
        SourceKind::LibraryApi
    }

    async fn list(&self, filter: &Filter, gate: &Gate, sink: &mut dyn ListingSink) -> Result<ListingEnd> {
        let mut end = ListingEnd { whole: true, albums_whole: true, notes: Vec::new() };
        if self.api.session().asked().await == Scopes::OwnUploads {
            end.notes.push(
                "Google shows Photokeep only what Photokeep itself uploaded (its rule since 31 March 2025). For the whole library use a Google Takeout export.".into(),
            );
        }
        if filter.albums == AlbumChoice::All {
            let request = library_request(filter);
            let cell = std::sync::Mutex::new(&mut *sink);
            let with_sink = || cell.lock().map_err(|_| Error::new(Code::Internal, "The listing broke off."));
            let outcome = self
                .follow(
                    &request,
                    gate,
                    |page| {
                        let page = page
                            .into_iter()
                            .map(|item| {
                                let mut metadata = item.metadata();
                                metadata.favorite = filter.favorites.then_some(true);
                                Sighting::new(item.id, metadata, true)
                            })
                            .collect();
                        with_sink()?.items(page).map(|_| ())
                    },
                    || {
                        if let Ok(mut sink) = cell.lock() {
                            sink.restarted();
                        }
                    },
                )
                .await?;
            match outcome {
                Ok(whole) => end.whole &= whole,
                Err(trouble) => return Err(trouble.into_error()),
            }
        }
        for (sighting, album) in self.albums(filter, gate, &mut end).await? {
            self.list_album(&sighting, &album, filter, gate, sink, &mut end).await?;
        }
        Ok(end)
    }

    async fn seen_as(&self) -> String {
        self.api.session().seen_as().await
    }

    async fn ask_for(&self, keys: &[String], gate: &Gate) -> Result<Vec<Asked>> {
        let mut answers = Vec::with_capacity(keys.len());
        for batch in keys.chunks(BATCH) {
            for (key, result) in self.batch(batch, gate).await? {
                answers.push(match result {
                    Ok(item) => Asked::There(Box::new(Sighting::new(key, item.metadata(), false))),
                    Err(None) => Asked::Gone,
                    Err(Some(error)) => Asked::Unclear(error),
                });
            }
        }
        Ok(answers)
    }

    async fn has_albums(&self, keys: &[String], gate: &Gate) -> Result<Vec<bool>> {
        let mut answers = Vec::with_capacity(keys.len());
        for key in keys {
            answers.push(match gate.ask(|| self.api.has_album(key)).await? {
                Ok(there) => there,
                // An album that nobody may look at is not known to be gone.
                Err(Trouble::Forbidden | Trouble::Server { .. }) => true,
                Err(trouble) => return Err(trouble.into_error()),
            });
        }
        Ok(answers)
    }

    async fn locate(&self, keys: &[String], gate: &Gate) -> Result<Vec<Result<Located, Unlocatable>>> {
        let mut located = Vec::with_capacity(keys.len());
        for batch in keys.chunks(BATCH) {
            let since = Instant::now();
            for (key, result) in self.batch(batch, gate).await? {
                located.push(match result {
                    Ok(item) if item.is_processing() => Err(Unlocatable::Item(
                        Error::new(Code::ItemNotReady, "Google is still processing this video.")
                            .hint("The next run fetches it when Google has finished."),
                    )),
                    Ok(item) => match item.download_url() {
                        Some(address) => Ok(Located { key, address, since, mime_type: item.mime_type }),
                        None => Err(Unlocatable::Item(Error::new(Code::ItemFailed, "Google gives no address for this item."))),
                    },
                    Err(None) => Err(Unlocatable::Gone),
                    Err(Some(error)) => Err(Unlocatable::Item(error)),
                });
            }
        }
        Ok(located)
    }

    async fn open(&self, located: &Located, at: Option<&ResumeAt>) -> Result<Body, Trouble> {
        let mut request = self.media.get(&located.address);
        if let Some(at) = at {
            request = request.header(header::RANGE, format!("bytes={}-", at.offset));
            if let Some(etag) = &at.etag {
                request = request.header(header::IF_RANGE, etag);
            }
        }
        let response = request.send().await.map_err(Trouble::network)?;
        let status = response.status();
        if status != reqwest::StatusCode::OK && status != reqwest::StatusCode::PARTIAL_CONTENT {
            return Err(media_trouble(response).await);
        }
        let headers = response.headers();
        let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (offset, total) = match (status, text(header::CONTENT_RANGE).as_deref().and_then(content_range)) {
            (reqwest::StatusCode::PARTIAL_CONTENT, Some((first, total))) => (first, total),
            // A part without saying which is of no use.
            (reqwest::StatusCode::PARTIAL_CONTENT, None) => return Err(Trouble::NotGoogle),
            _ => (0, text(header::CONTENT_LENGTH).and_then(|length| length.parse().ok())),
        };
        Ok(Body {
            offset,
            total,
            // A weak tag does not promise equal bytes.
            etag: text(header::ETAG).filter(|tag| !tag.starts_with("W/")),
            resumable: status == reqwest::StatusCode::PARTIAL_CONTENT || text(header::ACCEPT_RANGES).as_deref() == Some("bytes"),
            content_type: text(header::CONTENT_TYPE),
            modified: None,
            blocks: Box::new(HttpBlocks(response)),
        })
    }
}

struct HttpBlocks(reqwest::Response);

impl Blocks for HttpBlocks {
    fn next(&mut self) -> std::pin::Pin<Box<dyn Future<Output = Result<Option<Bytes>, Trouble>> + Send + '_>> {
        Box::pin(async { self.0.chunk().await.map_err(Trouble::network) })
    }
}

/// Troubles of addresses for bytes: they carry no JSON, and 401, 403, 404, 410 all mean "renew the address".
async fn media_trouble(response: reqwest::Response) -> Trouble {
    let retry_after = response
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.trim().parse::<u64>().ok())
        .map(|seconds| std::time::Duration::from_secs(seconds.min(86_400)));
    match response.status().as_u16() {
        401 | 403 | 404 | 410 => Trouble::NotFound,
        429 => {
            let body = response.bytes().await.unwrap_or_default();
            Trouble::Quota { quota: photokeep_google::quota_of(&body), retry_after }
        }
        status @ 500..=599 => Trouble::Server { status, retry_after },
        status => Trouble::BadRequest { status, says_gone: false },
    }
}

/// `bytes 100-199/1000` gives the first byte and the whole length.
fn content_range(text: &str) -> Option<(u64, Option<u64>)> {
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let first = range.split_once('-')?.0.trim().parse().ok()?;
    Some((first, total.trim().parse().ok()))
}

/// The plain list where nothing is left out or added, else a search.
fn library_request(filter: &Filter) -> ListRequest {
    let filters = SearchFilters {
        from: filter.from,
        to: filter.to,
        favorites: filter.favorites,
        photos_only: filter.no_videos,
        archived: filter.archived,
    };
    if filters == SearchFilters::default() { ListRequest::Library } else { ListRequest::Search(filters) }
}

/// Whether the filter lets an item of an album through: the API cannot combine albums and filters (`google-apis.md` 2.2).
fn lets_through(filter: &Filter, sighting: &Sighting) -> bool {
    if filter.favorites {
        // Whether it is a favourite is not told by an album; known favourites are members anyway.
        return false;
    }
    if filter.no_videos && sighting.metadata.kind() == MediaKind::Video {
        return false;
    }
    if filter.from.is_none() && filter.to.is_none() {
        return true;
    }
    let Some(day) = sighting.metadata.taken.map(|taken| taken.instant.date_naive()) else { return false };
    filter.from.is_none_or(|from| day >= from) && filter.to.is_none_or(|to| day <= to)
}

/// Makes sure that a run could use this filter: its days in order, its pattern a valid one.
///
/// # Errors
/// [`Code::Usage`].
pub fn check_filter(filter: &Filter) -> Result<()> {
    filter.check()?;
    AlbumWish::new(filter).map(drop)
}

/// Which albums are wanted, by title.
struct AlbumWish<'a> {
    choice: &'a AlbumChoice,
    regex: Option<Regex>,
    exclude: &'a [String],
}

impl<'a> AlbumWish<'a> {
    fn new(filter: &'a Filter) -> Result<Self> {
        let regex = match &filter.albums {
            AlbumChoice::Matching(pattern) => {
                Some(RegexBuilder::new(pattern).case_insensitive(true).size_limit(1 << 20).build().map_err(|error| {
                    Error::new(Code::Usage, "The regular expression for albums is not valid.")
                        .detail("expression", pattern)
                        .source(error)
                })?)
            }
            _ => None,
        };
        Ok(Self { choice: &filter.albums, regex, exclude: &filter.exclude_albums })
    }

    fn wants(&self, title: &str) -> bool {
        let chosen = match self.choice {
            AlbumChoice::All => true,
            AlbumChoice::Titled(wanted) => wanted == title,
            AlbumChoice::Matching(_) => self.regex.as_ref().is_some_and(|regex| regex.is_match(title)),
        };
        chosen && !self.exclude.iter().any(|excluded| excluded == title)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use chrono::NaiveDate;
    use photokeep_model::{CaptureTime, Metadata};

    #[test]
    fn a_content_range_is_taken_apart() {
        assert_eq!(content_range("bytes 100-199/1000"), Some((100, Some(1000))));
        assert_eq!(content_range("bytes 0-0/*"), Some((0, None)));
        assert_eq!(content_range("items 1-2/3"), None);
    }

    #[test]
    fn a_whole_library_is_listed_and_not_searched() {
        assert_eq!(library_request(&Filter::default()), ListRequest::Library);
        assert!(matches!(library_request(&Filter { archived: true, ..Filter::default() }), ListRequest::Search(_)));
    }

    #[test]
    fn the_end_of_a_date_range_is_inclusive_and_holds_for_albums() {
        let day = |day| NaiveDate::from_ymd_opt(2023, 5, day);
        let filter = Filter { from: day(1), to: day(2), ..Filter::default() };
        let at = |text: &str| {
            let metadata = Metadata { taken: CaptureTime::parse_google(text), ..Metadata::default() };
            Sighting::new("k".into(), metadata, false)
        };
        assert!(lets_through(&filter, &at("2023-05-02T23:59:59.999Z")));
        assert!(!lets_through(&filter, &at("2023-05-03T00:00:00Z")));
        assert!(!lets_through(&filter, &at("2023-04-30T23:59:59Z")));
        assert!(!lets_through(&filter, &at("never")));
    }

    #[test]
    fn an_album_expression_is_unanchored_and_ignores_case() {
        let filter =
            Filter { albums: AlbumChoice::Matching("trip".into()), exclude_albums: vec!["Old TRIP".into()], ..Filter::default() };
        let wish = AlbumWish::new(&filter).unwrap();
        assert!(wish.wants("Our Trips"));
        assert!(!wish.wants("Old TRIP"));
        let broken = Filter { albums: AlbumChoice::Matching("(".into()), ..Filter::default() };
        assert_eq!(AlbumWish::new(&broken).err().unwrap().code, Code::Usage);
    }
}
