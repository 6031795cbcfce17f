//! The bytes of a made-up export's media: decided by the account's seed, the item and its role; all different.
//!
//! Pictures carry real EXIF of what [`Item`] says about date and place. Painting is `generate`'s; the cheap kinds are
//! filled with noise and get their EXIF from `exif`.

use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use image::ExtendedColorType;
use image::codecs::png::PngEncoder;
use image::{ImageEncoder, Rgb, RgbImage};

use super::account::{Format, Item};
use super::chance::{Chance, mix};
use super::exif::{self, Facts};
use super::heic;
use super::spec::{ExportSpec, Pictures};
use super::truth::Role;
use crate::generate::{self, FilmRecipe, PictureRecipe};

const CAMERAS: [(&str, &str); 4] =
    [("Google", "Pixel 7"), ("Apple", "iPhone 12"), ("Canon", "PowerShot G2"), ("NIKON CORPORATION", "NIKON D5600")];
/// Sides of painted pictures.
const PAINTED: (u32, u32) = (640, 480);
/// Side of the film that all cheap films are made of.
const TINY: u32 = 16;
/// Seconds from 1904, where films count from, to 1970.
const SINCE_1904: i64 = 2_082_844_800;
/// When the tiny film says it was taken, until it is told otherwise: a pattern that occurs nowhere else in it.
const TINY_TAKEN: i64 = 1_234_567_891;
/// Bytes of a small picture: at least, and how much more at most.
const SMALL: (u64, usize) = (1_600, 2_400);

/// The bytes of one media file; `rendition` for those that an album has instead of the year folder's.
pub(super) fn bytes(spec: &ExportSpec, item: &Item, role: Role, rendition: bool) -> Vec<u8> {
    let part = match role {
        Role::Primary => 1,
        Role::Edited => 2,
        Role::Motion => 3,
    };
    let seed = mix(spec.seed ^ mix(u64::from(item.number) << 8 | part << 1 | u64::from(rendition)));
    let mut chance = Chance::part(seed, 0);
    let format = match (role, item.edited) {
        (Role::Motion, _) => Format::Film,
        (Role::Edited, Some(".png")) => Format::Png,
        (Role::Edited, _) => Format::Jpeg,
        (Role::Primary, _) => item.format,
    };
    let size = match spec.pictures {
        // A small spread, so that sizes alone tell nothing.
        Pictures::Large(size) => size.max(SMALL.0) + chance.below(997) as u64,
        _ => SMALL.0 + chance.below(SMALL.1) as u64,
    };
    match format {
        Format::Jpeg => jpeg(spec, item, seed, size),
        Format::Heic => heic::file(&tiff(item, seed), &noise(seed, size)),
        Format::Png => png(spec, item, seed),
        Format::Gif => gif(seed),
        Format::Film => film(spec, item, seed, size),
    }
}

fn recipe(item: &Item, seed: u64, size: (u32, u32)) -> PictureRecipe {
    PictureRecipe {
        seed,
        width: size.0,
        height: size.1,
        taken: time(item.embedded.unwrap_or(item.instant)),
        offset_seconds: item.offset,
        place: item.embedded_place,
        camera: CAMERAS[item.number as usize % CAMERAS.len()],
        caption: None,
    }
}

fn time(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

fn jpeg(spec: &ExportSpec, item: &Item, seed: u64, size: u64) -> Vec<u8> {
    if spec.pictures == Pictures::Painted {
        let painted = generate::picture(&recipe(item, seed, PAINTED));
        return if item.embedded.is_some() { painted } else { without_exif(&painted) };
    }
    let filler = generate::filler(seed, size);
    if item.embedded.is_none() {
        return filler;
    }
    let segment = exif::segment(&tiff(item, seed));
    [&filler[..2], &segment, &filler[2..]].concat()
}

/// The APP1 segment right behind the start marker, with its marker; `generate::picture` always writes one.
fn exif_segment(jpeg: &[u8]) -> &[u8] {
    let length = jpeg.get(4..6).map_or(0, |length| usize::from(u16::from_be_bytes([length[0], length[1]])));
    jpeg.get(2..4 + length).unwrap_or_default()
}

fn without_exif(jpeg: &[u8]) -> Vec<u8> {
    let segment = exif_segment(jpeg).len();
    [&jpeg[..2], &jpeg[2 + segment..]].concat()
}

/// The TIFF structure of an item's EXIF; empty when its file has no date.
fn tiff(item: &Item, seed: u64) -> Vec<u8> {
    if item.embedded.is_none() {
        return Vec::new();
    }
    exif::tiff(&Facts {
        instant: time(item.embedded.unwrap_or(item.instant)),
        offset: item.offset,
        place: item.embedded_place,
        camera: CAMERAS[item.number as usize % CAMERAS.len()],
        unique: seed,
    })
}

fn noise(seed: u64, size: u64) -> Vec<u8> {
    generate::filler(seed, size)
}

fn png(spec: &ExportSpec, item: &Item, seed: u64) -> Vec<u8> {
    let painted = (spec.pictures == Pictures::Painted)
        .then(|| image::load_from_memory(&generate::picture(&recipe(item, seed, (320, 240)))).ok())
        .flatten();
    let picture = painted.map_or_else(|| grain(seed), |picture| picture.to_rgb8());
    let mut bytes = Vec::new();
    // Writing to memory with a length that fits the size cannot fail.
    let done =
        PngEncoder::new(&mut bytes).write_image(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgb8);
    debug_assert!(done.is_ok());
    bytes
}

fn grain(seed: u64) -> RgbImage {
    let mut chance = Chance::part(seed, 1);
    let mut picture = RgbImage::new(24, 24);
    for pixel in picture.pixels_mut() {
        let [red, green, blue, ..] = chance.next().to_le_bytes();
        *pixel = Rgb([red, green, blue]);
    }
    picture
}

/// A GIF of one white pixel whose comment differs.
fn gif(seed: u64) -> Vec<u8> {
    let comment = format!("{seed:016x}");
    let mut bytes = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0\x21\xfe\x10".to_vec();
    bytes.extend_from_slice(comment.as_bytes());
    bytes.extend_from_slice(b"\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3b");
    bytes
}

fn film(spec: &ExportSpec, item: &Item, seed: u64, size: u64) -> Vec<u8> {
    let taken = item.embedded.unwrap_or(item.instant);
    let mut bytes = if spec.pictures == Pictures::Painted {
        generate::film(&FilmRecipe { seed, width: 320, height: 192, taken: time(taken), frames: 12 })
    } else {
        tiny_film(taken)
    };
    // A box that players skip makes tiny films differ and gives them their length.
    let padding = usize::try_from(size).unwrap_or(0).saturating_sub(bytes.len() + 16);
    bytes.extend_from_slice(&(padding as u32 + 16).to_be_bytes());
    bytes.extend_from_slice(b"free");
    bytes.extend_from_slice(&seed.to_be_bytes());
    bytes.resize(bytes.len() + padding, 0x5a);
    bytes
}

/// A film of one small frame: painted once, then only its dates change.
fn tiny_film(taken: i64) -> Vec<u8> {
    static FILM: OnceLock<Vec<u8>> = OnceLock::new();
    let template = FILM
        .get_or_init(|| generate::film(&FilmRecipe { seed: 1, width: TINY, height: TINY, taken: time(TINY_TAKEN), frames: 1 }));
    // Creation and modification stand side by side in all three headers.
    let twice = |seconds: i64| [u32::try_from(seconds + SINCE_1904).unwrap_or(0).to_be_bytes(); 2].concat();
    let (pattern, wanted) = (twice(TINY_TAKEN), twice(taken));
    let mut bytes = template.clone();
    for at in 0..bytes.len().saturating_sub(pattern.len()) {
        if bytes[at..].starts_with(&pattern) {
            bytes[at..at + wanted.len()].copy_from_slice(&wanted);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use std::collections::HashSet;

    use nom_exif::{Exif, ExifTag, MediaParser, MediaSource};

    use super::super::account::Account;
    use super::*;

    #[test]
    fn every_file_of_an_account_is_of_its_kind_and_unlike_all_others() {
        let spec = ExportSpec { items: 400, ..ExportSpec::default() };
        let account = Account::live(&spec, &[]);
        let mut seen = HashSet::new();
        for item in &account.items {
            for role in [Role::Primary, Role::Edited, Role::Motion] {
                if (role == Role::Edited && item.edited.is_none()) || (role == Role::Motion && item.motion.is_none()) {
                    continue;
                }
                let bytes = bytes(&spec, item, role, false);
                assert!(seen.insert(blake3::hash(&bytes)), "{}", item.title);
                let kind = photokeep_media::sniff(&bytes[..bytes.len().min(photokeep_media::SNIFF_BYTES)]).media();
                let kind = kind.map(|kind| kind.mime).unwrap_or_default();
                let wanted = match (role, item.format) {
                    (Role::Motion, _) | (Role::Primary, Format::Film) => "video/mp4",
                    (Role::Primary, Format::Heic) => "image/heic",
                    (Role::Primary, Format::Gif) => "image/gif",
                    (Role::Primary, Format::Png) => "image/png",
                    (Role::Edited, _) if item.edited == Some(".png") => "image/png",
                    _ => "image/jpeg",
                };
                assert_eq!(kind, wanted, "{}", item.title);
            }
        }
    }

    #[test]
    fn films_carry_the_date_of_their_item() {
        let spec = ExportSpec { items: 200, ..ExportSpec::default() };
        for item in Account::live(&spec, &[]).items.iter().filter(|item| item.is_film()) {
            let bytes = bytes(&spec, item, Role::Primary, false);
            let track = MediaParser::new().parse_track(MediaSource::from_memory(bytes).unwrap()).unwrap();
            let seen = track.get(nom_exif::TrackInfoTag::CreateDate).unwrap().as_datetime().unwrap().aware().unwrap();
            assert_eq!(seen.timestamp(), item.embedded.unwrap());
        }
    }

    #[test]
    fn pictures_carry_the_date_and_place_of_their_item() {
        let spec = ExportSpec { items: 300, ..ExportSpec::default() };
        let mut seen = 0;
        for item in Account::live(&spec, &[]).items.iter().filter(|item| matches!(item.format, Format::Jpeg | Format::Heic)) {
            let bytes = bytes(&spec, item, Role::Primary, false);
            let exif = MediaParser::new().parse_exif(MediaSource::from_memory(bytes).unwrap());
            let Some(embedded) = item.embedded else {
                assert!(exif.is_err(), "{}", item.title);
                continue;
            };
            let exif: Exif = exif.unwrap().into();
            let date = exif.get(ExifTag::DateTimeOriginal).unwrap().as_datetime().unwrap();
            let zone = chrono::FixedOffset::east_opt(item.offset).unwrap();
            assert_eq!(date.or_offset(zone).timestamp(), embedded, "{}", item.title);
            match (exif.gps_info(), item.embedded_place) {
                (Some(gps), Some((latitude, longitude))) => {
                    assert!((gps.latitude_decimal().unwrap() - latitude).abs() < 1e-6);
                    assert!((gps.longitude_decimal().unwrap() - longitude).abs() < 1e-6);
                    seen += 1;
                }
                (gps, place) => assert!(gps.is_none() && place.is_none(), "{}", item.title),
            }
        }
        assert!(seen > 20);
    }
}
