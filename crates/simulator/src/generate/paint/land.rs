//! Kinds of land: mountains, hills, dunes, rock towers and ridges in the mist. Each paints over a finished sky.

use super::super::random::Random;
use super::canvas::Canvas;
use super::colour::{Rgb, hex, smooth};
use super::light::{Light, Season};
use super::noise::{crests, rough, soft};
use super::plants;
use super::terrain::{self, View, facing, slope};

/// A place on a noise sheet, different for each picture.
type Origin = (f32, f32);

fn origin(random: &mut Random) -> Origin {
    (random.between(0.0, 512.0), random.between(0.0, 512.0))
}

/// High mountains with rock, woods and snow. `tall` is about 1; the land before `valley` (a distance) stays low.
pub(super) fn alps(canvas: &mut Canvas, light: &Light, view: &View, seed: u64, tall: f32, valley: f32) {
    let mut random = Random::part(seed, 0x61_6c70);
    let (a, b) = (origin(&mut random), origin(&mut random));
    let rugged = random.between(0.4, 1.2);
    let size = random.between(2.1, 4.0);
    let peak = 15.0 * tall;
    let slow = random.between(24.0, 46.0);
    let height = |x: f32, z: f32| {
        let rise = smooth(valley, valley + slow, z);
        let shore = smooth(view.near, view.near * 1.25, z);
        let swell = soft().at(x * 5.0 + b.1, z * 5.0 + b.0) * 0.5;
        let detail = (rough().at(x * 15.0, z * 15.0) - 0.3) * (0.12 + 0.95 * rise);
        if rise <= 0.0 {
            return (swell + detail) * shore;
        }
        let mass = crests().at(x * size + a.0, z * size + a.1);
        let broad = 0.35 + 0.95 * soft().at(x * 1.3 + b.0, z * 1.3 + b.1);
        (swell + detail + rise * peak * mass * (1.0 + (mass - 1.0) * rugged) * broad) * shore
    };
    let snow_line = match light.season {
        Season::Winter => random.between(-3.5, -0.5),
        Season::Spring => random.between(2.4, 4.5),
        Season::Summer => random.between(6.0, 9.0),
        Season::Autumn => random.between(4.0, 6.5),
    };
    let tree_line = random.between(2.6, 3.6);
    let woods = match light.season {
        Season::Autumn => random.pick(&[hex(0x7a_6a34), hex(0x8a_5c2c), hex(0x4c_5c34)]),
        Season::Winter => hex(0x33_4640),
        _ => random.pick(&[hex(0x2c_5038), hex(0x36_5a38), hex(0x24_4a3c)]),
    };
    let meadow = match light.season {
        Season::Spring => hex(0x78_a44c),
        Season::Summer => random.pick(&[hex(0x74_984a), hex(0x8c_9c54)]),
        Season::Autumn => hex(0xa4_904c),
        Season::Winter => hex(0x9c_8f70),
    };
    let rock = random.pick(&[hex(0x7c_7a7c), hex(0x8a_8078), hex(0x74_7884), hex(0x8c_7e74)]);
    let snow = hex(0xf6_f8ff);
    terrain::paint(canvas, view, height, |x, z, ground| {
        let steep = slope(&height, (x, z, ground), 0.012 * z);
        let grain = rough().at(x * 23.0 + b.0, z * 23.0 + ground * 30.0);
        let steepness = (steep.0 * steep.0 + steep.1 * steep.1).sqrt();
        let mut surface = meadow * (0.8 + 0.4 * grain);
        let speckle = rough().at(x * 60.0, z * 60.0 + ground * 40.0);
        let wood = smooth(0.35, 0.5, grain + 0.25 * smooth(0.1, 0.5, steepness))
            * (1.0 - smooth(tree_line - 0.8, tree_line + 0.8, ground + grain));
        surface = surface.mix(woods * (0.6 + 0.7 * speckle), wood);
        let bare = smooth(tree_line - 0.6, tree_line + 1.4, ground + grain * 1.5).max(smooth(0.9, 1.5, steepness));
        surface = surface.mix(rock * (0.55 + 0.75 * grain), bare);
        let white =
            smooth(snow_line - 0.7, snow_line + 0.7, ground + (grain - 0.5) * 3.0) * (1.0 - smooth(0.85, 1.55, steepness));
        let white = if light.season == Season::Winter { white * (1.0 - 0.6 * wood * speckle) } else { white };
        surface = surface.mix(snow, white);
        light.shade(surface, facing(steep, light.direction) * (0.85 + 0.3 * grain))
    });
    let colour = light.shade(woods, 0.3) * 0.85;
    let snowed = light.season == Season::Winter;
    let rim = if snowed { snow.lit(light.on(0.5)) } else { colour.mix(light.sun, 0.25) };
    groves(canvas, light, view, &mut random, valley, height, (colour, rim));
}

/// Conifers in groups on the near land, the far ones first.
fn groves(
    canvas: &mut Canvas,
    light: &Light,
    view: &View,
    random: &mut Random,
    valley: f32,
    height: impl Fn(f32, f32) -> f32,
    (colour, rim): (Rgb, Rgb),
) {
    let start = origin(random);
    let dense = random.between(0.46, 0.6);
    let toward = if light.direction.0 > 0.0 { 1.0 } else { -1.0 };
    let haze = canvas.get(canvas.width / 2, (view.horizon as usize).saturating_sub(2).min(canvas.height - 1));
    let half = canvas.width as f32 / 2.0 / view.focal;
    let mut places: Vec<(f32, f32)> = (0..900)
        .map(|_| {
            let z = view.near * 1.08 + (valley * 1.1 + 14.0 - view.near) * random.unit().powf(0.7);
            (random.between(-1.05, 1.05) * half * z, z)
        })
        .filter(|&(x, z)| soft().at(x * 11.0 + start.0, z * 11.0 + start.1) > dense && z > 8.0)
        .collect();
    places.sort_by(|a, b| b.1.total_cmp(&a.1));
    for (x, z) in places {
        let row = view.horizon + (view.eye - height(x, z)) * view.focal / z;
        let fog = 1.0 - (-z / view.haze).exp();
        let tall = random.between(0.45, 1.0) * view.focal / z;
        let shade = (colour * random.between(0.75, 1.15)).mix(haze, fog);
        let column = canvas.width as f32 / 2.0 + x / z * view.focal;
        plants::pine(canvas, random, (column, row + 1.0), tall, shade, (rim.mix(haze, fog), toward));
    }
}

/// Rolling country: grass, fields and far woods.
pub(super) fn hills(canvas: &mut Canvas, light: &Light, view: &View, seed: u64) {
    let mut random = Random::part(seed, 0x68_696c);
    let (a, b) = (origin(&mut random), origin(&mut random));
    let tall = random.between(3.2, 6.6);
    let height = |x: f32, z: f32| {
        let rise = smooth(3.0, 26.0, z);
        soft().at(x * 3.0 + a.0, z * 3.0 + a.1) * tall * rise + rough().at(x * 9.0 + b.0, z * 9.0 + b.1) * (0.1 + 0.35 * rise)
    };
    let greens: [Rgb; 3] = match light.season {
        Season::Spring => [hex(0x80_a050), hex(0x5e_8a44), hex(0xc4_b858)],
        Season::Summer => [hex(0x7c_9650), hex(0xc8_ac68), hex(0x58_7c40)],
        Season::Autumn => [hex(0xb0_9444), hex(0x8e_8a44), hex(0xb4_6c30)],
        Season::Winter => [hex(0xe8_eef6), hex(0xd6_e0ee), hex(0xf0_f2f6)],
    };
    let woods = match light.season {
        Season::Autumn => hex(0x9a_5a28),
        Season::Winter => hex(0x4c_5458),
        _ => hex(0x34_5a34),
    };
    let patch = random.between(1.2, 2.4);
    terrain::paint(canvas, view, height, |x, z, ground| {
        let steep = slope(&height, (x, z, ground), 0.02 * z);
        // Fields: flat steps of a slow noise, each with its own colour.
        let field = rough().at(x * 2.2 * patch + b.1, z * 1.6 * patch + b.0);
        let (low, high) = (smooth(0.40, 0.415, field), smooth(0.56, 0.575, field));
        let mut surface = greens[0].mix(greens[1], low).mix(greens[2], high);
        let furrows = (x * 5.0 + z * 1.3 + field * 20.0).sin() * 0.5 + 0.5;
        surface = surface * (0.92 + 0.1 * furrows * high + 0.16 * rough().at(x * 31.0, z * 31.0));
        let edge = 1.0 - smooth(0.008, 0.02, (field - 0.407).abs()).min(smooth(0.008, 0.02, (field - 0.567).abs()));
        let tuft = rough().at(x * 44.0 + b.0, z * 44.0);
        let wood = smooth(0.62, 0.66, rough().at(x * 4.6 + a.1, z * 4.6 + a.0)).max(edge * smooth(0.4, 0.5, tuft));
        surface = surface.mix(woods * (0.55 + 0.8 * tuft), wood * smooth(9.0, 15.0, z));
        light.shade(surface, (facing(steep, light.direction) * (1.0 - 0.2 * wood) + ground * 0.01).min(1.0))
    });
    copses(canvas, light, view, &mut random, height, woods);
}

/// Small broad-leaved trees in groups and rows on the far land.
fn copses(canvas: &mut Canvas, light: &Light, view: &View, random: &mut Random, height: impl Fn(f32, f32) -> f32, woods: Rgb) {
    let start = origin(random);
    let haze = canvas.get(canvas.width / 2, (view.horizon as usize).saturating_sub(2).min(canvas.height - 1));
    let half = canvas.width as f32 / 2.0 / view.focal;
    let mut places: Vec<(f32, f32)> = (0..420)
        .map(|_| {
            let z = random.between(13.0, 48.0);
            (random.between(-1.05, 1.05) * half * z, z)
        })
        .filter(|&(x, z)| (rough().at(x * 5.0 + start.0, z * 5.0 + start.1) - 0.55).abs() < 0.03)
        .collect();
    places.sort_by(|a, b| b.1.total_cmp(&a.1));
    for (x, z) in places {
        let (ground, scale) = (height(x, z), view.focal / z);
        // Behind a nearer hill: what is in front rises above its foot.
        let row = view.horizon + (view.eye - ground) * scale;
        let hidden = [0.55, 0.7, 0.85]
            .iter()
            .any(|&part| view.horizon + (view.eye - height(x * part, z * part)) * view.focal / (z * part) < row - 1.0);
        if hidden {
            continue;
        }
        let fog = 1.0 - (-z / view.haze).exp();
        let size = random.between(0.28, 0.62) * scale;
        let column = canvas.width as f32 / 2.0 + x * scale;
        let colour = light.shade(woods, 0.35) * random.between(0.8, 1.15);
        canvas.oval(column + size * 0.15, row, size * 0.55, size * 0.12, colour.mix(haze, fog) * 0.5, 0.4);
        for (dx, dy, radius, bright) in
            [(0.0, 0.42, 0.42, 0.8), (-0.16, 0.5, 0.3, 0.95), (0.15, 0.62, 0.27, 1.2), (0.02, 0.72, 0.22, 1.32)]
        {
            let side = if light.direction.0 > 0.0 { dx } else { -dx };
            canvas.spot(column + side * size, row - dy * size, radius * size, (colour * bright).mix(haze, fog), 0.95);
        }
    }
}

/// Sand dunes with knife edges and wind ripples.
pub(super) fn dunes(canvas: &mut Canvas, light: &Light, view: &View, seed: u64) {
    let mut random = Random::part(seed, 0x64_756e);
    let (a, b) = (origin(&mut random), origin(&mut random));
    let sand = random.pick(&[hex(0xe8_b878), hex(0xe2_a05c), hex(0xf0_cc98), hex(0xd8_8c54)]);
    let turn = random.between(0.5, 1.1) * if random.chance(0.5) { 1.0 } else { -1.0 };
    let length = random.between(0.055, 0.085);
    let height = |x: f32, z: f32| {
        let bend = soft().at(x * 1.2 + a.0, z * 1.2 + a.1) * 3.2 + soft().at(x * 3.2 + b.0, z * 3.2 + b.1) * 0.55;
        let phase = (z + x * turn) * length + bend;
        // Long rise on the windward side, short fall in the lee.
        let wave = phase - phase.floor();
        let shape = if wave < 0.7 { smooth(0.0, 0.7, wave) } else { smooth(0.0, 0.3, 1.0 - wave) };
        let size = 0.25 + 1.1 * soft().at(x * 1.4 + b.1, z * 1.4 + b.0);
        shape * size * (0.35 + 5.6 * smooth(5.0, 60.0, z))
    };
    // Sand shows its forms only in light from the side, so the sun is taken lower than it stands.
    let raking = (light.direction.0 * 0.9, 0.34, light.direction.2 * 0.6);
    terrain::paint(canvas, view, height, |x, z, ground| {
        let steep = slope(&height, (x, z, ground), 0.012 * z);
        let ripple = ((z * 9.0 + soft().at(x * 22.0, z * 22.0) * 9.0).sin() * 0.5 + 0.5) * (-z / 9.0).exp();
        let grain = rough().at(x * 40.0, z * 40.0);
        let lit = facing(steep, raking);
        let surface = sand * (0.84 + 0.1 * grain - 0.08 * ripple + 0.01 * ground);
        light.shade(surface * (0.8 + 0.28 * smooth(0.0, 0.4, lit)), smooth(0.02, 0.6, lit) * 1.35)
    });
}

/// Red rock: flat-topped towers over a plain.
pub(super) fn canyon(canvas: &mut Canvas, light: &Light, view: &View, seed: u64) {
    let mut random = Random::part(seed, 0x63_616e);
    let (a, b) = (origin(&mut random), origin(&mut random));
    let rock = random.pick(&[hex(0xc0_6a42), hex(0xb8_5c3c), hex(0xcc_8454)]);
    let pale = random.pick(&[hex(0xe8_b890), hex(0xdc_a47c)]);
    let height = |x: f32, z: f32| {
        let mass = rough().at(x * 2.6 + a.0, z * 2.6 + a.1) * 0.8 + soft().at(x * 1.6 + b.0, z * 1.6 + b.1) * 0.32;
        let table = smooth(0.58, 0.615, mass) * 4.6 + smooth(0.66, 0.685, mass) * 3.2 + smooth(0.44, 0.6, mass) * 1.5;
        table * smooth(9.0, 26.0, z) + rough().at(x * 15.0, z * 15.0) * 0.28
    };
    terrain::paint(canvas, view, height, |x, z, ground| {
        let steep = slope(&height, (x, z, ground), 0.01 * z);
        let grain = rough().at(x * 27.0 + b.0, z * 27.0 + ground * 9.0);
        let band = rough().at(ground * 26.0 + grain * 3.0, 60.0);
        let cliff = smooth(0.3, 0.9, (steep.0 * steep.0 + steep.1 * steep.1).sqrt());
        let flat = rock.mix(pale, 0.35 + 0.4 * grain);
        let scrub = smooth(0.56, 0.64, rough().at(x * 38.0, z * 38.0 + 200.0)) * (1.0 - cliff);
        let mut surface = flat.mix(rock.mix(pale, smooth(0.35, 0.65, band)) * (0.7 + 0.5 * grain), cliff);
        surface = surface.mix(hex(0x5c_6238), scrub * 0.75);
        light.shade(surface, facing(steep, light.direction))
    });
}

/// Ridge behind ridge, each paler than the one before it, mist between. Returns the crest row of the nearest ridge.
pub(super) fn ridges(canvas: &mut Canvas, light: &Light, horizon: f32, seed: u64, near: Rgb) -> Vec<f32> {
    let mut random = Random::part(seed, 0x72_6964);
    let layers = 5 + random.below(4) as usize;
    let (width, height) = (canvas.width, canvas.height as f32);
    let unit = canvas.width.max(canvas.height) as f32 / 1_280.0;
    let jagged = random.between(0.5, 1.0);
    let mut crest = vec![0.0f32; width];
    let haze = canvas.haze_of_row(horizon);
    for layer in 0..layers {
        let share = layer as f32 / (layers - 1) as f32;
        let base = horizon + (height * 0.93 - horizon) * share.powf(1.25);
        let tall = (150.0 + 110.0 * random.unit()) * unit * (1.0 - 0.35 * share);
        let step = random.between(0.10, 0.15) * (1.0 - 0.45 * share) / unit;
        let start = origin(&mut random);
        for (x, row) in crest.iter_mut().enumerate() {
            let along = x as f32 * step + start.0;
            let mountain = crests().at(along, start.1) * jagged + soft().at(along * 0.9, start.1) * (1.15 - jagged);
            *row = base - tall * mountain - rough().at(along * 7.0, start.0) * 9.0 * unit;
        }
        let dark = 0.1 + 0.9 * share.powf(1.1);
        let body = light.sky[0].mix(light.sky[1], 0.75 - 0.35 * share).mix(near, 0.2) * (0.95 - 0.2 * share);
        let deep = body.mix(near, share * 0.95);
        let fade = tall * 1.5 + 60.0 * unit;
        for x in 0..width {
            let top = crest[x].max(0.0);
            let colour = haze[x].mix(deep, dark * 0.92 + 0.06);
            let mist = haze[x].mix(colour, 0.30 + 0.35 * share);
            for y in top as usize..canvas.height {
                let cover = (y as f32 + 1.0 - top).min(1.0);
                let down = ((y as f32 - top) / fade).min(1.0);
                let amount = if layer + 1 == layers { down * 0.2 } else { down };
                canvas.blend(x, y, colour.mix(mist, amount), cover);
            }
        }
    }
    crest
}
