//! Archives, exports and Google's page, from outside: real forms, and everything that a hostile or broken file can be.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod build;
mod exports;
mod folders;
mod hostile;
mod measure;
mod mutations;
mod pages;
mod tars;
mod zips;
