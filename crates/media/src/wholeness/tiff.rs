//! TIFF and the RAW formats built on it: directories, the values of their basic tags, and the strips or tiles of the
//! picture must lie within the file.

use std::io::{self, Read, Seek};

use super::Wholeness;
use crate::source::Source;
use crate::tiff::{Entry, Tiff};

/// Scans of many pages have as many directories.
const MOST_DIRECTORIES: usize = 2_000;
const COMPRESSION: u16 = 0x0103;
const UNCOMPRESSED: u64 = 1;
const STRIP_OFFSETS: u16 = 0x0111;
const STRIP_LENGTHS: u16 = 0x0117;
const TILE_OFFSETS: u16 = 0x0144;
const TILE_LENGTHS: u16 = 0x0145;

pub(super) fn check<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Wholeness> {
    let length = source.length();
    let Some(mut tiff) = Tiff::open(source, 0)? else {
        return Ok(if length < 8 { Wholeness::cut("the header") } else { Wholeness::CannotTell });
    };
    let mut seen = Vec::new();
    let mut next = tiff.first();
    while next != 0 && seen.len() < MOST_DIRECTORIES && !seen.contains(&next) {
        let Some((entries, following)) = tiff.directory(next)? else {
            // Only the first directory must be there: some writers leave rubbish where the next one's offset stands.
            return Ok(match seen.is_empty() && tiff.reaches_behind(next, length)? {
                true => Wholeness::cut("the first directory"),
                false => Wholeness::CannotTell,
            });
        };
        seen.push(next);
        if let Some(why) = missing(&mut tiff, &entries, length)? {
            return Ok(Wholeness::cut(why));
        }
        for offset in tiff.sub_directories(&entries)? {
            let missing = match tiff.directory(offset)? {
                Some((below, _)) => missing(&mut tiff, &below, length)?,
                None => (offset >= length).then_some("a directory of the picture"),
            };
            if let Some(why) = missing {
                return Ok(Wholeness::cut(why));
            }
        }
        next = following;
    }
    Ok(if seen.is_empty() { Wholeness::CannotTell } else { Wholeness::Whole })
}

/// What a directory names that lies behind the end of the file.
fn missing<R: Read + Seek>(tiff: &mut Tiff<'_, R>, entries: &[Entry], length: u64) -> io::Result<Option<&'static str>> {
    // Makers' own tags are none of our business: their offsets are wrong often enough.
    let basic = |entry: &&Entry| (0x00FE..0x0220).contains(&entry.tag);
    if entries.iter().filter(basic).any(|entry| entry.end().is_some_and(|end| end > length)) {
        return Ok(Some("values of a directory"));
    }
    if !tiff.is_plain() {
        return Ok(None);
    }
    let uncompressed = tiff.pointers(entries, COMPRESSION)?.first().is_none_or(|n| *n == UNCOMPRESSED);
    for (offsets, lengths) in [(STRIP_OFFSETS, STRIP_LENGTHS), (TILE_OFFSETS, TILE_LENGTHS)] {
        let (offsets, lengths) = (tiff.pointers(entries, offsets)?, tiff.pointers(entries, lengths)?);
        let pieces = offsets.len().min(lengths.len());
        for (n, (offset, piece)) in offsets.iter().zip(&lengths).enumerate() {
            // Some writers count the last strip as long as the others, though the picture ends within it.
            let may_be_short = uncompressed && pieces > 1 && n + 1 == pieces;
            let end = if may_be_short { *offset } else { offset.saturating_add(*piece) };
            if end > length {
                return Ok(Some("a part of the picture"));
            }
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::tiff::tests::{Entry, tiff_file};
    use std::io::Cursor;

    fn of(bytes: &[u8]) -> Wholeness {
        check(&mut Source::new(Cursor::new(bytes)).unwrap()).unwrap()
    }

    fn with_strip(compression: u32) -> Vec<u8> {
        let entries =
            |at| [Entry::long(COMPRESSION, compression), Entry::long(STRIP_OFFSETS, at), Entry::long(STRIP_LENGTHS, 500)];
        let at = tiff_file(false, &entries(0)).len();
        let mut file = tiff_file(false, &entries(at as u32));
        file.resize(at + 500, 7);
        file
    }

    #[test]
    fn the_strip_of_a_picture_must_be_there() {
        for compression in [1, 5] {
            let file = with_strip(compression);
            assert_eq!(of(&file), Wholeness::Whole);
            assert!(matches!(of(&file[..file.len() - 1]), Wholeness::CutShort { .. }), "compression {compression}");
        }
    }

    #[test]
    fn a_directory_at_the_end_of_a_cut_file() {
        let mut file = tiff_file(true, &[]);
        file[4..8].copy_from_slice(&5_000_u32.to_be_bytes());
        assert!(matches!(of(&file), Wholeness::CutShort { .. }));
    }

    #[test]
    fn makers_tags_may_be_wrong() {
        let mut file = tiff_file(false, &[Entry::text(0xC634, "private")]);
        // The entry's offset: behind the header, the count, tag, format and count of the entry.
        file[18..22].copy_from_slice(&9_999_u32.to_le_bytes());
        assert_eq!(of(&file), Wholeness::Whole);
    }

    #[test]
    fn rubbish_behind_the_last_directory() {
        let mut file = with_strip(1);
        let next = 8 + 2 + 3 * 12;
        file[next..next + 4].copy_from_slice(&77_777_u32.to_le_bytes());
        assert_eq!(of(&file), Wholeness::CannotTell);
    }
}
