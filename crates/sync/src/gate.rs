//! The gate that every request of a run passes: open, or closed for a while because Google asked to slow down, nothing
//! answers or the person pauses. Also knows since when nothing has worked, and whether the person wants to stop.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use photokeep_google::{Quota, Trouble};
use photokeep_model::{Code, Error, Event, Progress, Result, Wait, WaitReason};
use tokio_util::sync::CancellationToken;

use crate::control::{Control, Pause};
use crate::patience::Patience;

/// Different items that fail one after another, with nothing going well in between, before it is the network and not them.
const ITEMS_OF_AN_OUTAGE: usize = 10;

/// Longer waits for one request are told.
const SILENT: Duration = Duration::from_secs(3);

/// Shared by everything a run does.
#[derive(Clone)]
pub struct Gate {
    patience: Patience,
    progress: Arc<dyn Progress>,
    control: Control,
    state: Arc<Mutex<State>>,
}

struct State {
    closed_until: Option<Instant>,
    slow_downs: u32,
    outages: u32,
    /// Since when nothing has worked, and how long pauses had been until then; `None` while things go well.
    failing_since: Option<(Instant, Duration)>,
    failing_items: HashSet<i64>,
}

impl State {
    /// There was an answer.
    fn works(&mut self) {
        self.failing_since = None;
        self.slow_downs = 0;
        self.outages = 0;
    }

    fn is_closed(&self) -> bool {
        self.closed_until.is_some_and(|until| until > Instant::now())
    }

    /// Something did not work. For how long nothing has, pauses left out.
    fn failing_for(&mut self, pause: &Pause) -> Duration {
        let (since, paused_before) = *self.failing_since.get_or_insert_with(|| (Instant::now(), pause.total()));
        since.elapsed().saturating_sub(pause.total().saturating_sub(paused_before))
    }
}

impl Gate {
    /// An open gate; `control` can pause and stop whoever passes it.
    pub fn new(patience: Patience, progress: Arc<dyn Progress>, control: impl Into<Control>) -> Self {
        let state = State { closed_until: None, slow_downs: 0, outages: 0, failing_since: None, failing_items: HashSet::new() };
        Self { patience, progress, control: control.into(), state: Arc::new(Mutex::new(state)) }
    }

    /// The same gate for work that can be stopped by another token as well.
    pub(crate) fn with_cancel(&self, cancel: CancellationToken) -> Self {
        Self { control: Control { cancel, pause: self.control.pause.clone() }, ..self.clone() }
    }

    /// Waiting times.
    pub fn patience(&self) -> &Patience {
        &self.patience
    }

    /// Where events go.
    pub fn progress(&self) -> &Arc<dyn Progress> {
        &self.progress
    }

    /// The user's wish to stop.
    pub fn cancel(&self) -> &CancellationToken {
        &self.control.cancel
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is plain numbers; whoever panicked left them usable.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Passes the gate, waiting while it is closed or the run is paused.
    ///
    /// # Errors
    /// [`Code::Cancelled`].
    pub async fn pass(&self) -> Result<()> {
        loop {
            tokio::select! {
                biased;
                () = self.control.cancel.cancelled() => return Err(cancelled()),
                () = self.control.pause.resumed() => {}
            }
            let Some(until) = self.state().closed_until.filter(|until| *until > Instant::now()) else { return Ok(()) };
            self.sleep_until(until).await?;
        }
    }

    /// Sleeps, unless the user wants to stop.
    ///
    /// # Errors
    /// [`Code::Cancelled`].
    pub async fn sleep(&self, duration: Duration) -> Result<()> {
        self.sleep_until(Instant::now() + duration).await
    }

    async fn sleep_until(&self, until: Instant) -> Result<()> {
        tokio::select! {
            () = tokio::time::sleep_until(until.into()) => Ok(()),
            () = self.control.cancel.cancelled() => Err(cancelled()),
        }
    }

    /// An item's bytes came.
    pub fn went_well(&self) {
        let mut state = self.state();
        state.works();
        state.failing_items.clear();
    }

    /// An item failed all its tries. True when so many different ones did, one after another, that it is not the items.
    pub fn item_failed(&self, file: i64) -> bool {
        let mut state = self.state();
        state.failing_items.insert(file);
        state.failing_items.len() >= ITEMS_OF_AN_OUTAGE
    }

    /// Google asked to slow down: closes the gate for everybody.
    ///
    /// # Errors
    /// [`Code::Quota`] when the wait would be longer than the run may wait.
    pub fn slow_down(&self, quota: Quota, retry_after: Option<Duration>) -> Result<()> {
        if quota == Quota::Daily {
            return self.wait_for_new_day();
        }
        let mut state = self.state();
        // Requests that were under way when the gate closed meet the same limit: one reason to wait, not many.
        if !state.is_closed() {
            state.slow_downs += 1;
        }
        let wait = retry_after.unwrap_or_else(|| self.patience.backoff(self.patience.first_slow_down, state.slow_downs));
        // A server that only ever asks to slow down is an outage in the end, and so is one that asks to come back tomorrow.
        let patience = self.patience.outage.max(self.patience.first_slow_down * 4);
        let failing = state.failing_for(&self.control.pause);
        if failing > patience || wait > patience.max(self.patience.daily_quota) {
            return Err(Trouble::Quota { quota, retry_after: None }.into_error());
        }
        self.close(&mut state, wait, WaitReason::Throttled);
        Ok(())
    }

    fn wait_for_new_day(&self) -> Result<()> {
        let now = Utc::now();
        let renewed = next_midnight_pacific(now);
        let wait = (renewed - now).to_std().unwrap_or_default();
        if wait > self.patience.daily_quota {
            let (hours, minutes) = (wait.as_secs() / 3600, wait.as_secs() % 3600 / 60);
            return Err(Error::new(Code::Quota, "Google's quota for today is used up. Everything so far is kept.")
                .hint(format!("It is renewed at midnight Pacific time, in {hours} h {minutes} min ({} UTC); the next run after that goes on where this one stopped.", renewed.format("%Y-%m-%d %H:%M")))
                .detail("renewed", renewed.to_rfc3339()));
        }
        // A minute more, because clocks differ.
        self.close(&mut self.state(), wait + Duration::from_secs(60), WaitReason::DailyQuota);
        Ok(())
    }

    /// Nothing answers: closes the gate for everybody, a little longer each time.
    ///
    /// # Errors
    /// The trouble itself, when nothing has worked for longer than the run may wait.
    pub fn nothing_answers(&self, trouble: Trouble) -> Result<()> {
        let mut state = self.state();
        if state.failing_for(&self.control.pause) >= self.patience.outage {
            return Err(trouble.into_error());
        }
        if !state.is_closed() {
            state.outages += 1;
        }
        let wait = self.patience.backoff(self.patience.first_retry, state.outages);
        self.close(&mut state, wait, WaitReason::Network);
        Ok(())
    }

    fn close(&self, state: &mut State, wait: Duration, reason: WaitReason) {
        let until = Instant::now() + wait;
        // Many requests meet the same 429; the gate closes once, and never opens earlier for it.
        if state.closed_until.is_none_or(|closed| closed < until) {
            let announce = state.closed_until.is_none_or(|closed| closed <= Instant::now());
            state.closed_until = Some(until);
            if announce {
                let until = Utc::now() + TimeDelta::from_std(wait).unwrap_or_default();
                self.progress.event(&Event::Waiting(Wait { reason, until }));
            }
        }
    }

    /// Asks until there is an answer or a trouble that asking again does not help. Used for API requests.
    ///
    /// # Errors
    /// The inner result: troubles that the caller has to decide about. The outer: the end of the run.
    pub async fn ask<T, F, Fut>(&self, mut request: F) -> Result<Result<T, Trouble>>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<T, Trouble>>,
    {
        let mut tries = 0;
        loop {
            self.pass().await?;
            let trouble = match request().await {
                Ok(answer) => {
                    // Says nothing about the host of the bytes: items that fail there go on being counted.
                    self.state().works();
                    return Ok(Ok(answer));
                }
                Err(Trouble::Decided(error)) => return Err(error),
                Err(trouble) if !trouble.passes() => return Ok(Err(trouble)),
                Err(trouble) => trouble,
            };
            tries += 1;
            match trouble {
                Trouble::Quota { quota, retry_after } => self.slow_down(quota, retry_after)?,
                Trouble::Server { status, retry_after } => {
                    let failing = self.state().failing_for(&self.control.pause);
                    if tries >= self.patience.api_tries
                        || failing >= self.patience.outage
                        || retry_after.is_some_and(|wait| wait > self.patience.outage)
                    {
                        return Ok(Err(Trouble::Server { status, retry_after }));
                    }
                    let wait = retry_after.unwrap_or_default().max(self.patience.backoff(self.patience.first_retry, tries));
                    if wait > SILENT {
                        let until = Utc::now() + TimeDelta::from_std(wait).unwrap_or_default();
                        self.progress.event(&Event::Waiting(Wait { reason: WaitReason::Network, until }));
                    }
                    self.sleep(wait).await?;
                }
                other => {
                    if tries >= self.patience.api_tries.saturating_mul(4) {
                        return Err(other.into_error());
                    }
                    self.nothing_answers(other)?;
                }
            }
        }
    }
}

fn cancelled() -> Error {
    Error::new(Code::Cancelled, "Stopped. Everything so far is kept, and the next run goes on where this one stopped.")
}

/// When Google's daily quota is renewed: midnight in California (`google-apis.md` 2.9).
fn next_midnight_pacific(now: DateTime<Utc>) -> DateTime<Utc> {
    let local = now + TimeDelta::hours(pacific_offset(now));
    let midnight = (local.date_naive() + TimeDelta::days(1)).and_hms_opt(0, 0, 0).unwrap_or_default().and_utc();
    let guess = midnight - TimeDelta::hours(pacific_offset(now));
    // The clock may change in between.
    midnight - TimeDelta::hours(pacific_offset(guess))
}

/// Hours from UTC in California: summer time from the second Sunday of March to the first Sunday of November, 10:00 and
/// 9:00 UTC. A time zone database would be a large dependency for one rule.
fn pacific_offset(at: DateTime<Utc>) -> i64 {
    let change = |month, nth, hour| {
        NaiveDate::from_weekday_of_month_opt(at.year(), month, Weekday::Sun, nth)
            .and_then(|day| day.and_hms_opt(hour, 0, 0))
            .map(|time| time.and_utc())
    };
    match (change(3, 2, 10), change(11, 1, 9)) {
        (Some(begin), Some(end)) if at >= begin && at < end => -7,
        _ => -8,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use photokeep_model::Silent;

    fn gate() -> Gate {
        Gate::new(Patience::default(), Arc::new(Silent), CancellationToken::new())
    }

    #[test]
    fn the_quota_is_renewed_at_midnight_in_california() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc);
        assert_eq!(next_midnight_pacific(at("2026-01-15T12:00:00Z")), at("2026-01-16T08:00:00Z"));
        assert_eq!(next_midnight_pacific(at("2026-07-15T12:00:00Z")), at("2026-07-16T07:00:00Z"));
        assert_eq!(next_midnight_pacific(at("2026-07-15T06:59:59Z")), at("2026-07-15T07:00:00Z"));
        // The night in which the clock goes forward: 8 March 2026.
        assert_eq!(next_midnight_pacific(at("2026-03-08T09:00:00Z")), at("2026-03-09T07:00:00Z"));
    }

    #[test]
    fn a_daily_quota_ends_the_run_and_says_when() {
        let error = gate().slow_down(Quota::Daily, None).unwrap_err();
        assert_eq!(error.code, Code::Quota);
        assert!(error.hint.unwrap().contains("UTC"));
    }

    #[test]
    fn retry_after_closes_the_gate_for_everybody() {
        let gate = gate();
        gate.slow_down(Quota::Short, Some(Duration::from_secs(7))).unwrap();
        assert!(gate.state().closed_until.unwrap() > Instant::now() + Duration::from_secs(6));
    }

    #[tokio::test]
    async fn a_paused_run_waits_and_goes_on_or_ends() {
        let control = Control::default();
        let gate = Gate::new(Patience::default(), Arc::new(Silent), control.clone());
        control.pause.pause();
        assert!(tokio::time::timeout(Duration::from_millis(50), gate.pass()).await.is_err(), "nothing passes while paused");
        control.pause.resume();
        gate.pass().await.unwrap();
        control.pause.pause();
        let waiting = tokio::spawn({
            let gate = gate.with_cancel(control.cancel.child_token());
            async move { gate.pass().await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        control.cancel.cancel();
        assert_eq!(waiting.await.unwrap().unwrap_err().code, Code::Cancelled);
    }

    #[test]
    fn patience_does_not_run_out_in_a_pause() {
        let control = Control::default();
        let patience = Patience { outage: Duration::from_millis(150), ..Patience::default() };
        let gate = Gate::new(patience, Arc::new(Silent), control.clone());
        let fails = || gate.nothing_answers(Trouble::Network("no".into()));
        fails().unwrap();
        control.pause.pause();
        std::thread::sleep(Duration::from_millis(200));
        fails().unwrap();
        control.pause.resume();
        fails().unwrap();
        std::thread::sleep(Duration::from_millis(200));
        assert_eq!(fails().unwrap_err().code, Code::Network);
    }

    #[test]
    fn ten_items_in_a_row_are_an_outage_unless_one_goes_well() {
        let gate = gate();
        for file in 0..9 {
            assert!(!gate.item_failed(file));
        }
        assert!(!gate.item_failed(3), "the same one again is no further one");
        gate.went_well();
        assert!(!gate.item_failed(9));
        for file in 10..18 {
            gate.item_failed(file);
        }
        assert!(gate.item_failed(18));
    }
}
