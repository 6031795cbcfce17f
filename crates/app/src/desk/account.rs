//! Signing in, who is signed in, signing out.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use photokeep_google::{ClientFile, ClientShape, Scopes, built_in_client};
use photokeep_model::{Code, Error, Result};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use ts_rs::TS;

use super::Desk;
use super::place::blocking;
use crate::account::{SignInRequest, SignedOut};
use crate::boundary::{ApiError, DeskEvent, Nothing, Sentences, SignInState, sentences};

/// The sign-in under way, and how the last one stands.
#[derive(Default)]
pub(crate) struct SignInDesk {
    state: SignInState,
    paste: Option<mpsc::Sender<String>>,
    task: Option<AbortHandle>,
    /// Counts sign-ins, so that one that was given up cannot speak for the next.
    number: u64,
}

/// Who is signed in.
#[derive(Debug, Default, Serialize, TS)]
pub struct Account {
    /// Whether anybody is.
    pub signed_in: bool,
    /// The account's address, when Google told it.
    pub account: Option<String>,
    /// What was granted, by short names.
    pub scopes: Vec<String>,
    /// Whether the whole library may be read, instead of what Photokeep itself uploaded.
    pub whole_library: bool,
    /// Whether Photokeep may upload.
    pub may_upload: bool,
    /// The client it was made with: with it the person can sign in again.
    pub client: Option<CheckedClient>,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
    /// When Google will end it, when it said so.
    pub ends: Option<DateTime<Utc>>,
    /// Whether the system's keychain keeps it; else a file that only the person can read does.
    pub in_keychain: bool,
    /// Where it is kept, in a sentence.
    pub kept: Option<String>,
    /// The sentences in it that have a code.
    pub sentences: Sentences,
    /// Why it cannot be read.
    pub trouble: Option<ApiError>,
}

/// The text of a `client_secret.json`.
#[derive(Deserialize, TS)]
pub struct ClientText {
    /// The text.
    pub text: String,
}

/// A client file that is right.
#[derive(Debug, Serialize, TS)]
pub struct CheckedClient {
    /// Whether it is of the kind "Desktop app", which needs no registered address.
    pub desktop: bool,
    /// Whether the browser comes back by itself; else the address that it ends at has to be pasted.
    pub comes_back: bool,
    /// The first part of its public number, to be recognised by.
    pub client_id_start: String,
}

/// Whom to sign in.
#[derive(Deserialize, TS)]
pub struct BeginSignIn {
    /// The text of the `client_secret.json`; `None` for the client of the sign-in that is kept, else for the one that is built in.
    pub client: Option<String>,
    /// Ask for the whole library instead of own uploads.
    pub whole_library: bool,
    /// Ask for the right to upload too.
    #[serde(default)]
    #[ts(optional)]
    pub upload: Option<bool>,
    /// Make the library anew if its folder was emptied on purpose.
    #[serde(default)]
    #[ts(optional)]
    pub start_over: Option<bool>,
}

/// Where the person signs in.
#[derive(Debug, Serialize, TS)]
pub struct SignInAddress {
    /// The address.
    pub address: String,
    /// Whether the system's browser was asked to open it.
    pub opened: bool,
}

/// The address on which the browser ended, for sign-ins on another computer.
#[derive(Deserialize, TS)]
pub struct PastedAddress {
    /// The whole address, or the code in it.
    pub address: String,
}

/// Says who is signed in.
pub(crate) async fn show(desk: &Arc<Desk>, _: Nothing) -> Result<Account> {
    let Some(place) = desk.place() else { return Ok(Account::default()) };
    blocking(move || {
        let id = match place.app.look(&place.folder) {
            Ok((id, _)) => id,
            Err(error) if error.code == Code::NoLibrary => return Ok(Account::default()),
            Err(error) => return Err(error),
        };
        let tokens = place.app.tokens(&id);
        let (sign_in, kept) = match tokens.load() {
            Ok(Some(kept)) => kept,
            Ok(None) => return Ok(Account::default()),
            Err(error) => return Ok(Account { trouble: Some(error.into()), ..Account::default() }),
        };
        Ok(Account {
            signed_in: true,
            account: sign_in.account.clone(),
            scopes: sign_in.scopes.iter().map(|scope| scope.rsplit('/').next().unwrap_or(scope).to_owned()).collect(),
            whole_library: sign_in.asked == Scopes::WholeLibrary,
            may_upload: sign_in.may_upload(),
            client: Some(CheckedClient::from(&sign_in.client)),
            since: Some(sign_in.signed_in_at),
            ends: sign_in.refresh_expires_at,
            in_keychain: kept == photokeep_google::TokenPlace::Keychain,
            sentences: sentences([kept.sentence().as_str()]),
            kept: Some(kept.sentence()),
            trouble: None,
        })
    })
    .await
}

/// Checks the text of a client file on the spot.
pub(crate) async fn check_client(_: &Arc<Desk>, request: ClientText) -> Result<CheckedClient> {
    let client = ClientFile::from_json(request.text.as_bytes())?;
    Ok(CheckedClient::from(&client))
}

impl From<&ClientFile> for CheckedClient {
    fn from(client: &ClientFile) -> Self {
        Self {
            desktop: client.shape == ClientShape::Installed,
            comes_back: client.comes_back(),
            client_id_start: client.client_id.chars().take(12).collect(),
        }
    }
}

/// Begins a sign-in, giving up one that is still under way, and opens the browser where the host can.
pub(crate) async fn sign_in(desk: &Arc<Desk>, request: BeginSignIn) -> Result<SignInAddress> {
    desk.must_be_idle()?;
    let place = desk.open_place()?;
    let client = match &request.client {
        Some(text) => ClientFile::from_json(text.as_bytes())?,
        None => {
            let kept = place.clone();
            let kept = blocking(move || Ok(kept.app.kept_client(&kept.folder))).await?;
            kept.or_else(built_in_client).ok_or_else(|| {
                Error::new(Code::ClientFile, "This Photokeep has no client of its own.")
                    .hint("Bring the client file of your own Google Cloud project.")
            })?
        }
    };
    let request = SignInRequest {
        library: place.folder.clone(),
        client,
        whole_library: request.whole_library,
        upload: request.upload.unwrap_or(false),
        start_over: request.start_over.unwrap_or(false),
    };
    let pending = place.app.begin_sign_in(&request).await?;
    let address = pending.address.to_string();
    let comes_back = pending.listens();
    let opened = desk.host.capabilities().open_address && desk.host.open_address(&address).is_ok();
    let (paste, pasted) = mpsc::channel(4);
    let number = {
        let mut sign_in = desk.sign_in_desk();
        if let Some(task) = sign_in.task.take() {
            task.abort();
        }
        sign_in.number += 1;
        sign_in.paste = Some(paste);
        sign_in.state = SignInState { waiting: true, address: Some(address.clone()), comes_back, ..SignInState::default() };
        sign_in.number
    };
    tell(desk, number, |_| {});
    let task = tokio::spawn({
        let desk = desk.clone();
        async move {
            let complain = |note: &str| {
                tell(&desk, number, |state| {
                    state.sentences = sentences([note]);
                    state.note = Some(note.to_owned());
                })
            };
            let ended = place.app.finish_sign_in(&request, pending, pasted, complain).await;
            if ended.is_ok() {
                place.forget_catalog();
            }
            tell(&desk, number, |state| {
                state.waiting = false;
                match ended {
                    Ok(signed_in) => state.signed_in = Some(signed_in),
                    Err(error) => state.error = Some(error.into()),
                }
            });
            desk.tell(DeskEvent::Library);
        }
    });
    desk.sign_in_desk().task = Some(task.abort_handle());
    Ok(SignInAddress { address, opened })
}

fn tell(desk: &Desk, number: u64, change: impl FnOnce(&mut SignInState)) {
    let state = {
        let mut sign_in = desk.sign_in_desk();
        if sign_in.number != number {
            return;
        }
        change(&mut sign_in.state);
        sign_in.state.clone()
    };
    desk.tell(DeskEvent::SignIn { sign_in: Box::new(state) });
}

/// Says how the sign-in stands.
pub(crate) async fn sign_in_state(desk: &Arc<Desk>, _: Nothing) -> Result<SignInState> {
    Ok(desk.sign_in_desk().state.clone())
}

/// Takes the address on which the browser ended.
pub(crate) async fn paste(desk: &Arc<Desk>, request: PastedAddress) -> Result<Nothing> {
    let paste = desk.sign_in_desk().paste.clone();
    let gone = || Error::new(Code::Usage, "No sign-in is waiting for an address.").hint("Begin the sign-in again.");
    paste.ok_or_else(gone)?.send(request.address).await.map_err(|_| gone())?;
    Ok(Nothing {})
}

/// Gives the sign-in up.
pub(crate) async fn cancel(desk: &Arc<Desk>, _: Nothing) -> Result<Nothing> {
    let mut sign_in = desk.sign_in_desk();
    if let Some(task) = sign_in.task.take() {
        task.abort();
    }
    sign_in.number += 1;
    sign_in.paste = None;
    sign_in.state = SignInState::default();
    Ok(Nothing {})
}

/// Signs out. The photos stay.
pub(crate) async fn sign_out(desk: &Arc<Desk>, _: Nothing) -> Result<SignedOut> {
    desk.must_be_idle()?;
    let place = desk.open_place()?;
    let signed_out = place.app.sign_out(&place.folder).await?;
    desk.tell(DeskEvent::Library);
    Ok(signed_out)
}
