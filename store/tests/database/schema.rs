//! The schema as a whole.

use sqlx::PgPool;
use store::{partitions, schema};

const A_DESKTOP: &str = "insert into workspace
        (account_id, region, workspace_id, configuration_since, first_seen_at, last_read_at)
    values ('111111111111', 'us-east-1', 'ws-1', now(), now(), now())";

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_migrated_database_has_the_version_this_build_needs(pool: PgPool) {
    schema::require(&pool).await.unwrap();
    sqlx::query("delete from _sqlx_migrations").execute(&pool).await.unwrap();
    let behind = schema::require(&pool).await.unwrap_err().to_string();
    assert!(behind.contains("deskfleet-store migrate"), "{behind}");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn rows_of_this_month_and_the_next_have_partitions_and_any_other_the_default(pool: PgPool) {
    partitions::make(&pool).await.unwrap();
    sqlx::query(A_DESKTOP).execute(&pool).await.unwrap();
    let insert = "insert into workspace_state (workspace_no, since, state)
                  select workspace_no, now() + months * interval '1 month', 'available'
                  from workspace, unnest(array[-30, 0, 1, 3]) as m (months)
                  returning tableoid::regclass::text";
    let places: Vec<String> = sqlx::query_scalar(insert).fetch_all(&pool).await.unwrap();
    assert_eq!(places[0], "workspace_state_default");
    assert!(places[1..].iter().all(|place| place != "workspace_state_default"), "{places:?}");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_month_whose_rows_are_in_the_default_partition_stays_there(pool: PgPool) {
    sqlx::query("drop table usage_mark_default").execute(&pool).await.unwrap();
    let tables = "select format('drop table %I', inhrelid::regclass::text) from pg_inherits
                  where inhparent = 'usage_mark'::regclass";
    let drops: Vec<String> = sqlx::query_scalar(tables).fetch_all(&pool).await.unwrap();
    for drop in drops {
        sqlx::raw_sql(sqlx::AssertSqlSafe(drop)).execute(&pool).await.unwrap();
    }
    sqlx::query(A_DESKTOP).execute(&pool).await.unwrap();
    let late = "create table usage_mark_default partition of usage_mark default;
                insert into usage_mark (workspace_no, at) select workspace_no, now() from workspace";
    sqlx::raw_sql(late).execute(&pool).await.unwrap();
    partitions::make(&pool).await.expect("a misplaced row does not stop a run");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn every_table_that_is_partitioned_has_a_partition_for_this_month(pool: PgPool) {
    partitions::make(&pool).await.unwrap();
    let without = "select relname::text from pg_class where relkind = 'p' and relnamespace = 'public'::regnamespace
                     and to_regclass(relname || to_char(now() at time zone 'utc', '\"_\"YYYYMM')) is null";
    let without: Vec<String> = sqlx::query_scalar(without).fetch_all(&pool).await.unwrap();
    assert!(without.is_empty(), "{without:?}");
}

/// Every index and constraint is named by hand, so that errors can be mapped by name.
#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn every_check_has_a_name_that_says_the_rule(pool: PgPool) {
    let unnamed = "select conname from pg_constraint join pg_class on conrelid = pg_class.oid
                   where contype = 'c' and relnamespace = 'public'::regnamespace and conname like '%\\_check'";
    let unnamed: Vec<String> = sqlx::query_scalar(unnamed).fetch_all(&pool).await.unwrap();
    assert!(unnamed.is_empty(), "{unnamed:?}");
}
