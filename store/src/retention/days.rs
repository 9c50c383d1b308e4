//! How many days each group of tables is kept, and of whom.

use std::collections::BTreeMap;

use identifiers::AccountId;
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use sqlx::{PgConnection, PgPool};

use super::rules::{Owner, Rule};

/// AWS tells of events for 90 days, so younger ones would come back; the trail asks for ten more.
const YOUNGEST_AUDIT_DAYS: u32 = 101;

/// Tables that are kept equally long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Earlier versions and states of what AWS has.
    History,
    /// Evidence of use.
    Usage,
    /// Costs.
    Cost,
    /// Who did what.
    Audit,
    /// Runs of deskfleet itself.
    Run,
}

/// Days that each group is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// [`Group::History`].
    pub history: u32,
    /// [`Group::Usage`].
    pub usage: u32,
    /// [`Group::Cost`].
    pub cost: u32,
    /// [`Group::Audit`].
    pub audit: u32,
    /// [`Group::Run`].
    pub run: u32,
}

impl Days {
    /// Days of a group.
    pub const fn of(self, group: Group) -> u32 {
        match group {
            Group::History => self.history,
            Group::Usage => self.usage,
            Group::Cost => self.cost,
            Group::Audit => self.audit,
            Group::Run => self.run,
        }
    }
}

/// Days that an account sets; `None` is the installation's number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnDays {
    /// [`Group::History`].
    pub history: Option<u32>,
    /// [`Group::Usage`].
    pub usage: Option<u32>,
    /// [`Group::Cost`].
    pub cost: Option<u32>,
    /// [`Group::Audit`].
    pub audit: Option<u32>,
    /// [`Group::Run`].
    pub run: Option<u32>,
}

/// Keeps what an account sets.
pub async fn record(pool: &PgPool, account: &AccountId, days: OwnDays) -> Result<(), sqlx::Error> {
    let OwnDays { history, usage, cost, audit, run } = days;
    let [history, usage, cost, audit, run] =
        [history, usage, cost, audit, run].map(|days| days.and_then(|days| i32::try_from(days).ok()));
    sqlx::query!(
        "insert into account_retention as kept (account_id, history_days, usage_days, cost_days, audit_days, run_days)
         values ($1, $2, $3, $4, $5, $6)
         on conflict on constraint account_retention_pkey do update set
             history_days = excluded.history_days, usage_days = excluded.usage_days,
             cost_days = excluded.cost_days, audit_days = excluded.audit_days,
             run_days = excluded.run_days, updated_at = clock_timestamp()
         where (kept.history_days, kept.usage_days, kept.cost_days, kept.audit_days, kept.run_days)
             is distinct from (excluded.history_days, excluded.usage_days, excluded.cost_days,
                               excluded.audit_days, excluded.run_days)",
        account.as_str(),
        history,
        usage,
        cost,
        audit,
        run,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// The moments before which rows have ended their retention.
pub(super) struct Cutoffs {
    now: Timestamp,
    installation: Days,
    accounts: BTreeMap<String, Days>,
}

impl Cutoffs {
    /// Reads what accounts set.
    pub(super) async fn read(
        connection: &mut PgConnection,
        now: Timestamp,
        installation: Days,
    ) -> Result<Self, sqlx::Error> {
        let rows = sqlx::query!(
            r#"select account_id as "account_id!", history_days, usage_days, cost_days, audit_days, run_days
               from account full join account_retention using (account_id)"#
        )
        .fetch_all(connection)
        .await?;
        let own =
            |days: Option<i32>, installation| days.and_then(|days| u32::try_from(days).ok()).unwrap_or(installation);
        let accounts = rows.into_iter().map(|row| {
            let days = Days {
                history: own(row.history_days, installation.history),
                usage: own(row.usage_days, installation.usage),
                cost: own(row.cost_days, installation.cost),
                audit: own(row.audit_days, installation.audit),
                run: own(row.run_days, installation.run),
            };
            (row.account_id, days)
        });
        Ok(Self { now, installation, accounts: accounts.collect() })
    }

    /// The cutoff of each account; of nobody's rows, one for all.
    pub(super) fn of_rule(&self, rule: &Rule) -> Vec<(&str, Cutoff)> {
        match rule.owner {
            Owner::Nobody => vec![("", self.before(self.installation.of(rule.group)))],
            Owner::Account | Owner::Desktop | Owner::CostItem => {
                let cutoff = |days: &Days| self.before(days.of(rule.group));
                self.accounts.iter().map(|(account, days)| (account.as_str(), cutoff(days))).collect()
            }
        }
    }

    /// The cutoff before which nobody keeps anything.
    pub(super) fn earliest(&self, group: Group) -> Cutoff {
        let own = self.accounts.values().map(|days| days.of(group));
        self.before(own.fold(self.installation.of(group), u32::max))
    }

    /// The cutoff of each account that has an audit trail.
    pub(super) async fn of_trails(
        &self,
        connection: &mut PgConnection,
    ) -> Result<Vec<(AccountId, Timestamp)>, sqlx::Error> {
        let accounts = sqlx::query_scalar!("select account_id from audit_chain").fetch_all(connection).await?;
        let days = |account: &String| self.accounts.get(account).copied().unwrap_or(self.installation).audit;
        Ok(accounts
            .iter()
            .filter_map(|account| Some((account.parse().ok()?, self.before(days(account).max(YOUNGEST_AUDIT_DAYS)).0)))
            .collect())
    }

    fn before(&self, days: u32) -> Cutoff {
        Cutoff(self.now.saturating_sub(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MIN))
    }
}

/// A moment before which rows have ended their retention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cutoff(Timestamp);

impl Cutoff {
    /// As Postgres takes it.
    pub(super) fn to_sql(self) -> jiff_sqlx::Timestamp {
        self.0.to_sqlx()
    }
}
