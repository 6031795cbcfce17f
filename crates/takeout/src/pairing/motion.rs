//! Tier 4: the moving part of a live or motion photo. It has no sidecar; it joins its still's.

use std::collections::{BTreeMap, HashMap, HashSet};

use photokeep_model::FileRole;

use super::decide::only_cover;
use super::evidence::Fit;
use super::outcome::{Because, Confidence, OpenGroup, Tier, WhyOpen};
use super::primary::connected;
use super::state::{Pair, State};
use super::table::{Form, MANY};
use crate::naming::{MEDIA_LIMIT, MediaClass, alias, fold, units};

/// A still that may have a moving part.
#[derive(Clone, Copy)]
struct Still {
    media: usize,
    index: u32,
    /// The length that the film's extension has to have, where the cut of the stem depends on it.
    extension_units: Option<usize>,
}

/// Which stills a film may belong to.
#[derive(Default)]
struct Wishes {
    /// Same stem and index.
    exact: Vec<Still>,
    /// Same stem; the film has an index of its own.
    loose: Vec<Still>,
}

/// Tier 4.
pub(super) fn by_stem(state: &mut State<'_, '_>) {
    let stills = stills(state);
    let absent = absent_stills(state);
    let mut films: BTreeMap<usize, Wishes> = BTreeMap::new();
    for media in state.free_media() {
        if state.table.media[media].class != MediaClass::Photo {
            let wishes = wishes(state, &stills, &absent, media);
            if !wishes.exact.is_empty() || !wishes.loose.is_empty() {
                films.insert(media, wishes);
            }
        }
    }
    let mut taken: HashMap<usize, usize> = HashMap::new();
    one_to_one(state, &films, &mut taken);
    films.retain(|film, _| state.media_is_free(*film));
    let left: Vec<(usize, usize)> = films
        .iter()
        .flat_map(|(&film, wishes)| wishes.exact.iter().chain(&wishes.loose).map(move |still| (film, still.media)))
        .filter(|(_, still)| !taken.contains_key(still))
        .collect();
    for (films_here, stills_here) in connected(left) {
        settle(state, &films_here, &stills_here);
    }
}

/// Films and stills that have only each other.
fn one_to_one(state: &mut State<'_, '_>, films: &BTreeMap<usize, Wishes>, taken: &mut HashMap<usize, usize>) {
    let mut askers: HashMap<usize, usize> = HashMap::new();
    for still in films.values().flat_map(|wishes| &wishes.exact) {
        *askers.entry(still.media).or_default() += 1;
    }
    for (&film, wishes) in films {
        if let [still] = wishes.exact.as_slice()
            && askers.get(&still.media) == Some(&1)
        {
            taken.insert(still.media, film);
            attach(state, film, still.media, Confidence::High, Because::SameStem);
        }
    }
}

/// Stills by the stems that their moving parts can have.
fn stills(state: &State<'_, '_>) -> HashMap<String, Vec<Still>> {
    let mut stills: HashMap<String, Vec<Still>> = HashMap::new();
    for (at, media) in state.table.media.iter().enumerate() {
        let Some(pair) = state.pairs[at].as_ref().filter(|_| media.class == MediaClass::Photo) else { continue };
        let mut add = |key: String, extension_units| {
            stills.entry(key).or_default().push(Still { media: at, index: pair.index, extension_units });
        };
        for form in media.forms.iter().filter(|form| form.index == pair.index) {
            add(form.stem.clone(), None);
        }
        if let Some(claim) = state.table.sides[pair.sidecar].claims.first()
            && pair.role == FileRole::Original
            && units(&claim.stem) + 6 > MEDIA_LIMIT
        {
            // The film's extension may be shorter than the still's, and then more of the stem is left.
            for length in [0, 3, 4, 5] {
                add(claim.cut_stem(length), Some(length));
            }
        }
    }
    stills
}

/// The stems, with their index where it is known, of items whose still is not here or not known. A film of such a stem may be
/// theirs.
fn absent_stills(state: &State<'_, '_>) -> HashSet<(String, Option<u32>)> {
    let mut absent = HashSet::new();
    for (at, side) in state.table.sides.iter().enumerate() {
        let Some(claim) = side.claims.first().filter(|_| side.same_as.is_none() && state.originals[at].is_none()) else {
            continue;
        };
        if claim.class != MediaClass::Video {
            let index = (!claim.unclear() && !state.locked_sides[at]).then_some(claim.index);
            absent.insert((fold(&claim.stem), index));
            absent.extend([0, 3, 4, 5].map(|length| (claim.cut_stem(length), index)));
        }
    }
    absent
}

fn wishes(
    state: &State<'_, '_>,
    stills: &HashMap<String, Vec<Still>>,
    absent: &HashSet<(String, Option<u32>)>,
    film: usize,
) -> Wishes {
    let media = &state.table.media[film];
    let mut wishes = Wishes::default();
    // At the limit it may as well be the edited copy of a film of that name, with the word cut away.
    let is_item = |name: &str| {
        let members = state.table.families.get(name).map(Vec::as_slice).unwrap_or_default();
        members.iter().take(MANY).any(|&(member, _)| member != film && state.pairs[member].is_some())
    };
    if media.forms.iter().any(|form| form.units >= MEDIA_LIMIT && form.index > 0 && is_item(&form.key)) {
        return wishes;
    }
    // A photo of that stem whose own sidecar is not known could be the still as well.
    let open_still = |form: &Form| {
        let keys = [(form.stem.clone(), form.index), (form.key.clone(), form.index)];
        let here = keys.iter().filter_map(|key| state.table.by_stem.get(key)).flatten().take(MANY);
        here.into_iter().any(|&other| state.table.media[other].class == MediaClass::Photo && state.pairs[other].is_none())
    };
    let is_absent = |form: &Form| {
        let one = |key: &String| absent.contains(&(key.clone(), None)) || absent.contains(&(key.clone(), Some(form.index)));
        one(&form.stem) || one(&form.key)
    };
    if media.forms.iter().any(|form| open_still(form) || is_absent(form)) {
        return wishes;
    }
    for form in &media.forms {
        // "PXL_1.MP" is the whole of "PXL_1.MP.jpg" without its extension, and has the stem of "PXL_1.jpg".
        let whole = (media.class == MediaClass::Motion).then_some(&form.key);
        for key in whole.into_iter().chain([&form.stem]) {
            let length = units(media.extension);
            let here = stills.get(key).into_iter().flatten();
            let here: Vec<&Still> =
                here.filter(|still| still.extension_units.is_none_or(|wanted| wanted == length)).take(MANY).collect();
            wishes.exact.extend(here.iter().copied().filter(|still| still.index == form.index));
            if form.index > 0 {
                wishes.loose.extend(here);
            }
        }
    }
    wishes.exact.sort_by_key(|still| still.media);
    wishes.exact.dedup_by_key(|still| still.media);
    wishes.loose.sort_by_key(|still| still.media);
    wishes.loose.dedup_by_key(|still| still.media);
    if !wishes.exact.is_empty() {
        wishes.loose.clear();
    }
    wishes
}

/// A group of films and stills of one stem: by content identifier, else in order if there are as many of each.
fn settle(state: &mut State<'_, '_>, films: &[usize], stills: &[usize]) {
    if let ([film], [still]) = (films, stills) {
        match same_identifier(state, *film, *still) {
            Some(true) => attach(state, *film, *still, Confidence::High, Because::ContentIdentifier),
            Some(false) => leave_open(state, films, stills),
            None => {
                attach(state, *film, *still, Confidence::Medium, Because::SameStem);
                if !change_places_if_the_files_say_so(state, *film, *still) && contradicts(state, *film, *still) {
                    state.pairs[*film] = None;
                    leave_open(state, films, stills);
                }
            }
        }
        return;
    }
    if films.len() <= MANY
        && stills.len() <= MANY
        && let Some(chosen) = by_identifier(state, films, stills)
    {
        for (&film, still) in films.iter().zip(chosen) {
            attach(state, film, stills[still], Confidence::High, Because::ContentIdentifier);
        }
        return;
    }
    let pairs = in_order(state, films, stills);
    let pairs = pairs.filter(|pairs| !pairs.iter().any(|&(film, still)| contradicts(state, film, still)));
    match pairs {
        Some(pairs) => {
            pairs.into_iter().for_each(|(film, still)| attach(state, film, still, Confidence::Medium, Because::InOrder))
        }
        None => leave_open(state, films, stills),
    }
}

/// Whether the film says that it is of another time or place than the still's item.
fn contradicts(state: &mut State<'_, '_>, film: usize, still: usize) -> bool {
    let Some(sidecar) = state.pairs[still].as_ref().map(|pair| pair.sidecar) else { return true };
    state.fit(film, sidecar) == Fit::Contradicts
}

fn leave_open(state: &mut State<'_, '_>, films: &[usize], stills: &[usize]) {
    for &film in films {
        state.locked_media[film] = true;
    }
    let mut sidecars: Vec<usize> =
        stills.iter().filter_map(|&still| state.pairs[still].as_ref().map(|pair| pair.sidecar)).collect();
    sidecars.sort_unstable();
    sidecars.dedup();
    state.open.push(OpenGroup { media: films.to_vec(), sidecars, why: WhyOpen::MotionFitsSeveral });
}

fn attach(state: &mut State<'_, '_>, film: usize, still: usize, confidence: Confidence, because: Because) {
    let Some((sidecar, index)) = state.pairs[still].as_ref().map(|pair| (pair.sidecar, pair.index)) else { return };
    let because = vec![because];
    state.derive(film, Pair { sidecar, role: FileRole::Motion, tier: Tier::Motion, confidence, because, index });
}

fn same_identifier(state: &mut State<'_, '_>, film: usize, still: usize) -> Option<bool> {
    let of_film = state.known(film).facts.content_id.clone()?;
    let of_still = state.known(still).facts.content_id.as_ref()?;
    Some(of_film == *of_still)
}

/// The only way to give every film a still by content identifiers, each proved.
fn by_identifier(state: &mut State<'_, '_>, films: &[usize], stills: &[usize]) -> Option<Vec<usize>> {
    let same: Vec<Vec<Option<bool>>> =
        films.iter().map(|&film| stills.iter().map(|&still| same_identifier(state, film, still)).collect()).collect();
    let chosen = only_cover(films.len(), stills.len(), |film, still| same[film][still] != Some(false))?;
    chosen.iter().enumerate().all(|(film, &still)| same[film][still] == Some(true)).then_some(chosen)
}

/// As many stills as films: the HEIC first, then by index. Only if that is an order at all.
fn in_order(state: &State<'_, '_>, films: &[usize], stills: &[usize]) -> Option<Vec<(usize, usize)>> {
    if films.len() != stills.len() {
        return None;
    }
    let table = state.table;
    let index = |at: usize| table.media[at].forms.last().map_or(0, |form| form.index);
    let mut films: Vec<(u32, usize)> = films.iter().map(|&film| (index(film), film)).collect();
    let mut stills: Vec<((bool, u32), usize)> =
        stills.iter().map(|&still| ((alias(table.media[still].extension) != "heic", index(still)), still)).collect();
    films.sort_unstable();
    stills.sort_unstable();
    let clear = films.windows(2).all(|two| two[0].0 != two[1].0) && stills.windows(2).all(|two| two[0].0 != two[1].0);
    clear.then(|| films.into_iter().zip(stills).map(|(film, still)| (film.1, still.1)).collect())
}

/// A film with an index stands beside a film of the still's own name that has a sidecar. By name the sidecar's film is an
/// item and the other one the moving part; if the files say that it is the other way round, they change places.
fn change_places_if_the_files_say_so(state: &mut State<'_, '_>, film: usize, still: usize) -> bool {
    let table = state.table;
    let Some(index) = state.pairs[still].as_ref().map(|pair| pair.index) else { return false };
    let stems = table.media[still].forms.iter().filter(|form| form.index == index).map(|form| form.stem.clone());
    let beside: Vec<usize> = stems
        .flat_map(|stem| table.by_stem.get(&(stem, index)).cloned().unwrap_or_default())
        .filter(|&other| other != film && table.media[other].extension.eq_ignore_ascii_case(table.media[film].extension))
        .collect();
    let [other] = beside.as_slice() else { return false };
    let own = state.pairs[*other].as_ref().filter(|pair| pair.role == FileRole::Original).map(|pair| pair.sidecar);
    let Some(own) = own else { return false };
    let because = if same_identifier(state, *other, still) == Some(true) {
        Because::ContentIdentifier
    } else if state.fit(*other, own) == Fit::Contradicts
        && let Fit::Fits(because) = state.fit(film, own)
    {
        because
    } else {
        return false;
    };
    let (Some(as_item), Some(as_motion)) = (state.pairs[*other].take(), state.pairs[film].take()) else { return false };
    let because = vec![because];
    state.pairs[film] = Some(Pair { tier: Tier::Evidence, confidence: Confidence::Medium, because: because.clone(), ..as_item });
    state.pairs[*other] = Some(Pair { because, ..as_motion });
    state.originals[own] = Some(film);
    true
}
