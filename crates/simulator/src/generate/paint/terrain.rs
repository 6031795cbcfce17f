//! Land in perspective: walks each column of the picture from near to far over a height field, as the voxel landscapes
//! of the nineties did, with soft crests and haze.

use super::canvas::Canvas;
use super::colour::Rgb;

/// Where the picture is taken from. Lengths are in units of the scene: a standing viewer's eye is about 1.6 high.
#[derive(Debug, Clone, Copy)]
pub(super) struct View {
    /// Row of the horizon, in pixels.
    pub(super) horizon: f32,
    /// Pixels that one unit takes at distance one.
    pub(super) focal: f32,
    /// Height of the eye.
    pub(super) eye: f32,
    /// Nearest and farthest distance walked. Nothing is painted below the row at which `near` lies on height 0.
    pub(super) near: f32,
    pub(super) far: f32,
    /// Distance at which haze has taken 63 % of the colour.
    pub(super) haze: f32,
    /// Factor from one distance walked to the next: smaller is finer and slower.
    pub(super) stride: f32,
}

impl View {
    /// Row at which ground of height 0 lies at a distance.
    pub(super) fn row(&self, distance: f32) -> f32 {
        self.horizon + self.eye * self.focal / distance
    }
}

/// How steep the ground of height `here` is: change of height to the right and away from the viewer, a unit.
pub(super) fn slope(height: &impl Fn(f32, f32) -> f32, (x, z, here): (f32, f32, f32), reach: f32) -> (f32, f32) {
    ((height(x + reach, z) - here) / reach, (height(x, z + reach) - here) / reach)
}

/// How much a slope faces a direction (right, up, towards the viewer): a cosine, 0 where turned away.
pub(super) fn facing((right, away): (f32, f32), direction: (f32, f32, f32)) -> f32 {
    let length = (right * right + away * away + 1.0).sqrt();
    ((-right * direction.0 + direction.1 + away * direction.2) / length).max(0.0)
}

/// Rows of a column that a part of a cliff may cover with one change of colour.
const CLIFF: f32 = 4.0;

/// Paints the land that `height` and `colour` describe over the sky already on the canvas.
///
/// Haze takes on the colour of the sky at the horizon in each column, so distant land melts into its own background.
pub(super) fn paint(canvas: &mut Canvas, view: &View, height: impl Fn(f32, f32) -> f32, colour: impl Fn(f32, f32, f32) -> Rgb) {
    let mut steps = Vec::new();
    let mut z = view.near;
    while z < view.far {
        steps.push((z, view.focal / z, 1.0 - (-z / view.haze).exp()));
        z *= view.stride;
    }
    let bottom = view.row(view.near).min(canvas.height as f32);
    let sky = canvas.haze_of_row(view.horizon - 2.0);
    for (x, haze) in sky.into_iter().enumerate() {
        let across = (x as f32 + 0.5 - canvas.width as f32 / 2.0) / view.focal;
        let mut column = Column { x, top: bottom, shared: (usize::MAX, Rgb::default()) };
        let mut below: Option<Rgb> = None;
        let mut last = (view.near, 0.0);
        for &(z, scale, fog) in &steps {
            let ground = height(across * z, z);
            let row = (view.horizon + (view.eye - ground) * scale).max(0.0);
            let before = std::mem::replace(&mut last, (z, ground));
            if row >= column.top {
                below = None;
                continue;
            }
            // A cliff covers many rows in one step: look at it in parts.
            let length = column.top - row;
            let parts = if below.is_some() && length > CLIFF { (length / CLIFF).min(40.0) as usize + 1 } else { 1 };
            let foot = column.top;
            for part in 1..=parts {
                let share = part as f32 / parts as f32;
                let (z, ground) = (before.0 + (z - before.0) * share, before.1 + (ground - before.1) * share);
                let here = colour(across * z, z, ground).mix(haze, fog);
                column.fill(canvas, foot - length * share, below.unwrap_or(here), here);
                below = Some(here);
            }
            if column.top <= 0.0 {
                break;
            }
        }
    }
}

/// One column on its way up.
struct Column {
    x: usize,
    /// Everything below this row is painted; between whole numbers the row is painted in part.
    top: f32,
    /// The row painted in part, and what lies behind it.
    shared: (usize, Rgb),
}

impl Column {
    /// Paints up to `row`, from the colour `below` to the colour `above`.
    fn fill(&mut self, canvas: &mut Canvas, row: f32, below: Rgb, above: Rgb) {
        let length = (self.top - row).max(1e-3);
        for y in (row as usize..(self.top.ceil() as usize).min(canvas.height)).rev() {
            let cover = self.top.min(y as f32 + 1.0) - row.max(y as f32);
            let share = ((self.top - y as f32 - 0.5) / length).clamp(0.0, 1.0);
            let paint = below.mix(above, share);
            let pixel = &mut canvas.pixels[y * canvas.width + self.x];
            if cover > 0.999 {
                *pixel = paint;
                continue;
            }
            if self.shared.0 != y {
                self.shared = (y, *pixel);
            }
            *pixel = *pixel + (paint - self.shared.1) * cover;
        }
        self.top = row;
    }
}
