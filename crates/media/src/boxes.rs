//! The boxes of ISO media files (MP4, QuickTime, HEIF, CR3, JPEG 2000): ISO 14496-12, section 4.2.

use std::io::{self, Read, Seek};
use std::ops::Range;

use crate::source::Source;

/// More boxes than this at one level are only walked by who must see them all.
const MOST_BOXES: usize = 10_000;

/// Where a box lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BoxAt {
    pub(crate) name: [u8; 4],
    /// What it says it holds; may reach behind the end of the file.
    pub(crate) body: Range<u64>,
}

/// The box that begins at `at`, within what ends at `end`; `None` if there is no sound header.
pub(crate) fn box_at<R: Read + Seek>(source: &mut Source<R>, at: u64, end: u64) -> io::Result<Option<BoxAt>> {
    let Some(header) = source.array::<8>(at)? else { return Ok(None) };
    let [s0, s1, s2, s3, n0, n1, n2, n3] = header;
    let name = [n0, n1, n2, n3];
    let (body, size) = match u32::from_be_bytes([s0, s1, s2, s3]) {
        0 => (at + 8, end.saturating_sub(at)),
        1 => match source.array::<8>(at + 8)? {
            Some(size) => (at + 16, u64::from_be_bytes(size)),
            None => return Ok(None),
        },
        size => (at + 8, size.into()),
    };
    let box_end = at.checked_add(size).filter(|box_end| *box_end >= body);
    Ok(box_end.map(|box_end| BoxAt { name, body: body..box_end }))
}

/// The first box of that name among those in `within`.
pub(crate) fn find<R: Read + Seek>(source: &mut Source<R>, within: Range<u64>, name: &[u8; 4]) -> io::Result<Option<BoxAt>> {
    let mut at = within.start;
    for _ in 0..MOST_BOXES {
        if at >= within.end {
            break;
        }
        match box_at(source, at, within.end)? {
            Some(found) if found.name == *name => return Ok(Some(found)),
            Some(other) if other.body.end > at => at = other.body.end,
            _ => break,
        }
    }
    Ok(None)
}

/// Follows a path of names down from the top of the file.
pub(crate) fn find_path<R: Read + Seek>(source: &mut Source<R>, path: &[&[u8; 4]]) -> io::Result<Option<BoxAt>> {
    let mut within = 0..source.length();
    let mut found = None;
    for name in path {
        let Some(next) = find(source, within, name)? else { return Ok(None) };
        // Of those with children, only `meta` begins with version and flags.
        let header = if **name == *b"meta" { 4 } else { 0 };
        within = next.body.start + header..next.body.end;
        found = Some(next);
    }
    Ok(found)
}

/// The size of a JPEG 2000 picture (`jp2h/ihdr`).
pub(crate) fn jp2_size<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Option<(u32, u32)>> {
    let Some(header) = find_path(source, &[b"jp2h", b"ihdr"])? else { return Ok(None) };
    let size = source.array::<8>(header.body.start)?;
    Ok(size.map(|[h0, h1, h2, h3, w0, w1, w2, w3]| (u32::from_be_bytes([w0, w1, w2, w3]), u32::from_be_bytes([h0, h1, h2, h3]))))
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    /// A box of that name around that body.
    pub(crate) fn boxed(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&(body.len() as u32 + 8).to_be_bytes()[..], name, body].concat()
    }

    #[test]
    fn sizes_of_all_three_kinds() {
        let file = [
            boxed(b"ftyp", b"qt  \0\0\0\0"),
            [&b"\0\0\0\x01wide\0\0\0\0\0\0\0\x14"[..], b"1234"].concat(),
            b"\0\0\0\0mdat12345".to_vec(),
        ]
        .concat();
        let mut source = Source::new(Cursor::new(&file)).unwrap();
        let end = file.len() as u64;
        let wide = find(&mut source, 0..end, b"wide").unwrap().unwrap();
        assert_eq!(wide.body, 32..36);
        let mdat = find(&mut source, 0..end, b"mdat").unwrap().unwrap();
        assert_eq!(mdat.body, 44..end, "size 0 reaches to the end");
        assert_eq!(find(&mut source, 0..end, b"moov").unwrap(), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(prop_oneof![Just(0_u8), Just(1), Just(8), any::<u8>()], 0..300)) {
            let mut source = Source::new(Cursor::new(&bytes)).unwrap();
            let _ = find(&mut source, 0..bytes.len() as u64, b"moov").unwrap();
            let _ = jp2_size(&mut source).unwrap();
        }
    }
}
