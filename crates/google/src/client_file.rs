//! The user's `client_secret.json`, in both shapes Google hands out (`google-apis.md` 4.6), with every fault in words.

use photokeep_model::{Code, Error, Result};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::loopback::LoopbackHost;

/// What kind of client it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientShape {
    /// "Desktop app": any free port of this computer will do.
    Installed,
    /// "Web application": only its registered addresses will do.
    Web,
}

/// An OAuth client of the user's own Google Cloud project.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientFile {
    /// Its kind.
    pub shape: ClientShape,
    /// Public number.
    pub client_id: String,
    /// Secret. Google does not treat it as confidential for desktop apps; Photokeep does.
    pub client_secret: String,
    /// Registered redirect addresses.
    pub redirect_uris: Vec<String>,
}

impl std::fmt::Debug for ClientFile {
    /// Leaves the secret out.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ClientFile")
            .field("shape", &self.shape)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Entry {
    client_id: Option<String>,
    client_secret: Option<String>,
    #[serde(default)]
    redirect_uris: Vec<String>,
}

impl ClientFile {
    /// Whether the browser can come back to this computer by itself; else the person has to paste the address it ends at.
    pub fn comes_back(&self) -> bool {
        self.shape == ClientShape::Installed || self.loopback_redirect().is_some()
    }

    /// The first registered redirect address that is on this computer.
    pub(crate) fn loopback_redirect(&self) -> Option<(&str, Url, LoopbackHost)> {
        self.redirect_uris.iter().find_map(|address| {
            let url = Url::parse(address).ok().filter(|url| url.scheme() == "http")?;
            let host = match url.host_str()? {
                "127.0.0.1" | "localhost" => LoopbackHost::V4,
                "[::1]" => LoopbackHost::V6,
                _ => return None,
            };
            Some((address.as_str(), url, host))
        })
    }

    /// Reads the text of a `client_secret.json`.
    ///
    /// # Errors
    /// [`Code::ClientFile`] that says what the file is instead and where to get the right one.
    pub fn from_json(text: &[u8]) -> Result<Self> {
        let wrong = |what: &str| {
            Error::new(Code::ClientFile, what).hint(
                "In the Google Cloud console open \"Clients\", choose or create a client of type \"Desktop app\", and download its JSON file.",
            )
        };
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        if text.iter().all(u8::is_ascii_whitespace) {
            return Err(wrong("The client file is empty."));
        }
        let value: serde_json::Value = serde_json::from_slice(text).map_err(|_| {
            if text.trim_ascii_start().starts_with(b"<") {
                wrong("The client file is a web page, not the JSON file that Google offers for download.")
            } else {
                wrong("The client file is not readable as JSON; it may have been cut off or edited.")
            }
        })?;
        let (shape, entry) = match (value.get("installed"), value.get("web")) {
            (Some(entry), _) => (ClientShape::Installed, entry),
            (None, Some(entry)) => (ClientShape::Web, entry),
            (None, None) if value.get("type").and_then(|kind| kind.as_str()) == Some("service_account") => {
                return Err(wrong("This is the key of a service account. Google Photos does not work with service accounts."));
            }
            (None, None) if value.get("access_token").is_some() || value.get("refresh_token").is_some() => {
                return Err(wrong("This is a file of tokens, not the client file that Google offers for download."));
            }
            (None, None) if value.get("api_key").is_some() => return Err(wrong("This is an API key, not an OAuth client.")),
            (None, None) => {
                return Err(wrong(
                    "The file is JSON, but not a client file: it has neither an \"installed\" nor a \"web\" part.",
                ));
            }
        };
        let entry: Entry =
            serde_json::from_value(entry.clone()).map_err(|_| wrong("The client file has parts of an unexpected kind."))?;
        let client_id =
            entry.client_id.filter(|id| !id.trim().is_empty()).ok_or_else(|| wrong("The client file has no \"client_id\"."))?;
        check_client_id(client_id.trim()).map_err(wrong)?;
        let client_secret = entry.client_secret.filter(|secret| !secret.trim().is_empty()).ok_or_else(|| {
            wrong("The client file has no \"client_secret\". Google shows a secret only once, when the client is made: add a new secret and download the file again.")
        })?;
        if shape == ClientShape::Web && entry.redirect_uris.is_empty() {
            return Err(no_redirect());
        }
        Ok(Self {
            shape,
            client_id: client_id.trim().into(),
            client_secret: client_secret.trim().into(),
            redirect_uris: entry.redirect_uris,
        })
    }
}

/// Google's form: the number of the project, for all but very old clients a dash and letters and digits, and Google's name
/// (`google-apis.md` 4.6). A file in which it is not so was never handed out.
fn check_client_id(id: &str) -> std::result::Result<(), &'static str> {
    let Some(name) = id.strip_suffix(".apps.googleusercontent.com") else {
        return Err("The \"client_id\" is not one that Google gives out: it does not end in \".apps.googleusercontent.com\".");
    };
    let (number, rest) = name.split_once('-').unwrap_or((name, "0"));
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("The \"client_id\" is not one that Google gives out: it does not begin with the number of a project.");
    }
    if rest.is_empty() || !rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') {
        return Err("The \"client_id\" is not one that Google gives out: it has a character that does not belong there.");
    }
    Ok(())
}

pub(crate) fn no_redirect() -> Error {
    Error::new(Code::ClientFile, "The client is of type \"Web application\" and has no redirect address registered.")
        .hint("Easier: create a client of type \"Desktop app\". Or register http://127.0.0.1:8088 for this one and download its file again.")
}

/// The client built in at compile time (`PHOTOKEEP_CLIENT_ID`, `PHOTOKEEP_CLIENT_SECRET` in the build's environment), if any.
pub fn built_in_client() -> Option<ClientFile> {
    Some(ClientFile {
        shape: ClientShape::Installed,
        client_id: option_env!("PHOTOKEEP_CLIENT_ID")?.to_owned(),
        client_secret: option_env!("PHOTOKEEP_CLIENT_SECRET")?.to_owned(),
        redirect_uris: vec!["http://localhost".into()],
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn both_shapes_are_read() {
        let installed =
            br#"{"installed":{"client_id":"12-a1b.apps.googleusercontent.com","client_secret":"b","redirect_uris":["http://localhost"],"project_id":"p"}}"#;
        assert_eq!(ClientFile::from_json(installed).unwrap().shape, ClientShape::Installed);
        let web =
            b"\xef\xbb\xbf{\"web\":{\"client_id\":\"12-a.apps.googleusercontent.com\",\"client_secret\":\"b\",\"redirect_uris\":[\"http://127.0.0.1:8088\"]}}";
        let web = ClientFile::from_json(web).unwrap();
        assert_eq!((web.shape, web.redirect_uris.len()), (ClientShape::Web, 1));
        assert!(web.comes_back());
    }

    #[test]
    fn every_wrong_file_is_told_apart() {
        let mut messages = std::collections::HashSet::new();
        for text in [
            "",
            "<!doctype html><html></html>",
            "{\"installed\":{\"client_id\":",
            "{}",
            r#"{"type":"service_account"}"#,
            r#"{"access_token":"x"}"#,
            r#"{"installed":{"client_secret":"b"}}"#,
            r#"{"installed":{"client_id":"12-a.apps.googleusercontent.com"}}"#,
            r#"{"installed":{"client_id":"YOUR_CLIENT_ID","client_secret":"b"}}"#,
            r#"{"installed":{"client_id":"photokeep.apps.googleusercontent.com","client_secret":"b"}}"#,
            r#"{"web":{"client_id":"12-a b.apps.googleusercontent.com","client_secret":"b"}}"#,
            r#"{"web":{"client_id":"12-a.apps.googleusercontent.com","client_secret":"b"}}"#,
            r#"{"installed":7}"#,
        ] {
            let error = ClientFile::from_json(text.as_bytes()).unwrap_err();
            assert_eq!(error.code, Code::ClientFile);
            assert!(messages.insert(error.message.clone()), "told apart: {text}");
        }
    }

    #[test]
    fn a_web_client_without_an_address_of_this_computer_does_not_come_back() {
        for (address, comes_back) in [
            ("https://photos.example.org/back", false),
            ("https://localhost", false),
            ("http://localhost:8088/", true),
            ("http://[::1]", true),
        ] {
            let text = serde_json::json!({ "web": {
                "client_id": "12.apps.googleusercontent.com", "client_secret": "b", "redirect_uris": [address]
            } });
            assert_eq!(ClientFile::from_json(text.to_string().as_bytes()).unwrap().comes_back(), comes_back, "{address}");
        }
    }

    #[test]
    fn the_secret_is_not_in_the_debug_text() {
        let file =
            ClientFile::from_json(br#"{"installed":{"client_id":"12-a.apps.googleusercontent.com","client_secret":"hunter2"}}"#)
                .unwrap();
        assert!(!format!("{file:?}").contains("hunter2"));
    }
}
