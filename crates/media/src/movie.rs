//! Films: MP4, QuickTime, 3GPP, Matroska and WebM by `nom-exif`, with the film header read here, as `nom-exif` does not know
//! its 64-bit form, and the maker's name as Android writes it.

use std::io::{self, Read, Seek};
use std::time::Duration;

use chrono::{DateTime, Datelike, FixedOffset, Utc};
use nom_exif::{EntryValue, MediaParser, MediaSource, TrackInfo, TrackInfoTag};

use crate::boxes::{self, BoxAt};
use crate::capture::Taken;
use crate::facts::Facts;
use crate::place::Place;
use crate::source::Source;

/// Seconds from 1904, when QuickTime's clock starts, to 1970.
const QUICKTIME_EPOCH: i64 = 2_082_844_800;
/// A film has picture, sound and some tracks of data.
const MOST_TRACKS: usize = 64;
/// Matroska's clock starts with 2001: a date of zero is no date.
const MATROSKA_EPOCH: i64 = 978_307_200;

/// Fills in what a film made of ISO boxes tells.
pub(crate) fn read<R: Read + Seek>(source: &mut Source<R>, facts: &mut Facts) -> io::Result<()> {
    let created = read_tracks(source, facts)?;
    let Some(movie) = boxes::find_path(source, &[b"moov"])? else { return Ok(()) };
    let header = film_header(source, &movie)?;
    // `nom-exif` gives Apple's creation date, with its zone, or else its own reading of the header.
    let apples =
        created.filter(|created| created.year() >= 1970 && header.as_ref().is_none_or(|header| !header.is_misread(created)));
    facts.taken = match (apples, &header) {
        (Some(date), _) => Some(Taken::on_the_wall(date.naive_local(), Some(date.offset().local_minus_utc()), None)),
        (None, Some(header)) => header.created.map(Taken::utc),
        (None, None) => None,
    };
    facts.duration = header.and_then(|header| header.duration);
    if facts.width.is_none() {
        (facts.width, facts.height) = track_size(source, &movie)?.unzip();
    }
    if let Some(user_data) = boxes::find(source, movie.body, b"udta")? {
        if facts.latitude.is_none() {
            let text = user_text(source, &user_data, b"\xA9xyz")?;
            facts.set_place(text.as_deref().and_then(Place::from_iso_6709));
        }
        for (name, slot) in [(b"\xA9mak", &mut facts.camera_make), (b"\xA9mod", &mut facts.camera_model)] {
            if slot.is_none() {
                *slot = user_text(source, &user_data, name)?;
            }
        }
    }
    Ok(())
}

/// Fills in what a Matroska or WebM file tells.
pub(crate) fn read_matroska<R: Read + Seek>(source: &mut Source<R>, facts: &mut Facts) -> io::Result<()> {
    let created = read_tracks(source, facts)?;
    facts.taken =
        created.filter(|date| date.year() >= 1970 && date.timestamp() != MATROSKA_EPOCH).map(|date| Taken::utc(date.to_utc()));
    Ok(())
}

/// Fills in what the tracks tell; answers with the creation date.
fn read_tracks<R: Read + Seek>(source: &mut Source<R>, facts: &mut Facts) -> io::Result<Option<DateTime<FixedOffset>>> {
    let tracks = source.lend(|reader| {
        let media = MediaSource::seekable(reader).ok()?;
        MediaParser::new().parse_track(media).ok()
    })?;
    Ok(tracks.and_then(|tracks| fill(&tracks, facts)))
}

fn fill(tracks: &TrackInfo, facts: &mut Facts) -> Option<DateTime<FixedOffset>> {
    let text = |tag| {
        let text = tracks.get(tag)?.as_str()?.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        (!text.is_empty()).then(|| text.to_owned())
    };
    let pixels = |tag| match tracks.get(tag) {
        Some(EntryValue::U32(n)) if *n > 0 => Some(*n),
        _ => None,
    };
    facts.camera_make = text(TrackInfoTag::Make);
    facts.camera_model = text(TrackInfoTag::Model);
    facts.set_place(text(TrackInfoTag::GpsIso6709).as_deref().and_then(Place::from_iso_6709));
    if let (Some(width), Some(height)) = (pixels(TrackInfoTag::Width), pixels(TrackInfoTag::Height)) {
        (facts.width, facts.height) = (Some(width), Some(height));
    }
    if let Some(EntryValue::U64(milliseconds)) = tracks.get(TrackInfoTag::DurationMs) {
        // All ones is how writers say "unknown".
        facts.duration = (1..u64::from(u32::MAX)).contains(milliseconds).then(|| Duration::from_millis(*milliseconds));
    }
    match tracks.get(TrackInfoTag::CreateDate) {
        Some(EntryValue::DateTime(created)) => Some(*created),
        _ => None,
    }
}

#[derive(Debug)]
struct FilmHeader {
    created: Option<DateTime<Utc>>,
    duration: Option<Duration>,
    /// The four bytes that are the creation time in version 0, and its upper half in version 1.
    first_word: u32,
}

impl FilmHeader {
    /// Whether a date is what one gets who takes every header for version 0 and every count for one from 1904.
    fn is_misread(&self, date: &DateTime<FixedOffset>) -> bool {
        date.timestamp() == i64::from(self.first_word) - QUICKTIME_EPOCH
    }
}

/// Reads `mvhd`: version 0 has 32-bit times, version 1 has 64-bit ones (ISO 14496-12, 8.2.2).
fn film_header<R: Read + Seek>(source: &mut Source<R>, movie: &BoxAt) -> io::Result<Option<FilmHeader>> {
    let Some(header) = boxes::find(source, movie.body.clone(), b"mvhd")? else { return Ok(None) };
    let bytes = source.block(header.body.start, 32)?;
    let u32_at = |at: usize| Some(u64::from(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?)));
    let u64_at = |at: usize| Some(u64::from_be_bytes(*bytes.get(at..)?.first_chunk()?));
    let (created, scale, duration, unknown) = match bytes.first() {
        Some(0) => (u32_at(4), u32_at(12), u32_at(16), u64::from(u32::MAX)),
        Some(1) => (u64_at(4), u32_at(20), u64_at(24), u64::MAX),
        _ => return Ok(None),
    };
    let seconds = match (scale, duration) {
        (Some(scale), Some(duration)) if scale > 0 && duration > 0 && duration != unknown => duration as f64 / scale as f64,
        _ => 0.0,
    };
    Ok(Some(FilmHeader {
        created: created.and_then(creation),
        first_word: u32_at(4).and_then(|word| u32::try_from(word).ok()).unwrap_or(0),
        duration: Some(seconds).filter(|s| *s > 0.0).and_then(|s| Duration::try_from_secs_f64(s).ok()),
    }))
}

/// Size of the first track that has one (`trak/tkhd`, ISO 14496-12, 8.3.2), for brands that `nom-exif` does not know.
fn track_size<R: Read + Seek>(source: &mut Source<R>, movie: &BoxAt) -> io::Result<Option<(u32, u32)>> {
    let mut within = movie.body.clone();
    for _ in 0..MOST_TRACKS {
        let Some(track) = boxes::find(source, within.clone(), b"trak")? else { break };
        within.start = track.body.end;
        let Some(header) = boxes::find(source, track.body, b"tkhd")? else { continue };
        let Some([version, ..]) = source.array::<4>(header.body.start)? else { break };
        // Behind the times (64-bit in version 1) and the matrix; whole pixels before the binary point.
        let at = header.body.start + if version == 1 { 88 } else { 76 };
        if let Some([w0, w1, _, _, h0, h1, _, _]) = source.array::<8>(at)? {
            let (width, height) = (u16::from_be_bytes([w0, w1]), u16::from_be_bytes([h0, h1]));
            if width > 0 && height > 0 {
                return Ok(Some((width.into(), height.into())));
            }
        }
    }
    Ok(None)
}

/// QuickTime counts from 1904. Some writers count from 1970 instead: dates that would lie before 1970 are theirs (ExifTool
/// reads them so too). Zero of either count is no date.
fn creation(seconds: u64) -> Option<DateTime<Utc>> {
    let seconds = i64::try_from(seconds).ok()?;
    let unix = if seconds >= QUICKTIME_EPOCH { seconds - QUICKTIME_EPOCH } else { seconds };
    DateTime::from_timestamp(unix, 0).filter(|date| unix != 0 && date.year() < 10_000)
}

/// QuickTime user text: length and language, two bytes each, before it.
fn user_text<R: Read + Seek>(source: &mut Source<R>, user_data: &BoxAt, name: &[u8; 4]) -> io::Result<Option<String>> {
    let Some(found) = boxes::find(source, user_data.body.clone(), name)? else { return Ok(None) };
    let Some([l0, l1, _, _]) = source.array::<4>(found.body.start)? else { return Ok(None) };
    let room = found.body.end.saturating_sub(found.body.start + 4);
    let length = u64::from(u16::from_be_bytes([l0, l1])).min(room).min(256);
    let bytes = source.block(found.body.start + 4, length as usize)?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::boxes::tests::boxed;
    use crate::file_type;
    use proptest::prelude::*;
    use std::io::Cursor;

    fn header(version: u8, created: u64, scale: u32, duration: u64) -> Vec<u8> {
        let mut body = vec![version, 0, 0, 0];
        if version == 0 {
            body.extend((created as u32).to_be_bytes());
            body.extend([0; 4]);
            body.extend(scale.to_be_bytes());
            body.extend((duration as u32).to_be_bytes());
        } else {
            body.extend(created.to_be_bytes());
            body.extend([0; 8]);
            body.extend(scale.to_be_bytes());
            body.extend(duration.to_be_bytes());
        }
        body.extend([0; 80]);
        boxed(b"mvhd", &body)
    }

    fn track(version: u8, width: u16, height: u16) -> Vec<u8> {
        let mut body = vec![0; if version == 1 { 88 } else { 76 }];
        body[0] = version;
        for length in [width, height] {
            body.extend(length.to_be_bytes());
            body.extend([0; 2]);
        }
        boxed(b"trak", &boxed(b"tkhd", &body))
    }

    /// A film with nothing but a header, user data and some bytes of pictures.
    pub(crate) fn film(version: u8, created: u64) -> Vec<u8> {
        let place = boxed(b"\xA9xyz", b"\0\x12\x15\xC7+48.5000+011.0000/");
        let model = boxed(b"\xA9mod", b"\0\x07\x15\xC7Phone 1");
        let user_data = boxed(b"udta", &[place, model].concat());
        let tracks = [track(version, 0, 0), track(version, 1280, 720)].concat();
        let moov = boxed(b"moov", &[header(version, created, 600, 1500), tracks, user_data].concat());
        [boxed(b"ftyp", b"isom\0\0\x02\0isommp42"), moov, boxed(b"mdat", &[7; 4000])].concat()
    }

    fn facts_of(bytes: &[u8]) -> Facts {
        let mut facts = Facts::new(file_type::MP4);
        read(&mut Source::new(Cursor::new(bytes)).unwrap(), &mut facts).unwrap();
        facts
    }

    #[test]
    fn both_versions_of_the_film_header() {
        for version in [0, 1] {
            let facts = facts_of(&film(version, 3_582_623_999));
            let taken = facts.taken.unwrap();
            assert_eq!(taken.instant.unwrap().to_rfc3339(), "2017-07-11T13:19:59+00:00", "version {version}");
            assert_eq!(taken.offset_seconds, None);
            assert_eq!(facts.duration, Some(Duration::from_millis(2500)));
            assert_eq!((facts.width, facts.height), (Some(1280), Some(720)));
            assert_eq!((facts.latitude, facts.longitude), (Some(48.5), Some(11.0)));
            assert_eq!(facts.camera_model.as_deref(), Some("Phone 1"));
        }
    }

    #[test]
    fn a_film_without_brands_is_read_too() {
        let film = film(0, 3_582_623_999);
        let facts = facts_of(&film[24..]);
        assert!(facts.taken.is_some());
        assert_eq!((facts.width, facts.longitude), (Some(1280), Some(11.0)));
    }

    #[test]
    fn apples_creation_date_goes_before_the_header_and_keeps_its_zone() {
        let key = boxed(b"mdta", b"com.apple.quicktime.creationdate");
        let keys = boxed(b"keys", &[b"\0\0\0\0\0\0\0\x01".to_vec(), key].concat());
        let value = boxed(b"data", b"\0\0\0\x01\0\0\0\x002019-02-12T15:27:12+0800");
        let list = boxed(b"ilst", &boxed(b"\0\0\0\x01", &value));
        let handler = boxed(b"hdlr", b"\0\0\0\0\0\0\0\0mdta\0\0\0\0\0\0\0\0\0\0\0\0\0");
        let meta = boxed(b"meta", &[handler, keys, list].concat());
        let moov = boxed(b"moov", &[header(0, 3_582_623_999, 600, 1500), meta].concat());
        let taken = facts_of(&[boxed(b"ftyp", b"qt  \0\0\0\0qt  "), moov].concat()).taken.unwrap();
        assert_eq!((taken.local.to_string().as_str(), taken.offset_seconds), ("2019-02-12 15:27:12", Some(28_800)));
        assert_eq!(taken.instant.unwrap().to_rfc3339(), "2019-02-12T07:27:12+00:00");
    }

    #[test]
    fn zero_is_no_date_in_either_count() {
        for created in [0, QUICKTIME_EPOCH as u64, u64::MAX] {
            assert_eq!(facts_of(&film(1, created)).taken, None, "{created}");
        }
    }

    #[test]
    fn a_writer_that_counts_from_1970() {
        let taken = facts_of(&film(0, 1_488_000_000)).taken.unwrap();
        assert_eq!(taken.instant.unwrap().timestamp(), 1_488_000_000);
    }

    #[test]
    fn an_unknown_duration_is_none() {
        for (version, duration) in [(0, u64::from(u32::MAX)), (1, u64::MAX), (0, 0)] {
            let file =
                [boxed(b"ftyp", b"isom\0\0\x02\0isom"), boxed(b"moov", &header(version, 3_582_623_999, 600, duration))].concat();
            assert_eq!(facts_of(&file).duration, None, "version {version}");
        }
        let no_scale = [boxed(b"ftyp", b"isom\0\0\x02\0isom"), boxed(b"moov", &header(0, 3_582_623_999, 0, 5))].concat();
        assert_eq!(facts_of(&no_scale).duration, None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn any_change_is_survived(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
            let mut file = film(0, 3_582_623_999);
            let headers = file.len() - 4000;
            for (at, byte) in changes {
                file[at.index(headers)] = byte;
            }
            let _ = facts_of(&file);
        }
    }
}
