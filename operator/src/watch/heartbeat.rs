//! A sign of life from each watch: the requests it makes.
//!
//! A quiet watch yields nothing for hours, but every stream asks anew each minute
//! (`timeoutSeconds=60`). So the client itself is listened to: a kind whose watch has not
//! been asked for in three minutes has a stream that hangs, and liveness says so. An API
//! server that is down does not count: the streams go on asking.

use std::{
    collections::HashMap,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use telemetry::{Heartbeat, Liveness};
use tower::{Layer, Service};

/// Three requests of one minute may be missed.
const MAX_SILENCE: Duration = Duration::from_mins(3);

/// Heartbeats by the plural name of the watched resource; a layer of the client.
#[derive(Clone, Debug)]
pub(crate) struct WatchHeartbeats {
    beats: Arc<HashMap<&'static str, Heartbeat>>,
}

impl WatchHeartbeats {
    pub(crate) fn new(liveness: &Liveness, resources: &[&'static str]) -> Self {
        let beats = resources.iter().map(|resource| (*resource, liveness.watch(resource, MAX_SILENCE))).collect();
        Self { beats: Arc::new(beats) }
    }

    fn heard(&self, uri: &http::Uri) {
        let is_watch = uri.query().is_some_and(|query| query.split('&').any(|part| part == "watch=true"));
        let resource = uri.path().rsplit('/').next();
        if let Some(beat) = resource.filter(|_| is_watch).and_then(|resource| self.beats.get(resource)) {
            beat.beat();
        }
    }
}

impl<S> Layer<S> for WatchHeartbeats {
    type Service = ListenedTo<S>;

    fn layer(&self, inner: S) -> Self::Service {
        ListenedTo { inner, heartbeats: self.clone() }
    }
}

/// A client whose watch requests count as heartbeats.
#[derive(Clone, Debug)]
pub(crate) struct ListenedTo<S> {
    inner: S,
    heartbeats: WatchHeartbeats,
}

impl<S, B> Service<http::Request<B>> for ListenedTo<S>
where
    S: Service<http::Request<B>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        self.heartbeats.heard(request.uri());
        self.inner.call(request)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn only_a_watch_of_a_known_resource_counts() {
        let liveness = Liveness::default();
        let heartbeats = WatchHeartbeats::new(&liveness, &["jobs", "pods", "cronjobs"]);
        let opened = Instant::now();
        // Long enough for a beat after it to be told from those of the opening.
        while opened.elapsed() < Duration::from_millis(5) {
            std::hint::spin_loop();
        }
        for uri in [
            "/apis/batch/v1/namespaces/a/jobs?watch=true&timeoutSeconds=60",
            "/api/v1/pods?limit=500",
            "/api/v1/secrets?watch=true",
        ] {
            heartbeats.heard(&uri.parse().unwrap());
        }
        let silent = liveness.silent_loops(opened + MAX_SILENCE + Duration::from_millis(3));
        assert_eq!(silent, ["pods", "cronjobs"]);
    }
}
