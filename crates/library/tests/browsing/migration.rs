//! A catalog of schema 1, as the first release made them, becomes one that can be browsed.

use photokeep_library::Catalog;
use photokeep_model::{Code, ItemId};
use rusqlite::Connection;

use crate::made::parts_of;

const SCHEMA_1: &str = include_str!("../../src/catalog/schema.sql");

/// Items: 1 stored and dated, 2 stored and undated with an edited file, 3 wanted, 4 removed, 5 damaged film, 6 in Tokyo.
const CONTENT: &str = "
    INSERT INTO meta VALUES ('library', 'b6a0');
    INSERT INTO runs (kind, started_at, whole, complete) VALUES ('sync', 0, 1, 1);
    INSERT INTO items (id, title, kind, taken_seconds, taken_nanos, taken_offset, width, height, first_run, removed_at) VALUES
        (1, 'one', 'photo', 1556861400, 0, NULL, 3000, 4000, 1, NULL),
        (2, 'two', 'photo', NULL, NULL, NULL, NULL, NULL, 1, NULL),
        (3, 'three', 'photo', 1556861400, 0, NULL, NULL, NULL, 1, NULL),
        (4, 'four', 'photo', 1556861400, 0, NULL, NULL, NULL, 1, 5),
        (5, 'five', 'video', 1556861401, 0, NULL, 1920, 1080, 1, NULL),
        (6, 'six', 'photo', 1672529400, 0, 32400, NULL, NULL, 1, NULL);
    INSERT INTO files (id, item_id, role, source, state, path, size, hash, mime_type) VALUES
        (1, 1, 'rendition', 'library-api', 'stored', 'photos/1', 100, zeroblob(32), 'image/jpeg'),
        (2, 2, 'original', 'takeout', 'stored', 'photos/2', 200, NULL, 'image/heic'),
        (3, 3, 'rendition', 'library-api', 'wanted', 'photos/3', NULL, NULL, NULL),
        (4, 4, 'rendition', 'library-api', 'stored', 'photos/4', 400, NULL, 'image/jpeg'),
        (5, 5, 'rendition', 'library-api', 'damaged', 'photos/5', 500, NULL, 'video/mp4'),
        (6, 6, 'rendition', 'library-api', 'stale', 'photos/6', 600, NULL, NULL),
        (7, 2, 'edited', 'takeout', 'stored', 'photos/7', 700, NULL, 'image/jpeg');
    INSERT INTO albums (id, source, key, title, own, shared) VALUES (1, 'library-api', 'k', 'trip', 1, 0);
    INSERT INTO album_items VALUES (1, 0, 5), (1, 1, 2), (1, 2, 3);
    INSERT INTO run_entries VALUES (1, 'added', 1, 'photos/1', NULL);";

fn schema_1(folder: &tempfile::TempDir) -> std::path::PathBuf {
    let path = folder.path().join("catalog.sqlite");
    let connection = Connection::open(&path).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    connection.execute_batch(SCHEMA_1).unwrap();
    connection.execute_batch(CONTENT).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    path
}

#[test]
fn what_was_in_it_is_shown_once_it_is_opened_for_writing() {
    let folder = tempfile::tempdir().unwrap();
    let path = schema_1(&folder);
    let catalog = Catalog::open(&path).unwrap();
    assert!(catalog.is_current().unwrap());
    let parts: Vec<_> = catalog.timeline_buckets(None).unwrap().into_iter().map(|bucket| (bucket.key, bucket.count)).collect();
    assert_eq!(parts, parts_of(&[("2023-01", 1), ("2019-05", 2), ("undated", 1)]));
    assert_eq!(catalog.timeline_bucket(None, "2019-05").unwrap().file, [5, 1]);
    assert_eq!(catalog.timeline_bucket(None, "2019-05").unwrap().ratio, [1.778, 0.75]);
    assert_eq!(catalog.timeline_bucket(None, "undated").unwrap().file, [7], "the edited one");
    assert_eq!(catalog.timeline_bucket(Some(1), "0").unwrap().id, [5, 2]);
    let growth: Vec<_> = catalog.growth().unwrap().into_iter().map(|year| (year.year, year.items, year.bytes)).collect();
    assert_eq!(growth, [(Some(2019), 2, 100), (Some(2023), 1, 600), (None, 1, 900)]);
    assert_eq!(catalog.albums_shown().unwrap()[0].cover.as_ref().unwrap().file, 7);
    assert_eq!(catalog.meta("library").unwrap().as_deref(), Some("b6a0"), "and nothing else has changed");
    assert_eq!(catalog.runs(5).unwrap().len(), 1);
}

#[test]
fn from_then_on_it_follows_what_happens() {
    let folder = tempfile::tempdir().unwrap();
    let path = schema_1(&folder);
    let catalog = Catalog::open(&path).unwrap();
    let before = catalog.counts_stamp().unwrap();
    catalog.mark_stored(3, 1, (0, 0), false).unwrap();
    catalog.set_removed(ItemId(4), None).unwrap();
    assert_eq!(catalog.timeline_bucket(None, "2019-05").unwrap().id, [5, 1, 3, 4]);
    assert_ne!(catalog.counts_stamp().unwrap(), before);
    drop(catalog);
    assert_eq!(
        Catalog::open(&path).unwrap().timeline_bucket(None, "2019-05").unwrap().id,
        [5, 1, 3, 4],
        "opening again changes nothing"
    );
}

#[test]
fn opened_for_looking_it_can_be_looked_at_and_says_why_it_cannot_be_browsed() {
    let folder = tempfile::tempdir().unwrap();
    let path = schema_1(&folder);
    let catalog = Catalog::open_read_only(&path).unwrap();
    assert!(!catalog.is_current().unwrap());
    assert_eq!(catalog.meta("library").unwrap().as_deref(), Some("b6a0"));
    assert_eq!(catalog.runs(5).unwrap().len(), 1);
    assert!(catalog.item_shown(ItemId(2)).unwrap().is_some());
    assert!(catalog.file_shown(7).unwrap().is_some());
    let refused = [
        catalog.timeline_buckets(None).unwrap_err(),
        catalog.timeline_buckets(Some(1)).unwrap_err(),
        catalog.timeline_bucket(None, "2019-05").unwrap_err(),
        catalog.albums_shown().unwrap_err(),
        catalog.growth().unwrap_err(),
        catalog.standing().unwrap_err(),
        catalog.pictures_page(None, 5).unwrap_err(),
        catalog.counts_stamp().unwrap_err(),
    ];
    for error in refused {
        assert_eq!(error.code, Code::CatalogLocked);
    }
    // The same connection can browse as soon as another one has brought the catalog up to date.
    drop(Catalog::open(&path).unwrap());
    assert!(catalog.is_current().unwrap());
    assert_eq!(catalog.timeline_buckets(None).unwrap().len(), 3);
}

#[test]
fn a_copy_of_it_carries_what_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let path = schema_1(&folder);
    let copy = folder.path().join("copy.sqlite");
    Catalog::open(&path).unwrap().copy_to(&copy).unwrap();
    let copied = Catalog::open_read_only(&copy).unwrap();
    assert_eq!(copied.timeline_bucket(None, "2019-05").unwrap().id, [5, 1]);
}

#[test]
fn programs_that_open_it_at_the_same_moment_all_succeed() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let path = schema_1(&folder);
        let start = std::sync::Barrier::new(6);
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| {
                    start.wait();
                    let catalog = Catalog::open(&path).unwrap();
                    assert_eq!(catalog.timeline_buckets(None).unwrap().len(), 3);
                });
            }
        });
    }
}
