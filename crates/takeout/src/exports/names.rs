//! Names of archives as Google and browsers make them (format document, 1.1).
//!
//! `takeout-20240525T201456Z-001.zip` until the middle of 2025, `takeout-20250529T084030Z-1-001.zip` since; `.tgz` alike.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

/// Which export an archive belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExportId {
    /// An export with Google's names.
    Named {
        /// When the export was made, in UTC: `20240525T201456Z`.
        stamp: String,
        /// The number between stamp and part, since 2025. Nobody knows what it means, so it is part of the identity.
        group: Option<u32>,
    },
    /// Archives and folders without Google's names. Those that lie in one folder are taken for one export.
    Unnamed {
        /// The folder in which they lie.
        folder: PathBuf,
    },
}

impl fmt::Display for ExportId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named { stamp, group: None } => formatter.write_str(stamp),
            Self::Named { stamp, group: Some(group) } => write!(formatter, "{stamp}-{group}"),
            Self::Unnamed { folder } => write!(formatter, "{}", folder.display()),
        }
    }
}

/// What the name of an archive says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveName {
    /// Stamp of the export, upper case.
    pub stamp: String,
    /// The number between stamp and part.
    pub group: Option<u32>,
    /// Number of the part, from 1.
    pub part: u32,
    /// The number that a browser put in brackets because the name was taken.
    pub copy: Option<u32>,
    /// There is more in the name than Google and browsers write.
    pub renamed: bool,
}

impl ArchiveName {
    /// Reads a file's or unpacked folder's name; `None` if there is nothing of Google's in it. The ending is not looked at:
    /// what a file is, its bytes say.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        // ASCII only, so that places in one are places in the other.
        let lower = name.to_ascii_lowercase();
        let mut from = 0;
        while let Some(found) = lower.get(from..)?.find("takeout-") {
            let start = from + found;
            from = start + "takeout-".len();
            if let Some((mut parsed, rest)) = numbers(lower.get(from..)?) {
                let rest = strip_endings(rest);
                let (copy, rest) = browser_copy(rest);
                parsed.copy = copy;
                parsed.renamed = start != 0 || !rest.is_empty();
                return Some(parsed);
            }
        }
        None
    }

    /// The export that the name tells.
    #[must_use]
    pub fn export(&self) -> ExportId {
        ExportId::Named { stamp: self.stamp.clone(), group: self.group }
    }
}

/// `<8 digits>t<6 digits>z(-<group>)?-<part>`, and what follows. A part has three digits or more, a group at most two: so
/// a browser's `-001-2` is not taken for part 2 of group 1.
fn numbers(text: &str) -> Option<(ArchiveName, &str)> {
    let stamp = text.get(..16).filter(|stamp| stamp.is_ascii())?;
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !(digits(&stamp[..8]) && stamp[8..].starts_with('t') && digits(&stamp[9..15]) && stamp.ends_with('z')) {
        return None;
    }
    let (first, rest) = number(text.get(16..)?.strip_prefix('-')?)?;
    let (group, part, rest) = match rest.strip_prefix('-').and_then(number) {
        Some((second, rest)) if first.len() <= 2 && second.len() >= 3 => (Some(first.parse().ok()?), second, rest),
        _ if first.len() >= 3 => (None, first, rest),
        _ => return None,
    };
    let part = part.parse().ok().filter(|part| *part > 0)?;
    Some((ArchiveName { stamp: stamp.to_ascii_uppercase(), group, part, copy: None, renamed: false }, rest))
}

fn number(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    (1..=9).contains(&end).then(|| text.split_at(end))
}

fn strip_endings(mut text: &str) -> &str {
    let endings = [".zip", ".tgz", ".tar.gz", ".tar", ".gz"];
    while let Some(rest) = UNFINISHED.iter().chain(&endings).find_map(|ending| text.strip_suffix(ending)) {
        text = rest;
    }
    text
}

/// ` (1)` or `(1)` at the end or before an ending that was taken away already.
fn browser_copy(text: &str) -> (Option<u32>, &str) {
    let inner = text.trim_start().strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    match inner.and_then(number) {
        Some((digits, "")) => (digits.parse().ok(), ""),
        _ => (None, text),
    }
}

/// Endings of downloads that are under way or broken off: Chrome and Edge, Firefox, Safari, Opera, Internet Explorer.
const UNFINISHED: [&str; 5] = [".crdownload", ".part", ".download", ".opdownload", ".partial"];

/// Whether a name is one that browsers give to downloads under way.
#[must_use]
pub fn is_unfinished_download(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    UNFINISHED.iter().any(|ending| lower.ends_with(ending))
}

/// Whether a name ends as archives do. Only such files are looked into when a folder is searched.
#[must_use]
pub(super) fn has_archive_ending(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    [".zip", ".tgz", ".tar.gz", ".tar"].iter().any(|ending| lower.ends_with(ending))
}

/// Whether a name is `Takeout`, or what systems make of it when the name is taken: `Takeout 2`, `Takeout(1)`,
/// `Takeout (1)`, `Takeout-2` (format document, 1.7).
#[must_use]
pub fn is_takeout_root(name: &str) -> bool {
    let Some((head, tail)) = name.split_at_checked("takeout".len()) else { return false };
    if !head.eq_ignore_ascii_case("takeout") {
        return false;
    }
    let tail = tail.trim();
    let bare = tail.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).or_else(|| tail.strip_prefix('-')).unwrap_or(tail);
    tail.is_empty() || number(bare).is_some_and(|(_, rest)| rest.is_empty())
}

/// The path below the `Takeout` folder, so that a zip, a re-packed zip with a folder around it, and an unpacked folder give
/// the same path. A path without such a folder is returned as it is.
///
/// Only the first two parts are looked at: an album may be called `Takeout`.
#[must_use]
pub fn below_takeout(path: &str) -> &str {
    let Some((first, rest)) = path.split_once('/') else { return path };
    if is_takeout_root(first) {
        return rest;
    }
    match rest.split_once('/') {
        Some((second, below)) if is_takeout_root(second) && ArchiveName::parse(first).is_some() => below,
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use proptest::prelude::*;

    fn parse(name: &str) -> (String, u32, Option<u32>, bool) {
        let parsed = ArchiveName::parse(name).unwrap_or_else(|| panic!("{name}"));
        (parsed.export().to_string(), parsed.part, parsed.copy, parsed.renamed)
    }

    #[test]
    fn names_of_real_listings() {
        for (name, export, part, copy, renamed) in [
            ("takeout-20240525T201456Z-001.zip", "20240525T201456Z", 1, None, false),
            ("takeout-20240712T112341Z-010.zip", "20240712T112341Z", 10, None, false),
            ("takeout-20240701T221729Z-005.zip", "20240701T221729Z", 5, None, false),
            ("takeout-20250529T084030Z-1-001.zip", "20250529T084030Z-1", 1, None, false),
            ("takeout-20250712T134852Z-1-002.zip", "20250712T134852Z-1", 2, None, false),
            ("takeout-20260318T202441Z-3-002", "20260318T202441Z-3", 2, None, false),
            ("takeout-20260318T202441Z-3-1002.tgz", "20260318T202441Z-3", 1002, None, false),
            ("Takeout-20240525t201456z-003.TAR.GZ", "20240525T201456Z", 3, None, false),
            ("takeout-20240525T201456Z-001 (1).zip", "20240525T201456Z", 1, Some(1), false),
            ("takeout-20240525T201456Z-001(2).tgz", "20240525T201456Z", 1, Some(2), false),
            ("takeout-20240525T201456Z-004.zip.crdownload", "20240525T201456Z", 4, None, false),
            ("takeout-20240525T201456Z-004 (1).zip.part", "20240525T201456Z", 4, Some(1), false),
            ("backup of takeout-20240525T201456Z-002.zip", "20240525T201456Z", 2, None, true),
            ("takeout-20240525T201456Z-002 old.zip", "20240525T201456Z", 2, None, true),
            ("takeout-takeout-20240525T201456Z-002.zip", "20240525T201456Z", 2, None, true),
        ] {
            assert_eq!(parse(name), (export.to_owned(), part, copy, renamed), "{name}");
        }
    }

    #[test]
    fn other_names_are_not_read() {
        for name in [
            "photos.zip",
            "takeout.zip",
            "takeout-2024.zip",
            "takeout-20240525T201456Z-1.zip",
            "takeout-20240525T201456Z-000.zip",
            "İtakeout-",
            "takeout-1234567é12345678",
        ] {
            assert_eq!(ArchiveName::parse(name), None, "{name}");
        }
        // Safari's copy of part 1 must not become part 2.
        assert_eq!(ArchiveName::parse("takeout-20240525T201456Z-001-2.zip").unwrap().part, 1);
    }

    #[test]
    fn takeout_folders_and_paths_below_them() {
        for name in ["Takeout", "takeout", "Takeout 2", "Takeout(1)", "Takeout (12)", "Takeout-2"] {
            assert!(is_takeout_root(name), "{name}");
        }
        for name in ["Takeouts", "Takeout x", "Take", "Takeout (a)", "Täkeout"] {
            assert!(!is_takeout_root(name), "{name}");
        }
        for (path, below) in [
            ("Takeout/Google Foto/a.jpg", "Google Foto/a.jpg"),
            ("Takeout 2/Google Foto/a.jpg", "Google Foto/a.jpg"),
            ("takeout-20260318T202441Z-3-002/Takeout/Google Foto/Foto da 2002/a.jpg", "Google Foto/Foto da 2002/a.jpg"),
            ("Google Photos/Takeout/a.jpg", "Google Photos/Takeout/a.jpg"),
            ("archive_browser.html", "archive_browser.html"),
        ] {
            assert_eq!(below_takeout(path), below);
        }
    }

    proptest! {
        #[test]
        fn any_name_is_read_without_panic(name in "\\PC{0,40}", tail in "[-0-9tTzZ() .a-z]{0,40}") {
            let _ = ArchiveName::parse(&name);
            let _ = ArchiveName::parse(&format!("takeout-{tail}"));
            let _ = ArchiveName::parse(&format!("takeout-{name}"));
            let _ = (is_takeout_root(&name), below_takeout(&name).len());
        }

        #[test]
        fn what_google_writes_is_read_back(day in 0u32..100_000_000, time in 0u32..1_000_000, group in proptest::option::of(0u32..100), part in 1u32..5000) {
            let stamp = format!("{day:08}T{time:06}Z");
            let middle = group.map(|group| format!("-{group}")).unwrap_or_default();
            let parsed = ArchiveName::parse(&format!("takeout-{stamp}{middle}-{part:03}.zip")).unwrap();
            prop_assert_eq!((parsed.stamp, parsed.group, parsed.part, parsed.renamed), (stamp, group, part, false));
        }
    }
}
