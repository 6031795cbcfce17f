//! What an import says of what it did not take, and what it leaves alone: small exports written by hand.

use std::fs;
use std::io::Write;
use std::path::Path;

use chrono::{DateTime, Utc};
use photokeep_simulator::generate::{PictureRecipe, picture};
use photokeep_simulator::takeout::{Container, ExportSpec, Parts, generate};

use crate::import::Place;

pub(crate) const PHOTOS: &str = "export/Takeout/Google Photos";

pub(crate) fn jpeg(seed: u64, taken: &str) -> Vec<u8> {
    let taken: DateTime<Utc> = taken.parse().unwrap();
    let (offset_seconds, camera) = (7200, ("Pentax", "K-3"));
    picture(&PictureRecipe { seed, width: 64, height: 48, taken, offset_seconds, place: None, camera, caption: None })
}

/// Makes the clock's zone unknown: the tags that tell it get numbers that mean nothing.
pub fn without_zone(mut jpeg: Vec<u8>) -> Vec<u8> {
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

pub(crate) fn sidecar(title: &str, taken: i64) -> String {
    format!(
        r#"{{"title":"{title}","photoTakenTime":{{"timestamp":"{taken}"}},"url":"https://photos.google.com/photo/AF1QipTest{title}Aaaaaaaaaaaaaaaa"}}"#
    )
}

/// A year folder with one good photo.
pub(crate) fn export(place: &Place) -> std::path::PathBuf {
    let year = place.at(PHOTOS).join("Photos from 2017");
    fs::create_dir_all(&year).unwrap();
    put(&year, "ok.jpg", &jpeg(1, "2017-05-06T10:00:00Z"), 1_494_064_800);
    year
}

pub(crate) fn put(folder: &Path, name: &str, bytes: &[u8], taken: i64) {
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
        let (code, text, _) = place.run(&["status", "library"]);
        let why = text.lines().find(|line| line.starts_with("  not taken: 1 file: ")).unwrap_or_default();
        assert!(code == Some(3) && why.contains(says) && text.contains("last complete backup: never"), "{what}: {text}");
        // A later export in which all is well does not make it forgotten; the person does.
        let later = place.at("later/Takeout/Google Photos/Photos from 2018");
        fs::create_dir_all(&later).unwrap();
        put(&later, "later.jpg", &jpeg(2, "2018-05-06T10:00:00Z"), 1_525_600_800);
        assert_eq!(place.run(&["import", "library", "later"]).0, Some(0), "{what}");
        let (code, text, _) = place.run(&["status", "library"]);
        assert!(code == Some(3) && text.contains("  not taken: 1 file: "), "{what}: {text}");
        for arguments in [&["status", "library", "--accept"][..], &["status", "library"]] {
            let (code, text, errors) = place.run(arguments);
            assert_eq!(code, Some(0), "{what}: {text}{errors}");
            assert!(text.contains("Everything in the exports that were imported is kept."), "{what}: {text}");
        }
    }
}

#[test]
fn what_could_not_be_taken_is_told_until_it_comes_or_is_accepted() {
    let place = Place::new();
    let year = export(&place);
    put(&year, "e.jpg", b"", 1_494_064_900);
    assert_eq!(place.run(&["import", "library", "export"]).0, Some(3));
    let (code, text, _) = place.run(&["status", "library", "--accept"]);
    assert!(code == Some(0) && !text.contains("never"), "all that it lacked was accepted: {text}");
    // Another export brings the same photo whole.
    let place = Place::new();
    let year = export(&place);
    put(&year, "e.jpg", b"", 1_494_064_900);
    assert_eq!(place.run(&["import", "library", "export"]).0, Some(3));
    let again = place.at("again/Takeout/Google Photos/Photos from 2017");
    fs::create_dir_all(&again).unwrap();
    put(&again, "e.jpg", &jpeg(4, "2017-05-06T10:01:40Z"), 1_494_064_900);
    assert_eq!(place.run(&["import", "library", "again"]).0, Some(0));
    let (code, text, _) = place.run(&["status", "library"]);
    assert!(code == Some(0) && !text.contains("not taken"), "{text}");
}

/// What a tgz that was cut off could not give came when it was downloaded again whole.
#[test]
fn a_tgz_that_was_cut_off_is_forgotten_once_it_came_whole() {
    let place = Place::new();
    let archive = place.at("takeout-20260101T080000Z-001.tgz");
    let mut whole = Vec::new();
    {
        let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(&mut whole, flate2::Compression::default()));
        for number in 0..4u8 {
            let name = format!("{number}.jpg");
            for (name, bytes) in [
                (name.clone(), jpeg(number.into(), "2017-05-06T10:00:00Z")),
                (format!("{name}.json"), sidecar(&name, 1_494_064_800).into_bytes()),
            ] {
                let mut header = tar::Header::new_ustar();
                header.set_size(bytes.len() as u64);
                header.set_mode(0o644);
                let path = format!("Takeout/Google Photos/Photos from 2017/{name}");
                tar.append_data(&mut header, path, bytes.as_slice()).unwrap();
            }
        }
        tar.into_inner().unwrap().finish().unwrap();
    }
    fs::write(&archive, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(place.run(&["import", "library", "takeout-20260101T080000Z-001.tgz"]).0, Some(3));
    fs::write(&archive, &whole).unwrap();
    let (code, text, errors) = place.run(&["import", "library", "takeout-20260101T080000Z-001.tgz"]);
    assert_eq!(code, Some(0), "{text}{errors}");
    let (code, text, _) = place.run(&["status", "library"]);
    assert_eq!(code, Some(0), "{text}");
}

/// A film that came before its still and sidecar has their date once they came, on the disk as well.
#[test]
fn a_film_that_came_first_has_the_date_of_its_photo_in_the_end() {
    use photokeep_simulator::generate::{FilmRecipe, film};
    let taken = "2017-05-06T10:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let of = FilmRecipe { seed: 5, width: 64, height: 48, taken: "1990-01-01T00:00:00Z".parse().unwrap(), frames: 4 };
    let (film, still) = (film(&of), jpeg(3, "2017-05-06T10:00:00Z"));
    let described = sidecar("Q.jpg", taken.timestamp());
    let parts: [&[(&str, &[u8])]; 3] =
        [&[("Q.MP4", &film)], &[("Q.jpg", &still), ("Q.jpg.json", described.as_bytes())], &[("Q.MP4", &film), ("Q.jpg", &still)]];
    for order in [[0, 1], [2, 1]] {
        let place = Place::new();
        for (number, part) in order.into_iter().enumerate() {
            let name = format!("takeout-20260101T080000Z-00{}.zip", number + 1);
            zip_of(&place.at(&name), parts[part]);
            place.run(&["import", "library", &name]);
        }
        let (_, listed, _) = place.run(&["list", "library"]);
        assert_eq!(listed.lines().count(), 2, "{listed}");
        for path in listed.lines() {
            let modified = fs::metadata(place.at("library").join(path)).unwrap().modified().unwrap();
            assert_eq!(chrono::DateTime::<chrono::Utc>::from(modified), taken, "{order:?} {path}");
        }
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

/// A zip of these entries, all in one folder.
pub(crate) fn zip_of(archive: &Path, entries: &[(&str, &[u8])]) {
    let mut writer = zip::ZipWriter::new(fs::File::create(archive).unwrap());
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in entries {
        writer.start_file(format!("Takeout/Google Photos/Photos from 2017/{name}"), stored).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap();
}

#[test]
fn a_photo_that_only_its_name_dates_stands_in_its_month() {
    let place = Place::new();
    let year = export(&place);
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU".to_vec();
    png.extend_from_slice(b"\0\0\0\nIDAT\x08\xd7c`\0\0\0\x02\0\x01\xe2!\xbc3\0\0\0\0IEND\xaeB`\x82");
    fs::write(year.join("Screenshot_20190503-081530.png"), &png).unwrap();
    place.run(&["import", "library", "export"]);
    assert!(place.at("library/photos/2019/05/Screenshot_20190503-081530.png").exists());
}

/// Google's page with a list of files.
fn page_of(files: &[&str]) -> String {
    let leaf = |name: &str| {
        format!(
            r#"<div class="extracted-child extracted-file-name"><div class="file-leaf"><div class="extracted-file-name"> {name}</div></div></div>"#
        )
    };
    let row = |path: &&str| {
        let (folder, name) = path.rsplit_once('/').unwrap();
        let (name, head) = (leaf(name), r#"<button class="extracted-folder"><div class="extracted-folder-name">"#);
        format!(r#"<div class="table-row">{head}{folder}</div></button>{name}</div>"#)
    };
    let rows: String = files.iter().map(row).collect();
    format!(
        r#"<!DOCTYPE html><html><body><div id="service-tile-PHOTOS" class="service_wrapper"><h1 class="data-folder-name" data-english-name="PHOTOS" data-folder-name="Google Photos">Google Photos</h1></div>
<div id="service-details-PHOTOS" class="service-detail"><div class="extracted-list">{rows}</div></div></body></html>"#
    )
}

/// One part of an export, as a zip.
fn part(place: &Place, name: &str, entries: &[(&str, &[u8])]) -> String {
    let file = fs::File::create(place.at(&format!("takeout-{name}.zip"))).unwrap();
    let mut zip = zip::ZipWriter::new(file);
    for (path, bytes) in entries {
        zip.start_file(format!("Takeout/{path}"), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
    format!("takeout-{name}.zip")
}

#[test]
fn what_an_export_lacks_stays_said_until_it_came_or_a_full_one_did() {
    let place = Place::new();
    let (a, b) = (jpeg(1, "2018-05-06T10:00:00Z"), jpeg(2, "2018-05-07T10:00:00Z"));
    let (of_a, of_b) = (sidecar("a.jpg", 1_525_593_600), sidecar("b.jpg", 1_525_680_000));
    let page = page_of(&["Photos from 2018/a.jpg", "Photos from 2018/b.jpg", "Photos from 2018/gone.mp4"]);
    let year = "Google Photos/Photos from 2018";
    let (a_at, b_at) = (format!("{year}/a.jpg"), format!("{year}/b.jpg"));
    let (a_json, b_json) = (format!("{a_at}.json"), format!("{b_at}.json"));
    let first = part(
        &place,
        "20260318T202441Z-3-001",
        &[(&a_at, &a), (&a_json, of_a.as_bytes()), ("archive_browser.html", page.as_bytes())],
    );
    let second = part(&place, "20260318T202441Z-3-002", &[(&b_at, &b), (&b_json, of_b.as_bytes())]);
    let status = || place.run(&["status", "library"]);
    assert_eq!(place.run(&["import", "library", &first]).0, Some(3));
    assert!(status().1.contains("page lists 2 files"), "{:?}", status());
    // The page came with the other part; what it lists and this one has is there now.
    let (code, text, errors) = place.run(&["import", "library", &second]);
    assert_eq!(code, Some(3), "{text}{errors}");
    assert!(text.contains("page lists 1 files that are in none of these archives, `Photos from 2018/gone.mp4`"), "{text}");
    // An export of later photos is whole in itself, and brings nothing of what was lacking.
    let c = jpeg(3, "2026-04-07T10:00:00Z");
    let (c_at, of_c) = ("Google Photos/Photos from 2026/c.jpg", sidecar("c.jpg", 1_775_556_000));
    let later = part(&place, "20260518T202441Z-3-001", &[(c_at, &c), (&format!("{c_at}.json"), of_c.as_bytes())]);
    assert_eq!(place.run(&["import", "library", &later]).0, Some(0));
    let (code, text, _) = status();
    assert_eq!(code, Some(3), "{text}");
    assert!(text.contains("gone.mp4"), "{text}");
    // One that has everything puts an end to it.
    let all = part(
        &place,
        "20260618T202441Z-3-001",
        &[
            (&a_at, &a),
            (&a_json, of_a.as_bytes()),
            (&b_at, &b),
            (&b_json, of_b.as_bytes()),
            (c_at, &c),
            (&format!("{c_at}.json"), of_c.as_bytes()),
        ],
    );
    assert_eq!(place.run(&["import", "library", &all]).0, Some(0));
    assert_eq!(status().0, Some(0), "{:?}", status());
}

#[test]
fn an_albums_folder_without_its_file_is_the_album_that_lay_in_it_before() {
    let place = Place::new();
    let (a, b) = (jpeg(1, "2018-05-06T10:00:00Z"), jpeg(2, "2018-05-07T10:00:00Z"));
    let (of_a, of_b) = (sidecar("a.jpg", 1_525_593_600), sidecar("b.jpg", 1_525_680_000));
    let (year, album) = ("Google Photos/Photos from 2018", "Google Photos/6-10-23");
    let at = |folder: &str, name: &str| format!("{folder}/{name}");
    let titled = r#"{"title":"6/10/23","access":"protected"}"#;
    let first = part(
        &place,
        "20260318T202441Z-3-001",
        &[
            (&at(year, "a.jpg"), &a),
            (&at(year, "a.jpg.json"), of_a.as_bytes()),
            (&at(album, "metadata.json"), titled.as_bytes()),
            (&at(album, "a.jpg.json"), of_a.as_bytes()),
        ],
    );
    let later = part(
        &place,
        "20260518T202441Z-3-001",
        &[(&at(year, "b.jpg"), &b), (&at(year, "b.jpg.json"), of_b.as_bytes()), (&at(album, "b.jpg.json"), of_b.as_bytes())],
    );
    for given in [first, later] {
        let (code, text, errors) = place.run(&["import", "library", &given]);
        assert_eq!(code, Some(0), "{text}{errors}");
    }
    let (_, text, _) = place.run(&["status", "library"]);
    assert!(text.contains("albums: 1"), "{text}");
}
