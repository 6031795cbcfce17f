//! When a photo was taken: an exact instant, and the offset from UTC where it is known.

use chrono::{DateTime, Datelike, FixedOffset, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

/// The instant a photo or video was taken.
///
/// The instant is exact to the nanosecond (the Library API sends 0, 3, 6 or 9 fractional digits). The offset says what
/// the clock on the wall showed; Google's APIs do not send it, so it is often unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CaptureTime {
    /// The instant, in UTC.
    pub instant: DateTime<Utc>,
    /// Seconds east of UTC of the local clock, when the source or the file says so.
    pub offset_seconds: Option<i32>,
}

impl CaptureTime {
    /// Creates a capture time whose local offset is unknown.
    pub fn utc(instant: DateTime<Utc>) -> Self {
        Self { instant, offset_seconds: None }
    }

    /// Reads an RFC 3339 timestamp as Google's APIs send it (years 0 to 9999, up to 9 fractional digits).
    ///
    /// Returns `None` for anything else: an item with an unreadable date is an item without a date, never an error.
    pub fn parse_google(text: &str) -> Option<Self> {
        let parsed = DateTime::parse_from_rfc3339(text.trim()).ok()?;
        Some(Self::utc(parsed.with_timezone(&Utc)))
    }

    /// Builds the time from Unix seconds and nanoseconds; `None` outside of what a calendar date can hold.
    pub fn from_unix(seconds: i64, nanos: u32, offset_seconds: Option<i32>) -> Option<Self> {
        Some(Self { instant: DateTime::from_timestamp(seconds, nanos)?, offset_seconds })
    }

    /// Seconds since 1970, negative before.
    pub fn unix_seconds(&self) -> i64 {
        self.instant.timestamp()
    }

    /// Nanoseconds within the second.
    pub fn nanos(&self) -> u32 {
        self.instant.timestamp_subsec_nanos().min(999_999_999)
    }

    /// Year and month in UTC.
    pub fn utc_month(&self) -> (i32, u32) {
        (self.instant.year(), self.instant.month())
    }

    /// Year and month of the local clock; UTC when the offset is unknown.
    pub fn local_month(&self) -> (i32, u32) {
        match self.offset_seconds.and_then(FixedOffset::east_opt) {
            Some(offset) => {
                let local = self.instant.with_timezone(&offset);
                (local.year(), local.month())
            }
            None => self.utc_month(),
        }
    }

    /// RFC 3339 in UTC with as many fractional digits as are needed.
    pub fn to_rfc3339(&self) -> String {
        self.instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }

    /// The offset as `+HH:MM`, when known.
    pub fn offset_text(&self) -> Option<String> {
        self.offset_seconds.and_then(FixedOffset::east_opt).map(|offset| offset.to_string())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]
    use super::*;

    #[test]
    fn reads_every_precision_google_sends() {
        for (text, nanos) in [
            ("2023-01-01T00:00:00Z", 0),
            ("2023-01-01T00:00:00.123Z", 123_000_000),
            ("2023-01-01T00:00:00.123456Z", 123_456_000),
            ("2023-01-01T00:00:00.123456789Z", 123_456_789),
        ] {
            let time = CaptureTime::parse_google(text).expect(text);
            assert_eq!(time.nanos(), nanos, "{text}");
            assert_eq!(time.to_rfc3339(), text);
        }
    }

    #[test]
    fn an_unreadable_date_is_no_date() {
        for text in ["", "yesterday", "2023-13-01T00:00:00Z", "2023-01-01", "0"] {
            assert_eq!(CaptureTime::parse_google(text), None, "{text}");
        }
    }

    #[test]
    fn dates_before_1970_are_negative_seconds() {
        let time = CaptureTime::parse_google("1907-05-04T10:00:00.5Z").expect("valid");
        assert_eq!(time.unix_seconds(), -1977487200);
        assert_eq!(time.nanos(), 500_000_000);
        assert_eq!(CaptureTime::from_unix(time.unix_seconds(), time.nanos(), None), Some(time));
    }

    #[test]
    fn local_month_can_differ_from_utc_month() {
        // 08:30 on 1 January in Tokyo is still December in UTC (predecessors.md 1.4).
        let mut time = CaptureTime::parse_google("2022-12-31T23:30:00Z").expect("valid");
        assert_eq!(time.utc_month(), (2022, 12));
        assert_eq!(time.local_month(), (2022, 12), "unknown offset falls back to UTC");
        time.offset_seconds = Some(9 * 3600);
        assert_eq!(time.local_month(), (2023, 1));
        assert_eq!(time.offset_text().as_deref(), Some("+09:00"));
    }
}
