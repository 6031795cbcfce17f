//! What a file is, told from its bytes: the name of a download proves nothing (a zip called `.tgz`, a sign-in page called
//! `.zip`).

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use flate2::read::GzDecoder;
use serde::Serialize;

use super::refusal::{Reason, Refusal};

/// How the bytes of an export lie on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// A zip: its directory tells everything at once, entries are read in any order.
    Zip,
    /// A tar inside gzip, `.tgz`: read from front to back, in one pass.
    TarGzip,
    /// A tar without compression: read from front to back, in one pass.
    Tar,
    /// A folder that somebody unpacked.
    Folder,
}

/// How many bytes decide. A tar header is 512 bytes long.
const HEAD: usize = 1024;

/// Says what a file is, or why it is no archive. Reads at most one kilobyte.
///
/// # Errors
/// [`Reason::NotFinished`] for an empty file or one of zeros only (space reserved by a download), [`Reason::WebPage`],
/// [`Reason::SplitZip`], [`Reason::NotAnArchive`], [`Reason::Unreadable`].
pub fn recognise(path: &Path) -> Result<Form, Refusal> {
    // Opening a pipe would wait for somebody to write into it.
    if !fs::metadata(path).map_err(|error| Refusal::disk(&error))?.is_file() {
        return Err(Refusal::with(Reason::NotAnArchive, "not a file"));
    }
    let mut head = Vec::with_capacity(HEAD);
    File::open(path).and_then(|file| file.take(HEAD as u64).read_to_end(&mut head)).map_err(|error| Refusal::disk(&error))?;
    recognise_head(&head)
}

fn recognise_head(head: &[u8]) -> Result<Form, Refusal> {
    if head.iter().all(|byte| *byte == 0) {
        return Err(Reason::NotFinished.into());
    }
    match head {
        // An entry, or the end of an empty directory.
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => return Ok(Form::Zip),
        // The mark of the first piece, before the first entry; or the mark of a single piece.
        [b'P', b'K', 7, 8, ..] => return Err(Reason::SplitZip.into()),
        [b'P', b'K', b'0', b'0', b'P', b'K', 3, 4, ..] => return Ok(Form::Zip),
        [0x1f, 0x8b, ..] => return recognise_gzip(head),
        _ if is_tar(head) => return Ok(Form::Tar),
        _ => {}
    }
    Err(if is_web_page(head) { Reason::WebPage.into() } else { Reason::NotAnArchive.into() })
}

fn recognise_gzip(head: &[u8]) -> Result<Form, Refusal> {
    let mut inner = vec![0; 512];
    let mut length = 0;
    let mut decoder = GzDecoder::new(head);
    // A cut head ends in an error; what came out before it is enough.
    while let Ok(read @ 1..) = inner.get_mut(length..).map_or(Ok(0), |rest| decoder.read(rest)) {
        length += read;
    }
    inner.truncate(length);
    if is_tar(&inner) {
        Ok(Form::TarGzip)
    } else if inner.is_empty() {
        Err(Reason::NotFinished.into())
    } else if is_web_page(&inner) {
        Err(Reason::WebPage.into())
    } else {
        Err(Refusal::with(Reason::NotAnArchive, "gzip without tar"))
    }
}

/// A tar header has a mark since 1988 and a checksum since ever; the checksum is asked because it says more.
fn is_tar(head: &[u8]) -> bool {
    let Some(header) = head.get(..512) else { return false };
    let header = tar::Header::from_byte_slice(header);
    let bytes = header.as_bytes();
    let sum: u32 = bytes[..148].iter().chain(&bytes[156..]).map(|byte| u32::from(*byte)).sum::<u32>() + 8 * 32;
    header.cksum().is_ok_and(|recorded| recorded == sum)
}

/// Whether a text starts as web pages do.
fn is_web_page(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let starts = |mark: &[u8]| text.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
    [&b"<!doctype html"[..], b"<html", b"<head", b"<body", b"<!--", b"<script", b"<?xml"].iter().any(|mark| starts(mark))
}

/// The whole beginning of a file, at most `length` bytes.
pub(crate) fn beginning(path: &Path, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use std::io::Write;

    fn reason(head: &[u8]) -> Reason {
        recognise_head(head).unwrap_err().reason
    }

    #[test]
    fn archives_are_known_by_their_bytes() {
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(3);
        tar.append_data(&mut header, "Takeout/a.txt", &b"abc"[..]).unwrap();
        let tar = tar.into_inner().unwrap();
        assert_eq!(recognise_head(&tar[..1024]).unwrap(), Form::Tar);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&tar).unwrap();
        assert_eq!(recognise_head(&gzip.finish().unwrap()).unwrap(), Form::TarGzip);
        assert_eq!(recognise_head(b"PK\x03\x04rest").unwrap(), Form::Zip);
    }

    #[test]
    fn what_is_no_archive_says_what_it_is() {
        assert_eq!(reason(b""), Reason::NotFinished);
        assert_eq!(reason(&[0; 1024]), Reason::NotFinished);
        assert_eq!(reason(b"\xef\xbb\xbf\n <!DOCTYPE HTML><html><title>Sign in"), Reason::WebPage);
        assert_eq!(reason(b"PK\x07\x08PK\x03\x04"), Reason::SplitZip);
        assert_eq!(reason(b"hello"), Reason::NotAnArchive);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(b"<html>Sign in</html>").unwrap();
        assert_eq!(reason(&gzip.finish().unwrap()), Reason::WebPage);
    }
}
