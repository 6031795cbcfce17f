//! The target: what the disk of a library can hold ([`probe`]), how names are made for it ([`names`], [`layout`]) and where
//! things lie ([`places`]).
//!
//! Everything is decided by what the disk was seen to do, never by what its file system is called (design section 5). Nothing here
//! knows the catalog: which name is free, and which file belongs to whom, is decided elsewhere in this crate.

mod characters;
pub mod error;
pub mod facts;
pub mod layout;
pub mod mount;
pub mod names;
pub mod numbering;
pub mod places;
pub mod probe;
mod probe_names;
mod probe_times;
pub mod safe_path;
mod sentences;

pub(crate) use characters::never_in_a_name;
pub use error::target_error;
pub use facts::{Ability, DiskKind, Ending, LengthUnit, LinkRefusal, NameFacts, NameLimit, TargetFacts, TimeFacts};
pub(crate) use mount::is_network;
pub use mount::{Space, file_system_mark, free_bytes, space};
pub use names::NameRules;
pub use places::Places;
pub use probe::{check_writable, probe};
pub use safe_path::join;
