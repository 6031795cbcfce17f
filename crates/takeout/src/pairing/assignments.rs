//! All ways in which the files of one contest can belong to its items, and what is the same in all of them.
//!
//! More is allowed here than Google can do (any index, any order of items), never less. So what is the same in all of these
//! assignments is the same in all that are possible.

use photokeep_model::FileRole;

use super::doubts::{Level, levels};
use super::table::{Claim, Media, Table};
use crate::naming::{MEDIA_LIMIT, MediaClass, alias, cut, fold, indexed_forms, spelled, units};

/// The most steps that are taken to go through all assignments of one contest.
const MOST_STEPS: usize = 40_000;

/// The most steps for all contests of a folder together, so that a made-up folder takes no longer than a real one.
pub(super) const MOST_STEPS_OF_A_FOLDER: usize = 4_000_000;

/// What a file can be.
#[derive(Debug, Clone)]
struct Candidate {
    side: usize,
    role: FileRole,
    /// The letter case is the title's.
    spelled: bool,
    /// An edited copy with another extension than its original.
    far: bool,
    /// The name without index, and the number.
    name: String,
    number: Option<u32>,
}

/// One contest: what each of its files can be.
pub(super) struct Contest<'c> {
    sides: &'c [usize],
    candidates: Vec<Vec<Candidate>>,
    /// Per side (same order): the sidecar's name without index, and its number.
    numbers: Vec<(String, u32)>,
}

impl<'c> Contest<'c> {
    pub fn new(table: &Table<'_>, sides: &'c [usize], media: &[usize], suffixes: &[String]) -> Self {
        let claims: Vec<(usize, Title<'_>)> =
            sides.iter().filter_map(|&side| Some((side, Title::new(table.sides[side].claims.first()?)))).collect();
        let candidates = media
            .iter()
            .map(|&at| {
                let media = &table.media[at];
                let levels = levels(media);
                let mut found: Vec<Candidate> = Vec::new();
                for (side, title) in &claims {
                    let mut of = Vec::new();
                    title.original(media, &levels, *side, &mut of);
                    title.motion(media, &levels, *side, &mut of);
                    title.edited(media, &levels, *side, suffixes, &mut of);
                    found.extend(of);
                }
                // A name keeps its letter case.
                if found.iter().any(|candidate| candidate.spelled) {
                    found.retain(|candidate| candidate.spelled);
                }
                // An edited copy has its original's extension, if there is an original of that stem with it.
                let stem = |side: usize| table.sides[side].claims.first().map(|claim| fold(&claim.stem));
                let near: Vec<Option<String>> = found
                    .iter()
                    .filter(|candidate| candidate.role == FileRole::Edited && !candidate.far)
                    .map(|candidate| stem(candidate.side))
                    .collect();
                found.retain(|candidate| !candidate.far || !near.contains(&stem(candidate.side)));
                found
            })
            .collect();
        let numbers = claims.iter().map(|(_, title)| (spelled(&title.claim.reading.base), title.claim.reading.index)).collect();
        Self { sides, candidates, numbers }
    }

    /// Drops sides that a file (a position in this contest) cannot belong to.
    pub fn retain(&mut self, media: usize, mut possible: impl FnMut(usize) -> bool) {
        self.candidates[media].retain(|candidate| possible(candidate.side));
    }

    /// The sides that these files can belong to.
    pub fn sides_of(&self, media: &[usize]) -> Vec<usize> {
        let mut sides: Vec<usize> = media.iter().flat_map(|&at| &self.candidates[at]).map(|candidate| candidate.side).collect();
        sides.sort_unstable();
        sides.dedup();
        sides
    }
}

struct Title<'t> {
    claim: &'t Claim,
    stem: String,
    stem_key: String,
}

impl<'t> Title<'t> {
    fn new(claim: &'t Claim) -> Self {
        Self { claim, stem: spelled(&claim.stem), stem_key: fold(&claim.stem) }
    }

    fn original(&self, media: &Media<'_>, levels: &[Level], side: usize, found: &mut Vec<Candidate>) {
        let bare = matches!(media.class, MediaClass::Unknown | MediaClass::Motion);
        for level in levels {
            let title = self.claim.reading.title.as_str();
            let by_stem = || is_stem(&level.stem, &level.stem_key, &self.claim.stem, media.extension);
            let by_name = || is_stem(&level.name, &level.name_key, title, "");
            let doubled = || is_stem(&level.stem, &level.stem_key, title, media.extension);
            let fits = match self.claim.extension.as_deref() {
                Some(extension) if alias(extension) == alias(media.extension) => {
                    let other_limit = level.units > MEDIA_LIMIT + 1 && self.stem_key.starts_with(&level.stem_key);
                    let fits = by_stem().or_else(doubled).or(other_limit.then_some(self.stem.starts_with(&level.stem)));
                    fits.map(|same| same && extension == media.extension)
                }
                Some(_) if bare => None,
                Some(_) => doubled().filter(|_| self.claim.class.goes_with(media.class)),
                None if bare => by_name(),
                None => {
                    let other_limit = level.units > MEDIA_LIMIT + 1 && self.stem_key.starts_with(&level.stem_key);
                    by_stem().or(other_limit.then_some(self.stem.starts_with(&level.stem)))
                }
            };
            if let Some(same) = fits {
                found.push(candidate(side, FileRole::Original, same, level));
            }
        }
    }

    fn motion(&self, media: &Media<'_>, levels: &[Level], side: usize, found: &mut Vec<Candidate>) {
        if media.class == MediaClass::Photo || self.claim.class == MediaClass::Video {
            return;
        }
        for level in levels {
            let by_stem = is_stem(&level.stem, &level.stem_key, &self.claim.stem, media.extension);
            let by_name = || is_stem(&level.name, &level.name_key, &self.claim.stem, "");
            if let Some(same) = by_stem.or_else(by_name) {
                found.push(candidate(side, FileRole::Motion, same, level));
            }
        }
    }

    fn edited(&self, media: &Media<'_>, levels: &[Level], side: usize, suffixes: &[String], found: &mut Vec<Candidate>) {
        if !matches!(media.class, MediaClass::Photo | MediaClass::Video) || !self.claim.class.goes_with(media.class) {
            return;
        }
        let own = self.claim.extension.as_deref();
        let far = own.is_some_and(|extension| alias(extension) != alias(media.extension));
        for level in levels {
            let at_limit = level.units >= MEDIA_LIMIT;
            let cut_away = at_limit && units(&self.claim.stem) + units(media.extension) >= MEDIA_LIMIT;
            let away = || is_stem(&level.stem, &level.stem_key, &self.claim.stem, media.extension);
            let fits = match suffixes.iter().any(|suffix| self.has_word(level, suffix, at_limit)) {
                true => Some(level.stem.starts_with(&self.stem)),
                false if cut_away => away(),
                false => None,
            };
            if let Some(same) = fits {
                found.push(Candidate { far, ..candidate(side, FileRole::Edited, same, level) });
            }
        }
    }

    fn has_word(&self, level: &Level, suffix: &str, at_limit: bool) -> bool {
        if let Some(stem) = level.stem_key.strip_suffix(suffix) {
            let inner = || indexed_forms(stem).into_iter().any(|form| form.name == self.stem_key);
            return stem == self.stem_key || inner();
        }
        let rest = level.stem_key.strip_prefix(self.stem_key.as_str());
        at_limit && rest.is_some_and(|rest| !rest.is_empty() && suffix.starts_with(rest))
    }
}

/// Whether a text (as spelled, and its key) is the stem `of` a title, whole or cut for an extension of this length; and then
/// whether in the same letter case.
fn is_stem(text: &str, key: &str, of: &str, extension: &str) -> Option<bool> {
    let cut_stem = cut(of, MEDIA_LIMIT.saturating_sub(units(extension)));
    let same_spelling = text == spelled(cut_stem) || text == spelled(of);
    (same_spelling || key == fold(cut_stem) || key == fold(of)).then_some(same_spelling)
}

fn candidate(side: usize, role: FileRole, spelled: bool, level: &Level) -> Candidate {
    Candidate { side, role, spelled, far: false, name: level.name.clone(), number: level.number }
}

/// What each file of the contest is in all its assignments: those that leave the fewest items without an original, and
/// among them the fewest files without an item.
pub(super) fn forced(contest: &Contest<'_>, budget: &mut usize) -> Vec<Option<(usize, FileRole)>> {
    let mut order: Vec<usize> = (0..contest.candidates.len()).collect();
    order.sort_by_key(|&at| contest.candidates[at].len());
    let mut search = Search {
        contest,
        order,
        chosen: vec![None; contest.candidates.len()],
        steps: 0,
        most: MOST_STEPS.min(*budget),
        best: (usize::MAX, usize::MAX),
        common: vec![None; contest.candidates.len()],
    };
    search.go(0, 0);
    *budget = budget.saturating_sub(search.steps);
    if search.steps <= search.most {
        return search.common;
    }
    // Too many ways to go through: only what can be nothing else.
    let only = |found: &Vec<Candidate>| {
        let first = found.first()?;
        let same = found.iter().all(|other| (other.side, other.role) == (first.side, first.role));
        same.then_some((first.side, first.role))
    };
    contest.candidates.iter().map(only).collect()
}

struct Search<'s, 'c> {
    contest: &'s Contest<'c>,
    order: Vec<usize>,
    chosen: Vec<Option<&'s Candidate>>,
    steps: usize,
    most: usize,
    /// Items without an original, files without an item.
    best: (usize, usize),
    common: Vec<Option<(usize, FileRole)>>,
}

impl Search<'_, '_> {
    fn go(&mut self, depth: usize, without: usize) {
        self.steps += 1;
        if self.steps > self.most {
            return;
        }
        let contest = self.contest;
        let originals = self.chosen.iter().flatten().filter(|chosen| chosen.role == FileRole::Original).count();
        let left = self.order.len() - depth;
        let missing = contest.sides.len().saturating_sub(originals);
        if (missing.saturating_sub(left), without) > self.best {
            return;
        }
        let Some(&media) = self.order.get(depth) else {
            self.keep((missing, without));
            return;
        };
        for candidate in &contest.candidates[media] {
            if self.chosen.iter().flatten().all(|other| self.go_together(candidate, other)) {
                self.chosen[media] = Some(candidate);
                self.go(depth + 1, without);
                self.chosen[media] = None;
            }
        }
        self.go(depth + 1, without + 1);
    }

    fn go_together(&self, left: &Candidate, right: &Candidate) -> bool {
        if left.side == right.side {
            if left.role == right.role {
                return false;
            }
            // The copy starts with its original's number, and with a higher one if the name is the same.
            let (original, derived) = match (left.role, right.role) {
                (FileRole::Original, _) => (left, right),
                (_, FileRole::Original) => (right, left),
                _ => return true,
            };
            let not_before = original.number.zip(derived.number).is_none_or(|(original, derived)| original <= derived);
            return not_before && (original.name != derived.name || less(original.number, derived.number));
        }
        if left.role != FileRole::Original || right.role != FileRole::Original || left.name != right.name {
            return true;
        }
        // Of two items with one name on both sides, the lower numbers belong together.
        let number = |candidate: &Candidate| {
            let at = self.contest.sides.iter().position(|&side| side == candidate.side)?;
            self.contest.numbers.get(at)
        };
        match (number(left), number(right)) {
            (Some((left_name, first)), Some((right_name, second))) if left_name == right_name && first != second => {
                if first < second { less(left.number, right.number) } else { less(right.number, left.number) }
            }
            _ => true,
        }
    }

    fn keep(&mut self, score: (usize, usize)) {
        let chosen = self.chosen.iter().map(|chosen| chosen.map(|found| (found.side, found.role)));
        if score < self.best {
            self.best = score;
            self.common = chosen.collect();
            return;
        }
        if score == self.best {
            for (common, chosen) in self.common.iter_mut().zip(chosen) {
                if *common != chosen {
                    *common = None;
                }
            }
        }
    }
}

fn less(left: Option<u32>, right: Option<u32>) -> bool {
    left.zip(right).is_none_or(|(left, right)| left < right)
}
