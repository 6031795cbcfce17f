//! What is refused with a sentence before it can do harm: libraries in libraries, addresses that are half Google's, a
//! sign-out during a run, folders that lead out of the library.

use crate::whole::{self, tree};
use crate::world::{World, album, photos, with_albums};

#[test]
fn a_library_inside_or_around_another_one_is_refused_before_anybody_signs_in() {
    let world = World::signed_in(photos(2));
    world.sync();
    let before = tree(world.folder.path());
    let around = world.folder.path().to_owned();
    for (place, words) in [
        (world.library().join("sub"), "lies inside the library"),
        (world.library().join("photos/2019"), "lies inside the library"),
        (world.library().join(".photokeep"), "lies inside the library"),
        (world.library().join(".photokeep/trash/x"), "lies inside the library"),
        (around, "holds the library"),
        (world.path(".photokeep"), "keeps for itself"),
    ] {
        let sign_in = ["sign-in", "LIBRARY", "--client-secret", "client_secret.json", "--no-browser"];
        let output = world.command_on(&place, &sign_in).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{}: {err}", place.display());
        assert!(err.contains(words) && err.contains("Nothing was changed."), "{}: {err}", place.display());
        assert_eq!(output.stdout, b"", "nobody is sent to a browser");
    }
    assert_eq!(tree(world.folder.path()), before);
    world.sync();
}

#[test]
fn addresses_that_are_not_all_replaced_are_refused_by_name() {
    let world = World::signed_in(photos(1));
    let whole = std::fs::read_to_string(world.path("endpoints.json")).unwrap();
    for (text, named) in [
        ("{}".to_owned(), "`authorize`, `token`, `revoke`, `userinfo`, `library`"),
        (r#"{"library":"http://127.0.0.1:9"}"#.to_owned(), "leaves out `authorize`"),
        (whole.replace("\"library\"", "\"libary\""), "leaves out `library`"),
        (whole.replacen('{', "{\"more\":\"http://127.0.0.1:9\",", 1), "`more`"),
    ] {
        std::fs::write(world.path("endpoints.json"), text).unwrap();
        let ran = world.run(&["sync", "LIBRARY"]).ends(2);
        assert!(ran.err.contains(named), "{}", ran.err);
    }
    std::fs::write(world.path("endpoints.json"), whole).unwrap();
    world.sync();
}

#[test]
fn nobody_signs_out_of_a_library_that_is_being_worked_on() {
    let world = World::signed_in(photos(1));
    world.sync();
    let library = std::fs::read_dir(world.home().join("libraries")).unwrap().next().unwrap().unwrap().path();
    let lock = std::fs::File::options().write(true).open(library.join("lock")).unwrap();
    lock.lock().unwrap();
    world.run(&["sign-out", "LIBRARY"]).ends(6);
    drop(lock);
    world.sync();
    world.run(&["sign-out", "LIBRARY"]).ends(0);
    let again = world.run(&["sync", "LIBRARY"]).ends(4);
    let path = world.library().display().to_string();
    assert!(again.err.contains(&format!("photokeep sign-in {path} --client-secret FILE")), "{}", again.err);
}

#[test]
fn an_error_says_in_one_spelling_whether_to_try_again() {
    let world = World::with(Default::default(), photos(1));
    let line = world.run(&["sync", "LIBRARY", "--json"]).ends(4).json_lines().remove(0);
    assert_eq!((&line["error"]["code"], &line["error"]["retry"]), (&"sign-in-needed".into(), &"after-action".into()));
}

#[test]
fn a_sound_verify_counts_as_complete_but_not_as_a_backup() {
    let world = World::signed_in(photos(3));
    world.sync();
    let backup = world.run(&["status", "LIBRARY", "--json"]).json()["last_complete"].clone();
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    world.run(&["verify", "LIBRARY"]).ends(0);
    let path = tree(&world.library()).into_keys().find(|path| path.ends_with(".JPG")).unwrap();
    std::fs::write(world.library().join(path), "other").unwrap();
    world.run(&["verify", "LIBRARY"]).ends(3);
    let runs = world.run(&["history", "LIBRARY", "--json"]).ends(0).json()["runs"].clone();
    let complete: Vec<_> =
        (0..3).map(|at| (runs[at]["kind"].as_str().unwrap(), runs[at]["complete"].as_bool().unwrap())).collect();
    assert_eq!(complete, [("verify", false), ("verify", true), ("sync", true)]);
    assert_eq!(world.run(&["status", "LIBRARY", "--json"]).json()["last_complete"], backup);
    let said = world.run(&["history", "LIBRARY"]).ends(0).out;
    assert!(said.contains("sound     3 sound, 0 not") && said.contains("2 sound, 1 not"), "{said}");
}

#[test]
fn folders_that_lead_out_of_the_library_are_refused() {
    let world = World::signed_in(with_albums(3, vec![album("Trip", [1])]));
    for arguments in [
        ["--photos-path", "../elsewhere"],
        ["--photos-path", "/srv"],
        ["--albums-path", ".photokeep"],
        ["--albums-path", "photos"],
        ["--shared-albums-path", "."],
        ["--path-format", "../{1}"],
        ["--path-format", "{7}"],
        ["--month-format", "%Q"],
        ["--omit-album-date=perhaps", "--json"],
    ] {
        let ran = world.run(&["sync", "LIBRARY", arguments[0], arguments[1]]).ends(2);
        assert!(ran.err.contains(arguments[0].split('=').next().unwrap()), "{arguments:?}: {}", ran.err);
        assert!(!world.library().join("photos").exists());
    }
    world.sync();
    whole::check(&world);
    let late = world.run(&["sync", "LIBRARY", "--photos-path", "pictures"]).ends(2);
    assert!(late.err.contains("chosen once"), "{}", late.err);
    world.run(&["sync", "LIBRARY", "--omit-album-date"]).ends(0);
    assert!(world.library().join("albums/Trip").is_dir());
    world.sync();
    assert!(world.library().join("albums/Trip").is_dir(), "remembered");
    world.run(&["sync", "LIBRARY", "--omit-album-date=false"]).ends(0);
    whole::check(&world);
}

#[test]
fn one_man_page_for_each_command_can_be_had() {
    let world = World::with(Default::default(), photos(1));
    world.run(&["man", "pages"]).ends(0);
    for name in ["photokeep.1", "photokeep-sync.1", "photokeep-sign-in.1", "photokeep-trash-restore.1"] {
        let page = std::fs::read_to_string(world.path("pages").join(name)).unwrap();
        assert!(page.contains(".TH"), "{name}");
    }
    let sync = std::fs::read_to_string(world.path("pages/photokeep-sync.1")).unwrap();
    assert!(sync.contains("photokeep sync") && sync.contains(".SH EXAMPLES\n.nf\n"), "{sync}");
}
