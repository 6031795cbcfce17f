//! What is around the computer: is it on wall power, does somebody pay for the network by what goes over it? Only Linux tells so far;
//! elsewhere it is not known, and keeps no run back. And how to keep it awake.

use std::path::Path;

/// Whether the computer is on wall power; `None` where nothing tells.
pub(crate) fn on_power() -> Option<bool> {
    power_of(Path::new("/sys/class/power_supply"))
}

/// Whether the network is paid for by what goes over it; `None` where nothing tells.
pub(crate) fn metered() -> Option<bool> {
    #[cfg(target_os = "linux")]
    return metered_by_network_manager().ok().flatten();
    #[cfg(not(target_os = "linux"))]
    None
}

/// As NetworkManager tells, surely or as its guess (`NMMetered` in its D-Bus interface).
#[cfg(target_os = "linux")]
fn metered_by_network_manager() -> zbus::Result<Option<bool>> {
    let name = "org.freedesktop.NetworkManager";
    let bus = zbus::blocking::connection::Builder::system()?.method_timeout(std::time::Duration::from_secs(2)).build()?;
    let manager = zbus::blocking::Proxy::new(&bus, name, "/org/freedesktop/NetworkManager", name)?;
    Ok(match manager.get_property::<u32>("Metered")? {
        1 | 3 => Some(true),
        2 | 4 => Some(false),
        _ => None,
    })
}

/// Keeps the computer from falling asleep for as long as the answer lives; `None` where the system lets nobody.
pub(crate) fn stay_awake() -> Option<keepawake::KeepAwake> {
    let mut wish = keepawake::Builder::default();
    wish.sleep(true).idle(true).reason("Photokeep is at work").app_name("Photokeep").app_reverse_domain("app.photokeep.desktop");
    wish.create().inspect_err(|error| tracing::info!(%error, "the computer may fall asleep")).ok()
}

/// As the kernel's folder of power supplies tells: a supply that is online, else a battery that is being emptied.
fn power_of(supplies: &Path) -> Option<bool> {
    let (mut online, mut discharging) = (None, false);
    for supply in std::fs::read_dir(supplies).ok()?.flatten() {
        let told = |name: &str| std::fs::read_to_string(supply.path().join(name)).unwrap_or_default().trim().to_owned();
        match told("type").as_str() {
            "Mains" | "USB" => online = Some(online == Some(true) || told("online") == "1"),
            "Battery" => discharging |= told("status") == "Discharging",
            _ => {}
        }
    }
    match online {
        Some(true) => Some(true),
        _ if discharging => Some(false),
        online => online,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn told(supplies: &[(&str, &[(&str, &str)])]) -> Option<bool> {
        let folder = tempfile::tempdir().unwrap();
        for (name, facts) in supplies {
            std::fs::create_dir(folder.path().join(name)).unwrap();
            for (fact, value) in *facts {
                std::fs::write(folder.path().join(name).join(fact), format!("{value}\n")).unwrap();
            }
        }
        power_of(folder.path())
    }

    #[test]
    fn supplies_tell_whether_it_is_plugged_in() {
        let battery: (&str, &[(&str, &str)]) = ("BAT0", &[("type", "Battery"), ("status", "Discharging")]);
        assert_eq!(told(&[("AC", &[("type", "Mains"), ("online", "1")]), battery]), Some(true));
        assert_eq!(told(&[("AC", &[("type", "Mains"), ("online", "0")]), battery]), Some(false));
        assert_eq!(told(&[battery]), Some(false));
        assert_eq!(told(&[("BAT0", &[("type", "Battery"), ("status", "Full")])]), None);
        assert_eq!(told(&[]), None);
        assert_eq!(power_of(Path::new("/nowhere")), None);
    }
}
