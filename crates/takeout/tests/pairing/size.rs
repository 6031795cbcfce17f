//! Large folders and made-up ones: everything is found by keys, so none of these takes long, and none fails.

use photokeep_takeout::edited_words::EditedWords;
use photokeep_takeout::pairing::{Folder, NoEvidence, Outcome, SidecarEntry, pair};
use proptest::prelude::*;

fn paired(media: &[String], sidecars: &[(String, String)]) -> Outcome {
    let media: Vec<&str> = media.iter().map(String::as_str).collect();
    let sidecars: Vec<SidecarEntry<'_>> =
        sidecars.iter().map(|(name, title)| SidecarEntry { title: Some(title), ..SidecarEntry::named(name) }).collect();
    pair(&Folder { media: &media, sidecars: &sidecars }, &EditedWords::default(), &NoEvidence)
}

fn found(outcome: &Outcome) -> usize {
    outcome.media.iter().filter(|media| media.sidecar.is_some()).count()
}

#[test]
fn thousands_of_copies_of_one_name() {
    let number = |index: usize| if index == 0 { String::new() } else { format!("({index})") };
    let media: Vec<String> = (0..20_000).map(|index| format!("image{}.jpg", number(index))).collect();
    let sidecars: Vec<(String, String)> =
        (0..20_000).map(|index| (format!("image.jpg.supplemental-metadata{}.json", number(index)), "image.jpg".into())).collect();
    assert_eq!(found(&paired(&media, &sidecars)), 20_000);
}

#[test]
fn thousands_of_names_that_all_contest_each_other() {
    let long = "x".repeat(60);
    let count = 5_000;
    let media: Vec<String> = (0..count).map(|index| format!("{}({index}).jpg", &long[..47])).collect();
    let sidecars: Vec<(String, String)> =
        (0..count).map(|index| (format!("{}({index}).json", &long[..46]), format!("{long}{}.jpg", index % 7))).collect();
    paired(&media, &sidecars);
    // All in one letter case or another, all with one stem, all prefixes of each other.
    let media: Vec<String> = (0..4096u32)
        .map(|bits| (0..12).map(|bit| if bits >> bit & 1 == 1 { 'A' } else { 'a' }).chain(".jpg".chars()).collect())
        .collect();
    let sidecars: Vec<(String, String)> = media.iter().map(|name| (format!("{name}.json"), name.to_lowercase())).collect();
    paired(&media, &sidecars);
    let media: Vec<String> = (52..600).map(|length| format!("{}.jpg", "y".repeat(length))).collect();
    let sidecars: Vec<(String, String)> =
        (0..548).map(|at| (format!("{}({at}).json", "y".repeat(46)), format!("{}.jpg", "y".repeat(700)))).collect();
    paired(&media, &sidecars);
}

#[test]
fn thousands_of_contests_of_their_own() {
    // Titles without extension beside the same with one, and a third that differs in letter case: none is certain.
    let names = |at: usize| [format!("scan {at}"), format!("scan {at}.jpg"), format!("Scan {at}")];
    let media: Vec<String> =
        (0..3_000).flat_map(|at| [format!("scan {at}.jpg"), format!("scan {at}(1).jpg"), format!("Scan {at}.jpg")]).collect();
    let sidecars: Vec<(String, String)> = (0..3_000).flat_map(names).map(|title| (format!("{title}.json"), title)).collect();
    let outcome = paired(&media, &sidecars);
    assert_eq!(outcome.media.iter().filter(|media| media.sidecar == Some(1)).count(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_names_are_paired_without_a_fall_and_one_to_one(
        media in proptest::collection::vec("[a-bA-B(1).é\u{301}😀~-]{0,5}(-edited)?(\\(1\\))?(\\.jpg|\\.MP4|\\.MP|)", 0..12),
        sidecars in proptest::collection::vec(("[a-b(1).é-]{0,5}(\\.jpg)?(\\.suppl)?(\\(1\\))?\\.json", "[a-b(1).é-]{0,5}(\\.jpg)?"), 0..8),
    ) {
        let outcome = paired(&media, &sidecars);
        prop_assert_eq!((outcome.media.len(), outcome.sidecars.len()), (media.len(), sidecars.len()));
        for sidecar in 0..sidecars.len() {
            let originals = outcome.media.iter().filter(|result| {
                result.sidecar == Some(sidecar) && result.role == photokeep_model::FileRole::Original
            });
            prop_assert!(originals.count() <= 1);
        }
    }
}
