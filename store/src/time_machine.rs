//! The fleet as of a moment, and the difference of two moments.
//!
//! AWS tells only what is; this is answered from the versions, states and marks that each
//! reading left. As far as readings tell: a change lies between the reading before and the
//! one that showed it. Retention keeps what still held at its cutoff, so every day that is
//! kept can be asked for. Deliberately absent: who may see what; names of users are in both.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::PgPool;

/// A desktop as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesktopThen {
    /// 12 digits.
    pub account_id: String,
    /// AWS region.
    pub region: String,
    /// `ws-…`.
    pub workspace_id: String,
    /// Personal: its user.
    pub user_name: Option<String>,
    /// `d-…`.
    pub directory_id: Option<String>,
    /// `wsb-…`.
    pub bundle_id: Option<String>,
    /// `auto_stop`, `always_on`, `manual`.
    pub running_mode: Option<String>,
    /// `standard`, `power`, …
    pub compute_type: Option<String>,
    /// `available`, `stopped`, …
    pub state: Option<String>,
    /// The last connection known by then.
    pub last_connected_at: Option<Timestamp>,
}

/// What is different at the later moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// 12 digits.
    pub account_id: String,
    /// AWS region.
    pub region: String,
    /// `ws-…`.
    pub workspace_id: String,
    /// How.
    pub change: Change,
}

/// How a desktop is different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was not there.
    Appeared,
    /// It is no longer there.
    Gone,
    /// One of its properties is another; null is not known.
    Changed {
        /// The column, such as `running_mode`.
        property: String,
        /// Its earlier value.
        before: serde_json::Value,
        /// Its later value.
        after: serde_json::Value,
    },
}

/// The desktops that were there at `moment`, ordered by account, region and id, as known
/// at `believed` (`None` is now).
pub async fn fleet_as_of(
    pool: &PgPool,
    moment: Timestamp,
    believed: Option<Timestamp>,
) -> Result<Vec<DesktopThen>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select account_id as "account_id!", region as "region!", workspace_id as "workspace_id!", user_name,
                  directory_id, bundle_id, running_mode, compute_type, state,
                  last_connected_at as "last_connected_at: jiff_sqlx::Timestamp"
           from workspace_as_of($1, coalesce($2::timestamptz, 'infinity'))
           order by account_id, region, workspace_id"#,
        moment.to_sqlx() as _,
        believed.map(jiff_sqlx::ToSqlx::to_sqlx) as _,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| DesktopThen {
            account_id: row.account_id,
            region: row.region,
            workspace_id: row.workspace_id,
            user_name: row.user_name,
            directory_id: row.directory_id,
            bundle_id: row.bundle_id,
            running_mode: row.running_mode,
            compute_type: row.compute_type,
            state: row.state,
            last_connected_at: row.last_connected_at.map(jiff_sqlx::Timestamp::to_jiff),
        })
        .collect())
}

/// What is different at `later` from `earlier`, ordered by account, region, id and property.
pub async fn difference(pool: &PgPool, earlier: Timestamp, later: Timestamp) -> Result<Vec<Difference>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select account_id as "account_id!", region as "region!", workspace_id as "workspace_id!",
                  change as "change!", property, before, after
           from workspace_difference($1, $2)
           order by account_id, region, workspace_id, property"#,
        earlier.to_sqlx() as _,
        later.to_sqlx() as _,
    )
    .fetch_all(pool)
    .await?;
    let change = |change: &str, property: Option<String>, before: Option<_>, after: Option<_>| match property {
        Some(property) => {
            Change::Changed { property, before: before.unwrap_or_default(), after: after.unwrap_or_default() }
        }
        None if change == "appeared" => Change::Appeared,
        None => Change::Gone,
    };
    Ok(rows
        .into_iter()
        .map(|row| Difference {
            change: change(&row.change, row.property, row.before, row.after),
            account_id: row.account_id,
            region: row.region,
            workspace_id: row.workspace_id,
        })
        .collect())
}
