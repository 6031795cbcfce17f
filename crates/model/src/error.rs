//! The one error type that leaves a public function: a code for programs, a sentence and a hint for people.
//!
//! Rules: the message says what happened and what it means for the photos; the hint says what to do; no message, hint
//! or detail ever holds a token, a client secret or a media URL. Programs match [`Code`], never text.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A `Result` with Photokeep's error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of trouble it is. A code exists only where a front end treats it differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// An option or argument makes no sense.
    Usage,
    /// There is no library in that folder.
    NoLibrary,
    /// No sign-in, or Google no longer accepts it.
    SignInNeeded,
    /// The user, or Google on their behalf, did not grant what is needed.
    AccessRefused,
    /// The `client_secret.json` is missing or not what Google hands out.
    ClientFile,
    /// Google, or the way to it, cannot be reached.
    Network,
    /// Google asks to come back later.
    Quota,
    /// Another run works on this library.
    LibraryBusy,
    /// The disk of the library is full.
    TargetFull,
    /// The library's disk cannot be written.
    TargetReadOnly,
    /// The library's folder has vanished, a disk was unplugged for example.
    TargetGone,
    /// A folder other than the library's, one to compare with, is not there or cannot be opened.
    FolderGone,
    /// The catalog is damaged.
    CatalogDamaged,
    /// The catalog was written by a newer Photokeep.
    CatalogNewer,
    /// The catalog is held by another program.
    CatalogLocked,
    /// The item is no longer in Google Photos.
    ItemGone,
    /// Google answered with something that is not this photo or video.
    ItemNotMedia,
    /// The bytes of an item arrive incomplete or fail again and again.
    ItemFailed,
    /// Google is still processing the video.
    ItemNotReady,
    /// The user stopped it.
    Cancelled,
    /// A mistake of Photokeep itself, or something nobody foresaw.
    Internal,
}

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// Something needs attention, the photos are safe.
    Warning,
    /// The run could not do what it was asked to.
    Error,
}

/// Whether trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Retry {
    /// It will go the same way until something changes.
    No,
    /// The next run tries again by itself.
    NextRun,
    /// It works once the user has done what the hint says.
    AfterAction,
}

/// An error as front ends show it.
#[derive(Debug)]
pub struct Error {
    /// The kind, for programs.
    pub code: Code,
    /// What happened and what it means, in a sentence.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// How much it matters.
    pub severity: Severity,
    /// Whether trying again can help.
    pub retry: Retry,
    /// Facts for a bug report: paths, status codes. Never secrets.
    pub details: Vec<(String, String)>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// Creates an error of severity [`Severity::Error`]; whether a retry helps follows from the code.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let retry = match code {
            Code::Network | Code::Quota | Code::ItemFailed | Code::ItemNotReady | Code::ItemNotMedia | Code::Cancelled => {
                Retry::NextRun
            }
            Code::Usage | Code::Internal | Code::ItemGone => Retry::No,
            _ => Retry::AfterAction,
        };
        Self { code, message: message.into(), hint: None, severity: Severity::Error, retry, details: Vec::new(), source: None }
    }

    /// Adds what the person can do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds a fact for a bug report.
    #[must_use]
    pub fn detail(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.details.push((name.into(), value.to_string()));
        self
    }

    /// Keeps the underlying error; its text also becomes the detail `cause`.
    #[must_use]
    pub fn source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let source = source.into();
        self.details.push(("cause".into(), source.to_string()));
        self.source = Some(source);
        self
    }

    /// Changes the severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source.as_ref() as &(dyn std::error::Error + 'static))
    }
}

impl Serialize for Error {
    /// The shape every front end gets: `{code, message, hint, severity, retry, details}` (design section 8).
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut object = serializer.serialize_struct("Error", 6)?;
        object.serialize_field("code", &self.code)?;
        object.serialize_field("message", &self.message)?;
        object.serialize_field("hint", &self.hint)?;
        object.serialize_field("severity", &self.severity)?;
        object.serialize_field("retry", &self.retry)?;
        object.serialize_field("details", &self.details.iter().cloned().collect::<std::collections::BTreeMap<_, _>>())?;
        object.end()
    }
}
