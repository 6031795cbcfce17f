//! Imports of made-up exports whose truth is known: every entry, every pair, every album, again and again.
//!
//! The rules they hold to are in `docs/formats/takeout.md`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod both_ways;
mod guesses;
mod judge;
mod newest;

use std::path::PathBuf;

use judge::{Stage, judge, parts};
use photokeep_model::Code;
use photokeep_simulator::takeout::{
    Change, Container, ExportSpec, FolderForm, Language, Parts, SidecarForm, Variants, again, generate, increment,
};

fn spec(seed: u64) -> ExportSpec {
    ExportSpec { items: 150, albums: 8, seed, parts: Parts::Count(3), ..ExportSpec::default() }
}

fn language(code: &str) -> Language {
    Language::of(code).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_becomes_a_library() {
    let stage = Stage::new();
    let folder = stage.exports("one");
    let truth = generate(&spec(1), &folder).unwrap();
    let receipt = stage.import(std::slice::from_ref(&folder)).await.accounted();
    assert_eq!(receipt.account.unwrap().entries, truth.entries.len() as u64);
    judge(&stage, &truth).is_right();
    stage.nothing_temporary();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_container_language_and_age_of_the_format() {
    for (number, (container, code, folders, sidecars)) in [
        (Container::Deflated, "de", FolderForm::Years, SidecarForm::New),
        (Container::Zip64, "ja", FolderForm::EnglishYears, SidecarForm::Old),
        (Container::Tgz, "pl", FolderForm::Years, SidecarForm::New),
        (Container::Folder, "xx", FolderForm::Days, SidecarForm::Old),
    ]
    .into_iter()
    .enumerate()
    {
        let stage = Stage::new();
        let folder = stage.exports("one");
        // An unknown word is learned from three originals on.
        let items = if container == Container::Folder { 600 } else { 150 };
        let spec = ExportSpec { items, container, language: language(code), folders, sidecars, ..spec(10 + number as u64) };
        let truth = generate(&spec, &folder).unwrap();
        let given = if container == Container::Folder { vec![folder.clone()] } else { parts(&folder, &truth) };
        stage.import(&given).await.accounted();
        judge(&stage, &truth).is_right();
        stage.nothing_temporary();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_export_again_copies_nothing() {
    let stage = Stage::new();
    let folder = stage.exports("one");
    let truth = generate(&spec(2), &folder).unwrap();
    let first = stage.import(std::slice::from_ref(&folder)).await.accounted();
    let files = stage.files_on_disk();
    let second = stage.import(std::slice::from_ref(&folder)).await.accounted();
    assert_eq!((second.added, second.restored, second.updated), (0, 0, 0));
    let (one, two) = (first.account.unwrap(), second.account.unwrap());
    assert_eq!((two.stored, two.already), (0, one.stored + one.already));
    assert_eq!(files, stage.files_on_disk());
    judge(&stage, &truth).is_right();
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_that_come_one_at_a_time_find_each_other() {
    let stage = Stage::new();
    let folder = stage.exports("one");
    // What Google does not deliver never becomes complete.
    let mut variants = Variants::none();
    for name in ["edited", "motion", "sidecar_collisions", "same_title_albums", "missing_album_files", "people", "captions"] {
        assert!(variants.set(name, true), "{name}");
    }
    let spec = ExportSpec { variants, ..spec(3) };
    let truth = generate(&spec, &folder).unwrap();
    let mut given = parts(&folder, &truth);
    given.rotate_left(1);
    for (number, part) in given.iter().enumerate() {
        let imported = stage.import(std::slice::from_ref(part)).await;
        assert!(imported.error.is_none());
        if number + 1 == given.len() {
            judge(&stage, &truth).is_right();
        }
        assert_eq!(imported.receipt.complete, number + 1 == given.len(), "{:?}", imported.receipt);
        // The archives are taken away after each import, as people do.
        std::fs::remove_file(part).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_high_number_makes_no_long_note() {
    let stage = Stage::new();
    let folder = stage.exports("one");
    let truth = generate(&ExportSpec { items: 5, albums: 0, parts: Parts::Count(1), ..spec(44) }, &folder).unwrap();
    let part = folder.join(&truth.parts[0]);
    std::fs::rename(&part, folder.join(truth.parts[0].replace("-001", "-998"))).unwrap();
    let imported = stage.import(std::slice::from_ref(&folder)).await;
    assert_eq!(imported.told.exports[0].missing, (1..998).collect::<Vec<_>>());
    let said = imported.receipt.notes.iter().filter(|note| note.starts_with("Parts 1–997 of the export ")).count();
    assert_eq!(said, 1, "{:?}", imported.receipt.notes);
}

#[tokio::test(flavor = "multi_thread")]
async fn late_parts_mend_whatever_could_not_be_known_before() {
    for seed in [21, 22] {
        let stage = Stage::new();
        let folder = stage.exports("one");
        let truth = generate(&ExportSpec { parts: Parts::Count(4), ..spec(seed) }, &folder).unwrap();
        let mut given = parts(&folder, &truth);
        given.reverse();
        for part in &given {
            stage.import(std::slice::from_ref(part)).await.accounted();
            std::fs::remove_file(part).unwrap();
        }
        judge(&stage, &truth).is_right();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_full_export_refreshes_and_copies_nothing_that_is_there() {
    let stage = Stage::new();
    let (one, two) = (stage.exports("one"), stage.exports("two"));
    let spec = spec(4);
    let truth = generate(&spec, &one).unwrap();
    stage.import(std::slice::from_ref(&one)).await.accounted();
    let before = stage.files_on_disk();
    let later = again(&spec, &truth, Change::default(), &two).unwrap();
    stage.import(std::slice::from_ref(&two)).await.accounted();
    judge(&stage, &later).is_right();
    let after = stage.files_on_disk();
    for (path, hash) in &before {
        assert_eq!(after.get(path), Some(hash), "{path}: nothing is moved or removed");
    }
    // What the older one says does not come back.
    stage.import(std::slice::from_ref(&one)).await.accounted();
    judge(&stage, &later).is_right();
    assert_eq!(after, stage.files_on_disk());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_increment_is_recognised_and_merged() {
    let stage = Stage::new();
    let (one, two) = (stage.exports("one"), stage.exports("two"));
    let spec = spec(5);
    let truth = generate(&spec, &one).unwrap();
    stage.import(std::slice::from_ref(&one)).await.accounted();
    let before = stage.files_on_disk();
    let later = increment(&spec, &truth, Change::default(), &two).unwrap();
    let imported = stage.import(std::slice::from_ref(&two)).await;
    assert_eq!(imported.told.exports[0].kind, "increment");
    imported.accounted();
    judge(&stage, &later).is_right();
    let after = stage.files_on_disk();
    assert!(before.iter().all(|(path, hash)| after.get(path) == Some(hash)));
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_entries_are_refused_one_by_one() {
    let stage = Stage::new();
    let folder = stage.exports("one");
    let truth = generate(&ExportSpec { hostile: true, ..spec(6) }, &folder).unwrap();
    let imported = stage.import(std::slice::from_ref(&folder)).await;
    assert!(!imported.receipt.complete);
    assert_eq!(imported.receipt.notes.iter().filter(|note| note.contains("was not taken")).count(), truth.false_parts.len());
    let receipt = imported.accounted();
    assert!(receipt.account.unwrap().refused > 5);
    judge(&stage, &truth).is_right();
    let outside: Vec<PathBuf> = std::fs::read_dir(stage.folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(outside.len(), 3, "library, home and export: {outside:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_import_goes_on() {
    let stage = Stage::new();
    let folder = stage.exports("one");
    let truth = generate(&spec(7), &folder).unwrap();
    let stopped = stage.import_stopped_after(20, &folder).await;
    assert_eq!(stopped.error.map(|error| error.code), Some(Code::Cancelled));
    let account = stopped.receipt.account.unwrap();
    assert!(account.stored >= 20 && account.open > 0, "{account:?}");
    stage.import(std::slice::from_ref(&folder)).await.accounted();
    judge(&stage, &truth).is_right();
    stage.nothing_temporary();
}

/// A catalog row of the library, for one question.
fn ask<T: rusqlite::types::FromSql>(stage: &Stage, question: &str) -> T {
    stage.sql().query_row(question, [], |row| row.get(0)).unwrap()
}

/// Lets the catalog believe that the photos came by the Library API, as renditions under the same names.
fn came_by_the_api(stage: &Stage) {
    stage
        .sql()
        .execute_batch(
            "UPDATE sightings SET source = 'library-api', key = 'api-' || id;
             UPDATE files SET source = 'library-api', role = 'rendition';
             UPDATE entries SET file_id = NULL, ended = 'open';
             DELETE FROM sidecars; DELETE FROM entries; DELETE FROM run_parts; DELETE FROM album_folders; DELETE FROM album_items; DELETE FROM links;
             DELETE FROM albums; DELETE FROM parts; DELETE FROM exports;",
        )
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_original_takes_the_place_of_what_came_by_the_api() {
    let stage = Stage::new();
    let folder = stage.exports("one");
    let mut variants = Variants::none();
    variants.set("people", true);
    let spec = ExportSpec { items: 20, albums: 0, variants, ..spec(31) };
    let truth = generate(&spec, &folder).unwrap();
    stage.import(std::slice::from_ref(&folder)).await.accounted();
    let names: Vec<String> = stage.files_on_disk().into_keys().collect();
    // The same photos as the API gives them: other bytes, the same names, dates and pixel sizes.
    came_by_the_api(&stage);
    for name in &names {
        let path = stage.root().join(name);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend_from_slice(b"re-encoded");
        std::fs::write(&path, &bytes).unwrap();
        let hash = blake3::hash(&bytes);
        let sql = stage.sql();
        let modified = std::fs::metadata(&path).unwrap().modified().unwrap();
        let since = modified.duration_since(std::time::UNIX_EPOCH).unwrap();
        sql.execute(
            "UPDATE files SET size = ?2, hash = ?3, mtime_seconds = ?4, mtime_nanos = ?5, crc32 = NULL WHERE path = ?1",
            rusqlite::params![name, bytes.len() as i64, &hash.as_bytes()[..], since.as_secs() as i64, since.subsec_nanos()],
        )
        .unwrap();
    }
    let known: i64 = ask(&stage, "SELECT count(*) FROM items WHERE width IS NOT NULL");
    let receipt = stage.import(std::slice::from_ref(&folder)).await.accounted();
    let items: i64 = ask(&stage, "SELECT count(*) FROM items WHERE removed_at IS NULL AND id IN (SELECT item_id FROM files)");
    let replaced: i64 = ask(&stage, "SELECT count(*) FROM trash");
    // Films of the generator may not tell their size; those are left beside each other.
    assert_eq!(replaced, known, "{receipt:?}");
    assert_eq!(items, 20 + (20 - known));
    assert!(known > 10);
    let kept: Vec<String> = stage.files_on_disk().into_keys().collect();
    assert!(names.iter().all(|name| kept.contains(name)), "names stay");
    judge(&stage, &truth).is_right();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_exports_in_one_run_store_every_photo_once_and_the_later_one_is_right() {
    let stage = Stage::new();
    let (one, two) = (stage.exports("one"), stage.exports("two"));
    let spec = spec(43);
    let truth = generate(&spec, &one).unwrap();
    let later = again(&spec, &truth, Change::default(), &two).unwrap();
    stage.import(&[two.clone(), one.clone()]).await.accounted();
    judge(&stage, &later).is_right();
    let hashes: Vec<String> = stage.files_on_disk().into_values().collect();
    let distinct: std::collections::BTreeSet<&String> = hashes.iter().collect();
    assert_eq!(distinct.len(), hashes.len(), "no bytes twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_archive_is_taken_when_a_good_copy_comes() {
    for container in [Container::Tgz, Container::Deflated] {
        let stage = Stage::new();
        let folder = stage.exports("one");
        let truth = generate(&ExportSpec { container, parts: Parts::Count(2), ..spec(42) }, &folder).unwrap();
        let part = folder.join(&truth.parts[0]);
        let good = std::fs::read(&part).unwrap();
        let mut bad = good.clone();
        for at in 0..40 {
            let place = bad.len() * (30 + at) / 100;
            bad[place] ^= 0x55;
        }
        std::fs::write(&part, &bad).unwrap();
        let imported = stage.import(std::slice::from_ref(&folder)).await;
        assert!(!imported.receipt.complete);
        imported.accounted();
        std::fs::write(&part, &good).unwrap();
        stage.import(std::slice::from_ref(&folder)).await.accounted();
        judge(&stage, &truth).is_right();
    }
}
