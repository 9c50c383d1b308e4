//! The checks of the health page, each with what to do when it fails.

use std::time::Instant;

use serde::Serialize;
use store::{
    PgPool,
    coverage::{self, LastSync},
    schema::{self, SchemaError},
    server_facts::{ServerFacts, server_facts},
};
use utoipa::ToSchema;

/// A replica further behind than this is worth a look.
const REPLICA_LAG_SECONDS: i64 = 30;

/// How something stands, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum HealthStatus {
    /// As it should be.
    Ok,
    /// It works, and something is wrong.
    Degraded,
    /// It does not work.
    Down,
}

/// One check.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckBody {
    /// What was looked at.
    #[schema(example = "database")]
    pub name: String,
    /// How it stands.
    pub status: HealthStatus,
    /// What was found.
    #[schema(example = "PostgreSQL 15.8, primary")]
    pub detail: String,
    /// What to do; `null` where nothing is to be done.
    pub remedy: Option<String>,
    /// How long looking took.
    pub duration_ms: f64,
}

/// Runs all checks. Without a database the others say nothing.
pub(super) async fn all(pool: &PgPool) -> Vec<CheckBody> {
    let started = Instant::now();
    let Ok(facts) = server_facts(pool).await else {
        let remedy = "see that Postgres runs, that Secret deskfleet-database is right and that the network policy lets \
                      deskfleet-api through";
        return vec![timed("database", started, down("it cannot be reached", remedy))];
    };
    let mut checks = vec![timed("database", started, database(&facts))];
    let started = Instant::now();
    checks.push(timed("schema", started, schema_version(schema::require(pool).await)));
    let started = Instant::now();
    match coverage::last_syncs(pool).await {
        Ok(syncs) if syncs.is_empty() => {
            checks.push(timed(
                "sync",
                started,
                ok("no account has been read yet; apply a WorkspaceAccount and a SyncSchedule".to_owned()),
            ));
        }
        Ok(syncs) => {
            checks
                .extend(syncs.iter().map(|sync| timed(&format!("sync {}", sync.account_id), started, last_sync(sync))));
        }
        Err(_) => checks.push(timed("sync", started, down("it cannot be read", "see the server's log"))),
    }
    checks
}

/// The worst of all checks.
pub(super) fn worst(checks: &[CheckBody]) -> HealthStatus {
    checks.iter().map(|check| check.status).max().unwrap_or(HealthStatus::Ok)
}

type Finding = (HealthStatus, String, Option<String>);

fn database(facts: &ServerFacts) -> Finding {
    let version = &facts.version;
    let megabytes = facts.bytes / 1_000_000;
    match facts.replica_lag.map(|lag| lag.as_secs()) {
        None => ok(format!("PostgreSQL {version}, primary, {megabytes} MB")),
        Some(lag) if lag <= REPLICA_LAG_SECONDS => ok(format!("PostgreSQL {version}, replica {lag} s behind")),
        Some(lag) => (
            HealthStatus::Degraded,
            format!("PostgreSQL {version}, replica {lag} s behind"),
            Some("see the replica's load and the network between it and its primary".to_owned()),
        ),
    }
}

fn schema_version(verdict: Result<(), SchemaError>) -> Finding {
    match verdict {
        Ok(()) => ok(format!("version {}", schema::needed_version())),
        Err(error) => {
            down(error.to_string(), "run the migration Job (helm upgrade makes one), or deskfleet-store migrate")
        }
    }
}

fn last_sync(sync: &LastSync) -> Finding {
    let completed = sync.completed_at.map_or("never".to_owned(), |at| at.to_string());
    let detail = format!("last complete: {completed}");
    match sync.last_outcome.as_deref() {
        Some("complete") => ok(detail),
        None => ok(format!("{detail}; no run has ended yet")),
        Some(outcome) => (
            HealthStatus::Degraded,
            format!("{detail}; the last run ended {outcome}"),
            Some("open the run on the Sync page: each step says what failed and what to do".to_owned()),
        ),
    }
}

const fn ok(detail: String) -> Finding {
    (HealthStatus::Ok, detail, None)
}

fn down(detail: impl Into<String>, remedy: &str) -> Finding {
    (HealthStatus::Down, detail.into(), Some(remedy.to_owned()))
}

fn timed(name: &str, started: Instant, (status, detail, remedy): Finding) -> CheckBody {
    let duration_ms = started.elapsed().as_secs_f64() * 1_000.0;
    CheckBody { name: name.to_owned(), status, detail, remedy, duration_ms }
}
