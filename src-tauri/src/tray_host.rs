//! Whether there is a tray to stay in. Windows and macOS always have one; on Linux it depends on the desktop.

/// Whether somebody shows tray icons now.
pub fn answers() -> bool {
    #[cfg(target_os = "linux")]
    return watcher_has_host().unwrap_or(false);
    #[cfg(not(target_os = "linux"))]
    true
}

/// The watcher of the StatusNotifier specification, which panels register with.
#[cfg(target_os = "linux")]
fn watcher_has_host() -> zbus::Result<bool> {
    let name = "org.kde.StatusNotifierWatcher";
    let bus = zbus::blocking::connection::Builder::session()?.method_timeout(std::time::Duration::from_secs(2)).build()?;
    let known = zbus::blocking::fdo::DBusProxy::new(&bus)?.name_has_owner(name.try_into()?)?;
    Ok(known
        && zbus::blocking::Proxy::new(&bus, name, "/StatusNotifierWatcher", name)?
            .get_property("IsStatusNotifierHostRegistered")?)
}
