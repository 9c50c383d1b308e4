//! A page of a list and how many rows there are in all, from one snapshot.

use sqlx::{FromRow, PgPool, Postgres, QueryBuilder, postgres::PgRow};

use super::{ListQuery, Page, PageError, Position, Total, total};
use crate::filter::push_condition;

/// Reads a page by `select`, which asks for one row more than the limit: that there is one
/// tells that there is a next page. `push_rows` appends `select from … where …` of all rows.
pub(crate) async fn page<T>(
    pool: &PgPool,
    limit: u32,
    mut select: QueryBuilder<Postgres>,
    position: impl Fn(&T) -> Position,
    push_rows: impl Fn(&mut QueryBuilder<Postgres>),
) -> Result<(Page<T>, Total), PageError>
where
    T: for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    let mut transaction = pool.begin().await?;
    sqlx::query("set transaction isolation level repeatable read, read only").execute(&mut *transaction).await?;
    let mut rows: Vec<T> = select.build_query_as().fetch_all(&mut *transaction).await?;
    let limit = limit as usize;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(position);
    let total = total(&mut transaction, push_rows).await?;
    Ok((Page { rows, next }, total))
}

/// Appends ` and …`, the condition of the query's filter, if it has one.
pub(crate) fn push_filter(sql: &mut QueryBuilder<Postgres>, query: &ListQuery) {
    if let Some(condition) = &query.filter {
        sql.push(" and ");
        push_condition(sql, condition);
    }
}
