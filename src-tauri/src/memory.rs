//! How much the web view keeps of what it has shown. WebKitGTK's default is that of a web browser, which keeps the decoded
//! pictures of pages long left; ours come from this disk in a moment, and scrolling through a large library shows thousands.

use tauri::WebviewWindow;

/// Lets the web view keep little more than what is on the screen.
pub fn keep_little(window: &WebviewWindow) {
    #[cfg(target_os = "linux")]
    {
        use webkit2gtk::{CacheModel, WebContextExt, WebViewExt};
        // Without it the window works as well, and needs more memory.
        let _ = window.with_webview(|webview| {
            if let Some(context) = webview.inner().context() {
                context.set_cache_model(CacheModel::DocumentViewer);
            }
        });
    }
    #[cfg(not(target_os = "linux"))]
    let _ = window;
}
