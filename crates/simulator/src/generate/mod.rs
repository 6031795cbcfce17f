//! Makes libraries out of nothing: painted pictures with real EXIF, short real films, and a whole demo account.
//!
//! A recipe says everything that decides the bytes: equal recipes give equal bytes on one machine (other processors may
//! round the last digit of a colour differently). Nothing here keeps state or touches the disk; what an account holds is
//! `photo_library`, and who serves it is not known here.

mod demo;
mod exif;
mod filler;
mod film;
mod h264;
mod mp4;
mod paint;
mod picture;
mod random;

use chrono::{DateTime, Utc};

pub use demo::{demo, demo_earlier};
pub(crate) use exif::{removed as without_exif, with_exif_of};
pub use filler::{FILLER_HEIGHT, FILLER_MIN_SIZE, FILLER_WIDTH, filler, filler_library};
pub use film::film;
pub use picture::picture;
pub(crate) use picture::{picture_without_place, with_place_again};
pub(crate) use random::Random;

/// Everything that decides the bytes of a painted picture. Equal recipes give equal bytes.
#[derive(Debug, Clone)]
pub struct PictureRecipe {
    /// Decides the scene.
    pub seed: u64,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// When it was taken.
    pub taken: DateTime<Utc>,
    /// Seconds east of UTC of the camera's clock; written as `OffsetTimeOriginal`.
    pub offset_seconds: i32,
    /// Latitude and longitude in degrees, written into EXIF GPS when present.
    pub place: Option<(f64, f64)>,
    /// Camera maker and model.
    pub camera: (&'static str, &'static str),
    /// EXIF description.
    pub caption: Option<String>,
}

/// Everything that decides the bytes of a painted film.
#[derive(Debug, Clone)]
pub struct FilmRecipe {
    /// Decides the scene.
    pub seed: u64,
    /// Pixels; a multiple of 16.
    pub width: u32,
    /// Pixels; a multiple of 16.
    pub height: u32,
    /// When it was taken; written to `mvhd` and `tkhd`.
    pub taken: DateTime<Utc>,
    /// Length in frames at 8 frames a second.
    pub frames: u32,
}
