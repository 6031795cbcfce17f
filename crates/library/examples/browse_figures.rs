//! Makes a catalog of 200,000 items and tells how long a window waits for each of its questions.
//!
//! `cargo run --release -p photokeep-library --example browse_figures [FILE]`; with FILE the catalog is kept there, and used
//! again when it exists. Every question is asked once on a new connection (what a start costs) and then often (what
//! scrolling costs). The system's file cache is warm; SQLite's own is cold for the first figure.
#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;
use std::time::{Duration, Instant};

use photokeep_library::Catalog;
use photokeep_library::catalog::EntryKind;
use photokeep_model::ItemId;
use rusqlite::Connection;

const TIMES: u32 = 9;

/// 200,000 items over 25 years (one in two hundred undated), a tenth of them films, with album memberships as many: 1,999
/// albums of 90 and one of 20,000; a run with as many lines.
const CONTENT: &str = "
    BEGIN;
    INSERT INTO runs (kind, started_at, ended_at, whole, complete) VALUES ('sync', 0, 1, 1, 1);
    WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 200000)
    INSERT INTO items (title, kind, taken_seconds, taken_nanos, taken_offset, description, mime_type, width, height, camera_make, camera_model, product_url, first_run)
    SELECT 'IMG_' || n || '.jpg', CASE n % 10 WHEN 0 THEN 'video' ELSE 'photo' END,
        CASE n % 200 WHEN 7 THEN NULL ELSE 946684800 + ((n * 7919) % 200000) * 3945 END, 0, CASE n % 3 WHEN 0 THEN 7200 END,
        CASE n % 5 WHEN 0 THEN 'A description of a usual length, such as people write them.' END,
        'image/jpeg', CASE n % 4 WHEN 0 THEN 3000 ELSE 4000 END, CASE n % 4 WHEN 0 THEN 4000 ELSE 3000 END,
        'Camera', 'Model ' || n % 20, 'https://photos.google.com/lr/photo/' || hex(randomblob(40)), 1 FROM n;
    INSERT INTO files (item_id, role, source, state, path, collision_key, size, hash, mime_type, mtime_seconds, mtime_nanos, stored_run)
    SELECT id, 'rendition', 'library-api', 'stored', 'photos/2019/05/' || title, 'photos/2019/05/' || title, 3000000 + id, randomblob(32),
        CASE kind WHEN 'video' THEN 'video/mp4' ELSE 'image/jpeg' END, taken_seconds, 0, 1 FROM items;
    INSERT INTO sightings (source, key, item_id, leads, in_library, fingerprint, metadata, first_run, changed_run)
    SELECT 'library-api', hex(randomblob(50)), id, 1, 1, id, '{}', 1, 1 FROM items;
    WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 2000)
    INSERT INTO albums (source, key, title, own, shared) SELECT 'library-api', 'album' || n, 'Album ' || n, 1, 0 FROM n;
    INSERT INTO album_items SELECT 1, id, 1 + (id * 31) % 200000 FROM items WHERE id <= 20000;
    INSERT INTO album_items SELECT 2 + id % 1999, id, 1 + (id * 17) % 200000 FROM items WHERE id <= 180000;
    INSERT INTO run_entries SELECT 1, 'added', id, 'photos/2019/05/' || title, NULL FROM items;
    COMMIT;";

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let path = std::env::args().nth(1).map_or_else(|| folder.path().join("catalog.sqlite"), Into::into);
    if !path.exists() {
        make(&path);
    }
    // As the host does: one connection that could write stays, so that readers find the shared memory.
    let started = Instant::now();
    let anchor = Catalog::open(&path).unwrap();
    tell("open for writing, nothing to migrate", started.elapsed(), None);
    let buckets = anchor.timeline_buckets(None).unwrap();
    let largest = buckets.iter().max_by_key(|bucket| bucket.count).unwrap().clone();
    println!("{} parts, the largest {} with {} items", buckets.len(), largest.key, largest.count);

    ask(&path, "open for looking", |_| 0);
    ask(&path, "timeline_buckets", |catalog| catalog.timeline_buckets(None).unwrap().len());
    ask(&path, "timeline_bucket, the largest month", |catalog| catalog.timeline_bucket(None, &largest.key).unwrap().len());
    ask(&path, "timeline_bucket, undated (1,000)", |catalog| catalog.timeline_bucket(None, "undated").unwrap().len());
    ask(&path, "timeline_buckets, album of 20,000", |catalog| catalog.timeline_buckets(Some(1)).unwrap().len());
    ask(&path, "timeline_bucket, its last hundred", |catalog| catalog.timeline_bucket(Some(1), "199").unwrap().len());
    ask(&path, "albums_shown, 2,000 with 200,000 members", |catalog| catalog.albums_shown().unwrap().len());
    ask(&path, "growth", |catalog| catalog.growth().unwrap().len());
    ask(&path, "item_shown", |catalog| catalog.item_shown(ItemId(123_456)).unwrap().unwrap().files.len());
    ask(&path, "file_shown", |catalog| usize::from(catalog.file_shown(123_456).unwrap().is_some()));
    ask(&path, "counts_stamp", |catalog| usize::from(catalog.counts_stamp().unwrap().timeline > 0));
    ask(&path, "run_entries_page, the first hundred", |catalog| {
        catalog.run_entries_page(1, EntryKind::Added, 0, 100).unwrap().1.len()
    });
    ask(&path, "run_entries_page, the last hundred", |catalog| {
        catalog.run_entries_page(1, EntryKind::Added, 199_900, 100).unwrap().1.len()
    });
    ask(&path, "runs_before", |catalog| catalog.runs_before(None, 50).unwrap().len());
    ask(&path, "standing", |catalog| catalog.standing().unwrap().items as usize);

    let reader = Catalog::open_read_only(&path).unwrap();
    let started = Instant::now();
    let (mut after, mut pictures, mut slowest) = (None, 0, Duration::ZERO);
    loop {
        let asked = Instant::now();
        let page = reader.pictures_page(after, 500).unwrap();
        slowest = slowest.max(asked.elapsed());
        pictures += page.files.len();
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    println!("pictures_page: {pictures} files in pages of 500 in {:.0?}, the slowest page {slowest:.2?}", started.elapsed());

    let started = Instant::now();
    anchor.transaction(|catalog| (1..=1000).try_for_each(|file| catalog.mark_stored(file * 150, 1, (1, 0), false))).unwrap();
    println!("writing: 1,000 files marked stored in one transaction in {:.1?}", started.elapsed());
}

fn make(path: &Path) {
    let connection = Connection::open(path).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    let started = Instant::now();
    connection.execute_batch(include_str!("../src/catalog/schema.sql")).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    connection.execute_batch(CONTENT).unwrap();
    drop(connection);
    println!(
        "a catalog of schema 1 made in {:.1?}, {} MB",
        started.elapsed(),
        std::fs::metadata(path).unwrap().len() / 1_000_000
    );
    let started = Instant::now();
    drop(Catalog::open(path).unwrap());
    println!("brought up to date in {:.2?}, now {} MB", started.elapsed(), std::fs::metadata(path).unwrap().len() / 1_000_000);
}

/// Asks once on a new connection, and then many times: the median, and the best, which says most on a busy computer.
fn ask(path: &Path, what: &str, question: impl Fn(&Catalog) -> usize) {
    let started = Instant::now();
    let catalog = Catalog::open_read_only(path).unwrap();
    let answer = question(&catalog);
    let first = started.elapsed();
    let mut times: Vec<Duration> = (0..TIMES)
        .map(|_| {
            let started = Instant::now();
            assert_eq!(question(&catalog), answer);
            started.elapsed()
        })
        .collect();
    times.sort();
    tell(&format!("{what}: {answer}"), first, Some((times[TIMES as usize / 2], times[0])));
}

fn tell(what: &str, first: Duration, then: Option<(Duration, Duration)>) {
    let then = then.map_or(String::new(), |(median, best)| format!(", then {median:>9.2?}, at best {best:>9.2?}"));
    println!("{what:<55} {first:>9.2?}{then}");
}
