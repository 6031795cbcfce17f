//! Pixel sizes of pictures by `imagesize`, where the header is all it takes: PNG, GIF, WebP, BMP, ICO, PSD, JPEG XL.
//!
//! JPEG (`jpeg.rs`), HEIF (`boxes.rs`) and TIFF (`tiff.rs`) are read here: `imagesize` gives up at stray bytes in a JPEG,
//! turns HEIF around, and knows nothing of RAW.

use std::io::{self, BufReader, Read, Seek};

use crate::source::Source;

/// Width and height in pixels, as stored.
pub(crate) fn size<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Option<(u32, u32)>> {
    let size = source.lend(|reader| imagesize::reader_size(BufReader::new(reader)).ok())?;
    Ok(size.and_then(|size| {
        let (width, height) = (u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?);
        (width > 0 && height > 0).then_some((width, height))
    }))
}
