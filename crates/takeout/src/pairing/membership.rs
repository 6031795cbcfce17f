//! Sidecars without a file in an album folder: the item lies in its year folder (format notes, 3.7).
//!
//! Found by title and `photoTakenTime`, and by the address where both have one. Index numbers differ between folders and
//! play no part. One to one, or open.

use super::evidence::ItemKey;

/// An item that has a file, anywhere in the export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemEntry<'a> {
    /// What tells it apart.
    pub key: ItemKey<'a>,
    /// Whether it lies in a year folder; these are preferred.
    pub in_year_folder: bool,
}

/// Whose file a sidecar-only entry means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Membership {
    /// This item (a position in the list given).
    Item(usize),
    /// Several fit and nothing tells them apart (positions).
    Open(Vec<usize>),
    /// None fits; its part may be missing.
    NotHere,
}

fn title_and_time<'a>(item: &ItemEntry<'a>) -> (Option<&'a str>, Option<i64>) {
    (item.key.title, item.key.taken)
}

/// Finds items by what their sidecars say.
#[derive(Debug)]
pub struct Items<'a> {
    items: &'a [ItemEntry<'a>],
    /// Those with title and time, sorted by both: there are many, and most are asked for never.
    by_title: Vec<u32>,
}

impl<'a> Items<'a> {
    /// All items of an export that have a file.
    pub fn new(items: &'a [ItemEntry<'a>]) -> Self {
        let told = items.iter().zip(0..).filter(|(item, _)| item.key.title.is_some() && item.key.taken.is_some());
        let mut by_title: Vec<u32> = told.map(|(_, at)| at).collect();
        by_title.sort_by_key(|&at| title_and_time(&items[at as usize]));
        Self { items, by_title }
    }

    /// All items with this title and time, in their order.
    fn with(&self, title: &str, taken: i64) -> Vec<usize> {
        let wanted = (Some(title), Some(taken));
        let of = |at: &u32| title_and_time(&self.items[*at as usize]);
        let from = self.by_title.partition_point(|at| of(at) < wanted);
        self.by_title[from..].iter().take_while(|at| of(at) == wanted).map(|&at| at as usize).collect()
    }

    /// The item that a sidecar without a file means. Without title and time nothing is found, whatever else agrees.
    pub fn find(&self, sidecar: &ItemKey<'_>) -> Membership {
        let (Some(title), Some(taken)) = (sidecar.title, sidecar.taken) else { return Membership::NotHere };
        let all = self.with(title, taken);
        let url_of = |at: usize| self.items[at].key.url;
        let possible: Vec<usize> = match sidecar.url {
            None => all,
            Some(url) => {
                let same: Vec<usize> = all.iter().copied().filter(|&at| url_of(at) == Some(url)).collect();
                // It is not proved that an item has the same address in each folder: another address rules nothing out as
                // long as there is only one item of that title and second.
                if same.is_empty() { all } else { same }
            }
        };
        let in_year: Vec<usize> = possible.iter().copied().filter(|&at| self.items[at].in_year_folder).collect();
        match (in_year.as_slice(), possible.as_slice()) {
            ([one], _) | ([], [one]) => Membership::Item(*one),
            ([], []) => Membership::NotHere,
            ([], several) | (several, _) => Membership::Open(several.to_vec()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item<'a>(title: &'a str, taken: i64, url: Option<&'a str>, in_year_folder: bool) -> ItemEntry<'a> {
        let key = ItemKey { title: Some(title), taken: Some(taken), url };
        ItemEntry { key, in_year_folder }
    }

    #[test]
    fn the_year_folders_item_is_found_by_title_and_time() {
        let items = [
            item("a.jpg", 1, Some("u1"), true),
            item("a.jpg", 1, Some("u1"), false),
            item("a.jpg", 2, Some("u2"), true),
            item("b.jpg", 1, Some("u3"), true),
            item("b.jpg", 1, Some("u4"), true),
            item("c.jpg", 1, None, false),
        ];
        let found = |title, taken, url| Items::new(&items).find(&item(title, taken, url, false).key);
        assert_eq!(found("a.jpg", 1, None), Membership::Item(0));
        assert_eq!(found("a.jpg", 1, Some("u1")), Membership::Item(0));
        assert_eq!(found("a.jpg", 1, Some("another")), Membership::Item(0), "an address may differ between folders");
        assert_eq!(found("a.jpg", 3, Some("u1")), Membership::NotHere);
        assert_eq!(found("b.jpg", 1, Some("u4")), Membership::Item(4));
        assert_eq!(found("b.jpg", 1, None), Membership::Open(vec![3, 4]));
        assert_eq!(found("b.jpg", 1, Some("u9")), Membership::Open(vec![3, 4]));
        assert_eq!(found("c.jpg", 1, None), Membership::Item(5), "an item that lies in albums only");
        assert_eq!(Items::new(&items).find(&ItemKey::default()), Membership::NotHere);
    }
}
