//! What a JPEG says of itself before its first scan, as far as the cost of decoding it and its colours depend on it.

use std::io::{self, Read, Seek};

use crate::source::Source;

/// More segments before the picture than any writer makes.
const MOST_SEGMENTS: usize = 20_000;

/// How a frame is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// One pass over the picture: decoders hold a row of blocks.
    Sequential,
    /// Many passes: decoders hold all coefficients.
    Progressive,
    /// Lossless, hierarchical or arithmetic: RAW data, and what nobody writes.
    Other,
}

/// A JPEG's frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) coding: Coding,
    /// Channels: 1 grey, 3 colour, 4 ink.
    pub(super) channels: u64,
    /// Bits of a sample; nearly always 8.
    pub(super) bits: u8,
    /// Samples of all channels for each 64 pixels, in blocks of 8 by 8: 64 for grey, 96 for colour in the usual 4:2:0.
    pub(super) samples_per_block: u64,
    /// Adobe's marker is there: its programs write ink upside down (0: most ink), and others follow them.
    pub(super) is_adobe: bool,
    /// Bytes before the first scan: metadata, mostly.
    pub(super) head: u64,
}

impl Frame {
    pub(super) fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// Bytes that the coefficients of a progressive picture take; none for others.
    pub(super) fn coefficient_bytes(&self) -> u64 {
        match self.coding {
            Coding::Progressive => self.pixels().saturating_mul(self.samples_per_block) / 64 * 2,
            _ => 0,
        }
    }
}

/// Reads the frame of the JPEG that begins at `start`; `None` if there is none before its first scan.
pub(super) fn read<R: Read + Seek>(source: &mut Source<R>, start: u64) -> io::Result<Option<Frame>> {
    if source.array::<2>(start)? != Some([0xFF, 0xD8]) {
        return Ok(None);
    }
    let (mut at, mut frame, mut is_adobe) = (start + 2, None, false);
    for _ in 0..MOST_SEGMENTS {
        let Some([first, name, high, low]) = source.array::<4>(at)? else { break };
        let length = u64::from(u16::from_be_bytes([high, low]));
        match (first, name) {
            (0xFF, 0xFF) => at += 1,
            (0xFF, 0x01 | 0xD0..=0xD8) => at += 2,
            (0xFF, 0xDA) => {
                return Ok(frame.map(|frame| Frame { is_adobe, head: at - start, ..frame }));
            }
            (0xFF, 0xC0..=0xCF) if !matches!(name, 0xC4 | 0xC8 | 0xCC) => {
                let body = source.block(at + 4, 6 + 4 * 3)?;
                frame = frame.or_else(|| parse(name, &body));
                at += 2 + length.max(2);
            }
            (0xFF, 0xEE) => {
                is_adobe |= source.array::<5>(at + 4)?.as_ref() == Some(b"Adobe");
                at += 2 + length.max(2);
            }
            (0xFF, 0xC4 | 0xC8 | 0xCC | 0xDB..=0xFE) => at += 2 + length.max(2),
            // Stray bytes between two segments, or the end.
            _ if first == 0xFF && name == 0xD9 => break,
            _ => at += 1,
        }
    }
    Ok(None)
}

/// A frame header behind its length: ITU T.81, B.2.2.
fn parse(name: u8, body: &[u8]) -> Option<Frame> {
    let [bits, h0, h1, w0, w1, channels, components @ ..] = body else { return None };
    let components = components.as_chunks::<3>().0.get(..usize::from(*channels))?;
    let factors = || components.iter().map(|[_, factors, _]| (u64::from(factors >> 4), u64::from(factors & 15)));
    let most = (factors().map(|(h, _)| h).max()?, factors().map(|(_, v)| v).max()?);
    let samples: u64 = factors().map(|(h, v)| h * v).sum();
    let (width, height) = (u16::from_be_bytes([*w0, *w1]), u16::from_be_bytes([*h0, *h1]));
    Some(Frame {
        width: width.into(),
        height: height.into(),
        coding: match name {
            0xC0 | 0xC1 => Coding::Sequential,
            0xC2 => Coding::Progressive,
            _ => Coding::Other,
        },
        channels: (*channels).into(),
        bits: *bits,
        samples_per_block: (samples * 64).checked_div(most.0 * most.1)?,
        is_adobe: false,
        head: 0,
    })
    .filter(|frame| frame.width > 0 && frame.channels > 0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::jpeg::tests::with_segment;
    use proptest::prelude::*;
    use std::io::Cursor;

    fn frame_at(bytes: &[u8], start: u64) -> Option<Frame> {
        read(&mut Source::new(Cursor::new(bytes)).unwrap(), start).unwrap()
    }

    #[test]
    fn a_real_picture_behind_other_bytes() {
        let picture = with_segment(0xEE, b"Adobe\0\x64");
        let frame = frame_at(&[b"before", picture.as_slice()].concat(), 6).unwrap();
        assert_eq!((frame.width, frame.height, frame.channels, frame.bits), (160, 120, 3, 8));
        assert_eq!((frame.coding, frame.is_adobe), (Coding::Sequential, true));
        assert_eq!(frame.coefficient_bytes(), 0);
        assert_eq!(frame_at(&picture, 1), None);
        assert_eq!(frame_at(&picture[..300], 0), None, "cut in the tables");
    }

    #[test]
    fn the_cost_of_a_progressive_picture() {
        let body = [8, 0x10, 0, 0x20, 0, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
        let frame = parse(0xC2, &body).unwrap();
        assert_eq!((frame.width, frame.height, frame.samples_per_block), (8192, 4096, 96));
        assert_eq!(frame.coefficient_bytes(), 8192 * 4096 * 3);
    }

    #[test]
    fn headers_that_are_none() {
        for body in [&[][..], &[8, 1, 1, 1, 1, 3], &[8, 1, 1, 1, 1, 1, 1, 0x01, 0], &[8, 1, 1, 0, 0, 1, 1, 0x11, 0]] {
            assert_eq!(parse(0xC0, body), None, "{body:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(tail in proptest::collection::vec(prop_oneof![Just(0xFF_u8), Just(0xC0), any::<u8>()], 0..400)) {
            let _ = frame_at(&[&[0xFF, 0xD8][..], &tail].concat(), 0);
        }
    }
}
