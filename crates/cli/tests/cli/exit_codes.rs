//! Every exit code, provoked for real. 0 and 4 are met in many other tests too; 7 is in `mounts` and `moving`.

use std::net::TcpListener;
use std::process::Stdio;
use std::time::{Duration, Instant};

use photokeep_simulator::photo_library::VideoStatus;
use photokeep_simulator::{Fault, FaultRule, Place, SimulatorConfig};
use rusqlite::Connection;

use crate::whole::{self, tree};
use crate::world::{Running, World, album, id, photo, photos, with_albums};

/// Makes an item one that Google does not hand out yet, which fails at once and in every try.
pub fn make_unready(world: &World, number: usize, unready: bool) {
    world.control.change_item(&id(number), |item| {
        item.mime_type = if unready { "video/mp4".to_owned() } else { "image/jpeg".to_owned() };
        item.video = unready.then_some(VideoStatus::Processing);
    });
}

#[test]
fn failed_items_end_with_3_until_a_retry_fetches_them() {
    let world = World::signed_in(photos(5));
    make_unready(&world, 2, true);
    let ran = world.run(&["sync", "LIBRARY"]).ends(3);
    assert!(ran.out.contains("1  failed: Google is still processing this video."), "{}", ran.out);
    assert!(ran.err.contains("Failed: IMG_0002.JPG"), "{}", ran.err);
    let status = world.run(&["status", "LIBRARY", "--json"]).ends(3).json();
    assert_eq!(
        (&status["health"], &status["failed"], &status["pending"], &status["items"]),
        (&"attention".into(), &1.into(), &1.into(), &4.into())
    );
    assert_eq!(status["last_complete"], serde_json::Value::Null);
    let failure = &status["failures"][0];
    assert_eq!(
        (&failure["title"], &failure["code"], &failure["tries"]),
        (&"IMG_0002.JPG".into(), &"item-not-ready".into(), &1.into())
    );
    let again = world.run(&["retry", "LIBRARY", "--json"]).ends(3).receipt();
    assert_eq!((&again["kind"], &again["complete"], &again["added"]), (&"retry".into(), &false.into(), &0.into()));
    assert_eq!(world.run(&["status", "LIBRARY", "--json"]).ends(3).json()["failures"][0]["tries"], 2);
    make_unready(&world, 2, false);
    let last = world.run(&["retry", "LIBRARY", "--json"]).ends(0).receipt();
    assert_eq!((&last["complete"], &last["added"]), (&true.into(), &1.into()));
    whole::check(&world);
}

#[test]
fn one_item_without_a_place_fails_alone() {
    let world = World::signed_in(photos(8));
    // Photos 0 to 3 are of January 2019. A file of somebody else's stands where its month folder should be.
    std::fs::create_dir_all(world.library().join("photos/2019")).unwrap();
    std::fs::write(world.library().join("photos/2019/02"), "mine").unwrap();
    let receipt = world.run(&["sync", "LIBRARY", "--json"]).ends(3).receipt();
    let failed: u64 = receipt["failed"].as_array().unwrap().iter().map(|failed| failed["count"].as_u64().unwrap()).sum();
    assert_eq!((receipt["added"].as_u64().unwrap(), failed), (4 + 1, 3), "{receipt:#}");
    assert_eq!(receipt["complete"], false);
    assert_eq!(std::fs::read_to_string(world.library().join("photos/2019/02")).unwrap(), "mine");
    std::fs::remove_file(world.library().join("photos/2019/02")).unwrap();
    assert_eq!(world.sync()["added"], 3);
    whole::check(&world);
}

#[test]
fn a_server_that_is_down_ends_with_5_within_its_patience() {
    let world = World::signed_in(photos(2));
    world.sync();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let here = world.simulator.endpoints().library;
    let endpoints = std::fs::read_to_string(world.path("endpoints.json")).unwrap();
    std::fs::write(world.path("endpoints.json"), endpoints.replace(&here, &format!("http://{closed}"))).unwrap();
    let begun = Instant::now();
    let ran = world.run(&["sync", "LIBRARY", "--patience", "1"]).ends(5);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert!(ran.err.contains("Google cannot be reached. Everything so far is kept."), "{}", ran.err);
    assert!(!ran.out.contains("Complete"), "{}", ran.out);
    let status = world.run(&["status", "LIBRARY"]).ends(0).out;
    assert!(status.contains("Everything that Google showed so far is kept, but the last run"), "{status}");
    assert!(status.contains("because Google could not be reached"), "{status}");
    assert_eq!(world.run(&["status", "LIBRARY", "--json"]).ends(0).json()["stopped"], "network");
    let history = world.run(&["history", "LIBRARY", "--limit", "1"]).ends(0).out;
    assert!(history.contains("stopped") && history.contains("could not be reached"), "{history}");
    std::fs::write(world.path("endpoints.json"), endpoints).unwrap();
    world.sync();
    let status = world.run(&["status", "LIBRARY", "--json"]).ends(0).json();
    assert_eq!((&status["health"], &status["stopped"]), (&"complete".into(), &serde_json::Value::Null));
}

#[test]
fn a_page_token_that_is_never_taken_ends_with_5_and_not_as_a_fault_of_photokeeps() {
    let world = World::signed_in(photos(150));
    world.control.add_fault(FaultRule::new(Place::List, Fault::PageTokenExpired));
    let ran = world.run(&["sync", "LIBRARY"]).ends(5);
    assert!(ran.err.contains("breaks its own list off"), "{}", ran.err);
    world.control.clear_faults();
    world.sync();
    whole::check(&world);
}

#[test]
fn broken_album_entries_alone_end_a_verify_with_3_and_are_mended_by_the_sync_it_names() {
    let world = World::signed_in(with_albums(4, vec![album("Trip", [0, 1])]));
    world.sync();
    let entry = tree(&world.library()).into_keys().find(|path| path.starts_with("albums/") && path.ends_with(".JPG")).unwrap();
    std::fs::remove_file(world.library().join(entry)).unwrap();
    let ran = world.run(&["verify", "LIBRARY"]).ends(3);
    assert!(ran.out.contains("Every file is what was stored."), "{}", ran.out);
    let advice = format!(
        "1 album entry is not there or leading elsewhere. To have them made again: photokeep sync {}",
        world.library().display()
    );
    assert!(ran.out.contains(&advice), "{}", ran.out);
    assert_eq!(world.run(&["verify", "LIBRARY", "--json"]).ends(3).json_lines().pop().unwrap()["sound"], false);
    world.sync();
    world.run(&["verify", "LIBRARY"]).ends(0);
}

#[test]
fn prune_has_patience_too() {
    let world = World::signed_in(photos(3));
    world.sync();
    world.control.remove_item(&id(1));
    world.sync();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let endpoints = std::fs::read_to_string(world.path("endpoints.json")).unwrap();
    let nowhere = endpoints.replace(&world.simulator.endpoints().library, &format!("http://{closed}"));
    std::fs::write(world.path("endpoints.json"), nowhere).unwrap();
    let begun = Instant::now();
    world.run(&["prune", "LIBRARY", "--yes", "--patience", "1"]).ends(5);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn a_used_up_daily_quota_ends_with_5_and_says_when_to_come_back() {
    let world = World::signed_in(photos(4));
    world.control.add_fault(FaultRule::new(Place::BatchGet, Fault::QuotaDay));
    let ran = world.run(&["sync", "LIBRARY", "--json"]).ends(5);
    let line = ran.json_lines().into_iter().find(|line| line["event"] == "receipt").unwrap();
    assert_eq!(line["error"]["code"], "quota");
    assert_eq!((&line["receipt"]["complete"], &line["receipt"]["outcome"]["stopped"]["code"]), (&false.into(), &"quota".into()));
    assert!(regex::Regex::new(r"in \d+ h \d+ min \(\d{4}-\d\d-\d\d \d\d:\d\d UTC\)").unwrap().is_match(&ran.err), "{}", ran.err);
    world.control.clear_faults();
    world.sync();
    whole::check(&world);
}

#[test]
fn a_second_run_ends_with_6_while_looking_still_works() {
    let config = SimulatorConfig { latency: Duration::from_millis(60), ..SimulatorConfig::default() };
    let world = World::with(config, photos(40));
    world.sign_in();
    let mut first = Running::start(world.command(&["sync", "LIBRARY", "--json", "--jobs", "1"]).stdin(Stdio::null()));
    assert!(first.lines_with("\"stored\"", 2));
    for arguments in [
        &["sync", "LIBRARY"][..],
        &["retry", "LIBRARY"],
        &["verify", "LIBRARY"],
        &["prune", "LIBRARY"],
        &["sync", "LIBRARY", "--dry-run"],
    ] {
        let ran = world.run(arguments).ends(6);
        assert!(ran.err.contains("working on this library. Nothing was changed."), "{arguments:?}: {}", ran.err);
    }
    for arguments in [&["status", "LIBRARY"][..], &["list", "LIBRARY"], &["history", "LIBRARY"], &["trash", "LIBRARY", "list"]] {
        world.run(arguments).ends(0);
    }
    let status = world.run(&["status", "LIBRARY", "--json"]).ends(0).json();
    assert_eq!((&status["running"], &status["stopped"]), (&true.into(), &serde_json::Value::Null), "{status:#}");
    assert!(world.run(&["status", "LIBRARY"]).out.contains("A run is under way now."));
    assert_eq!(first.child.try_wait().unwrap(), None, "the first run was still at work");
    assert_eq!(first.end().ends(0).receipt()["complete"], true);
    whole::check(&world);
}

#[test]
fn a_catalog_that_another_program_holds_ends_with_6() {
    let world = World::signed_in(photos(2));
    world.sync();
    let libraries = std::fs::read_dir(world.home().join("libraries")).unwrap().next().unwrap().unwrap().path();
    let held = Connection::open(libraries.join("catalog.sqlite")).unwrap();
    held.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE").unwrap();
    let ran = world.run(&["sync", "LIBRARY"]).ends(6);
    assert!(ran.err.contains("Another program holds the catalog"), "{}", ran.err);
    drop(held);
    world.sync();
}

#[test]
fn a_newer_catalog_ends_with_1_and_is_left_alone() {
    let world = World::signed_in(photos(2));
    world.sync();
    let before = tree(&world.library());
    let libraries = std::fs::read_dir(world.home().join("libraries")).unwrap().next().unwrap().unwrap().path();
    Connection::open(libraries.join("catalog.sqlite")).unwrap().pragma_update(None, "user_version", 999).unwrap();
    for arguments in [&["sync", "LIBRARY"][..], &["status", "LIBRARY"], &["verify", "LIBRARY"], &["sync", "LIBRARY", "--dry-run"]]
    {
        let ran = world.run(arguments).ends(1);
        assert!(ran.err.contains("newer version of Photokeep. Nothing was changed."), "{arguments:?}: {}", ran.err);
    }
    assert_eq!(tree(&world.library()), before);
}

#[test]
fn a_folder_without_a_library_ends_with_2() {
    let world = World::with(SimulatorConfig::default(), photos(1));
    for command in ["status", "verify", "doctor", "list", "history", "prune"] {
        let ran = world.run(&[command, "LIBRARY"]).ends(2);
        assert!(ran.err.contains("There is no Photokeep library in"), "{command}: {}", ran.err);
    }
    world.run(&["trash", "LIBRARY", "list"]).ends(2);
    assert!(!world.library().exists());
    world.run(&["sync", "LIBRARY"]).ends(4);
    assert!(!world.library().exists());
}

#[test]
fn a_bad_endpoints_file_ends_with_2() {
    let world = World::with(SimulatorConfig::default(), photos(1));
    for (text, words) in [("{", "not a JSON object"), (r#"{"token":"nowhere"}"#, "leaves out `authorize`, `revoke`")] {
        std::fs::write(world.path("endpoints.json"), text).unwrap();
        let ran = world.run(&["status", "LIBRARY"]).ends(2);
        assert!(ran.err.contains(words), "{}", ran.err);
    }
    std::fs::remove_file(world.path("endpoints.json")).unwrap();
    world.run(&["status", "LIBRARY"]).ends(2);
}

#[cfg(unix)]
#[test]
fn a_polite_stop_keeps_what_came_and_ends_with_1() {
    let config = SimulatorConfig { latency: Duration::from_millis(60), ..SimulatorConfig::default() };
    let world = World::with(config, with_albums(40, vec![album("Trip", [1, 2, 30])]));
    world.sign_in();
    for signal in ["-INT", "-TERM"] {
        let mut run = Running::start(&mut world.command(&["sync", "LIBRARY", "--json", "--jobs", "1"]));
        assert!(run.lines_with("\"stored\"", 3));
        let killed = std::process::Command::new("kill").args([signal, &run.child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        let ran = run.end().ends(1);
        let receipt = ran.receipt();
        assert_eq!(
            (&receipt["complete"], &receipt["outcome"]["stopped"]["code"]),
            (&false.into(), &"cancelled".into()),
            "{receipt:#}"
        );
        assert!(receipt["added"].as_u64().unwrap() >= 3);
    }
    assert!(whole::nothing_half(&world, &whole::at_google(&world.control)) >= 6);
    world.sync();
    whole::check(&world);
}

#[test]
fn a_reader_that_goes_away_does_not_stop_a_run() {
    let world = World::signed_in(with_albums(20, vec![album("Trip", [1, 2])]));
    let mut child = world.command(&["sync", "LIBRARY", "--json"]).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    whole::check(&world);
    world.control.add_item(photo(50)).unwrap();
    let mut child = world.command(&["sync", "LIBRARY"]).spawn().unwrap();
    drop((child.stdout.take(), child.stderr.take()));
    assert_eq!(child.wait().unwrap().code(), Some(0));
    whole::check(&world);
    for arguments in [&["status", "LIBRARY"][..], &["list", "LIBRARY", "--json"], &["verify", "LIBRARY"], &["history", "LIBRARY"]]
    {
        let mut child = world.command(arguments).spawn().unwrap();
        drop((child.stdout.take(), child.stderr.take()));
        assert_eq!(child.wait().unwrap().code(), Some(0), "{arguments:?}");
    }
}
