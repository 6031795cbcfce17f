//! What must hold for any bytes that somebody calls a Takeout export. One module per target; each has a `check` that
//! panics if a promise is broken.
//!
//! The targets in `targets/` only call them. Inputs are bytes that a person can read where possible, so that a finding can
//! be understood and copied into a regression test of `crates/takeout`. Seeds are made by `cargo xtask fuzz`
//! from simulated exports.

#![forbid(unsafe_code)]

pub mod archive_page;
mod archives;
pub mod names;
pub mod sidecar;
pub mod tgz;
pub mod zip_directory;
