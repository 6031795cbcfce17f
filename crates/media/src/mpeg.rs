//! MPEG program and transport streams: the size out of an MPEG-1/2 sequence header, and the date that AVCHD camcorders put
//! into the picture data. Small readers, as `nom-exif` knows neither. The size of H.264 streams is not read.

use std::io::{self, Read, Seek};

use chrono::NaiveDate;

use crate::capture::{Taken, is_set};
use crate::facts::Facts;
use crate::source::Source;

/// What is searched: the first picture lies within.
const SEARCHED: usize = 2 * 1024 * 1024;

/// Fills in the size of the first picture of a program stream.
pub(crate) fn read_program<R: Read + Seek>(source: &mut Source<R>, facts: &mut Facts) -> io::Result<()> {
    let bytes = source.block(0, SEARCHED)?;
    (facts.width, facts.height) = sequence_size(&bytes).unzip();
    Ok(())
}

/// Fills in the date of a transport stream by a camcorder.
pub(crate) fn read_transport<R: Read + Seek>(source: &mut Source<R>, facts: &mut Facts) -> io::Result<()> {
    let bytes = source.block(0, SEARCHED)?;
    facts.taken = camcorder_date(&bytes);
    Ok(())
}

/// A sequence header (ISO 13818-2, 6.2.2.1): start code, 12 bits of width, 12 of height.
fn sequence_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let at = memchr::memmem::find(bytes, b"\0\0\x01\xB3")?;
    let [a, b, c] = *bytes.get(at + 4..)?.first_chunk()?;
    let size = (u32::from(a) << 4 | u32::from(b) >> 4, u32::from(b & 0x0F) << 8 | u32::from(c));
    (size.0 > 0 && size.1 > 0).then_some(size)
}

/// AVCHD's "modified digital video pack" in a user data message: the name `MDPM`, the number of packs, then packs of a tag
/// and four bytes in decimal digits (as ExifTool's H264 module describes them): 0x18 zone, century, year, month; 0x19 day,
/// hour, minute, second.
fn camcorder_date(bytes: &[u8]) -> Option<Taken> {
    memchr::memmem::find_iter(bytes, b"MDPM").take(100).find_map(|at| {
        let count = usize::from(*bytes.get(at + 4)?);
        let packs = bytes.get(at + 5..)?.chunks_exact(5).take(count);
        let (mut first, mut second) = (None, None);
        for pack in packs {
            match pack {
                [0x18, zone, century, year, month] => first = Some((*zone, *century, *year, *month)),
                [0x19, day, hour, minute, second_] => second = Some((*day, *hour, *minute, *second_)),
                _ => {}
            }
        }
        let ((zone, century, year, month), (day, hour, minute, second)) = (first?, second?);
        let year = i32::try_from(decimal(century)? * 100 + decimal(year)?).ok()?;
        let local = NaiveDate::from_ymd_opt(year, decimal(month)?, decimal(day)?)?.and_hms_opt(
            decimal(hour)?,
            decimal(minute)?,
            decimal(second)?,
        )?;
        is_set(&local).then(|| Taken::on_the_wall(local, zone_offset(zone), None))
    })
}

/// Two decimal digits in a byte.
fn decimal(byte: u8) -> Option<u32> {
    let (tens, ones) = (u32::from(byte >> 4), u32::from(byte & 0x0F));
    (tens < 10 && ones < 10).then_some(tens * 10 + ones)
}

/// Bit 0 half an hour, bits 1 to 4 hours, bit 5 west, bit 6 summer time. Whether summer time is in the hours already is
/// not told: then the offset stays unknown. All ones: not set.
fn zone_offset(zone: u8) -> Option<i32> {
    let hours = i32::from(zone >> 1 & 0x0F);
    let seconds = hours * 3600 + i32::from(zone & 1) * 1800;
    let sign = if zone & 0x20 != 0 { -1 } else { 1 };
    (zone & 0xC0 == 0 && hours <= 14).then_some(sign * seconds)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::file_type;
    use proptest::prelude::*;
    use std::io::Cursor;

    #[test]
    fn size_of_a_program_stream() {
        let bytes = [b"\0\0\x01\xBA".as_slice(), &[0x44; 30], b"\0\0\x01\xB3\x2D\x02\x40\x33"].concat();
        let mut facts = Facts::new(file_type::MPG);
        read_program(&mut Source::new(Cursor::new(&bytes)).unwrap(), &mut facts).unwrap();
        assert_eq!((facts.width, facts.height), (Some(720), Some(576)));
    }

    #[test]
    fn date_of_a_camcorder() {
        for (zone, offset) in [(0x02, Some(3600)), (0x2B, Some(-5 * 3600 - 1800)), (0x42, None), (0xFF, None)] {
            let packs =
                [b"MDPM\x03\x13\0\0\0\0\x18".as_slice(), &[zone], b"\x20\x11\x08\x19\x17\x11\x42\x43\x70\0\0\0\0"].concat();
            let bytes = [&[0x47; 4000][..], &packs].concat();
            let mut facts = Facts::new(file_type::MTS);
            read_transport(&mut Source::new(Cursor::new(&bytes)).unwrap(), &mut facts).unwrap();
            let taken = facts.taken.unwrap();
            assert_eq!(taken.local.to_string(), "2011-08-17 11:42:43");
            assert_eq!(taken.offset_seconds, offset, "{zone:#x}");
        }
    }

    #[test]
    fn digits_that_are_none() {
        assert_eq!(camcorder_date(b"MDPM\x02\x18\x02\x20\x1A\x08\x19\x17\x11\x42\x43"), None);
        assert_eq!(camcorder_date(b"MDPM\x02\x18\x02\x20\x11\x13\x19\x17\x11\x42\x43"), None);
        assert_eq!(camcorder_date(b"MDPM"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(tail in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = camcorder_date(&[b"MDPM".as_slice(), &tail].concat());
            let _ = sequence_size(&[b"\0\0\x01\xB3".as_slice(), &tail].concat());
        }
    }
}
