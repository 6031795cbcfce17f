//! The run under way: starts it on a thread of its own, follows what it reports, and lets it be paused and stopped.
//!
//! What is told to front ends is the whole state, at most four times a second, so that none depends on the one before.

use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::Utc;
use photokeep_library::Home;
use photokeep_model::{Code, Error, Event, Plan, Progress, Receipt, Result, RunKind};
use photokeep_sync::Control;
use tokio::sync::{broadcast, watch};

use super::Settings;
use super::activity::sentences_of_receipt;
use super::compare::AddMissing;
use super::inbox::words_of;
use crate::boundary::{ApiError, DeskEvent, FailedNow, RecentFile, RunActivity, RunState, sentences};
use crate::import::ImportPlan;
use crate::inbox::FoundArchive;
use crate::surroundings::stay_awake;

/// Between two tellings (design section 7: at most four a second).
const TELLING: Duration = Duration::from_millis(250);

const RECENT_KEPT: usize = 24;
const FAILED_KEPT: usize = 20;
const NOTES_KEPT: usize = 50;

/// What a run came to.
pub(crate) struct RunEnd {
    pub receipt: Option<Receipt>,
    pub error: Option<Error>,
}

/// The run under way, or the last one until it is put away.
pub(crate) struct RunDesk {
    events: broadcast::Sender<DeskEvent>,
    home: Home,
    followed: Arc<Followed>,
    control: Mutex<Option<Control>>,
    working: watch::Sender<bool>,
}

/// What a run reported.
struct Followed {
    state: Mutex<RunState>,
    changed: watch::Sender<u64>,
}

impl Followed {
    fn lock(&self) -> MutexGuard<'_, RunState> {
        // Plain values; whoever panicked left them usable.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut RunState)) {
        change(&mut self.lock());
        self.changed.send_modify(|times| *times += 1);
    }
}

impl Progress for Followed {
    fn event(&self, event: &Event<'_>) {
        self.change(|state| match event {
            Event::Phase { phase } => {
                state.phase = Some(*phase);
                state.meter = None;
                state.wait = None;
            }
            Event::Meter(meter) => {
                state.meter = Some(*meter);
                state.wait = state.wait.filter(|wait| wait.until > Utc::now());
            }
            Event::Stored { file, path, bytes } => {
                keep(&mut state.recent, RecentFile { file: *file, path: (*path).to_owned(), bytes: *bytes }, RECENT_KEPT);
            }
            Event::Failed { title, error } => {
                keep(&mut state.failed, FailedNow { title: (*title).to_owned(), error: ApiError::from(*error) }, FAILED_KEPT);
            }
            Event::Waiting(wait) => state.wait = Some(*wait),
            Event::Note { text } => keep(&mut state.notes, (*text).to_owned(), NOTES_KEPT),
        });
    }
}

fn keep<T>(list: &mut Vec<T>, newest: T, most: usize) {
    list.insert(0, newest);
    list.truncate(most);
}

impl RunDesk {
    pub(crate) fn new(events: broadcast::Sender<DeskEvent>, home: Home) -> Arc<Self> {
        let followed = Arc::new(Followed { state: Mutex::default(), changed: watch::Sender::new(0) });
        Arc::new(Self { events, home, followed, control: Mutex::default(), working: watch::Sender::new(false) })
    }

    pub(crate) fn state(&self) -> RunState {
        let mut state = self.followed.lock().clone();
        let planned = state.plan.iter().flat_map(|plan| &plan.notes);
        let refused = state.import.iter().flat_map(|import| import.refused.iter().map(|refused| &refused.why));
        let put_away = state.from_inboxes.iter().filter_map(words_of);
        let texts = state.notes.iter().chain(planned).chain(refused).map(String::as_str).chain(put_away);
        state.sentences = sentences(texts.chain(state.receipt.iter().flat_map(sentences_of_receipt)));
        state
    }

    pub(crate) fn is_working(&self) -> bool {
        *self.working.borrow()
    }

    /// Starts a run; it goes on by itself.
    ///
    /// # Errors
    /// [`Code::LibraryBusy`] while another one is under way.
    pub(crate) fn start<F>(
        self: &Arc<Self>,
        kind: RunKind,
        planning: bool,
        run: impl FnOnce(Arc<dyn Progress>, Control, PlanTaker) -> F,
        after: impl FnOnce() + Send + 'static,
    ) -> Result<()>
    where
        F: Future<Output = RunEnd> + Send + 'static,
    {
        let control = Control::default();
        {
            let mut held = self.control.lock().unwrap_or_else(PoisonError::into_inner);
            if held.is_some() {
                return Err(Error::new(Code::LibraryBusy, "A run is already under way.")
                    .hint("Wait until it has ended, or stop it first."));
            }
            *held = Some(control.clone());
        }
        self.working.send_replace(true);
        self.followed.change(|state| {
            *state = RunState {
                activity: RunActivity::Running,
                planning,
                kind: Some(kind),
                started: Some(Utc::now()),
                // A plan that was just shown stays in sight while it is performed.
                plan: if planning { None } else { state.plan.take() },
                import: state.import.take().filter(|_| kind == RunKind::Import && !planning),
                archives: if kind == RunKind::Import { std::mem::take(&mut state.archives) } else { Vec::new() },
                ..RunState::default()
            };
        });
        self.tell();
        let work = run(self.followed.clone(), control, PlanTaker(self.followed.clone()));
        let desk = self.clone();
        let home = self.home.clone();
        tokio::spawn(async move {
            // Asks the system, which may take its time.
            let awake = move || (!planning && Settings::of(&home).keep_awake).then(stay_awake);
            let _awake = tokio::task::spawn_blocking(awake).await;
            // A panic inside must end as an ended run, not as one that seems to go on for ever.
            let mut work = tokio::spawn(work);
            let mut changed = desk.followed.changed.subscribe();
            let mut tick = tokio::time::interval(TELLING);
            let end = loop {
                tokio::select! {
                    end = &mut work => break end,
                    _ = tick.tick() => {
                        if changed.has_changed().unwrap_or(false) {
                            changed.mark_unchanged();
                            desk.tell();
                        }
                    }
                }
            };
            let end = end.unwrap_or_else(|panic| RunEnd {
                receipt: None,
                error: Some(
                    Error::new(
                        Code::Internal,
                        "The run broke off because of a mistake in Photokeep itself. What was kept so far is safe.",
                    )
                    .hint("Run it again; it goes on where it stopped.")
                    .source(panic),
                ),
            });
            after();
            desk.followed.change(|state| {
                state.activity = RunActivity::Ended;
                state.wait = None;
                state.receipt = end.receipt;
                state.error = end.error.map(ApiError::from);
            });
            *desk.control.lock().unwrap_or_else(PoisonError::into_inner) = None;
            desk.working.send_replace(false);
            desk.tell();
            let _ = desk.events.send(DeskEvent::Library);
        });
        Ok(())
    }

    pub(crate) fn pause(&self) {
        self.with_control(|control, state| {
            control.pause.pause();
            state.activity = RunActivity::Paused;
        });
    }

    pub(crate) fn resume(&self) {
        self.with_control(|control, state| {
            control.pause.resume();
            state.activity = RunActivity::Running;
        });
    }

    pub(crate) fn cancel(&self) {
        self.with_control(|control, state| {
            control.cancel.cancel();
            state.activity = RunActivity::Stopping;
        });
    }

    /// Puts the result of an ended run away.
    pub(crate) fn dismiss(&self) {
        if !self.is_working() {
            self.followed.change(|state| *state = RunState::default());
            self.tell();
        }
    }

    /// Stops the run tidily and waits for its end.
    pub(crate) async fn close(&self) {
        self.cancel();
        self.until_it_ends().await;
    }

    /// Waits for the end of the run under way.
    pub(crate) async fn until_it_ends(&self) {
        // An error means that nobody can change it any more, which is an end as well.
        let _ = self.working.subscribe().wait_for(|working| !working).await;
    }

    fn with_control(&self, change: impl FnOnce(&Control, &mut RunState)) {
        let held = self.control.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(control) = held.as_ref() else { return };
        self.followed.change(|state| {
            // Who asked to stop cannot pause any more.
            if state.activity != RunActivity::Stopping {
                change(control, state);
            }
        });
        drop(held);
        self.tell();
    }

    fn tell(&self) {
        let _ = self.events.send(DeskEvent::Run { run: Box::new(self.state()) });
    }
}

/// Takes the plan as soon as it stands.
#[derive(Clone)]
pub(crate) struct PlanTaker(Arc<Followed>);

impl PlanTaker {
    pub(crate) fn take(&self, plan: &Plan) {
        self.0.change(|state| state.plan = Some(plan.clone()));
    }

    /// The plan that was taken.
    pub(crate) fn plan(&self) -> Plan {
        self.0.lock().plan.clone().unwrap_or_default()
    }

    /// Takes what is known of archives, and where they lie.
    pub(crate) fn take_import(&self, import: ImportPlan, archives: Vec<PathBuf>) {
        self.0.change(|state| {
            state.plan = Some(import.plan.clone());
            state.import = Some(import);
            state.archives = archives;
        });
    }

    /// Takes which missing files an addition is about.
    pub(crate) fn take_adding(&self, adding: &AddMissing) {
        self.0.change(|state| state.adding = Some(adding.clone()));
    }

    /// Takes what became of archives that came from inboxes.
    pub(crate) fn take_inbox(&self, archives: Vec<FoundArchive>) {
        self.0.change(|state| state.from_inboxes = archives);
    }
}
