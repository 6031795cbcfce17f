//! Made-up folders of names: naming, reading of sidecar names, pairing, safe paths.
//!
//! Input: text. A line is one of these, its fields separated by tabs; other lines are used as a path and as a title.
//!
//! ```text
//! m NAME [SECONDS [CONTENT-ID]]      a media file, with the date in it
//! s NAME [TITLE [SECONDS [URL]]]     a sidecar
//! ```

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Component, Path};
use std::sync::LazyLock;

use chrono::DateTime;
use photokeep_model::FileRole;
use photokeep_takeout::archive::safe_path;
use photokeep_takeout::edited_words::EditedWords;
use photokeep_takeout::exports::{ArchiveName, below_takeout, is_takeout_root, is_unfinished_download};
use photokeep_takeout::naming::{
    Agreement, MEDIA_LIMIT, SIDECAR_LIMIT, SidecarForm, cut, edited_name, fold, indexed_forms, media_name, motion_name,
    read_sidecar_name, safe_title, sidecar_name, spelled, split_extension, units,
};
use photokeep_takeout::pairing::{Evidence, Facts, Folder, ItemKey, NoEvidence, Outcome, SidecarEntry, SidecarState, Tier, pair};

/// Names of one kind that are looked at. More only make the fuzzer slow.
const MANY: usize = 12;

/// The known words, folded once.
static WORDS: LazyLock<EditedWords> = LazyLock::new(EditedWords::default);

/// Everything about names holds for this text.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut made = Made::default();
    for line in text.split('\n').take(2 * MANY) {
        if let Some(fields) = line.strip_prefix("m ") {
            made.media(fields);
        } else if let Some(fields) = line.strip_prefix("s ") {
            made.sidecar(fields);
        } else {
            check_path(line);
            check_title(line);
        }
    }
    made.check(&NoEvidence, |made, reversed| made.check_reversed(&NoEvidence, reversed));
    made.check(&made, |made, reversed| made.check_reversed(&Reversed(made), reversed));
}

/// A name from an archive never leaves the folder that it is joined to.
fn check_path(name: &str) {
    let _ = (ArchiveName::parse(name), below_takeout(name), is_takeout_root(name), is_unfinished_download(name));
    let Ok(path) = safe_path(name) else { return };
    assert!(!path.is_empty() && !path.starts_with('/') && !path.ends_with('/'), "{path:?}");
    assert!(!path.contains(['\\', '\0']) && !path.chars().any(char::is_control), "{path:?}");
    for part in path.split('/') {
        assert!(!part.is_empty() && part != "." && part != "..", "{path:?}");
    }
    let drive = |part: &str| part.as_bytes().get(1) == Some(&b':') && part.as_bytes()[0].is_ascii_alphabetic();
    assert!(!drive(&path) && !path.split('/').any(|part| part.len() == 2 && drive(part)), "{path:?}");
    let joined = Path::new("/base").join(&*path);
    assert!(joined.starts_with("/base") && joined.components().all(|part| part != Component::ParentDir), "{joined:?}");
    assert_eq!(safe_path(&path).as_deref(), Ok(&*path), "safe again");
}

/// Names are as long as they may be, and a sidecar's name is read back to its title and index.
fn check_title(title: &str) {
    assert_eq!(fold(&fold(title)), fold(title), "folding twice: {title:?}");
    assert_eq!(spelled(&spelled(title)), spelled(title), "spelling twice: {title:?}");
    let (stem, extension) = split_extension(title);
    assert_eq!(format!("{stem}{extension}"), title);
    for limit in [0, 1, SIDECAR_LIMIT, MEDIA_LIMIT] {
        let short = cut(title, limit);
        assert!(title.starts_with(short) && units(short) <= limit + 1, "{title:?} cut at {limit}");
        assert!(fold(title).starts_with(&fold(short)), "a prefix folds to a prefix: {title:?} cut at {limit}");
    }
    for index in [0, 1, 23] {
        for name in [
            media_name(title, index, None),
            media_name(title, index, Some(".jpg")),
            edited_name(title, "edited", ".jpg", index),
            motion_name(title, ".MP4", index),
        ] {
            let room = if index == 0 { 0 } else { index.to_string().len() + 2 };
            assert!(units(&name) <= MEDIA_LIMIT + 1 + room, "{name:?} is too long");
            assert!(indexed_forms(&name).iter().any(|form| form.index == index) || title.is_empty(), "{name:?} lost its index");
        }
        for form in [SidecarForm::Old, SidecarForm::New] {
            let name = sidecar_name(title, index, form);
            let readings = read_sidecar_name(&name, Some(title));
            if !title.is_empty() {
                assert_eq!(readings.len(), 1, "{name:?} of {title:?}");
                assert_eq!((readings[0].index, readings[0].agreement), (index, Agreement::Rule), "{name:?} of {title:?}");
                assert_eq!(readings[0].title, safe_title(title));
            }
            assert!(read_sidecar_name(&name, None).len() <= 4);
        }
    }
}

#[derive(Default)]
struct Made {
    media: Vec<String>,
    dates: Vec<Facts>,
    sidecars: Vec<Side>,
}

#[derive(PartialEq, Eq, Hash)]
struct Side {
    name: String,
    title: Option<String>,
    taken: Option<i64>,
    url: Option<String>,
}

impl Made {
    fn media(&mut self, fields: &str) {
        let mut fields = fields.split('\t');
        let name = fields.next().unwrap_or_default();
        // A folder has no name twice, and JSON is no media.
        if self.media.len() >= MANY || name.is_empty() || self.media.iter().any(|other| other == name) {
            return;
        }
        let instant: Option<i64> = fields.next().and_then(|text| text.parse().ok());
        let local = instant.and_then(|seconds| DateTime::from_timestamp(seconds, 0)).map(|time| time.naive_utc());
        let content_id = fields.next().map(str::to_owned).filter(|id| !id.is_empty());
        self.media.push(name.to_owned());
        self.dates.push(Facts { local, instant, place: None, content_id });
    }

    fn sidecar(&mut self, fields: &str) {
        let mut fields = fields.split('\t');
        let name = fields.next().unwrap_or_default();
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        if self.sidecars.len() >= MANY || name.is_empty() || self.sidecars.iter().any(|other| other.name == name) {
            return;
        }
        let title = fields.next().and_then(text);
        let taken = fields.next().and_then(|text| text.parse().ok());
        let url = fields.next().and_then(text);
        self.sidecars.push(Side { name: name.to_owned(), title, taken, url });
    }

    fn pair(&self, evidence: &dyn Evidence, reversed: bool) -> Outcome {
        let mut media: Vec<&str> = self.media.iter().map(String::as_str).collect();
        let mut sidecars: Vec<SidecarEntry<'_>> = self
            .sidecars
            .iter()
            .map(|side| SidecarEntry {
                name: &side.name,
                title: side.title.as_deref(),
                taken: side.taken,
                exif_place: None,
                url: side.url.as_deref(),
            })
            .collect();
        if reversed {
            media.reverse();
            sidecars.reverse();
        }
        pair(&Folder { media: &media, sidecars: &sidecars }, &WORDS, evidence)
    }

    fn check(&self, evidence: &dyn Evidence, then: impl Fn(&Self, &Outcome)) {
        let outcome = self.pair(evidence, false);
        self.check_one_to_one(&outcome);
        assert!(self.pair(evidence, false) == outcome, "pairing again");
        then(self, &outcome);
    }

    /// In which order a folder lists its files says nothing about them.
    fn check_reversed(&self, evidence: &dyn Evidence, outcome: &Outcome) {
        let other = self.pair(evidence, true);
        let (media, sides) = (self.media.len(), self.sidecars.len());
        let mut told: BTreeMap<usize, (FileRole, Option<usize>)> = BTreeMap::new();
        for (at, result) in outcome.media.iter().enumerate() {
            told.insert(at, (result.role, result.sidecar));
        }
        for (at, result) in other.media.iter().enumerate() {
            let was = told[&(media - 1 - at)];
            let is = (result.role, result.sidecar.map(|side| sides - 1 - side));
            assert_eq!(was, is, "{:?} in another order", self.media[media - 1 - at]);
        }
    }

    fn check_one_to_one(&self, outcome: &Outcome) {
        assert_eq!((outcome.media.len(), outcome.sidecars.len()), (self.media.len(), self.sidecars.len()));
        let mut originals = HashSet::new();
        for (at, result) in outcome.media.iter().enumerate() {
            assert_eq!(result.sidecar.is_some(), result.confidence.is_some());
            assert_eq!(result.sidecar.is_none(), result.tier == Tier::None);
            let Some(side) = result.sidecar else {
                assert_eq!(result.role, FileRole::Original);
                continue;
            };
            assert!(!result.because.is_empty(), "a pair without a reason");
            let state = outcome.sidecars[side];
            assert!(!matches!(state, SidecarState::SameAs(_)), "a spare sidecar was given away");
            if result.role == FileRole::Original {
                assert!(originals.insert(side), "two originals of {:?}", self.sidecars[side].name);
                assert_eq!(state, SidecarState::Used(at));
            }
        }
        for (at, state) in outcome.sidecars.iter().enumerate() {
            match *state {
                SidecarState::Used(media) => {
                    assert_eq!(outcome.media[media].sidecar, Some(at));
                    assert_eq!(outcome.media[media].role, FileRole::Original);
                }
                SidecarState::SameAs(other) => {
                    assert!(other != at && !matches!(outcome.sidecars[other], SidecarState::SameAs(_)), "a spare of a spare");
                }
                SidecarState::Open(group) => assert!(outcome.open[group].sidecars.contains(&at)),
                SidecarState::MediaMissing => {}
            }
        }
        for group in &outcome.open {
            let media: BTreeSet<usize> = group.media.iter().copied().collect();
            let sides: BTreeSet<usize> = group.sidecars.iter().copied().collect();
            assert_eq!((media.len(), sides.len()), (group.media.len(), group.sidecars.len()), "an open group names one twice");
            assert!(media.iter().all(|&at| outcome.media[at].sidecar.is_none()), "an open file that is paired");
        }
    }
}

impl Evidence for Made {
    fn embedded(&self, media: usize) -> Option<Facts> {
        self.dates.get(media).cloned()
    }

    fn same_bytes_elsewhere(&self, _media: usize) -> Option<ItemKey<'_>> {
        None
    }
}

/// The same evidence for the folder listed backwards.
struct Reversed<'a>(&'a Made);

impl Evidence for Reversed<'_> {
    fn embedded(&self, media: usize) -> Option<Facts> {
        self.0.dates.iter().nth_back(media).cloned()
    }

    fn same_bytes_elsewhere(&self, _media: usize) -> Option<ItemKey<'_>> {
        None
    }
}
