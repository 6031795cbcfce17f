//! Downloads that go on where they stopped, and runs that are stopped.

use std::time::Duration;

use photokeep_library::OptionChanges;
use photokeep_model::{Code, Filter};
use photokeep_simulator::photo_library::{Content, SimItem};
use photokeep_simulator::{Fault, FaultRule, Place, SimulatorConfig};
use tokio_util::sync::CancellationToken;

use crate::harness::{Account, config, names_in};
use crate::items::{account, photo, photos};

const LARGE: u64 = 20 << 20;

fn large() -> SimItem {
    SimItem { content: Content::Filler { seed: 1, size: LARGE }, ..photo("large", "large.jpg", "2023-05-01T10:00:00Z") }
}

async fn with_large(range: bool) -> Account {
    Account::with(SimulatorConfig { range, ..config() }, account(vec![large()], vec![]), OptionChanges::default()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_connection_costs_only_what_is_left() {
    for what in [Fault::Reset, Fault::Truncate, Fault::Stall] {
        let account = with_large(true).await;
        account.fault(FaultRule::new(Place::Media, what).after_bytes(18 << 20).times(1));
        account.sync().await.complete();
        let asked_again = account.control.counts().media_bytes - LARGE;
        assert!(asked_again <= 4 << 20, "{what:?}: {asked_again} bytes were asked for again");
        account.assert_complete();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_ranges_it_begins_anew() {
    let account = with_large(false).await;
    account.fault(FaultRule::new(Place::Media, Fault::Reset).after_bytes(18 << 20).times(1));
    account.sync().await.complete();
    assert_eq!(account.control.counts().media_bytes, 2 * LARGE);
    account.assert_complete();
}

/// Stops the run in the middle of the large file, after what was noted as safe.
async fn stopped_in_the_middle(account: &Account) {
    account.fault(FaultRule::new(Place::Media, Fault::Stall).after_bytes(18 << 20).times(1));
    let cancel = CancellationToken::new();
    let stopping = async {
        let part = account.root.join(".photokeep/tmp");
        let length = || {
            names_in(&part).iter().map(|name| part.join(name).metadata().map_or(0, |metadata| metadata.len())).max().unwrap_or(0)
        };
        while length() < 17 << 20 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // What is noted is noted after it was flushed.
        tokio::time::sleep(Duration::from_millis(300)).await;
        cancel.cancel();
    };
    let (ran, ()) = tokio::join!(account.sync_with(Filter::default(), OptionChanges::default(), cancel.clone()), stopping);
    assert_eq!(ran.code(), Some(Code::Cancelled));
    assert_eq!(ran.receipt.failed, []);
    account.control.clear_faults();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_run_goes_on_where_this_one_stopped() {
    let account = with_large(true).await;
    stopped_in_the_middle(&account).await;
    let before = account.control.counts().media_bytes;
    account.sync().await.complete();
    let asked_again = account.control.counts().media_bytes - before;
    assert!(asked_again < 5 << 20, "{asked_again} bytes were asked for again");
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_changed_meanwhile_is_never_joined_with_what_was_there() {
    for size in [LARGE, LARGE + 12_345] {
        let account = with_large(true).await;
        stopped_in_the_middle(&account).await;
        account.control.change_item("large", |item| item.content = Content::Filler { seed: 2, size });
        account.sync().await.complete();
        account.assert_complete();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_stopped_keeps_what_has_come_and_the_next_one_completes() {
    let slow = SimulatorConfig { latency: Duration::from_millis(10), ..config() };
    let account = Account::with(
        slow,
        account(photos(200), vec![crate::items::album("a", "A", &["p000", "p199"])]),
        OptionChanges::default(),
    )
    .await;
    let mut stopped = 0;
    let last = loop {
        let cancel = CancellationToken::new();
        let begun = account.control.counts().media;
        let running = async {
            let ran = account.sync_with(Filter::default(), OptionChanges::default(), cancel.clone()).await;
            cancel.cancel();
            ran
        };
        let stopping = async {
            while account.control.counts().media < begun + 60 && !cancel.is_cancelled() {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            cancel.cancel();
        };
        let (ran, ()) = tokio::join!(running, stopping);
        if ran.code() != Some(Code::Cancelled) {
            break ran;
        }
        assert!(!ran.receipt.complete && ran.receipt.failed.is_empty());
        stopped += 1;
        assert!(stopped < 20, "every run gets further");
    };
    last.complete();
    assert!(stopped > 0, "it was stopped at least once");
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_are_renewed_before_they_grow_old() {
    // One download at a time, 30 ms each: the last of a batch of addresses waits longer than addresses live.
    let short = SimulatorConfig { url_lifetime: Duration::from_millis(900), latency: Duration::from_millis(30), ..config() };
    let one_at_a_time = OptionChanges { jobs: Some(1), ..OptionChanges::default() };
    let mut account = Account::with(short, account(photos(60), vec![]), one_at_a_time).await;
    account.patience.url_age = Duration::from_millis(500);
    account.sync().await.complete();
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_run_asks_for_nothing_new_and_goes_on_where_it_was() {
    let slow = SimulatorConfig { latency: Duration::from_millis(20), ..config() };
    let few_at_a_time = OptionChanges { jobs: Some(4), ..OptionChanges::default() };
    let account = Account::with(slow, account(photos(120), vec![]), few_at_a_time).await;
    let control = photokeep_sync::Control::default();
    let pausing = async {
        while account.control.counts().media < 20 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        control.pause.pause();
        // What was under way ends in this time.
        tokio::time::sleep(Duration::from_millis(300)).await;
        let held = account.control.counts();
        assert!(held.media < 120, "it was paused in the middle");
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(account.control.counts(), held, "requests while paused");
        control.pause.resume();
    };
    let (ran, ()) = tokio::join!(account.sync_with(Filter::default(), OptionChanges::default(), control.clone()), pausing);
    let heard = ran.heard.clone();
    ran.complete();
    account.assert_complete();
    // What a window shows as it arrives can be asked for by its number at once.
    let library = account.library();
    let stored = heard.stored.lock().unwrap();
    assert_eq!(stored.len(), 120);
    for (file, path) in stored.iter() {
        assert_eq!(library.catalog.file(*file).unwrap().unwrap().path.as_ref(), Some(path));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_paused_from_its_start_lists_nothing_and_can_be_stopped() {
    let account = Account::of(photos(3), vec![]).await;
    let control = photokeep_sync::Control::default();
    control.pause.pause();
    let before = account.control.counts();
    let stopping = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(account.control.counts(), before);
        control.cancel.cancel();
    };
    let (ran, ()) = tokio::join!(account.sync_with(Filter::default(), OptionChanges::default(), control.clone()), stopping);
    assert_eq!(ran.code(), Some(Code::Cancelled));
}
