//! What can go wrong between Photokeep and Google, as the caller has to tell it apart to do the right thing.
//!
//! Decided by HTTP status, `error.status` and body type only. The one exception is the daily quota: only the text of a
//! 429 tells it from a limit per minute (`google-apis.md` 2.9), so the *limit name* inside it is read.

use std::time::Duration;

use photokeep_model::{Code, Error};
use serde::Deserialize;
use thiserror::Error as ThisError;

/// Which limit was hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quota {
    /// A limit per minute or an unnamed one.
    Short,
    /// The quota of the day; it is renewed at midnight Pacific time.
    Daily,
}

/// A request that did not go well.
#[derive(Debug, ThisError)]
pub enum Trouble {
    /// 401: the access token is not accepted (any more).
    #[error("Google does not accept the access token")]
    Unauthorized,
    /// 403: not allowed, for lack of scope or because Google does not offer it.
    #[error("Google refuses the request")]
    Forbidden,
    /// 404 or 410.
    #[error("Google does not have it")]
    NotFound,
    /// 400 and other answers that will not change by asking again.
    #[error("Google does not understand the request (status {status})")]
    BadRequest {
        /// HTTP status; [`Trouble::PAGE_GONE`] for a page whose token Google does not take any more, whatever it answered.
        status: u16,
        /// Google itself says that what was asked for does not exist (`google-apis.md` 2.8: INVALID_ARGUMENT for ids that are gone).
        says_gone: bool,
    },
    /// 429.
    #[error("Google asks to slow down")]
    Quota {
        /// Which limit.
        quota: Quota,
        /// How long to wait, when Google says so.
        retry_after: Option<Duration>,
    },
    /// 5xx.
    #[error("Google has a problem of its own (status {status})")]
    Server {
        /// HTTP status.
        status: u16,
        /// How long to wait, when Google says so.
        retry_after: Option<Duration>,
    },
    /// No answer, or one that broke off.
    #[error("the connection failed")]
    Network(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// An answer that is not what this request is answered with: a sign-in page of a hotel network, for example.
    #[error("the answer is not from Google")]
    NotGoogle,
    /// Sign-in is needed, or something else the user has to do.
    #[error("{0}")]
    Decided(Error),
}

impl Trouble {
    /// The status of a [`Trouble::BadRequest`] that is about a page's token. Google answers 400 to one that is too old, as it
    /// does to a request that makes no sense (`google-apis.md` 7.1); only who asked knows which it was. As an answer, 410 is
    /// [`Trouble::NotFound`].
    pub const PAGE_GONE: u16 = 410;

    /// The trouble of asking for a page by its token.
    pub(crate) fn of_page(self) -> Self {
        match self {
            Self::BadRequest { status: 400, says_gone } => Self::BadRequest { status: Self::PAGE_GONE, says_gone },
            Self::NotFound => Self::BadRequest { status: Self::PAGE_GONE, says_gone: true },
            other => other,
        }
    }

    /// The network's own words, without addresses: they could hold a media URL.
    pub fn network(error: reqwest::Error) -> Self {
        Self::Network(Box::new(error.without_url()))
    }

    /// Whether asking again after a while can help.
    pub fn passes(&self) -> bool {
        matches!(self, Self::Quota { .. } | Self::Server { .. } | Self::Network(_) | Self::NotGoogle)
    }

    /// The trouble as people are told it, when it ends a run.
    pub fn into_error(self) -> Error {
        match self {
            Self::Decided(error) => error,
            Self::Unauthorized => sign_in_again(),
            Self::Forbidden => Error::new(
                Code::AccessRefused,
                "Google does not let Photokeep read this. Since 31 March 2025 Google shows an app only what the app itself uploaded.",
            )
            .hint("Sign in again and leave every box ticked; for photos that were uploaded in other ways use a Google Takeout export."),
            Self::Quota { quota: Quota::Daily, .. } => Error::new(Code::Quota, "Google's quota for today is used up. Everything so far is kept.")
                .hint("It is renewed at midnight Pacific time; the next run after that goes on where this one stopped."),
            Self::Quota { .. } => Error::new(Code::Quota, "Google keeps asking to slow down. Everything so far is kept.")
                .hint("Run it again in an hour or so; it goes on where it stopped."),
            Self::Server { status, .. } => Error::new(Code::Network, "Google's servers do not work at the moment. Everything so far is kept.")
                .hint("Run it again later; it goes on where it stopped.")
                .detail("status", status),
            Self::Network(source) => Error::new(Code::Network, "Google cannot be reached. Everything so far is kept.")
                .hint("Check the internet connection and run it again; it goes on where it stopped.")
                .source(source),
            Self::NotGoogle => Error::new(Code::Network, "The answers do not come from Google. This network may want you to sign in on a web page first.")
                .hint("Open a web page in the browser to see; then run it again."),
            Self::NotFound => Error::new(Code::ItemGone, "Google does not have it any more."),
            // Its own token, just dealt: no request of ours is wrong, and nothing of the library is.
            Self::BadRequest { status: Self::PAGE_GONE, .. } => {
                Error::new(Code::Network, "Google breaks its own list off again and again. Everything so far is kept.")
                    .hint("Run it again later; it goes on where it stopped.")
            }
            Self::BadRequest { status, .. } => {
                Error::new(Code::Internal, "Google did not understand a request of Photokeep's. Everything so far is kept.").detail("status", status)
            }
        }
    }
}

/// The error for a sign-in that Google does not accept any more.
pub fn sign_in_again() -> Error {
    Error::new(Code::SignInNeeded, "Google no longer accepts the sign-in for this library. Your photos are safe.").hint(
        "Sign in again with `photokeep sign-in`. If this happens every seven days, the Google Cloud project is in \"Testing\": publish it, then sign in once more.",
    )
}

#[derive(Deserialize)]
struct Envelope {
    error: Option<Body>,
}

#[derive(Deserialize)]
struct Body {
    message: Option<String>,
    status: Option<String>,
}

/// Sorts an answer that is not a success. Reads the body for 429 only.
pub(crate) async fn sort(response: reqwest::Response) -> Trouble {
    let status = response.status().as_u16();
    let retry_after = retry_after(response.headers());
    match status {
        401 => Trouble::Unauthorized,
        403 => Trouble::Forbidden,
        404 | 410 => Trouble::NotFound,
        408 => Trouble::Server { status, retry_after },
        429 => {
            let text = response.bytes().await.unwrap_or_default();
            Trouble::Quota { quota: quota_of(&text), retry_after }
        }
        500..=599 => Trouble::Server { status, retry_after },
        // Redirects are not followed with a token in hand; Google's API never sends one.
        300..=399 => Trouble::NotGoogle,
        400 => {
            let text = response.bytes().await.unwrap_or_default();
            let said =
                serde_json::from_slice::<Envelope>(&text).ok().and_then(|envelope| envelope.error).and_then(|body| body.status);
            Trouble::BadRequest { status, says_gone: matches!(said.as_deref(), Some("INVALID_ARGUMENT" | "NOT_FOUND")) }
        }
        _ => Trouble::BadRequest { status, says_gone: false },
    }
}

/// Which limit a 429 names. Observed: `limit 'All requests per day'`, `limit 'WritesPerMinutePerUser'`.
pub fn quota_of(body: &[u8]) -> Quota {
    let message = serde_json::from_slice::<Envelope>(body)
        .ok()
        .and_then(|envelope| envelope.error)
        .and_then(|body| body.message)
        .unwrap_or_default();
    let lower = message.to_lowercase();
    if lower.contains("per day") || lower.contains("perday") || lower.contains("daily") { Quota::Daily } else { Quota::Short }
}

/// Seconds or an HTTP date; not more than a day, so that a wrong clock cannot stop a library for good.
pub(crate) fn retry_after(headers: &reqwest::header::HeaderMap) -> Option<Duration> {
    let text = headers.get(reqwest::header::RETRY_AFTER)?.to_str().ok()?.trim();
    let seconds = match text.parse::<u64>() {
        Ok(seconds) => seconds,
        Err(_) => {
            let at = chrono::DateTime::parse_from_rfc2822(text).ok()?;
            u64::try_from((at.with_timezone(&chrono::Utc) - chrono::Utc::now()).num_seconds()).unwrap_or(0)
        }
    };
    Some(Duration::from_secs(seconds.min(86_400)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_daily_limit_is_told_from_one_per_minute() {
        let day = br#"{"error":{"code":429,"message":"Quota exceeded for quota metric 'All requests' and limit 'All requests per day' of service 'photoslibrary.googleapis.com' for consumer 'project_number:123'.","status":"RESOURCE_EXHAUSTED"}}"#;
        let minute = br#"{"error":{"code":429,"message":"Quota exceeded for quota metric 'photoslibrary.googleapis.com/write_requests' and limit 'WritesPerMinutePerUser' of service 'photoslibrary.googleapis.com' for consumer 'project_number:123'.","status":"RESOURCE_EXHAUSTED"}}"#;
        assert_eq!(quota_of(day), Quota::Daily);
        assert_eq!(quota_of(minute), Quota::Short);
        assert_eq!(quota_of(b"<html>"), Quota::Short);
    }

    #[test]
    fn a_page_token_that_is_never_taken_is_googles_trouble_and_not_a_wrong_request() {
        let asked = || Trouble::BadRequest { status: 400, says_gone: true };
        assert_eq!(asked().into_error().code, Code::Internal);
        assert_eq!(asked().of_page().into_error().code, Code::Network);
        assert_eq!(Trouble::NotFound.of_page().into_error().code, Code::Network);
        assert_eq!(Trouble::Forbidden.of_page().into_error().code, Code::AccessRefused);
    }
}
