//! The shell around the engine: a window, dialogs of the system, and a protocol for pictures. Everything else is in
//! `photokeep-app`, behind the one command [`rpc`].
//!
//! - `rpc`: commands in, events out. - `window_host`: what this host can do. - `protocol`: pictures for the window.
//! - `tray`: the icon that stays, where there is a tray (`tray_host`). - `notices`: notifications. - `words`: the words of both.
//! - `films`: the way around for web views that cannot play films through a protocol. - `closing`: ending tidily.
//! - `memory`: how much the web view keeps. - `painting`: how it paints. - `one_window`: no second one beside it.

mod closing;
mod films;
mod memory;
mod notices;
mod one_window;
mod painting;
mod protocol;
mod rpc;
mod tray;
mod tray_host;
mod window_host;
mod words;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use photokeep_app::desk::Desk;
use photokeep_app::{App, Patience};
use tauri::{Manager, WindowEvent};
use tauri_plugin_window_state::StateFlags;

const USAGE: &str = "Usage: photokeep-desktop [LIBRARY] [--demo] [--hidden]

Opens the Photokeep window: on the library in the folder LIBRARY, on a made-up one (--demo), or on the last one.
--hidden starts it in the tray; starting it once more shows the window.
PHOTOKEEP_LOG=info tells on the error output what goes on.";

/// The argument of a start that shows no window: the one at login.
const HIDDEN: &str = "--hidden";

/// Opens the window and runs until it is closed. `--demo` opens the demo library, a path opens that library.
pub fn run() -> ExitCode {
    start_log();
    if std::env::args_os().skip(1).any(|argument| argument == "--help" || argument == "-h") {
        // Whoever reads may have gone away (`| head`).
        let _ = writeln!(std::io::stdout(), "{USAGE}");
        return ExitCode::SUCCESS;
    }
    if !has_display() {
        complain("There is no display here to open a window on. `photokeep serve LIBRARY` shows the same in a browser.");
        return ExitCode::FAILURE;
    }
    painting::suit_the_computer();
    let here = std::env::current_dir().unwrap_or_default();
    let wanted = Wanted::from_arguments(std::env::args_os().skip(1), &here);
    let builder = tauri::Builder::default()
        // First, so that a second start ends before it has opened anything.
        .plugin(tauri_plugin_single_instance::init(second_start))
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        // A window that was hidden at the end is shown by whoever starts the program.
        .plugin(tauri_plugin_window_state::Builder::default().with_state_flags(StateFlags::all() - StateFlags::VISIBLE).build())
        .plugin(tauri_plugin_autostart::Builder::new().arg(HIDDEN).build())
        .register_asynchronous_uri_scheme_protocol(protocol::NAME, protocol::answer)
        .invoke_handler(tauri::generate_handler![rpc::rpc])
        .setup(move |app| {
            let handle = app.handle().clone();
            let engine = App::from_environment(|name| std::env::var_os(name), Patience::default())?;
            let Some(only) = one_window::OneWindow::take(engine.home().path()) else {
                complain("Photokeep's window is open already.");
                std::process::exit(0);
            };
            app.manage(only);
            let films = films::Films::bind()?;
            let host = Arc::new(window_host::WindowHost::new(handle.clone(), films.address()));
            let named = wanted.library.is_some();
            let desk = Desk::new(engine, host, wanted.library)?;
            // A home that cannot be written keeps nobody from looking at their photos.
            if named && let Err(error) = desk.remember_library() {
                complain(&format!("the library is not remembered for the next start: {error}"));
            }
            films.serve(desk.clone());
            rpc::forward_events(&handle, &desk);
            app.manage(desk.clone());
            tray::begin(&handle, &desk);
            if let Some(window) = app.get_webview_window("main") {
                memory::keep_little(&window);
                if !wanted.hidden {
                    window.show()?;
                }
            }
            let keeping = desk.clone();
            tauri::async_runtime::spawn(async move { keeping.begin() });
            if wanted.demo {
                open_demo(desk);
            }
            Ok(())
        })
        .on_window_event(|window, event| {
            if let WindowEvent::CloseRequested { api, .. } = event {
                api.prevent_close();
                closing::close(window);
            }
        });
    match builder.run(tauri::generate_context!()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("the window could not be opened: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Tells on the error output. The terminal that Photokeep was started from may be closed long since, which is no reason to end.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "photokeep-desktop: {text}");
}

/// Whether a window can be opened; the toolkit would end with a panic.
fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// What was asked for at the start.
#[derive(Default)]
struct Wanted {
    library: Option<PathBuf>,
    demo: bool,
    hidden: bool,
}

impl Wanted {
    /// `here` is the folder that the program was started in, which for a second start is another one.
    fn from_arguments(arguments: impl Iterator<Item = std::ffi::OsString>, here: &Path) -> Self {
        let mut wanted = Self::default();
        for argument in arguments {
            if argument == "--demo" {
                wanted.demo = true;
            } else if argument == HIDDEN {
                wanted.hidden = true;
            } else if !argument.to_string_lossy().starts_with('-') {
                wanted.library = std::path::absolute(here.join(argument)).ok();
            }
        }
        wanted
    }
}

/// A second start hands what it was asked for to the first and ends.
fn second_start(app: &tauri::AppHandle, arguments: Vec<String>, here: String) {
    let wanted = Wanted::from_arguments(arguments.into_iter().skip(1).map(Into::into), Path::new(&here));
    if !wanted.hidden {
        show(app);
    }
    let Some(desk) = app.try_state::<Arc<Desk>>() else { return };
    if wanted.demo {
        open_demo(desk.inner().clone());
    } else if let Some(folder) = wanted.library {
        // Refused while a run is under way, which is what the window shows then.
        let _ = desk.turn_to(folder).and_then(|()| desk.remember_library());
    }
}

fn open_demo(desk: Arc<Desk>) {
    tauri::async_runtime::spawn(async move {
        // What goes wrong is told by the command itself once the window asks again.
        let _ = photokeep_app::boundary::call(&desk, "demo.open", serde_json::Value::Null).await;
    });
}

/// Brings the window to the front.
fn show(app: &tauri::AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        // A window that cannot be raised is still there.
        let _ = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
    }
}

/// A log on the error output when `PHOTOKEEP_LOG` asks for one.
fn start_log() {
    if let Ok(filter) = tracing_subscriber::EnvFilter::try_from_env("PHOTOKEEP_LOG") {
        // A second start in one process would be the only way to fail.
        let _ =
            tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).log_internal_errors(false).try_init();
    }
}
