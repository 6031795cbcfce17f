#![allow(clippy::unwrap_used)]

use chrono::DateTime;
use photokeep_model::{Code, Filter, Metadata, RunKind, SourceKind};

use super::*;
use crate::catalog::{AlbumSighting, Sighting};
use crate::placing::Arrival;
use crate::platform::Refusing;
use crate::{Home, OptionChanges};

/// On a disk that goes away between the look at an album and the removal, every link looks as if it were removed already.
#[test]
fn a_disk_that_goes_away_meanwhile_takes_no_link_from_the_catalog() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("library");
    let home = Home::at(folder.path().join("home")).unwrap();
    let library = Library::open_or_create(&root, &home, OptionChanges::default(), false).unwrap();
    let catalog = &library.catalog;
    catalog.begin_listing().unwrap();
    let run = catalog.begin_run(RunKind::Sync, &Filter::default(), DateTime::UNIX_EPOCH).unwrap();
    let metadata = Metadata { title: "a.jpg".into(), ..Metadata::default() };
    let page = [Sighting::new("a".into(), metadata, true)];
    let item = catalog.sight(SourceKind::LibraryApi, run, &page, &library.namer()).unwrap().1[0];
    let album = AlbumSighting { key: "t".into(), title: Some("Trip".into()), own: true, shared: false, product_url: None };
    let (album, _) = catalog.sight_album(SourceKind::LibraryApi, &album).unwrap();
    let path = "albums/2019/05 Trip/0000_a.jpg";
    let link = catalog.announce_link(album, item, path, path, LinkKind::Symlink, "photos/2019/05/a.jpg").unwrap();
    catalog.mark_link_made(link, None, None).unwrap();
    let made = catalog.links(album).unwrap();
    std::fs::rename(&root, folder.path().join("unplugged")).unwrap();
    let error = library.remove_links(&made, None, &mut LinkReport::default()).unwrap_err();
    assert_eq!(error.code, Code::TargetGone);
    assert_eq!(catalog.links(album).unwrap(), made);
}

/// Links worked when the library was made; then developer mode was switched off.
#[test]
fn links_that_are_refused_later_become_the_next_best_kind() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("library");
    let home = Home::at(folder.path().join("home")).unwrap();
    let mut library = Library::open_or_create(&root, &home, OptionChanges::default(), false).unwrap();
    let run = library.catalog.begin_run(RunKind::Sync, &Filter::default(), DateTime::UNIX_EPOCH).unwrap();
    library.catalog.begin_listing().unwrap();
    let album = AlbumSighting { key: "t".into(), title: Some("Trip".into()), own: true, shared: false, product_url: None };
    let (album, _) = library.catalog.sight_album(SourceKind::LibraryApi, &album).unwrap();
    let mut items = Vec::new();
    let mut arrive = |library: &mut Library, name: &str| {
        let metadata = Metadata { title: name.into(), ..Metadata::default() };
        let page = [Sighting::new(name.into(), metadata, true)];
        items.push(library.catalog.sight(SourceKind::LibraryApi, run, &page, &library.namer()).unwrap().1[0]);
        library.catalog.set_album_items(album, &items).unwrap();
        let file = library.catalog.open_files(SourceKind::LibraryApi, 0, 10).unwrap().remove(0).id;
        let temp = library.temporary(file);
        std::fs::write(&temp, name).unwrap();
        let (size, hash) = (name.len() as u64, *blake3::hash(name.as_bytes()).as_bytes());
        let arrival = Arrival { file, temp, size, hash, ..Arrival::default() };
        library.place(run, vec![arrival]).unwrap();
        let report = library.update_album_links(|_, _| {}).unwrap();
        assert_eq!((report.made, report.removed, report.notes), (1, 0, vec![]));
        let mut entries: Vec<(String, bool)> = library
            .catalog
            .links(album)
            .unwrap()
            .iter()
            .map(|link| (link.path.clone(), root.join(&link.path).is_symlink()))
            .inspect(|(path, _)| assert!(std::fs::read_to_string(root.join(path)).unwrap().ends_with(".jpg")))
            .collect();
        entries.sort();
        entries.into_iter().map(|(_, is_symlink)| is_symlink).collect::<Vec<_>>()
    };
    let had_links = library.facts().symlinks.works();
    assert_eq!(arrive(&mut library, "a.jpg"), [had_links]);
    library.links = &Refusing;
    assert_eq!(arrive(&mut library, "b.jpg"), [had_links, false], "what was made before stays, as it still works");
    assert_eq!(library.link_kind().unwrap(), Some(LinkKind::Hardlink));
    assert!(library.facts().sentences().iter().any(|said| said.contains("Developer Mode")) == had_links);
}
