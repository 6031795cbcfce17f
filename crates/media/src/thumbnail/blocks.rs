//! A buffer for decoders that read byte by byte.
//!
//! Why not `BufReader`: `jpeg-decoder` asks for millions of single bytes, and with this one a picture takes a tenth less time.

use std::io::{self, Read};

/// Read at a time.
const BLOCK: usize = 64 * 1024;

/// Reads in blocks.
pub(super) struct Blocks<R> {
    reader: R,
    block: Vec<u8>,
    /// What of the block is still to be handed out.
    at: usize,
    end: usize,
}

impl<R: Read> Blocks<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, block: vec![0; BLOCK], at: 0, end: 0 }
    }

    /// The next block; 0 at the end.
    #[cold]
    fn refill(&mut self) -> io::Result<usize> {
        (self.at, self.end) = (0, 0);
        loop {
            match self.reader.read(&mut self.block) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                outcome => {
                    self.end = outcome?;
                    return Ok(self.end);
                }
            }
        }
    }

    #[cold]
    fn read_across(&mut self, mut wanted: &mut [u8]) -> io::Result<()> {
        while !wanted.is_empty() {
            match self.read(wanted)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => wanted = &mut wanted[read..],
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Blocks<R> {
    fn read(&mut self, wanted: &mut [u8]) -> io::Result<usize> {
        if self.at == self.end && self.refill()? == 0 {
            return Ok(0);
        }
        let left = &self.block[self.at..self.end];
        let read = left.len().min(wanted.len());
        wanted[..read].copy_from_slice(&left[..read]);
        self.at += read;
        Ok(read)
    }

    #[inline]
    fn read_exact(&mut self, wanted: &mut [u8]) -> io::Result<()> {
        match self.block[..self.end].get(self.at..self.at + wanted.len()) {
            Some(bytes) => {
                wanted.copy_from_slice(bytes);
                self.at += bytes.len();
                Ok(())
            }
            None => self.read_across(wanted),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use proptest::prelude::*;

    /// Hands out a few bytes at a time, and is interrupted now and then.
    struct Slow<'a>(&'a [u8], u8);

    impl Read for Slow<'_> {
        fn read(&mut self, wanted: &mut [u8]) -> io::Result<usize> {
            self.1 = self.1.wrapping_add(1);
            if self.1.is_multiple_of(3) {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let read = wanted.len().min(usize::from(self.1) * 31);
            self.0.read(&mut wanted[..read])
        }
    }

    proptest! {
        #[test]
        fn reads_what_is_there_however_it_comes(length in 0..200_000_usize, lengths in proptest::collection::vec(0..5_000_usize, 1..30), exact: bool) {
            let bytes: Vec<u8> = (0..length).map(|n| (n * 7 % 251) as u8).collect();
            let mut blocks = Blocks::new(Slow(&bytes, 0));
            let mut seen = Vec::new();
            for wanted in lengths.iter().cycle().take(300) {
                let mut buffer = vec![0; *wanted];
                if exact {
                    if blocks.read_exact(&mut buffer).is_err() {
                        prop_assert!(seen.len() + wanted > bytes.len());
                        return Ok(());
                    }
                } else {
                    let read = blocks.read(&mut buffer).unwrap();
                    buffer.truncate(read);
                }
                seen.extend(buffer);
            }
            prop_assert!(bytes.starts_with(&seen));
            if !exact {
                blocks.read_to_end(&mut seen).unwrap();
                prop_assert_eq!(seen, bytes);
            }
        }
    }
}
