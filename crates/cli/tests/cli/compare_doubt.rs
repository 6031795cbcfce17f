//! `photokeep compare` where little is told about pictures, or the same of several: no pair is made that is none.

use std::fs;

use chrono::{DateTime, TimeDelta, Utc};
use photokeep_simulator::damaged_copy::recompressed;
use photokeep_simulator::generate::{PictureRecipe, picture};
use serde_json::Value;

use crate::compare::{compared, day, jpeg, library, put, recipe, stripped, verdict};
use crate::import::Place;
use crate::import_told::without_zone;
use crate::world::{World, photos};

#[test]
fn what_speaks_against_it_is_no_pair() {
    let place = Place::new();
    library(&place);
    // A frame of the same burst, as Samsung numbers them.
    put(&place, "IMG_1(0).jpg", &jpeg(101, day(1), 7200));
    // Another camera's photo of the same name and second.
    put(&place, "IMG_2.jpg", &picture(&PictureRecipe { camera: ("Canon", "EOS R6"), ..recipe(102, day(2), 7200) }));
    // The same clock, and by the zones that both tell another instant.
    put(&place, "IMG_3.jpg", &jpeg(103, day(3) + TimeDelta::hours(7), -18_000));
    // A webcam's picture of an hour later: both tell their clock.
    put(&place, "IMG_4.jpg", &without_zone(jpeg(104, day(4) + TimeDelta::hours(1), 7200)));
    let (_, verdicts) = compared(&place, "folder");
    for path in ["IMG_1(0).jpg", "IMG_2.jpg", "IMG_3.jpg", "IMG_4.jpg"] {
        assert_eq!(verdict(&verdicts, path), ("missing", "name-only"), "{path}");
    }
}

/// What bursts, scans and fixed cameras tell of themselves is the same for many pictures: they are looked at, also where the library's file
/// was written to since.
#[test]
fn a_picture_that_tells_the_same_and_is_another_is_no_pair() {
    let place = Place::new();
    let photos = library(&place);
    put(&place, "IMG_1.jpg", &jpeg(101, day(1), 7200));
    put(&place, "IMG_2.jpg", &jpeg(102, day(2), 7200));
    put(&place, "IMG_3.jpg", &recompressed(&photos[3], 60).unwrap());
    put(&place, "IMG_4.jpg", &recompressed(&photos[4], 60).unwrap());
    let touched = |number: usize| place.at(&format!("library/photos/2017/05/IMG_{number}.jpg"));
    let now = std::time::SystemTime::now();
    for number in [2, 4, 5] {
        fs::File::options().write(true).open(touched(number)).unwrap().set_modified(now).unwrap();
    }
    // Damaged, in its whole length: what the folder has of it is brought in.
    let length = fs::metadata(touched(5)).unwrap().len();
    fs::write(touched(5), vec![0; usize::try_from(length).unwrap()]).unwrap();
    put(&place, "IMG_5.jpg", &photos[5]);
    for _ in 0..2 {
        let (_, verdicts) = compared(&place, "folder");
        for path in ["IMG_1.jpg", "IMG_2.jpg", "IMG_5.jpg"] {
            assert_eq!(verdict(&verdicts, path), ("missing", "name-only"), "{path}");
        }
        for path in ["IMG_3.jpg", "IMG_4.jpg"] {
            assert_eq!(verdict(&verdicts, path).0, "different", "{path}");
        }
    }
    let (code, text, errors) = place.run(&["compare", "library", "folder", "--add"]);
    assert_eq!(code, Some(0), "{text}{errors}");
    assert_eq!(verdict(&compared(&place, "folder").1, "IMG_5.jpg"), ("found", "same-bytes"), "{text}");
}

/// Midnight and noon are set by hand, and many pictures tell no camera: then they have to look alike.
#[test]
fn pictures_of_which_little_is_told_are_looked_at() {
    let place = Place::new();
    library(&place);
    let noon: DateTime<Utc> = "1998-06-01T12:00:00Z".parse().unwrap();
    let seconds = TimeDelta::seconds(1_234);
    for (taken, camera, name, first) in [(noon, ("Epson", "V600"), "scan", 30), (noon + seconds, ("", ""), "image", 40)] {
        let painted = |seed| picture(&PictureRecipe { camera, ..recipe(seed, taken, 0) });
        for number in 0..2 {
            put(&place, &format!("{name}{number}.jpg"), &painted(first + number));
        }
        let (code, text, errors) = place.run(&["compare", "library", "folder", "--add"]);
        assert_eq!(code, Some(0), "{text}{errors}");
        put(&place, &format!("{name}0.jpg"), &painted(first + 5));
        put(&place, &format!("{name}1.jpg"), &recompressed(&painted(first + 1), 50).unwrap());
        for _ in 0..2 {
            let (_, verdicts) = compared(&place, "folder");
            assert_eq!(verdict(&verdicts, &format!("{name}0.jpg")), ("missing", "name-only"), "another picture");
            assert_eq!(
                verdict(&verdicts, &format!("{name}1.jpg")).0,
                "different",
                "the same one, compressed again: {verdicts:#?}"
            );
        }
    }
}

#[test]
fn the_film_of_a_motion_photo_makes_it_the_better_one() {
    let place = Place::new();
    let photos = library(&place);
    put(&place, "IMG_1.jpg", &[&photos[1][..], b"\0\0\0\x18ftypmp42", &[7; 20_000]].concat());
    compared(&place, "folder");
    let report = fs::read_to_string(place.at("report.json")).unwrap();
    let line: Value = serde_json::from_str(report.lines().find(|line| line.contains("IMG_1.jpg")).unwrap()).unwrap();
    assert_eq!((&line["evidence"], &line["better"]), (&"same-picture".into(), &"folder".into()), "{line:#}");
}

/// Of photos with one picture each file belongs to the one of its name.
#[test]
fn of_items_with_the_same_picture_each_is_found_by_its_own_file() {
    let place = Place::new();
    library(&place);
    let stripped = |comment: &str| {
        let picture = jpeg(50, day(60), 7200);
        let length = u16::try_from(comment.len() + 2).unwrap().to_be_bytes();
        [&picture[..2], b"\xff\xfe", &length, comment.as_bytes(), &picture[2..]].concat()
    };
    put(&place, "first.jpg", &stripped("one"));
    put(&place, "second.jpg", &stripped("two"));
    let (code, text, errors) = place.run(&["compare", "library", "folder", "--add"]);
    assert_eq!(code, Some(0), "{text}{errors}");
    put(&place, "first.jpg", &stripped("three"));
    put(&place, "second.jpg", &stripped("four"));
    let (numbers, verdicts) = compared(&place, "folder");
    assert_eq!(verdict(&verdicts, "first.jpg"), ("different", "same-picture"));
    assert_eq!(verdict(&verdicts, "second.jpg"), ("different", "same-picture"));
    assert_eq!(numbers["extra"]["count"], 12, "the twelve others");
}

#[test]
fn a_photo_that_tells_no_time_keeps_that_of_its_file() {
    let place = Place::new();
    library(&place);
    put(&place, "scan.jpg", &photokeep_simulator::generate::filler(5, 3_000));
    let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    fs::File::options().write(true).open(place.at("folder/scan.jpg")).unwrap().set_modified(long_ago).unwrap();
    let (code, text, errors) = place.run(&["compare", "library", "folder", "--add"]);
    assert_eq!(code, Some(0), "{text}{errors}");
    let stored = place.at("library/photos/undated/scan.jpg");
    assert_eq!(fs::metadata(stored).unwrap().modified().unwrap(), long_ago);
}

/// What Google showed and no run has fetched is no copy of anything.
#[test]
fn what_is_known_and_not_on_the_disk_is_counted_by_itself() {
    let world = World::signed_in(photos(8));
    // Photos 4 to 6 are of February 2019. A file of somebody else's stands where their folder should be.
    fs::create_dir_all(world.library().join("photos/2019")).unwrap();
    fs::write(world.library().join("photos/2019/02"), "mine").unwrap();
    world.run(&["sync", "LIBRARY"]).ends(3);
    fs::create_dir(world.path("folder")).unwrap();
    for number in 0..8_usize {
        let name = format!("folder/IMG_{number:04}.JPG");
        fs::write(world.path(&name), jpeg(number as u64, crate::world::day(number * 9), 0)).unwrap();
    }
    let folder = world.path("folder");
    let compared = world.run(&["compare", "LIBRARY", folder.to_str().unwrap(), "--json"]).ends(0).json_lines().pop().unwrap();
    // Those on the disk are other pictures, by their looks.
    assert_eq!((&compared["different"]["count"], &compared["only_here"]["count"]), (&3.into(), &3.into()), "{compared:#}");
    let told = world.run(&["compare", "LIBRARY", folder.to_str().unwrap()]).ends(0).out;
    assert!(told.contains("3  of those are known from Google"), "{told}");
}

#[cfg(unix)]
#[test]
fn two_names_of_one_file_are_added_once_and_the_plan_says_so() {
    let place = Place::new();
    library(&place);
    put(&place, "new.jpg", &jpeg(60, day(60), 7200));
    fs::hard_link(place.at("folder/new.jpg"), place.at("folder/again.jpg")).unwrap();
    let (_, text, _) = place.run(&["compare", "library", "folder", "--add", "--dry-run"]);
    assert!(text.contains("1 file to copy"), "{text}");
    let (_, text, _) = place.run(&["compare", "library", "folder", "--add"]);
    assert!(text.contains("1 file copied into the library"), "{text}");
}

/// Frames of a burst look all but the same, and their files tell them apart.
#[test]
fn a_frame_of_a_burst_is_not_similar_to_another() {
    let place = Place::new();
    library(&place);
    put(&place, "BURST1.jpg", &recompressed(&jpeg(3, day(3) + TimeDelta::seconds(1), 7200), 90).unwrap());
    put(&place, "sent.jpg", &recompressed(&stripped(&jpeg(5, day(5), 7200)), 90).unwrap());
    let (code, text, errors) = place.run(&["compare", "library", "folder", "--similar", "--json", "--report", "similar.json"]);
    assert_eq!(code, Some(0), "{text}{errors}");
    let report = fs::read_to_string(place.at("similar.json")).unwrap();
    let of = |name: &str| serde_json::from_str::<Value>(report.lines().find(|line| line.contains(name)).unwrap()).unwrap();
    assert_eq!(of("BURST1.jpg")["verdict"], "missing", "{report}");
    assert_eq!(of("sent.jpg")["evidence"], "similar", "{report}");
}
