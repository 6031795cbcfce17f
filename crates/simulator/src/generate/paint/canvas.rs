//! The canvas: pixels in floating point, soft-edged shapes on them, and the way out to bytes.

use super::super::random::mix;
use super::colour::Rgb;

#[derive(Clone)]
pub(in crate::generate) struct Canvas {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) pixels: Vec<Rgb>,
}

/// How a finished picture was developed.
#[derive(Debug, Clone, Copy)]
pub(in crate::generate) struct Development {
    /// Darkening of the corners, 0 to 1.
    pub(in crate::generate) vignette: f32,
    /// Height of the grain, in 255ths. Half a step is enough to break up bands in a gradient.
    pub(in crate::generate) grain: f32,
    /// Faded and brown, as a print of the sixties.
    pub(in crate::generate) old: bool,
}

impl Canvas {
    pub(super) fn new(width: usize, height: usize) -> Self {
        Self { width, height, pixels: vec![Rgb::default(); width * height] }
    }

    #[inline]
    pub(super) fn get(&self, x: usize, y: usize) -> Rgb {
        self.pixels[y * self.width + x]
    }

    #[inline]
    pub(super) fn blend(&mut self, x: usize, y: usize, colour: Rgb, amount: f32) {
        let pixel = &mut self.pixels[y * self.width + x];
        *pixel = pixel.mix(colour, amount);
    }

    /// Fills a shape, even-odd, with edges soft to a quarter of a pixel downwards and exact sideways.
    pub(super) fn polygon(&mut self, points: &[(f32, f32)], colour: Rgb, amount: f32) {
        const LINES: usize = 4;
        let (mut left, mut top, mut right, mut bottom) = (f32::MAX, f32::MAX, f32::MIN, f32::MIN);
        for &(x, y) in points {
            (left, top, right, bottom) = (left.min(x), top.min(y), right.max(x), bottom.max(y));
        }
        let first = left.floor().clamp(0.0, self.width as f32) as usize;
        let end = right.ceil().clamp(0.0, self.width as f32) as usize;
        let mut cover = vec![0.0f32; end.saturating_sub(first)];
        let mut crossings: Vec<f32> = Vec::with_capacity(8);
        for y in top.floor().max(0.0) as usize..bottom.ceil().clamp(0.0, self.height as f32) as usize {
            cover.fill(0.0);
            for line in 0..LINES {
                let at = y as f32 + (line as f32 + 0.5) / LINES as f32;
                crossings.clear();
                for (i, &(x0, y0)) in points.iter().enumerate() {
                    let (x1, y1) = points[(i + 1) % points.len()];
                    if (y0 <= at) != (y1 <= at) {
                        crossings.push(x0 + (x1 - x0) * (at - y0) / (y1 - y0));
                    }
                }
                crossings.sort_by(f32::total_cmp);
                for pair in crossings.chunks_exact(2) {
                    let (from, to) = (pair[0].max(first as f32), pair[1].min(end as f32));
                    if to <= from {
                        continue;
                    }
                    for x in from as usize..(to.ceil() as usize).min(end) {
                        let share = to.min(x as f32 + 1.0) - from.max(x as f32);
                        cover[x - first] += share.clamp(0.0, 1.0) / LINES as f32;
                    }
                }
            }
            for (x, &share) in cover.iter().enumerate() {
                if share > 0.0 {
                    self.blend(first + x, y, colour, share * amount);
                }
            }
        }
    }

    /// A round spot with a soft edge of one pixel.
    pub(super) fn spot(&mut self, cx: f32, cy: f32, radius: f32, colour: Rgb, amount: f32) {
        self.oval(cx, cy, radius, radius, colour, amount);
    }

    pub(super) fn oval(&mut self, cx: f32, cy: f32, rx: f32, ry: f32, colour: Rgb, amount: f32) {
        let small = rx.min(ry);
        for y in (cy - ry - 1.0).max(0.0) as usize..((cy + ry + 2.0).clamp(0.0, self.height as f32) as usize) {
            for x in (cx - rx - 1.0).max(0.0) as usize..((cx + rx + 2.0).clamp(0.0, self.width as f32) as usize) {
                let (dx, dy) = ((x as f32 + 0.5 - cx) / rx, (y as f32 + 0.5 - cy) / ry);
                let cover = ((1.0 - (dx * dx + dy * dy).sqrt()) * small + 0.5).clamp(0.0, 1.0);
                if cover > 0.0 {
                    self.blend(x, y, colour, cover * amount);
                }
            }
        }
    }

    /// Light that falls off from a point: adds, never darkens. Ends at `reach`.
    pub(super) fn glow(&mut self, cx: f32, cy: f32, reach: f32, light: Rgb) {
        for y in (cy - reach).max(0.0) as usize..((cy + reach).clamp(0.0, self.height as f32) as usize) {
            for x in (cx - reach).max(0.0) as usize..((cx + reach).clamp(0.0, self.width as f32) as usize) {
                let (dx, dy) = ((x as f32 + 0.5 - cx) / reach, (y as f32 + 0.5 - cy) / reach);
                let fall = (1.0 - dx * dx - dy * dy).max(0.0);
                let pixel = &mut self.pixels[y * self.width + x];
                *pixel = pixel.screen(light * (fall * fall * fall));
            }
        }
    }

    /// The picture as RGB bytes. The grain depends on the place only, so unchanged pixels give unchanged bytes.
    pub(in crate::generate) fn develop(&self, development: Development) -> Vec<u8> {
        let mut bytes = vec![0u8; self.width * self.height * 3];
        let (half_w, half_h) = (self.width as f32 / 2.0, self.height as f32 / 2.0);
        for y in 0..self.height {
            let dy = (y as f32 - half_h) / half_h;
            let mut hash = mix(y as u64 + 1) as u32 | 1;
            let line = &self.pixels[y * self.width..(y + 1) * self.width];
            let out = &mut bytes[y * self.width * 3..(y + 1) * self.width * 3];
            for (x, (pixel, rgb)) in line.iter().zip(out.chunks_exact_mut(3)).enumerate() {
                let dx = (x as f32 - half_w) / half_w;
                let dark = 1.0 - development.vignette * (dx * dx + dy * dy) * 0.5;
                let mut pixel = *pixel * dark;
                if development.old {
                    let level = 0.14 + 0.74 * pixel.brightness();
                    pixel = Rgb { r: level * 1.06, g: level * 0.95, b: level * 0.76 + 0.02 };
                }
                // Two uniform numbers give the triangular spread that hides bands best.
                hash ^= hash << 13;
                hash ^= hash >> 17;
                hash ^= hash << 5;
                let noise = ((hash & 0xffff) as f32 + (hash >> 16) as f32) / 65_536.0 - 1.0;
                let grain = 0.5 + noise * development.grain;
                rgb[0] = (pixel.r * 255.0 + grain) as u8;
                rgb[1] = (pixel.g * 255.0 + grain) as u8;
                rgb[2] = (pixel.b * 255.0 + grain) as u8;
            }
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_covers_its_area_and_stays_on_the_canvas() {
        let mut canvas = Canvas::new(20, 20);
        canvas.polygon(&[(-5.0, 2.5), (10.5, 2.5), (10.5, 12.5), (-5.0, 12.5)], Rgb::WHITE, 1.0);
        let painted: f32 = canvas.pixels.iter().map(|pixel| pixel.r).sum();
        assert!((painted - 105.0).abs() < 0.5, "{painted}");
        canvas.oval(19.0, 19.0, 40.0, 3.0, Rgb::WHITE, 1.0);
        canvas.glow(-3.0, 25.0, 12.0, Rgb::WHITE);
    }

    #[test]
    fn equal_canvases_give_equal_bytes_with_grain_in_them() {
        let mut canvas = Canvas::new(64, 8);
        canvas.pixels.fill(Rgb::grey(0.5));
        let development = Development { vignette: 0.0, grain: 1.0, old: false };
        let bytes = canvas.develop(development);
        assert_eq!(bytes, canvas.clone().develop(development));
        assert!(bytes.contains(&127) && bytes.contains(&128));
        assert!(bytes.iter().all(|b| (127..=128).contains(b)));
    }
}
