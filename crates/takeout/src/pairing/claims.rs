//! Which media names a sidecar asks for, one function per rule of tiers 1 and 2.

use std::collections::BTreeSet;

use super::outcome::{Because, Confidence, Tier};
use super::state::Edge;
use super::table::{Claim, Keyed, MANY, Media, Table};
use crate::naming::{Agreement, MEDIA_LIMIT, MediaClass, alias, cut, fold, indexed_forms, media_name, spelled, units};

/// A rule that makes originals, in the order in which the rules speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// The whole title, letter case and all.
    WholeSpelled,
    /// The whole title.
    Whole,
    /// The title cut at 51.
    Cut,
    /// By name only: the name that the sidecar's name was made of.
    NameWhole,
    /// An extension was added.
    Added,
    /// Another extension of the same format.
    Alias,
    /// By name only: added or other extension.
    NameAdded,
    /// By name only: the sidecar's name is the media name cut at 46.
    NameCut,
    /// Another limit.
    OtherLimit,
}

/// All rules in their order.
pub(super) const RULES: [Rule; 9] = [
    Rule::WholeSpelled,
    Rule::Whole,
    Rule::Cut,
    Rule::NameWhole,
    Rule::Added,
    Rule::Alias,
    Rule::NameAdded,
    Rule::NameCut,
    Rule::OtherLimit,
];

/// Lengths in UTF-16 units that a known extension can have, with its dot: `.ts` to `.heics`.
const EXTENSION_UNITS: std::ops::RangeInclusive<usize> = 3..=6;

/// The longest media name by the known rule: 51, and one more where a surrogate pair lies across the cut.
const LONGEST_BY_RULE: usize = MEDIA_LIMIT + 1;

/// Lengths of stems that come into question under another limit, in bytes of the folded stem.
pub(super) struct LongStems(BTreeSet<usize>);

impl LongStems {
    pub fn of<'m>(media: impl Iterator<Item = &'m Media<'m>>) -> Self {
        let long = media.flat_map(|media| &media.forms).filter(|form| form.units > LONGEST_BY_RULE);
        Self(long.map(|form| form.stem.len()).collect())
    }
}

/// The media files that a sidecar asks for by a rule, free or not.
pub(super) fn ask(table: &Table<'_>, side: usize, rule: Rule, long: &LongStems) -> Vec<Edge> {
    let prepared = &table.sides[side];
    let by_name_only = matches!(rule, Rule::NameWhole | Rule::NameAdded | Rule::NameCut);
    let mut found = Vec::new();
    if by_name_only == prepared.agreed() {
        return found;
    }
    for claim in prepared.claims.iter().filter(|claim| !claim.unclear()) {
        let edge = |media: usize, because: Vec<Because>| edge(side, claim, media, rule, because);
        match rule {
            Rule::WholeSpelled => {
                let key = (spelled(&claim.reading.title), claim.index);
                found.extend(look(&table.by_spelling, &key).map(|media| edge(media, vec![Because::WholeTitle])));
                found.extend(
                    beside_a_bare_file(table, claim, &found).into_iter().map(|media| edge(media, vec![Because::ExtensionAdded])),
                );
            }
            Rule::Whole => {
                let key = (claim.key.clone(), claim.index);
                found.extend(look(&table.by_name, &key).map(|media| edge(media, vec![Because::WholeTitle])));
                found.extend(
                    beside_a_bare_file(table, claim, &found).into_iter().map(|media| edge(media, vec![Because::ExtensionAdded])),
                );
            }
            Rule::NameWhole if !claim.reading.cut => {
                let key = (claim.key.clone(), claim.index);
                found.extend(look(&table.by_name, &key).map(|media| edge(media, vec![])));
            }
            Rule::Cut => {
                let mut names = vec![media_name(&claim.reading.title, 0, None)];
                if claim.extension.is_none() {
                    names.push(cut(&claim.reading.title, MEDIA_LIMIT).to_owned());
                }
                for name in names {
                    let key = (fold(&name), claim.index);
                    found.extend(look(&table.by_name, &key).map(|media| edge(media, vec![Because::CutTitle])));
                }
                found.extend(
                    beside_a_bare_file(table, claim, &found).into_iter().map(|media| edge(media, vec![Because::ExtensionAdded])),
                );
            }
            Rule::Added => found.extend(added(table, claim).into_iter().map(|media| edge(media, vec![Because::ExtensionAdded]))),
            Rule::Alias => {
                found.extend(same_format(table, claim).into_iter().map(|media| edge(media, vec![Because::SameFormat])))
            }
            Rule::NameAdded if !claim.reading.cut => {
                found.extend(added(table, claim).into_iter().map(|media| edge(media, vec![Because::ExtensionAdded])));
                found.extend(same_format(table, claim).into_iter().map(|media| edge(media, vec![Because::SameFormat])));
            }
            Rule::NameCut => {
                let key = (fold(&claim.reading.base), claim.index);
                found.extend(look(&table.by_sidecar_name, &key).map(|media| edge(media, vec![Because::CutTitle])));
            }
            Rule::OtherLimit => {
                found.extend(other_limit(table, claim, long).into_iter().map(|media| edge(media, vec![Because::OtherLimit])));
            }
            Rule::NameWhole | Rule::NameAdded => {}
        }
        // The better reading of a bare name goes first; the other one only speaks when it finds nothing.
        if by_name_only && !found.is_empty() {
            break;
        }
    }
    found.sort_by_key(|edge| edge.media);
    found.dedup_by_key(|edge| edge.media);
    found
}

fn edge(sidecar: usize, claim: &Claim, media: usize, rule: Rule, mut because: Vec<Because>) -> Edge {
    let agreed = claim.reading.agreement != Agreement::NameOnly;
    because.insert(0, if agreed { Because::TitleAndName } else { Because::NameOnly });
    let (tier, confidence) = match rule {
        Rule::WholeSpelled | Rule::Whole | Rule::Cut if claim.index != claim.reading.index => {
            because.push(Because::IndexOnSidecarOnly);
            (Tier::IndexOnSidecar, Confidence::High)
        }
        Rule::WholeSpelled | Rule::Whole | Rule::Cut => (Tier::Exact, Confidence::Certain),
        Rule::NameWhole => (Tier::Exact, Confidence::High),
        _ => (Tier::Extension, Confidence::High),
    };
    Edge { sidecar, media, index: claim.index, tier, confidence, because }
}

fn look<'k>(index: &'k Keyed, key: &(String, u32)) -> impl Iterator<Item = usize> + 'k {
    index.get(key).into_iter().flatten().copied().take(MANY)
}

/// Stems of a text, one for each place of the cut that an extension can force, with the extension's length where it
/// matters (`None`: nothing is cut).
fn cut_stems(stem: &str) -> Vec<(String, Option<usize>)> {
    if units(stem) + EXTENSION_UNITS.end() <= MEDIA_LIMIT {
        return vec![(fold(stem), None)];
    }
    let cut = EXTENSION_UNITS.map(|length| (fold(cut(stem, MEDIA_LIMIT - length)), Some(length)));
    // Uncut as well: some exports are said to have no limit.
    std::iter::once((fold(stem), None)).chain(cut).collect()
}

fn by_cut_stem<'k>(table: &'k Table<'_>, stem: &str, index: u32, accept: impl Fn(&Media<'_>) -> bool + 'k) -> Vec<usize> {
    let mut found = Vec::new();
    for (key, length) in cut_stems(stem) {
        let fits = |media: &Media<'_>| length.is_none_or(|length| units(media.extension) == length) && accept(media);
        found.extend(look(&table.by_stem, &(key, index)).filter(|&at| fits(&table.media[at])));
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn added(table: &Table<'_>, claim: &Claim) -> Vec<usize> {
    let title = &claim.reading.title;
    let found = by_cut_stem(table, title, claim.index, |media| claim.class.goes_with(media.class));
    // A film beside a photo may be its moving part; a photo can be nothing else than an item.
    let photos: Vec<usize> = found.iter().copied().filter(|&at| table.media[at].class == MediaClass::Photo).collect();
    let found = if claim.extension.is_none() && !photos.is_empty() { photos } else { found };
    // The sidecar's name may say which extension was added.
    let named: Vec<usize> = found
        .iter()
        .copied()
        .filter(|&at| claim.reading.added.as_deref().is_some_and(|added| alias(added) == alias(table.media[at].extension)))
        .collect();
    if named.is_empty() { found } else { named }
}

/// A title without extension, a file of exactly that name, and one with an extension besides: the first may be the item, or
/// the moving part of the second. Nothing is in doubt if the second has a sidecar of its own name.
fn beside_a_bare_file(table: &Table<'_>, claim: &Claim, found: &[Edge]) -> Vec<usize> {
    let bare = |edge: &Edge| table.media[edge.media].extension.is_empty() || table.media[edge.media].class == MediaClass::Motion;
    if claim.extension.is_some() || !found.iter().any(bare) {
        return Vec::new();
    }
    let mut beside = added(table, claim);
    beside.retain(|&at| !is_asked(table, at));
    beside
}

/// Whether a sidecar asks for a file by its whole name.
fn is_asked(table: &Table<'_>, media: usize) -> bool {
    indexed_forms(table.media[media].name).iter().any(|form| table.asked.contains(&(spelled(&form.name), form.index)))
}

fn same_format(table: &Table<'_>, claim: &Claim) -> Vec<usize> {
    let Some(extension) = claim.extension.as_deref().map(alias) else { return Vec::new() };
    by_cut_stem(table, &claim.stem, claim.index, move |media| alias(media.extension) == extension)
}

fn other_limit(table: &Table<'_>, claim: &Claim, long: &LongStems) -> Vec<usize> {
    let stem = fold(&claim.stem);
    let mut found = Vec::new();
    for &length in long.0.range(..stem.len()) {
        let Some(prefix) = stem.get(..length) else { continue };
        let fits = |media: &Media<'_>| {
            let extension = match claim.extension.as_deref() {
                Some(extension) => alias(extension) == alias(media.extension),
                None => claim.class.goes_with(media.class) && media.class != MediaClass::Unknown,
            };
            let form = media.forms.iter().find(|form| form.stem.len() == length && form.index == claim.index);
            extension && form.is_some_and(|form| form.units > LONGEST_BY_RULE)
        };
        found.extend(look(&table.by_stem, &(prefix.to_owned(), claim.index)).filter(|&at| fits(&table.media[at])));
    }
    found
}
