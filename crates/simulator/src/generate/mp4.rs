//! Wraps H.264 pictures into an MP4 file (ISO 14496-12 and -15): `ftyp`, `moov`, `mdat`, so that players can start at once.
//!
//! The pictures come from `h264`; what they show comes from `film`.

use chrono::{DateTime, Utc};

use super::h264;

/// One coded film.
pub(super) struct Track {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Written as creation and modification time of movie, track and media.
    pub(super) taken: DateTime<Utc>,
    pub(super) frames_per_second: u32,
    pub(super) sequence_parameters: Vec<u8>,
    pub(super) picture_parameters: Vec<u8>,
    /// One NAL unit a frame; the first is the only one that stands alone.
    pub(super) frames: Vec<Vec<u8>>,
}

/// Ticks a second of the movie clock.
const MOVIE_SCALE: u32 = 1_000;
/// Ticks of the media clock a frame.
const FRAME_TICKS: u32 = 1_000;
/// Seconds from 1904, where this format counts from, to 1970.
const SINCE_1904: i64 = 2_082_844_800;
/// No rotation, no scaling: 16.16 fixed point, the last column 2.30.
const MATRIX: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];

/// The bytes of the file.
pub(super) fn file(track: &Track) -> Vec<u8> {
    let file_type = boxed(b"ftyp", &[&b"isom"[..], &be(&[0x200]), b"isomiso2avc1mp41"].concat());
    // The length of `moov` does not depend on the offset in it.
    let data_at = file_type.len() + movie(track, 0).len() + 8;
    let samples: Vec<u8> =
        track.frames.iter().flat_map(|nal| be(&[nal.len() as u32]).into_iter().chain(nal.iter().copied())).collect();
    [file_type, movie(track, data_at as u32), boxed(b"mdat", &samples)].concat()
}

fn movie(track: &Track, data_at: u32) -> Vec<u8> {
    let count = track.frames.len() as u32;
    let taken = u32::try_from(track.taken.timestamp() + SINCE_1904).unwrap_or(0);
    let movie_length = (u64::from(count) * u64::from(MOVIE_SCALE) / u64::from(track.frames_per_second.max(1))) as u32;

    let movie_header = full(
        b"mvhd",
        0,
        &[
            be(&[taken, taken, MOVIE_SCALE, movie_length, 0x1_0000]),
            vec![1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], // full volume, reserved
            be(&MATRIX),
            be(&[0; 6]),
            be(&[2]), // next track
        ]
        .concat(),
    );
    let track_header = full(
        b"tkhd",
        3, // enabled, in the movie
        &[be(&[taken, taken, 1, 0, movie_length, 0, 0, 0, 0]), be(&MATRIX), be(&[track.width << 16, track.height << 16])]
            .concat(),
    );
    let media_header = full(
        b"mdhd",
        0,
        &[be(&[taken, taken, track.frames_per_second * FRAME_TICKS, count * FRAME_TICKS]), vec![0x55, 0xc4, 0, 0]].concat(), // `und`
    );
    let handler = full(b"hdlr", 0, &[be(&[0]), b"vide".to_vec(), be(&[0; 3]), b"VideoHandler\0".to_vec()].concat());
    let data_information = boxed(b"dinf", &full(b"dref", 0, &[be(&[1]), full(b"url ", 1, &[])].concat()));
    let sizes: Vec<u32> = track.frames.iter().map(|nal| nal.len() as u32 + 4).collect();
    let table = boxed(
        b"stbl",
        &[
            full(b"stsd", 0, &[be(&[1]), sample_entry(track)].concat()),
            full(b"stts", 0, &be(&[1, count, FRAME_TICKS])),
            full(b"stss", 0, &be(&[1, 1])),
            full(b"stsc", 0, &be(&[1, 1, count, 1])),
            full(b"stsz", 0, &[be(&[0, count]), be(&sizes)].concat()),
            full(b"stco", 0, &be(&[1, data_at])),
        ]
        .concat(),
    );
    let information = boxed(b"minf", &[full(b"vmhd", 1, &[0; 8]), data_information, table].concat());
    let media = boxed(b"mdia", &[media_header, handler, information].concat());
    boxed(b"moov", &[movie_header, boxed(b"trak", &[track_header, media].concat())].concat())
}

/// `avc1` with its `avcC`: what a decoder needs before the first picture.
fn sample_entry(track: &Track) -> Vec<u8> {
    let (sequence, picture) = (&track.sequence_parameters, &track.picture_parameters);
    let configuration = [
        &[1, h264::PROFILE[0], h264::PROFILE[1], h264::LEVEL, 0xff, 0xe1][..], // lengths of 4 bytes; one sequence set
        &(sequence.len() as u16).to_be_bytes(),
        sequence,
        &[1], // one picture set
        &(picture.len() as u16).to_be_bytes(),
        picture,
    ]
    .concat();
    let mut entry = vec![0; 6];
    entry.extend_from_slice(&[0, 1]); // data reference
    entry.extend_from_slice(&[0; 16]);
    entry.extend_from_slice(&(track.width as u16).to_be_bytes());
    entry.extend_from_slice(&(track.height as u16).to_be_bytes());
    entry.extend_from_slice(&be(&[0x48_0000, 0x48_0000, 0])); // 72 dpi
    entry.extend_from_slice(&[0, 1]); // one frame a sample
    entry.extend_from_slice(&[0; 32]); // no compressor name
    entry.extend_from_slice(&[0, 0x18, 0xff, 0xff]); // 24 bits, no colour table
    entry.extend_from_slice(&boxed(b"avcC", &configuration));
    boxed(b"avc1", &entry)
}

fn be(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32 + 8).to_be_bytes(), &kind[..], content].concat()
}

/// A box of version 0 with flags.
fn full(kind: &[u8; 4], flags: u32, content: &[u8]) -> Vec<u8> {
    boxed(kind, &[&flags.to_be_bytes(), content].concat())
}
