//! One colour and one reason: what the tray, `photokeep status` and the window show of a library, so that they always agree.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use ts_rs::TS;

use crate::status::{Health, StatusResponse};

/// How a library stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Signal {
    /// Nothing is to be done.
    Idle,
    /// A run is under way.
    Working,
    /// A person should have a look.
    Attention,
    /// Nothing more is kept until a person does something.
    Stopped,
}

/// Why a library stands so; the weightiest reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Nothing was kept so far.
    New,
    /// Everything is kept.
    Complete,
    /// A run is under way.
    Running,
    /// The library's folder is not there.
    FolderAway,
    /// The last run stopped because the disk was full.
    DiskFull,
    /// The last run stopped because the disk could not be written.
    DiskReadOnly,
    /// Nobody is signed in any more.
    SignInNeeded,
    /// Google refuses the sign-in.
    AccessRefused,
    /// The sign-in ends within two days.
    SignInEnds,
    /// Files are lost here and gone at Google.
    Lost,
    /// Files vanished or were damaged.
    Damaged,
    /// Files could not be fetched.
    Failed,
    /// The last good run is too long ago.
    Stale,
    /// Not everything is kept yet.
    Incomplete,
}

/// Google's word that a sign-in ends is passed on this long before: unverified clients get seven days in all (`google-apis.md` 4).
const SIGN_IN_ENDS_SOON: TimeDelta = TimeDelta::days(2);

/// Between two exports that Google makes by itself lie two months (`takeout-format.md`); a library that lives on them is not late before.
pub(crate) const BETWEEN_EXPORTS: TimeDelta = TimeDelta::days(61);

/// What is to be known of the sign-in of a library that is synced.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SignInFacts {
    /// Somebody signed in, then.
    pub since: Option<DateTime<Utc>>,
    /// When the sign-in ends, where Google said so.
    pub ends: Option<DateTime<Utc>>,
}

/// The word and the reason for where a library stands. `sign_in` is `None` where nobody has to be signed in.
pub(crate) fn signal(status: &StatusResponse, sign_in: Option<SignInFacts>, now: DateTime<Utc>) -> (Signal, Reason) {
    let why = why(status, sign_in, now);
    let signal = match why {
        Reason::Running => Signal::Working,
        Reason::New | Reason::Complete => Signal::Idle,
        Reason::FolderAway | Reason::DiskFull | Reason::DiskReadOnly | Reason::SignInNeeded | Reason::AccessRefused => {
            Signal::Stopped
        }
        Reason::SignInEnds | Reason::Lost | Reason::Damaged | Reason::Failed | Reason::Stale | Reason::Incomplete => {
            Signal::Attention
        }
    };
    (signal, why)
}

fn why(status: &StatusResponse, sign_in: Option<SignInFacts>, now: DateTime<Utc>) -> Reason {
    if !status.folder_is_there {
        return Reason::FolderAway;
    }
    if status.running {
        return Reason::Running;
    }
    // Whoever signed in after the last run has answered what stopped it.
    let answered = sign_in.is_some_and(|sign_in| sign_in.since.is_some() && sign_in.since > status.last_run);
    match status.stopped.as_deref() {
        Some("target-full") => return Reason::DiskFull,
        Some("target-read-only" | "target-gone") => return Reason::DiskReadOnly,
        Some("sign-in-needed") if !answered => return Reason::SignInNeeded,
        Some("access-refused") if !answered => return Reason::AccessRefused,
        _ => {}
    }
    if sign_in.is_some_and(|sign_in| sign_in.since.is_none() || sign_in.ends.is_some_and(|ends| ends <= now)) {
        return Reason::SignInNeeded;
    }
    if status.lost > 0 {
        return Reason::Lost;
    }
    if status.damaged > 0 {
        return Reason::Damaged;
    }
    if status.failed > 0 {
        return Reason::Failed;
    }
    if sign_in.and_then(|sign_in| sign_in.ends).is_some_and(|ends| ends - now <= SIGN_IN_ENDS_SOON) {
        return Reason::SignInEnds;
    }
    match status.health {
        Health::New if status.items == 0 => Reason::New,
        // What another tool kept stands until a source is asked; nothing is amiss.
        Health::New if status.adopted == status.items => Reason::New,
        Health::Attention | Health::New => Reason::Incomplete,
        Health::Complete if status.stale => Reason::Stale,
        Health::Complete => Reason::Complete,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::status::tests::complete;

    fn now() -> DateTime<Utc> {
        "2026-11-24T12:00:00Z".parse().unwrap()
    }

    fn signed_in(ends: Option<TimeDelta>) -> Option<SignInFacts> {
        Some(SignInFacts { since: Some(now() - TimeDelta::days(5)), ends: ends.map(|left| now() + left) })
    }

    fn of(change: impl FnOnce(&mut StatusResponse), sign_in: Option<SignInFacts>) -> (Signal, Reason) {
        let mut status = complete();
        status.last_run = Some(now() - TimeDelta::hours(3));
        change(&mut status);
        signal(&status, sign_in, now())
    }

    #[test]
    fn nothing_to_do_is_said_only_when_there_is_nothing() {
        assert_eq!(of(|_| {}, signed_in(None)), (Signal::Idle, Reason::Complete));
        assert_eq!(of(|_| {}, None), (Signal::Idle, Reason::Complete));
        assert_eq!(of(|status| status.stale = true, signed_in(None)), (Signal::Attention, Reason::Stale));
        assert_eq!(of(|status| status.failed = 1, None), (Signal::Attention, Reason::Failed));
        assert_eq!(of(|status| status.health = Health::Attention, None), (Signal::Attention, Reason::Incomplete));
        assert_eq!(of(|status| status.running = true, signed_in(None)), (Signal::Working, Reason::Running));
    }

    #[test]
    fn a_sign_in_is_told_before_it_ends_and_when_it_has() {
        assert_eq!(of(|_| {}, signed_in(Some(TimeDelta::days(3)))), (Signal::Idle, Reason::Complete));
        assert_eq!(of(|_| {}, signed_in(Some(TimeDelta::days(1)))), (Signal::Attention, Reason::SignInEnds));
        assert_eq!(of(|_| {}, signed_in(Some(TimeDelta::days(-1)))), (Signal::Stopped, Reason::SignInNeeded));
        assert_eq!(of(|_| {}, Some(SignInFacts::default())), (Signal::Stopped, Reason::SignInNeeded));
    }

    #[test]
    fn what_stopped_the_last_run_stands_until_it_is_answered() {
        let stopped = |why: &str| {
            let why = Some(why.to_owned());
            move |status: &mut StatusResponse| {
                status.stopped = why;
                status.health = Health::Attention;
            }
        };
        assert_eq!(of(stopped("target-full"), signed_in(None)), (Signal::Stopped, Reason::DiskFull));
        assert_eq!(of(stopped("sign-in-needed"), signed_in(None)), (Signal::Stopped, Reason::SignInNeeded));
        let anew = Some(SignInFacts { since: Some(now() - TimeDelta::hours(1)), ends: None });
        assert_eq!(of(stopped("sign-in-needed"), anew), (Signal::Attention, Reason::Incomplete));
        assert_eq!(of(stopped("network"), signed_in(None)), (Signal::Attention, Reason::Incomplete));
        let away = |status: &mut StatusResponse| status.folder_is_there = false;
        assert_eq!(of(away, None), (Signal::Stopped, Reason::FolderAway));
    }
}
