//! How Takeout names files, forwards: from a title to the names in a folder (`takeout-format.md` 3.1).
//!
//! Written apart from the reader in `crates/takeout` on purpose: what this makes is the truth that the reader is tested
//! against. Lengths are counted in UTF-16 units.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::spec::SidecarForm;

/// What stands behind the title in the name of a new sidecar.
pub const SIDECAR_SUFFIX: &str = ".supplemental-metadata";
/// Longest name of an album's folder, in characters (`takeout-format.md` 1.3).
pub const FOLDER_CHARACTERS: usize = 50;
/// Extensions that Takeout knows as media; a title that ends otherwise may get one added.
pub(super) const MEDIA_EXTENSIONS: [&str; 17] = [
    ".jpg", ".jpeg", ".png", ".gif", ".heic", ".webp", ".mp4", ".mov", ".m4v", ".mp", ".mv", ".3gp", ".avi", ".tif", ".tiff",
    ".dng", ".webm",
];

/// Longest names in UTF-16 units (`takeout-format.md` 3.1: 51 and 46; exports of 2026 may have more).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// A media name with its extension, without its number.
    pub media: usize,
    /// A sidecar's name without its number and `.json`.
    pub sidecar: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { media: 51, sidecar: 46 }
    }
}

/// Length of `text` in UTF-16 units.
pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The longest beginning of `text` whose characters all start before unit `limit`: a surrogate pair across the limit
/// stays whole, so the result can have one unit more.
pub fn cut(text: &str, limit: usize) -> &str {
    let mut at = 0;
    for (index, character) in text.char_indices() {
        if at >= limit {
            return &text[..index];
        }
        at += character.len_utf16();
    }
    text
}

/// `title` with what a file system may forbid replaced by `_` (step S of the rule).
pub fn safe(title: &str) -> String {
    title.chars().map(|c| if forbidden(c) { '_' } else { c }).collect()
}

fn forbidden(character: char) -> bool {
    matches!(character, '/' | '&' | '\'' | '?' | ':' | '\\' | '*' | '"' | '<' | '>' | '|' | '%' | '#') || character.is_control()
}

/// Stem and extension at the last dot; the extension has its dot, or is empty.
pub fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 => name.split_at(dot),
        _ => (name, ""),
    }
}

/// Whether the title ends in an extension of media.
pub(super) fn has_media_extension(title: &str) -> bool {
    let (_, extension) = split(title);
    MEDIA_EXTENSIONS.contains(&extension.to_lowercase().as_str())
}

/// The name of a media file that keeps the extension of its title (step M).
pub fn media_name(title: &str, limits: Limits) -> String {
    let title = safe(title);
    let (stem, extension) = split(&title);
    with_extension(stem, extension, limits)
}

/// The name of a media file with an extension of its own behind `stem` (steps M2 and M3).
pub fn with_extension(stem: &str, extension: &str, limits: Limits) -> String {
    format!("{}{extension}", cut(stem, limits.media.saturating_sub(units(extension))))
}

/// The name of an edited copy (step E), before its number. `stem` is that of the title, uncut.
pub fn edited_name(stem: &str, suffix: &str, extension: &str, limits: Limits) -> String {
    with_extension(&format!("{stem}{suffix}"), extension, limits)
}

/// The name of a sidecar (steps J and J2), before its number.
pub fn sidecar_name(title: &str, form: SidecarForm, limits: Limits) -> String {
    let title = safe(title);
    let whole = match form {
        SidecarForm::Old => title,
        SidecarForm::New => title + SIDECAR_SUFFIX,
    };
    format!("{}.json", cut(&whole, limits.sidecar))
}

/// `name` with its number before the last dot (step N); 0 is no number.
pub fn numbered(name: &str, number: usize) -> String {
    if number == 0 {
        return name.to_owned();
    }
    let (stem, extension) = split(name);
    format!("{stem}({number}){extension}")
}

/// The folder of an album: safe title, at most 50 characters.
pub fn folder_name(title: &str) -> String {
    title
        .chars()
        .take(FOLDER_CHARACTERS)
        .map(|c| if c == '/' { '-' } else { c })
        .map(|c| if forbidden(c) { '_' } else { c })
        .collect()
}

/// What makes two names the same for the numbering: composed, without case.
pub(super) fn folded(name: &str) -> String {
    if name.is_ascii() { name.to_ascii_lowercase() } else { name.nfc().collect::<String>().to_lowercase() }
}

/// The names taken in one folder, of one kind (media and sidecars are numbered separately).
#[derive(Debug, Default)]
pub(super) struct Taken {
    names: HashSet<String>,
}

impl Taken {
    /// Takes `name` with the smallest free number from `first` on; says the number.
    pub(super) fn take(&mut self, name: &str, first: usize) -> usize {
        let mut number = first;
        while !self.names.insert(folded(&numbered(name, number))) {
            number += 1;
        }
        number
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use proptest::prelude::*;

    use super::*;

    const USUAL: Limits = Limits { media: 51, sidecar: 46 };

    fn old(title: &str) -> String {
        sidecar_name(title, SidecarForm::Old, USUAL)
    }

    fn new(title: &str) -> String {
        sidecar_name(title, SidecarForm::New, USUAL)
    }

    #[test]
    fn the_oddities_that_people_reported_follow_from_the_rule() {
        assert_eq!(
            old("PXL_20230814_201154491.LONG_EXPOSURE-01.COVER.jpg"),
            "PXL_20230814_201154491.LONG_EXPOSURE-01.COVER..json"
        );
        assert_eq!(old("05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w0 2.jpg"), "05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w0 2.jp.json");
        assert_eq!(new("20161105_170829.jpg"), "20161105_170829.jpg.supplemental-metadata.json");
        assert_eq!(new("MVIMG_20191230_232926.jpg"), "MVIMG_20191230_232926.jpg.supplemental-metadat.json");
        assert_eq!(new("0bca7b90-299e-4000-b29a-d97037b18456.jpg"), "0bca7b90-299e-4000-b29a-d97037b18456.jpg.suppl.json");
        assert_eq!(
            media_name("00100sPORTRAIT_00100_BURST20181105180120932_COVER.jpg", USUAL),
            "00100sPORTRAIT_00100_BURST20181105180120932_COV.jpg"
        );
        assert_eq!(media_name("3/11/15 - 1.jpg", USUAL), "3_11_15 - 1.jpg");
        assert_eq!(
            edited_name("ccccm_20210920_090457_ssssnnnnnnn_4444444444", "-edited", ".jpg", USUAL),
            "ccccm_20210920_090457_ssssnnnnnnn_4444444444-ed.jpg"
        );
        assert_eq!(
            edited_name("pppppppPR-uuuuuuuu-rrrr--ttttttttttt-4444444", "-edited", ".jpeg", USUAL),
            "pppppppPR-uuuuuuuu-rrrr--ttttttttttt-4444444-e.jpeg"
        );
    }

    #[test]
    fn numbers_stand_before_the_last_dot() {
        assert_eq!(numbered("IMG.jpg", 1), "IMG(1).jpg");
        assert_eq!(numbered(&old("IMG.jpg"), 1), "IMG.jpg(1).json");
        assert_eq!(numbered(&new("2025-04-28.jpg"), 3516), "2025-04-28.jpg.supplemental-metadata(3516).json");
        assert_eq!(numbered("21.12.11 - 1", 1), "21.12(1).11 - 1");
        assert_eq!(numbered("MVIMG_20180418_113218", 2), "MVIMG_20180418_113218(2)");
    }

    #[test]
    fn a_pair_across_the_cut_stays_whole() {
        let title = format!("{}😀.jpg", "a".repeat(46));
        assert_eq!(media_name(&title, USUAL), format!("{}😀.jpg", "a".repeat(46)));
        assert_eq!(units(&media_name(&title, USUAL)), 52);
        assert_eq!(old(&format!("{}😀.jpg", "a".repeat(45))), format!("{}😀.json", "a".repeat(45)));
        assert_eq!(old(&format!("{}😀.jpg", "a".repeat(46))), format!("{}.json", "a".repeat(46)));
    }

    #[test]
    fn names_are_taken_without_case_and_composed() {
        let mut taken = Taken::default();
        assert_eq!(taken.take("IMG_0170.jpg", 0), 0);
        assert_eq!(taken.take("IMG_0170.JPG", 0), 1);
        assert_eq!(taken.take("Café.jpg", 0), 0);
        assert_eq!(taken.take("Cafe\u{301}.jpg", 0), 1);
    }

    #[test]
    fn folders_are_cut_by_characters() {
        assert_eq!(folder_name("Album test 6/10/23"), "Album test 6-10-23");
        assert_eq!(folder_name(&"ü".repeat(60)).chars().count(), 50);
    }

    proptest! {
        #[test]
        fn no_name_is_longer_than_the_rule_says(title in "\\PC{0,90}") {
            let name = media_name(&title, USUAL);
            prop_assert!(units(&name) <= 52 || units(split(&safe(&title)).1) > 50, "{name}");
            let sidecar = new(&title);
            prop_assert!(units(sidecar.strip_suffix(".json").expect("ends so")) <= 47);
            prop_assert!(!name.contains(['/', '\\', '\0']));
        }

        #[test]
        fn a_cut_is_a_beginning(title in "\\PC{0,60}", limit in 0usize..70) {
            let kept = cut(&title, limit);
            prop_assert!(title.starts_with(kept));
            prop_assert!(units(kept) <= limit + 1);
            prop_assert!(kept.len() == title.len() || units(kept) >= limit);
        }
    }
}
