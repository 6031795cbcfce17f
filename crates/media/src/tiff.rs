//! TIFF directories, read where they lie in the file.
//!
//! Why not `nom-exif` for this: it wants everything up to the last directory in memory, and scanners and editors put the
//! directory of a TIFF of hundreds of megabytes at its end; it rejects the headers of Olympus and Panasonic; it does not
//! tell the size of the picture. It also is the second reader for the EXIF block of a JPEG that `nom-exif` gives up on.

use std::io::{self, Read, Seek};

use crate::camera_tags::{CameraTags, Directory, Value};
use crate::picture_data::Pieces;
use crate::source::Source;

const EXIF_DIRECTORY: u16 = 0x8769;
const GPS_DIRECTORY: u16 = 0x8825;
const SUB_DIRECTORIES: u16 = 0x014A;
const NEW_SUBFILE_TYPE: u16 = 0x00FE;
const WIDTH: u16 = 0x0100;
const HEIGHT: u16 = 0x0101;
const XMP: u16 = 0x02BC;

const STRIPS: (u16, u16) = (0x0111, 0x0117);
const TILES: (u16, u16) = (0x0144, 0x0145);
/// Width, height, bits, compression, meaning, channels, rows of a strip, planes, prediction, colours, tiles, more channels, JPEG tables.
const NEEDED: [u16; 14] =
    [WIDTH, HEIGHT, 0x0102, 0x0103, 0x0106, 0x0115, 0x0116, 0x011C, 0x013D, 0x0140, 0x0142, 0x0143, 0x0152, 0x015B];

/// Pages and other versions of the picture that one file has at most.
const MOST_DIRECTORIES: usize = 64;
/// Real directories have some dozens of entries; maker notes, which are not read, up to some hundreds.
const MOST_ENTRIES: u16 = 4096;
/// No text or list that is wanted here is longer; what is longer is not read.
const LONGEST_VALUE: u64 = 64 * 1024;

/// A TIFF structure within a file.
pub(crate) struct Tiff<'a, R> {
    source: &'a mut Source<R>,
    /// Where its header lies; all its offsets count from there.
    base: u64,
    big_endian: bool,
    /// Panasonic's variant, which keeps the size of the picture in tags of its own.
    panasonic: bool,
    plain: bool,
    first: u64,
}

/// One entry of a directory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) tag: u16,
    format: u16,
    /// Where its value lies, from the start of the file.
    at: u64,
    /// Length of its value in bytes; `None` for a format that TIFF does not have.
    length: Option<u64>,
}

impl Entry {
    /// First byte behind the value.
    pub(crate) fn end(&self) -> Option<u64> {
        self.at.checked_add(self.length?)
    }
}

/// What a TIFF file tells besides its tags.
#[derive(Debug, Default)]
pub(crate) struct Picture {
    pub(crate) size: Option<(u32, u32)>,
    pub(crate) xmp: Option<Vec<u8>>,
}

/// Reads the camera's tags of a TIFF structure at `base`.
pub(crate) fn read<R: Read + Seek>(source: &mut Source<R>, base: u64, tags: &mut CameraTags) -> io::Result<Picture> {
    let mut picture = Picture::default();
    let Some(mut tiff) = Tiff::open(source, base)? else { return Ok(picture) };
    let Some((main, _)) = tiff.directory(tiff.first)? else { return Ok(picture) };
    let exif = tiff.pointers(&main, EXIF_DIRECTORY)?;
    let gps = tiff.pointers(&main, GPS_DIRECTORY)?;
    tiff.take_all(&main, Directory::Picture, tags)?;
    for (pointers, directory) in [(exif, Directory::Picture), (gps, Directory::Gps)] {
        if let Some(offset) = pointers.first()
            && let Some((entries, _)) = tiff.directory(*offset)?
        {
            tiff.take_all(&entries, directory, tags)?;
        }
    }
    picture.size = tiff.size(&main)?;
    if let Some(entry) = main.iter().find(|entry| entry.tag == XMP) {
        let length = entry.length.unwrap_or(0).min(crate::xmp::LONGEST_PACKET as u64);
        picture.xmp = Some(tiff.source.block(entry.at, length as usize)?);
    }
    Ok(picture)
}

/// Strips and tiles of every picture that is not marked as a preview, each with the tags without which they cannot be read.
pub(crate) fn picture_pieces<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Option<Pieces>> {
    let Some(mut tiff) = Tiff::open(source, 0)? else { return Ok(None) };
    let mut pieces = Pieces::default();
    let mut open = vec![tiff.first];
    for _ in 0..MOST_DIRECTORIES {
        let Some(offset) = open.pop() else { break };
        let Some((entries, next)) = tiff.directory(offset)? else { continue };
        open.extend((next != 0).then_some(next));
        open.extend(tiff.sub_directories(&entries)?.into_iter().rev());
        if tiff.pointers(&entries, NEW_SUBFILE_TYPE)?.first().is_some_and(|kind| kind & 1 == 1) {
            continue;
        }
        for (places, lengths) in [STRIPS, TILES] {
            let (places, lengths) = (tiff.pointers(&entries, places)?, tiff.pointers(&entries, lengths)?);
            if places.len() != lengths.len() {
                return Ok(None);
            }
            pieces.places.extend(places.into_iter().zip(lengths));
        }
        for tag in NEEDED {
            if let Some(entry) = entries.iter().find(|entry| entry.tag == tag)
                && let Some(length) = entry.length.filter(|length| *length <= LONGEST_VALUE)
            {
                pieces.head.extend(tag.to_be_bytes());
                pieces.head.extend(tiff.source.block(entry.at, length as usize)?);
            }
        }
    }
    Ok(Some(pieces))
}

impl<'a, R: Read + Seek> Tiff<'a, R> {
    /// `None` if no TIFF header lies at `base`.
    pub(crate) fn open(source: &'a mut Source<R>, base: u64) -> io::Result<Option<Self>> {
        let Some(header) = source.array::<8>(base)? else { return Ok(None) };
        let (big_endian, panasonic) = match &header[..4] {
            b"II\x2A\0" | b"IIRO" | b"IIRS" => (false, false),
            b"MM\0\x2A" | b"MMOR" => (true, false),
            b"IIU\0" => (false, true),
            _ => return Ok(None),
        };
        let plain = matches!(header[2..4], [0x2A, 0] | [0, 0x2A]);
        let mut tiff = Self { source, base, big_endian, panasonic, plain, first: 0 };
        tiff.first = tiff.u32(&header[4..]).into();
        Ok(Some(tiff))
    }

    /// Whether this is TIFF itself, or a RAW format with its very header.
    pub(crate) fn is_plain(&self) -> bool {
        self.plain
    }

    /// Whether the directory at `offset` begins or ends behind `length` bytes.
    pub(crate) fn reaches_behind(&mut self, offset: u64, length: u64) -> io::Result<bool> {
        let at = self.base.saturating_add(offset);
        let Some(count) = self.source.array::<2>(at)? else { return Ok(true) };
        let count = self.u16(&count);
        Ok(count <= MOST_ENTRIES && at + 2 + u64::from(count) * 12 > length)
    }

    /// Offset of the first directory.
    pub(crate) fn first(&self) -> u64 {
        self.first
    }

    /// The entries of a directory and the offset of the next (0: none); `None` if it does not lie within the file.
    pub(crate) fn directory(&mut self, offset: u64) -> io::Result<Option<(Vec<Entry>, u64)>> {
        let at = self.base.saturating_add(offset);
        let Some(count) = self.source.array::<2>(at)? else { return Ok(None) };
        let count = self.u16(&count);
        if offset == 0 || count > MOST_ENTRIES {
            return Ok(None);
        }
        let bytes = self.source.block(at + 2, usize::from(count) * 12 + 4)?;
        if bytes.len() < usize::from(count) * 12 {
            return Ok(None);
        }
        let mut entries = Vec::with_capacity(count.into());
        for (n, raw) in bytes.chunks_exact(12).take(count.into()).enumerate() {
            let format = self.u16(&raw[2..]);
            let count = self.u32(&raw[4..]);
            let length = unit(format).map(|unit| unit * u64::from(count));
            let inside = length.is_none_or(|length| length <= 4);
            let at = if inside { at + 2 + n as u64 * 12 + 8 } else { self.base + u64::from(self.u32(&raw[8..])) };
            entries.push(Entry { tag: self.u16(raw), format, at, length });
        }
        let next = bytes.get(usize::from(count) * 12..).filter(|rest| rest.len() == 4).map_or(0, |rest| self.u32(rest).into());
        Ok(Some((entries, next)))
    }

    /// The whole numbers of an entry; none if it has another format.
    pub(crate) fn whole_numbers(&mut self, entry: &Entry) -> io::Result<Vec<u64>> {
        Ok(match self.value(entry)? {
            Some(Value::Numbers(numbers)) if matches!(entry.format, 3 | 4 | 13) => numbers.iter().map(|n| *n as u64).collect(),
            _ => Vec::new(),
        })
    }

    /// The offsets that the entry `tag` points to.
    pub(crate) fn pointers(&mut self, entries: &[Entry], tag: u16) -> io::Result<Vec<u64>> {
        match entries.iter().find(|entry| entry.tag == tag) {
            Some(entry) => self.whole_numbers(entry),
            None => Ok(Vec::new()),
        }
    }

    /// The directories below this one that hold other versions of the picture.
    pub(crate) fn sub_directories(&mut self, entries: &[Entry]) -> io::Result<Vec<u64>> {
        let mut offsets = self.pointers(entries, SUB_DIRECTORIES)?;
        offsets.truncate(16);
        Ok(offsets)
    }

    fn take_all(&mut self, entries: &[Entry], directory: Directory, tags: &mut CameraTags) -> io::Result<()> {
        for entry in entries {
            if let Some(value) = self.value(entry)? {
                tags.take(directory, entry.tag, value);
            }
        }
        Ok(())
    }

    /// The largest picture that is marked as no preview, else the largest of all: the first directory of a RAW file often
    /// holds a thumbnail, and the picture lies below.
    fn size(&mut self, main: &[Entry]) -> io::Result<Option<(u32, u32)>> {
        if self.panasonic {
            return self.panasonic_size(main);
        }
        let mut sizes = Vec::new();
        sizes.extend(self.size_of(main)?);
        for offset in self.sub_directories(main)? {
            if let Some((entries, _)) = self.directory(offset)? {
                sizes.extend(self.size_of(&entries)?);
            }
        }
        let area = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
        Ok(sizes.into_iter().max_by_key(|(is_full, size)| (*is_full, area(*size))).map(|(_, size)| size))
    }

    fn size_of(&mut self, entries: &[Entry]) -> io::Result<Option<(bool, (u32, u32))>> {
        let mut first = |tag| Ok::<_, io::Error>(self.pointers(entries, tag)?.first().copied());
        let is_full = first(NEW_SUBFILE_TYPE)?.unwrap_or(0) & 1 == 0;
        let (Some(width), Some(height)) = (first(WIDTH)?, first(HEIGHT)?) else { return Ok(None) };
        let size = u32::try_from(width).ok().zip(u32::try_from(height).ok()).filter(|(w, h)| *w > 0 && *h > 0);
        Ok(size.map(|size| (is_full, size)))
    }

    /// Borders of the sensor's picture: top, left, bottom, right (tags 4 to 7 of Panasonic's first directory).
    fn panasonic_size(&mut self, main: &[Entry]) -> io::Result<Option<(u32, u32)>> {
        let mut borders = [0_u64; 4];
        for (border, tag) in borders.iter_mut().zip(4..) {
            let Some(value) = self.pointers(main, tag)?.first().copied() else { return Ok(None) };
            *border = value;
        }
        let [top, left, bottom, right] = borders;
        let length = |from: u64, to: u64| to.checked_sub(from).and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0);
        Ok(length(left, right).zip(length(top, bottom)))
    }

    fn value(&mut self, entry: &Entry) -> io::Result<Option<Value>> {
        let Some(length) = entry.length.filter(|length| (1..=LONGEST_VALUE).contains(length)) else { return Ok(None) };
        let bytes = self.source.block(entry.at, length as usize)?;
        if bytes.len() as u64 != length {
            return Ok(None);
        }
        let signed = |n: u32| f64::from(n as i32);
        let half = |f: fn(u16) -> f64| bytes.chunks_exact(2).map(|raw| f(self.u16(raw))).collect();
        let fraction = |f: &dyn Fn(u32) -> f64| {
            let part = |raw: &[u8]| f(self.u32(raw)) / f(self.u32(&raw[4..]));
            // Zero over zero is not a number; anything over zero must not be a place either.
            bytes.chunks_exact(8).map(part).map(|n| if n.is_finite() { n } else { f64::NAN }).collect()
        };
        Ok(Some(match entry.format {
            2 => {
                let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
                Value::Text(String::from_utf8_lossy(&bytes[..end]).into_owned())
            }
            1 => Value::Numbers(bytes.iter().map(|b| f64::from(*b)).collect()),
            3 => Value::Numbers(half(f64::from)),
            8 => Value::Numbers(half(|n| f64::from(n as i16))),
            4 | 13 => Value::Numbers(bytes.chunks_exact(4).map(|raw| f64::from(self.u32(raw))).collect()),
            9 => Value::Numbers(bytes.chunks_exact(4).map(|raw| signed(self.u32(raw))).collect()),
            5 => Value::Numbers(fraction(&|n| f64::from(n))),
            10 => Value::Numbers(fraction(&signed)),
            _ => return Ok(None),
        }))
    }

    /// The first two bytes; callers hand over enough.
    fn u16(&self, bytes: &[u8]) -> u16 {
        let bytes = *bytes.first_chunk().unwrap_or(&[0; 2]);
        if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }
    }

    /// The first four bytes; callers hand over enough.
    fn u32(&self, bytes: &[u8]) -> u32 {
        let bytes = *bytes.first_chunk().unwrap_or(&[0; 4]);
        if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    }
}

/// Bytes of one unit of a format (TIFF 6.0, section 2; 13 is the directory pointer of its first supplement).
fn unit(format: u16) -> Option<u64> {
    match format {
        1 | 2 | 6 | 7 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 11 | 13 => Some(4),
        5 | 10 | 12 => Some(8),
        _ => None,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::facts::Facts;
    use crate::file_type;
    use proptest::prelude::*;
    use std::io::Cursor;

    /// An entry for [`tiff_file`].
    #[derive(Clone)]
    pub(crate) enum Entry {
        Text(u16, String),
        Long(u16, u32),
        Fractions(u16, Vec<(u32, u32)>),
        Below(u16, Vec<Entry>),
    }

    impl Entry {
        pub(crate) fn text(tag: u16, text: &str) -> Self {
            Self::Text(tag, text.to_owned())
        }

        pub(crate) fn long(tag: u16, value: u32) -> Self {
            Self::Long(tag, value)
        }
    }

    /// A TIFF file with one directory, those below it, and their values, at offset 8.
    pub(crate) fn tiff_file(big: bool, entries: &[Entry]) -> Vec<u8> {
        let mut file = if big { b"MM\0\x2A\0\0\0\x08".to_vec() } else { b"II\x2A\0\x08\0\0\0".to_vec() };
        append(&mut file, big, entries);
        file
    }

    fn append(file: &mut Vec<u8>, big: bool, entries: &[Entry]) {
        let u16b = |n: u16| if big { n.to_be_bytes() } else { n.to_le_bytes() };
        let u32b = |n: u32| if big { n.to_be_bytes() } else { n.to_le_bytes() };
        let start = file.len();
        file.extend(u16b(entries.len() as u16));
        file.resize(start + 2 + entries.len() * 12 + 4, 0);
        for (n, entry) in entries.iter().enumerate() {
            let (tag, format, count, value) = match entry {
                Entry::Long(tag, value) => (*tag, 4, 1, *value),
                Entry::Text(tag, text) => {
                    // Padded, so that every text is too long to stand in the entry.
                    let text = format!("{text}\0\0\0\0\0");
                    file.extend(text.as_bytes());
                    (*tag, 2, text.len() as u32, (file.len() - text.len()) as u32)
                }
                Entry::Fractions(tag, fractions) => {
                    let at = file.len() as u32;
                    for (above, below) in fractions {
                        file.extend(u32b(*above));
                        file.extend(u32b(*below));
                    }
                    (*tag, 5, fractions.len() as u32, at)
                }
                Entry::Below(tag, entries) => {
                    let at = file.len() as u32;
                    append(file, big, entries);
                    (*tag, 4, 1, at)
                }
            };
            let raw = [u16b(tag).as_slice(), &u16b(format), &u32b(count), &u32b(value)].concat();
            file[start + 2 + n * 12..][..12].copy_from_slice(&raw);
        }
    }

    /// A directory as a phone writes it.
    pub(crate) fn phone_tags() -> Vec<Entry> {
        vec![
            Entry::long(WIDTH, 4000),
            Entry::long(HEIGHT, 3000),
            Entry::text(0x010F, "Maker"),
            Entry::text(0x0110, "Phone 1"),
            Entry::long(0x0112, 6),
            Entry::Below(
                EXIF_DIRECTORY,
                vec![Entry::text(0x9003, "2019:05:04 10:20:30"), Entry::text(0x9011, "+02:00"), Entry::text(0x9291, "123")],
            ),
            Entry::Below(
                GPS_DIRECTORY,
                vec![
                    Entry::text(0x0001, "N"),
                    Entry::Fractions(0x0002, vec![(48, 1), (30, 1), (0, 1)]),
                    Entry::text(0x0003, "E"),
                    Entry::Fractions(0x0004, vec![(11, 1), (0, 1), (0, 1)]),
                ],
            ),
        ]
    }

    fn facts_of(bytes: &[u8]) -> Facts {
        let mut source = Source::new(Cursor::new(bytes)).unwrap();
        let mut tags = CameraTags::default();
        let picture = read(&mut source, 0, &mut tags).unwrap();
        let mut facts = Facts::new(file_type::TIFF);
        (facts.width, facts.height) = picture.size.unzip();
        tags.fill(&mut facts);
        facts
    }

    #[test]
    fn both_byte_orders() {
        for big in [false, true] {
            let facts = facts_of(&tiff_file(big, &phone_tags()));
            assert_eq!((facts.width, facts.height, facts.orientation), (Some(4000), Some(3000), Some(6)));
            assert_eq!(facts.camera_model.as_deref(), Some("Phone 1"));
            assert_eq!((facts.latitude, facts.longitude), (Some(48.5), Some(11.0)));
            let taken = facts.taken.unwrap();
            assert_eq!(taken.instant.unwrap().to_rfc3339(), "2019-05-04T08:20:30.123+00:00");
        }
    }

    #[test]
    fn a_raw_file_has_the_size_of_its_picture_not_of_its_thumbnail() {
        let file = tiff_file(
            true,
            &[
                Entry::long(NEW_SUBFILE_TYPE, 1),
                Entry::long(WIDTH, 160),
                Entry::long(HEIGHT, 120),
                Entry::Below(
                    SUB_DIRECTORIES,
                    vec![Entry::long(NEW_SUBFILE_TYPE, 0), Entry::long(WIDTH, 4288), Entry::long(HEIGHT, 2848)],
                ),
            ],
        );
        let facts = facts_of(&file);
        assert_eq!((facts.width, facts.height), (Some(4288), Some(2848)));
    }

    #[test]
    fn panasonic_tells_the_borders() {
        let mut file = tiff_file(false, &[Entry::long(4, 10), Entry::long(5, 20), Entry::long(6, 3010), Entry::long(7, 4020)]);
        file[2] = b'U';
        let facts = facts_of(&file);
        assert_eq!((facts.width, facts.height), (Some(4000), Some(3000)));
    }

    #[test]
    fn a_directory_that_points_at_itself_ends() {
        let mut file = tiff_file(false, &[Entry::long(EXIF_DIRECTORY, 8), Entry::long(SUB_DIRECTORIES, 8)]);
        let next = file.len() - 4;
        file[next] = 8;
        assert_eq!(facts_of(&file).taken, None);
    }

    proptest! {
        #[test]
        fn any_change_is_survived(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12), big: bool) {
            let mut file = tiff_file(big, &phone_tags());
            for (at, byte) in changes {
                let at = at.index(file.len());
                file[at] = byte;
            }
            let _ = facts_of(&file);
        }

        #[test]
        fn any_cut_is_survived(cut in any::<prop::sample::Index>()) {
            let file = tiff_file(false, &phone_tags());
            let _ = facts_of(&file[..cut.index(file.len())]);
        }
    }
}
