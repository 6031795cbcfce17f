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
        Phase::Uploading => "Uploading",
        Phase::Adopting => "Reading",
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

/// The total, where there is one to draw a bar to: a phase that has nothing to do yet, or does not know how much, has none.
fn known(total: Option<u64>) -> Option<u64> {
    total.filter(|total| *total > 0)
}

fn meter_sentence(meter: &Meter) -> String {
    let mut text = match known(meter.total) {
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
            Event::Failed { title, error } => format!("Failed: {}: {error}", crate::words::printable(title)),
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

/// What stands in the line of a phase.
#[derive(Clone, Copy)]
enum Shape {
    /// Its name: nothing is counted yet.
    Words,
    /// How many, of nobody knows how many.
    Count,
    /// How many of how many.
    Bar,
}

impl Bars {
    fn new() -> Self {
        Self::on(ProgressDrawTarget::stderr_with_hz(8))
    }

    fn on(target: ProgressDrawTarget) -> Self {
        let bars = Self { bar: ProgressBar::with_draw_target(None, target) };
        // Before the first phase the style would be indicatif's own, a bar of "0/0".
        bars.style(Shape::Words);
        bars.bar.enable_steady_tick(Duration::from_millis(200));
        bars
    }

    fn style(&self, shape: Shape) {
        let template = match shape {
            Shape::Words => "{spinner} {msg:28} {prefix}",
            Shape::Count => "{spinner} {msg:28} {pos} {prefix}",
            Shape::Bar => "{spinner} {msg:28} [{bar:30}] {pos} of {len} {prefix}",
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
                self.style(Shape::Words);
                self.bar.set_length(0);
                self.bar.set_position(0);
                self.bar.set_prefix("");
                self.bar.set_message(phase_word(*phase));
                if *phase == Phase::Finishing {
                    self.bar.finish_and_clear();
                }
            }
            Event::Meter(meter) => {
                let total = known(meter.total);
                self.style(match total {
                    Some(_) => Shape::Bar,
                    None if meter.done > 0 => Shape::Count,
                    None => Shape::Words,
                });
                if let Some(total) = total {
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
            Event::Failed { title, error } => self.bar.println(format!("Failed: {}: {error}", crate::words::printable(title))),
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io;

    use super::*;

    /// A terminal that keeps what is written to it.
    #[derive(Debug, Clone, Default)]
    struct Written(Arc<Mutex<String>>);

    impl indicatif::TermLike for Written {
        fn width(&self) -> u16 {
            100
        }
        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn write_line(&self, text: &str) -> io::Result<()> {
            self.write_str(text)
        }
        fn write_str(&self, text: &str) -> io::Result<()> {
            self.0.lock().unwrap().push_str(text);
            Ok(())
        }
        fn clear_line(&self) -> io::Result<()> {
            Ok(())
        }
        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    fn meter(done: u64, total: Option<u64>) -> Meter {
        Meter { phase: Phase::Fetching, done, total, bytes: 0, bytes_per_second: 0, seconds_left: None, failed: 0 }
    }

    #[test]
    fn a_total_that_is_empty_or_not_known_shows_no_bar() {
        let terminal = Written::default();
        let bars = Bars::on(ProgressDrawTarget::term_like_with_hz(Box::new(terminal.clone()), 255));
        let drawn = |event: Option<Event<'_>>| {
            terminal.0.lock().unwrap().clear();
            if let Some(event) = event {
                bars.event(&event);
            }
            // The steady tick is five times a second.
            std::thread::sleep(Duration::from_millis(450));
            terminal.0.lock().unwrap().clone()
        };
        for event in [
            None,
            Some(Event::Phase { phase: Phase::Fetching }),
            Some(Event::Meter(meter(0, Some(0)))),
            Some(Event::Meter(meter(0, None))),
        ] {
            let text = drawn(event);
            assert!(!text.is_empty() && !text.contains("0/0") && !text.contains("0 of 0") && !text.contains('['), "{text:?}");
        }
        assert!(drawn(Some(Event::Meter(meter(3, None)))).contains(" 3 "));
        let text = drawn(Some(Event::Meter(meter(3, Some(7)))));
        assert!(text.contains('[') && text.contains("3 of 7"), "{text:?}");
        assert_eq!(meter_sentence(&meter(0, Some(0))), "Fetching: 0");
    }
}
