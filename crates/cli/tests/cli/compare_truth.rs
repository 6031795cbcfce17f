//! `photokeep compare` against an old backup of which it is known what happened to every file: no wrong match, and what is
//! promised is found.

use std::collections::BTreeMap;
use std::path::Path;

use photokeep_simulator::damaged_copy::{Change, CopiedFile, damaged_copy};
use photokeep_simulator::takeout::{Container, ExportSpec, Parts, Pictures, generate};
use serde_json::Value;

use crate::import::Place;

/// What the default settings say of a file to which this happened: verdict, and whether a promise is made.
fn promised(change: Change) -> &'static [(&'static str, &'static str)] {
    match change {
        Change::Same | Change::Renamed | Change::Moved | Change::Redated | Change::Twin => &[("found", "same-bytes")],
        Change::Commented | Change::Stripped => &[("different", "same-picture")],
        Change::Recompressed => &[("different", "unique-id-clock"), ("different", "name-instant-pixels")],
        // Half of its picture is gone: found by what it tells, or unreadable; never the bytes of something.
        Change::Cut => &[("different", "unique-id-clock"), ("different", "name-instant-pixels"), ("missing", "name-only")],
        // Nothing but the picture is left: `--similar` looks at those.
        Change::Sent | Change::Resized | Change::New => &[("missing", "")],
        Change::OtherOfThatName => &[("missing", "name-only"), ("missing", "")],
    }
}

#[test]
fn an_old_backup_is_told_apart_file_by_file() {
    let (mut lines, mut alike) = (BTreeMap::new(), BTreeMap::new());
    for seed in [1, 2] {
        let place = Place::new();
        let spec = ExportSpec {
            items: 150,
            albums: 4,
            seed,
            parts: Parts::Count(1),
            container: Container::Stored,
            pictures: Pictures::Painted,
            ..ExportSpec::default()
        };
        generate(&spec, &place.at("export")).unwrap();
        let (_, text, errors) = place.run(&["import", "library", "export"]);
        assert!(text.contains("files new in the library"), "{text}{errors}");
        let truth = damaged_copy(&place.at("library/photos"), &place.at("folder"), seed).unwrap();
        let (code, text, errors) = place.run(&["compare", "library", "folder", "--report", "report.json", "--json"]);
        assert_eq!(code, Some(0), "{text}{errors}");
        let by_default = verdicts(&place.at("report.json"));
        for file in &truth {
            let said = &by_default[&file.path];
            let (verdict, evidence) = (said["verdict"].as_str().unwrap(), said["evidence"].as_str().unwrap_or_default());
            // A wrong match is the one thing that must never be. The same bytes may be kept under another name.
            if verdict == "different" {
                let kept = said["kept"].as_str().map(|path| path.strip_prefix("photos/").unwrap_or(path));
                assert_eq!(kept, file.of.as_deref(), "{seed}: {file:?} {said}");
            }
            let right = promised(file.change).contains(&(verdict, evidence));
            if !right {
                println!("{seed}: not as promised: {file:?} {said}");
            }
            let counted: &mut (u32, u32) = lines.entry(file.change).or_default();
            counted.0 += u32::from(right);
            counted.1 += 1;
            if matches!(file.change, Change::New | Change::OtherOfThatName) {
                assert_eq!(verdict, "missing", "{seed}: {file:?} {said}");
            }
        }
        place.run(&["compare", "library", "folder", "--similar", "--report", "similar.json"]);
        look_alikes(&truth, &verdicts(&place.at("similar.json")), &mut alike);
    }
    for (change, Alike { all, right, wrong }) in &alike {
        println!("--similar, {change:?}: {right} of {all} right, {wrong} wrong");
    }
    let all: u32 = alike.values().map(|alike| alike.right + alike.wrong).sum();
    let wrong: u32 = alike.values().map(|alike| alike.wrong).sum();
    assert!(wrong * 100 <= all, "precision: {alike:?}");
    for change in [Change::Sent, Change::Resized, Change::Recompressed] {
        let of = &alike[&change];
        assert!(of.right * 10 >= of.all * 9, "recall of {change:?}: {of:?}");
    }
    for (change, (right, all)) in &lines {
        println!("{change:?}: {right} of {all}");
    }
    assert_eq!(lines.len(), 13, "every kind of damage came: {lines:?}");
    for (change, (right, all)) in lines {
        assert!(f64::from(right) >= 0.99 * f64::from(all), "{change:?}: {right} of {all}");
    }
}

/// What `--similar` found of the files of one kind.
#[derive(Debug, Default)]
struct Alike {
    all: u32,
    right: u32,
    wrong: u32,
}

fn look_alikes(truth: &[CopiedFile], verdicts: &BTreeMap<String, Value>, alike: &mut BTreeMap<Change, Alike>) {
    for file in truth {
        let said = &verdicts[&file.path];
        let of = alike.entry(file.change).or_default();
        of.all += 1;
        if matches!(said["verdict"].as_str(), Some("found" | "different")) {
            let kept = said["kept"].as_str().map(|path| path.strip_prefix("photos/").unwrap_or(path));
            let is_right = kept == file.of.as_deref() || said["verdict"] == "found";
            of.right += u32::from(is_right);
            of.wrong += u32::from(!is_right);
            if !is_right {
                println!("wrong: {file:?} {said}");
            }
        }
    }
}

fn verdicts(report: &Path) -> BTreeMap<String, Value> {
    let text = std::fs::read_to_string(report).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let files = lines.filter(|line| !matches!(line["verdict"].as_str(), Some("extra" | "duplicate" | "passed-over")));
    files.map(|line| (line["path"].as_str().unwrap().to_owned(), line)).collect()
}
