//! Many items at a time: one task finds addresses in batches, workers fetch, one thread places.
//!
//! Memory is bounded by the queues, whatever the library's size: addresses wait in a short queue so that they are used
//! while they are fresh, arrivals in another so that a flush covers many files.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::Utc;
use photokeep_library::catalog::{Ended, EntryKey, EntryKind, RunEntry};
use photokeep_library::{Arrival, Library, OpenFile, PlacedAs};
use photokeep_model::{Code, Error, Event, Phase, Plan, Result};
use tokio::sync::mpsc;

use crate::fetch::{Fetched, Fetcher};
use crate::gate::Gate;
use crate::meter::PhaseMeter;
use crate::source::{Located, Source, Unlocatable};
use crate::sources::library_api::BATCH;

/// Open files taken from the catalog at once.
const FOUND_TOGETHER: u32 = 500;

/// Arrivals placed with one flush at most, and after how many bytes no more join them: others wait while it lasts.
const PLACED_TOGETHER: usize = 2048;
const PLACED_BYTES: u64 = 128 << 20;

/// What performing did.
#[derive(Debug, Default)]
pub(crate) struct Performed {
    pub added: u64,
    pub added_bytes: u64,
    pub restored: u64,
    pub same_photo: u64,
    /// Trouble that ended the run before its end.
    pub stopped: Option<Error>,
    pub notes: Vec<String>,
}

/// What a worker hands to the placing thread.
enum Done {
    Arrived(Box<Arrival>),
    Failed { open: OpenFile, error: Error },
    Gone { open: OpenFile },
    Note(String),
}

impl Done {
    fn bytes(&self) -> u64 {
        if let Self::Arrived(arrival) = self { arrival.size } else { 0 }
    }
}

/// The first trouble that ends the run; everybody stops when there is one.
#[derive(Clone)]
struct Stop {
    error: Arc<Mutex<Option<Error>>>,
    /// Cancels the work of this run only, not the user's token.
    gate: Gate,
}

impl Stop {
    fn with(&self, error: Error) {
        let mut first = self.error.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert(error);
        self.gate.cancel().cancel();
    }
}

/// Performs a plan. Whatever happens, what has arrived is placed and recorded.
pub(crate) async fn perform<S: Source>(
    library: &Arc<Mutex<Library>>,
    source: &Arc<S>,
    gate: &Gate,
    run: i64,
    plan: &Plan,
) -> Performed {
    let total = plan.to_read();
    let meter = Arc::new(PhaseMeter::begin(gate.progress().clone(), Phase::Fetching, Some(total)));
    if total == 0 {
        meter.finish();
        return Performed::default();
    }
    let jobs = workers_for(source.is_local(), lock(library).options().jobs);
    // A child of the user's token: trouble stops this run's workers without looking like the user's wish.
    let run_gate = gate.with_cancel(gate.cancel().child_token());
    let stop = Stop { error: Arc::default(), gate: run_gate.clone() };
    let (located_in, located_out) = mpsc::channel(2);
    let (done_in, done_out) = mpsc::channel::<Done>(PLACED_TOGETHER);

    let finder = tokio::spawn(find(library.clone(), source.clone(), run_gate.clone(), located_in, done_in.clone(), stop.clone()));
    let located_out = Arc::new(tokio::sync::Mutex::new(Waiting { batches: located_out, batch: Vec::new().into_iter() }));
    let mut workers = Vec::with_capacity(jobs);
    for _ in 0..jobs {
        let fetcher = Fetcher {
            source: source.clone(),
            gate: run_gate.clone(),
            temporaries: lock(library).temporary_names(),
            library: library.clone(),
            meter: meter.clone(),
        };
        let local = source.is_local();
        let work = work(fetcher, located_out.clone(), done_in.clone(), stop.clone());
        workers.push(if local {
            // Reads and writes of local files block: a thread of its own costs less than handing its place on each time.
            let runtime = tokio::runtime::Handle::current();
            tokio::task::spawn_blocking(move || runtime.block_on(work))
        } else {
            tokio::spawn(work)
        });
    }
    drop(done_in);
    // Held by the workers alone: when all of them have stopped, the finder notices instead of waiting for ever.
    drop(located_out);
    let placing = {
        let (library, gate, meter, stop) = (library.clone(), gate.clone(), meter.clone(), stop.clone());
        tokio::task::spawn_blocking(move || place_all(&library, run, done_out, &gate, &meter, &stop))
    };
    let broke_off = |what: &str| Error::new(Code::Internal, format!("The {what} part of the run broke off."));
    if finder.await.is_err() {
        stop.with(broke_off("listing"));
    }
    for worker in workers {
        if worker.await.is_err() {
            stop.with(broke_off("fetching"));
        }
    }
    let mut performed = placing.await.unwrap_or_else(|_| {
        stop.with(broke_off("storing"));
        Performed::default()
    });
    meter.finish();
    performed.stopped = stop.error.lock().unwrap_or_else(PoisonError::into_inner).take();
    if performed.stopped.is_none() && gate.cancel().is_cancelled() {
        performed.stopped = Some(Error::new(
            Code::Cancelled,
            "Stopped. Everything so far is kept, and the next run goes on where this one stopped.",
        ));
    }
    performed
}

/// How many items are worked on at once. Reading local archives keeps processors busy, not a network: more than two for each
/// would only wait for one another.
fn workers_for(local: bool, jobs: u16) -> usize {
    let jobs = usize::from(jobs.max(1));
    if local { jobs.min(std::thread::available_parallelism().map_or(2, usize::from) * 2) } else { jobs }
}

fn lock(library: &Arc<Mutex<Library>>) -> std::sync::MutexGuard<'_, Library> {
    library.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Finds addresses for open files, a batch at a time, in listing order. The catalog is asked for many at once, because the
/// placing thread holds it most of the time.
async fn find<S: Source>(
    library: Arc<Mutex<Library>>,
    source: Arc<S>,
    gate: Gate,
    located_in: mpsc::Sender<Vec<(OpenFile, Located)>>,
    done_in: mpsc::Sender<Done>,
    stop: Stop,
) {
    let mut after = 0;
    loop {
        let page = tokio::task::block_in_place(|| lock(&library).catalog.open_files(source.kind(), after, FOUND_TOGETHER));
        let mut page = match page {
            Ok(page) => page,
            Err(error) => return stop.with(error),
        };
        let Some(last) = page.last() else { return };
        after = last.id;
        while !page.is_empty() {
            let batch: Vec<OpenFile> = page.drain(..page.len().min(BATCH)).collect();
            let keys: Vec<String> = batch.iter().map(|open| open.key.clone()).collect();
            let located = match source.locate(&keys, &gate).await {
                Ok(located) => located,
                Err(error) => return stop.with(error),
            };
            let mut to_fetch = Vec::with_capacity(batch.len());
            for (open, answer) in batch.into_iter().zip(located) {
                let done = match answer {
                    Ok(located) => {
                        to_fetch.push((open, located));
                        continue;
                    }
                    Err(Unlocatable::Gone) => Done::Gone { open },
                    Err(Unlocatable::Item(error)) => Done::Failed { open, error },
                };
                if done_in.send(done).await.is_err() {
                    return;
                }
            }
            if located_in.send(to_fetch).await.is_err() || gate.cancel().is_cancelled() {
                return;
            }
        }
    }
}

/// Items with fresh addresses. They come by the batch: waking the finder for each costs more than many a small photo.
struct Waiting {
    batches: mpsc::Receiver<Vec<(OpenFile, Located)>>,
    batch: std::vec::IntoIter<(OpenFile, Located)>,
}

impl Waiting {
    /// The next one; `None` when no more will come. Nothing is lost when it is not waited for to the end.
    async fn next(&mut self) -> Option<(OpenFile, Located)> {
        loop {
            if let Some(next) = self.batch.next() {
                return Some(next);
            }
            self.batch = self.batches.recv().await?.into_iter();
        }
    }
}

async fn work<S: Source>(
    fetcher: Fetcher<S>,
    located: Arc<tokio::sync::Mutex<Waiting>>,
    done_in: mpsc::Sender<Done>,
    stop: Stop,
) {
    loop {
        let next = tokio::select! {
            next = async { located.lock().await.next().await } => next,
            () = fetcher.gate.cancel().cancelled() => None,
        };
        let Some((open, located)) = next else { return };
        let done = match fetcher.fetch(&open, located).await {
            Ok(Fetched::Arrived(arrival, note)) => {
                if let Some(note) = note
                    && done_in.send(Done::Note(note)).await.is_err()
                {
                    return;
                }
                Done::Arrived(arrival)
            }
            Ok(Fetched::Gone) => Done::Gone { open },
            Ok(Fetched::Failed(error)) => Done::Failed { open, error },
            Err(error) => return stop.with(error),
        };
        if done_in.send(done).await.is_err() {
            return;
        }
    }
}

/// The placing thread: takes what has come meanwhile, places it with one flush, records the rest.
fn place_all(
    library: &Arc<Mutex<Library>>,
    run: i64,
    mut done_out: mpsc::Receiver<Done>,
    gate: &Gate,
    meter: &PhaseMeter,
    stop: &Stop,
) -> Performed {
    let mut performed = Performed::default();
    // Failures wait here until something arrives: only then it was the items and not the network (design section 3, rule 4).
    let mut held = Vec::new();
    while let Some(first) = done_out.blocking_recv() {
        let mut bytes = first.bytes();
        let mut batch = vec![first];
        while batch.len() < PLACED_TOGETHER && bytes < PLACED_BYTES {
            let Ok(done) = done_out.try_recv() else { break };
            bytes += done.bytes();
            batch.push(done);
        }
        if let Err(error) = place_batch(library, run, batch, gate, meter, &mut performed, &mut held) {
            stop.with(error);
            // Workers may still be sending; taking no more makes them stop.
            return performed;
        }
    }
    let stopped = stop.error.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|error| error.code);
    let outage = matches!(stopped, Some(Code::Network | Code::FolderGone));
    if !outage && let Err(error) = record_failures(&mut lock(library), run, &mut held, gate, meter) {
        stop.with(error);
    }
    performed
}

fn place_batch(
    library: &Arc<Mutex<Library>>,
    run: i64,
    batch: Vec<Done>,
    gate: &Gate,
    meter: &PhaseMeter,
    performed: &mut Performed,
    held: &mut Vec<(OpenFile, Error)>,
) -> Result<()> {
    let mut arrivals = Vec::with_capacity(batch.len());
    let mut library = lock(library);
    for done in batch {
        match done {
            Done::Arrived(arrival) => arrivals.push(*arrival),
            Done::Note(note) => performed.notes.push(note),
            Done::Gone { open } => record_gone(&mut library, run, &open, meter)?,
            Done::Failed { open, error } => held.push((open, error)),
        }
    }
    if !arrivals.is_empty() {
        record_failures(&mut library, run, held, gate, meter)?;
    }
    for placed in library.place(run, arrivals)? {
        let progress = gate.progress();
        match placed.how {
            PlacedAs::Failed(error) => {
                record_failure(&mut library, run, &placed.path, placed.file, Some(placed.item), &error, gate, meter)?;
                continue;
            }
            PlacedAs::Added | PlacedAs::AlreadyThere => {
                performed.added += 1;
                performed.added_bytes += placed.size;
            }
            PlacedAs::Restored => performed.restored += 1,
            PlacedAs::SamePhoto => performed.same_photo += 1,
        }
        meter.add_done(1);
        progress.event(&Event::Stored { file: placed.file, path: &placed.path, bytes: placed.size });
    }
    Ok(())
}

fn record_failures(
    library: &mut Library,
    run: i64,
    held: &mut Vec<(OpenFile, Error)>,
    gate: &Gate,
    meter: &PhaseMeter,
) -> Result<()> {
    for (open, error) in held.drain(..) {
        record_failure(library, run, &open.title, open.id, Some(open.item), &error, gate, meter)?;
        if let Some(entry) = EntryKey::parse(&open.key) {
            if error.code == Code::ItemNotMedia {
                library.catalog.transaction(|catalog| catalog.refuse_for_good(run, entry, &error.message))?;
            } else {
                library.catalog.settle_entry(run, entry, Ended::Refused, Some(&error.message))?;
            }
        }
    }
    Ok(())
}

/// The item vanished between listing and fetching: nothing failed, there is nothing to fetch.
fn record_gone(library: &mut Library, run: i64, open: &OpenFile, meter: &PhaseMeter) -> Result<()> {
    meter.add_done(1);
    library.catalog.transaction(|catalog| {
        // Only the Library API says so of one item.
        let sighting = catalog.sighting_of(photokeep_model::SourceKind::LibraryApi, &open.key)?;
        catalog.mark_gone(sighting.as_slice(), run)?;
        catalog.add_entry(
            run,
            &RunEntry { what: EntryKind::Skipped, item: Some(open.item), path: None, reason: Some("no longer in Google Photos") },
        )
    })
}

#[allow(clippy::too_many_arguments)]
fn record_failure(
    library: &mut Library,
    run: i64,
    title: &str,
    file: i64,
    item: Option<photokeep_model::ItemId>,
    error: &Error,
    gate: &Gate,
    meter: &PhaseMeter,
) -> Result<()> {
    meter.add_failed();
    gate.progress().event(&Event::Failed { title, error });
    // Bytes that are of no use are not left behind, unless the download can go on with them.
    if !library.catalog.has_partial(file)? {
        let _ = std::fs::remove_file(library.temporary(file));
    }
    library.catalog.transaction(|catalog| {
        catalog.record_failure(file, run, error, Utc::now())?;
        catalog.add_entry(run, &RunEntry { what: EntryKind::Failed, item, path: None, reason: Some(&error.message) })
    })
}
