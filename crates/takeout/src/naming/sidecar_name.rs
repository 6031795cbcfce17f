//! Reading a sidecar's name: which title it was made of, with which index, and how sure that is.

use super::cut::units;
use super::extension::{MediaClass, class_of, known_extension};
use super::fold::{fold, safe_title};
use super::forward::{SIDECAR_LIMIT, SUFFIX, SidecarForm, sidecar_name};
use super::indexed::trailing_index;

/// How the name and the title of a sidecar go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Agreement {
    /// The name is what the rule makes of the title.
    Rule,
    /// The name begins with the whole title, or is a prefix of it of at least 46 units: another cut than the known one.
    OtherCut,
    /// As one of these, but with the index before the suffix. Seen in test data of other tools only.
    IndexBeforeSuffix,
    /// There is no title, or it does not fit: only the name is known.
    NameOnly,
}

/// One way to read a sidecar name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The safe title. By name only: what is left of the name, which may be the start of a longer title (see `cut`).
    pub title: String,
    /// The extension, with its dot, that the name has and the title has not.
    pub added: Option<String>,
    /// The sidecar name without index and `.json`.
    pub base: String,
    /// The index; 0 for none.
    pub index: u32,
    /// How sure the reading is.
    pub agreement: Agreement,
    /// Whether part of the title is missing in the name, so that other titles could have the same one.
    pub cut: bool,
}

/// Reads a sidecar's name, best reading first; empty if the name does not end in `.json`.
///
/// With a title that fits there is exactly one reading. Otherwise there are up to two: with the number in brackets as
/// index, and as part of the title.
pub fn read_sidecar_name(name: &str, title: Option<&str>) -> Vec<Reading> {
    let Some(base) = strip_json(name) else { return Vec::new() };
    let mut tries = Vec::with_capacity(2);
    if let Some((rest, index)) = trailing_index(base)
        && !rest.is_empty()
    {
        tries.push((rest, index));
    }
    tries.push((base, 0));
    if let Some(title) = title.filter(|title| !title.is_empty()) {
        let title = Title::new(title);
        let best = tries.iter().filter_map(|(rest, index)| title.agrees(rest, *index)).min_by_key(|found| found.agreement);
        if let Some(found) = best.or_else(|| title.index_before_suffix(base)) {
            return vec![found];
        }
    }
    let mut readings: Vec<Reading> = Vec::new();
    for (rest, index) in tries {
        let reading = by_name_only(rest, index);
        if index == 0
            && let Some((bare, inner)) = trailing_index(&reading.title)
            && reading.title.len() < rest.len()
            && !bare.is_empty()
        {
            readings.push(Reading { title: bare.to_owned(), base: bare.to_owned(), index: inner, ..reading.clone() });
        }
        readings.push(reading);
    }
    readings
}

fn strip_json(name: &str) -> Option<&str> {
    let at = name.len().checked_sub(5)?;
    let ending = name.get(at..)?;
    (at > 0 && ending.eq_ignore_ascii_case(".json")).then(|| &name[..at])
}

fn by_name_only(rest: &str, index: u32) -> Reading {
    // At least one letter of the suffix must be left; a single dot could as well be the title's.
    let kept = (2..=SUFFIX.len()).rev().find_map(|length| rest.strip_suffix(&SUFFIX[..length]));
    let kept = kept.filter(|kept| !kept.is_empty());
    Reading {
        title: kept.unwrap_or(rest).to_owned(),
        added: None,
        base: rest.to_owned(),
        index,
        agreement: Agreement::NameOnly,
        cut: kept.is_none() && units(rest) >= SIDECAR_LIMIT,
    }
}

/// A title prepared for comparing with names.
struct Title {
    safe: String,
    key: String,
    rules: [String; 2],
}

impl Title {
    fn new(title: &str) -> Self {
        let safe = safe_title(title);
        let key = fold(&safe);
        let rules = [SidecarForm::Old, SidecarForm::New].map(|form| {
            let name = sidecar_name(&safe, 0, form);
            fold(strip_json(&name).unwrap_or_default())
        });
        Self { safe, key, rules }
    }

    fn agrees(&self, rest: &str, index: u32) -> Option<Reading> {
        let base = fold(rest);
        let (agreement, added) = self.compare(&base)?;
        let cut = !base.starts_with(&self.key);
        Some(Reading { title: self.safe.clone(), added, base: rest.to_owned(), index, agreement, cut })
    }

    fn compare(&self, base: &str) -> Option<(Agreement, Option<String>)> {
        if self.rules.iter().any(|rule| rule == base) {
            return Some((Agreement::Rule, None));
        }
        let Some(more) = base.strip_prefix(self.key.as_str()) else {
            // A cut inside the title: any of at least 46 units, because the limit may have moved.
            let other = self.key.starts_with(base) && units(base) >= SIDECAR_LIMIT;
            return other.then_some((Agreement::OtherCut, None));
        };
        if SUFFIX.starts_with(more) {
            return Some((Agreement::OtherCut, None));
        }
        self.added(more, base)
    }

    /// `more` is what the name has after the whole title: perhaps an extension that Google added, and then the suffix.
    fn added(&self, more: &str, base: &str) -> Option<(Agreement, Option<String>)> {
        let after_dot = more.strip_prefix('.')?;
        let length = after_dot.find('.').unwrap_or(after_dot.len());
        let (extension, suffix) = after_dot.split_at(length);
        let usable = |text: &str| matches!(class_of(text), MediaClass::Photo | MediaClass::Video);
        if usable(extension) && SUFFIX.starts_with(suffix) {
            let whole = format!("{}.{extension}", self.safe);
            let by_rule = [SidecarForm::Old, SidecarForm::New]
                .into_iter()
                .any(|form| strip_json(&sidecar_name(&whole, 0, form)).is_some_and(|rule| fold(rule) == base));
            let agreement = if by_rule { Agreement::Rule } else { Agreement::OtherCut };
            return Some((agreement, Some(format!(".{extension}"))));
        }
        // The cut fell into the added extension ("….jp"). A title that has one of its own was not given another.
        let cut_inside = suffix.is_empty() && units(base) >= SIDECAR_LIMIT && extension.len() < 4;
        (cut_inside && known_extension(&self.safe).is_none()).then_some((Agreement::OtherCut, None))
    }

    fn index_before_suffix(&self, base: &str) -> Option<Reading> {
        let close = (2..=SUFFIX.len()).rev().find_map(|length| base.strip_suffix(&SUFFIX[..length]))?;
        let (rest, index) = trailing_index(close)?;
        (fold(rest) == self.key).then(|| Reading {
            title: self.safe.clone(),
            added: None,
            base: rest.to_owned(),
            index,
            agreement: Agreement::IndexBeforeSuffix,
            cut: false,
        })
    }
}

#[cfg(test)]
#[path = "sidecar_name_tests.rs"]
mod tests;
