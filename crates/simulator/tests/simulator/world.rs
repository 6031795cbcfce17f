//! What the tests share: a small account, a signed-in client.

use chrono::{DateTime, Utc};
use photokeep_simulator::photo_library::{Content, PhotoLibrary, SimAlbum, SimItem, VideoStatus};
use photokeep_simulator::{Control, Simulator, SimulatorConfig, ViolationKind};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Client, Response, StatusCode};
use serde_json::Value;

pub const READ: &[&str] = &["photoslibrary.readonly", "photoslibrary.sharing"];

pub fn day(day: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(1_577_836_800 + day * 86_400, 0)
}

/// A filler photo taken so many days after 2020-01-01.
pub fn photo(number: usize) -> SimItem {
    SimItem {
        id: format!("item-{number:05}"),
        filename: Some(format!("IMG_{number:05}.JPG")),
        mime_type: "image/jpeg".to_owned(),
        creation_time: day(number as i64),
        width: 64,
        height: 48,
        description: None,
        camera_make: None,
        camera_model: None,
        video: None,
        favorite: false,
        archived: false,
        categories: Vec::new(),
        in_library: true,
        app_created: number.is_multiple_of(2),
        content: Content::Filler { seed: number as u64, size: 5_000 },
    }
}

pub fn video(number: usize, status: VideoStatus) -> SimItem {
    SimItem {
        filename: Some(format!("VID_{number:05}.MP4")),
        mime_type: "video/mp4".to_owned(),
        video: Some(status),
        ..photo(number)
    }
}

pub fn album(id: &str, items: &[usize], shared: bool) -> SimAlbum {
    SimAlbum {
        id: id.to_owned(),
        title: Some(format!("Album {id}")),
        items: items.iter().map(|number| format!("item-{number:05}")).collect(),
        own: !shared,
        shared,
        app_created: !shared,
    }
}

pub fn photos(count: usize) -> PhotoLibrary {
    PhotoLibrary { items: (0..count).map(photo).collect(), albums: Vec::new() }
}

/// A running simulator and a client that has signed in.
pub struct Account {
    pub simulator: Simulator,
    pub control: Control,
    pub http: Client,
    pub library: String,
}

impl Account {
    pub async fn with(config: SimulatorConfig, library: PhotoLibrary, scopes: &[&str]) -> Self {
        let simulator = Simulator::start(config, library).await.unwrap();
        let control = simulator.control();
        let library = simulator.endpoints().library;
        let http = client(Some(&control.issue_token(scopes).access_token));
        Self { simulator, control, http, library }
    }

    pub async fn of(library: PhotoLibrary) -> Self {
        Self::with(SimulatorConfig::default(), library, READ).await
    }

    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        answer(self.http.get(format!("{}{path}", self.library)).send().await.unwrap()).await
    }

    pub async fn search(&self, body: Value) -> (StatusCode, Value) {
        // Without a Content-Type, as gphotos-sync does.
        let request = self.http.post(format!("{}/v1/mediaItems:search", self.library)).body(body.to_string());
        answer(request.send().await.unwrap()).await
    }

    /// The first page of 100 items must exist; the address of the item with this number.
    pub async fn base_url(&self, number: usize) -> String {
        let (status, item) = self.get(&format!("/v1/mediaItems/item-{number:05}")).await;
        assert_eq!(status, StatusCode::OK, "{item}");
        item["baseUrl"].as_str().unwrap().to_owned()
    }

    pub fn violations(&self) -> Vec<ViolationKind> {
        self.control.violations().into_iter().map(|violation| violation.kind).collect()
    }
}

pub fn client(token: Option<&str>) -> Client {
    let mut headers = HeaderMap::new();
    if let Some(token) = token {
        headers.insert(AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {token}")).unwrap());
    }
    Client::builder()
        .no_proxy()
        .user_agent("simulator-tests")
        .default_headers(headers)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

/// Status and JSON; `null` where the body is none.
pub async fn answer(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default())
}

/// Ids of the items of a page.
pub fn ids(page: &Value) -> Vec<String> {
    let items = page["mediaItems"].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}
