//! Media addresses (`google-apis.md` 2.5).

use std::time::Duration;

use photokeep_simulator::generate::{self, PictureRecipe};
use photokeep_simulator::photo_library::{Content, PhotoLibrary, VideoStatus};
use photokeep_simulator::{SimulatorConfig, ViolationKind};
use reqwest::{Response, StatusCode};

use crate::world::{Account, READ, client, photo, photos, video};

async fn fetch(url: &str, range: Option<&str>) -> Response {
    let mut request = client(None).get(url);
    if let Some(range) = range {
        request = request.header("range", range);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn a_photo_comes_whole_without_a_token() {
    let account = Account::of(photos(3)).await;
    let url = account.base_url(2).await + "=d";
    let response = fetch(&url, None).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "image/jpeg");
    assert_eq!(response.content_length(), Some(5000));
    assert_eq!(response.bytes().await.unwrap(), generate::filler(2, 5000));
    assert_eq!(account.control.served_bytes("item-00002").unwrap(), generate::filler(2, 5000));
    let head = client(None).head(&url).send().await.unwrap();
    assert_eq!(head.headers()["content-length"], "5000");
    assert_eq!(account.violations(), []);
    let counts = account.control.counts();
    assert_eq!((counts.media, counts.get), (2, 1));
}

#[tokio::test]
async fn all_addresses_at_once_for_benchmarks() {
    let account = Account::of(photos(5)).await;
    let urls = account.simulator.media_urls();
    assert_eq!(urls.len(), 5);
    for url in urls {
        assert_eq!(fetch(&url.download_url, None).await.content_length(), Some(5000));
    }
}

#[tokio::test]
async fn an_address_dies_after_an_hour_and_a_made_up_one_never_lived() {
    let account = Account::of(photos(1)).await;
    let url = account.base_url(0).await + "=d";
    account.control.advance(Duration::from_secs(3599));
    assert_eq!(fetch(&url, None).await.status(), StatusCode::OK);
    account.control.advance(Duration::from_secs(2));
    assert_eq!(fetch(&url, None).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(account.violations(), [ViolationKind::ExpiredMediaUrl]);
    let made_up = fetch(&format!("{}/lr/AAAA=d", account.library), None).await;
    assert_eq!(made_up.status(), StatusCode::NOT_FOUND);
    assert_eq!(made_up.headers()["content-type"], "image/jpeg", "a 404 carries a picture");
    assert!(made_up.bytes().await.unwrap().starts_with(&[0xff, 0xd8]));
}

#[tokio::test]
async fn a_removed_item_is_gone() {
    let account = Account::of(photos(1)).await;
    let url = account.base_url(0).await + "=d";
    account.control.remove_item("item-00000");
    assert_eq!(fetch(&url, None).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn changed_bytes_come_from_old_addresses_too() {
    let account = Account::of(photos(1)).await;
    let url = account.base_url(0).await + "=d";
    let first = fetch(&url, None).await.headers()["etag"].clone();
    account.control.change_item("item-00000", |item| item.content = Content::Filler { seed: 99, size: 7000 });
    let changed = fetch(&url, None).await;
    assert_ne!(changed.headers()["etag"], first);
    assert_eq!(changed.bytes().await.unwrap(), generate::filler(99, 7000));
}

#[tokio::test]
async fn ranges_are_honoured_unless_switched_off() {
    let account = Account::of(photos(1)).await;
    let url = account.base_url(0).await + "=d";
    let whole = generate::filler(0, 5000);
    let part = fetch(&url, Some("bytes=1000-")).await;
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.headers()["content-range"], "bytes 1000-4999/5000");
    let etag = part.headers()["etag"].clone();
    assert_eq!(part.bytes().await.unwrap(), whole[1000..]);
    let stale = client(None).get(&url).header("range", "bytes=1000-").header("if-range", "\"other\"");
    assert_eq!(stale.send().await.unwrap().status(), StatusCode::OK);
    let fresh = client(None).get(&url).header("range", "bytes=1000-").header("if-range", etag);
    assert_eq!(fresh.send().await.unwrap().status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(fetch(&url, Some("bytes=5000-")).await.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    let config = SimulatorConfig { range: false, ..SimulatorConfig::default() };
    let off = Account::with(config, photos(1), READ).await;
    let ignored = fetch(&(off.base_url(0).await + "=d"), Some("bytes=1000-")).await;
    assert_eq!(ignored.status(), StatusCode::OK);
    assert!(ignored.headers().get("etag").is_none());
    assert_eq!(ignored.bytes().await.unwrap(), whole);
}

#[tokio::test]
async fn real_files_are_streamed_and_ranges_of_them_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("big.jpg");
    let bytes = generate::filler(5, 1_000_000);
    std::fs::write(&path, &bytes).unwrap();
    let item = photokeep_simulator::photo_library::SimItem { content: Content::File(path), ..photo(0) };
    let account = Account::of(PhotoLibrary { items: vec![item], albums: Vec::new() }).await;
    let url = account.base_url(0).await + "=d";
    let response = fetch(&url, None).await;
    assert_eq!(response.content_length(), Some(1_000_000));
    assert_eq!(response.bytes().await.unwrap(), bytes);
    assert_eq!(fetch(&url, Some("bytes=400000-599999")).await.bytes().await.unwrap(), bytes[400_000..600_000]);
    folder.close().unwrap();
    assert_eq!(fetch(&url, None).await.status(), StatusCode::INTERNAL_SERVER_ERROR);
}

fn painted() -> PictureRecipe {
    PictureRecipe {
        seed: 3,
        width: 800,
        height: 600,
        taken: crate::world::day(0).unwrap(),
        offset_seconds: 3600,
        place: Some((48.0, 11.0)),
        camera: ("Maker", "Model"),
        caption: None,
    }
}

#[tokio::test]
async fn sizes_scale_crop_and_bare_addresses_are_small() {
    let item = photokeep_simulator::photo_library::SimItem { content: Content::Picture(painted()), ..photo(0) };
    let account = Account::of(PhotoLibrary { items: vec![item], albums: Vec::new() }).await;
    let base = account.base_url(0).await;
    for (suffix, width, height) in [
        ("", 512, 384),
        ("=w200", 200, 150),
        ("=h150", 200, 150),
        ("=w100-h100", 100, 75),
        ("=w100-h100-c", 100, 100),
        ("=w3000-h3000-no", 800, 600),
    ] {
        let bytes = fetch(&format!("{base}{suffix}"), None).await.bytes().await.unwrap();
        let picture = image::load_from_memory(&bytes).unwrap();
        assert_eq!((picture.width(), picture.height()), (width, height), "{suffix}");
    }
    assert_eq!(account.violations(), [ViolationKind::BareMediaUrl]);
    assert_eq!(fetch(&format!("{base}=nonsense"), None).await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_download_has_no_location() {
    let item = photokeep_simulator::photo_library::SimItem { content: Content::Picture(painted()), ..photo(0) };
    let account = Account::of(PhotoLibrary { items: vec![item], albums: Vec::new() }).await;
    let bytes = fetch(&(account.base_url(0).await + "=d"), None).await.bytes().await.unwrap();
    assert_eq!(bytes, generate::picture(&PictureRecipe { place: None, ..painted() }));
    assert_ne!(bytes, generate::picture(&painted()));
}

#[tokio::test]
async fn videos_redirect_to_their_own_host_and_have_a_still() {
    let items = vec![video(0, VideoStatus::Ready), video(1, VideoStatus::Processing), video(2, VideoStatus::Failed), photo(3)];
    let account = Account::of(PhotoLibrary { items, albums: Vec::new() }).await;
    let redirect = fetch(&(account.base_url(0).await + "=dv"), None).await;
    assert_eq!(redirect.status(), StatusCode::FOUND);
    let target = redirect.headers()["location"].to_str().unwrap().to_owned();
    let film = fetch(&target, None).await;
    assert_eq!(film.headers()["content-type"], "video/mp4");
    assert_eq!(film.bytes().await.unwrap(), generate::filler(0, 5000));
    let still = fetch(&(account.base_url(0).await + "=d"), None).await.bytes().await.unwrap();
    assert!(image::load_from_memory(&still).is_ok());
    assert_ne!(still, generate::filler(0, 5000));
    assert_eq!(fetch(&(account.base_url(1).await + "=dv"), None).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(fetch(&(account.base_url(2).await + "=dv"), None).await.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(fetch(&(account.base_url(3).await + "=dv"), None).await.status(), StatusCode::NOT_FOUND, "no motion photo");
    assert_eq!(account.control.counts().redirects, 1);
}

#[tokio::test]
async fn a_token_shown_to_the_media_host_is_written_down() {
    let account = Account::of(photos(1)).await;
    let url = account.base_url(0).await + "=d";
    assert_eq!(account.http.get(url).send().await.unwrap().status(), StatusCode::OK);
    assert_eq!(account.violations(), [ViolationKind::TokenSentToMedia]);
}
