//! The parts of source Cost: how far each has got, or why an account does not have it.

use identifiers::AccountId;
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use sqlx::{PgConnection, PgPool};

/// A part that is read, or not, on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Costs by day.
    Days,
    /// The forecast.
    Forecast,
    /// Costs of single resources.
    Resources,
}

/// Whether an account has a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It was read.
    Complete,
    /// AWS does not offer it to this account, or not yet.
    Unavailable,
    /// The credentials may not read it.
    Denied,
}

/// What is known of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Whether there is one.
    pub state: State,
    /// For people, why not.
    pub note: Option<String>,
    /// The day after the last one that was read completely.
    pub through: Option<Date>,
    /// When that was so.
    pub at: Timestamp,
}

impl Reading {
    /// A part that was read up to, but without, `through`.
    pub fn complete(through: Option<Date>, at: Timestamp) -> Self {
        Self { state: State::Complete, note: None, through, at }
    }
}

impl Part {
    /// The word in SQL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Forecast => "forecast",
            Self::Resources => "resources",
        }
    }
}

impl State {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Unavailable => "unavailable",
            Self::Denied => "denied",
        }
    }
}

/// What is known of `part` of `account`.
pub async fn read_of(pool: &PgPool, account: &AccountId, part: Part) -> Result<Option<Reading>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select state, note, read_through as "read_through: jiff_sqlx::Date", read_at as "read_at: jiff_sqlx::Timestamp"
           from cost_reading where account_id = $1 and part = $2"#,
        account.as_str(),
        part.as_str(),
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| Reading {
        state: [State::Unavailable, State::Denied]
            .into_iter()
            .find(|state| state.as_str() == row.state)
            .unwrap_or(State::Complete),
        note: row.note,
        through: row.read_through.map(jiff_sqlx::Date::to_jiff),
        at: row.read_at.to_jiff(),
    }))
}

/// Records what is known of `part`. Days that were read stay read.
pub(super) async fn record(
    connection: &mut PgConnection,
    account: &AccountId,
    part: Part,
    reading: &Reading,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into cost_reading as kept (account_id, part, state, note, read_through, read_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict on constraint cost_reading_pkey do update set
             state = excluded.state, note = excluded.note, read_at = excluded.read_at,
             read_through = greatest(kept.read_through, excluded.read_through)",
        account.as_str(),
        part.as_str(),
        reading.state.as_str(),
        reading.note,
        reading.through.map(ToSqlx::to_sqlx) as _,
        reading.at.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
