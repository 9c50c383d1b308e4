//! A page of runs, all runs, and one run.

use sqlx::{PgPool, Postgres, QueryBuilder};
use uuid::Uuid;

use super::row::{COLUMNS, RunRow, TOTALS};
use crate::list::{self, Export, ExportError, ListQuery, Page, Tie, Total, push_after, push_order_by};

/// What makes a run unique.
const KEY: Tie = Tie::Id("r.run_id");

/// A page of runs and how many there are in all, from one snapshot.
pub async fn page(pool: &PgPool, query: &ListQuery) -> Result<(Page<RunRow>, Total), list::PageError> {
    let position = |row: &RunRow| row.position(query.order);
    list::page(pool, query.limit, page_query(query)?, position, |sql| {
        sql.push("select from run r");
        push_where(sql, query);
    })
    .await
}

/// All runs that the query's filter finds, in its order; its place and limit are not looked
/// at.
pub async fn export(pool: &PgPool, query: &ListQuery, at_most: u32) -> Result<Export<RunRow>, ExportError> {
    let push_rows = |sql: &mut QueryBuilder<Postgres>| {
        sql.push(" from run r");
        push_where(sql, query);
    };
    let push_query = |sql: &mut QueryBuilder<Postgres>| {
        sql.push("select ").push(COLUMNS).push(" from run r").push(TOTALS);
        push_where(sql, query);
        push_order_by(sql, query.order, KEY);
    };
    Export::open(pool, at_most, push_rows, push_query).await
}

/// The run with this id.
pub async fn one(pool: &PgPool, run: Uuid) -> Result<Option<RunRow>, sqlx::Error> {
    let mut query = QueryBuilder::<Postgres>::new("select ");
    query.push(COLUMNS).push(" from run r").push(TOTALS).push(" where r.run_id = ").push_bind(run);
    query.build_query_as().fetch_optional(pool).await
}

/// Totals are joined after the limit, so that only the steps of shown runs are read.
fn page_query(query: &ListQuery) -> Result<QueryBuilder<Postgres>, list::PositionError> {
    let mut sql = QueryBuilder::new("select ");
    sql.push(COLUMNS).push(" from (select r.* from run r");
    push_where(&mut sql, query);
    if let Some(position) = &query.after {
        sql.push(" and ");
        push_after(&mut sql, query.order, KEY, position)?;
    }
    push_order_by(&mut sql, query.order, KEY);
    sql.push(" limit ").push_bind(i64::from(query.limit) + 1).push(") r").push(TOTALS);
    push_order_by(&mut sql, query.order, KEY);
    Ok(sql)
}

fn push_where(sql: &mut QueryBuilder<Postgres>, query: &ListQuery) {
    sql.push(" where true");
    list::push_filter(sql, query);
}
