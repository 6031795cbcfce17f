//! Uploads under way, so that one that was cut off goes on where it stopped. Whoever knows a transfer's address can send bytes to
//! it, so they are kept as sign-ins are: in a file that only its owner can read, never in the library.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::private_file;
use crate::upload::{Transfer, UploadToken};

/// Google keeps uploaded bytes for a day (`google-apis.md` 2.6); nothing is built on its last hours.
const KEPT_FOR: TimeDelta = TimeDelta::hours(20);

/// The uploads under way of one library. What is lost of it costs sending bytes again, so trouble with its file is only logged.
#[derive(Debug)]
pub struct TransferStore {
    file: PathBuf,
    kept: Mutex<BTreeMap<String, Kept>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    began: DateTime<Utc>,
    transfer: Option<Transfer>,
    token: Option<UploadToken>,
}

impl TransferStore {
    /// The store for the library with this number, in `folder`, which is Photokeep's home.
    pub fn open(folder: &Path, library: &str) -> Self {
        let file = file_of(folder, library);
        let mut kept: BTreeMap<String, Kept> =
            std::fs::read(&file).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
        let now = Utc::now();
        kept.retain(|_, upload| now - upload.began < KEPT_FOR && upload.began <= now);
        Self { file, kept: Mutex::new(kept) }
    }

    /// Forgets all of them, as when the person signs out.
    pub fn remove(folder: &Path, library: &str) {
        let file = file_of(folder, library);
        let _ = std::fs::remove_file(&file);
        private_file::sweep(file.parent().unwrap_or(folder));
    }

    /// The transfer of these bytes that was begun.
    pub fn transfer(&self, bytes: &str) -> Option<Transfer> {
        self.lock().get(bytes).and_then(|kept| kept.transfer.clone())
    }

    /// The token of these bytes, when all of them have come.
    pub fn token(&self, bytes: &str) -> Option<UploadToken> {
        self.lock().get(bytes).and_then(|kept| kept.token.clone())
    }

    /// A transfer was begun.
    pub fn began(&self, bytes: &str, transfer: &Transfer) {
        self.keep(bytes, Kept { began: Utc::now(), transfer: Some(transfer.clone()), token: None });
    }

    /// All bytes have come.
    pub fn arrived(&self, bytes: &str, token: &UploadToken) {
        self.keep(bytes, Kept { began: Utc::now(), transfer: None, token: Some(token.clone()) });
    }

    /// Nothing of it is of use any more.
    pub fn forget<'a>(&self, bytes: impl IntoIterator<Item = &'a str>) {
        let mut kept = self.lock();
        let before = kept.len();
        for bytes in bytes {
            kept.remove(bytes);
        }
        if kept.len() != before {
            self.save(&kept);
        }
    }

    fn keep(&self, bytes: &str, upload: Kept) {
        let mut kept = self.lock();
        kept.insert(bytes.to_owned(), upload);
        self.save(&kept);
    }

    fn save(&self, kept: &BTreeMap<String, Kept>) {
        let written =
            serde_json::to_vec(kept).map_err(std::io::Error::from).and_then(|text| private_file::write(&self.file, &text));
        if let Err(error) = written {
            tracing::warn!(%error, "uploads under way could not be noted");
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Kept>> {
        // Plain values; whoever panicked left them usable.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn file_of(folder: &Path, library: &str) -> PathBuf {
    folder.join("sign-ins").join(format!("{library}-uploads.json"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_under_way_is_there_after_a_restart_and_only_for_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let transfer: Transfer = serde_json::from_str("\"https://example.org/upload?id=1\"").unwrap();
        let token: UploadToken = serde_json::from_str("\"token\"").unwrap();
        let store = TransferStore::open(folder.path(), "lib");
        store.began("one", &transfer);
        store.began("two", &transfer);
        store.arrived("two", &token);
        let again = TransferStore::open(folder.path(), "lib");
        assert_eq!((again.transfer("one"), again.token("one")), (Some(transfer), None));
        assert_eq!((again.transfer("two"), again.token("two")), (None, Some(token)));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(file_of(folder.path(), "lib")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        again.forget(["one", "two"]);
        assert_eq!(TransferStore::open(folder.path(), "lib").transfer("one"), None);
        std::fs::write(file_of(folder.path(), "lib"), "rubbish").unwrap();
        assert_eq!(TransferStore::open(folder.path(), "lib").token("two"), None, "nothing is built on rubbish");
        TransferStore::remove(folder.path(), "lib");
        assert!(!file_of(folder.path(), "lib").exists());
    }
}
