//! Lakes and seas: what stands above the shore line mirrored in ripples, and the sun's glitter.

use super::super::random::Random;
use super::canvas::Canvas;
use super::colour::{Rgb, hex, smooth};
use super::light::Light;
use super::noise::rough;

#[derive(Debug, Clone, Copy)]
pub(super) struct Water {
    /// Row of the far shore, in pixels.
    pub(super) shore: f32,
    /// Row where it ends.
    pub(super) end: f32,
    /// 0 is a mirror, 1 an open sea.
    pub(super) rough: f32,
    /// Colour of the depth by day.
    pub(super) deep: Rgb,
}

/// Paints the water over the canvas between its two rows.
pub(super) fn paint(canvas: &mut Canvas, light: &Light, water: &Water, seed: u64) {
    let mut random = Random::part(seed, 0x77_6174);
    let origin = (random.between(0.0, 512.0), random.between(0.0, 512.0));
    let unit = canvas.width.max(canvas.height) as f32 / 1_280.0;
    let sun_x = light.sun_x * canvas.width as f32;
    let low = smooth(-4.0, 0.0, light.elevation) * (1.0 - smooth(10.0, 16.0, light.elevation));
    let glitter = if light.sun_seen { low } else { low * 0.25 };
    let brightness = light.ambient.brightness() + 0.35 * light.sun.brightness();
    let deep = water.deep.lit(light.ambient.mix(light.sun, 0.4)) * 1.15;
    let first = water.shore.max(1.0) as usize;
    let middle = canvas.width as f32 / 2.0;
    let focal = canvas.width.max(canvas.height) as f32 * 1.1;
    for y in first..(water.end as usize).min(canvas.height) {
        let below = y as f32 - water.shore + 0.5;
        let share = below / (canvas.height as f32 - water.shore).max(1.0);
        // Distance of the water in this row, seen from 1.6 above it. Waves finer than the row is deep would only flicker,
        // so each doubling of the distance takes waves of double length, and one level fades into the next.
        let distance = 1.6 * focal / (below + 2.0 * unit);
        let level = (distance / 5.0).log2().max(0.0);
        let (fine, coarse) = (34.0 / level.floor().exp2(), 17.0 / level.floor().exp2());
        let fade = level.fract();
        let swing = (1.0 + below * 0.17) * (0.12 + water.rough * 1.5);
        let mirrored = 0.93 - (0.34 + 0.3 * water.rough) * share.sqrt();
        // Towards the horizon waves merge into one tone.
        let lean = (0.16 + 0.75 * water.rough) * smooth(-2.0, 22.0, below / unit);
        let lane = (26.0 * unit + below * 0.36) * (0.5 + water.rough);
        let step = distance / focal;
        let edge = 0.35 + 0.65 * smooth(0.0, 7.0 * unit, below);
        for x in 0..canvas.width {
            let across = (x as f32 - middle) * step;
            let near = rough().at(across * fine + origin.0, distance * fine * 1.9 + origin.1);
            let far = rough().at(across * coarse + origin.1, distance * coarse * 1.9 + origin.0);
            let tilt = (near + (far - near) * fade - 0.5) * 2.2;
            let source_y = (water.shore - below + tilt * swing).clamp(0.0, water.shore - 1.0) as usize;
            let source_x = (x as f32 + tilt * swing * 0.3).clamp(0.0, (canvas.width - 1) as f32) as usize;
            // Waves that lean towards the viewer show the depth, those that lean away the sky.
            let clear = (mirrored + tilt * lean).clamp(0.1, 0.97);
            let mut colour = deep.mix(canvas.get(source_x, source_y) * 0.97, clear);
            if glitter > 0.0 {
                let off = (x as f32 - sun_x) / lane;
                let fall = 1.0 / (1.0 + off * off + 0.4 * off * off * off * off);
                let spark = smooth(0.05, 0.75, tilt + 0.9 * fall - 0.45);
                colour = colour.screen(light.glow * (spark * fall * glitter));
            }
            canvas.blend(x, y, colour, edge);
        }
    }
    // A thin bright line where a lake meets its shore.
    if water.rough < 0.5 && brightness > 0.3 {
        let row = first.min(canvas.height - 1);
        for x in 0..canvas.width {
            canvas.blend(x, row, hex(0xff_ffff), 0.05);
        }
    }
}
