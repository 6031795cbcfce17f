//! Pictures for the window: `photokeep://localhost/thumbnail/12`. Only files that the catalog knows, by their number.

use std::sync::Arc;

use photokeep_app::desk::{Desk, MediaBody, MediaRequest};
use tauri::http::{Request, Response, StatusCode, header};
use tauri::{Manager, UriSchemeContext, UriSchemeResponder, Wry};

/// The protocol's name.
pub const NAME: &str = "photokeep";

/// Answers a request of the web view.
pub fn answer(context: UriSchemeContext<'_, Wry>, request: Request<Vec<u8>>, responder: UriSchemeResponder) {
    let Some(desk) = context.app_handle().try_state::<Arc<Desk>>().map(|desk| desk.inner().clone()) else {
        responder.respond(empty(StatusCode::SERVICE_UNAVAILABLE));
        return;
    };
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let request = MediaRequest {
        // convertFileSrc encodes the slash between the words.
        path: request.uri().path().replace("%2F", "/"),
        range: header(header::RANGE),
        known: header(header::IF_NONE_MATCH),
    };
    tauri::async_runtime::spawn(async move {
        let answer = desk.media(request).await;
        let mut response = Response::builder().status(answer.status);
        for (name, value) in answer.headers {
            response = response.header(name, value);
        }
        let body = match answer.body {
            MediaBody::Bytes(bytes) => Some(bytes),
            file => tauri::async_runtime::spawn_blocking(move || file.read()).await.ok().and_then(Result::ok),
        };
        let response = body.and_then(|body| response.body(body).ok());
        responder.respond(response.unwrap_or_else(|| empty(StatusCode::INTERNAL_SERVER_ERROR)));
    });
}

fn empty(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    response
}
