//! A task that goes on beside a desk: begun once, when there is a runtime, and ended with the desk.

use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::task::JoinHandle;

/// The task.
#[derive(Default)]
pub(super) struct QuietTask(Mutex<State>);

#[derive(Default)]
struct State {
    going: Option<JoinHandle<()>>,
    /// The desk is closed: nothing begins any more.
    over: bool,
}

impl QuietTask {
    /// Starts the task, once. Without a runtime it is left to a later call.
    pub(super) fn begin<F: Future<Output = ()> + Send + 'static>(&self, work: impl FnOnce() -> F) {
        let mut state = lock(&self.0);
        if state.going.is_none() && !state.over && tokio::runtime::Handle::try_current().is_ok() {
            state.going = Some(tokio::spawn(work()));
        }
    }

    /// Ends the task. Whatever run it started goes on until it is stopped.
    pub(super) async fn end(&self) {
        let going = {
            let mut state = lock(&self.0);
            state.over = true;
            state.going.take()
        };
        if let Some(going) = going {
            going.abort();
            // An error means that it was ended, which was wanted.
            let _ = going.await;
        }
    }

    /// Whether the desk is closed.
    pub(super) fn is_over(&self) -> bool {
        lock(&self.0).over
    }
}

/// What is under a lock here are plain values; whoever panicked left them usable.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
