//! Who is asking, and what they may do.
//!
//! ```text
//! capability.rs     what a role may do
//! caller.rs         the signed-in person of a request
//! password.rs       argon2id, off the async threads and bounded
//! sign_in.rs        name and password -> session, in stages; same time for unknown names
//! backoff.rs        how fast passwords may be guessed, by strangers and by known devices
//! device.rs         devices that signed in before
//! visitor.rs        where a request comes from
//! turns.rs          how many strangers are counted at once
//! attempt_sweep.rs  forgets old tries
//! session_keys.rs   the keys that sign access tokens and cursors; reloaded, with overlap
//! access_token.rs   the 5-minute JWT
//! refresh_token.rs  the opaque 30-day token
//! cookies.rs        tokens and marks as __Host- cookies
//! standing.rs       sessions that ended or changed while a JWT or a stream goes on
//! bootstrap.rs      the first administrator
//! ```
//!
//! Deliberately absent: OIDC, second factors and API keys; each will be another way to make
//! the same [`Caller`].

mod access_token;
mod attempt_sweep;
mod backoff;
mod bootstrap;
mod caller;
mod capability;
mod cookies;
mod device;
mod password;
mod refresh_token;
mod session_keys;
mod sign_in;
mod standing;
mod turns;
mod visitor;

pub use access_token::{AccessTokens, Claims, LIFETIME as ACCESS_LIFETIME, TokenError};
pub use attempt_sweep::keep_forgetting_attempts;
pub use backoff::{Resting, may_try};
pub use bootstrap::{BootstrapError, ensure_administrator};
pub use caller::Caller;
pub use capability::Capability;
pub use cookies::{ACCESS_COOKIE, DEVICE_COOKIE, REFRESH_COOKIE, device_cookie, expired_cookies, session_cookies};
pub use device::Devices;
pub use password::{Lane, PasswordError, PasswordHasher, PasswordPolicyError, check_policy};
pub use refresh_token::{LIFETIME as REFRESH_LIFETIME, RefreshToken};
pub use session_keys::{KeyRing, SessionKeyError, SessionKeys};
pub use sign_in::{Claim, Reserved, SignedIn, Verified, begin, reserve, sign_in, verify};
pub use standing::{Standings, Verdict, Watch};
pub use turns::SignInTurns;
pub use visitor::Visitor;
