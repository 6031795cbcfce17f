//! Everything CI runs, in the order from quick to slow, with one count at the end.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::prerequisites;
use crate::steps::{Result, cargo, cargo_command, root};

/// Files longer than this need a reason (design section 10).
const LONG_FILE: usize = 600;

/// Everything.
pub fn all(without_window: bool) -> Result<()> {
    prerequisites::for_engine()?;
    if !without_window {
        prerequisites::for_window()?;
    }
    prerequisites::for_node()?;
    rules()?;
    // First of all: the programs carry the built user interface.
    crate::ui::build()?;
    let mut counts = Counts::default();
    crate::ui::check(&mut counts)?;
    cargo("format", &["fmt", "--all", "--check"], &[])?;
    let scope: &[&str] = if without_window { &["--workspace", "--exclude", "photokeep-desktop"] } else { &["--workspace"] };
    cargo("lints", &[&["clippy", "--quiet", "--locked", "--all-targets"], scope, &["--", "--deny", "warnings"]].concat(), &[])?;
    crate::dependencies::check()?;
    cargo_deny()?;
    // Binaries first: tests of the whole program start them. With the tests, because these ask for more features of some
    // libraries, and everything would be built twice.
    cargo("build", &[&["build", "--quiet", "--locked", "--bins", "--tests"], scope].concat(), &[])?;
    println!("── tests");
    run_tests(cargo_command().args([&["test", "--locked", "--no-fail-fast"], scope].concat()), &mut counts)?;
    crate::ui::in_browser(&mut counts)?;
    if !without_window {
        crate::package::test(&mut counts)?;
    }
    counts.tell()
}

/// The long form of the kill test.
pub fn torture(kills: u32) -> Result<()> {
    prerequisites::for_engine()?;
    println!("── torture: {kills} kills");
    let mut command = cargo_command();
    command.env("PHOTOKEEP_TORTURE_KILLS", kills.to_string());
    command.args(["test", "--package", "photokeep-cli", "--test", "cli", "--", "torture", "--nocapture"]);
    crate::steps::run("torture", &mut command)
}

/// Rules that no compiler knows: who may know Tauri, no file without end, no unfinished marks.
fn rules() -> Result<()> {
    println!("── rules");
    let mut broken = Vec::new();
    let listed = Command::new("git").args(["ls-files"]).current_dir(root()).output().map_err(|error| error.to_string())?;
    for name in String::from_utf8_lossy(&listed.stdout).lines() {
        let Ok(text) = std::fs::read_to_string(root().join(name)) else { continue };
        if name.starts_with("crates/") && name.ends_with("Cargo.toml") && text.lines().any(|line| line.starts_with("tauri")) {
            broken.push(format!("{name}: only src-tauri may depend on tauri"));
        }
        let of_ui = name.starts_with("ui/src/") && !name.starts_with("ui/src/lib/platform/");
        if of_ui && text.contains("from '@tauri-apps/") {
            broken.push(format!("{name}: only ui/src/lib/platform may import @tauri-apps"));
        }
        if !name.ends_with(".rs") {
            continue;
        }
        if text.lines().count() > LONG_FILE && !name.contains("/tests/") {
            broken.push(format!("{name}: {} lines; past {LONG_FILE} it needs a second room", text.lines().count()));
        }
        let mark = ["todo", "unimplemented"].map(|word| format!("{word}!("));
        if mark.iter().any(|mark| text.contains(mark)) {
            broken.push(format!("{name}: an unfinished mark"));
        }
    }
    if broken.is_empty() { Ok(()) } else { Err(broken.join("\n  ")) }
}

/// What our own check reads of `deny.toml`, read once more by the tool it is written for, where that is installed.
fn cargo_deny() -> Result<()> {
    let there = cargo_command()
        .args(["deny", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !there {
        return Ok(());
    }
    // Advisories need the network; the other checks do not.
    cargo(
        "cargo deny",
        &["deny", "--offline", "--all-features", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"],
        &[],
    )
}

/// How many tests did what, over all kinds of tests.
#[derive(Debug, Default)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    pub ignored: u64,
}

impl Counts {
    /// Tells them; an error when a test failed.
    pub fn tell(&self) -> Result<()> {
        println!("{} passed, {} failed, {} skipped", self.passed, self.failed, self.ignored);
        if self.failed > 0 { Err("tests failed".into()) } else { Ok(()) }
    }
}

/// Runs the tests that a command of cargo's runs, shows their output, and adds up what every test program says.
pub fn run_tests(command: &mut Command, counts: &mut Counts) -> Result<()> {
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| format!("tests: {error}"))?;
    let before = counts.failed;
    // Test programs that began and have not told their result.
    let mut silent = 0;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line.map_err(|error| error.to_string())?;
            println!("{line}");
            silent += u64::from(line.starts_with("running ") && (line.ends_with(" tests") || line.ends_with(" test")));
            if let Some(result) = line.strip_prefix("test result: ") {
                let number = |word: &str| {
                    let before = result.split(&format!(" {word}")).next().unwrap_or_default();
                    before
                        .rsplit([' ', ';', '.'])
                        .find(|part| !part.is_empty())
                        .and_then(|part| part.parse::<u64>().ok())
                        .unwrap_or(0)
                };
                silent = silent.saturating_sub(1);
                counts.passed += number("passed");
                counts.failed += number("failed");
                counts.ignored += number("ignored");
            }
        }
    }
    // One that broke off has no line of its own, and under wine not even a bad exit.
    counts.failed += silent;
    if !child.wait().map_err(|error| error.to_string())?.success() && counts.failed == before {
        counts.failed += 1;
    }
    Ok(())
}
