//! Thumbnails: a small, upright JPEG of one media file, with the size and the average colour of the original.
//!
//! Promises: a picture is never enlarged or distorted; the result carries no metadata; one picture takes about
//! [`MOST_MEMORY`] at most, whatever the file claims (what needs more is refused before it is decoded); decoders run fenced in
//! (see `fence`), so that a broken file is an answer and no end. Errors of the disk are told apart from those of the file.
//!
//! Colours are taken for sRGB: a profile in the file is not applied, so that wide-gamut pictures look a little paler than
//! they are, and CMYK is mixed without one. Good enough to recognise a photo by; the lightbox shows the file itself.
//!
//! Elsewhere: keeping thumbnails (`crates/app`).

mod blocks;
mod embedded;
mod fit;
mod frame;
mod paint;
mod scaled_jpeg;
mod watched;
mod whole;

use std::fmt;
use std::io::{self, Read, Seek};

use image::DynamicImage;
use thiserror::Error;

use crate::facts::{Facts, inspect_source};
use crate::file_type::{self as known, Family, FileType, Kind};
use crate::sniff::{SNIFF_BYTES, sniff};
use crate::source::Source;

/// What decoding one picture may take, in bytes, by our own reckoning; decoders have some megabytes of their own on top.
const MOST_MEMORY: u64 = 150_000_000;

/// The largest a thumbnail may be, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Widest.
    pub width: u32,
    /// Highest.
    pub height: u32,
}

impl Default for Bounds {
    /// Fills a row of 160 points on a screen with two pixels a point; the width lets panoramas of 2:1 keep that height.
    fn default() -> Self {
        Self { width: 640, height: 320 }
    }
}

/// A colour, shown as `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color {
    /// Red, 0 to 255.
    pub red: u8,
    /// Green, 0 to 255.
    pub green: u8,
    /// Blue, 0 to 255.
    pub blue: u8,
}

impl Color {
    /// As one number, `0xrrggbb`.
    pub fn number(self) -> u32 {
        u32::from_be_bytes([0, self.red, self.green, self.blue])
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

/// A small picture of a media file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thumbnail {
    /// A JPEG without metadata, upright. Pictures wider than 4:1 or taller than 1:3 are cut off: panoramas at both ends,
    /// long screenshots at the bottom.
    pub jpeg: Vec<u8>,
    /// Width of the original in pixels, when it stands upright.
    pub width: u32,
    /// Height of the original in pixels, when it stands upright.
    pub height: u32,
    /// The average colour.
    pub color: Color,
}

/// Why there is no thumbnail, though files of that kind usually have one.
#[derive(Debug, Error)]
pub enum ThumbnailError {
    /// The file could not be read. Says nothing about the picture; it may work another time.
    #[error("the file cannot be read")]
    Disk(#[from] io::Error),
    /// The picture is broken. It will not work another time.
    #[error("the picture is damaged")]
    Unreadable,
    /// Decoding it would take more memory than any one picture may. It will not work another time.
    #[error("the picture is too large")]
    TooLarge,
}

/// A decoded picture, as stored: not yet turned upright, not yet small.
struct Decoded {
    picture: DynamicImage,
    /// The four channels are cyan, magenta, yellow and black (255: most ink), not red, green, blue and alpha.
    is_ink: bool,
}

/// What came of decoding: a picture, none because nobody here knows the variety, or an error.
type Outcome<T> = Result<Option<T>, ThumbnailError>;

/// Makes a thumbnail of a file; its type is found by content.
///
/// `None` is no error: films, HEIC and AVIF (but for those that carry a thumbnail of at least 320 pixels' height), RAW files
/// without a preview, and rare kinds. A JPEG that is cut short shows what there is of it.
///
/// # Errors
/// See [`ThumbnailError`]. A file that is neither photo nor film is [`ThumbnailError::Unreadable`].
pub fn thumbnail<R: Read + Seek>(mut reader: R, bounds: Bounds) -> Outcome<Thumbnail> {
    of_any(&mut reader, bounds)
}

/// What pictures are read from. One kind for all readers: each further one would have every decoder compiled once more.
trait ReadSeek: Read + Seek {}
impl<R: Read + Seek> ReadSeek for R {}

/// A decoded picture of a file, and what is known of it.
struct Opened {
    decoded: Decoded,
    facts: Facts,
    orientation: u16,
}

fn open(reader: &mut dyn ReadSeek, bounds: Bounds) -> Outcome<Opened> {
    let mut source = Source::new(reader)?;
    let file_type = sniff(&source.block(0, SNIFF_BYTES)?).file_type();
    if file_type.kind == Kind::NotMedia {
        return Err(ThumbnailError::Unreadable);
    }
    if !is_tried(file_type) {
        return Ok(None);
    }
    let facts = inspect_source(&mut source)?;
    let orientation = facts.orientation.unwrap_or(1);
    let decoded = decode(&mut source, &facts, orientation, bounds)?;
    Ok(decoded.map(|decoded| Opened { decoded, facts, orientation }))
}

/// The picture of a file, upright and within `bounds`, for looking at its pixels. `None` and errors as [`thumbnail`].
pub(crate) fn small_picture<R: Read + Seek>(mut reader: R, bounds: Bounds) -> Outcome<image::RgbImage> {
    let Some(opened) = open(&mut reader, bounds)? else { return Ok(None) };
    let Opened { decoded, orientation, .. } = opened;
    let small = crate::fence::fenced(|| paint::small(decoded, orientation, bounds)).flatten();
    small.map(Some).ok_or(ThumbnailError::Unreadable)
}

fn of_any(reader: &mut dyn ReadSeek, bounds: Bounds) -> Outcome<Thumbnail> {
    let Some(Opened { decoded, facts, orientation }) = open(reader, bounds)? else { return Ok(None) };
    let stored = (decoded.picture.width(), decoded.picture.height());
    // Cameras tell the size of the RAW picture, which is not that of the preview.
    let (width, height) = fit::upright(facts.width.zip(facts.height).unwrap_or(stored), orientation);
    let painted = crate::fence::fenced(|| paint::paint(decoded, orientation, bounds)).flatten();
    let (jpeg, color) = painted.ok_or(ThumbnailError::Unreadable)?;
    Ok(Some(Thumbnail { jpeg, width, height, color }))
}

/// Whether files of a media type may have a thumbnail: `false` means that [`thumbnail`] answers `None` for certain.
pub fn can_be_shown(mime_type: &str) -> bool {
    TRIED.iter().any(|ty| ty.mime == mime_type)
}

/// The kinds of file that are opened for a thumbnail.
const TRIED: [FileType; 21] = [
    known::JPEG,
    known::PNG,
    known::APNG,
    known::GIF,
    known::WEBP,
    known::BMP,
    known::TIFF,
    known::BIG_TIFF,
    known::HEIC,
    known::HEIF,
    known::AVIF,
    known::DNG,
    known::CR2,
    known::CR3,
    known::NEF,
    known::ARW,
    known::ORF,
    known::RW2,
    known::PEF,
    known::SRW,
    known::RAF,
];

fn is_tried(file_type: FileType) -> bool {
    TRIED.contains(&file_type)
}

fn decode<R: Read + Seek>(source: &mut Source<R>, facts: &Facts, orientation: u16, bounds: Bounds) -> Outcome<Decoded> {
    let format = match (facts.file_type.family, facts.file_type) {
        (Family::Jpeg, _) => {
            let whole = 0..source.length();
            return scaled_jpeg::decode(source, whole, |size| fit::wanted(size, orientation, bounds));
        }
        (Family::Png, _) => image::ImageFormat::Png,
        (Family::Gif, _) => image::ImageFormat::Gif,
        (Family::Webp, _) => image::ImageFormat::WebP,
        (_, known::BMP) => image::ImageFormat::Bmp,
        (_, known::TIFF | known::BIG_TIFF) => image::ImageFormat::Tiff,
        _ => return embedded::decode(source, facts.file_type, orientation, bounds),
    };
    match whole::decode(source, format) {
        // RAW files that are not recognised as such look like TIFF of a strange kind; huge scans may carry a preview.
        Ok(None) | Err(ThumbnailError::TooLarge) if facts.file_type.family == Family::Tiff => {
            embedded::decode(source, facts.file_type, orientation, bounds)
        }
        outcome => outcome,
    }
}
