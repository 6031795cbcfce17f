//! A city's skyline: rows of towers, their windows lit the more the darker it is.

use super::super::random::Random;
use super::canvas::Canvas;
use super::colour::{Rgb, hex, smooth};
use super::light::Light;

/// Paints the skyline with its feet at `foot` (a row).
pub(super) fn paint(canvas: &mut Canvas, light: &Light, foot: f32, seed: u64) {
    let mut random = Random::part(seed, 0x63_6974);
    let unit = canvas.width.max(canvas.height) as f32 / 1_280.0;
    let lamps = 1.0 - smooth(-4.0, 6.0, light.elevation);
    let centre = random.between(0.3, 0.7);
    let horizon = light.sky[3];
    for layer in 0..4 {
        let share = layer as f32 / 3.0;
        let facade = hex(0x4c_5468).mix(hex(0x9c_8c80), random.between(0.1, 0.8)).lit(light.ambient.mix(light.sun, 0.35)) * 1.05;
        let base = horizon.mix(light.sky[1], 0.3).mix(facade, 0.25 + 0.7 * share);
        let mut x = -random.between(0.0, 40.0) * unit;
        while x < canvas.width as f32 {
            let width = random.between(24.0, 74.0) * unit * (0.7 + 0.4 * share);
            let middle = (x + width / 2.0) / canvas.width as f32 - centre;
            let downtown = (-middle * middle * 9.0).exp();
            let tall = (60.0 + 330.0 * downtown * random.unit().powf(1.4)) * (1.0 - 0.42 * share) + random.between(10.0, 60.0);
            let hue =
                hex(random.pick(&[0xb0_7860, 0x70_8498, 0xa8_a090, 0x8c_8ca0, 0xc0_a888])).lit(light.ambient.mix(light.sun, 0.4));
            let wall = base.mix(hue, 0.3 * share * (1.0 - 0.7 * light.night)) * random.between(0.88, 1.1);
            let tower = Tower { x, foot, width, height: tall * unit, wall, lamps: lamps * (0.35 + 0.65 * share), unit };
            tower.paint(canvas, light, &mut random);
            x += width * random.between(0.86, 1.25);
        }
    }
}

struct Tower {
    x: f32,
    foot: f32,
    width: f32,
    height: f32,
    wall: Rgb,
    lamps: f32,
    unit: f32,
}

impl Tower {
    fn paint(&self, canvas: &mut Canvas, light: &Light, random: &mut Random) {
        let (left, right, top) = (self.x, self.x + self.width, self.foot - self.height);
        let middle = self.x + self.width / 2.0;
        let roof = match random.below(7) {
            0 => vec![(left, top), (middle, top - self.width * random.between(0.35, 0.9)), (right, top)],
            1 => vec![
                (left, top),
                (left + self.width * 0.2, top),
                (left + self.width * 0.2, top - 16.0 * self.unit),
                (right - self.width * 0.2, top - 16.0 * self.unit),
                (right - self.width * 0.2, top),
                (right, top),
            ],
            2 => vec![(left, top), (right, top - self.width * 0.45)],
            3 if self.height > 150.0 * self.unit => vec![
                (left, top),
                (middle - 1.5 * self.unit, top),
                (middle - 0.5 * self.unit, top - self.height * 0.24),
                (middle + 0.5 * self.unit, top - self.height * 0.24),
                (middle + 1.5 * self.unit, top),
                (right, top),
            ],
            _ => vec![(left, top), (right, top)],
        };
        let mut shape = roof;
        shape.extend([(right, self.foot), (left, self.foot)]);
        canvas.polygon(&shape, self.wall, 1.0);
        // The side towards the light.
        let (from, to) = if light.sun_x > 0.5 { (right - self.width * 0.3, right) } else { (left, left + self.width * 0.3) };
        let lit = self.wall.mix(light.sun, 0.22 * (1.0 - light.night));
        canvas.polygon(&[(from, top), (to, top), (to, self.foot), (from, self.foot)], lit, 0.55);
        self.windows(canvas, random);
    }

    fn windows(&self, canvas: &mut Canvas, random: &mut Random) {
        let pane = (random.between(2.6, 3.8) * self.unit, random.between(3.4, 5.2) * self.unit);
        let step = (pane.0 * random.between(1.7, 2.5), pane.1 * random.between(1.6, 2.2));
        if pane.0 < 0.8 {
            return;
        }
        let busy = random.between(0.15, 0.7) * self.lamps;
        let warm = random.pick(&[hex(0xff_d890), hex(0xff_c46c), hex(0xff_ecc4), hex(0xe8_f0ff)]);
        let columns = ((self.width - pane.0) / step.0).max(1.0) as usize;
        let margin = (self.width - (columns - 1) as f32 * step.0 - pane.0) / 2.0;
        let mut y = self.foot - self.height + pane.1 * 1.6;
        while y < self.foot - pane.1 {
            let floor_dark = random.chance(0.12);
            for column in 0..columns {
                let x = self.x + margin + column as f32 * step.0;
                let on = !floor_dark && random.chance(busy);
                let (colour, amount) = if on { (warm * random.between(0.75, 1.05), 0.92) } else { (self.wall * 0.72, 0.55) };
                pane_of(canvas, x, y, pane, colour, amount);
            }
            y += step.1;
        }
    }
}

/// A window: whole pixels, softened at the right and lower edge.
fn pane_of(canvas: &mut Canvas, x: f32, y: f32, (width, height): (f32, f32), colour: Rgb, amount: f32) {
    let (right, bottom) = ((x + width).min(canvas.width as f32), (y + height).min(canvas.height as f32));
    for row in y.max(0.0) as usize..bottom.max(0.0).ceil() as usize {
        let down = (bottom.min(row as f32 + 1.0) - y.max(row as f32)).clamp(0.0, 1.0);
        for column in x.max(0.0) as usize..right.max(0.0).ceil() as usize {
            let across = (right.min(column as f32 + 1.0) - x.max(column as f32)).clamp(0.0, 1.0);
            canvas.blend(column, row, colour, amount * down * across);
        }
    }
}
