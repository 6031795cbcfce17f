//! Pictures that can only be decoded as a whole: PNG, GIF, WebP, BMP, TIFF; and JPEG with a fault.

use std::io::{BufReader, Read, Seek};
use std::ops::Range;

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use super::watched::{self, Watched};
use super::{Decoded, MOST_MEMORY, Outcome, ThumbnailError};
use crate::source::Source;

/// Decodes a file of that format: the first picture, if it holds several.
pub(super) fn decode<R: Read + Seek>(source: &mut Source<R>, format: ImageFormat) -> Outcome<Decoded> {
    let whole = 0..source.length();
    decode_part(source, whole, format)
}

/// Decodes what lies in a part of the file.
pub(super) fn decode_part<R: Read + Seek>(source: &mut Source<R>, part: Range<u64>, format: ImageFormat) -> Outcome<Decoded> {
    match watched::lend(source, part, |reader| picture(reader, format))? {
        None => Err(ThumbnailError::Unreadable),
        Some(Ok(picture)) => Ok(Some(Decoded { picture, is_ink: false })),
        Some(Err(ImageError::Limits(_))) => Err(ThumbnailError::TooLarge),
        Some(Err(ImageError::Unsupported(_))) => Ok(None),
        // Errors of the disk have been sorted out by `lend`.
        Some(Err(_)) => Err(ThumbnailError::Unreadable),
    }
}

fn picture<R: Read + Seek>(reader: Watched<'_, R>, format: ImageFormat) -> Result<DynamicImage, ImageError> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(BufReader::new(reader), format);
    reader.limits(limits.clone());
    let decoder = reader.into_decoder()?;
    // More than eight bits a channel become eight before the picture is shrunk: a second, smaller copy.
    let color = decoder.color_type();
    let second = if color.bytes_per_pixel() > color.channel_count() { decoder.total_bytes() / 2 } else { 0 };
    limits.reserve(decoder.total_bytes().saturating_mul(copies(format)).saturating_add(second))?;
    DynamicImage::from_decoder(decoder)
}

/// How many times the decoder holds the whole picture while it works.
fn copies(format: ImageFormat) -> u64 {
    match format {
        // A buffer of their own, copied into ours.
        ImageFormat::Tiff | ImageFormat::WebP | ImageFormat::Gif => 2,
        _ => 1,
    }
}
