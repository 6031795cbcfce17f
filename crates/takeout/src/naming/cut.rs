//! Length and cutting in UTF-16 units, as Takeout counts.

/// The length of a text in UTF-16 units.
pub fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The longest prefix in which every character *starts* before unit `limit`.
///
/// A surrogate pair that lies across the limit stays whole, so the result may be one unit longer than `limit`.
pub fn cut(text: &str, limit: usize) -> &str {
    let mut at = 0;
    for (byte, character) in text.char_indices() {
        if at >= limit {
            return &text[..byte];
        }
        at += character.len_utf16();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_across_the_limit_stays_whole() {
        assert_eq!(cut("ab😀cd", 2), "ab");
        assert_eq!(cut("ab😀cd", 3), "ab😀", "starts at unit 2, ends at 4");
        assert_eq!(cut("ab😀cd", 4), "ab😀");
        assert_eq!(cut("ab😀cd", 5), "ab😀c");
        assert_eq!(cut("ab", 9), "ab");
        assert_eq!(cut("", 0), "");
        assert_eq!(units("ab😀é"), 5);
    }
}
