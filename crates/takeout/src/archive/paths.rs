//! Names of entries: decoded, checked, and made into safe relative paths.
//!
//! Promises: a path from here is relative, separated by `/`, has no empty, `.` or `..` part, no control character and no
//! backslash. Its Unicode form is kept as given. Names that cannot be made safe are refused, never bent into another name.

use std::borrow::Cow;

use photokeep_model::{is_system_file, is_system_folder};

use super::refusal::Reason;

/// Longest path in bytes. Google cuts folders at 50 characters and files at 51 units, so real paths stay below 1,000.
pub const MAX_PATH_BYTES: usize = 4096;

/// The upper half of code page 437, which zip names are in if nothing else is said (PKWARE APPNOTE, appendix D).
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// A decoded name, and whether it was in neither UTF-8 nor ASCII.
pub struct Decoded<'a> {
    /// The name as text.
    pub name: Cow<'a, str>,
    /// The bytes were no UTF-8: another program than Google's wrote the archive (format document, 1.7).
    pub foreign: bool,
}

/// Decodes the bytes of a name: UTF-8 if they are valid, else code page 437. The UTF-8 flag is not needed: where it is
/// set the bytes are valid, and where valid bytes lack it they are UTF-8 all the same (format document, 1.7).
pub fn decode(bytes: &[u8]) -> Decoded<'_> {
    match std::str::from_utf8(bytes) {
        Ok(name) => Decoded { name: Cow::Borrowed(name), foreign: false },
        Err(_) => {
            let upper: Vec<char> = CP437.chars().collect();
            let decode = |byte: &u8| if byte.is_ascii() { char::from(*byte) } else { upper[usize::from(*byte - 128)] };
            Decoded { name: Cow::Owned(bytes.iter().map(decode).collect()), foreign: true }
        }
    }
}

/// Makes a name into a safe relative path, or says why not. `./` and doubled slashes are taken away.
pub fn safe(name: &str) -> Result<Cow<'_, str>, Reason> {
    if name.is_empty() {
        return Err(Reason::NameEmpty);
    }
    if name.len() > MAX_PATH_BYTES {
        return Err(Reason::NameTooLong);
    }
    if name.chars().any(char::is_control) {
        return Err(Reason::ControlCharacter);
    }
    let idle = |part: &str| part.is_empty() || part == ".";
    // What counts is how the path begins in the end: `./` and slashes before it are taken away below.
    if name.split('/').find(|part| !idle(part)).is_some_and(has_drive_letter) {
        return Err(Reason::DriveLetter);
    }
    if name.starts_with(['/', '\\']) {
        return Err(Reason::AbsolutePath);
    }
    if name.split(['/', '\\']).any(|part| part == "..") {
        return Err(Reason::ParentFolder);
    }
    if name.contains('\\') {
        return Err(Reason::Backslash);
    }
    // A drive in the middle would start anew on Windows, where `a` joined with `C:` is `C:`.
    if name.split('/').any(|part| part.len() == 2 && has_drive_letter(part)) {
        return Err(Reason::DriveLetter);
    }
    if !name.split('/').any(idle) {
        return Ok(Cow::Borrowed(name));
    }
    let parts: Vec<&str> = name.split('/').filter(|part| !idle(part)).collect();
    if parts.is_empty() {
        return Err(Reason::NameEmpty);
    }
    Ok(Cow::Owned(parts.join("/")))
}

fn has_drive_letter(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.len() >= 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':'
}

/// The folder in which macOS keeps what other file systems cannot hold, beside the real files.
pub const MAC_FOLDER: &str = "__MACOSX";

/// Whether a path is what a system leaves beside real files: `__MACOSX/` and `._name` of macOS look like media and like JSON
/// and are neither (format document, 1.7); `Thumbs.db` and its like come where an export was unpacked and looked at.
pub fn is_left_behind(path: &str) -> bool {
    let (folders, last) = path.rsplit_once('/').unwrap_or(("", path));
    is_system_file(last) || folders.split('/').any(is_system_folder)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hostile_names_are_refused_for_the_right_reason() {
        for (name, reason) in [
            ("", Reason::NameEmpty),
            (".", Reason::NameEmpty),
            ("./", Reason::NameEmpty),
            ("../x", Reason::ParentFolder),
            ("a/../b", Reason::ParentFolder),
            ("a/..", Reason::ParentFolder),
            ("a\\..\\b", Reason::ParentFolder),
            ("/etc/passwd", Reason::AbsolutePath),
            ("\\\\server\\share", Reason::AbsolutePath),
            ("C:/x", Reason::DriveLetter),
            ("c:x", Reason::DriveLetter),
            ("a/C:/x", Reason::DriveLetter),
            // Found by fuzzing: the drive came to the front when `./` was taken away.
            ("./C:x", Reason::DriveLetter),
            (".//./c:/x", Reason::DriveLetter),
            ("a\\b", Reason::Backslash),
            ("a\0b", Reason::ControlCharacter),
            ("a\u{9b}b", Reason::ControlCharacter),
            ("a\nb", Reason::ControlCharacter),
        ] {
            assert_eq!(safe(name), Err(reason), "{name:?}");
        }
        assert_eq!(safe(&"x".repeat(5000)), Err(Reason::NameTooLong));
    }

    #[test]
    fn real_names_are_kept_as_given() {
        for name in [
            "Takeout/Google Foto/1 anno fa/130917ad28385b5a-photo.jpg",
            "Takeout/Google Фото/Photos from 2019/IMG(1).jpg",
            "Takeout/Zdje\u{328}cia Google/Cafe\u{301}.jpg",
            "Takeout/Google Photos/2003 - Viaje a Helche, Alicante y Valencia (Julio /metadata.json",
            "Takeout/Google Photos/...and then/..x.jpg",
        ] {
            assert_eq!(safe(name).unwrap(), name);
        }
        assert_eq!(safe("./Takeout//a.jpg").unwrap(), "Takeout/a.jpg");
    }

    #[test]
    fn names_that_are_no_utf8_are_code_page_437() {
        let decoded = decode(b"M\x81nchen \xe1\xff");
        assert_eq!(decoded.name, "München ß\u{a0}");
        assert!(decoded.foreign);
        assert_eq!(CP437.chars().count(), 128);
        assert!(!decode("München".as_bytes()).foreign);
    }

    #[test]
    fn what_systems_leave_behind() {
        assert!(is_left_behind("__MACOSX/Takeout/._IMG.jpg"));
        assert!(is_left_behind("Takeout/Google Photos/._IMG.jpg"));
        assert!(is_left_behind("Takeout/Google Photos/Trip/@eaDir/IMG.jpg/SYNOPHOTO_THUMB_M.jpg"));
        assert!(!is_left_behind("Takeout/Google Photos/_IMG.jpg"));
    }

    proptest! {
        #[test]
        fn a_safe_path_never_leaves(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let decoded = decode(&bytes);
            if let Ok(path) = safe(&decoded.name) {
                prop_assert!(!path.is_empty() && !path.starts_with('/') && !path.contains('\\'));
                prop_assert!(path.split('/').all(|part| !part.is_empty() && part != "." && part != ".."));
                prop_assert!(!path.chars().any(char::is_control));
                prop_assert_eq!(safe(&path).unwrap(), path.clone());
            }
        }

        #[test]
        fn dots_slashes_and_drives_never_leave(name in "[./\\\\:aC]{0,12}") {
            if let Ok(path) = safe(&name) {
                let joined = std::path::Path::new("/base").join(&*path);
                prop_assert!(!has_drive_letter(&path), "{path}");
                prop_assert!(joined.starts_with("/base") && joined.components().all(|part| part != std::path::Component::ParentDir));
            }
        }
    }
}
