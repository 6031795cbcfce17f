//! A part of a file, lent to a decoder: it sees nothing outside, may panic, and cannot hide an error of the disk.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use crate::source::Source;

/// Lends a part of the file to a decoder; `None` if that panicked.
///
/// # Errors
/// Those of the disk, whatever the decoder made of them: a share that went away must not look like a broken picture.
pub(super) fn lend<R: Read + Seek, T>(
    source: &mut Source<R>,
    part: Range<u64>,
    decode: impl FnOnce(Watched<'_, R>) -> T,
) -> io::Result<Option<T>> {
    let failure = Cell::new(None);
    let part = part.start..part.end.min(source.length()).max(part.start);
    let watched = Watched { reader: source.rest(part.start)?, at: part.start, part, failure: &failure };
    let decoded = crate::fence::fenced(|| decode(watched));
    match failure.take() {
        Some(kind) => Err(io::Error::from(kind)),
        None => Ok(decoded),
    }
}

/// A part of a file that looks like a whole one.
pub(super) struct Watched<'a, R> {
    reader: &'a mut R,
    part: Range<u64>,
    /// Where the reader stands, in the file.
    at: u64,
    failure: &'a Cell<Option<io::ErrorKind>>,
}

impl<R> Watched<'_, R> {
    fn note<T>(&self, outcome: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &outcome
            && error.kind() != io::ErrorKind::Interrupted
        {
            self.failure.set(Some(error.kind()));
        }
        outcome
    }
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.part.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let allowed = buffer.len().min(left);
        if allowed == 0 {
            return Ok(0);
        }
        let outcome = self.reader.read(&mut buffer[..allowed]);
        let read = self.note(outcome)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl<R: Seek> Seek for Watched<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => self.part.start.checked_add(offset),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.part.end.checked_add_signed(by),
        };
        // Decoders seek where the bytes tell them to: a place before the start is their error, not the disk's.
        let target = target.filter(|target| *target >= self.part.start).ok_or(io::ErrorKind::InvalidInput)?;
        // Nor is a place that no file reaches, which some systems refuse; there is nothing to read there.
        let outcome = self.reader.seek(SeekFrom::Start(target.min(self.part.end)));
        self.note(outcome)?;
        self.at = target;
        Ok(target - self.part.start)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use std::io::Cursor;

    #[test]
    fn a_part_looks_like_a_whole_file() {
        let mut source = Source::new(Cursor::new(b"0123456789".to_vec())).unwrap();
        let seen = lend(&mut source, 2..6, |mut part| {
            let mut text = String::new();
            part.read_to_string(&mut text).unwrap();
            assert_eq!(part.seek(SeekFrom::End(-1)).unwrap(), 3);
            part.read_to_string(&mut text).unwrap();
            assert_eq!(part.seek(SeekFrom::Start(100)).unwrap(), 100);
            part.read_to_string(&mut text).unwrap();
            assert!(part.seek(SeekFrom::Current(-101)).is_err());
            text
        });
        assert_eq!(seen.unwrap().as_deref(), Some("23455"));
    }

    #[test]
    fn a_part_ends_with_the_file() {
        let mut source = Source::new(Cursor::new(b"0123".to_vec())).unwrap();
        for part in [2..u64::MAX, 9..12] {
            let mut bytes = Vec::new();
            lend(&mut source, part.clone(), |mut reader| reader.read_to_end(&mut bytes).unwrap()).unwrap();
            assert_eq!(bytes, if part.start == 2 { b"23".as_slice() } else { b"" });
        }
    }

    #[test]
    fn a_panic_is_no_picture_and_an_error_of_the_disk_is_one() {
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
        let swallowed = lend(&mut source, 0..100, |mut part| part.read(&mut [0; 4]).ok());
        assert_eq!(swallowed.unwrap_err().kind(), io::ErrorKind::NotConnected);
        let nothing: [u8; 0] = [];
        let index = std::hint::black_box(3);
        let panicked = lend(&mut source, 0..100, |_| nothing[index]);
        assert_eq!(panicked.unwrap(), None);
    }
}
