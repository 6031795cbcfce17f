//! Which archives belong together: what a person gives, in any order, becomes exports with their parts.
//!
//! Promises: every file that was given ends in exactly one place of [`Given`]; an export's parts are never mixed with
//! another's (users keep several in one Downloads folder); what is missing is said before anything is imported.
//! What is *in* an archive is told by [`crate::archive`].

mod gather;
mod names;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub use names::{ArchiveName, ExportId, below_takeout, is_takeout_root, is_unfinished_download};

use crate::archive::{Form, Reason, Refusal};

/// A name may claim part 4,000,000,000: more missing parts than this are not counted.
pub const MOST_MISSING: usize = 10_000;

/// One archive or unpacked folder of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its number, if its name tells.
    pub number: Option<u32>,
    /// Where it lies.
    pub path: PathBuf,
    /// How its bytes lie there, told from the bytes.
    pub form: Form,
    /// Size of the file in bytes; 0 for folders.
    pub size: u64,
    /// Its name has more in it than Google and browsers write.
    pub renamed: bool,
    /// Copies of the same archive that need not be read: same size, same beginning, same end (in a zip that holds the
    /// checksums of all entries).
    pub copies: Vec<PathBuf>,
}

/// One export: everything that one request to Google gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Which one.
    pub id: ExportId,
    /// Its parts by number. One number may be there twice, if the files differ; both are read then.
    pub parts: Vec<Part>,
    /// Numbers below the highest one known that are not there, or there only unfinished. A missing *last* part cannot be
    /// seen from names; the archive page can tell ([`crate::manifest`]).
    pub missing: Vec<u32>,
}

impl Export {
    /// What is missing, as a sentence; `None` if nothing is.
    #[must_use]
    pub fn missing_sentence(&self) -> Option<String> {
        let (list, untold) = in_ranges(&self.missing);
        let more = if untold > 0 { format!(" and {untold} more") } else { String::new() };
        match self.missing.len() {
            0 => None,
            1 => Some(format!("Part {list} is missing.")),
            _ => Some(format!("Parts {list}{more} are missing.")),
        }
    }
}

/// Numbers of parts in rising order for a sentence, those in a row as one: `2, 5–997`. Then how many of them would make it too
/// long and are not told.
#[must_use]
pub fn in_ranges(numbers: &[u32]) -> (String, usize) {
    const MOST: usize = 12;
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for &number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(number) => *last = number,
            _ => ranges.push((number, number)),
        }
    }
    let untold = ranges.iter().skip(MOST).map(|(first, last)| (last - first) as usize + 1).sum();
    let told = ranges.iter().take(MOST).map(|(first, last)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first}–{last}"),
    });
    (told.collect::<Vec<_>>().join(", "), untold)
}

/// A file that is no readable archive although it was given, or is called like one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedFile {
    /// Where it lies.
    pub path: PathBuf,
    /// The export it belongs to, if its name tells.
    pub export: Option<ExportId>,
    /// The number of its part, if its name tells.
    pub part: Option<u32>,
    /// Why.
    pub refusal: Refusal,
}

/// Exports that may be one: of one second, with another number between stamp and part; or one of which parts are missing, and an
/// unpacked `Takeout` beside its archives. A person decides, nothing is joined by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinOffer {
    /// The exports.
    pub exports: Vec<ExportId>,
}

impl JoinOffer {
    /// The question, as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        if let [named, ExportId::Unnamed { folder }] = &self.exports[..] {
            return format!(
                "The unpacked Takeout in {} may be the parts that are missing of the export {named}.",
                folder.display()
            );
        }
        let ids: Vec<String> = self.exports.iter().map(ExportId::to_string).collect();
        format!("{} were made in the same second and may be one export.", ids.join(" and "))
    }
}

/// What a person gave, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// The exports, oldest first, those without Google's names last.
    pub exports: Vec<Export>,
    /// Files that cannot be read as archives.
    pub refused: Vec<RefusedFile>,
    /// Archives in the given folders that hold no export. They are left alone.
    pub others: Vec<PathBuf>,
    /// Exports that may be one.
    pub offers: Vec<JoinOffer>,
}

impl Given {
    /// Looks at everything a person gave: archives, folders with archives, unpacked folders; in any order, any mix.
    ///
    /// A file that is named by itself is taken whatever its name; in a folder only what is an export by its name or by a
    /// `Takeout` folder in it. Folders are searched two levels deep. Only a few kilobytes of each file are read.
    #[must_use]
    pub fn look(paths: &[PathBuf]) -> Self {
        gather::gather(paths, true, &|_| false).arrange()
    }

    /// Looks into a watched folder, such as Downloads: only what is an export by its name or by a `Takeout` folder in it. The
    /// folder itself is never taken for an unpacked export.
    #[must_use]
    pub fn watch(folder: &Path) -> Self {
        Self::watch_except(folder, &|_| false)
    }

    /// As [`Given::watch`]; files and folders that `passed` says yes to are not opened. It is asked about every folder, and
    /// about files that are called like archives.
    #[must_use]
    pub fn watch_except(folder: &Path, passed: &dyn Fn(&Path) -> bool) -> Self {
        gather::gather(&[folder.to_owned()], false, passed).arrange()
    }

    /// Joins exports that may be one, after a person accepted the offer. The first one keeps its id.
    pub fn join(&mut self, offer: &JoinOffer) {
        let Some(first) = offer.exports.first() else { return };
        let (joined, rest): (Vec<Export>, Vec<Export>) =
            std::mem::take(&mut self.exports).into_iter().partition(|export| offer.exports.contains(&export.id));
        let parts: Vec<Part> = joined.into_iter().flat_map(|export| export.parts).collect();
        self.exports = rest;
        for refused in &mut self.refused {
            if refused.export.as_ref().is_some_and(|id| offer.exports.contains(id)) {
                refused.export = Some(first.clone());
            }
        }
        if !parts.is_empty() {
            self.exports.push(Export { id: first.clone(), parts, missing: Vec::new() });
        }
        self.offers.retain(|other| other != offer);
        self.settle();
    }

    /// Takes a part out of its export because it turned out unreadable when it was opened: a half download, for example. Its
    /// number is missing then.
    pub fn refuse(&mut self, path: &Path, refusal: Refusal) {
        for export in &mut self.exports {
            if let Some(place) = export.parts.iter().position(|part| part.path == path) {
                let part = export.parts.remove(place);
                let id = Some(export.id.clone());
                self.refused.push(RefusedFile { path: part.path, export: id, part: part.number, refusal });
                break;
            }
        }
        self.settle();
    }

    /// Sorts exports and parts, and finds what is missing.
    fn settle(&mut self) {
        for export in &mut self.exports {
            export.parts.sort_by(|one, other| (one.number, &one.path).cmp(&(other.number, &other.path)));
            let there: BTreeSet<u32> = export.parts.iter().filter_map(|part| part.number).collect();
            let of_this = |refused: &&RefusedFile| refused.export.as_ref() == Some(&export.id);
            let refused = self.refused.iter().filter(of_this).filter_map(|refused| refused.part);
            let last = there.iter().copied().chain(refused).max().unwrap_or(0);
            // Which parts were unpacked, nothing tells.
            let unpacked = export.parts.iter().any(|part| part.number.is_none());
            let missing = (1..=last).filter(|number| !unpacked && !there.contains(number));
            export.missing = missing.take(MOST_MISSING).collect();
        }
        self.exports.sort_by(|one, other| one.id.cmp(&other.id));
    }

    fn find_offers(&mut self) {
        let mut stamps: BTreeMap<&str, Vec<ExportId>> = BTreeMap::new();
        for export in &self.exports {
            if let ExportId::Named { stamp, .. } = &export.id {
                stamps.entry(stamp).or_default().push(export.id.clone());
            }
        }
        self.offers = stamps.into_values().filter(|ids| ids.len() > 1).map(|exports| JoinOffer { exports }).collect();
        let unpacked: Vec<JoinOffer> = self.exports.iter().filter_map(|export| self.offer_of_unpacked(export)).collect();
        self.offers.extend(unpacked);
    }

    /// The one export whose archives lie beside an unpacked `Takeout` and of which parts are missing.
    fn offer_of_unpacked(&self, unpacked: &Export) -> Option<JoinOffer> {
        let ExportId::Unnamed { folder } = &unpacked.id else { return None };
        let is_unpacked = |part: &Part| part.form == Form::Folder && part.path.parent() == Some(folder);
        if !unpacked.parts.iter().all(is_unpacked) {
            return None;
        }
        let beside = |part: &Part| part.path.parent() == Some(folder);
        let mut named = self.exports.iter().filter(|export| {
            matches!(export.id, ExportId::Named { .. }) && !export.missing.is_empty() && export.parts.iter().all(beside)
        });
        let first = named.next()?;
        named.next().is_none().then(|| JoinOffer { exports: vec![first.id.clone(), unpacked.id.clone()] })
    }
}

/// What was gathered: loose pieces.
#[derive(Default)]
struct Gathered {
    parts: Vec<(ExportId, Part)>,
    refused: Vec<RefusedFile>,
    others: Vec<PathBuf>,
}

impl Gathered {
    fn arrange(self) -> Given {
        let mut exports: BTreeMap<ExportId, Export> = BTreeMap::new();
        for (id, part) in self.parts {
            let export = exports.entry(id.clone()).or_insert_with(|| Export { id, parts: Vec::new(), missing: Vec::new() });
            // The shortest name of equal files is the original: ` (1)` came later.
            let twin = export.parts.iter_mut().find(|other| gather::is_copy(other, &part));
            match twin {
                Some(twin) if name_length(&part.path) < name_length(&twin.path) => {
                    let mut old = std::mem::replace(twin, part);
                    twin.copies = std::mem::take(&mut old.copies);
                    twin.copies.push(old.path);
                }
                Some(twin) => twin.copies.push(part.path),
                None => export.parts.push(part),
            }
        }
        let mut given =
            Given { exports: exports.into_values().collect(), refused: self.refused, others: self.others, offers: Vec::new() };
        given.settle();
        given.find_offers();
        given
    }

    fn refuse(&mut self, path: PathBuf, name: Option<&ArchiveName>, refusal: impl Into<Refusal>) {
        let (export, part) = (name.map(ArchiveName::export), name.map(|name| name.part));
        self.refused.push(RefusedFile { path, export, part, refusal: refusal.into() });
    }

    fn refuse_unfinished(&mut self, path: PathBuf, name: Option<&ArchiveName>) {
        self.refuse(path, name, Reason::NotFinished);
    }
}

fn name_length(path: &Path) -> usize {
    path.file_name().map_or(0, std::ffi::OsStr::len)
}
