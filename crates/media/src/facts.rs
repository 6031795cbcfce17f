//! What one file tells about itself, and which reader is asked.

use std::io::{self, Read, Seek};
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use crate::camera_tags::CameraTags;
use crate::capture::Taken;
use crate::file_type::{Family, FileType};
use crate::place::Place;
use crate::sniff::{SNIFF_BYTES, sniff};
use crate::source::Source;
use crate::{asf, avi, boxes, exif, flv, heif, jpeg, movie, mpeg, pixels, tiff, xmp};

/// What one file tells about itself. What it does not tell, or tells wrongly, is `None`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Facts {
    /// What it is, by content.
    pub file_type: FileType,
    /// When it was taken: EXIF's original or digitised date, else XMP's; a film's creation date.
    pub taken: Option<Taken>,
    /// Width in pixels as stored, before `orientation` is applied.
    pub width: Option<u32>,
    /// Height in pixels as stored, before `orientation` is applied.
    pub height: Option<u32>,
    /// EXIF orientation, 1 to 8. For HEIF it is a copy of the rotation that the container asks for, not another one.
    pub orientation: Option<u16>,
    /// Degrees north. Set together with `longitude`, never 0, 0.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// Metres above sea level.
    pub altitude: Option<f64>,
    /// Camera maker, trimmed.
    pub camera_make: Option<String>,
    /// Camera model, trimmed.
    pub camera_model: Option<String>,
    /// EXIF ImageDescription, trimmed. Many cameras write their own name or blanks here.
    pub description: Option<String>,
    /// EXIF ImageUniqueID. Some cameras write the same into every photo.
    pub unique_id: Option<String>,
    /// How long the film is.
    pub duration: Option<Duration>,
}

impl Facts {
    pub(crate) fn new(file_type: FileType) -> Self {
        Self {
            file_type,
            taken: None,
            width: None,
            height: None,
            orientation: None,
            latitude: None,
            longitude: None,
            altitude: None,
            camera_make: None,
            camera_model: None,
            description: None,
            unique_id: None,
            duration: None,
        }
    }

    pub(crate) fn set_place(&mut self, place: Option<Place>) {
        self.latitude = place.map(|place| place.latitude);
        self.longitude = place.map(|place| place.longitude);
        self.altitude = place.and_then(|place| place.altitude);
    }
}

/// Reads what a file tells about itself, and as little of the file as that takes.
///
/// A file that is neither photo nor video, or a broken one, gives what can be read of it, at least its type.
///
/// # Errors
/// Those of opening and reading the file.
pub fn inspect(path: &Path) -> io::Result<Facts> {
    inspect_source(&mut Source::open(path)?)
}

/// As [`inspect`], of a file that is in memory.
///
/// # Errors
/// None by itself; reading memory does not fail.
pub fn inspect_bytes(bytes: &[u8]) -> io::Result<Facts> {
    inspect_source(&mut Source::new(io::Cursor::new(bytes))?)
}

pub(crate) fn inspect_source<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Facts> {
    let mut facts = Facts::new(sniff(&source.block(0, SNIFF_BYTES)?).file_type());
    match facts.file_type.family {
        Family::Jpeg => read_jpeg(source, &mut facts)?,
        Family::Png | Family::Webp => {
            set_size(&mut facts, pixels::size(source)?);
            exif::read(source)?.fill(&mut facts);
            let packet = if facts.file_type.family == Family::Png { xmp::of_png(source)? } else { xmp::of_webp(source)? };
            fill_date(&mut facts, packet);
        }
        Family::Gif | Family::SizeOnly => set_size(&mut facts, pixels::size(source)?),
        Family::BoxedPicture => {
            set_size(&mut facts, heif::picture_size(source)?);
            let block = heif::exif(source)?;
            read_camera_tags(source, block, &mut facts)?;
        }
        Family::Jp2 => set_size(&mut facts, boxes::jp2_size(source)?),
        Family::Cr3 | Family::Raf => exif::read(source)?.fill(&mut facts),
        Family::Tiff => {
            let mut tags = CameraTags::default();
            let picture = tiff::read(source, 0, &mut tags)?;
            set_size(&mut facts, picture.size);
            tags.fill(&mut facts);
            fill_date(&mut facts, picture.xmp);
        }
        Family::Movie => movie::read(source, &mut facts)?,
        Family::Matroska => movie::read_matroska(source, &mut facts)?,
        Family::Avi => avi::read(source, &mut facts)?,
        Family::Asf => asf::read(source, &mut facts)?,
        Family::Flv => flv::read(source, &mut facts)?,
        Family::MpegProgram => mpeg::read_program(source, &mut facts)?,
        Family::MpegTransport => mpeg::read_transport(source, &mut facts)?,
        Family::Opaque => {}
    }
    Ok(facts)
}

fn read_jpeg<R: Read + Seek>(source: &mut Source<R>, facts: &mut Facts) -> io::Result<()> {
    let segments = jpeg::segments(source)?;
    set_size(facts, segments.size);
    read_camera_tags(source, segments.exif, facts)?;
    if let Some(range) = segments.xmp.filter(|_| facts.taken.is_none()) {
        let length = range.end.saturating_sub(range.start).min(xmp::LONGEST_PACKET as u64);
        let packet = source.block(range.start, length as usize)?;
        fill_date(facts, Some(packet));
    }
    Ok(())
}

/// Reads the camera's tags; `block` is where we know a TIFF structure with them to begin.
///
/// `nom-exif` rejects a whole block for one bad entry, or does not find it: the second reader adds what is sound.
fn read_camera_tags<R: Read + Seek>(source: &mut Source<R>, block: Option<u64>, facts: &mut Facts) -> io::Result<()> {
    exif::read(source)?.fill(facts);
    if let Some(base) = block {
        let mut second = CameraTags::default();
        tiff::read(source, base, &mut second)?;
        second.fill(facts);
    }
    Ok(())
}

fn set_size(facts: &mut Facts, size: Option<(u32, u32)>) {
    (facts.width, facts.height) = size.filter(|(width, height)| *width > 0 && *height > 0).unzip();
}

fn fill_date(facts: &mut Facts, packet: Option<Vec<u8>>) {
    if facts.taken.is_none() {
        facts.taken = packet.and_then(|packet| xmp::taken(&packet));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::file_type::Kind;
    use crate::jpeg::tests::with_segment;
    use crate::tiff::tests::{phone_tags, tiff_file};
    use proptest::prelude::*;
    use std::io::Cursor;

    fn facts_of(bytes: &[u8]) -> Facts {
        inspect_source(&mut Source::new(Cursor::new(bytes)).unwrap()).unwrap()
    }

    fn jpeg() -> Vec<u8> {
        with_segment(0xE1, &[b"Exif\0\0".as_slice(), &tiff_file(true, &phone_tags())].concat())
    }

    fn png(chunk_name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let picture = image::GrayImage::new(30, 20);
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        let bytes = bytes.into_inner();
        // Behind the signature and the header chunk.
        let chunk = [&(body.len() as u32).to_be_bytes()[..], chunk_name, body, &[0; 4]].concat();
        [&bytes[..33], &chunk, &bytes[33..]].concat()
    }

    fn webp() -> Vec<u8> {
        let chunk = |name: &[u8; 4], body: &[u8]| {
            let padding = &[0][..body.len() % 2];
            [name.as_slice(), &(body.len() as u32).to_le_bytes(), body, padding].concat()
        };
        let canvas = [8, 0, 0, 0, 0x2B, 1, 0, 0xC7, 0, 0];
        let body = [
            b"WEBP".to_vec(),
            chunk(b"VP8X", &canvas),
            chunk(b"VP8 ", &[3; 40]),
            chunk(b"EXIF", &tiff_file(false, &phone_tags())),
        ];
        chunk(b"RIFF", &body.concat())
    }

    fn assert_from_the_phone(facts: &Facts) {
        assert_eq!(facts.camera_make.as_deref(), Some("Maker"));
        assert_eq!(facts.camera_model.as_deref(), Some("Phone 1"));
        assert_eq!((facts.latitude, facts.longitude, facts.orientation), (Some(48.5), Some(11.0), Some(6)));
        let taken = facts.taken.unwrap();
        assert_eq!(taken.local.to_string(), "2019-05-04 10:20:30.123");
        assert_eq!(taken.instant.unwrap().to_rfc3339(), "2019-05-04T08:20:30.123+00:00");
    }

    #[test]
    fn a_jpeg_of_a_phone() {
        let facts = facts_of(&jpeg());
        assert_eq!((facts.width, facts.height), (Some(160), Some(120)), "of the picture, not what EXIF says");
        assert_from_the_phone(&facts);
    }

    #[test]
    fn a_png_with_exif() {
        let facts = facts_of(&png(b"eXIf", &tiff_file(true, &phone_tags())));
        assert_eq!((facts.width, facts.height), (Some(30), Some(20)));
        assert_from_the_phone(&facts);
    }

    #[test]
    fn a_webp_with_exif() {
        let facts = facts_of(&webp());
        assert_eq!((facts.width, facts.height), (Some(300), Some(200)));
        assert_from_the_phone(&facts);
    }

    #[test]
    fn a_png_with_xmp() {
        let facts = facts_of(&png(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x xmp:CreateDate=\"2012-12-31T04:35:10Z\"/>"));
        assert_eq!(facts.taken.unwrap().instant.unwrap().to_rfc3339(), "2012-12-31T04:35:10+00:00");
    }

    #[test]
    fn an_error_page_under_a_photos_name_is_not_media() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("IMG_0001.jpg");
        std::fs::write(&path, "<!DOCTYPE html><title>Error 403 (Forbidden)!!1</title>").unwrap();
        let facts = inspect(&path).unwrap();
        assert_eq!((facts.file_type.mime, facts.file_type.kind), ("text/html", Kind::NotMedia));
        assert_eq!(facts, Facts::new(crate::file_type::HTML), "and nothing else is known");
    }

    #[test]
    fn nothing_and_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("empty.jpg");
        std::fs::write(&path, "").unwrap();
        assert_eq!(inspect(&path).unwrap().file_type.kind, Kind::NotMedia);
        assert_eq!(inspect(&folder.path().join("none.jpg")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn broken_metadata_are_no_error() {
        let facts = facts_of(&with_segment(0xE1, b"Exif\0\0II\x2A\0\xFF\xFF\xFF\xFF"));
        assert_eq!((facts.width, facts.taken, facts.camera_make), (Some(160), None, None));
    }

    proptest! {
        #[test]
        fn any_bytes_behind_a_known_start_are_survived(
            start in prop::sample::select(vec![
                b"\xFF\xD8\xFF\xE1\0\x40Exif\0\0II\x2A\0".as_slice(), b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR", b"GIF89a",
                b"RIFF\xFF\0\0\0WEBPVP8X", b"BM", b"8BPS\0\x01", b"\xFF\x0A", b"\0\0\0\x0CJXL \r\n\x87\n",
                b"\0\0\0\x0CjP  \r\n\x87\n", b"FUJIFILMCCD-RAW ", b"MM\0\x2A\0\0\0\x08", b"IIU\0\x08\0\0\0", b"\0\0\x01\0\x01\0",
                b"\0\0\0\x10ftypheic\0\0\0\0", b"\0\0\0\x10ftypcrx \0\0\0\0", b"\0\0\0\x10ftypisom\0\0\0\0\0\0\0\xFFmoov",
                b"\x1A\x45\xDF\xA3\x9F\x42\x82\x84webm", b"RIFF\xFF\0\0\0AVI LIST", b"FLV\x01", b"\0\0\x01\xBA",
                b"\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C",
            ]),
            tail in proptest::collection::vec(prop_oneof![Just(0_u8), Just(1), Just(0xFF), any::<u8>()], 0..600),
        ) {
            let _ = facts_of(&[start, &tail].concat());
        }

        #[test]
        fn any_change_of_a_picture_is_survived(
            which in 0..3_usize,
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..10),
        ) {
            let mut bytes = vec![jpeg(), png(b"eXIf", &tiff_file(true, &phone_tags())), webp()].swap_remove(which);
            let headers = bytes.len().min(500);
            for (at, byte) in changes {
                bytes[at.index(headers)] = byte;
            }
            let facts = facts_of(&bytes);
            if let (Some(latitude), Some(longitude)) = (facts.latitude, facts.longitude) {
                prop_assert!(latitude.abs() <= 90.0 && longitude.abs() <= 180.0);
            }
        }
    }
}
