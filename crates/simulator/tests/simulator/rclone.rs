//! A client that nobody wrote for this simulator: rclone's Google Photos backend, addresses fixed in its code.
//!
//! Runs where rclone is installed; says so where it is not.

use std::path::Path;

use photokeep_simulator::photo_library::{PhotoLibrary, VideoStatus};
use photokeep_simulator::{Simulator, SimulatorConfig};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::world::{album, photo, video};

async fn is_installed() -> bool {
    Command::new("rclone").arg("version").output().await.is_ok_and(|output| output.status.success())
}

/// rclone's configuration with tokens of the simulator.
fn configure(simulator: &Simulator, folder: &Path) {
    let file: Value = serde_json::from_str(&simulator.client_secret_json()).unwrap();
    let token = simulator.control().issue_token(&["photoslibrary.readonly"]);
    let token = json!({
        "access_token": token.access_token, "token_type": "Bearer", "refresh_token": token.refresh_token,
        "expiry": "2020-01-01T00:00:00Z",
    });
    let text = format!(
        "[gp]\ntype = google photos\nclient_id = {}\nclient_secret = {}\nread_only = true\ntoken = {token}\n",
        file["installed"]["client_id"].as_str().unwrap(),
        file["installed"]["client_secret"].as_str().unwrap()
    );
    std::fs::write(folder.join("rclone.conf"), text).unwrap();
}

async fn rclone(simulator: &Simulator, folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("rclone")
        .arg("--config")
        .arg(folder.join("rclone.conf"))
        .args(["--retries", "1", "--low-level-retries", "2"])
        .args(arguments)
        .env("HTTPS_PROXY", simulator.proxy_url().unwrap())
        .env("NO_PROXY", "")
        .env("SSL_CERT_FILE", folder.join("ca.pem"))
        .output()
        .await
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn rclone_lists_albums_and_copies_everything_intact() {
    if !is_installed().await {
        println!("skipped: rclone is not installed");
        return;
    }
    let mut items: Vec<_> = (0..130).map(photo).collect();
    items[7] = video(7, VideoStatus::Ready);
    let albums = vec![album("a", &[1, 7, 3], false), album("s", &[4], true)];
    let config = SimulatorConfig { tls: true, ..SimulatorConfig::default() };
    let simulator = Simulator::start(config, PhotoLibrary { items, albums }).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    simulator.write_files(folder.path()).unwrap();
    configure(&simulator, folder.path());
    assert_eq!(rclone(&simulator, folder.path(), &["lsf", "gp:album"]).await, "Album a/\n");
    assert_eq!(rclone(&simulator, folder.path(), &["lsf", "gp:shared-album"]).await, "Album s/\n");
    let target = folder.path().join("copy");
    rclone(&simulator, folder.path(), &["copy", "gp:album/Album a", target.to_str().unwrap()]).await;
    for (name, id) in [("IMG_00001.JPG", "item-00001"), ("VID_00007.MP4", "item-00007"), ("IMG_00003.JPG", "item-00003")] {
        assert_eq!(std::fs::read(target.join(name)).unwrap(), simulator.control().served_bytes(id).unwrap(), "{name}");
    }
    let all = rclone(&simulator, folder.path(), &["lsf", "gp:media/all"]).await;
    assert_eq!(all.lines().count(), 130);
    assert!(simulator.control().counts().token >= 1, "the old token was refreshed");
    // And many: fifty files of the whole library, byte for byte.
    let many = folder.path().join("many");
    rclone(&simulator, folder.path(), &["copy", "gp:media/all", many.to_str().unwrap(), "--include", "IMG_000{1,2,3,4,5}?.JPG"])
        .await;
    let mut copied = 0;
    for number in 10..60 {
        let served = simulator.control().served_bytes(&format!("item-{number:05}")).unwrap();
        assert_eq!(std::fs::read(many.join(format!("IMG_{number:05}.JPG"))).unwrap(), served, "{number}");
        copied += 1;
    }
    assert_eq!(copied, 50);
    println!("violations of rclone: {:?}", simulator.control().violations());
}
