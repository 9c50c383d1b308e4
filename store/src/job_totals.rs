//! What the jobs have done, added up for metrics: jobs serve nothing themselves. Labels
//! are bounded by what exists: accounts, regions, sources, operations.

use jiff::Timestamp;
use sqlx::PgPool;

/// Everything that is exported.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JobTotals {
    /// Kept runs, by account and outcome.
    pub runs: Vec<Runs>,
    /// When each account was last read completely.
    pub last_complete: Vec<(String, Timestamp)>,
    /// Steps of kept runs, by account, region, source and state.
    pub steps: Vec<Steps>,
    /// Calls of kept runs, by account, region, operation and outcome.
    pub calls: Vec<Calls>,
    /// How fast each operation may be called, by account and region.
    pub paces: Vec<Pace>,
    /// Desktops that are there, by account, region and state.
    pub workspaces: Vec<Workspaces>,
}

/// Runs of one account with one outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runs {
    /// Whose.
    pub account: String,
    /// How they ended.
    pub outcome: String,
    /// How many.
    pub count: i64,
}

/// Steps of one source in one place and state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Steps {
    /// Whose.
    pub account: String,
    /// Where.
    pub region: String,
    /// What they read.
    pub source: String,
    /// How they stand.
    pub state: String,
    /// How many.
    pub count: i64,
    /// Things they read.
    pub items: i64,
}

/// Calls of one operation in one place with one outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Calls {
    /// Whose.
    pub account: String,
    /// Where.
    pub region: String,
    /// `DescribeWorkspaces`, …
    pub operation: String,
    /// `ok`, or the class of the error.
    pub outcome: String,
    /// How many.
    pub count: i64,
    /// Time spent waiting for answers, in seconds.
    pub seconds: f64,
    /// What they cost at AWS's public prices, in US dollars.
    pub dollars: f64,
}

/// How fast one operation may be called in one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Pace {
    /// Whose.
    pub account: String,
    /// Where.
    pub region: String,
    /// `DescribeWorkspaces`, …
    pub operation: String,
    /// Calls a second as configured.
    pub configured: f64,
    /// Calls a second as allowed now.
    pub allowed: f64,
}

/// Desktops in one place and state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspaces {
    /// Whose.
    pub account: String,
    /// Where.
    pub region: String,
    /// AWS's word, `unknown` where it is not known.
    pub state: String,
    /// How many.
    pub count: i64,
}

/// Adds everything up.
pub async fn job_totals(pool: &PgPool) -> Result<JobTotals, sqlx::Error> {
    let last_complete = crate::coverage::last_syncs(pool).await?;
    Ok(JobTotals {
        runs: runs(pool).await?,
        last_complete: last_complete
            .into_iter()
            .filter_map(|sync| Some((sync.account_id, sync.completed_at?)))
            .collect(),
        steps: steps(pool).await?,
        calls: calls(pool).await?,
        paces: paces(pool).await?,
        workspaces: workspaces(pool).await?,
    })
}

async fn runs(pool: &PgPool) -> Result<Vec<Runs>, sqlx::Error> {
    sqlx::query_as!(
        Runs,
        r#"select account_id as account, outcome, count(*) as "count!" from run group by account_id, outcome"#
    )
    .fetch_all(pool)
    .await
}

async fn steps(pool: &PgPool) -> Result<Vec<Steps>, sqlx::Error> {
    sqlx::query_as!(
        Steps,
        r#"select r.account_id as account, s.region, s.source, s.state, count(*) as "count!",
                  sum(s.items)::bigint as "items!"
           from run r join run_step s using (run_id)
           group by r.account_id, s.region, s.source, s.state"#
    )
    .fetch_all(pool)
    .await
}

async fn calls(pool: &PgPool) -> Result<Vec<Calls>, sqlx::Error> {
    sqlx::query_as!(
        Calls,
        r#"select account_id as account, region, operation, outcome, sum(calls)::bigint as "count!",
                  (sum(duration_ms) / 1000.0)::double precision as "seconds!",
                  sum(cost_usd)::double precision as "dollars!"
           from aws_call group by account_id, region, operation, outcome"#
    )
    .fetch_all(pool)
    .await
}

async fn paces(pool: &PgPool) -> Result<Vec<Pace>, sqlx::Error> {
    sqlx::query_as!(
        Pace,
        r#"select account_id as account, region, operation, base_rate as configured,
                  paced_rate(rate, base_rate, recovered_at) as "allowed!"
           from aws_pace"#
    )
    .fetch_all(pool)
    .await
}

async fn workspaces(pool: &PgPool) -> Result<Vec<Workspaces>, sqlx::Error> {
    sqlx::query_as!(
        Workspaces,
        r#"select account_id as account, region, coalesce(state, 'unknown') as "state!", count(*) as "count!"
           from workspace where gone_at is null group by account_id, region, state"#
    )
    .fetch_all(pool)
    .await
}
