//! When the next export is due, from when the exports so far were made.
//!
//! Google can make an export of Photos every two months for a year: six in all, the first one whole (format notes, 6.1).
//! Nothing in an export says that it is one of such a series; only the distances between them do.

use chrono::{DateTime, Days, Months, TimeDelta, Utc};
use serde::Serialize;
use ts_rs::TS;

/// Days between two exports of a series, at least and at most: about two months.
const STEP: std::ops::RangeInclusive<i64> = 50..=75;

/// Exports that Google makes in the year of a schedule.
const OF_A_YEAR: usize = 6;

/// Days after the day it was due from which on an export is overdue: Google takes its time.
const GRACE: i64 = 14;

/// Days before the end of a schedule's year from which on it is told.
const NOTICE: u64 = 30;

/// What is worth telling about the exports to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum CalendarNotice {
    /// No export came yet.
    NoExport,
    /// The next one should have come two weeks ago.
    Overdue,
    /// The year of exports that was asked for ends soon.
    YearEndsSoon,
    /// That year is over: no export comes by itself.
    YearEnded,
}

/// When exports came and when the next one is due.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
pub struct ExportCalendar {
    /// When the last export was made.
    pub last: Option<DateTime<Utc>>,
    /// Exports that came, on different days.
    pub exports: u32,
    /// Whether they come in a series, about every two months.
    pub series: bool,
    /// How many of the present series came, of six.
    pub of_series: u32,
    /// When the next one is due. Without a series: if one was asked for every two months.
    pub next_due: Option<DateTime<Utc>>,
    /// When the year of exports that was asked for runs out.
    pub year_ends: Option<DateTime<Utc>>,
    /// What is worth telling now.
    pub notice: Option<CalendarNotice>,
}

/// What the exports of a library tell, given when each was made.
pub fn calendar(made: &[DateTime<Utc>], now: DateTime<Utc>) -> ExportCalendar {
    let mut days = made.to_vec();
    days.sort_unstable();
    // Several of one day are one occasion: two products, two accounts' pages, a second try.
    days.dedup_by(|later, earlier| *later - *earlier < TimeDelta::days(1));
    let Some(last) = days.last().copied() else {
        return ExportCalendar { notice: Some(CalendarNotice::NoExport), ..ExportCalendar::default() };
    };
    let mut calendar = ExportCalendar { last: Some(last), exports: days.len() as u32, ..ExportCalendar::default() };
    let series = series(&days);
    if let (Some(newest), Some(first)) = (series.last(), series.get((series.len().saturating_sub(1)) / OF_A_YEAR * OF_A_YEAR)) {
        let came = (series.len() - 1) % OF_A_YEAR + 1;
        calendar.series = true;
        calendar.of_series = came as u32;
        calendar.year_ends = first.checked_add_months(Months::new(12));
        // After the sixth nothing comes by itself.
        calendar.next_due = if came < OF_A_YEAR { newest.checked_add_months(Months::new(2)) } else { None };
    } else {
        calendar.next_due = last.checked_add_months(Months::new(2));
    }
    calendar.notice = notice(&calendar, now);
    calendar
}

fn notice(calendar: &ExportCalendar, now: DateTime<Utc>) -> Option<CalendarNotice> {
    let overdue = calendar.next_due.is_some_and(|due| now > due + TimeDelta::days(GRACE));
    match calendar.year_ends {
        Some(end) if now >= end => Some(CalendarNotice::YearEnded),
        // A missing export matters more than the end of the year; the end itself is in the answer as well.
        _ if overdue => Some(CalendarNotice::Overdue),
        Some(end) if end.checked_sub_days(Days::new(NOTICE)).is_some_and(|from| now >= from) => {
            Some(CalendarNotice::YearEndsSoon)
        }
        _ => None,
    }
}

/// The series that goes on now: exports each about two months after the one before. Others in between do not break it. Empty
/// when there is none, or when something newer came after its next step should have.
fn series(days: &[DateTime<Utc>]) -> Vec<DateTime<Utc>> {
    let Some(last) = days.last() else { return Vec::new() };
    for end in (0..days.len()).rev() {
        let mut chain = vec![days[end]];
        for day in days[..end].iter().rev() {
            let step = chain.last().map_or(0, |later| (*later - *day).num_days());
            if STEP.contains(&step) {
                chain.push(*day);
            }
        }
        if chain.len() > 1 {
            chain.reverse();
            let over = (*last - days[end]).num_days() > *STEP.end();
            return if over { Vec::new() } else { chain };
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn day(text: &str) -> DateTime<Utc> {
        format!("{text}T12:00:00Z").parse().unwrap()
    }

    fn at(made: &[&str], now: &str) -> ExportCalendar {
        calendar(&made.iter().map(|text| day(text)).collect::<Vec<_>>(), day(now))
    }

    #[test]
    fn without_an_export_there_is_nothing_to_tell_but_that() {
        let found = at(&[], "2026-03-01");
        assert_eq!((found.last, found.next_due, found.notice), (None, None, Some(CalendarNotice::NoExport)));
    }

    #[test]
    fn a_single_export_promises_nothing_but_the_day_if_more_were_asked_for() {
        let found = at(&["2026-01-10"], "2026-03-20");
        assert!(!found.series);
        assert_eq!((found.next_due, found.year_ends, found.notice), (Some(day("2026-03-10")), None, None));
        // Two weeks late is not overdue yet; a day more is.
        assert_eq!(at(&["2026-01-10"], "2026-03-24").notice, None);
        assert_eq!(at(&["2026-01-10"], "2026-03-25").notice, Some(CalendarNotice::Overdue));
    }

    #[test]
    fn two_exports_two_months_apart_are_a_series_with_a_year() {
        let found = at(&["2026-03-10", "2026-01-10"], "2026-03-11");
        assert!(found.series);
        assert_eq!((found.exports, found.of_series), (2, 2));
        assert_eq!((found.next_due, found.year_ends), (Some(day("2026-05-10")), Some(day("2027-01-10"))));
        assert_eq!(found.notice, None);
        assert_eq!(at(&["2026-01-10", "2026-03-10"], "2026-05-25").notice, Some(CalendarNotice::Overdue));
    }

    #[test]
    fn gaps_at_the_edges_count_and_beyond_them_do_not() {
        for (second, series) in [("2026-02-28", false), ("2026-03-01", true), ("2026-03-26", true), ("2026-03-27", false)] {
            // 49, 50, 75 and 76 days after 10 January.
            assert_eq!(at(&["2026-01-10", second], "2026-03-28").series, series, "{second}");
        }
    }

    #[test]
    fn an_export_made_in_between_does_not_break_the_series() {
        let found = at(&["2026-01-10", "2026-03-10", "2026-04-01", "2026-05-10"], "2026-05-11");
        assert_eq!((found.series, found.of_series, found.next_due), (true, 3, Some(day("2026-07-10"))));
        // Also when it is the newest.
        let found = at(&["2026-01-10", "2026-03-10", "2026-04-01"], "2026-04-02");
        assert_eq!((found.series, found.last, found.next_due), (true, Some(day("2026-04-01")), Some(day("2026-05-10"))));
    }

    #[test]
    fn the_end_of_the_year_is_told_thirty_days_before_and_after_it() {
        let made = ["2026-01-10", "2026-03-10", "2026-05-10", "2026-07-10", "2026-09-10", "2026-11-10"];
        let found = at(&made, "2026-12-10");
        assert_eq!((found.of_series, found.next_due, found.notice), (6, None, None));
        assert_eq!(at(&made, "2026-12-11").notice, Some(CalendarNotice::YearEndsSoon));
        assert_eq!(at(&made, "2027-01-10").notice, Some(CalendarNotice::YearEnded));
    }

    #[test]
    fn a_seventh_export_begins_a_new_year() {
        let made = ["2026-01-10", "2026-03-10", "2026-05-10", "2026-07-10", "2026-09-10", "2026-11-10", "2027-01-10"];
        let found = at(&made, "2027-01-11");
        assert_eq!((found.of_series, found.year_ends, found.notice), (1, Some(day("2028-01-10")), None));
        assert_eq!(found.next_due, Some(day("2027-03-10")));
    }

    #[test]
    fn a_series_that_was_left_is_not_waited_for() {
        let found = at(&["2025-01-10", "2025-03-10", "2026-02-01"], "2026-02-02");
        assert_eq!((found.series, found.year_ends, found.next_due), (false, None, Some(day("2026-04-01"))));
    }

    #[test]
    fn several_archives_of_one_day_are_one_occasion() {
        let found = at(&["2026-01-10", "2026-01-10"], "2026-01-11");
        assert_eq!((found.exports, found.series), (1, false));
    }
}
