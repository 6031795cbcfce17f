//! The commands for archives of Google Takeout.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Remembered;

/// `import`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  photokeep import ~/Photos ~/Downloads
  photokeep import ~/Photos ~/Downloads --dry-run
  photokeep import ~/Photos ~/Downloads/takeout-*.zip --xmp

The archives may be given in any order, again and again: what is here is not copied twice,
what is new is added, what Google says now is taken over, and nothing is ever removed.
The archives themselves are only read.")]
pub struct Import {
    /// The library's folder; made when it is new.
    pub library: PathBuf,
    /// Archives (.zip, .tgz), folders that hold them, or unpacked exports.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Only show what would be done.
    #[arg(long)]
    pub dry_run: bool,
    /// Report in JSON lines.
    #[arg(long)]
    pub json: bool,
    /// Write date, place, caption and people beside each photo (.xmp), for digiKam, darktable and Lightroom.
    #[arg(long)]
    pub xmp: bool,
    /// Write how every entry of the archives ended into a file (CSV).
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub report: Option<PathBuf>,
    /// Take as one what may be one export: exports of the same second, whatever number stands before that of the part; and an
    /// unpacked Takeout beside archives of an export of which parts are missing.
    #[arg(long)]
    pub join: bool,
    /// Begin again although the library's folder was emptied.
    #[arg(long)]
    pub start_over: bool,
    /// What is remembered in the library.
    #[command(flatten)]
    pub remembered: Remembered,
}

/// `inbox`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  photokeep inbox ~/Photos add ~/Downloads --then move
  photokeep inbox ~/Photos                  what lies there, what is due
  photokeep inbox ~/Photos import           import what is finished now
  photokeep inbox ~/Photos import --watch   and whatever comes, until stopped")]
pub struct Inbox {
    /// The library's folder.
    pub library: PathBuf,
    /// Answer in JSON.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do; without it, show what is there.
    #[command(subcommand)]
    pub action: Option<InboxCommand>,
}

/// What to do with inboxes.
#[derive(Debug, Subcommand)]
pub enum InboxCommand {
    /// Show the inboxes, the archives in them, and when the next export is due.
    List,
    /// Watch a folder. Adding it again changes what is done with its archives, and has them looked at anew.
    Add {
        /// The folder in which archives arrive.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// What is done with an archive once everything in it is kept. Nothing is ever deleted.
        #[arg(long, value_enum, default_value_t = ThenName::Leave)]
        then: ThenName,
    },
    /// Stop watching a folder. Nothing in it is touched.
    Remove {
        /// The folder.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Import the archives that are finished.
    Import {
        /// Go on with whatever arrives, until stopped.
        #[arg(long)]
        watch: bool,
    },
}

/// What is done with an archive once everything in it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ThenName {
    /// It stays where it is.
    Leave,
    /// It goes into the folder `imported` of the inbox.
    Move,
    /// It goes into the system's trash.
    Trash,
}

impl From<ThenName> for photokeep_app::Then {
    fn from(name: ThenName) -> Self {
        match name {
            ThenName::Leave => Self::Leave,
            ThenName::Move => Self::Move,
            ThenName::Trash => Self::Trash,
        }
    }
}
