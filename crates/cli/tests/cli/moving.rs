//! Libraries and the app's own state that vanish, move, are damaged, or are shared between computers: nothing is lost,
//! nothing is fetched twice.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use photokeep_simulator::SimulatorConfig;
use photokeep_simulator::photo_library::PhotoLibrary;

use crate::whole::{self, tree};
use crate::world::{Running, World, album, photo, photos, with_albums};

fn some() -> PhotoLibrary {
    with_albums(20, vec![album("Trip", [1, 3, 5]), album("Home", [2])])
}

fn synced() -> World {
    let world = World::signed_in(some());
    world.sync();
    world
}

/// Syncs, expecting that no bytes are fetched.
#[track_caller]
fn sync_without_fetching(world: &World) -> serde_json::Value {
    let before = world.control.counts().media;
    let receipt = world.sync();
    assert_eq!(world.control.counts().media, before, "fetched twice: {receipt:#}");
    whole::check(world);
    receipt
}

fn live_catalog(world: &World) -> PathBuf {
    fs::read_dir(world.home().join("libraries")).unwrap().next().unwrap().unwrap().path().join("catalog.sqlite")
}

#[test]
fn a_vanished_library_ends_with_7_and_is_not_made_anew() {
    let world = synced();
    fs::rename(world.library(), world.path("unplugged")).unwrap();
    for arguments in [
        &["sync", "LIBRARY"][..],
        &["verify", "LIBRARY"],
        &["retry", "LIBRARY"],
        &["sync", "LIBRARY", "--dry-run"],
        &["prune", "LIBRARY"],
    ] {
        let ran = world.run(arguments).ends(7);
        assert!(ran.err.contains("was a library before"), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains("--start-over"), "{}", ran.err);
        assert!(!world.library().exists(), "{arguments:?}");
    }
    // An empty mount point is as good as nothing.
    fs::create_dir(world.library()).unwrap();
    world.run(&["sync", "LIBRARY"]).ends(7);
    assert_eq!(tree(&world.library()).len(), 0);
    let status = world.run(&["status", "LIBRARY", "--json"]).ends(7).json();
    assert_eq!(status["items"], 20, "what was kept can still be looked up");
    fs::remove_dir(world.library()).unwrap();
    fs::rename(world.path("unplugged"), world.library()).unwrap();
    sync_without_fetching(&world);
}

#[test]
fn a_library_that_vanishes_in_the_middle_ends_with_7_and_goes_on_when_it_is_back() {
    let config = SimulatorConfig { latency: Duration::from_millis(30), ..SimulatorConfig::default() };
    let world = World::with(config, some());
    world.sign_in();
    let mut run = Running::start(&mut world.command(&["sync", "LIBRARY", "--json", "--jobs", "1"]));
    assert!(run.lines_with("\"stored\"", 4));
    fs::rename(world.library(), world.path("unplugged")).unwrap();
    let ran = run.end().ends(7);
    assert_eq!(ran.receipt()["complete"], false);
    assert!(!world.library().exists(), "nothing is made in its place: {:?}", tree(&world.library()).keys());
    fs::rename(world.path("unplugged"), world.library()).unwrap();
    let receipt = world.sync();
    assert!(receipt["added"].as_u64().unwrap() <= 16, "{receipt:#}");
    whole::check(&world);
}

#[test]
fn an_emptied_library_begins_again_on_the_users_word_only() {
    let world = synced();
    fs::remove_dir_all(world.library()).unwrap();
    world.run(&["sync", "LIBRARY"]).ends(7);
    let receipt = world.run(&["sync", "LIBRARY", "--start-over", "--json"]).ends(0).receipt();
    assert_eq!((&receipt["complete"], &receipt["restored"]), (&true.into(), &20.into()), "{receipt:#}");
    whole::check(&world);
    sync_without_fetching(&world);
}

#[test]
fn a_moved_library_is_recognised() {
    let world = synced();
    let elsewhere = world.path("elsewhere");
    fs::rename(world.library(), &elsewhere).unwrap();
    let before = world.control.counts().media;
    let ran = world.command_on(&elsewhere, &["sync", "LIBRARY", "--json"]).output().unwrap();
    assert_eq!(ran.status.code(), Some(0), "{ran:?}");
    assert_eq!(world.control.counts().media, before);
    whole::check_on(&world.control, &elsewhere);
    world.run(&["sync", "LIBRARY"]).ends(7);
    assert!(!world.library().exists());
}

#[test]
fn a_library_outlives_the_apps_own_state() {
    let world = synced();
    fs::remove_dir_all(world.home()).unwrap();
    let status = world.run(&["status", "LIBRARY", "--json"]).ends(0).json();
    assert_eq!((&status["items"], &status["health"]), (&20.into(), &"complete".into()));
    world.run(&["sync", "LIBRARY"]).ends(4);
    world.sign_in();
    sync_without_fetching(&world);

    // The same without a look in between.
    fs::remove_dir_all(world.home()).unwrap();
    world.sign_in();
    sync_without_fetching(&world);
}

#[test]
fn a_library_without_any_catalog_is_filled_in_from_its_files() {
    let world = synced();
    fs::remove_dir_all(world.home()).unwrap();
    fs::remove_file(world.library().join(".photokeep/catalog.sqlite")).unwrap();
    world.sign_in();
    let receipt = world.sync();
    assert_eq!(receipt["added"], 20, "{receipt:#}");
    whole::check(&world);
    world.run(&["verify", "LIBRARY"]).ends(0);
}

#[test]
fn a_damaged_catalog_is_replaced_by_the_librarys_copy() {
    let world = synced();
    type Damage = fn(Vec<u8>) -> Vec<u8>;
    let damages: [(&str, Damage); 5] = [
        ("pages overwritten", |mut bytes| {
            for page in bytes.chunks_mut(4096).skip(1).step_by(3) {
                page.fill(0xa5);
            }
            bytes
        }),
        ("cut in half", |bytes| bytes[..bytes.len() / 2].to_vec()),
        ("not a database", |_| b"hello".repeat(3000)),
        ("empty", |_| Vec::new()),
        ("zeros", |bytes| vec![0; bytes.len()]),
    ];
    for (name, damage) in damages {
        let live = live_catalog(&world);
        let bytes = fs::read(&live).unwrap();
        fs::write(&live, damage(bytes)).unwrap();
        println!("{name}");
        sync_without_fetching(&world);
        world.run(&["verify", "LIBRARY"]).ends(0);
    }
    fs::remove_file(live_catalog(&world)).unwrap();
    sync_without_fetching(&world);
    let receipt = {
        let live = live_catalog(&world);
        fs::write(&live, b"hello".repeat(3000)).unwrap();
        world.sync()
    };
    assert!(receipt["notes"].to_string().contains("the copy inside the library took its place"), "{receipt:#}");
    let aside = fs::read_dir(live_catalog(&world).parent().unwrap()).unwrap().flatten();
    assert!(
        aside.filter(|entry| entry.file_name().to_string_lossy().contains("set-aside")).count() >= 5,
        "damaged ones are kept"
    );
}

#[test]
fn a_damaged_copy_does_not_harm_a_good_catalog() {
    let world = synced();
    fs::write(world.library().join(".photokeep/catalog.sqlite"), b"hello".repeat(3000)).unwrap();
    sync_without_fetching(&world);
    fs::remove_dir_all(world.home()).unwrap();
    world.sign_in();
    sync_without_fetching(&world);
}

#[test]
fn a_catalog_that_is_lost_with_its_copy_is_told_until_everything_is_known_again() {
    let world = synced();
    let copy = world.library().join(".photokeep/catalog.sqlite");
    let rubbish = b"hello".repeat(3000);
    fs::write(live_catalog(&world), &rubbish).unwrap();
    fs::write(&copy, &rubbish).unwrap();
    for _ in 0..2 {
        let ran = world.run(&["verify", "LIBRARY"]).ends(1);
        assert!(ran.err.contains("Nothing was compared"), "{}", ran.err);
        assert!(!ran.out.contains("Every file"), "{}", ran.out);
        let doctor = world.run(&["doctor", "LIBRARY"]);
        assert!(doctor.out.contains("no usable copy") && !doctor.out.contains("catalog is sound"), "{}", doctor.out);
        let status = world.run(&["status", "LIBRARY", "--json"]).ends(0).json();
        assert!(status["note"].to_string().contains("no usable copy"), "{status:#}");
    }
    let beside: Vec<PathBuf> =
        fs::read_dir(live_catalog(&world).parent().unwrap()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(
        beside.iter().filter(|path| fs::read(path).is_ok_and(|bytes| bytes == rubbish)).count(),
        2,
        "what may be read out of the copy is kept: {beside:?}"
    );
    let receipt = world.sync();
    assert_eq!(receipt["complete"], true, "{receipt:#}");
    whole::check(&world);
    world.run(&["verify", "LIBRARY"]).ends(0);
    assert!(world.run(&["status", "LIBRARY", "--json"]).ends(0).json()["note"].is_null());
}

#[test]
fn a_catalog_that_a_crash_left_empty_does_not_hide_the_copy() {
    let world = synced();
    fs::write(live_catalog(&world), b"").unwrap();
    let status = world.run(&["status", "LIBRARY", "--json"]).ends(0).json();
    assert_eq!((&status["items"], &status["health"]), (&20.into(), &"complete".into()), "{status:#}");
    sync_without_fetching(&world);
}

#[test]
fn two_computers_take_turns() {
    let world = World::signed_in(photos(10));
    world.sync();
    fs::rename(world.home(), world.path("home-a")).unwrap();
    world.sign_in();
    world.control.add_item(photo(30)).unwrap();
    assert_eq!(world.sync()["added"], 1);
    fs::rename(world.home(), world.path("home-b")).unwrap();
    fs::rename(world.path("home-a"), world.home()).unwrap();
    let receipt = sync_without_fetching(&world);
    assert!(receipt["notes"].to_string().contains("Another computer has worked on this library"), "{receipt:#}");
    let history = world.run(&["history", "LIBRARY", "--json"]).ends(0).json();
    assert_eq!(history["runs"].as_array().unwrap().len(), 3);
}
