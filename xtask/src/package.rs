//! Installers for this system: the window, the command `photokeep`, man pages, completions, icon, desktop file and metainfo as a `.deb` and
//! an `.rpm`; under Windows an installer (`windows.rs`). The bundler is Tauri's. What it cannot make here (AppImage, MSI, macOS) is for a
//! machine with a network.

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use serde_json::{Map, Value, json};

use crate::steps::{Result, cargo, root, run};
use crate::tests::Counts;
use crate::{package_trial, prerequisites, ui, windows};

/// How to make installers.
#[derive(Debug, Args)]
pub struct Options {
    /// Of the programs as they are built for tests, without a release build.
    #[arg(long)]
    debug: bool,
    /// Then install both on a clean system in a folder of its own, run them, and remove them again. Needs root and debootstrap.
    #[arg(long = "try")]
    try_it: bool,
}

/// The `.deb` and the `.rpm`.
pub type Packages = [PathBuf; 2];

/// Shells that get a completion, and where each looks for it.
const COMPLETIONS: [(&str, &str); 3] = [
    ("bash", "usr/share/bash-completion/completions/photokeep"),
    ("zsh", "usr/share/zsh/vendor-completions/_photokeep"),
    ("fish", "usr/share/fish/vendor_completions.d/photokeep.fish"),
];

/// Makes the installers.
pub fn package(options: &Options) -> Result<()> {
    if !cfg!(any(target_os = "linux", windows)) {
        return Err("the disk image for macOS is made by the release workflow".into());
    }
    prerequisites::for_engine()?;
    prerequisites::for_window()?;
    prerequisites::for_node()?;
    if cfg!(target_os = "linux") {
        prerequisites::for_bundles()?;
    }
    ui::build()?;
    let release: &[&str] = if options.debug { &[] } else { &["--release"] };
    let packages = ["--package", "photokeep-desktop", "--package", "photokeep-cli", "--bins"];
    cargo("programs", &[&["build", "--locked"], release, &packages].concat(), &[])?;
    let built = target_folder().join(if options.debug { "debug" } else { "release" });
    if cfg!(windows) {
        return windows::installer(&built).map(drop);
    }
    let made = bundle(&built, options.debug)?;
    run("checksums", Command::new("sha256sum").args(&made))?;
    if options.try_it { package_trial::try_on_a_clean_system(&made) } else { Ok(()) }
}

/// Makes packages of the programs that the tests were built with, and tries them on a clean system, as one more test.
pub fn test(counts: &mut Counts) -> Result<()> {
    println!("── packages, on a clean system");
    if !package_trial::can_lay_a_system() {
        println!("SKIPPED: a clean system needs root, debootstrap and the right to mount");
        counts.ignored += 1;
        return Ok(());
    }
    prerequisites::for_bundles()?;
    match bundle(&target_folder().join("debug"), true).and_then(|made| package_trial::try_on_a_clean_system(&made)) {
        Ok(()) => counts.passed += 1,
        Err(error) => {
            println!("{error}");
            counts.failed += 1;
        }
    }
    Ok(())
}

/// Makes the packages of the programs in a folder.
fn bundle(built: &Path, debug: bool) -> Result<Packages> {
    let staged = tempfile::tempdir().map_err(|error| error.to_string())?;
    let files = stage(built, staged.path())?;
    let config = staged.path().join("bundle.json");
    let linux = json!({ "bundle": { "linux": { "deb": { "files": files }, "rpm": { "files": files } } } });
    std::fs::write(&config, linux.to_string()).map_err(|error| error.to_string())?;
    println!("── packages");
    let mut bundler = Command::new(root().join("ui/node_modules/.bin/tauri"));
    bundler.current_dir(root()).args(["bundle", "--bundles", "deb,rpm", "--config"]).arg(&config);
    if debug {
        bundler.arg("--debug");
    }
    run("packages", &mut bundler)?;
    let made = |kind| newest(&built.join("bundle").join(kind), kind);
    Ok([made("deb")?, made("rpm")?])
}

/// Where cargo builds.
fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Puts what lies beside the window into a folder, and says what belongs where: path in the system to file.
fn stage(built: &Path, folder: &Path) -> Result<Map<String, Value>> {
    let program = built.join("photokeep");
    let mut files = Map::new();
    let mut put = |to: &str, from: &Path| files.insert(format!("/{to}"), from.display().to_string().into());
    put("usr/bin/photokeep", &program);
    put(
        "usr/share/metainfo/app.photokeep.desktop.metainfo.xml",
        &root().join("packaging/linux/app.photokeep.desktop.metainfo.xml"),
    );
    put("usr/share/icons/hicolor/scalable/apps/photokeep-desktop.svg", &root().join("icons/icon.svg"));
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        put(&format!("usr/share/doc/photokeep/{licence}"), &root().join(licence));
    }
    let pages = folder.join("man");
    run("man pages", Command::new(&program).arg("man").arg(&pages))?;
    for page in std::fs::read_dir(&pages).map_err(|error| error.to_string())?.flatten() {
        run("compression", Command::new("gzip").args(["-9", "-n", "-f"]).arg(page.path()))?;
        let name = format!("{}.gz", page.file_name().to_string_lossy());
        put(&format!("usr/share/man/man1/{name}"), &pages.join(&name));
    }
    for (shell, to) in COMPLETIONS {
        let text = Command::new(&program).args(["completions", shell]).output().map_err(|error| error.to_string())?;
        if !text.status.success() {
            return Err(format!("completions for {shell} failed"));
        }
        let file = folder.join(shell);
        std::fs::write(&file, text.stdout).map_err(|error| error.to_string())?;
        put(to, &file);
    }
    Ok(files)
}

/// The package that was made last.
fn newest(folder: &Path, ending: &str) -> Result<PathBuf> {
    let made = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?.flatten();
    made.map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == ending))
        .max_by_key(|path| path.metadata().and_then(|metadata| metadata.modified()).ok())
        .ok_or_else(|| format!("no .{ending} was made"))
}
