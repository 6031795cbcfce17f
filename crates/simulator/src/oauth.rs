//! Sign-in as Google does it for installed and web clients (`google-apis.md` 4): consent page, code, tokens, userinfo.
//!
//! This file speaks HTTP; what was granted is in `tokens`. Errors that Google shows only in the browser (4.2) are pages
//! here too and never reach the client's redirect address.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use url::Url;

use crate::broken_body::break_body;
use crate::config::{ClientKind, Endpoints};
use crate::faults::{Fault, Fired, Place, Subject};
use crate::lock::locked;
use crate::tokens::{Challenge, CodeTerms, GrantError, Issued, Lifetimes, Scopes};
use crate::violations::ViolationKind;
use crate::wire::{ApiError, Reply, error_page, escape_html, html, json_reply, redirect};
use crate::world::{Visit, World, parameters};

/// The client that the simulator knows.
const CLIENT_ID: &str = "123456789012-photokeepsimulator.apps.googleusercontent.com";
const CLIENT_SECRET: &str = "GOCSPX-simulated-client-secret";
/// The account's number.
const SUBJECT: &str = "100000000000000000001";

/// The `client_secret.json` of the simulated client (4.6).
pub(crate) fn client_file(kind: &ClientKind, endpoints: &Endpoints) -> String {
    let (key, redirect_uris) = match kind {
        ClientKind::Installed => ("installed", vec!["http://localhost".to_owned()]),
        ClientKind::Web { redirect_uris } => ("web", redirect_uris.clone()),
    };
    json!({ key: {
        "client_id": CLIENT_ID,
        "project_id": "photokeep-simulator",
        "auth_uri": endpoints.authorize,
        "token_uri": endpoints.token,
        "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
        "client_secret": CLIENT_SECRET,
        "redirect_uris": redirect_uris,
    }})
    .to_string()
}

/// A valid authorization request.
struct Ask {
    redirect_uri: Url,
    /// As it was written: the token request must repeat it exactly.
    redirect_text: String,
    scopes: Scopes,
    state: Option<String>,
    challenge: Option<Challenge>,
}

/// An error that only the person in front of the browser sees.
struct ShownError {
    code: &'static str,
    text: String,
}

impl ShownError {
    fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }

    fn reply(&self) -> Reply {
        let text = escape_html(&self.text);
        let body = format!(
            "<!DOCTYPE html>\n<html lang=en><meta charset=utf-8><title>Access blocked</title>\n<h1>Access blocked</h1>\n\
             <p>{text}</p>\n<p>Error 400: <code>{}</code></p>\n",
            self.code
        );
        html(StatusCode::BAD_REQUEST, body)
    }
}

fn read_ask(world: &World, query: &str) -> Result<Ask, ShownError> {
    let invalid = |text: &str| ShownError::new("invalid_request", text);
    let parameters = parameters(query.as_bytes());
    let get = |name: &str| parameters.get(name).map(String::as_str).filter(|value| !value.is_empty());
    match get("client_id") {
        None => return Err(invalid("Missing required parameter: client_id")),
        Some(CLIENT_ID) => {}
        Some(_) => return Err(ShownError::new("invalid_client", "The OAuth client was not found.")),
    }
    let redirect_text = get("redirect_uri").ok_or_else(|| invalid("Missing required parameter: redirect_uri"))?;
    let redirect_uri = Url::parse(redirect_text).map_err(|_| invalid("Invalid redirect_uri"))?;
    let allowed = match &world.config.client {
        ClientKind::Installed => is_loopback(&redirect_uri),
        ClientKind::Web { redirect_uris } => redirect_uris.iter().any(|known| known == redirect_text),
    };
    if !allowed {
        return Err(ShownError::new("redirect_uri_mismatch", "The redirect URI is not registered for this client."));
    }
    if get("response_type") != Some("code") {
        return Err(invalid("Missing or unsupported parameter: response_type"));
    }
    let scopes = Scopes::parse(get("scope").ok_or_else(|| invalid("Missing required parameter: scope"))?);
    if let Some(unknown) = scopes.unknown() {
        return Err(ShownError::new("invalid_scope", format!("Some requested scopes were invalid: {unknown}")));
    }
    let challenge = match get("code_challenge") {
        None => None,
        Some(value) => {
            let sha256 = match get("code_challenge_method") {
                None | Some("plain") => false,
                Some("S256") => true,
                Some(_) => return Err(invalid("Invalid code_challenge_method")),
            };
            // Verifier and challenge have the same alphabet; a SHA-256 in base64 has 43 characters.
            let length_fits = if sha256 { value.len() == 43 } else { (43..=128).contains(&value.len()) };
            if !length_fits || !value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)) {
                return Err(invalid("Invalid code_challenge"));
            }
            Some(Challenge { value: value.to_owned(), sha256 })
        }
    };
    let ask =
        Ask { redirect_uri, redirect_text: redirect_text.to_owned(), scopes, state: get("state").map(str::to_owned), challenge };
    Ok(ask)
}

fn is_loopback(uri: &Url) -> bool {
    uri.scheme() == "http"
        && matches!(uri.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"))
        && uri.username().is_empty()
        && uri.fragment().is_none()
}

/// The consent page.
pub(crate) fn consent_page(world: &World, query: &str) -> Reply {
    let ask = match read_ask(world, query) {
        Ok(ask) => ask,
        Err(error) => return error.reply(),
    };
    let now = world.clock.now();
    if ask.challenge.is_none() {
        world.violations.add(ViolationKind::NoPkce, now, "authorization request");
    }
    if ask.state.is_none() {
        world.violations.add(ViolationKind::NoState, now, "authorization request");
    }
    let email = escape_html(&world.config.email);
    let boxes: String = ask
        .scopes
        .iter()
        .enumerate()
        .map(|(index, scope)| {
            let scope = escape_html(scope);
            format!(
                "<p><input type=checkbox id=scope{index} name=scope value=\"{scope}\" checked> \
                 <label for=scope{index}>{scope}</label></p>\n"
            )
        })
        .collect();
    html(
        StatusCode::OK,
        format!(
            "<!DOCTYPE html>\n<html lang=en><meta charset=utf-8><title>Sign in - simulated Google Accounts</title>\n\
             <h1>Photokeep wants access to your simulated Google Account</h1>\n<p>{email}</p>\n\
             <form method=post>\n<input type=hidden name=granular value=1>\n{boxes}\
             <button name=decision value=allow id=allow>Allow</button>\n\
             <button name=decision value=refuse id=refuse>Refuse</button>\n</form>\n"
        ),
    )
}

/// The decision on the consent page. Without the hidden field `granular` (a headless client), all scopes are granted.
pub(crate) fn decide(world: &World, query: &str, form: &[u8]) -> Reply {
    let mut ticked = Vec::new();
    let (mut granular, mut allowed) = (false, false);
    for (key, value) in url::form_urlencoded::parse(form) {
        match &*key {
            "scope" => ticked.push(value.into_owned()),
            "granular" => granular = true,
            "decision" => allowed = value == "allow",
            _ => {}
        }
    }
    let choice = match (allowed, granular || !ticked.is_empty()) {
        (false, _) => Choice::Refuse,
        (true, true) => Choice::Some(ticked),
        (true, false) => Choice::All,
    };
    match redirect_for(world, query, choice) {
        Ok(location) => redirect(StatusCode::FOUND, &location),
        Err(error) => error.reply(),
    }
}

/// What the person clicks.
pub(crate) enum Choice {
    All,
    Some(Vec<String>),
    Refuse,
}

/// The address the browser goes to after `choice`; an error text if Google would show an error page instead.
pub(crate) fn click(world: &World, authorize_url: &str, choice: Choice) -> Result<String, String> {
    let url = Url::parse(authorize_url).map_err(|error| error.to_string())?;
    redirect_for(world, url.query().unwrap_or_default(), choice).map_err(|error| format!("{}: {}", error.code, error.text))
}

fn redirect_for(world: &World, query: &str, choice: Choice) -> Result<String, ShownError> {
    let ask = read_ask(world, query)?;
    let scopes = match choice {
        Choice::All => ask.scopes.clone(),
        Choice::Some(names) => ask.scopes.only(&names),
        Choice::Refuse => Scopes::default(),
    };
    let mut location = ask.redirect_uri;
    {
        let mut pairs = location.query_pairs_mut();
        if let Some(state) = &ask.state {
            pairs.append_pair("state", state);
        }
        if scopes.is_empty() {
            pairs.append_pair("error", "access_denied");
        } else {
            let terms = CodeTerms { redirect_uri: ask.redirect_text, challenge: ask.challenge, scopes: scopes.clone() };
            pairs.append_pair("code", &locked(&world.tokens).new_code(terms, world.clock.now_ms()));
            pairs.append_pair("scope", &scopes.text());
        }
    }
    Ok(location.into())
}

fn token_error(status: StatusCode, error: &str, description: &str) -> Reply {
    let mut reply = json_reply(status, &json!({ "error": error, "error_description": description }));
    reply.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

fn lifetimes(world: &World) -> Lifetimes {
    let ms = |life: std::time::Duration| i64::try_from(life.as_millis()).unwrap_or(i64::MAX / 4);
    Lifetimes { access_ms: ms(world.config.token_lifetime), refresh_ms: world.config.refresh_token_lifetime.map(ms) }
}

/// `POST /token`: code exchange and refresh (4.3, 4.4).
pub(crate) fn token(world: &World, visit: &Visit, headers: &HeaderMap, form: &[u8]) -> Reply {
    world.counts.count(Place::Token);
    let fields = parameters(form);
    let get = |name: &str| fields.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let grant_type = get("grant_type").unwrap_or_default();
    let now = world.clock.now();
    let target = || format!("token {grant_type}");
    world.violations.asked(target, now);
    let refreshes = grant_type == "refresh_token";
    let fired = world.faults.strike(Subject { place: Place::Token, ids: &[], filename: None, continues: refreshes });
    if let Some(refusal) = fired.and_then(refusal) {
        if let Some(wait) = world.wait_after(refusal.status(), fired) {
            world.violations.refused(target(), now, wait);
        }
        return refusal;
    }
    let answer = grant(world, headers, &get, grant_type, fired.map(|fired| fired.what));
    match fired {
        Some(fired) if answer.status().is_success() => break_body(answer, fired, &visit.fuse),
        _ => answer,
    }
}

/// The whole answer of faults that replace it.
fn refusal(fired: Fired) -> Option<Reply> {
    let server = |status| Some(ApiError::server(status).with_retry_after(fired.retry_after).reply());
    match fired.what {
        Fault::QuotaMinute | Fault::QuotaDay => Some(ApiError::quota(fired.what == Fault::QuotaDay, fired.retry_after).reply()),
        Fault::Internal => server(StatusCode::INTERNAL_SERVER_ERROR),
        Fault::BadGateway => server(StatusCode::BAD_GATEWAY),
        Fault::Unavailable => server(StatusCode::SERVICE_UNAVAILABLE),
        Fault::Html200 => Some(html(StatusCode::OK, error_page(200))),
        _ => None,
    }
}

fn grant<'a>(
    world: &World,
    headers: &'a HeaderMap,
    get: &impl Fn(&str) -> Option<&'a str>,
    grant_type: &str,
    fault: Option<Fault>,
) -> Reply {
    if let Some(refusal) = check_client(headers, get) {
        return refusal;
    }
    let invalid = |description: &str| token_error(StatusCode::BAD_REQUEST, "invalid_request", description);
    let now_ms = world.clock.now_ms();
    let result = match grant_type {
        "authorization_code" => {
            let Some(code) = get("code") else { return invalid("Missing required parameter: code") };
            let Some(redirect_uri) = get("redirect_uri") else { return invalid("Missing required parameter: redirect_uri") };
            locked(&world.tokens).exchange(code, redirect_uri, get("code_verifier"), now_ms, lifetimes(world))
        }
        "refresh_token" => {
            let Some(token) = get("refresh_token") else { return invalid("Missing required parameter: refresh_token") };
            let mut tokens = locked(&world.tokens);
            if fault == Some(Fault::RefreshRefused) {
                tokens.kill_refresh_token(token);
            }
            tokens.refresh(token, now_ms, lifetimes(world))
        }
        "" => return invalid("Missing required parameter: grant_type"),
        _ => return token_error(StatusCode::BAD_REQUEST, "unsupported_grant_type", "Invalid grant_type"),
    };
    match result {
        Ok(issued) => {
            let mut reply = json_reply(StatusCode::OK, &token_json(world, &issued));
            reply.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            reply
        }
        Err(GrantError::RedirectDiffers) => token_error(StatusCode::BAD_REQUEST, "redirect_uri_mismatch", "Bad Request"),
        Err(error) => token_error(
            StatusCode::BAD_REQUEST,
            "invalid_grant",
            match error {
                GrantError::NoVerifier => "Missing code verifier",
                GrantError::WrongVerifier => "Invalid code verifier.",
                GrantError::DeadRefreshToken => "Token has been expired or revoked.",
                GrantError::BadCode | GrantError::RedirectDiffers => "Malformed auth code.",
            },
        ),
    }
}

/// The client's id and secret, from the form or from Basic authentication. An answer means refused.
fn check_client<'a>(headers: &'a HeaderMap, get: &impl Fn(&str) -> Option<&'a str>) -> Option<Reply> {
    let basic = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Basic "))
        .and_then(|encoded| String::from_utf8(STANDARD.decode(encoded).ok()?).ok())
        .and_then(|pair| pair.split_once(':').map(|(id, secret)| (decoded(id), decoded(secret))));
    let (id, secret) = match &basic {
        Some((id, secret)) => (Some(id.as_str()), Some(secret.as_str())),
        None => (get("client_id"), get("client_secret")),
    };
    match (id, secret) {
        (None, _) => Some(token_error(StatusCode::BAD_REQUEST, "invalid_request", "Could not determine client ID from request.")),
        (Some(CLIENT_ID), Some(CLIENT_SECRET)) => None,
        (Some(CLIENT_ID), None) => Some(token_error(StatusCode::BAD_REQUEST, "invalid_request", "client_secret is missing.")),
        (Some(CLIENT_ID), Some(_)) => Some(token_error(StatusCode::UNAUTHORIZED, "invalid_client", "Unauthorized")),
        (Some(_), _) => Some(token_error(StatusCode::UNAUTHORIZED, "invalid_client", "The OAuth client was not found.")),
    }
}

/// Basic authentication of OAuth is form-encoded inside (RFC 6749, 2.3.1).
fn decoded(text: &str) -> String {
    let pair = format!("x={text}");
    url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// The token response (4.3).
pub(crate) fn token_json(world: &World, issued: &Issued) -> Value {
    let mut body = json!({
        "access_token": issued.access,
        "expires_in": world.config.token_lifetime.as_secs(),
        "scope": issued.scopes.text(),
        "token_type": "Bearer",
    });
    if let Some(refresh) = &issued.refresh {
        body["refresh_token"] = json!(refresh);
        if let Some(life) = world.config.refresh_token_lifetime {
            body["refresh_token_expires_in"] = json!(life.as_secs().saturating_sub(1));
        }
    }
    if ["openid", "email", "profile", "userinfo.email"].iter().any(|scope| issued.scopes.has(scope)) {
        body["id_token"] = json!(id_token(world, &issued.scopes));
    }
    body
}

/// An id token with an empty signature: its claims are what Photokeep reads.
fn id_token(world: &World, scopes: &Scopes) -> String {
    let now = world.clock.now().timestamp();
    let mut claims = json!({
        "iss": "https://accounts.google.com", "aud": CLIENT_ID, "azp": CLIENT_ID, "sub": SUBJECT, "iat": now, "exp": now + 3600,
    });
    if shows_email(scopes) {
        claims["email"] = json!(world.config.email);
        claims["email_verified"] = json!(true);
    }
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", encode(&json!({ "alg": "none", "typ": "JWT" })), encode(&claims))
}

fn shows_email(scopes: &Scopes) -> bool {
    scopes.has("email") || scopes.has("userinfo.email")
}

/// Issues tokens without a browser.
pub(crate) fn issue(world: &World, scopes: Scopes) -> Issued {
    locked(&world.tokens).grant(scopes, world.clock.now_ms(), lifetimes(world))
}

/// `POST /revoke` with `token` in the form or the query.
pub(crate) fn revoke(world: &World, query: &str, form: &[u8]) -> Reply {
    let fields = parameters(form);
    let from_query = parameters(query.as_bytes());
    let Some(token) = fields.get("token").or_else(|| from_query.get("token")) else {
        return token_error(StatusCode::BAD_REQUEST, "invalid_request", "Missing required parameter: token");
    };
    if locked(&world.tokens).revoke(token) {
        json_reply(StatusCode::OK, &json!({}))
    } else {
        token_error(StatusCode::BAD_REQUEST, "invalid_token", "Token expired or revoked")
    }
}

/// Userinfo: the OpenID form (`sub`) or the older one (`id`).
pub(crate) fn userinfo(world: &World, scopes: &Scopes, openid: bool) -> Reply {
    if !["openid", "email", "profile", "userinfo.email", "userinfo.profile"].iter().any(|scope| scopes.has(scope)) {
        return ApiError::unauthenticated().reply();
    }
    let mut body = if openid { json!({ "sub": SUBJECT }) } else { json!({ "id": SUBJECT }) };
    if shows_email(scopes) {
        body["email"] = json!(world.config.email);
        body[if openid { "email_verified" } else { "verified_email" }] = json!(true);
    }
    if scopes.has("profile") || scopes.has("userinfo.profile") {
        body["name"] = json!("Simulated Person");
    }
    json_reply(StatusCode::OK, &body)
}

/// `/.well-known/openid-configuration`, which some clients read to find the rest.
pub(crate) fn openid_configuration(world: &World) -> Reply {
    let at = &world.endpoints;
    json_reply(
        StatusCode::OK,
        &json!({
            "issuer": "https://accounts.google.com",
            "authorization_endpoint": at.authorize,
            "token_endpoint": at.token,
            "revocation_endpoint": at.revoke,
            "userinfo_endpoint": at.userinfo,
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["plain", "S256"],
        }),
    )
}
