//! `cargo xtask fuzz`: any bytes against everything that reads an export, for as long as wanted.
//!
//! The targets are in `fuzz/`, a workspace of its own. They are built with the coverage marks that the stable compiler
//! offers, so neither a nightly compiler nor `cargo-fuzz` is needed; a C++ compiler is, for libFuzzer. What was found out
//! stays in `fuzz/corpus` and speeds up the next run; a finding is written to `fuzz/artifacts` and named in the end.

mod seeds;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::steps::{Result, cargo, cargo_command, root, run};

/// The targets, with the longest input in bytes that is worth trying and their share of the time.
const TARGETS: [(&str, u32, u64); 5] =
    [("names", 1024, 4), ("zip_directory", 8192, 3), ("tgz", 9216, 3), ("archive_page", 4096, 2), ("sidecar", 4096, 2)];

/// What cargo-fuzz gives the compiler for coverage, without a sanitizer: there is no unsafe code to watch.
const FLAGS: &[&str] = &[
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// Megabytes a target may need before it counts as a finding.
const MEMORY: u32 = 700;

/// Seconds one input may take before it counts as a finding.
const PATIENCE: u32 = 20;

/// How long, and what.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Seconds in all, shared out among the targets.
    #[arg(long, default_value_t = 300)]
    seconds: u64,
    /// Only this target.
    #[arg(value_parser = TARGETS.map(|target| target.0))]
    target: Option<String>,
}

/// Builds the targets, makes seeds, runs one target after the other, and prints what each did.
pub fn fuzz(options: &Options) -> Result<()> {
    let chosen: Vec<(&str, u32, u64)> =
        TARGETS.into_iter().filter(|target| options.target.as_deref().is_none_or(|wanted| wanted == target.0)).collect();
    let binaries = build()?;
    make_seeds()?;
    let shares: u64 = chosen.iter().map(|target| target.2).sum();
    let mut findings = Vec::new();
    for (name, longest, share) in chosen {
        let seconds = (options.seconds * share / shares).max(1);
        println!("── fuzz {name}, {seconds} s");
        let outcome = run_target(&binaries.join(name), name, longest, seconds)?;
        println!("   {} inputs in {} s, {} kept, {} MB at most", outcome.inputs, outcome.seconds, outcome.kept, outcome.memory);
        if !outcome.ended_well {
            findings.push(format!("{name}: see {} and {}", outcome.log.display(), artifacts(name).display()));
        }
    }
    if findings.is_empty() { Ok(()) } else { Err(findings.join("\n       ")) }
}

/// Builds the targets; gives the folder that they are in.
fn build() -> Result<PathBuf> {
    println!("── fuzz targets");
    let target = target_folder();
    // A target triple that is named keeps the marks out of build scripts and procedural macros.
    let triple = host()?;
    let mut command = cargo_command();
    command.current_dir(root().join("fuzz"));
    command.env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}")).env("CARGO_TARGET_DIR", &target);
    command.args(["build", "--quiet", "--release", "--bins", "--target", &triple]);
    run("fuzz targets", &mut command)?;
    Ok(target.join(triple).join("release"))
}

fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target").join("fuzz"), |folder| PathBuf::from(folder).join("fuzz"))
}

fn host() -> Result<String> {
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = std::process::Command::new(compiler).arg("-vV").output().map_err(|error| format!("rustc: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc does not say for which system it is".into())
}

/// Simulated exports become the first inputs of each target.
fn make_seeds() -> Result<()> {
    let place = target_folder().join("exports");
    let _ = fs::remove_dir_all(&place);
    for (container, items, parts) in
        [("folder", "60", "1"), ("zip", "6", "12"), ("deflated", "6", "12"), ("zip64", "6", "12"), ("tgz", "4", "20")]
    {
        let folder = place.join(container);
        let folder = folder.to_str().ok_or("the target folder's name is no text")?;
        let name = ["takeout", folder, "--container", container, "--items", items, "--parts", parts, "--albums", "3"];
        let arguments = [&["run", "--quiet", "--package", "photokeep-simulator", "--"][..], &name].concat();
        cargo(&format!("seeds: {container}"), &arguments, &[])?;
    }
    let made = seeds::make(&place, &root().join("fuzz").join("corpus")).map_err(|error| format!("seeds: {error}"))?;
    println!("   {made} seeds");
    Ok(())
}

struct Outcome {
    inputs: u64,
    seconds: u64,
    kept: usize,
    memory: u64,
    ended_well: bool,
    log: PathBuf,
}

fn artifacts(name: &str) -> PathBuf {
    root().join("fuzz").join("artifacts").join(name)
}

fn run_target(binary: &Path, name: &str, longest: u32, seconds: u64) -> Result<Outcome> {
    let failed = |error: std::io::Error| format!("fuzz {name}: {error}");
    let corpus = root().join("fuzz").join("corpus").join(name);
    let log = artifacts(name).join("log.txt");
    fs::create_dir_all(&corpus).and_then(|()| fs::create_dir_all(artifacts(name))).map_err(failed)?;
    let written = File::create(&log).map_err(failed)?;
    // Archives are written to a file for each input, in memory where the system has such a place.
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.map_err(failed)?;
    let start = Instant::now();
    let status = std::process::Command::new(binary)
        .arg(&corpus)
        .arg(format!("-dict={}", root().join("fuzz").join("dictionaries").join(format!("{name}.dict")).display()))
        .arg(format!("-artifact_prefix={}{}", artifacts(name).display(), std::path::MAIN_SEPARATOR))
        .args([format!("-max_total_time={seconds}"), format!("-max_len={longest}"), "-print_final_stats=1".into()])
        .args([format!("-timeout={PATIENCE}"), format!("-rss_limit_mb={MEMORY}")])
        .env("TMPDIR", place.path())
        .stdout(written.try_clone().map_err(failed)?)
        .stderr(written)
        .status()
        .map_err(failed)?;
    let text = String::from_utf8_lossy(&fs::read(&log).map_err(failed)?).into_owned();
    let number = |key: &str| {
        let value = text.lines().find_map(|line| line.strip_prefix("stat::")?.strip_prefix(key)?.strip_prefix(':'));
        value.and_then(|value| value.trim().parse().ok()).unwrap_or(0)
    };
    Ok(Outcome {
        inputs: number("number_of_executed_units"),
        seconds: start.elapsed().as_secs(),
        kept: fs::read_dir(&corpus).map_or(0, Iterator::count),
        memory: number("peak_rss_mb"),
        ended_well: status.success(),
        log,
    })
}
