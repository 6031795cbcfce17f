//! Gzip as exports have it: one or more members after each other, each with its own checksum, read once from front to back.
//!
//! Written here on top of `flate2`'s decoder of one member, because its decoder of many cannot tell a broken member from
//! foreign bytes behind the last one.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// What went wrong with the compressed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// They end in the middle of a member.
    Cut,
    /// They make no sense, or a checksum is wrong.
    Broken,
}

/// Reads all members as one stream. The end comes only after the checksum of the last member was found right.
pub struct Gunzip<R: BufRead> {
    /// The member under way; `None` behind the last one.
    member: Option<GzDecoder<R>>,
    trouble: Option<Trouble>,
}

impl<R: BufRead> Gunzip<R> {
    /// Starts at the first member.
    pub fn new(inner: R) -> Self {
        Self { member: Some(GzDecoder::new(inner)), trouble: None }
    }

    /// What went wrong, once reading failed; `None` if it was the disk.
    pub fn trouble(&self) -> Option<Trouble> {
        self.trouble
    }

    fn note(&mut self, error: io::Error) -> io::Error {
        self.trouble = match error.kind() {
            io::ErrorKind::UnexpectedEof => Some(Trouble::Cut),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => Some(Trouble::Broken),
            _ => None,
        };
        error
    }
}

impl<R: BufRead> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let Some(member) = &mut self.member else { return Ok(0) };
            match member.read(buffer) {
                Ok(0) => {}
                Ok(length) => return Ok(length),
                Err(error) => return Err(self.note(error)),
            }
            // The member is over and its checksum is right. Another member may follow; other bytes are padding.
            let next = member.get_mut().fill_buf()?.first() == Some(&0x1f);
            self.member = self.member.take().filter(|_| next).map(|member| GzDecoder::new(member.into_inner()));
        }
    }
}
