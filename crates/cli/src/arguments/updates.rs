//! `updates`.

use clap::{Args, ValueEnum};

/// `updates`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  photokeep updates                        look now
  photokeep updates on                     look now and then once a week
  photokeep updates off

One small file is fetched, from the site that this copy was built for. Nothing is sent but the
question for it, and nothing is installed.")]
pub struct Updates {
    /// Whether Photokeep looks by itself from now on, while the window or `photokeep daemon` runs.
    pub automatic: Option<Automatic>,
    /// Answer in JSON.
    #[arg(long)]
    pub json: bool,
}

/// Whether Photokeep looks by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Automatic {
    /// Once a week
    On,
    /// Never
    Off,
}
