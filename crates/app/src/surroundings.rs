//! What is around the computer: is it on wall power? Only Linux tells so far; elsewhere it is not known, and keeps no run back.

use std::path::Path;

/// Whether the computer is on wall power; `None` where nothing tells.
pub(crate) fn on_power() -> Option<bool> {
    power_of(Path::new("/sys/class/power_supply"))
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
