//! Text of several kinds. Matters because servers answer with a page instead of a photo, and such a page must never be
//! stored under a photo's name (google-apis.md 7.3).

use std::borrow::Cow;

use crate::sniff::Sniff;

/// HTML, JSON, XML or plain text; `None` if the bytes are no text.
pub(crate) fn text(head: &[u8]) -> Option<Sniff> {
    let text = as_utf8(head);
    let body = text.trim_ascii_start();
    if body.is_empty() {
        // Nothing but blanks is text; nothing but zeros is not.
        return Some(Sniff::Text);
    }
    if body.starts_with(b"<") {
        if is_page(body) {
            return Some(Sniff::Html);
        }
        if body.starts_with(b"<?xml") || body.get(1).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'!') {
            return looks_like_text(&text).then_some(Sniff::Xml);
        }
    }
    if !looks_like_text(&text) {
        return None;
    }
    if is_json(body) {
        return Some(Sniff::Json);
    }
    Some(Sniff::Text)
}

/// Without byte order mark; UTF-16 (with mark) narrowed to its ASCII, which is all that the tests here look at.
fn as_utf8(head: &[u8]) -> Cow<'_, [u8]> {
    let narrow = |rest: &[u8], high: usize| -> Vec<u8> {
        rest.chunks_exact(2).map(|pair| if pair[high] == 0 { pair[1 - high] } else { b'?' }).collect()
    };
    match head {
        [0xEF, 0xBB, 0xBF, rest @ ..] => Cow::Borrowed(rest),
        [0xFF, 0xFE, rest @ ..] => Cow::Owned(narrow(rest, 1)),
        [0xFE, 0xFF, rest @ ..] => Cow::Owned(narrow(rest, 0)),
        _ => Cow::Borrowed(head),
    }
}

/// A page begins, after blanks, comments and an XML declaration, with a doctype or one of the tags that need none.
fn is_page(mut body: &[u8]) -> bool {
    const STARTS: [&[u8]; 18] = [
        b"!doctype html",
        b"html",
        b"head",
        b"body",
        b"title",
        b"meta",
        b"link",
        b"script",
        b"style",
        b"iframe",
        b"div",
        b"table",
        b"h1",
        b"br",
        b"p",
        b"a",
        b"b",
        b"font",
    ];
    loop {
        body = body.trim_ascii_start();
        let skipped = if body.starts_with(b"<!--") {
            memchr::memmem::find(body, b"-->").map(|end| end + 3)
        } else if body.starts_with(b"<?") {
            memchr::memmem::find(body, b"?>").map(|end| end + 2)
        } else {
            break;
        };
        match skipped {
            Some(end) => body = &body[end..],
            // A comment longer than what we have: believe any sign of a page in it.
            None => return body.windows(5).any(|w| w.eq_ignore_ascii_case(b"<html")),
        }
    }
    let Some(tag) = body.strip_prefix(b"<") else { return false };
    STARTS.iter().any(|start| {
        let Some((name, rest)) = tag.split_at_checked(start.len()) else { return false };
        name.eq_ignore_ascii_case(start)
            && rest.first().is_none_or(|next| next.is_ascii_whitespace() || matches!(next, b'>' | b'/'))
    })
}

/// `{` before a name or an end, `[` before a value.
fn is_json(body: &[u8]) -> bool {
    let rest = |body: &[u8]| body[1..].trim_ascii_start().first().copied();
    match body[0] {
        b'{' => matches!(rest(body), Some(b'"' | b'}') | None),
        b'[' => {
            rest(body).is_none_or(|b| matches!(b, b'{' | b'[' | b'"' | b']' | b'-' | b't' | b'f' | b'n') || b.is_ascii_digit())
        }
        _ => false,
    }
}

/// No control bytes, and valid UTF-8 but for a character cut at the end.
fn looks_like_text(text: &[u8]) -> bool {
    let control = |b: &u8| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B);
    if text.iter().any(|b| control(b) || *b == 0x7F) {
        return false;
    }
    match std::str::from_utf8(text) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use crate::sniff::{Sniff, sniff};

    #[test]
    fn pages_in_every_disguise() {
        for page in [
            "<!DOCTYPE html><html>",
            "<!doctype HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\">",
            "\n\t  <HTML>",
            "<html lang=\"en\">",
            "\u{FEFF}<!DOCTYPE html>",
            "\u{FEFF}\r\n <!-- served by ... --> \n<!-- twice --><!docType hTml>",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\">",
            "<title>Error 403 (Forbidden)!!1</title>",
            "<head><meta charset=utf-8>",
            "<!-- a comment without end <html>",
        ] {
            assert_eq!(sniff(page.as_bytes()), Sniff::Html, "{page}");
        }
    }

    #[test]
    fn a_page_in_utf_16() {
        for big in [false, true] {
            let bytes: Vec<u8> = "\u{FEFF}<!doctype html>\n<p>ä"
                .encode_utf16()
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect();
            assert_eq!(sniff(&bytes), Sniff::Html);
        }
    }

    #[test]
    fn a_page_with_stray_bytes_is_a_page() {
        assert_eq!(sniff(b"<html><body>caf\xE9\0\x01"), Sniff::Html);
    }

    #[test]
    fn json_xml_and_text() {
        for (text, expected) in [
            ("{\"error\": {\"code\": 403}}", Sniff::Json),
            (" [ {\"a\":1} ]", Sniff::Json),
            ("{}", Sniff::Json),
            ("[1]", Sniff::Json),
            ("[section]\nkey=value", Sniff::Text),
            ("{curly} talk", Sniff::Text),
            ("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>", Sniff::Xml),
            ("<svg/>", Sniff::Xml),
            ("<address>", Sniff::Xml),
            ("Not found.\n", Sniff::Text),
            ("   \n", Sniff::Text),
            ("Grüße", Sniff::Text),
            ("free as in beer, moov along", Sniff::Text),
        ] {
            assert_eq!(sniff(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn a_character_cut_at_the_end_is_still_text() {
        assert_eq!(sniff(&"Grüße".as_bytes()[..3]), Sniff::Text);
    }

    #[test]
    fn bytes_are_no_text() {
        assert_eq!(sniff(b"\0\0\0\0\0\0"), Sniff::Unknown);
        assert_eq!(sniff(b"abc\0def"), Sniff::Unknown);
    }
}
