//! The real window. A smoke test: that every screen works is the business of `tests/browser/`. Needs Xvfb, a session bus and
//! WebKitWebDriver; where one is missing it says so and passes. `figures` measures, and is run by `cargo xtask bench window`.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod desktop;
mod figures;
mod stage;
mod tray;

use std::path::Path;
use std::time::Duration;

use fantoccini::Client;
use photokeep_simulator::{Simulator, SimulatorConfig, generate};

use stage::{Stage, button, click, find, missing_program, wait_for, wait_for_pictures};

const ITEMS: usize = 40;

#[tokio::test(flavor = "multi_thread")]
async fn welcome_sign_in_folder_sync_receipt_photos() {
    if let Some(missing) = missing_program() {
        println!("skipped: {missing} is not installed");
        return;
    }
    tokio::time::timeout(Duration::from_secs(300), once_through()).await.expect("the driver answers");
}

async fn once_through() {
    let google = Simulator::start(SimulatorConfig::default(), generate::demo(ITEMS, 3)).await.unwrap();
    let stage = Stage::set(&serde_json::to_string(&google.endpoints()).unwrap());
    let window = sync_a_library(&stage, &google).await;
    click(&window, "//a[@href='#/photos']").await;
    find(&window, "//*[@role='grid']//img[@src]").await;
    wait_for_pictures(&window).await;
    stage.picture("photos");
    the_wheel_turns(&stage, &window).await;

    // A second start hands over to the first and ends.
    let mut second = stage.program().spawn().unwrap();
    let ended = wait_for("the end of the second start", || second.try_wait().unwrap());
    assert!(ended.success(), "{ended}");
    find(&window, "//*[@role='grid']//img[@src]").await;
    window.close().await.unwrap();

    let kept = walk(&stage.library().join("photos"));
    assert!(kept >= ITEMS - 5, "{kept} files are kept");
    assert_eq!(google.control().violations().len(), 0, "{:?}", google.control().violations());

    // A second start shows the truth: the library is open and complete.
    let window = stage.open_window().await;
    click(&window, "//a[@href='#/photos']").await;
    find(&window, "//*[@role='grid']//img[@src]").await;
    window.close().await.unwrap();
}

/// A turn of the mouse's wheel reaches the page, by the way that a real one takes.
async fn the_wheel_turns(stage: &Stage, window: &Client) {
    window.execute("window.turns = 0; addEventListener('wheel', () => { window.turns += 1; }, true)", Vec::new()).await.unwrap();
    for _ in 0..20 {
        stage.turn_the_wheel();
        let turns = window.execute("return window.turns", Vec::new()).await.unwrap();
        if turns.as_u64() > Some(0) {
            return;
        }
    }
    panic!("no turn of the wheel came to the page");
}

/// From the welcome to the receipt.
async fn sync_a_library(stage: &Stage, google: &Simulator) -> Client {
    let window = stage.open_window().await;
    stage.picture("welcome");

    click(&window, &button("Set up")).await;
    let path = find(&window, "//input[@type='text' or not(@type)]").await;
    path.clear().await.unwrap();
    path.send_keys(stage.library().to_str().unwrap()).await.unwrap();
    stage.picture("folder");
    click(&window, &button("Continue")).await;

    std::fs::write(stage.at("client_secret.json"), google.client_secret_json()).unwrap();
    let client = find(&window, "//input[@type='file']").await;
    client.send_keys(stage.at("client_secret.json").to_str().unwrap()).await.unwrap();
    stage.picture("source");
    // The simulator plays a client that Google still lets read.
    click(&window, "//*[@role='switch']").await;
    click(&window, &button("Sign in with Google")).await;
    let address = wait_for("the browser", || stage.opened());
    assert!(!address.contains("client_secret"), "no secret in an address");
    let answer = google.control().approve(&address).unwrap();
    println!("coming back");
    let came_back = reqwest::get(&answer).await.unwrap();
    assert!(came_back.status().is_success());
    find(&window, &button("Continue")).await;
    stage.picture("signed-in");
    click(&window, &button("Continue")).await;
    find(&window, &button("Show what will be fetched")).await;
    stage.picture("schedule");

    click(&window, &button("Show what will be fetched")).await;
    click(&window, &button("Start")).await;
    find(&window, "//*[contains(., 'Everything is kept') or contains(., 'everything is kept')]").await;
    stage.picture("receipt");
    window
}

fn walk(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { walk(&path) } else { 1 }).sum()
}
