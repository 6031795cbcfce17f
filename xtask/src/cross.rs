//! Other systems, as far as they can be checked from Linux. Steps of their own, outside the normal run of the tests.
//!
//! Debian's `rustc-web` comes with the sources of the standard library, so that it can be built for a target whose own is not to be had
//! here; C code is compiled by mingw for Windows (`windows.rs`), and left out for macOS, for which there are no headers: there the whole
//! app is held against its types, and nothing is linked or run.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::prerequisites;
use crate::steps::{Result, root, run};

/// The compiler with its sources, apart from any other.
const COMPILER: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";

/// Windows, by MinGW.
pub const WINDOWS: &str = "x86_64-pc-windows-gnu";
const MACOS: &str = "aarch64-apple-darwin";

/// Checks the whole app for macOS.
pub fn check_macos() -> Result<()> {
    prerequisites::for_debian(&["rustc-web", "cargo-web", "rust-web-src"])?;
    let cross = Cross::prepare(MACOS)?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let nothing = compiler_of_nothing(folder.path())?;
    let mut check = cross.cargo("check");
    for name in ["CC_aarch64_apple_darwin", "CXX_aarch64_apple_darwin", "AR_aarch64_apple_darwin"] {
        check.env(name, &nothing);
    }
    run("types for macOS", check.args(["--workspace", "--exclude", "xtask"]))
}

/// The compiler for another system.
pub struct Cross {
    target: &'static str,
}

impl Cross {
    /// Makes what programs carry, and says which compiler it is.
    pub fn prepare(target: &'static str) -> Result<Self> {
        if !cfg!(target_os = "linux") {
            return Err("this is for Linux; elsewhere `cargo xtask test` checks the system itself".into());
        }
        prerequisites::for_node()?;
        // The programs carry the built user interface.
        crate::ui::build()?;
        run("compiler", Command::new(COMPILER).arg("--version"))?;
        Ok(Self { target })
    }

    /// Where it builds: another compiler's results would be thrown away by each in turn.
    pub fn target_folder(&self) -> PathBuf {
        let folder = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
        folder.join("cross")
    }

    /// Cargo for the other system.
    pub fn cargo(&self, what: &str) -> Command {
        println!("── {what} for {}", self.target);
        let mut command = Command::new(CARGO);
        command.current_dir(root()).args([what, "-Zbuild-std", "--locked", "--target", self.target]);
        command.arg("--target-dir").arg(self.target_folder());
        // The unstable option is the reason for this compiler; nothing else of it is used. And no other compiler may be found on the way.
        command.env("RUSTC_BOOTSTRAP", "1").env("PATH", "/usr/local/bin:/usr/bin:/bin").env("RUSTC", COMPILER);
        // Nobody debugs these.
        command.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_PROFILE_TEST_DEBUG", "0");
        for name in ["CARGO", "RUSTUP_TOOLCHAIN", "RUSTFLAGS"] {
            command.env_remove(name);
        }
        command
    }
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
