//! From a temporary name to a stored file: the one way bytes come into a library.
//!
//! The order is what makes a kill or a power cut harmless at any moment (design sections 3 and 11):
//! 1. the bytes lie under a temporary name on the same file system, checked, with their time set, and are flushed;
//! 2. the catalog announces file, name, size and hash (one transaction, on the disk when it returns);
//! 3. the file is renamed, never over something else;
//! 4. the folders are flushed;
//! 5. the catalog says "stored".
//!
//! Everything is done for a batch at a time, so that flushes are shared. `recovery.rs` finishes or takes back whatever a
//! kill between 2 and 5 left.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::Utc;
use photokeep_model::{CaptureTime, Code, Error, ItemId, Result, Retry};

use crate::catalog::{Ended, EntryKey, EntryKind, FileRow, FileState, RunEntry};
use crate::folder::{Library, STATE_FOLDER};
use crate::target::{self, target_error};
use crate::{flush, naming, platform};

/// Checked bytes under a temporary name, ready to be placed.
#[derive(Debug, Clone, Default)]
pub struct Arrival {
    /// The file they are for.
    pub file: i64,
    /// Temporary name, from [`TemporaryNames`].
    pub temp: PathBuf,
    /// Length.
    pub size: u64,
    /// BLAKE3.
    pub hash: [u8; 32],
    /// Media type by content.
    pub mime_type: Option<String>,
    /// Capture time that the bytes tell, for items whose source knows none.
    pub taken: Option<CaptureTime>,
    /// Offset of the camera's clock that the bytes tell.
    pub offset_seconds: Option<i32>,
    /// Latitude and longitude that the bytes tell.
    pub place: Option<(f64, f64)>,
    /// Camera maker that the bytes tell.
    pub camera_make: Option<String>,
    /// Camera model that the bytes tell.
    pub camera_model: Option<String>,
    /// It looks cut short, though the source sent it so twice.
    pub doubtful: bool,
    /// Width and height that the bytes tell.
    pub pixels: Option<(u32, u32)>,
    /// The entry of an archive that the bytes come from; it is settled together with the file.
    pub entry: Option<EntryKey>,
}

/// How an arrival ended.
#[derive(Debug)]
pub enum PlacedAs {
    /// A new file.
    Added,
    /// In the place of one that had vanished, was damaged, or changed at the source.
    Restored,
    /// The same bytes as a file already stored: no second file.
    SamePhoto,
    /// A file with just these bytes was already there under just this name.
    AlreadyThere,
    /// Could not be placed; the item is tried again by the next run.
    Failed(Error),
}

/// What became of an arrival.
#[derive(Debug)]
pub struct Placed {
    /// The file that now holds the bytes, or that could not be placed.
    pub file: i64,
    /// Its item.
    pub item: ItemId,
    /// Path below the library of the file that now holds the bytes.
    pub path: String,
    /// Length.
    pub size: u64,
    /// How it ended.
    pub how: PlacedAs,
}

/// A batch member on its way.
struct Placing {
    arrival: Arrival,
    row: FileRow,
    path: String,
    how: PlacedAs,
    /// Trash entry for the file that has to make room.
    makes_room: Option<(i64, String)>,
    mtime: (i64, u32),
}

/// Makes temporary names without holding the library.
#[derive(Debug, Clone)]
pub struct TemporaryNames {
    folder: PathBuf,
    prefix: String,
}

impl TemporaryNames {
    /// The temporary name for a file's bytes. One file has one, so that an interrupted download can go on.
    pub fn of(&self, file: i64) -> PathBuf {
        self.folder.join(format!("{}{file}.part", self.prefix))
    }

    /// The temporary name for an entry of an archive whose file is not known yet.
    pub fn of_entry(&self, entry: EntryKey) -> PathBuf {
        self.folder.join(format!("{}entry-{}-{}.part", self.prefix, entry.part, entry.entry))
    }

    /// The library's folder.
    pub fn library(&self) -> Option<&Path> {
        self.folder.parent()?.parent()
    }

    /// The folder of all temporary names.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Library {
    /// Temporary names of this library.
    pub fn temporary_names(&self) -> TemporaryNames {
        TemporaryNames { folder: self.root().join(STATE_FOLDER).join("tmp"), prefix: self.temporary_prefix() }
    }

    /// The temporary name for a file's bytes.
    pub fn temporary(&self, file: i64) -> PathBuf {
        self.temporary_names().of(file)
    }

    pub(crate) fn temporary_name(&self, file: i64) -> String {
        format!("{}{file}.part", self.temporary_prefix())
    }

    /// Begins every temporary name of this library: what does not begin so was not made by it.
    pub(crate) fn temporary_prefix(&self) -> String {
        format!("photokeep-{}-", self.id().get(..8).unwrap_or("library"))
    }

    /// Places a batch. Afterwards every arrival that did not fail is on the disk for good.
    ///
    /// # Errors
    /// Only for trouble of the whole library: the disk is full, read-only or gone, the catalog cannot be written.
    pub fn place(&mut self, run: i64, arrivals: Vec<Arrival>) -> Result<Vec<Placed>> {
        let mut done = Vec::with_capacity(arrivals.len());
        let mut waiting = self.originals_first(arrivals)?;
        while !waiting.is_empty() {
            // Twins in one batch: the second has to see the first as stored.
            let mut hashes = HashSet::new();
            let (batch, later): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|arrival| hashes.insert(arrival.hash));
            self.place_distinct(run, batch, &mut done)?;
            waiting = later;
        }
        Ok(done)
    }

    /// What an original turns out to be (known by another way, removed here) holds for everything else of its item.
    fn originals_first(&self, arrivals: Vec<Arrival>) -> Result<Vec<Arrival>> {
        let (mut originals, mut others) = (Vec::with_capacity(arrivals.len()), Vec::new());
        for arrival in arrivals {
            let first = arrival.entry.is_none() || self.catalog.is_original(arrival.file)?;
            if first { originals.push(arrival) } else { others.push(arrival) }
        }
        originals.append(&mut others);
        Ok(originals)
    }

    fn place_distinct(&mut self, run: i64, arrivals: Vec<Arrival>, done: &mut Vec<Placed>) -> Result<()> {
        // One transaction for everything up to the announcement: a commit costs a flush of its own.
        let library = &*self;
        let batch = library.catalog.transaction(|_| {
            let mut batch = Vec::with_capacity(arrivals.len());
            for arrival in arrivals {
                library.ready_one(run, arrival, &mut batch, done)?;
            }
            let temps: Vec<PathBuf> = batch.iter().map(|placing: &Placing| placing.arrival.temp.clone()).collect();
            flush::files(&temps).map_err(|error| target_error(error, library.root()))?;
            for placing in &batch {
                let arrival = &placing.arrival;
                let temp = library.temporary_name(placing.row.id);
                library.catalog.announce(placing.row.id, &temp, arrival.size, &arrival.hash, arrival.mime_type.as_deref())?;
            }
            Ok(batch)
        })?;
        if batch.is_empty() { Ok(()) } else { self.rename_batch(run, batch, done) }
    }

    /// Makes one arrival ready: merged with its twin, kept as it lies, refused, or put into the batch.
    fn ready_one(&self, run: i64, arrival: Arrival, batch: &mut Vec<Placing>, done: &mut Vec<Placed>) -> Result<()> {
        let Some(row) = self.catalog.file(arrival.file)? else { return Ok(()) };
        if let Some(twin) = self.twin_on_disk(&row, &arrival)? {
            done.push(self.merge_twin(run, &row, &twin, &arrival)?);
            return Ok(());
        }
        if let Some(placed) = self.removed_before(run, &row, &arrival)? {
            done.push(placed);
            return Ok(());
        }
        let (arrival, row) = self.brought_back(run, arrival, row)?;
        let (arrival, row) = self.recognised(arrival, row)?;
        let dated_anew = self.catalog.settle_date(row.id, arrival.taken)?;
        self.learn(row.id, row.item, &arrival)?;
        let row = if row.taken.is_none() || dated_anew { self.catalog.file(arrival.file)?.unwrap_or(row) } else { row };
        let (file, item, size) = (row.id, row.item, arrival.size);
        match self.ready(run, arrival, row) {
            Ok(Ready::Placing(placing)) => batch.push(*placing),
            Ok(Ready::Done(placed)) => done.push(placed),
            Err(error) => {
                let error = self.narrowed(error);
                if is_whole_target(&error) {
                    return Err(error);
                }
                done.push(Placed { file, item, path: String::new(), size, how: PlacedAs::Failed(error) });
            }
        }
        Ok(())
    }

    /// What the disk refuses for one path while it takes others is that item's trouble and ends no run (design section 3,
    /// rule 4): a folder without the right to write, a bad sector, a file that went away.
    pub(crate) fn narrowed(&self, mut error: Error) -> Error {
        let at_one_path = matches!(error.code, Code::TargetReadOnly | Code::TargetGone);
        if at_one_path && self.check_still_there().is_ok() && target::check_writable(self.root()).is_ok() {
            error.code = Code::ItemFailed;
            error.retry = Retry::NextRun;
        }
        error
    }

    /// What the bytes tell is taken over where nothing better is known.
    pub(crate) fn learn(&self, file: i64, item: ItemId, arrival: &Arrival) -> Result<()> {
        self.catalog.learn_from_file(
            item,
            arrival.taken,
            arrival.offset_seconds,
            arrival.place,
            (arrival.camera_make.as_deref(), arrival.camera_model.as_deref()),
        )?;
        arrival.pixels.map_or(Ok(()), |pixels| self.catalog.learn_pixels(file, pixels))
    }

    /// Decides the name, sets the time, and finds out what is in the way.
    fn ready(&self, run: i64, arrival: Arrival, row: FileRow) -> Result<Ready> {
        let mtime = self.set_time(&arrival.temp, row.taken)?;
        let replaces = matches!(row.state, FileState::Missing | FileState::Damaged | FileState::Stale);
        let (path, occupant) = if let (true, Some(path)) = (replaces, row.path.clone()) {
            let there = occupant(self.root(), &path)?;
            (path, there)
        } else {
            match self.free_name(&row, &arrival)? {
                FreeName::Path(path) => (path, None),
                FreeName::HeldBySameBytes(path) => {
                    let placed = self.keep_as_it_lies(run, &row, &arrival, &path)?;
                    return Ok(Ready::Done(placed));
                }
            }
        };
        let makes_room = match occupant {
            None => None,
            Some(metadata) => {
                if metadata.is_file() && self.same_bytes(&path, &arrival)? {
                    let placed = self.keep_as_it_lies(run, &row, &arrival, &path)?;
                    return Ok(Ready::Done(placed));
                }
                let trash_path = self.trash_path(&path, row.id);
                let reason = if row.state == FileState::Stale && arrival.entry.is_some() {
                    "replaced by the original from Takeout"
                } else if row.state == FileState::Stale && self.catalog.is_of_a_folder(row.id)? {
                    "replaced by the original from a folder"
                } else if row.state == FileState::Stale {
                    "replaced by a newer version from the source"
                } else {
                    "was no longer what was stored; replaced"
                };
                let id = self.catalog.announce_trash(
                    row.item,
                    None,
                    &path,
                    &trash_path,
                    row.size,
                    row.hash,
                    reason,
                    Utc::now().timestamp(),
                )?;
                Some((id, trash_path))
            }
        };
        let how = if replaces { PlacedAs::Restored } else { PlacedAs::Added };
        Ok(Ready::Placing(Box::new(Placing { arrival, row, path, how, makes_room, mtime })))
    }

    /// The file's own name if nothing foreign holds it, else the next one that is free in the catalog and on the disk.
    fn free_name(&self, row: &FileRow, arrival: &Arrival) -> Result<FreeName> {
        let namer = self.namer();
        let mut path = match &row.path {
            Some(path) => path.clone(),
            None => naming::name_file(&namer, &self.catalog, row.id)?,
        };
        // Bounded: every round takes a name out of the run; a folder full of foreign files of one name ends here too.
        for _ in 0..100_000 {
            match occupant(self.root(), &path)? {
                None => return Ok(FreeName::Path(path)),
                Some(metadata) if metadata.is_file() && metadata.len() == arrival.size && self.same_bytes(&path, arrival)? => {
                    return Ok(FreeName::HeldBySameBytes(path));
                }
                Some(_) => path = naming::next_name(&namer, &self.catalog, row.id)?,
            }
        }
        Err(Error::new(Code::ItemFailed, "No free name could be found for this item.").detail("path", path))
    }

    /// Whether a file of the library has the bytes that arrived.
    pub(crate) fn same_bytes(&self, path: &str, arrival: &Arrival) -> Result<bool> {
        let full = target::join(self.root(), path)?;
        let same = photokeep_media::hash_file(&full).map(|(hash, size)| size == arrival.size && hash.0 == arrival.hash);
        // What cannot be read is somebody else's, and in the way.
        Ok(same.unwrap_or(false))
    }

    /// The very bytes already lie under the very name: the catalog takes note, and nothing is written twice.
    fn keep_as_it_lies(&self, run: i64, row: &FileRow, arrival: &Arrival, path: &str) -> Result<Placed> {
        let full = target::join(self.root(), path)?;
        flush::files(std::slice::from_ref(&full)).map_err(|error| target_error(error, &full))?;
        let mtime = self.set_time_if_possible(&full, row.taken)?;
        self.catalog.announce(row.id, &self.temporary_name(row.id), arrival.size, &arrival.hash, arrival.mime_type.as_deref())?;
        // The same bytes as in an earlier run are what the source has, however they look.
        let again = row.state != FileState::Wanted;
        self.catalog.mark_stored(row.id, run, mtime, arrival.doubtful && !again)?;
        if let Some(entry) = arrival.entry {
            self.catalog.settle_entry(run, entry, Ended::Already, None)?;
        }
        let what = if again { EntryKind::Restored } else { EntryKind::Added };
        let reason = Some("was already on the disk");
        self.catalog.add_entry(run, &RunEntry { what, item: Some(row.item), path: Some(path), reason })?;
        remove_temporary(&arrival.temp)?;
        Ok(Placed {
            file: row.id,
            item: row.item,
            path: path.to_owned(),
            size: arrival.size,
            how: if again { PlacedAs::Restored } else { PlacedAs::AlreadyThere },
        })
    }

    fn rename_batch(&mut self, run: i64, batch: Vec<Placing>, done: &mut Vec<Placed>) -> Result<()> {
        let mut folders = BTreeSet::new();
        let mut arrived = Vec::with_capacity(batch.len());
        for placing in batch {
            match self.rename_one(&placing, &mut folders) {
                Ok(()) => arrived.push(placing),
                Err(error) => {
                    let error = self.narrowed(error);
                    self.catalog.set_file_state(placing.row.id, placing.row.state)?;
                    if is_whole_target(&error) {
                        self.settle(run, arrived, &folders, done)?;
                        return Err(error);
                    }
                    done.push(Placed {
                        file: placing.row.id,
                        item: placing.row.item,
                        path: placing.path,
                        size: placing.arrival.size,
                        how: PlacedAs::Failed(error),
                    });
                }
            }
        }
        self.settle(run, arrived, &folders, done)
    }

    fn rename_one(&self, placing: &Placing, folders: &mut BTreeSet<PathBuf>) -> Result<()> {
        let to = target::join(self.root(), &placing.path)?;
        if let Some(parent) = to.parent() {
            make_folders(self.root(), parent, folders).map_err(|error| target_error(error, parent))?;
        }
        if let Some((_, trash_path)) = &placing.makes_room {
            let trash = target::join(self.root(), trash_path)?;
            if let Some(parent) = trash.parent() {
                make_folders(self.root(), parent, folders).map_err(|error| target_error(error, parent))?;
            }
            rename_new(&to, &trash).map_err(|error| target_error(error, &to))?;
        }
        rename_new(&placing.arrival.temp, &to).map_err(|error| target_error(error, &to))
    }

    /// Flushes the folders and says "stored".
    fn settle(&mut self, run: i64, arrived: Vec<Placing>, folders: &BTreeSet<PathBuf>, done: &mut Vec<Placed>) -> Result<()> {
        flush::folders(folders)?;
        self.catalog.transaction(|catalog| {
            for placing in &arrived {
                catalog.mark_stored(placing.row.id, run, placing.mtime, placing.arrival.doubtful)?;
                if let Some(entry) = placing.arrival.entry {
                    catalog.settle_entry(run, entry, Ended::Stored, None)?;
                }
                let what = if matches!(placing.how, PlacedAs::Restored) { EntryKind::Restored } else { EntryKind::Added };
                // Another file of this batch may have made two items one.
                let item = catalog.file(placing.row.id)?.map_or(placing.row.item, |file| file.item);
                catalog.add_entry(run, &RunEntry { what, item: Some(item), path: Some(&placing.path), reason: None })?;
                if let Some((trash, _)) = &placing.makes_room {
                    catalog.mark_trashed(*trash)?;
                }
                if matches!(placing.how, PlacedAs::Restored) {
                    catalog.forget_link_targets(&placing.path)?;
                }
            }
            Ok(())
        })?;
        done.extend(arrived.into_iter().map(|placing| Placed {
            file: placing.row.id,
            item: placing.row.item,
            path: placing.path,
            size: placing.arrival.size,
            how: placing.how,
        }));
        Ok(())
    }
}

enum Ready {
    Placing(Box<Placing>),
    Done(Placed),
}

enum FreeName {
    Path(String),
    HeldBySameBytes(String),
}

/// Trouble that is not this one item's.
pub(crate) fn is_whole_target(error: &Error) -> bool {
    !matches!(error.code, Code::ItemFailed | Code::ItemNotMedia)
}

/// What holds a name, if anything.
fn occupant(root: &Path, path: &str) -> Result<Option<fs::Metadata>> {
    let full = target::join(root, path)?;
    match fs::symlink_metadata(&full) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(target_error(error, &full)),
    }
}

/// Makes the folders down to `folder` and notes every folder whose entries change, for flushing.
pub(crate) fn make_folders(root: &Path, folder: &Path, touched: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    if touched.contains(folder) {
        return Ok(());
    }
    let mut missing = Vec::new();
    let mut current = folder;
    while !current.is_dir() {
        missing.push(current.to_owned());
        match current.parent() {
            // Never above the library: a library whose disk went away must not be made anew on the disk below it.
            Some(parent) if parent.starts_with(root) => current = parent,
            _ => return Err(io::Error::from(io::ErrorKind::NotFound)),
        }
    }
    for path in missing.iter().rev() {
        match fs::create_dir(path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
            Err(error) => return Err(error),
        }
        if let Some(parent) = path.parent() {
            touched.insert(parent.to_owned());
        }
    }
    touched.insert(folder.to_owned());
    Ok(())
}

/// Renames, but never over something that is there.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] when something is there, else what the system says.
pub fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    match platform::rename_exclusively(from, to) {
        // This disk cannot be asked so: the careful way.
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {}
        done => return done,
    }
    if fs::symlink_metadata(to).is_ok() {
        return Err(io::Error::from(io::ErrorKind::AlreadyExists));
    }
    fs::rename(from, to)
}

/// Removes a temporary file of ours; one that is gone already is fine.
pub(crate) fn remove_temporary(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(target_error(error, path)),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[path = "placing_tests.rs"]
mod tests;
