//! Who is asking, and what they may do.
//!
//! ```text
//! capability.rs     what a role may do
//! caller.rs         the signed-in person of a request
//! password.rs       argon2id, off the async threads and bounded
//! sign_in.rs        name and password -> session; backoff, same time for unknown names
//! session_keys.rs   the keys that sign access tokens and cursors; reloaded, with overlap
//! access_token.rs   the 5-minute JWT
//! refresh_token.rs  the opaque 30-day token
//! cookies.rs        both as __Host- cookies
//! revocation.rs     sessions that ended while their JWT still lives
//! backoff.rs        how long a name rests after wrong passwords
//! bootstrap.rs      the first administrator
//! ```
//!
//! Deliberately absent: OIDC, second factors and API keys; each will be another way to make
//! the same [`Caller`].

mod access_token;
mod backoff;
mod bootstrap;
mod caller;
mod capability;
mod cookies;
mod password;
mod refresh_token;
mod revocation;
mod session_keys;
mod sign_in;

pub use access_token::{AccessTokens, Claims, LIFETIME as ACCESS_LIFETIME, TokenError};
pub use backoff::{WINDOW as FAILURE_WINDOW, rest_after_failures};
pub use bootstrap::{BootstrapError, ensure_administrator};
pub use caller::Caller;
pub use capability::Capability;
pub use cookies::{ACCESS_COOKIE, REFRESH_COOKIE, expired_cookies, session_cookies};
pub use password::{PasswordError, PasswordHasher, PasswordPolicyError, check_policy};
pub use refresh_token::{LIFETIME as REFRESH_LIFETIME, RefreshToken};
pub use revocation::{RevocationList, Verdict};
pub use session_keys::{KeyRing, SessionKeyError, SessionKeys};
pub use sign_in::{SignedIn, Visitor, sign_in};
