//! Google asks to slow down: for a while, or for the day. Never an item's fault.

use std::time::{Duration, Instant};

use photokeep_model::{Code, Outcome, WaitReason};
use photokeep_simulator::{Fault, FaultRule, Place};

use crate::harness::Account;
use crate::items::{album, photos};

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_per_minute_without_retry_after_is_waited_for() {
    let account = Account::of(photos(60), vec![album("a", "A", &["p001"])]).await;
    for place in [Place::List, Place::Search, Place::Albums, Place::BatchGet, Place::Media] {
        account.fault(FaultRule::new(place, Fault::QuotaMinute).times(2));
    }
    let ran = account.sync().await;
    assert_eq!(account.struck(), 10);
    assert!(ran.heard.waits.lock().unwrap().contains(&WaitReason::Throttled));
    assert_eq!(*ran.heard.failed.lock().unwrap(), []);
    assert_eq!(ran.complete().added, 60);
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_per_minute_with_retry_after_is_waited_for_as_long_as_google_says() {
    for place in [Place::List, Place::Media] {
        let account = Account::of(photos(30), vec![]).await;
        account.fault(FaultRule::new(place, Fault::QuotaMinute).times(1).retry_after(1));
        let begun = Instant::now();
        account.sync().await.complete();
        assert!(begun.elapsed() >= Duration::from_secs(1), "{place:?}");
        account.assert_complete();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_refusals_at_once_are_one_reason_to_wait_and_not_many() {
    let account = Account::of(photos(40), vec![]).await;
    account.fault(FaultRule::new(Place::Media, Fault::QuotaMinute).times(16));
    let begun = Instant::now();
    account.sync().await.complete();
    assert!(begun.elapsed() < Duration::from_millis(1500), "{:?}", begun.elapsed());
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_quota_of_the_day_ends_the_run_and_fails_no_item() {
    for place in [Place::List, Place::Albums, Place::BatchGet] {
        let account = Account::of(photos(120), vec![]).await;
        account.fault(FaultRule::new(place, Fault::QuotaDay).nth(if place == Place::Albums { 1 } else { 2 }));
        let ran = account.sync().await;
        assert_eq!(ran.code(), Some(Code::Quota), "{place:?}");
        assert_eq!(ran.receipt.outcome, Outcome::Stopped { code: Code::Quota });
        assert_eq!(ran.receipt.failed, []);
        assert!(ran.error.unwrap().hint.unwrap().contains("midnight Pacific"));
        assert_eq!(account.library().catalog.standing().unwrap().failed, 0);
        assert_eq!(account.control.violations(), []);
        account.next_day();
        account.sync().await.complete();
        account.assert_complete();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_before_the_quota_was_used_up_stays() {
    let account = Account::of(photos(120), vec![]).await;
    account.fault(FaultRule::new(Place::BatchGet, Fault::QuotaDay).nth(2));
    let first = account.sync().await;
    assert!(first.receipt.added <= 50);
    account.next_day();
    let asked = account.control.counts();
    let second = account.sync().await.complete();
    assert_eq!(second.added + first.receipt.added, 120);
    assert_eq!(account.control.counts().media - asked.media, second.added, "nothing is fetched twice");
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_of_bytes_that_only_ever_asks_to_slow_down_ends_the_run_and_fails_no_item() {
    // More items than the queues between finding and fetching hold: whoever waits there must notice the end.
    let account = Account::of(photos(400), vec![]).await;
    account.fault(FaultRule::new(Place::Media, Fault::QuotaMinute));
    let ran = account.sync().await;
    assert_eq!(ran.code(), Some(Code::Quota));
    assert_eq!(ran.receipt.failed, []);
    assert_eq!(account.control.violations(), []);
    account.next_day();
    account.sync().await.complete();
    account.assert_complete();
}
