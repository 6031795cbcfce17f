//! WebP: the chunks with pictures, transparency and animation. Not the extended header, which says what else is there (RFC 9649).

use std::io::{self, Read, Seek};

use super::{MOST_PARTS, PictureShare, Taken};
use crate::source::Source;

pub(super) fn picture<R: Read + Seek>(source: &mut Source<R>, taken: &mut Taken) -> io::Result<bool> {
    let Some([.., s0, s1, s2, s3]) = source.array::<8>(0)? else { return Ok(false) };
    let end = 8 + u64::from(u32::from_le_bytes([s0, s1, s2, s3]));
    if end > source.length() {
        return Ok(false);
    }
    let mut at = 12;
    let mut has_picture = false;
    for _ in 0..MOST_PARTS {
        if at >= end {
            return Ok(has_picture);
        }
        let Some([n0, n1, n2, n3, s0, s1, s2, s3]) = source.array::<8>(at)? else { return Ok(false) };
        let length = u64::from(u32::from_le_bytes([s0, s1, s2, s3]));
        let name = [n0, n1, n2, n3];
        if matches!(&name, b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" | b"ANMF") {
            taken.hasher.update(&name);
            taken.hasher.update(&length.to_be_bytes());
            if !taken.data(source, at + 8, at + 8 + length)? {
                return Ok(false);
            }
            has_picture |= matches!(&name, b"VP8 " | b"VP8L" | b"ANMF");
            if has_picture && taken.share == PictureShare::Begin {
                return Ok(true);
            }
        }
        // Chunks begin at even places.
        at += 8 + length + length % 2;
    }
    Ok(false)
}
