//! The fence around third-party parsers: their panics stay inside.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a third-party parser on bytes from outside; `None` if it panicked.
///
/// Such parsers index and subtract by what a file claims, and a photo library of decades holds every kind of broken file.
/// A panic there means "unreadable metadata", never the end of a run (design 3.4). Nothing of ours is left half changed:
/// the closure only reads, and its result is dropped with the panic; hence `AssertUnwindSafe` is honest.
pub(crate) fn fenced<T>(parse: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(parse)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_stays_inside() {
        let nothing: [u8; 0] = [];
        let index = std::hint::black_box(3);
        assert_eq!(fenced(|| nothing[index]), None);
        assert_eq!(fenced(|| 7), Some(7));
    }
}
