//! Signing in: the browser goes to Google's consent page and comes back to this computer, or the person pastes the
//! address it came back to. PKCE S256 and state, always (`google-apis.md` 4.2, 4.3).

use chrono::{DateTime, TimeDelta, Utc};
use oauth2::basic::{
    BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet, ExtraTokenFields,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope, StandardRevocableToken,
    StandardTokenResponse, TokenResponse, TokenUrl,
};
use photokeep_model::{Code, Error, Result};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use url::Url;

use crate::Endpoints;
use crate::client_file::{ClientFile, ClientShape, no_redirect};
use crate::loopback::{self, LoopbackHost, Visits};
use crate::token_store::SignIn;
use crate::trouble::Trouble;

const PREFIX: &str = "https://www.googleapis.com/auth/";

/// What is asked for (design section 11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scopes {
    /// What this client uploaded itself: all that Google gives since 31 March 2025.
    OwnUploads,
    /// The whole library with shared albums: for clients that Google still lets read, and for the demo.
    WholeLibrary,
}

impl Scopes {
    /// Photo scopes by their short names.
    pub fn photo_scopes(self) -> &'static [&'static str] {
        match self {
            Self::OwnUploads => &["photoslibrary.readonly.appcreateddata"],
            Self::WholeLibrary => &["photoslibrary.readonly", "photoslibrary.sharing"],
        }
    }
}

/// Uploading: asked for only by who uploads (design section 11).
const UPLOAD: &str = "photoslibrary.appendonly";

/// Everything that a sign-in asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// What Photokeep may read.
    pub read: Scopes,
    /// Whether it may upload.
    pub upload: bool,
}

impl From<Scopes> for Asked {
    /// To read, and nothing more.
    fn from(read: Scopes) -> Self {
        Self { read, upload: false }
    }
}

impl Asked {
    fn all(self) -> Vec<String> {
        let mut scopes = vec!["openid".to_owned(), "email".to_owned()];
        let photos = self.read.photo_scopes().iter().copied().chain(self.upload.then_some(UPLOAD));
        scopes.extend(photos.map(|name| format!("{PREFIX}{name}")));
        scopes
    }
}

/// Whether these scopes allow uploading.
pub(crate) fn allow_upload(scopes: &[String]) -> bool {
    scopes.iter().any(|scope| matches!(scope.strip_prefix(PREFIX), Some(UPLOAD | "photoslibrary")))
}

/// Fields Google adds to the standard token answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct GoogleFields {
    refresh_token_expires_in: Option<i64>,
}

impl ExtraTokenFields for GoogleFields {}

type GoogleToken = StandardTokenResponse<GoogleFields, BasicTokenType>;
type GoogleClient = oauth2::Client<
    BasicErrorResponse,
    GoogleToken,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

fn oauth_client(endpoints: &Endpoints, client: &ClientFile) -> Result<GoogleClient> {
    let bad = |error: url::ParseError| Error::new(Code::Usage, "An address of the sign-in is not valid.").source(error);
    Ok(oauth2::Client::new(ClientId::new(client.client_id.clone()))
        .set_client_secret(ClientSecret::new(client.client_secret.clone()))
        .set_auth_uri(AuthUrl::new(endpoints.authorize.clone()).map_err(bad)?)
        .set_token_uri(TokenUrl::new(endpoints.token.clone()).map_err(bad)?)
        // Google takes the secret in the body, and refuses desktop clients without it (google-apis.md 4.3).
        .set_auth_type(AuthType::RequestBody))
}

/// A sign-in that waits for the person.
#[derive(Debug)]
pub struct PendingSignIn {
    /// What the browser has to open.
    pub address: Url,
    oauth: GoogleClient,
    client: ClientFile,
    asked: Asked,
    endpoints: Endpoints,
    http: reqwest::Client,
    listener: Option<TcpListener>,
    redirect: RedirectUrl,
    state: CsrfToken,
    verifier: PkceCodeVerifier,
}

impl PendingSignIn {
    /// Prepares a sign-in: listens for the browser where that is possible and makes the address to open.
    ///
    /// # Errors
    /// [`Code::ClientFile`] for a web client without a usable redirect address.
    pub async fn begin(
        http: reqwest::Client,
        endpoints: &Endpoints,
        client: ClientFile,
        asked: impl Into<Asked>,
    ) -> Result<Self> {
        let asked = asked.into();
        let (listener, redirect) = redirect_for(&client).await?;
        let redirect = RedirectUrl::new(redirect)
            .map_err(|error| Error::new(Code::ClientFile, "The redirect address of the client is not valid.").source(error))?;
        let oauth = oauth_client(endpoints, &client)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (address, state) = oauth
            .authorize_url(CsrfToken::new_random)
            .set_redirect_uri(std::borrow::Cow::Borrowed(&redirect))
            .add_scopes(asked.all().into_iter().map(Scope::new))
            .set_pkce_challenge(challenge)
            // Both make sure that a refresh token comes with every sign-in (google-apis.md 4.2).
            .add_extra_param("access_type", "offline")
            .add_extra_param("prompt", "consent")
            .url();
        Ok(Self { address, oauth, client, asked, endpoints: endpoints.clone(), http, listener, redirect, state, verifier })
    }

    /// Whether the browser can come back by itself; else the person has to paste the address.
    pub fn listens(&self) -> bool {
        self.listener.is_some()
    }

    /// Waits until the browser comes back or a pasted address holds the answer, then fetches the tokens.
    /// A wrong paste is reported through `complain` and the waiting goes on.
    ///
    /// # Errors
    /// [`Code::AccessRefused`] when the person refuses or grants too little, network errors, and what Google says
    /// about the client.
    pub async fn finish(mut self, mut pasted: mpsc::Receiver<String>, complain: impl Fn(&str)) -> Result<SignIn> {
        let mut visits = self.listener.take().map(Visits::on);
        let mut may_paste = true;
        let code = loop {
            tokio::select! {
                visit = visit(visits.as_mut()) => {
                    match self.read_answer(&visit.url) {
                        Answer::Code(code) => {
                            visit.answer("200 OK", "Thank you", "Photokeep has Google's answer and shows how it went. You can close this page.").await;
                            break code;
                        }
                        Answer::Refused => {
                            visit.answer("200 OK", "Not signed in", "You did not give access, so Photokeep has not read anything. You can close this page.").await;
                            return Err(refused());
                        }
                        Answer::Failed(word) => {
                            visit.answer("200 OK", "Not signed in", "Google refused the sign-in. Photokeep shows more.").await;
                            return Err(google_refused(&word));
                        }
                        Answer::OtherState => visit.answer("400 Bad Request", "Not this sign-in", "This page belongs to another sign-in. Use the address that Photokeep shows now.").await,
                        Answer::Nothing => visit.answer("404 Not Found", "Nothing here", "Photokeep is waiting for Google's answer.").await,
                    }
                }
                line = pasted.recv(), if may_paste => match line {
                    None => may_paste = false,
                    Some(line) if line.trim().is_empty() => {}
                    Some(line) => match Url::parse(line.trim()).map(|url| self.read_answer(&url)) {
                        Ok(Answer::Code(code)) => break code,
                        Ok(Answer::Refused) => return Err(refused()),
                        Ok(Answer::Failed(word)) => return Err(google_refused(&word)),
                        Ok(Answer::OtherState) => complain("That address belongs to another sign-in. Paste the one from this sign-in."),
                        Ok(Answer::Nothing) | Err(_) => complain("That is not the address that the browser ended at. It begins with http:// or https:// and holds `code=`."),
                    },
                },
            }
            if visits.is_none() && !may_paste {
                return Err(Error::new(Code::SignInNeeded, "The sign-in ended before an answer came.")
                    .hint("Run it again and paste the address that the browser ends at."));
            }
        };
        self.exchange(code).await
    }

    fn read_answer(&self, url: &Url) -> Answer {
        let value = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        let (code, error) = (value("code"), value("error"));
        if code.is_none() && error.is_none() {
            return Answer::Nothing;
        }
        if value("state").as_deref() != Some(self.state.secret()) {
            return Answer::OtherState;
        }
        match (code, error) {
            (_, Some(word)) if word == "access_denied" => Answer::Refused,
            (_, Some(word)) => Answer::Failed(word),
            (Some(code), None) => Answer::Code(code),
            (None, None) => Answer::Nothing,
        }
    }

    async fn exchange(self, code: String) -> Result<SignIn> {
        let http = self.http.clone();
        let token = self
            .oauth
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(self.verifier)
            .set_redirect_uri(std::borrow::Cow::Owned(self.redirect))
            .request_async(&|request| send(http.clone(), request))
            .await
            .map_err(|error| token_trouble(error).into_error())?;
        let granted: Vec<String> = match token.scopes() {
            Some(scopes) => scopes.iter().flat_map(|scope| scope.split(' ')).map(str::to_owned).collect(),
            None => self.asked.all(),
        };
        let wanted = self.asked.read.photo_scopes();
        let missing: Vec<&str> =
            wanted.iter().copied().filter(|name| !granted.iter().any(|scope| scope.strip_prefix(PREFIX) == Some(name))).collect();
        if missing.first() == wanted.first() {
            return Err(Error::new(Code::AccessRefused, "The sign-in worked, but the box that lets Photokeep see your photos was not ticked, or Google does not grant it to this client.")
                .hint("Sign in again and tick every box. Since 31 March 2025 Google grants whole libraries to no new client; Google Takeout is the way for those.")
                .detail("not granted", missing.join(" ")));
        }
        let refresh_token = token.refresh_token().ok_or_else(|| {
            Error::new(Code::SignInNeeded, "Google sent no lasting sign-in.")
                .hint("Remove Photokeep under \"Third-party access\" of your Google account and sign in again.")
        })?;
        let now = Utc::now();
        let access_token = token.access_token().secret().clone();
        let account = account(&self.http, &self.endpoints, &access_token).await;
        Ok(SignIn {
            client: self.client,
            scopes: granted,
            asked: self.asked.read,
            account,
            signed_in_at: now,
            refresh_token: refresh_token.secret().clone(),
            refresh_expires_at: token.extra_fields().refresh_token_expires_in.map(|seconds| now + TimeDelta::seconds(seconds)),
            access_token,
            access_expires_at: expiry(&token, now),
        })
    }
}

/// Waits for a visit; for ever when nobody listens.
async fn visit(visits: Option<&mut Visits>) -> loopback::Visit {
    match visits {
        Some(visits) => visits.next().await,
        None => std::future::pending().await,
    }
}

enum Answer {
    Code(String),
    Refused,
    Failed(String),
    OtherState,
    Nothing,
}

/// Where the browser comes back to. `installed`: any free port on 127.0.0.1, no path. `web`: its registered address if it
/// is on loopback and can be listened on, else nobody listens and the person pastes (design section 11).
async fn redirect_for(client: &ClientFile) -> Result<(Option<TcpListener>, String)> {
    match client.shape {
        ClientShape::Installed => {
            let listener = loopback::listen(LoopbackHost::V4, 0)
                .await
                .map_err(|error| Error::new(Code::Internal, "No port of this computer is free for the sign-in.").source(error))?;
            let port = listener.local_addr().map(|address| address.port()).unwrap_or_default();
            Ok((Some(listener), format!("http://127.0.0.1:{port}")))
        }
        ClientShape::Web => {
            if let Some((address, url, host)) = client.loopback_redirect() {
                let listener = loopback::listen(host, url.port_or_known_default().unwrap_or(80)).await.ok();
                return Ok((listener, address.to_owned()));
            }
            match client.redirect_uris.first() {
                Some(address) => Ok((None, address.clone())),
                None => Err(no_redirect()),
            }
        }
    }
}

/// Renews the access token. Returns the sign-in with its new token.
///
/// # Errors
/// [`Trouble::Decided`] with [`Code::SignInNeeded`] when Google no longer accepts the refresh token.
pub(crate) async fn refresh(
    http: &reqwest::Client,
    endpoints: &Endpoints,
    sign_in: &SignIn,
) -> std::result::Result<SignIn, Trouble> {
    let oauth = oauth_client(endpoints, &sign_in.client).map_err(Trouble::Decided)?;
    let token = oauth
        .exchange_refresh_token(&RefreshToken::new(sign_in.refresh_token.clone()))
        .request_async(&|request| send(http.clone(), request))
        .await
        .map_err(token_trouble)?;
    let mut fresh = sign_in.clone();
    fresh.access_token = token.access_token().secret().clone();
    fresh.access_expires_at = expiry(&token, Utc::now());
    if let Some(refresh_token) = token.refresh_token() {
        fresh.refresh_token = refresh_token.secret().clone();
    }
    if let Some(scopes) = token.scopes() {
        fresh.scopes = scopes.iter().flat_map(|scope| scope.split(' ')).map(str::to_owned).collect();
    }
    Ok(fresh)
}

/// Tells Google to forget a sign-in. The token rides in the body, never in the address.
///
/// # Errors
/// When Google cannot be reached or does not accept it; the caller forgets the sign-in anyway.
pub(crate) async fn revoke(http: &reqwest::Client, endpoints: &Endpoints, sign_in: &SignIn) -> std::result::Result<(), Trouble> {
    let response =
        http.post(&endpoints.revoke).form(&[("token", sign_in.refresh_token.as_str())]).send().await.map_err(Trouble::network)?;
    if response.status().is_success() {
        Ok(())
    } else {
        Err(Trouble::BadRequest { status: response.status().as_u16(), says_gone: false })
    }
}

fn expiry(token: &GoogleToken, now: DateTime<Utc>) -> DateTime<Utc> {
    let lifetime = token.expires_in().and_then(|duration| TimeDelta::from_std(duration).ok());
    // 3599 s is what Google sends (google-apis.md 4.3).
    now + lifetime.unwrap_or(TimeDelta::seconds(3599))
}

/// Who signed in; only for people to look at, so failing to learn it is no error.
async fn account(http: &reqwest::Client, endpoints: &Endpoints, access_token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct UserInfo {
        email: Option<String>,
    }
    let response = http.get(&endpoints.userinfo).bearer_auth(access_token).send().await.ok()?;
    let bytes = response.bytes().await.ok()?;
    serde_json::from_slice::<UserInfo>(&bytes).ok()?.email
}

#[derive(Debug, thiserror::Error)]
enum Transport {
    #[error("the connection failed")]
    Network(#[source] reqwest::Error),
    #[error("the answer could not be taken apart")]
    Shape(#[from] oauth2::http::Error),
    #[error("status {0}")]
    Status(u16),
}

/// Carries oauth2's requests with our HTTP client.
async fn send(http: reqwest::Client, request: oauth2::HttpRequest) -> std::result::Result<oauth2::HttpResponse, Transport> {
    let (parts, body) = request.into_parts();
    let answer = http
        .request(parts.method, parts.uri.to_string())
        .headers(parts.headers)
        .body(body)
        .send()
        .await
        .map_err(|error| Transport::Network(error.without_url()))?;
    if answer.status().is_server_error() || answer.status().as_u16() == 429 {
        return Err(Transport::Status(answer.status().as_u16()));
    }
    let mut response = oauth2::http::Response::builder().status(answer.status());
    if let Some(headers) = response.headers_mut() {
        *headers = answer.headers().clone();
    }
    let bytes = answer.bytes().await.map_err(|error| Transport::Network(error.without_url()))?;
    Ok(response.body(bytes.to_vec())?)
}

fn token_trouble(error: RequestTokenError<Transport, BasicErrorResponse>) -> Trouble {
    match error {
        RequestTokenError::ServerResponse(answer) => match answer.error() {
            BasicErrorResponseType::InvalidGrant => Trouble::Decided(crate::trouble::sign_in_again()),
            BasicErrorResponseType::InvalidClient | BasicErrorResponseType::UnauthorizedClient => Trouble::Decided(
                Error::new(Code::ClientFile, "Google does not know this client, or its secret is not the right one. It may have been deleted; Google deletes clients that are unused for six months.")
                    .hint("Download the client file again from the Google Cloud console and sign in with it."),
            ),
            other => Trouble::Decided(google_refused(other.as_ref())),
        },
        RequestTokenError::Request(Transport::Network(error)) => Trouble::network(error),
        RequestTokenError::Request(Transport::Status(429)) => Trouble::Quota { quota: crate::Quota::Short, retry_after: None },
        RequestTokenError::Request(Transport::Status(status)) => Trouble::Server { status, retry_after: None },
        RequestTokenError::Request(Transport::Shape(_)) | RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Trouble::NotGoogle,
    }
}

fn refused() -> Error {
    Error::new(Code::AccessRefused, "You did not give access, so Photokeep has not read anything.")
        .hint("Sign in again and choose \"Allow\" if you want Photokeep to keep your photos.")
}

fn google_refused(word: &str) -> Error {
    // The word is Google's, from a closed list; anything else is left out.
    let known = word.chars().all(|character| character.is_ascii_lowercase() || character == '_') && word.len() <= 40;
    let error = Error::new(Code::AccessRefused, "Google refused the sign-in.")
        .hint("Check in the Google Cloud console that the Photos Library API is enabled and that your account is among the test users, or that the app is published.");
    if known { error.detail("google says", word) } else { error }
}
