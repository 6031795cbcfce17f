//! The timeline of everything.

use photokeep_library::catalog::{FileState, Partial};
use photokeep_model::{CaptureTime, Code, Error, Filter, ItemId, MediaKind, Metadata, RunKind};
use rstest::rstest;

use crate::made::{MAY_2019, Made, film, numbers, parts_of, photo};

#[test]
fn an_empty_library_shows_nothing_and_fails_nowhere() {
    let made = Made::new();
    assert_eq!(made.parts(None), []);
    assert_eq!(made.parts(Some(1)), []);
    assert!(made.catalog.timeline_bucket(None, "2019-05").unwrap().is_empty());
    assert!(made.catalog.timeline_bucket(None, "undated").unwrap().is_empty());
    assert!(made.catalog.timeline_bucket(Some(1), "0").unwrap().is_empty());
    assert_eq!(made.catalog.albums_shown().unwrap(), []);
    assert_eq!(made.catalog.growth().unwrap(), []);
    assert_eq!(made.catalog.pictures_page(None, 10).unwrap().files, []);
    assert_eq!(made.catalog.pictures_page(None, 10).unwrap().next, None);
}

#[test]
fn a_month_is_the_one_on_the_local_clock() {
    let made = Made::new();
    // 08:30 on New Year's Day in Tokyo is still December in UTC; half an hour past midnight in UTC is still December in the Azores.
    let tokyo = made.kept("tokyo", photo("2022-12-31T23:30:00Z", Some(9 * 3600)));
    let azores = made.kept("azores", photo("2023-01-01T00:30:00Z", Some(-3600)));
    let unknown = made.kept("unknown", photo("2022-12-31T23:30:00Z", None));
    assert_eq!(made.parts(None), parts_of(&[("2023-01", 1), ("2022-12", 2)]));
    assert_eq!(made.shown(None), numbers(&[tokyo, azores, unknown]), "the two of December stand at 23:30, in the order found");
    let january = made.catalog.timeline_bucket(None, "2023-01").unwrap();
    let local = CaptureTime::parse_google("2023-01-01T08:30:00Z").unwrap().unix_seconds();
    assert_eq!(january.taken, [Some(local)], "the seconds are those of the local clock too");
}

#[test]
fn an_offset_learnt_from_the_file_moves_the_photo_to_its_month() {
    let made = Made::new();
    let item = made.kept("a", photo("2022-12-31T23:30:00Z", None));
    made.catalog.learn_from_file(item, None, Some(9 * 3600), None, (None, None)).unwrap();
    assert_eq!(made.parts(None), parts_of(&[("2023-01", 1)]));
}

#[test]
fn newest_first_undated_last_and_in_the_order_found_within_a_second() {
    let made = Made::new();
    let undated_a = made.kept("undated a", photo("", None));
    let old = made.kept_at("old", "1907-05-04T10:00:00Z");
    let burst_a = made.kept_at("burst a", MAY_2019);
    let burst_b = made.kept_at("burst b", MAY_2019);
    let later = made.kept_at("later", "2019-05-03T05:30:01Z");
    let undated_b = made.kept("undated b", photo("", None));
    assert_eq!(made.parts(None), parts_of(&[("2019-05", 3), ("1907-05", 1), ("undated", 2)]));
    assert_eq!(made.shown(None), numbers(&[later, burst_a, burst_b, old, undated_a, undated_b]));
    assert_eq!(made.catalog.timeline_bucket(None, "undated").unwrap().taken, [None, None]);
}

#[test]
fn the_ends_of_the_calendar_stay_in_the_calendar() {
    let made = Made::new();
    made.kept("first", photo("0001-01-01T00:00:00Z", None));
    made.kept("before year 0", photo("0000-01-01T00:00:00Z", Some(-3600)));
    made.kept("last", photo("9999-12-31T23:59:59.999999999Z", None));
    made.kept("after year 9999", photo("9999-12-31T23:59:59Z", Some(14 * 3600)));
    assert_eq!(made.parts(None), parts_of(&[("9999-12", 2), ("0001-01", 1), ("0000-01", 1)]));
    assert_eq!(made.shown(None).len(), 4);
    assert_eq!(made.catalog.growth().unwrap().iter().map(|year| year.year).collect::<Vec<_>>(), [Some(0), Some(1), Some(9999)]);
}

#[test]
fn seconds_that_no_calendar_has_are_held_at_its_ends() {
    let made = Made::new();
    for (key, seconds) in [("future", i64::MAX), ("past", i64::MIN)] {
        let item = made.kept_at(key, MAY_2019);
        made.sql.execute("UPDATE items SET taken_seconds = ?2, taken_offset = 3600 WHERE id = ?1", [item.0, seconds]).unwrap();
    }
    assert_eq!(made.parts(None), parts_of(&[("9999-12", 1), ("0000-01", 1)]));
    assert_eq!(made.shown(None), [1, 2]);
}

#[test]
fn an_offset_of_a_day_or_more_is_none() {
    let made = Made::new();
    made.kept("a", photo("2019-05-31T12:00:00Z", Some(86_400)));
    made.kept("b", photo("2019-05-01T12:00:00Z", Some(-86_400)));
    made.kept("c", photo("2019-05-31T12:00:00Z", Some(86_399)));
    assert_eq!(made.parts(None), parts_of(&[("2019-06", 1), ("2019-05", 2)]));
}

#[rstest]
#[case(FileState::Wanted, false)]
#[case(FileState::Placing, false)]
#[case(FileState::Stored, true)]
#[case(FileState::Stale, true)]
#[case(FileState::Damaged, true)]
#[case(FileState::Missing, false)]
#[case(FileState::Trashed, false)]
fn only_what_is_on_the_disk_is_shown(#[case] state: FileState, #[case] is_shown: bool) {
    let made = Made::new();
    let item = made.kept_at("a", MAY_2019);
    made.state(item, state);
    assert_eq!(!made.parts(None).is_empty(), is_shown);
    assert_eq!(made.catalog.file_shown(made.file_of(item)).unwrap().is_some(), is_shown);
    made.state(item, FileState::Stored);
    assert_eq!(made.parts(None), parts_of(&[("2019-05", 1)]), "and it comes back");
}

#[test]
fn what_the_user_removed_is_not_shown_until_it_is_brought_back() {
    let made = Made::new();
    let item = made.kept_at("a", MAY_2019);
    made.catalog.set_removed(item, Some(1)).unwrap();
    assert_eq!(made.parts(None), []);
    assert!(made.catalog.timeline_bucket(None, "2019-05").unwrap().is_empty());
    made.catalog.set_removed(item, None).unwrap();
    assert_eq!(made.shown(None), [item.0]);
}

#[test]
fn of_several_files_the_edited_one_is_shown_then_the_original_then_the_rendition() {
    let made = Made::new();
    let item = made.kept_at("a", MAY_2019);
    let rendition = made.file_of(item);
    let shown = || made.catalog.timeline_bucket(None, "2019-05").unwrap().file;
    let motion = made.more(item, "motion", FileState::Stored, Some("video/mp4"));
    assert_eq!(shown(), [rendition]);
    let original = made.more(item, "original", FileState::Stored, Some("image/heic"));
    assert_eq!(shown(), [original]);
    let edited = made.more(item, "edited", FileState::Stored, Some("image/jpeg"));
    assert_eq!(shown(), [edited]);
    made.catalog.set_file_state(edited, FileState::Damaged).unwrap();
    assert_eq!(shown(), [original], "a whole file rather than a damaged one");
    for file in [original, rendition, motion] {
        made.catalog.set_file_state(file, FileState::Missing).unwrap();
    }
    assert_eq!(shown(), [edited], "a damaged one rather than none");
    made.catalog.set_file_state(motion, FileState::Stored).unwrap();
    let bucket = made.catalog.timeline_bucket(None, "2019-05").unwrap();
    assert_eq!((bucket.file, bucket.mime_type), (vec![motion], vec![Some("video/mp4".into())]));
    assert_eq!(bucket.kind, [MediaKind::Photo], "an item is what it is, whichever file is left of it");
    assert_eq!(made.parts(None), parts_of(&[("2019-05", 1)]), "several files are one item all along");
}

#[test]
fn a_file_that_turns_out_to_be_something_else_takes_its_place() {
    let made = Made::new();
    let item = made.kept_at("a", MAY_2019);
    let original = made.more(item, "original", FileState::Stored, None);
    let shown = || made.catalog.timeline_bucket(None, "2019-05").unwrap().file;
    assert_eq!(shown(), [original]);
    made.sql.execute("UPDATE files SET role = 'motion' WHERE id = ?1", [original]).unwrap();
    assert_eq!(shown(), [made.file_of(item)]);
    let other = made.kept_at("b", "2019-05-01T00:00:00Z");
    made.sql.execute("UPDATE files SET item_id = ?2, role = 'edited' WHERE id = ?1", [original, other.0]).unwrap();
    assert_eq!(shown(), [made.file_of(item), original], "also when it belongs to another item");
}

#[rstest]
#[case(None, None, 1.333)]
#[case(Some(4000), None, 1.333)]
#[case(Some(0), Some(3000), 1.333)]
#[case(Some(4000), Some(0), 1.333)]
#[case(Some(4000), Some(3000), 1.333)]
#[case(Some(3000), Some(4000), 0.75)]
#[case(Some(1), Some(100), 0.4)]
#[case(Some(100_000), Some(100), 3.0)]
#[case(Some(u32::MAX), Some(1), 3.0)]
#[case(Some(1), Some(u32::MAX), 0.4)]
fn ratios_are_such_that_rows_can_be_made_of_them(#[case] width: Option<u32>, #[case] height: Option<u32>, #[case] ratio: f64) {
    let made = Made::new();
    made.kept("a", Metadata { width, height, ..photo(MAY_2019, None) });
    assert_eq!(made.catalog.timeline_bucket(None, "2019-05").unwrap().ratio, [ratio]);
    assert_eq!(made.catalog.timeline_buckets(None).unwrap()[0].ratio_sum, ratio);
}

#[test]
fn the_columns_say_what_the_file_is() {
    let made = Made::new();
    let video = made.kept("v", film(MAY_2019));
    let unknown = made.kept("u", Metadata { mime_type: None, ..photo("2019-05-01T00:00:00Z", None) });
    let columns = made.catalog.timeline_bucket(None, "2019-05").unwrap();
    assert_eq!(columns.kind, [MediaKind::Video, MediaKind::Photo]);
    assert_eq!(columns.mime_type, [Some("video/mp4".into()), None]);
    assert_eq!(columns.hash, [Some([made.file_of(video) as u8; 32]), Some([made.file_of(unknown) as u8; 32])]);
}

#[test]
fn two_keys_of_one_photo_are_one_item_here() {
    let made = Made::new();
    let first = made.kept_at("a", MAY_2019);
    let second = made.listed("b", photo(MAY_2019, None));
    let album = made.album("album", &[first, second]);
    made.catalog.same_bytes_as(1, made.file_of(second), made.file_of(first)).unwrap();
    assert_eq!(made.shown(None), [first.0]);
    assert_eq!(made.shown(Some(album)), [first.0]);
}

#[rstest]
#[case("2019-13")]
#[case("")]
#[case("2019")]
#[case("0; DROP TABLE shown")]
fn what_is_no_key_is_a_mistake_of_the_caller(#[case] key: &str) {
    let made = Made::new();
    assert_eq!(made.catalog.timeline_bucket(None, key).unwrap_err().code, Code::Usage);
}

#[test]
fn a_key_is_of_its_own_timeline() {
    let made = Made::new();
    let item = made.kept_at("a", MAY_2019);
    let album = made.album("album", &[item]);
    assert_eq!(made.catalog.timeline_bucket(Some(album), "2019-05").unwrap_err().code, Code::Usage);
    assert_eq!(made.catalog.timeline_bucket(Some(album), "-1").unwrap_err().code, Code::Usage);
    assert!(made.catalog.timeline_bucket(Some(album), "4294967295").unwrap().is_empty());
    assert!(made.catalog.timeline_bucket(None, "2019-06").unwrap().is_empty());
}

#[test]
fn the_stamp_moves_with_what_is_shown_and_with_nothing_else() {
    let made = Made::new();
    let other = photokeep_library::Catalog::open_read_only(&made.path).unwrap();
    let mut before = made.catalog.counts_stamp().unwrap();
    let mut timeline_moved = |what: &str, moved: bool| {
        let now = made.catalog.counts_stamp().unwrap();
        assert_eq!(now.timeline != before.timeline, moved, "{what}");
        assert_eq!(now.albums, before.albums, "{what}");
        assert_eq!(other.counts_stamp().unwrap(), now, "the same on every connection");
        before = now;
    };
    let item = made.listed("a", photo(MAY_2019, None));
    timeline_moved("listed", false);
    let file = made.file_of(item);
    made.catalog.set_partial(file, &Partial { flushed: 1, total: 2, etag: None }).unwrap();
    timeline_moved("a part arrived", false);
    made.catalog.record_failure(file, made.run, &Error::new(Code::ItemFailed, "no"), chrono::DateTime::UNIX_EPOCH).unwrap();
    timeline_moved("failed", false);
    made.arrive(item, Some("image/jpeg"));
    timeline_moved("arrived", true);
    made.catalog.begin_run(RunKind::Verify, &Filter::default(), chrono::DateTime::UNIX_EPOCH).unwrap();
    made.catalog.set_file_time(file, (1, 0)).unwrap();
    made.catalog.set_meta("a", "b").unwrap();
    timeline_moved("a run began", false);
    made.catalog.accept_bytes(file, 5, &[9; 32], (1, 0)).unwrap();
    timeline_moved("other bytes", true);
    made.sql.execute("UPDATE items SET taken_seconds = 0 WHERE id = ?1", [item.0]).unwrap();
    timeline_moved("another date", true);
    made.catalog.set_removed(item, Some(1)).unwrap();
    timeline_moved("removed", true);
    made.catalog.set_removed(ItemId(999), Some(1)).unwrap();
    timeline_moved("nothing was there", false);
}
