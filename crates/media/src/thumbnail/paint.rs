//! From a decoded picture to the thumbnail: shrink, turn upright, flatten, average, encode.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8, U8x3, U8x4};
use fast_image_resize::{PixelTrait, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, RgbImage, RgbaImage};

use super::{Bounds, Color, Decoded, fit};

/// What shows through transparent pictures: neutral, and neither dark nor light logos vanish on it.
const NEUTRAL: u8 = 0xC8;
/// JPEG quality of thumbnails: on screens of two pixels a point no difference to more is seen, at 20 to 30 kB apiece.
const QUALITY: u8 = 80;

/// Paints the thumbnail; `None` if a picture has no pixels.
pub(super) fn paint(decoded: Decoded, orientation: u16, bounds: Bounds) -> Option<(Vec<u8>, Color)> {
    let small = small(decoded, orientation, bounds)?;
    let color = average(&small)?;
    let mut jpeg = Vec::with_capacity(32 * 1024);
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&small).ok()?;
    Some((jpeg, color))
}

/// The picture as small as the bounds say, upright, on its ground.
pub(super) fn small(decoded: Decoded, orientation: u16, bounds: Bounds) -> Option<RgbImage> {
    let Decoded { mut picture, is_ink } = decoded;
    let has_alpha = picture.color().has_alpha() && !is_ink;
    if has_alpha {
        lay_on_neutral(&mut picture);
    }
    let (width, height) = fit::shown((picture.width(), picture.height()), orientation, bounds);
    let small = if (width, height) == (picture.width(), picture.height()) {
        picture
    } else {
        // The fourth channel is never alpha any more: it has been laid on its ground, or it is black ink.
        let options = ResizeOptions::new().use_alpha(false).fit_into_destination(Some(fit::centering(orientation)));
        shrink(picture, (width, height), &options)?
    };
    let mut small = if is_ink { DynamicImage::ImageRgb8(mix_ink(&small)) } else { DynamicImage::ImageRgb8(small.into_rgb8()) };
    if let Some(orientation) = u8::try_from(orientation).ok().and_then(Orientation::from_exif) {
        small.apply_orientation(orientation);
    }
    Some(small.into_rgb8())
}

/// Shrinks. Only three kinds of pixels are worked on, the rest is brought to one of them first: what the library builds for
/// all of its kinds takes minutes to compile, and thumbnails have eight bits a channel anyway.
fn shrink(picture: DynamicImage, size: (u32, u32), options: &ResizeOptions) -> Option<DynamicImage> {
    let (width, height) = size;
    let from = (picture.width(), picture.height());
    Some(match picture {
        DynamicImage::ImageLuma8(pixels) => {
            DynamicImage::ImageLuma8(GrayImage::from_raw(width, height, shrink_pixels::<U8>(&pixels, from, size, options)?)?)
        }
        DynamicImage::ImageRgb8(pixels) => {
            DynamicImage::ImageRgb8(RgbImage::from_raw(width, height, shrink_pixels::<U8x3>(&pixels, from, size, options)?)?)
        }
        DynamicImage::ImageRgba8(pixels) => {
            DynamicImage::ImageRgba8(RgbaImage::from_raw(width, height, shrink_pixels::<U8x4>(&pixels, from, size, options)?)?)
        }
        gray @ (DynamicImage::ImageLumaA8(_) | DynamicImage::ImageLuma16(_) | DynamicImage::ImageLumaA16(_)) => {
            shrink(DynamicImage::ImageLuma8(gray.into_luma8()), size, options)?
        }
        deep => shrink(DynamicImage::ImageRgb8(deep.into_rgb8()), size, options)?,
    })
}

fn shrink_pixels<P: PixelTrait>(pixels: &[u8], from: (u32, u32), to: (u32, u32), options: &ResizeOptions) -> Option<Vec<u8>> {
    let source = TypedImageRef::<P>::from_buffer(from.0, from.1, pixels).ok()?;
    let mut small = vec![0; to.0 as usize * to.1 as usize * P::size()];
    let mut target = TypedImage::<P>::from_buffer(to.0, to.1, &mut small).ok()?;
    Resizer::new().resize_typed(&source, &mut target, options).ok()?;
    Some(small)
}

/// Puts a neutral ground behind a picture. Before shrinking and in place: it comes to the same as after, and shrinking with
/// alpha would take a second copy of the whole.
fn lay_on_neutral(picture: &mut DynamicImage) {
    fn over(color: u8, alpha: u8) -> u8 {
        let (color, alpha) = (u32::from(color), u32::from(alpha));
        ((color * alpha + u32::from(NEUTRAL) * (255 - alpha) + 127) / 255) as u8
    }
    fn over_16(color: u16, alpha: u16) -> u16 {
        let (color, alpha) = (u64::from(color), u64::from(alpha));
        ((color * alpha + u64::from(NEUTRAL) * 257 * (65_535 - alpha) + 32_767) / 65_535) as u16
    }
    match picture {
        DynamicImage::ImageLumaA8(pixels) => pixels.pixels_mut().for_each(|pixel| {
            let [light, alpha] = &mut pixel.0;
            *light = over(*light, *alpha);
        }),
        DynamicImage::ImageRgba8(pixels) => pixels.pixels_mut().for_each(|pixel| {
            let [colors @ .., alpha] = &mut pixel.0;
            // Most pictures with alpha are opaque nearly everywhere.
            if *alpha != 255 {
                colors.iter_mut().for_each(|color| *color = over(*color, *alpha));
            }
        }),
        DynamicImage::ImageLumaA16(pixels) => pixels.pixels_mut().for_each(|pixel| {
            let [light, alpha] = &mut pixel.0;
            *light = over_16(*light, *alpha);
        }),
        DynamicImage::ImageRgba16(pixels) => pixels.pixels_mut().for_each(|pixel| {
            let [colors @ .., alpha] = &mut pixel.0;
            colors.iter_mut().for_each(|color| *color = over_16(*color, *alpha));
        }),
        DynamicImage::ImageRgba32F(pixels) => pixels.pixels_mut().for_each(|pixel| {
            let [colors @ .., alpha] = &mut pixel.0;
            let neutral = f32::from(NEUTRAL) / 255.0 * (1.0 - *alpha);
            colors.iter_mut().for_each(|color| *color = *color * *alpha + neutral);
        }),
        _ => {}
    }
}

/// Ink on white paper, as simply as can be: without a profile nobody knows the ink.
fn mix_ink(picture: &DynamicImage) -> RgbImage {
    let ink = picture.to_rgba8();
    let mut mixed = RgbImage::new(ink.width(), ink.height());
    for (light, ink) in mixed.pixels_mut().zip(ink.pixels()) {
        let [colors @ .., black] = ink.0;
        light.0 = colors.map(|color| (u32::from(255 - color) * u32::from(255 - black) / 255) as u8);
    }
    mixed
}

fn average(picture: &RgbImage) -> Option<Color> {
    let sums = picture.pixels().fold([0_u64; 3], |mut sums, pixel| {
        sums.iter_mut().zip(pixel.0).for_each(|(sum, light)| *sum += u64::from(light));
        sums
    });
    let pixels = u64::from(picture.width()) * u64::from(picture.height());
    let [red, green, blue] = sums.map(|sum| (sum + pixels / 2).checked_div(pixels).map(|light| light as u8));
    Some(Color { red: red?, green: green?, blue: blue? })
}
