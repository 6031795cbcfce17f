//! Albums as a window shows them: how much of each is here, from when, and which picture stands for it.

use std::collections::HashMap;

use photokeep_model::Result;
use rusqlite::OptionalExtension;

use super::Catalog;

/// An album with what is here of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlbumShown {
    /// Its number.
    pub id: i64,
    /// Title; may be absent, repeated or hostile.
    pub title: Option<String>,
    /// Items of it that are here, each counted once.
    pub count: u64,
    /// What stands for it; `None` while nothing of it is here.
    pub cover: Option<Cover>,
    /// Among the shared albums.
    pub shared: bool,
    /// Among the user's own albums.
    pub own: bool,
    /// No longer at the source; what was in it is still here.
    pub gone: bool,
    /// When the oldest dated item that is here was taken (seconds of its local clock).
    pub first_taken: Option<i64>,
    /// When the newest dated item that is here was taken (seconds of its local clock).
    pub last_taken: Option<i64>,
}

/// The picture that stands for an album: the first still picture in album order, or the first item when there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// Its file.
    pub file: i64,
    /// Type by content.
    pub mime_type: Option<String>,
}

/// Every member of every album that is here, ordered as the index has them: nothing is sorted.
const MEMBERS: &str = "SELECT a.item_id, a.album_id, a.position, s.file_id, s.still, s.taken
     FROM album_items a INDEXED BY album_items_item CROSS JOIN shown s ON s.item_id = a.item_id
     ORDER BY a.item_id, a.album_id, a.position";

/// What is found out about an album while its members go by.
#[derive(Debug, Default)]
struct Tally {
    count: u64,
    /// What the cover is chosen by (smallest first: a still picture, then the position), and its file.
    cover: Option<((bool, i64), i64)>,
    first_taken: Option<i64>,
    last_taken: Option<i64>,
}

impl Tally {
    fn add(&mut self, position: i64, file: i64, still: bool, taken: Option<i64>) {
        self.count += 1;
        let rank = (!still, position);
        if self.cover.is_none_or(|(best, _)| rank < best) {
            self.cover = Some((rank, file));
        }
        if let Some(taken) = taken {
            self.first_taken = Some(self.first_taken.map_or(taken, |first| first.min(taken)));
            self.last_taken = Some(self.last_taken.map_or(taken, |last| last.max(taken)));
        }
    }
}

impl Catalog {
    /// Every album at the source, and those gone from there of which something is here; the one with the newest photo
    /// first, those without any date last.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn albums_shown(&self) -> Result<Vec<AlbumShown>> {
        let read = || -> rusqlite::Result<Vec<AlbumShown>> {
            let mut tallies = self.album_tallies()?;
            let mut types = self.connection.prepare_cached("SELECT mime_type FROM files WHERE id = ?1")?;
            let mut albums = Vec::new();
            let mut statement =
                self.connection.prepare_cached("SELECT id, title, shared, own, gone_run IS NOT NULL FROM albums")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let (id, gone) = (row.get(0)?, row.get(4)?);
                let tally: Tally = tallies.remove(&id).unwrap_or_default();
                if gone && tally.count == 0 {
                    continue;
                }
                let cover = match tally.cover {
                    // A run may have merged the file away since the tally was made.
                    Some((_, file)) => {
                        types.query_row([file], |row| row.get(0)).optional()?.map(|mime_type| Cover { file, mime_type })
                    }
                    None => None,
                };
                albums.push(AlbumShown {
                    id,
                    title: row.get(1)?,
                    count: tally.count,
                    cover,
                    shared: row.get(2)?,
                    own: row.get(3)?,
                    gone,
                    first_taken: tally.first_taken,
                    last_taken: tally.last_taken,
                });
            }
            // `None` is the smallest, so it comes last.
            albums.sort_by_key(|album| (std::cmp::Reverse(album.last_taken), album.id));
            Ok(albums)
        };
        read().map_err(|error| self.browsing_error(error))
    }

    /// Goes over the members of all albums once, item by item: so both tables are read from their begin to their end, and
    /// an item that is in an album twice comes twice in a row, first place first. Holds one tally an album.
    fn album_tallies(&self) -> rusqlite::Result<HashMap<i64, Tally>> {
        let mut tallies: HashMap<i64, Tally> = HashMap::new();
        let mut statement = self.connection.prepare_cached(MEMBERS)?;
        let mut rows = statement.query([])?;
        let mut before = None;
        while let Some(row) = rows.next()? {
            let (item, album): (i64, i64) = (row.get(0)?, row.get(1)?);
            if before.replace((item, album)) != Some((item, album)) {
                tallies.entry(album).or_default().add(row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?);
            }
        }
        Ok(tallies)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn members_are_read_in_the_order_they_lie() {
        let catalog = Catalog::in_memory().unwrap();
        let mut statement = catalog.connection.prepare(&format!("EXPLAIN QUERY PLAN {MEMBERS}")).unwrap();
        let steps: Vec<String> = statement.query_map([], |row| row.get(3)).unwrap().collect::<rusqlite::Result<_>>().unwrap();
        assert_eq!(steps, ["SCAN a USING COVERING INDEX album_items_item", "SEARCH s USING INTEGER PRIMARY KEY (rowid=?)"]);
    }

    #[test]
    fn a_still_picture_stands_for_an_album_before_an_earlier_film() {
        let mut tally = Tally::default();
        tally.add(7, 70, true, Some(5));
        tally.add(3, 30, false, None);
        assert_eq!(tally.cover.unwrap().1, 70);
        tally.add(5, 50, true, Some(-5));
        assert_eq!(tally.cover.unwrap().1, 50);
        assert_eq!((tally.count, tally.first_taken, tally.last_taken), (3, Some(-5), Some(5)));
    }
}
