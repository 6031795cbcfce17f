//! Which albums an account has, and what is in them.

use super::account::{Account, Album, AlbumForm, Delivery, year_of};
use super::chance::Chance;
use super::spec::ExportSpec;

const TITLES: [&str; 14] = [
    "Toskana",
    "Weihnachten 2018",
    "Paris 2019",
    "Album test 6/10/23",
    "Tom's & Jerry's \"day\"",
    "日本の秋",
    "Mia: 7th birthday?",
    "Mostra d'arte contemporanea a Venezia con le amiche di scuola",
    // Cut at 50 characters, a space is left at the end of the folder's name.
    "Forty nine characters and then comes a blank, yes then more",
    "Отпуск 2014",
    "🎂🎉",
    "Metadata",
    "Archive",
    "CON",
];

/// Fills `account.albums` with `spec.albums` albums, those of the variants first.
pub(super) fn make(spec: &ExportSpec, account: &mut Account) {
    let mut chance = Chance::part(spec.seed, 0x616c_6275);
    let on = &spec.variants;
    let mut plans: Vec<(Option<String>, AlbumForm, bool)> = Vec::new();
    if on.others_items {
        plans.push((Some("Sommerfest (shared)".to_owned()), AlbumForm::Whole, true));
    }
    if on.same_title_albums {
        plans.extend([0, 1].map(|_| (Some("Summer holiday".to_owned()), AlbumForm::Whole, false)));
    }
    if on.sidecar_only_albums {
        plans.push((Some("Best of".to_owned()), AlbumForm::SidecarsOnly, false));
    }
    if on.untitled_albums {
        plans.extend([0, 1].map(|_| (None, AlbumForm::Whole, true)));
    }
    if on.missing_album_files {
        plans.push((Some("Nobody's title".to_owned()), AlbumForm::NoFile, false));
    }
    // A user's album that is called like a year folder.
    plans.push((Some(format!("Photos from {}", spec.first_year)), AlbumForm::Whole, false));
    while plans.len() < spec.albums {
        let round = plans.len() / TITLES.len();
        let title = chance.pick(&TITLES);
        // Titles repeat only where that is asked for.
        let title = if round == 0 && !plans.iter().any(|(known, ..)| known.as_deref() == Some(title)) {
            title.to_owned()
        } else {
            format!("{title} {}", plans.len())
        };
        plans.push((Some(title), AlbumForm::Whole, chance.happens(0.2)));
    }
    plans.truncate(spec.albums);
    let own: Vec<u32> = account.items.iter().filter(|item| fits(item)).map(|item| item.number).collect();
    let others: Vec<u32> = account.items.iter().filter(|item| !item.own).map(|item| item.number).collect();
    for (index, (title, form, shared)) in plans.into_iter().enumerate() {
        let mut items = Vec::new();
        // A run of neighbours: scenes stay together, so their collisions happen in albums too.
        let length = (own.len() / spec.albums.max(4)).clamp(1, 400);
        let start = chance.below(own.len().saturating_sub(length) + 1);
        items.extend(own.iter().skip(start).take(length).filter(|_| chance.happens(0.8)).copied());
        if index == 0 && on.others_items {
            items.extend(&others);
        }
        items.sort_unstable();
        items.dedup();
        account.albums.push(Album { number: index as u32, title, form, shared, items });
    }
    // Others' items are in albums only: without one they are not in the export at all.
    if account.albums.is_empty() || !on.others_items {
        for item in &mut account.items {
            item.own = true;
        }
    }
}

/// Adds `count` albums of the items from `before` on.
pub(super) fn add(account: &mut Account, before: usize, count: usize, export: usize) {
    let new: Vec<u32> = account.items.iter().skip(before).map(|item| item.number).collect();
    if new.is_empty() {
        return;
    }
    for nth in 0..count {
        let items: Vec<u32> = new.iter().skip(nth).step_by(count.max(2)).copied().collect();
        let year = items.first().and_then(|&item| account.items.get(item as usize)).map_or(2026, |item| year_of(item.created));
        let title = Some(format!("New in export {export} of {year}, {}", nth + 1));
        let number = account.albums.len() as u32;
        account.albums.push(Album { number, title, form: AlbumForm::Whole, shared: false, items });
        // New pictures go into old albums as well.
        if let Some(album) = account.albums.first_mut() {
            album.items.extend(new.iter().take(2));
            album.items.sort_unstable();
            album.items.dedup();
        }
    }
}

fn fits(item: &super::account::Item) -> bool {
    // The trash is in no album.
    item.own && !item.trashed && item.delivery != Delivery::BrokenSidecar
}
