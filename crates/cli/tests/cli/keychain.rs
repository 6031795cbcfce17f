//! The system's keychain, for real: a session bus and a GNOME keyring of the test's own. Where these are not installed the
//! test says that it was skipped.
#![cfg(target_os = "linux")]

use std::process::{Command, Stdio};

use photokeep_simulator::SimulatorConfig;

use crate::whole::tree;
use crate::world::{Running, World, photos};

fn is_installed(program: &str) -> bool {
    Command::new(program).arg("--version").stdin(Stdio::null()).output().is_ok_and(|output| output.status.success())
}

/// A desktop session with an unlocked keychain; ends when its input is closed, which dropping does.
struct Session {
    _running: Running,
    bus: String,
}

impl Session {
    fn start(world: &World) -> Self {
        let keyring = "printf secret | gnome-keyring-daemon --unlock --components=secrets > keyring.out && echo \"bus $DBUS_SESSION_BUS_ADDRESS\" && cat";
        let mut command = Command::new("dbus-run-session");
        command.args(["--", "sh", "-c", keyring]).current_dir(world.folder.path()).stdin(Stdio::piped());
        // Nothing of the person who runs the tests is touched.
        for name in ["HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"] {
            let folder = world.path(&format!("session/{name}"));
            std::fs::create_dir_all(&folder).unwrap();
            command.env(name, folder);
        }
        let mut running = Running::start(&mut command);
        let Some(line) = running.line_with("bus ") else { panic!("no session: {:?}", running.end()) };
        Self { bus: line.trim_start_matches("bus ").to_owned(), _running: running }
    }
}

#[test]
fn a_sign_in_lies_in_the_keychain_and_nowhere_else() {
    if !is_installed("dbus-run-session") || !is_installed("gnome-keyring-daemon") {
        println!("skipped: dbus-run-session and gnome-keyring-daemon are not installed");
        return;
    }
    let mut world = World::with(SimulatorConfig::default(), photos(3));
    let session = Session::start(&world);
    world.environment =
        vec![("DBUS_SESSION_BUS_ADDRESS".into(), session.bus.clone()), ("PHOTOKEEP_KEYCHAIN".into(), "on".into())];

    let signing_in = world.start_sign_in(&["--whole-library"]);
    world.browse(&world.control.approve(&signing_in.address).unwrap());
    let said = signing_in.end().ends(0);
    assert!(said.out.contains("kept in the keychain of this system"), "{}", said.out);
    let files =
        |world: &World| -> Vec<String> { tree(&world.home()).into_keys().filter(|path| path.contains("sign-ins")).collect() };
    // Since when and until when lies in a file of its own, and nothing else.
    let times = std::fs::read_dir(world.home().join("sign-in-times")).unwrap().next().unwrap().unwrap().path();
    let times: serde_json::Value = serde_json::from_slice(&std::fs::read(times).unwrap()).unwrap();
    assert_eq!(times.as_object().unwrap().keys().collect::<Vec<_>>(), ["ends", "since"]);
    assert_eq!(files(&world), Vec::<String>::new());
    assert_eq!(world.sync()["added"], 3);
    let doctor = world.run(&["doctor", "LIBRARY"]).ends(0);
    assert!(doctor.out.contains("kept in the keychain"), "{}", doctor.out);
    // Renewed on the way, it is saved there again.
    world.control.advance(std::time::Duration::from_secs(2 * 3600));
    world.sync();
    assert_eq!(files(&world), Vec::<String>::new());

    let with_keychain = std::mem::take(&mut world.environment);
    world.run(&["sync", "LIBRARY"]).ends(4);
    world.environment = with_keychain;
    world.run(&["sign-out", "LIBRARY"]).ends(0);
    world.run(&["sync", "LIBRARY"]).ends(4);
    world.run(&["sign-out", "LIBRARY"]).ends(4);
}
