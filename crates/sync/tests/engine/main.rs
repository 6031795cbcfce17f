//! The engine against the simulated Google: every fault, every odd item, every change between two runs.
//!
//! `harness` starts an account, signs a library in, syncs it and holds the folder against what the account has, byte by
//! byte. The other files are the cases, by theme. `conformance` is the suite that every source has to pass.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod album_changes;
mod albums;
mod bodies;
mod changes;
mod conformance;
mod filters;
mod harness;
mod items;
mod layouts;
mod listings;
mod names;
mod one_file;
mod paths;
mod policy;
mod quota;
mod removal;
mod resume;
mod servers;
mod sign_in;
mod twins;
mod uploads;
