//! Trouble on demand: rules that say where, for which request, what goes wrong and how often.
//!
//! A rule decides only *that* a request fails and how; the answers themselves are made where the request is answered
//! (`library_api`, `media_bytes`, `oauth`), those of the body (cut, reset, stalled) in `broken_body`. Mistakes of the
//! client are in `violations`.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

use crate::lock::locked;

/// Which requests a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Place {
    /// Every request to the Library API.
    Api,
    /// Bytes of photos and videos.
    Media,
    /// Code exchange and refresh.
    Token,
    /// `mediaItems.list`.
    List,
    /// `mediaItems.search`.
    Search,
    /// `mediaItems.batchGet`.
    BatchGet,
    /// `mediaItems.get`.
    Get,
    /// `albums.list`, `albums.get`, `sharedAlbums.list`, `sharedAlbums.get`.
    Albums,
    /// `uploads`, `mediaItems.batchCreate`, `albums.create`.
    Upload,
}

/// Which of the requests at that place.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Match {
    /// All of them.
    #[default]
    All,
    /// Those about the item (or album) with this id.
    Item(String),
    /// Those about an item of this name.
    Filename(String),
    /// The nth request at the place since the rule was set, from 1.
    Nth(u64),
    /// Every nth request at the place.
    Every(u64),
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// 429 with the per-minute text (`google-apis.md` 2.9).
    #[serde(rename = "429-minute")]
    QuotaMinute,
    /// 429 with the daily text.
    #[serde(rename = "429-day")]
    QuotaDay,
    /// Internal error.
    #[serde(rename = "500")]
    Internal,
    /// Bad gateway.
    #[serde(rename = "502")]
    BadGateway,
    /// Unavailable.
    #[serde(rename = "503")]
    Unavailable,
    /// TCP reset after `after_bytes` of the body (half of it if not said).
    Reset,
    /// Silence after `after_bytes` of the body; the connection stays open.
    Stall,
    /// The length says all, the connection ends after `after_bytes`.
    Truncate,
    /// The body is only `after_bytes` long, and the length says so.
    ShortBody,
    /// 200 with an HTML page.
    #[serde(rename = "html-200")]
    Html200,
    /// The address is dead: `status` (403 if not said).
    DeadUrl,
    /// A page without items that has a next page.
    EmptyPage,
    /// The first entry of a page is the last one of the page before.
    RepeatItems,
    /// The listing ends after this page although there is more.
    ShortListing,
    /// The page token of the request is refused.
    PageTokenExpired,
    /// All access tokens issued so far are worthless from now on; the refresh token is not.
    TokenRejected,
    /// A refresh is refused with `invalid_grant`; the refresh token is dead from now on.
    RefreshRefused,
}

/// How often a rule applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Times {
    /// This many times.
    Count(u64),
    /// Until it is removed.
    Word(Always),
}

/// The word `"always"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Always {
    /// Until removed.
    Always,
}

/// One rule. In JSON: `{"where":"media","match":{"item":"…"},"what":"stall","after_bytes":100,"times":1}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// Which requests.
    #[serde(rename = "where")]
    pub place: Place,
    /// Which of them; all if not said.
    #[serde(rename = "match", default)]
    pub matching: Match,
    /// What goes wrong.
    pub what: Fault,
    /// How often; always if not said.
    #[serde(default = "always")]
    pub times: Times,
    /// Seconds in `Retry-After` of a 429 or 5xx; no header if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// For faults of the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_bytes: Option<u64>,
    /// For `dead-url`: 403, 404 or 410.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Chance of each matching request, 0 to 1; 1 if not said.
    #[serde(default = "certain")]
    pub probability: f64,
    /// Decides which requests are hit when the chance is below 1.
    #[serde(default)]
    pub seed: u64,
}

fn always() -> Times {
    Times::Word(Always::Always)
}

fn certain() -> f64 {
    1.0
}

impl FaultRule {
    /// A rule for all requests at `place`, until it is removed.
    pub fn new(place: Place, what: Fault) -> Self {
        Self {
            place,
            matching: Match::All,
            what,
            times: always(),
            retry_after: None,
            after_bytes: None,
            status: None,
            probability: 1.0,
            seed: 0,
        }
    }

    /// Only for the item with this id.
    #[must_use]
    pub fn item(mut self, id: impl Into<String>) -> Self {
        self.matching = Match::Item(id.into());
        self
    }

    /// Only for items of this name.
    #[must_use]
    pub fn filename(mut self, name: impl Into<String>) -> Self {
        self.matching = Match::Filename(name.into());
        self
    }

    /// Only the nth request, from 1.
    #[must_use]
    pub fn nth(mut self, nth: u64) -> Self {
        self.matching = Match::Nth(nth);
        self
    }

    /// At most so many times.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Times::Count(times);
        self
    }

    /// With a `Retry-After` of so many seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// After so many bytes of the body.
    #[must_use]
    pub fn after_bytes(mut self, bytes: u64) -> Self {
        self.after_bytes = Some(bytes);
        self
    }

    /// With this status (`dead-url`).
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// With this chance for each request.
    #[must_use]
    pub fn probability(mut self, probability: f64, seed: u64) -> Self {
        self.probability = probability;
        self.seed = seed;
        self
    }
}

/// A fault that a request must suffer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fired {
    pub(crate) what: Fault,
    pub(crate) retry_after: Option<u64>,
    pub(crate) after_bytes: Option<u64>,
    pub(crate) status: Option<u16>,
}

/// What a request is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) place: Place,
    pub(crate) ids: &'a [&'a str],
    pub(crate) filename: Option<&'a str>,
    /// Goes on with something begun before: has a page token, or is a refresh. Some faults need that.
    pub(crate) continues: bool,
}

struct Armed {
    rule: FaultRule,
    seen: u64,
    fired: u64,
}

/// The rules in force, oldest first; the first that applies wins.
#[derive(Default)]
pub(crate) struct FaultBook {
    rules: Mutex<Vec<Armed>>,
    any: AtomicBool,
}

impl FaultBook {
    pub(crate) fn add(&self, rule: FaultRule) {
        locked(&self.rules).push(Armed { rule, seen: 0, fired: 0 });
        self.any.store(true, Ordering::Release);
    }

    pub(crate) fn clear(&self) {
        locked(&self.rules).clear();
        self.any.store(false, Ordering::Release);
    }

    /// The rules in force and how often each has struck.
    pub(crate) fn all(&self) -> Vec<(FaultRule, u64)> {
        locked(&self.rules).iter().map(|armed| (armed.rule.clone(), armed.fired)).collect()
    }

    pub(crate) fn any(&self) -> bool {
        self.any.load(Ordering::Acquire)
    }

    pub(crate) fn strike(&self, subject: Subject<'_>) -> Option<Fired> {
        if !self.any() {
            return None;
        }
        locked(&self.rules).iter_mut().find_map(|armed| armed.strike(subject))
    }
}

impl Armed {
    fn strike(&mut self, subject: Subject<'_>) -> Option<Fired> {
        let rule = &self.rule;
        let here =
            rule.place == subject.place || (rule.place == Place::Api && !matches!(subject.place, Place::Media | Place::Token));
        let needs_start = matches!(rule.what, Fault::PageTokenExpired | Fault::RepeatItems | Fault::RefreshRefused);
        if !here || (needs_start && !subject.continues) {
            return None;
        }
        self.seen += 1;
        let meant = match &rule.matching {
            Match::All => true,
            Match::Item(id) => subject.ids.contains(&id.as_str()),
            Match::Filename(name) => subject.filename == Some(name.as_str()),
            Match::Nth(nth) => self.seen == *nth,
            Match::Every(n) => *n > 0 && self.seen.is_multiple_of(*n),
        };
        let due = match rule.times {
            Times::Count(times) => self.fired < times,
            Times::Word(Always::Always) => true,
        };
        if !meant || !due || !chance(rule.probability, rule.seed, self.seen) {
            return None;
        }
        self.fired += 1;
        Some(Fired { what: rule.what, retry_after: rule.retry_after, after_bytes: rule.after_bytes, status: rule.status })
    }
}

/// Whether request number `seen` is hit. The same seed hits the same requests in every run.
fn chance(probability: f64, seed: u64, seen: u64) -> bool {
    if probability >= 1.0 {
        return true;
    }
    let hash = blake3::hash([seed.to_le_bytes(), seen.to_le_bytes()].as_flattened());
    let (numbers, _) = hash.as_bytes().as_chunks::<4>();
    let draw = numbers.first().map_or(0, |bytes| u32::from_le_bytes(*bytes));
    f64::from(draw) / f64::from(u32::MAX) < probability
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    const MEDIA: Subject<'static> = Subject { place: Place::Media, ids: &["a"], filename: Some("a.jpg"), continues: false };

    fn strikes(rule: FaultRule, subject: Subject<'_>, requests: usize) -> Vec<bool> {
        let book = FaultBook::default();
        book.add(rule);
        (0..requests).map(|_| book.strike(subject).is_some()).collect()
    }

    #[test]
    fn a_rule_strikes_as_often_as_it_says() {
        assert_eq!(strikes(FaultRule::new(Place::Media, Fault::Internal).times(2), MEDIA, 4), [true, true, false, false]);
        assert_eq!(strikes(FaultRule::new(Place::Media, Fault::Internal).nth(3), MEDIA, 4), [false, false, true, false]);
    }

    #[test]
    fn a_rule_strikes_only_where_and_whom_it_says() {
        assert_eq!(strikes(FaultRule::new(Place::Api, Fault::Internal), MEDIA, 1), [false]);
        assert_eq!(strikes(FaultRule::new(Place::Media, Fault::Internal).item("b"), MEDIA, 1), [false]);
        assert_eq!(strikes(FaultRule::new(Place::Media, Fault::Internal).filename("a.jpg"), MEDIA, 1), [true]);
        let list = Subject { place: Place::List, ids: &[], filename: None, continues: false };
        assert_eq!(strikes(FaultRule::new(Place::Api, Fault::Internal), list, 1), [true]);
    }

    #[test]
    fn a_page_token_can_only_expire_when_there_is_one() {
        let expired = || FaultRule::new(Place::List, Fault::PageTokenExpired).times(1);
        let first = Subject { place: Place::List, ids: &[], filename: None, continues: false };
        assert_eq!(strikes(expired(), first, 2), [false, false]);
        assert_eq!(strikes(expired(), Subject { continues: true, ..first }, 2), [true, false]);
    }

    #[test]
    fn a_chance_is_repeatable_and_about_right() {
        let rule = FaultRule::new(Place::Media, Fault::Internal).probability(0.25, 9);
        let hits = strikes(rule.clone(), MEDIA, 2000);
        assert_eq!(hits, strikes(rule, MEDIA, 2000));
        let count = hits.iter().filter(|hit| **hit).count();
        assert!((400..600).contains(&count), "{count}");
    }

    #[test]
    fn rules_are_read_from_short_json() {
        let rule: FaultRule =
            serde_json::from_str(r#"{"where":"batchGet","match":{"nth":2},"what":"429-day","retry_after":7,"times":"always"}"#)
                .unwrap();
        assert_eq!(rule, FaultRule::new(Place::BatchGet, Fault::QuotaDay).nth(2).retry_after(7));
        assert!(serde_json::from_str::<FaultRule>(r#"{"where":"media","what":"explode"}"#).is_err());
    }
}
