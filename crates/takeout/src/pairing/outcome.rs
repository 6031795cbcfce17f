//! What pairing found: per media file, per sidecar, and what stayed open.

use photokeep_model::FileRole;

use crate::edited_words::Tally;

/// Which rule made a pair (numbers of the format notes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tier {
    /// 1: the name is exactly what the rule makes of title and index.
    Exact = 1,
    /// 2: the same but for the extension or the place of the cut.
    Extension = 2,
    /// 3: an edited copy, by a known or learned word.
    Edited = 3,
    /// 4: the moving part of a photo.
    Motion = 4,
    /// 5: same stem and index, another format of the same class.
    OtherExtension = 5,
    /// 6: only the sidecars' names collided; the title says which is which.
    IndexOnSidecar = 6,
    /// 7: an edited copy whose word was cut away or whose index is its own.
    InferredEdit = 7,
    /// 8: decided by what is in the files.
    Evidence = 8,
    /// 9: without a sidecar.
    None = 9,
}

/// How sure a pair is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    /// Likely, and worth a look.
    Low,
    /// More than likely.
    Medium,
    /// As good as certain.
    High,
    /// By the rule, without any other reading.
    Certain,
}

/// What speaks for a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Because {
    /// The sidecar's name is what its title gives.
    TitleAndName,
    /// The sidecar's title is missing or does not fit its name; the name alone spoke.
    NameOnly,
    /// The media name is the whole title, with the sidecar's index.
    WholeTitle,
    /// The media name is the title cut at 51 units, with the sidecar's index.
    CutTitle,
    /// Google added the extension to a title that had none, or after a conversion.
    ExtensionAdded,
    /// The extensions mean the same format.
    SameFormat,
    /// The media name is the title cut at another limit than the known one.
    OtherLimit,
    /// The extension is of another format of the same class, and there is nothing else it could be.
    OtherFormat,
    /// Several sidecar names collided after the cut, the media names did not.
    IndexOnSidecarOnly,
    /// An edited word that is known.
    EditedWord,
    /// An edited word that this export showed with three originals or more.
    LearnedWord,
    /// An edited word of which the cut left only the beginning.
    WordCutShort,
    /// The edited word was cut away whole.
    WordCutAway,
    /// The edited copy has an index that no sidecar has.
    IndexOfItsOwn,
    /// The stem is that of a photo.
    SameStem,
    /// As many stills as films: the HEIC's first, then by index.
    InOrder,
    /// Apple's content identifier is the same in both files.
    ContentIdentifier,
    /// The date in the file fits `photoTakenTime`.
    Date,
    /// The place in the file is that of `geoDataExif`.
    Place,
    /// The same bytes lie in another folder with a sidecar of the same item.
    SameBytesElsewhere,
    /// The same bytes came before, with a sidecar of the same item.
    SameBytesBefore,
    /// All others of the group fit elsewhere.
    OnlyOneLeft,
}

/// What became of one media file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaResult {
    /// Original, edited or motion.
    pub role: FileRole,
    /// The sidecar of its item.
    pub sidecar: Option<usize>,
    /// The rule.
    pub tier: Tier,
    /// How sure the pair is; `None` without a pair.
    pub confidence: Option<Confidence>,
    /// What speaks for it.
    pub because: Vec<Because>,
}

impl MediaResult {
    pub(super) fn unpaired() -> Self {
        Self { role: FileRole::Original, sidecar: None, tier: Tier::None, confidence: None, because: Vec::new() }
    }
}

/// What became of one sidecar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SidecarState {
    /// It belongs to this media file (a position), the item's original.
    Used(usize),
    /// It describes the same item under the same name as this sidecar (a position), in the other naming form.
    SameAs(usize),
    /// Its original is not in this folder. Edited or motion files may be.
    MediaMissing,
    /// It is in an open group (a position in [`Outcome::open`]).
    Open(usize),
}

/// Why a group stayed open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WhyOpen {
    /// Several sidecars or files fit by name.
    SeveralFit,
    /// The index may belong to an item of another title whose sidecar is not here.
    IndexUnclear,
    /// An edited copy fits several originals.
    EditedFitsSeveral,
    /// Stills and films of one stem that cannot be told apart.
    MotionFitsSeveral,
    /// The name fits, but what is in the file says otherwise.
    FileContradicts,
}

/// A group of files that could not be told apart. All of them are kept; only what belongs to what is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenGroup {
    /// Media files (positions).
    pub media: Vec<usize>,
    /// Sidecars that could be theirs (positions).
    pub sidecars: Vec<usize>,
    /// Why it is open.
    pub why: WhyOpen,
}

/// A file without sidecar that is named like an original and an unknown word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownWord {
    /// The word, folded, without hyphen.
    pub word: String,
    /// The file (a position).
    pub media: usize,
    /// The sidecar of the original (a position).
    pub sidecar: usize,
    /// What tells the original apart over folders: title and taken time.
    pub original: String,
}

/// What pairing one folder gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// One per media file, in the folder's order.
    pub media: Vec<MediaResult>,
    /// One per sidecar, in the folder's order.
    pub sidecars: Vec<SidecarState>,
    /// What stayed open.
    pub open: Vec<OpenGroup>,
    /// Possible edited words in unknown languages.
    pub unknown_words: Vec<UnknownWord>,
    /// Words of that form on files that have sidecars of their own, folded.
    pub words_with_sidecar: Vec<String>,
    /// Words that this folder alone was enough to learn, folded.
    pub learned_words: Vec<String>,
}

impl Outcome {
    /// Adds what this folder shows to the count of the whole export.
    pub fn count_words(&self, tally: &mut Tally) {
        for seen in &self.unknown_words {
            tally.seen(&seen.word, &seen.original);
        }
        for word in &self.words_with_sidecar {
            tally.seen_with_sidecar(word);
        }
    }
}
