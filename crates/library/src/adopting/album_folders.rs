//! Which album has which folder, and the switches by which the folders are named (`predecessors.md` 1.2, 1.12).
//!
//! With an index titles and order are known, and the folders prove the switches: those that give the most folders that are there.
//! Without one, the folders' names are all there is.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use photokeep_model::{CaptureTime, Layout, LibraryOptions, LinkChoice, LinkKind, PathOptions};

use super::index::IndexAlbum;
use super::scheme::is_year;
use super::{FoundAlbum, FoundEntry};
use crate::target::{NameFacts, NameRules, Places};

/// Date parts that people choose, the tool's own first.
const DATES: [&str; 6] = ["%m%d", "%m", "%m-%d", "%m.%d", "%m_%d", "%d"];
/// Where the tools put albums by themselves.
const OWN_ROOTS: [&str; 2] = ["albums", "sharedAlbums"];
/// What stands between date and title.
const BETWEEN: [&str; 5] = [" ", "-", "_", " - ", "."];

/// An entry of an album folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Below the root.
    pub path: String,
    pub kind: LinkKind,
    /// The file it stands for.
    pub file: usize,
}

/// What the folders tell.
#[derive(Debug, Default)]
pub(super) struct AlbumFolders {
    /// How albums are named here, where that is not the layout's way.
    pub paths: PathOptions,
    pub links: Option<LinkChoice>,
    pub albums: Vec<FoundAlbum>,
    /// Entries that are no album's.
    pub left: Vec<String>,
}

/// Entries by their folder.
pub(super) type Folders = BTreeMap<String, Vec<Entry>>;

/// Sorts entries by folder.
pub(super) fn by_folder(entries: Vec<Entry>) -> Folders {
    let mut folders = Folders::new();
    for entry in entries {
        if let Some((folder, _)) = entry.path.rsplit_once('/') {
            folders.entry(folder.to_owned()).or_default().push(entry);
        }
    }
    folders
}

/// The number in front of an entry's name.
fn number_of(path: &str) -> Option<u32> {
    let (digits, _) = path.rsplit('/').next()?.split_once('_')?;
    if digits.len() >= 4 && digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
}

/// What all entries tell, whosoever's they are: the kind of links, and whether they are numbered.
fn told_by_entries(folders: &Folders, found: &mut AlbumFolders) {
    let entries = || folders.values().flatten();
    let all = entries().count();
    if all == 0 {
        return;
    }
    if entries().filter(|entry| number_of(&entry.path).is_some()).count() * 2 < all {
        found.paths.no_album_sorting = Some(true);
    }
    if entries().filter(|entry| entry.kind == LinkKind::Hardlink).count() * 2 > all {
        found.links = Some(LinkChoice::Hardlink);
    }
}

/// The switches to try: as the layout has it first.
fn switches(layout: Layout) -> Vec<PathOptions> {
    let mut all = Vec::new();
    for first in [None, Some(true)] {
        for date in DATES {
            for between in BETWEEN {
                let pattern = if layout == Layout::GphotosSyncFlat {
                    format!("{{0}}-{{1}}{between}{{2}}")
                } else {
                    format!("{{0}}{between}{{1}}")
                };
                all.push(PathOptions {
                    month_format: (date != DATES[0]).then(|| date.to_owned()),
                    path_format: (between != BETWEEN[0]).then_some(pattern),
                    album_date_by_first_photo: first,
                    ..PathOptions::default()
                });
            }
        }
    }
    all.push(PathOptions { omit_album_date: Some(true), ..PathOptions::default() });
    all
}

/// Where the folder of an album would be below its root.
fn tail(layout: Layout, facts: &NameFacts, paths: &PathOptions, title: Option<&str>, date: Option<CaptureTime>) -> String {
    let options = LibraryOptions { layout, paths: paths.clone(), ..LibraryOptions::default() };
    let rules = NameRules::from_names(facts.clone(), layout);
    let whole = Places::new(&options).album_folder(&rules, title, false, date);
    whole.split_once('/').map(|(_, tail)| tail.to_owned()).unwrap_or_default()
}

/// The albums of an index in their folders. `file_of` knows which file an item's id means.
pub(super) fn of_index(layout: Layout, folders: &Folders, albums: &[IndexAlbum], file_of: &HashMap<&str, usize>) -> AlbumFolders {
    let mut found = AlbumFolders::default();
    told_by_entries(folders, &mut found);
    // Every way to split a folder's path into root and tail; one part or two are the tail.
    let mut tails: HashMap<&str, Vec<&str>> = HashMap::new();
    for folder in folders.keys() {
        for (slash, _) in folder.match_indices('/') {
            tails.entry(&folder[slash + 1..]).or_default().push(&folder[..slash]);
        }
    }
    let best = [NameFacts::permissive(), NameFacts::windows()]
        .into_iter()
        .flat_map(|facts| switches(layout).into_iter().map(move |paths| (facts.clone(), paths)))
        .map(|(facts, paths)| {
            let hits = albums.iter().filter(|album| tails.contains_key(&*tail_of(layout, &facts, &paths, album))).count();
            (hits, facts, paths)
        })
        // The first of as many hits: as the tool does it by itself.
        .reduce(|best, next| if next.0 > best.0 { next } else { best });
    let Some((hits, facts, paths)) = best else { return found };
    let mut roots: [HashMap<&str, u64>; 2] = [HashMap::new(), HashMap::new()];
    let tail_of_album: Vec<String> = albums.iter().map(|album| tail_of(layout, &facts, &paths, album)).collect();
    for (album, tail) in albums.iter().zip(&tail_of_album) {
        for root in tails.get(&**tail).into_iter().flatten() {
            *roots[usize::from(album.shared)].entry(root).or_default() += 1;
        }
    }
    let root = |of: &HashMap<&str, u64>| {
        of.iter().max_by_key(|(root, hits)| (**hits, std::cmp::Reverse(root.len()))).map(|(root, _)| (*root).to_owned())
    };
    let (own, shared) = (root(&roots[0]), root(&roots[1]));
    if hits > 0 {
        found.paths = PathOptions { no_album_sorting: found.paths.no_album_sorting, ..paths.clone() };
        found.paths.albums = own.clone().filter(|root| root != "albums");
        found.paths.shared_albums = shared.clone().filter(|root| root != "sharedAlbums");
    }
    let mut taken = HashMap::new();
    let (mut inverted, mut straight) = (0u64, 0u64);
    for (album, tail) in albums.iter().zip(tail_of_album) {
        let members: Vec<usize> = album.items.iter().filter_map(|item| file_of.get(item.as_str()).copied()).collect();
        let root = if album.shared { &shared } else { &own };
        let folder = root.as_ref().map(|root| format!("{root}/{tail}"));
        let folder = folder.filter(|folder| folders.contains_key(folder) && !taken.contains_key(folder));
        let mut entries = Vec::new();
        if let Some(folder) = &folder {
            taken.insert(folder.clone(), ());
            let place: HashMap<usize, usize> = members.iter().enumerate().map(|(at, file)| (*file, at)).collect();
            for entry in folders.get(folder).into_iter().flatten() {
                let Some(at) = place.get(&entry.file) else {
                    found.left.push(entry.path.clone());
                    continue;
                };
                if members.len() > 1
                    && members.len() == album.items.len()
                    && let Some(number) = number_of(&entry.path)
                {
                    straight += u64::from(number as usize == *at);
                    inverted += u64::from(number as usize == members.len() - 1 - at);
                }
                entries.push(FoundEntry { path: entry.path.clone(), kind: entry.kind, file: entry.file });
            }
        }
        let date = dated(album, &paths);
        found.albums.push(FoundAlbum {
            key: Some(album.key.clone()),
            title: album.title.clone(),
            shared: album.shared,
            members,
            folder,
            date,
            entries,
        });
    }
    if inverted > straight {
        found.paths.album_invert = Some(true);
    }
    let others = folders.iter().filter(|(folder, _)| !taken.contains_key(*folder));
    found.left.extend(others.flat_map(|(_, entries)| entries.iter().map(|entry| entry.path.clone())));
    found
}

fn dated(album: &IndexAlbum, paths: &PathOptions) -> Option<CaptureTime> {
    if paths.album_date_by_first_photo == Some(true) { album.first } else { album.last }
}

fn tail_of(layout: Layout, facts: &NameFacts, paths: &PathOptions, album: &IndexAlbum) -> String {
    tail(layout, facts, paths, album.title.as_deref(), dated(album, paths))
}

/// Albums told by nothing but their folders' names. `taken` is the instant of each file, as far as it is known.
pub(super) fn of_names(layout: Layout, folders: &Folders, taken: &[Option<CaptureTime>]) -> AlbumFolders {
    let mut found = AlbumFolders::default();
    told_by_entries(folders, &mut found);
    let flat = layout == Layout::GphotosSyncFlat;
    // Without an index only the names tell whose folder it is: below the tools' own roots, or dated with numbers before every name.
    let is_theirs = |folder: &str, read: &Read<'_>| {
        let numbered = folders.get(folder).is_some_and(|entries| entries.iter().all(|entry| number_of(&entry.path).is_some()));
        OWN_ROOTS.contains(&read.root) || (numbered && read.date.is_some())
    };
    let read: Vec<(&String, Read)> = folders
        .keys()
        .filter_map(|folder| Some((folder, read(folder, flat)?)))
        .filter(|(folder, read)| is_theirs(folder, read))
        .collect();
    let (dated, bare): (Vec<_>, Vec<_>) = read.into_iter().partition(|(_, read)| read.date.is_some());
    let omits = bare.len() > dated.len();
    let shape = most(dated.iter().filter_map(|(_, read)| Some((read.month_format?, read.between))));
    found.left.extend(folders.values().flatten().map(|entry| entry.path.clone()));
    if omits {
        found.paths.omit_album_date = Some(true);
    } else if let Some((format, between)) = shape {
        found.paths.month_format = (format != DATES[0]).then(|| format.to_owned());
        let pattern = if flat { format!("{{0}}-{{1}}{between}{{2}}") } else { format!("{{0}}{between}{{1}}") };
        found.paths.path_format = (between != BETWEEN[0]).then_some(pattern);
    }
    let mut ends = [0u64; 2];
    let mut roots: [HashMap<String, u64>; 2] = [HashMap::new(), HashMap::new()];
    for (folder, read) in if omits { bare } else { dated } {
        if !omits && shape != read.month_format.map(|format| (format, read.between)) {
            continue;
        }
        let mut entries = folders.get(folder).cloned().unwrap_or_default();
        entries.sort_by_key(|entry| (number_of(&entry.path), taken.get(entry.file).copied().flatten(), entry.file));
        let members: Vec<usize> = entries.iter().map(|entry| entry.file).collect();
        let times = || members.iter().filter_map(|file| taken.get(*file).copied().flatten());
        let (first, last) = (times().min(), times().max());
        // Only where they differ does the name tell which one it is.
        if let (Some(date), Some(first), Some(last)) = (read.date, first, last) {
            let on = |time: CaptureTime| time.instant.date_naive() == date;
            if on(first) != on(last) {
                ends[usize::from(on(first))] += 1;
            }
        }
        let shared = read.root.to_lowercase().contains("shared");
        *roots[usize::from(shared)].entry(read.root.to_owned()).or_default() += 1;
        found.albums.push(FoundAlbum {
            key: None,
            title: Some(read.title.to_owned()),
            shared,
            members,
            folder: Some(folder.clone()),
            date: read.date.and_then(|date| date.and_hms_opt(12, 0, 0)).map(|noon| CaptureTime::utc(noon.and_utc())),
            entries: entries.into_iter().map(|Entry { path, kind, file }| FoundEntry { path, kind, file }).collect(),
        });
    }
    let root = |of: &HashMap<String, u64>| {
        of.iter().max_by_key(|(root, hits)| (**hits, std::cmp::Reverse(root.len()))).map(|(root, _)| root.clone())
    };
    found.paths.albums = root(&roots[0]).filter(|root| root != "albums");
    found.paths.shared_albums = root(&roots[1]).filter(|root| root != "sharedAlbums");
    if ends[1] > ends[0] {
        found.paths.album_date_by_first_photo = Some(true);
    }
    let ours: std::collections::HashSet<&str> =
        found.albums.iter().flat_map(|album| &album.entries).map(|entry| entry.path.as_str()).collect();
    found.left.retain(|path| !ours.contains(path.as_str()));
    found
}

/// What a folder's path tells.
struct Read<'a> {
    root: &'a str,
    title: &'a str,
    date: Option<NaiveDate>,
    month_format: Option<&'static str>,
    between: &'static str,
}

fn read(folder: &str, flat: bool) -> Option<Read<'_>> {
    let (above, name) = folder.rsplit_once('/')?;
    let bare = Read { root: above, title: name, date: None, month_format: None, between: " " };
    let (root, year, rest) = if flat {
        let Some((year, rest)) = name.split_once('-').filter(|(year, _)| is_year(year)) else { return Some(bare) };
        (above, year, rest)
    } else {
        let (root, year) = above.rsplit_once('/').unwrap_or(("", above));
        if !is_year(year) || root.is_empty() {
            return Some(bare);
        }
        (root, year, name)
    };
    let year: i32 = year.parse().ok()?;
    for format in DATES {
        for between in BETWEEN {
            if let Some((month, day, title)) = date_part(rest, format, between)
                && let Some(date) = NaiveDate::from_ymd_opt(year, month, day)
            {
                return Some(Read { root, title, date: Some(date), month_format: Some(format), between });
            }
        }
    }
    Some(bare)
}

/// Month, day and title of a name that begins in this format. A title of its own does not begin with what stands between.
fn date_part<'a>(name: &'a str, format: &str, between: &str) -> Option<(u32, u32, &'a str)> {
    let (mut month, mut day, mut rest) = (1, 1, name);
    let mut characters = format.chars();
    while let Some(character) = characters.next() {
        if character != '%' {
            rest = rest.strip_prefix(character)?;
            continue;
        }
        let number = rest.get(..2).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()?;
        rest = &rest[2..];
        match characters.next() {
            Some('m') => month = number,
            _ => day = number,
        }
    }
    let title = rest.strip_prefix(between)?;
    (!title.is_empty() && !title.starts_with(['-', '_', ' '])).then_some((month, day, title))
}

/// What comes most often; of as many the one that came first.
fn most<T: Copy + PartialEq>(all: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: Vec<(T, u64)> = Vec::new();
    for one in all {
        match counts.iter_mut().find(|(other, _)| *other == one) {
            Some((_, count)) => *count += 1,
            None => counts.push((one, 1)),
        }
    }
    counts.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(one, _)| one)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn entries(paths: &[(&str, usize)]) -> Folders {
        by_folder(paths.iter().map(|(path, file)| Entry { path: (*path).into(), kind: LinkKind::Symlink, file: *file }).collect())
    }

    fn at(text: &str) -> Option<CaptureTime> {
        CaptureTime::parse_google(text)
    }

    fn album(key: &str, title: &str, shared: bool, items: &[&str]) -> IndexAlbum {
        IndexAlbum {
            key: key.into(),
            title: Some(title.into()),
            shared,
            first: at("2019-05-01T08:00:00Z"),
            last: at("2019-06-30T08:00:00Z"),
            items: items.iter().map(|item| (*item).to_owned()).collect(),
        }
    }

    #[test]
    fn folders_prove_the_switches() {
        let ids = HashMap::from([("k0", 0), ("k1", 1)]);
        let albums = [album("a", "Rome", false, &["k0", "k1"]), album("s", "Party", true, &["k1"])];
        let cases: [(&[(&str, usize)], PathOptions); 4] = [
            (
                &[
                    ("albums/2019/0630 Rome/0000_a.jpg", 0),
                    ("albums/2019/0630 Rome/0001_b.jpg", 1),
                    ("sharedAlbums/2019/0630 Party/0000_b.jpg", 1),
                ],
                PathOptions::default(),
            ),
            (
                &[("al/2019/0501 Rome/0001_a.jpg", 0), ("al/2019/0501 Rome/0000_b.jpg", 1), ("al/2019/0501 Party/0000_b.jpg", 1)],
                PathOptions {
                    albums: Some("al".into()),
                    shared_albums: Some("al".into()),
                    album_date_by_first_photo: Some(true),
                    album_invert: Some(true),
                    ..PathOptions::default()
                },
            ),
            (
                &[("albums/Rome/a.jpg", 0), ("albums/Rome/b.jpg", 1), ("sharedAlbums/Party/b.jpg", 1)],
                PathOptions { omit_album_date: Some(true), no_album_sorting: Some(true), ..PathOptions::default() },
            ),
            (
                &[("albums/2019/06-30 - Rome/0000_a.jpg", 0), ("albums/2019/06-30 - Rome/0001_b.jpg", 1)],
                PathOptions {
                    month_format: Some("%m-%d".into()),
                    path_format: Some("{0} - {1}".into()),
                    ..PathOptions::default()
                },
            ),
        ];
        for (paths, expected) in cases {
            let found = of_index(Layout::GphotosSync, &entries(paths), &albums, &ids);
            assert_eq!(found.paths, expected, "{paths:?}");
            assert_eq!(found.albums[0].entries.len(), 2, "{paths:?}");
            assert!(found.left.is_empty(), "{paths:?}");
        }
    }

    #[test]
    fn what_is_in_no_album_of_the_index_is_left() {
        let ids = HashMap::from([("k0", 0)]);
        let folders =
            entries(&[("albums/2019/0630 Rome/0000_a.jpg", 0), ("albums/2019/0630 Rome/mine.jpg", 7), ("mine/x.jpg", 0)]);
        let found = of_index(Layout::GphotosSync, &folders, &[album("a", "Rome", false, &["k0"])], &ids);
        assert_eq!(found.left, ["albums/2019/0630 Rome/mine.jpg", "mine/x.jpg"]);
    }

    #[test]
    fn names_alone_tell_titles_and_switches() {
        let taken = [at("2019-05-01T08:00:00Z"), at("2019-06-30T08:00:00Z")];
        let two = |folder: &str| [(format!("{folder}/0000_a.jpg"), 0), (format!("{folder}/0001_b.jpg"), 1)];
        let found = |layout, folder: &str| {
            let paths = two(folder);
            let paths: Vec<(&str, usize)> = paths.iter().map(|(path, file)| (path.as_str(), *file)).collect();
            of_names(layout, &entries(&paths), &taken)
        };
        let rome = found(Layout::GphotosSync, "albums/2019/0630 Rome 12");
        assert_eq!((rome.paths.clone(), rome.albums[0].title.as_deref()), (PathOptions::default(), Some("Rome 12")));
        assert_eq!(rome.albums[0].members, [0, 1]);
        let first = found(Layout::GphotosSync, "albums/2019/0501 Rome");
        assert_eq!(first.paths.album_date_by_first_photo, Some(true));
        let flat = found(Layout::GphotosSyncFlat, "albums/2019-0630 Rome");
        assert_eq!((flat.paths, flat.albums[0].title.as_deref()), (PathOptions::default(), Some("Rome")));
        let bare = found(Layout::GphotosSync, "albums/Rome");
        assert_eq!((bare.paths.omit_album_date, bare.albums[0].title.as_deref()), (Some(true), Some("Rome")));
    }
}
