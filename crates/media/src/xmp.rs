//! Dates out of XMP packets, for pictures whose EXIF has none: scans, exports, what went through an editor.
//!
//! Searched, not parsed: one property as attribute or element is all that is wanted, packets are often damaged, and
//! prefixes are the usual ones in practice.

use std::io::{self, Read, Seek};

use crate::capture::{Taken, parse_clock};
use crate::source::Source;

/// What is read of a packet. Real ones have some kilobytes; editors leave room of some hundreds.
pub(crate) const LONGEST_PACKET: usize = 1024 * 1024;

/// The capture date, by the properties that mean it, best first.
pub(crate) fn taken(packet: &[u8]) -> Option<Taken> {
    [b"exif:DateTimeOriginal".as_slice(), b"photoshop:DateCreated", b"xmp:CreateDate", b"xap:CreateDate"]
        .into_iter()
        .find_map(|name| property(packet, name).and_then(parse_clock).map(Taken::from))
}

/// The packet of a PNG: an `iTXt` chunk with a name of its own.
pub(crate) fn of_png<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Option<Vec<u8>>> {
    let mut at = 8;
    for _ in 0..10_000 {
        let Some([l0, l1, l2, l3, name @ ..]) = source.array::<8>(at)? else { break };
        let length = u32::from_be_bytes([l0, l1, l2, l3]);
        if name == *b"iTXt" {
            let body = source.block(at + 8, (length as usize).min(LONGEST_PACKET))?;
            if body.starts_with(b"XML:com.adobe.xmp\0") {
                return Ok(Some(body));
            }
        }
        at += 12 + u64::from(length);
    }
    Ok(None)
}

/// The packet of a WebP: the chunk `XMP `.
pub(crate) fn of_webp<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Option<Vec<u8>>> {
    let mut at = 12;
    for _ in 0..10_000 {
        let Some([n0, n1, n2, n3, length @ ..]) = source.array::<8>(at)? else { break };
        let length = u32::from_le_bytes(length);
        if [n0, n1, n2, n3] == *b"XMP " {
            return source.block(at + 8, (length as usize).min(LONGEST_PACKET)).map(Some);
        }
        at += 8 + u64::from(length) + u64::from(length % 2);
    }
    Ok(None)
}

/// The first value of a property, as `name="value"` or `<name>value</name>`.
fn property<'a>(packet: &'a [u8], name: &[u8]) -> Option<&'a str> {
    memchr::memmem::find_iter(packet, name).find_map(|at| {
        let rest = packet.get(at + name.len()..)?;
        let rest = rest.trim_ascii_start();
        let value = match rest.first()? {
            b'>' => until(&rest[1..], b'<')?,
            b'=' => {
                let rest = rest[1..].trim_ascii_start();
                let quote = *rest.first().filter(|quote| matches!(quote, b'"' | b'\''))?;
                until(&rest[1..], quote)?
            }
            _ => return None,
        };
        std::str::from_utf8(value).ok().filter(|value| !value.trim().is_empty())
    })
}

fn until(bytes: &[u8], end: u8) -> Option<&[u8]> {
    // Dates are short: an end further away belongs to something else.
    let near = &bytes[..bytes.len().min(64)];
    memchr::memchr(end, near).map(|end| &near[..end])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn attributes_and_elements() {
        for packet in [
            "<rdf:Description xmp:CreateDate=\"2011-06-14T15:47+02:00\" x=\"1\"/>",
            "<rdf:Description xmp:CreateDate = '2011-06-14T15:47:00+02:00'/>",
            "<xmp:CreateDate>2011-06-14T15:47+02:00</xmp:CreateDate>",
            "<xmp:CreateDate></xmp:CreateDate><xap:CreateDate>2011-06-14T15:47+02:00</xap:CreateDate>",
        ] {
            let taken = taken(packet.as_bytes()).expect(packet);
            assert_eq!(taken.instant.unwrap().to_rfc3339(), "2011-06-14T13:47:00+00:00", "{packet}");
        }
    }

    #[test]
    fn the_original_date_goes_first() {
        let packet = b"<a xmp:CreateDate=\"2015-01-01T00:00:00Z\" exif:DateTimeOriginal=\"2009-09-09T17:00:00\"/>";
        assert_eq!(taken(packet).unwrap().local.to_string(), "2009-09-09 17:00:00");
    }

    #[test]
    fn no_date() {
        for packet in [
            "",
            "xmp:CreateDate",
            "xmp:CreateDate=",
            "xmp:CreateDate=\"2011",
            "xmp:CreateDate=\"soon\"",
            "xmp:ModifyDate=\"2011-06-14T15:47Z\"",
        ] {
            assert_eq!(taken(packet.as_bytes()), None, "{packet}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(before in proptest::collection::vec(any::<u8>(), 0..20), after in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = taken(&[&before[..], b"xmp:CreateDate=\"", &after].concat());
        }
    }
}
