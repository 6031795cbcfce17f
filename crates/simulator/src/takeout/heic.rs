//! A HEIC file with everything but a picture: real boxes, real EXIF, and noise where the coded picture would be.
//!
//! Boxes: ISO 14496-12 and ISO 23008-12. Readers of dates and places find what a phone would have written; a decoder finds
//! nothing to show.

/// Pixels that the file says it has.
const SIZE: (u32, u32) = (64, 48);

/// A file with this EXIF block (a TIFF structure, empty for none) and this data in place of the picture.
pub(super) fn file(tiff: &[u8], picture: &[u8]) -> Vec<u8> {
    let file_type = boxed(b"ftyp", &[&b"heic"[..], &be(&[0]), b"mif1heic"].concat());
    // The length of `meta` does not depend on the offsets in it.
    let data_at = (file_type.len() + meta(0, tiff.len(), picture.len()).len() + 8) as u32;
    // The block of an EXIF item begins with the distance to the TIFF header.
    let data = [picture, &be(&[6]), b"Exif\0\0", tiff].concat();
    [file_type, meta(data_at, tiff.len(), picture.len()), boxed(b"mdat", &data)].concat()
}

/// A HEIC of 64 by 48 pixels that tells what this JPEG tells, as the phone's own file beside the JPEG it made of it.
pub fn heic_of(jpeg: &[u8]) -> Vec<u8> {
    let begin = jpeg.windows(6).position(|bytes| bytes == b"Exif\0\0");
    let tiff = begin.and_then(|begin| {
        let length = u16::from_be_bytes([*jpeg.get(begin - 2)?, *jpeg.get(begin - 1)?]);
        jpeg.get(begin + 6..begin - 2 + usize::from(length))
    });
    file(tiff.unwrap_or_default(), blake3::hash(jpeg).as_bytes())
}

fn meta(data_at: u32, tiff: usize, picture: usize) -> Vec<u8> {
    let with_exif = tiff > 0;
    let handler = full(b"hdlr", 0, &[&be(&[0])[..], b"pict", &[0; 13]].concat());
    let primary = full(b"pitm", 0, &[0, 1]);
    let entry = |id: u8, kind: &[u8; 4]| full(b"infe", 2, &[&[0, id, 0, 0][..], kind, &[0]].concat());
    let mut infos = vec![0, 1 + u8::from(with_exif)];
    infos.extend(entry(1, b"hvc1"));
    // Offsets and lengths of four bytes, no base.
    let mut places = vec![0x44, 0, 0, 1 + u8::from(with_exif)];
    let place = |id: u8, at: u32, length: u32| [&[0, id, 0, 0, 0, 1][..], &be(&[at, length])].concat();
    places.extend(place(1, data_at, picture as u32));
    if with_exif {
        infos.extend(entry(2, b"Exif"));
        places.extend(place(2, data_at + picture as u32, tiff as u32 + 10));
    }
    let size = full(b"ispe", 0, &be(&[SIZE.0, SIZE.1]));
    let properties = boxed(b"ipco", &size);
    let links = full(b"ipma", 0, &[&be(&[1])[..], &[0, 1, 1, 0x81]].concat());
    // "Item 2 describes item 1": without it nobody knows whose EXIF it is, and exiftool refuses to write.
    let describes = full(b"iref", 0, &boxed(b"cdsc", &[0, 2, 0, 1, 0, 1]));
    let references = if with_exif { describes } else { Vec::new() };
    let content = [
        handler,
        primary,
        full(b"iinf", 0, &infos),
        references,
        full(b"iloc", 0, &places),
        boxed(b"iprp", &[properties, links].concat()),
    ];
    full(b"meta", 0, &content.concat())
}

fn be(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32 + 8).to_be_bytes(), &kind[..], content].concat()
}

/// A box with a version and no flags.
fn full(kind: &[u8; 4], version: u8, content: &[u8]) -> Vec<u8> {
    boxed(kind, &[&[version, 0, 0, 0][..], content].concat())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn items_point_at_their_data() {
        let bytes = file(b"II\x2a\0tiff", b"picture");
        let at = |text: &[u8]| bytes.windows(text.len()).position(|window| window == text).unwrap() as u32;
        let iloc = at(b"iloc") as usize + 4;
        let word = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        assert_eq!((word(iloc + 14), word(iloc + 18)), (at(b"picture"), 7));
        assert_eq!(word(iloc + 28) + 10, at(b"II\x2a\0"));
        assert_eq!(word(iloc + 32), 8 + 10);
    }
}
