//! Runs: opened by the first pod of a Job, taken up by the next ones, closed when no step
//! is left.

use identifiers::{AccountId, ObjectRef, Source};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::notification::{Event, notify};

mod abandoned;

pub use abandoned::close_abandoned;

/// A run as its pods know it.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// The UID of its Job.
    pub run_id: Uuid,
    /// Its schedule.
    pub schedule: ObjectRef,
    /// The account it reads.
    pub account: AccountId,
    /// `schedule` or `request`.
    pub trigger: &'static str,
    /// The name of its Job.
    pub job_name: Option<String>,
    /// What it reads.
    pub sources: Vec<Source>,
    /// Where.
    pub regions: Vec<String>,
    /// How many pods share it.
    pub parallelism: i32,
}

/// How a run ended, in the words of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunOutcome {
    /// Every step is complete.
    Complete,
    /// Something was read.
    Partial,
    /// Nothing was read.
    Failed,
    /// Another run held the lease.
    Skipped,
}

impl RunOutcome {
    /// The word in SQL and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// Opens `run`, or opens it again for the next pod of the same Job.
pub async fn open(pool: &PgPool, run: &NewRun) -> Result<(), sqlx::Error> {
    let mut transaction = pool.begin().await?;
    let sources: Vec<String> = run.sources.iter().map(ToString::to_string).collect();
    sqlx::query!(
        "insert into run (run_id, schedule_namespace, schedule_name, account_id, trigger, job_name,
                          sources, regions, parallelism, attempts)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)
         on conflict on constraint run_pkey do update set
             attempts = run.attempts + 1,
             outcome = 'running', reason = null, message = null, finished_at = null",
        run.run_id,
        run.schedule.namespace.as_str(),
        run.schedule.name.as_str(),
        run.account.as_str(),
        run.trigger,
        run.job_name,
        &sources,
        &run.regions,
        run.parallelism,
    )
    .execute(&mut *transaction)
    .await?;
    notify(&mut transaction, &Event::Run { run_id: run.run_id, outcome: "running" }).await?;
    transaction.commit().await
}

/// Whether a pod of this run has planned anything yet.
pub async fn has_begun(pool: &PgPool, run: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!("select exists (select from run_step where run_id = $1) as \"begun!\"", run)
        .fetch_one(pool)
        .await
}

/// Closes a run with what it came to.
pub async fn close(
    pool: &PgPool,
    run: Uuid,
    outcome: RunOutcome,
    reason: &str,
    message: &str,
) -> Result<(), sqlx::Error> {
    let mut transaction = pool.begin().await?;
    sqlx::query!(
        "update run set outcome = $2, reason = $3, message = $4, finished_at = clock_timestamp() where run_id = $1",
        run,
        outcome.as_str(),
        reason,
        message,
    )
    .execute(&mut *transaction)
    .await?;
    notify(&mut transaction, &Event::Run { run_id: run, outcome: outcome.as_str() }).await?;
    transaction.commit().await
}

/// Adds ledger entries of calls that belong to no step, such as `GetCallerIdentity`.
pub async fn record_calls(
    connection: &mut PgConnection,
    run: Uuid,
    account: &AccountId,
    entries: &[crate::aws_call::Entry],
) -> Result<(), sqlx::Error> {
    crate::aws_call::add(connection, run, account, entries).await
}

/// What the steps of a run, or those of one pod of it, add up to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    /// Steps by state.
    pub complete: i64,
    /// See `complete`.
    pub partial: i64,
    /// See `complete`.
    pub failed: i64,
    /// Steps that are pending or running.
    pub open: i64,
    /// Failed or partial steps that another attempt may complete.
    pub retryable: i64,
    /// Things read, by source.
    pub items: Vec<(String, i64)>,
    /// Calls made, retries included.
    pub calls: i64,
    /// The class of the first error, such as `permission`.
    pub error_class: Option<String>,
    /// Price of the calls in US dollars.
    pub cost_usd: rust_decimal::Decimal,
    /// Up to three errors of steps, as "inventory in us-east-1: ...".
    pub errors: Vec<String>,
}

/// Adds up the steps of `run` last worked on by job index `index`, or all for `None`.
pub async fn totals(pool: &PgPool, run: Uuid, index: Option<u32>) -> Result<Totals, sqlx::Error> {
    let claimed_by = index.map(|index| format!("{index}/%"));
    let rows = sqlx::query!(
        r#"select source,
               count(*) filter (where state = 'complete') as "complete!",
               count(*) filter (where state = 'partial') as "partial!",
               count(*) filter (where state = 'failed') as "failed!",
               count(*) filter (where state in ('pending', 'running')) as "open!",
               count(*) filter (where state in ('partial', 'failed') and retryable) as "retryable!",
               sum(items)::bigint as "items!",
               sum(calls)::bigint as "calls!",
               sum(cost_usd) as "cost_usd!",
               min(error_class) as error_class,
               (array_agg(format('%s in %s: %s', source, region, error) order by step_id)
                   filter (where error is not null))[1:3] as errors
           from run_step
           where run_id = $1 and ($2::text is null or claimed_by like $2)
           group by source order by source"#,
        run,
        claimed_by,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().fold(Totals::default(), |mut totals, row| {
        totals.complete += row.complete;
        totals.partial += row.partial;
        totals.failed += row.failed;
        totals.open += row.open;
        totals.retryable += row.retryable;
        totals.calls += row.calls;
        totals.cost_usd += row.cost_usd;
        totals.error_class = totals.error_class.take().or(row.error_class);
        totals.items.push((row.source, row.items));
        totals.errors.extend(row.errors.unwrap_or_default());
        totals.errors.truncate(3);
        totals
    }))
}
