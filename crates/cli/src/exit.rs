//! Exit codes, the only place they are decided.

use std::process::ExitCode;

use photokeep_app::model::{Code, Error};

use crate::output::{complain, say};

/// Finished, and some items failed.
pub const SOME_FAILED: u8 = 3;

/// The exit code for trouble of this kind.
pub fn code_of(code: Code) -> u8 {
    match code {
        Code::Usage | Code::ClientFile | Code::NoLibrary => 2,
        Code::ItemGone | Code::ItemNotMedia | Code::ItemFailed | Code::ItemNotReady => SOME_FAILED,
        Code::SignInNeeded | Code::AccessRefused => 4,
        Code::Network | Code::Quota => 5,
        Code::LibraryBusy | Code::CatalogLocked => 6,
        Code::TargetFull | Code::TargetReadOnly | Code::TargetGone | Code::FolderGone => 7,
        Code::CatalogDamaged | Code::CatalogNewer | Code::Cancelled | Code::Internal => 1,
    }
}

/// Tells an error on the error output, as sentences or as JSON, and gives its exit code.
pub fn tell(error: &Error, json: bool) -> ExitCode {
    if json {
        let line = serde_json::json!({ "event": "error", "error": error });
        say!("{line}");
    }
    complain!("photokeep: {}", error.message);
    if let Some(hint) = &error.hint {
        complain!("  {hint}");
    }
    for (name, value) in &error.details {
        complain!("  ({name}: {value})");
    }
    ExitCode::from(code_of(error.code))
}
