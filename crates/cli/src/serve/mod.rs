//! `photokeep serve`: the window's user interface in a browser, for NAS boxes and for tests.
//!
//! Promises: it listens on this computer only, unless told otherwise and given a password; whoever has not shown the one-time
//! code (or the password) gets nothing but the page itself; requests from other sites are refused (Host, Origin, a cookie that
//! scripts cannot read and that other sites cannot send).
//!
//! - `entrance`: codes, password, cookie. - `guard`: Host and Origin. - `pages`: the built user interface.
//! - `events`: the stream of events. - `browser`: the host that the desk sees.

mod browser;
mod entrance;
mod events;
mod guard;
mod pages;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use photokeep_app::App;
use photokeep_app::boundary::call;
use photokeep_app::desk::{Desk, media_router};
use photokeep_app::model::{Code, Error, Result};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::arguments::Serve;
use entrance::Entrance;

/// Whether the program carries a user interface.
pub fn has_user_interface() -> bool {
    pages::are_there()
}

/// Requests are small; the largest holds a client file.
const LARGEST_REQUEST: usize = 1024 * 1024;

/// What every request sees.
pub(crate) struct Serving {
    desk: Arc<Desk>,
    entrance: Entrance,
    stop: CancellationToken,
}

/// A server that listens.
pub struct Server {
    /// What to open in a browser.
    pub address: String,
    serving: Arc<Serving>,
    listener: TcpListener,
    local: SocketAddr,
}

impl Server {
    /// Listens. Nothing is answered before [`Server::run`].
    ///
    /// # Errors
    /// When the address is taken or not this computer's, and for addresses of the network without a password.
    pub async fn bind(app: App, arguments: &Serve) -> Result<Self> {
        let password = arguments.password_file.as_deref().map(entrance::read_password).transpose()?;
        if !arguments.listen.ip().is_loopback() {
            if !arguments.allow_network {
                return Err(Error::new(Code::Usage, format!("{} can be reached from other computers.", arguments.listen)).hint(
                    "If that is what you want, add --allow-network and --password-file FILE. Everybody who knows the password sees the photos; put a reverse proxy with TLS in front.",
                ));
            }
            if password.is_none() {
                return Err(Error::new(Code::Usage, "Without a password nobody should reach this library over the network.")
                    .hint("Write a password of at least 12 characters into a file and name it with --password-file."));
            }
        }
        let folder = arguments.library.as_deref().map(|folder| std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()));
        let host = Arc::new(browser::Browser { choose_library: folder.is_none() });
        let desk = Desk::new(app, host, folder)?;
        let listener = TcpListener::bind(arguments.listen).await.map_err(|error| {
            Error::new(Code::Usage, format!("Photokeep cannot listen on {}.", arguments.listen))
                .hint("Perhaps it runs already. Choose another port with --listen 127.0.0.1:PORT; port 0 takes any free one.")
                .source(error)
        })?;
        let local =
            listener.local_addr().map_err(|error| Error::new(Code::Internal, "The address is not known.").source(error))?;
        let (entrance, code) = Entrance::new(local.port(), password)?;
        let address = format!("http://{local}/#code={code}");
        let serving = Arc::new(Serving { desk, entrance, stop: CancellationToken::new() });
        Ok(Self { address, serving, listener, local })
    }

    /// Answers until `stop`, then lets a run end tidily.
    ///
    /// # Errors
    /// When the network fails.
    pub async fn run(self, names: Vec<String>, stop: CancellationToken) -> Result<()> {
        let guard = Arc::new(guard::Guard::new(self.local, names));
        let inside = Router::new()
            .route("/rpc", post(rpc))
            .route("/events", get(events::stream))
            .with_state(self.serving.clone())
            .nest("/media", media_router(self.serving.desk.clone()))
            .layer(middleware::from_fn_with_state(self.serving.clone(), entrance::only_with_cookie));
        let app = Router::new()
            .route("/session", post(entrance::enter).get(entrance::how_to_enter))
            .with_state(self.serving.clone())
            .merge(inside)
            .route("/", get(|| async { pages::page("index.html") }))
            .route("/{*path}", get(|Path(path): Path<String>| async move { pages::page(&path) }))
            .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
            .layer(middleware::from_fn_with_state(guard, guard::check));
        let serving = self.serving.clone();
        let stopping = serving.stop.clone();
        tokio::spawn(async move {
            stop.cancelled().await;
            serving.desk.close().await;
            serving.stop.cancel();
        });
        axum::serve(self.listener, app)
            .with_graceful_shutdown(async move { stopping.cancelled().await })
            .await
            .map_err(|error| Error::new(Code::Internal, "The server stopped.").source(error))
    }
}

#[derive(serde::Deserialize)]
struct Call {
    command: String,
    #[serde(default)]
    payload: Value,
}

async fn rpc(State(serving): State<Arc<Serving>>, Json(request): Json<Call>) -> Response {
    match call(&serving.desk, &request.command, request.payload).await {
        Ok(response) => Json(response).into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, Json(error)).into_response(),
    }
}
