//! Where Google is. A JSON file of the same shape replaces all of it (`PHOTOKEEP_ENDPOINTS`): a file that leaves out an
//! address in use would send one Google's tokens to another, so it is refused.

use photokeep_model::{Code, Error, Result};
use serde::{Deserialize, Serialize};

/// Google's addresses (`google-apis.md` 2, 3, 4.1, 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoints {
    /// Consent page for the browser.
    pub authorize: String,
    /// Code exchange and refresh.
    pub token: String,
    /// Sign-out.
    pub revoke: String,
    /// Who signed in.
    pub userinfo: String,
    /// Upload of bytes. May be left out by who does not upload.
    #[serde(default)]
    pub upload: String,
    /// What stands before `/v1` of the Library API.
    pub library: String,
    /// What stands before `/v1` of the Picker API; not used yet.
    #[serde(default)]
    pub picker: String,
    /// What stands before `/files` of the Drive API; not used yet.
    #[serde(default)]
    pub drive: String,
}

/// Addresses that must be named.
const IN_USE: [&str; 5] = ["authorize", "token", "revoke", "userinfo", "library"];

/// What `photokeep-simulator` prints besides, for whoever drives it: its output is an endpoints file as it stands.
const OF_THE_SIMULATOR: [&str; 4] = ["ca_file", "client_secret", "control", "proxy"];

/// Addresses that nothing asks yet, or that only uploading asks.
const LATER: [&str; 3] = ["upload", "picker", "drive"];

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
    /// Reads a replacement. What is not used yet may be left out, and is nowhere then.
    ///
    /// # Errors
    /// [`Code::Usage`] when it is not JSON, leaves out an address that is used, has a key that is none, or an address is not
    /// one.
    pub fn from_json(text: &[u8]) -> Result<Self> {
        let refuse = |sentence: String| {
            Error::new(Code::Usage, sentence).hint("`photokeep-simulator` prints a complete endpoints file; its keys are authorize, token, revoke, userinfo, library, upload, picker and drive.")
        };
        let mut named: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(text)
            .map_err(|error| refuse("The endpoints file is not a JSON object.".into()).source(error))?;
        let list = |names: Vec<&str>| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let missing: Vec<&str> = IN_USE.into_iter().filter(|name| !named.contains_key(*name)).collect();
        if !missing.is_empty() {
            return Err(refuse(format!(
                "The endpoints file leaves out {}. It has to name every address that is used.",
                list(missing)
            )));
        }
        let unknown: Vec<&str> = named
            .keys()
            .map(String::as_str)
            .filter(|name| ![&IN_USE[..], &LATER, &OF_THE_SIMULATOR].concat().contains(name))
            .collect();
        if !unknown.is_empty() {
            return Err(refuse(format!("The endpoints file has keys that mean nothing here: {}.", list(unknown))));
        }
        named.retain(|name, _| !OF_THE_SIMULATOR.contains(&name.as_str()));
        for (name, value) in &named {
            let address = value.as_str().and_then(|text| url::Url::parse(text).ok());
            if !address.is_some_and(|address| matches!(address.scheme(), "http" | "https")) {
                return Err(refuse(format!("The endpoints file names no web address for `{name}`.")));
            }
        }
        serde_json::from_value(named.into()).map_err(|error| refuse("The endpoints file cannot be read.".into()).source(error))
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

    /// The given keys, all on loopback.
    fn file(keys: &[&str]) -> Vec<u8> {
        let object: serde_json::Map<_, _> =
            keys.iter().map(|key| ((*key).to_owned(), format!("http://127.0.0.1:9/{key}").into())).collect();
        serde_json::to_vec(&object).unwrap()
    }

    fn refusal(text: &[u8]) -> String {
        let error = Endpoints::from_json(text).unwrap_err();
        assert_eq!(error.code, Code::Usage);
        error.message
    }

    #[test]
    fn a_replacement_replaces_all_of_google() {
        let all = Endpoints::from_json(&file(&[&IN_USE[..], &LATER].concat())).unwrap();
        assert_eq!(all.drive, "http://127.0.0.1:9/drive");
        let endpoints = Endpoints::from_json(&file(&IN_USE)).unwrap();
        let google = serde_json::to_string(&Endpoints::default()).unwrap();
        assert!(google.contains("googleapis"));
        assert!(!serde_json::to_string(&endpoints).unwrap().contains("google"), "nothing of the real one is left");
    }

    #[test]
    fn what_the_simulator_prints_is_an_endpoints_file() {
        let mut printed: serde_json::Value = serde_json::from_slice(&file(&[&IN_USE[..], &LATER].concat())).unwrap();
        printed["client_secret"] = serde_json::json!({ "installed": { "client_id": "x" } });
        printed["control"] = "http://127.0.0.1:9/control".into();
        // With `--tls`.
        printed["proxy"] = "http://127.0.0.1:10".into();
        printed["ca_file"] = "/somewhere/ca.pem".into();
        assert_eq!(Endpoints::from_json(printed.to_string().as_bytes()).unwrap().drive, "http://127.0.0.1:9/drive");
    }

    #[test]
    fn what_is_left_out_misspelt_or_no_address_is_named() {
        assert!(refusal(b"{}").contains("`authorize`, `token`, `revoke`, `userinfo`, `library`"));
        assert!(refusal(&file(&["authorize", "token", "userinfo", "library"])).contains("leaves out `revoke`."));
        assert!(refusal(&file(&[&IN_USE[..], &["libary"]].concat())).contains("`libary`"));
        let mut wrong: serde_json::Value = serde_json::from_slice(&file(&IN_USE)).unwrap();
        for value in ["nowhere", "file:///etc/passwd", ""] {
            wrong["token"] = value.into();
            assert!(refusal(wrong.to_string().as_bytes()).contains("`token`"));
        }
        wrong["token"] = 7.into();
        assert!(refusal(wrong.to_string().as_bytes()).contains("`token`"));
        assert!(refusal(b"[").contains("not a JSON object"));
    }
}
