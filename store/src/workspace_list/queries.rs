//! A page of desktops, all desktops, and one desktop.

use sqlx::{PgPool, Postgres, QueryBuilder};

use super::row::{COLUMNS, WorkspaceRow};
use crate::list::{self, Export, ExportError, ListQuery, Page, Tie, Total, push_after, push_order_by};

/// What makes a desktop unique.
const KEY: Tie = Tie::Texts(&["w.account_id", "w.region", "w.workspace_id"]);

/// A page of desktops and how many there are in all. Page and total are read from one
/// snapshot.
pub async fn page(
    pool: &PgPool,
    query: &ListQuery,
    with_gone: bool,
) -> Result<(Page<WorkspaceRow>, Total), list::PageError> {
    let mut select = QueryBuilder::new("");
    push_page(&mut select, query, with_gone)?;
    let position = |row: &WorkspaceRow| row.position(query.order);
    list::page(pool, query.limit, select, position, |sql| {
        sql.push("select from workspace w");
        push_where(sql, query, with_gone);
    })
    .await
}

/// All desktops that the query's filter finds, in its order; its place and limit are not
/// looked at.
pub async fn export(
    pool: &PgPool,
    query: &ListQuery,
    with_gone: bool,
    at_most: u32,
) -> Result<Export<WorkspaceRow>, ExportError> {
    let push_rows = |sql: &mut QueryBuilder<Postgres>| {
        sql.push(" from workspace w");
        push_where(sql, query, with_gone);
    };
    let push_query = |sql: &mut QueryBuilder<Postgres>| {
        sql.push("select ").push(COLUMNS);
        push_rows(sql);
        push_order_by(sql, query.order, KEY);
    };
    Export::open(pool, at_most, push_rows, push_query).await
}

/// The desktop with this id. An id that several accounts or regions know (AWS never does
/// that) gives the one that is there, last read first.
pub async fn one(pool: &PgPool, workspace_id: &str) -> Result<Option<WorkspaceRow>, sqlx::Error> {
    let mut query = QueryBuilder::<Postgres>::new("select ");
    query.push(COLUMNS).push(" from workspace w where w.workspace_id = ").push_bind(workspace_id.to_owned());
    query.push(" order by w.gone_at desc nulls first, w.last_read_at desc limit 1");
    query.build_query_as().fetch_optional(pool).await
}

/// Appends the query of a page: one row more than asked for, which tells whether there is a
/// next page. By itself for whoever wants to see its plan.
pub fn push_page(
    sql: &mut QueryBuilder<Postgres>,
    query: &ListQuery,
    with_gone: bool,
) -> Result<(), list::PositionError> {
    sql.push("select ").push(COLUMNS).push(" from workspace w");
    push_where(sql, query, with_gone);
    if let Some(position) = &query.after {
        sql.push(" and ");
        push_after(sql, query.order, KEY, position)?;
    }
    push_order_by(sql, query.order, KEY);
    sql.push(" limit ").push_bind(i64::from(query.limit) + 1);
    Ok(())
}

fn push_where(sql: &mut QueryBuilder<Postgres>, query: &ListQuery, with_gone: bool) {
    sql.push(" where ").push(if with_gone { "true" } else { "w.gone_at is null" });
    list::push_filter(sql, query);
}
