//! What a picture looks like, in 256 bits: pictures that look alike differ in few of them, however they are compressed and how
//! large they are.
//!
//! The small upright picture of `thumbnail` is made grey, and each of 16 by 16 fields says whether it is brighter than the next one
//! (gradient hash). Nothing turned or cropped is recognised.

use std::io::{Read, Seek};

use image::{DynamicImage, GrayImage};
use image_hasher::{HashAlg, HasherConfig};

use crate::thumbnail::{Bounds, ThumbnailError, small_picture};

/// Fields across and down; their product is the number of bits.
const FIELDS: u32 = 16;

/// Decoded no larger than this: four pixels for each field both ways are enough to average.
const BOUNDS: Bounds = Bounds { width: 128, height: 128 };

/// The differences that two pictures can have at most.
pub const LOOKS_BITS: u32 = FIELDS * FIELDS;

/// What a picture looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Looks(pub [u8; 32]);

impl Looks {
    /// In how many of [`LOOKS_BITS`] bits two pictures differ.
    pub fn distance(&self, other: &Self) -> u32 {
        let words = |bytes: &[u8; 32], at: usize| u64::from_le_bytes(std::array::from_fn(|byte| bytes[at * 8 + byte]));
        (0..4).map(|at| (words(&self.0, at) ^ words(&other.0, at)).count_ones()).sum()
    }
}

/// What the picture of a file looks like. `None` for films, for kinds that are not decoded here, and for pictures of one colour,
/// which all look alike.
///
/// # Errors
/// As [`crate::thumbnail`].
pub fn looks<R: Read + Seek>(reader: R) -> Result<Option<Looks>, ThumbnailError> {
    let Some(small) = small_picture(reader, BOUNDS)? else { return Ok(None) };
    let grey = DynamicImage::ImageRgb8(small).into_luma8();
    if is_plain(&grey) {
        return Ok(None);
    }
    let hasher = HasherConfig::with_bytes_type::<[u8; 32]>().hash_size(FIELDS, FIELDS).hash_alg(HashAlg::Gradient).to_hasher();
    let hashed = crate::fence::fenced(|| hasher.hash_image(&grey)).ok_or(ThumbnailError::Unreadable)?;
    Ok(<[u8; 32]>::try_from(hashed.as_bytes()).ok().map(Looks))
}

/// Whether nearly all of a picture has one brightness: of such a one the bits are noise.
fn is_plain(grey: &GrayImage) -> bool {
    let (mut sum, mut squares) = (0.0_f64, 0.0_f64);
    for pixel in grey.pixels() {
        let light = f64::from(pixel.0[0]);
        sum += light;
        squares += light * light;
    }
    let count = f64::from(grey.width()) * f64::from(grey.height());
    let mean = sum / count;
    squares / count - mean * mean < 16.0
}
