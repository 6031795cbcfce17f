//! Bytes that turn out to be of a photo that is known already: kept under another name, lost, removed here, or known by a rendition.

use std::fs;

use photokeep_model::Result;

use crate::catalog::{Ended, EntryKind, FileRow, FileState, RunEntry};
use crate::file_times::modified;
use crate::folder::Library;
use crate::placing::{Arrival, Placed, PlacedAs, remove_temporary, rename_new};
use crate::target;

impl Library {
    /// Another file that holds just these bytes, and really is on the disk.
    pub(crate) fn twin_on_disk(&self, row: &FileRow, arrival: &Arrival) -> Result<Option<FileRow>> {
        let Some(twin) = self.catalog.stored_with_hash(&arrival.hash)? else { return Ok(None) };
        if twin.id == row.id || !matches!(row.state, FileState::Wanted | FileState::Missing) {
            return Ok(None);
        }
        let Some(path) = &twin.path else { return Ok(None) };
        let full = target::join(self.root(), path)?;
        let Ok(metadata) = fs::symlink_metadata(&full) else { return Ok(None) };
        // Of another time: somebody wrote to it, perhaps other bytes.
        let is_as_stored = twin.mtime.is_some_and(|stored| stored == modified(&metadata));
        let there = metadata.is_file() && metadata.len() == arrival.size && (is_as_stored || self.same_bytes(path, arrival)?);
        Ok(there.then_some(twin))
    }

    pub(crate) fn merge_twin(&self, run: i64, row: &FileRow, twin: &FileRow, arrival: &Arrival) -> Result<Placed> {
        let path = twin.path.clone().unwrap_or_default();
        self.catalog.same_bytes_as(run, row.id, twin.id)?;
        let item = self.catalog.file(twin.id)?.map_or(twin.item, |file| file.item);
        if arrival.entry.is_some() {
            self.catalog.settle_date(twin.id, arrival.taken)?;
            self.learn(twin.id, item, arrival)?;
        }
        if let Some(entry) = arrival.entry {
            self.catalog.settle_entry(run, entry, Ended::Already, None)?;
        }
        self.catalog
            .add_entry(run, &RunEntry { what: EntryKind::SamePhoto, item: Some(item), path: Some(&path), reason: None })?;
        remove_temporary(&arrival.temp)?;
        Ok(Placed { file: twin.id, item, path, size: arrival.size, how: PlacedAs::SamePhoto })
    }

    /// A photo that the user removed here does not come back by another route (design section 2, tombstone).
    pub(crate) fn removed_before(&self, run: i64, row: &FileRow, arrival: &Arrival) -> Result<Option<Placed>> {
        let by_hand = arrival.entry.is_some() || self.catalog.is_of_a_folder(row.id)?;
        if !by_hand || row.state != FileState::Wanted {
            return Ok(None);
        }
        let Some(removed) = self.catalog.removed_like(row.id, &arrival.hash, arrival.pixels)? else { return Ok(None) };
        let why = if self.catalog.join_removed(row.id, removed)? {
            "you removed this here; it is not brought back by itself, and what came of it before stays"
        } else {
            "you removed this here; it is not brought back by itself"
        };
        if let Some(entry) = arrival.entry {
            self.catalog.settle_entry(run, entry, Ended::Refused, Some(why))?;
        } else {
            let skipped =
                RunEntry { what: EntryKind::Skipped, item: Some(removed), path: row.path.as_deref(), reason: Some(why) };
            self.catalog.add_entry(run, &skipped)?;
        }
        remove_temporary(&arrival.temp)?;
        let (item, path) = (removed, row.path.clone().unwrap_or_default());
        Ok(Some(Placed { file: row.id, item, path, size: arrival.size, how: PlacedAs::SamePhoto }))
    }

    /// What a person's folder has of a file that was lost or damaged here takes that file's place, under its name.
    pub(crate) fn brought_back(&self, run: i64, mut arrival: Arrival, row: FileRow) -> Result<(Arrival, FileRow)> {
        if row.state != FileState::Wanted || !self.catalog.is_of_a_folder(row.id)? {
            return Ok((arrival, row));
        }
        let Some(lost) = self.catalog.lost_with_hash(&arrival.hash)?.filter(|lost| lost.id != row.id) else {
            return Ok((arrival, row));
        };
        if !self.becomes(&mut arrival, lost.id)? {
            return Ok((arrival, row));
        }
        self.catalog.same_bytes_as(run, row.id, lost.id)?;
        let row = self.catalog.file(lost.id)?.unwrap_or(lost);
        Ok((arrival, row))
    }

    /// The original of a photo that came by another route as a rendition takes its place and its name
    /// (design section 6): the file that is placed is then the rendition's.
    pub(crate) fn recognised(&self, mut arrival: Arrival, row: FileRow) -> Result<(Arrival, FileRow)> {
        let by_hand = arrival.entry.is_some() || self.catalog.is_of_a_folder(row.id)?;
        let (true, Some(pixels), FileState::Wanted) = (by_hand, arrival.pixels, row.state) else {
            return Ok((arrival, row));
        };
        let Some(rendition) = self.catalog.rendition_of(row.id, pixels, Some(&arrival.hash))? else { return Ok((arrival, row)) };
        if !self.becomes(&mut arrival, rendition)? {
            return Ok((arrival, row));
        }
        self.catalog.replace_rendition(row.id, rendition)?;
        let row = self.catalog.file(rendition)?.unwrap_or(row);
        Ok((arrival, row))
    }

    /// Makes an arrival that of another file; `false` where its temporary file cannot take that one's name.
    fn becomes(&self, arrival: &mut Arrival, file: i64) -> Result<bool> {
        let temp = self.temporary(file);
        // What an interrupted download left is of no use any more.
        self.catalog.drop_partial(file)?;
        remove_temporary(&temp)?;
        if rename_new(&arrival.temp, &temp).is_err() {
            return Ok(false);
        }
        (arrival.file, arrival.temp) = (file, temp);
        Ok(true)
    }
}
