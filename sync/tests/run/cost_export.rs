//! The bill as files of a real S3 server equals the stand-in's ledger, to the last digit,
//! whatever happens on the way.

use serde_json::json;
use sqlx::PgPool;

use crate::sandbox::Sandbox;

pub(crate) mod delivery;
mod faults;
mod kills;

use delivery::{Exported, bill, kept};

const FEBRUARY: &str = "2026-02-01";
const MARCH: &str = "2026-03-01";
const EARLY: &str = "2026-03-04T12:00:00Z";
const LATE: &str = "2026-03-09T12:00:00Z";

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn both_formats_equal_the_ledger_to_the_last_digit(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 40, &["us-east-1"]);
    let csv = Exported::new(&sandbox);
    csv.deliver(&["--months", "2026-02,2026-03", "--as-of", LATE]);
    let report = csv.run(LATE);
    let lines = report.ended(0, "Complete").counts[&identifiers::Source::CostExport];
    let ledger = [bill(&sandbox, FEBRUARY, LATE), bill(&sandbox, MARCH, LATE)];
    assert!(ledger[0].len() > 300 && lines > 300, "{lines} lines are too few to prove anything");
    assert_eq!([kept(&sandbox, FEBRUARY).await, kept(&sandbox, MARCH).await], ledger);

    let parquet = Exported::new(&sandbox);
    parquet.deliver(&["--months", "2026-02,2026-03", "--as-of", LATE, "--format", "parquet"]);
    parquet.run(LATE).ended(0, "Complete");
    assert_eq!([kept(&sandbox, FEBRUARY).await, kept(&sandbox, MARCH).await], ledger);
    assert_eq!(sandbox.count("select count(*) from cost_export_version").await, 0, "nothing was told otherwise");
    let tagged = "select count(*) from cost_export_item where workspace_id is not null and tags ? 'user_CostCentre'";
    assert!(sandbox.count(tagged).await > 0, "cost allocation tags come along");
    let desktops = "select count(distinct workspace_id) from cost_export_item where workspace_id is not null";
    assert!(sandbox.count(desktops).await > 30, "costs are those of desktops");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_month_that_was_read_costs_no_call_but_the_listing(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 20, &["us-east-1"]);
    let export = Exported::new(&sandbox);
    export.deliver(&["--months", "2026-02,2026-03", "--as-of", EARLY]);
    export.run(EARLY).ended(0, "Complete");
    let first = "select sum(calls)::bigint from aws_call where operation = 'GetObject'";
    let gets = sandbox.count(first).await;
    assert_eq!(gets, 6, "of each month the manifest, its only file, and the manifest once more");
    export.run(EARLY).ended(0, "Complete");
    assert_eq!(sandbox.count(first).await, gets);
    let listings = "select calls from aws_call join run using (run_id) where operation = 'ListObjectsV2'
                    order by started_at desc limit 1";
    assert_eq!(sandbox.count(listings).await, 2, "one finds the export, one its months");
    let paid = "select (sum(cost_usd) * 1000000)::bigint from aws_call where operation = 'ListObjectsV2'";
    assert_eq!(sandbox.count(paid).await, 4 * 5, "five millionths of a dollar each");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_restated_month_replaces_the_earlier_one_and_its_sums_are_kept(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 40, &["us-east-1"]);
    for versions in [&[][..], &["--keep-versions"][..]] {
        sqlx::query("truncate cost_export, cost_export_day, cost_export_version").execute(&sandbox.pool).await.unwrap();
        let export = Exported::new(&sandbox);
        let deliver = |as_of| export.deliver(&[&["--months", "2026-02", "--as-of", as_of], versions].concat());
        deliver(EARLY);
        export.run(EARLY).ended(0, "Complete");
        let before = bill(&sandbox, FEBRUARY, EARLY);
        assert_eq!(kept(&sandbox, FEBRUARY).await, before);
        deliver(LATE);
        export.run(LATE).ended(0, "Complete");
        let after = bill(&sandbox, FEBRUARY, LATE);
        assert_eq!(kept(&sandbox, FEBRUARY).await, after);
        assert_ne!(before, after, "the ledger restates nothing, so nothing is proved");
        assert_eq!(delivery::changes(&sandbox).await, delivery::differences(&before, &after));
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_month_that_was_not_delivered_is_unknown_and_not_without_cost(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 20, &["us-east-1"]);
    let export = Exported::new(&sandbox);
    export.deliver(&["--months", "2026-02,2026-04", "--as-of", "2026-04-09T12:00:00Z"]);
    export.run("2026-05-01T03:00:00Z").ended(0, "Complete");
    let unknown = "select month::text || ' ' || unread_reason from cost_export where read_at is null order by month";
    let unknown: Vec<String> = sqlx::query_scalar(unknown).fetch_all(&sandbox.pool).await.unwrap();
    let reason = "AWS has not delivered this month yet";
    assert_eq!(unknown, [format!("2026-03-01 {reason}"), format!("2026-05-01 {reason}")]);
    export.deliver(&["--months", "2026-03", "--as-of", "2026-05-01T03:00:00Z"]);
    export.run("2026-05-01T04:00:00Z").ended(0, "Complete");
    assert_eq!(kept(&sandbox, MARCH).await, bill(&sandbox, MARCH, "2026-05-01T03:00:00Z"));
    assert_eq!(sandbox.count("select count(*) from cost_export where unread_reason is not null").await, 1);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn several_exports_are_told_apart_by_their_name(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 20, &["us-east-1"]);
    let mut export = Exported::new(&sandbox);
    export.deliver(&["--months", "2026-03", "--as-of", EARLY, "--name", "other", "--fault", "not-numbers"]);
    export.deliver(&["--months", "2026-03", "--as-of", EARLY]);
    let message = export.run(EARLY).ended(0, "BadRequest").errors.join("\n");
    assert!(message.contains("desks, other") && message.contains("spec.costExport.exportName"), "{message}");
    export.plan["account"]["costExport"]["exportName"] = json!("desks");
    export.run(EARLY).ended(0, "Complete");
    assert_eq!(kept(&sandbox, MARCH).await, bill(&sandbox, MARCH, EARLY));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_purge_removes_the_account_from_every_table_of_the_export(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 20, &["us-east-1"]);
    let export = Exported::new(&sandbox);
    export.deliver(&["--months", "2026-03", "--as-of", EARLY]);
    export.run(EARLY).ended(0, "Complete");
    let mut connection = sandbox.pool.acquire().await.unwrap();
    let removed = store::purge::purge(&mut connection, &crate::sandbox::ACCOUNT.parse().unwrap()).await.unwrap();
    assert!(["cost_export", "cost_export_day", "cost_export_item"].iter().all(|table| removed[*table] > 0));
}
