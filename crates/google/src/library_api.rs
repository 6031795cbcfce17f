//! The Library API's reading methods; those that upload are in `upload`. One call, one request: paging, retrying and pacing belong to `photokeep-sync`.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};

use crate::Endpoints;
use crate::session::Session;
use crate::trouble::{Trouble, sort};
use crate::wire::{Album, AlbumsAnswer, BatchAnswer, BatchResult, ItemsAnswer, MediaItem};

/// Items a page of `mediaItems` holds at most (`google-apis.md` 2.1).
pub const ITEMS_PER_PAGE: usize = 100;
/// Albums a page of `albums` holds at most (`google-apis.md` 2.1).
const ALBUMS_PER_PAGE: &str = "50";

/// The Library API with somebody's sign-in.
#[derive(Debug, Clone)]
pub struct LibraryApi {
    pub(crate) http: reqwest::Client,
    pub(crate) base: String,
    /// Where bytes are uploaded to.
    pub(crate) upload: String,
    session: Arc<Session>,
}

/// What to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListRequest {
    /// The whole library (`mediaItems.list`; without archived items).
    Library,
    /// What filters let through (`mediaItems.search`).
    Search(SearchFilters),
    /// An album's items in album order (`mediaItems.search`).
    Album(String),
}

/// Filters of `mediaItems.search` (`google-apis.md` 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SearchFilters {
    /// First day, inclusive. With either end given, items without a date are not returned.
    pub from: Option<NaiveDate>,
    /// Last day, inclusive.
    pub to: Option<NaiveDate>,
    /// Favourites only.
    pub favorites: bool,
    /// Photos only.
    pub photos_only: bool,
    /// Archived items too.
    pub archived: bool,
}

/// A page of items.
#[derive(Debug)]
pub struct ItemPage {
    /// The items; may be empty although more follow.
    pub items: Vec<MediaItem>,
    /// Where the next page begins. Its presence is the only sign that there is more.
    pub next: Option<String>,
}

/// A page of albums.
#[derive(Debug)]
pub struct AlbumPage {
    /// The albums.
    pub albums: Vec<Album>,
    /// Where the next page begins.
    pub next: Option<String>,
}

impl LibraryApi {
    /// Uses the API at `endpoints` with this sign-in.
    pub fn new(http: reqwest::Client, endpoints: &Endpoints, session: Arc<Session>) -> Self {
        let base = format!("{}/v1", endpoints.library.trim_end_matches('/'));
        Self { http, base, upload: endpoints.upload.clone(), session }
    }

    /// Whose sign-in it is.
    pub fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// One page of items.
    ///
    /// # Errors
    /// Every [`Trouble`]; a page token that is too old is [`Trouble::BadRequest`] with [`Trouble::PAGE_GONE`].
    pub async fn items(&self, what: &ListRequest, page: Option<&str>) -> Result<ItemPage, Trouble> {
        let request = match what {
            ListRequest::Library => {
                let mut query = vec![("pageSize", ITEMS_PER_PAGE.to_string())];
                query.extend(page.map(|token| ("pageToken", token.to_owned())));
                self.http.get(format!("{}/mediaItems", self.base)).query(&query)
            }
            ListRequest::Search(filters) => self.search(json!({ "filters": filters_json(filters) }), page),
            ListRequest::Album(album) => self.search(json!({ "albumId": album }), page),
        };
        let answer: ItemsAnswer = self.ask(request).await.map_err(|trouble| of_page(trouble, page))?;
        Ok(ItemPage { items: answer.media_items, next: answer.next_page_token.filter(|token| !token.is_empty()) })
    }

    fn search(&self, mut body: Value, page: Option<&str>) -> reqwest::RequestBuilder {
        body["pageSize"] = json!(ITEMS_PER_PAGE);
        if let Some(token) = page {
            body["pageToken"] = json!(token);
        }
        self.http.post(format!("{}/mediaItems:search", self.base)).json(&body)
    }

    /// One page of the user's own albums, or of shared ones.
    ///
    /// # Errors
    /// Every [`Trouble`]; shared albums are [`Trouble::Forbidden`] since 31 March 2025.
    pub async fn albums(&self, shared: bool, page: Option<&str>) -> Result<AlbumPage, Trouble> {
        let mut query = vec![("pageSize", ALBUMS_PER_PAGE.to_owned())];
        query.extend(page.map(|token| ("pageToken", token.to_owned())));
        let name = if shared { "sharedAlbums" } else { "albums" };
        let request = self.http.get(format!("{}/{name}", self.base)).query(&query);
        let answer: AlbumsAnswer = self.ask(request).await.map_err(|trouble| of_page(trouble, page))?;
        let albums = if shared { answer.shared_albums } else { answer.albums };
        Ok(AlbumPage { albums, next: answer.next_page_token.filter(|token| !token.is_empty()) })
    }

    /// Whether Google still has an album.
    ///
    /// # Errors
    /// Every [`Trouble`] but [`Trouble::NotFound`], which is the answer `false`.
    pub async fn has_album(&self, id: &str) -> Result<bool, Trouble> {
        match self.ask::<Value>(self.http.get(self.address(&["albums", id]))).await {
            Ok(_) => Ok(true),
            Err(Trouble::NotFound | Trouble::BadRequest { says_gone: true, .. }) => Ok(false),
            // Refused for another reason: nothing is known, so nothing is concluded.
            Err(Trouble::Forbidden | Trouble::BadRequest { .. }) => Ok(true),
            Err(trouble) => Err(trouble),
        }
    }

    /// Fresh facts and addresses for up to 50 different items, in the order asked.
    ///
    /// # Errors
    /// Every [`Trouble`]. One broken id can make the whole call fail with 500 (`google-apis.md` 2.8): ask singly then.
    pub async fn batch_get(&self, ids: &[&str]) -> Result<Vec<BatchResult>, Trouble> {
        let query: Vec<(&str, &str)> = ids.iter().map(|id| ("mediaItemIds", *id)).collect();
        let answer: BatchAnswer = self.ask(self.http.get(format!("{}/mediaItems:batchGet", self.base)).query(&query)).await?;
        Ok(answer.media_item_results)
    }

    /// Fresh facts and address of one item.
    ///
    /// # Errors
    /// Every [`Trouble`].
    pub async fn get(&self, id: &str) -> Result<MediaItem, Trouble> {
        self.ask(self.http.get(self.address(&["mediaItems", id]))).await
    }

    /// An address whose parts may hold anything.
    pub(crate) fn address(&self, parts: &[&str]) -> String {
        match url::Url::parse(&self.base) {
            Ok(mut url) => {
                if let Ok(mut path) = url.path_segments_mut() {
                    path.extend(parts);
                }
                url.into()
            }
            Err(_) => self.base.clone(),
        }
    }

    /// Sends a request with the access token; a token that Google stops accepting is renewed once.
    async fn ask<T: serde::de::DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Result<T, Trouble> {
        let again = request.try_clone();
        let token = self.session.access_token().await?;
        match self.send(request.bearer_auth(&token)).await {
            Err(Trouble::Unauthorized) => {
                let fresh = self.session.renew(&token).await?;
                match again {
                    Some(request) => self.send(request.bearer_auth(fresh)).await,
                    None => Err(Trouble::Unauthorized),
                }
            }
            other => other,
        }
    }

    async fn send<T: serde::de::DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Result<T, Trouble> {
        let response = request.send().await.map_err(Trouble::network)?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(sort(response).await);
        }
        let body = response.bytes().await.map_err(Trouble::network)?;
        serde_json::from_slice(&body).map_err(|_| Trouble::NotGoogle)
    }
}

fn filters_json(filters: &SearchFilters) -> Value {
    let date = |date: NaiveDate| json!({ "year": date.year(), "month": date.month(), "day": date.day() });
    let mut object = json!({ "includeArchivedMedia": filters.archived });
    if filters.from.is_some() || filters.to.is_some() {
        // Both ends are needed and inclusive; the far ends are the years the API knows.
        let first = filters.from.unwrap_or(NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default());
        let last = filters.to.unwrap_or(NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or_default());
        object["dateFilter"] = json!({ "ranges": [{ "startDate": date(first), "endDate": date(last) }] });
    }
    if filters.favorites {
        object["featureFilter"] = json!({ "includedFeatures": ["FAVORITES"] });
    }
    if filters.photos_only {
        object["mediaTypeFilter"] = json!({ "mediaTypes": ["PHOTO"] });
    }
    object
}

/// The trouble of a list's first page, or of one that was asked for by its token.
fn of_page(trouble: Trouble, page: Option<&str>) -> Trouble {
    if page.is_some() { trouble.of_page() } else { trouble }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_open_end_of_a_date_range_is_the_far_end() {
        let filters = SearchFilters { from: NaiveDate::from_ymd_opt(2023, 1, 5), ..SearchFilters::default() };
        let json = filters_json(&filters);
        assert_eq!(json["dateFilter"]["ranges"][0]["startDate"], json!({"year": 2023, "month": 1, "day": 5}));
        assert_eq!(json["dateFilter"]["ranges"][0]["endDate"]["year"], 9999);
        assert!(json.get("featureFilter").is_none());
    }
}
