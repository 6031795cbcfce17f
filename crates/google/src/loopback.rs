//! The listener that the browser is sent back to: this computer only, one answer, then closed.
//!
//! Reads the first line of a request by hand; a web server crate would be a framework for a single GET.

use std::net::{Ipv4Addr, Ipv6Addr};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// Longest request head read, in bytes. Google's answers are below 2 kB.
const LONGEST_HEAD: usize = 16 * 1024;

/// How long one connection may take to send its request. Browsers open spare connections that never send anything.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// Listens on a free port, or on the one given.
pub(crate) async fn listen(host: LoopbackHost, port: u16) -> std::io::Result<TcpListener> {
    match host {
        LoopbackHost::V4 => TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await,
        LoopbackHost::V6 => TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await,
    }
}

/// Which loopback address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LoopbackHost {
    V4,
    V6,
}

/// Where the browser was sent, and the connection that waits for an answer.
pub(crate) struct Visit {
    pub url: Url,
    stream: TcpStream,
}

/// Waits for the next request. Connections without a readable one are dropped.
pub(crate) async fn next_visit(listener: &TcpListener) -> std::io::Result<Visit> {
    loop {
        let (mut stream, _) = listener.accept().await?;
        if let Ok(Some(url)) = tokio::time::timeout(PATIENCE, read_address(&mut stream)).await {
            return Ok(Visit { url, stream });
        }
    }
}

async fn read_address(stream: &mut TcpStream) -> Option<Url> {
    let mut head = Vec::new();
    let mut block = [0u8; 2048];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let count = stream.read(&mut block).await.ok()?;
        if count == 0 || head.len() + count > LONGEST_HEAD {
            return None;
        }
        head.extend_from_slice(&block[..count]);
    }
    let line = head.split(|byte| *byte == b'\r').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    let (method, path) = (words.next()?, words.next()?);
    if method != "GET" || !path.starts_with('/') {
        return None;
    }
    Url::parse("http://127.0.0.1").ok()?.join(path).ok()
}

impl Visit {
    /// Answers with a small page and closes. Nothing of the request is shown, so nothing can be smuggled into it.
    pub(crate) async fn answer(mut self, status: &str, title: &str, text: &str) {
        let body = format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Photokeep</title>\
             <style>body{{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem;color:#222;background:#fafaf8}}\
             @media(prefers-color-scheme:dark){{body{{color:#eee;background:#1b1b1a}}}}</style><h1>{title}</h1><p>{text}</p></html>"
        );
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
             Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n",
            body.len()
        );
        // The browser may be gone already; the sign-in does not depend on it.
        let _ = self.stream.write_all(head.as_bytes()).await;
        let _ = self.stream.write_all(body.as_bytes()).await;
        let _ = self.stream.shutdown().await;
    }
}
