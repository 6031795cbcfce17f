//! The simulator as a program: serves one library, says where in one line of JSON, runs until it is told to stop. Or, as
//! `takeout`, writes an export and ends.

mod takeout_command;

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgGroup, Parser, Subcommand, ValueEnum};
use photokeep_simulator::damaged_copy::damaged_copy;
use photokeep_simulator::{PhotoLibrary, Policy, Simulator, SimulatorConfig, generate, photos_folder};
use serde::Serialize;
use tokio::io::AsyncReadExt;

/// A strict local Google Photos for tests, the demo and benchmarks.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
#[command(group(ArgGroup::new("library").args(["generate", "photos", "filler"])))]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Serve this many made-up photos and films (100 if no library is named).
    #[arg(long, value_name = "N")]
    generate: Option<usize>,
    /// Decides what is made up.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Serve a folder of real photos.
    #[arg(long, value_name = "DIR")]
    photos: Option<PathBuf>,
    /// Serve this many cheap photos of random length, for benchmarks.
    #[arg(long, value_name = "N")]
    filler: Option<usize>,
    /// Shortest filler in bytes.
    #[arg(long, default_value_t = 100_000, value_name = "BYTES")]
    min_size: u64,
    /// Longest filler in bytes.
    #[arg(long, default_value_t = 3_000_000, value_name = "BYTES")]
    max_size: u64,
    /// What Google lets clients see: as before or as after 31 March 2025.
    #[arg(long, value_enum, default_value_t = PolicyName::Before)]
    policy: PolicyName,
    /// Wait before every API and media response.
    #[arg(long, default_value_t = 0, value_name = "MILLISECONDS")]
    latency_ms: u64,
    /// Whether media answers honour Range.
    #[arg(long, value_enum, default_value_t = Switch::On)]
    range: Switch,
    /// Whether video downloads are redirected to the video host.
    #[arg(long, value_enum, default_value_t = Switch::On)]
    redirects: Switch,
    /// How long a media address works.
    #[arg(long, default_value_t = 3600, value_name = "SECONDS")]
    url_lifetime: u64,
    /// How long an access token works.
    #[arg(long, default_value_t = 3599, value_name = "SECONDS")]
    token_lifetime: u64,
    /// Sign-ins of a Google Cloud project in "Testing": refresh tokens end after seven days, or after this many seconds.
    /// POST {"advance_seconds": 604801} to the control address' /clock puts the clock forward.
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true, default_missing_value = "604800")]
    testing: Option<u64>,
    /// Also play Google's own hosts behind a TLS proxy on loopback.
    #[arg(long)]
    tls: bool,
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Stop when standard input ends, so that no simulator outlives the program that started it.
    #[arg(long)]
    until_stdin_closes: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a Takeout export of which the truth is known, instead of serving anything.
    Takeout(Box<takeout_command::TakeoutArguments>),
    /// Write a copy of a folder of photos as an old backup may look, and tell in JSON lines what happened to each file.
    DamagedCopy {
        /// The folder that is copied.
        photos: PathBuf,
        /// Where the copy goes.
        folder: PathBuf,
        /// Decides what happens.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PolicyName {
    Before,
    After,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Switch {
    On,
    Off,
}

/// The line on standard output.
#[derive(Serialize)]
struct Ready {
    #[serde(flatten)]
    endpoints: photokeep_simulator::Endpoints,
    client_secret: PathBuf,
    control: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    proxy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ca_file: Option<PathBuf>,
}

impl Arguments {
    fn config(&self) -> SimulatorConfig {
        SimulatorConfig {
            policy: if self.policy == PolicyName::After { Policy::After } else { Policy::Before },
            latency: Duration::from_millis(self.latency_ms),
            range: self.range == Switch::On,
            redirects: self.redirects == Switch::On,
            url_lifetime: Duration::from_secs(self.url_lifetime),
            token_lifetime: Duration::from_secs(self.token_lifetime),
            refresh_token_lifetime: self.testing.map(Duration::from_secs),
            tls: self.tls,
            port: self.port,
            ..SimulatorConfig::default()
        }
    }

    fn library(&self) -> std::io::Result<PhotoLibrary> {
        match (&self.photos, self.filler) {
            (Some(folder), _) => {
                photos_folder(folder).map_err(|error| std::io::Error::new(error.kind(), format!("{}: {error}", folder.display())))
            }
            (None, Some(count)) => Ok(generate::filler_library(count, self.seed, self.min_size, self.max_size)),
            (None, None) => Ok(generate::demo(self.generate.unwrap_or(100), self.seed)),
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    match &arguments.command {
        Some(Command::Takeout(arguments)) => return takeout_command::run(arguments),
        Some(Command::DamagedCopy { photos, folder, seed }) => {
            let mut out = std::io::stdout().lock();
            for file in damaged_copy(photos, folder, *seed)? {
                writeln!(out, "{}", serde_json::to_string(&file)?)?;
            }
            return Ok(());
        }
        None => {}
    }
    let folder = tempfile::Builder::new().prefix("photokeep-simulator-").tempdir()?;
    let simulator = Simulator::start(arguments.config(), arguments.library()?).await?;
    let (client_secret, ca_file) = simulator.write_files(folder.path())?;
    let ready = Ready {
        endpoints: simulator.endpoints(),
        client_secret,
        control: simulator.control_url(),
        proxy: simulator.proxy_url(),
        ca_file,
    };
    // Listened to before anybody learns that it runs: a signal that came sooner would leave its files behind.
    let told_to_stop = told_to_stop();
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", serde_json::to_string(&ready)?)?;
    out.flush()?;
    drop(out);
    tokio::select! {
        () = told_to_stop => {}
        () = stdin_closes(), if arguments.until_stdin_closes => {}
    }
    simulator.shutdown();
    drop(folder);
    // A thread that waits for standard input would keep the runtime from ending.
    std::process::exit(0);
}

async fn stdin_closes() {
    let mut stdin = tokio::io::stdin();
    let mut scrap = [0; 256];
    while matches!(stdin.read(&mut scrap).await, Ok(count) if count > 0) {}
}

#[cfg(unix)]
fn told_to_stop() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    // From here on neither signal ends the program by itself.
    let signals = signal(SignalKind::terminate()).and_then(|terminate| Ok((terminate, signal(SignalKind::interrupt())?)));
    async {
        let Ok((mut terminate, mut interrupt)) = signals else { return std::future::pending().await };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
async fn told_to_stop() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
