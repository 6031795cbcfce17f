//! Paths as they are kept: every name of every system, also one that is no text, and the same text for the same name.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

/// The bytes of a path, to be given back by [`path_of`] on the same system.
pub fn bytes_of(path: &Path) -> Vec<u8> {
    path.as_os_str().as_encoded_bytes().to_vec()
}

/// The path with these bytes.
#[cfg(unix)]
pub fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(OsStr::from_bytes(bytes))
}

/// The path with these bytes. Names that are no text are not found again: they are told as unreadable.
#[cfg(not(unix))]
pub fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// A path as it is shown: with `/` on every system, and what is no text as `\xFF`, so that two files never read the same.
pub fn shown(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(shown_part).collect();
    parts.join("/")
}

fn shown_part(part: &OsStr) -> String {
    let mut text = String::new();
    for chunk in part.as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|byte| text.push_str(&format!("\\x{byte:02X}")));
    }
    text
}

/// A file's name as names are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedName {
    /// Composed, without case, without the number of a copy: Macs store names decomposed, Windows does not tell upper case from
    /// lower, and copies get numbers everywhere.
    pub name: String,
    /// The number in parentheses before the extension; empty where there is none.
    pub number: String,
}

/// A file's name as names are compared.
pub fn comparable_name(name: &OsStr) -> ComparedName {
    let name: String = name.to_string_lossy().nfc().collect::<String>().to_lowercase();
    let (stem, extension) = match name.rfind('.') {
        Some(dot) if dot > 0 => name.split_at(dot),
        _ => (name.as_str(), ""),
    };
    let (stem, number) = without_number(stem);
    // Other spellings of one format.
    let extension = match extension {
        ".jpeg" | ".jpe" => ".jpg",
        ".tiff" => ".tif",
        other => other,
    };
    ComparedName { name: format!("{stem}{extension}"), number: number.to_owned() }
}

/// A name by [`comparable_name`] without its extension: what two formats of one photo share.
pub fn stem_of(name: &str) -> &str {
    match name.rfind('.') {
        Some(dot) if dot > 0 => &name[..dot],
        _ => name,
    }
}

fn without_number(stem: &str) -> (&str, &str) {
    let Some(open) = stem.strip_suffix(')').and_then(|rest| rest.rfind('(')) else { return (stem, "") };
    let number = &stem[open + 1..stem.len() - 1];
    let is_number = !number.is_empty() && number.len() <= 3 && number.bytes().all(|byte| byte.is_ascii_digit());
    let before = stem[..open].trim_end();
    if is_number && !before.is_empty() { (before, number) } else { (stem, "") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_what_systems_do_to_them() {
        let same = |one: &str, other: &str| comparable_name(OsStr::new(one)).name == comparable_name(OsStr::new(other)).name;
        assert!(same("Ärger.JPG", "A\u{308}rger.jpg"));
        assert!(same("IMG_1 (2).jpeg", "img_1.jpg"));
        assert!(same("IMG_1(12).jpg", "IMG_1.jpg"));
        assert!(!same("IMG_1.jpg", "IMG_2.jpg"));
        assert!(!same("(2).jpg", ".jpg"));
        assert!(!same("Paris (2019).jpg", "Paris.jpg"));
        assert!(!same("IMG_1.heic", "IMG_1.jpg"));
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_no_text_comes_back() {
        use std::os::unix::ffi::OsStrExt;
        let path = Path::new(OsStr::from_bytes(b"a/\xff\xfe.jpg"));
        assert_eq!(path_of(&bytes_of(path)), path);
        assert_eq!(shown(path), "a/\\xFF\\xFE.jpg");
    }
}
