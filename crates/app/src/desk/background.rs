//! What goes on when nobody looks: the schedule of the open library is kept, what the tray shows is found out, and what a person should
//! hear of is told once. A schedule that another Photokeep keeps (`photokeep daemon`) is left to it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use chrono::{DateTime, Days, Local, NaiveTime, TimeDelta, TimeZone, Utc};
use photokeep_model::{Code, Result, RunKind};
use photokeep_sync::schedule::{Chosen, Decision};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::place::{Place, blocking};
use super::quiet_task::{QuietTask, lock};
use super::scheduled_run::whole_run;
use super::{Desk, Settings};
use super::{folder_name, inbox};
use crate::boundary::{DeskEvent, Nothing, RunActivity, RunState};
use crate::keeping::Keeper;
use crate::schedule::ShownSchedule;
use crate::signal::{Reason, Signal};

/// What the tray shows: how the open library stands, at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Glance {
    /// In one word.
    pub signal: Signal,
    /// Why.
    pub why: Reason,
    /// The open library's name; `None` while none is open.
    pub library: Option<String>,
    /// When everything was kept for the last time.
    pub last_complete: Option<DateTime<Utc>>,
    /// When the last run ended.
    pub last_run: Option<DateTime<Utc>>,
    /// How far the run under way is, in hundredths, where that can be said.
    pub percent: Option<u8>,
    /// Whether the person paused: the run under way, or the schedule.
    pub paused: bool,
    /// Until when, where it goes on by itself.
    pub paused_until: Option<DateTime<Utc>>,
    /// Whether this is the demo, of which nothing is told outside.
    pub demo: bool,
}

impl Default for Glance {
    fn default() -> Self {
        Self {
            signal: Signal::Idle,
            why: Reason::New,
            library: None,
            last_complete: None,
            last_run: None,
            percent: None,
            paused: false,
            paused_until: None,
            demo: false,
        }
    }
}

/// Something that a person should hear of although they look elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The library needs them.
    Needed {
        /// Why.
        why: Reason,
    },
    /// A run kept something new.
    Kept {
        /// Files that came.
        files: u64,
    },
}

/// The background, as the settings show it.
#[derive(Debug, Serialize, TS)]
pub struct Background {
    /// The schedule of the open library, if it has one.
    pub schedule: Option<ShownSchedule>,
    /// Whether this Photokeep keeps it; another one may.
    pub kept_here: bool,
    /// How the library stands.
    pub glance: Glance,
    /// Whether there is a tray for Photokeep to stay in.
    pub tray: bool,
    /// Whether Photokeep starts when the person signs in to the computer; `None` where it cannot.
    pub starts_at_login: Option<bool>,
}

/// A schedule to be kept from now on.
#[derive(Debug, Deserialize, TS)]
pub struct SetSchedule {
    /// What was chosen; `None` for no schedule.
    pub chosen: Option<Chosen>,
}

/// How long nothing is to begin by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum PauseFor {
    /// An hour.
    Hour,
    /// Until the next morning, at six.
    Tomorrow,
    /// Until the person says so.
    Open,
}

/// Nothing begins by itself, and what is under way pauses.
#[derive(Debug, Deserialize, TS)]
pub struct PauseBackground {
    /// For how long.
    pub how_long: PauseFor,
}

/// Whether Photokeep starts with the computer.
#[derive(Debug, Deserialize, TS)]
pub struct StartAtLogin {
    /// Whether it does.
    pub on: bool,
}

/// What a person answered who closed the window.
#[derive(Debug, Deserialize, TS)]
pub struct LeaveWindow {
    /// Whether Photokeep stays in the tray; remembered.
    pub stay: bool,
}

/// Between two looks at the clock.
const EVERY: Duration = Duration::from_secs(5);
/// Between two looks at how the library stands, where nothing tells of a change: a disk may go, a sign-in may end.
const GLANCE_EVERY: Duration = Duration::from_secs(60);
/// When "tomorrow" begins on the local clock.
const MORNING: NaiveTime = match NaiveTime::from_hms_opt(6, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// What is known in the background.
#[derive(Default)]
pub(crate) struct BackgroundDesk {
    known: Mutex<Known>,
    pub(super) task: QuietTask,
}

#[derive(Default)]
struct Known {
    /// How the open library stands; without the run under way.
    standing: Glance,
    /// Of which library that is told.
    of: Option<PathBuf>,
    looked: Option<Instant>,
    /// The reason that was told of last.
    told: Option<Reason>,
    /// The run whose new files were told of last.
    told_run: Option<i64>,
    keeper: Option<Keeper>,
    /// Until when nothing begins by itself and a run under way pauses; the far end of time for "until I say so".
    paused_until: Option<DateTime<Utc>>,
}

pub(super) async fn watch(desk: Weak<Desk>) {
    let Some(mut events) = desk.upgrade().map(|desk| desk.listen()) else { return };
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let changed = tokio::select! {
            _ = tick.tick() => false,
            event = events.recv() => match event {
                Ok(DeskEvent::Library | DeskEvent::Settings { .. }) => true,
                Ok(_) => continue,
                Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => true,
                Err(tokio::sync::broadcast::error::RecvError::Closed) => return,
            },
        };
        let Some(desk) = desk.upgrade() else { return };
        look(&desk, changed).await;
        go_on_after_pause(&desk, Utc::now());
        if let Err(error) = keep_schedule(&desk, Utc::now()).await {
            tracing::debug!(code = ?error.code, "the schedule could not be looked at");
        }
    }
}

/// Finds out how the library stands, and tells when that is another than before.
async fn look(desk: &Arc<Desk>, changed: bool) {
    let due = lock(&desk.background.known).looked.is_none_or(|looked| looked.elapsed() >= GLANCE_EVERY);
    if !changed && !due {
        return;
    }
    desk.follow_disk().await;
    let place = desk.place();
    let standing = match &place {
        Some(place) => {
            let place = place.clone();
            blocking(move || Ok(stand(&place))).await.unwrap_or_default()
        }
        None => Glance::default(),
    };
    let folder = place.map(|place| place.folder.clone());
    let told = {
        let mut known = lock(&desk.background.known);
        known.looked = Some(Instant::now());
        if known.of != folder {
            known.told = None;
        }
        known.of = folder;
        let is_news = known.standing != standing;
        known.standing = standing.clone();
        let came = came(&desk.run.state(), known.told_run).filter(|_| !standing.demo);
        if let Some((run, _)) = came {
            known.told_run = Some(run);
        }
        let kept = came.filter(|_| standing.signal == Signal::Idle).map(|(_, files)| Notice::Kept { files });
        let notice = notice_of(known.told, &standing).or(kept);
        // A run under way says nothing of whether the trouble before it is over.
        if standing.signal != Signal::Working {
            known.told = Some(standing.why);
        }
        (notice, is_news)
    };
    let (notice, is_news) = told;
    if is_news {
        desk.tell(DeskEvent::Glance { glance: desk.glance() });
    }
    if let Some(notice) = notice {
        desk.host.notify(&notice);
    }
}

/// What is to be told of a library that stands so, where `told` was told before.
fn notice_of(told: Option<Reason>, standing: &Glance) -> Option<Notice> {
    let needed = matches!(standing.signal, Signal::Attention | Signal::Stopped);
    (needed && told != Some(standing.why) && !standing.demo).then_some(Notice::Needed { why: standing.why })
}

/// The run that ended and the files that it brought, unless that was told.
fn came(run: &RunState, told: Option<i64>) -> Option<(i64, u64)> {
    let receipt = run.receipt.as_ref().filter(|_| run.activity == RunActivity::Ended)?;
    (receipt.added > 0 && told != Some(receipt.run)).then_some((receipt.run, receipt.added))
}

fn stand(place: &Arc<Place>) -> Glance {
    let library = Some(folder_name(&place.folder));
    let demo = place.is_demo();
    let Ok(status) = place.app.status(&place.folder) else {
        // No library yet, or one that cannot be read; the window tells more.
        return Glance { library, demo, ..Glance::default() };
    };
    let paused_until = place.app.schedule(&place.folder).ok().flatten().and_then(|shown| shown.paused_until);
    Glance {
        signal: status.signal,
        why: status.why,
        library,
        last_complete: status.last_complete,
        last_run: status.last_run,
        percent: None,
        paused: paused_until.is_some_and(|until| until > Utc::now()),
        paused_until,
        demo,
    }
}

/// A pause that is over ends.
fn go_on_after_pause(desk: &Arc<Desk>, now: DateTime<Utc>) {
    let over = {
        let mut known = lock(&desk.background.known);
        let over = known.paused_until.is_some_and(|until| until <= now);
        if over {
            known.paused_until = None;
        }
        over
    };
    if over {
        desk.run.resume();
        desk.tell(DeskEvent::Library);
    }
}

/// Does what the schedule of the open library says. Answers whether a run was begun.
pub(crate) async fn keep_schedule(desk: &Arc<Desk>, now: DateTime<Utc>) -> Result<bool> {
    let place = desk.place().filter(|place| !place.is_demo());
    let (slot, library) = {
        let mut known = lock(&desk.background.known);
        let wanted = place.as_ref().map(|place| place.folder.as_path());
        if known.keeper.as_ref().map(Keeper::library) != wanted {
            known.keeper = None;
        }
        let Some(place) = &place else { return Ok(false) };
        // Somebody works with it, or looks at a plan: the schedule waits.
        let paused = known.paused_until.is_some_and(|until| now < until);
        if paused || desk.run.is_working() || inbox::plan_in_sight(desk, now) || desk.background.task.is_over() {
            return Ok(false);
        }
        let decided = tokio::task::block_in_place(|| {
            if known.keeper.is_none() {
                known.keeper = match place.app.begin_keeping(&place.folder) {
                    Ok(keeper) => keeper,
                    // There is no library, or it has no schedule.
                    Err(error) if matches!(error.code, Code::Usage | Code::NoLibrary) => None,
                    Err(error) => return Err(error),
                };
            }
            match &known.keeper {
                Some(keeper) => keeper.decide(now).map(Some),
                None => Ok(None),
            }
        });
        match decided {
            Ok(Some(Decision::Run { slot })) => (slot, place.folder.clone()),
            Ok(_) => return Ok(false),
            Err(error) => {
                known.keeper = None;
                return if error.code == Code::Usage { Ok(false) } else { Err(error) };
            }
        }
    };
    tracing::info!(%slot, "a scheduled run begins");
    let desk = desk.clone();
    tokio::spawn(async move {
        let ended = whole_run(&desk).await;
        let known = lock(&desk.background.known);
        // Another library may be open by now; then the next keeper of this one finds the run cut off, and goes on with it.
        if let Some(keeper) = known.keeper.as_ref().filter(|keeper| keeper.library() == library)
            && let Err(error) = keeper.ended(ended, Utc::now())
        {
            tracing::warn!(code = ?error.code, "the end of a scheduled run was not noted");
        }
    });
    Ok(true)
}

/// Whether the person wants nothing to begin by itself now.
pub(crate) fn is_paused(desk: &Desk, now: DateTime<Utc>) -> bool {
    lock(&desk.background.known).paused_until.is_some_and(|until| now < until)
}

impl Desk {
    /// How the open library stands now, with the run under way.
    pub fn glance(&self) -> Glance {
        let known = lock(&self.background.known);
        let mut glance = known.standing.clone();
        let run = self.run.state();
        if known.paused_until.is_some() {
            glance.paused = true;
            glance.paused_until = known.paused_until;
        }
        drop(known);
        if matches!(run.activity, RunActivity::Running | RunActivity::Paused | RunActivity::Stopping)
            && !matches!(run.kind, Some(RunKind::Compare))
        {
            glance.signal = Signal::Working;
            glance.why = Reason::Running;
            glance.percent = run.meter.as_ref().and_then(|meter| percent(meter.done, meter.total));
            glance.paused = run.activity == RunActivity::Paused;
        }
        glance
    }

    /// The person closed the window and was never asked whether Photokeep stays in the tray: the window asks.
    pub fn ask_where_to_stay(&self) {
        self.tell(DeskEvent::Closing);
    }

    /// Has the window show what the last run did.
    pub fn show_activity(&self) {
        self.tell(DeskEvent::ShowActivity);
    }

    /// What was set.
    pub fn settings(&self) -> Settings {
        self.settings.read()
    }

    /// Does what is due by the schedule as if it were `now`. For tests, which own the time.
    ///
    /// # Errors
    /// When the schedule cannot be read or written.
    pub async fn keep_schedule(self: &Arc<Self>, now: DateTime<Utc>) -> Result<bool> {
        keep_schedule(self, now).await
    }
}

fn percent(done: u64, total: Option<u64>) -> Option<u8> {
    let total = total.filter(|total| *total > 0)?;
    u8::try_from(u128::from(done.min(total)) * 100 / u128::from(total)).ok()
}

/// Shows the background.
pub(crate) async fn show(desk: &Arc<Desk>, _: Nothing) -> Result<Background> {
    look(desk, true).await;
    let place = desk.place().filter(|place| !place.is_demo());
    let schedule = match place {
        Some(place) => {
            blocking(move || match place.app.schedule(&place.folder) {
                Err(error) if error.code == Code::NoLibrary => Ok(None),
                shown => shown,
            })
            .await?
        }
        None => None,
    };
    let kept_here = lock(&desk.background.known).keeper.is_some();
    Ok(Background {
        schedule,
        kept_here,
        glance: desk.glance(),
        tray: desk.host.has_tray(),
        starts_at_login: desk.host.starts_at_login(),
    })
}

/// Sets the schedule of the open library, or takes it away.
pub(crate) async fn set_schedule(desk: &Arc<Desk>, request: SetSchedule) -> Result<Background> {
    let place = desk.open_place()?;
    blocking(move || match request.chosen {
        Some(chosen) => place.app.set_schedule(&place.folder, chosen),
        None => place.app.remove_schedule(&place.folder).map(drop),
    })
    .await?;
    keep_schedule(desk, Utc::now()).await?;
    desk.tell(DeskEvent::Library);
    show(desk, Nothing {}).await
}

/// Lets nothing begin by itself for a while, and pauses the run under way.
pub(crate) async fn pause(desk: &Arc<Desk>, request: PauseBackground) -> Result<Nothing> {
    let until = until(request.how_long, Utc::now());
    lock(&desk.background.known).paused_until = Some(until);
    desk.run.pause();
    pause_schedule(desk, Some(until)).await
}

/// Lets things begin by themselves again, and lets the run under way go on.
pub(crate) async fn resume(desk: &Arc<Desk>, _: Nothing) -> Result<Nothing> {
    lock(&desk.background.known).paused_until = None;
    desk.run.resume();
    pause_schedule(desk, None).await
}

async fn pause_schedule(desk: &Arc<Desk>, until: Option<DateTime<Utc>>) -> Result<Nothing> {
    if let Some(place) = desk.place().filter(|place| !place.is_demo()) {
        blocking(move || match place.app.pause_schedule(&place.folder, until) {
            // There is none to pause.
            Err(error) if matches!(error.code, Code::Usage | Code::NoLibrary) => Ok(()),
            done => done,
        })
        .await?;
    }
    desk.tell(DeskEvent::Glance { glance: desk.glance() });
    desk.tell(DeskEvent::Library);
    Ok(Nothing {})
}

fn until(how_long: PauseFor, now: DateTime<Utc>) -> DateTime<Utc> {
    match how_long {
        PauseFor::Hour => now + TimeDelta::hours(1),
        PauseFor::Open => DateTime::<Utc>::MAX_UTC,
        PauseFor::Tomorrow => {
            let tomorrow = now.with_timezone(&Local).date_naive().checked_add_days(Days::new(1));
            let morning = tomorrow.and_then(|day| Local.from_local_datetime(&day.and_time(MORNING)).earliest());
            morning.map_or(now + TimeDelta::hours(12), |morning| morning.with_timezone(&Utc))
        }
    }
}

/// Does now what the schedule does: imports what came, then syncs.
pub(crate) async fn run(desk: &Arc<Desk>, _: Nothing) -> Result<Nothing> {
    desk.open_place()?;
    desk.must_be_idle()?;
    let desk = desk.clone();
    tokio::spawn(async move { whole_run(&desk).await });
    Ok(Nothing {})
}

/// Has Photokeep start with the computer, or not.
pub(crate) async fn start_at_login(desk: &Arc<Desk>, request: StartAtLogin) -> Result<Background> {
    desk.host.start_at_login(request.on)?;
    show(desk, Nothing {}).await
}

/// Closes the window as the person answered, and remembers it.
pub(crate) async fn leave(desk: &Arc<Desk>, request: LeaveWindow) -> Result<Nothing> {
    let settings = desk.settings.change(|settings| settings.stay_in_tray = Some(request.stay))?;
    desk.tell(DeskEvent::Settings { settings });
    desk.host.leave(request.stay);
    Ok(Nothing {})
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn standing(signal: Signal, why: Reason) -> Glance {
        Glance { signal, why, ..Glance::default() }
    }

    #[test]
    fn trouble_is_told_once_and_success_never() {
        let needed = |why| Some(Notice::Needed { why });
        let ended = standing(Signal::Stopped, Reason::SignInNeeded);
        assert_eq!(notice_of(None, &ended), needed(Reason::SignInNeeded));
        assert_eq!(notice_of(Some(Reason::SignInNeeded), &ended), None);
        assert_eq!(notice_of(Some(Reason::SignInEnds), &ended), needed(Reason::SignInNeeded), "another trouble");
        assert_eq!(notice_of(Some(Reason::Stale), &standing(Signal::Idle, Reason::Complete)), None);
        assert_eq!(notice_of(None, &standing(Signal::Working, Reason::Running)), None);
        assert_eq!(notice_of(None, &Glance { demo: true, ..ended }), None);
    }

    #[test]
    fn percent_is_never_more_than_whole() {
        assert_eq!(percent(1, Some(3)), Some(33));
        assert_eq!(percent(5, Some(3)), Some(100));
        assert_eq!(percent(u64::MAX, Some(u64::MAX)), Some(100));
        assert_eq!((percent(1, Some(0)), percent(1, None)), (None, None));
    }

    #[test]
    fn tomorrow_is_the_next_morning() {
        let now: DateTime<Utc> = "2026-11-24T23:30:00Z".parse().unwrap();
        let morning = until(PauseFor::Tomorrow, now).with_timezone(&Local);
        assert_eq!(morning.time(), MORNING);
        assert!(morning > now && morning.with_timezone(&Utc) - now < TimeDelta::hours(31));
    }
}
