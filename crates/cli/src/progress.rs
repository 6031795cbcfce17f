//! Live progress: bars on a terminal, a plain line every few seconds elsewhere, JSON lines on request.

use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use photokeep_app::model::{Event, Meter, Phase, Progress, Wait, WaitReason};

/// How often a plain line is written.
const PLAIN_EVERY: Duration = Duration::from_secs(5);

/// The progress that fits where the output goes.
pub fn for_output(json: bool) -> Arc<dyn Progress> {
    if json {
        Arc::new(JsonLines)
    } else if std::io::stderr().is_terminal() {
        Arc::new(Bars::new())
    } else {
        Arc::new(PlainLines { state: Mutex::new(PlainState { last: None, phase: None }) })
    }
}

/// A phase as people are told it.
fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Recovering => "Looking at the library",
        Phase::Listing => "Looking what there is",
        Phase::ListingAlbums => "Asking Google for albums",
        Phase::Planning => "Planning",
        Phase::Fetching => "Fetching",
        Phase::Comparing => "Looking for copies",
        Phase::Linking => "Albums",
        Phase::Verifying => "Comparing",
        Phase::Finishing => "Finishing",
    }
}

fn wait_sentence(wait: &Wait) -> String {
    let until = wait.until.format("%H:%M:%S UTC");
    match wait.reason {
        WaitReason::Throttled => format!("Google asks to slow down; going on at {until}."),
        WaitReason::DailyQuota => format!("Google's quota for today is used up; going on at {until}."),
        WaitReason::Network => format!("Google does not answer; trying again at {until}."),
    }
}

fn meter_sentence(meter: &Meter) -> String {
    let mut text = match meter.total {
        Some(total) => format!("{}: {} of {total}", phase_word(meter.phase), meter.done),
        None => format!("{}: {}", phase_word(meter.phase), meter.done),
    };
    if meter.bytes > 0 {
        text.push_str(&format!(", {}, {}/s", HumanBytes(meter.bytes), HumanBytes(meter.bytes_per_second)));
    }
    if let Some(seconds) = meter.seconds_left.filter(|seconds| *seconds > 0) {
        text.push_str(&format!(", about {} left", HumanDuration(Duration::from_secs(seconds))));
    }
    if meter.failed > 0 {
        text.push_str(&format!(", {} failed", meter.failed));
    }
    text
}

struct JsonLines;

impl Progress for JsonLines {
    fn event(&self, event: &Event<'_>) {
        if let Ok(line) = serde_json::to_string(event) {
            // A reader that went away is no reason to stop keeping photos.
            let _ = writeln!(std::io::stdout().lock(), "{line}");
        }
    }
}

struct PlainLines {
    state: Mutex<PlainState>,
}

struct PlainState {
    last: Option<Instant>,
    phase: Option<Phase>,
}

impl Progress for PlainLines {
    fn event(&self, event: &Event<'_>) {
        let line = match event {
            Event::Meter(meter) => {
                let Ok(mut state) = self.state.lock() else { return };
                let finished = meter.total.is_some_and(|total| meter.done >= total && total > 0);
                let due = state.last.is_none_or(|last| last.elapsed() >= PLAIN_EVERY);
                let last_of_phase = finished && state.phase == Some(meter.phase);
                if !due && !last_of_phase {
                    return;
                }
                state.last = Some(Instant::now());
                // Only once more at the end of a phase.
                state.phase = if finished { None } else { state.phase };
                meter_sentence(meter)
            }
            Event::Phase { phase } => {
                if let Ok(mut state) = self.state.lock() {
                    state.phase = Some(*phase);
                }
                return;
            }
            Event::Failed { title, error } => format!("Not fetched: {}: {error}", crate::words::printable(title)),
            Event::Waiting(wait) => wait_sentence(wait),
            Event::Note { text } => (*text).to_owned(),
            Event::Stored { .. } => return,
        };
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    }
}

struct Bars {
    bar: ProgressBar,
}

impl Bars {
    fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(8));
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar }
    }

    fn style(&self, total: Option<u64>) {
        let template = if total.is_some() {
            "{spinner} {msg:28} [{bar:30}] {pos} of {len} {prefix}"
        } else {
            "{spinner} {msg:28} {pos} {prefix}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style.progress_chars("=> "));
        }
    }
}

impl Progress for Bars {
    fn event(&self, event: &Event<'_>) {
        match event {
            Event::Phase { phase } => {
                self.style(None);
                self.bar.set_length(0);
                self.bar.set_position(0);
                self.bar.set_prefix("");
                self.bar.set_message(phase_word(*phase));
                if *phase == Phase::Finishing {
                    self.bar.finish_and_clear();
                }
            }
            Event::Meter(meter) => {
                self.style(meter.total);
                if let Some(total) = meter.total {
                    self.bar.set_length(total);
                }
                self.bar.set_position(meter.done);
                let mut more = String::new();
                if meter.bytes > 0 {
                    more = format!("{}, {}/s", HumanBytes(meter.bytes), HumanBytes(meter.bytes_per_second));
                }
                if let Some(seconds) = meter.seconds_left.filter(|seconds| *seconds > 0) {
                    more.push_str(&format!(", {} left", HumanDuration(Duration::from_secs(seconds))));
                }
                if meter.failed > 0 {
                    more.push_str(&format!(", {} failed", meter.failed));
                }
                self.bar.set_prefix(more);
            }
            Event::Failed { title, error } => {
                self.bar.println(format!("Not fetched: {}: {error}", crate::words::printable(title)))
            }
            Event::Waiting(wait) => self.bar.println(wait_sentence(wait)),
            Event::Note { text } => self.bar.println(*text),
            Event::Stored { .. } => {}
        }
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
