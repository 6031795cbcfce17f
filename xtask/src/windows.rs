//! Windows, seen from Linux: the whole app is built for it, the engine's tests run under wine, and the installer installs there, silently,
//! and removes itself again. What wine cannot show (symbolic links, the window itself) is not shown.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cross::{Cross, WINDOWS};
use crate::prerequisites;
use crate::steps::{Result, root, run};
use crate::tests::{Counts, run_tests};

/// Rooms whose tests run under wine: the engine and what every front end calls.
const ENGINE: [&str; 8] = [
    "photokeep-model",
    "photokeep-media",
    "photokeep-library",
    "photokeep-takeout",
    "photokeep-compare",
    "photokeep-google",
    "photokeep-sync",
    "photokeep-app",
];

/// Where wine keeps the programs of its own Windows.
const SYSTEM: &str = "drive_c/windows/system32";

/// What the standard library asks of Windows and the wine of Debian 12 has not got: random bytes, handed on to a function that it has.
const RANDOM_BYTES: &str = "#include <windows.h>\nBOOLEAN NTAPI SystemFunction036(PVOID, ULONG);\n\
                            __declspec(dllexport) BOOL ProcessPrng(PBYTE to, SIZE_T size) { return SystemFunction036(to, (ULONG)size); }\n";

/// Builds, tests and installs.
pub fn check() -> Result<()> {
    prerequisites::for_debian(&[
        "rustc-web",
        "cargo-web",
        "rust-web-src",
        "gcc-mingw-w64-x86-64",
        "g++-mingw-w64-x86-64",
        "wine",
        "wine64",
        "nsis",
    ])?;
    let cross = Cross::prepare(WINDOWS)?;
    let programs = ["--package", "photokeep-desktop", "--package", "photokeep-cli", "--bins"];
    run("programs for Windows", cross.cargo("build").args(programs))?;
    let wine = Wine::new()?;
    let engine: Vec<&str> = ENGINE.iter().flat_map(|name| ["--package", name]).collect();
    let mut tests = cross.cargo("test");
    tests.args(&engine).args(["--no-fail-fast", "--lib", "--tests"]);
    println!("── the engine's tests under wine");
    let mut counts = Counts::default();
    run_tests(wine.around(&mut tests), &mut counts)?;
    counts.tell()?;
    let built = cross.target_folder().join(WINDOWS).join("debug");
    let installer = installer(&built)?;
    wine.try_installer(&installer)
}

/// Makes the installer of the programs in a folder, beside them.
pub fn installer(built: &Path) -> Result<PathBuf> {
    println!("── installer");
    let version = env!("CARGO_PKG_VERSION");
    let out = built.join(format!("Photokeep-{version}-setup.exe"));
    let define = |name: &str, value: &Path| format!("-D{name}={}", value.display());
    let mut nsis = Command::new("makensis");
    nsis.args(["-V2", "-INPUTCHARSET", "UTF8"]).arg(format!("-DVERSION={version}"));
    nsis.arg(define("PROGRAMS", built)).arg(define("OUT", &out));
    if !cfg!(windows) {
        nsis.arg("-DTARGET=amd64-unicode");
    }
    run("installer", nsis.arg(root().join("packaging/windows/photokeep.nsi")))?;
    Ok(out)
}

/// A Windows of its own, in a folder that vanishes with it.
struct Wine {
    folder: tempfile::TempDir,
}

impl Wine {
    fn new() -> Result<Self> {
        println!("── wine");
        let wine =
            Self { folder: tempfile::Builder::new().prefix("photokeep-wine-").tempdir().map_err(|error| error.to_string())? };
        run("wine's first start", &mut wine.program("wineboot", &["--init"]))?;
        run("wine's first start", &mut wine.wait())?;
        let source = wine.path("random.c");
        std::fs::write(&source, RANDOM_BYTES).map_err(|error| error.to_string())?;
        let library = wine.path(SYSTEM).join("bcryptprimitives.dll");
        if !library.exists() {
            let mut compiler = Command::new("x86_64-w64-mingw32-gcc");
            run("wine's random bytes", compiler.args(["-shared", "-o"]).arg(&library).arg(&source).arg("-ladvapi32"))?;
        }
        Ok(wine)
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.folder.path().join(inside)
    }

    /// Gives a command what programs for Windows, which it starts, need.
    fn around<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("WINEPREFIX", self.folder.path())
            .env("WINEDEBUG", "-all")
            .env("WINEARCH", "win64")
            // Nothing of a desktop is needed, and no browser is offered for download.
            .env("WINEDLLOVERRIDES", "mscoree,mshtml=")
            .env_remove("DISPLAY")
            .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", "wine")
    }

    fn program(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new("wine");
        self.around(command.arg(program).args(arguments));
        command
    }

    /// Waits until nothing runs in it any more.
    fn wait(&self) -> Command {
        let mut command = Command::new("wineserver");
        self.around(command.arg("--wait"));
        command
    }

    /// Installs silently, runs what was installed, removes it silently, and looks whether anything is left.
    fn try_installer(&self, installer: &Path) -> Result<()> {
        println!("── installed, run, removed");
        let (installer, place) = (installer.display().to_string(), r"C:\Trial\Photokeep");
        run("silent installation", &mut self.program(&installer, &["/S", &format!("/D={place}")]))?;
        run("silent installation", &mut self.wait())?;
        let folder = self.path("drive_c/Trial/Photokeep");
        let shortcut = self.find("Photokeep.lnk")?;
        for there in ["photokeep-desktop.exe", "photokeep.exe", "LICENSE-MIT", "uninstall.exe"] {
            must(folder.join(there).is_file(), &format!("{there} was not installed"))?;
        }
        must(!shortcut.is_empty(), "there is no shortcut in the start menu")?;
        must(self.registered()?, "the installation was not registered")?;
        let mut version = self.program(&format!(r"{place}\photokeep.exe"), &["--version"]);
        let said = version.output().map_err(|error| error.to_string())?;
        let said = String::from_utf8_lossy(&said.stdout).trim().to_owned();
        must(said.contains(env!("CARGO_PKG_VERSION")), &format!("the installed program says {said:?}"))?;
        let tried = self.path("drive_c/Trial");
        let mut demo = self.program(&format!(r"{place}\photokeep.exe"), &["demo", "--items", "12"]);
        let demo = demo.current_dir(&tried).env("PHOTOKEEP_KEYCHAIN", "off").output().map_err(|error| error.to_string())?;
        let kept = self.find("IMG_0001.JPG")?;
        if !demo.status.success() || kept.is_empty() {
            return Err(format!("the demo kept nothing: {}", String::from_utf8_lossy(&demo.stderr)));
        }
        run("silent removal", &mut self.program(&format!(r"{place}\uninstall.exe"), &["/S"]))?;
        run("silent removal", &mut self.wait())?;
        must(!folder.exists(), "something is left of the programs")?;
        must(self.find("Photokeep.lnk")?.is_empty() && !self.registered()?, "something is left of the installation")?;
        println!("{said}: installed, its demo library kept, removed");
        Ok(())
    }

    /// Files of this name in the Windows.
    fn find(&self, name: &str) -> Result<Vec<String>> {
        let found = Command::new("find").arg(self.path("drive_c")).args(["-name", name]).output();
        let found = found.map_err(|error| error.to_string())?.stdout;
        Ok(String::from_utf8_lossy(&found).lines().map(str::to_owned).collect())
    }

    /// Whether Windows lists the program among the installed ones.
    fn registered(&self) -> Result<bool> {
        let key = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Photokeep";
        let asked = self.program("reg", &["query", key]).output().map_err(|error| error.to_string())?;
        Ok(asked.status.success())
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        let mut end = Command::new("wineserver");
        // Its own server, named by its folder; one that has ended already is fine.
        let _ = self.around(end.arg("--kill")).status();
    }
}

fn must(holds: bool, otherwise: &str) -> Result<()> {
    if holds { Ok(()) } else { Err(otherwise.to_owned()) }
}
