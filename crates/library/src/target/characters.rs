//! Which characters never stand in a name, and which do not count when names are compared.

/// Characters that Photokeep never writes into a name, whatever the target takes: they end a path component, act on a
/// terminal, turn the reading direction of the line they stand in, or are no characters at all (design section 3, rule 8).
pub(crate) fn never_in_a_name(character: char) -> bool {
    matches!(character,
        '/' | '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'           // separator, C0, DEL, C1
        | '\u{61c}' | '\u{200e}' | '\u{200f}'                 // Arabic letter mark, left-to-right and right-to-left mark
        | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'   // bidi embeddings, overrides and isolates
        | '\u{2028}' | '\u{2029}'                             // line and paragraph separator
        | '\u{fdd0}'..='\u{fdef}')
        || u32::from(character) & 0xfffe == 0xfffe // the last two of each plane are noncharacters
        || cfg!(windows) && matches!(character, '\\' | ':') // Windows' own separator, drives and streams, also on a disk that takes them
}

/// Unicode's `Default_Ignorable_Code_Point`: what HFS+ and case-folding ext4 leave out when they compare names.
pub(super) fn ignorable(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Folds case more coarsely than any file system does (full folding as on APFS, both ways as on NTFS): two names may be taken for
/// equal that are not, never the other way round.
pub(super) fn fold_case(text: impl Iterator<Item = char>) -> String {
    // Character by character: `str::to_lowercase` knows the final sigma, which would keep ς and σ apart.
    text.flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .collect()
}

/// The length in bytes of the part of `name` that Windows reads as the name of a device (`NUL` in `nul.tar.gz`), if it does.
pub(super) fn device_name(name: &str) -> Option<usize> {
    let stem = name.split('.').next().unwrap_or_default().trim_end_matches(' ');
    let upper = stem.to_ascii_uppercase();
    let reserved = match upper.as_str() {
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" => true,
        other => other
            .strip_prefix("COM")
            .or_else(|| other.strip_prefix("LPT"))
            .is_some_and(|rest| rest.chars().count() == 1 && rest.starts_with(|c: char| c.is_ascii_digit() || "¹²³".contains(c))),
    };
    reserved.then_some(stem.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn device_names_are_known_with_and_without_an_extension() {
        for name in ["CON", "con.jpg", "Nul.tar.gz", "COM0", "com9.mp4", "LPT¹", "lpt³.jpg", "CONIN$", "conout$.txt", "AUX .jpg"]
        {
            assert!(device_name(name).is_some(), "{name}");
        }
        for name in ["CONSOLE", "COM", "COM10", "COMA", "LPT", "a.con", "nul_", "NULL.jpg", ""] {
            assert!(device_name(name).is_none(), "{name}");
        }
        assert_eq!(device_name("LPT¹.jpg"), Some("LPT¹".len()));
    }

    #[test]
    fn folding_is_at_least_as_coarse_as_any_file_system() {
        for (left, right) in [("IMG", "img"), ("Straße", "STRASSE"), ("ΣΑΣ", "σας"), ("É", "é"), ("\u{212a}", "k"), ("ſ", "S")]
        {
            assert_eq!(fold_case(left.chars()), fold_case(right.chars()), "{left} {right}");
        }
        assert_ne!(fold_case("a".chars()), fold_case("b".chars()));
    }

    #[test]
    fn noncharacters_are_found_on_every_plane() {
        for code in [0xfffe, 0xffff, 0x1fffe, 0x1ffff, 0x10ffff, 0xfdd0] {
            assert!(char::from_u32(code).is_some_and(never_in_a_name), "{code:x}");
        }
        for character in ['a', ' ', '.', '\u{200d}', '\u{fffd}', '😀'] {
            assert!(!never_in_a_name(character), "{character:?}");
        }
        assert_eq!(never_in_a_name('\\'), cfg!(windows), "whatever separates on this system ends a component");
    }
}
