//! Why an archive, or one entry in it, is not taken: a reason for programs and a sentence for people.

use std::fmt;
use std::io;

use serde::Serialize;

/// Why something is refused. The names are stable: front ends and receipts match them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// A download that is still under way or was broken off.
    NotFinished,
    /// A web page saved under the name of an archive; mostly Google's sign-in page.
    WebPage,
    /// One piece of a zip that was cut into several files.
    SplitZip,
    /// Not a zip, a tgz or a tar.
    NotAnArchive,
    /// The zip directory is damaged; what stands in it before the damage is used.
    DirectoryDamaged,
    /// More entries than any export has.
    TooManyEntries,
    /// The disk could not be read.
    Unreadable,
    /// The entry has no name.
    NameEmpty,
    /// The name is longer than any real one.
    NameTooLong,
    /// The name holds NUL or another control character.
    ControlCharacter,
    /// The name holds `..`.
    ParentFolder,
    /// The name starts at the root of a disk.
    AbsolutePath,
    /// The name starts with a drive letter.
    DriveLetter,
    /// The name holds a backslash.
    Backslash,
    /// A symbolic or hard link.
    Link,
    /// A device, a pipe or another thing that is no file.
    SpecialEntry,
    /// The same name a second time in one archive.
    DuplicatePath,
    /// Protected by a password.
    Encrypted,
    /// Compressed in a way that Google does not use.
    UnknownMethod,
    /// The directory contradicts itself about the size.
    SizesDisagree,
    /// Larger than anything Google Photos keeps.
    TooLarge,
    /// Grows more on unpacking than photos can: a zip bomb.
    TooCompressed,
    /// The bytes belong to another entry as well.
    Overlapping,
    /// The bytes would lie behind the end of the archive.
    BeyondEnd,
    /// More bytes came than the archive declares.
    LongerThanDeclared,
    /// Fewer bytes came than the archive declares.
    ShorterThanDeclared,
    /// All bytes are there, and their checksum is not the recorded one.
    ChecksumWrong,
    /// The compressed bytes make no sense.
    Damaged,
    /// The archive ends in the middle of the entry.
    CutShort,
}

impl Reason {
    /// What happened and what it means, as one sentence for a person.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NotFinished => "This archive has not finished downloading; download it again.",
            Self::WebPage => {
                "This is a web page, not an archive: Google asked for a sign-in instead of sending the file; download it again."
            }
            Self::SplitZip => "This is one piece of a zip that was cut up; put the pieces together first.",
            Self::NotAnArchive => "This is neither a zip nor a tgz archive.",
            Self::DirectoryDamaged => {
                "The table of contents of this archive is damaged; what stands before the damage is used, the rest cannot be seen."
            }
            Self::TooManyEntries => "This archive claims more entries than any export has; the rest is not read.",
            Self::Unreadable => "The disk could not be read here.",
            Self::NameEmpty => "The entry has no name.",
            Self::NameTooLong => "The name is longer than Google makes any.",
            Self::ControlCharacter => "The name holds control characters.",
            Self::ParentFolder => "The name points out of the archive.",
            Self::AbsolutePath => "The name points to a fixed place on a disk.",
            Self::DriveLetter => "The name starts with a drive letter.",
            Self::Backslash => "The name holds a backslash, which Google never writes; another program made this archive.",
            Self::Link => "This is a link to another place, not a file.",
            Self::SpecialEntry => "This is a device or another thing that is no file.",
            Self::DuplicatePath => "The same name is in this archive twice; the first one is used.",
            Self::Encrypted => "The entry is protected by a password, which Google never does.",
            Self::UnknownMethod => "The entry is compressed in a way that Google does not use.",
            Self::SizesDisagree => "The archive contradicts itself about the size of this entry; Google did not write it so.",
            Self::TooLarge => "The entry claims to be larger than anything Google Photos keeps.",
            Self::TooCompressed => "The entry would grow far more than photos can; this is how a zip bomb looks.",
            Self::Overlapping => "The bytes of this entry belong to another one as well.",
            Self::BeyondEnd => "The archive ends before this entry; it was cut off.",
            Self::LongerThanDeclared => "The entry is longer than the archive says.",
            Self::ShorterThanDeclared => "The entry is shorter than the archive says.",
            Self::ChecksumWrong => {
                "The bytes are not the ones that Google packed: their checksum is wrong; download the archive again."
            }
            Self::Damaged => "The compressed bytes are damaged; download the archive again.",
            Self::CutShort => "The archive was cut off here; download it again.",
        }
    }
}

/// A refusal: the reason, and a fact that helps to find the cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The reason, for programs.
    pub reason: Reason,
    /// A fact for a bug report, such as "method 12"; never shown alone.
    pub detail: Option<String>,
}

impl Refusal {
    /// A refusal without a further fact.
    #[must_use]
    pub fn new(reason: Reason) -> Self {
        Self { reason, detail: None }
    }

    /// A refusal with a fact.
    #[must_use]
    pub fn with(reason: Reason, detail: impl fmt::Display) -> Self {
        Self { reason, detail: Some(detail.to_string()) }
    }

    /// The disk's own error.
    pub(crate) fn disk(error: &io::Error) -> Self {
        Self::with(Reason::Unreadable, error)
    }

    /// The refusal inside an error that an entry's reader returned; any other error is the disk's.
    #[must_use]
    pub fn of(error: &io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()) {
            Some(refusal) => refusal.clone(),
            None => Self::disk(error),
        }
    }

    /// The refusal as a reader returns it; [`Refusal::of`] takes it out again.
    pub(crate) fn into_io(self) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, self)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.reason.sentence())
    }
}

impl std::error::Error for Refusal {}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self::new(reason)
    }
}

/// An entry that is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// Its place in the archive, counted from 0 over everything the archive holds.
    pub index: u32,
    /// Its name, made fit for showing: control characters escaped, at most 200 characters. Not a path to use.
    pub name: String,
    /// Why.
    pub refusal: Refusal,
}

/// A foreign name made fit for showing: control characters and invalid bytes escaped, at most 200 characters.
pub(crate) fn shown(name: &[u8]) -> String {
    // Four bytes a character at most, so the first 800 bytes are enough, whatever the length of the name.
    let head = &name[..name.len().min(800)];
    let mut text = String::new();
    let mut left = 200usize;
    for character in String::from_utf8_lossy(head).chars() {
        let length = if character.is_control() { character.escape_default().len() } else { 1 };
        let Some(rest) = left.checked_sub(length) else {
            text.push('…');
            break;
        };
        left = rest;
        if character.is_control() { text.extend(character.escape_default()) } else { text.push(character) }
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_refusal_survives_the_way_through_an_io_error() {
        let refusal = Refusal::with(Reason::ChecksumWrong, "x");
        assert_eq!(Refusal::of(&refusal.clone().into_io()), refusal);
        assert_eq!(Refusal::of(&io::Error::other("unplugged")).reason, Reason::Unreadable);
    }

    #[test]
    fn names_are_shown_without_control_characters_and_cut() {
        assert_eq!(shown(b"a\nb\0\xff"), "a\\nb\\u{0}\u{fffd}");
        assert_eq!(shown("é".repeat(5000).as_bytes()).chars().count(), 201);
    }

    /// Found by fuzzing: a name of control characters was shown with five characters for each.
    #[test]
    fn escaped_characters_count_as_what_is_shown_of_them() {
        let text = shown(&[1; 500]);
        assert_eq!(text.chars().count(), 201);
        assert!(text.starts_with("\\u{1}\\u{1}") && text.ends_with("}…"));
        assert_eq!(shown(&[b'x'; 200]), "x".repeat(200), "a name that just fits is whole");
    }

    #[test]
    fn reasons_have_stable_codes() {
        assert_eq!(serde_json::to_string(&Reason::UnknownMethod).unwrap(), "\"unknown-method\"");
    }
}
