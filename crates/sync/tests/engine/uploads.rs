//! Files of a folder to Google Photos: every one once, in its bytes, seen there; whatever breaks on the way.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use photokeep_google::{Asked, Scopes, TransferStore};
use photokeep_model::{Code, Error, Filter, Outcome, Receipt, RunKind};
use photokeep_simulator::generate::{PictureRecipe, filler, picture};
use photokeep_simulator::{Fault, FaultRule, Place, ViolationKind};
use photokeep_sync::sources::folder::{Folder, FolderFile};
use photokeep_sync::{Control, SyncOptions, Upload, sync, upload};

use crate::harness::{Account, Heard};
use crate::items::at;

/// An account that Photokeep may upload to, and a folder.
struct Outbox {
    account: Account,
    folder: tempfile::TempDir,
}

impl Outbox {
    async fn of(files: &[(&str, Vec<u8>)]) -> Self {
        let mut account = Account::of(vec![], vec![]).await;
        account.sign_in_again(Asked { read: Scopes::OwnUploads, upload: true }).await;
        let outbox = Self { account, folder: tempfile::tempdir().unwrap() };
        for (name, bytes) in files {
            outbox.put(name, bytes);
        }
        outbox
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.root().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    /// All files of the folder, as a comparison hands them over.
    fn files(&self) -> Vec<FolderFile> {
        let mut found = Vec::new();
        let mut open = vec![self.root()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                if entry.path().is_dir() {
                    open.push(entry.path());
                } else {
                    let path = entry.path().strip_prefix(self.root()).unwrap().to_owned();
                    found.push(FolderFile { path, mime_type: Some("image/jpeg".into()) });
                }
            }
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        found
    }

    async fn upload(&self) -> (Receipt, Option<Error>) {
        self.upload_into(None, Control::default()).await.unwrap()
    }

    async fn upload_into(&self, album: Option<&str>, control: Control) -> photokeep_model::Result<(Receipt, Option<Error>)> {
        let what = Upload { folder: self.root(), files: self.files(), album: album.map(str::to_owned) };
        let heard = Arc::new(Heard::default());
        let api = self.account.api();
        let library = self.account.library();
        let transfers = Arc::new(TransferStore::open(self.account.home.path(), library.id()));
        let gate = self.account.gate(&heard, control);
        upload(library, &api, transfers, &what, &gate, Utc::now).await.1
    }

    /// What Google has is what lies in the folder: each content once, byte for byte.
    #[track_caller]
    fn assert_there(&self) {
        let hash = |bytes: Vec<u8>| blake3::hash(&bytes).to_hex().to_string();
        let here: BTreeSet<String> =
            self.files().iter().map(|file| hash(fs::read(self.root().join(&file.path)).unwrap())).collect();
        let items = self.account.control.library().items;
        let there: BTreeSet<String> =
            items.iter().map(|item| hash(self.account.control.uploaded_bytes(&item.id).unwrap())).collect();
        assert_eq!(there, here);
        assert_eq!(items.len(), here.len(), "nothing is there twice");
        assert_eq!(self.account.control.violations(), []);
    }

    /// Takes all files of the folder into the library.
    async fn add(&self) -> Receipt {
        let heard = Arc::new(Heard::default());
        let source = Arc::new(Folder::new(self.root(), self.files()));
        let options = SyncOptions { filter: Filter::default(), kind: RunKind::Add, now: Utc::now };
        let gate = self.account.gate(&heard, Control::default());
        let (_library, outcome) = sync(self.account.library(), &source, &options, &gate, |_| {}).await;
        let (receipt, error) = outcome.unwrap();
        assert!(error.is_none(), "{error:?}");
        receipt
    }
}

fn small(count: u64) -> Vec<(String, Vec<u8>)> {
    (0..count).map(|number| (format!("IMG_{number:04}.jpg"), filler(number, 3_000 + number))).collect()
}

async fn with_small(count: u64) -> Outbox {
    let files = small(count);
    let named: Vec<(&str, Vec<u8>)> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    Outbox::of(&named).await
}

const LARGE: usize = 8 << 20;

async fn with_large() -> Outbox {
    Outbox::of(&[("large.jpg", filler(1, LARGE as u64))]).await
}

#[track_caller]
fn done((receipt, error): (Receipt, Option<Error>)) -> Receipt {
    assert_eq!(receipt.outcome, Outcome::Done, "{error:?} {receipt:?}");
    receipt
}

#[tokio::test(flavor = "multi_thread")]
async fn every_file_is_there_once_and_is_not_sent_again() {
    let outbox = with_small(120).await;
    outbox.put("copies/again.jpg", &filler(7, 3_007));
    let receipt = done(outbox.upload().await);
    assert_eq!((receipt.listed, receipt.added, receipt.same_photo, receipt.already), (121, 120, 1, 0));
    assert_eq!(receipt.added_bytes, (0..120).map(|number| 3_000 + number).sum::<u64>());
    outbox.assert_there();
    let names: BTreeSet<_> = outbox.account.control.library().items.into_iter().filter_map(|item| item.filename).collect();
    assert!(names.contains("IMG_0119.jpg"), "{names:?}");
    let before = outbox.account.control.counts();
    let again = done(outbox.upload().await);
    assert_eq!((again.added, again.already, again.same_photo), (0, 120, 1));
    let after = outbox.account.control.counts();
    assert_eq!(after.uploaded_bytes, before.uploaded_bytes);
    assert_eq!(after.upload, before.upload, "nothing is begun again");
    // Copied elsewhere it is the same photo.
    fs::rename(outbox.root().join("IMG_0003.jpg"), outbox.root().join("moved.jpg")).unwrap();
    assert_eq!(done(outbox.upload().await).already, 120);
    assert_eq!(outbox.account.control.counts().uploaded_bytes, before.uploaded_bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_album_gets_all_of_them_also_those_that_were_there() {
    let outbox = with_small(60).await;
    done(outbox.upload().await);
    outbox.put("more.jpg", &filler(99, 5_000));
    for _ in 0..2 {
        let receipt = done(outbox.upload_into(Some("Norway 2026"), Control::default()).await.unwrap());
        assert_eq!(receipt.albums, 1);
        let albums = outbox.account.control.library().albums;
        assert_eq!(albums.len(), 1, "one album, however often");
        assert_eq!((albums[0].title.as_deref(), albums[0].items.len()), (Some("Norway 2026"), 61));
    }
    outbox.assert_there();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_album_is_made_that_stays_empty() {
    let outbox = Outbox::of(&[("empty.jpg", Vec::new())]).await;
    let receipt = done(outbox.upload_into(Some("All"), Control::default()).await.unwrap());
    assert_eq!((receipt.listed, receipt.added, receipt.albums), (1, 0, 0));
    assert_eq!(outbox.account.control.library().albums.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_line_costs_only_what_is_left() {
    for what in [Fault::Reset, Fault::Truncate, Fault::Stall] {
        let outbox = with_large().await;
        // The first request begins the transfer, the second sends.
        outbox.account.fault(FaultRule::new(Place::Upload, what).nth(2).after_bytes(6 << 20));
        let receipt = done(outbox.upload().await);
        assert_eq!(receipt.added, 1, "{what:?}");
        assert_eq!(outbox.account.control.counts().uploaded_bytes, LARGE as u64, "{what:?}: no byte is sent twice");
        outbox.assert_there();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_was_stopped_goes_on_in_the_next_run() {
    let outbox = with_large().await;
    outbox.account.fault(FaultRule::new(Place::Upload, Fault::Stall).nth(2).after_bytes(5 << 20));
    let control = Control::default();
    let stopping = async {
        while outbox.account.control.counts().uploaded_bytes < 5 << 20 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        control.cancel.cancel();
    };
    let (ended, ()) = tokio::join!(outbox.upload_into(None, control.clone()), stopping);
    let (receipt, error) = ended.unwrap();
    assert_eq!(error.unwrap().code, Code::Cancelled);
    assert_eq!((receipt.added, receipt.failed_count()), (0, 0));
    outbox.account.control.clear_faults();
    done(outbox.upload().await);
    assert_eq!(outbox.account.control.counts().uploaded_bytes, LARGE as u64);
    outbox.assert_there();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_request_may_fail_and_nothing_is_lost_or_doubled() {
    for (what, seed) in [(Fault::Internal, 1), (Fault::QuotaMinute, 2), (Fault::Html200, 3), (Fault::TokenRejected, 4)] {
        let outbox = with_small(30).await;
        let chance = if what == Fault::TokenRejected { 0.03 } else { 0.12 };
        outbox.account.fault(FaultRule::new(Place::Upload, what).probability(chance, seed));
        let receipt = done(outbox.upload_into(Some("All"), Control::default()).await.unwrap());
        assert_eq!(receipt.added, 30, "{what:?}");
        assert!(outbox.account.struck() >= 1, "{what:?}");
        outbox.assert_there();
        assert_eq!(outbox.account.control.library().albums[0].items.len(), 30, "{what:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_quota_of_the_day_ends_the_run_and_the_next_goes_on() {
    let outbox = with_small(80).await;
    outbox.account.fault(FaultRule::new(Place::Upload, Fault::QuotaDay).nth(140));
    let (receipt, error) = outbox.upload().await;
    assert_eq!(error.unwrap().code, Code::Quota);
    assert_eq!((receipt.added, receipt.failed_count()), (50, 0), "one batch was made, and nothing counts as failed");
    let sent = outbox.account.control.counts().uploaded_bytes;
    outbox.account.control.clear_faults();
    // Nobody comes back in the same moment.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let receipt = done(outbox.upload().await);
    assert_eq!((receipt.added, receipt.already), (30, 50));
    let in_all: u64 = (0..80).map(|number| 3_000 + number).sum();
    assert!(sent < in_all);
    assert_eq!(outbox.account.control.counts().uploaded_bytes, in_all, "no byte is sent twice");
    outbox.assert_there();
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_google_has_forgotten_are_sent_anew() {
    let outbox = with_small(3).await;
    // A run that was killed after all bytes had come.
    let (api, http) = (outbox.account.api(), photokeep_google::upload_client().unwrap());
    let transfers = TransferStore::open(outbox.account.home.path(), outbox.account.library().id());
    for (_, bytes) in small(3) {
        let size = bytes.len() as u64;
        let transfer = api.begin_transfer("image/jpeg", size).await.unwrap();
        let key = blake3::hash(&bytes).to_hex().to_string();
        transfers.arrived(&key, &api.send_rest(&http, &transfer, 0, size, bytes.into()).await.unwrap());
    }
    outbox.account.next_day();
    // The access token died over night as well.
    assert_eq!(done(outbox.upload().await).added, 3);
    assert_eq!(outbox.account.control.counts().uploaded_bytes, 2 * (3_000 + 3_001 + 3_002));
    outbox.assert_there();
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_have_come_before_are_not_sent_again() {
    let outbox = with_small(2).await;
    let (api, http) = (outbox.account.api(), photokeep_google::upload_client().unwrap());
    let transfers = TransferStore::open(outbox.account.home.path(), outbox.account.library().id());
    let bytes = filler(0, 3_000);
    let transfer = api.begin_transfer("image/jpeg", 3_000).await.unwrap();
    let key = blake3::hash(&bytes).to_hex().to_string();
    transfers.arrived(&key, &api.send_rest(&http, &transfer, 0, 3_000, bytes.into()).await.unwrap());
    assert_eq!(done(outbox.upload().await).added, 2);
    assert_eq!(outbox.account.control.counts().uploaded_bytes, 3_000 + 3_001);
    outbox.assert_there();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_google_does_not_take_is_said_and_the_rest_goes_on() {
    let outbox = with_small(5).await;
    outbox.put("notes.jpg", b"this is no picture at all");
    outbox.put("empty.jpg", b"");
    let (receipt, error) = outbox.upload().await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!((receipt.added, receipt.failed_count(), receipt.skipped.len()), (5, 1, 1), "{receipt:?}");
    assert_eq!(receipt.outcome, Outcome::SomeFailed);
    assert_eq!(outbox.account.control.library().items.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_changes_under_way_is_not_kept_half() {
    let outbox = with_large().await;
    outbox.account.fault(FaultRule::new(Place::Upload, Fault::Stall).nth(2).after_bytes(5 << 20));
    let changing = async {
        while outbox.account.control.counts().uploaded_bytes < 5 << 20 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        outbox.put("large.jpg", &filler(2, LARGE as u64));
    };
    let ((receipt, error), ()) = tokio::join!(outbox.upload(), changing);
    assert!(error.is_none(), "{error:?}");
    assert_eq!((receipt.added, receipt.failed_count()), (0, 1), "{receipt:?}");
    assert!(outbox.account.control.library().items.is_empty());
    assert_eq!(done(outbox.upload().await).added, 1);
    outbox.assert_there();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_goes_away_ends_the_run_without_failures() {
    let outbox = with_large().await;
    outbox.put("other.jpg", &filler(5, 4_000));
    outbox.account.fault(FaultRule::new(Place::Upload, Fault::Unavailable));
    let root = outbox.root();
    let aside = root.with_extension("away");
    let files = outbox.files();
    fs::rename(&root, &aside).unwrap();
    let what = Upload { folder: root.clone(), files, album: None };
    let heard = Arc::new(Heard::default());
    let api = outbox.account.api();
    let library = outbox.account.library();
    let transfers = Arc::new(TransferStore::open(outbox.account.home.path(), library.id()));
    let gate = outbox.account.gate(&heard, Control::default());
    let (receipt, error) = upload(library, &api, transfers, &what, &gate, Utc::now).await.1.unwrap();
    assert_eq!((receipt.failed_count(), error.map(|error| error.code)), (0, Some(Code::FolderGone)));
    fs::rename(&aside, &root).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_right_to_upload_nothing_is_sent() {
    let mut outbox = with_small(2).await;
    outbox.account.sign_in_again(Scopes::OwnUploads).await;
    let error = outbox.upload_into(None, Control::default()).await.unwrap_err();
    assert_eq!(error.code, Code::AccessRefused);
    assert_eq!(outbox.account.control.counts().upload, 0);
    assert!(outbox.account.library().catalog.runs(5).unwrap().is_empty(), "no run began");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_removed_at_google_is_sent_again_when_it_is_asked_for() {
    let outbox = with_small(4).await;
    done(outbox.upload().await);
    let gone = outbox.account.control.library().items[1].id.clone();
    outbox.account.control.remove_item(&gone);
    let receipt = done(outbox.upload().await);
    assert_eq!((receipt.added, receipt.already), (1, 3));
    outbox.assert_there();
}

#[tokio::test(flavor = "multi_thread")]
async fn chunks_that_do_not_fit_would_be_seen() {
    // The proof that the checks above can fail: the simulator notes bytes at the wrong place.
    let outbox = with_large().await;
    let api = outbox.account.api();
    let transfer = api.begin_transfer("image/jpeg", 10).await.unwrap();
    let http = photokeep_google::upload_client().unwrap();
    api.send_rest(&http, &transfer, 3, 7, "abcdefg".into()).await.unwrap_err();
    let kinds: Vec<_> = outbox.account.control.violations().into_iter().map(|violation| violation.kind).collect();
    assert_eq!(kinds, [ViolationKind::BadUpload]);
}

/// A picture whose rendition has other bytes than it: the API leaves its place out.
fn with_place(seed: u64) -> Vec<u8> {
    picture(&PictureRecipe {
        seed,
        width: 320,
        height: 240,
        taken: at("2024-05-06T07:08:09Z"),
        offset_seconds: 0,
        place: Some((60.4, 5.3)),
        camera: ("Canon", "EOS R6"),
        caption: None,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_by_a_sync_is_the_photo_that_lies_here() {
    for add_first in [true, false] {
        let outbox = Outbox::of(&[("DSC_1.jpg", with_place(1)), ("DSC_2.jpg", with_place(2))]).await;
        if add_first {
            outbox.add().await;
        }
        done(outbox.upload().await);
        // Google may tell another name and another time than the file does.
        for item in outbox.account.control.library().items {
            outbox.account.control.change_item(&item.id, |item| {
                item.filename = Some("renamed.jpg".into());
                item.creation_time = Some(at("2025-01-01T00:00:00Z"));
            });
        }
        outbox.account.sync().await.done();
        if !add_first {
            outbox.add().await;
        }
        outbox.account.sync().await.complete();
        let library = outbox.account.library();
        let rows = library.catalog.files_in_state(photokeep_library::catalog::FileState::Stored, 0, u32::MAX).unwrap();
        assert_eq!(rows.len(), 2, "add first: {add_first}: {rows:?}");
        let originals: BTreeSet<Vec<u8>> =
            rows.iter().map(|row| fs::read(outbox.account.root.join(row.path.as_ref().unwrap())).unwrap()).collect();
        assert_eq!(originals, BTreeSet::from([with_place(1), with_place(2)]), "the originals are what is kept");
    }
}
