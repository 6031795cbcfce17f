//! `photokeep schedule` and `photokeep daemon`.

use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use photokeep_simulator::{Fault, FaultRule, Place};

use crate::world::{Running, World, id, photo, photos};

/// The file in which the schedule of the world's library lies.
fn file(world: &World) -> PathBuf {
    let mut folders = std::fs::read_dir(world.home().join("libraries")).unwrap().flatten();
    folders.next().unwrap().path().join("schedule.json")
}

fn shown(world: &World) -> Value {
    world.run(&["schedule", "show", "LIBRARY", "--json"]).ends(0).json()["schedule"].clone()
}

/// Makes the schedule's last slot one that nobody served: as after a night's sleep.
fn make_due(world: &World) {
    let path = file(world);
    let mut kept: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    // Half a day from now: a slot that has just passed may begin minutes later.
    kept["schedule"]["hour"] = ((chrono::Timelike::hour(&chrono::Local::now()) + 12) % 24).into();
    kept["ledger"]["served"] = (Utc::now() - TimeDelta::days(9)).to_rfc3339().into();
    std::fs::write(path, kept.to_string()).unwrap();
}

fn ended(world: &World) -> String {
    shown(world)["last"][0].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_schedule_is_set_shown_changed_and_taken_away() {
    let world = World::signed_in(photos(2));
    assert!(world.run(&["schedule", "show", "LIBRARY"]).ends(0).out.contains("has no schedule"));
    world.run(&["daemon", "LIBRARY"]).ends(2);
    world.run(&["schedule", "install", "LIBRARY", "--no-login-item"]).ends(0);
    let first = shown(&world);
    let minute = first["schedule"]["minute"].as_u64().unwrap();
    assert!((1..60).contains(&minute), "never on the hour: {first:#}");
    let next: DateTime<Utc> = first["next"].as_str().unwrap().parse().unwrap();
    assert!(next > Utc::now() && next < Utc::now() + TimeDelta::hours(25), "{first:#}");
    world.run(&["schedule", "install", "LIBRARY", "--no-login-item", "--every", "6h", "--only-on-power"]).ends(0);
    let second = shown(&world);
    assert_eq!(second["schedule"]["minute"], minute, "drawn once");
    assert_eq!((&second["schedule"]["every"]["hours"], &second["schedule"]["only_on_power"]), (&6.into(), &true.into()));
    for wrong in [&["--every", "25h"][..], &["--every", "0h"], &["--at", "24"], &["--on", "someday"]] {
        let mut arguments = vec!["schedule", "install", "LIBRARY", "--no-login-item"];
        arguments.extend(wrong);
        world.run(&arguments).ends(2);
    }
    assert!(world.run(&["schedule", "pause", "LIBRARY", "--hours", "2"]).ends(0).out.contains("Paused until"));
    assert_eq!(shown(&world)["waits_for"], "person");
    assert!(world.run(&["schedule", "resume", "LIBRARY"]).ends(0).out.contains("Next run"));
    assert!(world.run(&["schedule", "remove", "LIBRARY"]).ends(0).out.contains("taken away"));
    assert!(world.run(&["schedule", "remove", "LIBRARY"]).ends(0).out.contains("no schedule"));
    world.run(&["schedule", "show", "nowhere"]).ends(2);
}

#[test]
fn a_daemon_runs_what_is_due_once_and_ends_tidily() {
    let world = World::signed_in(photos(3));
    world.run(&["schedule", "install", "LIBRARY", "--no-login-item"]).ends(0);
    make_due(&world);
    let mut daemon = Running::start(&mut world.command(&["daemon", "LIBRARY", "--json"]));
    let receipt = daemon.line_with("\"event\":\"receipt\"").unwrap();
    let receipt: Value = serde_json::from_str(&receipt).unwrap();
    assert_eq!((&receipt["receipt"]["added"], &receipt["receipt"]["complete"]), (&3.into(), &true.into()), "{receipt:#}");
    let waits = daemon.line_with("\"event\":\"waits\"").unwrap();
    assert!(waits.contains("\"what\":\"time\""), "{waits}");
    assert_eq!(ended(&world), "well");
    assert_eq!(shown(&world)["kept"], true);
    // A second one says so, and goes on when the first ends.
    let mut second = Running::start(&mut world.command(&["daemon", "LIBRARY", "--json"]));
    second.line_with("\"event\":\"elsewhere\"").unwrap();
    second.child.kill().unwrap();
    second.end();
    // What comes later is no concern of this slot.
    world.control.add_item(photo(7)).unwrap();
    let ended = std::process::Command::new("kill").arg(daemon.child.id().to_string()).status().unwrap();
    assert!(ended.success());
    let end = daemon.end();
    assert_eq!(end.code, Some(0), "{end:?}");
    assert_eq!(end.out.matches("\"event\":\"begins\"").count(), 1, "{}", end.out);
    assert_eq!(shown(&world)["kept"], false);
}

#[test]
fn a_run_that_could_not_keep_everything_did_not_go_well() {
    let world = World::signed_in(photos(3));
    world.control.add_fault(FaultRule::new(Place::Media, Fault::Html200).item(id(1)));
    world.run(&["schedule", "install", "LIBRARY", "--no-login-item"]).ends(0);
    make_due(&world);
    let mut daemon = Running::start(&mut world.command(&["daemon", "LIBRARY", "--json"]));
    daemon.line_with("\"event\":\"waits\"").unwrap();
    daemon.child.kill().unwrap();
    daemon.end();
    assert_eq!(ended(&world), "partly");
    assert!(world.run(&["schedule", "show", "LIBRARY"]).ends(0).out.contains("not everything is kept"));
}

/// Whoever ends the session does not mean the run: it is gone on with at the next start.
#[test]
fn a_run_that_the_system_ended_is_tried_again() {
    let world = World::signed_in(photos(40));
    world.control.add_fault(FaultRule::new(Place::Media, Fault::Stall));
    world.run(&["schedule", "install", "LIBRARY", "--no-login-item"]).ends(0);
    make_due(&world);
    let mut daemon = Running::start(&mut world.command(&["daemon", "LIBRARY", "--json"]));
    daemon.line_with("\"event\":\"begins\"").unwrap();
    std::thread::sleep(std::time::Duration::from_millis(700));
    let ended_it = std::process::Command::new("kill").arg(daemon.child.id().to_string()).status().unwrap();
    assert!(ended_it.success());
    daemon.end();
    assert_eq!(ended(&world), "cut-off");
}

#[test]
fn a_schedule_that_cannot_be_read_is_told_and_set_again() {
    let world = World::signed_in(photos(1));
    world.run(&["schedule", "install", "LIBRARY", "--no-login-item"]).ends(0);
    std::fs::write(file(&world), "{").unwrap();
    let told = world.run(&["schedule", "show", "LIBRARY"]).ends(1);
    assert!(told.err.contains("cannot be read"), "{told:?}");
    world.run(&["schedule", "install", "LIBRARY", "--no-login-item"]).ends(0);
    assert!(shown(&world)["next"].is_string());
}

#[test]
fn a_schedule_is_shown_paused_and_taken_away_while_the_disk_is_not_there() {
    let world = World::signed_in(photos(1));
    world.run(&["schedule", "install", "LIBRARY", "--no-login-item"]).ends(0);
    std::fs::rename(world.library(), world.path("pulled-out")).unwrap();
    world.run(&["schedule", "show", "LIBRARY"]).ends(0);
    world.run(&["schedule", "pause", "LIBRARY"]).ends(0);
    world.run(&["schedule", "resume", "LIBRARY"]).ends(0);
    assert!(world.run(&["schedule", "remove", "LIBRARY"]).ends(0).out.contains("taken away"));
}

#[test]
fn trouble_is_told_and_waited_for() {
    let world = World::signed_in(photos(3));
    world.run(&["schedule", "install", "LIBRARY", "--no-login-item"]).ends(0);
    make_due(&world);
    world.run(&["sign-out", "LIBRARY"]);
    let mut daemon = Running::start(&mut world.command(&["daemon", "LIBRARY", "--json"]));
    let refused = daemon.line_with("\"event\":\"refused\"").unwrap();
    assert!(refused.contains("sign-in-needed"), "{refused}");
    daemon.line_with("\"event\":\"waits\"").unwrap();
    daemon.child.kill().unwrap();
    daemon.end();
    assert_eq!(ended(&world), "sign-in");
    assert!(world.run(&["schedule", "show", "LIBRARY"]).ends(0).out.contains("needs you"));
    // The library's disk is pulled out: nothing begins, and that is said.
    make_due(&world);
    std::fs::rename(world.library(), world.path("pulled-out")).unwrap();
    let mut daemon = Running::start(&mut world.command(&["daemon", "LIBRARY", "--json"]));
    let waits = daemon.line_with("\"event\":\"waits\"").unwrap();
    assert!(waits.contains("\"what\":\"disk\""), "{waits}");
    daemon.child.kill().unwrap();
    daemon.end();
}

#[test]
fn a_run_that_was_killed_is_said_to_be_cut_off() {
    let world = World::signed_in(photos(2));
    world.run(&["schedule", "install", "LIBRARY", "--no-login-item"]).ends(0);
    let path = file(&world);
    let mut kept: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    kept["ledger"]["under_way"] = true.into();
    std::fs::write(path, kept.to_string()).unwrap();
    let mut daemon = Running::start(&mut world.command(&["daemon", "LIBRARY", "--json"]));
    let waits = daemon.line_with("\"event\":\"waits\"").unwrap();
    assert!(waits.contains("another-try"), "{waits}");
    daemon.child.kill().unwrap();
    daemon.end();
    assert_eq!(ended(&world), "cut-off");
}

/// What the daemon imports comes from the watched folders; nobody needs to be signed in.
#[test]
fn a_daemon_imports_what_lies_in_the_inboxes() {
    use photokeep_simulator::takeout::{ExportSpec, generate};
    let world = World::with(photokeep_simulator::SimulatorConfig::default(), photos(0));
    generate(&ExportSpec { items: 5, ..ExportSpec::default() }, &world.path("inbox")).unwrap();
    let inbox = world.path("inbox");
    world.run(&["inbox", "LIBRARY", "add", inbox.to_str().unwrap()]).ends(0);
    world.run(&["schedule", "install", "LIBRARY", "--no-login-item"]).ends(0);
    make_due(&world);
    let mut daemon = Running::start(&mut world.command(&["daemon", "LIBRARY", "--json"]));
    let receipt = daemon.line_with("\"event\":\"receipt\"").unwrap();
    assert!(receipt.contains("\"kind\":\"import\""), "{receipt}");
    daemon.line_with("\"event\":\"waits\"").unwrap();
    daemon.child.kill().unwrap();
    daemon.end();
    assert_eq!(ended(&world), "well");
}

#[cfg(target_os = "linux")]
#[test]
fn the_systems_unit_is_put_in_its_place_and_taken_away() {
    let mut world = World::signed_in(photos(1));
    let config = world.path("config");
    world.environment.push(("XDG_CONFIG_HOME".into(), config.to_str().unwrap().into()));
    // No session of the system's here, whatever this computer has.
    world.environment.push(("XDG_RUNTIME_DIR".into(), world.path("no-runtime").to_str().unwrap().into()));
    world.environment.push(("DBUS_SESSION_BUS_ADDRESS".into(), "unix:path=/nowhere".into()));
    let said = world.run(&["schedule", "install", "LIBRARY"]).ends(0).out;
    assert!(said.contains("did not take it up") && said.contains("photokeep daemon"), "{said}");
    let units: Vec<_> = std::fs::read_dir(config.join("systemd/user")).unwrap().flatten().map(|entry| entry.path()).collect();
    let [unit] = &units[..] else { panic!("{units:?}") };
    let text = std::fs::read_to_string(unit).unwrap();
    let library = world.library();
    assert!(text.contains(&format!("daemon \"{}\"", library.display())), "{text}");
    assert!(text.contains(&format!("Environment=\"PHOTOKEEP_HOME={}\"", world.home().display())), "{text}");
    assert!(!text.contains("token") && !text.contains("secret"), "{text}");
    assert_eq!(world.run(&["schedule", "show", "LIBRARY", "--json"]).ends(0).json()["starts_at_login"], true);
    world.run(&["schedule", "remove", "LIBRARY"]).ends(0);
    assert!(!unit.exists());
}
