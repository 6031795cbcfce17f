//! Where a picture was taken: only coordinates that can be true.

/// Degrees north and east, and metres above sea level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place {
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
    pub(crate) altitude: Option<f64>,
}

impl Place {
    /// `None` outside of the globe, and at 0, 0: phones write that when they do not know.
    pub(crate) fn new(latitude: f64, longitude: f64, altitude: Option<f64>) -> Option<Self> {
        let on_the_globe = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        let null_island = latitude.abs() < 1e-7 && longitude.abs() < 1e-7;
        (on_the_globe && !null_island).then_some(Self { latitude, longitude, altitude: altitude.filter(|m| m.is_finite()) })
    }

    /// Reads ISO 6709 as QuickTime has it, `+32.0929+034.8620+028.516/`: degrees, or degrees and minutes (`+4807.5`), or
    /// with seconds (`+480730`), told apart by the number of digits before the point.
    pub(crate) fn from_iso_6709(text: &str) -> Option<Self> {
        let mut numbers = Vec::new();
        let mut rest = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        while numbers.len() < 3 && rest.starts_with(['+', '-']) {
            let end = rest[1..].find(|c: char| !c.is_ascii_digit() && c != '.').map_or(rest.len(), |end| end + 1);
            numbers.push(&rest[..end]);
            rest = &rest[end..];
        }
        let [latitude, longitude, altitude @ ..] = numbers.as_slice() else { return None };
        let altitude = altitude.first().and_then(|text| text.parse().ok());
        Self::new(degrees(latitude, 2)?, degrees(longitude, 3)?, altitude)
    }
}

/// `whole` digits of degrees, then two of minutes and two of seconds, if there are that many before the point.
fn degrees(text: &str, whole: usize) -> Option<f64> {
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    let unsigned = text.get(1..)?;
    let digits = unsigned.find('.').unwrap_or(unsigned.len());
    let value = if digits == whole + 2 {
        unsigned.get(..whole)?.parse::<f64>().ok()? + unsigned.get(whole..)?.parse::<f64>().ok()? / 60.0
    } else if digits == whole + 4 {
        unsigned.get(..whole)?.parse::<f64>().ok()?
            + unsigned.get(whole..whole + 2)?.parse::<f64>().ok()? / 60.0
            + unsigned.get(whole + 2..)?.parse::<f64>().ok()? / 3600.0
    } else {
        unsigned.parse::<f64>().ok()?
    };
    Some(sign * value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn places_that_cannot_be() {
        for (latitude, longitude) in [(0.0, 0.0), (-0.0, 0.0), (90.1, 0.0), (0.0, 180.5), (f64::NAN, 1.0), (1.0, f64::INFINITY)] {
            assert_eq!(Place::new(latitude, longitude, None), None, "{latitude} {longitude}");
        }
        assert!(Place::new(0.0, 10.0, None).is_some(), "the equator is a place");
        assert_eq!(Place::new(1.0, 1.0, Some(f64::NAN)).unwrap().altitude, None);
    }

    #[test]
    fn iso_6709_in_every_spelling() {
        for (text, latitude, longitude, altitude) in [
            ("+32.0929+034.8620+028.516/", 32.0929, 34.862, Some(28.516)),
            ("+51.4169-000.0806/", 51.4169, -0.0806, None),
            ("-33.5-070.25-10.5/\0", -33.5, -70.25, Some(-10.5)),
            ("+4807.5+01130.0/", 48.125, 11.5, None),
            ("+480730+0113000/", 48.125, 11.5, None),
            ("+12.5+100.25", 12.5, 100.25, None),
        ] {
            let place = Place::from_iso_6709(text).expect(text);
            assert!((place.latitude - latitude).abs() < 1e-9 && (place.longitude - longitude).abs() < 1e-9, "{text}: {place:?}");
            assert_eq!(place.altitude, altitude, "{text}");
        }
        for text in ["", "+", "+1", "12.5+100.25", "+0.0+0.0/", "+91+001/", "+1.2.3+004/"] {
            assert_eq!(Place::from_iso_6709(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "[-+.0-9é/]{0,30}") {
            if let Some(place) = Place::from_iso_6709(&text) {
                prop_assert!(place.latitude.abs() <= 90.0 && place.longitude.abs() <= 180.0);
            }
        }
    }
}
