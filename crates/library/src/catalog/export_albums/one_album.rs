//! One album by two routes: the API shows it with an id and an order, an export has it as a folder.
//!
//! Neither tells the other's key, and titles alone never make two albums one. Their members do: once the photos of both
//! routes are known to be one (`one_photo.rs`), albums of one title are held against each other by the photos that both
//! routes have. The one album is the API's from then on, and its folders in exports lead to it (`album_folders`).

use std::collections::HashSet;

use photokeep_model::{ItemId, Result};
use rusqlite::params;

use crate::catalog::{Catalog, catalog_error};

/// An album of the API and one of Takeout with the same title, or both without one, and how many photos are in both.
struct Pair {
    by_api: i64,
    by_takeout: i64,
    shared: u64,
}

impl Catalog {
    /// Albums of both routes that are the same become one. To be called when a run's files are stored, before its links are
    /// made. Returns how many albums are fewer now.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn unite_albums(&self) -> Result<u64> {
        let pairs = self.same_titled_albums()?;
        self.transaction(|catalog| {
            let mut united = catalog.drop_empty_doubles()?;
            for pair in &pairs {
                if is_best(pair, &pairs) && catalog.holds_most(pair)? {
                    catalog.unite(pair)?;
                    united += 1;
                }
            }
            Ok(united)
        })
    }

    /// An album of Takeout without a single item goes where the API shows one of its title: it is not known to be the same, but
    /// it says nothing. Should it get items, the next import brings it again.
    fn drop_empty_doubles(&self) -> Result<u64> {
        let doubles: Vec<i64> = self
            .connection
            .prepare_cached(
                "SELECT id FROM albums WHERE source = 'takeout' AND id NOT IN (SELECT album_id FROM album_items)
                     AND id NOT IN (SELECT album_id FROM links)",
            )
            .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect())
            .map_err(catalog_error)?;
        let mut dropped = 0;
        for album in doubles {
            let title: Option<String> = self
                .connection
                .query_row("SELECT title FROM albums WHERE id = ?1", [album], |row| row.get(0))
                .map_err(catalog_error)?;
            if !self.is_shown_by_the_api(title.as_deref())? {
                continue;
            }
            for statement in [
                "DELETE FROM album_folders WHERE album_id = ?1",
                "DELETE FROM temp.seen_albums WHERE album_id = ?1",
                "DELETE FROM albums WHERE id = ?1",
            ] {
                self.connection.execute(statement, [album]).map_err(catalog_error)?;
            }
            dropped += 1;
        }
        Ok(dropped)
    }

    /// Whether the API shows an album of this title.
    pub(super) fn is_shown_by_the_api(&self, title: Option<&str>) -> Result<bool> {
        self.connection
            .prepare_cached("SELECT 1 FROM albums WHERE source = 'library-api' AND gone_run IS NULL AND coalesce(title, '') = coalesce(?1, '')")
            .and_then(|mut statement| statement.exists([title]))
            .map_err(catalog_error)
    }

    /// Albums that neither route has given up, with at least one photo in both. One export tells its albums apart.
    fn same_titled_albums(&self) -> Result<Vec<Pair>> {
        self.connection
            .prepare_cached(
                "SELECT a.id, t.id, count(DISTINCT m.item_id)
                 FROM albums a CROSS JOIN album_items m ON m.album_id = a.id CROSS JOIN album_items o ON o.item_id = m.item_id
                     CROSS JOIN albums t ON t.id = o.album_id
                 WHERE a.source = 'library-api' AND a.gone_run IS NULL
                     AND t.source = 'takeout' AND t.gone_run IS NULL AND coalesce(t.title, '') = coalesce(a.title, '')
                     AND EXISTS (SELECT 1 FROM album_folders)
                     AND NOT EXISTS (SELECT 1 FROM album_folders x JOIN album_folders y ON y.export_id = x.export_id
                         WHERE x.album_id = a.id AND y.album_id = t.id)
                 GROUP BY a.id, t.id",
            )
            .and_then(|mut statement| {
                let pair =
                    |row: &rusqlite::Row<'_>| Ok(Pair { by_api: row.get(0)?, by_takeout: row.get(1)?, shared: row.get(2)? });
                statement.query_map([], pair)?.collect()
            })
            .map_err(catalog_error)
    }

    /// Whether the shared photos are more than half of those that could be: of each album only what the other route knows
    /// at all counts, and of the two the smaller number.
    fn holds_most(&self, pair: &Pair) -> Result<bool> {
        let known = |album: i64, to: &str| -> Result<u64> {
            self.connection
                .prepare_cached(
                    "SELECT count(DISTINCT m.item_id) FROM album_items m WHERE m.album_id = ?1
                         AND EXISTS (SELECT 1 FROM sightings s WHERE s.item_id = m.item_id AND s.source = ?2)",
                )
                .and_then(|mut statement| statement.query_row(params![album, to], |row| row.get(0)))
                .map_err(catalog_error)
        };
        let of_both = known(pair.by_api, "takeout")?.min(known(pair.by_takeout, "library-api")?);
        Ok(pair.shared * 2 > of_both)
    }

    /// The album that has a folder stays, of two the older one, so that its links stay; it is the API's from now on. Links of
    /// the other one become its own and are removed as superfluous when links are next brought up to date.
    fn unite(&self, pair: &Pair) -> Result<()> {
        let Pair { by_api, by_takeout, .. } = *pair;
        let mut members = self.album_item_ids(by_api)?;
        let listed: HashSet<i64> = members.iter().copied().collect();
        members.extend(self.album_item_ids(by_takeout)?.into_iter().filter(|item| !listed.contains(item)));
        let members: Vec<ItemId> = members.into_iter().map(ItemId).collect();
        type Row = (String, bool, bool, Option<String>);
        let (key, own, shared, product_url): Row = self
            .connection
            .query_row("SELECT key, own, shared, product_url FROM albums WHERE id = ?1", [by_api], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .map_err(catalog_error)?;
        let stays: i64 = self
            .connection
            .query_row(
                "SELECT id FROM albums WHERE id IN (?1, ?2) ORDER BY folder IS NULL, id LIMIT 1",
                [by_api, by_takeout],
                |row| row.get(0),
            )
            .map_err(catalog_error)?;
        let goes = if stays == by_api { by_takeout } else { by_api };
        for statement in [
            "UPDATE album_folders SET album_id = ?2 WHERE album_id = ?1",
            "UPDATE links SET album_id = ?2 WHERE album_id = ?1",
            "INSERT OR IGNORE INTO temp.seen_albums SELECT ?2 WHERE ?1 IN (SELECT album_id FROM temp.seen_albums)",
        ] {
            self.connection.execute(statement, [goes, stays]).map_err(catalog_error)?;
        }
        for statement in [
            "DELETE FROM temp.seen_albums WHERE album_id = ?1",
            "DELETE FROM album_items WHERE album_id = ?1",
            "DELETE FROM albums WHERE id = ?1",
        ] {
            self.connection.execute(statement, [goes]).map_err(catalog_error)?;
        }
        self.connection
            .execute(
                "UPDATE albums SET source = 'library-api', key = ?2, own = ?3, shared = ?4, product_url = ?5 WHERE id = ?1",
                params![stays, key, own, shared, product_url],
            )
            .map_err(catalog_error)?;
        self.write_album_items(stays, &members).map(|_| ())
    }

    /// Whether an album of an export is led by another source: that one says what it is called and what stands first.
    pub(super) fn is_led_by_another(&self, album: i64) -> Result<bool> {
        self.connection
            .prepare_cached("SELECT 1 FROM albums WHERE id = ?1 AND source <> 'takeout'")
            .and_then(|mut statement| statement.exists([album]))
            .map_err(catalog_error)
    }

    /// Members that Takeout has in an album of another source, in their order, but for those that are `listed`.
    pub(in crate::catalog) fn members_by_takeout(&self, album: i64, listed: &[ItemId]) -> Result<Vec<ItemId>> {
        let folders: Vec<(i64, String)> = self
            .connection
            .prepare_cached("SELECT export_id, folder FROM album_folders WHERE album_id = ?1")
            .and_then(|mut statement| statement.query_map([album], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .map_err(catalog_error)?;
        if folders.is_empty() {
            return Ok(Vec::new());
        }
        let mut done: HashSet<i64> = listed.iter().map(|item| item.0).collect();
        let mut members = Vec::new();
        for item in self.album_item_ids(album)? {
            // What no other source knows can have been put there by Takeout only.
            if done.insert(item) && (!self.is_known_elsewhere(item)? || self.lies_in(item, &folders)?) {
                members.push(ItemId(item));
            }
        }
        Ok(members)
    }

    /// Whether a file or a sidecar of an item lies in one of these folders of exports.
    fn lies_in(&self, item: i64, folders: &[(i64, String)]) -> Result<bool> {
        let entries: Vec<(i64, String)> = self
            .connection
            .prepare_cached(
                "SELECT p.export_id, e.path FROM files f JOIN entries e ON e.file_id = f.id JOIN parts p ON p.id = e.part_id
                 WHERE f.item_id = ?1
                 UNION ALL
                 SELECT p.export_id, e.path FROM sidecars s JOIN entries e ON e.part_id = s.part_id AND e.entry = s.entry
                     JOIN parts p ON p.id = e.part_id
                 WHERE s.item_id = ?1",
            )
            .and_then(|mut statement| statement.query_map([item], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .map_err(catalog_error)?;
        Ok(entries.iter().any(|(export, path)| folders.iter().any(|(of, folder)| of == export && is_in(path, folder))))
    }
}

/// Whether no other pair of one of these albums has as many photos in both.
fn is_best(pair: &Pair, pairs: &[Pair]) -> bool {
    pairs.iter().all(|other| {
        let same = other.by_api == pair.by_api && other.by_takeout == pair.by_takeout;
        let rival = other.by_api == pair.by_api || other.by_takeout == pair.by_takeout;
        same || !rival || other.shared < pair.shared
    })
}

/// Whether an entry lies in a folder below the photos folder, whatever that is called.
fn is_in(path: &str, folder: &str) -> bool {
    let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
    parent.strip_suffix(folder).is_some_and(|above| above.is_empty() || above.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(by_api: i64, by_takeout: i64, shared: u64) -> Pair {
        Pair { by_api, by_takeout, shared }
    }

    #[test]
    fn only_the_one_best_pair_of_two_albums_counts() {
        let clear = [pair(1, 11, 5), pair(1, 12, 4), pair(2, 12, 9)];
        assert_eq!(clear.iter().map(|pair| is_best(pair, &clear)).collect::<Vec<_>>(), [true, false, true]);
        let open = [pair(1, 11, 5), pair(1, 12, 5)];
        assert!(!open.iter().any(|pair| is_best(pair, &open)));
    }

    #[test]
    fn an_entry_is_known_by_its_folder() {
        assert!(is_in("Google Fotos/Toskana/a.jpg", "Toskana"));
        assert!(is_in("Toskana/a.jpg", "Toskana"));
        assert!(!is_in("Google Fotos/In der Toskana/a.jpg", "Toskana"));
        assert!(!is_in("Google Fotos/Toskana/2019/a.jpg", "Toskana"));
    }
}
