//! What a power cut can leave: files cut short or gone, announcements without their rename, renames without their commit.
//! And what people do to files themselves.

use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;
use serde_json::Value;

use crate::whole::{self, tree};
use crate::world::{World, album, photo, with_albums};

fn synced() -> World {
    let world = World::signed_in(with_albums(12, vec![album("Trip", [1, 3, 5])]));
    world.sync();
    world
}

fn file(world: &World, number: usize) -> PathBuf {
    let name = photo(number).filename.unwrap();
    let path = tree(&world.library()).into_keys().find(|path| path.starts_with("photos/") && path.ends_with(&name)).unwrap();
    world.library().join(path)
}

fn catalog(world: &World) -> Connection {
    let folder = fs::read_dir(world.home().join("libraries")).unwrap().next().unwrap().unwrap().path();
    Connection::open(folder.join("catalog.sqlite")).unwrap()
}

fn verify(world: &World, code: i32) -> Value {
    world.run(&["verify", "LIBRARY", "--json"]).ends(code).json_lines().pop().unwrap()
}

/// The temporary name the catalog would use, from a file's number.
fn temporary(world: &World, number: i64) -> PathBuf {
    let mark: Value = serde_json::from_slice(&fs::read(world.library().join(".photokeep/library.json")).unwrap()).unwrap();
    let library = &mark["library"].as_str().unwrap()[..8];
    world.library().join(format!(".photokeep/tmp/photokeep-{library}-{number}.part"))
}

fn number_of(world: &World, number: usize) -> i64 {
    let name = format!("%{}", photo(number).filename.unwrap());
    catalog(world).query_row("SELECT id FROM files WHERE path LIKE ?1", [name], |row| row.get(0)).unwrap()
}

#[test]
fn a_file_cut_short_is_found_by_verify_and_fetched_again() {
    let world = synced();
    let cut = file(&world, 3);
    fs::File::options().write(true).open(&cut).unwrap().set_len(100).unwrap();
    // Even without verify no run says that everything is kept.
    let receipt = world.run(&["sync", "LIBRARY", "--json"]).ends(3).receipt();
    assert_eq!(receipt["complete"], false);
    assert!(receipt["notes"].to_string().contains("no longer what was stored"), "{receipt:#}");
    assert_eq!(fs::metadata(&cut).unwrap().len(), 100, "and none touches it");

    let found = verify(&world, 3);
    assert_eq!((&found["sound"], found["findings"].as_array().unwrap().len()), (&false.into(), 1), "{found:#}");
    assert_eq!(
        (&found["findings"][0]["kind"], &found["findings"][0]["path"]),
        (&"damaged".into(), &"photos/2019/01/IMG_0003.JPG".into())
    );
    assert_eq!(world.run(&["status", "LIBRARY", "--json"]).ends(3).json()["damaged"], 1);
    assert_eq!(world.sync()["restored"], 1);
    whole::check(&world);
    assert_eq!(verify(&world, 0)["sound"], true);
    let trash = world.run(&["trash", "LIBRARY", "list", "--json"]).ends(0).json();
    assert_eq!(trash["files"].as_array().unwrap().len(), 1, "the cut one is not thrown away unseen: {trash:#}");
}

#[test]
fn one_flipped_bit_is_found() {
    let world = synced();
    let path = file(&world, 4);
    let (mut bytes, modified) = (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap());
    bytes[1_000] ^= 1;
    fs::write(&path, bytes).unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
    assert_eq!(verify(&world, 3)["findings"][0]["why"], "other bytes than were stored");
    world.sync();
    whole::check(&world);
}

#[test]
fn vanished_files_and_links_are_made_again() {
    let world = synced();
    fs::remove_file(file(&world, 3)).unwrap();
    fs::remove_dir_all(file(&world, 11).parent().unwrap()).unwrap();
    let links: Vec<_> =
        tree(&world.library()).into_keys().filter(|path| path.starts_with("albums/") && path.ends_with("_0005.JPG")).collect();
    fs::remove_file(world.library().join(&links[0])).unwrap();
    let found = verify(&world, 3);
    assert!(found["findings"].as_array().unwrap().iter().all(|finding| finding["kind"] == "missing"), "{found:#}");
    assert_eq!(found["broken_links"], 2, "{found:#}");
    let receipt = world.sync();
    assert!(receipt["restored"].as_u64().unwrap() >= 2, "{receipt:#}");
    whole::check(&world);
    fs::remove_file(file(&world, 7)).unwrap();
    assert_eq!(world.sync()["restored"], 1, "also without verify");
    whole::check(&world);
}

#[test]
fn a_file_that_the_user_edited_can_be_kept() {
    let world = synced();
    let path = file(&world, 4);
    fs::write(&path, "my better version").unwrap();
    verify(&world, 3);
    let accepted = world.run(&["verify", "LIBRARY", "--accept", "--json"]).ends(0).json_lines().pop().unwrap();
    assert_eq!((&accepted["accepted"], &accepted["sound"]), (&1.into(), &true.into()));
    let fetched = world.control.counts().media;
    world.sync();
    assert_eq!(world.control.counts().media, fetched);
    assert_eq!(fs::read_to_string(&path).unwrap(), "my better version");
    verify(&world, 0);
}

#[test]
fn a_rename_without_its_commit_is_finished_without_fetching() {
    let world = synced();
    let numbers: Vec<i64> = [1, 2, 3].map(|number| number_of(&world, number)).to_vec();
    for number in &numbers {
        catalog(&world)
            .execute("UPDATE files SET state = 'placing', stored_run = NULL, mtime_seconds = NULL WHERE id = ?1", [number])
            .unwrap();
    }
    // The second rename was lost, the third file never reached the disk.
    fs::rename(file(&world, 2), temporary(&world, numbers[1])).unwrap();
    fs::remove_file(file(&world, 3)).unwrap();
    let fetched = world.control.counts().media;
    let receipt = world.sync();
    assert_eq!(world.control.counts().media, fetched + 1, "{receipt:#}");
    whole::check(&world);
    verify(&world, 0);
}

#[test]
fn an_announced_file_with_lost_bytes_is_fetched_again() {
    let world = synced();
    for (number, cut) in [(1, 0), (2, 1_500)] {
        catalog(&world).execute("UPDATE files SET state = 'placing' WHERE id = ?1", [number_of(&world, number)]).unwrap();
        fs::File::options().write(true).open(file(&world, number)).unwrap().set_len(cut).unwrap();
    }
    // And one whose temporary file lost its end.
    let third = number_of(&world, 5);
    catalog(&world).execute("UPDATE files SET state = 'placing' WHERE id = ?1", [third]).unwrap();
    fs::rename(file(&world, 5), temporary(&world, third)).unwrap();
    fs::File::options().write(true).open(temporary(&world, third)).unwrap().set_len(700).unwrap();
    world.sync();
    whole::check(&world);
    verify(&world, 0);
}

#[test]
fn temporary_files_are_swept_and_those_of_others_are_not() {
    let world = synced();
    let tmp = world.library().join(".photokeep/tmp");
    fs::write(temporary(&world, 9_999), "half a photo").unwrap();
    fs::write(tmp.join("catalog-7.sqlite"), "half a catalog").unwrap();
    fs::write(tmp.join("catalog-7.sqlite-journal"), "half a journal").unwrap();
    fs::create_dir(world.library().join(".photokeep/probe-abcdefghijkl")).unwrap();
    fs::write(world.library().join(".photokeep/probe-abcdefghijkl/file"), "probing").unwrap();
    fs::write(world.library().join(".photokeep/library.writing"), "half a mark").unwrap();
    let foreign = tmp.join("somebody-elses.part");
    fs::write(&foreign, "mine").unwrap();
    world.sync();
    assert_eq!(fs::read_to_string(&foreign).unwrap(), "mine");
    fs::remove_file(&foreign).unwrap();
    whole::check(&world);
    assert_eq!(fs::read_dir(&tmp).unwrap().count(), 0);
}

#[test]
fn a_begun_download_that_lost_its_end_is_begun_anew() {
    let world = synced();
    let number = number_of(&world, 6);
    let path = file(&world, 6);
    let bytes = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    catalog(&world)
        .execute("INSERT INTO partials (file_id, flushed, total, etag) VALUES (?1, ?2, ?3, NULL)", [number, 900_000, 1_000_000])
        .unwrap();
    fs::write(temporary(&world, number), &bytes[..500]).unwrap();
    world.sync();
    whole::check(&world);
}

#[test]
fn a_move_to_trash_without_its_commit_is_settled() {
    let world = synced();
    world.control.remove_item(&crate::world::id(2));
    world.control.remove_item(&crate::world::id(6));
    world.sync();
    world.run(&["prune", "LIBRARY", "--yes"]).ends(0);
    // As if the power had gone after the rename of one.
    let connection = catalog(&world);
    let (trash, file): (i64, i64) = connection
        .query_row("SELECT id, file_id FROM trash ORDER BY id LIMIT 1", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    connection.execute("UPDATE trash SET moved = 0 WHERE id = ?1", [trash]).unwrap();
    connection.execute("UPDATE files SET state = 'stored' WHERE id = ?1", [file]).unwrap();
    connection
        .execute("UPDATE items SET removed_at = NULL WHERE id = (SELECT item_id FROM files WHERE id = ?1)", [file])
        .unwrap();
    drop(connection);
    let pruned = world.run(&["prune", "LIBRARY", "--yes", "--json"]).ends(0).json_lines().pop().unwrap();
    assert_eq!(pruned["files"].as_array().unwrap().len(), 0, "{pruned:#}");
    let status = world.run(&["status", "LIBRARY", "--json"]).ends(0).json();
    assert_eq!((&status["absent"], &status["trash"], &status["damaged"]), (&0.into(), &2.into(), &0.into()), "{status:#}");
    world.sync();
    world.run(&["trash", "LIBRARY", "restore"]).ends(0);
    assert_eq!(verify(&world, 0)["files"], 12);
}

#[test]
fn a_return_from_trash_without_its_commit_is_settled() {
    for next in [
        &["trash", "LIBRARY", "restore"][..],
        &["sync", "LIBRARY"],
        &["verify", "LIBRARY"],
        &["trash", "LIBRARY", "empty", "--yes"],
    ] {
        let world = synced();
        world.control.remove_item(&crate::world::id(2));
        world.sync();
        let before = tree(&world.library().join("photos"));
        world.run(&["prune", "LIBRARY", "--yes"]).ends(0);
        let trash: String = catalog(&world).query_row("SELECT trash_path FROM trash", [], |row| row.get(0)).unwrap();
        fs::rename(world.library().join(trash), world.library().join("photos/2019/01/IMG_0002.JPG")).unwrap();
        world.run(next).ends(0);
        world.run(&["sync", "LIBRARY"]).ends(0);
        assert_eq!(tree(&world.library().join("photos")), before, "{next:?}");
        assert_eq!(verify(&world, 0)["files"], 12, "{next:?}");
        assert_eq!(world.run(&["status", "LIBRARY", "--json"]).ends(0).json()["trash"], 0, "{next:?}");
    }
}

#[test]
fn foreign_files_are_left_alone_wherever_they_are() {
    let world = World::signed_in(with_albums(12, vec![album("Trip", [1, 3, 5])]));
    let mine = [
        "photos/2019/01/IMG_0001.JPG",
        "photos/2019/01/notes.txt",
        "albums/2019/02 Trip/0000_IMG_0001.JPG",
        "albums/mine.txt",
        "photos/2019/02/IMG_0005.JPG/x",
    ];
    for path in mine {
        let path = world.library().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "mine").unwrap();
    }
    world.run(&["sync", "LIBRARY"]).ends(0);
    world.run(&["sync", "LIBRARY"]).ends(0);
    for path in mine {
        assert_eq!(fs::read_to_string(world.library().join(path)).unwrap(), "mine", "{path}");
        if !path.ends_with("/x") {
            let full = world.library().join(path);
            if full.is_file() {
                fs::remove_file(full).unwrap();
            }
        }
    }
    let names: Vec<_> =
        tree(&world.library()).into_keys().filter(|path| path.contains("IMG_0001") || path.contains("IMG_0005")).collect();
    assert!(names.contains(&"photos/2019/01/IMG_0001 (2).JPG".to_owned()), "{names:?}");
    assert!(names.contains(&"photos/2019/02/IMG_0005 (2).JPG".to_owned()), "{names:?}");
    assert_eq!(verify(&world, 0)["files"], 12);
}
