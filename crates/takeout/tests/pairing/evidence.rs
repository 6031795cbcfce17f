//! What names leave open is decided by the files, or stays open.

use std::cell::RefCell;
use std::collections::HashMap;

use photokeep_model::FileRole;
use photokeep_takeout::edited_words::EditedWords;
use photokeep_takeout::pairing::{
    Because, Evidence, Facts, Folder, ItemKey, Outcome, SidecarEntry, SidecarState, Tier, WhyOpen, pair,
};

#[derive(Default)]
struct Files {
    facts: HashMap<usize, Facts>,
    elsewhere: HashMap<usize, ItemKey<'static>>,
    asked: RefCell<Vec<usize>>,
}

impl Evidence for Files {
    fn embedded(&self, media: usize) -> Option<Facts> {
        self.asked.borrow_mut().push(media);
        self.facts.get(&media).cloned()
    }

    fn same_bytes_elsewhere(&self, media: usize) -> Option<ItemKey<'_>> {
        self.elsewhere.get(&media).copied()
    }
}

fn at(seconds: i64) -> Facts {
    Facts { local: chrono::DateTime::from_timestamp(seconds, 0).map(|time| time.naive_utc()), ..Facts::default() }
}

fn identifier(text: &str) -> Facts {
    Facts { content_id: Some(text.into()), ..Facts::default() }
}

const SCANS: [&str; 3] = ["Scan.jpg", "Scan(1).jpg", "Scan(1)(1).jpg"];

fn scans(files: &Files) -> Outcome {
    let sidecar = |name, title, taken| SidecarEntry { title: Some(title), taken: Some(taken), ..SidecarEntry::named(name) };
    let sidecars = [
        sidecar("Scan.jpg.json", "Scan.jpg", 100_000),
        sidecar("Scan(1).jpg.json", "Scan(1).jpg", 200_001),
        sidecar("Scan.jpg(1).json", "Scan.jpg", 300_002),
    ];
    pair(&Folder { media: &SCANS, sidecars: &sidecars }, &EditedWords::default(), files)
}

#[test]
fn dates_decide_if_one_assignment_fits() {
    let files = Files { facts: HashMap::from([(1, at(300_002 + 3600)), (2, at(200_001))]), ..Files::default() };
    let outcome = scans(&files);
    assert_eq!((outcome.media[1].sidecar, outcome.media[2].sidecar), (Some(2), Some(1)));
    assert_eq!((outcome.media[1].tier, &outcome.media[1].because[..]), (Tier::Evidence, &[Because::Date][..]));
    assert!(!files.asked.borrow().contains(&0), "a file that is certain by name is not looked into");
}

#[test]
fn one_known_file_is_enough_where_the_numbers_are_even() {
    let files = Files { facts: HashMap::from([(2, at(200_001))]), ..Files::default() };
    let outcome = scans(&files);
    assert_eq!((outcome.media[1].sidecar, outcome.media[2].sidecar), (Some(2), Some(1)));
    assert_eq!(outcome.media[1].because, [Because::OnlyOneLeft]);
}

#[test]
fn dates_that_fit_nothing_decide_nothing() {
    let files = Files { facts: HashMap::from([(1, at(77)), (2, at(78))]), ..Files::default() };
    let outcome = scans(&files);
    assert_eq!((outcome.media[1].sidecar, outcome.media[2].sidecar), (None, None));
    assert_eq!(outcome.open[0].why, WhyOpen::SeveralFit);
}

#[test]
fn the_same_bytes_in_another_folder_decide() {
    let key = |taken, title| ItemKey { taken: Some(taken), title: Some(title), url: None };
    let elsewhere = HashMap::from([(1, key(200_001, "Scan(1).jpg")), (2, key(300_002, "Scan.jpg"))]);
    let outcome = scans(&Files { elsewhere, ..Files::default() });
    assert_eq!((outcome.media[1].sidecar, outcome.media[2].sidecar), (Some(1), Some(2)));
    assert_eq!(outcome.media[1].because, [Because::SameBytesElsewhere]);
}

#[test]
fn content_identifiers_tell_moving_parts_apart() {
    let media = ["I.HEIC", "I.JPG", "I.MP4", "I(1).MP4"];
    let sidecars = [
        SidecarEntry { title: Some("I.HEIC"), ..SidecarEntry::named("I.HEIC.json") },
        SidecarEntry { title: Some("I.JPG"), ..SidecarEntry::named("I.JPG.json") },
    ];
    let of = |media: &[&str], facts: HashMap<usize, Facts>| {
        pair(&Folder { media, sidecars: &sidecars }, &EditedWords::default(), &Files { facts, ..Files::default() })
    };
    let facts = HashMap::from([(0, identifier("a")), (1, identifier("b")), (2, identifier("b")), (3, identifier("a"))]);
    let turned = of(&media, facts.clone());
    assert_eq!((turned.media[2].sidecar, turned.media[3].sidecar), (Some(1), Some(0)), "against the usual order");
    let one = of(&media[..3], facts);
    assert_eq!((one.media[2].sidecar, one.media[2].role), (Some(1), FileRole::Motion));
}

#[test]
fn a_moving_part_that_took_an_items_name_changes_places() {
    let media = ["I.HEIC", "I.MP4", "I(1).MP4"];
    let sidecars = [
        SidecarEntry { title: Some("I.HEIC"), ..SidecarEntry::named("I.HEIC.json") },
        SidecarEntry { title: Some("I.MP4"), ..SidecarEntry::named("I.MP4.json") },
    ];
    let facts = HashMap::from([(0, identifier("a")), (1, identifier("a"))]);
    let outcome =
        pair(&Folder { media: &media, sidecars: &sidecars }, &EditedWords::default(), &Files { facts, ..Files::default() });
    assert_eq!((outcome.media[1].role, outcome.media[1].sidecar), (FileRole::Motion, Some(0)));
    assert_eq!((outcome.media[2].role, outcome.media[2].sidecar), (FileRole::Original, Some(1)));
    assert_eq!(outcome.sidecars[1], SidecarState::Used(2));
}

#[test]
fn a_likely_name_does_not_stand_against_the_file() {
    let sidecars = [SidecarEntry { title: Some("I.PNG"), taken: Some(1_000_000), ..SidecarEntry::named("I.PNG.json") }];
    let of = |facts| {
        let files = Files { facts: HashMap::from([(0, facts)]), ..Files::default() };
        pair(&Folder { media: &["I.JPEG"], sidecars: &sidecars }, &EditedWords::default(), &files)
    };
    assert_eq!(of(at(1_000_000)).media[0].sidecar, Some(0));
    let other = of(at(1_000_001));
    // Then the described photo is not here.
    assert_eq!((other.media[0].sidecar, &other.sidecars[0]), (None, &SidecarState::MediaMissing));
}

#[test]
fn a_film_that_may_be_a_moving_part_or_an_edited_copy_is_left_open() {
    let entry = |name| SidecarEntry { title: Some(name), ..SidecarEntry::default() };
    let of = |first: &'static str| {
        let sidecars = [
            SidecarEntry { name: if first == "I.MP4" { "I.MP4.json" } else { "I.HEIC.json" }, ..entry(first) },
            SidecarEntry { name: "I-edited.jpg.json", ..entry("I-edited.jpg") },
        ];
        let media = [first, "I-edited.jpg", "I-edited.MP4"];
        pair(&Folder { media: &media, sidecars: &sidecars }, &EditedWords::default(), &Files::default()).media.remove(2)
    };
    assert_eq!(of("I.MP4").sidecar, None);
    assert_eq!((of("I.HEIC").role, of("I.HEIC").sidecar), (FileRole::Motion, Some(1)));
}

#[test]
fn a_date_cannot_tell_an_original_from_its_edited_copy() {
    // 51 units: an edited copy of the second item has lost its word, and then looks like the next file of that name. Both
    // files have the second item's date.
    let stem = "ñandú_ñandú_ñandú_ñandú_ñandú_ñandú_ñandú_ñandú";
    let title = format!("{stem}.JPG");
    let sidecar = |name, title, taken| SidecarEntry { title: Some(title), taken: Some(taken), ..SidecarEntry::named(name) };
    let cut = &stem[..stem.len() - "ú".len()];
    let (first, second, whole) = (format!("{cut}.json"), format!("{cut}(1).json"), format!("{stem}/"));
    let sidecars = [sidecar(&first, whole.as_str(), 100_000), sidecar(&second, title.as_str(), 200_001)];
    let names = [format!("{stem}.jpg"), format!("{stem}.JPG"), format!("{stem}(1).JPG")];
    let media = names.each_ref().map(String::as_str);
    let facts = HashMap::from([(0, at(100_000)), (1, at(200_001)), (2, at(200_001))]);
    let files = Files { facts, ..Files::default() };
    let outcome = pair(&Folder { media: &media, sidecars: &sidecars }, &EditedWords::default(), &files);
    assert!(outcome.media[2].sidecar.is_none() || outcome.media[2].role == FileRole::Edited, "{outcome:#?}");
    assert_ne!(outcome.media[1].sidecar, Some(0));
}
