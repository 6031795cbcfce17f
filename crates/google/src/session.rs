//! A sign-in at work: hands out access tokens that are still good, renews them one at a time, saves what it gets.

use chrono::{TimeDelta, Utc};
use photokeep_model::Result;
use tokio::sync::Mutex;

use crate::Endpoints;
use crate::oauth;
use crate::token_store::{SignIn, TokenStore};
use crate::trouble::Trouble;

/// A token with less life than this is renewed before use, so that it does not die under way.
const SPARE: TimeDelta = TimeDelta::seconds(60);

/// One person's sign-in, shared by all requests of a run.
#[derive(Debug)]
pub struct Session {
    http: reqwest::Client,
    endpoints: Endpoints,
    store: TokenStore,
    sign_in: Mutex<SignIn>,
}

impl Session {
    /// Takes up the sign-in that the store holds.
    ///
    /// # Errors
    /// [`photokeep_model::Code::SignInNeeded`] when there is none.
    pub fn open(http: reqwest::Client, endpoints: &Endpoints, store: TokenStore) -> Result<Self> {
        let (sign_in, _) = store.load()?.ok_or_else(crate::token_store::nobody_signed_in)?;
        Ok(Self { http, endpoints: endpoints.clone(), store, sign_in: Mutex::new(sign_in) })
    }

    /// What was granted.
    pub async fn granted_scopes(&self) -> Vec<String> {
        self.sign_in.lock().await.scopes.clone()
    }

    /// Account and rights in one text, for telling whether two listings can be compared. Not secret, not for people.
    pub async fn seen_as(&self) -> String {
        let sign_in = self.sign_in.lock().await;
        let account = sign_in.account.as_deref().unwrap_or_default();
        match sign_in.asked {
            crate::Scopes::WholeLibrary => format!("whole-library {account}"),
            // Own uploads are those of this client.
            crate::Scopes::OwnUploads => format!("own-uploads {} {account}", sign_in.client.client_id),
        }
    }

    /// Whether Google lets Photokeep upload.
    pub async fn may_upload(&self) -> bool {
        self.sign_in.lock().await.may_upload()
    }

    /// Whether the whole library was asked for.
    pub async fn asked(&self) -> crate::Scopes {
        self.sign_in.lock().await.asked
    }

    pub(crate) async fn access_token(&self) -> std::result::Result<String, Trouble> {
        let mut sign_in = self.sign_in.lock().await;
        if sign_in.access_expires_at - Utc::now() < SPARE {
            self.renew_locked(&mut sign_in).await?;
        }
        Ok(sign_in.access_token.clone())
    }

    /// Renews a token that Google stopped accepting; many requests may ask at once, one of them does it.
    pub(crate) async fn renew(&self, stale: &str) -> std::result::Result<String, Trouble> {
        let mut sign_in = self.sign_in.lock().await;
        if sign_in.access_token == stale {
            self.renew_locked(&mut sign_in).await?;
        }
        Ok(sign_in.access_token.clone())
    }

    async fn renew_locked(&self, sign_in: &mut SignIn) -> std::result::Result<(), Trouble> {
        *sign_in = oauth::refresh(&self.http, &self.endpoints, sign_in).await?;
        // Its old form still works; a full disk here must not end the run.
        if let Err(error) = self.store.save(sign_in) {
            tracing::warn!(%error, "the renewed sign-in could not be saved");
        }
        tracing::debug!("access token renewed");
        Ok(())
    }

    /// Signs out: asks Google to forget the sign-in, and forgets it here whatever Google says. True when Google agreed.
    ///
    /// # Errors
    /// When the store cannot be changed.
    pub async fn sign_out(self) -> Result<bool> {
        let sign_in = self.sign_in.into_inner();
        let revoked = oauth::revoke(&self.http, &self.endpoints, &sign_in).await.is_ok();
        self.store.forget()?;
        Ok(revoked)
    }
}
