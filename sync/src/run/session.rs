//! The AWS session of a pod: credentials that were proved to belong to the account, the
//! pace all pods share, and the calls that belong to no step.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use contract::Retention;
use identifiers::Region;
use store::{
    PgPool, account,
    retention::{self, OwnDays},
    run,
};
use tokio_util::sync::CancellationToken;

use super::error::RunError;
use crate::{
    aws::{
        bucket::Bucket,
        caller::Caller,
        clients::{RegionClients, Transport},
        credentials, identity,
        ledger::Ledger,
        pacer::Pacer,
        purse::Purses,
    },
    collector::home,
    config::RunConfig,
};

/// What workers call AWS with.
pub(super) struct Session {
    /// Made once for each region, and not for each step.
    clients: BTreeMap<Region, RegionClients>,
    /// Where the account's cost export lies.
    pub(super) bucket: Option<Bucket>,
    pub(super) pacer: Arc<Pacer>,
    /// Who AWS takes us for.
    pub(super) caller_arn: String,
    /// Calls of no step: who we are, and the roles assumed, also in the middle of the run.
    ledger: Arc<Ledger>,
}

/// Resolves credentials and proves that they are the account's.
pub(super) async fn open(config: &RunConfig, pool: &PgPool, stop: &CancellationToken) -> Result<Session, RunError> {
    let account = &config.plan.account;
    let transport = Transport::new(account);
    let purses = Purses::new(Some(pool.clone()), account.account_id.clone(), &account.budget);
    let pacer = Arc::new(Pacer::new(Some(config.pod.buckets(pool)?), purses, account));
    let ledger = Arc::new(Ledger::default());
    let region = config.plan.regions.first().expect("the configuration has a region").clone();
    let caller = Caller::new(Arc::clone(&pacer), region.clone(), Arc::clone(&ledger), stop.clone());

    let proved = async {
        let credentials =
            credentials::resolve(account, &config.pod.sources, &transport, &caller, &session_name(config)).await?;
        let identity = identity::ask(&transport.sts(&region, Some(credentials.clone())), &caller).await?;
        identity.require(&account.account_id)?;
        Ok::<_, RunError>((credentials, identity.arn))
    }
    .await;
    record(config, pool, &ledger).await?;
    let (credentials, caller_arn) = proved?;
    account::record_verified(pool, &account.account_id, &account.object, region.partition()).await?;
    retention::record(pool, &account.account_id, own_days(account.retention)).await?;
    let clients = |region: &Region| (region.clone(), transport.region(region, &credentials));
    let bucket = account.cost_export.as_ref().map(|export| Bucket::new(export, account, &credentials)).transpose()?;
    // Sources of the account as a whole have a home that may be none of the plan's regions.
    let homes = config.plan.sources.iter().filter_map(|source| home(*source, account));
    let regions: BTreeSet<Region> = config.plan.regions.iter().cloned().chain(homes).collect();
    Ok(Session { clients: regions.iter().map(clients).collect(), bucket, pacer, caller_arn, ledger })
}

impl Session {
    /// The clients of a region that steps are planned in.
    pub(super) fn clients(&self, region: &Region) -> &RegionClients {
        self.clients.get(region).expect("steps are planned in these regions only")
    }

    /// Writes the calls made since [`open`] that belong to no step.
    pub(super) async fn record_calls(&self, config: &RunConfig, pool: &PgPool) -> Result<(), RunError> {
        record(config, pool, &self.ledger).await
    }
}

async fn record(config: &RunConfig, pool: &PgPool, ledger: &Ledger) -> Result<(), RunError> {
    let entries = ledger.take(0).entries;
    if !entries.is_empty() {
        let account = &config.plan.account.account_id;
        run::record_calls(&mut *pool.acquire().await?, config.run_id, account, &entries).await?;
    }
    Ok(())
}

fn own_days(plan: Retention) -> OwnDays {
    let Retention { history_days, usage_days, cost_days, audit_days, run_days } = plan;
    OwnDays { history: history_days, usage: usage_days, cost: cost_days, audit: audit_days, run: run_days }
}

/// What CloudTrail shows as the caller: the schedule and the start of the run's id. STS
/// takes 2 to 64 characters of letters, digits and `+=,.@-`.
fn session_name(config: &RunConfig) -> String {
    let run = config.run_id.simple().to_string();
    format!("deskfleet-{}-{}", config.plan.schedule.name, &run[..8])
}
