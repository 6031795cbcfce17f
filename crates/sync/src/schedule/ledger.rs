//! What is remembered of scheduled runs, and what to do now.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::slots::Schedule;

/// How a run ended, as far as the schedule goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// It went to its end, and everything is kept.
    Well,
    /// It went to its end, and something is not kept; the next slot tries it again.
    Partly,
    /// No network, or Google's quota: tried again by itself.
    Network,
    /// The library's disk is full: gone on with when there is room.
    Full,
    /// The library's disk went away: gone on with when it is there.
    DiskGone,
    /// Nobody is signed in any more: a person is needed.
    SignIn,
    /// Another run works on the library.
    Busy,
    /// The person stopped it.
    Stopped,
    /// Something else.
    Otherwise,
    /// It was cut off: the program or the computer ended.
    CutOff,
}

/// What keeps a run from beginning now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum WaitsFor {
    /// The time of the next one.
    Time,
    /// The person, who paused it.
    Person,
    /// Wall power.
    Power,
    /// A network that is not paid for by what goes over it.
    Unmetered,
    /// The library's disk.
    Disk,
    /// Room on the library's disk.
    Room,
    /// The network, or whatever went wrong, for a while.
    AnotherTry,
}

/// What is around; `None` where it cannot be told, which keeps nothing from beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Around {
    /// The computer is on wall power.
    pub on_power: Option<bool>,
    /// The network is paid for by what goes over it.
    pub metered: Option<bool>,
    /// The library's folder is there.
    pub disk: bool,
    /// The library's disk has room again, where it was full.
    pub room: Option<bool>,
}

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Run now, for this slot.
    Run {
        /// Which slot.
        slot: DateTime<Utc>,
    },
    /// Wait.
    Wait {
        /// For what.
        what: WaitsFor,
        /// When the answer may be another one by itself; look at least then.
        until: DateTime<Utc>,
    },
}

/// What is remembered from one start to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// The latest slot that needs no run any more.
    served: DateTime<Utc>,
    /// A run for that slot was begun and did not say how it ended.
    under_way: bool,
    /// How the last run ended, and when.
    last: Option<(Ended, DateTime<Utc>)>,
    /// Runs in a row that did not end well.
    tries: u32,
    /// When the slot is tried once more.
    again_at: Option<DateTime<Utc>>,
    /// Until when the person wants no run; the far end of time for "until I say so".
    paused_until: Option<DateTime<Utc>>,
}

/// The first wait after a run that did not end well; it doubles.
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(5);
/// The longest such wait.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(1);
/// How often to look whether power or a disk is there.
const LOOK_EVERY: TimeDelta = TimeDelta::minutes(1);
/// A slot that was served and is farther ahead than the next one by this was noted with a clock that was wrong. What is nearer was
/// served, and the clock was set back since.
const CLOCK_WAS_AHEAD: TimeDelta = TimeDelta::days(1);

impl Ledger {
    /// A ledger for a schedule that begins now: the first run is at the next slot.
    pub fn begin_at(now: DateTime<Utc>) -> Self {
        Self { served: now, under_way: false, last: None, tries: 0, again_at: None, paused_until: None }
    }

    /// What to do now.
    pub fn decide<Z: TimeZone>(&mut self, schedule: &Schedule, zone: &Z, now: DateTime<Utc>, around: Around) -> Decision {
        self.mind_the_clock(schedule, zone, now);
        let next = schedule.begins(schedule.next(zone, now));
        let wait = |what, until: DateTime<Utc>| Decision::Wait { what, until: until.min(next).max(now) };
        if let Some(until) = self.paused_until {
            if now < until {
                return Decision::Wait { what: WaitsFor::Person, until };
            }
            self.paused_until = None;
        }
        let latest = schedule.latest(zone, now);
        let slot = if latest > self.served {
            if schedule.begins(latest) > now {
                // A slot before it may be due still: after a sleep, or when a try failed.
                match self.again_at {
                    Some(at) if at <= now => self.served,
                    _ => return Decision::Wait { what: WaitsFor::Time, until: schedule.begins(latest) },
                }
            } else {
                latest
            }
        } else {
            match self.again_at {
                None => return Decision::Wait { what: WaitsFor::Time, until: next },
                Some(at) if now < at => return wait(WaitsFor::AnotherTry, at),
                Some(_) => self.served,
            }
        };
        let soon = now + LOOK_EVERY;
        if !around.disk {
            return wait(WaitsFor::Disk, soon);
        }
        if schedule.chosen.only_on_power && around.on_power == Some(false) {
            return wait(WaitsFor::Power, soon);
        }
        if schedule.chosen.only_unmetered && around.metered == Some(true) {
            return wait(WaitsFor::Unmetered, soon);
        }
        if matches!(self.last, Some((Ended::Full, _))) && around.room == Some(false) {
            return wait(WaitsFor::Room, soon);
        }
        Decision::Run { slot }
    }

    /// What was noted with another clock is worth nothing: else a clock that was years ahead for an hour would end all runs.
    fn mind_the_clock<Z: TimeZone>(&mut self, schedule: &Schedule, zone: &Z, now: DateTime<Utc>) {
        if self.served > schedule.next(zone, now) + CLOCK_WAS_AHEAD {
            self.served = schedule.latest(zone, now);
        }
        if self.again_at.is_some_and(|at| at > now + LONGEST_WAIT) {
            self.again_at = Some(now);
        }
    }

    /// A run for a slot begins. Keep the ledger before it does, so that no slot is served twice.
    pub fn begin(&mut self, slot: DateTime<Utc>) {
        self.served = self.served.max(slot);
        self.under_way = true;
        self.again_at = None;
    }

    /// The run ended.
    pub fn end(&mut self, how: Ended, now: DateTime<Utc>) {
        self.under_way = false;
        self.last = Some((how, now));
        self.tries = if matches!(how, Ended::Well | Ended::Partly | Ended::Stopped) { 0 } else { self.tries.saturating_add(1) };
        self.again_at = match how {
            // The person decides: whoever stopped it, and whoever has to sign in. The next slot comes in any case.
            Ended::Well | Ended::Partly | Ended::Stopped | Ended::SignIn => None,
            Ended::Full | Ended::DiskGone | Ended::Busy | Ended::CutOff => Some(now + LOOK_EVERY),
            Ended::Network | Ended::Otherwise => {
                let doubled = FIRST_WAIT * 2i32.pow(self.tries.saturating_sub(1).min(8));
                Some(now + doubled.min(LONGEST_WAIT))
            }
        };
    }

    /// Says of a run that never told its end that it was cut off. For the start, when nothing can be under way.
    pub fn recover(&mut self, now: DateTime<Utc>) {
        if self.under_way {
            self.end(Ended::CutOff, now);
        }
    }

    /// No run begins before `until`; `None` lets them begin again.
    pub fn pause(&mut self, until: Option<DateTime<Utc>>) {
        self.paused_until = until;
    }

    /// Until when the person wants no run.
    pub fn paused_until(&self) -> Option<DateTime<Utc>> {
        self.paused_until
    }

    /// How the last run ended, and when.
    pub fn last(&self) -> Option<(Ended, DateTime<Utc>)> {
        self.last
    }
}

#[cfg(test)]
#[path = "week_tests.rs"]
mod week_tests;
