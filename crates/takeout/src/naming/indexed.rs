//! Taking an index out of a name again. A name has at most two readings: without an index, and with one.

use super::extension::split_extension;

/// One reading of a name: what it was before an index was put in, and the index (0 for none).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Indexed {
    /// The name without the index.
    pub name: String,
    /// The index; 0 if this reading has none.
    pub index: u32,
}

/// The number in brackets at the end of a text, as Google writes it: from 1, no leading zero.
pub(crate) fn trailing_index(text: &str) -> Option<(&str, u32)> {
    let inner = text.strip_suffix(')')?;
    let open = inner.rfind('(')?;
    let digits = &inner[open + 1..];
    if digits.starts_with('0') || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((&text[..open], digits.parse().ok()?))
}

/// The readings of a media name: as it stands, and with the index before its last dot (or at its end) taken out.
pub fn indexed_forms(name: &str) -> Vec<Indexed> {
    let mut forms = vec![Indexed { name: name.to_owned(), index: 0 }];
    let (stem, extension) = split_extension(name);
    if let Some((bare, index)) = trailing_index(stem)
        && !bare.is_empty()
    {
        forms.push(Indexed { name: format!("{bare}{extension}"), index });
    }
    // Without a usable extension the index may also stand at the very end ("v1.0 final(1)").
    if !extension.is_empty()
        && let Some((bare, index)) = trailing_index(name)
    {
        forms.push(Indexed { name: bare.to_owned(), index });
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(name: &str) -> Vec<(String, u32)> {
        indexed_forms(name).into_iter().map(|form| (form.name, form.index)).collect()
    }

    #[test]
    fn an_index_stands_before_the_last_dot() {
        assert_eq!(readings("IMG(1).jpg"), [("IMG(1).jpg".into(), 0), ("IMG.jpg".into(), 1)]);
        assert_eq!(readings("21.12(1).11 - 1")[1], ("21.12.11 - 1".into(), 1));
        assert_eq!(readings("MVIMG_1(2)")[1], ("MVIMG_1".into(), 2));
        assert_eq!(readings("v1.0 final(1)")[1], ("v1.0 final".into(), 1));
        assert_eq!(readings("a(01).jpg").len(), 1);
        assert_eq!(readings("a(0).jpg").len(), 1);
        assert_eq!(readings("a(99999999999).jpg").len(), 1);
        assert_eq!(readings("(1).jpg").len(), 1);
    }
}
