//! One media file: what it is (by content), when and where it was taken, with what camera, its size and its hash.
//!
//! Promises: names and extensions are never believed; what a file does not say is `None`; a broken file is no error and no
//! panic (third-party parsers run fenced in, see `fence`); memory stays bounded however big the file is. The only errors
//! are those of the disk.
//!
//! Elsewhere: Takeout's JSON beside a file (`crates/takeout`), names and places on disk (`crates/library`), keeping the
//! thumbnails that are made here (`crates/app`).

mod asf;
mod avi;
mod boxes;
mod camera_tags;
mod capture;
mod exif;
mod facts;
mod fence;
mod file_type;
mod flv;
mod hash;
mod heif;
mod jpeg;
mod looks;
mod movie;
mod mpeg;
mod picture_data;
mod pixels;
mod place;
mod sniff;
mod sniff_bmff;
mod sniff_text;
mod sniff_tiff;
mod source;
mod thumbnail;
mod tiff;
mod wholeness;
mod window;
mod xmp;
mod xmp_sidecar;

pub use capture::Taken;
pub use facts::{Facts, inspect, inspect_bytes};
pub use file_type::{FileType, Kind};
pub use hash::{ContentHash, Hasher, NotAHash, hash_file};
pub use looks::{LOOKS_BITS, Looks, looks};
pub use picture_data::{PictureData, PictureShare, picture_data};
pub use sniff::{SNIFF_BYTES, Sniff, sniff};
pub use thumbnail::{Bounds, Color, Thumbnail, ThumbnailError, can_be_shown, thumbnail};
pub use wholeness::{Wholeness, wholeness, wholeness_bytes};
pub use xmp_sidecar::{XmpFacts, XmpPlace, sidecar_name, xmp_sidecar};
