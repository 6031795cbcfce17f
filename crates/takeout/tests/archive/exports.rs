//! What a person gives, grouped.

use std::path::{Path, PathBuf};

use photokeep_takeout::archive::{Archive, EntryClass, Form, Reason};
use photokeep_takeout::exports::{ExportId, Given, in_ranges};

use crate::build::{Desk, Raw, gzip, noise, tar, zip};

fn part(seed: u64) -> Vec<u8> {
    zip(&[Raw::stored("Takeout/Google Photos/Photos from 2019/a.jpg", &noise(seed, 500))])
}

fn ids(given: &Given) -> Vec<String> {
    given.exports.iter().map(|export| export.id.to_string()).collect()
}

fn numbers(given: &Given, export: usize) -> Vec<Option<u32>> {
    given.exports[export].parts.iter().map(|part| part.number).collect()
}

#[test]
fn files_in_any_order_become_exports_with_gaps() {
    let desk = Desk::new();
    let mut paths: Vec<PathBuf> = [
        "takeout-20240525T201456Z-003.zip",
        "takeout-20250529T084030Z-1-002.zip",
        "takeout-20240525T201456Z-001.zip",
        "takeout-20250529T084030Z-1-001.zip",
        "takeout-20240525T201456Z-006.zip",
    ]
    .iter()
    .zip(1..)
    .map(|(name, seed)| desk.put(name, &part(seed)))
    .collect();
    let given = Given::look(&paths);
    assert_eq!(ids(&given), ["20240525T201456Z", "20250529T084030Z-1"]);
    assert_eq!(numbers(&given, 0), [Some(1), Some(3), Some(6)]);
    assert_eq!(given.exports[0].missing, [2, 4, 5]);
    assert_eq!(given.exports[0].missing_sentence().unwrap(), "Parts 2, 4, 5 are missing.");
    assert_eq!(given.exports[1].missing_sentence(), None);
    paths.reverse();
    assert_eq!(Given::look(&paths), given);
    // The folder, and the folder with a file in it, are the same.
    assert_eq!(Given::look(&[desk.path().to_owned()]), given);
    assert_eq!(Given::look(&[desk.path().to_owned(), paths[0].clone()]), given);
    assert_eq!(Given::look(&[desk.path().to_owned(), desk.path().to_owned()]), given);
    assert_eq!(Given::watch(desk.path()), given);
}

#[test]
fn a_part_that_cannot_be_opened_is_missing() {
    let desk = Desk::new();
    let whole = desk.put("takeout-20240525T201456Z-001.zip", &part(1));
    let half = desk.put("takeout-20240525T201456Z-002.zip", &part(2)[..300]);
    let mut given = Given::look(&[half.clone(), whole.clone()]);
    assert!(given.exports[0].missing.is_empty());
    let refusal = Archive::open(&half).unwrap_err();
    assert_eq!(refusal.reason, Reason::NotFinished);
    given.refuse(&half, refusal);
    assert_eq!(given.exports[0].missing, [2]);
    assert_eq!(numbers(&given, 0), [Some(1)]);
    assert_eq!(given.refused[0].path, half);
}

#[test]
fn a_watched_folder_is_no_export_itself() {
    let desk = Desk::new();
    desk.put("letter.txt", b"x");
    desk.put("holiday/a.jpg", b"x");
    desk.put("old.zip", &zip(&[Raw::stored("x.txt", b"x")]));
    assert!(Given::watch(desk.path()).exports.is_empty());
    // A person who gives the same folder means it.
    let given = Given::look(&[desk.path().to_owned()]);
    assert_eq!(given.exports[0].parts[0].path, desk.path());
    assert_eq!(given.exports[0].id, ExportId::Unnamed { folder: desk.path().to_owned() });
}

#[test]
fn what_macos_left_beside_an_unpacked_export_is_accounted_for_with_it() {
    for inside in ["", "takeout-20240525T201456Z-001/"] {
        let desk = Desk::new();
        desk.put(&format!("{inside}Takeout/Google Photos/Photos from 2019/a.jpg"), b"a");
        desk.put(&format!("{inside}__MACOSX/Takeout/Google Photos/Photos from 2019/._a.jpg"), b"mac");
        desk.put(&format!("{inside}__MACOSX/Takeout/Google Photos/Photos from 2019/b.jpg"), b"mac");
        let given = Given::look(&[desk.path().to_owned()]);
        let parts: Vec<&Path> = given.exports[0].parts.iter().map(|part| part.path.as_path()).collect();
        let beside = desk.path().join(format!("{inside}__MACOSX"));
        assert_eq!((given.exports.len(), parts), (1, vec![desk.path().join(format!("{inside}Takeout")).as_path(), &beside]));
        let archive = Archive::open(&beside).unwrap();
        assert_eq!(archive.entries().filter(|entry| entry.class == EntryClass::LeftBehind).count(), 2);
    }
    // By itself it is no export.
    let desk = Desk::new();
    desk.put("__MACOSX/Takeout/Google Photos/._a.jpg", b"mac");
    assert!(Given::watch(desk.path()).exports.is_empty());
}

#[test]
fn an_unpacked_export_with_a_foreign_archive_in_it_stays_one() {
    let desk = Desk::new();
    desk.put("Takeout/Google Photos/Photos from 2019/a.jpg", b"a");
    desk.put("Takeout/Drive/old.zip", &zip(&[Raw::stored("x.txt", b"x")]));
    desk.put("Takeout/notes.zip", &zip(&[Raw::stored("x.txt", b"x")]));
    for folder in [desk.path().to_owned(), desk.path().join("Takeout")] {
        let given = Given::look(&[folder]);
        assert_eq!(given.exports.len(), 1);
        assert_eq!(given.exports[0].parts[0].path, desk.path().join("Takeout"));
    }
}

#[test]
fn downloads_under_way_and_sign_in_pages_are_said_and_leave_a_gap() {
    let desk = Desk::new();
    desk.put("takeout-20240525T201456Z-001.zip", &part(1));
    desk.put("takeout-20240525T201456Z-002.zip.crdownload", &part(2)[..100]);
    desk.put("takeout-20240525T201456Z-003.zip", b"<!DOCTYPE html><html><head><title>Sign in</title>");
    desk.put("takeout-20240525T201456Z-004.zip", b"");
    desk.put("takeout-20240525T201456Z-005.zip.part", b"x");
    desk.put("takeout-20240525T201456Z-006.zip.download/Info.plist", b"x");
    desk.put("Unconfirmed 123.crdownload", b"x");
    let given = Given::look(&[desk.path().to_owned()]);
    assert_eq!(ids(&given), ["20240525T201456Z"]);
    assert_eq!(given.exports[0].missing, [2, 3, 4, 5, 6]);
    let mut reasons: Vec<_> = given.refused.iter().map(|refused| (refused.part, refused.refusal.reason)).collect();
    reasons.sort_unstable();
    let unfinished = |part| (Some(part), Reason::NotFinished);
    assert_eq!(reasons, [unfinished(2), (Some(3), Reason::WebPage), unfinished(4), unfinished(5), unfinished(6)]);
}

#[test]
fn the_kind_is_told_from_the_bytes() {
    let desk = Desk::new();
    desk.put("takeout-20240525T201456Z-001.tgz", &part(1));
    desk.put("takeout-20240525T201456Z-002.zip", &gzip(&tar(&[("Takeout/a.jpg", b"a")])));
    desk.put("takeout-20240525T201456Z-003", &part(3));
    let given = Given::look(&[desk.path().to_owned()]);
    let forms: Vec<Form> = given.exports[0].parts.iter().map(|part| part.form).collect();
    assert_eq!(forms, [Form::Zip, Form::TarGzip, Form::Zip]);
}

#[test]
fn browser_copies_are_set_aside_if_they_are_the_same() {
    let desk = Desk::new();
    let copy = desk.put("takeout-20240525T201456Z-001 (1).zip", &part(1));
    let original = desk.put("takeout-20240525T201456Z-001.zip", &part(1));
    desk.put("takeout-20240525T201456Z-002.zip", &part(2));
    desk.put("takeout-20240525T201456Z-002 (1).zip", &part(9));
    let given = Given::look(&[desk.path().to_owned()]);
    assert_eq!(numbers(&given, 0), [Some(1), Some(2), Some(2)]);
    assert_eq!(given.exports[0].parts[0].path, original);
    assert_eq!(given.exports[0].parts[0].copies, [copy]);
}

#[test]
fn exports_that_differ_in_the_middle_number_are_offered_not_joined() {
    let desk = Desk::new();
    desk.put("takeout-20260318T202441Z-3-001.zip", &part(1));
    desk.put("takeout-20260318T202441Z-4-002.zip", &part(2));
    desk.put("takeout-20260101T000000Z-1-001.zip", &part(3));
    let mut given = Given::look(&[desk.path().to_owned()]);
    assert_eq!(ids(&given), ["20260101T000000Z-1", "20260318T202441Z-3", "20260318T202441Z-4"]);
    assert_eq!(given.exports[2].missing, [1]);
    let offer = given.offers[0].clone();
    assert_eq!((given.offers.len(), offer.exports.len()), (1, 2));
    assert!(offer.sentence().starts_with("20260318T202441Z-3 and 20260318T202441Z-4 "));
    given.join(&offer);
    assert_eq!(ids(&given), ["20260101T000000Z-1", "20260318T202441Z-3"]);
    assert_eq!(numbers(&given, 1), [Some(1), Some(2)]);
    assert_eq!((given.exports[1].missing.len(), given.offers.len()), (0, 0));
}

#[test]
fn an_unpacked_folder_beside_archives_of_which_parts_are_missing_is_offered_not_joined() {
    let desk = Desk::new();
    desk.put("Takeout/Google Photos/Photos from 2020/a.jpg", b"a");
    desk.put("takeout-20260318T202441Z-3-003.zip", &part(3));
    let mut given = Given::look(&[desk.path().to_owned()]);
    assert_eq!(given.exports.len(), 2);
    let offer = given.offers[0].clone();
    assert!(
        offer.sentence().ends_with("may be the parts that are missing of the export 20260318T202441Z-3."),
        "{}",
        offer.sentence()
    );
    given.join(&offer);
    assert_eq!((ids(&given), numbers(&given, 0)), (vec!["20260318T202441Z-3".to_owned()], vec![None, Some(3)]));
    assert!(given.exports[0].missing.is_empty(), "nothing tells which parts were unpacked");
    // Nothing is missing, or it is not known of which of two.
    desk.put("takeout-20260101T000000Z-1-002.zip", &part(2));
    assert!(Given::look(&[desk.path().to_owned()]).offers.is_empty());
    let whole = Desk::new();
    whole.put("Takeout/Google Photos/Photos from 2020/a.jpg", b"a");
    whole.put("takeout-20260318T202441Z-3-001.zip", &part(1));
    assert!(Given::look(&[whole.path().to_owned()]).offers.is_empty());
}

#[test]
fn unpacked_folders_of_all_kinds() {
    // Safari unpacks by itself.
    let desk = Desk::new();
    desk.put("Takeout/Google Foto/a.jpg", b"a");
    desk.put("Takeout 2/Google Foto/b.jpg", b"b");
    desk.put("Letters/c.txt", b"c");
    let given = Given::look(&[desk.path().to_owned()]);
    assert_eq!(given.exports.len(), 1);
    assert_eq!(given.exports[0].id, ExportId::Unnamed { folder: desk.path().to_owned() });
    assert_eq!(given.exports[0].parts.len(), 2);
    let both = [desk.path().join("Takeout 2"), desk.path().join("Takeout")];
    assert_eq!(Given::look(&both).exports, given.exports);

    // Unpacked beside its name, as in a real listing of March 2026.
    let desk = Desk::new();
    desk.put("takeout-20260318T202441Z-3-002/Takeout/Google Foto/Foto da 2002/a.jpg", b"a");
    desk.put("takeout-20260318T202441Z-3-001.zip", &part(1));
    let given = Given::look(&[desk.path().to_owned()]);
    assert_eq!(ids(&given), ["20260318T202441Z-3"]);
    assert_eq!(numbers(&given, 0), [Some(1), Some(2)]);
    assert_eq!(given.exports[0].parts[1].path, desk.path().join("takeout-20260318T202441Z-3-002/Takeout"));

    // A folder that is no Takeout by name, given by itself; an album in it is called so.
    let desk = Desk::new();
    desk.put("Google Photos/Photos from 2019/a.jpg", b"a");
    desk.put("Google Photos/Takeout/b.jpg", b"b");
    let folder = desk.path().join("Google Photos");
    let given = Given::look(std::slice::from_ref(&folder));
    assert_eq!(given.exports[0].parts.len(), 1);
    assert_eq!(given.exports[0].parts[0].path, folder);
}

#[test]
fn a_cloud_folder_called_takeout_holds_archives() {
    let desk = Desk::new();
    desk.put("Drive/Takeout/takeout-20240525T201456Z-001.zip", &part(1));
    desk.put("Drive/Takeout/takeout-20240525T201456Z-002.zip", &part(2));
    for given in [desk.path().join("Drive/Takeout"), desk.path().join("Drive"), desk.path().to_owned()] {
        let given = Given::look(&[given]);
        assert_eq!(ids(&given), ["20240525T201456Z"]);
        assert_eq!(numbers(&given, 0), [Some(1), Some(2)]);
    }
}

#[test]
fn renamed_archives_are_known_by_what_they_hold_and_others_left_alone() {
    let desk = Desk::new();
    desk.put("google one.zip", &part(1));
    desk.put("google two.tgz", &gzip(&tar(&[("Takeout/Google Photos/a.jpg", b"a")])));
    let wrapped = zip(&[Raw::stored("my photos/Takeout/Google Photos/a.jpg", b"a")]);
    desk.put("wrapped.zip", &wrapped);
    let other = desk.put("sources.zip", &zip(&[Raw::stored("src/main.rs", b"fn main() {}")]));
    let broken = desk.put("broken.zip", b"nonsense");
    desk.put("note.txt", b"hello");
    let given = Given::look(&[desk.path().to_owned()]);
    assert_eq!(given.exports.len(), 1);
    assert_eq!(numbers(&given, 0), [None, None, None]);
    assert_eq!(given.exports[0].missing, Vec::<u32>::new());
    assert_eq!(given.others, [broken.clone(), other.clone()]);
    assert_eq!(given.refused, []);
    // Named by itself, any archive is taken, and a file that is none is refused.
    let given = Given::look(&[other, broken, desk.path().join("gone.zip")]);
    assert_eq!(given.exports[0].parts.len(), 1);
    let reasons: Vec<Reason> = given.refused.iter().map(|refused| refused.refusal.reason).collect();
    assert_eq!(reasons, [Reason::NotAnArchive, Reason::Unreadable]);
}

#[test]
fn an_archive_packed_anew_without_its_takeout_folder_is_found_where_a_person_points() {
    let desk = Desk::new();
    let photos = |names: [&'static str; 2]| zip(&names.map(|name| Raw::stored(name, b"x")));
    let whole =
        desk.put("Photos/one.zip", &photos(["Photos from 2017/a.jpg", "Photos from 2017/a.jpg.supplemental-metadata.json"]));
    let cut = desk.put("Photos/two.zip", &photos(["2017/b.jpg", "2017/b.jpg.suppl.json"]));
    let old = desk.put("Photos/three.zip", &photos(["2017/c.jpg", "2017/c.jpg.json"]));
    let other = desk.put("Photos/four.zip", &photos(["src/package.json", "src/a.jpg"]));
    let given = Given::look(&[desk.path().join("Photos")]);
    let mut parts: Vec<&Path> = given.exports.iter().flat_map(|export| &export.parts).map(|part| &*part.path).collect();
    parts.sort();
    assert_eq!(parts, [&*whole, &*old, &*cut]);
    assert_eq!(given.others, [other]);
    // A watched folder is full of other people's archives.
    assert_eq!(Given::watch(&desk.path().join("Photos")).exports, []);
}

#[test]
fn a_part_number_beyond_reason_lists_no_billion_gaps() {
    let desk = Desk::new();
    let path = desk.put("takeout-20240525T201456Z-999999999.zip", &part(1));
    let given = Given::look(&[path]);
    assert_eq!(given.exports[0].missing.len(), 10_000);
    assert!(given.exports[0].missing_sentence().unwrap().len() < 100);
}

#[test]
fn many_missing_parts_are_told_in_ranges() {
    let desk = Desk::new();
    for number in [1, 2, 998, 1000] {
        desk.put(&format!("takeout-20240525T201456Z-{number:03}.zip"), &part(number));
    }
    let given = Given::look(&[desk.path().to_owned()]);
    assert_eq!(given.exports[0].missing_sentence().unwrap(), "Parts 3–997, 999 are missing.");
    let every_other: Vec<u32> = (1..=40).map(|number| number * 2).collect();
    let (told, untold) = in_ranges(&every_other);
    assert_eq!((told.as_str(), untold), ("2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24", 28));
    assert_eq!(in_ranges(&[4, 5, 7, 8, 9, u32::MAX]), ("4, 5, 7–9, 4294967295".to_owned(), 0));
}
