//! The times at which runs are due.

use chrono::{DateTime, Datelike, Days, LocalResult, NaiveDate, TimeDelta, TimeZone, Utc, Weekday};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Every {
    /// Every so many hours, 1 to 24.
    Hours(u8),
    /// Once a day.
    Daily,
    /// Once a week, on this day: 0 is Monday.
    Weekly(u8),
}

/// The days of a week as numbers mean them.
pub const WEEKDAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// What a person chooses of a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Chosen {
    /// How often.
    pub every: Every,
    /// The hour of the local clock, for once a day or a week.
    pub hour: u8,
    /// Only while the computer is on wall power.
    #[serde(default)]
    pub only_on_power: bool,
    /// Only on a network that nobody pays for by what goes over it.
    #[serde(default)]
    pub only_unmetered: bool,
}

impl Chosen {
    /// So often, under no condition.
    pub fn at(every: Every, hour: u8) -> Self {
        Self { every, hour, only_on_power: false, only_unmetered: false }
    }
}

/// When runs are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Schedule {
    /// What was chosen.
    #[serde(flatten)]
    pub chosen: Chosen,
    /// The minute, drawn once: 1 to 59.
    pub minute: u8,
    /// Decides the delays.
    pub seed: u32,
}

/// The longest delay of a slot, in seconds: the predecessors' users were told to add one of a minute (`predecessors.md` 2.3); over a
/// day of scheduled copies ten spread better.
const LONGEST_DELAY: u64 = 600;

impl Schedule {
    /// A schedule with what chance draws: `drawn` is any number.
    pub fn draw(chosen: Chosen, drawn: u32) -> Self {
        let every = match chosen.every {
            Every::Hours(hours) => Every::Hours(hours.clamp(1, 24)),
            Every::Weekly(day) => Every::Weekly(day % 7),
            Every::Daily => Every::Daily,
        };
        let chosen = Chosen { every, hour: chosen.hour.min(23), ..chosen };
        Self { chosen, minute: (drawn % 59) as u8 + 1, seed: drawn }
    }

    /// The latest slot that is not after `now`.
    pub fn latest<Z: TimeZone>(&self, zone: &Z, now: DateTime<Utc>) -> DateTime<Utc> {
        match self.chosen.every {
            Every::Hours(hours) => {
                let period = i64::from(hours.clamp(1, 24)) * 3600;
                let phase = i64::from(self.minute) * 60 + i64::from(self.seed % u32::from(hours.clamp(1, 24))) * 3600;
                let seconds = (now.timestamp() - phase).div_euclid(period) * period + phase;
                DateTime::from_timestamp(seconds, 0).unwrap_or(now)
            }
            Every::Daily | Every::Weekly(_) => {
                let today = now.with_timezone(zone).date_naive();
                // Today's may be to come, and a week has seven days; one more for a day that a zone leaves out.
                let days = (0..9).filter_map(|back| today.checked_sub_days(Days::new(back)));
                days.filter_map(|day| self.on(zone, day)).find(|slot| *slot <= now).unwrap_or(now)
            }
        }
    }

    /// The first slot after `now`.
    pub fn next<Z: TimeZone>(&self, zone: &Z, now: DateTime<Utc>) -> DateTime<Utc> {
        match self.chosen.every {
            Every::Hours(hours) => self.latest(zone, now) + TimeDelta::hours(i64::from(hours.clamp(1, 24))),
            Every::Daily | Every::Weekly(_) => {
                let today = now.with_timezone(zone).date_naive();
                let days = (0..9).filter_map(|ahead| today.checked_add_days(Days::new(ahead)));
                days.filter_map(|day| self.on(zone, day)).find(|slot| *slot > now).unwrap_or(now + TimeDelta::days(1))
            }
        }
    }

    /// When the run of a slot begins: the slot with its delay, the same whoever asks.
    pub fn begins(&self, slot: DateTime<Utc>) -> DateTime<Utc> {
        let hash = blake3::hash(format!("{} {}", self.seed, slot.timestamp()).as_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&hash.as_bytes()[..8]);
        slot + TimeDelta::seconds((u64::from_le_bytes(first) % LONGEST_DELAY) as i64)
    }

    /// The slot of a day, where it has one.
    fn on<Z: TimeZone>(&self, zone: &Z, day: NaiveDate) -> Option<DateTime<Utc>> {
        if let Every::Weekly(weekday) = self.chosen.every
            && day.weekday() != WEEKDAYS[usize::from(weekday % 7)]
        {
            return None;
        }
        let local = day.and_hms_opt(u32::from(self.chosen.hour), u32::from(self.minute), 0)?;
        // In spring an hour is left out: the same minute of the next one there is.
        (0..=3).find_map(|later| match zone.from_local_datetime(&(local + TimeDelta::hours(later))) {
            LocalResult::Single(slot) | LocalResult::Ambiguous(slot, _) => Some(slot.with_timezone(&Utc)),
            LocalResult::None => None,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use chrono::{FixedOffset, Timelike};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn berlin() -> FixedOffset {
        FixedOffset::east_opt(2 * 3600).unwrap()
    }

    #[test]
    fn a_slot_is_never_on_the_hour_and_comes_once_a_period() {
        for drawn in [0, 58, 59, 4_000_000_000] {
            for every in [Every::Hours(1), Every::Hours(6), Every::Hours(24), Every::Daily, Every::Weekly(6)] {
                let schedule = Schedule::draw(Chosen::at(every, 3), drawn);
                let mut now = at("2026-03-20T00:00:00Z");
                let mut before = schedule.latest(&berlin(), now);
                for _ in 0..20 {
                    let next = schedule.next(&berlin(), now);
                    assert!(next > now && next.minute() != 0, "{every:?} {next}");
                    assert_eq!(schedule.latest(&berlin(), next), next, "{every:?}");
                    assert_eq!(schedule.latest(&berlin(), next - TimeDelta::seconds(1)), before, "{every:?}");
                    let begins = schedule.begins(next);
                    assert!(begins >= next && (begins - next).num_seconds() < LONGEST_DELAY as i64);
                    (before, now) = (next, next);
                }
            }
        }
    }

    #[test]
    fn the_hour_is_that_of_the_local_clock() {
        let schedule = Schedule::draw(Chosen::at(Every::Daily, 3), 16);
        assert_eq!(schedule.next(&berlin(), at("2026-07-01T00:00:00Z")), at("2026-07-01T01:17:00Z"));
        let weekly = Schedule::draw(Chosen::at(Every::Weekly(0), 3), 16);
        assert_eq!(weekly.next(&berlin(), at("2026-07-01T00:00:00Z")), at("2026-07-06T01:17:00Z"), "a Monday");
    }
}
