//! What AWS should not send, and what no list knows.

use serde_json::json;
use sqlx::PgPool;
use store::coverage;

use super::{NOW, REGION, a_trail, assert_equal, changes_in_ledger, changes_kept, later, run_at};
use crate::sandbox::{ACCOUNT, Sandbox};

async fn coverage(sandbox: &Sandbox, region: &str) -> String {
    let coverage = coverage::of_sources(&sandbox.pool, &["audit_trail"]).await.unwrap();
    coverage.into_iter().find(|source| source.region == region).unwrap().state
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn operations_that_no_list_knows_are_a_gap_until_they_are_read_back(pool: PgPool) {
    let (sandbox, plan) = a_trail(pool, 20, &json!({"activity": 20, "unknownShare": 0.1}));
    let finished = run_at(&sandbox, &plan, NOW);
    let report = finished.ended(0, "Partial");
    assert!(
        report.errors[0].contains("in no list") && report.errors[0].contains("QuiesceWorkspaces"),
        "{:?}",
        report.errors
    );
    assert_eq!(coverage(&sandbox, REGION).await, "partial");
    assert_eq!(sandbox.count("select count(*) from audit_operation where read_back_at is not null").await, 6);
    assert_equal(&sandbox, NOW).await;
    let by_names = "select count(*) from audit_reading where names_seconds > 0";
    assert_eq!(sandbox.count(by_names).await, 1, "names alone would have missed them");

    run_at(&sandbox, &plan, &later(30)).ended(0, "Complete");
    assert_eq!(coverage(&sandbox, REGION).await, "complete");
    assert_equal(&sandbox, &later(30)).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_record_that_is_no_json_keeps_what_stands_outside_and_is_told(pool: PgPool) {
    let rules = json!({"unknownShare": 0, "hostileShare": 0.5, "malformedShare": 0.1});
    let (sandbox, plan) = a_trail(pool, 60, &rules);
    let finished = run_at(&sandbox, &plan, NOW);
    let report = finished.ended(0, "UnexpectedAnswer");
    assert!(report.errors[0].contains("no JSON"), "{:?}", report.errors);
    assert_equal(&sandbox, NOW).await;
    let unknown = changes_kept(&sandbox).await.into_values().filter(|told| told.outcome == "unknown").count();
    assert!(unknown > 10, "{unknown}");
    let largest = sandbox.count("select max(octet_length(record))::bigint from audit_event").await;
    assert!(largest < 130_000, "a record of {largest} bytes is kept");
    let cut = "select count(*) from audit_event where (record::jsonb -> 'event' ->> 'truncated')::boolean and outcome <> 'unknown'";
    assert!(sandbox.count(cut).await > 5, "records of 256 KiB and 180 levels are cut, and say so");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn tokens_that_lead_nowhere_end_the_step_and_nothing_counts_as_read(pool: PgPool) {
    let (sandbox, plan) = a_trail(pool, 60, &json!({"unknownShare": 0}));
    for tokens in ["repeated", "endless"] {
        sandbox.aws.post("trail", &json!({"unknownShare": 0, "tokens": tokens}));
        let finished = run_at(&sandbox, &plan, NOW);
        let report = finished.report();
        assert_eq!(report.reason, "UnexpectedAnswer", "{tokens}: {report:?}");
        let read = "select count(*) from audit_reading where cardinality(read_from) > 0";
        assert_eq!(sandbox.count(read).await, 0, "{tokens}");
    }
    sandbox.aws.post("trail", &json!({"unknownShare": 0}));
    run_at(&sandbox, &plan, NOW).ended(0, "Complete");
    assert_equal(&sandbox, NOW).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_token_that_died_starts_its_lookup_over(pool: PgPool) {
    let (sandbox, plan) = a_trail(pool, 20, &json!({"activity": 20, "unknownShare": 0}));
    // The first day of this account takes more than two pages.
    let dead = json!({"operation": "LookupEvents", "after": 1, "count": 1, "status": 400, "code": "InvalidNextTokenException"});
    sandbox.aws.post("fault", &json!({"rules": [dead]}));
    run_at(&sandbox, &plan, NOW).ended(0, "Complete");
    assert_equal(&sandbox, NOW).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn throttles_and_faults_lose_nothing(pool: PgPool) {
    let (sandbox, plan) = a_trail(pool, 60, &json!({"unknownShare": 0}));
    let faults = json!({"rules": [
        {"operation": "LookupEvents", "after": 2, "count": 1, "status": 400, "code": "ThrottlingException"},
        {"operation": "LookupEvents", "after": 5, "count": 1, "status": 500, "code": "InternalFailure"},
        {"operation": "LookupEvents", "after": 7, "count": 1, "body": "truncate"},
    ]});
    sandbox.aws.post("fault", &faults);
    run_at(&sandbox, &plan, NOW).ended(0, "Complete");
    assert_equal(&sandbox, NOW).await;
    assert!(sandbox.count("select throttles from run_step").await > 0);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_denied_region_keeps_no_other_from_being_read(pool: PgPool) {
    let (sandbox, mut plan) = a_trail(pool, 60, &json!({"unknownShare": 0}));
    let regions = ["us-east-1", "eu-central-1"];
    sandbox.aws.post("fleet", &json!({"seed": 7, "desktops": 60, "accounts": [{"id": ACCOUNT, "regions": regions}]}));
    plan["regions"] = json!(regions);
    plan["account"]["regions"] = json!(regions);
    let denied = json!({"operation": "LookupEvents", "region": "eu-central-1", "count": 99, "status": 400, "code": "AccessDeniedException"});
    sandbox.aws.post("fault", &json!({"rules": [denied]}));
    let finished = run_at(&sandbox, &plan, NOW);
    let report = finished.ended(0, "PermissionDenied");
    assert!(report.errors[0].contains("eu-central-1"), "{:?}", report.errors);
    assert_eq!(coverage(&sandbox, "eu-central-1").await, "failed");
    assert_eq!(coverage(&sandbox, "us-east-1").await, "complete");
    assert_eq!(sandbox.count("select count(*) from audit_event where region = 'eu-central-1'").await, 0);
    assert!(!changes_kept(&sandbox).await.is_empty());

    sandbox.aws.delete("fault");
    run_at(&sandbox, &plan, &later(60)).ended(0, "Complete");
    assert_equal(&sandbox, &later(60)).await;
    assert!(changes_in_ledger(&sandbox, NOW).len() > 200);
}
