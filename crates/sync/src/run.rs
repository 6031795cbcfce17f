//! One sync, from beginning to receipt.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use photokeep_library::catalog::{Catalog, EntryKind};
use photokeep_library::{Library, LibraryNamer, Presence};
use photokeep_model::{
    Account, Code, Counted, Error, Event, Filter, LibraryOptions, Outcome, Phase, Plan, Receipt, Result, RunKind, SourceKind,
};

use crate::copies;
use crate::gate::Gate;
use crate::listing::{self, Listed};
use crate::meter::PhaseMeter;
use crate::perform::{self, Performed};
use crate::source::Source;

/// What to do in a sync.
pub struct SyncOptions {
    /// What to take in.
    pub filter: Filter,
    /// `Sync` or `Retry`: in the history only; both try failed items again.
    pub kind: RunKind,
    /// The present time.
    pub now: fn() -> DateTime<Utc>,
}

/// What a dry run found.
#[derive(Debug)]
pub struct DryRun {
    /// What a run would do.
    pub plan: Plan,
    /// Of an import: what the entries of the archives are; photos and videos that are not settled yet count as open.
    pub account: Option<Account>,
}

/// Syncs a library with a source. The receipt says what was done, also when the run was stopped before its end; the
/// error then says why.
///
/// # Errors
/// Trouble before anything could be done or recorded. The library is given back in any case.
pub async fn sync<S: Source>(
    library: Library,
    source: &Arc<S>,
    options: &SyncOptions,
    gate: &Gate,
    on_plan: impl FnOnce(&Plan),
) -> (Library, Result<(Receipt, Option<Error>)>) {
    let library = Arc::new(Mutex::new(library));
    let outcome = sync_shared(&library, source, options, gate, on_plan).await;
    // Everybody else has finished; a clone that is still held would be a defect of this room.
    let library = match Arc::try_unwrap(library) {
        Ok(library) => library.into_inner().unwrap_or_else(PoisonError::into_inner),
        Err(_) => unreachable!("all workers have ended"),
    };
    (library, outcome)
}

async fn sync_shared<S: Source>(
    library: &Arc<Mutex<Library>>,
    source: &Arc<S>,
    options: &SyncOptions,
    gate: &Gate,
    on_plan: impl FnOnce(&Plan),
) -> Result<(Receipt, Option<Error>)> {
    let run = lock(library).catalog.begin_run(options.kind, &options.filter, (options.now)())?;
    let mut receipt = Receipt::begin(run, options.kind, (options.now)());
    receipt.notes = lock(library).notes().to_vec();
    let mut presence = Presence::default();
    let mut listed = Listed::default();
    let ended = work(library, source, options, gate, on_plan, &mut receipt, &mut presence, &mut listed).await;
    let error = ended.err();
    gate.progress().event(&Event::Phase { phase: Phase::Finishing });
    finish(&mut lock(library), options, receipt, &presence, &listed, error)
}

#[allow(clippy::too_many_arguments)]
async fn work<S: Source>(
    library: &Arc<Mutex<Library>>,
    source: &Arc<S>,
    options: &SyncOptions,
    gate: &Gate,
    on_plan: impl FnOnce(&Plan),
    receipt: &mut Receipt,
    presence: &mut Presence,
    listed: &mut Listed,
) -> Result<()> {
    let run = receipt.run;
    gate.progress().event(&Event::Phase { phase: Phase::Recovering });
    tokio::task::block_in_place(|| {
        let mut library = lock(library);
        let recovered = library.recover(run)?;
        if recovered.finished + recovered.taken_back > 0 {
            receipt.notes.push(format!(
                "The run before was cut off. Files that were just being stored and have been settled now: {}.",
                recovered.finished + recovered.taken_back
            ));
        }
        library.catalog.doubt_again()?;
        *presence = library.look_for_files()?;
        Ok::<(), Error>(())
    })?;
    if let Some(example) = &presence.changed_example {
        receipt.notes.push(format!(
            "Files that are no longer what was stored: {}, `{example}` for example. They were left as they are; `photokeep verify` says more.",
            presence.changed
        ));
    }
    *listed = list_into(library, source, options, gate, run).await?;
    receipt.notes.append(&mut listed.notes);
    gate.progress().event(&Event::Phase { phase: Phase::Planning });
    let plan = {
        let library = lock(library);
        let mut plan = plan_of(&library.catalog, source.kind(), run)?;
        plan.free_bytes = library.free_bytes();
        plan.albums.listed = listed.albums;
        plan.albums.new = listed.new_albums;
        plan.absent = library.catalog.standing()?.absent;
        plan.notes = plan_notes(&plan);
        plan
    };
    on_plan(&plan);
    receipt.listed = listed.items;
    receipt.albums = listed.albums;
    receipt.already = plan.already;
    let performed = perform::perform(library, source, gate, run, &plan).await;
    let mut stopped = take_in(receipt, performed);
    if source.kind() == SourceKind::Takeout {
        if stopped.is_none() {
            stopped = settle_entries(library, source, gate, run, receipt).await?;
        }
        let library = lock(library);
        library.catalog.refuse_failed_entries(run)?;
        library.catalog.transaction(|catalog| catalog.drop_damaged_copies())?;
        library.catalog.refuse_removed_entries(run)?;
    }
    // Links are worth making of what has come, unless the disk is the trouble or the user wants to stop.
    let disk_trouble =
        |code| matches!(code, Code::TargetFull | Code::TargetGone | Code::TargetReadOnly | Code::Cancelled | Code::Internal);
    if stopped.as_ref().is_none_or(|error| !disk_trouble(error.code)) {
        tokio::task::block_in_place(|| link(library, gate, receipt))?;
    }
    match stopped {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// Rounds in which entries are compared and what turned out other is stored. One is enough but for damaged archives.
const ROUNDS: u32 = 4;

/// What is left of an import after its files are stored: copies are compared, other bytes stored, and files whose first
/// entry was damaged taken from another one.
async fn settle_entries<S: Source>(
    library: &Arc<Mutex<Library>>,
    source: &Arc<S>,
    gate: &Gate,
    run: i64,
    receipt: &mut Receipt,
) -> Result<Option<Error>> {
    for _ in 0..ROUNDS {
        let compared = copies::compare(library, source, gate, run).await?;
        let open = tokio::task::block_in_place(|| lock(library).catalog.plan_import(run))?;
        if compared.other == 0 && open.to_fetch + open.same_bytes == 0 {
            break;
        }
        let before = receipt.added + receipt.restored + receipt.same_photo;
        let performed = perform::perform(library, source, gate, run, &open).await;
        let (added, bytes, restored, same) = (receipt.added, receipt.added_bytes, receipt.restored, receipt.same_photo);
        let stopped = take_in(receipt, performed);
        receipt.added += added;
        receipt.added_bytes += bytes;
        receipt.restored += restored;
        receipt.same_photo += same;
        if stopped.is_some() {
            return Ok(stopped);
        }
        if receipt.added + receipt.restored + receipt.same_photo == before && compared.other == 0 {
            break;
        }
    }
    Ok(None)
}

fn plan_of(catalog: &Catalog, kind: SourceKind, run: i64) -> Result<Plan> {
    if kind == SourceKind::Takeout { catalog.plan_import(run) } else { catalog.plan(kind, run) }
}

async fn list_into<S: Source>(
    library: &Arc<Mutex<Library>>,
    source: &Arc<S>,
    options: &SyncOptions,
    gate: &Gate,
    run: i64,
) -> Result<Listed> {
    // The catalog is lent to the listing, so that no lock is held while the network is waited for.
    let (mut catalog, namer, filter) = {
        let mut library = lock(library);
        let namer = library.namer();
        let filter = filter_with(&options.filter, library.options());
        (std::mem::replace(&mut library.catalog, Catalog::in_memory()?), namer, filter)
    };
    let listed = listing::list(source.as_ref(), &filter, &mut catalog, &namer, run, gate).await;
    let listed = listed.and_then(|listed| {
        if listed.checked && source.proves_absence() {
            catalog.mark_listing_checked(run)?;
        }
        Ok(listed)
    });
    lock(library).catalog = catalog;
    listed
}

/// What a run takes in: what was asked for this time, without what the person never wants.
fn filter_with(filter: &Filter, options: &LibraryOptions) -> Filter {
    Filter { skip_shared_albums: filter.skip_shared_albums || options.skip_shared_albums, ..filter.clone() }
}

fn link(library: &Arc<Mutex<Library>>, gate: &Gate, receipt: &mut Receipt) -> Result<()> {
    let mut library = lock(library);
    retime(&mut library)?;
    library.catalog.unite_albums()?;
    if receipt.kind == RunKind::Import {
        library.catalog.transaction(|catalog| catalog.order_albums_of(receipt.run))?;
    }
    let albums = library.catalog.albums()?.len() as u64;
    let meter = PhaseMeter::begin(gate.progress().clone(), Phase::Linking, Some(albums));
    let mut told = 0;
    let mut report = library.update_album_links(|done, _| meter.add_done(done - std::mem::replace(&mut told, done)))?;
    meter.finish();
    receipt.links_made = report.made;
    receipt.links_removed = report.removed;
    receipt.notes.append(&mut report.notes);
    Ok(())
}

/// Dates that changed at the source: the file keeps its name and gets its new time.
fn retime(library: &mut Library) -> Result<()> {
    loop {
        let files = library.catalog.untimed_files(500)?;
        if files.is_empty() {
            return Ok(());
        }
        for file in files {
            library.retime(&file)?;
        }
    }
}

fn take_in(receipt: &mut Receipt, performed: Performed) -> Option<Error> {
    receipt.added = performed.added;
    receipt.added_bytes = performed.added_bytes;
    receipt.restored = performed.restored;
    receipt.same_photo = performed.same_photo;
    receipt.notes.extend(performed.notes);
    performed.stopped
}

/// Counts what the catalog recorded, says whether everything is kept, and writes it all down.
fn finish(
    library: &mut Library,
    options: &SyncOptions,
    mut receipt: Receipt,
    presence: &Presence,
    listed: &Listed,
    error: Option<Error>,
) -> Result<(Receipt, Option<Error>)> {
    let run = receipt.run;
    // An undisturbed run that saw only a part of the library must not look like a good one.
    let import = options.kind == RunKind::Import;
    let error = error.or_else(|| (!import && options.filter.is_whole() && !listed.checked).then(|| incomplete_listing(listed)));
    if import {
        let account = library.catalog.account(run)?;
        if error.is_none() {
            library.catalog.transaction(|catalog| catalog.list_refused(run))?;
        }
        let gone = if error.is_none() { library.catalog.gone_files()? } else { 0 };
        if gone > 0 {
            receipt.notes.push(format!(
                "Files of the library that are gone or damaged, and in none of these archives: {gone}. Import the archives that have them once more."
            ));
        }
        if account.entries == account.other + account.companions {
            receipt.notes.push("Nothing of Google Photos was found in what was given.".into());
        }
        receipt.account = Some(account);
    }
    receipt.updated = library.catalog.list_changed(run)?;
    receipt.absent = library.catalog.list_gone(run)?;
    let counted = |pairs: Vec<(String, u64)>| pairs.into_iter().map(|(reason, count)| Counted { reason, count }).collect();
    receipt.skipped = counted(library.catalog.entry_reasons(run, EntryKind::Skipped)?);
    receipt.failed = counted(library.catalog.entry_reasons(run, EntryKind::Failed)?);
    receipt.notes.extend(library.note_of_unstorable_dates(run)?);
    let standing = library.catalog.standing()?;
    receipt.outcome = match &error {
        Some(error) => Outcome::Stopped { code: error.code },
        None if receipt.failed_count() > 0 => Outcome::SomeFailed,
        None => Outcome::Done,
    };
    receipt.all_fetched = error.is_none()
        && options.filter.is_whole()
        && listed.checked
        && receipt
            .account
            .is_none_or(|account| receipt.failed_count() == 0 && account.entries > account.other + account.companions)
        && standing.pending == 0
        && standing.failed == 0
        && standing.damaged == 0
        && presence.changed == 0;
    receipt.doubtful = standing.doubtful;
    receipt.complete = receipt.all_fetched && receipt.doubtful == 0;
    receipt.ended = (options.now)();
    library.catalog.end_run(&receipt)?;
    match library.check_still_there().and_then(|()| library.save_catalog_copy(receipt.ended)) {
        Ok(()) => Ok((receipt, error)),
        // The run's own trouble is the one to tell.
        Err(later) => Ok((receipt, error.or(Some(later)))),
    }
}

fn incomplete_listing(listed: &Listed) -> Error {
    if listed.out_of_sight > 0 {
        return Error::new(
            Code::AccessRefused,
            format!(
                "This sign-in does not see what an earlier one saw: {} items are kept here that Google does not show now. Nothing was removed.",
                listed.out_of_sight
            ),
        )
        .hint("Sign in as before: with the same account, and with --whole-library if that was used. For another account use another folder.");
    }

    Error::new(Code::Network, "Google did not list the whole library this time. What it listed is kept; nothing was removed.")
        .hint("Run it again later. If it stays so, `photokeep doctor` may say more.")
}

fn plan_notes(plan: &Plan) -> Vec<String> {
    let mut notes = Vec::new();
    if let (Some(needed), Some(free)) = (plan.estimated_bytes, plan.free_bytes)
        && needed > free
    {
        notes.push("The disk may be too small for what is to come. The run stops safely when it is full.".into());
    }
    if plan.absent > 0 {
        notes.push(format!(
            "Kept here and no longer in Google Photos: {}. They stay; `photokeep prune` can move them to the trash.",
            plan.absent
        ));
    }
    notes
}

fn lock(library: &Arc<Mutex<Library>>) -> std::sync::MutexGuard<'_, Library> {
    library.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Works out what a sync would do, in a catalog that is thrown away: nothing is kept, neither of the listing nor of the plan.
///
/// # Errors
/// As [`sync`].
pub async fn dry_run<S: Source>(
    mut scratch: Catalog,
    namer: &LibraryNamer,
    source: &S,
    filter: &Filter,
    gate: &Gate,
    now: DateTime<Utc>,
    free_bytes: Option<u64>,
) -> Result<DryRun> {
    let kind = match source.kind() {
        SourceKind::Takeout => RunKind::Import,
        SourceKind::Folder => RunKind::Add,
        SourceKind::LibraryApi | SourceKind::Picker => RunKind::Sync,
    };
    let run = scratch.begin_run(kind, filter, now)?;
    let listed = listing::list(source, filter, &mut scratch, namer, run, gate).await?;
    let mut plan = plan_of(&scratch, source.kind(), run)?;
    plan.free_bytes = free_bytes;
    plan.albums.listed = listed.albums;
    plan.albums.new = listed.new_albums;
    plan.absent = scratch.standing()?.absent;
    plan.notes = listed.notes;
    plan.notes.extend(plan_notes(&plan));
    let account = if source.kind() == SourceKind::Takeout { Some(scratch.account(run)?) } else { None };
    Ok(DryRun { plan, account })
}
