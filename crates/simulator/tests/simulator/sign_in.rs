//! Sign-in as a client does it (`google-apis.md` 4).

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use photokeep_simulator::{ClientKind, Fault, FaultRule, Place, SimulatorConfig, ViolationKind};
use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use crate::world::{Account, answer, client, photos};

const READONLY: &str = "https://www.googleapis.com/auth/photoslibrary.readonly";
const SHARING: &str = "https://www.googleapis.com/auth/photoslibrary.sharing";
const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters_~.";
const REDIRECT: &str = "http://127.0.0.1:45678";

struct Client {
    account: Account,
    id: String,
    secret: String,
}

impl Client {
    async fn with(config: SimulatorConfig) -> Self {
        let account = Account::with(config, photos(3), &[]).await;
        let file: Value = serde_json::from_str(&account.simulator.client_secret_json()).unwrap();
        let inner = file.get("installed").or_else(|| file.get("web")).unwrap();
        let text = |key: &str| inner[key].as_str().unwrap().to_owned();
        assert_eq!(text("token_uri"), account.simulator.endpoints().token);
        Self { id: text("client_id"), secret: text("client_secret"), account }
    }

    async fn new() -> Self {
        Self::with(SimulatorConfig::default()).await
    }

    fn authorize_url(&self, change: &[(&str, &str)]) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let scope = format!("{READONLY} {SHARING} openid email");
        let mut fields = BTreeMap::from([
            ("client_id", self.id.as_str()),
            ("redirect_uri", REDIRECT),
            ("response_type", "code"),
            ("scope", &scope),
            ("state", "st&te"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        for (key, value) in change {
            if value.is_empty() {
                fields.remove(key)
            } else {
                fields.insert(key, value)
            };
        }
        Url::parse_with_params(&self.account.simulator.endpoints().authorize, fields).unwrap().into()
    }

    fn code(&self) -> String {
        let redirect = self.account.control.approve(&self.authorize_url(&[])).unwrap();
        query(&redirect)["code"].clone()
    }

    async fn token(&self, change: &[(&str, &str)]) -> (StatusCode, Value) {
        let mut fields = BTreeMap::from([
            ("client_id", self.id.as_str()),
            ("client_secret", self.secret.as_str()),
            ("grant_type", "authorization_code"),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ]);
        for (key, value) in change {
            if value.is_empty() {
                fields.remove(key)
            } else {
                fields.insert(key, value)
            };
        }
        let request = client(None).post(self.account.simulator.endpoints().token).form(&fields);
        answer(request.send().await.unwrap()).await
    }

    async fn refresh(&self, token: &str) -> (StatusCode, Value) {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token), ("redirect_uri", ""), ("code_verifier", "")])
            .await
    }
}

fn query(url: &str) -> BTreeMap<String, String> {
    Url::parse(url).unwrap().query_pairs().into_owned().collect()
}

#[tokio::test]
async fn the_whole_way_through_the_consent_page() {
    let client = Client::new().await;
    let http = crate::world::client(None);
    let url = client.authorize_url(&[]);
    let page = http.get(&url).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    let page = page.text().await.unwrap();
    assert!(page.contains("Allow") && page.contains("Refuse") && page.contains(READONLY));
    // What a browser sends when the sharing box is unticked.
    let form = [("granular", "1"), ("scope", READONLY), ("scope", "openid"), ("scope", "email"), ("decision", "allow")];
    let answer = http.post(&url).form(&form).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FOUND);
    let location = answer.headers()["location"].to_str().unwrap();
    assert!(location.starts_with(&format!("{REDIRECT}/?")));
    let back = query(location);
    assert_eq!(back["state"], "st&te");
    let (status, tokens) = client.token(&[("code", &back["code"])]).await;
    assert_eq!(status, StatusCode::OK, "{tokens}");
    assert_eq!(tokens["scope"], format!("{READONLY} openid email"), "only what was granted");
    assert_eq!(tokens["expires_in"], 3599);
    assert_eq!(tokens["token_type"], "Bearer");
    let claims = tokens["id_token"].as_str().unwrap().split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    assert_eq!(claims["email"], "demo@photokeep.example");
    let access = crate::world::client(tokens["access_token"].as_str());
    let (_, who) = crate::world::answer(access.get(client.account.simulator.endpoints().userinfo).send().await.unwrap()).await;
    assert_eq!(who["email"], "demo@photokeep.example");
    assert_eq!(client.account.violations(), []);
}

#[tokio::test]
async fn a_headless_client_can_allow_and_refuse() {
    let client = Client::new().await;
    let http = crate::world::client(None);
    let url = client.authorize_url(&[]);
    let allowed = http.post(&url).form(&[("decision", "allow")]).send().await.unwrap();
    assert!(query(allowed.headers()["location"].to_str().unwrap()).contains_key("code"));
    let refused = http.post(&url).form(&[("decision", "refuse")]).send().await.unwrap();
    let back = query(refused.headers()["location"].to_str().unwrap());
    assert_eq!((back["error"].as_str(), back["state"].as_str()), ("access_denied", "st&te"));
    assert_eq!(query(&client.account.control.refuse(&url).unwrap())["error"], "access_denied");
    let nothing = [("granular", "1"), ("decision", "allow")];
    let unticked = http.post(&url).form(&nothing).send().await.unwrap();
    assert_eq!(query(unticked.headers()["location"].to_str().unwrap())["error"], "access_denied");
}

#[tokio::test]
async fn wrong_authorization_requests_stay_in_the_browser() {
    let client = Client::new().await;
    for (change, error) in [
        (("client_id", "someone-else"), "invalid_client"),
        (("redirect_uri", "http://192.168.1.5:80"), "redirect_uri_mismatch"),
        (("redirect_uri", "https://127.0.0.1:80"), "redirect_uri_mismatch"),
        (("redirect_uri", "http://127.0.0.1.example.org"), "redirect_uri_mismatch"),
        (("redirect_uri", ""), "invalid_request"),
        (("response_type", "token"), "invalid_request"),
        (("scope", ""), "invalid_request"),
        (("scope", "https://www.googleapis.com/auth/everything"), "invalid_scope"),
        (("code_challenge", "short"), "invalid_request"),
        (("code_challenge_method", "S512"), "invalid_request"),
    ] {
        let page = crate::world::client(None).get(client.authorize_url(&[change])).send().await.unwrap();
        assert_eq!(page.status(), StatusCode::BAD_REQUEST, "{change:?}");
        assert!(page.text().await.unwrap().contains(error), "{change:?}");
    }
    for uri in ["http://localhost:8080/", "http://[::1]:9", "http://127.0.0.1:1/callback"] {
        assert!(client.account.control.approve(&client.authorize_url(&[("redirect_uri", uri)])).is_ok(), "{uri}");
    }
}

#[tokio::test]
async fn a_web_client_needs_its_exact_address() {
    let registered = "http://127.0.0.1:8088/callback";
    let client = Client::with(SimulatorConfig {
        client: ClientKind::Web { redirect_uris: vec![registered.to_owned()] },
        ..SimulatorConfig::default()
    })
    .await;
    let approve = |uri: &str| client.account.control.approve(&client.authorize_url(&[("redirect_uri", uri)]));
    assert!(approve(registered).is_ok());
    assert!(approve("http://localhost:8088/callback").is_err());
    assert!(approve("http://127.0.0.1:8089/callback").is_err());
}

#[tokio::test]
async fn sign_in_without_pkce_or_state_works_and_is_written_down() {
    let client = Client::new().await;
    let url = client.authorize_url(&[("code_challenge", ""), ("code_challenge_method", ""), ("state", "")]);
    crate::world::client(None).get(&url).send().await.unwrap();
    assert_eq!(client.account.violations(), [ViolationKind::NoPkce, ViolationKind::NoState]);
    let code = query(&client.account.control.approve(&url).unwrap())["code"].clone();
    assert_eq!(client.token(&[("code", &code), ("code_verifier", "")]).await.0, StatusCode::OK);
}

#[tokio::test]
async fn the_code_exchange_refuses_as_section_4_4_says() {
    let client = Client::new().await;
    let code = client.code();
    let (status, error) = client.token(&[("code", &code), ("client_secret", "")]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(error, json!({"error": "invalid_request", "error_description": "client_secret is missing."}));
    let (status, error) = client.token(&[("code", &code), ("client_secret", "wrong")]).await;
    assert_eq!((status, &error["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_client")));
    let (_, error) = client.token(&[("code", &code), ("code_verifier", "")]).await;
    assert_eq!(error, json!({"error": "invalid_grant", "error_description": "Missing code verifier"}));
    let wrong = "b".repeat(43);
    assert_eq!(client.token(&[("code", &code), ("code_verifier", &wrong)]).await.1["error"], "invalid_grant");
    assert_eq!(client.token(&[("code", &code), ("redirect_uri", "http://127.0.0.1:1")]).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(client.token(&[("code", &code), ("grant_type", "password")]).await.1["error"], "unsupported_grant_type");
    assert_eq!(client.token(&[("code", &code)]).await.0, StatusCode::OK, "none of these used the code up");
    assert_eq!(client.token(&[("code", &code)]).await.1["error"], "invalid_grant", "but it works only once");
    let old = client.code();
    client.account.control.advance(Duration::from_secs(61));
    assert_eq!(client.token(&[("code", &old)]).await.1["error"], "invalid_grant");
}

#[tokio::test]
async fn a_refresh_gives_a_new_access_token_and_no_new_refresh_token() {
    let client = Client::new().await;
    let (_, first) = client.token(&[("code", &client.code())]).await;
    let refresh = first["refresh_token"].as_str().unwrap();
    let (status, second) = client.refresh(refresh).await;
    assert_eq!(status, StatusCode::OK);
    assert_ne!(second["access_token"], first["access_token"]);
    assert!(second.get("refresh_token").is_none());
    let dead = json!({"error": "invalid_grant", "error_description": "Token has been expired or revoked."});
    assert_eq!(client.refresh("1//nonsense").await, (StatusCode::BAD_REQUEST, dead.clone()));
    let revoke = format!("{}?token={}", client.account.simulator.endpoints().revoke, second["access_token"].as_str().unwrap());
    assert_eq!(crate::world::client(None).post(&revoke).send().await.unwrap().status(), StatusCode::OK);
    assert_eq!(client.refresh(refresh).await, (StatusCode::BAD_REQUEST, dead));
    assert_eq!(crate::world::client(None).post(&revoke).send().await.unwrap().status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_test_projects_refresh_token_dies_after_a_week() {
    let week = Duration::from_secs(604_800);
    let client = Client::with(SimulatorConfig { refresh_token_lifetime: Some(week), ..SimulatorConfig::default() }).await;
    let (_, tokens) = client.token(&[("code", &client.code())]).await;
    assert_eq!(tokens["refresh_token_expires_in"], 604_799);
    let refresh = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(client.refresh(refresh).await.0, StatusCode::OK);
    client.account.control.advance(week);
    assert_eq!(client.refresh(refresh).await.1["error"], "invalid_grant");
}

#[tokio::test]
async fn a_refused_refresh_stays_refused_and_a_rejected_access_token_can_be_refreshed() {
    let client = Client::new().await;
    let (_, tokens) = client.token(&[("code", &client.code())]).await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let list = |token: &Value| {
        let token = token.as_str().unwrap().to_owned();
        let url = format!("{}/v1/mediaItems", client.account.library);
        async move { crate::world::client(Some(&token)).get(url).send().await.unwrap().status() }
    };
    client.account.control.add_fault(FaultRule::new(Place::List, Fault::TokenRejected).times(1));
    assert_eq!(list(&tokens["access_token"]).await, StatusCode::UNAUTHORIZED);
    assert_eq!(list(&tokens["access_token"]).await, StatusCode::UNAUTHORIZED);
    let (_, fresh) = client.refresh(refresh).await;
    assert_eq!(list(&fresh["access_token"]).await, StatusCode::OK);
    client.account.control.add_fault(FaultRule::new(Place::Token, Fault::RefreshRefused).times(1));
    assert_eq!(client.refresh(refresh).await.1["error"], "invalid_grant");
    assert_eq!(client.refresh(refresh).await.1["error"], "invalid_grant");
}
