//! Which folder is what: the photos folder in any language, year folders, albums, trash and archive.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Datelike};

use super::{Piece, Use, What};
use crate::manifest::{ListedFolder, Manifest};
use crate::naming::fold;
use crate::sidecar::Brief;

/// What a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum FolderKind {
    /// The items of a year (or of a day, before December 2020).
    #[default]
    Year,
    /// An album.
    Album,
    /// Google's archive.
    Archive,
    /// Google's trash.
    Trash,
}

/// One folder below the photos folder, over all parts.
#[derive(Debug)]
pub struct Folder {
    /// Its path below the photos folder.
    pub path: String,
    /// What it is.
    pub kind: FolderKind,
    /// Its media files (positions of pieces), each path once.
    pub media: Vec<usize>,
    /// Its item sidecars, and JSON that cannot be read (positions of pieces), each path once.
    pub sidecars: Vec<usize>,
    /// Its album file (a position).
    pub album_file: Option<usize>,
    /// Whether files of it are, or may be, in a part that is not here.
    pub lacks_files: bool,
}

/// Where the photos lie.
#[derive(Debug)]
pub(super) struct Layout {
    /// Photos folders below `Takeout`: one, in an export that nobody has touched.
    roots: Vec<String>,
}

impl Layout {
    /// Finds the photos folder: by what lies in it, and by Google's page (format notes, 1.4).
    pub fn of(pieces: &[Piece<'_>], page: Option<&Manifest>) -> Self {
        let mut roots: BTreeMap<String, usize> = BTreeMap::new();
        for piece in pieces.iter().filter(|piece| matches!(piece.what, What::Item(_))) {
            let folder = piece.folder();
            let root = folder.rsplit_once('/').map_or("", |(root, _)| root);
            *roots.entry(root.to_owned()).or_default() += 1;
        }
        if let Some(folder) = page.and_then(Manifest::photos).and_then(|photos| photos.folder.as_deref()) {
            let there = |piece: &Piece<'_>| piece.path.split_once('/').is_some_and(|(top, _)| fold(top) == fold(folder));
            if let Some(piece) = pieces.iter().find(|piece| there(piece)) {
                let top = piece.path.split('/').next().unwrap_or_default().to_owned();
                // Where the page says so and photos lie there, a sidecar that somebody keeps elsewhere makes no photos folder.
                if roots.keys().any(|root| *root == top || is_below(root, &top)) {
                    roots.retain(|root, _| *root == top || is_below(root, &top));
                }
                roots.entry(top).or_default();
            }
        }
        if roots.is_empty() {
            roots.extend(without_sidecars(pieces).map(|root| (root, 0)));
        }
        // One stray sidecar beside the year folders does not make the folder around them, with every other product, a photos folder.
        let of_years = with_years(pieces);
        let around = |root: &String| !of_years.contains(root.as_str()) && of_years.iter().any(|years| is_below(years, root));
        roots.retain(|root, _| !around(root));
        // A folder inside the photos folder is no photos folder of its own, however its sidecars came to lie deeper.
        let all: Vec<String> = roots.keys().cloned().collect();
        let inside = |root: &String| all.iter().any(|other| other != root && is_below(root, other));
        Self { roots: all.iter().filter(|root| !inside(root)).cloned().collect() }
    }

    fn root_of(&self, folder: &str) -> Option<&str> {
        self.roots.iter().map(String::as_str).find(|root| folder == *root || is_below(folder, root))
    }

    /// Whether a folder is a photos folder or below one.
    pub fn is_photos(&self, folder: &str) -> bool {
        self.root_of(folder).is_some()
    }

    /// The path of a folder below the photos folder; `None` if it is not in it.
    fn below<'p>(&self, folder: &'p str) -> Option<&'p str> {
        let root = self.root_of(folder)?;
        if root.is_empty() { Some(folder) } else { Some(folder[root.len()..].trim_start_matches('/')) }
    }

    /// The folders below the photos folder, with everything that lies in them. Pieces of the same path in two parts: the
    /// second one is noted as repeated, unless its size or checksum differs.
    pub fn folders(&self, pieces: &[Piece<'_>], uses: &mut [Use]) -> Vec<Folder> {
        let mut found: BTreeMap<&str, Folder> = BTreeMap::new();
        let mut paths: HashMap<(&str, &str), usize> = HashMap::with_capacity(pieces.len());
        for (at, piece) in pieces.iter().enumerate() {
            if !matches!(piece.what, What::Media | What::Item(_) | What::Album(_) | What::Broken(_)) {
                continue;
            }
            let Some(path) = self.below(piece.folder()) else { continue };
            if let Some(&of) = paths.get(&(path, piece.name())) {
                if pieces[of].may_equal(piece) {
                    uses[at] = Use::Repeated { of };
                    continue;
                }
            } else {
                paths.insert((path, piece.name()), at);
            }
            let folder = found.entry(path).or_insert_with(|| Folder {
                path: path.to_owned(),
                kind: FolderKind::Year,
                media: Vec::new(),
                sidecars: Vec::new(),
                album_file: None,
                lacks_files: false,
            });
            match &piece.what {
                What::Album(_) => {
                    uses[at] = Use::Album;
                    folder.album_file.get_or_insert(at);
                }
                What::Item(_) | What::Broken(_) => folder.sidecars.push(at),
                _ => folder.media.push(at),
            }
        }
        let mut folders: Vec<Folder> = found.into_values().collect();
        let has_years = folders.iter().any(|folder| folder.album_file.is_none() && year_of(folder).is_some());
        for folder in &mut folders {
            folder.kind = kind_of(folder, pieces, has_years);
        }
        albums_called_by_years(&mut folders, pieces);
        folders
    }

    /// Files of Google's page that no part has.
    pub fn not_delivered(&self, pieces: &[Piece<'_>], page: &Manifest) -> Vec<String> {
        // Folder by folder: all paths of an export at once would be a second table of contents.
        let mut here: HashMap<String, Vec<usize>> = HashMap::new();
        let mut folder_before = (None, String::new());
        for (at, piece) in pieces.iter().enumerate() {
            let Some(folder) = self.below(piece.folder()) else { continue };
            if folder_before.0 != Some(folder) {
                folder_before = (Some(folder), listed(folder));
            }
            match here.get_mut(&folder_before.1) {
                Some(files) => files.push(at),
                None => drop(here.insert(folder_before.1.clone(), vec![at])),
            }
        }
        let mut told: HashMap<String, Vec<&ListedFolder>> = HashMap::new();
        for folder in &page.folders {
            told.entry(listed(&folder.path)).or_default().push(folder);
        }
        let mut missing = BTreeSet::new();
        for (path, folders) in told {
            let files = here.get(&path).map(Vec::as_slice).unwrap_or_default();
            let names: HashSet<String> = files.iter().map(|&at| listed(pieces[at].name())).collect();
            for folder in folders {
                for name in folder.files().filter(|name| !names.contains(&listed(name))) {
                    missing.insert(if folder.path.is_empty() { name.to_owned() } else { format!("{}/{name}", folder.path) });
                }
            }
        }
        missing.into_iter().collect()
    }
}

/// A path or name as the page and the archives both give it: a page shows no blanks at the ends of names.
fn listed(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').map(str::trim).filter(|part| !part.is_empty()).collect();
    fold(&parts.join("/"))
}

fn is_below(folder: &str, root: &str) -> bool {
    root.is_empty() && !folder.is_empty() || folder.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'))
}

/// Photos folders of a part that holds no sidecar at all: the folders whose own folders are named by years.
fn without_sidecars(pieces: &[Piece<'_>]) -> impl Iterator<Item = String> + use<> {
    let mut roots = BTreeSet::new();
    for piece in pieces.iter().filter(|piece| piece.what == What::Media) {
        let folder = piece.folder();
        let (root, name) = folder.rsplit_once('/').unwrap_or(("", folder));
        if named_by_year(name).is_some() || is_day(name) {
            roots.insert(root.to_owned());
        }
    }
    roots.into_iter()
}

/// The year in a name, the last one if there are several: `Photos from 2019`, `2019 yılına ait fotoğraflar`, in the digits of any script.
fn named_by_year(name: &str) -> Option<i32> {
    let digits: Vec<Option<i32>> = name.chars().map(digit).collect();
    let runs = digits.chunk_by(|one, other| one.is_some() == other.is_some()).filter(|run| run.len() == 4);
    let years = runs.filter_map(|run| run.iter().try_fold(0, |year, digit| digit.map(|digit| year * 10 + digit)));
    let mut years = years.map(|year| if BUDDHIST.contains(&year) { year - BEFORE_CHRIST } else { year });
    years.rfind(|year| (1800..=2200).contains(year))
}

/// Years of the Buddhist calendar, by which Thailand counts, that are not also ones of ours.
const BUDDHIST: std::ops::RangeInclusive<i32> = 2343..=2743;
const BEFORE_CHRIST: i32 = 543;

/// A decimal digit in one of the scripts that Google's languages are written in.
fn digit(character: char) -> Option<i32> {
    // Zeros of: Latin, Arabic, Persian, Devanagari, Bengali, Gujarati, Tamil, Telugu, Kannada, Malayalam, Thai, Lao, Burmese, Khmer, full width.
    const ZEROS: [u32; 15] =
        [0x30, 0x660, 0x6F0, 0x966, 0x9E6, 0xAE6, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50, 0xED0, 0x1040, 0x17E0, 0xFF10];
    let code = u32::from(character);
    ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code)).and_then(|zero| i32::try_from(code - zero).ok())
}

/// A folder of one day, `2019-07-13` or `2019-07-13 #2` (format notes, 1.3).
fn is_day(name: &str) -> bool {
    let Some((day, rest)) = name.split_at_checked(10) else { return false };
    let counted = rest.strip_prefix(" #").is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    (rest.is_empty() || counted) && chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d").is_ok()
}

/// Folders that hold a folder with item sidecars that is named by a year.
fn with_years<'a>(pieces: &'a [Piece<'_>]) -> HashSet<&'a str> {
    let items = pieces.iter().filter(|piece| matches!(piece.what, What::Item(_)));
    let parted = items.map(|piece| piece.folder().rsplit_once('/').unwrap_or(("", piece.folder())));
    parted.filter(|(_, name)| named_by_year(name).is_some()).map(|(root, _)| root).collect()
}

fn name_of(folder: &Folder) -> &str {
    folder.path.rsplit_once('/').map_or(folder.path.as_str(), |(_, name)| name)
}

fn year_of(folder: &Folder) -> Option<i32> {
    named_by_year(name_of(folder))
}

/// `Trip 2018` without an album file looks like the folder of a year, but all it holds lies in the real one as well.
fn albums_called_by_years(folders: &mut [Folder], pieces: &[Piece<'_>]) {
    let mut of_year: BTreeMap<i32, Vec<usize>> = BTreeMap::new();
    for (at, folder) in folders.iter().enumerate().filter(|(_, folder)| folder.kind == FolderKind::Year) {
        if let Some(year) = year_of(folder) {
            of_year.entry(year).or_default().push(at);
        }
    }
    for several in of_year.into_values().filter(|several| several.len() > 1) {
        let names = |at: usize| -> HashSet<&str> {
            folders[at].media.iter().chain(&folders[at].sidecars).map(|&piece| pieces[piece].name()).collect()
        };
        let all: Vec<(usize, HashSet<&str>)> = several.into_iter().map(|at| (at, names(at))).collect();
        let within = |one: &HashSet<&str>| all.iter().any(|(_, other)| one.len() < other.len() && one.is_subset(other));
        let albums: Vec<usize> = all.iter().filter(|(_, names)| within(names)).map(|(at, _)| *at).collect();
        for at in albums {
            folders[at].kind = FolderKind::Album;
        }
    }
}

fn kind_of(folder: &Folder, pieces: &[Piece<'_>], has_years: bool) -> FolderKind {
    let name = name_of(folder);
    let sidecars: Vec<&Brief> = folder
        .sidecars
        .iter()
        .filter_map(|&at| match &pieces[at].what {
            What::Item(sidecar) => Some(&**sidecar),
            _ => None,
        })
        .collect();
    let most = |count: usize| count * 2 > sidecars.len();
    if let Some(at) = folder.album_file {
        let day = |title: &str| title.is_empty() || title == name || is_day(title);
        // Until December 2020 each day had a folder with an album file of its own; beside folders of years it is somebody's album.
        return match &pieces[at].what {
            What::Album(album) if !has_years && is_day(name) && day(&album.title) => FolderKind::Year,
            _ => FolderKind::Album,
        };
    }
    if !sidecars.is_empty() {
        if sidecars.iter().all(|sidecar| sidecar.trashed) {
            return FolderKind::Trash;
        }
        if sidecars.iter().all(|sidecar| sidecar.archived) && named_by_year(name).is_none() {
            return FolderKind::Archive;
        }
    }
    if is_day(name) || folder.path.is_empty() {
        return FolderKind::Year;
    }
    let Some(year) = named_by_year(name) else { return FolderKind::Album };
    // The zone of year folders is unknown: a day more or less at New Year (format notes, 5.1).
    let near = |seconds: i64| {
        [-86_400, 0, 86_400]
            .iter()
            .any(|shift| DateTime::from_timestamp(seconds.saturating_add(*shift), 0).is_some_and(|time| time.year() == year))
    };
    let dated = sidecars.iter().filter_map(|sidecar| sidecar.taken).filter(|taken| *taken != 0);
    let (mut all, mut within) = (0usize, 0usize);
    for taken in dated {
        all += 1;
        within += usize::from(near(taken));
    }
    if all == 0 || most(within) || within * 2 > all { FolderKind::Year } else { FolderKind::Album }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_found_in_any_script() {
        for (name, year) in [
            ("Photos from 2019", Some(2019)),
            ("2019 yılına ait fotoğraflar", Some(2019)),
            ("Paris 20199", None),
            ("12019", None),
            ("2019", Some(2019)),
            ("פ 2020", Some(2020)),
            ("Снимки от 2020 г.", Some(2020)),
            ("صور من ٢٠٢٠", Some(2020)),
            ("รูปภาพจากปี ๒๕๖๓", Some(2020)),
            ("รูปภาพจากปี 2563", Some(2020)),
            ("2018 to 2019", Some(2019)),
            ("Album", None),
            ("", None),
        ] {
            assert_eq!(named_by_year(name), year, "{name}");
        }
        assert!(is_day("2019-07-13"));
        assert!(is_day("2019-07-13 #2"));
        assert!(!is_day("2019-07-13 Trip"));
        assert!(!is_day("2019-17-13"));
    }
}
