//! Writes the EXIF block of a painted picture: a little-endian TIFF with the main, Exif and GPS directories.
//!
//! Written here rather than by a library: the tags are a fixed two dozen, and the bytes of a recipe must not change when
//! a dependency does, because their hashes are compared from run to run. Reading it back is tested with `nom-exif`.
//! Tag numbers and types: EXIF 2.32 (CIPA DC-008).

use chrono::{DateTime, FixedOffset, Offset, Timelike, Utc};

use super::PictureRecipe;
use super::random::Random;

/// How the camera was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exposure {
    /// Seconds, as a fraction.
    pub(super) time: (u32, u32),
    /// Tenths of the f-number.
    pub(super) f_number: u32,
    pub(super) iso: u16,
    /// Hundredths of a millimetre.
    pub(super) focal_length: u32,
}

/// Longest caption that is written, in bytes; the block must fit one JPEG segment of 64 KiB.
const CAPTION_MAX: usize = 8_000;

/// Puts the EXIF of `recipe` right after the start marker of `jpeg`, where EXIF asks for it.
pub(super) fn insert(jpeg: &[u8], recipe: &PictureRecipe, exposure: Exposure) -> Vec<u8> {
    let block = block(recipe, exposure);
    let mut out = Vec::with_capacity(jpeg.len() + block.len() + 10);
    out.extend_from_slice(&jpeg[..2]);
    out.extend_from_slice(&[0xff, 0xe1]);
    out.extend_from_slice(&((block.len() + 8) as u16).to_be_bytes());
    out.extend_from_slice(b"Exif\0\0");
    out.extend_from_slice(&block);
    out.extend_from_slice(&jpeg[2..]);
    out
}

/// `jpeg` without the block that [`insert`] put in; as it is when there is none.
pub(crate) fn removed(jpeg: &[u8]) -> Vec<u8> {
    let rest = 2 + segment(jpeg).len();
    [jpeg.get(..2).unwrap_or_default(), jpeg.get(rest..).unwrap_or_default()].concat()
}

/// `jpeg`, which has none, with the block of `other`.
pub(crate) fn with_exif_of(other: &[u8], jpeg: &[u8]) -> Vec<u8> {
    [jpeg.get(..2).unwrap_or_default(), segment(other), jpeg.get(2..).unwrap_or_default()].concat()
}

/// The segment that [`insert`] put in, with its marker; empty when there is none.
fn segment(jpeg: &[u8]) -> &[u8] {
    let is_exif = jpeg.get(2..4) == Some(&[0xff, 0xe1]) && jpeg.get(6..12) == Some(b"Exif\0\0");
    match jpeg.get(4..6) {
        Some(length) if is_exif => jpeg.get(2..4 + usize::from(u16::from_be_bytes([length[0], length[1]]))).unwrap_or_default(),
        _ => &[],
    }
}

fn block(recipe: &PictureRecipe, exposure: Exposure) -> Vec<u8> {
    let mut random = Random::part(recipe.seed, 0x6578_6966);
    let zone = FixedOffset::east_opt(recipe.offset_seconds).unwrap_or(Utc.fix());
    let local = recipe.taken.with_timezone(&zone);
    let date = local.format("%Y:%m:%d %H:%M:%S").to_string();
    let offset = local.format("%:z").to_string();
    let fraction = fraction_digits(recipe.taken);

    let mut main = vec![
        Entry::short(0x0112, 1), // Orientation
        Entry::rationals(0x011a, &[(72, 1)]),
        Entry::rationals(0x011b, &[(72, 1)]),
        Entry::short(0x0128, 2), // inches
        Entry::ascii(0x0132, &date),
        Entry::short(0x0213, 1), // YCbCr centred
    ];
    if let Some(caption) = &recipe.caption {
        main.push(Entry::ascii(0x010e, &caption[..caption.floor_char_boundary(CAPTION_MAX)]));
    }
    for (tag, text) in [(0x010f, recipe.camera.0), (0x0110, recipe.camera.1)] {
        if !text.is_empty() {
            main.push(Entry::ascii(tag, text));
        }
    }

    let mut details = vec![
        Entry::rationals(0x829a, &[exposure.time]),
        Entry::rationals(0x829d, &[(exposure.f_number, 10)]),
        Entry::short(0x8827, exposure.iso),
        Entry::undefined(0x9000, b"0232"), // version
        Entry::ascii(0x9003, &date),       // original
        Entry::ascii(0x9004, &date),       // digitized
        Entry::ascii(0x9010, &offset),
        Entry::ascii(0x9011, &offset),
        Entry::ascii(0x9012, &offset),
        Entry::undefined(0x9101, &[1, 2, 3, 0]), // components: YCbCr
        Entry::rationals(0x920a, &[(exposure.focal_length, 100)]),
        Entry::undefined(0xa000, b"0100"), // FlashPix version
        Entry::short(0xa001, 1),           // sRGB
        Entry::long(0xa002, recipe.width),
        Entry::long(0xa003, recipe.height),
        Entry::ascii(0xa420, &format!("{:016x}{:016x}", random.next(), random.next())),
    ];
    if let Some(digits) = fraction {
        details.extend([0x9290, 0x9291, 0x9292].map(|tag| Entry::ascii(tag, &digits)));
    }

    let place = recipe.place.map(|(latitude, longitude)| {
        let utc = recipe.taken;
        vec![
            Entry::bytes(0x00, &[2, 3, 0, 0]),
            Entry::ascii(0x01, if latitude < 0.0 { "S" } else { "N" }),
            Entry::rationals(0x02, &degrees(latitude)),
            Entry::ascii(0x03, if longitude < 0.0 { "W" } else { "E" }),
            Entry::rationals(0x04, &degrees(longitude)),
            Entry::bytes(0x05, &[0]), // above sea level
            Entry::rationals(0x06, &[(20 + random.below(9_000) as u32, 10)]),
            Entry::rationals(0x07, &[(utc.hour(), 1), (utc.minute(), 1), (utc.second(), 1)]),
            Entry::ascii(0x1d, &utc.format("%Y:%m:%d").to_string()),
        ]
    });

    // Directories follow each other, so each one's place is known once the lengths of those before it are.
    main.push(Entry::long(0x8769, 0));
    if place.is_some() {
        main.push(Entry::long(0x8825, 0));
    }
    let details_at = HEADER.len() as u32 + directory_length(&main);
    let place_at = details_at + directory_length(&details);
    for entry in &mut main {
        match entry.tag {
            0x8769 => entry.data = details_at.to_le_bytes().to_vec(),
            0x8825 => entry.data = place_at.to_le_bytes().to_vec(),
            _ => {}
        }
    }
    let mut out = HEADER.to_vec();
    for directory in [Some(main), Some(details), place].into_iter().flatten() {
        write_directory(&mut out, directory);
    }
    out
}

/// Little-endian, version 42, first directory right behind.
const HEADER: [u8; 8] = *b"II\x2a\0\x08\0\0\0";

/// Fraction of the second as EXIF writes it: decimal digits without trailing zeros, `None` on a whole second.
fn fraction_digits(taken: DateTime<Utc>) -> Option<String> {
    let nanos = taken.nanosecond() % 1_000_000_000;
    (nanos > 0).then(|| format!("{nanos:09}").trim_end_matches('0').to_owned())
}

/// Degrees, minutes and seconds (to a ten-thousandth).
fn degrees(value: f64) -> [(u32, u32); 3] {
    let total = (value.abs() * 3_600.0 * 10_000.0).round() as u64;
    let (minutes, seconds) = (total / 600_000, total % 600_000);
    [((minutes / 60) as u32, 1), ((minutes % 60) as u32, 1), (seconds as u32, 10_000)]
}

struct Entry {
    tag: u16,
    kind: u16,
    count: u32,
    data: Vec<u8>,
}

impl Entry {
    fn bytes(tag: u16, data: &[u8]) -> Self {
        Self { tag, kind: 1, count: data.len() as u32, data: data.to_vec() }
    }

    /// Text with its closing NUL; NULs inside would end it early and are dropped. UTF-8 as all current cameras write it.
    fn ascii(tag: u16, text: &str) -> Self {
        let data: Vec<u8> = text.bytes().filter(|&b| b != 0).chain([0]).collect();
        Self { tag, kind: 2, count: data.len() as u32, data }
    }

    fn short(tag: u16, value: u16) -> Self {
        Self { tag, kind: 3, count: 1, data: value.to_le_bytes().to_vec() }
    }

    fn long(tag: u16, value: u32) -> Self {
        Self { tag, kind: 4, count: 1, data: value.to_le_bytes().to_vec() }
    }

    fn rationals(tag: u16, values: &[(u32, u32)]) -> Self {
        let data = values.iter().flat_map(|(n, d)| [n.to_le_bytes(), d.to_le_bytes()]).flatten().collect();
        Self { tag, kind: 5, count: values.len() as u32, data }
    }

    fn undefined(tag: u16, data: &[u8]) -> Self {
        Self { tag, kind: 7, count: data.len() as u32, data: data.to_vec() }
    }

    /// Bytes behind the directory; four or fewer stand in the entry itself. Even, because offsets must be.
    fn outside(&self) -> u32 {
        if self.data.len() > 4 { self.data.len().next_multiple_of(2) as u32 } else { 0 }
    }
}

fn directory_length(entries: &[Entry]) -> u32 {
    2 + 12 * entries.len() as u32 + 4 + entries.iter().map(Entry::outside).sum::<u32>()
}

fn write_directory(out: &mut Vec<u8>, mut entries: Vec<Entry>) {
    entries.sort_by_key(|entry| entry.tag);
    let mut data_at = out.len() as u32 + 2 + 12 * entries.len() as u32 + 4;
    out.extend_from_slice(&(entries.len() as u16).to_le_bytes());
    for entry in &entries {
        out.extend_from_slice(&entry.tag.to_le_bytes());
        out.extend_from_slice(&entry.kind.to_le_bytes());
        out.extend_from_slice(&entry.count.to_le_bytes());
        if entry.outside() > 0 {
            out.extend_from_slice(&data_at.to_le_bytes());
            data_at += entry.outside();
        } else {
            let mut inline = [0; 4];
            inline[..entry.data.len()].copy_from_slice(&entry.data);
            out.extend_from_slice(&inline);
        }
    }
    out.extend_from_slice(&[0; 4]); // no next directory
    for entry in entries.iter().filter(|entry| entry.outside() > 0) {
        out.extend_from_slice(&entry.data);
        out.resize(out.len().next_multiple_of(2), 0);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use chrono::TimeZone;
    use nom_exif::{Exif, ExifTag, MediaParser, MediaSource};
    use proptest::prelude::*;

    use super::*;

    const EXPOSURE: Exposure = Exposure { time: (1, 250), f_number: 56, iso: 200, focal_length: 4_380 };

    fn recipe() -> PictureRecipe {
        PictureRecipe {
            seed: 42,
            width: 1_280,
            height: 960,
            taken: Utc.with_ymd_and_hms(2019, 7, 13, 22, 15, 2).unwrap(),
            offset_seconds: 2 * 3_600,
            place: Some((-33.8568, 151.2153)),
            camera: ("Google", "Pixel 4"),
            caption: Some("Abend am See, 夕方".to_owned()),
        }
    }

    fn read(recipe: &PictureRecipe) -> Exif {
        let jpeg = insert(&super::super::filler(1, 1_000), recipe, EXPOSURE);
        MediaParser::new().parse_exif(MediaSource::from_memory(jpeg).unwrap()).unwrap().into()
    }

    fn text(exif: &Exif, tag: ExifTag) -> Option<String> {
        exif.get(tag).and_then(|value| value.as_str()).map(str::to_owned)
    }

    #[test]
    fn every_field_reads_back() {
        let exif = read(&recipe());
        assert_eq!(exif.errors().len(), 0);
        assert_eq!(text(&exif, ExifTag::Make).as_deref(), Some("Google"));
        assert_eq!(text(&exif, ExifTag::Model).as_deref(), Some("Pixel 4"));
        assert_eq!(text(&exif, ExifTag::ImageDescription).as_deref(), Some("Abend am See, 夕方"));
        assert_eq!(exif.get(ExifTag::Orientation).unwrap().as_u16(), Some(1));
        assert_eq!(exif.get(ExifTag::ExifImageWidth).unwrap().as_u32(), Some(1_280));
        assert_eq!(exif.get(ExifTag::ExifImageHeight).unwrap().as_u32(), Some(960));
        assert_eq!(exif.get(ExifTag::ISOSpeedRatings).unwrap().as_u16(), Some(200));
        assert_eq!(text(&exif, ExifTag::ImageUniqueID).unwrap().len(), 32);
        let rational = |tag| exif.get(tag).unwrap().as_urational().map(|r| (r.numerator(), r.denominator()));
        assert_eq!(rational(ExifTag::ExposureTime), Some((1, 250)));
        assert_eq!(rational(ExifTag::FNumber), Some((56, 10)));
        assert_eq!(rational(ExifTag::FocalLength), Some((4_380, 100)));
    }

    #[test]
    fn dates_are_the_cameras_local_time_with_its_offset() {
        let exif = read(&recipe());
        for tag in [ExifTag::DateTimeOriginal, ExifTag::CreateDate] {
            // After midnight where it was taken, although still the day before in UTC.
            let seen = exif.get(tag).unwrap().as_datetime().unwrap().or_offset(FixedOffset::east_opt(7_200).unwrap());
            assert_eq!(seen.to_rfc3339(), "2019-07-14T00:15:02+02:00");
        }
        assert_eq!(text(&exif, ExifTag::OffsetTimeOriginal).as_deref(), Some("+02:00"));
        assert_eq!(text(&exif, ExifTag::SubSecTimeOriginal), None);
    }

    #[test]
    fn a_fraction_of_a_second_is_written_without_trailing_zeros() {
        let mut recipe = recipe();
        recipe.taken = Utc.timestamp_opt(1_562_976_902, 120_000_000).unwrap();
        assert_eq!(text(&read(&recipe), ExifTag::SubSecTimeOriginal).as_deref(), Some("12"));
    }

    #[test]
    fn without_place_and_caption_there_are_no_such_fields() {
        let exif = read(&PictureRecipe { place: None, caption: None, ..recipe() });
        assert!(exif.gps_info().is_none());
        assert!(exif.get(ExifTag::ImageDescription).is_none());
    }

    proptest! {
        #[test]
        fn places_read_back_to_a_thousandth_of_a_second(latitude in -90.0..=90.0f64, longitude in -180.0..=180.0f64) {
            let exif = read(&PictureRecipe { place: Some((latitude, longitude)), ..recipe() });
            let gps = exif.gps_info().expect("has a place");
            prop_assert!((gps.latitude_decimal().expect("latitude") - latitude).abs() < 1e-6);
            prop_assert!((gps.longitude_decimal().expect("longitude") - longitude).abs() < 1e-6);
            prop_assert!(gps.altitude_meters().is_some_and(|metres| metres > 0.0));
        }

        #[test]
        fn any_caption_leaves_the_block_readable(caption in "\\PC{0,40}|[ä-ü]{9000}") {
            let exif = read(&PictureRecipe { caption: Some(caption), ..recipe() });
            prop_assert_eq!(exif.errors().len(), 0);
            prop_assert_eq!(text(&exif, ExifTag::Model), Some("Pixel 4".to_owned()));
        }
    }
}
