//! Why a file or folder could not be read: a word for programs, a sentence for people, and what the system said.

use std::fmt;
use std::io;

use serde::Serialize;
use ts_rs::TS;

/// Why something could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum TroubleWhy {
    /// It changed while it was read.
    Changed,
    /// It is called like a photo or video and has no bytes.
    Empty,
    /// It is called like a photo or video and is none.
    NotAsCalled,
    /// A pipe or a folder took its place.
    NoFile,
    /// The system does not let this person read it.
    Denied,
    /// It went away while the folder was compared.
    Gone,
    /// The disk or the share did not give it.
    Disk,
}

/// Why something could not be read, with what the system said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Trouble {
    /// Why.
    pub why: TroubleWhy,
    /// What the system said, in its own words.
    pub more: Option<String>,
}

impl TroubleWhy {
    const ALL: [Self; 7] = [Self::Changed, Self::Empty, Self::NotAsCalled, Self::NoFile, Self::Denied, Self::Gone, Self::Disk];

    /// The word in the store, in JSON and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Empty => "empty",
            Self::NotAsCalled => "not-as-called",
            Self::NoFile => "no-file",
            Self::Denied => "denied",
            Self::Gone => "gone",
            Self::Disk => "disk",
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Self::Changed => "It changed while it was read.",
            Self::Empty => "It is empty.",
            Self::NotAsCalled => "It is called like a photo or video and is none.",
            Self::NoFile => "It is no file any more.",
            Self::Denied => "You are not allowed to read it.",
            Self::Gone => "It went away meanwhile.",
            Self::Disk => "The disk did not give it.",
        }
    }
}

impl Trouble {
    /// From the word in the store; a word that nobody wrote is the disk's.
    pub(crate) fn of(word: &str, more: Option<String>) -> Self {
        let why = TroubleWhy::ALL.into_iter().find(|why| why.as_str() == word).unwrap_or(TroubleWhy::Disk);
        Self { why, more }
    }
}

impl From<TroubleWhy> for Trouble {
    fn from(why: TroubleWhy) -> Self {
        Self { why, more: None }
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied => TroubleWhy::Denied.into(),
            io::ErrorKind::NotFound => TroubleWhy::Gone.into(),
            _ => Self { why: TroubleWhy::Disk, more: Some(error.to_string()) },
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.why.sentence())?;
        self.more.as_ref().map_or(Ok(()), |more| write!(formatter, " ({more})"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_comes_back() {
        for why in TroubleWhy::ALL {
            assert_eq!(Trouble::of(why.as_str(), None), why.into());
        }
        assert_eq!(Trouble::from(io::Error::from(io::ErrorKind::PermissionDenied)).why, TroubleWhy::Denied);
        let disk = Trouble::from(io::Error::other("Input/output error"));
        assert_eq!(disk.to_string(), "The disk did not give it. (Input/output error)");
    }
}
