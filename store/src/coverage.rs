//! How completely the fleet was read: for each source, account and region what the last
//! finished run came to, and when it was last read completely.

use jiff::Timestamp;
use sqlx::PgPool;

/// What is known of one source in one account and region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceCoverage {
    /// What is read.
    pub source: String,
    /// Whose.
    pub account_id: String,
    /// Where.
    pub region: String,
    /// Of the last finished run: `complete`, `partial` or `failed`; `running` while the
    /// first one works.
    pub state: String,
    /// When it was last read completely, as far back as the runs looked at go.
    pub as_of: Option<Timestamp>,
}

/// How many runs of an account are looked at: enough that every schedule of an account is
/// among them, few enough to stay quick whatever the history.
const RUNS_PER_ACCOUNT: i64 = 50;

/// Coverage of these sources, ordered by source, account, region.
pub async fn of_sources(pool: &PgPool, sources: &[&str]) -> Result<Vec<SourceCoverage>, sqlx::Error> {
    let sources: Vec<String> = sources.iter().map(|source| (*source).to_owned()).collect();
    let rows = sqlx::query!(
        r#"with looked_at as (
               select r.run_id, r.account_id, r.started_at, r.outcome
               from account a
               cross join lateral (
                   select run_id, account_id, started_at, outcome from run
                   where account_id = a.account_id and outcome <> 'skipped'
                   order by started_at desc, run_id desc limit $2
               ) r
           ), verdict as (
               select l.account_id, s.region, s.source, l.run_id, l.started_at,
                      max(s.finished_at) as finished_at,
                      case
                          when bool_and(s.state = 'complete') then 'complete'
                          when l.outcome = 'running' then 'running'
                          when bool_and(s.state in ('failed', 'pending', 'running')) then 'failed'
                          else 'partial'
                      end as state
               from looked_at l join run_step s using (run_id)
               where s.source = any($1)
               group by l.account_id, s.region, s.source, l.run_id, l.started_at, l.outcome
           )
           select source as "source!", account_id as "account_id!", region as "region!",
                  (array_agg(state order by (state = 'running'), started_at desc))[1] as "state!",
                  max(finished_at) filter (where state = 'complete') as as_of
           from verdict group by source, account_id, region order by source, account_id, region"#,
        &sources,
        RUNS_PER_ACCOUNT
    )
    .fetch_all(pool)
    .await?;
    let coverage = rows.into_iter().map(|row| SourceCoverage {
        source: row.source,
        account_id: row.account_id,
        region: row.region,
        state: row.state,
        as_of: row.as_of.map(Into::into),
    });
    Ok(coverage.collect())
}

/// When each account was last synced completely, for the health page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastSync {
    /// Whose.
    pub account_id: String,
    /// When a run last ended complete; `None` for never.
    pub completed_at: Option<Timestamp>,
    /// What the last finished run came to.
    pub last_outcome: Option<String>,
}

/// [`LastSync`] of every account.
pub async fn last_syncs(pool: &PgPool) -> Result<Vec<LastSync>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select a.account_id,
               (select r.finished_at from run r where r.account_id = a.account_id and r.outcome = 'complete'
                order by r.started_at desc limit 1) as completed_at,
               (select r.outcome from run r
                where r.account_id = a.account_id and r.outcome in ('complete', 'partial', 'failed')
                order by r.started_at desc limit 1) as last_outcome
           from account a order by a.account_id"#
    )
    .fetch_all(pool)
    .await?;
    let syncs = rows.into_iter().map(|row| LastSync {
        account_id: row.account_id,
        completed_at: row.completed_at.map(Into::into),
        last_outcome: row.last_outcome,
    });
    Ok(syncs.collect())
}
