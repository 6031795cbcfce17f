//! Albums: the folders that are albums, and whose items lie in them.

use std::collections::HashSet;

use super::folders::{Folder, FolderKind};
use super::{Album, Contents, Piece, Use, What};

/// Finds the albums, once it is known which piece belongs to which item.
pub(super) fn find(pieces: &[Piece<'_>], folders: &[Folder], contents: &mut Contents) {
    for folder in folders.iter().filter(|folder| folder.kind == FolderKind::Album) {
        let name = folder.path.rsplit_once('/').map_or(folder.path.as_str(), |(_, name)| name);
        let file = folder.album_file.and_then(|at| match &pieces[at].what {
            What::Album(file) => Some((at, file)),
            _ => None,
        });
        let mut album = Album {
            folder: folder.path.clone(),
            title: file.map_or_else(|| name.to_owned(), |(_, file)| file.title.clone()),
            provisional: file.is_none(),
            file: file.map(|(at, _)| at),
            ..Album::default()
        };
        let mut seen = HashSet::new();
        for &at in folder.sidecars.iter().chain(&folder.media) {
            match contents.uses[at] {
                Use::Sidecar { item } | Use::Media { item, .. } if seen.insert(item) => album.members.push(item),
                Use::SidecarAlone | Use::SidecarOpen => album.unknown_members.push(at),
                _ => {}
            }
        }
        contents.albums.push(album);
    }
}
