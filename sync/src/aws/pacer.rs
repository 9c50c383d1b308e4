//! Pace, the part with a database and a clock: waits until a call may be sent.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Mutex,
    time::Duration,
};

use contract::{AccountPlan, Pace};
use identifiers::{AccountId, Region};
use store::aws_pace::{Bucket, Buckets, Memory, PaceError};
use tokio::time::{Instant, sleep_until};

use super::{operation::Operation, pace::Lane, purse::Purses};

/// How often a ticket that came too late is thrown away in a row, before one is used
/// anyhow: with a database this slow no ticket would ever be in time.
const MOST_LATE: u32 = 8;

/// Hands out permission to call, at the pace all jobs of the account share.
#[derive(Debug)]
pub(crate) struct Pacer {
    /// `None` where there is nothing to share a pace through: a probe calls each
    /// operation once, which is within every burst.
    buckets: Option<Buckets>,
    account: AccountId,
    overrides: BTreeMap<String, Pace>,
    purses: Purses,
    reserved: Mutex<HashMap<(Region, Operation), VecDeque<Ticket>>>,
}

/// Permission for one call, from `due` until `expires`.
#[derive(Clone, Debug)]
struct Ticket {
    due: Instant,
    expires: Instant,
    memory: Memory,
}

impl Pacer {
    /// A pacer for an account, whose paid calls are paid by `purses`.
    pub(crate) fn new(buckets: Option<Buckets>, purses: Purses, account: &AccountPlan) -> Self {
        let (overrides, account) = (account.pace.clone(), account.account_id.clone());
        Self { buckets, account, overrides, purses, reserved: Mutex::default() }
    }

    /// What pays for paid calls.
    pub(crate) fn purses(&self) -> &Purses {
        &self.purses
    }

    /// Waits until a call of `operation` that weighs `tickets` may be sent in `region`.
    pub(crate) async fn tickets(&self, region: &Region, operation: Operation, tickets: u32) -> Result<(), PaceError> {
        for _ in 0..tickets {
            self.ticket(region, operation).await?;
        }
        Ok(())
    }

    /// Waits until one call of `operation` may be sent in `region`.
    async fn ticket(&self, region: &Region, operation: Operation) -> Result<(), PaceError> {
        let Some(buckets) = &self.buckets else { return Ok(()) };
        let mut late = 0;
        loop {
            let ticket = self.next(buckets, region, operation).await?;
            sleep_until(ticket.due).await;
            if !buckets.remembers(&ticket.memory).await? {
                self.void(region, operation);
                tracing::info!(aws.operation = operation.name(), "the pace was lost and begins anew");
                continue;
            }
            if Instant::now() <= ticket.expires || late >= MOST_LATE {
                return Ok(());
            }
            late += 1;
            tracing::debug!(aws.operation = operation.name(), aws.region = %region, late, "a ticket came too late");
        }
    }

    /// AWS throttled a call: the shared rate halves, and tickets in hand are void.
    pub(crate) async fn throttled(&self, region: &Region, operation: Operation) -> Result<(), PaceError> {
        let Some(buckets) = &self.buckets else { return Ok(()) };
        self.void(region, operation);
        let (bucket, _) = self.lane(region, operation);
        buckets.halve(bucket).await
    }

    /// Throws the tickets in hand away.
    fn void(&self, region: &Region, operation: Operation) {
        self.lock().remove(&(region.clone(), operation));
    }

    async fn next(&self, buckets: &Buckets, region: &Region, operation: Operation) -> Result<Ticket, PaceError> {
        let key = (region.clone(), operation);
        if let Some(ticket) = self.lock().get_mut(&key).and_then(VecDeque::pop_front) {
            return Ok(ticket);
        }
        let (bucket, lane) = self.lane(region, operation);
        // The server's moment of asking lies between these two: tickets are due counted
        // from the later and expire counted from the earlier, so both err to the safe side.
        let asked = Instant::now();
        let tickets = buckets.take(bucket, lane.batch).await?;
        let answered = Instant::now();
        let validity = Duration::from_secs_f64(lane.validity);
        let memory = tickets.memory.clone();
        let ticket = |due| Ticket { due: answered + due, expires: asked + due + validity, memory: memory.clone() };
        let mut taken = lane.dues(&tickets).map(ticket);
        let first = taken.next().unwrap_or(Ticket { due: answered, expires: answered, memory: memory.clone() });
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
