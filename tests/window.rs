//! The real window, once through: welcome, folder, sign-in, sync, receipt, photos; then closed and opened again.
//!
//! A smoke test: that every screen works is the business of `tests/browser/`. Needs Xvfb, a session bus and WebKitWebDriver;
//! where one is missing it says so and passes. The system's browser is a script that writes down what it was to open.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use photokeep_simulator::{Simulator, SimulatorConfig, generate};
use serde_json::json;

const ITEMS: usize = 40;

/// A display, a session bus and a driver, ended with the test.
struct Stage {
    folder: tempfile::TempDir,
    processes: Vec<Child>,
    driver: String,
    display: String,
}

impl Drop for Stage {
    /// Each with all that it started: a session bus leaves its children behind.
    fn drop(&mut self) {
        for process in self.processes.iter_mut().rev() {
            let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", process.id())]).status();
            let _ = process.wait();
        }
    }
}

fn is_installed(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
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
    fn set(endpoints: &str) -> Self {
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
        let mut number = String::new();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(screen.stdout.take().unwrap()), &mut number).unwrap();
        let display = format!(":{}", number.trim());
        let port = free_port();
        let path = std::env::join_paths(
            std::iter::once(at("bin")).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
        );
        // The bus ends with the driver, because it is the driver's parent.
        let driver = Command::new("dbus-run-session")
            .args(["--", "WebKitWebDriver", &format!("--port={port}"), "--host=127.0.0.1"])
            .env("DISPLAY", &display)
            .env("PATH", path.unwrap())
            .env("HOME", at("home"))
            .env("XDG_RUNTIME_DIR", at("runtime"))
            .env_remove("XDG_DATA_HOME")
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_CACHE_HOME")
            .env("PHOTOKEEP_HOME", at("state"))
            .env("PHOTOKEEP_ENDPOINTS", at("endpoints.json"))
            .env("PHOTOKEEP_KEYCHAIN", "off")
            .env("LANG", "C.UTF-8")
            .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1")
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        wait_for("the driver", || std::net::TcpStream::connect(("127.0.0.1", port)).ok());
        Self { folder, processes: vec![screen, driver], driver: format!("http://127.0.0.1:{port}"), display }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn open_window(&self) -> Client {
        let program = Path::new(env!("CARGO_BIN_EXE_photokeep-desktop"));
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("webkitgtk:browserOptions".into(), json!({ "binary": program, "args": [] }));
        let connector = hyper_util::client::legacy::connect::HttpConnector::new();
        ClientBuilder::new(connector).capabilities(capabilities).connect(&self.driver).await.expect("the window opens")
    }

    /// Takes a picture of the display where `PHOTOKEEP_PICTURES` names a folder; ImageMagick's `import` does it, because the
    /// driver waits for ever when nothing on the page moves.
    fn picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os("PHOTOKEEP_PICTURES") {
            let file = Path::new(&folder).join(format!("window-{name}.png"));
            let _ = Command::new("import").args(["-window", "root", "-display", &self.display]).arg(file).status();
        }
    }

    /// What the system's browser was last asked to open.
    fn opened(&self) -> Option<String> {
        let text = std::fs::read_to_string(self.at("opened")).ok()?;
        text.lines().last().map(str::to_owned)
    }
}

/// Waits for an element; XPath, so that it is found by the words that people see.
async fn find(window: &Client, path: &str) -> Element {
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
async fn click(window: &Client, path: &str) {
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

fn button(words: &str) -> String {
    format!("//*[self::button or self::a][not(@disabled)][contains(normalize-space(.), '{words}')]")
}

#[tokio::test(flavor = "multi_thread")]
async fn welcome_sign_in_folder_sync_receipt_photos() {
    if let Some(missing) = ["Xvfb", "dbus-run-session", "WebKitWebDriver"].into_iter().find(|program| !is_installed(program)) {
        println!("skipped: {missing} is not installed");
        return;
    }
    tokio::time::timeout(Duration::from_secs(300), once_through()).await.expect("the driver answers");
}

async fn once_through() {
    let google = Simulator::start(SimulatorConfig::default(), generate::demo(ITEMS, 3)).await.unwrap();
    let stage = Stage::set(&serde_json::to_string(&google.endpoints()).unwrap());
    let window = stage.open_window().await;
    stage.picture("welcome");

    click(&window, &button("Set up")).await;
    let library = stage.at("Photos");
    let path = find(&window, "//input[@type='text' or not(@type)]").await;
    path.clear().await.unwrap();
    path.send_keys(library.to_str().unwrap()).await.unwrap();
    stage.picture("folder");
    click(&window, &button("Continue")).await;

    std::fs::write(stage.at("client_secret.json"), google.client_secret_json()).unwrap();
    let client = find(&window, "//input[@type='file']").await;
    client.send_keys(stage.at("client_secret.json").to_str().unwrap()).await.unwrap();
    stage.picture("source");
    // The simulator plays a client that Google still lets read.
    click(&window, "//*[@role='switch']").await;
    click(&window, &button("Sign in with Google")).await;
    let address = wait_for("the browser", || stage.opened());
    assert!(!address.contains("client_secret"), "no secret in an address");
    let answer = google.control().approve(&address).unwrap();
    println!("coming back");
    let came_back = reqwest::get(&answer).await.unwrap();
    assert!(came_back.status().is_success());
    find(&window, &button("Show what will be fetched")).await;
    stage.picture("signed-in");

    click(&window, &button("Show what will be fetched")).await;
    click(&window, &button("Start")).await;
    find(&window, "//*[contains(., 'Everything is kept') or contains(., 'everything is kept')]").await;
    stage.picture("receipt");

    click(&window, "//a[@href='#/photos']").await;
    find(&window, "//*[@role='grid']//img[@src]").await;
    wait_for_pictures(&window).await;
    stage.picture("photos");
    window.close().await.unwrap();

    let kept = walk(&library.join("photos"));
    assert!(kept >= ITEMS - 5, "{kept} files are kept");
    assert_eq!(google.control().violations().len(), 0, "{:?}", google.control().violations());

    // A second start shows the truth: the library is open and complete.
    let window = stage.open_window().await;
    click(&window, "//a[@href='#/photos']").await;
    find(&window, "//*[@role='grid']//img[@src]").await;
    window.close().await.unwrap();
}

/// Waits until a picture is not only asked for but there.
async fn wait_for_pictures(window: &Client) {
    let script =
        "return [...document.querySelectorAll('[role=grid] img')].some((image) => image.complete && image.naturalWidth > 0)";
    let begin = Instant::now();
    while window.execute(script, vec![]).await.unwrap() != json!(true) {
        assert!(begin.elapsed() < Duration::from_secs(60), "no picture came");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn walk(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { walk(&path) } else { 1 }).sum()
}
