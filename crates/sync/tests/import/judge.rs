//! Holds a library against the truth of the exports it was made from.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::Utc;
use photokeep_library::{Home, Library, OptionChanges};
use photokeep_model::{Error, Event, Filter, Progress, Receipt, RunKind, Silent};
use photokeep_simulator::takeout::{EntryKind, Role, Truth};
use photokeep_sync::sources::takeout::{Grouping, Takeout, Told};
use photokeep_sync::{Control, Gate, Patience, SyncOptions, sync};
use rusqlite::Connection;
use tokio_util::sync::CancellationToken;

/// A library and a place for exports beside it.
pub struct Stage {
    pub folder: tempfile::TempDir,
}

/// Stops an import after some files.
struct Stopping {
    left: AtomicU64,
    cancel: CancellationToken,
}

impl Progress for Stopping {
    fn event(&self, event: &Event<'_>) {
        if matches!(event, Event::Stored { .. }) && self.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.cancel.cancel();
        }
    }
}

/// An import that has ended.
pub struct Imported {
    pub receipt: Receipt,
    pub error: Option<Error>,
    pub told: Told,
}

impl Imported {
    /// The numbers add up, and nothing is left open.
    #[track_caller]
    pub fn accounted(self) -> Receipt {
        assert!(self.error.is_none(), "{:?}", self.error);
        let account = self.receipt.account.unwrap();
        assert_eq!(account.open, 0, "{account:?}");
        let sum = account.stored
            + account.already
            + account.sidecars
            + account.albums
            + account.service
            + account.other
            + account.companions
            + account.refused;
        assert_eq!(sum, account.entries, "{account:?}");
        self.receipt
    }
}

impl Stage {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().join("library")
    }

    fn home(&self) -> Home {
        Home::at(self.folder.path().join("home")).unwrap()
    }

    pub fn exports(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn library(&self) -> Library {
        Library::open_or_create(&self.root(), &self.home(), OptionChanges::default(), false).unwrap()
    }

    pub async fn import(&self, paths: &[PathBuf]) -> Imported {
        self.import_with(paths, Arc::new(Silent), Control::default()).await
    }

    /// An import that the person stops as soon as so many files are stored.
    pub async fn import_stopped_after(&self, files: u64, path: &Path) -> Imported {
        let control = Control::default();
        let progress = Stopping { left: AtomicU64::new(files), cancel: control.cancel.clone() };
        self.import_with(&[path.to_owned()], Arc::new(progress), control).await
    }

    async fn import_with(&self, paths: &[PathBuf], progress: Arc<dyn Progress>, control: Control) -> Imported {
        let library = self.library();
        let source = Arc::new(Takeout::look(paths, Grouping::default(), Some(library.temporary_names()), Utc::now()));
        let gate = Gate::new(Patience::default(), progress, control);
        let options = SyncOptions { filter: Filter::default(), kind: RunKind::Import, now: Utc::now };
        let (_library, outcome) = sync(library, &source, &options, &gate, |_| {}).await;
        let (receipt, error) = outcome.unwrap();
        Imported { receipt, error, told: source.told() }
    }

    /// The catalog, for looking.
    pub fn sql(&self) -> Connection {
        let libraries = std::fs::read_dir(self.folder.path().join("home").join("libraries")).unwrap();
        let folder = libraries.map(|entry| entry.unwrap().path()).next().unwrap();
        Connection::open(folder.join("catalog.sqlite")).unwrap()
    }

    /// Every file below `photos/`, with its BLAKE3 in hexadecimal.
    pub fn files_on_disk(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.root().join("photos")];
        while let Some(folder) = folders.pop() {
            let Ok(entries) = std::fs::read_dir(&folder) else { continue };
            for entry in entries.map(Result::unwrap) {
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else {
                    let hash = blake3::hash(&std::fs::read(entry.path()).unwrap()).to_hex().to_string();
                    let path =
                        entry.path().strip_prefix(self.root()).unwrap().to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
                    found.insert(path, hash);
                }
            }
        }
        found
    }

    /// Nothing waits under a temporary name.
    #[track_caller]
    pub fn nothing_temporary(&self) {
        let left: Vec<_> = std::fs::read_dir(self.root().join(".photokeep").join("tmp"))
            .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
            .unwrap_or_default();
        assert!(left.is_empty(), "{left:?}");
    }
}

/// What a file of the catalog is.
struct Kept {
    item: i64,
    role: String,
    hash: String,
    path: String,
}

/// What a library is judged for. Each line is a difference; a good import has none.
pub struct Judge {
    pub differences: Vec<String>,
    /// Media whose item could not be told and that stand by themselves: allowed where names do not decide.
    pub alone: usize,
}

/// The path of an entry as the catalog has it.
fn below(path: &str) -> &str {
    match path.split_once('/') {
        Some((first, rest)) if first.to_lowercase().starts_with("takeout") => rest,
        _ => path,
    }
}

type Item = (String, Option<i64>, Option<String>, bool, bool, bool, Vec<String>, Option<String>);

/// Judges a library by the truth of one export that was imported.
#[allow(clippy::too_many_lines)]
pub fn judge(stage: &Stage, truth: &Truth) -> Judge {
    let sql = stage.sql();
    let mut judge = Judge { differences: Vec::new(), alone: 0 };
    let mut say = |text: String| judge.differences.push(text);
    let on_disk = stage.files_on_disk();
    let files: HashMap<i64, Kept> = sql
        .prepare("SELECT id, item_id, role, lower(hex(hash)), coalesce(path, '') FROM files WHERE state = 'stored'")
        .unwrap()
        .query_map([], |row| {
            Ok((row.get(0)?, Kept { item: row.get(1)?, role: row.get(2)?, hash: row.get(3)?, path: row.get(4)? }))
        })
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let items: HashMap<i64, Item> = sql
        .prepare("SELECT id, title, taken_seconds, description, coalesce(favorite, 0), coalesce(archived, 0), coalesce(trashed, 0), people, product_url FROM items")
        .unwrap()
        .query_map([], |row| {
            let people: Option<String> = row.get(7)?;
            let people = people.map(|text| serde_json::from_str(&text).unwrap()).unwrap_or_default();
            Ok((row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?, people, row.get(8)?)))
        })
        .unwrap()
        .map(Result::unwrap)
        .collect();
    type Row = (String, Option<String>, Option<i64>);
    let entries: HashMap<(String, String), Row> = sql
        .prepare("SELECT p.name, e.path, e.ended, e.reason, e.file_id FROM entries e JOIN parts p ON p.id = e.part_id JOIN exports x ON x.id = p.export_id
                  WHERE ?1 LIKE '%' || x.name OR x.name LIKE 'unnamed-%'")
        .unwrap()
        .query_map([&truth.export], |row| Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?, row.get(4)?))))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let open: Vec<String> = sql
        .prepare("SELECT f.id || ' ' || f.state || ' ' || f.role || ' ' || coalesce(f.path, '') || ' ' || i.title || ' ' || coalesce((SELECT group_concat(e.ended) FROM entries e WHERE e.file_id = f.id), 'no entry') || ' ' || (SELECT group_concat(s.key) FROM sightings s WHERE s.item_id = i.id) FROM files f JOIN items i ON i.id = f.item_id WHERE f.state <> 'stored'
                      AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.file_id = f.id AND e.ended = 'refused')")
        .unwrap()
        .query_map([], |row| row.get::<_, Option<String>>(0))
        .unwrap()
        .map(|row| row.unwrap().unwrap_or_default())
        .collect();
    if !open.is_empty() {
        say(format!("files that are not stored: {open:?}"));
    }
    let mut items_of: BTreeMap<u32, BTreeSet<i64>> = BTreeMap::new();
    for entry in &truth.entries {
        let key = (truth.parts[entry.part].clone(), below(&entry.path).to_owned());
        // Beside an unpacked `Takeout` folder it is a part of its own.
        let left_by_mac = entry.path.strip_prefix("__MACOSX/").map(|rest| ("__MACOSX".to_owned(), below(rest).to_owned()));
        let Some((ended, reason, file)) = entries.get(&key).or_else(|| entries.get(&left_by_mac?)) else {
            // Names that point out of the archive are written down in a safe form.
            if entry.kind != EntryKind::Hostile {
                say(format!("{}: not in the account", entry.path));
            }
            continue;
        };
        let may_end: &[&str] = match entry.kind {
            EntryKind::Media => &["stored", "already"],
            EntryKind::Sidecar => &["sidecar"],
            EntryKind::BrokenSidecar => &["refused"],
            EntryKind::AlbumFile | EntryKind::DayFile => &["album"],
            EntryKind::ServiceFile | EntryKind::ArchivePage => &["service"],
            EntryKind::OtherProduct => &["other"],
            EntryKind::MacCompanion => &["companion"],
            EntryKind::Hostile => continue,
        };
        if !may_end.contains(&ended.as_str()) {
            say(format!("{}: ended as {ended} ({reason:?})", entry.path));
            continue;
        }
        if entry.kind != EntryKind::Media {
            continue;
        }
        let Some(kept) = file.and_then(|file| files.get(&file)) else {
            say(format!("{}: ended as {ended}, and no file has it", entry.path));
            continue;
        };
        if Some(&kept.hash) != entry.hash.as_ref() || on_disk.get(&kept.path) != entry.hash.as_ref() {
            say(format!("{}: other bytes in {}", entry.path, kept.path));
        }
        let (Some(number), Some(item)) = (entry.item, items.get(&kept.item)) else { continue };
        let Some(true_item) = truth.item(number) else { continue };
        let has_sidecar = item.7.is_some();
        if entry.sidecar.is_some() && !has_sidecar {
            if entry.names_decide {
                say(format!("{}: is by itself ({reason:?})", entry.path));
            }
            judge.alone += 1;
            continue;
        }
        items_of.entry(number).or_default().insert(kept.item);
        if !has_sidecar {
            continue;
        }
        if item.7.as_deref() != Some(&true_item.url) {
            say(format!("{}: WRONG PAIR, with {} ({reason:?})", entry.path, item.0));
            continue;
        }
        let role = match entry.role {
            Some(Role::Edited) => "edited",
            Some(Role::Motion) => "motion",
            _ => "original",
        };
        if kept.role != role && kept.role != "rendition" {
            say(format!("{}: is {} and not {role} ({reason:?})", entry.path, kept.role));
        }
        let flags = (item.3, item.4, item.5);
        if item.0 != true_item.title
            || item.2 != true_item.caption
            || item.6 != true_item.people
            || flags != (true_item.favourite, true_item.archived, true_item.trashed)
        {
            say(format!("{}: other metadata: {item:?}, and not {true_item:?}", entry.path));
        }
        if item.1 != Some(true_item.instant) {
            say(format!("{}: taken at {:?}, and not {} ({:?})", entry.path, item.1, true_item.instant, true_item.dates));
        }
    }
    let mut numbers_of: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
    for (number, of) in &items_of {
        if of.len() > 1 {
            say(format!("one photo is {} items: {:?}", of.len(), truth.item(*number).map(|item| &item.title)));
        }
        for item in of {
            numbers_of.entry(*item).or_default().push(*number);
        }
    }
    for (item, numbers) in numbers_of {
        if numbers.len() > 1 {
            let titles: Vec<_> = numbers.iter().filter_map(|number| truth.item(*number)).map(|item| &item.title).collect();
            say(format!("MERGED: {titles:?} are one item, {item}"));
        }
    }
    let shown = |album: i64| -> BTreeSet<i64> {
        sql.prepare("SELECT item_id FROM album_items WHERE album_id = ?1")
            .unwrap()
            .query_map([album], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    };
    for album in &truth.albums {
        let folder = album.folder.rsplit('/').next().unwrap();
        let found: Option<(i64, Option<String>)> = sql
            .query_row(
                "SELECT a.id, a.title FROM album_folders f JOIN albums a ON a.id = f.album_id JOIN exports x ON x.id = f.export_id
                 WHERE f.folder = ?2 AND (?1 LIKE '%' || x.name OR x.name LIKE 'unnamed-%')",
                [&truth.export, folder],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .ok();
        let Some((id, title)) = found else {
            say(format!("no album for {folder}"));
            continue;
        };
        if album.has_file && title.as_deref().unwrap_or_default() != album.title.as_deref().unwrap_or_default() {
            say(format!("{folder} is called {title:?}"));
        }
        let members: BTreeSet<i64> = album.members.iter().filter_map(|member| items_of.get(member)).flatten().copied().collect();
        let shown = shown(id);
        // An album of an increment shows what is new; what it had stays.
        let lost: Vec<_> = members.difference(&shown).filter_map(|item| items.get(item)).map(|item| &item.0).collect();
        if !lost.is_empty() {
            say(format!("{folder} lacks {lost:?}"));
        }
        let more: Vec<_> = shown
            .difference(&members)
            .filter_map(|item| items.get(item))
            .filter(|item| item.7.is_some())
            .map(|item| &item.0)
            .collect();
        if !more.is_empty() && truth.changes.is_empty() && judge.alone == 0 {
            say(format!("{folder} has {more:?} as well"));
        }
    }
    judge
}

impl Judge {
    /// No difference at all.
    #[track_caller]
    pub fn is_right(&self) {
        assert!(
            self.differences.is_empty(),
            "{} differences:\n{}",
            self.differences.len(),
            self.differences[..self.differences.len().min(25)].join("\n")
        );
    }
}

/// The paths of the parts of an export.
pub fn parts(folder: &Path, truth: &Truth) -> Vec<PathBuf> {
    truth.parts.iter().map(|part| folder.join(part)).collect()
}
