//! Waiting before a repeat (`google-apis.md` 2.9): what counts as too soon.

use std::time::Duration;

use photokeep_simulator::{Fault, FaultRule, Place, ViolationKind};

use crate::world::{Account, client, photos};

#[tokio::test]
async fn after_a_quota_error_thirty_seconds_must_pass() {
    let account = Account::of(photos(30)).await;
    account.control.add_fault(FaultRule::new(Place::List, Fault::QuotaMinute).times(1));
    let page = "/v1/mediaItems?pageSize=10";
    assert_eq!(account.get(page).await.0, 429);
    account.get("/v1/mediaItems?pageSize=20").await;
    assert_eq!(account.violations(), [], "another request may be made");
    account.control.advance(Duration::from_secs(29));
    account.get(page).await;
    assert_eq!(account.violations(), [ViolationKind::RetriedTooSoon]);
    account.control.advance(Duration::from_secs(2));
    account.get(page).await;
    account.get(page).await;
    assert_eq!(account.violations().len(), 1);
}

#[tokio::test]
async fn retry_after_takes_the_place_of_the_rule() {
    let account = Account::of(photos(1)).await;
    account.control.add_fault(FaultRule::new(Place::List, Fault::QuotaMinute).times(1).retry_after(5));
    account.get("/v1/mediaItems").await;
    account.control.advance(Duration::from_secs(5));
    account.get("/v1/mediaItems").await;
    assert_eq!(account.violations(), []);
}

#[tokio::test]
async fn after_a_server_error_one_second_must_pass_for_the_same_item() {
    let account = Account::of(photos(2)).await;
    account.control.add_fault(FaultRule::new(Place::Media, Fault::Unavailable).times(1));
    let (first, second) = (account.base_url(0).await + "=d", account.base_url(1).await + "=d");
    let get = async |url: &str| client(None).get(url).send().await.unwrap().status();
    assert_eq!(get(&first).await, 503);
    assert_eq!(get(&second).await, 200);
    assert_eq!(account.violations(), []);
    assert_eq!(get(&(account.base_url(0).await + "=d")).await, 200, "a fresh address of the same item");
    assert_eq!(account.violations(), [ViolationKind::RetriedTooSoon]);
    account.control.clear_violations();
    account.control.add_fault(FaultRule::new(Place::Media, Fault::Unavailable).times(2));
    assert_eq!(get(&first).await, 503);
    account.control.advance(Duration::from_secs(1));
    assert_eq!(get(&first).await, 503);
    account.control.advance(Duration::from_secs(1));
    assert_eq!(get(&first).await, 200);
    assert_eq!(account.violations(), []);
}
