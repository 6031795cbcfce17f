//! Entries that look like a copy of a stored file are read and held against it; nothing is written when they are one.
//!
//! Size and checksum only say what to compare with; only the hash says that bytes are the same (format notes, 7.4).

use std::sync::{Arc, Mutex, PoisonError};

use photokeep_google::Trouble;
use photokeep_library::Library;
use photokeep_library::catalog::{Ended, EntryKey, ToCompare};
use photokeep_media::Hasher;
use photokeep_model::{Code, Error, Phase, Result};

use crate::gate::Gate;
use crate::meter::PhaseMeter;
use crate::source::{Located, Source};

/// Entries compared between two transactions.
const PAGE: u32 = 512;

/// Entries read at the same time.
const READERS: usize = 2;

/// What comparing found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Compared {
    /// The very same bytes.
    pub same: u64,
    /// Other bytes: they became files of their own, which are wanted now.
    pub other: u64,
}

enum Verdict {
    Same,
    Other,
    Refused(Error),
}

/// Compares everything that is to be compared.
///
/// # Errors
/// When the catalog cannot be used or the run is stopped.
pub(crate) async fn compare<S: Source>(
    library: &Arc<Mutex<Library>>,
    source: &Arc<S>,
    gate: &Gate,
    run: i64,
) -> Result<Compared> {
    let mut compared = Compared::default();
    let mut after: Option<EntryKey> = None;
    let meter = Arc::new(PhaseMeter::begin(gate.progress().clone(), Phase::Comparing, None));
    loop {
        let page = tokio::task::block_in_place(|| lock(library).catalog.entries_to_compare(after, PAGE))?;
        let Some(last) = page.last() else { break };
        after = Some(last.key);
        let share = page.len().div_ceil(READERS);
        let mut readers = tokio::task::JoinSet::new();
        for part in page.chunks(share) {
            let (part, source, gate, meter) = (part.to_vec(), source.clone(), gate.clone(), meter.clone());
            readers.spawn(async move { read(&part, &*source, &gate, &meter).await });
        }
        let mut verdicts: Vec<(ToCompare, Verdict)> = Vec::with_capacity(page.len());
        while let Some(read) = readers.join_next().await {
            let read = read.map_err(|error| Error::new(Code::Internal, "Comparing broke off.").source(error))?;
            verdicts.extend(read?);
        }
        tokio::task::block_in_place(|| {
            lock(library).catalog.transaction(|catalog| {
                for (entry, verdict) in &verdicts {
                    match verdict {
                        Verdict::Same => {
                            compared.same += 1;
                            catalog.settle_entry(run, entry.key, Ended::Already, None)?;
                        }
                        Verdict::Other => {
                            compared.other += 1;
                            catalog.want_other_bytes(entry.key, entry.file)?;
                        }
                        Verdict::Refused(error) => catalog.settle_entry(run, entry.key, Ended::Refused, Some(&error.message))?,
                    }
                }
                Ok(())
            })
        })?;
    }
    meter.finish();
    Ok(compared)
}

async fn read<S: Source>(
    entries: &[ToCompare],
    source: &S,
    gate: &Gate,
    meter: &PhaseMeter,
) -> Result<Vec<(ToCompare, Verdict)>> {
    let keys: Vec<String> = entries.iter().map(|entry| entry.key.to_text()).collect();
    let located = source.locate(&keys, gate).await?;
    let mut verdicts = Vec::with_capacity(entries.len());
    for (entry, located) in entries.iter().zip(located) {
        gate.pass().await?;
        if let Some(at_hand) = source.at_hand(&entry.key.to_text()) {
            let same = at_hand.hash == entry.hash;
            verdicts.push((entry.clone(), if same { Verdict::Same } else { Verdict::Other }));
            meter.add_done(1);
            continue;
        }
        let Ok(located) = located else { continue };
        let verdict = match hash(source, &located, meter).await {
            Ok(hash) if hash == entry.hash => Verdict::Same,
            Ok(_) => Verdict::Other,
            Err(trouble) => {
                let error = trouble.into_error();
                if error.code != Code::ItemFailed {
                    return Err(error);
                }
                Verdict::Refused(error)
            }
        };
        meter.add_done(1);
        verdicts.push((entry.clone(), verdict));
    }
    Ok(verdicts)
}

async fn hash<S: Source>(source: &S, located: &Located, meter: &PhaseMeter) -> Result<[u8; 32], Trouble> {
    let mut body = source.open(located, None).await?;
    let mut hasher = Hasher::new();
    while let Some(block) = body.blocks.next().await? {
        hasher.update(&block);
        meter.add_bytes(block.len() as u64);
    }
    Ok(hasher.finish().0)
}

fn lock(library: &Arc<Mutex<Library>>) -> std::sync::MutexGuard<'_, Library> {
    library.lock().unwrap_or_else(PoisonError::into_inner)
}
