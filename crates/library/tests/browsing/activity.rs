//! Runs and the lists behind their numbers, page by page.

use photokeep_library::catalog::{EntryKind, EntryRow, RunEntry};
use photokeep_model::{Filter, RunKind};

use crate::made::{MAY_2019, Made};

#[test]
fn lines_come_in_pages_with_titles_in_the_order_written() {
    let made = Made::new();
    let item = made.kept_at("a", MAY_2019);
    for n in 0..25 {
        let path = format!("photos/{n}");
        let entry = RunEntry { what: EntryKind::Added, item: Some(item), path: Some(&path), reason: None };
        made.catalog.add_entry(made.run, &entry).unwrap();
        let failed = RunEntry { what: EntryKind::Failed, item: None, path: None, reason: Some("why") };
        made.catalog.add_entry(made.run, &failed).unwrap();
    }
    let page = |offset, limit| {
        let (total, rows) = made.catalog.run_entries_page(made.run, EntryKind::Added, offset, limit).unwrap();
        assert_eq!(total, 25);
        rows.into_iter().map(|row| row.path.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(page(0, 2), ["photos/0", "photos/1"]);
    assert_eq!(page(23, 10), ["photos/23", "photos/24"]);
    assert!(page(25, 10).is_empty() && page(u64::MAX, 10).is_empty() && page(0, 0).is_empty());
    let (_, rows) = made.catalog.run_entries_page(made.run, EntryKind::Added, 0, 1).unwrap();
    assert_eq!(
        rows[0],
        EntryRow { item: Some(item), path: Some("photos/0".into()), title: Some("IMG.jpg".into()), reason: None }
    );
    let (total, rows) = made.catalog.run_entries_page(made.run, EntryKind::Failed, 24, 5).unwrap();
    assert_eq!((total, &rows[..]), (25, &[EntryRow { item: None, path: None, title: None, reason: Some("why".into()) }][..]));
    assert_eq!(made.catalog.run_entries_page(999, EntryKind::Added, 0, 5).unwrap(), (0, vec![]));
}

#[test]
fn a_line_about_an_item_that_is_no_more_keeps_its_path() {
    let made = Made::new();
    let item = made.listed("a", crate::made::photo(MAY_2019, None));
    let entry = RunEntry { what: EntryKind::Skipped, item: Some(item), path: Some("photos/a"), reason: None };
    made.catalog.add_entry(made.run, &entry).unwrap();
    for table in ["sightings WHERE item_id", "files WHERE item_id", "items WHERE id"] {
        made.sql.execute(&format!("DELETE FROM {table} = ?1"), [item.0]).unwrap();
    }
    let (_, rows) = made.catalog.run_entries_page(made.run, EntryKind::Skipped, 0, 5).unwrap();
    assert_eq!(rows, [EntryRow { item: None, path: Some("photos/a".into()), title: None, reason: None }]);
}

#[test]
fn runs_come_newest_first_and_go_on_before_a_number() {
    let made = Made::new();
    let filter = Filter { no_videos: true, ..Filter::default() };
    let filtered = made.catalog.begin_run(RunKind::Sync, &filter, chrono::DateTime::UNIX_EPOCH).unwrap();
    let third = made.catalog.begin_run(RunKind::Verify, &Filter::default(), chrono::DateTime::UNIX_EPOCH).unwrap();
    let runs = |before, limit| -> Vec<(i64, bool)> {
        made.catalog.runs_before(before, limit).unwrap().into_iter().map(|run| (run.id, run.whole)).collect()
    };
    assert_eq!(runs(None, 2), [(third, true), (filtered, false)]);
    assert_eq!(runs(Some(filtered), 2), [(made.run, true)]);
    assert_eq!(runs(Some(made.run), 2), []);
    assert_eq!(made.catalog.runs(10).unwrap().len(), 3);
}
