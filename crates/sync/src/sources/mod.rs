//! The sources. The Picker gets its file here when its issue comes.

pub mod folder;
pub mod library_api;
mod local_blocks;
pub mod takeout;
