//! How large a thumbnail becomes, and what of an extreme shape it shows.

use super::Bounds;

/// Wider pictures show their middle: at this ratio a thumbnail in the default bounds is still 160 pixels high.
const WIDEST_RATIO: u64 = 4;
/// Taller pictures (long screenshots) show their upper end.
const TALLEST_RATIO: u64 = 3;

/// A size in pixels, width first.
pub(super) type Size = (u32, u32);

/// The size after turning by an EXIF orientation, or of the file as stored that becomes so: it is its own inverse.
pub(super) fn upright((width, height): Size, orientation: u16) -> Size {
    if (5..=8).contains(&orientation) { (height, width) } else { (width, height) }
}

/// The size of the thumbnail of a picture of `stored` size, not yet turned.
pub(super) fn shown(stored: Size, orientation: u16, bounds: Bounds) -> Size {
    let (width, height) = upright(stored, orientation);
    let (width, height) = (u64::from(width.max(1)), u64::from(height.max(1)));
    let (width, height) = (width.min(height * WIDEST_RATIO), height.min(width * TALLEST_RATIO));
    upright(within(width, height, bounds), orientation)
}

/// The size that a decoder must deliver at least of a picture of `stored` size: twice what will be shown of it, so that the
/// last step of shrinking can filter, but never more than there is.
pub(super) fn wanted(stored: Size, orientation: u16, bounds: Bounds) -> Size {
    let (shown_width, shown_height) = shown(stored, orientation, bounds);
    let (width, height) = (u64::from(stored.0), u64::from(stored.1));
    // The scale of what is shown is the greater of both ratios: the other axis may have been cut off.
    let scaled = |length: u64| {
        let by_width = (length * 2 * u64::from(shown_width)).div_ceil(width.max(1));
        let by_height = (length * 2 * u64::from(shown_height)).div_ceil(height.max(1));
        u32::try_from(by_width.max(by_height).min(length)).unwrap_or(u32::MAX)
    };
    (scaled(width), scaled(height))
}

/// What is kept of an axis that is cut off, for `fast_image_resize`: 0 the start, 1 the end, of the picture as stored. The
/// middle of a wide picture, the upper end of a tall one.
pub(super) fn centering(orientation: u16) -> (f64, f64) {
    match orientation {
        3 | 4 => (0.5, 1.0),
        5 | 6 => (0.0, 0.5),
        7 | 8 => (1.0, 0.5),
        _ => (0.5, 0.0),
    }
}

/// Shrinks to fit, keeping proportions; no side becomes 0.
fn within(width: u64, height: u64, bounds: Bounds) -> Size {
    let (most_width, most_height) = (u64::from(bounds.width.max(1)), u64::from(bounds.height.max(1)));
    if width <= most_width && height <= most_height {
        return (width as u32, height as u32);
    }
    let rounded = |length: u64, above: u64, below: u64| ((length * above + below / 2) / below).max(1) as u32;
    // Which side is the tighter fit: width / most_width against height / most_height, without fractions.
    if width * most_height >= height * most_width {
        (most_width as u32, rounded(height, most_width, width).min(most_height as u32))
    } else {
        (rounded(width, most_height, height).min(most_width as u32), most_height as u32)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use proptest::prelude::*;

    const BOUNDS: Bounds = Bounds { width: 640, height: 320 };

    #[test]
    fn ordinary_shapes() {
        for (stored, expected) in [
            ((4000, 3000), (427, 320)),
            ((3000, 4000), (240, 320)),
            ((4000, 4000), (320, 320)),
            ((4000, 2000), (640, 320)),
            ((6000, 2000), (640, 213)),
            ((640, 320), (640, 320)),
            ((30, 20), (30, 20)),
            ((1, 1), (1, 1)),
        ] {
            assert_eq!(shown(stored, 1, BOUNDS), expected, "{stored:?}");
        }
    }

    #[test]
    fn a_turned_picture_fits_when_upright() {
        assert_eq!(shown((4000, 3000), 6, BOUNDS), (320, 240));
        assert_eq!(shown((3000, 4000), 8, BOUNDS), (320, 427));
    }

    #[test]
    fn extreme_shapes_are_cut_off() {
        assert_eq!(shown((20_000, 1_000), 1, BOUNDS), (640, 160));
        assert_eq!(shown((1_000, 20_000), 1, BOUNDS), (107, 320));
        assert_eq!(shown((20_000, 1_000), 6, BOUNDS), (320, 107));
        assert_eq!(shown((65_535, 1), 1, BOUNDS), (4, 1));
    }

    #[test]
    fn twice_the_size_is_wanted_but_never_more_than_there_is() {
        assert_eq!(wanted((4000, 3000), 1, BOUNDS), (854, 641));
        assert_eq!(wanted((800, 600), 1, BOUNDS), (800, 600));
        assert_eq!(wanted((20_000, 1_000), 1, BOUNDS), (6_400, 320));
    }

    #[test]
    fn tall_pictures_keep_their_upper_end_however_they_are_stored() {
        // Where the upper edge of the upright picture lies in the stored one, by EXIF 2.32, 4.6.5.
        for (orientation, upper_edge) in [(1, "top"), (2, "top"), (3, "bottom"), (4, "bottom"), (5, "left"), (6, "left")]
            .into_iter()
            .chain([(7, "right"), (8, "right"), (0, "top"), (9, "top")])
        {
            let expected = match upper_edge {
                "top" => (0.5, 0.0),
                "bottom" => (0.5, 1.0),
                "left" => (0.0, 0.5),
                _ => (1.0, 0.5),
            };
            assert_eq!(centering(orientation), expected, "{orientation}");
        }
    }

    proptest! {
        #[test]
        fn never_larger_than_the_bounds_or_the_picture(width in 1_u32.., height in 1_u32.., orientation in 0_u16..10) {
            let bounds = upright((BOUNDS.width, BOUNDS.height), orientation);
            let (w, h) = shown((width, height), orientation, BOUNDS);
            prop_assert!(w >= 1 && h >= 1 && w <= bounds.0 && h <= bounds.1 && w <= width && h <= height, "{w} {h}");
        }

        #[test]
        fn proportions_are_kept_to_a_pixel(width in 100_u32..100_000, height in 100_u32..100_000) {
            prop_assume!(width < 4 * height && height < 3 * width);
            let (w, h) = shown((width, height), 1, BOUNDS);
            let exact = f64::from(w) * f64::from(height) / f64::from(width);
            let other = f64::from(h) * f64::from(width) / f64::from(height);
            prop_assert!((exact - f64::from(h)).abs() <= 1.0 || (other - f64::from(w)).abs() <= 1.0, "{w} {h}");
        }
    }
}
