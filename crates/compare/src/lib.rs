//! What a folder has that a library lacks, what the library has that the folder lacks, and what is there twice.
//!
//! `walk` finds the files, `store` keeps what is known of them (so that a second comparison reads only what changed), `read`
//! hashes and looks into them, `kept` is the library's side, `stages` finds which belong together and why,
//! `similar` by what they look like, `results` gives it out in numbers, `lists` as lists that can be chosen from, `duplicates` what is
//! there twice, `narrowing` is what each of them can be narrowed to.
//!
//! Promises: nothing in the compared folder is ever written, moved or removed; every file in it has exactly one verdict and the
//! numbers add up; what cannot be read is told and stops nothing; memory does not grow with the number of files (what is known
//! lies in a database of its own).
//!
//! The library's files are not read to know their bytes: the catalog has their hash from when they were stored, and `photokeep
//! verify` proves it. A library file that is not as large or not of the time the catalog says takes no part as bytes.

mod better;
mod comparison;
mod duplicates;
mod kept;
mod lists;
mod narrowing;
mod path_bytes;
mod read;
mod results;
mod side;
mod similar;
mod stages;
mod store;
mod told;
mod trouble;
mod walk;

pub use better::{Better, BetterOne, BetterWhy};
pub use comparison::{CompareOptions, compare};
pub use duplicates::{DuplicateFile, DuplicateGroup, Duplicates, KeepWhy};
pub use lists::{Choice, FileKind, FileList, FileResult, FileToShow, KeptFile};
pub use narrowing::{ListName, Narrowing, Narrowings};
pub use results::{Extra, Numbers, PassedOver, Summary};
pub use stages::Evidence;
pub use store::{Comparison, Verdict};
pub use trouble::{Trouble, TroubleWhy};
pub use walk::LeftWhy;
