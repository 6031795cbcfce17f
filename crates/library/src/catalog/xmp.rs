//! What goes into XMP files, and which of them Photokeep wrote.

use photokeep_model::{CaptureTime, ItemId, Result};
use rusqlite::params;

use super::{Catalog, catalog_error, taken_from};

/// A stored file of an item that Takeout told about, with what there is to tell.
#[derive(Debug, Clone)]
pub struct XmpSubject {
    /// The file.
    pub file: i64,
    /// Its path below the library.
    pub path: String,
    /// When the item was taken.
    pub taken: Option<CaptureTime>,
    /// Whether `taken` is only the clock of a camera, of which nobody told the zone.
    pub clock_only: bool,
    /// The caption.
    pub description: Option<String>,
    /// Names of people.
    pub people: Vec<String>,
    /// Titles of its albums.
    pub albums: Vec<String>,
    /// Whether it is a favourite.
    pub favorite: bool,
    /// Degrees north and east, metres above the sea.
    pub place: Option<(f64, f64, Option<f64>)>,
    /// The XMP file that was written before: its path and its BLAKE3.
    pub written: Option<(String, [u8; 32])>,
}

impl Catalog {
    /// Pictures and films, no moving parts, after the file `after`, in order; all, or those an XMP file was written for.
    pub fn xmp_subjects(&self, after: i64, limit: u32, only_written: bool) -> Result<Vec<XmpSubject>> {
        let mut subjects: Vec<(i64, XmpSubject)> = self
            .connection
            .prepare_cached(
                "SELECT i.id, f.id, f.path, i.taken_seconds, i.taken_nanos, i.taken_offset, i.description, i.people, i.favorite,
                     i.latitude, i.longitude, i.altitude, x.path, x.hash,
                     i.taken_offset IS NULL AND i.kind <> 'video' AND (coalesce(json_extract(i.date_conflict, '$.holds'), '') = 'file'
                         OR NOT EXISTS (SELECT 1 FROM sightings s WHERE s.item_id = i.id AND json_extract(s.metadata, '$.taken') IS NOT NULL))
                 FROM files f JOIN items i ON i.id = f.item_id LEFT JOIN xmp x ON x.file_id = f.id
                 WHERE f.id > ?1 AND (?3 = 0 OR x.file_id IS NOT NULL) AND f.state = 'stored' AND f.role <> 'motion' AND i.removed_at IS NULL
                     AND EXISTS (SELECT 1 FROM sightings s WHERE s.item_id = i.id AND s.source = 'takeout')
                 ORDER BY f.id LIMIT ?2",
            )
            .and_then(|mut statement| {
                statement
                    .query_map(params![after, limit, only_written], |row| {
                        let people: Option<String> = row.get(7)?;
                        let place: (Option<f64>, Option<f64>) = (row.get(9)?, row.get(10)?);
                        let altitude: Option<f64> = row.get(11)?;
                        let written: (Option<String>, Option<Vec<u8>>) = (row.get(12)?, row.get(13)?);
                        let hash = written.1.and_then(|hash| hash.try_into().ok());
                        Ok((
                            row.get(0)?,
                            XmpSubject {
                                file: row.get(1)?,
                                path: row.get(2)?,
                                taken: taken_from(row, 3)?,
                                clock_only: row.get(14)?,
                                description: row.get(6)?,
                                people: people.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
                                albums: Vec::new(),
                                favorite: row.get::<_, Option<bool>>(8)?.unwrap_or(false),
                                place: place.0.zip(place.1).map(|(latitude, longitude)| (latitude, longitude, altitude)),
                                written: written.0.zip(hash),
                            },
                        ))
                    })?
                    .collect()
            })
            .map_err(catalog_error)?;
        for (item, subject) in &mut subjects {
            subject.albums = self.album_titles(ItemId(*item))?;
        }
        Ok(subjects.into_iter().map(|(_, subject)| subject).collect())
    }

    fn album_titles(&self, item: ItemId) -> Result<Vec<String>> {
        self.connection
            .prepare_cached(
                "SELECT DISTINCT a.title FROM album_items m JOIN albums a ON a.id = m.album_id
                 WHERE m.item_id = ?1 AND a.title IS NOT NULL AND a.gone_run IS NULL ORDER BY a.title",
            )
            .and_then(|mut statement| statement.query_map([item.0], |row| row.get(0))?.collect())
            .map_err(catalog_error)
    }

    /// Remembers that an XMP file was written.
    pub fn xmp_written(&self, file: i64, path: &str, hash: &[u8; 32]) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO xmp (file_id, path, hash) VALUES (?1, ?2, ?3)
                 ON CONFLICT (file_id) DO UPDATE SET path = excluded.path, hash = excluded.hash",
            )
            .and_then(|mut statement| statement.execute(params![file, path, &hash[..]]))
            .map_err(catalog_error)?;
        Ok(())
    }
}
