//! Tries what names a disk takes, and whether they come back as written.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::characters::fold_case;
use super::facts::{Ending, LengthUnit, NameFacts, NameLimit};

/// Characters that Windows and its file systems refuse (`predecessors.md` 1.5), but for the separator.
const SUSPECTS: &str = "<>:\"\\|?*";

/// Tries names in empty folders made below `scratch`.
///
/// # Errors
/// Only when a plain name is refused as well: then it is the disk that fails, not the name.
pub(super) fn names(scratch: &Path) -> io::Result<NameFacts> {
    let mut trial = Trial { scratch: scratch.to_owned(), number: Cell::new(0), any_case: false };
    fs::create_dir(trial.folder())?;
    let case_preserved = trial.kept("Case.Probe")?;
    // From here on it is no fault of a name when its case changes.
    trial.any_case = !case_preserved;
    let non_ascii = trial.all_kept(&["é", "ж", "日本", "عكس", "हिन्दी"])?;
    let emoji = non_ascii && trial.all_kept(&["😀", "👨\u{200d}👩\u{200d}👧", "🏳\u{fe0f}\u{200d}🌈"])?;
    let mut refused = BTreeSet::new();
    for suspect in SUSPECTS.chars() {
        if !trial.kept(&format!("a{suspect}b"))? {
            refused.insert(suspect);
        }
    }
    let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}");
    let facts = NameFacts {
        case_sensitive: trial.distinct("Case.Probe", "cASE.pROBE")?,
        case_preserved,
        normalization_sensitive: !non_ascii || trial.distinct(composed, decomposed)?,
        normalization_preserved: !non_ascii || trial.all_kept(&[composed, decomposed])?,
        ignores_invisible: non_ascii && !trial.distinct("in\u{200d}visible", "invisible")?,
        refused,
        control_characters: trial.all_kept(&["a\u{1}b", "a\tb", "a\nb", "a\u{1b}b", "a\u{7f}b"])?,
        trailing_dot: trial.ending("dot.")?,
        trailing_space: trial.ending("space ")?,
        non_ascii,
        emoji,
        device_names: trial.all_kept(&["NUL", "AUX.jpg", "COM1"])?,
        limit: limit(&trial, non_ascii, emoji)?,
    };
    Ok(facts)
}

/// Finds the longest name, and what its length is counted in: ASCII gives the number, wider characters the unit.
fn limit(trial: &Trial, non_ascii: bool, emoji: bool) -> io::Result<NameLimit> {
    let longest = |character: char, most: usize| -> io::Result<usize> {
        let fits = |count: usize| trial.kept(&String::from(character).repeat(count));
        if fits(most)? {
            return Ok(most);
        }
        let (mut fit, mut unfit) = (0, most);
        while unfit - fit > 1 {
            let middle = fit.midpoint(unfit);
            if fits(middle)? { fit = middle } else { unfit = middle }
        }
        Ok(fit)
    };
    let max = longest('a', NameLimit::MAX)?;
    if !non_ascii {
        return Ok(NameLimit { max, unit: LengthUnit::Bytes });
    }
    // `日` is one character, one UTF-16 unit, three bytes; `😀` is one character, two units, four bytes.
    let wide = longest('日', max)?;
    if wide < max {
        // In bytes `wide` is a third of `max`; anything else would be a rule nobody knows, and the shorter limit is safe then.
        return Ok(NameLimit { max: max.min(wide * 3 + 2), unit: LengthUnit::Bytes });
    }
    let beyond = if emoji { longest('😀', max)? } else { max / 2 };
    let unit = if beyond == max { LengthUnit::Chars } else { LengthUnit::Utf16 };
    let max = if unit == LengthUnit::Utf16 { max.min(beyond * 2 + 1) } else { max };
    Ok(NameLimit { max, unit })
}

/// What became of a file that was created under a name.
enum Fate {
    /// The folder lists exactly that name.
    Kept,
    /// The folder lists something else, or nothing.
    Changed(Option<OsString>),
    /// It could not be created.
    Refused,
}

/// A folder that is empty before and after each trial.
struct Trial {
    scratch: PathBuf,
    /// Which folder it is by now.
    number: Cell<u32>,
    /// The disk changes the case of names.
    any_case: bool,
}

impl Trial {
    fn folder(&self) -> PathBuf {
        self.scratch.join(format!("names-{}", self.number.get()))
    }

    fn fate(&self, name: &str) -> io::Result<Fate> {
        if File::create_new(self.folder().join(name)).is_err() {
            self.clear(&[])?;
            // Is it the name, or the disk?
            File::create_new(self.folder().join("plain"))?;
            self.clear(&["plain"])?;
            return Ok(Fate::Refused);
        }
        let listed = self.listed()?;
        // Listed but not to be opened by its name is no use either.
        let found = fs::symlink_metadata(self.folder().join(name)).is_ok_and(|metadata| metadata.is_file());
        self.clear(&[name])?;
        Ok(match listed.as_slice() {
            [only] if self.same(only, name) && found => Fate::Kept,
            [first, ..] => Fate::Changed(Some(first.clone())),
            [] => Fate::Changed(None),
        })
    }

    fn kept(&self, name: &str) -> io::Result<bool> {
        Ok(matches!(self.fate(name)?, Fate::Kept))
    }

    fn all_kept(&self, names: &[&str]) -> io::Result<bool> {
        for name in names {
            if !self.kept(name)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn ending(&self, name: &str) -> io::Result<Ending> {
        Ok(match self.fate(name)? {
            Fate::Kept => Ending::Kept,
            Fate::Changed(Some(listed)) if self.same(&listed, &name[..name.len() - 1]) => Ending::Dropped,
            Fate::Changed(_) | Fate::Refused => Ending::Refused,
        })
    }

    /// Whether two names are two files.
    fn distinct(&self, left: &str, right: &str) -> io::Result<bool> {
        File::create_new(self.folder().join(left))?;
        let distinct = match File::create_new(self.folder().join(right)) {
            Ok(_) => self.listed()?.len() == 2,
            Err(io) if io.kind() == io::ErrorKind::AlreadyExists => false,
            Err(io) => return Err(io),
        };
        self.clear(&[left, right])?;
        Ok(distinct)
    }

    fn same(&self, listed: &OsStr, name: &str) -> bool {
        let folded = |name: &str| fold_case(name.chars());
        listed == OsStr::new(name) || self.any_case && listed.to_str().is_some_and(|listed| folded(listed) == folded(name))
    }

    fn listed(&self) -> io::Result<Vec<OsString>> {
        fs::read_dir(self.folder())?.map(|entry| Ok(entry?.file_name())).collect()
    }

    /// Empties the folder of what was made in it. By the names it was made under, since a share that lists another name may hold a
    /// file open under the first one; and takes another folder where something is listed still that cannot be removed.
    fn clear(&self, made: &[&str]) -> io::Result<()> {
        for name in made {
            let _ = fs::remove_file(self.folder().join(name));
        }
        let mut haunted = false;
        for name in self.listed()? {
            match fs::remove_file(self.folder().join(name)) {
                Err(io) if io.kind() == io::ErrorKind::NotFound => haunted = true,
                removed => removed?,
            }
        }
        if haunted {
            self.number.set(self.number.get() + 1);
            fs::create_dir(self.folder())?;
        }
        Ok(())
    }
}
