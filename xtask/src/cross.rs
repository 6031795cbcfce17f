//! The other systems, as far as they can be checked from Linux: does the whole app fit their types? Nothing is linked or run. Steps of
//! their own, outside the normal run of the tests.
//!
//! Debian's `rustc-web` comes with the sources of the standard library, so that it can be built for a target whose own is not to be had
//! here; C code is compiled by mingw for Windows, and left out for macOS, for which there are no headers.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::prerequisites;
use crate::steps::{Result, root, run};

/// The compiler with its sources, apart from any other.
const COMPILER: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";

/// Checks the whole app for Windows.
pub fn check_windows() -> Result<()> {
    check("x86_64-pc-windows-gnu", &["rustc-web", "cargo-web", "rust-web-src", "gcc-mingw-w64-x86-64"], &[])
}

/// Checks the whole app for macOS.
pub fn check_macos() -> Result<()> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let nothing = compiler_of_nothing(folder.path())?;
    let named = ["CC_aarch64_apple_darwin", "CXX_aarch64_apple_darwin", "AR_aarch64_apple_darwin"];
    let environment: Vec<(&str, &Path)> = named.iter().map(|name| (*name, nothing.as_path())).collect();
    check("aarch64-apple-darwin", &["rustc-web", "cargo-web", "rust-web-src"], &environment)
}

fn check(target: &str, packages: &[&str], environment: &[(&str, &Path)]) -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Err("this is for Linux; elsewhere `cargo xtask test` checks the system itself".into());
    }
    prerequisites::for_cross_check(packages)?;
    prerequisites::for_node()?;
    // The programs carry the built user interface.
    crate::ui::build()?;
    run("compiler", Command::new(COMPILER).arg("--version"))?;
    println!("── types for {target}");
    let mut command = Command::new(CARGO);
    command.current_dir(root()).args([
        "check",
        "-Zbuild-std",
        "--locked",
        "--workspace",
        "--exclude",
        "xtask",
        "--target",
        target,
    ]);
    // Another compiler's results would be thrown away by each in turn.
    let folder = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    command.arg("--target-dir").arg(folder.join("cross"));
    // The unstable option is the reason for this compiler; nothing else of it is used. And no other compiler may be found on the way.
    command.env("RUSTC_BOOTSTRAP", "1").env("PATH", "/usr/local/bin:/usr/bin:/bin").env("RUSTC", COMPILER);
    for name in ["CARGO", "RUSTUP_TOOLCHAIN", "RUSTFLAGS"] {
        command.env_remove(name);
    }
    command.envs(environment.iter().copied());
    run(&format!("types for {target}"), &mut command)
}

/// A program in the place of a C compiler that writes empty files: nothing is linked.
fn compiler_of_nothing(folder: &Path) -> Result<PathBuf> {
    let path = folder.join("nothing");
    let script =
        "#!/bin/sh\nwhile [ $# -gt 0 ]; do [ \"$1\" = -o ] && : > \"$2\"; case \"$1\" in *.a) : > \"$1\";; esac; shift; done\n";
    let write = || -> std::io::Result<()> {
        std::fs::write(&path, script)?;
        #[cfg(unix)]
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        Ok(())
    };
    write().map_err(|error| error.to_string())?;
    Ok(path)
}
