//! Bodies that go wrong on the way: cut short, stalled, or ended by a reset.
//!
//! The head of the answer stays as it was, its length included; only the bytes after it stop.

use std::io;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::{HeaderValue, header};
use bytes::Bytes;
use futures::{StreamExt, stream};

use crate::faults::{Fault, Fired};
use crate::socket::Fuse;
use crate::wire::Reply;

/// Lets the bytes before the break reach the peer: the HTTP code flushes when the body has nothing more to give.
const FLUSH: Duration = Duration::from_millis(20);

/// Breaks the body of `reply` as `fired` says. Faults that are not about the body leave it as it is.
pub(crate) fn break_body(reply: Reply, fired: Fired, fuse: &Fuse) -> Reply {
    let (mut parts, body) = reply.into_parts();
    let length = parts
        .headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok())
        .or_else(|| body.size_hint().exact())
        .unwrap_or(0);
    let cut = fired.after_bytes.unwrap_or(length / 2).min(length);
    let head = first_bytes(body, cut);
    let body = match fired.what {
        Fault::Stall => Body::from_stream(head.chain(stream::once(std::future::pending()))),
        Fault::Reset | Fault::Truncate => {
            let fuse = (fired.what == Fault::Reset).then(|| fuse.clone());
            let end = stream::once(async move {
                tokio::time::sleep(FLUSH).await;
                if let Some(fuse) = fuse {
                    fuse.burn();
                }
                Err(io::Error::from(io::ErrorKind::ConnectionAborted))
            });
            Body::from_stream(head.chain(end))
        }
        Fault::ShortBody => {
            parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(cut));
            Body::from_stream(head)
        }
        _ => Body::from_stream(head),
    };
    if fired.what != Fault::ShortBody {
        parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    Reply::from_parts(parts, body)
}

/// The first `limit` bytes of a body.
fn first_bytes(body: Body, limit: u64) -> impl futures::Stream<Item = io::Result<Bytes>> + Send + 'static {
    body.into_data_stream().map(|chunk| chunk.map_err(io::Error::other)).scan(limit, |left, chunk| {
        let next = match chunk {
            _ if *left == 0 => None,
            Ok(mut bytes) => {
                bytes.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= bytes.len() as u64;
                Some(Ok(bytes))
            }
            Err(error) => Some(Err(error)),
        };
        futures::future::ready(next)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_short_body_is_exactly_as_long_as_it_says() {
        let fired = Fired { what: Fault::ShortBody, retry_after: None, after_bytes: Some(3), status: None };
        let reply = break_body(Reply::new(Body::from("abcdef")), fired, &Fuse::default());
        assert_eq!(reply.headers()[header::CONTENT_LENGTH], "3");
        assert_eq!(axum::body::to_bytes(reply.into_body(), 100).await.unwrap(), "abc");
    }

    #[tokio::test]
    async fn a_truncated_body_fails_after_its_first_bytes() {
        let fired = Fired { what: Fault::Truncate, retry_after: None, after_bytes: Some(4), status: None };
        let reply = break_body(Reply::new(Body::from("abcdef")), fired, &Fuse::default());
        assert_eq!(reply.headers()[header::CONTENT_LENGTH], "6");
        assert!(axum::body::to_bytes(reply.into_body(), 100).await.is_err());
    }
}
