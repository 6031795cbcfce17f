//! `compare`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

/// `compare`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("act").multiple(true).args(["add", "upload"])))]
#[command(after_help = "\
Examples:
  photokeep compare ~/Photos /mnt/old-backup
  photokeep compare ~/Photos /media/card --report card.csv
  photokeep compare ~/Photos /mnt/nas/photos --report nas.json
  photokeep compare ~/Photos /mnt/old-backup --links
  photokeep compare ~/Photos /mnt/old-backup --similar
  photokeep compare ~/Photos /media/card --add --dry-run
  photokeep compare ~/Photos /media/card --upload --album \"Norway 2026\"

Nothing in the folder is changed. What was read is remembered: the next comparison reads only what is new.")]
pub struct Compare {
    /// The library's folder.
    pub library: PathBuf,
    /// The folder to hold against it: an old backup, a camera card, a network share.
    pub folder: PathBuf,
    /// Also find pictures that look alike: compressed again, made smaller, sent by a messenger. They may differ in this many of 256
    /// bits; the more, the more are found and the more of them wrongly.
    #[arg(long, value_name = "BITS", num_args = 0..=1, require_equals = true, default_missing_value = "16",
        value_parser = clap::value_parser!(u32).range(0..=64))]
    pub similar: Option<u32>,
    /// Show what was found as links in the library's folder `comparison`: missing_files, extra_files, duplicates. Only links that
    /// Photokeep made are ever replaced.
    #[arg(long)]
    pub links: bool,
    /// Copy what is missing into the library, each content once. With --dry-run only the plan is shown.
    #[arg(long)]
    pub add: bool,
    /// Upload what is missing to Google Photos, each content once, in its original bytes. Each upload is looked up there afterwards.
    #[arg(long)]
    pub upload: bool,
    /// With --upload: put them into this album; it is made when Photokeep has made none of this title yet.
    #[arg(long, value_name = "TITLE", requires = "upload")]
    pub album: Option<String>,
    /// With --add or --upload: show what would be done, and do nothing.
    #[arg(long, requires = "act")]
    pub dry_run: bool,
    /// Answer in JSON lines.
    #[arg(long)]
    pub json: bool,
    /// Write every file with its verdict into a new file (CSV; JSON lines where it is called .json).
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}
