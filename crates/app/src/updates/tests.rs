#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use photokeep_google::Endpoints;
use photokeep_library::Home;
use photokeep_sync::Patience;
use rstest::rstest;

use super::*;

/// A site that tells of new versions, and an app that may ask it.
struct Site {
    app: App,
    origin: String,
    asked: Arc<AtomicUsize>,
    headers: Arc<Mutex<HeaderMap>>,
    _home: tempfile::TempDir,
}

impl Site {
    /// A site whose file says what `answer` makes of the site's own address.
    async fn answering(answer: impl Fn(&str) -> Response + Clone + Send + Sync + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let (asked, headers) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(HeaderMap::new())));
        let (count, keep, own) = (asked.clone(), headers.clone(), origin.clone());
        let file = get(move |headers: HeaderMap| async move {
            count.fetch_add(1, Ordering::SeqCst);
            *keep.lock().unwrap() = headers;
            answer(&own)
        });
        let moved = get(|| async { (StatusCode::FOUND, [(header::LOCATION, "/latest.json")]) });
        let routes = axum::Router::new().route("/latest.json", file).route("/moved.json", moved);
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        let folder = tempfile::tempdir().unwrap();
        let app = App::new(Home::at(folder.path().to_owned()).unwrap(), Endpoints::default(), false, Patience::default())
            .looking_for_updates_at(&format!("{origin}/latest.json"))
            .unwrap();
        Self { app, origin, asked, headers, _home: folder }
    }

    /// A site that names `version`, with a page of its own.
    async fn naming(version: &'static str) -> Self {
        Self::answering(move |origin| named(version, &format!("{origin}/v{version}"))).await
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn named(version: &str, page: &str) -> Response {
    serde_json::json!({ "version": version, "page": page, "more": [1, 2] }).to_string().into_response()
}

fn now() -> DateTime<Utc> {
    "2026-11-24T08:00:00Z".parse().unwrap()
}

#[tokio::test]
async fn nobody_is_asked_before_the_person_was() {
    let site = Site::naming("99.0.0").await;
    assert_eq!(site.app.updates().automatic, None);
    assert!(!site.app.look_for_update_if_due(now()).await.unwrap());
    site.app.look_for_updates(false).unwrap();
    assert!(!site.app.look_for_update_if_due(now()).await.unwrap());
    assert_eq!((site.asked(), site.app.updates().newer), (0, None));
}

#[tokio::test]
async fn it_is_looked_once_a_week_and_told_until_it_is_put_away() {
    let site = Site::naming("99.0.0").await;
    site.app.look_for_updates(true).unwrap();
    assert!(site.app.look_for_update_if_due(now()).await.unwrap());
    let known = site.app.updates();
    let release = Release { version: "99.0.0".into(), page: format!("{}/v99.0.0", site.origin) };
    assert_eq!((known.newer, known.looked, known.put_away, known.failed), (Some(release), Some(now()), false, false));
    for (days, asked) in [(1, false), (6, false), (7, true), (8, false), (14, true)] {
        assert_eq!(site.app.look_for_update_if_due(now() + TimeDelta::days(days)).await.unwrap(), asked, "day {days}");
    }
    assert!(site.app.look_for_update_if_due(now() - TimeDelta::days(365)).await.unwrap(), "a clock that was a year ahead");
    assert_eq!(site.asked(), 4);
    site.app.put_update_away();
    assert!(site.app.updates().put_away);
    site.app.look_for_updates(false).unwrap();
    assert!(!site.app.look_for_update_if_due(now() + TimeDelta::days(900)).await.unwrap(), "switched off again");
}

#[tokio::test]
async fn the_question_says_nothing_of_who_asks() {
    let site = Site::naming("99.0.0").await;
    site.app.look_for_update(now()).await.unwrap();
    let headers = site.headers.lock().unwrap().clone();
    let mut names: Vec<_> = headers.keys().map(header::HeaderName::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "accept-encoding", "host", "user-agent"]);
    assert_eq!(headers["user-agent"], "Photokeep");
    assert_eq!(headers["accept"], "*/*");
}

#[rstest]
#[case::this_one(env!("CARGO_PKG_VERSION"))]
#[case::older("0.0.9")]
#[case::a_preview("99.0.0-beta.1")]
#[tokio::test]
async fn what_is_no_newer_version_is_not_told(#[case] version: &'static str) {
    let site = Site::naming(version).await;
    let known = site.app.look_for_update(now()).await.unwrap();
    assert_eq!((known.newer, known.looked), (None, Some(now())));
}

#[rstest]
#[case::no_json(|_: &str| "<html>".into_response())]
#[case::another_file(|_: &str| "{\"page\": 1}".into_response())]
#[case::no_version(|origin: &str| named("the newest", origin))]
#[case::a_page_elsewhere(|_: &str| named("99.0.0", "https://example.org/"))]
#[case::a_page_that_is_a_program(|_: &str| named("99.0.0", "javascript:alert(1)"))]
#[case::without_end(|_: &str| " ".repeat(1024 * 1024).into_response())]
#[case::an_error(|_: &str| StatusCode::INTERNAL_SERVER_ERROR.into_response())]
#[case::a_way_to_an_unsafe_site(|_: &str| (StatusCode::FOUND, [(header::LOCATION, "http://example.org/latest.json")]).into_response())]
#[case::a_way_to_a_file(|_: &str| (StatusCode::FOUND, [(header::LOCATION, "file:///etc/passwd")]).into_response())]
#[case::a_circle(|_: &str| (StatusCode::FOUND, [(header::LOCATION, "/latest.json")]).into_response())]
#[tokio::test]
async fn rubbish_is_told_as_trouble_and_never_as_a_version(#[case] answer: fn(&str) -> Response) {
    let site = Site::answering(answer).await;
    site.app.look_for_updates(true).unwrap();
    let error = site.app.look_for_update_if_due(now()).await.unwrap_err();
    assert_eq!(error.code, Code::Network);
    let known = site.app.updates();
    assert_eq!((known.newer, known.looked, known.failed), (None, None, true));
    let asked = site.asked();
    assert!(!site.app.look_for_update_if_due(now() + TimeDelta::hours(23)).await.unwrap(), "not at once again");
    assert!(site.app.look_for_update_if_due(now() + TimeDelta::hours(24)).await.is_err());
    assert!(site.asked() > asked && asked <= REDIRECTS + 1);
}

#[tokio::test]
async fn a_moved_file_is_found() {
    let mut site = Site::naming("99.0.0").await;
    site.app = site.app.looking_for_updates_at(&format!("{}/moved.json", site.origin)).unwrap();
    assert!(site.app.look_for_update(now()).await.unwrap().newer.is_some());
}

#[tokio::test]
async fn what_another_site_said_counts_no_more() {
    let mut site = Site::naming("99.0.0").await;
    site.app.look_for_update(now()).await.unwrap();
    site.app = site.app.looking_for_updates_at("https://example.org/latest.json").unwrap();
    let known = site.app.updates();
    assert_eq!((known.newer, known.looked, known.site.as_deref()), (None, None, Some("example.org")));
}

#[tokio::test]
async fn a_copy_without_an_address_looks_nowhere() {
    let mut site = Site::naming("99.0.0").await;
    site.app.releases = None;
    site.app.look_for_updates(true).unwrap();
    assert!(!site.app.look_for_update_if_due(now()).await.unwrap());
    assert_eq!(site.app.look_for_update(now()).await.unwrap_err().code, Code::Usage);
    assert_eq!((site.app.updates().site, site.asked()), (None, 0));
}

#[rstest]
#[case("http://example.org/latest.json")]
#[case("http://127.0.0.1.example.org/latest.json")]
#[case("ftp://example.org/latest.json")]
#[case("file:///latest.json")]
#[case("latest.json")]
fn only_safe_addresses_are_asked(#[case] text: &str) {
    assert_eq!(address(text).unwrap_err().code, Code::Usage);
}

#[test]
fn a_site_is_told_with_its_port() {
    let told = |text| site_of(&address(text).unwrap()).unwrap();
    assert_eq!(told("https://example.org/a/latest.json"), "example.org");
    assert_eq!(told("https://example.org:8443/latest.json"), "example.org:8443");
    assert_eq!(told("http://[::1]:80/latest.json"), "[::1]");
}
