//! Counts, bytes, speed and time left, at most four times a second, from whatever many threads report.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use photokeep_model::{Event, Meter, Phase, Progress};

/// Shortest time between two meters (design section 7).
const EVERY: Duration = Duration::from_millis(250);

/// Over how long speed is taken.
const WINDOW: Duration = Duration::from_secs(8);

/// The numbers of one phase.
pub(crate) struct PhaseMeter {
    progress: Arc<dyn Progress>,
    phase: Phase,
    total: Option<u64>,
    done: AtomicU64,
    bytes: AtomicU64,
    failed: AtomicU64,
    pace: Mutex<Pace>,
}

struct Pace {
    last: Option<Instant>,
    samples: VecDeque<(Instant, u64, u64)>,
}

impl PhaseMeter {
    /// Announces the phase and starts at zero.
    pub(crate) fn begin(progress: Arc<dyn Progress>, phase: Phase, total: Option<u64>) -> Self {
        progress.event(&Event::Phase { phase });
        let pace = Mutex::new(Pace { last: None, samples: VecDeque::new() });
        Self { progress, phase, total, done: AtomicU64::new(0), bytes: AtomicU64::new(0), failed: AtomicU64::new(0), pace }
    }

    pub(crate) fn add_bytes(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.tell(false);
    }

    pub(crate) fn add_done(&self, count: u64) {
        self.done.fetch_add(count, Ordering::Relaxed);
        self.tell(false);
    }

    pub(crate) fn add_failed(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
        self.add_done(1);
    }

    /// Tells the last state of the phase, whenever the one before was.
    pub(crate) fn finish(&self) {
        self.tell(true);
    }

    fn tell(&self, always: bool) {
        let Ok(mut pace) = self.pace.try_lock() else { return };
        let now = Instant::now();
        if !always && pace.last.is_some_and(|last| now - last < EVERY) {
            return;
        }
        pace.last = Some(now);
        let (done, bytes) = (self.done.load(Ordering::Relaxed), self.bytes.load(Ordering::Relaxed));
        pace.samples.push_back((now, done, bytes));
        while pace.samples.len() > 2 && pace.samples.front().is_some_and(|(at, ..)| now - *at > WINDOW) {
            pace.samples.pop_front();
        }
        let (bytes_per_second, done_per_second) = match pace.samples.front() {
            Some((at, done_then, bytes_then)) if now > *at => {
                let seconds = (now - *at).as_secs_f64();
                ((bytes.saturating_sub(*bytes_then)) as f64 / seconds, (done.saturating_sub(*done_then)) as f64 / seconds)
            }
            _ => (0.0, 0.0),
        };
        let seconds_left = match self.total {
            Some(total) if done_per_second > 0.0 => Some((total.saturating_sub(done) as f64 / done_per_second).ceil() as u64),
            _ => None,
        };
        drop(pace);
        self.progress.event(&Event::Meter(Meter {
            phase: self.phase,
            done,
            total: self.total,
            bytes,
            bytes_per_second: bytes_per_second as u64,
            seconds_left,
            failed: self.failed.load(Ordering::Relaxed),
        }));
    }
}
