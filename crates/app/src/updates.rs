//! Whether a newer Photokeep came out. Looked for only when the person asked for it, once or for good; nothing is fetched but one small file,
//! nothing is sent but the question for it, and nothing is ever installed.
//!
//! The file lies at an address that is given when Photokeep is built (`PHOTOKEEP_RELEASES`, as the release workflow does); a copy
//! without one never looks. It says `{"version": "1.2.3", "page": "https://…"}`, the page being on the site that the file is on.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use photokeep_model::{Code, Error, Result};
use reqwest::redirect;
use semver::Version;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use url::Url;

use crate::app::App;
use crate::desk::{Settings, SettingsFile};

/// The file's name in Photokeep's own folder.
const NAME: &str = "updates.json";
/// Between two looks that nobody asked for.
const EVERY: TimeDelta = TimeDelta::days(7);
/// After one that did not work.
const AGAIN: TimeDelta = TimeDelta::days(1);
/// For the whole answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes of an answer; it has two short texts.
const LONGEST: usize = 16 * 1024;
/// From the address to the file itself: hosted releases are reached by two or three.
const REDIRECTS: usize = 5;

/// A version that came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Release {
    /// Its number, as in `1.2.3`.
    pub version: String,
    /// Where it is told what is new in it, and where it is fetched.
    pub page: String,
}

/// What is known of newer versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Updates {
    /// The version that runs.
    pub version: String,
    /// The site that is asked; `None` where this copy was built without one and never looks.
    pub site: Option<String>,
    /// Whether Photokeep looks by itself, once a week; `None` while nobody was asked.
    pub automatic: Option<bool>,
    /// When the site answered for the last time.
    pub looked: Option<DateTime<Utc>>,
    /// The newest version, if it is newer than this one.
    pub newer: Option<Release>,
    /// Whether the person wants to hear no more of that one.
    pub put_away: bool,
    /// Whether the site did not answer when it was asked for the last time.
    pub failed: bool,
}

/// What was found, on disk.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Found {
    /// The site that was asked.
    site: Option<String>,
    looked: Option<DateTime<Utc>>,
    /// When it was asked for the last time, with whatever result.
    tried: Option<DateTime<Utc>>,
    newest: Option<Release>,
    /// The version that the person wants to hear no more of.
    put_away: Option<String>,
}

/// The address that is built in, if any.
pub(crate) fn built_in() -> Option<&'static str> {
    option_env!("PHOTOKEEP_RELEASES").filter(|address| !address.is_empty())
}

/// Reads the address of the file that names the newest version. Only `https` will do; `http` on this computer alone, as for Google's addresses.
///
/// # Errors
/// [`Code::Usage`] when it is no such address.
pub(crate) fn address(text: &str) -> Result<Url> {
    Url::parse(text).ok().filter(may_be_asked).ok_or_else(|| {
        Error::new(Code::Usage, "The address to look for new versions at is none that begins with https.")
            .hint("PHOTOKEEP_RELEASES names it; `off` for none.")
    })
}

impl App {
    /// What is known of newer versions. Asks nobody.
    pub fn updates(&self) -> Updates {
        let found = self.found();
        let newer = found.newest.filter(|release| is_newer(&release.version) && self.is_our_page(&release.page));
        Updates {
            version: env!("CARGO_PKG_VERSION").into(),
            site: self.releases.as_ref().and_then(site_of),
            automatic: Settings::of(&self.home).look_for_updates,
            looked: found.looked,
            failed: found.tried > found.looked,
            put_away: newer.as_ref().is_some_and(|release| Some(&release.version) == found.put_away.as_ref()),
            newer,
        }
    }

    /// Looks for a newer version now, because the person asked for it.
    ///
    /// # Errors
    /// [`Code::Usage`] where this copy was built without an address, [`Code::Network`] when the site does not answer or answers
    /// something else.
    pub async fn look_for_update(&self, now: DateTime<Utc>) -> Result<Updates> {
        let Some(address) = &self.releases else {
            return Err(Error::new(
                Code::Usage,
                "This copy of Photokeep was built without an address to look for new versions at.",
            )
            .hint("Look where you got it from. A package manager usually brings new versions by itself."));
        };
        let answer = ask(address).await;
        let mut found = self.found();
        found.tried = Some(now);
        if let Ok(newest) = &answer {
            found.looked = Some(now);
            found.newest = Some(newest.clone());
        }
        self.note(&found);
        answer.map(|_| self.updates())
    }

    /// Looks if the person wants Photokeep to look by itself and it is time. Answers whether the site was asked.
    ///
    /// # Errors
    /// As [`App::look_for_update`].
    pub async fn look_for_update_if_due(&self, now: DateTime<Utc>) -> Result<bool> {
        if self.releases.is_none() || Settings::of(&self.home).look_for_updates != Some(true) || !is_due(&self.found(), now) {
            return Ok(false);
        }
        self.look_for_update(now).await.map(|_| true)
    }

    /// Has Photokeep look by itself from now on, or not.
    ///
    /// # Errors
    /// When the settings cannot be written.
    pub fn look_for_updates(&self, automatic: bool) -> Result<()> {
        SettingsFile::open(&self.home).change(|settings| settings.look_for_updates = Some(automatic)).map(drop)
    }

    /// The person wants to hear no more of the newer version that is known.
    pub fn put_update_away(&self) {
        let mut found = self.found();
        found.put_away = found.newest.as_ref().map(|release| release.version.clone());
        self.note(&found);
    }

    /// What was found at the site that is asked now.
    fn found(&self) -> Found {
        let text = std::fs::read(self.home.path().join(NAME)).unwrap_or_default();
        let found: Found = serde_json::from_slice(&text).unwrap_or_default();
        let site = self.releases.as_ref().map(Url::to_string);
        if found.site == site { found } else { Found { site, ..Found::default() } }
    }

    /// Lost, it costs one more question.
    fn note(&self, found: &Found) {
        if let Err(error) = self.home.write(NAME, &serde_json::to_vec_pretty(found).unwrap_or_default()) {
            tracing::info!(code = ?error.code, "what was found of new versions was not noted");
        }
    }

    fn is_our_page(&self, page: &str) -> bool {
        self.releases.as_ref().is_some_and(|address| Url::parse(page).is_ok_and(|page| page.origin() == address.origin()))
    }
}

/// Also when the clock went back behind the last look.
fn is_due(found: &Found, now: DateTime<Utc>) -> bool {
    let longer_ago = |then: Option<DateTime<Utc>>, than: TimeDelta| then.is_none_or(|then| (now - then).abs() >= than);
    longer_ago(found.looked, EVERY) && longer_ago(found.tried, AGAIN)
}

fn is_newer(version: &str) -> bool {
    match (Version::parse(version), Version::parse(env!("CARGO_PKG_VERSION"))) {
        // Previews are for those who look for them.
        (Ok(there), Ok(here)) => there > here && (there.pre.is_empty() || !here.pre.is_empty()),
        _ => false,
    }
}

fn may_be_asked(address: &Url) -> bool {
    address.scheme() == "https" || (address.scheme() == "http" && on_this_computer(address))
}

fn on_this_computer(address: &Url) -> bool {
    match address.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn site_of(address: &Url) -> Option<String> {
    let host = address.host_str()?;
    Some(address.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// Asks for the newest version. Neither the version that runs nor the system is told: the name alone stands in the question.
async fn ask(address: &Url) -> Result<Release> {
    // An answer that came safely is not fetched on unsafely.
    let redirects =
        redirect::Policy::custom(|attempt| match attempt.previous().len() > REDIRECTS || !may_be_asked(attempt.url()) {
            true => attempt.stop(),
            false => attempt.follow(),
        });
    let client = reqwest::Client::builder()
        .user_agent("Photokeep")
        .referer(false)
        .redirect(redirects)
        .connect_timeout(PATIENCE / 2)
        .timeout(PATIENCE)
        .build()
        .map_err(|error| Error::new(Code::Internal, "The network library could not be started.").source(error))?;
    let mut response = client.get(address.clone()).send().await.map_err(no_answer)?;
    if !response.status().is_success() {
        return Err(strange(format!("it answered {}", response.status())));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(no_answer)? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST {
            return Err(strange("the answer is too long"));
        }
    }
    let release: Release = serde_json::from_slice(&body).map_err(strange)?;
    Version::parse(&release.version).map_err(strange)?;
    let page = Url::parse(&release.page).map_err(strange)?;
    // Whoever answers for the site must not lead people elsewhere.
    if page.origin() != address.origin() {
        return Err(strange("the page is on another site"));
    }
    Ok(Release { version: release.version, page: page.into() })
}

fn no_answer(error: reqwest::Error) -> Error {
    Error::new(Code::Network, "The site that tells of new versions does not answer.")
        .hint("Photokeep itself works on as it is. Try again later.")
        .source(error.without_url())
}

fn strange(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(Code::Network, "The site that tells of new versions answered something that is no version.")
        .hint("Photokeep itself works on as it is. Try again later.")
        .source(why)
}

#[cfg(test)]
mod tests;
