//! Albums: as timelines of their own, and in the list.

use photokeep_library::catalog::{AlbumShown, Cover, FileState};
use photokeep_model::{CaptureTime, ItemId, Metadata, SourceKind};

use crate::made::{MAY_2019, Made, album_called, film, numbers, parts_of, photo};

fn seconds(text: &str) -> Option<i64> {
    Some(CaptureTime::parse_google(text).unwrap().unix_seconds())
}

#[test]
fn an_album_is_shown_in_its_own_order_a_hundred_positions_at_a_time() {
    let made = Made::new();
    let mut items: Vec<ItemId> =
        (0..250).map(|n| made.kept_at(&format!("{n}"), &format!("2019-05-03T05:{:02}:{:02}Z", n / 60, n % 60))).collect();
    items.rotate_left(71);
    let album = made.album("album", &items);
    // What another album shows first is none of this one's business.
    let another = made.album("another", &items[200..]);
    assert_eq!(made.parts(Some(album)), parts_of(&[("0", 100), ("1", 100), ("2", 50)]));
    assert_eq!(made.shown(Some(album)), numbers(&items));
    assert_eq!(made.shown(Some(another)), numbers(&items[200..]));
}

#[test]
fn what_is_not_here_leaves_a_gap_and_moves_nothing() {
    let made = Made::new();
    let items: Vec<ItemId> = (0..205).map(|n| made.listed(&format!("{n}"), photo(MAY_2019, None))).collect();
    let album = made.album("album", &items);
    assert_eq!(made.parts(Some(album)), []);
    made.arrive(items[3], Some("image/jpeg"));
    made.arrive(items[204], Some("image/jpeg"));
    assert_eq!(made.parts(Some(album)), parts_of(&[("0", 1), ("2", 1)]));
    made.arrive(items[1], Some("image/jpeg"));
    assert_eq!(made.parts(Some(album)), parts_of(&[("0", 2), ("2", 1)]));
    assert_eq!(made.shown(Some(album)), numbers(&[items[1], items[3], items[204]]));
}

#[test]
fn the_same_photo_twice_in_an_album_is_shown_once_where_it_comes_first() {
    let made = Made::new();
    let items: Vec<ItemId> = (0..150).map(|n| made.kept_at(&format!("{n}"), MAY_2019)).collect();
    let mut twice = items.clone();
    twice.push(items[0]);
    twice.insert(5, items[140]);
    let album = made.album("album", &twice);
    let mut once = items.clone();
    once.remove(140);
    once.insert(5, items[140]);
    assert_eq!(made.shown(Some(album)), numbers(&once));
    assert_eq!(made.catalog.albums_shown().unwrap()[0].count, 150);
}

#[test]
fn the_list_says_what_is_here_of_each_album() {
    let made = Made::new();
    let film_a = made.kept("film", film("2021-01-01T00:00:00Z"));
    let photo_b = made.kept("b", photo("2018-12-31T23:30:00Z", Some(3600)));
    let photo_c = made.kept_at("c", "2020-06-01T00:00:00Z");
    let absent = made.listed("absent", photo("2024-01-01T00:00:00Z", None));
    let trip = made.album("trip", &[film_a, absent, photo_b, photo_c]);
    let films = made.album("films", &[film_a]);
    let empty = made.album("empty", &[]);
    let to_come = made.album("to come", &[absent]);
    let shown = made.catalog.albums_shown().unwrap();
    assert_eq!(shown.iter().map(|album| album.id).collect::<Vec<_>>(), [trip, films, empty, to_come]);
    assert_eq!(
        shown[0],
        AlbumShown {
            id: trip,
            title: Some("trip".into()),
            count: 3,
            cover: Some(Cover { file: made.file_of(photo_b), mime_type: Some("image/jpeg".into()) }),
            shared: false,
            own: true,
            gone: false,
            first_taken: seconds("2019-01-01T00:30:00Z"),
            last_taken: seconds("2021-01-01T00:00:00Z"),
        }
    );
    assert_eq!(shown[1].cover, Some(Cover { file: made.file_of(film_a), mime_type: Some("video/mp4".into()) }), "films only");
    assert_eq!((shown[2].count, &shown[2].cover, shown[2].last_taken), (0, &None, None));
    assert_eq!((shown[3].count, &shown[3].cover, shown[3].last_taken), (0, &None, None), "dates are of what is here");
}

#[test]
fn a_cover_is_the_first_that_is_here_and_not_removed() {
    let made = Made::new();
    let items: Vec<ItemId> = (0..3).map(|n| made.kept_at(&format!("{n}"), MAY_2019)).collect();
    made.album("album", &items);
    made.catalog.set_removed(items[0], Some(1)).unwrap();
    made.state(items[1], FileState::Missing);
    let album = &made.catalog.albums_shown().unwrap()[0];
    assert_eq!((album.count, album.cover.as_ref().unwrap().file), (1, made.file_of(items[2])));
}

#[test]
fn a_still_picture_of_unknown_type_can_be_a_cover() {
    let made = Made::new();
    let video = made.kept("v", film(MAY_2019));
    let unknown = made.kept("u", Metadata { mime_type: None, ..photo(MAY_2019, None) });
    made.album("album", &[video, unknown]);
    let cover = made.catalog.albums_shown().unwrap()[0].cover.clone();
    assert_eq!(cover, Some(Cover { file: made.file_of(unknown), mime_type: None }));
}

#[test]
fn undated_items_count_and_give_no_dates() {
    let made = Made::new();
    let undated = made.kept("u", photo("", None));
    let dated = made.kept_at("d", MAY_2019);
    let both = made.album("both", &[undated, dated]);
    let only = made.album("only", &[undated]);
    let shown = made.catalog.albums_shown().unwrap();
    assert_eq!(
        (shown[0].id, shown[0].count, shown[0].first_taken, shown[0].last_taken),
        (both, 2, seconds(MAY_2019), seconds(MAY_2019))
    );
    assert_eq!((shown[1].id, shown[1].count, shown[1].first_taken), (only, 1, None), "without any date comes last");
}

#[test]
fn an_album_gone_at_the_source_is_listed_while_its_photos_are_here() {
    let made = Made::new();
    let item = made.kept_at("a", MAY_2019);
    let kept = made.album("kept", &[item]);
    let nothing = made.album("nothing", &[]);
    made.catalog.mark_albums_gone(&[kept, nothing], made.run).unwrap();
    let shown = made.catalog.albums_shown().unwrap();
    assert_eq!(shown.iter().map(|album| (album.id, album.gone, album.count)).collect::<Vec<_>>(), [(kept, true, 1)]);
    assert_eq!(made.shown(Some(kept)), [item.0]);
    made.catalog.set_removed(item, Some(1)).unwrap();
    assert_eq!(made.catalog.albums_shown().unwrap(), []);
}

#[test]
fn titles_are_given_as_they_are() {
    let made = Made::new();
    let long = "x".repeat(100_000);
    for (key, title) in [("a", None), ("b", Some("")), ("c", Some("<b>\u{202e}gpj.exe")), ("d", Some(long.as_str()))] {
        made.catalog.sight_album(SourceKind::LibraryApi, &album_called(key, title)).unwrap();
    }
    let titles: Vec<_> = made.catalog.albums_shown().unwrap().into_iter().map(|album| album.title).collect();
    assert_eq!(titles, [None, Some(String::new()), Some("<b>\u{202e}gpj.exe".into()), Some(long)]);
}

#[test]
fn the_albums_stamp_moves_with_albums_and_their_content() {
    let made = Made::new();
    let item = made.kept_at("a", MAY_2019);
    let other = made.kept_at("b", MAY_2019);
    let mut before = made.catalog.counts_stamp().unwrap();
    let mut moved = |what: &str, expected: bool| {
        let now = made.catalog.counts_stamp().unwrap();
        assert_eq!(now.albums != before.albums, expected, "{what}");
        assert_eq!(now.timeline, before.timeline, "{what}");
        before = now;
    };
    let album = made.album("album", &[item]);
    moved("new", true);
    made.album("album", &[item]);
    moved("listed again, the same", false);
    made.catalog.set_album_folder(album, Some("2019/05"), Some(("albums/a", "albums/a"))).unwrap();
    moved("got its folder", false);
    made.catalog.set_album_items(album, &[other, item]).unwrap();
    moved("more in it", true);
    made.catalog.sight_album(SourceKind::LibraryApi, &album_called("album", Some("other title"))).unwrap();
    moved("another title", true);
    made.catalog.mark_albums_gone(&[album], made.run).unwrap();
    moved("gone", true);
    made.sql.execute("DELETE FROM albums", []).unwrap();
    moved("deleted", true);
}
