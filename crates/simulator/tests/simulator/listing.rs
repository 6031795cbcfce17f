//! Listing, searching, batches and albums (`google-apis.md` 2).

use photokeep_simulator::{Simulator, SimulatorConfig, ViolationKind};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::world::{Account, album, ids, photo, photos, video};

async fn walk(account: &Account, size: usize) -> Vec<Vec<String>> {
    let (mut pages, mut token) = (Vec::new(), String::new());
    loop {
        let (status, page) = account.get(&format!("/v1/mediaItems?pageSize={size}&pageToken={token}")).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        pages.push(ids(&page));
        match page["nextPageToken"].as_str() {
            Some(next) => token = next.to_owned(),
            None => return pages,
        }
    }
}

#[tokio::test]
async fn a_listing_gives_every_item_once_newest_first() {
    let account = Account::of(photos(95)).await;
    let pages = walk(&account, 10).await;
    assert_eq!(pages.len(), 10);
    let expected: Vec<String> = (0..95).rev().map(|number| format!("item-{number:05}")).collect();
    assert_eq!(pages.concat(), expected);
    assert_eq!(account.control.counts().list, 10);
    assert_eq!(account.violations(), []);
}

#[tokio::test]
async fn an_empty_account_has_no_list_at_all() {
    let account = Account::of(photos(0)).await;
    assert_eq!(account.get("/v1/mediaItems").await, (StatusCode::OK, json!({})));
    assert_eq!(account.get("/v1/albums").await, (StatusCode::OK, json!({})));
}

#[tokio::test]
async fn page_sizes_have_defaults_and_are_coerced() {
    let account = Account::of(photos(150)).await;
    assert_eq!(ids(&account.get("/v1/mediaItems").await.1).len(), 25);
    assert_eq!(account.violations(), []);
    assert_eq!(ids(&account.get("/v1/mediaItems?pageSize=5000").await.1).len(), 100);
    assert_eq!(account.violations(), [ViolationKind::PageSizeOverMaximum]);
    assert_eq!(account.get("/v1/mediaItems?pageSize=-1").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(account.get("/v1/mediaItems?pageSize=many").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(account.get("/v1/mediaItems?pagesize=5").await.0, StatusCode::BAD_REQUEST, "unknown parameter");
}

#[tokio::test]
async fn a_page_token_with_other_parameters_is_refused_in_googles_words() {
    let account = Account::of(photos(50)).await;
    let (_, page) = account.get("/v1/mediaItems?pageSize=10").await;
    let token = page["nextPageToken"].as_str().unwrap();
    let (status, error) = account.get(&format!("/v1/mediaItems?pageSize=11&pageToken={token}")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        error,
        json!({"error": {"code": 400, "status": "INVALID_ARGUMENT",
            "message": "When using a page token, you must use the same parameters as the previous request."}})
    );
    assert_eq!(account.search(json!({"pageSize": 10, "pageToken": token})).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(account.get("/v1/mediaItems?pageSize=10&pageToken=nonsense").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(account.violations(), [ViolationKind::BadPageToken; 3]);
}

#[tokio::test]
async fn items_have_the_fields_and_types_of_section_2_3() {
    let mut items = vec![photo(0), video(1, photokeep_simulator::photo_library::VideoStatus::Ready)];
    items[0].description = Some("a \"quoted\" word".to_owned());
    items[0].camera_make = Some("Maker".to_owned());
    let account = Account::of(photokeep_simulator::PhotoLibrary { items, albums: Vec::new() }).await;
    let (_, page) = account.get("/v1/mediaItems").await;
    let (film, still) = (&page["mediaItems"][0], &page["mediaItems"][1]);
    assert_eq!(still["description"], "a \"quoted\" word");
    assert_eq!(still["mediaMetadata"]["width"], "64", "64-bit numbers are strings");
    assert_eq!(still["mediaMetadata"]["creationTime"], "2020-01-01T00:00:00Z");
    assert_eq!(still["mediaMetadata"]["photo"], json!({"cameraMake": "Maker"}));
    assert!(still["mediaMetadata"].get("video").is_none());
    assert_eq!(film["mediaMetadata"]["video"]["status"], "READY");
    assert!(film.get("description").is_none());
    assert!(film["baseUrl"].as_str().unwrap().starts_with(&account.library));
}

#[tokio::test]
async fn search_filters_and_refuses_what_section_2_2_forbids() {
    let account = Account::of(photos(40)).await;
    let january = json!({"filters": {"dateFilter": {"ranges": [
        {"startDate": {"year": 2020, "month": 1, "day": 1}, "endDate": {"year": 2020, "month": 1, "day": 31}}]}},
        "pageSize": 100, "pageToken": null});
    assert_eq!(ids(&account.search(january).await.1).len(), 31);
    assert_eq!(
        account.search(json!({"albumId": "x", "filters": {"includeArchivedMedia": true}})).await.0,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(account.search(json!({"orderBy": "MediaMetadata.creation_time"})).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(account.search(json!({"nonsense": 1})).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(account.search(Value::Null).await.0, StatusCode::BAD_REQUEST, "null is no message");
    assert_eq!(account.search(json!({"albumId": "nowhere"})).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn albums_give_their_items_in_album_order_archived_and_foreign_ones_included() {
    let mut library = photos(6);
    library.items[2].archived = true;
    library.items[3].in_library = false;
    library.albums = vec![album("a", &[1, 5, 2, 3], false), album("s", &[3, 4], true), album("empty", &[], false)];
    let account = Account::of(library).await;
    assert_eq!(walk(&account, 100).await.concat(), ["item-00005", "item-00004", "item-00001", "item-00000"]);
    let (_, found) = account.search(json!({"albumId": "a", "pageSize": 100})).await;
    assert_eq!(ids(&found), ["item-00001", "item-00005", "item-00002", "item-00003"]);
    assert_eq!(found["mediaItems"][0]["productUrl"], "https://photos.google.com/lr/album/a/photo/item-00001");
    assert_eq!(found["mediaItems"][3]["contributorInfo"]["displayName"], "A friend");
    let (_, own) = account.get("/v1/albums").await;
    assert_eq!(own["albums"][0]["mediaItemsCount"], "4");
    assert_eq!(own["albums"][0]["coverPhotoMediaItemId"], "item-00001");
    assert_eq!(own["albums"][1]["id"], "empty");
    assert!(own["albums"][1].get("mediaItemsCount").is_none());
    let (_, shared) = account.get("/v1/sharedAlbums").await;
    assert_eq!(shared["sharedAlbums"].as_array().unwrap().len(), 1);
    let token = shared["sharedAlbums"][0]["shareInfo"]["shareToken"].as_str().unwrap();
    assert_eq!(account.get(&format!("/v1/sharedAlbums/{token}")).await.1["id"], "s");
    assert_eq!(account.get("/v1/albums/a").await.1["title"], "Album a");
    assert_eq!(account.get("/v1/albums/nowhere").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn batches_answer_in_order_and_are_strict() {
    let account = Account::of(photos(60)).await;
    let ask = |ids: Vec<String>| {
        let query: Vec<String> = ids.iter().map(|id| format!("mediaItemIds={id}")).collect();
        format!("/v1/mediaItems:batchGet?{}", query.join("&"))
    };
    let (status, found) = account.get(&ask(vec!["item-00007".into(), "gone".into(), "item-00003".into()])).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(found["mediaItemResults"][0]["mediaItem"]["id"], "item-00007");
    assert_eq!(found["mediaItemResults"][1], json!({"status": {"code": 3, "message": "Invalid media item ID."}}));
    assert_eq!(found["mediaItemResults"][2]["mediaItem"]["id"], "item-00003");
    let all = (0..51).map(|number| format!("item-{number:05}")).collect();
    assert_eq!(account.get(&ask(all)).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(account.get(&ask(vec!["item-00001".into(), "item-00001".into()])).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(account.get("/v1/mediaItems:batchGet").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(account.violations(), [ViolationKind::BatchTooLarge, ViolationKind::BatchRepeatedIds, ViolationKind::BatchEmpty]);
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_not_found() {
    let account = Account::of(photos(1)).await;
    assert_eq!(account.get("/v1/mediaItems/nowhere").await.0, StatusCode::NOT_FOUND);
    assert_eq!(account.get("/v1/nothing").await.0, StatusCode::NOT_FOUND);
    let delete = account.http.delete(format!("{}/v1/mediaItems/item-00000", account.library));
    assert_eq!(delete.send().await.unwrap().status(), StatusCode::NOT_FOUND);
    let picker = account.http.post(format!("{}/v1/sessions", account.simulator.endpoints().picker));
    assert_eq!(picker.send().await.unwrap().status(), StatusCode::NOT_IMPLEMENTED);
}

#[tokio::test]
async fn a_changed_library_is_listed_as_it_is_now() {
    let account = Account::of(photos(3)).await;
    assert_eq!(walk(&account, 10).await.concat().len(), 3);
    account.control.add_item(photo(9)).unwrap();
    assert!(account.control.remove_item("item-00001"));
    assert!(account.control.change_item("item-00000", |item| item.filename = Some("new.jpg".to_owned())));
    assert_eq!(walk(&account, 10).await.concat(), ["item-00009", "item-00002", "item-00000"]);
    assert_eq!(account.get("/v1/mediaItems/item-00000").await.1["filename"], "new.jpg");
    assert!(account.control.add_item(photo(9)).is_err());
}

#[tokio::test]
async fn a_listing_goes_on_after_its_last_item_when_the_library_changes_meanwhile() {
    let account = Account::of(photos(20)).await;
    let (_, first) = account.get("/v1/mediaItems?pageSize=10").await;
    account.control.add_item(photo(30)).unwrap();
    account.control.remove_item("item-00019");
    let token = first["nextPageToken"].as_str().unwrap();
    let (_, second) = account.get(&format!("/v1/mediaItems?pageSize=10&pageToken={token}")).await;
    let rest: Vec<String> = (0..10).rev().map(|number| format!("item-{number:05}")).collect();
    assert_eq!(ids(&second), rest);
}

#[tokio::test]
async fn an_expired_page_token_is_refused() {
    let config = SimulatorConfig { page_token_lifetime: Some(std::time::Duration::from_secs(60)), ..SimulatorConfig::default() };
    let account = Account::with(config, photos(20), crate::world::READ).await;
    let (_, first) = account.get("/v1/mediaItems?pageSize=10").await;
    let next = format!("/v1/mediaItems?pageSize=10&pageToken={}", first["nextPageToken"].as_str().unwrap());
    assert_eq!(account.get(&next).await.0, StatusCode::OK);
    account.control.advance(std::time::Duration::from_secs(61));
    assert_eq!(account.get(&next).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_library_that_contradicts_itself_does_not_start() {
    let mut library = photos(1);
    library.albums = vec![album("a", &[7], false)];
    assert!(Simulator::start(SimulatorConfig::default(), library).await.is_err());
}

#[tokio::test]
async fn the_discovery_document_leads_to_this_server() {
    let account = Account::of(photos(1)).await;
    let (status, document) = account.get("/$discovery/rest?version=v1").await;
    assert_eq!(status, StatusCode::OK);
    let base = document["baseUrl"].as_str().unwrap();
    let path = document["resources"]["mediaItems"]["methods"]["list"]["path"].as_str().unwrap();
    let found = account.http.get(format!("{base}{path}?pageSize=1")).send().await.unwrap();
    assert_eq!(found.status(), StatusCode::OK);
}
