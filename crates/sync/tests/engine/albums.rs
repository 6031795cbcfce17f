//! Albums as they are: shared, repeated, odd titles, items that are nowhere else.

use photokeep_library::OptionChanges;
use photokeep_model::{Code, LinkChoice};
use photokeep_simulator::photo_library::{SimAlbum, VideoStatus};

use crate::harness::{Account, config, names_in};
use crate::items::{account, album, film, photo, photos, shared_album};

#[tokio::test(flavor = "multi_thread")]
async fn albums_become_folders_of_links_in_order() {
    let account = Account::of(photos(6), vec![album("a", "Trip", &["p004", "p001", "p003"]), album("empty", "Empty", &[])]).await;
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.albums, receipt.links_made), (2, 3));
    assert_eq!(account.folder("Trip"), "albums/2023/06 Trip");
    assert_eq!(
        account.entries("albums/2023/06 Trip").into_iter().map(|(name, _)| name).collect::<Vec<_>>(),
        ["0000_IMG_004.jpg", "0001_IMG_001.jpg", "0002_IMG_003.jpg"]
    );
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn items_that_are_only_in_a_shared_album_are_kept() {
    let mut items = photos(4);
    items[1].in_library = false;
    items[2].in_library = false;
    let account = Account::of(items, vec![shared_album("s", "Wedding", &["p002", "p000", "p001"])]).await;
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.added, receipt.listed, receipt.links_made), (4, 4, 3));
    account.assert_complete();
    account.assert_months();
    assert_eq!(account.sync().await.complete().links_made, 0);
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn archived_items_of_an_album_are_kept() {
    let mut items = photos(4);
    items[1].archived = true;
    items[2].archived = true;
    let account = Account::of(items, vec![album("a", "A", &["p001"])]).await;
    assert_eq!(account.sync().await.complete().added, 3);
    account.assert_complete();
    assert_eq!(account.sync().await.complete().added, 0);
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_album_in_both_lists_is_the_users_own() {
    let both = SimAlbum { own: true, ..shared_album("s", "Both", &["p001"]) };
    let options = OptionChanges { layout: Some(photokeep_model::Layout::GphotosSync), ..OptionChanges::default() };
    let account = Account::with(config(), account(photos(3), vec![both]), options).await;
    for _ in 0..2 {
        assert_eq!(account.sync().await.complete().albums, 1);
        assert_eq!(account.folder("Both"), "albums/2023/0629 Both");
    }
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(windows, ignore = "of a disk on which upper and lower case are two names")]
async fn two_albums_of_one_title_stay_apart() {
    let account = Account::of(
        photos(6),
        vec![album("a", "Trip", &["p001", "p002"]), album("b", "Trip", &["p003"]), album("c", "trip", &["p004"])],
    )
    .await;
    account.sync().await.complete();
    assert_eq!(names_in(&account.root.join("albums/2023")), ["06 Trip", "06 Trip (2)", "06 trip"].map(str::to_owned).into());
    account.assert_complete();
    assert_eq!(account.sync().await.complete().links_made, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_titles_stay_inside() {
    let titles = ["..", "../../etc", "/abs", "", "   ", "CON", "....", "a/b\\c", "\u{202e}gpj.exe", "日本 🏖", "x\0y\nz"];
    let mut albums: Vec<SimAlbum> =
        titles.iter().enumerate().map(|(n, title)| album(&format!("a{n}"), title, &["p001"])).collect();
    albums.push(SimAlbum { title: None, ..album("none", "", &["p002"]) });
    albums.push(album("long", &"x".repeat(400), &["p001"]));
    let count = albums.len();
    let account = Account::of(photos(3), albums).await;
    account.sync().await.complete();
    let roots: std::collections::BTreeSet<String> = names_in(&account.root);
    assert_eq!(roots, [".photokeep", "albums", "photos"].map(str::to_owned).into());
    assert_eq!(names_in(account.root.parent().unwrap()), ["home", "library"].map(str::to_owned).into());
    assert_eq!(names_in(&account.root.join("albums")), ["2023".to_owned()].into());
    assert_eq!(names_in(&account.root.join("albums/2023")).len(), count);
    account.assert_disk(&[]);
    assert_eq!(account.sync().await.complete().links_made, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_failed_leaves_a_gap_in_its_albums_until_it_is_there() {
    let items = vec![
        photo("a", "a.jpg", "2023-05-01T10:00:00Z"),
        film("v", "v.mp4", "2023-05-02T10:00:00Z"),
        photo("b", "b.jpg", "2023-05-03T10:00:00Z"),
    ];
    let account = Account::of(items, vec![album("x", "X", &["a", "v", "b"])]).await;
    account.control.change_item("v", |item| item.video = Some(VideoStatus::Processing));
    let names = |account: &Account| account.entries("albums/2023/05 X").into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    account.sync().await;
    assert_eq!(names(&account), ["0000_a.jpg", "0002_b.jpg"]);
    account.control.change_item("v", |item| item.video = Some(VideoStatus::Ready));
    assert_eq!(account.sync().await.complete().links_made, 1);
    assert_eq!(names(&account), ["0000_a.jpg", "0001_v.mp4", "0002_b.jpg"]);
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(windows, ignore = "of a disk with symbolic links, which wine cannot show")]
async fn every_kind_of_link_shows_the_same_bytes() {
    for links in [LinkChoice::Symlink, LinkChoice::Hardlink, LinkChoice::Copy] {
        let options = OptionChanges { links: Some(links), ..OptionChanges::default() };
        let account = Account::with(config(), account(photos(5), vec![album("a", "A", &["p002", "p001"])]), options).await;
        for run in 0..2 {
            assert_eq!(account.sync().await.complete().links_made, if run == 0 { 2 } else { 0 }, "{links:?}");
        }
        for (name, id) in [("0000_IMG_002.jpg", "p002"), ("0001_IMG_001.jpg", "p001")] {
            let entry = account.root.join("albums/2023/06 A").join(name);
            let file = account.root.join(account.path(id));
            assert!(std::fs::read(&entry).unwrap() == account.control.served_bytes(id).unwrap(), "{links:?}");
            let (link, original) = (entry.symlink_metadata().unwrap(), file.metadata().unwrap());
            assert_eq!(link.is_symlink(), links == LinkChoice::Symlink);
            let second_name = same_file::is_same_file(&entry, &file).unwrap() && !link.is_symlink();
            assert_eq!(second_name, links == LinkChoice::Hardlink);
            if links != LinkChoice::Symlink {
                assert_eq!(link.modified().unwrap(), original.modified().unwrap());
            }
        }
        // The picture changes: the entry follows, whatever it is made of.
        account.control.change_item("p001", |item| {
            item.width = 10;
            item.content = photokeep_simulator::photo_library::Content::Filler { seed: 5, size: 7_000 };
        });
        account.sync().await.complete();
        let entry = account.root.join("albums/2023/06 A/0001_IMG_001.jpg");
        assert!(std::fs::read(&entry).unwrap() == account.control.served_bytes("p001").unwrap(), "{links:?}");
        assert_eq!(account.sync().await.complete().links_made, 0, "{links:?}");
        account.control.remove_album("a");
        account.sync().await.complete();
        assert_eq!(names_in(&account.root.join("albums")), Default::default(), "{links:?}");
        assert_eq!(account.control.violations(), []);
    }
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(windows, ignore = "of a disk with symbolic links, which wine cannot show")]
async fn shortcuts_are_small_files_and_none_makes_no_folder() {
    let options = OptionChanges { links: Some(LinkChoice::Shortcut), ..OptionChanges::default() };
    let account = Account::with(config(), account(photos(5), vec![album("a", "A", &["p002", "p001"])]), options).await;
    account.sync().await.complete();
    assert_eq!(names_in(&account.root.join("albums/2023/06 A")).len(), 2);
    assert!(account.root.join("albums/2023/06 A").read_dir().unwrap().all(|entry| entry.unwrap().metadata().unwrap().is_file()));
    assert_eq!(account.sync().await.complete().links_made, 0);
    let none = OptionChanges { links: Some(LinkChoice::None), ..OptionChanges::default() };
    let ran = account.sync_with(Default::default(), none, photokeep_sync::Control::default()).await;
    assert_eq!(ran.complete().links_removed, 2);
    assert_eq!(names_in(&account.root.join("albums")), Default::default());
    let symlinks = OptionChanges { links: Some(LinkChoice::Symlink), ..OptionChanges::default() };
    account.sync_with(Default::default(), symlinks, photokeep_sync::Control::default()).await.complete();
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_put_into_an_album_folder_is_left_alone() {
    let account = Account::of(photos(5), vec![album("a", "A", &["p002", "p001"])]).await;
    account.sync().await.complete();
    let folder = account.root.join("albums/2023/06 A");
    std::fs::write(folder.join("notes.txt"), "mine").unwrap();
    std::fs::remove_file(folder.join("0000_IMG_002.jpg")).unwrap();
    std::fs::write(folder.join("0000_IMG_002.jpg"), "mine too").unwrap();
    account.control.remove_album("a");
    account.sync().await.complete();
    assert_eq!(names_in(&folder), ["0000_IMG_002.jpg", "notes.txt"].map(str::to_owned).into());
    assert_eq!(std::fs::read(folder.join("0000_IMG_002.jpg")).unwrap(), b"mine too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_was_there_before_is_not_taken_for_an_album() {
    let account = Account::of(photos(5), vec![album("a", "A", &["p002"])]).await;
    let theirs = account.root.join("albums/2023/06 A");
    std::fs::create_dir_all(&theirs).unwrap();
    std::fs::write(theirs.join("0000_IMG_002.jpg"), "mine").unwrap();
    account.sync().await.complete();
    assert_eq!(account.folder("A"), "albums/2023/06 A (2)");
    account.control.remove_album("a");
    account.sync().await.complete();
    assert_eq!(std::fs::read(theirs.join("0000_IMG_002.jpg")).unwrap(), b"mine");
}

#[test]
#[cfg_attr(windows, ignore = "of a disk with symbolic links, which wine cannot show")]
fn a_kind_of_link_the_disk_cannot_hold_is_refused_before_anything_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let facts = photokeep_library::target::probe(folder.path()).unwrap();
    let mut without = facts.clone();
    without.symlinks = photokeep_library::target::Ability::missing("not here");
    assert_eq!(without.best_link(LinkChoice::Symlink).unwrap_err().code, Code::Usage);
    assert!(facts.best_link(LinkChoice::Symlink).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_album_that_google_fails_to_show_keeps_no_photo_from_coming() {
    let albums = vec![album("good", "Good", &["p000"]), album("bad", "Bad", &["p001"])];
    let account = Account::of(photos(4), albums).await;
    // Every search fails; the list of the library and of albums works.
    account.fault(photokeep_simulator::FaultRule::new(photokeep_simulator::Place::Search, photokeep_simulator::Fault::Internal));
    let ran = account.sync().await;
    assert_eq!(ran.receipt.added, 4, "{:?} {:?}", ran.error, ran.receipt);
    assert!(!ran.receipt.complete);
    account.control.clear_faults();
    account.sync().await.complete();
    account.assert_complete();
}
