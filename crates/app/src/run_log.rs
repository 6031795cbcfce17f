//! The log of a run: what happened when. Phases with begin and end, pauses and waits with their reason, failures, notes.
//!
//! It is a file of the run in Photokeep's own folder, beside the catalog: `libraries/<id>/runs/<number>.json`. It is written
//! while the run goes, so that a run that was killed has one too, and is bounded: at most [`STEPS_KEPT`] steps of a run,
//! the newest [`RUNS_KEPT`] runs. Texts are messages and titles only, which hold no secrets (`photokeep_model::Error`);
//! details of errors are left out. A log that cannot be written never disturbs its run.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use photokeep_library::Library;
use photokeep_model::{Code, Error, Event, Phase, Plan, Progress, RunKind, WaitReason};
use photokeep_sync::Control;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::app::App;

/// Steps of one run; what comes after that is counted only.
pub const STEPS_KEPT: usize = 500;

/// Beyond [`STEPS_KEPT`], steps that are few by nature (phases, the end) are kept up to here.
const STEPS_AT_MOST: usize = STEPS_KEPT + 200;

/// Runs whose logs are kept.
pub const RUNS_KEPT: usize = 200;

/// Characters of a text from outside.
const TEXT_KEPT: usize = 400;

/// How often the pause is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// How often the log of a run under way is written.
const WRITE_EVERY: Duration = Duration::from_secs(5);

/// Between the log's begin and the run's begin in the catalog lies the reading of a few files.
const BEGIN_WITHIN: TimeDelta = TimeDelta::minutes(2);

/// The log of one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RunLog {
    /// When it began.
    pub began: DateTime<Utc>,
    /// What happened, oldest first.
    pub steps: Vec<LogStep>,
    /// Steps that were left out because there were too many.
    pub left_out: u64,
}

/// Something that happened in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LogStep {
    /// When it happened or began.
    pub at: DateTime<Utc>,
    /// When it ended, for what lasts.
    pub until: Option<DateTime<Utc>>,
    /// What happened.
    pub event: LogEvent,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum LogEvent {
    /// The run began.
    Began {
        /// What kind of run.
        kind: RunKind,
    },
    /// A stretch of it.
    Phase {
        /// Which.
        phase: Phase,
        /// Things done.
        done: u64,
        /// Bytes done.
        bytes: u64,
        /// Items that failed.
        failed: u64,
    },
    /// What it was about to do stood fast.
    Planned {
        /// Items to fetch for the first time.
        to_fetch: u64,
        /// Items that failed before and are tried again.
        retried: u64,
        /// Files that vanished or were damaged, to be fetched again.
        restored: u64,
    },
    /// The whole run waited, then tried again.
    Waited {
        /// Why.
        reason: WaitReason,
        /// When it was to go on.
        due: DateTime<Utc>,
    },
    /// The person paused it.
    Paused,
    /// An item could not be fetched; the next run tries again.
    Failed {
        /// Its title.
        title: String,
        /// The kind of trouble.
        code: Code,
        /// Why, in a sentence.
        message: String,
    },
    /// A sentence worth reading.
    Noted {
        /// The sentence.
        text: String,
    },
    /// The person asked it to stop.
    Stopping,
    /// It came to its end.
    Ended,
    /// It stopped before its end.
    Broke {
        /// The kind of trouble.
        code: Code,
        /// Why, in a sentence.
        message: String,
    },
}

impl RunLog {
    /// What it says in sentences.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().filter_map(|step| match &step.event {
            LogEvent::Failed { message, .. } | LogEvent::Broke { message, .. } => Some(message.as_str()),
            LogEvent::Noted { text } => Some(text),
            _ => None,
        })
    }

    fn begin(kind: RunKind, now: DateTime<Utc>) -> Self {
        let mut log = Self { began: now, steps: Vec::new(), left_out: 0 };
        log.push(now, LogEvent::Began { kind });
        log
    }

    fn push(&mut self, at: DateTime<Utc>, event: LogEvent) {
        let many = matches!(event, LogEvent::Failed { .. } | LogEvent::Noted { .. } | LogEvent::Waited { .. } | LogEvent::Paused);
        if self.steps.len() >= if many { STEPS_KEPT } else { STEPS_AT_MOST } {
            self.left_out += 1;
            return;
        }
        self.steps.push(LogStep { at, until: None, event });
    }

    /// The last step of a kind, as long as it goes on.
    fn open(&mut self, is: impl Fn(&LogEvent) -> bool) -> Option<&mut LogStep> {
        self.steps.iter_mut().rev().find(|step| is(&step.event)).filter(|step| step.until.is_none())
    }

    fn close(&mut self, now: DateTime<Utc>, is: impl Fn(&LogEvent) -> bool) {
        if let Some(step) = self.open(is) {
            step.until = Some(now);
        }
    }

    fn take(&mut self, event: &Event<'_>, now: DateTime<Utc>) {
        match event {
            Event::Phase { phase } => {
                let begun = |event: &LogEvent| matches!(event, LogEvent::Phase { phase: open, done: 0, .. } if open == phase);
                if self.open(is_phase).is_some_and(|step| begun(&step.event)) {
                    return;
                }
                self.close(now, is_wait);
                self.close(now, is_phase);
                self.push(now, LogEvent::Phase { phase: *phase, done: 0, bytes: 0, failed: 0 });
            }
            Event::Meter(meter) => {
                if let Some(LogStep { event: LogEvent::Phase { phase, done, bytes, failed }, .. }) = self.open(is_phase)
                    && *phase == meter.phase
                {
                    (*done, *bytes, *failed) = (meter.done, meter.bytes, meter.failed);
                }
                if self.open(is_wait).is_some_and(|step| matches!(step.event, LogEvent::Waited { due, .. } if due <= now)) {
                    self.close(now, is_wait);
                }
            }
            Event::Stored { .. } => self.close(now, is_wait),
            Event::Failed { title, error } => {
                self.push(now, LogEvent::Failed { title: shortened(title), code: error.code, message: shortened(&error.message) })
            }
            Event::Waiting(wait) => {
                if let Some(LogStep { event: LogEvent::Waited { reason, due }, .. }) = self.open(is_wait)
                    && *reason == wait.reason
                {
                    *due = wait.until;
                    return;
                }
                self.close(now, is_wait);
                self.push(now, LogEvent::Waited { reason: wait.reason, due: wait.until });
            }
            Event::Note { text } => self.push(now, LogEvent::Noted { text: shortened(text) }),
        }
    }

    /// Takes note of what the person does.
    fn look(&mut self, paused: bool, stopping: bool, now: DateTime<Utc>) -> bool {
        let was_paused = self.open(is_pause).is_some();
        let was_stopping = self.steps.iter().any(|step| step.event == LogEvent::Stopping);
        if paused && !was_paused {
            self.push(now, LogEvent::Paused);
        }
        if was_paused && !paused {
            self.close(now, is_pause);
        }
        if stopping && !was_stopping {
            self.push(now, LogEvent::Stopping);
        }
        paused != was_paused || stopping != was_stopping
    }

    fn end(&mut self, error: Option<&Error>, now: DateTime<Utc>) {
        self.close(now, is_wait);
        self.close(now, is_pause);
        self.close(now, is_phase);
        self.push(
            now,
            match error {
                None => LogEvent::Ended,
                Some(error) => LogEvent::Broke { code: error.code, message: shortened(&error.message) },
            },
        );
    }
}

fn is_phase(event: &LogEvent) -> bool {
    matches!(event, LogEvent::Phase { .. })
}

fn is_wait(event: &LogEvent) -> bool {
    matches!(event, LogEvent::Waited { .. })
}

fn is_pause(event: &LogEvent) -> bool {
    matches!(event, LogEvent::Paused)
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(TEXT_KEPT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Keeps the log of a run under way. Dropped, it writes what it has.
pub(crate) struct RunLogKeeper {
    kept: Arc<Kept>,
    /// Dropped before the thread is waited for, which ends it.
    going: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Kept {
    state: Mutex<KeptState>,
}

struct KeptState {
    log: RunLog,
    run: Option<i64>,
    changed: bool,
}

impl Kept {
    fn lock(&self) -> MutexGuard<'_, KeptState> {
        // Plain values; whoever panicked left them usable.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut RunLog)) {
        let mut state = self.lock();
        change(&mut state.log);
        state.changed = true;
    }
}

impl RunLogKeeper {
    /// Begins the log of a run of the library `id` in `root`; its number is looked up until it is told.
    pub(crate) fn begin(app: &App, id: &str, root: &Path, kind: RunKind, control: &Control) -> Self {
        let began = Utc::now();
        let state = KeptState { log: RunLog::begin(kind, began), run: None, changed: true };
        let kept = Arc::new(Kept { state: Mutex::new(state) });
        let (going, ended) = channel::<()>();
        let (folder, home, root) = (folder(app, id), app.home.clone(), root.to_owned());
        let (watched, control) = (kept.clone(), control.clone());
        // Of its own, so that no disk is waited for where the run tells what it does.
        let thread = std::thread::Builder::new().name("run-log".into()).spawn(move || {
            let number = || {
                let (_, catalog) = Library::look(&root, &home).ok()?;
                catalog.runs(1).ok()?.into_iter().next().filter(|row| belongs(began, row.started)).map(|row| row.id)
            };
            let mut written = Instant::now();
            while ended.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Timeout) {
                let (paused, stopping) = (control.pause.is_paused(), control.cancel.is_cancelled());
                let mut state = watched.lock();
                state.changed |= state.log.look(paused, stopping, Utc::now());
                drop(state);
                if written.elapsed() >= WRITE_EVERY {
                    written = Instant::now();
                    write(&watched, &folder, number);
                }
            }
            write(&watched, &folder, number);
            forget_old(&folder);
        });
        Self { kept, going: Some(going), thread: thread.ok() }
    }

    /// Listens to what the run tells, on its way to `inner`.
    pub(crate) fn listen<P>(&self, inner: P) -> Logged<P> {
        Logged { inner, kept: self.kept.clone() }
    }

    /// Takes note of the plan.
    pub(crate) fn planned(&self, plan: &Plan) {
        let (to_fetch, retried, restored) = (plan.to_fetch, plan.retried, plan.restored);
        self.kept.change(|log| log.push(Utc::now(), LogEvent::Planned { to_fetch, retried, restored }));
    }

    /// Takes note of the end, and writes the log.
    pub(crate) fn end(self, run: Option<i64>, error: Option<&Error>) {
        self.kept.change(|log| log.end(error, Utc::now()));
        let mut state = self.kept.lock();
        state.run = run.or(state.run);
    }
}

impl Drop for RunLogKeeper {
    fn drop(&mut self) {
        drop(self.going.take());
        if let Some(thread) = self.thread.take() {
            // A panic there is no reason to lose the run's result.
            let _ = thread.join();
        }
    }
}

/// Progress that is written down on its way.
pub(crate) struct Logged<P> {
    inner: P,
    kept: Arc<Kept>,
}

impl<P> Progress for Logged<P>
where
    P: Deref + Send + Sync,
    P::Target: Progress,
{
    fn event(&self, event: &Event<'_>) {
        self.kept.change(|log| log.take(event, Utc::now()));
        self.inner.event(event);
    }
}

/// The log of a run that began at `started`, if there is one.
pub(crate) fn read(app: &App, id: &str, run: i64, started: DateTime<Utc>) -> Option<RunLog> {
    let text = std::fs::read(folder(app, id).join(format!("{run}.json"))).ok()?;
    // A library that was begun anew counts its runs anew.
    serde_json::from_slice::<RunLog>(&text).ok().filter(|log| belongs(log.began, started))
}

fn belongs(began: DateTime<Utc>, started: DateTime<Utc>) -> bool {
    // The catalog keeps whole seconds.
    started >= began - TimeDelta::seconds(1) && started < began + BEGIN_WITHIN
}

fn folder(app: &App, id: &str) -> PathBuf {
    app.home.path().join("libraries").join(id).join("runs")
}

fn write(kept: &Kept, folder: &Path, number: impl Fn() -> Option<i64>) {
    let known = kept.lock().run;
    let Some(run) = known.or_else(number) else { return };
    let text = {
        let mut state = kept.lock();
        state.run = Some(run);
        if !std::mem::take(&mut state.changed) {
            return;
        }
        serde_json::to_vec(&state.log)
    };
    let (path, temporary) = (folder.join(format!("{run}.json")), folder.join(format!("{run}.tmp")));
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| text.map_err(std::io::Error::from))
        .and_then(|text| std::fs::write(&temporary, text))
        .and_then(|()| std::fs::rename(&temporary, &path));
    if let Err(error) = written {
        tracing::warn!(%error, "the log of the run could not be written");
    }
}

fn forget_old(folder: &Path) {
    let numbered = |path: &PathBuf| path.file_stem().and_then(|name| name.to_str()).and_then(|name| name.parse::<i64>().ok());
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut logs: Vec<(i64, PathBuf)> = files.filter_map(|path| numbered(&path).map(|number| (number, path))).collect();
    logs.sort();
    let old = logs.len().saturating_sub(RUNS_KEPT);
    for (_, path) in logs.drain(..old) {
        let _ = std::fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use photokeep_model::{Meter, Wait};

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
    }

    fn meter(phase: Phase, done: u64) -> Meter {
        Meter { phase, done, total: None, bytes: 10 * done, bytes_per_second: 0, seconds_left: None, failed: 0 }
    }

    #[test]
    fn phases_waits_and_pauses_have_a_begin_and_an_end() {
        let mut log = RunLog::begin(RunKind::Sync, at(0));
        log.take(&Event::Phase { phase: Phase::Listing }, at(1));
        log.take(&Event::Meter(meter(Phase::Listing, 7)), at(2));
        log.take(&Event::Phase { phase: Phase::Fetching }, at(3));
        log.take(&Event::Waiting(Wait { reason: WaitReason::Throttled, until: at(9) }), at(4));
        log.take(&Event::Meter(meter(Phase::Fetching, 1)), at(5));
        log.take(&Event::Meter(meter(Phase::Fetching, 2)), at(10));
        assert!(log.look(true, false, at(11)) && !log.look(true, false, at(12)) && log.look(false, false, at(13)));
        log.end(None, at(14));
        let told: Vec<_> = log.steps.iter().map(|step| (step.at, step.until)).collect();
        assert_eq!(
            told,
            [
                (at(0), None),
                (at(1), Some(at(3))),
                (at(3), Some(at(14))),
                (at(4), Some(at(10))),
                (at(11), Some(at(13))),
                (at(14), None)
            ]
        );
        assert_eq!(log.steps[1].event, LogEvent::Phase { phase: Phase::Listing, done: 7, bytes: 70, failed: 0 });
    }

    #[test]
    fn a_run_in_which_everything_fails_keeps_a_bounded_log_with_its_end() {
        let mut log = RunLog::begin(RunKind::Sync, at(0));
        let error = Error::new(Code::ItemFailed, "x".repeat(5_000)).detail("address", "https://secret.example/");
        for _ in 0..10_000 {
            log.take(&Event::Failed { title: "IMG.jpg", error: &error }, at(1));
        }
        log.end(Some(&error), at(2));
        assert_eq!((log.steps.len(), log.left_out), (STEPS_KEPT + 1, 10_001 - STEPS_KEPT as u64));
        assert!(matches!(log.steps[STEPS_KEPT].event, LogEvent::Broke { .. }));
        let text = serde_json::to_string(&log).unwrap_or_default();
        assert!(text.len() < 1_000_000 && !text.contains("secret.example"), "{}", text.len());
    }

    #[test]
    fn a_log_of_another_run_of_the_same_number_is_not_taken_for_this_ones() {
        assert!(belongs(at(100), at(100)) && belongs(at(100), at(130)));
        assert!(!belongs(at(100), at(90)) && !belongs(at(100), at(5_000)));
    }
}
