//! Bytes that are not what they should be, for good; and videos that cannot be had.

use photokeep_model::{Code, Outcome};
use photokeep_simulator::generate;
use photokeep_simulator::photo_library::{SimItem, VideoStatus};

use crate::harness::{Account, Ran, says};
use crate::items::{album, film, photo, photos, with_bytes};

fn day(id: &str) -> SimItem {
    photo(id, &format!("{id}.jpg"), "2023-05-01T10:00:00Z")
}

/// The run ended with just these items failed, each with its code.
#[track_caller]
fn failed(ran: &Ran, expected: &[(&str, Code)]) {
    assert_eq!(ran.receipt.outcome, Outcome::SomeFailed, "{:?}", ran.error);
    assert!(!ran.receipt.complete);
    let mut heard = ran.heard.failed.lock().unwrap().clone();
    heard.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(heard, expected.iter().map(|(title, code)| ((*title).to_owned(), *code)).collect::<Vec<_>>());
    assert_eq!(ran.receipt.failed_count(), expected.len() as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_no_photo_fail_their_items_alone() {
    let mut items = photos(20);
    items.push(with_bytes(day("empty"), ""));
    items.push(with_bytes(day("page"), "<!DOCTYPE html><html><body>Sign in to the hotel network</body></html>"));
    items.push(with_bytes(day("words"), "{\"error\": \"not today\"}"));
    items.push(with_bytes(
        SimItem { id: "still".into(), filename: Some("still.mp4".into()), ..film("x", "", "2023-05-01T10:00:00Z") },
        generate::filler(7, 4_000),
    ));
    let account = Account::of(items, vec![album("a", "A", &["p001", "empty", "p002"])]).await;
    for _ in 0..2 {
        let ran = account.sync().await;
        failed(
            &ran,
            &[
                ("empty.jpg", Code::ItemNotMedia),
                ("page.jpg", Code::ItemNotMedia),
                ("still.mp4", Code::ItemNotMedia),
                ("words.jpg", Code::ItemNotMedia),
            ],
        );
        account.assert_kept_but(&["empty", "page", "words", "still"]);
    }
    assert!(account.library().catalog.failures().unwrap().iter().all(|failure| failure.tries == 2));
    for id in ["empty", "page", "words"] {
        account.control.change_item(id, |item| {
            item.content = photokeep_simulator::photo_library::Content::Filler { seed: item.id.len() as u64, size: 3_000 }
        });
    }
    account.control.remove_item("still");
    account.sync().await.complete();
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_that_google_itself_has_only_in_part_is_kept_as_it_is_and_said() {
    let whole = generate::filler(3, 9_000);
    let account = Account::of(vec![with_bytes(day("half"), &whole[..4_500]), day("b")], vec![]).await;
    let receipt = account.sync().await.done();
    assert!(says(&receipt, "half.jpg"), "{receipt:?}");
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn another_type_of_picture_than_said_is_kept() {
    let png: &[u8] = &[
        0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0,
        0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 13, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xf0, 0x1f, 0, 5, 0,
        1, 0xff, 0x89, 0x99, 0x3d, 0x1d, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
    ];
    let account = Account::of(
        vec![with_bytes(SimItem { filename: Some("IMG.HEIC".into()), mime_type: "image/heif".into(), ..day("png") }, png)],
        vec![],
    )
    .await;
    account.sync().await.complete();
    account.assert_complete();
    assert_eq!(account.path("png"), "photos/2023/05/IMG.HEIC");
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_of_no_known_form_are_kept_when_they_come_the_same_twice() {
    let odd: Vec<u8> = (0..3_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8 | 0x80).collect();
    let account = Account::of(vec![with_bytes(day("odd"), odd)], vec![]).await;
    let receipt = account.sync().await.done();
    assert!(says(&receipt, "odd.jpg"), "{receipt:?}");
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_video_that_is_being_processed_is_fetched_when_it_is_ready() {
    let account = Account::of(vec![film("v", "v.mp4", "2023-05-01T10:00:00Z"), day("a")], vec![]).await;
    account.control.change_item("v", |item| item.video = Some(VideoStatus::Processing));
    let ran = account.sync().await;
    failed(&ran, &[("v.mp4", Code::ItemNotReady)]);
    account.assert_all_that_can_be_had();
    account.control.change_item("v", |item| item.video = Some(VideoStatus::Ready));
    assert_eq!(account.sync().await.complete().added, 1);
    account.assert_complete();
    account.assert_months();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_video_that_google_could_not_process_fails_alone() {
    let account = Account::of(
        vec![film("v", "v.mp4", "2023-05-01T10:00:00Z"), day("a"), film("w", "w.mp4", "2023-05-02T10:00:00Z")],
        vec![],
    )
    .await;
    account.control.change_item("v", |item| item.video = Some(VideoStatus::Failed));
    for _ in 0..2 {
        let ran = account.sync().await;
        failed(&ran, &[("v.mp4", Code::ItemFailed)]);
        account.assert_all_that_can_be_had();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn films_come_over_the_redirect_with_all_their_bytes() {
    let account = Account::of(
        (0..6).map(|n| film(&format!("v{n}"), "MOV.mp4", "2023-05-01T10:00:00Z")).collect(),
        vec![album("a", "Films", &["v1", "v0"])],
    )
    .await;
    let receipt = account.sync().await.complete();
    assert_eq!(receipt.added, 6);
    assert_eq!(account.control.counts().redirects, 6);
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_vanishes_between_listing_and_fetching_is_no_failure() {
    let account = Account::of(photos(130), vec![]).await;
    // The first batch of addresses is out, the last item is not in it.
    let removing = async {
        while account.control.counts().batch_get < 1 {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        account.control.remove_item("p129");
    };
    let (ran, ()) = tokio::join!(account.sync(), removing);
    assert_eq!(ran.receipt.failed, []);
    ran.done();
    account.sync().await.complete();
    assert_eq!(account.control.violations(), []);
}
