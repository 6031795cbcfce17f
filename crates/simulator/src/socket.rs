//! A TCP connection that can be torn down with a reset instead of an orderly end.
//!
//! The server hands each connection's [`Fuse`] to the requests that come over it; a fault burns the fuse and then fails
//! the body, and when the HTTP code drops the socket the peer sees `RST` (linger time zero), as with a crashed middlebox.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Marks a connection for a reset.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fuse(Arc<AtomicBool>);

impl Fuse {
    pub(crate) fn burn(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn is_burnt(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// A TCP stream with a [`Fuse`].
pub(crate) struct Socket {
    stream: TcpStream,
    fuse: Fuse,
}

impl Socket {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self { stream, fuse: Fuse::default() }
    }

    pub(crate) fn fuse(&self) -> Fuse {
        self.fuse.clone()
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.fuse.is_burnt() {
            // The worst that can happen is an orderly end.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.fuse.is_burnt() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bufs: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
