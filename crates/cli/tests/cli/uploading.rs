//! `photokeep compare --upload`: what is missing goes to Google Photos, once, whatever happens on the way.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use photokeep_simulator::generate::{PictureRecipe, filler, picture};
use photokeep_simulator::photo_library::Content;
use photokeep_simulator::{Policy, SimulatorConfig};

use crate::world::{Chance, SigningIn, World, photos};

/// A world with an empty account, since March 2025, and a library.
fn world(latency: Duration) -> World {
    let config = SimulatorConfig { policy: Policy::After, latency, ..SimulatorConfig::default() };
    let world = World::with(config, photos(0));
    let signing_in = world.start_sign_in(&[]);
    world.browse(&world.control.approve(&signing_in.address).unwrap());
    signing_in.end().ends(0);
    world
}

/// Signs in once more, with the client that is kept and the right to upload.
fn allow(world: &World) -> String {
    let signing_in = SigningIn::start(&mut world.command(&["sign-in", "LIBRARY", "--no-browser", "--upload"]));
    let address = signing_in.address.clone();
    world.browse(&world.control.approve(&address).unwrap());
    signing_in.end().ends(0);
    address
}

fn fill(world: &World, count: u64, size: u64) {
    fs::create_dir_all(world.path("folder/below")).unwrap();
    for number in 0..count {
        let name = if number % 3 == 0 { format!("below/IMG_{number}.jpg") } else { format!("IMG_{number}.jpg") };
        fs::write(world.path("folder").join(name), filler(number, size + number)).unwrap();
    }
}

fn everything(folder: &Path) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let modified = entry.metadata().unwrap().modified().unwrap();
                found.insert(path.to_string_lossy().into_owned(), (fs::read(&path).unwrap(), modified));
            }
        }
    }
    found
}

/// Google has each of them once, byte for byte, and saw no mistake.
#[track_caller]
fn assert_there(world: &World, count: usize) {
    let items = world.control.library().items;
    assert_eq!(items.len(), count);
    let mut there: Vec<Vec<u8>> = items.iter().map(|item| world.control.uploaded_bytes(&item.id).unwrap()).collect();
    let mut here: Vec<Vec<u8>> = everything(&world.path("folder")).into_values().map(|(bytes, _)| bytes).collect();
    there.sort();
    here.sort();
    assert!(there == here);
    assert_eq!(world.control.violations(), []);
}

#[test]
fn it_asks_for_the_right_to_upload_only_when_it_is_wanted() {
    let world = world(Duration::ZERO);
    fill(&world, 5, 2_000);
    let before = everything(&world.path("folder"));
    let planned = world.run(&["compare", "LIBRARY", "folder", "--upload", "--dry-run"]).ends(0);
    assert!(planned.out.contains("5 files to Google Photos"), "{}", planned.out);
    assert!(planned.out.contains("photokeep sign-in LIBRARY --upload"), "{}", planned.out);
    let refused = world.run(&["compare", "LIBRARY", "folder", "--upload"]).ends(4);
    assert!(refused.err.contains("photokeep sign-in LIBRARY --upload"), "{}", refused.err);
    assert_eq!(world.control.counts().upload, 0);
    let address = allow(&world);
    assert!(address.contains("photoslibrary.appendonly"), "{address}");
    assert!(address.contains("photoslibrary.readonly.appcreateddata"), "{address}");
    let done = world.run(&["compare", "LIBRARY", "folder", "--upload", "--album", "Norway"]).ends(0);
    assert!(done.out.contains("5 files uploaded to Google Photos"), "{}", done.out);
    assert_there(&world, 5);
    assert_eq!(world.control.library().albums[0].items.len(), 5);
    let again = world.run(&["compare", "LIBRARY", "folder", "--upload", "--album", "Norway"]).ends(0);
    assert!(again.out.contains("5 files were there from an earlier upload"), "{}", again.out);
    let planned = world.run(&["compare", "LIBRARY", "folder", "--upload", "--album", "Norway", "--dry-run"]).ends(0);
    assert!(planned.out.contains("0 files to Google Photos"), "{}", planned.out);
    assert!(planned.out.contains("5 files are there from an earlier upload"), "{}", planned.out);
    let long = "x".repeat(501);
    world.run(&["compare", "LIBRARY", "folder", "--upload", "--album", &long, "--dry-run"]).ends(2);
    assert!(everything(&world.path("folder")) == before, "the folder is as it was");
    let history = world.run(&["history", "LIBRARY", "--json"]).ends(0).json();
    assert_eq!(history["runs"][0]["kind"], "upload");
    // What was uploaded comes by the next sync, and then nothing is missing any more.
    world.run(&["sync", "LIBRARY"]).ends(0);
    let compared = world.run(&["compare", "LIBRARY", "folder", "--json"]).ends(0).json_lines();
    assert_eq!(compared.last().unwrap()["missing"]["count"], 0);
}

#[test]
fn added_and_uploaded_at_once_it_is_one_photo() {
    let world = world(Duration::ZERO);
    allow(&world);
    fill(&world, 4, 2_000);
    world.run(&["compare", "LIBRARY", "folder", "--add", "--upload"]).ends(0);
    assert_there(&world, 4);
    world.run(&["sync", "LIBRARY"]).ends(0);
    let status = world.run(&["status", "LIBRARY", "--json"]).ends(0).json();
    assert_eq!(status["items"], 4, "{status:#}");
}

#[test]
fn killed_again_and_again_it_uploads_everything_once() {
    let world = world(Duration::from_millis(4));
    allow(&world);
    fill(&world, 70, 40_000);
    let before = everything(&world.path("folder"));
    let arguments = ["compare", "LIBRARY", "folder", "--upload", "--album", "Torture"];
    let mut chance = Chance(77);
    for _ in 0..12 {
        let mut child = world.command(&arguments).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(100 + chance.below(500)));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    world.run(&arguments).ends(0);
    assert_there(&world, 70);
    let albums = world.control.library().albums;
    assert_eq!((albums.len(), albums[0].items.len()), (1, 70));
    assert!(everything(&world.path("folder")) == before, "the folder is as it was");
    // Whoever reads the library finds nothing to upload with.
    for (path, (bytes, _)) in everything(&world.library()) {
        for secret in [&b"upload_id"[..], b"CAIS"] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{path}");
        }
    }
}

fn painted(seed: u64) -> Vec<u8> {
    picture(&PictureRecipe {
        seed,
        width: 64,
        height: 48,
        taken: "2024-05-06T07:08:09Z".parse().unwrap(),
        offset_seconds: 0,
        place: None,
        camera: ("", ""),
        caption: None,
    })
}

/// Google may give back other bytes, under another name and with another date: it is still the photo that was uploaded.
#[test]
fn what_google_made_of_an_upload_is_known_by_the_upload() {
    let world = world(Duration::ZERO);
    allow(&world);
    fs::create_dir_all(world.path("folder")).unwrap();
    for number in 0..3 {
        fs::write(world.path(&format!("folder/IMG_{number}.jpg")), painted(number)).unwrap();
    }
    world.run(&["compare", "LIBRARY", "folder", "--upload"]).ends(0);
    for (number, item) in world.control.library().items.iter().enumerate() {
        world.control.change_item(&item.id, |item| {
            item.content = Content::Bytes(painted(100 + number as u64).into());
            item.filename = Some(format!("renamed {number}.jpg"));
            item.creation_time = Some("2031-01-01T00:00:00Z".parse().unwrap());
        });
    }
    fs::write(world.path("folder/another.jpg"), painted(50)).unwrap();
    world.run(&["sync", "LIBRARY"]).ends(0);
    for report in ["first.json", "second.json"] {
        let compared = world.run(&["compare", "LIBRARY", "folder", "--json", "--report", report]).ends(0).json_lines();
        let end = compared.last().unwrap();
        assert_eq!(
            (&end["different"]["count"], &end["missing"]["count"], &end["extra"]["count"]),
            (&3.into(), &1.into(), &0.into())
        );
        let report = fs::read_to_string(world.path(report)).unwrap();
        assert_eq!(report.matches("\"uploaded\"").count(), 3, "{report}");
    }
}

#[test]
fn photos_of_one_account_are_not_uploaded_to_another() {
    let world = world(Duration::ZERO);
    allow(&world);
    fill(&world, 2, 2_000);
    world.run(&["compare", "LIBRARY", "folder", "--upload"]).ends(0);
    world.run(&["sync", "LIBRARY"]).ends(0);
    fs::write(world.path("folder/new.jpg"), filler(50, 3_000)).unwrap();
    for file in fs::read_dir(world.home().join("sign-ins")).unwrap().map(|entry| entry.unwrap().path()) {
        let sign_in = fs::read_to_string(&file).unwrap();
        fs::write(&file, sign_in.replace("demo@photokeep.example", "somebody.else@photokeep.example")).unwrap();
    }
    for more in [&["--dry-run"][..], &[]] {
        let refused = world.run(&[&["compare", "LIBRARY", "folder", "--upload"], more].concat()).ends(4);
        assert!(refused.err.contains("somebody.else@photokeep.example"), "{}", refused.err);
        assert!(refused.err.contains("demo@photokeep.example"), "{}", refused.err);
    }
    assert_eq!(world.control.library().items.len(), 2);
}
