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
use jiff::Timestamp;
use tokio::{sync::broadcast, time};

use crate::{
    AppState,
    identity::{Caller, Capability, Verdict},
    live::{Attached, LiveEvent},
    problem::{ApiError, Problem},
};

/// How often a stream asks whether its session still lives.
const CHECK: Duration = Duration::from_secs(2);
/// How long a browser waits before it comes back.
const RETRY: Duration = Duration::from_secs(3);

/// Streams changes of runs and steps as server-sent events.
///
/// Events are named `run`, `run_step` and `reset`; their data is JSON. A stream that comes
/// back with `Last-Event-ID` gets what it missed, or a `reset` where that is no longer known:
/// then read the lists again. The stream ends when the session ends.
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
    let events = events(state, caller, attached);
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response())
}

/// First what was missed, then what comes, until the session or the server ends.
fn events(state: AppState, caller: Caller, attached: Attached) -> impl Stream<Item = Result<Event, Infallible>> {
    let checks = time::interval(CHECK);
    let backlog = attached.backlog.clone().into_iter();
    let opening = Event::default().retry(RETRY).comment("open");
    stream::unfold((state, attached, backlog, checks, Some(opening)), move |mut parts| async move {
        let (state, attached, backlog, checks, opening) = &mut parts;
        if let Some(event) = opening.take() {
            return Some((Ok(event), parts));
        }
        if let Some(numbered) = backlog.next() {
            let event = rendered(state, numbered);
            return Some((Ok(event), parts));
        }
        loop {
            tokio::select! {
                () = state.stop.cancelled() => return None,
                _ = checks.tick() => {
                    if state.revocations.verdict(caller.session, Timestamp::now()) == Verdict::Revoked {
                        return None;
                    }
                }
                received = attached.receiver.recv() => {
                    let numbered = match received {
                        Ok(numbered) => numbered,
                        // Too slow: the ring moved on without this stream.
                        Err(broadcast::error::RecvError::Lagged(_)) => (0, LiveEvent::Reset {}),
                        Err(broadcast::error::RecvError::Closed) => return None,
                    };
                    let event = rendered(state, numbered);
                    return Some((Ok(event), parts));
                }
            }
        }
    })
}

fn rendered(state: &AppState, (number, event): (u64, LiveEvent)) -> Event {
    let data = serde_json::to_string(&event).expect("an event is plain data");
    Event::default().id(state.events.id(number)).event(event.name()).data(data)
}
