//! What grows in the foreground: pines, round trees, grass and flowers.

use super::super::random::Random;
use super::canvas::Canvas;
use super::colour::{Rgb, hex};

/// A stylised conifer standing at `(x, foot)`; `sun` lights the side towards `toward` (-1 left, 1 right).
pub(super) fn pine(
    canvas: &mut Canvas,
    random: &mut Random,
    (x, foot): (f32, f32),
    height: f32,
    colour: Rgb,
    (sun, toward): (Rgb, f32),
) {
    let half = height * random.between(0.15, 0.21);
    let lean = random.between(-0.02, 0.02) * height;
    canvas.polygon(
        &[
            (x - height * 0.014, foot),
            (x - height * 0.005 + lean, foot - height),
            (x + height * 0.005 + lean, foot - height),
            (x + height * 0.014, foot),
        ],
        colour * 0.8,
        1.0,
    );
    let tiers = (5.0 + height / 26.0).min(17.0) as usize;
    let (mut left, mut right) = (Vec::with_capacity(tiers * 2), Vec::with_capacity(tiers * 2));
    for tier in 0..tiers {
        // Branches reach farther out the lower they are, each tier drawing back in towards the trunk below its tips.
        let down = (tier as f32 + 1.0) / tiers as f32;
        let y = foot - height * (1.0 - down * 0.9);
        let reach = half * (0.1 + 0.9 * down.powf(0.85));
        let middle = x + lean * (1.0 - down);
        let (out_left, out_right) = (reach * random.between(0.72, 1.1), reach * random.between(0.72, 1.1));
        let droop = height / tiers as f32 * 0.35;
        left.push((middle - out_left, y + droop * random.between(0.4, 1.2)));
        left.push((middle - out_left * 0.42, y - droop * 0.1));
        right.push((middle + out_right, y + droop * random.between(0.4, 1.2)));
        right.push((middle + out_right * 0.42, y - droop * 0.1));
    }
    let tip = (x + lean, foot - height);
    let shape: Vec<(f32, f32)> = std::iter::once(tip).chain(right.iter().copied()).chain(left.iter().rev().copied()).collect();
    canvas.polygon(&shape, colour, 1.0);
    if height > 24.0 {
        let bright = if toward > 0.0 { &right } else { &left };
        let lit: Vec<(f32, f32)> = std::iter::once(tip)
            .chain(bright.iter().copied())
            .chain(bright.iter().rev().map(|&(px, py)| (x + (px - x) * 0.3, py)))
            .collect();
        canvas.polygon(&lit, sun, 0.45);
    }
}

/// A broad-leaved tree: a trunk and a crown of overlapping spots, light above, dark below.
pub(super) fn round_tree(
    canvas: &mut Canvas,
    random: &mut Random,
    (x, foot): (f32, f32),
    height: f32,
    leaves: Rgb,
    (sun, toward): (Rgb, f32),
) {
    let trunk = height * 0.028;
    let wood = hex(0x8c_6c50) * (leaves.brightness() * 0.9 + 0.05);
    canvas.polygon(
        &[
            (x - trunk * 1.5, foot),
            (x - trunk * 0.6, foot - height * 0.5),
            (x + trunk * 0.6, foot - height * 0.5),
            (x + trunk * 1.5, foot),
        ],
        wood,
        1.0,
    );
    let (crown_y, wide, high) = (foot - height * 0.64, height * 0.36, height * 0.36);
    canvas.oval(x, foot, wide * 0.9, height * 0.035, leaves * 0.3, 0.5);
    for layer in 0..4 {
        let up = layer as f32 / 3.0;
        let shade = (leaves * (0.5 + 0.34 * up)).mix(sun, 0.1 + 0.34 * up * up);
        for _ in 0..26 {
            let (turn, out) = (random.between(0.0, std::f32::consts::TAU), random.unit().sqrt() * (1.0 - 0.25 * up));
            let px = x + turn.cos() * out * wide + toward * up * wide * 0.16;
            let py = crown_y + turn.sin() * out * high - up * high * 0.2;
            let size = height * random.between(0.045, 0.1) * (1.0 - 0.25 * up);
            canvas.oval(px, py, size, size * 0.85, shade * random.between(0.88, 1.1), 0.85);
        }
    }
}

/// One blade of grass, bent to one side.
pub(super) fn blade(canvas: &mut Canvas, (x, foot): (f32, f32), height: f32, bend: f32, colour: Rgb) {
    let thick = (height * 0.035).max(0.5);
    let (knee, tip) = (x + bend * 0.35, x + bend);
    canvas.polygon(
        &[
            (x - thick, foot),
            (knee - thick * 0.7, foot - height * 0.55),
            (tip, foot - height),
            (knee + thick * 0.7, foot - height * 0.5),
            (x + thick, foot),
        ],
        colour,
        0.95,
    );
}

/// A flower head of petals around a centre, seen from the side and above.
pub(super) fn flower(canvas: &mut Canvas, random: &mut Random, (x, y): (f32, f32), size: f32, petals: Rgb, centre: Rgb) {
    if size < 2.2 {
        canvas.oval(x, y, size.max(0.7), (size * 0.8).max(0.6), petals, 0.95);
        return;
    }
    let turn = random.between(0.0, 1.2);
    let flat = random.between(0.55, 0.85);
    for petal in 0..6 {
        let angle = turn + petal as f32 * std::f32::consts::TAU / 6.0;
        let (dx, dy) = (angle.cos() * size * 0.55, angle.sin() * size * 0.55 * flat);
        let shade = petals * (0.86 + 0.16 * (-angle.sin()));
        canvas.oval(x + dx, y + dy, size * 0.48, size * 0.46 * flat, shade, 0.97);
    }
    canvas.oval(x, y, size * 0.3, size * 0.28 * flat, centre, 1.0);
}
