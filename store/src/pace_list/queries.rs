//! A page of paces, and all of them.

use sqlx::{PgPool, Postgres, QueryBuilder};

use super::row::{COLUMNS, PaceRow};
use crate::list::{self, Export, ExportError, ListQuery, Page, Tie, Total, push_after, push_order_by};

/// What makes a bucket unique.
const KEY: Tie = Tie::Texts(&["p.account_id", "p.region", "p.operation"]);

/// A page of paces and how many there are in all, from one snapshot.
pub async fn page(pool: &PgPool, query: &ListQuery) -> Result<(Page<PaceRow>, Total), list::PageError> {
    let position = |row: &PaceRow| row.position(query.order);
    list::page(pool, query.limit, page_query(query)?, position, |sql| {
        sql.push("select from aws_pace p");
        push_where(sql, query);
    })
    .await
}

/// All paces that the query's filter finds, in its order; its place and limit are not looked
/// at.
pub async fn export(pool: &PgPool, query: &ListQuery, at_most: u32) -> Result<Export<PaceRow>, ExportError> {
    let push_rows = |sql: &mut QueryBuilder<Postgres>| {
        sql.push(" from aws_pace p");
        push_where(sql, query);
    };
    let push_query = |sql: &mut QueryBuilder<Postgres>| {
        sql.push("select ").push(COLUMNS);
        push_rows(sql);
        push_order_by(sql, query.order, KEY);
    };
    Export::open(pool, at_most, push_rows, push_query).await
}

fn page_query(query: &ListQuery) -> Result<QueryBuilder<Postgres>, list::PositionError> {
    let mut sql = QueryBuilder::new("select ");
    sql.push(COLUMNS).push(" from aws_pace p");
    push_where(&mut sql, query);
    if let Some(position) = &query.after {
        sql.push(" and ");
        push_after(&mut sql, query.order, KEY, position)?;
    }
    push_order_by(&mut sql, query.order, KEY);
    sql.push(" limit ").push_bind(i64::from(query.limit) + 1);
    Ok(sql)
}

fn push_where(sql: &mut QueryBuilder<Postgres>, query: &ListQuery) {
    sql.push(" where true");
    list::push_filter(sql, query);
}
