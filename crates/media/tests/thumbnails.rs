//! Thumbnails, from outside: shapes, orientations, colours, and what becomes of broken files.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::time::{Duration, Instant};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use photokeep_media::{Bounds, Thumbnail, ThumbnailError, can_be_shown, thumbnail};
use proptest::prelude::*;

const INK: &[u8] = include_bytes!("pictures/ink.jpg");
const PROGRESSIVE: &[u8] = include_bytes!("pictures/progressive.jpg");
/// What transparent pictures are laid on.
const NEUTRAL: [u8; 3] = [0xC8; 3];

const RED: Rgb<u8> = Rgb([220, 30, 30]);
const GREEN: Rgb<u8> = Rgb([30, 200, 30]);
const BLUE: Rgb<u8> = Rgb([30, 30, 220]);
const WHITE: Rgb<u8> = Rgb([250, 250, 250]);

fn made(bytes: &[u8]) -> Result<Option<Thumbnail>, ThumbnailError> {
    thumbnail(Cursor::new(bytes), Bounds::default())
}

/// The thumbnail, and its pixels.
fn shown(bytes: &[u8]) -> (Thumbnail, RgbImage) {
    let made = made(bytes).unwrap().expect("a picture");
    let pixels = image::load_from_memory_with_format(&made.jpeg, ImageFormat::Jpeg).unwrap().into_rgb8();
    (made, pixels)
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn plain(width: u32, height: u32, color: Rgb<u8>) -> DynamicImage {
    RgbImage::from_pixel(width, height, color).into()
}

fn assert_near(found: Rgb<u8>, expected: Rgb<u8>, case: &str) {
    let near = found.0.iter().zip(expected.0).all(|(a, b)| a.abs_diff(b) <= 14);
    assert!(near, "{case}: {found:?} is not {expected:?}");
}

/// Reads the color of the middle of each quarter: upper left, upper right, lower left, lower right.
fn quarters(picture: &RgbImage) -> [Rgb<u8>; 4] {
    let (w, h) = picture.dimensions();
    [(1, 1), (3, 1), (1, 3), (3, 3)].map(|(x, y)| *picture.get_pixel(w * x / 4, h * y / 4))
}

/// A JPEG with an EXIF block that holds nothing but an orientation.
fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let exif =
        [b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[orientation], b"\0\0\0\0\0\0"].concat();
    let length = (exif.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &exif, &jpeg[2..]].concat()
}

#[test]
fn every_orientation_stands_upright() {
    // EXIF 2.32, 4.6.5: on which side of the upright picture the stored first row and first column lie.
    let sides = [
        ("top", "left"),
        ("top", "right"),
        ("bottom", "right"),
        ("bottom", "left"),
        ("left", "top"),
        ("right", "top"),
        ("right", "bottom"),
        ("left", "bottom"),
    ];
    for (orientation, (first_row, first_column)) in (1..).zip(sides) {
        // Upright: red, green above; blue, white below.
        let color_at = |is_lower: bool, is_right: bool| match (is_lower, is_right) {
            (false, false) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (true, true) => WHITE,
        };
        let stored = RgbImage::from_fn(1200, 800, |x, y| {
            // Whether this pixel lies on the side where the first row, the first column is.
            let (near_first_row, near_first_column) = (y < 400, x < 600);
            let (mut is_lower, mut is_right) = (false, false);
            for (side, near) in [(first_row, near_first_row), (first_column, near_first_column)] {
                match side {
                    "top" => is_lower = !near,
                    "bottom" => is_lower = near,
                    "left" => is_right = !near,
                    _ => is_right = near,
                }
            }
            color_at(is_lower, is_right)
        });
        let jpeg = encoded(&stored.into(), ImageFormat::Jpeg);
        let (thumbnail, picture) = shown(&with_orientation(&jpeg, orientation));
        let (size, small) = if orientation < 5 { ((1200, 800), (480, 320)) } else { ((800, 1200), (213, 320)) };
        assert_eq!((thumbnail.width, thumbnail.height), size, "orientation {orientation}");
        assert_eq!(picture.dimensions(), small, "orientation {orientation}");
        for (found, expected) in quarters(&picture).into_iter().zip([RED, GREEN, BLUE, WHITE]) {
            assert_near(found, expected, &format!("orientation {orientation}"));
        }
    }
}

#[test]
fn a_thumbnail_holds_no_metadata() {
    let (made, _) = shown(&with_orientation(&encoded(&plain(300, 200, RED), ImageFormat::Jpeg), 6));
    assert!(!made.jpeg.windows(4).any(|bytes| bytes == b"Exif"));
}

#[test]
fn proportions_are_kept_and_nothing_is_enlarged() {
    for (size, expected) in [
        ((1600, 1200), (427, 320)),
        ((1200, 1600), (240, 320)),
        ((1000, 500), (640, 320)),
        ((640, 320), (640, 320)),
        ((90, 70), (90, 70)),
        ((1, 1), (1, 1)),
        ((1, 300), (1, 3)),
        // Cut off: the middle of a panorama, the upper end of a long screenshot.
        ((3000, 100), (400, 100)),
        ((300, 3000), (107, 320)),
    ] {
        for format in [ImageFormat::Jpeg, ImageFormat::Png] {
            let (made, picture) = shown(&encoded(&plain(size.0, size.1, BLUE), format));
            assert_eq!(picture.dimensions(), expected, "{size:?} {format:?}");
            assert_eq!((made.width, made.height), size);
            assert_near(*picture.get_pixel(0, 0), BLUE, "plain");
        }
    }
}

#[test]
fn the_bounds_are_the_callers() {
    let jpeg = encoded(&plain(1600, 1200, BLUE), ImageFormat::Jpeg);
    let made = thumbnail(Cursor::new(&jpeg), Bounds { width: 100, height: 100 }).unwrap().unwrap();
    assert_eq!(image::load_from_memory(&made.jpeg).unwrap().into_rgb8().dimensions(), (100, 75));
}

#[test]
fn panoramas_show_their_middle_and_long_screenshots_their_upper_end() {
    let panorama = RgbImage::from_fn(4000, 200, |x, _| if (1600..2400).contains(&x) { GREEN } else { RED });
    let (_, picture) = shown(&encoded(&panorama.into(), ImageFormat::Jpeg));
    assert_eq!(picture.dimensions(), (640, 160));
    for color in quarters(&picture) {
        assert_near(color, GREEN, "panorama");
    }
    let screenshot = RgbImage::from_fn(200, 2000, |_, y| if y < 600 { GREEN } else { RED });
    let (_, picture) = shown(&encoded(&screenshot.into(), ImageFormat::Png));
    for color in quarters(&picture) {
        assert_near(color, GREEN, "screenshot");
    }
}

#[test]
fn the_average_color_of_the_picture() {
    let halves = RgbImage::from_fn(900, 600, |x, _| if x < 450 { Rgb([200, 0, 100]) } else { Rgb([0, 100, 100]) });
    let (made, _) = shown(&encoded(&halves.into(), ImageFormat::Png));
    assert!(made.color.red.abs_diff(100) < 3 && made.color.green.abs_diff(50) < 3 && made.color.blue.abs_diff(100) < 3);
    let (made, _) = shown(&encoded(&plain(9, 9, Rgb([1, 0xAB, 0xFF])), ImageFormat::Png));
    assert_eq!(made.color.to_string(), "#01abff");
}

#[test]
fn every_format_shows_its_colors() {
    let picture = RgbImage::from_fn(800, 600, |x, y| match (x < 400, y < 300) {
        (true, true) => RED,
        (false, true) => GREEN,
        (true, false) => BLUE,
        (false, false) => WHITE,
    });
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Bmp, ImageFormat::Tiff]
    {
        let (made, small) = shown(&encoded(&picture.clone().into(), format));
        assert_eq!((made.width, made.height, small.dimensions()), (800, 600, (427, 320)), "{format:?}");
        for (found, expected) in quarters(&small).into_iter().zip([RED, GREEN, BLUE, WHITE]) {
            assert_near(found, expected, &format!("{format:?}"));
        }
    }
}

#[test]
fn every_kind_of_pixel() {
    let picture = plain(700, 500, RED);
    let gray = Rgb([picture.to_luma8().get_pixel(0, 0).0[0]; 3]);
    for (pixels, expected) in [
        (DynamicImage::from(picture.to_luma8()), gray),
        (picture.to_luma_alpha8().into(), gray),
        (picture.to_luma16().into(), gray),
        (picture.to_luma_alpha16().into(), gray),
        (picture.to_rgb16().into(), RED),
        (picture.to_rgba16().into(), RED),
        (picture.to_rgba8().into(), RED),
    ] {
        let (_, small) = shown(&encoded(&pixels, ImageFormat::Png));
        assert_near(*small.get_pixel(100, 100), expected, &format!("{:?}", pixels.color()));
    }
    for pixels in [DynamicImage::from(picture.to_rgb32f()), picture.to_rgba32f().into()] {
        let (_, small) = shown(&encoded(&pixels, ImageFormat::Tiff));
        assert_near(*small.get_pixel(100, 100), RED, &format!("{:?}", pixels.color()));
    }
}

#[test]
fn transparent_pictures_lie_on_a_neutral_ground() {
    let half_red = Rgb([0, 1, 2].map(|n| ((u16::from(RED.0[n]) + u16::from(NEUTRAL[n])) / 2) as u8));
    for (alpha, expected) in [(0, Rgb(NEUTRAL)), (128, half_red), (255, RED)] {
        let [r, g, b] = RED.0;
        let rgba = DynamicImage::from(image::RgbaImage::from_pixel(700, 500, image::Rgba([r, g, b, alpha])));
        for picture in [rgba.clone(), rgba.to_rgba16().into()] {
            let (made, small) = shown(&encoded(&picture, ImageFormat::Png));
            assert_near(*small.get_pixel(5, 5), expected, &format!("alpha {alpha} of {:?}", picture.color()));
            assert_near(Rgb([made.color.red, made.color.green, made.color.blue]), expected, "average");
        }
        let light = image::GrayAlphaImage::from_pixel(60, 50, image::LumaA([255, alpha]));
        let expected = ((255 * u16::from(alpha) + u16::from(NEUTRAL[0]) * (255 - u16::from(alpha))) / 255) as u8;
        for picture in [DynamicImage::from(light.clone()), DynamicImage::from(light).to_luma_alpha16().into()] {
            let (_, small) = shown(&encoded(&picture, ImageFormat::Png));
            assert_near(*small.get_pixel(5, 5), Rgb([expected; 3]), &format!("alpha {alpha} of {:?}", picture.color()));
        }
    }
}

#[test]
fn a_transparent_edge_is_as_wide_as_its_transparency() {
    // Red that is seen beside blue that is not: nothing of the blue, and nothing dark, must show where they meet.
    let (red, unseen) = (image::Rgba([RED.0[0], RED.0[1], RED.0[2], 255]), image::Rgba([0, 0, 255, 0]));
    let picture = image::RgbaImage::from_fn(1200, 900, |x, _| if x % 300 < 150 { red } else { unseen });
    let (made, _) = shown(&encoded(&picture.into(), ImageFormat::Png));
    let mixed = Rgb([0, 1, 2].map(|n| ((u16::from(RED.0[n]) + u16::from(NEUTRAL[n])) / 2) as u8));
    assert_near(Rgb([made.color.red, made.color.green, made.color.blue]), mixed, "half and half");
}

#[test]
fn a_palette() {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 400, 300);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Four);
    encoder.set_palette([RED.0, GREEN.0].concat());
    // The second color is see-through.
    encoder.set_trns(vec![255, 0]);
    let rows: Vec<u8> = (0..300 * 200).map(|n| if n % 200 < 100 { 0x00 } else { 0x11 }).collect();
    encoder.write_header().unwrap().write_image_data(&rows).unwrap();
    let (_, small) = shown(&bytes);
    assert_near(*small.get_pixel(50, 50), RED, "first color");
    assert_near(*small.get_pixel(350, 50), Rgb(NEUTRAL), "second color");
}

#[test]
fn an_animation_shows_its_first_picture() {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    for color in [GREEN, RED] {
        encoder.encode_frame(image::Frame::new(plain(50, 40, color).into_rgba8())).unwrap();
    }
    drop(encoder);
    let (_, small) = shown(&bytes);
    assert_near(*small.get_pixel(20, 20), GREEN, "first picture");
}

#[test]
fn ink_becomes_light() {
    let (made, small) = shown(INK);
    assert_eq!((made.width, made.height), (64, 48));
    assert_near(*small.get_pixel(30, 20), Rgb([255, 0, 0]), "as Adobe writes it");
    // Shrunk, too: the fourth channel must not count as transparency.
    let made = thumbnail(Cursor::new(INK), Bounds { width: 20, height: 20 }).unwrap().unwrap();
    assert_near(Rgb([made.color.red, made.color.green, made.color.blue]), Rgb([255, 0, 0]), "shrunk");
    // Without the marker there is neither a change of colors nor upside-down ink: the fourth channel is black in full.
    let (marker, rest) = INK[2..].split_at(16);
    assert_eq!(marker[..2], [0xFF, 0xEE]);
    let (_, small) = shown(&[&INK[..2], rest].concat());
    assert_near(*small.get_pixel(30, 20), Rgb([0, 0, 0]), "without the marker");
}

/// Noise above, so that half of the bytes are half of the picture; each row lighter than the one before.
fn detailed(width: u32, height: u32) -> DynamicImage {
    let mut state = 1_u32;
    RgbImage::from_fn(width, height, |_, y| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Rgb([(40 + y * 100 / height) as u8 + (state >> 27) as u8; 3])
    })
    .into()
}

#[test]
fn a_jpeg_that_is_cut_short_shows_what_there_is() {
    let picture = detailed(1200, 900);
    let whole = encoded(&picture, ImageFormat::Jpeg);
    let (_, expected) = shown(&whole);
    let (made, cut) = shown(&whole[..whole.len() / 2]);
    assert_eq!((made.width, made.height, cut.dimensions()), (1200, 900, expected.dimensions()));
    for y in [10, 60, 120] {
        assert_near(*cut.get_pixel(200, y), *expected.get_pixel(200, y), &format!("row {y}"));
    }
    // Only the end marker is missing: nothing else is.
    let (_, nearly) = shown(&whole[..whole.len() - 2]);
    assert_near(*nearly.get_pixel(200, 310), *expected.get_pixel(200, 310), "without the end marker");
}

#[test]
fn a_progressive_jpeg_whole_and_cut_short() {
    let (_, expected) = shown(PROGRESSIVE);
    let (_, cut) = shown(&PROGRESSIVE[..PROGRESSIVE.len() * 2 / 3]);
    for at in [(20, 20), (80, 60), (140, 100)] {
        let (a, b) = (cut.get_pixel(at.0, at.1), expected.get_pixel(at.0, at.1));
        assert!(a.0.iter().zip(b.0).all(|(a, b)| a.abs_diff(b) < 60), "{at:?}: {a:?} for {b:?}");
    }
}

#[test]
fn what_cannot_be_read_says_so() {
    let jpeg = encoded(&plain(300, 200, RED), ImageFormat::Jpeg);
    let png = encoded(&detailed(300, 200), ImageFormat::Png);
    for (case, bytes) in [
        ("empty", b"".as_slice()),
        ("a web page", b"<!DOCTYPE html><html><body>Sorry</body></html>"),
        ("rubbish", &[7; 5000]),
        ("a JPEG without a picture", b"\xFF\xD8\xFF\xE0\0\x10JFIF\0"),
        ("a JPEG cut in its tables", &jpeg[..200]),
        ("a PNG cut in its header", &png[..20]),
        ("a GIF without a picture", b"GIF89a\x10\0\x10\0\0\0\0;"),
    ] {
        assert!(matches!(made(bytes), Err(ThumbnailError::Unreadable)), "{case}");
    }
}

#[test]
fn what_is_drawn_as_a_placeholder() {
    for (mime, bytes) in [
        ("video/mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".as_slice()),
        ("image/jxl", b"\xFF\x0A\xFA\x1F\x41\x91"),
        ("image/vnd.adobe.photoshop", b"8BPS\0\x01\0\0\0\0\0\0\0\x03\0\0\0\x10\0\0\0\x10"),
    ] {
        assert!(matches!(made(bytes), Ok(None)), "{mime}");
        assert!(!can_be_shown(mime), "{mime}");
    }
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    assert!(matches!(made(heic), Ok(None)));
    for mime in ["image/jpeg", "image/heic", "image/x-adobe-dng", "image/tiff"] {
        assert!(can_be_shown(mime), "{mime}");
    }
}

#[test]
fn claims_of_enormous_pictures_are_refused_at_once() {
    let mut jpeg = encoded(&plain(64, 64, RED), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|bytes| bytes == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 9].fill(0xFE);
    let mut progressive = PROGRESSIVE.to_vec();
    let frame = progressive.windows(2).position(|bytes| bytes == [0xFF, 0xC2]).unwrap();
    // 16,000 by 16,000.
    progressive[frame + 5..frame + 9].copy_from_slice(&[0x3E, 0x80, 0x3E, 0x80]);
    let mut png = encoded(&plain(64, 64, RED), ImageFormat::Png);
    png[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
    let crc = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    let mut gif = encoded(&plain(64, 64, RED), ImageFormat::Gif);
    gif[6..10].fill(0xFF);
    let mut bmp = encoded(&plain(64, 64, RED), ImageFormat::Bmp);
    bmp[18..26].copy_from_slice(&[0, 0xFF, 0, 0, 0, 0xFF, 0, 0]);
    let mut webp = encoded(&plain(64, 64, RED), ImageFormat::WebP);
    // Lossless: 14 bits of width, 14 of height, less one.
    webp[21..25].copy_from_slice(&[0xFE, 0xBF, 0xFF, 0x0F]);
    for (case, bytes) in
        [("JPEG", jpeg), ("progressive JPEG", progressive), ("PNG", png), ("GIF", gif), ("BMP", bmp), ("WebP", webp)]
    {
        let begin = Instant::now();
        assert!(matches!(made(&bytes), Err(ThumbnailError::TooLarge)), "{case}: {:?}", made(&bytes));
        assert!(begin.elapsed() < Duration::from_secs(1), "{case}");
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
    })
}

#[test]
fn an_error_of_the_disk_is_no_broken_picture() {
    /// A file on a share that goes away after some bytes.
    struct Leaving(Cursor<Vec<u8>>, u64);
    impl Read for Leaving {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.position() >= self.1 { Err(io::ErrorKind::NotConnected.into()) } else { self.0.read(buffer) }
        }
    }
    impl Seek for Leaving {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }
    for format in [ImageFormat::Jpeg, ImageFormat::Png] {
        let bytes = encoded(&detailed(1200, 900), format);
        assert!(bytes.len() > 200_000, "longer than what is read ahead");
        let outcome = thumbnail(Leaving(Cursor::new(bytes), 100_000), Bounds::default());
        assert!(matches!(outcome, Err(ThumbnailError::Disk(error)) if error.kind() == io::ErrorKind::NotConnected));
    }
}

/// One small file of each format.
fn seeds() -> Vec<Vec<u8>> {
    let picture = detailed(96, 64);
    let mut seeds: Vec<Vec<u8>> =
        [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Bmp, ImageFormat::Tiff]
            .map(|format| encoded(&picture, format))
            .to_vec();
    seeds.push(with_orientation(&seeds[0], 6));
    seeds.push(INK.to_vec());
    seeds.push(PROGRESSIVE.to_vec());
    seeds
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_change_is_survived(
        seed in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in proptest::option::of(any::<prop::sample::Index>()),
        is_early: bool,
    ) {
        let seeds = seeds();
        let mut bytes = seed.get(&seeds).clone();
        // Headers are where it hurts.
        let reach = if is_early { bytes.len().min(120) } else { bytes.len() };
        for (at, byte) in changes {
            bytes[at.index(reach)] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(Some(made)) = made(&bytes) {
            let small = image::load_from_memory(&made.jpeg).unwrap();
            prop_assert!(small.width() <= 640 && small.height() <= 320);
        }
    }
}
