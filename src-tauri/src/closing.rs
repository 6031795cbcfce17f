//! Closing the window: Photokeep stays in the tray where there is one and the person wants it, and is asked once. Ending is tidy: a run
//! that is under way finishes what it has in its hands. What was kept stays kept; the next start goes on from there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use photokeep_app::desk::Desk;
use tauri::{AppHandle, Manager, Window};

use crate::tray::Tray;

/// Nothing under way takes longer to put down; even a hard end loses nothing (design section 3.5).
const LONGEST: Duration = Duration::from_secs(20);

static ENDING: AtomicBool = AtomicBool::new(false);
/// The question is in the window; whoever closes it once more has answered.
static ASKED: AtomicBool = AtomicBool::new(false);

/// The person closed the window.
pub fn close(window: &Window) {
    let app = window.app_handle();
    let there = app.try_state::<Tray>().is_some_and(|tray| tray.is_there());
    let Some(desk) = app.try_state::<Arc<Desk>>().filter(|_| there) else { return quit(app) };
    match desk.settings().stay_in_tray {
        Some(true) => leave(app, true),
        None if !ASKED.swap(true, Ordering::SeqCst) => desk.ask_where_to_stay(),
        _ => quit(app),
    }
}

/// Closes the window as the person answered.
pub fn leave(app: &AppHandle, stay: bool) {
    ASKED.store(false, Ordering::SeqCst);
    if !stay {
        return quit(app);
    }
    if let Some(window) = app.get_webview_window("main") {
        // A window that cannot be hidden is still there, which loses nothing.
        let _ = window.hide();
    }
}

/// Hides the window at once and ends the program when the run has ended.
pub fn quit(app: &AppHandle) {
    if ENDING.swap(true, Ordering::SeqCst) {
        return;
    }
    if let Some(window) = app.get_webview_window("main") {
        // Hidden or not makes no difference to the run.
        let _ = window.hide();
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Some(desk) = app.try_state::<Arc<Desk>>().map(|desk| desk.inner().clone()) {
            let _ = tokio::time::timeout(LONGEST, desk.close()).await;
        }
        app.exit(0);
    });
}
