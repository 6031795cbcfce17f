//! The pictures on disk: `<folder>/ab/<hash>.jpg`. A picture is there whole or not at all.
//!
//! Nothing is flushed: it is a cache. What a power cut leaves half written is noticed when it is read, and made again. Only
//! names of exactly that form are ever removed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use photokeep_media::ContentHash;

/// A picture that is looked at becomes new again, but is not written for that more than once a day.
const TOUCHED_EVERY: Duration = Duration::from_secs(24 * 60 * 60);
/// Unfinished files older than this belong to nobody.
const UNFINISHED_FOR: Duration = Duration::from_secs(60 * 60);
/// Disks give room in blocks of this many bytes, mostly.
const BLOCK: u64 = 4096;
/// After so many pictures it is time to know how large the cache is.
const COUNT_AFTER: u64 = 1_000;
/// The size is not known yet.
const UNKNOWN: u64 = u64::MAX;

const PICTURE: &str = "jpg";
const UNFINISHED: &str = "tmp";

/// The folder with the pictures.
pub(super) struct Store {
    folder: PathBuf,
    limit: u64,
    /// Bytes on disk; [`UNKNOWN`] until somebody has counted.
    size: AtomicU64,
    /// Pictures written by this process.
    written: AtomicU64,
    /// Tells unfinished files of this process apart.
    unfinished: AtomicU64,
    /// Held by whoever counts and removes.
    tidying: Mutex<()>,
}

impl Store {
    pub(super) fn new(folder: &Path, limit: u64) -> Self {
        Self {
            folder: folder.to_owned(),
            limit,
            size: AtomicU64::new(UNKNOWN),
            written: AtomicU64::new(0),
            unfinished: AtomicU64::new(0),
            tidying: Mutex::default(),
        }
    }

    /// The picture, if it is there and whole. Looking at it counts as use.
    pub(super) fn read(&self, hash: ContentHash) -> Option<Vec<u8>> {
        let path = self.path(hash);
        let mut file = File::open(&path).ok()?;
        let metadata = file.metadata().ok()?;
        let mut jpeg = Vec::with_capacity(usize::try_from(metadata.len()).ok()?);
        file.read_to_end(&mut jpeg).ok()?;
        if !is_whole(&jpeg) {
            return None;
        }
        let age = metadata.modified().ok().and_then(|modified| modified.elapsed().ok());
        if age.is_some_and(|age| age > TOUCHED_EVERY) {
            // For writing: Windows wants it so. If it fails, the picture only looks older than it is.
            let _ = OpenOptions::new().write(true).open(&path).and_then(|file| file.set_modified(SystemTime::now()));
        }
        Some(jpeg)
    }

    /// Whether there is a picture. Does not count as use.
    pub(super) fn has(&self, hash: ContentHash) -> bool {
        fs::metadata(self.path(hash)).is_ok_and(|metadata| metadata.len() > 0)
    }

    /// Keeps a picture if it can: a disk that is full or cannot be written only means that it will be made again.
    pub(super) fn write(&self, hash: ContentHash, jpeg: &[u8]) {
        if self.try_write(hash, jpeg).is_ok() {
            self.written.fetch_add(1, Ordering::Relaxed);
            // Pictures that replace a broken one are counted twice until the next count.
            let _ = self.size.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |size| {
                (size != UNKNOWN).then(|| size.saturating_add(on_disk(jpeg.len() as u64)).min(UNKNOWN - 1))
            });
        }
    }

    fn try_write(&self, hash: ContentHash, jpeg: &[u8]) -> io::Result<()> {
        let path = self.path(hash);
        let number = self.unfinished.fetch_add(1, Ordering::Relaxed);
        let unfinished = path.with_extension(format!("{}-{number}.{UNFINISHED}", std::process::id()));
        let create = || OpenOptions::new().write(true).create_new(true).open(&unfinished);
        let mut file = match create() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                path.parent().map_or(Ok(()), fs::create_dir_all)?;
                create()?
            }
            other => other?,
        };
        let written = file.write_all(jpeg);
        drop(file);
        let written = written.and_then(|()| fs::rename(&unfinished, &path));
        if written.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        written
    }

    /// How many pictures this process has written.
    #[cfg(test)]
    pub(super) fn files_written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    /// Whether more may be made that nobody asked for: what is there should not have to make way for it.
    pub(super) fn has_room(&self) -> bool {
        let size = self.size.load(Ordering::Relaxed);
        size == UNKNOWN || size < self.after_tidying()
    }

    /// Makes room if the limit is passed by a tenth, or if nobody has counted for long. Seldom, then: it takes a second.
    pub(super) fn shrink_if_far_too_large(&self) {
        let is_time = match self.size.load(Ordering::Relaxed) {
            UNKNOWN => self.written.load(Ordering::Relaxed) >= COUNT_AFTER,
            size => size > self.limit.saturating_add(self.limit / 10),
        };
        if is_time {
            self.tidy();
        }
    }

    /// Counts what is there, sweeps what was never finished, and removes what was not looked at for longest if it is more
    /// than the limit. Does nothing while somebody else is at it.
    pub(super) fn tidy(&self) {
        let Ok(_tidying) = self.tidying.try_lock() else { return };
        let mut size = 0;
        self.each_file(|file| match file.what {
            What::Picture => size += file.size,
            What::Unfinished => {
                if file.modified.elapsed().is_ok_and(|age| age > UNFINISHED_FOR) {
                    let _ = fs::remove_file(&file.path);
                }
            }
        });
        if size > self.limit {
            // Only now, as it takes some megabytes.
            let mut oldest = Vec::new();
            self.each_file(|file| {
                if file.what == What::Picture {
                    oldest.push((file.modified, file.size, file.path));
                }
            });
            oldest.sort_unstable_by_key(|(modified, ..)| *modified);
            for (_, bytes, path) in oldest {
                if size <= self.after_tidying() {
                    break;
                }
                if fs::remove_file(&path).is_ok() {
                    size -= bytes.min(size);
                }
            }
        }
        self.size.store(size, Ordering::Relaxed);
    }

    /// What is left after room was made: somewhat less than the limit, so that it lasts.
    fn after_tidying(&self) -> u64 {
        self.limit - self.limit / 10
    }

    fn path(&self, hash: ContentHash) -> PathBuf {
        let name = hash.to_string();
        self.folder.join(&name[..2]).join(name).with_extension(PICTURE)
    }

    fn each_file(&self, mut look: impl FnMut(FoundFile)) {
        for folder in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            if folder.file_name().len() != 2 {
                continue;
            }
            for file in fs::read_dir(folder.path()).into_iter().flatten().flatten() {
                if let Some(found) = found(&file) {
                    look(found);
                }
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Picture,
    Unfinished,
}

struct FoundFile {
    path: PathBuf,
    what: What,
    modified: SystemTime,
    /// On disk.
    size: u64,
}

/// A file of ours; nothing for what somebody else put there.
fn found(file: &fs::DirEntry) -> Option<FoundFile> {
    let name = file.file_name();
    let (hash, rest) = name.to_str()?.split_once('.')?;
    hash.parse::<ContentHash>().ok()?;
    let what = match rest {
        PICTURE => What::Picture,
        rest if rest.ends_with(&format!(".{UNFINISHED}")) => What::Unfinished,
        _ => return None,
    };
    let metadata = file.metadata().ok().filter(fs::Metadata::is_file)?;
    Some(FoundFile { path: file.path(), what, modified: metadata.modified().ok()?, size: on_disk(metadata.len()) })
}

fn on_disk(length: u64) -> u64 {
    length.div_ceil(BLOCK) * BLOCK
}

/// A JPEG with both its ends: a power cut leaves files empty, cut or filled with zeros.
fn is_whole(jpeg: &[u8]) -> bool {
    jpeg.starts_with(b"\xFF\xD8") && jpeg.ends_with(b"\xFF\xD9")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    fn hash(number: u8) -> ContentHash {
        ContentHash([number; 32])
    }

    fn jpeg(length: usize) -> Vec<u8> {
        [b"\xFF\xD8".as_slice(), &vec![7; length - 4], b"\xFF\xD9"].concat()
    }

    /// Ten pictures of one block, each a day older than the one before.
    fn filled(folder: &Path, limit: u64) -> Store {
        let store = Store::new(folder, limit);
        for number in 0..10 {
            store.write(hash(number), &jpeg(4000));
            make_older(&store.path(hash(number)), u64::from(number));
        }
        store
    }

    fn make_older(path: &Path, days: u64) {
        let then = SystemTime::now() - Duration::from_secs(days * 24 * 60 * 60 + 60);
        OpenOptions::new().write(true).open(path).unwrap().set_modified(then).unwrap();
    }

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path(), 1_000_000);
        assert_eq!((store.read(hash(0xAB)), store.has(hash(0xAB))), (None, false));
        store.write(hash(0xAB), &jpeg(100));
        store.write(hash(0xAB), &jpeg(200));
        assert_eq!((store.read(hash(0xAB)), store.has(hash(0xAB))), (Some(jpeg(200)), true));
        let names: Vec<_> = fs::read_dir(folder.path().join("ab")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, [format!("{}.jpg", "ab".repeat(32)).as_str()], "and nothing else is left");
    }

    #[test]
    fn half_a_picture_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path(), 1_000_000);
        store.write(hash(1), &jpeg(5000));
        for broken in [&[][..], &jpeg(5000)[..4096], &[0; 5000]] {
            fs::write(store.path(hash(1)), broken).unwrap();
            assert_eq!(store.read(hash(1)), None);
        }
    }

    #[test]
    fn a_folder_that_cannot_be_written_loses_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("01"), "a file where a folder should be").unwrap();
        let store = Store::new(folder.path(), 1_000_000);
        store.write(hash(1), &jpeg(100));
        assert_eq!(store.read(hash(1)), None);
        store.write(hash(2), &jpeg(100));
        assert!(store.has(hash(2)));
    }

    #[test]
    fn what_was_not_looked_at_for_longest_makes_way() {
        let folder = tempfile::tempdir().unwrap();
        let store = filled(folder.path(), 8 * BLOCK);
        assert!(store.read(hash(9)).is_some(), "the oldest is looked at again");
        store.tidy();
        let left: Vec<u8> = (0..10).filter(|number| store.has(hash(*number))).collect();
        // Seven of ten fit into nine tenths of the limit.
        assert_eq!(left, [0, 1, 2, 3, 4, 5, 9]);
    }

    #[test]
    fn nothing_makes_way_below_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let store = filled(folder.path(), 10 * BLOCK);
        assert!(store.has_room(), "nobody has counted yet");
        store.tidy();
        assert!((0..10).all(|number| store.has(hash(number))));
        assert!(!store.has_room());
        store.shrink_if_far_too_large();
        store.write(hash(10), &jpeg(4000));
        store.shrink_if_far_too_large();
        assert!(store.has(hash(9)), "a tenth more is borne");
        store.write(hash(11), &jpeg(4000));
        store.shrink_if_far_too_large();
        assert!(!store.has(hash(9)));
    }

    #[test]
    fn old_unfinished_files_are_swept_and_strangers_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let store = filled(folder.path(), 0);
        let name = hash(0xAB).to_string();
        fs::create_dir(folder.path().join("ab")).unwrap();
        let file = |name: String| folder.path().join("ab").join(name);
        let (old, fresh) = (file(format!("{name}.77-1.tmp")), file(format!("{name}.78-1.tmp")));
        let strangers =
            [file("notes.txt".into()), file(format!("{name}.png")), folder.path().join("known"), file("x.tmp".into())];
        for path in [&old, &fresh].into_iter().chain(&strangers) {
            fs::write(path, "bytes").unwrap();
        }
        for path in std::iter::once(&old).chain(&strangers) {
            make_older(path, 2);
        }
        store.tidy();
        assert!(!old.exists() && fresh.exists());
        assert!(strangers.iter().all(|path| path.exists()));
        assert!((0..10).all(|number| !store.has(hash(number))), "there is no room for anything");
    }
}
