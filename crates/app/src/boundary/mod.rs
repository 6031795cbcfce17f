//! The boundary between the engine and whatever shows it: every command with its request and response, the events, the
//! error, and what a host must be able to do (design section 8).
//!
//! - `router`: the list of commands, each declared once. - `events`: what is told without being asked.
//! - `api_error`: the one shape of an error. - `host`: what differs between a window and a browser.
//! - `sentence`: the engine's sentences as codes, for front ends in other languages.
//! - `typescript`: all of it as TypeScript, written to `ui/src/lib/backend/generated.ts` by `cargo xtask types`.
//!
//! What the commands do is in `desk/`. No host knows commands by name: it carries text to [`call`] and back.

mod api_error;
mod events;
mod host;
mod router;
mod sentence;
mod typescript;

pub use api_error::ApiError;
pub use events::{DeskEvent, FailedNow, RecentFile, RunActivity, RunState, SignInState};
pub use host::{Capabilities, Host, HostKind, Waiting};
pub use router::{Answer, call};
pub use sentence::{Sentence, SentenceCode, Sentences, sentence, sentences};
pub use typescript::typescript;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A request without fields, and an answer without any.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, TS)]
pub struct Nothing {}
