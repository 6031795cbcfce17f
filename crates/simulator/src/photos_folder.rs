//! A folder of real photos as a library: what the account holds is what lies there.
//!
//! Date from the file's metadata where it can be read, else its modification time; type by content; identical bytes become
//! one item that keeps the first name, as at Google (`google-apis.md` 2.7); each sub-folder with photos in it becomes an
//! album named after it. Files that are neither photo nor video are left out. Bytes are read anew for every download.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use photokeep_media::{FileType, Kind, SNIFF_BYTES};

use crate::photo_library::{Content, PhotoLibrary, SimAlbum, SimItem, VideoStatus};
use crate::upload::id_of;

/// Reads `folder` with everything below it. Links are followed only to files.
///
/// # Errors
/// When a folder or file cannot be read.
pub fn photos_folder(folder: &Path) -> io::Result<PhotoLibrary> {
    let mut library = PhotoLibrary::default();
    let mut by_hash = HashMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(current) = waiting.pop() {
        let mut entries: Vec<PathBuf> =
            std::fs::read_dir(&current)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
        entries.sort();
        let mut members = Vec::new();
        for path in entries {
            if path.is_dir() {
                if !path.is_symlink() {
                    waiting.push(path);
                }
                continue;
            }
            let Some(file_type) = media_type(&path)? else { continue };
            let hash = hash_of(&path)?;
            let id = match by_hash.get(&hash) {
                Some(id) => String::clone(id),
                None => {
                    let item = read_item(&path, file_type, &hash)?;
                    by_hash.insert(hash, item.id.clone());
                    let id = item.id.clone();
                    library.items.push(item);
                    id
                }
            };
            if !members.contains(&id) {
                members.push(id);
            }
        }
        if current != folder && !members.is_empty() {
            library.albums.push(album(&current, members));
        }
    }
    library.items.sort_by_key(|item| std::cmp::Reverse(item.creation_time));
    library.albums.sort_by(|a, b| a.title.cmp(&b.title));
    Ok(library)
}

fn album(folder: &Path, items: Vec<String>) -> SimAlbum {
    SimAlbum {
        id: id_of("album", folder.as_os_str().as_encoded_bytes()),
        title: folder.file_name().map(|name| name.to_string_lossy().into_owned()),
        items,
        own: true,
        shared: false,
        app_created: true,
    }
}

/// The type by content if it is a photo or video.
fn media_type(path: &Path) -> io::Result<Option<FileType>> {
    let mut head = Vec::with_capacity(SNIFF_BYTES);
    File::open(path)?.take(SNIFF_BYTES as u64).read_to_end(&mut head)?;
    Ok(photokeep_media::sniff(&head).media())
}

fn hash_of(path: &Path) -> io::Result<blake3::Hash> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path)?)?;
    Ok(hasher.finalize())
}

fn read_item(path: &Path, file_type: FileType, hash: &blake3::Hash) -> io::Result<SimItem> {
    let facts = photokeep_media::inspect(path)?;
    let modified: DateTime<Utc> = std::fs::metadata(path)?.modified()?.into();
    // A camera without a time zone is taken to be at UTC.
    let taken = facts.taken.map(|taken| taken.instant.unwrap_or_else(|| taken.local.and_utc()));
    Ok(SimItem {
        id: id_of("item", hash.as_bytes()),
        filename: path.file_name().map(|name| name.to_string_lossy().into_owned()),
        mime_type: file_type.mime.to_owned(),
        creation_time: Some(taken.unwrap_or(modified)),
        width: facts.width.unwrap_or(0),
        height: facts.height.unwrap_or(0),
        description: None,
        camera_make: facts.camera_make,
        camera_model: facts.camera_model,
        video: (file_type.kind == Kind::Video).then_some(VideoStatus::Ready),
        favorite: false,
        archived: false,
        categories: Vec::new(),
        in_library: true,
        app_created: true,
        content: Content::File(path.to_owned()),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use crate::generate::{PictureRecipe, filler, picture};

    #[test]
    fn a_folder_becomes_items_and_its_sub_folders_albums() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("Holiday")).unwrap();
        let taken = DateTime::from_timestamp(1_600_000_000, 0).unwrap();
        let painted = picture(&PictureRecipe {
            seed: 1,
            width: 64,
            height: 48,
            taken,
            offset_seconds: 0,
            place: None,
            camera: ("Maker", "Model 1"),
            caption: None,
        });
        std::fs::write(at("a.jpg"), filler(1, 2000)).unwrap();
        std::fs::write(at("b.jpg"), filler(1, 2000)).unwrap();
        std::fs::write(at("notes.txt"), "no photo").unwrap();
        std::fs::write(at("Holiday/c.png"), &painted).unwrap();
        std::fs::write(at("Holiday/d.jpg"), filler(1, 2000)).unwrap();
        let library = photos_folder(folder.path()).unwrap();
        let mut names: Vec<_> = library.items.iter().map(|item| item.filename.clone().unwrap()).collect();
        names.sort();
        assert_eq!(names, ["a.jpg", "c.png"], "identical bytes are one item with the first name");
        let painted = library.items.iter().find(|item| item.filename.as_deref() == Some("c.png")).unwrap();
        assert_eq!(painted.mime_type, "image/jpeg", "by content, not by name");
        assert_eq!(painted.creation_time, Some(taken));
        assert_eq!((painted.width, painted.height), (64, 48));
        assert_eq!(painted.camera_make.as_deref(), Some("Maker"));
        assert_eq!(library.albums.len(), 1);
        assert_eq!(library.albums[0].title.as_deref(), Some("Holiday"));
        assert_eq!(library.albums[0].items.len(), 2);
    }
}
