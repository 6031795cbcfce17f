//! The proof that a library is right: read from the disk itself and held against what the simulated Google has. The
//! catalog is not asked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::{DateTime, Utc};
use photokeep_simulator::Control;

use crate::world::World;

/// Every file and link below a folder: relative path, and for links where they lead.
pub fn tree(root: &Path) -> BTreeMap<String, Entry> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, Entry>) {
        let Ok(entries) = std::fs::read_dir(folder) else { return };
        for entry in entries.flatten() {
            let (path, kind) = (entry.path(), entry.file_type().unwrap());
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            if kind.is_dir() {
                found.insert(name, Entry::Folder);
                walk(root, &path, found);
            } else if kind.is_symlink() {
                found.insert(name, Entry::Link(std::fs::read_link(&path).unwrap().to_str().unwrap().to_owned()));
            } else {
                let modified: DateTime<Utc> = entry.metadata().unwrap().modified().unwrap().into();
                let bytes = std::fs::read(&path).unwrap();
                found.insert(
                    name,
                    Entry::File { hash: blake3::hash(&bytes).to_hex().to_string(), size: bytes.len() as u64, modified },
                );
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(root, root, &mut found);
    found
}

/// What lies under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    Folder,
    Link(String),
    File { hash: String, size: u64, modified: DateTime<Utc> },
}

/// What Google has, by hash of the bytes: title, capture time.
pub fn at_google(control: &Control) -> BTreeMap<String, (String, DateTime<Utc>)> {
    let hash = |id: &str| blake3::hash(&control.served_bytes(id).unwrap()).to_hex().to_string();
    let items = control.library().items;
    let by_hash: BTreeMap<_, _> = items
        .iter()
        .map(|item| (hash(&item.id), (item.filename.clone().unwrap_or_default(), item.creation_time.unwrap())))
        .collect();
    assert_eq!(by_hash.len(), items.len(), "tests need items of different bytes");
    by_hash
}

/// Asserts that every file in `photos/` holds the bytes of one of Google's items: nothing half, nothing twice.
/// Gives how many there are.
#[track_caller]
pub fn nothing_half(world: &World, google: &BTreeMap<String, (String, DateTime<Utc>)>) -> usize {
    let mut seen = BTreeSet::new();
    for (path, entry) in tree(&world.library()).iter().filter(|(path, _)| path.starts_with("photos/")) {
        if let Entry::File { hash, .. } = entry {
            assert!(google.contains_key(hash), "{path} holds something that Google never sent");
            assert!(seen.insert(hash.clone()), "{path} is there twice");
        }
    }
    seen.len()
}

/// Asserts that the library is what Google has, whole and without debris: every item once, right bytes, right time,
/// right month folder, its own name; every album with its links in order; nothing else.
#[track_caller]
pub fn check(world: &World) {
    check_on(&world.control, &world.library());
}

/// As [`check`], for a library elsewhere.
#[track_caller]
pub fn check_on(control: &Control, library: &Path) {
    let google = at_google(control);
    let tree = tree(library);
    let mut by_hash = BTreeMap::new();
    for (path, entry) in &tree {
        let (Some(rest), Entry::File { hash, modified, .. }) = (path.strip_prefix("photos/"), entry) else { continue };
        let (title, taken) = google.get(hash).unwrap_or_else(|| panic!("{path} is nothing that Google has"));
        assert_eq!(modified, taken, "time of {path}");
        let (month, name) = rest.rsplit_once('/').unwrap();
        assert_eq!(month, taken.format("%Y/%m").to_string(), "month folder of {path}");
        let (stem, extension) = title.rsplit_once('.').unwrap();
        let numbered = name.strip_prefix(stem).and_then(|rest| rest.strip_suffix(&format!(".{extension}")));
        assert!(
            numbered.is_some_and(|number| number.is_empty() || number.starts_with(" (")),
            "{path} should be named after {title}"
        );
        assert_eq!(by_hash.insert(hash.clone(), path.clone()), None, "{path} is there twice");
    }
    let missing: Vec<_> = google.iter().filter(|(hash, _)| !by_hash.contains_key(*hash)).map(|(_, (title, _))| title).collect();
    assert_eq!(missing, Vec::<&String>::new(), "missing");
    check_albums(control, library, &tree, &by_hash);
    no_debris(&tree);
}

fn check_albums(control: &Control, library: &Path, tree: &BTreeMap<String, Entry>, by_hash: &BTreeMap<String, String>) {
    let mut expected = BTreeMap::new();
    let google = control.library();
    for album in google.albums.iter().filter(|album| !album.items.is_empty()) {
        let hashes: Vec<String> =
            album.items.iter().map(|id| blake3::hash(&control.served_bytes(id).unwrap()).to_hex().to_string()).collect();
        let title = album.title.clone().unwrap_or_default();
        assert!(expected.insert(title.clone(), hashes).is_none(), "tests need albums of different titles, {title}");
    }
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, entry) in tree {
        let Some(rest) = path.strip_prefix("albums/") else { continue };
        if *entry == Entry::Folder {
            continue;
        }
        let [_year, folder, name] = rest.split('/').collect::<Vec<_>>()[..] else { panic!("{path} in no album") };
        let title = folder.split_once(' ').unwrap().1.to_owned();
        let hash = match std::fs::read(library.join(path)) {
            Ok(bytes) => blake3::hash(&bytes).to_hex().to_string(),
            Err(error) => panic!("{path} leads nowhere: {error}"),
        };
        let file = by_hash.get(&hash).unwrap_or_else(|| panic!("{path} holds nothing of Google's"));
        if let Entry::Link(target) = entry {
            assert_eq!(*target, format!("../../../{file}"), "{path}");
        }
        let members = found.entry(title).or_default();
        let (number, plain) = name.split_once('_').unwrap();
        assert_eq!(number.parse::<usize>().unwrap(), members.len(), "{path} in album order");
        assert_eq!(plain, file.rsplit('/').next().unwrap(), "{path}");
        members.push(hash);
    }
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "albums");
    for (title, members) in &expected {
        assert!(found[title] == *members, "members of {title}: {} there, {} expected", found[title].len(), members.len());
    }
    for (path, _) in tree.iter().filter(|(path, entry)| path.starts_with("albums/") && **entry == Entry::Folder) {
        assert!(tree.keys().any(|other| other.starts_with(&format!("{path}/"))), "{path} is an empty folder");
    }
}

/// Asserts that Photokeep's own folder holds nothing that a finished run has no use for.
#[track_caller]
pub fn no_debris(tree: &BTreeMap<String, Entry>) {
    for path in tree.keys() {
        let Some(inside) = path.strip_prefix(".photokeep/") else {
            let known =
                [".photokeep", "photos", "albums"].iter().any(|known| path == known || path.starts_with(&format!("{known}/")));
            assert!(known, "{path} has no business here");
            continue;
        };
        let wanted = matches!(inside, "README.txt" | "catalog.sqlite" | "library.json" | "lock" | "tmp");
        let in_trash = inside == "trash" || inside.starts_with("trash/");
        let holds_something =
            || tree.range(format!("{path}/")..).any(|(other, entry)| other.starts_with(path.as_str()) && *entry != Entry::Folder);
        let empty = in_trash && tree[path] == Entry::Folder && !holds_something();
        assert!(wanted || (in_trash && !empty), "debris: {path}");
    }
}
