//! Importing archives of Google Takeout, or showing what an import would do.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use photokeep_library::catalog::{Catalog, Ended};
use photokeep_library::{Library, LibraryNamer, OptionChanges, XmpOf, XmpReport};
use photokeep_model::{Account, Code, Error, Filter, LibraryOptions, Plan, Progress, Receipt, Result, RunKind};
use photokeep_sync::sources::takeout::{Grouping, Takeout, ToldExport};
use photokeep_sync::{Control, SyncOptions, dry_run, sync};
use serde::Serialize;
use ts_rs::TS;

use crate::account::{must_be_writable, must_not_be_a_file};
use crate::app::App;
use crate::desk::activity::csv_cell;

/// What to import.
#[derive(Debug, Clone, Default)]
pub struct ImportRequest {
    /// The library's folder; made when it is new.
    pub library: PathBuf,
    /// Archives, folders with archives, unpacked exports; in any order.
    pub paths: Vec<PathBuf>,
    /// Write what Google says beside the files, as XMP.
    pub xmp: bool,
    /// Options of the library to set.
    pub changes: OptionChanges,
    /// Take exports that were made in the same second as one.
    pub join: bool,
    /// Begin again although the library's folder was emptied.
    pub start_over: bool,
}

/// Where the catalog remembers which exports a person took as one.
const JOINED: &str = "joined-exports";

impl ImportRequest {
    /// How parts are grouped: as a person says now, and said before.
    fn grouping(&self, catalog: Option<&Catalog>) -> Result<Grouping> {
        let known = catalog.map(|catalog| catalog.meta(JOINED)).transpose()?.flatten();
        let known = known.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Ok(Grouping { by_second: self.join, known })
    }
}

/// One export of a plan or receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ImportedExport {
    /// Its name, as in the names of its parts.
    pub name: String,
    /// When Google made it, if the name tells.
    pub made_at: Option<DateTime<Utc>>,
    /// `first`, `full`, `increment` or `partial`.
    pub kind: String,
    /// Names of the parts that were given.
    pub parts: Vec<String>,
    /// Numbers of the parts that are missing.
    pub missing: Vec<u32>,
    /// Items in it.
    pub items: u64,
    /// Albums in it.
    pub albums: u64,
    /// Files that Google's own page lists and that no part has.
    pub not_delivered: u64,
    /// Some of those.
    pub not_delivered_examples: Vec<String>,
    /// Photos of which it cannot be told what Google says about them: several sidecars fit.
    pub open_pairs: u64,
    /// Sidecars whose photo is in no part.
    pub without_photo: u64,
    /// Everything of it is known from before.
    pub known: bool,
}

/// A file that could not be taken as an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RefusedArchive {
    /// Its name.
    pub name: String,
    /// Why, and what to do.
    pub why: String,
}

/// What an import would do.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ImportPlan {
    /// In counts and bytes.
    pub plan: Plan,
    /// What the entries of the archives are. Photos and videos count as `open`: they are settled when they are read.
    pub account: Account,
    /// The exports that were given.
    pub exports: Vec<ImportedExport>,
    /// Files that could not be taken.
    pub refused: Vec<RefusedArchive>,
    /// Archives that hold no export; they are left alone.
    pub others: Vec<String>,
    /// Names of exports that were made in the same second, and that a person may take as one.
    pub may_be_one: Vec<String>,
    /// Whether such exports were taken as one.
    pub joined: bool,
}

impl ImportPlan {
    /// What became of what was planned.
    pub(crate) fn at_the_end(plan: Plan, end: &ImportEnd) -> Self {
        let account = end.receipt.account.unwrap_or_default();
        Self {
            plan,
            account,
            exports: end.exports.clone(),
            refused: end.refused.clone(),
            others: Vec::new(),
            may_be_one: Vec::new(),
            joined: false,
        }
    }
}

/// What an import came to.
#[derive(Debug)]
pub struct ImportEnd {
    /// What was done.
    pub receipt: Receipt,
    /// Why it stopped before its end, if it did.
    pub error: Option<Error>,
    /// The exports that were given.
    pub exports: Vec<ImportedExport>,
    /// Files that could not be taken.
    pub refused: Vec<RefusedArchive>,
    /// The library's folder.
    pub library: PathBuf,
}

impl App {
    /// Imports archives into a library. `control` pauses and stops it; the next import of the same archives goes on.
    ///
    /// # Errors
    /// Trouble before anything could be done. Trouble after that is in [`ImportEnd::error`], beside the receipt.
    pub async fn import(
        &self,
        request: &ImportRequest,
        progress: Arc<dyn Progress>,
        control: Control,
        on_plan: impl FnOnce(&Plan),
    ) -> Result<ImportEnd> {
        must_not_be_a_file(&request.library)?;
        must_be_there(&request.paths)?;
        must_not_hold(&request.library, &request.paths)?;
        // Looked at before a library is made, and let go: tables of contents are large.
        tokio::task::block_in_place(|| {
            must_hold_an_export(&Takeout::look(&request.paths, Grouping::default(), None, Utc::now()))
        })?;
        let library = Library::open_or_create(&request.library, &self.home, request.changes.clone(), request.start_over)?;
        must_be_writable(library.root())?;
        let grouping = request.grouping(Some(&library.catalog))?;
        let source =
            tokio::task::block_in_place(|| Takeout::look(&request.paths, grouping, Some(library.temporary_names()), Utc::now()));
        let source = Arc::new(source);
        if !source.given().joined.is_empty() {
            library.catalog.set_meta(JOINED, &serde_json::to_string(&source.given().joined).unwrap_or_default())?;
        }
        let gate = self.gate(progress, control);
        let options = SyncOptions { filter: Filter::default(), kind: RunKind::Import, now: Utc::now };
        let root = library.root().to_owned();
        let (mut library, outcome) = sync(library, &source, &options, &gate, on_plan).await;
        let (mut receipt, mut error) = outcome?;
        if error.is_none() {
            // What was written on an earlier wish would tell other programs what is no longer so.
            let of = if request.xmp { XmpOf::All } else { XmpOf::Present };
            match tokio::task::block_in_place(|| library.write_xmp(of)) {
                Ok(xmp) if request.xmp || xmp.written > 0 => receipt.notes.push(xmp_sentence(xmp)),
                Ok(_) => {}
                Err(trouble) => error = Some(trouble),
            }
        }
        Ok(ImportEnd { receipt, error, exports: exports(&source), refused: refused(&source), library: root })
    }

    /// Shows what an import would do. Nothing is kept of it, and no library is made.
    ///
    /// # Errors
    /// As [`App::import`].
    pub async fn plan_import(
        &self,
        request: &ImportRequest,
        progress: Arc<dyn Progress>,
        control: Control,
    ) -> Result<ImportPlan> {
        must_not_be_a_file(&request.library)?;
        must_be_there(&request.paths)?;
        must_not_hold(&request.library, &request.paths)?;
        let catalog = self.look(&request.library).ok().map(|(_, catalog)| catalog);
        let grouping = request.grouping(catalog.as_ref())?;
        drop(catalog);
        let source = tokio::task::block_in_place(|| Takeout::look(&request.paths, grouping, None, Utc::now()));
        must_hold_an_export(&source)?;
        let gate = self.gate(progress, control);
        let (scratch, namer, free) = if self.home.find(&request.library)?.is_some() {
            let library = Library::open_existing(&request.library, &self.home)?;
            let namer = LibraryNamer::new(library.facts(), &library.options_with(&request.changes)?);
            (library.scratch_catalog()?, namer, library.free_bytes())
        } else {
            let free = existing_parent(&request.library).and_then(|folder| photokeep_library::target::free_bytes(folder).ok());
            (Catalog::temporary()?, LibraryNamer::unprobed(&LibraryOptions::default()), free)
        };
        let found = dry_run(scratch, &namer, &source, &Filter::default(), &gate, Utc::now(), free).await?;
        Ok(ImportPlan {
            plan: found.plan,
            account: found.account.unwrap_or_default(),
            exports: exports(&source),
            refused: refused(&source),
            others: source.given().others.iter().map(|path| file_name(path)).collect(),
            may_be_one: source.given().offers.iter().flat_map(|offer| &offer.exports).map(ToString::to_string).collect(),
            joined: request.join,
        })
    }
}

impl App {
    /// Writes how every entry of an import's archives ended, as CSV.
    ///
    /// # Errors
    /// When there is no such library or the file cannot be written.
    pub fn write_import_report(&self, library: &Path, run: i64, file: &Path) -> Result<()> {
        let (_, catalog) = Library::look(library, &self.home)?;
        let failed = |error: std::io::Error| {
            Error::new(Code::Usage, format!("The report could not be written to `{}`.", file.display())).source(error)
        };
        let mut out = std::io::BufWriter::new(std::fs::File::create(file).map_err(failed)?);
        writeln!(out, "{REPORT_HEADING}").map_err(failed)?;
        for ended in Ended::ALL {
            let mut offset = 0;
            loop {
                let (total, lines) = catalog.entries_page(run, ended, offset, REPORT_PAGE)?;
                for line in &lines {
                    let cells = [
                        &*line.part,
                        &*line.path,
                        &*line.size.to_string(),
                        ended.as_str(),
                        line.reason.as_deref().unwrap_or_default(),
                        line.file.as_deref().unwrap_or_default(),
                    ];
                    let cells: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
                    writeln!(out, "{}", cells.join(",")).map_err(failed)?;
                }
                offset += lines.len() as u64;
                if offset >= total || lines.is_empty() {
                    break;
                }
            }
        }
        out.flush().map_err(failed)
    }
}

/// The first line of a report.
const REPORT_HEADING: &str = "archive,entry,bytes,ended,reason,file";

/// Whether a report can be written to `file`: what is there already must be a report itself. An archive or a photo may stand
/// there by a slip of the hand.
///
/// # Errors
/// [`Code::Usage`], with what is in the way.
pub fn may_hold_report(file: &Path) -> Result<()> {
    let refuse = |why: &str| {
        Err(Error::new(Code::Usage, format!("The report cannot be written to `{}`: {why}", file.display()))
            .hint("Name a file that is not there yet, in a folder that is."))
    };
    match std::fs::File::open(file) {
        Ok(mut there) => {
            let mut heading = vec![0; REPORT_HEADING.len()];
            let report = there.metadata().is_ok_and(|facts| facts.is_file());
            if !report || there.read_exact(&mut heading).is_err() || heading != REPORT_HEADING.as_bytes() {
                return refuse("there is something else under this name, and it is left alone.");
            }
            Ok(())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            if folder.is_dir() { Ok(()) } else { refuse("its folder is not there.") }
        }
        Err(error) => refuse(&format!("{error}.")),
    }
}

/// Lines of a report read from the catalog at once.
const REPORT_PAGE: u32 = 5000;

fn xmp_sentence(xmp: XmpReport) -> String {
    let XmpReport { written, unchanged, left } = xmp;
    if left == 0 {
        return format!("XMP files written: {written}; unchanged: {unchanged}.");
    }
    format!(
        "XMP files written: {written}; unchanged: {unchanged}. Left alone, because they are not Photokeep's or were changed since: {left}."
    )
}

fn exports(source: &Takeout) -> Vec<ImportedExport> {
    source.told().exports.into_iter().map(ImportedExport::from).collect()
}

impl From<ToldExport> for ImportedExport {
    fn from(told: ToldExport) -> Self {
        Self {
            name: told.name,
            made_at: told.made_at,
            kind: told.kind,
            parts: told.parts,
            missing: told.missing,
            items: told.items,
            albums: told.albums,
            not_delivered: told.not_delivered.len() as u64,
            not_delivered_examples: told.not_delivered.into_iter().take(20).collect(),
            open_pairs: told.open_pairs,
            without_photo: told.without_photo,
            known: told.known,
        }
    }
}

fn refused(source: &Takeout) -> Vec<RefusedArchive> {
    let refused = &source.given().refused;
    refused.iter().map(|refused| RefusedArchive { name: file_name(&refused.path), why: refused.why.clone() }).collect()
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

fn existing_parent(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|folder| folder.is_dir())
}

fn must_be_there(paths: &[PathBuf]) -> Result<()> {
    match paths.iter().find(|path| std::fs::symlink_metadata(path).is_err()) {
        None => Ok(()),
        Some(missing) => Err(Error::new(Code::Usage, format!("`{}` is not there. Nothing was imported.", missing.display()))
            .hint("Give the archives that Google made (takeout-….zip or .tgz), or the folder they lie in.")),
    }
}

/// A library is no export, and an export inside a library would be read while it is written.
fn must_not_hold(library: &Path, paths: &[PathBuf]) -> Result<()> {
    let library = library.canonicalize().unwrap_or_else(|_| library.to_owned());
    let inside = paths.iter().find(|path| path.canonicalize().is_ok_and(|path| path.starts_with(&library)));
    match inside {
        None => Ok(()),
        Some(path) => {
            Err(Error::new(Code::Usage, format!("`{}` lies inside the library. Nothing was imported.", path.display()))
                .hint("Put the archives outside the library's folder."))
        }
    }
}

/// Archives that cannot be imported and are told of in one error.
const MOST_TOLD: usize = 20;

fn must_hold_an_export(source: &Takeout) -> Result<()> {
    let given = source.given();
    if !given.exports.is_empty() {
        return Ok(());
    }
    let each = given.refused.iter().map(|refused| format!("`{}` cannot be imported: {}", file_name(&refused.path), refused.why));
    let told = each.take(MOST_TOLD).collect::<Vec<_>>().join(" ");
    let why = if told.is_empty() { "No Google Takeout export was found there. Nothing was imported.".to_owned() } else { told };
    Err(Error::new(Code::Usage, why)
        .hint("Give the archives that Google made (takeout-….zip or .tgz), or the folder they lie in."))
}
