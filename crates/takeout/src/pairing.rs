//! What belongs together in one folder: media and sidecars, edited copies and motion parts.
//!
//! A folder is paired as a whole, with all parts of the export merged, by names first ([`pair`]). Promises: a primary
//! (an item's original) has one sidecar and a sidecar one primary; edited copies and motion parts never take a sidecar away
//! from a primary; what names leave open is decided by the files themselves ([`Evidence`]) if exactly one assignment fits,
//! and stays open and listed otherwise. At the end every contest is looked at as a whole: what is not the same in all
//! assignments that Google's numbering allows is taken back. Nothing is ever guessed. Work is near-linear in the number of
//! files: everything is found by keys, and only files of open groups are looked into.
//!
//! The rule in words: `docs/formats/takeout.md`, "Pairing". Items whose file lies in another folder: [`membership`].

mod assignments;
mod claims;
mod contests;
mod decide;
mod doubts;
mod edited;
mod evidence;
pub mod membership;
mod motion;
mod outcome;
mod primary;
mod state;
mod table;

pub use evidence::{Evidence, Facts, Fit, ItemKey, NoEvidence, TIME_STEP_SECONDS, fit};
pub use outcome::{Because, Confidence, MediaResult, OpenGroup, Outcome, SidecarState, Tier, UnknownWord, WhyOpen};

use crate::edited_words::{EditedWords, Tally};
use crate::sidecar::{Brief, Place};
use state::State;
use table::Table;

/// What pairing needs to know of one sidecar.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SidecarEntry<'a> {
    /// The file's name, without its folder.
    pub name: &'a str,
    /// The title in it; `None` if it has none or is broken.
    pub title: Option<&'a str>,
    /// `photoTakenTime` in Unix seconds.
    pub taken: Option<i64>,
    /// `geoDataExif`: the place that the file itself has.
    pub exif_place: Option<Place>,
    /// The item's address.
    pub url: Option<&'a str>,
}

impl<'a> SidecarEntry<'a> {
    /// The entry of a sidecar that was read.
    pub fn new(name: &'a str, sidecar: &'a Brief) -> Self {
        Self { name, title: sidecar.title(), taken: sidecar.taken, exif_place: sidecar.place_in_file(), url: sidecar.url() }
    }

    /// The entry of a sidecar of which only the name is known.
    pub fn named(name: &'a str) -> Self {
        Self { name, ..Self::default() }
    }
}

/// The names in one folder, over all parts of an export. Numbers in the [`Outcome`] are positions in these lists.
#[derive(Debug, Clone, Copy)]
pub struct Folder<'a> {
    /// Names of all files that are no JSON.
    pub media: &'a [&'a str],
    /// The item sidecars. Album and service files are no part of this.
    pub sidecars: &'a [SidecarEntry<'a>],
}

/// Pairs one folder.
///
/// Edited words that the folder itself shows are learned on the way and told in the outcome; what a whole export shows is
/// counted by the caller ([`Outcome::count_words`]), who then pairs again with more words.
pub fn pair(folder: &Folder<'_>, words: &EditedWords, evidence: &dyn Evidence) -> Outcome {
    let table = Table::new(folder);
    let mut state = State::new(&table, evidence);
    primary::by_rule(&mut state);
    contests::settle(&mut state);
    primary::by_index_on_the_sidecar_only(&mut state);
    let stems = edited::Stems::new(&state);
    edited::by_word(&mut state, &stems, words);
    let seen = edited::unknown_words(&state, &stems);
    let mut tally = Tally::default();
    seen.count(&table, &mut tally);
    let learned = tally.learned();
    if !learned.is_empty() {
        edited::by_word(&mut state, &stems, &EditedWords::with_learned(learned.iter().cloned()));
    }
    motion::by_stem(&mut state);
    primary::by_other_extension(&mut state);
    edited::inferred(&mut state, &stems, words);
    let all_words = EditedWords::with_learned(words.learned().iter().chain(&learned).cloned());
    doubts::take_back(&mut state, &all_words);
    state.into_outcome(seen, learned)
}
