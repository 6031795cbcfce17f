//! `inbox`.

use std::process::ExitCode;
use std::time::Duration;

use chrono::Utc;
use indicatif::HumanBytes;
use photokeep_app::model::{Error, Result};
use photokeep_app::{
    App, ArchiveState, CalendarNotice, Control, ExportCalendar, FoundArchive, InboxResponse, Noticing, QUIET, Then, Why,
};

use crate::arguments::{Inbox, InboxCommand};
use crate::output::{complain, say};
use crate::words::{count, printable};
use crate::{environment, exit, progress};

use super::{import, stop_on_signal};

/// Between two looks of `--watch`.
const EVERY: Duration = Duration::from_secs(30);

pub async fn inbox(arguments: Inbox) -> Result<ExitCode> {
    let app = environment::app(None)?;
    let (library, json) = (arguments.library, arguments.json);
    match arguments.action {
        None | Some(InboxCommand::List) => {
            show(&app.look_into_inboxes(&library, &mut Noticing::default(), Utc::now())?, json);
            Ok(ExitCode::SUCCESS)
        }
        Some(InboxCommand::Add { folder, then }) => {
            app.add_inbox(&library, &folder, then.into())?;
            show(&app.look_into_inboxes(&library, &mut Noticing::default(), Utc::now())?, json);
            Ok(ExitCode::SUCCESS)
        }
        Some(InboxCommand::Remove { folder }) => {
            app.remove_inbox(&library, &folder)?;
            show(&app.look_into_inboxes(&library, &mut Noticing::default(), Utc::now())?, json);
            Ok(ExitCode::SUCCESS)
        }
        Some(InboxCommand::Import { watch }) => {
            let mut importing = Importing { app, library, json, noticing: Noticing::default(), control: stop_on_signal() };
            if watch { importing.watch().await } else { importing.once().await }
        }
    }
}

/// Imports what is finished.
struct Importing {
    app: App,
    library: std::path::PathBuf,
    json: bool,
    noticing: Noticing,
    control: Control,
}

impl Importing {
    fn look(&mut self) -> Result<InboxResponse> {
        tokio::task::block_in_place(|| self.app.look_into_inboxes(&self.library, &mut self.noticing, Utc::now()))
    }

    /// Waits, unless the person wants to stop. Answers whether to go on.
    async fn wait(&self, time: Duration) -> bool {
        tokio::select! {
            () = self.control.cancel.cancelled() => false,
            () = tokio::time::sleep(time) => true,
        }
    }

    /// The time after which another look tells more.
    fn until_quiet() -> Duration {
        QUIET.to_std().unwrap_or(EVERY) + Duration::from_millis(100)
    }

    async fn once(&mut self) -> Result<ExitCode> {
        let mut shown = self.look()?;
        if shown.found.iter().any(FoundArchive::may_finish_soon) {
            if !self.json {
                complain!("Looking again in {} seconds, to see which archives still grow …", QUIET.num_seconds());
            }
            if self.wait(Self::until_quiet()).await {
                shown = self.look()?;
            }
        }
        if shown.found.iter().any(|archive| archive.state == ArchiveState::Finished) {
            return self.import(&shown).await;
        }
        show(&shown, self.json);
        if !self.json && !shown.inboxes.is_empty() {
            say!("Nothing is finished that was not looked at before. Nothing was imported.");
        }
        let amiss = shown.found.iter().any(is_amiss);
        Ok(if amiss { ExitCode::from(exit::SOME_FAILED) } else { ExitCode::SUCCESS })
    }

    async fn watch(&mut self) -> Result<ExitCode> {
        let mut code = ExitCode::SUCCESS;
        let mut told = None;
        loop {
            // A catalog that cannot be read now may be readable at the next look; the first time it is an answer.
            let shown = match self.look() {
                Ok(shown) => shown,
                Err(error) if told.is_none() => return Err(error),
                Err(error) => {
                    code = exit::tell(&error, self.json);
                    if self.wait(EVERY).await {
                        continue;
                    }
                    return Ok(code);
                }
            };
            if told.as_ref() != Some(&shown.found) {
                show(&shown, self.json);
                told = Some(shown.found.clone());
            }
            if self.noticing.is_worth_a_run(&shown.found, Utc::now()) {
                code = match self.import(&shown).await {
                    Ok(code) => code,
                    Err(error) => {
                        self.noticing.broke_off(&shown.found, error.code, Utc::now());
                        exit::tell(&error, self.json)
                    }
                };
            }
            let soon = shown.found.iter().any(FoundArchive::may_finish_soon);
            if !self.wait(if soon { Self::until_quiet() } else { EVERY }).await {
                return Ok(code);
            }
        }
    }

    async fn import(&mut self, shown: &InboxResponse) -> Result<ExitCode> {
        let output = progress::for_output(self.json);
        let json = self.json;
        let end = self
            .app
            .import_from_inboxes(&self.library, &shown.found, output.clone(), self.control.clone(), |plan| {
                import::show_plan(plan, json);
            })
            .await;
        drop(output);
        let end = end?;
        let code = import::finish(&end.end, self.json);
        if let Some(Error { code, .. }) = &end.end.error {
            self.noticing.broke_off(&shown.found, *code, Utc::now());
        }
        if self.json {
            say!("{}", serde_json::json!({ "event": "archives", "archives": end.archives }));
        } else {
            let beside = shown.found.iter().filter(|archive| archive.why.is_some());
            for archive in end.archives.iter().chain(beside) {
                say!("  {}", line(archive));
            }
        }
        let amiss = end.archives.iter().chain(&shown.found).any(is_amiss);
        Ok(if amiss && code == ExitCode::SUCCESS { ExitCode::from(exit::SOME_FAILED) } else { code })
    }
}

/// Whether something of an archive is not kept, or it could not be put away as was wanted.
fn is_amiss(archive: &FoundArchive) -> bool {
    matches!(
        archive.why,
        Some(Why::NotTaken { .. } | Why::NotAsStored { .. } | Why::Unproven | Why::Refused { .. } | Why::NotPutAway { .. })
    )
}

fn show(response: &InboxResponse, json: bool) {
    if json {
        say!("{}", serde_json::json!(response));
        return;
    }
    if response.inboxes.is_empty() {
        say!("No folder is watched. `photokeep inbox LIBRARY add DIR` watches one, your downloads for example.");
    }
    for inbox in &response.inboxes {
        let then = match inbox.then {
            Then::Leave => "archives are left where they are",
            Then::Move => "archives go into its folder `imported` once everything in them is kept",
            Then::Trash => "archives go into the trash once everything in them is kept",
        };
        let there = if inbox.there { "" } else { " (not there now)" };
        say!("{}{there}: {then}", printable(&inbox.folder.to_string_lossy()));
        for archive in response.found.iter().filter(|archive| archive.inbox == inbox.folder) {
            say!("  {}", line(archive));
        }
    }
    for sentence in exports(&response.calendar) {
        say!("{sentence}");
    }
}

fn line(archive: &FoundArchive) -> String {
    let state = match archive.state {
        ArchiveState::Growing => "still growing",
        ArchiveState::Settling => "seems finished; another look will tell",
        ArchiveState::Waiting => "waits",
        ArchiveState::NotHereYet => "not here yet: it cannot be read now",
        ArchiveState::Finished => "finished, not imported yet",
        ArchiveState::Kept => "everything in it is kept",
        ArchiveState::Left => "left where it is",
        ArchiveState::Moved => "everything in it is kept; moved into `imported`",
        ArchiveState::Trashed => "everything in it is kept; moved to the trash",
        ArchiveState::Refused => "not taken",
    };
    let why = archive.why.as_ref().map_or_else(String::new, |why| format!(": {}", sentence(why)));
    format!("{} ({}): {state}{why}", printable(&archive.name), HumanBytes(archive.size))
}

fn sentence(why: &Why) -> String {
    match why {
        Why::OtherPart { name } => format!("{} of the same export still grows", printable(name)),
        Why::Unreadable { sentence } | Why::Refused { sentence } => printable(sentence),
        Why::Unpacked => "an unpacked folder; nothing tells when it is whole. `photokeep import LIBRARY FOLDER` takes it".into(),
        Why::Copy { of } => format!("it is a copy of {} and was not read", printable(of)),
        Why::NameNotText => "its name cannot be written down; rename it, or import it by `photokeep import`".into(),
        Why::NotTaken { files } => {
            format!("{} of it are not in the library; keep the archive, or download it again", count(*files, "file", "files"))
        }
        Why::OtherProducts { files } => {
            format!("all photos are kept, and {} of other Google products are only in it", count(*files, "file", "files"))
        }
        Why::NotAsStored { path } => {
            format!("`{}` in the library is not as it was stored; `photokeep verify LIBRARY` tells more", printable(path))
        }
        Why::Unproven => "it could not be proven that everything in it is kept".into(),
        Why::NotPutAway { sentence } => format!("everything in it is kept, but it could not be moved: {}", printable(sentence)),
    }
}

/// When exports came and when the next one is due, in sentences.
fn exports(calendar: &ExportCalendar) -> Vec<String> {
    let day = |time: chrono::DateTime<Utc>| time.format("%Y-%m-%d");
    let mut sentences = Vec::new();
    if let Some(last) = calendar.last {
        sentences.push(format!("The last export is of {}.", day(last)));
    }
    if calendar.series {
        sentences.push(format!("It is number {} of six that Google makes in a year.", calendar.of_series));
    }
    match calendar.next_due {
        Some(due) if calendar.series => sentences.push(format!("The next one is due about {}.", day(due))),
        Some(due) => sentences.push(format!("If you asked Google for one every two months, the next is due about {}.", day(due))),
        None => {}
    }
    match (calendar.notice, calendar.year_ends) {
        (Some(CalendarNotice::NoExport), _) => {
            sentences.push("No export came yet. Ask for one at https://takeout.google.com/, best one every two months.".into());
        }
        (Some(CalendarNotice::Overdue), _) => sentences.push(
            "That is more than two weeks ago. What is kept is safe; look at https://takeout.google.com/ whether it failed.".into(),
        ),
        (Some(CalendarNotice::YearEndsSoon), Some(end)) => sentences.push(format!(
            "The year of exports that you asked for ends on {}. Ask for the next year at https://takeout.google.com/ then.",
            day(end)
        )),
        (Some(CalendarNotice::YearEnded), Some(end)) => sentences.push(format!(
            "The year of exports that you asked for ended on {}: none comes by itself. Ask for the next year at https://takeout.google.com/.",
            day(end)
        )),
        _ => {}
    }
    sentences
}
