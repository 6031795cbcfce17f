//! Looking a tree over: what could be taken in, how it is made, what does not fit. Only names, sizes and the index are read.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDateTime, Utc};
use photokeep_model::{CaptureTime, Code, Error, LibraryOptions, LinkKind, Metadata, PathOptions, Result};

use super::album_folders::{self, AlbumFolders, Entry};
use super::index::{self, Index, IndexFile};
use super::scheme::{self, Scheme};
use super::walk::{Walked, walk};
use super::{FoundAlbum, FoundFile, LeftAlone, LeftWhy, Maker};
use crate::comparison_tree::COMPARISON_FOLDER;
use crate::folder::Library;
use crate::options::OptionChanges;
use crate::target::{Places, target_error};

/// How to look.
pub struct SurveyOptions<'a> {
    /// The index of gphotos-sync, when it does not lie in the folder (`--db-path`).
    pub index: Option<PathBuf>,
    /// What the clock on this computer's wall showed at an instant: gphotos-sync took the time that Google tells for that
    /// (`predecessors.md` 1.6).
    pub wall_clock: &'a dyn Fn(DateTime<Utc>) -> NaiveDateTime,
}

/// What a tree holds.
#[derive(Debug)]
pub struct Survey {
    /// The tool that made it.
    pub maker: Maker,
    /// How its folders and names are made; so the library's are from then on.
    pub options: OptionChanges,
    /// Whether the index of gphotos-sync was read.
    pub indexed: bool,
    /// Files to take in.
    pub files: Vec<FoundFile>,
    /// Albums to take in.
    pub albums: Vec<FoundAlbum>,
    /// Items that the index knows and of which no file is there.
    pub not_on_disk: u64,
    /// What does not fit.
    pub left: Vec<LeftAlone>,
    /// Sentences worth reading.
    pub notes: Vec<String>,
}

impl Survey {
    /// Bytes of the files to take in.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    /// Entries of album folders that are kept up to date from then on.
    pub fn links(&self) -> u64 {
        self.albums.iter().map(|album| album.entries.len() as u64).sum()
    }
}

/// Looks the folder `root` over; nothing is written.
///
/// # Errors
/// [`Code::Usage`] when it is no folder, or like none that the tools make; [`Code::TargetGone`] and the like when it cannot be read.
pub fn survey(root: &Path, options: &SurveyOptions<'_>) -> Result<Survey> {
    if !root.is_dir() {
        return Err(Error::new(Code::Usage, format!("`{}` is no folder.", root.display()))
            .hint("Give the folder that gphotos-sync, gphotosync or rclone made."));
    }
    // Links are told by their words: the folder has to be called as they call it.
    let root = root.canonicalize().map_err(|error| target_error(error, root))?;
    let walked = walk(&root).map_err(|error| target_error(error, &root))?;
    let mut notes = Vec::new();
    let index = index_of(&root, &walked, options, &mut notes)?;
    let Some(scheme) = scheme::infer(&walked, index.as_ref()) else { return Err(unlike_any(&root)) };
    let mut survey = sort(walked, &scheme, index, options.wall_clock);
    survey.notes.append(&mut notes);
    if survey.files.is_empty() {
        return Err(unlike_any(&root));
    }
    Ok(survey)
}

fn unlike_any(root: &Path) -> Error {
    Error::new(
        Code::Usage,
        format!("`{}` does not look like a folder that gphotos-sync, gphotosync or rclone made. Nothing was changed.", root.display()),
    )
    .hint("Choose the folder that has `photos/YYYY/MM` (gphotos-sync), `YYYY/MM` (gphotosync) or `media` (rclone) in it. To copy photos of any folder into a library: photokeep compare LIBRARY FOLDER --add")
}

fn index_of(root: &Path, walked: &Walked, options: &SurveyOptions<'_>, notes: &mut Vec<String>) -> Result<Option<Index>> {
    let path = match &options.index {
        // Named by the person, so it has to be one.
        Some(path) => {
            let path = if path.is_dir() { path.join(INDEX) } else { path.clone() };
            return index::read(&path).map(Some).map_err(|error| {
                Error::new(Code::Usage, format!("`{}` is no index of gphotos-sync. Nothing was changed.", path.display()))
                    .hint("The index is called gphotos.sqlite; gphotos-sync put it where --db-path said.")
                    .detail("error", error)
            });
        }
        None if walked.tool_files.iter().any(|name| name == INDEX) => root.join(INDEX),
        None => return Ok(None),
    };
    Ok(match index::read(&path) {
        Ok(index) if index.files.is_empty() => None,
        Ok(index) => Some(index),
        Err(_) => {
            notes.push(
                "The index of gphotos-sync (gphotos.sqlite) cannot be read, so names and times of the files are gone by.".into(),
            );
            None
        }
    })
}

/// Names looked at in a folder that may be one of theirs.
const LOOKED_AT: usize = 1000;

/// What gphotos-sync calls its index.
const INDEX: &str = "gphotos.sqlite";

/// Puts every file and link where it belongs.
fn sort(walked: Walked, scheme: &Scheme, index: Option<Index>, wall_clock: &dyn Fn(DateTime<Utc>) -> NaiveDateTime) -> Survey {
    let Walked { files: walked_files, links, mut left, .. } = walked;
    let indexed = index.is_some();
    let index = index.unwrap_or_default();
    let mut rows: HashMap<&str, &IndexFile> = index.files.iter().map(|row| (row.path.as_str(), row)).collect();
    // Case or normal form may be another on the disk than in the index.
    let folded: HashMap<String, &IndexFile> = index.files.iter().map(|row| (folded(&row.path), row)).collect();
    let photos = Some(scheme.photos.clone()).filter(|photos| !photos.is_empty()).unwrap_or_else(|| ".".into());
    let paths = PathOptions { photos: Some(photos.clone()), ..PathOptions::default() };
    let places = Places::new(&LibraryOptions { layout: scheme.layout, paths, ..LibraryOptions::default() });
    // Whoever has exactly the index's name is meant by it, whatever else is called nearly so.
    let exact: HashSet<&str> =
        walked_files.iter().filter_map(|file| rows.get_key_value(file.path.as_str())).map(|(path, _)| *path).collect();
    let (mut files, mut others) = (Vec::new(), Vec::new());
    let mut twins = HashMap::new();
    let mut file_of: HashMap<&str, usize> = HashMap::new();
    for file in walked_files.iter().cloned() {
        let row = rows.remove(file.path.as_str()).or_else(|| {
            let row = *folded.get(&self::folded(&file.path)).filter(|row| !exact.contains(row.path.as_str()))?;
            rows.remove(row.path.as_str())
        });
        if row.is_none() && !scheme.holds(&file.path) {
            others.push(file);
            continue;
        }
        if file.size == 0 {
            // Its index says that it is there, and nothing is: the next sync fetches it.
            left.push(LeftAlone::new(file.path, LeftWhy::NoMedia));
            continue;
        }
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        let told = scheme.told_by_name(name);
        let by_file_time = DateTime::from_timestamp(file.mtime.0, 0).map(|time| {
            let instant = if scheme.maker == Maker::GphotosSync { wall_clock(time).and_utc() } else { time };
            CaptureTime::utc(instant)
        });
        // A copy of the tree may have lost its times; then they are of another month than the folder.
        let by_file_time = by_file_time.filter(|taken| is_in_its_folder(&places, &file.path, *taken));
        let (key, number, metadata) = match row {
            Some(row) => {
                file_of.insert(row.key.as_str(), files.len());
                let metadata = Metadata {
                    title: row.original_name.clone(),
                    taken: row.taken,
                    description: row.description.clone(),
                    mime_type: row.mime_type.clone(),
                    product_url: row.url.clone(),
                    ..Metadata::default()
                };
                (Some(row.key.clone()), Some(row.number), metadata)
            }
            None => {
                // What gphotosync and rclone wrote is the instant; what gphotos-sync wrote is a clock.
                let taken = by_file_time.filter(|_| scheme.maker != Maker::GphotosSync);
                (told.key, told.number, Metadata { title: told.title, taken, ..Metadata::default() })
            }
        };
        if let Some(twin) = file.twin {
            twins.entry(twin).or_insert(files.len());
        }
        files.push(FoundFile { path: file.path, size: file.size, key, metadata, number, by_file_time });
    }
    let by_path: HashMap<&str, usize> = files.iter().enumerate().map(|(at, file)| (file.path.as_str(), at)).collect();
    let mut entries = Vec::new();
    for link in links {
        let target = link.leads_to.as_deref().and_then(|to| by_path.get(to));
        let in_no_album = !link.path.contains('/') || link.path.starts_with(&format!("{COMPARISON_FOLDER}/"));
        match target.filter(|_| !in_no_album) {
            Some(&file) if is_entry_name(&link.path, &files[file].path) => {
                entries.push(Entry { path: link.path, kind: LinkKind::Symlink, file });
            }
            _ => left.push(LeftAlone::new(link.path, LeftWhy::Link)),
        }
    }
    for other in others {
        match other.twin.filter(|_| other.path.contains('/')).and_then(|twin| twins.get(&twin)) {
            Some(&file) if is_entry_name(&other.path, &files[file].path) => {
                entries.push(Entry { path: other.path, kind: LinkKind::Hardlink, file });
            }
            _ => left.push(LeftAlone::new(other.path, LeftWhy::Elsewhere)),
        }
    }
    let folders = album_folders::by_folder(entries);
    let found = if indexed {
        // What it does not know is no album, whatever folders of links there are.
        album_folders::of_index(scheme.layout, &folders, &index.albums, &file_of)
    } else {
        let taken: Vec<Option<CaptureTime>> = files.iter().map(|file| file.metadata.taken.or(file.by_file_time)).collect();
        album_folders::of_names(scheme.layout, &folders, &taken)
    };
    let AlbumFolders { paths, links, albums, left: of_no_album } = found;
    left.extend(of_no_album.into_iter().map(|path| LeftAlone::new(path, LeftWhy::Album)));
    left.sort_by(|a, b| a.why.cmp(&b.why).then_with(|| a.path.cmp(&b.path)));
    let as_the_layout_has_it = Places::new(&LibraryOptions { layout: scheme.layout, ..LibraryOptions::default() });
    let photos = (as_the_layout_has_it.photos_root() != scheme.photos).then_some(photos);
    let options =
        OptionChanges { layout: Some(scheme.layout), links, paths: PathOptions { photos, ..paths }, ..OptionChanges::default() };
    let not_on_disk = rows.len() as u64;
    Survey { maker: scheme.maker, options, indexed, files, albums, not_on_disk, left, notes: Vec::new() }
}

/// Whether an entry of an album's folder is called as the tools call it: by its file's name, with a number before it or none, and cut
/// from the right where names had to be short (`predecessors.md` 1.12). What is called otherwise is the person's own.
fn is_entry_name(entry: &str, file: &str) -> bool {
    let name = |path: &str| folded(path.rsplit('/').next().unwrap_or(path));
    let (entry, file) = (name(entry), name(file));
    let numbered =
        entry.split_once('_').filter(|(digits, _)| digits.len() >= 4 && digits.bytes().all(|byte| byte.is_ascii_digit()));
    entry == file || numbered.is_some_and(|(_, rest)| !rest.is_empty() && file.starts_with(rest))
}

/// Whether a file of this time would lie in this folder, whatever clock decided it.
fn is_in_its_folder(places: &Places, path: &str, taken: CaptureTime) -> bool {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    [-14, 0, 14].into_iter().any(|hours| {
        let instant = taken.instant.checked_add_signed(chrono::TimeDelta::hours(hours));
        instant.is_some_and(|instant| places.month_folder(Some(CaptureTime::utc(instant))) == folder)
    })
}

fn folded(path: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    path.nfc().flat_map(char::to_lowercase).collect()
}

impl Library {
    /// Whether a folder looks like one that a predecessor made, without walking through it: for whoever chooses a folder.
    pub fn looks_adoptable(root: &Path) -> bool {
        let is_there = |name: &str| root.join(name).exists();
        let years_in = |folder: PathBuf| {
            let entries = folder.read_dir().into_iter().flatten().flatten().take(LOOKED_AT);
            let year_of = |name: String| name.split_once('-').map_or_else(|| name.clone(), |(year, _)| year.to_owned());
            entries.filter_map(|entry| entry.file_name().into_string().ok()).any(|name| scheme::is_year(&year_of(name)))
        };
        let by_its_files = is_there(INDEX) || is_there(".token.json") || is_there("media/by-month");
        !Self::is_library(root) && (by_its_files || years_in(root.join("photos")) || years_in(root.to_owned()))
    }
}
