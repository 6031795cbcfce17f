//! What a person changes in Google Photos between two runs.

use photokeep_simulator::photo_library::Content;

use crate::harness::{Account, inode, modified, stored};
use crate::items::{album, at, photo, photos};

/// Title and description that the catalog has for the file at `path`.
fn listed(account: &Account, path: &str) -> (String, Option<String>) {
    let mut found = None;
    let keep = |file: photokeep_library::ListedFile| {
        if file.path == path {
            found = Some((file.title, file.description));
        }
        Ok(())
    };
    account.library().catalog.for_each_stored(keep).unwrap();
    found.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_name_is_taken_over_and_the_file_keeps_its_name() {
    let account = Account::of(photos(5), vec![album("a", "A", &["p001", "p002"])]).await;
    account.sync().await.complete();
    let (path, media) = (account.path("p001"), account.control.counts().media);
    let before = inode(&account.root.join(&path));
    account.control.change_item("p001", |item| item.filename = Some("Sunset.jpg".into()));
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.updated, receipt.added, receipt.restored, receipt.links_made), (1, 0, 0, 0));
    assert_eq!(account.path("p001"), path);
    assert_eq!(listed(&account, &path).0, "Sunset.jpg");
    assert_eq!(inode(&account.root.join(&path)), before, "the file was not touched");
    assert_eq!(account.control.counts().media, media, "nothing was fetched");
    account.assert_complete();
    assert_eq!(account.sync().await.complete().updated, 0, "once");
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(windows, ignore = "of a disk that keeps nanoseconds; NTFS keeps steps of 100")]
async fn a_changed_date_moves_the_time_and_not_the_file() {
    let account = Account::of(photos(5), vec![album("a", "A", &["p001", "p002"])]).await;
    account.sync().await.complete();
    let (path, others) = (account.path("p001"), inode(&account.root.join(account.path("p002"))));
    account.control.change_item("p001", |item| item.creation_time = Some(at("1999-12-31T23:59:59.123456789Z")));
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.updated, receipt.restored), (1, 0));
    assert_eq!(account.path("p001"), path);
    assert_eq!(modified(&account.root.join(&path)), (at("1999-12-31T23:59:59Z").timestamp(), 123_456_789));
    assert_eq!(inode(&account.root.join(account.path("p002"))), others);
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_that_is_taken_away_leaves_the_file_where_it_is() {
    let account = Account::of(photos(3), vec![]).await;
    account.sync().await.complete();
    let path = account.path("p001");
    account.control.change_item("p001", |item| item.creation_time = None);
    assert_eq!(account.sync().await.complete().updated, 1);
    assert_eq!(account.path("p001"), path);
    assert!(account.root.join(path).is_file());
    assert_eq!(account.sync().await.complete().updated, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_description_is_taken_over() {
    let account = Account::of(photos(3), vec![]).await;
    account.sync().await.complete();
    account.control.change_item("p001", |item| item.description = Some("Grandmother's \"garden\"\n<b>".into()));
    assert_eq!(account.sync().await.complete().updated, 1);
    assert_eq!(listed(&account, &account.path("p001")).1.as_deref(), Some("Grandmother's \"garden\"\n<b>"));
    account.control.change_item("p001", |item| item.description = None);
    assert_eq!(account.sync().await.complete().updated, 1);
    assert_eq!(listed(&account, &account.path("p001")).1, None);
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(windows, ignore = "of a disk with symbolic links, which wine cannot show")]
async fn a_changed_picture_gets_its_new_bytes_in_place_and_the_old_go_to_the_trash() {
    let account = Account::of(photos(5), vec![album("a", "A", &["p001", "p002"])]).await;
    account.sync().await.complete();
    let (path, old) = (account.path("p001"), account.control.served_bytes("p001").unwrap());
    let links = crate::harness::inodes(&account.root.join(account.folder("A")));
    account.control.change_item("p001", |item| {
        (item.width, item.height) = (32, 48);
        item.content = Content::Filler { seed: 77, size: 9_000 };
    });
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.updated, receipt.restored, receipt.added, receipt.links_made), (1, 1, 0, 0));
    assert_eq!(account.path("p001"), path);
    account.assert_complete();
    assert_eq!(crate::harness::inodes(&account.root.join(account.folder("A"))), links, "no link was touched");
    let trash = account.library().catalog.trash().unwrap();
    assert_eq!(trash.len(), 1);
    assert_eq!(trash[0].path, path);
    assert!(std::fs::read(account.root.join(&trash[0].trash_path)).unwrap() == old);
    assert_eq!(account.sync().await.complete().restored, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_pixels_with_the_same_bytes_leave_the_file_alone() {
    let account = Account::of(photos(3), vec![]).await;
    account.sync().await.complete();
    let before = account.path("p001");
    account.control.change_item("p001", |item| (item.width, item.height) = (4000, 3000));
    account.sync().await.complete();
    assert_eq!(account.path("p001"), before);
    assert!(account.library().catalog.trash().unwrap().is_empty());
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_picture_that_cannot_be_fetched_keeps_the_old_one() {
    use photokeep_simulator::{Fault, FaultRule, Place};
    let account = Account::of(photos(3), vec![]).await;
    account.sync().await.complete();
    let (path, old) = (account.path("p001"), account.control.served_bytes("p001").unwrap());
    account.control.change_item("p001", |item| {
        item.width = 32;
        item.content = Content::Filler { seed: 77, size: 9_000 };
    });
    account.fault(FaultRule::new(Place::Media, Fault::Internal));
    let ran = account.sync().await;
    assert!(!ran.receipt.complete);
    assert!(std::fs::read(account.root.join(&path)).unwrap() == old);
    account.control.clear_faults();
    account.sync().await.complete();
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_added_item_is_fetched_and_nothing_else() {
    let account = Account::of(photos(30), vec![]).await;
    account.sync().await.complete();
    let before = account.control.counts();
    account.control.add_item(photo("new", "IMG_003.jpg", "2023-06-20T10:00:00Z")).unwrap();
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.added, receipt.already), (1, 30));
    assert_eq!(account.control.counts().media, before.media + 1);
    assert_eq!(account.path("new"), "photos/2023/06/IMG_003 (2).jpg");
    account.assert_complete();
    account.assert_months();
}

#[tokio::test(flavor = "multi_thread")]
async fn items_that_come_while_the_listing_is_under_way_are_kept_by_the_next_run() {
    let account = Account::of(photos(150), vec![]).await;
    let adding = async {
        while account.control.counts().list < 1 {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        account.control.add_item(photo("new", "new.jpg", "2024-06-20T10:00:00Z")).unwrap();
        account.control.remove_item("p149");
    };
    let (ran, ()) = tokio::join!(account.sync(), adding);
    ran.done();
    account.sync().await.complete();
    let library = account.library();
    assert!(crate::harness::row_of(&library, &stored(&library), "new").is_some());
    assert_eq!(account.control.violations(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_vanished_or_was_cut_is_noticed() {
    let account = Account::of(photos(10), vec![album("a", "A", &["p001", "p002"])]).await;
    account.sync().await.complete();
    std::fs::remove_file(account.root.join(account.path("p001"))).unwrap();
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.added, receipt.restored), (0, 1));
    account.assert_complete();
    std::fs::write(account.root.join(account.path("p002")), b"the user's own edit").unwrap();
    let receipt = account.sync().await.done();
    assert!(!receipt.complete, "a changed file is not called kept");
    assert_eq!(std::fs::read(account.root.join(account.path("p002"))).unwrap(), b"the user's own edit", "and not touched");
}
