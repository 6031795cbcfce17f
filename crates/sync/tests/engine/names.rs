//! Names and dates from outside: hostile, absent, far away. Every item is kept, inside the library.

use photokeep_simulator::photo_library::SimItem;

use crate::harness::{Account, modified, names_in};
use crate::items::{at, camera_picture, film, photo};

fn untitled(item: SimItem) -> SimItem {
    SimItem { filename: None, ..item }
}

fn undated(item: SimItem) -> SimItem {
    SimItem { creation_time: None, ..item }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_are_kept_inside_the_library() {
    let names = [
        "..",
        ".",
        "/abs",
        "/etc/passwd",
        "../../up.jpg",
        "..\\..\\up.jpg",
        "a/b/c.jpg",
        "CON.jpg",
        "nul",
        "LPT1.JPG",
        "....",
        "...jpg",
        " lead.jpg",
        "trail.jpg ",
        "trail.",
        "a:b*c?d\"e<f>g|h.jpg",
        "new\nline.jpg",
        "nul\0byte.jpg",
        "tab\t.jpg",
        "$(rm -rf ~).jpg",
        "-rf.jpg",
        "~.jpg",
        ".photokeep",
        ".hidden",
        "🏖️👨‍👩‍👧‍👦.jpg",
        "\u{202e}gpj.exe",
        "\u{200b}",
        "\u{feff}bom.jpg",
        "日本語の写真.jpg",
        "",
    ];
    let mut items: Vec<SimItem> =
        names.iter().enumerate().map(|(n, name)| photo(&format!("h{n}"), name, "2023-05-01T10:00:00Z")).collect();
    items.push(photo("long", &format!("{}.jpg", "x".repeat(300)), "2023-05-01T10:00:00Z"));
    items.push(photo("long-too", &format!("{}.jpg", "x".repeat(300)), "2023-05-01T10:00:00Z"));
    items.push(photo("wide", &format!("{}.jpg", "日".repeat(150)), "2023-05-01T10:00:00Z"));
    items.push(photo("extension", &format!("a.{}", "y".repeat(300)), "2023-05-01T10:00:00Z"));
    let count = items.len();
    let account = Account::of(items, vec![]).await;
    assert_eq!(account.sync().await.complete().added, count as u64);
    account.assert_complete();
    account.assert_months();
    assert_eq!(names_in(&account.root.join("photos/2023/05")).len(), count);
    assert_eq!(names_in(account.root.parent().unwrap()), ["home", "library"].map(str::to_owned).into());
    assert_eq!(names_in(&account.root), [".photokeep", "photos"].map(str::to_owned).into());
    assert!(account.path("long").ends_with(".jpg") && account.path("long-too").ends_with(".jpg"));
    assert_eq!(account.sync().await.complete().added, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_differ_only_in_case_or_normalisation_are_both_kept() {
    let names = [
        "IMG.jpg",
        "img.jpg",
        "Img.JPG",
        "caf\u{e9}.jpg",
        "cafe\u{301}.jpg",
        "CAFÉ.jpg",
        "straße.jpg",
        "STRASSE.jpg",
        "\u{212b}.jpg",
        "\u{e5}.jpg",
    ];
    let items = names.iter().enumerate().map(|(n, name)| photo(&format!("n{n}"), name, "2023-05-01T10:00:00Z")).collect();
    let account = Account::of(items, vec![]).await;
    assert_eq!(account.sync().await.complete().added, names.len() as u64);
    account.assert_complete();
    assert_eq!(account.sync().await.complete().added, 0);
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn items_without_a_name_get_one() {
    let items = vec![
        untitled(photo("a", "", "2023-05-01T10:00:00Z")),
        untitled(photo("b", "", "2023-05-01T10:00:00Z")),
        untitled(film("v", "", "2023-05-01T10:00:00Z")),
    ];
    let account = Account::of(items, vec![]).await;
    account.sync().await.complete();
    account.assert_complete();
    let names: Vec<String> = names_in(&account.root.join("photos/2023/05")).into_iter().collect();
    assert_eq!(names, ["photo (2).jpg", "photo.jpg", "video.mp4"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undated_item_takes_the_date_in_its_bytes() {
    let account = Account::of(
        vec![undated(camera_picture("a", "a.jpg", "2016-02-29T23:30:00Z", 3_600)), photo("b", "b.jpg", "2023-05-01T10:00:00Z")],
        vec![],
    )
    .await;
    account.sync().await.complete();
    assert_eq!(account.path("a"), "photos/2016/02/a.jpg");
    assert_eq!(modified(&account.root.join(account.path("a"))), (at("2016-02-29T23:30:00Z").timestamp(), 0));
    account.assert_complete();
    assert_eq!(account.sync().await.complete().updated, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_without_any_date_is_kept_apart() {
    let account = Account::of(
        vec![undated(photo("a", "a.jpg", "2023-05-01T10:00:00Z")), undated(photo("b", "a.jpg", "2023-05-01T10:00:00Z"))],
        vec![],
    )
    .await;
    account.sync().await.complete();
    assert_eq!(names_in(&account.root.join("photos/undated")), ["a (2).jpg", "a.jpg"].map(str::to_owned).into());
    account.assert_complete();
    // Google learns the date: the file stays where it is and gets its time.
    account.control.change_item("a", |item| item.creation_time = Some(at("2001-02-03T04:05:06Z")));
    let path = account.path("a");
    assert_eq!(account.sync().await.complete().updated, 1);
    assert_eq!(account.path("a"), path);
    assert_eq!(modified(&account.root.join(path)).0, at("2001-02-03T04:05:06Z").timestamp());
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(windows, ignore = "of a disk that keeps nanoseconds; NTFS keeps steps of 100")]
async fn far_dates_and_fractions_of_seconds_are_exact() {
    let times = [
        ("old", "1907-08-09T10:11:12.5Z"),
        ("before", "1969-12-31T23:59:59.999999999Z"),
        ("zero", "1970-01-01T00:00:00Z"),
        ("milli", "2023-05-01T10:00:00.123Z"),
        ("nano", "2023-05-01T10:00:00.000000001Z"),
        ("year38", "2038-01-19T03:14:08Z"),
        ("far", "2099-12-31T23:59:59.25Z"),
    ];
    let items = times.iter().map(|(id, time)| photo(id, &format!("{id}.jpg"), time)).collect();
    let account = Account::of(items, vec![crate::items::album("a", "Times", &["far", "old"])]).await;
    account.sync().await.complete();
    account.assert_complete();
    account.assert_months();
    assert_eq!(account.path("old"), "photos/1907/08/old.jpg");
    assert_eq!(account.path("far"), "photos/2099/12/far.jpg");
}

#[tokio::test(flavor = "multi_thread")]
async fn dates_that_the_disk_cannot_hold_are_told() {
    let taken = "9999-06-01T00:00:00Z";
    let account =
        Account::of(vec![photo("beyond", "beyond.jpg", taken), photo("usual", "usual.jpg", "2020-01-01T00:00:00Z")], vec![])
            .await;
    let receipt = account.sync().await.complete();
    assert_eq!(account.path("beyond"), "photos/9999/06/beyond.jpg");
    let held = modified(&account.root.join(account.path("beyond"))).0 == at(taken).timestamp();
    let told = receipt.notes.iter().filter(|note| note.contains("a date that this disk cannot hold: 1.")).count();
    assert_eq!(told, usize::from(!held), "{:?}", receipt.notes);
}
