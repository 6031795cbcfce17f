//! Items: what belongs together in each folder, and which of it is one item in several folders.

use std::collections::HashMap;

use photokeep_model::FileRole;
use rayon::prelude::*;

use super::folders::{Folder, FolderKind};
use super::{Contents, Files, Item, ItemFile, Piece, Use, What};
use crate::edited_words::{EditedWords, Tally};
use crate::naming::{alias, known_extension};
use crate::pairing::membership::{ItemEntry, Items, Membership};
use crate::pairing::{
    self, Because, Confidence, Evidence, Facts, Folder as Names, ItemKey, MediaResult, NoEvidence, Outcome, SidecarEntry,
    SidecarState, Tier,
};

/// What pairing one folder gave, in positions of pieces.
struct Group {
    /// The sidecars of the item, the one that its file was paired with first.
    sidecars: Vec<usize>,
    /// Its files; the original first, if it is in this folder.
    files: Vec<ItemFile>,
}

/// Finds all items.
pub(super) fn find(pieces: &[Piece<'_>], folders: &[Folder], files: &dyn Files, contents: &mut Contents) {
    let outcomes = pair_all(pieces, folders, files, contents);
    let mut year = Vec::new();
    let mut elsewhere = Vec::new();
    for (folder, outcome) in folders.iter().zip(outcomes) {
        let groups = groups_of(pieces, folder, outcome, contents);
        let into = if folder.kind == FolderKind::Album { &mut elsewhere } else { &mut year };
        into.extend(groups.into_iter().map(|group| (folder.kind, group)));
    }
    for (kind, group) in year {
        if group.files.is_empty() {
            // Google lists it and did not deliver it, or its part is missing.
            for at in group.sidecars {
                mark(contents, at, Use::SidecarAlone);
            }
            continue;
        }
        let mut item = Item { in_year_folder: true, kind_of_folder: kind, sidecars: group.sidecars, files: Vec::new() };
        add_files(&mut item, group.files, pieces);
        contents.items.push(item);
    }
    join_albums(pieces, elsewhere, contents);
    contents.items.retain(|item| !item.files.is_empty());
    for (number, item) in contents.items.iter().enumerate() {
        for &at in &item.sidecars {
            if contents.uses[at] != Use::Broken {
                contents.uses[at] = Use::Sidecar { item: number };
            }
        }
        for (place, file) in item.files.iter().enumerate() {
            contents.uses[file.piece] = Use::Media { item: number, file: place };
        }
    }
}

/// Pairs every folder: by names first; then, where words were learned or groups stayed open, once more with what the whole
/// export shows.
fn pair_all(pieces: &[Piece<'_>], folders: &[Folder], files: &dyn Files, contents: &mut Contents) -> Vec<Outcome> {
    let plain = EditedWords::default();
    let mut tally = Tally::default();
    let mut outcomes: Vec<Outcome> = folders.par_iter().map(|folder| pair(pieces, folder, &plain, &NoEvidence)).collect();
    outcomes.iter().for_each(|outcome| outcome.count_words(&mut tally));
    contents.learned_words = tally.learned();
    let words = EditedWords::with_learned(contents.learned_words.iter().cloned());
    let unpaired = |outcome: &Outcome| outcome.media.iter().any(|media| media.sidecar.is_none());
    let by_extension = |media: &MediaResult| {
        media.tier == Tier::OtherExtension || media.tier == Tier::Edited && media.confidence < Some(Confidence::High)
    };
    let unclear = |outcome: &Outcome| {
        !outcome.open.is_empty() || (!words.learned().is_empty() && unpaired(outcome)) || outcome.media.iter().any(by_extension)
    };
    if !outcomes.iter().any(unclear) {
        return outcomes;
    }
    let certain = certain_bytes(pieces, folders, &outcomes);
    folders.par_iter().zip(&mut outcomes).filter(|(_, outcome)| unclear(outcome)).for_each(|(folder, outcome)| {
        let looking = Looking { pieces, folder, files, certain: &certain };
        *outcome = pair(pieces, folder, &words, &looking);
    });
    outcomes
}

fn pair(pieces: &[Piece<'_>], folder: &Folder, words: &EditedWords, evidence: &dyn Evidence) -> Outcome {
    let media: Vec<&str> = folder.media.iter().map(|&at| pieces[at].name()).collect();
    let sidecars: Vec<SidecarEntry<'_>> = folder
        .sidecars
        .iter()
        .map(|&at| match &pieces[at].what {
            What::Item(sidecar) => SidecarEntry::new(pieces[at].name(), sidecar),
            _ => SidecarEntry::named(pieces[at].name()),
        })
        .collect();
    pairing::pair(&Names { media: &media, sidecars: &sidecars }, words, evidence)
}

fn key_of<'a>(piece: &'a Piece<'_>) -> ItemKey<'a> {
    match &piece.what {
        What::Item(sidecar) => ItemKey { title: sidecar.title(), taken: sidecar.taken, url: sidecar.url() },
        _ => ItemKey::default(),
    }
}

/// Files whose pair is certain, by size and checksum: one of them (a position) and its item.
type CertainBytes<'a> = HashMap<(u64, u32), Option<(usize, ItemKey<'a>)>>;

/// Files whose pair is certain: the same bytes in another folder are the same item.
fn certain_bytes<'a>(pieces: &'a [Piece<'_>], folders: &[Folder], outcomes: &[Outcome]) -> CertainBytes<'a> {
    let mut certain = HashMap::new();
    for (folder, outcome) in folders.iter().zip(outcomes) {
        for (&at, result) in folder.media.iter().zip(&outcome.media) {
            // An edited copy is told by its word; where files are missing, the one that it is nearest to may be among them.
            let told = result.role == FileRole::Original || (result.tier == Tier::Edited && !folder.lacks_files);
            let sure = result.confidence >= Some(Confidence::High) && told;
            let (Some(sidecar), Some(crc32), true) = (result.sidecar, pieces[at].crc32, sure) else { continue };
            let key = key_of(&pieces[folder.sidecars[sidecar]]);
            certain
                .entry((pieces[at].size, crc32))
                .and_modify(|before: &mut Option<(usize, ItemKey<'_>)>| {
                    // Two items with the same bytes prove nothing.
                    if before.as_ref().is_some_and(|(_, before)| before.taken != key.taken || before.title != key.title) {
                        *before = None;
                    }
                })
                .or_insert(Some((at, key)));
        }
    }
    certain
}

/// Evidence for one folder.
struct Looking<'a> {
    pieces: &'a [Piece<'a>],
    folder: &'a Folder,
    files: &'a dyn Files,
    certain: &'a CertainBytes<'a>,
}

impl Evidence for Looking<'_> {
    fn embedded(&self, media: usize) -> Option<Facts> {
        self.files.facts(self.folder.media[media])
    }

    fn same_bytes_elsewhere(&self, media: usize) -> Option<ItemKey<'_>> {
        let at = self.folder.media[media];
        let piece = &self.pieces[at];
        let (other, item) = self.certain.get(&(piece.size, piece.crc32?)).copied().flatten()?;
        // What outranks everything else has to be true: size and checksum only say what to compare with.
        (other == at || self.files.same_bytes(at, other) != Some(false)).then_some(item)
    }

    fn same_bytes_before(&self, media: usize) -> Option<ItemKey<'_>> {
        self.files.known_before(self.folder.media[media])
    }
}

/// Whether a pair holds although files of the folder may be in a part that is not here: the film beside a photo may have a
/// sidecar of its own there, and so may another original of an edited copy. What does not hold is paired when the part comes.
fn holds_without_the_rest(result: &MediaResult, media: &Piece<'_>, sidecar: &Piece<'_>) -> bool {
    let extension = |name: &str| known_extension(name).map(alias);
    match result.tier {
        Tier::Exact => true,
        Tier::Extension => result.confidence >= Some(Confidence::High),
        Tier::Edited => {
            let title = match &sidecar.what {
                What::Item(sidecar) => sidecar.title(),
                _ => None,
            };
            title.is_some_and(|title| extension(title) == extension(media.name()))
        }
        _ => false,
    }
}

/// The items of one folder, from its pairs.
fn groups_of(pieces: &[Piece<'_>], folder: &Folder, outcome: Outcome, contents: &mut Contents) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::with_capacity(folder.media.len());
    let mut of_sidecar: HashMap<usize, usize> = HashMap::with_capacity(folder.sidecars.len());
    for (at, state) in outcome.sidecars.iter().enumerate() {
        match state {
            SidecarState::Open(_) => mark(contents, folder.sidecars[at], Use::SidecarOpen),
            SidecarState::SameAs(_) => {}
            SidecarState::Used(_) | SidecarState::MediaMissing => {
                of_sidecar.insert(at, groups.len());
                groups.push(Group { sidecars: vec![folder.sidecars[at]], files: Vec::new() });
            }
        }
    }
    for (at, state) in outcome.sidecars.iter().enumerate() {
        if let SidecarState::SameAs(other) = state {
            match of_sidecar.get(other) {
                Some(&group) => groups[group].sidecars.push(folder.sidecars[at]),
                None => mark(contents, folder.sidecars[at], Use::SidecarOpen),
            }
        }
    }
    let in_open: Vec<usize> = outcome.open.iter().flat_map(|group| group.media.iter().copied()).collect();
    contents.open_media.extend(in_open.iter().map(|&media| folder.media[media]));
    for (at, result) in outcome.media.into_iter().enumerate() {
        let trusted = |sidecar: &usize| {
            !folder.lacks_files || holds_without_the_rest(&result, &pieces[folder.media[at]], &pieces[folder.sidecars[*sidecar]])
        };
        let group = result.sidecar.filter(trusted).and_then(|sidecar| of_sidecar.get(&sidecar).copied());
        let mut file = ItemFile {
            piece: folder.media[at],
            role: result.role,
            copy_of: None,
            tier: result.tier,
            confidence: result.confidence,
            because: result.because,
        };
        match group {
            Some(group) if file.role == FileRole::Original => groups[group].files.insert(0, file),
            Some(group) => groups[group].files.push(file),
            None => {
                // It is an item of its own as long as nothing says what it belongs to.
                file.role = FileRole::Original;
                (file.tier, file.confidence, file.because) = (Tier::None, None, Vec::new());
                groups.push(Group { sidecars: Vec::new(), files: vec![file] });
            }
        }
    }
    groups
}

fn mark(contents: &mut Contents, piece: usize, as_what: Use) {
    // What cannot be read stays that, whatever it was paired with.
    if contents.uses[piece] != Use::Broken {
        contents.uses[piece] = as_what;
    }
}

/// Adds files to an item. The same bytes, as far as sizes and checksums tell, are copies; other bytes of the original are a
/// rendition beside it.
fn add_files(item: &mut Item, files: Vec<ItemFile>, pieces: &[Piece<'_>]) {
    item.files.reserve_exact(files.len());
    for mut file in files {
        let piece = &pieces[file.piece];
        file.copy_of = item
            .files
            .iter()
            .position(|other| other.copy_of.is_none() && other.role == file.role && pieces[other.piece].may_equal(piece))
            .or_else(|| {
                // In another role only what is as good as proven: sizes alone are often the same.
                let proven = |other: &Piece<'_>| other.crc32.is_some() && piece.crc32.is_some() && other.may_equal(piece);
                item.files.iter().position(|other| other.copy_of.is_none() && proven(&pieces[other.piece]))
            });
        if file.copy_of.is_none() && file.role == FileRole::Original && item.original().is_some() {
            file.role = FileRole::Rendition;
        }
        item.files.push(file);
    }
}

/// Copies in albums join the items of the year folders; what lies only in albums becomes items of its own.
fn join_albums(pieces: &[Piece<'_>], groups: Vec<(FolderKind, Group)>, contents: &mut Contents) {
    if groups.is_empty() {
        return;
    }
    let alone = join_to_year_folders(pieces, groups, contents);
    // Sidecars without a file may mean an item that lies in another album only.
    let entries = entries_of(pieces, contents);
    let known = Items::new(&entries);
    for (key, group, open) in alone {
        match known.find(&key) {
            Membership::Item(item) if !open => contents.items[item].sidecars.extend(&group.sidecars),
            answer => {
                let as_what = if open || matches!(answer, Membership::Open(_)) { Use::SidecarOpen } else { Use::SidecarAlone };
                for at in group.sidecars {
                    mark(contents, at, as_what);
                }
            }
        }
    }
}

/// Items with what their sidecars say of them.
fn entries_of<'a>(pieces: &'a [Piece<'_>], contents: &Contents) -> Vec<ItemEntry<'a>> {
    let entry = |item: &Item| ItemEntry {
        key: item.sidecars.first().map(|&at| key_of(&pieces[at])).unwrap_or_default(),
        in_year_folder: item.in_year_folder,
    };
    contents.items.iter().map(entry).collect()
}

/// Joins what lies in albums to the items of the year folders, or makes items of it. Returns the sidecars without a file, with
/// whether several items fit.
fn join_to_year_folders<'a>(
    pieces: &'a [Piece<'_>],
    groups: Vec<(FolderKind, Group)>,
    contents: &mut Contents,
) -> Vec<(ItemKey<'a>, Group, bool)> {
    let entries = entries_of(pieces, contents);
    let known = Items::new(&entries);
    let by_bytes = originals_by_bytes(pieces, &contents.items);
    let same_bytes =
        |group: &Group| group.files.first().and_then(|file| by_bytes.get(&bytes_of(&pieces[file.piece])?).copied().flatten());
    let mut only_in_albums: HashMap<(ItemKey<'_>, Option<(u64, u32)>), usize> = HashMap::new();
    let mut memberships = Vec::new();
    for (kind, group) in groups {
        let key = group.sidecars.first().map(|&at| key_of(&pieces[at])).unwrap_or_default();
        let found = match known.find(&key) {
            Membership::Item(item) if is_another(&entries[item].key, &key, &group, &contents.items[item], pieces) => None,
            Membership::Item(item) => Some(item),
            Membership::Open(several) => same_bytes(&group).filter(|item| several.contains(item)),
            // Without a sidecar the bytes are all there is to go by.
            Membership::NotHere if group.sidecars.is_empty() => same_bytes(&group),
            Membership::NotHere => None,
        };
        let open = found.is_none() && matches!(known.find(&key), Membership::Open(_));
        match found {
            Some(item) => {
                let item = &mut contents.items[item];
                item.sidecars.extend(&group.sidecars);
                add_files(item, group.files, pieces);
            }
            None if group.files.is_empty() => memberships.push((key, group, open)),
            None => {
                let bytes = group.files.first().and_then(|file| bytes_of(&pieces[file.piece]));
                // Without an address, title and second alone do not make two files one item.
                let tells = key.title.is_some() && key.taken.is_some();
                let by = (key, if key.url.is_some() { None } else { bytes });
                let same = only_in_albums.get(&by).copied().filter(|_| tells && (by.0.url.is_some() || by.1.is_some()));
                if let Some(item) = same {
                    let item = &mut contents.items[item];
                    item.sidecars.extend(&group.sidecars);
                    add_files(item, group.files, pieces);
                } else {
                    let mut item = Item { kind_of_folder: kind, sidecars: group.sidecars, ..Item::default() };
                    add_files(&mut item, group.files, pieces);
                    only_in_albums.insert(by, contents.items.len());
                    contents.items.push(item);
                }
            }
        }
    }
    memberships
}

/// Whether a file in an album is another photo than the item of its title and second: another address, and other bytes.
/// People name photos alike, and dates that Google made up agree by chance.
fn is_another(item_key: &ItemKey<'_>, key: &ItemKey<'_>, group: &Group, item: &Item, pieces: &[Piece<'_>]) -> bool {
    let differs = item_key.url.is_some() && key.url.is_some() && item_key.url != key.url;
    let (Some(file), Some(original)) = (group.files.first(), item.original()) else { return false };
    differs && !pieces[original.piece].may_equal(&pieces[file.piece])
}

fn bytes_of(piece: &Piece<'_>) -> Option<(u64, u32)> {
    Some((piece.size, piece.crc32?))
}

/// Items by the bytes of their originals; `None` where two items have the same.
fn originals_by_bytes(pieces: &[Piece<'_>], items: &[Item]) -> HashMap<(u64, u32), Option<usize>> {
    let mut by_bytes = HashMap::with_capacity(items.len());
    for (number, item) in items.iter().enumerate() {
        if let Some(bytes) = item.original().and_then(|file| bytes_of(&pieces[file.piece])) {
            by_bytes.entry(bytes).and_modify(|before| *before = None).or_insert(Some(number));
        }
    }
    by_bytes
}

/// A pair's evidence in words, for the catalog and for lists: the rule, then what speaks for it.
pub fn evidence_words(file: &ItemFile) -> String {
    let tier = match file.tier {
        Tier::Exact => "exact name",
        Tier::Extension => "name but for the extension",
        Tier::Edited => "edited copy",
        Tier::Motion => "moving part",
        Tier::OtherExtension => "other format",
        Tier::IndexOnSidecar => "number on the sidecar only",
        Tier::InferredEdit => "edited copy, inferred",
        Tier::Evidence => "what is in the files",
        Tier::None => return "no sidecar".to_owned(),
    };
    let because: Vec<String> = file.because.iter().map(|because| words(*because)).collect();
    if because.is_empty() { tier.to_owned() } else { format!("{tier}: {}", because.join(", ")) }
}

/// `TitleAndName` as `title and name`.
fn words(because: Because) -> String {
    let mut text = String::new();
    for letter in format!("{because:?}").chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push(' ');
        }
        text.extend(letter.to_lowercase());
    }
    text
}
