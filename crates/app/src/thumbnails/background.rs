//! The thread that makes what is missing while nobody asks.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;

use photokeep_media::ContentHash;

use super::{Shared, Shown};

/// When so many files in a row cannot be read, the disk is gone, and the rest is not tried.
const MOST_FAILURES_IN_A_ROW: u32 = 25;

/// What the background has done so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Made {
    /// Pictures made.
    pub made: u64,
    /// Files found that cannot be shown.
    pub placeholders: u64,
    /// Files that could not be read; they are tried again another time.
    pub failed: u64,
    /// It ended because the cache is full: the rest is made when somebody looks at it.
    pub cache_is_full: bool,
}

/// The background at work. Dropping it tells it to stop, and does not wait.
pub struct BackgroundMaker {
    shared: Arc<Shared>,
    work: Arc<Work>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Work {
    stop: AtomicBool,
    made: AtomicU64,
    placeholders: AtomicU64,
    failed: AtomicU64,
    cache_is_full: AtomicBool,
}

impl BackgroundMaker {
    pub(super) fn start(shared: Arc<Shared>, wanted: impl Iterator<Item = (ContentHash, PathBuf)> + Send + 'static) -> Self {
        let work = Arc::new(Work::default());
        let thread = std::thread::Builder::new().name("thumbnails".to_owned()).spawn({
            let (shared, work) = (Arc::clone(&shared), Arc::clone(&work));
            move || {
                step_back();
                work.make_missing(&shared, wanted);
            }
        });
        // Without a thread nothing is made ahead; pictures come when they are asked for.
        Self { shared, work, thread: thread.ok() }
    }

    /// Tells it to stop after the picture it is at. Does not wait.
    pub fn stop(&self) {
        self.shared.turns.stop(&self.work.stop);
    }

    /// What it has done so far.
    pub fn progress(&self) -> Made {
        Made {
            made: self.work.made.load(Ordering::Relaxed),
            placeholders: self.work.placeholders.load(Ordering::Relaxed),
            failed: self.work.failed.load(Ordering::Relaxed),
            cache_is_full: self.work.cache_is_full.load(Ordering::Relaxed),
        }
    }

    /// Waits for its end.
    pub fn finish(mut self) -> Made {
        if let Some(thread) = self.thread.take() {
            // A panic in there would be a mistake of ours, but pictures are no reason to take anything else down.
            let _ = thread.join();
        }
        self.progress()
    }
}

impl Drop for BackgroundMaker {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Work {
    fn make_missing(&self, shared: &Shared, wanted: impl Iterator<Item = (ContentHash, PathBuf)>) {
        shared.store.tidy();
        let mut failures_in_a_row = 0;
        for (hash, path) in wanted {
            if self.stop.load(Ordering::Relaxed) || failures_in_a_row == MOST_FAILURES_IN_A_ROW {
                return;
            }
            if shared.is_settled(hash) {
                continue;
            }
            if !shared.store.has_room() {
                self.cache_is_full.store(true, Ordering::Relaxed);
                return;
            }
            let Some(_turn) = shared.turns.for_background(&self.stop) else { return };
            // If somebody asks for this very picture now, it is made anyway.
            let Ok(claim) = shared.claims.claim(hash) else { continue };
            let counter = match shared.make(hash, &path) {
                Ok(shown) => {
                    failures_in_a_row = 0;
                    let counter = if shown == Shown::Placeholder { &self.placeholders } else { &self.made };
                    claim.fulfil(shown);
                    counter
                }
                Err(_) => {
                    failures_in_a_row += 1;
                    &self.failed
                }
            };
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Lets everything else go first. Decoders that start threads of their own hand it down to them.
#[cfg(target_os = "linux")]
fn step_back() {
    /// Half of the way down.
    const NICE: i32 = 10;
    // On Linux this is the thread's own, against POSIX; elsewhere it would be the process's.
    let _ = rustix::process::setpriority_process(None, NICE);
}

/// Nothing to be had without `unsafe`; one thread alone already leaves the other cores free.
#[cfg(not(target_os = "linux"))]
fn step_back() {}
