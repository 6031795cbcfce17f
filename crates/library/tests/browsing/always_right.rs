//! Whatever happens to items and files, the tables kept ready say what is there: held against a second reckoning in Rust.

use std::collections::BTreeMap;

use photokeep_library::catalog::{FileState, ItemFile, ItemShown, Standing};
use photokeep_model::{FileRole, ItemId, MediaKind};
use proptest::prelude::*;
use rusqlite::params;

use crate::made::Made;

const STATES: [FileState; 7] = [
    FileState::Wanted,
    FileState::Placing,
    FileState::Stored,
    FileState::Missing,
    FileState::Damaged,
    FileState::Stale,
    FileState::Trashed,
];
const ROLES: [&str; 4] = ["original", "edited", "motion", "rendition"];

/// Something that happens to one of a few items and files; numbers that nothing has are fine.
#[derive(Debug, Clone)]
enum Happens {
    Item { taken: Option<i64>, offset: Option<i32>, size: Option<(u32, u32)>, video: bool },
    File { item: i64, role: usize, state: usize, bytes: Option<u32> },
    State { file: i64, state: usize },
    Role { file: i64, role: usize },
    Bytes { file: i64, bytes: u32 },
    Move { file: i64, to: i64 },
    DropFile { file: i64 },
    DropItem { item: i64 },
    Date { item: i64, taken: Option<i64>, offset: Option<i32> },
    Pixels { item: i64, size: Option<(u32, u32)> },
    Removed { item: i64, removed: bool },
}

fn happens() -> impl Strategy<Value = Happens> {
    let item = || 1..4i64;
    let file = || 1..6i64;
    // Years 1 to 9998, so that no offset leaves the calendar; its ends have tests of their own.
    let taken =
        || proptest::option::weighted(0.8, prop_oneof![-62_135_500_000i64..253_370_000_000, 1_556_600_000i64..1_556_700_000]);
    let offset = || proptest::option::of(prop_oneof![-86_399..=86_399i32, Just(90_000), Just(i32::MIN)]);
    let pixels = || proptest::option::of((0..9000u32, 0..9000u32));
    prop_oneof![
        3 => (taken(), offset(), pixels(), any::<bool>()).prop_map(|(taken, offset, size, video)| Happens::Item { taken, offset, size, video }),
        6 => (item(), 0..4usize, 0..7usize, proptest::option::of(any::<u32>()))
            .prop_map(|(item, role, state, bytes)| Happens::File { item, role, state, bytes }),
        4 => (file(), 0..7usize).prop_map(|(file, state)| Happens::State { file, state }),
        3 => (file(), 0..4usize).prop_map(|(file, role)| Happens::Role { file, role }),
        1 => (file(), any::<u32>()).prop_map(|(file, bytes)| Happens::Bytes { file, bytes }),
        1 => (file(), item()).prop_map(|(file, to)| Happens::Move { file, to }),
        1 => file().prop_map(|file| Happens::DropFile { file }),
        1 => item().prop_map(|item| Happens::DropItem { item }),
        2 => (item(), taken(), offset()).prop_map(|(item, taken, offset)| Happens::Date { item, taken, offset }),
        1 => (item(), pixels()).prop_map(|(item, size)| Happens::Pixels { item, size }),
        2 => (item(), any::<bool>()).prop_map(|(item, removed)| Happens::Removed { item, removed }),
    ]
}

fn let_it(made: &Made, happens: &Happens) {
    let pixels = match happens {
        Happens::Item { size, .. } | Happens::Pixels { size, .. } => *size,
        _ => None,
    };
    let (width, height) = (pixels.map(|size| size.0), pixels.map(|size| size.1));
    let done = match happens {
        Happens::Item { taken, offset, video, .. } => made.sql.execute(
            "INSERT INTO items (title, kind, taken_seconds, taken_nanos, taken_offset, width, height, first_run) VALUES ('', ?1, ?2, 0, ?3, ?4, ?5, 1)",
            params![if *video { "video" } else { "photo" }, taken, offset, width, height],
        ),
        Happens::File { item, role, state, bytes } => made.sql.execute(
            "INSERT INTO files (item_id, role, source, state, path, size) SELECT ?1, ?2, 'takeout', ?3, 'p', ?4 WHERE EXISTS (SELECT 1 FROM items WHERE id = ?1)",
            params![item, ROLES[*role], STATES[*state].as_str(), bytes],
        ),
        Happens::State { file, state } => {
            made.sql.execute("UPDATE files SET state = ?2 WHERE id = ?1", params![file, STATES[*state].as_str()])
        }
        Happens::Role { file, role } => made.sql.execute("UPDATE files SET role = ?2 WHERE id = ?1", params![file, ROLES[*role]]),
        Happens::Bytes { file, bytes } => made.sql.execute("UPDATE files SET size = ?2 WHERE id = ?1", params![file, bytes]),
        Happens::Move { file, to } => made
            .sql
            .execute("UPDATE files SET item_id = ?2 WHERE id = ?1 AND EXISTS (SELECT 1 FROM items WHERE id = ?2)", params![file, to]),
        Happens::DropFile { file } => made.sql.execute("DELETE FROM files WHERE id = ?1", [file]),
        Happens::DropItem { item } => made
            .sql
            .execute("DELETE FROM files WHERE item_id = ?1", [item])
            .and_then(|_| made.sql.execute("DELETE FROM items WHERE id = ?1", [item])),
        Happens::Date { item, taken, offset } => made.sql.execute(
            "UPDATE items SET taken_seconds = ?2, taken_nanos = 0, taken_offset = ?3 WHERE id = ?1",
            params![item, taken, offset],
        ),
        Happens::Pixels { item, .. } => {
            made.sql.execute("UPDATE items SET width = ?2, height = ?3 WHERE id = ?1", params![item, width, height])
        }
        Happens::Removed { item, removed } => {
            made.sql.execute("UPDATE items SET removed_at = ?2 WHERE id = ?1", params![item, removed.then_some(7)])
        }
    };
    done.unwrap();
}

/// Month, file, ratio, kept files and their bytes of an item that is to be shown.
fn reckon(item: &ItemShown) -> Option<(String, i64, f64, u64, u64)> {
    let kept = |file: &&ItemFile| matches!(file.state, FileState::Stored | FileState::Stale);
    let best = item
        .files
        .iter()
        .filter(|file| kept(file) || file.state == FileState::Damaged)
        .min_by_key(|file| {
            let rank = [FileRole::Edited, FileRole::Original, FileRole::Rendition, FileRole::Motion];
            (!kept(file), rank.iter().position(|role| *role == file.role), file.id)
        })
        .filter(|_| !item.removed)?;
    let month = item.taken.map_or("undated".into(), |taken| {
        let (year, month) = taken.local_month();
        format!("{year:04}-{month:02}")
    });
    let ratio = match (item.width, item.height) {
        (Some(width), Some(height)) if width > 0 && height > 0 => (f64::from(width) / f64::from(height)).clamp(0.4, 3.0),
        _ => 4.0 / 3.0,
    };
    let files = item.files.iter().filter(kept).count() as u64;
    Some((month, best.id, ratio, files, item.files.iter().filter(kept).filter_map(|file| file.size).sum()))
}

fn check(made: &Made) {
    let mut expected = BTreeMap::new();
    let mut kept = Standing::default();
    for id in 1..40 {
        let Some(item) = made.catalog.item_shown(ItemId(id)).unwrap() else { continue };
        let Some(reckoned) = reckon(&item) else { continue };
        kept.items += u64::from(reckoned.3 > 0);
        kept.videos += u64::from(reckoned.3 > 0 && item.kind == MediaKind::Video);
        kept.files += reckoned.3;
        kept.bytes += reckoned.4;
        expected.insert(id, (reckoned, item.kind));
    }
    let mut found = 0;
    for bucket in made.catalog.timeline_buckets(None).unwrap() {
        let part = made.catalog.timeline_bucket(None, &bucket.key).unwrap();
        assert_eq!(part.len() as u64, bucket.count);
        assert!((part.ratio.iter().sum::<f64>() - bucket.ratio_sum).abs() < 1e-6);
        assert!(part.taken.windows(2).all(|pair| pair[0] >= pair[1]), "newest first");
        for (index, id) in part.id.iter().enumerate() {
            let ((month, file, ratio, ..), kind) = &expected[id];
            assert_eq!((&bucket.key, part.file[index], part.kind[index]), (month, *file, *kind), "item {id}");
            assert!((part.ratio[index] - ratio).abs() < 0.0006, "item {id}: {} and {ratio}", part.ratio[index]);
            found += 1;
        }
    }
    assert_eq!(found, expected.len());
    let growth = made.catalog.growth().unwrap();
    assert_eq!(growth.iter().map(|year| year.items).sum::<u64>(), found as u64);
    assert_eq!(growth.iter().map(|year| year.bytes).sum::<u64>(), kept.bytes);
    let standing = made.catalog.standing().unwrap();
    assert_eq!(
        (standing.items, standing.photos, standing.videos, standing.files, standing.bytes),
        (kept.items, kept.items - kept.videos, kept.videos, kept.files, kept.bytes)
    );
    assert_eq!(made.catalog.pictures_page(None, 100).unwrap().files.len(), found);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_is_kept_ready_is_what_is_there(happenings in proptest::collection::vec(happens(), 1..40)) {
        let made = Made::new();
        for happening in &happenings {
            let_it(&made, happening);
            check(&made);
        }
    }
}

#[test]
fn the_second_reckoning_reckons_something() {
    let made = Made::new();
    let item = made.kept("a", crate::made::film(crate::made::MAY_2019));
    let shown = made.catalog.item_shown(item).unwrap().unwrap();
    assert_eq!(shown.kind, MediaKind::Video);
    let file = made.file_of(item);
    assert_eq!(reckon(&shown), Some(("2019-05".into(), file, 4.0 / 3.0, 1, 1000 + file as u64)));
}
