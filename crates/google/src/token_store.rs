//! Where sign-ins are kept: the system's keychain, else a file that only its owner can read. Never in the library.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use photokeep_model::{Code, Error, Result};
use serde::{Deserialize, Serialize};

use crate::client_file::ClientFile;
use crate::oauth::Scopes;
use crate::private_file;

/// Everything needed to go on being signed in. Secret.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignIn {
    /// The client it was made with.
    pub client: ClientFile,
    /// What was granted.
    pub scopes: Vec<String>,
    /// What was asked for.
    pub asked: Scopes,
    /// The account's e-mail address, when Google told it.
    pub account: Option<String>,
    /// When.
    pub signed_in_at: DateTime<Utc>,
    pub(crate) refresh_token: String,
    /// When Google will stop accepting the refresh token, when it said so (projects in "Testing": seven days).
    pub refresh_expires_at: Option<DateTime<Utc>>,
    pub(crate) access_token: String,
    pub(crate) access_expires_at: DateTime<Utc>,
}

impl SignIn {
    /// Whether Google granted no more than what this client uploaded itself, as it does since 31 March 2025.
    pub fn own_uploads_only(&self) -> bool {
        !self.scopes.iter().any(|scope| matches!(scope.rsplit('/').next(), Some("photoslibrary.readonly" | "photoslibrary")))
    }

    /// Whether Google lets Photokeep upload with it.
    pub fn may_upload(&self) -> bool {
        crate::oauth::allow_upload(&self.scopes)
    }

    /// Since when, and until when.
    pub fn times(&self) -> SignInTimes {
        SignInTimes { since: self.signed_in_at, ends: self.refresh_expires_at }
    }

    /// Orders two states of one sign-in: the later sign-in, then the later renewal.
    fn age(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        (self.signed_in_at, self.access_expires_at)
    }
}

impl std::fmt::Debug for SignIn {
    /// Leaves every secret out.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SignIn").field("account", &self.account).field("scopes", &self.scopes).finish_non_exhaustive()
    }
}

/// Since when somebody is signed in, and until when: no secret, and so kept in a file of its own. Whoever only wants to tell how things
/// stand asks no keychain, which may ask the person in turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInTimes {
    /// When somebody signed in.
    pub since: DateTime<Utc>,
    /// When the sign-in ends, where Google said so.
    pub ends: Option<DateTime<Utc>>,
}

/// Where a sign-in lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenPlace {
    /// The keychain of the system.
    Keychain,
    /// A file with mode 0600, because no keychain answers.
    File(PathBuf),
    /// Such a file, because the person switched the keychain off.
    FileByChoice(PathBuf),
}

impl TokenPlace {
    /// As people are told it.
    pub fn sentence(&self) -> String {
        match self {
            Self::Keychain => "The sign-in is kept in the keychain of this system.".into(),
            Self::File(path) => {
                format!("No keychain answers here, so the sign-in is kept in a file that only you can read: {}", path.display())
            }
            Self::FileByChoice(path) => {
                format!(
                    "The keychain is switched off, so the sign-in is kept in a file that only you can read: {}",
                    path.display()
                )
            }
        }
    }
}

/// Keeps the sign-in of one library.
#[derive(Debug, Clone)]
pub struct TokenStore {
    file: PathBuf,
    times: PathBuf,
    library: String,
    keychain: bool,
}

/// What keychain entries are filed under.
const SERVICE: &str = "photokeep";

impl TokenStore {
    /// The store for the library with this number. `folder` is Photokeep's home; it takes the file where no keychain
    /// answers. With `keychain` off (servers, tests) the keychain is not asked.
    pub fn new(folder: &Path, library: &str, keychain: bool) -> Self {
        let name = format!("{library}.json");
        let (file, times) = (folder.join("sign-ins").join(&name), folder.join("sign-in-times").join(&name));
        Self { file, times, library: library.to_owned(), keychain }
    }

    /// Since when somebody is signed in, and until when; `None` when nobody is. Asks the keychain only about sign-ins of older versions.
    ///
    /// # Errors
    /// When the sign-in is there and cannot be read.
    pub fn times(&self) -> Result<Option<SignInTimes>> {
        if let Ok(text) = std::fs::read(&self.times)
            && let Ok(times) = serde_json::from_slice(&text)
        {
            return Ok(Some(times));
        }
        let Some((sign_in, _)) = self.load()? else { return Ok(None) };
        self.note_times(&sign_in);
        Ok(Some(sign_in.times()))
    }

    fn note_times(&self, sign_in: &SignIn) {
        // Where it cannot be written the sign-in itself is asked.
        let text = serde_json::to_vec(&sign_in.times()).unwrap_or_default();
        if std::fs::read(&self.times).ok().as_deref() != Some(&text) {
            let _ = private_file::write(&self.times, &text);
        }
    }

    /// The sign-in and where it lies; `None` when nobody signed in.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn load(&self) -> Result<Option<(SignIn, TokenPlace)>> {
        let kept = self.entry().and_then(|entry| entry.get_password().ok());
        let kept = kept.and_then(|text| serde_json::from_str::<SignIn>(&text).ok());
        let filed = match std::fs::read(&self.file) {
            // The parser's own words could quote the secret.
            Ok(text) => Some(serde_json::from_slice::<SignIn>(&text).map_err(|_| unreadable(&self.file))?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(unreadable(&self.file).source(error)),
        };
        // Both are there when the keychain was locked at the last save: the younger one counts.
        Ok(match (kept, filed) {
            (Some(kept), Some(filed)) if filed.age() > kept.age() => Some((filed, self.file_place())),
            (Some(kept), _) => Some((kept, TokenPlace::Keychain)),
            (None, filed) => filed.map(|filed| (filed, self.file_place())),
        })
    }

    /// Saves the sign-in, so that either the old or the new one is there at any moment. Returns where.
    ///
    /// # Errors
    /// When neither keychain nor file takes it.
    pub fn save(&self, sign_in: &SignIn) -> Result<TokenPlace> {
        self.note_times(sign_in);
        let text =
            serde_json::to_string(sign_in).map_err(|_| Error::new(Code::Internal, "The sign-in could not be written down."))?;
        // Windows' credential manager takes 2,560 bytes; a longer secret goes to the file.
        if let Some(entry) = self.entry()
            && entry.set_password(&text).is_ok()
        {
            // The keychain has it now; an older file must not come back when the keychain is locked.
            let _ = std::fs::remove_file(&self.file);
            return Ok(TokenPlace::Keychain);
        }
        private_file::write(&self.file, text.as_bytes()).map_err(|error| {
            Error::new(Code::TargetReadOnly, "The sign-in could not be saved.")
                .hint("Check the permissions of Photokeep's data folder.")
                .source(error)
        })?;
        Ok(self.file_place())
    }

    fn file_place(&self) -> TokenPlace {
        let file = self.file.clone();
        if self.keychain { TokenPlace::File(file) } else { TokenPlace::FileByChoice(file) }
    }

    /// Forgets the sign-in here.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub fn forget(&self) -> Result<()> {
        if let Some(entry) = self.entry() {
            match entry.delete_credential() {
                // Nothing there is as good as removed.
                Ok(()) | Err(keyring::Error::NoEntry) => {}
                Err(error) => {
                    return Err(Error::new(
                        Code::Internal,
                        "The keychain did not let the sign-in be removed; it is still there.",
                    )
                    .hint("Unlock the keychain and sign out again.")
                    .source(error));
                }
            }
        }
        for file in [&self.file, &self.times] {
            match std::fs::remove_file(file) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(unreadable(file).source(error)),
                _ => {}
            }
        }
        Ok(())
    }

    fn entry(&self) -> Option<keyring::Entry> {
        if !self.keychain {
            return None;
        }
        keyring::Entry::new(SERVICE, &self.library).ok()
    }
}

pub(crate) fn nobody_signed_in() -> Error {
    Error::new(Code::SignInNeeded, "Nobody is signed in for this library yet.")
        .hint("Sign in first: `photokeep sign-in LIBRARY`.")
}

fn unreadable(file: &Path) -> Error {
    Error::new(Code::SignInNeeded, "The saved sign-in cannot be read.").hint("Sign in again.").detail("file", file.display())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::client_file::ClientShape;

    fn sign_in() -> SignIn {
        SignIn {
            client: ClientFile {
                shape: ClientShape::Installed,
                client_id: "id".into(),
                client_secret: "client-secret".into(),
                redirect_uris: vec![],
            },
            scopes: vec!["s".into()],
            asked: Scopes::OwnUploads,
            account: Some("a@b".into()),
            signed_in_at: Utc::now(),
            refresh_token: "refresh-secret".into(),
            refresh_expires_at: None,
            access_token: "access-secret".into(),
            access_expires_at: Utc::now(),
        }
    }

    #[test]
    fn a_file_is_only_its_owners_and_comes_back_whole() {
        let folder = tempfile::tempdir().unwrap();
        let store = TokenStore::new(folder.path(), "lib", false);
        assert!(store.load().unwrap().is_none());
        let place = store.save(&sign_in()).unwrap();
        assert!(place.sentence().starts_with("The keychain is switched off"), "nobody asked a keychain: {place:?}");
        let TokenPlace::FileByChoice(path) = place else { panic!("expected a file") };
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(store.load().unwrap().unwrap().0.refresh_token, "refresh-secret");
        let times = folder.path().join("sign-in-times/lib.json");
        assert!(!std::fs::read_to_string(&times).unwrap().contains("secret"));
        assert_eq!(store.times().unwrap().unwrap().ends, None);
        // A sign-in of an older version has none.
        std::fs::remove_file(&times).unwrap();
        assert!(store.times().unwrap().is_some() && times.exists());
        store.forget().unwrap();
        assert_eq!(store.times().unwrap(), None);
        assert!(!path.exists());
        store.forget().unwrap();
    }

    #[test]
    fn a_broken_file_is_no_leak() {
        let folder = tempfile::tempdir().unwrap();
        let store = TokenStore::new(folder.path(), "lib", false);
        store.save(&sign_in()).unwrap();
        let path = folder.path().join("sign-ins/lib.json");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, &text[..text.len() - 20]).unwrap();
        let error = store.load().unwrap_err();
        assert_eq!(error.code, Code::SignInNeeded);
        assert!(!format!("{error:?}").contains("secret"));
    }

    #[test]
    fn what_google_granted_counts_and_not_what_was_asked() {
        let granted = |scopes: &[&str]| SignIn { scopes: scopes.iter().map(|&scope| scope.into()).collect(), ..sign_in() };
        let own = "https://www.googleapis.com/auth/photoslibrary.readonly.appcreateddata";
        assert!(granted(&["openid", own]).own_uploads_only());
        assert!(!granted(&["openid", own, "https://www.googleapis.com/auth/photoslibrary.readonly"]).own_uploads_only());
    }

    #[test]
    fn no_secret_is_in_the_debug_text() {
        assert!(!format!("{:?}", sign_in()).contains("secret"));
    }
}
