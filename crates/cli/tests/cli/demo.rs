//! The demo: what a newcomer sees first.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use photokeep_simulator::generate;
use photokeep_simulator::photo_library::{Content, SimItem};
use photokeep_simulator::takeout::{EntryKind, Role, Truth, demo_export, of_library, uploaded};

use crate::whole::{Entry, tree};

/// As in `photokeep_app::demo`.
const SEED: u64 = 7;

/// Runs the demo to its end.
fn demo(folder: &Path, items: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_photokeep"));
    let ran = command.args(["demo", "demo", "--items", items]).current_dir(folder).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap()
}

#[test]
fn the_demo_makes_a_library_and_finds_nothing_new_the_second_time() {
    let folder = tempfile::tempdir().unwrap();
    let first = demo(folder.path(), "15");
    assert!(first.contains("15  added"), "{first}");
    assert_eq!(first.matches("Complete").count(), 2, "the sync and the import: {first}");
    let own = generate::demo(15, SEED).items.iter().filter(|item| item.in_library).count();
    let exported = own + 3;
    let had = format!("The library had 15 items, the export has {exported}; now there are 18, 3 of them new.");
    assert!(first.contains(&had), "{first}");
    assert!(first.contains("Nothing is there twice."), "{first}");
    assert!(first.contains("└─ photos"), "{first}");
    let before = ["photos", "albums"].map(|name| tree(&folder.path().join("demo/library").join(name)));
    let second = demo(folder.path(), "15");
    assert!(second.contains("0  added") && second.contains("15  already here"), "{second}");
    let has = format!("The library had 18 items, the export has {exported}; now there are 18, 0 of them new.");
    assert!(second.contains(&has), "{second}");
    assert_eq!(
        ["photos", "albums"].map(|name| tree(&folder.path().join("demo/library").join(name))),
        before,
        "nor a link made anew"
    );
}

/// The files of a folder: hash by path.
fn files(root: &Path) -> BTreeMap<String, String> {
    let of_file = |(path, entry)| match entry {
        Entry::File { hash, .. } => Some((path, hash)),
        Entry::Folder | Entry::Link(_) => None,
    };
    tree(root).into_iter().filter_map(of_file).collect()
}

fn hashes(truth: &Truth, of: impl Fn(u32) -> bool) -> BTreeSet<&str> {
    let media = truth.entries.iter().filter(|entry| entry.item.is_some_and(&of));
    media.filter_map(|entry| entry.hash.as_deref()).collect()
}

/// What the sync brought and what the export has become one library, held against the truth about the export, made once more.
#[test]
fn the_demos_takeout_replaces_what_the_sync_brought_and_adds_what_is_older() {
    let folder = tempfile::tempdir().unwrap();
    let said = demo(folder.path(), "60");
    let (spec, account) = demo_export(60, SEED);
    let again = folder.path().join("again");
    let mut painted = BTreeMap::new();
    let mut once = |item: &SimItem| -> std::io::Result<Vec<u8>> {
        if !painted.contains_key(&item.id) {
            painted.insert(item.id.clone(), uploaded(item)?);
        }
        Ok(painted[&item.id].clone())
    };
    let truth = of_library(&spec, &account, &again, &mut once).unwrap();
    for part in &truth.parts {
        let (written, made) = (folder.path().join("demo/takeout").join(part), again.join(part));
        assert!(std::fs::read(written).unwrap() == std::fs::read(made).unwrap(), "{part}: equal accounts give equal archives");
    }
    // Nothing but originals, edited copies and films, each of them once: of one's own items no rendition is left, and nothing
    // is there twice. What others shared came by the API alone.
    let kept = files(&folder.path().join("demo/library/photos"));
    let of_export = hashes(&truth, |_| true);
    let (own, others): (Vec<&str>, Vec<&str>) = kept.values().map(String::as_str).partition(|hash| of_export.contains(hash));
    assert_eq!(own.len(), of_export.len(), "{said}");
    assert_eq!(own.into_iter().collect::<BTreeSet<_>>(), of_export);
    let account_served = generate::demo(60, SEED);
    let titles: BTreeSet<_> =
        account_served.items.iter().filter(|item| !item.in_library).filter_map(|item| item.filename.as_deref()).collect();
    assert_eq!((others.len(), titles.len()), (6, 6));
    for title in titles {
        assert!(kept.iter().any(|(path, hash)| path.ends_with(title) && others.contains(&hash.as_str())), "{title}");
    }
    // One photo is one item, also where it has an edited copy or a film.
    assert!(said.contains("The library had 60 items, the export has 57; now there are 63, 3 of them new."), "{said}");
    // Every entry of the archives is accounted for, and what came by the API under other bytes was replaced.
    let receipt = last_receipt(folder.path());
    let counts: BTreeMap<String, u64> = serde_json::from_value(receipt["account"].clone()).unwrap();
    let ended: u64 = counts.iter().filter(|(name, _)| *name != "entries").map(|(_, count)| count).sum();
    assert_eq!((counts["entries"], ended), (truth.entries.len() as u64, truth.entries.len() as u64), "{counts:?}");
    assert_eq!((counts["open"], counts["refused"]), (0, 0));
    assert_eq!(counts["sidecars"], truth.count(EntryKind::Sidecar) as u64);
    let replaced = said_number(&said, " photos and films came by the API and were recognised");
    let film_or_placed = |item: &&SimItem| match &item.content {
        Content::Picture(recipe) => recipe.place.is_some(),
        _ => item.video.is_some(),
    };
    assert_eq!(replaced, account.items[..54].iter().filter(film_or_placed).count() as u64);
    // Albums: each shows its members, as links that lead to files of theirs.
    let library = folder.path().join("demo/library");
    for album in truth.albums.iter().filter(|album| !album.members.is_empty()) {
        let of_members = hashes(&truth, |item| album.members.contains(&item));
        assert!(shown_somewhere(&library, &of_members, album.members.len()), "{:?}", album.title);
    }
    // An album by both ways is there once: those at Google, and those that the export alone has.
    let only_exported = &account.albums[account_served.albums.iter().filter(|album| album.own).count()..];
    let filled = account_served.albums.iter().chain(only_exported).filter(|album| !album.items.is_empty()).count();
    let links = tree(&library.join("albums")).into_iter().filter(|(_, entry)| matches!(entry, Entry::Link(_)));
    let folders: BTreeSet<String> = links.filter_map(|(path, _)| Some(path.rsplit_once('/')?.0.to_owned())).collect();
    assert_eq!(folders.len(), filled, "{folders:?}");
    assert!(truth.entries.iter().any(|entry| entry.role == Some(Role::Motion)));
    // Also a photo of which the API gave the very bytes has an edited copy or a film, and is one item with it.
    let given =
        |number: u32| matches!(&account.items[number as usize].content, Content::Picture(recipe) if recipe.place.is_none());
    let parts = truth.entries.iter().filter(|entry| matches!(entry.role, Some(Role::Edited | Role::Motion)));
    assert!(parts.filter_map(|entry| entry.item).any(|number| number < 54 && given(number)));
}

/// Whether an album's folder has just this many entries, and all of them are these files.
fn shown_somewhere(library: &Path, hashes: &BTreeSet<&str>, members: usize) -> bool {
    let mut albums: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, entry) in tree(&library.join("albums")) {
        let Entry::Link(_) = entry else { continue };
        let bytes = std::fs::read(library.join("albums").join(&path)).expect("the link leads to a file");
        let album = path.rsplit_once('/').unwrap().0.to_owned();
        albums.entry(album).or_default().push(blake3::hash(&bytes).to_hex().to_string());
    }
    albums.values().any(|shown| shown.len() == members && shown.iter().all(|hash| hashes.contains(hash.as_str())))
}

fn last_receipt(folder: &Path) -> serde_json::Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_photokeep"));
    command.args(["history", "demo/library", "--json"]).env("PHOTOKEEP_HOME", folder.join("demo/state")).current_dir(folder);
    let history: serde_json::Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    assert_eq!(history["runs"][0]["kind"], "import");
    history["runs"][0]["receipt"].clone()
}

/// The number before some words.
fn said_number(text: &str, words: &str) -> u64 {
    let line = text.lines().find(|line| line.contains(words)).unwrap_or_else(|| panic!("{words}: {text}"));
    line.split(words).next().unwrap().trim().parse().unwrap()
}

#[test]
fn a_demo_refuses_a_folder_with_foreign_files_and_leaves_it_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let demo = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_photokeep"));
        let ran = command.arg("demo").args(arguments).args(["--items", "3"]).current_dir(folder.path()).output().unwrap();
        (ran.status.code(), String::from_utf8(ran.stderr).unwrap())
    };
    let make = |name: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "mine").unwrap();
    };
    let before = || crate::whole::tree(folder.path()).into_keys().collect::<Vec<_>>();
    make("photos/mine.jpg");
    // Its name alone makes it no earlier demo.
    make("other/library/mine.jpg");
    make("plain");
    let there = before();
    for (name, word) in [("photos", "not from a demo"), ("other", "not from a demo"), ("plain", "is a file")] {
        let (code, said) = demo(&[name]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(word) && said.contains("Nothing was changed.") && said.contains("empty folder"), "{said}");
        assert!(!said.contains("delete"), "{said}");
    }
    assert_eq!(before(), there, "no state folder, nothing");
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    assert_eq!(demo(&["empty"]).0, Some(0));
    // Inside a library it cannot be, and it leaves no folder either.
    let (code, said) = demo(&["empty/library/demo"]);
    assert_eq!(code, Some(2), "{said}");
    let (code, said) = demo(&["empty/library"]);
    assert!(code == Some(2) && said.contains("is a library"), "{said}");
    assert!(!folder.path().join("empty/library/demo").exists() && !folder.path().join("empty/library/state").exists());
}
