//! The segments of a JPEG up to its first scan: where the picture begins, how big it is, and where EXIF and XMP lie.

use std::io::{self, Read, Seek};
use std::ops::Range;

use crate::source::Source;

/// More segments before the picture than any writer makes (an ICC profile or depth map in 64 KiB pieces included).
const MOST_SEGMENTS: usize = 20_000;
/// Some writers leave unknown bytes between two segments; this many are searched for the next.
const STRAY_BYTES: usize = 64 * 1024;

const EXIF_NAME: &[u8; 6] = b"Exif\0\0";
const XMP_NAME: &[u8; 29] = b"http://ns.adobe.com/xap/1.0/\0";

/// What stands before the first scan.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Segments {
    /// Width and height of the frame.
    pub(crate) size: Option<(u32, u32)>,
    /// Where the TIFF structure of the EXIF block begins.
    pub(crate) exif: Option<u64>,
    pub(crate) xmp: Option<Range<u64>>,
    /// Where the first scan's header begins; `None` if there is none.
    pub(crate) scan: Option<u64>,
    /// A segment reaches behind the end of the file, or the file ends where one should begin.
    pub(crate) ends_early: bool,
}

/// Walks the segments.
pub(crate) fn segments<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Segments> {
    let mut found = Segments::default();
    let mut at = 2;
    for _ in 0..MOST_SEGMENTS {
        let Some(marker) = source.array::<2>(at)? else {
            found.ends_early = true;
            break;
        };
        match marker {
            // Fill bytes may stand before a marker.
            [0xFF, 0xFF] => at += 1,
            // Markers without a segment.
            [0xFF, 0x01 | 0xD0..=0xD8] => at += 2,
            // The end before any scan: tables only.
            [0xFF, 0xD9] => break,
            [0xFF, name] if name != 0 => {
                let Some(length) = source.array::<2>(at + 2)? else {
                    found.ends_early = true;
                    break;
                };
                let end = at + 2 + u64::from(u16::from_be_bytes(length)).max(2);
                note(source, name, at + 4..end, &mut found)?;
                if name == 0xDA {
                    found.scan = Some(at);
                    break;
                }
                if end > source.length() {
                    found.ends_early = true;
                    break;
                }
                at = end;
            }
            _ => match next_marker(&source.block(at, STRAY_BYTES)?) {
                Some(skip) => at += skip as u64,
                None => break,
            },
        }
    }
    if let (Some((width, 0)), Some(_)) = (found.size, found.scan) {
        found.size = height_behind_the_scan(source)?.map(|height| (width, height));
    }
    Ok(found)
}

/// A height of 0 in the frame means that it is told behind the first scan, in a segment of its own: all but forgotten.
/// Looked for at the end of the file only.
fn height_behind_the_scan<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Option<u32>> {
    const NAME_AND_LENGTH: &[u8] = b"\xFF\xDC\0\x04";
    let tail = source.block(source.length().saturating_sub(64 * 1024), 64 * 1024)?;
    let height = memchr::memmem::rfind(&tail, NAME_AND_LENGTH).and_then(|at| tail.get(at + 4..)?.first_chunk().copied());
    Ok(height.map(|height| u32::from(u16::from_be_bytes(height))).filter(|height| *height > 0))
}

fn note<R: Read + Seek>(source: &mut Source<R>, name: u8, body: Range<u64>, found: &mut Segments) -> io::Result<()> {
    match name {
        // Frames of all kinds; C4, C8 and CC are tables. A frame in a thumbnail lies in its own segment.
        0xC0..=0xCF if !matches!(name, 0xC4 | 0xC8 | 0xCC) && found.size.is_none() => {
            if let Some([_, h0, h1, w0, w1]) = source.array::<5>(body.start)? {
                let (width, height) = (u16::from_be_bytes([w0, w1]), u16::from_be_bytes([h0, h1]));
                found.size = (width > 0).then_some((width.into(), height.into()));
            }
        }
        0xE1 => {
            let start = source.block(body.start, XMP_NAME.len())?;
            if start.starts_with(EXIF_NAME) && found.exif.is_none() {
                found.exif = Some(body.start + EXIF_NAME.len() as u64);
            } else if start == XMP_NAME && found.xmp.is_none() {
                found.xmp = Some(body.start + XMP_NAME.len() as u64..body.end);
            }
        }
        _ => {}
    }
    Ok(())
}

/// Where the next marker with a segment begins, of those that may stand before a scan.
fn next_marker(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(0xFF, bytes).find(|at| matches!(bytes.get(at + 1), Some(0xC0..=0xCF | 0xDA..=0xDD | 0xE0..=0xEF | 0xFE)))
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    /// A real picture of noise, so that its scan is longer than its tables.
    pub(crate) fn picture() -> Vec<u8> {
        let mut state = 1_u32;
        let noise = image::RgbImage::from_fn(160, 120, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            image::Rgb([(state >> 8) as u8, (state >> 16) as u8, (state >> 24) as u8])
        });
        let mut bytes = Cursor::new(Vec::new());
        noise.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
        bytes.into_inner()
    }

    /// The same, with a segment put in front of all others.
    pub(crate) fn with_segment(name: u8, body: &[u8]) -> Vec<u8> {
        let picture = picture();
        let length = (body.len() as u16 + 2).to_be_bytes();
        [&picture[..2], &[0xFF, name], &length, body, &picture[2..]].concat()
    }

    fn walk(bytes: &[u8]) -> Segments {
        segments(&mut Source::new(Cursor::new(bytes)).unwrap()).unwrap()
    }

    #[test]
    fn size_and_scan_of_a_real_picture() {
        let bytes = picture();
        let found = walk(&bytes);
        assert_eq!(found.size, Some((160, 120)));
        assert_eq!(bytes[found.scan.unwrap() as usize..][..2], [0xFF, 0xDA]);
        assert!(!found.ends_early);
    }

    #[test]
    fn exif_and_xmp_are_found() {
        let exif = with_segment(0xE1, b"Exif\0\0II\x2A\0");
        let at = walk(&exif).exif.unwrap() as usize;
        assert_eq!(&exif[at..at + 4], b"II\x2A\0");
        let xmp = with_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>");
        let range = walk(&xmp).xmp.unwrap();
        assert_eq!(&xmp[range.start as usize..range.end as usize], b"<x:xmpmeta/>");
    }

    #[test]
    fn stray_bytes_between_segments_are_stepped_over() {
        let bytes = with_segment(0xE2, b"profile");
        let stray = [&bytes[..13], b"\0\x01stray\xFF\0".as_slice(), &bytes[13..]].concat();
        assert_eq!(walk(&stray).size, Some((160, 120)));
    }

    #[test]
    fn fill_bytes_before_a_marker() {
        let bytes = picture();
        let filled = [&bytes[..2], &[0xFF; 5], &bytes[2..]].concat();
        assert_eq!(walk(&filled).size, Some((160, 120)));
    }

    #[test]
    fn a_height_told_behind_the_scan() {
        let mut bytes = picture();
        let frame = memchr::memmem::find(&bytes, b"\xFF\xC0").unwrap();
        bytes[frame + 5..frame + 7].fill(0);
        bytes.truncate(bytes.len() - 2);
        bytes.extend(b"\xFF\xDC\0\x04\0\x78\xFF\xD9");
        assert_eq!(walk(&bytes).size, Some((160, 120)));
        let end = bytes.len() - 8;
        assert_eq!(walk(&bytes[..end]).size, None, "nobody tells the height");
    }

    #[test]
    fn a_segment_behind_the_end() {
        let bytes = picture();
        assert!(walk(&bytes[..30]).ends_early);
        assert!(walk(&bytes[..3]).ends_early);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(tail in proptest::collection::vec(prop_oneof![Just(0xFF_u8), Just(0), any::<u8>()], 0..400)) {
            let _ = walk(&[&[0xFF, 0xD8][..], &tail].concat());
        }
    }
}
