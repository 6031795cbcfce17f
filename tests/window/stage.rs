//! What the tests of the window stand on: a display, a session bus, a driver, and a system's browser that is a script.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::json;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, MapState};

/// A display, a session bus and a driver, ended with the test.
pub struct Stage {
    folder: tempfile::TempDir,
    processes: Vec<Child>,
    driver: String,
    driver_group: u32,
    surroundings: Surroundings,
}

/// What every window shares.
struct Surroundings {
    display: String,
    bus: String,
}

impl Drop for Stage {
    /// Each with all that it started: a session bus leaves its children behind.
    fn drop(&mut self) {
        for process in self.processes.iter_mut().rev() {
            end(process);
        }
    }
}

/// Ends a process with all that it started.
pub fn end(process: &mut Child) {
    let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", process.id())]).status();
    let _ = process.wait();
}

/// The first program that is needed and not installed.
pub fn missing_program() -> Option<&'static str> {
    ["Xvfb", "dbus-daemon", "WebKitWebDriver", "xdotool"].into_iter().find(|program| !is_installed(program))
}

fn is_installed(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begin.elapsed() < Duration::from_secs(60), "{what} did not come");
        std::thread::sleep(Duration::from_millis(50));
    }
}

impl Stage {
    /// Sets the stage for the window. `endpoints` is the text of the simulator's endpoints file.
    pub fn set(endpoints: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["home", "runtime", "bin", "state"] {
            std::fs::create_dir(at(name)).unwrap();
        }
        std::fs::set_permissions(at("runtime"), std::fs::Permissions::from_mode(0o700)).unwrap();
        std::fs::write(at("endpoints.json"), endpoints).unwrap();
        let script = format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{}'\n", at("opened").display());
        std::fs::write(at("bin/xdg-open"), script).unwrap();
        std::fs::set_permissions(at("bin/xdg-open"), std::fs::Permissions::from_mode(0o755)).unwrap();

        let mut screen = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        let mut bus = session_bus();
        let surroundings = Surroundings { display: format!(":{}", first_line(&mut screen)), bus: first_line(&mut bus) };
        let port = free_port();
        let mut driver = Command::new("WebKitWebDriver");
        driver.args([&format!("--port={port}"), "--host=127.0.0.1"]);
        driver.env("TAURI_AUTOMATION", "true").env("TAURI_WEBVIEW_AUTOMATION", "true");
        surroundings.given_to(&mut driver, folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        let driver_process = driver.spawn().unwrap();
        wait_for("the driver", || std::net::TcpStream::connect(("127.0.0.1", port)).ok());
        let driver = format!("http://127.0.0.1:{port}");
        let driver_group = driver_process.id();
        Self { folder, processes: vec![screen, bus, driver_process], driver, driver_group, surroundings }
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The library of these tests.
    pub fn library(&self) -> PathBuf {
        self.at("Photos")
    }

    pub async fn open_window(&self) -> Client {
        let program = Path::new(env!("CARGO_BIN_EXE_photokeep-desktop"));
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("webkitgtk:browserOptions".into(), json!({ "binary": program, "args": [] }));
        let connector = hyper_util::client::legacy::connect::HttpConnector::new();
        ClientBuilder::new(connector).capabilities(capabilities).connect(&self.driver).await.expect("the window opens")
    }

    /// Takes a picture of the display where `PHOTOKEEP_PICTURES` names a folder; ImageMagick's `import` does it, because the
    /// driver waits for ever when nothing on the page moves.
    pub fn picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os("PHOTOKEEP_PICTURES") {
            let file = Path::new(&folder).join(format!("window-{name}.png"));
            let _ = Command::new("import").args(["-window", "root", "-display", &self.surroundings.display]).arg(file).status();
        }
    }

    /// Turns the mouse's wheel above the page.
    pub fn turn_the_wheel(&self) {
        let turned = Command::new("xdotool")
            .args(["mousemove", "700", "450", "mousemove", "710", "460", "click", "--repeat", "3", "--delay", "60", "5"])
            .env("DISPLAY", &self.surroundings.display)
            .status();
        assert!(turned.unwrap().success());
    }

    /// The address of one more session bus: a desktop of its own on the same display.
    pub fn another_bus(&mut self) -> String {
        let mut bus = session_bus();
        let address = first_line(&mut bus);
        self.processes.push(bus);
        address
    }

    /// The address of the session bus.
    pub fn bus(&self) -> &str {
        &self.surroundings.bus
    }

    /// How many of Photokeep's windows can be seen now.
    pub fn windows_in_sight(&self) -> usize {
        self.windows().len()
    }

    /// The person closes the window, as a window manager has it done (ICCCM 4.2.8.1).
    pub fn close_the_window(&self) {
        let (connection, _) = x11rb::connect(Some(&self.surroundings.display)).unwrap();
        let atom = |name: &str| connection.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom;
        for window in self.windows() {
            let data = [atom("WM_DELETE_WINDOW"), x11rb::CURRENT_TIME, 0, 0, 0];
            let message = ClientMessageEvent::new(32, window, atom("WM_PROTOCOLS"), data);
            connection.send_event(false, window, EventMask::NO_EVENT, message).unwrap().check().unwrap();
        }
    }

    fn windows(&self) -> Vec<u32> {
        let (connection, screen) = x11rb::connect(Some(&self.surroundings.display)).unwrap();
        let root = connection.setup().roots[screen].root;
        let children = connection.query_tree(root).unwrap().reply().unwrap().children;
        let in_sight = |window: &u32| {
            let name = connection.get_property(false, *window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 64);
            let name = name.unwrap().reply().map(|reply| reply.value).unwrap_or_default();
            let state = connection.get_window_attributes(*window).unwrap().reply().map(|reply| reply.map_state);
            name == b"Photokeep" && state.is_ok_and(|state| state == MapState::VIEWABLE)
        };
        children.into_iter().filter(in_sight).collect()
    }

    /// The window's program without the driver.
    pub fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_photokeep-desktop"));
        self.surroundings.given_to(&mut command, self.folder.path());
        command
    }

    /// The group of processes in which the driver and its windows run.
    pub fn group(&self) -> u32 {
        self.driver_group
    }

    /// What the system's browser was last asked to open.
    pub fn opened(&self) -> Option<String> {
        let text = std::fs::read_to_string(self.at("opened")).ok()?;
        text.lines().last().map(str::to_owned)
    }
}

impl Surroundings {
    /// Puts a window into them: a person's own folders, display and bus, the simulated Google, the browser's script.
    fn given_to<'a>(&self, command: &'a mut Command, folder: &Path) -> &'a mut Command {
        let path = std::env::join_paths(
            std::iter::once(folder.join("bin")).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
        );
        command
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("PATH", path.unwrap())
            .env("HOME", folder.join("home"))
            .env("XDG_RUNTIME_DIR", folder.join("runtime"))
            .env_remove("XDG_DATA_HOME")
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_CACHE_HOME")
            .env("PHOTOKEEP_HOME", folder.join("state"))
            .env("PHOTOKEEP_ENDPOINTS", folder.join("endpoints.json"))
            .env("PHOTOKEEP_KEYCHAIN", "off")
            .env("LANG", "C.UTF-8")
            .process_group(0)
    }
}

fn session_bus() -> Child {
    let mut bus = Command::new("dbus-daemon");
    bus.args(["--session", "--nofork", "--print-address"]).stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0);
    bus.spawn().unwrap()
}

/// What a program says about itself in its first line.
fn first_line(process: &mut Child) -> String {
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(process.stdout.take().unwrap()), &mut line).unwrap();
    line.trim().to_owned()
}

/// Waits for an element; XPath, so that it is found by the words that people see.
pub async fn find(window: &Client, path: &str) -> Element {
    println!("looking for {path}");
    match window.wait().at_most(Duration::from_secs(60)).for_element(Locator::XPath(path)).await {
        Ok(element) => element,
        Err(error) => {
            let shown = window.execute("return document.body.innerText", vec![]).await.unwrap();
            panic!("{path}: {error}\nThe window shows:\n{}", shown.as_str().unwrap_or_default());
        }
    }
}

/// Clicks in the middle of the window, where no bar covers it; again while something still slides over it.
pub async fn click(window: &Client, path: &str) {
    let begin = Instant::now();
    loop {
        let element = find(window, path).await;
        let centre = "arguments[0].scrollIntoView({ block: 'center' })";
        let _ = window.execute(centre, vec![serde_json::to_value(&element).unwrap()]).await;
        match element.click().await {
            Ok(()) => return,
            Err(error) if begin.elapsed() > Duration::from_secs(20) => panic!("{path}: {error}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

pub fn button(words: &str) -> String {
    format!("//*[self::button or self::a][not(@disabled)][contains(normalize-space(.), '{words}')]")
}

/// Waits until a picture is not only asked for but there.
pub async fn wait_for_pictures(window: &Client) {
    let script =
        "return [...document.querySelectorAll('[role=grid] img')].some((image) => image.complete && image.naturalWidth > 0)";
    let begin = Instant::now();
    while window.execute(script, vec![]).await.unwrap() != json!(true) {
        assert!(begin.elapsed() < Duration::from_secs(60), "no picture came");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
