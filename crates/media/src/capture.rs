//! When a picture was taken, as its file tells it: a wall clock, seldom with its zone, or an instant.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc};
use serde::Serialize;

/// When a picture was taken, as its file tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// The clock the file was written by. QuickTime clocks run in UTC: then this is UTC, `offset_seconds` is unknown and
    /// `instant` is known. A fraction of a second is included.
    pub local: NaiveDateTime,
    /// Seconds east of UTC of that clock, when the file says so or its GPS time gives it away.
    pub offset_seconds: Option<i32>,
    /// The instant. Known with an offset, and for clocks that run in UTC.
    pub instant: Option<DateTime<Utc>>,
    /// Nanoseconds within the second, when the file says so. They are part of `local` and `instant` already.
    pub subsec_nanos: Option<u32>,
}

impl Taken {
    /// A wall clock, with its offset if known.
    pub(crate) fn on_the_wall(local: NaiveDateTime, offset_seconds: Option<i32>, subsec_nanos: Option<u32>) -> Self {
        let local = subsec_nanos.and_then(|nanos| local.with_nanosecond(nanos)).unwrap_or(local);
        let instant = offset_seconds.and_then(|offset| local.checked_sub_signed(TimeDelta::seconds(offset.into())));
        Self { local, offset_seconds, instant: instant.map(|utc| utc.and_utc()), subsec_nanos }
    }

    /// An instant in Unix seconds, and the offset of the place's clock in seconds east of UTC if it is known. `None` outside
    /// of what a calendar can hold.
    #[must_use]
    pub fn at(seconds: i64, offset_seconds: Option<i32>) -> Option<Self> {
        let instant = DateTime::from_timestamp(seconds, 0)?;
        let Some(offset) = offset_seconds else { return Some(Self::utc(instant)) };
        let local = instant.naive_utc().checked_add_signed(TimeDelta::seconds(offset.into()))?;
        Some(Self { local, offset_seconds, instant: Some(instant), subsec_nanos: None })
    }

    /// A clock that runs in UTC.
    pub(crate) fn utc(instant: DateTime<Utc>) -> Self {
        Self { local: instant.naive_utc(), offset_seconds: None, instant: Some(instant), subsec_nanos: None }
    }

    /// Finds the offset with the help of the GPS clock, which runs in UTC and stands beside the camera's in many phones.
    ///
    /// Believed only if both differ by an offset in use somewhere, to the minute: a fix can be hours old.
    pub(crate) fn with_gps_clock(self, gps: Option<NaiveDateTime>) -> Self {
        if self.instant.is_some() {
            return self;
        }
        match gps.and_then(|gps| offset_between(self.local, gps)) {
            Some(offset) => Self::on_the_wall(self.local, Some(offset), self.subsec_nanos),
            None => self,
        }
    }
}

/// Offsets that are no multiple of half an hour: Nepal, Eucla, Chatham (standard and summer), in minutes.
const QUARTER_HOUR_OFFSETS: [i64; 4] = [345, 525, 765, 825];

fn offset_between(local: NaiveDateTime, utc: NaiveDateTime) -> Option<i32> {
    let seconds = local.signed_duration_since(utc).num_seconds();
    let near = |step: i64| (seconds + step * 30).div_euclid(step * 60) * step;
    let (half_hours, quarter_hours) = (near(30), near(15));
    let minutes = if QUARTER_HOUR_OFFSETS.contains(&quarter_hours) { quarter_hours } else { half_hours };
    let in_use = (-12 * 60..=14 * 60).contains(&minutes);
    (in_use && (seconds - minutes * 60).abs() <= 60).then_some((minutes * 60) as i32)
}

/// A date and time as text, with what may follow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClockText {
    pub(crate) local: NaiveDateTime,
    pub(crate) offset_seconds: Option<i32>,
    pub(crate) subsec_nanos: Option<u32>,
}

impl From<ClockText> for Taken {
    fn from(text: ClockText) -> Self {
        Taken::on_the_wall(text.local, text.offset_seconds, text.subsec_nanos)
    }
}

/// Reads `2011:01:13 14:33:39` (EXIF), `2012-12-31T04:35:10.25Z`, `2011-06-14T15:47+02:00` (XMP, QuickTime) and what lies
/// between. `None` without a time of day, for blanks, and for zeros, which cameras write for "clock not set".
pub(crate) fn parse_clock(text: &str) -> Option<ClockText> {
    let mut rest = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    let year = number(&mut rest, 4)? as i32;
    separator(&mut rest, &[':', '-', '/', '.'])?;
    let month = number(&mut rest, 2)?;
    separator(&mut rest, &[':', '-', '/', '.'])?;
    let day = number(&mut rest, 2)?;
    separator(&mut rest, &[' ', 'T', 't', ':'])?;
    let hour = number(&mut rest, 2)?;
    separator(&mut rest, &[':'])?;
    let minute = number(&mut rest, 2)?;
    let second = if separator(&mut rest, &[':']).is_some() { number(&mut rest, 2)? } else { 0 };
    let subsec_nanos = if separator(&mut rest, &['.', ',']).is_some() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let nanos = parse_subsec(&rest[..digits]);
        rest = &rest[digits..];
        nanos
    } else {
        None
    };
    let local = NaiveDate::from_ymd_opt(year, month, day)?.and_hms_opt(hour, minute, second.min(59))?;
    is_set(&local).then_some(ClockText { local, offset_seconds: parse_offset(rest), subsec_nanos })
}

/// Year 1 is what programs make of zeros; day one of 1904 is zero in QuickTime.
pub(crate) fn is_set(local: &NaiveDateTime) -> bool {
    local.year() > 1 && !(local.year() == 1904 && local.ordinal() == 1 && local.num_seconds_from_midnight() == 0)
}

/// Reads `+02:00`, `-0430`, `+2`, `Z`.
pub(crate) fn parse_offset(text: &str) -> Option<i32> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 && digits.is_ascii() => digits.split_at(2),
        None => (digits, "0"),
    };
    let part = |text: &str| {
        let digits_only = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        digits_only.then(|| text.parse::<i32>().ok()).flatten()
    };
    let (hours, minutes) = (part(hours)?, part(minutes)?);
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Reads the digits behind the decimal point, as EXIF has them in a field of their own.
pub(crate) fn parse_subsec(text: &str) -> Option<u32> {
    let digits = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let nine: String = digits.chars().chain("000000000".chars()).take(9).collect();
    nine.parse().ok()
}

fn number(rest: &mut &str, digits: usize) -> Option<u32> {
    let (text, after) = rest.split_at_checked(digits)?;
    *rest = after;
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn separator(rest: &mut &str, allowed: &[char]) -> Option<()> {
    *rest = rest.strip_prefix(allowed)?;
    Some(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap()
    }

    #[test]
    fn clocks_in_every_spelling() {
        let plain = ClockText { local: at("2011-06-14 15:47:09"), offset_seconds: None, subsec_nanos: None };
        for (text, expected) in [
            ("2011:06:14 15:47:09", plain),
            ("2011:06:14 15:47:09\0", plain),
            (" 2011-06-14T15:47:09 ", plain),
            ("2011/06/14 15:47:09", plain),
            ("2011-06-14T15:47:09Z", ClockText { offset_seconds: Some(0), ..plain }),
            ("2011:06:14 15:47:09-03:30", ClockText { offset_seconds: Some(-12600), ..plain }),
            ("2011-06-14T15:47:09.05+0200", ClockText { offset_seconds: Some(7200), subsec_nanos: Some(50_000_000), ..plain }),
            ("2011-06-14T15:47+02:00", ClockText { local: at("2011-06-14 15:47:00"), offset_seconds: Some(7200), ..plain }),
            ("1907:05:04 10:00:00", ClockText { local: at("1907-05-04 10:00:00"), ..plain }),
        ] {
            assert_eq!(parse_clock(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn clocks_that_were_never_set() {
        for text in [
            "",
            "    :  :     :  :  ",
            "0000:00:00 00:00:00",
            "0001:01:01 00:00:00",
            "1904:01:01 00:00:00",
            "2011:13:14 15:47:09",
            "2011:02:30 15:47:09",
            "2011:06:14 25:00:00",
            "2011:06:14",
            "2011",
            "yesterday",
            "２０１１:06:14 15:47:09",
        ] {
            assert_eq!(parse_clock(text), None, "{text}");
        }
    }

    #[test]
    fn offsets() {
        for (text, expected) in [
            ("+02:00", Some(7200)),
            ("-0430", Some(-16200)),
            ("Z", Some(0)),
            ("+5:45", Some(20700)),
            ("+14:00\0", Some(50400)),
            ("+15:00", None),
            ("+02:60", None),
            ("02:00", None),
            ("+", None),
            ("", None),
            ("+é0", None),
            ("   :  ", None),
        ] {
            assert_eq!(parse_offset(text), expected, "{text}");
        }
    }

    #[test]
    fn digits_behind_the_point() {
        for (text, expected) in
            [("5", Some(500_000_000)), ("05 ", Some(50_000_000)), ("1234567891", Some(123_456_789)), ("", None), ("a", None)]
        {
            assert_eq!(parse_subsec(text), expected, "{text}");
        }
    }

    #[test]
    fn an_offset_makes_an_instant() {
        let taken = Taken::on_the_wall(at("2023-01-01 08:30:00"), Some(9 * 3600), Some(250_000_000));
        assert_eq!(taken.instant.unwrap().to_rfc3339(), "2022-12-31T23:30:00.250+00:00");
        assert_eq!(Taken::on_the_wall(at("2023-01-01 08:30:00"), None, None).instant, None);
    }

    #[test]
    fn the_gps_clock_gives_the_offset_away() {
        let taken = Taken::on_the_wall(at("2011-01-13 14:33:39"), None, None);
        for (gps, expected) in [
            ("2011-01-13 13:33:38", Some(3600)),
            ("2011-01-13 08:48:40", Some(20700)),
            ("2011-01-13 14:33:39", Some(0)),
            ("2011-01-14 02:33:30", Some(-12 * 3600)),
            // An old fix, another day, a clock that was wrong.
            ("2011-01-13 13:21:00", None),
            ("2011-01-12 13:33:38", None),
            ("1980-01-06 00:00:00", None),
        ] {
            let offset = taken.with_gps_clock(Some(at(gps))).offset_seconds;
            assert_eq!(offset, expected, "{gps}");
        }
        let known = Taken::on_the_wall(at("2011-01-13 14:33:39"), Some(7200), None);
        assert_eq!(known.with_gps_clock(Some(at("2011-01-13 13:33:39"))), known, "the file's own word counts");
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in ".{0,40}") {
            let _ = (parse_clock(&text), parse_offset(&text), parse_subsec(&text));
        }

        #[test]
        fn what_is_written_is_read(seconds in -5_000_000_000_i64..200_000_000_000, offset in -56_i32..=56) {
            let local = DateTime::from_timestamp(seconds, 0).unwrap().naive_utc();
            prop_assume!(is_set(&local));
            let offset = offset * 900;
            let sign = if offset < 0 { '-' } else { '+' };
            let text = format!("{}{sign}{:02}:{:02}", local.format("%Y:%m:%d %H:%M:%S"), offset.abs() / 3600, offset.abs() / 60 % 60);
            let expected = ClockText { local, offset_seconds: Some(offset), subsec_nanos: None };
            prop_assert_eq!(parse_clock(&text), Some(expected));
        }
    }
}
