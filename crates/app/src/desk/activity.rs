//! Past runs, the lists behind their numbers, and reports to take away.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use photokeep_library::Catalog;
use photokeep_library::catalog::{EntryKind, RunRow};
use photokeep_model::{Code, Error, Receipt, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Desk;
use super::place::{Place, blocking};
use crate::boundary::{Sentences, sentences};
use crate::run_log::{self, LogStep, RunLog};

/// A report holds at most this many lines of one list; whoever has more failures than that needs another tool.
const REPORT_PAGE: u32 = 10_000;

/// Which runs.
#[derive(Debug, Deserialize, TS)]
pub struct RunsRequest {
    /// Only those with a smaller number.
    pub before: Option<i64>,
    /// How many, at most 200.
    pub limit: u32,
}

/// A past run.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PastRun {
    /// Its number.
    pub run: i64,
    /// What kind: `sync`, `retry`, `verify` or `prune`.
    pub kind: String,
    /// When it began.
    pub started: DateTime<Utc>,
    /// When it ended; absent when it was cut off or still runs.
    pub ended: Option<DateTime<Utc>>,
    /// Whether it looked at the whole library, without filters.
    pub whole: bool,
    /// Whether everything was kept, or sound, at its end.
    pub complete: bool,
    /// What it did.
    pub receipt: Option<Receipt>,
    /// The sentences in it that have a code.
    pub sentences: Sentences,
}

/// What a list of a run is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum EntryList {
    /// Fetched for the first time.
    Added,
    /// Name, date or description taken over.
    Updated,
    /// The same bytes as a photo already kept.
    SamePhoto,
    /// Fetched again.
    Restored,
    /// Could not be fetched.
    Failed,
    /// Left out, with a reason.
    Skipped,
    /// No longer at the source.
    Absent,
    /// Moved to trash.
    Removed,
    /// Verify found it not to be what was stored.
    Damaged,
}

impl EntryList {
    const ALL: [Self; 9] = [
        Self::Added,
        Self::Updated,
        Self::SamePhoto,
        Self::Restored,
        Self::Failed,
        Self::Skipped,
        Self::Absent,
        Self::Removed,
        Self::Damaged,
    ];

    fn kind(self) -> EntryKind {
        match self {
            Self::Added => EntryKind::Added,
            Self::Updated => EntryKind::Updated,
            Self::SamePhoto => EntryKind::SamePhoto,
            Self::Restored => EntryKind::Restored,
            Self::Failed => EntryKind::Failed,
            Self::Skipped => EntryKind::Skipped,
            Self::Absent => EntryKind::Absent,
            Self::Removed => EntryKind::Removed,
            Self::Damaged => EntryKind::Damaged,
        }
    }
}

/// Which list.
#[derive(Debug, Deserialize, TS)]
pub struct EntriesRequest {
    /// The run.
    pub run: i64,
    /// What it is about.
    pub what: EntryList,
    /// How many to pass over.
    pub offset: u64,
    /// How many, at most 1,000.
    pub limit: u32,
}

/// A page of a list.
#[derive(Debug, Default, Serialize, TS)]
pub struct Entries {
    /// Lines in all.
    pub total: u64,
    /// This page.
    pub rows: Vec<Entry>,
    /// The reasons that have a code.
    pub sentences: Sentences,
}

/// A line of a list.
#[derive(Debug, Serialize, TS)]
pub struct Entry {
    /// The item.
    pub item: Option<i64>,
    /// Its title.
    pub title: Option<String>,
    /// Its path below the library.
    pub path: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// The log of a run.
#[derive(Debug, Default, Serialize, TS)]
pub struct ShownLog {
    /// What happened when; `None` for runs of which none is kept.
    pub log: Option<RunLog>,
    /// The sentences in it that have a code.
    pub sentences: Sentences,
}

/// Which run.
#[derive(Debug, Deserialize, TS)]
pub struct LogRequest {
    /// Its number.
    pub run: i64,
}

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ReportFormat {
    /// For spreadsheets: a line for each item.
    Csv,
    /// For programs.
    Json,
}

impl ReportFormat {
    /// How names of such files end.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }
}

/// Which report.
#[derive(Debug, Deserialize, TS)]
pub struct ExportRequest {
    /// The run.
    pub run: i64,
    /// Its form.
    pub format: ReportFormat,
}

/// A report.
#[derive(Debug, Serialize, TS)]
pub struct Exported {
    /// Its name.
    pub name: String,
    /// Where it was saved; `None` when the person chose nowhere, or the host cannot save.
    pub saved_to: Option<PathBuf>,
    /// Its text, where the host cannot save.
    pub content: Option<String>,
}

impl From<RunRow> for PastRun {
    fn from(run: RunRow) -> Self {
        Self {
            run: run.id,
            kind: run.kind,
            started: run.started,
            ended: run.ended,
            whole: run.whole,
            complete: run.complete,
            sentences: sentences(run.receipt.iter().flat_map(sentences_of_receipt)),
            receipt: run.receipt,
        }
    }
}

/// What a receipt says in sentences: its notes and reasons.
pub(crate) fn sentences_of_receipt(receipt: &Receipt) -> impl Iterator<Item = &str> {
    let reasons = receipt.failed.iter().chain(&receipt.skipped).map(|counted| counted.reason.as_str());
    receipt.notes.iter().map(String::as_str).chain(reasons)
}

/// Lists past runs, the newest first.
pub(crate) async fn runs(desk: &Arc<Desk>, request: RunsRequest) -> Result<Vec<PastRun>> {
    let place = desk.open_place()?;
    let rows = place.look(move |catalog, _| catalog.runs_before(request.before, request.limit.clamp(1, 200))).await?;
    Ok(rows.unwrap_or_default().into_iter().map(PastRun::from).collect())
}

/// Opens the list behind a number.
pub(crate) async fn entries(desk: &Arc<Desk>, request: EntriesRequest) -> Result<Entries> {
    let place = desk.open_place()?;
    let page =
        place.look(move |catalog, _| page(catalog, request.run, request.what, request.offset, request.limit.clamp(1, 1_000)));
    Ok(page.await?.unwrap_or_default())
}

fn page(catalog: &Catalog, run: i64, what: EntryList, offset: u64, limit: u32) -> Result<Entries> {
    let (total, rows) = catalog.run_entries_page(run, what.kind(), offset, limit)?;
    let rows: Vec<Entry> = rows
        .into_iter()
        .map(|row| Entry { item: row.item.map(|item| item.0), title: row.title, path: row.path, reason: row.reason })
        .collect();
    Ok(Entries { total, sentences: reasons(&rows), rows })
}

fn reasons(rows: &[Entry]) -> Sentences {
    sentences(rows.iter().filter_map(|row| row.reason.as_deref()))
}

/// Says what happened when in a run.
pub(crate) async fn log(desk: &Arc<Desk>, request: LogRequest) -> Result<ShownLog> {
    let place = desk.open_place()?;
    blocking(move || {
        let log = log_of(&place, request.run)?;
        Ok(ShownLog { sentences: sentences(log.iter().flat_map(RunLog::texts)), log })
    })
    .await
}

fn log_of(place: &Place, run: i64) -> Result<Option<RunLog>> {
    let (id, catalog) = match place.app.look(&place.folder) {
        Err(error) if error.code == Code::NoLibrary => return Ok(None),
        looked => looked?,
    };
    Ok(row(&catalog, run)?.and_then(|row| run_log::read(&place.app, &id, run, row.started)))
}

fn row(catalog: &Catalog, run: i64) -> Result<Option<RunRow>> {
    Ok(catalog.runs_before(Some(run + 1), 1)?.into_iter().next().filter(|row| row.id == run))
}

/// Makes a report of a run and lets the person choose where it is saved.
pub(crate) async fn export(desk: &Arc<Desk>, request: ExportRequest) -> Result<Exported> {
    let place = desk.open_place()?;
    let kept = place.clone();
    let log = blocking(move || log_of(&kept, request.run)).await?;
    let text = place.look(move |catalog, _| report(catalog, request.run, request.format, log.as_ref())).await?;
    let text = text.ok_or_else(no_such_run)?;
    let name = format!("photokeep-run-{}.{}", request.run, request.format.ending());
    desk.export(name, text.into_bytes()).await
}

impl Desk {
    /// Hands a report out: the person chooses where it is saved, or the front end takes it away itself.
    pub(crate) async fn export(&self, name: String, content: Vec<u8>) -> Result<Exported> {
        if self.host.capabilities().save_file {
            let saved_to = self.host.save_file(name.clone(), content).await?;
            return Ok(Exported { name, saved_to, content: None });
        }
        Ok(Exported { name, saved_to: None, content: Some(String::from_utf8_lossy(&content).into_owned()) })
    }
}

fn no_such_run() -> Error {
    Error::new(Code::Usage, "There is no run with this number.")
}

fn report(catalog: &Catalog, run: i64, format: ReportFormat, log: Option<&RunLog>) -> Result<String> {
    let row = row(catalog, run)?.ok_or_else(no_such_run)?;
    let mut lists = Vec::new();
    for what in EntryList::ALL {
        let mut offset = 0;
        loop {
            let page = page(catalog, run, what, offset, REPORT_PAGE)?;
            let got = page.rows.len() as u64;
            offset += got;
            lists.extend(page.rows.into_iter().map(|entry| (what, entry)));
            if got == 0 || offset >= page.total {
                break;
            }
        }
    }
    match format {
        ReportFormat::Json => {
            let entries: Vec<_> = lists
                .iter()
                .map(|(what, entry)| serde_json::json!({ "what": what, "title": entry.title, "path": entry.path, "reason": entry.reason }))
                .collect();
            let report = serde_json::json!({ "run": PastRun::from(row), "entries": entries, "log": log });
            serde_json::to_string_pretty(&report)
                .map_err(|error| Error::new(Code::Internal, "The report could not be written.").source(error))
        }
        ReportFormat::Csv => {
            let mut text = String::from("what,title,path,reason,at,until\r\n");
            for (what, entry) in &lists {
                let cells = [what.kind().as_str(), text_of(&entry.title), text_of(&entry.path), text_of(&entry.reason), "", ""];
                text.push_str(&cells.map(csv_cell).join(","));
                text.push_str("\r\n");
            }
            for step in log.into_iter().flat_map(|log| &log.steps) {
                text.push_str(&log_cells(step).map(|cell| csv_cell(&cell)).join(","));
                text.push_str("\r\n");
            }
            Ok(text)
        }
    }
}

/// A step of the log as a line of the report: its kind, what it is about, and its times.
fn log_cells(step: &LogStep) -> [String; 6] {
    let mut event = serde_json::to_value(&step.event).unwrap_or_default();
    let mut part = |name: &str| match event.as_object_mut().and_then(|parts| parts.remove(name)) {
        Some(serde_json::Value::String(text)) => text,
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let what = format!("log: {}", part("what"));
    let title = [part("title"), part("phase"), part("reason"), part("kind")].concat();
    let mut reason = [part("message"), part("text")].concat();
    if let Some(rest) = event.as_object().filter(|rest| reason.is_empty() && !rest.is_empty()) {
        reason = rest.iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ");
    }
    let until = step.until.map(|until| until.to_rfc3339()).unwrap_or_default();
    [what, title, String::new(), reason, step.at.to_rfc3339(), until]
}

fn text_of(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or("")
}

/// A cell after RFC 4180. Names come from outside: what a spreadsheet would take for a formula gets an apostrophe.
pub(crate) fn csv_cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_cells_keep_quotes_and_defuse_formulas() {
        assert_eq!(csv_cell("a \"b\", c\nd"), "\"a \"\"b\"\", c\nd\"");
        assert_eq!(csv_cell("=cmd|' /C calc'!A0"), "\"'=cmd|' /C calc'!A0\"");
    }
}
