//! The stream of events, as server-sent events.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use tokio::sync::broadcast::error::RecvError;

use super::Serving;

/// Tells everything that happens. Whoever was too slow gets `resync` and asks for everything anew.
pub(super) async fn stream(State(serving): State<Arc<Serving>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let listening = serving.desk.listen();
    let stop = serving.stop.clone();
    let events = futures::stream::unfold((listening, stop), |(mut listening, stop)| async move {
        let received = tokio::select! {
            received = listening.recv() => received,
            () = stop.cancelled() => return None,
        };
        let event = match received {
            Ok(event) => Event::default().json_data(&event).unwrap_or_else(|_| Event::default().event("resync").data("{}")),
            Err(RecvError::Lagged(_)) => Event::default().event("resync").data("{}"),
            Err(RecvError::Closed) => return None,
        };
        Some((Ok(event), (listening, stop)))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}
