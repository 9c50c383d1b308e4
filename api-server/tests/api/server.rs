//! A server in memory, and people who use it.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    num::NonZeroU32,
    sync::{Arc, Mutex},
    time::Duration,
};

use api_server::{
    AppState,
    clock::Clock,
    controllers::health::RecentHealth,
    export::ExportSlots,
    identity::{
        ACCESS_COOKIE, AccessTokens, Caller, DEVICE_COOKIE, KeyRing, PasswordHasher, REFRESH_COOKIE, SessionKeys,
        SignInTurns, Standings,
    },
    live::EventHub,
    metrics::HttpMetrics,
    middleware::{Origins, RateLimits, TIME_LIMIT, TrustedProxies},
    router::router,
};
use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
};
use http::{HeaderMap, Method, Request, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use prometheus_client::registry::Registry;
use serde_json::Value;
use sqlx::PgPool;
use store::{
    person::{self, NewPerson, PersonId, Role, Username},
    session::{self, NewSession},
};
use telemetry::{BuildInfo, Liveness, Readiness};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use uuid::Uuid;

/// A server, with its parts within reach.
pub(crate) struct Server {
    pub(crate) state: AppState,
    router: Router,
    time: TestTime,
}

/// The time of a server: the system's, until a test sets it.
#[derive(Debug, Clone, Default)]
struct TestTime(Arc<Mutex<Option<Timestamp>>>);

impl TestTime {
    fn now(&self) -> Timestamp {
        self.0.lock().unwrap().unwrap_or_else(Timestamp::now)
    }
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The value that a `Set-Cookie` header gives a cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.headers
            .get_all(header::SET_COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok()?.strip_prefix(name)?.strip_prefix('='))
            .map(|rest| rest.split(';').next().unwrap_or_default().to_owned())
            .next()
    }
}

/// Cookies of a browser.
#[derive(Debug, Clone, Default)]
pub(crate) struct Browser {
    pub(crate) access: Option<String>,
    pub(crate) refresh: Option<String>,
    pub(crate) device: Option<String>,
}

impl Browser {
    fn header(&self) -> String {
        let cookies = [(ACCESS_COOKIE, &self.access), (REFRESH_COOKIE, &self.refresh), (DEVICE_COOKIE, &self.device)];
        let cookies = cookies.iter().filter_map(|(name, value)| value.as_ref().map(|value| format!("{name}={value}")));
        cookies.collect::<Vec<_>>().join("; ")
    }

    /// The browser after an answer set cookies.
    pub(crate) fn after(answer: &Answer) -> Self {
        let [access, refresh, device] = [ACCESS_COOKIE, REFRESH_COOKIE, DEVICE_COOKIE].map(|name| answer.cookie(name));
        Self { access, refresh, device }
    }
}

impl Server {
    /// With generous limits.
    pub(crate) async fn start(pool: &PgPool) -> Self {
        let many = NonZeroU32::new(10_000).unwrap();
        Self::with_limits(pool, RateLimits::new(many, many, many)).await
    }

    /// With these limits.
    pub(crate) async fn with_limits(pool: &PgPool, limits: RateLimits) -> Self {
        let keys = KeyRing::new(SessionKeys::ephemeral());
        let time = TestTime::default();
        let told = time.clone();
        let clock = Clock::of(move || told.now());
        let state = AppState {
            pool: pool.clone(),
            tokens: AccessTokens::new(keys.clone()),
            keys,
            standings: Standings::new(clock.clone()),
            clock,
            passwords: PasswordHasher::new(2).await.unwrap(),
            sign_in_turns: SignInTurns::default(),
            recent_health: RecentHealth::default(),
            exports: ExportSlots::default(),
            events: EventHub::new("test"),
            limits,
            proxies: TrustedProxies::default(),
            time_limit: TIME_LIMIT,
            metrics: HttpMetrics::register(&mut Registry::default()),
            stop: CancellationToken::new(),
            readiness: Readiness::default(),
            liveness: Liveness::default(),
            build: BuildInfo::of("deskfleet-api"),
        };
        state.standings.read(pool).await.unwrap();
        Self { router: at_address(&state, Ipv4Addr::LOCALHOST.into()), state, time }
    }

    /// The same server, as people from another address find it.
    pub(crate) fn from(&self, address: &str) -> Self {
        let router = at_address(&self.state, address.parse().unwrap());
        Self { router, state: self.state.clone(), time: self.time.clone() }
    }

    /// The same server, with less time for a request.
    pub(crate) fn hurried(self, time_limit: Duration) -> Self {
        let state = AppState { time_limit, ..self.state };
        Self { router: at_address(&state, Ipv4Addr::LOCALHOST.into()), state, time: self.time }
    }

    /// Sets the server's clock, which then stands still.
    pub(crate) fn set_time(&self, now: Timestamp) {
        *self.time.0.lock().unwrap() = Some(now);
    }

    /// Moves the server's clock on and stops it there.
    pub(crate) fn advance(&self, by: SignedDuration) {
        self.set_time(self.time.now() + by);
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 64 << 20).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// The router, for streams that are not read whole.
    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    /// A request of a browser.
    pub(crate) fn request(browser: &Browser, method: Method, path: &str, body: &str) -> Request<Body> {
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "desks.example.com")
            .header(header::COOKIE, browser.header())
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_owned()))
            .unwrap()
    }

    pub(crate) async fn get(&self, browser: &Browser, path: &str) -> Answer {
        self.send(Self::request(browser, Method::GET, path, "")).await
    }

    pub(crate) async fn post(&self, browser: &Browser, path: &str, body: &str) -> Answer {
        self.send(Self::request(browser, Method::POST, path, body)).await
    }

    pub(crate) async fn delete(&self, browser: &Browser, path: &str) -> Answer {
        self.send(Self::request(browser, Method::DELETE, path, "")).await
    }

    /// Makes a person who signs in with [`PASSWORD`].
    pub(crate) async fn person(&self, username: &str, role: Role) -> PersonId {
        let password_hash = self.state.passwords.hash(PASSWORD.into()).await.unwrap();
        self.person_with_hash(username, role, password_hash).await
    }

    async fn person_with_hash(&self, username: &str, role: Role, password_hash: String) -> PersonId {
        let display_name = format!("{username} Example");
        let new = NewPerson { username: Username::try_from(username).unwrap(), display_name, password_hash, role };
        person::create(&self.state.pool, &new).await.unwrap().unwrap()
    }

    /// A person's browser with an access token, without the time that a password takes.
    pub(crate) async fn signed_in(&self, role: Role) -> Browser {
        let person = self.person_with_hash(role.as_str(), role, "cannot sign in".into()).await;
        let (session, token_digest) = (Uuid::new_v4(), [7; 32]);
        let lifetime = SignedDuration::from_hours(1);
        let address = Ipv4Addr::LOCALHOST.into();
        let new = NewSession { id: session, person, token_digest, lifetime, address, user_agent: None };
        session::start(&self.state.pool, &new, "cannot sign in").await.unwrap().unwrap();
        let access = self.state.tokens.issue(&Caller { person, session, role }, self.time.now()).unwrap();
        Browser { access: Some(access), ..Browser::default() }
    }

    /// A token of the same session, issued by the server's clock of now.
    pub(crate) fn token_of(&self, browser: &Browser) -> String {
        let token = browser.access.as_deref().unwrap();
        let (caller, _) = self.state.tokens.check(token, Timestamp::now()).unwrap();
        self.state.tokens.issue(&caller, self.time.now()).unwrap()
    }

    /// Signs in with [`PASSWORD`].
    pub(crate) async fn sign_in(&self, username: &str) -> Answer {
        self.sign_in_with(username, PASSWORD).await
    }

    pub(crate) async fn sign_in_with(&self, username: &str, password: &str) -> Answer {
        self.sign_in_on(&Browser::default(), username, password).await
    }

    /// Signs in with a browser that may have cookies.
    pub(crate) async fn sign_in_on(&self, browser: &Browser, username: &str, password: &str) -> Answer {
        let body = serde_json::json!({"username": username, "password": password}).to_string();
        self.post(browser, "/api/v1/session", &body).await
    }
}

fn at_address(state: &AppState, address: IpAddr) -> Router {
    let address = SocketAddr::from((address, 50_000));
    router(state, &Origins::default()).unwrap().layer(Extension(ConnectInfo(address)))
}

/// Everybody's password.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A query parameter, escaped.
pub(crate) fn escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
