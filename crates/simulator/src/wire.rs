//! How answers look on the wire: Google's JSON, its error envelope (`google-apis.md` 0.3) and its quota bodies (2.9).
//!
//! Only shapes. When to send which is decided where the request is understood.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

/// Every answer of the simulator.
pub(crate) type Reply = Response<Body>;

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=UTF-8");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=UTF-8");

/// An API error in Google's envelope.
#[derive(Debug, Clone)]
pub(crate) struct ApiError {
    pub(crate) http: StatusCode,
    status: &'static str,
    message: Cow<'static, str>,
    /// Written into `errors[]` as well, as the quota bodies do.
    legacy_reason: Option<&'static str>,
    retry_after: Option<u64>,
}

impl ApiError {
    fn new(http: StatusCode, status: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { http, status, message: message.into(), legacy_reason: None, retry_after: None }
    }

    pub(crate) fn invalid_argument(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", message)
    }

    /// 401 as observed (0.3).
    pub(crate) fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "UNAUTHENTICATED",
            "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid \
             authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
        )
    }

    /// 403 as observed for missing and for removed scopes (0.3).
    pub(crate) fn insufficient_scopes() -> Self {
        Self::permission_denied("Request had insufficient authentication scopes.")
    }

    pub(crate) fn permission_denied(message: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "PERMISSION_DENIED", message)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", "Requested entity was not found.")
    }

    pub(crate) fn unimplemented() -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED, "UNIMPLEMENTED", "The simulator does not implement this method.")
    }

    /// A server error: 500 INTERNAL, 503 UNAVAILABLE; any other 5xx is sent as UNKNOWN.
    pub(crate) fn server(http: StatusCode) -> Self {
        match http {
            StatusCode::SERVICE_UNAVAILABLE => Self::new(http, "UNAVAILABLE", "The service is currently unavailable."),
            StatusCode::INTERNAL_SERVER_ERROR => Self::new(http, "INTERNAL", "Internal error encountered."),
            other => Self::new(other, "UNKNOWN", "Unknown Error."),
        }
    }

    /// 429 with the per-minute or the daily body of 2.9; only the text tells them apart.
    pub(crate) fn quota(daily: bool, retry_after: Option<u64>) -> Self {
        let message = if daily {
            "Quota exceeded for quota metric 'All requests' and limit 'All requests per day' of service \
             'photoslibrary.googleapis.com' for consumer 'project_number:123'."
        } else {
            "Quota exceeded for quota metric 'photoslibrary.googleapis.com/write_requests' and limit \
             'WritesPerMinutePerUser' of service 'photoslibrary.googleapis.com' for consumer 'project_number:123'."
        };
        Self {
            legacy_reason: Some("rateLimitExceeded"),
            retry_after,
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "RESOURCE_EXHAUSTED", message)
        }
    }

    pub(crate) fn with_retry_after(mut self, seconds: Option<u64>) -> Self {
        self.retry_after = seconds;
        self
    }

    /// The envelope as JSON.
    pub(crate) fn body(&self) -> Value {
        let mut error = json!({ "code": self.http.as_u16(), "message": self.message, "status": self.status });
        if let Some(reason) = self.legacy_reason {
            error["errors"] = json!([{ "message": self.message, "domain": "global", "reason": reason }]);
        }
        json!({ "error": error })
    }

    pub(crate) fn reply(&self) -> Reply {
        let mut reply = json_reply(self.http, &self.body());
        if let Some(seconds) = self.retry_after {
            reply.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        reply
    }
}

/// A whole answer of known length.
pub(crate) fn reply(status: StatusCode, content_type: HeaderValue, body: impl Into<Body>) -> Reply {
    let mut reply = Response::new(body.into());
    *reply.status_mut() = status;
    reply.headers_mut().insert(header::CONTENT_TYPE, content_type);
    reply
}

/// JSON that has been written out already.
pub(crate) fn json_text(text: String) -> Reply {
    reply(StatusCode::OK, JSON, text)
}

pub(crate) fn json_reply(status: StatusCode, value: &Value) -> Reply {
    reply(status, JSON, value.to_string())
}

pub(crate) fn html(status: StatusCode, page: String) -> Reply {
    reply(status, HTML, page)
}

/// An error page as Google's front servers send it.
pub(crate) fn error_page(code: u16) -> String {
    format!("<!DOCTYPE html>\n<html lang=en><title>Error {code}</title><p><b>{code}.</b> That’s all we know.\n")
}

/// `303 See Other` or `302 Found` to `location`; a location that is no header value becomes 500.
pub(crate) fn redirect(status: StatusCode, location: &str) -> Reply {
    let Ok(location) = HeaderValue::from_str(location) else {
        return ApiError::server(StatusCode::INTERNAL_SERVER_ERROR).reply();
    };
    let mut reply = Response::new(Body::empty());
    *reply.status_mut() = status;
    reply.headers_mut().insert(header::LOCATION, location);
    reply
}

/// Sets a header whose value comes from outside; a value that cannot be sent is left out.
pub(crate) fn set_header(reply: &mut Reply, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers_mut().insert(name, value);
    }
}

/// Appends `text` as a JSON string, quotes included.
pub(crate) fn push_json_string(out: &mut String, text: &str) {
    out.push_str(&Value::from(text).to_string());
}

/// Text made safe for HTML content and attributes.
pub(crate) fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn daily_and_minute_quota_differ_only_in_the_text() {
        let (day, minute) = (ApiError::quota(true, None).body(), ApiError::quota(false, None).body());
        assert_eq!(day["error"]["status"], "RESOURCE_EXHAUSTED");
        assert_eq!(day["error"]["status"], minute["error"]["status"]);
        assert!(day["error"]["message"].as_str().unwrap().contains("per day"));
        assert!(minute["error"]["message"].as_str().unwrap().contains("PerMinute"));
        assert_eq!(day["error"]["errors"][0]["reason"], "rateLimitExceeded");
    }

    #[test]
    fn markup_in_text_is_harmless() {
        assert_eq!(escape_html("<a href='x'>&\"</a>"), "&lt;a href=&#39;x&#39;&gt;&amp;&quot;&lt;/a&gt;");
    }
}
