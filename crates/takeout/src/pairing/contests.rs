//! Names that two sidecars ask for, and what follows from them.
//!
//! Indexes are dealt to media and to sidecars separately. They agree as long as the same items collide in both; they do not
//! where a title looks like another one's indexed name (`Scan(1).jpg`), where an added extension meets a title that has it,
//! or where an edited copy was cut down to its original's name. Such a contest is seen by a file that nobody asks for: then
//! every higher index of that name may be shifted, and all of them are one open group.

use std::collections::{BTreeMap, HashMap};

use super::claims::{LongStems, RULES, ask};
use super::decide::{decide, index_of};
use super::evidence::Fit;
use super::outcome::{Because, Confidence, OpenGroup, Tier, WhyOpen};
use super::primary::connected;
use super::state::{Edge, State};
use super::table::{MANY, Media};
use crate::naming::{MEDIA_LIMIT, MediaClass, fold, indexed_forms, media_name, units};

/// Settles what the tiers of originals could not, and undoes pairs that a contest makes doubtful.
pub(super) fn settle(state: &mut State<'_, '_>) {
    let mut asked: Vec<(usize, usize)> = Vec::new();
    for group in std::mem::take(&mut state.contested) {
        // One edge per member is enough to hold a group together.
        asked.extend(group.sidecars.iter().map(|&side| (side, group.media[0])));
        asked.extend(group.media.iter().map(|&media| (group.sidecars[0], media)));
    }
    let later = asked_but_given(state);
    let orphans = Orphans::of(state);
    let (doubtful, soft): (Vec<_>, Vec<_>) = later.into_iter().partition(|&(_, media)| orphans.beside(&state.table.media[media]));
    let mut families: BTreeMap<String, (u32, usize)> = BTreeMap::new();
    asked.extend(extension_free_titles(state));
    for &(side, media) in asked.iter().chain(&doubtful) {
        for form in &state.table.media[media].forms {
            if orphans.above(&form.key, form.index) {
                let least = families.entry(form.key.clone()).or_insert((form.index, side));
                if form.index < least.0 {
                    *least = (form.index, side);
                }
            }
        }
    }
    for (family, (least, side)) in families_with_cut_edits(state, &orphans) {
        let members = state.table.families.get(&family).into_iter().flatten();
        asked.extend(members.filter(|(media, _)| state.pairs[*media].is_none()).map(|&(media, _)| (side, media)));
        families.entry(family).or_insert((least, side));
    }
    asked.extend(doubtful);
    expand(state, families, &mut asked);
    for (sidecars, media) in connected(asked) {
        for &at in &media {
            state.take_back(at);
        }
        let group = OpenGroup { media, sidecars, why: WhyOpen::SeveralFit };
        state.lock(&group);
        decide(state, group, false);
    }
    for (side, media) in soft {
        hand_over_if_the_file_says_so(state, side, media);
    }
}

/// Sidecars without a file whose file was given to another one by an earlier rule.
fn asked_but_given(state: &State<'_, '_>) -> Vec<(usize, usize)> {
    let free = state.free_sides();
    let nothing = LongStems::of(std::iter::empty());
    let mut found = Vec::new();
    for side in free.into_iter().filter(|&side| state.table.sides[side].agreed()) {
        for rule in RULES {
            let edges = ask(state.table, side, rule, &nothing);
            found.extend(edges.iter().filter(|edge| state.pairs[edge.media].is_some()).map(|edge| (side, edge.media)));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Titles without extension got a file, and files of the same stem with a higher index got nobody: Google put the number on
/// the name with the extension, where it may have met another title's.
fn extension_free_titles(state: &State<'_, '_>) -> Vec<(usize, usize)> {
    let table = state.table;
    let mut orphans: HashMap<String, Vec<(u32, usize)>> = HashMap::new();
    for media in state.free_media() {
        if !matches!(table.media[media].class, MediaClass::Photo | MediaClass::Video) {
            continue;
        }
        let mut names = vec![table.media[media].forms[0].stem.clone()];
        while let Some(name) = names.pop() {
            for form in indexed_forms(&name).into_iter().skip(1) {
                orphans.entry(form.name.clone()).or_default().push((form.index, media));
                names.push(form.name);
            }
        }
    }
    let mut found = Vec::new();
    for (side, original) in state.originals.iter().enumerate() {
        let (Some(media), Some(claim)) = (*original, table.sides[side].claims.first()) else { continue };
        let added = state.pairs[media].as_ref().is_some_and(|pair| pair.tier == Tier::Extension);
        let bare = matches!(table.media[media].class, MediaClass::Unknown | MediaClass::Motion);
        if claim.extension.is_some() || !(added || bare) {
            continue;
        }
        // A film may be a moving part, and a file of any index the item itself.
        let film = table.media[media].class == MediaClass::Video;
        let above = orphans.get(claim.key.as_str()).into_iter().flatten().filter(|(index, _)| film || *index > claim.index);
        let before = found.len();
        found.extend(above.take(MANY).map(|&(_, orphan)| (side, orphan)));
        if found.len() > before {
            found.push((side, media));
            let beside = table.by_stem.get(&(claim.key.clone(), claim.index)).into_iter().flatten().take(MANY);
            found.extend(beside.map(|&other| (side, other)));
        }
    }
    found
}

/// For each name the highest index that a file without a sidecar has, files that were numbered twice included.
struct Orphans(HashMap<String, u32>);

impl Orphans {
    fn of(state: &State<'_, '_>) -> Self {
        let mut highest: HashMap<String, u32> = HashMap::new();
        for media in state.free_media() {
            let mut names = vec![fold(state.table.media[media].name)];
            while let Some(name) = names.pop() {
                for form in indexed_forms(&name).into_iter().skip(1) {
                    let known = highest.entry(form.name.clone()).or_default();
                    *known = form.index.max(*known);
                    names.push(form.name);
                }
            }
        }
        Self(highest)
    }

    /// Whether a name has a file with a higher index that no sidecar got.
    fn above(&self, family: &str, index: u32) -> bool {
        self.0.get(family).is_some_and(|highest| *highest > index)
    }

    fn beside(&self, media: &Media<'_>) -> bool {
        media.forms.iter().any(|form| self.above(&form.key, form.index))
    }
}

/// Names at the limit that several items share, with a file too many: it may be an edited copy whose word was cut away
/// whole, and then it is not certain that it has the last index.
fn families_with_cut_edits(state: &State<'_, '_>, orphans: &Orphans) -> Vec<(String, (u32, usize))> {
    let table = state.table;
    let mut found: HashMap<String, Vec<(u32, usize)>> = HashMap::new();
    for (side, prepared) in table.sides.iter().enumerate().filter(|(_, side)| side.agreed() && side.same_as.is_none()) {
        let Some(claim) = prepared.claims.first() else { continue };
        // The name by the title, and the one it got; they differ where an extension was added.
        let by_title =
            claim.extension.as_ref().map(|extension| (fold(&media_name(&claim.reading.title, 0, None)), extension.as_str()));
        let given = state.originals[side].and_then(|at| {
            let form = table.media[at].forms.iter().find(|form| form.index == claim.index)?;
            Some((form.key.clone(), table.media[at].extension))
        });
        let mut names: Vec<(String, &str)> = by_title.into_iter().chain(given).collect();
        names.dedup_by(|left, right| left.0 == right.0);
        for (name, extension) in names {
            if units(&claim.stem) + units(extension) >= MEDIA_LIMIT && !extension.is_empty() {
                found.entry(name).or_default().push((claim.index, side));
            }
        }
    }
    let several = found.into_iter().filter(|(_, members)| members.len() > 1);
    let mut doubtful: Vec<(String, (u32, usize))> = several
        .filter_map(|(family, mut members)| {
            members.sort_unstable();
            let (least, (_, side)) = (members[0].0, members[1]);
            let mut all = table.families.get(&family).into_iter().flatten();
            let doubtful = orphans.above(&family, least) || all.any(|&(media, _)| state.pairs[media].is_none());
            doubtful.then_some((family, (least, side)))
        })
        .collect();
    doubtful.sort_unstable();
    doubtful
}

/// Adds everything above the contested index of each family to the group of the sidecar that contests it, with what was
/// numbered twice.
fn expand(state: &mut State<'_, '_>, mut families: BTreeMap<String, (u32, usize)>, asked: &mut Vec<(usize, usize)>) {
    let mut work: Vec<(String, u32, usize)> = families.iter().map(|(name, &(least, side))| (name.clone(), least, side)).collect();
    while let Some((family, least, side)) = work.pop() {
        for &(media, _) in state.table.families.get(&family).into_iter().flatten().filter(|member| member.1 > least) {
            if let Some(other) = state.take_back(media) {
                asked.push((other, media));
            }
            asked.push((side, media));
            let again = &state.table.media[media].forms[0].key;
            if !families.contains_key(again) {
                families.insert(again.clone(), (0, side));
                work.push((again.clone(), 0, side));
            }
        }
    }
    // Sidecars of these names that found nothing may be those of the files that nobody asked for.
    let touched: HashMap<&str, usize> = families.iter().map(|(family, &(_, side))| (family.as_str(), side)).collect();
    let near: HashMap<usize, usize> = asked.iter().copied().collect();
    for side in state.free_sides() {
        let Some(claim) = state.table.sides[side].claims.first() else { continue };
        let family = fold(&media_name(&claim.reading.title, 0, None));
        let Some(owner) = touched.get(family.as_str()) else { continue };
        asked.extend(near.get(owner).map(|&media| (side, media)));
    }
    // Whoever holds a contested file now belongs to its group.
    let owners: Vec<(usize, usize)> =
        asked.iter().filter_map(|&(_, media)| state.pairs[media].as_ref().map(|pair| (pair.sidecar, media))).collect();
    asked.extend(owners);
}

/// A contest in which every file has an asker: the earlier rule stands, unless the file itself says otherwise.
fn hand_over_if_the_file_says_so(state: &mut State<'_, '_>, side: usize, media: usize) {
    let Some(owner) = state.pairs[media].as_ref().map(|pair| pair.sidecar) else { return };
    if !state.side_is_free(side) || state.fit(media, owner) != Fit::Contradicts {
        return;
    }
    let Fit::Fits(because) = state.fit(media, side) else { return };
    state.take_back(media);
    let index = index_of(state.table, media, side);
    let because: Vec<Because> = vec![because];
    state.give(Edge { sidecar: side, media, index, tier: Tier::Evidence, confidence: Confidence::Medium, because });
}
