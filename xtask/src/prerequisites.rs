//! What a machine must have besides Rust, named exactly; installed where that is possible without asking.

use std::process::{Command, Stdio};

use crate::steps::{Result, run};

fn works(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// A C compiler, for SQLite and the TLS library.
pub fn for_engine() -> Result<()> {
    if cfg!(windows) || works("cc", &["--version"]) {
        return Ok(());
    }
    install(&["gcc", "libc6-dev"])?;
    if works("cc", &["--version"]) {
        return Ok(());
    }
    Err(format!("a C compiler is missing. Install it:\n  {}", advice("gcc libc6-dev", "gcc", "xcode-select --install")))
}

/// The system's web view, for the window.
pub fn for_window() -> Result<()> {
    let there = || works("pkg-config", &["--exists", "webkit2gtk-4.1"]);
    if !cfg!(target_os = "linux") || there() {
        return Ok(());
    }
    install(&["pkg-config", "libwebkit2gtk-4.1-dev"])?;
    if there() {
        return Ok(());
    }
    Err(format!(
        "the system's web view is missing (or use `cargo xtask test --without-window`). Install it:\n  {}",
        advice("pkg-config libwebkit2gtk-4.1-dev", "pkgconf webkit2gtk4.1-devel", "")
    ))
}

/// What the bundler looks for beside the web view: the tray's library.
pub fn for_bundles() -> Result<()> {
    let there = || works("pkg-config", &["--exists", "ayatana-appindicator3-0.1"]);
    if there() {
        return Ok(());
    }
    install(&["libayatana-appindicator3-dev"])?;
    if there() {
        return Ok(());
    }
    Err(format!(
        "the tray's library is missing. Install it:\n  {}",
        advice("libayatana-appindicator3-dev", "libayatana-appindicator-gtk3-devel", "")
    ))
}

/// Packages of Debian 12, for checks that are made of its parts.
pub fn for_debian(packages: &[&str]) -> Result<()> {
    let there = || packages.iter().all(|package| works("dpkg", &["-s", package]));
    if there() {
        return Ok(());
    }
    install(packages)?;
    if there() { Ok(()) } else { Err(format!("missing, from Debian 12: {}", packages.join(" "))) }
}

/// Node and npm, for the user interface.
pub fn for_node() -> Result<()> {
    if works("node", &["--version"]) && works(if cfg!(windows) { "npm.cmd" } else { "npm" }, &["--version"]) {
        return Ok(());
    }
    Err("Node 20 or newer with npm is missing: https://nodejs.org, or the packages `nodejs npm` of your system".into())
}

/// Installs Debian packages when we are root on such a system; else does nothing.
fn install(packages: &[&str]) -> Result<()> {
    #[cfg(unix)]
    if rustix::process::geteuid().is_root() && works("apt-get", &["--version"]) {
        run("apt-get update", Command::new("apt-get").args(["-q", "update"]))?;
        return run(
            "apt-get install",
            Command::new("apt-get").args(["-qy", "install", "--no-install-recommends"]).args(packages),
        );
    }
    let _ = packages;
    Ok(())
}

fn advice(debian: &str, fedora: &str, macos: &str) -> String {
    if cfg!(target_os = "macos") {
        return macos.to_owned();
    }
    format!("Debian, Ubuntu: sudo apt-get install {debian}\n  Fedora: sudo dnf install {fedora}")
}
