//! PNG: the chunks must lead to `IEND`.

use std::io::{self, Read, Seek};

use super::Wholeness;
use crate::source::Source;

/// A picture in chunks of 8 KiB has some thousands.
const MOST_CHUNKS: usize = 1_000_000;

pub(super) fn check<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Wholeness> {
    let mut at = 8;
    for _ in 0..MOST_CHUNKS {
        let Some([l0, l1, l2, l3, name @ ..]) = source.array::<8>(at)? else {
            return Ok(Wholeness::cut("the last chunks"));
        };
        if !name.iter().all(u8::is_ascii_alphabetic) {
            // Lost, but not at the end of the file.
            return Ok(Wholeness::CannotTell);
        }
        at += 12 + u64::from(u32::from_be_bytes([l0, l1, l2, l3]));
        if at > source.length() {
            return Ok(Wholeness::cut("the rest of a chunk"));
        }
        if name == *b"IEND" {
            return Ok(Wholeness::Whole);
        }
    }
    Ok(Wholeness::CannotTell)
}
