//! Inboxes: folders in which archives of Takeout arrive. What is finished is imported, and then left, moved or put into the
//! system's trash, as was chosen. The library's catalog remembers the folders and what was looked at.
//!
//! `kept` is what is remembered, `found` notices archives, `put_away` decides what becomes of them, `calendar` knows when
//! the next export is due. Tests are with the command line's (`crates/cli/tests/cli/inbox.rs`), on made-up exports.

mod calendar;
mod found;
mod kept;
mod put_away;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use photokeep_library::{Catalog, Library, OptionChanges};
use photokeep_model::{Code, Error, Plan, Progress, Result};
use photokeep_sync::Control;
use serde::Serialize;
use ts_rs::TS;

pub use calendar::{CalendarNotice, ExportCalendar, calendar};
pub use found::{ArchiveState, FoundArchive, Noticing, QUIET, Why};
pub use kept::{Facts, Inbox, Then};

use crate::account::must_not_be_a_file;
use crate::app::App;
use crate::import::{ImportEnd, ImportRequest};
use kept::{LookedAt, change_inboxes, change_looked, inboxes, looked};

/// An inbox as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ShownInbox {
    /// The folder.
    pub folder: PathBuf,
    /// What is done with an archive once everything in it is kept.
    pub then: Then,
    /// Whether the folder is there now.
    pub there: bool,
}

/// The inboxes of a library, what lies in them, and when the next export is due.
#[derive(Debug, Clone, Serialize, TS)]
pub struct InboxResponse {
    /// The watched folders.
    pub inboxes: Vec<ShownInbox>,
    /// The archives in them.
    pub found: Vec<FoundArchive>,
    /// When exports came and when the next one is due.
    pub calendar: ExportCalendar,
}

/// What an import from inboxes came to.
#[derive(Debug)]
pub struct InboxEnd {
    /// The import.
    pub end: ImportEnd,
    /// The archives that were imported, with what became of each.
    pub archives: Vec<FoundArchive>,
}

impl App {
    /// Shows inboxes, what lies in them, and when the next export is due. `noticing` keeps what was seen from look to look.
    ///
    /// # Errors
    /// When there is no library, and catalog errors.
    pub fn look_into_inboxes(&self, library: &Path, noticing: &mut Noticing, now: DateTime<Utc>) -> Result<InboxResponse> {
        let (_, catalog) = self.look(library)?;
        show(&catalog, library, noticing, now)
    }

    /// Adds a folder to the inboxes of a library, or changes what is done with its archives. The library is made when it is new.
    ///
    /// # Errors
    /// [`Code::Usage`] when the folder is none or lies inside the library; as `Library::open_or_create`.
    pub fn add_inbox(&self, library: &Path, folder: &Path, then: Then) -> Result<()> {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        must_be_an_inbox(&folder, library)?;
        if self.home.find(library)?.is_none() {
            must_not_be_a_file(library)?;
            drop(Library::open_or_create(library, &self.home, OptionChanges::default(), false)?);
        }
        let (_, catalog) = self.look(library)?;
        change_inboxes(&catalog, |list| {
            match list.iter_mut().find(|inbox| same_folder(&inbox.folder, &folder)) {
                Some(known) => known.then = then,
                None => list.push(Inbox { folder: folder.clone(), then }),
            }
            Ok(())
        })?;
        // What was left is looked at again: something else may become of it now.
        change_looked(&catalog, |looked| looked.retain(|path, _| !Path::new(path).starts_with(&folder)))
    }

    /// Stops watching a folder. Nothing in it is touched.
    ///
    /// # Errors
    /// [`Code::Usage`] when it is no inbox of this library.
    pub fn remove_inbox(&self, library: &Path, folder: &Path) -> Result<()> {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let (_, catalog) = self.look(library)?;
        change_inboxes(&catalog, |list| {
            let before = list.len();
            list.retain(|inbox| !same_folder(&inbox.folder, &folder));
            if list.len() == before {
                let message = format!("`{}` is not an inbox of this library. Nothing was changed.", folder.display());
                return Err(Error::new(Code::Usage, message).hint("`photokeep inbox LIBRARY` lists the inboxes."));
            }
            Ok(())
        })?;
        change_looked(&catalog, |looked| looked.retain(|path, _| !Path::new(path).starts_with(&folder)))
    }

    /// Imports archives that [`App::look_into_inboxes`] found finished, all in one run, and does with each what was chosen for
    /// its inbox.
    ///
    /// # Errors
    /// As [`App::import`].
    pub async fn import_from_inboxes(
        &self,
        library: &Path,
        found: &[FoundArchive],
        progress: Arc<dyn Progress>,
        control: Control,
        on_plan: impl FnOnce(&Plan),
    ) -> Result<InboxEnd> {
        let finished = |archive: &&FoundArchive| archive.state == ArchiveState::Finished;
        // Who took one away meanwhile takes nothing from the others.
        let archives: Vec<FoundArchive> =
            found.iter().filter(finished).filter(|archive| Facts::of(&archive.path) == archive.facts).cloned().collect();
        if archives.is_empty() {
            return Err(Error::new(Code::Usage, "There is no finished archive in the inboxes. Nothing was imported.")
                .hint("`photokeep inbox LIBRARY` shows what lies in them."));
        }
        let paths = archives.iter().map(|archive| archive.path.clone()).collect();
        let request = ImportRequest { library: library.to_owned(), paths, ..ImportRequest::default() };
        let end = self.import(&request, progress, control.clone(), on_plan).await?;
        if end.error.is_some() {
            return Ok(InboxEnd { end, archives });
        }
        let (app, library) = (self.clone(), library.to_owned());
        let settled = tokio::task::spawn_blocking(move || app.settle(&library, archives, &|| control.may_go_on(), Utc::now()));
        let archives = settled
            .await
            .map_err(|panic| Error::new(Code::Internal, "The archives were imported and left where they are.").source(panic))??;
        Ok(InboxEnd { end, archives })
    }

    /// Does with each imported archive what was chosen, as far as it is proven to be kept.
    fn settle(
        &self,
        library: &Path,
        archives: Vec<FoundArchive>,
        go_on: &dyn Fn() -> bool,
        now: DateTime<Utc>,
    ) -> Result<Vec<FoundArchive>> {
        // No other run may take photos away between the proof and the archive's leaving. If one works already, the archives
        // stay as they are, and the next look begins anew.
        let Ok((_, _lock)) = Library::hold(library, &self.home) else { return Ok(archives) };
        let (_, catalog) = self.look(library)?;
        let root = std::path::absolute(library).unwrap_or_else(|_| library.to_owned());
        let mut settled = Vec::with_capacity(archives.len());
        let helped = helped(&catalog, &root, &archives, go_on)?;
        for mut archive in archives.into_iter().chain(helped) {
            // The choice as it is now: it may have been changed while the import ran, or the inbox removed.
            let inbox = inboxes(&catalog)?.into_iter().find(|inbox| inbox.folder == archive.inbox);
            let then = inbox.map_or(Then::Leave, |inbox| inbox.then);
            let Some(facts) = archive.facts.filter(|facts| Facts::of(&archive.path) == Some(*facts)) else {
                archive.state = ArchiveState::Growing;
                settled.push(archive);
                continue;
            };
            let doubt = put_away::doubt(&catalog, &root, &archive.path, then == Then::Trash, go_on)?;
            let put = match doubt {
                // Stopped: nothing is concluded, the next look begins anew.
                _ if !go_on() => {
                    settled.push(archive);
                    continue;
                }
                Some(why) => Err(why),
                None => put_away::put_away(&archive.path, &archive.inbox, facts, then),
            };
            (archive.state, archive.why) = match put {
                Ok(_) if then == Then::Leave => (ArchiveState::Kept, None),
                Ok(Some(now)) => {
                    archive.path = now;
                    (ArchiveState::Moved, None)
                }
                Ok(None) => (ArchiveState::Trashed, None),
                Err(why @ Why::Refused { .. }) => (ArchiveState::Refused, Some(why)),
                Err(why) => (ArchiveState::Left, Some(why)),
            };
            // Written down last: a kill before this has it looked at once more, and then everything in it is known.
            if matches!(archive.state, ArchiveState::Kept | ArchiveState::Left | ArchiveState::Refused)
                && let Some(path) = archive.path.to_str()
            {
                let entry = LookedAt { facts, at: now, why: archive.why.clone() };
                change_looked(&catalog, |looked| {
                    looked.insert(path.to_owned(), entry);
                })?;
            }
            settled.push(archive);
        }
        Ok(settled)
    }
}

/// Archives that were left because files in them could not be read, and of which the library has everything by now: it came with
/// another download of them.
fn helped(catalog: &Catalog, library: &Path, imported: &[FoundArchive], go_on: &dyn Fn() -> bool) -> Result<Vec<FoundArchive>> {
    let mut helped = Vec::new();
    let inboxes = inboxes(catalog)?;
    for (path, before) in looked(catalog)? {
        let path = PathBuf::from(path);
        let Some(inbox) = inboxes.iter().find(|inbox| path.starts_with(&inbox.folder)) else { continue };
        let is_open = matches!(before.why, Some(Why::NotTaken { .. })) && Facts::of(&path) == Some(before.facts);
        if is_open
            && imported.iter().all(|archive| archive.path != path)
            && put_away::doubt(catalog, library, &path, false, go_on)?.is_none()
        {
            helped.push(FoundArchive::new(&path, &inbox.folder, Some(before.facts), ArchiveState::Finished, None));
        }
    }
    Ok(helped)
}

/// What is shown of the inboxes of a library.
pub(crate) fn show(catalog: &Catalog, library: &Path, noticing: &mut Noticing, now: DateTime<Utc>) -> Result<InboxResponse> {
    let list = inboxes(catalog)?;
    let mut looked_at = looked(catalog)?;
    // What is gone from a folder that is there need not be remembered.
    let gone = |path: &str| {
        let path = Path::new(path);
        list.iter().any(|inbox| path.starts_with(&inbox.folder) && inbox.folder.is_dir())
            && std::fs::symlink_metadata(path).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
    };
    if looked_at.keys().any(|path| gone(path)) {
        looked_at.retain(|path, _| !gone(path));
        // Only tidying: where it cannot be written, nothing is lost.
        let _ = change_looked(catalog, |looked| looked.retain(|path, _| !gone(path)));
    }
    let library = std::path::absolute(library).unwrap_or_else(|_| library.to_owned());
    let found = noticing.look(&list, &looked_at, &library, now);
    let calendar = calendar(&made_at(catalog)?, now);
    let inboxes = list
        .into_iter()
        .map(|inbox| ShownInbox { there: inbox.folder.is_dir(), folder: inbox.folder, then: inbox.then })
        .collect();
    Ok(InboxResponse { inboxes, found, calendar })
}

/// When the exports of a library were made, as far as their names tell.
fn made_at(catalog: &Catalog) -> Result<Vec<DateTime<Utc>>> {
    Ok(catalog.exports()?.iter().filter_map(|export| DateTime::from_timestamp(export.made_at?, 0)).collect())
}

/// When the next export is due, where somebody waits for one: a folder is watched, or exports came in a series. Who had a
/// single export and watches nothing may never want another.
pub(crate) fn awaited(catalog: &Catalog, now: DateTime<Utc>) -> Result<Option<ExportCalendar>> {
    let calendar = calendar(&made_at(catalog)?, now);
    Ok((calendar.series || !inboxes(catalog)?.is_empty()).then_some(calendar))
}

fn same_folder(one: &Path, other: &Path) -> bool {
    one == other || one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

fn must_be_an_inbox(folder: &Path, library: &Path) -> Result<()> {
    let shown = folder.display();
    if folder.to_str().is_none() {
        return Err(Error::new(Code::Usage, format!("The name of `{shown}` cannot be written down. Nothing was changed."))
            .hint("Rename the folder, or choose another one."));
    }
    if !folder.is_dir() {
        return Err(Error::new(Code::Usage, format!("`{shown}` is not a folder. Nothing was changed."))
            .hint("Name the folder in which your downloads arrive, for example ~/Downloads."));
    }
    let library = std::path::absolute(library).unwrap_or_else(|_| library.to_owned());
    let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    if folder.starts_with(&library) || library.canonicalize().is_ok_and(|library| real.starts_with(library)) {
        return Err(Error::new(Code::Usage, format!("`{shown}` lies inside the library. Nothing was changed."))
            .hint("Choose a folder outside the library, so that archives and photos stay apart."));
    }
    Ok(())
}
