//! Where Google is. A JSON file of the same shape replaces all of it (`PHOTOKEEP_ENDPOINTS`).

use photokeep_model::{Code, Error, Result};
use serde::{Deserialize, Serialize};

/// Google's addresses (`google-apis.md` 2, 3, 4.1, 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Endpoints {
    /// Consent page for the browser.
    pub authorize: String,
    /// Code exchange and refresh.
    pub token: String,
    /// Sign-out.
    pub revoke: String,
    /// Who signed in.
    pub userinfo: String,
    /// Upload of bytes; not used yet.
    pub upload: String,
    /// What stands before `/v1` of the Library API.
    pub library: String,
    /// What stands before `/v1` of the Picker API; not used yet.
    pub picker: String,
    /// What stands before `/files` of the Drive API; not used yet.
    pub drive: String,
}

impl Default for Endpoints {
    fn default() -> Self {
        Self {
            authorize: "https://accounts.google.com/o/oauth2/v2/auth".into(),
            token: "https://oauth2.googleapis.com/token".into(),
            revoke: "https://oauth2.googleapis.com/revoke".into(),
            userinfo: "https://openidconnect.googleapis.com/v1/userinfo".into(),
            upload: "https://photoslibrary.googleapis.com/v1/uploads".into(),
            library: "https://photoslibrary.googleapis.com".into(),
            picker: "https://photospicker.googleapis.com".into(),
            drive: "https://www.googleapis.com/drive/v3".into(),
        }
    }
}

impl Endpoints {
    /// Reads a replacement. Keys that are absent keep Google's addresses; unknown keys are ignored.
    ///
    /// # Errors
    /// [`Code::Usage`] when it is not JSON or an address is not one.
    pub fn from_json(text: &[u8]) -> Result<Self> {
        let endpoints: Self = serde_json::from_slice(text)
            .map_err(|error| Error::new(Code::Usage, "The endpoints file is not readable as JSON.").source(error))?;
        for (name, address) in [
            ("authorize", &endpoints.authorize),
            ("token", &endpoints.token),
            ("revoke", &endpoints.revoke),
            ("userinfo", &endpoints.userinfo),
            ("library", &endpoints.library),
        ] {
            if url::Url::parse(address).is_err() {
                return Err(Error::new(Code::Usage, format!("The endpoints file names no valid address for `{name}`.")));
            }
        }
        Ok(endpoints)
    }

    /// Whether these are Google's own.
    pub fn are_googles(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_replacement_may_be_partial_and_must_be_valid() {
        let endpoints = Endpoints::from_json(br#"{"library":"http://127.0.0.1:9","more":1}"#).unwrap();
        assert_eq!(endpoints.library, "http://127.0.0.1:9");
        assert_eq!(endpoints.token, Endpoints::default().token);
        assert!(!endpoints.are_googles());
        assert_eq!(Endpoints::from_json(b"[").unwrap_err().code, Code::Usage);
        assert_eq!(Endpoints::from_json(br#"{"token":"nowhere"}"#).unwrap_err().code, Code::Usage);
    }
}
