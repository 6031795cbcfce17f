//! Bytes to a token, tokens to items, new albums (`google-apis.md` 2.6, 2.7).

use photokeep_simulator::{SimulatorConfig, generate};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::world::{Account, answer, photos};

const WRITE: &[&str] = &["photoslibrary.appendonly", "photoslibrary.readonly.appcreateddata"];

async fn account() -> Account {
    Account::with(SimulatorConfig::default(), photos(0), WRITE).await
}

async fn post(account: &Account, path: &str, body: Value) -> (StatusCode, Value) {
    let request = account.http.post(format!("{}{path}", account.library)).body(body.to_string());
    answer(request.send().await.unwrap()).await
}

async fn upload(account: &Account, bytes: Vec<u8>) -> (StatusCode, String) {
    let response = account.http.post(account.simulator.endpoints().upload).body(bytes).send().await.unwrap();
    (response.status(), response.text().await.unwrap())
}

fn item(token: &str, name: &str) -> Value {
    json!({"description": "mine", "simpleMediaItem": {"uploadToken": token, "fileName": name}})
}

#[tokio::test]
async fn an_uploaded_photo_can_be_listed_and_fetched() {
    let account = account().await;
    let bytes = generate::filler(1, 3000);
    let (status, token) = upload(&account, bytes.clone()).await;
    assert_eq!(status, StatusCode::OK);
    let (_, album) = post(&account, "/v1/albums", json!({"album": {"title": "Mine"}})).await;
    assert_eq!(album["isWriteable"], true);
    let body = json!({"albumId": album["id"], "newMediaItems": [item(&token, "a.jpg")]});
    let (status, result) = post(&account, "/v1/mediaItems:batchCreate", body).await;
    assert_eq!(status, StatusCode::OK, "{result}");
    let made = &result["newMediaItemResults"][0];
    assert_eq!(made["uploadToken"], token);
    assert_eq!(made["mediaItem"]["filename"], "a.jpg");
    let (_, listed) = account.get("/v1/mediaItems").await;
    assert_eq!(listed["mediaItems"][0]["id"], made["mediaItem"]["id"]);
    assert_eq!(account.get("/v1/albums").await.1["albums"][0]["mediaItemsCount"], "1");
    let url = format!("{}=d", listed["mediaItems"][0]["baseUrl"].as_str().unwrap());
    let fetched = crate::world::client(None).get(url).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(fetched, bytes);
}

#[tokio::test]
async fn identical_bytes_become_one_item_that_keeps_its_first_name() {
    let account = account().await;
    for name in ["first.jpg", "second.jpg"] {
        let (_, token) = upload(&account, generate::filler(1, 3000)).await;
        let (_, result) = post(&account, "/v1/mediaItems:batchCreate", json!({"newMediaItems": [item(&token, name)]})).await;
        assert_eq!(result["newMediaItemResults"][0]["mediaItem"]["filename"], "first.jpg");
    }
    assert_eq!(account.control.library().items.len(), 1);
}

#[tokio::test]
async fn what_cannot_become_an_item_is_refused() {
    let account = account().await;
    let (status, body) = upload(&account, Vec::new()).await;
    assert_eq!((status, body.as_str()), (StatusCode::BAD_REQUEST, r#"{"code":3,"message":"Payload must not be empty"}"#));
    let create = async |body| post(&account, "/v1/mediaItems:batchCreate", body).await;
    assert_eq!(create(json!({"newMediaItems": []})).await.0, StatusCode::BAD_REQUEST);
    let many: Vec<Value> = (0..51).map(|_| item("x", "x.jpg")).collect();
    assert_eq!(create(json!({"newMediaItems": many})).await.0, StatusCode::BAD_REQUEST);
    let (status, unknown) = create(json!({"newMediaItems": [item("unknown", "x.jpg")]})).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(unknown["newMediaItemResults"][0]["status"]["code"], 3);
    let placed = json!({"newMediaItems": [item("x", "x.jpg")], "albumPosition": {"position": "FIRST_IN_ALBUM"}});
    assert_eq!(create(placed).await.0, StatusCode::BAD_REQUEST);
    let reader = Account::of(photos(0)).await;
    assert_eq!(upload(&reader, vec![1]).await.0, StatusCode::FORBIDDEN, "needs the scope for it");
}
