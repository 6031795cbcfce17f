//! Opening, creating, adopting and locking a library.
//!
//! A library is a folder with a `.photokeep` folder inside that carries its number. The live catalog lies in Photokeep's
//! own home on a local disk (network shares break SQLite's locks, `predecessors.md` 4.3), a consistent copy is put into
//! the library after each run. [`Home`] knows which folder is which library, so that an unplugged disk is told from a
//! new library, and so that a library can be adopted on another computer.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use photokeep_model::{Code, Error, LibraryOptions, LinkKind, Result};

use crate::catalog::Catalog;
use crate::flush;
use crate::live_catalog::{LOST_CATALOG, has_content, has_lost_catalog, open_live_catalog, take_copy_for_looking};
use crate::mark::{CATALOG_COPY, absolute, copied_catalog_id, create_mark, gone, holds_a_library, no_library, read_mark};
use crate::options::{OptionChanges, change_options, known_options, settle_options};
use crate::platform::{Links, SYSTEM};
use crate::target::probe::{probe_with, symlinks_work};
use crate::target::{self, NameRules, Places, TargetFacts, target_error};

/// Photokeep's own folder inside a library.
pub const STATE_FOLDER: &str = ".photokeep";

/// Photokeep's own state on this computer: catalogs and which folder is which library.
#[derive(Debug, Clone)]
pub struct Home {
    path: PathBuf,
}

/// An opened library. While it lives, no other run can work on it.
#[derive(Debug)]
pub struct Library {
    root: PathBuf,
    id: String,
    home: Home,
    /// The catalog.
    pub catalog: Catalog,
    facts: TargetFacts,
    options: LibraryOptions,
    notes: Vec<String>,
    pub(crate) links: &'static dyn Links,
    _lock: LibraryLock,
}

/// Keeps other runs away from a library until it is dropped.
#[derive(Debug)]
pub struct LibraryLock {
    _locks: Vec<File>,
}

impl Home {
    /// Uses `path` for Photokeep's own state; created with mode 0700 when it is new.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn at(path: PathBuf) -> Result<Self> {
        create_private(&path).map_err(|error| target_error(error, &path))?;
        create_private(&path.join("libraries")).map_err(|error| target_error(error, &path))?;
        Ok(Self { path })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Folder of one library's state.
    pub fn library_folder(&self, id: &str) -> PathBuf {
        self.path.join("libraries").join(id)
    }

    fn known(&self) -> BTreeMap<String, String> {
        fs::read(self.path.join("libraries.json")).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// The number of the library that was last seen in a folder.
    pub(crate) fn known_at(&self, root: &Path) -> Option<String> {
        self.known().remove(root.to_string_lossy().as_ref())
    }

    fn remember(&self, root: &Path, id: &str) -> Result<()> {
        let path = root.to_string_lossy().into_owned();
        if self.known().get(&path).is_some_and(|known| known == id) {
            return Ok(());
        }
        // Two libraries may be opened at the same time; the second one must not forget the first.
        let remember = || -> std::io::Result<()> {
            let guard = File::options().create(true).truncate(false).write(true).open(self.path.join("libraries.lock"))?;
            guard.lock()?;
            let mut known = self.known();
            known.insert(path, id.to_owned());
            flush::write_atomically(&self.path.join("libraries.json"), &serde_json::to_vec_pretty(&known).unwrap_or_default())
        };
        remember().map_err(|error| target_error(error, &self.path))
    }

    /// A known library that lies below this folder now.
    fn library_below(&self, root: &Path) -> Option<PathBuf> {
        self.known()
            .into_keys()
            .map(PathBuf::from)
            .find(|known| known != root && known.starts_with(root) && Library::is_library(known))
    }

    /// The number of the library at `root`, when there is one there or was one before.
    ///
    /// # Errors
    /// [`Code::TargetGone`] when this folder was a library and its mark has vanished: the disk is not there.
    pub fn find(&self, root: &Path) -> Result<Option<String>> {
        let root = absolute(root);
        match read_mark(&root)? {
            Some(id) => Ok(Some(id)),
            None if self.known_at(&root).is_some() => Err(gone(&root)),
            None => Ok(None),
        }
    }
}

impl Library {
    /// Opens the library at `root` for a run, creating it when it is new, and takes its lock.
    ///
    /// `start_over` lets a library whose folder was emptied on purpose begin again under its old number.
    ///
    /// # Errors
    /// [`Code::LibraryBusy`], [`Code::TargetGone`], [`Code::TargetReadOnly`], [`Code::TargetFull`], catalog errors, and
    /// [`Code::Usage`] for option changes that come too late and for a place inside or around another library.
    pub fn open_or_create(root: &Path, home: &Home, changes: OptionChanges, start_over: bool) -> Result<Self> {
        let root = absolute(root);
        let known = home.known_at(&root);
        let mark = read_mark(&root)?;
        let was_library = mark.is_some();
        let id = match (mark, known) {
            (Some(id), _) => id,
            (None, Some(_)) if !start_over => return Err(gone(&root)),
            (None, known) => {
                Self::check_place(&root)?;
                if let Some(inside) = home.library_below(&root) {
                    return Err(Error::new(Code::Usage, format!("{} Nothing was changed.", holds_a_library(&root, &inside)))
                        .hint("Choose a folder that has nothing to do with another library."));
                }
                let id = match known.or(copied_catalog_id(&root)?) {
                    Some(id) => id,
                    None => uuid::Uuid::new_v4().to_string(),
                };
                create_mark(&root, &id)?;
                id
            }
        };
        Self::open(root, id, home, changes, !was_library)
    }

    /// Opens the library at `root` for a run; it must exist.
    ///
    /// # Errors
    /// [`Code::NoLibrary`] when there is none, else as [`Library::open_or_create`].
    pub fn open_existing(root: &Path, home: &Home) -> Result<Self> {
        let root = absolute(root);
        let id = home.find(&root)?.ok_or_else(|| no_library(&root))?;
        Self::open(root, id, home, OptionChanges::default(), false)
    }

    /// Opens only the catalog, for looking. Works while a run holds the library and while its disk is away.
    ///
    /// # Errors
    /// [`Code::NoLibrary`] and catalog errors.
    pub fn look(root: &Path, home: &Home) -> Result<(String, Catalog)> {
        let root = absolute(root);
        let known = home.known_at(&root);
        let id = read_mark(&root).ok().flatten().or(known).ok_or_else(|| no_library(&root))?;
        let folder = home.library_folder(&id);
        let live = folder.join(CATALOG_COPY);
        let copy = root.join(STATE_FOLDER).join(CATALOG_COPY);
        if !live.exists() {
            if !has_content(&copy)? {
                return Err(no_library(&root));
            }
            create_private(&folder).map_err(|error| target_error(error, &folder))?;
            take_copy_for_looking(&copy, &live)?;
            home.remember(&root, &id)?;
        } else if !has_content(&live)? && has_content(&copy)? {
            // A crash of the computer left it empty; the next run puts the copy in its place.
            return Ok((id, Catalog::open_read_only(&copy)?));
        }
        // Read-only connections cannot recover a write-ahead log after a crash; a read-write one that only reads can.
        let catalog = match Catalog::open_to_look(&live) {
            // The next run puts the copy in its place; until then it is good enough to look at.
            Err(error) if error.code == Code::CatalogDamaged => Catalog::open_read_only(&copy).map_err(|_| error)?,
            opened => opened?,
        };
        Ok((id, catalog))
    }

    /// Keeps every run away from the library at `root` until the lock is dropped, and gives its number. Works while its
    /// disk is away.
    ///
    /// # Errors
    /// [`Code::LibraryBusy`], [`Code::NoLibrary`].
    pub fn hold(root: &Path, home: &Home) -> Result<(String, LibraryLock)> {
        let root = absolute(root);
        let known = home.known_at(&root);
        let id = read_mark(&root).ok().flatten().or(known).ok_or_else(|| no_library(&root))?;
        let folder = home.library_folder(&id);
        create_private(&folder).map_err(|error| target_error(error, &folder))?;
        let there = Self::is_library(&root).then_some(root.as_path());
        Ok((id, LibraryLock { _locks: lock(there, &folder, &mut Vec::new())? }))
    }

    fn open(root: PathBuf, id: String, home: &Home, changes: OptionChanges, new: bool) -> Result<Self> {
        if absolute(home.path()).starts_with(&root) {
            return Err(Error::new(
                Code::Usage,
                format!(
                    "Photokeep's own data ({}) would lie inside this library, sign-ins included. Nothing was changed.",
                    home.path().display()
                ),
            )
            .hint("Point PHOTOKEEP_HOME to a folder outside the library."));
        }
        let folder = home.library_folder(&id);
        create_private(&folder).map_err(|error| target_error(error, &folder))?;
        let mut notes = Vec::new();
        let locks = lock(Some(&root), &folder, &mut notes)?;
        let catalog = open_live_catalog(&root, &folder, new, &mut notes)?;
        if has_lost_catalog(&catalog, &root)? {
            notes.push(LOST_CATALOG.into());
        }
        catalog.set_meta("library", &id)?;
        let facts = known_or_probed(&root, &catalog)?;
        let options = settle_options(&catalog, &changes, &facts)?;
        home.remember(&root, &id)?;
        home.remember_disk(&root, &id);
        match fs::create_dir_all(root.join(STATE_FOLDER).join("tmp")) {
            // Whoever only reads needs no room for temporary files; whoever writes is told by the first thing that is written.
            Err(error) if error.kind() == ErrorKind::ReadOnlyFilesystem => {}
            made => made.map_err(|error| target_error(error, &root))?,
        }
        Ok(Self {
            root,
            id,
            home: home.clone(),
            catalog,
            facts,
            options,
            notes,
            links: &SYSTEM,
            _lock: LibraryLock { _locks: locks },
        })
    }

    /// The library's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The library's number.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What was decided for the library.
    pub fn options(&self) -> &LibraryOptions {
        &self.options
    }

    /// What was decided for the library of a catalog.
    ///
    /// # Errors
    /// Catalog errors.
    pub fn options_of(catalog: &Catalog) -> Result<LibraryOptions> {
        known_options(catalog)
    }

    /// What the disk of a catalog's library can hold, as it was found the last time.
    ///
    /// # Errors
    /// Catalog errors.
    pub fn facts_of(catalog: &Catalog) -> Result<Option<TargetFacts>> {
        Ok(catalog.meta("target")?.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// What would be decided with these changes; nothing is changed.
    ///
    /// # Errors
    /// [`Code::Usage`] for changes that come too late or that this disk cannot hold.
    pub fn options_with(&self, changes: &OptionChanges) -> Result<LibraryOptions> {
        change_options(self.options.clone(), changes, &self.facts, !self.catalog.has_files()?)
    }

    /// What the library's disk can hold.
    pub fn facts(&self) -> &TargetFacts {
        &self.facts
    }

    /// Rules for names on this disk.
    pub fn rules(&self) -> NameRules {
        NameRules::new(&self.facts, self.options.layout)
    }

    /// Where photos and albums lie.
    pub fn places(&self) -> Places {
        Places::new(&self.options)
    }

    /// Whether the catalog was lost and begun anew, and what the library holds is not known again yet.
    ///
    /// # Errors
    /// Catalog errors.
    pub fn has_lost_catalog(&self) -> Result<bool> {
        has_lost_catalog(&self.catalog, &self.root)
    }

    /// What to say about a catalog that was lost and begun anew; `None` for every other.
    ///
    /// # Errors
    /// Catalog errors.
    pub fn note_of_lost_catalog(root: &Path, catalog: &Catalog) -> Result<Option<&'static str>> {
        Ok(has_lost_catalog(catalog, root)?.then_some(LOST_CATALOG))
    }

    /// Whether a run works on the library at `root` now, as far as this computer can tell.
    pub fn is_busy(root: &Path, home: &Home) -> bool {
        let root = absolute(root);
        let known = home.known_at(&root);
        let Some(id) = read_mark(&root).ok().flatten().or(known) else { return false };
        let lock = File::options().read(true).write(true).open(home.library_folder(&id).join("lock"));
        lock.is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
    }

    /// Sentences about opening: a catalog that was restored, a share without locks.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The kind of links album folders get; `None` when the user wants none or the disk can none.
    ///
    /// # Errors
    /// [`Code::Usage`] when a kind was asked for that this disk cannot hold.
    pub fn link_kind(&self) -> Result<Option<LinkKind>> {
        self.facts.best_link(self.options.links)
    }

    /// Bytes free on the library's disk now.
    pub fn free_bytes(&self) -> Option<u64> {
        target::free_bytes(&self.root).ok()
    }

    /// Probes the disk again and remembers the result.
    ///
    /// # Errors
    /// When the disk cannot be written.
    pub fn probe_again(&mut self) -> Result<&TargetFacts> {
        let facts = probe_with(&self.root, self.links)?;
        if facts.names != self.facts.names {
            rekey(&self.catalog, &facts)?;
        }
        self.facts = facts;
        self.catalog.set_meta("target", &serde_json::to_string(&self.facts).unwrap_or_default())?;
        Ok(&self.facts)
    }

    /// Symbolic links can stop working on a disk that had them: Windows' developer mode was switched off, a server has other
    /// rules. Tried for real; where it is so, the disk is probed again.
    pub(crate) fn check_links(&mut self) -> Result<()> {
        if self.facts.symlinks.works() && !symlinks_work(&self.root, self.links)? {
            self.probe_again()?;
        }
        Ok(())
    }

    /// Makes sure that the library's disk is still there and still this library's.
    ///
    /// # Errors
    /// [`Code::TargetGone`].
    pub fn check_still_there(&self) -> Result<()> {
        match read_mark(&self.root)? {
            Some(id) if id == self.id => Ok(()),
            _ => Err(gone(&self.root)),
        }
    }

    /// A copy of the catalog in a scratch place of Photokeep's home, for a plan that must change nothing. It knows which files have vanished,
    /// as the run will.
    ///
    /// # Errors
    /// When the copy cannot be written, and when the library's disk is gone.
    pub fn scratch_catalog(&self) -> Result<Catalog> {
        let path = self.home.library_folder(&self.id).join(format!("dry-run-{}.sqlite", uuid::Uuid::new_v4()));
        self.catalog.copy_to(&path)?;
        let catalog = Catalog::open(&path)?;
        // The open handles keep the data; the names are not needed any more. Where an open file cannot be unlinked
        // (Windows), the next opening sweeps it.
        for name in ["sqlite", "sqlite-wal", "sqlite-shm"] {
            let _ = fs::remove_file(path.with_extension(name));
        }
        self.mark_vanished(&catalog)?;
        Ok(catalog)
    }

    /// Puts a consistent copy of the catalog into the library.
    ///
    /// # Errors
    /// When the library's disk cannot be written.
    pub fn save_catalog_copy(&self, now: DateTime<Utc>) -> Result<()> {
        let generation = self.catalog.meta("generation")?.and_then(|text| text.parse::<u64>().ok()).unwrap_or(0) + 1;
        self.catalog.set_meta("generation", &generation.to_string())?;
        self.catalog.set_meta("copied_at", &now.to_rfc3339())?;
        // SQLite writes to the local disk only; shares break its locks. The share gets a plain copy.
        let local = self.home.library_folder(&self.id).join("copy.sqlite");
        remove_if_there(&local).map_err(|error| target_error(error, &local))?;
        self.catalog.copy_to(&local)?;
        let state = self.root.join(STATE_FOLDER);
        let temporary = state.join("tmp").join(format!("catalog-{generation}.sqlite"));
        let finish = || -> std::io::Result<()> {
            fs::create_dir_all(state.join("tmp"))?;
            fs::copy(&local, &temporary)?;
            File::options().read(true).write(true).open(&temporary)?.sync_all()?;
            fs::rename(&temporary, state.join(CATALOG_COPY))?;
            remove_if_there(&local)?;
            flush::folder(&state)
        };
        finish().map_err(|error| target_error(error, &state))
    }
}

fn remove_if_there(path: &Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Takes the locks: one in Photokeep's home (this computer), one in the library (other computers on the same share).
/// `root` is left out while its disk is away.
fn lock(root: Option<&Path>, folder: &Path, notes: &mut Vec<String>) -> Result<Vec<File>> {
    let mut held = Vec::new();
    let shared = root.map(|root| (root.join(STATE_FOLDER).join("lock"), true));
    for (path, shared) in [(folder.join("lock"), false)].into_iter().chain(shared) {
        let open = File::options().create(true).truncate(false).write(true).read(true).open(&path);
        let file = match open {
            Ok(file) => file,
            // Nobody writes here, so nobody has to be kept away; a backup on a read-only disk can still be compared.
            Err(error) if shared && is_read_only(&error) => {
                notes.push("The disk of this library cannot be written to now; it is only read.".into());
                continue;
            }
            Err(error) => return Err(target_error(error, &path)),
        };
        let locked = match file.try_lock() {
            // Whoever asks whether a run is under way holds it for a moment.
            Err(TryLockError::WouldBlock) if !shared => {
                std::thread::sleep(std::time::Duration::from_millis(50));
                file.try_lock()
            }
            locked => locked,
        };
        match locked {
            Ok(()) => held.push(file),
            Err(TryLockError::WouldBlock) => {
                let whose = if shared { "Another Photokeep, perhaps on another computer, is" } else { "Another Photokeep run is" };
                return Err(Error::new(Code::LibraryBusy, format!("{whose} working on this library. Nothing was changed."))
                    .hint("Wait until it has finished. `photokeep status` shows what is going on."));
            }
            Err(TryLockError::Error(error)) if shared => notes.push(format!(
                "The disk of this library has no file locks ({error}), so Photokeep cannot notice a run from another computer. Runs on this computer still wait for each other."
            )),
            Err(TryLockError::Error(error)) => return Err(target_error(error, &path)),
        }
    }
    let mut first = &held[0];
    // Who holds it is only a courtesy to people who look; failing to write it changes nothing.
    let _ = first.set_len(0).and_then(|()| write!(first, "{}", std::process::id()));
    Ok(held)
}

fn is_read_only(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied)
}

/// Facts of the disk: probed once and remembered; probed anew when the folder lies on another file system than then.
fn known_or_probed(root: &Path, catalog: &Catalog) -> Result<TargetFacts> {
    let remembered = Library::facts_of(catalog)?;
    let place = target::file_system_mark(root);
    if catalog.meta("target_mark")?.as_deref() == Some(place.as_str())
        && let Some(facts) = &remembered
    {
        return Ok(facts.clone());
    }
    let facts = match (target::probe(root), &remembered) {
        // Only to be read, somewhere else: names and links are what they were.
        (Err(error), Some(facts)) if error.code == Code::TargetReadOnly => return Ok(facts.clone()),
        (facts, _) => facts?,
    };
    if remembered.is_some_and(|before| before.names != facts.names) {
        rekey(catalog, &facts)?;
    }
    catalog.set_meta("target", &serde_json::to_string(&facts).unwrap_or_default())?;
    catalog.set_meta("target_mark", &place)?;
    Ok(facts)
}

/// The disk has other rules for names than when the names were dealt.
fn rekey(catalog: &Catalog, facts: &TargetFacts) -> Result<()> {
    let rules = NameRules::new(facts, known_options(catalog)?.layout);
    catalog.transaction(|catalog| catalog.rekey(|path| rules.collision_key(path)))
}

/// Creates a folder that only its owner can enter.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path)
}
