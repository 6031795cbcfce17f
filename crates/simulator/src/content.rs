//! The bytes behind an item: painted, read or scaled, and kept as long as there is room.
//!
//! What a media address means and how bytes go out is in `media_bytes`.

use std::collections::{HashMap, VecDeque};
use std::io::{self, Cursor};
use std::path::PathBuf;
use std::sync::Mutex;

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Rgb, RgbImage};

use crate::generate::{self, FilmRecipe, PictureRecipe};
use crate::holdings::Entry;
use crate::lock::locked;
use crate::photo_library::Content;

/// Bytes kept in memory at most.
const BUDGET: usize = 256 << 20;
/// Larger sizes than this are not made (Google's own limit for `=w` and `=h`).
const LARGEST_SIDE: u32 = 16_383;
const STILL_QUALITY: u8 = 85;
/// What a camera writes into its films and a re-encoded one lacks.
const CAMERA_NOTE: &[u8] = b"as the camera wrote it";

/// What of an item is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    /// The bytes as they are (`=d` of a photo, `=dv` of a video).
    Whole,
    /// A JPEG fitting into a box, for videos a still; cropped to fill it if `crop`.
    Scaled {
        /// Pixels; 0 is open.
        width: u32,
        /// Pixels; 0 is open.
        height: u32,
        /// Fill the box exactly.
        crop: bool,
    },
}

/// Bytes to send.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    Memory(Bytes),
    File(PathBuf, u64),
}

impl Source {
    pub(crate) fn length(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File(_, length) => *length,
        }
    }
}

type Key = (u64, u32, Form);

/// What has been made so far.
#[derive(Default)]
pub(crate) struct ContentCache {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    bytes: HashMap<Key, Bytes>,
    order: VecDeque<Key>,
    total: usize,
}

impl ContentCache {
    /// What is at hand without work worth a thread of its own.
    pub(crate) fn ready(&self, entry: &Entry, form: Form) -> Option<Source> {
        if let (Form::Whole, Content::Bytes(bytes)) = (form, &entry.item.content) {
            return Some(Source::Memory(Bytes::from_owner(bytes.clone())));
        }
        let key = (entry.serial, entry.revision, form);
        if let Some(bytes) = locked(&self.kept).bytes.get(&key) {
            return Some(Source::Memory(bytes.clone()));
        }
        if let (Form::Whole, Content::Filler { seed, size }) = (form, &entry.item.content) {
            let bytes = Bytes::from(generate::filler(*seed, *size));
            // A benchmark's library is larger than the budget: keeping the first ones costs less than turning all over.
            self.keep(key, &bytes, false);
            return Some(Source::Memory(bytes));
        }
        None
    }

    /// Makes or finds the bytes. May paint, decode or read: not for a thread that serves others.
    ///
    /// # Errors
    /// When a real file cannot be read.
    pub(crate) fn make(&self, entry: &Entry, form: Form, strip_location: bool) -> io::Result<Source> {
        if let Some(source) = self.ready(entry, form) {
            return Ok(source);
        }
        let bytes = match (form, &entry.item.content) {
            (Form::Whole, Content::File(path)) => {
                return Ok(Source::File(path.clone(), std::fs::metadata(path)?.len()));
            }
            (Form::Whole, content) => whole(content, strip_location)?,
            (Form::Scaled { width, height, crop }, _) => {
                let picture = match &entry.item.content {
                    Content::Film(film) => decode(&still_of(film)),
                    _ if entry.is_video() => None,
                    // Painted pictures are worth keeping: the whole one will be asked for too.
                    _ => match self.make(entry, Form::Whole, strip_location)? {
                        Source::Memory(bytes) => decode(&bytes),
                        Source::File(path, _) => decode(&std::fs::read(path)?),
                    },
                };
                let own = (entry.item.width.max(64), entry.item.height.max(48));
                scaled(picture.unwrap_or_else(|| placeholder(own.0, own.1)), width, height, crop)?
            }
        };
        let bytes = Bytes::from(bytes);
        self.keep((entry.serial, entry.revision, form), &bytes, true);
        Ok(Source::Memory(bytes))
    }

    fn keep(&self, key: Key, bytes: &Bytes, make_room: bool) {
        let mut kept = locked(&self.kept);
        if bytes.len() > BUDGET || (!make_room && kept.total + bytes.len() > BUDGET) {
            return;
        }
        while kept.total + bytes.len() > BUDGET {
            let Some(oldest) = kept.order.pop_front() else { break };
            kept.total -= kept.bytes.remove(&oldest).map_or(0, |bytes| bytes.len());
        }
        if kept.bytes.insert(key, bytes.clone()).is_none() {
            kept.order.push_back(key);
            kept.total += bytes.len();
        }
    }
}

fn whole(content: &Content, strip_location: bool) -> io::Result<Vec<u8>> {
    Ok(match content {
        Content::Picture(recipe) if strip_location => generate::picture_without_place(recipe),
        Content::Picture(recipe) => generate::picture(recipe),
        Content::Film(recipe) => generate::film(recipe),
        Content::Filler { seed, size } => generate::filler(*seed, *size),
        Content::File(path) => std::fs::read(path)?,
        Content::Bytes(bytes) => bytes.to_vec(),
    })
}

/// The bytes as they were uploaded: with their place, and films as the camera wrote them, which the API re-encodes.
///
/// # Errors
/// When a real file cannot be read.
pub(crate) fn uploaded(content: &Content) -> io::Result<Vec<u8>> {
    Ok(uploaded_of(content, whole(content, true)?))
}

/// The bytes that the API gives.
///
/// # Errors
/// When a real file cannot be read.
#[cfg(test)]
pub(crate) fn served(content: &Content) -> io::Result<Vec<u8>> {
    whole(content, true)
}

/// As [`uploaded`], out of the bytes that the API gives of it: nothing is painted.
pub(crate) fn uploaded_of(content: &Content, served: Vec<u8>) -> Vec<u8> {
    match content {
        Content::Picture(recipe) => generate::with_place_again(&served, recipe),
        Content::Film(_) => {
            // A box that players skip, at the end, where it moves nothing.
            let length = (CAMERA_NOTE.len() as u32 + 8).to_be_bytes();
            [&served[..], &length, b"free", CAMERA_NOTE].concat()
        }
        Content::Filler { .. } | Content::File(_) | Content::Bytes(_) => served,
    }
}

/// A picture that stands for a film.
fn still_of(film: &FilmRecipe) -> Vec<u8> {
    generate::picture(&PictureRecipe {
        seed: film.seed,
        width: film.width,
        height: film.height,
        taken: film.taken,
        offset_seconds: 0,
        place: None,
        camera: ("", ""),
        caption: None,
    })
}

fn scaled(picture: DynamicImage, width: u32, height: u32, crop: bool) -> io::Result<Vec<u8>> {
    let limit = |side: u32, own: u32| if side == 0 { own } else { side.min(LARGEST_SIDE) };
    let (width, height) = match (width, height) {
        (0, 0) => (picture.width(), picture.height()),
        (width, 0) => (limit(width, 0), LARGEST_SIDE),
        (0, height) => (LARGEST_SIDE, limit(height, 0)),
        (width, height) => (limit(width, 0), limit(height, 0)),
    };
    let small = if crop && width < LARGEST_SIDE && height < LARGEST_SIDE {
        picture.resize_to_fill(width, height, image::imageops::FilterType::Triangle)
    } else if width >= picture.width() && height >= picture.height() {
        picture
    } else {
        picture.thumbnail(width, height)
    };
    encode(&small.to_rgb8())
}

/// A JPEG or PNG, turned upright.
fn decode(bytes: &[u8]) -> Option<DynamicImage> {
    let mut decoder = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?.into_decoder().ok()?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    picture.apply_orientation(orientation);
    Some(picture)
}

/// What stands for pictures that cannot be decoded here: a plain slope of grey.
fn placeholder(width: u32, height: u32) -> DynamicImage {
    let (width, height) = (width.min(1024), height.min(1024));
    let mut picture = RgbImage::new(width, height);
    for (_, y, pixel) in picture.enumerate_pixels_mut() {
        let grey = u8::try_from(96 + y * 96 / height).unwrap_or(u8::MAX);
        *pixel = Rgb([grey, grey, grey]);
    }
    picture.into()
}

fn encode(picture: &RgbImage) -> io::Result<Vec<u8>> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, STILL_QUALITY).encode_image(picture).map_err(io::Error::other)?;
    Ok(jpeg)
}

/// A small valid JPEG: the body of a 404 (`google-apis.md` 2.5) and the cover of an empty album.
pub(crate) fn small_picture() -> Bytes {
    static PICTURE: std::sync::OnceLock<Bytes> = std::sync::OnceLock::new();
    PICTURE.get_or_init(|| encode(&placeholder(64, 48).to_rgb8()).unwrap_or_default().into()).clone()
}
