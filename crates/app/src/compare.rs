//! Comparing another place with the library.

use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use photokeep_compare::{
    CompareOptions, Comparison, DuplicateGroup, Evidence, FileList, FileResult, Narrowing, Summary, Verdict, compare,
};
use photokeep_library::{ComparisonLink, ComparisonTree, Library, LinkTo};
use photokeep_media::LOOKS_BITS;
use photokeep_model::{Code, Error, Progress, Result};
use photokeep_sync::Control;
use serde::Serialize;
use ts_rs::TS;

use crate::app::App;
use crate::desk::activity::csv_cell;

/// What to compare.
#[derive(Debug, Clone)]
pub struct CompareRequest {
    /// The library's folder.
    pub library: PathBuf,
    /// The folder that is compared with it.
    pub folder: PathBuf,
    /// Also find pictures that look alike, and may differ in this many of 256 bits.
    pub similar: Option<u32>,
}

/// A comparison that came to its end.
#[derive(Debug)]
pub struct Compared {
    /// What it is known by: the name of its notes.
    pub key: String,
    /// The folder that was compared.
    pub folder: PathBuf,
    /// When it ended.
    pub ended: DateTime<Utc>,
    /// In numbers.
    pub summary: Summary,
    /// The lists behind them.
    pub comparison: Comparison,
    library: PathBuf,
}

/// A folder that was compared with a library before.
#[derive(Debug, Serialize, TS)]
pub struct PastComparison {
    /// What it is known by.
    pub key: String,
    /// The folder.
    pub folder: PathBuf,
    /// Whether the folder is there now.
    pub is_there: bool,
    /// When its last comparison ended, or began where it did not end.
    pub at: DateTime<Utc>,
    /// The last one that ended, in numbers.
    pub summary: Option<Summary>,
    /// Whether a later one was stopped or cut off. What it read is remembered.
    pub broken_off: bool,
    /// Within which threshold pictures that look alike were asked for.
    pub similar: Option<u32>,
}

/// Endings of the notes about the last comparison that came to its end, and about the one that is under way or was broken off.
const ENDED: &str = "sqlite";
const NEXT: &str = "next";

impl App {
    /// Compares a folder with a library, on this thread and a few more. Nothing in the folder is changed. `control` pauses and
    /// stops it; what was read is remembered.
    ///
    /// # Errors
    /// When there is no such library or folder, [`Code::LibraryBusy`] while somebody else compares the two,
    /// [`Code::Cancelled`], and when the notes about it cannot be written.
    pub fn compare(&self, request: &CompareRequest, progress: &dyn Progress, control: &Control) -> Result<Compared> {
        let (id, catalog) = self.look(&request.library)?;
        let folder = request.folder.canonicalize().unwrap_or_else(|_| request.folder.clone());
        // Two ways to one folder have one place.
        let key = blake3::hash(folder.as_os_str().as_encoded_bytes()).to_hex()[..16].to_owned();
        let notes = self.notes_of(&id, &key);
        // Held first: notes of another form are begun anew, and nobody else may be at work in them then.
        let _held = hold(&notes)?;
        let next = notes.with_extension(NEXT);
        let mut comparison = Comparison::begin(&next, &notes)?;
        let options = CompareOptions {
            library: &request.library,
            folder: &request.folder,
            similar: request.similar,
            readers: std::thread::available_parallelism().map_or(2, std::num::NonZero::get).min(4),
            may_go_on: &|| control.may_go_on(),
        };
        let compared = compare(&comparison, &catalog, &options, progress);
        if compared.as_ref().is_err_and(|error| error.code == Code::Internal) && comparison.is_damaged() {
            // Nothing is in them that could not be read again.
            drop(comparison);
            Comparison::remove(&next)?;
            Comparison::remove(&notes)?;
            comparison = Comparison::begin(&next, &notes)?;
            compare(&comparison, &catalog, &options, progress)?;
        } else {
            compared?;
        }
        let comparison = comparison.finish(&next, &notes)?;
        ended(&request.library, key, comparison)?.ok_or_else(|| Error::new(Code::Internal, "The comparison came to no end."))
    }

    /// The last comparison of a folder that came to its end, by its key; `None` where there is none.
    ///
    /// # Errors
    /// When there is no such library, and when the notes about the comparison cannot be read.
    pub fn compared(&self, library: &Path, key: &str) -> Result<Option<Compared>> {
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(None);
        }
        let (id, _) = self.look(library)?;
        match Comparison::existing(&self.notes_of(&id, key))? {
            Some(comparison) => ended(library, key.to_owned(), comparison),
            None => Ok(None),
        }
    }

    /// Every folder that was compared with a library, the latest first. Notes that cannot be read are passed over.
    ///
    /// # Errors
    /// When there is no such library.
    pub fn past_comparisons(&self, library: &Path) -> Result<Vec<PastComparison>> {
        let (id, _) = self.look(library)?;
        let Ok(folder) = std::fs::read_dir(self.notes_folder(&id)) else { return Ok(Vec::new()) };
        let files = folder.filter_map(|entry| Some(PathBuf::from(entry.ok()?.file_name())));
        let notes = files.filter(|file| file.extension().is_some_and(|ending| ending == ENDED || ending == NEXT));
        let keys: BTreeSet<String> = notes.filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned())).collect();
        let mut all: Vec<PastComparison> =
            keys.into_iter().filter_map(|key| self.past_comparison(&id, key).ok().flatten()).collect();
        all.sort_by_key(|past| std::cmp::Reverse(past.at));
        Ok(all)
    }

    fn past_comparison(&self, id: &str, key: String) -> Result<Option<PastComparison>> {
        let notes = self.notes_of(id, &key);
        let next = Comparison::existing(&notes.with_extension(NEXT))?;
        let ended = Comparison::existing(&notes)?;
        let summary = ended.as_ref().map(Comparison::summary).transpose()?.flatten();
        let broken_off = next.is_some();
        let Some(latest) = next.or(ended) else { return Ok(None) };
        let Some((folder, at)) = latest.place()? else { return Ok(None) };
        let is_there = folder.is_dir();
        Ok(Some(PastComparison { key, folder, is_there, at, summary, broken_off, similar: latest.similar()? }))
    }

    /// Where is noted what is known of the folders that a library was compared with.
    fn notes_folder(&self, library: &str) -> PathBuf {
        self.home.library_folder(library).join("comparisons")
    }

    fn notes_of(&self, library: &str, key: &str) -> PathBuf {
        self.notes_folder(library).join(key).with_extension(ENDED)
    }
}

/// Keeps others from comparing the same two until it is dropped.
fn hold(notes: &Path) -> Result<File> {
    let failed = |error: std::io::Error| {
        Error::new(Code::Internal, format!("Photokeep cannot keep notes in `{}`.", notes.display())).source(error)
    };
    if let Some(folder) = notes.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let lock = notes.with_extension("lock");
    let file = File::options().create(true).truncate(false).write(true).open(&lock).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(Error::new(Code::LibraryBusy, "This folder is being compared with the library just now.")
                .hint("Wait until the other comparison has ended, or stop it there."))
        }
        // A disk without locks: two at once would only read everything twice.
        Err(TryLockError::Error(_)) => Ok(file),
    }
}

fn ended(library: &Path, key: String, comparison: Comparison) -> Result<Option<Compared>> {
    let (Some(summary), Some((folder, ended))) = (comparison.summary()?, comparison.place()?) else { return Ok(None) };
    Ok(Some(Compared { key, folder, ended, summary, comparison, library: library.to_owned() }))
}

impl Compared {
    /// The folder of the library.
    pub fn library(&self) -> &Path {
        &self.library
    }

    /// Hands out every file with a verdict, in the order of their paths.
    ///
    /// # Errors
    /// When the notes about the comparison cannot be read, and those of `each`.
    pub fn each_file(&self, verdict: Verdict, each: impl FnMut(FileResult) -> Result<()>) -> Result<()> {
        self.each_of(&FileList::of(verdict), each)
    }

    /// Hands out every file of a list, in the order of their paths.
    ///
    /// # Errors
    /// As [`Compared::each_file`].
    pub fn each_of(&self, list: &FileList, each: impl FnMut(FileResult) -> Result<()>) -> Result<()> {
        pages(|offset| self.comparison.files(list, offset, PAGE), each)
    }

    /// Hands out every group of files with the same bytes, the ones with the most bytes to spare first.
    ///
    /// # Errors
    /// As [`Compared::each_file`].
    pub fn each_duplicate(&self, each: impl FnMut(DuplicateGroup) -> Result<()>) -> Result<()> {
        pages(|offset| self.comparison.duplicates(&Narrowing::default(), offset, PAGE), each)
    }

    /// Makes the library's folder `comparison/` show what this comparison found: `missing_files/` and `extra_files/` with the paths
    /// that the files have, `duplicates/00000_001_name` with a number for each file and one for each group.
    ///
    /// # Errors
    /// When a run holds the library, and when its disk cannot be written to.
    pub fn make_links(&self, app: &App) -> Result<ComparisonTree> {
        let mut library = Library::open_existing(&self.library, &app.home)?;
        let mut links = Vec::new();
        self.each_file(Verdict::Missing, |file| {
            let to = LinkTo::Elsewhere(self.folder.join(&file.location));
            links.push(ComparisonLink { at: format!("missing_files/{}", file.path), to });
            Ok(())
        })?;
        pages(
            |offset| self.comparison.extra(&Narrowing::default(), offset, PAGE),
            |extra| {
                let link = extra.path.map(|path| ComparisonLink { at: format!("extra_files/{path}"), to: LinkTo::Library(path) });
                links.extend(link);
                Ok(())
            },
        )?;
        let (mut number, mut group_number) = (0, 0);
        self.each_duplicate(|group| {
            group_number += 1;
            for file in &group.files {
                let name = file.location.file_name().unwrap_or_default().to_string_lossy();
                let at = format!("duplicates/{number:05}_{group_number:03}_{name}");
                links.push(ComparisonLink { at, to: LinkTo::Elsewhere(self.folder.join(&file.location)) });
                number += 1;
            }
            Ok(())
        })?;
        library.make_comparison_tree(links)
    }

    /// Writes every file of the folder with its verdict, what the library has beyond it, what is there twice and what was passed over: as CSV, or as
    /// JSON lines where the name ends in `.json`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_report(&self, file: &Path) -> Result<()> {
        let out = File::create_new(file).map_err(|error| report_failed(file, error))?;
        let written = self.write_lines(file, BufWriter::new(out));
        if written.is_err() {
            // A part of a report reads like a whole one.
            let _ = std::fs::remove_file(file);
        }
        written
    }

    fn write_lines(&self, file: &Path, mut out: BufWriter<File>) -> Result<()> {
        let failed = |error: std::io::Error| report_failed(file, error);
        let json = file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        let mut line = |cells: [&str; 8]| -> Result<()> {
            if json {
                let [verdict, path, bytes, evidence, kept, more, better, why] = cells;
                let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
                let bytes: u64 = bytes.parse().unwrap_or_default();
                let object = serde_json::json!({
                    "verdict": verdict, "path": path, "bytes": bytes, "evidence": some(evidence), "kept": some(kept), "more": some(more),
                    "better": some(better), "why": some(why)
                });
                return writeln!(out, "{object}").map_err(failed);
            }
            let cells: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
            writeln!(out, "{}", cells.join(",")).map_err(failed)
        };
        if !json {
            line(["verdict", "path", "bytes", "evidence", "kept", "more", "better", "why"])?;
        }
        for verdict in Verdict::ALL {
            self.each_file(verdict, |file| {
                line([
                    verdict.as_str(),
                    &file.path,
                    &file.bytes.to_string(),
                    file.evidence.map_or("", Evidence::as_str),
                    file.kept.and_then(|kept| kept.path).as_deref().unwrap_or_default(),
                    &match (&file.trouble, file.distance) {
                        (Some(trouble), _) => trouble.to_string(),
                        (None, Some(bits)) => format!("{bits} of {LOOKS_BITS} bits differ"),
                        (None, None) if file.cut_short => CUT_SHORT.to_owned(),
                        (None, None) => String::new(),
                    },
                    file.better.map_or("", |better| better.one.as_str()),
                    file.better.map_or("", |better| better.why.as_str()),
                ])
            })?;
        }
        pages(
            |offset| self.comparison.extra(&Narrowing::default(), offset, PAGE),
            |extra| line(["extra", "", &extra.bytes.to_string(), "", extra.path.as_deref().unwrap_or_default(), "", "", ""]),
        )?;
        self.each_duplicate(|group| {
            let first = group.files.first().map(|file| file.path.as_str()).unwrap_or_default();
            let mut others = group.files.iter().skip(1);
            others.try_for_each(|file| {
                line(["duplicate", &file.path, &group.bytes.to_string(), "same-bytes", "", first, "", group.why.as_str()])
            })
        })?;
        pages(
            |offset| self.comparison.passed_over(offset, PAGE),
            |left| {
                let more = left.trouble.map(|trouble| trouble.to_string()).unwrap_or_default();
                line(["passed-over", &left.path, "", &left.why, "", &more, "", ""])
            },
        )?;
        out.flush().map_err(failed)
    }
}

fn report_failed(file: &Path, error: std::io::Error) -> Error {
    let sentence = format!("The report could not be written to `{}`.", file.display());
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::new(Code::TargetFull, sentence)
            .hint("The disk is full. Make room there, or name a file on another disk; the comparison itself is kept."),
        _ => Error::new(Code::Usage, sentence).hint("Name a file in a folder that is there and that you may write to."),
    }
    .source(error)
}

/// What a report says of a file that ends before its structure does.
const CUT_SHORT: &str = "It ends too early: part of it is lost.";

/// Lines read at once.
const PAGE: u32 = 5000;

fn pages<T>(mut page: impl FnMut(u64) -> Result<Vec<T>>, mut each: impl FnMut(T) -> Result<()>) -> Result<()> {
    let mut offset = 0;
    loop {
        let rows = page(offset)?;
        if rows.is_empty() {
            return Ok(());
        }
        offset += rows.len() as u64;
        rows.into_iter().try_for_each(&mut each)?;
    }
}
