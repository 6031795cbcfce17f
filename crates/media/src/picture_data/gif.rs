//! GIF: the screen, its colours, every picture and how it is shown. Not comments, and not what programs keep in it (GIF89a).

use std::io::{self, Read, Seek};

use super::{PictureShare, Taken};
use crate::source::Source;

/// Blocks of up to 255 bytes: enough for a film of hundreds of megabytes.
const MOST_BLOCKS: usize = 2_000_000;

pub(super) fn picture<R: Read + Seek>(source: &mut Source<R>, taken: &mut Taken) -> io::Result<bool> {
    // Behind the version, which grows with a comment.
    let Some(screen) = source.array::<7>(6)? else { return Ok(false) };
    let mut at = 13 + colours(screen[4]);
    if !taken.data(source, 6, at)? {
        return Ok(false);
    }
    let mut blocks = Blocks { left: MOST_BLOCKS };
    let mut has_picture = false;
    loop {
        let Some([kind]) = source.array::<1>(at)? else { return Ok(false) };
        match kind {
            // The end.
            0x3B => return Ok(has_picture),
            // A picture: its place, its colours, its data.
            0x2C => {
                let Some(place) = source.array::<9>(at + 1)? else { return Ok(false) };
                let data = at + 10 + colours(place[8]);
                if !taken.data(source, at, data + 1)? {
                    return Ok(false);
                }
                let Some(end) = blocks.walk(source, data + 1, Some(taken))? else { return Ok(false) };
                has_picture = true;
                if taken.share == PictureShare::Begin {
                    return Ok(true);
                }
                at = end;
            }
            // How long and how the next picture is shown; else a comment or a program's.
            0x21 => {
                let Some([what]) = source.array::<1>(at + 1)? else { return Ok(false) };
                let shown = (what == 0xF9).then_some(&mut *taken);
                let Some(end) = blocks.walk(source, at + 2, shown)? else { return Ok(false) };
                at = end;
            }
            _ => return Ok(false),
        }
    }
}

/// How many bytes the table of colours has that the flags announce.
fn colours(flags: u8) -> u64 {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

struct Blocks {
    left: usize,
}

impl Blocks {
    /// Walks the blocks from `at` on; where they end, `None` if they do not.
    fn walk<R: Read + Seek>(
        &mut self,
        source: &mut Source<R>,
        from: u64,
        mut taken: Option<&mut Taken>,
    ) -> io::Result<Option<u64>> {
        let mut at = from;
        let mut sent = 0;
        while self.left > 0 {
            self.left -= 1;
            let Some([length]) = source.array::<1>(at)? else { return Ok(None) };
            let end = at + 1 + u64::from(length);
            if let Some(taken) = taken.as_deref_mut()
                && (taken.share == PictureShare::Whole || sent < super::BEGIN)
            {
                sent += u64::from(length);
                if !taken.data(source, at, end)? {
                    return Ok(None);
                }
                if taken.share == PictureShare::Begin && sent >= super::BEGIN {
                    // Where it ends is not asked.
                    return Ok(Some(end));
                }
            }
            if length == 0 {
                return Ok(Some(at + 1));
            }
            at = end;
        }
        Ok(None)
    }
}
