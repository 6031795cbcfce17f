//! Pages with traps: empty, repeated, short, too old. Nothing is ever concluded from what a listing leaves out.

use photokeep_simulator::{Fault, FaultRule, Place};

use crate::harness::{Account, says};
use crate::items::{account, album, photo, photos};

#[tokio::test(flavor = "multi_thread")]
async fn empty_pages_are_followed_also_eighty_in_a_row() {
    let ids: Vec<String> = (0..120).map(|number| format!("p{number:03}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let account = Account::of(photos(250), vec![album("a", "All of them", &ids)]).await;
    account.fault(FaultRule::new(Place::List, Fault::EmptyPage).times(80));
    account.fault(FaultRule::new(Place::Search, Fault::EmptyPage).times(3));
    account.fault(FaultRule::new(Place::Albums, Fault::EmptyPage).times(3));
    let receipt = account.sync().await.complete();
    assert_eq!(account.struck(), 86);
    assert_eq!((receipt.listed, receipt.added, receipt.albums), (250, 250, 1));
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn items_that_come_twice_are_kept_once() {
    let ids: Vec<String> = (0..230).map(|number| format!("p{number:03}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let account = Account::of(photos(250), vec![album("a", "Long", &ids)]).await;
    account.fault(FaultRule::new(Place::List, Fault::RepeatItems));
    account.fault(FaultRule::new(Place::Search, Fault::RepeatItems));
    account.fault(FaultRule::new(Place::Albums, Fault::RepeatItems));
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.listed, receipt.added), (250, 250));
    account.assert_complete();
    assert_eq!(account.sync().await.complete().added, 0);
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_listing_that_ends_early_is_asked_for_again() {
    let account = Account::of(photos(250), vec![]).await;
    account.fault(FaultRule::new(Place::List, Fault::ShortListing).times(1));
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.added, receipt.already), (250, 0));
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_that_ends_early_after_all_that_is_known_is_asked_for_again() {
    let known: Vec<_> = photos(100);
    let account = Account::of(known, vec![]).await;
    account.sync().await.complete();
    // Older ones come after what is known, so that nothing known is left out.
    for n in 0..40 {
        account.control.add_item(photo(&format!("old{n}"), &format!("old{n}.jpg"), "1999-01-01T10:00:00Z")).unwrap();
    }
    account.fault(FaultRule::new(Place::List, Fault::ShortListing).times(1));
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.added, receipt.already), (40, 100));
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_album_that_ends_early_is_asked_for_again() {
    let ids: Vec<String> = (0..250).map(|number| format!("p{number:03}")).collect();
    let account = Account::of(photos(250), vec![album("a", "A", &ids.iter().map(String::as_str).collect::<Vec<_>>())]).await;
    account.fault(FaultRule::new(Place::Search, Fault::ShortListing).times(1));
    let receipt = account.sync().await.complete();
    assert_eq!(receipt.links_made, 250);
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_listing_that_ends_early_once_is_asked_for_again() {
    let account = Account::of(photos(250), vec![album("a", "A", &["p249", "p248"])]).await;
    account.sync().await.complete();
    account.control.add_item(photo("new", "new.jpg", "2020-01-01T10:00:00Z")).unwrap();
    account.fault(FaultRule::new(Place::List, Fault::ShortListing).times(1));
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.added, receipt.already, receipt.absent), (1, 250, 0));
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_listing_that_always_ends_early_is_never_called_complete() {
    let account = Account::of(photos(250), vec![]).await;
    account.sync().await.complete();
    account.control.add_item(photo("new", "new.jpg", "2020-01-01T10:00:00Z")).unwrap();
    account.fault(FaultRule::new(Place::List, Fault::ShortListing));
    let receipt = account.sync().await.not_whole();
    assert!(says(&receipt, "left out"), "{receipt:?}");
    assert_eq!(receipt.absent, 0);
    assert_eq!(account.library().removal_candidates().unwrap().len(), 0);
    account.assert_kept_but(&["new"]);
    account.next_day();
    assert_eq!(account.sync().await.complete().added, 1);
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_that_leaves_out_only_a_few_known_items_is_asked_for_again_too() {
    // 110 known items, and 40 older ones that nobody has seen yet: the early end hides them behind 10 known ones.
    let account = Account::of(photos(110), vec![]).await;
    account.sync().await.complete();
    for number in 0..40 {
        account.control.add_item(photo(&format!("old{number}"), &format!("old{number}.jpg"), "2001-01-01T10:00:00Z")).unwrap();
    }
    account.fault(FaultRule::new(Place::List, Fault::ShortListing).times(1));
    assert_eq!(account.sync().await.complete().added, 40);
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_listing_concludes_nothing() {
    let account = Account::of(photos(60), vec![album("a", "A", &["p001", "p002"])]).await;
    account.sync().await.complete();
    account.fault(FaultRule::new(Place::List, Fault::EmptyPage).times(1));
    account.fault(FaultRule::new(Place::Search, Fault::EmptyPage).times(1));
    assert_eq!(account.sync().await.complete().absent, 0);
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_token_that_becomes_too_old_makes_the_listing_begin_again() {
    let ids: Vec<String> = (0..150).map(|number| format!("p{number:03}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut albums = vec![album("a", "Long", &ids)];
    albums.extend((0..60).map(|number| album(&format!("b{number}"), &format!("Album {number}"), &["p005"])));
    let account = Account::with(crate::harness::config(), account(photos(350), albums), Default::default()).await;
    account.fault(FaultRule::new(Place::List, Fault::PageTokenExpired).nth(2));
    account.fault(FaultRule::new(Place::Search, Fault::PageTokenExpired).times(1));
    account.fault(FaultRule::new(Place::Albums, Fault::PageTokenExpired).times(1));
    let receipt = account.sync().await.complete();
    assert_eq!(account.struck(), 3);
    assert_eq!((receipt.listed, receipt.added, receipt.albums), (350, 350, 61));
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_whose_page_tokens_always_expire_ends_the_run_and_loses_nothing() {
    let account = Account::of(photos(150), vec![]).await;
    account.sync().await.complete();
    account.fault(FaultRule::new(Place::List, Fault::PageTokenExpired));
    let ran = account.sync().await;
    assert!(!ran.receipt.complete);
    assert_eq!(ran.receipt.absent, 0);
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_list_of_albums_takes_no_album_folder_away_from_what_is_kept() {
    let albums: Vec<_> = (0..70).map(|number| album(&format!("a{number}"), &format!("Album {number}"), &["p005"])).collect();
    let account = Account::with(crate::harness::config(), account(photos(10), albums), Default::default()).await;
    account.sync().await.complete();
    account.fault(FaultRule::new(Place::Albums, Fault::ShortListing));
    let receipt = account.sync().await.not_whole();
    assert_eq!((receipt.links_made, receipt.links_removed), (0, 0));
    account.assert_disk(&[]);
    account.next_day();
    account.sync().await.complete();
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_album_takes_no_link_away() {
    let ids: Vec<String> = (0..150).map(|number| format!("p{number:03}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let account = Account::of(photos(150), vec![album("a", "Long", &ids)]).await;
    account.sync().await.complete();
    account.fault(FaultRule::new(Place::Search, Fault::ShortListing));
    let receipt = account.sync().await.done();
    assert_eq!((receipt.links_made, receipt.links_removed), (0, 0));
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_with_nothing_new_asks_for_listing_pages_and_albums_only() {
    let account = Account::of(photos(250), vec![album("a", "A", &["p001"]), album("b", "B", &["p002"])]).await;
    account.sync().await.complete();
    let before = account.control.counts();
    account.sync().await.complete();
    let after = account.control.counts();
    assert_eq!((after.list - before.list, after.albums - before.albums, after.search - before.search), (3, 2, 2));
    assert_eq!(
        (after.batch_get, after.get, after.media, after.token),
        (before.batch_get, before.get, before.media, before.token)
    );
    account.assert_complete();
}
