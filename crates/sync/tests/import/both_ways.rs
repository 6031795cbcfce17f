//! One account by both ways: the Library API first or Takeout first, again and again, and nothing is there twice.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use photokeep_google::{ClientFile, Endpoints, LibraryApi, PendingSignIn, Scopes, Session, TokenStore, api_client};
use photokeep_model::{Filter, Receipt, RunKind, Silent};
use photokeep_simulator::generate::PictureRecipe;
use photokeep_simulator::photo_library::{Content, PhotoLibrary, SimAlbum, SimItem};
use photokeep_simulator::takeout::{Container, EntryKind, EntryTruth, ExportSpec, Parts, Role, Truth, Variants, of_library};
use photokeep_simulator::{Simulator, SimulatorConfig};
use photokeep_sync::sources::library_api::LibraryApiSource;
use photokeep_sync::{Control, Gate, Patience, SyncOptions, plan_removal, remove, sync};

use super::judge::{Stage, parts};

/// What is older than the account that the API shows.
const EARLIER: usize = 40;

/// A picture of a phone. Without a place the API gives its very bytes.
fn picture(number: usize, with_place: bool) -> SimItem {
    let taken = chrono::DateTime::from_timestamp(1_500_000_000, 0).unwrap() + TimeDelta::hours(number as i64 * 7);
    SimItem {
        id: format!("item-{number}"),
        filename: Some(format!("PXL_{number:04}.jpg")),
        mime_type: "image/jpeg".to_owned(),
        creation_time: Some(taken),
        width: 64,
        height: 48,
        description: None,
        camera_make: Some("Google".to_owned()),
        camera_model: Some("Pixel 7".to_owned()),
        video: None,
        favorite: false,
        archived: false,
        categories: Vec::new(),
        in_library: true,
        app_created: true,
        content: Content::Picture(PictureRecipe {
            seed: number as u64,
            width: 64,
            height: 48,
            taken,
            offset_seconds: 0,
            place: with_place.then_some((47.9, 7.8)),
            camera: ("Google", "Pixel 7"),
            caption: None,
        }),
    }
}

/// Newest first, as Google lists them.
fn pictures(numbers: impl DoubleEndedIterator<Item = usize>, with_place: impl Fn(usize) -> bool) -> Vec<SimItem> {
    numbers.rev().map(|number| picture(number, with_place(number))).collect()
}

fn album(id: &str, title: Option<&str>, items: &[usize]) -> SimAlbum {
    let items = items.iter().map(|number| format!("item-{number}")).collect();
    SimAlbum { id: id.to_owned(), title: title.map(str::to_owned), items, own: true, shared: false, app_created: true }
}

fn spec(library: &PhotoLibrary) -> ExportSpec {
    let (items, albums) = (library.items.len(), library.albums.len());
    ExportSpec { items, albums, variants: Variants::none(), parts: Parts::Count(2), ..ExportSpec::default() }
}

/// A library, and the account that it is made of.
struct Both {
    stage: Stage,
    google: Simulator,
    source: Arc<LibraryApiSource>,
}

/// All that must stay from run to run: links and where they lead, files, and which files are of one item.
#[derive(Debug, PartialEq)]
struct Standing {
    links: BTreeMap<String, PathBuf>,
    files: BTreeMap<String, String>,
    items: BTreeSet<BTreeSet<String>>,
}

impl Both {
    async fn of(items: Vec<SimItem>, albums: Vec<SimAlbum>) -> Self {
        let google = Simulator::start(SimulatorConfig::default(), PhotoLibrary { items, albums }).await.unwrap();
        let stage = Stage::new();
        let id = stage.library().id().to_owned();
        let endpoints = Endpoints::from_json(&serde_json::to_vec(&google.endpoints()).unwrap()).unwrap();
        let client = ClientFile::from_json(google.client_secret_json().as_bytes()).unwrap();
        let begun = PendingSignIn::begin(api_client().unwrap(), &endpoints, client, Scopes::WholeLibrary).await.unwrap();
        let (paste, pasted) = tokio::sync::mpsc::channel(1);
        paste.send(google.control().approve(begun.address.as_str()).unwrap()).await.unwrap();
        let store = TokenStore::new(&stage.folder.path().join("home"), &id, false);
        store.save(&begun.finish(pasted, |complaint| panic!("{complaint}")).await.unwrap()).unwrap();
        let session = Arc::new(Session::open(api_client().unwrap(), &endpoints, store).unwrap());
        let api = LibraryApi::new(api_client().unwrap(), &endpoints, session);
        let source = Arc::new(LibraryApiSource::new(api, Duration::from_secs(5)).unwrap());
        Self { stage, google, source }
    }

    fn gate(&self) -> Gate {
        Gate::new(Patience::default(), Arc::new(Silent), Control::default())
    }

    async fn sync(&self) -> Receipt {
        let options = SyncOptions { filter: Filter::default(), kind: RunKind::Sync, now: Utc::now };
        let (_library, outcome) = sync(self.stage.library(), &self.source, &options, &self.gate(), |_| {}).await;
        let (receipt, error) = outcome.unwrap();
        assert!(error.is_none() && receipt.complete, "{error:?} {receipt:?}");
        receipt
    }

    /// Writes an export of `library`; of items that Google does not serve any more as well.
    fn export(&self, spec: &ExportSpec, library: &PhotoLibrary, name: &str) -> Truth {
        let mut uploaded = |item: &SimItem| photokeep_simulator::takeout::uploaded(item);
        of_library(spec, library, &self.stage.exports(name), &mut uploaded).unwrap()
    }

    /// Imports an unpacked export twice: first without some of its files, as if their part were still to come.
    async fn import_late(&self, name: &str, truth: &Truth, late: impl Fn(&EntryTruth) -> bool, between: impl FnOnce(&Self)) {
        let (here, away) = (self.stage.exports(name), self.stage.exports("away"));
        let paths: Vec<&str> = truth.entries.iter().filter(|entry| late(entry)).map(|entry| entry.path.as_str()).collect();
        let carry = |from: &Path, to: &Path| {
            for path in &paths {
                std::fs::create_dir_all(to.join(path).parent().unwrap()).unwrap();
                std::fs::rename(from.join(path), to.join(path)).unwrap();
            }
        };
        assert!(!paths.is_empty());
        carry(&here, &away);
        self.import(name).await;
        between(self);
        carry(&away, &here);
        self.import(name).await;
    }

    async fn import(&self, name: &str) -> Receipt {
        self.stage.import(&[self.stage.exports(name)]).await.accounted()
    }

    fn rows(&self, question: &str) -> Vec<Vec<String>> {
        let sql = self.stage.sql();
        let mut statement = sql.prepare(question).unwrap();
        let columns = statement.column_count();
        let text = |row: &rusqlite::Row<'_>, at| match row.get_ref(at).unwrap() {
            rusqlite::types::ValueRef::Integer(number) => number.to_string(),
            rusqlite::types::ValueRef::Text(text) => String::from_utf8(text.to_vec()).unwrap(),
            _ => String::new(),
        };
        let rows = statement.query_map([], |row| Ok((0..columns).map(|at| text(row, at)).collect())).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// The first column of an answer.
    fn ask(&self, question: &str) -> Vec<String> {
        self.rows(question).into_iter().map(|mut row| row.remove(0)).collect()
    }

    fn count(&self, question: &str) -> usize {
        self.ask(question)[0].parse().unwrap()
    }

    /// Album folders and what they show, in order: titles of items without their extension.
    fn shown(&self) -> BTreeMap<String, Vec<String>> {
        let mut shown: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for path in self.standing().links.keys() {
            let (folder, name) = path.rsplit_once('/').unwrap();
            let title = name.split_once("_PXL_").unwrap().1.trim_end_matches(".jpg");
            shown
                .entry(folder.rsplit_once('/').unwrap().1.to_owned())
                .or_default()
                .push(title.trim_start_matches('0').to_owned());
        }
        shown
    }

    fn standing(&self) -> Standing {
        let mut links = BTreeMap::new();
        below(&self.stage.root().join("albums"), &mut |path| {
            assert!(path.canonicalize().is_ok(), "{path:?} leads to a file");
            let name = path.strip_prefix(self.stage.root()).unwrap().to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
            // Under wine they are second names of their files, which are compared as files.
            links.insert(name, if cfg!(windows) { PathBuf::new() } else { std::fs::read_link(path).unwrap() });
        });
        let mut items: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for mut row in self.rows("SELECT item_id, role || ' ' || path FROM files WHERE state = 'stored'") {
            items.entry(row.remove(0)).or_default().insert(row.remove(0));
        }
        Standing { links, files: self.stage.files_on_disk(), items: items.into_values().collect() }
    }

    /// Every photo of the export is kept once, as one item that all its entries point to, and nothing else is.
    #[track_caller]
    fn holds_each_once(&self, truth: &Truth) {
        let media = truth.entries.iter().filter(|entry| entry.role.is_some());
        let hashes: BTreeSet<&str> = media.clone().filter_map(|entry| entry.hash.as_deref()).collect();
        let kept = self.stage.files_on_disk();
        assert!(kept.values().map(String::as_str).collect::<BTreeSet<_>>() == hashes, "{} of {}", kept.len(), hashes.len());
        assert_eq!(kept.len(), hashes.len(), "no bytes twice");
        assert_eq!(self.count("SELECT count(*) FROM items"), truth.items.len(), "one photo is one item");
        assert_eq!(self.count("SELECT count(*) FROM items WHERE id NOT IN (SELECT item_id FROM files)"), 0);
        let item_of: BTreeMap<String, String> = self
            .rows("SELECT lower(hex(hash)), item_id FROM files")
            .into_iter()
            .map(|row| (row[0].clone(), row[1].clone()))
            .collect();
        let mut items: BTreeMap<u32, BTreeSet<&String>> = BTreeMap::new();
        for entry in media {
            items.entry(entry.item.unwrap()).or_default().insert(&item_of[entry.hash.as_deref().unwrap()]);
        }
        assert!(items.values().all(|of| of.len() == 1), "{items:?}");
        let elsewhere = "SELECT count(*) FROM sidecars s JOIN entries e ON e.part_id = s.part_id AND e.entry = s.entry
             WHERE e.ended = 'sidecar' AND (s.item_id IS NULL OR s.item_id NOT IN (SELECT id FROM items))";
        assert_eq!(self.count(elsewhere), 0, "sidecars of nothing");
        for table in ["sightings", "album_items", "links"] {
            let lost = format!("SELECT count(*) FROM {table} WHERE item_id NOT IN (SELECT id FROM items)");
            assert_eq!(self.count(&lost), 0, "{table}");
        }
    }

    /// Sync and import, again and again, change nothing any more.
    async fn stays(&self, exports: &[&str]) {
        let before = self.standing();
        for round in 0..2 {
            let synced = self.sync().await;
            assert_eq!((synced.links_made, synced.links_removed, synced.added, synced.restored), (0, 0, 0, 0), "sync {round}");
            assert_eq!(self.standing(), before, "sync {round}");
            for export in exports {
                let imported = self.import(export).await;
                let changed = (imported.links_made, imported.links_removed, imported.added, imported.restored);
                assert_eq!(changed, (0, 0, 0, 0), "import {round}");
                assert_eq!(self.standing(), before, "import {round}");
            }
        }
    }
}

fn below(folder: &Path, found: &mut impl FnMut(&Path)) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() { below(&entry.path(), found) } else { found(&entry.path()) }
    }
}

fn numbers(numbers: &[usize]) -> Vec<String> {
    numbers.iter().map(usize::to_string).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_original_that_the_api_gave_gets_its_edited_copy_and_its_film() {
    let library = PhotoLibrary { items: pictures(0..EARLIER, |_| false), albums: vec![album("a", Some("Toskana"), &[3, 1, 2])] };
    let both = Both::of(library.items.clone(), library.albums.clone()).await;
    both.sync().await;
    let truth = both.export(&spec(&library), &library, "one");
    assert!(truth.entries.iter().any(|entry| entry.role == Some(Role::Edited)));
    assert!(truth.entries.iter().any(|entry| entry.role == Some(Role::Motion)));
    let imported = both.import("one").await;
    assert_eq!(imported.restored, 0, "the API gave the very bytes");
    both.holds_each_once(&truth);
    let by_both = "SELECT count(*) FROM items i WHERE (SELECT group_concat(source) FROM
         (SELECT source FROM sightings WHERE item_id = i.id ORDER BY source)) = 'library-api,takeout'";
    assert_eq!(both.count(by_both), EARLIER);
    both.stays(&["one"]).await;
    both.holds_each_once(&truth);
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(windows, ignore = "of a disk with symbolic links, which wine cannot show")]
async fn an_album_by_both_ways_is_one_and_has_what_either_has() {
    let at_google = vec![
        album("a", Some("Toskana"), &[48, 41, 45]),
        album("b", Some("Toskana"), &[50, 52, 51]),
        album("c", None, &[46, 44]),
        album("d", Some("Leer"), &[]),
        album("e", Some("Wald"), &[60, 61, 62]),
    ];
    let both = Both::of(pictures(EARLIER..70, |number| number % 3 > 0), at_google.clone()).await;
    both.sync().await;
    let by_api = both.shown();
    // The export has more of one album; another album of the same title as one that the API shows; one that it alone has.
    let mut albums = at_google;
    albums[0].items.extend(["item-7".to_owned(), "item-5".to_owned()]);
    albums.push(album("f", Some("Wald"), &[8, 9]));
    albums.push(album("g", Some("Fest"), &[10, 42]));
    let library = PhotoLibrary { items: pictures(0..70, |number| number % 3 > 0), albums };
    let truth = both.export(&spec(&library), &library, "one");
    let imported = both.import("one").await;
    both.holds_each_once(&truth);
    assert_eq!((imported.links_made, imported.links_removed), (2 + 2 + 2, 0));
    let shown = both.shown();
    for (folder, entries) in &by_api {
        let more: &[String] = if entries[0] == "48" { &numbers(&[5, 7]) } else { &[] };
        assert_eq!(shown[folder], [&entries[..], more].concat(), "{folder}: first as the API has it");
    }
    let mut others: Vec<&Vec<String>> =
        shown.iter().filter(|(folder, _)| !by_api.contains_key(*folder)).map(|(_, of)| of).collect();
    others.sort();
    assert_eq!(others, [&numbers(&[10, 42]), &numbers(&[8, 9])], "a title alone makes no album one");
    assert_eq!(both.count("SELECT count(*) FROM albums"), 7);
    both.stays(&["one"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn takeout_first_comes_to_the_same() {
    let at_google = vec![album("a", Some("Toskana"), &[48, 41, 45]), album("d", Some("Leer"), &[])];
    let both = Both::of(pictures(EARLIER..60, |_| false), at_google.clone()).await;
    let mut albums = at_google;
    albums[0].items.push("item-7".to_owned());
    let library = PhotoLibrary { items: pictures(0..60, |_| false), albums };
    let truth = both.export(&spec(&library), &library, "one");
    both.import("one").await;
    let folder = both.shown().into_keys().collect::<Vec<_>>();
    both.sync().await;
    both.holds_each_once(&truth);
    assert_eq!(both.shown().into_keys().collect::<Vec<_>>(), folder, "the folder stays");
    assert_eq!(both.shown().into_values().collect::<Vec<_>>(), [numbers(&[48, 41, 45, 7])]);
    assert_eq!(both.count("SELECT count(*) FROM albums"), 2);
    both.stays(&["one"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn albums_that_stood_twice_become_one() {
    let library = PhotoLibrary { items: pictures(0..10, |_| false), albums: vec![album("a", Some("Toskana"), &[3, 1, 2])] };
    let both = Both::of(library.items.clone(), library.albums.clone()).await;
    both.sync().await;
    both.export(&spec(&library), &library, "one");
    both.import("one").await;
    let once = both.standing();
    // As earlier versions left it: the album of the export beside that of the API, with links of its own.
    both.stage
        .sql()
        .execute_batch(
            "INSERT INTO albums (source, key, title, own, shared) VALUES ('takeout', 'Toskana 1', 'Toskana', 1, 0);
             INSERT INTO album_items SELECT last_insert_rowid(), position, item_id FROM album_items;
             UPDATE album_folders SET album_id = last_insert_rowid();",
        )
        .unwrap();
    let mut library = both.stage.library();
    library.update_album_links(|_, _| {}).unwrap();
    drop(library);
    assert_eq!(both.shown().len(), 2);
    assert_eq!(both.sync().await.links_removed, 3);
    assert_eq!(both.standing(), once);
    let folders = std::fs::read_dir(both.stage.root().join("albums/2017")).unwrap().count();
    assert_eq!(folders, 1, "no empty folder is left");
    both.stays(&["one"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_api_lists_no_longer_leaves_an_album_unless_takeout_has_it_there() {
    let library = PhotoLibrary { items: pictures(0..20, |_| false), albums: vec![album("a", Some("Toskana"), &[3, 1, 2])] };
    let both = Both::of(library.items.clone(), library.albums.clone()).await;
    both.sync().await;
    both.export(&spec(&library), &library, "one");
    both.import("one").await;
    let now_has = |items: &[usize]| {
        let items = items.iter().map(|number| format!("item-{number}")).collect();
        both.google.control().change_album("a", |album| album.items = items).unwrap();
    };
    now_has(&[9, 3, 1, 2]);
    both.sync().await;
    assert_eq!(both.shown().into_values().collect::<Vec<_>>(), [numbers(&[9, 3, 1, 2])]);
    now_has(&[3, 2]);
    both.sync().await;
    assert_eq!(both.shown().into_values().collect::<Vec<_>>(), [numbers(&[3, 2, 1])]);
    both.stays(&["one"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_uploaded_twice_with_other_edits_stay_two() {
    // Of two pictures one gets an edited copy and the other a film.
    let one = picture(1, false);
    let two = SimItem { id: "item-2".to_owned(), filename: Some("PXL_0002.jpg".to_owned()), ..picture(1, false) };
    let library = PhotoLibrary { items: vec![two, one], albums: Vec::new() };
    let both = Both::of(library.items.clone(), Vec::new()).await;
    both.sync().await;
    assert_eq!(both.count("SELECT count(*) FROM items"), 1, "one photo to the API");
    let truth = both.export(&spec(&library), &library, "one");
    both.import("one").await;
    let items = both.rows("SELECT role, title FROM files f JOIN items i ON i.id = f.item_id ORDER BY i.id, role");
    let of = |role: Role| {
        truth.entries.iter().find(|entry| entry.role == Some(role)).and_then(|entry| truth.item(entry.item?)).unwrap()
    };
    assert_eq!(both.count("SELECT count(*) FROM items"), 2);
    assert!(items.contains(&vec!["edited".to_owned(), of(Role::Edited).title.clone()]), "{items:?}");
    assert!(items.contains(&vec!["motion".to_owned(), of(Role::Motion).title.clone()]), "{items:?}");
    assert_eq!(both.stage.files_on_disk().len(), 3);
    both.stays(&["one"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_one_at_a_time_find_what_the_api_brought() {
    let library = PhotoLibrary {
        items: pictures(0..60, |_| false),
        albums: vec![album("a", Some("Toskana"), &[3, 1, 2, 40, 33, 17]), album("b", Some("Wald"), &[50, 52, 51])],
    };
    for order in [[0, 1, 2], [2, 1, 0]] {
        let both = Both::of(library.items.clone(), library.albums.clone()).await;
        both.sync().await;
        let by_api = both.standing().links;
        let truth = both.export(&ExportSpec { parts: Parts::Count(3), ..spec(&library) }, &library, "one");
        let given = parts(&both.stage.exports("one"), &truth);
        for at in order {
            let imported = both.stage.import(std::slice::from_ref(&given[at])).await;
            assert!(imported.error.is_none());
        }
        both.holds_each_once(&truth);
        let untold = "SELECT count(*) FROM items WHERE width IS NULL OR height IS NULL OR camera_model IS NULL";
        assert_eq!(both.count(untold), 0, "what is known of an item is known of the one that it becomes one with");
        assert_eq!(both.standing().links, by_api);
        assert_eq!(both.count("SELECT count(*) FROM albums"), 2);
        both.stays(&["one"]).await;
    }
}

/// Synced, then both gone from Google and moved to the trash by the user.
async fn with_both_removed(library: &PhotoLibrary) -> Both {
    let both = Both::of(library.items.clone(), Vec::new()).await;
    both.sync().await;
    both.google.control().remove_item("item-0");
    both.google.control().remove_item("item-1");
    both.google.control().add_item(picture(5, false)).unwrap();
    both.sync().await;
    let mut kept = both.stage.library();
    let planned = plan_removal(&mut kept, &*both.source, &both.gate()).await.unwrap();
    assert_eq!(remove(&mut kept, &planned, Utc::now()).unwrap().moved, 2);
    drop(kept);
    both
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_user_removed_stays_away_with_all_it_has() {
    let library = PhotoLibrary { items: pictures(0..2, |_| false), albums: Vec::new() };
    let both = with_both_removed(&library).await;
    let truth = both.export(&spec(&library), &library, "one");
    assert!(truth.entries.iter().any(|entry| entry.role == Some(Role::Edited)));
    both.import("one").await;
    both.import("one").await;
    assert_eq!(both.stage.files_on_disk().into_keys().collect::<Vec<_>>(), ["photos/2017/07/PXL_0005.jpg"]);
    assert_eq!(both.count("SELECT count(*) FROM items WHERE removed_at IS NULL"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_original_stored_before_its_sidecar_came_finds_what_the_api_brought() {
    let library = PhotoLibrary { items: pictures(0..6, |_| true), albums: vec![album("a", Some("Toskana"), &[3, 1, 2])] };
    let both = Both::of(library.items.clone(), library.albums.clone()).await;
    both.sync().await;
    let truth = both.export(&ExportSpec { container: Container::Folder, ..spec(&library) }, &library, "one");
    let renditions = both.stage.files_on_disk();
    let stored = |role: &str| format!("SELECT count(DISTINCT item_id) FROM files WHERE role = '{role}' AND state = 'stored'");
    both.import_late(
        "one",
        &truth,
        |entry| entry.kind == EntryKind::Sidecar,
        |both| {
            assert!(both.count("SELECT count(*) FROM items") > 6, "nothing tells yet what they are");
        },
    )
    .await;
    assert_eq!(both.count("SELECT count(*) FROM items"), 6, "one photo is one item");
    assert_eq!((both.count(&stored("original")), both.count(&stored("rendition"))), (6, 6));
    let kept = both.stage.files_on_disk();
    assert!(renditions.iter().all(|(path, hash)| kept.get(path) == Some(hash)), "nothing is removed or moved by it");
    let shown: Vec<String> = both.shown().into_values().flatten().collect();
    assert_eq!(shown, ["3 (2)", "1 (2)", "2 (2)"], "albums show the originals, which keep their names");
    both.stays(&["one"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn originals_in_earlier_parts_than_their_sidecars_find_what_the_api_brought() {
    let library = PhotoLibrary { items: pictures(0..60, |_| true), albums: Vec::new() };
    for order in [[0, 1, 2], [2, 1, 0]] {
        let both = Both::of(library.items.clone(), Vec::new()).await;
        both.sync().await;
        let truth = both.export(&ExportSpec { parts: Parts::Count(3), ..spec(&library) }, &library, "one");
        let given = parts(&both.stage.exports("one"), &truth);
        for at in order {
            assert!(both.stage.import(std::slice::from_ref(&given[at])).await.error.is_none());
        }
        assert_eq!(both.count("SELECT count(*) FROM items"), 60, "one photo is one item");
        let originals = "SELECT count(DISTINCT item_id) FROM files WHERE role = 'original' AND state = 'stored'";
        assert_eq!(both.count(originals), 60);
        both.stays(&["one"]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_before_the_original_that_the_user_removed_stays_and_that_is_told() {
    let library = PhotoLibrary { items: pictures(0..2, |_| false), albums: Vec::new() };
    let both = with_both_removed(&library).await;
    let truth = both.export(&ExportSpec { container: Container::Folder, ..spec(&library) }, &library, "one");
    let mut before = BTreeMap::new();
    let original = |entry: &EntryTruth| entry.role == Some(Role::Primary);
    both.import_late("one", &truth, original, |both| before = both.stage.files_on_disk()).await;
    assert!(before.len() > 1, "without their original nothing tells what they are of");
    for _ in 0..2 {
        assert_eq!(both.stage.files_on_disk(), before, "no original comes back, and nothing goes by itself");
        let told = "SELECT count(*) FROM entries WHERE ended = 'refused'
             AND reason = 'you removed this here; it is not brought back by itself, and what came of it before stays'";
        assert!(both.count(told) > 0);
        both.import("one").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_album_renamed_that_both_ways_have_stays_one() {
    // Whichever tells its new title first.
    for api_first in [true, false] {
        let of =
            |title: &str| PhotoLibrary { items: pictures(0..20, |_| false), albums: vec![album("a", Some(title), &[3, 1, 2])] };
        let (library, renamed) = (of("Toskana"), of("Siena"));
        let both = Both::of(library.items.clone(), library.albums.clone()).await;
        both.sync().await;
        both.export(&spec(&library), &library, "one");
        both.import("one").await;
        both.google.control().change_album("a", |album| album.title = Some("Siena".to_owned())).unwrap();
        if api_first {
            both.sync().await;
        }
        let spec = spec(&renamed);
        both.export(&ExportSpec { stamp: spec.stamp + 61 * 86_400, ..spec }, &renamed, "two");
        both.import("two").await;
        both.sync().await;
        assert_eq!(both.count("SELECT count(*) FROM albums"), 1, "{api_first}");
        let shown: Vec<(String, Vec<String>)> = both.shown().into_iter().collect();
        assert!(
            matches!(&shown[..], [(folder, of)] if folder.starts_with("07 Siena") && *of == numbers(&[3, 1, 2])),
            "{shown:?}"
        );
        both.stays(&["two"]).await;
    }
}
