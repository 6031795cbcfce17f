//! Trouble with one file on the disk, and files that the person took over: neither ends a run.
#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};

use photokeep_library::VerifyOptions;
use photokeep_library::catalog::FileState;
use photokeep_model::{Filter, Outcome, RunKind, Silent};
use photokeep_simulator::photo_library::Content;
use photokeep_simulator::{Fault, FaultRule, Place};
use rustix::fs::{IFlags, ioctl_getflags, ioctl_setflags};

use crate::harness::Account;
use crate::items::{photo, photos};

/// A file or folder that even root may not change, until this is dropped. Set without a program of the system's: between
/// its fork and its start it would hold the locks of the libraries of all other tests.
struct Untouchable(PathBuf);

impl Untouchable {
    /// None where the file system or the user cannot do that.
    fn make(path: &Path) -> Option<Self> {
        let done = change(path, |flags| flags | IFlags::IMMUTABLE);
        if !done {
            println!("skipped: nothing can be made untouchable here");
        }
        done.then(|| Self(path.to_owned()))
    }
}

impl Drop for Untouchable {
    fn drop(&mut self) {
        change(&self.0, |flags| flags - IFlags::IMMUTABLE);
    }
}

fn change(path: &Path, change: impl FnOnce(IFlags) -> IFlags) -> bool {
    let file = std::fs::File::open(path).unwrap();
    ioctl_getflags(&file).and_then(|flags| ioctl_setflags(&file, change(flags))).is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_may_not_be_written_fails_its_items_only() {
    let items = vec![photo("a", "a.jpg", "2023-05-01T10:00:00Z"), photo("b", "b.jpg", "2023-06-01T10:00:00Z")];
    let account = Account::of(items, vec![]).await;
    let folder = account.root.join("photos/2023/05");
    std::fs::create_dir_all(&folder).unwrap();
    let Some(untouchable) = Untouchable::make(&folder) else { return };
    let ran = account.sync().await;
    assert_eq!(
        (ran.receipt.outcome, ran.receipt.added, ran.receipt.failed_count()),
        (Outcome::SomeFailed, 1, 1),
        "{:?}",
        ran.error
    );
    drop(untouchable);
    account.sync().await.complete();
    account.assert_complete();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_there_already_and_may_not_be_touched_is_taken_as_it_is() {
    let account =
        Account::of(vec![photo("a", "a.jpg", "2023-05-01T10:00:00Z"), photo("b", "b.jpg", "2023-05-02T10:00:00Z")], vec![]).await;
    let path = account.root.join("photos/2023/05/a.jpg");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, account.control.served_bytes("a").unwrap()).unwrap();
    let Some(_untouchable) = Untouchable::make(&path) else { return };
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.added, account.path("a").as_str()), (2, "photos/2023/05/a.jpg"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_announced_file_that_may_not_be_touched_does_not_keep_the_library_shut() {
    let account = Account::of(photos(3), vec![]).await;
    account.sync().await.complete();
    let (id, path, bytes) = {
        let library = account.library();
        let row = crate::harness::stored(&library).into_values().next().unwrap();
        // As a kill between announcing and renaming leaves it, with the bytes under their temporary name.
        let path = account.root.join(row.path.as_ref().unwrap());
        let temp = library.temporary(row.id);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::rename(&path, &temp).unwrap();
        library.catalog.announce(row.id, "temp", row.size.unwrap(), &row.hash.unwrap(), None).unwrap();
        (row.id, path, bytes)
    };
    let Some(untouchable) = Untouchable::make(path.parent().unwrap()) else { return };
    let ran = account.sync().await;
    assert_eq!((ran.receipt.outcome, ran.receipt.failed_count()), (Outcome::SomeFailed, 1), "{:?}", ran.error);
    drop(untouchable);
    account.sync().await.complete();
    assert_eq!(account.library().catalog.file(id).unwrap().unwrap().state, FileState::Stored);
    assert!(std::fs::read(&path).unwrap() == bytes);
    account.assert_complete();
}

/// Verifies, taking what differs as the person's own.
fn accept(account: &Account) -> photokeep_library::VerifyReport {
    let mut library = account.library();
    let run = library.catalog.begin_run(RunKind::Verify, &Filter::default(), chrono::Utc::now()).unwrap();
    library.recover(run).unwrap();
    let options = VerifyOptions { accept: true, readers: 2, may_go_on: &|| true };
    library.verify(run, &options, &Silent).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_person_accepts_is_kept_although_google_has_another_picture_by_now() {
    let account = Account::of(photos(3), vec![]).await;
    account.sync().await.complete();
    let path = account.root.join(account.path("p001"));
    account.control.change_item("p001", |item| {
        item.width = 17;
        item.content = Content::Filler { seed: 99, size: 8_000 };
    });
    account.fault(FaultRule::new(Place::Media, Fault::DeadUrl));
    account.sync().await;
    account.control.clear_faults();
    std::fs::write(&path, "mine").unwrap();
    assert_eq!(accept(&account).accepted, 1);
    let media = account.control.counts().media;
    let receipt = account.sync().await.complete();
    assert_eq!((receipt.restored, account.control.counts().media), (0, media), "nothing is pending for it any more");
    assert_eq!(std::fs::read(&path).unwrap(), b"mine");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_version_that_a_kill_left_under_the_name_is_not_taken_for_the_persons() {
    let account = Account::of(photos(3), vec![]).await;
    account.sync().await.complete();
    let library = account.library();
    let row = crate::harness::stored(&library).into_values().next().unwrap();
    // A newer version was announced and its bytes were lost with the power; the older one still holds the name.
    library.catalog.announce(row.id, "temp", 5, &[7; 32], None).unwrap();
    drop(library);
    let report = accept(&account);
    assert_eq!((report.accepted, report.findings.len()), (0, 0));
    assert_eq!(account.library().catalog.file(row.id).unwrap().unwrap().state, FileState::Stale);
    account.sync().await.complete();
    account.assert_complete();
}
