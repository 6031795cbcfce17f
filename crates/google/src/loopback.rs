//! The listener that the browser is sent back to: this computer only, one answer, then closed.
//!
//! Reads the first line of a request by hand; a web server crate would be a framework for a single GET.

use std::net::{Ipv4Addr, Ipv6Addr};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use url::Url;

/// Longest request head read, in bytes. Google's answers are below 2 kB.
const LONGEST_HEAD: usize = 16 * 1024;

/// How long one connection may take to send its request. Browsers open spare connections that never send anything.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// Connections read at the same time; more are dropped at once. A browser opens a handful.
const MOST_CONNECTIONS: usize = 32;

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

/// Takes requests for as long as it lives. Every connection is read by a task of its own: one that stays silent holds
/// nobody up, and a caller that stops waiting for [`Visits::next`] loses no visit.
pub(crate) struct Visits {
    incoming: mpsc::Receiver<Visit>,
    /// Ends with this value.
    _accepting: JoinSet<()>,
}

impl Visits {
    /// Begins to accept.
    pub(crate) fn on(listener: TcpListener) -> Self {
        let (found, incoming) = mpsc::channel(1);
        let mut accepting = JoinSet::new();
        accepting.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                tokio::select! {
                    accepted = listener.accept() => match accepted {
                        Ok((stream, _)) if connections.len() < MOST_CONNECTIONS => {
                            connections.spawn(read_visit(stream, found.clone()));
                        }
                        Ok(_) => {}
                        // A connection that broke off again, or no file handles left for the moment.
                        Err(_) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
                    },
                    Some(_) = connections.join_next() => {}
                }
            }
        });
        Self { incoming, _accepting: accepting }
    }

    /// Waits for the next request.
    pub(crate) async fn next(&mut self) -> Visit {
        match self.incoming.recv().await {
            Some(visit) => visit,
            // The accepting task ends only with this value.
            None => std::future::pending().await,
        }
    }
}

/// Reads a request; a connection without a readable one is dropped.
async fn read_visit(mut stream: TcpStream, found: mpsc::Sender<Visit>) {
    if let Ok(Some(url)) = tokio::time::timeout(PATIENCE, read_address(&mut stream)).await {
        // Nobody waits any more: the answer has come.
        let _ = found.send(Visit { url, stream }).await;
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn silent_connections_hold_nobody_up_and_waiting_can_be_given_up() {
        let listener = listen(LoopbackHost::V4, 0).await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut visits = Visits::on(listener);
        let _silent = [TcpStream::connect(address).await.unwrap(), TcpStream::connect(address).await.unwrap()];
        let mut slow = TcpStream::connect(address).await.unwrap();
        slow.write_all(b"GET /?code=1 HT").await.unwrap();
        assert!(tokio::time::timeout(std::time::Duration::from_millis(50), visits.next()).await.is_err());
        slow.write_all(b"TP/1.1\r\n\r\n").await.unwrap();
        let visit = tokio::time::timeout(std::time::Duration::from_secs(5), visits.next()).await.unwrap();
        assert_eq!(visit.url.query(), Some("code=1"));
        visit.answer("200 OK", "Title", "Text").await;
        let mut page = String::new();
        slow.read_to_string(&mut page).await.unwrap();
        assert!(page.starts_with("HTTP/1.1 200 OK\r\n") && page.ends_with("</html>"), "{page}");
    }
}
