//! `updates`: who is asked, when, and what is told.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::world::{World, photos};

/// A site that names a version far ahead, and counts who asks; it ends with the test.
fn site() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let (asked, page) = (Arc::new(AtomicUsize::new(0)), format!("{origin}/v99"));
    let count = asked.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            count.fetch_add(1, Ordering::SeqCst);
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            let body = format!("{{\"version\": \"99.0.0\", \"page\": \"{page}\"}}");
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            stream.write_all((head + &body).as_bytes()).unwrap();
        }
    });
    (origin, asked)
}

fn world_with_site() -> (World, String, Arc<AtomicUsize>) {
    let mut world = World::signed_in(photos(2));
    let (origin, asked) = site();
    world.environment.push(("PHOTOKEEP_RELEASES".into(), format!("{origin}/latest.json")));
    (world, origin, asked)
}

#[test]
fn nothing_asks_by_itself_until_it_is_switched_on() {
    let (world, origin, asked) = world_with_site();
    world.run(&["sync", "LIBRARY"]).ends(0);
    world.run(&["doctor", "LIBRARY"]);
    assert!(!world.run(&["status", "LIBRARY"]).ends(0).out.contains("99.0.0"));
    assert_eq!(asked.load(Ordering::SeqCst), 0);

    let told = world.run(&["updates"]).ends(0).out;
    assert!(told.contains(&format!("Photokeep 99.0.0 is out; this is {}.", env!("CARGO_PKG_VERSION"))), "{told}");
    assert!(told.contains(&format!("{origin}/v99")) && told.contains("does not look by itself"), "{told}");
    assert!(world.run(&["status", "LIBRARY"]).ends(0).out.contains("Photokeep 99.0.0 is out"), "what is known is told");
    let answer = world.run(&["updates", "--json"]).ends(0).json();
    assert_eq!((&answer["newer"]["version"], &answer["automatic"]), (&"99.0.0".into(), &serde_json::Value::Null));
    assert_eq!(asked.load(Ordering::SeqCst), 2);

    assert!(world.run(&["updates", "on"]).ends(0).out.contains("looks once a week"));
    assert!(world.run(&["updates", "off"]).ends(0).out.contains("does not look by itself"));
    assert_eq!(asked.load(Ordering::SeqCst), 3, "who switches it off asks nobody");
}

#[test]
fn a_daemon_looks_only_when_it_may_and_tells_it_once() {
    let (world, _, asked) = world_with_site();
    world.run(&["sync", "LIBRARY"]).ends(0);
    world.run(&["schedule", "install", "LIBRARY", "--every", "weekly", "--no-login-item"]).ends(0);
    for (automatic, looks) in [(None, 0), (Some("off"), 0), (Some("on"), 1)] {
        if let Some(automatic) = automatic {
            // Switched on while the site is not named: nobody is asked by the switch itself.
            let mut switch = world.command(&["updates", automatic]);
            switch.env("PHOTOKEEP_RELEASES", "off").output().unwrap();
        }
        let mut daemon = world.command(&["daemon", "LIBRARY"]).spawn().unwrap();
        let begun = Instant::now();
        while asked.load(Ordering::SeqCst) < looks && begun.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(50));
        }
        // For the telling, and for one question too many.
        std::thread::sleep(Duration::from_secs(2));
        daemon.kill().unwrap();
        let told = String::from_utf8(daemon.wait_with_output().unwrap().stdout).unwrap();
        assert_eq!(asked.load(Ordering::SeqCst), looks, "{automatic:?}");
        assert_eq!(told.matches("99.0.0").count(), looks, "{told}");
    }
}

#[test]
fn a_site_that_is_away_or_unsafe_is_told() {
    let mut world = World::signed_in(photos(1));
    let nowhere = world.run(&["updates"]);
    assert!(nowhere.code == Some(2) && nowhere.err.contains("built without an address"), "{nowhere:?}");
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    world.environment.push(("PHOTOKEEP_RELEASES".into(), format!("http://{free}/latest.json")));
    let away = world.run(&["updates", "on"]).ends(5);
    assert!(away.err.contains("does not answer") && away.out.contains("once a week from now on"), "{away:?}");
    world.environment.push(("PHOTOKEEP_RELEASES".into(), "http://example.org/latest.json".into()));
    assert!(world.run(&["updates"]).ends(2).err.contains("begins with https"));
}
