//! Uploading to Google Photos what a comparison found to be missing in the library.

use std::sync::Arc;

use chrono::Utc;
use photokeep_google::{LibraryApi, Session, SignIn, TransferStore, api_client};
use photokeep_library::{Catalog, Library};
use photokeep_model::{Code, Error, Progress, Result, RunKind};
use photokeep_sync::{Control, ToUpload, Upload, listed_account, to_upload, upload};
use serde::Serialize;
use ts_rs::TS;

use crate::add::{AddEnd, MissingFiles};
use crate::app::App;
use crate::run_log::RunLogKeeper;

/// Requests that Google allows a project in a day (`google-apis.md` 2.9).
const REQUESTS_A_DAY: u64 = 10_000;
/// Requests that one file takes: to begin, and to send.
const REQUESTS_A_FILE: u64 = 2;

/// What uploading would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct UploadPlan {
    /// Files to send.
    pub files: u64,
    /// Photos among them.
    pub photos: u64,
    /// Videos among them.
    pub videos: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files that an earlier upload has brought there; an album gets them as well.
    pub already: u64,
    /// Files that Google does not take: too large, or empty.
    pub left_alone: u64,
    /// On how many days it will be at work, as Google allows so many requests a day.
    pub days: u64,
    /// Whether anybody is signed in.
    pub signed_in: bool,
    /// Whether the sign-in lets Photokeep upload.
    pub may_upload: bool,
    /// Into whose Google Photos, when Google told it.
    pub account: Option<String>,
}

/// The title of an album as Google takes it; `None` for a blank one.
///
/// # Errors
/// For one of more than 500 characters (`google-apis.md` 2.1).
pub fn album_title(given: Option<&str>) -> Result<Option<String>> {
    let title = given.map(str::trim).filter(|title| !title.is_empty());
    if title.is_some_and(|title| title.chars().count() > 500) {
        return Err(Error::new(Code::Usage, "The title of an album has at most 500 characters."));
    }
    Ok(title.map(str::to_owned))
}

/// An error where the library is of one account and the sign-in of another: photos of one person would come into the library of
/// another.
fn must_be_its_account(catalog: &Catalog, sign_in: &SignIn) -> Result<()> {
    match (listed_account(catalog)?, &sign_in.account) {
        (Some(of_library), Some(account)) if of_library != *account => Err(Error::new(
            Code::AccessRefused,
            format!("This library keeps the photos of {of_library}, and you are signed in as {account}. Nothing was uploaded."),
        )
        .hint("Sign in with the account of this library, or compare the folder with a library of the other account.")),
        _ => Ok(()),
    }
}

impl App {
    /// Shows what uploading the missing files of a comparison would do. Google is not asked.
    ///
    /// # Errors
    /// When there is no such library, when the sign-in cannot be read, and when it is another account's than the library's.
    pub fn plan_upload(&self, files: &MissingFiles) -> Result<UploadPlan> {
        let (id, catalog) = self.look(&files.library)?;
        let sign_in = self.tokens(&id).load()?.map(|(sign_in, _)| sign_in);
        if let Some(sign_in) = &sign_in {
            must_be_its_account(&catalog, sign_in)?;
        }
        let ToUpload { files: count, videos, bytes, already, left_alone } = to_upload(&catalog, &files.folder, &files.files)?;
        Ok(UploadPlan {
            files: count,
            photos: count - videos,
            videos,
            bytes,
            already,
            left_alone,
            days: (count * REQUESTS_A_FILE).div_ceil(REQUESTS_A_DAY),
            signed_in: sign_in.is_some(),
            may_upload: sign_in.as_ref().is_some_and(|sign_in| sign_in.may_upload()),
            account: sign_in.and_then(|sign_in| sign_in.account),
        })
    }

    /// Uploads the missing files of a comparison to Google Photos, each content once, into an album if a title is given. Nothing in
    /// the folder or the library is changed. `control` pauses and stops it; what was uploaded stays, and the next upload goes on
    /// there.
    ///
    /// # Errors
    /// Trouble before anything could be done. Trouble after that is in [`AddEnd::error`], beside the receipt.
    pub async fn upload_missing(
        &self,
        files: &MissingFiles,
        album: Option<&str>,
        progress: Arc<dyn Progress>,
        control: Control,
    ) -> Result<AddEnd> {
        let album = album_title(album)?;
        let library = Library::open_existing(&files.library, &self.home)?;
        self.must_be_signed_in(library.id(), &files.library)?;
        if let Some((sign_in, _)) = self.tokens(library.id()).load()? {
            must_be_its_account(&library.catalog, &sign_in)?;
        }
        let http = api_client()?;
        let session = Arc::new(Session::open(http.clone(), &self.endpoints, self.tokens(library.id()))?);
        let api = LibraryApi::new(http, &self.endpoints, session);
        let transfers = Arc::new(TransferStore::open(self.home.path(), library.id()));
        let log = RunLogKeeper::begin(self, library.id(), library.root(), RunKind::Upload, &control);
        let gate = self.gate(Arc::new(log.listen(progress)), control);
        let what = Upload { folder: files.folder.clone(), files: files.files.clone(), album };
        let (_library, outcome) = upload(library, &api, transfers, &what, &gate, Utc::now).await;
        match &outcome {
            Ok((receipt, error)) => log.end(Some(receipt.run), error.as_ref()),
            Err(error) => log.end(None, Some(error)),
        }
        let (receipt, error) = outcome?;
        Ok(AddEnd { receipt, error })
    }
}
