//! `prune` and `trash`: only on the user's word, only from a whole listing, always shown first.

use serde_json::Value;

use crate::whole::{self, tree};
use crate::world::{World, album, id, photo, photos, with_albums};

fn paths(world: &World, below: &str) -> Vec<String> {
    tree(&world.library()).into_keys().filter(|path| path.starts_with(below) && path.ends_with(".JPG")).collect()
}

fn trash(world: &World) -> Vec<Value> {
    world.run(&["trash", "LIBRARY", "list", "--json"]).ends(0).json()["files"].as_array().unwrap().clone()
}

/// A library of ten of which two are gone at Google.
fn two_gone() -> World {
    let world = World::signed_in(with_albums(10, vec![album("Trip", [1, 2, 3])]));
    world.sync();
    world.control.remove_item(&id(2));
    world.control.remove_item(&id(7));
    world
}

#[test]
fn what_is_gone_at_google_stays_until_the_user_prunes() {
    let world = two_gone();
    let receipt = world.sync();
    assert_eq!(receipt["absent"], 2, "{receipt:#}");
    assert_eq!(paths(&world, "photos/").len(), 10, "nothing is removed by itself");
    assert_eq!(paths(&world, "albums/").len(), 2, "but the album follows Google");

    let dry = world.run(&["prune", "LIBRARY", "--dry-run"]).ends(0);
    assert!(dry.out.contains("photos/2019/01/IMG_0002.JPG") && dry.out.contains("photos/2019/03/IMG_0007.JPG"), "{}", dry.out);
    assert!(dry.out.contains("Nothing was changed."), "{}", dry.out);
    for answer in ["", "n\n", "\n", "perhaps\n"] {
        let asked = world.run_with_input(&["prune", "LIBRARY"], answer).ends(0);
        assert!(asked.err.contains("[y/N]") && asked.out.contains("Nothing was changed."), "{answer:?}: {asked:?}");
    }
    assert_eq!(paths(&world, "photos/").len(), 10);
    assert_eq!(trash(&world).len(), 0);

    let yes = world.run_with_input(&["prune", "LIBRARY"], "y\n").ends(0);
    assert!(yes.out.contains("Moved to the trash."), "{}", yes.out);
    whole::check(&world);
    let entries = trash(&world);
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0]["path"], "photos/2019/01/IMG_0002.JPG");
    assert_eq!(entries[0]["reason"], "no longer in Google Photos");
    assert_eq!(paths(&world, ".photokeep/trash/").len(), 2);
    world.run(&["verify", "LIBRARY"]).ends(0);
    let again = world.run(&["prune", "LIBRARY", "--yes", "--json"]).ends(0).json_lines().pop().unwrap();
    assert_eq!((again["files"].as_array().unwrap().len(), &again["moved"]), (0, &false.into()));
}

#[test]
fn what_was_pruned_is_not_fetched_again_and_can_be_put_back() {
    let world = two_gone();
    world.sync();
    let before = tree(&world.library().join("photos"));
    world.run(&["prune", "LIBRARY", "--yes"]).ends(0);
    // Google has one of them again, under its old id.
    world.control.add_item(photo(2)).unwrap();
    let fetched = world.control.counts().media;
    let receipt = world.sync();
    assert_eq!(receipt["added"], 0, "{receipt:#}");
    assert_eq!(world.control.counts().media, fetched);

    let restored = world.run(&["trash", "LIBRARY", "restore", "photos/2019/01/IMG_0002.JPG"]).ends(0);
    assert!(restored.out.contains("1 file put back."), "{}", restored.out);
    assert_eq!(trash(&world).len(), 1);
    world.run(&["trash", "LIBRARY", "restore"]).ends(0);
    assert_eq!(tree(&world.library().join("photos")), before, "every byte and every time as before");
    assert_eq!(paths(&world, ".photokeep/trash/").len(), 0);
    world.run(&["verify", "LIBRARY"]).ends(0);
    world.sync();
    assert_eq!(world.control.counts().media, fetched);
    assert_eq!(tree(&world.library().join("photos")), before);
}

#[test]
fn a_file_whose_place_is_taken_comes_back_beside_it() {
    let world = two_gone();
    world.sync();
    world.run(&["prune", "LIBRARY", "--yes"]).ends(0);
    let place = world.library().join("photos/2019/01/IMG_0002.JPG");
    std::fs::write(&place, "mine").unwrap();
    let restored = world.run(&["trash", "LIBRARY", "restore"]).ends(0);
    assert!(restored.out.contains("photos/2019/01/IMG_0002 (2).JPG"), "{}", restored.out);
    assert_eq!(std::fs::read_to_string(&place).unwrap(), "mine");
    world.run(&["verify", "LIBRARY"]).ends(0);
}

#[test]
fn a_name_that_is_not_in_the_trash_is_a_mistake_worth_telling() {
    let world = two_gone();
    world.sync();
    world.run(&["prune", "LIBRARY", "--yes"]).ends(0);
    let ran = world.run(&["trash", "LIBRARY", "restore", "photos/2019/01/IMG_0002.JPG", "photos/nothing.jpg"]).ends(2);
    assert!(ran.err.contains("photos/nothing.jpg"), "{}", ran.err);
    assert_eq!(trash(&world).len(), 2, "nothing was put back");
}

#[test]
fn emptying_asks_and_tombstones_stay() {
    let world = two_gone();
    world.sync();
    world.run(&["prune", "LIBRARY", "--yes"]).ends(0);
    let asked = world.run_with_input(&["trash", "LIBRARY", "empty"], "no\n").ends(0);
    assert!(asked.out.contains("Nothing was changed."), "{}", asked.out);
    assert_eq!(paths(&world, ".photokeep/trash/").len(), 2);
    let done = world.run(&["trash", "LIBRARY", "empty", "--yes"]).ends(0);
    assert!(done.out.contains("2 files deleted."), "{}", done.out);
    assert_eq!(tree(&world.library()).into_keys().filter(|path| path.starts_with(".photokeep/trash/")).count(), 0);
    assert!(world.run(&["trash", "LIBRARY", "empty"]).ends(0).out.contains("The trash is empty."));
    world.control.add_item(photo(2)).unwrap();
    let receipt = world.sync();
    assert_eq!(receipt["added"], 0, "removed here, so not brought back: {receipt:#}");
    assert_eq!(paths(&world, "photos/").len(), 8);
}

#[test]
fn pruning_needs_a_whole_listing() {
    let world = World::signed_in(photos(5));
    let refused = |world: &World| {
        let ran = world.run(&["prune", "LIBRARY", "--yes"]).ends(2);
        assert!(ran.err.contains("needs a whole listing"), "{}", ran.err);
    };
    refused(&world);
    world.sync();
    world.control.remove_item(&id(1));
    world.run(&["sync", "LIBRARY", "--from", "2019-01-01"]).ends(0);
    refused(&world);
    assert_eq!(paths(&world, "photos/").len(), 5);
    world.sync();
    world.run(&["prune", "LIBRARY", "--yes"]).ends(0);
    assert_eq!(paths(&world, "photos/").len(), 4);
}

#[test]
fn what_came_back_since_the_last_sync_is_not_pruned() {
    let world = two_gone();
    world.sync();
    world.control.add_item(photo(7)).unwrap();
    let done = world.run(&["prune", "LIBRARY", "--yes", "--json"]).ends(0).json_lines().pop().unwrap();
    assert_eq!((done["files"].as_array().unwrap().len(), &done["back"]), (1, &1.into()), "{done:#}");
    assert_eq!(paths(&world, "photos/").len(), 9);
}
