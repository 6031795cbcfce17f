//! A file that is read here and there in small pieces, through one window that is kept.
//!
//! Written here because `BufReader` forgets its buffer at every seek, and parsers of pictures seek before every few bytes.

use std::io::{self, Read, Seek, SeekFrom};

/// Bytes of the window: the boxes and tags of a picture lie near each other.
const WINDOW: usize = 16 * 1024;

/// A reader with a window.
pub(crate) struct Windowed<R> {
    inner: R,
    position: u64,
    window: Vec<u8>,
    /// Where the window begins.
    at: u64,
}

impl<R> Windowed<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, position: 0, window: Vec::new(), at: 0 }
    }

    /// What the window holds from the position on.
    fn inside(&self) -> &[u8] {
        let from = self.position.checked_sub(self.at).and_then(|from| usize::try_from(from).ok());
        from.and_then(|from| self.window.get(from..)).unwrap_or_default()
    }
}

impl<R: Read + Seek> Read for Windowed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.inside().is_empty() {
            self.inner.seek(SeekFrom::Start(self.position))?;
            if buffer.len() >= WINDOW {
                let read = self.inner.read(buffer)?;
                self.position += read as u64;
                return Ok(read);
            }
            self.window.resize(WINDOW, 0);
            self.at = self.position;
            match self.inner.read(&mut self.window) {
                Ok(read) => self.window.truncate(read),
                Err(error) => {
                    self.window.clear();
                    return Err(error);
                }
            }
        }
        let inside = self.inside();
        let length = inside.len().min(buffer.len());
        buffer[..length].copy_from_slice(&inside[..length]);
        self.position += length as u64;
        Ok(length)
    }
}

impl<R: Seek> Seek for Windowed<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = match to {
            SeekFrom::Start(position) => position,
            SeekFrom::Current(by) => self
                .position
                .checked_add_signed(by)
                .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "a place before the file"))?,
            SeekFrom::End(_) => self.inner.seek(to)?,
        };
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever is sought and read, the window changes nothing.
        #[test]
        fn it_reads_what_the_file_has(
            length in 0usize..60_000,
            steps in prop::collection::vec((0u8..3, -70_000i64..70_000, 0usize..40_000), 1..40),
        ) {
            let bytes: Vec<u8> = (0..length).map(|at| (at * 31 % 251) as u8).collect();
            let (mut plain, mut windowed) = (Cursor::new(&bytes), Windowed::new(Cursor::new(&bytes)));
            for (way, by, wanted) in steps {
                let to = match way {
                    0 => SeekFrom::Start(by.unsigned_abs()),
                    1 => SeekFrom::Current(by),
                    _ => SeekFrom::End(by),
                };
                let (one, other) = (plain.seek(to), windowed.seek(to));
                prop_assert_eq!(one.is_ok(), other.is_ok());
                let mut expected = Vec::new();
                plain.by_ref().take(wanted as u64).read_to_end(&mut expected).unwrap();
                let mut got = Vec::new();
                windowed.by_ref().take(wanted as u64).read_to_end(&mut got).unwrap();
                prop_assert_eq!(expected, got);
            }
        }
    }
}
