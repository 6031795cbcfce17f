//! Can its owner sleep well? The first screen, in numbers.

use std::sync::Arc;

use chrono::Utc;
use photokeep_library::target;
use photokeep_model::{Code, Result};
use serde::Serialize;
use ts_rs::TS;

use super::Desk;
use super::place::blocking;
use crate::boundary::{Nothing, Sentences, sentences};
use crate::inbox::{self, ExportCalendar};
use crate::status::StatusResponse;

/// What the first screen shows.
#[derive(Debug, Serialize, TS)]
pub struct Home {
    /// Where the library stands; `None` while there is none in the folder.
    pub status: Option<StatusResponse>,
    /// Whether the library's folder is there now.
    pub folder_is_there: bool,
    /// Bytes free on its disk.
    pub free_bytes: Option<u64>,
    /// Bytes its disk holds in all.
    pub total_bytes: Option<u64>,
    /// What was taken in which year, oldest first.
    pub years: Vec<YearKept>,
    /// When the next export is due; `None` where nobody waits for one: no folder is watched and no series came so far. Does not
    /// tell of the end of a year that the person put away.
    pub exports: Option<ExportCalendar>,
    /// The reasons of failures that have a code.
    pub sentences: Sentences,
}

/// What is kept of one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct YearKept {
    /// The year in which the photos were taken; `None` for those without a date.
    pub year: Option<i32>,
    /// Items.
    pub items: u64,
    /// Bytes.
    pub bytes: u64,
}

/// Says where the library stands.
pub(crate) async fn show(desk: &Arc<Desk>, _: Nothing) -> Result<Home> {
    let place = desk.open_place()?;
    let looked = place.look(|catalog, _| Ok((catalog.growth()?, inbox::awaited(catalog, Utc::now())?))).await?;
    let (years, exports) = looked.unwrap_or_default();
    let put_away = desk.settings.read().years_put_away.get(&place.folder).copied();
    let exports = exports.map(|calendar| super::inbox::without_told(calendar, put_away));
    blocking(move || {
        let status = match place.app.status(&place.folder) {
            Ok(status) => Some(status),
            Err(error) if error.code == Code::NoLibrary => None,
            Err(error) => return Err(error),
        };
        let space = target::space(&place.folder).ok();
        Ok(Home {
            folder_is_there: status.as_ref().is_none_or(|status| status.folder_is_there),
            sentences: sentences(status.iter().flat_map(|status| {
                let failed = status.failures.iter().map(|failure| failure.message.as_str());
                let not_taken = status.not_taken.iter().map(|counted| counted.reason.as_str());
                failed.chain(status.note.as_deref()).chain(not_taken).chain(status.not_taken_notes.iter().map(String::as_str))
            })),
            status,
            exports,
            free_bytes: space.map(|space| space.free),
            total_bytes: space.map(|space| space.total),
            years: years.into_iter().map(|year| YearKept { year: year.year, items: year.items, bytes: year.bytes }).collect(),
        })
    })
    .await
}
