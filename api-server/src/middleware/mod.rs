//! What every request passes, from outside to inside:
//!
//! ```text
//! request_id.rs        an id for log, problem and header
//! observe.rs           one log line and one histogram entry
//! security_headers.rs  CSP and friends; no-store on the API
//! panic.rs             a panic becomes a 500 problem
//! visitor.rs           who is it by network: peer, or client of a trusted proxy
//! origin.rs            CSRF and CORS
//! identify.rs          the access cookie becomes a Caller
//! rate_limit.rs        requests a minute, by person, else by address
//! ```
//!
//! Compression, time and body limits are tower-http's, set in [`crate::router`].

use std::time::Duration;

mod identify;
mod observe;
mod origin;
mod panic;
mod rate_limit;
mod request_id;
mod security_headers;
mod visitor;

pub use identify::{identify, require_sign_in};
pub use observe::observe;
pub use origin::{OriginError, Origins};
pub use panic::to_problem;
pub use rate_limit::{LimitClass, RateLimits, limit};
pub use request_id::{RequestId, with_id};
pub use security_headers::{api_headers, console_headers, docs_headers};
pub use visitor::{InvalidProxies, TrustedProxies, locate};

/// The longest that a request may take, its body included; live events and files answer at
/// once and go on. A statement of the database has less, so what is late here is the client.
pub const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Largest body of a request: a sign-in is some hundred bytes.
pub const BODY_LIMIT_BYTES: usize = 64 * 1024;
