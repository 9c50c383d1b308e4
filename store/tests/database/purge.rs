//! A purge removes an account from every table, and nothing else.

use sqlx::PgPool;
use store::purge::purge;

/// Rows of both accounts, in a plain table, and in those that hang on one, a partitioned one among them.
const ROWS: &str = "
    insert into account (account_id, partition, object_namespace, object_name)
    select a, 'aws', 'n', a from unnest(array['111111111111', '222222222222']) a;
    insert into run (run_id, schedule_namespace, schedule_name, account_id, trigger, sources, regions)
    select gen_random_uuid(), 'n', 's', a, 'schedule', '{inventory}', '{us-east-1}'
    from unnest(array['111111111111', '222222222222']) a, generate_series(1, 3);
    insert into account_retention (account_id, audit_days)
    select a, 2555 from unnest(array['111111111111', '222222222222']) a;
    insert into run_step (run_id, source, region) select run_id, 'inventory', 'us-east-1' from run;
    insert into workspace (account_id, region, workspace_id, configuration_since, first_seen_at, last_read_at)
    select a, 'us-east-1', 'ws-' || n, now(), now(), now()
    from unnest(array['111111111111', '222222222222']) a, generate_series(1, 6000) n;
    insert into workspace_state (workspace_no, since, state) select workspace_no, now(), 'available' from workspace;
    insert into cost_resource_item (account_id, resource, usage_type)
    select a, 'NoResourceId', 'AW-HW-1' from unnest(array['111111111111', '222222222222']) a;
    insert into cost_resource_day (resource_no, day, currency, unblended, estimated, last_read_at)
    select resource_no, current_date, 'USD', 1, false, now() from cost_resource_item;
";

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_purge_removes_one_account_from_every_table(pool: PgPool) {
    sqlx::raw_sql(ROWS).execute(&pool).await.unwrap();
    let mut connection = pool.acquire().await.unwrap();
    let removed = purge(&mut connection, &"111111111111".parse().unwrap()).await.unwrap();
    let expected = [("account", 1), ("cost_resource_item", 1), ("run", 3), ("workspace", 6000)];
    assert_eq!(removed, expected.map(|(table, rows)| (table.to_owned(), rows)).into());
    let left = "select (select count(*) from account) + (select count(*) from run) + (select count(*) from run_step)
                     + (select count(*) from workspace_state) + (select count(*) from cost_resource_day)";
    let left: i64 = sqlx::query_scalar(left).fetch_one(&pool).await.unwrap();
    assert_eq!(left, 1 + 3 + 3 + 6000 + 1, "the other account is whole");
    let days = "select audit_days from account_retention where account_id = '111111111111'";
    let days: i32 = sqlx::query_scalar(days).fetch_one(&pool).await.unwrap();
    assert_eq!(days, 2555, "the trail that stays is kept as long as its account asked for");
    let again = purge(&mut connection, &"111111111111".parse().unwrap()).await.unwrap();
    assert!(again.is_empty());
}
