//! What the names of a folder can tell: marks the entries that names and titles alone do not decide.
//!
//! This is a judge, not a reader: it knows the truth and asks whether a reader that knows the naming rule, the names and
//! the titles would have one answer only, and the right one. In doubt it says that they do not decide.

use std::collections::HashMap;

use super::account::Item;
use super::listing::Planned;
use super::naming::{
    MEDIA_EXTENSIONS, cut, folded, has_media_extension, media_name, numbered, safe, sidecar_name, split, units, with_extension,
};
use super::spec::ExportSpec;
use super::truth::{EntryKind, Role};

/// How often an invented suffix must be seen with different items before a reader can know it (`takeout-format.md` 3.4).
const INVENTED_SUFFIX_SEEN: usize = 3;

/// Sets `names_decide` of the entries from `first` on, which are one folder.
pub(super) fn mark(spec: &ExportSpec, items: &[Item], entries: &mut [Planned], first: usize) {
    let folder = &entries[first..];
    let media: HashMap<String, usize> = folder
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.kind == EntryKind::Media)
        .map(|(at, entry)| (folded(&entry.name), at))
        .collect();
    let claims: Vec<(usize, Vec<usize>)> = folder
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.kind == EntryKind::Sidecar)
        .filter_map(|(at, entry)| {
            let title = &items.get(entry.item? as usize)?.title;
            Some((at, claimed(spec, title, &entry.name, &media)))
        })
        .collect();
    let mut claimants = vec![0_usize; folder.len()];
    for (_, claim) in &claims {
        for &at in claim {
            claimants[at] += 1;
        }
    }
    let mut decided = vec![false; folder.len()];
    for (sidecar, claim) in &claims {
        let truth = folder[*sidecar].media.map(|at| at - first);
        let right = match claim.as_slice() {
            [] => truth.is_none(),
            [one] => truth == Some(*one) && claimants[*one] == 1,
            _ => false,
        };
        decided[*sidecar] = right;
        if let Some(at) = truth {
            decided[at] = right;
        }
    }
    for (at, entry) in folder.iter().enumerate() {
        match (entry.kind, entry.role) {
            // Without a sidecar it stays alone, if no other sidecar wants it.
            (EntryKind::Media, Some(Role::Primary)) if entry.sidecar.is_none() => decided[at] = claimants[at] == 0,
            (EntryKind::Media, Some(Role::Primary)) | (EntryKind::Sidecar, _) => {}
            (EntryKind::Media, _) => decided[at] = claimants[at] == 0,
            _ => decided[at] = true,
        }
    }
    companions(spec, items, folder, &mut decided);
    for (entry, decided) in entries[first..].iter_mut().zip(decided) {
        entry.names_decide = decided;
    }
}

/// The media that a sidecar of this title and name could describe.
fn claimed(spec: &ExportSpec, title: &str, name: &str, media: &HashMap<String, usize>) -> Vec<usize> {
    let number = number_behind(spec, title, name);
    let safe_title = safe(title);
    let mut wanted = vec![media_name(title, spec.limits)];
    let (stem, extension) = split(&safe_title);
    for other in MEDIA_EXTENSIONS {
        // Added to a title without one, or behind another one after a conversion.
        wanted.push(with_extension(&safe_title, other, spec.limits));
    }
    let mut found = look_up(media, &wanted, number);
    if found.is_empty() {
        // The same kind of file by another name.
        let other_names = MEDIA_EXTENSIONS.iter().filter(|other| alias(extension) == alias(other));
        wanted.extend(other_names.map(|other| with_extension(stem, other, spec.limits)));
        found = look_up(media, &wanted, number);
    }
    if found.is_empty() && number > 0 && units(&safe_title) > spec.limits.sidecar {
        // Only the sidecars were equal after their cut.
        found = look_up(media, &wanted, 0);
    }
    if found.is_empty() && has_media_extension(title) {
        wanted = MEDIA_EXTENSIONS.iter().map(|other| with_extension(stem, other, spec.limits)).collect();
        found = look_up(media, &wanted, number);
    }
    found
}

fn look_up(media: &HashMap<String, usize>, wanted: &[String], number: usize) -> Vec<usize> {
    let mut found: Vec<usize> = wanted.iter().filter_map(|name| media.get(&folded(&numbered(name, number)))).copied().collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The number that a sidecar's name has beside what its title explains.
fn number_behind(spec: &ExportSpec, title: &str, name: &str) -> usize {
    let name = folded(name);
    let plain = folded(&sidecar_name(title, spec.sidecars, spec.limits));
    if name == plain {
        return 0;
    }
    let open = name.rfind('(');
    open.and_then(|at| name.get(at + 1..)?.strip_suffix(").json")?.parse().ok()).unwrap_or(0)
}

fn alias(extension: &str) -> String {
    match extension.to_lowercase().as_str() {
        ".jpeg" | ".jpe" | ".jfif" => ".jpg".to_owned(),
        ".tiff" => ".tif".to_owned(),
        ".mov" | ".m4v" | ".qt" => ".mp4".to_owned(),
        other => other.to_owned(),
    }
}

/// Edited copies and films: decided when exactly one item of the folder explains the name, and it is theirs.
fn companions(spec: &ExportSpec, items: &[Item], folder: &[Planned], decided: &mut [bool]) {
    let primaries: Vec<(usize, &Item, &str)> = folder
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.role == Some(Role::Primary))
        .filter_map(|(at, entry)| Some((at, items.get(entry.item? as usize)?, entry.name.as_str())))
        .collect();
    let mut stems: HashMap<String, Vec<usize>> = HashMap::new();
    for (nth, (_, item, name)) in primaries.iter().enumerate() {
        if !item.is_film() {
            stems.entry(folded(split(name).0)).or_default().push(nth);
        }
    }
    let mut copies: HashMap<&'static str, HashMap<String, Vec<usize>>> = HashMap::new();
    for (at, entry) in folder.iter().enumerate() {
        let Some(item) = entry.item.and_then(|number| items.get(number as usize)) else { continue };
        match entry.role {
            Some(Role::Edited) => {
                let Some(extension) = item.edited else { continue };
                let names = copies.entry(extension).or_insert_with(|| edited_names(spec, extension, &primaries));
                let explained = names.get(&folded(&entry.name)).map_or(&[][..], Vec::as_slice);
                let same: Vec<usize> =
                    explained.iter().copied().filter(|&nth| folded(split(primaries[nth].2).1) == folded(extension)).collect();
                let one = match (same.as_slice(), explained) {
                    ([one], _) | ([], [one]) => Some(*one),
                    _ => None,
                };
                decided[at] &= is_theirs(one, entry, &primaries, decided) && suffix_is_left(spec, item, extension);
            }
            Some(Role::Motion) => {
                let (stem, _) = split(&entry.name);
                let mut stills: Vec<usize> =
                    [stem, &entry.name].iter().filter_map(|name| stems.get(&folded(name))).flatten().copied().collect();
                stills.sort_unstable();
                stills.dedup();
                let one = if let [one] = stills.as_slice() { Some(*one) } else { None };
                decided[at] &= is_theirs(one, entry, &primaries, decided);
            }
            _ => {}
        }
    }
}

fn is_theirs(one: Option<usize>, entry: &Planned, primaries: &[(usize, &Item, &str)], decided: &[bool]) -> bool {
    one.and_then(|nth| primaries.get(nth)).is_some_and(|(at, item, _)| Some(item.number) == entry.item && decided[*at])
}

/// What the edited copies of each item would be called with an extension.
fn edited_names(spec: &ExportSpec, extension: &str, primaries: &[(usize, &Item, &str)]) -> HashMap<String, Vec<usize>> {
    let mut names: HashMap<String, Vec<usize>> = HashMap::new();
    for (nth, (_, item, name)) in primaries.iter().enumerate() {
        let title = safe(&item.title);
        let stem = if has_media_extension(&title) { split(&title).0 } else { &title };
        let copy = with_extension(&format!("{stem}{}", spec.language.edited), extension, spec.limits);
        // The copy has the number that its item has beyond its title.
        let number = number_of(name, &item.title, spec);
        names.entry(folded(&numbered(&copy, number))).or_default().push(nth);
    }
    names
}

fn number_of(name: &str, title: &str, spec: &ExportSpec) -> usize {
    let stem = split(name).0;
    let (before, number) = match stem.rfind('(').map(|at| stem.split_at(at)) {
        Some((before, tail)) => match tail[1..].strip_suffix(')').and_then(|digits| digits.parse::<usize>().ok()) {
            Some(number) => (before, number),
            None => return 0,
        },
        None => return 0,
    };
    // Brackets that the title itself has are no number.
    let cut_title = folded(cut(&safe(title), spec.limits.media));
    if cut_title.starts_with(&folded(stem)) && !cut_title.starts_with(&format!("{}.", folded(before))) { 0 } else { number }
}

/// Whether at least one letter of the suffix survived the cut.
fn suffix_is_left(spec: &ExportSpec, item: &Item, extension: &str) -> bool {
    let title = safe(&item.title);
    let stem = if has_media_extension(&title) { split(&title).0 } else { &title };
    units(stem) + 2 <= spec.limits.media.saturating_sub(units(extension))
}

/// A suffix of an invented language is known only if several items show it whole.
pub(super) fn trust_in_invented_suffix(spec: &ExportSpec, entries: &mut [Planned]) {
    if !spec.language.is_invented() {
        return;
    }
    let suffix = folded(&spec.language.edited);
    let whole = |entry: &Planned| entry.role == Some(Role::Edited) && folded(&entry.name).contains(&suffix);
    let seen: std::collections::HashSet<u32> =
        entries.iter().filter(|entry| whole(entry)).filter_map(|entry| entry.item).collect();
    for entry in entries.iter_mut().filter(|entry| entry.role == Some(Role::Edited)) {
        entry.names_decide &= seen.len() >= INVENTED_SUFFIX_SEEN && folded(&entry.name).contains(&suffix);
    }
}
