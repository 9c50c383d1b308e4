//! What paid calls have cost in a period, and the one statement by which more is spent.

use identifiers::AccountId;
use rust_decimal::Decimal;
use sqlx::PgPool;

/// How long a budget lasts; both begin at 00:00 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// A day.
    Day,
    /// A calendar month.
    Month,
}

impl Period {
    const fn unit(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
        }
    }
}

/// Spends `price` US dollars from `purse` (its name and period) if the period's sum stays
/// at or below `limit`; false otherwise, and then nothing is spent. Statements that come at
/// once take turns on the row, so the limit holds for all of them together.
pub async fn spend(
    pool: &PgPool,
    account: &AccountId,
    purse: (&str, Period),
    price: Decimal,
    limit: Decimal,
) -> Result<bool, sqlx::Error> {
    let spent = sqlx::query_scalar!(
        "insert into aws_budget as budget (account_id, purse, period_start, spent_usd)
         select $1, $2, date_trunc($3, now() at time zone 'utc')::date, $4::numeric
         where $4::numeric <= $5::numeric
         on conflict on constraint aws_budget_pkey do update
             set spent_usd = budget.spent_usd + excluded.spent_usd
             where budget.spent_usd + excluded.spent_usd <= $5::numeric
         returning spent_usd",
        account.as_str(),
        purse.0,
        purse.1.unit(),
        price,
        limit,
    )
    .fetch_optional(pool)
    .await?;
    Ok(spent.is_some())
}
