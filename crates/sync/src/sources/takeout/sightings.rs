//! From the items of an export to sightings: keys that hold from one export to the next, names, and metadata.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use photokeep_library::catalog::{EntryKey, SightedEntry, SightedFile, Sighting};
use photokeep_model::{CaptureTime, FileRole, Metadata};
use photokeep_takeout::contents::{Contents, FolderKind, Item, ItemFile, Piece, Use, What};
use photokeep_takeout::naming::{MediaClass, alias, class_of, fold, known_extension, split_extension};
use photokeep_takeout::sidecar::Brief;

/// No photo was taken before 1826 (format notes, 5.2); in Unix seconds.
const FIRST_PHOTO: i64 = -4_544_208_000;

/// Makes the sightings of an export.
pub(super) struct Sightings<'a> {
    pieces: &'a [Piece<'a>],
    contents: &'a Contents,
    /// How many items have a key, by its hash; those that share one get another.
    keys: HashMap<[u8; 32], u32>,
    /// Pieces that repeat another one.
    repeats: HashMap<usize, Vec<usize>>,
    export: i64,
    newest: bool,
    now: DateTime<Utc>,
}

impl<'a> Sightings<'a> {
    pub fn new(pieces: &'a [Piece<'a>], contents: &'a Contents, export: i64, newest: bool, now: DateTime<Utc>) -> Self {
        let mut repeats: HashMap<usize, Vec<usize>> = HashMap::new();
        for (at, used) in contents.uses.iter().enumerate() {
            if let Use::Repeated { of } = used {
                repeats.entry(*of).or_default().push(at);
            }
        }
        let mut sightings = Self { pieces, contents, keys: HashMap::new(), repeats, export, newest, now };
        for item in &contents.items {
            *sightings.keys.entry(hash_of(&sightings.first_key(item))).or_default() += 1;
        }
        sightings
    }

    /// The items in the order in which their bytes lie in the archives.
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.contents.items.len()).collect();
        let first = |item: &Item| item.original().or(item.files.first()).map_or(usize::MAX, |file| file.piece);
        order.sort_by_key(|&at| first(&self.contents.items[at]));
        order
    }

    /// The sighting of one item.
    pub fn of(&self, item: &Item) -> Sighting {
        let sidecar = self.sidecar(item);
        let original = item.original().or(item.files.first());
        let media = original.map_or("", |file| self.pieces[file.piece].name());
        let title = sidecar.and_then(Brief::title).unwrap_or(media);
        let metadata = self.metadata(item, sidecar, title, media);
        let files = item.files.iter().enumerate().filter(|(_, file)| file.copy_of.is_none());
        let files = files.map(|(at, file)| self.file(item, at, file, title)).collect();
        self.sighting(self.key(item), metadata, item.in_year_folder, files)
    }

    /// What a sidecar says whose file is in no part: the item may be known from another export.
    pub fn of_sidecar(&self, piece: usize) -> Option<Sighting> {
        let item = Item { sidecars: vec![piece], ..Item::default() };
        let sidecar = self.sidecar(&item)?;
        let title = sidecar.title()?;
        let metadata = self.metadata(&item, Some(sidecar), title, title);
        Some(self.sighting(self.first_key(&item), metadata, false, Vec::new()))
    }

    fn sighting(&self, key: String, metadata: Metadata, in_library: bool, files: Vec<SightedFile>) -> Sighting {
        Sighting { key, metadata, in_library, files, newest: self.newest, export: Some(self.export) }
    }

    fn sidecar(&self, item: &Item) -> Option<&'a Brief> {
        item.sidecars.iter().find_map(|&at| match &self.pieces[at].what {
            What::Item(sidecar) => Some(&**sidecar),
            _ => None,
        })
    }

    /// The key of an item: its address, which stays the same from export to export; without one its title and time; and
    /// what is known of its bytes where that is all there is, or where two items would have the same key.
    fn key(&self, item: &Item) -> String {
        let first = self.first_key(item);
        if self.keys.get(&hash_of(&first)).is_none_or(|count| *count < 2) {
            return first;
        }
        let bytes = item.files.first().map(|file| &self.pieces[file.piece]);
        let (size, crc32) = bytes.map_or((0, None), |piece| (piece.size, piece.crc32));
        let path = if crc32.is_none() { bytes.map_or("", |piece| &*piece.path) } else { "" };
        hashed("t", &[&first, &size.to_string(), &crc32.unwrap_or(0).to_string(), path])
    }

    fn first_key(&self, item: &Item) -> String {
        let Some(sidecar) = self.sidecar(item) else {
            let piece = item.files.first().map(|file| &self.pieces[file.piece]);
            let (path, size, crc32) = piece.map_or(("", 0, None), |piece| (&*piece.path, piece.size, piece.crc32));
            return hashed("n", &[path, &size.to_string(), &crc32.unwrap_or(0).to_string()]);
        };
        match sidecar.url().and_then(address) {
            Some(key) => key,
            None => {
                let taken = sidecar.taken.map(|taken| taken.to_string()).unwrap_or_default();
                hashed("t", &[sidecar.title().unwrap_or_default(), &taken])
            }
        }
    }

    fn file(&self, item: &Item, at: usize, file: &ItemFile, title: &str) -> SightedFile {
        let copies = item.files.iter().filter(|other| other.copy_of == Some(at)).map(|other| other.piece);
        let mut pieces = vec![file.piece];
        pieces.extend(copies);
        let repeated: Vec<usize> = pieces.iter().filter_map(|piece| self.repeats.get(piece)).flatten().copied().collect();
        pieces.extend(repeated);
        let name = file_name(title, self.pieces[file.piece].name(), file.role);
        let entries = pieces
            .into_iter()
            .map(|at| {
                let piece = &self.pieces[at];
                let key = EntryKey { part: piece.part, entry: piece.entry };
                SightedEntry { key, size: piece.size, crc32: piece.crc32 }
            })
            .collect();
        SightedFile { role: file.role, name: if name == title { None } else { Some(name) }, entries }
    }

    fn metadata(&self, item: &Item, sidecar: Option<&Brief>, title: &str, media: &str) -> Metadata {
        let mut metadata = Metadata { title: title.to_owned(), mime_type: mime_type(media), ..Metadata::default() };
        let Some(sidecar) = sidecar else { return metadata };
        let latest = self.now.timestamp().saturating_add(86_400);
        let plausible = |taken: &i64| *taken != 0 && (FIRST_PHOTO..=latest).contains(taken);
        let taken = sidecar.taken.filter(plausible).and_then(|taken| DateTime::from_timestamp(taken, 0));
        metadata.taken = taken.map(|instant| CaptureTime { instant, offset_seconds: None });
        metadata.description = sidecar.description().map(str::to_owned);
        metadata.product_url = sidecar.url().map(str::to_owned);
        metadata.favorite = Some(sidecar.favorited);
        metadata.archived = Some(sidecar.archived || item.kind_of_folder == FolderKind::Archive);
        metadata.trashed = Some(sidecar.trashed || item.kind_of_folder == FolderKind::Trash);
        if let Some(place) = sidecar.place() {
            metadata.place = Some((place.latitude, place.longitude));
            metadata.altitude = place.altitude;
        }
        metadata.people = sidecar.people().to_vec();
        metadata.uploaded = sidecar.created;
        metadata.origin = sidecar.origin().map(str::to_owned);
        metadata
    }
}

/// The id in `https://photos.google.com/photo/AF1Qip…`: hosts and paths have changed over the years, it has not.
fn address(url: &str) -> Option<String> {
    let id = url.split(['?', '#']).next()?.trim_end_matches('/').rsplit('/').next()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if id.len() >= 16 && id.len() <= 256 && id.bytes().all(plain) {
        return Some(id.to_owned());
    }
    (!url.is_empty()).then(|| hashed("u", &[url]))
}

fn hash_of(key: &str) -> [u8; 32] {
    *blake3::hash(key.as_bytes()).as_bytes()
}

fn hashed(kind: &str, parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    format!("{kind}-{}", &hasher.finalize().to_hex()[..32])
}

/// The extension of a photo or film without its dot.
fn extension_of(name: &str) -> Option<&str> {
    known_extension(name).map(|extension| extension.trim_start_matches('.'))
}

/// The name a file is to have: from the uncut title, with the extension that the file has in the archive.
fn file_name(title: &str, media: &str, role: FileRole) -> String {
    let titled = extension_of(title);
    let stem = if titled.is_some() { split_extension(title).0 } else { title };
    let extension = extension_of(media);
    match role {
        FileRole::Edited => {
            let extension = extension.or(titled).unwrap_or("jpg");
            format!("{stem}-edited.{extension}")
        }
        FileRole::Motion => format!("{stem}.{}", extension.unwrap_or("mp4")),
        FileRole::Original | FileRole::Rendition => match (titled, extension) {
            (_, None) => title.to_owned(),
            (Some(titled), Some(extension)) if alias(titled) == alias(extension) => title.to_owned(),
            // Google converted it, and either put the new extension behind the old one or in its place.
            (Some(_), Some(extension)) if fold(split_extension(media).0).starts_with(&fold(stem)) && has_two(media) => {
                format!("{title}.{extension}")
            }
            (_, Some(extension)) => format!("{stem}.{extension}"),
        },
    }
}

/// Whether a name has a known extension behind a known extension: `IMG_0001.MOV.mp4`.
fn has_two(media: &str) -> bool {
    extension_of(split_extension(media).0).is_some()
}

/// The type that a name's extension stands for: enough to tell films from photos before the bytes are here.
fn mime_type(name: &str) -> Option<String> {
    let extension = extension_of(name)?;
    let known = match alias(extension).as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "heic" | "heif" => "image/heic",
        "webp" => "image/webp",
        "mov" | "qt" => "video/quicktime",
        "avi" => "video/x-msvideo",
        "3gp" => "video/3gpp",
        _ if class_of(extension) == MediaClass::Video => "video/mp4",
        _ => return None,
    };
    Some(known.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_by_their_uncut_title() {
        let original = |title, media| file_name(title, media, FileRole::Original);
        assert_eq!(original("IMG_1.jpg", "IMG_1(2).jpg"), "IMG_1.jpg");
        assert_eq!(original("IMG_1.JPG", "IMG_1.jpg"), "IMG_1.JPG");
        assert_eq!(original("a very long title that was cut.jpeg", "a very long ti.jpg"), "a very long title that was cut.jpeg");
        assert_eq!(original("3/11/15 - 1", "3_11_15 - 1.jpg"), "3/11/15 - 1.jpg");
        assert_eq!(original("IMG_0001.MOV", "IMG_0001.MOV.mp4"), "IMG_0001.MOV");
        assert_eq!(original("IMG_0001.JPG", "IMG_0001.JPG.webp"), "IMG_0001.JPG.webp");
        assert_eq!(original("IMG_0002.PNG", "IMG_0002.JPEG"), "IMG_0002.JPEG");
        assert_eq!(file_name("IMG_1.HEIC", "IMG_1-bearbeitet.jpg", FileRole::Edited), "IMG_1-edited.jpg");
        assert_eq!(file_name("MVIMG_1.jpg", "MVIMG_1", FileRole::Motion), "MVIMG_1.mp4");
        assert_eq!(file_name("IMG_1.HEIC", "IMG_1.MP4", FileRole::Motion), "IMG_1.MP4");
    }

    #[test]
    fn an_address_is_known_under_another_host() {
        let one = address("https://photos.google.com/photo/AF1QipMabcdefghijklmnop");
        assert_eq!(one.as_deref(), Some("AF1QipMabcdefghijklmnop"));
        assert_eq!(one, address("https://lh3.googleusercontent.com/photo/AF1QipMabcdefghijklmnop?x=1"));
        assert_eq!(address(""), None);
        assert!(address("https://x/y").is_some_and(|key| key.starts_with("u-")));
    }
}
