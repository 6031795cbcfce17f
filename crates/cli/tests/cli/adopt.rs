//! `photokeep adopt`: trees of the predecessors become libraries where they are, and nothing is fetched again.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use photokeep_simulator::generate::{FilmRecipe, PictureRecipe};
use photokeep_simulator::photo_library::{Content, PhotoLibrary, SimAlbum, SimItem, VideoStatus};
use photokeep_simulator::{Policy, SimulatorConfig};
use serde_json::Value;

use crate::predecessors::{self, Switches};
use crate::whole::{Entry, tree};
use crate::world::{Ran, World, photo};

/// An account with everything that makes names and times hard: names that come again, numbers from Google's side, a new year in
/// another zone, a caption, films, other alphabets, an album that is shared, one without a title, two of one title.
fn account() -> PhotoLibrary {
    let names = [
        ("a.jpg", "2023-09-25T10:00:09Z"),
        ("a.jpg", "2023-09-25T10:00:08Z"),
        ("a (2).jpg", "2023-09-25T10:00:07Z"),
        ("a (7).jpg", "2023-09-25T10:00:06Z"),
        ("A.jpg", "2023-09-25T10:00:05Z"),
        ("Übung 日本 😀.jpg", "2023-09-02T23:50:00Z"),
        ("C0001.MP4", "2023-08-14T07:12:00Z"),
        ("v1.2 final.tar.jpg", "2022-12-31T23:30:00Z"),
        ("IMG_0001.JPG", "2019-05-03T08:15:30Z"),
        ("IMG_0001.JPG", "2018-05-03T08:15:30Z"),
        ("C0002.MP4", "2017-02-03T04:05:06Z"),
        ("scan", "1998-07-01T12:00:00Z"),
    ];
    let items: Vec<SimItem> = names.iter().enumerate().map(|(number, (name, taken))| item(number, name, taken)).collect();
    let album = |key: &str, title: Option<&str>, own: bool, items: &[usize]| SimAlbum {
        id: format!("album-{key}"),
        title: title.map(str::to_owned),
        items: items.iter().map(|number| photo(*number).id).collect(),
        own,
        shared: !own,
        app_created: false,
    };
    let albums = vec![
        album("1", Some("Rome"), true, &[8, 0, 5, 6]),
        album("2", Some("Theirs"), false, &[4, 7]),
        album("3", None, true, &[9, 1]),
        album("4", Some("Summer: 3/4"), true, &[10, 11, 2]),
    ];
    PhotoLibrary { items, albums }
}

fn item(number: usize, name: &str, taken: &str) -> SimItem {
    let taken = taken.parse().unwrap();
    let seed = number as u64 + 77;
    let film = name.ends_with(".MP4");
    let (width, height) = if film { (64, 48) } else { (96, 64) };
    let place = (number == 5).then_some((41.9, 12.5));
    let caption = (number == 8).then(|| "On the hill".to_owned());
    let content = match film {
        true => Content::Film(FilmRecipe { seed, width, height, taken, frames: 4 }),
        false => {
            let offset_seconds = 7200;
            Content::Picture(PictureRecipe {
                seed,
                width,
                height,
                taken,
                offset_seconds,
                place,
                camera: ("Pentax", "K-3"),
                caption: None,
            })
        }
    };
    SimItem {
        filename: Some(name.to_owned()),
        mime_type: if film { "video/mp4" } else { "image/jpeg" }.to_owned(),
        creation_time: Some(taken),
        width,
        height,
        description: caption,
        video: film.then_some(VideoStatus::Ready),
        content,
        ..photo(number)
    }
}

fn world() -> World {
    World::with(SimulatorConfig::default(), account())
}

/// Files and links, without what Photokeep adds.
fn kept(world: &World) -> BTreeMap<String, Entry> {
    tree(&world.library()).into_iter().filter(|(path, _)| !path.starts_with(".photokeep")).collect()
}

/// Adopts, signs in, syncs; and proves that nothing was fetched, and nothing on the disk moved or changed.
#[track_caller]
fn adopted_whole(world: &World) -> Value {
    let before = kept(world);
    let lines = world.run(&["adopt", "LIBRARY", "--json"]).ends(0).json_lines();
    let plan = lines.iter().find(|line| line["event"] == "plan").unwrap()["plan"].clone();
    assert_eq!(kept(world), before, "adopting changes nothing");
    let standing = world.run(&["status", "LIBRARY"]).ends(0).out;
    assert!(standing.contains("taken over") && standing.contains("last complete backup: never"), "{standing}");
    world.sign_in();
    let media = world.control.counts().media;
    let synced = world.sync();
    assert_eq!(world.control.counts().media, media, "nothing is fetched: {synced:#}");
    assert_eq!((&synced["added"], &synced["restored"]), (&0.into(), &0.into()), "{synced:#}");
    assert_eq!((&synced["links_made"], &synced["links_removed"]), (&0.into(), &0.into()), "{synced:#}\n{plan:#}");
    let after = kept(world);
    let changed: Vec<_> = before.keys().chain(after.keys()).filter(|path| before.get(*path) != after.get(*path)).collect();
    assert!(changed.is_empty(), "{changed:#?}");
    world.run(&["verify", "LIBRARY"]).ends(0);
    plan
}

/// The files that stand for one of Google's items each, by its title.
fn listed(world: &World) -> Vec<Value> {
    world.run(&["list", "LIBRARY", "--json"]).ends(0).json_lines()
}

#[test]
fn a_tree_of_gphotos_sync_is_taken_over_with_its_index() {
    let world = world();
    predecessors::gphotos_sync(&world.library(), &world.control, &Switches { zone: -5 * 3600, ..Switches::default() });
    let plan = adopted_whole(&world);
    assert_eq!((&plan["maker"], &plan["layout"]), (&"gphotos-sync".into(), &"gphotos-sync".into()));
    assert_eq!((&plan["indexed"], &plan["files"], &plan["with_key"]), (&true.into(), &12.into(), &12.into()));
    assert_eq!((&plan["albums"], &plan["links"], &plan["left"]), (&4.into(), &11.into(), &Value::Array(vec![])));
}

#[test]
fn names_go_on_as_the_tool_made_them() {
    let world = world();
    predecessors::gphotos_sync(&world.library(), &world.control, &Switches::default());
    adopted_whole(&world);
    world.control.add_item(item(50, "a.jpg", "2023-09-30T10:00:00Z")).unwrap();
    world.control.change_album("album-1", |album| album.items.push(photo(50).id)).unwrap();
    world.control.add_item(item(51, "b.jpg", "2024-01-02T10:00:00Z")).unwrap();
    let receipt = world.sync();
    assert_eq!(receipt["added"], 2, "{receipt:#}");
    assert!(world.library().join("photos/2023/09/a (5).jpg").is_file(), "the next number");
    assert!(world.library().join("photos/2024/01/b.jpg").is_file());
    assert_eq!((&receipt["links_made"], &receipt["links_removed"]), (&1.into(), &0.into()), "{receipt:#}");
    let link = fs::read_link(world.library().join("albums/2023/0925 Rome/0004_a (5).jpg")).unwrap();
    assert_eq!(link.to_str(), Some("../../../photos/2023/09/a (5).jpg"));
}

#[test]
fn every_switch_of_gphotos_sync_is_found_out() {
    let cases = [
        Switches { flat: true, ..Switches::default() },
        Switches { photos_path: Some("my/pics"), albums_path: Some("al"), shared_albums_path: Some("al"), ..Switches::default() },
        Switches { by_first_photo: true, inverted: true, ..Switches::default() },
        Switches { omit_date: true, unsorted: true, ..Switches::default() },
        Switches { month_format: Some("%m-%d"), path_format: Some("{0} - {1}"), ..Switches::default() },
        Switches { flat: true, path_format: Some("{0}-{1}_{2}"), ..Switches::default() },
        Switches { hard_links: true, zone: 9 * 3600, ..Switches::default() },
    ];
    for switches in cases {
        let world = world();
        predecessors::gphotos_sync(&world.library(), &world.control, &switches);
        let plan = adopted_whole(&world);
        assert_eq!((&plan["links"], &plan["left"]), (&11.into(), &Value::Array(vec![])), "{switches:?} {plan:#}");
    }
}

#[test]
fn without_its_index_files_are_known_by_name_and_time() {
    for (zone, name) in [(0, "UTC"), (9 * 3600, "Asia/Tokyo"), (-5 * 3600, "UTC")] {
        for flat in [false, true] {
            let mut world = world();
            world.environment.push(("TZ".into(), name.into()));
            predecessors::gphotos_sync(&world.library(), &world.control, &Switches { zone, flat, ..Switches::default() });
            fs::remove_file(world.library().join("gphotos.sqlite")).unwrap();
            let plan = adopted_whole(&world);
            assert_eq!((&plan["indexed"], &plan["with_key"]), (&false.into(), &0.into()));
        }
    }
}

#[test]
fn trees_of_gphotosync_and_rclone_are_taken_over() {
    for (make, maker, layout) in [
        (
            (|world: &World| predecessors::gphotosync(&world.library(), &world.control, false)) as fn(&World),
            "gphotosync",
            "gphotosync",
        ),
        (|world| predecessors::gphotosync(&world.library(), &world.control, true), "gphotosync", "gphotosync-id"),
        (|world| predecessors::rclone_by_month(&world.library(), &world.control), "rclone", "rclone-by-month"),
    ] {
        let world = World::with(SimulatorConfig::default(), PhotoLibrary { albums: Vec::new(), ..account() });
        make(&world);
        let plan = adopted_whole(&world);
        assert_eq!((&plan["maker"], &plan["layout"]), (&maker.into(), &layout.into()));
        world.control.add_item(item(50, "a.jpg", "2023-09-30T10:00:00Z")).unwrap();
        world.sync();
        let new = match layout {
            "gphotosync" => format!("2023/09/a-gphotosync-{:x}.jpg", 1_696_068_000_000_000_000u64),
            "gphotosync-id" => format!("2023/09/a-gphotosync-{}.jpg", photo(50).id),
            // rclone gave both of the first two their ids, so the bare name is free.
            _ => "media/by-month/2023/2023-09/a.jpg".to_owned(),
        };
        assert!(world.library().join(&new).is_file(), "{layout}: {:#?}", kept(&world).keys());
    }
}

#[test]
fn with_a_sign_in_that_sees_only_own_uploads_nothing_is_gone() {
    let config = SimulatorConfig { policy: Policy::After, ..SimulatorConfig::default() };
    let world = World::with(config, account());
    predecessors::gphotos_sync(&world.library(), &world.control, &Switches::default());
    let before = kept(&world);
    world.run(&["adopt", "LIBRARY"]).ends(0);
    let signing_in = world.start_sign_in(&[]);
    let back = world.control.approve(&signing_in.address).unwrap();
    world.browse(&back);
    signing_in.end().ends(0);
    let synced = world.run(&["sync", "LIBRARY", "--json"]);
    let receipt = synced.ends(0).receipt();
    assert_eq!((&receipt["absent"], &receipt["listed"]), (&0.into(), &0.into()), "{receipt:#}");
    assert_eq!(kept(&world), before);
    let plan = world.run(&["prune", "LIBRARY", "--dry-run", "--json"]).ends(0).json();
    assert_eq!(plan["files"].as_array().map(Vec::len), Some(0), "{plan:#}");
}

#[test]
fn what_does_not_fit_is_listed_and_left_alone() {
    let world = world();
    let root = world.library();
    predecessors::gphotos_sync(&root, &world.control, &Switches::default());
    let put = |path: &str, bytes: &[u8]| {
        fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        fs::write(root.join(path), bytes).unwrap();
    };
    put("photos/2019/05/error.jpg", b"<html><body>403</body></html>");
    put("photos/2019/05/empty.jpg", b"");
    put("photos/2019/05/tmpab12cd3_", &world.control.served_bytes(&photo(8).id).unwrap());
    put("photos/2019/05/deeper/mine.jpg", &world.control.served_bytes(&photo(8).id).unwrap());
    put("letters/tax.txt", b"none of a photo's business");
    std::os::unix::fs::symlink("/etc/hostname", root.join("albums/2023/0925 Rome/9999_out.jpg")).unwrap();
    std::os::unix::fs::symlink(root.join("photos/2019/05/IMG_0001.JPG"), root.join("mine.jpg")).unwrap();
    let before = kept(&world);
    let dry = world.run(&["adopt", "LIBRARY", "--dry-run"]).ends(0);
    assert!(dry.out.contains("letters/tax.txt") && dry.out.contains("nothing was changed"), "{}", dry.out);
    assert!(!root.join(".photokeep").exists(), "a plan leaves nothing");
    let receipt = world.run(&["adopt", "LIBRARY", "--json"]).ends(0).json_lines().pop().unwrap();
    let left: BTreeMap<&str, &str> = receipt["left"]
        .as_array()
        .unwrap()
        .iter()
        .map(|left| (left["path"].as_str().unwrap(), left["why"].as_str().unwrap()))
        .collect();
    let expected = BTreeMap::from([
        ("photos/2019/05/error.jpg", "no-media"),
        ("photos/2019/05/empty.jpg", "no-media"),
        ("photos/2019/05/tmpab12cd3_", "leftover"),
        ("photos/2019/05/deeper/mine.jpg", "elsewhere"),
        ("letters/tax.txt", "elsewhere"),
        ("albums/2023/0925 Rome/9999_out.jpg", "link"),
        ("mine.jpg", "link"),
    ]);
    assert_eq!(left, expected);
    assert_eq!(receipt["receipt"]["added"], 12, "{receipt:#}");
    world.sign_in();
    world.sync();
    assert_eq!(kept(&world), before);
}

#[test]
fn a_folder_that_no_tool_made_is_refused() {
    let world = world();
    fs::create_dir_all(world.library().join("Trip")).unwrap();
    fs::write(world.library().join("Trip/a.jpg"), world.control.served_bytes(&photo(0).id).unwrap()).unwrap();
    let refused: Ran = world.run(&["adopt", "LIBRARY"]).ends(2);
    assert!(refused.err.contains("does not look like"), "{}", refused.err);
    assert!(!world.library().join(".photokeep").exists());
    world.run(&["adopt", "nowhere"]).ends(2);
}

#[test]
fn an_adoption_that_is_killed_goes_on() {
    let world = world();
    predecessors::gphotos_sync(&world.library(), &world.control, &Switches::default());
    let whole = kept(&world);
    for wait in [0, 5, 10, 20, 40, 80] {
        let mut child = world.command(&["adopt", "LIBRARY"]).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait));
        let _ = child.kill();
        child.wait().unwrap();
    }
    adopted_whole(&world);
    assert_eq!(kept(&world), whole);
    assert_eq!(listed(&world).len(), 12);
}

#[test]
fn two_items_of_one_name_and_second_are_never_taken_for_each_other() {
    // gphotosync never fetched the second of them (`predecessors.md` 2.4): the file is one of the two, and only its bytes tell which.
    let items = vec![item(0, "burst.jpg", "2020-02-02T02:02:02Z"), item(1, "burst.jpg", "2020-02-02T02:02:02Z")];
    for fetched in [0, 1] {
        let world = World::with(SimulatorConfig::default(), PhotoLibrary { items: items.clone(), albums: Vec::new() });
        predecessors::gphotosync(&world.library(), &world.control, false);
        let path = world.library().join("2020/02/burst.jpg");
        let bytes = world.control.served_bytes(&photo(fetched).id).unwrap();
        let modified = fs::metadata(&path).unwrap().modified().unwrap();
        fs::write(&path, &bytes).unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
        world.run(&["adopt", "LIBRARY"]).ends(0);
        world.sign_in();
        world.sync();
        let files: Vec<Vec<u8>> =
            listed(&world).iter().map(|file| fs::read(world.library().join(file["path"].as_str().unwrap())).unwrap()).collect();
        let both: Vec<Vec<u8>> = (0..2).map(|number| world.control.served_bytes(&photo(number).id).unwrap()).collect();
        assert_eq!(files.len(), 2, "fetched {fetched}");
        assert!(both.iter().all(|bytes| files.contains(bytes)), "both photos are kept, fetched {fetched}");
        world.run(&["verify", "LIBRARY"]).ends(0);
    }
}

#[test]
fn a_truncated_file_is_fetched_anew() {
    let world = World::with(SimulatorConfig::default(), PhotoLibrary { albums: Vec::new(), ..account() });
    predecessors::gphotosync(&world.library(), &world.control, false);
    let path = world.library().join("2019/05/IMG_0001.JPG");
    let whole = fs::read(&path).unwrap();
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
    let receipt = world.run(&["adopt", "LIBRARY", "--json"]).ends(0).json_lines().pop().unwrap();
    assert_eq!(receipt["receipt"]["doubtful"], 1, "{receipt:#}");
    world.sign_in();
    let receipt = world.sync();
    assert_eq!((&receipt["added"], &receipt["restored"]), (&0.into(), &1.into()), "{receipt:#}");
    assert_eq!(fs::read(&path).unwrap(), whole);
}

#[test]
fn hostile_indexes_lead_nowhere() {
    let world = world();
    let root = world.library();
    predecessors::gphotos_sync(&root, &world.control, &Switches::default());
    fs::write(world.path("outside.jpg"), world.control.served_bytes(&photo(0).id).unwrap()).unwrap();
    let index = rusqlite::Connection::open(root.join("gphotos.sqlite")).unwrap();
    index
        .execute_batch(
            "UPDATE SyncFiles SET Path = '..', FileName = 'outside.jpg' WHERE Id = 1;
             UPDATE SyncFiles SET Path = '/etc', FileName = 'hostname' WHERE Id = 2;
             UPDATE SyncFiles SET CreateDate = 'never', OrigFileName = x'ff00ff', DuplicateNo = -7 WHERE Id = 3;
             UPDATE Albums SET AlbumName = '../../../up';",
        )
        .unwrap();
    drop(index);
    let receipt = world.run(&["adopt", "LIBRARY", "--json"]).ends(0).json_lines().pop().unwrap();
    assert_eq!(receipt["receipt"]["added"], 12, "{receipt:#}");
    assert!(listed(&world).iter().all(|file| file["path"].as_str().unwrap().starts_with("photos/")));
    let garbage: Arc<[u8]> = vec![9; 9000].into();
    let other = self::world();
    predecessors::gphotos_sync(&other.library(), &other.control, &Switches::default());
    fs::write(other.library().join("gphotos.sqlite"), garbage).unwrap();
    let receipt = other.run(&["adopt", "LIBRARY", "--json"]).ends(0).json_lines().pop().unwrap();
    assert!(receipt["receipt"]["notes"].to_string().contains("cannot be read"), "{receipt:#}");
    assert_eq!(receipt["receipt"]["added"], 12, "{receipt:#}");
}

/// Links that a person made for themselves are none of an album's, whatever Google calls its albums.
#[test]
fn links_of_the_persons_own_are_left_alone() {
    for index in [true, false] {
        let world = world();
        predecessors::gphotos_sync(&world.library(), &world.control, &Switches::default());
        if !index {
            fs::remove_file(world.library().join("gphotos.sqlite")).unwrap();
        }
        let own = world.library().join("Wallpapers/Rome");
        fs::create_dir_all(&own).unwrap();
        let photo = "photos/2019/05/IMG_0001.JPG";
        std::os::unix::fs::symlink(format!("../../{photo}"), own.join("mine.jpg")).unwrap();
        std::os::unix::fs::symlink(format!("../../{photo}"), own.join("IMG_0001.JPG")).unwrap();
        let album = fs::read_dir(world.library().join("albums/2023"))
            .unwrap()
            .flatten()
            .find(|entry| entry.file_name().to_string_lossy().ends_with("Rome"));
        let album = album.unwrap().path();
        std::os::unix::fs::symlink(format!("../../../{photo}"), album.join("cover - do not delete.jpg")).unwrap();
        let plan = adopted_whole(&world);
        assert_eq!(plan["left"].as_array().unwrap().len(), 3, "{plan:#}");
        // An album of that name empties at Google; what the person made stays.
        world.control.change_album("album-1", |album| album.items.truncate(1)).unwrap();
        world.sync();
        for path in [own.join("mine.jpg"), own.join("IMG_0001.JPG"), album.join("cover - do not delete.jpg")] {
            assert!(fs::symlink_metadata(&path).is_ok(), "{} is gone (index: {index})", path.display());
        }
    }
}

/// Who has the index's very name is meant by it, and not a neighbour whose name differs in case.
#[test]
fn a_file_of_the_persons_own_does_not_stand_for_its_neighbour() {
    let world = world();
    predecessors::gphotos_sync(&world.library(), &world.control, &Switches::default());
    let theirs = world.library().join("photos/2019/05/IMG_0001.JPG");
    let own = world.library().join("photos/2019/05/IMG_0001.JPg");
    fs::write(&own, world.control.served_bytes(&photo(9).id).unwrap()).unwrap();
    world.run(&["adopt", "LIBRARY"]).ends(0);
    world.sign_in();
    world.sync();
    world.control.remove_item(&photo(8).id);
    world.sync();
    world.run(&["prune", "LIBRARY", "--yes"]).ends(0);
    assert!(own.exists() && !theirs.exists());
}

/// Google tells fractions of seconds, the index whole ones: that is no other date, and the files keep their times.
#[test]
fn files_keep_the_times_that_the_tool_gave_them() {
    let world = world();
    predecessors::gphotos_sync(&world.library(), &world.control, &Switches { zone: -5 * 3600, ..Switches::default() });
    for number in 0..12 {
        let half = chrono::TimeDelta::milliseconds(500);
        world.control.change_item(&photo(number).id, |item| item.creation_time = item.creation_time.map(|taken| taken + half));
    }
    adopted_whole(&world);
}

/// Two photos of one name, taken half an hour apart, of which the tree holds one: without an index it may be taken for the other, and
/// both are here in the end.
#[test]
fn a_photo_that_was_taken_for_another_is_fetched_after_all() {
    let items = vec![item(0, "a.jpg", "2023-09-25T10:30:00Z"), item(1, "a.jpg", "2023-09-25T10:00:00Z")];
    let world = World::with(SimulatorConfig::default(), PhotoLibrary { items, albums: Vec::new() });
    predecessors::gphotos_sync(&world.library(), &world.control, &Switches::default());
    fs::remove_file(world.library().join("gphotos.sqlite")).unwrap();
    let photos: Vec<_> =
        fs::read_dir(world.library().join("photos/2023/09")).unwrap().flatten().map(|entry| entry.path()).collect();
    let bytes = |number| world.control.served_bytes(&photo(number).id).unwrap();
    for path in &photos {
        if fs::read(path).unwrap() == bytes(0) {
            fs::remove_file(path).unwrap();
        }
    }
    world.run(&["adopt", "LIBRARY"]).ends(0);
    world.sign_in();
    // The first one finds out, and says that something is to come.
    world.run(&["sync", "LIBRARY"]).ends(3);
    world.sync();
    let kept: Vec<Vec<u8>> = fs::read_dir(world.library().join("photos/2023/09"))
        .unwrap()
        .flatten()
        .map(|entry| fs::read(entry.path()).unwrap())
        .collect();
    assert!(kept.contains(&bytes(0)) && kept.contains(&bytes(1)), "{} files", kept.len());
    world.run(&["status", "LIBRARY"]).ends(0);
}

#[test]
fn adopting_again_changes_nothing() {
    let world = world();
    predecessors::gphotos_sync(&world.library(), &world.control, &Switches::default());
    fs::remove_file(world.library().join("gphotos.sqlite")).unwrap();
    adopted_whole(&world);
    let before = kept(&world);
    world.run(&["adopt", "LIBRARY"]).ends(0);
    assert_eq!(world.sync()["added"], 0);
    assert_eq!(kept(&world), before);
}

#[test]
fn a_plan_is_refused_where_adopting_would_be() {
    let world = world();
    predecessors::gphotos_sync(&world.library(), &world.control, &Switches::default());
    adopted_whole(&world);
    let inside = world.library().join("photos");
    let inside = inside.to_str().unwrap();
    let (plan, done) = (world.run(&["adopt", inside, "--dry-run"]), world.run(&["adopt", inside]));
    assert_eq!((plan.code, plan.err.lines().next()), (done.code, done.err.lines().next()));
    assert_ne!(plan.code, Some(0));
}
