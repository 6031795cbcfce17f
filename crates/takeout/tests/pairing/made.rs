//! Folders made by the forward rule, with the truth beside them.

use std::collections::HashMap;

use photokeep_model::FileRole;
use photokeep_takeout::edited_words::EditedWords;
use photokeep_takeout::naming::{
    SidecarForm, edited_name, fold, known_extension, media_name, motion_name, sidecar_name, spelled, with_index,
};
use photokeep_takeout::pairing::{Evidence, Facts, Folder, ItemKey, Outcome, SidecarEntry, pair};
use proptest::prelude::*;

/// One item to be exported.
#[derive(Debug, Clone)]
pub struct Made {
    pub title: String,
    /// The extension that Google adds to a title without one.
    pub added: &'static str,
    /// The edited word; the copy has the original's extension, or is a JPEG of a HEIC.
    pub edited: Option<&'static str>,
    pub motion: Option<&'static str>,
    pub form: SidecarForm,
    pub media_lost: bool,
    pub sidecar_lost: bool,
}

/// What is not known of Google's ways, so that pairing must not depend on it.
#[derive(Debug, Clone, Copy)]
pub struct Ways {
    pub case_blind: bool,
    /// A taken name gets the next free number; or the finished name gets one more number.
    pub next_free: bool,
    /// Edited and motion files come right after their original; or after all originals.
    pub derived_at_once: bool,
    pub cut: bool,
}

pub struct Export {
    pub media: Vec<String>,
    pub truth: Vec<(usize, FileRole)>,
    /// Per sidecar: its name and the item.
    pub sidecars: Vec<(String, usize)>,
    pub items: Vec<Made>,
    ways: Ways,
    /// An original or a derived file met the name of another item's derived file or original: names cannot solve this.
    pub unsolvable: bool,
}

pub fn taken(item: usize) -> i64 {
    1_500_000_000 + item as i64 * 61
}

#[derive(Clone, Copy, PartialEq)]
enum Owner {
    Original(usize),
    Derived(usize),
}

struct Names {
    ways: Ways,
    used: HashMap<String, Owner>,
}

impl Names {
    fn key(&self, name: &str) -> String {
        if self.ways.case_blind { fold(name) } else { spelled(name) }
    }

    /// The first free name: by number, or by numbering the finished name again.
    fn take(&mut self, make: impl Fn(u32) -> String, from: u32, owner: Owner) -> (String, u32, Option<Owner>) {
        let first = self.used.get(&self.key(&make(from))).copied();
        let mut index = from;
        let mut name = make(from);
        while self.used.contains_key(&self.key(&name)) {
            index += 1;
            name = if self.ways.next_free { make(index) } else { with_index(&name, 1) };
        }
        self.used.insert(self.key(&name), owner);
        (name, index, first)
    }
}

impl Export {
    pub fn of(items: Vec<Made>, ways: Ways) -> Self {
        let mut media_names = Names { ways, used: HashMap::new() };
        let mut sidecar_names = Names { ways: Ways { next_free: true, ..ways }, used: HashMap::new() };
        let mut export = Self { media: vec![], truth: vec![], sidecars: vec![], items, ways, unsolvable: false };
        let mut indexes = Vec::with_capacity(export.items.len());
        for at in 0..export.items.len() {
            let item = export.items[at].clone();
            let usable = known_extension(&item.title).is_some() || item.added.is_empty();
            let added = (!usable).then_some(item.added);
            let make = |index| if ways.cut { media_name(&item.title, index, added) } else { uncut(&item.title, added, index) };
            let (name, index, met) = media_names.take(make, 0, Owner::Original(at));
            indexes.push(index);
            export.meets(at, met, false);
            if !item.media_lost {
                export.add(name, at, FileRole::Original);
            }
            let base = |index| {
                let cut = sidecar_name(&item.title, index, item.form);
                if ways.cut {
                    return cut;
                }
                let suffix = if item.form == SidecarForm::New { ".supplemental-metadata" } else { "" };
                let number = if index == 0 { String::new() } else { format!("({index})") };
                format!("{}{suffix}{number}.json", photokeep_takeout::naming::safe_title(&item.title))
            };
            let (name, ..) = sidecar_names.take(base, 0, Owner::Original(at));
            if !item.sidecar_lost {
                export.sidecars.push((name, at));
            }
            if ways.derived_at_once {
                export.derive(at, index, &mut media_names);
            }
        }
        if !ways.derived_at_once {
            for (at, &index) in indexes.iter().enumerate() {
                export.derive(at, index, &mut media_names);
            }
        }
        export
    }

    fn derive(&mut self, at: usize, index: u32, names: &mut Names) {
        let item = self.items[at].clone();
        if item.media_lost {
            return;
        }
        if let Some(word) = item.edited {
            let extension = known_extension(&item.title).unwrap_or(item.added);
            let heic = extension == ".HEIC";
            let extension = if heic { ".jpg" } else { extension };
            // The JPEG of an edited HEIC beside a JPEG of the same name: by name it is the JPEG's.
            self.unsolvable |= heic && self.items.iter().filter(|other| stem(&other.title) == stem(&item.title)).count() > 1;
            let (name, _, met) = names.take(
                |index| match self.ways.cut {
                    true => edited_name(&item.title, word, extension, index),
                    false => uncut(&format!("{}-{word}", bare(&item.title)), Some(extension), index),
                },
                index,
                Owner::Derived(at),
            );
            self.meets(at, met, true);
            self.add(name, at, FileRole::Edited);
        }
        if let Some(extension) = item.motion {
            let (name, _, met) = names.take(
                |index| match self.ways.cut {
                    true => motion_name(&item.title, extension, index),
                    false => uncut(bare(&item.title), Some(extension), index),
                },
                index,
                Owner::Derived(at),
            );
            self.meets(at, met, true);
            self.add(name, at, FileRole::Motion);
        }
    }

    fn meets(&mut self, at: usize, met: Option<Owner>, derived: bool) {
        self.unsolvable |= match met {
            None => false,
            Some(Owner::Derived(other)) => derived || !self.cut_alike(at, other),
            Some(Owner::Original(other)) => derived && !self.cut_alike(at, other),
        };
    }

    /// Whether two items have the same media name because both titles are cut.
    fn cut_alike(&self, left: usize, right: usize) -> bool {
        let name = |at: usize| fold(&media_name(&self.items[at].title, 0, None));
        name(left) == name(right) && name(left).encode_utf16().count() >= 51
    }

    fn add(&mut self, name: String, item: usize, role: FileRole) {
        self.media.push(name);
        self.truth.push((item, role));
    }

    /// Pairs, and says of each media file whether it came out right, stayed open, or was given to the wrong item.
    pub fn pair(&self, with_titles: bool, evidence: &dyn Evidence) -> (Outcome, Vec<String>, usize) {
        let names: Vec<&str> = self.media.iter().map(String::as_str).collect();
        let urls: Vec<String> = (0..self.items.len()).map(|item| format!("https://photos.google.com/photo/{item}")).collect();
        let sidecars: Vec<SidecarEntry<'_>> = self
            .sidecars
            .iter()
            .map(|(name, item)| SidecarEntry {
                title: with_titles.then_some(self.items[*item].title.as_str()),
                taken: Some(taken(*item)),
                url: Some(&urls[*item]),
                ..SidecarEntry::named(name)
            })
            .collect();
        let outcome = pair(&Folder { media: &names, sidecars: &sidecars }, &EditedWords::default(), evidence);
        let (mut wrong, mut open) = (Vec::new(), 0);
        for (at, result) in outcome.media.iter().enumerate() {
            let (item, role) = self.truth[at];
            match result.sidecar.map(|sidecar| self.sidecars[sidecar].1) {
                None => open += usize::from(self.sidecars.iter().any(|(_, of)| *of == item)),
                Some(found) if found == item && result.role == role => {}
                Some(found) => wrong.push(format!(
                    "{} is {role:?} of item {item}, was given to item {found} as {:?} by {:?} {:?}",
                    self.media[at], result.role, result.tier, result.because
                )),
            }
        }
        (outcome, wrong, open)
    }

    pub fn describe(&self) -> String {
        format!(
            "media {:#?}\nsidecars {:#?}\ntitles {:#?}",
            self.media,
            self.sidecars,
            self.items.iter().map(|item| &item.title).collect::<Vec<_>>()
        )
    }
}

fn bare(title: &str) -> &str {
    &title[..title.len() - known_extension(title).unwrap_or_default().len()]
}

fn stem(title: &str) -> String {
    fold(bare(title))
}

fn uncut(title: &str, added: Option<&str>, index: u32) -> String {
    let name = format!("{}{}", photokeep_takeout::naming::safe_title(title), added.unwrap_or_default());
    with_index(&name, index)
}

/// Every file says when it was taken, two hours ahead of UTC.
pub struct Dates<'e>(pub &'e Export);

impl Evidence for Dates<'_> {
    fn embedded(&self, media: usize) -> Option<Facts> {
        let time = chrono::DateTime::from_timestamp(taken(self.0.truth[media].0) + 7200, 0)?;
        Some(Facts { local: Some(time.naive_utc()), ..Facts::default() })
    }

    fn same_bytes_elsewhere(&self, _media: usize) -> Option<ItemKey<'_>> {
        None
    }
}

const STEMS: &[&str] = &[
    "IMG_0001",
    "IMG_0002",
    "IMG_0002",
    "Scan",
    "Scan(1)",
    "Scan(1)(1)",
    "Scan(2)",
    "2013-12-23",
    "21.12.11 - 1",
    "3/11/15 - 1",
    "a/b",
    "a_b",
    "a&b",
    "Café",
    "Cafe\u{301}",
    "CAFÉ",
    "hemlatha",
    "v1.0",
    "IMG_0001-effects",
    "x",
    "PXL_1.MP",
    "PXL_1",
];

fn title() -> impl Strategy<Value = String> {
    let long = (38usize..56, 0u8..3, any::<bool>()).prop_map(|(length, kind, tail)| {
        let unit = ["abcdefghij", "😀é", "ñandú/"][kind as usize];
        let mut text: String = unit.chars().cycle().take(length).collect();
        if tail {
            text.push_str("-1");
        }
        text
    });
    let stem = prop_oneof![
        6 => proptest::sample::select(STEMS).prop_map(str::to_owned),
        5 => long,
        1 => "[a-cÀ-ÿ ._()1-9&/😀]{1,8}",
    ];
    let extension = proptest::sample::select(vec![".jpg", ".jpg", ".JPG", ".jpeg", ".png", ".HEIC", ".mp4", ".MOV", "", ""]);
    (stem, extension).prop_map(|(stem, extension)| format!("{stem}{extension}"))
}

fn item(losses: bool) -> impl Strategy<Value = Made> {
    let edited = proptest::option::weighted(0.25, proptest::sample::select(vec!["edited", "bearbeitet", "編集済み"]));
    let motion = proptest::option::weighted(0.15, proptest::sample::select(vec![".MP4", ".MOV", "", ".MP"]));
    let lost = if losses { 0.12 } else { 0.0 };
    (title(), edited, motion, any::<bool>(), proptest::bool::weighted(lost), proptest::bool::weighted(lost)).prop_map(
        |(title, edited, motion, new, media_lost, sidecar_lost)| {
            let added = match known_extension(&title) {
                None if title.contains(". ") => "",
                None => ".jpg",
                Some(_) => "",
            };
            let photo = !title.to_lowercase().ends_with(".mp4") && !title.to_lowercase().ends_with(".mov");
            let form = if new { SidecarForm::New } else { SidecarForm::Old };
            Made { title, added, edited, motion: motion.filter(|_| photo), form, media_lost, sidecar_lost }
        },
    )
}

pub fn export(losses: bool) -> impl Strategy<Value = Export> {
    let items = proptest::collection::vec(item(losses), 1..14);
    (items, any::<[bool; 3]>(), proptest::bool::weighted(0.8)).prop_map(
        |(mut items, [case_blind, next_free, derived_at_once], cut)| {
            // An export has one form. (Both at once are two exports, unpacked into one folder.)
            let form = items[0].form;
            items.iter_mut().for_each(|item| item.form = form);
            Export::of(items, Ways { case_blind, next_free, derived_at_once, cut })
        },
    )
}

impl std::fmt::Debug for Export {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.describe())
    }
}

/// Names as cameras give them: short, some of them many times.
pub fn ordinary() -> impl Strategy<Value = Export> {
    let title = (0u32..8, proptest::sample::select(vec![".jpg", ".HEIC", ".mp4"]))
        .prop_map(|(number, ext)| format!("IMG_{number:04}{ext}"));
    let edited = proptest::option::weighted(0.3, proptest::sample::select(vec!["edited", "bearbeitet", "編集済み"]));
    let item = (title, edited, any::<bool>()).prop_map(|(title, edited, motion)| {
        // Films of the same number as a still are another subject: a moving part could take their name.
        let (title, film) = if title.ends_with("mp4") { (title.replace("IMG", "VID"), true) } else { (title, false) };
        let motion = (motion && title.ends_with("HEIC")).then_some(".MP4");
        let title = if motion.is_some() || title.ends_with("HEIC") { title.replace("IMG", "LIVE") } else { title };
        let form = SidecarForm::New;
        Made { title, added: "", edited: edited.filter(|_| !film), motion, form, media_lost: false, sidecar_lost: false }
    });
    (proptest::collection::vec(item, 1..30), any::<[bool; 3]>()).prop_map(|(items, [case_blind, derived_at_once, cut])| {
        Export::of(items, Ways { case_blind, next_free: true, derived_at_once, cut })
    })
}
