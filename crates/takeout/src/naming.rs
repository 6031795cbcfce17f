//! How Takeout names files, as computable rules (`docs/formats/takeout.md`, "Names").
//!
//! Forward: from a title and an index to the names of media, sidecar, edited copy and motion part ([`media_name`],
//! [`sidecar_name`], [`edited_name`], [`motion_name`]). Backward: from a sidecar's name to the title it was made of
//! ([`read_sidecar_name`]). Everything is counted in UTF-16 units, as Google counts. No language, no folder name and no
//! file is looked at here; what belongs to what is decided in [`crate::pairing`].

mod cut;
mod extension;
mod fold;
mod forward;
mod indexed;
mod sidecar_name;

pub use cut::{cut, units};
pub use extension::{MediaClass, alias, class_of, known_extension, split_extension};
pub use fold::{fold, safe_title, spelled};
pub use forward::{
    MEDIA_LIMIT, SIDECAR_LIMIT, SUFFIX, SidecarForm, edited_name, media_name, motion_name, sidecar_name, with_index,
};
pub use indexed::{Indexed, indexed_forms};
pub use sidecar_name::{Agreement, Reading, read_sidecar_name};
