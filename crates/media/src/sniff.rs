//! What a file is, from its first bytes. Names play no part: Google delivers JPEG under `.dng` names and error pages under
//! `image/*` (google-apis.md 7.3).
//!
//! Pictures and films are told apart here and in `sniff_bmff`, `sniff_text`, `sniff_tiff`, because `infer` is too coarse
//! for them: it knows no RAW but CR2, takes any `ftyp` outside its list for unknown, takes four bytes for an icon, and does
//! not know JPEG XL code streams, transport streams, QuickTime without `ftyp`, or HTML behind a comment. It is good at the
//! rest of the world (documents, sound, archives), and does that here.

use crate::fence::fenced;
use crate::file_type::{self as known, FileType, Kind};
use crate::{sniff_bmff, sniff_text, sniff_tiff};

/// How many bytes of the start of a file [`sniff`] wants. Fewer are fine if the file has no more.
pub const SNIFF_BYTES: usize = 4096;

/// What the first bytes of a file say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniff {
    /// A photo or a video.
    Media(FileType),
    /// A web page: what servers send instead of a photo when something is wrong.
    Html,
    /// JSON: an error answer, or a sidecar.
    Json,
    /// XML that is not a web page; SVG too.
    Xml,
    /// Plain text.
    Text,
    /// Zip, gzip, tar and their kind.
    Archive(FileType),
    /// A known type that is neither photo nor video: PDF, sound, a program.
    Other(FileType),
    /// No bytes at all.
    Empty,
    /// Nobody knows.
    Unknown,
}

impl Sniff {
    /// The type as a [`FileType`], whose kind is [`Kind::NotMedia`] for all but [`Sniff::Media`].
    pub fn file_type(self) -> FileType {
        match self {
            Self::Media(ty) | Self::Archive(ty) | Self::Other(ty) => ty,
            Self::Html => known::HTML,
            Self::Json => known::JSON,
            Self::Xml => known::XML,
            Self::Text => known::TEXT,
            Self::Empty => known::NOTHING,
            Self::Unknown => known::UNKNOWN,
        }
    }

    /// The type, if it is a photo or a video.
    pub fn media(self) -> Option<FileType> {
        match self {
            Self::Media(ty) => Some(ty),
            _ => None,
        }
    }
}

/// Says what a file is from its first [`SNIFF_BYTES`] bytes (fewer only if the file is shorter).
pub fn sniff(head: &[u8]) -> Sniff {
    if head.is_empty() {
        return Sniff::Empty;
    }
    let ty = picture(head).or_else(|| film(head)).or_else(|| sniff_bmff::file_type(head));
    if let Some(ty) = ty {
        return if ty.kind == Kind::NotMedia { Sniff::Other(ty) } else { Sniff::Media(ty) };
    }
    // Text before QuickTime without `ftyp`: nothing but four letters marks the latter.
    if let Some(text) = sniff_text::text(head) {
        return text;
    }
    if let Some(ty) = sniff_bmff::old_quicktime(head) {
        return Sniff::Media(ty);
    }
    rest_of_the_world(head)
}

fn picture(head: &[u8]) -> Option<FileType> {
    let at = |offset: usize, bytes: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(bytes));
    if at(0, b"\xFF\xD8\xFF") {
        return Some(known::JPEG);
    }
    if at(0, b"\x89PNG\r\n\x1A\n") {
        return Some(if is_animated_png(head) { known::APNG } else { known::PNG });
    }
    if at(0, b"GIF87a") || at(0, b"GIF89a") {
        return Some(known::GIF);
    }
    if at(0, b"RIFF") && at(8, b"WEBP") {
        return Some(known::WEBP);
    }
    if at(0, b"8BPS\0\x01") || at(0, b"8BPS\0\x02") {
        return Some(known::PSD);
    }
    // Sizes of the second header, from BITMAPCOREHEADER to BITMAPV5HEADER: two letters alone prove nothing.
    if at(0, b"BM") && matches!(u32_le(head, 14), Some(12 | 16 | 40 | 52 | 56 | 64 | 108 | 124)) {
        return Some(known::BMP);
    }
    if at(0, b"\xFF\x0A") || at(0, b"\0\0\0\x0CJXL \r\n\x87\n") {
        return Some(known::JXL);
    }
    if at(0, b"\0\0\0\x0CjP  \r\n\x87\n") {
        return Some(known::JP2);
    }
    if at(0, b"\xFF\x4F\xFF\x51") {
        return Some(known::J2K);
    }
    if at(0, b"FUJIFILMCCD-RAW") {
        return Some(known::RAF);
    }
    if at(0, b"FOVb") {
        return Some(known::X3F);
    }
    if at(0, b"II\x1A\0\0\0HEAPCCDR") {
        return Some(known::CRW);
    }
    if at(0, b"\0MRM") {
        return Some(known::MRW);
    }
    if is_icon(head) {
        return Some(known::ICO);
    }
    sniff_tiff::file_type(head)
}

fn film(head: &[u8]) -> Option<FileType> {
    let at = |offset: usize, bytes: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(bytes));
    if at(0, b"RIFF") && at(8, b"AVI ") {
        return Some(known::AVI);
    }
    if at(0, b"\x1A\x45\xDF\xA3") {
        let webm = memchr::memmem::find(&head[..head.len().min(256)], b"\x42\x82\x84webm").is_some();
        return Some(if webm { known::WEBM } else { known::MKV });
    }
    if at(0, crate::asf::HEADER) {
        return Some(known::WMV);
    }
    if at(0, b"FLV\x01") {
        return Some(known::FLV);
    }
    // Pack header of a program stream; sequence header of a bare MPEG-1/2 stream.
    if at(0, b"\0\0\x01\xBA") || at(0, b"\0\0\x01\xB3") {
        return Some(known::MPG);
    }
    // Visual object sequence, or the video object that follows it, of MPEG-4 part 2.
    if at(0, b"\0\0\x01\xB0") || at(0, b"\0\0\x01\xB5") || (at(0, b"\0\0\x01\0") && at(4, b"\0\0\x01\x20")) {
        return Some(known::MPEG4_STREAM);
    }
    if has_sync(head, 0, 188) {
        return Some(known::TS);
    }
    if has_sync(head, 4, 192) {
        return Some(known::MTS);
    }
    None
}

/// Transport packets begin with 0x47; five in a row (or all there are, three at least) are no accident.
fn has_sync(head: &[u8], first: usize, packet: usize) -> bool {
    let packets = head.len().saturating_sub(first).div_ceil(packet).min(5);
    packets >= 3 && (0..packets).all(|n| head.get(first + n * packet) == Some(&0x47))
}

/// `acTL` stands before the first `IDAT` in an animated PNG.
fn is_animated_png(head: &[u8]) -> bool {
    let mut offset = 8;
    while let (Some(length), Some(name)) = (u32_be(head, offset), head.get(offset + 4..offset + 8)) {
        match name {
            b"acTL" => return true,
            b"IDAT" | b"IEND" => return false,
            _ => offset = offset.saturating_add(12).saturating_add(length as usize),
        }
    }
    false
}

/// An icon has no magic number worth the name: type 1, a few pictures, each a known kind that lies behind the directory.
fn is_icon(head: &[u8]) -> bool {
    let count = head.get(4).copied().unwrap_or(0) as usize;
    if !head.starts_with(b"\0\0\x01\0") || head.get(5) != Some(&0) || count == 0 || count > 64 {
        return false;
    }
    let reserved_is_zero = head.get(9) == Some(&0);
    let planes = head.get(10).copied().zip(head.get(11).copied());
    let offset = u32_le(head, 18).unwrap_or(0) as usize;
    reserved_is_zero && matches!(planes, Some((0 | 1, 0))) && offset >= 6 + 16 * count && u32_le(head, 14).is_some_and(|n| n > 0)
}

fn rest_of_the_world(head: &[u8]) -> Sniff {
    // Fenced: some of its matchers parse (compound documents).
    let Some(Some(found)) = fenced(|| infer::get(head)) else { return Sniff::Unknown };
    let ty = FileType::not_media(found.mime_type(), found.extension());
    match found.extension() {
        "zip" | "gz" | "tar" | "bz2" | "7z" | "rar" | "xz" | "zst" | "lz4" | "Z" | "lz" | "cab" | "ar" => Sniff::Archive(ty),
        _ => match found.matcher_type() {
            // Pictures and films that only `infer` takes for such are exotic, or not recognised for good reason above.
            infer::MatcherType::Image | infer::MatcherType::Video => Sniff::Unknown,
            _ => Sniff::Other(ty),
        },
    }
}

fn u32_be(bytes: &[u8], offset: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(offset..)?.first_chunk().copied()?))
}

fn u32_le(bytes: &[u8], offset: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(offset..)?.first_chunk().copied()?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use proptest::prelude::*;

    fn packets(first: usize, size: usize, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; first + size * count];
        for n in 0..count {
            bytes[first + n * size] = 0x47;
        }
        bytes
    }

    #[test]
    fn magic_numbers() {
        let bmp = [b"BM".as_slice(), &[0; 12], &40u32.to_le_bytes()].concat();
        let ico = b"\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0\x68\x04\0\0\x16\0\0\0";
        let apng = b"\x89PNG\r\n\x1A\n\0\0\0\x02IHDRxx\0\0\0\0\0\0\0\x08acTL";
        let png = b"\x89PNG\r\n\x1A\n\0\0\0\x02IHDRxx\0\0\0\0\0\0\0\x08IDATacTL";
        let ts = packets(0, 188, 6);
        let mts = packets(4, 192, 6);
        let table: &[(&[u8], FileType)] = &[
            (b"\xFF\xD8\xFF\xE1rest", known::JPEG),
            (png, known::PNG),
            (apng, known::APNG),
            (b"GIF89a", known::GIF),
            (b"RIFF\x10\0\0\0WEBPVP8 ", known::WEBP),
            (&bmp, known::BMP),
            (ico, known::ICO),
            (b"8BPS\0\x01\0\0", known::PSD),
            (b"\xFF\x0A\x00", known::JXL),
            (b"\0\0\0\x0CJXL \r\n\x87\n", known::JXL),
            (b"\0\0\0\x0CjP  \r\n\x87\n", known::JP2),
            (b"\xFF\x4F\xFF\x51\0", known::J2K),
            (b"FUJIFILMCCD-RAW 0201", known::RAF),
            (b"FOVb\0\0\x02\0", known::X3F),
            (b"II\x1A\0\0\0HEAPCCDR\x02\0", known::CRW),
            (b"\0MRM\0\0", known::MRW),
            (b"RIFF\x10\0\0\0AVI LIST", known::AVI),
            (b"\x1A\x45\xDF\xA3\x9F\x42\x82\x84webm", known::WEBM),
            (b"\x1A\x45\xDF\xA3\x9F\x42\x82\x88matroska", known::MKV),
            (b"\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C", known::WMV),
            (b"FLV\x01\x05", known::FLV),
            (b"\0\0\x01\xBA\x44", known::MPG),
            (b"\0\0\x01\xB3\x14", known::MPG),
            (b"\0\0\x01\xB0\x01", known::MPEG4_STREAM),
            (&ts, known::TS),
            (&mts, known::MTS),
        ];
        for (head, expected) in table {
            assert_eq!(sniff(head), Sniff::Media(*expected), "{expected:?}");
        }
    }

    #[test]
    fn what_is_neither_photo_nor_video() {
        assert_eq!(sniff(b""), Sniff::Empty);
        assert_eq!(sniff(b"\x01\x02\x03\x04\x05"), Sniff::Unknown);
        for (head, extension) in [(b"PK\x03\x04....".as_slice(), "zip"), (b"\x1F\x8B\x08\0", "gz"), (b"7z\xBC\xAF\x27\x1C", "7z")]
        {
            assert!(matches!(sniff(head), Sniff::Archive(ty) if ty.extension == extension), "{extension}");
        }
        for (head, mime) in [(b"%PDF-1.7\n\xE2\xE3".as_slice(), "application/pdf"), (b"ID3\x03\0\0\0", "audio/mpeg")] {
            assert!(matches!(sniff(head), Sniff::Other(ty) if ty.mime == mime), "{mime}: {:?}", sniff(head));
        }
    }

    #[test]
    fn two_letters_make_no_bitmap() {
        assert_eq!(sniff(b"BMW\x00\x01 is a maker of cars\x00"), Sniff::Unknown);
    }

    #[test]
    fn one_sync_byte_makes_no_transport_stream() {
        let mut bytes = vec![0; 1000];
        bytes[0] = 0x47;
        assert_eq!(sniff(&bytes), Sniff::Unknown);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..5000)) {
            let _ = sniff(&bytes);
        }

        #[test]
        fn a_known_start_decides_whatever_follows(tail in proptest::collection::vec(any::<u8>(), 0..300)) {
            let head = [b"\xFF\xD8\xFF".as_slice(), &tail].concat();
            prop_assert_eq!(sniff(&head), Sniff::Media(known::JPEG));
        }
    }
}
