//! Copies of one archive beside each other: read once, and whole where one of them is.

use std::fs;

use photokeep_simulator::takeout::{ExportSpec, generate};

use crate::import::Place;
use crate::import_told::{jpeg, sidecar, zip_of};

#[test]
fn a_copy_of_an_archive_is_read_once_and_said() {
    let place = Place::new();
    let truth = generate(&ExportSpec { items: 10, ..ExportSpec::default() }, &place.at("given")).unwrap();
    let part = fs::read_dir(place.at("given")).unwrap().map(|entry| entry.unwrap().path());
    let part = part.filter(|path| path.extension().is_some_and(|ending| ending == "zip")).min().unwrap();
    let name = part.file_name().unwrap().to_string_lossy().into_owned();
    fs::copy(&part, part.with_file_name(name.replace(".zip", " (1).zip"))).unwrap();
    let (code, text, errors) = place.run(&["import", "library", "given"]);
    assert_eq!(code, Some(0), "{text}{errors}");
    assert!(text.contains(&format!("(1).zip` is a copy of `{name}`")), "{text}");
    assert!(text.contains(&format!("{} files in the archives", truth.entries.len())), "{text}");
}

/// One wrong byte in each, in another file: in the middle of large archives, and where both ends are compared.
#[test]
fn what_is_damaged_in_one_copy_of_an_archive_is_taken_from_the_other() {
    for padding in [0, 400_000] {
        let place = Place::new();
        let names: Vec<String> = (0..3).map(|number| format!("{number}.jpg")).collect();
        let photos: Vec<Vec<u8>> =
            (0..3u8).map(|number| [jpeg(number.into(), "2017-05-06T10:00:00Z"), vec![number; padding]].concat()).collect();
        let sidecars: Vec<String> = names.iter().map(|name| sidecar(name, 1_494_064_800)).collect();
        let json: Vec<String> = names.iter().map(|name| format!("{name}.json")).collect();
        let mut entries: Vec<(&str, &[u8])> = Vec::new();
        for number in 0..3 {
            entries.push((&names[number], &photos[number]));
            entries.push((&json[number], sidecars[number].as_bytes()));
        }
        fs::create_dir(place.at("given")).unwrap();
        let parts = [
            ("takeout-20260101T080000Z-1-001.zip", ["0.jpg", "1.jpg", "2.jpg.json"]),
            ("takeout-20260101T080000Z-1-001 (1).zip", ["2.jpg", "0.jpg.json", "1.jpg.json"]),
        ];
        for (name, wrong) in parts {
            let archive = place.at(&format!("given/{name}"));
            zip_of(&archive, &entries);
            let mut bytes = fs::read(&archive).unwrap();
            for (name, content) in entries.iter().filter(|(name, _)| wrong.contains(name)) {
                // Their bytes follow their name in the archive.
                let name = format!("/{name}");
                let starts =
                    |at: &usize| bytes[*at..].starts_with(name.as_bytes()) && bytes[at + name.len()..].starts_with(content);
                let at = (0..bytes.len()).find(starts).unwrap() + name.len() + content.len() / 2;
                bytes[at] ^= 1;
            }
            fs::write(archive, bytes).unwrap();
        }
        let (code, text, errors) = place.run(&["import", "library", "given"]);
        assert_eq!(code, Some(0), "{text}{errors}");
        assert!(text.contains("each file is taken once, from the one that has it whole"), "{text}");
        let (_, listed, _) = place.run(&["list", "library", "--json"]);
        assert_eq!(listed.matches("\"2017-05-06").count(), 3, "{listed}");
        let (code, text, _) = place.run(&["verify", "library"]);
        assert_eq!(code, Some(0), "{text}");
    }
}
