//! What the person can do to work under way: pause it, resume it, stop it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How often a thread that may not use the async runtime looks whether the pause has ended.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// The handles of one piece of work. Clones are the same handles.
#[derive(Debug, Clone, Default)]
pub struct Control {
    /// Ends the work safely; what is done stays done.
    pub cancel: CancellationToken,
    /// Holds the work up.
    pub pause: Pause,
}

impl Control {
    /// Waits on this thread while paused; false when the work is to end.
    pub fn may_go_on(&self) -> bool {
        while self.pause.is_paused() && !self.cancel.is_cancelled() {
            std::thread::sleep(LOOK_EVERY);
        }
        !self.cancel.is_cancelled()
    }
}

impl From<CancellationToken> for Control {
    fn from(cancel: CancellationToken) -> Self {
        Self { cancel, pause: Pause::default() }
    }
}

/// A handle that holds work up: nothing new starts while paused, what is under way finishes. Clones are the same handle.
#[derive(Clone)]
pub struct Pause(Arc<Inner>);

struct Inner {
    paused: watch::Sender<bool>,
    times: Mutex<Times>,
}

/// How long the pauses were, so that no patience runs out in them.
#[derive(Clone, Copy, Default)]
struct Times {
    since: Option<Instant>,
    before: Duration,
}

impl Default for Pause {
    fn default() -> Self {
        Self(Arc::new(Inner { paused: watch::Sender::new(false), times: Mutex::default() }))
    }
}

impl fmt::Debug for Pause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Pause").field(&self.is_paused()).finish()
    }
}

impl Pause {
    /// Nothing new starts from now on.
    pub fn pause(&self) {
        self.times().since.get_or_insert_with(Instant::now);
        self.0.paused.send_replace(true);
    }

    /// Work goes on where it stopped.
    pub fn resume(&self) {
        let mut times = self.times();
        if let Some(since) = times.since.take() {
            times.before += since.elapsed();
        }
        drop(times);
        self.0.paused.send_replace(false);
    }

    /// Whether work is held up at the moment.
    pub fn is_paused(&self) -> bool {
        *self.0.paused.borrow()
    }

    /// Comes back when work may go on.
    pub(crate) async fn resumed(&self) {
        // The sender lives as long as this handle, so waiting cannot fail.
        let _ = self.0.paused.subscribe().wait_for(|paused| !paused).await;
    }

    /// Length of all pauses so far, the present one included.
    pub(crate) fn total(&self) -> Duration {
        let times = *self.times();
        times.before + times.since.map(|since| since.elapsed()).unwrap_or_default()
    }

    fn times(&self) -> MutexGuard<'_, Times> {
        // Plain numbers; whoever panicked left them usable.
        self.0.times.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
