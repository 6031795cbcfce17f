//! From a recipe to the bytes of a JPEG: paint, encode, add EXIF.

use chrono::{Datelike, FixedOffset, Offset, Utc};
use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;

use super::PictureRecipe;
use super::exif::{self, Exposure};
use super::paint::canvas::Development;
use super::paint::{self, Moment};
use super::random::Random;

/// JPEG quality: no visible blocks in the gradients, and about 200 kB for 1280x960.
const QUALITY: u8 = 88;
/// Where the sun is taken from when a recipe has no place: the middle of Europe.
const HOME_LATITUDE: f64 = 47.5;

/// The bytes of the JPEG that `recipe` describes, with EXIF in it. A width or height below 16 is taken as 16.
pub fn picture(recipe: &PictureRecipe) -> Vec<u8> {
    let recipe = &possible(recipe);
    exif::insert(&painted(recipe), recipe, exposure(recipe))
}

/// The same picture without its place: the light is still that of where it was taken.
pub(crate) fn picture_without_place(recipe: &PictureRecipe) -> Vec<u8> {
    let recipe = &possible(recipe);
    exif::insert(&painted(recipe), &PictureRecipe { place: None, ..recipe.clone() }, exposure(recipe))
}

/// What [`picture`] makes, out of what [`picture_without_place`] made, without painting it once more.
pub(crate) fn with_place_again(jpeg: &[u8], recipe: &PictureRecipe) -> Vec<u8> {
    let recipe = &possible(recipe);
    exif::insert(&exif::removed(jpeg), recipe, exposure(recipe))
}

fn possible(recipe: &PictureRecipe) -> PictureRecipe {
    PictureRecipe { width: recipe.width.clamp(16, 65_535), height: recipe.height.clamp(16, 65_535), ..recipe.clone() }
}

/// The JPEG without EXIF.
fn painted(recipe: &PictureRecipe) -> Vec<u8> {
    let moment = moment(recipe);
    let canvas = paint::paint(&moment, recipe.width, recipe.height);
    let old = moment.local.year() < 1975;
    let night = moment.light().elevation < -6.0;
    let grain = if old {
        5.0
    } else if night {
        1.6
    } else {
        0.9
    };
    let pixels = canvas.develop(Development { vignette: 0.14, grain, old });
    encode(&pixels, recipe.width, recipe.height)
}

/// A JPEG that says nothing about where it comes from.
pub(super) fn without_exif(moment: &Moment, width: u32, height: u32) -> Vec<u8> {
    let pixels = paint::paint(moment, width, height).develop(Development { vignette: 0.14, grain: 0.9, old: false });
    encode(&pixels, width, height)
}

/// The moment a recipe was taken at, as the painter needs it.
pub(super) fn moment(recipe: &PictureRecipe) -> Moment {
    let zone = FixedOffset::east_opt(recipe.offset_seconds).unwrap_or(Utc.fix());
    Moment {
        seed: recipe.seed,
        local: recipe.taken.with_timezone(&zone).naive_local(),
        latitude: recipe.place.map_or(HOME_LATITUDE, |(latitude, _)| latitude),
    }
}

fn encode(pixels: &[u8], width: u32, height: u32) -> Vec<u8> {
    let mut jpeg = Vec::with_capacity(pixels.len() / 12);
    // Fails only if the length does not fit the size or a side is beyond what JPEG can say; both are the caller's.
    let done = JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode(pixels, width, height, ExtendedColorType::Rgb8);
    debug_assert!(done.is_ok());
    jpeg
}

/// Settings a camera would have chosen in the light of the moment.
fn exposure(recipe: &PictureRecipe) -> Exposure {
    let elevation = moment(recipe).light().elevation;
    let mut random = Random::part(recipe.seed, 0x6578_706f);
    let phone = ["Google", "samsung", "Apple"].contains(&recipe.camera.0);
    let (times, isos): (&[(u32, u32)], &[u16]) = match elevation {
        ..=-6.0 => (&[(4, 1), (8, 1), (2, 1), (1, 4)], &[800, 1_600, 3_200]),
        ..=6.0 => (&[(1, 60), (1, 100), (1, 160), (1, 125)], &[100, 200, 400]),
        _ => (&[(1, 250), (1, 500), (1, 1_000), (1, 320)], &[50, 100, 200]),
    };
    let lens: (&[u32], &[u32]) =
        if phone { (&[17, 18], &[4_380, 6_810]) } else { (&[28, 40, 56, 80, 110], &[1_800, 2_400, 3_500, 5_000, 7_000]) };
    Exposure {
        time: random.pick(times),
        iso: random.pick(isos),
        f_number: random.pick(lens.0),
        focal_length: random.pick(lens.1),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use chrono::TimeZone;

    use super::*;

    fn recipe(seed: u64, width: u32, height: u32) -> PictureRecipe {
        PictureRecipe {
            seed,
            width,
            height,
            taken: Utc.with_ymd_and_hms(2021, 1 + (seed % 12) as u32, 3, (seed * 5 % 24) as u32, 10, 0).unwrap(),
            offset_seconds: 3_600,
            place: None,
            camera: ("Canon", "PowerShot G2"),
            caption: None,
        }
    }

    #[test]
    fn equal_recipes_give_equal_bytes_and_others_differ() {
        let first = picture(&recipe(1, 96, 64));
        assert_eq!(first, picture(&recipe(1, 96, 64)));
        let other = PictureRecipe { seed: 2, ..recipe(1, 96, 64) };
        assert_ne!(first, picture(&other));
    }

    #[test]
    fn without_its_place_it_is_the_same_picture_and_can_have_it_again() {
        // An evening in Patagonia: the light of central Europe would be another one.
        let here = PictureRecipe { place: Some((-50.942, -73.407)), ..recipe(4, 96, 64) };
        let without = picture_without_place(&here);
        assert_eq!(with_place_again(&without, &here), picture(&here));
        assert_ne!(without, picture(&here));
        let pixels = |jpeg: &[u8]| image::load_from_memory(jpeg).unwrap().to_rgb8();
        assert_eq!(pixels(&without), pixels(&picture(&here)));
        assert_ne!(pixels(&without), pixels(&picture(&PictureRecipe { place: None, ..here })));
        let nowhere = recipe(4, 96, 64);
        assert_eq!(picture_without_place(&nowhere), picture(&nowhere));
    }

    #[test]
    fn every_scene_decodes_at_every_shape_with_something_to_see() {
        for seed in 0..60 {
            let (width, height) = [(96, 72), (72, 96), (97, 54), (16, 16), (3, 200)][seed as usize % 5];
            let jpeg = picture(&recipe(seed, width, height));
            let seen = image::load_from_memory(&jpeg).unwrap().to_luma8();
            assert_eq!(seen.dimensions(), (width.max(16), height.max(16)));
            let (low, high) = seen.iter().fold((255, 0), |(low, high), &v| (v.min(low), v.max(high)));
            assert!(high - low > 20, "seed {seed} is flat: {low} to {high}");
        }
    }

    #[test]
    fn a_print_of_the_sixties_has_lost_its_colours() {
        let taken = Utc.with_ymd_and_hms(1968, 7, 3, 11, 0, 0).unwrap();
        let seen = image::load_from_memory(&picture(&PictureRecipe { taken, ..recipe(3, 80, 60) })).unwrap().to_rgb8();
        for pixel in seen.pixels() {
            let [red, green, blue] = pixel.0.map(i32::from);
            assert!(red + 12 >= green && green + 12 >= blue, "{pixel:?}");
        }
    }
}
