//! Filters: which part of the account a run takes in. A filtered run never says "complete".

use chrono::NaiveDate;
use photokeep_model::{AlbumChoice, Code, Filter};
use photokeep_simulator::photo_library::SimItem;

use crate::harness::{Account, row_of, stored};
use crate::items::{album, film, photo, shared_album};

/// Ids of what is kept, sorted.
fn kept(account: &Account) -> Vec<String> {
    let library = account.library();
    let stored = stored(&library);
    let mut ids: Vec<String> = account
        .control
        .library()
        .items
        .into_iter()
        .map(|item| item.id)
        .filter(|id| row_of(&library, &stored, id).is_some())
        .collect();
    ids.sort();
    ids
}

fn day(text: &str) -> Option<NaiveDate> {
    Some(text.parse().unwrap())
}

/// Dates around the turn of a year, a favourite, a film, an archived one, two that are only in an album, one undated.
async fn varied() -> Account {
    let items = vec![
        photo("before", "a.jpg", "2022-12-31T23:59:59.999Z"),
        photo("first", "b.jpg", "2023-01-01T00:00:00Z"),
        SimItem { favorite: true, ..photo("last", "c.jpg", "2023-01-31T23:59:59.999Z") },
        photo("after", "d.jpg", "2023-02-01T00:00:00Z"),
        film("film", "e.mp4", "2023-01-15T12:00:00Z"),
        SimItem { archived: true, ..photo("archived", "f.jpg", "2023-01-16T12:00:00Z") },
        SimItem { in_library: false, ..photo("only-in", "g.jpg", "2023-01-17T12:00:00Z") },
        SimItem { in_library: false, ..photo("only-out", "h.jpg", "2024-01-17T12:00:00Z") },
        SimItem { creation_time: None, ..photo("undated", "i.jpg", "2023-01-17T12:00:00Z") },
    ];
    let albums = vec![
        album("x", "Trip to Rome", &["before", "first", "film", "undated"]),
        shared_album("s", "Our trip", &["only-in", "only-out", "last"]),
        album("y", "Garden", &["after"]),
    ];
    Account::of(items, albums).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_range_is_inclusive_at_both_ends_and_holds_for_albums() {
    let account = varied().await;
    let receipt = account.sync_only(Filter { from: day("2023-01-01"), to: day("2023-01-31"), ..Filter::default() }).await.done();
    assert!(!receipt.complete);
    assert_eq!(kept(&account), ["film", "first", "last", "only-in"]);
    assert_eq!(account.entries(&account.folder("Trip to Rome")).len(), 2);
    assert_eq!(account.control.violations(), []);
    account.sync().await.complete();
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_with_one_open_end_works_too() {
    let account = varied().await;
    account.sync_only(Filter { from: day("2023-02-01"), ..Filter::default() }).await.done();
    assert_eq!(kept(&account), ["after", "only-out"]);
    account.sync_only(Filter { to: day("2022-12-31"), ..Filter::default() }).await.done();
    assert_eq!(kept(&account), ["after", "before", "only-out"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn favourites_only() {
    let account = varied().await;
    account.sync_only(Filter { favorites: true, ..Filter::default() }).await.done();
    assert_eq!(kept(&account), ["last"]);
    account.sync().await.complete();
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_videos() {
    let account = varied().await;
    let receipt = account.sync_only(Filter { no_videos: true, ..Filter::default() }).await.done();
    assert!(!receipt.complete);
    assert!(!kept(&account).contains(&"film".to_owned()));
    assert_eq!(kept(&account).len(), 7);
    account.sync().await.complete();
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn archived_items_come_when_they_are_asked_for_and_stay() {
    let account = varied().await;
    account.sync().await.complete();
    assert!(!kept(&account).contains(&"archived".to_owned()));
    let receipt = account.sync_only(Filter { archived: true, ..Filter::default() }).await.complete();
    assert_eq!(receipt.added, 1);
    assert_eq!(kept(&account).len(), 9);
    // The next plain run does not see it in its listing, and concludes nothing.
    for _ in 0..2 {
        assert_eq!(account.sync().await.complete().absent, 0);
    }
    assert_eq!(kept(&account).len(), 9);
    assert_eq!(account.control.violations(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_album_by_its_exact_title() {
    let account = varied().await;
    let receipt = account.sync_only(Filter { albums: AlbumChoice::Titled("Our trip".into()), ..Filter::default() }).await.done();
    assert_eq!((receipt.albums, receipt.complete), (1, false));
    assert_eq!(kept(&account), ["last", "only-in", "only-out"]);
    assert_eq!(account.entries(&account.folder("Our trip")).len(), 3);
    let mistyped = account.sync_only(Filter { albums: AlbumChoice::Titled("our trip".into()), ..Filter::default() }).await;
    assert_eq!(mistyped.code(), Some(photokeep_model::Code::Usage), "a title that is not there is no success");
    assert_eq!(kept(&account).len(), 3, "exact means exact");
    account.sync().await.complete();
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn albums_by_regular_expression_less_excluded_ones() {
    let account = varied().await;
    let filter = Filter { albums: AlbumChoice::Matching("TRIP".into()), ..Filter::default() };
    assert_eq!(account.sync_only(filter.clone()).await.done().albums, 2);
    assert_eq!(kept(&account), ["before", "film", "first", "last", "only-in", "only-out", "undated"]);
    let account = varied().await;
    let filter = Filter { exclude_albums: vec!["Our trip".into()], ..filter };
    assert_eq!(account.sync_only(filter).await.done().albums, 1);
    assert_eq!(kept(&account), ["before", "film", "first", "undated"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_excluded_album_leaves_the_rest_of_the_library() {
    let account = varied().await;
    let receipt = account.sync_only(Filter { exclude_albums: vec!["Our trip".into()], ..Filter::default() }).await.done();
    assert!(!receipt.complete);
    assert_eq!(kept(&account), ["after", "before", "film", "first", "last", "undated"]);
    account.sync().await.complete();
    account.assert_complete();
    // Excluded later, its folder stays as it was: a filtered run takes nothing away.
    let receipt = account.sync_only(Filter { exclude_albums: vec!["Our trip".into()], ..Filter::default() }).await.done();
    assert_eq!(receipt.links_removed, 0);
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filtered_run_over_a_whole_library_takes_nothing_away() {
    let account = varied().await;
    account.sync().await.complete();
    for filter in [
        Filter { from: day("2023-01-01"), to: day("2023-01-31"), ..Filter::default() },
        Filter { favorites: true, ..Filter::default() },
        Filter { no_videos: true, ..Filter::default() },
        Filter { albums: AlbumChoice::Titled("Garden".into()), ..Filter::default() },
    ] {
        let receipt = account.sync_only(filter.clone()).await.done();
        assert_eq!((receipt.complete, receipt.absent, receipt.links_made, receipt.links_removed), (false, 0, 0, 0), "{filter:?}");
        account.assert_complete();
    }
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.added, receipt.updated, receipt.links_made), (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_expression_is_refused_and_nothing_is_lost() {
    let account = varied().await;
    let ran = account.sync_only(Filter { albums: AlbumChoice::Matching("(".into()), ..Filter::default() }).await;
    assert_eq!(ran.code(), Some(Code::Usage));
    account.sync().await.complete();
    account.assert_complete();
}
