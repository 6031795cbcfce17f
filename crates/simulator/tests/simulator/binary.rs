//! The program: its line of JSON, its files, its end.

use std::process::Stdio;
use std::time::Duration;

use photokeep_simulator::Endpoints;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::world::{answer, client, ids};

async fn start(arguments: &[&str]) -> (Child, Value) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_photokeep-simulator"))
        .args(arguments)
        .arg("--until-stdin-closes")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
    (child, serde_json::from_str(&line).unwrap())
}

#[tokio::test]
async fn it_says_where_it_is_and_ends_with_its_input() {
    let (mut child, ready) = start(&["--filler", "7", "--min-size", "1000", "--max-size", "2000", "--policy", "before"]).await;
    let mut endpoints = ready.clone();
    for extra in ["client_secret", "control"] {
        assert!(endpoints.as_object_mut().unwrap().remove(extra).is_some(), "{extra}");
    }
    let endpoints: Endpoints = serde_json::from_value(endpoints).unwrap();
    let secret = std::path::PathBuf::from(ready["client_secret"].as_str().unwrap());
    let file: Value = serde_json::from_slice(&std::fs::read(&secret).unwrap()).unwrap();
    assert_eq!(file["installed"]["token_uri"], endpoints.token);
    let control = ready["control"].as_str().unwrap();
    let body = json!({"scopes": ["photoslibrary.readonly"]}).to_string();
    let (_, token) = answer(client(None).post(format!("{control}/token")).body(body).send().await.unwrap()).await;
    let list = client(token["access_token"].as_str()).get(format!("{}/v1/mediaItems", endpoints.library));
    let (status, page) = answer(list.send().await.unwrap()).await;
    assert_eq!((status, ids(&page).len()), (StatusCode::OK, 7));
    drop(child.stdin.take());
    let end = tokio::time::timeout(Duration::from_secs(10), child.wait()).await.unwrap().unwrap();
    assert!(end.success());
    assert!(!secret.exists(), "it takes its files with it");
}

#[cfg(unix)]
#[tokio::test]
async fn a_polite_signal_ends_it_and_its_files() {
    let (mut child, ready) = start(&["--filler", "1"]).await;
    let number = child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &number]).status().await.unwrap().success());
    let end = tokio::time::timeout(Duration::from_secs(10), child.wait()).await.unwrap().unwrap();
    assert!(end.success());
    assert!(!std::path::Path::new(ready["client_secret"].as_str().unwrap()).exists());
}

#[tokio::test]
async fn it_serves_a_folder_of_photos_behind_tls() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("Trip")).unwrap();
    std::fs::write(folder.path().join("Trip/a.jpg"), photokeep_simulator::generate::filler(1, 3000)).unwrap();
    let (mut child, ready) = start(&["--photos", folder.path().to_str().unwrap(), "--tls"]).await;
    assert_eq!(ready["library"], "https://photoslibrary.googleapis.com");
    assert!(ready["proxy"].as_str().unwrap().starts_with("http://127.0.0.1:"));
    assert!(std::fs::read_to_string(ready["ca_file"].as_str().unwrap()).unwrap().contains("BEGIN CERTIFICATE"));
    let (_, library) =
        answer(client(None).get(format!("{}/library", ready["control"].as_str().unwrap())).send().await.unwrap()).await;
    assert_eq!(library["albums"][0]["title"], "Trip");
    drop(child.stdin.take());
    child.wait().await.unwrap();
}

#[tokio::test]
async fn contradicting_arguments_are_refused() {
    let refused = Command::new(env!("CARGO_BIN_EXE_photokeep-simulator"))
        .args(["--generate", "3", "--filler", "3"])
        .output()
        .await
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
}

#[tokio::test]
async fn sign_ins_of_a_project_in_testing_end_after_a_week() {
    let (mut child, ready) = start(&["--filler", "1", "--testing"]).await;
    let (control, token) = (ready["control"].as_str().unwrap(), ready["token"].as_str().unwrap());
    let secret: Value = serde_json::from_slice(&std::fs::read(ready["client_secret"].as_str().unwrap()).unwrap()).unwrap();
    let body = json!({"scopes": ["photoslibrary.readonly"]}).to_string();
    let (_, issued) = answer(client(None).post(format!("{control}/token")).body(body).send().await.unwrap()).await;
    let renewed = || async {
        let form = [
            ("client_id", secret["installed"]["client_id"].as_str().unwrap()),
            ("client_secret", secret["installed"]["client_secret"].as_str().unwrap()),
            ("grant_type", "refresh_token"),
            ("refresh_token", issued["refresh_token"].as_str().unwrap()),
        ];
        answer(client(None).post(token).form(&form).send().await.unwrap()).await
    };
    let advance = |seconds: u64| {
        let body = json!({ "advance_seconds": seconds }).to_string();
        client(None).post(format!("{control}/clock")).body(body).send()
    };
    advance(6 * 86_400).await.unwrap();
    assert_eq!(renewed().await.0, StatusCode::OK);
    advance(86_400 + 1).await.unwrap();
    let (status, told) = renewed().await;
    assert_eq!((status, &told["error"]), (StatusCode::BAD_REQUEST, &"invalid_grant".into()), "{told:#}");
    drop(child.stdin.take());
    child.wait().await.unwrap();
}
