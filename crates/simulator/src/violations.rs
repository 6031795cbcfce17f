//! Mistakes of the client under test: what Google's pages forbid or advise against, written down as it happens.
//!
//! A violation never changes an answer; whether it fails a test is the test's business. What goes wrong on Google's side
//! is in `faults`.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::lock::locked;

/// How many violations are kept in full; beyond it they are only counted.
const KEPT: usize = 10_000;
/// Timers of client and simulator may differ by this much.
const TOLERANCE_MS: i64 = 20;

/// What kind of mistake it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ViolationKind {
    /// `batchGet` or a batch write with more than 50 ids.
    BatchTooLarge,
    /// `batchGet` or a batch write with an id twice.
    BatchRepeatedIds,
    /// `batchGet` without ids.
    BatchEmpty,
    /// `pageSize` above the maximum of the method.
    PageSizeOverMaximum,
    /// A media address used after its expiry.
    ExpiredMediaUrl,
    /// A media address used bare, without a size or download suffix (`google-apis.md` 2.5).
    BareMediaUrl,
    /// An access token sent to the media host, which needs none.
    TokenSentToMedia,
    /// Repeated sooner after 429 or 5xx than the rules allow.
    RetriedTooSoon,
    /// An access token in an address.
    TokenInQuery,
    /// More listing requests at once than configured.
    TooManyParallelListings,
    /// No `User-Agent`.
    MissingUserAgent,
    /// A page token sent with other parameters, made up, or expired.
    BadPageToken,
    /// Bytes of an upload sent for another place than what is waited for, or more or fewer than announced (2.6).
    BadUpload,
    /// An authorization request without PKCE.
    NoPkce,
    /// An authorization request without `state`.
    NoState,
}

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// What kind.
    pub kind: ViolationKind,
    /// What exactly; never a token.
    pub detail: String,
    /// When, by the simulator's clock.
    pub at: DateTime<Utc>,
}

#[derive(Default)]
pub(crate) struct Violations {
    found: Mutex<Found>,
    /// Requests that must not be repeated before an instant, by kind and target. The flag saves the lock.
    waiting: Mutex<HashMap<String, i64>>,
    any_waiting: AtomicBool,
    listings: AtomicUsize,
}

#[derive(Default)]
struct Found {
    kept: Vec<Violation>,
    total: u64,
}

impl Violations {
    pub(crate) fn add(&self, kind: ViolationKind, at: DateTime<Utc>, detail: impl Into<String>) {
        let mut found = locked(&self.found);
        found.total += 1;
        if found.kept.len() < KEPT {
            found.kept.push(Violation { kind, detail: detail.into(), at });
        }
    }

    pub(crate) fn all(&self) -> Vec<Violation> {
        locked(&self.found).kept.clone()
    }

    /// How many there were, those included that are no longer kept in full.
    pub(crate) fn total(&self) -> u64 {
        locked(&self.found).total
    }

    pub(crate) fn clear(&self) {
        *locked(&self.found) = Found::default();
        locked(&self.waiting).clear();
        self.any_waiting.store(false, Ordering::Relaxed);
    }

    /// Remembers that `target` was refused and must not be asked for again before `wait` is over.
    pub(crate) fn refused(&self, target: String, now: DateTime<Utc>, wait: Duration) {
        let wait = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX / 4);
        locked(&self.waiting).insert(target, now.timestamp_millis() + wait);
        self.any_waiting.store(true, Ordering::Release);
    }

    /// Called for each request before it is answered.
    pub(crate) fn asked(&self, target: impl FnOnce() -> String, now: DateTime<Utc>) {
        if !self.any_waiting.load(Ordering::Acquire) {
            return;
        }
        let target = target();
        let mut waiting = locked(&self.waiting);
        let Some(&earliest) = waiting.get(&target) else { return };
        let early = earliest - now.timestamp_millis();
        if early <= TOLERANCE_MS {
            waiting.remove(&target);
            self.any_waiting.store(!waiting.is_empty(), Ordering::Release);
            return;
        }
        drop(waiting);
        self.add(ViolationKind::RetriedTooSoon, now, format!("{target}: {early} ms too early"));
    }

    /// Counts a listing request for as long as the guard lives.
    pub(crate) fn listing(&self, maximum: usize, now: DateTime<Utc>) -> ListingGuard<'_> {
        let parallel = self.listings.fetch_add(1, Ordering::AcqRel) + 1;
        if parallel > maximum {
            self.add(ViolationKind::TooManyParallelListings, now, format!("{parallel} at once, {maximum} allowed"));
        }
        ListingGuard(&self.listings)
    }
}

/// One listing request in progress.
pub(crate) struct ListingGuard<'a>(&'a AtomicUsize);

impl Drop for ListingGuard<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_700_000_000_000 + ms).unwrap_or_default()
    }

    #[test]
    fn a_repeat_before_the_wait_is_over_is_a_violation_and_one_after_it_is_not() {
        let violations = Violations::default();
        violations.refused("media a".to_owned(), at(0), Duration::from_secs(1));
        violations.asked(|| "media b".to_owned(), at(10));
        assert_eq!(violations.total(), 0, "another target may be asked for at once");
        violations.asked(|| "media a".to_owned(), at(500));
        assert_eq!(violations.total(), 1);
        violations.asked(|| "media a".to_owned(), at(1000));
        violations.asked(|| "media a".to_owned(), at(1001));
        assert_eq!(violations.total(), 1);
    }

    #[test]
    fn listings_count_only_while_they_run() {
        let violations = Violations::default();
        drop(violations.listing(1, at(0)));
        let first = violations.listing(1, at(0));
        assert_eq!(violations.total(), 0);
        drop(violations.listing(1, at(0)));
        assert_eq!(violations.total(), 1);
        drop(first);
    }
}
