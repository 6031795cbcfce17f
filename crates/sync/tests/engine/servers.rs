//! Servers and connections that fail: for a moment, for one item, or for everybody.

use photokeep_model::{Code, Outcome};
use photokeep_simulator::{Fault, FaultRule, Place};

use crate::harness::Account;
use crate::items::{album, film, photo, photos};

const SERVER_FAULTS: [Fault; 3] = [Fault::Internal, Fault::BadGateway, Fault::Unavailable];
const BROKEN_BODIES: [Fault; 4] = [Fault::Reset, Fault::Truncate, Fault::ShortBody, Fault::Stall];

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_fails_for_a_moment_is_asked_again() {
    for what in SERVER_FAULTS {
        let account = Account::of(photos(30), vec![album("a", "A", &["p001"])]).await;
        for place in [Place::List, Place::Search, Place::Albums, Place::BatchGet, Place::Media] {
            account.fault(FaultRule::new(place, what).times(2));
        }
        let ran = account.sync().await;
        assert_eq!(account.struck(), 10, "{what:?}");
        assert_eq!(ran.complete().added, 30);
        account.assert_complete();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_says_how_long_it_needs_is_given_that_long() {
    for place in [Place::List, Place::BatchGet, Place::Media] {
        let account = Account::of(photos(20), vec![]).await;
        account.fault(FaultRule::new(place, Fault::Unavailable).times(1).retry_after(1));
        account.sync().await.complete();
        account.assert_complete();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_whose_bytes_never_come_fails_alone_and_is_tried_again_by_the_next_run() {
    for what in
        [Fault::Internal, Fault::BadGateway, Fault::Unavailable, Fault::Reset, Fault::Stall, Fault::Truncate, Fault::Html200]
    {
        let account = Account::of(photos(25), vec![album("a", "A", &["p006", "p007", "p008"])]).await;
        account.fault(FaultRule::new(Place::Media, what).item("p007"));
        let ran = account.sync().await;
        assert_eq!(ran.receipt.outcome, Outcome::SomeFailed, "{what:?} {:?}", ran.error);
        assert_eq!((ran.receipt.added, ran.receipt.failed_count()), (24, 1), "{what:?}");
        assert!(!ran.receipt.complete);
        let failures = account.library().catalog.failures().unwrap();
        assert_eq!(failures.iter().map(|failure| failure.title.as_str()).collect::<Vec<_>>(), ["IMG_007.jpg"]);
        assert!(!failures[0].message.is_empty());
        account.assert_kept_but(&["p007"]);
        account.next_day();
        let receipt = account.sync().await.complete();
        assert_eq!((receipt.added, receipt.already), (1, 24));
        assert!(account.library().catalog.failures().unwrap().is_empty());
        account.assert_complete();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_broken_id_does_not_spoil_its_batch() {
    let account = Account::of(photos(60), vec![]).await;
    account.fault(FaultRule::new(Place::BatchGet, Fault::Internal).item("p007"));
    account.fault(FaultRule::new(Place::Get, Fault::Internal).item("p007"));
    let ran = account.sync().await;
    assert_eq!(ran.receipt.outcome, Outcome::SomeFailed, "{:?}", ran.error);
    assert_eq!((ran.receipt.added, ran.receipt.failed_count()), (59, 1));
    account.assert_kept_but(&["p007"]);
    account.next_day();
    account.sync().await.complete();
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_that_fails_for_long_ends_the_run_and_fails_no_item() {
    for places in [&[Place::List][..], &[Place::Albums], &[Place::Search], &[Place::BatchGet, Place::Get]] {
        let account = Account::of(photos(60), vec![album("a", "A", &["p001"])]).await;
        for place in places {
            account.fault(FaultRule::new(*place, Fault::Unavailable));
        }
        let ran = account.sync().await;
        assert_eq!(ran.code(), Some(Code::Network), "{places:?}");
        assert_eq!(ran.receipt.failed, [], "{places:?}");
        assert_eq!(account.library().catalog.standing().unwrap().failed, 0);
        account.next_day();
        account.sync().await.complete();
        account.assert_complete();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_of_bytes_that_fails_for_long_ends_the_run_and_fails_no_item() {
    for what in [Fault::Unavailable, Fault::Reset, Fault::Html200] {
        let account = Account::of(photos(40), vec![]).await;
        account.fault(FaultRule::new(Place::Media, what));
        let ran = account.sync().await;
        assert_eq!(ran.code(), Some(Code::Network), "{what:?}");
        assert_eq!(ran.receipt.failed, [], "{what:?}");
        assert_eq!(account.library().catalog.standing().unwrap().failed, 0, "{what:?}");
        assert_eq!(account.control.violations(), []);
        account.next_day();
        assert_eq!(account.sync().await.complete().added, 40);
        account.assert_complete();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_breaks_is_fetched_again() {
    for what in BROKEN_BODIES {
        for range in [true, false] {
            let config = photokeep_simulator::SimulatorConfig { range, ..crate::harness::config() };
            let account = Account::with(config, crate::items::account(photos(20), vec![]), Default::default()).await;
            account.fault(FaultRule::new(Place::Media, what).times(4));
            account.fault(FaultRule::new(Place::Media, what).after_bytes(0).times(2));
            let ran = account.sync().await;
            assert_eq!(account.struck(), 6, "{what:?}");
            assert_eq!(ran.complete().added, 20, "{what:?}");
            account.assert_complete();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_that_breaks_is_fetched_again() {
    for what in BROKEN_BODIES {
        let account = Account::of(vec![film("v", "MOV_1.mp4", "2023-05-01T10:00:00.25Z")], vec![]).await;
        account.fault(FaultRule::new(Place::Media, what).times(1));
        account.sync().await.complete();
        account.assert_complete();
        account.assert_months();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_that_breaks_on_the_way_is_asked_for_again() {
    for what in [Fault::Reset, Fault::Truncate, Fault::ShortBody, Fault::Html200] {
        let account = Account::of(photos(120), vec![album("a", "A", &["p001", "p002"])]).await;
        for place in [Place::List, Place::Search, Place::Albums, Place::BatchGet] {
            account.fault(FaultRule::new(place, what).times(1));
        }
        let ran = account.sync().await;
        assert_eq!(account.struck(), 4, "{what:?}");
        assert_eq!(ran.complete().added, 120, "{what:?}");
        account.assert_complete();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_page_with_status_200_is_never_kept_as_a_photo() {
    let account = Account::of(photos(20), vec![]).await;
    account.fault(FaultRule::new(Place::Media, Fault::Html200).times(5));
    assert_eq!(account.sync().await.complete().added, 20);
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_address_is_renewed_at_once() {
    for status in [403, 404, 410] {
        let account =
            Account::of(vec![photo("a", "a.jpg", "2023-05-01T10:00:00Z"), film("v", "v.mp4", "2023-05-01T10:00:00Z")], vec![])
                .await;
        account.fault(FaultRule::new(Place::Media, Fault::DeadUrl).item("a").status(status).times(2));
        account.fault(FaultRule::new(Place::Media, Fault::DeadUrl).item("v").status(status).times(1));
        let receipt = account.sync().await.complete();
        assert_eq!(receipt.added, 2, "{status}");
        assert_eq!(account.control.counts().batch_get, 4, "one for both, one for each time an address was dead");
        account.assert_complete();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_stays_dead_fails_its_item_alone() {
    for status in [403, 404] {
        let account = Account::of(photos(12), vec![]).await;
        account.fault(FaultRule::new(Place::Media, Fault::DeadUrl).item("p003").status(status));
        let ran = account.sync().await;
        assert_eq!(ran.receipt.outcome, Outcome::SomeFailed);
        account.assert_kept_but(&["p003"]);
        account.next_day();
        account.sync().await.complete();
        account.assert_complete();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_cut_short_for_a_whole_run_is_not_complete_and_is_mended_by_the_next() {
    let account = Account::of(photos(3), vec![]).await;
    account.fault(FaultRule::new(Place::Media, Fault::ShortBody).item("p001"));
    let ran = account.sync().await;
    assert_eq!(ran.receipt.added, 3, "kept as it came: {:?}", ran.receipt);
    assert!(!ran.receipt.complete, "but not called complete");
    account.control.clear_faults();
    let receipt = account.sync().await.complete();
    assert_eq!(receipt.restored, 1);
    account.assert_complete();
    assert_eq!(account.sync().await.complete().restored, 0);
}
