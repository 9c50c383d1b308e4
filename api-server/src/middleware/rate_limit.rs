//! Requests a minute: by person where one is signed in, else by device where one signed in
//! before, else by network (IPv6 by its /64, which is what one host can choose from).
//!
//! Counted in each server by itself (GCRA): with n servers the limit is n times as high,
//! which is enough to keep one caller from starving the others. Guessing passwords is
//! slowed down elsewhere, by a count that all servers share.

use std::{
    net::{IpAddr, Ipv4Addr},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use store::person::sign_in_attempts::DeviceId;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    AppState,
    identity::{Caller, DEVICE_COOKIE, Devices, Visitor},
    problem::ApiError,
};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");
/// How often callers that rest are forgotten.
const SWEEP: Duration = Duration::from_mins(1);

/// What a route costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitClass {
    /// Attempts to sign in.
    SignIn,
    /// The API.
    Api,
    /// The console's files and health.
    Files,
}

/// Who is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Person(Uuid),
    Device(DeviceId),
    Network(IpAddr),
}

type Limiter =
    RateLimiter<Key, governor::state::keyed::DefaultKeyedStateStore<Key>, DefaultClock, StateInformationMiddleware>;

/// The counters of all classes.
#[derive(Clone)]
pub struct RateLimits {
    sign_in: Arc<Counter>,
    api: Arc<Counter>,
    files: Arc<Counter>,
}

struct Counter {
    name: &'static str,
    per_minute: NonZeroU32,
    limiter: Limiter,
}

impl RateLimits {
    /// With these limits a minute; the whole minute may be used at once.
    pub fn new(sign_ins: NonZeroU32, api: NonZeroU32, files: NonZeroU32) -> Self {
        Self {
            sign_in: Arc::new(Counter::new("sign-in", sign_ins)),
            api: Arc::new(Counter::new("api", api)),
            files: Arc::new(Counter::new("files", files)),
        }
    }

    /// Forgets callers that are back to a full budget, until `stop`.
    pub async fn keep_sweeping(self, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(SWEEP);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            for counter in [&self.sign_in, &self.api, &self.files] {
                counter.limiter.retain_recent();
            }
        }
    }

    fn of(&self, class: LimitClass) -> &Counter {
        match class {
            LimitClass::SignIn => &self.sign_in,
            LimitClass::Api => &self.api,
            LimitClass::Files => &self.files,
        }
    }
}

impl Counter {
    fn new(name: &'static str, per_minute: NonZeroU32) -> Self {
        let limiter: DefaultKeyedRateLimiter<Key> = RateLimiter::keyed(Quota::per_minute(per_minute));
        Self { name, per_minute, limiter: limiter.with_middleware() }
    }

    /// The answer's headers, or how long to wait.
    fn count(&self, key: Key) -> Result<HeaderMap, Duration> {
        match self.limiter.check_key(&key) {
            Ok(snapshot) => Ok(self.headers(snapshot.remaining_burst_capacity())),
            Err(not_until) => Err(not_until.wait_time_from(DefaultClock::default().now())),
        }
    }

    /// `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers).
    fn headers(&self, remaining: u32) -> HeaderMap {
        let policy = format!("\"{}\";q={};w=60", self.name, self.per_minute);
        let state = format!("\"{}\";r={remaining}", self.name);
        [(POLICY, policy), (STATE, state)]
            .into_iter()
            .filter_map(|(name, value)| Some((name, HeaderValue::try_from(value).ok()?)))
            .collect()
    }
}

/// Middleware: counts the request and refuses it where its caller has none left.
pub async fn limit(State((state, class)): State<(AppState, LimitClass)>, request: Request, next: Next) -> Response {
    let counter = state.limits.of(class);
    match counter.count(key(&state, &request, class)) {
        Ok(headers) => {
            let mut response = next.run(request).await;
            for (name, value) in headers.into_iter().filter_map(|(name, value)| Some((name?, value))) {
                // A tighter limit further inside has said so already.
                response.headers_mut().entry(name).or_insert(value);
            }
            response
        }
        Err(wait) => {
            let retry_after = wait + Duration::from_millis(999);
            let mut response = ApiError::RateLimited { retry_after }.into_response();
            response.headers_mut().extend(counter.headers(0));
            response
        }
    }
}

fn key(state: &AppState, request: &Request, class: LimitClass) -> Key {
    match request.extensions().get::<Caller>() {
        Some(caller) if class != LimitClass::SignIn => return Key::Person(caller.person.into()),
        _ => {}
    }
    if class != LimitClass::Files
        && let Some(cookie) = CookieJar::from_headers(request.headers()).get(DEVICE_COOKIE)
        && let Some(device) = Devices::received(cookie.value(), &state.keys.current(), state.clock.now()).newest()
    {
        // Strangers behind the same address cannot use up what a known device has.
        return Key::Device(device);
    }
    let network = request.extensions().get::<Visitor>().map(Visitor::network);
    Key::Network(network.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_caller_s_limit_is_not_another_s() {
        let counter = Counter::new("api", NonZeroU32::new(2).unwrap());
        let [ann, bob] = [1, 2].map(|id| Key::Person(Uuid::from_u128(id)));
        assert_eq!(counter.count(ann).unwrap()[STATE], "\"api\";r=1");
        assert_eq!(counter.count(ann).unwrap()[STATE], "\"api\";r=0");
        assert!(counter.count(ann).unwrap_err() > Duration::from_secs(20));
        assert_eq!(counter.count(bob).unwrap()[POLICY], "\"api\";q=2;w=60");
    }
}
