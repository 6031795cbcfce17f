//! A small desktop for the tests of the tray: a StatusNotifier host and a notification daemon on the session bus, and what a person does
//! with them. (<https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/>, desktop notifications 1.2, `com.canonical.dbusmenu`.)

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use zbus::blocking::{Connection, Proxy, connection};
use zbus::interface;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedValue, Value};

/// What arrived at the desktop.
#[derive(Default)]
pub struct Seen {
    /// Bus name and path of each tray icon.
    icons: Vec<(String, String)>,
    /// Each notification.
    notices: Vec<Told>,
}

/// A notification as it arrived.
#[derive(Debug, Clone)]
pub struct Told {
    pub number: u32,
    pub title: String,
    pub text: String,
    pub actions: Vec<String>,
    pub urgency: u8,
    pub silent: bool,
}

struct Watcher(Arc<Mutex<Seen>>);

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&mut self, service: &str, #[zbus(header)] header: zbus::message::Header<'_>) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        // Either a name on the bus or a path at the sender.
        let icon = if service.starts_with('/') {
            (sender, service.to_owned())
        } else {
            (service.to_owned(), "/StatusNotifierItem".to_owned())
        };
        self.0.lock().unwrap().icons.push(icon);
    }

    fn register_status_notifier_host(&mut self, _service: &str) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.0.lock().unwrap().icons.iter().map(|(name, path)| format!("{name}{path}")).collect()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

struct Notifications(Arc<Mutex<Seen>>);

#[interface(name = "org.freedesktop.Notifications")]
impl Notifications {
    #[allow(clippy::too_many_arguments)]
    fn notify(
        &mut self,
        _app: &str,
        _replaces: u32,
        _icon: &str,
        title: &str,
        text: &str,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        _expires: i32,
    ) -> u32 {
        let mut seen = self.0.lock().unwrap();
        let number = seen.notices.len() as u32 + 1;
        let hint = |name: &str| hints.get(name).map(|value| Value::from(value.clone()));
        seen.notices.push(Told {
            number,
            title: title.into(),
            text: text.into(),
            actions,
            urgency: hint("urgency").and_then(|value| u8::try_from(value).ok()).unwrap_or(1),
            silent: hint("suppress-sound").and_then(|value| bool::try_from(value).ok()).unwrap_or(false),
        });
        number
    }

    fn close_notification(&mut self, _number: u32) {}

    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".into(), "actions".into()]
    }

    fn get_server_information(&self) -> (&str, &str, &str, &str) {
        ("test", "photokeep", "1", "1.2")
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, number: u32, action: &str) -> zbus::Result<()>;
}

/// The desktop, for as long as it lives.
pub struct Desktop {
    bus: Connection,
    seen: Arc<Mutex<Seen>>,
}

impl Desktop {
    /// A notification daemon on the bus at `address`; the tray comes with [`Desktop::show_a_tray`].
    pub fn on(address: &str) -> Self {
        let seen = Arc::<Mutex<Seen>>::default();
        let bus = connection::Builder::address(address)
            .unwrap()
            .serve_at("/org/freedesktop/Notifications", Notifications(seen.clone()))
            .unwrap()
            .serve_at("/StatusNotifierWatcher", Watcher(seen.clone()))
            .unwrap()
            .name("org.freedesktop.Notifications")
            .unwrap()
            .build()
            .unwrap();
        Self { bus, seen }
    }

    /// A panel with a tray starts.
    pub fn show_a_tray(&self) {
        self.bus.request_name("org.kde.StatusNotifierWatcher").unwrap();
    }

    /// The tray icon, once there is one.
    pub fn icon(&self) -> Option<Icon> {
        let (name, path) = self.seen.lock().unwrap().icons.last()?.clone();
        Some(Icon { bus: self.bus.clone(), name, path })
    }

    /// The notification with this title, once it arrived.
    pub fn told(&self, title: &str) -> Option<Told> {
        self.seen.lock().unwrap().notices.iter().rev().find(|told| told.title == title).cloned()
    }

    /// How many notifications arrived.
    pub fn told_count(&self) -> usize {
        self.seen.lock().unwrap().notices.len()
    }

    /// The person presses a notification.
    pub fn press(&self, told: &Told) {
        let server = self.bus.object_server();
        let notifications = server.interface::<_, Notifications>("/org/freedesktop/Notifications").unwrap();
        zbus::block_on(Notifications::action_invoked(notifications.signal_emitter(), told.number, "default")).unwrap();
    }
}

/// The icon in the tray.
pub struct Icon {
    bus: Connection,
    name: String,
    path: String,
}

type Entry = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

impl Icon {
    fn item(&self) -> Proxy<'_> {
        let builder = zbus::blocking::proxy::Builder::<Proxy<'_>>::new(&self.bus);
        let builder = builder.destination(self.name.as_str()).unwrap().path(self.path.as_str()).unwrap();
        // The icon tells of its changes by signals of its own.
        let builder = builder.interface("org.kde.StatusNotifierItem").unwrap();
        builder.cache_properties(zbus::proxy::CacheProperties::No).build().unwrap()
    }

    fn menu(&self) -> Proxy<'_> {
        let path: zbus::zvariant::OwnedObjectPath = self.item().get_property("Menu").unwrap();
        Proxy::new(&self.bus, self.name.clone(), path, "com.canonical.dbusmenu").unwrap()
    }

    /// The picture's bytes.
    pub fn picture(&self) -> Vec<u8> {
        let file: String = self.item().get_property("IconName").unwrap_or_default();
        let folder: String = self.item().get_property("IconThemePath").unwrap_or_default();
        let path = std::path::Path::new(&folder).join(&file);
        [path.clone(), path.with_extension("png"), path.parent().unwrap().join(format!("{file}.png"))]
            .iter()
            .find_map(|path| std::fs::read(path).ok())
            .unwrap_or_default()
    }

    /// The menu's lines with their numbers, as far as they have words.
    pub fn lines(&self) -> Vec<(i32, String)> {
        let (_, (_, _, children)): (u32, Entry) = self.menu().call("GetLayout", &(0i32, -1i32, Vec::<String>::new())).unwrap();
        let line = |child: OwnedValue| -> Option<(i32, String)> {
            let (number, words, _): Entry = Value::from(child).try_into().ok()?;
            let label = String::try_from(words.get("label")?.clone()).ok()?;
            // An underline before a letter is a key.
            Some((number, label.replace('_', "")))
        };
        children.into_iter().filter_map(line).collect()
    }

    /// The menu's first line.
    pub fn first_line(&self) -> String {
        self.lines().first().map(|(_, words)| words.clone()).unwrap_or_default()
    }

    /// The person clicks a line of the menu.
    pub fn click(&self, words: &str) {
        let lines = self.lines();
        let (number, _) =
            lines.iter().find(|(_, line)| line.starts_with(words)).unwrap_or_else(|| panic!("no {words} in {lines:?}"));
        let nothing = Value::from(0i32);
        let _: () = self.menu().call("Event", &(*number, "clicked", nothing, 0u32)).unwrap();
    }
}
