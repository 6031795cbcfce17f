//! A simulated Google, a place for a library and for the app's own state, and the program as a child process.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::{DateTime, Utc};
use photokeep_simulator::photo_library::{Content, PhotoLibrary, SimAlbum, SimItem};
use photokeep_simulator::{Control, Simulator, SimulatorConfig};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Longest time that anything a test waits for may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// One Google, one computer, one library.
pub struct World {
    pub control: Control,
    pub simulator: Simulator,
    pub runtime: Runtime,
    pub folder: TempDir,
    /// Added to the program's environment.
    pub environment: Vec<(String, String)>,
}

/// How the program ended and what it said.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Asserts the exit code.
    #[track_caller]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    /// The whole output as one JSON value.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }

    /// The output as JSON lines.
    #[track_caller]
    pub fn json_lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
    }

    /// The receipt of a `sync --json`.
    #[track_caller]
    pub fn receipt(&self) -> Value {
        let lines = self.json_lines();
        let last =
            lines.into_iter().find(|line| line["event"] == "receipt").unwrap_or_else(|| panic!("no receipt: {}", self.out));
        last["receipt"].clone()
    }
}

impl World {
    /// A world with this Google.
    pub fn with(config: SimulatorConfig, library: PhotoLibrary) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let simulator = runtime.block_on(Simulator::start(config, library)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("endpoints.json"), serde_json::to_vec(&simulator.endpoints()).unwrap()).unwrap();
        simulator.write_files(folder.path()).unwrap();
        Self { control: simulator.control(), simulator, runtime, folder, environment: Vec::new() }
    }

    /// A well-behaved Google that holds these, and somebody signed in.
    pub fn signed_in(library: PhotoLibrary) -> Self {
        let world = Self::with(SimulatorConfig::default(), library);
        world.sign_in();
        world
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn library(&self) -> PathBuf {
        self.path("library")
    }

    pub fn home(&self) -> PathBuf {
        self.path("home")
    }

    /// The program with these arguments; the word `LIBRARY` stands for the library's folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        self.command_on(&self.library(), arguments)
    }

    /// As [`World::command`], with a library elsewhere.
    pub fn command_on(&self, library: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_photokeep"));
        for name in ["PHOTOKEEP_LOG", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
            command.env_remove(name);
        }
        command
            .env("PHOTOKEEP_HOME", self.home())
            .env("PHOTOKEEP_ENDPOINTS", self.path("endpoints.json"))
            .env("PHOTOKEEP_KEYCHAIN", "off")
            .env("COLUMNS", "100")
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for argument in arguments {
            match *argument {
                "LIBRARY" => command.arg(library),
                other => command.arg(other),
            };
        }
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        finished(&mut self.command(arguments))
    }

    /// Runs the program to its end with this input.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        ran(child.wait_with_output().unwrap())
    }

    /// Syncs, expecting a complete end; gives the receipt.
    #[track_caller]
    pub fn sync(&self) -> Value {
        let receipt = self.run(&["sync", "LIBRARY", "--json"]).ends(0).receipt();
        assert_eq!(receipt["complete"], true, "{receipt:#}");
        receipt
    }

    /// Signs in for the whole library.
    #[track_caller]
    pub fn sign_in(&self) {
        self.sign_in_to(&self.library());
    }

    /// As [`World::sign_in`], with a library elsewhere.
    pub fn sign_in_to(&self, library: &Path) {
        let arguments = ["sign-in", "LIBRARY", "--client-secret", "client_secret.json", "--no-browser", "--whole-library"];
        let signing_in = SigningIn::start(&mut self.command_on(library, &arguments));
        let back = self.control.approve(&signing_in.address).unwrap();
        self.browse(&back);
        signing_in.end().ends(0);
    }

    /// Starts `sign-in --no-browser` with the simulator's client file and waits for the address.
    #[track_caller]
    pub fn start_sign_in(&self, more: &[&str]) -> SigningIn {
        let mut arguments = vec!["sign-in", "LIBRARY", "--client-secret", "client_secret.json", "--no-browser"];
        arguments.extend(more);
        SigningIn::start(&mut self.command(&arguments))
    }

    /// Opens an address as a browser does; gives status and text.
    pub fn browse(&self, address: &str) -> (u16, String) {
        self.runtime.block_on(async {
            let answer = browser().get(address).send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        })
    }
}

/// An HTTP client that follows nothing by itself.
pub fn browser() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().user_agent("a browser").redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

pub fn finished(command: &mut Command) -> Ran {
    ran(command.output().unwrap())
}

fn ran(output: std::process::Output) -> Ran {
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A child whose output is read line by line while it runs.
pub struct Running {
    pub child: Child,
    pub stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    seen: Vec<String>,
    err: JoinHandle<String>,
}

impl Running {
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let (send, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    break;
                }
            }
        });
        let err = std::thread::spawn(move || {
            let mut text = String::new();
            err.read_to_string(&mut text).unwrap();
            text
        });
        Self { stdin: child.stdin.take(), child, lines, seen: Vec::new(), err }
    }

    /// Waits for a line of the standard output; none when the output ends first.
    pub fn line_with(&mut self, part: &str) -> Option<String> {
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            self.seen.push(line.clone());
            if line.contains(part) {
                return Some(line);
            }
        }
        None
    }

    /// Waits until so many lines with `part` have come; false when the output ends first.
    pub fn lines_with(&mut self, part: &str, count: usize) -> bool {
        (0..count).all(|_| self.line_with(part).is_some())
    }

    /// Waits for its end.
    pub fn end(mut self) -> Ran {
        drop(self.stdin.take());
        self.seen.extend(self.lines.iter());
        let status = self.child.wait().unwrap();
        let out = self.seen.iter().map(|line| format!("{line}\n")).collect();
        Ran { code: status.code(), out, err: self.err.join().unwrap() }
    }
}

/// A sign-in that waits for the person.
pub struct SigningIn {
    pub running: Running,
    pub address: String,
}

impl SigningIn {
    #[track_caller]
    pub fn start(command: &mut Command) -> Self {
        let mut running = Running::start(command);
        match running.line_with("Open this address: ") {
            Some(line) => {
                let address = line
                    .strip_prefix("Open this address: ")
                    .unwrap_or_else(|| panic!("not on a line of its own: {line}"))
                    .to_owned();
                Self { running, address }
            }
            None => panic!("no address: {:?}", running.end()),
        }
    }

    /// Types a line.
    pub fn paste(&mut self, line: &str) {
        writeln!(self.running.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    pub fn end(self) -> Ran {
        self.running.end()
    }
}

/// So many days after 2019-01-01, at an odd time of day.
pub fn day(days: usize) -> DateTime<Utc> {
    DateTime::from_timestamp(1_546_300_800 + days as i64 * 86_400 + 40_417, 0).unwrap()
}

/// A filler photo of about 3 kB, taken so many times 9 days after 2019-01-01.
pub fn photo(number: usize) -> SimItem {
    SimItem {
        id: format!("item-{number:05}-{}", "x".repeat(80)),
        filename: Some(format!("IMG_{number:04}.JPG")),
        mime_type: "image/jpeg".to_owned(),
        creation_time: Some(day(number * 9)),
        width: 64,
        height: 48,
        description: None,
        camera_make: None,
        camera_model: None,
        video: None,
        favorite: false,
        archived: false,
        categories: Vec::new(),
        in_library: true,
        app_created: false,
        content: Content::Filler { seed: number as u64 + 1, size: 2_000 + (number as u64 * 977) % 3_000 },
    }
}

pub fn id(number: usize) -> String {
    photo(number).id
}

pub fn album_id(title: &str) -> String {
    format!("album-{}", &blake3::hash(title.as_bytes()).to_hex()[..32])
}

pub fn album(title: &str, items: impl IntoIterator<Item = usize>) -> SimAlbum {
    SimAlbum {
        id: album_id(title),
        title: Some(title.to_owned()),
        items: items.into_iter().map(id).collect(),
        own: true,
        shared: false,
        app_created: false,
    }
}

/// So many photos, newest first, without albums.
pub fn photos(count: usize) -> PhotoLibrary {
    PhotoLibrary { items: (0..count).rev().map(photo).collect(), albums: Vec::new() }
}

/// So many photos with these albums.
pub fn with_albums(count: usize, albums: Vec<SimAlbum>) -> PhotoLibrary {
    PhotoLibrary { albums, ..photos(count) }
}

/// Numbers that look like chance and are the same in every run.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, end: u64) -> u64 {
        // xorshift64
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end.max(1)
    }
}
