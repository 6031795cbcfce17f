//! HEIF, HEIC and AVIF: the size of the picture, where its EXIF block lies, and whether its data lie within the file.
//! ISO 23008-12, and for the boxes ISO 14496-12, sections 8.11.3 (`iloc`) and 8.11.6 (`iinf`).
//!
//! Why not `nom-exif` alone: it wants `Exif` right behind the offset that begins the block, which phones of Samsung and
//! Apple leave out, and gives up on a photo in more than 32 pieces.

use std::io::{self, Read, Seek};

use crate::boxes::{BoxAt, box_at, find, find_path};
use crate::picture_data::Pieces;
use crate::source::Source;

/// A photo in tiles of 512 pixels has some hundreds of items and properties.
const MOST_BOXES: usize = 20_000;
/// Sizes of the boxes that are read as a whole; real ones have some kilobytes.
const LONGEST_BOX: u64 = 4 * 1024 * 1024;

/// A piece of an item's data in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    item: u32,
    start: u64,
    length: u64,
    /// It lies in the file itself, not in the description or in another file.
    in_file: bool,
}

/// The largest picture that the file describes (`meta/iprp/ipco/ispe`): a photo in tiles lists the tiles too.
/// As stored, before any rotation.
pub(crate) fn picture_size<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Option<(u32, u32)>> {
    let Some(properties) = find_path(source, &[b"meta", b"iprp", b"ipco"])? else { return Ok(None) };
    let mut largest = None;
    let mut at = properties.body.start;
    for _ in 0..MOST_BOXES {
        if at >= properties.body.end {
            break;
        }
        let Some(property) = box_at(source, at, properties.body.end)?.filter(|found| found.body.end > at) else { break };
        if property.name == *b"ispe"
            && let Some([_, _, _, _, w0, w1, w2, w3, h0, h1, h2, h3]) = source.array::<12>(property.body.start)?
        {
            let size = (u32::from_be_bytes([w0, w1, w2, w3]), u32::from_be_bytes([h0, h1, h2, h3]));
            let area = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
            if area(size) > largest.map_or(0, area) {
                largest = Some(size);
            }
        }
        at = property.body.end;
    }
    Ok(largest)
}

/// Where the TIFF structure of the EXIF block begins.
pub(crate) fn exif<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Option<u64>> {
    let Some(meta) = find_path(source, &[b"meta"])? else { return Ok(None) };
    let Some(item) = exif_item(source, &meta)? else { return Ok(None) };
    let pieces = pieces(source, &meta)?;
    let Some(piece) = pieces.iter().find(|piece| piece.item == item) else { return Ok(None) };
    let Some(skip) = source.array::<4>(piece.start)? else { return Ok(None) };
    // The block begins with how far behind these four bytes the TIFF header lies; some writers give 0 and put `Exif` before.
    let told = piece.start.saturating_add(4).saturating_add(u32::from_be_bytes(skip).into());
    for at in [told, piece.start.saturating_add(10), piece.start.saturating_add(4)] {
        if let Some(b"II\x2A\0" | b"MM\0\x2A") = source.array::<4>(at)?.as_ref() {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

/// Whether a piece of an item's data reaches behind the end of the file.
pub(crate) fn reaches_behind_the_end<R: Read + Seek>(source: &mut Source<R>) -> io::Result<bool> {
    let Some(meta) = find_path(source, &[b"meta"])? else { return Ok(false) };
    let length = source.length();
    let pieces = pieces(source, &meta)?;
    Ok(pieces.iter().any(|piece| piece.in_file && piece.start.saturating_add(piece.length) > length))
}

/// The data of every item that is shown: neither EXIF nor XMP. By the items' numbers, which stay when metadata come and go.
pub(crate) fn picture_pieces<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Option<Pieces>> {
    let Some(meta) = find_path(source, &[b"meta"])? else { return Ok(None) };
    let told: Vec<u32> = items(source, &meta)?
        .into_iter()
        .filter(|(_, kind)| matches!(kind, b"Exif" | b"mime" | b"uri "))
        .map(|(number, _)| number)
        .collect();
    let mut pieces = pieces(source, &meta)?;
    pieces.retain(|piece| !told.contains(&piece.item));
    pieces.sort_by_key(|piece| piece.item);
    let places = pieces.into_iter().map(|piece| (piece.start, piece.length)).collect();
    Ok(Some(Pieces { head: Vec::new(), places }))
}

/// The number of the item of type `Exif`.
fn exif_item<R: Read + Seek>(source: &mut Source<R>, meta: &BoxAt) -> io::Result<Option<u32>> {
    Ok(items(source, meta)?.into_iter().find(|(_, kind)| kind == b"Exif").map(|(number, _)| number))
}

/// Numbers and types of the items (`iinf`).
fn items<R: Read + Seek>(source: &mut Source<R>, meta: &BoxAt) -> io::Result<Vec<(u32, [u8; 4])>> {
    let mut found = Vec::new();
    let Some(items) = find(source, meta.body.start + 4..meta.body.end, b"iinf")? else { return Ok(found) };
    // Version and flags, then the number of items: two bytes in version 0, else four.
    let Some([version, ..]) = source.array::<4>(items.body.start)? else { return Ok(found) };
    let mut at = items.body.start + if version == 0 { 6 } else { 8 };
    for _ in 0..MOST_BOXES {
        if at >= items.body.end {
            break;
        }
        let Some(entry) = box_at(source, at, items.body.end)?.filter(|entry| entry.body.end > at) else { break };
        // Version 2: number of two bytes, protection of two, type. Version 3: number of four.
        let bytes = source.block(entry.body.start, 14)?;
        let (number, kind) = match bytes.first() {
            Some(2) => (bytes.get(4..6), bytes.get(8..12)),
            Some(3) => (bytes.get(4..8), bytes.get(10..14)),
            _ => (None, None),
        };
        if let (Some(number), Some(kind)) = (number, kind.and_then(|kind| kind.first_chunk())) {
            found.push((number.iter().fold(0, |all, byte| all << 8 | u32::from(*byte)), *kind));
        }
        at = entry.body.end;
    }
    Ok(found)
}

/// Where the items' data lie (`iloc`). What is not understood is left out.
fn pieces<R: Read + Seek>(source: &mut Source<R>, meta: &BoxAt) -> io::Result<Vec<Piece>> {
    let children = meta.body.start + 4..meta.body.end;
    let Some(locations) = find(source, children.clone(), b"iloc")? else { return Ok(Vec::new()) };
    let in_description = find(source, children, b"idat")?.map(|found| found.body.start);
    let length = locations.body.end.saturating_sub(locations.body.start).min(LONGEST_BOX);
    let bytes = source.block(locations.body.start, length as usize)?;
    let mut found = Vec::new();
    // `None` is the end of the bytes: what was found until then counts.
    let _ = read_pieces(&mut Bytes(&bytes), in_description, &mut found);
    Ok(found)
}

fn read_pieces(bytes: &mut Bytes<'_>, in_description: Option<u64>, found: &mut Vec<Piece>) -> Option<()> {
    let version = bytes.number(1)?;
    bytes.number(3)?;
    let (sizes, more_sizes) = (bytes.number(1)?, bytes.number(1)?);
    let (offset_size, length_size, base_size) = (sizes >> 4, sizes & 15, more_sizes >> 4);
    let index_size = if version == 0 { 0 } else { more_sizes & 15 };
    let number_size = if version < 2 { 2 } else { 4 };
    for _ in 0..bytes.number(number_size)? {
        let item = u32::try_from(bytes.number(number_size)?).ok()?;
        let method = if version == 0 { 0 } else { bytes.number(2)? & 15 };
        let other_file = bytes.number(2)? != 0;
        let base = bytes.number(base_size)?;
        for _ in 0..bytes.number(2)? {
            bytes.number(index_size)?;
            let (offset, length) = (bytes.number(offset_size)?, bytes.number(length_size)?);
            let start = match method {
                0 => base.checked_add(offset),
                1 => in_description.and_then(|start| start.checked_add(base)?.checked_add(offset)),
                _ => None,
            };
            if let Some(start) = start.filter(|_| !other_file) {
                found.push(Piece { item, start, length, in_file: method == 0 });
            }
        }
    }
    Some(())
}

/// Takes numbers off the front of some bytes.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    /// A number of 0 to 8 bytes.
    fn number(&mut self, size: u64) -> Option<u64> {
        let (bytes, rest) = self.0.split_at_checked(usize::try_from(size).ok().filter(|size| *size <= 8)?)?;
        self.0 = rest;
        Some(bytes.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::boxes::tests::boxed;
    use crate::facts::inspect_source;
    use crate::tiff::tests::{phone_tags, tiff_file};
    use proptest::prelude::*;
    use std::io::Cursor;

    /// A photo of 4032 by 3024 in tiles, with an EXIF block at the end of the file that begins with `lead`.
    pub(crate) fn photo(lead: &[u8]) -> Vec<u8> {
        let ispe = |w: u32, h: u32| boxed(b"ispe", &[&[0; 4][..], &w.to_be_bytes(), &h.to_be_bytes()].concat());
        let exif = [lead, &tiff_file(true, &phone_tags())].concat();
        let ipco = boxed(b"ipco", &[ispe(512, 512), boxed(b"irot", &[1]), ispe(4032, 3024), ispe(320, 240)].concat());
        let item =
            |number: u8, kind: &[u8; 4]| boxed(b"infe", &[&[2, 0, 0, 0, 0, number, 0, 0], kind.as_slice(), b"\0"].concat());
        let iinf = boxed(b"iinf", &[b"\0\0\0\0\0\x02".to_vec(), item(1, b"hvc1"), item(2, b"Exif")].concat());
        let with_offsets = |picture: u32, block: u32| {
            let place = |number: u8, at: u32, length: u32| {
                [&[0, number, 0, 0, 0, 0, 0, 1][..], &at.to_be_bytes(), &length.to_be_bytes()].concat()
            };
            let iloc = [b"\x01\0\0\0\x44\0\0\x02".to_vec(), place(1, picture, 500), place(2, block, exif.len() as u32)].concat();
            let meta = [vec![0; 4], iinf.clone(), boxed(b"iloc", &iloc), boxed(b"iprp", &ipco)].concat();
            [boxed(b"ftyp", b"heic\0\0\0\0mif1heic"), boxed(b"meta", &meta)].concat()
        };
        let head = with_offsets(0, 0).len() as u32;
        [with_offsets(head + 8, head + 508), boxed(b"mdat", &[vec![5; 500], exif.clone()].concat())].concat()
    }

    #[test]
    fn exif_in_every_spelling() {
        for lead in [b"\0\0\0\x06Exif\0\0".as_slice(), b"\0\0\0\0Exif\0\0", b"\0\0\0\0", b"\0\0\0\x02ab"] {
            let facts = inspect_source(&mut Source::new(Cursor::new(photo(lead))).unwrap()).unwrap();
            assert_eq!((facts.width, facts.height, facts.orientation), (Some(4032), Some(3024), Some(6)));
            assert_eq!(facts.camera_model.as_deref(), Some("Phone 1"), "{lead:?}");
            assert_eq!(facts.taken.unwrap().offset_seconds, Some(7200));
        }
    }

    #[test]
    fn a_photo_cut_at_its_end_reaches_behind_it() {
        let bytes = photo(b"\0\0\0\0");
        let behind = |bytes: &[u8]| reaches_behind_the_end(&mut Source::new(Cursor::new(bytes)).unwrap()).unwrap();
        assert!(!behind(&bytes));
        assert!(behind(&bytes[..bytes.len() - 1]));
    }

    proptest! {
        #[test]
        fn any_change_is_survived(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..10)) {
            let mut bytes = photo(b"\0\0\0\x06Exif\0\0");
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let mut source = Source::new(Cursor::new(bytes)).unwrap();
            let _ = inspect_source(&mut source).unwrap();
            let _ = reaches_behind_the_end(&mut source).unwrap();
        }
    }
}
