//! `GET /events`

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{Stream, stream};
use http::HeaderMap;
use tokio::sync::broadcast;

use crate::{
    AppState,
    identity::{Caller, Capability, Watch},
    live::{Attached, LiveEvent},
    problem::{ApiError, Problem},
};

/// How long a browser waits before it comes back.
const RETRY: Duration = Duration::from_secs(3);

/// Streams changes of runs and steps as server-sent events.
///
/// Events are named `run`, `run_step` and `reset`; their data is JSON. A stream that comes
/// back with `Last-Event-ID` gets what it missed, or a `reset` where that is no longer known:
/// then read the lists again. The stream ends within five seconds when the session ends or
/// expires, or when its person is disabled or gets another role; who may still read comes back
/// with a new access token.
#[utoipa::path(
    get, path = "/events", tag = "events", operation_id = "streamEvents",
    params(("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was seen")),
    responses(
        (status = 200, description = "The stream", body = LiveEvent, content_type = "text/event-stream"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Your role lacks `runs:read`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many streams", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn stream(State(state): State<AppState>, caller: Caller, headers: HeaderMap) -> Result<Response, ApiError> {
    caller.require(Capability::RunsRead)?;
    let last_event_id = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let attached = state.events.attach(caller.person, last_event_id);
    let attached = attached.ok_or(ApiError::RateLimited { retry_after: Duration::from_secs(30) })?;
    let watch = state.standings.watch(caller);
    let events = events(state, watch, attached);
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response())
}

/// First what was missed, then what comes, until the session or the server ends.
fn events(state: AppState, watch: Watch, attached: Attached) -> impl Stream<Item = Result<Event, Infallible>> {
    let backlog = attached.backlog.clone().into_iter();
    let opening = Event::default().retry(RETRY).comment("open");
    stream::unfold((state, watch, attached, backlog, Some(opening)), move |mut parts| async move {
        let (state, watch, attached, backlog, opening) = &mut parts;
        if let Some(event) = opening.take() {
            return Some((Ok(event), parts));
        }
        if let Some(numbered) = backlog.next() {
            let event = rendered(state, numbered);
            return Some((Ok(event), parts));
        }
        tokio::select! {
            // Before anything more is told.
            biased;
            () = state.stop.cancelled() => None,
            () = watch.over() => None,
            received = attached.receiver.recv() => {
                let numbered = match received {
                    Ok(numbered) => numbered,
                    // Too slow: the ring moved on without this stream.
                    Err(broadcast::error::RecvError::Lagged(_)) => (0, LiveEvent::Reset {}),
                    Err(broadcast::error::RecvError::Closed) => return None,
                };
                let event = rendered(state, numbered);
                Some((Ok(event), parts))
            }
        }
    })
}

fn rendered(state: &AppState, (number, event): (u64, LiveEvent)) -> Event {
    let data = serde_json::to_string(&event).expect("an event is plain data");
    Event::default().id(state.events.id(number)).event(event.name()).data(data)
}
