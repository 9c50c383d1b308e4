//! Whether a session still stands while an access token or a live stream of it goes on.
//!
//! Both are let through without asking the database each time, so something must tell that
//! a session was revoked or has expired, or that its person was disabled or is something
//! else now. A task reads every second how the sessions of living tokens and open streams
//! stand; what ends anywhere thus ends everywhere within five seconds. A list that could not
//! be read for four answers [`Verdict::Unknown`], and the server then lets nobody in rather
//! than somebody wrong.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use store::{PgPool, QueryError, person::Role, session};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{access_token, caller::Caller};
use crate::clock::Clock;

/// Time between two readings, and the longest that one may take: a failed one leaves time
/// for streams to end before the five seconds are over.
const POLL: Duration = Duration::from_secs(1);
/// Oldest reading that is still believed.
const MAX_AGE: SignedDuration = SignedDuration::from_secs(4);
/// How far the clock of another server may be ahead of its tokens' sessions.
const SKEW: SignedDuration = SignedDuration::from_secs(5);
/// Tokens are read for a minute longer than they live.
const LOOK_BACK: SignedDuration = SignedDuration::from_mins(6);

/// What the list says about a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It stands, and its person is what the caller says.
    Stands,
    /// It is over.
    Over,
    /// It stands, and its person's role is another by now: a new token tells which.
    Changed,
    /// The list is too old to say.
    Unknown,
}

#[derive(Debug, Default)]
struct Known {
    read_at: Option<Timestamp>,
    roles: HashMap<Uuid, Option<Role>>,
    /// Ended by this very process, and when: a reading that began before knows nothing of it.
    ended: HashMap<Uuid, Timestamp>,
    /// Sessions with open streams.
    watched: HashMap<Uuid, usize>,
}

/// The list, shared by requests and streams.
#[derive(Debug, Clone)]
pub struct Standings {
    clock: Clock,
    known: Arc<Mutex<Known>>,
    changes: watch::Sender<()>,
}

/// Held by a stream: its session is read as long as it lives.
#[derive(Debug)]
pub struct Watch {
    standings: Standings,
    caller: Caller,
    since: Timestamp,
    changes: watch::Receiver<()>,
}

impl Standings {
    /// Knows nothing yet.
    pub fn new(clock: Clock) -> Self {
        Self { clock, known: Arc::default(), changes: watch::Sender::new(()) }
    }

    /// How the session of a token stands that was issued to `caller` at `issued`.
    pub fn of_token(&self, caller: &Caller, issued: Timestamp) -> Verdict {
        self.verdict(caller, issued + SKEW)
    }

    /// Watches a session for a stream that begins now.
    pub fn watch(&self, caller: Caller) -> Watch {
        *self.lock().watched.entry(caller.session).or_default() += 1;
        Watch { caller, since: self.clock.now(), changes: self.changes.subscribe(), standings: self.clone() }
    }

    /// Notes a session that this very process ended.
    pub fn end(&self, session: Uuid) {
        self.lock().ended.insert(session, self.clock.now());
        self.changes.send_replace(());
    }

    /// Reads the list from the database once. The time is taken before the query: what
    /// changes while it runs is found by the next one.
    pub async fn read(&self, pool: &PgPool) -> Result<(), QueryError> {
        let read_at = self.clock.now();
        let watched: Vec<Uuid> = self.lock().watched.keys().copied().collect();
        let standings = session::standings(pool, LOOK_BACK, &watched).await?;
        self.replace(standings.into_iter().map(|standing| (standing.session, standing.role)).collect(), read_at);
        Ok(())
    }

    /// Replaces the list by what the database said at `read_at`.
    pub fn replace(&self, roles: HashMap<Uuid, Option<Role>>, read_at: Timestamp) {
        let mut known = self.lock();
        known.ended.retain(|_, at| *at >= read_at);
        known.roles = roles;
        known.read_at = Some(read_at);
        drop(known);
        self.changes.send_replace(());
    }

    /// Reads the list until `stop`.
    pub async fn keep_reading(self, pool: PgPool, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(POLL);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            match tokio::time::timeout(POLL, self.read(&pool)).await {
                Ok(Ok(())) => continue,
                Ok(Err(error)) => tracing::warn!(error = %error, "how sessions stand could not be read"),
                Err(_) => tracing::warn!("how sessions stand could not be read within {POLL:?}"),
            }
            self.look_again();
        }
    }

    /// Streams look at what is known again: nothing new came, and it has grown older.
    pub fn look_again(&self) {
        self.changes.send_replace(());
    }

    fn verdict(&self, caller: &Caller, since: Timestamp) -> Verdict {
        let known = self.lock();
        let role = known.roles.get(&caller.session);
        // What is over stays over, however old the list.
        if known.ended.contains_key(&caller.session) || role == Some(&None) {
            return Verdict::Over;
        }
        let Some(read_at) = known.read_at.filter(|at| self.clock.now().duration_since(*at) <= MAX_AGE) else {
            return Verdict::Unknown;
        };
        match role.copied().flatten() {
            Some(role) if role == caller.role => Verdict::Stands,
            Some(_) => Verdict::Changed,
            // Begun since the reading, or gone before it.
            None if since < read_at => Verdict::Over,
            None => Verdict::Stands,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watch {
    /// Returns when the session no longer stands, or nobody can say so.
    pub async fn over(&mut self) {
        while self.standings.verdict(&self.caller, self.since) == Verdict::Stands {
            // The sender lives in `self`, so an error cannot come.
            if self.changes.changed().await.is_err() {
                return;
            }
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut known = self.standings.lock();
        if let Some(count) = known.watched.get_mut(&self.caller.session) {
            *count -= 1;
            if *count == 0 {
                known.watched.remove(&self.caller.session);
            }
        }
    }
}

/// A reading looks back further than any token lives.
const _: () = assert!(LOOK_BACK.as_secs() > access_token::LIFETIME.as_secs());

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    const SESSION: Uuid = Uuid::from_u128(7);

    fn caller() -> Caller {
        Caller { person: Uuid::from_u128(1).into(), session: SESSION, role: Role::Viewer }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds)
    }

    /// A list whose clock stands where the test puts it.
    fn standings() -> (Standings, Arc<Mutex<Timestamp>>) {
        let time = Arc::new(Mutex::new(at(0)));
        let told = time.clone();
        (Standings::new(Clock::of(move || *told.lock().unwrap())), time)
    }

    fn is(role: Option<Role>) -> HashMap<Uuid, Option<Role>> {
        HashMap::from([(SESSION, role)])
    }

    #[test]
    fn a_list_older_than_four_seconds_vouches_for_nobody() {
        let (list, time) = standings();
        assert_eq!(list.of_token(&caller(), at(0)), Verdict::Unknown);
        list.replace(is(Some(Role::Viewer)), at(0));
        *time.lock().unwrap() = at(4);
        assert_eq!(list.of_token(&caller(), at(0)), Verdict::Stands);
        *time.lock().unwrap() = at(5);
        assert_eq!(list.of_token(&caller(), at(0)), Verdict::Unknown);
    }

    #[test]
    fn what_is_over_is_refused_at_once_and_however_old_the_list() {
        let (list, time) = standings();
        list.replace(is(Some(Role::Viewer)), at(0));
        list.end(SESSION);
        assert_eq!(list.of_token(&caller(), at(0)), Verdict::Over);
        *time.lock().unwrap() = at(3_600);
        assert_eq!(list.of_token(&caller(), at(0)), Verdict::Over);
    }

    #[test]
    fn a_reading_that_began_before_a_sign_out_does_not_undo_it() {
        let (list, time) = standings();
        *time.lock().unwrap() = at(2);
        list.end(SESSION);
        list.replace(is(Some(Role::Viewer)), at(1));
        assert_eq!(list.of_token(&caller(), at(0)), Verdict::Over);
    }

    #[test]
    fn another_role_is_a_change_and_no_role_is_the_end() {
        let (list, _) = standings();
        list.replace(is(Some(Role::Admin)), at(0));
        assert_eq!(list.of_token(&caller(), at(0)), Verdict::Changed);
        list.replace(is(None), at(0));
        assert_eq!(list.of_token(&caller(), at(0)), Verdict::Over);
    }

    #[test]
    fn a_session_that_is_missing_has_begun_since_or_is_gone() {
        let (list, time) = standings();
        *time.lock().unwrap() = at(10);
        list.replace(HashMap::new(), at(10));
        assert_eq!(list.of_token(&caller(), at(6)), Verdict::Stands, "clocks differ");
        assert_eq!(list.of_token(&caller(), at(4)), Verdict::Over);
    }

    #[test]
    fn a_watch_ends_with_its_session_or_when_nobody_can_say() {
        let (list, time) = standings();
        list.replace(is(Some(Role::Viewer)), at(0));
        let mut watch = list.watch(caller());
        assert!(watch.over().now_or_never().is_none());
        list.replace(is(Some(Role::Viewer)), at(1));
        assert!(watch.over().now_or_never().is_none());
        *time.lock().unwrap() = at(6);
        assert!(watch.over().now_or_never().is_some(), "the last reading is five seconds old");
        list.replace(is(None), at(6));
        assert!(watch.over().now_or_never().is_some());
    }

    #[test]
    fn a_session_is_watched_while_a_stream_lives() {
        let (list, _) = standings();
        let (one, two) = (list.watch(caller()), list.watch(caller()));
        drop(one);
        assert_eq!(list.lock().watched[&SESSION], 1);
        drop(two);
        assert!(list.lock().watched.is_empty());
    }
}
