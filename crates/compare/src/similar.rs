//! Pictures that look alike: compressed again, made smaller, sent by a messenger. Only where the person asks for it, within a
//! threshold that the person sees.
//!
//! A file belongs to the one picture that it is nearest to, and only where no other is nearly as near: of a burst none is guessed.
//! One picture of the library takes up one file; further ones, and those beside its very bytes, only where they look all but the same.
//! Frames of a burst look all but the same too: what both files tell of their time and camera may not speak against it.

use photokeep_media::Looks;
use photokeep_model::Result;
use rusqlite::params;

use crate::stages::Evidence;
use crate::store::{Comparison, stopped, store_error};

/// So many bits nearer than the next picture is a file to its own. Bursts differ from each other by little more than a picture
/// from its own small copy.
const MARGIN: u32 = 6;

/// Of the threshold, what pictures may differ by that one file was found for already.
const BESIDE: u32 = 4;

/// Seconds within which pictures are of one series, and all of it looks alike.
const SERIES: u64 = 60;

/// A picture of either side.
struct Picture {
    id: i64,
    looks: Looks,
    /// Pixels across and down, where known.
    size: Option<(u32, u32)>,
    told: Told,
}

/// What a picture's file tells of when and with what it was taken.
#[derive(Default)]
struct Told {
    /// In seconds since 1970 on the clock where it was taken.
    clock: Option<i64>,
    /// Of that second, in milliseconds.
    fraction: Option<i64>,
    camera: Option<String>,
}

impl Told {
    /// Whether both cannot be of one picture. A clock that is further off was put right by somebody, perhaps.
    fn speaks_against(&self, other: &Self) -> bool {
        let differ = |one: Option<i64>, other: Option<i64>| one.zip(other).is_some_and(|(one, other)| one != other);
        let apart = self.clock.zip(other.clock).map(|(clock, other)| clock.abs_diff(other));
        let other_camera = self.camera.as_ref().zip(other.camera.as_ref()).is_some_and(|(one, other)| one != other);
        other_camera
            || apart.is_some_and(|apart| (1..=SERIES).contains(&apart))
            || apart == Some(0) && differ(self.fraction, other.fraction)
    }
}

/// A picture of the library.
struct Kept {
    picture: Picture,
    item: i64,
    taken_up: bool,
}

/// A file and the picture it is nearest to.
struct Near {
    file: i64,
    kept: usize,
    distance: u32,
}

impl Comparison {
    /// Finds pairs that look alike among the files that have no verdict yet.
    pub(crate) fn decide_by_looks(&self, threshold: u32, threads: usize, may_go_on: &(dyn Fn() -> bool + Sync)) -> Result<()> {
        let files = self.open_pictures()?;
        if files.is_empty() {
            return Ok(());
        }
        let kept = self.kept_pictures()?;
        let mut near = nearest(&files, &kept, threshold, threads, may_go_on);
        if !may_go_on() {
            return Err(stopped());
        }
        near.sort_by_key(|near| (near.distance, near.file));
        let mut first: Vec<Option<u32>> = kept.iter().map(|kept| kept.taken_up.then_some(0)).collect();
        let mut belongs = self
            .connection
            .prepare(
                "UPDATE files SET verdict = 'different', evidence = ?3, kept = ?2, distance = ?4
                 WHERE +verdict IS NULL AND (id = ?1 OR hash = (SELECT hash FROM files WHERE id = ?1))",
            )
            .map_err(store_error)?;
        for Near { file, kept: index, distance } in near {
            let (Some(kept), Some(first)) = (kept.get(index), first.get_mut(index)) else { continue };
            if first.is_some_and(|_| distance > threshold / BESIDE) {
                continue;
            }
            first.get_or_insert(distance);
            belongs.execute(params![file, kept.picture.id, Evidence::Similar.as_str(), distance]).map_err(store_error)?;
            self.takes_up(kept.picture.id)?;
        }
        Ok(())
    }

    /// One file for each content, as in the other stages.
    fn open_pictures(&self) -> Result<Vec<Picture>> {
        self.connection
            .prepare(
                "SELECT min(id), looks, width, height, taken, fraction, camera FROM files WHERE verdict IS NULL AND length(looks) = 32 GROUP BY coalesce(hash, id)",
            )
            .and_then(|mut statement| statement.query_map([], picture)?.collect())
            .map_err(store_error)
    }

    fn kept_pictures(&self) -> Result<Vec<Kept>> {
        self.connection
            .prepare(
                "SELECT k.id, l.looks, coalesce(e.width, k.width), coalesce(e.height, k.height), e.taken, e.fraction, e.camera, k.item, k.taken_up
                 FROM kept k JOIN kept_looks l ON l.hash = k.hash LEFT JOIN kept_facts e ON e.hash = k.hash
                 WHERE length(l.looks) = 32 ORDER BY k.id",
            )
            .and_then(|mut statement| {
                let kept =
                    |row: &rusqlite::Row<'_>| Ok(Kept { picture: picture(row)?, item: row.get(7)?, taken_up: row.get(8)? });
                statement.query_map([], kept)?.collect()
            })
            .map_err(store_error)
    }
}

fn picture(row: &rusqlite::Row<'_>) -> rusqlite::Result<Picture> {
    let (width, height): (Option<u32>, Option<u32>) = (row.get(2)?, row.get(3)?);
    let told = Told { clock: row.get(4)?, fraction: row.get(5)?, camera: row.get(6)? };
    Ok(Picture { id: row.get(0)?, looks: Looks(row.get(1)?), size: width.zip(height), told })
}

/// For each file the picture it is nearest to, where it is within the threshold and no other is nearly as near.
/// It ends early, with less, when `may_go_on` says no.
fn nearest(files: &[Picture], kept: &[Kept], threshold: u32, threads: usize, may_go_on: &(dyn Fn() -> bool + Sync)) -> Vec<Near> {
    let share = files.len().div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        let workers: Vec<_> = files
            .chunks(share)
            .map(|files| {
                scope.spawn(move || {
                    let goes_on = files.iter().take_while(|_| may_go_on());
                    goes_on.filter_map(|file| nearest_to(file, kept, threshold)).collect::<Vec<_>>()
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    })
}

fn nearest_to(file: &Picture, kept: &[Kept], threshold: u32) -> Option<Near> {
    let mut best: Option<Near> = None;
    // The nearest picture of another item.
    let mut next = u32::MAX;
    for (index, other) in kept.iter().enumerate() {
        let distance = file.looks.distance(&other.picture.looks);
        if distance > threshold + MARGIN
            || !have_one_shape(file.size, other.picture.size)
            || file.told.speaks_against(&other.picture.told)
        {
            continue;
        }
        match &best {
            Some(found) if found.distance <= distance => {
                if kept[found.kept].item != other.item {
                    next = next.min(distance);
                }
            }
            found => {
                if let Some(found) = found.as_ref().filter(|found| kept[found.kept].item != other.item) {
                    next = next.min(found.distance);
                }
                best = Some(Near { file: file.id, kept: index, distance });
            }
        }
    }
    best.filter(|best| best.distance <= threshold && next >= best.distance + MARGIN)
}

/// Whether one can be the other made larger or smaller; turned ones too, as sizes are told before and after turning.
fn have_one_shape(one: Option<(u32, u32)>, other: Option<(u32, u32)>) -> bool {
    let (Some((width, height)), Some((other_width, other_height))) = (one, other) else { return true };
    let same = |width: u32, height: u32| {
        let (across, down) = (u64::from(width) * u64::from(other_height), u64::from(height) * u64::from(other_width));
        across.abs_diff(down) * 50 <= across.max(down)
    };
    same(width, height) || same(height, width)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(bits: &[usize]) -> Looks {
        let mut looks = Looks([0; 32]);
        bits.iter().for_each(|bit| looks.0[bit / 8] |= 1 << (bit % 8));
        looks
    }

    fn of(id: i64, bits: &[usize]) -> Picture {
        Picture { id, looks: looks(bits), size: Some((400, 300)), told: Told::default() }
    }

    fn kept(item: i64, bits: &[usize]) -> Kept {
        Kept { picture: of(item, bits), item, taken_up: false }
    }

    #[test]
    fn a_file_belongs_to_the_one_picture_that_it_is_clearly_nearest_to() {
        let far: Vec<usize> = (100..140).collect();
        let found = nearest_to(&of(1, &[1, 2]), &[kept(10, &far), kept(11, &[1])], 16);
        assert_eq!(found.map(|near| (near.kept, near.distance)), Some((1, 1)));
        // Two of a burst are both near.
        assert!(nearest_to(&of(1, &[1, 2]), &[kept(10, &[1]), kept(11, &[1, 2, 3, 4, 5])], 16).is_none());
        assert!(nearest_to(&of(1, &[1, 2]), &[kept(10, &far)], 16).is_none());
        // Two files of one item are one photo.
        let edited = Kept { item: 10, ..kept(12, &[1, 3]) };
        assert!(nearest_to(&of(1, &[1, 2]), &[kept(10, &[1]), edited], 16).is_some());
    }

    #[test]
    fn of_a_burst_no_frame_is_taken_for_another_where_the_files_tell_them_apart() {
        let taken = |clock, fraction, camera: &str| Told { clock: Some(clock), fraction, camera: Some(camera.into()) };
        let against = |other: Told| taken(1000, Some(300), "a").speaks_against(&other);
        assert!(
            against(taken(1000, Some(600), "a")) && against(taken(1001, Some(300), "a")) && against(taken(1000, Some(300), "b"))
        );
        assert!(!against(taken(1000, None, "a")) && !against(taken(4600, Some(0), "a")) && !against(Told::default()));
        let mut file = of(1, &[1]);
        file.told = taken(1000, Some(300), "a");
        let mut other = kept(10, &[1]);
        other.picture.told = taken(1000, Some(600), "a");
        assert!(nearest_to(&file, &[other], 16).is_none());
    }

    #[test]
    fn a_shape_is_one_in_any_size_and_turned() {
        assert!(have_one_shape(Some((4000, 3000)), Some((1600, 1200))));
        assert!(have_one_shape(Some((4000, 3000)), Some((1201, 1600))));
        assert!(!have_one_shape(Some((4000, 3000)), Some((1600, 900))));
        assert!(have_one_shape(None, Some((1600, 900))));
    }
}
