//! When two names count as the same: forbidden characters, Unicode form, letter case.

use unicode_normalization::UnicodeNormalization;

/// Whether Takeout writes `_` for this character in a file name.
///
/// Seen: `/ & ' ? : \`. Likely: `* " < > | % #` and control characters. A wrong guess here does no harm, because names
/// are compared after mapping the set on both sides.
fn is_forbidden(character: char) -> bool {
    matches!(character, '/' | '&' | '\'' | '?' | ':' | '\\' | '*' | '"' | '<' | '>' | '|' | '%' | '#') || character.is_control()
}

/// The title with every forbidden character replaced by `_` (rule S): what names are made of.
pub fn safe_title(title: &str) -> String {
    title.chars().map(|character| if is_forbidden(character) { '_' } else { character }).collect()
}

/// The name with forbidden characters mapped and in one Unicode form; letter case is kept.
///
/// The form is the decomposed one: two texts are equal in it exactly when they are equal composed (NFC), and a text that
/// was cut between a letter and its accent is still a prefix of the whole.
pub fn spelled(name: &str) -> String {
    if name.is_ascii() { safe_title(name) } else { safe_title(name).nfd().collect() }
}

/// [`spelled`], and without letter case: the key under which names are compared.
pub fn fold(name: &str) -> String {
    let spelled = spelled(name);
    if spelled.is_ascii() {
        return spelled.to_ascii_lowercase();
    }
    // Letter by letter and by way of upper case, so that a prefix folds to a prefix (final sigma) and ß meets ss.
    spelled.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfd().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_are_equal() {
        assert_eq!(fold("Cafe\u{301}.JPG"), fold("Café.jpg"));
        assert_eq!(fold("27/06/12 - 1"), fold("27_06_12 - 1"));
        assert_eq!(fold("John & Sally's"), fold("John _ Sally_s"));
        assert_eq!(fold("ΟΔΟΣ"), fold("οδος"));
        assert_ne!(spelled("A.jpg"), spelled("a.jpg"));
        assert_eq!(spelled("한글"), spelled("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}"));
    }

    #[test]
    fn a_prefix_folds_to_a_prefix() {
        let whole = fold("ΑΣΑ Café");
        assert!(whole.starts_with(&fold("ΑΣ")));
        assert!(whole.starts_with(&fold("ΑΣΑ Cafe")));
    }
}
