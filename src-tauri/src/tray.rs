//! The tray: an icon that says how the library stands, by shape as well as by colour, and a menu whose first line says it in words.
//! Everything in it is asked of the desk; a click is one of the desk's commands.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use photokeep_app::boundary::{self, DeskEvent};
use photokeep_app::desk::{Desk, Glance};
use photokeep_app::{Reason, Signal};
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Wry};

use crate::words::Tongue;
use crate::{closing, show, tray_host};

/// Between two looks whether a tray has come: at login a panel may start after Photokeep.
const LOOK_FOR_A_TRAY: Duration = Duration::from_secs(3);

/// The tray, once there is one.
#[derive(Default)]
pub struct Tray {
    made: Mutex<Option<Made>>,
}

struct Made {
    icon: TrayIcon<Wry>,
    first_line: MenuItem<Wry>,
    shown: Shown,
}

/// What the tray shows; compared, so that it is touched only for news.
#[derive(Debug, Clone, PartialEq)]
struct Shown {
    signal: Signal,
    line: String,
    last_run: String,
    paused: bool,
    has_library: bool,
    tongue: Tongue,
}

impl Shown {
    fn of(glance: &Glance, tongue: Tongue) -> Self {
        Self {
            signal: glance.signal,
            line: tongue.standing(glance),
            last_run: tongue.last_run(glance),
            paused: glance.paused,
            has_library: glance.library.is_some() && glance.why != Reason::FolderAway,
            tongue,
        }
    }
}

impl Tray {
    /// Whether there is an icon that a person can click.
    pub fn is_there(&self) -> bool {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).is_some() && tray_host::answers()
    }
}

/// Puts the icon into the tray as soon as there is one, and keeps it right.
pub fn begin(app: &AppHandle, desk: &Arc<Desk>) {
    app.manage(Tray::default());
    if tray_host::answers() {
        make(app, desk);
    }
    let (app, desk, mut events) = (app.clone(), desk.clone(), desk.listen());
    tauri::async_runtime::spawn(async move {
        loop {
            match tokio::time::timeout(LOOK_FOR_A_TRAY, events.recv()).await {
                Ok(Ok(DeskEvent::Run { .. } | DeskEvent::Glance { .. } | DeskEvent::Settings { .. })) => update(&app, &desk),
                Ok(Err(tokio::sync::broadcast::error::RecvError::Closed)) => return,
                Ok(_) => {}
                Err(_) => {
                    let missing = app.state::<Tray>().made.lock().unwrap_or_else(PoisonError::into_inner).is_none();
                    if missing && tokio::task::spawn_blocking(tray_host::answers).await.unwrap_or(false) {
                        let (handle, desk) = (app.clone(), desk.clone());
                        // Where the main loop is gone, so is the need for a tray.
                        let _ = app.run_on_main_thread(move || make(&handle, &desk));
                    }
                }
            }
        }
    });
}

fn tongue(desk: &Desk) -> Tongue {
    Tongue::of(desk.settings().language)
}

/// Makes the icon. Must be called on the main thread.
fn make(app: &AppHandle, desk: &Arc<Desk>) {
    let shown = Shown::of(&desk.glance(), tongue(desk));
    // The library for it is loaded when it is first needed, and ends the program where it is missing.
    let made = catch_unwind(AssertUnwindSafe(|| -> tauri::Result<Made> {
        let (menu, first_line) = menu(app, &shown)?;
        let icon = TrayIconBuilder::with_id("photokeep")
            .icon(picture(shown.signal))
            .tooltip(&shown.line)
            .menu(&menu)
            .show_menu_on_left_click(cfg!(target_os = "macos"))
            .on_menu_event(|app, event| clicked(app, event.id().as_ref()))
            .on_tray_icon_event(|icon, event| {
                if let TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. } = event {
                    show(icon.app_handle());
                }
            })
            .build(app)?;
        Ok(Made { icon, first_line, shown })
    }));
    match made {
        Ok(Ok(made)) => *app.state::<Tray>().made.lock().unwrap_or_else(PoisonError::into_inner) = Some(made),
        Ok(Err(error)) => tracing::warn!(%error, "there is no icon in the tray"),
        Err(_) => tracing::warn!("there is no icon in the tray: the system's library for it is missing"),
    }
}

fn menu(app: &AppHandle, shown: &Shown) -> tauri::Result<(Menu<Wry>, MenuItem<Wry>)> {
    let words = shown.tongue.menu();
    let item = |id: &str, text: &str, enabled: bool| MenuItem::with_id(app, id, text, enabled, None::<&str>);
    let first_line = item("standing", &shown.line, false)?;
    let menu = Menu::with_items(app, &[&first_line, &PredefinedMenuItem::separator(app)?])?;
    menu.append(&item("sync", words.sync, shown.has_library && shown.signal != Signal::Working)?)?;
    if shown.paused {
        menu.append(&item("resume", words.resume, true)?)?;
    } else {
        menu.append(&item("pause-hour", words.pause_hour, shown.has_library)?)?;
        menu.append(&item("pause-tomorrow", words.pause_tomorrow, shown.has_library)?)?;
    }
    menu.append(&PredefinedMenuItem::separator(app)?)?;
    menu.append(&item("open", words.open, true)?)?;
    menu.append(&item("last-run", &shown.last_run, true)?)?;
    menu.append(&PredefinedMenuItem::separator(app)?)?;
    menu.append(&item("quit", words.quit, true)?)?;
    Ok((menu, first_line))
}

/// Shows what is news.
fn update(app: &AppHandle, desk: &Arc<Desk>) {
    let now = Shown::of(&desk.glance(), tongue(desk));
    let state = app.state::<Tray>();
    let mut made = state.made.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(made) = made.as_mut().filter(|made| made.shown != now) else { return };
    let before = std::mem::replace(&mut made.shown, now.clone());
    let mut change = || -> tauri::Result<()> {
        if before.signal != now.signal {
            made.icon.set_icon(Some(picture(now.signal)))?;
        }
        if before.line != now.line {
            made.icon.set_tooltip(Some(&now.line))?;
        }
        if before.last_run == now.last_run
            && before.paused == now.paused
            && before.tongue == now.tongue
            && before.has_library == now.has_library
            && (before.signal == Signal::Working) == (now.signal == Signal::Working)
        {
            made.first_line.set_text(&now.line)?;
        } else {
            let (menu, first_line) = menu(app, &now)?;
            made.icon.set_menu(Some(menu))?;
            made.first_line = first_line;
        }
        Ok(())
    };
    if let Err(error) = change() {
        tracing::debug!(%error, "the tray could not be changed");
    }
}

fn clicked(app: &AppHandle, id: &str) {
    match id {
        "open" => show(app),
        "last-run" => {
            show(app);
            if let Some(desk) = app.try_state::<Arc<Desk>>() {
                desk.show_activity();
            }
        }
        "quit" => closing::quit(app),
        "sync" => call(app, "background.run", serde_json::Value::Null),
        "resume" => call(app, "background.resume", serde_json::Value::Null),
        "pause-hour" => call(app, "background.pause", serde_json::json!({ "how_long": "hour" })),
        "pause-tomorrow" => call(app, "background.pause", serde_json::json!({ "how_long": "tomorrow" })),
        _ => {}
    }
}

/// Has the desk do a command; the window is shown where it refuses, because it says why.
fn call(app: &AppHandle, command: &'static str, payload: serde_json::Value) {
    let Some(desk) = app.try_state::<Arc<Desk>>().map(|desk| desk.inner().clone()) else { return };
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = boundary::call(&desk, command, payload).await {
            tracing::info!(command, code = ?error.code, "refused from the tray");
            let handle = app.clone();
            let _ = app.run_on_main_thread(move || show(&handle));
        }
    });
}

/// Told apart by shape as well, for those who see no colours: `icons/tray/`.
fn picture(signal: Signal) -> Image<'static> {
    match signal {
        Signal::Idle => tauri::include_image!("icons/tray/idle.png"),
        Signal::Working => tauri::include_image!("icons/tray/working.png"),
        Signal::Attention => tauri::include_image!("icons/tray/attention.png"),
        Signal::Stopped => tauri::include_image!("icons/tray/stopped.png"),
    }
}
