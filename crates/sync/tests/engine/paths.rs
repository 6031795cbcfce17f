//! Folders and names that the person chose (the path switches of gphotos-sync), and disks that take names in their own way.

use photokeep_library::OptionChanges;
use photokeep_model::{Code, Filter, Layout, PathOptions};
use photokeep_simulator::photo_library::{SimAlbum, SimItem};

use crate::harness::{Account, config, inodes, names_in};
use crate::items::{account, album, photo, photos, shared_album};

fn paths(paths: PathOptions) -> OptionChanges {
    OptionChanges { paths, ..OptionChanges::default() }
}

async fn with(items: Vec<SimItem>, albums: Vec<SimAlbum>, options: OptionChanges) -> Account {
    Account::with(config(), account(items, albums), options).await
}

async fn sync_with(account: &Account, options: OptionChanges) -> photokeep_model::Receipt {
    account.sync_with(Filter::default(), options, photokeep_sync::Control::default()).await.complete()
}

/// Names of an album folder's entries and where they lead.
fn shown(account: &Account, folder: &str) -> Vec<(String, String)> {
    account.entries(folder)
}

/// Two photos of one name, of different months, and one between.
fn three() -> Vec<SimItem> {
    vec![
        photo("a", "a.jpg", "2023-05-01T10:00:00Z"),
        photo("b", "b.jpg", "2023-06-02T10:00:00Z"),
        photo("c", "a.jpg", "2023-07-03T10:00:00Z"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(windows, ignore = "of a disk with symbolic links, which wine cannot show")]
async fn photos_and_albums_lie_where_the_person_wants_them() {
    let options = OptionChanges {
        layout: Some(Layout::GphotosSync),
        ..paths(PathOptions {
            photos: Some("pictures/all".into()),
            albums: Some("my albums".into()),
            shared_albums: Some("others".into()),
            month_format: Some("%b".into()),
            path_format: Some("{1} ({0})".into()),
            ..PathOptions::default()
        })
    };
    let albums = vec![album("x", "Trip", &["c", "b"]), shared_album("s", "Ours", &["a"])];
    let account = with(three(), albums, options).await;
    account.sync().await.complete();
    assert_eq!(
        shown(&account, "my albums/2023/Trip (Jul)"),
        [("0000_a.jpg", "pictures/all/2023/07/a.jpg"), ("0001_b.jpg", "pictures/all/2023/06/b.jpg")]
            .map(|(name, path)| (name.to_owned(), path.to_owned()))
    );
    assert_eq!(shown(&account, "others/2023/Ours (May)").len(), 1);
    assert_eq!(names_in(&account.root), [".photokeep", "my albums", "others", "pictures"].map(str::to_owned).into());
    let again = account.sync().await.complete();
    assert_eq!((again.links_made, again.links_removed, again.added), (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn album_folders_follow_a_changed_option_and_photos_stay() {
    let account = with(three(), vec![album("x", "Trip", &["c", "b"])], OptionChanges::default()).await;
    account.sync().await.complete();
    let files = inodes(&account.root.join("photos/2023/07"));
    let elsewhere = PathOptions { albums: Some("a/b".into()), omit_album_date: Some(true), ..PathOptions::default() };
    let receipt = sync_with(&account, paths(elsewhere)).await;
    assert_eq!((receipt.added, receipt.links_made, receipt.links_removed), (0, 2, 2));
    assert_eq!(shown(&account, "a/b/Trip").len(), 2);
    assert_eq!(names_in(&account.root.join("albums")), Default::default(), "nothing of the old folders is left");
    assert_eq!(inodes(&account.root.join("photos/2023/07")), files);
    // Back to how the layout has it: an empty text and a no.
    let back = PathOptions { albums: Some(String::new()), omit_album_date: Some(false), ..PathOptions::default() };
    sync_with(&account, paths(back)).await;
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_numbers_a_second_entry_of_a_name_is_not_left_out() {
    let unsorted = PathOptions { no_album_sorting: Some(true), ..PathOptions::default() };
    let account = with(three(), vec![album("x", "Trip", &["c", "b", "a"])], paths(unsorted)).await;
    account.sync().await.complete();
    assert_eq!(
        shown(&account, "albums/2023/07 Trip"),
        [("a (2).jpg", "photos/2023/05/a.jpg"), ("a.jpg", "photos/2023/07/a.jpg"), ("b.jpg", "photos/2023/06/b.jpg")]
            .map(|(name, path)| (name.to_owned(), path.to_owned()))
    );
    assert_eq!(account.sync().await.complete().links_made, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inverted_album_is_numbered_from_its_end() {
    let inverted = PathOptions { album_invert: Some(true), ..PathOptions::default() };
    let account = with(three(), vec![album("x", "Trip", &["c", "b", "a"])], paths(inverted)).await;
    account.sync().await.complete();
    let leads: Vec<String> = shown(&account, "albums/2023/07 Trip").into_iter().map(|(_, path)| path).collect();
    assert_eq!(leads, ["photos/2023/05/a.jpg", "photos/2023/06/b.jpg", "photos/2023/07/a.jpg"]);
    assert_eq!(account.sync().await.complete().links_made, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_album_can_be_dated_by_its_first_photo() {
    let first = PathOptions { album_date_by_first_photo: Some(true), ..PathOptions::default() };
    let account = with(three(), vec![album("x", "Trip", &["c", "a"])], paths(first)).await;
    account.sync().await.complete();
    assert_eq!(account.folder("Trip"), "albums/2023/05 Trip");
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn where_photos_lie_cannot_change_once_there_are_some() {
    let account = Account::of(three(), vec![]).await;
    account.sync().await.complete();
    let elsewhere = paths(PathOptions { photos: Some("pictures".into()), ..PathOptions::default() });
    let error = photokeep_library::Library::open_or_create(&account.root, &account.home, elsewhere, false).unwrap_err();
    assert_eq!(error.code, Code::Usage);
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn shared_albums_that_nobody_wants_are_not_asked_for() {
    let mut items = photos(4);
    items[3].in_library = false;
    let albums = vec![shared_album("s", "Ours", &["p003", "p000"]), album("m", "Mine", &["p001"])];
    let skipping = OptionChanges { skip_shared_albums: Some(true), ..OptionChanges::default() };
    let account = with(items, albums, skipping).await;
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.added, receipt.albums), (3, 1));
    // A first listing is asked for twice.
    assert_eq!(account.control.counts().albums, 2, "own albums only");
    // From now on they are wanted, and then again not: what is here stays, and the run is complete all the same.
    let wanted = OptionChanges { skip_shared_albums: Some(false), ..OptionChanges::default() };
    assert_eq!(sync_with(&account, wanted).await.added, 1);
    account.assert_complete();
    let skipping = OptionChanges { skip_shared_albums: Some(true), ..OptionChanges::default() };
    let receipt = sync_with(&account, skipping).await;
    assert_eq!((receipt.added, receipt.links_removed, receipt.absent), (0, 0, 0));
    account.assert_complete();
}

/// Tells the library that its disk was found to take names so.
fn found(account: &Account, change: impl FnOnce(&mut serde_json::Value)) {
    let library = account.library();
    let mut facts: serde_json::Value = serde_json::from_str(&library.catalog.meta("target").unwrap().unwrap()).unwrap();
    change(&mut facts["names"]);
    library.catalog.set_meta("target", &facts.to_string()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_album_renamed_in_case_only_keeps_its_folder_where_case_makes_no_difference() {
    let account = Account::of(three(), vec![album("x", "Trip", &["c", "b"]), album("y", "Trip", &["c"])]).await;
    found(&account, |names| names["case_sensitive"] = false.into());
    account.sync().await.complete();
    assert_eq!(names_in(&account.root.join("albums/2023")), ["07 Trip", "07 Trip (2)"].map(str::to_owned).into());
    for id in ["x", "y"] {
        account.control.change_album(id, |album| album.title = Some("TRIP".into())).unwrap();
    }
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.links_made, receipt.links_removed), (0, 0));
    assert_eq!(names_in(&account.root.join("albums/2023")), ["07 Trip", "07 Trip (2)"].map(str::to_owned).into());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_takes_letters_apart_does_not_get_its_links_anew_in_every_run() {
    let mut items = three();
    items[1].filename = Some("Bär.jpg".into());
    let account = Account::of(items, vec![album("x", "Trip", &["c", "b"])]).await;
    found(&account, |names| {
        names["normalization_sensitive"] = false.into();
        names["normalization_preserved"] = false.into();
    });
    account.sync().await.complete();
    // As such a disk gives the name back: a letter and its dots.
    let folder = account.root.join(account.folder("Trip"));
    std::fs::rename(folder.join("0001_Bär.jpg"), folder.join("0001_Ba\u{308}r.jpg")).unwrap();
    let before = inodes(&folder);
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.links_made, receipt.links_removed), (0, 0));
    assert_eq!(inodes(&folder), before);
}

/// Windows refuses paths of more than 260 characters that are written as people write them. The library's own folder is shorter: that one
/// could not be looked up in wine.
#[tokio::test(flavor = "multi_thread")]
async fn a_library_far_below_long_folders_is_kept_as_any_other() {
    let place = ["Bilder aus all den Jahren, gesammelt für die Größten"; 3].join("/");
    let long = "x".repeat(120);
    let items = vec![
        photo("a", &format!("{long}.jpg"), "2023-05-01T10:00:00Z"),
        photo("b", &format!("{long}.jpg"), "2023-05-02T10:00:00Z"),
        photo("c", "c.jpg", "2023-07-03T10:00:00Z"),
    ];
    let account = account(items, vec![album("x", &"Reise ".repeat(15), &["c", "a", "b"])]);
    let account = Account::lying(config(), account, OptionChanges::default(), &place, |root| root).await;
    account.sync().await.complete();
    account.assert_complete();
    assert!(account.root.join(account.path("a")).as_os_str().len() > 300);
    account.control.change_album("x", |album| album.title = Some("Reise".into())).unwrap();
    account.sync().await.complete();
    account.assert_complete();
}
