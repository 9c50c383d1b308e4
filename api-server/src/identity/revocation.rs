//! Sessions that ended while an access token of theirs still lives.
//!
//! A token is checked without the database, so something must tell that its session was
//! revoked. The list holds the sessions revoked within a token's lifetime; a task reads it
//! every two seconds, so a sign-out anywhere works everywhere within five. A list that
//! could not be read for longer than that answers [`Verdict::Unknown`], and the server then
//! lets nobody in rather than somebody wrong.

use std::{
    collections::HashSet,
    sync::{Arc, RwLock},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use store::{PgPool, session};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::access_token;

/// Time between two readings.
const POLL: Duration = Duration::from_secs(2);
/// Oldest reading that is still believed: the promise of design and documentation.
const MAX_AGE: SignedDuration = SignedDuration::from_secs(5);

/// What the list says about a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Not revoked.
    Live,
    /// Revoked.
    Revoked,
    /// The list is too old to say.
    Unknown,
}

#[derive(Debug, Default)]
struct Reading {
    at: Option<Timestamp>,
    revoked: HashSet<Uuid>,
}

/// The list, shared by all requests.
#[derive(Debug, Clone, Default)]
pub struct RevocationList(Arc<RwLock<Reading>>);

impl RevocationList {
    /// What is known of `session` at `now`.
    pub fn verdict(&self, session: Uuid, now: Timestamp) -> Verdict {
        let reading = self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        match reading.at {
            _ if reading.revoked.contains(&session) => Verdict::Revoked,
            Some(at) if now.duration_since(at) <= MAX_AGE => Verdict::Live,
            _ => Verdict::Unknown,
        }
    }

    /// Notes a session that this very process revoked.
    pub fn add(&self, session: Uuid) {
        self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner).revoked.insert(session);
    }

    /// Replaces the list by what the database said at `at`.
    pub fn replace(&self, revoked: HashSet<Uuid>, at: Timestamp) {
        *self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Reading { at: Some(at), revoked };
    }

    /// Reads the list from the database once. `at` is taken before the query: a session
    /// revoked while it runs is found by the next one.
    pub async fn read(&self, pool: &PgPool) -> Result<(), store::QueryError> {
        let at = Timestamp::now();
        let revoked = session::revoked_within(pool, access_token::LIFETIME).await?;
        self.replace(revoked.into_iter().collect(), at);
        Ok(())
    }

    /// Reads the list until `stop`.
    pub async fn keep_reading(self, pool: PgPool, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(POLL);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            if let Err(error) = self.read(&pool).await {
                tracing::warn!(error = %error, "the list of revoked sessions could not be read");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_older_than_five_seconds_vouches_for_nobody() {
        let list = RevocationList::default();
        let (session, read_at) = (Uuid::from_u128(1), Timestamp::UNIX_EPOCH);
        assert_eq!(list.verdict(session, read_at), Verdict::Unknown);
        list.replace(HashSet::new(), read_at);
        assert_eq!(list.verdict(session, read_at + MAX_AGE), Verdict::Live);
        assert_eq!(list.verdict(session, read_at + SignedDuration::from_secs(6)), Verdict::Unknown);
    }

    #[test]
    fn a_revoked_session_is_refused_at_once_and_however_old_the_list() {
        let list = RevocationList::default();
        let (session, read_at) = (Uuid::from_u128(1), Timestamp::UNIX_EPOCH);
        list.replace(HashSet::new(), read_at);
        list.add(session);
        assert_eq!(list.verdict(session, read_at), Verdict::Revoked);
        assert_eq!(list.verdict(session, read_at + SignedDuration::from_hours(1)), Verdict::Revoked);
    }
}
