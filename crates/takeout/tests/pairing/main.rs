//! Pairing, from the outside: a table of corner cases, exports made by the forward rule with known truth, evidence, size.
//!
//! The rule that is tested: `docs/formats/takeout.md`.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod evidence;
mod made;
mod round_trip;
mod size;
mod table;
