//! `schedule` and `daemon`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, Local, TimeDelta, Utc};
use photokeep_app::model::Result;
use photokeep_app::{App, Ended, Every, Keeping, ShownSchedule, WaitsFor};

use crate::arguments::{Daemon, Install, Schedule, ScheduleCommand};
use crate::background::{self, Installed};
use crate::output::say;
use crate::words::{count, printable};
use crate::{environment, exit, progress, words};

use super::stop_on_signal;

pub fn schedule(arguments: Schedule) -> Result<ExitCode> {
    let app = environment::app(None)?;
    match arguments.action {
        ScheduleCommand::Install(install) => self::install(&app, &install)?,
        ScheduleCommand::Show { library, json } => show(&app, &library, json)?,
        ScheduleCommand::Pause { library, hours } => {
            let until = hours.map_or(DateTime::<Utc>::MAX_UTC, |hours| Utc::now() + TimeDelta::hours(hours.into()));
            app.pause_schedule(&library, Some(until))?;
            show(&app, &library, false)?;
        }
        ScheduleCommand::Resume { library } => {
            app.pause_schedule(&library, None)?;
            show(&app, &library, false)?;
        }
        ScheduleCommand::Remove { library } => remove(&app, &library)?,
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn daemon(arguments: Daemon) -> Result<ExitCode> {
    let app = environment::app(None)?;
    let (output, control, json) = (progress::for_output(arguments.json), stop_on_signal(), arguments.json);
    app.keep_schedule(&arguments.library, output, &control, |keeping| tell(keeping, json)).await?;
    Ok(ExitCode::SUCCESS)
}

fn tell(keeping: &Keeping<'_>, json: bool) {
    if json {
        say!("{}", serde_json::json!(keeping));
        return;
    }
    match keeping {
        Keeping::Elsewhere => {
            say!("Another Photokeep keeps the schedule of this library. This one goes on when that one ends.")
        }
        Keeping::Waits { what: WaitsFor::Time, until } => say!("Next run: {}.", when(*until)),
        Keeping::Waits { what: WaitsFor::AnotherTry, until } => say!("Trying again at {}.", when(*until)),
        Keeping::Waits { what, .. } => say!("{}", waits(*what)),
        Keeping::Begins { .. } => say!("A run begins."),
        Keeping::Receipt { receipt, error } => {
            let text = if receipt.account.is_some() { words::import_receipt(receipt, &[]) } else { words::receipt(receipt) };
            crate::output::write(format_args!("{text}"));
            if let Some(error) = error {
                exit::tell(error, false);
            }
        }
        Keeping::Refused { error } => {
            exit::tell(error, false);
        }
        Keeping::Update { newer } => say!("{}", super::updates::newer(newer)),
    }
}

fn install(app: &App, install: &Install) -> Result<()> {
    // First, so that what cannot be put into its place changes nothing.
    let unit = if install.no_login_item { None } else { unit_of(app, &install.library)? };
    if let Some(unit) = &unit {
        background::must_be_ours(&unit.path)?;
    }
    app.set_schedule(&install.library, install.chosen())?;
    if install.no_login_item {
        show(app, &install.library, false)?;
        say!("Nothing starts it by itself: photokeep daemon {}", install.library.display());
        return Ok(());
    }
    match unit {
        None => say!(
            "This system has no known way to start programs at login. Start it yourself: photokeep daemon {}",
            install.library.display()
        ),
        Some(unit) => match background::install(&unit)? {
            Installed::Running => say!("It runs now and from every login on ({}).", unit.path.display()),
            Installed::NotTakenUp(said) => say!(
                "{} is in its place, but the system did not take it up ({}). Until it does, start it yourself: photokeep daemon {}",
                unit.path.display(),
                printable(&said),
                install.library.display()
            ),
        },
    }
    show(app, &install.library, false)
}

fn remove(app: &App, library: &Path) -> Result<()> {
    // A path that no unit can be made of has none.
    let unit = unit_of(app, library).ok().flatten().map_or(Ok(false), |unit| background::remove(&unit));
    let schedule = app.remove_schedule(library)?;
    say!(
        "{}",
        if unit? || schedule {
            "The schedule was taken away. A run that is under way goes to its end; after that nothing runs by itself."
        } else {
            "There was no schedule."
        }
    );
    Ok(())
}

fn unit_of(app: &App, library: &Path) -> Result<Option<background::Unit>> {
    let library = std::path::absolute(library).unwrap_or_else(|_| library.to_owned());
    // Known also while its disk is away.
    let id = app.library_number(&library)?;
    let paths = ["PHOTOKEEP_HOME", "PHOTOKEEP_ENDPOINTS", "XDG_DATA_HOME", "XDG_CONFIG_HOME"];
    let named = paths.into_iter().chain(["PHOTOKEEP_KEYCHAIN", "PHOTOKEEP_RELEASES"]);
    let value_of = |name: &str| {
        let value = std::env::var(name).ok().filter(|value| !value.is_empty())?;
        // The system starts it in another folder.
        let whole = paths.contains(&name).then(|| std::path::absolute(&value).ok()).flatten();
        Some(whole.and_then(|path| path.into_os_string().into_string().ok()).unwrap_or(value))
    };
    let environment = named.filter_map(|name| Some((name.to_owned(), value_of(name)?))).collect();
    let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("photokeep"));
    background::unit_here(&background::Daemon { program, library, id: id.get(..8).unwrap_or("library").to_owned(), environment })
}

fn show(app: &App, library: &Path, json: bool) -> Result<()> {
    let shown = app.schedule(library)?;
    let installed = unit_of(app, library).ok().flatten().is_some_and(|unit| background::is_installed(&unit));
    if json {
        say!("{}", serde_json::json!({ "schedule": shown, "starts_at_login": installed }));
        return Ok(());
    }
    let Some(shown) = shown else {
        say!("This library has no schedule. `photokeep schedule install {}` makes one.", library.display());
        return Ok(());
    };
    for sentence in sentences(&shown, installed) {
        say!("{sentence}");
    }
    Ok(())
}

fn sentences(shown: &ShownSchedule, installed: bool) -> Vec<String> {
    let schedule = &shown.schedule;
    let chosen = &schedule.chosen;
    let at = format!("{:02}:{:02}", chosen.hour, schedule.minute);
    let often = match chosen.every {
        Every::Hours(hours) => format!("Every {}", count(hours.into(), "hour", "hours")),
        Every::Daily => format!("Every day at {at}"),
        Every::Weekly(day) => format!("Every {} at {at}", DAYS[usize::from(day % 7)]),
    };
    let power = if chosen.only_on_power { ", on wall power only" } else { "" };
    let network = if chosen.only_unmetered { ", not on metered networks" } else { "" };
    let mut sentences = vec![format!("{often} (up to ten minutes later){power}{network}.")];
    match (shown.paused_until, shown.waits_for) {
        (Some(until), _) if until > Utc::now() + TimeDelta::days(10_000) => sentences.push("Paused until you resume it.".into()),
        (Some(until), _) => sentences.push(format!("Paused until {}.", when(until))),
        (None, Some(what)) => sentences.push(waits(what).into()),
        (None, None) => sentences.push(format!("Next run: {}.", when(shown.next))),
    }
    if let Some((ended, at)) = shown.last {
        sentences.push(format!("The last one {} ({}).", ended_words(ended), when(at)));
    }
    sentences.push(match (shown.kept, installed) {
        (true, _) => "It is being kept now.".into(),
        (false, true) => "Nothing keeps it at the moment; the system starts it at the next login.".into(),
        (false, false) => {
            "Nothing keeps it: start `photokeep daemon`, or `photokeep schedule install` has the system do it.".into()
        }
    });
    sentences
}

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

fn when(time: DateTime<Utc>) -> String {
    time.with_timezone(&Local).format("%Y-%m-%d %H:%M").to_string()
}

fn waits(what: WaitsFor) -> &'static str {
    match what {
        WaitsFor::Time | WaitsFor::AnotherTry => "It waits for its time.",
        WaitsFor::Person => "Paused.",
        WaitsFor::Power => "It waits for wall power.",
        WaitsFor::Unmetered => "It waits for a network that is not metered.",
        WaitsFor::Disk => "It waits for the library's disk: connect it.",
        WaitsFor::Room => "It waits for room on the library's disk: free some space.",
    }
}

fn ended_words(ended: Ended) -> &'static str {
    match ended {
        Ended::Well => "went well",
        Ended::Partly => "went to its end, and not everything is kept: `photokeep status` tells more",
        Ended::Network => "found no way to Google and is tried again",
        Ended::Full => "stopped because the disk was full",
        Ended::DiskGone => "stopped because the disk was not there or could not be written",
        Ended::SignIn => "needs you: sign in again (photokeep sign-in)",
        Ended::Busy => "had to wait because another run was working",
        Ended::Stopped => "was stopped",
        Ended::Otherwise => "did not work; `photokeep history` and `photokeep doctor` tell more",
        Ended::CutOff => "was cut off and is gone on with",
    }
}
