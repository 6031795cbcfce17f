//! Season and time of day: where the sun stands, and what colours that gives to sky, land and haze.

use chrono::{Datelike, NaiveDateTime, Timelike};

use super::super::random::Random;
use super::colour::{Rgb, hex, smooth};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::generate) enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

#[derive(Debug, Clone, Copy)]
pub(in crate::generate) struct Light {
    /// Degrees of the sun above the horizon.
    pub(in crate::generate) elevation: f32,
    pub(in crate::generate) season: Season,
    /// The sky from the top of the picture down to the horizon.
    pub(super) sky: [Rgb; 4],
    /// Light that comes straight from sun or moon.
    pub(super) sun: Rgb,
    /// Light that comes from everywhere.
    pub(super) ambient: Rgb,
    /// The shine around the sun.
    pub(super) glow: Rgb,
    /// Lit and shaded side of clouds.
    pub(super) cloud: (Rgb, Rgb),
    /// 0 by day, 1 in a dark night.
    pub(super) night: f32,
    /// Direction to the sun: right, up, towards the viewer. Unit length.
    pub(super) direction: (f32, f32, f32),
    /// Whether the sun itself is in the picture.
    pub(super) sun_seen: bool,
    /// Where the sun (or its afterglow) stands, as a share of the picture's width.
    pub(super) sun_x: f32,
}

/// Sun elevation in degrees, and the sky at it from top to horizon, straight light, light from everywhere.
type Hour = (f32, [u32; 4], u32, u32);

/// A clear day from night to noon.
const HOURS: [Hour; 8] = [
    (-20.0, [0x08_0f26, 0x10_2044, 0x1c_3660, 0x35_5a80], 0x4c_6494, 0x2a_3a5e),
    (-9.0, [0x0e_1b42, 0x22_356e, 0x48_5690, 0x9a_7890], 0x50_5888, 0x36_4070),
    (-4.0, [0x1b_2f63, 0x48_5494, 0xa8_7a9a, 0xf0_a272], 0x8a_6070, 0x50_5684),
    (0.0, [0x2f_4f8c, 0x7a_80b0, 0xe0_9c86, 0xff_c27a], 0xff_a060, 0x66_6688),
    (5.0, [0x3c_74b4, 0x83_abd4, 0xdc_cdbc, 0xff_e0aa], 0xff_c890, 0x78_809a),
    (13.0, [0x34_78be, 0x6c_a8dc, 0xb4_d4ea, 0xec_e8da], 0xff_e8c8, 0x84_94ac),
    (28.0, [0x26_6bb8, 0x56_9adb, 0x9a_c8ec, 0xd6_e9f4], 0xff_f6e6, 0x88_9cb4),
    (60.0, [0x1c_60b2, 0x48_90d8, 0x8c_c2ec, 0xcd_e6f5], 0xff_fdf6, 0x8c_a2ba),
];

/// Evenings that differ: each replaces the sky at the horizon's crossing.
const EVENINGS: [[u32; 4]; 7] = [
    [0x2f_4f8c, 0x7a_80b0, 0xe0_9c86, 0xff_c27a], // orange under blue
    [0x3a_3a78, 0x9a_5a94, 0xf0_7e7a, 0xff_b672], // crimson and violet
    [0x2a_5a8e, 0x6a_a0b4, 0xd8_c8a8, 0xff_d890], // gold under teal
    [0x4a_4c8c, 0x9a_84bc, 0xe8_b0b8, 0xff_d8bc], // lilac and peach
    [0x24_3468, 0x5a_4a7a, 0xc4_5a58, 0xff_9440], // embers
    [0x46_74ac, 0x9c_b0d0, 0xf0_c0b4, 0xff_dcb0], // rose
    [0x2c_4478, 0x6e_5e92, 0xd8_7894, 0xff_b89a], // magenta
];

/// The hue of everything in moonlight, at a brightness of 1.
const MOONLIT: Rgb = Rgb { r: 0.72, g: 1.0, b: 1.62 };

impl Light {
    /// `local` is the time on the camera's clock, `latitude` in degrees.
    pub(in crate::generate) fn new(seed: u64, local: NaiveDateTime, latitude: f64) -> Self {
        let mut random = Random::part(seed, 0x6c_6967_6874);
        let elevation = elevation(local, latitude);
        let season = season(local.month(), latitude);
        let evening = random.pick(&EVENINGS).map(hex);
        let after = HOURS.iter().position(|hour| hour.0 >= elevation).unwrap_or(HOURS.len() - 1).max(1);
        let (low, high) = (&HOURS[after - 1], &HOURS[after]);
        let share = ((elevation - low.0) / (high.0 - low.0)).clamp(0.0, 1.0);
        let between = |a: u32, b: u32| hex(a).blend(hex(b), share);
        let mut sky = [0, 1, 2, 3].map(|i| between(low.1[i], high.1[i]));
        let evening_share = smooth(-9.0, -1.0, elevation) * (1.0 - smooth(5.0, 14.0, elevation));
        for (band, colour) in sky.iter_mut().zip(evening) {
            *band = band.blend(colour, evening_share * 0.9);
        }
        let clear = random.between(0.9, 1.12);
        let winter = if season == Season::Winter { 0.9 } else { 1.0 };
        sky = sky.map(|band| band.saturate(clear * winter));

        let night = 1.0 - smooth(-12.0, -4.0, elevation);
        let warm = (1.0 - smooth(4.0, 16.0, elevation)) * (1.0 - night);
        let sun = between(low.2, high.2);
        let ambient = between(low.3, high.3).mix(sky[1], 0.25);
        let glow = sky[3].mix(hex(0xff_cc86), 0.5) * (1.0 - night);
        let cloud = (
            Rgb::WHITE.mix(evening[3].mix(evening[2], 0.35), warm * 0.95).mix(sky[2] * 1.05, night),
            sky[1].mix(Rgb::grey(0.62), 0.45 * (1.0 - warm) * (1.0 - night)).mix(evening[1] * 0.8, warm * 0.7),
        );
        let sun_x = random.between(0.16, 0.84);
        let sun_seen = (-1.0..10.0).contains(&elevation) && random.chance(0.75);
        let side = if random.chance(0.5) { 1.0 } else { -1.0 };
        let (right, up, near) =
            (side * random.between(0.55, 0.9), (elevation.max(14.0)).to_radians().sin(), random.between(-0.15, 0.5));
        let length = (right * right + up * up + near * near).sqrt();
        Self {
            elevation,
            season,
            sky,
            sun,
            ambient,
            glow,
            cloud,
            night,
            direction: (right / length, up / length, near / length),
            sun_seen,
            sun_x,
        }
    }

    /// The sky at a share of the way from the top (0) to the horizon (1).
    pub(super) fn sky_at(&self, share: f32) -> Rgb {
        const STOPS: [f32; 4] = [0.0, 0.4, 0.78, 1.0];
        let after = STOPS.iter().position(|&stop| stop >= share).unwrap_or(3).max(1);
        let part = ((share - STOPS[after - 1]) / (STOPS[after] - STOPS[after - 1])).clamp(0.0, 1.0);
        self.sky[after - 1].blend(self.sky[after], part)
    }

    /// The colour of woods: green by day, nearly black against a low sun.
    pub(super) fn silhouette(&self) -> Rgb {
        let leaves = match self.season {
            Season::Winter => hex(0x34_4a50),
            Season::Autumn => hex(0x4c_4a2c),
            _ => hex(0x2c_5a3c),
        };
        let day = smooth(4.0, 22.0, self.elevation);
        leaves.lit(self.ambient.mix(self.sun, 0.2 + 0.4 * day)) * (0.72 + 0.28 * day)
    }

    /// How a surface that faces the sun by `facing` looks; moonlight leaves little of its colour.
    #[inline]
    pub(super) fn shade(&self, surface: Rgb, facing: f32) -> Rgb {
        let lit = surface.lit(self.on(facing));
        if self.night > 0.0 { lit.mix(MOONLIT * lit.brightness(), self.night * 0.72) } else { lit }
    }

    /// The light on a surface that faces the sun by `facing` (cosine, 0 to 1).
    #[inline]
    pub(super) fn on(&self, facing: f32) -> Rgb {
        self.ambient + self.sun * (facing * 0.66)
    }
}

/// Height of the sun from date, clock and latitude; solar noon at 12:40 on the clock, half way to summer time.
fn elevation(local: NaiveDateTime, latitude: f64) -> f32 {
    let declination = 23.44f64.to_radians() * ((f64::from(local.ordinal()) - 81.0) * std::f64::consts::TAU / 365.0).sin();
    let clock = f64::from(local.num_seconds_from_midnight()) / 3_600.0;
    let turn = ((clock - 12.67) * 15.0).to_radians();
    let latitude = latitude.clamp(-66.0, 66.0).to_radians();
    let sine = latitude.sin() * declination.sin() + latitude.cos() * declination.cos() * turn.cos();
    sine.asin().to_degrees() as f32
}

fn season(month: u32, latitude: f64) -> Season {
    let month = if latitude < 0.0 { month + 6 } else { month };
    match month % 12 {
        3..=5 => Season::Spring,
        6..=8 => Season::Summer,
        9..=11 => Season::Autumn,
        _ => Season::Winter,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use chrono::NaiveDate;

    use super::*;

    fn at(month: u32, hour: u32, latitude: f64) -> Light {
        Light::new(1, NaiveDate::from_ymd_opt(2020, month, 15).unwrap().and_hms_opt(hour, 0, 0).unwrap(), latitude)
    }

    #[test]
    fn the_sun_is_high_at_noon_in_summer_and_gone_at_midnight() {
        assert!((60.0..70.0).contains(&at(6, 13, 47.0).elevation));
        assert!(at(12, 12, 47.0).elevation < 25.0);
        assert!(at(6, 0, 47.0).elevation < -15.0);
        assert!(at(3, 18, 47.0).elevation.abs() < 12.0);
    }

    #[test]
    fn seasons_turn_around_south_of_the_equator() {
        let seasons = |latitude| [1, 3, 5, 7, 10, 12].map(|month| at(month, 12, latitude).season);
        use Season::{Autumn, Spring, Summer, Winter};
        assert_eq!(seasons(47.0), [Winter, Spring, Spring, Summer, Autumn, Winter]);
        assert_eq!(seasons(-47.0), [Summer, Autumn, Autumn, Winter, Spring, Summer]);
    }

    #[test]
    fn nights_are_darker_than_days() {
        let brightness = |hour| at(9, hour, 47.0).sky.iter().map(|band| band.brightness()).sum::<f32>();
        assert!(brightness(1) * 3.0 < brightness(13));
    }
}
