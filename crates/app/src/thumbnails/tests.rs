//! The cache as a whole.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::sync::mpsc;
use std::time::Duration;

use photokeep_model::Code;

use super::*;

struct Bench {
    folder: tempfile::TempDir,
    thumbnails: Thumbnails,
}

impl Bench {
    fn new() -> Self {
        Self::with_limit(DEFAULT_LIMIT)
    }

    fn with_limit(limit: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let thumbnails = Thumbnails::open(&folder.path().join("cache"), limit).unwrap();
        Self { folder, thumbnails }
    }

    /// A file with these bytes, and its hash.
    fn file(&self, name: &str, bytes: &[u8]) -> (ContentHash, PathBuf) {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        (photokeep_media::hash_file(&path).unwrap().0, path)
    }

    /// A picture of its own for each number.
    fn picture(&self, number: u8) -> (ContentHash, PathBuf) {
        self.file(&format!("{number}.bmp"), &bitmap(number))
    }

    fn reopened(&self) -> Thumbnails {
        Thumbnails::open(&self.folder.path().join("cache"), DEFAULT_LIMIT).unwrap()
    }
}

/// An uncompressed picture of one colour, 40 by 30 pixels.
fn bitmap(light: u8) -> Vec<u8> {
    let (width, height, head) = (40_u32, 30_u32, 54_u32);
    let mut bytes = b"BM".to_vec();
    for number in [head + width * height * 3, 0, head, 40, width, height, 1 | 24 << 16, 0, width * height * 3, 0, 0, 0, 0] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.resize((head + width * height * 3) as usize, light);
    bytes
}

fn is_picture(shown: &Shown) -> bool {
    matches!(shown, Shown::Picture(jpeg) if jpeg.starts_with(b"\xFF\xD8"))
}

#[test]
fn a_picture_is_made_once_and_then_kept() {
    let bench = Bench::new();
    let (hash, path) = bench.picture(0x40);
    assert_eq!(bench.thumbnails.known(&hash), None);
    let shown = bench.thumbnails.get(hash, &path).unwrap();
    assert!(is_picture(&shown));
    let known = bench.thumbnails.known(&hash).unwrap();
    assert_eq!((known.shows, known.width, known.height), (true, Some(40), Some(30)));
    assert_eq!(known.color.unwrap().to_string(), "#404040");
    fs::remove_file(&path).unwrap();
    for thumbnails in [bench.thumbnails.clone(), bench.reopened()] {
        assert_eq!(thumbnails.get(hash, &path).unwrap(), shown, "without the file");
        assert_eq!(thumbnails.known(&hash), Some(known));
    }
}

#[test]
fn what_cannot_be_shown_is_not_tried_again() {
    let bench = Bench::new();
    for (name, bytes) in [("broken.jpg", b"\xFF\xD8\xFF\xE0".as_slice()), ("film.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom")] {
        let (hash, path) = bench.file(name, bytes);
        assert_eq!(bench.thumbnails.get(hash, &path).unwrap(), Shown::Placeholder);
        assert!(!bench.thumbnails.known(&hash).unwrap().shows);
        fs::remove_file(&path).unwrap();
        for thumbnails in [bench.thumbnails.clone(), bench.reopened()] {
            assert_eq!(thumbnails.get(hash, &path).unwrap(), Shown::Placeholder, "{name}, without the file");
        }
    }
}

#[test]
fn a_file_that_is_away_is_tried_again() {
    let bench = Bench::new();
    let (hash, path) = bench.picture(1);
    let elsewhere = bench.folder.path().join("elsewhere");
    fs::rename(&path, &elsewhere).unwrap();
    assert_eq!(bench.thumbnails.get(hash, &path).unwrap_err().code, Code::TargetGone);
    assert_eq!(bench.thumbnails.known(&hash), None);
    fs::rename(&elsewhere, &path).unwrap();
    assert!(is_picture(&bench.thumbnails.get(hash, &path).unwrap()));
}

#[test]
fn a_broken_picture_in_the_cache_is_made_again() {
    let bench = Bench::new();
    let (hash, path) = bench.picture(1);
    let shown = bench.thumbnails.get(hash, &path).unwrap();
    let name = hash.to_string();
    fs::write(bench.folder.path().join("cache").join(&name[..2]).join(format!("{name}.jpg")), "").unwrap();
    assert_eq!(bench.thumbnails.get(hash, &path).unwrap(), shown);
}

#[test]
#[cfg_attr(windows, ignore = "of a folder that vanishes with open files in it, which Windows does not let")]
fn pictures_come_even_if_the_cache_cannot_be_written() {
    let bench = Bench::new();
    let (hash, path) = bench.picture(1);
    fs::remove_dir_all(bench.folder.path().join("cache")).unwrap();
    fs::write(bench.folder.path().join("cache"), "a file where the folder was").unwrap();
    for _ in 0..2 {
        assert!(is_picture(&bench.thumbnails.get(hash, &path).unwrap()));
    }
}

#[test]
fn many_ask_for_the_same_at_once() {
    let bench = Bench::new();
    let (hash, path) = bench.picture(1);
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..16).map(|_| scope.spawn(|| bench.thumbnails.get(hash, &path).unwrap())).collect();
        assert!(all.into_iter().all(|one| is_picture(&one.join().unwrap())));
    });
    assert_eq!(bench.thumbnails.0.store.files_written(), 1);
}

#[test]
fn the_background_makes_what_is_missing() {
    let bench = Bench::new();
    let mut wanted: Vec<_> = (0..5).map(|number| bench.picture(number)).collect();
    wanted.push(bench.file("broken.png", b"\x89PNG\r\n\x1A\n"));
    wanted.push((ContentHash([9; 32]), bench.folder.path().join("gone.jpg")));
    bench.thumbnails.get(wanted[0].0, &wanted[0].1).unwrap();
    let made = bench.thumbnails.make_missing(wanted.clone().into_iter()).finish();
    assert_eq!(made, Made { made: 4, placeholders: 1, failed: 1, cache_is_full: false });
    assert!((0..5).all(|n| bench.thumbnails.known(&wanted[n].0).unwrap().shows));
    let again = bench.thumbnails.make_missing(wanted.into_iter()).finish();
    assert_eq!(again, Made { failed: 1, ..Made::default() }, "only what may have come back is tried again");
}

#[test]
#[cfg_attr(windows, ignore = "of an open file that vanishes, which Windows does not let")]
fn the_background_makes_pictures_whose_color_was_forgotten() {
    let bench = Bench::new();
    let (hash, path) = bench.picture(1);
    bench.thumbnails.get(hash, &path).unwrap();
    fs::remove_file(bench.folder.path().join("cache/known")).unwrap();
    let thumbnails = bench.reopened();
    assert!(is_picture(&thumbnails.get(hash, &path).unwrap()));
    assert_eq!(thumbnails.known(&hash), None);
    assert_eq!(thumbnails.make_missing([(hash, path)].into_iter()).finish().made, 1);
    assert!(thumbnails.known(&hash).is_some());
}

#[test]
fn the_background_stops_when_told_to() {
    let bench = Bench::new();
    let (hash, path) = bench.picture(1);
    let (sender, asked) = mpsc::channel();
    let endless = std::iter::repeat_with(move || {
        sender.send(()).unwrap();
        std::thread::sleep(Duration::from_millis(1));
        (hash, path.clone())
    });
    let background = bench.thumbnails.make_missing(endless);
    asked.recv().unwrap();
    background.stop();
    assert_eq!(background.finish().failed, 0);
    // Its end of the channel is gone with it.
    while asked.try_recv().is_ok() {}
    assert_eq!(asked.try_recv(), Err(mpsc::TryRecvError::Disconnected));
}

#[test]
fn the_background_yields_to_requests() {
    let bench = Bench::new();
    let wanted: Vec<_> = (0..20).map(|number| bench.picture(number)).collect();
    let request = bench.thumbnails.0.turns.for_request();
    let background = bench.thumbnails.make_missing(wanted.into_iter());
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(background.progress(), Made::default());
    drop(request);
    assert_eq!(background.finish().made, 20);
}

#[test]
fn the_background_gives_up_a_disk_that_is_gone() {
    let bench = Bench::new();
    let gone = bench.folder.path().join("gone.jpg");
    let wanted = (0..200).map(move |number| (ContentHash([number; 32]), gone.clone()));
    assert_eq!(bench.thumbnails.make_missing(wanted).finish().failed, 25);
}

#[test]
fn a_full_cache_is_for_what_is_looked_at() {
    let bench = Bench::with_limit(10 * 4096);
    let wanted: Vec<_> = (0..20).map(|number| bench.picture(number)).collect();
    let made = bench.thumbnails.make_missing(wanted.clone().into_iter()).finish();
    assert_eq!((made.made, made.cache_is_full), (9, true), "a tenth is left for requests");
    for (hash, path) in &wanted {
        assert!(is_picture(&bench.thumbnails.get(*hash, path).unwrap()));
    }
    let kept = wanted.iter().filter(|(hash, _)| bench.thumbnails.0.store.has(*hash)).count();
    assert!((9..=11).contains(&kept), "{kept}");
}
