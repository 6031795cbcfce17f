//! Both sides of a comparison: the order in which their files are read, and what is kept of what was read.

use std::path::Path;

use photokeep_media::Kind;
use photokeep_model::Result;
use rusqlite::params;

use crate::read::{Reading, Want};
use crate::store::{Comparison, store_error};

/// One of the two that are compared.
#[derive(Clone, Copy)]
pub(crate) enum Of {
    /// The folder.
    Folder,
    /// The library.
    Library,
}

/// One of both with its place.
pub(crate) struct Side<'a> {
    /// Which.
    pub of: Of,
    /// Its folder.
    pub root: &'a Path,
}

impl Side<'_> {
    /// The table with its files, and the order in which they are read.
    pub(crate) fn table(&self) -> (&'static str, &'static str) {
        match self.of {
            Of::Folder => ("files", "inode, path"),
            Of::Library => ("kept", "path"),
        }
    }

    /// Keeps what was read of a file.
    pub(crate) fn take(&self, comparison: &Comparison, id: i64, reading: &Reading, want: Want) -> Result<()> {
        if want == Want::Looks {
            // What the disk did not give is asked for the next time; the file has its verdict by everything else.
            let Some(looks) = &reading.looks else { return Ok(()) };
            let keep = match self.of {
                Of::Folder => "UPDATE files SET looks = ?2 WHERE id = ?1",
                Of::Library => "INSERT OR REPLACE INTO kept_looks SELECT hash, ?2 FROM kept WHERE id = ?1",
            };
            let kept = comparison.connection.prepare_cached(keep).and_then(|mut statement| statement.execute(params![id, looks]));
            return kept.map(|_| ()).map_err(store_error);
        }
        if matches!((self.of, want), (Of::Library, Want::Whole)) {
            let Some(hash) = reading.hash else { return Ok(()) };
            let kept = comparison
                .connection
                .prepare_cached("UPDATE kept SET hash = ?2 WHERE id = ?1")
                .and_then(|mut statement| statement.execute(params![id, hash]));
            return kept.map(drop).map_err(store_error);
        }
        let blob = |hash: &Option<[u8; 32]>| hash.map(|hash| hash.to_vec());
        let facts = reading.facts.as_deref();
        let taken = facts.and_then(|facts| facts.taken);
        // A clock that runs in UTC: its instant is known, its zone is none.
        let offset = taken.and_then(|taken| taken.offset_seconds.or_else(|| taken.instant.is_some().then_some(0)));
        let clock = taken.map(|taken| taken.local.and_utc().timestamp());
        let (width, height) = (facts.and_then(|facts| facts.width), facts.and_then(|facts| facts.height));
        let unique_id = facts.and_then(|facts| facts.unique_id.as_deref());
        let (begin, picture) = (blob(&reading.begin), blob(&reading.picture));
        let fraction = taken.and_then(|taken| taken.subsec_nanos).map(|nanos| nanos / 1_000_000);
        let camera = facts.and_then(|facts| camera_of(facts.camera_make.as_deref(), facts.camera_model.as_deref()));
        let placed = facts.is_some_and(|facts| facts.latitude.is_some());
        let behind = reading.behind.map(u64::cast_signed);
        let lasts = facts.and_then(|facts| facts.duration).and_then(|lasts| i64::try_from(lasts.as_millis()).ok());
        let trouble = reading.trouble.as_ref().map(|trouble| trouble.why.as_str());
        let kept = match self.of {
            Of::Folder => {
                let kind = reading.kind.map(|kind| match kind {
                    Kind::Photo => "photo",
                    Kind::Video => "video",
                    Kind::NotMedia => "not-media",
                });
                comparison
                    .connection
                    .prepare_cached(
                        "UPDATE files SET kind = coalesce(?2, kind), mime_type = coalesce(?3, mime_type), hash = coalesce(?4, hash),
                             ends = coalesce(?5, ends), trouble = ?6, looked = looked OR ?7, taken = coalesce(?8, taken),
                             taken_offset = coalesce(?9, taken_offset), width = coalesce(?10, width), height = coalesce(?11, height),
                             unique_id = coalesce(?12, unique_id), begin = coalesce(?13, begin), picture = coalesce(?14, picture),
                             cut_short = cut_short OR ?15, trouble_more = ?16, fraction = coalesce(?17, fraction),
                             camera = coalesce(?18, camera), placed = placed OR ?19, behind = coalesce(?20, behind), lasts = coalesce(?21, lasts)
                         WHERE id = ?1",
                    )
                    .and_then(|mut statement| {
                        let (hash, ends, looked) = (blob(&reading.hash), blob(&reading.ends), want == Want::Facts);
                        let (mime_type, more) = (reading.mime_type, reading.trouble.as_ref().and_then(|trouble| trouble.more.as_deref()));
                        statement.execute(params![
                            id, kind, mime_type, hash, ends, trouble, looked, clock, offset, width, height, unique_id, begin, picture,
                            reading.cut_short, more, fraction, camera, placed, behind, lasts
                        ])
                    })
            }
            Of::Library => comparison
                .connection
                .prepare_cached(
                    "INSERT INTO kept_facts (hash, taken, taken_offset, width, height, unique_id, begin, picture, trouble, cut_short,
                         fraction, camera, placed, behind, lasts)
                     SELECT hash, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15 FROM kept WHERE id = ?1
                     ON CONFLICT (hash) DO UPDATE SET picture = coalesce(excluded.picture, picture),
                         behind = coalesce(excluded.behind, behind), trouble = coalesce(excluded.trouble, trouble)",
                )
                .and_then(|mut statement| {
                    statement.execute(params![id, clock, offset, width, height, unique_id, begin, picture, trouble, reading.cut_short, fraction, camera, placed, behind, lasts])
                }),
        };
        kept.map_err(store_error)?;
        Ok(())
    }
}

/// Maker and model of the camera, as they are compared.
pub(crate) fn camera_of(make: Option<&str>, model: Option<&str>) -> Option<String> {
    let camera = [make, model].map(|word| word.unwrap_or_default().trim().to_lowercase());
    let camera = camera.join(" ");
    (camera.len() > 1).then_some(camera)
}
