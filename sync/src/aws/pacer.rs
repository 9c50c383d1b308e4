//! Pace, the part with a database and a clock: waits until a call may be sent.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Mutex,
    time::Duration,
};

use contract::{AccountPlan, Pace};
use identifiers::{AccountId, Region};
use store::{
    PgPool,
    aws_pace::{self, Bucket},
};
use tokio::time::{Instant, sleep_until};

use super::{operation::Operation, pace::Lane, purse::Purses};

/// How often a ticket that came too late is thrown away in a row, before one is used
/// anyhow: with a database this slow no ticket would ever be in time.
const MOST_LATE: u32 = 8;

/// Hands out permission to call, at the pace all jobs of the account share.
#[derive(Debug)]
pub(crate) struct Pacer {
    /// `None` where there is no database to share a pace through: a probe calls each
    /// operation once, which is within every burst.
    pool: Option<PgPool>,
    account: AccountId,
    overrides: BTreeMap<String, Pace>,
    purses: Purses,
    reserved: Mutex<HashMap<(Region, Operation), VecDeque<Ticket>>>,
}

/// Permission for one call, from `due` until `expires`.
#[derive(Clone, Copy, Debug)]
struct Ticket {
    due: Instant,
    expires: Instant,
}

impl Pacer {
    /// A pacer for an account.
    pub(crate) fn new(pool: Option<PgPool>, account: &AccountPlan) -> Self {
        let purses = Purses::new(pool.clone(), account.account_id.clone(), &account.budget);
        let (overrides, account) = (account.pace.clone(), account.account_id.clone());
        Self { pool, account, overrides, purses, reserved: Mutex::default() }
    }

    /// What pays for paid calls.
    pub(crate) fn purses(&self) -> &Purses {
        &self.purses
    }

    /// Waits until a call of `operation` that weighs `tickets` may be sent in `region`.
    pub(crate) async fn tickets(
        &self,
        region: &Region,
        operation: Operation,
        tickets: u32,
    ) -> Result<(), store::QueryError> {
        for _ in 0..tickets {
            self.ticket(region, operation).await?;
        }
        Ok(())
    }

    /// Waits until one call of `operation` may be sent in `region`.
    async fn ticket(&self, region: &Region, operation: Operation) -> Result<(), store::QueryError> {
        let Some(pool) = &self.pool else { return Ok(()) };
        let mut late = 0;
        loop {
            let ticket = self.next(pool, region, operation).await?;
            sleep_until(ticket.due).await;
            if Instant::now() <= ticket.expires || late >= MOST_LATE {
                return Ok(());
            }
            late += 1;
            tracing::debug!(aws.operation = operation.name(), aws.region = %region, late, "a ticket came too late");
        }
    }

    /// AWS throttled a call: the shared rate halves, and tickets in hand are void.
    pub(crate) async fn throttled(&self, region: &Region, operation: Operation) -> Result<(), store::QueryError> {
        let Some(pool) = &self.pool else { return Ok(()) };
        self.lock().remove(&(region.clone(), operation));
        let (bucket, _) = self.lane(region, operation);
        aws_pace::halve(pool, bucket).await
    }

    async fn next(&self, pool: &PgPool, region: &Region, operation: Operation) -> Result<Ticket, store::QueryError> {
        let key = (region.clone(), operation);
        if let Some(ticket) = self.lock().get_mut(&key).and_then(VecDeque::pop_front) {
            return Ok(ticket);
        }
        let (bucket, lane) = self.lane(region, operation);
        // The database's moment of asking lies between these two: tickets are due counted
        // from the later and expire counted from the earlier, so both err to the safe side.
        let asked = Instant::now();
        let tickets = aws_pace::take(pool, bucket, lane.batch).await?;
        let answered = Instant::now();
        let validity = Duration::from_secs_f64(lane.validity);
        let mut taken = lane.dues(tickets).map(|due| Ticket { due: answered + due, expires: asked + due + validity });
        let first = taken.next().unwrap_or(Ticket { due: answered, expires: answered });
        self.lock().entry(key).or_default().extend(taken);
        Ok(first)
    }

    fn lane<'a>(&'a self, region: &'a Region, operation: Operation) -> (Bucket<'a>, Lane) {
        let pace = self.overrides.get(operation.name()).copied().unwrap_or(operation.default_pace());
        let lane = Lane::new(pace);
        let bucket = Bucket {
            account: &self.account,
            region,
            operation: operation.name(),
            base_rate: lane.rate,
            burst: pace.burst,
        };
        (bucket, lane)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<(Region, Operation), VecDeque<Ticket>>> {
        // A panic while holding the lock cannot leave the map half-changed.
        self.reserved.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
