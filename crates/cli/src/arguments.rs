//! The command line, as data: help, completions and the man page are made from it.

mod adopt;
mod compare;
mod schedule;
mod takeout;
mod updates;

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use photokeep_app::OptionChanges;
use photokeep_app::model::{AlbumChoice, Filter, Layout, LinkChoice, MonthZone, PathOptions};

pub use adopt::Adopt;
pub use compare::Compare;
pub use schedule::{Daemon, Install, Schedule, ScheduleCommand};
pub use takeout::{Import, Inbox, InboxCommand};
pub use updates::{Automatic, Updates};

/// Keeps your whole Google Photos library as plain files on your own disk.
#[derive(Debug, Parser)]
#[command(name = "photokeep", version, about, max_term_width = 100, after_help = EXAMPLES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  photokeep demo                           try it without an account
  photokeep sign-in ~/Photos --client-secret client_secret.json
  photokeep sync ~/Photos                  fetch everything that is not here yet
  photokeep sync ~/Photos --from 2024-01-01 --no-videos --dry-run
  photokeep status ~/Photos                is everything kept?
  photokeep verify ~/Photos                prove it from the bytes

Exit codes:
  0  complete
  2  the command line makes no sense, no library there, wrong client file
  3  finished, and some items failed
  4  sign-in needed, or access refused
  5  no network, or Google's quota
  6  another run works on this library
  7  the target is full, read-only or gone, or a folder to compare with is gone
  1  anything else

Environment:
  PHOTOKEEP_HOME          where Photokeep keeps its state (catalogs, sign-ins)
  PHOTOKEEP_ENDPOINTS     a JSON file that replaces Google's addresses
  PHOTOKEEP_KEYCHAIN=off  keeps sign-ins in private files, not in a keychain
  PHOTOKEEP_RELEASES      where `updates` looks for new versions, or off
  PHOTOKEEP_LOG           what to log on the error output, for example debug";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Sign in with Google for a library.
    SignIn(SignIn),
    /// Sign out: Google and this computer forget the sign-in. The photos stay.
    #[command(after_help = "Examples:\n  photokeep sign-out ~/Photos")]
    SignOut(LibraryOnly),
    /// Fetch what is not here yet, bring albums up to date.
    Sync(Sync),
    /// Take in archives of Google Takeout: the whole library, in original quality.
    Import(Import),
    /// Watch folders in which archives of Google Takeout arrive, and import what is finished.
    Inbox(Inbox),
    /// Have the library synced by itself: when, and whether the system starts it at login.
    Schedule(Schedule),
    /// Keep a library's schedule until stopped, for servers and containers.
    Daemon(Daemon),
    /// Where the library stands: last complete backup, pending, failed.
    #[command(after_help = "Examples:\n  photokeep status ~/Photos\n  photokeep status ~/Photos --json | jq .last_complete")]
    Status(Status),
    /// Make a library of a folder that gphotos-sync, gphotosync or rclone made; nothing is moved or fetched again.
    Adopt(Adopt),
    /// Hold another folder against the library: what is missing here, what is there twice.
    Compare(Compare),
    /// Compare every file with the hash it was stored with.
    Verify(Verify),
    /// Check disk, catalog and sign-in, in sentences.
    #[command(after_help = "Examples:\n  photokeep doctor ~/Photos")]
    Doctor(Looking),
    /// List every stored file.
    #[command(
        after_help = "Examples:\n  photokeep list ~/Photos\n  photokeep list ~/Photos --json | jq -r 'select(.favorite).path'"
    )]
    List(Looking),
    /// Move what Google no longer has to the library's trash, after showing it.
    Prune(Prune),
    /// List, restore or empty the library's trash.
    Trash(Trash),
    /// Try failed items again.
    Retry(Retry),
    /// Past runs.
    History(History),
    /// Show the library in a browser: the window's user interface, for servers and NAS boxes.
    Serve(Serve),
    /// Show it all with a made-up library; no account needed.
    #[cfg(feature = "demo")]
    Demo(Demo),
    /// Look for a newer Photokeep, now or from now on once a week. Nothing is installed.
    Updates(Updates),
    /// Print a shell completion script.
    #[command(
        after_help = "Examples:\n  photokeep completions bash > /etc/bash_completion.d/photokeep\n  photokeep completions fish > ~/.config/fish/completions/photokeep.fish"
    )]
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// Print the man page, or write one page for each command into a folder.
    #[command(after_help = "Examples:\n  photokeep man | man -l -\n  photokeep man /usr/local/share/man/man1")]
    Man {
        /// Folder for `photokeep.1`, `photokeep-sync.1` and so on; made when it is new.
        folder: Option<PathBuf>,
    },
}

/// A library, nothing more.
#[derive(Debug, Args)]
pub struct LibraryOnly {
    /// The library's folder.
    pub library: PathBuf,
}

/// `status`.
#[derive(Debug, Args)]
pub struct Status {
    /// What is looked at, and how it is answered.
    #[command(flatten)]
    pub looking: Looking,
    /// You have heard of what exports could not give so far: it is told no more.
    #[arg(long)]
    pub accept: bool,
}

/// A library, and the form of the answer.
#[derive(Debug, Args)]
pub struct Looking {
    /// The library's folder.
    pub library: PathBuf,
    /// Answer in JSON.
    #[arg(long)]
    pub json: bool,
}

/// `sign-in`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  photokeep sign-in ~/Photos --client-secret ~/Downloads/client_secret.json
  photokeep sign-in /srv/photos --client-secret client.json --no-browser

On a server, open the printed address on any computer, and paste here the address that the browser ends at.")]
pub struct SignIn {
    /// The library's folder; made when it is new.
    pub library: PathBuf,
    /// The `client_secret.json` of your Google Cloud project. Left out: the client of the sign-in before.
    #[arg(long, value_name = "FILE")]
    pub client_secret: Option<PathBuf>,
    /// Do not open a browser: print the address and wait. The address that the browser ends at can be pasted.
    #[arg(long)]
    pub no_browser: bool,
    /// Ask for the whole library. Works only for clients that Google still lets read; else leave it out.
    #[arg(long)]
    pub whole_library: bool,
    /// Also ask for the right to upload: for `photokeep compare --upload`.
    #[arg(long)]
    pub upload: bool,
    /// Begin again although the library's folder was emptied.
    #[arg(long)]
    pub start_over: bool,
}

/// `sync`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  photokeep sync ~/Photos
  photokeep sync ~/Photos --dry-run
  photokeep sync ~/Photos --album \"Iceland 2019\"
  photokeep sync /mnt/usb/photos --layout gphotos-sync --links hardlink
  photokeep sync ~/Photos --month-format %m-%d --path-format \"{1} ({0})\"")]
pub struct Sync {
    /// The library's folder; made when it is new.
    pub library: PathBuf,
    /// Only show what would be done.
    #[arg(long)]
    pub dry_run: bool,
    /// Report in JSON lines.
    #[arg(long)]
    pub json: bool,
    /// Begin again although the library's folder was emptied.
    #[arg(long)]
    pub start_over: bool,
    /// Which part of Google Photos.
    #[command(flatten)]
    pub filters: Filters,
    /// What is remembered in the library.
    #[command(flatten)]
    pub remembered: Remembered,
    /// How the run waits.
    #[command(flatten)]
    pub waiting: Waiting,
}

/// What is set once and remembered in the library.
#[derive(Debug, Args, Clone, Default)]
#[command(next_help_heading = "Remembered in the library")]
pub struct Remembered {
    /// Folders and names; chosen once, before the first photo.
    #[arg(long, value_enum)]
    pub layout: Option<LayoutName>,
    /// What album folders are made of.
    #[arg(long, value_enum)]
    pub links: Option<LinkName>,
    /// Which clock decides the month folder; chosen once.
    #[arg(long, value_enum)]
    pub month: Option<MonthName>,
    /// Downloads at the same time (1 to 64).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub jobs: Option<u16>,
    /// Where photos lie below the library, `.` for its top; chosen once. An empty text takes a path or format back.
    #[arg(long, value_name = "PATH")]
    pub photos_path: Option<String>,
    /// Where albums lie below the library.
    #[arg(long, value_name = "PATH")]
    pub albums_path: Option<String>,
    /// Where shared albums lie below the library.
    #[arg(long, value_name = "PATH")]
    pub shared_albums_path: Option<String>,
    /// Name album folders by their title alone.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub omit_album_date: Option<bool>,
    /// Date album folders by their first photo instead of their latest; for albums that have no folder yet.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub album_date_by_first_photo: Option<bool>,
    /// The date part of album folders, as in `date`: %m%d.
    #[arg(long, value_name = "FORMAT")]
    pub month_format: Option<String>,
    /// Names of album folders: {0} is the date part, {1} the title (flat layout: {0} year, {1} date part, {2} title).
    #[arg(long, value_name = "FORMAT")]
    pub path_format: Option<String>,
    /// Leave the number in front of album entries out.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub no_album_sorting: Option<bool>,
    /// Number album entries from the last to the first.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub album_invert: Option<bool>,
    /// Do not ask for shared albums.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub skip_shared_albums: Option<bool>,
}

impl Remembered {
    /// As the engine takes it.
    pub fn into_changes(self) -> OptionChanges {
        OptionChanges {
            layout: self.layout.map(Into::into),
            links: self.links.map(Into::into),
            month: self.month.map(Into::into),
            jobs: self.jobs,
            paths: PathOptions {
                photos: self.photos_path,
                albums: self.albums_path,
                shared_albums: self.shared_albums_path,
                omit_album_date: self.omit_album_date,
                album_date_by_first_photo: self.album_date_by_first_photo,
                month_format: self.month_format,
                path_format: self.path_format,
                no_album_sorting: self.no_album_sorting,
                album_invert: self.album_invert,
            },
            skip_shared_albums: self.skip_shared_albums,
        }
    }
}

/// How a run waits.
#[derive(Debug, Args, Clone, Copy)]
#[command(next_help_heading = "Waiting")]
pub struct Waiting {
    /// Give a download up after this many seconds without a byte.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub timeout: u64,
    /// How long it goes on without success.
    #[command(flatten)]
    pub endurance: Endurance,
}

/// How long a run goes on without success.
#[derive(Debug, Args, Clone, Copy)]
#[command(next_help_heading = "Waiting")]
pub struct Endurance {
    /// End the run when nothing at all has worked for about this many seconds. The try under way is finished first, and while
    /// Google asks to slow down it is two minutes at least.
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub patience: u64,
    /// When the quota of the day is used up, wait until it is renewed instead of ending the run.
    #[arg(long)]
    pub wait_for_quota: bool,
}

impl From<Endurance> for Waiting {
    /// For runs that fetch nothing.
    fn from(endurance: Endurance) -> Self {
        Self { timeout: 60, endurance }
    }
}

/// Which part of Google Photos a run takes in. Not remembered.
#[derive(Debug, Args, Clone, Default)]
#[command(next_help_heading = "For this run only")]
pub struct Filters {
    /// Only items taken on or after this day (UTC).
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub from: Option<NaiveDate>,
    /// Only items taken on or before this day (UTC).
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub to: Option<NaiveDate>,
    /// Only favourites.
    #[arg(long)]
    pub favorites: bool,
    /// Leave videos out.
    #[arg(long)]
    pub no_videos: bool,
    /// Take archived items as well.
    #[arg(long)]
    pub archived: bool,
    /// Only the album with exactly this title.
    #[arg(long, value_name = "TITLE", conflicts_with = "album_regex")]
    pub album: Option<String>,
    /// Only albums whose title this expression finds (case ignored, not anchored).
    #[arg(long, value_name = "REGEX")]
    pub album_regex: Option<String>,
    /// Leave out the album with exactly this title; may be given several times.
    #[arg(long, value_name = "TITLE")]
    pub exclude_album: Vec<String>,
}

impl Filters {
    /// As the engine takes it.
    pub fn into_filter(self) -> Filter {
        Filter {
            from: self.from,
            to: self.to,
            favorites: self.favorites,
            no_videos: self.no_videos,
            archived: self.archived,
            albums: match (self.album, self.album_regex) {
                (Some(title), _) => AlbumChoice::Titled(title),
                (None, Some(regex)) => AlbumChoice::Matching(regex),
                (None, None) => AlbumChoice::All,
            },
            exclude_albums: self.exclude_album,
            // The library's own decision.
            skip_shared_albums: false,
        }
    }
}

/// `YYYY-MM-DD`, exactly. The predecessor dropped the filter when a date was wrong (`predecessors.md` 1.2).
fn day(text: &str) -> Result<NaiveDate, String> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    let date = if shape { NaiveDate::parse_from_str(text, "%Y-%m-%d").ok() } else { None };
    let date = date.filter(|date| chrono::Datelike::year(date) >= 1);
    date.ok_or_else(|| "write the date as YYYY-MM-DD, for example 2024-03-01".to_owned())
}

/// `verify`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  photokeep verify ~/Photos\n  photokeep verify ~/Photos --accept          keep what you changed yourself"
)]
pub struct Verify {
    /// The library's folder.
    pub library: PathBuf,
    /// Answer in JSON.
    #[arg(long)]
    pub json: bool,
    /// Take files that you changed yourself as the ones to keep, instead of having them fetched again.
    #[arg(long)]
    pub accept: bool,
}

/// `prune`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  photokeep prune ~/Photos --dry-run          only show\n  photokeep prune ~/Photos")]
pub struct Prune {
    /// The library's folder.
    pub library: PathBuf,
    /// Only show what would be moved.
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask.
    #[arg(long)]
    pub yes: bool,
    /// Answer in JSON.
    #[arg(long)]
    pub json: bool,
    /// How it waits.
    #[command(flatten)]
    pub endurance: Endurance,
}

/// `trash`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  photokeep trash ~/Photos list\n  photokeep trash ~/Photos restore photos/2019/05/IMG_1.jpg\n  photokeep trash ~/Photos empty"
)]
pub struct Trash {
    /// The library's folder.
    pub library: PathBuf,
    /// What to do.
    #[command(subcommand)]
    pub action: TrashCommand,
}

/// What to do with the trash.
#[derive(Debug, Subcommand)]
pub enum TrashCommand {
    /// Show what is in it.
    List {
        /// Answer in JSON.
        #[arg(long)]
        json: bool,
    },
    /// Put files back: those named, or all.
    Restore {
        /// Where they were, below the library.
        paths: Vec<String>,
    },
    /// Delete what is in it for good.
    Empty {
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

/// `retry`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  photokeep retry ~/Photos")]
pub struct Retry {
    /// The library's folder.
    pub library: PathBuf,
    /// Report in JSON lines.
    #[arg(long)]
    pub json: bool,
    /// How the run waits.
    #[command(flatten)]
    pub waiting: Waiting,
}

/// `history`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  photokeep history ~/Photos --limit 5")]
pub struct History {
    /// The library's folder.
    pub library: PathBuf,
    /// Answer in JSON.
    #[arg(long)]
    pub json: bool,
    /// How many runs.
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub limit: u32,
}

/// `demo`.
#[cfg(feature = "demo")]
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  photokeep demo\n  photokeep demo /tmp/demo --items 50")]
pub struct Demo {
    /// Where to put the demo library and its Takeout.
    #[arg(default_value = "photokeep-demo")]
    pub folder: PathBuf,
    /// How many items the made-up library has.
    #[arg(long, value_name = "N", default_value_t = 300)]
    pub items: usize,
}

/// Names of layouts.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LayoutName {
    /// photos/YYYY/MM, ` (n)`
    Photokeep,
    /// as gphotos-sync
    GphotosSync,
    /// as gphotos-sync --use-flat-path
    GphotosSyncFlat,
    /// as gphotosync
    Gphotosync,
    /// as gphotosync -strategy id
    GphotosyncId,
    /// as rclone copies media/by-month
    RcloneByMonth,
    /// as rclone copies media/by-year
    RcloneByYear,
    /// as rclone copies media/by-day
    RcloneByDay,
    /// as rclone copies media/all
    RcloneAll,
}

impl From<LayoutName> for Layout {
    fn from(name: LayoutName) -> Self {
        match name {
            LayoutName::Photokeep => Self::Photokeep,
            LayoutName::GphotosSync => Self::GphotosSync,
            LayoutName::GphotosSyncFlat => Self::GphotosSyncFlat,
            LayoutName::Gphotosync => Self::Gphotosync,
            LayoutName::GphotosyncId => Self::GphotosyncId,
            LayoutName::RcloneByMonth => Self::RcloneByMonth,
            LayoutName::RcloneByYear => Self::RcloneByYear,
            LayoutName::RcloneByDay => Self::RcloneByDay,
            LayoutName::RcloneAll => Self::RcloneAll,
        }
    }
}

/// Names of link kinds.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LinkName {
    /// the best this disk can
    Auto,
    /// relative symbolic links
    Symlink,
    /// hard links
    Hardlink,
    /// copies
    Copy,
    /// shortcut files
    Shortcut,
    /// no album folders
    None,
}

impl From<LinkName> for LinkChoice {
    fn from(name: LinkName) -> Self {
        match name {
            LinkName::Auto => Self::Auto,
            LinkName::Symlink => Self::Symlink,
            LinkName::Hardlink => Self::Hardlink,
            LinkName::Copy => Self::Copy,
            LinkName::Shortcut => Self::Shortcut,
            LinkName::None => Self::None,
        }
    }
}

/// Names of month rules.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum MonthName {
    /// UTC
    Utc,
    /// the local time of the photo
    Local,
}

impl From<MonthName> for MonthZone {
    fn from(name: MonthName) -> Self {
        match name {
            MonthName::Utc => Self::Utc,
            MonthName::Local => Self::Local,
        }
    }
}

/// Where to listen, and who may come.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  photokeep serve ~/Photos\n  photokeep serve --listen 0.0.0.0:7466 --allow-network --password-file pw.txt"
)]
pub struct Serve {
    /// The library's folder. Left out, the browser may choose and open any.
    pub library: Option<PathBuf>,
    /// Address and port; port 0 takes any free one.
    #[arg(long, default_value = "127.0.0.1:7466", value_name = "ADDRESS:PORT")]
    pub listen: std::net::SocketAddr,
    /// Let other computers reach it; needs --password-file.
    #[arg(long)]
    pub allow_network: bool,
    /// A file with the password that other browsers have to give.
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// A name under which a reverse proxy reaches it (may be given several times).
    #[arg(long, value_name = "HOST")]
    pub name: Vec<String>,
}
