//! Who may come in: whoever brings the one-time code that was printed, or the password, gets a cookie that scripts cannot read.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use photokeep_app::model::{Code, Error, Result};
use serde::Deserialize;

use super::Serving;

/// The cookie's name, before the port: browsers keep one set of cookies for all ports of a computer, and two servers must not
/// take each other's.
const COOKIE: &str = "photokeep-";

/// Between two wrong answers, for everybody together: guessing must not pay.
const AFTER_WRONG: Duration = Duration::from_secs(1);

/// Shorter passwords are refused.
const SHORTEST_PASSWORD: usize = 12;

/// Browsers that may stay in at the same time; the oldest has to leave.
const VISITORS: usize = 64;

/// Codes, password and cookies. Only hashes are kept, and hashes are compared in constant time.
pub(super) struct Entrance {
    cookie: String,
    password: Option<blake3::Hash>,
    held: Mutex<Held>,
    one_at_a_time: tokio::sync::Mutex<()>,
}

struct Held {
    code: Option<blake3::Hash>,
    visitors: Vec<blake3::Hash>,
}

/// Reads the password's file.
pub(super) fn read_password(file: &Path) -> Result<String> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Error::new(Code::Usage, "The password file cannot be read.").source(error))?;
    let password = text.trim_end_matches(['\r', '\n']).to_owned();
    if password.chars().count() < SHORTEST_PASSWORD {
        return Err(Error::new(Code::Usage, format!("The password is shorter than {SHORTEST_PASSWORD} characters.")));
    }
    Ok(password)
}

impl Entrance {
    /// A closed door of the server on `port`, and the code that opens it once.
    pub(super) fn new(port: u16, password: Option<String>) -> Result<(Self, String)> {
        let code = random_text()?;
        let held = Held { code: Some(blake3::hash(code.as_bytes())), visitors: Vec::new() };
        let password = password.map(|password| blake3::hash(password.as_bytes()));
        let cookie = format!("{COOKIE}{port}");
        Ok((Self { cookie, password, held: Mutex::new(held), one_at_a_time: tokio::sync::Mutex::new(()) }, code))
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new cookie for whoever brings the right thing.
    fn admit(&self, ticket: &Ticket) -> Option<Result<String>> {
        let mut held = self.held();
        let by_code = |code: &String| held.code == Some(blake3::hash(code.as_bytes()));
        let by_password = |password: &String| self.password == Some(blake3::hash(password.as_bytes()));
        if ticket.code.as_ref().is_some_and(by_code) {
            held.code = None;
        } else if !ticket.password.as_ref().is_some_and(by_password) {
            return None;
        }
        Some(random_text().inspect(|cookie| {
            if held.visitors.len() >= VISITORS {
                held.visitors.remove(0);
            }
            held.visitors.push(blake3::hash(cookie.as_bytes()));
        }))
    }

    fn knows(&self, headers: &HeaderMap) -> bool {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut values = cookies.flat_map(|line| line.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
        let held = self.held();
        values.any(|(name, value)| name == self.cookie && held.visitors.contains(&blake3::hash(value.as_bytes())))
    }
}

/// 256 bits that nobody can guess, as text for an address or a cookie.
fn random_text() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::new(Code::Internal, "This system gives no random numbers.").detail("cause", error))?;
    Ok(blake3::Hash::from_bytes(bytes).to_hex().to_string())
}

/// What a visitor brings.
#[derive(Deserialize)]
pub(super) struct Ticket {
    code: Option<String>,
    password: Option<String>,
}

/// Exchanges a ticket for a cookie.
pub(super) async fn enter(State(serving): State<Arc<Serving>>, Json(ticket): Json<Ticket>) -> Response {
    let _queue = serving.entrance.one_at_a_time.lock().await;
    match serving.entrance.admit(&ticket) {
        Some(Ok(cookie)) => {
            let name = &serving.entrance.cookie;
            let cookie = format!("{name}={cookie}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000");
            (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response()
        }
        Some(Err(_)) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        None => {
            tokio::time::sleep(AFTER_WRONG).await;
            StatusCode::FORBIDDEN.into_response()
        }
    }
}

/// Says what a visitor has to bring, and whether they are in already.
pub(super) async fn how_to_enter(State(serving): State<Arc<Serving>>, headers: HeaderMap) -> Json<serde_json::Value> {
    Json(serde_json::json!({
        "inside": serving.entrance.knows(&headers),
        "password": serving.entrance.password.is_some(),
    }))
}

/// Lets only those pass who have a cookie.
pub(super) async fn only_with_cookie(State(serving): State<Arc<Serving>>, request: Request, next: Next) -> Response {
    if serving.entrance.knows(request.headers()) { next.run(request).await } else { StatusCode::UNAUTHORIZED.into_response() }
}
