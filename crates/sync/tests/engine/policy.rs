//! The rules since 31 March 2025: only own uploads, no shared albums. Said plainly, and nothing is concluded from it.

use photokeep_google::{LibraryApi, Session, TokenStore, api_client};
use photokeep_model::Filter;
use photokeep_simulator::photo_library::{SimAlbum, SimItem};
use photokeep_simulator::{Policy, SimulatorConfig};
use photokeep_sync::sources::library_api::LibraryApiSource;
use std::sync::Arc;

use crate::harness::{Account, config, endpoints, says};
use crate::items::{account, album, photos, shared_album};

fn after() -> SimulatorConfig {
    SimulatorConfig { policy: Policy::After, ..config() }
}

/// Six photos, of which the app uploaded three, in albums of both sorts.
fn mixed() -> photokeep_simulator::PhotoLibrary {
    let items = photos(6).into_iter().enumerate().map(|(n, item)| SimItem { app_created: n % 2 == 0, ..item }).collect();
    let made = SimAlbum { app_created: true, ..album("made", "Made here", &["p000", "p002"]) };
    account(items, vec![made, album("theirs", "Made elsewhere", &["p001"]), shared_album("s", "Shared", &["p003"])])
}

#[tokio::test(flavor = "multi_thread")]
async fn only_own_uploads_come_and_it_is_said() {
    let account = Account::with(after(), mixed(), Default::default()).await;
    let ran = account.sync().await;
    assert!(says(&ran.receipt, "uploaded"), "{:?}", ran.receipt);
    let receipt = ran.done();
    assert_eq!((receipt.listed, receipt.added, receipt.albums, receipt.links_made), (3, 3, 1, 2));
    assert_eq!(account.entries(&account.folder("Made here")).len(), 2);
    assert_eq!(account.control.counts().refused, 0, "nothing was asked for that is not granted");
    assert_eq!(account.control.violations(), []);
    assert_eq!(account.sync().await.done().added, 0);
    account.sync_only(Filter { no_videos: true, ..Filter::default() }).await.done();
}

#[tokio::test(flavor = "multi_thread")]
async fn shared_albums_that_are_refused_are_a_note_and_not_an_end() {
    let mut account = Account::with(after(), mixed(), Default::default()).await;
    // A sign-in from before: it asked for the whole library, and Google took shared albums away since.
    let library = account.library().id().to_owned();
    let file = account.home.path().join("sign-ins").join(format!("{library}.json"));
    let mut sign_in: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    sign_in["asked"] = "whole-library".into();
    std::fs::write(&file, serde_json::to_vec(&sign_in).unwrap()).unwrap();
    let store = TokenStore::new(account.home.path(), &library, false);
    let session = Session::open(api_client().unwrap(), &endpoints(&account.simulator), store).unwrap();
    let api = LibraryApi::new(api_client().unwrap(), &endpoints(&account.simulator), Arc::new(session));
    account.source = Arc::new(LibraryApiSource::new(api, crate::harness::patience().idle).unwrap());
    let receipt = account.sync().await.done();
    assert!(says(&receipt, "shared albums"), "{receipt:?}");
    assert_eq!((receipt.listed, receipt.added, receipt.albums), (3, 3, 1));
    assert_eq!(account.control.violations(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_sign_in_with_fewer_rights_cannot_see_is_not_gone() {
    let mut account = Account::with(config(), mixed(), Default::default()).await;
    account.sync().await.complete();
    account.sign_in_again(photokeep_google::Scopes::OwnUploads).await;
    let ran = account.sync().await;
    assert_eq!(ran.code(), Some(photokeep_model::Code::AccessRefused), "{:?}", ran.receipt);
    assert!(!ran.receipt.complete);
    assert_eq!(ran.receipt.absent, 0, "nothing is concluded about what is out of sight");
    let gate = account.gate(&Default::default(), photokeep_sync::Control::default());
    let refused = photokeep_sync::plan_removal(&mut account.library(), account.source.as_ref(), &gate).await;
    assert!(refused.is_err(), "and nothing can be pruned because of it");
    account.sign_in_again(photokeep_google::Scopes::WholeLibrary).await;
    account.sync().await.complete();
    account.assert_complete();
}
