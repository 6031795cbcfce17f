//! Whether a file is structurally complete: the last check before bytes get a name in the library (design 3.3).
//!
//! It looks for what a cut download lacks, and only that: "cut short" must never be said of a healthy file, so that every
//! doubt ends in [`Wholeness::Whole`] or [`Wholeness::CannotTell`]. It does not look for flipped bits; hashes do that.

mod bmff;
mod gif;
mod jpeg;
mod png;
mod riff;
mod tiff;

use std::io::{self, Read, Seek};
use std::path::Path;

use crate::file_type::{Family, FileType};
use crate::source::Source;

/// Whether a file is structurally complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wholeness {
    /// Everything its structure promises is there. Bytes may follow (motion photos, makers' trailers).
    Whole,
    /// The file ends before its structure does.
    CutShort {
        /// What is missing, for a log: "the end-of-image marker", for example.
        why: &'static str,
    },
    /// The format does not tell, or its structure was not understood.
    CannotTell,
}

impl Wholeness {
    const fn cut(why: &'static str) -> Self {
        Self::CutShort { why }
    }
}

/// Says whether a file of that type is complete.
///
/// Reads little, but for a JPEG with something long behind the picture.
///
/// # Errors
/// Those of opening and reading the file.
pub fn wholeness(path: &Path, ty: FileType) -> io::Result<Wholeness> {
    of_source(&mut Source::open(path)?, ty)
}

/// As [`wholeness`], of a file that is in memory.
///
/// # Errors
/// None by itself; reading memory does not fail.
pub fn wholeness_bytes(bytes: &[u8], ty: FileType) -> io::Result<Wholeness> {
    of_source(&mut Source::new(io::Cursor::new(bytes))?, ty)
}

pub(crate) fn of_source<R: Read + Seek>(source: &mut Source<R>, ty: FileType) -> io::Result<Wholeness> {
    match ty.family {
        Family::Jpeg => jpeg::check(source),
        Family::Png => png::check(source),
        Family::Gif => gif::check(source),
        Family::Webp | Family::Avi => riff::check(source),
        Family::BoxedPicture => bmff::check(source, bmff::Holds::Picture),
        Family::Movie | Family::Cr3 => bmff::check(source, bmff::Holds::Film),
        Family::Tiff => tiff::check(source),
        _ => Ok(Wholeness::CannotTell),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::sniff::sniff;
    use proptest::prelude::*;
    use std::io::Cursor;

    fn of(bytes: &[u8]) -> Wholeness {
        let ty = sniff(&bytes[..bytes.len().min(4096)]).file_type();
        of_source(&mut Source::new(Cursor::new(bytes)).unwrap(), ty).unwrap()
    }

    pub(crate) fn png() -> Vec<u8> {
        let image = image::RgbImage::from_fn(90, 70, |x, y| image::Rgb([(x * y) as u8, (x ^ y) as u8, (x + 3 * y) as u8]));
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    /// Whole files of every kind that can be checked.
    fn whole_files() -> Vec<(&'static str, Vec<u8>)> {
        let tiff_entries = [crate::tiff::tests::Entry::text(0x010F, "a name long enough to be cut off")];
        vec![
            ("jpeg", crate::jpeg::tests::picture()),
            ("png", png()),
            ("mp4", crate::movie::tests::film(0, 3_582_623_999)),
            ("avi", crate::avi::tests::film("2005:08:17 11:42:43")),
            ("gif", gif::tests::animation()),
            ("heic", crate::heif::tests::photo(b"\0\0\0\x06Exif\0\0")),
            ("webp", [b"RIFF\x20\0\0\0WEBPVP8 \x14\0\0\0".as_slice(), &[9; 20]].concat()),
            ("tiff", crate::tiff::tests::tiff_file(true, &tiff_entries)),
        ]
    }

    #[test]
    fn whole_files_are_whole_whatever_follows() {
        for (name, mut file) in whole_files() {
            assert_eq!(of(&file), Wholeness::Whole, "{name}");
            file.extend([0; 3]);
            assert_eq!(of(&file), Wholeness::Whole, "{name} with zeros behind it");
            file.extend(b"\x55\x66\x77\x88SEFT trailer of a maker");
            assert_eq!(of(&file), Wholeness::Whole, "{name} with a trailer");
        }
    }

    #[test]
    fn formats_that_do_not_tell() {
        assert_eq!(of(b"\x1A\x45\xDF\xA3\x9F\x42\x82\x88matroska"), Wholeness::CannotTell);
        assert_eq!(of(b"<html>"), Wholeness::CannotTell);
        assert_eq!(of(b""), Wholeness::CannotTell);
    }

    proptest! {
        #[test]
        fn a_file_cut_by_some_percent_is_cut_short(percent in 1_usize..=99) {
            for (name, file) in whole_files() {
                let kept = file.len() * (100 - percent) / 100;
                // The type comes from the whole file: the server or the sidecar knew it.
                let ty = sniff(&file).file_type();
                let found = of_source(&mut Source::new(Cursor::new(&file[..kept])).unwrap(), ty).unwrap();
                // A GIF cut right behind one of its pictures looks like one whose writer forgot the trailer; boxes cut
                // right behind the description look like a file whose data lie elsewhere.
                let doubtful = matches!(name, "gif" | "heic" | "mp4") && found == Wholeness::CannotTell;
                prop_assert!(doubtful || matches!(found, Wholeness::CutShort { .. }), "{} cut to {} of {}: {:?}", name, kept, file.len(), found);
            }
        }

        #[test]
        fn any_change_is_survived(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
            for (_, file) in whole_files() {
                let mut file = file;
                for (at, byte) in &changes {
                    let at = at.index(file.len());
                    file[at] = *byte;
                }
                let _ = of(&file);
            }
        }
    }
}
