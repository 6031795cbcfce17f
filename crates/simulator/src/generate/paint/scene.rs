//! The scenes: which one a moment gets, and how each is composed.

use chrono::NaiveDateTime;

use super::super::random::Random;
use super::canvas::Canvas;
use super::colour::{Rgb, hex, smooth};
use super::figures;
use super::light::{Light, Season};
use super::plants;
use super::sky::{self, Sky};
use super::terrain::View;
use super::water::{self, Water};
use super::{city, land};

/// What decides a picture besides its size.
#[derive(Debug, Clone, Copy)]
pub(in crate::generate) struct Moment {
    pub(in crate::generate) seed: u64,
    /// Time on the camera's clock.
    pub(in crate::generate) local: NaiveDateTime,
    /// Degrees.
    pub(in crate::generate) latitude: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::generate) enum Scene {
    Alps,
    Lake,
    Ridges,
    Forest,
    Meadow,
    Hills,
    Sea,
    Dunes,
    Canyon,
    City,
    Aurora,
    Starlight,
}

impl Moment {
    pub(in crate::generate) fn light(&self) -> Light {
        Light::new(self.seed, self.local, self.latitude)
    }

    /// What there is to see then.
    pub(in crate::generate) fn scene(&self) -> Scene {
        use Scene::{Alps, Aurora, Canyon, City, Dunes, Forest, Hills, Lake, Meadow, Ridges, Sea, Starlight};
        let light = self.light();
        let mut random = Random::part(self.seed, 0x73_6365);
        let choices: &[Scene] = match (light.elevation, light.season) {
            (..=-9.0, Season::Winter | Season::Autumn) => &[Aurora, Aurora, Starlight, City, Starlight, Lake],
            (..=-9.0, _) => &[Starlight, Starlight, City, Lake, Sea],
            (..=8.0, _) => &[Sea, Sea, Ridges, Ridges, Lake, City, Forest, Dunes, Alps, Canyon, Hills],
            (_, Season::Winter) => &[Alps, Alps, Forest, Lake, Ridges, Hills, City],
            (_, Season::Summer) => &[Alps, Alps, Lake, Lake, Sea, Sea, Meadow, Meadow, Hills, Forest, Dunes, Canyon, Ridges],
            _ => &[Alps, Lake, Sea, Meadow, Hills, Hills, Forest, Ridges, Dunes, Canyon, City],
        };
        random.pick(choices)
    }
}

/// Paints what `moment` shows.
pub(in crate::generate) fn paint(moment: &Moment, width: u32, height: u32) -> Canvas {
    compose(&Composition { scene: moment.scene(), light: moment.light(), seed: moment.seed }, width, height)
}

/// Open water for a film, without anything that moves; with the row of the horizon.
pub(in crate::generate) fn seascape(moment: &Moment, width: u32, height: u32) -> (Canvas, f32) {
    let light = moment.light();
    let mut canvas = Canvas::new(width as usize, height as usize);
    let mut random = Random::part(moment.seed, 0x73_6561);
    let (w, h) = (width as f32, height as f32);
    let horizon = (h * random.between(0.5, 0.62)).round();
    let clouds = random.between(0.0, 0.8);
    sky::paint(&mut canvas, &light, &Sky { horizon, clouds, aurora: false, moon: true }, moment.seed);
    let coast = View { horizon, focal: w.max(h) * 1.1, eye: 0.35, near: 60.0, far: 140.0, haze: 70.0, stride: 1.01 };
    land::alps(&mut canvas, &light, &coast, moment.seed, random.between(0.12, 0.3), 58.0);
    let deep = random.pick(&[hex(0x1a_6c86), hex(0x1c_5c88), hex(0x24_8490)]);
    let water = Water { shore: horizon + 1.0, end: h, rough: random.between(0.4, 0.8), deep };
    water::paint(&mut canvas, &light, &water, moment.seed);
    (canvas, horizon)
}

struct Composition {
    scene: Scene,
    light: Light,
    seed: u64,
}

fn compose(composition: &Composition, width: u32, height: u32) -> Canvas {
    let Composition { scene, light, seed } = composition;
    let seed = *seed;
    let mut canvas = Canvas::new(width.max(16) as usize, height.max(16) as usize);
    let mut random = Random::part(seed, 0x63_6f6d);
    let (w, h) = (canvas.width as f32, canvas.height as f32);
    let horizon = h * match scene {
        Scene::Aurora | Scene::Starlight => random.between(0.7, 0.8),
        Scene::Sea => random.between(0.45, 0.62),
        Scene::Lake | Scene::Alps => random.between(0.5, 0.58),
        Scene::City => random.between(0.66, 0.76),
        Scene::Ridges | Scene::Forest => random.between(0.4, 0.52),
        _ => random.between(0.4, 0.54),
    };
    let clouds = match scene {
        Scene::Aurora | Scene::Starlight => 0.0,
        Scene::Dunes | Scene::Canyon => random.between(-0.2, 0.55).max(0.0),
        _ => random.between(-0.25, 0.95).max(0.0),
    };
    let dark = light.night > 0.5;
    let sky = Sky {
        horizon,
        clouds: if dark { clouds * 0.4 } else { clouds },
        aurora: *scene == Scene::Aurora,
        moon: random.chance(0.5),
    };
    sky::paint(&mut canvas, light, &sky, seed);
    let view = View {
        horizon,
        focal: w.max(h) * 1.1,
        eye: 1.7,
        near: 3.0,
        far: 150.0,
        haze: random.between(60.0, 130.0),
        stride: 1.015,
    };
    let near = light.silhouette();
    match scene {
        Scene::Alps => {
            land::alps(&mut canvas, light, &view, seed, random.between(0.75, 1.15), 7.0);
            if random.chance(0.7) {
                pines(&mut canvas, light, &mut random, near, 0.96);
            }
        }
        Scene::Lake => {
            let shore = View { near: 26.0, eye: 1.4, ..view };
            land::alps(&mut canvas, light, &shore, seed, random.between(0.7, 1.1), 20.0);
            let deep = random.pick(&[hex(0x1c_5a68), hex(0x1e_4e6e), hex(0x2a_6a62)]);
            let calm = random.between(0.0, 0.35);
            water::paint(&mut canvas, light, &Water { shore: shore.row(26.0), end: h, rough: calm, deep }, seed);
            if random.chance(0.55) {
                pines(&mut canvas, light, &mut random, near, 1.0);
            }
        }
        Scene::Ridges => {
            let crest = land::ridges(&mut canvas, light, horizon, seed, near);
            if random.chance(0.6) {
                ridge_pines(&mut canvas, &crest, &mut random, near * 0.85);
            }
        }
        Scene::Forest => forest(&mut canvas, light, horizon, seed, &mut random),
        Scene::Meadow => {
            land::hills(&mut canvas, light, &view, seed);
            trees(&mut canvas, light, &view, &mut random);
            flowers(&mut canvas, light, &mut random);
        }
        Scene::Hills => {
            land::hills(&mut canvas, light, &View { eye: random.between(2.4, 4.0), ..view }, seed);
            trees(&mut canvas, light, &view, &mut random);
        }
        Scene::Sea => sea(&mut canvas, light, &view, seed, &mut random),
        Scene::Dunes => land::dunes(&mut canvas, light, &View { eye: random.between(2.6, 4.2), stride: 1.005, ..view }, seed),
        Scene::Canyon => land::canyon(&mut canvas, light, &View { eye: random.between(2.0, 4.0), far: 120.0, ..view }, seed),
        Scene::City => {
            city::paint(&mut canvas, light, horizon, seed);
            water::paint(
                &mut canvas,
                light,
                &Water { shore: horizon, end: h, rough: random.between(0.15, 0.5), deep: hex(0x24_4258) },
                seed,
            );
        }
        Scene::Aurora | Scene::Starlight => {
            if random.chance(0.5) {
                let shore = View { near: 26.0, eye: 1.0, ..view };
                land::alps(&mut canvas, light, &shore, seed, 0.5, 20.0);
                let water = Water { shore: shore.row(26.0), end: h, rough: random.between(0.0, 0.2), deep: hex(0x10_2438) };
                water::paint(&mut canvas, light, &water, seed);
            } else {
                land::alps(&mut canvas, light, &view, seed, random.between(0.45, 0.7), 6.0);
            }
            pines(&mut canvas, light, &mut random, near, 1.0);
        }
    }
    if !dark && matches!(scene, Scene::Sea | Scene::Hills | Scene::Ridges | Scene::Meadow) && random.chance(0.4) {
        birds(&mut canvas, light, &mut random, horizon);
    }
    canvas
}

/// Conifers at both sides of the foreground, framing the view.
fn pines(canvas: &mut Canvas, light: &Light, random: &mut Random, near: Rgb, foot: f32) {
    let (w, h) = (canvas.width as f32, canvas.height as f32);
    let toward = if light.direction.0 > 0.0 { 1.0 } else { -1.0 };
    let rim = near.mix(light.sun, 0.22 * (1.0 - light.night));
    let sides: &[f32] = random.pick(&[&[0.0][..], &[1.0][..], &[0.0, 1.0][..]]);
    for &side in sides {
        let reach = random.between(0.12, 0.3) * w;
        let count = (reach / w * 70.0) as usize + 4;
        let mut stand: Vec<(f32, f32, f32)> = (0..count)
            .map(|_| {
                let out = random.unit().powf(1.3);
                let x = if side > 0.5 { w - out * reach } else { out * reach };
                let height = h * random.between(0.13, 0.4) * (1.0 - 0.65 * out);
                (x, h * (foot + random.between(0.0, 0.07)), height)
            })
            .collect();
        stand.sort_by(|a, b| b.2.total_cmp(&a.2));
        for (x, base, height) in stand {
            let shade = near * random.between(0.75, 1.2);
            plants::pine(canvas, random, (x, base), height, shade, (rim, toward));
        }
    }
}

/// Small conifers along the crest of the nearest ridge.
fn ridge_pines(canvas: &mut Canvas, crest: &[f32], random: &mut Random, colour: Rgb) {
    let unit = canvas.width.max(canvas.height) as f32 / 1_280.0;
    let mut x = 0.0;
    while (x as usize) < crest.len() {
        let height = random.between(18.0, 62.0) * unit;
        let foot = crest[x as usize] + height * 0.18;
        let shade = colour * random.between(0.85, 1.1);
        plants::pine(canvas, random, (x, foot), height, shade, (colour, 1.0));
        x += random.between(3.0, 17.0) * unit;
    }
}

/// Rows of conifers, each nearer, taller and darker, mist between.
fn forest(canvas: &mut Canvas, light: &Light, horizon: f32, seed: u64, random: &mut Random) {
    let (w, h) = (canvas.width as f32, canvas.height as f32);
    let unit = w.max(h) / 1_280.0;
    let near = light.silhouette();
    land::ridges(canvas, light, horizon * 0.92, seed, light.sky[2].mix(near, 0.55));
    let snowy = light.season == Season::Winter;
    let haze = light.sky[3].mix(light.sky[2], 0.35);
    let toward = if light.direction.0 > 0.0 { 1.0 } else { -1.0 };
    let rows = 6;
    for row in 0..rows {
        let share = row as f32 / (rows - 1) as f32;
        let foot = horizon + (h * 1.06 - horizon) * (0.22 + 0.78 * share);
        let colour = haze.mix(near, 0.3 + 0.66 * share);
        let rim = if snowy { colour.mix(light.on(0.6), 0.55) } else { (colour * 1.25).mix(light.sun, 0.1) };
        canvas.polygon(&[(0.0, foot), (w, foot), (w, h), (0.0, h)], colour * 0.92, 1.0);
        let mut x = -20.0 * unit;
        while x < w + 20.0 * unit {
            let height = random.between(0.5, 1.0) * (90.0 + 270.0 * share) * unit;
            let base = foot + random.between(-10.0, 16.0) * unit;
            let height = height * if random.chance(0.15) { 1.25 } else { 1.0 };
            let shade = colour * random.between(0.9, 1.08);
            plants::pine(canvas, random, (x, base), height, shade, (rim, toward));
            x += random.between(16.0, 52.0) * unit * (0.5 + share);
        }
        // Mist on the ground in front of this row.
        let (from, to) = (foot - (70.0 + 60.0 * share) * unit, foot + 40.0 * unit);
        let strength = 0.75 * (1.0 - share);
        for y in from.max(0.0) as usize..h as usize {
            let amount = smooth(from, to, y as f32) * strength;
            for x in 0..canvas.width {
                canvas.blend(x, y, haze, amount);
            }
        }
    }
}

fn sea(canvas: &mut Canvas, light: &Light, view: &View, seed: u64, random: &mut Random) {
    let (w, h) = (canvas.width as f32, canvas.height as f32);
    if random.chance(0.45) {
        // A far coast, in part behind the horizon.
        let coast = View { near: 60.0, far: 140.0, eye: 0.35, haze: view.haze * 0.8, ..*view };
        land::alps(canvas, light, &coast, seed, random.between(0.12, 0.3), 58.0);
    }
    let deep = random.pick(&[hex(0x1a_6c86), hex(0x1c_5c88), hex(0x24_8490), hex(0x28_5c78)]);
    let choppy = random.between(0.55, 1.0);
    let beach = random.chance(0.45);
    let end = if beach { h * random.between(0.84, 0.9) } else { h };
    water::paint(canvas, light, &Water { shore: view.horizon + 1.0, end: h, rough: choppy, deep }, seed);
    if beach {
        shore(canvas, light, end, random);
    }
    for _ in 0..random.below(3) {
        let depth = random.between(0.02, 0.3);
        let row = view.horizon + (h - view.horizon) * depth;
        let size = (14.0 + 260.0 * depth) * w.max(h) / 1_280.0;
        let sail = random.pick(&[0xff_faf0, 0xf4_e8d8, 0xe0_5040, 0xf0_c060]);
        let heading = if random.chance(0.5) { 1.0 } else { -1.0 };
        figures::boat(canvas, light, (w * random.between(0.1, 0.9), row), size, heading, sail);
    }
}

/// A beach along the lower edge, with wet sand and a line of foam.
fn shore(canvas: &mut Canvas, light: &Light, row: f32, random: &mut Random) {
    let (origin, unit) = (random.between(0.0, 500.0), canvas.width.max(canvas.height) as f32 / 1_280.0);
    let tilt = random.between(-0.08, 0.08);
    let sand = random.pick(&[hex(0xf6_d4a0), hex(0xe8_c08c), hex(0xfa_e0b8)]).lit(light.on(0.55));
    let foam = Rgb::WHITE.lit(light.on(0.6));
    let middle = canvas.width as f32 / 2.0;
    for x in 0..canvas.width {
        let bend = super::noise::soft().at(x as f32 * 0.11 / unit + origin, origin) * 60.0 * unit;
        let line = row + bend - 30.0 * unit + (x as f32 - middle) * tilt;
        for y in (line - 26.0 * unit).max(0.0) as usize..canvas.height {
            let past = (y as f32 - line) / unit;
            let ragged = super::noise::rough().at(x as f32 * 0.5 / unit, y as f32 * 1.1 / unit + origin);
            if past > -4.0 {
                let wet = 1.0 - smooth(10.0, 60.0, past + ragged * 10.0);
                let grain = 0.93 + 0.14 * super::noise::rough().at(x as f32 * 2.3, y as f32 * 2.9);
                let ground = (sand * grain).mix(sand.lit(light.sky[2]) * 0.72, wet * 0.8);
                canvas.blend(x, y, ground, smooth(-4.0, 3.0, past));
            }
            let wash = smooth(-24.0, -6.0, past) * (1.0 - smooth(2.0, 7.0, past));
            canvas.blend(x, y, foam, (wash * smooth(0.32, 0.62, ragged + 0.3 * smooth(-10.0, 2.0, past))).min(0.9));
        }
    }
}

/// A few broad-leaved trees on the near land.
fn trees(canvas: &mut Canvas, light: &Light, view: &View, random: &mut Random) {
    let (w, h) = (canvas.width as f32, canvas.height as f32);
    let leaves: &[u32] = match light.season {
        Season::Spring => &[0x7c_a84c, 0x98_b858, 0xf0_c8d4, 0x6c_9a48],
        Season::Summer => &[0x4c_7c38, 0x5c_8a40, 0x44_703c],
        Season::Autumn => &[0xd0_8430, 0xc0_5a2c, 0xe0_b040, 0x9a_8038],
        Season::Winter => &[0x8c_8c90, 0xa8_b0bc],
    };
    let toward = if light.direction.0 > 0.0 { 1.0 } else { -1.0 };
    let mut places: Vec<(f32, f32)> =
        (0..1 + random.below(4)).map(|_| (random.between(0.05, 0.95), random.between(0.2, 0.62))).collect();
    places.sort_by(|a, b| a.1.total_cmp(&b.1));
    for (across, down) in places {
        let foot = view.horizon + (h - view.horizon) * down;
        let height = (40.0 + 330.0 * down) * w.max(h) / 1_280.0 * random.between(0.8, 1.2);
        let colour = hex(random.pick(leaves)).lit(light.on(0.45));
        plants::round_tree(canvas, random, (across * w, foot), height, colour, (colour.mix(light.sun, 0.3), toward));
    }
}

/// Grass and flowers over the lower third.
fn flowers(canvas: &mut Canvas, light: &Light, random: &mut Random) {
    let (w, h) = (canvas.width as f32, canvas.height as f32);
    let unit = w.max(h) / 1_280.0;
    let (petals, centre): (&[u32], u32) = random.pick(&[
        (&[0xe0_3828, 0xd0_2c20, 0xf0_5038][..], 0x2c_1c1c), // poppies
        (&[0xff_fcf4, 0xf8_f4ec, 0xff_e868][..], 0xf0_b830), // daisies
        (&[0x9a_6cd0, 0x7c_58c0, 0xb8_90e0][..], 0x5c_3c90), // lavender
        (&[0xff_d030, 0xf8_b820, 0xff_e060][..], 0x8a_5018), // yellow
        (&[0xf0_78a8, 0xff_b0cc, 0xd8_4c8c, 0xff_f0f4][..], 0xf8_d058),
        (&[0x48_78d8, 0x6c_94e8, 0xf4_f0ff, 0xe8_5c4c][..], 0xf0_e0a0),
    ]);
    let grass = match light.season {
        Season::Autumn => hex(0x94_8440),
        Season::Winter => hex(0x8c_9078),
        _ => hex(0x50_8034),
    };
    let from = random.between(0.66, 0.74) * h;
    let mut stems: Vec<(f32, f32)> = (0..1_500).map(|_| (random.between(-0.02, 1.02) * w, random.unit().powf(0.8))).collect();
    stems.sort_by(|a, b| a.1.total_cmp(&b.1));
    for (index, (x, down)) in stems.into_iter().enumerate() {
        let foot = from + (h * 1.1 - from) * down;
        let size = (0.22 + 0.78 * down * down) * unit;
        let shade = (grass * random.between(0.65, 1.2)).lit(light.on(0.3 + 0.5 * random.unit()));
        plants::blade(canvas, (x, foot), random.between(40.0, 120.0) * size, random.between(-34.0, 34.0) * size, shade);
        if index % 3 == 0 {
            let stem = random.between(50.0, 130.0) * size;
            let bend = random.between(-12.0, 12.0) * size;
            plants::blade(canvas, (x, foot), stem, bend, shade * 0.85);
            let colour = hex(random.pick(petals)).lit(light.on(0.55));
            let head = random.between(8.0, 15.0) * size;
            plants::flower(canvas, random, (x + bend, foot - stem), head, colour, hex(centre).lit(light.on(0.5)));
        }
    }
}

fn birds(canvas: &mut Canvas, light: &Light, random: &mut Random, horizon: f32) {
    let (w, unit) = (canvas.width as f32, canvas.width.max(canvas.height) as f32 / 1_280.0);
    let centre = (w * random.between(0.15, 0.85), horizon * random.between(0.25, 0.7));
    for _ in 0..3 + random.below(7) {
        let place = (centre.0 + random.between(-110.0, 110.0) * unit, centre.1 + random.between(-45.0, 45.0) * unit);
        figures::bird(canvas, light, place, random.between(9.0, 19.0) * unit, random.between(-0.6, 1.0));
    }
}
