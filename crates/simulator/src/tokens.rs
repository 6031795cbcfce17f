//! Codes, access tokens and refresh tokens: who was granted what, until when.
//!
//! The store behind `oauth` (which speaks HTTP) and `library_api` (which asks what a token may do). Tokens are made from a
//! key drawn at start and a counter, so they cannot be guessed and a test can own time.

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Prefix of all Photos scopes.
const PREFIX: &str = "https://www.googleapis.com/auth/";
/// A code must be used within this time.
const CODE_LIFETIME_MS: i64 = 60_000;
/// The 101st refresh token of an account and client kills the oldest (`google-apis.md` 4.5).
const REFRESH_TOKENS: usize = 100;

/// A set of OAuth scopes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Scopes(Arc<[String]>);

impl Scopes {
    pub(crate) fn new(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut list: Vec<String> = Vec::new();
        for name in names {
            let name = name.into();
            if !list.contains(&name) {
                list.push(name);
            }
        }
        Self(list.into())
    }

    /// A space-separated list.
    pub(crate) fn parse(text: &str) -> Self {
        Self::new(text.split_ascii_whitespace())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the scope is in the set, by its short name (without [`PREFIX`]) or as it is.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.iter().any(|scope| scope == name || scope.strip_prefix(PREFIX) == Some(name))
    }

    /// Those of this set that are in `names` too.
    pub(crate) fn only(&self, names: &[String]) -> Self {
        Self::new(self.iter().filter(|scope| names.iter().any(|name| name == scope)))
    }

    /// The first scope that Google does not know, as far as this project uses any.
    pub(crate) fn unknown(&self) -> Option<&str> {
        const KNOWN: [&str; 14] = [
            "openid",
            "email",
            "profile",
            "userinfo.email",
            "userinfo.profile",
            "photoslibrary",
            "photoslibrary.readonly",
            "photoslibrary.sharing",
            "photoslibrary.appendonly",
            "photoslibrary.readonly.appcreateddata",
            "photoslibrary.edit.appcreateddata",
            "photospicker.mediaitems.readonly",
            "drive.readonly",
            "drive.file",
        ];
        self.iter().find(|scope| !KNOWN.contains(&scope.strip_prefix(PREFIX).unwrap_or(scope)))
    }

    pub(crate) fn text(&self) -> String {
        self.0.join(" ")
    }
}

/// What the client must show again when it exchanges a code.
#[derive(Debug, Clone)]
pub(crate) struct CodeTerms {
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) scopes: Scopes,
}

/// PKCE.
#[derive(Debug, Clone)]
pub(crate) struct Challenge {
    pub(crate) value: String,
    pub(crate) sha256: bool,
}

impl Challenge {
    fn is_met_by(&self, verifier: &str) -> bool {
        if self.sha256 { URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == self.value } else { verifier == self.value }
    }
}

/// Why a grant is refused; all of them are `invalid_grant` on the wire (`google-apis.md` 4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GrantError {
    /// Used twice, wrong or too old.
    BadCode,
    NoVerifier,
    WrongVerifier,
    RedirectDiffers,
    /// Revoked, expired or replaced.
    DeadRefreshToken,
}

/// Tokens just issued.
#[derive(Debug, Clone)]
pub(crate) struct Issued {
    pub(crate) access: String,
    /// Only with a new grant.
    pub(crate) refresh: Option<String>,
    pub(crate) scopes: Scopes,
}

struct Code {
    terms: CodeTerms,
    issued_ms: i64,
    /// The grant it became, so that a second use can revoke it.
    used_for: Option<u64>,
}

struct Access {
    grant: u64,
    scopes: Scopes,
    expires_ms: i64,
}

struct Grant {
    number: u64,
    refresh: String,
    scopes: Scopes,
    expires_ms: Option<i64>,
}

/// All codes and tokens.
pub(crate) struct TokenBook {
    key: [u8; 32],
    counter: u64,
    codes: HashMap<String, Code>,
    access: HashMap<String, Access>,
    /// Oldest first.
    grants: Vec<Grant>,
}

/// Lifetimes in milliseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lifetimes {
    pub(crate) access_ms: i64,
    pub(crate) refresh_ms: Option<i64>,
}

impl TokenBook {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self { key, counter: 0, codes: HashMap::new(), access: HashMap::new(), grants: Vec::new() }
    }

    fn secret(&mut self, prefix: &str) -> String {
        self.counter += 1;
        let hash = blake3::keyed_hash(&self.key, &self.counter.to_le_bytes());
        format!("{prefix}{}", URL_SAFE_NO_PAD.encode(hash.as_bytes()))
    }

    pub(crate) fn new_code(&mut self, terms: CodeTerms, now_ms: i64) -> String {
        let code = self.secret("4/0A");
        self.codes.insert(code.clone(), Code { terms, issued_ms: now_ms, used_for: None });
        code
    }

    /// # Errors
    /// See [`GrantError`]. A code used twice also kills what came of its first use.
    pub(crate) fn exchange(
        &mut self,
        code: &str,
        redirect_uri: &str,
        verifier: Option<&str>,
        now_ms: i64,
        lifetimes: Lifetimes,
    ) -> Result<Issued, GrantError> {
        let known = self.codes.get(code).ok_or(GrantError::BadCode)?;
        if let Some(grant) = known.used_for {
            self.drop_grant(grant);
            return Err(GrantError::BadCode);
        }
        if now_ms - known.issued_ms > CODE_LIFETIME_MS {
            return Err(GrantError::BadCode);
        }
        if known.terms.redirect_uri != redirect_uri {
            return Err(GrantError::RedirectDiffers);
        }
        match (&known.terms.challenge, verifier.filter(|verifier| !verifier.is_empty())) {
            (Some(_), None) => return Err(GrantError::NoVerifier),
            (Some(challenge), Some(verifier)) if !challenge.is_met_by(verifier) => return Err(GrantError::WrongVerifier),
            _ => {}
        }
        let scopes = known.terms.scopes.clone();
        let issued = self.grant(scopes, now_ms, lifetimes);
        let grant = self.grants.last().map(|grant| grant.number);
        if let Some(known) = self.codes.get_mut(code) {
            known.used_for = grant;
        }
        Ok(issued)
    }

    /// A new grant with its first access token.
    pub(crate) fn grant(&mut self, scopes: Scopes, now_ms: i64, lifetimes: Lifetimes) -> Issued {
        let refresh = self.secret("1//0");
        let number = self.counter;
        if self.grants.len() >= REFRESH_TOKENS {
            self.grants.remove(0);
        }
        // Only sign-in scopes never expire in status Testing (4.5).
        let only_sign_in = scopes.iter().all(|scope| matches!(scope, "openid" | "email" | "profile"));
        let expires_ms = lifetimes.refresh_ms.filter(|_| !only_sign_in).map(|life| now_ms + life);
        self.grants.push(Grant { number, refresh: refresh.clone(), scopes: scopes.clone(), expires_ms });
        let access = self.new_access(number, scopes.clone(), now_ms, lifetimes);
        Issued { access, refresh: Some(refresh), scopes }
    }

    fn new_access(&mut self, grant: u64, scopes: Scopes, now_ms: i64, lifetimes: Lifetimes) -> String {
        let token = self.secret("ya29.");
        self.access.insert(token.clone(), Access { grant, scopes, expires_ms: now_ms + lifetimes.access_ms });
        token
    }

    /// # Errors
    /// [`GrantError::DeadRefreshToken`].
    pub(crate) fn refresh(&mut self, token: &str, now_ms: i64, lifetimes: Lifetimes) -> Result<Issued, GrantError> {
        let grant = self.grants.iter().find(|grant| grant.refresh == token).ok_or(GrantError::DeadRefreshToken)?;
        if grant.expires_ms.is_some_and(|end| now_ms > end) {
            return Err(GrantError::DeadRefreshToken);
        }
        let (number, scopes) = (grant.number, grant.scopes.clone());
        let access = self.new_access(number, scopes.clone(), now_ms, lifetimes);
        Ok(Issued { access, refresh: None, scopes })
    }

    /// What an access token may do; nothing if it is unknown, dead or expired.
    pub(crate) fn scopes_of(&self, token: &str, now_ms: i64) -> Option<Scopes> {
        self.access.get(token).filter(|access| now_ms <= access.expires_ms).map(|access| access.scopes.clone())
    }

    /// Revokes an access or refresh token with everything that hangs together. False if it is unknown.
    pub(crate) fn revoke(&mut self, token: &str) -> bool {
        let by_access = self.access.get(token).map(|access| access.grant);
        let grant = by_access.or_else(|| self.grants.iter().find(|grant| grant.refresh == token).map(|grant| grant.number));
        grant.is_some_and(|grant| {
            self.drop_grant(grant);
            true
        })
    }

    fn drop_grant(&mut self, number: u64) {
        self.grants.retain(|grant| grant.number != number);
        self.access.retain(|_, access| access.grant != number);
    }

    /// Makes all access tokens issued so far worthless; refresh tokens go on working.
    pub(crate) fn reject_access_tokens(&mut self) {
        self.access.clear();
    }

    /// Kills one refresh token, as a user does who withdraws access; its access tokens live on until they expire.
    pub(crate) fn kill_refresh_token(&mut self, token: &str) {
        self.grants.retain(|grant| grant.refresh != token);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    const LIFE: Lifetimes = Lifetimes { access_ms: 3_599_000, refresh_ms: Some(604_800_000) };

    fn terms(challenge: Option<Challenge>) -> CodeTerms {
        CodeTerms {
            redirect_uri: "http://127.0.0.1:5".to_owned(),
            challenge,
            scopes: Scopes::parse("https://www.googleapis.com/auth/photoslibrary.readonly openid"),
        }
    }

    #[test]
    fn the_example_of_the_pkce_standard_is_met() {
        let challenge = Challenge { value: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned(), sha256: true };
        assert!(challenge.is_met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert!(!challenge.is_met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl"));
    }

    #[test]
    fn a_code_works_once_and_its_second_use_kills_the_first() {
        let mut book = TokenBook::new([1; 32]);
        let code = book.new_code(terms(None), 0);
        let issued = book.exchange(&code, "http://127.0.0.1:5", None, 10, LIFE).unwrap();
        assert!(book.scopes_of(&issued.access, 10).unwrap().has("photoslibrary.readonly"));
        assert_eq!(book.exchange(&code, "http://127.0.0.1:5", None, 10, LIFE).unwrap_err(), GrantError::BadCode);
        assert!(book.scopes_of(&issued.access, 10).is_none());
    }

    #[test]
    fn a_code_is_bound_to_time_address_and_verifier() {
        let mut book = TokenBook::new([1; 32]);
        let code = book.new_code(terms(Some(Challenge { value: "v".repeat(43), sha256: false })), 0);
        let mut try_it = |uri: &str, verifier: Option<&str>, now| book.exchange(&code, uri, verifier, now, LIFE).unwrap_err();
        assert_eq!(try_it("http://127.0.0.1:6", Some(&"v".repeat(43)), 1), GrantError::RedirectDiffers);
        assert_eq!(try_it("http://127.0.0.1:5", None, 1), GrantError::NoVerifier);
        assert_eq!(try_it("http://127.0.0.1:5", Some(&"w".repeat(43)), 1), GrantError::WrongVerifier);
        assert_eq!(try_it("http://127.0.0.1:5", Some(&"v".repeat(43)), 60_001), GrantError::BadCode);
    }

    #[test]
    fn access_tokens_expire_and_refresh_tokens_of_a_test_project_die_after_a_week() {
        let mut book = TokenBook::new([1; 32]);
        let issued = book.grant(Scopes::parse("photoslibrary.readonly"), 0, LIFE);
        assert!(book.scopes_of(&issued.access, 3_599_000).is_some());
        assert!(book.scopes_of(&issued.access, 3_599_001).is_none());
        let refresh = issued.refresh.unwrap();
        assert!(book.refresh(&refresh, 604_800_000, LIFE).is_ok());
        assert_eq!(book.refresh(&refresh, 604_800_001, LIFE).unwrap_err(), GrantError::DeadRefreshToken);
    }

    #[test]
    fn revoking_an_access_token_kills_its_refresh_token() {
        let mut book = TokenBook::new([1; 32]);
        let issued = book.grant(Scopes::parse("photoslibrary.readonly"), 0, LIFE);
        assert!(book.revoke(&issued.access));
        assert!(book.refresh(&issued.refresh.unwrap(), 1, LIFE).is_err());
        assert!(!book.revoke("ya29.unknown"));
    }

    #[test]
    fn the_hundred_and_first_refresh_token_kills_the_first() {
        let mut book = TokenBook::new([1; 32]);
        let tokens: Vec<String> =
            (0..101).map(|_| book.grant(Scopes::parse("photoslibrary"), 0, LIFE).refresh.unwrap()).collect();
        assert!(book.refresh(&tokens[0], 1, LIFE).is_err());
        assert!(book.refresh(&tokens[1], 1, LIFE).is_ok());
    }
}
