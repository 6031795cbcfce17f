#![allow(clippy::unwrap_used)]

use chrono::DateTime;
use photokeep_model::{Code, Filter, Metadata, RunKind, SourceKind};

use super::*;
use crate::catalog::{AlbumSighting, Sighting};
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
