//! The simulator shares the processor with the client under benchmark: it must cost little.
//!
//! The limits hold for an unoptimised build on a busy machine; an optimised one is many times faster.

use std::time::{Duration, Instant};

use photokeep_simulator::generate;

use crate::world::{Account, READ, client};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listing_of_a_hundred_thousand_items_takes_seconds() {
    let library = generate::filler_library(100_000, 1, 1000, 2000);
    let account = Account::with(photokeep_simulator::SimulatorConfig::default(), library, READ).await;
    let started = Instant::now();
    let (mut found, mut token) = (0, String::new());
    loop {
        let url = format!("{}/v1/mediaItems?pageSize=100&pageToken={token}", account.library);
        let page = account.http.get(url).send().await.unwrap().bytes().await.unwrap();
        let text = std::str::from_utf8(&page).unwrap();
        found += text.matches("\"baseUrl\"").count();
        // Reading all of it as JSON would measure this test.
        let Some((_, rest)) = text.rsplit_once("\"nextPageToken\":\"") else { break };
        rest.split('"').next().unwrap().clone_into(&mut token);
    }
    let taken = started.elapsed();
    println!("{found} items listed in {taken:?}");
    assert_eq!(found, 100_000);
    assert!(taken < Duration::from_secs(20), "{taken:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_small_photos_a_second_go_out() {
    const REQUESTS: usize = 10_000;
    let library = generate::filler_library(100, 1, 4000, 4000);
    let account = Account::with(photokeep_simulator::SimulatorConfig::default(), library, READ).await;
    let urls: Vec<String> = account.control.media_urls().into_iter().map(|url| url.download_url).collect();
    let http = client(None);
    let started = Instant::now();
    let workers = (0..16).map(|worker| {
        let (http, urls) = (http.clone(), urls.clone());
        tokio::spawn(async move {
            for number in 0..REQUESTS / 16 {
                let response = http.get(&urls[(worker + number) % urls.len()]).send().await.unwrap();
                assert_eq!(response.bytes().await.unwrap().len(), 4000);
            }
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await.unwrap();
    }
    let taken = started.elapsed();
    println!("{REQUESTS} photos in {taken:?}");
    assert!(taken < Duration::from_secs(30), "{taken:?}");
}
