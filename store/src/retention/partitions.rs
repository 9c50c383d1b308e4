//! Months that are over for every account, dropped whole: that costs nothing, and the
//! space is given back at once.
//!
//! Rows of such a month that still hold (a state that has not changed since) move to the
//! default partition first.

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::{Mode, days::Cutoff, rules::Rule};

/// Drops the months of the rule's table that ended before `cutoff`; tells their names.
pub(super) async fn drop_ended(
    connection: &mut PgConnection,
    rule: &Rule,
    cutoff: Cutoff,
    mode: Mode,
) -> Result<Vec<String>, sqlx::Error> {
    let months = ended(connection, rule.table, cutoff).await?;
    if mode == Mode::Remove {
        for month in &months {
            drop_month(connection, rule, month, cutoff).await?;
            tracing::info!(table = rule.table, month, "a month has ended its retention");
        }
    }
    Ok(months)
}

/// Partitions of `table` whose name ends in a month that is over at `cutoff`. Empty ones that
/// a first reading may still fill (`make_month_partitions`) are left: they would be made anew.
async fn ended(connection: &mut PgConnection, table: &str, cutoff: Cutoff) -> Result<Vec<String>, sqlx::Error> {
    let months = sqlx::query!(
        // Materialized: other tables have names that end in six digits of no month.
        r#"with partitions as materialized (
               select relname::text as name
               from pg_inherits join pg_class on pg_class.oid = inhrelid
               where inhparent = to_regclass($1)
           ), months as materialized (
               select name, right(name, 6) as month from partitions where name ~ '_[0-9]{4}(0[1-9]|1[0-2])$'
           )
           select name as "name!",
                  to_date(month, 'YYYYMM') < now() at time zone 'utc' - interval '18 months' as "is_old!"
           from months
           where (to_date(month, 'YYYYMM') + interval '1 month') at time zone 'utc' <= $2
           order by name"#,
        table,
        cutoff.to_sql() as _,
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut ended = Vec::new();
    for month in months {
        let has_rows = format!("select exists (select from {})", month.name);
        if month.is_old || sqlx::query_scalar(AssertSqlSafe(has_rows)).fetch_one(&mut *connection).await? {
            ended.push(month.name);
        }
    }
    Ok(ended)
}

async fn drop_month(
    connection: &mut PgConnection,
    rule: &Rule,
    month: &str,
    cutoff: Cutoff,
) -> Result<(), sqlx::Error> {
    let (table, ended) = (rule.table, rule.ended);
    let mut transaction = connection.begin().await?;
    // A sync that holds the table open is waited for, but never kept waiting itself.
    sqlx::raw_sql("set local lock_timeout = '10s'").execute(&mut *transaction).await?;
    sqlx::raw_sql(AssertSqlSafe(format!("lock table {table} in access exclusive mode")))
        .execute(&mut *transaction)
        .await?;
    // $1 is the account in the conditions of rows; here all accounts have ended.
    let keep = format!(
        "create temporary table kept on commit drop as
         select * from {month} as t where ($1::text is null) is true and not coalesce(({ended}), false)"
    );
    sqlx::query(AssertSqlSafe(keep)).bind(None::<&str>).bind(cutoff.to_sql()).execute(&mut *transaction).await?;
    sqlx::raw_sql(AssertSqlSafe(format!(
        "drop table {month}; insert into {table} select * from kept; drop table kept"
    )))
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await
}
