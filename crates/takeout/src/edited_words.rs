//! The words that mark an edited copy (`IMG-edited.jpg`), in the languages seen so far, and how unknown ones are learned.
//!
//! The word depends on the account's language, so the list can never be whole. A word that stands behind the hyphen of
//! files without a sidecar, with three different originals or more, and never with a sidecar of its own, is taken for the
//! edited word of this export ([`Tally`]). Lone cases stay items of their own.

use std::collections::{HashMap, HashSet};

use crate::naming::fold;

/// The words as Takeout writes them, without the hyphen (format notes, "Edited copies").
pub const KNOWN: &[&str] = &[
    "edited",
    "modifié",
    "bearbeitet",
    "modificato",
    "edytowane",
    "bewerkt",
    "ha editado",
    "editada",
    "editado",
    "editat",
    "編集済み",
    "编辑",
    "已修改",
    "已編輯",
    "muokattu",
    "düzenlendi",
    "измененный",
    "отредактировано",
    "편집됨",
    "redigeret",
    "upravené",
    "відредаговано",
];

/// The words of creations; they are English in every account and mark items of their own, never edited copies.
pub const CREATIONS: &[&str] =
    &["collage", "animation", "movie", "effects", "mix", "smile", "motion", "pano", "cover", "original"];

/// How many different originals an unknown word needs before it counts.
pub const ENOUGH: usize = 3;

/// The edited words that hold for an export: the known ones and those learned from it.
#[derive(Debug, Clone)]
pub struct EditedWords {
    /// Hyphen and word, folded.
    suffixes: Vec<String>,
    learned: Vec<String>,
}

impl Default for EditedWords {
    fn default() -> Self {
        Self { suffixes: KNOWN.iter().map(|word| fold(&format!("-{word}"))).collect(), learned: Vec::new() }
    }
}

impl EditedWords {
    /// The known words and these learned ones.
    pub fn with_learned<I: IntoIterator<Item = String>>(words: I) -> Self {
        let mut all = Self::default();
        for word in words {
            all.learn(&word);
        }
        all
    }

    /// Adds a word.
    pub fn learn(&mut self, word: &str) {
        let suffix = fold(&format!("-{word}"));
        if !self.suffixes.contains(&suffix) {
            self.suffixes.push(suffix);
            self.learned.push(fold(word));
        }
    }

    /// The learned words, folded: to be told to the user.
    pub fn learned(&self) -> &[String] {
        &self.learned
    }

    /// Folded suffixes with their hyphen, and whether each was learned.
    pub(crate) fn suffixes(&self) -> impl Iterator<Item = (&str, bool)> {
        self.suffixes.iter().enumerate().map(|(at, suffix)| (suffix.as_str(), at >= KNOWN.len()))
    }
}

/// Whether a word may be an edited word at all: letters (spaces between), at least two, and none of [`CREATIONS`].
pub fn may_be_edited_word(word: &str) -> bool {
    let letters = word.chars().filter(|character| character.is_alphabetic()).count();
    let shape = word.chars().all(|character| {
        character.is_alphabetic() || character == ' ' || unicode_normalization::char::is_combining_mark(character)
    });
    letters >= 2 && shape && word.trim() == word && !CREATIONS.contains(&fold(word).as_str())
}

/// Counts unknown words over the folders of an export.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    originals: HashMap<String, HashSet<String>>,
    with_sidecar: HashSet<String>,
}

impl Tally {
    /// A file without sidecar whose name is the original's and this word. `original` tells originals apart; album and year
    /// copies of one item have to give the same.
    pub fn seen(&mut self, word: &str, original: &str) {
        if may_be_edited_word(word) {
            self.originals.entry(fold(word)).or_default().insert(original.to_owned());
        }
    }

    /// A file with such a name and a sidecar of its own: the word is somebody's habit, not Google's.
    pub fn seen_with_sidecar(&mut self, word: &str) {
        self.with_sidecar.insert(fold(word));
    }

    /// The words that hold, sorted.
    pub fn learned(&self) -> Vec<String> {
        let mut words: Vec<String> = self
            .originals
            .iter()
            .filter(|(word, originals)| originals.len() >= ENOUGH && !self.with_sidecar.contains(*word))
            .map(|(word, _)| word.clone())
            .collect();
        words.sort_unstable();
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_different_originals_make_a_word() {
        let mut tally = Tally::default();
        for original in ["a", "b", "b"] {
            tally.seen("redigerad", original);
            tally.seen("best", original);
        }
        assert!(tally.learned().is_empty());
        tally.seen("Redigerad", "c");
        tally.seen("best", "c");
        tally.seen_with_sidecar("Best");
        assert_eq!(tally.learned(), ["redigerad"]);
        for odd in ["1", "02", "x", "COLLAGE", "EFFECTS", "v2", "", " ", "a_b"] {
            assert!(!may_be_edited_word(odd), "{odd}");
        }
        assert!(may_be_edited_word("编辑"));
        assert!(may_be_edited_word("ha editado"));
        assert!(may_be_edited_word("modifie\u{301}"));
        assert!(may_be_edited_word("संपादित"));
    }

    #[test]
    fn a_known_word_is_not_learned_again() {
        let words = EditedWords::with_learned(["edited".to_owned(), "Redigerad".to_owned()]);
        assert_eq!(words.learned(), ["redigerad"]);
        assert_eq!(words.suffixes().filter(|(_, learned)| *learned).count(), 1);
    }
}
