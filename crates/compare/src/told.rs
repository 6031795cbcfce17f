//! How far a comparison is, for whoever watches.

use photokeep_model::{Event, Meter, Phase, Progress};

/// How far a phase is, told at most four times a second (design section 7).
pub(crate) struct Told {
    phase: Phase,
    total: Option<u64>,
    done: u64,
    bytes: u64,
    pub failed: u64,
    begun: std::time::Instant,
    last: std::time::Instant,
}

impl Told {
    pub fn new(phase: Phase, total: Option<u64>) -> Self {
        let now = std::time::Instant::now();
        Self { phase, total, done: 0, bytes: 0, failed: 0, begun: now, last: now }
    }

    pub fn add(&mut self, files: u64, bytes: u64) {
        self.done += files;
        self.bytes += bytes;
    }

    pub fn is_due(&self) -> bool {
        self.last.elapsed() >= std::time::Duration::from_millis(250)
    }

    pub fn tell(&mut self, progress: &dyn Progress) {
        self.last = std::time::Instant::now();
        let seconds = self.begun.elapsed().as_secs_f64().max(0.001);
        let speed = self.done as f64 / seconds;
        let left = self.total.map(|total| (total.saturating_sub(self.done) as f64 / speed.max(0.001)) as u64);
        let read = if self.phase == Phase::Comparing { self.bytes } else { 0 };
        progress.event(&Event::Meter(Meter {
            phase: self.phase,
            done: self.done,
            total: self.total,
            bytes: read,
            bytes_per_second: (read as f64 / seconds) as u64,
            seconds_left: left,
            failed: self.failed,
        }));
    }
}
