//! Pictures and films over HTTP: `serve` needs it for everything, the window only where its web view cannot play films
//! through a protocol of its own (WebKitGTK).

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::io::AsyncReadExt;
use tokio_util::io::ReaderStream;

use super::{Desk, MediaAnswer, MediaBody, MediaRequest};

/// Bytes read at a time.
const BLOCK: usize = 256 * 1024;

/// Routes `/{what}/{number}` to [`Desk::media`]. Whoever mounts it decides who may ask.
pub fn media_router(desk: Arc<Desk>) -> Router {
    Router::new().route("/{what}/{number}", get(answer)).with_state(desk)
}

async fn answer(State(desk): State<Arc<Desk>>, Path((what, number)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let request =
        MediaRequest { path: format!("/{what}/{number}"), range: header(header::RANGE), known: header(header::IF_NONE_MATCH) };
    desk.media(request).await.into_response()
}

impl IntoResponse for MediaAnswer {
    fn into_response(self) -> Response {
        let mut response = Response::builder().status(self.status);
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        let body = match self.body {
            MediaBody::Bytes(bytes) => Body::from(bytes),
            MediaBody::File { file, length } => {
                Body::from_stream(ReaderStream::with_capacity(tokio::fs::File::from_std(file).take(length), BLOCK))
            }
        };
        // Headers are made here and valid; the alternative is an empty answer, never a wrong one.
        response.body(body).unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
    }
}
