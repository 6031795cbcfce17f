//! What the demo account promises.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{HashMap, HashSet};

use super::*;

fn names(library: &PhotoLibrary) -> Vec<&str> {
    library.items.iter().filter_map(|item| item.filename.as_deref()).collect()
}

fn month(item: &SimItem) -> Option<(i32, u32)> {
    item.creation_time.map(|taken| (taken.year(), taken.month()))
}

#[test]
fn equal_seeds_give_equal_accounts_and_others_do_not() {
    let ids = |seed| demo(120, seed).items.into_iter().map(|item| (item.id, item.filename)).collect::<Vec<_>>();
    assert_eq!(ids(5), ids(5));
    assert_ne!(ids(5), ids(6));
}

#[test]
fn it_has_the_number_of_items_asked_for() {
    for count in [0, 1, 20, 60, 300, 900] {
        let library = demo(count, 9);
        assert_eq!(library.items.len(), count);
        let ids: HashSet<&String> = library.items.iter().map(|item| &item.id).collect();
        assert_eq!(ids.len(), count);
        for album in &library.albums {
            assert!(album.items.iter().all(|id| ids.contains(id)), "{count}: {:?}", album.title);
        }
    }
}

#[test]
fn what_was_earlier_is_older_than_the_account_and_in_albums_of_its_own() {
    for (count, items) in [(3, 3), (15, 3), (300, 24), (900, 72)] {
        let (earlier, account) = (demo_earlier(count, 7), demo(count, 7));
        assert_eq!(earlier.items.len(), items);
        let ids: HashSet<&String> = earlier.items.iter().chain(&account.items).map(|item| &item.id).collect();
        assert_eq!(ids.len(), items + count);
        assert!(earlier.items.iter().all(|item| item.creation_time.is_some_and(|taken| (2009..=2014).contains(&taken.year()))));
        assert_eq!(earlier.albums.len(), 2);
        assert!(earlier.albums.iter().all(|album| !album.items.is_empty() && album.items.iter().all(|id| ids.contains(id))));
    }
}

#[test]
fn ids_look_like_googles() {
    for item in demo(60, 1).items {
        assert_eq!(item.id.len(), 98);
        assert!(item.id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
    }
}

#[test]
fn items_are_newest_first_and_end_in_november_2025() {
    let library = demo(300, 1);
    let dated: Vec<_> = library.items.iter().map_while(|item| item.creation_time).collect();
    assert!(dated.is_sorted_by(|a, b| a >= b));
    assert_eq!(dated.len(), 299, "one is undated, and last");
    assert!(dated[0].timestamp() <= END && (dated[0].year() == 2025));
    assert_eq!(dated.iter().filter(|taken| taken.year() == 1968).count(), 1);
    assert!(dated.iter().filter(|taken| taken.year() != 1968).all(|taken| (2015..=2025).contains(&taken.year())));
    assert!(dated.iter().filter(|taken| taken.timestamp_subsec_nanos() > 0).count() > 20);
}

#[test]
fn it_has_the_albums_of_a_person() {
    let library = demo(300, 1);
    let own: Vec<_> = library.albums.iter().filter(|album| album.own).collect();
    let shared: Vec<_> = library.albums.iter().filter(|album| album.shared).collect();
    assert_eq!((own.len(), shared.len(), library.albums.len()), (12, 2, 13));
    assert_eq!(own.iter().filter(|album| album.title.is_none()).count(), 1);
    assert_eq!(own.iter().filter(|album| album.items.is_empty()).count(), 1);
    assert_eq!(own.iter().filter(|album| album.title.as_deref() == Some("Summer holiday")).count(), 2);
    assert!(own.iter().any(|album| album.title.as_deref().is_some_and(|title| title.contains('/') && title.contains('🏔'))));
    let foreign: HashSet<&String> = library.items.iter().filter(|item| !item.in_library).map(|item| &item.id).collect();
    assert_eq!(foreign.len(), 6);
    let inside = |album: &SimAlbum| album.items.iter().filter(|id| foreign.contains(id)).count();
    assert_eq!(shared.iter().map(|album| inside(album)).collect::<Vec<_>>(), [0, 6]);
    assert!(own.iter().all(|album| inside(album) == 0));
}

#[test]
fn names_collide_as_in_real_accounts() {
    let library = demo(300, 1);
    let mut months: HashMap<(i32, u32), usize> = HashMap::new();
    for item in library.items.iter().filter(|item| item.filename.as_deref() == Some("IMG_0001.JPG")) {
        *months.entry(month(item).unwrap()).or_default() += 1;
    }
    assert!(months.len() >= 3 && months[&(2016, 4)] >= 2, "{months:?}");
    let of = |name: &str| library.items.iter().find(|item| item.filename.as_deref() == Some(name)).map(month);
    assert!(of("Sunset.JPG").is_some() && of("Sunset.JPG") == of("sunset.jpg"));
    let names = names(&library);
    for (script, range) in [("Japanese", '\u{4e00}'..'\u{9fff}'), ("Arabic", '\u{600}'..'\u{6ff}'), ("German", 'ß'..'ý')] {
        assert!(names.iter().any(|name| name.chars().any(|c| range.contains(&c))), "{script}");
    }
}

#[test]
fn a_burst_lies_within_one_second() {
    let library = demo(300, 1);
    let burst: Vec<_> = library
        .items
        .iter()
        .filter(|item| item.filename.as_deref().is_some_and(|name| name.starts_with("IMG_20220809_191200_")))
        .collect();
    assert_eq!(burst.len(), 5);
    assert!(burst.iter().all(|item| item.creation_time == burst[0].creation_time));
}

#[test]
fn shares_of_films_places_favourites_and_archive_are_plausible() {
    for seed in 0..5 {
        let library = demo(300, seed);
        let count = |test: fn(&SimItem) -> bool| library.items.iter().filter(|item| test(item)).count();
        assert!((12..=16).contains(&count(|item| item.video.is_some())), "{}", count(|item| item.video.is_some()));
        let placed = count(|item| matches!(&item.content, Content::Picture(recipe) if recipe.place.is_some()));
        assert!((90..=160).contains(&placed), "{placed}");
        assert!((3..=30).contains(&count(|item| item.favorite)));
        assert_eq!(count(|item| item.archived), 5);
        assert!((10..=70).contains(&count(|item| item.description.is_some())));
        assert!(count(|item| item.camera_model.as_deref() == Some("Pixel 4")) > 10);
    }
}

#[test]
fn what_the_account_says_is_what_the_files_are() {
    let library = demo(300, 1);
    for item in &library.items {
        let (width, height, taken) = match &item.content {
            Content::Picture(recipe) => (recipe.width, recipe.height, Some(recipe.taken)),
            Content::Film(recipe) => (recipe.width, recipe.height, Some(recipe.taken)),
            Content::Bytes(bytes) => {
                let seen = image::load_from_memory(bytes).unwrap();
                (seen.width(), seen.height(), None)
            }
            other => panic!("{other:?}"),
        };
        assert_eq!((item.width, item.height, item.creation_time), (width, height, taken));
        assert_eq!(item.video.is_some(), item.mime_type == "video/mp4");
    }
}
