//! Items and bytes by year.

use photokeep_library::catalog::{FileState, YearKept};

use crate::made::{Made, photo};

#[test]
fn years_are_counted_on_the_local_clock_and_undated_apart() {
    let made = Made::new();
    let tokyo = made.kept("tokyo", photo("2022-12-31T23:30:00Z", Some(9 * 3600)));
    let old = made.kept_at("old", "1907-05-04T10:00:00Z");
    let may = made.kept_at("may", "2023-05-04T10:00:00Z");
    let undated = made.kept("undated", photo("", None));
    made.listed("to come", photo("2024-01-01T00:00:00Z", None));
    let bytes = |items: &[photokeep_model::ItemId]| items.iter().map(|item| 1000 + made.file_of(*item) as u64).sum();
    assert_eq!(
        made.catalog.growth().unwrap(),
        [
            YearKept { year: Some(1907), items: 1, bytes: bytes(&[old]) },
            YearKept { year: Some(2023), items: 2, bytes: bytes(&[tokyo, may]) },
            YearKept { year: None, items: 1, bytes: bytes(&[undated]) },
        ]
    );
}

#[test]
fn all_kept_files_of_an_item_count_and_damaged_ones_do_not() {
    let made = Made::new();
    let item = made.kept_at("a", "2019-05-04T10:00:00Z");
    let first = 1000 + made.file_of(item) as u64;
    let edited = made.more(item, "edited", FileState::Stored, None);
    made.more(item, "motion", FileState::Stale, None);
    made.more(item, "original", FileState::Wanted, None);
    let of_2019 = |bytes| [YearKept { year: Some(2019), items: 1, bytes }];
    assert_eq!(made.catalog.growth().unwrap(), of_2019(first + 20));
    made.catalog.set_file_state(edited, FileState::Damaged).unwrap();
    assert_eq!(made.catalog.growth().unwrap(), of_2019(first + 10));
    made.sql.execute("UPDATE files SET size = NULL WHERE item_id = ?1", [item.0]).unwrap();
    assert_eq!(made.catalog.growth().unwrap(), of_2019(0));
}

#[test]
fn a_year_that_nothing_is_left_of_is_left_out() {
    let made = Made::new();
    let item = made.kept_at("a", "2019-05-04T10:00:00Z");
    made.kept_at("b", "2020-05-04T10:00:00Z");
    made.catalog.set_removed(item, Some(1)).unwrap();
    assert_eq!(made.catalog.growth().unwrap().iter().map(|year| year.year).collect::<Vec<_>>(), [Some(2020)]);
    assert_eq!(made.parts(None).len(), 1);
}

#[test]
fn growth_and_standing_say_the_same() {
    let made = Made::new();
    for n in 0..5 {
        let item = made.kept_at(&format!("{n}"), "2019-05-04T10:00:00Z");
        made.more(item, "motion", FileState::Stored, None);
    }
    let standing = made.catalog.standing().unwrap();
    let growth = made.catalog.growth().unwrap();
    assert_eq!((growth[0].items, growth[0].bytes), (standing.items, standing.bytes));
}
