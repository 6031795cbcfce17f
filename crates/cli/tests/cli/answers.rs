//! What the commands answer: every key of the JSON forms, and the texts for people as snapshots.

use std::collections::BTreeSet;

use photokeep_simulator::SimulatorConfig;
use photokeep_simulator::generate::PictureRecipe;
use photokeep_simulator::photo_library::Content;
use regex::Regex;
use serde_json::Value;

use crate::exit_codes::make_unready;
use crate::world::{World, album, day, id, photo, photos, with_albums};

/// What differs from run to run, out of the way.
fn plain(world: &World, text: &str) -> String {
    let text = text.replace(&*std::fs::canonicalize(world.folder.path()).unwrap().to_string_lossy(), "[FOLDER]");
    [
        (r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "[TIME]"),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d", "[TIME]"),
        (r"(?m)^\d{4}-\d\d-\d\d", "[DAY]"),
        (r"since \d{4}-\d\d-\d\d", "since [DAY]"),
        (r"\d+(\.\d+)? [KMGT]?i?B free", "[SIZE] free"),
        (r"in (less than a second|\d+ seconds?)", "in [DURATION]"),
        (r"sign-ins/[0-9a-f-]{36}", "sign-ins/[LIBRARY]"),
    ]
    .into_iter()
    .fold(text, |text, (pattern, word)| Regex::new(pattern).unwrap().replace_all(&text, word).into_owned())
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap_or_else(|| panic!("not an object: {value}")).keys().map(String::as_str).collect()
}

#[track_caller]
fn has_just(value: &Value, expected: &[&str]) {
    assert_eq!(keys(value), expected.iter().copied().collect(), "{value:#}");
}

const LISTED: [&str; 16] = [
    "path",
    "blake3",
    "size",
    "title",
    "taken_at",
    "offset",
    "latitude",
    "longitude",
    "description",
    "favorite",
    "archived",
    "trashed",
    "people",
    "albums",
    "role",
    "source",
];

#[test]
fn list_gives_every_fact_of_every_file() {
    let mut library = with_albums(3, vec![album("Trip", [0, 1]), album("Öl & \"Essig\"", [1])]);
    let item = library.items.iter_mut().find(|item| item.id == id(1)).unwrap();
    item.description = Some("Two lines\nand a \u{202e}trick".to_owned());
    item.filename = Some("Brücke 🌉.jpg".to_owned());
    item.content = Content::Picture(PictureRecipe {
        seed: 5,
        width: 64,
        height: 48,
        taken: day(9),
        offset_seconds: 7_200,
        place: Some((47.5, -8.25)),
        camera: ("Canon", "EOS 5D"),
        caption: None,
    });
    let world = World::with(SimulatorConfig { strip_location: false, ..SimulatorConfig::default() }, library);
    world.sign_in();
    world.sync();
    let listed = world.run(&["list", "LIBRARY", "--json"]).ends(0).json_lines();
    assert_eq!(listed.len(), 3);
    for file in &listed {
        has_just(file, &LISTED);
        let bytes = std::fs::read(world.library().join(file["path"].as_str().unwrap())).unwrap();
        assert_eq!(file["blake3"], blake3::hash(&bytes).to_hex().as_str());
        assert_eq!(file["size"], bytes.len());
        assert_eq!((&file["role"], &file["source"]), (&"rendition".into(), &"library-api".into()));
        assert_eq!(file["people"], Value::Array(Vec::new()));
    }
    let bridge = listed.iter().find(|file| file["title"] == "Brücke 🌉.jpg").unwrap();
    assert_eq!(bridge["path"], "photos/2019/01/Brücke 🌉.jpg");
    assert_eq!(bridge["taken_at"], "2019-01-10T11:13:37Z");
    assert_eq!(bridge["offset"], "+02:00");
    assert!(
        (bridge["latitude"].as_f64().unwrap() - 47.5).abs() < 1e-4 && (bridge["longitude"].as_f64().unwrap() + 8.25).abs() < 1e-4,
        "{bridge:#}"
    );
    assert_eq!(bridge["description"], "Two lines\nand a \u{202e}trick");
    assert_eq!(bridge["albums"], serde_json::json!(["Trip", "Öl & \"Essig\""]));
    let paths = world.run(&["list", "LIBRARY"]).ends(0).out;
    assert_eq!(paths.lines().collect::<Vec<_>>(), listed.iter().map(|file| file["path"].as_str().unwrap()).collect::<Vec<_>>());
}

#[test]
fn the_json_of_every_command_has_its_shape() {
    let world = World::signed_in(with_albums(6, vec![album("Trip", [0, 1])]));
    make_unready(&world, 3, true);
    let lines = world.run(&["sync", "LIBRARY", "--json"]).ends(3).json_lines();
    let events: BTreeSet<&str> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert!(events.is_superset(&["phase", "meter", "plan", "stored", "failed", "receipt"].into()), "{events:?}");
    let of = |event: &str| lines.iter().find(|line| line["event"] == event).unwrap();
    has_just(of("stored"), &["event", "file", "path", "bytes"]);
    has_just(of("failed"), &["event", "title", "error"]);
    has_just(&of("failed")["error"], &["code", "message", "hint", "severity", "retry", "details"]);
    has_just(of("meter"), &["event", "phase", "done", "total", "bytes", "bytes_per_second", "seconds_left", "failed"]);
    let plan = &of("plan")["plan"];
    let of_plan = [
        "listed",
        "to_fetch",
        "photos",
        "videos",
        "retried",
        "restored",
        "updated",
        "already",
        "same_bytes",
        "absent",
        "removed_here",
        "estimated_bytes",
        "free_bytes",
        "albums",
        "notes",
    ];
    has_just(plan, &of_plan);
    assert_eq!((&plan["to_fetch"], &plan["albums"]["new"]), (&6.into(), &1.into()));
    let of_receipt = [
        "run",
        "kind",
        "started",
        "ended",
        "outcome",
        "complete",
        "all_fetched",
        "doubtful",
        "listed",
        "added",
        "added_bytes",
        "already",
        "updated",
        "same_photo",
        "restored",
        "absent",
        "account",
        "skipped",
        "failed",
        "albums",
        "links_made",
        "links_removed",
        "notes",
    ];
    has_just(of("receipt"), &["event", "receipt", "error"]);
    let receipt = &of("receipt")["receipt"];
    has_just(receipt, &of_receipt);
    let stored: u64 = lines.iter().filter(|line| line["event"] == "stored").map(|line| line["bytes"].as_u64().unwrap()).sum();
    assert_eq!(receipt["added_bytes"], stored);

    let status = world.run(&["status", "LIBRARY", "--json"]).ends(3).json();
    let of_status = [
        "health",
        "signal",
        "why",
        "stale",
        "sign_in_ends",
        "folder_is_there",
        "last_complete",
        "last_run",
        "last_run_complete",
        "running",
        "stopped",
        "note",
        "items",
        "photos",
        "videos",
        "files",
        "bytes",
        "pending",
        "failed",
        "damaged",
        "absent",
        "albums",
        "trash",
        "lost",
        "doubtful",
        "failures",
        "takeout_alone",
        "adopted",
        "not_taken",
        "not_taken_notes",
        "own_uploads_only",
        "advice",
    ];
    has_just(&status, &of_status);
    assert_eq!(status["bytes"], stored);
    has_just(&status["failures"][0], &["title", "code", "message", "hint", "tries", "last_try"]);
    let verified = world.run(&["verify", "LIBRARY", "--json"]).ends(0).json_lines().pop().unwrap();
    has_just(&verified, &["event", "sound", "files", "bytes", "accepted", "broken_links", "findings", "notes"]);
    assert_eq!((&verified["files"], &verified["bytes"]), (&5.into(), &stored.into()));
    let history = world.run(&["history", "LIBRARY", "--json"]).ends(0).json();
    let kinds: Vec<_> = history["runs"].as_array().unwrap().iter().map(|run| run["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["verify", "sync"]);
    for run in history["runs"].as_array().unwrap() {
        has_just(run, &["run", "kind", "started", "ended", "complete", "receipt"]);
        has_just(&run["receipt"], &of_receipt);
    }
    assert_eq!(world.run(&["history", "LIBRARY", "--json", "--limit", "1"]).ends(0).json()["runs"].as_array().unwrap().len(), 1);
    let doctor = world.run(&["doctor", "LIBRARY", "--json"]).ends(0).json();
    assert!(doctor["findings"].as_array().unwrap().len() >= 5);
    has_just(&doctor["findings"][0], &["grade", "sentence", "hint"]);
    std::fs::create_dir(world.path("folder")).unwrap();
    let folder = world.path("folder");
    let compared = world.run(&["compare", "LIBRARY", folder.to_str().unwrap(), "--json"]).ends(0).json_lines().pop().unwrap();
    let of_comparison = [
        "event",
        "files",
        "found",
        "different",
        "cut_short",
        "only_here",
        "missing",
        "unreadable",
        "not_media",
        "extra",
        "duplicates",
        "passed_over",
        "library_is_there",
        "similar",
        "links",
    ];
    has_just(&compared, &of_comparison);
    has_just(&compared["extra"], &["count", "bytes"]);
    has_just(&compared["duplicates"], &["groups", "count", "bytes"]);
    let dry = world.run(&["sync", "LIBRARY", "--dry-run", "--json"]).ends(0).json_lines().pop().unwrap();
    has_just(&dry, &["event", "plan"]);
    make_unready(&world, 3, false);
    world.control.remove_item(&id(5));
    world.sync();
    let pruned = world.run(&["prune", "LIBRARY", "--yes", "--json"]).ends(0).json_lines().pop().unwrap();
    has_just(&pruned, &["files", "bytes", "moved", "back", "failed", "changed"]);
    has_just(&pruned["files"][0], &["path", "size"]);
    let of_prune = || world.run(&["history", "LIBRARY", "--json", "--limit", "1"]).ends(0).json()["runs"][0].clone();
    assert_eq!(of_prune()["moved_to_trash"], serde_json::json!({ "files": 1, "bytes": pruned["bytes"] }));
    let trash = world.run(&["trash", "LIBRARY", "list", "--json"]).ends(0).json();
    has_just(&trash, &["files", "bytes"]);
    has_just(&trash["files"][0], &["path", "size", "reason", "removed_at"]);
    world.run(&["trash", "LIBRARY", "empty", "--yes"]).ends(0);
    assert_eq!(of_prune()["moved_to_trash"]["bytes"], pruned["bytes"], "also when the trash has forgotten it");
}

#[test]
fn an_error_in_json_mode_is_json_on_the_output_and_a_sentence_on_the_error_output() {
    let world = World::with(SimulatorConfig::default(), photos(1));
    for arguments in [
        &["status", "LIBRARY", "--json"][..],
        &["sync", "LIBRARY", "--json"],
        &["list", "LIBRARY", "--json"],
        &["verify", "LIBRARY", "--json"],
    ] {
        let ran = world.run(arguments);
        let line = &ran.json_lines()[0];
        has_just(line, &["event", "error"]);
        has_just(&line["error"], &["code", "message", "hint", "severity", "retry", "details"]);
        assert!(ran.err.starts_with("photokeep: "), "{}", ran.err);
    }
}

#[test]
fn texts_for_people() {
    let mut library = with_albums(8, vec![album("Trip", [0, 1, 2])]);
    library.items[0].filename = Some("evil\u{1b}[2J\u{202e}gpj.jpg".to_owned());
    let world = World::signed_in(library);
    let show = |name: &str, arguments: &[&str], code: i32| {
        insta::assert_snapshot!(name, plain(&world, &world.run(arguments).ends(code).out))
    };
    show("status_new", &["status", "LIBRARY"], 0);
    show("plan_first", &["sync", "LIBRARY", "--dry-run"], 0);
    make_unready(&world, 7, true);
    show("receipt_one_failed", &["sync", "LIBRARY"], 3);
    show("status_one_failed", &["status", "LIBRARY"], 3);
    make_unready(&world, 7, false);
    show("receipt_complete", &["sync", "LIBRARY"], 0);
    show("status_complete", &["status", "LIBRARY"], 0);
    show("verify_sound", &["verify", "LIBRARY"], 0);
    world.control.remove_item(&id(2));
    world.control.add_item(photo(12)).unwrap();
    world.control.change_item(&id(1), |item| item.description = Some("new".to_owned()));
    let changed =
        world.run(&["list", "LIBRARY"]).ends(0).out.lines().find(|path| path.ends_with("IMG_0003.JPG")).unwrap().to_owned();
    std::fs::write(world.library().join(changed), "other").unwrap();
    show("verify_damaged", &["verify", "LIBRARY"], 3);
    show("plan_changes", &["sync", "LIBRARY", "--dry-run"], 0);
    show("receipt_changes", &["sync", "LIBRARY"], 0);
    show("status_absent", &["status", "LIBRARY"], 0);
    show("prune_dry_run", &["prune", "LIBRARY", "--dry-run"], 0);
    show("prune", &["prune", "LIBRARY", "--yes"], 0);
    show("trash_list", &["trash", "LIBRARY", "list"], 0);
    show("receipt_filtered", &["sync", "LIBRARY", "--from", "2019-01-01"], 0);
    show("history", &["history", "LIBRARY"], 0);
    let doctor = plain(&world, &world.run(&["doctor", "LIBRARY"]).ends(0).out);
    for sentence in
        ["The catalog is sound.", "Signed in as demo@photokeep.example since [DAY].", "Google answers and accepts the sign-in"]
    {
        assert!(doctor.contains(sentence), "{doctor}");
    }
}

#[test]
fn status_tells_a_sign_in_that_shows_own_uploads_only() {
    let world = World::with(SimulatorConfig::default(), photos(3));
    let signing_in = world.start_sign_in(&[]);
    world.browse(&world.control.approve(&signing_in.address).unwrap());
    signing_in.end().ends(0);
    let told = world.run(&["status", "LIBRARY"]).ends(0).out;
    assert!(told.contains("only what Photokeep itself uploaded") && told.contains("Google Takeout"), "{told}");
    let told = world.run(&["status", "LIBRARY", "--json"]).ends(0).json();
    assert_eq!(told["own_uploads_only"], true, "{told:#}");
    assert!(told["advice"].as_str().unwrap().contains("Google Takeout"), "{told:#}");

    world.sign_in();
    assert!(!world.run(&["status", "LIBRARY"]).ends(0).out.contains("Takeout"));
    let told = world.run(&["status", "LIBRARY", "--json"]).ends(0).json();
    assert_eq!((&told["own_uploads_only"], &told["advice"]), (&false.into(), &Value::Null));
}

#[test]
fn doctor_looks_at_the_copy_and_at_the_files() {
    let world = World::signed_in(photos(4));
    let doctor = |code: i32| world.run(&["doctor", "LIBRARY"]).ends(code).out;
    assert!(doctor(0).contains("No file is stored here yet."));
    world.sync();
    let told = doctor(0);
    assert!(
        told.contains("carries a sound copy of the catalog") && told.contains("4 stored files were glanced at; nothing"),
        "{told}"
    );
    std::fs::write(world.library().join(".photokeep/catalog.sqlite"), vec![7u8; 9000]).unwrap();
    std::fs::rename(world.library().join("photos"), world.path("elsewhere")).unwrap();
    let told = doctor(3);
    assert!(told.contains("Of 4 stored files that were glanced at, 4 are not there any more."), "{told}");
    assert!(told.contains("!   The copy of the catalog inside the library cannot be used"), "{told}");
}

#[test]
fn status_says_what_is_not_there_any_more() {
    let world = World::with(Default::default(), photos(6));
    world.sign_in();
    world.sync();
    let kept = |ran: &crate::world::Ran| ran.out.contains("is kept.");
    assert!(kept(&world.run(&["status", "LIBRARY"]).ends(0)));

    let photos = world.library().join("photos");
    std::fs::rename(&photos, world.library().join("elsewhere")).unwrap();
    let ran = world.run(&["status", "LIBRARY"]).ends(3);
    assert!(!kept(&ran) && ran.out.contains("6 vanished or damaged"), "{}", ran.out);
    std::fs::rename(world.library().join("elsewhere"), &photos).unwrap();

    let away = world.library().with_file_name("away");
    std::fs::rename(world.library(), &away).unwrap();
    let ran = world.run(&["status", "LIBRARY"]).ends(7);
    assert!(!kept(&ran) && ran.out.contains("folder is not there now"), "{}", ran.out);
    std::fs::rename(&away, world.library()).unwrap();
    assert!(kept(&world.run(&["status", "LIBRARY"]).ends(0)));
}
