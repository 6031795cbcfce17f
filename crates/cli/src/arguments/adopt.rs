//! `adopt`.

use std::path::PathBuf;

use clap::Args;

/// `adopt`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  photokeep adopt ~/gphotos --dry-run    what would be taken in
  photokeep adopt ~/gphotos
  photokeep adopt /srv/photos --index /var/lib/gphotos-sync

Nothing is moved, renamed, changed or fetched. The folder becomes a library, and names go on in the way
they were made; the next sync or import adds what is new.")]
pub struct Adopt {
    /// The folder that gphotos-sync, gphotosync or rclone made.
    pub folder: PathBuf,
    /// The index of gphotos-sync (gphotos.sqlite, or its folder), when it lies elsewhere (`--db-path`).
    #[arg(long, value_name = "PATH")]
    pub index: Option<PathBuf>,
    /// Only show what would be done.
    #[arg(long)]
    pub dry_run: bool,
    /// Report in JSON lines.
    #[arg(long)]
    pub json: bool,
}
