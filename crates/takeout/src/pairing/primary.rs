//! Tiers 1, 2, 5 and 6: originals and their sidecars.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::claims::{LongStems, RULES, ask};
use super::decide::decide;
use super::evidence::Fit;
use super::outcome::{Because, Confidence, OpenGroup, Tier, WhyOpen};

use super::state::{Edge, State};
use super::table::MANY;
use crate::naming::{MediaClass, fold, media_name};

/// Tiers 1, 2 and the sure part of 6: rule by rule over what is left. What is not one-to-one is contested.
pub(super) fn by_rule(state: &mut State<'_, '_>) {
    for rule in RULES {
        let sides = state.free_sides();
        if sides.is_empty() {
            return;
        }
        let table = state.table;
        let free = state.free_media();
        let long = LongStems::of(free.iter().map(|&at| &table.media[at]));
        let mut edges = Vec::new();
        for side in sides {
            edges.extend(ask(table, side, rule, &long).into_iter().filter(|edge| state.media_is_free(edge.media)));
        }
        for group in groups(edges) {
            match <[Edge; 1]>::try_from(group) {
                Ok([edge]) => state.give(edge),
                Err(edges) => contest(state, &edges),
            }
        }
    }
}

fn contest(state: &mut State<'_, '_>, edges: &[Edge]) {
    let group = group_of(edges.iter().map(|edge| (edge.sidecar, edge.media)), WhyOpen::SeveralFit);
    state.lock(&group);
    state.contested.push(group);
}

/// The open group of these pairs.
pub(super) fn group_of(pairs: impl Iterator<Item = (usize, usize)>, why: WhyOpen) -> OpenGroup {
    let (mut sidecars, mut media): (Vec<usize>, Vec<usize>) = pairs.unzip();
    sidecars.sort_unstable();
    sidecars.dedup();
    media.sort_unstable();
    media.dedup();
    OpenGroup { media, sidecars, why }
}

/// Splits edges into connected groups, in the order of their first edge.
fn groups(edges: Vec<Edge>) -> Vec<Vec<Edge>> {
    let mut joins = Joins::default();
    for edge in &edges {
        joins.join(edge.sidecar, edge.media);
    }
    let mut order: Vec<Vec<Edge>> = Vec::new();
    let mut places: HashMap<usize, usize> = HashMap::new();
    for edge in edges {
        let root = joins.root(edge.sidecar);
        let place = *places.entry(root).or_insert(order.len());
        if place == order.len() {
            order.push(Vec::new());
        }
        order[place].push(edge);
    }
    order
}

/// The connected groups of pairs of sidecar and media: sidecars and media of each, sorted.
pub(super) fn connected(pairs: Vec<(usize, usize)>) -> Vec<(Vec<usize>, Vec<usize>)> {
    let mut joins = Joins::default();
    for &(side, media) in &pairs {
        joins.join(side, media);
    }
    let mut groups: BTreeMap<usize, (BTreeSet<usize>, BTreeSet<usize>)> = BTreeMap::new();
    for (side, media) in pairs {
        let group = groups.entry(joins.root(side)).or_default();
        group.0.insert(side);
        group.1.insert(media);
    }
    groups.into_values().map(|(sides, media)| (sides.into_iter().collect(), media.into_iter().collect())).collect()
}

/// Which sidecars hang together through the media they ask for (union-find).
#[derive(Default)]
struct Joins {
    parents: HashMap<usize, usize>,
    first_asker: HashMap<usize, usize>,
}

impl Joins {
    fn join(&mut self, side: usize, media: usize) {
        let first = *self.first_asker.entry(media).or_insert(side);
        let (left, right) = (self.root(first), self.root(side));
        self.parents.insert(left.max(right), left.min(right));
    }

    fn root(&mut self, mut at: usize) -> usize {
        loop {
            let parent = self.parents.get(&at).copied().unwrap_or(at);
            if parent == at {
                return at;
            }
            let above = self.parents.get(&parent).copied().unwrap_or(parent);
            self.parents.insert(at, above);
            at = above;
        }
    }
}

/// The unsure part of tier 6: sidecars whose cut name has an index, while sidecars with lower ones are not here. Which
/// index the file has then depends on titles that nobody knows, so only the files can tell.
pub(super) fn by_index_on_the_sidecar_only(state: &mut State<'_, '_>) {
    let mut edges = Vec::new();
    for side in state.free_sides() {
        let prepared = &state.table.sides[side];
        let Some(claim) = prepared.claims.first().filter(|claim| prepared.agreed() && claim.lowest < claim.index) else {
            continue;
        };
        let key = fold(&media_name(&claim.reading.title, 0, None));
        for index in (claim.lowest..=claim.index).take(MANY) {
            let found = state.table.by_name.get(&(key.clone(), index)).into_iter().flatten().take(MANY);
            edges.extend(found.filter(|&&media| state.media_is_free(media)).map(|&media| Edge {
                sidecar: side,
                media,
                index,
                tier: Tier::IndexOnSidecar,
                confidence: Confidence::Medium,
                because: vec![Because::TitleAndName, Because::IndexOnSidecarOnly],
            }));
        }
    }
    for group in groups(edges) {
        let group = group_of(group.iter().map(|edge| (edge.sidecar, edge.media)), WhyOpen::IndexUnclear);
        decide(state, group, true);
    }
}

/// Tier 5: what is left with the same stem and index, in another format of the same class, one on each side.
pub(super) fn by_other_extension(state: &mut State<'_, '_>) {
    let table = state.table;
    let mut media_by: HashMap<(String, u32, MediaClass), Vec<usize>> = HashMap::new();
    for at in state.free_media() {
        let media = &table.media[at];
        if matches!(media.class, MediaClass::Photo | MediaClass::Video) {
            for form in &media.forms {
                media_by.entry((form.stem.clone(), form.index, media.class)).or_default().push(at);
            }
        }
    }
    let mut sides_by: HashMap<(String, u32, MediaClass), Vec<usize>> = HashMap::new();
    for side in state.free_sides() {
        let Some(claim) = table.sides[side].claims.first() else { continue };
        if claim.class == MediaClass::Unknown || claim.unclear() || (claim.reading.cut && !table.sides[side].agreed()) {
            continue;
        }
        let mut keys: Vec<String> = (3..=6).map(|length| claim.cut_stem(length)).collect();
        keys.dedup();
        for key in keys {
            sides_by.entry((key, claim.index, claim.class)).or_default().push(side);
        }
    }
    let mut found: Vec<Edge> = Vec::new();
    for (key, sides) in &sides_by {
        let ([sidecar], Some([media])) = (sides.as_slice(), media_by.get(key).map(Vec::as_slice)) else { continue };
        found.push(Edge {
            sidecar: *sidecar,
            media: *media,
            index: key.1,
            tier: Tier::OtherExtension,
            confidence: Confidence::Medium,
            because: vec![Because::OtherFormat],
        });
    }
    found.sort_by_key(|edge| (edge.sidecar, edge.media));
    for group in groups(found) {
        let Ok([edge]) = <[Edge; 1]>::try_from(group) else { continue };
        // Where the file says no, it is another photo: the described one is not here, and that is told.
        if state.fit(edge.media, edge.sidecar) != Fit::Contradicts {
            state.give(edge);
        }
    }
}
