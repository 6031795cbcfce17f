//! Where the library stands, number by number: a window asks this when it opens.

use photokeep_library::catalog::{FileState, Standing};
use photokeep_model::{Code, Error, ItemId, SourceKind};

use crate::made::{MAY_2019, Made, film, photo};

fn gone_at_the_source(made: &Made, key: &str) {
    let sighting = made.catalog.sighting_of(SourceKind::LibraryApi, key).unwrap().unwrap();
    made.catalog.mark_gone(&[sighting], made.run).unwrap();
}

#[test]
fn an_empty_library_stands_at_nothing() {
    assert_eq!(Made::new().catalog.standing().unwrap(), Standing::default());
}

#[test]
fn every_number_counts_what_it_says() {
    let made = Made::new();
    let bytes = |items: &[ItemId]| items.iter().map(|item| 1000 + made.file_of(*item) as u64).sum::<u64>();
    let one = made.kept_at("one", MAY_2019);
    let two = made.kept("two", film(MAY_2019));
    let stale = made.kept_at("stale", MAY_2019);
    made.state(stale, FileState::Stale);
    let to_come = made.listed("to come", photo(MAY_2019, None));
    let failed = made.listed("failed", photo(MAY_2019, None));
    made.catalog
        .record_failure(made.file_of(failed), made.run, &Error::new(Code::ItemFailed, "no"), chrono::DateTime::UNIX_EPOCH)
        .unwrap();
    let never_came = made.listed("never came", photo(MAY_2019, None));
    gone_at_the_source(&made, "never came");
    let vanished = made.kept_at("vanished", MAY_2019);
    made.state(vanished, FileState::Missing);
    let changed = made.kept("changed", film(MAY_2019));
    made.state(changed, FileState::Damaged);
    let lost = made.kept_at("lost", MAY_2019);
    made.state(lost, FileState::Missing);
    gone_at_the_source(&made, "lost");
    let absent = made.kept_at("absent", MAY_2019);
    gone_at_the_source(&made, "absent");
    let removed = made.kept_at("removed", MAY_2019);
    made.state(removed, FileState::Trashed);
    made.catalog.set_removed(removed, Some(1)).unwrap();
    made.catalog.announce_trash(removed, None, "a", "b", None, None, "why", 1).unwrap();
    gone_at_the_source(&made, "removed");
    made.album("album", &[one, never_came, to_come]);
    let gone = made.album("gone", &[one]);
    made.catalog.mark_albums_gone(&[gone], made.run).unwrap();
    made.catalog.mark_stored(made.file_of(two), made.run, (0, 0), true).unwrap();

    assert_eq!(
        made.catalog.standing().unwrap(),
        Standing {
            items: 4,
            photos: 3,
            videos: 1,
            files: 4,
            bytes: bytes(&[one, two, stale, absent]),
            pending: 5, // stale, to come, failed, vanished, changed
            failed: 1,
            damaged: 2, // vanished, changed
            absent: 2,  // absent, lost
            albums: 1,
            trash: 1,
            lost: 1,
            doubtful: 1,
        }
    );
}

#[test]
fn a_photo_that_one_of_two_keys_still_has_is_not_absent() {
    let made = Made::new();
    let first = made.kept_at("a", MAY_2019);
    let second = made.listed("b", photo(MAY_2019, None));
    made.catalog.same_bytes_as(1, made.file_of(second), made.file_of(first)).unwrap();
    gone_at_the_source(&made, "a");
    assert_eq!(made.catalog.standing().unwrap().absent, 0);
    gone_at_the_source(&made, "b");
    assert_eq!(made.catalog.standing().unwrap().absent, 1, "and with neither it is one item, not two");
}
