//! Bundles, own and Amazon's, once a day.

use serde_json::json;
use sqlx::PgPool;

use crate::sandbox::{ACCOUNT, Sandbox};

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn bundles_of_both_owners_are_read_and_kept_for_a_day(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 50, &["us-east-1"]);
    let mut plan = sandbox.plan(&["us-east-1"]);
    plan["sources"] = json!(["Inventory", "Bundles"]);
    plan["account"]["pace"]["DescribeWorkspaceBundles"] = json!({"rate": 5000, "burst": 1000});
    sandbox.run(&plan).ended(0, "Complete");
    let of = |owner: &str| {
        format!(
            "select count(*) from bundle where owner = '{owner}' and root_volume_gib > 0 and compute_type is not null"
        )
    };
    for owner in [ACCOUNT, "AMAZON"] {
        let count: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(of(owner))).fetch_one(&sandbox.pool).await.unwrap();
        assert!(count > 0, "none of {owner}");
    }
    let strange =
        "select count(*) from workspace w where not exists (select from bundle b where b.bundle_id = w.bundle_id)";
    assert_eq!(sandbox.count(strange).await, 0, "every desktop's bundle is known");

    let calls = "select coalesce(sum(calls), 0)::bigint from aws_call where operation = 'DescribeWorkspaceBundles'";
    let first = sandbox.count(calls).await;
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(sandbox.count(calls).await, first, "what is fresh is not read again");
    plan["trigger"] = json!("request");
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(sandbox.count(calls).await, 2 * first, "a person who asks gets it read");
    assert_eq!(sandbox.count("select count(*) from bundle where gone_at is not null").await, 0);

    let yesterday = "update run set started_at = now() - interval '25 hours'";
    sqlx::query(yesterday).execute(&sandbox.pool).await.unwrap();
    sqlx::query("insert into bundle (account_id, region, bundle_id, first_seen_at, last_read_at) values ($1, 'us-east-1', 'wsb-withdrawn', now(), now())")
        .bind(ACCOUNT)
        .execute(&sandbox.pool)
        .await
        .unwrap();
    plan["trigger"] = json!("schedule");
    sandbox.run(&plan).ended(0, "Complete");
    let gone = "select count(*) from bundle where gone_at is not null and bundle_id = 'wsb-withdrawn'";
    assert_eq!(sandbox.count(gone).await, 1);
}
