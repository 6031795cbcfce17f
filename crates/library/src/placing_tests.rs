#![allow(clippy::unwrap_used)]

use chrono::DateTime;
use photokeep_model::{FileRole, Filter, Metadata, RunKind, SourceKind};

use super::*;
use crate::catalog::{EntryNote, SightedEntry, SightedFile, Sighting};
use crate::{Home, OptionChanges};

/// That the user removed a photo which came by the API is told by its original alone: title, instant and pixel size are those of
/// the removed one. Its edited copy lies before it in the archive and arrives first.
#[test]
fn what_an_original_turns_out_to_be_holds_for_what_arrived_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("library");
    let home = Home::at(folder.path().join("home")).unwrap();
    let mut library = Library::open_or_create(&root, &home, OptionChanges::default(), false).unwrap();
    let catalog = &library.catalog;
    catalog.begin_listing().unwrap();
    let run = catalog.begin_run(RunKind::Import, &Filter::default(), DateTime::UNIX_EPOCH).unwrap();
    let taken = CaptureTime::parse_google("2019-05-03T05:30:00Z");
    let told = Metadata { title: "a.jpg".into(), taken, mime_type: Some("image/jpeg".into()), ..Metadata::default() };
    let by_api = Metadata { width: Some(64), height: Some(48), ..told.clone() };
    let page = [Sighting::new("api".into(), by_api, true)];
    let removed = catalog.sight(SourceKind::LibraryApi, run, &page, &library.namer()).unwrap().1[0];
    catalog.set_removed(removed, Some(1)).unwrap();
    let export = catalog.sight_export("one", None, run).unwrap();
    let part = catalog.sight_part(export, Some(1), "one.zip", &[0; 32], run).unwrap();
    let names = ["a-edited.jpg", "a.jpg"];
    let key = |entry| EntryKey { part, entry };
    let size = |entry: u32| names[entry as usize].len() as u64;
    let note = |entry: u32| EntryNote {
        key: key(entry),
        path: names[entry as usize],
        size: size(entry),
        crc32: Some(entry),
        ended: Ended::Open,
        reason: None,
    };
    catalog.note_entries(run, [note(0), note(1)]).unwrap();
    let file = |role, entry: u32| SightedFile {
        role,
        name: Some(names[entry as usize].to_owned()),
        entries: vec![SightedEntry { key: key(entry), size: size(entry), crc32: Some(entry) }],
    };
    let files = vec![file(FileRole::Original, 1), file(FileRole::Edited, 0)];
    let page = [Sighting { key: "takeout".into(), metadata: told, in_library: true, files, newest: true, export: Some(export) }];
    catalog.sight(SourceKind::Takeout, run, &page, &library.namer()).unwrap();
    let open = catalog.open_files(SourceKind::Takeout, 0, 10).unwrap();
    let arrival = |entry: u32| {
        let file = open.iter().find(|open| EntryKey::parse(&open.key) == Some(key(entry))).unwrap().id;
        let (bytes, temp) = (names[entry as usize].as_bytes(), library.temporary(file));
        std::fs::write(&temp, bytes).unwrap();
        Arrival {
            file,
            temp,
            size: size(entry),
            hash: *blake3::hash(bytes).as_bytes(),
            mime_type: Some("image/jpeg".into()),
            taken: None,
            offset_seconds: None,
            place: None,
            camera_make: None,
            camera_model: None,
            doubtful: false,
            pixels: Some((64, 48)),
            entry: Some(key(entry)),
        }
    };
    let arrivals = vec![arrival(0), arrival(1)];
    let placed = library.place(run, arrivals).unwrap();
    assert!(placed.iter().all(|placed| matches!(placed.how, PlacedAs::SamePhoto) && placed.item == removed), "{placed:?}");
    assert!(!root.join("photos/2019").exists(), "nothing of it comes back");
}
