//! The sources. Picker and folders get their files here when their issues come.

pub mod library_api;
pub mod takeout;
