//! How the web view paints. On Linux WebKitGTK composes layers on the graphics card. Where there is none it does that by
//! software, on the processors that the page needs: scrolling fast shows nothing for a third of a second, because the layers
//! move before the page has painted them. Without layers it scrolls no further than it has painted (docs/benchmarks.md).
//!
//! WebKitGTK decides that once, before its first page: told later (`HardwareAccelerationPolicy` of a view that has begun to load) it
//! paints as wished and loses every turn of the mouse wheel. So the program starts itself anew with the word in its environment.

#[cfg(target_os = "linux")]
const WITHOUT_LAYERS: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";

/// Lets the web view paint without layers where the computer has no graphics card. Comes back where nothing is to be changed, or
/// nothing can be. First of all: nothing may be open yet.
#[cfg(target_os = "linux")]
pub fn suit_the_computer() {
    use std::os::unix::process::CommandExt;
    if has_graphics_card() || std::env::var_os(WITHOUT_LAYERS).is_some() {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let error = std::process::Command::new(program).args(std::env::args_os().skip(1)).env(WITHOUT_LAYERS, "1").exec();
    // Without it the window works as well, and blinks when it scrolls.
    crate::complain(&format!("it could not be started anew to paint without a graphics card: {error}"));
}

/// Elsewhere web views see to it themselves.
#[cfg(not(target_os = "linux"))]
pub fn suit_the_computer() {}

/// Whether the kernel offers a card that can render.
#[cfg(target_os = "linux")]
fn has_graphics_card() -> bool {
    std::fs::read_dir("/dev/dri")
        .is_ok_and(|entries| entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("renderD")))
}
