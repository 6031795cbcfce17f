//! One item with everything that is known.

use photokeep_library::catalog::{FileState, ItemAlbum};
use photokeep_model::{CaptureTime, FileRole, ItemId, MediaKind, Metadata};

use crate::made::{MAY_2019, Made, film, photo};

#[test]
fn an_item_shows_everything_the_catalog_knows() {
    let made = Made::new();
    let item = made.kept(
        "a",
        Metadata {
            title: "IMG <1>.jpg".into(),
            description: Some("d".into()),
            camera_make: Some("ACME".into()),
            camera_model: Some("X-1".into()),
            product_url: Some("https://photos.google.com/lr/photo/a".into()),
            favorite: Some(true),
            archived: Some(false),
            ..photo(MAY_2019, Some(7200))
        },
    );
    made.catalog.learn_from_file(item, None, None, Some((47.5, -8.25)), (None, None)).unwrap();
    made.sql.execute("UPDATE items SET people = '[\"Ann\",\"Bob \\\"B\\\"\"]' WHERE id = ?1", [item.0]).unwrap();
    let trip = made.album("trip", &[item, item]);
    let gone = made.album("gone", &[item]);
    made.catalog.mark_albums_gone(&[gone], made.run).unwrap();

    let shown = made.catalog.item_shown(item).unwrap().unwrap();
    assert_eq!((shown.id, shown.title.as_str(), shown.kind), (item, "IMG <1>.jpg", MediaKind::Photo));
    assert_eq!(shown.taken, Some(CaptureTime { offset_seconds: Some(7200), ..CaptureTime::parse_google(MAY_2019).unwrap() }));
    assert_eq!(shown.description.as_deref(), Some("d"));
    assert_eq!((shown.width, shown.height), (Some(4000), Some(3000)));
    assert_eq!((shown.camera_make.as_deref(), shown.camera_model.as_deref()), (Some("ACME"), Some("X-1")));
    assert_eq!((shown.latitude, shown.longitude), (Some(47.5), Some(-8.25)));
    assert_eq!(shown.people, ["Ann", "Bob \"B\""]);
    assert_eq!((shown.favorite, shown.archived, shown.removed), (Some(true), Some(false), false));
    assert_eq!(shown.product_url.as_deref(), Some("https://photos.google.com/lr/photo/a"));
    assert_eq!(
        shown.albums,
        [
            ItemAlbum { id: trip, title: Some("trip".into()), gone: false },
            ItemAlbum { id: gone, title: Some("gone".into()), gone: true }
        ]
    );
    assert_eq!(shown.files.len(), 1);
    let file = &shown.files[0];
    assert_eq!((file.role, file.state, file.path.as_deref()), (FileRole::Rendition, FileState::Stored, Some("photos/a")));
    assert_eq!((file.size, file.mime_type.as_deref()), (Some(1000 + file.id as u64), Some("image/jpeg")));
}

#[test]
fn an_item_of_which_nothing_is_known_shows_that() {
    let made = Made::new();
    let item = made.listed("a", Metadata::default());
    let shown = made.catalog.item_shown(item).unwrap().unwrap();
    assert_eq!((shown.title.as_str(), shown.taken, shown.description, shown.favorite), ("", None, None, None));
    assert!(shown.people.is_empty() && shown.albums.is_empty());
    assert_eq!((shown.files[0].state, shown.files[0].size), (FileState::Wanted, None));
    assert_eq!(made.catalog.item_shown(ItemId(999)).unwrap(), None);
    assert_eq!(made.catalog.item_shown(ItemId(-1)).unwrap(), None);
}

#[test]
fn a_description_of_a_hundred_thousand_characters_comes_whole() {
    let made = Made::new();
    let text = "ä\u{202e}<b>\n".repeat(16_667);
    assert!(text.chars().count() > 100_000);
    let item = made.kept("a", Metadata { description: Some(text.clone()), ..photo(MAY_2019, None) });
    assert_eq!(made.catalog.item_shown(item).unwrap().unwrap().description, Some(text));
}

#[test]
fn people_that_cannot_be_read_are_nobody() {
    let made = Made::new();
    let item = made.kept_at("a", MAY_2019);
    for people in ["", "Ann", "{}", "[1]"] {
        made.sql.execute("UPDATE items SET people = ?2 WHERE id = ?1", rusqlite::params![item.0, people]).unwrap();
        assert!(made.catalog.item_shown(item).unwrap().unwrap().people.is_empty(), "{people}");
    }
}

#[test]
fn the_file_that_the_timeline_shows_comes_first() {
    let made = Made::new();
    let item = made.kept("a", film(MAY_2019));
    let rendition = made.file_of(item);
    let edited = made.more(item, "edited", FileState::Damaged, Some("image/jpeg"));
    let original = made.more(item, "original", FileState::Stored, None);
    let motion = made.more(item, "motion", FileState::Wanted, None);
    made.more(item, "original", FileState::Trashed, None);
    let shown = made.catalog.item_shown(item).unwrap().unwrap();
    assert_eq!(shown.files.iter().map(|file| file.id).collect::<Vec<_>>(), [original, rendition, edited, motion]);
    assert_eq!(made.catalog.timeline_bucket(None, "2019-05").unwrap().file, [original]);
    assert_eq!(shown.files[0].role, FileRole::Original);
    assert_eq!(shown.kind, MediaKind::Video);
}

#[test]
fn what_the_user_removed_can_still_be_looked_up() {
    let made = Made::new();
    let item = made.kept_at("a", MAY_2019);
    made.state(item, FileState::Trashed);
    made.catalog.set_removed(item, Some(1)).unwrap();
    let shown = made.catalog.item_shown(item).unwrap().unwrap();
    assert!(shown.removed && shown.files.is_empty());
}
