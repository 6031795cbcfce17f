//! How large a photo is: its size in pixels is its original's, in whatever order original, edited copy and moving part come.
//! (A photo by two routes is recognised by it among other things.)

use photokeep_model::{FileRole, ItemId, Result};
use rusqlite::params;

use super::{Catalog, catalog_error};

impl Catalog {
    /// Takes over the size of the picture that a file's bytes show.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn learn_pixels(&self, file: i64, pixels: (u32, u32)) -> Result<()> {
        let (item, role): (i64, String) = self
            .connection
            .prepare_cached("SELECT item_id, role FROM files WHERE id = ?1")
            .and_then(|mut statement| statement.query_row([file], |row| Ok((row.get(0)?, row.get(1)?))))
            .map_err(catalog_error)?;
        self.learn_pixels_of(ItemId(item), &role, pixels)
    }

    /// The same for a file of this role: an original's size holds, an edited copy's or a rendition's while no other is known, and a moving
    /// part's never. A size that only lies on its side is no other.
    pub(crate) fn learn_pixels_of(&self, item: ItemId, role: &str, (width, height): (u32, u32)) -> Result<()> {
        if role == FileRole::Motion.as_str() {
            return Ok(());
        }
        self.connection
            .prepare_cached(
                "UPDATE items SET width = ?2, height = ?3 WHERE id = ?1 AND (width IS NULL OR height IS NULL
                     OR ?4 AND (min(width, height) <> min(?2, ?3) OR max(width, height) <> max(?2, ?3)))",
            )
            .and_then(|mut statement| statement.execute(params![item.0, width, height, role == FileRole::Original.as_str()]))
            .map_err(catalog_error)?;
        Ok(())
    }

    /// What is known of the size of one item, told by a file of this role, is of another item from now on.
    pub(super) fn move_pixels(&self, from: ItemId, into: ItemId, role: &str) -> Result<()> {
        let known: (Option<u32>, Option<u32>) = self
            .connection
            .prepare_cached("SELECT width, height FROM items WHERE id = ?1")
            .and_then(|mut statement| statement.query_row([from.0], |row| Ok((row.get(0)?, row.get(1)?))))
            .map_err(catalog_error)?;
        known.0.zip(known.1).map_or(Ok(()), |pixels| self.learn_pixels_of(into, role, pixels))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const ROLES: [(&str, (u32, u32)); 4] =
        [("original", (4000, 3000)), ("edited", (2000, 2000)), ("motion", (1920, 1080)), ("rendition", (1600, 1200))];

    /// A catalog with one item for each of these files.
    fn with_items(files: &[usize]) -> Catalog {
        let catalog = Catalog::in_memory().unwrap();
        for (number, at) in (1_i64..).zip(files) {
            let sql = "INSERT INTO items (id, title, kind, first_run) VALUES (?1, 'a.jpg', 'photo', 1)";
            catalog.connection.execute(sql, [number]).unwrap();
            let sql = "INSERT INTO files (id, item_id, role, source, state) VALUES (?1, ?1, ?2, 'takeout', 'stored')";
            catalog.connection.execute(sql, params![number, ROLES[*at].0]).unwrap();
        }
        catalog
    }

    fn size(catalog: &Catalog, item: i64) -> Option<(u32, u32)> {
        let sql = "SELECT width, height FROM items WHERE id = ?1";
        let told: (Option<u32>, Option<u32>) =
            catalog.connection.query_row(sql, [item], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        told.0.zip(told.1)
    }

    /// Every order of the numbers below `of`.
    fn orders(of: usize) -> Vec<Vec<usize>> {
        if of == 0 {
            return vec![Vec::new()];
        }
        let longer = |order: Vec<usize>| {
            (0..of).map(move |place| [&order[..place], &[of - 1], &order[place..]].concat()).collect::<Vec<_>>()
        };
        orders(of - 1).into_iter().flat_map(longer).collect()
    }

    #[test]
    fn a_photo_is_as_large_as_its_original_in_whatever_order_its_parts_come() {
        for order in orders(ROLES.len()) {
            // One by one into one item.
            let catalog = with_items(&order);
            catalog.connection.execute("UPDATE files SET item_id = 1", []).unwrap();
            for (file, at) in (1..).zip(&order) {
                catalog.learn_pixels(file, ROLES[*at].1).unwrap();
            }
            assert_eq!(size(&catalog, 1), Some((4000, 3000)), "{order:?}");
            // Each known by itself at first, then told to be of one item that nothing came of yet.
            let catalog = with_items(&order);
            catalog
                .connection
                .execute("INSERT INTO items (id, title, kind, first_run) VALUES (9, 'a.jpg', 'photo', 1)", [])
                .unwrap();
            for (file, at) in (1..).zip(&order) {
                catalog.learn_pixels_of(ItemId(file), "original", ROLES[*at].1).unwrap();
                catalog.move_mentions(ItemId(file), ItemId(9), ROLES[*at].0).unwrap();
            }
            assert_eq!(size(&catalog, 9), Some((4000, 3000)), "{order:?}");
        }
    }

    #[test]
    fn without_its_original_it_is_as_large_as_the_first_picture_and_never_as_the_film() {
        let catalog = with_items(&[2, 1]);
        catalog.connection.execute("UPDATE files SET item_id = 1", []).unwrap();
        catalog.learn_pixels(1, (1920, 1080)).unwrap();
        assert_eq!(size(&catalog, 1), None);
        catalog.learn_pixels(2, (2000, 2000)).unwrap();
        assert_eq!(size(&catalog, 1), Some((2000, 2000)));
    }

    #[test]
    fn a_size_on_its_side_is_no_other() {
        let catalog = with_items(&[0]);
        catalog.learn_pixels(1, (3000, 4000)).unwrap();
        catalog.learn_pixels(1, (4000, 3000)).unwrap();
        assert_eq!(size(&catalog, 1), Some((3000, 4000)));
    }
}
