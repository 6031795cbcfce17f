//! Notifications of the system: what a person should hear of although they look elsewhere. Whether they want to is in their settings.

use std::sync::Arc;

use notify_rust::Notification;
use photokeep_app::desk::{Desk, Notice, Notify};
use tauri::{AppHandle, Manager};

use crate::words::Tongue;

/// Tells the person, unless they look at the window or want to hear nothing.
pub fn tell(app: &AppHandle, notice: &Notice) {
    let Some(desk) = app.try_state::<Arc<Desk>>() else { return };
    let settings = desk.settings();
    let wanted = match (settings.notify, notice) {
        (Notify::Never, _) | (Notify::Needed, Notice::Kept { .. }) => false,
        (Notify::Needed | Notify::Always, Notice::Needed { .. }) | (Notify::Always, Notice::Kept { .. }) => true,
    };
    let looks_at_it = app.get_webview_window("main").is_some_and(|window| window.is_focused().unwrap_or(false));
    if !wanted || looks_at_it {
        return;
    }
    let tongue = Tongue::of(settings.language);
    let (title, text) = tongue.notice(notice);
    let mut notification = Notification::new();
    notification.appname("Photokeep").summary(&title).body(&text);
    dress(&mut notification, notice, tongue);
    let app = app.clone();
    // Waits until it is answered or gone.
    std::thread::spawn(move || match notification.show() {
        Ok(shown) => answered(&app, shown),
        Err(error) => tracing::info!(%error, "the system shows no notifications"),
    });
}

/// What only the desktops of Linux know: how urgent it is, that success makes no sound, and buttons.
#[cfg(all(unix, not(target_os = "macos")))]
fn dress(notification: &mut Notification, notice: &Notice, tongue: Tongue) {
    use notify_rust::{Hint, Urgency};
    notification.icon("photokeep-desktop").hint(Hint::DesktopEntry("Photokeep".into()));
    let open = tongue.menu().open;
    notification.action("default", open).action("open", open);
    match notice {
        Notice::Needed { .. } => notification.urgency(Urgency::Normal),
        Notice::Kept { .. } => notification.urgency(Urgency::Low).hint(Hint::SuppressSound(true)),
    };
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn dress(_: &mut Notification, _: &Notice, _: Tongue) {}

#[cfg(all(unix, not(target_os = "macos")))]
fn answered(app: &AppHandle, shown: notify_rust::NotificationHandle) {
    shown.wait_for_action(|action| {
        if action == "default" || action == "open" {
            let handle = app.clone();
            // Where the main loop is gone there is no window to show.
            let _ = app.run_on_main_thread(move || crate::show(&handle));
        }
    });
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn answered<T>(_: &AppHandle, _: T) {}
