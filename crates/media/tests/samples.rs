//! Against real files, where the folder of samples is present: what ExifTool reads of each, and what happens when they are
//! cut and changed. Without the folder these tests have nothing to do.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use photokeep_media::{Facts, SNIFF_BYTES, Wholeness, hash_file, inspect, sniff, wholeness};
use serde_json::Value;

fn samples() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples");
    folder.join("expected-metadata.json").is_file().then_some(folder)
}

fn expectations(folder: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join("expected-metadata.json")).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["files"].as_array().unwrap().clone()
}

/// Agreements and disagreements of one field.
#[derive(Default)]
struct Tally {
    agree: usize,
    differ: Vec<String>,
}

impl Tally {
    fn note(&mut self, file: &str, expected: &str, found: &str) {
        if expected == found {
            self.agree += 1;
        } else {
            self.differ.push(format!("{file}: expected {expected}, found {found}"));
        }
    }
}

fn show<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

fn text(value: &Value) -> String {
    if value.is_number() {
        return value.to_string();
    }
    show(value.as_str().map(str::trim).filter(|text| !text.is_empty()))
}

/// To the second; ExifTool shows some dates twice, with zone, or without seconds.
fn expected_date(expected: &Value) -> String {
    let Some(date) = expected["capture_date"].as_str() else { return "-".to_owned() };
    let first = date.split(',').next().unwrap().replace('T', " ");
    let clock: String = first.chars().take(19).take_while(|c| c.is_ascii_digit() || matches!(c, ':' | ' ')).collect();
    if clock.len() == 16 { format!("{clock}:00") } else { clock }
}

fn place(latitude: Option<f64>, longitude: Option<f64>) -> String {
    show(latitude.zip(longitude).map(|(latitude, longitude)| format!("{latitude:.4} {longitude:.4}")))
}

fn compare(file: &str, expected: &Value, facts: &Facts, tallies: &mut BTreeMap<&'static str, Tally>) {
    let mut note = |field, expected: String, found: String| tallies.entry(field).or_default().note(file, &expected, &found);
    note("mime", text(&expected["mime"]), facts.file_type.mime.to_owned());
    let found = facts.taken.map(|taken| taken.local.format("%Y:%m:%d %H:%M:%S").to_string());
    note("date", expected_date(expected), show(found));
    if expected["utc"] == true {
        let instant = facts.taken.and_then(|taken| taken.instant).map(|instant| instant.format("%Y:%m:%d %H:%M:%S").to_string());
        note("instant", expected_date(expected), show(instant));
    }
    if let Some(offset) = expected["offset"].as_str() {
        let found = facts.taken.and_then(|taken| taken.offset_seconds).map(|seconds| {
            let sign = if seconds < 0 { '-' } else { '+' };
            format!("{sign}{:02}:{:02}", seconds.abs() / 3600, seconds.abs() / 60 % 60)
        });
        note("offset", offset.to_owned(), show(found));
    }
    let gps = &expected["gps"];
    let known = expected["gps_is_null_island"] != true;
    let (latitude, longitude) = (gps["lat"].as_f64().filter(|_| known), gps["lon"].as_f64().filter(|_| known));
    note("place", place(latitude, longitude), place(facts.latitude, facts.longitude));
    note("make", text(&expected["make"]), show(facts.camera_make.as_deref()));
    note("model", text(&expected["model"]), show(facts.camera_model.as_deref()));
    note("width", show(expected["width"].as_u64()), show(facts.width));
    note("orientation", show(expected["orientation"].as_u64()), show(facts.orientation));
}

#[test]
fn agrees_with_exiftool() {
    let Some(folder) = samples() else { return };
    let mut tallies = BTreeMap::new();
    let files = expectations(&folder);
    for row in &files {
        let name = row["file"].as_str().unwrap();
        let facts = inspect(&folder.join("photos").join(name)).unwrap();
        compare(name, &row["expected"], &facts, &mut tallies);
    }
    // In percent. Where the two are known to differ, we say more (a camera's name and a place that ExifTool's fields leave
    // out), or take the size of a picture in a fuzzed file from elsewhere, or do not take a thumbnail's orientation.
    let threshold = |field: &str| match field {
        "make" | "model" | "orientation" | "place" | "width" => 98,
        _ => 100,
    };
    let mut failures = Vec::new();
    for (field, tally) in &tallies {
        let all = tally.agree + tally.differ.len();
        println!("{field}: {} of {all} agree", tally.agree);
        tally.differ.iter().for_each(|line| println!("    {line}"));
        if tally.agree * 100 < threshold(field) * all {
            failures.push(*field);
        }
    }
    assert!(failures.is_empty(), "below the threshold: {failures:?}");
    assert_eq!(tallies["mime"].agree + tallies["mime"].differ.len(), files.len());
}

#[test]
fn no_healthy_file_is_called_cut_short() {
    let Some(folder) = samples() else { return };
    for row in expectations(&folder) {
        let (name, note) = (row["file"].as_str().unwrap(), row["note"].as_str().unwrap_or_default());
        let path = folder.join("photos").join(name);
        let found = wholeness(&path, inspect(&path).unwrap().file_type).unwrap();
        if found != Wholeness::Whole {
            println!("{name} ({note}): {found:?}");
        }
        // The collection has some files that were damaged on purpose, and says so. Those that it calls cut have lost what
        // stood behind their picture; the picture itself is whole.
        assert!(note.contains("fuzzed") || !matches!(found, Wholeness::CutShort { .. }), "{name} ({note}): {found:?}");
    }
}

#[test]
fn real_files_cut_in_the_middle_are_found_out() {
    let Some(folder) = samples() else { return };
    let scratch = tempfile::NamedTempFile::new().unwrap();
    let (mut cut, mut undecided) = (0, Vec::new());
    for row in expectations(&folder) {
        let name = row["file"].as_str().unwrap();
        let bytes = std::fs::read(folder.join("photos").join(name)).unwrap();
        let ty = sniff(&bytes[..bytes.len().min(SNIFF_BYTES)]).file_type();
        std::fs::write(scratch.path(), &bytes[..bytes.len() / 2]).unwrap();
        match wholeness(scratch.path(), ty).unwrap() {
            Wholeness::CutShort { .. } => cut += 1,
            other => undecided.push(format!("{name}: {other:?}")),
        }
    }
    println!("{cut} found out, not: {undecided:#?}");
    assert!(undecided.len() * 20 <= cut, "{undecided:#?}");
}

#[test]
fn hashes_take_the_whole_file() {
    let Some(folder) = samples() else { return };
    for row in expectations(&folder).iter().take(10) {
        let path = folder.join("photos").join(row["file"].as_str().unwrap());
        let (hash, length) = hash_file(&path).unwrap();
        assert_eq!(length, row["bytes"].as_u64().unwrap());
        assert_eq!(hash.0, *blake3::hash(&std::fs::read(&path).unwrap()).as_bytes());
    }
}

/// Cuts and changes real files for some seconds. Fails on a panic that gets out, an error, or an answer that takes long.
#[test]
fn damaged_real_files_are_survived() {
    let Some(folder) = samples() else { return };
    let scratch = tempfile::NamedTempFile::new().unwrap();
    let files: Vec<Vec<u8>> = expectations(&folder)
        .iter()
        .map(|row| std::fs::read(folder.join("photos").join(row["file"].as_str().unwrap())).unwrap())
        .filter(|bytes| bytes.len() < 300_000)
        .collect();
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % below.max(1) as u64) as usize
    };
    let (start, mut rounds, mut slowest) = (Instant::now(), 0, Duration::ZERO);
    while start.elapsed() < Duration::from_secs(8) {
        let mut bytes = files[next(files.len())].clone();
        // Metadata lies at the start or the end of a file.
        let near = [bytes.len(), 200, 4_000, 40_000][next(4)].min(bytes.len());
        let from_end = next(4) == 0;
        for _ in 0..1 + next(12) {
            let at = if from_end { bytes.len() - 1 - next(near) } else { next(near) };
            bytes[at] = [0, 0xFF, 0x7F, 0x80, 1, next(256) as u8][next(6)];
        }
        if next(4) == 0 {
            bytes.truncate(next(bytes.len()));
        }
        std::fs::write(scratch.path(), &bytes).unwrap();
        let before = Instant::now();
        let facts = inspect(scratch.path()).unwrap();
        wholeness(scratch.path(), facts.file_type).unwrap();
        if let (Some(latitude), Some(longitude)) = (facts.latitude, facts.longitude) {
            assert!(latitude.abs() <= 90.0 && longitude.abs() <= 180.0);
        }
        slowest = slowest.max(before.elapsed());
        rounds += 1;
    }
    println!("{rounds} rounds, the slowest took {slowest:?}");
    assert!(slowest < Duration::from_secs(3), "{slowest:?}");
}
