//! What an import says of what it did not take, and what it leaves alone: small exports written by hand.

use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use photokeep_simulator::generate::{PictureRecipe, picture};
use photokeep_simulator::takeout::{Container, ExportSpec, Parts, generate};

use crate::import::Place;

const PHOTOS: &str = "export/Takeout/Google Photos";

fn jpeg(seed: u64, taken: &str) -> Vec<u8> {
    let taken: DateTime<Utc> = taken.parse().unwrap();
    let (offset_seconds, camera) = (7200, ("Pentax", "K-3"));
    picture(&PictureRecipe { seed, width: 64, height: 48, taken, offset_seconds, place: None, camera, caption: None })
}

/// Makes the clock's zone unknown: the tags that tell it get numbers that mean nothing.
fn without_zone(mut jpeg: Vec<u8>) -> Vec<u8> {
    let end = jpeg.len().min(8192);
    let mut found = 0;
    for tag in [0x9010_u16, 0x9011, 0x9012] {
        for (there, instead) in [(tag.to_be_bytes(), 0xFDE8_u16.to_be_bytes()), (tag.to_le_bytes(), 0xFDE8_u16.to_le_bytes())] {
            let text = if there == tag.to_be_bytes() { [0, 2] } else { [2, 0] };
            let entry = [there[0], there[1], text[0], text[1]];
            if let Some(at) = jpeg[..end].windows(4).position(|four| four == entry) {
                jpeg[at..at + 2].copy_from_slice(&instead);
                found += 1;
            }
        }
    }
    assert!(found > 0, "the picture tells its zone");
    jpeg
}

fn sidecar(title: &str, taken: i64) -> String {
    format!(
        r#"{{"title":"{title}","photoTakenTime":{{"timestamp":"{taken}"}},"url":"https://photos.google.com/photo/AF1QipTest{title}Aaaaaaaaaaaaaaaa"}}"#
    )
}

/// A year folder with one good photo.
fn export(place: &Place) -> std::path::PathBuf {
    let year = place.at(PHOTOS).join("Photos from 2017");
    fs::create_dir_all(&year).unwrap();
    put(&year, "ok.jpg", &jpeg(1, "2017-05-06T10:00:00Z"), 1_494_064_800);
    year
}

fn put(folder: &Path, name: &str, bytes: &[u8], taken: i64) {
    fs::write(folder.join(name), bytes).unwrap();
    fs::write(folder.join(format!("{name}.json")), sidecar(name, taken)).unwrap();
}

#[test]
fn what_cannot_be_taken_keeps_an_import_from_being_complete_every_time() {
    for what in ["web page", "empty", "sidecar", "link"] {
        let place = Place::new();
        let year = export(&place);
        let says = match what {
            "web page" => {
                put(&year, "e.jpg", b"<html>hello</html>", 1_494_064_900);
                "web page"
            }
            "empty" => {
                put(&year, "e.jpg", b"", 1_494_064_900);
                "empty"
            }
            "sidecar" => {
                fs::write(year.join("ok.jpg.json"), "{\"title\": \"ok.jpg\", ").unwrap();
                "JSON"
            }
            _ => {
                #[cfg(unix)]
                std::os::unix::fs::symlink("/etc/hostname", year.join("link.jpg")).unwrap();
                #[cfg(not(unix))]
                continue;
                #[cfg(unix)]
                "link"
            }
        };
        for time in 1..=2 {
            let (code, text, errors) = place.run(&["import", "library", "export"]);
            assert_eq!(code, Some(3), "{what}, time {time}: {text}{errors}");
            assert!(!text.contains("Complete") && text.contains("1 failed: ") && text.contains(says), "{what}, {time}: {text}");
        }
        let (_, text, _) = place.run(&["status", "library"]);
        assert!(text.contains("last complete backup: never"), "{what}: {text}");
    }
}

#[test]
fn a_folder_of_other_things_is_no_complete_import() {
    let place = Place::new();
    fs::create_dir_all(place.at("holiday")).unwrap();
    fs::write(place.at("holiday/beach.jpg"), jpeg(3, "2018-07-01T10:00:00Z")).unwrap();
    let (code, text, _) = place.run(&["import", "library", "holiday"]);
    assert_eq!(code, Some(3), "{text}");
    assert!(!text.contains("Complete") && text.contains("Nothing of Google Photos was found"), "{text}");
}

#[test]
fn a_report_replaces_nothing_but_a_report() {
    let place = Place::new();
    let spec = ExportSpec { items: 8, albums: 1, parts: Parts::Count(2), container: Container::Stored, ..ExportSpec::default() };
    generate(&spec, &place.at("export")).unwrap();
    let archive = fs::read_dir(place.at("export")).unwrap().next().unwrap().unwrap().path();
    let before = fs::read(&archive).unwrap();
    // The name was forgotten, and the shell put the first archive in its place.
    let (code, _, errors) = place.run(&["import", "library", "export", "--report", archive.to_str().unwrap()]);
    assert_eq!(code, Some(2), "{errors}");
    assert!(errors.contains("left alone"), "{errors}");
    assert_eq!(fs::read(&archive).unwrap(), before);
    assert!(!place.at("library").exists(), "refused before anything was done");
    let (code, _, errors) = place.run(&["import", "library", "export", "--report", "nowhere/report.csv"]);
    assert!(code == Some(2) && errors.contains("folder is not there"), "{errors}");
    for _ in 0..2 {
        let (_, text, errors) = place.run(&["import", "library", "export", "--report", "report.csv"]);
        assert!(text.contains("in the archives"), "{text}{errors}");
    }
    assert!(fs::read_to_string(place.at("report.csv")).unwrap().starts_with("archive,entry,bytes"));
}

#[test]
fn an_album_stands_in_the_order_that_its_files_tell() {
    let place = Place::new();
    let year = export(&place);
    let album = place.at(PHOTOS).join("Trip");
    fs::create_dir_all(&album).unwrap();
    fs::write(
        album.join("metadata.json"),
        r#"{"title":"Trip","description":"","access":"protected","date":{"timestamp":"1494064800"}}"#,
    )
    .unwrap();
    let later = jpeg(2, "2017-11-06T10:00:00Z");
    put(&year, "c.jpg", &later, 1_509_962_400);
    put(&album, "ok.jpg", &fs::read(year.join("ok.jpg")).unwrap(), 1_494_064_800);
    put(&album, "c.jpg", &later, 1_509_962_400);
    // Nothing but the file tells when this one was taken.
    fs::write(album.join("b.jpg"), jpeg(4, "2010-03-04T10:00:00Z")).unwrap();
    let names = |place: &Place| {
        let mut names = Vec::new();
        let mut folders = vec![place.at("library/albums")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().flatten() {
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else {
                    names.push(entry.file_name().into_string().unwrap());
                }
            }
        }
        names.sort();
        names
    };
    let (_, text, errors) = place.run(&["import", "library", "export"]);
    assert_eq!(names(&place), ["0000_b.jpg", "0001_ok.jpg", "0002_c.jpg"], "{text}{errors}");
    let (_, text, _) = place.run(&["import", "library", "export", "--json"]);
    let receipt: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!((&receipt["receipt"]["links_made"], &receipt["receipt"]["links_removed"]), (&0.into(), &0.into()), "{text}");
}

#[test]
fn xmp_tells_a_zone_only_where_one_is_known() {
    let place = Place::new();
    let year = export(&place);
    fs::write(year.join("clock.jpg"), without_zone(jpeg(5, "2019-05-05T03:05:05Z"))).unwrap();
    place.run(&["import", "library", "export", "--xmp"]);
    let mut found = std::collections::BTreeMap::new();
    let mut folders = vec![place.at("library/photos")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Some(of) = path.file_name().unwrap().to_str().unwrap().strip_suffix(".xmp") {
                found.insert(of.to_owned(), fs::read_to_string(&path).unwrap());
            }
        }
    }
    assert!(found["clock.jpg"].contains("2019-05-05T05:05:05<"), "{}", found["clock.jpg"]);
    assert!(found["ok.jpg"].contains("2017-05-06T12:00:00+02:00<"), "{}", found["ok.jpg"]);
}

#[test]
fn a_dry_run_leaves_nothing_behind() {
    let place = Place::new();
    export(&place);
    place.run(&["import", "library", "export"]);
    let state = || {
        let mut names = Vec::new();
        let mut folders = vec![place.at("home"), place.at("library")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().flatten() {
                names.push(entry.path());
                if entry.path().is_dir() {
                    folders.push(entry.path());
                }
            }
        }
        names.sort();
        names
    };
    let before = state();
    let (code, text, _) = place.run(&["import", "library", "export", "--dry-run"]);
    assert_eq!((code, state()), (Some(0), before), "{text}");
}

#[test]
fn a_library_that_was_emptied_on_purpose_begins_again() {
    let place = Place::new();
    export(&place);
    place.run(&["import", "library", "export"]);
    fs::remove_dir_all(place.at("library")).unwrap();
    fs::create_dir(place.at("library")).unwrap();
    let (code, _, errors) = place.run(&["import", "library", "export"]);
    assert!(code == Some(7) && errors.contains("--start-over"), "{errors}");
    let (code, text, errors) = place.run(&["import", "library", "export", "--start-over"]);
    assert_eq!(code, Some(0), "{text}{errors}");
    assert_eq!(place.hashes_below("library/photos").len(), 1);
}

#[test]
fn a_library_of_takeout_alone_needs_no_sign_in_to_be_well() {
    let place = Place::new();
    export(&place);
    place.run(&["import", "library", "export"]);
    let (code, text, errors) = place.run(&["doctor", "library"]);
    assert_eq!(code, Some(0), "{text}{errors}");
    assert!(text.contains("made from Google Takeout"), "{text}");
}

#[test]
fn every_archive_that_cannot_be_read_is_named() {
    let place = Place::new();
    for part in ["001", "002"] {
        fs::write(place.at(&format!("takeout-20260101T000000Z-{part}.zip")), "<!DOCTYPE html><title>Sign in</title>").unwrap();
    }
    let (code, _, errors) =
        place.run(&["import", "library", "takeout-20260101T000000Z-001.zip", "takeout-20260101T000000Z-002.zip"]);
    assert!(code == Some(2) && errors.contains("-001.zip` cannot") && errors.contains("-002.zip` cannot"), "{errors}");
}
