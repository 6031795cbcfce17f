//! For clients whose addresses are fixed in their code: an HTTP proxy on loopback that plays Google's hosts over TLS.
//!
//! The certificate authority is made at start, its key never leaves memory, and it dies with the simulator. Tunnels to any
//! other host are refused.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_util::sync::CancellationToken;

use crate::media_url::{MEDIA_PATH, VIDEO_PATH};
use crate::server::{plain, serve};
use crate::world::World;

/// The hosts that are played.
const HOSTS: [&str; 8] = [
    "photoslibrary.googleapis.com",
    "oauth2.googleapis.com",
    "accounts.google.com",
    "www.googleapis.com",
    "openidconnect.googleapis.com",
    "lh3.googleusercontent.com",
    "video-downloads.googleusercontent.com",
    "photospicker.googleapis.com",
];
/// A `CONNECT` with its headers is shorter than this.
const LARGEST_HEAD: usize = 8 * 1024;
/// A client must have said what it wants by then.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether Google answers `path` on `host`: each of its hosts has its own services.
pub(crate) fn host_has(host: &str, path: &str) -> bool {
    let begins = |starts: &[&str]| starts.iter().any(|start| path.starts_with(start));
    match host.strip_suffix(":443").unwrap_or(host) {
        "photoslibrary.googleapis.com" => path != "/v1/userinfo" && begins(&["/v1/", "/$discovery/"]),
        "photospicker.googleapis.com" => begins(&["/v1/"]),
        "openidconnect.googleapis.com" => path == "/v1/userinfo",
        "oauth2.googleapis.com" => begins(&["/token", "/revoke"]),
        "accounts.google.com" => begins(&["/o/oauth2/", "/.well-known/"]),
        "www.googleapis.com" => begins(&["/oauth2/", "/discovery/", "/drive/"]),
        "lh3.googleusercontent.com" => begins(&[MEDIA_PATH]),
        "video-downloads.googleusercontent.com" => begins(&[VIDEO_PATH]),
        _ => false,
    }
}

/// A running proxy; it ends with the simulator.
pub(crate) struct TlsProxy {
    address: SocketAddr,
    ca_pem: String,
}

impl TlsProxy {
    pub(crate) async fn start(world: Arc<World>, stop: CancellationToken) -> io::Result<Self> {
        let (ca_pem, acceptor) = certificates()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        tokio::spawn(async move {
            loop {
                let accepted = tokio::select! {
                    () = stop.cancelled() => return,
                    accepted = listener.accept() => accepted,
                };
                let Ok((stream, _)) = accepted else { continue };
                let (world, stop, acceptor) = (world.clone(), stop.clone(), acceptor.clone());
                // A tunnel that fails is seen by the client.
                tokio::spawn(async move { tunnel(stream, acceptor, world, stop).await });
            }
        });
        Ok(Self { address, ca_pem })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn ca_pem(&self) -> &str {
        &self.ca_pem
    }
}

async fn tunnel(mut stream: TcpStream, acceptor: TlsAcceptor, world: Arc<World>, stop: CancellationToken) -> io::Result<()> {
    let head = tokio::time::timeout(PATIENCE, read_head(&mut stream)).await??;
    if !connect_target(&head).is_some_and(|(host, port)| port == "443" && HOSTS.contains(&host)) {
        stream.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await?;
        return Ok(());
    }
    stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
    let socket = plain(stream);
    let fuse = socket.fuse();
    let stream = tokio::time::timeout(PATIENCE, acceptor.accept(socket)).await??;
    serve(stream, fuse, true, world, stop).await;
    Ok(())
}

/// Everything up to the empty line. A client sends nothing after it before the answer.
async fn read_head(stream: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= LARGEST_HEAD || stream.read_buf(&mut head).await? == 0 {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
    String::from_utf8(head).map_err(|_| io::ErrorKind::InvalidData.into())
}

/// Host and port of a `CONNECT` request.
fn connect_target(head: &str) -> Option<(&str, &str)> {
    head.lines().next()?.strip_prefix("CONNECT ")?.split_once(' ')?.0.rsplit_once(':')
}

/// A new certificate authority in PEM, and an acceptor with a certificate of it for all hosts.
fn certificates() -> io::Result<(String, TlsAcceptor)> {
    let ca_key = KeyPair::generate().map_err(io::Error::other)?;
    let mut ca = CertificateParams::default();
    ca.distinguished_name.push(DnType::CommonName, "Photokeep simulator, throw away");
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let ca_certificate = ca.self_signed(&ca_key).map_err(io::Error::other)?;
    let issuer = Issuer::new(ca, ca_key);
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let mut leaf = CertificateParams::new(HOSTS.map(str::to_owned)).map_err(io::Error::other)?;
    leaf.distinguished_name.push(DnType::CommonName, "simulated Google");
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    leaf.use_authority_key_identifier_extension = true;
    let leaf = leaf.signed_by(&key, &issuer).map_err(io::Error::other)?;
    let chain = vec![CertificateDer::from(leaf.der().to_vec())];
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(io::Error::other)?;
    Ok((ca_certificate.pem(), TlsAcceptor::from(Arc::new(config))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_answer_only_for_their_own_services() {
        assert!(host_has("photoslibrary.googleapis.com", "/v1/mediaItems"));
        assert!(host_has("oauth2.googleapis.com:443", "/token"));
        assert!(!host_has("www.googleapis.com", "/v1/mediaItems"));
        assert!(!host_has("photoslibrary.googleapis.com", "/control/stats"));
        for host in HOSTS {
            assert!(!host_has(host, "/"), "{host}");
        }
    }

    #[test]
    fn only_connect_has_a_target() {
        assert_eq!(
            connect_target("CONNECT lh3.googleusercontent.com:443 HTTP/1.1\r\nHost: x\r\n\r\n"),
            Some(("lh3.googleusercontent.com", "443"))
        );
        assert_eq!(connect_target("GET http://example.org/ HTTP/1.1\r\n\r\n"), None);
        assert_eq!(connect_target(""), None);
    }
}
