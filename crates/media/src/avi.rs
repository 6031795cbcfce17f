//! AVI: size, length and date out of its RIFF chunks. A reader of our own, as `nom-exif` knows no AVI, and the crates that
//! do are decoders.

use std::io::{self, Read, Seek};
use std::ops::Range;
use std::time::Duration;

use chrono::NaiveDateTime;

use crate::capture::{Taken, is_set, parse_clock};
use crate::facts::Facts;
use crate::source::Source;

/// Chunks looked at in all: headers have some dozens, and what follows the film is some more.
const MOST_CHUNKS: usize = 2_000;

/// Fills in what the headers tell.
pub(crate) fn read<R: Read + Seek>(source: &mut Source<R>, facts: &mut Facts) -> io::Result<()> {
    let mut left = MOST_CHUNKS;
    let length = source.length();
    walk(source, 12..length, facts, &mut left, 0)
}

fn walk<R: Read + Seek>(
    source: &mut Source<R>,
    within: Range<u64>,
    facts: &mut Facts,
    left: &mut usize,
    depth: u8,
) -> io::Result<()> {
    let mut at = within.start;
    while at < within.end && *left > 0 {
        *left -= 1;
        let Some([n0, n1, n2, n3, size @ ..]) = source.array::<8>(at)? else { break };
        let size = u32::from_le_bytes(size);
        let body = at + 8;
        let end = body + u64::from(size);
        match &[n0, n1, n2, n3] {
            b"LIST" => {
                // `hdrl` and `strl` are the headers, `INFO` is about the film; `movi` is the film.
                let kind = source.array::<4>(body)?;
                if depth < 3 && matches!(&kind, Some(kind) if [b"hdrl", b"strl", b"INFO"].contains(&kind)) {
                    walk(source, body + 4..end.min(within.end), facts, left, depth + 1)?;
                }
            }
            b"avih" => main_header(&source.block(body, 40)?, facts),
            b"IDIT" | b"ICRD" if facts.taken.is_none() => {
                let text = source.block(body, size.min(64) as usize)?;
                facts.taken = date(&String::from_utf8_lossy(&text));
            }
            _ => {}
        }
        // Chunks begin at even offsets.
        at = end + u64::from(size % 2);
    }
    Ok(())
}

/// `AVIMAINHEADER`: microseconds a frame at 0, frames at 16, width at 32, height at 36.
fn main_header(bytes: &[u8], facts: &mut Facts) {
    let u32_at = |at: usize| bytes.get(at..)?.first_chunk().map(|raw| u32::from_le_bytes(*raw));
    let (Some(frame), Some(frames), Some(width), Some(height)) = (u32_at(0), u32_at(16), u32_at(32), u32_at(36)) else { return };
    if width > 0 && height > 0 {
        (facts.width, facts.height) = (Some(width), Some(height));
    }
    let micros = u64::from(frame) * u64::from(frames);
    facts.duration = (micros > 0).then(|| Duration::from_micros(micros));
}

/// Cameras write `2005:08:17 11:42:43`, `2005/08/17 11:42`, or C's `Wed Aug 17 11:42:43 2005`.
fn date(text: &str) -> Option<Taken> {
    if let Some(clock) = parse_clock(text) {
        return Some(clock.into());
    }
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    // The day of the week is left out: some cameras get it wrong.
    let (_, rest) = text.split_once(' ')?;
    let local = NaiveDateTime::parse_from_str(rest.trim(), "%b %d %H:%M:%S %Y").ok()?;
    is_set(&local).then(|| Taken::on_the_wall(local, None, None))
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::file_type;
    use proptest::prelude::*;
    use std::io::Cursor;

    fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let mut bytes = [name.as_slice(), &(body.len() as u32).to_le_bytes(), body].concat();
        bytes.resize(bytes.len() + bytes.len() % 2, 0);
        bytes
    }

    /// A film of 100 frames of 40 ms, 320 by 240, with that date.
    pub(crate) fn film(date: &str) -> Vec<u8> {
        let mut header = [0_u8; 56];
        header[..4].copy_from_slice(&40_000_u32.to_le_bytes());
        header[16..20].copy_from_slice(&100_u32.to_le_bytes());
        header[32..36].copy_from_slice(&320_u32.to_le_bytes());
        header[36..40].copy_from_slice(&240_u32.to_le_bytes());
        let headers = chunk(b"LIST", &[b"hdrl".to_vec(), chunk(b"avih", &header), chunk(b"IDIT", date.as_bytes())].concat());
        let movie = chunk(b"LIST", &[b"movi".to_vec(), vec![1; 999]].concat());
        chunk(b"RIFF", &[b"AVI ".to_vec(), headers, movie, chunk(b"idx1", &[0; 16])].concat())
    }

    fn facts_of(bytes: &[u8]) -> Facts {
        let mut facts = Facts::new(file_type::AVI);
        read(&mut Source::new(Cursor::new(bytes)).unwrap(), &mut facts).unwrap();
        facts
    }

    #[test]
    fn size_length_and_date() {
        for date in [
            "Wed Aug 17 11:42:43 2005\n\0",
            "WED AUG 17 11:42:43 2005",
            "Mon Aug 17 11:42:43 2005",
            "2005:08:17 11:42:43",
            "2005-08-17 11:42:43",
        ] {
            let facts = facts_of(&film(date));
            assert_eq!((facts.width, facts.height, facts.duration), (Some(320), Some(240), Some(Duration::from_secs(4))));
            let taken = facts.taken.expect(date);
            assert_eq!(taken.local.to_string(), "2005-08-17 11:42:43");
            assert_eq!(taken.instant, None, "nobody knows the zone of a camera's clock");
        }
        assert_eq!(facts_of(&film("Tue Jan 00 00:00:00 1980")).taken, None);
    }

    proptest! {
        #[test]
        fn any_change_is_survived(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
            let mut file = film("2005:08:17 11:42:43");
            for (at, byte) in changes {
                file[at.index(200)] = byte;
            }
            let _ = facts_of(&file);
        }
    }
}
