//! What is around the computer: is it on wall power, does somebody pay for the network by what goes over it? What is not known keeps no
//! run back. And how to keep it awake.

use starship_battery::State;

/// Whether the computer is on wall power; `None` where nothing tells, as on a computer without a battery.
pub(crate) fn on_power() -> Option<bool> {
    let batteries = starship_battery::Manager::new().and_then(|manager| manager.batteries()).ok()?;
    power_of(batteries.flatten().map(|battery| battery.state()))
}

/// Whether the network is paid for by what goes over it; `None` where nothing tells. On macOS nothing does that needs no code of
/// Apple's own language.
pub(crate) fn metered() -> Option<bool> {
    #[cfg(target_os = "linux")]
    return metered_by_network_manager().ok().flatten();
    #[cfg(windows)]
    return metered_by_windows().ok().flatten();
    #[cfg(not(any(target_os = "linux", windows)))]
    None
}

/// As Windows tells of the connection to the internet: the switch "metered connection" in its settings, or a plan of the provider's.
#[cfg(windows)]
fn metered_by_windows() -> windows::core::Result<Option<bool>> {
    use windows::Networking::Connectivity::{NetworkCostType, NetworkInformation};

    let cost = NetworkInformation::GetInternetConnectionProfile()?.GetConnectionCost()?.NetworkCostType()?;
    Ok(match cost {
        NetworkCostType::Unrestricted => Some(false),
        NetworkCostType::Fixed | NetworkCostType::Variable => Some(true),
        _ => None,
    })
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

/// From what the batteries do, those of mice and phones left out: no computer without one tells whether it has power, and none needs to.
fn power_of(batteries: impl IntoIterator<Item = State>) -> Option<bool> {
    batteries.into_iter().map(|state| state != State::Discharging && state != State::Empty).reduce(|all, one| all && one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batteries_tell_whether_it_is_plugged_in() {
        assert_eq!(power_of([]), None);
        assert_eq!(power_of([State::Discharging]), Some(false));
        assert_eq!(power_of([State::Empty]), Some(false));
        assert_eq!(power_of([State::Charging]), Some(true));
        assert_eq!(power_of([State::Full, State::Unknown]), Some(true), "held at 80 percent, many say nothing");
        assert_eq!(power_of([State::Full, State::Discharging]), Some(false), "the second of two batteries");
    }

    #[test]
    fn whatever_this_computer_is_asking_for_its_power_is_no_trouble() {
        let _ = on_power();
    }

    #[test]
    #[cfg_attr(windows, ignore = "of a part of Windows that wine ends at")]
    fn whatever_its_network_is_asking_for_it_is_no_trouble() {
        let _ = metered();
    }
}
