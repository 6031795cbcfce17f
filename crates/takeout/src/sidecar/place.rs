//! A place as a sidecar gives it.

use serde_json::{Map, Value};

use super::loose::real;

/// A point on earth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Metres above sea level. Takeout writes 0 for "not known", so 0 is `None`.
    pub altitude: Option<f64>,
}

impl Place {
    /// Reads `geoData` and its like. `None` if both axes are 0 (Takeout's "no place"), missing, or not on earth.
    ///
    /// One axis alone may be 0: the equator and the meridian of Greenwich are places.
    pub(super) fn of(object: &Map<String, Value>) -> Option<Self> {
        let latitude = real(object, "latitude")?;
        let longitude = real(object, "longitude")?;
        if (latitude == 0.0 && longitude == 0.0) || latitude.abs() > 90.0 || longitude.abs() > 180.0 {
            return None;
        }
        Some(Self { latitude, longitude, altitude: real(object, "altitude").filter(|metres| *metres != 0.0) })
    }

    /// Metres to another place along the surface (mean radius of the earth, haversine).
    pub fn metres_to(&self, latitude: f64, longitude: f64) -> f64 {
        let (from, to) = (self.latitude.to_radians(), latitude.to_radians());
        let north = (to - from) / 2.0;
        let east = (longitude - self.longitude).to_radians() / 2.0;
        let half = north.sin().powi(2) + from.cos() * to.cos() * east.sin().powi(2);
        2.0 * 6_371_008.8 * half.clamp(0.0, 1.0).sqrt().asin()
    }
}
