//! Lakes and seas: what stands above the shore line mirrored in ripples, and the sun's glitter.

use super::super::random::Random;
use super::canvas::Canvas;
use super::colour::{Rgb, hex, smooth};
use super::light::Light;
use super::noise::{rough, soft};

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
    for y in first..(water.end as usize).min(canvas.height) {
        let below = y as f32 - water.shore + 0.5;
        let share = below / (canvas.height as f32 - water.shore).max(1.0);
        // Distance of the water seen in this row: ripples shrink towards the shore.
        let distance = 90.0 * unit / (below + 6.0 * unit);
        let swing = (1.5 + below * 0.16) * (0.3 + water.rough * 1.9);
        let mirrored = 0.9 - (0.3 + 0.25 * water.rough) * share.sqrt();
        let lane = (30.0 + below * 0.42) * (0.5 + water.rough);
        for x in 0..canvas.width {
            let across = (x as f32 - middle) / unit * distance;
            let wave = rough().at(across * 0.22 + origin.0, distance * 46.0 + origin.1) - 0.5;
            let swell = soft().at(across * 0.12 + origin.1, distance * 30.0 + origin.0) - 0.5;
            let tilt = wave * 1.3 + swell * 0.7;
            let source_y = (water.shore - below + tilt * swing * 2.0).clamp(0.0, water.shore - 1.0) as usize;
            let source_x = (x as f32 + wave * swing * 0.5).clamp(0.0, (canvas.width - 1) as f32) as usize;
            let image = canvas.get(source_x, source_y);
            // Waves that lean away show the depth.
            let clear = (mirrored + tilt * (0.25 + 0.8 * water.rough)).clamp(0.12, 0.96);
            let mut colour = deep.mix(image * 0.96, clear);
            if glitter > 0.0 {
                let off = (x as f32 - sun_x) / lane;
                let spark = smooth(0.02, 0.3, wave + 0.32 * (-off * off).exp() - 0.16);
                colour = colour.screen(light.glow * (spark * (-off * off * 0.9).exp() * glitter * 0.95));
            }
            let edge = smooth(0.0, 3.0 * unit, below);
            canvas.blend(x, y, colour, 0.35 + 0.65 * edge);
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
