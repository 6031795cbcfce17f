//! TIFF and the RAW formats built on it, told apart by the first directory: they share their first eight bytes.

use crate::file_type::{self as known, FileType};

const NEW_SUBFILE_TYPE: u16 = 0x00FE;
const COMPRESSION: u16 = 0x0103;
const MAKE: u16 = 0x010F;
const SUB_IFDS: u16 = 0x014A;
const DNG_VERSION: u16 = 0xC612;
/// Pentax's own compression.
const PENTAX_COMPRESSED: u32 = 65535;

/// The type of a file that begins as TIFF does.
pub(crate) fn file_type(head: &[u8]) -> Option<FileType> {
    let big = match head.get(..4)? {
        b"IIRO" | b"IIRS" | b"MMOR" => return Some(known::ORF),
        b"IIU\0" => return Some(known::RW2),
        b"II\x2B\0" | b"MM\0\x2B" => return Some(known::BIG_TIFF),
        b"II\x2A\0" => false,
        b"MM\0\x2A" => true,
        _ => return None,
    };
    if head.get(8..10) == Some(b"CR") {
        return Some(known::CR2);
    }
    Some(first_directory(head, big).and_then(|directory| directory.raw_format()).unwrap_or(known::TIFF))
}

#[derive(Default)]
struct FirstDirectory<'a> {
    make: &'a [u8],
    is_preview: bool,
    has_sub_directories: bool,
    has_dng_version: bool,
    compression: u32,
}

/// Reads what of the first directory lies within the head; most RAW files have it right behind the header.
fn first_directory(head: &[u8], big: bool) -> Option<FirstDirectory<'_>> {
    let u16_at = |at: usize| {
        let bytes = *head.get(at..)?.first_chunk()?;
        Some(if big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    };
    let u32_at = |at: usize| {
        let bytes = *head.get(at..)?.first_chunk()?;
        Some(if big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    };
    let start = u32_at(4)? as usize;
    let mut directory = FirstDirectory::default();
    for n in 0..u16_at(start)? as usize {
        let entry = start + 2 + n * 12;
        let Some(tag) = u16_at(entry) else { break };
        let value = || if u16_at(entry + 2) == Some(3) { u16_at(entry + 8).map(u32::from) } else { u32_at(entry + 8) };
        match tag {
            NEW_SUBFILE_TYPE => directory.is_preview = value() == Some(1),
            COMPRESSION => directory.compression = value().unwrap_or(0),
            SUB_IFDS => directory.has_sub_directories = true,
            DNG_VERSION => directory.has_dng_version = true,
            MAKE => {
                let at = u32_at(entry + 8)? as usize;
                directory.make = head.get(at..).map(|text| &text[..text.len().min(16)]).unwrap_or_default();
            }
            _ => {}
        }
    }
    Some(directory)
}

impl FirstDirectory<'_> {
    /// A maker's name alone is no proof: programs export plain TIFF with it. RAW files begin with a preview, or keep the
    /// picture in a directory below the first, or use the maker's compression.
    fn raw_format(&self) -> Option<FileType> {
        if self.has_dng_version {
            return Some(known::DNG);
        }
        if !(self.is_preview || self.has_sub_directories || self.compression == PENTAX_COMPRESSED) {
            return None;
        }
        let make = self.make.to_ascii_uppercase();
        [
            (b"NIKON".as_slice(), known::NEF),
            (b"SONY", known::ARW),
            (b"PENTAX", known::PEF),
            (b"RICOH", known::PEF),
            (b"SAMSUNG", known::SRW),
        ]
        .into_iter()
        .find_map(|(name, ty)| make.starts_with(name).then_some(ty))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::sniff::{Sniff, sniff};
    use crate::tiff::tests::{Entry, tiff_file};

    #[test]
    fn headers_of_their_own() {
        for (head, expected) in [
            (b"IIRO\x08\0\0\0".as_slice(), known::ORF),
            (b"MMOR\0\0\0\x08", known::ORF),
            (b"IIU\0\x18\0\0\0", known::RW2),
            (b"II\x2A\0\x10\0\0\0CR\x02\0", known::CR2),
            (b"II\x2A\0\x08\0\0\0", known::TIFF),
            (b"MM\0\x2A\0\0\0\x08", known::TIFF),
            (b"II\x2B\0\x08\0\0\0", known::BIG_TIFF),
        ] {
            assert_eq!(sniff(head), Sniff::Media(expected), "{head:?}");
        }
    }

    #[test]
    fn raw_formats_by_their_first_directory() {
        for big in [false, true] {
            for (make, expected) in [
                ("NIKON CORPORATION", known::NEF),
                ("SONY", known::ARW),
                ("PENTAX Corporation", known::PEF),
                ("SAMSUNG", known::SRW),
                ("Canon", known::TIFF),
            ] {
                let file = tiff_file(big, &[Entry::long(NEW_SUBFILE_TYPE, 1), Entry::text(MAKE, make)]);
                assert_eq!(sniff(&file), Sniff::Media(expected), "{make}");
            }
            let dng = tiff_file(big, &[Entry::text(MAKE, "NIKON"), Entry::long(DNG_VERSION, 0x0104_0000)]);
            assert_eq!(sniff(&dng), Sniff::Media(known::DNG));
        }
    }

    #[test]
    fn an_exported_tiff_with_a_makers_name_is_a_tiff() {
        let file = tiff_file(false, &[Entry::long(NEW_SUBFILE_TYPE, 0), Entry::text(MAKE, "SONY")]);
        assert_eq!(sniff(&file), Sniff::Media(known::TIFF));
    }
}
