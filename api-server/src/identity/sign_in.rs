//! Name and password to a session, in three stages of their own types:
//!
//! ```text
//! Claim ─reserve─► Reserved ─verify─► Verified ─begin─► SignedIn
//!         429: rest        401: wrong         401: changed meanwhile
//! ```
//!
//! [`reserve`] writes the try before the password is looked at, so tries that come at once
//! cannot share one count. [`begin`] makes the session only if the password is still the one
//! that was verified, so a reset ends sign-ins that are under way. The same answer after the
//! same work whether or not the name exists: one look-up, one count, one argon2 hash.

use jiff::SignedDuration;
use secrecy::SecretString;
use store::{
    access_log::{self, Action, Entry},
    person::{
        self, Person,
        sign_in_attempts::{self, AttemptId, NewAttempt},
    },
    session::{self, NewSession},
};
use uuid::Uuid;

use super::{
    backoff::{Resting, WINDOWS, may_try},
    device::Devices,
    password::{Lane, PasswordError},
    refresh_token::{LIFETIME, RefreshToken},
    visitor::Visitor,
};
use crate::{AppState, problem::ApiError};

/// What somebody says of themselves.
#[derive(Debug)]
pub struct Claim {
    /// As typed.
    pub username: String,
    /// As typed.
    pub password: SecretString,
    /// Marks of the browser.
    pub devices: Devices,
    /// Where from.
    pub visitor: Visitor,
}

/// A try that may be looked at, and already counts as failed.
#[derive(Debug)]
pub struct Reserved {
    claim: Claim,
    attempt: AttemptId,
    name_digest: [u8; 32],
    found: Option<(Person, String)>,
    lane: Lane,
}

/// A person whose password was right a moment ago.
#[derive(Debug)]
pub struct Verified {
    person: Person,
    hash: String,
    attempt: AttemptId,
    name_digest: [u8; 32],
    devices: Devices,
    visitor: Visitor,
}

/// A session just begun.
#[derive(Debug)]
pub struct SignedIn {
    /// Who, with the role of this moment.
    pub person: Person,
    /// The session.
    pub session: Uuid,
    /// For the cookie; the database has its digest only.
    pub refresh: RefreshToken,
    /// The browser's marks, this person's among them.
    pub devices: Devices,
}

/// Begins a session for who knows the password.
pub async fn sign_in(state: &AppState, claim: Claim) -> Result<SignedIn, ApiError> {
    let reserved = reserve(state, claim).await?;
    let verified = verify(state, reserved).await?;
    begin(state, verified).await
}

/// Counts the try, or refuses it.
pub async fn reserve(state: &AppState, claim: Claim) -> Result<Reserved, ApiError> {
    let now = state.clock.now();
    let asked = person::for_sign_in(&state.pool, &claim.username).await?;
    let device = asked.found.as_ref().and_then(|(person, _)| claim.devices.of(person.id));
    let lane = if device.is_some() { Lane::KnownDevice } else { Lane::Stranger };
    let _turn = match lane {
        Lane::Stranger => Some(state.sign_in_turns.take().await?),
        Lane::KnownDevice => None,
    };
    let network = claim.visitor.network();
    let attempt = NewAttempt { name_digest: asked.name_digest, network, device, at: now };
    let rule = |tally: &sign_in_attempts::Tally| may_try(tally, now);
    match sign_in_attempts::reserve(&state.pool, &attempt, WINDOWS, rule).await? {
        Ok(attempt) => Ok(Reserved { claim, attempt, name_digest: asked.name_digest, found: asked.found, lane }),
        Err(Resting { left }) => {
            // Rounded up: who waits for so many whole seconds is not refused again.
            let retry_after = (left + SignedDuration::from_millis(999)).unsigned_abs();
            Err(ApiError::RateLimited { retry_after })
        }
    }
}

/// Looks at the password.
pub async fn verify(state: &AppState, reserved: Reserved) -> Result<Verified, ApiError> {
    let Reserved { claim, attempt, name_digest, found, lane } = reserved;
    let hash = found.as_ref().map_or_else(|| state.passwords.decoy().to_owned(), |(_, hash)| hash.clone());
    let fits = match state.passwords.verify(claim.password, hash, lane).await {
        Ok(fits) => fits,
        Err(error) => {
            sign_in_attempts::withdraw(&state.pool, attempt).await?;
            return Err(error.into());
        }
    };
    let Some((person, hash)) = found.filter(|(person, _)| fits && person.disabled_at.is_none()) else {
        return Err(refused(state, &claim.visitor, name_digest).await);
    };
    Ok(Verified { person, hash, attempt, name_digest, devices: claim.devices, visitor: claim.visitor })
}

/// Makes the session, unless the person has changed since.
pub async fn begin(state: &AppState, verified: Verified) -> Result<SignedIn, ApiError> {
    let Verified { mut person, hash, attempt, name_digest, devices, visitor } = verified;
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
    let Some(role) = session::start(&state.pool, &new, &hash).await? else {
        return Err(refused(state, &visitor, name_digest).await);
    };
    person.role = role;
    sign_in_attempts::succeed(&state.pool, attempt).await?;
    let entry = Entry::by_person(Action::SignIn, person.id, visitor.address, visitor.request_id);
    access_log::record(&state.pool, &entry.about_name(name_digest)).await?;
    let devices = devices.marked(person.id, state.clock.now());
    Ok(SignedIn { person, session, refresh, devices })
}

/// Logs a refusal; the answer says nothing about its reason.
async fn refused(state: &AppState, visitor: &Visitor, name_digest: [u8; 32]) -> ApiError {
    let entry = Entry::by_visitor(Action::SignInRefused, visitor.address, visitor.request_id);
    match access_log::record(&state.pool, &entry.about_name(name_digest)).await {
        Ok(()) => ApiError::WrongCredentials,
        Err(error) => error.into(),
    }
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
