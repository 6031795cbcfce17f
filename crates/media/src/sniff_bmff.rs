//! Files made of ISO boxes (MP4, QuickTime, 3GPP, HEIF, AVIF, CR3), told apart by their brands, and the QuickTime files
//! from before there were brands.

use crate::file_type::{self as known, FileType};

/// The type of a file that begins with an `ftyp` box.
pub(crate) fn file_type(head: &[u8]) -> Option<FileType> {
    if head.get(4..8)? != b"ftyp" {
        return None;
    }
    let size = u32::from_be_bytes(*head.first_chunk()?) as usize;
    let major: &[u8; 4] = head.get(8..12)?.first_chunk()?;
    // Behind the major brand stand four bytes of version, then the compatible brands to the end of the box.
    let end = size.clamp(16, 16 + 4 * 64).min(head.len());
    let compatible = head.get(16..end).unwrap_or_default();
    let has = |brands: &[&[u8; 4]]| compatible.chunks_exact(4).any(|brand| brands.iter().any(|b| b.as_slice() == brand));
    if let Some(ty) = by_brand(major) {
        return Some(ty);
    }
    const GENERIC_PICTURE: [&[u8; 4]; 4] = [b"mif1", b"mif2", b"msf1", b"miaf"];
    if GENERIC_PICTURE.contains(&major) {
        return Some(if has(&[b"avif", b"avis"]) { known::AVIF } else { known::HEIF });
    }
    // The major brand is a stranger: the compatible ones say whom it resembles. QuickTime and pictures first, as many
    // films name `mp42` or `isom` besides.
    if has(&[b"qt  "]) {
        Some(known::MOV)
    } else if has(&[b"avif", b"avis"]) {
        Some(known::AVIF)
    } else if has(&[b"heic", b"heix", b"mif1"]) && !has(&[b"isom", b"mp41", b"mp42"]) {
        Some(known::HEIF)
    } else {
        // Every other user of `ftyp` that anyone meets among photos is some MP4 (brands: mp4ra.org).
        Some(known::MP4)
    }
}

fn by_brand(major: &[u8; 4]) -> Option<FileType> {
    Some(match major {
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" => known::HEIC,
        b"avif" | b"avis" | b"avio" => known::AVIF,
        b"crx " => known::CR3,
        b"jp2 " | b"jpx " | b"jpm " => known::JP2,
        b"jxl " => known::JXL,
        b"qt  " | b"mqt " => known::MOV,
        b"M4V " | b"M4VH" | b"M4VP" => known::M4V,
        b"M4A " | b"M4B " | b"M4P " | b"F4A " | b"F4B " => known::M4A,
        b"KDDI" => known::THREE_G2,
        [b'3', b'g', b'2', _] => known::THREE_G2,
        [b'3', b'g', b'p' | b'e' | b'g' | b'r' | b's' | b'h' | b'm' | b't', _] => known::THREE_GP,
        b"isom" | b"iso2" | b"iso3" | b"iso4" | b"iso5" | b"iso6" | b"mp41" | b"mp42" | b"avc1" | b"MSNV" | b"XAVC" | b"dash"
        | b"mmp4" | b"f4v " | b"F4V " => known::MP4,
        _ => return None,
    })
}

/// QuickTime files from before `ftyp` begin with the film itself or its index, or with room left free before them.
pub(crate) fn old_quicktime(head: &[u8]) -> Option<FileType> {
    let mut offset = 0_usize;
    // Free boxes may stand before the telling one.
    for _ in 0..8 {
        let size = u32::from_be_bytes(*head.get(offset..)?.first_chunk()?) as usize;
        let name = head.get(offset + 4..offset + 8)?;
        match name {
            // 0: to the end of the file. 1: a 64-bit size follows.
            b"moov" | b"mdat" if size <= 1 || size >= 8 => return Some(known::MOV),
            // A QuickTime preview box has 20 bytes.
            b"pnot" if size == 20 => return Some(known::MOV),
            b"wide" | b"skip" | b"free" if size >= 8 => {
                offset = offset.checked_add(size)?;
                if offset >= head.len() {
                    // What follows is out of sight. Sixteen megabytes of nothing is more than anyone leaves free.
                    return (size < 1 << 24).then_some(known::MOV);
                }
            }
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::sniff::{Sniff, sniff};

    type Brand = [u8; 4];

    fn ftyp(major: &Brand, compatible: &[&Brand]) -> Vec<u8> {
        let mut bytes = ((16 + 4 * compatible.len()) as u32).to_be_bytes().to_vec();
        bytes.extend(b"ftyp");
        bytes.extend(major);
        bytes.extend([0; 4]);
        compatible.iter().for_each(|brand| bytes.extend(*brand));
        bytes.extend(b"\0\0\0\x08freeheic");
        bytes
    }

    #[test]
    fn brands() {
        let table: &[(&Brand, &[&Brand], FileType)] = &[
            (b"heic", &[b"mif1", b"heic"], known::HEIC),
            (b"mif1", &[b"mif1", b"heic"], known::HEIF),
            (b"mif1", &[b"mif1", b"avif", b"miaf"], known::AVIF),
            (b"avif", &[b"avif", b"mif1"], known::AVIF),
            (b"crx ", &[b"crx ", b"isom"], known::CR3),
            (b"qt  ", &[], known::MOV),
            (b"isom", &[b"isom", b"iso2", b"mp41"], known::MP4),
            (b"mp42", &[b"3gp4"], known::MP4),
            (b"M4V ", &[b"isom"], known::M4V),
            (b"3gp4", &[b"isom", b"3gp4"], known::THREE_GP),
            (b"3g2a", &[b"3g2a"], known::THREE_G2),
            (b"caqv", &[b"qt  "], known::MOV),
            (b"ABCD", &[b"mp42"], known::MP4),
            (b"ABCD", &[b"mif1", b"heic"], known::HEIF),
        ];
        for (major, compatible, expected) in table {
            assert_eq!(sniff(&ftyp(major, compatible)), Sniff::Media(*expected), "{}", String::from_utf8_lossy(*major));
        }
    }

    #[test]
    fn sound_in_boxes_is_no_film() {
        assert_eq!(sniff(&ftyp(b"M4A ", &[b"isom"])), Sniff::Other(known::M4A));
    }

    #[test]
    fn brands_behind_the_box_do_not_count() {
        // The helper puts `heic` right behind the box.
        assert_eq!(sniff(&ftyp(b"ABCD", &[])), Sniff::Media(known::MP4));
    }

    #[test]
    fn quicktime_without_brands() {
        for head in [
            b"\0\x10\0\0mdat\0\0\0\0".as_slice(),
            b"\0\0\x10\0moov\0\0\0\x6Cmvhd",
            b"\0\0\0\x08wide\0\x10\0\0mdat",
            b"\0\0\0\x0Cfree\0\0\0\0\0\0\0\x08wide\0\0\0\0mdat",
            b"\0\0\x10\0skip\0\0",
            b"\0\0\0\x01mdat\0\0\0\x01\0\0\0\0",
            b"\0\0\0\x14pnot\0\0\0\0",
        ] {
            assert_eq!(sniff(head), Sniff::Media(known::MOV), "{head:?}");
        }
        assert_eq!(sniff(b"\0\0\0\x08free\0\0\0\x08hello\0"), Sniff::Unknown);
    }
}
