//! What a [`Layout`] makes of items and albums: the names tried for a file, album entries. Folders are in
//! [`places`](super::places).
//!
//! Pure functions from what is known of an item or album to paths relative to the library, with `/`. Names come cleaned from
//! [`NameRules`]; which name of the [`candidates`] is free is the catalog's business (compare by [`NameRules::collision_key`]).

use photokeep_model::{CaptureTime, Layout};

use super::names::NameRules;

/// The names to try for a file, best first, without end and without repeats: take the first that is free.
///
/// `name` is cleaned; `key` is the item's id at its source. `next_number` is for the gphotos-sync presets only, which number by
/// "highest number so far plus one" (`predecessors.md` 1.5, step 4): 0 when no item of that folder and name has a number yet, else
/// the highest plus one. Number 0 is the plain name, number n is ` (n+1)`. The other layouts begin with the plain name.
///
/// gphotosync tries its own suffix second; what is still taken then gets ` (n)` as well (design section 11).
pub fn candidates<'a>(
    rules: &'a NameRules,
    name: &'a str,
    key: &str,
    taken: Option<CaptureTime>,
    next_number: u32,
) -> impl Iterator<Item = String> + use<'a> {
    let (first, second) = match rules.layout() {
        Layout::Photokeep => (Some(name.to_owned()), None),
        Layout::GphotosSync | Layout::GphotosSyncFlat => ((next_number == 0).then(|| name.to_owned()), None),
        Layout::Gphotosync => (Some(name.to_owned()), taken.map(|taken| rules.gphotosync_suffix_unixhex(name, taken))),
        Layout::GphotosyncId => (Some(name.to_owned()), (!key.is_empty()).then(|| rules.gphotosync_suffix_id(name, key))),
        Layout::RcloneByMonth | Layout::RcloneByYear | Layout::RcloneByDay | Layout::RcloneAll => {
            (Some(name.to_owned()), (!key.is_empty()).then(|| rules.rclone_suffix(name, key)))
        }
    };
    let lowest = match rules.layout() {
        Layout::GphotosSync | Layout::GphotosSyncFlat => next_number.saturating_add(1).max(2),
        _ => 2,
    };
    // Shortening can lead back to a name already tried: "… (2)" cut for " (2)".
    let second = second.filter(|second| first.as_ref() != Some(second));
    let tried: Vec<String> = first.iter().chain(&second).cloned().collect();
    let numbered_from = second.clone().unwrap_or_else(|| name.to_owned());
    let numbered = (lowest..=u32::MAX).map(move |n| rules.numbered(&numbered_from, n)).filter(move |name| !tried.contains(name));
    first.into_iter().chain(second).chain(numbered)
}

/// The name of an album's entry: `NNNN_name`, counted from 0, with more digits when they are needed.
///
/// A name too long with its number is shortened before the extension (gphotos-sync cut the extension too, `predecessors.md` 1.5).
pub fn album_entry(rules: &NameRules, position: usize, file_name: &str) -> String {
    rules.with_suffix(&format!("{position:04}_{file_name}"), "")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use std::collections::{HashMap, HashSet};

    use super::super::facts::NameFacts;
    use super::*;
    use crate::target::places::Places;
    use photokeep_model::{LibraryOptions, MonthZone};
    use rstest::rstest;

    const ALL: [Layout; 9] = [
        Layout::Photokeep,
        Layout::GphotosSync,
        Layout::GphotosSyncFlat,
        Layout::Gphotosync,
        Layout::GphotosyncId,
        Layout::RcloneByMonth,
        Layout::RcloneByYear,
        Layout::RcloneByDay,
        Layout::RcloneAll,
    ];

    fn rules(layout: Layout) -> NameRules {
        NameRules::from_names(NameFacts::permissive(), layout)
    }

    fn time(text: &str) -> Option<CaptureTime> {
        Some(CaptureTime::parse_google(text).expect(text))
    }

    /// The places of a layout as it is.
    fn places(layout: Layout, month: MonthZone) -> Places {
        Places::new(&LibraryOptions { layout, month, ..LibraryOptions::default() })
    }

    fn month_folder(layout: Layout, zone: MonthZone, taken: Option<CaptureTime>) -> String {
        places(layout, zone).month_folder(taken)
    }

    fn album_folder(
        rules: &NameRules,
        zone: MonthZone,
        title: Option<&str>,
        shared: bool,
        latest: Option<CaptureTime>,
    ) -> String {
        places(rules.layout(), zone).album_folder(rules, title, shared, latest)
    }

    #[rstest]
    #[case(Layout::Photokeep, "photos/2023/09", "photos/0987/01", "photos/undated")]
    #[case(Layout::GphotosSync, "photos/2023/09", "photos/0987/01", "photos/undated")]
    #[case(Layout::GphotosSyncFlat, "photos/2023-09", "photos/0987-01", "photos/undated")]
    #[case(Layout::Gphotosync, "2023/09", "987/01", "undated")]
    #[case(Layout::GphotosyncId, "2023/09", "987/01", "undated")]
    #[case(Layout::RcloneByMonth, "media/by-month/2023/2023-09", "media/by-month/0987/0987-01", "media/by-month/undated")]
    #[case(Layout::RcloneByYear, "media/by-year/2023", "media/by-year/0987", "media/by-year/undated")]
    #[case(Layout::RcloneByDay, "media/by-day/2023/2023-09-25", "media/by-day/0987/0987-01-02", "media/by-day/undated")]
    #[case(Layout::RcloneAll, "media/all", "media/all", "media/all")]
    fn month_folders(#[case] layout: Layout, #[case] modern: &str, #[case] ancient: &str, #[case] undated: &str) {
        assert_eq!(month_folder(layout, MonthZone::Utc, time("2023-09-25T10:00:00Z")), modern);
        assert_eq!(month_folder(layout, MonthZone::Utc, time("0987-01-02T10:00:00Z")), ancient);
        assert_eq!(month_folder(layout, MonthZone::Utc, None), undated);
    }

    #[test]
    fn new_year_in_tokyo_is_december_in_utc() {
        let mut taken = time("2022-12-31T23:30:00Z").unwrap();
        taken.offset_seconds = Some(9 * 3600);
        assert_eq!(month_folder(Layout::Photokeep, MonthZone::Utc, Some(taken)), "photos/2022/12");
        assert_eq!(month_folder(Layout::Photokeep, MonthZone::Local, Some(taken)), "photos/2023/01");
        let album = |zone| album_folder(&rules(Layout::GphotosSync), zone, Some("T"), false, Some(taken));
        assert_eq!(album(MonthZone::Utc), "albums/2022/1231 T");
        assert_eq!(album(MonthZone::Local), "albums/2023/0101 T");
    }

    #[rstest]
    #[case(Layout::Photokeep, "albums/2023/09 Title", "albums/2023/09 Title", "albums/2023/09 Untitled", "albums/undated/Title")]
    #[case(
        Layout::GphotosSync,
        "albums/2023/0925 Title",
        "sharedAlbums/2023/0925 Title",
        "albums/2023/0925 none",
        "albums/undated/Title"
    )]
    #[case(
        Layout::GphotosSyncFlat,
        "albums/2023-0925 Title",
        "sharedAlbums/2023-0925 Title",
        "albums/2023-0925 none",
        "albums/undated Title"
    )]
    #[case(Layout::Gphotosync, "albums/2023/09 Title", "albums/2023/09 Title", "albums/2023/09 Untitled", "albums/undated/Title")]
    fn album_folders(
        #[case] layout: Layout,
        #[case] own: &str,
        #[case] shared: &str,
        #[case] untitled: &str,
        #[case] undated: &str,
    ) {
        let (rules, latest) = (rules(layout), time("2023-09-25T10:00:00Z"));
        assert_eq!(album_folder(&rules, MonthZone::Utc, Some("Title"), false, latest), own);
        assert_eq!(album_folder(&rules, MonthZone::Utc, Some("Title"), true, latest), shared);
        assert_eq!(album_folder(&rules, MonthZone::Utc, None, false, latest), untitled);
        assert_eq!(album_folder(&rules, MonthZone::Utc, Some("  "), false, latest), untitled);
        assert_eq!(album_folder(&rules, MonthZone::Utc, Some("Title"), false, None), undated);
    }

    #[test]
    fn a_title_cannot_leave_its_folder_or_outgrow_the_disk() {
        for layout in ALL {
            let rules = rules(layout);
            for title in ["../../etc", "a/b", "..", ".", "/", "\0", &"x".repeat(999), &"日".repeat(300)] {
                for latest in [None, time("2023-09-25T10:00:00Z")] {
                    let folder = album_folder(&rules, MonthZone::Utc, Some(title), false, latest);
                    let slashes = usize::from(layout != Layout::GphotosSyncFlat) + 1;
                    assert_eq!(folder.matches('/').count(), slashes, "{folder:?}");
                    let name = folder.rsplit('/').next().unwrap();
                    assert!(rules.accepts(name), "{folder:?}");
                    assert!(rules.accepts(&rules.numbered_folder(name, 99_999)), "{folder:?}");
                }
            }
        }
    }

    #[test]
    fn album_titles_keep_what_is_harmless_behind_the_date() {
        let (rules, latest) = (rules(Layout::Photokeep), time("2023-09-25T10:00:00Z"));
        assert_eq!(album_folder(&rules, MonthZone::Utc, Some(".NET Conf"), false, latest), "albums/2023/09 .NET Conf");
        assert_eq!(album_folder(&rules, MonthZone::Utc, Some("CON"), false, None), "albums/undated/CON_");
    }

    #[test]
    fn album_entries_are_numbered_from_zero() {
        let rules = rules(Layout::Photokeep);
        assert_eq!(album_entry(&rules, 0, "a.jpg"), "0000_a.jpg");
        assert_eq!(album_entry(&rules, 12_345, "a (2).jpg"), "12345_a (2).jpg");
        let long = album_entry(&rules, 7, &format!("{}.jpg", "x".repeat(251)));
        assert_eq!(long, format!("0007_{}.jpg", "x".repeat(246)));
    }

    /// Gives names as a library would: the first candidate that is free, numbers per folder and cleaned name.
    fn give(rules: &NameRules, items: &[(&str, &str, Option<CaptureTime>)]) -> Vec<String> {
        let (mut used, mut numbers) = (HashSet::new(), HashMap::<String, u32>::new());
        items
            .iter()
            .map(|(raw, key, taken)| {
                let name = rules.clean_file_name(raw, "jpg");
                let next = numbers.get(&name).copied().unwrap_or(0);
                numbers.insert(name.clone(), next + 1);
                candidates(rules, &name, key, *taken, next)
                    .find(|candidate| used.insert(rules.collision_key(candidate)))
                    .expect("endless")
            })
            .collect()
    }

    #[test]
    fn gphotos_sync_names_the_example_month_as_it_did() {
        // predecessors.md 1.5, the example at its end.
        let items = ["a.jpg", "a.jpg", "a (2).jpg", "a (7).jpg", "A.jpg"].map(|name| (name, "", None));
        assert_eq!(give(&rules(Layout::GphotosSync), &items), ["a.jpg", "a (2).jpg", "a (3).jpg", "a (4).jpg", "A.jpg"]);
        assert_eq!(give(&rules(Layout::GphotosSyncFlat), &items), ["a.jpg", "a (2).jpg", "a (3).jpg", "a (4).jpg", "A.jpg"]);
    }

    #[test]
    fn photokeep_keeps_remote_numbers() {
        let items = ["a.jpg", "a.jpg", "a (2).jpg", "a (7).jpg", "A.jpg"].map(|name| (name, "", None));
        assert_eq!(give(&rules(Layout::Photokeep), &items), ["a.jpg", "a (2).jpg", "a (2) (2).jpg", "a (7).jpg", "A.jpg"]);
        let windows = NameRules::from_names(NameFacts::windows(), Layout::Photokeep);
        assert_eq!(
            give(&windows, &items),
            ["a.jpg", "a (2).jpg", "a (2) (2).jpg", "a (7).jpg", "A (2).jpg"].map(|name| {
                // `A (2).jpg` is `a (2).jpg` there, so the next number is taken.
                name.replace("A (2)", "A (3)")
            })
        );
    }

    #[test]
    fn gphotosync_suffixes_and_then_numbers() {
        let first = time("2006-01-02T15:04:05Z");
        let items = [("a.jpg", "id-1", first), ("a.jpg", "id-2", first), ("a.jpg", "id-2", first), ("x:y?.jpg", "id", first)];
        // Never in a name under Windows, whatever a disk takes.
        let colon = if cfg!(windows) { "x_y?.jpg" } else { "x:y?.jpg" };
        assert_eq!(
            give(&rules(Layout::Gphotosync), &items),
            ["a.jpg", "a-gphotosync-fc4a4d5fdf6b200.jpg", "a-gphotosync-fc4a4d5fdf6b200 (2).jpg", colon]
        );
        assert_eq!(
            give(&rules(Layout::GphotosyncId), &items),
            ["a.jpg", "a-gphotosync-id-2.jpg", "a-gphotosync-id-2 (2).jpg", colon]
        );
        let undated = [("a.jpg", "", None), ("a.jpg", "", None)];
        assert_eq!(give(&rules(Layout::Gphotosync), &undated), ["a.jpg", "a (2).jpg"]);
    }

    #[test]
    fn a_shortened_candidate_never_repeats_the_plain_name() {
        let rules = NameRules::from_names(NameFacts::permissive(), Layout::GphotosSync);
        let name = format!("{} (2).jpg", "x".repeat(247));
        let names: Vec<_> = candidates(&rules, &name, "", None, 0).take(50).collect();
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), 50);
        assert_eq!(names[0], name);
        assert_eq!(names[1], format!("{} (3).jpg", "x".repeat(247)));
    }
}
