//! Every stored file against its hash: the proof behind "complete".

use std::collections::HashSet;
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use photokeep_model::{Code, Error, Event, Meter, Phase, Progress, Result};

use crate::catalog::{EntryKind, FileRow, FileState, RunEntry};
use crate::file_times::modified;
use crate::folder::Library;
use crate::target;

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingKind {
    /// It is not there.
    Missing,
    /// It is there with other bytes than were stored.
    Damaged,
    /// It cannot be read.
    Unreadable,
}

impl FindingKind {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Damaged => "damaged",
            Self::Unreadable => "unreadable",
        }
    }
}

/// A file that is not as it should be.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Path below the library.
    pub path: String,
    /// What is wrong.
    pub kind: FindingKind,
    /// More, in words.
    pub why: String,
}

/// What verifying found.
#[derive(Debug, Clone, Default)]
pub struct VerifyReport {
    /// Files compared.
    pub files: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Files as they should be.
    pub sound: u64,
    /// Files taken as they are now, because the user said so.
    pub accepted: u64,
    /// Album links that are not there or lead elsewhere; the next sync makes them again.
    pub broken_links: u64,
    /// Everything else.
    pub findings: Vec<Finding>,
}

enum Verdict {
    Sound,
    Missing,
    Differs { size: u64, hash: [u8; 32], mtime: (i64, u32) },
    Unreadable(io::Error),
}

/// Files handed to the readers at a time.
const PAGE: u32 = 128;

/// Shortest time between two meters (design section 7).
const METER_EVERY: Duration = Duration::from_millis(250);

/// How to verify.
pub struct VerifyOptions<'a> {
    /// Take differing files as the ones to keep, instead of marking them to be fetched again.
    pub accept: bool,
    /// Threads that read.
    pub readers: usize,
    /// Asked before every file, from many threads: holds it up while paused, and says no when the person wants to stop.
    pub may_go_on: &'a (dyn Fn() -> bool + Sync),
}

impl Library {
    /// Reads every stored file and compares it with the catalog. Files that have vanished or differ are marked, so that
    /// the next sync fetches them again; a differing file then goes to the trash. With `accept`, differing files are
    /// taken as the ones to keep instead.
    ///
    /// # Errors
    /// When the library's disk is gone or the catalog cannot be written; [`Code::Cancelled`], with what was found until
    /// then marked.
    pub fn verify(&mut self, run: i64, options: &VerifyOptions<'_>, progress: &dyn Progress) -> Result<VerifyReport> {
        self.check_still_there()?;
        progress.event(&Event::Phase { phase: Phase::Verifying });
        let total = self.catalog.standing()?.files + self.catalog.standing()?.damaged;
        let (begun, mut told) = (Instant::now(), None::<Instant>);
        let mut report = VerifyReport::default();
        // A verdict can move a file to a state that is looked at later; every file is judged once.
        let mut judged = HashSet::new();
        for state in [FileState::Stored, FileState::Stale, FileState::Damaged, FileState::Missing] {
            let mut after = 0;
            loop {
                let mut rows = self.catalog.files_in_state(state, after, PAGE)?;
                let Some(last) = rows.last() else { break };
                after = last.id;
                // A name that an older version still holds is waited for, not judged: `recovery.rs`.
                rows.retain(|row| !judged.contains(&row.id) && (row.state != FileState::Stale || row.hash.is_some()));
                let verdicts = self.read_all(&rows, options);
                self.check_still_there()?;
                for (row, verdict) in rows.iter().zip(verdicts) {
                    let verdict = verdict.ok_or_else(stopped)??;
                    if self.take_verdict(run, row, verdict, options.accept, &mut report)? {
                        judged.insert(row.id);
                    }
                }
                if told.is_none_or(|told| told.elapsed() >= METER_EVERY) {
                    told = Some(Instant::now());
                    progress.event(&Event::Meter(meter(&report, total, begun.elapsed())));
                }
            }
        }
        progress.event(&Event::Meter(meter(&report, total, begun.elapsed())));
        report.broken_links = self.count_broken_links()?;
        Ok(report)
    }

    /// A verdict for every file; `None` where the person stopped it before.
    fn read_all(&self, rows: &[FileRow], options: &VerifyOptions<'_>) -> Vec<Option<Result<Verdict>>> {
        let next = AtomicUsize::new(0);
        let verdicts: Vec<Mutex<Option<Result<Verdict>>>> = rows.iter().map(|_| Mutex::new(None)).collect();
        let root = self.root();
        std::thread::scope(|scope| {
            for _ in 0..options.readers.max(1) {
                scope.spawn(|| {
                    while (options.may_go_on)() {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let (Some(row), Some(slot)) = (rows.get(index), verdicts.get(index)) else { break };
                        let verdict = judge(root, row);
                        if let Ok(mut slot) = slot.lock() {
                            *slot = Some(verdict);
                        }
                    }
                });
            }
        });
        verdicts.into_iter().map(|slot| slot.into_inner().ok().flatten()).collect()
    }

    /// Records a verdict; true when the file is in another state now.
    fn take_verdict(
        &mut self,
        run: i64,
        row: &FileRow,
        verdict: Verdict,
        accept: bool,
        report: &mut VerifyReport,
    ) -> Result<bool> {
        let path = row.path.clone().unwrap_or_default();
        report.files += 1;
        let moved = !matches!(verdict, Verdict::Unreadable(_));
        let (kind, why) = match verdict {
            Verdict::Sound => {
                report.sound += 1;
                report.bytes += row.size.unwrap_or(0);
                if matches!(row.state, FileState::Damaged | FileState::Missing) {
                    self.catalog.set_file_state(row.id, FileState::Stored)?;
                    return Ok(true);
                }
                return Ok(false);
            }
            Verdict::Differs { size, hash, mtime } if accept => {
                report.accepted += 1;
                report.bytes += size;
                self.catalog.accept_bytes(row.id, size, &hash, mtime)?;
                return Ok(true);
            }
            Verdict::Differs { size, .. } => {
                report.bytes += size;
                self.catalog.set_file_state(row.id, FileState::Damaged)?;
                let why = match row.size {
                    Some(stored) if stored != size => format!("{size} bytes instead of {stored}"),
                    _ => "other bytes than were stored".to_owned(),
                };
                (FindingKind::Damaged, why)
            }
            Verdict::Missing => {
                self.catalog.set_file_state(row.id, FileState::Missing)?;
                (FindingKind::Missing, "is not there any more".to_owned())
            }
            Verdict::Unreadable(error) => {
                // A bad sector is a lost file; a file that may not be opened now is not.
                if error.kind() != io::ErrorKind::PermissionDenied {
                    self.catalog.set_file_state(row.id, FileState::Damaged)?;
                }
                (FindingKind::Unreadable, error.to_string())
            }
        };
        self.catalog.add_entry(
            run,
            &RunEntry { what: EntryKind::Damaged, item: Some(row.item), path: Some(&path), reason: Some(&why) },
        )?;
        report.findings.push(Finding { path, kind, why });
        Ok(moved)
    }
}

fn stopped() -> Error {
    Error::new(Code::Cancelled, "Stopped. What was compared until then is noted; nothing is said about the other files.")
}

fn meter(report: &VerifyReport, total: u64, elapsed: Duration) -> Meter {
    let (done, seconds) = (report.files, elapsed.as_secs_f64());
    let files_per_second = done as f64 / seconds.max(0.001);
    let seconds_left = (done > 0 && seconds > 1.0).then(|| (total.saturating_sub(done) as f64 / files_per_second).ceil() as u64);
    Meter {
        phase: Phase::Verifying,
        done,
        total: Some(total),
        bytes: report.bytes,
        bytes_per_second: (report.bytes as f64 / seconds.max(0.001)) as u64,
        seconds_left,
        failed: report.findings.len() as u64,
    }
}

fn judge(root: &std::path::Path, row: &FileRow) -> Result<Verdict> {
    let Some(path) = &row.path else { return Ok(Verdict::Missing) };
    let full = target::join(root, path)?;
    let metadata = match std::fs::symlink_metadata(&full) {
        Ok(metadata) => metadata,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(Verdict::Missing);
        }
        Err(error) => return Ok(Verdict::Unreadable(error)),
    };
    if !metadata.is_file() {
        return Ok(Verdict::Unreadable(io::Error::other("is not a plain file any more")));
    }
    Ok(match photokeep_media::hash_file(&full) {
        Ok((hash, size)) if Some(size) == row.size && Some(hash.0) == row.hash => Verdict::Sound,
        Ok((hash, size)) => Verdict::Differs { size, hash: hash.0, mtime: modified(&metadata) },
        Err(error) => Verdict::Unreadable(error),
    })
}
