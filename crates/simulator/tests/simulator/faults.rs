//! Trouble on demand, as a client feels it.

use std::time::Duration;

use photokeep_simulator::{Control, Fault, FaultRule, LibraryEdit, Place, generate};
use reqwest::StatusCode;
use serde_json::json;

use crate::world::{Account, answer, client, day, ids, photos};

async fn media(account: &Account) -> reqwest::Result<reqwest::Response> {
    client(None).get(account.base_url(0).await + "=d").send().await
}

fn fault(control: &Control, rule: FaultRule) {
    control.clear_faults();
    control.add_fault(rule);
}

#[tokio::test]
async fn quotas_and_server_errors_have_googles_bodies() {
    let account = Account::of(photos(1)).await;
    fault(&account.control, FaultRule::new(Place::List, Fault::QuotaDay).times(1).retry_after(40));
    let response = account.http.get(format!("{}/v1/mediaItems", account.library)).send().await.unwrap();
    assert_eq!(response.headers()["retry-after"], "40");
    let (status, error) = answer(response).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert!(error["error"]["message"].as_str().unwrap().contains("'All requests per day'"));
    assert_eq!(error["error"]["errors"][0]["reason"], "rateLimitExceeded");
    fault(&account.control, FaultRule::new(Place::Api, Fault::QuotaMinute).times(1));
    let (_, error) = account.search(json!({})).await;
    assert!(error["error"]["message"].as_str().unwrap().contains("'WritesPerMinutePerUser'"));
    for (what, code) in [(Fault::Internal, 500), (Fault::BadGateway, 502), (Fault::Unavailable, 503)] {
        fault(&account.control, FaultRule::new(Place::Api, what));
        assert_eq!(account.get("/v1/albums").await.1["error"]["code"], code);
        fault(&account.control, FaultRule::new(Place::Media, what));
        assert_eq!(media(&account).await.unwrap().status(), code);
    }
}

#[tokio::test]
async fn bodies_break_as_asked_and_only_once() {
    let account = Account::of(photos(1)).await;
    let whole = generate::filler(0, 5000);
    for what in [Fault::Reset, Fault::Truncate] {
        fault(&account.control, FaultRule::new(Place::Media, what).times(1).after_bytes(1234));
        let mut response = media(&account).await.unwrap();
        assert_eq!(response.content_length(), Some(5000), "{what:?}");
        let mut got = Vec::new();
        let error = loop {
            match response.chunk().await {
                Ok(Some(chunk)) => got.extend_from_slice(&chunk),
                Ok(None) => panic!("{what:?}: the body came whole"),
                Err(error) => break error,
            }
        };
        assert!(error.is_body() || error.is_decode() || error.is_request(), "{error:?}");
        assert_eq!(got, whole[..1234], "{what:?}");
        assert_eq!(media(&account).await.unwrap().bytes().await.unwrap(), whole, "{what:?}");
    }
}

#[tokio::test]
async fn a_reset_is_a_reset_and_a_cut_is_an_end() {
    use std::io::{ErrorKind, Read, Write};
    for (what, reset) in [(Fault::Reset, true), (Fault::Truncate, false)] {
        let account = Account::of(photos(1)).await;
        fault(&account.control, FaultRule::new(Place::Media, what).after_bytes(1000));
        let url = url::Url::parse(&account.base_url(0).await).unwrap();
        let (host, path) = (format!("127.0.0.1:{}", url.port().unwrap()), format!("{}=d", url.path()));
        let end = tokio::task::spawn_blocking(move || {
            let mut stream = std::net::TcpStream::connect(&host).unwrap();
            write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: t\r\n\r\n").unwrap();
            let mut got = Vec::new();
            stream.read_to_end(&mut got).map_err(|error| error.kind())
        });
        match end.await.unwrap() {
            Ok(_) => assert!(!reset),
            Err(kind) => assert!(reset && kind == ErrorKind::ConnectionReset, "{kind}"),
        }
    }
}

#[tokio::test]
async fn a_stalled_body_stays_open() {
    let account = Account::of(photos(1)).await;
    fault(&account.control, FaultRule::new(Place::Media, Fault::Stall).after_bytes(100));
    let mut response = media(&account).await.unwrap();
    assert_eq!(response.chunk().await.unwrap().unwrap().len(), 100);
    let next = tokio::time::timeout(Duration::from_millis(300), response.chunk()).await;
    assert!(next.is_err(), "neither bytes nor an end");
}

#[tokio::test]
async fn a_short_body_and_an_html_page_look_like_success() {
    let account = Account::of(photos(1)).await;
    fault(&account.control, FaultRule::new(Place::Media, Fault::ShortBody).after_bytes(77));
    let short = media(&account).await.unwrap();
    assert_eq!((short.status(), short.content_length()), (StatusCode::OK, Some(77)));
    assert_eq!(short.bytes().await.unwrap(), generate::filler(0, 5000)[..77]);
    fault(&account.control, FaultRule::new(Place::Media, Fault::Html200));
    let page = media(&account).await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    assert!(page.text().await.unwrap().contains("<html"));
    fault(&account.control, FaultRule::new(Place::Api, Fault::Html200));
    assert_eq!(account.get("/v1/mediaItems").await, (StatusCode::OK, serde_json::Value::Null));
}

#[tokio::test]
async fn dead_addresses_have_the_status_asked_for() {
    let account = Account::of(photos(1)).await;
    for status in [403, 404, 410] {
        fault(&account.control, FaultRule::new(Place::Media, Fault::DeadUrl).filename("IMG_00000.JPG").status(status));
        assert_eq!(media(&account).await.unwrap().status(), status);
    }
}

#[tokio::test]
async fn a_rule_for_one_item_leaves_the_others_alone() {
    let account = Account::of(photos(3)).await;
    account.control.add_fault(FaultRule::new(Place::Media, Fault::Internal).item("item-00001"));
    account.control.add_fault(FaultRule::new(Place::BatchGet, Fault::Internal).item("item-00001"));
    for (number, status) in [(0, 200), (1, 500), (2, 200)] {
        let url = account.base_url(number).await + "=d";
        assert_eq!(client(None).get(url).send().await.unwrap().status(), status);
    }
    let batch = |ids: &str| format!("/v1/mediaItems:batchGet?{ids}");
    assert_eq!(account.get(&batch("mediaItemIds=item-00000&mediaItemIds=item-00001")).await.0, 500);
    assert_eq!(account.get(&batch("mediaItemIds=item-00000&mediaItemIds=item-00002")).await.0, 200);
    assert_eq!(account.control.faults().iter().map(|(_, struck)| *struck).collect::<Vec<_>>(), [1, 1]);
}

#[tokio::test]
async fn listings_have_empty_repeating_and_missing_pages() {
    let account = Account::of(photos(30)).await;
    let page = |token: Option<&str>| format!("/v1/mediaItems?pageSize=10&pageToken={}", token.unwrap_or_default());
    account.control.add_fault(FaultRule::new(Place::List, Fault::EmptyPage).nth(1));
    let (_, empty) = account.get(&page(None)).await;
    assert!(empty.get("mediaItems").is_none());
    let (_, first) = account.get(&page(empty["nextPageToken"].as_str())).await;
    assert_eq!(ids(&first)[0], "item-00029");
    fault(&account.control, FaultRule::new(Place::List, Fault::RepeatItems).times(1));
    let (_, second) = account.get(&page(first["nextPageToken"].as_str())).await;
    assert_eq!(ids(&second)[0], *ids(&first).last().unwrap());
    fault(&account.control, FaultRule::new(Place::List, Fault::PageTokenExpired).times(1));
    let next = page(second["nextPageToken"].as_str());
    assert_eq!(account.get(&next).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(account.get(&next).await.0, StatusCode::OK);
    fault(&account.control, FaultRule::new(Place::List, Fault::ShortListing).times(1));
    let (_, short) = account.get(&page(None)).await;
    assert_eq!(ids(&short).len(), 10);
    assert!(short.get("nextPageToken").is_none());
    assert_eq!(account.violations(), [], "none of this is the client's doing");
}

#[tokio::test]
async fn everything_can_be_done_over_http() {
    let account = Account::of(photos(3)).await;
    let control = account.simulator.control_url();
    let http = client(None);
    let post = async |what: &str, body: serde_json::Value| {
        answer(http.post(format!("{control}/{what}")).body(body.to_string()).send().await.unwrap()).await
    };
    let rule = json!({"where": "media", "match": {"item": "item-00000"}, "what": "dead-url", "status": 404, "times": 1});
    assert_eq!(post("faults", rule).await.0, StatusCode::OK);
    assert_eq!(media(&account).await.unwrap().status(), StatusCode::NOT_FOUND);
    assert_eq!(post("faults", json!({"where": "moon", "what": "500"})).await.0, StatusCode::BAD_REQUEST);
    let edits = json!([
        {"edit": "remove-item", "id": "item-00001"},
        {"edit": "rename-item", "id": "item-00002", "filename": null},
        {"edit": "add-item", "id": "new", "filename": "n.jpg", "creation_time": day(9), "seed": 1, "size": 2000},
        {"edit": "set-content", "id": "item-00000", "seed": 5, "size": 3000},
        {"edit": "add-album", "id": "a", "title": "T", "items": ["new", "item-00000"]},
        {"edit": "set-album-items", "id": "a", "items": ["item-00000", "new"]},
    ]);
    assert_eq!(post("library", edits).await, (StatusCode::OK, json!({})));
    assert_eq!(post("library", json!({"edit": "remove-item", "id": "item-00001"})).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(ids(&account.search(json!({"albumId": "a"})).await.1), ["item-00000", "new"]);
    assert_eq!(media(&account).await.unwrap().bytes().await.unwrap(), generate::filler(5, 3000));
    let library = answer(http.get(format!("{control}/library")).send().await.unwrap()).await.1;
    assert_eq!(library["items"].as_array().unwrap().len(), 3);
    assert_eq!(post("clock", json!({"advance_seconds": 4000})).await.0, StatusCode::OK);
    assert_eq!(account.get("/v1/mediaItems").await.0, StatusCode::UNAUTHORIZED, "an hour has passed");
    let (_, token) = post("token", json!({"scopes": ["photoslibrary.readonly"]})).await;
    let fresh = client(token["access_token"].as_str());
    let list = format!("{}/v1/mediaItems?pageSize=101", account.library);
    assert_eq!(fresh.get(list).send().await.unwrap().status(), StatusCode::OK);
    let (_, violations) = answer(http.get(format!("{control}/violations")).send().await.unwrap()).await;
    assert_eq!(violations[0]["kind"], "page-size-over-maximum");
    let (_, stats) = answer(http.get(format!("{control}/stats")).send().await.unwrap()).await;
    assert_eq!((&stats["violations"], &stats["requests"]["list"]), (&json!(1), &json!(2)));
    assert_eq!(http.delete(format!("{control}/violations")).send().await.unwrap().status(), StatusCode::OK);
    assert_eq!(account.violations(), []);
    assert_eq!(http.get(format!("{control}/nothing")).send().await.unwrap().status(), StatusCode::NOT_FOUND);
    let urls = answer(http.get(format!("{control}/media-urls")).send().await.unwrap()).await.1;
    assert_eq!(urls.as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn edits_reach_every_field() {
    let account = Account::of(photos(1)).await;
    let id = || "item-00000".to_owned();
    for edit in [
        LibraryEdit::SetDate { id: id(), creation_time: None },
        LibraryEdit::SetDescription { id: id(), description: Some("text".to_owned()) },
        LibraryEdit::SetDimensions { id: id(), width: 7, height: 8 },
        LibraryEdit::SetVideoReady { id: id(), ready: false },
    ] {
        account.control.edit(edit).unwrap();
    }
    let (_, item) = account.get("/v1/mediaItems/item-00000").await;
    assert_eq!(item["description"], "text");
    assert_eq!(item["mediaMetadata"], json!({"width": "7", "height": "8", "video": {"fps": 30, "status": "PROCESSING"}}));
    account.control.edit(LibraryEdit::SetArchived { id: id(), archived: true }).unwrap();
    assert_eq!(account.get("/v1/mediaItems").await.1, json!({}));
    assert!(account.control.edit(LibraryEdit::RemoveAlbum { id: "x".to_owned() }).is_err());
}
