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

/// The headers of an answer to a request of a transfer.
async fn transfer(
    account: &Account,
    address: &str,
    headers: &[(&str, String)],
    body: Vec<u8>,
) -> (StatusCode, String, Vec<String>) {
    let mut request = account.http.post(address);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let response = request.body(body).send().await.unwrap();
    let told = ["x-goog-upload-status", "x-goog-upload-size-received", "x-goog-upload-url"];
    let told = told.map(|name| response.headers().get(name).map_or(String::new(), |value| value.to_str().unwrap().to_owned()));
    (response.status(), response.text().await.unwrap(), told.into())
}

async fn begin(account: &Account, size: usize) -> String {
    let headers = [
        ("X-Goog-Upload-Command", "start".to_owned()),
        ("X-Goog-Upload-Protocol", "resumable".to_owned()),
        ("X-Goog-Upload-Content-Type", "image/jpeg".to_owned()),
        ("X-Goog-Upload-Raw-Size", size.to_string()),
    ];
    let (status, _, told) = transfer(account, &account.simulator.endpoints().upload, &headers, Vec::new()).await;
    assert_eq!((status, told[0].as_str()), (StatusCode::OK, "active"));
    told[2].clone()
}

fn at(command: &str, offset: usize) -> [(&'static str, String); 2] {
    [("X-Goog-Upload-Command", command.to_owned()), ("X-Goog-Upload-Offset", offset.to_string())]
}

#[tokio::test]
async fn a_transfer_comes_in_chunks_and_says_how_far_it_is() {
    let account = account().await;
    let bytes = generate::filler(3, 600 << 10);
    let address = begin(&account, bytes.len()).await;
    let chunk = 512 << 10;
    assert_eq!(transfer(&account, &address, &at("upload", 0), bytes[..chunk].to_vec()).await.0, StatusCode::OK);
    let (_, _, told) = transfer(&account, &address, &at("query", 0)[..1], Vec::new()).await;
    assert_eq!(told[..2], ["active".to_owned(), chunk.to_string()]);
    let (status, token, told) = transfer(&account, &address, &at("upload, finalize", chunk), bytes[chunk..].to_vec()).await;
    assert_eq!((status, told[0].as_str()), (StatusCode::OK, "final"));
    let (_, result) = post(&account, "/v1/mediaItems:batchCreate", json!({"newMediaItems": [item(&token, "a.jpg")]})).await;
    let id = result["newMediaItemResults"][0]["mediaItem"]["id"].as_str().unwrap().to_owned();
    assert_eq!(account.control.uploaded_bytes(&id).unwrap(), bytes);
    assert_eq!(account.control.violations(), []);
}

#[tokio::test]
async fn bytes_for_another_place_are_refused_and_noted() {
    let account = account().await;
    let address = begin(&account, 1 << 20).await;
    for (offset, command, length) in [(5, "upload", 256 << 10), (0, "upload", 1_000), (1_000, "upload, finalize", 3)] {
        let (status, ..) = transfer(&account, &address, &at(command, offset), vec![1; length]).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{command} at {offset}");
    }
    assert_eq!(account.violations(), [photokeep_simulator::ViolationKind::BadUpload; 3]);
    let nowhere = address.replace("upload_id=", "upload_id=x");
    assert_eq!(transfer(&account, &nowhere, &at("query", 0)[..1], Vec::new()).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_known_of_a_picture_is_read_from_it_and_text_is_no_picture() {
    let account = account().await;
    let recipe = generate::PictureRecipe {
        seed: 4,
        width: 120,
        height: 80,
        taken: crate::world::day(3).unwrap(),
        offset_seconds: 3600,
        place: None,
        camera: ("Canon", "EOS R6"),
        caption: None,
    };
    let (_, token) = upload(&account, generate::picture(&recipe)).await;
    let (_, text) = upload(&account, b"no picture".to_vec()).await;
    let both = json!({"newMediaItems": [item(&token, "a.jpg"), item(&text, "b.jpg")]});
    let (_, result) = post(&account, "/v1/mediaItems:batchCreate", both).await;
    let metadata = &result["newMediaItemResults"][0]["mediaItem"]["mediaMetadata"];
    assert_eq!(metadata["creationTime"], "2020-01-04T00:00:00Z");
    assert_eq!((&metadata["width"], &metadata["height"]), (&json!("120"), &json!("80")));
    assert_eq!(result["newMediaItemResults"][1]["status"]["code"], 3);
}
