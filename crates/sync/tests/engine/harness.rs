//! An account at the simulated Google with a library beside it, and the proof that the one holds what the other has.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{Datelike, Utc};
use photokeep_google::{Asked, ClientFile, Endpoints, LibraryApi, PendingSignIn, Scopes, Session, TokenStore, api_client};
use photokeep_library::catalog::{AlbumRow, FileRow, FileState};
use photokeep_library::{Home, Library, OptionChanges};
use photokeep_model::{Code, Error, Event, Filter, Outcome, Progress, Receipt, RunKind, SourceKind, WaitReason};
use photokeep_simulator::photo_library::{PhotoLibrary, SimAlbum, SimItem, VideoStatus};
use photokeep_simulator::{Control, FaultRule, Policy, Simulator, SimulatorConfig};
use photokeep_sync::sources::library_api::LibraryApiSource;
use photokeep_sync::{Gate, Patience, SyncOptions, sync};
use tokio_util::sync::CancellationToken;

/// Waits short enough for tests; the simulator's own rules are set to match.
pub fn patience() -> Patience {
    Patience {
        first_retry: Duration::from_millis(20),
        first_slow_down: Duration::from_millis(50),
        longest_wait: Duration::from_secs(1),
        outage: Duration::from_secs(2),
        idle: Duration::from_millis(500),
        ..Patience::default()
    }
}

/// A simulator that counts a repeat before those waits are over as the client's mistake.
pub fn config() -> SimulatorConfig {
    SimulatorConfig {
        patience_after_429: patience().first_slow_down,
        patience_after_5xx: patience().first_retry,
        ..SimulatorConfig::default()
    }
}

/// What a run reported while it ran.
#[derive(Default)]
pub struct Heard {
    pub waits: Mutex<Vec<WaitReason>>,
    pub failed: Mutex<Vec<(String, Code)>>,
    /// Number in the catalog and path.
    pub stored: Mutex<Vec<(i64, String)>>,
}

impl Progress for Heard {
    fn event(&self, event: &Event<'_>) {
        match event {
            Event::Waiting(wait) => self.waits.lock().unwrap().push(wait.reason),
            Event::Failed { title, error } => self.failed.lock().unwrap().push(((*title).to_owned(), error.code)),
            Event::Stored { file, path, .. } => self.stored.lock().unwrap().push((*file, (*path).to_owned())),
            _ => {}
        }
    }
}

/// A run that has ended.
pub struct Ran {
    pub receipt: Receipt,
    pub error: Option<Error>,
    pub heard: Arc<Heard>,
}

impl Ran {
    pub fn code(&self) -> Option<Code> {
        self.error.as_ref().map(|error| error.code)
    }

    /// It went to its end, with nothing failed.
    #[track_caller]
    pub fn done(self) -> Receipt {
        assert_eq!(self.receipt.outcome, Outcome::Done, "{:?} {:?}", self.error, self.receipt);
        self.receipt
    }

    /// Google did not list the whole library: said, with nothing concluded and nothing failed.
    #[track_caller]
    pub fn not_whole(self) -> Receipt {
        assert_eq!(self.code(), Some(Code::Network), "{:?}", self.receipt);
        assert!(!self.receipt.complete && self.receipt.failed.is_empty(), "{:?}", self.receipt);
        self.receipt
    }

    /// It went to its end and everything the source has is kept.
    #[track_caller]
    pub fn complete(self) -> Receipt {
        let receipt = self.done();
        assert!(receipt.complete, "{receipt:?}");
        receipt
    }
}

/// An account, and a library that is signed in to it.
pub struct Account {
    pub control: Control,
    pub root: PathBuf,
    pub home: Home,
    pub source: Arc<LibraryApiSource>,
    pub simulator: Simulator,
    /// Waiting times of the runs to come.
    pub patience: Patience,
    _folder: tempfile::TempDir,
}

/// Signs in as a person would who ticks every box.
pub async fn signed_in(simulator: &Simulator, scopes: impl Into<Asked>) -> photokeep_google::SignIn {
    let client = ClientFile::from_json(simulator.client_secret_json().as_bytes()).unwrap();
    let pending = PendingSignIn::begin(api_client().unwrap(), &endpoints(simulator), client, scopes).await.unwrap();
    let (paste, pasted) = tokio::sync::mpsc::channel(1);
    paste.send(simulator.control().approve(pending.address.as_str()).unwrap()).await.unwrap();
    pending.finish(pasted, |complaint| panic!("{complaint}")).await.unwrap()
}

pub fn endpoints(simulator: &Simulator) -> Endpoints {
    Endpoints::from_json(&serde_json::to_vec(&simulator.endpoints()).unwrap()).unwrap()
}

impl Account {
    pub async fn of(items: Vec<SimItem>, albums: Vec<SimAlbum>) -> Self {
        Self::with(config(), PhotoLibrary { items, albums }, OptionChanges::default()).await
    }

    /// Signs in anew, with other rights, for the same library.
    pub async fn sign_in_again(&mut self, scopes: impl Into<Asked>) {
        let id = self.library().id().to_owned();
        let store = TokenStore::new(self.home.path(), &id, false);
        store.save(&signed_in(&self.simulator, scopes).await).unwrap();
        self.source = Arc::new(LibraryApiSource::new(self.api(), patience().idle).unwrap());
    }

    /// The API with the sign-in that is kept.
    pub fn api(&self) -> LibraryApi {
        let store = TokenStore::new(self.home.path(), self.library().id(), false);
        let session = Arc::new(Session::open(api_client().unwrap(), &endpoints(&self.simulator), store).unwrap());
        LibraryApi::new(api_client().unwrap(), &endpoints(&self.simulator), session)
    }

    pub async fn with(config: SimulatorConfig, library: PhotoLibrary, options: OptionChanges) -> Self {
        Self::lying(config, library, options, "library", |root| root.canonicalize().unwrap()).await
    }

    /// As [`Account::with`], with the library in this folder below a temporary one, called by what `name` makes of its path.
    pub async fn lying(
        config: SimulatorConfig,
        library: PhotoLibrary,
        options: OptionChanges,
        place: &str,
        name: impl FnOnce(PathBuf) -> PathBuf,
    ) -> Self {
        let scopes = if config.policy == Policy::Before { Scopes::WholeLibrary } else { Scopes::OwnUploads };
        let simulator = Simulator::start(config, library).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path().join("home")).unwrap();
        let root = folder.path().join(place);
        let id = Library::open_or_create(&root, &home, options, false).unwrap().id().to_owned();
        let root = name(root);
        let store = TokenStore::new(home.path(), &id, false);
        store.save(&signed_in(&simulator, scopes).await).unwrap();
        let session = Arc::new(Session::open(api_client().unwrap(), &endpoints(&simulator), store).unwrap());
        let api = LibraryApi::new(api_client().unwrap(), &endpoints(&simulator), session);
        let source = Arc::new(LibraryApiSource::new(api, patience().idle).unwrap());
        Self { control: simulator.control(), root, home, source, simulator, patience: patience(), _folder: folder }
    }

    /// Causes trouble.
    pub fn fault(&self, rule: FaultRule) {
        self.control.add_fault(rule);
    }

    /// A day later, with nothing wrong any more.
    pub fn next_day(&self) {
        self.control.clear_faults();
        self.control.advance(Duration::from_secs(86_400));
    }

    /// How often the rules in force have struck, in all.
    pub fn struck(&self) -> u64 {
        self.control.faults().iter().map(|(_, times)| times).sum()
    }

    pub fn library(&self) -> Library {
        Library::open_existing(&self.root, &self.home).unwrap()
    }

    pub fn gate(&self, heard: &Arc<Heard>, control: impl Into<photokeep_sync::Control>) -> Gate {
        Gate::new(self.patience, heard.clone(), control)
    }

    pub async fn sync(&self) -> Ran {
        self.sync_with(Filter::default(), OptionChanges::default(), CancellationToken::new()).await
    }

    pub async fn sync_only(&self, filter: Filter) -> Ran {
        self.sync_with(filter, OptionChanges::default(), CancellationToken::new()).await
    }

    pub async fn sync_with(&self, filter: Filter, changes: OptionChanges, control: impl Into<photokeep_sync::Control>) -> Ran {
        let heard = Arc::new(Heard::default());
        let library = Library::open_or_create(&self.root, &self.home, changes, false).unwrap();
        let options = SyncOptions { filter, kind: RunKind::Sync, now: Utc::now };
        let (library, outcome) = sync(library, &self.source, &options, &self.gate(&heard, control), |_| {}).await;
        drop(library);
        let (receipt, error) = outcome.unwrap();
        // What a front end shows later is what was reported now.
        let remembered = self.library().catalog.runs(1).unwrap().remove(0).receipt.unwrap();
        assert_eq!(remembered.complete, receipt.complete);
        assert!(!receipt.complete || (error.is_none() && receipt.outcome == Outcome::Done), "{receipt:?}");
        Ran { receipt, error, heard }
    }

    /// Everything is kept, and nothing else lies about.
    #[track_caller]
    pub fn assert_complete(&self) {
        self.assert_kept_but(&[]);
    }

    /// Everything that can be had is kept, while videos that cannot are listed.
    #[track_caller]
    pub fn assert_all_that_can_be_had(&self) {
        self.assert_kept_but(&[]);
    }

    /// Everything is kept but these items, of which nothing lies about.
    #[track_caller]
    pub fn assert_kept_but(&self, unkept: &[&str]) {
        self.assert_disk(unkept);
        assert_eq!(self.control.violations(), []);
    }

    /// The folder holds exactly what the account has but these items: bytes, names, times, albums.
    #[track_caller]
    pub fn assert_disk(&self, unkept: &[&str]) {
        let library = self.library();
        let held = self.control.library();
        let stored = stored(&library);
        let in_albums: BTreeSet<&String> = held.albums.iter().flat_map(|album| &album.items).collect();
        let wanted = |item: &&SimItem| (item.in_library && !item.archived) || in_albums.contains(&item.id);
        let servable = |item: &&SimItem| matches!(item.video, None | Some(VideoStatus::Ready));
        let mut expected_files = BTreeSet::new();
        for item in held.items.iter().filter(wanted).filter(servable) {
            let row = row_of(&library, &stored, &item.id);
            if unkept.contains(&item.id.as_str()) {
                assert!(row.is_none(), "{} should not be kept", item.id);
                continue;
            }
            let row = row.unwrap_or_else(|| panic!("{} is not kept", item.id));
            let bytes = self.control.served_bytes(&item.id).unwrap();
            let path = row.path.clone().unwrap();
            let full = self.root.join(&path);
            assert_eq!(row.state, FileState::Stored, "{path}");
            assert_eq!(row.size, Some(bytes.len() as u64), "{path}");
            assert_eq!(row.hash, Some(*blake3::hash(&bytes).as_bytes()), "{path}: catalog");
            assert!(std::fs::read(&full).unwrap() == bytes, "{path}: bytes on the disk");
            expected_files.insert(path);
        }
        assert_eq!(files_below(&self.root), expected_files, "files on the disk against items of the account");
        let hashes: BTreeSet<_> = stored.values().map(|row| row.hash).collect();
        assert_eq!(hashes.len(), stored.len(), "no bytes are kept twice");
        self.assert_times(&library);
        self.assert_albums(&library, &held, &stored);
        assert_eq!(names_in(&self.root.join(".photokeep/tmp")), BTreeSet::new(), "debris");
    }

    /// Month folder and modification time of every file follow the capture time of an item with these bytes.
    #[track_caller]
    fn assert_times(&self, library: &Library) {
        for row in stored(library).values() {
            let path = row.path.clone().unwrap();
            let Some(taken) = row.taken else {
                assert!(path.contains("undated/"), "{path}");
                continue;
            };
            assert_eq!(modified(&self.root.join(&path)), (taken.unix_seconds(), taken.nanos()), "{path}");
        }
    }

    /// Every file lies in the month folder of its item, in the default layout. For accounts whose dates never changed.
    #[track_caller]
    pub fn assert_months(&self) {
        let library = self.library();
        let stored = stored(&library);
        for item in self.control.library().items {
            let (Some(row), Some(taken)) = (row_of(&library, &stored, &item.id), item.creation_time) else { continue };
            let path = row.path.clone().unwrap();
            assert!(path.starts_with(&format!("photos/{:04}/{:02}/", taken.year(), taken.month())), "{path} {taken}");
            assert_eq!(modified(&self.root.join(&path)), (taken.timestamp(), taken.timestamp_subsec_nanos()), "{path}");
        }
    }

    /// The album folders are those of the account: one for each album with something to show, links in album order, each
    /// leading to its item's file, and nothing else.
    #[track_caller]
    fn assert_albums(&self, library: &Library, held: &PhotoLibrary, stored: &HashMap<i64, FileRow>) {
        let mut expected: Vec<AlbumShown> = held
            .albums
            .iter()
            .map(|album| {
                let mut entries: Vec<(String, String)> = Vec::new();
                // What is not stored keeps its number; what is listed twice has one.
                let mut numbered = BTreeSet::new();
                for id in &album.items {
                    let path = row_of(library, stored, id).and_then(|row| row.path.clone());
                    let number = numbered.len();
                    if numbered.insert(path.clone().unwrap_or_else(|| id.clone()))
                        && let Some(path) = path
                    {
                        entries.push((format!("{number:04}_{}", path.rsplit('/').next().unwrap()), path));
                    }
                }
                (album.title.clone().filter(|title| !title.is_empty()), entries)
            })
            .filter(|(_, entries)| !entries.is_empty())
            .collect();
        let mut found: Vec<AlbumShown> = albums_with_folder(library)
            .into_iter()
            .map(|album| (album.title.clone(), self.entries(&album.folder.unwrap())))
            .collect();
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "albums on the disk against albums of the account");
        let known: BTreeSet<String> = albums_with_folder(library).into_iter().filter_map(|album| album.folder).collect();
        assert_eq!(album_folders(&self.root), known, "album folders");
    }

    /// Entries of an album folder in name order, with the path below the library of the file each leads to.
    #[track_caller]
    pub fn entries(&self, folder: &str) -> Vec<(String, String)> {
        names_in(&self.root.join(folder))
            .into_iter()
            .map(|name| {
                let link = self.root.join(folder).join(&name);
                // Where the system makes no symbolic links, as wine, entries are second names of their files.
                if cfg!(windows) {
                    let photos: Vec<String> = files_below(&self.root).into_iter().collect();
                    let same = |file: &&String| same_file::is_same_file(&link, self.root.join(file)).unwrap();
                    return (name.clone(), photos.iter().find(same).unwrap_or_else(|| panic!("{folder}/{name}")).clone());
                }
                assert!(link.symlink_metadata().unwrap().is_symlink(), "{name}");
                assert!(std::fs::read_link(&link).unwrap().is_relative(), "{name}");
                let file = link.canonicalize().unwrap_or_else(|error| panic!("{folder}/{name}: {error}"));
                (name, file.strip_prefix(&self.root).unwrap().to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/"))
            })
            .collect()
    }

    /// The path of an item's file below the library.
    #[track_caller]
    pub fn path(&self, id: &str) -> String {
        let library = self.library();
        let stored = stored(&library);
        row_of(&library, &stored, id).and_then(|row| row.path.clone()).unwrap_or_else(|| panic!("{id} is not kept"))
    }

    /// The folder of the only album with this title.
    #[track_caller]
    pub fn folder(&self, title: &str) -> String {
        let library = self.library();
        let mut folders = albums_with_folder(&library).into_iter().filter(|album| album.title.as_deref() == Some(title));
        let folder = folders.next().unwrap_or_else(|| panic!("no album {title}")).folder.unwrap();
        assert!(folders.next().is_none());
        folder
    }
}

/// Whether a sentence of a receipt holds these words.
pub fn says(receipt: &Receipt, words: &str) -> bool {
    receipt.notes.iter().any(|note| note.contains(words))
}

/// Stored files by the number of their item.
pub fn stored(library: &Library) -> HashMap<i64, FileRow> {
    let rows = library.catalog.files_in_state(FileState::Stored, 0, u32::MAX).unwrap();
    let count = rows.len();
    let by_item: HashMap<i64, FileRow> = rows.into_iter().map(|row| (row.item.0, row)).collect();
    assert_eq!(by_item.len(), count, "every item has one file");
    by_item
}

pub fn row_of<'a>(library: &Library, stored: &'a HashMap<i64, FileRow>, id: &str) -> Option<&'a FileRow> {
    stored.get(&library.catalog.item_of(SourceKind::LibraryApi, id).unwrap()?.0)
}

fn albums_with_folder(library: &Library) -> Vec<AlbumRow> {
    library.catalog.albums().unwrap().into_iter().filter(|album| album.folder.is_some()).collect()
}

/// Modification time in seconds and nanoseconds since 1970.
pub fn modified(path: &Path) -> (i64, u32) {
    let time = filetime::FileTime::from_last_modification_time(&path.symlink_metadata().unwrap());
    (time.unix_seconds(), time.nanoseconds())
}

/// Inode number and time of last change, or when it was made: differ when an entry was made anew.
#[cfg(unix)]
pub fn inode(path: &Path) -> (u64, i64, i64) {
    use std::os::unix::fs::MetadataExt;
    let metadata = path.symlink_metadata().unwrap();
    (metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
}

/// Inode number and time of last change, or when it was made: differ when an entry was made anew.
#[cfg(windows)]
pub fn inode(path: &Path) -> (u64, i64, i64) {
    let id = file_id::get_file_id(path).unwrap();
    let number = match id {
        file_id::FileId::LowRes { file_index, .. } => file_index,
        file_id::FileId::HighRes { file_id, .. } => file_id as u64,
        file_id::FileId::Inode { inode_number, .. } => inode_number,
    };
    (number, 0, 0)
}

/// Inodes of all entries of a folder.
pub fn inodes(folder: &Path) -> BTreeMap<String, (u64, i64, i64)> {
    names_in(folder).into_iter().map(|name| (name.clone(), inode(&folder.join(name)))).collect()
}

pub fn names_in(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// An album's title, and its entries with the files they lead to.
type AlbumShown = (Option<String>, Vec<(String, String)>);

const ALBUM_ROOTS: [&str; 2] = ["albums", "sharedAlbums"];

/// Every file of the library that is neither an album entry nor Photokeep's own, below the root.
pub fn files_below(root: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let top = names_in(root).into_iter().filter(|name| name != ".photokeep" && !ALBUM_ROOTS.contains(&name.as_str()));
    let mut open: Vec<PathBuf> = top.map(|name| root.join(name)).collect();
    while let Some(path) = open.pop() {
        if path.symlink_metadata().unwrap().is_dir() {
            open.extend(names_in(&path).into_iter().map(|name| path.join(name)));
        } else {
            found.insert(path.strip_prefix(root).unwrap().to_str().unwrap().replace(std::path::MAIN_SEPARATOR, "/"));
        }
    }
    found
}

/// Every folder below `albums` and `sharedAlbums` that holds no further folder.
fn album_folders(root: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<PathBuf> = ALBUM_ROOTS.iter().map(|name| root.join(name)).filter(|path| path.exists()).collect();
    while let Some(path) = open.pop() {
        let folders: Vec<PathBuf> = names_in(&path)
            .into_iter()
            .map(|name| path.join(name))
            .filter(|path| path.symlink_metadata().unwrap().is_dir())
            .collect();
        if folders.is_empty() {
            found.insert(path.strip_prefix(root).unwrap().to_str().unwrap().replace(std::path::MAIN_SEPARATOR, "/"));
        }
        open.extend(folders);
    }
    found
}
