//! How long to wait for what, as data.

use std::time::Duration;

/// Waiting times of a run.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// First wait after a 5xx or a broken connection; doubles with every further one. Google asks for at least 1 s
    /// (`google-apis.md` 2.9).
    pub first_retry: Duration,
    /// First wait after a 429 without Retry-After; doubles. Google asks for at least 30 s (`google-apis.md` 2.9).
    pub first_slow_down: Duration,
    /// Longest single wait between tries.
    pub longest_wait: Duration,
    /// Tries of one item's bytes in one run.
    pub item_tries: u32,
    /// Tries of one API request before it counts as an outage; the total is bounded by `outage` too.
    pub api_tries: u32,
    /// How long nothing at all may work before the run ends with exit code 5.
    pub outage: Duration,
    /// How long the run may wait for a renewed daily quota. Longer than that, it ends and says when to come back.
    pub daily_quota: Duration,
    /// How long a download may go without a byte.
    pub idle: Duration,
    /// After how long a media address is renewed before use. They live 60 minutes, some only 30 (`google-apis.md` 2.5, 7.3).
    pub url_age: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first_retry: Duration::from_secs(1),
            first_slow_down: Duration::from_secs(30),
            longest_wait: Duration::from_secs(120),
            item_tries: 5,
            api_tries: 8,
            outage: Duration::from_secs(300),
            daily_quota: Duration::from_secs(0),
            idle: Duration::from_secs(60),
            url_age: Duration::from_secs(25 * 60),
        }
    }
}

impl Patience {
    /// The wait before try number `retry` (1 is the first retry): doubling, bounded, with up to a quarter more by chance.
    /// Never less than `first`, so that a floor set by Google holds.
    pub fn backoff(&self, first: Duration, retry: u32) -> Duration {
        let doubled = first.saturating_mul(1u32.checked_shl(retry.saturating_sub(1).min(16)).unwrap_or(u32::MAX));
        let bounded = doubled.min(self.longest_wait.max(first));
        bounded + bounded.mul_f64(0.25 * chance())
    }
}

/// A number from 0 to 1.
fn chance() -> f64 {
    let mut byte = [0u8; 2];
    // Without randomness everybody waits the same time, which still works.
    let _ = getrandom::fill(&mut byte);
    f64::from(u16::from_le_bytes(byte)) / f64::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_never_fall_below_the_first() {
        let patience = Patience::default();
        for retry in 1..40 {
            let wait = patience.backoff(patience.first_slow_down, retry);
            assert!(wait >= patience.first_slow_down, "retry {retry}: {wait:?}");
            assert!(wait <= patience.longest_wait.mul_f64(1.26), "retry {retry}: {wait:?}");
        }
        assert!(patience.backoff(patience.first_retry, 4) >= patience.first_retry * 8);
    }
}
