//! Google Takeout read in place: archives and folders, sidecars, pairing, albums.

pub mod archive;
pub mod contents;
pub mod edited_words;
pub mod exports;
pub mod manifest;
pub mod naming;
pub mod pairing;
pub mod sidecar;
