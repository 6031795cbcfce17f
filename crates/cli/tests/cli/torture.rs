//! `kill -9` at moments that look like chance. After every kill nothing half lies under a name and nothing claims to be
//! complete that is not; after the last one an undisturbed run makes the library whole, without debris.
//!
//! `PHOTOKEEP_TORTURE_KILLS` sets how many kills a sync suffers (20; the long form uses 200), `PHOTOKEEP_TORTURE_SEED` when.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use photokeep_simulator::SimulatorConfig;
use photokeep_simulator::photo_library::PhotoLibrary;

use crate::whole::{self, tree};
use crate::world::{Chance, World, album, id, with_albums};

fn from_environment(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

fn kills() -> u64 {
    from_environment("PHOTOKEEP_TORTURE_KILLS", 20)
}

fn chance() -> Chance {
    Chance(from_environment("PHOTOKEEP_TORTURE_SEED", 0x5eed).max(1))
}

fn world(library: PhotoLibrary) -> World {
    let config = SimulatorConfig { latency: Duration::from_millis(5), ..SimulatorConfig::default() };
    let world = World::with(config, library);
    world.sign_in();
    world
}

/// How one disturbed command went.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Killed,
    /// It was done before the blow came.
    Finished,
}

/// Starts a command and kills it after this time.
#[track_caller]
fn kill_after(world: &World, arguments: &[&str], delay: Duration) -> End {
    let mut child =
        world.command(arguments).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    std::thread::sleep(delay);
    child.kill().unwrap();
    let status = child.wait().unwrap();
    match status.code() {
        None => End::Killed,
        // 3: an item vanished under it; anything else would be a defect.
        Some(0) => End::Finished,
        Some(code) => panic!("{arguments:?} ended with {code}: {:?}", world.run(arguments)),
    }
}

/// How long a command takes when it is left alone.
#[track_caller]
fn undisturbed(world: &World, arguments: &[&str]) -> Duration {
    let begun = Instant::now();
    world.run(arguments).ends(0);
    begun.elapsed()
}

/// Number of the last run that claims to be complete; 0 when none does.
fn last_complete(world: &World) -> i64 {
    let history = world.run(&["history", "LIBRARY", "--json", "--limit", "100000"]);
    // A run killed at its very start leaves no library to ask.
    if history.code == Some(2) {
        return 0;
    }
    let runs = history.ends(0).json()["runs"].as_array().unwrap().clone();
    runs.iter().filter(|run| run["complete"] == true).map(|run| run["run"].as_i64().unwrap()).max().unwrap_or(0)
}

/// What has to hold after every kill: nothing half, and no new claim to be complete that is not true. Gives the number kept.
#[track_caller]
fn nothing_wrong(world: &World, google: &BTreeMap<String, (String, DateTime<Utc>)>, complete_before: i64) -> usize {
    let kept = whole::nothing_half(world, google);
    assert!(last_complete(world) <= complete_before || kept == google.len(), "\"complete\" with {kept} of {}", google.len());
    kept
}

fn wipe(world: &World) {
    for entry in fs::read_dir(world.library()).unwrap().flatten() {
        if entry.file_type().unwrap().is_dir() {
            fs::remove_dir_all(entry.path()).unwrap()
        } else {
            fs::remove_file(entry.path()).unwrap()
        }
    }
}

#[test]
fn a_sync_survives_being_killed_at_any_moment() {
    let mut library = with_albums(150, (0..4).map(|n| album(&format!("Album {n}"), (n * 7..150).step_by(5))).collect());
    // Names that repeat within a month: their numbers must survive as well.
    for item in library.items.iter_mut().step_by(3) {
        item.filename = Some("IMG.JPG".to_owned());
    }
    let world = world(library);
    let google = whole::at_google(&world.control);
    // Few downloads at a time, so that most of a run is fetching.
    let (plain, anew) = (&["sync", "LIBRARY", "--jobs", "3"][..], &["sync", "LIBRARY", "--jobs", "3", "--start-over"][..]);
    let length = undisturbed(&world, plain);
    whole::check(&world);
    wipe(&world);
    let (mut chance, mut killed, mut finished, mut wiped, mut homeless) = (chance(), 0, 0, 1, 0);
    let mut start_over = true;
    let mut progress = Vec::new();
    while killed < kills() {
        let arguments = if start_over { anew } else { plain };
        let delay = Duration::from_micros(chance.below(length.as_micros() as u64));
        let complete_before = last_complete(&world);
        match kill_after(&world, arguments, delay) {
            End::Killed => killed += 1,
            End::Finished => finished += 1,
        }
        // A kill before the mark was written leaves an empty folder, which still needs the user's word.
        start_over = !world.library().join(".photokeep/library.json").exists();
        if !start_over {
            progress.push(nothing_wrong(&world, &google, complete_before));
        }
        let whole_already = progress.last() == Some(&150);
        match chance.below(8) {
            0 => {
                wipe(&world);
                (start_over, wiped) = (true, wiped + 1);
            }
            // The app's own state is lost as well: another computer takes over what lies there.
            1 if !start_over => {
                fs::remove_dir_all(world.home()).unwrap();
                world.sign_in();
                homeless += 1;
            }
            // Now and then the next run is killed over a library that only lacks its last commits.
            _ if whole_already && chance.below(3) > 0 => {
                wipe(&world);
                (start_over, wiped) = (true, wiped + 1);
            }
            _ => {}
        }
    }
    if start_over {
        world.run(&["sync", "LIBRARY", "--start-over"]).ends(0);
    }
    let receipt = world.sync();
    println!(
        "{killed} kills over {length:?}, {finished} runs finished first, {wiped} times wiped, {homeless} times without the app's state; \
         kept after each: {progress:?}; last run: {} added, {} restored, {} already there",
        receipt["added"], receipt["restored"], receipt["already"]
    );
    whole::check(&world);
    let verified = world.run(&["verify", "LIBRARY", "--json"]).ends(0).json_lines().pop().unwrap();
    assert_eq!((&verified["sound"], &verified["files"], &verified["broken_links"]), (&true.into(), &150.into(), &0.into()));
    let status = world.run(&["status", "LIBRARY", "--json"]).ends(0).json();
    assert_eq!((&status["health"], &status["items"], &status["pending"]), (&"complete".into(), &150.into(), &0.into()));
    let again = world.sync();
    assert_eq!((&again["added"], &again["restored"], &again["links_made"]), (&0.into(), &0.into(), &0.into()), "{again:#}");
}

#[test]
fn album_updates_survive_being_killed() {
    for kind in ["symlink", "copy", "hardlink"] {
        let albums = (0..30).map(|n| album(&format!("Album {n:02}"), (n..60).step_by(3))).collect();
        let world = world(with_albums(60, albums));
        world.run(&["sync", "LIBRARY", "--links", kind]).ends(0);
        whole::check(&world);
        let mut chance = chance();
        let (mut killed, mut finished) = (0, 0);
        let mut length = None;
        let rounds = kills().div_ceil(3);
        for round in 0..rounds {
            for album in world.control.library().albums {
                let number = chance.below(6);
                let changed = world.control.change_album(&album.id, |album| match number {
                    0 => album.items.reverse(),
                    1 => album.items.rotate_left(1),
                    2 => album.title = album.title.as_ref().map(|title| format!("{} r{round}", &title[..8])),
                    3 if album.items.len() > 2 => album.items.truncate(album.items.len() - 1),
                    4 => album.items.extend(
                        std::iter::once(id((round as usize * 7) % 60)).filter(|id| !album.items.contains(id)).collect::<Vec<_>>(),
                    ),
                    _ => {}
                });
                assert!(changed.unwrap());
            }
            let length = *length.get_or_insert_with(|| undisturbed(&world, &["sync", "LIBRARY"]));
            match kill_after(&world, &["sync", "LIBRARY"], Duration::from_micros(chance.below(length.as_micros() as u64))) {
                End::Killed => killed += 1,
                End::Finished => finished += 1,
            }
            if round % 4 == 3 {
                world.sync();
                whole::check(&world);
            }
        }
        world.sync();
        println!("{kind}: {killed} kills while albums were updated, {finished} runs finished first");
        whole::check(&world);
        assert_eq!(world.run(&["verify", "LIBRARY", "--json"]).ends(0).json_lines().pop().unwrap()["broken_links"], 0);
        let again = world.sync();
        assert_eq!((&again["links_made"], &again["links_removed"]), (&0.into(), &0.into()), "{kind}: {again:#}");
    }
}

#[test]
fn pruning_and_restoring_survive_being_killed() {
    let world = world(with_albums(60, vec![album("Trip", (0..60).step_by(2))]));
    world.sync();
    let everything = tree(&world.library().join("photos"));
    let files = |world: &World, below: &str| {
        tree(&world.library()).into_keys().filter(|path| path.starts_with(below) && path.ends_with(".JPG")).count()
    };
    let mut chance = chance();
    let (mut killed, mut finished, mut moments) = (0, 0, Vec::new());
    for number in (0..60).step_by(2).take(30) {
        world.control.remove_item(&id(number));
    }
    world.sync();
    let (to_trash, back) = (&["prune", "LIBRARY", "--yes"][..], &["trash", "LIBRARY", "restore"][..]);
    let prune = undisturbed(&world, to_trash);
    whole::check(&world);
    let restore = undisturbed(&world, back);
    assert_eq!(tree(&world.library().join("photos")), everything);
    for (arguments, other, length, end) in [(to_trash, back, prune, 30), (back, to_trash, restore, 60)] {
        if arguments == back {
            world.run(to_trash).ends(0);
        }
        for _ in 0..kills().div_ceil(2) {
            match kill_after(&world, arguments, Duration::from_micros(chance.below(length.as_micros() as u64))) {
                End::Killed => killed += 1,
                End::Finished => finished += 1,
            }
            let (here, in_trash) = (files(&world, "photos/"), files(&world, ".photokeep/trash/"));
            assert_eq!(here + in_trash, 60, "{arguments:?}: {here} here, {in_trash} in the trash");
            moments.push(here);
            if here == end {
                // Nothing left to disturb.
                world.run(other).ends(0);
            }
        }
        world.run(arguments).ends(0);
        assert_eq!(files(&world, "photos/"), end, "{arguments:?}");
        assert_eq!(files(&world, ".photokeep/trash/"), 60 - end);
        assert_eq!(
            world.run(&["trash", "LIBRARY", "list", "--json"]).ends(0).json()["files"].as_array().unwrap().len(),
            60 - end
        );
        let verified = world.run(&["verify", "LIBRARY", "--json"]).ends(0).json_lines().pop().unwrap();
        assert_eq!((&verified["files"], &verified["findings"]), (&end.into(), &serde_json::json!([])), "{arguments:?}");
    }
    assert_eq!(tree(&world.library().join("photos")), everything);
    world.sync();
    println!("{killed} kills of prune and restore, {finished} finished first; files in place after each: {moments:?}");
    let mut restored = 0;
    world.run(&["prune", "LIBRARY", "--yes"]).ends(0);
    // Emptying deletes for good, so a kill may leave any number, but never an entry without end.
    for _ in 0..3 {
        let end = kill_after(&world, &["trash", "LIBRARY", "empty", "--yes"], Duration::from_millis(10 + chance.below(40)));
        restored += u64::from(end == End::Finished);
    }
    println!("emptying finished {restored} times of 3");
    world.run(&["trash", "LIBRARY", "empty", "--yes"]).ends(0);
    world.sync();
    whole::check(&world);
    assert_eq!(files(&world, ".photokeep/"), 0);
}

#[test]
fn verifying_survives_being_killed() {
    let world = world(with_albums(60, vec![album("Trip", 0..10)]));
    world.sync();
    let length = undisturbed(&world, &["verify", "LIBRARY"]);
    let mut chance = chance();
    let mut killed = 0;
    for _ in 0..kills().div_ceil(4) {
        killed += u64::from(
            kill_after(&world, &["verify", "LIBRARY"], Duration::from_micros(chance.below(length.as_micros() as u64)))
                == End::Killed,
        );
    }
    println!("{killed} kills of verify");
    world.run(&["verify", "LIBRARY"]).ends(0);
    let receipt = world.sync();
    assert_eq!((&receipt["added"], &receipt["restored"]), (&0.into(), &0.into()));
    whole::check(&world);
}
