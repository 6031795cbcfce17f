//! Signing in and out: browser, paste, refusals, client files of every wrong kind, and no secret anywhere.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::time::Duration;

use photokeep_simulator::photo_library::VideoStatus;
use photokeep_simulator::{ClientKind, Fault, FaultRule, Place, SimulatorConfig, ViolationKind};
use serde_json::{Value, json};
use url::Url;

use crate::whole::{Entry, tree};
use crate::world::{SigningIn, World, browser, id, photos};

fn world() -> World {
    World::with(SimulatorConfig::default(), photos(3))
}

fn query(address: &str) -> HashMap<String, String> {
    Url::parse(address).unwrap().query_pairs().into_owned().collect()
}

/// The sign-in file of the world's only library.
fn sign_in_file(world: &World) -> std::path::PathBuf {
    let mut files = std::fs::read_dir(world.home().join("sign-ins")).unwrap().map(|entry| entry.unwrap().path());
    let file = files.next().unwrap();
    assert_eq!(files.next(), None);
    file
}

#[test]
fn a_browser_follows_the_consent_page_back_to_the_listener() {
    let world = world();
    // The input is closed from the start (`World::command`), as under a service manager.
    let signing_in = world.start_sign_in(&["--whole-library"]);
    let asked = query(&signing_in.address);
    assert_eq!(asked["code_challenge_method"], "S256");
    assert_eq!(asked["code_challenge"].len(), 43);
    assert!(asked["state"].len() >= 16, "{}", asked["state"]);
    assert_eq!((asked["access_type"].as_str(), asked["prompt"].as_str()), ("offline", "consent"));
    let redirect = Url::parse(&asked["redirect_uri"]).unwrap();
    assert_eq!((redirect.scheme(), redirect.host_str(), redirect.path()), ("http", Some("127.0.0.1"), "/"));
    assert!(!asked["redirect_uri"].ends_with('/'), "no path at all");
    let location = world.runtime.block_on(async {
        let page = browser().get(&signing_in.address).send().await.unwrap();
        assert_eq!(page.status(), 200);
        assert!(page.text().await.unwrap().contains("photoslibrary.readonly"));
        // What a browser sends when every box stays ticked.
        let mut form = vec![("granular", "1"), ("decision", "allow")];
        form.extend(asked["scope"].split(' ').map(|scope| ("scope", scope)));
        let answer = browser().post(&signing_in.address).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 302);
        answer.headers()["location"].to_str().unwrap().to_owned()
    });
    let (status, page) = world.browse(&location);
    assert_eq!(status, 200);
    assert!(page.contains("Thank you"), "{page}");
    let ran = signing_in.end().ends(0);
    assert!(ran.out.contains("Signed in as demo@photokeep.example."), "{}", ran.out);
    assert!(ran.out.contains("a file that only you can read"), "it says where the sign-in is kept: {}", ran.out);
    assert_eq!(world.control.violations(), [], "PKCE and state were there");
    assert_eq!(world.sync()["added"], 3);
}

#[test]
fn without_the_whole_library_only_own_uploads_are_asked_for_and_it_says_so() {
    let world = world();
    let signing_in = world.start_sign_in(&[]);
    let scopes = query(&signing_in.address)["scope"].clone();
    assert_eq!(scopes, "openid email https://www.googleapis.com/auth/photoslibrary.readonly.appcreateddata");
    world.browse(&world.control.approve(&signing_in.address).unwrap());
    let ran = signing_in.end().ends(0);
    assert!(ran.out.contains("Takeout"), "{}", ran.out);
}

#[test]
fn the_address_can_be_pasted_and_wrong_pastes_are_explained() {
    let world = world();
    let arguments = ["sign-in", "LIBRARY", "--client-secret", "client_secret.json", "--no-browser", "--whole-library"];
    let mut signing_in = SigningIn::start(world.command(&arguments).stdin(Stdio::piped()));
    let back = world.control.approve(&signing_in.address).unwrap();
    signing_in.paste("what is this?");
    assert!(signing_in.running.line_with("not the address that the browser ended at").is_some());
    signing_in.paste("");
    signing_in.paste(&back.replace(&query(&back)["state"], "anotherstate"));
    assert!(signing_in.running.line_with("another sign-in").is_some());
    signing_in.paste(&format!("  {back}  "));
    signing_in.end().ends(0);
    world.sync();
}

#[test]
fn refused_consent_ends_with_4_and_leaves_no_folder() {
    let world = world();
    let signing_in = world.start_sign_in(&["--whole-library"]);
    let back = world.control.refuse(&signing_in.address).unwrap();
    let (status, page) = world.browse(&back);
    assert_eq!(status, 200);
    assert!(page.contains("did not give access"), "{page}");
    let ran = signing_in.end().ends(4);
    assert!(ran.err.contains("You did not give access"), "{}", ran.err);
    assert!(!world.library().exists());
    assert!(!world.home().join("sign-ins").exists());
    let after = world.run(&["sync", "LIBRARY"]).ends(4);
    assert!(after.err.contains("Nobody is signed in"), "{}", after.err);
    assert!(!world.library().exists());
}

#[test]
fn an_unticked_box_ends_with_4_and_leaves_no_folder() {
    let world = world();
    let signing_in = world.start_sign_in(&["--whole-library"]);
    let only = ["openid", "email"];
    world.browse(&world.control.approve_only(&signing_in.address, &only).unwrap());
    let ran = signing_in.end().ends(4);
    assert!(ran.err.contains("was not ticked"), "{}", ran.err);
    assert!(!world.library().exists());
}

#[test]
fn a_refusal_by_the_token_endpoint_is_told_in_words() {
    let world = world();
    let signing_in = world.start_sign_in(&["--whole-library"]);
    let back = world.control.approve(&signing_in.address).unwrap();
    // A code that was used before, as when the browser's page is reloaded after a crash.
    world.browse(&back.replace(&query(&back)["code"].replace('/', "%2F"), "4%2Fnotthecode"));
    let ran = signing_in.end().ends(4);
    assert!(ran.err.starts_with("photokeep: "), "{}", ran.err);
    assert!(!world.library().exists());
}

#[test]
fn every_wrong_client_file_ends_with_2_and_its_fault_in_words() {
    let world = world();
    let right: Value = serde_json::from_str(&world.simulator.client_secret_json()).unwrap();
    let without = |key: &str| {
        let mut file = right.clone();
        file["installed"].as_object_mut().unwrap().remove(key);
        file.to_string()
    };
    let text = right.to_string();
    for (file, words) in [
        (String::new(), "empty"),
        ("<!doctype html><title>Sign in</title>".to_owned(), "web page"),
        (text[..text.len() / 2].to_owned(), "not readable as JSON"),
        ("{}".to_owned(), "neither an \"installed\" nor a \"web\""),
        ("[]".to_owned(), "neither an \"installed\" nor a \"web\""),
        (json!({ "type": "service_account", "private_key": "x" }).to_string(), "service account"),
        (json!({ "access_token": "x", "refresh_token": "y" }).to_string(), "file of tokens"),
        (without("client_id"), "no \"client_id\""),
        (without("client_secret"), "no \"client_secret\""),
        (json!({ "installed": "yes" }).to_string(), "unexpected kind"),
        (text.replace(".apps.googleusercontent.com", ".example.com"), "does not end in"),
        (
            json!({ "web": { "client_id": "1-a.apps.googleusercontent.com", "client_secret": "b" } }).to_string(),
            "no redirect address",
        ),
    ] {
        std::fs::write(world.path("wrong.json"), &file).unwrap();
        let ran = world.run(&["sign-in", "LIBRARY", "--client-secret", "wrong.json", "--no-browser"]).ends(2);
        assert!(ran.err.contains(words), "{file}: {}", ran.err);
        assert!(ran.err.lines().count() >= 2, "with a hint: {}", ran.err);
        assert!(!world.library().exists(), "{file}");
    }
    let missing = world.run(&["sign-in", "LIBRARY", "--client-secret", "nowhere.json", "--no-browser"]).ends(2);
    assert!(missing.err.contains("nowhere.json cannot be read"), "{}", missing.err);
    let none = world.run(&["sign-in", "LIBRARY", "--no-browser"]).ends(2);
    assert!(none.err.contains("--client-secret"), "{}", none.err);
    assert!(!world.library().exists());
}

#[test]
fn a_client_that_google_does_not_know_is_told_as_such() {
    let world = world();
    let wrong = world.simulator.client_secret_json().replace("GOCSPX-simulated-client-secret", "GOCSPX-of-somebody-else");
    std::fs::write(world.path("client_secret.json"), wrong).unwrap();
    let signing_in = world.start_sign_in(&["--whole-library"]);
    world.browse(&world.control.approve(&signing_in.address).unwrap());
    let ran = signing_in.end().ends(2);
    assert!(ran.err.contains("does not know this client"), "{}", ran.err);
    assert!(!ran.err.contains("GOCSPX"), "{}", ran.err);
    assert!(!world.library().exists());
}

#[test]
fn a_web_client_uses_its_registered_loopback_address() {
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let registered = format!("http://127.0.0.1:{port}/callback");
    let client = ClientKind::Web { redirect_uris: vec!["https://example.org/back".into(), registered.clone()] };
    let world = World::with(SimulatorConfig { client, ..SimulatorConfig::default() }, photos(1));
    let signing_in = world.start_sign_in(&["--whole-library"]);
    assert_eq!(query(&signing_in.address)["redirect_uri"], registered);
    let (status, _) = world.browse(&world.control.approve(&signing_in.address).unwrap());
    assert_eq!(status, 200);
    signing_in.end().ends(0);
    world.sync();
}

#[test]
fn a_web_client_without_a_loopback_address_is_signed_in_by_pasting() {
    let client = ClientKind::Web { redirect_uris: vec!["https://photos.example.org/back".into()] };
    let world = World::with(SimulatorConfig { client, ..SimulatorConfig::default() }, photos(1));
    let arguments = ["sign-in", "LIBRARY", "--client-secret", "client_secret.json", "--no-browser", "--whole-library"];
    let mut signing_in = SigningIn::start(world.command(&arguments).stdin(Stdio::piped()));
    assert!(signing_in.running.line_with("paste the address").is_some());
    let back = world.control.approve(&signing_in.address).unwrap();
    assert!(back.starts_with("https://photos.example.org/back?"));
    signing_in.paste(&back);
    signing_in.end().ends(0);
    world.sync();

    // Nobody there to paste: it ends instead of waiting for ever.
    let ran = world.run(&arguments).ends(4);
    assert!(ran.err.contains("ended before an answer came"), "{}", ran.err);
}

#[test]
fn noise_at_the_listener_does_not_break_a_sign_in() {
    let world = world();
    let signing_in = world.start_sign_in(&["--whole-library"]);
    let back = world.control.approve(&signing_in.address).unwrap();
    let url = Url::parse(&back).unwrap();
    let listener = format!("127.0.0.1:{}", url.port().unwrap());
    let send = |bytes: &[u8]| {
        let mut stream = TcpStream::connect(&listener).unwrap();
        // The listener may hang up in the middle, which is its right.
        let _ = stream.write_all(bytes);
        stream
    };
    drop(send(b""));
    drop(send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"));
    drop(send(b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi"));
    drop(send(b"GET nonsense HTTP/1.1\r\n\r\n"));
    drop(send(&[b'x'; 40_000]));
    drop(send(b"GET /?code=\xff\xfe HTTP/1.1\r\n\r\n"));
    let base = format!("http://{listener}");
    assert_eq!(world.browse(&format!("{base}/favicon.ico")).0, 404);
    assert_eq!(world.browse(&format!("{base}/?code=4/stolen&state=guessed")).0, 400);
    assert_eq!(world.browse(&format!("{base}/?error=access_denied&state=guessed")).0, 400);
    assert_eq!(world.browse(&format!("{base}/?code=4/stolen")).0, 400);
    // A browser's spare connection that never says anything must not hold the answer back for good.
    let mut silent = send(b"");
    let (status, page) = world.browse(&back);
    assert_eq!(status, 200, "{page}");
    signing_in.end().ends(0);
    silent.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    assert_eq!(silent.read(&mut [0; 16]).unwrap_or(0), 0, "nothing is told to a connection that asked nothing");
    world.sync();
}

#[cfg(unix)]
#[test]
fn the_sign_in_is_a_file_of_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::signed_in(photos(2));
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&sign_in_file(&world)), 0o600);
    assert_eq!(mode(&world.home()), 0o700);
    // It stays so when the token is renewed.
    world.control.reject_access_tokens();
    world.sync();
    assert_eq!(mode(&sign_in_file(&world)), 0o600);
}

#[test]
fn no_secret_is_in_output_log_or_library() {
    let world = world();
    let arguments = ["sign-in", "LIBRARY", "--client-secret", "client_secret.json", "--no-browser", "--whole-library"];
    let signing_in = SigningIn::start(world.command(&arguments).env("PHOTOKEEP_LOG", "trace"));
    let back = world.control.approve(&signing_in.address).unwrap();
    world.browse(&back);
    let mut said = vec![signing_in.end().ends(0)];
    let secrets = |world: &World| -> Vec<String> {
        let kept: Value = serde_json::from_slice(&std::fs::read(sign_in_file(world)).unwrap()).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        vec![text(&kept["access_token"]), text(&kept["refresh_token"]), text(&kept["client"]["client_secret"])]
    };
    let mut secret = secrets(&world);
    secret.push(query(&back)["code"].clone());
    // An item that fails, a token that dies, a server that stumbles: errors are where secrets slip out.
    world.control.add_fault(FaultRule::new(Place::Media, Fault::DeadUrl).item(id(0)).times(1));
    world.control.add_fault(FaultRule::new(Place::Media, Fault::Reset).item(id(1)).times(1));
    world
        .control
        .change_item(&id(2), |item| (item.mime_type, item.video) = ("video/mp4".to_owned(), Some(VideoStatus::Processing)));
    world.control.add_fault(FaultRule::new(Place::List, Fault::Internal).times(1));
    world.control.reject_access_tokens();
    let mut log = |arguments: &[&str]| {
        let output = world.command(arguments).env("PHOTOKEEP_LOG", "trace").output().unwrap();
        let ran = crate::world::Ran {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        };
        said.push(ran);
    };
    log(&["sync", "LIBRARY", "--json"]);
    log(&["doctor", "LIBRARY"]);
    log(&["status", "LIBRARY", "--json"]);
    log(&["sync", "LIBRARY"]);
    secret.extend(secrets(&world));
    log(&["sign-out", "LIBRARY"]);
    assert!(said.iter().any(|ran| ran.err.contains("TRACE")), "the log was on");
    assert!(said.iter().any(|ran| ran.code == Some(3)), "something failed");
    // Where bytes lie is as good as a key for an hour.
    secret.push(format!("{}/lr/", world.simulator.endpoints().library));
    for (index, ran) in said.iter().enumerate() {
        for secret in &secret {
            for (stream, text) in [("output", &ran.out), ("error output", &ran.err)] {
                if let Some(line) = text.lines().find(|line| line.contains(secret.as_str())) {
                    panic!("the {stream} of command {index} holds {secret}: {line}");
                }
            }
        }
    }
    for (path, entry) in tree(&world.library()) {
        if matches!(entry, Entry::File { .. }) {
            let bytes = std::fs::read(world.library().join(&path)).unwrap();
            for secret in &secret {
                let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
                assert!(!found, "{path} holds {secret}");
            }
        }
    }
    let violations = world.control.violations();
    assert!(violations.iter().all(|violation| violation.kind != ViolationKind::TokenInQuery), "{violations:?}");
}

#[test]
fn signing_out_revokes_and_the_next_sync_asks_for_a_sign_in() {
    let world = World::signed_in(photos(2));
    let kept: Value = serde_json::from_slice(&std::fs::read(sign_in_file(&world)).unwrap()).unwrap();
    let token = kept["access_token"].as_str().unwrap().to_owned();
    let list = |token: &str| {
        let address = format!("{}/v1/mediaItems", world.simulator.endpoints().library);
        let token = token.to_owned();
        world.runtime.block_on(async move { browser().get(address).bearer_auth(token).send().await.unwrap().status().as_u16() })
    };
    assert_eq!(list(&token), 200);
    world.sync();
    let before = tree(&world.library().join("photos"));
    let ran = world.run(&["sign-out", "LIBRARY"]).ends(0);
    assert!(ran.out.contains("Signed out"), "{}", ran.out);
    assert_eq!(list(&token), 401);
    assert_eq!(std::fs::read_dir(world.home().join("sign-ins")).unwrap().count(), 0);
    let after = world.run(&["sync", "LIBRARY"]).ends(4);
    assert!(after.err.contains("Sign in first"), "{}", after.err);
    assert_eq!(world.run(&["sign-out", "LIBRARY"]).code, Some(4));
    assert_eq!(tree(&world.library().join("photos")), before, "the photos stay");
    world.sign_in();
    world.sync();
}

#[test]
fn a_revoked_or_expired_sign_in_ends_with_4_and_says_what_to_do() {
    let world = World::signed_in(photos(2));
    let kept: Value = serde_json::from_slice(&std::fs::read(sign_in_file(&world)).unwrap()).unwrap();
    assert!(world.control.revoke(kept["refresh_token"].as_str().unwrap()));
    let ran = world.run(&["sync", "LIBRARY"]).ends(4);
    assert!(ran.err.contains("Sign in again"), "{}", ran.err);
    let doctor = world.run(&["doctor", "LIBRARY"]).ends(4);
    assert!(doctor.out.contains("no longer accepts the sign-in"), "{}", doctor.out);
    world.sign_in();
    world.sync();
}

#[test]
fn a_sign_in_of_a_project_in_testing_names_the_day_it_ends() {
    let config = SimulatorConfig { refresh_token_lifetime: Some(Duration::from_secs(604_800)), ..SimulatorConfig::default() };
    let world = World::with(config, photos(1));
    let signing_in = world.start_sign_in(&["--whole-library"]);
    world.browse(&world.control.approve(&signing_in.address).unwrap());
    let ran = signing_in.end().ends(0);
    assert!(ran.out.contains("\"Testing\""), "{}", ran.out);
    world.control.advance(Duration::from_secs(604_801));
    world.run(&["sync", "LIBRARY"]).ends(4);
}
