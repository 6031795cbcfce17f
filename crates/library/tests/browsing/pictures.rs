//! Files for the media addresses, and the walk of whoever makes thumbnails.

use photokeep_library::catalog::{FileShown, FileState};
use photokeep_model::ItemId;

use crate::made::{MAY_2019, Made, photo};

fn walk(made: &Made, limit: u32) -> Vec<i64> {
    let mut items = Vec::new();
    let mut after = None;
    loop {
        let page = made.catalog.pictures_page(after, limit).unwrap();
        assert!(page.files.len() <= limit as usize);
        items.extend(page.files.iter().map(|file| file.item.0));
        assert!(page.next.is_none() || page.files.len() == limit as usize, "a page is full or the last");
        after = page.next;
        if after.is_none() {
            return items;
        }
    }
}

#[test]
fn the_walk_goes_over_the_whole_timeline_in_its_order_whatever_the_page() {
    let made = Made::new();
    for n in 0..4 {
        made.kept(&format!("undated {n}"), photo("", None));
        made.kept_at(&format!("same second {n}"), MAY_2019);
        made.kept_at(&format!("year {n}"), &format!("200{n}-01-01T00:00:00Z"));
        made.listed(&format!("to come {n}"), photo(MAY_2019, None));
    }
    let timeline = made.shown(None);
    assert_eq!(timeline.len(), 12);
    for limit in 1..=14 {
        assert_eq!(walk(&made, limit), timeline, "pages of {limit}");
    }
}

#[test]
fn the_walk_goes_on_when_what_it_stood_on_is_no_longer_there() {
    let made = Made::new();
    let items: Vec<ItemId> = (0..6).map(|n| made.kept_at(&format!("{n}"), MAY_2019)).collect();
    let page = made.catalog.pictures_page(None, 3).unwrap();
    made.catalog.set_removed(items[2], Some(1)).unwrap();
    made.catalog.set_removed(items[3], Some(1)).unwrap();
    let rest = made.catalog.pictures_page(page.next, 3).unwrap();
    assert_eq!(rest.files.iter().map(|file| file.item).collect::<Vec<_>>(), [items[4], items[5]]);
    assert_eq!(rest.next, None);
}

#[test]
fn a_library_without_any_date_is_walked_to_its_end() {
    let made = Made::new();
    for n in 0..5 {
        made.kept(&format!("{n}"), photo("", None));
    }
    assert_eq!(walk(&made, 2), made.shown(None));
}

#[test]
fn the_walk_brings_the_file_that_is_shown_with_all_that_a_thumbnail_needs() {
    let made = Made::new();
    let item = made.kept_at("a", MAY_2019);
    let edited = made.more(item, "edited", FileState::Stale, Some("image/png"));
    let shown = FileShown {
        file: edited,
        item,
        path: format!("edited{}", item.0),
        mime_type: Some("image/png".into()),
        size: 10,
        hash: None,
        state: FileState::Stale,
    };
    assert_eq!(made.catalog.pictures_page(None, 5).unwrap().files, std::slice::from_ref(&shown));
    assert_eq!(made.catalog.file_shown(edited).unwrap(), Some(shown));
    let other = made.catalog.file_shown(made.file_of(item)).unwrap().unwrap();
    assert_eq!((other.path.as_str(), other.hash), ("photos/a", Some([other.file as u8; 32])), "other files have addresses too");
}

#[test]
fn a_file_without_a_name_has_no_address_and_stops_nobody() {
    let made = Made::new();
    let nameless = made.kept_at("a", MAY_2019);
    let other = made.kept_at("b", MAY_2019);
    made.sql.execute("UPDATE files SET path = NULL WHERE item_id = ?1", [nameless.0]).unwrap();
    assert_eq!(made.catalog.file_shown(made.file_of(nameless)).unwrap(), None);
    assert_eq!(walk(&made, 1), [other.0]);
}

#[test]
fn numbers_that_are_no_files_have_no_address() {
    let made = Made::new();
    made.kept_at("a", MAY_2019);
    for number in [0, -1, 2, i64::MAX] {
        assert_eq!(made.catalog.file_shown(number).unwrap(), None);
    }
}
