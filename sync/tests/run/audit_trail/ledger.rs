//! Ninety days of changes, by either lookup; own reads; values before a change.

use serde_json::{Value, json};
use sqlx::PgPool;

use super::{NOW, a_trail, assert_equal, at, changes_in_ledger, later, run_at};

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn ninety_days_of_changes_equal_the_ledger_and_a_second_run_adds_none(pool: PgPool) {
    let (sandbox, plan) = a_trail(pool, 100, &json!({"unknownShare": 0, "hostileShare": 0.05}));
    run_at(&sandbox, &plan, NOW).ended(0, "Complete");
    assert!(changes_in_ledger(&sandbox, NOW).len() > 400, "too few to prove anything");
    assert_equal(&sandbox, NOW).await;
    let quiet = "select count(*) from audit_reading where cardinality(read_from) = 1 and names_seconds = 0";
    assert_eq!(sandbox.count(quiet).await, 1, "a quiet account is read by all its changes");
    let through =
        "select count(*) from watermark where source = 'audit_trail' and read_through = '2026-03-20T10:02:00Z'";
    assert_eq!(sandbox.count(through).await, 1);

    let events = sandbox.count("select count(*) from audit_event").await;
    let calls = "select coalesce(sum(calls), 0)::bigint from aws_call where operation = 'LookupEvents'";
    let first = sandbox.count(calls).await;
    run_at(&sandbox, &plan, &later(15)).ended(0, "Complete");
    assert_equal(&sandbox, &later(15)).await;
    assert_eq!(sandbox.count(calls).await, first + 1, "one page for a quarter of an hour");
    assert!(sandbox.count("select count(*) from audit_event").await >= events);
    assert_eq!(sandbox.count("select max(sequence) - count(*) from audit_event").await, 0, "the chain has no gaps");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_busy_account_is_read_by_names_and_equals_the_ledger(pool: PgPool) {
    let (sandbox, plan) = a_trail(pool, 20, &json!({"activity": 20, "unknownShare": 0}));
    run_at(&sandbox, &plan, NOW).ended(0, "Complete");
    assert!(changes_in_ledger(&sandbox, NOW).len() > 5_000, "not busy");
    assert_equal(&sandbox, NOW).await;
    let by_names = "select count(*) from audit_reading where names_seconds > 0 and cardinality(read_from) = 1";
    assert_eq!(sandbox.count(by_names).await, 1);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn own_reads_are_left_out_and_counted_and_others_are_kept(pool: PgPool) {
    let (sandbox, plan) = a_trail(pool, 60, &json!({"unknownShare": 0}));
    let swept = fleet::audit::reading::sweep(None, at(NOW)).unwrap();
    sandbox.aws.post("credentials", &json!({"keys": [{"accessKeyId": "AKIAOTHEROTHEROTHER1", "account": crate::sandbox::ACCOUNT, "user": "another-tool"}]}));
    sandbox.aws.post("clock", &json!({"set": swept.from.to_string(), "running": false}));
    let inventory = sandbox.plan(&[super::REGION]);
    sandbox.run(&inventory).ended(0, "Complete");
    sandbox.put("keys/accessKeyId", "AKIAOTHEROTHEROTHER1");
    sandbox.run(&inventory).ended(0, "Complete");
    sandbox.put("keys/accessKeyId", "AKIATESTTESTTESTTEST");
    run_at(&sandbox, &plan, NOW).ended(0, "Complete");

    let lines = sandbox.aws.lines(&format!("ledger?type=events&from={}&to={}", swept.from, later(0)));
    let in_hour = |line: &&Value| at(line["at"].as_str().unwrap()) <= swept.to;
    let watched =
        |line: &&Value| ["workspaces.amazonaws.com", "ds.amazonaws.com"].contains(&line["source"].as_str().unwrap());
    let reads: Vec<&Value> =
        lines.iter().filter(in_hour).filter(watched).filter(|line| line["readOnly"] == true).collect();
    let (others, own): (Vec<&Value>, Vec<&Value>) =
        reads.iter().partition(|line| line["username"] == "another-tool" || line["identityType"] != "IAMUser");
    assert!(own.len() > 5 && others.len() > 5, "{} own reads and {} of others prove nothing", own.len(), others.len());
    let left_out = "select coalesce(sum(events), 0)::bigint from audit_left_out";
    assert_eq!(sandbox.count(left_out).await, i64::try_from(own.len()).unwrap());
    let kept = "select count(*) from audit_event where read_only";
    assert_eq!(sandbox.count(kept).await, i64::try_from(others.len()).unwrap());
    assert_eq!(sandbox.count("select count(*) from audit_reading where swept_at = '2026-03-20T10:02:00Z'").await, 1);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_change_tells_the_value_before_where_it_was_read(pool: PgPool) {
    let (sandbox, plan) = a_trail(pool, 300, &json!({"unknownShare": 0, "hostileShare": 0}));
    sandbox.run(&sandbox.plan(&[super::REGION])).ended(0, "Complete");
    // Readings have the real time, the trail the stand-in's.
    let long_ago = "update workspace_version set valid_from = '2025-01-01T00:00:00Z'";
    sqlx::query(long_ago).execute(&sandbox.pool).await.unwrap();
    run_at(&sandbox, &plan, NOW).ended(0, "Complete");
    let all = "select count(*) from audit_event
               cross join lateral jsonb_array_elements(record::jsonb -> 'event' -> 'changes') change
               join workspace_version v on v.workspace_id = change -> 'subject' ->> 'id'
               where change ->> 'property' in ('runningMode', 'rootVolumeSizeGib', 'userVolumeSizeGib')";
    let known = "select count(*) from audit_event
                 cross join lateral jsonb_array_elements(record::jsonb -> 'event' -> 'changes') change
                 join workspace_version v on v.workspace_id = change -> 'subject' ->> 'id'
                 where change ->> 'before' = case change ->> 'property'
                           when 'runningMode' then upper(v.running_mode)
                           when 'rootVolumeSizeGib' then v.root_volume_gib::text
                           when 'userVolumeSizeGib' then v.user_volume_gib::text end";
    let count = sandbox.count(all).await;
    assert!(count > 3, "{count} changes prove nothing");
    assert_eq!(sandbox.count(known).await, count);
}
