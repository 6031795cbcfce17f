//! Small moving things: sailing boats and birds. Films move them, pictures hold them still.

use super::canvas::Canvas;
use super::colour::hex;
use super::light::Light;

/// A sailing boat on the water line `row`, `size` pixels high, heading right when `heading` is 1, left when -1.
pub(in crate::generate) fn boat(canvas: &mut Canvas, light: &Light, (x, row): (f32, f32), size: f32, heading: f32, sail: u32) {
    let shine = light.on(0.75);
    let (hull, cloth) = (hex(0x5a_3a2c).lit(shine), hex(sail).lit(shine));
    let at = |dx: f32, dy: f32| (x + dx * size * heading, row - dy * size);
    // The boat's image in the water first, broken and dim.
    canvas.polygon(&[at(-0.28, -0.04), at(0.03, -0.5), at(0.36, -0.04)], cloth, 0.2);
    canvas.polygon(&[at(0.05, 0.16), at(0.05, 1.0), at(0.5, 0.18)], cloth, 1.0);
    canvas.polygon(&[at(0.0, 0.18), at(0.0, 0.92), at(-0.36, 0.2)], cloth * 0.86, 1.0);
    canvas.polygon(&[at(-0.02, 0.1), at(-0.01, 1.05), at(0.03, 1.05), at(0.04, 0.1)], hull * 0.8, 1.0);
    canvas.polygon(&[at(-0.44, 0.14), at(0.56, 0.17), at(0.38, -0.04), at(-0.34, -0.04)], hull, 1.0);
}

/// A bird far away: two wings, `lift` from -1 (down) to 1 (up).
pub(in crate::generate) fn bird(canvas: &mut Canvas, light: &Light, (x, y): (f32, f32), span: f32, lift: f32) {
    let colour = light.silhouette() * 0.7;
    let rise = lift * span * 0.32;
    for side in [-1.0, 1.0] {
        canvas.polygon(
            &[
                (x, y),
                (x + side * span * 0.22, y - rise * 0.8 - span * 0.06),
                (x + side * span * 0.5, y - rise * 0.5),
                (x + side * span * 0.22, y - rise * 0.8 + span * 0.03),
                (x, y + span * 0.09),
            ],
            colour,
            0.9,
        );
    }
}
