//! The one command and the one event of the window.

use std::sync::Arc;

use photokeep_app::boundary::{Answer, ApiError, call};
use photokeep_app::desk::Desk;
use serde_json::Value;
use tauri::{AppHandle, Emitter, State};
use tokio::sync::broadcast::error::RecvError;

/// The event under which everything is told.
const EVENT: &str = "photokeep";

/// Told instead when some events were lost: ask for everything anew.
const RESYNC: &str = "photokeep-resync";

/// Does one command of the boundary.
#[tauri::command]
pub async fn rpc(desk: State<'_, Arc<Desk>>, command: String, payload: Value) -> Result<Answer, ApiError> {
    call(&desk, &command, payload).await
}

/// Tells the window everything that happens.
pub fn forward_events(app: &AppHandle, desk: &Arc<Desk>) {
    let (app, mut events) = (app.clone(), desk.listen());
    tauri::async_runtime::spawn(async move {
        loop {
            // A window that is just closing cannot be told anything any more.
            let _ = match events.recv().await {
                Ok(event) => app.emit(EVENT, event),
                Err(RecvError::Lagged(_)) => app.emit(RESYNC, ()),
                Err(RecvError::Closed) => return,
            };
        }
    });
}
