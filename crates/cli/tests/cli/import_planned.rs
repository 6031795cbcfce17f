//! What an import's plan says is what the import then does: copies, exports of one second, folders that were lived in.

use std::fs;

use photokeep_simulator::takeout::{Container, EntryKind, ExportSpec, Parts, generate};
use serde_json::{Value, json};

use crate::import::Place;
use crate::import_told::{PHOTOS, export, jpeg, put, sidecar, zip_of};

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

/// What a dry run and the import after it told, in JSON.
fn planned_and_done(place: &Place, arguments: &[&str]) -> (Value, Value) {
    let told = |more: &[&str]| {
        let (_, text, errors) = place.run(&[&["import", "library", "--json"], arguments, more].concat());
        let last = text.lines().last().unwrap_or_else(|| panic!("{errors}"));
        serde_json::from_str::<Value>(last).unwrap()
    };
    (told(&["--dry-run"]), told(&[]))
}

#[test]
fn a_plan_counts_what_will_be_stored_also_where_two_items_have_the_same_bytes() {
    let place = Place::new();
    let (one, other, third) = (jpeg(5, "2017-05-06T10:00:00Z"), jpeg(6, "2017-06-07T10:00:00Z"), jpeg(7, "2017-07-07T10:00:00Z"));
    let export = |name: &str, photos: &[(&str, &[u8], i64)]| {
        let sidecars: Vec<(String, String)> =
            photos.iter().map(|(title, _, taken)| (format!("{title}.json"), sidecar(title, *taken))).collect();
        let entries: Vec<(&str, &[u8])> = photos
            .iter()
            .map(|(title, bytes, _)| (*title, *bytes))
            .chain(sidecars.iter().map(|(name, text)| (&**name, text.as_bytes())))
            .collect();
        zip_of(&place.at(name), &entries);
    };
    export("first.zip", &[("a.jpg", &one, 1_494_064_800), ("b.jpg", &one, 1_494_064_900), ("c.jpg", &other, 1_496_829_600)]);
    let (plan, end) = planned_and_done(&place, &["first.zip"]);
    assert_eq!((&plan["plan"]["to_fetch"], &plan["plan"]["same_bytes"]), (&2.into(), &1.into()), "{plan:#}");
    assert_eq!(plan["plan"]["estimated_bytes"], one.len() + other.len());
    assert_eq!((&end["receipt"]["added"], &end["receipt"]["complete"]), (&2.into(), &true.into()), "{end:#}");
    export("second.zip", &[("d.jpg", &other, 1_496_829_700), ("e.jpg", &third, 1_499_421_600)]);
    let (plan, end) = planned_and_done(&place, &["second.zip"]);
    assert_eq!((&plan["plan"]["to_fetch"], &plan["plan"]["same_bytes"]), (&1.into(), &1.into()), "{plan:#}");
    assert_eq!((&end["receipt"]["added"], &end["receipt"]["complete"]), (&1.into(), &true.into()), "{end:#}");
}

#[test]
fn exports_of_one_second_are_one_only_where_a_person_says_so() {
    let place = Place::new();
    let (first, second) = ("takeout-20260101T080000Z-3-001.zip", "takeout-20260101T080000Z-4-002.zip");
    zip_of(&place.at(first), &[("a.jpg", &jpeg(8, "2017-05-06T10:00:00Z"))]);
    let captioned = sidecar("a.jpg", 1_494_064_800).replacen('{', r#"{"description":"a boat","#, 1);
    zip_of(&place.at(second), &[("a.jpg.json", captioned.as_bytes())]);
    let (plan, end) = planned_and_done(&place, &[first, second]);
    assert_eq!((plan["exports"].as_array().unwrap().len(), plan["may_be_one"].as_array().unwrap().len()), (2, 2), "{plan:#}");
    assert_eq!(end["exports"][1]["without_photo"], 1, "{end:#}");
    let (_, text, _) = place.run(&["import", "library", first, second, "--dry-run"]);
    assert!(text.contains("may be one export") && text.contains("--join"), "{text}");

    assert_eq!(place.run(&["status", "library"]).0, Some(3));
    let (plan, end) = planned_and_done(&place, &[first, second, "--join", "--xmp"]);
    assert_eq!((plan["exports"].as_array().unwrap().len(), &plan["may_be_one"], &plan["joined"]), (1, &json!([]), &true.into()));
    let export = &end["exports"][0];
    assert_eq!((&export["without_photo"], &export["parts"]), (&0.into(), &json!([first, second])), "{end:#}");
    let (code, text, _) = place.run(&["status", "library"]);
    assert_eq!(code, Some(0), "what was said of the halves is said no more: {text}");
    // Said once, it holds, also for a part that comes alone.
    for again in [&[first, second][..], &[second]] {
        let (plan, end) = planned_and_done(&place, again);
        assert_eq!((plan["exports"].as_array().unwrap().len(), &plan["may_be_one"]), (1, &json!([])), "{plan:#}");
        let export = &end["exports"][0];
        let facts = (&export["name"], &export["missing"], &export["without_photo"], &end["receipt"]["complete"]);
        assert_eq!(facts, (&json!("20260101T080000Z-3"), &json!([]), &0.into(), &true.into()), "{end:#}");
    }
    let beside = fs::read_to_string(place.at("library/photos/2017/05/a.jpg.xmp")).unwrap();
    assert!(beside.contains("a boat"), "{beside}");
}

#[test]
fn an_unpacked_export_that_was_lived_in_is_planned_as_it_is_taken() {
    let place = Place::new();
    let year = export(&place);
    let album = place.at(PHOTOS).join("Boat");
    fs::create_dir_all(album.join("@eaDir/ok.jpg")).unwrap();
    let boat = jpeg(9, "2017-05-07T10:00:00Z");
    put(&year, "boat.jpg", &boat, 1_494_151_200);
    put(&album, "boat.jpg", &boat, 1_494_151_200);
    let harbour = jpeg(11, "2017-05-08T10:00:00Z");
    put(&year, "harbour.jpg", &harbour, 1_494_237_600);
    fs::write(album.join("harbour.jpg"), &harbour).unwrap();
    fs::write(album.join("metadata.json"), r#"{"title":"Boat"}"#).unwrap();
    for (litter, bytes) in
        [("Thumbs.db", &b"\xd0\xcf\x11\xe0"[..]), (".nomedia", b""), ("desktop.ini", b"[x]"), (".picasa.ini", b"[y]")]
    {
        fs::write(album.join(litter), bytes).unwrap();
        fs::write(year.join(litter), bytes).unwrap();
    }
    fs::write(album.join("@eaDir/ok.jpg/SYNOPHOTO_THUMB_M.jpg"), jpeg(10, "2017-05-07T10:00:00Z")).unwrap();
    let (plan, end) = planned_and_done(&place, &["export"]);
    assert_eq!((&plan["plan"]["to_fetch"], &plan["plan"]["same_bytes"]), (&3.into(), &1.into()), "{plan:#}");
    let bytes = fs::metadata(year.join("ok.jpg")).unwrap().len() as usize + boat.len() + harbour.len();
    assert_eq!(plan["plan"]["estimated_bytes"], bytes);
    let account = &end["receipt"]["account"];
    assert_eq!((&account["stored"], &account["companions"], &account["refused"]), (&3.into(), &9.into(), &0.into()), "{end:#}");
    assert_eq!((&end["receipt"]["complete"], &end["receipt"]["albums"]), (&true.into(), &1.into()), "{end:#}");

    // What is no photo is known before anything is copied, and told.
    fs::write(year.join("readme.txt"), "Dear me").unwrap();
    let (plan, end) = planned_and_done(&place, &["export"]);
    assert_eq!(plan["plan"]["to_fetch"], 0, "{plan:#}");
    assert_eq!(end["receipt"]["failed"][0]["reason"], "This is text or another kind of file and no photo or video.", "{end:#}");
    assert_eq!((&end["receipt"]["added"], &end["receipt"]["complete"]), (&0.into(), &false.into()), "{end:#}");
}

#[test]
fn an_unpacked_takeout_beside_the_rest_of_its_archives_is_joined_when_the_person_says_so() {
    let place = Place::new();
    let spec = ExportSpec { items: 60, parts: Parts::Count(3), container: Container::Stored, ..ExportSpec::default() };
    let truth = generate(&spec, &place.at("given")).unwrap();
    let parts = fs::read_dir(place.at("given")).unwrap().map(|entry| entry.unwrap().path());
    let mut parts: Vec<_> = parts.filter(|path| path.extension().is_some_and(|ending| ending == "zip")).collect();
    parts.sort();
    assert_eq!(parts.len(), 3);
    let (as_archives, text, errors) = place.run(&["import", "archives", "given"]);
    assert!(matches!(as_archives, Some(0 | 3)), "{text}{errors}");
    // The person unpacked the first two, and threw the archives away.
    for part in &parts[..2] {
        zip::ZipArchive::new(fs::File::open(part).unwrap()).unwrap().extract(place.at("given")).unwrap();
        fs::remove_file(part).unwrap();
    }
    let (code, text, errors) = place.run(&["import", "apart", "given", "--dry-run"]);
    assert_eq!(code, Some(0), "{errors}");
    assert!(text.contains("may be the parts that are missing of the export"), "{text}");
    assert!(text.contains("--join takes what may be one export as one"), "{text}");
    let (code, text, errors) = place.run(&["import", "library", "given", "--join", "--json"]);
    assert_eq!(code, as_archives, "{text}{errors}");
    let receipt: Value =
        text.lines().rev().find(|line| line.contains("\"receipt\"")).map(|line| serde_json::from_str(line).unwrap()).unwrap();
    let here = &receipt["receipt"]["account"];
    assert_eq!((&here["refused"], &here["open"]), (&json!(0), &json!(0)), "{here:#}");
    let photos: u64 = ["stored", "already"].iter().map(|ended| here[ended].as_u64().unwrap()).sum();
    assert_eq!(photos, truth.entries.iter().filter(|entry| entry.kind == EntryKind::Media).count() as u64);
    assert!(!text.contains("missing of the export"), "{text}");
    // A second time it is known that they are one.
    let (code, text, errors) = place.run(&["import", "library", "given"]);
    assert_eq!(code, as_archives, "{text}{errors}");
    assert!(!text.contains("may be the parts"), "{text}");
}

#[test]
fn a_good_copy_of_a_damaged_archive_leaves_nothing_to_wait_for() {
    let place = Place::new();
    let name = "takeout-20260101T080000Z-1-001.zip";
    let sidecar = sidecar("a.jpg", 1_494_064_800);
    let entries: [(&str, &[u8]); 2] = [("a.jpg", &jpeg(12, "2017-05-06T10:00:00Z")), ("a.jpg.json", sidecar.as_bytes())];
    zip_of(&place.at(name), &entries);
    let good = fs::read(place.at(name)).unwrap();
    // Both the local header and the directory tell another checksum than the bytes have.
    let checksum = crc32fast::hash(entries[0].1).to_le_bytes();
    let mut bad = good.clone();
    while let Some(at) = bad.windows(4).position(|four| four == checksum) {
        bad[at] ^= 0xff;
    }
    assert_ne!(good, bad);
    fs::write(place.at(name), bad).unwrap();
    let (code, text, _) = place.run(&["import", "library", name]);
    assert_eq!(code, Some(3), "{text}");
    fs::write(place.at(name), good).unwrap();
    let (code, text, errors) = place.run(&["import", "library", name]);
    assert!(code == Some(0) && text.contains("Complete"), "{text}{errors}");
    let (code, text, _) = place.run(&["status", "library"]);
    assert!(code == Some(0) && !text.contains("still to come") && !text.contains("not here"), "{text}");
}

/// Photos that were deleted from the library by hand are to be stored anew: the plan counts their bytes, and until they are back
/// they are not "already there".
#[test]
fn photos_that_vanished_count_as_to_be_stored() {
    let place = Place::new();
    let (first, second) = ("takeout-20260101T080000Z-001.zip", "takeout-20260201T080000Z-001.zip");
    let entries = |from: u8| -> Vec<(String, Vec<u8>)> {
        (from..from + 3)
            .flat_map(|number| {
                let name = format!("{number}.jpg");
                let described = sidecar(&name, 1_494_064_800 + i64::from(number)).into_bytes();
                [(name.clone(), jpeg(number.into(), "2017-05-06T10:00:00Z")), (format!("{name}.json"), described)]
            })
            .collect()
    };
    for (name, from) in [(first, 0), (second, 10)] {
        let entries = entries(from);
        let entries: Vec<(&str, &[u8])> = entries.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        zip_of(&place.at(name), &entries);
    }
    planned_and_done(&place, &[first, second]);
    fs::remove_dir_all(place.at("library/photos")).unwrap();
    let (plan, end) = planned_and_done(&place, &[first]);
    let account = &plan["account"];
    assert_eq!((&account["already"], &account["open"]), (&0.into(), &3.into()), "{plan:#}");
    let bytes: usize = entries(0).iter().filter(|(name, _)| name.ends_with("jpg")).map(|(_, bytes)| bytes.len()).sum();
    assert_eq!((&plan["plan"]["restored"], &plan["plan"]["estimated_bytes"]), (&3.into(), &bytes.into()), "{plan:#}");
    let account = &end["receipt"]["account"];
    assert_eq!((&account["stored"], &account["already"]), (&3.into(), &0.into()), "{end:#}");
    // The others are gone still, and that is why this was not everything.
    assert_eq!(end["receipt"]["complete"], false);
    assert!(end["receipt"]["notes"].to_string().contains("gone or damaged, and in none of these archives: 3"), "{end:#}");
}
