//! The picture or film itself, without what is told about it: two files with the same picture data differ in metadata only.
//!
//! JPEG: tables, frames and scans up to the end of the picture; all application segments and comments are metadata, but for Adobe's,
//! which says what the colours mean. PNG: the chunks without which it cannot be shown. MP4 and QuickTime: the contents of `mdat`. HEIF and
//! AVIF: the items but for EXIF and XMP. TIFF and the RAW formats built on it: strips and tiles with what is needed to read them. WebP and
//! GIF have files of their own. Other formats keep metadata within the data, and have none here.

mod gif;
mod webp;

use std::io::{self, Read, Seek};
use std::path::Path;

use memchr::memmem::Finder;

use crate::file_type::Family;
use crate::hash::{ContentHash, Hasher};
use crate::sniff::{SNIFF_BYTES, sniff};
use crate::source::Source;
use crate::{heif, tiff};

/// Read at a time.
const BLOCK: usize = 256 * 1024;
/// So much of the picture's begin tells most pictures apart.
const BEGIN: u64 = 4096;
/// The marker that ends a JPEG's picture.
const END_OF_IMAGE: &[u8] = b"\xFF\xD9";
/// More parts than any writer makes.
const MOST_PARTS: usize = 100_000;

/// How much of the picture is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureShare {
    /// What stands before it and its first bytes: read at once, different for nearly all pictures, and proof of nothing.
    Begin,
    /// All of it: the same for the same picture only.
    Whole,
}

/// The picture data of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureData {
    /// Its hash.
    pub hash: ContentHash,
    /// Bytes behind the end of a JPEG's picture, where all of it was taken: the film of a motion photo, a second picture, a maker's own.
    pub behind: Option<u64>,
}

/// The picture data of a file; `None` for formats that keep metadata within it, and for files that are not whole.
///
/// # Errors
/// Those of opening and reading the file.
pub fn picture_data(path: &Path, share: PictureShare) -> io::Result<Option<PictureData>> {
    of_source(&mut Source::open(path)?, share)
}

fn of_source<R: Read + Seek>(source: &mut Source<R>, share: PictureShare) -> io::Result<Option<PictureData>> {
    let mut taken = Taken { hasher: Hasher::new(), share, end: None };
    let whole = match sniff(&source.block(0, SNIFF_BYTES)?).file_type().family {
        Family::Jpeg => jpeg(source, &mut taken)?,
        Family::Png => png(source, &mut taken)?,
        Family::Movie => movie(source, &mut taken)?,
        Family::Webp => webp::picture(source, &mut taken)?,
        Family::Gif => gif::picture(source, &mut taken)?,
        Family::BoxedPicture => pieces(source, heif::picture_pieces, &mut taken)?,
        Family::Tiff => pieces(source, tiff::picture_pieces, &mut taken)?,
        _ => false,
    };
    let behind = taken.end.map(|end| source.length().saturating_sub(end));
    Ok(whole.then(|| PictureData { hash: taken.hasher.finish(), behind }))
}

struct Taken {
    hasher: Hasher,
    share: PictureShare,
    /// Where a JPEG's picture ends.
    end: Option<u64>,
}

impl Taken {
    /// Takes what lies between two places of the file, or its begin. `false` if the file ends before.
    fn data<R: Read + Seek>(&mut self, source: &mut Source<R>, from: u64, to: u64) -> io::Result<bool> {
        let end = if self.share == PictureShare::Begin { to.min(from.saturating_add(BEGIN)) } else { to };
        let mut at = from;
        while at < end {
            let block = source.block(at, usize::try_from(end - at).map_or(BLOCK, |left| left.min(BLOCK)))?;
            if block.is_empty() {
                return Ok(false);
            }
            self.hasher.update(&block);
            at += block.len() as u64;
        }
        Ok(to <= source.length())
    }
}

/// A picture that lies in pieces here and there in a file.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    /// What is needed to make a picture of them.
    pub(crate) head: Vec<u8>,
    /// Where they begin and how long they are, in the order in which they make the picture.
    pub(crate) places: Vec<(u64, u64)>,
}

fn pieces<R: Read + Seek>(
    source: &mut Source<R>,
    find: impl FnOnce(&mut Source<R>) -> io::Result<Option<Pieces>>,
    taken: &mut Taken,
) -> io::Result<bool> {
    let Some(Pieces { head, places }) = find(source)?.filter(|pieces| !pieces.places.is_empty()) else { return Ok(false) };
    taken.hasher.update(&head);
    for (_, length) in &places {
        taken.hasher.update(&length.to_be_bytes());
    }
    for (start, length) in places {
        let Some(end) = start.checked_add(length) else { return Ok(false) };
        if !taken.data(source, start, end)? {
            return Ok(false);
        }
        if taken.share == PictureShare::Begin {
            return Ok(true);
        }
    }
    Ok(true)
}

fn jpeg<R: Read + Seek>(source: &mut Source<R>, taken: &mut Taken) -> io::Result<bool> {
    let mut at = 2;
    for _ in 0..MOST_PARTS {
        let Some([0xFF, name]) = source.array::<2>(at)? else { return Ok(false) };
        match name {
            0xFF => at += 1,
            0x01 | 0xD0..=0xD8 => at += 2,
            0xDA => {
                return match taken.share {
                    PictureShare::Begin => {
                        // What lies behind the picture is not of it.
                        let block = source.block(at, BEGIN as usize)?;
                        let end = Finder::new(END_OF_IMAGE).find(&block).unwrap_or(block.len());
                        taken.hasher.update(&block[..end]);
                        Ok(true)
                    }
                    PictureShare::Whole => jpeg_scans(source, at, taken),
                };
            }
            0xD9 | 0x00 => return Ok(false),
            _ => {
                let Some(length) = source.array::<2>(at + 2)? else { return Ok(false) };
                let end = at + 2 + u64::from(u16::from_be_bytes(length)).max(2);
                let is_adobe = name == 0xEE && source.block(at + 4, 5)? == b"Adobe";
                let is_metadata = matches!(name, 0xE0..=0xEF | 0xFE) && !is_adobe;
                if !is_metadata {
                    let segment = source.block(at, (end - at) as usize)?;
                    taken.hasher.update(&segment);
                }
                at = end;
            }
        }
    }
    Ok(false)
}

/// From the first scan to the marker that ends the picture. Within scans it cannot occur by chance.
fn jpeg_scans<R: Read + Seek>(source: &mut Source<R>, from: u64, taken: &mut Taken) -> io::Result<bool> {
    let end_of_image = Finder::new(END_OF_IMAGE);
    let mut at = from;
    loop {
        let block = source.block(at, BLOCK)?;
        if let Some(end) = end_of_image.find(&block) {
            taken.hasher.update(&block[..end]);
            taken.end = Some(at + end as u64 + 2);
            return Ok(true);
        }
        if block.len() < 2 {
            return Ok(false);
        }
        // The marker may lie across the border.
        let sure = block.len() - 1;
        taken.hasher.update(&block[..sure]);
        at += sure as u64;
    }
}

fn png<R: Read + Seek>(source: &mut Source<R>, taken: &mut Taken) -> io::Result<bool> {
    let mut at = 8;
    let mut has_data = false;
    for _ in 0..MOST_PARTS {
        let Some([l0, l1, l2, l3, name @ ..]) = source.array::<8>(at)? else { return Ok(false) };
        let (data, end) = (at + 8, at + 8 + u64::from(u32::from_be_bytes([l0, l1, l2, l3])));
        // A capital letter marks what is needed to show it; the frames of an animation have none.
        if name[0].is_ascii_uppercase() || matches!(&name, b"tRNS" | b"acTL" | b"fcTL" | b"fdAT") {
            // Data may be cut into chunks anywhere: only what is in them counts.
            if &name != b"IDAT" {
                taken.hasher.update(&name);
            }
            has_data |= &name == b"IDAT";
            if !taken.data(source, data, end)? {
                return Ok(false);
            }
            if has_data && taken.share == PictureShare::Begin {
                return Ok(true);
            }
        }
        if &name == b"IEND" {
            return Ok(has_data);
        }
        at = end + 4;
    }
    Ok(false)
}

fn movie<R: Read + Seek>(source: &mut Source<R>, taken: &mut Taken) -> io::Result<bool> {
    let mut at = 0;
    let mut has_data = false;
    for _ in 0..MOST_PARTS {
        if at >= source.length() {
            break;
        }
        let Some([s0, s1, s2, s3, name @ ..]) = source.array::<8>(at)? else { return Ok(false) };
        let (head, size) = match u32::from_be_bytes([s0, s1, s2, s3]) {
            0 => (8, source.length() - at),
            1 => match source.array::<8>(at + 8)? {
                Some(size) => (16, u64::from_be_bytes(size)),
                None => return Ok(false),
            },
            size => (8, u64::from(size)),
        };
        let Some(end) = at.checked_add(size).filter(|_| size >= head) else { return Ok(false) };
        if &name == b"mdat" {
            has_data |= size > head;
            // How much there is tells films apart that begin alike.
            taken.hasher.update(&(size - head).to_be_bytes());
            if !taken.data(source, at + head, end)? {
                return Ok(false);
            }
        }
        at = end;
    }
    Ok(has_data)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::jpeg::tests::{picture, with_segment};
    use std::io::Cursor;

    const SHARES: [PictureShare; 2] = [PictureShare::Begin, PictureShare::Whole];

    fn of(bytes: &[u8], share: PictureShare) -> Option<ContentHash> {
        of_source(&mut Source::new(Cursor::new(bytes)).unwrap(), share).unwrap().map(|data| data.hash)
    }

    #[test]
    fn a_jpeg_is_the_same_whatever_is_told_about_it() {
        let plain = picture();
        let described = with_segment(0xE1, b"Exif\0\0something");
        let mut followed = plain.clone();
        followed.extend_from_slice(b"a film of three seconds");
        for share in SHARES {
            let hash = of(&plain, share).expect("a picture");
            assert_eq!(of(&described, share), Some(hash));
            assert_eq!(of(&with_segment(0xFE, b"a comment"), share), Some(hash));
            assert_eq!(of(&followed, share), Some(hash));
            // Adobe's segment says what the colours are.
            assert_ne!(of(&with_segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01"), share), Some(hash));
        }
        let mut other = plain.clone();
        let at = other.len() - 40;
        other[at] ^= 0x10;
        assert_ne!(of(&other, PictureShare::Whole), of(&plain, PictureShare::Whole));
        assert_eq!(of(&plain[..plain.len() - 2], PictureShare::Whole), None);
    }

    fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
        [&(data.len() as u32).to_be_bytes()[..], name, data, b"crc?"].concat()
    }

    #[test]
    fn a_png_is_its_needed_chunks_however_they_are_cut() {
        let begin = [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0])].concat();
        let plain = [begin.clone(), chunk(b"IDAT", b"abcdef"), chunk(b"IEND", b"")].concat();
        let told = [
            begin.clone(),
            chunk(b"tEXt", b"Author\0me"),
            chunk(b"IDAT", b"abc"),
            chunk(b"IDAT", b"def"),
            chunk(b"tIME", b"1234567"),
            chunk(b"IEND", b""),
        ]
        .concat();
        let other = [begin, chunk(b"IDAT", b"abcdeg"), chunk(b"IEND", b"")].concat();
        let hash = of(&plain, PictureShare::Whole);
        assert!(hash.is_some());
        assert_eq!(of(&told, PictureShare::Whole), hash);
        assert_ne!(of(&other, PictureShare::Whole), hash);
        assert_eq!(of(&plain[..plain.len() - 12], PictureShare::Whole), None);
    }

    fn boxed(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
        [&(data.len() as u32 + 8).to_be_bytes()[..], name, data].concat()
    }

    #[test]
    fn a_film_is_its_data_wherever_its_index_lies() {
        let kind = boxed(b"ftyp", b"isom\0\0\0\0isom");
        let (index, data) = (boxed(b"moov", b"an index"), boxed(b"mdat", &[7; 9000]));
        let one = [kind.clone(), data.clone(), index.clone()].concat();
        let other = [kind.clone(), boxed(b"moov", b"another, longer index"), data.clone()].concat();
        let longer = [kind.clone(), boxed(b"mdat", &[7; 9001]), index].concat();
        for share in SHARES {
            assert!(of(&one, share).is_some());
            assert_eq!(of(&one, share), of(&other, share));
            assert_ne!(of(&one, share), of(&longer, share));
        }
        assert_eq!(of(&[kind, data[..5000].to_vec()].concat(), PictureShare::Whole), None);
    }

    fn riff(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let padding: &[u8] = if data.len() % 2 == 1 { &[0] } else { &[] };
        [&name[..], &(data.len() as u32).to_le_bytes(), data, padding].concat()
    }

    fn webp_of(chunks: &[Vec<u8>]) -> Vec<u8> {
        riff(b"RIFF", &[b"WEBP".to_vec(), chunks.concat()].concat())
    }

    #[test]
    fn a_webp_is_its_pictures_and_not_its_header() {
        let data = riff(b"VP8 ", &[9; 5001]);
        let plain = webp_of(std::slice::from_ref(&data));
        let told = webp_of(&[riff(b"VP8X", &[8; 10]), data.clone(), riff(b"EXIF", b"odd"), riff(b"XMP ", b"<x/>")]);
        let other = webp_of(&[riff(b"VP8 ", &[[9; 5000].as_slice(), &[8]].concat())]);
        let see_through = webp_of(&[riff(b"VP8X", &[8; 10]), riff(b"ALPH", b"half"), data]);
        for share in SHARES {
            assert!(of(&plain, share).is_some());
            assert_eq!(of(&plain, share), of(&told, share));
            assert_ne!(of(&plain, share), of(&see_through, share));
        }
        assert_ne!(of(&plain, PictureShare::Whole), of(&other, PictureShare::Whole));
        assert_eq!(of(&told[..told.len() - 1], PictureShare::Whole), None);
    }

    /// A GIF of 2 by 1 pixels with two colours and these blocks.
    fn gif_of(version: &[u8; 3], blocks: &[Vec<u8>]) -> Vec<u8> {
        [b"GIF".as_slice(), version, &[2, 0, 1, 0, 0x80, 0, 0], &[0, 0, 0, 255, 255, 255], &blocks.concat(), b";"].concat()
    }

    fn gif_picture(data: &[u8]) -> Vec<u8> {
        let blocks: Vec<u8> = data.chunks(255).flat_map(|block| [&[block.len() as u8], block].concat()).collect();
        [&b",\0\0\0\0\x02\0\x01\0\0\x02"[..], &blocks, b"\0"].concat()
    }

    #[test]
    fn a_gif_is_its_pictures_and_how_they_are_shown() {
        let (picture, delay) = (gif_picture(&[7; 600]), |time: u8| vec![b'!', 0xF9, 4, 0, time, 0, 0, 0]);
        let comment = b"!\xFE\x05hello\0".to_vec();
        let program = b"!\xFF\x0BXMP DataXMP\x03abc\0".to_vec();
        let plain = gif_of(b"89a", &[delay(2), picture.clone()]);
        let told = gif_of(b"89a", &[comment.clone(), program, delay(2), picture.clone(), comment]);
        for share in SHARES {
            assert!(of(&plain, share).is_some());
            assert_eq!(of(&plain, share), of(&told, share));
            assert_ne!(of(&plain, share), of(&gif_of(b"89a", &[delay(9), picture.clone()]), share));
        }
        let longer = gif_of(b"89a", &[delay(2), picture.clone(), gif_picture(&[7; 5])]);
        assert_ne!(of(&plain, PictureShare::Whole), of(&longer, PictureShare::Whole));
        assert_eq!(
            of(&gif_of(b"87a", std::slice::from_ref(&picture)), PictureShare::Whole),
            of(&gif_of(b"89a", &[picture]), PictureShare::Whole)
        );
        assert_eq!(of(&plain[..plain.len() - 1], PictureShare::Whole), None);
    }

    #[test]
    fn a_heif_is_its_items_but_for_exif() {
        use crate::heif::tests::photo;
        let (one, other) = (photo(b"\0\0\0\x06Exif\0\0"), photo(b"\0\0\0\0"));
        assert_ne!(one, other);
        for share in SHARES {
            assert!(of(&one, share).is_some());
            assert_eq!(of(&one, share), of(&other, share));
        }
        let mut changed = one.clone();
        let at = one.windows(500).position(|bytes| bytes == [5; 500]).unwrap();
        changed[at + 499] = 6;
        assert_ne!(of(&changed, PictureShare::Whole), of(&one, PictureShare::Whole));
        assert_eq!(of(&one[..at + 400], PictureShare::Whole), None);
    }

    /// A TIFF of one strip, with a caption if wanted, and a preview below it.
    fn tiff_of(strip: &[u8], caption: Option<&str>) -> Vec<u8> {
        use crate::tiff::tests::{Entry, tiff_file};
        let with = |at: u32| {
            let mut entries = vec![Entry::long(0x0100, 10), Entry::long(0x0101, 1)];
            entries.extend(caption.map(|caption| Entry::text(0x010E, caption)));
            entries.extend([Entry::long(0x0111, at), Entry::long(0x0117, strip.len() as u32)]);
            let preview = vec![Entry::long(0x00FE, 1), Entry::long(0x0111, 4), Entry::long(0x0117, 2)];
            entries.push(Entry::Below(0x014A, preview));
            tiff_file(false, &entries)
        };
        let length = with(0).len();
        [with(length as u32), strip.to_vec()].concat()
    }

    #[test]
    fn a_tiff_is_its_strips_wherever_they_lie() {
        let plain = tiff_of(&[3; 5000], None);
        let told = tiff_of(&[3; 5000], Some("a view of the lake"));
        for share in SHARES {
            assert!(of(&plain, share).is_some());
            assert_eq!(of(&plain, share), of(&told, share));
            assert_ne!(of(&plain, share), of(&tiff_of(&[3; 5001], None), share));
        }
        assert_ne!(
            of(&plain, PictureShare::Whole),
            of(&tiff_of(&[[3; 4999].as_slice(), &[4]].concat(), None), PictureShare::Whole)
        );
        assert_eq!(of(&plain[..plain.len() - 1], PictureShare::Whole), None);
    }

    #[test]
    fn an_animated_png_is_all_its_frames() {
        let begin = [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0])].concat();
        let with = |frame: &[u8]| [begin.clone(), chunk(b"IDAT", b"abc"), chunk(b"fdAT", frame), chunk(b"IEND", b"")].concat();
        assert_ne!(of(&with(b"one"), PictureShare::Whole), of(&with(b"two"), PictureShare::Whole));
    }

    proptest::proptest! {
        #[test]
        fn any_change_is_survived(
            which in 0..4_usize,
            changes in proptest::collection::vec((proptest::arbitrary::any::<proptest::sample::Index>(), proptest::arbitrary::any::<u8>()), 1..10),
        ) {
            let mut bytes = match which {
                0 => webp_of(&[riff(b"VP8X", &[8; 10]), riff(b"VP8 ", &[9; 300])]),
                1 => gif_of(b"89a", &[gif_picture(&[7; 600])]),
                2 => crate::heif::tests::photo(b"\0\0\0\0"),
                _ => tiff_of(&[3; 500], Some("caption")),
            };
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            for share in SHARES {
                let _ = of(&bytes, share);
            }
        }
    }

    #[test]
    fn other_formats_and_nonsense_have_none() {
        for bytes in [&b""[..], b"GIF89a", b"\xFF\xD8\xFF", b"\x89PNG\r\n\x1a\n", b"\0\0\0\x08ftypisom"] {
            for share in SHARES {
                assert_eq!(of(bytes, share), None, "{bytes:?}");
            }
        }
    }
}
