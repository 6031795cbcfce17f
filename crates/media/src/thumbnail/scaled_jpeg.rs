//! JPEG, decoded at an eighth, a quarter or half of its size where that is enough: most of the work is left out.
//!
//! `jpeg-decoder` does it in safe Rust, and quicker with scaling than `zune-jpeg` without (which has none); MozJPEG would be
//! a third quicker still, but is C that reads strangers' bytes. It gives up at the first fault, though; then `zune-jpeg`
//! (through `image`) has a second look, which shows what there is of a picture that is cut short.

use std::io::{Read, Seek};
use std::ops::Range;

use image::{DynamicImage, GrayImage, ImageFormat, RgbImage, RgbaImage};
use jpeg_decoder::PixelFormat;

use super::blocks::Blocks;
use super::fit::Size;
use super::frame::{self, Coding, Frame};
use super::watched::{self, Watched};
use super::{Decoded, MOST_MEMORY, Outcome, ThumbnailError, whole};
use crate::source::Source;

/// Larger pictures are not tried, however little memory they take: this is more than twice what any camera makes, and
/// several seconds of work.
const MOST_PIXELS: u64 = 500_000_000;
/// Decoders keep metadata before the picture in memory; real pictures have some megabytes at most.
const LONGEST_HEAD: u64 = 32 * 1024 * 1024;

/// Decodes the JPEG in a part of the file, to at least the size that `wanted` names for its full size.
pub(super) fn decode<R: Read + Seek>(
    source: &mut Source<R>,
    part: Range<u64>,
    wanted: impl Fn(Size) -> Size,
) -> Outcome<Decoded> {
    let Some(frame) = frame::read(source, part.start)? else { return second_look(source, part, None) };
    if frame.coding == Coding::Other || frame.bits != 8 {
        return Ok(None);
    }
    if frame.pixels() > MOST_PIXELS || frame.head > LONGEST_HEAD {
        return Err(ThumbnailError::TooLarge);
    }
    let divisor = divisor(&frame, wanted((frame.width, frame.height))).ok_or(ThumbnailError::TooLarge)?;
    let decoded = watched::lend(source, part.clone(), |reader| at_once(reader, &frame, divisor))?;
    match decoded.flatten() {
        Some(decoded) => Ok(Some(decoded)),
        None => second_look(source, part, Some(&frame)),
    }
}

/// The greatest divisor that leaves the wanted size, or a greater one where memory asks for it; `None` if none is enough.
fn divisor(frame: &Frame, wanted: Size) -> Option<u32> {
    let is_enough = |divisor: &u32| frame.width.div_ceil(*divisor) >= wanted.0 && frame.height.div_ceil(*divisor) >= wanted.1;
    let is_affordable = |divisor: &u32| cost(frame, *divisor) <= MOST_MEMORY;
    let best = [8, 4, 2].into_iter().find(is_enough).unwrap_or(1);
    [1, 2, 4, 8].into_iter().filter(|divisor| *divisor >= best).find(is_affordable)
}

/// Bytes that decoding takes: coefficients, then the channels apart, then together.
fn cost(frame: &Frame, divisor: u32) -> u64 {
    let pixels = u64::from(frame.width.div_ceil(divisor)) * u64::from(frame.height.div_ceil(divisor));
    frame.coefficient_bytes().saturating_add(pixels.saturating_mul(frame.channels * 2))
}

/// The quick way; `None` at any fault.
fn at_once<R: Read>(reader: Watched<'_, R>, frame: &Frame, divisor: u32) -> Option<Decoded> {
    let mut decoder = jpeg_decoder::Decoder::new(Blocks::new(reader));
    let request = |length: u32| u16::try_from(length.div_ceil(divisor)).ok();
    let (width, height) = decoder.scale(request(frame.width)?, request(frame.height)?).ok()?;
    let mut bytes = decoder.decode().ok()?;
    let (width, height) = (width.into(), height.into());
    let (picture, is_ink) = match decoder.info()?.pixel_format {
        PixelFormat::L8 => (DynamicImage::ImageLuma8(GrayImage::from_raw(width, height, bytes)?), false),
        PixelFormat::RGB24 => (DynamicImage::ImageRgb8(RgbImage::from_raw(width, height, bytes)?), false),
        PixelFormat::CMYK32 => {
            // The decoder takes all ink to be upside down, as Adobe writes it.
            if !frame.is_adobe {
                bytes.iter_mut().for_each(|byte| *byte = 255 - *byte);
            }
            (DynamicImage::ImageRgba8(RgbaImage::from_raw(width, height, bytes)?), true)
        }
        PixelFormat::L16 => return None,
    };
    Some(Decoded { picture, is_ink })
}

/// The patient way, at full size.
fn second_look<R: Read + Seek>(source: &mut Source<R>, part: Range<u64>, frame: Option<&Frame>) -> Outcome<Decoded> {
    let Some(frame) = frame else { return Err(ThumbnailError::Unreadable) };
    // It reads the file into memory first, and puts the channels together as it goes.
    let bytes = part.end.min(source.length()).saturating_sub(part.start);
    let cost = frame.coefficient_bytes().saturating_add(frame.pixels() * frame.channels.max(3)).saturating_add(bytes);
    if cost > MOST_MEMORY {
        return Err(ThumbnailError::Unreadable);
    }
    whole::decode_part(source, part, ImageFormat::Jpeg)
}
