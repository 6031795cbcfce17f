//! Accepts connections on loopback and hands each request to the part that answers it.
//!
//! Routing is by hand: Google's addresses have verbs after a colon, media tokens with an equals sign, and in TLS mode the
//! same path can mean different things on different hosts. Hyper is driven directly so that a fault can end a connection.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::config::{Endpoints, SimulatorConfig};
use crate::control::{Control, MediaUrl};
use crate::control_http::{self, CONTROL_PATH};
use crate::media_url::{MEDIA_PATH, VIDEO_PATH};
use crate::photo_library::PhotoLibrary;
use crate::socket::{Fuse, Socket};
use crate::tls_proxy::{TlsProxy, host_has};
use crate::violations::ViolationKind;
use crate::wire::{ApiError, Reply, error_page, html};
use crate::world::{Visit, World};
use crate::{discovery, library_api, media_bytes, oauth, transfer};

/// Largest request body taken; uploads are not among them.
const LARGEST_BODY: usize = 16 << 20;

/// A running simulator. Dropping it ends the server and all connections.
pub struct Simulator {
    world: Arc<World>,
    address: SocketAddr,
    proxy: Option<TlsProxy>,
    _stop: DropGuard,
}

impl Simulator {
    /// Binds 127.0.0.1 and serves `library` on the current Tokio runtime.
    ///
    /// # Errors
    /// When the port is taken, the library contradicts itself (ids twice, unknown album members), or no certificate can
    /// be made.
    pub async fn start(config: SimulatorConfig, library: PhotoLibrary) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await?;
        let address = listener.local_addr()?;
        let tls = config.tls;
        let world = Arc::new(World::new(config, library, format!("http://{address}"))?);
        let stop = CancellationToken::new();
        let proxy = if tls { Some(TlsProxy::start(world.clone(), stop.clone()).await?) } else { None };
        tokio::spawn(accept(listener, world.clone(), stop.clone()));
        Ok(Self { world, address, proxy, _stop: stop.drop_guard() })
    }

    /// Where the services are. In TLS mode these are Google's own addresses.
    pub fn endpoints(&self) -> Endpoints {
        self.world.endpoints.clone()
    }

    /// The test's handle.
    pub fn control(&self) -> Control {
        Control::new(self.world.clone())
    }

    /// In front of the addresses of `control_http`.
    pub fn control_url(&self) -> String {
        format!("http://{}{CONTROL_PATH}", self.address)
    }

    /// A client file that this simulator accepts.
    pub fn client_secret_json(&self) -> String {
        oauth::client_file(&self.world.config.client, &self.world.endpoints)
    }

    /// Fresh addresses of everything that can be downloaded.
    pub fn media_urls(&self) -> Vec<MediaUrl> {
        self.control().media_urls()
    }

    /// In TLS mode, the value for `HTTPS_PROXY`.
    pub fn proxy_url(&self) -> Option<String> {
        self.proxy.as_ref().map(TlsProxy::url)
    }

    /// In TLS mode, the certificate authority to trust, in PEM.
    pub fn ca_pem(&self) -> Option<&str> {
        self.proxy.as_ref().map(TlsProxy::ca_pem)
    }

    /// Writes the client file, and in TLS mode the certificate authority, into `folder`; gives their paths.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn write_files(&self, folder: &Path) -> io::Result<(PathBuf, Option<PathBuf>)> {
        let client = folder.join("client_secret.json");
        std::fs::write(&client, self.client_secret_json())?;
        let ca = match self.ca_pem() {
            None => None,
            Some(pem) => {
                let path = folder.join("ca.pem");
                std::fs::write(&path, pem)?;
                Some(path)
            }
        };
        Ok((client, ca))
    }

    /// Ends the server and its connections.
    pub fn shutdown(self) {}
}

async fn accept(listener: TcpListener, world: Arc<World>, stop: CancellationToken) {
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                let (world, stop) = (world.clone(), stop.clone());
                tokio::spawn(async move {
                    let socket = plain(stream);
                    let fuse = socket.fuse();
                    serve(socket, fuse, false, world, stop).await;
                });
            }
            // Out of file descriptors, for example: others may be closed soon.
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
        }
    }
}

/// A socket that sends small answers at once.
pub(crate) fn plain(stream: TcpStream) -> Socket {
    // Only a matter of speed.
    let _ = stream.set_nodelay(true);
    Socket::new(stream)
}

/// Serves one connection until it ends.
pub(crate) async fn serve<S>(stream: S, fuse: Fuse, tls: bool, world: Arc<World>, stop: CancellationToken)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let visit = Visit { tls, fuse };
    let service = service_fn(move |request| {
        let (world, visit) = (world.clone(), visit.clone());
        async move { Ok::<_, Infallible>(answer(&world, &visit, request).await) }
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        () = stop.cancelled() => {}
        // A connection that ends badly is the client's doing, or a fault's.
        _ = connection => {}
    }
}

async fn answer(world: &Arc<World>, visit: &Visit, request: Request<Incoming>) -> Reply {
    let path = request.uri().path();
    let in_control = path.starts_with(CONTROL_PATH);
    if !in_control && !request.headers().contains_key(header::USER_AGENT) {
        let detail = if path.starts_with(MEDIA_PATH) { "media" } else { path };
        world.violations.add(ViolationKind::MissingUserAgent, world.clock.now(), detail);
    }
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let reply = if visit.tls && !host_has(host, path) {
        html(StatusCode::NOT_FOUND, error_page(404))
    } else if path.starts_with(MEDIA_PATH) || path.starts_with(VIDEO_PATH) {
        if !world.config.latency.is_zero() {
            tokio::time::sleep(world.config.latency).await;
        }
        media_bytes::answer(world, visit, &request).await
    } else {
        let (parts, body) = request.into_parts();
        if transfer::is_meant(&parts) {
            return counted(world, transfer::answer(world, visit, &parts, Body::new(body)).await);
        }
        match axum::body::to_bytes(Body::new(body), LARGEST_BODY).await {
            Ok(body) => route(world, visit, &parts, body).await,
            Err(_) => html(StatusCode::PAYLOAD_TOO_LARGE, error_page(413)),
        }
    };
    if in_control { reply } else { counted(world, reply) }
}

/// Counts an answer that refuses.
fn counted(world: &World, reply: Reply) -> Reply {
    if reply.status().is_client_error() || reply.status().is_server_error() {
        world.counts.refused();
    }
    reply
}

async fn route(world: &Arc<World>, visit: &Visit, parts: &axum::http::request::Parts, body: Bytes) -> Reply {
    let (path, query) = (parts.uri.path(), parts.uri.query().unwrap_or_default());
    let (get, post) = (parts.method == Method::GET, parts.method == Method::POST);
    if let Some(path) = path.strip_prefix(CONTROL_PATH) {
        return control_http::answer(&Control::new(world.clone()), &parts.method, path.trim_start_matches('/'), &body);
    }
    let userinfo = |openid| {
        let query: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        match library_api::authenticate(world, &parts.headers, &query) {
            Ok(scopes) => oauth::userinfo(world, &scopes, openid),
            Err(error) => error.reply(),
        }
    };
    match path {
        "/v1/userinfo" | "/oauth2/v3/userinfo" if get => userinfo(true),
        path if path.starts_with("/v1/") => {
            let picker = parts.headers.get(header::HOST).is_some_and(|host| host.as_bytes().starts_with(b"photospicker."));
            if picker { ApiError::unimplemented().reply() } else { library_api::answer(world, visit, parts, body).await }
        }
        "/o/oauth2/v2/auth" | "/o/oauth2/auth" if get => oauth::consent_page(world, query),
        "/o/oauth2/v2/auth" | "/o/oauth2/auth" if post => oauth::decide(world, query, &body),
        "/token" | "/oauth2/v4/token" | "/o/oauth2/token" if post => oauth::token(world, visit, &parts.headers, &body),
        "/revoke" | "/o/oauth2/revoke" if post => oauth::revoke(world, query, &body),
        "/oauth2/v2/userinfo" if get => userinfo(false),
        "/.well-known/openid-configuration" if get => oauth::openid_configuration(world),
        "/$discovery/rest" | "/discovery/v1/apis/photoslibrary/v1/rest" if get => {
            discovery::document(if visit.tls { "https://photoslibrary.googleapis.com" } else { &world.base })
        }
        "/oauth2/v3/certs" | "/oauth2/v1/certs" if get => crate::wire::json_reply(StatusCode::OK, &json!({ "keys": [] })),
        path if path.starts_with("/picker/") || path.starts_with("/drive/") => ApiError::unimplemented().reply(),
        _ => html(StatusCode::NOT_FOUND, error_page(404)),
    }
}
