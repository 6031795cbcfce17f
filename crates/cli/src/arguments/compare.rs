//! `compare`.

use std::path::PathBuf;

use clap::Args;

/// `compare`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  photokeep compare ~/Photos /mnt/old-backup
  photokeep compare ~/Photos /media/card --report card.csv
  photokeep compare ~/Photos /mnt/nas/photos --report nas.json
  photokeep compare ~/Photos /mnt/old-backup --links

Nothing in the folder is changed. What was read is remembered: the next comparison reads only what is new.")]
pub struct Compare {
    /// The library's folder.
    pub library: PathBuf,
    /// The folder to hold against it: an old backup, a camera card, a network share.
    pub folder: PathBuf,
    /// Show what was found as links in the library's folder `comparison`: missing_files, extra_files, duplicates. Only links that
    /// Photokeep made are ever replaced.
    #[arg(long)]
    pub links: bool,
    /// Answer in JSON lines.
    #[arg(long)]
    pub json: bool,
    /// Write every file with its verdict into a new file (CSV; JSON lines where it is called .json).
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}
