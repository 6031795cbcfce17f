//! Who has been given to whom so far, while a folder is paired.

use std::collections::HashMap;

use photokeep_model::FileRole;

use super::edited::SeenWords;
use super::evidence::{Evidence, Fit, Known};
use super::outcome::{Because, Confidence, MediaResult, OpenGroup, Outcome, SidecarState, Tier, WhyOpen};
use super::table::Table;

/// A pair.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub sidecar: usize,
    pub role: FileRole,
    pub tier: Tier,
    pub confidence: Confidence,
    pub because: Vec<Because>,
    /// The media name's index in the reading that matched.
    pub index: u32,
}

/// A pair of an original, before it is known to be the only one.
#[derive(Debug, Clone)]
pub(super) struct Edge {
    pub sidecar: usize,
    pub media: usize,
    pub index: u32,
    pub tier: Tier,
    pub confidence: Confidence,
    pub because: Vec<Because>,
}

/// The state of pairing.
pub(super) struct State<'t, 'a> {
    pub table: &'t Table<'a>,
    evidence: &'t dyn Evidence,
    known: HashMap<usize, Known<'t>>,
    /// Per media.
    pub pairs: Vec<Option<Pair>>,
    /// Per sidecar: its original.
    pub originals: Vec<Option<usize>>,
    /// Media and sidecars of groups that names do not decide; no later tier touches them.
    pub locked_media: Vec<bool>,
    pub locked_sides: Vec<bool>,
    /// Groups found by the tiers of originals; settled together at their end.
    pub contested: Vec<OpenGroup>,
    pub open: Vec<OpenGroup>,
}

impl<'t, 'a> State<'t, 'a> {
    pub fn new(table: &'t Table<'a>, evidence: &'t dyn Evidence) -> Self {
        Self {
            table,
            evidence,
            known: HashMap::new(),
            pairs: vec![None; table.media.len()],
            originals: vec![None; table.sides.len()],
            locked_media: vec![false; table.media.len()],
            locked_sides: vec![false; table.sides.len()],
            contested: Vec::new(),
            open: Vec::new(),
        }
    }

    pub fn media_is_free(&self, media: usize) -> bool {
        self.pairs[media].is_none() && !self.locked_media[media]
    }

    pub fn side_is_free(&self, side: usize) -> bool {
        self.originals[side].is_none() && !self.locked_sides[side] && self.table.sides[side].same_as.is_none()
    }

    pub fn free_sides(&self) -> Vec<usize> {
        (0..self.table.sides.len()).filter(|&side| self.side_is_free(side)).collect()
    }

    pub fn free_media(&self) -> Vec<usize> {
        (0..self.table.media.len()).filter(|&media| self.media_is_free(media)).collect()
    }

    /// Gives a media file to a sidecar as its original.
    pub fn give(&mut self, edge: Edge) {
        self.originals[edge.sidecar] = Some(edge.media);
        self.pairs[edge.media] = Some(Pair {
            sidecar: edge.sidecar,
            role: FileRole::Original,
            tier: edge.tier,
            confidence: edge.confidence,
            because: edge.because,
            index: edge.index,
        });
    }

    /// Takes a pair of an original apart again.
    pub fn take_back(&mut self, media: usize) -> Option<usize> {
        let pair = self.pairs[media].take()?;
        self.originals[pair.sidecar] = None;
        Some(pair.sidecar)
    }

    pub fn lock(&mut self, group: &OpenGroup) {
        for &media in &group.media {
            self.locked_media[media] = true;
        }
        for &side in &group.sidecars {
            self.locked_sides[side] = true;
        }
    }

    pub fn leave_open(&mut self, group: OpenGroup) {
        self.lock(&group);
        self.open.push(group);
    }

    /// What is known of a media file; read at most once.
    pub fn known(&mut self, media: usize) -> &Known<'t> {
        let evidence = self.evidence;
        self.known.entry(media).or_insert_with(|| Known::of(evidence, media))
    }

    pub fn fit(&mut self, media: usize, side: usize) -> Fit {
        let entry = self.table.sides[side].entry;
        self.known(media).fit(&entry)
    }

    /// For pairs that are likely by name only: whether the file says no. If so, the group is left open.
    pub fn file_contradicts(&mut self, media: usize, side: usize) -> bool {
        if self.fit(media, side) != Fit::Contradicts {
            return false;
        }
        self.locked_media[media] = true;
        self.open.push(OpenGroup { media: vec![media], sidecars: vec![side], why: WhyOpen::FileContradicts });
        true
    }

    /// Gives a media file to a sidecar as edited copy or motion part.
    pub fn derive(&mut self, media: usize, pair: Pair) {
        self.pairs[media] = Some(pair);
    }

    pub fn into_outcome(self, words: SeenWords, learned_words: Vec<String>) -> Outcome {
        let mut sidecars: Vec<SidecarState> = self
            .table
            .sides
            .iter()
            .zip(&self.originals)
            .map(|(side, original)| match (side.same_as, original) {
                (Some(other), _) => SidecarState::SameAs(other),
                (None, Some(media)) => SidecarState::Used(*media),
                (None, None) => SidecarState::MediaMissing,
            })
            .collect();
        for (number, group) in self.open.iter().enumerate() {
            for &side in &group.sidecars {
                if sidecars[side] == SidecarState::MediaMissing {
                    sidecars[side] = SidecarState::Open(number);
                }
            }
        }
        let media = self
            .pairs
            .into_iter()
            .map(|pair| match pair {
                None => MediaResult::unpaired(),
                Some(pair) => MediaResult {
                    role: pair.role,
                    sidecar: Some(pair.sidecar),
                    tier: pair.tier,
                    confidence: Some(pair.confidence),
                    because: pair.because,
                },
            })
            .collect();
        Outcome {
            media,
            sidecars,
            open: self.open,
            unknown_words: words.unknown,
            words_with_sidecar: words.with_sidecar,
            learned_words,
        }
    }
}
