//! How many rows a list has: exact where that is quick, else "at least".
//!
//! A count to [`BOUND`] is always quick. Above it the exact count may take
//! [`TIME_LIMIT_MS`]; a fleet of any size thus answers in bounded time.

use sqlx::{PgConnection, Postgres, QueryBuilder};

/// Up to here totals are always exact.
const BOUND: i64 = 10_000;
/// How long an exact count above the bound may take, in milliseconds.
const TIME_LIMIT_MS: u32 = 100;
/// SQLSTATE of a statement that ran into its time limit.
const QUERY_CANCELED: &str = "57014";

/// How many rows there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    /// So many, or more.
    pub value: i64,
    /// True where there may be more.
    pub at_least: bool,
}

/// Counts the rows of `select … from … where …`, which `push_rows` appends to a query.
pub async fn total(
    connection: &mut PgConnection,
    push_rows: impl Fn(&mut QueryBuilder<Postgres>),
) -> Result<Total, sqlx::Error> {
    let mut bounded = QueryBuilder::new("select count(*) from (");
    push_rows(&mut bounded);
    bounded.push(" limit ").push_bind(BOUND + 1).push(") as bounded");
    let value: i64 = bounded.build_query_scalar().fetch_one(&mut *connection).await?;
    if value <= BOUND {
        return Ok(Total { value, at_least: false });
    }
    let mut exact = QueryBuilder::new("select count(*) from (");
    push_rows(&mut exact);
    exact.push(") as every");
    sqlx::query(sqlx::AssertSqlSafe(format!("set local statement_timeout = {TIME_LIMIT_MS}")))
        .execute(&mut *connection)
        .await?;
    match exact.build_query_scalar::<i64>().fetch_one(&mut *connection).await {
        Ok(value) => Ok(Total { value, at_least: false }),
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(QUERY_CANCELED) => {
            Ok(Total { value: BOUND, at_least: true })
        }
        Err(error) => Err(error),
    }
}
