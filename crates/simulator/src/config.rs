//! How a simulator behaves: the account's policy, lifetimes, and what Google's pages leave open.
//!
//! Data only. What goes wrong on purpose is in `faults`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What Google lets a client see (`google-apis.md` 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// Before 31 March 2025: the whole library with `photoslibrary.readonly`.
    #[default]
    Before,
    /// Since 31 March 2025: only what the client itself uploaded; removed scopes and shared albums are refused.
    After,
}

/// The kind of OAuth client the simulator knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ClientKind {
    /// "Desktop app": any loopback port.
    #[default]
    Installed,
    /// "Web application": only these exact redirect addresses.
    Web {
        /// Registered redirect addresses.
        redirect_uris: Vec<String>,
    },
}

/// Settings of one simulator. `Default` is a well-behaved Google before 31 March 2025.
#[derive(Debug, Clone)]
pub struct SimulatorConfig {
    /// Before or after 31 March 2025.
    pub policy: Policy,
    /// Waited before every API and media response.
    pub latency: Duration,
    /// Whether media answers honour `Range` (`google-apis.md` 9 leaves it open).
    pub range: bool,
    /// Whether `=dv` answers with a redirect to the video host (`google-apis.md` 2.5).
    pub redirects: bool,
    /// How long a `baseUrl` works; 60 minutes at Google.
    pub url_lifetime: Duration,
    /// How long an access token works; 3,599 seconds at Google.
    pub token_lifetime: Duration,
    /// How long a refresh token works; 7 days for projects in status Testing, else none (`google-apis.md` 4.5).
    pub refresh_token_lifetime: Option<Duration>,
    /// How long a page token works; not known of Google, so none by default.
    pub page_token_lifetime: Option<Duration>,
    /// Whether the location is taken out of painted pictures, as `=d` does at Google. Real files go out as they are.
    pub strip_location: bool,
    /// The OAuth client in the client file.
    pub client: ClientKind,
    /// The account's address.
    pub email: String,
    /// More listing requests than this at the same time are a violation.
    pub max_parallel_listings: usize,
    /// A repeat after 429 without `Retry-After` sooner than this is a violation (`google-apis.md` 2.9: 30 s).
    pub patience_after_429: Duration,
    /// A repeat after 5xx sooner than this is a violation (`google-apis.md` 2.9: 1 s).
    pub patience_after_5xx: Duration,
    /// Also opens the TLS proxy for clients whose addresses are fixed in their code.
    pub tls: bool,
    /// Port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
}

impl Default for SimulatorConfig {
    fn default() -> Self {
        Self {
            policy: Policy::Before,
            latency: Duration::ZERO,
            range: true,
            redirects: true,
            url_lifetime: Duration::from_secs(3600),
            token_lifetime: Duration::from_secs(3599),
            refresh_token_lifetime: None,
            page_token_lifetime: None,
            strip_location: true,
            client: ClientKind::Installed,
            email: "demo@photokeep.example".to_owned(),
            max_parallel_listings: 4,
            patience_after_429: Duration::from_secs(30),
            patience_after_5xx: Duration::from_secs(1),
            tls: false,
            port: 0,
        }
    }
}

/// Where the simulated services are. Exactly the keys of Photokeep's endpoints file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoints {
    /// The consent page.
    pub authorize: String,
    /// Code exchange and refresh.
    pub token: String,
    /// Gives a token back.
    pub revoke: String,
    /// Who has signed in, in the OpenID form.
    pub userinfo: String,
    /// Where bytes are uploaded to.
    pub upload: String,
    /// What stands before `/v1` in the Library API.
    pub library: String,
    /// What stands before `/v1` in the Picker API. Not simulated: answers 501.
    pub picker: String,
    /// What stands before `/files` in the Drive API. Not simulated: answers 501.
    pub drive: String,
}

impl Endpoints {
    /// All services behind one address such as `http://127.0.0.1:4321`.
    pub(crate) fn on(base: &str) -> Self {
        Self {
            authorize: format!("{base}/o/oauth2/v2/auth"),
            token: format!("{base}/token"),
            revoke: format!("{base}/revoke"),
            userinfo: format!("{base}/oauth2/v3/userinfo"),
            upload: format!("{base}/v1/uploads"),
            library: base.to_owned(),
            picker: format!("{base}/picker"),
            drive: format!("{base}/drive/v3"),
        }
    }

    /// Google's own addresses, for clients that come through the TLS proxy.
    pub(crate) fn google() -> Self {
        Self {
            authorize: "https://accounts.google.com/o/oauth2/v2/auth".to_owned(),
            token: "https://oauth2.googleapis.com/token".to_owned(),
            revoke: "https://oauth2.googleapis.com/revoke".to_owned(),
            userinfo: "https://openidconnect.googleapis.com/v1/userinfo".to_owned(),
            upload: "https://photoslibrary.googleapis.com/v1/uploads".to_owned(),
            library: "https://photoslibrary.googleapis.com".to_owned(),
            picker: "https://photospicker.googleapis.com".to_owned(),
            drive: "https://www.googleapis.com/drive/v3".to_owned(),
        }
    }
}
