//! Measures a sync against a plain parallel download of the same addresses (`curl --parallel`, 16 connections), in turn,
//! in one run, on this machine. Prints ratios; absolute times say more about the machine than about Photokeep.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use clap::{Args, Subcommand};

use crate::bench_thumbnails;
use crate::steps::{Result, cargo, cargo_command};

/// Connections of the plain download, and `--jobs` of the sync.
const CONNECTIONS: u32 = 16;

/// What to measure.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Options {
    #[command(subcommand)]
    instead: Option<Instead>,
    /// Pairs of runs of each first sync.
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// Only this part: large, small, again, memory.
    #[arg(long)]
    only: Option<String>,
    /// Items of the run with nothing new.
    #[arg(long, default_value_t = 100_000)]
    again_items: u32,
    /// Items of the memory measurement.
    #[arg(long, default_value_t = 200_000)]
    memory_items: u32,
}

/// What is measured instead of a sync.
#[derive(Debug, Subcommand)]
enum Instead {
    /// Thumbnails against libvips' `vipsthumbnail`.
    Thumbnails(bench_thumbnails::Options),
    /// The window with 200,000 items: start, memory, scrolling. On Linux, with Xvfb and WebKitWebDriver.
    Window,
}

/// Runs the benchmark.
pub fn run(options: &Options) -> Result<()> {
    match &options.instead {
        Some(Instead::Thumbnails(options)) => return bench_thumbnails::run(options),
        Some(Instead::Window) => return bench_window(),
        None => {}
    }
    cargo(
        "release build",
        &["build", "--release", "--locked", "--package", "photokeep-cli", "--package", "photokeep-simulator"],
        &[],
    )?;
    let bench = Bench { programs: release_folder()?, work: tempfile::tempdir().map_err(text)? };
    let wanted = |part: &str| options.only.as_deref().is_none_or(|only| only == part);
    if wanted("large") {
        bench.first_sync("2,000 items of 0.2-3 MB, 30 ms latency", 2_000, 200_000, 3_000_000, options.rounds)?;
    }
    if wanted("small") {
        bench.first_sync("10,000 items of 20-60 kB, 30 ms latency", 10_000, 20_000, 60_000, options.rounds)?;
    }
    if wanted("again") {
        bench.nothing_new(options.again_items)?;
    }
    if wanted("memory") {
        bench.memory(options.memory_items)?;
    }
    Ok(())
}

/// The measuring test of the window, in release mode. With `PHOTOKEEP_PICTURES` naming a folder it takes pictures there.
fn bench_window() -> Result<()> {
    crate::ui::build()?;
    let test = ["test", "--release", "--locked", "--package", "photokeep-desktop", "--test", "window", "figures"];
    cargo("figures of the window", &test, &["--".into(), "--ignored".into(), "--nocapture".into()])
}

struct Bench {
    programs: PathBuf,
    work: tempfile::TempDir,
}

/// What one process cost.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// Seconds.
    pub wall: f64,
    /// Processor seconds.
    pub cpu: f64,
    /// Most resident memory.
    pub peak_mb: f64,
}

impl Bench {
    fn first_sync(&self, title: &str, items: u32, smallest: u64, largest: u64, rounds: u32) -> Result<()> {
        println!("\n{title} ({rounds} pairs)");
        let google = Google::start(&self.programs, self.work.path(), items, smallest, largest, 30)?;
        let (mut walls, mut cpus, mut peaks) = (Vec::new(), Vec::new(), Vec::new());
        for round in 1..=rounds {
            let plain = self.plain_download(&google)?;
            let synced = self.sync(&google, true)?;
            let megabytes = folder_bytes(&self.library().join("photos")) as f64 / 1e6;
            println!(
                "  pair {round}: plain {:.1} s, {:.0} MB/s, cpu {:.1} s | sync {:.1} s, {:.0} MB/s, cpu {:.1} s, peak {:.0} MB",
                plain.wall,
                megabytes / plain.wall,
                plain.cpu,
                synced.wall,
                megabytes / synced.wall,
                synced.cpu,
                synced.peak_mb
            );
            walls.push(plain.wall / synced.wall);
            cpus.push(synced.cpu / plain.cpu);
            peaks.push(synced.peak_mb);
        }
        println!("  throughput, sync to plain: {}", spread(&mut walls));
        println!("  cpu, sync to plain:        {}", spread(&mut cpus));
        println!("  peak memory in MB:         {}", spread(&mut peaks));
        Ok(())
    }

    fn nothing_new(&self, items: u32) -> Result<()> {
        println!("\nnothing new, {items} items");
        let google = Google::start(&self.programs, self.work.path(), items, 1_000, 1_200, 0)?;
        let first = self.sync(&google, true)?;
        println!("  first sync: {:.1} s, cpu {:.1} s, peak {:.0} MB", first.wall, first.cpu, first.peak_mb);
        let before = google.stats()?;
        let again = self.sync(&google, false)?;
        println!("  again: {:.1} s, cpu {:.2} s, peak {:.0} MB", again.wall, again.cpu, again.peak_mb);
        println!("  requests before: {before}\n  requests after:  {}", google.stats()?);
        Ok(())
    }

    fn memory(&self, items: u32) -> Result<()> {
        println!("\nmemory, {items} items");
        let google = Google::start(&self.programs, self.work.path(), items, 1_000, 1_200, 0)?;
        let first = self.sync(&google, true)?;
        println!("  first sync: {:.1} s, cpu {:.1} s, peak {:.0} MB", first.wall, first.cpu, first.peak_mb);
        Ok(())
    }

    fn library(&self) -> PathBuf {
        self.work.path().join("library")
    }

    fn plain_download(&self, google: &Google) -> Result<Cost> {
        let target = self.work.path().join("plain");
        empty(&target)?;
        let list = self.work.path().join("addresses");
        let mut config = String::new();
        for (number, address) in google.addresses()?.iter().enumerate() {
            config.push_str(&format!("url = \"{address}\"\noutput = \"{}/{number}\"\n", target.display()));
        }
        std::fs::write(&list, config).map_err(text)?;
        let mut command = Command::new("curl");
        command
            .args(["--silent", "--show-error", "--no-progress-meter", "--fail", "--parallel", "--parallel-max"])
            .arg(CONNECTIONS.to_string())
            .arg("--config")
            .arg(&list);
        measure(&mut command)
    }

    fn sync(&self, google: &Google, fresh: bool) -> Result<Cost> {
        if fresh {
            empty(&self.library())?;
            empty(&self.work.path().join("home"))?;
            self.sign_in(google)?;
        }
        let mut command = self.photokeep(google);
        command.arg("sync").arg(self.library()).args(["--jobs", &CONNECTIONS.to_string()]);
        measure(command.stdout(Stdio::null()).stderr(Stdio::null()))
    }

    fn photokeep(&self, google: &Google) -> Command {
        let mut command = Command::new(self.programs.join("photokeep"));
        command
            .env("PHOTOKEEP_HOME", self.work.path().join("home"))
            .env("PHOTOKEEP_KEYCHAIN", "off")
            .env("PHOTOKEEP_ENDPOINTS", &google.endpoints);
        command
    }

    fn sign_in(&self, google: &Google) -> Result<()> {
        let mut command = self.photokeep(google);
        command
            .arg("sign-in")
            .arg(self.library())
            .arg("--client-secret")
            .arg(&google.client_secret)
            .args(["--no-browser", "--whole-library"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(text)?;
        let output = child.stdout.take().ok_or("no output")?;
        let mut lines = BufReader::new(output).lines();
        let address = lines
            .by_ref()
            .map_while(std::result::Result::ok)
            .find_map(|line| line.strip_prefix("Open this address: ").map(str::to_owned));
        let address = address.ok_or("the sign-in printed no address")?;
        let answer = google.post("approve", &serde_json::json!({ "url": address }))?;
        let back = answer["redirect"]
            .as_str()
            .or_else(|| answer["url"].as_str())
            .or_else(|| answer.as_str())
            .ok_or("no redirect")?
            .to_owned();
        if let Some(mut input) = child.stdin.take() {
            writeln!(input, "{back}").map_err(text)?;
        }
        // What else it says is read to its end, so that it never writes into a closed pipe.
        lines.for_each(drop);
        if child.wait().map_err(text)?.success() { Ok(()) } else { Err("the sign-in failed".into()) }
    }
}

/// The simulator as a process of its own.
struct Google {
    process: Child,
    control: String,
    endpoints: PathBuf,
    client_secret: String,
}

impl Google {
    fn start(programs: &Path, work: &Path, items: u32, smallest: u64, largest: u64, latency: u32) -> Result<Self> {
        let mut process = Command::new(programs.join("photokeep-simulator"))
            .args(["--filler", &items.to_string(), "--min-size", &smallest.to_string(), "--max-size", &largest.to_string()])
            .args(["--latency-ms", &latency.to_string(), "--until-stdin-closes"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(text)?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().ok_or("no output")?).read_line(&mut line).map_err(text)?;
        let told: serde_json::Value = serde_json::from_str(&line).map_err(text)?;
        let endpoints = work.join("endpoints.json");
        std::fs::write(&endpoints, &line).map_err(text)?;
        let word = |name: &str| told[name].as_str().map(str::to_owned).ok_or(format!("the simulator tells no {name}"));
        Ok(Self { process, control: word("control")?, endpoints, client_secret: word("client_secret")? })
    }

    fn addresses(&self) -> Result<Vec<String>> {
        let told = self.get("media-urls")?;
        let list = told.as_array().or_else(|| told["media_urls"].as_array()).ok_or("no addresses")?;
        Ok(list.iter().filter_map(|entry| entry["download_url"].as_str().map(str::to_owned)).collect())
    }

    fn stats(&self) -> Result<String> {
        Ok(self.get("stats")?.to_string())
    }

    fn get(&self, what: &str) -> Result<serde_json::Value> {
        self.request(reqwest::Method::GET, what, None)
    }

    fn post(&self, what: &str, body: &serde_json::Value) -> Result<serde_json::Value> {
        self.request(reqwest::Method::POST, what, Some(body))
    }

    fn request(&self, method: reqwest::Method, what: &str, body: Option<&serde_json::Value>) -> Result<serde_json::Value> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(text)?;
        runtime.block_on(async {
            let mut request = reqwest::Client::new().request(method, format!("{}/{what}", self.control));
            if let Some(body) = body {
                request = request.json(body);
            }
            request.send().await.map_err(text)?.json().await.map_err(text)
        })
    }
}

impl Drop for Google {
    fn drop(&mut self) {
        // Ends by itself when its input closes.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// Runs a command to its end: wall time, processor time of the process, its peak memory.
pub fn measure(command: &mut Command) -> Result<Cost> {
    let begin = Instant::now();
    let mut child = command.spawn().map_err(text)?;
    let (mut cpu, mut peak_mb) = (0.0, 0.0f64);
    let status = loop {
        if let Some((now_cpu, now_peak)) = proc_cost(child.id()) {
            cpu = now_cpu;
            peak_mb = peak_mb.max(now_peak);
        }
        if let Some(status) = child.try_wait().map_err(text)? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    if !status.success() {
        return Err(format!("{} ended with {status}", command.get_program().display()));
    }
    Ok(Cost { wall: begin.elapsed().as_secs_f64(), cpu, peak_mb })
}

/// Processor seconds and peak resident megabytes so far, from Linux' process table. Read every 10 ms, so the last value is
/// at most that old.
fn proc_cost(pid: u32) -> Option<(f64, f64)> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().trim_end_matches(" kB").trim().parse::<f64>().ok()?;
    // 100 ticks a second on every Linux that Rust runs on.
    Some((ticks / 100.0, peak / 1024.0))
}

/// Median, with least and most.
pub fn spread(values: &mut [f64]) -> String {
    values.sort_by(f64::total_cmp);
    let middle = values.get(values.len() / 2).copied().unwrap_or_default();
    format!(
        "median {middle:.2} ({:.2} to {:.2})",
        values.first().copied().unwrap_or_default(),
        values.last().copied().unwrap_or_default()
    )
}

fn folder_bytes(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => folder_bytes(&entry.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}

/// Makes a folder, or empties it.
pub fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(text)?;
    }
    std::fs::create_dir_all(folder).map_err(text)
}

/// Where release builds are.
pub fn release_folder() -> Result<PathBuf> {
    let output = cargo_command().args(["metadata", "--format-version=1", "--no-deps", "--offline"]).output().map_err(text)?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).map_err(text)?;
    Ok(PathBuf::from(metadata["target_directory"].as_str().ok_or("no target directory")?).join("release"))
}

/// An error as its text.
pub fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
