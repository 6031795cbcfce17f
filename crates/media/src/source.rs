//! Reading a file here and there, a little at a time.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use crate::window::Windowed;

/// What a third-party parser may read of one file. They buffer what they read, and believe the sizes a file claims;
/// real metadata (the index of a film of many hours included) is far smaller.
pub(crate) const PARSER_BUDGET: u64 = 48 * 1024 * 1024;

/// Something to read at any offset: a file, or bytes in memory.
pub(crate) struct Source<R> {
    reader: R,
    length: u64,
}

impl Source<Windowed<File>> {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Self::new(Windowed::new(File::open(path)?))
    }
}

impl<R: Read + Seek> Source<R> {
    pub(crate) fn new(mut reader: R) -> io::Result<Self> {
        let length = reader.seek(SeekFrom::End(0))?;
        Ok(Self { reader, length })
    }

    /// Length in bytes when it was opened.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Up to `length` bytes from `offset` on; fewer at the end of the file, none behind it.
    pub(crate) fn block(&mut self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let available = self.length.saturating_sub(offset).min(length as u64);
        if available == 0 {
            return Ok(Vec::new());
        }
        self.reader.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::with_capacity(available as usize);
        self.reader.by_ref().take(available).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Exactly `N` bytes from `offset` on; `None` if the file has fewer.
    pub(crate) fn array<const N: usize>(&mut self, offset: u64) -> io::Result<Option<[u8; N]>> {
        if offset.checked_add(N as u64).is_none_or(|end| end > self.length) {
            return Ok(None);
        }
        self.reader.seek(SeekFrom::Start(offset))?;
        let mut bytes = [0; N];
        match self.reader.read_exact(&mut bytes) {
            Ok(()) => Ok(Some(bytes)),
            // The file has shrunk since it was opened.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The file itself, to be read on from `offset`.
    pub(crate) fn rest(&mut self, offset: u64) -> io::Result<&mut R> {
        self.reader.seek(SeekFrom::Start(offset))?;
        Ok(&mut self.reader)
    }

    /// Lends the file, from its start, to a parser that may read [`PARSER_BUDGET`] bytes and is fenced in.
    ///
    /// `None` if it gave up, panicked or asked for too much. An error of the disk is told apart from broken bytes: it is
    /// the caller's to report, as a share that went away must not look like a photo without a date.
    pub(crate) fn lend<T>(&mut self, parse: impl FnOnce(&mut Budget<'_, R>) -> Option<T>) -> io::Result<Option<T>> {
        self.reader.seek(SeekFrom::Start(0))?;
        let mut budget = Budget { reader: &mut self.reader, left: PARSER_BUDGET, failure: None };
        let parsed = crate::fence::fenced(|| parse(&mut budget));
        match budget.failure {
            Some(error) => Err(error),
            None => Ok(parsed.flatten()),
        }
    }
}

/// A reader that ends when its budget does, and remembers errors of the disk that a parser may swallow.
pub(crate) struct Budget<'a, R> {
    reader: &'a mut R,
    left: u64,
    failure: Option<io::Error>,
}

impl<R: Read> Read for Budget<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let allowed = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        match self.reader.read(&mut buffer[..allowed]) {
            Ok(n) => {
                self.left -= n as u64;
                Ok(n)
            }
            Err(error) => {
                if error.kind() != io::ErrorKind::Interrupted {
                    self.failure = Some(io::Error::from(error.kind()));
                }
                Err(error)
            }
        }
    }
}

impl<R: Seek> Seek for Budget<'_, R> {
    /// A seek costs a byte: a chain of empty boxes must end too.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.left = self.left.saturating_sub(1);
        // No failure of the disk: parsers seek where the bytes tell them to.
        self.reader.seek(to)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use std::io::Cursor;

    #[test]
    fn blocks_end_with_the_file() {
        let mut source = Source::new(Cursor::new(b"0123456789".to_vec())).unwrap();
        assert_eq!(source.block(7, 100).unwrap(), b"789");
        assert_eq!(source.block(10, 1).unwrap(), b"");
        assert_eq!(source.block(u64::MAX, usize::MAX).unwrap(), b"");
        assert_eq!(source.array::<2>(8).unwrap(), Some(*b"89"));
        assert_eq!(source.array::<3>(8).unwrap(), None);
        assert_eq!(source.array::<3>(u64::MAX - 1).unwrap(), None);
    }

    #[test]
    fn a_parser_gets_no_more_than_its_budget() {
        let mut source = Source::new(Cursor::new(vec![0; 1000])).unwrap();
        let read = source.lend(|budget| {
            budget.left = 10;
            let mut bytes = Vec::new();
            budget.read_to_end(&mut bytes).ok()
        });
        assert_eq!(read.unwrap(), Some(10));
    }

    #[test]
    fn an_error_of_the_disk_is_reported_though_the_parser_swallows_it() {
        struct Unplugged;
        impl Read for Unplugged {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::ErrorKind::NotConnected.into())
            }
        }
        impl Seek for Unplugged {
            fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
                Ok(100)
            }
        }
        let mut source = Source::new(Unplugged).unwrap();
        let read = source.lend(|budget| budget.read(&mut [0; 4]).ok());
        assert_eq!(read.unwrap_err().kind(), io::ErrorKind::NotConnected);
    }
}
