//! Refuses requests that another site made a browser send: by their Host (a name that was pointed at this computer) and by their
//! Origin.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Which Hosts are this server.
pub(super) struct Guard {
    local: SocketAddr,
    names: Vec<String>,
}

impl Guard {
    /// `names`: further names under which a reverse proxy reaches it.
    pub(super) fn new(local: SocketAddr, names: Vec<String>) -> Self {
        Self { local, names }
    }

    /// Names that point here cannot be told from names that were made to; addresses in numbers can.
    fn is_this_server(&self, host: &str) -> bool {
        if self.names.iter().any(|name| name.eq_ignore_ascii_case(host)) {
            return true;
        }
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => (name, port.parse().ok()),
            _ => (host, Some(80)),
        };
        if port != Some(self.local.port()) {
            return false;
        }
        let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        match address {
            Ok(address) => address.is_loopback() || !self.local.ip().is_loopback(),
            Err(_) => name.eq_ignore_ascii_case("localhost"),
        }
    }

    fn allows(&self, method: &Method, headers: &HeaderMap) -> bool {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let Some(host) = text(header::HOST).filter(|host| self.is_this_server(host)) else { return false };
        match text(header::ORIGIN) {
            Some(origin) => {
                origin.split_once("://").is_some_and(|(scheme, rest)| matches!(scheme, "http" | "https") && rest == host)
            }
            // Browsers send an Origin with everything that changes something.
            None => matches!(*method, Method::GET | Method::HEAD),
        }
    }
}

/// Refuses what did not come from this server's own page, and tells the browser to be strict.
pub(super) async fn check(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    if !guard.allows(request.method(), request.headers()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let strict = [
        ("content-security-policy", super::pages::POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ];
    for (name, value) in strict {
        headers.entry(name).or_insert(axum::http::HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn allows(method: Method, host: &str, origin: Option<&str>) -> bool {
        let guard = Guard::new("127.0.0.1:7466".parse().unwrap(), vec!["photos.example.org".into()]);
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        guard.allows(&method, &headers)
    }

    #[test]
    fn its_own_page_is_let_through() {
        assert!(allows(Method::GET, "127.0.0.1:7466", None));
        assert!(allows(Method::POST, "127.0.0.1:7466", Some("http://127.0.0.1:7466")));
        assert!(allows(Method::POST, "localhost:7466", Some("http://localhost:7466")));
        assert!(allows(Method::POST, "[::1]:7466", Some("http://[::1]:7466")));
        assert!(allows(Method::POST, "photos.example.org", Some("https://photos.example.org")));
    }

    #[test]
    fn other_sites_are_not() {
        assert!(!allows(Method::GET, "evil.example:7466", None), "a name pointed at this computer");
        assert!(!allows(Method::GET, "127.0.0.1:80", None), "another port");
        assert!(!allows(Method::GET, "192.168.1.2:7466", None), "not reachable by that address");
        assert!(!allows(Method::POST, "127.0.0.1:7466", None), "no origin");
        assert!(!allows(Method::POST, "127.0.0.1:7466", Some("null")));
        assert!(!allows(Method::POST, "127.0.0.1:7466", Some("http://evil.example")));
        assert!(!allows(Method::GET, "127.0.0.1:7466", Some("http://localhost:7466")), "two names are two sites");
    }
}
