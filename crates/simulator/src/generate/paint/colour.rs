//! Colours and how they mix. Values are sRGB from 0 to 1; above 1 is light that the canvas clips at the end.

use std::ops::{Add, Mul, Sub};

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Rgb {
    pub(super) r: f32,
    pub(super) g: f32,
    pub(super) b: f32,
}

/// From `0xRRGGBB`.
pub(super) const fn hex(code: u32) -> Rgb {
    Rgb { r: ((code >> 16) & 255) as f32 / 255.0, g: ((code >> 8) & 255) as f32 / 255.0, b: (code & 255) as f32 / 255.0 }
}

impl Rgb {
    pub(super) const WHITE: Self = hex(0xff_ffff);

    pub(super) fn grey(level: f32) -> Self {
        Self { r: level, g: level, b: level }
    }

    #[inline]
    pub(super) fn mix(self, other: Self, amount: f32) -> Self {
        self + (other - self) * amount
    }

    /// Light on top of light: brightens without running past white.
    #[inline]
    pub(super) fn screen(self, light: Self) -> Self {
        let lift = |a: f32, b: f32| a + b * (1.0 - a).max(0.0);
        Self { r: lift(self.r, light.r), g: lift(self.g, light.g), b: lift(self.b, light.b) }
    }

    /// A surface of this colour under `light`.
    #[inline]
    pub(super) fn lit(self, light: Self) -> Self {
        Self { r: self.r * light.r, g: self.g * light.g, b: self.b * light.b }
    }

    #[inline]
    pub(super) fn brightness(self) -> f32 {
        0.299 * self.r + 0.587 * self.g + 0.114 * self.b
    }

    /// More (above 1) or less colour at the same brightness.
    pub(super) fn saturate(self, amount: f32) -> Self {
        Self::grey(self.brightness()).mix(self, amount)
    }

    /// Mixes in OKLab, where orange and blue do not meet in mud. Slower than [`Rgb::mix`]: for palettes, not pixels.
    pub(super) fn blend(self, other: Self, amount: f32) -> Self {
        let (a, b) = (self.to_oklab(), other.to_oklab());
        Self::from_oklab([0, 1, 2].map(|i| a[i] + (b[i] - a[i]) * amount))
    }

    // Matrices: Björn Ottosson, "A perceptual color space for image processing", 2020.
    fn to_oklab(self) -> [f32; 3] {
        let [r, g, b] = [self.r, self.g, self.b].map(|v| v.max(0.0).powf(2.2));
        let l = (0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b).cbrt();
        let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
        let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
        [
            0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
            1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
            0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
        ]
    }

    fn from_oklab(lab: [f32; 3]) -> Self {
        let l = (lab[0] + 0.396_337_78 * lab[1] + 0.215_803_76 * lab[2]).powi(3);
        let m = (lab[0] - 0.105_561_346 * lab[1] - 0.063_854_17 * lab[2]).powi(3);
        let s = (lab[0] - 0.089_484_18 * lab[1] - 1.291_485_5 * lab[2]).powi(3);
        let [r, g, b] = [
            4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
            -1.268_438 * l + 2.609_757_4 * m - 0.341_319_4 * s,
            -0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s,
        ]
        .map(|v| v.max(0.0).powf(1.0 / 2.2));
        Self { r, g, b }
    }
}

impl Add for Rgb {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        Self { r: self.r + other.r, g: self.g + other.g, b: self.b + other.b }
    }
}

impl Sub for Rgb {
    type Output = Self;
    #[inline]
    fn sub(self, other: Self) -> Self {
        Self { r: self.r - other.r, g: self.g - other.g, b: self.b - other.b }
    }
}

impl Mul<f32> for Rgb {
    type Output = Self;
    #[inline]
    fn mul(self, by: f32) -> Self {
        Self { r: self.r * by, g: self.g * by, b: self.b * by }
    }
}

/// 0 below `low`, 1 above `high`, a soft S between.
#[inline]
pub(super) fn smooth(low: f32, high: f32, value: f32) -> f32 {
    let t = ((value - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blending_starts_and_ends_at_its_colours() {
        let (orange, blue) = (hex(0xf0_a050), hex(0x20_4080));
        for (amount, expected) in [(0.0, orange), (1.0, blue)] {
            let seen = orange.blend(blue, amount) - expected;
            assert!(seen.r.abs() + seen.g.abs() + seen.b.abs() < 0.01, "{amount}: {seen:?}");
        }
    }

    #[test]
    fn screen_never_runs_past_white() {
        assert_eq!(Rgb::grey(0.9).screen(Rgb::WHITE), Rgb::WHITE);
    }
}
