//! All five layouts, with the names that both predecessors gave (`predecessors.md` 1.4, 1.5, 2.4), through the whole engine.

use photokeep_library::{Library, OptionChanges};
use photokeep_model::{Code, Layout, MonthZone};
use photokeep_simulator::photo_library::SimItem;

use crate::harness::{Account, config, files_below, names_in};
use crate::items::{account, album, camera_picture, photo, shared_album};

/// The example month of `predecessors.md` 1.5 (in listing order), and an album of each sort.
async fn example(layout: Layout) -> Account {
    let names = ["a.jpg", "a.jpg", "a (2).jpg", "a (7).jpg", "A.jpg"];
    let items: Vec<SimItem> = names
        .iter()
        .enumerate()
        .map(|(n, name)| photo(&format!("id-{n}"), name, &format!("2023-09-25T10:00:0{}Z", 9 - n)))
        .collect();
    let albums =
        vec![album("x", "Title", &["id-1", "id-0"]), shared_album("s", "Theirs", &["id-4"]), album("none", "", &["id-2"])];
    let options = OptionChanges { layout: Some(layout), ..OptionChanges::default() };
    let account = Account::with(config(), account(items, albums), options).await;
    account.sync().await.complete();
    account.assert_complete();
    account.sync().await.complete();
    account.assert_complete();
    account
}

fn paths(account: &Account) -> Vec<String> {
    (0..5).map(|n| account.path(&format!("id-{n}"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(windows, ignore = "of a disk on which upper and lower case are two names")]
async fn photokeep() {
    let account = example(Layout::Photokeep).await;
    let folder = "photos/2023/09";
    assert_eq!(
        paths(&account),
        ["a.jpg", "a (2).jpg", "a (2) (2).jpg", "a (7).jpg", "A.jpg"].map(|name| format!("{folder}/{name}"))
    );
    assert_eq!(names_in(&account.root.join("albums/2023")), ["09 Title", "09 Theirs", "09 Untitled"].map(str::to_owned).into());
    assert_eq!(names_in(&account.root.join("albums/2023/09 Title")), ["0000_a (2).jpg", "0001_a.jpg"].map(str::to_owned).into());
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(windows, ignore = "of a disk on which upper and lower case are two names")]
async fn gphotos_sync() {
    let account = example(Layout::GphotosSync).await;
    let folder = "photos/2023/09";
    assert_eq!(paths(&account), ["a.jpg", "a (2).jpg", "a (3).jpg", "a (4).jpg", "A.jpg"].map(|name| format!("{folder}/{name}")));
    assert_eq!(names_in(&account.root.join("albums/2023")), ["0925 Title", "0925 none"].map(str::to_owned).into());
    assert_eq!(names_in(&account.root.join("sharedAlbums/2023/0925 Theirs")), ["0000_A.jpg".to_owned()].into());
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(windows, ignore = "of a disk on which upper and lower case are two names")]
async fn gphotos_sync_flat() {
    let account = example(Layout::GphotosSyncFlat).await;
    let folder = "photos/2023-09";
    assert_eq!(paths(&account), ["a.jpg", "a (2).jpg", "a (3).jpg", "a (4).jpg", "A.jpg"].map(|name| format!("{folder}/{name}")));
    assert_eq!(names_in(&account.root.join("albums")), ["2023-0925 Title", "2023-0925 none"].map(str::to_owned).into());
    assert_eq!(names_in(&account.root.join("sharedAlbums")), ["2023-0925 Theirs".to_owned()].into());
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(windows, ignore = "of a disk on which upper and lower case are two names")]
async fn gphotosync() {
    let account = example(Layout::Gphotosync).await;
    // The suffix is the capture time in nanoseconds, in hex: 2023-09-25T10:00:08Z.
    let hex = format!("{:x}", crate::items::at("2023-09-25T10:00:08Z").timestamp_nanos_opt().unwrap());
    assert_eq!(
        paths(&account),
        [
            "2023/09/a.jpg".to_owned(),
            format!("2023/09/a-gphotosync-{hex}.jpg"),
            "2023/09/a (2).jpg".into(),
            "2023/09/a (7).jpg".into(),
            "2023/09/A.jpg".into()
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(windows, ignore = "of a disk on which upper and lower case are two names")]
async fn gphotosync_id() {
    let account = example(Layout::GphotosyncId).await;
    assert_eq!(
        paths(&account),
        ["a.jpg", "a-gphotosync-id-1.jpg", "a (2).jpg", "a (7).jpg", "A.jpg"].map(|name| format!("2023/09/{name}"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_namesake_gets_its_own_suffix_in_the_gphotosync_layouts() {
    let items: Vec<_> = (0..4).map(|n| photo(&format!("n{n}"), "dup.jpg", &format!("2023-09-25T10:00:0{n}Z"))).collect();
    for (layout, numbered) in [(Layout::Gphotosync, "-gphotosync-1"), (Layout::GphotosyncId, "-gphotosync-n")] {
        let options = OptionChanges { layout: Some(layout), ..OptionChanges::default() };
        let account = Account::with(config(), crate::items::account(items.clone(), vec![]), options).await;
        account.sync().await.complete();
        let paths = files_below(&account.root.join("2023/09"));
        assert_eq!(paths.iter().filter(|path| path.contains(numbered)).count(), 3, "{paths:?}");
        assert!(!paths.iter().any(|path| path.contains(" (")), "{paths:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_layout_is_chosen_once() {
    let account = example(Layout::GphotosSync).await;
    let other = OptionChanges { layout: Some(Layout::Photokeep), ..OptionChanges::default() };
    assert_eq!(Library::open_or_create(&account.root, &account.home, other, false).unwrap_err().code, Code::Usage);
    account.sync().await.complete();
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn months_by_utc_and_by_local_time() {
    for (month, path) in [(MonthZone::Utc, "photos/2022/12/tokyo.jpg"), (MonthZone::Local, "photos/2023/01/tokyo.jpg")] {
        let items = vec![
            camera_picture("tokyo", "tokyo.jpg", "2022-12-31T23:30:00Z", 9 * 3600),
            camera_picture("tokyo2", "tokyo.jpg", "2022-12-31T23:40:00Z", 9 * 3600),
            photo("plain", "plain.jpg", "2022-12-31T23:30:00Z"),
        ];
        let options = OptionChanges { month: Some(month), ..OptionChanges::default() };
        let account = Account::with(config(), account(items, vec![album("a", "New year", &["tokyo", "plain"])]), options).await;
        account.sync().await.complete();
        account.assert_complete();
        let month = path.strip_suffix("/tokyo.jpg").unwrap();
        assert!(files_below(&account.root).contains(path));
        assert!(account.path("tokyo").starts_with(month) && account.path("tokyo2").starts_with(month));
        assert_eq!(account.path("plain"), "photos/2022/12/plain.jpg", "without an offset UTC decides");
        let before = files_below(&account.root);
        account.sync().await.complete();
        assert_eq!(files_below(&account.root), before);
    }
}
