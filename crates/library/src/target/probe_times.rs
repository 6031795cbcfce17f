//! Tries which modification times a disk stores exactly.

use std::path::Path;

use filetime::FileTime;

use super::facts::TimeFacts;

/// 1 January 2000: a disk that does not hold this holds nothing.
const ORDINARY: i64 = 946_684_800;

/// The earliest time worth asking for: year 1, under Windows the first its clock has (1 January 1601).
const FIRST: i64 = if cfg!(windows) { -11_644_473_600 } else { -62_135_596_800 };

/// The last time worth asking for: the end of the year 9999, where Google's dates end.
const LAST: i64 = 253_402_300_798;

/// Steps that file systems are known to count in: ext4 1 ns, NTFS 100 ns, HFS+ and old NFS 1 s, exFAT 10 ms, FAT 2 s.
const STEPS: [u64; 7] = [1, 100, 1_000, 1_000_000, 10_000_000, 1_000_000_000, 2_000_000_000];

/// Finds the range and the step of modification times, by setting them on `file`. `None` when they cannot be set.
pub(super) fn times(file: &Path) -> Option<TimeFacts> {
    let holds = |seconds: i64| set_and_read(file, seconds, 0).is_some_and(|(read, _)| read == seconds);
    if !holds(ORDINARY) {
        return None;
    }
    Some(TimeFacts { earliest: edge(&holds, FIRST), latest: edge(&holds, LAST), step_nanos: step(file) })
}

/// The time farthest from [`ORDINARY`] towards `end` that is held. By halving, in even seconds because FAT has no others.
fn edge(holds: &impl Fn(i64) -> bool, end: i64) -> i64 {
    if holds(end) {
        return end;
    }
    let (mut held, mut lost) = (ORDINARY, end);
    while (held - lost).abs() > 2 {
        let middle = held.midpoint(lost) & !1;
        if middle == held || middle == lost {
            break;
        }
        if holds(middle) { held = middle } else { lost = middle }
    }
    let beyond = held + (end - ORDINARY).signum();
    if holds(beyond) { beyond } else { held }
}

/// The smallest step that explains what came back.
fn step(file: &Path) -> u64 {
    let samples = [(ORDINARY + 1, 123_456_789), (ORDINARY + 3, 987_654_321), (ORDINARY + 4, 500_000_001)];
    let read: Vec<_> = samples.iter().filter_map(|&(seconds, nanos)| set_and_read(file, seconds, nanos)).collect();
    let fitting = STEPS.into_iter().find(|step| {
        let step = i128::from(*step);
        read.iter().zip(samples).all(|(&read, wanted)| {
            let (read, wanted) = (in_nanos(read), in_nanos(wanted));
            read % step == 0 && (read - wanted).abs() < step
        })
    });
    fitting.unwrap_or(2_000_000_000)
}

fn in_nanos((seconds, nanos): (i64, u32)) -> i128 {
    i128::from(seconds) * 1_000_000_000 + i128::from(nanos)
}

fn set_and_read(file: &Path, seconds: i64, nanos: u32) -> Option<(i64, u32)> {
    filetime::set_file_mtime(file, FileTime::from_unix_time(seconds, nanos)).ok()?;
    let read = FileTime::from_last_modification_time(&std::fs::metadata(file).ok()?);
    Some((read.unix_seconds(), read.nanoseconds()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edge_is_found_to_the_second() {
        for (earliest, latest) in [
            (-2_147_483_648, 2_147_483_647),  // ext3
            (-2_147_483_648, 15_032_385_535), // ext4
            (315_532_800, 4_354_819_198),     // FAT
            (FIRST, LAST),
            (-11_644_473_600, 4_294_967_295),
        ] {
            let holds = |seconds: i64| (earliest..=latest).contains(&seconds);
            assert_eq!(edge(&holds, FIRST), earliest.max(FIRST));
            assert_eq!(edge(&holds, LAST), latest.min(LAST));
        }
        let even_only = |seconds: i64| (315_532_800..=4_354_819_198).contains(&seconds) && seconds % 2 == 0;
        assert_eq!((edge(&even_only, FIRST), edge(&even_only, LAST)), (315_532_800, 4_354_819_198));
    }
}
