//! Pools by `workspaces:DescribeWorkspacesPools`, and the sessions of each by
//! `DescribeWorkspacesPoolSessions`.
//!
//! The pools are written first, then the sessions pool by pool, so that memory holds the
//! sessions of one. A step that was cut off starts over: the listing is a few calls, and a
//! session written twice is the same row.

use fleet::{Pool, PoolSession};
use store::{
    pools::{self, Sessions},
    run_step::{self, Next},
};

use super::{
    paging::Paging,
    parse,
    work::{StepFailure, Work, unidentified},
};
use crate::aws::{error::CallError, operation::Operation};

/// AWS's largest pages.
const POOLS: i32 = 25;
const SESSIONS: i32 = 50;

/// Reads and writes the pools of the step's region.
pub(crate) async fn collect(work: &Work<'_>) -> Result<(), StepFailure> {
    if work.step.cursor.is_some() {
        run_step::restart_listing(work.pool, work.step).await?;
    }
    let (found, mut rejected_in_all) = list(work).await?;
    let spent = work.ledger.take(rejected_in_all);
    let next = match found.first() {
        Some(first) => Next::From(first.id.as_str().to_owned()),
        None => Next::End(unidentified("pool", rejected_in_all)),
    };
    pools::write_listing(work.pool, work.step, &found, (&spent, &next)).await?;
    for (place, pool) in found.iter().enumerate() {
        let (sessions, rejected) = sessions(work, pool).await?;
        rejected_in_all += rejected;
        let spent = work.ledger.take(rejected);
        let next = match found.get(place + 1) {
            Some(following) => Next::From(following.id.as_str().to_owned()),
            None => Next::End(unidentified("pool or session", rejected_in_all)),
        };
        let sessions = Sessions { pool_id: pool.id.as_str(), listed: sessions.as_deref() };
        pools::write_sessions(work.pool, work.step, &sessions, (&spent, &next)).await?;
    }
    Ok(())
}

/// All pools, and how many had no id.
async fn list(work: &Work<'_>) -> Result<(Vec<Pool>, u64), StepFailure> {
    let operation = Operation::DescribeWorkspacesPools;
    let (mut found, mut rejected) = (Vec::new(), 0);
    let (mut token, mut paging) = (None::<String>, Paging::new(operation));
    loop {
        let answer = work
            .caller
            .call(operation, |size| {
                let request = work.clients.workspaces.describe_workspaces_pools().limit(POOLS);
                request.set_next_token(token.clone()).customize().interceptor(size).send()
            })
            .await?;
        let page = answer.workspaces_pools.unwrap_or_default();
        let received = page.len();
        found.extend(page.into_iter().filter_map(|pool| parse::pool(pool).or_else(|| count(&mut rejected))));
        token = paging.next(answer.next_token, received)?;
        if token.is_none() {
            return Ok((found, rejected));
        }
    }
}

/// The sessions of `pool`, and how many had no id; `None` when the pool went since it was
/// listed, which the next listing will tell.
async fn sessions(work: &Work<'_>, pool: &Pool) -> Result<(Option<Vec<PoolSession>>, u64), StepFailure> {
    let operation = Operation::DescribeWorkspacesPoolSessions;
    let (mut found, mut rejected) = (Vec::new(), 0);
    let (mut token, mut paging) = (None::<String>, Paging::new(operation));
    loop {
        let answer = work
            .caller
            .call(operation, |size| {
                let request = work.clients.workspaces.describe_workspaces_pool_sessions().pool_id(pool.id.as_str());
                request.limit(SESSIONS).set_next_token(token.clone()).customize().interceptor(size).send()
            })
            .await;
        let answer = match answer {
            Err(CallError::Aws { code: Some(code), .. }) if code == "ResourceNotFoundException" => {
                tracing::info!(pool.id = pool.id.as_str(), "the pool went while it was read");
                return Ok((None, 0));
            }
            answer => answer?,
        };
        let page = answer.sessions.unwrap_or_default();
        let received = page.len();
        found.extend(page.into_iter().filter_map(|one| parse::pool_session(one).or_else(|| count(&mut rejected))));
        token = paging.next(answer.next_token, received)?;
        if token.is_none() {
            return Ok((Some(found), rejected));
        }
    }
}

/// One more item that could not be identified.
fn count<T>(rejected: &mut u64) -> Option<T> {
    *rejected += 1;
    None
}
