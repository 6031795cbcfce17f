//! From a recipe to the bytes of an MP4: a seascape on which a boat sails and birds fly.

use chrono::TimeDelta;

use super::FilmRecipe;
use super::h264::{self, Frame};
use super::mp4::{self, Track};
use super::paint::canvas::Development;
use super::paint::figures;
use super::paint::{self, Moment};
use super::random::Random;

/// Frames a second of every film.
const FRAMES_PER_SECOND: u32 = 8;

/// The bytes of the film that `recipe` describes. Sides are rounded down to multiples of 16 (at least 16), and there is
/// at least one frame.
pub fn film(recipe: &FilmRecipe) -> Vec<u8> {
    let width = (recipe.width.min(2_048) / 16).max(1) * 16;
    let height = (recipe.height.min(1_024) / 16).max(1) * 16;
    // The recipe has no clock of its own: the light is that of an hour east of Greenwich.
    let moment = Moment { seed: recipe.seed, local: recipe.taken.naive_utc() + TimeDelta::hours(1), latitude: 47.5 };
    let (background, water_line) = paint::seascape(&moment, width, height);
    let light = moment.light();
    let mut random = Random::part(recipe.seed, 0x6669_6c6d);
    let (w, h) = (width as f32, height as f32);
    let size = h * random.between(0.14, 0.2);
    let row = water_line + (h - water_line) * random.between(0.15, 0.35);
    let heading = if random.chance(0.5) { 1.0 } else { -1.0 };
    let sail = random.pick(&[0xff_faf0, 0xf4_e8d8, 0xe0_5040, 0xf0_c060]);
    let start = w * (0.5 - heading * random.between(0.1, 0.35));
    let speed = w * random.between(0.006, 0.011) * heading;
    let flock: Vec<(f32, f32, f32, f32)> = (0..2)
        .map(|_| {
            (
                random.between(0.1, 0.9) * w,
                water_line * random.between(0.25, 0.7),
                random.between(9.0, 13.0),
                random.between(0.0, 6.0),
            )
        })
        .collect();

    let mut frames = Vec::new();
    let mut before: Option<Frame> = None;
    for index in 0..recipe.frames.max(1) {
        let time = index as f32;
        let mut canvas = background.clone();
        // Birds are small and beat their wings, the boat is big and slow: a handful of macroblocks change.
        for &(x, y, span, phase) in &flock {
            let place = ((x - heading * time * 1.6).rem_euclid(w), y + (time * 0.35 + phase).sin() * 3.0);
            figures::bird(&mut canvas, &light, place, span, (time * 1.9 + phase).sin());
        }
        let swing = (time * 0.5).sin() * 0.8;
        figures::boat(&mut canvas, &light, (start + speed * time, row + swing), size, heading, sail);
        let pixels = canvas.develop(Development { vignette: 0.14, grain: 0.7, old: false });
        let frame = Frame::from_rgb(width as usize, height as usize, &pixels);
        frames.push(h264::slice(index, &frame, before.as_ref()));
        before = Some(frame);
    }
    mp4::file(&Track {
        width,
        height,
        taken: recipe.taken,
        frames_per_second: FRAMES_PER_SECOND,
        sequence_parameters: h264::sequence_parameters(width as usize, height as usize),
        picture_parameters: h264::picture_parameters(),
        frames,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use std::process::Command;

    use chrono::{DateTime, TimeZone, Utc};
    use nom_exif::{MediaParser, MediaSource, TrackInfoTag};

    use super::*;

    fn recipe(frames: u32) -> FilmRecipe {
        let taken = Utc.with_ymd_and_hms(2019, 7, 13, 17, 15, 2).unwrap();
        FilmRecipe { seed: 5, width: 320, height: 192, taken, frames }
    }

    /// Kind and content of the boxes in a row.
    fn boxes(mut bytes: &[u8]) -> Vec<(&str, &[u8])> {
        let mut found = Vec::new();
        while !bytes.is_empty() {
            let length = u32::from_be_bytes(bytes[..4].try_into().unwrap()) as usize;
            found.push((std::str::from_utf8(&bytes[4..8]).unwrap(), &bytes[8..length]));
            bytes = &bytes[length..];
        }
        found
    }

    /// Content of the box reached by its names.
    fn inside<'a>(bytes: &'a [u8], path: &[&str]) -> &'a [u8] {
        path.iter().fold(bytes, |bytes, kind| boxes(bytes).into_iter().find(|(name, _)| name == kind).expect("is there").1)
    }

    fn words(bytes: &[u8]) -> Vec<u32> {
        bytes.chunks_exact(4).map(|word| u32::from_be_bytes(word.try_into().unwrap())).collect()
    }

    const TABLE: [&str; 5] = ["moov", "trak", "mdia", "minf", "stbl"];

    #[test]
    fn the_movie_comes_before_its_data() {
        let bytes = film(&recipe(3));
        assert_eq!(boxes(&bytes).iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), ["ftyp", "moov", "mdat"]);
        assert!(inside(&bytes, &["ftyp"]).starts_with(b"isom"));
    }

    #[test]
    fn creation_times_are_the_capture_time() {
        let bytes = film(&recipe(2));
        let expected = (recipe(2).taken.timestamp() + 2_082_844_800) as u32;
        for path in [&["moov", "mvhd"][..], &["moov", "trak", "tkhd"], &["moov", "trak", "mdia", "mdhd"]] {
            assert_eq!(words(inside(&bytes, path))[1..3], [expected, expected], "{path:?}");
        }
        let track = MediaParser::new().parse_track(MediaSource::from_memory(bytes).unwrap()).unwrap();
        let seen: DateTime<Utc> = track.get(TrackInfoTag::CreateDate).unwrap().as_datetime().unwrap().aware().unwrap().to_utc();
        assert_eq!(seen, recipe(2).taken);
        assert_eq!(track.get(TrackInfoTag::Width).unwrap().as_u32(), Some(320));
        assert_eq!(track.get(TrackInfoTag::Height).unwrap().as_u32(), Some(192));
    }

    #[test]
    fn sample_tables_describe_every_frame() {
        let bytes = film(&recipe(9));
        let table = inside(&bytes, &TABLE);
        assert_eq!(words(inside(table, &["stts"]))[1..], [1, 9, 1_000]);
        assert_eq!(words(inside(table, &["stss"]))[1..], [1, 1]);
        assert_eq!(words(inside(table, &["stsc"]))[1..], [1, 1, 9, 1]);
        let sizes = words(inside(table, &["stsz"]));
        assert_eq!(sizes[1..3], [0, 9]);
        let data = inside(&bytes, &["mdat"]);
        assert_eq!(sizes[3..].iter().sum::<u32>() as usize, data.len());
        let mut at = words(inside(table, &["stco"]))[2] as usize;
        assert_eq!(bytes.len() - data.len(), at, "the offset points at the data");
        for (index, &size) in sizes[3..].iter().enumerate() {
            // One slice a sample: its length, then its type.
            assert_eq!(words(&bytes[at..at + 4]), [size - 4]);
            assert_eq!(bytes[at + 4] & 31, if index == 0 { h264::NAL_IDR } else { h264::NAL_SLICE });
            at += size as usize;
        }
    }

    #[test]
    fn a_film_is_small_and_something_moves_in_it() {
        for seed in 0..8 {
            let bytes = film(&FilmRecipe { seed, ..recipe(24) });
            assert!(bytes.len() < 400_000, "seed {seed}: {}", bytes.len());
            let sizes = words(inside(inside(&bytes, &TABLE), &["stsz"]));
            assert!(sizes[4..].iter().all(|&size| size > 400), "seed {seed}: {sizes:?}");
        }
    }

    #[test]
    fn odd_sizes_are_rounded_to_whole_macroblocks() {
        for (width, height, frames) in [(0, 0, 0), (100, 50, 1), (16, 16, 2)] {
            let bytes = film(&FilmRecipe { width, height, frames, ..recipe(1) });
            let size = words(inside(&bytes, &["moov", "trak", "tkhd"]))[19..21].to_vec();
            assert_eq!(size, [width, height].map(|side: u32| ((side / 16).max(1) * 16) << 16));
        }
    }

    #[test]
    fn an_independent_decoder_plays_it_without_complaint() {
        let folder = tempfile::tempdir().unwrap();
        for (seed, frames) in [(1, 24), (2, 40), (3, 1)] {
            let path = folder.path().join(format!("{seed}.mp4"));
            std::fs::write(&path, film(&FilmRecipe { seed, ..recipe(frames) })).unwrap();
            let decoded = Command::new("ffmpeg").args(["-v", "error", "-i"]).arg(&path).args(["-f", "framemd5", "-"]).output();
            let Ok(decoded) = decoded else {
                println!("skipped: no ffmpeg here");
                return;
            };
            assert!(decoded.status.success());
            assert_eq!(String::from_utf8_lossy(&decoded.stderr), "");
            let listing = String::from_utf8_lossy(&decoded.stdout).into_owned();
            let hashes: std::collections::HashSet<&str> =
                listing.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.rsplit(',').next()).collect();
            assert_eq!(hashes.len(), frames as usize, "every frame shows something new");
        }
    }
}
