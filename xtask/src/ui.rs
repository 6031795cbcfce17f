//! The user interface: built, checked, tested by itself and in a real browser.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::steps::{Result, cargo_command, root, run};
use crate::tests::Counts;

fn folder() -> PathBuf {
    root().join("ui")
}

fn npm(arguments: &[&str]) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(folder()).args(arguments);
    command
}

/// Installs what `package-lock.json` names, unless that was done, and builds `ui/dist`, which the programs carry.
pub fn build() -> Result<()> {
    println!("── user interface");
    install()?;
    run("build of the user interface", &mut npm(&["run", "--silent", "build"]))
}

/// Installs what `package-lock.json` names, unless that was done.
pub fn install() -> Result<()> {
    let changed = |path: PathBuf| std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let wanted = changed(folder().join("package-lock.json"));
    let installed = changed(folder().join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= wanted {
        return Ok(());
    }
    run("npm ci", &mut npm(&["ci", "--no-audit", "--no-fund"]))
}

/// Types, style and unit tests.
pub fn check(counts: &mut Counts) -> Result<()> {
    println!("── user interface: types and style");
    run("types of the user interface", &mut npm(&["run", "--silent", "check"]))?;
    run("style of the user interface", &mut npm(&["run", "--silent", "lint"]))?;
    println!("── user interface: tests");
    let report = root().join("ui/node_modules/.vitest-report.json");
    // A report of an earlier run must not speak for this one.
    let _ = std::fs::remove_file(&report);
    let output = format!("--outputFile.json={}", report.display());
    let arguments = ["exec", "--", "vitest", "run", "--reporter=default", "--reporter=json", &output];
    let status = npm(&arguments).status().map_err(|error| format!("npm could not be started: {error}"))?;
    let text = std::fs::read_to_string(&report).map_err(|error| format!("vitest left no report: {error}"))?;
    let report: serde_json::Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let number = |name: &str| report[name].as_u64().unwrap_or(0);
    counts.passed += number("numPassedTests");
    counts.failed += number("numFailedTests").max(u64::from(!status.success()));
    counts.ignored += number("numPendingTests");
    Ok(())
}

/// Every screen and flow in a real browser, against `photokeep serve` on the simulator. Needs the built programs.
pub fn in_browser(counts: &mut Counts) -> Result<()> {
    println!("── in a real browser");
    let mut command = Command::new("node");
    command.current_dir(root()).args(["--test", "--test-reporter=tap", "--test-concurrency=1", "tests/browser/"]);
    let output = command
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("node could not be started: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    print!("{text}");
    let number = |word: &str| {
        text.lines()
            .rev()
            .find_map(|line| line.strip_prefix(&format!("# {word} ")))
            .and_then(|number| number.trim().parse().ok())
            .unwrap_or(0)
    };
    let failed: u64 = number("fail");
    counts.passed += number("pass");
    counts.failed += failed.max(u64::from(!output.status.success()));
    counts.ignored += number("skipped") + number("todo");
    Ok(())
}

/// Writes the boundary of `crates/app` as TypeScript.
pub fn types() -> Result<()> {
    let mut command = cargo_command();
    command.args(["run", "--quiet", "--package", "photokeep-app", "--features", "demo", "--example", "types"]);
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| format!("types: {error}"))?;
    if !output.status.success() {
        return Err("types failed".into());
    }
    let path = folder().join("src/lib/backend/generated.ts");
    std::fs::write(&path, output.stdout).map_err(|error| format!("{}: {error}", path.display()))
}

/// The window with hot reload.
pub fn dev(rest: &[String]) -> Result<()> {
    install()?;
    let mut command = Command::new(folder().join("node_modules/.bin/tauri"));
    // What follows `--` is for cargo, which by itself would run the terminal's program: the window is no default member.
    let (for_tauri, for_cargo) = rest.split_at(rest.iter().position(|one| one == "--").unwrap_or(rest.len()));
    command.current_dir(root()).arg("dev").args(for_tauri).args(["--", "--package", "photokeep-desktop"]);
    command.args(for_cargo.iter().skip(1));
    run("tauri dev", &mut command)
}
