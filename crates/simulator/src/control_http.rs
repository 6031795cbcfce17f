//! `Control` over HTTP, for tests in other languages and other processes: everything below `/control`.
//!
//! | request | what it does |
//! |---|---|
//! | `GET /control/violations`, `DELETE` | what the client did wrong; forget it |
//! | `GET /control/stats` | request counts, number of violations, the clock |
//! | `POST /control/faults` rule or list of rules, `GET`, `DELETE` | trouble |
//! | `POST /control/library` edit or list of edits, `GET` | the account |
//! | `POST /control/clock` `{"advance_seconds":n}` | time |
//! | `POST /control/token` `{"scopes":[…]}` | tokens without a browser |
//! | `POST /control/approve` `{"url":…, "scopes":[…], "refuse":bool}` | a click on the consent page |
//! | `POST /control/reject-tokens` | all access tokens become worthless |
//! | `GET /control/media-urls` | fresh addresses of everything |

use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::control::Control;
use crate::faults::FaultRule;
use crate::library_edit::LibraryEdit;
use crate::oauth::Choice;
use crate::wire::{Reply, json_reply};

/// In front of all these addresses.
pub(crate) const CONTROL_PATH: &str = "/control";

/// One thing or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    Many(Vec<T>),
    One(T),
}

impl<T> OneOrMany<T> {
    fn list(self) -> Vec<T> {
        match self {
            Self::Many(list) => list,
            Self::One(one) => vec![one],
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockBody {
    advance_seconds: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenBody {
    scopes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApproveBody {
    url: String,
    scopes: Option<Vec<String>>,
    #[serde(default)]
    refuse: bool,
}

#[derive(Serialize)]
struct FaultState {
    rule: FaultRule,
    struck: u64,
}

/// Answers a request whose path below `/control/` is `path`.
pub(crate) fn answer(control: &Control, method: &Method, path: &str, body: &[u8]) -> Reply {
    match run(control, method, path, body) {
        Ok(value) => json_reply(StatusCode::OK, &value),
        Err((status, message)) => json_reply(status, &json!({ "error": message })),
    }
}

type Failure = (StatusCode, String);

fn bad(error: impl ToString) -> Failure {
    (StatusCode::BAD_REQUEST, error.to_string())
}

fn run(control: &Control, method: &Method, path: &str, body: &[u8]) -> Result<Value, Failure> {
    match (method.as_str(), path) {
        ("GET", "violations") => serde_json::to_value(control.violations()).map_err(bad),
        ("DELETE", "violations") => {
            control.clear_violations();
            Ok(json!({}))
        }
        ("GET", "stats") => {
            let counts = control.counts();
            Ok(json!({
                "requests": counts,
                "api_requests": counts.api(),
                "violations": control.violation_count(),
                "now": control.clock().now(),
            }))
        }
        ("GET", "faults") => {
            let rules: Vec<FaultState> = control.faults().into_iter().map(|(rule, struck)| FaultState { rule, struck }).collect();
            serde_json::to_value(rules).map_err(bad)
        }
        ("POST", "faults") => {
            let rules: OneOrMany<FaultRule> = serde_json::from_slice(body).map_err(bad)?;
            rules.list().into_iter().for_each(|rule| control.add_fault(rule));
            Ok(json!({}))
        }
        ("DELETE", "faults") => {
            control.clear_faults();
            Ok(json!({}))
        }
        ("GET", "library") => Ok(library(control)),
        ("POST", "library") => {
            let edits: OneOrMany<LibraryEdit> = serde_json::from_slice(body).map_err(bad)?;
            edits.list().into_iter().try_for_each(|edit| control.edit(edit)).map_err(bad)?;
            Ok(json!({}))
        }
        ("POST", "clock") => {
            let body: ClockBody = serde_json::from_slice(body).map_err(bad)?;
            control.advance(Duration::try_from_secs_f64(body.advance_seconds).map_err(bad)?);
            Ok(json!({ "now": control.clock().now() }))
        }
        ("POST", "token") => {
            let body: TokenBody = serde_json::from_slice(body).map_err(bad)?;
            let scopes: Vec<&str> = body.scopes.iter().map(String::as_str).collect();
            serde_json::to_value(control.issue_token(&scopes)).map_err(bad)
        }
        ("POST", "approve") => {
            let body: ApproveBody = serde_json::from_slice(body).map_err(bad)?;
            let choice = match body.scopes {
                _ if body.refuse => Choice::Refuse,
                Some(scopes) => Choice::Some(scopes),
                None => Choice::All,
            };
            control.click(&body.url, choice).map(|redirect| json!({ "redirect": redirect })).map_err(bad)
        }
        ("POST", "reject-tokens") => {
            control.reject_access_tokens();
            Ok(json!({}))
        }
        ("GET", "media-urls") => serde_json::to_value(control.media_urls()).map_err(bad),
        _ => Err((StatusCode::NOT_FOUND, "no such control address".to_owned())),
    }
}

/// What tests look up: ids, names and dates of items, ids and members of albums.
fn library(control: &Control) -> Value {
    let library = control.library();
    let items: Vec<Value> = library
        .items
        .iter()
        .map(|item| {
            json!({
                "id": item.id, "filename": item.filename, "creation_time": item.creation_time,
                "mime_type": item.mime_type, "description": item.description, "video": item.video.is_some(),
                "archived": item.archived, "favorite": item.favorite, "in_library": item.in_library,
                "app_created": item.app_created,
            })
        })
        .collect();
    let albums: Vec<Value> = library
        .albums
        .iter()
        .map(|album| {
            json!({ "id": album.id, "title": album.title, "items": album.items, "own": album.own, "shared": album.shared })
        })
        .collect();
    json!({ "items": items, "albums": albums })
}
