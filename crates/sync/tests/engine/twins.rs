//! One photo under two ids, and two photos under one name.

use photokeep_simulator::photo_library::SimItem;

use crate::harness::Account;
use crate::items::{album, photo, photos, shared_album};

/// The same photo as `item` has, as a shared album names it.
fn shared_copy(item: &SimItem, id: &str) -> SimItem {
    SimItem { id: id.to_owned(), in_library: false, ..item.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_photo_under_two_ids_is_one_file_in_both_albums() {
    let mut items = photos(4);
    items.push(shared_copy(&items[1], "s001"));
    let account =
        Account::of(items, vec![album("a", "Mine", &["p001", "p000"]), shared_album("s", "Ours", &["s001", "p002"])]).await;
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.listed, receipt.added, receipt.same_photo), (5, 4, 1));
    assert_eq!(account.path("s001"), account.path("p001"));
    account.assert_complete();
    let media = account.control.counts().media;
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.added, receipt.same_photo, receipt.links_made), (0, 0, 0));
    assert_eq!(account.control.counts().media, media, "the twin is not fetched again");
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_twin_that_comes_later_is_recognised() {
    let account = Account::of(photos(4), vec![]).await;
    account.sync().await.complete();
    let copy = shared_copy(&account.control.library().items[1], "s001");
    account.control.add_item(copy).unwrap();
    account.control.add_album(shared_album("s", "Ours", &["s001"])).unwrap();
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.added, receipt.same_photo, receipt.links_made), (0, 1, 1));
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_twin_in_one_album_with_its_like_shows_once_and_leaves_no_gap() {
    let mut items = photos(4);
    items.push(shared_copy(&items[1], "s001"));
    let account = Account::of(items, vec![shared_album("s", "Ours", &["p000", "s001", "p001", "p002"])]).await;
    account.sync().await.complete();
    let entries = account.entries(&account.folder("Ours"));
    let numbers: Vec<&str> = entries.iter().filter_map(|(name, _)| Some(name.split_once('_')?.0)).collect();
    assert_eq!(numbers, ["0000", "0001", "0002"]);
    account.assert_complete();
    assert_eq!(account.sync().await.complete().links_made, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_is_gone_only_when_all_its_ids_are() {
    let mut items = photos(4);
    items.push(shared_copy(&items[1], "s001"));
    let account = Account::of(items, vec![shared_album("s", "Ours", &["s001"])]).await;
    account.sync().await.complete();
    account.control.remove_item("p001");
    assert_eq!(account.sync().await.complete().absent, 0);
    account.assert_complete();
    account.control.remove_item("s001");
    assert_eq!(account.sync().await.complete().absent, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_twin_that_becomes_another_picture_gets_a_file_of_its_own() {
    for changed in ["p001", "copy"] {
        let mut items = photos(4);
        items.push(SimItem { in_library: true, ..shared_copy(&items[1], "copy") });
        let account = Account::of(items, vec![album("a", "A", &["p000", "p001", "copy"])]).await;
        assert_eq!(account.sync().await.complete().same_photo, 1);
        account.control.change_item(changed, |item| {
            item.width = 17;
            item.content = photokeep_simulator::photo_library::Content::Filler { seed: 99, size: 8_000 };
        });
        let receipt = account.sync().await.complete();
        assert_eq!((receipt.added, receipt.updated, receipt.restored), (1, 1, 0), "{changed}");
        account.assert_complete();
        let receipt = account.sync().await.complete();
        assert_eq!((receipt.added, receipt.updated, receipt.links_made), (0, 0, 0), "{changed}");
        account.assert_complete();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn identical_bytes_under_two_names_are_one_file() {
    let first = photo("a", "a.jpg", "2023-05-01T10:00:00Z");
    let second = SimItem { id: "b".into(), filename: Some("b.jpg".into()), ..first.clone() };
    let elsewhere = SimItem { creation_time: Some(crate::items::at("2019-01-01T10:00:00Z")), id: "c".into(), ..first.clone() };
    let account = Account::of(vec![first, second, elsewhere], vec![album("x", "X", &["a", "b", "c"])]).await;
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.added, receipt.same_photo), (1, 2));
    account.assert_complete();
    assert_eq!(account.sync().await.complete().added, 0);
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_of_one_name_and_second_is_kept_whole() {
    let items: Vec<SimItem> = (0..30).map(|n| photo(&format!("burst{n}"), "IMG_0001.JPG", "2023-05-01T10:00:00Z")).collect();
    let account = Account::of(items, vec![]).await;
    assert_eq!(account.sync().await.complete().added, 30);
    account.assert_complete();
    account.assert_months();
    let paths: Vec<String> = (0..30).map(|n| account.path(&format!("burst{n}"))).collect();
    account.sync().await.complete();
    assert_eq!((0..30).map(|n| account.path(&format!("burst{n}"))).collect::<Vec<_>>(), paths, "names are for life");
}
