//! A catalog made for a test, through the calls that a sync makes; odd rows that no call makes go in by SQL.

use std::path::PathBuf;

use photokeep_library::catalog::{AlbumSighting, Catalog, FileState, Namer, Sighting};
use photokeep_model::{CaptureTime, Filter, ItemId, Metadata, Result, RunKind, SourceKind};
use rusqlite::Connection;

/// Half past five in the morning of 3 May 2019, UTC.
pub const MAY_2019: &str = "2019-05-03T05:30:00Z";

pub struct Made {
    pub catalog: Catalog,
    pub run: i64,
    pub sql: Connection,
    pub path: PathBuf,
    _folder: tempfile::TempDir,
}

struct ByKey;

impl Namer for ByKey {
    fn name(&self, _: &Catalog, key: &str, _: &Metadata) -> Result<Option<(String, String)>> {
        Ok(Some((format!("photos/{key}"), key.to_owned())))
    }
}

impl Made {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("catalog.sqlite");
        let catalog = Catalog::open(&path).unwrap();
        catalog.begin_listing().unwrap();
        let run = catalog.begin_run(RunKind::Sync, &Filter::default(), chrono::DateTime::UNIX_EPOCH).unwrap();
        let sql = Connection::open(&path).unwrap();
        sql.pragma_update(None, "synchronous", "OFF").unwrap();
        Self { catalog, run, sql, path, _folder: folder }
    }

    /// An item as a listing brings it: its file is wanted, and not here.
    pub fn listed(&self, key: &str, metadata: Metadata) -> ItemId {
        let page = [Sighting::new(key.to_owned(), metadata, true)];
        self.catalog.sight(SourceKind::LibraryApi, self.run, &page, &ByKey).unwrap().1[0]
    }

    /// An item whose file is here.
    pub fn kept(&self, key: &str, metadata: Metadata) -> ItemId {
        let item = self.listed(key, metadata.clone());
        self.arrive(item, metadata.mime_type.as_deref());
        item
    }

    /// An item taken then whose file is here.
    pub fn kept_at(&self, key: &str, taken: &str) -> ItemId {
        self.kept(key, photo(taken, None))
    }

    /// The item's only file arrives: 1000 bytes and as many more as its number.
    pub fn arrive(&self, item: ItemId, mime_type: Option<&str>) {
        let file = self.file_of(item);
        self.catalog.announce(file, "temporary", 1000 + file as u64, &[file as u8; 32], mime_type).unwrap();
        self.catalog.mark_stored(file, self.run, (0, 0), false).unwrap();
    }

    /// Another file of an item, as Takeout will bring them.
    pub fn more(&self, item: ItemId, role: &str, state: FileState, mime_type: Option<&str>) -> i64 {
        self.sql
            .execute(
                "INSERT INTO files (item_id, role, source, state, path, size, mime_type) VALUES (?1, ?2, 'takeout', ?3, ?2 || ?1, 10, ?4)",
                rusqlite::params![item.0, role, state.as_str(), mime_type],
            )
            .unwrap();
        self.sql.last_insert_rowid()
    }

    /// The item's first file.
    pub fn file_of(&self, item: ItemId) -> i64 {
        self.sql.query_row("SELECT min(id) FROM files WHERE item_id = ?1", [item.0], |row| row.get(0)).unwrap()
    }

    pub fn state(&self, item: ItemId, state: FileState) {
        self.catalog.set_file_state(self.file_of(item), state).unwrap();
    }

    pub fn album(&self, key: &str, items: &[ItemId]) -> i64 {
        let (album, _) = self.catalog.sight_album(SourceKind::LibraryApi, &album_called(key, Some(key))).unwrap();
        self.catalog.set_album_items(album, items).unwrap();
        album
    }

    /// Keys and counts of the parts of the timeline.
    pub fn parts(&self, album: Option<i64>) -> Vec<(String, u64)> {
        self.catalog.timeline_buckets(album).unwrap().into_iter().map(|bucket| (bucket.key, bucket.count)).collect()
    }

    /// All items of a timeline in order, read part by part as a window does; and that the parts are as they were announced.
    pub fn shown(&self, album: Option<i64>) -> Vec<i64> {
        let mut items = Vec::new();
        for bucket in self.catalog.timeline_buckets(album).unwrap() {
            let part = self.catalog.timeline_bucket(album, &bucket.key).unwrap();
            assert_eq!(part.len() as u64, bucket.count, "{}", bucket.key);
            let ratio_sum: f64 = part.ratio.iter().sum();
            assert!((ratio_sum - bucket.ratio_sum).abs() < 1e-6, "{}: {ratio_sum} and {}", bucket.key, bucket.ratio_sum);
            for column in
                [part.file.len(), part.ratio.len(), part.kind.len(), part.taken.len(), part.mime_type.len(), part.hash.len()]
            {
                assert_eq!(column, part.id.len());
            }
            items.extend(part.id);
        }
        items
    }
}

/// A photo of 4000 by 3000 pixels taken then (`""`: nobody knows), the clock being so many seconds east.
pub fn photo(taken: &str, offset: Option<i32>) -> Metadata {
    let taken = CaptureTime::parse_google(taken).map(|time| CaptureTime { offset_seconds: offset, ..time });
    Metadata {
        title: "IMG.jpg".into(),
        taken,
        mime_type: Some("image/jpeg".into()),
        width: Some(4000),
        height: Some(3000),
        ..Metadata::default()
    }
}

/// A film taken then.
pub fn film(taken: &str) -> Metadata {
    Metadata { title: "VID.mp4".into(), mime_type: Some("video/mp4".into()), ..photo(taken, None) }
}

pub fn album_called(key: &str, title: Option<&str>) -> AlbumSighting {
    AlbumSighting { key: key.to_owned(), title: title.map(str::to_owned), own: true, shared: false, product_url: None }
}

pub fn numbers(items: &[ItemId]) -> Vec<i64> {
    items.iter().map(|item| item.0).collect()
}

pub fn parts_of(parts: &[(&str, u64)]) -> Vec<(String, u64)> {
    parts.iter().map(|(key, count)| ((*key).to_owned(), *count)).collect()
}
