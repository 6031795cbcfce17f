//! JPEG: behind the first scan's header there must be an end-of-image marker.
//!
//! Within a scan, 0xFF is always followed by 0 or a restart number, so that the marker cannot occur by chance before the end
//! of the picture. What follows the picture does not matter: motion photos and multi-picture files put megabytes there.

use std::io::{self, Read, Seek};

use super::Wholeness;
use crate::jpeg::segments;
use crate::source::Source;

const END_OF_IMAGE: &[u8] = b"\xFF\xD9";
/// Read at a time.
const BLOCK: usize = 1024 * 1024;
/// Most pictures end within so much of the end of the file.
const TAIL: u64 = 64 * 1024;

pub(super) fn check<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Wholeness> {
    let segments = segments(source)?;
    let Some(scan) = segments.scan else {
        return Ok(match segments.ends_early {
            true => Wholeness::cut("the picture data"),
            false => Wholeness::CannotTell,
        });
    };
    let end = source.length();
    let tail = end.saturating_sub(TAIL).max(scan);
    // "Somewhere behind the scan's header" is asked of the tail first: the answer is the same, and mostly there.
    let whole = contains_end(source, tail, end)? || contains_end(source, scan, (tail + 1).min(end))?;
    Ok(if whole { Wholeness::Whole } else { Wholeness::cut("the end-of-image marker") })
}

fn contains_end<R: Read + Seek>(source: &mut Source<R>, mut at: u64, end: u64) -> io::Result<bool> {
    let finder = memchr::memmem::Finder::new(END_OF_IMAGE);
    while at < end {
        let block = source.block(at, BLOCK.min((end - at) as usize))?;
        if finder.find(&block).is_some() {
            return Ok(true);
        }
        // The last byte is read again: a marker may lie across the border.
        match block.len() {
            0 | 1 => break,
            read => at += read as u64 - 1,
        }
        if end - at <= 1 {
            break;
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::jpeg::tests::{picture, with_segment};
    use std::io::Cursor;

    fn of(bytes: &[u8]) -> Wholeness {
        check(&mut Source::new(Cursor::new(bytes)).unwrap()).unwrap()
    }

    #[test]
    fn the_end_of_a_thumbnail_is_not_the_end_of_the_picture() {
        let bytes = with_segment(0xE1, &[b"Exif\0\0".as_slice(), &picture()[..2000], b"\xFF\xD9"].concat());
        assert_eq!(of(&bytes), Wholeness::Whole);
        assert!(matches!(of(&bytes[..bytes.len() - 2]), Wholeness::CutShort { .. }));
    }

    #[test]
    fn a_picture_with_megabytes_behind_it() {
        let mut bytes = picture();
        bytes.resize(5 * BLOCK + 12_345, 0x42);
        assert_eq!(of(&bytes), Wholeness::Whole);
    }

    #[test]
    fn a_marker_across_the_border_of_two_blocks() {
        let mut bytes = picture();
        bytes.truncate(bytes.len() - 2);
        let scan = segments(&mut Source::new(Cursor::new(&bytes)).unwrap()).unwrap().scan.unwrap() as usize;
        bytes.resize(scan + BLOCK - 1, 0x42);
        bytes.extend(END_OF_IMAGE);
        bytes.resize(3 * BLOCK, 0x42);
        assert_eq!(of(&bytes), Wholeness::Whole);
    }

    #[test]
    fn a_marker_across_the_border_of_the_tail() {
        let mut bytes = picture();
        bytes.truncate(bytes.len() - 2);
        bytes.resize(500_000, 0x42);
        let border = bytes.len() - TAIL as usize;
        bytes[border - 1..=border].copy_from_slice(END_OF_IMAGE);
        assert_eq!(of(&bytes), Wholeness::Whole);
    }

    #[test]
    fn a_long_file_without_end() {
        let mut bytes = picture();
        bytes.truncate(bytes.len() - 2);
        bytes.resize(3 * BLOCK, 0x42);
        assert!(matches!(of(&bytes), Wholeness::CutShort { .. }));
    }
}
