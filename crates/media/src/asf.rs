//! ASF (WMV): date, length and size out of its header object. A reader of our own, as `nom-exif` knows no ASF.
//! Layout: Advanced Systems Format specification, sections 3.1 to 3.3 and 9.2.

use std::io::{self, Read, Seek};
use std::time::Duration;

use chrono::{DateTime, Datelike};

use crate::capture::Taken;
use crate::facts::Facts;
use crate::source::Source;

/// The header object's identifier: the first bytes of every ASF file.
pub(crate) const HEADER: &[u8; 16] = b"\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C";
const FILE_PROPERTIES: &[u8; 16] = b"\xA1\xDC\xAB\x8C\x47\xA9\xCF\x11\x8E\xE4\x00\xC0\x0C\x20\x53\x65";
const STREAM_PROPERTIES: &[u8; 16] = b"\x91\x07\xDC\xB7\xB7\xA9\xCF\x11\x8E\xE6\x00\xC0\x0C\x20\x53\x65";
const VIDEO_STREAM: &[u8; 16] = b"\xC0\xEF\x19\xBC\x4D\x5B\xCF\x11\xA8\xFD\x00\x80\x5F\x5C\x44\x2B";

/// Seconds from 1601, when Windows' clock starts, to 1970.
const WINDOWS_EPOCH: i64 = 11_644_473_600;
const TICKS_A_SECOND: u64 = 10_000_000;
const MOST_OBJECTS: usize = 1_000;

/// Fills in what the header tells.
pub(crate) fn read<R: Read + Seek>(source: &mut Source<R>, facts: &mut Facts) -> io::Result<()> {
    let Some(size) = source.array::<8>(16)? else { return Ok(()) };
    let end = u64::from_le_bytes(size).min(source.length());
    let mut at = 30;
    for _ in 0..MOST_OBJECTS {
        if at >= end {
            break;
        }
        let Some(header) = source.array::<24>(at)? else { break };
        let Some(size) = header.last_chunk().map(|raw| u64::from_le_bytes(*raw)).filter(|size| *size >= 24) else { break };
        if header.starts_with(FILE_PROPERTIES) {
            file_properties(&source.block(at + 24, 64)?, facts);
        } else if header.starts_with(STREAM_PROPERTIES) {
            stream_properties(&source.block(at + 24, 62)?, facts);
        }
        at = at.saturating_add(size);
    }
    Ok(())
}

/// File id 16, file size 8, creation date 8, packets 8, play time 8, send time 8, preroll (milliseconds) 8.
fn file_properties(bytes: &[u8], facts: &mut Facts) {
    let u64_at = |at: usize| bytes.get(at..)?.first_chunk().map(|raw| u64::from_le_bytes(*raw));
    let (Some(created), Some(play), Some(preroll)) = (u64_at(24), u64_at(40), u64_at(56)) else { return };
    let seconds = (created / TICKS_A_SECOND) as i64 - WINDOWS_EPOCH;
    // ASF is of 1996: an earlier date is a clock that was never set.
    facts.taken = DateTime::from_timestamp(seconds, 0).filter(|date| (1990..10_000).contains(&date.year())).map(Taken::utc);
    let play = Duration::from_micros(play / 10).saturating_sub(Duration::from_millis(preroll));
    facts.duration = (!play.is_zero()).then_some(play);
}

/// Stream type 16, error correction type 16, time offset 8, two lengths of 4, flags 2, reserved 4, then width and height.
fn stream_properties(bytes: &[u8], facts: &mut Facts) {
    let u32_at = |at: usize| bytes.get(at..)?.first_chunk().map(|raw| u32::from_le_bytes(*raw)).filter(|n| *n > 0);
    if bytes.starts_with(VIDEO_STREAM)
        && facts.width.is_none()
        && let (Some(width), Some(height)) = (u32_at(54), u32_at(58))
    {
        (facts.width, facts.height) = (Some(width), Some(height));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::file_type;
    use proptest::prelude::*;
    use std::io::Cursor;

    fn object(id: &[u8; 16], body: &[u8]) -> Vec<u8> {
        [id.as_slice(), &(body.len() as u64 + 24).to_le_bytes(), body].concat()
    }

    fn film(created: u64) -> Vec<u8> {
        let mut properties = vec![0; 80];
        properties[24..32].copy_from_slice(&created.to_le_bytes());
        properties[40..48].copy_from_slice(&(15 * TICKS_A_SECOND).to_le_bytes());
        properties[56..64].copy_from_slice(&5_000_u64.to_le_bytes());
        let mut stream = vec![0; 70];
        stream[..16].copy_from_slice(VIDEO_STREAM);
        stream[54..58].copy_from_slice(&640_u32.to_le_bytes());
        stream[58..62].copy_from_slice(&480_u32.to_le_bytes());
        let objects = [object(FILE_PROPERTIES, &properties), object(STREAM_PROPERTIES, &stream)].concat();
        object(HEADER, &[&2_u32.to_le_bytes()[..], &[1, 2], &objects].concat())
    }

    fn facts_of(bytes: &[u8]) -> Facts {
        let mut facts = Facts::new(file_type::WMV);
        read(&mut Source::new(Cursor::new(bytes)).unwrap(), &mut facts).unwrap();
        facts
    }

    #[test]
    fn size_length_and_date() {
        let facts = facts_of(&film(128_000_000_000_000_000));
        assert_eq!((facts.width, facts.height, facts.duration), (Some(640), Some(480), Some(Duration::from_secs(10))));
        assert_eq!(facts.taken.unwrap().instant.unwrap().to_rfc3339(), "2006-08-14T03:33:20+00:00");
    }

    #[test]
    fn a_date_of_zero_is_none() {
        assert_eq!(facts_of(&film(0)).taken, None);
        assert_eq!(facts_of(&film(u64::MAX)).taken, None);
    }

    proptest! {
        #[test]
        fn any_change_is_survived(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
            let mut file = film(128_000_000_000_000_000);
            for (at, byte) in changes {
                let at = at.index(file.len());
                file[at] = byte;
            }
            let _ = facts_of(&file);
        }
    }
}
