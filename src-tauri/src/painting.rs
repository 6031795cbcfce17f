//! How the web view paints. On Linux WebKitGTK composes layers on the graphics card. Where there is none it does that by
//! software, on the processors that the page needs: scrolling fast shows nothing for a third of a second, because the layers
//! move before the page has painted them. Without layers it scrolls no further than it has painted (docs/benchmarks.md).

use tauri::WebviewWindow;

/// Lets the web view paint without layers where the computer has no graphics card.
pub fn suit_the_computer(window: &WebviewWindow) {
    #[cfg(target_os = "linux")]
    if !has_graphics_card() {
        use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};
        // Without it the window works as well, and blinks when it scrolls.
        let _ = window.with_webview(|webview| {
            if let Some(settings) = WebViewExt::settings(&webview.inner()) {
                settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
            }
        });
    }
    #[cfg(not(target_os = "linux"))]
    let _ = window;
}

/// Whether the kernel offers a card that can render.
#[cfg(target_os = "linux")]
fn has_graphics_card() -> bool {
    std::fs::read_dir("/dev/dri")
        .is_ok_and(|entries| entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("renderD")))
}
