//! A strict local Google Photos for tests, the demo and benchmarks.
//!
//! [`Simulator`] serves sign-in, the Library API and media on 127.0.0.1 as `google-apis.md` describes them, no more
//! kindly than Google does. [`Control`] changes the account, causes trouble ([`FaultRule`]), lets time pass and tells what
//! the client did wrong ([`Violation`]). Libraries come from [`generate`], from [`photos_folder`], or are written by hand
//! ([`photo_library`]). [`takeout`] writes Takeout exports instead of serving anything. The Picker and Drive APIs are not
//! simulated.

mod broken_body;
mod clock;
mod config;
mod content;
mod control;
mod control_http;
pub mod damaged_copy;
mod discovery;
mod faults;
pub mod generate;
mod holdings;
mod library_api;
mod library_edit;
mod lock;
mod media_bytes;
mod media_url;
mod oauth;
mod paging;
pub mod photo_library;
mod photos_folder;
mod search;
mod server;
mod socket;
pub mod takeout;
mod tls_proxy;
mod tokens;
mod transfer;
mod upload;
mod violations;
mod wire;
mod world;

pub use clock::Clock;
pub use config::{ClientKind, Endpoints, Policy, SimulatorConfig};
pub use control::{Control, IssuedToken, MediaUrl};
pub use faults::{Always, Fault, FaultRule, Match, Place, Times};
pub use library_edit::LibraryEdit;
pub use photo_library::PhotoLibrary;
pub use photos_folder::photos_folder;
pub use server::Simulator;
pub use violations::{Violation, ViolationKind};
pub use world::RequestCounts;
