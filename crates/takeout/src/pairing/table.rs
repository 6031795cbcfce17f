//! A folder's names, read once and indexed by the keys that the tiers ask for.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Folder, SidecarEntry};
use crate::naming::{
    Agreement, MEDIA_LIMIT, MediaClass, Reading, SIDECAR_LIMIT, class_of, cut, fold, indexed_forms, known_extension, media_name,
    read_sidecar_name, safe_title, spelled, split_extension, units,
};

/// The most candidates that are looked at for one key. More are a sign of a made-up folder; the group is open then.
pub(super) const MANY: usize = 16;

/// One reading of a media name.
pub(super) struct Form {
    /// The name without index, folded.
    pub key: String,
    /// The stem without index, folded; the whole name where there is no known extension.
    pub stem: String,
    /// The index.
    pub index: u32,
    /// Length of the name without index, in UTF-16 units.
    pub units: usize,
}

/// One media file.
pub(super) struct Media<'a> {
    pub name: &'a str,
    pub class: MediaClass,
    /// With its dot; empty if it is no known one.
    pub extension: &'a str,
    pub forms: Vec<Form>,
}

/// One reading of a sidecar, ready for comparing.
pub(super) struct Claim {
    pub reading: Reading,
    /// The safe title, folded.
    pub key: String,
    /// The title without a known extension, safe but not folded.
    pub stem: String,
    /// The known extension of the title, with its dot.
    pub extension: Option<String>,
    pub class: MediaClass,
    /// The index of the media name. Differs from the sidecar's where only sidecar names collided.
    pub index: u32,
    /// The lowest index the media name may have; below `index` if sidecars between are not here.
    pub lowest: u32,
    /// Whether sidecars of other media names share this one's name, so that `index` is a rank and not a number.
    pub shared: bool,
}

/// One sidecar with its readings, best first.
pub(super) struct Side<'a> {
    pub entry: SidecarEntry<'a>,
    pub claims: Vec<Claim>,
    /// The other sidecar of the same item and name, if this one is the spare.
    pub same_as: Option<usize>,
}

impl Side<'_> {
    /// Whether title and name agree.
    pub fn agreed(&self) -> bool {
        self.claims.first().is_some_and(|claim| claim.reading.agreement != Agreement::NameOnly)
    }
}

/// An index: everything found under a folded key, and under a key with its index.
pub(super) type Keyed = HashMap<(String, u32), Vec<usize>>;

/// The folder.
pub(super) struct Table<'a> {
    pub media: Vec<Media<'a>>,
    pub sides: Vec<Side<'a>>,
    /// By whole name without index.
    pub by_name: Keyed,
    /// The same, letter case kept.
    pub by_spelling: Keyed,
    /// By stem without index; media with a known extension only.
    pub by_stem: Keyed,
    /// By the sidecar name that a long media name would have given.
    pub by_sidecar_name: Keyed,
    /// All indexes of one name.
    pub families: HashMap<String, Vec<(usize, u32)>>,
    /// The whole titles that sidecars ask for, letter case kept, with their index.
    pub asked: HashSet<(String, u32)>,
}

impl<'a> Table<'a> {
    pub fn new(folder: &Folder<'a>) -> Self {
        let mut table = Self {
            media: folder.media.iter().map(|name| Media::new(name)).collect(),
            sides: folder.sidecars.iter().map(Side::new).collect(),
            by_name: HashMap::new(),
            by_spelling: HashMap::new(),
            by_stem: HashMap::new(),
            by_sidecar_name: HashMap::new(),
            families: HashMap::new(),
            asked: HashSet::new(),
        };
        table.index_media();
        table.find_spares();
        table.find_effective_indexes();
        let claims = table.sides.iter().filter(|side| side.agreed()).flat_map(|side| &side.claims);
        table.asked = claims.map(|claim| (spelled(&claim.reading.title), claim.index)).collect();
        table
    }

    fn index_media(&mut self) {
        for (at, media) in self.media.iter().enumerate() {
            for form in indexed_forms(media.name) {
                self.by_spelling.entry((spelled(&form.name), form.index)).or_default().push(at);
                // From 45 units on a sidecar name does not say where the title ends.
                if units(&form.name) + 1 >= SIDECAR_LIMIT {
                    let whole = format!("{}.", form.name);
                    self.by_sidecar_name.entry((fold(cut(&whole, SIDECAR_LIMIT)), form.index)).or_default().push(at);
                }
            }
            for form in &media.forms {
                self.by_name.entry((form.key.clone(), form.index)).or_default().push(at);
                self.families.entry(form.key.clone()).or_default().push((at, form.index));
                if matches!(media.class, MediaClass::Photo | MediaClass::Video) {
                    push_once(self.by_stem.entry((form.stem.clone(), form.index)).or_default(), at);
                    // A converted file may have the index before its first extension: "IMG_0001(1).MOV.mp4".
                    for inner in indexed_forms(&form.stem).into_iter().skip(1).filter(|_| form.index == 0) {
                        push_once(self.by_stem.entry((inner.name, inner.index)).or_default(), at);
                    }
                }
            }
        }
    }

    /// Sidecars of one item in both naming forms, as merged exports have them: the newer form speaks, which is the longest.
    ///
    /// The title's letter case counts: `IMG.jpg` and `IMG.JPG` are two files, whatever else is the same.
    fn find_spares(&mut self) {
        let mut same: HashMap<(String, u32, i64, &str), Vec<usize>> = HashMap::new();
        for (at, side) in self.sides.iter().enumerate() {
            let (Some(claim), Some(taken), Some(url)) = (side.claims.first(), side.entry.taken, side.entry.url) else { continue };
            if claim.reading.agreement <= Agreement::OtherCut && !claim.reading.cut {
                same.entry((spelled(&claim.reading.title), claim.reading.index, taken, url)).or_default().push(at);
            }
        }
        for group in same.into_values() {
            // By name as well, so that the order of the folder decides nothing.
            let kept = group.iter().copied().max_by_key(|&at| (self.sides[at].entry.name.len(), self.sides[at].entry.name));
            for spare in group.into_iter().filter(|&at| Some(at) != kept) {
                self.sides[spare].same_as = kept;
            }
        }
    }

    /// Where several titles share one cut sidecar name, the sidecars' numbers run over all of them, the media's over each
    /// (tier 6): the media's index is the rank among the sidecars of the same media name.
    fn find_effective_indexes(&mut self) {
        let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, side) in self.sides.iter().enumerate() {
            if let Some(claim) = side.claims.first()
                && side.agreed()
                && units(&claim.reading.base) >= SIDECAR_LIMIT
                && side.same_as.is_none()
            {
                groups.entry(fold(&claim.reading.base)).or_default().push(at);
            }
        }
        let groups: Vec<Vec<usize>> = groups.into_values().flat_map(|group| self.split_by_case(group)).collect();
        for mut group in groups {
            group.sort_by_key(|&at| self.sides[at].claims[0].reading.index);
            let names: Vec<String> =
                group.iter().map(|&at| media_name(&self.sides[at].claims[0].reading.title, 0, None)).collect();
            let folded: Vec<String> = names.iter().map(|name| fold(name)).collect();
            let spelled: Vec<String> = names.iter().map(|name| spelled(name)).collect();
            let several = spelled.iter().any(|name| *name != spelled[0]);
            let mut ranks: [HashMap<&str, u32>; 2] = Default::default();
            for (position, &at) in group.iter().enumerate() {
                let claim = &mut self.sides[at].claims[0];
                let number = claim.reading.index;
                // Sidecars before this one that are not here: each could be of this media name.
                let missing = number.saturating_sub(position as u32);
                // It is not known whether names that differ in letter case only are numbered together.
                let [apart, together] = [(0, &spelled[position]), (1, &folded[position])].map(|(kind, name)| {
                    let rank = ranks[kind].entry(name).or_default();
                    *rank += 1;
                    *rank - 1
                });
                claim.shared = several;
                // One media name only: the numbers agree, unless what is missing was of another title.
                claim.lowest = match (several, claim.reading.cut) {
                    (true, _) => apart,
                    (false, true) => number - missing.min(number),
                    (false, false) => number,
                };
                claim.index = if several { together.saturating_add(missing) } else { number };
            }
        }
    }
}

impl Table<'_> {
    /// A number that occurs twice shows that names in other letter case are numbered apart.
    fn split_by_case(&self, group: Vec<usize>) -> Vec<Vec<usize>> {
        let reading = |at: usize| &self.sides[at].claims[0].reading;
        let numbers: HashSet<u32> = group.iter().map(|&at| reading(at).index).collect();
        if numbers.len() == group.len() {
            return vec![group];
        }
        let mut apart: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for at in group {
            apart.entry(spelled(&reading(at).base)).or_default().push(at);
        }
        apart.into_values().collect()
    }
}

fn push_once(list: &mut Vec<usize>, at: usize) {
    if list.last() != Some(&at) {
        list.push(at);
    }
}

impl<'a> Media<'a> {
    fn new(name: &'a str) -> Self {
        let (_, ending) = split_extension(name);
        let class = class_of(ending.get(1..).unwrap_or_default());
        let extension = if class == MediaClass::Unknown { "" } else { ending };
        let forms = indexed_forms(name)
            .into_iter()
            .map(|form| {
                let stem = form.name.strip_suffix(extension).unwrap_or(&form.name);
                Form { stem: fold(stem), units: units(&form.name), index: form.index, key: fold(&form.name) }
            })
            .collect();
        Self { name, class, extension, forms }
    }
}

impl<'a> Side<'a> {
    fn new(entry: &SidecarEntry<'a>) -> Self {
        let claims = read_sidecar_name(entry.name, entry.title).into_iter().map(Claim::new).collect();
        Self { entry: *entry, claims, same_as: None }
    }
}

impl Claim {
    fn new(reading: Reading) -> Self {
        let safe = safe_title(&reading.title);
        let extension = known_extension(&safe).map(str::to_owned);
        let stem = extension.as_deref().and_then(|extension| safe.strip_suffix(extension)).unwrap_or(&safe).to_owned();
        let class = class_of(extension.as_deref().unwrap_or_default().trim_start_matches('.'));
        let index = reading.index;
        Self { key: fold(&safe), stem, extension, class, index, lowest: index, shared: false, reading }
    }

    /// Whether the media's index is one of several, so that the name alone cannot say which file is meant.
    pub fn unclear(&self) -> bool {
        self.shared && self.lowest != self.index
    }

    /// The title's stem cut as the media name with this extension has it, folded.
    pub fn cut_stem(&self, extension_units: usize) -> String {
        fold(cut(&self.stem, MEDIA_LIMIT.saturating_sub(extension_units)))
    }
}
