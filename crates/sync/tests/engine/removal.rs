//! What is no longer in Google Photos: shown, and removed only on the user's word.

use std::sync::Arc;

use chrono::Utc;
use photokeep_model::{Code, Filter};
use photokeep_simulator::{Fault, FaultRule, Place};
use photokeep_sync::{PrunePlan, plan_removal, remove};
use tokio_util::sync::CancellationToken;

use crate::harness::{Account, Heard};
use crate::items::{album, photos, shared_album};

async fn plan(account: &Account) -> photokeep_model::Result<PrunePlan> {
    let gate = account.gate(&Arc::new(Heard::default()), CancellationToken::new());
    plan_removal(&mut account.library(), account.source.as_ref(), &gate).await
}

fn paths(plan: &PrunePlan) -> Vec<&str> {
    plan.files.iter().map(|file| file.path.as_deref().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_removed_in_google_photos_is_shown_and_stays() {
    let account = Account::of(photos(30), vec![album("a", "A", &["p002", "p003"])]).await;
    account.sync().await.complete();
    let (path, bytes) = (account.path("p003"), account.control.served_bytes("p003").unwrap());
    account.control.remove_item("p003");
    for _ in 0..2 {
        let receipt = account.sync().await.complete();
        assert_eq!((receipt.absent, receipt.already), (1, 29));
        assert!(std::fs::read(account.root.join(&path)).unwrap() == bytes);
        assert_eq!(account.library().catalog.standing().unwrap().files, 30);
    }
    assert_eq!(account.entries(&account.folder("A")).len(), 1, "it is no longer in its album");
    assert!(account.library().catalog.trash().unwrap().is_empty());
    assert_eq!(account.control.violations(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn pruning_moves_to_the_trash_and_a_tombstone_keeps_it_from_coming_back() {
    let account = Account::of(photos(30), vec![]).await;
    account.sync().await.complete();
    let (path, bytes) = (account.path("p003"), account.control.served_bytes("p003").unwrap());
    let item = account.control.library().items.into_iter().find(|item| item.id == "p003").unwrap();
    account.control.remove_item("p003");
    account.sync().await.complete();
    let planned = plan(&account).await.unwrap();
    assert_eq!(paths(&planned), [path.as_str()]);
    assert_eq!(planned.bytes, bytes.len() as u64);
    assert!(account.root.join(&path).exists(), "a plan moves nothing");
    assert_eq!(remove(&mut account.library(), &planned, Utc::now()).unwrap().moved, 1);
    assert!(!account.root.join(&path).exists());
    let trash = account.library().catalog.trash().unwrap();
    assert_eq!(trash.len(), 1);
    assert!(std::fs::read(account.root.join(&trash[0].trash_path)).unwrap() == bytes);
    account.assert_complete();
    // It comes back at Google; here it stays removed.
    account.control.add_item(item).unwrap();
    let media = account.control.counts().media;
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.added, receipt.absent), (0, 0));
    assert_eq!(account.control.counts().media, media);
    account.assert_kept_but(&["p003"]);
    // Until the user brings it back.
    assert_eq!(account.library().restore_from_trash(|_| true).unwrap(), [(path.clone(), path.clone())]);
    account.sync().await.complete();
    assert_eq!(account.path("p003"), path);
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emptied_trash_does_not_bring_its_items_back() {
    let account = Account::of(photos(10), vec![]).await;
    account.sync().await.complete();
    let item = account.control.library().items.into_iter().find(|item| item.id == "p003").unwrap();
    account.control.remove_item("p003");
    account.sync().await.complete();
    let planned = plan(&account).await.unwrap();
    remove(&mut account.library(), &planned, Utc::now()).unwrap();
    assert_eq!(account.library().empty_trash().unwrap().files, 1);
    account.control.add_item(item).unwrap();
    assert_eq!(account.sync().await.complete().added, 0);
    account.assert_kept_but(&["p003"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn pruning_needs_a_whole_and_checked_listing() {
    let account = Account::of(photos(150), vec![]).await;
    account.sync().await.complete();
    account.control.remove_item("p003");
    account.sync_only(Filter { no_videos: true, ..Filter::default() }).await.done();
    assert_eq!(plan(&account).await.unwrap_err().code, Code::Usage, "a filtered listing is no ground");
    account.fault(FaultRule::new(Place::List, Fault::ShortListing));
    account.sync().await.not_whole();
    assert_eq!(plan(&account).await.unwrap_err().code, Code::Usage, "a short listing is no ground");
    account.next_day();
    account.fault(FaultRule::new(Place::List, Fault::QuotaDay).nth(2));
    assert_eq!(account.sync().await.code(), Some(Code::Quota));
    assert_eq!(plan(&account).await.unwrap_err().code, Code::Usage, "a listing that was cut off is no ground");
    account.next_day();
    account.sync().await.complete();
    assert_eq!(plan(&account).await.unwrap().files.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pruning_asks_once_more_for_what_came_back_meanwhile() {
    let account = Account::of(photos(10), vec![]).await;
    account.sync().await.complete();
    let item = account.control.library().items.into_iter().find(|item| item.id == "p003").unwrap();
    account.control.remove_item("p003");
    account.control.remove_item("p004");
    account.sync().await.complete();
    account.control.add_item(item).unwrap();
    let planned = plan(&account).await.unwrap();
    assert_eq!((planned.files.len(), planned.back), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_google_cannot_speak_about_is_neither_gone_nor_an_end() {
    let account = Account::of(photos(10), vec![]).await;
    account.sync().await.complete();
    account.control.change_item("p003", |item| item.in_library = false);
    account.fault(FaultRule::new(Place::BatchGet, Fault::Internal).item("p003"));
    account.fault(FaultRule::new(Place::Get, Fault::Internal).item("p003"));
    let receipt = account.sync().await.done();
    assert_eq!(receipt.absent, 0);
    assert!(account.root.join(account.path("p003")).exists());
    assert!(plan(&account).await.map_or(true, |planned| planned.files.is_empty()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_was_archived_is_not_gone() {
    let account = Account::of(photos(30), vec![]).await;
    account.sync().await.complete();
    account.control.change_item("p003", |item| item.archived = true);
    for _ in 0..2 {
        assert_eq!(account.sync().await.complete().absent, 0);
    }
    assert!(plan(&account).await.unwrap().files.is_empty());
    assert!(account.root.join(account.path("p003")).exists());
    assert_eq!(account.control.violations(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_of_a_shared_album_that_was_left_is_not_gone_while_google_has_it() {
    let mut items = photos(5);
    items[1].in_library = false;
    let account = Account::of(items, vec![shared_album("s", "Shared", &["p001"])]).await;
    account.sync().await.complete();
    account.control.remove_album("s");
    assert_eq!(account.sync().await.complete().absent, 0);
    assert!(account.root.join(account.path("p001")).exists());
    account.control.remove_item("p001");
    assert_eq!(account.sync().await.complete().absent, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_changed_here_is_left_alone_and_named() {
    let account = Account::of(photos(30), vec![]).await;
    account.sync().await.complete();
    let [edited, touched, late] = ["p003", "p004", "p005"].map(|id| (id, account.root.join(account.path(id))));
    for (id, _) in [&edited, &touched, &late] {
        account.control.remove_item(id);
    }
    account.sync().await.complete();
    // Other bytes of the same length with the same time; the same bytes with another time.
    let time = std::fs::metadata(&edited.1).unwrap().modified().unwrap();
    let mut bytes = std::fs::read(&edited.1).unwrap();
    bytes.push(1);
    std::fs::write(&edited.1, &bytes).unwrap();
    std::fs::File::options().write(true).open(&edited.1).unwrap().set_modified(time).unwrap();
    std::fs::File::options().write(true).open(&touched.1).unwrap().set_modified(std::time::SystemTime::now()).unwrap();
    let planned = plan(&account).await.unwrap();
    let left: Vec<_> = planned.changed.iter().map(|file| account.root.join(file.path.as_deref().unwrap())).collect();
    assert_eq!(left, std::slice::from_ref(&edited.1));
    assert_eq!(planned.files.len(), 2);
    // And one is changed while the person reads the plan.
    std::fs::write(&late.1, "mine").unwrap();
    let pruned = remove(&mut account.library(), &planned, Utc::now()).unwrap();
    assert_eq!((pruned.moved, pruned.receipt.failed_count()), (1, 1));
    assert!(std::fs::read(&edited.1).unwrap() == bytes && std::fs::read(&late.1).unwrap() == b"mine" && !touched.1.exists());
}
