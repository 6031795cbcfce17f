//! Who may decode now: so many requests at once, the newest first; one picture in the background, while nobody asks.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Hands out turns.
pub(super) struct Turns {
    state: Mutex<State>,
    /// Rung when the background may have a chance, or should look whether it is told to stop.
    quiet: Condvar,
    most_requests: usize,
}

#[derive(Default)]
struct State {
    /// Requests that decode.
    running: usize,
    /// Requests that wait; the newest is last.
    waiting: Vec<Arc<Waiting>>,
    background_runs: bool,
}

#[derive(Default)]
struct Waiting {
    is_granted: AtomicBool,
    bell: Condvar,
}

/// The right to decode one picture; over when dropped.
pub(super) struct Turn<'a> {
    turns: &'a Turns,
    is_background: bool,
}

impl Turns {
    pub(super) fn new(most_requests: usize) -> Self {
        Self { state: Mutex::default(), quiet: Condvar::new(), most_requests }
    }

    /// Waits for a turn to decode what somebody asks for.
    pub(super) fn for_request(&self) -> Turn<'_> {
        let mut state = self.locked();
        if state.running < self.most_requests {
            state.running += 1;
        } else {
            let me = Arc::new(Waiting::default());
            state.waiting.push(Arc::clone(&me));
            // Whoever ends hands its place over: `running` stays as it is.
            while !me.is_granted.load(Ordering::Relaxed) {
                state = me.bell.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
        Turn { turns: self, is_background: false }
    }

    /// Waits until nobody asks for anything; `None` once `stop` says so.
    pub(super) fn for_background(&self, stop: &AtomicBool) -> Option<Turn<'_>> {
        let mut state = self.locked();
        loop {
            if stop.load(Ordering::Relaxed) {
                return None;
            }
            if state.running == 0 && state.waiting.is_empty() && !state.background_runs {
                state.background_runs = true;
                return Some(Turn { turns: self, is_background: true });
            }
            state = self.quiet.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Sets a flag that [`for_background`](Self::for_background) looks at, and makes it look.
    pub(super) fn stop(&self, stop: &AtomicBool) {
        // Under the lock: else it could look before, and wait after.
        let _state = self.locked();
        stop.store(true, Ordering::Relaxed);
        self.quiet.notify_all();
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.turns.locked();
        if self.is_background {
            state.background_runs = false;
        } else if let Some(next) = state.waiting.pop() {
            next.is_granted.store(true, Ordering::Relaxed);
            next.bell.notify_one();
        } else {
            state.running -= 1;
        }
        self.turns.quiet.notify_all();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use std::sync::mpsc;
    use std::time::Duration;

    const A_MOMENT: Duration = Duration::from_millis(50);

    #[test]
    fn no_more_at_once_than_allowed() {
        let turns = Turns::new(3);
        let (now, most) = (std::sync::atomic::AtomicUsize::new(0), std::sync::atomic::AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..20 {
                scope.spawn(|| {
                    let _turn = turns.for_request();
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::sleep(Duration::from_millis(5));
                    now.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        assert_eq!(most.into_inner(), 3);
    }

    #[test]
    fn the_newest_request_goes_first() {
        let turns = Turns::new(1);
        let (sender, order) = mpsc::channel();
        std::thread::scope(|scope| {
            let first = turns.for_request();
            for number in 1..=4 {
                let (turns, sender) = (&turns, sender.clone());
                scope.spawn(move || {
                    let _turn = turns.for_request();
                    sender.send(number).unwrap();
                });
                while turns.locked().waiting.len() < number {
                    std::thread::sleep(Duration::from_millis(1));
                }
            }
            drop(first);
        });
        drop(sender);
        assert_eq!(order.into_iter().collect::<Vec<_>>(), [4, 3, 2, 1]);
    }

    #[test]
    fn the_background_waits_while_anybody_asks() {
        let (turns, stop) = (Turns::new(2), AtomicBool::new(false));
        std::thread::scope(|scope| {
            let request = turns.for_request();
            let (sender, began) = mpsc::channel();
            let (turns, stop) = (&turns, &stop);
            scope.spawn(move || {
                let turn = turns.for_background(stop);
                sender.send(turn.is_some()).unwrap();
            });
            assert!(began.recv_timeout(A_MOMENT).is_err());
            drop(request);
            assert_eq!(began.recv(), Ok(true));
        });
        let _background = turns.for_background(&stop).unwrap();
        // A request does not wait for the background.
        let _request = turns.for_request();
    }

    #[test]
    fn a_waiting_background_can_be_stopped() {
        let (turns, stop) = (Turns::new(1), AtomicBool::new(false));
        std::thread::scope(|scope| {
            let _request = turns.for_request();
            let background = scope.spawn(|| turns.for_background(&stop).is_none());
            std::thread::sleep(A_MOMENT);
            assert!(!background.is_finished());
            turns.stop(&stop);
            assert!(background.join().unwrap());
        });
        assert!(turns.for_background(&stop).is_none());
    }
}
