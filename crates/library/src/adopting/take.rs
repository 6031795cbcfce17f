//! Reading every file of a surveyed tree and writing it down; then its albums. Files that are known are passed over, so that a run
//! that was cut off goes on.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use photokeep_media::{ContentHash, FileType, SNIFF_BYTES, Sniff, Wholeness};
use photokeep_model::{CaptureTime, Code, Error, Event, FileRole, ItemId, LinkKind, Metadata, Meter, Phase, Progress, Result};

use super::survey::Survey;
use super::{FoundAlbum, FoundFile, LeftAlone, LeftWhy};
use crate::album_links::is_link_to;
use crate::catalog::{AdoptedAlbum, AdoptedFile, AdoptedLink, EntryKind, RunEntry};
use crate::file_times::modified;
use crate::folder::Library;
use crate::target;

/// How to take a tree in.
pub struct AdoptOptions<'a> {
    /// Threads that read.
    pub readers: usize,
    /// Asked before every file, from many threads: holds it up while paused, and says no when the person wants to stop.
    pub may_go_on: &'a (dyn Fn() -> bool + Sync),
}

/// What was taken in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adopted {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files that the catalog knew before.
    pub known: u64,
    /// Files that look cut short; the next sync compares them with what Google has.
    pub doubtful: u64,
    /// Albums.
    pub albums: u64,
    /// Entries of album folders.
    pub links: u64,
    /// What turned out not to fit.
    pub left: Vec<LeftAlone>,
}

/// Files read and written down at a time.
const BATCH: usize = 128;

/// Shortest time between two meters (design section 7).
const METER_EVERY: Duration = Duration::from_millis(250);

/// What a look into a file told.
struct Looked {
    hash: [u8; 32],
    size: u64,
    mtime: (i64, u32),
    file_type: Option<FileType>,
    facts: photokeep_media::Facts,
    doubtful: bool,
}

impl Library {
    /// Takes a tree in that was surveyed, and says in `adopted` what was taken. Nothing on the disk is changed.
    ///
    /// # Errors
    /// When the disk is gone or the catalog cannot be written; [`Code::Cancelled`], with what was read until then taken in.
    pub fn adopt(
        &mut self,
        run: i64,
        survey: &Survey,
        options: &AdoptOptions<'_>,
        progress: &dyn Progress,
        adopted: &mut Adopted,
    ) -> Result<()> {
        self.check_still_there()?;
        progress.event(&Event::Phase { phase: Phase::Adopting });
        let (rules, begun, mut told) = (self.rules(), Instant::now(), None::<Instant>);
        let (total, mut done, mut read) = (survey.files.len() as u64, 0, 0);
        for batch in survey.files.chunks(BATCH) {
            let mut open = Vec::with_capacity(batch.len());
            for file in batch {
                let key = rules.collision_key(&file.path);
                if self.catalog.name_taken(&key)? { adopted.known += 1 } else { open.push((file, key)) }
            }
            let looked = look_at_all(self.root(), &open, options);
            self.check_still_there()?;
            let stopped = looked.iter().any(Option::is_none);
            let library = &*self;
            library.catalog.transaction(|_| {
                for ((file, key), looked) in open.iter().zip(looked) {
                    match looked {
                        None => {}
                        Some(Err(why)) => adopted.left.push(LeftAlone::new(file.path.clone(), why)),
                        Some(Ok(looked)) => {
                            adopted.files += 1;
                            adopted.bytes += looked.size;
                            adopted.doubtful += u64::from(looked.doubtful);
                            library.write_down(run, file, key, &looked)?;
                        }
                    }
                }
                Ok(())
            })?;
            if stopped {
                return Err(Error::new(
                    Code::Cancelled,
                    "Stopped. What was read so far is taken in, and the next time goes on there.",
                ));
            }
            done += batch.len() as u64;
            read += batch.iter().map(|file| file.size).sum::<u64>();
            if told.is_none_or(|told| told.elapsed() >= METER_EVERY) || done == total {
                told = Some(Instant::now());
                progress.event(&Event::Meter(meter(done, total, read, survey.bytes(), begun.elapsed())));
            }
        }
        let files = self.items_of(survey)?;
        for album in &survey.albums {
            self.adopt_album(album, survey, &files, adopted)?;
        }
        Ok(())
    }

    fn write_down(&self, run: i64, file: &FoundFile, collision_key: &str, looked: &Looked) -> Result<()> {
        let mime_type = looked.file_type.map(|file_type| file_type.mime);
        let (taken, offset) = time_of(file, looked);
        let told = Metadata { taken: file.metadata.taken.or(taken), ..file.metadata.clone() };
        let item = Metadata { mime_type: told.mime_type.clone().or(mime_type.map(Into::into)), ..told.clone() };
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let series = self.rules().collision_key(&file.metadata.title);
        let number =
            file.number.filter(|_| self.options().layout.is_gphotos_sync()).map(|number| (folder, series.as_str(), number));
        let item = self.catalog.adopt_file(
            run,
            &AdoptedFile {
                path: &file.path,
                collision_key,
                size: looked.size,
                hash: looked.hash,
                mime_type,
                mtime: looked.mtime,
                doubtful: looked.doubtful,
                key: file.key.as_deref(),
                told: &told,
                item: &item,
                number,
            },
        )?;
        let facts = &looked.facts;
        self.catalog.learn_from_file(
            item,
            None,
            offset,
            facts.latitude.zip(facts.longitude),
            (facts.camera_make.as_deref(), facts.camera_model.as_deref()),
        )?;
        if let Some(pixels) = facts.width.zip(facts.height) {
            self.catalog.learn_pixels_of(item, FileRole::Original.as_str(), pixels)?;
        }
        let entry = RunEntry { what: EntryKind::Added, item: Some(item), path: Some(&file.path), reason: None };
        self.catalog.add_entry(run, &entry)
    }

    /// The item of every file of a survey, where there is one.
    fn items_of(&self, survey: &Survey) -> Result<Vec<Option<ItemId>>> {
        let rules = self.rules();
        survey
            .files
            .iter()
            .map(|file| match self.catalog.holder_of(&rules.collision_key(&file.path))? {
                Some(id) => Ok(self.catalog.file(id)?.map(|row| row.item)),
                None => Ok(None),
            })
            .collect()
    }

    fn adopt_album(&self, album: &FoundAlbum, survey: &Survey, items: &[Option<ItemId>], adopted: &mut Adopted) -> Result<()> {
        let rules = self.rules();
        let members: Vec<ItemId> = album.members.iter().filter_map(|file| items.get(*file).copied().flatten()).collect();
        if members.is_empty() {
            adopted.left.extend(album.entries.iter().map(|entry| LeftAlone::new(entry.path.clone(), LeftWhy::Album)));
            return Ok(());
        }
        // A folder that would be called otherwise from now on would have to be moved: it is left alone.
        let plain = self.places().album_folder(&rules, album.title.as_deref(), album.shared, album.date);
        let folder = album.folder.as_deref().filter(|folder| rules.collision_key(folder) == rules.collision_key(&plain));
        let folder_key = folder.map(|folder| rules.collision_key(folder));
        let stand_in = format!("adopted {}", album.folder.as_deref().unwrap_or_default());
        if let Some(key) = &folder_key
            && self.catalog.is_album_folder(key)?
        {
            // Taken in before; its key may be known by now.
            return Ok(());
        }
        self.catalog.transaction(|catalog| {
            let new = AdoptedAlbum {
                key: album.key.as_deref(),
                stand_in: &stand_in,
                title: album.title.as_deref(),
                shared: album.shared,
                items: &members,
                folder: folder.zip(folder_key.as_deref()).map(|(folder, key)| (folder, key, album.date)),
            };
            let Some(id) = catalog.adopt_album(&new)? else { return Ok(()) };
            adopted.albums += 1;
            for entry in &album.entries {
                let (Some(file), Some(Some(item))) = (survey.files.get(entry.file), items.get(entry.file)) else { continue };
                let full = target::join(self.root(), &entry.path)?;
                let as_made = match entry.kind {
                    LinkKind::Symlink => is_link_to(&full, &entry.path, &file.path).then_some(None),
                    _ => fs::symlink_metadata(&full).ok().map(|metadata| Some((metadata.len(), modified(&metadata)))),
                };
                let known = self.catalog.knows_path(&entry.path)?;
                let Some(as_made) = as_made.filter(|_| folder.is_some() && !known) else {
                    adopted.left.push(LeftAlone::new(entry.path.clone(), LeftWhy::Album));
                    continue;
                };
                let (path, collision_key) = (entry.path.as_str(), rules.collision_key(&entry.path));
                let link = AdoptedLink {
                    item: *item,
                    path,
                    collision_key: &collision_key,
                    kind: entry.kind,
                    target: &file.path,
                    as_made,
                };
                catalog.adopt_link(id, &link)?;
                adopted.links += 1;
            }
            Ok(())
        })
    }
}

/// When a photo was taken, where neither index nor name tells it, and the offset of its clock. The time that the tool gave the file
/// holds where the camera's clock does not contradict it: that clock tells no zone, mostly.
fn time_of(file: &FoundFile, looked: &Looked) -> (Option<CaptureTime>, Option<i32>) {
    let known = file.metadata.taken.or(file.by_file_time);
    let Some(told) = &looked.facts.taken else { return (known, None) };
    let told_instant = told.instant.unwrap_or_else(|| told.local.and_utc());
    let own = CaptureTime { instant: told_instant, offset_seconds: told.offset_seconds };
    let Some(known) = known else { return (Some(own), told.offset_seconds) };
    let apart = (told_instant - known.instant).num_seconds();
    let by_a_zone = apart % 900 == 0 && apart.abs() <= 14 * 3600;
    match (by_a_zone, told.instant) {
        (false, _) => (Some(own), told.offset_seconds),
        (true, Some(_)) => (Some(CaptureTime::utc(known.instant)), told.offset_seconds),
        (true, None) => (Some(known), told.offset_seconds.or((apart != 0).then(|| i32::try_from(apart).unwrap_or(0)))),
    }
}

/// A look into every file; `None` where the person stopped it before.
fn look_at_all(
    root: &Path,
    files: &[(&FoundFile, String)],
    options: &AdoptOptions<'_>,
) -> Vec<Option<std::result::Result<Looked, LeftWhy>>> {
    let next = AtomicUsize::new(0);
    let looked: Vec<Mutex<Option<_>>> = files.iter().map(|_| Mutex::new(None)).collect();
    std::thread::scope(|scope| {
        for _ in 0..options.readers.max(1) {
            scope.spawn(|| {
                while (options.may_go_on)() {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let (Some((file, _)), Some(slot)) = (files.get(index), looked.get(index)) else { break };
                    let seen = look_at(root, file);
                    if let Ok(mut slot) = slot.lock() {
                        *slot = Some(seen);
                    }
                }
            });
        }
    });
    looked.into_iter().map(|slot| slot.into_inner().ok().flatten()).collect()
}

fn look_at(root: &Path, file: &FoundFile) -> std::result::Result<Looked, LeftWhy> {
    let full = target::join(root, &file.path).map_err(|_| LeftWhy::Unreadable)?;
    let look = || -> io::Result<std::result::Result<Looked, LeftWhy>> {
        if !fs::symlink_metadata(&full)?.is_file() {
            return Ok(Err(LeftWhy::Hidden));
        }
        let mut head = Vec::new();
        File::open(&full)?.take(SNIFF_BYTES as u64).read_to_end(&mut head)?;
        let file_type = match photokeep_media::sniff(&head) {
            Sniff::Media(file_type) => Some(file_type),
            // The index says that it is one; it is of a form that is not known here.
            Sniff::Unknown if is_media_by_index(file) => None,
            _ => return Ok(Err(LeftWhy::NoMedia)),
        };
        let (ContentHash(hash), size) = photokeep_media::hash_file(&full)?;
        let doubtful = match file_type {
            Some(file_type) => matches!(photokeep_media::wholeness(&full, file_type)?, Wholeness::CutShort { .. }),
            None => false,
        };
        let facts = photokeep_media::inspect(&full)?;
        let mtime = modified(&fs::symlink_metadata(&full)?);
        Ok(Ok(Looked { hash, size, mtime, file_type, facts, doubtful }))
    };
    look().unwrap_or(Err(LeftWhy::Unreadable))
}

fn is_media_by_index(file: &FoundFile) -> bool {
    file.metadata.mime_type.as_deref().is_some_and(|mime| mime.starts_with("image/") || mime.starts_with("video/"))
}

fn meter(done: u64, total: u64, bytes: u64, all_bytes: u64, elapsed: Duration) -> Meter {
    let bytes_per_second = (bytes as f64 / elapsed.as_secs_f64().max(0.001)) as u64;
    let seconds_left = (bytes_per_second > 0).then(|| all_bytes.saturating_sub(bytes) / bytes_per_second);
    Meter { phase: Phase::Adopting, done, total: Some(total), bytes, bytes_per_second, seconds_left, failed: 0 }
}
