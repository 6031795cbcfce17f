//! RIFF (WebP, AVI): the file must be as long as its first header says, and each further `RIFF` of a long AVI too.

use std::io::{self, Read, Seek};

use super::Wholeness;
use crate::source::Source;

pub(super) fn check<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Wholeness> {
    let mut at = 0;
    loop {
        let Some([r, i, f0, f1, size @ ..]) = source.array::<8>(at)? else {
            return Ok(if at == 0 { Wholeness::cut("the header") } else { Wholeness::Whole });
        };
        if [r, i, f0, f1] != *b"RIFF" {
            return Ok(if at == 0 { Wholeness::CannotTell } else { Wholeness::Whole });
        }
        let size = u32::from_le_bytes(size);
        // A recorder that was switched off, or that writes to a pipe, never fills the size in.
        if size == 0 || size == u32::MAX {
            return Ok(Wholeness::CannotTell);
        }
        let end = at + 8 + u64::from(size);
        // Some writers of AVI count a byte of padding that they do not write.
        let grace = u64::from(source.array::<4>(at + 8)? != Some(*b"WEBP"));
        if end > source.length() + grace {
            return Ok(Wholeness::cut("the rest of what its header announces"));
        }
        at = end + u64::from(size % 2);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use std::io::Cursor;

    fn of(bytes: &[u8]) -> Wholeness {
        check(&mut Source::new(Cursor::new(bytes)).unwrap()).unwrap()
    }

    #[test]
    fn the_second_part_of_a_long_film_counts_too() {
        let film = [crate::avi::tests::film("2005:08:17 11:42:43"), b"RIFF\x08\0\0\0AVIX1234".to_vec()].concat();
        assert_eq!(of(&film), Wholeness::Whole);
        assert!(matches!(of(&film[..film.len() - 3]), Wholeness::CutShort { .. }));
    }

    #[test]
    fn a_size_that_was_never_filled_in() {
        assert_eq!(of(b"RIFF\0\0\0\0AVI LIST"), Wholeness::CannotTell);
        assert_eq!(of(b"RIFF\xFF\xFF\xFF\xFFAVI LIST"), Wholeness::CannotTell);
    }
}
