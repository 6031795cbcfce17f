//! The Library API's uploading methods: bytes to a token in a transfer that can be resumed, tokens to items, and albums for them
//! (`google-apis.md` 2.6, 2.7). One call, one request: retrying, pacing and what is uploaded belong to `photokeep-sync`.

use photokeep_model::{Code, Error};
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use reqwest::{Body, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::library_api::LibraryApi;
use crate::trouble::{Trouble, sort};
use crate::wire::{Album, MediaItem, Status};

/// Items that `mediaItems.batchCreate` takes at once (`google-apis.md` 2.1).
pub const ITEMS_PER_CREATION: usize = 50;
/// Characters of a file name at most (`google-apis.md` 2.7).
const NAME_AT_MOST: usize = 255;

/// A transfer that was begun. Whoever knows it can send bytes to it: it is kept like a sign-in.
#[derive(Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Transfer(String);

impl std::fmt::Debug for Transfer {
    /// Leaves the secret out.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Transfer")
    }
}

/// Bytes that Google has and that are no item yet; good for a day. Kept like a sign-in.
#[derive(Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct UploadToken(String);

impl std::fmt::Debug for UploadToken {
    /// Leaves the secret out.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("UploadToken")
    }
}

/// How far a transfer has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// So many bytes have arrived; the rest is waited for.
    Bytes(u64),
    /// It is over, or Google does not know it any more: it has to be begun anew.
    Over,
}

/// An item to be made.
#[derive(Debug, Clone)]
pub struct NewItem {
    /// Its bytes.
    pub token: UploadToken,
    /// Its name, with ending.
    pub name: String,
}

/// What became of one.
#[derive(Debug)]
pub enum CreatedItem {
    /// The item that it is now.
    Made(Box<MediaItem>),
    /// Google did not make one, and says this about it.
    Refused(Status),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreationAnswer {
    #[serde(default)]
    new_media_item_results: Vec<CreationResult>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreationResult {
    upload_token: Option<String>,
    status: Option<Status>,
    media_item: Option<MediaItem>,
}

/// An HTTP client that sends bytes for as long as it takes; whoever uses it watches over silence.
///
/// # Errors
/// When the TLS library cannot be set up.
pub fn upload_client() -> photokeep_model::Result<reqwest::Client> {
    crate::built(crate::client_settings())
}

impl LibraryApi {
    /// Begins the transfer of a file with so many bytes.
    ///
    /// # Errors
    /// Every [`Trouble`]; [`Trouble::Forbidden`] when the sign-in is not allowed to upload.
    pub async fn begin_transfer(&self, mime_type: &str, bytes: u64) -> Result<Transfer, Trouble> {
        if self.upload.is_empty() {
            return Err(Trouble::Decided(Error::new(Code::Usage, "The endpoints file names no address for `upload`.")));
        }
        let request = self
            .http
            .post(&self.upload)
            .header(CONTENT_LENGTH, 0)
            .header("X-Goog-Upload-Command", "start")
            .header("X-Goog-Upload-Content-Type", mime_type)
            .header("X-Goog-Upload-Protocol", "resumable")
            .header("X-Goog-Upload-Raw-Size", bytes);
        let answer = self.authorized(request).await?;
        let address = text_of(answer.headers(), "X-Goog-Upload-URL").ok_or(Trouble::NotGoogle)?;
        if way_to(&self.upload, address).is_none() {
            return Err(Trouble::NotGoogle);
        }
        Ok(Transfer(address.to_owned()))
    }

    /// How far a transfer has come.
    ///
    /// # Errors
    /// Troubles that pass, and those of the sign-in. A transfer that Google does not know is an answer.
    pub async fn reached(&self, transfer: &Transfer) -> Result<Reached, Trouble> {
        let Some(way) = way_to(&self.upload, &transfer.0) else { return Ok(Reached::Over) };
        let request = self.http.post(&transfer.0).header(CONTENT_LENGTH, 0).header("X-Goog-Upload-Command", "query");
        let answer = match self.by(way, request).await {
            Ok(answer) => answer,
            Err(Trouble::NotFound | Trouble::BadRequest { .. } | Trouble::Forbidden) => return Ok(Reached::Over),
            Err(trouble) => return Err(trouble),
        };
        if !text_of(answer.headers(), "X-Goog-Upload-Status").is_some_and(|status| status.eq_ignore_ascii_case("active")) {
            return Ok(Reached::Over);
        }
        let bytes = text_of(answer.headers(), "X-Goog-Upload-Size-Received").and_then(|text| text.parse().ok());
        bytes.map(Reached::Bytes).ok_or(Trouble::NotGoogle)
    }

    /// Sends a file from the byte `offset` to its end, `rest` bytes, with an [`upload_client`].
    ///
    /// # Errors
    /// Every [`Trouble`]. Bytes that arrived before it are counted by [`LibraryApi::reached`].
    pub async fn send_rest(
        &self,
        http: &reqwest::Client,
        transfer: &Transfer,
        offset: u64,
        rest: u64,
        body: Body,
    ) -> Result<UploadToken, Trouble> {
        let request = http
            .post(&transfer.0)
            .header(CONTENT_LENGTH, rest)
            .header(CONTENT_TYPE, "application/octet-stream")
            .header("X-Goog-Upload-Command", "upload, finalize")
            .header("X-Goog-Upload-Offset", offset)
            .body(body);
        let way = way_to(&self.upload, &transfer.0).ok_or(Trouble::NotGoogle)?;
        let answer = self.by(way, request).await?;
        if text_of(answer.headers(), CONTENT_TYPE.as_str()).is_some_and(|kind| kind.starts_with("text/html")) {
            return Err(Trouble::NotGoogle);
        }
        let token = answer.text().await.map_err(Trouble::network)?.trim().to_owned();
        if token.is_empty() { Err(Trouble::NotGoogle) } else { Ok(UploadToken(token)) }
    }

    /// Makes items of uploaded bytes, at most [`ITEMS_PER_CREATION`], in `album` if one is named. The answers are in the order of
    /// `items`. One call at a time for each person (`google-apis.md` 2.7).
    ///
    /// # Errors
    /// Every [`Trouble`] of the call as a whole; nothing was made then, or it is not known.
    pub async fn create_items(&self, album: Option<&str>, items: &[NewItem]) -> Result<Vec<CreatedItem>, Trouble> {
        let new: Vec<Value> = items
            .iter()
            .map(|item| json!({ "simpleMediaItem": { "uploadToken": item.token.0, "fileName": fitting(&item.name) } }))
            .collect();
        let mut body = json!({ "newMediaItems": new });
        if let Some(album) = album {
            body["albumId"] = album.into();
        }
        let request = self.http.post(format!("{}/mediaItems:batchCreate", self.base)).json(&body);
        let answer = self.authorized(request).await?.bytes().await.map_err(Trouble::network)?;
        let answer: CreationAnswer = serde_json::from_slice(&answer).map_err(|_| Trouble::NotGoogle)?;
        let mut results = answer.new_media_item_results;
        // By token where tokens are told: an order is not promised.
        Ok(items
            .iter()
            .enumerate()
            .map(|(at, item)| {
                let of_it = results.iter().position(|result| result.upload_token.as_deref() == Some(&item.token.0));
                let of_it = of_it.or_else(|| results.get(at).filter(|result| result.upload_token.is_none()).map(|_| at));
                let Some(result) = of_it.and_then(|at| results.get_mut(at)) else {
                    return CreatedItem::Refused(Status { code: 0, message: None });
                };
                match result.media_item.take() {
                    // That it is there already is no refusal (6, ALREADY_EXISTS).
                    Some(made) if result.status.as_ref().is_none_or(|status| matches!(status.code, 0 | 6)) => {
                        CreatedItem::Made(Box::new(made))
                    }
                    _ => CreatedItem::Refused(result.status.take().unwrap_or(Status { code: 0, message: None })),
                }
            })
            .collect())
    }

    /// Makes an album.
    ///
    /// # Errors
    /// Every [`Trouble`].
    pub async fn create_album(&self, title: &str) -> Result<Album, Trouble> {
        let body = json!({ "album": { "title": title } });
        let answer = self.authorized(self.http.post(format!("{}/albums", self.base)).json(&body)).await?;
        let body = answer.bytes().await.map_err(Trouble::network)?;
        serde_json::from_slice(&body).map_err(|_| Trouble::NotGoogle)
    }

    /// Puts items that Google has into an album that this client made, at most [`ITEMS_PER_CREATION`].
    ///
    /// # Errors
    /// Every [`Trouble`]; there is no partial success.
    pub async fn add_to_album(&self, album: &str, items: &[&str]) -> Result<(), Trouble> {
        let address = format!("{}:batchAddMediaItems", self.address(&["albums", album]));
        self.authorized(self.http.post(address).json(&json!({ "mediaItemIds": items }))).await.map(drop)
    }

    async fn by(&self, way: Way, request: reqwest::RequestBuilder) -> Result<reqwest::Response, Trouble> {
        match way {
            Way::WithToken => self.authorized(request).await,
            Way::WithoutToken => successful(request).await,
        }
    }

    /// Sends a request with the access token. One whose body can be told again is sent once more with a fresh token, where Google
    /// stops accepting the one at hand; for others the token is renewed, and trying again is the caller's.
    async fn authorized(&self, request: reqwest::RequestBuilder) -> Result<reqwest::Response, Trouble> {
        let again = request.try_clone();
        let token = self.session().access_token().await?;
        match successful(request.bearer_auth(&token)).await {
            Err(Trouble::Unauthorized) => {
                let fresh = self.session().renew(&token).await?;
                match again {
                    Some(request) => successful(request.bearer_auth(fresh)).await,
                    None => Err(Trouble::Server { status: StatusCode::UNAUTHORIZED.as_u16(), retry_after: None }),
                }
            }
            other => other,
        }
    }
}

/// How a request is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    WithToken,
    WithoutToken,
}

/// How a transfer's address is written to, where uploads begin at `upload`; `None` for one that is no web address, or is not
/// encrypted although the API is. The access token goes only where it goes anyway, and to Google's other hosts: the address is the
/// key to itself.
fn way_to(upload: &str, address: &str) -> Option<Way> {
    let (there, here) = (url::Url::parse(address).ok()?, url::Url::parse(upload).ok()?);
    let (host, own) = (there.host_str()?, here.host_str()?);
    let is_encrypted = there.scheme() == "https";
    if !is_encrypted && (there.scheme() != "http" || here.scheme() != "http") {
        return None;
    }
    let of_google = |host: &str| host.ends_with(".googleapis.com");
    let is_trusted = there.origin() == here.origin() || (is_encrypted && of_google(host) && of_google(own));
    Some(if is_trusted { Way::WithToken } else { Way::WithoutToken })
}

async fn successful(request: reqwest::RequestBuilder) -> Result<reqwest::Response, Trouble> {
    let response = request.send().await.map_err(Trouble::network)?;
    // A creation that went well in parts may be told as 207 (`google-apis.md` 2.7).
    if response.status().is_success() { Ok(response) } else { Err(sort(response).await) }
}

fn text_of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// A name as long as Google takes it: the stem is cut, the ending stays.
fn fitting(name: &str) -> String {
    let length = name.chars().count();
    if length <= NAME_AT_MOST {
        return name.to_owned();
    }
    let (stem, ending) = match name.rfind('.') {
        Some(at) if name.len() - at <= 16 => name.split_at(at),
        _ => (name, ""),
    };
    let room = NAME_AT_MOST - ending.chars().count();
    stem.chars().take(room).chain(ending.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_keeps_its_ending() {
        let long = format!("{}.jpeg", "ä".repeat(300));
        let cut = fitting(&long);
        assert_eq!(cut.chars().count(), 255);
        assert!(cut.ends_with("ä.jpeg"));
        assert_eq!(fitting("IMG_1.jpg"), "IMG_1.jpg");
        assert_eq!(fitting(&format!("a.{}", "b".repeat(400))).chars().count(), 255);
    }

    #[test]
    fn the_token_goes_to_no_other_host_and_nothing_goes_unencrypted_where_the_api_is_encrypted() {
        let google = |address| way_to("https://photoslibrary.googleapis.com/v1/uploads", address);
        let (with, without) = (Some(Way::WithToken), Some(Way::WithoutToken));
        assert_eq!(google("https://photoslibrary.googleapis.com/v1/uploads?upload_id=1"), with);
        assert_eq!(google("https://uploads.googleapis.com/u?id=1"), with);
        assert_eq!(google("https://uploads.example.org/u?id=1"), without);
        assert_eq!(google("https://googleapis.com.example.org/u"), without);
        for refused in ["http://photoslibrary.googleapis.com/v1/uploads", "file:///etc/passwd", "uploads/1", ""] {
            assert_eq!(google(refused), None, "{refused}");
        }
        let local = |address| way_to("http://127.0.0.1:8080/v1/uploads", address);
        assert_eq!(local("http://127.0.0.1:8080/elsewhere?id=1"), with);
        assert_eq!(local("http://127.0.0.1:9/u"), without);
    }

    #[test]
    fn what_opens_a_transfer_is_in_no_debug_text() {
        assert!(!format!("{:?} {:?}", Transfer("secret".into()), UploadToken("secret".into())).contains("secret"));
    }
}
