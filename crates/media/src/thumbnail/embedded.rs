//! Previews that cameras put into their files as JPEG: all that is shown of RAW files, and now and then of HEIC.

use std::io::{self, Read, Seek};
use std::ops::Range;

use super::fit::{self, Size};
use super::frame::{self, Coding};
use super::{Bounds, Decoded, Outcome, ThumbnailError, scaled_jpeg};
use crate::boxes::box_at;
use crate::file_type::{self as known, Family, FileType};
use crate::heif;
use crate::source::Source;
use crate::tiff::Tiff;

/// Shorter previews (the 160 by 120 of EXIF) are worse than a drawn placeholder. In pixels, of the longer side.
const LEAST_LENGTH: u32 = 320;
/// The thumbnail of a HEIC must be as high as ours: it only saves a decoder that is not there.
const LEAST_HEIGHT_IN_HEIF: u32 = 320;

const COMPRESSION: u16 = 0x0103;
/// Compression tags that mean JPEG: the old and the new way.
const JPEG_COMPRESSIONS: [u64; 2] = [6, 7];
const STRIP_OFFSETS: u16 = 0x0111;
const STRIP_LENGTHS: u16 = 0x0117;
const JPEG_OFFSET: u16 = 0x0201;
const JPEG_LENGTH: u16 = 0x0202;
/// RAW files chain or nest a handful of directories.
const MOST_DIRECTORIES: usize = 32;
/// Panasonic's tag for a JPEG within the first directory.
const PANASONIC_JPEG: [u8; 2] = [0x2E, 0];
/// Canon's preview in CR3: a box of type `uuid` with this name, at the top.
const CANON_PREVIEW: [u8; 16] = *b"\xEA\xF4\x2B\x5E\x1C\x98\x4B\x88\xB9\xFB\xB7\xDC\x40\x6E\x4D\x16";

/// Decodes the largest preview that is worth showing; `None` if there is none.
pub(super) fn decode<R: Read + Seek>(
    source: &mut Source<R>,
    file_type: FileType,
    orientation: u16,
    bounds: Bounds,
) -> Outcome<Decoded> {
    let mut previews = Vec::new();
    for part in candidates(source, file_type)? {
        if let Some(size) = worth_showing(source, &part, file_type, orientation)? {
            previews.push((u64::from(size.0) * u64::from(size.1), part));
        }
    }
    previews.sort_by_key(|(pixels, _)| std::cmp::Reverse(*pixels));
    let mut outcome = Ok(None);
    for (_, part) in previews {
        outcome = scaled_jpeg::decode(source, part, |size| fit::wanted(size, orientation, bounds));
        if matches!(outcome, Ok(Some(_)) | Err(ThumbnailError::Disk(_))) {
            break;
        }
    }
    outcome
}

/// The size of a preview, if it is a JPEG that can be shown and is large enough.
fn worth_showing<R: Read + Seek>(
    source: &mut Source<R>,
    part: &Range<u64>,
    file_type: FileType,
    orientation: u16,
) -> io::Result<Option<Size>> {
    let Some(frame) = frame::read(source, part.start)?.filter(|frame| frame.coding != Coding::Other) else { return Ok(None) };
    let size = (frame.width, frame.height);
    let is_enough = if file_type.family == Family::BoxedPicture {
        fit::upright(size, orientation).1 >= LEAST_HEIGHT_IN_HEIF
    } else {
        size.0.max(size.1) >= LEAST_LENGTH
    };
    Ok(is_enough.then_some(size))
}

/// Where JPEGs may lie.
fn candidates<R: Read + Seek>(source: &mut Source<R>, file_type: FileType) -> io::Result<Vec<Range<u64>>> {
    match file_type.family {
        Family::Tiff => {
            let mut found = in_directories(source, 0)?;
            if file_type == known::RW2 {
                found.extend(of_panasonic(source)?);
            }
            Ok(found)
        }
        Family::BoxedPicture => match heif::exif(source)? {
            Some(base) => in_directories(source, base),
            None => Ok(Vec::new()),
        },
        Family::Raf => Ok(of_fujifilm(source)?.into_iter().collect()),
        Family::Cr3 => Ok(of_canon(source)?.into_iter().collect()),
        _ => Ok(Vec::new()),
    }
}

/// All JPEGs that the directories of a TIFF structure point to.
fn in_directories<R: Read + Seek>(source: &mut Source<R>, base: u64) -> io::Result<Vec<Range<u64>>> {
    let mut found = Vec::new();
    let Some(mut tiff) = Tiff::open(source, base)? else { return Ok(found) };
    let (mut seen, mut open) = (Vec::new(), vec![tiff.first()]);
    while let Some(offset) = open.pop() {
        if offset == 0 || seen.len() >= MOST_DIRECTORIES || seen.contains(&offset) {
            continue;
        }
        seen.push(offset);
        let Some((entries, next)) = tiff.directory(offset)? else { continue };
        open.push(next);
        open.extend(tiff.sub_directories(&entries)?);
        let is_jpeg = tiff.pointers(&entries, COMPRESSION)?.first().is_some_and(|n| JPEG_COMPRESSIONS.contains(n));
        let strips = is_jpeg.then_some((STRIP_OFFSETS, STRIP_LENGTHS));
        for (offsets, lengths) in [Some((JPEG_OFFSET, JPEG_LENGTH)), strips].into_iter().flatten() {
            // One strip, or it is no picture of its own.
            let (offsets, lengths) = (tiff.pointers(&entries, offsets)?, tiff.pointers(&entries, lengths)?);
            if let ([offset], [length]) = (offsets.as_slice(), lengths.as_slice()) {
                let start = base.saturating_add(*offset);
                found.push(start..start.saturating_add(*length));
            }
        }
    }
    Ok(found)
}

/// Panasonic puts a whole JPEG into an entry of the first directory. Always little-endian.
fn of_panasonic<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Option<Range<u64>>> {
    let Some(header) = source.array::<8>(0)? else { return Ok(None) };
    let [.., a, b, c, d] = header;
    let directory = u64::from(u32::from_le_bytes([a, b, c, d]));
    let Some(count) = source.array::<2>(directory)? else { return Ok(None) };
    let entries = source.block(directory + 2, usize::from(u16::from_le_bytes(count)) * 12)?;
    let entry = entries.as_chunks::<12>().0.iter().find(|entry| entry[..2] == PANASONIC_JPEG);
    Ok(entry.map(|[_, _, _, _, l0, l1, l2, l3, o0, o1, o2, o3]| {
        let start = u64::from(u32::from_le_bytes([*o0, *o1, *o2, *o3]));
        start..start + u64::from(u32::from_le_bytes([*l0, *l1, *l2, *l3]))
    }))
}

/// Fujifilm's header tells where its JPEG lies: offset and length, big-endian, at 84.
fn of_fujifilm<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Option<Range<u64>>> {
    let Some([o0, o1, o2, o3, l0, l1, l2, l3]) = source.array::<8>(84)? else { return Ok(None) };
    let start = u64::from(u32::from_be_bytes([o0, o1, o2, o3]));
    Ok(Some(start..start + u64::from(u32::from_be_bytes([l0, l1, l2, l3]))))
}

/// Canon's CR3 keeps a preview in a box of its own, behind a short header.
fn of_canon<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Option<Range<u64>>> {
    let (mut at, end) = (0, source.length());
    for _ in 0..MOST_DIRECTORIES {
        let Some(found) = box_at(source, at, end)?.filter(|found| found.body.end > at) else { break };
        if found.name == *b"uuid" && source.array::<16>(found.body.start)? == Some(CANON_PREVIEW) {
            let header = source.block(found.body.start, 64)?;
            let start = memchr::memmem::find(&header, b"\xFF\xD8\xFF").map(|skip| found.body.start + skip as u64);
            return Ok(start.map(|start| start..found.body.end));
        }
        at = found.body.end;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::super::{Thumbnail, thumbnail};
    use super::*;
    use crate::boxes::tests::boxed;
    use crate::heif::tests::photo;
    use crate::sniff::sniff;
    use crate::tiff::tests::{Entry, tiff_file};
    use proptest::prelude::*;
    use std::io::Cursor;

    const NEW_SUBFILE_TYPE: u16 = 0x00FE;
    const MAKE: u16 = 0x010F;
    const ORIENTATION: u16 = 0x0112;
    const SUB_DIRECTORIES: u16 = 0x014A;

    fn jpeg(width: u32, height: u32, light: u8) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image::GrayImage::from_pixel(width, height, image::Luma([light])).write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
        bytes.into_inner()
    }

    /// A TIFF structure with the entries that `entries` makes of where each JPEG lies, and the JPEGs behind it.
    fn with_jpegs(big: bool, jpegs: &[Vec<u8>], entries: impl Fn(&[(u32, u32)]) -> Vec<Entry>) -> Vec<u8> {
        let mut places: Vec<_> = jpegs.iter().map(|jpeg| (0, jpeg.len() as u32)).collect();
        let mut at = tiff_file(big, &entries(&places)).len() as u32;
        for place in &mut places {
            place.0 = at;
            at += place.1;
        }
        [tiff_file(big, &entries(&places)), jpegs.concat()].concat()
    }

    fn made(bytes: &[u8], expected: FileType) -> Option<Thumbnail> {
        assert_eq!(sniff(&bytes[..bytes.len().min(4096)]).file_type(), expected);
        thumbnail(Cursor::new(bytes), Bounds::default()).unwrap()
    }

    fn size_and_light(made: &Thumbnail) -> ((u32, u32), u8) {
        let small = image::load_from_memory(&made.jpeg).unwrap();
        ((small.width(), small.height()), made.color.green)
    }

    #[test]
    fn nikon_keeps_a_preview_below_the_first_directory() {
        // One sub-directory only: the helper writes one pointer an entry.
        let file = with_jpegs(true, &[jpeg(900, 600, 80)], |places| {
            vec![
                Entry::long(NEW_SUBFILE_TYPE, 1),
                Entry::long(0x0100, 6000),
                Entry::long(0x0101, 4000),
                Entry::text(MAKE, "NIKON CORPORATION"),
                Entry::long(ORIENTATION, 8),
                Entry::Below(SUB_DIRECTORIES, vec![Entry::long(JPEG_OFFSET, places[0].0), Entry::long(JPEG_LENGTH, places[0].1)]),
            ]
        });
        let made = made(&file, known::NEF).unwrap();
        assert_eq!((made.width, made.height), (4000, 6000), "the camera's picture, upright");
        assert_eq!(size_and_light(&made), ((213, 320), 80));
    }

    #[test]
    fn the_largest_preview_is_shown_and_lossless_data_are_none() {
        let mut lossless = jpeg(2000, 1500, 10);
        let frame = lossless.windows(2).position(|bytes| bytes == [0xFF, 0xC0]).unwrap();
        lossless[frame + 1] = 0xC3;
        let file = with_jpegs(false, &[jpeg(400, 300, 20), jpeg(800, 600, 90), lossless], |places| {
            vec![
                Entry::long(0xC612, 1),
                Entry::long(JPEG_OFFSET, places[0].0),
                Entry::long(JPEG_LENGTH, places[0].1),
                Entry::long(COMPRESSION, 7),
                Entry::long(STRIP_OFFSETS, places[1].0),
                Entry::long(STRIP_LENGTHS, places[1].1),
                Entry::Below(
                    SUB_DIRECTORIES,
                    vec![
                        Entry::long(COMPRESSION, 7),
                        Entry::long(STRIP_OFFSETS, places[2].0),
                        Entry::long(STRIP_LENGTHS, places[2].1),
                    ],
                ),
            ]
        });
        assert_eq!(size_and_light(&made(&file, known::DNG).unwrap()), ((427, 320), 90));
    }

    #[test]
    fn a_broken_preview_gives_way_to_the_next() {
        let mut broken = jpeg(800, 600, 90);
        let tables = broken.windows(2).position(|bytes| bytes == [0xFF, 0xDB]).unwrap();
        broken[tables + 4] = 0x7F;
        let file = |jpegs: &[Vec<u8>]| {
            with_jpegs(false, jpegs, |places| {
                let last = places[places.len() - 1];
                vec![
                    Entry::long(0xC612, 1),
                    Entry::long(JPEG_OFFSET, last.0),
                    Entry::long(JPEG_LENGTH, last.1),
                    Entry::long(COMPRESSION, 6),
                    Entry::long(STRIP_OFFSETS, places[0].0),
                    Entry::long(STRIP_LENGTHS, places[0].1),
                ]
            })
        };
        let both = file(&[broken.clone(), jpeg(400, 300, 20)]);
        assert_eq!(size_and_light(&made(&both, known::DNG).unwrap()), ((400, 300), 20));
        let alone = thumbnail(Cursor::new(file(&[broken])), Bounds::default());
        assert!(matches!(alone, Err(ThumbnailError::Unreadable)));
    }

    #[test]
    fn small_previews_are_worse_than_none() {
        for (size, shows) in [((160, 120), false), ((319, 213), false), ((320, 213), true)] {
            let file = with_jpegs(false, &[jpeg(size.0, size.1, 50)], |places| {
                vec![Entry::long(0xC612, 1), Entry::long(JPEG_OFFSET, places[0].0), Entry::long(JPEG_LENGTH, places[0].1)]
            });
            assert_eq!(made(&file, known::DNG).is_some(), shows, "{size:?}");
        }
    }

    #[test]
    fn panasonic_keeps_a_jpeg_in_an_entry() {
        let jpeg = jpeg(640, 480, 70);
        let mut file = b"IIU\0\x08\0\0\0\x01\0\x2E\0\x07\0".to_vec();
        file.extend((jpeg.len() as u32).to_le_bytes());
        file.extend(26_u32.to_le_bytes());
        file.extend([0; 4]);
        assert_eq!(file.len(), 26);
        file.extend(&jpeg);
        assert_eq!(size_and_light(&made(&file, known::RW2).unwrap()), ((427, 320), 70));
    }

    #[test]
    fn fujifilm_keeps_a_jpeg_behind_the_header() {
        let jpeg = jpeg(640, 480, 60);
        let mut file = b"FUJIFILMCCD-RAW 0201".to_vec();
        file.resize(84, 0);
        file.extend(148_u32.to_be_bytes());
        file.extend((jpeg.len() as u32).to_be_bytes());
        file.resize(148, 0);
        file.extend(&jpeg);
        file.extend([9; 500]);
        assert_eq!(size_and_light(&made(&file, known::RAF).unwrap()), ((427, 320), 60));
    }

    #[test]
    fn canon_keeps_a_jpeg_in_a_box() {
        let jpeg = jpeg(1620, 1080, 55);
        let header = [CANON_PREVIEW.as_slice(), &[0, 0, 0, 0, 0, 0, 0, 1], &[0, 0, 0, 99], b"PRVW", &[0; 16]].concat();
        let file = [
            boxed(b"ftyp", b"crx \0\0\0\x01crx isom"),
            boxed(b"moov", &[0; 40]),
            boxed(b"uuid", &[7; 100]),
            boxed(b"uuid", &[header, jpeg].concat()),
            boxed(b"mdat", &[5; 100]),
        ]
        .concat();
        assert_eq!(size_and_light(&made(&file, known::CR3).unwrap()), ((480, 320), 55));
    }

    /// A HEIC whose EXIF block holds a thumbnail.
    fn heic(width: u32, height: u32) -> Vec<u8> {
        let exif = with_jpegs(true, &[jpeg(width, height, 65)], |places| {
            vec![
                Entry::long(ORIENTATION, 6),
                Entry::Below(SUB_DIRECTORIES, vec![Entry::long(JPEG_OFFSET, places[0].0), Entry::long(JPEG_LENGTH, places[0].1)]),
            ]
        });
        photo(&[b"\0\0\0\0".as_slice(), &exif].concat())
    }

    #[test]
    fn heic_shows_its_thumbnail_only_if_that_is_as_good_as_ours() {
        let shown = made(&heic(512, 384), known::HEIC).unwrap();
        assert_eq!((shown.width, shown.height), (3024, 4032));
        assert_eq!(size_and_light(&shown), ((240, 320), 65));
        // Turned, it is 319 high.
        assert_eq!(made(&heic(319, 500), known::HEIC), None);
        assert_eq!(made(&photo(b"\0\0\0\0"), known::HEIC), None);
    }

    proptest! {
        #[test]
        fn any_change_is_survived(changes in proptest::collection::vec((0..400_usize, any::<u8>()), 1..10), is_heic: bool) {
            let mut file = if is_heic {
                heic(512, 384)
            } else {
                with_jpegs(false, &[jpeg(400, 300, 20), jpeg(500, 300, 90)], |places| {
                    vec![
                        Entry::long(0xC612, 1),
                        Entry::long(JPEG_OFFSET, places[0].0),
                        Entry::long(JPEG_LENGTH, places[0].1),
                        Entry::long(COMPRESSION, 7),
                        Entry::long(STRIP_OFFSETS, places[1].0),
                        Entry::long(STRIP_LENGTHS, places[1].1),
                    ]
                })
            };
            for (at, byte) in changes {
                file[at] = byte;
            }
            let _ = thumbnail(Cursor::new(file), Bounds::default());
        }
    }
}
