//! `photokeep import`: what a person types and reads, and `kill -9` at moments that look like chance.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use photokeep_simulator::takeout::{Container, EntryKind, ExportSpec, Parts, Truth, generate};

use crate::import_told::{jpeg, sidecar};
use crate::world::Chance;

/// An export, a library, and a home for Photokeep's state.
pub(crate) struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_photokeep"));
        command.args(arguments).current_dir(self.folder.path());
        command.env("PHOTOKEEP_HOME", self.at("home")).env("PHOTOKEEP_KEYCHAIN", "off");
        command
    }

    /// Runs a command to its end: exit code, output, error output.
    pub(crate) fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let output = self.command(arguments).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    }

    pub(crate) fn hashes_below(&self, folder: &str) -> BTreeSet<String> {
        let mut hashes = BTreeSet::new();
        let mut folders = vec![self.at(folder)];
        while let Some(folder) = folders.pop() {
            let Ok(entries) = std::fs::read_dir(&folder) else { continue };
            for entry in entries.flatten() {
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else {
                    hashes.insert(blake3::hash(&std::fs::read(entry.path()).unwrap()).to_hex().to_string());
                }
            }
        }
        hashes
    }
}

fn spec(container: Container) -> ExportSpec {
    ExportSpec { items: 120, albums: 6, seed: 77, parts: Parts::Count(3), container, ..ExportSpec::default() }
}

fn media(truth: &Truth) -> BTreeSet<String> {
    truth.entries.iter().filter(|entry| entry.kind == EntryKind::Media).filter_map(|entry| entry.hash.clone()).collect()
}

#[test]
fn a_plan_changes_nothing_and_an_import_says_what_became_of_every_file() {
    let place = Place::new();
    let truth = generate(&spec(Container::Stored), &place.at("export")).unwrap();
    let (code, text, _) = place.run(&["import", "library", "export", "--dry-run"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("nothing was changed") && text.contains("3 parts"), "{text}");
    assert!(!place.at("library").exists());
    let (_, text, errors) = place.run(&["import", "library", "export", "--json", "--report", "report.csv"]);
    let receipt: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    let account = &receipt["receipt"]["account"];
    assert_eq!(account["entries"], truth.entries.len(), "{errors}");
    assert_eq!(account["open"], 0);
    assert_eq!(place.hashes_below("library/photos"), media(&truth));
    let report = std::fs::read_to_string(place.at("report.csv")).unwrap();
    assert_eq!(report.lines().count(), truth.entries.len() + 1);
}

#[test]
fn what_is_no_export_is_refused_in_a_sentence() {
    let place = Place::new();
    std::fs::write(place.at("takeout-20260101T000000Z-1-001.zip"), "<!DOCTYPE html><html><title>Sign in</title></html>").unwrap();
    let (code, _, errors) = place.run(&["import", "library", "takeout-20260101T000000Z-1-001.zip"]);
    assert_eq!(code, Some(2));
    assert!(errors.contains("web page") && errors.contains("download it again"), "{errors}");
    let (code, _, errors) = place.run(&["import", "library", "nowhere.zip"]);
    assert_eq!(code, Some(2));
    assert!(errors.contains("is not there"), "{errors}");
    assert!(!place.at("library").exists());
}

fn kills() -> u64 {
    std::env::var("PHOTOKEEP_TORTURE_KILLS").map_or(20, |text| text.parse().expect("a number"))
}

#[test]
fn an_import_survives_being_killed_at_any_moment() {
    let mut chance = Chance(0x7a6e);
    let (mut killed, mut finished) = (0, 0);
    let containers = [Container::Deflated, Container::Tgz, Container::Folder];
    for container in containers {
        let place = Place::new();
        let truth = generate(&spec(container), &place.at("export")).unwrap();
        let whole = media(&truth);
        let begun = Instant::now();
        let reference = place.run(&["import", "undisturbed", "export"]);
        let length = begun.elapsed();
        assert_eq!(place.hashes_below("undisturbed/photos"), whole, "{reference:?}");
        let mut library = 0;
        let (mut killed_here, enough) = (0, kills().div_ceil(containers.len() as u64));
        while killed_here < enough {
            let name = format!("library-{library}");
            let mut child =
                place.command(&["import", &name, "export"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(Duration::from_micros(chance.below(length.as_micros() as u64)));
            child.kill().unwrap();
            let ended = child.wait().unwrap().code();
            let here = place.hashes_below(&format!("{name}/photos"));
            assert!(here.is_subset(&whole), "half a file under a name");
            match ended {
                None => {
                    killed += 1;
                    killed_here += 1;
                }
                Some(_) => {
                    finished += 1;
                    check(&place, &name, &whole, reference.0);
                    library += 1;
                }
            }
        }
        check(&place, &format!("library-{library}"), &whole, reference.0);
    }
    println!("{killed} killed, {finished} finished first");
}

/// An undisturbed import goes on: everything is there once, nothing is left over, and every file is what was stored.
#[track_caller]
fn check(place: &Place, library: &str, whole: &BTreeSet<String>, code: Option<i32>) {
    let (ended, text, errors) = place.run(&["import", library, "export", "--json"]);
    assert_eq!(ended, code, "{text} {errors}");
    let receipt: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!(receipt["receipt"]["account"]["open"], 0, "{text}");
    assert_eq!(place.hashes_below(&format!("{library}/photos")), *whole);
    assert_eq!(count(&place.at(library).join("photos")), count(&place.at("undisturbed").join("photos")), "no file twice");
    let left: Vec<_> = std::fs::read_dir(place.at(library).join(".photokeep").join("tmp")).unwrap().flatten().collect();
    assert!(left.is_empty(), "{left:?}");
    let (ended, text, errors) = place.run(&["verify", library]);
    assert_eq!(ended, Some(0), "{text} {errors}");
}

fn count(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().flatten().map(|entry| if entry.path().is_dir() { count(&entry.path()) } else { 1 }).sum()
}

/// An album whose entry fits two photos: none is guessed, and that is said, not only in the report.
#[test]
fn an_album_entry_that_fits_two_photos_is_told() {
    let place = Place::new();
    let (year, album) =
        (place.at("export/Takeout/Google Photos/Photos from 2017"), place.at("export/Takeout/Google Photos/Burst"));
    fs::create_dir_all(&year).unwrap();
    fs::create_dir_all(&album).unwrap();
    let described = r#"{"title":"N.jpg","photoTakenTime":{"timestamp":"1494064800"}}"#;
    for (number, (photo, sidecar)) in [("N.jpg", "N.jpg.json"), ("N(1).jpg", "N.jpg(1).json")].into_iter().enumerate() {
        fs::write(year.join(photo), jpeg(number as u64, "2017-05-06T10:00:00Z")).unwrap();
        fs::write(year.join(sidecar), described).unwrap();
    }
    fs::write(album.join("metadata.json"), r#"{"title":"Burst"}"#).unwrap();
    fs::write(album.join("N.jpg.json"), described).unwrap();
    for _ in 0..2 {
        let (code, text, errors) = place.run(&["import", "library", "export"]);
        assert_eq!(code, Some(0), "{text}{errors}");
        assert!(text.contains("Descriptions that fit several photos: 1."), "{text}");
    }
}

/// What was written on an earlier wish follows what Google says; nothing is written that nobody asked for.
#[test]
fn xmp_files_that_are_there_are_kept_right() {
    let place = Place::new();
    let year = place.at("export/Takeout/Google Photos/Photos from 2017");
    fs::create_dir_all(&year).unwrap();
    let sidecar =
        |name: &str, caption: &str| sidecar(name, 1_494_064_800).replacen('{', &format!(r#"{{"description":"{caption}","#), 1);
    let export = |names: &[&str], caption: &str| {
        for (seed, name) in names.iter().enumerate() {
            fs::write(year.join(name), jpeg(seed as u64, "2017-05-06T10:00:00Z")).unwrap();
            fs::write(year.join(format!("{name}.json")), sidecar(name, caption)).unwrap();
        }
    };
    let beside = |name: &str| fs::read_to_string(place.at(&format!("library/photos/2017/05/{name}.xmp"))).ok();
    export(&["a.jpg", "b.jpg"], "first");
    place.run(&["import", "library", "export", "--xmp"]);
    assert!(beside("a.jpg").unwrap().contains("first"));
    fs::remove_file(place.at("library/photos/2017/05/b.jpg.xmp")).unwrap();
    export(&["a.jpg", "b.jpg", "c.jpg"], "second");
    let (_, text, _) = place.run(&["import", "library", "export"]);
    assert!(text.contains("XMP files written: 1;"), "{text}");
    assert!(beside("a.jpg").unwrap().contains("second"));
    assert_eq!((beside("b.jpg"), beside("c.jpg")), (None, None));
}

#[test]
fn a_plan_knows_what_has_vanished() {
    let place = Place::new();
    generate(&ExportSpec { items: 5, ..ExportSpec::default() }, &place.at("given")).unwrap();
    place.run(&["import", "library", "given"]);
    let (_, listed, _) = place.run(&["list", "library", "--json"]);
    let first: serde_json::Value = serde_json::from_str(listed.lines().next().unwrap()).unwrap();
    fs::remove_file(place.at("library").join(first["path"].as_str().unwrap())).unwrap();
    let (_, plan, errors) = place.run(&["import", "library", "given", "--dry-run"]);
    assert!(plan.contains("1 to store again"), "{plan}{errors}");
    let (_, text, _) = place.run(&["import", "library", "given"]);
    assert!(text.contains("1 stored in the place of a lesser or lost copy"), "{text}");
}
