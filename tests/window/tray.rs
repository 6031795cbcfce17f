//! Tray, notifications and the start at login, as a desktop sees them: over D-Bus, on a desktop made for it (`desktop`).

use std::time::Duration;

use photokeep_simulator::photo_library::Content;
use photokeep_simulator::{Simulator, SimulatorConfig, generate};
use serde_json::Value;

use super::desktop::{Desktop, Icon};
use super::stage::{Stage, button, click, find, missing_program, wait_for};
use super::{ITEMS, sync_a_library, walk};

#[tokio::test(flavor = "multi_thread")]
async fn tray_notifications_and_start_at_login() {
    if let Some(missing) = missing_program() {
        println!("skipped: {missing} is not installed");
        return;
    }
    if !has_tray_library() {
        println!("skipped: the system's library for tray icons is not installed");
        return;
    }
    tokio::time::timeout(Duration::from_secs(300), once_through()).await.expect("the driver answers");
}

fn has_tray_library() -> bool {
    let cache = std::process::Command::new("sh").args(["-c", "PATH=$PATH:/sbin:/usr/sbin ldconfig -p"]).output().unwrap();
    String::from_utf8_lossy(&cache.stdout).contains("ayatana-appindicator3.so.1")
}

async fn once_through() {
    let google = Simulator::start(SimulatorConfig::default(), generate::demo(ITEMS, 3)).await.unwrap();
    let mut stage = Stage::set(&serde_json::to_string(&google.endpoints()).unwrap());
    let desktop = Desktop::on(stage.bus());
    desktop.show_a_tray();
    let window = sync_a_library(&stage, &google).await;
    let icon = wait_for("the icon", || desktop.icon());
    wait_for_line(&icon, "Photos – Everything is kept");
    let idle = icon.picture();
    assert!(!idle.is_empty());

    // Start at login: a file that the desktop reads.
    window.execute("location.hash = '#/settings/background'", Vec::new()).await.unwrap();
    let login_item = || {
        let files = std::fs::read_dir(stage.at("home/.config/autostart")).ok()?.flatten();
        files.map(|file| std::fs::read_to_string(file.path()).unwrap()).next()
    };
    let login = "//label[contains(., 'Start when I sign in')]";
    find(&window, login).await;
    stage.picture("background");
    click(&window, login).await;
    let item = wait_for("the login item", login_item);
    assert!(item.contains("photokeep-desktop") && item.contains("--hidden"), "{item}");
    tokio::time::sleep(Duration::from_millis(300)).await;
    click(&window, login).await;
    wait_for("the end of the login item", || login_item().is_none().then_some(()));
    click(&window, "//*[@role='radio'][contains(., 'Also when photos came')]").await;

    // Closing asks once; then it stays in the tray, and comes back from there.
    stage.close_the_window();
    find(&window, "//*[contains(., 'Keep Photokeep in the tray?')]").await;
    stage.picture("leaving");
    // The driver waits for a frame after a click, and a hidden window paints none.
    let stay = find(&window, &button("Keep in the tray")).await;
    let press = "setTimeout((button) => button.click(), 200, arguments[0])";
    window.execute(press, vec![serde_json::to_value(&stay).unwrap()]).await.unwrap();
    wait_for("the closed window", || (stage.windows_in_sight() == 0).then_some(()));
    icon.click("Open Photokeep");
    wait_for("the window", || (stage.windows_in_sight() == 1).then_some(()));
    stage.close_the_window();
    wait_for("the closed window", || (stage.windows_in_sight() == 0).then_some(()));

    // Pausing, and going on.
    icon.click("Pause for an hour");
    wait_for("the pause", || words(&icon).contains(&"Go on".to_owned()).then_some(()));
    wait_for_line(&icon, "Photos – Paused");
    icon.click("Go on");
    wait_for_line(&icon, "Photos – Everything is kept");

    // Something new comes; it is told without a sound.
    let kept = walk(&stage.library().join("photos"));
    let mut new = google.control().library().items.into_iter().find(|item| item.video.is_none() && item.in_library).unwrap();
    new.id = format!("{}-anew", new.id);
    new.filename = Some("brand-new.jpg".into());
    if let Content::Picture(recipe) = &mut new.content {
        recipe.seed += 1_000_003;
    }
    google.control().add_item(new).unwrap();
    icon.click("Sync now");
    wait_for("the new photo", || (walk(&stage.library().join("photos")) > kept).then_some(()));
    let told = wait_for("the word of it", || desktop.told("Everything is kept"));
    assert_eq!((told.text.as_str(), told.urgency, told.silent), ("1 new file was kept.", 0, true));

    // Google ends the sign-in: the icon is another one, and the person is told once, with what to do.
    let before = desktop.told_count();
    revoke(&stage, &google);
    wait_for("the end of the run", || words(&icon).contains(&"Sync now".to_owned()).then_some(()));
    icon.click("Sync now");
    let told = wait_for("the trouble", || desktop.told("The sign-in with Google has ended"));
    assert!(
        told.text.contains("What was kept is safe") && told.urgency == 1 && told.actions.contains(&"default".into()),
        "{told:?}"
    );
    wait_for_line(&icon, "Photos – The sign-in with Google has ended");
    wait_for("the icon of trouble", || (icon.picture() != idle).then_some(()));
    assert_eq!(desktop.told_count(), before + 1);
    desktop.press(&told);
    wait_for("the window", || (stage.windows_in_sight() == 1).then_some(()));
    window.close().await.unwrap();

    from_login_on(&mut stage, &idle);
}

/// At login the panel may start after Photokeep, which is hidden then and tells of the trouble again.
fn from_login_on(stage: &mut Stage, idle: &[u8]) {
    let bus = stage.another_bus();
    let desktop = Desktop::on(&bus);
    let mut program = stage.program().arg("--hidden").env("DBUS_SESSION_BUS_ADDRESS", &bus).spawn().unwrap();
    wait_for("the word of trouble", || desktop.told("The sign-in with Google has ended"));
    assert_eq!(stage.windows_in_sight(), 0);
    assert!(desktop.icon().is_none());
    desktop.show_a_tray();
    let icon = wait_for("the icon", || desktop.icon());
    wait_for("its picture", || Some(icon.picture()).filter(|picture| !picture.is_empty() && picture != idle));
    icon.click("Quit");
    let ended = wait_for("the end", || program.try_wait().unwrap());
    assert!(ended.success(), "{ended}");
}

fn words(icon: &Icon) -> Vec<String> {
    icon.lines().into_iter().map(|(_, words)| words).collect()
}

fn wait_for_line(icon: &Icon, words: &str) {
    wait_for(words, || icon.first_line().starts_with(words).then_some(()));
}

/// Takes the sign-in back, as somebody does in their Google account.
fn revoke(stage: &Stage, google: &Simulator) {
    for file in std::fs::read_dir(stage.at("state/sign-ins")).unwrap().flatten() {
        let kept: Value = serde_json::from_slice(&std::fs::read(file.path()).unwrap()).unwrap();
        if let Some(token) = kept["refresh_token"].as_str() {
            assert!(google.control().revoke(token));
        }
    }
    google.control().reject_access_tokens();
}
