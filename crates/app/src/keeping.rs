//! Keeping a library's schedule: waiting, running, waiting again. The daemon does so in a loop of its own ([`App::keep_schedule`]); a desk
//! does so step by step with a [`Keeper`], so that its runs are the ones a person sees.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use photokeep_library::target;
use photokeep_model::{Code, Error, Outcome, Progress, Receipt, Result, RunKind};
use photokeep_sync::Control;
use photokeep_sync::schedule::{Decision, Ended, WaitsFor};
use serde::Serialize;

use crate::app::App;
use crate::desk::Settings;
use crate::inbox::{ArchiveState, FoundArchive, Noticing, QUIET};
use crate::schedule::{KEEPER, change};
use crate::surroundings::stay_awake;
use crate::sync::SyncRequest;
use crate::updates::Release;

/// What a keeper tells.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Keeping<'a> {
    /// Another Photokeep keeps the schedule; this one goes on when that one ends.
    Elsewhere,
    /// It waits.
    Waits {
        /// For what.
        what: WaitsFor,
        /// Until when at the longest.
        until: DateTime<Utc>,
    },
    /// A run begins.
    Begins {
        /// The slot it is for.
        slot: DateTime<Utc>,
    },
    /// A run did something.
    Receipt {
        /// What.
        receipt: &'a Receipt,
        /// Why it stopped before its end.
        error: Option<&'a Error>,
    },
    /// A run could not begin.
    Refused {
        /// Why.
        error: &'a Error,
    },
    /// A newer Photokeep came out, found by the look that the person allowed.
    Update {
        /// Which.
        newer: &'a Release,
    },
}

/// The longest between two looks at the clock: after a sleep the schedule is due at once.
const LONGEST_LOOK: Duration = Duration::from_secs(30);

/// The one that keeps a library's schedule, for as long as this lives.
pub(crate) struct Keeper {
    app: App,
    library: PathBuf,
    folder: PathBuf,
    _place: File,
}

impl Keeper {
    /// What to do now. A run that is to begin counts as begun from here on, so that no slot is served twice.
    ///
    /// # Errors
    /// [`Code::Usage`] when the schedule was taken away.
    pub(crate) fn decide(&self, now: DateTime<Utc>) -> Result<Decision> {
        let around = self.app.around(&self.library);
        change(&self.folder, |kept| {
            let decided = kept.ledger.decide(&kept.schedule, &chrono::Local, now, around);
            if let Decision::Run { slot } = decided {
                kept.ledger.begin(slot);
            }
            decided
        })
    }

    /// The run that was begun ended.
    ///
    /// # Errors
    /// [`Code::Usage`] when the schedule was taken away.
    pub(crate) fn ended(&self, how: Ended, now: DateTime<Utc>) -> Result<()> {
        change(&self.folder, |kept| kept.ledger.end(how, now))
    }

    /// Whose schedule it is.
    pub(crate) fn library(&self) -> &Path {
        &self.library
    }
}

impl App {
    /// Becomes the one that keeps the schedule of a library; `None` while another one is.
    ///
    /// # Errors
    /// [`Code::Usage`] when there is no schedule, and when Photokeep's own folder cannot be written.
    pub(crate) fn begin_keeping(&self, library: &Path) -> Result<Option<Keeper>> {
        let folder = self.schedule_folder(library)?;
        let path = folder.join(KEEPER);
        let place = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| target::target_error(error, &path))?;
        if matches!(place.try_lock(), Err(TryLockError::WouldBlock)) {
            return Ok(None);
        }
        change(&folder, |kept| kept.ledger.recover(Utc::now()))?;
        Ok(Some(Keeper { app: self.clone(), library: library.to_owned(), folder, _place: place }))
    }

    /// Keeps the schedule of a library until `control` stops it: waits, runs, and waits again. While another Photokeep keeps it, it waits
    /// for the end of that one.
    ///
    /// # Errors
    /// [`Code::Usage`] when there is no schedule, and when Photokeep's own folder cannot be written. What goes wrong in a run ends nothing:
    /// it is told, and tried again when that makes sense.
    pub async fn keep_schedule(
        &self,
        library: &Path,
        progress: Arc<dyn Progress>,
        control: &Control,
        mut tell: impl FnMut(&Keeping<'_>),
    ) -> Result<()> {
        let mut told_elsewhere = false;
        let keeper = loop {
            if let Some(keeper) = self.begin_keeping(library)? {
                break keeper;
            }
            if !std::mem::replace(&mut told_elsewhere, true) {
                tell(&Keeping::Elsewhere);
            }
            if sleep_or_end(control, LONGEST_LOOK).await {
                return Ok(());
            }
        };
        let mut told = None;
        while !control.cancel.is_cancelled() {
            let now = Utc::now();
            let decided = match keeper.decide(now) {
                // It was taken away: there is nothing left to keep.
                Err(error) if error.code == Code::Usage => return Ok(()),
                decided => decided?,
            };
            match decided {
                Decision::Run { slot } => {
                    told = None;
                    tell(&Keeping::Begins { slot });
                    let _awake = Settings::of(&self.home).keep_awake.then(stay_awake);
                    let ended = self.scheduled_run(library, &progress, control, &mut tell).await;
                    match keeper.ended(ended, Utc::now()) {
                        Err(error) if error.code == Code::Usage => return Ok(()),
                        noted => noted?,
                    }
                }
                Decision::Wait { what, until } => {
                    // What is looked at every minute is told once.
                    let news =
                        if matches!(what, WaitsFor::Time | WaitsFor::AnotherTry) { (what, Some(until)) } else { (what, None) };
                    if told != Some(news) {
                        tell(&Keeping::Waits { what, until });
                        told = Some(news);
                    }
                    let newer = tokio::select! {
                        () = control.cancel.cancelled() => None,
                        newer = self.newer_if_due(now) => newer,
                    };
                    if let Some(newer) = newer {
                        tell(&Keeping::Update { newer: &newer });
                    }
                    let wait = (until - now).to_std().unwrap_or_default().clamp(Duration::from_millis(100), LONGEST_LOOK);
                    sleep_or_end(control, wait).await;
                }
            }
        }
        Ok(())
    }

    /// A newer Photokeep, if one was found now by the look that the person allowed.
    async fn newer_if_due(&self, now: DateTime<Utc>) -> Option<Release> {
        match self.look_for_update_if_due(now).await {
            Ok(asked) => Some(self.updates()).filter(|updates| asked && !updates.put_away)?.newer,
            Err(error) => {
                tracing::info!(code = ?error.code, "newer versions could not be looked for");
                None
            }
        }
    }

    /// Archives that came are imported; then, where somebody is signed in, the library is synced.
    async fn scheduled_run(
        &self,
        library: &Path,
        progress: &Arc<dyn Progress>,
        control: &Control,
        tell: &mut impl FnMut(&Keeping<'_>),
    ) -> Ended {
        let mut ended = Ended::Well;
        let mut took_part = false;
        let filter = Settings::of(&self.home).filters.get(library).cloned().unwrap_or_default();
        let whole = filter.is_whole();
        let mut take = |outcome: Result<(Receipt, Option<Error>)>| {
            let this = match outcome {
                Ok((receipt, error)) => {
                    tell(&Keeping::Receipt { receipt: &receipt, error: error.as_ref() });
                    error.map_or_else(
                        || ended_with(&receipt, whole || receipt.kind == RunKind::Import),
                        |error| ended_by(error.code),
                    )
                }
                Err(error) => {
                    tell(&Keeping::Refused { error: &error });
                    ended_by(error.code)
                }
            };
            // What went wrong with the import does not become right by the sync after it.
            if this != Ended::Well {
                ended = this;
            }
        };
        match self.finished_archives(library).await {
            Ok(None) => {}
            Ok(Some(found)) => {
                took_part = true;
                if found.iter().any(|archive| archive.state == ArchiveState::Finished) {
                    let imported = self.import_from_inboxes(library, &found, progress.clone(), control.clone(), |_| {}).await;
                    take(imported.map(|done| (done.end.receipt, done.end.error)));
                }
            }
            Err(error) => take(Err(error)),
        }
        let signed_in = self.home.find(library).ok().flatten().is_some_and(|id| self.must_be_signed_in(&id, library).is_ok());
        if (signed_in || !took_part) && !control.cancel.is_cancelled() {
            let request = SyncRequest { library: library.to_owned(), filter, ..SyncRequest::default() };
            let synced = self.sync(&request, progress.clone(), control.clone(), |_| {}).await;
            take(synced.map(|end| (end.receipt, end.error)));
        }
        // Nobody stops a daemon's run by hand: the computer or the session ends.
        if ended == Ended::Stopped { Ended::CutOff } else { ended }
    }

    /// What lies in the inboxes, seen twice where it may still grow; `None` where no folder is watched.
    async fn finished_archives(&self, library: &Path) -> Result<Option<Vec<FoundArchive>>> {
        let mut noticing = Noticing::default();
        let mut shown = tokio::task::block_in_place(|| self.look_into_inboxes(library, &mut noticing, Utc::now()))?;
        if shown.inboxes.is_empty() {
            return Ok(None);
        }
        if shown.found.iter().any(FoundArchive::may_finish_soon) {
            tokio::time::sleep(QUIET.to_std().unwrap_or_default() + Duration::from_millis(100)).await;
            shown = tokio::task::block_in_place(|| self.look_into_inboxes(library, &mut noticing, Utc::now()))?;
        }
        Ok(Some(shown.found))
    }
}

/// Waits; true when `control` ended it.
async fn sleep_or_end(control: &Control, wait: Duration) -> bool {
    tokio::select! {
        () = control.cancel.cancelled() => true,
        () = tokio::time::sleep(wait) => false,
    }
}

/// How a run that has a receipt ended, as far as the schedule goes. "Well" is said only where nothing is amiss (design section 3.6).
/// `whole`: no filter limits it.
pub(crate) fn ended_with(receipt: &Receipt, whole: bool) -> Ended {
    match receipt.outcome {
        Outcome::Stopped { code } => ended_by(code),
        _ if receipt.failed_count() > 0 || receipt.doubtful > 0 => Ended::Partly,
        // A sync that a filter limits never has everything; what it was to fetch it has.
        _ if whole && !receipt.all_fetched => Ended::Partly,
        _ => Ended::Well,
    }
}

/// How a run ended, as far as the schedule goes.
pub(crate) fn ended_by(code: Code) -> Ended {
    match code {
        Code::Network | Code::Quota => Ended::Network,
        Code::TargetFull => Ended::Full,
        Code::TargetGone | Code::TargetReadOnly => Ended::DiskGone,
        Code::SignInNeeded | Code::AccessRefused => Ended::SignIn,
        Code::LibraryBusy => Ended::Busy,
        Code::Cancelled => Ended::Stopped,
        _ => Ended::Otherwise,
    }
}
