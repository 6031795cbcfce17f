//! Arguments: what is refused, what is remembered, what comes too late.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::whole::{self, Entry, tree};
use crate::world::{Ran, World, album, album_id, photos, with_albums};

fn world() -> World {
    World::signed_in(with_albums(12, vec![album("Trip", [1, 3, 5]), album("Home", [2])]))
}

/// Every row of every table of the live catalog.
fn catalog(world: &World) -> BTreeMap<String, Vec<String>> {
    let libraries = world.home().join("libraries");
    let folder = std::fs::read_dir(libraries).unwrap().next().unwrap().unwrap().path();
    let connection = Connection::open(folder.join("catalog.sqlite")).unwrap();
    let mut tables = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").unwrap();
    let names: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let rows = |table: &str| {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let rows = statement
            .query_map([], |row| Ok(format!("{:?}", (0..columns).map(|at| row.get_ref(at).unwrap()).collect::<Vec<_>>())));
        let mut rows: Vec<String> = rows.unwrap().map(Result::unwrap).collect();
        rows.sort();
        rows
    };
    names.iter().map(|name| (name.clone(), rows(name))).collect()
}

#[test]
fn wrong_arguments_end_with_2_before_anything_happens() {
    let world = world();
    let before = (tree(&world.library()), world.control.counts());
    for arguments in [
        &["sync", "LIBRARY", "--from", "2023-1-5"][..],
        &["sync", "LIBRARY", "--from", "2023-13-01"],
        &["sync", "LIBRARY", "--to", "2023-02-30"],
        &["sync", "LIBRARY", "--to", "yesterday"],
        &["sync", "LIBRARY", "--to", ""],
        &["sync", "LIBRARY", "--from", "2023-01-05T00:00"],
        &["sync", "LIBRARY", "--album", "A", "--album-regex", "B"],
        &["sync", "LIBRARY", "--jobs", "0"],
        &["sync", "LIBRARY", "--jobs", "65"],
        &["sync", "LIBRARY", "--layout", "mine"],
        &["sync", "LIBRARY", "--links", "soft"],
        &["sync", "LIBRARY", "--month", "mars"],
        &["sync", "LIBRARY", "--patience", "0"],
        &["sync"],
        &["sing-in", "LIBRARY"],
        &["trash", "LIBRARY"],
        &["completions", "abacus"],
    ] {
        let ran = world.run(arguments).ends(2);
        assert!(ran.err.starts_with("error: "), "{arguments:?}: {}", ran.err);
        assert_eq!(ran.out, "", "{arguments:?}");
    }
    let bad_date = world.run(&["sync", "LIBRARY", "--from", "2023-1-5"]);
    assert!(bad_date.err.contains("YYYY-MM-DD"), "{}", bad_date.err);
    assert_eq!((tree(&world.library()), world.control.counts()), before);
}

#[test]
fn a_bad_album_expression_is_a_usage_error() {
    let world = world();
    for arguments in [&["sync", "LIBRARY", "--album-regex", "("][..], &["sync", "LIBRARY", "--album-regex", "(", "--dry-run"]] {
        let ran = world.run(arguments).ends(2);
        assert!(ran.err.contains("regular expression"), "{}", ran.err);
    }
    assert!(!world.library().join("photos").exists());
}

#[test]
fn an_empty_range_of_days_is_refused() {
    let world = world();
    let ran = world.run(&["sync", "LIBRARY", "--from", "2023-02-01", "--to", "2023-01-01"]).ends(2);
    assert!(ran.err.contains("--from"), "{}", ran.err);
}

#[test]
fn a_dry_run_changes_nothing_on_the_disk_and_nothing_in_the_catalog() {
    let world = world();
    let states = |world: &World| (tree(&world.library()), catalog(world));
    let before = states(&world);
    let ran = world.run(&["sync", "LIBRARY", "--dry-run"]).ends(0);
    assert!(ran.out.contains("12 items to fetch") || ran.out.contains("12 to fetch"), "{}", ran.out);
    assert_eq!(states(&world), before);
    assert_eq!(world.control.counts().media, 0);

    world.sync();
    let google = world.control.library();
    world.control.remove_item(&google.items[0].id);
    world.control.change_item(&google.items[1].id, |item| item.description = Some("new words".into()));
    world.control.remove_album(&album_id("Home"));
    let before = states(&world);
    let ran = world.run(&["sync", "LIBRARY", "--dry-run", "--json"]).ends(0);
    let plan = ran.json_lines().into_iter().find(|line| line["event"] == "plan").unwrap()["plan"].clone();
    assert_eq!((&plan["listed"], &plan["to_fetch"], &plan["updated"]), (&11.into(), &0.into(), &1.into()), "{plan:#}");
    world.run(&["prune", "LIBRARY", "--dry-run"]).ends(0);
    assert_eq!(states(&world), before);
    let left: Vec<_> = tree(&world.home()).into_keys().filter(|path| path.contains("dry-run")).collect();
    assert!(left.iter().all(|path| !path.ends_with(".sqlite")), "{left:?}");
}

#[test]
fn a_dry_run_without_a_sign_in_makes_no_folder() {
    let world = World::with(Default::default(), photos(1));
    world.run(&["sync", "LIBRARY", "--dry-run"]).ends(4);
    assert!(!world.library().exists());
}

#[test]
fn the_layout_is_chosen_once_and_remembered() {
    let world = world();
    world.run(&["sync", "LIBRARY", "--layout", "gphotos-sync-flat", "--month", "local"]).ends(0);
    let flat = |world: &World| tree(&world.library()).into_keys().filter(|path| path.ends_with(".JPG")).collect::<Vec<_>>();
    let before = flat(&world);
    assert!(before.iter().any(|path| path.starts_with("photos/2019-01/")), "{before:?}");
    assert!(before.iter().any(|path| path.starts_with("albums/2019-0215 Trip/0000_")), "{before:?}");
    world.sync();
    world.run(&["sync", "LIBRARY", "--layout", "gphotos-sync-flat"]).ends(0);
    assert_eq!(flat(&world), before);
    for change in [["--layout", "photokeep"], ["--month", "utc"]] {
        for more in [&[][..], &["--dry-run"]] {
            let arguments: Vec<&str> = ["sync", "LIBRARY"].into_iter().chain(change).chain(more.iter().copied()).collect();
            let ran = world.run(&arguments).ends(2);
            assert!(ran.err.contains("chosen once"), "{}", ran.err);
        }
    }
    assert_eq!(flat(&world), before);
}

#[test]
fn the_kind_of_links_is_remembered_and_can_be_changed() {
    let world = world();
    world.run(&["sync", "LIBRARY", "--links", "hardlink"]).ends(0);
    let entries = |world: &World| {
        tree(&world.library())
            .into_iter()
            .filter(|(path, entry)| path.starts_with("albums/") && *entry != Entry::Folder)
            .collect::<Vec<_>>()
    };
    assert_eq!(entries(&world).len(), 4);
    assert!(entries(&world).iter().all(|(_, entry)| matches!(entry, Entry::File { .. })));
    whole::check(&world);
    assert_eq!(world.sync()["links_made"], 0, "remembered");
    for (kind, is_link) in [("symlink", true), ("copy", false), ("auto", true)] {
        world.run(&["sync", "LIBRARY", "--links", kind]).ends(0);
        assert_eq!(entries(&world).len(), 4, "{kind}");
        assert!(entries(&world).iter().all(|(_, entry)| matches!(entry, Entry::Link(_)) == is_link), "{kind}");
        whole::check(&world);
    }
    world.run(&["sync", "LIBRARY", "--links", "none"]).ends(0);
    assert_eq!(tree(&world.library()).keys().filter(|path| path.starts_with("albums/")).count(), 0);
    world.run(&["sync", "LIBRARY", "--links", "shortcut"]).ends(0);
    assert_eq!(entries(&world).len(), 4);
    assert!(world.run(&["verify", "LIBRARY", "--json"]).ends(0).json_lines().last().unwrap()["sound"].as_bool().unwrap());
}

#[test]
fn filters_take_in_what_they_say_and_never_say_complete() {
    let world = world();
    let kept = |ran: Ran| {
        let receipt = ran.ends(0).receipt();
        assert_eq!(receipt["complete"], false, "{receipt:#}");
        receipt["added"].as_u64().unwrap()
    };
    // Photos 1 to 3 are of 10, 19 and 28 January 2019.
    assert_eq!(kept(world.run(&["sync", "LIBRARY", "--json", "--from", "2019-01-10", "--to", "2019-01-19"])), 2);
    assert_eq!(kept(world.run(&["sync", "LIBRARY", "--json", "--album", "Home"])), 0, "photo 2 is here already");
    assert_eq!(kept(world.run(&["sync", "LIBRARY", "--json", "--album-regex", "^tr"])), 2, "photo 1 is here already");
    assert_eq!(kept(world.run(&["sync", "LIBRARY", "--json", "--exclude-album", "Home"])), 8);
    assert_eq!(world.sync()["added"], 0);
    whole::check(&world);
}

#[test]
fn completions_and_man_page_are_whole() {
    let world = world();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = world.run(&["completions", shell]).ends(0).out;
        for word in ["sign-in", "exclude-album", "wait-for-quota"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    let page = world.run(&["man"]).ends(0).out;
    assert!(page.starts_with(".ie") || page.contains(".TH"), "{}", &page[..80]);
    for command in ["sign\\-in", "sync", "status", "verify", "doctor", "list", "prune", "trash", "retry", "history", "demo"] {
        assert!(page.contains(command), "{command}");
    }
}

#[test]
fn help_has_examples_and_exit_codes() {
    let world = world();
    insta::assert_snapshot!("help", world.run(&["--help"]).ends(0).out);
    insta::assert_snapshot!("help_sync", world.run(&["sync", "--help"]).ends(0).out);
}
