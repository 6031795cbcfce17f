//! Google as Photokeep sees it: sign-in, the store of tokens, and the Library API.
//!
//! Endpoints are data ([`Endpoints`]), so tests and the demo put a simulator in Google's place. No secret leaves this
//! room in a log, an error or a URL query. What a run does with items is not decided here (`photokeep-sync`).
//! The Picker and Drive APIs get their rooms here when an issue asks for them; their addresses are already in the
//! endpoints.

mod client_file;
mod endpoints;
mod library_api;
mod loopback;
mod oauth;
mod private_file;
mod session;
mod token_store;
mod transfers;
mod trouble;
mod upload;
mod wire;

pub use client_file::{ClientFile, ClientShape, built_in_client};
pub use endpoints::Endpoints;
pub use library_api::{AlbumPage, ITEMS_PER_PAGE, ItemPage, LibraryApi, ListRequest, SearchFilters};
pub use oauth::{Asked, PendingSignIn, Scopes};
pub use session::Session;
pub use token_store::{SignIn, SignInTimes, TokenPlace, TokenStore};
pub use transfers::TransferStore;
pub use trouble::{Quota, Trouble, quota_of};
pub use upload::{CreatedItem, ITEMS_PER_CREATION, NewItem, Reached, Transfer, UploadToken, upload_client};
pub use wire::{Album, BatchResult, MediaItem, Status};

/// The name Photokeep gives itself to Google's servers.
pub const USER_AGENT: &str = concat!("photokeep/", env!("CARGO_PKG_VERSION"));

/// An HTTP client for API calls: 10 s to connect, 60 s without a byte is a failure.
///
/// # Errors
/// When the TLS library cannot be set up.
pub fn api_client() -> photokeep_model::Result<reqwest::Client> {
    built(client_settings().read_timeout(std::time::Duration::from_secs(60)))
}

fn client_settings() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .connect_timeout(std::time::Duration::from_secs(10))
        // Tokens ride in headers; a redirect elsewhere must not carry them.
        .redirect(reqwest::redirect::Policy::none())
}

fn built(settings: reqwest::ClientBuilder) -> photokeep_model::Result<reqwest::Client> {
    settings.build().map_err(|error| {
        photokeep_model::Error::new(photokeep_model::Code::Internal, "The network library could not be started.").source(error)
    })
}
