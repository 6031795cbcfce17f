//! GIF: the blocks must lead to the trailer. Some writers forget it: a file that ends behind a whole picture may be whole.

use std::io::{self, BufReader, Read, Seek};

use super::Wholeness;
use crate::source::Source;

pub(super) fn check<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Wholeness> {
    // Read through a buffer: a long animation has a block every 256 bytes.
    let mut blocks = Blocks { reader: BufReader::with_capacity(256 * 1024, source.rest(0)?) };
    match blocks.walk() {
        Ok(found) => Ok(found),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(Wholeness::cut("the rest of a block")),
        Err(error) => Err(error),
    }
}

struct Blocks<R> {
    reader: BufReader<R>,
}

impl<R: Read> Blocks<R> {
    fn walk(&mut self) -> io::Result<Wholeness> {
        let [.., flags, _, _] = self.take::<13>()?;
        self.skip(colours(flags))?;
        let mut pictures = 0_u64;
        loop {
            match self.next()? {
                // An extension: its kind, then its blocks.
                Some(0x21) => {
                    self.take::<1>()?;
                    self.skip_blocks()?;
                }
                // A picture: place and size, colours, code size, blocks.
                Some(0x2C) => {
                    let [.., flags] = self.take::<9>()?;
                    self.skip(colours(flags))?;
                    self.take::<1>()?;
                    self.skip_blocks()?;
                    pictures += 1;
                }
                Some(0x3B) => return Ok(Wholeness::Whole),
                // Something else behind a picture: decoders stop there too.
                Some(_) if pictures > 0 => return Ok(Wholeness::Whole),
                Some(_) => return Ok(Wholeness::CannotTell),
                None if pictures > 0 => return Ok(Wholeness::CannotTell),
                None => return Ok(Wholeness::cut("the picture")),
            }
        }
    }

    fn skip_blocks(&mut self) -> io::Result<()> {
        loop {
            let [length] = self.take()?;
            if length == 0 {
                return Ok(());
            }
            self.skip(length.into())?;
        }
    }

    fn next(&mut self) -> io::Result<Option<u8>> {
        match self.take::<1>() {
            Ok([byte]) => Ok(Some(byte)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn take<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.reader.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn skip(&mut self, length: u64) -> io::Result<()> {
        let skipped = io::copy(&mut self.reader.by_ref().take(length), &mut io::sink())?;
        if skipped < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }
}

/// Bytes of a colour table, by the flags before it.
fn colours(flags: u8) -> u64 {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use std::io::Cursor;

    /// Two frames, with a table of two colours and a comment.
    pub(crate) fn animation() -> Vec<u8> {
        let frame = b"\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\x03abc\0";
        [b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF\x21\xFE\x05hello\0".as_slice(), frame, frame, b"\x3B"].concat()
    }

    fn of(bytes: &[u8]) -> Wholeness {
        check(&mut Source::new(Cursor::new(bytes)).unwrap()).unwrap()
    }

    #[test]
    fn a_forgotten_trailer_is_forgiven() {
        let bytes = animation();
        assert_eq!(of(&bytes[..bytes.len() - 1]), Wholeness::CannotTell);
        assert!(matches!(of(&bytes[..bytes.len() - 2]), Wholeness::CutShort { .. }));
    }

    #[test]
    fn headers_without_a_picture() {
        assert!(matches!(of(&animation()[..19]), Wholeness::CutShort { .. }));
    }
}
