//! The EXIF tags that matter here, from whichever reader found them, and what they amount to.

use chrono::NaiveDateTime;

use crate::capture::{Taken, parse_clock, parse_offset, parse_subsec};
use crate::facts::Facts;
use crate::place::Place;

/// Which directory a tag stands in; GPS tags have numbers of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Directory {
    /// The picture's own and the EXIF directory below it; their numbers do not clash.
    Picture,
    Gps,
}

/// A tag's value, as plainly as possible.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Text(String),
    /// Whole numbers and fractions; a fraction over zero is not a number.
    Numbers(Vec<f64>),
    /// A date that the reader has taken apart already.
    Clock(NaiveDateTime),
}

#[derive(Debug, Default)]
struct Clock {
    local: Option<NaiveDateTime>,
    offset_seconds: Option<i32>,
    subsec_nanos: Option<u32>,
}

/// The tags found so far. The first value of a tag wins.
#[derive(Debug, Default)]
pub(crate) struct CameraTags {
    make: Option<String>,
    model: Option<String>,
    description: Option<String>,
    unique_id: Option<String>,
    orientation: Option<u16>,
    /// DateTimeOriginal and its kin.
    original: Clock,
    /// DateTimeDigitized and its kin.
    digitized: Clock,
    /// OffsetTime: of the last change, and of the whole file if it stands alone.
    offset_seconds: Option<i32>,
    width: Option<u32>,
    height: Option<u32>,
    gps: Gps,
}

#[derive(Debug, Default)]
struct Gps {
    south: Option<bool>,
    latitude: Option<Vec<f64>>,
    west: Option<bool>,
    longitude: Option<Vec<f64>>,
    below_sea: bool,
    altitude: Option<f64>,
    date: Option<String>,
    time: Option<Vec<f64>>,
}

impl CameraTags {
    /// Takes note of a tag if it is one that matters. Numbers: EXIF 2.32, tables 4 to 15.
    pub(crate) fn take(&mut self, directory: Directory, tag: u16, value: Value) {
        match directory {
            Directory::Picture => self.take_picture(tag, value),
            Directory::Gps => self.gps.take(tag, value),
        }
    }

    fn take_picture(&mut self, tag: u16, value: Value) {
        match tag {
            0x010E => keep(&mut self.description, value.text()),
            0x010F => keep(&mut self.make, value.text()),
            0x0110 => keep(&mut self.model, value.text()),
            0x0112 => keep(&mut self.orientation, value.whole().and_then(orientation)),
            0x9003 => keep(&mut self.original.local, value.clock()),
            0x9004 => keep(&mut self.digitized.local, value.clock()),
            0x9010 => keep(&mut self.offset_seconds, value.raw_text().and_then(|text| parse_offset(&text))),
            0x9011 => keep(&mut self.original.offset_seconds, value.raw_text().and_then(|text| parse_offset(&text))),
            0x9012 => keep(&mut self.digitized.offset_seconds, value.raw_text().and_then(|text| parse_offset(&text))),
            0x9291 => keep(&mut self.original.subsec_nanos, value.raw_text().and_then(|text| parse_subsec(&text))),
            0x9292 => keep(&mut self.digitized.subsec_nanos, value.raw_text().and_then(|text| parse_subsec(&text))),
            0xA002 => keep(&mut self.width, value.whole().filter(|n| *n > 0)),
            0xA003 => keep(&mut self.height, value.whole().filter(|n| *n > 0)),
            0xA420 => keep(&mut self.unique_id, value.text()),
            _ => {}
        }
    }

    /// Original first, then digitised; the date of the last change says nothing of the capture.
    fn taken(&self) -> Option<Taken> {
        let clock = if self.original.local.is_some() { &self.original } else { &self.digitized };
        let offset = clock.offset_seconds.or(self.offset_seconds);
        Some(Taken::on_the_wall(clock.local?, offset, clock.subsec_nanos).with_gps_clock(self.gps.clock()))
    }

    fn place(&self) -> Option<Place> {
        self.gps.place()
    }

    /// Fills what is still unknown.
    pub(crate) fn fill(self, facts: &mut Facts) {
        facts.taken = facts.taken.or_else(|| self.taken());
        if facts.latitude.is_none() {
            facts.set_place(self.place());
        }
        keep(&mut facts.orientation, self.orientation);
        keep(&mut facts.camera_make, self.make);
        keep(&mut facts.camera_model, self.model);
        keep(&mut facts.description, self.description);
        keep(&mut facts.unique_id, self.unique_id);
        // What EXIF says of the size is a copy that editors forget to change: only where nothing better is known.
        if facts.width.is_none() && facts.height.is_none() {
            (facts.width, facts.height) = (self.width, self.height);
        }
    }
}

impl Gps {
    fn take(&mut self, tag: u16, value: Value) {
        match tag {
            0x0001 => keep(&mut self.south, value.raw_text().and_then(|text| side(&text, 'N', 'S'))),
            0x0002 => keep(&mut self.latitude, value.numbers()),
            0x0003 => keep(&mut self.west, value.raw_text().and_then(|text| side(&text, 'E', 'W'))),
            0x0004 => keep(&mut self.longitude, value.numbers()),
            0x0005 => self.below_sea = value.whole() == Some(1),
            0x0006 => keep(&mut self.altitude, value.numbers().and_then(|n| n.first().copied())),
            0x0007 => keep(&mut self.time, value.numbers()),
            0x001D => keep(&mut self.date, value.raw_text()),
            _ => {}
        }
    }

    fn place(&self) -> Option<Place> {
        let sign = |negative: bool| if negative { -1.0 } else { 1.0 };
        let latitude = sign(self.south?) * sexagesimal(self.latitude.as_ref()?)?;
        let longitude = sign(self.west?) * sexagesimal(self.longitude.as_ref()?)?;
        Place::new(latitude, longitude, self.altitude.map(|metres| sign(self.below_sea) * metres))
    }

    /// Date and time of the fix, in UTC.
    fn clock(&self) -> Option<NaiveDateTime> {
        let [hour, minute, second] = self.time.as_ref()?.as_slice() else { return None };
        let date = self.date.as_ref()?.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        // Also rejects what is no time of day.
        Some(parse_clock(&format!("{date} {hour:02.0}:{minute:02.0}:{:02}", second.trunc()))?.local)
    }
}

impl Value {
    /// Text for people: trimmed, not empty.
    fn text(self) -> Option<String> {
        let text = self.raw_text()?;
        let trimmed = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        (!trimmed.is_empty()).then(|| trimmed.to_owned())
    }

    fn raw_text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    fn numbers(self) -> Option<Vec<f64>> {
        match self {
            Self::Numbers(numbers) => Some(numbers),
            _ => None,
        }
    }

    fn whole(&self) -> Option<u32> {
        match self {
            Self::Numbers(numbers) => {
                let number = *numbers.first()?;
                (number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number)).then_some(number as u32)
            }
            _ => None,
        }
    }

    fn clock(self) -> Option<NaiveDateTime> {
        match self {
            Self::Clock(local) => crate::capture::is_set(&local).then_some(local),
            Self::Text(text) => parse_clock(&text).map(|clock| clock.local),
            Self::Numbers(_) => None,
        }
    }
}

fn keep<T>(slot: &mut Option<T>, value: Option<T>) {
    if slot.is_none() {
        *slot = value;
    }
}

fn orientation(value: u32) -> Option<u16> {
    (1..=8).contains(&value).then_some(value as u16)
}

/// Whether it is the negative side of the two; `None` if it is neither.
fn side(text: &str, positive: char, negative: char) -> Option<bool> {
    let letter = text.trim().chars().next()?.to_ascii_uppercase();
    (letter == positive || letter == negative).then_some(letter == negative)
}

/// Degrees, minutes and seconds; what follows the degrees may be missing or undefined.
fn sexagesimal(numbers: &[f64]) -> Option<f64> {
    let part = |n: usize| numbers.get(n).copied().filter(|v| v.is_finite()).unwrap_or(0.0);
    let degrees = numbers.first().copied().filter(|v| v.is_finite() && *v >= 0.0)?;
    Some(degrees + part(1) / 60.0 + part(2) / 3600.0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::file_type;

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    fn facts(tags: &[(Directory, u16, Value)]) -> Facts {
        let mut camera = CameraTags::default();
        for (directory, tag, value) in tags {
            camera.take(*directory, *tag, value.clone());
        }
        let mut facts = Facts::new(file_type::JPEG);
        camera.fill(&mut facts);
        facts
    }

    use Directory::{Gps, Picture};

    #[test]
    fn the_original_date_goes_before_the_digitised_one() {
        let taken = facts(&[
            (Picture, 0x9004, text("2002:01:01 00:00:00")),
            (Picture, 0x9012, text("+05:00")),
            (Picture, 0x9003, text("2018:07:16 17:52:22")),
            (Picture, 0x9291, text("25")),
        ])
        .taken
        .unwrap();
        assert_eq!(taken.local.to_string(), "2018-07-16 17:52:22.250");
        assert_eq!(taken.offset_seconds, None, "an offset of the other date is not its own");
    }

    #[test]
    fn an_unset_original_date_gives_way() {
        let taken = facts(&[(Picture, 0x9003, text("0000:00:00 00:00:00")), (Picture, 0x9004, text("2001:01:11 03:28:39"))])
            .taken
            .unwrap();
        assert_eq!(taken.local.to_string(), "2001-01-11 03:28:39");
    }

    #[test]
    fn the_date_of_the_last_change_is_not_the_capture() {
        assert_eq!(facts(&[(Picture, 0x0132, text("2015:06:29 18:15:36"))]).taken, None);
    }

    #[test]
    fn places_need_both_sides() {
        let full = [
            (Gps, 1, text("S")),
            (Gps, 2, Value::Numbers(vec![33.0, 30.0, 36.0])),
            (Gps, 3, text("W\0")),
            (Gps, 4, Value::Numbers(vec![70.5])),
            (Gps, 5, Value::Numbers(vec![1.0])),
            (Gps, 6, Value::Numbers(vec![12.5])),
        ];
        let here = facts(&full);
        assert_eq!((here.latitude, here.longitude, here.altitude), (Some(-33.51), Some(-70.5), Some(-12.5)));
        for missing in 0..4 {
            let mut tags = full.to_vec();
            tags.remove(missing);
            assert_eq!(facts(&tags).latitude, None, "without tag {}", missing + 1);
        }
        let mut undefined = full.to_vec();
        undefined[1].2 = Value::Numbers(vec![f64::NAN, 0.0, 0.0]);
        let there = facts(&undefined);
        assert_eq!((there.latitude, there.longitude, there.altitude), (None, None, None));
    }

    #[test]
    fn the_clock_of_the_fix_gives_the_offset() {
        let taken = facts(&[
            (Picture, 0x9003, text("2011:01:13 14:33:39")),
            (Gps, 0x1D, text("2011:01:13")),
            (Gps, 7, Value::Numbers(vec![13.0, 33.0, 38.5])),
        ])
        .taken
        .unwrap();
        assert_eq!(taken.offset_seconds, Some(3600));
        assert_eq!(taken.instant.unwrap().to_rfc3339(), "2011-01-13T13:33:39+00:00");
    }

    #[test]
    fn texts_are_trimmed_and_blank_ones_are_none() {
        let facts = facts(&[
            (Picture, 0x010F, text("NIKON CORPORATION\0\0")),
            (Picture, 0x0110, text("   ")),
            (Picture, 0x010E, text("  A day out \n")),
            (Picture, 0xA420, text("abc123\0")),
            (Picture, 0x0112, Value::Numbers(vec![9.0])),
        ]);
        assert_eq!(facts.camera_make.as_deref(), Some("NIKON CORPORATION"));
        assert_eq!(facts.camera_model, None);
        assert_eq!(facts.description.as_deref(), Some("A day out"));
        assert_eq!(facts.unique_id.as_deref(), Some("abc123"));
        assert_eq!(facts.orientation, None, "there are eight ways to hold a camera");
    }
}
