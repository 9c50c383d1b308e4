//! Retention: what is older than its account keeps it goes, table by table.
//!
//! ```text
//! days.rs        how many days each group of tables is kept, and of whom
//! rules.rs       every table: its group, and which of its rows have ended
//! partitions.rs  months that are over for everybody, dropped whole
//! rows.rs        rows of one account, in batches
//! ```
//!
//! What is current never goes: a rule tells when a row *ended*, and a state or a mark that
//! still held at the cutoff stays, so that the fleet as of any kept day can be told. Each
//! batch and each month is a transaction of its own: an interrupted run is taken up by the
//! next one. The audit trail leaves in its own order, at a checkpoint (`audit::prune`).
//! Deliberately absent: removing an account (`purge`).

mod days;
mod partitions;
mod rows;
mod rules;

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::PgConnection;

use self::{days::Cutoffs, rules::RULES};
pub use self::{
    days::{Days, Group, OwnDays, record},
    rules::{KEPT, tables},
};
use crate::audit::{self, PruneError};

/// Retention failed; what went stays gone, and doing it again goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum RetainError {
    /// The numbers of the accounts could not be read.
    #[error("the retention of the accounts could not be read")]
    Days(#[source] sqlx::Error),
    /// A month could not be dropped.
    #[error("months of {table} could not be dropped")]
    Months {
        /// The table.
        table: &'static str,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// The audit trail could not be shortened.
    #[error(transparent)]
    Audit(#[from] PruneError),
    /// Rows could not be removed.
    #[error("rows of {table} could not be removed")]
    Rows {
        /// The table.
        table: &'static str,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
}

/// What went, or would go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retained {
    /// Months dropped whole, such as `usage_day_202401`.
    pub months: Vec<String>,
    /// Rows removed one by one, by table; tables without any are left out.
    pub rows: BTreeMap<&'static str, u64>,
}

/// Whether something is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is.
    Remove,
    /// It is only counted.
    Count,
}

/// Removes what ended before its account's days are over at `now`; `installation` stands
/// for days that an account does not set.
pub async fn retain(
    connection: &mut PgConnection,
    now: Timestamp,
    installation: Days,
    mode: Mode,
) -> Result<Retained, RetainError> {
    let cutoffs = Cutoffs::read(connection, now, installation).await.map_err(RetainError::Days)?;
    let mut retained = Retained::default();
    for rule in RULES {
        let cutoff = cutoffs.earliest(rule.group);
        let months = partitions::drop_ended(connection, rule, cutoff, mode)
            .await
            .map_err(|source| RetainError::Months { table: rule.table, source })?;
        retained.months.extend(months);
        let mut rows = 0;
        for (account, cutoff) in cutoffs.of_rule(rule) {
            rows += rows::remove_ended(connection, rule, account, cutoff, mode)
                .await
                .map_err(|source| RetainError::Rows { table: rule.table, source })?;
        }
        if rows > 0 {
            tracing::info!(table = rule.table, rows, mode = ?mode, "rows have ended their retention");
            retained.rows.insert(rule.table, rows);
        }
    }
    if mode == Mode::Remove {
        prune_audit(connection, &cutoffs, &mut retained).await?;
    }
    Ok(retained)
}

/// Shortens each account's audit trail at the last checkpoint before its cutoff.
async fn prune_audit(
    connection: &mut PgConnection,
    cutoffs: &Cutoffs,
    retained: &mut Retained,
) -> Result<(), RetainError> {
    for (account, cutoff) in cutoffs.of_trails(connection).await.map_err(RetainError::Days)? {
        let pruned = audit::prune(connection, &account, cutoff).await?;
        retained.months.extend(pruned.months);
        if pruned.events > 0 {
            *retained.rows.entry("audit_event").or_default() += pruned.events;
        }
    }
    Ok(())
}
