//! Steps of a run: planned once, claimed by one pod at a time, moved on page by page.
//!
//! ```text
//! pending ──claim──► running ──advance…──► complete | partial | failed
//!                      ▲  │ claim ran out, or a new pod of the same job index
//!                      └──┘ (failed and partial ones too, when another attempt may help)
//! ```
//!
//! Every write of a page goes through [`advance`] in the transaction that writes the rows:
//! it moves the cursor, adds the counts and checks that the claim still holds. A pod that
//! lost its claim therefore changes nothing.

use std::time::Duration;

use identifiers::{AccountId, Region, Source};
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    aws_call::Entry,
    notification::{Event, notify},
    run_lease::interval,
};

mod transaction;
mod writing;

pub use transaction::end;
pub(crate) use transaction::{begin, commit};
pub(crate) use writing::advance;
pub use writing::{restart_listing, stop};

/// A pod's name for its claims: the index in its Job and this very attempt.
#[derive(Clone, Debug)]
pub struct Holder {
    index: u32,
    text: String,
    /// By the database's clock.
    arrived_at: jiff_sqlx::Timestamp,
}

impl Holder {
    /// A new attempt of the pod with `index`, which arrives now.
    pub async fn arrive(pool: &PgPool, index: u32, attempt: Uuid) -> Result<Self, sqlx::Error> {
        let arrived_at = sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#).fetch_one(pool).await?;
        Ok(Self { index, text: format!("{index}/{attempt}"), arrived_at })
    }

    /// The index in the Job, 0 for a plain one.
    pub fn index(&self) -> u32 {
        self.index
    }
}

/// A step that this pod works on.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its number.
    pub step_id: i64,
    /// Its run.
    pub run_id: Uuid,
    /// The run's account.
    pub account: AccountId,
    /// What it reads.
    pub source: Source,
    /// Where.
    pub region: Region,
    /// The directory it is limited to.
    pub directory_id: Option<String>,
    /// The desktops it is limited to.
    pub workspace_ids: Vec<String>,
    /// Where the pod before stopped.
    pub cursor: Option<String>,
    /// Things read by the pod before.
    pub items: i64,
    /// Items without an id that the pod before met.
    pub rejected: i64,
    /// The pod that works on it.
    pub holder: Holder,
}

/// A step that ended without reading everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepError {
    /// The class of the error, such as `throttle`.
    pub class: &'static str,
    /// What happened and what to do about it.
    pub message: String,
    /// Whether another attempt may do better.
    pub retryable: bool,
}

/// How a step goes on after a write.
#[derive(Clone, Debug)]
pub enum Next {
    /// There is more: go on from this cursor.
    From(String),
    /// Everything was read. With an error it is only part of it.
    End(Option<StepError>),
}

/// Counts that one write adds to its step.
#[derive(Clone, Debug, Default)]
pub struct Spent {
    /// Items that had no id.
    pub rejected: i64,
    /// Calls, retries included.
    pub calls: i64,
    /// Calls that AWS throttled.
    pub throttles: i64,
    /// Bytes of answers.
    pub bytes: i64,
    /// What the calls cost, in US dollars.
    pub cost_usd: rust_decimal::Decimal,
    /// The same calls for the ledger.
    pub entries: Vec<Entry>,
}

/// Writing to a step failed.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Another pod works on the step by now.
    #[error("step {step} was taken over by another pod")]
    ClaimLost {
        /// Its number.
        step: i64,
    },
    /// A query failed.
    #[error("step {step} could not be written")]
    Query {
        /// Its number.
        step: i64,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
}

/// Plans the listings of a run: one step a source and region, where it is not there yet.
pub async fn plan_listings(
    pool: &PgPool,
    run: Uuid,
    sources: &[Source],
    regions: &[String],
) -> Result<(), sqlx::Error> {
    let sources: Vec<String> = sources.iter().map(ToString::to_string).collect();
    sqlx::query!(
        "insert into run_step (run_id, source, region)
         select $1, source, region
         from unnest($2::text[]) with ordinality as s (source, position), unnest($3::text[]) as r (region)
         order by position, region
         on conflict on constraint run_step_is_planned_once do nothing",
        run,
        &sources,
        regions,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Claims the next step for `holder`, or `None` when nothing is to be had now.
///
/// To be had are pending steps, running ones whose claim ran out or belongs to an earlier
/// pod of the same index, and those that stopped before this pod arrived and that another
/// attempt may complete. What stops while pods of one Job work side by side waits for the
/// next pod, so that they do not hand a broken region around without a pause.
pub async fn claim(
    pool: &PgPool,
    account: &AccountId,
    run: Uuid,
    holder: &Holder,
    ttl: Duration,
) -> Result<Option<Step>, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    let row = sqlx::query!(
        "update run_step set
             state = 'running',
             claimed_by = $2,
             claimed_until = clock_timestamp() + $4,
             attempts = attempts + 1,
             error_class = null, error = null, retryable = false, finished_at = null,
             started_at = coalesce(started_at, clock_timestamp()),
             -- What has no place to go on from begins again, and so do its counts.
             listing_started_at = case when cursor is null then clock_timestamp() else listing_started_at end,
             items = case when cursor is null then 0 else items end,
             rejected = case when cursor is null then 0 else rejected end
         where step_id = (
             select step_id from run_step
             where run_id = $1 and (
                 state = 'pending'
                 or (state = 'running' and claimed_by <> $2
                     and (claimed_until < clock_timestamp() or claimed_by like $3))
                 or (state in ('partial', 'failed') and retryable and finished_at < $5 and attempts < 10)
             )
             order by step_id
             limit 1
             for update skip locked
         )
         returning step_id, source, region, directory_id, workspace_ids, cursor, items, rejected",
        run,
        holder.text,
        format!("{}/%", holder.index),
        interval(ttl),
        holder.arrived_at as _,
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let step = Step {
        step_id: row.step_id,
        run_id: run,
        account: account.clone(),
        source: row.source.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
        region: row.region.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
        directory_id: row.directory_id,
        workspace_ids: row.workspace_ids.unwrap_or_default(),
        cursor: row.cursor,
        items: row.items,
        rejected: row.rejected,
        holder: holder.clone(),
    };
    notify(&mut transaction, &event(&step, "running", step.items)).await?;
    transaction.commit().await?;
    Ok(Some(step))
}

/// Keeps the claims of `holder` alive while its steps wait for their pace.
pub async fn keep(pool: &PgPool, run: Uuid, holder: &Holder, ttl: Duration) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update run_step set claimed_until = clock_timestamp() + $3
         where run_id = $1 and claimed_by = $2 and state = 'running'",
        run,
        holder.text,
        interval(ttl),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Steps of `run` that are pending or being worked on.
pub async fn open_steps(pool: &PgPool, run: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "open!" from run_step where run_id = $1 and state in ('pending', 'running')"#,
        run,
    )
    .fetch_one(pool)
    .await
}

/// Gives the claims of a pod that was told to stop back, so that the next one need not
/// wait for them to run out.
pub async fn release(pool: &PgPool, run: Uuid, holder: &Holder) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update run_step set claimed_until = clock_timestamp()
         where run_id = $1 and claimed_by = $2 and state = 'running'",
        run,
        holder.text,
    )
    .execute(pool)
    .await?;
    Ok(())
}

fn event<'a>(step: &'a Step, state: &'a str, items: i64) -> Event<'a> {
    Event::RunStep {
        run_id: step.run_id,
        step_id: step.step_id,
        source: step.source.as_str(),
        region: step.region.as_str(),
        state,
        items,
    }
}
