//! Who may see what: tokens, scopes, and the policy of 31 March 2025 (`google-apis.md` 1).

use std::time::Duration;

use photokeep_simulator::{Policy, SimulatorConfig, ViolationKind};
use reqwest::StatusCode;

use crate::world::{Account, album, answer, client, ids, photos};

fn after() -> SimulatorConfig {
    SimulatorConfig { policy: Policy::After, ..SimulatorConfig::default() }
}

fn library() -> photokeep_simulator::PhotoLibrary {
    let mut library = photos(10);
    library.albums = vec![album("a", &[1, 2, 3], false), album("s", &[4], true)];
    library
}

#[tokio::test]
async fn no_wrong_and_expired_tokens_are_unauthenticated() {
    let account = Account::of(library()).await;
    let url = format!("{}/v1/mediaItems", account.library);
    for token in [None, Some("nonsense")] {
        let (status, error) = answer(client(token).get(&url).send().await.unwrap()).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert_eq!(error["error"]["status"], "UNAUTHENTICATED");
    }
    account.control.advance(Duration::from_secs(3600));
    assert_eq!(account.get("/v1/mediaItems").await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_token_in_the_address_works_and_is_a_violation() {
    let account = Account::of(library()).await;
    let token = account.control.issue_token(crate::world::READ).access_token;
    let url = format!("{}/v1/mediaItems?access_token={token}", account.library);
    assert_eq!(client(None).get(url).send().await.unwrap().status(), StatusCode::OK);
    assert_eq!(account.violations(), [ViolationKind::TokenInQuery]);
    assert!(!account.control.violations()[0].detail.contains(&token));
}

#[tokio::test]
async fn scopes_decide_what_is_answered() {
    let account = Account::with(SimulatorConfig::default(), library(), &["photoslibrary.appendonly"]).await;
    let (status, error) = account.get("/v1/mediaItems").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(error["error"]["message"], "Request had insufficient authentication scopes.");
    let own = Account::with(SimulatorConfig::default(), library(), &["photoslibrary.readonly.appcreateddata"]).await;
    assert_eq!(ids(&own.get("/v1/mediaItems").await.1).len(), 5, "only what the client made");
    let plain = Account::with(SimulatorConfig::default(), library(), &["photoslibrary.readonly"]).await;
    let (_, shared) = plain.get("/v1/sharedAlbums").await;
    assert!(shared["sharedAlbums"][0].get("shareInfo").is_none(), "needs the sharing scope");
}

#[tokio::test]
async fn since_march_2025_removed_scopes_and_shared_albums_are_refused() {
    let old = Account::with(after(), library(), &["photoslibrary.readonly", "photoslibrary.sharing", "photoslibrary"]).await;
    for path in ["/v1/mediaItems", "/v1/albums", "/v1/sharedAlbums", "/v1/mediaItems/item-00002"] {
        let (status, error) = old.get(path).await;
        assert_eq!((status, &error["error"]["status"]), (StatusCode::FORBIDDEN, &"PERMISSION_DENIED".into()), "{path}");
    }
    let new = Account::with(after(), library(), &["photoslibrary.readonly.appcreateddata"]).await;
    assert_eq!(ids(&new.get("/v1/mediaItems").await.1).len(), 5);
    assert_eq!(new.get("/v1/mediaItems/item-00001").await.0, StatusCode::NOT_FOUND, "not made by the client");
    assert_eq!(new.get("/v1/sharedAlbums").await.0, StatusCode::FORBIDDEN);
    let (_, found) = new.search(serde_json::json!({"albumId": "a"})).await;
    assert_eq!(ids(&found), ["item-00002"]);
}

#[tokio::test]
async fn a_client_without_a_name_is_written_down() {
    let account = Account::of(library()).await;
    let nameless = reqwest::Client::builder().no_proxy().build().unwrap();
    nameless.get(format!("{}/v1/mediaItems", account.library)).send().await.unwrap();
    assert_eq!(account.violations(), [ViolationKind::MissingUserAgent]);
}

#[tokio::test]
async fn too_many_listings_at_once_are_written_down() {
    let config = SimulatorConfig { max_parallel_listings: 2, latency: Duration::from_millis(100), ..SimulatorConfig::default() };
    let account = Account::with(config, library(), crate::world::READ).await;
    let ask = || account.get("/v1/mediaItems");
    futures::future::join_all([ask(), ask()]).await;
    assert_eq!(account.violations(), []);
    futures::future::join_all([ask(), ask(), ask()]).await;
    assert_eq!(account.violations(), [ViolationKind::TooManyParallelListings]);
}
