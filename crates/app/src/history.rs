//! Past runs.

use std::path::Path;

use chrono::{DateTime, Utc};
use photokeep_library::{Library, MovedToTrash};
use photokeep_model::{Receipt, Result, RunKind};
use serde::Serialize;

use crate::app::App;

/// Past runs, newest first.
#[derive(Debug, Serialize)]
pub struct HistoryResponse {
    /// The runs.
    pub runs: Vec<HistoryEntry>,
}

/// A past run.
#[derive(Debug, Serialize)]
pub struct HistoryEntry {
    /// Its number.
    pub run: i64,
    /// What kind.
    pub kind: String,
    /// When it began.
    pub started: DateTime<Utc>,
    /// When it ended; absent when it was cut off or still runs.
    pub ended: Option<DateTime<Utc>>,
    /// Whether everything was kept at its end.
    pub complete: bool,
    /// What it did.
    pub receipt: Option<Receipt>,
    /// Of a prune: what it moved to the trash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_to_trash: Option<MovedToTrash>,
}

impl App {
    /// The last `limit` runs, newest first.
    ///
    /// # Errors
    /// When there is no library, or its catalog cannot be read.
    pub fn history(&self, library: &Path, limit: u32) -> Result<HistoryResponse> {
        let (_, catalog) = self.look(library)?;
        let runs = catalog
            .runs(limit)?
            .into_iter()
            .map(|run| {
                let pruned = run.kind == RunKind::Prune.as_str();
                Ok(HistoryEntry {
                    moved_to_trash: pruned.then(|| Library::moved_to_trash(&catalog, run.id)).transpose()?,
                    run: run.id,
                    kind: run.kind,
                    started: run.started,
                    ended: run.ended,
                    complete: run.complete,
                    receipt: run.receipt,
                })
            })
            .collect::<Result<_>>()?;
        Ok(HistoryResponse { runs })
    }
}
