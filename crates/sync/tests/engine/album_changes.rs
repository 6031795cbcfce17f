//! Albums that change between two runs: only the links that differ are touched.

use crate::harness::{Account, inodes, names_in, says};
use crate::items::{album, photo, photos};

async fn trip() -> Account {
    let account = Account::of(
        photos(10),
        vec![album("a", "Trip", &["p001", "p002", "p003", "p004"]), album("b", "Other", &["p005", "p006"])],
    )
    .await;
    account.sync().await.complete();
    account
}

fn set_items(account: &Account, ids: &[&str]) {
    let ids = ids.iter().map(|&id| id.to_owned()).collect();
    assert!(account.control.change_album("a", |album| album.items = ids).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_album_moves_its_folder_and_keeps_its_date() {
    let account = trip().await;
    let other = inodes(&account.root.join("albums/2023/06 Other"));
    account.control.change_album("a", |album| album.title = Some("Journey".into())).unwrap();
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.links_made, receipt.links_removed), (4, 4));
    assert_eq!(account.folder("Journey"), "albums/2023/06 Journey");
    assert_eq!(names_in(&account.root.join("albums/2023")), ["06 Journey", "06 Other"].map(str::to_owned).into());
    assert_eq!(inodes(&account.root.join("albums/2023/06 Other")), other);
    account.assert_complete();
    assert_eq!(account.sync().await.complete().links_made, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_albums_can_swap_their_titles() {
    let account = trip().await;
    account.control.change_album("a", |album| album.title = Some("Other".into())).unwrap();
    account.control.change_album("b", |album| album.title = Some("Trip".into())).unwrap();
    account.sync().await.complete();
    account.assert_complete();
    assert_eq!(account.sync().await.complete().links_made, 0);
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_order_touches_the_links_whose_number_changed() {
    let account = trip().await;
    let folder = account.root.join("albums/2023/06 Trip");
    let before = inodes(&folder);
    set_items(&account, &["p001", "p003", "p002", "p004"]);
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.links_made, receipt.links_removed), (2, 2));
    let after = inodes(&folder);
    for name in ["0000_IMG_001.jpg", "0003_IMG_004.jpg"] {
        assert_eq!(after[name], before[name], "{name}");
    }
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_removed_from_an_album_stays_in_the_library() {
    let account = trip().await;
    let folder = account.root.join("albums/2023/06 Trip");
    let before = inodes(&folder);
    set_items(&account, &["p001", "p002", "p003"]);
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.links_made, receipt.links_removed, receipt.absent), (0, 1, 0));
    let after = inodes(&folder);
    assert!(after.iter().all(|(name, inode)| before[name] == *inode));
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_added_at_the_end_makes_one_link() {
    let account = trip().await;
    let before = inodes(&account.root.join("albums/2023/06 Trip"));
    account.control.add_item(photo("new", "new.jpg", "2024-01-01T10:00:00Z")).unwrap();
    set_items(&account, &["p001", "p002", "p003", "p004", "new"]);
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.added, receipt.links_made, receipt.links_removed), (1, 1, 0));
    assert_eq!(account.folder("Trip"), "albums/2023/06 Trip", "the folder keeps its date for life");
    let after = inodes(&account.root.join("albums/2023/06 Trip"));
    assert!(before.iter().all(|(name, inode)| after[name] == *inode));
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_insertion_at_the_front_renumbers() {
    let account = trip().await;
    set_items(&account, &["p009", "p001", "p002", "p003", "p004"]);
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.links_made, receipt.links_removed), (5, 4));
    assert_eq!(
        account.entries("albums/2023/06 Trip").into_iter().map(|(name, _)| name).collect::<Vec<_>>(),
        ["0000_IMG_009.jpg", "0001_IMG_001.jpg", "0002_IMG_002.jpg", "0003_IMG_003.jpg", "0004_IMG_004.jpg"]
    );
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_album_takes_its_folder_away_and_nothing_else() {
    let account = trip().await;
    account.control.remove_album("a");
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.links_removed, receipt.links_made, receipt.absent, receipt.albums), (4, 0, 0, 1));
    assert_eq!(names_in(&account.root.join("albums/2023")), ["06 Other".to_owned()].into());
    account.assert_complete();
    // And comes back under its old name.
    account.control.add_album(album("a", "Trip", &["p001"])).unwrap();
    account.sync().await.complete();
    assert_eq!(account.folder("Trip"), "albums/2023/06 Trip");
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emptied_album_has_no_folder_until_it_is_filled_again() {
    let account = trip().await;
    set_items(&account, &[]);
    account.sync().await.complete();
    assert!(!account.root.join("albums/2023/06 Trip").exists());
    account.assert_complete();
    set_items(&account, &["p004"]);
    account.sync().await.complete();
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_albums_of_one_title_the_first_can_go_and_the_second_keeps_its_folder() {
    let account = Account::of(photos(6), vec![album("a", "Trip", &["p001"]), album("b", "Trip", &["p003"])]).await;
    account.sync().await.complete();
    let before = inodes(&account.root.join("albums/2023/06 Trip (2)"));
    account.control.remove_album("a");
    account.sync().await.complete();
    assert_eq!(inodes(&account.root.join("albums/2023/06 Trip (2)")), before);
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_somebody_removed_is_made_again() {
    let account = trip().await;
    std::fs::remove_file(account.root.join("albums/2023/06 Trip/0001_IMG_002.jpg")).unwrap();
    assert_eq!(account.sync().await.complete().links_made, 1);
    account.assert_complete();
    std::fs::remove_dir_all(account.root.join("albums")).unwrap();
    assert_eq!(account.sync().await.complete().links_made, 6);
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_album_that_vanishes_while_it_is_listed_takes_no_link_away() {
    use photokeep_simulator::{Fault, FaultRule, Place};
    for status in [403, 404] {
        let account = trip().await;
        account.fault(FaultRule::new(Place::Search, Fault::DeadUrl).item("a").status(status));
        let receipt = account.sync().await.not_whole();
        assert_eq!((receipt.links_made, receipt.links_removed), (0, 0));
        account.assert_complete();
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn an_album_folder_that_cannot_be_read_keeps_no_other_waiting() {
    let albums = [("a", "First"), ("b", "Second"), ("c", "Third")].map(|(id, title)| album(id, title, &["p001", "p002"]));
    let account = Account::of(photos(10), albums.to_vec()).await;
    account.sync().await.complete();
    let folder = |title: &str| account.root.join(format!("albums/2023/06 {title}"));
    let away = account.root.join("away");
    std::fs::rename(folder("Second"), &away).unwrap();
    // A link that leads to itself cannot be read by anybody.
    std::os::unix::fs::symlink("06 Second", folder("Second")).unwrap();
    for id in ["a", "b", "c"] {
        assert!(account.control.change_album(id, |album| album.items.push("p003".to_owned())).unwrap());
    }
    let receipt = account.sync().await.done();
    assert!(says(&receipt, "The folder of the album `Second` was left as it is"), "{receipt:?}");
    assert_eq!((receipt.links_made, receipt.links_removed), (2, 0));
    assert_eq!([names_in(&folder("First")).len(), names_in(&folder("Third")).len()], [3, 3]);
    std::fs::remove_file(folder("Second")).unwrap();
    std::fs::rename(&away, folder("Second")).unwrap();
    assert_eq!(account.sync().await.complete().links_made, 1, "the next run looks again");
    account.assert_complete();
}
