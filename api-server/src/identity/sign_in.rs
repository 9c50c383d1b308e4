//! Name and password to a session.
//!
//! The same answer after the same work whether or not the name exists: the access log is
//! asked for failures, one argon2 hash is computed, one row is written.

use std::net::IpAddr;

use aws_lc_rs::digest;
use jiff::Timestamp;
use secrecy::SecretString;
use store::{
    PgPool,
    access_log::{self, Action, Entry},
    person::{self, Person},
    session::{self, NewSession},
};
use uuid::Uuid;

use super::{
    backoff::{WINDOW, rest_after_failures},
    password::{PasswordError, PasswordHasher},
    refresh_token::{LIFETIME, RefreshToken},
};
use crate::problem::ApiError;

/// Where a request comes from, for the session's list and the access log.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The peer, or the client that a trusted proxy named.
    pub address: IpAddr,
    /// The browser's own description, cut to 200 characters.
    pub user_agent: Option<String>,
    /// The request.
    pub request_id: Uuid,
}

/// A session just begun.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub person: Person,
    /// The session.
    pub session: Uuid,
    /// For the cookie; the database has its digest only.
    pub refresh: RefreshToken,
}

/// Begins a session for who knows the password.
pub async fn sign_in(
    pool: &PgPool,
    hasher: &PasswordHasher,
    username: &str,
    password: SecretString,
    visitor: &Visitor,
) -> Result<SignedIn, ApiError> {
    let now = Timestamp::now();
    let name_digest = name_digest(username);
    let failures = access_log::failed_sign_ins(pool, &name_digest, WINDOW).await?;
    if let Some(rest) = failures.last.and_then(|last| rest_after_failures(failures.count, last, now)) {
        return Err(ApiError::RateLimited { retry_after: rest.unsigned_abs() });
    }
    let found = person::by_username(pool, username).await?;
    let hash = found.as_ref().map_or_else(|| hasher.decoy().to_owned(), |(_, hash)| hash.clone());
    let fits = hasher.verify(password, hash).await?;
    let Some((person, _)) = found.filter(|(person, _)| fits && person.disabled_at.is_none()) else {
        let entry = Entry::by_visitor(Action::SignInRefused, visitor.address, visitor.request_id);
        access_log::record(pool, &entry.about_name(name_digest)).await?;
        return Err(ApiError::WrongCredentials);
    };
    let session = Uuid::new_v4();
    let refresh = RefreshToken::generate(session);
    let new = NewSession {
        id: session,
        person: person.id,
        token_digest: refresh.digest(),
        lifetime: LIFETIME,
        address: visitor.address,
        user_agent: visitor.user_agent.clone(),
    };
    session::start(pool, &new).await?;
    let entry = Entry::by_person(Action::SignIn, person.id, visitor.address, visitor.request_id);
    access_log::record(pool, &entry.about_name(name_digest)).await?;
    Ok(SignedIn { person, session, refresh })
}

/// SHA-256 of the name as compared: people type passwords into the wrong field, so the log
/// never keeps what was typed.
fn name_digest(username: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest::digest(&digest::SHA256, username.to_lowercase().as_bytes()).as_ref());
    bytes
}

impl From<PasswordError> for ApiError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::RateLimited { retry_after: std::time::Duration::from_secs(2) },
            PasswordError::Hash(_) | PasswordError::Thread(_) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a password could not be checked");
                Self::Internal
            }
        }
    }
}
