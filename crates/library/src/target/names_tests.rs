//! Names: the examples of `predecessors.md`, and what must hold for any text on any target.

#![allow(clippy::unwrap_used, clippy::expect_used)]
use std::collections::{BTreeSet, HashSet};

use photokeep_model::{CaptureTime, Layout};
use proptest::prelude::*;
use rstest::rstest;

use super::super::facts::{LengthUnit, NameLimit};
use super::super::layout::{album_entry, candidates};
use super::super::numbering::split_sanely;
use super::*;

const LAYOUTS: [Layout; 5] =
    [Layout::Photokeep, Layout::GphotosSync, Layout::GphotosSyncFlat, Layout::Gphotosync, Layout::RcloneByMonth];

fn linux(layout: Layout) -> NameRules {
    NameRules::from_names(NameFacts::permissive(), layout)
}

fn windows(layout: Layout) -> NameRules {
    NameRules::from_names(NameFacts::windows(), layout)
}

/// A name on a disk that takes all characters, with what never stands in one on the system of these tests (`never_in_a_name`).
fn here(name: &str) -> String {
    if cfg!(windows) { name.replace(['\\', ':'], "_") } else { name.to_owned() }
}

#[rstest]
#[case::ordinary("IMG_0001.JPG", "IMG_0001.JPG", "IMG_0001.JPG")]
#[case::remote_number_stays("a (7).jpg", "a (7).jpg", "a (7).jpg")]
#[case::forbidden_under_windows("x:y?.jpg", "x:y?.jpg", "x_y_.jpg")]
#[case::comma_is_harmless("a, b.jpg", "a, b.jpg", "a, b.jpg")]
#[case::separator("sub/x.jpg", "sub_x.jpg", "sub_x.jpg")]
#[case::escape("../../../esc.jpg", "_._.._.._esc.jpg", "_._.._.._esc.jpg")]
#[case::escape_of_windows("..\\..\\c.jpg", "_.\\..\\c.jpg", "_._.._c.jpg")]
#[case::control("a\nb\u{7f}\u{85}.jpg", "a_b__.jpg", "a_b__.jpg")]
#[case::reading_direction("photo\u{202e}gpj.exe", "photo_gpj.exe", "photo_gpj.exe")]
#[case::hidden(".htaccess", "_htaccess", "_htaccess")]
#[case::ends_in_dots_and_spaces("a.jpg. . ", "a.jpg", "a.jpg")]
#[case::device("CON.jpg", "CON_.jpg", "CON_.jpg")]
#[case::device_with_two_suffixes("com1.tar.gz", "com1_.tar.gz", "com1_.tar.gz")]
#[case::decomposed("cafe\u{301}.jpg", "caf\u{e9}.jpg", "caf\u{e9}.jpg")]
#[case::empty("", "photo.jpg", "photo.jpg")]
#[case::only_dots("...", "photo.jpg", "photo.jpg")]
#[case::only_spaces("   ", "photo.jpg", "photo.jpg")]
#[case::emoji("👨‍👩‍👧.jpg", "👨‍👩‍👧.jpg", "👨‍👩‍👧.jpg")]
fn photokeep_names(#[case] raw: &str, #[case] on_linux: &str, #[case] on_windows: &str) {
    assert_eq!(linux(Layout::Photokeep).clean_file_name(raw, "jpg"), here(on_linux));
    assert_eq!(windows(Layout::Photokeep).clean_file_name(raw, "jpg"), on_windows);
}

/// `predecessors.md` 1.5, steps 1 to 3.
#[rstest]
#[case::remote_number_goes("a (7).jpg", "a.jpg", "a.jpg")]
#[case::only_the_last_number("a (2) (3).jpg", "a (2).jpg", "a (2).jpg")]
#[case::greedy("a (1).b (2).jpg", "a (1).b.jpg", "a (1).b.jpg")]
#[case::not_before_the_last_dot("a (1).tar.gz", "a.tar.gz", "a.tar.gz")]
#[case::no_dot_after_it("a (7)", "a (7)", "a (7)")]
#[case::no_space_before_it("a(7).jpg", "a(7).jpg", "a(7).jpg")]
#[case::no_digits("a ().jpg", "a ().jpg", "a ().jpg")]
#[case::trailing_blanks("a.jpg \t ", "a.jpg", "a.jpg")]
#[case::linux_set("a/b\u{1f}\u{7f}.jpg", "a_b__.jpg", "a_b__.jpg")]
#[case::windows_set("a,<>:\"/\\|?*.jpg", "a,<>:\"_\\|?*.jpg", "a__________.jpg")]
#[case::trailing_dots("a.jpg. .", "a.jpg. .", "a.jpg")]
#[case::backslashes_are_one_name("..\\..\\c.jpg", "..\\..\\c.jpg", ".._.._c.jpg")]
#[case::leading_dot_stays(".a.jpg", ".a.jpg", ".a.jpg")]
#[case::decomposed_stays("cafe\u{301}.jpg", "cafe\u{301}.jpg", "cafe\u{301}.jpg")]
#[case::device_only_where_it_is_one("CON.jpg", "CON.jpg", "CON_.jpg")]
#[case::direction("..", "photo.jpg", "photo.jpg")]
fn gphotos_sync_names(#[case] raw: &str, #[case] on_linux: &str, #[case] on_windows: &str) {
    for layout in [Layout::GphotosSync, Layout::GphotosSyncFlat] {
        assert_eq!(linux(layout).clean_file_name(raw, "jpg"), here(on_linux));
        assert_eq!(windows(layout).clean_file_name(raw, "jpg"), on_windows);
    }
}

#[test]
fn gphotos_sync_replaces_all_of_unicode_where_the_emoji_was_refused() {
    let facts = NameFacts { emoji: false, ..NameFacts::permissive() };
    let name = "é😀.jpg";
    assert_eq!(NameRules::from_names(facts.clone(), Layout::GphotosSync).clean_file_name(name, "jpg"), "__.jpg");
    assert_eq!(NameRules::from_names(facts, Layout::Photokeep).clean_file_name(name, "jpg"), "é_.jpg");
    let ascii = NameFacts { emoji: false, non_ascii: false, ..NameFacts::permissive() };
    assert_eq!(NameRules::from_names(ascii, Layout::Photokeep).clean_file_name("cafe\u{301}😀.jpg", "jpg"), "caf__.jpg");
}

/// `predecessors.md` 2.4: as it comes, but inside the library.
#[rstest]
#[case("x:y?.jpg", "x:y?.jpg")]
#[case("a (7).jpg", "a (7).jpg")]
#[case(" a. ", " a. ")]
#[case("sub/x.jpg", "sub_x.jpg")]
#[case("../../../esc.jpg", ".._.._.._esc.jpg")]
#[case("", "photo.jpg")]
#[case("..", "photo.jpg")]
#[case("a\0b", "a_b")]
fn gphotosync_names(#[case] raw: &str, #[case] expected: &str) {
    for layout in [Layout::Gphotosync, Layout::GphotosyncId] {
        assert_eq!(linux(layout).clean_file_name(raw, "jpg"), here(expected));
    }
}

#[test]
fn an_item_without_a_name_is_called_after_its_kind() {
    let rules = linux(Layout::Photokeep);
    for (extension, expected) in
        [("jpg", "photo.jpg"), ("MP4", "video.MP4"), ("mov", "video.mov"), ("", "photo"), ("../x", "photo.x")]
    {
        assert_eq!(rules.clean_file_name("", extension), expected);
    }
}

#[test]
fn titles_become_folder_names() {
    let (kept, preset) = (linux(Layout::Photokeep), linux(Layout::GphotosSync));
    assert_eq!(kept.clean_folder_name("Trip 12.5 (2).old"), "Trip 12.5 (2).old");
    assert_eq!(preset.clean_folder_name("Trip (2).old"), "Trip (2).old", "only file names lose their number");
    assert_eq!(kept.clean_folder_name(" . "), "Untitled");
    assert_eq!(preset.clean_folder_name("  "), "none");
    assert_eq!(linux(Layout::Gphotosync).clean_folder_name("a. "), "a", "it had no albums; they are named as Photokeep's");
}

#[test]
fn a_long_name_loses_its_stem_and_not_its_extension() {
    let rules = linux(Layout::Photokeep);
    let cleaned = rules.clean_file_name(&format!("{}.heic", "日".repeat(300)), "jpg");
    assert_eq!(cleaned, format!("{}.heic", "日".repeat(78)), "239 bytes: 255 less the room for a number");
    let sentence = format!("{}. And then we went home", "x".repeat(250));
    assert_eq!(rules.clean_file_name(&sentence, "jpg"), "x".repeat(239), "a sentence is no extension");
    // The presets use all there is: 255 bytes were kept by both predecessors.
    let longest = format!("{}.jpg", "x".repeat(251));
    assert_eq!(linux(Layout::GphotosSync).clean_file_name(&longest, "jpg"), longest);
}

#[test]
fn a_collision_key_is_the_path_itself_where_all_names_differ() {
    let rules = linux(Layout::Photokeep);
    for path in ["photos/2023/09/É. ", "photos/2023/09/e\u{301}", "a\u{200d}b"] {
        assert_eq!(rules.collision_key(path), path);
    }
}

#[test]
fn a_collision_key_says_which_names_are_one() {
    let apfs = NameFacts { case_sensitive: false, normalization_sensitive: false, ..NameFacts::permissive() };
    let folded = NameFacts { ignores_invisible: true, ..apfs.clone() };
    let zfs = NameFacts { normalization_sensitive: false, ..NameFacts::permissive() };
    let key = |facts: &NameFacts, path: &str| NameRules::from_names(facts.clone(), Layout::Photokeep).collision_key(path);
    let ntfs = NameFacts::windows();
    assert_eq!(key(&ntfs, "photos/A.JPG"), key(&ntfs, "photos/a.jpg"));
    assert_eq!(key(&ntfs, "albums/a. ./x"), key(&ntfs, "albums/a/x"));
    assert_ne!(key(&ntfs, "caf\u{e9}"), key(&ntfs, "cafe\u{301}"));
    assert_eq!(key(&apfs, "CAF\u{c9}"), key(&apfs, "cafe\u{301}"));
    assert_ne!(key(&apfs, "a\u{200d}b"), key(&apfs, "ab"));
    assert_eq!(key(&folded, "a\u{200d}b"), key(&folded, "ab"));
    assert_eq!(key(&zfs, "caf\u{e9}"), key(&zfs, "cafe\u{301}"));
    assert_ne!(key(&zfs, "A"), key(&zfs, "a"));
}

/// Text as only an adversary, or a phone of 2009, writes it.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("..".to_owned()),
        Just("/".to_owned()),
        Just("\0".to_owned()),
        Just("\\".to_owned()),
        Just(" ".to_owned()),
        Just(".".to_owned()),
        Just("\u{202e}\u{2066}\u{200f}\u{61c}".to_owned()),
        Just("\u{2028}\u{fffe}\u{fdd0}".to_owned()),
        Just("👨‍👩‍👧‍👦".to_owned()),
        Just("🏳️‍🌈".to_owned()),
        Just("e\u{301}\u{323}".to_owned()),
        Just("\u{1100}\u{1161}\u{11a8}".to_owned()), // Hangul in letters
        Just("<\u{338}".to_owned()),                 // composes to ≮
        Just("\u{958}\u{1d15e}".to_owned()),         // grow when composed
        Just(" (7)".to_owned()),
        Just(".jpg".to_owned()),
        Just(".tar.gz".to_owned()),
        prop::sample::select(vec!["CON", "nul", "COM1", "lpt³", "AUX", "CONIN$", "PRN "]).prop_map(str::to_owned),
        "[a-zA-Z0-9_-]{1,12}",
        "\\PC{0,6}",
        any::<char>().prop_map(String::from),
        (1..300_usize).prop_map(|count| "x".repeat(count)),
        (1..120_usize).prop_map(|count| "日".repeat(count)),
        (1..100_usize).prop_map(|count| "\u{301}".repeat(count)),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn endings() -> impl Strategy<Value = Ending> {
    prop::sample::select(vec![Ending::Kept, Ending::Dropped, Ending::Refused])
}

fn any_facts() -> impl Strategy<Value = NameFacts> {
    let limit = (64..=255_usize, prop::sample::select(vec![LengthUnit::Bytes, LengthUnit::Utf16, LengthUnit::Chars]))
        .prop_map(|(max, unit)| NameLimit { max, unit });
    let refused = prop::sample::subsequence("<>:\"\\|?*".chars().collect::<Vec<_>>(), 0..=8);
    (any::<[bool; 7]>(), endings(), endings(), refused, limit).prop_map(
        |(flags, trailing_dot, trailing_space, refused, limit)| NameFacts {
            case_sensitive: flags[0],
            case_preserved: true,
            normalization_sensitive: flags[1],
            normalization_preserved: true,
            ignores_invisible: flags[2],
            refused: refused.into_iter().collect::<BTreeSet<char>>(),
            control_characters: flags[3],
            trailing_dot,
            trailing_space,
            non_ascii: flags[4],
            emoji: flags[4] && flags[5],
            device_names: flags[6],
            limit,
        },
    )
}

fn any_layout() -> impl Strategy<Value = Layout> {
    prop::sample::select(LAYOUTS.to_vec())
}

fn one_component(name: &str) -> bool {
    let mut components = std::path::Path::new(name).components();
    matches!((components.next(), components.next()), (Some(std::path::Component::Normal(part)), None) if part == name)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn any_name_becomes_one_the_target_takes(raw in hostile(), facts in any_facts(), layout in any_layout(), n in 2..=99_999_u32) {
        let rules = NameRules::from_names(facts, layout);
        let name = rules.clean_file_name(&raw, "jpg");
        let folder = rules.clean_folder_name(&raw);
        for name in [&name, &folder, &rules.numbered(&name, n), &rules.numbered_folder(&folder, n), &album_entry(&rules, n as usize, &name)] {
            prop_assert!(one_component(name), "{name:?}");
            prop_assert!(rules.accepts(name), "{name:?}");
        }
    }

    #[test]
    fn cleaning_twice_is_cleaning_once(raw in hostile(), facts in any_facts()) {
        let rules = NameRules::from_names(facts, Layout::Photokeep);
        let name = rules.clean_file_name(&raw, "jpg");
        prop_assert_eq!(rules.clean_file_name(&name, "jpg"), name);
        let folder = rules.clean_folder_name(&raw);
        prop_assert_eq!(rules.clean_folder_name(&folder), folder);
    }

    #[test]
    fn a_sane_extension_survives(stem in hostile(), extension in "[a-zA-Z0-9]{1,8}", facts in any_facts(), layout in any_layout(), n in 2..=99_999_u32) {
        let rules = NameRules::from_names(facts, layout);
        let ending = format!(".{extension}");
        let name = rules.clean_file_name(&format!("x{stem}{ending}"), "mp4");
        prop_assert!(name.ends_with(&ending), "{:?}", name);
        prop_assert!(rules.numbered(&name, n).ends_with(&ending), "{:?}", name);
        prop_assert!(album_entry(&rules, 3, &name).ends_with(&ending));
    }

    #[test]
    fn candidates_never_repeat(raw in hostile(), id in hostile(), facts in any_facts(), layout in any_layout(), seconds in any::<Option<i32>>(), next in 0..200_u32) {
        let rules = NameRules::from_names(facts, layout);
        let taken = seconds.and_then(|seconds| CaptureTime::from_unix(seconds.into(), 5, None));
        let name = rules.clean_file_name(&raw, "jpg");
        let names: Vec<String> = candidates(&rules, &name, &id, taken, next).take(120).collect();
        let keys: HashSet<String> = names.iter().map(|name| rules.collision_key(name)).collect();
        prop_assert_eq!(keys.len(), 120, "{:?}", &names[..4]);
        for name in &names {
            prop_assert!(rules.accepts(name), "{name:?}");
        }
    }

    #[test]
    fn ordinary_names_stay_as_they_are(stem in "[A-Za-z0-9_][A-Za-z0-9_ -]{0,40}[a-z0-9_]", extension in "jpg|JPG|heic|mp4|MOV", layout in any_layout()) {
        let name = format!("{stem}.{extension}");
        prop_assume!(device_name(&name).is_none());
        prop_assert_eq!(linux(layout).clean_file_name(&name, "jpg"), name.clone());
        prop_assert_eq!(windows(layout).clean_file_name(&name, "jpg"), name);
    }

    #[test]
    fn a_split_name_is_put_together_again(name in hostile()) {
        let (stem, extension) = split_sanely(&name);
        prop_assert_eq!(format!("{stem}{extension}"), name);
    }
}

#[cfg(target_os = "linux")]
proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_cleaned_name_can_be_created_and_comes_back(raw in hostile(), layout in any_layout()) {
        let folder = tempfile::tempdir().unwrap();
        let rules = linux(layout);
        let name = rules.clean_file_name(&raw, "jpg");
        for name in [name.clone(), rules.numbered(&name, 99_999)] {
            std::fs::File::create_new(folder.path().join(&name)).unwrap();
            let listed: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            prop_assert_eq!(&listed, &[std::ffi::OsString::from(&name)]);
            std::fs::remove_file(folder.path().join(&name)).unwrap();
        }
    }
}
