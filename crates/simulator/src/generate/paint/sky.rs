//! Everything above the horizon: the gradient, the sun and its shine, clouds, moon, stars and northern lights.
//!
//! Soft things are painted on a grid of every third pixel and drawn out; only discs and stars touch single pixels.

use super::super::random::Random;
use super::canvas::Canvas;
use super::colour::{Rgb, hex, smooth};
use super::light::Light;
use super::noise::{rough, soft};

/// Pixels a cell of the coarse grid.
const COARSE: usize = 3;

/// What is in the sky besides its colour.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sky {
    /// Row of the horizon in pixels.
    pub(super) horizon: f32,
    /// Share of the sky that clouds may cover, 0 to 1.
    pub(super) clouds: f32,
    pub(super) aurora: bool,
    pub(super) moon: bool,
}

/// Paints the sky over the whole canvas; below the horizon its last row goes on.
pub(super) fn paint(canvas: &mut Canvas, light: &Light, sky: &Sky, seed: u64) {
    let mut random = Random::part(seed, 0x73_6b79);
    let grid = coarse(canvas, light, sky, &mut random);
    spread(canvas, &grid);
    if light.night > 0.15 {
        stars(canvas, light, sky, &mut random);
    }
    if sky.moon && light.night > 0.15 {
        moon(canvas, sky, &mut random);
    }
    if light.sun_seen {
        sun(canvas, light, sky);
    }
}

/// Where the sun's centre is, in pixels.
fn sun_place(canvas: &Canvas, light: &Light, sky: &Sky) -> (f32, f32) {
    let reach = canvas.width.max(canvas.height) as f32;
    (light.sun_x * canvas.width as f32, sky.horizon - reach * 1.2 * light.elevation.to_radians().tan())
}

fn coarse(canvas: &Canvas, light: &Light, sky: &Sky, random: &mut Random) -> Canvas {
    let mut grid = Canvas::new(canvas.width / COARSE + 2, canvas.height / COARSE + 2);
    let size = canvas.width.max(canvas.height) as f32;
    let focal = size * 1.1;
    let (sun_x, sun_y) = sun_place(canvas, light, sky);
    let origin = (random.between(0.0, 512.0), random.between(0.0, 512.0));
    let scale = random.between(60.0, 150.0);
    let threshold = 0.78 - 0.42 * sky.clouds;
    let streaks = random.between(0.0, 0.55) * (0.3 + sky.clouds);
    let toward_sun = if sun_x > canvas.width as f32 / 2.0 { 5.0 } else { -5.0 };
    let low_sun = smooth(-14.0, -2.0, light.elevation) * (1.0 - smooth(12.0, 30.0, light.elevation));
    let curtains = sky.aurora.then(|| Aurora::new(random, sky.horizon, canvas.width as f32));
    let turn = random.between(0.5, 1.15) * if random.chance(0.5) { 1.0 } else { -1.0 };
    let (along_x, along_y) = (turn.sin(), turn.cos());
    let dust = (random.between(0.0, 512.0), random.between(0.0, 512.0));

    for row in 0..grid.height {
        let y = (row * COARSE) as f32;
        let base = light.sky_at((y / sky.horizon).clamp(0.0, 1.0));
        let rise = ((sky.horizon - y) / focal).max(0.0);
        let depth = 1.0 / (rise + 0.2);
        let near_horizon = smooth(0.0, 0.07, rise);
        for column in 0..grid.width {
            let x = (column * COARSE) as f32;
            let mut colour = base;
            let (dx, dy) = ((x - sun_x) / size, (y - sun_y) / size);
            let mut shine = 0.0;
            if low_sun > 0.0 {
                let wide = (dx * dx * 0.8 + dy * dy * 2.4).sqrt();
                let tight = (dx * dx + dy * dy).sqrt();
                shine = (0.62 * (-wide * 4.2).exp() + 0.5 * (-tight * 13.0).exp()) * low_sun;
                colour = colour.screen(light.glow * shine);
            }
            if near_horizon > 0.0 {
                let u = (x - canvas.width as f32 / 2.0) / focal * depth * scale + origin.0;
                let v = depth * scale * 1.15 + origin.1;
                if streaks > 0.0 {
                    let veil = rough().at(u * 0.35 + v * 0.2, v * 1.7) * smooth(0.35, 0.75, soft().at(u * 0.4, v * 0.5));
                    colour = colour.mix(light.cloud.0, smooth(0.42, 0.8, veil) * streaks * near_horizon);
                }
                if sky.clouds > 0.0 {
                    let bend = soft().at(u * 0.7, v * 0.7) * 22.0;
                    let here = rough().at(u + bend, v - bend);
                    let density = smooth(threshold, threshold + 0.2, here);
                    if density > 0.0 {
                        let beyond = rough().at(u + bend + toward_sun, v - bend + 4.0);
                        let side = (0.62 + (here - beyond) * 3.6 - (here - threshold) * 0.9).clamp(0.0, 1.0);
                        let body = light.cloud.1.mix(light.cloud.0, side).screen(light.glow * (shine * 0.8));
                        let body = body.mix(base, (1.0 - near_horizon) * 0.6 + 0.06);
                        colour = colour.mix(body, density * near_horizon * 0.94);
                    }
                }
            }
            if light.night > 0.3 && !sky.aurora {
                let (dx, dy) = (x / size - 0.5, y / size - 0.28);
                let (across, along) = (dx * along_y - dy * along_x, dx * along_x + dy * along_y);
                let grain = rough().at(across * 300.0 + dust.0, along * 150.0 + dust.1);
                let band = (-(across * across) * 55.0).exp() * (0.35 + 0.9 * grain);
                let lane = smooth(0.3, 0.6, rough().at(across * 420.0 + dust.1, along * 110.0 + dust.0) + across.abs() * 1.6);
                let light_of_stars = hex(0x6c_74a0).mix(hex(0xb0_9090), smooth(0.5, 0.8, grain) * 0.6);
                colour = colour.screen(light_of_stars * (band * (0.3 + 0.7 * lane) * light.night * near_horizon * 0.42));
            }
            if let Some(aurora) = &curtains {
                colour = colour.screen(aurora.light(x, y, sky.horizon) * light.night);
            }
            grid.pixels[row * grid.width + column] = colour;
        }
    }
    grid
}

/// Draws the coarse grid out over the canvas.
fn spread(canvas: &mut Canvas, grid: &Canvas) {
    for y in 0..canvas.height {
        let (row, v) = (y / COARSE, (y % COARSE) as f32 / COARSE as f32);
        let upper = &grid.pixels[row * grid.width..(row + 1) * grid.width];
        let lower = &grid.pixels[(row + 1) * grid.width..(row + 2) * grid.width];
        let line = &mut canvas.pixels[y * canvas.width..(y + 1) * canvas.width];
        for (column, cell) in line.chunks_mut(COARSE).enumerate() {
            let left = upper[column].mix(lower[column], v);
            let right = upper[column + 1].mix(lower[column + 1], v);
            let step = (right - left) * (1.0 / COARSE as f32);
            let mut colour = left;
            for pixel in cell {
                *pixel = colour;
                colour = colour + step;
            }
        }
    }
}

fn sun(canvas: &mut Canvas, light: &Light, sky: &Sky) {
    let (x, y) = sun_place(canvas, light, sky);
    let radius = canvas.width.max(canvas.height) as f32 * 0.021;
    let core = hex(0xff_f4d8).mix(hex(0xff_d09a), 1.0 - smooth(-1.0, 5.0, light.elevation));
    canvas.glow(x, y, radius * 7.0, light.glow * 0.42);
    canvas.glow(x, y, radius * 2.6, core * 0.65);
    canvas.spot(x, y, radius, core * 1.04, 1.0);
}

fn moon(canvas: &mut Canvas, sky: &Sky, random: &mut Random) {
    let size = canvas.width.max(canvas.height) as f32;
    let radius = size * random.between(0.016, 0.03);
    let (x, y) = (canvas.width as f32 * random.between(0.15, 0.85), sky.horizon * random.between(0.15, 0.55));
    canvas.glow(x, y, radius * 9.0, hex(0x8c_9cc8) * 0.38);
    canvas.glow(x, y, radius * 2.4, hex(0xd8_dcec) * 0.4);
    canvas.spot(x, y, radius, hex(0xf4_efe0), 1.0);
    for _ in 0..7 {
        let (turn, out, size) =
            (random.between(0.0, std::f32::consts::TAU), random.between(0.0, 0.62), random.between(0.1, 0.32));
        let (dx, dy) = (turn.cos() * out * radius, turn.sin() * out * radius);
        canvas.spot(x + dx, y + dy, radius * size, hex(0xc9_c8c4), 0.4);
    }
}

fn stars(canvas: &mut Canvas, light: &Light, sky: &Sky, random: &mut Random) {
    let area = canvas.width as f32 * sky.horizon;
    let unit = canvas.width.max(canvas.height) as f32 / 1_280.0;
    for _ in 0..(area / 620.0 * light.night) as usize {
        let (x, y) = (random.between(0.0, canvas.width as f32), sky.horizon * random.unit().powf(1.3) * 0.97);
        let power = random.unit().powi(5);
        let tint = random.pick(&[hex(0xff_ffff), hex(0xcf_dcff), hex(0xff_ead0), hex(0xe6_ecff)]);
        let strength = (0.25 + 0.75 * power) * light.night * (1.0 - 0.6 * (y / sky.horizon).powi(3));
        canvas.spot(x, y, (0.55 + 0.95 * power) * unit.max(0.6), tint, strength);
        if power > 0.8 {
            canvas.glow(x, y, 7.0 * unit, tint * 0.3);
        }
    }
}

/// Two or three curtains of northern light.
struct Aurora {
    curtains: Vec<(f32, f32, f32, f32)>,
    width: f32,
}

impl Aurora {
    fn new(random: &mut Random, horizon: f32, width: f32) -> Self {
        let curtains = (0..2 + random.below(2))
            .map(|_| {
                (
                    random.between(0.0, 512.0),
                    horizon * random.between(0.45, 0.86),
                    random.between(0.25, 0.5) * horizon,
                    random.between(0.6, 1.0),
                )
            })
            .collect();
        Self { curtains, width }
    }

    fn light(&self, x: f32, y: f32, horizon: f32) -> Rgb {
        let mut sum = Rgb::default();
        let across = x / self.width;
        for &(origin, base, height, strength) in &self.curtains {
            let fold = soft().at(across * 95.0 + origin, origin * 0.7);
            let foot = base + (fold - 0.5) * horizon * 0.75;
            let rays = 0.12 + 1.25 * rough().at(across * 210.0 + fold * 160.0 + origin, 7.0 + origin + y * 0.012);
            let rise = (foot - y) / height;
            let fall = if rise < 0.0 { (rise * 8.0).exp() } else { (-rise * 2.1).exp() };
            let presence = smooth(0.22, 0.62, soft().at(across * 60.0 + origin * 1.7, 300.0));
            let tint = if rise < 0.35 {
                hex(0x48_f0a0).mix(hex(0x30_c8b0), (rise / 0.35).max(0.0))
            } else {
                hex(0x30_c8b0).mix(hex(0x8a_50d8), smooth(0.35, 1.1, rise))
            };
            sum = sum + tint * (fall * rays * presence * strength * 0.85);
        }
        sum
    }
}
