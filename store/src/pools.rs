//! Pools as last read, and the sessions of their users with when each was seen.
//!
//! ```text
//! write_listing ─► write_sessions of a pool ─► ... ─► of the last one, which ends the step
//! ```
//!
//! Only a whole listing says that a pool is gone, and only a whole listing of its sessions,
//! or its own end, that a session is over.

use fleet::{Pool, PoolSession, pool::PoolError};
use jiff_sqlx::Timestamp;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use crate::{
    run_step::{Next, Spent, Step, WriteError, begin, commit},
    workspace_history::Place,
    workspace_row::stored,
};

/// Writes the pools of `step`'s region.
pub async fn write_listing(
    database: &PgPool,
    step: &Step,
    pools: &[Pool],
    (spent, next): (&Spent, &Next),
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let (mut transaction, place, at) = begin(database, step).await?;
    upsert(&mut transaction, place, at, pools).await.map_err(query)?;
    if spent.rejected == 0 {
        mark_gone(&mut transaction, place, at).await.map_err(query)?;
    }
    commit(transaction, step, pools.len(), spent, next).await
}

/// The sessions of one pool.
#[derive(Debug)]
pub struct Sessions<'a> {
    /// The pool.
    pub pool_id: &'a str,
    /// Its sessions; `None` when the pool went before they could be listed.
    pub listed: Option<&'a [PoolSession]>,
}

/// Writes the sessions of a pool; those that they do not contain are over.
pub async fn write_sessions(
    database: &PgPool,
    step: &Step,
    sessions: &Sessions<'_>,
    (spent, next): (&Spent, &Next),
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let (mut transaction, place, at) = begin(database, step).await?;
    let listed = sessions.listed.unwrap_or_default();
    upsert_sessions(&mut transaction, place, at, sessions.pool_id, listed).await.map_err(query)?;
    if sessions.listed.is_some() && spent.rejected == 0 {
        end_sessions(&mut transaction, place, at, sessions.pool_id).await.map_err(query)?;
    }
    commit(transaction, step, listed.len(), spent, next).await
}

async fn upsert(
    connection: &mut PgConnection,
    place: Place<'_>,
    at: Timestamp,
    pools: &[Pool],
) -> Result<(), sqlx::Error> {
    let rows: Vec<PoolRow<'_>> = pools.iter().map(PoolRow::new).collect();
    let json = serde_json::to_string(&rows).expect("a row is plain data");
    sqlx::query_file!("src/pools/upsert.sql", place.account, place.region, at as _, json).execute(connection).await?;
    Ok(())
}

/// Marks the pools gone that were not written at `at`, and their sessions over.
async fn mark_gone(connection: &mut PgConnection, place: Place<'_>, at: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with gone as (
             update pool set gone_at = $3
             where account_id = $1 and region = $2 and gone_at is null and last_read_at < $3
             returning pool_id
         )
         update pool_session set gone_at = $3
         where account_id = $1 and region = $2 and gone_at is null and pool_id in (select pool_id from gone)",
        place.account,
        place.region,
        at as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn upsert_sessions(
    connection: &mut PgConnection,
    place: Place<'_>,
    at: Timestamp,
    pool_id: &str,
    sessions: &[PoolSession],
) -> Result<(), sqlx::Error> {
    let rows: Vec<SessionRow<'_>> = sessions.iter().map(SessionRow::new).collect();
    let json = serde_json::to_string(&rows).expect("a row is plain data");
    sqlx::query_file!("src/pools/upsert_sessions.sql", place.account, place.region, pool_id, at as _, json)
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends the sessions of a pool that were not written at `at`.
async fn end_sessions(
    connection: &mut PgConnection,
    place: Place<'_>,
    at: Timestamp,
    pool_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update pool_session set gone_at = $4
         where account_id = $1 and region = $2 and pool_id = $3 and gone_at is null and last_seen_at < $4",
        place.account,
        place.region,
        pool_id,
        at as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

#[derive(Serialize)]
struct PoolRow<'a> {
    pool_id: &'a str,
    name: Option<&'a str>,
    description: Option<&'a str>,
    state: &'a str,
    running_mode: &'a str,
    bundle_id: Option<&'a str>,
    directory_id: Option<&'a str>,
    created_at: Option<jiff::Timestamp>,
    available_sessions: Option<i32>,
    desired_sessions: Option<i32>,
    actual_sessions: Option<i32>,
    active_sessions: Option<i32>,
    disconnect_timeout_seconds: Option<i32>,
    idle_timeout_seconds: Option<i32>,
    session_limit_seconds: Option<i32>,
    errors: Vec<Fault<'a>>,
}

#[derive(Serialize)]
struct Fault<'a> {
    code: Option<&'a str>,
    message: Option<&'a str>,
}

impl<'a> PoolRow<'a> {
    fn new(pool: &'a Pool) -> Self {
        let fault = |error: &'a PoolError| Fault { code: error.code.as_deref(), message: error.message.as_deref() };
        Self {
            pool_id: pool.id.as_str(),
            name: pool.name.as_deref(),
            description: pool.description.as_deref(),
            state: pool.state.as_str(),
            running_mode: pool.running_mode.as_str(),
            bundle_id: stored(pool.bundle_id.as_ref()),
            directory_id: stored(pool.directory_id.as_ref()),
            created_at: pool.created_at,
            available_sessions: pool.capacity.map(|capacity| capacity.available),
            desired_sessions: pool.capacity.map(|capacity| capacity.desired),
            actual_sessions: pool.capacity.map(|capacity| capacity.actual),
            active_sessions: pool.capacity.map(|capacity| capacity.active),
            disconnect_timeout_seconds: pool.timeouts.disconnect_seconds,
            idle_timeout_seconds: pool.timeouts.idle_seconds,
            session_limit_seconds: pool.timeouts.session_seconds,
            errors: pool.errors.iter().map(fault).collect(),
        }
    }
}

#[derive(Serialize)]
struct SessionRow<'a> {
    session_id: &'a str,
    user_id: Option<&'a str>,
    authentication: Option<&'a str>,
    connection_state: Option<&'a str>,
    instance_id: Option<&'a str>,
    started_at: Option<jiff::Timestamp>,
    expires_at: Option<jiff::Timestamp>,
}

impl<'a> SessionRow<'a> {
    fn new(session: &'a PoolSession) -> Self {
        Self {
            session_id: session.id.as_str(),
            user_id: session.user_id.as_deref(),
            authentication: stored(session.authentication.as_ref()),
            connection_state: stored(session.connection.as_ref()),
            instance_id: session.instance_id.as_deref(),
            started_at: session.started_at,
            expires_at: session.expires_at,
        }
    }
}
