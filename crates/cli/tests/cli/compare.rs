//! `photokeep compare`: a folder held against a library, judged by trees whose truth is known.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use photokeep_simulator::damaged_copy::recompressed;
use photokeep_simulator::generate::{PictureRecipe, picture};
use photokeep_simulator::takeout::heic_of;
use serde_json::Value;

use crate::import::Place;
use crate::import_told::without_zone;

pub(crate) fn recipe(seed: u64, taken: DateTime<Utc>, offset_seconds: i32) -> PictureRecipe {
    PictureRecipe { seed, width: 64, height: 48, taken, offset_seconds, place: None, camera: ("Pentax", "K-3"), caption: None }
}

pub(crate) fn jpeg(seed: u64, taken: DateTime<Utc>, offset_seconds: i32) -> Vec<u8> {
    picture(&recipe(seed, taken, offset_seconds))
}

pub(crate) fn day(number: i64) -> DateTime<Utc> {
    "2017-05-06T10:20:30Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::days(number)
}

/// A library of twelve photos, `IMG_0.jpg` to `IMG_11.jpg`, a day apart.
pub(crate) fn library(place: &Place) -> Vec<Vec<u8>> {
    let year = place.at("export/Takeout/Google Photos/Photos from 2017");
    fs::create_dir_all(&year).unwrap();
    let photos: Vec<Vec<u8>> = (0..12).map(|number| jpeg(number as u64, day(number), 7200)).collect();
    for (number, photo) in photos.iter().enumerate() {
        let title = format!("IMG_{number}.jpg");
        let taken = day(number as i64).timestamp();
        fs::write(year.join(&title), photo).unwrap();
        let sidecar = format!(
            r#"{{"title":"{title}","photoTakenTime":{{"timestamp":"{taken}"}},"url":"https://photos.google.com/photo/AF1QipCompare{number}Aaaaaaaaaaaa"}}"#
        );
        fs::write(year.join(format!("{title}.json")), sidecar).unwrap();
    }
    let (code, text, errors) = place.run(&["import", "library", "export"]);
    assert_eq!(code, Some(0), "{text}{errors}");
    photos
}

pub(crate) fn put(place: &Place, name: &str, bytes: &[u8]) {
    let path = place.at("folder").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// The numbers, and every line of the report: verdict and evidence by path.
pub(crate) fn compared(place: &Place, folder: &str) -> (Value, BTreeMap<String, (String, String)>) {
    let report = place.at("report.json");
    let _ = fs::remove_file(&report);
    let (code, text, errors) = place.run(&["compare", "library", folder, "--json", "--report", "report.json"]);
    assert!(matches!(code, Some(0 | 3)), "{text}{errors}");
    let numbers: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    let mut verdicts = BTreeMap::new();
    for line in fs::read_to_string(report).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        if !matches!(line["verdict"].as_str(), Some("extra" | "duplicate" | "passed-over")) {
            let before = verdicts.insert(text("path"), (text("verdict"), text("evidence")));
            assert_eq!(before, None, "two verdicts: {line}");
        }
    }
    let sum: u64 = ["found", "different", "missing", "unreadable", "not_media"]
        .iter()
        .map(|key| numbers[key]["count"].as_u64().unwrap())
        .sum();
    assert_eq!((numbers["files"]["count"].as_u64(), verdicts.len() as u64), (Some(sum), sum), "{numbers:#}");
    (numbers, verdicts)
}

pub(crate) fn verdict<'a>(verdicts: &'a BTreeMap<String, (String, String)>, path: &str) -> (&'a str, &'a str) {
    let (verdict, evidence) = verdicts.get(path).unwrap_or_else(|| panic!("{path} has none: {verdicts:#?}"));
    (verdict, evidence)
}

/// Every file below with its bytes and its time.
fn everything(folder: &Path) -> Vec<(PathBuf, Vec<u8>, std::time::SystemTime)> {
    let mut all = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                all.push((entry.path(), fs::read(entry.path()).unwrap(), entry.metadata().unwrap().modified().unwrap()));
            }
        }
    }
    all.sort();
    all
}

#[test]
fn every_file_has_one_verdict_and_nothing_in_the_folder_is_touched() {
    let place = Place::new();
    let photos = library(&place);
    put(&place, "same/IMG_0.jpg", &photos[0]);
    put(&place, "renamed/holiday.jpg", &photos[1]);
    put(&place, "renamed/again/holiday (2).jpg", &photos[1]);
    // Other bytes.
    put(&place, "zone/img_2.JPG", &without_number(recompressed(&photos[2], 90).unwrap()));
    // The same photo, compressed again, with its clock five hours ahead: as fixed cameras take them, so nobody can tell.
    let mut ahead = without_zone(recompressed(&photos[3], 90).unwrap());
    while let Some(at) = ahead.windows(19).position(|some| some == b"2017:05:09 12:20:30") {
        ahead[at..at + 19].copy_from_slice(b"2017:05:09 17:20:30");
    }
    put(&place, "clock/IMG_3.jpg", &ahead);
    put(&place, "name only/IMG_4.jpg", &jpeg(104, day(40) + TimeDelta::minutes(7), 7200));
    put(&place, "new.jpg", &jpeg(200, day(300), 0));
    put(&place, "new twice.jpg", &jpeg(200, day(300), 0));
    put(&place, "cut.jpg", b"");
    put(&place, "page.jpg", b"<html>Sign in</html>");
    put(&place, "notes.txt", b"hello");
    put(&place, "Thumbs.db", b"x");
    put(&place, ".hidden/IMG_5.jpg", &photos[5]);
    let before = everything(&place.at("folder"));
    let (numbers, verdicts) = compared(&place, "folder");
    for (path, expected) in [
        ("same/IMG_0.jpg", ("found", "same-bytes")),
        ("renamed/holiday.jpg", ("found", "same-bytes")),
        ("renamed/again/holiday (2).jpg", ("found", "same-bytes")),
        ("zone/img_2.JPG", ("different", "name-instant-pixels")),
        ("clock/IMG_3.jpg", ("missing", "name-only")),
        ("name only/IMG_4.jpg", ("missing", "name-only")),
        ("new.jpg", ("missing", "")),
        ("new twice.jpg", ("missing", "")),
        ("cut.jpg", ("unreadable", "")),
        ("page.jpg", ("unreadable", "")),
        ("notes.txt", ("not-media", "")),
    ] {
        assert_eq!(verdict(&verdicts, path), expected, "{path}");
    }
    assert_eq!(verdicts.len(), 11);
    // Items 0 to 2 are there; a name alone proves nothing.
    assert_eq!(numbers["extra"]["count"], 9);
    assert_eq!((&numbers["duplicates"]["groups"], &numbers["duplicates"]["count"]), (&2.into(), &2.into()));
    assert_eq!((&numbers["passed_over"]["system"], &numbers["passed_over"]["hidden"]), (&1.into(), &1.into()));
    assert_eq!(everything(&place.at("folder")), before);
    // Once more, and after a change of one file: the same, from what is remembered.
    assert_eq!(compared(&place, "folder"), (numbers, verdicts));
    put(&place, "new.jpg", &photos[7]);
    let (_, verdicts) = compared(&place, "folder");
    assert_eq!(verdict(&verdicts, "new.jpg"), ("found", "same-bytes"));
    fs::remove_file(place.at("folder/new.jpg")).unwrap();
    assert!(!compared(&place, "folder").1.contains_key("new.jpg"));
}

/// Makes the camera's number of the photo unknown: its tag gets a number that means nothing.
fn without_number(mut jpeg: Vec<u8>) -> Vec<u8> {
    for tag in [[0xA4, 0x20, 0, 2], [0x20, 0xA4, 2, 0]] {
        if let Some(at) = jpeg.windows(4).position(|four| four == tag) {
            jpeg[at..at + 2].fill(0xFD);
        }
    }
    jpeg
}

/// A comment behind the first marker: another file, the same picture.
fn with_comment(jpeg: &[u8], comment: &[u8]) -> Vec<u8> {
    let length = u16::try_from(comment.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], b"\xFF\xFE", &length, comment, &jpeg[2..]].concat()
}

/// Everything that is told about the picture is taken out.
pub(crate) fn stripped(jpeg: &[u8]) -> Vec<u8> {
    let mut left = jpeg[..2].to_vec();
    let mut at = 2;
    while jpeg[at + 1] != 0xDA {
        let end = at + 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        if !(0xE0..=0xEF).contains(&jpeg[at + 1]) {
            left.extend_from_slice(&jpeg[at..end]);
        }
        at = end;
    }
    left.extend_from_slice(&jpeg[at..]);
    assert!(left.len() < jpeg.len());
    left
}

#[test]
fn the_same_picture_is_found_whatever_it_is_called_and_told_about_it() {
    let place = Place::new();
    let photos = library(&place);
    put(&place, "commented.jpg", &with_comment(&photos[0], b"Summer"));
    put(&place, "commented otherwise.jpg", &with_comment(&photos[0], b"Summer of 2017"));
    put(&place, "stripped.jpg", &stripped(&photos[1]));
    // Beside the very bytes, and called otherwise: the library lacks nothing of these pictures.
    put(&place, "both/IMG_3.jpg", &photos[3]);
    put(&place, "both/with words.jpg", &with_comment(&photos[3], b"Summer"));
    put(&place, "both/bare.jpg", &stripped(&photos[3]));
    let mut other = with_comment(&photos[2], b"x");
    let end = other.len() - 30;
    other[end] ^= 1;
    put(&place, "damaged.jpg", &other);
    let (numbers, verdicts) = compared(&place, "folder");
    for name in ["commented.jpg", "commented otherwise.jpg", "stripped.jpg", "both/with words.jpg", "both/bare.jpg"] {
        assert_eq!(verdict(&verdicts, name), ("different", "same-picture"), "{name}");
    }
    assert_eq!(verdict(&verdicts, "damaged.jpg"), ("different", "unique-id-clock"), "one bit is another");
    assert_eq!(numbers["extra"]["count"], 8);
    assert_eq!(compared(&place, "folder"), (numbers, verdicts));
}

/// A HEIC that tells what this JPEG tells, but for the camera's number of the photo, which most phones do not write.
fn heic_without_number(jpeg: &[u8]) -> Vec<u8> {
    let mut heic = heic_of(jpeg);
    let numbered = |tag: &[u8]| tag == [0xA4, 0x20, 0, 2] || tag == [0x20, 0xA4, 2, 0];
    let at = heic.windows(4).position(numbered).expect("a number");
    // A tag that nobody knows.
    heic[at..at + 2].fill(0xFD);
    heic
}

#[test]
fn a_heic_and_the_jpeg_that_was_made_of_it_are_one_photo() {
    let place = Place::new();
    let photos = library(&place);
    // The library's JPEGs, as the phone's own HEICs: same name but for the ending, same moment, same size.
    put(&place, "IMG_0.HEIC", &heic_without_number(&photos[0]));
    put(&place, "dcim/img_1.heic", &heic_without_number(&photos[1]));
    // Another moment, another name, and none of both.
    put(&place, "IMG_2.HEIC", &heic_without_number(&photos[3]));
    put(&place, "IMG_9999.HEIC", &heic_without_number(&photos[4]));
    put(&place, "IMG_5.HEIC", &heic_without_number(&jpeg(500, day(5), 7200)));
    put(&place, "other/IMG_5.heic", &heic_without_number(&jpeg(501, day(5), 7200)));
    // The library has this one, and its twin beside it is one file more.
    put(&place, "IMG_7.jpg", &photos[7]);
    put(&place, "IMG_7.HEIC", &heic_without_number(&photos[7]));
    let (numbers, verdicts) = compared(&place, "folder");
    for path in ["IMG_0.HEIC", "dcim/img_1.heic"] {
        assert_eq!(verdict(&verdicts, path), ("different", "other-format"), "{path}");
    }
    for path in ["IMG_2.HEIC", "IMG_9999.HEIC", "IMG_5.HEIC", "other/IMG_5.heic", "IMG_7.HEIC"] {
        assert_eq!(verdict(&verdicts, path).0, "missing", "{path}");
    }
    assert_eq!(numbers["found"]["count"], 1);
    let report = fs::read_to_string(place.at("report.json")).unwrap();
    let line = report.lines().find(|line| line.contains("IMG_0.HEIC")).unwrap();
    assert!(line.contains("camera-format") && line.contains("\"better\":\"folder\""), "{line}");
}

#[test]
fn a_photo_of_that_name_three_hours_later_is_another_one_where_both_tell_their_zone() {
    let place = Place::new();
    library(&place);
    put(&place, "IMG_4.jpg", &jpeg(900, day(4) + TimeDelta::hours(3), 7200));
    let (_, verdicts) = compared(&place, "folder");
    assert_eq!(verdict(&verdicts, "IMG_4.jpg").0, "missing");
}

#[test]
fn a_library_that_was_copied_without_its_times_has_its_photos() {
    let place = Place::new();
    let photos = library(&place);
    put(&place, "a.jpg", &photos[0]);
    put(&place, "b.jpg", &photos[1]);
    let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    let kept = everything(&place.at("library/photos"));
    for (path, ..) in &kept {
        fs::File::options().write(true).open(path).unwrap().set_modified(long_ago).unwrap();
    }
    let (numbers, _) = compared(&place, "folder");
    assert_eq!((numbers["found"]["count"].as_u64(), numbers["missing"]["count"].as_u64()), (Some(2), Some(0)), "{numbers:#}");
    // One that has other bytes by now is not what was stored.
    let (changed, bytes, _) = kept.iter().find(|(_, bytes, _)| *bytes == photos[0]).unwrap();
    fs::write(changed, vec![7; bytes.len()]).unwrap();
    let (numbers, verdicts) = compared(&place, "folder");
    assert_eq!(numbers["found"]["count"], 1);
    assert_ne!(verdict(&verdicts, "a.jpg").0, "found");
}

#[test]
fn an_empty_folder_where_the_library_was_is_no_library_that_lacks_everything() {
    let place = Place::new();
    let photos = library(&place);
    put(&place, "a.jpg", &photos[0]);
    fs::rename(place.at("library"), place.at("elsewhere")).unwrap();
    fs::create_dir(place.at("library")).unwrap();
    let (numbers, _) = compared(&place, "folder");
    assert_eq!(
        (numbers["found"]["count"].as_u64(), numbers["library_is_there"].as_bool()),
        (Some(1), Some(false)),
        "{numbers:#}"
    );
}

#[test]
fn of_comparisons_of_one_folder_at_once_one_goes_on_and_the_others_are_told() {
    let place = Place::new();
    library(&place);
    for number in 0..200 {
        put(&place, &format!("{number}.jpg"), &photokeep_simulator::generate::filler(number, 2_000));
    }
    let mut before = "folder".to_owned();
    for round in 0..4 {
        // Another folder each time: none was compared before.
        let folder = format!("folder{round}");
        fs::rename(place.at(&before), place.at(&folder)).unwrap();
        before.clone_from(&folder);
        let ended: Vec<(Option<i32>, String, String)> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..3).map(|_| scope.spawn(|| place.run(&["compare", "library", &folder]))).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(ended.iter().any(|(code, ..)| *code == Some(0)), "{ended:?}");
        for (code, text, errors) in &ended {
            assert!(matches!(code, Some(0 | 6)), "{text}{errors}");
        }
    }
}

#[test]
fn of_photos_of_one_second_none_is_guessed() {
    let place = Place::new();
    let photos = library(&place);
    // Two files that could be photo 6, and one for which there is no other.
    let of = |number: usize, quality| recompressed(&photos[number], quality).unwrap();
    put(&place, "a/IMG_6.jpg", &of(6, 80));
    put(&place, "b/IMG_6.jpg", &of(6, 70));
    put(&place, "a/IMG_8.jpg", &of(8, 80));
    put(&place, "copy of a/IMG_8.jpg", &of(8, 80));
    let (_, verdicts) = compared(&place, "folder");
    assert_eq!(verdict(&verdicts, "a/IMG_6.jpg").0, "missing");
    assert_eq!(verdict(&verdicts, "b/IMG_6.jpg").0, "missing");
    // The same bytes twice are one photo.
    assert_eq!(verdict(&verdicts, "a/IMG_8.jpg").0, "different");
    assert_eq!(verdict(&verdicts, "copy of a/IMG_8.jpg").0, "different");
}

#[test]
fn a_damaged_file_of_the_library_is_not_what_a_copy_is_held_against() {
    let place = Place::new();
    let photos = library(&place);
    for (number, photo) in photos.iter().enumerate() {
        put(&place, &format!("IMG_{number}.jpg"), photo);
    }
    let (numbers, _) = compared(&place, "folder");
    assert_eq!((&numbers["found"]["count"], &numbers["extra"]["count"]), (&12.into(), &0.into()));
    fs::write(place.at("library/photos/2017/05/IMG_3.jpg"), b"rotten").unwrap();
    fs::remove_file(place.at("library/photos/2017/05/IMG_4.jpg")).unwrap();
    let (numbers, verdicts) = compared(&place, "folder");
    // They came with an archive that may be gone: the library does not have them.
    assert_eq!((&numbers["found"]["count"], &numbers["missing"]["count"]), (&10.into(), &2.into()), "{verdicts:#?}");
    assert_eq!(numbers["extra"]["count"], 0, "what is not there is not shown as there");
    // Added, they lie where they lay, or beside what lies there.
    let (code, text, errors) = place.run(&["compare", "library", "folder", "--add"]);
    assert_eq!(code, Some(0), "{text}{errors}");
    assert_eq!(fs::read(place.at("library/photos/2017/05/IMG_4.jpg")).unwrap(), photos[4], "{text}");
    let (numbers, verdicts) = compared(&place, "folder");
    assert_eq!(numbers["found"]["count"], 12, "{verdicts:#?}");
    let (_, text, _) = place.run(&["status", "library", "--json"]);
    let status: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&status["items"], &status["pending"]), (&13.into(), &0.into()), "{status:#}");
}

#[test]
fn while_the_library_is_away_its_catalog_is_believed() {
    let place = Place::new();
    let photos = library(&place);
    put(&place, "IMG_0.jpg", &photos[0]);
    put(&place, "new.jpg", &jpeg(200, day(300), 0));
    let (there, verdicts) = compared(&place, "folder");
    fs::rename(place.at("library"), place.at("unplugged")).unwrap();
    let (away, same) = compared(&place, "folder");
    assert_eq!((&there["library_is_there"], &away["library_is_there"]), (&true.into(), &false.into()));
    assert_eq!((&there["extra"], &verdicts), (&away["extra"], &same));
}

#[test]
fn what_could_not_be_read_is_tried_again() {
    let place = Place::new();
    let photos = library(&place);
    let size = photos[0].len();
    put(&place, "IMG_0.jpg", &vec![b'x'; size]);
    let written = fs::metadata(place.at("folder/IMG_0.jpg")).unwrap().modified().unwrap();
    assert_eq!(verdict(&compared(&place, "folder").1, "IMG_0.jpg").0, "unreadable");
    // A share that gave nonsense: the same size and time, and now the right bytes.
    put(&place, "IMG_0.jpg", &photos[0]);
    fs::File::options().write(true).open(place.at("folder/IMG_0.jpg")).unwrap().set_modified(written).unwrap();
    assert_eq!(verdict(&compared(&place, "folder").1, "IMG_0.jpg").0, "found");
}

#[cfg(unix)]
#[test]
fn links_and_names_of_every_kind_are_survived() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let place = Place::new();
    let photos = library(&place);
    put(&place, "deep/IMG_0.jpg", &photos[0]);
    std::os::unix::fs::symlink("..", place.at("folder/deep/around")).unwrap();
    std::os::unix::fs::symlink("/etc", place.at("folder/outside")).unwrap();
    let odd = place.at("folder").join(OsStr::from_bytes(b"\xff\xfe \n\"<b>.jpg"));
    fs::write(&odd, &photos[1]).unwrap();
    std::process::Command::new("mkfifo").arg(place.at("folder/pipe.jpg")).status().unwrap();
    let (numbers, _) = compared(&place, "folder");
    assert_eq!((&numbers["files"]["count"], &numbers["found"]["count"]), (&2.into(), &2.into()));
    assert_eq!((&numbers["passed_over"]["link"], &numbers["passed_over"]["special"]), (&2.into(), &1.into()));
    let report = fs::read_to_string(place.at("report.json")).unwrap();
    let passed_over = |path: &str| {
        let lines = report.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["verdict"] == "passed-over" && line["path"] == path).count()
    };
    assert_eq!((passed_over("deep/around"), passed_over("outside"), passed_over("pipe.jpg")), (1, 1, 1), "{report}");
}

#[test]
fn the_library_itself_is_no_other_place_and_is_passed_over_in_one() {
    let place = Place::new();
    let photos = library(&place);
    for folder in ["library", "library/photos"] {
        let (code, _, errors) = place.run(&["compare", "library", folder]);
        assert_eq!((code, errors.contains("is the library itself")), (Some(2), true), "{errors}");
    }
    let (code, _, errors) = place.run(&["compare", "library", "nowhere"]);
    assert!(code != Some(0) && errors.contains("is not there"), "{code:?} {errors}");
    // A folder that holds the library, and a photo beside it.
    fs::create_dir(place.at("all")).unwrap();
    fs::rename(place.at("library"), place.at("all/library")).unwrap();
    fs::write(place.at("all/IMG_2.jpg"), &photos[2]).unwrap();
    let (code, text, errors) = place.run(&["compare", "all/library", "all", "--json"]);
    assert_eq!(code, Some(0), "{errors}");
    let numbers: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!((&numbers["files"]["count"], &numbers["found"]["count"]), (&1.into(), &1.into()), "{numbers:#}");
    assert_eq!(numbers["passed_over"]["library"], 1);
}

#[test]
fn a_report_replaces_nothing() {
    let place = Place::new();
    library(&place);
    put(&place, "a.jpg", b"x");
    fs::write(place.at("mine.csv"), "mine").unwrap();
    let (code, _, errors) = place.run(&["compare", "library", "folder", "--report", "mine.csv"]);
    assert_eq!((code, fs::read_to_string(place.at("mine.csv")).unwrap().as_str()), (Some(2), "mine"), "{errors}");
    let (_, text, _) = place.run(&["compare", "library", "folder", "--report", "new.csv"]);
    assert!(text.contains("1  cannot be read"), "{text}");
    let report = fs::read_to_string(place.at("new.csv")).unwrap();
    assert_eq!(report.lines().filter(|line| line.starts_with(r#""unreadable","a.jpg","1","#)).count(), 1, "{report}");
    assert_eq!(report.lines().filter(|line| line.starts_with(r#""extra","#)).count(), 12, "{report}");
}

#[test]
#[cfg(unix)]
fn what_was_found_is_shown_as_links_that_come_and_go_with_it() {
    let place = Place::new();
    let photos = library(&place);
    put(&place, "trip/new.jpg", &jpeg(300, day(300), 0));
    put(&place, "trip/IMG_0.jpg", &photos[0]);
    put(&place, "IMG_0 (2).jpg", &photos[0]);
    for (number, photo) in photos.iter().enumerate().take(11).skip(1) {
        put(&place, &format!("rest/{number}.jpg"), photo);
    }
    let before = everything(&place.at("folder"));
    let links = |arguments: &[&str]| {
        let (code, text, errors) = place.run(&[&["compare", "library", "folder", "--links"], arguments].concat());
        assert_eq!(code, Some(0), "{text}{errors}");
        text
    };
    assert!(links(&[]).contains("4 links made in"));
    let tree = place.at("library/comparison");
    let found = |path: &str| fs::canonicalize(tree.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let here = |path: &str| fs::canonicalize(place.at(path)).unwrap();
    assert_eq!(found("missing_files/trip/new.jpg"), here("folder/trip/new.jpg"));
    assert_eq!(found("extra_files/photos/2017/05/IMG_11.jpg"), here("library/photos/2017/05/IMG_11.jpg"));
    // The one to keep is the first of its group.
    assert_eq!(found("duplicates/00000_001_IMG_0.jpg"), here("folder/trip/IMG_0.jpg"));
    assert_eq!(found("duplicates/00001_001_IMG_0 (2).jpg"), here("folder/IMG_0 (2).jpg"));
    assert_eq!(everything(&place.at("folder")), before);
    // Found now, and no longer shown; a file that somebody put there stays.
    fs::write(tree.join("missing_files/trip/mine.txt"), "x").unwrap();
    put(&place, "trip/new.jpg", &photos[11]);
    let told: Value = serde_json::from_str(links(&["--json"]).lines().last().unwrap()).unwrap();
    assert_eq!(told["links"], serde_json::json!({"made": 0, "kept": 2, "removed": 2, "left_alone": 0, "failed": 0}));
    assert!(fs::symlink_metadata(tree.join("missing_files/trip/new.jpg")).is_err() && !tree.join("extra_files").exists());
    assert!(tree.join("missing_files/trip/mine.txt").exists());
    // It is no photo of the library, and no other comparison looks into it.
    let (code, text, _) = place.run(&["verify", "library"]);
    assert_eq!(code, Some(0), "{text}");
}

#[test]
fn what_is_missing_is_copied_into_the_library_once_and_stays_in_the_folder() {
    let place = Place::new();
    let photos = library(&place);
    put(&place, "IMG_0.jpg", &photos[0]);
    put(&place, "trip/new.jpg", &jpeg(400, day(400), 0));
    put(&place, "trip/again/new (2).jpg", &jpeg(400, day(400), 0));
    put(&place, "IMG_1.jpg", &jpeg(401, day(401), 0));
    // A name tells its day; what tells none lies apart.
    put(&place, "VID_20190503_081530.jpg", &stripped(&jpeg(402, day(402), 0)));
    put(&place, "bare.jpg", &stripped(&jpeg(403, day(403), 0)));
    put(&place, "cut.jpg", b"");
    let before = everything(&place.at("folder"));
    let photos_before = everything(&place.at("library/photos"));
    let run = |more: &[&str]| {
        let (code, text, errors) = place.run(&[&["compare", "library", "folder", "--json", "--add"], more].concat());
        // One of them is empty: nobody can say whether it is in the library.
        assert_eq!(code, Some(3), "{text}{errors}");
        serde_json::from_str::<Value>(text.lines().last().unwrap()).unwrap()
    };
    let plan = run(&["--dry-run"])["plan"].clone();
    assert_eq!((&plan["to_fetch"], &plan["photos"]), (&4.into(), &4.into()), "{plan:#}");
    assert_eq!(everything(&place.at("library/photos")), photos_before, "a plan changes nothing");
    let receipt = run(&[])["receipt"].clone();
    assert_eq!((&receipt["kind"], &receipt["added"]), (&"add".into(), &4.into()), "{receipt:#}");
    assert_eq!(receipt["added_bytes"], plan["estimated_bytes"]);
    assert_eq!(everything(&place.at("folder")), before);
    for path in ["2018/06/new.jpg", "2018/06/IMG_1.jpg", "2019/05/VID_20190503_081530.jpg", "undated/bare.jpg"] {
        assert!(place.at("library/photos").join(path).exists(), "{path}: {:#?}", everything(&place.at("library/photos")));
    }
    // They are there now, and nothing is copied again.
    let (numbers, _) = compared(&place, "folder");
    assert_eq!((&numbers["missing"]["count"], &numbers["found"]["count"]), (&0.into(), &6.into()), "{numbers:#}");
    assert_eq!(run(&[])["receipt"]["added"], 0);
    // A library to which something was added is as well as it was.
    let (code, text, _) = place.run(&["verify", "library"]);
    assert_eq!(code, Some(0), "{text}");
    let (code, text, _) = place.run(&["status", "library"]);
    assert!(code == Some(0) && text.contains("kept: 16 items") && !text.contains("still to come"), "{text}");
}

#[test]
fn a_copy_that_was_broken_off_is_told_and_the_whole_one_is_the_better_one() {
    let place = Place::new();
    let photos = library(&place);
    // Of a photo that the library has, and of one that it lacks.
    put(&place, "IMG_0.jpg", &photos[0][..photos[0].len() - 400]);
    let new = jpeg(400, day(400), 0);
    put(&place, "half.jpg", &new[..new.len() - 400]);
    put(&place, "new.jpg", &jpeg(401, day(401), 0));
    let (code, text, errors) = place.run(&["compare", "library", "folder", "--json", "--report", "report.json"]);
    assert_eq!(code, Some(0), "{text}{errors}");
    let numbers: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!((&numbers["missing"]["count"], &numbers["cut_short"]["count"]), (&2.into(), &1.into()));
    let report = fs::read_to_string(place.at("report.json")).unwrap();
    let line = |path: &str| -> Value {
        report.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).find(|line| line["path"] == path).unwrap()
    };
    assert_eq!(line("half.jpg")["more"], "It ends too early: part of it is lost.");
    assert_eq!(line("new.jpg")["more"], Value::Null);
    let half = line("IMG_0.jpg");
    assert_eq!((&half["verdict"], &half["better"], &half["why"]), (&"different".into(), &"library".into(), &"whole".into()));
}

#[test]
fn a_report_that_cannot_be_written_is_told_before_anything_is_read() {
    let place = Place::new();
    library(&place);
    put(&place, "new.jpg", &jpeg(400, day(400), 0));
    let (code, text, errors) = place.run(&["compare", "library", "folder", "--report", "nowhere/report.csv"]);
    assert_eq!((code, text.as_str()), (Some(2), ""), "{errors}");
    assert!(errors.contains("The report could not be written to"), "{errors}");
}
