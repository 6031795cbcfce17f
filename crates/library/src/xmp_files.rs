//! XMP files beside photos, on the user's wish: what Google says, for other programs. Photos themselves are never changed.
//!
//! Only files that Photokeep wrote and nobody changed since are written anew; whatever else has the name is left alone. The
//! text comes from `photokeep_media::xmp_sidecar`, which says what goes where and why the file is called `NAME.ext.xmp`.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use chrono::TimeDelta;
use photokeep_media::{Taken, XmpFacts, XmpPlace, sidecar_name, xmp_sidecar};
use photokeep_model::Result;

use crate::catalog::XmpSubject;
use crate::flush;
use crate::folder::Library;
use crate::placing::{remove_temporary, rename_new};
use crate::target::{self, target_error};

/// Files written with one flush.
const TOGETHER: u32 = 500;

/// What became of the XMP files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct XmpReport {
    /// Written, new or anew.
    pub written: u64,
    /// Already said just that.
    pub unchanged: u64,
    /// Left alone: another file has the name, somebody changed ours, or the name would be too long.
    pub left: u64,
}

/// One XMP file to write.
struct Waiting {
    file: i64,
    temp: PathBuf,
    path: String,
    hash: [u8; 32],
    replaces: bool,
}

/// Of which photos XMP files are brought up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum XmpOf {
    /// Of everything that came by Takeout.
    All,
    /// Of those that have one of ours.
    Present,
}

impl Library {
    /// Brings the XMP files of what came by Takeout up to date.
    ///
    /// # Errors
    /// When disk or catalog cannot be read or written.
    pub fn write_xmp(&mut self, of: XmpOf) -> Result<XmpReport> {
        let mut report = XmpReport::default();
        let mut after = 0;
        loop {
            let page = self.catalog.xmp_subjects(after, TOGETHER, of == XmpOf::Present)?;
            let Some(last) = page.last() else { return Ok(report) };
            after = last.file;
            let mut waiting = Vec::new();
            for subject in &page {
                self.ready_xmp(subject, of, &mut waiting, &mut report)?;
            }
            self.place_xmp(&waiting)?;
            report.written += waiting.len() as u64;
        }
    }

    fn ready_xmp(&self, subject: &XmpSubject, of: XmpOf, waiting: &mut Vec<Waiting>, report: &mut XmpReport) -> Result<()> {
        let Some(text) = xmp_sidecar(&facts(subject)) else { return Ok(()) };
        let path = sidecar_name(&subject.path);
        let name = path.rsplit('/').next().unwrap_or_default();
        let hash = *blake3::hash(text.as_bytes()).as_bytes();
        let full = target::join(self.root(), &path)?;
        let there = match fs::read(&full) {
            Ok(bytes) => Some(*blake3::hash(&bytes).as_bytes()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(target_error(error, &full)),
        };
        let ours = subject.written.as_ref().filter(|(written, _)| *written == path).map(|(_, hash)| *hash);
        match there {
            Some(there) if there == hash => {
                // Written by a run that was killed before it could say so.
                if ours != Some(hash) {
                    self.catalog.xmp_written(subject.file, &path, &hash)?;
                }
                report.unchanged += 1;
                return Ok(());
            }
            Some(there) if ours != Some(there) => {
                report.left += 1;
                return Ok(());
            }
            // The person deleted it.
            None if of == XmpOf::Present => return Ok(()),
            _ if !self.rules().accepts(name) => {
                report.left += 1;
                return Ok(());
            }
            _ => {}
        }
        let temp = self.temporary(subject.file).with_extension("xmp.part");
        fs::write(&temp, text.as_bytes()).map_err(|error| target_error(error, &temp))?;
        waiting.push(Waiting { file: subject.file, temp, path, hash, replaces: there.is_some() });
        Ok(())
    }

    fn place_xmp(&self, waiting: &[Waiting]) -> Result<()> {
        if waiting.is_empty() {
            return Ok(());
        }
        let temps: Vec<PathBuf> = waiting.iter().map(|one| one.temp.clone()).collect();
        flush::files(&temps).map_err(|error| target_error(error, self.root()))?;
        let mut folders = BTreeSet::new();
        let mut placed = Vec::with_capacity(waiting.len());
        for one in waiting {
            let to = target::join(self.root(), &one.path)?;
            folders.extend(to.parent().map(std::path::Path::to_owned));
            let renamed = if one.replaces { fs::rename(&one.temp, &to) } else { rename_new(&one.temp, &to) };
            match renamed {
                Ok(()) => placed.push(one),
                // Somebody put a file there meanwhile: it is theirs.
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => remove_temporary(&one.temp)?,
                Err(error) => return Err(target_error(error, &to)),
            }
        }
        flush::folders(&folders)?;
        self.catalog.transaction(|catalog| placed.iter().try_for_each(|one| catalog.xmp_written(one.file, &one.path, &one.hash)))
    }
}

fn facts(subject: &XmpSubject) -> XmpFacts {
    let taken = subject.taken.map(|taken| Taken {
        local: (taken.instant + TimeDelta::seconds(i64::from(taken.offset_seconds.unwrap_or(0)))).naive_utc(),
        offset_seconds: taken.offset_seconds,
        instant: (!subject.clock_only).then_some(taken.instant),
        subsec_nanos: None,
    });
    XmpFacts {
        taken,
        description: subject.description.clone(),
        // The title is the file's name; as a title it would only be noise.
        title: None,
        people: subject.people.clone(),
        keywords: Vec::new(),
        albums: subject.albums.clone(),
        favorite: subject.favorite,
        place: subject.place.map(|(latitude, longitude, altitude)| XmpPlace { latitude, longitude, altitude }),
    }
}
