//! What was asked for about directories beyond their listing, when, and what came of it.
//!
//! A reading is written in the transaction that writes what was read, so a detail that
//! counts as fresh is really there. Absent: which details there are to ask for, and what to
//! make of AWS's errors; both are the collectors'.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff_sqlx::Timestamp;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use crate::run_step::{Next, Spent, Step, WriteError, begin, commit};

/// The cursor of a step whose listing is written; another pod reads the listing again.
const LISTED: &str = "listed";

/// Something that is asked for about directories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// IP access control groups of the region.
    IpGroups,
    /// Connection aliases of the region.
    ConnectionAliases,
    /// Dedicated tenancy of account and region.
    AccountTenancy,
    /// How many directories the region may have.
    DirectoryLimits,
    /// What clients may do, of all directories of the region.
    ClientProperties,
    /// Trusts of all directories of the region.
    Trusts,
    /// Snapshots of all directories of the region.
    Snapshots,
    /// Log subscriptions of all directories of the region.
    LogSubscriptions,
    /// Domain controllers of one directory.
    DomainControllers,
    /// LDAPS of one directory.
    Ldaps,
    /// Certificates of one directory.
    Certificates,
    /// How many snapshots one directory may have.
    SnapshotLimits,
    /// Users of one directory.
    Users,
}

impl Detail {
    /// The word in SQL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IpGroups => "ip_groups",
            Self::ConnectionAliases => "connection_aliases",
            Self::AccountTenancy => "account_tenancy",
            Self::DirectoryLimits => "directory_limits",
            Self::ClientProperties => "client_properties",
            Self::Trusts => "trusts",
            Self::Snapshots => "snapshots",
            Self::LogSubscriptions => "log_subscriptions",
            Self::DomainControllers => "domain_controllers",
            Self::Ldaps => "ldaps",
            Self::Certificates => "certificates",
            Self::SnapshotLimits => "snapshot_limits",
            Self::Users => "users",
        }
    }
}

/// What came of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// What AWS told is stored.
    Read,
    /// This kind of directory has no such thing.
    NotSupported,
    /// People have switched it off.
    Off,
    /// It or a part of it is not allowed, or AWS failed; there is a reason.
    Missing,
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::NotSupported => "not_supported",
            Self::Off => "off",
            Self::Missing => "missing",
        }
    }
}

/// One detail that was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// What.
    pub detail: Detail,
    /// Of which directory; `None` for what the whole region has.
    pub directory_id: Option<&'a str>,
    /// What came of it.
    pub outcome: Outcome,
    /// Why it is missing.
    pub reason: Option<&'a str>,
}

impl<'a> Reading<'a> {
    /// A detail that was read.
    pub const fn of(detail: Detail, directory_id: Option<&'a str>) -> Self {
        Self::of_part(detail, directory_id, None)
    }

    /// A detail of which a part is missing, for a `reason`; without one it was read whole.
    pub const fn of_part(detail: Detail, directory_id: Option<&'a str>, reason: Option<&'a str>) -> Self {
        let outcome = if reason.is_some() { Outcome::Missing } else { Outcome::Read };
        Self { detail, directory_id, outcome, reason }
    }
}

/// Details of `step`'s account and region that need not be asked for again, each with its
/// directory: those that were told within `age`, or in the step's own run where that is `None`.
pub async fn fresh(
    pool: &PgPool,
    step: &Step,
    age: Option<SignedDuration>,
) -> Result<BTreeSet<(String, Option<String>)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select detail, directory_id from directory_reading
         where account_id = $1 and region = $2 and outcome <> 'missing'
           and read_at > coalesce(
               clock_timestamp() - make_interval(secs => $4), (select started_at from run where run_id = $3)
           )",
        step.account.as_str(),
        step.region.as_str(),
        step.run_id,
        age.map(|age| age.as_secs_f64()),
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.detail, row.directory_id)).collect())
}

/// Keeps a reading that brought nothing to store.
pub async fn note(pool: &PgPool, step: &Step, reading: Reading<'_>, spent: &Spent) -> Result<(), WriteError> {
    let (transaction, _, at) = begin(pool, step).await?;
    finish(transaction, step, at, reading, spent).await
}

/// Keeps `reading`, counts what it took, and commits.
pub(crate) async fn finish(
    mut transaction: Transaction<'static, Postgres>,
    step: &Step,
    at: Timestamp,
    reading: Reading<'_>,
    spent: &Spent,
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    record(&mut transaction, step, at, reading).await.map_err(query)?;
    commit(transaction, step, 0, spent, &listed()).await
}

/// How a step goes on between its listing and its end.
pub(crate) fn listed() -> Next {
    Next::From(LISTED.to_owned())
}

async fn record(
    connection: &mut PgConnection,
    step: &Step,
    at: Timestamp,
    reading: Reading<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into directory_reading as kept
             (account_id, region, directory_id, detail, outcome, reason, read_at, told_at)
         values ($1, $2, $3, $4, $5, $6, $7, case when $5 = 'read' then $7::timestamptz end)
         on conflict on constraint directory_reading_is_one do update set
             outcome = excluded.outcome, reason = excluded.reason, read_at = excluded.read_at,
             told_at = coalesce(excluded.told_at, kept.told_at)",
        step.account.as_str(),
        step.region.as_str(),
        reading.directory_id,
        reading.detail.as_str(),
        reading.outcome.as_str(),
        reading.reason,
        at as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
