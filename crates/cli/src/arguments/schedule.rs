//! `schedule` and `daemon`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use photokeep_app::{Chosen, Every};

/// `schedule`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  photokeep schedule install ~/Photos          once a day, from login on
  photokeep schedule install ~/Photos --every 6h --only-on-power
  photokeep schedule install ~/Photos --every weekly --on sun --at 4
  photokeep schedule show ~/Photos
  photokeep schedule pause ~/Photos --hours 1
  photokeep schedule remove ~/Photos")]
pub struct Schedule {
    /// What to do.
    #[command(subcommand)]
    pub action: ScheduleCommand,
}

/// What to do about a schedule.
#[derive(Debug, Subcommand)]
pub enum ScheduleCommand {
    /// Set when the library is synced and its inboxes are looked into, and have the system start that at login.
    Install(Install),
    /// When the next run is, how the last one ended, what keeps it from beginning.
    Show {
        /// The library's folder.
        library: PathBuf,
        /// Answer in JSON.
        #[arg(long)]
        json: bool,
    },
    /// Let no run begin for a while.
    Pause {
        /// The library's folder.
        library: PathBuf,
        /// For so many hours; left out: until `resume`.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=8760))]
        hours: Option<u16>,
    },
    /// Let runs begin again.
    Resume {
        /// The library's folder.
        library: PathBuf,
    },
    /// Take the schedule away; the system starts nothing any more.
    Remove {
        /// The library's folder.
        library: PathBuf,
    },
}

/// `schedule install`.
#[derive(Debug, Args)]
pub struct Install {
    /// The library's folder.
    pub library: PathBuf,
    /// `daily`, `weekly`, or every so many hours: `6h`. The minute is drawn once, and each run begins up to ten minutes later.
    #[arg(long, default_value = "daily", value_parser = every)]
    pub every: Often,
    /// The hour of the local clock, for daily and weekly runs.
    #[arg(long, value_name = "HOUR", default_value_t = 3, value_parser = clap::value_parser!(u8).range(0..=23))]
    pub at: u8,
    /// The day of weekly runs.
    #[arg(long, value_enum, default_value = "sun")]
    pub on: Day,
    /// Only while the computer is on wall power (where the system tells: Linux).
    #[arg(long)]
    pub only_on_power: bool,
    /// Only on a network that is not metered (where the system tells: Linux with NetworkManager).
    #[arg(long)]
    pub only_unmetered: bool,
    /// Only set the schedule; `photokeep daemon LIBRARY` is started by something else.
    #[arg(long)]
    pub no_login_item: bool,
}

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Often {
    /// Every so many hours.
    Hours(u8),
    /// Once a day.
    Daily,
    /// Once a week.
    Weekly,
}

impl Install {
    /// As the engine takes it.
    pub fn chosen(&self) -> Chosen {
        let every = match self.every {
            Often::Hours(hours) => Every::Hours(hours),
            Often::Daily => Every::Daily,
            Often::Weekly => Every::Weekly(self.on as u8),
        };
        Chosen { every, hour: self.at, only_on_power: self.only_on_power, only_unmetered: self.only_unmetered }
    }
}

/// Days of the week.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Day {
    /// Monday
    Mon,
    /// Tuesday
    Tue,
    /// Wednesday
    Wed,
    /// Thursday
    Thu,
    /// Friday
    Fri,
    /// Saturday
    Sat,
    /// Sunday
    Sun,
}

fn every(text: &str) -> Result<Often, String> {
    match text {
        "daily" => Ok(Often::Daily),
        "weekly" => Ok(Often::Weekly),
        hours => hours
            .strip_suffix('h')
            .and_then(|hours| hours.parse().ok())
            .filter(|hours| (1..=24).contains(hours))
            .map(Often::Hours)
            .ok_or_else(|| "write daily, weekly, or hours from 1h to 24h".to_owned()),
    }
}

/// `daemon`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  photokeep daemon ~/Photos
  photokeep daemon /storage --json

It ends when it is told to (SIGTERM, Ctrl-C); a run that is under way ends tidily first.")]
pub struct Daemon {
    /// The library's folder.
    pub library: PathBuf,
    /// Report in JSON lines.
    #[arg(long)]
    pub json: bool,
}
