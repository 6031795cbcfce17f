//! Reading one entry: exactly the declared bytes, and the last of them only if size and checksum are right.
//!
//! Stored bytes go straight into the caller's buffer, so large buffers make large reads.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};

use flate2::bufread::DeflateDecoder;
use rawzip::{FileReader, ZipReader};

use super::refusal::{Reason, Refusal};

/// Where the bytes come from.
pub(super) enum Bytes<'a> {
    /// Stored in a zip as they are.
    Stored(ZipReader<&'a FileReader>),
    /// Stored in a zip, and read already.
    InMemory(Cursor<Vec<u8>>),
    /// Deflated in a zip.
    Deflated(Box<DeflateDecoder<Packed<'a>>>),
    /// A file of its own.
    File(File),
}

/// Deflated bytes.
pub(super) enum Packed<'a> {
    /// Read piece by piece.
    InArchive(BufReader<ZipReader<&'a FileReader>>),
    /// All of them.
    InMemory(Cursor<Vec<u8>>),
}

impl Read for Packed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::InArchive(bytes) => bytes.read(buffer),
            Self::InMemory(bytes) => bytes.read(buffer),
        }
    }
}

impl BufRead for Packed<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::InArchive(bytes) => bytes.fill_buf(),
            Self::InMemory(bytes) => bytes.fill_buf(),
        }
    }

    fn consume(&mut self, length: usize) {
        match self {
            Self::InArchive(bytes) => bytes.consume(length),
            Self::InMemory(bytes) => bytes.consume(length),
        }
    }
}

/// A reader of one entry.
///
/// A caller that reads until 0, or until [`super::Entry::size`] bytes came, has bytes that are proven: too many, too few
/// or other bytes than declared are an error *instead of* the last piece. [`Refusal::of`] tells what it was.
pub struct EntryReader<'a> {
    bytes: Bytes<'a>,
    left: u64,
    expected: Option<u32>,
    checksum: crc32fast::Hasher,
    proven: bool,
    failure: Option<Refusal>,
}

impl<'a> EntryReader<'a> {
    pub(super) fn new(bytes: Bytes<'a>, size: u64, expected: Option<u32>) -> Self {
        Self { bytes, left: size, expected, checksum: crc32fast::Hasher::new(), proven: false, failure: None }
    }

    /// What was found wrong, once reading failed.
    #[must_use]
    pub fn failure(&self) -> Option<&Refusal> {
        self.failure.as_ref()
    }

    fn next_piece(&mut self, buffer: &mut [u8]) -> Result<usize, Refusal> {
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let mut length = 0;
        if self.left > 0 {
            length = self.bytes.read(&mut buffer[..wanted])?;
            if length == 0 {
                return Err(match self.bytes {
                    // The directory said that they are there, so the file is shorter than it was.
                    Bytes::Stored(_) | Bytes::InMemory(_) => Reason::CutShort.into(),
                    Bytes::Deflated(_) | Bytes::File(_) => Refusal::new(Reason::ShorterThanDeclared),
                });
            }
            self.checksum.update(&buffer[..length]);
            self.left -= length as u64;
        }
        if self.left == 0 && !self.proven {
            // Stored entries have as many bytes as the directory says; only the others can go on.
            if !matches!(self.bytes, Bytes::Stored(_) | Bytes::InMemory(_)) && self.bytes.read(&mut [0])? > 0 {
                return Err(Reason::LongerThanDeclared.into());
            }
            let found = std::mem::take(&mut self.checksum).finalize();
            if let Some(expected) = self.expected.filter(|expected| *expected != found) {
                let detail = format_args!("{found:08x} instead of {expected:08x}");
                return Err(Refusal::with(Reason::ChecksumWrong, detail));
            }
            self.proven = true;
        }
        Ok(length)
    }
}

impl Bytes<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Refusal> {
        let deflated = matches!(self, Self::Deflated(_));
        loop {
            let outcome = match self {
                Self::Stored(bytes) => bytes.read(buffer),
                Self::InMemory(bytes) => bytes.read(buffer),
                Self::Deflated(bytes) => bytes.read(buffer),
                Self::File(bytes) => bytes.read(buffer),
            };
            match outcome {
                Ok(length) => return Ok(length),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if deflated && error.kind() == io::ErrorKind::UnexpectedEof => return Err(Reason::CutShort.into()),
                // The kinds that the decoder itself gives for senseless bytes.
                Err(error) if deflated && matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => {
                    return Err(Refusal::with(Reason::Damaged, error));
                }
                Err(error) => return Err(Refusal::disk(&error)),
            }
        }
    }
}

impl Read for EntryReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(refusal) = &self.failure {
            return Err(refusal.clone().into_io());
        }
        if buffer.is_empty() {
            return Ok(0);
        }
        self.next_piece(buffer).map_err(|refusal| {
            self.failure = Some(refusal.clone());
            refusal.into_io()
        })
    }
}
