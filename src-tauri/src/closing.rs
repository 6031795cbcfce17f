//! Ending tidily: a run that is under way finishes what it has in its hands, then the window closes. What was kept stays
//! kept; the next start shows the truth and the next sync goes on from there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use photokeep_app::desk::Desk;
use tauri::{Manager, Window};

/// Nothing under way takes longer to put down; even a hard end loses nothing (design section 3.5).
const LONGEST: Duration = Duration::from_secs(20);

static CLOSING: AtomicBool = AtomicBool::new(false);

/// Hides the window at once and ends the program when the run has ended.
pub fn close(window: &Window) {
    if CLOSING.swap(true, Ordering::SeqCst) {
        return;
    }
    let app = window.app_handle().clone();
    // Hidden or not makes no difference to the run.
    let _ = window.hide();
    tauri::async_runtime::spawn(async move {
        if let Some(desk) = app.try_state::<Arc<Desk>>().map(|desk| desk.inner().clone()) {
            let _ = tokio::time::timeout(LONGEST, desk.close()).await;
        }
        app.exit(0);
    });
}
