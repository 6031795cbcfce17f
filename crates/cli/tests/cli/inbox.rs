//! Inboxes: archives are noticed when they are finished, imported once, and put away only when everything in them is kept.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use photokeep_app::boundary::{self, Capabilities, Host, HostKind, Waiting};
use photokeep_app::model::{Code, Result, Silent};
use photokeep_app::{
    App, ArchiveState, Control, Endpoints, FoundArchive, Home, ImportRequest, InboxResponse, Noticing, Patience, Then, Why,
};
use photokeep_simulator::takeout::{Container, ExportSpec, Parts, Variants, generate};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::world::{World, photos};

/// A person's downloads, a library, and the app with a clock of its own.
struct Desk {
    folder: TempDir,
    runtime: Runtime,
    app: App,
    noticing: Noticing,
    now: DateTime<Utc>,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("downloads")).unwrap();
        let home = Home::at(folder.path().join("home")).unwrap();
        let app = App::new(home, Endpoints::default(), false, Patience::default());
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        Self { folder, runtime, app, noticing: Noticing::default(), now: Utc::now() }
    }

    fn with(then: Then, spec: &ExportSpec) -> Self {
        let desk = Self::new();
        generate(spec, &desk.downloads()).unwrap();
        desk.age();
        desk.app.add_inbox(&desk.library(), &desk.downloads(), then).unwrap();
        desk
    }

    fn library(&self) -> PathBuf {
        self.folder.path().join("library")
    }

    fn downloads(&self) -> PathBuf {
        self.folder.path().join("downloads")
    }

    /// Makes everything downloaded an hour old.
    fn age(&self) {
        for path in self.archives() {
            set_time(&path, self.now - TimeDelta::hours(1));
        }
    }

    /// The files that lie in the inbox, sorted.
    fn archives(&self) -> Vec<PathBuf> {
        let files = fs::read_dir(self.downloads()).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<PathBuf> = files.filter(|path| path.is_file()).collect();
        files.sort();
        files
    }

    fn wait(&mut self, seconds: i64) {
        self.now += TimeDelta::seconds(seconds);
    }

    fn look(&mut self) -> InboxResponse {
        self.app.look_into_inboxes(&self.library(), &mut self.noticing, self.now).unwrap()
    }

    fn states(&mut self) -> Vec<ArchiveState> {
        self.look().found.iter().map(|archive| archive.state).collect()
    }

    /// Looks twice, as far apart as it takes.
    fn look_twice(&mut self) -> InboxResponse {
        self.look();
        self.wait(11);
        self.look()
    }

    fn import(&self, found: &[FoundArchive]) -> (photokeep_app::model::Receipt, Vec<FoundArchive>) {
        let library = self.library();
        let import = self.app.import_from_inboxes(&library, found, Arc::new(Silent), Control::default(), |_| ());
        let end = self.runtime.block_on(import).unwrap();
        assert!(end.end.error.is_none(), "{:?}", end.end.error);
        (end.end.receipt, end.archives)
    }

    /// Photos and videos in the library.
    fn stored(&self) -> usize {
        let mut files = 0;
        self.app
            .list(&self.library(), |_| {
                files += 1;
                Ok(())
            })
            .unwrap();
        files
    }
}

fn set_time(path: &Path, time: DateTime<Utc>) {
    let file = File::options().append(true).open(path).unwrap();
    file.set_modified(SystemTime::from(time)).unwrap();
}

/// An ordinary export of a dozen photos in so many parts.
fn spec(parts: usize) -> ExportSpec {
    ExportSpec { items: 12, albums: 1, parts: Parts::Count(parts), variants: Variants::none(), ..ExportSpec::default() }
}

/// Changes a byte of a photo in a stored zip, so that its checksum is wrong.
fn damage(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let start = bytes.windows(3).position(|three| three == [0xff, 0xd8, 0xff]).unwrap();
    bytes[start + 200] ^= 0x55;
    fs::write(path, bytes).unwrap();
}

#[test]
fn an_archive_that_still_grows_is_not_touched() {
    let mut desk = Desk::with(Then::Move, &spec(1));
    let archive = desk.archives().remove(0);
    let whole = fs::read(&archive).unwrap();
    fs::write(&archive, &whole[..whole.len() / 2]).unwrap();
    set_time(&archive, desk.now);
    assert_eq!(desk.states(), [ArchiveState::Settling]);
    for end in [whole.len() * 2 / 3, whole.len() - 10, whole.len()] {
        desk.wait(30);
        fs::write(&archive, &whole[..end]).unwrap();
        set_time(&archive, desk.now);
        assert_eq!(desk.states(), [ArchiveState::Growing], "{end} bytes");
    }
    // Quiet, but not for long enough: a look right after the change proves nothing.
    desk.wait(9);
    assert_eq!(desk.states(), [ArchiveState::Settling]);
    let shown = desk.look();
    let library = desk.library();
    let import = desk.app.import_from_inboxes(&library, &shown.found, Arc::new(Silent), Control::default(), |_| ());
    assert_eq!(desk.runtime.block_on(import).unwrap_err().code, Code::Usage);
    assert_eq!((desk.archives(), desk.stored()), (vec![archive], 0));
    desk.wait(2);
    assert_eq!(desk.states(), [ArchiveState::Finished]);
}

#[test]
fn a_download_that_stopped_halfway_is_refused_and_one_under_way_is_growing() {
    let mut desk = Desk::with(Then::Move, &spec(1));
    let archive = desk.archives().remove(0);
    let whole = fs::read(&archive).unwrap();
    fs::write(&archive, &whole[..whole.len() / 2]).unwrap();
    set_time(&archive, desk.now - TimeDelta::hours(1));
    let found = desk.look_twice().found;
    assert_eq!(found[0].state, ArchiveState::Refused);
    assert!(matches!(&found[0].why, Some(Why::Refused { sentence }) if sentence.contains("not finished downloading")));

    fs::write(&archive, &whole).unwrap();
    let under_way = archive.with_extension("zip.crdownload");
    fs::rename(&archive, &under_way).unwrap();
    set_time(&under_way, desk.now - TimeDelta::hours(1));
    assert_eq!(desk.look_twice().found[0].state, ArchiveState::Growing);
}

#[test]
fn a_finished_archive_is_imported_once_and_not_opened_again() {
    let mut desk = Desk::with(Then::Leave, &spec(2));
    let found = desk.look_twice().found;
    assert!(found.iter().all(|archive| archive.state == ArchiveState::Finished), "{found:#?}");
    assert!(desk.noticing.is_worth_a_run(&found, desk.now));
    let (receipt, archives) = desk.import(&found);
    assert_eq!(archives.iter().map(|archive| archive.state).collect::<Vec<_>>(), [ArchiveState::Kept; 2]);
    assert!(receipt.complete && receipt.added > 0, "{receipt:#?}");
    assert_eq!(desk.stored() as u64, receipt.added);
    // What is there now is no archive at all; with the size and time of what was settled, nobody looks into it.
    for path in desk.archives() {
        let before = fs::metadata(&path).unwrap();
        fs::write(&path, vec![b'x'; before.len() as usize]).unwrap();
        File::options().append(true).open(&path).unwrap().set_modified(before.modified().unwrap()).unwrap();
    }
    let later = desk.look_twice();
    assert_eq!(later.found.iter().map(|archive| archive.state).collect::<Vec<_>>(), [ArchiveState::Kept; 2]);
    assert!(!desk.noticing.is_worth_a_run(&later.found, desk.now));
    // One that changed is another archive.
    let changed = desk.archives().remove(0);
    fs::write(&changed, b"xx").unwrap();
    desk.age();
    assert_eq!(desk.look_twice().found[0].state, ArchiveState::Refused);
}

#[test]
fn all_parts_that_are_finished_come_in_one_run_and_wait_for_one_that_grows() {
    let mut desk = Desk::with(Then::Leave, &spec(3));
    let last = desk.archives().pop().unwrap();
    let under_way = last.with_extension("zip.part");
    fs::rename(&last, &under_way).unwrap();
    set_time(&under_way, desk.now);
    let found = desk.look_twice().found;
    let states: Vec<_> = found.iter().map(|archive| archive.state).collect();
    assert_eq!(states, [ArchiveState::Waiting, ArchiveState::Waiting, ArchiveState::Growing]);
    // It grew no more for a quarter of an hour: the others need not wait for ever.
    desk.wait(900);
    let states: Vec<_> = desk.look_twice().found.iter().map(|archive| archive.state).collect();
    assert_eq!(states, [ArchiveState::Finished, ArchiveState::Finished, ArchiveState::Growing]);
    fs::rename(&under_way, &last).unwrap();
    let found = desk.look_twice().found;
    let (receipt, archives) = desk.import(&found);
    assert_eq!((archives.len(), receipt.complete), (3, true));
}

#[test]
fn an_archive_that_is_kept_moves_into_imported_and_never_onto_another() {
    let mut desk = Desk::with(Then::Move, &spec(1));
    let archive = desk.archives().remove(0);
    let bytes = fs::read(&archive).unwrap();
    let imported = desk.downloads().join("imported");
    fs::create_dir(&imported).unwrap();
    let taken = imported.join(archive.file_name().unwrap());
    fs::write(&taken, b"something of the person's own").unwrap();
    let found = desk.look_twice().found;
    let (_, archives) = desk.import(&found);
    assert_eq!(archives[0].state, ArchiveState::Moved);
    assert_eq!(fs::read(&taken).unwrap(), b"something of the person's own");
    assert_eq!(fs::read(&archives[0].path).unwrap(), bytes);
    assert!(archives[0].path.to_str().unwrap().ends_with(" (2).zip"), "{:?}", archives[0].path);
    assert_eq!((desk.archives().len(), desk.look_twice().found.len()), (0, 0));
}

#[test]
fn an_archive_with_a_damaged_photo_is_left_with_its_reason_and_the_others_move() {
    let mut desk = Desk::with(Then::Move, &ExportSpec { container: Container::Stored, ..spec(2) });
    let [first, second] = desk.archives().try_into().unwrap();
    damage(&first);
    desk.age();
    let found = desk.look_twice().found;
    let (receipt, archives) = desk.import(&found);
    assert!(!receipt.complete);
    assert_eq!((archives[0].state, &archives[0].why), (ArchiveState::Left, &Some(Why::NotTaken { files: 1 })));
    assert_eq!(archives[1].state, ArchiveState::Moved);
    assert!(first.exists() && !second.exists());
    let later = desk.look_twice();
    assert_eq!((later.found.len(), later.found[0].state), (1, ArchiveState::Left));
    assert_eq!(later.found[0].why, Some(Why::NotTaken { files: 1 }));
    // Added again, it is looked at anew; the catalog knows, and it stays.
    desk.app.add_inbox(&desk.library(), &desk.downloads(), Then::Move).unwrap();
    let found = desk.look_twice().found;
    assert_eq!(found[0].state, ArchiveState::Finished);
    assert_eq!(desk.import(&found).1[0].why, Some(Why::NotTaken { files: 1 }));
}

#[test]
fn a_damaged_archive_is_kept_no_longer_than_until_its_files_came_with_another_download() {
    let mut desk = Desk::with(Then::Move, &ExportSpec { container: Container::Stored, ..spec(2) });
    let [first, _] = desk.archives().try_into().unwrap();
    let good = std::fs::read(&first).unwrap();
    damage(&first);
    desk.age();
    let found = desk.look_twice().found;
    desk.import(&found);
    let name = first.file_name().unwrap().to_string_lossy().replace(".zip", " (1).zip");
    std::fs::write(first.with_file_name(name), good).unwrap();
    desk.age();
    let found = desk.look_twice().found;
    let (receipt, archives) = desk.import(&found);
    assert!(receipt.complete, "{receipt:#?}");
    assert!(archives.len() == 2 && archives.iter().all(|archive| archive.state == ArchiveState::Moved), "{archives:#?}");
    assert!(!first.exists());
    assert_eq!(desk.look_twice().found, []);
}

#[test]
fn killed_between_import_and_move_it_is_moved_at_the_next_look_and_nothing_comes_twice() {
    let mut desk = Desk::with(Then::Move, &spec(2));
    let request = ImportRequest { library: desk.library(), paths: desk.archives(), ..ImportRequest::default() };
    let import = desk.app.import(&request, Arc::new(Silent), Control::default(), |_| ());
    desk.runtime.block_on(import).unwrap();
    let stored = desk.stored();
    // Nothing was written down of the archives: they are where they were.
    desk.noticing = Noticing::default();
    let found = desk.look_twice().found;
    let (receipt, archives) = desk.import(&found);
    assert_eq!((receipt.added, desk.stored()), (0, stored));
    assert!(archives.iter().all(|archive| archive.state == ArchiveState::Moved && archive.path.exists()), "{archives:#?}");
}

#[test]
fn a_photo_that_is_not_as_it_was_stored_keeps_its_archive() {
    let mut desk = Desk::with(Then::Leave, &spec(1));
    let found = desk.look_twice().found;
    desk.import(&found);
    let mut path = String::new();
    desk.app
        .list(&desk.library(), |file| {
            path.clone_from(&file.path);
            Ok(())
        })
        .unwrap();
    fs::write(desk.library().join(&path), b"edited by hand").unwrap();
    desk.app.add_inbox(&desk.library(), &desk.downloads(), Then::Move).unwrap();
    let found = desk.look_twice().found;
    let (_, archives) = desk.import(&found);
    assert_eq!((archives[0].state, &archives[0].why), (ArchiveState::Left, &Some(Why::NotAsStored { path })));
    assert_eq!(desk.archives().len(), 1);
}

#[test]
fn what_lies_inside_the_library_is_no_inbox_and_the_library_is_not_looked_into() {
    let mut desk = Desk::with(Then::Leave, &spec(1));
    let inside = desk.library().join("inbox");
    fs::create_dir_all(&inside).unwrap();
    assert_eq!(desk.app.add_inbox(&desk.library(), &inside, Then::Leave).unwrap_err().code, Code::Usage);
    // An inbox around the library: archives in the library are none of its business.
    let archive = desk.archives().remove(0);
    fs::copy(&archive, desk.library().join(archive.file_name().unwrap())).unwrap();
    desk.app.remove_inbox(&desk.library(), &desk.downloads()).unwrap();
    let around = desk.folder.path().to_owned();
    desk.app.add_inbox(&desk.library(), &around, Then::Leave).unwrap();
    let found = desk.look().found;
    assert_eq!(found.iter().map(|archive| archive.path.clone()).collect::<Vec<_>>(), [archive]);
    assert_eq!(desk.app.remove_inbox(&desk.library(), &desk.downloads()).unwrap_err().code, Code::Usage);
}

#[test]
fn what_a_person_stopped_is_not_begun_again_by_itself() {
    let mut desk = Desk::with(Then::Leave, &spec(1));
    let found = desk.look_twice().found;
    desk.noticing.broke_off(&found, Code::Cancelled, desk.now);
    desk.wait(100_000);
    let found = desk.look().found;
    assert_eq!(found[0].state, ArchiveState::Finished);
    assert!(!desk.noticing.is_worth_a_run(&found, desk.now));
    desk.noticing.broke_off(&found, Code::TargetFull, desk.now);
    assert!(!desk.noticing.is_worth_a_run(&found, desk.now));
    desk.wait(3601);
    assert!(desk.noticing.is_worth_a_run(&found, desk.now));
}

/// A host that can do nothing.
struct Nobody;

impl Host for Nobody {
    fn kind(&self) -> HostKind {
        HostKind::Browser
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { pick_folder: false, reveal: false, save_file: false, open_address: false, choose_library: true }
    }

    fn pick_folder(&self, _: Option<PathBuf>) -> Waiting<'_, Result<Option<PathBuf>>> {
        Box::pin(async { Ok(None) })
    }

    fn pick_archives(&self) -> Waiting<'_, Result<Vec<PathBuf>>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn save_file(&self, _: String, _: Vec<u8>) -> Waiting<'_, Result<Option<PathBuf>>> {
        Box::pin(async { Ok(None) })
    }

    fn open_address(&self, _: &str) -> Result<()> {
        Ok(())
    }

    fn reveal(&self, _: &Path) -> Result<()> {
        Ok(())
    }
}

#[test]
fn a_desk_imports_what_is_finished_and_begins_nothing_once_it_is_closed() {
    let here = Desk::with(Then::Move, &spec(2));
    here.runtime.block_on(async {
        let desk = photokeep_app::desk::Desk::new(here.app.clone(), Arc::new(Nobody), Some(here.library())).unwrap();
        let ask = async |command: &str, request: Value| {
            let answer = boundary::call(&desk, command, request).await?;
            Ok::<Value, boundary::ApiError>(serde_json::from_str(answer.get()).unwrap())
        };
        assert!(ask("inbox.add", json!({ "folder": "Downloads", "then": "leave" })).await.is_err(), "a relative path");
        assert!(!desk.look_into_inboxes(here.now).await.unwrap(), "one look proves nothing");
        let later = here.now + TimeDelta::seconds(30);
        assert!(desk.look_into_inboxes(later).await.unwrap());
        assert!(!desk.look_into_inboxes(later + TimeDelta::seconds(30)).await.unwrap(), "one run at a time");
        let mut run = Value::Null;
        for _ in 0..600 {
            run = ask("run.show", Value::Null).await.unwrap();
            if run["activity"] == "ended" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!((&run["kind"], &run["receipt"]["complete"]), (&json!("import"), &json!(true)), "{run:#}");
        assert!(here.archives().is_empty());
        let shown = ask("inbox.show", Value::Null).await.unwrap();
        assert_eq!((&shown["found"], &shown["calendar"]["exports"]), (&json!([]), &json!(1)), "{shown:#}");

        // Another export arrives; the desk is closed before it is finished.
        generate(&ExportSpec { stamp: 1_780_000_000, ..spec(1) }, &here.downloads()).unwrap();
        here.age();
        let now = later + TimeDelta::minutes(5);
        assert!(!desk.look_into_inboxes(now).await.unwrap());
        desk.close().await;
        assert!(!desk.look_into_inboxes(now + TimeDelta::seconds(30)).await.unwrap());
        assert_eq!(here.archives().len(), 1);
        let removed = ask("inbox.remove", json!({ "folder": here.downloads() })).await.unwrap();
        assert_eq!(removed["inboxes"], json!([]));
    });
}

/// The program itself; the trash is a folder of the test's.
#[test]
fn the_program_imports_and_puts_into_the_trash_only_what_holds_nothing_else() {
    let mut world = World::with(photokeep_simulator::SimulatorConfig::default(), photos(0));
    world.environment.push(("XDG_DATA_HOME".into(), world.path("data").to_str().unwrap().into()));
    let downloads = world.path("downloads");
    fs::create_dir(&downloads).unwrap();
    let archive = generate(&ExportSpec { container: Container::Tgz, ..spec(1) }, &downloads).unwrap().parts.remove(0);
    let hour_ago = SystemTime::now() - Duration::from_secs(3600);
    File::options().append(true).open(downloads.join(&archive)).unwrap().set_modified(hour_ago).unwrap();

    world.run(&["inbox", "LIBRARY", "add", "nowhere"]).ends(2);
    let added = world.run(&["inbox", "LIBRARY", "add", "downloads", "--then", "trash", "--json"]).ends(0).json();
    assert_eq!((&added["inboxes"][0]["then"], &added["found"][0]["state"]), (&"trash".into(), &"settling".into()));
    assert_eq!(added["calendar"]["notice"], "no-export");

    let ran = world.run(&["inbox", "LIBRARY", "import", "--json"]).ends(0);
    assert_eq!(ran.receipt()["complete"], true, "{}", ran.out);
    let archives = ran.json_lines().into_iter().find(|line| line["event"] == "archives").unwrap();
    assert_eq!(archives["archives"][0]["state"], "trashed", "{archives:#}");
    assert!(!downloads.join(&archive).exists());
    assert!(world.path("data/Trash/files").join(&archive).exists(), "it is in the trash, not deleted");

    let listed = world.run(&["inbox", "LIBRARY"]).ends(0);
    assert!(listed.out.contains("downloads") && listed.out.contains("The last export is of 2026-03-18."), "{}", listed.out);
    world.run(&["inbox", "LIBRARY", "remove", "downloads"]).ends(0);
    world.run(&["inbox", "LIBRARY", "remove", "downloads"]).ends(2);

    // Documents beside the photos: the archive is the only one that keeps them.
    let variants = Variants { other_products: true, ..Variants::none() };
    let other = generate(&ExportSpec { variants, stamp: 1_780_000_000, ..spec(1) }, &downloads).unwrap().parts.remove(0);
    File::options().append(true).open(downloads.join(&other)).unwrap().set_modified(hour_ago).unwrap();
    world.run(&["inbox", "LIBRARY", "add", "downloads", "--then", "trash"]).ends(0);
    let ran = world.run(&["inbox", "LIBRARY", "import"]).ends(0);
    assert!(ran.out.contains("of other Google products are only in it"), "{}", ran.out);
    assert!(downloads.join(&other).exists());
}
