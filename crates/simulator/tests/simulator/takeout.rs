//! Made-up Takeout exports as others see them: the system's own tools, and the program's arguments.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use photokeep_simulator::takeout::{Container, EntryKind, ExportSpec, Parts, Pictures, Truth, Variants, generate};

/// What a tool prints; `None` when it is not installed.
fn tool(program: &str, arguments: &[&str], file: &Path) -> Option<(bool, String)> {
    match Command::new(program).args(arguments).arg(file).output() {
        Ok(output) => Some((output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())),
        Err(_) => {
            println!("skipped: no {program} here");
            None
        }
    }
}

fn per_part(truth: &Truth) -> BTreeMap<usize, usize> {
    let mut counts = BTreeMap::new();
    for entry in &truth.entries {
        *counts.entry(entry.part).or_default() += 1;
    }
    counts
}

#[test]
fn zips_of_every_kind_pass_the_systems_test() {
    for container in [Container::Stored, Container::Deflated, Container::Zip64] {
        let folder = tempfile::tempdir().unwrap();
        let truth = generate(&ExportSpec { items: 200, container, ..ExportSpec::default() }, folder.path()).unwrap();
        for (part, count) in per_part(&truth) {
            let path = folder.path().join(&truth.parts[part]);
            let Some((sound, _)) = tool("unzip", &["-tqq"], &path) else { return };
            assert!(sound, "{container:?}");
            let Some((_, listing)) = tool("unzip", &["-Z1"], &path) else { return };
            assert_eq!(listing.lines().count(), count, "{container:?}");
            let end = std::fs::read(&path).unwrap();
            let zip64 = end.windows(4).any(|window| window == b"PK\x06\x06");
            assert_eq!(zip64, container == Container::Zip64);
        }
    }
}

#[test]
fn tars_list_what_the_truth_says() {
    let folder = tempfile::tempdir().unwrap();
    let spec = ExportSpec { items: 200, container: Container::Tgz, ..ExportSpec::default() };
    let truth = generate(&spec, folder.path()).unwrap();
    for (part, count) in per_part(&truth) {
        assert!(truth.parts[part].ends_with(".tgz"));
        let Some((sound, listing)) = tool("tar", &["tzf"], &folder.path().join(&truth.parts[part])) else { return };
        assert!(sound);
        assert_eq!(listing.lines().count(), count);
    }
}

#[test]
fn folders_hold_every_entry_with_its_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let spec = ExportSpec { items: 150, container: Container::Folder, ..ExportSpec::default() };
    let truth = generate(&spec, folder.path()).unwrap();
    assert_eq!(truth.parts, ["Takeout"]);
    for entry in &truth.entries {
        let bytes = std::fs::read(folder.path().join(&entry.path)).unwrap();
        assert_eq!(bytes.len() as u64, entry.size, "{}", entry.path);
        if let Some(hash) = &entry.hash {
            assert_eq!(blake3::hash(&bytes).to_hex().as_str(), hash);
        }
        match entry.kind {
            EntryKind::Sidecar => {
                let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
                let item = truth.item(entry.item.unwrap()).unwrap();
                assert_eq!(json["title"], item.title);
                assert_eq!(json["photoTakenTime"]["timestamp"], item.taken.unwrap_or(0).to_string());
                assert_eq!(json["description"], item.caption.clone().unwrap_or_default());
                assert_eq!(json["geoData"]["latitude"], item.place.unwrap_or_default().0);
                assert_eq!(json["people"].as_array().map_or(0, Vec::len), item.people.len());
                assert_eq!(json["favorited"] == true, item.favourite);
            }
            EntryKind::BrokenSidecar => assert!(serde_json::from_slice::<serde_json::Value>(&bytes).is_err()),
            EntryKind::AlbumFile => {
                let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
                let title = truth.album(entry.album.unwrap()).unwrap().title.clone();
                assert_eq!(json["title"], title.unwrap_or_default());
            }
            EntryKind::ArchivePage => {
                let page = String::from_utf8(bytes).unwrap();
                assert!(page.contains("data-english-name=\"PHOTOS\" data-folder-name=\"Google Photos\""));
            }
            _ => {}
        }
    }
}

#[test]
fn hostile_parts_are_damaged_where_the_truth_says() {
    for container in [Container::Stored, Container::Tgz] {
        let folder = tempfile::tempdir().unwrap();
        let spec = ExportSpec { items: 40, hostile: true, container, parts: Parts::Count(1), ..ExportSpec::default() };
        let truth = generate(&spec, folder.path()).unwrap();
        assert!(truth.count(EntryKind::Hostile) >= 14, "{}", truth.count(EntryKind::Hostile));
        assert_eq!(truth.false_parts.len(), 2);
        if container == Container::Stored {
            let Some((sound, said)) = tool("unzip", &["-t"], &folder.path().join(&truth.parts[0])) else { return };
            assert!(!sound);
            assert_eq!(said.matches("bad CRC").count(), 1, "{said}");
        }
    }
}

#[test]
fn five_thousand_items_take_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let started = Instant::now();
    let spec = ExportSpec { items: 5_000, albums: 40, parts: Parts::Count(8), ..ExportSpec::default() };
    let truth = generate(&spec, folder.path()).unwrap();
    let taken = started.elapsed();
    println!("{} entries in {taken:?}", truth.entries.len());
    assert!(truth.entries.len() > 10_000);
    assert!(taken < Duration::from_secs(60), "{taken:?}");
}

#[test]
fn large_items_are_as_large_as_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let spec = ExportSpec {
        items: 12,
        albums: 0,
        pictures: Pictures::Large(3_000_000),
        variants: Variants::none(),
        ..ExportSpec::default()
    };
    let truth = generate(&spec, folder.path()).unwrap();
    let large = truth.entries.iter().filter(|e| (3_000_000..3_010_000).contains(&e.size)).count();
    assert!(large >= 9, "{large}");
}

#[test]
fn the_program_writes_an_export_and_later_ones() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_photokeep-simulator")).arg("takeout").args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (first, second, third) = (path("first"), path("second"), path("third"));
    let (truth, later) = (path("truth.json"), path("later.json"));
    let wanted =
        [&first, "--items", "90", "--seed", "4", "--parts", "2", "--language", "de", "--container", "tgz", "--truth", &truth];
    let (code, said) = run(&wanted);
    assert_eq!(code, Some(0));
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["parts"].as_array().unwrap().len(), 2);
    let known: Truth = serde_json::from_slice(&std::fs::read(&truth).unwrap()).unwrap();
    assert_eq!(known.entries.len() as u64, said["entries"].as_u64().unwrap());
    assert_eq!(run(&[&second, "--increment", &truth, "--truth", &later]).0, Some(0));
    assert_eq!(run(&[&third, "--again", &later, "--language", "xx", "--without", "edited,motion"]).0, Some(0));
    assert_eq!(run(&[&third, "--only", "no-such-thing"]).0, Some(1));
    assert_eq!(run(&[&third, "--language", "klingon"]).0, Some(2));
}
