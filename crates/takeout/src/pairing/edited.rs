//! Tiers 3 and 7: edited copies. They have no sidecar; they join their original's.

use std::collections::{BTreeMap, HashMap, HashSet};

use photokeep_model::FileRole;

use super::evidence::Fit;
use super::outcome::{Because, Confidence, OpenGroup, Tier, UnknownWord, WhyOpen};
use super::state::{Pair, State};
use super::table::{MANY, Table};
use crate::edited_words::{EditedWords, Tally, may_be_edited_word};
use crate::naming::{MEDIA_LIMIT, MediaClass, alias, fold, indexed_forms, units};

/// The stems of items, by which edited copies find them. Also those whose original is not here.
pub(super) struct Stems {
    indexed: HashMap<(String, u32), Vec<usize>>,
    all: HashMap<String, Vec<(usize, u32)>>,
    /// Stems of long titles as the cut leaves them.
    cut: HashMap<String, Vec<usize>>,
    /// Stems of items without a file whose index is not known.
    unclear: HashSet<String>,
}

impl Stems {
    pub fn new(state: &State<'_, '_>) -> Self {
        let mut stems = Self { indexed: HashMap::new(), all: HashMap::new(), cut: HashMap::new(), unclear: HashSet::new() };
        for (at, side) in state.table.sides.iter().enumerate() {
            let Some(claim) = side.claims.first().filter(|_| side.same_as.is_none()) else { continue };
            let pair = state.originals[at].and_then(|media| state.pairs[media].as_ref().map(|pair| (media, pair.index)));
            let index = pair.map_or(claim.index, |(_, index)| index);
            if (side.agreed() || !claim.reading.cut) && (pair.is_some() || !claim.unclear()) {
                stems.add(fold(&claim.stem), index, at);
                let mut long: Vec<String> = (3..=6)
                    .filter(|length| units(&claim.stem) + length >= MEDIA_LIMIT)
                    .map(|length| claim.cut_stem(length))
                    .collect();
                long.dedup();
                for key in long {
                    stems.cut.entry(key).or_default().push(at);
                }
            }
            if pair.is_none() && claim.unclear() {
                stems.unclear.insert(fold(&claim.stem));
            }
            if let Some((media, index)) = pair {
                let form = state.table.media[media].forms.iter().find(|form| form.index == index);
                form.into_iter().for_each(|form| stems.add(form.stem.clone(), index, at));
            }
        }
        stems
    }

    fn add(&mut self, stem: String, index: u32, side: usize) {
        let sides = self.indexed.entry((stem.clone(), index)).or_default();
        if !sides.contains(&side) && sides.len() <= MANY {
            sides.push(side);
        }
        let all = self.all.entry(stem).or_default();
        if all.last() != Some(&(side, index)) {
            all.push((side, index));
        }
    }

    /// The items of a stem and index; none if there is one of that stem whose index is not known.
    fn at(&self, stem: &str, index: u32) -> &[usize] {
        if self.unclear.contains(stem) {
            return &[];
        }
        self.indexed.get(&(stem.to_owned(), index)).map(Vec::as_slice).unwrap_or_default()
    }
}

/// A likely original of an edited copy.
struct Candidate {
    side: usize,
    because: Vec<Because>,
    confidence: Confidence,
}

/// Tier 3.
pub(super) fn by_word(state: &mut State<'_, '_>, stems: &Stems, words: &EditedWords) {
    for media in state.free_media() {
        // An edited copy is a rendered file; it has an extension.
        if !matches!(state.table.media[media].class, MediaClass::Photo | MediaClass::Video) {
            continue;
        }
        let candidates = candidates(state, stems, words, media);
        if is_film_of_another(state, stems, media, &candidates) {
            leave_open(state, media, &candidates);
            continue;
        }
        let mut kinds = by_nearness(state, media, candidates).into_values();
        let Some(mut nearest) = kinds.next() else { continue };
        // Farther ones speak only when the file is not of the nearest.
        let mut farther: Vec<Candidate> = kinds.flatten().collect();
        if nearest.iter().chain(&farther).any(|candidate| state.locked_sides[candidate.side]) {
            // Which of them is meant hangs on an index, and that is what is open.
            nearest.extend(farther);
            leave_open(state, media, &nearest);
            continue;
        }
        if let [one] = nearest.as_slice()
            && !farther.is_empty()
            && state.fit(media, one.side) == Fit::Contradicts
        {
            nearest.append(&mut farther);
        }
        match nearest.as_slice() {
            [] => {}
            [one] if farther.is_empty() => join(state, media, one, Tier::Edited),
            // Only the extension told them apart.
            [one] => {
                let nearest = Candidate { confidence: Confidence::Medium, because: one.because.clone(), ..*one };
                join(state, media, &nearest, Tier::Edited);
            }
            several => {
                let fits: Vec<(usize, Fit)> =
                    several.iter().enumerate().map(|(at, candidate)| (at, state.fit(media, candidate.side))).collect();
                let mut possible = fits.iter().filter(|(_, fit)| *fit != Fit::Contradicts);
                if let (Some((at, Fit::Fits(because))), None) = (possible.next(), possible.next()) {
                    let mut only =
                        Candidate { confidence: Confidence::Medium, because: several[*at].because.clone(), ..several[*at] };
                    only.because.push(*because);
                    join(state, media, &only, Tier::Evidence);
                } else {
                    leave_open(state, media, several);
                }
            }
        }
    }
}

/// Whether a film has the very stem of a still with a sidecar, and by its word would be the edited copy of another film: it may be
/// the moving part of the one as well as the copy of the other.
fn is_film_of_another(state: &State<'_, '_>, stems: &Stems, media: usize, candidates: &[Candidate]) -> bool {
    let claimed = |side: usize| state.table.sides[side].claims.first().map(|claim| claim.class);
    let is_film = state.table.media[media].class == MediaClass::Video;
    let of_films = || candidates.iter().any(|candidate| claimed(candidate.side) == Some(MediaClass::Video));
    let stills = || {
        let forms = state.table.media[media].forms.iter();
        forms.flat_map(|form| stems.at(&form.stem, form.index)).any(|side| claimed(*side) == Some(MediaClass::Photo))
    };
    is_film && of_films() && stills()
}

fn leave_open(state: &mut State<'_, '_>, media: usize, candidates: &[Candidate]) {
    let sidecars = candidates.iter().map(|candidate| candidate.side).collect();
    state.locked_media[media] = true;
    state.open.push(OpenGroup { media: vec![media], sidecars, why: WhyOpen::EditedFitsSeveral });
}

fn join(state: &mut State<'_, '_>, media: usize, candidate: &Candidate, tier: Tier) {
    let index = state.table.media[media].forms.last().map_or(0, |form| form.index);
    let (because, confidence) = (candidate.because.clone(), candidate.confidence);
    state.derive(media, Pair { sidecar: candidate.side, role: FileRole::Edited, tier, confidence, because, index });
}

fn candidates(state: &State<'_, '_>, stems: &Stems, words: &EditedWords, media: usize) -> Vec<Candidate> {
    let table = state.table;
    let media = &table.media[media];
    let mut found: Vec<Candidate> = Vec::new();
    let mut add = |sides: &[usize], because: Because, confidence: Confidence| {
        for &side in sides {
            if !found.iter().any(|candidate| candidate.side == side) {
                found.push(Candidate { side, because: vec![because], confidence });
            }
        }
    };
    for form in &media.forms {
        for (suffix, learned) in words.suffixes() {
            let (because, confidence) =
                if learned { (Because::LearnedWord, Confidence::Medium) } else { (Because::EditedWord, Confidence::High) };
            if let Some(stem) = form.stem.strip_suffix(suffix) {
                add(stems.at(stem, form.index), because, confidence);
            }
        }
    }
    // At the limit an index may also come from an item of this very name, whose edited copy lost its word.
    let is_item = |name: &str| {
        let members = table.families.get(name).map(Vec::as_slice).unwrap_or_default();
        members.iter().take(MANY).any(|&(member, _)| state.pairs[member].is_some())
    };
    for form in media.forms.iter().filter(|form| form.units >= MEDIA_LIMIT && (form.index == 0 || !is_item(&form.key))) {
        for (suffix, _) in words.suffixes() {
            for (end, _) in suffix.char_indices().skip(1) {
                let Some(stem) = form.stem.strip_suffix(&suffix[..end]) else { continue };
                // Of a stem that is cut itself no word is left.
                let whole = |side: &&usize| table.sides[**side].claims.first().is_some_and(|claim| fold(&claim.stem) == stem);
                let sides: Vec<usize> = stems.at(stem, form.index).iter().filter(whole).copied().collect();
                add(&sides, Because::WordCutShort, Confidence::High);
            }
        }
    }
    if found.is_empty() {
        // "IMG(1)-edited.jpg": not by the rule, but it can mean nothing else.
        for (stem, _) in stripped(media.forms[0].stem.as_str(), words) {
            for inner in indexed_forms(stem).into_iter().skip(1) {
                let sides = stems.at(&inner.name, inner.index);
                found.extend(sides.iter().map(|&side| Candidate {
                    side,
                    because: vec![Because::EditedWord],
                    confidence: Confidence::Medium,
                }));
            }
        }
    }
    found
}

fn stripped<'s>(stem: &'s str, words: &EditedWords) -> Vec<(&'s str, bool)> {
    words.suffixes().filter_map(|(suffix, learned)| stem.strip_suffix(suffix).map(|stem| (stem, learned))).collect()
}

/// The candidates by kind: same extension, then same format, then another of the same class.
fn by_nearness(state: &State<'_, '_>, media: usize, candidates: Vec<Candidate>) -> BTreeMap<u32, Vec<Candidate>> {
    let edited = &state.table.media[media];
    let distance = |side: usize| {
        let original = state.originals[side].map(|original| &state.table.media[original]);
        let claim = state.table.sides[side].claims.first();
        let class = original.map(|original| original.class).or(claim.map(|claim| claim.class)).unwrap_or(MediaClass::Unknown);
        if !class.goes_with(edited.class) {
            return None;
        }
        let titled = claim.and_then(|claim| claim.extension.as_deref());
        let mut near = [original.map(|original| original.extension), titled].into_iter().flatten();
        let mut alike = near.clone();
        Some(if near.any(|extension| extension.eq_ignore_ascii_case(edited.extension)) {
            0
        } else if alike.any(|extension| alias(extension) == alias(edited.extension)) {
            1
        } else {
            2
        })
    };
    let mut by_distance: BTreeMap<u32, Vec<Candidate>> = BTreeMap::new();
    for candidate in candidates {
        if let Some(distance) = distance(candidate.side) {
            by_distance.entry(distance).or_default().push(candidate);
        }
    }
    by_distance
}

/// Tier 7: an edited copy with an index that no sidecar has, or whose word was cut away whole.
pub(super) fn inferred(state: &mut State<'_, '_>, stems: &Stems, words: &EditedWords) {
    for media in state.free_media() {
        let table = state.table;
        let mut found: Vec<Candidate> = Vec::new();
        for form in table.media[media].forms.iter().filter(|form| form.index > 0) {
            for (stem, _) in stripped(&form.stem, words) {
                // A file with that index and no sidecar is the likelier original, and then nothing is known.
                if table.by_stem.contains_key(&(stem.to_owned(), form.index)) {
                    continue;
                }
                let sides = stems.all.get(stem).into_iter().flatten().take(MANY + 1);
                found.extend(sides.map(|&(side, _)| low(side, Because::IndexOfItsOwn)));
            }
        }
        for form in table.media[media].forms.iter().filter(|form| form.units >= MEDIA_LIMIT) {
            let sides = stems.cut.get(&form.stem).into_iter().flatten().take(MANY + 1);
            found.extend(sides.map(|&side| low(side, Because::WordCutAway)));
        }
        found.sort_by_key(|candidate| candidate.side);
        found.dedup_by_key(|candidate| candidate.side);
        // No choice by extension here: a second possible original is one too many. A film of a photo's name may be its moving
        // part as well, and where the original is not known, this file may be it.
        let class = table.media[media].class;
        let fits = |candidate: &Candidate| {
            let original = state.originals[candidate.side].map(|original| table.media[original].class);
            let cut_away = candidate.because == [Because::WordCutAway];
            original.map_or(!cut_away && !state.locked_sides[candidate.side], |original| original == class)
        };
        if !found.iter().all(fits) {
            continue;
        }
        if let [one] = found.as_slice()
            && (one.because != [Because::WordCutAway] || may_be_cut_to(state, media, one.side))
            && !state.file_contradicts(media, one.side)
        {
            join(state, media, one, Tier::InferredEdit);
        }
    }
}

/// Whether an edited copy of this item can have got this name by the cut: it has its original's extension, or is the JPEG of
/// a HEIC; and the original was named first, so a copy of the same name has the higher index.
fn may_be_cut_to(state: &State<'_, '_>, media: usize, side: usize) -> bool {
    let Some(original) = state.originals[side] else { return false };
    let Some(given) = state.pairs[original].as_ref().map(|pair| pair.index) else { return false };
    let (copy, original) = (&state.table.media[media], &state.table.media[original]);
    if !copy.extension.eq_ignore_ascii_case(original.extension) {
        return alias(original.extension) == "heic" && alias(copy.extension) == "jpg";
    }
    let base = original.forms.iter().find(|form| form.index == given).map(|form| form.key.as_str());
    copy.forms.iter().any(|form| Some(form.key.as_str()) == base && form.index > given)
}

fn low(side: usize, because: Because) -> Candidate {
    Candidate { side, because: vec![because], confidence: Confidence::Low }
}

/// Words that may be edited words of an unknown language, and words that cannot be.
pub(super) struct SeenWords {
    pub unknown: Vec<UnknownWord>,
    pub with_sidecar: Vec<String>,
}

impl SeenWords {
    /// Counts within one folder.
    pub fn count(&self, table: &Table<'_>, tally: &mut Tally) {
        for seen in &self.unknown {
            // Here the sidecars themselves tell originals apart.
            let index = table.sides[seen.sidecar].claims.first().map_or(0, |claim| claim.index);
            tally.seen(&seen.word, &format!("{index} {}", seen.original));
        }
        self.with_sidecar.iter().for_each(|word| tally.seen_with_sidecar(word));
    }
}

/// Looks through files named like an original and a word: those without a sidecar, and those with one of their own.
pub(super) fn unknown_words(state: &State<'_, '_>, stems: &Stems) -> SeenWords {
    let mut seen = SeenWords { unknown: Vec::new(), with_sidecar: Vec::new() };
    for (at, media) in state.table.media.iter().enumerate() {
        let own = state.pairs[at].as_ref().filter(|pair| pair.role == FileRole::Original).map(|pair| pair.sidecar);
        if (own.is_none() && !state.media_is_free(at)) || media.class == MediaClass::Motion {
            continue;
        }
        for form in &media.forms {
            // A word may have hyphens in it; more than two were never seen.
            for (dash, _) in form.stem.rmatch_indices('-').take(3) {
                let (stem, word) = (&form.stem[..dash], &form.stem[dash + 1..]);
                let [side] = stems.at(stem, form.index) else { continue };
                let prepared = &state.table.sides[*side];
                let Some(claim) = prepared.claims.first().filter(|claim| claim.class.goes_with(media.class)) else { continue };
                if !may_be_edited_word(word) || own == Some(*side) {
                    continue;
                }
                if own.is_some() {
                    seen.with_sidecar.push(word.to_owned());
                } else if state.originals[*side].is_some() {
                    let original = format!("{} {}", prepared.entry.taken.unwrap_or_default(), claim.key);
                    seen.unknown.push(UnknownWord { word: word.to_owned(), media: at, sidecar: *side, original });
                }
            }
        }
    }
    seen.with_sidecar.sort_unstable();
    seen.with_sidecar.dedup();
    seen
}
