//! One pod of a sync run, from the plan to the report.
//!
//! ```text
//! wait for Postgres and its schema ─► lease ─► credentials ─► right account?
//!      ─► plan steps ─► workers claim, collect, write ─► totals ─► report
//! ```
//!
//! Deliberately absent: what a step reads (`collector`) and how calls are made (`aws`).

use std::time::Duration;

use contract::{Outcome, Report, Trigger};
use identifiers::Source;
use store::{
    PgPool, database, inventory, partitions,
    run::{self, NewRun, RunOutcome},
    run_lease,
    run_step::{self, Holder},
    schema,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{collector::home, config::RunConfig, ending::Ending};

mod error;
mod report;
mod session;
mod workers;

pub(crate) use error::RunError;
use workers::Crew;

/// How long a lease or claim lasts without a sign of life, and how often there is one.
const CLAIM_TTL: Duration = Duration::from_secs(90);
const SIGN_OF_LIFE: Duration = Duration::from_secs(20);

/// Runs to the end and tells how it went.
pub(crate) async fn run(config: RunConfig, stop: CancellationToken) -> Ending {
    match attempt(&config, &stop).await {
        Ok(ending) => ending,
        Err(error) => error.ending(),
    }
}

async fn attempt(config: &RunConfig, stop: &CancellationToken) -> Result<Ending, RunError> {
    if config.plan.jitter_seconds > 0 && !has_begun(config).await? {
        jitter(config, stop).await?;
    }
    let pool = connect(config).await?;
    if !run_lease::hold(&pool, &config.plan.schedule, config.run_id, CLAIM_TTL).await? {
        return skip(config, &pool).await;
    }
    open(config, &pool).await?;
    let worked = tokio::select! {
        worked = work(config, &pool, stop) => worked,
        lost = keep_lease(config, &pool) => Err(lost),
    };
    let ending = match worked {
        Ok(ending) => ending,
        Err(error) => {
            let ending = error.ending();
            // The database may be what failed; then the run stays open for the next pod.
            let Report { reason, message, .. } = &ending.report;
            if error.is_final() {
                run::close(&pool, config.run_id, RunOutcome::Failed, reason, message).await?;
            }
            ending
        }
    };
    let has_siblings = config.plan.parallelism > 1;
    run_lease::release(&pool, &config.plan.schedule, config.run_id, has_siblings).await?;
    Ok(ending)
}

/// Whether an earlier pod of this run has begun, which then need not wait again. The
/// connection is given back before the wait: hundreds of pods may wait at once.
async fn has_begun(config: &RunConfig) -> Result<bool, RunError> {
    let pool = connect(config).await?;
    let begun = run::has_begun(&pool, config.run_id).await?;
    pool.close().await;
    Ok(begun)
}

/// Waits as long as the operator decided, so that many schedules of one minute spread.
async fn jitter(config: &RunConfig, stop: &CancellationToken) -> Result<(), RunError> {
    let wait = Duration::from_secs(config.plan.jitter_seconds.into());
    tracing::info!(jitter_seconds = config.plan.jitter_seconds, "waiting before the first call");
    tokio::select! {
        () = tokio::time::sleep(wait) => Ok(()),
        () = stop.cancelled() => Err(RunError::Stopped),
    }
}

async fn connect(config: &RunConfig) -> Result<PgPool, RunError> {
    let options =
        database::Options { program: "deskfleet-sync", max_connections: 4, deadline: config.pod.database_wait };
    let pool = database::connect(&config.pod.database_url_file, options).await?;
    schema::wait(&pool, config.pod.database_wait).await?;
    Ok(pool)
}

/// Another run works for this schedule: a run that has done nothing yet is over, and that is
/// right; one that has begun goes on later, and its row keeps what it has read.
async fn skip(config: &RunConfig, pool: &PgPool) -> Result<Ending, RunError> {
    if run::has_begun(pool, config.run_id).await? {
        let message =
            format!("another run of {} is at work; this one has begun and goes on after it", config.plan.schedule);
        let report = Report::new(Outcome::Partial, "LeaseHeld", message);
        return Ok(Ending { code: contract::ExitCode::PartialRetry, report });
    }
    let message = format!("another run of {} is still at work; this one did nothing", config.plan.schedule);
    run::open(pool, &new_run(config)).await?;
    run::close(pool, config.run_id, RunOutcome::Skipped, "LeaseHeld", &message).await?;
    let report = Report::new(Outcome::Skipped, "LeaseHeld", message);
    Ok(Ending { code: contract::ExitCode::Done, report })
}

async fn open(config: &RunConfig, pool: &PgPool) -> Result<(), RunError> {
    partitions::make(pool).await?;
    run::open(pool, &new_run(config)).await?;
    let abandoned = run::close_abandoned(pool, &config.plan.schedule, config.run_id).await?;
    if abandoned > 0 {
        tracing::warn!(runs = abandoned, "runs whose pods died for good were closed");
    }
    Ok(())
}

/// Shows that this pod is alive, until another run has taken the lease.
async fn keep_lease(config: &RunConfig, pool: &PgPool) -> RunError {
    loop {
        tokio::time::sleep(SIGN_OF_LIFE).await;
        match run_lease::hold(pool, &config.plan.schedule, config.run_id, CLAIM_TTL).await {
            Ok(true) => {}
            Ok(false) => return RunError::LeaseLost { schedule: config.plan.schedule.clone() },
            Err(error) => tracing::warn!(%error, "the lease could not be renewed, trying again"),
        }
    }
}

/// Proves the account, plans, and works until no step is left.
async fn work(config: &RunConfig, pool: &PgPool, stop: &CancellationToken) -> Result<Ending, RunError> {
    let session = session::open(config, pool, stop).await?;
    plan(config, pool).await?;
    let holder = Holder::arrive(pool, config.index, Uuid::new_v4()).await?;
    let worked = Crew { config, pool, session: &session, holder: &holder, stop }.work().await;
    session.record_calls(config, pool).await?;
    if stop.is_cancelled() {
        run_step::release(pool, config.run_id, &holder).await?;
        return Err(RunError::Stopped);
    }
    worked?;
    report::finish(config, pool).await
}

/// Plans what can be planned before anything is read.
async fn plan(config: &RunConfig, pool: &PgPool) -> Result<(), RunError> {
    let regions: Vec<String> = config.plan.regions.iter().map(ToString::to_string).collect();
    let lists_desktops = config.plan.sources.contains(&Source::Inventory);
    let (by_desktop, listings): (Vec<Source>, Vec<Source>) =
        config.plan.sources.iter().partition(|source| source.is_by_desktop());
    let (of_account, by_region): (Vec<Source>, Vec<Source>) =
        listings.into_iter().partition(|source| home(*source, &config.plan.account).is_some());
    run_step::plan_listings(pool, config.run_id, &by_region, &regions).await?;
    for source in of_account {
        let home: Vec<String> = home(source, &config.plan.account).iter().map(ToString::to_string).collect();
        run_step::plan_listings(pool, config.run_id, &[source], &home).await?;
    }
    // With an inventory, its end makes these steps.
    if !lists_desktops {
        let named: Vec<String> = config.plan.desktops.iter().cloned().collect();
        let named = (!named.is_empty()).then_some(&*named);
        let run = (config.run_id, &config.plan.account.account_id);
        for source in by_desktop {
            inventory::plan_known_blocks(pool, run, source, &regions, named).await?;
        }
        if named.is_some() && !run::has_begun(pool, config.run_id).await? {
            return Err(RunError::DesktopsUnknown);
        }
    }
    Ok(())
}

fn new_run(config: &RunConfig) -> NewRun {
    let plan = &config.plan;
    NewRun {
        run_id: config.run_id,
        schedule: plan.schedule.clone(),
        account: plan.account.account_id.clone(),
        trigger: match plan.trigger {
            Trigger::Schedule => "schedule",
            Trigger::Request => "request",
        },
        job_name: config.job_name.clone(),
        sources: plan.sources.iter().copied().collect(),
        regions: plan.regions.iter().map(ToString::to_string).collect(),
        parallelism: i32::try_from(plan.parallelism).unwrap_or(i32::MAX).max(1),
    }
}
