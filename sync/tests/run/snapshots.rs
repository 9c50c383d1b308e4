//! Snapshots equal the ledger's; each run reads the desktops that were read longest ago, and
//! a run on request those that it names.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::sandbox::Sandbox;

const OPERATION: &str = "DescribeWorkspaceSnapshots";
const NOON: &str = "2026-03-04T12:00:00Z";
const MIDNIGHT: &str = "2026-03-05T00:30:00Z";

/// By desktop: when each of its snapshots was taken, and whether it can be rebuilt from it.
type Snapshots = BTreeMap<String, BTreeSet<(i64, bool)>>;

fn a_fleet(pool: PgPool, desktops: u32) -> (Sandbox, Value) {
    let sandbox = Sandbox::new(pool, desktops, &["us-east-1"]);
    at(&sandbox, NOON);
    let plan = sandbox.plan_of(&["Inventory", "Snapshots"], &[OPERATION]);
    (sandbox, plan)
}

fn at(sandbox: &Sandbox, now: &str) {
    sandbox.aws.post("clock", &json!({"set": now, "running": false}));
}

fn ledger(sandbox: &Sandbox, now: &str) -> Snapshots {
    let second = |value: &Value| value.as_str().unwrap().parse::<Timestamp>().unwrap().as_second();
    let snapshots = |line: &Value| {
        let rebuild: BTreeSet<i64> = line["rebuild"].as_array().unwrap().iter().map(second).collect();
        let restore = line["restore"].as_array().unwrap().iter().map(second);
        let all = restore.map(|at| (at, rebuild.contains(&at))).collect();
        (line["workspaceId"].as_str().unwrap().to_owned(), all)
    };
    let lines = sandbox.aws.lines(&format!("ledger?type=snapshots&from={now}&to={now}"));
    lines.iter().map(snapshots).filter(|(_, all): &(String, BTreeSet<_>)| !all.is_empty()).collect()
}

async fn kept(sandbox: &Sandbox) -> Snapshots {
    let query = "select workspace_id, extract(epoch from taken_at)::bigint, for_rebuild
                 from snapshot join workspace using (workspace_no) where for_restore";
    let rows: Vec<(String, i64, bool)> = sqlx::query_as(query).fetch_all(&sandbox.pool).await.unwrap();
    let mut snapshots = Snapshots::new();
    for (desktop, taken, rebuild) in rows {
        snapshots.entry(desktop).or_default().insert((taken, rebuild));
    }
    snapshots
}

async fn calls(sandbox: &Sandbox) -> i64 {
    sandbox
        .count("select coalesce(sum(calls), 0)::bigint from aws_call where operation = 'DescribeWorkspaceSnapshots'")
        .await
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn snapshots_equal_the_ledger_and_old_ones_go(pool: PgPool) {
    let (sandbox, plan) = a_fleet(pool, 60);
    sandbox.run(&plan).ended(0, "Complete");
    let noon = ledger(&sandbox, NOON);
    assert!(noon.len() > 50, "{} desktops prove nothing", noon.len());
    assert_eq!(kept(&sandbox).await, noon);
    at(&sandbox, MIDNIGHT);
    sandbox.run(&plan).ended(0, "Complete");
    let midnight = ledger(&sandbox, MIDNIGHT);
    assert_ne!(noon, midnight);
    assert_eq!(kept(&sandbox).await, midnight);
    assert_eq!(calls(&sandbox).await, 2 * 60, "a call a desktop");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_run_reads_a_thousand_desktops_those_first_that_were_read_longest_ago(pool: PgPool) {
    let (sandbox, plan) = a_fleet(pool, 1_100);
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(calls(&sandbox).await, 1_000);
    let unread = "select count(*) from workspace left join snapshot_reading using (workspace_no) where read_at is null";
    assert_eq!(sandbox.count(unread).await, 100);
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(calls(&sandbox).await, 2_000);
    assert_eq!(kept(&sandbox).await, ledger(&sandbox, NOON));
    let never_twice = "select count(*) from snapshot_reading
                       where read_at < (select started_at from run order by started_at desc limit 1)";
    assert_eq!(sandbox.count(never_twice).await, 100, "who was read last waits");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_request_reads_the_desktops_it_names_and_no_others(pool: PgPool) {
    let (sandbox, mut plan) = a_fleet(pool, 60);
    sandbox.run(&plan).ended(0, "Complete");
    at(&sandbox, MIDNIGHT);
    let midnight = ledger(&sandbox, MIDNIGHT);
    let named: BTreeSet<&String> = midnight.keys().take(2).collect();
    plan["trigger"] = json!("request");
    plan["version"] = json!(2);
    plan["desktops"] = json!(named);
    plan["sources"] = json!(["Inventory", "Directories", "ConnectionStatus", "Snapshots"]);
    let finished = sandbox.run(&plan);
    let report = finished.ended(0, "Complete");
    assert_eq!(report.counts.values().copied().collect::<Vec<_>>(), [2, 2], "{report:?}");
    assert_eq!(calls(&sandbox).await, 60 + 2);
    let kept = kept(&sandbox).await;
    assert!(named.iter().all(|id| kept[*id] == midnight[*id]));
    assert_eq!(sandbox.count("select count(*) from workspace where gone_at is not null").await, 0);

    plan["desktops"] = json!(["ws-nobodyknows"]);
    sandbox.run(&plan).ended(20, "DesktopsUnknown");
    plan["sources"] = json!(["Inventory"]);
    let finished = sandbox.run(&plan);
    assert!(finished.ended(20, "PlanInvalid").message.contains("desktop by desktop"));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_desktop_that_went_since_it_was_listed_fails_nothing(pool: PgPool) {
    let (sandbox, plan) = a_fleet(pool, 60);
    sandbox.run(&plan).ended(0, "Complete");
    let before = kept(&sandbox).await;
    let fault =
        json!({"operation": OPERATION, "after": 3, "count": 1, "status": 400, "code": "ResourceNotFoundException"});
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(kept(&sandbox).await, before);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn what_was_read_before_a_denial_is_kept_and_gone_on_from(pool: PgPool) {
    let (sandbox, plan) = a_fleet(pool, 60);
    let fault = json!({"operation": OPERATION, "after": 30, "count": 8, "status": 500, "code": "InternalServerError"});
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    let run = Uuid::new_v4();
    let child = sandbox.start(&plan, run);
    sandbox.finish(child, run).ended(10, "ServiceFault");
    assert_eq!(sandbox.count("select count(*) from snapshot_reading").await, 30);
    let child = sandbox.start(&plan, run);
    sandbox.finish(child, run).ended(0, "Complete");
    assert_eq!(calls(&sandbox).await, 60 + 8, "none of the thirty was read twice");
    assert_eq!(kept(&sandbox).await, ledger(&sandbox, NOON));
    let denied = json!({"operation": OPERATION, "count": 999, "status": 400, "code": "AccessDeniedException"});
    sandbox.aws.post("fault", &json!({"rules": [denied]}));
    sandbox.run(&plan).ended(0, "PermissionDenied");
    assert_eq!(kept(&sandbox).await, ledger(&sandbox, NOON));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn throttled_calls_are_made_again(pool: PgPool) {
    let (sandbox, plan) = a_fleet(pool, 30);
    let fault = json!({"operation": OPERATION, "after": 5, "count": 2, "status": 400, "code": "ThrottlingException"});
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(kept(&sandbox).await, ledger(&sandbox, NOON));
}
