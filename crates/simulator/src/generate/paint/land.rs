//! Kinds of land: mountains, hills, dunes, rock towers and ridges in the mist. Each paints over a finished sky.

use super::super::random::Random;
use super::canvas::Canvas;
use super::colour::{Rgb, hex, smooth};
use super::light::{Light, Season};
use super::noise::{crests, rough, soft};
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
    let rugged = random.between(1.5, 2.1);
    let peak = 15.0 * tall;
    let height = |x: f32, z: f32| {
        let rise = smooth(valley, valley + 34.0, z);
        let mass = crests().at(x * 3.1 + a.0, z * 3.1 + a.1);
        let broad = 0.35 + 0.95 * soft().at(x * 1.3 + b.0, z * 1.3 + b.1);
        let swell = soft().at(x * 5.0 + b.1, z * 5.0 + b.0) * 0.5;
        let detail = rough().at(x * 17.0, z * 17.0) * 0.34 * (0.25 + rise);
        swell + detail + rise * peak * mass.powf(rugged) * broad
    };
    let snow_line = match light.season {
        Season::Winter => random.between(-2.0, 1.5),
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
        let steep = slope(&height, x, z, 0.012 * z);
        let grain = rough().at(x * 23.0 + b.0, z * 23.0 + ground * 30.0);
        let steepness = (steep.0 * steep.0 + steep.1 * steep.1).sqrt();
        let mut surface = meadow * (0.8 + 0.4 * grain);
        let speckle = rough().at(x * 60.0, z * 60.0 + ground * 40.0);
        let wood = smooth(0.35, 0.5, grain + 0.25 * smooth(0.1, 0.5, steepness)) * (1.0 - smooth(tree_line - 0.8, tree_line + 0.8, ground + grain));
        surface = surface.mix(woods * (0.6 + 0.7 * speckle), wood);
        let bare = smooth(tree_line - 0.6, tree_line + 1.4, ground + grain * 1.5).max(smooth(0.9, 1.5, steepness));
        surface = surface.mix(rock * (0.55 + 0.75 * grain), bare);
        let white = smooth(snow_line - 0.7, snow_line + 0.7, ground + (grain - 0.5) * 3.0) * (1.0 - smooth(0.85, 1.55, steepness));
        let white = if light.season == Season::Winter { white * (1.0 - 0.75 * wood) } else { white };
        surface = surface.mix(snow, white);
        surface.lit(light.on(facing(steep, light.direction) * (0.85 + 0.3 * grain)))
    });
}

/// Rolling country: grass, fields and far woods.
pub(super) fn hills(canvas: &mut Canvas, light: &Light, view: &View, seed: u64) {
    let mut random = Random::part(seed, 0x68_696c);
    let (a, b) = (origin(&mut random), origin(&mut random));
    let tall = random.between(2.2, 4.6);
    let height = |x: f32, z: f32| {
        let rise = smooth(3.0, 30.0, z);
        soft().at(x * 3.4 + a.0, z * 3.4 + a.1) * tall * rise + rough().at(x * 9.0 + b.0, z * 9.0 + b.1) * (0.1 + 0.35 * rise)
    };
    let greens: [Rgb; 3] = match light.season {
        Season::Spring => [hex(0x84_b048), hex(0x64_9a40), hex(0xd8_cc4c)],
        Season::Summer => [hex(0x7c_a044), hex(0xd2_b45c), hex(0x56_8038)],
        Season::Autumn => [hex(0xb0_9444), hex(0x8e_8a44), hex(0xb4_6c30)],
        Season::Winter => [hex(0xe8_eef6), hex(0xd6_e0ee), hex(0xf0_f2f6)],
    };
    let woods = match light.season {
        Season::Autumn => hex(0x9a_5a28),
        Season::Winter => hex(0x4c_5458),
        _ => hex(0x34_5a34),
    };
    let patch = random.between(0.7, 1.3);
    terrain::paint(canvas, view, height, |x, z, ground| {
        let steep = slope(&height, x, z, 0.02 * z);
        // Fields: flat steps of a slow noise, each with its own colour.
        let field = rough().at(x * 2.2 * patch + b.1, z * 1.6 * patch + b.0);
        let (low, high) = (smooth(0.40, 0.415, field), smooth(0.56, 0.575, field));
        let mut surface = greens[0].mix(greens[1], low).mix(greens[2], high);
        let furrows = (x * 5.0 + z * 1.3 + field * 20.0).sin() * 0.5 + 0.5;
        surface = surface * (0.92 + 0.1 * furrows * high + 0.16 * rough().at(x * 31.0, z * 31.0));
        let edge = 1.0 - smooth(0.008, 0.02, (field - 0.407).abs()).min(smooth(0.008, 0.02, (field - 0.567).abs()));
        let tuft = rough().at(x * 44.0 + b.0, z * 44.0);
        let wood = smooth(0.62, 0.66, rough().at(x * 4.6 + a.1, z * 4.6 + a.0)) .max(edge * smooth(0.4, 0.5, tuft));
        surface = surface.mix(woods * (0.55 + 0.8 * tuft), wood * smooth(5.0, 9.0, z));
        surface.lit(light.on((facing(steep, light.direction) * (1.0 - 0.2 * wood) + ground * 0.01).min(1.0)))
    });
}

/// Sand dunes with knife edges and wind ripples.
pub(super) fn dunes(canvas: &mut Canvas, light: &Light, view: &View, seed: u64) {
    let mut random = Random::part(seed, 0x64_756e);
    let (a, b) = (origin(&mut random), origin(&mut random));
    let sand = random.pick(&[hex(0xe8_b878), hex(0xe2_a05c), hex(0xf0_cc98), hex(0xd8_8c54)]);
    let turn = random.between(-0.6, 0.6);
    let length = random.between(0.7, 1.15);
    let height = |x: f32, z: f32| {
        let bend = soft().at(x * 1.5 + a.0, z * 1.5 + a.1) * 4.4 + soft().at(x * 3.6 + b.0, z * 3.6 + b.1) * 0.9;
        let phase = (z * 0.11 + x * turn * 0.11 + bend) * length;
        // Long rise on the windward side, short fall in the lee.
        let wave = phase - phase.floor();
        let shape = if wave < 0.72 { wave / 0.72 } else { (1.0 - wave) / 0.28 };
        let shape = shape * shape * (1.6 - 0.6 * shape);
        let size = 0.3 + soft().at(x * 1.1 + b.1, z * 1.1 + b.0);
        shape * size * (0.25 + 3.1 * smooth(4.0, 34.0, z))
    };
    terrain::paint(canvas, view, height, |x, z, ground| {
        let steep = slope(&height, x, z, 0.012 * z);
        let ripple = ((z * 9.0 + soft().at(x * 22.0, z * 22.0) * 9.0).sin() * 0.5 + 0.5) * (-z / 9.0).exp();
        let grain = rough().at(x * 40.0, z * 40.0);
        let low_sun = 0.35 + 0.65 * smooth(8.0, 35.0, light.elevation);
        let lit = facing(steep, light.direction) * (1.0 + 0.3 * (1.0 - low_sun));
        let surface = sand * (0.93 + 0.1 * grain - 0.09 * ripple + 0.012 * ground);
        surface.lit(light.on(smooth(0.05, 0.95, lit)))
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
        let steep = slope(&height, x, z, 0.01 * z);
        let grain = rough().at(x * 27.0 + b.0, z * 27.0 + ground * 9.0);
        let band = rough().at(ground * 26.0 + grain * 3.0, 60.0);
        let cliff = smooth(0.3, 0.9, (steep.0 * steep.0 + steep.1 * steep.1).sqrt());
        let flat = rock.mix(pale, 0.35 + 0.4 * grain);
        let scrub = smooth(0.56, 0.64, rough().at(x * 38.0, z * 38.0 + 200.0)) * (1.0 - cliff);
        let mut surface = flat.mix(rock.mix(pale, smooth(0.35, 0.65, band)) * (0.7 + 0.5 * grain), cliff);
        surface = surface.mix(hex(0x5c_6238), scrub * 0.75);
        surface.lit(light.on(facing(steep, light.direction)))
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
    let haze_row = (horizon as usize).min(canvas.height - 1);
    let haze: Vec<Rgb> = (0..width).map(|x| canvas.get(x, haze_row)).collect();
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
        let body = light.sky[1].mix(light.sky[2], 0.35 * (1.0 - share)) * (0.9 - 0.25 * share);
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
