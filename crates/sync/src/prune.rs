//! Removal on the user's word (design section 11): only from a complete, unfiltered, checked listing, only of items that
//! the source, asked for each by its id once more, does not have; shown first; into the trash.

use chrono::{DateTime, Utc};
use photokeep_library::Library;
use photokeep_library::catalog::FileRow;
use photokeep_model::{Code, Counted, Error, Filter, Outcome, Receipt, Result, RunKind};

use crate::gate::Gate;
use crate::source::{Asked, Source};

/// What a removal would move to trash.
#[derive(Debug, Default)]
pub struct PrunePlan {
    /// Files to move.
    pub files: Vec<FileRow>,
    /// Their bytes.
    pub bytes: u64,
    /// Items that were thought to be gone and are there after all.
    pub back: u64,
    /// Files that are no longer what was stored: somebody works with them here, so they stay.
    pub changed: Vec<FileRow>,
}

/// What a removal did.
#[derive(Debug)]
pub struct Pruned {
    /// Files moved to trash.
    pub moved: u64,
    /// What it did, as a run.
    pub receipt: Receipt,
}

/// Works out what to remove; nothing is moved.
///
/// # Errors
/// [`Code::Usage`] when the last sync did not see the whole library to its end, network errors, catalog errors.
pub async fn plan_removal<S: Source>(library: &mut Library, source: &S, gate: &Gate) -> Result<PrunePlan> {
    match library.catalog.last_sync_listing_checked()? {
        Some(true) => {}
        _ => {
            return Err(Error::new(Code::Usage, "Removing needs a whole listing, and the last sync did not get one: it was filtered, cut off, or Google's list ended early. Nothing was changed.")
                .hint("Run `photokeep sync` without filters to its end, then try again."));
        }
    }
    let seen_as = source.seen_as().await;
    if crate::listing::last_seen_as(&library.catalog)?.as_deref() != Some(seen_as.as_str()) {
        return Err(Error::new(
            Code::AccessRefused,
            "The last whole listing was seen with another sign-in. Nothing was changed.",
        )
        .hint("Run `photokeep sync` with this sign-in first."));
    }
    let mut plan = PrunePlan::default();
    let mut candidates = Vec::new();
    for (file, _) in library.removal_candidates()? {
        let keys = library.keys_of(file.item, source.kind())?.into_iter().map(|(_, key)| key).collect::<Vec<_>>();
        candidates.push((file, keys));
    }
    // Asked in batches: one request an item would use up the quota of the day.
    let names: Vec<String> = candidates.iter().flat_map(|(_, keys)| keys.iter().cloned()).collect();
    let mut answers = source.ask_for(&names, gate).await?.into_iter();
    for (file, keys) in candidates {
        let answers: Vec<Asked> = answers.by_ref().take(keys.len()).collect();
        if !keys.is_empty() && answers.len() == keys.len() && answers.iter().all(|answer| matches!(answer, Asked::Gone)) {
            if library.is_as_stored(&file)? {
                plan.bytes += file.size.unwrap_or(0);
                plan.files.push(file);
            } else {
                plan.changed.push(file);
            }
        } else {
            plan.back += 1;
        }
    }
    Ok(plan)
}

/// Moves the files of a plan to the trash.
///
/// # Errors
/// When the disk or the catalog cannot be written; what was moved until then is in the trash.
pub fn remove(library: &mut Library, plan: &PrunePlan, now: DateTime<Utc>) -> Result<Pruned> {
    let run = library.catalog.begin_run(RunKind::Prune, &Filter::default(), now)?;
    let mut receipt = Receipt::begin(run, RunKind::Prune, now);
    library.recover(run)?;
    let mut moved = 0;
    let mut failed = Vec::new();
    for file in &plan.files {
        // Between the plan and the person's yes lies as much time as they take.
        if !library.is_as_stored(file)? {
            failed.push(Counted {
                reason: format!("{} was changed meanwhile and stays.", file.path.as_deref().unwrap_or_default()),
                count: 1,
            });
            continue;
        }
        match library.move_to_trash(run, file, "no longer in Google Photos", now) {
            Ok(()) => moved += 1,
            // One file that is away or in use must not keep the others; a disk that is away keeps all.
            Err(error) => {
                library.check_still_there()?;
                failed.push(Counted { reason: error.message, count: 1 });
            }
        }
    }
    let report = library.update_album_links(|_, _| {})?;
    receipt.links_removed = report.removed;
    receipt.links_made = report.made;
    receipt.notes = report.notes;
    receipt.outcome = if failed.is_empty() { Outcome::Done } else { Outcome::SomeFailed };
    receipt.failed = failed;
    receipt.ended = Utc::now();
    library.catalog.end_run(&receipt)?;
    library.save_catalog_copy(receipt.ended)?;
    Ok(Pruned { moved, receipt })
}
