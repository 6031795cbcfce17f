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

    /// The colours of a row, each the mean of its neighbourhood: what haze in front of it looks like.
    pub(super) fn haze_of_row(&self, row: f32) -> Vec<Rgb> {
        let row = (row.max(0.0) as usize).min(self.height - 1);
        let line = &self.pixels[row * self.width..(row + 1) * self.width];
        let reach = self.width / 12 + 1;
        (0..self.width)
            .map(|x| {
                let part = &line[x.saturating_sub(reach)..(x + reach).min(self.width)];
                let step = (part.len() / 16).max(1);
                let sum = part.iter().step_by(step).fold(Rgb::default(), |sum, &pixel| sum + pixel);
                sum * (1.0 / part.len().div_ceil(step) as f32)
            })
            .collect()
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
        let (top_line, end_line) =
            ((top.floor().max(0.0) as usize) * LINES, (bottom.ceil().clamp(0.0, self.height as f32) as usize) * LINES);
        // Where edges cross quarter lines, edge by edge: shapes have many edges, but each crosses few lines.
        let mut crossings: Vec<(usize, f32)> = Vec::with_capacity(2 * end_line.saturating_sub(top_line));
        for (i, &start) in points.iter().enumerate() {
            let stop = points[(i + 1) % points.len()];
            let ((x0, y0), (x1, y1)) = if start.1 < stop.1 { (start, stop) } else { (stop, start) };
            let line_of = |y: f32| (y * LINES as f32 - 0.5).ceil().max(0.0) as usize;
            for line in line_of(y0).max(top_line)..line_of(y1).min(end_line) {
                let at = (line as f32 + 0.5) / LINES as f32;
                crossings.push((line, x0 + (x1 - x0) * (at - y0) / (y1 - y0)));
            }
        }
        // Sorted by counting: how many crossings there are before each line says where its own begin.
        let mut begins = vec![0usize; end_line.saturating_sub(top_line) + 1];
        for &(line, _) in &crossings {
            begins[line - top_line + 1] += 1;
        }
        for line in 1..begins.len() {
            begins[line] += begins[line - 1];
        }
        let mut places = begins.clone();
        let mut sorted = vec![0.0f32; crossings.len()];
        for &(line, x) in &crossings {
            sorted[places[line - top_line]] = x;
            places[line - top_line] += 1;
        }
        let mut cover = vec![0.0f32; end.saturating_sub(first)];
        for y in top_line / LINES..end_line / LINES {
            cover.fill(0.0);
            for line in y * LINES - top_line..(y + 1) * LINES - top_line {
                let crossed = &mut sorted[begins[line]..begins[line + 1]];
                crossed.sort_unstable_by(f32::total_cmp);
                for pair in crossed.chunks_exact(2) {
                    let (from, to) = (pair[0].max(first as f32) - first as f32, pair[1].min(end as f32) - first as f32);
                    if to <= from {
                        continue;
                    }
                    let (from_cell, to_cell) = (from as usize, (to.ceil() as usize).min(cover.len()));
                    for share in &mut cover[from_cell..to_cell] {
                        *share += 1.0 / LINES as f32;
                    }
                    // Both ends of the span cover their pixel in part only.
                    cover[from_cell] -= (from - from_cell as f32) / LINES as f32;
                    cover[to_cell - 1] -= (to_cell as f32 - to) / LINES as f32;
                }
            }
            for (x, &share) in cover.iter().enumerate() {
                if share > 0.001 {
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
