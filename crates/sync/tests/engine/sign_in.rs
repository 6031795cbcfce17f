//! The sign-in at work: tokens that die on the way, and a sign-in that Google takes back.

use std::time::Duration;

use photokeep_model::Code;
use photokeep_simulator::{Fault, FaultRule, Place, SimulatorConfig};

use crate::harness::{Account, config};
use crate::items::{account, photos};

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_rejected_in_the_middle_is_renewed() {
    for place in [Place::List, Place::Albums, Place::BatchGet] {
        let account = Account::of(photos(160), vec![]).await;
        account.fault(FaultRule::new(place, Fault::TokenRejected).times(1));
        account.sync().await.complete();
        assert_eq!(account.control.counts().token, 2, "code exchange and one refresh");
        account.assert_complete();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_that_is_refused_says_sign_in_again_and_fails_no_item() {
    let account = Account::of(photos(120), vec![]).await;
    account.fault(FaultRule::new(Place::BatchGet, Fault::TokenRejected).nth(2));
    account.fault(FaultRule::new(Place::Token, Fault::RefreshRefused));
    let ran = account.sync().await;
    assert_eq!(ran.code(), Some(Code::SignInNeeded));
    assert_eq!(ran.receipt.failed, []);
    assert_eq!(account.library().catalog.standing().unwrap().failed, 0);
    assert_eq!(account.control.violations(), []);
    assert!(account.library().catalog.last_complete().unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_service_that_fails_for_a_moment_is_asked_again() {
    let account = Account::of(photos(10), vec![]).await;
    account.fault(FaultRule::new(Place::List, Fault::TokenRejected).times(1));
    account.fault(FaultRule::new(Place::Token, Fault::Unavailable).times(1));
    account.sync().await.complete();
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_short_life_is_renewed_before_it_dies() {
    let short = SimulatorConfig { token_lifetime: Duration::from_secs(30), ..config() };
    let account = Account::with(short, account(photos(60), vec![]), Default::default()).await;
    account.sync().await.complete();
    assert_eq!(account.control.counts().refused, 0, "no request went out with a dead token");
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_was_withdrawn_between_two_runs_says_so() {
    let account = Account::of(photos(3), vec![]).await;
    account.sync().await.complete();
    account.control.reject_access_tokens();
    account.fault(FaultRule::new(Place::Token, Fault::RefreshRefused));
    let ran = account.sync().await;
    assert_eq!(ran.code(), Some(Code::SignInNeeded));
    assert!(!ran.receipt.complete);
    account.assert_complete();
}
