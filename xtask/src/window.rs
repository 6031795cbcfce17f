//! The window on the demo library.

use std::process::Command;

use crate::steps::{Result, cargo_command, root, run};

/// Whether there is a display to open a window on.
pub fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value: std::ffi::OsString| !value.is_empty());
    cfg!(any(windows, target_os = "macos")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// Builds the window and opens it on the demo library, with a state of its own that real libraries know nothing of. Says where
/// the demo's Takeout appears (`crates/app/src/demo/takeout.rs` writes it): a dialog has to be led there.
pub fn demo() -> Result<()> {
    println!("── window");
    let mut build = cargo_command();
    run("build of the window", build.args(["build", "--quiet", "--package", "photokeep-desktop"]))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder));
    let program = target.join("debug").join(if cfg!(windows) { "photokeep-desktop.exe" } else { "photokeep-desktop" });
    let home = target.join("demo-home");
    println!(
        "Press \"Sync now\". Then have a Google Takeout of the same account imported: choose this folder on the page Import."
    );
    println!("  {}", home.join("demo").join("takeout").display());
    let mut window = Command::new(program);
    window.arg("--demo").env("PHOTOKEEP_HOME", home).env("PHOTOKEEP_KEYCHAIN", "off");
    run("the window", &mut window)
}
