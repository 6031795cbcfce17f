//! A week in a moment: sleep, no network, a full disk, an expired sign-in, a clock that is set. Every slot is accounted for and none is
//! served twice.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use chrono::FixedOffset;

use super::super::{Chosen, Every, Schedule};
use super::*;

/// What happens to the computer at a minute of the week.
#[derive(Clone, Copy, PartialEq)]
enum Happens {
    Sleep,
    Wake,
    NetworkLost,
    NetworkBack,
    DiskFull,
    RoomMade,
    SignInExpired,
    SignedIn,
    DiskAway,
    DiskBack,
    OnBattery,
    Hotspot,
    AtHome,
    Plugged,
    /// The program is killed and started again.
    Killed,
    /// The clock jumps by so many minutes.
    Clock(i64),
}

/// One run of the week.
#[derive(Debug)]
struct Ran {
    slot: DateTime<Utc>,
    began: DateTime<Utc>,
    ended: Ended,
}

struct Week {
    schedule: Schedule,
    ledger: Ledger,
    zone: FixedOffset,
    start: DateTime<Utc>,
    runs: Vec<Ran>,
    waits: BTreeMap<&'static str, u64>,
}

/// Minutes that a run takes.
const RUN: i64 = 20;

impl Week {
    fn of(schedule: Schedule) -> Self {
        let start = "2026-11-23T00:00:00Z".parse().unwrap();
        let zone = FixedOffset::east_opt(3600).unwrap();
        Self { schedule, ledger: Ledger::begin_at(start), zone, start, runs: Vec::new(), waits: BTreeMap::new() }
    }

    /// Lives through the week, minute by minute of true time; the clock may show another.
    fn live(mut self, events: &[(i64, Happens)]) -> Self {
        let (mut asleep, mut network, mut full, mut signed_in, mut disk, mut power, mut shift) =
            (false, true, false, true, true, true, TimeDelta::zero());
        let mut metered = false;
        // A run under way: its slot, when it began, minutes left.
        let mut running: Option<(DateTime<Utc>, DateTime<Utc>, i64)> = None;
        for minute in 0..7 * 24 * 60 {
            for (_, happens) in events.iter().filter(|(at, _)| *at == minute) {
                match happens {
                    Happens::Sleep => asleep = true,
                    Happens::Wake => asleep = false,
                    Happens::NetworkLost => network = false,
                    Happens::NetworkBack => network = true,
                    Happens::DiskFull => full = true,
                    Happens::RoomMade => full = false,
                    Happens::SignInExpired => signed_in = false,
                    Happens::SignedIn => signed_in = true,
                    Happens::DiskAway => disk = false,
                    Happens::DiskBack => disk = true,
                    Happens::OnBattery => power = false,
                    Happens::Plugged => power = true,
                    Happens::Hotspot => metered = true,
                    Happens::AtHome => metered = false,
                    Happens::Clock(minutes) => shift += TimeDelta::minutes(*minutes),
                    Happens::Killed => {
                        let now = self.start + TimeDelta::minutes(minute) + shift;
                        // What a new start finds is what was kept.
                        let kept = serde_json::to_string(&self.ledger).unwrap();
                        self.ledger = serde_json::from_str(&kept).unwrap();
                        self.ledger.recover(now);
                        if let Some((slot, began, _)) = running.take() {
                            self.runs.push(Ran { slot, began, ended: Ended::CutOff });
                        }
                    }
                }
            }
            if asleep {
                continue;
            }
            let now = self.start + TimeDelta::minutes(minute) + shift;
            if let Some((slot, began, left)) = running.take() {
                let ended = match (disk, full, signed_in, network) {
                    (false, ..) => Some(Ended::DiskGone),
                    (_, true, ..) => Some(Ended::Full),
                    (_, _, false, _) => Some(Ended::SignIn),
                    (_, _, _, false) => Some(Ended::Network),
                    _ => (left == 0).then_some(Ended::Well),
                };
                match ended {
                    Some(ended) => {
                        self.ledger.end(ended, now);
                        self.runs.push(Ran { slot, began, ended });
                    }
                    None => running = Some((slot, began, left - 1)),
                }
                continue;
            }
            let around = Around { on_power: Some(power), metered: Some(metered), disk, room: Some(!full) };
            match self.ledger.decide(&self.schedule, &self.zone, now, around) {
                Decision::Run { slot } => {
                    self.ledger.begin(slot);
                    running = Some((slot, now, RUN));
                }
                Decision::Wait { what, until } => {
                    assert!(until >= now, "waits for the past");
                    let word = match what {
                        WaitsFor::Time => "time",
                        WaitsFor::Person => "person",
                        WaitsFor::Power => "power",
                        WaitsFor::Unmetered => "unmetered",
                        WaitsFor::Disk => "disk",
                        WaitsFor::Room => "room",
                        WaitsFor::AnotherTry => "another try",
                    };
                    *self.waits.entry(word).or_default() += 1;
                }
            }
        }
        self
    }

    fn ended(&self, how: Ended) -> usize {
        self.runs.iter().filter(|run| run.ended == how).count()
    }

    /// Slots of which a run went to its end, and that none did so twice.
    #[track_caller]
    fn served_well(&self) -> Vec<DateTime<Utc>> {
        let well: Vec<DateTime<Utc>> = self.runs.iter().filter(|run| run.ended == Ended::Well).map(|run| run.slot).collect();
        let mut once = well.clone();
        once.dedup();
        assert_eq!(well, once, "a slot was served twice");
        assert!(well.is_sorted());
        well
    }
}

fn every_six_hours() -> Schedule {
    Schedule::draw(Chosen::at(Every::Hours(6), 0), 1_234_567)
}

#[test]
fn a_quiet_week_has_a_run_for_every_slot() {
    let week = Week::of(every_six_hours()).live(&[]);
    assert_eq!((week.runs.len(), week.ended(Ended::Well)), (28, 28), "{:#?}", week.runs);
    let late = week.runs.iter().map(|run| (run.began - run.slot).num_minutes()).max().unwrap();
    assert!(late <= 10, "{late}");
    assert!(week.runs.iter().any(|run| run.began - run.slot > TimeDelta::minutes(1)), "delays differ");
    week.served_well();
    let daily = Week::of(Schedule::draw(Chosen::at(Every::Daily, 3), 7)).live(&[]);
    assert_eq!(daily.served_well().len(), 7);
    assert_eq!(Week::of(Schedule::draw(Chosen::at(Every::Weekly(5), 3), 7)).live(&[]).served_well().len(), 1);
}

#[test]
fn what_was_slept_through_is_made_up_for_once() {
    // Two and a half days.
    let week = Week::of(every_six_hours()).live(&[(1000, Happens::Sleep), (4600, Happens::Wake)]);
    let after: Vec<&Ran> = week.runs.iter().filter(|run| run.began >= week.start + TimeDelta::minutes(4600)).collect();
    assert!((after[0].began - week.start).num_minutes() <= 4611, "soon after it woke: {after:#?}");
    assert!(after[1].began - after[0].began > TimeDelta::minutes(RUN), "{after:#?}");
    assert_eq!(week.served_well().len(), 28 - 9, "one for the ten that were slept through");
}

#[test]
fn without_network_it_is_tried_again_and_goes_on_by_itself() {
    let week = Week::of(every_six_hours()).live(&[(1000, Happens::NetworkLost), (2500, Happens::NetworkBack)]);
    let failed = week.ended(Ended::Network);
    assert!((20..=60).contains(&failed), "neither given up nor hammered: {failed}");
    let first_well = week.runs.iter().find(|run| run.ended == Ended::Well && run.began >= week.start + TimeDelta::minutes(2500));
    assert!((first_well.unwrap().began - week.start).num_minutes() <= 2500 + 60, "within the longest wait");
    week.served_well();
}

#[test]
fn a_full_disk_is_waited_for_without_trying() {
    let week = Week::of(every_six_hours()).live(&[(1000, Happens::DiskFull), (3000, Happens::RoomMade)]);
    assert_eq!(week.ended(Ended::Full), 1, "{:#?}", week.runs);
    assert!(week.waits["room"] > 1000);
    let next = week.runs.iter().find(|run| run.began >= week.start + TimeDelta::minutes(3000)).unwrap();
    assert!((next.began - week.start).num_minutes() <= 3011, "{next:?}");
    week.served_well();
}

#[test]
fn an_expired_sign_in_is_tried_once_a_slot_until_a_person_signs_in() {
    let week = Week::of(every_six_hours()).live(&[(1000, Happens::SignInExpired), (3000, Happens::SignedIn)]);
    assert!((5..=6).contains(&week.ended(Ended::SignIn)), "{:#?}", week.runs);
    let slots: Vec<_> = week.runs.iter().map(|run| run.slot).collect();
    let mut once = slots.clone();
    once.dedup();
    assert_eq!(slots, once, "one run for each slot");
}

#[test]
fn a_disk_that_is_away_and_a_battery_are_waited_for() {
    let drawn = every_six_hours();
    let chosen = Chosen { only_on_power: true, only_unmetered: true, ..drawn.chosen };
    let schedule = Schedule { chosen, ..drawn };
    let events = [
        (500, Happens::DiskAway),
        (2000, Happens::DiskBack),
        (4000, Happens::OnBattery),
        (6000, Happens::Plugged),
        (7000, Happens::Hotspot),
        (8000, Happens::AtHome),
    ];
    let week = Week::of(schedule).live(&events);
    assert!(week.waits["disk"] > 500 && week.waits["power"] > 500 && week.waits["unmetered"] > 200, "{:?}", week.waits);
    assert!(week.runs.iter().all(|run| run.ended == Ended::Well || run.ended == Ended::DiskGone), "{:#?}", week.runs);
    let between = |from, to| {
        let (from, to) = (week.start + TimeDelta::minutes(from), week.start + TimeDelta::minutes(to));
        week.runs.iter().filter(|run| run.began > from && run.began < to).count()
    };
    assert_eq!((between(500, 2000), between(4000, 6000), between(7000, 8000)), (0, 0, 0));
    // On battery it goes on anyway where nobody asked for power.
    let week = Week::of(every_six_hours()).live(&events[2..]);
    assert_eq!(week.served_well().len(), 28);
}

#[test]
fn a_clock_that_is_set_costs_no_run_and_makes_none_twice() {
    for minutes in [-60, 60, -180, 180, -30, 7] {
        let week = Week::of(every_six_hours()).live(&[(2000, Happens::Clock(minutes)), (6000, Happens::Clock(-minutes))]);
        let well = week.served_well();
        assert!((27..=29).contains(&well.len()), "{minutes}: {}", well.len());
    }
    // Two years ahead for an hour, as computers without a battery do.
    let year = 2 * 365 * 24 * 60;
    let week = Week::of(every_six_hours()).live(&[(2000, Happens::Clock(year)), (2060, Happens::Clock(-year))]);
    let after = week.runs.iter().filter(|run| run.ended == Ended::Well && run.began < week.start + TimeDelta::days(8)).count();
    assert!(after >= 26, "{after}");
}

#[test]
fn a_run_that_was_killed_is_gone_on_with() {
    let quiet = Week::of(every_six_hours()).live(&[]);
    let began = (quiet.runs[3].began - quiet.start).num_minutes();
    let week = Week::of(every_six_hours()).live(&[(began + 5, Happens::Killed), (began + 300, Happens::Killed)]);
    assert_eq!((week.ended(Ended::CutOff), week.ended(Ended::Well)), (1, 28), "{:#?}", week.runs);
    let again = &week.runs[4];
    assert_eq!(again.slot, week.runs[3].slot);
    assert!(again.began - week.runs[3].began <= TimeDelta::minutes(8), "{again:?}");
}

#[test]
fn a_pause_holds_runs_back_and_ends_by_itself() {
    let mut week = Week::of(every_six_hours());
    week.ledger.pause(Some(week.start + TimeDelta::minutes(1500)));
    let week = week.live(&[]);
    assert!(week.runs[0].began >= week.start + TimeDelta::minutes(1500));
    assert!((week.runs[0].began - week.start).num_minutes() <= 1511);
    week.served_well();
}
