//! The simulator's own clock: the real one plus what a test has advanced it by.
//!
//! Every expiry (URLs, tokens, codes) and every check of a waiting time asks this clock, so that an hour can pass in a
//! millisecond. Nothing here sleeps.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// A shared clock; clones advance together.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead_ms: Arc<AtomicI64>,
}

impl Clock {
    /// The simulated instant, to the millisecond.
    pub fn now(&self) -> DateTime<Utc> {
        Utc::now() + TimeDelta::milliseconds(self.ahead_ms.load(Ordering::Relaxed))
    }

    /// The simulated instant in milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> i64 {
        self.now().timestamp_millis()
    }

    /// Lets `by` pass at once.
    pub fn advance(&self, by: Duration) {
        self.ahead_ms.fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX / 4), Ordering::Relaxed);
    }

    /// Sets the clock so that it now shows `instant`, and runs on from there.
    pub fn set(&self, instant: DateTime<Utc>) {
        self.ahead_ms.store((instant - Utc::now()).num_milliseconds(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advancing_one_clone_advances_the_other() {
        let clock = Clock::default();
        let other = clock.clone();
        let before = other.now();
        clock.advance(Duration::from_secs(3600));
        assert!(other.now() - before >= TimeDelta::seconds(3600));
    }
}
