//! The shell around the engine: a window, nothing more yet. The issue about the desktop app fills it.

use std::process::ExitCode;

/// Opens the window and runs until it is closed.
pub fn run() -> ExitCode {
    match tauri::Builder::default().run(tauri::generate_context!()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("photokeep-desktop: the window could not be opened: {error}");
            ExitCode::FAILURE
        }
    }
}
