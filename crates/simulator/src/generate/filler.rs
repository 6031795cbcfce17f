//! Cheap bytes for benchmarks: real JPEGs of an exact length, and whole libraries of them.
//!
//! A filler is one tiny picture with comment segments of noise before it, so that every decoder accepts it, every seed
//! gives other bytes, and making it is little more than copying memory.

use std::sync::OnceLock;

use chrono::{DateTime, TimeDelta};
use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;

use super::random::Random;
use crate::photo_library::{Content, PhotoLibrary, SimItem};

/// Width of every filler, in pixels.
pub const FILLER_WIDTH: u32 = 64;
/// Height of every filler, in pixels.
pub const FILLER_HEIGHT: u32 = 48;
/// The shortest filler, in bytes; anything shorter asked for gets this length.
pub const FILLER_MIN_SIZE: u64 = 1_000;

/// The longest comment segment: marker, length field, and the 65,533 bytes the length field can count besides itself.
const SEGMENT_MAX: u64 = 2 + 65_535;
/// Marker and length field of a comment segment without content.
const SEGMENT_MIN: u64 = 4;
/// Noise to copy from. Twice a segment's length, so that each can start somewhere else.
const NOISE_LENGTH: usize = 128 * 1024;

/// A valid JPEG of exactly `size` bytes (at least [`FILLER_MIN_SIZE`]); other seeds and other sizes give other bytes.
pub fn filler(seed: u64, size: u64) -> Vec<u8> {
    let size = size.max(FILLER_MIN_SIZE);
    let picture = base_picture();
    let mut random = Random::new(seed);
    let mut jpeg = Vec::with_capacity(size as usize);
    jpeg.extend_from_slice(&picture[..2]); // start of image
    let mut left = size - picture.len() as u64;
    let mut first = true;
    while left > 0 {
        let mut length = left.min(SEGMENT_MAX);
        // What remains after this segment must itself be long enough for a segment.
        if (1..SEGMENT_MIN).contains(&(left - length)) {
            length -= SEGMENT_MIN;
        }
        jpeg.extend_from_slice(&[0xff, 0xfe]);
        jpeg.extend_from_slice(&((length - 2) as u16).to_be_bytes());
        let mut content = (length - SEGMENT_MIN) as usize;
        if first && content >= 8 {
            jpeg.extend_from_slice(&seed.to_be_bytes());
            content -= 8;
            first = false;
        }
        let start = random.below((NOISE_LENGTH - SEGMENT_MAX as usize) as u64) as usize;
        jpeg.extend_from_slice(&noise()[start..start + content]);
        left -= length;
    }
    jpeg.extend_from_slice(&picture[2..]);
    jpeg
}

/// A library of `count` fillers with lengths between `min_size` and `max_size` (bytes, both included), spread over the
/// ten years before 30 November 2025 and named `IMG_0001.JPG` onwards, the newest first. No albums.
pub fn filler_library(count: usize, seed: u64, min_size: u64, max_size: u64) -> PhotoLibrary {
    const TEN_YEARS: u64 = 3_652 * 86_400;
    let min_size = min_size.max(FILLER_MIN_SIZE);
    let spread = max_size.saturating_sub(min_size) + 1;
    let mut random = Random::new(seed);
    let step = (TEN_YEARS / (count as u64).max(1)).max(1);
    let items = (0..count as u64)
        .map(|index| {
            let back = index * step + random.below(step);
            SimItem {
                id: random.id(98),
                filename: Some(format!("IMG_{:04}.JPG", count as u64 - index)),
                mime_type: "image/jpeg".to_owned(),
                creation_time: DateTime::from_timestamp(super::demo::END, 0)
                    .and_then(|end| end.checked_sub_signed(TimeDelta::seconds(back as i64))),
                width: FILLER_WIDTH,
                height: FILLER_HEIGHT,
                description: None,
                camera_make: None,
                camera_model: None,
                video: None,
                favorite: false,
                archived: false,
                categories: Vec::new(),
                in_library: true,
                app_created: false,
                content: Content::Filler { seed: random.next(), size: min_size + random.below(spread) },
            }
        })
        .collect();
    PhotoLibrary { items, albums: Vec::new() }
}

/// The picture inside every filler: a soft gradient, under 1,000 bytes with room for one segment.
fn base_picture() -> &'static [u8] {
    static PICTURE: OnceLock<Vec<u8>> = OnceLock::new();
    PICTURE.get_or_init(|| {
        let grey: Vec<u8> = (0..FILLER_HEIGHT).flat_map(|y| (0..FILLER_WIDTH).map(move |x| (60 + 2 * x + y / 2) as u8)).collect();
        let mut jpeg = Vec::new();
        // Writing to memory with a length that fits the size cannot fail.
        let done = JpegEncoder::new_with_quality(&mut jpeg, 40).encode(&grey, FILLER_WIDTH, FILLER_HEIGHT, ExtendedColorType::L8);
        debug_assert!(done.is_ok() && jpeg.len() as u64 + SEGMENT_MIN + 8 <= FILLER_MIN_SIZE);
        jpeg
    })
}

fn noise() -> &'static [u8] {
    static NOISE: OnceLock<Vec<u8>> = OnceLock::new();
    NOISE.get_or_init(|| {
        let mut random = Random::new(0x6e6f_6973);
        (0..NOISE_LENGTH / 8).flat_map(|_| random.next().to_le_bytes()).collect()
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn a_filler_has_exactly_the_length_asked_for_and_decodes(seed: u64, size in FILLER_MIN_SIZE..400_000) {
            let jpeg = filler(seed, size);
            prop_assert_eq!(jpeg.len() as u64, size);
            prop_assert!(jpeg.ends_with(&[0xff, 0xd9]));
            let picture = image::load_from_memory(&jpeg).expect("decodes");
            prop_assert_eq!((picture.width(), picture.height()), (FILLER_WIDTH, FILLER_HEIGHT));
        }

        #[test]
        fn fillers_of_one_length_differ_by_seed(a: u64, b: u64, size in FILLER_MIN_SIZE..3_000) {
            prop_assume!(a != b);
            prop_assert_ne!(filler(a, size), filler(b, size));
        }
    }

    #[test]
    fn lengths_around_whole_segments_are_exact() {
        let base = base_picture().len() as u64;
        for segments in 1..4 {
            for rest in 0..10 {
                let size = base + segments * SEGMENT_MAX + rest;
                let jpeg = filler(segments, size);
                assert_eq!(jpeg.len() as u64, size);
                assert!(image::load_from_memory(&jpeg).is_ok(), "{size}");
            }
        }
    }

    #[test]
    fn a_length_below_the_shortest_gets_the_shortest() {
        assert_eq!(filler(1, 0).len() as u64, FILLER_MIN_SIZE);
    }

    #[test]
    fn a_filler_library_is_newest_first_with_ids_of_its_own() {
        let library = filler_library(5_000, 3, 2_000, 9_000);
        assert_eq!(library.items.len(), 5_000);
        assert_eq!(library.items.iter().map(|item| &item.id).collect::<HashSet<_>>().len(), 5_000);
        assert!(library.items.is_sorted_by(|a, b| a.creation_time > b.creation_time));
        let (newest, oldest) = (&library.items[0], &library.items[4_999]);
        assert!((newest.creation_time.unwrap() - oldest.creation_time.unwrap()).num_days() > 3_640);
        assert_eq!(oldest.filename.as_deref(), Some("IMG_0001.JPG"));
        for item in &library.items {
            assert!(matches!(item.content, Content::Filler { size: 2_000..=9_000, .. }));
        }
    }

    #[test]
    fn empty_and_single_filler_libraries_are_whole() {
        assert!(filler_library(0, 1, 0, 0).items.is_empty());
        let one = filler_library(1, 1, 5_000, 5_000);
        assert!(matches!(one.items[0].content, Content::Filler { size: 5_000, .. }));
    }
}
