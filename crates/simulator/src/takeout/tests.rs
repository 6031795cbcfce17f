//! What every export must be, whatever was asked for. Archives are opened in `tests/simulator/takeout.rs`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, HashMap, HashSet};

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::naming::{self, units};
use super::*;
use crate::generate::{demo, demo_earlier};
use crate::photo_library::{Content, PhotoLibrary, SimAlbum, SimItem};

fn made(spec: &ExportSpec) -> Truth {
    let folder = tempfile::tempdir().unwrap();
    generate(spec, folder.path()).unwrap()
}

fn split_path(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap()
}

/// The name without its number.
fn unnumbered(name: &str) -> String {
    let (stem, extension) = naming::split(name);
    match stem.strip_suffix(')').and_then(|stem| stem.rsplit_once('(')) {
        Some((before, digits)) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{before}{extension}")
        }
        _ => name.to_owned(),
    }
}

/// What must hold for the truth about any export.
fn adds_up(truth: &Truth) {
    let mut places = HashSet::new();
    let sidecars: HashSet<&str> =
        truth.entries.iter().filter(|e| e.kind == EntryKind::Sidecar).map(|e| e.path.as_str()).collect();
    let media: HashSet<&str> = truth.entries.iter().filter(|e| e.kind == EntryKind::Media).map(|e| e.path.as_str()).collect();
    for entry in &truth.entries {
        assert!(places.insert((entry.part, &entry.path)), "twice: {}", entry.path);
        assert!(entry.part < truth.parts.len());
        assert_eq!(entry.role.is_some(), entry.kind == EntryKind::Media);
        assert_eq!(entry.hash.is_some(), entry.kind == EntryKind::Media);
        assert_eq!(entry.harm.is_some(), entry.kind == EntryKind::Hostile);
        if let Some(number) = entry.item {
            assert!(truth.item(number).is_some(), "{}", entry.path);
        }
        if let Some(sidecar) = &entry.sidecar {
            assert!(sidecars.contains(sidecar.as_str()), "{} wants {sidecar}", entry.path);
            assert_eq!(split_path(sidecar).0, split_path(&entry.path).0);
        }
        if let Some(path) = &entry.media {
            assert!(media.contains(path.as_str()), "{} wants {path}", entry.path);
        }
        if let Some(album) = entry.album.and_then(|number| truth.album(number)) {
            assert_eq!(album.folder, split_path(&entry.path).0);
        }
    }
    for album in &truth.albums {
        let files = truth.entries.iter().filter(|e| e.kind == EntryKind::AlbumFile && e.album == Some(album.number));
        assert_eq!(files.count() >= 1, album.has_file, "{}", album.folder);
        for &member in &album.members {
            assert!(truth.item(member).unwrap().albums.contains(&album.number));
        }
    }
    for item in &truth.items {
        for &album in &item.albums {
            assert!(truth.album(album).unwrap().members.contains(&item.number));
        }
    }
    // The same media file is written with the same bytes wherever it is, unless an album has a rendition of its own.
    let mut hashes: HashMap<(u32, Role, bool), &str> = HashMap::new();
    for entry in truth.entries.iter().filter(|e| e.kind == EntryKind::Media) {
        let key = (entry.item.unwrap(), entry.role.unwrap(), entry.album.is_some());
        let hash = entry.hash.as_deref().unwrap();
        assert_eq!(*hashes.entry(key).or_insert(hash), hash, "{}", entry.path);
    }
}

/// Names are as long as the rule allows and no longer.
fn names_obey(truth: &Truth) {
    let limits = truth.spec.limits;
    for entry in &truth.entries {
        let name: String = split_path(&entry.path).1.nfc().collect();
        match entry.kind {
            EntryKind::Media => assert!(units(&unnumbered(&name)) <= limits.media + 1, "{name}"),
            EntryKind::Sidecar | EntryKind::BrokenSidecar => {
                let base = unnumbered(&name);
                assert!(units(base.strip_suffix(".json").unwrap()) <= limits.sidecar + 1, "{name}");
                let item = truth.item(entry.item.unwrap()).unwrap();
                let start: String = naming::safe(&item.title).nfc().take(10).collect();
                assert!(name.starts_with(&start), "{name} of {}", item.title);
            }
            _ => {}
        }
    }
}

#[test]
fn with_everything_on_every_variant_is_there() {
    let spec = ExportSpec { items: 600, ..ExportSpec::default() };
    let truth = made(&spec);
    adds_up(&truth);
    names_obey(&truth);
    let names: Vec<&str> = truth.entries.iter().map(|e| split_path(&e.path).1).collect();
    let any = |wanted: &str| names.iter().any(|name| name.contains(wanted));
    for wanted in ["(11).jpg", "-edited.jpg", "-edited(1).jpg", "(2).MP4", "-COLLAGE.jpg", ".MOV.mp4", "..json", ".gif.jpg"] {
        assert!(any(wanted), "{wanted}");
    }
    for kind in [
        EntryKind::Media,
        EntryKind::Sidecar,
        EntryKind::BrokenSidecar,
        EntryKind::AlbumFile,
        EntryKind::ServiceFile,
        EntryKind::ArchivePage,
        EntryKind::OtherProduct,
        EntryKind::MacCompanion,
    ] {
        assert!(truth.count(kind) > 0, "{kind:?}");
    }
    let folders: HashSet<&str> = truth.entries.iter().map(|e| split_path(&e.path).0).collect();
    for folder in ["Archive", "Trash", "Untitled", "Untitled(1)", "Summer holiday", "Summer holiday(1)", "Photos from 2008(1)"] {
        assert!(folders.contains(format!("Takeout/Google Photos/{folder}").as_str()), "{folder}");
    }
    assert!(truth.items.iter().any(|item| item.taken.is_some_and(|taken| taken < 0)));
    assert!(truth.items.iter().any(|item| item.taken.is_none()));
    assert!(truth.items.iter().any(|item| item.place.is_some_and(|(latitude, longitude)| latitude == 0.0 && longitude != 0.0)));
    assert!(truth.items.iter().any(|item| item.place.is_some_and(|(latitude, longitude)| latitude != 0.0 && longitude == 0.0)));
    assert!(truth.items.iter().any(|item| !item.own && !item.albums.is_empty()));
    for story in [DateStory::Agree, DateStory::SidecarOnly, DateStory::Corrected, DateStory::Guessed, DateStory::NoneInSidecar] {
        assert!(truth.items.iter().any(|item| item.dates == story), "{story:?}");
    }
    assert!(truth.entries.iter().any(|e| !e.names_decide));
    assert!(truth.albums.iter().any(|album| !album.has_file));
    let album_only = |e: &&EntryTruth| e.kind == EntryKind::Sidecar && e.media.is_none() && e.album.is_some();
    assert!(truth.entries.iter().any(|e| album_only(&e)));
    // The same entry in two parts, with the same length.
    let mut sizes: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for entry in &truth.entries {
        sizes.entry(&entry.path).or_default().push(entry.size);
    }
    assert!(sizes.values().any(|sizes| sizes.len() == 2));
    assert!(sizes.values().all(|sizes| sizes.iter().all(|size| *size == sizes[0])));
}

#[test]
fn pairs_cross_parts() {
    let truth = made(&ExportSpec { items: 300, parts: Parts::Count(4), ..ExportSpec::default() });
    let part: HashMap<&str, usize> = truth.entries.iter().map(|e| (e.path.as_str(), e.part)).collect();
    let pairs: Vec<(usize, usize)> =
        truth.entries.iter().filter_map(|e| Some((e.part, *part.get(e.sidecar.as_deref()?)?))).collect();
    let across = pairs.iter().filter(|(a, b)| a != b).count();
    assert!(across * 3 > pairs.len(), "{across} of {}", pairs.len());
}

#[test]
fn nearly_all_pairs_are_decided_by_names_and_all_are_where_nothing_is_odd() {
    let plain = made(&ExportSpec { items: 300, variants: Variants::none(), ..ExportSpec::default() });
    assert!(plain.entries.iter().all(|e| e.names_decide));
    assert_eq!(plain.count(EntryKind::Media), plain.count(EntryKind::Sidecar));
    let spec = ExportSpec { items: 2_000, ..ExportSpec::default() };
    let odd = made(&ExportSpec { variants: Variants { undecidable: false, ..spec.variants }, ..spec });
    let open = odd.entries.iter().filter(|e| !e.names_decide && e.role != Some(Role::Edited)).count();
    assert!(open * 100 < odd.entries.len(), "{open} of {}", odd.entries.len());
}

#[test]
fn equal_specifications_give_equal_exports() {
    let spec = ExportSpec { items: 150, hostile: true, ..ExportSpec::default() };
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = generate(&spec, one.path()).unwrap();
    assert!(first == generate(&spec, two.path()).unwrap());
    for part in first.parts.iter().chain(&first.false_parts) {
        assert_eq!(std::fs::read(one.path().join(part)).unwrap(), std::fs::read(two.path().join(part)).unwrap(), "{part}");
    }
    let other = made(&ExportSpec { seed: 2, ..spec });
    assert!(first.items != other.items);
}

#[test]
fn the_truth_survives_json() {
    let truth = made(&ExportSpec { items: 120, ..ExportSpec::default() });
    let text = serde_json::to_string(&truth).unwrap();
    assert!(serde_json::from_str::<Truth>(&text).unwrap() == truth);
}

#[test]
fn an_increment_holds_what_is_new_or_edited_and_nothing_else() {
    let spec = ExportSpec { items: 300, ..ExportSpec::default() };
    let first = made(&spec);
    let folder = tempfile::tempdir().unwrap();
    let later = ExportSpec { parts: Parts::Count(1), ..spec };
    let second = increment(&later, &first, Change::default(), folder.path()).unwrap();
    adds_up(&second);
    assert!(second.export > first.export);
    let known: HashSet<u32> = first.items.iter().map(|item| item.number).collect();
    let (old, new): (Vec<&ItemTruth>, Vec<&ItemTruth>) = second.items.iter().partition(|item| known.contains(&item.number));
    assert_eq!(new.len(), 20);
    assert!(!old.is_empty() && old.len() <= 8, "{}", old.len());
    assert!(second.albums.iter().any(|album| first.album(album.number).is_none()));
    // An old album with its new pictures only.
    let partial = second.albums.iter().find(|album| first.album(album.number).is_some()).unwrap();
    assert!(partial.members.len() < first.album(partial.number).unwrap().members.len());
}

#[test]
fn a_second_export_has_the_same_bytes_under_other_names() {
    let spec = ExportSpec { items: 400, ..ExportSpec::default() };
    let first = made(&spec);
    let folder = tempfile::tempdir().unwrap();
    let later = ExportSpec { language: Language::of("fr").unwrap(), sidecars: SidecarForm::Old, ..spec };
    let second = again(&later, &first, Change::default(), folder.path()).unwrap();
    adds_up(&second);
    names_obey(&second);
    let hashes = |truth: &Truth| -> HashSet<String> { truth.entries.iter().filter_map(|e| e.hash.clone()).collect() };
    assert!(hashes(&first).is_subset(&hashes(&second)));
    for item in &first.items {
        let now = second.item(item.number).expect("nothing leaves");
        assert_eq!((&item.title, &item.url, item.own), (&now.title, &now.url, now.own));
    }
    let changed = |differs: fn(&ItemTruth, &ItemTruth) -> bool| {
        first.items.iter().filter(|item| differs(item, second.item(item.number).unwrap())).count()
    };
    assert!(changed(|a, b| a.caption != b.caption) > 3);
    assert!(changed(|a, b| a.people != b.people) > 3);
    assert!(changed(|a, b| a.taken != b.taken) > 0);
    // Other numbers: the media of one item under the same name but with another number.
    let numbers = |truth: &Truth| -> BTreeMap<u32, String> {
        let primary = |e: &&EntryTruth| e.role == Some(Role::Primary) && e.album.is_none();
        truth.entries.iter().filter(primary).map(|e| (e.item.unwrap(), split_path(&e.path).1.to_owned())).collect()
    };
    let (before, after) = (numbers(&first), numbers(&second));
    let other = before.iter().filter(|(item, name)| after.get(item).is_some_and(|now| now != *name)).count();
    assert!(other > 5, "{other}");
}

#[test]
fn parts_by_size_are_no_larger_than_asked_for() {
    let truth = made(&ExportSpec { items: 300, parts: Parts::Bytes(200_000), ..ExportSpec::default() });
    assert!(truth.parts.len() > 3);
    let mut sizes = vec![0; truth.parts.len()];
    for entry in truth.entries.iter().filter(|e| e.kind != EntryKind::ArchivePage) {
        sizes[entry.part] += entry.size;
    }
    assert!(sizes.iter().all(|&size| size <= 200_000), "{sizes:?}");
    adds_up(&truth);
}

#[test]
fn every_language_and_form_adds_up() {
    for (nth, code) in Language::codes().enumerate() {
        let truth = made(&ExportSpec {
            items: 130,
            seed: nth as u64,
            language: Language::of(code).unwrap(),
            sidecars: if nth % 2 == 0 { SidecarForm::New } else { SidecarForm::Old },
            folders: [FolderForm::Years, FolderForm::EnglishYears, FolderForm::Days][nth % 3],
            limits: if nth % 4 == 3 { Limits { media: 66, sidecar: 60 } } else { Limits::default() },
            ..ExportSpec::default()
        });
        adds_up(&truth);
        names_obey(&truth);
    }
}

#[test]
fn sizes_of_none_one_and_few_work() {
    for items in [0, 1, 2, 7] {
        for albums in [0, 1, 30] {
            adds_up(&made(&ExportSpec { items, albums, ..ExportSpec::default() }));
        }
    }
}

/// A demo account with small pictures: painting is not what is tested.
fn small_account(items: usize) -> (ExportSpec, PhotoLibrary) {
    let (spec, _) = demo_export(items, 7);
    let (mut library, earlier) = (demo(items, 7), demo_earlier(items, 7));
    library.items.extend(earlier.items);
    library.albums.extend(earlier.albums);
    for item in &mut library.items {
        if let Content::Picture(recipe) = &mut item.content {
            (recipe.width, recipe.height) = (32, 24);
        }
    }
    (spec, library)
}

#[test]
fn an_export_of_a_served_account_shows_every_item_as_the_api_does() {
    let (spec, library) = small_account(70);
    let folder = tempfile::tempdir().unwrap();
    let truth = of_library(&spec, &library, folder.path(), &mut uploaded).unwrap();
    adds_up(&truth);
    names_obey(&truth);
    assert_eq!((truth.parts.len(), truth.export.clone()), (2, spec.name()));
    assert_eq!(truth.items.len(), library.items.len(), "nothing is left out");
    assert_eq!(truth.albums.len(), library.albums.len());
    let mut films_and_placed = 0;
    for (item, source) in truth.items.iter().zip(&library.items) {
        assert_eq!(Some(&item.title), source.filename.as_ref());
        assert_eq!(item.taken, source.creation_time.map(|taken| taken.timestamp()));
        assert_eq!((item.own, item.favourite, item.archived), (source.in_library, source.favorite, source.archived));
        let bytes = uploaded(source).unwrap();
        let hash = blake3::hash(&bytes).to_hex().to_string();
        let primary = |entry: &&EntryTruth| entry.item == Some(item.number) && entry.role == Some(Role::Primary);
        assert!(truth.entries.iter().filter(primary).all(|entry| entry.hash.as_deref() == Some(&hash)));
        let served = crate::content::served(&source.content).unwrap();
        let placed = matches!(&source.content, Content::Picture(recipe) if recipe.place.is_some());
        assert_eq!(bytes != served, placed || source.video.is_some(), "{}", item.title);
        films_and_placed += usize::from(bytes != served);
    }
    assert!(films_and_placed > 15, "{films_and_placed}");
    for (album, source) in truth.albums.iter().map(|album| (album, &library.albums[album.number as usize])) {
        assert_eq!((&album.title, album.members.len()), (&source.title, source.items.len()));
    }
    for role in [Role::Edited, Role::Motion] {
        let of: HashSet<u32> = truth.entries.iter().filter(|e| e.role == Some(role)).filter_map(|e| e.item).collect();
        assert!(!of.is_empty(), "{role:?}");
        assert!(of.iter().all(|&number| truth.item(number).unwrap().own));
    }
}

#[test]
fn exports_of_equal_accounts_are_equal_and_what_cannot_be_had_ends_it() {
    let (spec, library) = small_account(20);
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = of_library(&spec, &library, one.path(), &mut uploaded).unwrap();
    assert!(first == of_library(&spec, &library, two.path(), &mut uploaded).unwrap());
    for part in &first.parts {
        assert_eq!(std::fs::read(one.path().join(part)).unwrap(), std::fs::read(two.path().join(part)).unwrap(), "{part}");
    }
    let refuses = &mut |_: &SimItem| Err(io::ErrorKind::Interrupted.into());
    assert_eq!(of_library(&spec, &library, two.path(), refuses).unwrap_err().kind(), io::ErrorKind::Interrupted);
    assert_ne!(demo_export(21, 7).0.name(), spec.name(), "accounts of two sizes can lie beside each other");
}

#[test]
fn the_demos_export_has_the_persons_own_items_and_albums_and_some_that_the_api_does_not_show() {
    let (spec, library) = demo_export(300, 7);
    let account = demo(300, 7);
    let ids = |library: &PhotoLibrary| library.items.iter().map(|item| item.id.clone()).collect::<HashSet<_>>();
    let both = ids(&library).intersection(&ids(&account)).count();
    assert_eq!((spec.items, library.items.len(), both), (318, 318, 294), "six of the 300 are somebody else's");
    let titles = |albums: &[SimAlbum]| albums.iter().map(|album| album.title.clone()).collect::<Vec<_>>();
    let own: Vec<SimAlbum> = account.albums.iter().filter(|album| album.own).cloned().collect();
    let (by_both, here_only) = library.albums.split_at(own.len());
    assert_eq!((titles(by_both), account.albums.len()), (titles(&own), own.len() + 1), "one is somebody else's");
    assert!(by_both.iter().zip(&own).all(|(exported, shown)| exported.items == shown.items));
    let named = ["Opas 80. Geburtstag", "Ostsee 2011", "Best of all years"];
    assert_eq!(titles(here_only), named.map(|title| Some(title.to_owned())));
    assert!(named.iter().all(|title| account.albums.iter().all(|album| album.title.as_deref() != Some(title))));
    let best: Vec<&SimItem> = library.items.iter().filter(|item| here_only[2].items.contains(&item.id)).collect();
    let of_account = ids(&account);
    assert!(best.len() >= 10 && best.iter().any(|item| of_account.contains(&item.id)), "{}", best.len());
    assert!(best.iter().any(|item| !of_account.contains(&item.id)));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn any_choice_of_variants_adds_up(bits: u64, seed: u64, items in 0usize..90, parts in 1usize..6) {
        let mut variants = Variants::none();
        for (nth, name) in Variants::NAMES.iter().enumerate() {
            prop_assert!(variants.set(name, bits >> nth & 1 == 1));
        }
        let spec = ExportSpec { items, seed, variants, parts: Parts::Count(parts), ..ExportSpec::default() };
        let truth = made(&spec);
        adds_up(&truth);
        names_obey(&truth);
        prop_assert_eq!(truth.parts.len(), parts);
    }
}
