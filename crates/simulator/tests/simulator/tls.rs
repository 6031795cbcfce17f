//! Google's own addresses through the proxy.

use photokeep_simulator::{Simulator, SimulatorConfig};
use reqwest::{Certificate, Client, Proxy, StatusCode};
use serde_json::Value;

use crate::world::{READ, photos};

async fn start() -> (Simulator, Client) {
    let config = SimulatorConfig { tls: true, ..SimulatorConfig::default() };
    let simulator = Simulator::start(config, photos(3)).await.unwrap();
    let authority = Certificate::from_pem(simulator.ca_pem().unwrap().as_bytes()).unwrap();
    let http = Client::builder()
        .user_agent("simulator-tests")
        .tls_certs_only([authority])
        .proxy(Proxy::https(simulator.proxy_url().unwrap()).unwrap())
        .build()
        .unwrap();
    (simulator, http)
}

#[tokio::test]
async fn a_client_with_fixed_addresses_lists_and_downloads() {
    let (simulator, http) = start().await;
    assert_eq!(simulator.endpoints().token, "https://oauth2.googleapis.com/token");
    let token = simulator.control().issue_token(READ).access_token;
    let list = http.get("https://photoslibrary.googleapis.com/v1/mediaItems").bearer_auth(token).send().await.unwrap();
    let list: Value = list.json().await.unwrap();
    let base = list["mediaItems"][0]["baseUrl"].as_str().unwrap();
    assert!(base.starts_with("https://lh3.googleusercontent.com/lr/"), "{base}");
    let bytes = http.get(format!("{base}=d")).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(bytes, simulator.control().served_bytes("item-00002").unwrap());
}

#[tokio::test]
async fn other_hosts_are_not_reached_and_nobody_else_trusts_the_certificate() {
    let (simulator, http) = start().await;
    assert!(http.get("https://example.org/").send().await.is_err());
    let stranger = Client::builder().proxy(Proxy::https(simulator.proxy_url().unwrap()).unwrap()).build().unwrap();
    assert!(stranger.get("https://accounts.google.com/").send().await.is_err());
    let page = http.get("https://accounts.google.com/.well-known/openid-configuration").send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    let elsewhere = http.get("https://accounts.google.com/v1/mediaItems").send().await.unwrap();
    assert_eq!(elsewhere.status(), StatusCode::NOT_FOUND, "each host has its own services");
}
