//! Readers beside a run that writes: neither waits for the other.

use photokeep_library::Catalog;
use photokeep_library::catalog::EntryKind;

use crate::made::{MAY_2019, Made, photo};

#[test]
fn a_reader_sees_what_was_committed_while_a_run_is_in_the_middle_of_writing() {
    let made = Made::new();
    let first = made.kept_at("a", MAY_2019);
    let second = made.listed("b", photo(MAY_2019, None));
    let reader = Catalog::open_read_only(&made.path).unwrap();
    made.catalog
        .transaction(|writer| {
            writer.mark_stored(made.file_of(second), made.run, (0, 0), false)?;
            // A second writer would be refused now, and so would whatever needs the write lock.
            assert_eq!(reader.timeline_bucket(None, "2019-05").unwrap().id, [first.0]);
            assert_eq!(reader.albums_shown().unwrap(), []);
            assert_eq!(reader.growth().unwrap()[0].items, 1);
            assert_eq!(reader.run_entries_page(made.run, EntryKind::Added, 0, 5).unwrap().0, 0);
            // Neither opening another reader nor looking (a connection that could write) waits for the run.
            assert_eq!(Catalog::open_read_only(&made.path).unwrap().timeline_buckets(None).unwrap()[0].count, 1);
            assert_eq!(Catalog::open(&made.path).unwrap().timeline_buckets(None).unwrap()[0].count, 1);
            Ok(())
        })
        .unwrap();
    assert_eq!(reader.timeline_bucket(None, "2019-05").unwrap().id, [first.0, second.0]);
}

#[test]
fn a_run_commits_while_a_reader_is_in_the_middle_of_reading() {
    let made = Made::new();
    let items: Vec<_> = (0..50).map(|n| made.kept_at(&format!("{n}"), MAY_2019)).collect();
    // What a reader that is slow between two rows holds: a snapshot.
    let slow = rusqlite::Connection::open_with_flags(&made.path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut statement = slow.prepare("SELECT item_id FROM shown").unwrap();
    let mut rows = statement.query([]).unwrap();
    assert!(rows.next().unwrap().is_some());
    made.sql.busy_timeout(std::time::Duration::ZERO).unwrap();
    made.sql.execute("UPDATE items SET removed_at = 1 WHERE id = ?1", [items[49].0]).unwrap();
    made.catalog.set_removed(items[48], Some(1)).unwrap();
    let mut seen = 1;
    while rows.next().unwrap().is_some() {
        seen += 1;
    }
    assert_eq!(seen, 50, "the reader finishes what it began");
    assert_eq!(Catalog::open_read_only(&made.path).unwrap().timeline_buckets(None).unwrap()[0].count, 48);
}

#[test]
fn a_finished_call_holds_no_snapshot() {
    let made = Made::new();
    let item = made.kept_at("a", MAY_2019);
    made.album("album", &[item]);
    let reader = Catalog::open_read_only(&made.path).unwrap();
    reader.timeline_buckets(None).unwrap();
    reader.timeline_bucket(None, "2019-05").unwrap();
    reader.timeline_bucket(Some(1), "0").unwrap();
    reader.albums_shown().unwrap();
    reader.growth().unwrap();
    reader.pictures_page(None, 1).unwrap();
    reader.item_shown(item).unwrap();
    reader.file_shown(made.file_of(item)).unwrap();
    reader.run_entries_page(made.run, EntryKind::Added, 0, 5).unwrap();
    reader.counts_stamp().unwrap();
    // The log can be emptied only when no reader holds a part of it.
    made.sql.busy_timeout(std::time::Duration::ZERO).unwrap();
    let busy: i64 = made.sql.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).unwrap();
    assert_eq!(busy, 0);
}

#[test]
fn a_reader_cannot_write() {
    let made = Made::new();
    let item = made.kept_at("a", MAY_2019);
    let reader = Catalog::open_read_only(&made.path).unwrap();
    assert!(reader.set_removed(item, Some(1)).is_err());
    assert_eq!(made.shown(None), [item.0]);
}

#[test]
fn what_a_killed_run_left_in_the_log_is_read() {
    let made = Made::new();
    let item = made.kept_at("a", MAY_2019);
    // The files as a kill leaves them: the database, its log that was never taken over, and no shared memory.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("catalog.sqlite");
    std::fs::copy(&made.path, &path).unwrap();
    let log = |path: &std::path::Path| path.with_file_name("catalog.sqlite-wal");
    std::fs::copy(log(&made.path), log(&path)).unwrap();
    assert!(std::fs::metadata(log(&path)).unwrap().len() > 0);
    let anchor = Catalog::open(&path).unwrap();
    let reader = Catalog::open_read_only(&path).unwrap();
    assert_eq!(reader.timeline_bucket(None, "2019-05").unwrap().id, [item.0]);
    drop(anchor);
    assert_eq!(reader.timeline_bucket(None, "2019-05").unwrap().id, [item.0], "and stays readable when that one is closed");
    drop(reader);
    assert_eq!(Catalog::open_read_only(&path).unwrap().timeline_bucket(None, "2019-05").unwrap().id, [item.0]);
}
