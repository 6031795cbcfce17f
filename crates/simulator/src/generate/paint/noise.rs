//! Sheets of noise that repeat without a seam, made once and shared by all pictures.
//!
//! Painting samples a sheet (a few nanoseconds) where it would otherwise add up octaves for every pixel; each picture
//! looks at another place, scale and turn of the sheets.

use std::sync::OnceLock;

use super::super::random::mix;

const SIZE: usize = 512;

pub(super) struct Sheet {
    /// Rows of a length known to the compiler, which then drops the checks of half the look-ups.
    rows: Vec<[f32; SIZE]>,
}

impl Sheet {
    /// Value from 0 to 1 at a place measured in cells of the sheet, of which there are 512 before it repeats.
    #[inline(always)]
    pub(super) fn at(&self, x: f32, y: f32) -> f32 {
        let ((left, u), (top, v)) = (split(x), split(y));
        let right = (left + 1) & (SIZE - 1);
        let (above, below) = (&self.rows[top], &self.rows[(top + 1) & (SIZE - 1)]);
        let upper = above[left] + (above[right] - above[left]) * u;
        let lower = below[left] + (below[right] - below[left]) * u;
        upper + (lower - upper) * v
    }

    /// Adds octaves of value noise, from `cells` across; `shape` turns each octave's value (0 to 1).
    fn new(seed: u64, cells: usize, octaves: u32, gain: f32, shape: fn(f32) -> f32) -> Self {
        let mut rows = vec![[0.0f32; SIZE]; SIZE];
        let (mut cells, mut weight) = (cells, 1.0);
        for octave in 0..octaves {
            add_octave(&mut rows, mix(seed + u64::from(octave)), cells, weight, shape);
            cells *= 2;
            weight *= gain;
        }
        let (low, high) = rows.as_flattened().iter().fold((f32::MAX, f32::MIN), |(low, high), &v| (low.min(v), high.max(v)));
        for value in rows.as_flattened_mut() {
            *value = (*value - low) / (high - low);
        }
        Self { rows }
    }
}

/// Cell on the sheet and fraction within it, for numbers up to four million.
///
/// Adding 1.5 * 2^23 leaves no bits for a fraction, so the sum's low bits are the whole part. A conversion or `floor` takes
/// several times as long on processors without SSE 4.1, and this runs millions of times a picture.
#[inline(always)]
fn split(value: f32) -> (usize, f32) {
    const BIAS: f32 = 12_582_912.0;
    let biased = (value - 0.5) + BIAS;
    (biased.to_bits() as usize & (SIZE - 1), value - (biased - BIAS))
}

/// One octave of gradient noise on a grid of `cells` by `cells`.
fn add_octave(rows: &mut [[f32; SIZE]], seed: u64, cells: usize, weight: f32, shape: fn(f32) -> f32) {
    let gradients: Vec<(f32, f32)> = (0..cells * cells)
        .map(|cell| {
            let turn = (mix(seed ^ mix(cell as u64)) >> 40) as f32 / (1u64 << 24) as f32 * std::f32::consts::TAU;
            (turn.cos(), turn.sin())
        })
        .collect();
    let step = cells as f32 / SIZE as f32;
    for (y, line) in rows.iter_mut().enumerate() {
        let (row, v) = ((y * cells) / SIZE, (y as f32 * step).fract());
        let below = (row + 1) % cells;
        let fade_v = v * v * v * (v * (v * 6.0 - 15.0) + 10.0);
        for (x, value) in line.iter_mut().enumerate() {
            let (column, u) = ((x * cells) / SIZE, (x as f32 * step).fract());
            let beside = (column + 1) % cells;
            let fade_u = u * u * u * (u * (u * 6.0 - 15.0) + 10.0);
            let slope = |column: usize, row: usize, u: f32, v: f32| {
                let (gx, gy) = gradients[row * cells + column];
                gx * u + gy * v
            };
            let upper = slope(column, row, u, v) * (1.0 - fade_u) + slope(beside, row, u - 1.0, v) * fade_u;
            let lower = slope(column, below, u, v - 1.0) * (1.0 - fade_u) + slope(beside, below, u - 1.0, v - 1.0) * fade_u;
            let noise = upper * (1.0 - fade_v) + lower * fade_v;
            *value += shape((noise * 0.75 + 0.5).clamp(0.0, 1.0)) * weight;
        }
    }
}

/// Clouds, grass, anything rough in all directions. Largest feature: 64 cells.
pub(super) fn rough() -> &'static Sheet {
    static SHEET: OnceLock<Sheet> = OnceLock::new();
    SHEET.get_or_init(|| Sheet::new(11, 8, 6, 0.5, |v| v))
}

/// Hills and slow changes. Largest feature: 64 cells.
pub(super) fn soft() -> &'static Sheet {
    static SHEET: OnceLock<Sheet> = OnceLock::new();
    SHEET.get_or_init(|| Sheet::new(23, 8, 2, 0.35, |v| v))
}

/// Mountains: sharp crests between valleys. Largest feature: 128 cells.
pub(super) fn crests() -> &'static Sheet {
    static SHEET: OnceLock<Sheet> = OnceLock::new();
    SHEET.get_or_init(|| {
        Sheet::new(37, 4, 7, 0.47, |v| {
            let crest = 1.0 - (2.0 * v - 1.0).abs();
            crest * crest
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_repeat_without_a_seam_and_fill_their_range() {
        for sheet in [rough(), soft(), crests()] {
            for place in [(0.3, 7.9), (511.6, 100.2), (-3.4, 511.9)] {
                let (here, there) = (sheet.at(place.0, place.1), sheet.at(place.0 + 512.0, place.1 - 512.0));
                assert!((here - there).abs() < 0.01, "{place:?}: {here} {there}");
            }
            let seam = (sheet.at(511.99, 40.0) - sheet.at(512.01, 40.0)).abs();
            assert!(seam < 0.01, "{seam}");
            assert!(sheet.rows.as_flattened().iter().all(|v| (0.0..=1.0).contains(v)));
        }
    }
}
