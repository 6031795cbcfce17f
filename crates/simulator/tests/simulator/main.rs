//! The simulator's public face, as clients and tests see it: over HTTP, and through `Control`.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod access;
mod binary;
mod faults;
mod listing;
mod media;
mod rclone;
mod retrying;
mod sign_in;
mod speed;
mod takeout;
mod tls;
mod uploading;
mod world;
