//! Signing in and out.

use std::path::{Path, PathBuf};

use photokeep_google::{Asked, ClientFile, PendingSignIn, Scopes, Session, SignIn, TransferStore, api_client};
use photokeep_library::{Library, OptionChanges, target};
use photokeep_model::{Code, Error, Result};
use serde::Serialize;
use tokio::sync::mpsc;
use ts_rs::TS;

use crate::app::App;

/// Whom to sign in, and how much to ask for.
#[derive(Debug)]
pub struct SignInRequest {
    /// The library's folder; made when it is new.
    pub library: PathBuf,
    /// The OAuth client.
    pub client: ClientFile,
    /// Ask for the whole library instead of own uploads.
    pub whole_library: bool,
    /// Ask for the right to upload too. Who had it keeps it without asking.
    pub upload: bool,
    /// Make the library anew if its folder was emptied on purpose.
    pub start_over: bool,
}

/// A sign-in that worked.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SignedIn {
    /// The account, when Google told it.
    pub account: Option<String>,
    /// What was granted, by short names.
    pub scopes: Vec<String>,
    /// Where the sign-in is kept, as a sentence.
    pub kept: String,
    /// Sentences worth reading.
    pub notes: Vec<String>,
}

/// A sign-out.
#[derive(Debug, Serialize, TS)]
pub struct SignedOut {
    /// Whether Google confirmed it; the sign-in is forgotten here in any case.
    pub revoked: bool,
}

impl App {
    /// Begins a sign-in. Show the person the address, then call [`App::finish_sign_in`].
    ///
    /// # Errors
    /// Client file and target errors.
    pub async fn begin_sign_in(&self, request: &SignInRequest) -> Result<PendingSignIn> {
        must_not_be_a_file(&request.library)?;
        Library::check_place(&request.library)?;
        must_be_writable(&request.library)?;
        let read = if request.whole_library { Scopes::WholeLibrary } else { Scopes::OwnUploads };
        let asked = Asked { read, upload: request.upload || self.may_upload(&request.library) };
        PendingSignIn::begin(api_client()?, &self.endpoints, request.client.clone(), asked).await
    }

    /// Waits for the person and keeps the sign-in.
    ///
    /// # Errors
    /// Refusal, network errors, and whatever keeps it from being saved.
    pub async fn finish_sign_in(
        &self,
        request: &SignInRequest,
        pending: PendingSignIn,
        pasted: mpsc::Receiver<String>,
        complain: impl Fn(&str),
    ) -> Result<SignedIn> {
        let sign_in = pending.finish(pasted, complain).await?;
        // The library is made only now, so that a refused sign-in leaves no folder behind.
        let library = Library::open_or_create(&request.library, &self.home, OptionChanges::default(), request.start_over)?;
        if self.kept(&request.library).is_some_and(|before| before.account != sign_in.account) {
            // Uploads under way are another account's.
            TransferStore::remove(self.home.path(), library.id());
        }
        let place = self.tokens(library.id()).save(&sign_in)?;
        let mut notes = Vec::new();
        if let Some(ends) = sign_in.refresh_expires_at {
            notes.push(format!(
                "This sign-in ends on {} because the Google Cloud project is in \"Testing\". Publish it (\"In production\") to sign in once for good.",
                ends.format("%Y-%m-%d")
            ));
        }
        if request.upload && !sign_in.may_upload() {
            notes.push("The box that lets Photokeep upload was not ticked: it can read, and not upload.".into());
        }
        if !request.whole_library {
            notes.push("Google shows Photokeep only what Photokeep itself uploaded. For photos uploaded in other ways use a Google Takeout export.".into());
        }
        let scopes = sign_in.scopes.iter().map(|scope| scope.rsplit('/').next().unwrap_or(scope).to_owned()).collect();
        Ok(SignedIn { account: sign_in.account, scopes, kept: place.sentence(), notes })
    }

    /// The sign-in of a library, if it can be read.
    fn kept(&self, library: &Path) -> Option<SignIn> {
        let id = self.home.find(library).ok()??;
        Some(self.tokens(&id).load().ok()??.0)
    }

    fn may_upload(&self, library: &Path) -> bool {
        self.kept(library).is_some_and(|sign_in| sign_in.may_upload())
    }

    /// The client of the sign-in that is kept for a library: with it the person can sign in again.
    pub fn kept_client(&self, library: &Path) -> Option<ClientFile> {
        self.kept(library).map(|sign_in| sign_in.client)
    }

    /// Signs out: asks Google to forget the sign-in and forgets it here.
    ///
    /// # Errors
    /// When nobody is signed in, a run is under way, or the store cannot be changed.
    pub async fn sign_out(&self, library: &Path) -> Result<SignedOut> {
        // A run under way would save its renewed sign-in after it was forgotten.
        let (id, _lock) = Library::hold(library, &self.home)?;
        self.must_be_signed_in(&id, library)?;
        let session = Session::open(api_client()?, &self.endpoints, self.tokens(&id))?;
        TransferStore::remove(self.home.path(), &id);
        Ok(SignedOut { revoked: session.sign_out().await? })
    }

    /// Makes sure that somebody is signed in, so that the trouble can be told with the library's folder in it.
    pub(crate) fn must_be_signed_in(&self, id: &str, library: &Path) -> Result<()> {
        if self.tokens(id).load()?.is_some() {
            return Ok(());
        }
        let by_exports = self.look(library).and_then(|(_, catalog)| catalog.is_fed_by_takeout_alone()).unwrap_or(false);
        let error = nobody(library);
        Err(if by_exports {
            error.hint("This library lives on Google Takeout: for what is missing import the archives again, or a new export.")
        } else {
            error
        })
    }
}

/// Nobody is signed in for this folder: says so with its name, ready to be typed.
pub(crate) fn nobody(library: &Path) -> Error {
    let path = as_typed(library);
    Error::new(Code::SignInNeeded, format!("Nobody is signed in for {} yet.", library.display())).hint(format!(
        "Sign in first: `photokeep sign-in {path} --client-secret FILE`. To look around without an account: `photokeep demo`."
    ))
}

/// A path as it can be typed into a shell.
fn as_typed(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |character: char| character.is_alphanumeric() || "/\\:._-~".contains(character);
    match text.chars().all(plain) && !text.is_empty() {
        true => text,
        false if cfg!(windows) => format!("\"{text}\""),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

/// Said before the person is sent to the browser.
pub(crate) fn must_not_be_a_file(library: &Path) -> Result<()> {
    if library.is_file() {
        return Err(Error::new(Code::Usage, format!("{} is a file, not a folder.", library.display()))
            .hint("Name the folder of the library."));
    }
    Ok(())
}

/// Said before the person is sent to the browser, and before anything is listed. A full disk is for the run to tell: it may
/// have nothing to fetch.
pub(crate) fn must_be_writable(library: &Path) -> Result<()> {
    let there = library.ancestors().find(|folder| folder.is_dir()).unwrap_or(library);
    match target::check_writable(there) {
        Err(error) if error.code == Code::TargetFull => Ok(()),
        written => written,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_hint_can_be_typed_as_it_stands() {
        assert_eq!(as_typed(Path::new("/srv/Photos_2.old")), "/srv/Photos_2.old");
        assert_eq!(as_typed(Path::new("/srv/my photos; rm")), "'/srv/my photos; rm'");
        assert_eq!(as_typed(Path::new("it's")), r"'it'\''s'");
    }
}
