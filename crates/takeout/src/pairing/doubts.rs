//! Pairs that look exact and are not certain: they are taken back.
//!
//! Numbers of media and sidecars agree where the same items collide in both. Where they may not (titles without extension,
//! titles that look numbered, names at the limit, names that were numbered twice), a pair stands only if it is the same in
//! every assignment of its contest that Google's numbering allows. A contest is everything that hangs together by a name
//! which a file of one item and a file of another could both have, whatever the index.

use std::collections::{BTreeMap, HashMap, HashSet};

use photokeep_model::FileRole;

use super::assignments::{Contest, MOST_STEPS_OF_A_FOLDER, forced};
use super::evidence::Fit;
use super::outcome::{OpenGroup, WhyOpen};
use super::state::State;
use super::table::{Claim, Media, Table};
use crate::edited_words::EditedWords;
use crate::naming::{MEDIA_LIMIT, MediaClass, cut, fold, indexed_forms, spelled, units};

/// The most combinations of one contest that are compared; nothing is certain in a larger one.
const MOST_COMBINATIONS: usize = 4096;

/// How often an index is taken out of one name. More were never seen; a made-up name must not cost more.
const MOST_INDEXES: usize = 12;

/// A media name without some of its indexes.
pub(super) struct Level {
    /// Without index and extension; letter case kept, and folded.
    pub stem: String,
    pub stem_key: String,
    /// Without index; letter case kept, and folded.
    pub name: String,
    pub name_key: String,
    /// How many indexes were taken out.
    pub depth: usize,
    /// The number that the name has, if it is one: `(3)`, or as often `(1)` as it was numbered.
    pub number: Option<u32>,
    /// Length of the name in UTF-16 units.
    pub units: usize,
}

/// All readings of a media name: with all, some or none of the numbers in brackets as index.
pub(super) fn levels(media: &Media<'_>) -> Vec<Level> {
    let mut found: Vec<Level> = Vec::new();
    let mut work = vec![(media.name.to_owned(), 0usize, Some(0u32))];
    while let Some((name, depth, number)) = work.pop() {
        if found.iter().any(|level| level.depth == depth && level.name == spelled(&name)) || found.len() > MOST_INDEXES {
            continue;
        }
        for form in indexed_forms(&name).into_iter().skip(1) {
            let number = match (depth, number) {
                (0, _) => Some(form.index),
                (_, Some(above)) if form.index == 1 && above as usize == depth => Some(above + 1),
                _ => None,
            };
            // "(1)(1)" is the second number only if all of them are 1.
            work.push((form.name, depth + 1, number));
        }
        let stem = name.strip_suffix(media.extension).unwrap_or(&name);
        found.push(Level {
            stem: spelled(stem),
            stem_key: fold(stem),
            units: units(&name),
            name_key: fold(&name),
            name: spelled(&name),
            depth,
            number,
        });
    }
    found
}

/// Takes back every pair that is not the same in all assignments of its contest.
pub(super) fn take_back(state: &mut State<'_, '_>, words: &EditedWords) {
    let suffixes: Vec<String> = words.suffixes().map(|(suffix, _)| suffix.to_owned()).collect();
    let mut budget = MOST_STEPS_OF_A_FOLDER;
    for (sides, media) in contests(state.table, &suffixes) {
        if sides.len() < 2 || numbers_agree(state, &sides, &media) {
            continue;
        }
        settle(state, &sides, &media, &suffixes, &mut budget);
    }
}

fn settle(state: &mut State<'_, '_>, sides: &[usize], media: &[usize], suffixes: &[String], budget: &mut usize) {
    let table = state.table;
    let given = |state: &State<'_, '_>, at: usize| state.pairs[at].as_ref().map(|pair| (pair.sidecar, pair.role));
    let mut certain: Vec<Option<(usize, FileRole)>> = vec![None; media.len()];
    let mut near: Vec<usize> = sides.to_vec();
    if sides.len().saturating_mul(media.len()) <= MOST_COMBINATIONS {
        let mut contest = Contest::new(table, sides, media, suffixes);
        certain = forced(&contest, budget);
        let open: Vec<usize> = (0..media.len()).filter(|&at| certain[at].is_none()).collect();
        if open.iter().any(|&at| given(state, media[at]).is_some()) {
            for &at in &open {
                contest.retain(at, |side| state.fit(media[at], side) != Fit::Contradicts);
            }
            certain = forced(&contest, budget);
        }
        near = contest.sides_of(&open);
    }
    let mut doubtful = Vec::new();
    for (at, &file) in media.iter().enumerate() {
        let Some((side, role)) = given(state, file) else { continue };
        // By name only is another matter: such sidecars take no part here.
        if certain[at] == Some((side, role)) || !table.sides[side].agreed() {
            continue;
        }
        doubtful.push(file);
        if role == FileRole::Original {
            state.take_back(file);
        } else {
            state.pairs[file] = None;
        }
    }
    if !doubtful.is_empty() {
        near.retain(|&side| state.originals[side].is_none());
        state.leave_open(OpenGroup { media: doubtful, sidecars: near, why: WhyOpen::SeveralFit });
    }
}

/// Everything that hangs together by name, whatever the index: sidecars and media of each contest.
fn contests(table: &Table<'_>, suffixes: &[String]) -> Vec<(Vec<usize>, Vec<usize>)> {
    let mut keys: HashMap<String, usize> = HashMap::new();
    let mut joins = Joins::default();
    let mut members: Vec<(usize, usize, bool)> = Vec::new();
    let mut add = |names: Vec<String>, at: usize, is_media: bool| {
        let mut first = None;
        for name in names {
            let next = keys.len();
            let key = *keys.entry(name).or_insert(next);
            joins.join(*first.get_or_insert(key), key);
        }
        members.extend(first.map(|key| (key, at, is_media)));
    };
    for (at, side) in table.sides.iter().enumerate().filter(|(_, side)| side.agreed() && side.same_as.is_none()) {
        if let Some(claim) = side.claims.first() {
            add(stems_of_title(claim), at, false);
        }
    }
    for (at, media) in table.media.iter().enumerate() {
        add(stems_of_media(media, suffixes), at, true);
    }
    let mut found: BTreeMap<usize, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (key, at, is_media) in members {
        let contest = found.entry(joins.root(key)).or_default();
        if is_media { contest.1.push(at) } else { contest.0.push(at) }
    }
    found.into_values().collect()
}

fn stems_of_title(claim: &Claim) -> Vec<String> {
    let mut names = vec![fold(&claim.stem), claim.key.clone()];
    if units(&claim.stem) + 6 > MEDIA_LIMIT {
        names.extend([0, 3, 4, 5, 6].map(|length| claim.cut_stem(length)));
        names.push(fold(cut(&claim.reading.title, MEDIA_LIMIT)));
    }
    names
}

fn stems_of_media(media: &Media<'_>, suffixes: &[String]) -> Vec<String> {
    let mut names = Vec::new();
    for level in levels(media) {
        for suffix in suffixes {
            names.extend(level.stem_key.strip_suffix(suffix.as_str()).map(str::to_owned));
            if level.units >= MEDIA_LIMIT {
                let short = suffix.char_indices().skip(1).filter_map(|(end, _)| level.stem_key.strip_suffix(&suffix[..end]));
                names.extend(short.map(str::to_owned));
            }
        }
        names.push(level.stem_key);
        names.push(level.name_key);
    }
    names
}

/// Whether nothing can make the numbers of media and sidecars disagree here.
fn numbers_agree(state: &State<'_, '_>, sides: &[usize], media: &[usize]) -> bool {
    let table = state.table;
    let claims: Vec<&Claim> = sides.iter().filter_map(|&side| table.sides[side].claims.first()).collect();
    let stems: HashSet<String> = claims.iter().flat_map(|claim| [fold(&claim.stem), claim.key.clone()]).collect();
    let looks_numbered =
        |claim: &&Claim| indexed_forms(&claim.stem).into_iter().skip(1).any(|form| stems.contains(&fold(&form.name)));
    if claims.iter().any(looks_numbered) {
        return false;
    }
    let mut at_limit = false;
    for &at in media {
        let media = &table.media[at];
        let levels = levels(media);
        at_limit |= levels.iter().any(|level| level.units >= MEDIA_LIMIT);
        if levels.iter().any(|level| level.depth > 1 && (stems.contains(&level.stem_key) || level.units >= MEDIA_LIMIT)) {
            return false;
        }
    }
    let original = |side: usize| state.originals[side].and_then(|at| Some((at, state.pairs[at].as_ref()?.index)));
    let all_given_by_number =
        || sides.iter().zip(&claims).all(|(&side, claim)| original(side).is_some_and(|(_, index)| index == claim.reading.index));
    let one_extension = || {
        let extensions = sides.iter().filter_map(|&side| original(side)).map(|(at, _)| table.media[at].extension);
        extensions.collect::<HashSet<_>>().len() == 1
    };
    let one_title = || claims.iter().all(|claim| spelled(&claim.reading.title) == spelled(&claims[0].reading.title));
    if claims.iter().any(|claim| claim.extension.is_none()) && !(one_title() && one_extension() && all_given_by_number()) {
        return false;
    }
    // At the limit an edited copy may have its original's name; not if every file is an original.
    let as_many = || media.iter().filter(|&&at| table.media[at].class != MediaClass::Motion).count() == sides.len();
    let shared = claims.iter().any(|claim| claim.shared);
    !(at_limit || shared) || (as_many() && one_extension() && all_given_by_number())
}

/// Which names hang together (union-find).
#[derive(Default)]
struct Joins(Vec<usize>);

impl Joins {
    fn join(&mut self, left: usize, right: usize) {
        let most = left.max(right);
        while self.0.len() <= most {
            self.0.push(self.0.len());
        }
        let (left, right) = (self.root(left), self.root(right));
        self.0[left.max(right)] = left.min(right);
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }
}
